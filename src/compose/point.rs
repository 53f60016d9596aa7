use super::composer::LocalComposer;
use super::measure::wider;
use crate::aggregate::area_share;
use crate::model::{
    Comparison, Group, Mark, MeasureIndex, PointView, Polarity, ProfileView, Share, SidesFigure, Standing,
    VerdictView,
};

/// How many strengths, and how many points to discuss, a report names.
const POINTS: usize = 3;
/// How many of them may be of one kind, so that one kind does not crowd out the others.
const OF_ONE_KIND: usize = 2;
/// A point to discuss: at most one respondent in this many is counted.
const FEW: u32 = 4;

/// What the points of a report are found in.
pub(super) struct Evidence<'a> {
    pub(super) verdicts: &'a [VerdictView],
    pub(super) sides: Option<&'a SidesFigure>,
    pub(super) profile: &'a ProfileView,
}

/// A measure that can be a strength or a point to discuss, with the area's own share and the nation's.
struct Candidate {
    measure: MeasureIndex,
    polarity: Polarity,
    own: Share,
    nation: Share,
}

impl LocalComposer<'_> {
    /// What the area may want to build on and what it may want to discuss, at most three of each, in this order: verdicts
    /// at one end of their steps; measures on which it differs from the nation, widest gap first; for points to discuss,
    /// sectors that lead and manager see two steps or more apart; sectors with everything in place, or with several
    /// processes not begun; measures that count every manager who answered, or at most a quarter of them. At most two of
    /// a kind.
    ///
    /// Only measures with a declared polarity that several people were all asked are considered. For those where more
    /// means less progress, strengths and points to discuss change places.
    pub(super) fn points(&mut self, evidence: &Evidence<'_>) -> [Vec<PointView>; 2] {
        let candidates = self.candidates();
        [Standing::Furthest, Standing::LeastFar].map(|end| {
            let mut kinds = vec![verdicts_at(evidence.verdicts, end), self.apart(&candidates, end)];
            if end == Standing::LeastFar {
                kinds.push(seen_differently(evidence.sides));
            }
            kinds.push(sectors_at(evidence.profile, end));
            kinds.push(self.all_or_few(&candidates, end));
            kinds.into_iter().flat_map(|points| points.into_iter().take(OF_ONE_KIND)).take(POINTS).collect()
        })
    }

    /// The measure on which the area differs most from the nation; `None` if it differs on none of these.
    pub(super) fn furthest_apart(&self, measures: &[MeasureIndex]) -> Option<MeasureIndex> {
        let mut apart: Vec<Candidate> = self.candidates();
        apart.retain(|one| {
            let compared = self.compare(one.measure, one.own, one.nation);
            measures.contains(&one.measure) && compared.is_some_and(|word| word != Comparison::Similar)
        });
        apart
            .into_iter()
            .reduce(|a, b| if wider((b.own, b.nation), (a.own, a.nation)).is_gt() { b } else { a })
            .map(|one| one.measure)
    }

    fn candidates(&self) -> Vec<Candidate> {
        let candidate = |(measure, polarity): (MeasureIndex, Polarity)| {
            let nation = self.aggregates.statistic(measure, 0, Group::Nation).share()?;
            let own = area_share(self.questionnaire(), self.about, measure, 0);
            Some(Candidate { measure, polarity, own, nation })
        };
        self.judged().into_iter().filter_map(candidate).collect()
    }

    /// The measures on which the area differs from the nation, widest gap first; equal ones in questionnaire order.
    fn apart(&mut self, candidates: &[Candidate], end: Standing) -> Vec<PointView> {
        let wanted = |one: &&Candidate| {
            let word = self.compare(one.measure, one.own, one.nation);
            word == Some(if ahead_when_more(one.polarity, end) {
                Comparison::Higher
            } else {
                Comparison::Lower
            })
        };
        let mut apart: Vec<&Candidate> = candidates.iter().filter(wanted).collect();
        apart.sort_by(|a, b| wider((b.own, b.nation), (a.own, a.nation)));
        let apart: Vec<MeasureIndex> = apart.into_iter().take(OF_ONE_KIND).map(|one| one.measure).collect();
        apart.into_iter().map(|measure| PointView::Measure { measure: self.counted(measure, 0) }).collect()
    }

    /// The measures that count everybody who answered, rarest first, or at most a quarter, most usual first; of those
    /// that are not already there because the area differs from the nation.
    fn all_or_few(&mut self, candidates: &[Candidate], end: Standing) -> Vec<PointView> {
        let wanted = |one: &&Candidate| {
            let similar = self.compare(one.measure, one.own, one.nation) == Some(Comparison::Similar);
            let Share { count, base } = one.own;
            similar && if ahead_when_more(one.polarity, end) { count == base } else { count * FEW <= base }
        };
        let mut found: Vec<&Candidate> = candidates.iter().filter(wanted).collect();
        found.sort_by(|a, b| {
            let rarest = a.nation.size_cmp(b.nation);
            if end == Standing::Furthest { rarest } else { rarest.reverse() }
        });
        let found: Vec<MeasureIndex> = found.into_iter().take(OF_ONE_KIND).map(|one| one.measure).collect();
        found.into_iter().map(|measure| PointView::Answers { measure: self.counted(measure, 0) }).collect()
    }
}

/// True when a high share is what is looked for: strengths where more is further on, points to discuss where it is less.
fn ahead_when_more(polarity: Polarity, end: Standing) -> bool {
    (polarity == Polarity::MoreIsFurtherOn) == (end == Standing::Furthest)
}

fn verdicts_at(verdicts: &[VerdictView], end: Standing) -> Vec<PointView> {
    let at_end = verdicts.iter().filter(|verdict| verdict.standing == Some(end));
    at_end.map(|verdict| PointView::Verdict { verdict: verdict.clone() }).collect()
}

fn seen_differently(sides: Option<&SidesFigure>) -> Vec<PointView> {
    let rows = sides.into_iter().flat_map(|sides| sides.apart.clone());
    rows.map(|row| PointView::Sides { sector: row.sector, lead: row.lead, manager: row.manager }).collect()
}

/// The sectors whose manager answered about two processes or more and has all of them in place, or at least two of them
/// not begun; those with the most first.
fn sectors_at(profile: &ProfileView, end: Standing) -> Vec<PointView> {
    let mut found = Vec::new();
    for row in &profile.rows {
        let marks = || row.cells.iter().map(|cell| cell.mark);
        let counted = |wanted: Mark| marks().filter(|mark| *mark == wanted).count();
        let of = marks().filter(|mark| !matches!(mark, Mark::NoAnswer | Mark::DontKnow)).count();
        let count = counted(if end == Standing::Furthest { Mark::InPlace } else { Mark::NotYet });
        if of >= 2 && if end == Standing::Furthest { count == of } else { count >= 2 } {
            found.push(PointView::Sector { sector: row.sector.clone(), count: count as u32, of: of as u32 });
        }
    }
    found.sort_by_key(|point| match point {
        PointView::Sector { count, .. } => std::cmp::Reverse(*count),
        _ => std::cmp::Reverse(0),
    });
    found
}
