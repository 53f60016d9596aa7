use rusqlite::params;

use super::{COLUMNS, Ledger, LedgerError};
use crate::deliver::delivery::Delivery;
use crate::model::{EditionId, ReportId};

impl Ledger {
    /// Adds deliveries that were lost, as they are.
    ///
    /// # Errors
    /// If SQLite fails.
    pub(in crate::deliver) fn restore(&mut self, lost: &[Delivery]) -> Result<(), LedgerError> {
        self.transaction(|transaction| {
            // A delivery of the same report that never left would be in the way.
            let mut remove = transaction.prepare(
                "UPDATE delivery SET superseded = 1 WHERE state IN ('planned', 'refused', 'bounced')
                 AND kind = ?1 AND subject = ?2 AND language = ?3 AND recipient = ?4",
            )?;
            let mut insert = transaction.prepare(&format!(
                "INSERT INTO delivery ({COLUMNS})
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, 0)
                 ON CONFLICT (sha256, kind, subject, language, format, recipient) WHERE superseded = 0 DO NOTHING"
            ))?;
            for d in lost {
                let EditionId { report: ReportId { kind, subject, language }, format } = &d.id;
                let (kind, language, format) = (kind.word(), language.code(), format.word());
                remove.execute(params![kind, subject, language, d.recipient])?;
                insert.execute(params![
                    d.message,
                    d.event,
                    d.run,
                    kind,
                    subject,
                    language,
                    format,
                    d.subject_name,
                    d.recipient,
                    d.name,
                    d.sha256,
                    d.state.word(),
                    d.attempts,
                    d.answer,
                    d.at
                ])?;
            }
            Ok(())
        })
    }
}
