/// Position of a sector in [`Questionnaire::sectors`](super::Questionnaire::sectors).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SectorIndex(pub usize);

/// Position of a section in [`Questionnaire::sections`](super::Questionnaire::sections).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SectionIndex(pub usize);

/// Position of a question in [`Questionnaire::questions`](super::Questionnaire::questions).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QuestionIndex(pub usize);

/// Position of a measure in [`Questionnaire::measures`](super::Questionnaire::measures).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MeasureIndex(pub usize);
