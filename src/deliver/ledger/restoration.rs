use rusqlite::params;

use super::{COLUMNS, Ledger, LedgerError, VALUES, add};
use crate::deliver::delivery::Delivery;
use crate::model::ReportId;

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
                 VALUES {VALUES} ON CONFLICT (sha256, kind, subject, language, format, recipient) WHERE superseded = 0 DO NOTHING"
            ))?;
            for d in lost {
                let ReportId { kind, subject, language } = &d.id.report;
                remove.execute(params![kind.word(), subject, language.code(), d.recipient])?;
                add(&mut insert, d)?;
            }
            Ok(())
        })
    }
}
