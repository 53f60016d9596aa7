mod forgetting;
mod rehearsals;
mod restoration;
mod tables;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::str::FromStr;

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Params, Row, Statement, TransactionBehavior, params};

use self::tables::bring_up_to_date;
use super::delivery::{Delivery, State, StateChange};
use crate::fs;
use crate::model::{EditionId, ReportId, UnknownWord};
use crate::publish::Output;

/// A record of what was sent to whom, and what became of it: a database in the output folder that only ever grows.
#[derive(Debug)]
pub struct Ledger {
    connection: Connection,
}

/// Why the ledger cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// SQLite failed: the disk, its permissions, or a file that is not a database.
    #[error("the ledger {0} cannot be used")]
    Sqlite(PathBuf, #[source] rusqlite::Error),
    /// The ledger was made by a later version of this program.
    #[error("the ledger {0} was made by a later version of this program")]
    Later(PathBuf),
    /// The folder cannot be created.
    #[error(transparent)]
    Path(#[from] fs::PathError),
}

const COLUMNS: &str = "message, event, run, kind, subject, language, format, subject_name, recipient, name, sha256, state, attempts, answer, at, superseded";

/// The values of all columns for a delivery that is not superseded.
const VALUES: &str = "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, 0)";

impl Ledger {
    /// Opens the ledger of an output folder, creating it if necessary.
    ///
    /// # Errors
    /// If SQLite cannot use the file.
    pub fn open(output: &Output) -> Result<Self, LedgerError> {
        fs::create_folder(output.folder())?;
        let path = output.ledger();
        // SQLite gives the files beside it the permissions of the database.
        if path.exists() {
            fs::close_to_others(&path)?
        } else {
            fs::write_private(&path, b"")?
        }
        let sqlite = |error| LedgerError::Sqlite(path.clone(), error);
        let mut connection = Connection::open(&path).map_err(sqlite)?;
        connection.busy_timeout(std::time::Duration::from_secs(10)).map_err(sqlite)?;
        connection.pragma_update(None, "journal_mode", "WAL").map_err(sqlite)?;
        // A recorded state must survive a power cut: a message that was sent must not look planned afterwards.
        connection.pragma_update(None, "synchronous", "FULL").map_err(sqlite)?;
        connection.pragma_update(None, "foreign_keys", true).map_err(sqlite)?;
        if bring_up_to_date(&mut connection).map_err(sqlite)? {
            Ok(Self { connection })
        } else {
            Err(LedgerError::Later(path))
        }
    }

    /// The ledger of an output folder; `None` if there is none.
    ///
    /// # Errors
    /// If SQLite cannot use the file.
    pub fn existing(output: &Output) -> Result<Option<Self>, LedgerError> {
        if output.ledger().is_file() { Self::open(output).map(Some) } else { Ok(None) }
    }

    /// Every delivery, in the order in which they were planned.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn deliveries(&self) -> Result<Vec<Delivery>, LedgerError> {
        self.query(&format!("SELECT {COLUMNS} FROM delivery ORDER BY id"), [])
    }

    /// The deliveries of a message.
    ///
    /// # Errors
    /// If SQLite fails.
    pub(super) fn deliveries_of(&self, message: &str) -> Result<Vec<Delivery>, LedgerError> {
        let statement = format!("SELECT {COLUMNS} FROM delivery WHERE message = ?1 ORDER BY id");
        self.query(&statement, [message])
    }

    /// Plans deliveries, all of them or none. One that is already planned, refused or bounced gets its new message and
    /// is planned again; one in any other state is left as it is. Earlier deliveries of the report to the same
    /// recipients that never arrived are superseded.
    ///
    /// # Errors
    /// If SQLite fails.
    pub(super) fn plan(&mut self, deliveries: &[Delivery]) -> Result<(), LedgerError> {
        self.transaction(|transaction| {
            let mut insert = transaction.prepare(&format!(
                "INSERT INTO delivery ({COLUMNS})
                 VALUES {VALUES} ON CONFLICT (sha256, kind, subject, language, format, recipient) WHERE superseded = 0 DO UPDATE
                 SET message = excluded.message, event = excluded.event, run = excluded.run, name = excluded.name, state = 'planned', attempts = 0, answer = '', at = excluded.at
                 WHERE state IN ('planned', 'refused', 'bounced')"
            ))?;
            let mut supersede = transaction.prepare(
                "UPDATE delivery SET superseded = 1 WHERE state IN ('planned', 'refused', 'bounced')
                 AND kind = ?1 AND subject = ?2 AND language = ?3 AND recipient = ?4 AND sha256 <> ?5",
            )?;
            for d in deliveries {
                let ReportId { kind, subject, language } = &d.id.report;
                supersede.execute(params![kind.word(), subject, language.code(), d.recipient, d.sha256])?;
                add(&mut insert, d)?;
            }
            Ok(())
        })
    }

    /// Moves all deliveries of a message from one state to another; false if they are not all in the first. Once the
    /// server has accepted them, the recipient's earlier copies of the same reports are superseded.
    ///
    /// # Errors
    /// If SQLite fails.
    pub(super) fn move_message(&mut self, message: &str, step: StateChange<'_>) -> Result<bool, LedgerError> {
        let StateChange { from, to, answer, at } = step;
        self.transaction(|transaction| {
            let of_message = "SELECT count(*), count(*) FILTER (WHERE state = ?2) FROM delivery WHERE message = ?1";
            let (all, fit): (i64, i64) =
                transaction.query_row(of_message, params![message, from.word()], |row| Ok((row.get(0)?, row.get(1)?)))?;
            if all == 0 || all != fit {
                return Ok(false);
            }
            let tried = i64::from(from == State::Planned);
            transaction.execute(
                "UPDATE delivery SET state = ?2, answer = ?3, at = ?4, attempts = attempts + ?5 WHERE message = ?1",
                params![message, to.word(), answer, at, tried],
            )?;
            if to == State::Accepted {
                transaction.execute(
                    "UPDATE delivery SET superseded = 1 WHERE state = 'accepted' AND message <> ?1 AND EXISTS (
                        SELECT 1 FROM delivery AS new WHERE new.message = ?1 AND new.kind = delivery.kind
                        AND new.subject = delivery.subject AND new.language = delivery.language
                        AND new.recipient = delivery.recipient)",
                    [message],
                )?;
            }
            Ok(true)
        })
    }

    /// Marks as unknown the deliveries that were on their way when a sender ended, and returns their number. Only for
    /// the holder of the sending lock.
    ///
    /// # Errors
    /// If SQLite fails.
    pub(super) fn recover(&mut self, at: &str) -> Result<usize, LedgerError> {
        let answer = "the sender ended before the server answered";
        self.transaction(|transaction| {
            transaction.execute(
                "UPDATE delivery SET state = 'unknown', answer = ?1, at = ?2 WHERE state = 'handing-over'",
                params![answer, at],
            )
        })
    }

    /// Marks the deliveries of a message to an address as bounced, and returns their number. Only what the server
    /// accepted, or may have accepted, can bounce.
    ///
    /// # Errors
    /// If SQLite fails.
    pub(super) fn bounce(
        &mut self,
        message: &str,
        recipient: Option<&str>,
        why: &str,
        at: &str,
    ) -> Result<usize, LedgerError> {
        self.transaction(|transaction| {
            transaction.execute(
                "UPDATE delivery SET state = 'bounced', answer = ?3, at = ?4
                 WHERE message = ?1 AND (?2 IS NULL OR recipient = ?2) AND state IN ('accepted', 'unknown')",
                params![message, recipient, why, at],
            )
        })
    }

    /// True if the ledger has a message, to recognise a bounce that arrives twice.
    ///
    /// # Errors
    /// If SQLite fails.
    pub(super) fn knows(&self, message: &str) -> Result<bool, LedgerError> {
        let found = self
            .connection
            .query_row("SELECT 1 FROM delivery WHERE message = ?1", [message], |_| Ok(()))
            .optional();
        found.map(|found| found.is_some()).map_err(|error| self.failed(error))
    }

    /// The runs from which reports were sent, may have been sent, or are planned: these runs are kept.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn runs(&self) -> Result<BTreeSet<String>, LedgerError> {
        Ok(self
            .deliveries()?
            .into_iter()
            .filter(|d| d.state != State::Planned || !d.superseded)
            .map(|d| d.run)
            .collect())
    }

    fn query(&self, statement: &str, values: impl Params) -> Result<Vec<Delivery>, LedgerError> {
        let rows = move || -> rusqlite::Result<Vec<Delivery>> {
            let mut statement = self.connection.prepare(statement)?;
            statement.query_map(values, delivery)?.collect()
        };
        rows().map_err(|error| self.failed(error))
    }

    fn transaction<T>(
        &mut self,
        work: impl FnOnce(&rusqlite::Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, LedgerError> {
        let all = || {
            let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let result = work(&transaction)?;
            transaction.commit()?;
            Ok(result)
        };
        let result = all();
        result.map_err(|error| self.failed(error))
    }

    fn failed(&self, error: rusqlite::Error) -> LedgerError {
        LedgerError::Sqlite(self.connection.path().map(PathBuf::from).unwrap_or_default(), error)
    }
}

/// Carries out a statement that adds a delivery with [`VALUES`].
fn add(insert: &mut Statement<'_>, d: &Delivery) -> rusqlite::Result<usize> {
    let EditionId { report: ReportId { kind, subject, language }, format } = &d.id;
    insert.execute(params![
        d.message,
        d.event,
        d.run,
        kind.word(),
        subject,
        language.code(),
        format.word(),
        d.subject_name,
        d.recipient,
        d.name,
        d.sha256,
        d.state.word(),
        d.attempts,
        d.answer,
        d.at
    ])
}

fn delivery(row: &Row<'_>) -> rusqlite::Result<Delivery> {
    let state: String = row.get(11)?;
    let report = ReportId { kind: word(row, 3)?, subject: row.get(4)?, language: word(row, 5)? };
    Ok(Delivery {
        message: row.get(0)?,
        event: row.get(1)?,
        run: row.get(2)?,
        id: EditionId { report, format: word(row, 6)? },
        subject_name: row.get(7)?,
        recipient: row.get(8)?,
        name: row.get(9)?,
        sha256: row.get(10)?,
        // The table allows no other words.
        state: State::of(&state).unwrap_or(State::Unknown),
        attempts: row.get(12)?,
        answer: row.get(13)?,
        at: row.get(14)?,
        superseded: row.get(15)?,
    })
}

/// The value that the word in a column stands for.
fn word<T: FromStr<Err = UnknownWord>>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let word: String = row.get(column)?;
    word.parse()
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error)))
}

