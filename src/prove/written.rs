use super::Claim;
use crate::model::{SubmissionView, capitalised};

/// Everything that a report prints as written: questions, answers, names, dates and the templates' fixed sentences,
/// each also as it appears at the start and in the middle of a sentence.
pub(super) fn written(claim: Claim<'_>) -> Vec<String> {
    let Claim { model, evaluation, fixed_text, words, .. } = claim;
    let about = &model.evaluation;
    let mut texts: Vec<&str> = fixed_text.iter().map(String::as_str).collect();
    texts.extend(words.fixed_text());
    let [from, middle, to] = crate::chart::scale(words);
    // A narrow scale has no room for its middle.
    let scales = [format!("{from} {middle} {to}"), format!("{from} {to}")];
    texts.extend(scales.iter().map(String::as_str));
    texts.extend([
        about.title.as_str(),
        &about.period,
        &about.published,
        &about.nation,
        &about.organisation,
        &about.contact,
    ]);
    let reference = model.reference();
    texts.push(&reference);
    // What the report is about, not what it says it is about.
    let subject = [evaluation.subject_name(claim.subject), evaluation.subject_code(claim.subject)];
    texts.extend(subject.iter().map(String::as_str));
    texts.extend(evaluation.register.regions.iter().map(|region| region.name.as_str()));
    texts.extend(evaluation.settings.regions.values().map(String::as_str));
    let questionnaire = &evaluation.questionnaire;
    texts.extend(questionnaire.sectors.iter().map(|sector| sector.name.as_str()));
    texts.extend(questionnaire.sections.iter().map(|section| section.title.as_str()));
    for question in &questionnaire.questions {
        texts.extend([question.text.as_str(), &question.title, words.base(&question.base)]);
        texts.extend(question.options.iter().map(|option| option.label.as_str()));
        texts.extend(question.profile.iter().map(|profile| profile.title.as_str()));
    }
    for measure in &questionnaire.measures {
        texts.extend([measure.label.as_str(), words.base(&measure.base)]);
        texts.extend(measure.cells.iter().map(|cell| cell.label.as_str()));
    }
    texts.extend(model.content.quoted());
    let printed = model.content.submission().into_iter();
    texts.extend(printed.flat_map(SubmissionView::answers).map(|answer| answer.answer.as_str()));
    texts.into_iter().flat_map(forms).collect()
}

/// A text as written, with an initial capital, and in lower case.
fn forms(text: &str) -> Vec<String> {
    let mut forms = vec![text.to_owned(), capitalised(text), text.to_lowercase()];
    forms.dedup();
    forms
}
