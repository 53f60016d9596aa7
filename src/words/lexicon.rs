use serde::{Deserialize, Serialize};

use crate::problem::{Place, Problem};
use crate::read::toml_of;

/// The words of one language.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Lexicon {
    /// The months, from January on.
    pub months: Vec<String>,
    /// A date, of `{day}`, `{month}` and `{year}`.
    pub date: String,
    /// Numbers in sentences, from none on.
    pub numbers: Vec<String>,
    /// The strategic lead of an area.
    pub strategic_lead: String,
    /// What stands before the number of a figure.
    pub figure: String,
    /// "Area" after a number: of one, and of several.
    pub areas: [String; 2],
    /// What stands between names.
    pub list: ListWords,
    /// What an area itself says.
    pub own: OwnWords,
    /// Who is in a base, where the evaluation does not say.
    pub bases: BaseWords,
    /// Answers that are no option of a question.
    pub answers: AnswerWords,
    /// How far a sector is.
    pub marks: MarkWords,
    /// How an area compares, and its quarter.
    pub readings: ReadingWords,
    /// Percentages in tables and charts.
    pub percentages: PercentageWords,
    /// In tables, `{percent}` with the `{count}` behind it.
    pub with_count: String,
    /// Percentages in sentences.
    pub prose: PercentageWords,
    /// Headings and keys of charts.
    pub charts: ChartWords,
    /// Why a corrected report differs.
    pub reasons: ReasonWords,
}

/// A group of words, each by its name.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$meaning:meta])* $word:ident),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Debug, Deserialize, Serialize)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case")]
        pub struct $name {
            $($(#[$meaning])* pub $word: String,)+
        }

        impl $name {
            /// Every word of the group.
            pub fn all(&self) -> Vec<&str> {
                vec![$(self.$word.as_str()),+]
            }
        }
    };
}

words! {
    /// What stands between names.
    ListWords {
        /// Between all but the last two.
        between,
        /// Before the last.
        last,
        /// Between alternatives.
        either,
    }
}

words! {
    /// What an area itself says, or why it says nothing.
    OwnWords {
        /// `{count}` respondents of `{base}`.
        share,
        /// Nobody answered.
        no_answers,
        /// An option that the only respondent chose.
        chosen,
        /// One that the only respondent did not choose.
        not_chosen,
        /// This is the number of a tally.
        yes,
        /// It is not.
        no,
        /// It cannot be known.
        unknown,
    }
}

words! {
    /// Who is in the base of percentages, where the evaluation does not say.
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
    /// Answers that are no option of a question.
    AnswerWords {
        /// The respondent did not know.
        dont_know,
        /// The question does not apply.
        not_applicable,
        /// It was left blank.
        not_answered,
        /// It was not put.
        not_asked,
    }
}

words! {
    /// How far a sector is.
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
    /// How an area compares with the nation, and its quarter of all areas.
    ReadingWords {
        /// Higher than the nation.
        higher,
        /// Similar to it.
        similar,
        /// Lower.
        lower,
        /// In the quarter with the lowest shares.
        lowest,
        /// In the next one.
        second,
        /// In the one after that.
        third,
        /// In the quarter with the highest shares.
        highest,
    }
}

words! {
    /// Percentages, in tables and charts or in sentences.
    PercentageWords {
        /// A whole `{percent}`.
        whole,
        /// More than nought that would round to it.
        low,
        /// Less than all that would round to it.
        almost_all,
        /// Nobody is in the base.
        no_base,
        /// It is withheld.
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
        /// All areas, where the name of the nation is too long.
        all_areas,
        /// The areas besides the report's own.
        other_areas,
        /// What a chart of bars is called.
        bars,
        /// What a chart of dots is called.
        dots,
        /// Describes the second part of a chart, and any further one.
        continues,
    }
}

words! {
    /// Why a corrected report differs from the one that its reader has.
    ReasonWords {
        /// Its `{area}` sent other answers.
        own_answers,
        /// Other areas did.
        other_answers,
        /// Details of the evaluation changed.
        settings,
        /// It says some things in other words.
        wording,
        /// It looks different.
        looks,
        /// The program that makes it changed.
        program,
    }
}

impl Lexicon {
    /// Reads the words of a language.
    ///
    /// # Errors
    /// Every word that is missing or unknown, and every form without a value that belongs in it.
    pub fn of(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let Some(lexicon) = toml_of::<Self>(file, text, &mut problems) else { return Err(problems) };
        let mut wrong = |message: String, form: &str| {
            // The form itself finds its line: it is written there as it stands.
            let line = text.lines().position(|line| !form.is_empty() && line.contains(form));
            let place = line.map_or_else(|| Place::file(file), |line| Place::line(file, line as u64 + 1));
            problems.push(Problem::error("wrong-lexicon", place, message).value(form));
        };
        for (form, values) in lexicon.forms() {
            for value in values.iter().filter(|value| !form.contains(**value)) {
                wrong(format!("{value} has no place in this form"), form);
            }
        }
        if lexicon.months.len() != 12 {
            wrong("a year has twelve months".to_owned(), "");
        }
        if problems.is_empty() { Ok(lexicon) } else { Err(problems) }
    }

    /// The forms that values are put into, with the values that belong in each.
    fn forms(&self) -> [(&str, &'static [&'static str]); 8] {
        const PERCENT: &[&str] = &["{percent}"];
        const WITH_BASE: &[&str] = &["{percent}", "{base}"];
        [
            (&self.date, &["{day}", "{month}", "{year}"]),
            (&self.own.share, &["{count}", "{base}"]),
            (&self.percentages.whole, PERCENT),
            (&self.with_count, &["{percent}", "{count}"]),
            (&self.percentages.with_base, WITH_BASE),
            (&self.prose.whole, PERCENT),
            (&self.prose.with_base, WITH_BASE),
            (&self.reasons.own_answers, &["{area}"]),
        ]
    }

    /// Every word that reports print as it is.
    pub fn fixed_text(&self) -> impl Iterator<Item = &str> {
        let Self { own, bases, answers, marks, readings, percentages, prose, charts, .. } = self;
        let groups = [own.all(), bases.all(), answers.all(), marks.all(), readings.all(), charts.all()];
        // A percentage is printed for its fact alone.
        let others = [
            &percentages.no_base,
            &percentages.withheld,
            &prose.no_base,
            &prose.withheld,
            &self.strategic_lead,
        ];
        let words = groups.into_iter().flatten().chain(others.map(String::as_str));
        words.filter(|word| !word.contains('{'))
    }
}
