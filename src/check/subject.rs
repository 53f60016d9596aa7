use std::collections::BTreeSet;

use super::CheckedEvaluation;
use crate::model::{
    AreaIndex, Format, Kind, Language, Questionnaire, RegionIndex, Register, ReportId, SectorIndex, Settings,
    Subject, capitalised,
};

/// The parts of an evaluation that name the subjects of its reports.
#[derive(Clone, Copy)]
pub(super) struct Naming<'a> {
    pub(super) settings: &'a Settings,
    pub(super) register: &'a Register,
    pub(super) questionnaire: &'a Questionnaire,
}

impl Naming<'_> {
    /// All the subjects that reports of a kind may have.
    pub(super) fn subjects(self, kind: Kind) -> Vec<Subject> {
        match kind {
            Kind::Local | Kind::Submission => {
                (0..self.register.areas.len()).map(|area| Subject::Area(AreaIndex(area))).collect()
            }
            Kind::Regional => {
                (0..self.register.regions.len()).map(|region| Subject::Region(RegionIndex(region))).collect()
            }
            Kind::Sector => {
                let sectors = 0..self.questionnaire.sectors.len();
                sectors.map(|sector| Subject::Sector(SectorIndex(sector))).collect()
            }
            Kind::National => vec![Subject::Nation],
        }
    }

    /// The subject with this code among those of a kind; `None` if none of them has it.
    pub(super) fn find(self, kind: Kind, code: &str) -> Option<Subject> {
        if kind.is_of_area() {
            return self.register.find(code).map(Subject::Area);
        }
        self.subjects(kind).into_iter().find(|subject| self.code(*subject) == code)
    }

    /// The code that identifies a subject among those of its kind.
    pub(super) fn code(self, subject: Subject) -> String {
        match subject {
            Subject::Area(area) => self.register[area].code.to_string(),
            Subject::Region(region) => self.register.region_code(region),
            Subject::Sector(sector) => self.questionnaire[sector].id.clone(),
            Subject::Nation => self.settings.nation_code.clone(),
        }
    }
}

impl CheckedEvaluation {
    fn naming(&self) -> Naming<'_> {
        Naming { settings: &self.settings, register: &self.register, questionnaire: &self.questionnaire }
    }

    /// What reports of a kind are about, in order: the areas with a valid submission, the regions that have such an area,
    /// the sectors, or the nation.
    pub fn subjects(&self, kind: Kind) -> Vec<Subject> {
        let mut subjects = self.naming().subjects(kind);
        subjects.retain(|subject| match subject {
            Subject::Area(area) => self.submission(*area).is_some(),
            Subject::Region(region) => self.turnout.regions[region.0].areas > 0,
            Subject::Sector(_) | Subject::Nation => !self.submissions.is_empty(),
        });
        subjects
    }

    /// What a report is about; `None` if there is no such subject.
    pub fn subject_of(&self, report: &ReportId) -> Option<Subject> {
        self.naming().find(report.kind, &report.subject)
    }

    /// The code of a subject, unique among those of its kind.
    pub fn subject_code(&self, subject: Subject) -> String {
        self.naming().code(subject)
    }

    /// The name of a subject, as a heading has it.
    pub fn subject_name(&self, subject: Subject) -> String {
        match subject {
            Subject::Area(area) => self.register[area].name.clone(),
            Subject::Region(region) => self.register[region].name.clone(),
            Subject::Sector(sector) => capitalised(&self.questionnaire[sector].name),
            Subject::Nation => self.settings.nation.clone(),
        }
    }

    /// The name of a subject in file names.
    pub fn subject_stem(&self, subject: Subject) -> String {
        match subject {
            Subject::Area(area) => self.register[area].file_stem(),
            Subject::Region(_) | Subject::Sector(_) | Subject::Nation => self.subject_code(subject),
        }
    }

    /// The name of the region that a subject is in; for a sector or the nation, the name of the nation.
    pub fn subject_region(&self, subject: Subject) -> &str {
        match subject {
            Subject::Area(area) => &self.register[self.register[area].region].name,
            Subject::Region(region) => &self.register[region].name,
            Subject::Sector(_) | Subject::Nation => &self.settings.nation,
        }
    }

    /// The report of a kind on a subject.
    pub fn report_id(&self, kind: Kind, subject: Subject) -> ReportId {
        ReportId { kind, subject: self.subject_code(subject), language: self.settings.language.clone() }
    }

    /// The languages and formats of a report, in order: those that the evaluation lists, and those that its recipients want.
    pub fn dresses(&self, kind: Kind, subject: Subject) -> BTreeSet<(Language, Format)> {
        let to = self.recipients.iter().filter(|to| (to.kind, to.subject) == (kind, subject));
        let listed = &self.settings.reports;
        let languages = listed.languages.iter();
        let listed =
            languages.flat_map(|language| listed.formats.iter().map(|format| (language.clone(), *format)));
        listed.chain(to.map(|to| (to.language.clone(), to.format))).collect()
    }
}
