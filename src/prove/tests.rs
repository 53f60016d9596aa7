//! Reports for two areas, each with something of the other's or with a number that is nobody's.

use std::path::Path;

use super::answers::Answers;
use super::readback::{Particulars, Passage};
use super::*;
use crate::aggregate::{SealedAggregates, aggregate};
use crate::compose::{self, Sources};
use crate::model::{
    AnswerState, AreaIndex, GroupView, Limits, LocalContent, ReceivedTable, Subject, SubmissionView,
};
use crate::render::{Document, EditionRenderer, File, RenderError, Renderer};
use crate::templates::Templates;
use crate::{pipeline, publish};

/// An evaluation ready to make reports from.
struct Prepared {
    evaluation: CheckedEvaluation,
    aggregates: SealedAggregates,
    names: Names,
    renderer: Renderer,
}

/// Everything that goes into one report.
#[derive(Clone)]
struct Parts {
    model: ReportModel<LocalContent>,
    charts: Vec<(String, Vec<u8>)>,
    facts: Vec<u8>,
    submission: String,
}

impl Prepared {
    fn new() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/healthy-schools-2024");
        let evaluation = pipeline::load(&folder).unwrap().value.unwrap();
        let protected =
            pipeline::protect(&evaluation, aggregate(&evaluation), None, &|_, _| ()).ok().unwrap();
        let (aggregates, _) = protected.seal(&evaluation).unwrap();
        let names = Names::of(&evaluation.register).unwrap();
        let renderer = Renderer::new(
            &Templates::embedded(),
            &evaluation.wording,
            &evaluation.settings.language,
            18,
            Limits::USUAL,
        )
        .unwrap();
        Self { evaluation, aggregates, names, renderer }
    }

    fn submission(&self, area: usize) -> &Submission {
        self.evaluation.submission(AreaIndex(area)).unwrap()
    }

    fn parts(&self, area: usize) -> Parts {
        let submission = self.submission(area);
        let Self { evaluation, aggregates, .. } = self;
        let words = self.renderer.words();
        let model = compose::local(Sources { evaluation, aggregates, words }, submission).unwrap();
        let charts = self.renderer.drawings(Format::Standard, &model).unwrap();
        Parts {
            charts,
            facts: publish::FactsFile::of(&model).to_bytes().unwrap(),
            submission: submission.received().to_owned(),
            model,
        }
    }

    /// What a report of an area is checked against.
    fn claim<'c>(&'c self, parts: &'c Parts, area: usize) -> Claim<'c> {
        Claim {
            evaluation: &self.evaluation,
            names: &self.names,
            subject: Subject::Area(AreaIndex(area)),
            submission: Some(self.submission(area)),
            model: &parts.model,
            facts: &parts.facts,
            fixed_text: self.renderer.fixed_text(parts.model.id.kind),
            words: self.renderer.words(),
        }
    }

    /// Renders the parts, and checks the report against what an area's should be.
    fn doubts(&self, parts: &Parts, area: usize) -> Vec<String> {
        let mut files = parts.charts.clone();
        files.push(("facts.json".to_owned(), parts.facts.clone()));
        files.push(("submission.csv".to_owned(), parts.submission.clone().into_bytes()));
        let document = self.renderer.render(Format::Standard, &parts.model, files).unwrap();
        let facts = publish::FactsFile::of(&parts.model).to_bytes().unwrap();
        let claim = Claim { facts: &facts, ..self.claim(parts, area) };
        prove(Format::Standard, &document.bytes, claim)
            .err()
            .unwrap_or_default()
            .iter()
            .map(ToString::to_string)
            .collect()
    }
}

/// A format that nobody needs: a report as lines of its name, its keyword and its figures.
struct Toy;

impl EditionRenderer for Toy {
    fn drawings(&self, _: &ReportModel) -> Result<Vec<File>, RenderError> {
        Ok(Vec::new())
    }

    fn render(&self, model: &ReportModel, _: Vec<File>) -> Result<Document, RenderError> {
        let mut lines = vec![model.subject.name.clone(), model.reference()];
        lines.extend(model.facts.iter().map(|fact| fact.prose.clone()));
        let free = model.content.submission().into_iter().flat_map(SubmissionView::answers);
        lines.extend(free.map(|answer| answer.answer.replace('\n', " ")));
        Ok(Document { bytes: lines.join("\n").into_bytes(), pages: None })
    }
}

