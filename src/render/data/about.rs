use super::table::{Cell, Column, Table};
use crate::words::{Lexicon, filled};

/// What every workbook says about itself.
pub(super) struct About<'a> {
    pub(super) organisation: &'a str,
    /// The period in which the answers were collected.
    pub(super) period: &'a str,
    /// The date of publication, in words.
    pub(super) published: &'a str,
    pub(super) contact: &'a str,
    /// True if the answers are made up.
    pub(super) synthetic: bool,
    /// True if the wording of some questions is illustrative.
    pub(super) illustrative: bool,
}

impl About<'_> {
    /// The lines of the cover: what the workbook is, who publishes it, and when.
    pub(super) fn cover(&self, what: String, words: &Lexicon) -> Vec<String> {
        let data = &words.data;
        let mut lines = vec![what];
        lines.extend(self.synthetic.then(|| data.made_up.clone()));
        lines.extend([
            filled(&data.publisher, &[("organisation", self.organisation)]),
            filled(&data.period, &[("period", self.period)]),
            filled(&data.published, &[("date", self.published)]),
            filled(&data.contact, &[("contact", self.contact)]),
        ]);
        lines
    }

    /// The lines above a table of figures or answers.
    pub(super) fn above_table(&self, words: &Lexicon) -> Vec<String> {
        let data = &words.data;
        let mut lines = vec![data.one_table.clone(), filled(&data.see_notes, &[("sheet", &data.notes)])];
        lines.extend(self.synthetic.then(|| data.made_up.clone()));
        lines
    }

    /// The notes with their numbers, then words and shorthand with their meanings.
    pub(super) fn notes<'n>(
        &self,
        mut notes: Vec<&'n str>,
        meanings: impl IntoIterator<Item = (&'n str, &'n str)>,
        words: &'n Lexicon,
    ) -> Table {
        let data = &words.data;
        notes.extend(self.illustrative.then_some(data.about_wording.as_str()));
        let number = |number: usize| filled(&data.numbered_note, &[("number", &number.to_string())]);
        let notes = (1..).zip(notes).map(|(place, note)| [Cell::Text(number(place)), Cell::text(note)]);
        let meanings = meanings.into_iter().map(|of| <[&str; 2]>::from(of).map(Cell::text));
        Table {
            columns: vec![Column::new(&data.note, 16), Column::new(&data.meaning, 100)],
            rows: notes.chain(meanings).map(Vec::from).collect(),
        }
    }
}
