//! A small evaluation that is ready to be sent, for this module's tests. Its reports exist only in the manifest.

use std::path::Path;

use serde_json::json;

use super::delivery::{Delivery, State};
use super::send_plan::Wish;
use super::sending::Sending;
use crate::check::{CheckedEvaluation, Recipient};
use crate::fs;
use crate::model::{EditionId, Kind, Language, Limits, Subject};
use crate::publish::{Manifest, Outcome, ReportEntry, ReportFile};
use crate::review::{Decision, Record, ReviewedContent, Verdict};
use crate::templates::{Pages, Templates};
use crate::words::Lexicon;

pub(super) struct Office {
    pub(super) evaluation: CheckedEvaluation,
    pub(super) manifest: Manifest,
    pub(super) record: Record,
    pub(super) deliveries: Vec<Delivery>,
    pages: Pages,
    words: Lexicon,
}

/// The id of the run.
pub(super) const RUN: &str = "2024-06-03T09-00-00Z";

impl Office {
    /// Real answers of four areas, each with a report that is approved and a recipient.
    pub(super) fn new() -> Self {
        Self::with("")
    }

    /// The same with more settings in `[mail]`.
    pub(super) fn with(settings: &str) -> Self {
        let evaluation = evaluation(settings);
        let templates = Templates::embedded();
        let mut office = Self {
            manifest: manifest(&evaluation),
            evaluation,
            record: Record::default(),
            deliveries: Vec::new(),
            pages: Pages::new(&templates, Limits::USUAL).unwrap(),
            words: templates.lexicon(&Language::english()).unwrap(),
        };
        office.approve();
        office
    }

    pub(super) fn sending(&self) -> Sending<'_> {
        Sending {
            evaluation: &self.evaluation,
            mail: self.evaluation.settings.mail.as_ref().unwrap(),
            run: Path::new("runs/none"),
            manifest: &self.manifest,
            record: &self.record,
            deliveries: &self.deliveries,
            pages: &self.pages,
            words: &self.words,
        }
    }

    /// Approves every report as it is now.
    pub(super) fn approve(&mut self) {
        self.record.verdicts = self.manifest.reports.iter().map(approval).collect();
    }

    /// The recipient of an area.
    pub(super) fn recipient(&self, area: &str) -> Recipient {
        let of_area = |recipient: &&Recipient| self.evaluation.subject_code(recipient.subject) == area;
        self.evaluation.recipients.iter().find(of_area).unwrap().clone()
    }

    /// A delivery of an area's report to its recipient.
    pub(super) fn delivery(&self, area: &str, state: State) -> Delivery {
        let recipient = self.recipient(area);
        let entry = self.manifest.entry(&edition(area)).unwrap();
        Delivery {
            message: format!("<{area}@example.org>"),
            event: "report".to_owned(),
            run: RUN.to_owned(),
            id: edition(area),
            subject_name: entry.name.clone(),
            recipient: recipient.email.to_uppercase(),
            name: recipient.name,
            sha256: entry.report.as_ref().unwrap().sha256.clone(),
            state,
            attempts: 1,
            answer: "550 no such person".to_owned(),
            at: "2024-06-03T10:00:00Z".to_owned(),
            superseded: false,
        }
    }
}

/// A wish for everything that has not been sent yet.
pub(super) fn wish() -> Wish {
    Wish { made: "2024-06-03T12:00:00Z".parse().unwrap(), failed: false, note: String::new() }
}

/// The standard local report of an area.
pub(super) fn edition(area: &str) -> EditionId {
    format!("local/{area}/en/standard").parse().unwrap()
}

fn evaluation(settings: &str) -> CheckedEvaluation {
    let folder = tempfile::tempdir().unwrap();
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/two-regions");
    for file in fs::visible_files_below(&fixture).unwrap() {
        let mut bytes = fs::read(&fixture.join(&file)).unwrap();
        if file == "evaluation.toml" {
            let text = String::from_utf8(bytes).unwrap().replace("synthetic = true", "synthetic = false");
            let mail = "from = \"The Board <reports@library.example.org>\"\nserver = \"mail.example.org\"\n";
            bytes = format!("{text}\n[mail]\n{mail}{settings}").into_bytes();
        }
        fs::write(&folder.path().join(file), &bytes).unwrap();
    }
    crate::pipeline::load(folder.path()).unwrap().value.unwrap()
}

fn manifest(evaluation: &CheckedEvaluation) -> Manifest {
    let file = json!({ "file": "", "size": 0, "sha256": "" });
    let mut manifest: Manifest = serde_json::from_value(json!({
        "version": 2, "evaluation": evaluation.settings.id, "synthetic": false,
        "engine": { "name": "", "templates": {}, "style": "", "fonts": "" },
        "aggregates": {}, "seal": "", "inputs": {}, "problems": file, "suppression": file,
        "counts": { "errors": 0, "warnings": 0 },
        "completeness": { "areas": 4, "completed": 4, "answered": 1, "asked": 1 },
        "only": [], "review": { "approvals": 1, "reviewers": ["Ann Lee"] }, "reports": [],
        "run": { "id": RUN, "started": "", "finished": "", "milliseconds": {}, "causes": {}, "moved": [],
                 "last_made": {}, "files": [], "proof_milliseconds": 0 },
    }))
    .unwrap();
    for submission in &evaluation.submissions {
        let area = &evaluation.register[submission.area];
        let file = |name: String| ReportFile {
            sha256: format!("{:x<64}", name),
            file: name,
            pages: Some(9),
            size: 1,
        };
        manifest.reports.push(ReportEntry {
            id: edition(area.code.as_str()),
            name: area.name.clone(),
            region: evaluation.register[area.region].name.clone(),
            recipients: evaluation.recipients_hash(Kind::Local, Subject::Area(submission.area)),
            report: Some(file(format!("local/{}.pdf", area.code))),
            facts: Some(file(format!("local/{}.facts.json", area.code))),
            data: Vec::new(),
            fingerprint: None,
            outcome: Outcome::Built,
        });
    }
    manifest
}

fn approval(entry: &ReportEntry) -> Verdict {
    Verdict {
        at: "2024-06-03T11:00:00Z".to_owned(),
        reviewer: "Ann Lee".to_owned(),
        run: RUN.to_owned(),
        id: entry.id.clone(),
        decision: Decision::Approved,
        part: None,
        export: None,
        note: String::new(),
        seen: ReviewedContent::of(entry),
    }
}
