use super::choices::ReportChoice;
use super::exit::Failure;
use area_reports::check::CheckedEvaluation;
use area_reports::model::{Area, AreaIndex, Kind, RegionIndex, Register, Status, Subject, is_meant};
use area_reports::problem::nearest;
use area_reports::publish::Manifest;

/// What is chosen with `--area`, `--region` and `--failed`; `None` if none of them is given. A region stands for itself and
/// for its areas.
pub(super) fn selection(
    arguments: &ReportChoice,
    evaluation: &CheckedEvaluation,
    last: Option<&Manifest>,
) -> Result<Option<Vec<Subject>>, Failure> {
    if arguments.area.is_empty() && arguments.region.is_empty() && !arguments.failed {
        return Ok(None);
    }
    let register = &evaluation.register;
    let mut selected = Vec::new();
    let completed = |area: &Area| area.status == Status::Completed;
    for wanted in &arguments.area {
        selected.push(Subject::Area(area_of(wanted, register)?));
    }
    for wanted in &arguments.region {
        let Some(region) =
            register.regions.iter().position(|region| region.name.eq_ignore_ascii_case(wanted))
        else {
            let names: Vec<&str> = register.regions.iter().map(|region| region.name.as_str()).collect();
            return Err(Failure::usage(format!("the register has no region '{wanted}'"))
                .hint(format!("its regions are {}", names.join(", "))));
        };
        let areas = register.areas.iter().enumerate();
        let areas = areas.filter(|(_, area)| area.region.0 == region && completed(area));
        selected.extend(areas.map(|(index, _)| Subject::Area(AreaIndex(index))));
        selected.push(Subject::Region(RegionIndex(region)));
    }
    if arguments.failed {
        let Some(last) = last else {
            return Err(Failure::usage("there is no run yet with a failed report"));
        };
        let failed = last.reports.iter().filter(|entry| !entry.outcome.is_made());
        selected.extend(failed.filter_map(|entry| evaluation.subject_of(&entry.id.report)));
        if selected.is_empty() {
            return Err(Failure::usage("the last run made every report")
                .hint("to make one again, name it with --area"));
        }
    }
    selected.sort_unstable();
    selected.dedup();
    Ok(Some(selected))
}

/// The report with this id, such as `regional/london` or `national`, or else the local report of the area with this code or
/// name.
pub(super) fn report_of(wanted: &str, evaluation: &CheckedEvaluation) -> Result<(Kind, Subject), Failure> {
    let (word, code) = wanted.split_once('/').map_or((wanted, None), |(kind, code)| (kind, Some(code)));
    let Ok(kind) = word.parse::<Kind>() else {
        let area = area_of(wanted, &evaluation.register)?;
        return Ok((Kind::Local, Subject::Area(area)));
    };
    let subjects = evaluation.subjects(kind);
    let codes = || subjects.iter().map(|subject| evaluation.subject_code(*subject));
    let found = match code {
        Some(code) => codes().position(|known| known == code),
        None => (subjects.len() == 1).then_some(0),
    };
    found.map(|position| (kind, subjects[position])).ok_or_else(|| {
        let first = codes().next().map(|code| format!("for example {kind}/{code}")).unwrap_or_default();
        Failure::usage(format!("there is no report '{wanted}'")).hint(first)
    })
}

/// The area with this code or name, which must have completed the assessment.
pub(super) fn area_of(wanted: &str, register: &Register) -> Result<AreaIndex, Failure> {
    let is = |area: &Area| is_meant(wanted, area.code.as_str(), &area.name);
    let Some(position) = register.areas.iter().position(is) else {
        let failure = Failure::usage(format!("the register has no area '{wanted}'"));
        let near = nearest(wanted, register.areas.iter().map(|area| area.name.as_str()));
        return Err(match near {
            Some(near) => failure.hint(format!("did you mean '{near}'?")),
            None => failure.hint("give its code or its name as in register.csv"),
        });
    };
    if register.areas[position].status != Status::Completed {
        let name = &register.areas[position].name;
        return Err(Failure::usage(format!("{name} did not complete the assessment, so it has no report")));
    }
    Ok(AreaIndex(position))
}
