//! The words of a language that reports print outside their sentences. The words themselves are in
//! `report-templates/lexicon/`; how they are put together is decided here.

mod data;
mod group;
mod lexicon;
mod plurals;

pub use data::DataWords;
pub use lexicon::{
    AnswerWords, BaseWords, ChartWords, GapWords, Lexicon, ListWords, MarkWords, OwnWords, PercentageWords,
    QuoteWords, ReadingWords, ReasonWords, StateWords,
};
pub use plurals::Plurals;

use jiff::civil::Date;

use crate::model::{AnswerState, Base, Comparison, EntryState, Mark, Percent, thousands};

impl Lexicon {
    /// A date in words: "3 November 2008".
    pub fn date(&self, date: Date) -> String {
        let month = usize::try_from(date.month() - 1).ok().and_then(|month| self.months.get(month));
        let month = month.map(String::as_str).unwrap_or_default();
        filled(
            &self.date,
            &[("day", &date.day().to_string()), ("month", month), ("year", &date.year().to_string())],
        )
    }

    /// A number in digits, with the separators of the language between its thousands.
    pub fn digits(&self, number: impl Into<u64>) -> String {
        thousands(number).replace(',', &self.thousands)
    }

    /// A number in a sentence: as a word if there is one, in digits if not.
    pub fn number(&self, number: u32) -> String {
        let word = usize::try_from(number).ok().and_then(|n| self.numbers.get(n));
        word.cloned().unwrap_or_else(|| self.digits(number))
    }

    /// A list of names in a sentence: "a", "a and b", "a, b and c".
    pub fn listed(&self, names: &[String]) -> String {
        match names.split_last() {
            None => String::new(),
            Some((last, [])) => last.clone(),
            Some((last, rest)) => format!("{}{}{last}", rest.join(&self.list.between), self.list.last),
        }
    }

    /// "Fully engaged or well engaged" from "Fully engaged" and "Well engaged": labels of alternatives that all count.
    pub fn either(&self, labels: &[&str]) -> String {
        let mut words: Vec<String> = labels.iter().map(|label| (*label).to_owned()).collect();
        for word in words.iter_mut().skip(1) {
            *word = word.to_lowercase();
        }
        words.join(&self.list.either)
    }

    /// A share in words: "7 of 8".
    pub fn share(&self, count: u32, base: u32) -> String {
        filled(&self.own.share, &[("count", &self.digits(count)), ("base", &self.digits(base))])
    }

    /// The words for an answer that is neither an option nor free text; empty for one that is.
    pub fn answer(&self, state: AnswerState) -> &str {
        match state {
            AnswerState::Value => "",
            AnswerState::DontKnow => &self.answers.dont_know,
            AnswerState::NotApplicable => &self.answers.not_applicable,
            AnswerState::NotAnswered => &self.answers.not_answered,
            AnswerState::NotAsked | AnswerState::NotMeant => &self.answers.not_asked,
        }
    }

    /// The words for what became of a question.
    pub fn state(&self, state: EntryState) -> &str {
        self.states.of(state)
    }

    /// What it means, in a sentence.
    pub fn state_meaning(&self, state: EntryState) -> &str {
        self.meanings.of(state)
    }

    /// Why a question was passed over: the answer to an earlier question, or none if that one was left blank.
    pub fn led_past(&self, question: &str, answer: Option<&str>) -> String {
        let form = if answer.is_some() { &self.gaps.led_past } else { &self.gaps.blank_before };
        // The answer is filled in last: it may be a text with braces of its own.
        filled(form, &[("question", question), ("answer", answer.unwrap_or_default())])
    }

    /// The word beside a mark.
    pub fn mark(&self, mark: Mark) -> &str {
        match mark {
            Mark::InPlace => &self.marks.in_place,
            Mark::Begun => &self.marks.begun,
            Mark::NotYet => &self.marks.not_yet,
            Mark::DontKnow => &self.marks.dont_know,
            Mark::NoAnswer => &self.marks.no_answer,
        }
    }

    /// The word for how an area compares.
    pub fn reading(&self, comparison: Comparison) -> &str {
        match comparison {
            Comparison::Higher => &self.readings.higher,
            Comparison::Similar => &self.readings.similar,
            Comparison::Lower => &self.readings.lower,
        }
    }

