use super::breakdown::Breakdown;
use super::table::{Cell, Column, Table};
use crate::aggregate::ProtectedAggregates;
use crate::check::CheckedEvaluation;
use crate::model::{Percent, Share};
use crate::words::Lexicon;

/// The figures of a breakdown, with a row for each group and option, in the order of the questionnaire.
pub(super) fn figures(
    of: Breakdown,
    evaluation: &CheckedEvaluation,
    aggregates: &ProtectedAggregates,
    words: &Lexicon,
) -> Table {
    let data = &words.data;
    let mut columns: Vec<Column> =
        of.headings(words).into_iter().map(|heading| Column::new(heading, 26)).collect();
    columns.extend([
        Column::new(&data.measure_id, 24),
        Column::new(&data.measure, 50),
        Column::new(&data.option, 34),
        Column::new(&data.who, 34),
        Column::new(&data.count, 9),
        Column::new(&data.base, 9),
        Column::new(&data.percentage, 12),
    ]);
    let mut rows = Vec::new();
    for (measure, group) in aggregates.groups() {
        let Some(names) = of.names(group, evaluation) else { continue };
        let declared = &evaluation.questionnaire[measure];
        for (cell, option) in declared.cells.iter().enumerate() {
            // The only cell of a measure has the label of the measure, and no id.
            let option = if option.id.is_empty() { &data.none } else { &option.label };
            let about = [declared.id.as_str(), &declared.label, option, words.base(&declared.base)];
            let share = aggregates.statistic(measure, cell, group).share();
            let row = names.iter().copied().chain(about).map(Cell::text);
            rows.push(row.chain(numbers(share, words)).collect());
        }
    }
    Table { columns, rows }
}

/// The count, the base and the percentage of a share. If it is withheld, so are all three.
fn numbers(share: Option<Share>, words: &Lexicon) -> [Cell; 3] {
    let Some(share) = share else { return [0; 3].map(|_| Cell::text(&words.percentages.withheld)) };
    let percentage = match share.percent() {
        Percent::NoBase => Cell::text(&words.data.none),
        Percent::Low => Cell::text(&words.percentages.low),
        Percent::AlmostAll => Cell::Number(100),
        Percent::Whole(percent) => Cell::Number(percent),
    };
    [Cell::Number(share.count), Cell::Number(share.base), percentage]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Language;
    use crate::templates::Templates;

    #[test]
    fn numbers_are_numbers_and_what_has_none_is_shorthand() {
        let words = Templates::embedded().lexicon(&Language::english()).unwrap();
        let written = |count, base| numbers(Some(Share { count, base }), &words);
        let (number, text) = (Cell::Number, Cell::text);
        assert_eq!(written(30, 40), [number(30), number(40), number(75)]);
        assert_eq!(written(0, 40), [number(0), number(40), number(0)]);
        assert_eq!(written(1, 297), [number(1), number(297), text("[low]")]);
        assert_eq!(written(296, 297), [number(296), number(297), number(100)]);
        assert_eq!(written(7, 9), [number(7), number(9), number(78)]);
        assert_eq!(written(0, 0), [number(0), number(0), text("[z]")]);
        assert_eq!(numbers(None, &words), [text("[c]"), text("[c]"), text("[c]")]);
    }
}
