use std::collections::BTreeMap;

use crate::aggregate::Statistic;
use crate::model::{
    Fact, FactSource, FactState, OwnState, OwnView, Reading, Share, StatisticView, thousands,
};
use crate::words::Lexicon;

/// Where a fact comes from.
pub(super) struct Origin {
    /// The id of the fact.
    pub(super) id: String,
    /// Whom it is about.
    pub(super) group: String,
    /// The id of the sector; empty for all.
    pub(super) sector: String,
    /// The section that it belongs to.
    pub(super) section: String,
    /// The measure and cell.
    pub(super) measure: String,
    /// The questions whose answers it was made from.
    pub(super) questions: Vec<String>,
}

impl Origin {
    /// Where a number of areas, people or measures comes from.
    pub(super) fn count(id: String, group: String) -> Self {
        let (sector, section, measure) = Default::default();
        Self { id, group, sector, section, measure, questions: Vec::new() }
    }
}

/// The facts of a report. A statistic can only be printed by entering it here.
pub(super) struct FactBook<'a> {
    words: &'a Lexicon,
    facts: BTreeMap<String, Fact>,
}

impl<'a> FactBook<'a> {
    pub(super) fn new(words: &'a Lexicon) -> Self {
        Self { words, facts: BTreeMap::new() }
    }

    /// Enters a group's statistic under an id and gives its printed forms.
    pub(super) fn statistic(&mut self, origin: Origin, statistic: Statistic) -> StatisticView {
        let view = printed(statistic.share(), self.words);
        let forms = (view.percent.clone(), view.prose.clone());
        self.enter(origin, FactSource::Aggregates, forms, statistic.share());
        view
    }

    /// Enters the area's own share, counted over several respondents.
    pub(super) fn own_share(&mut self, origin: Origin, share: Share) -> OwnView {
        let (state, text) = if share.base == 0 {
            (OwnState::None, self.words.own.no_answers.clone())
        } else {
            (OwnState::Share, self.words.share(share.count, share.base))
        };
        self.enter(origin, FactSource::Submission, (text.clone(), text.clone()), Some(share));
        OwnView {
            state,
            text,
            counted: share.count > 0,
            count: share.count,
            base: share.base,
            length: share.rounded().unwrap_or_default(),
        }
    }

    /// Enters the answer of the area's only respondent to a question.
    pub(super) fn own_answer(&mut self, origin: Origin, text: &str, share: Share) -> OwnView {
        let state = if share.base == 0 { OwnState::None } else { OwnState::Answer };
        self.enter(origin, FactSource::Submission, (text.to_owned(), text.to_owned()), Some(share));
        OwnView {
            state,
            text: text.to_owned(),
            counted: share.count > 0,
            count: share.count,
            base: share.base,
            length: share.rounded().unwrap_or_default(),
        }
    }

    /// Enters a number of areas, people or measures out of all, and gives its printed form.
    pub(super) fn number(&mut self, origin: Origin, share: Share) -> String {
        let printed = thousands(share.count);
        self.enter(origin, FactSource::Counted, (printed.clone(), printed.clone()), Some(share));
        printed
    }

    /// Notes the word that the report puts on a fact that was entered.
    pub(super) fn reads(&mut self, id: &str, reading: Option<Reading>) {
        if let Some(fact) = self.facts.get_mut(id) {
            fact.reading = reading;
        }
    }

    /// All facts, sorted by id.
    pub(super) fn into_facts(self) -> Vec<Fact> {
        self.facts.into_values().collect()
    }

    /// Enters a fact with its forms in tables and in sentences.
    fn enter(
        &mut self,
        origin: Origin,
        source: FactSource,
        (printed, prose): (String, String),
        share: Option<Share>,
    ) {
        let Origin { id, group, sector, section, measure, questions } = origin;
        let state = match share {
            None => FactState::Withheld,
            Some(share) if share.base == 0 && source != FactSource::Counted => FactState::NoBase,
            Some(_) => FactState::Value,
        };
        let fact = Fact {
            id: id.clone(),
            source,
            group,
            sector,
            section,
            measure,
            questions,
            printed,
            prose,
            reading: None,
            state,
            count: share.map(|share| share.count),
            base: share.map(|share| share.base),
            percent: share.and_then(Share::rounded),
        };
        self.facts.insert(id, fact);
    }
}

/// The printed forms of a share. Of one that is withheld, every part is.
fn printed(share: Option<Share>, words: &Lexicon) -> StatisticView {
    let percent = share.map(Share::percent);
    let number = |number: fn(Share) -> u32| {
        share.map_or_else(|| words.percentages.withheld.clone(), |share| thousands(number(share)))
    };
    StatisticView {
        state: match share {
            None => FactState::Withheld,
            Some(share) if share.base == 0 => FactState::NoBase,
            Some(_) => FactState::Value,
        },
        count: number(|share| share.count),
        base: number(|share| share.base),
        percent: words.percentage(percent),
        prose: words.prose(percent),
        length: share.and_then(Share::rounded).unwrap_or_default(),
    }
}
