use std::ops::Deref;

use super::table::AggregateFile;
use super::{ProtectedAggregates, table};
use crate::check::CheckedEvaluation;
use crate::hash::sha256;
use crate::model::{Fact, FactSource};

/// The aggregates of a run, fixed before the first report is composed and identified by the hash of their files.
#[derive(Clone, Debug)]
pub struct SealedAggregates {
    aggregates: ProtectedAggregates,
    seal: String,
}

impl ProtectedAggregates {
    /// Fixes the aggregates and returns the files to write for them.
    ///
    /// # Errors
    /// Never in practice: the files are written to memory.
    pub fn seal(
        self,
        evaluation: &CheckedEvaluation,
    ) -> Result<(SealedAggregates, Vec<AggregateFile>), csv::Error> {
        let files = table::files(evaluation, &self)?;
        let seal = seal_of(files.iter().map(|file| (file.name, sha256(file.text.as_bytes()))));
        Ok((SealedAggregates { aggregates: self, seal }, files))
    }
}

impl SealedAggregates {
    /// The hash that identifies them.
    pub fn seal(&self) -> &str {
        &self.seal
    }
}

impl Deref for SealedAggregates {
    type Target = ProtectedAggregates;

    fn deref(&self) -> &ProtectedAggregates {
        &self.aggregates
    }
}

/// The seal of the files in `aggregates/`, given as names and hashes in order of name.
pub fn seal_of<N: AsRef<str>>(files: impl IntoIterator<Item = (N, String)>) -> String {
    let lines: Vec<String> =
        files.into_iter().map(|(name, hash)| format!("{hash}  {}\n", name.as_ref())).collect();
    sha256(lines.concat().as_bytes())
}

/// The seal of the aggregate figures that a report prints. If a report would print the same figures from other
/// aggregates, its seal is the same and it need not be made again.
pub fn seal_of_facts(facts: &[Fact]) -> String {
    let number = |number: Option<u32>| number.map_or_else(|| "-".to_owned(), |number| number.to_string());
    let printed = facts.iter().filter(|fact| fact.source == FactSource::Aggregates);
    let lines: Vec<String> = printed
        .map(|fact| {
            let Fact { group, sector, measure, count, base, .. } = fact;
            format!("{group}\t{sector}\t{measure}\t{}\t{}\n", number(*count), number(*base))
        })
        .collect();
    sha256(lines.concat().as_bytes())
}
