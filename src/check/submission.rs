use std::collections::BTreeMap;

use super::{text, unknown};
use crate::model::{
    Answer, AnswerKey, Area, OptionSet, Question, QuestionIndex, Questionnaire, Register, Respondent,
    SectorIndex, Status, Submission,
};
use crate::problem::{Checked, Place, Problem};
use crate::read::{Row, SubmissionFile, SubmissionRow};

/// The word for the strategic lead in the column `respondent`.
const STRATEGIC_LEAD: &str = "strategic-lead";
/// The word for "don't know" in the column `answer`.
const DONT_KNOW: &str = "dont-know";
/// The word for "not applicable" in the column `answer`.
const NOT_APPLICABLE: &str = "not-applicable";

/// Checks one file in `submissions/`.
pub(super) fn submission(
    register: &Register,
    questionnaire: &Questionnaire,
    name: &str,
    file: SubmissionFile,
) -> Checked<Option<Submission>> {
    let SubmissionFile { file, text, rows, mut problems } = file;
    let code = name.strip_suffix(".csv").unwrap_or(name);
    let Some(area) = register.find(code) else {
        problems.push(unknown_area(register, code, &file));
        return Checked { value: None, problems };
    };
    if register[area].status != Status::Completed {
        problems.push(unexpected(&register[area], &file));
    }
    if rows.is_empty() && problems.is_empty() {
        problems.push(
            Problem::error("empty-file", Place::file(&file), "the submission has no answers")
                .hint("ask the area for it again"),
        );
    }
    let mut reader = RowReader { questionnaire, file: &file, rows: BTreeMap::new(), problems };
    for row in &rows {
        reader.row(row);
    }
    let RowReader { rows, mut problems, .. } = reader;
    let mut submission = Submission::new(area).received_as(text);
    for (key, given) in &rows {
        if let Some(answer) = answer(&questionnaire[key.question], given, &file, &mut problems) {
            submission.insert(*key, answer);
        }
    }
    for key in set_aside_routed_out(&mut submission, questionnaire) {
        let line = rows[&key].first().map_or(1, |given| given.line);
        problems.push(routed_out_problem(questionnaire, key, Place::line(&file, line)));
    }
    for problem in &mut problems {
        problem.area = Some(register[area].code.clone());
    }
    problems.sort_by_key(|problem| problem.place.line);
    let valid = !problems.iter().any(Problem::is_error);
    Checked { value: valid.then(|| submission.complete()), problems }
}

fn unknown_area(register: &Register, code: &str, file: &str) -> Problem {
    let problem = Problem::error("unknown-area", Place::file(file), "the register has no such area");
    let known = register.areas.iter().map(|area| area.code.as_str());
    let hint = match crate::problem::nearest(code, known) {
        Some(near) => format!("did you mean '{near}'?"),
        None => "a submission is named after the area's code".to_owned(),
    };
    problem.value(code).hint(hint)
}

fn unexpected(area: &Area, file: &str) -> Problem {
    let message = format!("according to register.csv, {} did not complete the assessment", area.name);
    Problem::error("unexpected-submission", Place::file(file), message)
        .hint("remove the file, or change the area's status")
}

/// The answer in a row, before the rows for the same question are combined.
struct Given {
    line: u64,
    answer: Answer,
}

/// Reads the rows of one file.
struct RowReader<'a> {
    questionnaire: &'a Questionnaire,
    file: &'a str,
    rows: BTreeMap<AnswerKey, Vec<Given>>,
    problems: Vec<Problem>,
}

