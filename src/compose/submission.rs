use super::fact::{ClashingFacts, FactBook, Origin};
use super::{Sources, received};
use crate::check;
use crate::model::{Kind, ReportModel, Share, Subject, Submission, SubmissionContent};

/// The copy of an area's submission: every answer as it was sent, and nothing from anyone else.
pub(super) fn submission(
    sources: Sources<'_>,
    submission: &Submission,
) -> Result<ReportModel<SubmissionContent>, ClashingFacts> {
    let Sources { evaluation, words, .. } = sources;
    let (answered, asked) = check::answered(&evaluation.questionnaire, submission);
    let blank = asked - answered;
    let mut facts = FactBook::new(words);
    let area = evaluation.register[submission.area].name.clone();
    facts.number(Origin::count("response/blank".to_owned(), area), Share { count: blank, base: asked });
    let content = SubmissionContent {
        area: sources.area(submission.area),
        asked,
        blank,
        submission: received::received(&evaluation.questionnaire, submission, words),
    };
    Ok(sources.report((Kind::Submission, Subject::Area(submission.area)), facts.into_facts()?, content))
}
