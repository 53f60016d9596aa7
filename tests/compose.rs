use area_reports::aggregate::{SealedAggregates, aggregate};
use area_reports::check::CheckedEvaluation;
use area_reports::compose::{self, Sources};
use area_reports::model::{LocalContent, MeasureView, OwnState, ReportModel};
use area_reports::{chart, pipeline};

use crate::harness::{Sandbox, english};

fn model(sandbox: &Sandbox, code: &str) -> ReportModel<LocalContent> {
    let evaluation: CheckedEvaluation = pipeline::load(&sandbox.evaluation()).unwrap().value.unwrap();
    let protected = pipeline::protect(&evaluation, aggregate(&evaluation), None, &|_, _| ()).ok().unwrap();
    let (aggregates, _): (SealedAggregates, _) = protected.seal(&evaluation).unwrap();
    let area = evaluation.register.find(code).unwrap();
    let sources = Sources { evaluation: &evaluation, aggregates: &aggregates, words: &english() };
    compose::local(sources, evaluation.submission(area).unwrap()).unwrap()
}

fn measure(model: &ReportModel<LocalContent>, id: &str) -> MeasureView {
    model.content.measures.iter().find(|measure| measure.id == id).unwrap().clone()
}

#[test]
fn a_leads_single_answer_is_shown_with_the_number_of_others_who_gave_it() {
    let sandbox = Sandbox::new("two-regions");
    // N1 and S1 answered "fast", N2 "slow", S2 did not answer.
    let fast = measure(&model(&sandbox, "N1"), "pace-fast");
    assert_eq!((fast.own.state, fast.own.text.as_str(), fast.comparison), (OwnState::Answer, "Fast", None));
    let alike = fast.alike.unwrap();
    assert_eq!((alike.count.as_str(), alike.of.as_str()), ("1", "2"));
    let slow = measure(&model(&sandbox, "N2"), "pace-fast");
    assert_eq!(slow.own.text, "Slow");
    let alike = slow.alike.unwrap();
    assert_eq!((alike.count.as_str(), alike.of.as_str()), ("0", "2"));
    let silent = measure(&model(&sandbox, "S2"), "pace-fast");
    assert_eq!(
        (silent.own.state, silent.own.text.as_str(), silent.alike.is_none()),
        (OwnState::None, "Not answered", true)
    );
}

#[test]
fn a_section_without_measures_is_not_reported_as_unanswered() {
    let sandbox = Sandbox::new("two-regions");
    let answered = |model: &ReportModel<LocalContent>| {
        model.content.sections.iter().map(|section| section.answered).collect::<Vec<_>>()
    };
    assert!(answered(&model(&sandbox, "N1")).into_iter().all(|answered| answered));
    let submission = sandbox.evaluation().join("submissions/N1.csv");
    std::fs::write(submission, "respondent,question,item,answer\nschools,comment,,Good\n").unwrap();
    let questionnaire = std::fs::read_to_string(sandbox.evaluation().join("questionnaire.toml")).unwrap();
    let section =
        questionnaire.split("id = \"comment\"").nth(1).unwrap().split("section = \"").nth(1).unwrap();
    let section = section.split('"').next().unwrap();
    for view in model(&sandbox, "N1").content.sections {
        assert_eq!(view.answered, view.id == section, "{}", view.id);
    }
}

#[test]
fn dont_know_is_not_counted_as_no() {
    let sandbox = Sandbox::new("two-regions");
    sandbox.edit("submissions/N2.csv", "strategic-lead,pace,,slow", "strategic-lead,pace,,dont-know");
    let unsure = measure(&model(&sandbox, "N2"), "pace-fast");
    assert_eq!((unsure.own.text.as_str(), unsure.alike.is_none()), ("Don't know", true));
    assert_eq!(
        (unsure.nation.percent.as_str(), unsure.nation.base.as_str()),
        ("2 of 3", "3"),
        "it stays in the base"
    );
}

