use rusqlite::params;

use super::{Ledger, LedgerError};
use crate::deliver::delivery::{Rehearsal, State};

impl Ledger {
    /// Records what became of a message that went to a catch-all address.
    ///
    /// # Errors
    /// If SQLite fails.
    pub(in crate::deliver) fn rehearse(&mut self, rehearsal: &Rehearsal) -> Result<(), LedgerError> {
        self.transaction(|transaction| {
            let Rehearsal { message, run, subject_names, address, state, answer, at } = rehearsal;
            transaction.execute(
                "INSERT INTO rehearsal (message, run, subject_names, address, state, answer, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![message, run, subject_names, address, state.word(), answer, at],
            )?;
            Ok(())
        })
    }

    /// The messages that went to a catch-all address, in the order in which they were sent.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn rehearsals(&self) -> Result<Vec<Rehearsal>, LedgerError> {
        let rows = || -> rusqlite::Result<Vec<Rehearsal>> {
            let columns = "message, run, subject_names, address, state, answer, at";
            let mut statement =
                self.connection.prepare(&format!("SELECT {columns} FROM rehearsal ORDER BY id"))?;
            let rows = statement.query_map([], |row| {
                let state: String = row.get(4)?;
                Ok(Rehearsal {
                    message: row.get(0)?,
                    run: row.get(1)?,
                    subject_names: row.get(2)?,
                    address: row.get(3)?,
                    state: State::of(&state).unwrap_or(State::Unknown),
                    answer: row.get(5)?,
                    at: row.get(6)?,
                })
            })?;
            rows.collect()
        };
        rows().map_err(|error| self.failed(error))
    }
}
