use std::collections::BTreeMap;
use std::ops::Index;

use super::index::{MeasureIndex, QuestionIndex, SectionIndex, SectorIndex};
use super::{Group, RegionIndex};

/// The questions, who was asked them, and the statistics made from the answers.
#[derive(Clone, Debug, Default)]
pub struct Questionnaire {
    /// The workforce sectors, in the order of the file.
    pub sectors: Vec<Sector>,
    /// The themes of the report, in the order of the file.
    pub sections: Vec<Section>,
    /// The questions, in the order of the file.
    pub questions: Vec<Question>,
    /// One distribution for each closed question, in order, followed by the measures in the file.
    pub measures: Vec<Measure>,
    question_ids: BTreeMap<String, QuestionIndex>,
    measure_ids: BTreeMap<String, MeasureIndex>,
    distributions: BTreeMap<QuestionIndex, MeasureIndex>,
}

/// A workforce sector; in each area, one manager answers for each sector.
#[derive(Clone, Debug)]
pub struct Sector {
    /// Its id in files.
    pub id: String,
    /// Its name in sentences and tables, with no capital where English would not use one.
    pub name: String,
}

/// A theme: a section of the questionnaire and of the report.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its id in files.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// The section above it on whose page it is printed; `None` if it has a page of its own.
    pub with: Option<SectionIndex>,
}

/// Who is asked a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The strategic lead of each area.
    StrategicLead,
    /// The implementation managers of these sectors in each area.
    Managers(Vec<SectorIndex>),
}

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuestionKind {
    /// One option.
    Single,
    /// One or more options.
    Multiple,
    /// One option for each sector.
    Grid,
    /// Free text.
    Text,
}

impl QuestionKind {
    /// True if it is answered with options, which are counted.
    pub fn is_closed(self) -> bool {
        match self {
            Self::Single | Self::Multiple | Self::Grid => true,
            Self::Text => false,
        }
    }

    /// True if a respondent may choose several options.
    pub fn takes_several(self) -> bool {
        match self {
            Self::Multiple => true,
            Self::Single | Self::Grid | Self::Text => false,
        }
    }

    /// True if a respondent answers it once for each sector.
    pub fn rates_sectors(self) -> bool {
        match self {
            Self::Grid => true,
            Self::Single | Self::Multiple | Self::Text => false,
        }
    }
}

/// Whether the options of a question help or hinder the work, as listed in the section "For planning".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Planning {
    /// They help: success factors.
    Helps,
    /// They hinder: barriers.
    Hinders,
}

/// Which end of the ordered options of a question means the most progress, for a question in which the strategic lead
/// passes a verdict on the whole area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The first option means the most progress, the last one the least.
    FirstIsFurthestOn,
    /// The last option means the most progress, the first one the least.
    LastIsFurthestOn,
}

/// Who is counted in the base of percentages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Base {
    /// As stated in the questionnaire, for example "managers of schools".
    Declared(String),
    /// The ratings of each sector by strategic leads.
    Ratings,
    /// The areas whose strategic lead answered.
    Leads,
    /// The managers who answered.
    Managers,
}

/// Whether a higher figure is better. If none is declared, reports stay neutral.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Polarity {
    /// A higher figure means more progress.
    MoreIsFurtherOn,
    /// A higher figure means less progress.
    MoreIsLessFarOn,
}

/// Where the wording of a question and its options comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// The wording that respondents saw.
    Original,
    /// Made up for this program, because the original wording is not known.
    Illustrative,
}

/// One option of a closed question.
#[derive(Clone, Debug)]
pub struct AnswerOption {
    /// Its id in files.
    pub id: String,
    /// Its wording.
    pub label: String,
}

/// A rule that a question is asked only of those who gave certain answers to an earlier one.
#[derive(Clone, Debug)]
pub struct Route {
    /// The earlier question, asked of the same respondents.
    pub question: QuestionIndex,
    /// Any of these answers leads to this question.
    pub options: Vec<usize>,
}

/// How the answers to a question fill a column of the sector profile.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The heading of the column.
    pub title: String,
    /// Options that mean "in place".
    pub in_place: Vec<usize>,
    /// Options that mean "begun".
    pub begun: Vec<usize>,
}

impl Profile {
    /// Options that mean "in place" or "begun".
    pub fn in_hand(&self) -> Vec<usize> {
        self.in_place.iter().chain(&self.begun).copied().collect()
    }
}