#[cfg(test)]
mod tests {
    use super::tables::STEPS;
    use super::*;

    fn delivery(area: &str, sha256: &str, message: &str) -> Delivery {
        let text = |text: &str| text.to_owned();
        Delivery {
            message: text(message),
            event: text("report"),
            run: text("first"),
            id: format!("local/{area}/en/standard").parse().unwrap(),
            subject_name: text("Leeds"),
            recipient: format!("a@{area}.example.org"),
            name: text("Ann"),
            sha256: text(sha256),
            state: State::Planned,
            attempts: 0,
            answer: String::new(),
            at: text("2008-11-03T09:00:00Z"),
            superseded: false,
        }
    }

    fn step(from: State, to: State) -> StateChange<'static> {
        StateChange { from, to, answer: "", at: "" }
    }

    fn states(ledger: &Ledger) -> Vec<State> {
        ledger.deliveries().unwrap().into_iter().map(|delivery| delivery.state).collect()
    }

    #[test]
    fn what_was_taken_is_never_planned_again() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::new(folder.path().to_owned());
        let mut ledger = Ledger::open(&output).unwrap();
        let ours = delivery("383", "1", "<1@x>");
        for (state, after) in [
            (State::Accepted, State::Accepted),
            (State::Unknown, State::Unknown),
            (State::HandingOver, State::HandingOver),
            (State::Refused, State::Planned),
            (State::Bounced, State::Planned),
        ] {
            let ours = Delivery {
                sha256: state.word().to_owned(),
                message: state.word().to_owned(),
                ..ours.clone()
            };
            ledger.plan(std::slice::from_ref(&ours)).unwrap();
            assert!(ledger.move_message(&ours.message, step(State::Planned, state)).unwrap());
            let again = Delivery { recipient: ours.recipient.to_uppercase(), ..ours.clone() };
            ledger.plan(std::slice::from_ref(&again)).unwrap();
            assert_eq!(states(&ledger).last(), Some(&after), "{state:?}");
        }
        assert_eq!(ledger.deliveries().unwrap().len(), 5);
    }

    #[test]
    fn what_was_replaced_may_be_sent_again() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::new(folder.path().to_owned());
        let mut ledger = Ledger::open(&output).unwrap();
        let mut sent = |sha256: &str, message: &str| {
            ledger.plan(&[delivery("383", sha256, message)]).unwrap();
            assert!(ledger.move_message(message, step(State::Planned, State::HandingOver)).unwrap());
            assert!(ledger.move_message(message, step(State::HandingOver, State::Accepted)).unwrap());
            let all = ledger.deliveries().unwrap();
            all.iter().map(|delivery| (delivery.message.clone(), delivery.superseded)).collect::<Vec<_>>()
        };
        let is = |message: &str, superseded: bool| (message.to_owned(), superseded);
        assert_eq!(sent("1", "<a>"), [is("<a>", false)]);
        assert_eq!(sent("2", "<b>"), [is("<a>", true), is("<b>", false)]);
        assert_eq!(sent("1", "<c>"), [is("<a>", true), is("<b>", true), is("<c>", false)]);
    }

    #[test]
    fn two_reports_of_one_area_replace_nothing_of_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::new(folder.path().to_owned());
        let mut ledger = Ledger::open(&output).unwrap();
        let local = delivery("383", "1", "<local>");
        let copy = Delivery {
            id: "submission/383/en/standard".parse().unwrap(),
            message: "<copy>".to_owned(),
            ..local.clone()
        };
        // Even with the same bytes.
        ledger.plan(&[local.clone(), copy.clone()]).unwrap();
        let later = Delivery { sha256: "2".to_owned(), message: "<later>".to_owned(), ..copy };
        for message in ["<local>", "<copy>"] {
            assert!(ledger.move_message(message, step(State::Planned, State::Accepted)).unwrap());
        }
        ledger.plan(std::slice::from_ref(&later)).unwrap();
        assert!(ledger.move_message("<later>", step(State::Planned, State::Accepted)).unwrap());
        let all = ledger.deliveries().unwrap();
        let superseded: Vec<bool> = all.iter().map(|delivery| delivery.superseded).collect();
        assert_eq!(superseded, [false, true, false]);
        assert_eq!((&all[0].id, &all[2].id), (&local.id, &later.id));
    }

    #[test]
    fn an_earlier_ledger_is_brought_up_to_date_and_a_later_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::new(folder.path().to_owned());
        let file = Connection::open(output.ledger()).unwrap();
        file.execute_batch(STEPS[0]).unwrap();
        file.execute_batch(
            "INSERT INTO delivery (message, event, run, area, area_name, kind, format, recipient, name, sha256, state, at)
             VALUES ('<a>', 'report', 'first', '383', 'Leeds', 'local', 'standard', 'a@example.org', 'Ann', '1', 'accepted', '');
             PRAGMA user_version = 1;",
        )
        .unwrap();
        let known = Ledger::open(&output).unwrap().deliveries().unwrap();
        assert_eq!(known[0].id, delivery("383", "1", "<a>").id);
        file.pragma_update(None, "user_version", STEPS.len() as u32 + 1).unwrap();
        assert!(matches!(Ledger::open(&output), Err(LedgerError::Later(_))));
    }

    #[test]
    fn a_message_moves_as_a_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::new(folder.path().to_owned());
        let mut ledger = Ledger::open(&output).unwrap();
        ledger.plan(&[delivery("1", "1", "<both>"), delivery("2", "2", "<both>")]).unwrap();
        assert!(!ledger.move_message("<both>", step(State::HandingOver, State::Accepted)).unwrap());
        assert!(!ledger.move_message("<none>", step(State::Planned, State::HandingOver)).unwrap());
        assert!(ledger.move_message("<both>", step(State::Planned, State::HandingOver)).unwrap());
        // The next to open it finds what was on its way.
        drop(ledger);
        let mut ledger = Ledger::open(&output).unwrap();
        assert_eq!(ledger.recover("later").unwrap(), 2);
        assert_eq!(states(&ledger), [State::Unknown, State::Unknown]);
        assert_eq!(ledger.bounce("<both>", Some("A@1.example.org"), "no such person", "later").unwrap(), 1);
        assert_eq!(states(&ledger), [State::Bounced, State::Unknown]);
        let steps: i64 =
            ledger.connection.query_row("SELECT count(*) FROM step", [], |row| row.get(0)).unwrap();
        assert_eq!(steps, 2 + 2 + 2 + 1);
    }
}
