use std::collections::BTreeMap;

use serde::Deserialize;

use super::ProtectedAggregates;
use crate::check::CheckedEvaluation;
use crate::model::{Fact, Group, RegionIndex, SectorIndex, Share};

/// A file in the run folder's `aggregates/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AggregateFile {
    /// Its name.
    pub name: &'static str,
    /// Its text, as CSV.
    pub text: String,
}

/// The aggregates as CSV files, sorted by name: all areas, regions, and sectors (nationally and in each region).
pub(super) fn files(
    evaluation: &CheckedEvaluation,
    aggregates: &ProtectedAggregates,
) -> Result<Vec<AggregateFile>, csv::Error> {
    let nation = &evaluation.settings.nation;
    let region = |r: RegionIndex| evaluation.register[r].name.as_str();
    let sector = |s: SectorIndex| evaluation.questionnaire[s].id.as_str();
    Ok(vec![
        AggregateFile {
            name: "national.csv",
            text: table(evaluation, aggregates, &[], |group| (group == Group::Nation).then(Vec::new))?,
        },
        AggregateFile {
            name: "regional.csv",
            text: table(evaluation, aggregates, &["region"], |group| match group {
                Group::Region(r) => Some(vec![region(r)]),
                _ => None,
            })?,
        },
        AggregateFile {
            name: "sector.csv",
            text: table(evaluation, aggregates, &["sector", "region"], |group| match group {
                Group::Sector(s) => Some(vec![sector(s), nation]),
                Group::RegionSector(r, s) => Some(vec![sector(s), region(r)]),
                _ => None,
            })?,
        },
    ])
}

/// Region or nation (empty in the national table), sector, and measure with its option.
type CellKey = (String, String, String);

/// Count and base; `None` if they are withheld.
type Cell = (Option<u32>, Option<u32>);

/// The cells read back from the files in a run's `aggregates/`.
#[derive(Debug, Default)]
pub struct PublishedCells {
    cells: BTreeMap<CellKey, Cell>,
}

impl PublishedCells {
    /// Adds the cells of one file.
    ///
    /// # Errors
    /// Returns an error if it is not an aggregates file.
    pub fn add(&mut self, file: &[u8]) -> Result<(), csv::Error> {
        let mut reader = csv::Reader::from_reader(file);
        for row in reader.deserialize::<CellRow>() {
            let CellRow { sector, region, measure, option, count, base } = row?;
            self.cells.insert((region, sector, reference(&measure, &option)), (count, base));
        }
        Ok(())
    }

    /// True when a fact agrees with the cells that add up to it.
    pub fn agree(&self, fact: &Fact) -> bool {
        let (measure, options) = fact.measure.split_once(':').unwrap_or((&fact.measure, ""));
        let mut count = Some(0);
        let mut base = None;
        for option in options.split('+') {
            let cell = |group: &str| {
                let key = (group.to_owned(), fact.sector.clone(), reference(measure, option));
                self.cells.get(&key).copied()
            };
            let Some((counted, of)) = cell(&fact.group).or_else(|| cell("")) else { return false };
            count = count.zip(counted).map(|(sum, counted)| sum + counted);
            base = of;
        }
        // If part of a sum is withheld, so is the whole sum.
        let base = count.and(base);
        (count, base) == (fact.count, fact.base)
    }
}

/// A measure with its option, in the form that facts use.
fn reference(measure: &str, option: &str) -> String {
    if option.is_empty() { measure.to_owned() } else { format!("{measure}:{option}") }
}

/// A row of an aggregates file; not every file has all columns.
#[derive(Deserialize)]
struct CellRow {
    #[serde(default)]
    sector: String,
    #[serde(default)]
    region: String,
    measure: String,
    option: String,
    count: Option<u32>,
    base: Option<u32>,
}

fn table<'a>(
    evaluation: &'a CheckedEvaluation,
    aggregates: &ProtectedAggregates,
    columns: &[&str],
    names: impl Fn(Group) -> Option<Vec<&'a str>>,
) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let fixed = ["measure", "option", "count", "base", "percent", "state"];
    writer.write_record(columns.iter().chain(&fixed))?;
    for (measure, group) in aggregates.groups() {
        let Some(names) = names(group) else { continue };
        let declared = &evaluation.questionnaire[measure];
        for (cell, option) in declared.cells.iter().enumerate() {
            let share = aggregates.statistic(measure, cell, group).share();
            let text = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
            let count = text(share.map(|share| share.count));
            let base = text(share.map(|share| share.base));
            let percent = text(share.and_then(Share::rounded));
            let state = match share {
                None => "withheld",
                Some(share) if share.base == 0 => "no-base",
                Some(_) => "value",
            };
            let cells = [declared.id.as_str(), &option.id, &count, &base, &percent, state];
            writer.write_record(names.iter().chain(&cells))?;
        }
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
