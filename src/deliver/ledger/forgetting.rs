use rusqlite::params;

use super::{Ledger, LedgerError};

impl Ledger {
    /// Puts a sign in the place of an address everywhere, and the word "forgotten" in the place of its name. What was planned
    /// for the address and never left is removed. Returns how many deliveries and rehearsals it concerned. Afterwards no
    /// file of the ledger has the address.
    ///
    /// # Errors
    /// If SQLite fails.
    pub(in crate::deliver) fn forget(&mut self, address: &str, sign: &str) -> Result<usize, LedgerError> {
        let forgotten = self.transaction(|transaction| {
            // Deleted and changed rows are overwritten in the file, not just marked as free.
            transaction.pragma_update(None, "secure_delete", true)?;
            transaction
                .execute("DELETE FROM delivery WHERE recipient = ?1 AND state = 'planned'", [address])?;
            let deliveries = transaction.execute(
                "UPDATE delivery SET recipient = ?2, name = 'forgotten' WHERE recipient = ?1",
                params![address, sign],
            )?;
            let rehearsals = transaction.execute(
                "UPDATE rehearsal SET address = ?2 WHERE lower(address) = lower(?1)",
                params![address, sign],
            )?;
            Ok(deliveries + rehearsals)
        })?;
        let compact = || {
            self.connection.execute_batch("VACUUM")?;
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        };
        compact().map_err(|error| self.failed(error))?;
        Ok(forgotten)
    }
}
