use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::model::{Comparison, Fact, FactSource, FactState};

/// A figure that is printed differently from before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FigureChange {
    /// The id of the fact.
    pub id: String,
    /// Who it is about.
    pub scope: Scope,
    /// The id of the sector; empty for all sectors.
    pub sector: String,
    /// The measure, with its cell if it has several.
    pub measure: String,
    /// The questions whose answers it was made from.
    #[serde(skip)]
    pub questions: Vec<String>,
    /// How it was printed before; `None` if it was not.
    #[serde(serialize_with = "text_or_nothing")]
    pub was: Option<PrintedFigure>,
    /// How it is printed now; `None` if it is not.
    #[serde(serialize_with = "text_or_nothing")]
    pub is: Option<PrintedFigure>,
    /// What the change means.
    pub kind: ChangeKind,
}

/// A figure as a report prints it. `Display` shows all of it: "57% (77 of 135), higher".
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PrintedFigure {
    /// How it is printed in tables.
    pub form: String,
    /// Its count and base, if it is one of the aggregates.
    pub counted: Option<(u32, u32)>,
    /// The name of the word that the report describes it with; `None` if it uses no word.
    pub reading: Option<&'static str>,
}

impl PrintedFigure {
    fn of(fact: &Fact) -> Self {
        let counted = fact.count.zip(fact.base).filter(|_| fact.source == FactSource::Aggregates);
        Self { form: fact.printed.clone(), counted, reading: fact.reading.map(Comparison::word) }
    }

    /// The figure without the word describing it: "57% (77 of 135)".
    pub fn without_reading(&self) -> String {
        match self.counted {
            Some((count, base)) => format!("{} ({count} of {base})", self.form),
            None => self.form.clone(),
        }
    }
}

impl fmt::Display for PrintedFigure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.without_reading())?;
        self.reading.map_or(Ok(()), |reading| write!(f, ", {reading}"))
    }
}

/// Serialises a figure as displayed, or as empty text if it is not printed.
pub fn text_or_nothing<S: Serializer>(
    figure: &Option<PrintedFigure>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match figure {
        Some(figure) => serializer.collect_str(figure),
        None => serializer.serialize_str(""),
    }
}

/// Who a figure is about, from the point of view of the report that prints it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case", tag = "about", content = "group")]
pub enum Scope {
    /// The report's own area.
    Own,
    /// A region or the nation: the same in every report that prints it.
    Group(String),
    /// The area's place among the others, which is worked out for this report alone.
    Place,
}

/// What a change in a figure means, most serious first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// It is withheld now.
    Withheld,
    /// It was withheld, but no longer is.
    Disclosed,
    /// The word that describes it changed: higher, similar or lower.
    Reading,
    /// Its value is printed differently.
    Value,
    /// Only one of the two reports prints it.
    Printed,
    /// Only its count or its base changed.
    Basis,
}

impl ChangeKind {
    /// The kind in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Withheld => "newly withheld",
            Self::Disclosed => "no longer withheld",
            Self::Reading => "described differently",
            Self::Value => "different value",
            Self::Printed => "printed in only one of the two",
            Self::Basis => "count or base only",
        }
    }
}

/// The figures that differ between two reports about the same area, by id.
pub fn figure_changes(area: &str, was: &[Fact], is: &[Fact]) -> Vec<FigureChange> {
    let by_id = |facts: &'_ [Fact]| -> BTreeMap<String, Fact> {
        facts.iter().map(|fact| (fact.id.clone(), fact.clone())).collect()
    };
    let (mut old, new) = (by_id(was), by_id(is));
    let mut changes = Vec::new();
    for (id, fact) in &new {
        let before = old.remove(id);
        let kind = match &before {
            None => Some(ChangeKind::Printed),
            Some(before) => kind(before, fact),
        };
        changes.extend(kind.map(|kind| change(area, before.as_ref(), Some(fact), fact, kind)));
    }
    changes.extend(old.values().map(|fact| change(area, Some(fact), None, fact, ChangeKind::Printed)));
    changes.sort_by(|a, b| a.id.cmp(&b.id));
    changes
}

fn kind(was: &Fact, is: &Fact) -> Option<ChangeKind> {
    let withheld = |fact: &Fact| fact.state == FactState::Withheld;
    match (withheld(was), withheld(is)) {
        (false, true) => return Some(ChangeKind::Withheld),
        (true, false) => return Some(ChangeKind::Disclosed),
        _ => {}
    }
    if was.reading != is.reading {
        return Some(ChangeKind::Reading);
    }
    if (&was.printed, &was.prose, was.state) != (&is.printed, &is.prose, is.state) {
        return Some(ChangeKind::Value);
    }
    ((was.count, was.base) != (is.count, is.base)).then_some(ChangeKind::Basis)
}

fn change(area: &str, was: Option<&Fact>, is: Option<&Fact>, any: &Fact, kind: ChangeKind) -> FigureChange {
    let scope = match any.source {
        FactSource::Aggregates => Scope::Group(any.group.clone()),
        FactSource::Submission if any.group == area => Scope::Own,
        FactSource::Submission | FactSource::Counted => Scope::Place,
    };
    FigureChange {
        id: any.id.clone(),
        scope,
        sector: any.sector.clone(),
        measure: any.measure.clone(),
        questions: any.questions.clone(),
        was: was.map(PrintedFigure::of),
        is: is.map(PrintedFigure::of),
        kind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Comparison;

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
            reading: comparison,
            state: if count.is_some() { FactState::Value } else { FactState::Withheld },
            count,
            base: count.map(|_| 1000),
            percent: None,
        }
    }

    #[test]
    fn each_kind_of_change_is_recognised() {
        let kind = |was: Fact, is: Fact| {
            figure_changes("Leeds", &[was], &[is])
                .first()
                .map(|change| (change.kind, change.is.clone().map(|is| is.to_string()).unwrap_or_default()))
        };
        let value = |count| fact(Some(count), None);
        assert_eq!(kind(value(540), value(540)), None);
        assert_eq!(kind(value(540), value(541)), Some((ChangeKind::Basis, "54% (541 of 1000)".to_owned())));
        assert_eq!(kind(value(540), value(550)), Some((ChangeKind::Value, "55% (550 of 1000)".to_owned())));
        assert_eq!(kind(value(540), fact(None, None)), Some((ChangeKind::Withheld, "[c]".to_owned())));
        assert_eq!(kind(fact(None, None), value(540)).unwrap().0, ChangeKind::Disclosed);
        assert_eq!(
            kind(fact(Some(540), Some(Comparison::Higher)), fact(Some(540), Some(Comparison::Similar))),
            Some((ChangeKind::Reading, "54% (540 of 1000), similar".to_owned()))
        );
    }

    #[test]
    fn a_figure_of_one_report_only_is_a_change() {
        let one = figure_changes("Leeds", &[], &[fact(Some(540), None)]);
        assert_eq!((one[0].kind, one[0].was.clone()), (ChangeKind::Printed, None));
        let other = figure_changes("Leeds", &[fact(Some(540), None)], &[]);
        assert_eq!((other[0].kind, other[0].is.clone()), (ChangeKind::Printed, None));
        assert_eq!(other[0].scope, Scope::Group("England".to_owned()));
    }
}