impl EditionReader for Toy {
    fn read(&self, bytes: &[u8], _: Claim<'_>) -> Result<Readback, String> {
        let text = String::from_utf8(bytes.to_vec()).map_err(|error| error.to_string())?;
        let particulars = self.particulars(bytes)?;
        let opening = particulars.metadata.clone();
        Ok(Readback { passages: vec![Passage::whole(&text)], opening, particulars, ..Readback::default() })
    }

    fn particulars(&self, bytes: &[u8]) -> Result<Particulars, String> {
        let text = String::from_utf8_lossy(bytes);
        let metadata = text.lines().take(2).collect::<Vec<_>>().join(" ");
        Ok(Particulars { metadata, ..Particulars::default() })
    }
}

#[test]
fn a_format_is_one_renderer_and_one_reader() {
    let prepared = Prepared::new();
    let (own, other) = (prepared.parts(0), prepared.parts(1));
    let doubts = |parts: &Parts, change: fn(&mut String)| -> Vec<String> {
        let bytes = Toy.render(&parts.model, Vec::new()).unwrap().bytes;
        let mut text = String::from_utf8(bytes).unwrap();
        change(&mut text);
        let proved = proved(&Toy, text.as_bytes(), prepared.claim(parts, 0));
        proved.err().unwrap_or_default().iter().map(ToString::to_string).collect()
    };
    assert_eq!(doubts(&own, |_| ()), Vec::<String>::new());
    let found = doubts(&own, |text| text.push_str("\n77 of 99"));
    assert!(found.iter().any(|doubt| doubt.contains("'77'") && doubt.contains("no fact")), "{found:?}");
    let found = doubts(&other, |_| ());
    assert!(found.iter().any(|doubt| doubt.contains("the keywords lack the code")), "{found:?}");
}

type Change = fn(&mut Parts, &Parts);

/// Ways to mix up an area's report with another's or with a number that is nobody's, and the doubt about each.
const MIX_UPS: [(&str, Change, &str); 13] = [
    ("charts as drawn", |own, other| own.charts.clone_from(&other.charts), "the chart of figure"),
    (
        "appendices",
        |own, other| own.model.content.submission.clone_from(&other.model.content.submission),
        "the answers in the appendix",
    ),
    (
        "a sector that is missing from an answer",
        |own, _| own.model.content.submission.managers.grouped[0].answers[0].sectors.truncate(1),
        "the answers in the appendix",
    ),
    (
        "a sector beside an answer of another",
        |own, _| {
            let answers = &mut own.model.content.submission.managers.grouped[0].answers;
            let sector = answers[1].sectors[0].clone();
            answers[0].sectors.push(sector);
        },
        "the answers in the appendix",
    ),
    (
        "submissions",
        |own, other| own.submission.clone_from(&other.submission),
        "submission.csv is attached with other contents",
    ),
    (
        "facts files",
        |own, other| own.facts.clone_from(&other.facts),
        "facts.json is attached with other contents",
    ),
    ("facts", |own, other| own.model.facts.clone_from(&other.model.facts), "is not what the submission says"),
    (
        "names",
        |own, other| own.model.content.area.name.clone_from(&other.model.content.area.name),
        "the cover does not name",
    ),
    (
        "codes",
        |own, other| own.model.subject.keyword.clone_from(&other.model.subject.keyword),
        "the keywords lack the code",
    ),
    (
        "a neighbour in a heading",
        |own, other| own.model.content.sections[0].title.clone_from(&other.model.subject.name),
        "names",
    ),
    (
        "a percentage of nobody",
        |own, _| own.model.content.measures[0].nation.percent = "97%".into(),
        "the digits '97'",
    ),
    (
        "a percentage of another section",
        |own, _| {
            let section = own.model.content.sections[0].id.clone();
            let (here, elsewhere): (Vec<_>, Vec<_>) = own
                .model
                .facts
                .iter()
                .filter(|fact| fact.printed.ends_with('%'))
                .partition(|fact| fact.section == section);
            let foreign =
                elsewhere.iter().find(|fact| !here.iter().any(|known| known.printed == fact.printed));
            let finding = own.model.content.sections[0].finding.as_mut().unwrap();
            finding.at_nation = foreign.unwrap().printed.clone();
        },
        "are no fact of section",
    ),
    (
        "a number of thousands",
        |own, _| own.model.content.response.missing.push("4,711 others".into()),
        "the digits '4,711'",
    ),
];

