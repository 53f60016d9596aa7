//! Errors in words.

use std::error::Error;

use crate::fs::in_words;

/// An error with everything that caused it, on one line; errors of the system without their numbers.
pub fn explain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let words = cause.downcast_ref().map_or_else(|| cause.to_string(), in_words);
        text = format!("{text}: {words}");
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::PathError;

    #[test]
    fn an_error_is_explained_by_its_causes() {
        let source = std::io::Error::other("the disk is gone");
        let error = PathError { action: "read", path: "report.pdf".into(), source };
        assert_eq!(explain(&error), "could not read report.pdf: the disk is gone");
        let unknown = std::io::Error::from_raw_os_error(5);
        let error = PathError { action: "read", path: "report.pdf".into(), source: unknown };
        assert!(!explain(&error).contains("os error"), "{}", explain(&error));
    }
}
