use std::collections::BTreeMap;

use super::{CellKey, Entry, Exposure, Rule};
use crate::aggregate::Aggregates;
use crate::check::CheckedEvaluation;
use crate::model::{Group, MeasureIndex};

/// The suppression log as CSV, sorted so that two runs can be compared line by line. Measures published without
/// statistics for sectors in regions come first.
pub(super) fn text(
    evaluation: &CheckedEvaluation,
    aggregates: &Aggregates,
    entries: &BTreeMap<CellKey, Entry>,
    not_given: &BTreeMap<MeasureIndex, Rule>,
) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "measure", "option", "region", "sector", "decision", "rule", "areas", "count", "base",
    ])?;
    for (&measure, &rule) in not_given {
        let id = evaluation.questionnaire[measure].id.as_str();
        writer.write_record([id, "", "", "", "no-sectors-of-regions", name(rule), "", "", ""])?;
    }
    for (&(measure, cell, group), entry) in entries {
        let declared = &evaluation.questionnaire[measure];
        let (region, sector) = names(evaluation, group);
        let share = aggregates.share(measure, cell, group);
        let decision = if entry.rule.is_some() { "withheld" } else { "recorded" };
        let rule = name(entry.rule.unwrap_or(Rule::Unanimity));
        let numbers = [entry.areas.to_string(), share.count.to_string(), share.base.to_string()];
        let fixed = [declared.id.as_str(), &declared.cells[cell].id, region, sector, decision, rule];
        writer.write_record(fixed.into_iter().chain(numbers.iter().map(String::as_str)))?;
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn name(rule: Rule) -> &'static str {
    match rule {
        Rule::MinimumBase => "minimum-base",
        Rule::Unanimity => "unanimity",
        Rule::Complement => "complement",
        Rule::Undecided => "undecided",
    }
}

impl Exposure {
    /// What can be worked out, and by whom, in words.
    pub fn describe(&self, evaluation: &CheckedEvaluation) -> String {
        let readers: Vec<&str> =
            self.readers.iter().map(|area| evaluation.register[*area].name.as_str()).collect();
        let readers = match readers.as_slice() {
            [] => "everybody".to_owned(),
            [one] => (*one).to_owned(),
            [others @ .., last] => format!("{} and {last} together", others.join(", ")),
        };
        format!("{} could be worked out by {readers}", describe(evaluation, self.cell))
    }
}

/// A statistic in words: what is counted, and for which group.
pub(super) fn describe(evaluation: &CheckedEvaluation, (measure, cell, group): CellKey) -> String {
    let declared = &evaluation.questionnaire[measure];
    let cell = &declared.cells[cell].id;
    let name = if cell.is_empty() { declared.id.clone() } else { format!("{}:{cell}", declared.id) };
    let (region, sector) = names(evaluation, group);
    let group = if sector.is_empty() { region.to_owned() } else { format!("{sector} in {region}") };
    format!("{name} for {group}")
}

/// The region (or the nation) and the sector of a group; the sector is empty if the group covers all of them.
fn names(evaluation: &CheckedEvaluation, group: Group) -> (&str, &str) {
    let nation = evaluation.settings.nation.as_str();
    match group {
        Group::Nation => (nation, ""),
        Group::Region(region) => (&evaluation.register[region].name, ""),
        Group::Sector(sector) => (nation, &evaluation.questionnaire[sector].id),
        Group::RegionSector(region, sector) => {
            (&evaluation.register[region].name, &evaluation.questionnaire[sector].id)
        }
    }
}