/// One question of the questionnaire.
#[derive(Clone, Debug)]
pub struct Question {
    /// Its id in files.
    pub id: String,
    /// The section that it belongs to.
    pub section: SectionIndex,
    /// Its wording.
    pub text: String,
    /// A short title for tables and charts.
    pub title: String,
    /// Who is asked.
    pub asked: Asked,
    /// How it is answered.
    pub kind: QuestionKind,
    /// The options, in questionnaire order; empty for free text.
    pub options: Vec<AnswerOption>,
    /// True when the order of the options is meaningful, so charts keep it.
    pub ordered: bool,
    /// True when "don't know" is a possible answer.
    pub dont_know: bool,
    /// True when "not applicable" is a possible answer.
    pub not_applicable: bool,
    /// The rule for who is asked it; `None` if everyone is.
    pub route: Option<Route>,
    /// Who is in the base of its percentages.
    pub base: Base,
    /// Where its wording comes from.
    pub provenance: Provenance,
    /// True when reports include a chart of it.
    pub chart: bool,
    /// Its column in the sector profile, if it has one.
    pub profile: Option<Profile>,
    /// Whether its options help or hinder, if reports list those that an area named.
    pub planning: Option<Planning>,
    /// Which end of its options means the most progress, if it is a verdict of the strategic lead.
    pub verdict: Option<Verdict>,
    /// The grid in which the strategic lead rates what managers say about their own sector here.
    pub mirrors: Option<QuestionIndex>,
}

impl Question {
    /// The option that means "none of these": the one with the id `none`.
    pub fn none(&self) -> Option<usize> {
        self.option("none")
    }

    /// The position of the option with the given id.
    pub fn option(&self, id: &str) -> Option<usize> {
        self.options.iter().position(|option| option.id == id)
    }
}

/// How a measure is calculated from answers.
#[derive(Clone, Debug)]
pub enum Definition {
    /// A cell for each option of a question, and one for "don't know" if that is a possible answer.
    Distribution(QuestionIndex),
    /// One cell: those who chose any of these options.
    Counted {
        /// The question.
        question: QuestionIndex,
        /// The options that count.
        options: Vec<usize>,
    },
    /// For each respondent, the number of these measures in which they are counted: a cell for each number from none to
    /// all, and one for respondents whose number is unknown because an answer is missing.
    Tally {
        /// The measures; each is [`Definition::Counted`].
        of: Vec<MeasureIndex>,
        /// A respondent with fewer answers than this is not in the base.
        at_least: usize,
    },
}

/// A published statistic: which answers are counted, and out of which base.
#[derive(Clone, Debug)]
pub struct Measure {
    /// Its id in files: the question's own id for a distribution.
    pub id: String,
    /// The section of the report that shows it.
    pub section: SectionIndex,
    /// What is measured, for tables: a phrase without a full stop.
    pub label: String,
    /// How it is calculated.
    pub definition: Definition,
    /// The labels of its cells.
    pub cells: Vec<AnswerOption>,
    /// Whether a higher figure means more or less progress; `None` if that is not declared.
    pub polarity: Option<Polarity>,
    /// Who is in the base.
    pub base: Base,
    /// True when it is one of the key figures on the page "At a glance".
    pub key_figure: bool,
}

impl Questionnaire {
    /// Every question with its index.
    pub fn each_question(&self) -> impl Iterator<Item = (QuestionIndex, &Question)> {
        self.questions.iter().enumerate().map(|(position, question)| (QuestionIndex(position), question))
    }

    /// Every measure with its index.
    pub fn each_measure(&self) -> impl Iterator<Item = (MeasureIndex, &Measure)> {
        self.measures.iter().enumerate().map(|(position, measure)| (MeasureIndex(position), measure))
    }

    /// True if the wording of some questions is illustrative.
    pub fn is_illustrative(&self) -> bool {
        self.questions.iter().any(|question| question.provenance == Provenance::Illustrative)
    }

    /// The columns of the sector profile: the questions that have one.
    pub fn columns(&self) -> impl Iterator<Item = (QuestionIndex, &Profile)> {
        self.each_question().filter_map(|(index, question)| Some((index, question.profile.as_ref()?)))
    }

    /// True when a question is shown on a page that gathers questions of its kind, and not on that of its theme: a
    /// verdict, one of two views of the same thing, or what helps or hinders.
    pub fn is_gathered(&self, question: QuestionIndex) -> bool {
        let Question { verdict, mirrors, planning, .. } = &self[question];
        verdict.is_some() || mirrors.is_some() || planning.is_some() || self.mirror_of(question).is_some()
    }

    /// The question to managers that looks at the same thing as a grid of the strategic lead.
    pub fn mirror_of(&self, grid: QuestionIndex) -> Option<QuestionIndex> {
        self.questions.iter().position(|question| question.mirrors == Some(grid)).map(QuestionIndex)
    }

    /// The first measure that counts options of a question, with these options.
    pub fn counted(&self, question: QuestionIndex) -> Option<(MeasureIndex, &[usize])> {
        self.each_measure().find_map(|(measure, declared)| match &declared.definition {
            Definition::Counted { question: of, options } if *of == question => {
                Some((measure, options.as_slice()))
            }
            Definition::Counted { .. } | Definition::Distribution(_) | Definition::Tally { .. } => None,
        })
    }

