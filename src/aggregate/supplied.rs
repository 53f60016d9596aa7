use super::Aggregates;
use crate::check::{CheckedEvaluation, Supplied};
use crate::model::Share;
use crate::problem::{Place, Problem};

/// Compares every cell of the supplied aggregates with the answers. Any difference beyond rounding is a problem that
/// names the cell, both values and the likely cause.
pub fn reconcile_supplied(evaluation: &CheckedEvaluation, aggregates: &Aggregates) -> Vec<Problem> {
    let compare = |supplied: &Supplied| difference(evaluation, aggregates, supplied);
    evaluation.supplied.iter().filter_map(compare).collect()
}

fn difference(
    evaluation: &CheckedEvaluation,
    aggregates: &Aggregates,
    supplied: &Supplied,
) -> Option<Problem> {
    let found = aggregates.share(supplied.measure, supplied.cell, supplied.group);
    let base_differs = supplied.base.is_some_and(|base| base != found.base);
    let count_differs = supplied.count.is_some_and(|count| count != found.count);
    let percent_differs = supplied.percent.is_some_and(|percent| !rounds_to(found, percent));
    let (column, given) = match () {
        () if base_differs => ("base", supplied.base),
        () if count_differs => ("count", supplied.count),
        () if percent_differs => ("percent", supplied.percent),
        () => return None,
    };
    let cause = if base_differs {
        base_cause(evaluation, aggregates, supplied, found)
    } else if count_differs {
        "the bases agree, so some answers are counted differently".to_owned()
    } else {
        "the percentage may have been worked out from a different base".to_owned()
    };
    let declared = &evaluation.questionnaire[supplied.measure];
    let cell = &declared.cells[supplied.cell].id;
    let name = if cell.is_empty() { declared.id.clone() } else { format!("{} {cell}", declared.id) };
    let percent =
        found.rounded().map_or_else(|| "no base".to_owned(), |percent| format!("{percent} per cent"));
    let message = format!(
        "{name} of {} differs from the answers, which give {} of {} ({percent})",
        supplied.group_name, found.count, found.base
    );
    let place = Place::line(supplied.file, supplied.line).column(column);
    Some(
        Problem::error("supplied-aggregates", place, message)
            .value(given.map(|number| number.to_string()).unwrap_or_default())
            .hint(cause),
    )
}

/// True when a share may be printed as this percentage: they differ by at most half a point.
fn rounds_to(share: Share, percent: u32) -> bool {
    let (count, base, percent) = (i64::from(share.count), i64::from(share.base), i64::from(percent));
    base > 0 && (200 * count - 2 * percent * base).abs() <= base
}

/// Why the supplied base differs; the commonest reasons are tried first.
fn base_cause(
    evaluation: &CheckedEvaluation,
    aggregates: &Aggregates,
    supplied: &Supplied,
    found: Share,
) -> String {
    let base = supplied.base.unwrap_or_default();
    let missing = evaluation.broken.len();
    if dont_know(evaluation, aggregates, supplied)
        .is_some_and(|number| number > 0 && base + number == found.base)
    {
        return "the supplied base seems to leave out \"don't know\"".to_owned();
    }
    if base > found.base && missing > 0 {
        let areas = if missing == 1 { "area has" } else { "areas have" };
        return format!("{missing} {areas} no valid submission here, and may be in the supplied base");
    }
    if base > found.base {
        format!(
            "the supplied base has {} more: an area that is not here, or answers that do not count",
            base - found.base
        )
    } else {
        format!("the supplied base has {} fewer: an area may be missing there", found.base - base)
    }
}

/// How many said "don't know" to the question behind a measure, in the supplied cell's group.
fn dont_know(evaluation: &CheckedEvaluation, aggregates: &Aggregates, supplied: &Supplied) -> Option<u32> {
    let questionnaire = &evaluation.questionnaire;
    let question = questionnaire.question_of(supplied.measure);
    if !questionnaire[question].dont_know {
        return None;
    }
    let distribution = questionnaire.distribution(question)?;
    let cell = questionnaire[question].options.len();
    Some(aggregates.share(distribution, cell, supplied.group).count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_may_differ_by_half_a_point() {
        let share = |count, base| Share { count, base };
        assert!(rounds_to(share(1, 8), 13) && rounds_to(share(1, 8), 12), "12.5 rounds either way");
        assert!(rounds_to(share(2, 3), 67) && !rounds_to(share(2, 3), 66));
        assert!(!rounds_to(share(0, 0), 0));
    }
}
