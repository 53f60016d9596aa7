use std::cell::Cell;
use std::cmp::Ordering;

use super::{Aggregates, ProtectedAggregates};
use crate::check::{CheckedEvaluation, Published, PublishedCell, Relation};
use crate::model::{Group, MeasureIndex, SectorIndex, Share, Status};
use crate::problem::{Place, Problem};

/// A previously published figure, compared with the aggregates.
#[derive(Clone, Debug)]
pub struct Reconciliation<'a> {
    /// The published figure.
    pub published: &'a Published,
    /// What the aggregates say, in words.
    pub actual: String,
    /// True when the relation holds.
    pub holds: bool,
}

impl Reconciliation<'_> {
    /// The problem, if the relation does not hold. It is only a warning while submissions are missing: they are the
    /// likely cause, and are reported as errors themselves.
    pub fn problem(&self, evaluation: &CheckedEvaluation) -> Option<Problem> {
        if self.holds {
            return None;
        }
        let place = Place::line("published.csv", self.published.line).column("value");
        let message = format!("the answers contradict a published figure, {}", self.published.statement);
        let hint = format!("expected {}; found {}", expected(self.published.relation), self.actual);
        let (problem, hint) = match evaluation.broken.len() {
            0 => (Problem::error("published", place, message), hint),
            1 => (Problem::warning("published", place, message), format!("{hint}, without 1 area")),
            n => (Problem::warning("published", place, message), format!("{hint}, without {n} areas")),
        };
        Some(problem.value(self.published.id.as_str()).hint(hint))
    }
}

/// Compares every published figure with the aggregates.
pub fn reconcile<'a>(evaluation: &'a CheckedEvaluation, aggregates: &Aggregates) -> Vec<Reconciliation<'a>> {
    let share = |measure, cell, group| aggregates.share(measure, cell, group);
    let context = Context { evaluation, share: &share };
    evaluation
        .published
        .iter()
        .map(|published| {
            let (actual, holds) = context.compare(published);
            Reconciliation { published, actual, holds }
        })
        .collect()
}

/// Whether the statistics that may be published agree with what was published before; `None` if one of them is withheld.
pub fn confirmed(
    evaluation: &CheckedEvaluation,
    aggregates: &ProtectedAggregates,
    published: &Published,
) -> Option<bool> {
    let withheld = Cell::new(false);
    let share = |measure, cell, group| {
        let share = aggregates.statistic(measure, cell, group).share();
        withheld.set(withheld.get() || share.is_none());
        share.unwrap_or_default()
    };
    let (_, holds) = Context { evaluation, share: &share }.compare(published);
    (!withheld.get()).then_some(holds)
}

/// True when a published figure agrees with these shares in the given group.
pub(super) fn agrees(
    evaluation: &CheckedEvaluation,
    published: &Published,
    group: Group,
    share: &dyn Fn(MeasureIndex, usize, Group) -> Share,
) -> bool {
    let PublishedCell::Cell(measure, cell) = published.cell else { return true };
    Context { evaluation, share }.holds(published, (measure, cell), group)
}

struct Context<'a> {
    evaluation: &'a CheckedEvaluation,
    share: &'a dyn Fn(MeasureIndex, usize, Group) -> Share,
}

