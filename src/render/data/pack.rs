use rust_xlsxwriter::XlsxError;

use super::DataFile;
use super::about::About;
use super::book::{Book, Ease, Sheet, may_be_called};
use super::breakdown::Breakdown;
use super::csv::csv;
use super::figures::figures;
use super::table::{Cell, Column, Table};
use crate::aggregate::ProtectedAggregates;
use crate::check::CheckedEvaluation;
use crate::render::RenderError;
use crate::words::{Lexicon, filled};

/// Every figure that may be published, as a workbook and as a CSV file for each of its tables.
///
/// # Errors
/// Only if there is a bug in the program.
pub fn data_pack(
    evaluation: &CheckedEvaluation,
    aggregates: &ProtectedAggregates,
    words: &Lexicon,
) -> Result<Vec<DataFile>, RenderError> {
    let settings = &evaluation.settings;
    let published = words.date(settings.published);
    let about = About {
        organisation: &settings.organisation,
        period: &settings.period,
        published: &published,
        contact: &settings.contact,
        synthetic: settings.synthetic,
        illustrative: evaluation.questionnaire.is_illustrative(),
    };
    let pack = Pack { evaluation, about, words, parts: parts(evaluation, aggregates, words) };
    let workbook = pack.workbook().map_err(|error| RenderError::Defect(error.into()))?;
    let id = &settings.id;
    let mut files = vec![DataFile { name: format!("{id}-data-pack.xlsx"), bytes: workbook }];
    files.extend(pack.parts.iter().map(|part| {
        let name = format!("{id}-{}.csv", part.of.file());
        DataFile { name, bytes: csv(&part.table) }
    }));
    Ok(files)
}

/// A data pack while it is being made.
struct Pack<'a> {
    evaluation: &'a CheckedEvaluation,
    about: About<'a>,
    words: &'a Lexicon,
    parts: Vec<Part>,
}

/// One worksheet of figures.
struct Part {
    of: Breakdown,
    name: String,
    title: String,
    table: Table,
}

/// The tables that have any figures.
fn parts(evaluation: &CheckedEvaluation, aggregates: &ProtectedAggregates, words: &Lexicon) -> Vec<Part> {
    let settings = &evaluation.settings;
    let about = [("nation", settings.nation.as_str()), ("period", settings.period.as_str())];
    let part = |of: &Breakdown| Part {
        of: *of,
        name: name(*of, &settings.nation, words),
        title: filled(of.title(words), &about),
        table: figures(*of, evaluation, aggregates, words),
    };
    Breakdown::ALL.iter().map(part).filter(|part| !part.table.rows.is_empty()).collect()
}

/// The name of a worksheet: that of all areas together is called after the nation, if a worksheet can be.
fn name(of: Breakdown, nation: &str, words: &Lexicon) -> String {
    let data = &words.data;
    let others = [&data.cover, &data.contents, &data.notes, &data.regions, &data.sectors];
    let others: Vec<&str> =
        others.into_iter().chain([&data.sectors_of_regions]).map(String::as_str).collect();
    let named = of == Breakdown::Nation && may_be_called(nation, &others);
    if named { nation.to_owned() } else { of.name(words).to_owned() }
}

