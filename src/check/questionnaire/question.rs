use super::Builder;
use crate::check::text;
use crate::model::{
    AnswerOption, Asked, Base, Planning, Profile, Provenance, Question, QuestionIndex, QuestionKind, Route,
    Verdict,
};
use crate::read::{RawOption, RawQuestion};

const KINDS: [(&str, QuestionKind); 4] = [
    ("single", QuestionKind::Single),
    ("multiple", QuestionKind::Multiple),
    ("grid", QuestionKind::Grid),
    ("text", QuestionKind::Text),
];

const PROVENANCES: [(&str, Provenance); 2] =
    [("original", Provenance::Original), ("illustrative", Provenance::Illustrative)];

const PLANNINGS: [(&str, Planning); 2] = [("helps", Planning::Helps), ("hinders", Planning::Hinders)];

const VERDICTS: [(&str, Verdict); 2] = [
    ("first-is-furthest-on", Verdict::FirstIsFurthestOn),
    ("last-is-furthest-on", Verdict::LastIsFurthestOn),
];

/// Which assessments a finding can have been published from.
const SOURCES: [(&str, ()); 3] = [("lead", ()), ("managers", ()), ("both", ())];

impl Builder {
    pub(super) fn add_question(&mut self, raw: &RawQuestion) {
        self.id(&raw.id, "question");
        self.text("text", &raw.text, text::LONGEST_WORDING);
        self.text("title", &raw.title, text::LONGEST_NAME);
        raw.base.iter().for_each(|base| self.text("base", base, text::LONGEST_NAME));
        let section = self.section(&raw.section);
        let sectors = self.sectors(raw.sectors.as_deref());
        let kind = self.word("kind", &raw.kind, &KINDS);
        let asked = [("strategic-lead", Asked::StrategicLead), ("managers", Asked::Managers(sectors))];
        let asked = self.word("asked", &raw.asked, &asked);
        // The source is only for people who read the questionnaire. A report says who was asked.
        raw.source.iter().for_each(|source| {
            self.word("source", source, &SOURCES);
        });
        let provenance = self.word("provenance", &raw.provenance, &PROVENANCES);
        let options = self.options("options", &raw.options);
        let route = self.route(raw, asked.as_ref());
        let (Some(kind), Some(asked), Some(provenance), Some(section)) = (kind, asked, provenance, section)
        else {
            return;
        };
        self.kind_fits(raw, kind, &asked);
        let profile = self.profile(raw, kind, &asked, &options);
        if raw.chart && !kind.is_closed() {
            self.error("chart", "wrong-chart", "a free-text question cannot have a chart", &raw.id);
        }
        let planning = self.planning(raw, kind);
        let verdict = self.verdict(raw, kind, &asked);
        let mirrors = self.mirrors(raw, kind, &asked);
        let base = base(raw, kind, &asked);
        self.questionnaire.add_question(Question {
            id: raw.id.clone(),
            section,
            text: raw.text.clone(),
            title: raw.title.clone(),
            asked,
            kind,
            options,
            ordered: raw.ordered,
            dont_know: raw.dont_know,
            not_applicable: raw.not_applicable,
            route,
            base,
            provenance,
            chart: raw.chart,
            profile,
            planning,
            verdict,
            mirrors,
        });
    }

    fn route(&mut self, raw: &RawQuestion, asked: Option<&Asked>) -> Option<Route> {
        let route = raw.route.as_ref()?;
        let question = self.earlier_question("route", &route.question)?;
        let options = self.all_options("route", question, &route.options)?;
        if asked.is_some_and(|asked| !covers(&self.questionnaire[question].asked, asked)) {
            let message = "it is asked of respondents who were not asked the question that leads to it";
            self.error("route", "wrong-route", message, &route.question);
        }
        Some(Route { question, options })
    }

    /// Checks that the options and the respondents fit the kind of question.
    fn kind_fits(&mut self, raw: &RawQuestion, kind: QuestionKind, asked: &Asked) {
        if kind.is_closed() == raw.options.is_empty() {
            let message = "closed questions must have options, and free-text questions must not";
            self.error("options", "wrong-options", message, "");
        }
        if kind.rates_sectors() && *asked != Asked::StrategicLead {
            let message = "only the strategic lead rates sectors in a grid";
            self.error("asked", "wrong-grid", message, &raw.asked);
        }
    }

