use jiff::civil::Date;
use rust_xlsxwriter::XlsxError;

use super::about::About;
use super::book::{Book, Ease, Sheet};
use super::csv::csv;
use super::table::{Cell, Column, Table};
use crate::model::{EntryState, EntryView, ReportModel, capitalised};
use crate::render::RenderError;
use crate::words::{Lexicon, filled};

/// The copy of a submission as a CSV file: a row for each respondent, question and item.
pub fn submission_csv(model: &ReportModel, words: &Lexicon) -> Vec<u8> {
    csv(&table(code_and_name(model), model.content.entries(), words))
}

/// The copy of a submission as a workbook, with the same rows as [`submission_csv`].
///
/// # Errors
/// Only if there is a bug in the program.
pub fn submission_xlsx(model: &ReportModel, words: &Lexicon) -> Result<Vec<u8>, RenderError> {
    workbook(model, words).map_err(|error| RenderError::Defect(error.into()))
}

fn workbook(model: &ReportModel, words: &Lexicon) -> Result<Vec<u8>, XlsxError> {
    let (data, evaluation) = (&words.data, &model.evaluation);
    let about = About {
        organisation: &evaluation.organisation,
        period: &evaluation.period,
        published: &evaluation.published,
        contact: &evaluation.contact,
        synthetic: evaluation.synthetic,
        illustrative: evaluation.illustrative,
    };
    let area = ("area", model.subject.name.as_str());
    let title = filled(&data.copy_title, &[("title", &evaluation.title), area]);
    let [year, month, day] = evaluation.date;
    let published = Date::new(year, month as i8, day as i8).unwrap_or_default();
    let mut book = Book::new(&title, &evaluation.organisation, published)?;
    let cover = about.cover(filled(&data.about_copy, &[area]), words);
    book.add(&Sheet { name: &data.cover, title: &title, lines: &cover })?;
    let one_table = [data.one_table.clone()];
    let notes = Sheet { name: &data.notes, title: &data.notes_title, lines: &one_table };
    book.add_table(&notes, &explained(&about, words), Ease::Plain)?;
    let title = filled(&data.answers_title, &[area]);
    let lines = about.above_table(words);
    let answers = Sheet { name: &data.answers, title: &title, lines: &lines };
    book.add_table(&answers, &table(code_and_name(model), model.content.entries(), words), Ease::Filtered)?;
    book.into_bytes()
}

/// The notes, what became of questions, and the shorthand.
fn explained(about: &About<'_>, words: &Lexicon) -> Table {
    let data = &words.data;
    let notes = [&data.about_csv, &data.about_long_answers];
    let states = EntryState::ALL.iter().map(|of| (words.state(*of), words.state_meaning(*of)));
    let shorthand = [(&data.none, &data.no_value_means), (&data.missing, &data.missing_means)];
    let shorthand = shorthand.map(|(short, means)| (short.as_str(), means.as_str()));
    about.notes(notes.map(String::as_str).to_vec(), states.chain(shorthand), words)
}

/// The code and the name of the area.
fn code_and_name(model: &ReportModel) -> [&str; 2] {
    [&model.subject.code, &model.subject.name]
}

/// Each row says which area it is of: a file may be separated from its name.
fn table(area: [&str; 2], entries: &[EntryView], words: &Lexicon) -> Table {
    let data = &words.data;
    let columns = [
        (&data.area_code, 10),
        (&data.area, 22),
        (&data.respondent, 22),
        (&data.question_id, 18),
        (&data.question, 30),
        (&data.wording, 50),
        (&data.item, 22),
        (&data.answer, 50),
        (&data.state, 15),
        (&data.reason, 40),
    ];
    let area = area.map(Cell::text);
    let of_area = |row: Vec<Cell>| area.iter().cloned().chain(row).collect();
    let entries = entries.iter();
    Table {
        columns: columns.into_iter().map(|(heading, width)| Column::new(heading, width)).collect(),
        rows: entries.flat_map(|entry| rows(entry, words)).map(of_area).collect(),
    }
}

/// The rows of an entry: one, unless its answer is too long for a cell.
fn rows(entry: &EntryView, words: &Lexicon) -> Vec<Vec<Cell>> {
    let data = &words.data;
    let nothing = match entry.state {
        EntryState::LeftBlank | EntryState::NoResponse => &data.missing,
        EntryState::Answered
        | EntryState::DontKnow
        | EntryState::NotApplicable
        | EntryState::NotAsked
        | EntryState::SetAside => &data.none,
    };
    let reason = entry.reason.as_ref().map_or_else(|| data.none.clone(), |reason| capitalised(reason));
    let parts = parts(entry.answer.as_ref().unwrap_or(nothing));
    let row = |(place, part): (usize, &str)| {
        let reason = if place == 0 { &reason } else { &data.continues };
        let item = entry.item.as_ref().unwrap_or(&data.none);
        let before = [&entry.respondent, &entry.question_id, &entry.question, &entry.wording, item];
        let after = [part, words.state(entry.state), reason];
        before.into_iter().map(String::as_str).chain(after).map(Cell::text).collect()
    };
    parts.into_iter().enumerate().map(row).collect()
}

