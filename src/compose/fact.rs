use std::collections::BTreeMap;

use super::number::thousands;
use crate::model::{Fact, OwnView, Percent, Share, StatisticView};

/// The facts of a report. A statistic can only be printed by entering it here.
#[derive(Default)]
pub(super) struct FactBook {
    facts: BTreeMap<String, Fact>,
}

impl FactBook {
    /// Enters a group's statistic under an id and gives its printed forms.
    pub(super) fn statistic(&mut self, id: String, share: Share) -> StatisticView {
        let (percent, prose) = match share.percent() {
            Percent::Whole(percent) => (format!("{percent}%"), format!("{percent} per cent")),
            Percent::Low => ("[low]".to_owned(), "less than 1 per cent".to_owned()),
            Percent::AlmostAll => ("over 99%".to_owned(), "more than 99 per cent".to_owned()),
            Percent::NoBase => ("no answers".to_owned(), "nobody answered".to_owned()),
        };
        let state = if share.base == 0 { "no-base" } else { "value" };
        self.enter(id, percent.clone(), state, share);
        StatisticView {
            state,
            count: thousands(share.count),
            base: thousands(share.base),
            percent,
            prose,
            length: share.rounded().unwrap_or_default(),
        }
    }

    /// Enters the area's own share, counted over several respondents.
    pub(super) fn own_share(&mut self, id: String, share: Share) -> OwnView {
        let (state, text) = if share.base == 0 {
            ("none", "no answers".to_owned())
        } else {
            ("share", format!("{} of {}", share.count, share.base))
        };
        self.enter(id, text.clone(), if share.base == 0 { "no-base" } else { "value" }, share);
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
    pub(super) fn own_answer(&mut self, id: String, text: &str, share: Share) -> OwnView {
        let state = if share.base == 0 { "none" } else { "answer" };
        self.enter(id, text.to_owned(), if share.base == 0 { "no-base" } else { "value" }, share);
        OwnView {
            state,
            text: text.to_owned(),
            counted: share.count > 0,
            count: share.count,
            base: share.base,
            length: share.rounded().unwrap_or_default(),
        }
    }

    /// All facts, sorted by id.
    pub(super) fn into_facts(self) -> Vec<Fact> {
        self.facts.into_values().collect()
    }

    fn enter(&mut self, id: String, printed: String, state: &'static str, share: Share) {
        let fact = Fact {
            id: id.clone(),
            printed,
            state,
            count: share.count,
            base: share.base,
            percent: share.rounded(),
        };
        self.facts.insert(id, fact);
    }
}
