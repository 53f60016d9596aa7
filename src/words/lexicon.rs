use serde::{Deserialize, Serialize};

use super::data::DataWords;
use super::group::words;
use crate::problem::{Place, Problem};
use crate::read::toml_of;

/// The fixed words that reports use in one language.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Lexicon {
    /// The names of the months, starting with January.
    pub months: Vec<String>,
    /// The format of a date, with `{day}`, `{month}` and `{year}`.
    pub date: String,
    /// Words for numbers in sentences, starting with "none".
    pub numbers: Vec<String>,
    /// What separates the thousands of a number: a comma, a full stop or nothing.
    pub thousands: String,
    /// Quotation marks. Sentences are written with “ and ”, and printed with these.
    pub quotes: QuoteWords,
    /// The term for the strategic lead of an area.
    pub strategic_lead: String,
    /// The word before the number of a figure.
    pub figure: String,
    /// What ends the description of a figure in a text that is read aloud, with `{number}`.
    pub figure_ends: String,
    /// The reference to a page, with `{number}`.
    pub page: String,
    /// The reference to a part of the report, with `{number}`.
    pub part: String,
    /// The heading of the areas that answered and those that did not.
    pub who_answered: String,
    /// "Area" after a number: singular and plural.
    pub areas: [String; 2],
    /// The words between the names in a list.
    pub list: ListWords,
    /// Words for an area's own answers.
    pub own: OwnWords,
    /// Who is in a base, if the evaluation does not say.
    pub bases: BaseWords,
    /// Answers that are not options of a question.
    pub answers: AnswerWords,
    /// What became of a question.
    pub states: StateWords,
    /// What each of these means, in a sentence.
    pub meanings: StateWords,
    /// Why a question has no answer that counts.
    pub gaps: GapWords,
    /// How far a sector has got.
    pub marks: MarkWords,
    /// How an area compares.
    pub readings: ReadingWords,
    /// Percentages in tables and charts.
    pub percentages: PercentageWords,
    /// Percentages in sentences.
    pub prose: PercentageWords,
    /// Headings and keys of charts.
    pub charts: ChartWords,
    /// Why a corrected report differs.
    pub reasons: ReasonWords,
    /// Words of data files.
    pub data: DataWords,
}

words! {
    /// The words between the names in a list.
    ListWords {
        /// Between all the names except the last two.
        between,
        /// Before the last name.
        last,
        /// Between alternatives.
        either,
    }
}

words! {
    /// Words for an area's own answers, or for why there are none.
    OwnWords {
        /// `{count}` respondents out of `{base}`.
        share,
        /// Nobody answered.
        no_answers,
        /// An option that the only respondent chose.
        chosen,
        /// An option that the only respondent did not choose.
        not_chosen,
        /// The respondent's number matches the cell of a tally.
        yes,
        /// The respondent's number does not match the cell of a tally.
        no,
        /// The respondent's number is unknown.
        unknown,
    }
}

words! {
    /// Quotation marks.
    QuoteWords {
        /// Before what is quoted.
        open,
        /// After it.
        close,
    }
}

words! {
    /// Who is in the base of percentages, if the evaluation does not say.
    BaseWords {
        /// The ratings of each sector by strategic leads.
        ratings,
        /// The areas whose strategic lead answered.
        leads,
        /// The managers who answered.
        managers,
    }
}

words! {
    /// Answers that are not options of a question.
    AnswerWords {
        /// The respondent did not know.
        dont_know,
        /// The question does not apply.
        not_applicable,
        /// The question was left blank.
        not_answered,
        /// The question was not asked.
        not_asked,
    }
}

words! {
    /// What became of a question that was meant for a respondent.
    StateWords {
        /// Options were chosen, or text was written.
        answered,
        /// The respondent did not know.
        dont_know,
        /// The question does not apply.
        not_applicable,
        /// The question was left blank.
        left_blank,
        /// An earlier answer led past the question.
        not_asked,
        /// An earlier answer led past the question, so what was sent does not count.
        set_aside,
        /// The respondent sent no answer that counts to any question.
        no_response,
    }
}

words! {
    /// Why a question has no answer that counts, in words that can follow what became of it.
    GapWords {
        /// The `{answer}` to an earlier `{question}` led past it.
        led_past,
        /// An earlier `{question}` was left blank.
        blank_before,
        /// It was asked, but nothing was sent.
        nothing_sent,
        /// The respondent sent no answer that counts.
        no_response,
    }
}

words! {
    /// How far a sector has got.
    MarkWords {
        /// In place.
        in_place,
        /// Begun.
        begun,
        /// Not begun.
        not_yet,
        /// The manager did not know.
        dont_know,
        /// The manager did not answer.
        no_answer,
    }
}

words! {
    /// How an area compares with the nation.
    ReadingWords {
        /// Higher than the nation.
        higher,
        /// Similar to the nation.
        similar,
        /// Lower than the nation.
        lower,
        /// Not compared, because too few people answered.
        too_few,
    }
}

words! {
    /// Percentages, in tables and charts or in sentences.
    PercentageWords {
        /// A whole `{percent}`.
        whole,
        /// More than zero, but rounding to it.
        low,
        /// Less than 100, but rounding to it.
        almost_all,
        /// Nobody is in the base.
        no_base,
        /// The percentage is withheld.
        withheld,
        /// `{percent}` with its `{base}`.
        with_base,
    }
}

