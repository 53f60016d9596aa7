use super::fact::{ClashingFacts, FactBook, Origin};
use super::{Sources, entry, gaps, received};
use crate::check;
use crate::model::{
    EntryState, EntryView, Kind, ReportModel, Share, StateCount, Subject, Submission, SubmissionContent,
};
use crate::words::Lexicon;

/// The copy of an area's submission: every answer as it was sent and what became of it, and nothing from anyone else.
pub(super) fn submission(
    sources: Sources<'_>,
    submission: &Submission,
) -> Result<ReportModel<SubmissionContent>, ClashingFacts> {
    let Sources { evaluation, words, .. } = sources;
    let (answered, asked) = check::answered(&evaluation.questionnaire, submission);
    let blank = asked - answered;
    let mut facts = FactBook::new(words);
    let area = &evaluation.register[submission.area].name;
    facts.number(
        Origin::count("response/blank".to_owned(), area.clone()),
        Share { count: blank, base: asked },
    );
    let entries = entry::entries(&evaluation.questionnaire, submission, words);
    let content = SubmissionContent {
        area: sources.area(submission.area),
        asked,
        blank,
        counts: counts(&entries, area, &mut facts, words),
        gaps: gaps::gaps(&entries, words),
        submission: received::received(&evaluation.questionnaire, submission, words),
        entries,
    };
    Ok(sources.report((Kind::Submission, Subject::Area(submission.area)), facts.into_facts()?, content))
}

/// For each state, how many questions ended in it, counting only those put to people who responded. People who did not
/// respond are named instead: which questions they would have been asked depends on answers that they never gave.
fn counts(entries: &[EntryView], area: &str, facts: &mut FactBook<'_>, words: &Lexicon) -> Vec<StateCount> {
    let states = EntryState::ALL.iter().copied().filter(|state| *state != EntryState::NoResponse);
    let mut number = |state: EntryState, free_text: bool| {
        let of_kind = || entries.iter().filter(|entry| entry.free_text == free_text);
        let count = of_kind().filter(|entry| entry.state == state).count() as u32;
        let base = of_kind().filter(|entry| entry.state != EntryState::NoResponse).count() as u32;
        let kind = if free_text { "free-text" } else { "closed" };
        let id = format!("questions/{kind}/{state}");
        facts.number(Origin::count(id, area.to_owned()), Share { count, base })
    };
    let count = |state: EntryState| StateCount {
        state,
        name: words.state(state).to_owned(),
        meaning: words.state_meaning(state).to_owned(),
        closed: number(state, false),
        free_text: number(state, true),
    };
    states.map(count).collect()
}