#[test]
fn answers_of_several_managers_are_shown_as_a_count_out_of_a_total() {
    let sandbox = Sandbox::new("two-regions");
    let cards = measure(&model(&sandbox, "N1"), "has-cards");
    assert_eq!((cards.own.state, cards.own.text.as_str()), (OwnState::Share, "2 of 2"));
    assert_eq!((cards.region.percent.as_str(), cards.nation.percent.as_str()), ("3 of 3", "4 of 7"));
    assert_eq!((cards.comparison, cards.too_few), (None, true), "two managers are too few to compare");
    let alone = measure(&model(&sandbox, "N2"), "has-cards");
    assert_eq!(
        (alone.own.text.as_str(), alone.comparison),
        ("1 of 1", None),
        "a single answer is not compared as a share"
    );
}

#[test]
fn the_ratings_of_one_person_are_not_compared_as_if_they_were_a_share_of_people() {
    let sandbox = Sandbox::new("integrated-working-2008");
    let model = model(&sandbox, "383");
    let engaged = measure(&model, "engaged");
    assert_eq!(engaged.own.base, 9, "one strategic lead rates nine sectors");
    assert_eq!((engaged.comparison, engaged.too_few), (None, false));
    let compared = |measure: &MeasureView| measure.comparison.is_some();
    assert!(model.content.compared && model.content.measures.iter().any(compared));
    let differing = model.content.measures.iter().filter(|measure| compared(measure));
    assert!(differing.into_iter().all(|measure| measure.own.base >= 5));
    let places = model.content.places.as_ref().unwrap();
    assert!(!places.rows.iter().any(|row| row.label == engaged.label), "one person's ratings have no place");
}

#[test]
fn a_theme_never_opens_with_the_ratings_of_one_person() {
    let sandbox = Sandbox::new("two-regions");
    // Without a chart of its own, the measure of the lead's ratings stands first on the theme's page.
    let path = sandbox.evaluation().join("questionnaire.toml");
    let charted = std::fs::read_to_string(&path).unwrap();
    let (before, after) = charted.split_once("id = \"engaged\"").unwrap();
    let uncharted = after.replacen("chart = true", "chart = false", 1);
    std::fs::write(&path, format!("{before}id = \"engaged\"{uncharted}")).unwrap();
    let model = model(&sandbox, "N1");
    let theme = model.content.sections.iter().find(|section| section.id == "progress").unwrap();
    assert_eq!(theme.measures[0].id, "well-engaged");
    assert_eq!(theme.finding.as_ref().unwrap().measure.id, "has-cards");
}

#[test]
fn every_statistic_in_a_report_is_among_its_facts() {
    let model = model(&Sandbox::new("integrated-working-2008"), "383");
    let printed = |id: &str| model.facts.iter().find(|fact| fact.id == id).map(|fact| fact.printed.clone());
    for measure in &model.content.measures {
        assert_eq!(printed(&format!("own/{}", measure.id)), Some(measure.own.text.clone()));
        assert_eq!(printed(&format!("region/{}", measure.id)), Some(measure.region.percent.clone()));
        assert_eq!(printed(&format!("nation/{}", measure.id)), Some(measure.nation.percent.clone()));
    }
    assert!(model.facts.windows(2).all(|pair| pair[0].id < pair[1].id), "facts must be sorted and unique");
    let charts = chart::charts(&model).len();
    assert!(charts >= 8, "{charts} charts");
}

#[test]
fn removing_an_area_changes_only_what_depends_on_it() {
    let sandbox = Sandbox::new("integrated-working-2008");
    let before = model(&sandbox, "383");
    // Darlington and Leeds are in different regions.
    sandbox.edit(
        "register.csv",
        "841,Darlington,North East,completed",
        "841,Darlington,North East,signed-up",
    );
    std::fs::remove_file(sandbox.evaluation().join("submissions/841.csv")).unwrap();
    let after = model(&sandbox, "383");
    let kept = |prefix: &str| {
        let of = |model: &ReportModel<LocalContent>| {
            let facts = model.facts.iter().filter(|fact| fact.id.starts_with(prefix));
            facts.cloned().collect::<Vec<_>>()
        };
        of(&before) == of(&after)
    };
    assert!(kept("own/") && kept("region/") && !kept("nation/"));
    assert_eq!(before.content.response.nation_areas - 1, after.content.response.nation_areas);
}