#[test]
fn each_proof_catches_what_it_is_for() {
    let press = Prepared::new();
    let (own, other) = (press.parts(0), press.parts(1));
    assert_eq!(press.doubts(&own, 0), [""; 0]);
    let name = |area: usize| press.evaluation.register[AreaIndex(area)].name.clone();
    for (what, change, doubt) in MIX_UPS {
        let mut parts = own.clone();
        change(&mut parts, &other);
        // The attached facts match the mixed-up report, unless they are what is mixed up.
        if what != "facts files" {
            parts.facts = publish::FactsFile::of(&parts.model).to_bytes().unwrap();
        }
        let doubts = press.doubts(&parts, 0);
        assert!(doubts.iter().any(|found| found.contains(doubt)), "{what}: {doubts:?}");
    }
    // The neighbour's whole report, about to be filed under the area's name.
    let doubts = press.doubts(&other, 0);
    assert!(doubts.iter().any(|doubt| doubt.contains(&format!("names {}", name(1)))), "{doubts:?}");
}

#[test]
fn whatever_is_wrong_with_gathered_answers_is_found() {
    let press = Prepared::new();
    let view = press.parts(0).model.content.submission;
    let submission = press.submission(0);
    let answers = Answers::of(&press.evaluation.questionnaire, submission, press.renderer.words());
    assert!(answers.match_tables(&view));
    let tables: [fn(&mut SubmissionView) -> &mut ReceivedTable; 2] =
        [|view| &mut view.lead, |view| &mut view.managers];
    let ways: [fn(&mut GroupView); 4] = [
        |group| group.answer.push('s'),
        |group| {
            let value = group.state == AnswerState::Value;
            group.state = if value { AnswerState::DontKnow } else { AnswerState::Value };
        },
        |group| group.sectors.push("special schools".into()),
        |group| group.sectors.clear(),
    ];
    for table in tables {
        let rows = table(&mut view.clone()).grouped.clone();
        for (row, question) in rows.iter().enumerate() {
            for (group, before) in question.answers.iter().enumerate() {
                for spoil in ways {
                    let mut spoilt = view.clone();
                    spoil(&mut table(&mut spoilt).grouped[row].answers[group]);
                    // What a lead says about the whole area has no sectors to lose.
                    let same = spoilt == view;
                    assert!(
                        same && before.sectors.is_empty() || !answers.match_tables(&spoilt),
                        "{before:?}"
                    );
                }
            }
            let mut without = view.clone();
            table(&mut without).grouped[row].answers.remove(0);
            assert!(!answers.match_tables(&without), "{question:?}");
        }
        let mut without = view.clone();
        table(&mut without).grouped.remove(0);
        assert!(!answers.match_tables(&without), "{:?}", rows[0]);
    }
}

#[test]
fn a_doubt_names_its_page() {
    let press = Prepared::new();
    let mut parts = press.parts(0);
    let group = &mut parts.model.content.sections[0].figures[0].groups[0];
    group.greatest.as_mut().unwrap().nation.percent = "41%".into();
    group.greatest.as_mut().unwrap().nation.prose = "41 per cent".into();
    let doubts = press.doubts(&parts, 0);
    let found =
        doubts.iter().any(|doubt| doubt.starts_with("page ") && doubt.contains("no fact of the questions"));
    assert!(found, "{doubts:?}");
}

#[test]
fn names_are_whole_and_the_longest() {
    let names =
        Names::new(&["Derby", "Derbyshire", "Reading", "Kent", "Bath and Kent"], &["North Kent Coast"])
            .unwrap();
    let found =
        |text: &str| names.find(text).into_iter().map(|(name, _)| name.to_owned()).collect::<Vec<_>>();
    assert_eq!(found("Derbyshire and Derby's schools"), ["Derbyshire", "Derby"]);
    assert_eq!(found("Underby, Kentish, Readings"), [""; 0]);
    assert_eq!(found("Bath and Kent, Kent, North Kent Coast"), ["Bath and Kent", "Kent"]);
    assert_eq!(found("Reading"), ["Reading"]);
}
