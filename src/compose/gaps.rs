use crate::model::{EntryState, EntryView, GapQuestion, GapView, GapsView};
use crate::words::Lexicon;

/// What is listed, in this order.
const LISTED: [EntryState; 3] = [EntryState::SetAside, EntryState::NotAsked, EntryState::LeftBlank];

/// What was set aside, not asked or left blank, gathered by respondent, by state and by reason.
pub(super) fn gaps(entries: &[EntryView], words: &Lexicon) -> Vec<GapsView> {
    let of_one = entries.chunk_by(|a, b| a.respondent == b.respondent);
    let gaps = of_one.map(|entries| {
        let gaps = LISTED.into_iter().flat_map(|state| of_state(entries, state, words)).collect();
        GapsView { respondent: entries[0].respondent.clone(), gaps }
    });
    gaps.filter(|of_one| !of_one.gaps.is_empty()).collect()
}

/// The entries of one respondent that have a state, one gap for each reason.
fn of_state(entries: &[EntryView], state: EntryState, words: &Lexicon) -> Vec<GapView> {
    let mut gaps: Vec<GapView> = Vec::new();
    for of_question in entries.chunk_by(|a, b| a.question_id == b.question_id) {
        let those: Vec<&EntryView> = of_question.iter().filter(|entry| entry.state == state).collect();
        let Some(first) = those.first() else { continue };
        let questions = questions(&those, of_question.len());
        // That nothing was sent is what "left blank" means.
        let reason = first.reason.clone().filter(|_| state != EntryState::LeftBlank);
        match gaps.iter_mut().find(|gap| gap.reason == reason) {
            Some(gap) => gap.questions.extend(questions),
            None => gaps.push(GapView { state, name: words.state(state).to_owned(), reason, questions }),
        }
    }
    gaps
}

/// A question as it is listed: once, unless answers to its items were set aside.
fn questions(those: &[&EntryView], items: usize) -> Vec<GapQuestion> {
    let item = |entry: &&EntryView| entry.item.clone();
    let one = |entry: &&EntryView| GapQuestion {
        question: entry.question.clone(),
        items: item(entry).into_iter().collect(),
        answer: entry.answer.clone(),
    };
    if those.iter().any(|entry| entry.answer.is_some()) {
        return those.iter().map(one).collect();
    }
    let some: Vec<String> = those.iter().filter(|_| those.len() < items).filter_map(item).collect();
    those.first().map(|entry| GapQuestion { items: some, ..one(entry) }).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compose::entry::{entries, tests::routed_out_twice};

    /// A gap as "state reason: question (items) = answer; question".
    fn in_short(gap: &GapView) -> String {
        let question = |question: &GapQuestion| {
            let items = if question.items.is_empty() {
                String::new()
            } else {
                format!(" ({})", question.items.join(", "))
            };
            let answer = question.answer.as_ref().map(|answer| format!(" = {answer}")).unwrap_or_default();
            format!("{}{items}{answer}", question.question)
        };
        let reason = gap.reason.as_ref().map(|reason| format!(" {reason}")).unwrap_or_default();
        let questions: Vec<String> = gap.questions.iter().map(question).collect();
        format!("{}{reason}: {}", gap.name, questions.join("; "))
    }

    #[test]
    fn gaps_are_gathered_by_respondent_state_and_reason() {
        let (questionnaire, submission, words) = routed_out_twice();
        let gaps = gaps(&entries(&questionnaire, &submission, &words), &words);
        let short: Vec<(&str, Vec<String>)> = gaps
            .iter()
            .map(|of_one| (of_one.respondent.as_str(), of_one.gaps.iter().map(in_short).collect()))
            .collect();
        assert_eq!(
            short,
            [
                ("strategic lead", vec!["Left blank: Engagement (libraries)".to_owned()]),
                (
                    "schools",
                    vec![
                        "Not asked because “Library cards” was left blank: Uses of the cards; Songs".to_owned(),
                        "Left blank: Library cards".to_owned(),
                    ]
                ),
                (
                    "libraries",
                    vec![
                        "Set aside because the answer to “Library cards” was “No”: Uses of the cards = Music; \
                         Songs = Yes"
                            .to_owned(),
                        "Left blank: Comment".to_owned(),
                    ]
                ),
            ]
        );
    }
}
