use super::{AggregateFile, ProtectedAggregates};
use crate::check::CheckedEvaluation;
use crate::model::{Group, RegionIndex, SectorIndex, Share};

/// The aggregates as CSV files: all areas, regions, and sectors (in all areas and in each region); sorted by
/// name.
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