/// The most that a cell of a workbook holds, in UTF-16 code units.
const CELL: usize = 32_767;

/// A text in parts that each fit into a cell.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut length) = (0, 0);
    for (at, c) in text.char_indices() {
        if length + c.len_utf16() > CELL {
            parts.push(&text[start..at]);
            (start, length) = (at, 0);
        }
        length += c.len_utf16();
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::aggregate::aggregate;
    use crate::compose::{Sources, compose};
    use crate::model::{Kind, Language, Subject};
    use crate::pipeline;
    use crate::templates::Templates;

    fn english() -> Lexicon {
        Templates::embedded().lexicon(&Language::english()).unwrap()
    }

    /// The copy of the first submission to `fixtures/two-regions`.
    fn copy() -> Box<ReportModel> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/two-regions");
        let evaluation = pipeline::load(&folder).unwrap().value.unwrap();
        let aggregates =
            pipeline::protect(&evaluation, aggregate(&evaluation), None, &|_, _| ()).ok().unwrap();
        let (aggregates, _) = aggregates.seal(&evaluation).unwrap();
        let submission = &evaluation.submissions[0];
        let words = &english();
        let sources = Sources { evaluation: &evaluation, aggregates: &aggregates, words };
        compose(Kind::Submission, Subject::Area(submission.area), sources).unwrap()
    }

    fn entry(answer: Option<&str>, state: EntryState, reason: Option<&str>) -> EntryView {
        EntryView {
            respondent: "schools".into(),
            question_id: "songs".into(),
            question: "Songs".into(),
            wording: "Which songs?".into(),
            free_text: true,
            item: None,
            answer: answer.map(str::to_owned),
            state,
            reason: reason.map(str::to_owned),
        }
    }

    fn text(entries: &[EntryView]) -> String {
        String::from_utf8(csv(&table(["S1", "Clay"], entries, &english()))).unwrap()
    }

    #[test]
    fn every_row_says_what_became_of_the_question_and_leaves_no_cell_empty() {
        let found = text(&[
            entry(Some("=cmd|' /C calc'!A0"), EntryState::Answered, None),
            entry(None, EntryState::LeftBlank, Some("because no answer was sent")),
            entry(Some("Yes"), EntryState::SetAside, Some("because “Cards” was left blank")),
            entry(None, EntryState::NotAsked, Some("because “Cards” was left blank")),
        ]);
        let begin = "S1,Clay,schools,songs,Songs,Which songs?,[z]";
        let expected = [
            "\u{feff}Area code,Area,Respondent,Question ID,Question,Wording,Item,Answer,State,Reason"
                .to_owned(),
            format!("{begin},'=cmd|' /C calc'!A0,Answered,[z]"),
            format!("{begin},[x],Left blank,Because no answer was sent"),
            format!("{begin},Yes,Set aside,Because “Cards” was left blank"),
            format!("{begin},[z],Not asked,Because “Cards” was left blank"),
        ];
        assert_eq!(found.split_terminator("\r\n").collect::<Vec<_>>(), expected);
    }

    #[test]
    fn the_same_submission_gives_the_same_bytes() {
        let words = english();
        let workbook = submission_xlsx(&copy(), &words).unwrap();
        assert_eq!(workbook, submission_xlsx(&copy(), &words).unwrap());
        assert_eq!(submission_csv(&copy(), &words), submission_csv(&copy(), &words));
        let rows = table(["S1", "Clay"], copy().content.entries(), &words).rows;
        assert!(rows.iter().any(|row| row[7] == Cell::text("Books; Music")));
    }

    #[test]
    fn a_very_long_answer_goes_on_in_the_next_row_and_nothing_is_lost() {
        for long in ["x".repeat(CELL), "x".repeat(CELL + 1), "😀".repeat(20_000)] {
            let parts = parts(&long);
            assert_eq!(parts.concat(), long);
            assert!(parts.iter().all(|part| part.encode_utf16().count() <= CELL));
            assert_eq!(parts.len(), long.encode_utf16().count().div_ceil(CELL));
        }
        let found = text(&[entry(Some(&"😀".repeat(20_000)), EntryState::Answered, None)]);
        let reasons: Vec<&str> = found.lines().skip(1).map(|line| line.rsplit(',').next().unwrap()).collect();
        assert_eq!(reasons, ["[z]", "Continues the row above"]);
    }
}