    /// Appends a question.
    pub(crate) fn add_question(&mut self, question: Question) {
        let index = QuestionIndex(self.questions.len());
        self.question_ids.entry(question.id.clone()).or_insert(index);
        self.questions.push(question);
    }

    /// Appends a measure.
    pub(crate) fn add_measure(&mut self, measure: Measure) {
        let index = MeasureIndex(self.measures.len());
        self.measure_ids.entry(measure.id.clone()).or_insert(index);
        if let Definition::Distribution(question) = measure.definition {
            self.distributions.entry(question).or_insert(index);
        }
        self.measures.push(measure);
    }

    /// Finds the sector with the given id.
    pub fn sector(&self, id: &str) -> Option<SectorIndex> {
        self.sectors.iter().position(|sector| sector.id == id).map(SectorIndex)
    }

    /// Finds the section with the given id.
    pub fn section(&self, id: &str) -> Option<SectionIndex> {
        self.sections.iter().position(|section| section.id == id).map(SectionIndex)
    }

    /// Finds the question with the given id.
    pub fn question(&self, id: &str) -> Option<QuestionIndex> {
        self.question_ids.get(id).copied()
    }

    /// Finds the measure with the given id; the id of a closed question gives its distribution.
    pub fn measure(&self, id: &str) -> Option<MeasureIndex> {
        self.measure_ids.get(id).copied()
    }

    /// Finds the cell written as `measure` (its only cell) or `measure:cell`.
    pub fn cell(&self, reference: &str) -> Option<(MeasureIndex, usize)> {
        let (id, cell) = reference.split_once(':').map_or((reference, None), |(id, cell)| (id, Some(cell)));
        let index = self.measure(id)?;
        let cells = &self[index].cells;
        let cell = match cell {
            Some(cell) => cells.iter().position(|c| c.id == cell)?,
            None => (cells.len() == 1).then_some(0)?,
        };
        Some((index, cell))
    }

    /// The ids of the questions whose answers a measure counts.
    pub fn questions_of(&self, measure: MeasureIndex) -> Vec<String> {
        let measures = match &self[measure].definition {
            Definition::Tally { of, .. } => of.as_slice(),
            Definition::Counted { .. } | Definition::Distribution(_) => &[measure],
        };
        measures.iter().map(|measure| self[self.question_of(*measure)].id.clone()).collect()
    }

    /// The question whose answers a measure counts (for a tally, the question of its first measure).
    pub fn question_of(&self, measure: MeasureIndex) -> QuestionIndex {
        match &self[measure].definition {
            Definition::Distribution(question) | Definition::Counted { question, .. } => *question,
            Definition::Tally { of, .. } => self.question_of(of[0]),
        }
    }

    /// The measure that gives the distribution of a question's answers; every closed question has one.
    pub fn distribution(&self, question: QuestionIndex) -> Option<MeasureIndex> {
        self.distributions.get(&question).copied()
    }

    /// True when a measure has a value for each sector: either the manager's own sector or the sector being rated.
    pub fn by_sector(&self, measure: MeasureIndex) -> bool {
        let question = &self[self.question_of(measure)];
        question.kind.rates_sectors() || matches!(question.asked, Asked::Managers(_))
    }

    /// Every group that a measure has a statistic for, given the number of regions.
    pub fn groups(&self, measure: MeasureIndex, regions: usize) -> Vec<Group> {
        let mut groups = vec![Group::Nation];
        groups.extend((0..regions).map(|r| Group::Region(RegionIndex(r))));
        if self.by_sector(measure) {
            let sectors = (0..self.sectors.len()).map(SectorIndex);
            groups.extend(sectors.clone().map(Group::Sector));
            groups.extend(
                (0..regions)
                    .flat_map(|r| sectors.clone().map(move |s| Group::RegionSector(RegionIndex(r), s))),
            );
        }
        groups
    }
}

impl Index<SectorIndex> for Questionnaire {
    type Output = Sector;

    fn index(&self, index: SectorIndex) -> &Sector {
        &self.sectors[index.0]
    }
}

impl Index<SectionIndex> for Questionnaire {
    type Output = Section;

    fn index(&self, index: SectionIndex) -> &Section {
        &self.sections[index.0]
    }
}

impl Index<QuestionIndex> for Questionnaire {
    type Output = Question;

    fn index(&self, index: QuestionIndex) -> &Question {
        &self.questions[index.0]
    }
}

impl Index<MeasureIndex> for Questionnaire {
    type Output = Measure;

    fn index(&self, index: MeasureIndex) -> &Measure {
        &self.measures[index.0]
    }
}
