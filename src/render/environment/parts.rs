use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use minijinja::value::{Object, Value};
use minijinja::{Error, ErrorKind, State};

use super::tags::marked;

/// Stands for the number of a part until all parts are counted; its id is between the two.
const NUMBER: (char, char) = ('\u{f0002}', '\u{f0003}');

/// The parts of a report, counted while its template is filled. Formats with a table of contents of their own do not need
/// it.
///
/// Templates call `numbering.part(id, title)`, which counts a part and gives its number, `numbering.of(id)` for the number of
/// any part, also of a later one, and `numbering.list()` for those counted so far.
#[derive(Debug, Default)]
pub(super) struct Numbering(Mutex<Vec<Counted>>);

#[derive(Clone, Debug)]
struct Counted {
    id: String,
    title: Value,
}

impl Numbering {
    fn lock(&self) -> MutexGuard<'_, Vec<Counted>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of a part; `None` if it was not counted.
    fn number(&self, id: &str) -> Option<usize> {
        self.lock().iter().position(|part| part.id == id).map(|position| position + 1)
    }

    /// A report with the numbers of its parts.
    ///
    /// # Errors
    /// The id of a part that the report does not have.
    pub(super) fn resolved(&self, report: &str) -> Result<String, String> {
        let mut resolved = String::with_capacity(report.len());
        for (id, after) in marked(report, NUMBER) {
            if let Some(id) = id {
                let number = self.number(id).ok_or_else(|| id.to_owned())?;
                resolved.push_str(&number.to_string());
            }
            resolved.push_str(after);
        }
        Ok(resolved)
    }
}

impl Object for Numbering {
    fn call_method(
        self: &Arc<Self>,
        _: &mut State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        match (method, args) {
            ("part", [id, title]) => {
                let id = id.to_string();
                if self.number(&id).is_some() {
                    let message = format!("the report already has a part '{id}'");
                    return Err(Error::new(ErrorKind::InvalidOperation, message));
                }
                let mut parts = self.lock();
                parts.push(Counted { id, title: title.clone() });
                Ok(Value::from(parts.len()))
            }
            ("of", [id]) => Ok(Value::from_safe_string(format!("{}{id}{}", NUMBER.0, NUMBER.1))),
            ("list", []) => {
                let parts = self.lock();
                let of = |(position, Counted { id, title }): (usize, &Counted)| {
                    minijinja::context! { id, title, number => position + 1 }
                };
                Ok(parts.iter().enumerate().map(of).collect())
            }
            _ => Err(Error::new(ErrorKind::UnknownMethod, format!("there is no {method} with these values"))),
        }
    }
}