words! {
    /// Headings and keys of charts.
    ChartWords {
        /// The area of the report.
        area,
        /// Its region.
        region,
        /// All sectors together.
        all_sectors,
        /// All areas, if the name of the nation is too long.
        all_areas,
        /// Areas other than the report's own.
        other_areas,
        /// How many other areas have a lower share.
        lower,
        /// How many have the same share.
        same,
        /// How many have a higher share.
        higher,
        /// The line from the lowest to the highest share of all areas.
        range,
        /// The band of the middle half of all areas.
        middle,
        /// The strategic lead's view of a sector.
        lead,
        /// The manager's view of the sector.
        manager,
        /// Strategic leads, as a heading.
        leads,
        /// Managers, as a heading.
        managers,
        /// How many other areas, `{count}` of `{of}`, gave the same answer.
        alike,
        /// How many other areas, `{count}` of `{of}`, named the furthest of several answers, too.
        also,
        /// The name for a chart of shares.
        bars,
        /// The name for a chart of steps.
        steps,
        /// The name for a chart of squares.
        squares,
        /// The name for a chart of two views.
        dumbbell,
        /// The name for a chart of sectors and processes.
        matrix,
        /// The name for a spine chart.
        spine,
        /// The name for a chart of the shares of groups.
        shares,
        /// The name for a chart with a dot for each area.
        strips,
        /// The description of the second part of a chart and any further parts.
        continues,
    }
}

words! {
    /// Why a corrected report differs from the one its reader has.
    ReasonWords {
        /// The report's `{area}` sent different answers.
        own_answers,
        /// Other areas sent different answers.
        other_answers,
        /// Details of the evaluation changed.
        settings,
        /// Some of the wording changed.
        wording,
        /// The appearance changed.
        looks,
        /// The program changed.
        program,
    }
}

/// What may separate the thousands of a number, so that proofs can read it back.
const SEPARATORS: [&str; 3] = [",", ".", ""];

impl Lexicon {
    /// Reads the words of a language.
    ///
    /// # Errors
    /// Every word that is missing or unknown, and every format that lacks one of its placeholders.
    pub fn of(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let Some(lexicon) = toml_of::<Self>(file, text, &mut problems) else { return Err(problems) };
        let mut wrong = |message: String, form: &str| {
            // The line is found by searching for the format, which appears there unchanged.
            let line = text.lines().position(|line| !form.is_empty() && line.contains(form));
            let place = line.map_or_else(|| Place::file(file), |line| Place::line(file, line as u64 + 1));
            problems.push(Problem::error("wrong-lexicon", place, message).value(form));
        };
        for (form, values) in lexicon.forms() {
            for value in values.iter().filter(|value| !form.contains(**value)) {
                wrong(format!("{value} is missing from this text"), form);
            }
        }
        let longest = DataWords::LONGEST_WORKSHEET;
        for name in lexicon.data.worksheets().into_iter().filter(|name| name.encode_utf16().count() > longest)
        {
            wrong(format!("the name of a worksheet has at most {longest} characters"), name);
        }
        if !SEPARATORS.contains(&lexicon.thousands.as_str()) {
            wrong(
                "thousands are separated by a comma, a full stop or nothing".to_owned(),
                &lexicon.thousands,
            );
        }
        for quote in lexicon
            .quotes
            .all()
            .into_iter()
            .filter(|quote| quote.is_empty() || quote.contains(|c: char| c.is_ascii()))
        {
            wrong("quotation marks are marks such as “ and ”, not straight ones".to_owned(), quote);
        }
        if lexicon.months.len() != 12 {
            wrong("'months' must list twelve names".to_owned(), "");
        }
        if problems.is_empty() { Ok(lexicon) } else { Err(problems) }
    }

    /// The formats that take values, with the placeholders that belong in each.
    fn forms(&self) -> Vec<(&str, &'static [&'static str])> {
        const PERCENT: &[&str] = &["{percent}"];
        const WITH_BASE: &[&str] = &["{percent}", "{base}"];
        let mut forms = self.data.forms();
        forms.extend([
            (self.date.as_str(), &["{day}", "{month}", "{year}"] as &[&str]),
            (&self.own.share, &["{count}", "{base}"]),
            (&self.percentages.whole, PERCENT),
            (&self.percentages.with_base, WITH_BASE),
            (&self.prose.whole, PERCENT),
            (&self.prose.with_base, WITH_BASE),
            (&self.page, &["{number}"]),
            (&self.part, &["{number}"]),
            (&self.figure_ends, &["{number}"]),
            (&self.charts.alike, &["{count}", "{of}"]),
            (&self.charts.also, &["{count}", "{of}"]),
            (&self.reasons.own_answers, &["{area}"]),
            (&self.gaps.led_past, &["{question}", "{answer}"]),
            (&self.gaps.blank_before, &["{question}"]),
        ]);
        forms
    }

    /// Every word that reports print unchanged.
    pub fn fixed_text(&self) -> impl Iterator<Item = &str> {
        let Self { own, bases, answers, states, meanings, gaps, marks, readings, .. } = self;
        let Self { percentages, prose, charts, .. } = self;
        let of_answers = [own.all(), bases.all(), answers.all(), states.all(), meanings.all(), gaps.all()];
        let of_charts = [marks.all(), readings.all(), charts.all()];
        // The other percentages are only printed for their facts.
        let others = [
            &percentages.no_base,
            &percentages.withheld,
            &prose.no_base,
            &prose.withheld,
            &self.strategic_lead,
        ];
        let words = of_answers.into_iter().chain(of_charts).flatten().chain(others.map(String::as_str));
        words.filter(|word| !word.contains('{'))
    }
}
