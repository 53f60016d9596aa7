use super::group::words;

words! {
    /// Words of data files: CSV files and workbooks.
    DataWords {
        /// The worksheet with the title and the publisher.
        cover,
        /// The worksheet that lists the others.
        contents,
        /// The worksheet that explains the tables.
        notes,
        /// The worksheet of the answers of one area.
        answers,
        /// The worksheet of all areas, if it cannot have the name of the nation.
        all_areas,
        /// The worksheet of regions.
        regions,
        /// The worksheet of sectors.
        sectors,
        /// The worksheet of sectors in regions.
        sectors_of_regions,
        /// The title of a data pack, with `{title}` and `{nation}`.
        pack_title,
        /// The title of the copy of a submission, with `{title}` and `{area}`.
        copy_title,
        /// The title of the contents.
        contents_title,
        /// The title of the notes.
        notes_title,
        /// The title of the answers of an `{area}`.
        answers_title,
        /// The title of the table of all areas, with `{nation}` and `{period}`.
        nation_title,
        /// The title of the table of regions, with `{nation}` and `{period}`.
        regions_title,
        /// The title of the table of sectors, with `{nation}` and `{period}`.
        sectors_title,
        /// The title of the table of sectors in regions, with `{nation}` and `{period}`.
        sectors_of_regions_title,
        /// What a data pack is.
        about_pack,
        /// What the copy of a submission is, with `{area}`.
        about_copy,
        /// Who publishes it: an `{organisation}`.
        publisher,
        /// The `{period}` in which the answers were collected.
        period,
        /// The `{date}` of publication.
        published,
        /// The `{contact}` for questions.
        contact,
        /// The answers are made up.
        made_up,
        /// How many tables a worksheet has: one.
        one_table,
        /// The worksheet `{sheet}` explains the table.
        see_notes,
        /// The heading of the names of worksheets.
        worksheet,
        /// The heading of what a worksheet contains.
        contains,
        /// The heading of the numbers of notes and of shorthand.
        note,
        /// A note with its `{number}`.
        numbered_note,
        /// The heading of what a note says.
        meaning,
        /// The heading of the nation.
        nation,
        /// The heading of regions.
        region,
        /// The heading of sectors.
        sector,
        /// The heading of the ids of measures.
        measure_id,
        /// The heading of measures.
        measure,
        /// The heading of options.
        option,
        /// The heading of who is in the base.
        who,
        /// The heading of counts.
        count,
        /// The heading of bases.
        base,
        /// The heading of percentages.
        percentage,
        /// The heading of the code of the area.
        area_code,
        /// The heading of the name of the area.
        area,
        /// The heading of respondents.
        respondent,
        /// The heading of the ids of questions.
        question_id,
        /// The heading of the titles of questions.
        question,
        /// The heading of the wording of questions.
        wording,
        /// The heading of the sectors rated in a grid.
        item,
        /// The heading of answers.
        answer,
        /// The heading of what became of a question.
        state,
        /// The heading of reasons.
        reason,
        /// The reason of a row that goes on with the answer of the row above.
        continues,
        /// Shorthand: does not apply.
        none,
        /// Shorthand: not available.
        missing,
        /// What the shorthand for a withheld figure means.
        withheld_means,
        /// What the shorthand for a percentage that rounds to zero means.
        low_means,
        /// What the shorthand for what does not apply means in a table of figures.
        none_means,
        /// What the shorthand for what does not apply means in a table of answers.
        no_value_means,
        /// What the shorthand for what is not available means.
        missing_means,
        /// Note: who is counted.
        about_bases,
        /// Note: how percentages are rounded.
        about_rounding,
        /// Note: what is withheld together.
        about_withholding,
        /// Note: the wording of some questions is illustrative.
        about_wording,
        /// Note: the same table is a CSV file.
        about_csv,
        /// Note: answers that are too long for a cell.
        about_long_answers,
    }
}

impl DataWords {
    /// The longest name that a worksheet can have.
    pub(super) const LONGEST_WORKSHEET: usize = 31;

    /// The names of worksheets.
    pub(super) fn worksheets(&self) -> [&str; 8] {
        [
            &self.cover,
            &self.contents,
            &self.notes,
            &self.answers,
            &self.all_areas,
            &self.regions,
            &self.sectors,
            &self.sectors_of_regions,
        ]
    }

    /// The formats that take values, with the placeholders that belong in each.
    pub(super) fn forms(&self) -> Vec<(&str, &'static [&'static str])> {
        const OF_TABLE: &[&str] = &["{nation}", "{period}"];
        vec![
            (self.pack_title.as_str(), &["{title}", "{nation}"]),
            (&self.copy_title, &["{title}", "{area}"]),
            (&self.answers_title, &["{area}"]),
            (&self.nation_title, OF_TABLE),
            (&self.regions_title, OF_TABLE),
            (&self.sectors_title, OF_TABLE),
            (&self.sectors_of_regions_title, OF_TABLE),
            (&self.about_copy, &["{area}"]),
            (&self.publisher, &["{organisation}"]),
            (&self.period, &["{period}"]),
            (&self.published, &["{date}"]),
            (&self.contact, &["{contact}"]),
            (&self.see_notes, &["{sheet}"]),
            (&self.numbered_note, &["{number}"]),
        ]
    }
}
