//! Errors and lists of names in words, for people at a terminal or a page.

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

/// The first three names, and how many more there are: "Ash; Beck; Clay; and 2 more".
pub fn first_of(all: &[&str]) -> String {
    const NAMES: usize = 3;
    let first = all[..all.len().min(NAMES)].join("; ");
    if all.len() > NAMES { format!("{first}; and {} more", all.len() - NAMES) } else { first }
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

    #[test]
    fn three_names_are_listed_and_the_others_counted() {
        assert_eq!(first_of(&["Ash", "Beck", "Clay"]), "Ash; Beck; Clay");
        assert_eq!(first_of(&["Ash", "Beck", "Clay", "Dale", "Elm"]), "Ash; Beck; Clay; and 2 more");
    }
}
