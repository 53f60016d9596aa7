use crate::model::EditionId;
use crate::publish::ReportEntry;

/// Receives the progress of a run, from several threads.
pub trait Observer: Sync {
    /// Disclosure control has decided on `decided` of `all` sets of linked questions.
    fn protects(&self, decided: usize, all: usize);

    /// Work on this many reports begins.
    fn begins(&self, reports: usize);

    /// Work on a report starts.
    fn starts(&self, id: &EditionId);

    /// A report was finished or failed.
    fn finished(&self, entry: &ReportEntry);
}