    fn profile(
        &mut self,
        raw: &RawQuestion,
        kind: QuestionKind,
        asked: &Asked,
        options: &[AnswerOption],
    ) -> Option<Profile> {
        let profile = raw.profile.as_ref()?;
        if kind != QuestionKind::Single || *asked == Asked::StrategicLead {
            let message = "only single-choice questions to managers have a column in the sector profile";
            self.error("profile", "wrong-profile", message, &profile.title);
        }
        self.text("profile", &profile.title, text::LONGEST_NAME);
        let in_place = self.named_options("profile", options, &profile.in_place);
        let begun = self.named_options("profile", options, &profile.begun);
        if in_place.is_empty() || begun.is_empty() || in_place.iter().any(|option| begun.contains(option)) {
            let message = "a profile needs options that mean 'in place', and other options that mean 'begun'";
            self.error("profile", "wrong-profile", message, &profile.title);
        }
        Some(Profile { title: profile.title.clone(), in_place, begun })
    }

    fn planning(&mut self, raw: &RawQuestion, kind: QuestionKind) -> Option<Planning> {
        let word = raw.planning.as_ref()?;
        if !kind.takes_several() {
            let message = "only questions that take several answers can be listed for planning";
            self.error("planning", "wrong-planning", message, word);
        }
        self.word("planning", word, &PLANNINGS)
    }

    fn verdict(&mut self, raw: &RawQuestion, kind: QuestionKind, asked: &Asked) -> Option<Verdict> {
        let word = raw.verdict.as_ref()?;
        let steps = raw.ordered && raw.options.len() > 1 && kind.is_closed() && !kind.rates_sectors();
        if !steps || *asked != Asked::StrategicLead {
            let message =
                "a verdict is a question to the strategic lead about the whole area, with ordered options";
            self.error("verdict", "wrong-verdict", message, word);
        }
        self.word("verdict", word, &VERDICTS)
    }

    /// The grid that looks at the same thing from the other side: its options must include this question's, because
    /// both are shown on one scale.
    fn mirrors(&mut self, raw: &RawQuestion, kind: QuestionKind, asked: &Asked) -> Option<QuestionIndex> {
        let grid = self.earlier_question("mirrors", raw.mirrors.as_ref()?)?;
        let declared = &self.questionnaire[grid];
        let on_scale = |option: &RawOption| declared.option(&option.id).is_some();
        let fits = kind == QuestionKind::Single
            && *asked != Asked::StrategicLead
            && declared.kind.rates_sectors()
            && declared.ordered
            && raw.options.iter().all(on_scale);
        if !fits {
            let message =
                "a single-choice question to managers can mirror an ordered grid with the same options";
            self.error("mirrors", "wrong-mirror", message, &declared.id.clone());
        }
        if self.questionnaire.questions.iter().any(|other| other.mirrors.is_some()) {
            let message = "a question above already mirrors a grid; a report shows one such pair";
            self.error("mirrors", "wrong-mirror", message, &raw.id);
        }
        Some(grid)
    }
}

/// Who is in the base of a question's figures. Unless declared, that depends on the kind and on who is asked.
fn base(raw: &RawQuestion, kind: QuestionKind, asked: &Asked) -> Base {
    match (&raw.base, kind, asked) {
        (Some(words), ..) => Base::Declared(words.clone()),
        (None, QuestionKind::Grid, _) => Base::Ratings,
        (None, QuestionKind::Single | QuestionKind::Multiple | QuestionKind::Text, Asked::StrategicLead) => {
            Base::Leads
        }
        (None, QuestionKind::Single | QuestionKind::Multiple | QuestionKind::Text, Asked::Managers(_)) => {
            Base::Managers
        }
    }
}

/// True if everyone in `inner` is also in `outer`.
fn covers(outer: &Asked, inner: &Asked) -> bool {
    match (outer, inner) {
        (Asked::StrategicLead, Asked::StrategicLead) => true,
        (Asked::Managers(outer), Asked::Managers(inner)) => inner.iter().all(|sector| outer.contains(sector)),
        _ => false,
    }
}
