use serde::Serialize;

use super::{
    Figure, PeersView, PublishedView, SectionPart, SharesFigure, SharesRow, StatisticView, StripsFigure,
    TurnoutView,
};
use crate::model::{AreaView, Content};

/// How a region or a sector differs from all areas together.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ApartView {
    /// The measures on which it is higher, widest gap first.
    pub higher: Vec<SharesRow>,
    /// The measures on which it is lower, widest gap first.
    pub lower: Vec<SharesRow>,
    /// The measures on which it is similar.
    pub similar: Vec<SharesRow>,
}

/// A theme of a report about many areas.
#[derive(Clone, Debug, Serialize)]
pub struct GroupSection {
    /// Its id.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// The measure with the widest gap that is higher or lower; `None` if none is.
    pub finding: Option<SharesRow>,
    /// True if all its measures are compared and similar.
    pub similar: bool,
    /// Its figures.
    pub figures: Vec<SharesFigure>,
}

/// A measure in the reference table.
#[derive(Clone, Debug, Serialize)]
pub struct ReferenceRow {
    /// What is measured.
    pub label: String,
    /// The statistic of the report's subject.
    pub own: StatisticView,
    /// That of the group that it is compared with; `None` for the nation.
    pub other: Option<StatisticView>,
}

/// The content that reports about many areas share.
#[derive(Clone, Debug, Serialize)]
pub struct GroupContent {
    /// The name of the subject in a sentence.
    pub in_sentence: String,
    /// The subject in the place of an area, for wording that was written for those.
    pub area: AreaView,
    /// Who answered.
    pub turnout: TurnoutView,
    /// The key figures; `None` if no measure is one.
    pub key_figures: Option<SharesFigure>,
    /// How the subject differs from all areas together; nothing for the nation.
    pub apart: ApartView,
    /// The strategic leads' verdicts, a figure each.
    pub verdicts: Vec<SharesFigure>,
    /// Two views of the sectors: of each as its leads and its managers see it, or of one sector step by step.
    pub sides: Option<SharesFigure>,
    /// The tallies, each a whole made of parts.
    pub tallies: Vec<SharesFigure>,
    /// The themes that have something to show.
    pub sections: Vec<GroupSection>,
    /// What helps and what hinders.
    pub factors: Vec<SharesFigure>,
    /// The questions that only a few sectors were asked; for the report on one of them.
    pub own_questions: Vec<SharesFigure>,
    /// The regions side by side; `None` if nothing may be shown.
    pub regions: Option<PeersView>,
    /// The sectors side by side; `None` if nothing may be shown.
    pub sectors: Option<PeersView>,
    /// The areas of a region, a figure for each theme; none for other subjects.
    pub strips: Vec<StripsFigure>,
    /// The measures on which the areas of a region are not shown: that could give away what one of them answered.
    pub without_strips: Vec<String>,
    /// Every measure, for reference, in questionnaire order.
    pub measures: Vec<ReferenceRow>,
    /// What was published before, beside what the answers give; for the nation.
    pub published: Vec<PublishedView>,
}

impl Content for GroupContent {
    fn sections(&self) -> Vec<SectionPart<'_>> {
        let sections = self.sections.iter();
        let part = sections.map(|GroupSection { id, title, figures, .. }| SectionPart {
            title,
            id,
            figures: figures.iter().map(|figure| figure.number).collect(),
        });
        part.collect()
    }

    fn figures(&self) -> Vec<Figure<'_>> {
        let of_sections = self.sections.iter().flat_map(|section| &section.figures);
        let shares = self
            .key_figures
            .iter()
            .chain(&self.verdicts)
            .chain(&self.sides)
            .chain(&self.tallies)
            .chain(of_sections)
            .chain(&self.factors)
            .chain(&self.own_questions);
        shares.map(Figure::Shares).chain(self.strips.iter().map(Figure::Strips)).collect()
    }

    fn quoted(&self) -> Vec<&str> {
        let texts =
            self.published.iter().flat_map(|PublishedView { reference, statement, relation, .. }| {
                [reference, statement, &relation.value, &relation.prose].map(String::as_str)
            });
        texts.filter(|text| !text.is_empty()).collect()
    }
}