    /// Who is in the base of percentages.
    pub fn base<'w>(&'w self, base: &'w Base) -> &'w str {
        match base {
            Base::Declared(words) => words,
            Base::Ratings => &self.bases.ratings,
            Base::Leads => &self.bases.leads,
            Base::Managers => &self.bases.managers,
        }
    }

    /// A percentage as tables and charts print it; `None` if it is withheld.
    pub fn percentage(&self, percent: Option<Percent>) -> String {
        self.percentages.of(percent)
    }

    /// A percentage as sentences print it; `None` if it is withheld.
    pub fn prose(&self, percent: Option<Percent>) -> String {
        self.prose.of(percent)
    }

    /// True when the text around a number shows that it is a percentage.
    pub fn is_percentage(&self, before: &str, after: &str) -> bool {
        [&self.percentages.whole, &self.prose.whole].into_iter().any(|form| {
            let (start, end) = form.split_once("{percent}").unwrap_or((form, ""));
            before.ends_with(start) && after.starts_with(end)
        })
    }
}

impl StateWords {
    fn of(&self, state: EntryState) -> &str {
        match state {
            EntryState::Answered => &self.answered,
            EntryState::DontKnow => &self.dont_know,
            EntryState::NotApplicable => &self.not_applicable,
            EntryState::LeftBlank => &self.left_blank,
            EntryState::NotAsked => &self.not_asked,
            EntryState::SetAside => &self.set_aside,
            EntryState::NoResponse => &self.no_response,
        }
    }
}

impl PercentageWords {
    fn of(&self, percent: Option<Percent>) -> String {
        match percent {
            Some(Percent::Whole(percent)) => filled(&self.whole, &[("percent", &percent.to_string())]),
            Some(Percent::Low) => self.low.clone(),
            Some(Percent::AlmostAll) => self.almost_all.clone(),
            Some(Percent::NoBase) => self.no_base.clone(),
            None => self.withheld.clone(),
        }
    }
}

/// Fills in a format: each `{name}` is replaced by the value of that name.
pub(crate) fn filled(form: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(form.to_owned(), |form, (name, value)| form.replace(&format!("{{{name}}}"), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english() -> Lexicon {
        Lexicon::of("en.toml", include_str!("../../report-templates/lexicon/en.toml")).unwrap()
    }

    #[test]
    fn words_are_put_together() {
        let words = english();
        let names = |n: usize| words.listed(&["a", "b", "c"].map(str::to_owned)[..n]);
        assert_eq!([names(0), names(1), names(2), names(3)], ["", "a", "a and b", "a, b and c"]);
        assert_eq!([words.number(0), words.number(9), words.number(1430)], ["none", "nine", "1,430"]);
        assert_eq!(words.date(jiff::civil::date(2008, 11, 3)), "3 November 2008");
        assert_eq!(words.either(&["Fully engaged", "Well engaged"]), "Fully engaged or well engaged");
        assert_eq!(words.share(7, 1185), "7 of 1,185");
        assert_eq!(words.percentage(Some(Percent::Whole(54))), "54%");
        assert_eq!(words.prose(Some(Percent::Whole(54))), "54 per cent");
        assert_eq!(
            (words.percentage(None), words.prose(None)),
            ("[c]".into(), "a share that is withheld".into())
        );
        assert!(words.is_percentage("of ", "% of") && words.is_percentage("", " per cent"));
        assert!(!words.is_percentage("", " of 143"));
    }

    #[test]
    fn a_missing_word_has_a_place() {
        let text = include_str!("../../report-templates/lexicon/en.toml");
        let problem = |from: &str, to: &str| {
            assert!(text.contains(from), "{from}");
            let problems = Lexicon::of("en.toml", &text.replacen(from, to, 1)).unwrap_err();
            problems.iter().map(ToString::to_string).collect::<String>()
        };
        assert!(problem("begun = \"Begun\"\n", "").contains("missing field `begun`"));
        assert!(problem("begun =", "begone =").contains("begone"));
        assert!(problem("\"{count} of {base}\"", "\"{count} of all\"").contains("{base}"));
        assert!(problem("\"{percent}%\"", "\"all\"").contains("{percent}"));
        assert!(problem("\"January\", ", "").contains("twelve names"));
    }
}