impl Context<'_> {
    fn compare(&self, published: &Published) -> (String, bool) {
        let place = match published.cell {
            PublishedCell::Cell(measure, cell) => (measure, cell),
            counted => {
                let count = self.areas(counted);
                return (count.to_string(), published.relation == Relation::Exact(count));
            }
        };
        let actual = published.groups.iter().map(|group| self.actual(published, place, *group));
        let actual: Vec<String> = actual.collect();
        let holds = published.groups.iter().all(|group| self.holds(published, place, *group));
        (actual.join("; "), holds && !actual.is_empty())
    }

    fn areas(&self, cell: PublishedCell) -> u32 {
        let areas = self.evaluation.register.areas.iter();
        let counted = areas.filter(|area| match cell {
            PublishedCell::RegisterSignedUp => area.status != Status::NotTakingPart,
            PublishedCell::RegisterCompleted => area.status == Status::Completed,
            _ => true,
        });
        counted.count() as u32
    }

    /// What the shares say about a figure in the given group, in words.
    fn actual(&self, published: &Published, (measure, cell): (MeasureIndex, usize), group: Group) -> String {
        let share = words((self.share)(measure, cell, group));
        match published.relation {
            Relation::Rank(_) => {
                let (place, tied) = self.rank(measure, cell, group);
                let tie = if tied { ", tied" } else { "" };
                format!("place {place}{tie} ({share})")
            }
            Relation::Top(..) => {
                let place = self.place(measure, cell, group, Ordering::Greater);
                format!("place {place} from the top ({share})")
            }
            Relation::Bottom(..) => {
                let place = self.place(measure, cell, group, Ordering::Less);
                format!("place {place} from the bottom ({share})")
            }
            Relation::Greater => {
                let others = published.than.iter().map(|(m, c)| words((self.share)(*m, *c, group)));
                format!("{share} against {}", others.collect::<Vec<_>>().join(" and "))
            }
            _ => share,
        }
    }

    /// True when the shares agree with a figure in the given group.
    fn holds(&self, published: &Published, (measure, cell): (MeasureIndex, usize), group: Group) -> bool {
        let share = (self.share)(measure, cell, group);
        let above = |value: Option<u32>| {
            value.is_none_or(|value| satisfies(Relation::MoreThanPercent(value), share) == Some(true))
        };
        let holds = match published.relation {
            Relation::Rank(place) => self.rank(measure, cell, group) == (place, false),
            Relation::Top(k, value) => {
                self.place(measure, cell, group, Ordering::Greater) <= k && above(value)
            }
            Relation::Bottom(k, value) => {
                self.place(measure, cell, group, Ordering::Less) <= k && above(value)
            }
            Relation::Greater => {
                let mut others = published.than.iter().map(|(m, c)| (self.share)(*m, *c, group));
                !published.than.is_empty() && others.all(|other| share.size_cmp(other) == Ordering::Greater)
            }
            relation => satisfies(relation, share) == Some(true),
        };
        holds && share.base > 0
    }

    /// The rank of a cell by count among the options of its measure, and whether another option has the same count.
    /// "Don't know" is not an option.
    fn rank(&self, measure: MeasureIndex, cell: usize, group: Group) -> (u32, bool) {
        let questionnaire = &self.evaluation.questionnaire;
        let options = questionnaire[questionnaire.question_of(measure)].options.len();
        let count = |cell| (self.share)(measure, cell, group).count;
        let others = || (0..options).filter(|other| *other != cell).map(count);
        let place = 1 + others().filter(|other| *other > count(cell)).count();
        (place as u32, others().any(|other| other == count(cell)))
    }

    /// The place of a sector among all sectors, counted from the top or bottom; ties count as ahead of it.
    fn place(&self, measure: MeasureIndex, cell: usize, group: Group, ahead: Ordering) -> u32 {
        let Group::Sector(sector) = group else { return u32::MAX };
        let share = |s| (self.share)(measure, cell, Group::Sector(s));
        let sectors = (0..self.evaluation.questionnaire.sectors.len()).map(SectorIndex);
        let before = sectors.filter(|s| *s != sector && share(*s).base > 0).filter(|s| {
            let order = share(*s).size_cmp(share(sector));
            order == ahead || order == Ordering::Equal
        });
        1 + before.count() as u32
    }
}

/// Whether a share satisfies a relation; `None` for a relation that compares it with other shares.
pub(super) fn satisfies(relation: Relation, share: Share) -> Option<bool> {
    let (count, base) = (i64::from(share.count), i64::from(share.base));
    // Compares 100k with v*n, so that nothing is rounded first.
    let against = |value: u32| (100 * count).cmp(&(i64::from(value) * base));
    match relation {
        Relation::Exact(value) => Some(share.count == value),
        Relation::Percent(value) => Some(share.rounded() == Some(value)),
        Relation::AboutPercent(value) => Some((100 * count - i64::from(value) * base).abs() <= 3 * base),
        Relation::AtLeastPercent(value) => Some(against(value) != Ordering::Less),
        Relation::MoreThanPercent(value) => Some(against(value) == Ordering::Greater),
        Relation::AtMostPercent(value) => Some(against(value) != Ordering::Greater),
        Relation::Rank(_) | Relation::Top(..) | Relation::Bottom(..) | Relation::Greater => None,
    }
}

fn words(share: Share) -> String {
    match share.rounded() {
        Some(percent) => format!("{percent} per cent, {} of {}", share.count, share.base),
        None => "nobody answered".to_owned(),
    }
}

fn expected(relation: Relation) -> String {
    let above = |value: Option<u32>| value.map(|v| format!(" and above {v} per cent")).unwrap_or_default();
    match relation {
        Relation::Exact(value) => value.to_string(),
        Relation::Percent(value) => format!("{value} per cent"),
        Relation::AboutPercent(value) => format!("{value} per cent, give or take 3 points"),
        Relation::AtLeastPercent(value) => format!("at least {value} per cent"),
        Relation::MoreThanPercent(value) => format!("more than {value} per cent"),
        Relation::AtMostPercent(value) => format!("at most {value} per cent"),
        Relation::Rank(place) => format!("place {place}, without a tie"),
        Relation::Top(k, value) => format!("one of the {k} highest sectors{}", above(value)),
        Relation::Bottom(k, value) => format!("one of the {k} lowest sectors{}", above(value)),
        Relation::Greater => "the greater share".to_owned(),
    }
}
