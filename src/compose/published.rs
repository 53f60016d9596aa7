use super::composer::GroupComposer;
use super::fact::Origin;
use crate::aggregate::confirmed;
use crate::check::{Published, PublishedCell, Relation};
use crate::model::{
    FoundView, MeasureIndex, Percent, PublishedView, RelationKind, RelationView, Share, Status,
};

impl GroupComposer<'_> {
    /// Everything that was published before, beside what the answers give.
    pub(super) fn published(&mut self) -> Vec<PublishedView> {
        let published = (1..).zip(&self.evaluation.published);
        published.map(|(number, published)| self.compared(number, published)).collect()
    }

    fn compared(&mut self, number: usize, published: &Published) -> PublishedView {
        let Published { id, cell, groups, statement, relation, source, .. } = published;
        let (found, areas) = match cell {
            PublishedCell::Cell(measure, cell) => (self.found(published, (*measure, *cell)), None),
            PublishedCell::RegisterTotal => (Vec::new(), Some(self.areas(id, |_| true))),
            PublishedCell::RegisterSignedUp => {
                (Vec::new(), Some(self.areas(id, |status| status != Status::NotTakingPart)))
            }
            PublishedCell::RegisterCompleted => {
                (Vec::new(), Some(self.areas(id, |status| status == Status::Completed)))
            }
        };
        PublishedView {
            id: id.clone(),
            reference: format!("P{number}"),
            statement: statement.clone(),
            groups: groups.iter().map(|group| self.name_of(*group)).collect(),
            relation: self.relation(*relation),
            source: source.clone(),
            holds: confirmed(self.evaluation, self.aggregates, published),
            found,
            areas,
        }
    }

    fn found(&mut self, published: &Published, cell: (MeasureIndex, usize)) -> Vec<FoundView> {
        let found = published.groups.iter().map(|group| FoundView {
            group: self.name_of(*group),
            statistic: self.cell(cell, *group),
            others: published.than.iter().map(|other| self.cell(*other, *group)).collect(),
        });
        found.collect()
    }

    fn areas(&mut self, id: &str, counts: impl Fn(Status) -> bool) -> String {
        let register = &self.evaluation.register;
        let count = register.areas.iter().filter(|area| counts(area.status)).count() as u32;
        let origin = Origin::count(format!("published/{id}"), self.evaluation.settings.nation.clone());
        self.facts.number(origin, Share { count, base: register.areas.len() as u32 })
    }

    fn relation(&self, relation: Relation) -> RelationView {
        let of = |is, percent: Option<u32>, place| RelationView {
            is,
            value: percent.map(|p| self.words.percentage(Some(Percent::Whole(p)))).unwrap_or_default(),
            prose: percent.map(|p| self.words.prose(Some(Percent::Whole(p)))).unwrap_or_default(),
            place,
        };
        match relation {
            Relation::Exact(value) => {
                let value = self.words.digits(value);
                RelationView { is: RelationKind::Equal, prose: value.clone(), value, place: 0 }
            }
            Relation::Percent(value) => of(RelationKind::Equal, Some(value), 0),
            Relation::AboutPercent(value) => of(RelationKind::About, Some(value), 0),
            Relation::AtLeastPercent(value) => of(RelationKind::AtLeast, Some(value), 0),
            Relation::MoreThanPercent(value) => of(RelationKind::MoreThan, Some(value), 0),
            Relation::AtMostPercent(value) => of(RelationKind::AtMost, Some(value), 0),
            Relation::Rank(place) => of(RelationKind::Place, None, place),
            Relation::Top(of_sectors, above) => of(RelationKind::Highest, above, of_sectors),
            Relation::Bottom(of_sectors, above) => of(RelationKind::Lowest, above, of_sectors),
            Relation::Greater => of(RelationKind::Greater, None, 0),
        }
    }
}
