use std::collections::BTreeMap;

use crate::aggregate::Statistic;
use crate::model::{Comparison, Fact, FactSource, FactState, OwnState, OwnView, Share, StatisticView};
use crate::words::Lexicon;

/// Where a fact comes from.
pub(super) struct Origin {
    /// The id of the fact.
    pub(super) id: String,
    /// Who it is about.
    pub(super) group: String,
    /// The id of the sector; empty for all.
    pub(super) sector: String,
    /// The section it belongs to.
    pub(super) section: String,
    /// The measure and cell.
    pub(super) measure: String,
    /// The questions whose answers it is based on.
    pub(super) questions: Vec<String>,
}

impl Origin {
    /// The origin of a number of areas, people or measures.
    pub(super) fn count(id: String, group: String) -> Self {
        let (sector, section, measure) = Default::default();
        Self { id, group, sector, section, measure, questions: Vec::new() }
    }
}

/// The facts of a report. A statistic can only be printed by entering it here.
pub(super) struct FactBook<'a> {
    words: &'a Lexicon,
    facts: BTreeMap<String, Fact>,
    clash: Option<ClashingFacts>,
}

/// The error when two different facts in a report have the same id, which is a bug in the program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("two different facts have the id '{0}'")]
pub struct ClashingFacts(String);

impl<'a> FactBook<'a> {
    pub(super) fn new(words: &'a Lexicon) -> Self {
        Self { words, facts: BTreeMap::new(), clash: None }
    }

    /// Enters a group's statistic under an id and returns its printed forms.
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

    /// Enters a number of areas, people or measures out of a total, and returns its printed form.
    pub(super) fn number(&mut self, origin: Origin, share: Share) -> String {
        let printed = self.words.digits(share.count);
        self.enter(origin, FactSource::Counted, (printed.clone(), printed.clone()), Some(share));
        printed
    }

    /// Records the word that the report uses to describe a fact already entered.
    pub(super) fn reads(&mut self, id: &str, reading: Option<Comparison>) {
        if let Some(fact) = self.facts.get_mut(id) {
            fact.reading = reading;
        }
    }

    /// All facts, sorted by id.
    ///
    /// # Errors
    /// When two different facts have the same id.
    pub(super) fn into_facts(self) -> Result<Vec<Fact>, ClashingFacts> {
        self.clash.map_or_else(|| Ok(self.facts.into_values().collect()), Err)
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
        // A figure that appears in several places is entered for each. Its reading is recorded later.
        let read = |known: &Fact| Fact { reading: known.reading, ..fact.clone() };
        if self.facts.get(&id).is_some_and(|known| *known != read(known)) {
            self.clash.get_or_insert(ClashingFacts(id.clone()));
        }
        self.facts.insert(id, fact);
    }
}

/// The printed forms of a share. If it is withheld, so is every part of it.
fn printed(share: Option<Share>, words: &Lexicon) -> StatisticView {
    let percent = share.map(Share::percent);
    let small = share.filter(|share| share.is_small()).map(|share| words.share(share.count, share.base));
    let number = |number: fn(Share) -> u32| {
        share.map_or_else(|| words.percentages.withheld.clone(), |share| words.digits(number(share)))
    };
    StatisticView {
        state: match share {
            None => FactState::Withheld,
            Some(share) if share.base == 0 => FactState::NoBase,
            Some(_) => FactState::Value,
        },
        count: number(|share| share.count),
        base: number(|share| share.base),
        small: small.is_some(),
        percent: small.clone().unwrap_or_else(|| words.percentage(percent)),
        prose: small.unwrap_or_else(|| words.prose(percent)),
        length: share.and_then(Share::rounded).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Language;
    use crate::templates::Templates;

    #[test]
    fn a_fact_may_be_entered_again_but_not_with_another_value() {
        let words = Templates::embedded().lexicon(&Language::english()).unwrap();
        let entered = |counts: [u32; 2]| {
            let mut facts = FactBook::new(&words);
            for count in counts {
                facts.number(
                    Origin::count("areas".to_owned(), "Ruritania".to_owned()),
                    Share { count, base: 9 },
                );
            }
            facts.into_facts().map(|facts| facts.len())
        };
        assert_eq!(entered([4, 4]), Ok(1));
        assert_eq!(entered([4, 5]), Err(ClashingFacts("areas".to_owned())));
    }
}