impl RowReader<'_> {
    fn row(&mut self, Row { line, cells }: &Row<SubmissionRow>) {
        let respondent = self.respondent(*line, cells);
        let question = self.question(*line, cells);
        let (Some(respondent), Some(question)) = (respondent, question) else { return };
        let asked = &self.questionnaire[question];
        if !Submission::respondents(asked).contains(&respondent) {
            let message = "this respondent is not asked this question";
            let problem = self.error(*line, "respondent", "wrong-respondent", message);
            self.problems.push(problem.value(format!("{} {}", cells.respondent, cells.question)));
            return;
        }
        let Some(item) = self.item(*line, cells, asked) else { return };
        if let Some(answer) = self.answer(*line, cells, asked) {
            let key = AnswerKey { respondent, question, item };
            self.rows.entry(key).or_default().push(Given { line: *line, answer });
        }
    }

    fn respondent(&mut self, line: u64, cells: &SubmissionRow) -> Option<Respondent> {
        if cells.respondent == STRATEGIC_LEAD {
            return Some(Respondent::StrategicLead);
        }
        let sector = self.questionnaire.sector(&cells.respondent);
        if sector.is_none() {
            let (place, message) = (self.place(line, "respondent"), "there is no such respondent");
            let sectors = self.questionnaire.sectors.iter().map(|sector| sector.id.as_str());
            let known = sectors.chain([STRATEGIC_LEAD]);
            self.problems.push(unknown("unknown-respondent", place, message, &cells.respondent, known));
        }
        sector.map(Respondent::Manager)
    }

    fn question(&mut self, line: u64, cells: &SubmissionRow) -> Option<QuestionIndex> {
        let question = self.questionnaire.question(&cells.question);
        if question.is_none() {
            let (place, message) = (self.place(line, "question"), "there is no such question");
            let known = self.questionnaire.questions.iter().map(|question| question.id.as_str());
            self.problems.push(unknown("unknown-question", place, message, &cells.question, known));
        }
        question
    }

    fn item(&mut self, line: u64, cells: &SubmissionRow, asked: &Question) -> Option<Option<SectorIndex>> {
        if !asked.kind.rates_sectors() {
            if cells.item.is_empty() {
                return Some(None);
            }
            let problem = self.error(line, "item", "unexpected-item", "this question has no items");
            self.problems.push(problem.value(&cells.item).hint("leave the cell empty"));
            return None;
        }
        let sector = self.questionnaire.sector(&cells.item);
        if sector.is_none() {
            let (place, message) = (self.place(line, "item"), "there is no such sector to rate");
            let known = self.questionnaire.sectors.iter().map(|sector| sector.id.as_str());
            self.problems.push(unknown("unknown-item", place, message, &cells.item, known));
        }
        sector.map(Some)
    }

    fn answer(&mut self, line: u64, cells: &SubmissionRow, asked: &Question) -> Option<Answer> {
        let answer = cells.answer.as_str();
        if answer.trim().is_empty() {
            let problem = self.error(line, "answer", "empty-answer", "the row has no answer");
            self.problems.push(problem.hint("leave the row out when a question was not answered"));
            return None;
        }
        if !asked.kind.is_closed() {
            let faults = text::faults(answer, text::LONGEST_ANSWER, &self.place(line, "answer"));
            if !faults.is_empty() {
                self.problems.extend(faults);
                return None;
            }
            return Some(Answer::Text(answer.into()));
        }
        if answer == DONT_KNOW && asked.dont_know {
            return Some(Answer::DontKnow);
        }
        if answer == NOT_APPLICABLE && asked.not_applicable {
            return Some(Answer::NotApplicable);
        }
        let option = asked.option(answer);
        if option.is_none() {
            let (place, message) = (self.place(line, "answer"), "the question has no such option");
            let options = asked.options.iter().map(|option| option.id.as_str());
            let known = options
                .chain(asked.dont_know.then_some(DONT_KNOW))
                .chain(asked.not_applicable.then_some(NOT_APPLICABLE));
            self.problems.push(unknown("unknown-option", place, message, answer, known));
        }
        option.map(|option| Answer::Chosen(OptionSet::of(option)))
    }

    fn error(&self, line: u64, column: &str, rule: &'static str, message: &str) -> Problem {
        Problem::error(rule, self.place(line, column), message)
    }

    fn place(&self, line: u64, column: &str) -> Place {
        Place::line(self.file, line).column(column)
    }
}

/// Combines the rows for one question into an answer. Several rows are allowed only if several options are.
fn answer(question: &Question, given: &[Given], file: &str, problems: &mut Vec<Problem>) -> Option<Answer> {
    let (first, rest) = given.split_first()?;
    let mut chosen = match &first.answer {
        Answer::Chosen(options) => Some(*options),
        _ => None,
    };
    // "None of these" contradicts any other answer.
    let is_none = |options: OptionSet| question.none().is_some_and(|none| options.contains(none));
    for row in rest {
        let place = Place::line(file, row.line).column("answer");
        let first_line = first.line;
        match (&row.answer, &mut chosen) {
            (Answer::Chosen(more), Some(chosen))
                if question.kind.takes_several()
                    && !more.is_subset(*chosen)
                    && !is_none(more.union(*chosen)) =>
            {
                *chosen = chosen.union(*more);
            }
            (Answer::Chosen(same), Some(chosen)) if same.is_subset(*chosen) => {
                problems.push(duplicate(question, place, first_line));
            }
            (same, None) if *same == first.answer => problems.push(duplicate(question, place, first_line)),
            _ => problems.push(
                Problem::error(
                    "two-answers",
                    place,
                    format!("the question already has another answer (line {first_line})"),
                )
                .value(&question.id)
                .hint("ask the area which one is right"),
            ),
        }
    }
    Some(chosen.map_or_else(|| first.answer.clone(), Answer::Chosen))
}

fn duplicate(question: &Question, place: Place, first_line: u64) -> Problem {
    Problem::error("duplicate-row", place, format!("line {first_line} already has this answer"))
        .value(&question.id)
        .hint("remove one of the rows")
}

/// Sets aside the answers to questions that routing skipped, because they are in no base, and returns their keys.
fn set_aside_routed_out(submission: &mut Submission, questionnaire: &Questionnaire) -> Vec<AnswerKey> {
    let mut set_aside = Vec::new();
    // An answer that is set aside may itself have led to a later question.
    loop {
        let keys = submission.iter().map(|(key, _)| key);
        let keys: Vec<AnswerKey> =
            keys.filter(|key| !submission.is_asked(questionnaire, key.respondent, key.question)).collect();
        if keys.is_empty() {
            return set_aside;
        }
        for key in keys {
            submission.set_aside(key);
            set_aside.push(key);
        }
    }
}

fn routed_out_problem(questionnaire: &Questionnaire, key: AnswerKey, place: Place) -> Problem {
    let question = &questionnaire[key.question];
    let earlier = question.route.as_ref().map_or("", |route| questionnaire[route.question].id.as_str());
    let respondent = name(questionnaire, key.respondent);
    Problem::warning(
        "routed-out",
        place.column("question"),
        format!("{respondent} answered it, but their answer to {earlier} leads past it"),
    )
    .value(&question.id)
    .hint("the answer is set aside; correct the earlier one if it is wrong")
}

/// The name of a respondent in the column `respondent`.
fn name(questionnaire: &Questionnaire, respondent: Respondent) -> &str {
    match respondent {
        Respondent::StrategicLead => STRATEGIC_LEAD,
        Respondent::Manager(sector) => &questionnaire[sector].id,
    }
}
