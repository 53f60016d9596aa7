use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{Fact, FactSource, FactState};

/// A figure that is printed otherwise than before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FigureChange {
    /// The id of the fact.
    pub id: String,
    /// Whom it is about.
    pub scope: Scope,
    /// The id of the sector; empty for all.
    pub sector: String,
    /// The measure, with its cell where there are several.
    pub measure: String,
    /// The questions whose answers it was made from.
    #[serde(skip)]
    pub questions: Vec<String>,
    /// How it was printed, with count and base; empty when it was not.
    pub was: String,
    /// How it is printed now; empty when it is not.
    pub is: String,
    /// What that means.
    pub kind: FigureKind,
}

/// Whom a figure is about, seen from the report that prints it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case", tag = "about", content = "group")]
pub enum Scope {
    /// The area of the report itself.
    Own,
    /// A region or the nation: the same in every report that prints it.
    Group(String),
    /// The area among the others, counted for this report alone.
    Place,
}

/// What a change of a figure means, the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FigureKind {
    /// It is withheld, and was not.
    Withheld,
    /// It was withheld, and is not any more.
    Disclosed,
    /// The word that the report puts on it changed: higher, similar, lower, or the quarter.
    Reading,
    /// It reads otherwise.
    Value,
    /// Only one of the two reports prints it.
    Printed,
    /// Only its count or its base changed.
    Basis,
}

impl FigureKind {
    /// The kind in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Withheld => "newly withheld",
            Self::Disclosed => "no longer withheld",
            Self::Reading => "described otherwise",
            Self::Value => "another value",
            Self::Printed => "printed in one of the two only",
            Self::Basis => "count or base only",
        }
    }
}

/// The figures that differ between two reports about the same area, by id.
pub(super) fn figures(area: &str, was: &[Fact], is: &[Fact]) -> Vec<FigureChange> {
    let by_id = |facts: &[Fact]| -> BTreeMap<String, Fact> {
        facts.iter().map(|fact| (fact.id.clone(), fact.clone())).collect()
    };
    let (mut old, new) = (by_id(was), by_id(is));
    let mut changes = Vec::new();
    for (id, fact) in &new {
        let before = old.remove(id);
        let kind = match &before {
            None => Some(FigureKind::Printed),
            Some(before) => kind(before, fact),
        };
        changes.extend(kind.map(|kind| change(area, before.as_ref(), Some(fact), fact, kind)));
    }
    changes.extend(old.values().map(|fact| change(area, Some(fact), None, fact, FigureKind::Printed)));
    changes.sort_by(|a, b| a.id.cmp(&b.id));
    changes
}

fn kind(was: &Fact, is: &Fact) -> Option<FigureKind> {
    let withheld = |fact: &Fact| fact.state == FactState::Withheld;
    match (withheld(was), withheld(is)) {
        (false, true) => return Some(FigureKind::Withheld),
        (true, false) => return Some(FigureKind::Disclosed),
        _ => {}
    }
    if was.reading != is.reading {
        return Some(FigureKind::Reading);
    }
    if (&was.printed, &was.prose, was.state) != (&is.printed, &is.prose, is.state) {
        return Some(FigureKind::Value);
    }
    ((was.count, was.base) != (is.count, is.base)).then_some(FigureKind::Basis)
}

fn change(area: &str, was: Option<&Fact>, is: Option<&Fact>, any: &Fact, kind: FigureKind) -> FigureChange {
    let scope = match any.source {
        FactSource::Aggregates => Scope::Group(any.group.clone()),
        FactSource::Submission if any.group == area => Scope::Own,
        FactSource::Submission | FactSource::Counted => Scope::Place,
    };
    let form = |fact: Option<&Fact>| fact.map(form).unwrap_or_default();
    FigureChange {
        id: any.id.clone(),
        scope,
        sector: any.sector.clone(),
        measure: any.measure.clone(),
        questions: any.questions.clone(),
        was: form(was),
        is: form(is),
        kind,
    }
}

/// A fact as it is printed, with count and base and the word put on it: "57% (77 of 135), higher".
fn form(fact: &Fact) -> String {
    let mut form = fact.printed.clone();
    if let (FactSource::Aggregates, Some(count), Some(base)) = (fact.source, fact.count, fact.base) {
        form = format!("{form} ({count} of {base})");
    }
    if let Some(reading) = fact.reading {
        form = format!("{form}, {}", reading.name());
    }
    form
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Comparison, Reading};

    fn fact(count: Option<u32>, comparison: Option<Comparison>) -> Fact {
        Fact {
            id: "nation/caf".to_owned(),
            source: FactSource::Aggregates,
            group: "England".to_owned(),
            sector: String::new(),
            section: String::new(),
            measure: "caf".to_owned(),
            questions: Vec::new(),
            printed: count.map_or("[c]".to_owned(), |count| format!("{}%", count / 10)),
            prose: String::new(),
            reading: comparison.map(Reading::Comparison),
            state: if count.is_some() { FactState::Value } else { FactState::Withheld },
            count,
            base: count.map(|_| 1000),
            percent: None,
        }
    }

    #[test]
    fn each_kind_of_change_is_told_apart() {
        let kind = |was: Fact, is: Fact| {
            figures("Leeds", &[was], &[is]).first().map(|change| (change.kind, change.is.clone()))
        };
        let value = |count| fact(Some(count), None);
        assert_eq!(kind(value(540), value(540)), None);
        assert_eq!(kind(value(540), value(541)), Some((FigureKind::Basis, "54% (541 of 1000)".to_owned())));
        assert_eq!(kind(value(540), value(550)), Some((FigureKind::Value, "55% (550 of 1000)".to_owned())));
        assert_eq!(kind(value(540), fact(None, None)), Some((FigureKind::Withheld, "[c]".to_owned())));
        assert_eq!(kind(fact(None, None), value(540)).unwrap().0, FigureKind::Disclosed);
        assert_eq!(
            kind(fact(Some(540), Some(Comparison::Higher)), fact(Some(540), Some(Comparison::Similar))),
            Some((FigureKind::Reading, "54% (540 of 1000), similar".to_owned()))
        );
    }

    #[test]
    fn a_figure_of_one_report_only_is_a_change() {
        let one = figures("Leeds", &[], &[fact(Some(540), None)]);
        assert_eq!((one[0].kind, one[0].was.as_str()), (FigureKind::Printed, ""));
        let other = figures("Leeds", &[fact(Some(540), None)], &[]);
        assert_eq!((other[0].kind, other[0].is.as_str()), (FigureKind::Printed, ""));
        assert_eq!(other[0].scope, Scope::Group("England".to_owned()));
    }
}