impl Pack<'_> {
    fn workbook(&self) -> Result<Vec<u8>, XlsxError> {
        let (data, settings) = (&self.words.data, &self.evaluation.settings);
        let title = filled(&data.pack_title, &[("title", &settings.title), ("nation", &settings.nation)]);
        let mut book = Book::new(&title, &settings.organisation, settings.published)?;
        let cover = self.about.cover(data.about_pack.clone(), self.words);
        book.add(&Sheet { name: &data.cover, title: &title, lines: &cover })?;
        let one_table = [data.one_table.clone()];
        let contents = Sheet { name: &data.contents, title: &data.contents_title, lines: &one_table };
        book.add_table(&contents, &self.contents(), Ease::Plain)?;
        let notes = Sheet { name: &data.notes, title: &data.notes_title, lines: &one_table };
        book.add_table(&notes, &self.notes(), Ease::Plain)?;
        let lines = self.about.above_table(self.words);
        for part in &self.parts {
            let sheet = Sheet { name: &part.name, title: &part.title, lines: &lines };
            book.add_table(&sheet, &part.table, Ease::Plain)?;
        }
        book.into_bytes()
    }

    /// The worksheets after this one, each with a link.
    fn contents(&self) -> Table {
        let data = &self.words.data;
        let notes = [(data.notes.as_str(), data.notes_title.as_str())];
        let parts = self.parts.iter().map(|part| (part.name.as_str(), part.title.as_str()));
        let row = |(name, title): (&str, &str)| vec![Cell::Worksheet(name.to_owned()), Cell::text(title)];
        Table {
            columns: vec![Column::new(&data.worksheet, 30), Column::new(&data.contains, 90)],
            rows: notes.into_iter().chain(parts).map(row).collect(),
        }
    }

    fn notes(&self) -> Table {
        let Lexicon { data, percentages, .. } = self.words;
        let notes = [&data.about_bases, &data.about_rounding, &data.about_withholding, &data.about_csv];
        let shorthand = [
            (&percentages.withheld, &data.withheld_means),
            (&percentages.low, &data.low_means),
            (&data.none, &data.none_means),
        ];
        let shorthand = shorthand.map(|(short, means)| (short.as_str(), means.as_str()));
        self.about.notes(notes.map(String::as_str).to_vec(), shorthand, self.words)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::aggregate::aggregate;
    use crate::model::Language;
    use crate::pipeline;
    use crate::templates::Templates;

    fn english() -> Lexicon {
        Templates::embedded().lexicon(&Language::english()).unwrap()
    }

    fn pack(fixture: &str, change: impl FnOnce(&mut CheckedEvaluation)) -> Vec<DataFile> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(fixture);
        let mut evaluation = pipeline::load(&folder).unwrap().value.unwrap();
        change(&mut evaluation);
        let aggregates =
            pipeline::protect(&evaluation, aggregate(&evaluation), None, &|_, _| ()).ok().unwrap();
        data_pack(&evaluation, &aggregates, &english()).unwrap()
    }

    fn text(files: &[DataFile], name: &str) -> String {
        let file = files.iter().find(|file| file.name == name).unwrap();
        String::from_utf8(file.bytes.clone()).unwrap()
    }

    fn names(files: &[DataFile]) -> Vec<&str> {
        files.iter().map(|file| file.name.as_str()).collect()
    }

    #[test]
    fn a_pack_is_a_workbook_and_a_file_for_each_table() {
        let files = pack("two-regions", |_| ());
        assert_eq!(
            names(&files),
            [
                "two-regions-data-pack.xlsx",
                "two-regions-nation.csv",
                "two-regions-regions.csv",
                "two-regions-sectors.csv"
            ]
        );
        let nation = text(&files, "two-regions-nation.csv");
        let lines: Vec<&str> = nation.split_terminator("\r\n").collect();
        assert_eq!(
            lines[..4],
            [
                "\u{feff}All areas,Measure ID,Measure,Option,Who is in the base,Count,Base,Percentage",
                "Ruritania,pace,Pace,Fast,areas that answered,2,3,67",
                "Ruritania,pace,Pace,Slow,areas that answered,1,3,33",
                "Ruritania,pace,Pace,Don't know,areas that answered,0,3,0",
            ]
        );
    }

    #[test]
    fn the_same_figures_give_the_same_bytes() {
        assert_eq!(pack("two-regions", |_| ()), pack("two-regions", |_| ()));
    }

    #[test]
    fn a_withheld_figure_leaves_no_number_behind() {
        // More areas than there are would have to be behind a figure, so all are withheld.
        let files = pack("two-regions", |evaluation| {
            evaluation.settings.disclosure.minimum_others = 100;
            evaluation.published.clear();
        });
        for file in files.iter().filter(|file| file.name.ends_with(".csv")) {
            let text = text(&files, &file.name);
            let rows: Vec<&str> = text.split_terminator("\r\n").skip(1).collect();
            // A base of nobody has nothing to hide, and is published as such.
            let hidden = |row: &&str| row.ends_with(",[c],[c],[c]") || row.ends_with(",0,0,[z]");
            assert!(rows.iter().all(hidden) && text.contains(",[c],[c],[c]"), "{text}");
        }
    }

    #[test]
    fn a_worksheet_is_called_after_the_nation_if_it_can_be() {
        let words = english();
        assert_eq!(name(Breakdown::Nation, "England", &words), "England");
        for nation in ["regions", "Everywhere between the sea and the hills", "North/South"] {
            assert_eq!(name(Breakdown::Nation, nation, &words), "All areas");
        }
        assert_eq!(name(Breakdown::Sectors, "England", &words), "Sectors");
    }
}
