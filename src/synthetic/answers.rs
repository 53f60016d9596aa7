use std::collections::BTreeMap;

use fastrand::Rng;

use super::places::{Place, table};
use super::recipe::{Joint, Meet, QuestionRecipe, Recipe};
use super::{MadeFile, SyntheticError};
use crate::aggregate::outcome;
use crate::model::{
    Answer, AnswerKey, AreaIndex, Definition, MeasureIndex, OptionSet, Question, QuestionIndex, QuestionKind,
    Questionnaire, Respondent, SectorIndex, Submission,
};

/// How many exchanges are tried to reach the shares of a tally.
const EXCHANGES: usize = 200_000;

/// Makes up submissions, one file for each place.
pub(super) fn submissions(
    recipe: &Recipe,
    questionnaire: &Questionnaire,
    places: &[&Place],
    rng: &mut Rng,
) -> Result<Vec<MadeFile>, SyntheticError> {
    let mut generator = AnswerGenerator::new(recipe, questionnaire, places, rng);
    for (q, question) in questionnaire.questions.iter().enumerate() {
        if let Some(recipe) = recipe.question.iter().find(|recipe| recipe.id == question.id) {
            generator.closed(QuestionIndex(q), recipe);
        } else if !question.kind.is_closed() {
            generator.text(QuestionIndex(q));
        }
    }
    for meet in &recipe.meet {
        generator.adjust_share(meet);
    }
    for joint in &recipe.joint {
        generator.adjust_tally(joint);
    }
    let submissions = generator.submissions;
    places
        .iter()
        .zip(&submissions)
        .map(|(place, submission)| {
            let path = format!("submissions/{}.csv", place.code);
            Ok(MadeFile { path, text: file(questionnaire, submission)? })
        })
        .collect()
}

/// Generates the answers of all places, one question at a time.
struct AnswerGenerator<'a> {
    recipe: &'a Recipe,
    questionnaire: &'a Questionnaire,
    places: &'a [&'a Place],
    rng: &'a mut Rng,
    submissions: Vec<Submission>,
    /// Who responds in each area, and how far each has got: the component that all their answers share.
    people: Vec<BTreeMap<Respondent, f64>>,
    /// How carelessly an area fills in the form: a multiplier for unanswered questions.
    careless: Vec<f64>,
}

impl<'a> AnswerGenerator<'a> {
    fn new(
        recipe: &'a Recipe,
        questionnaire: &'a Questionnaire,
        places: &'a [&'a Place],
        rng: &'a mut Rng,
    ) -> Self {
        let mut people = Vec::new();
        let mut careless = Vec::new();
        // One area in a hundred sends next to nothing.
        let nearly_empty = if places.is_empty() { 0 } else { rng.usize(0..places.len().min(100)) };
        for position in 0..places.len() {
            let area = normal(rng);
            let factor = if rng.u32(0..6) == 0 { 2.5 } else { 0.7 };
            let mut respondents = BTreeMap::from([(Respondent::StrategicLead, area)]);
            for (s, sector) in questionnaire.sectors.iter().enumerate() {
                let silent = recipe.silent.get(&sector.id).copied().unwrap_or_default() * factor;
                let latent = 0.55 * area + 0.835 * normal(rng);
                let mute = position % 100 == nearly_empty && s != 2;
                if rng.f64() * 100.0 >= silent && !mute {
                    respondents.insert(Respondent::Manager(SectorIndex(s)), latent);
                }
            }
            people.push(respondents);
            careless.push(factor);
        }
        let submissions = (0..places.len()).map(|area| Submission::new(AreaIndex(area))).collect();
        Self { recipe, questionnaire, places, rng, submissions, people, careless }
    }

    /// Answers a closed question: first decides who answers at all, then fills exact shares in order of a score.
    fn closed(&mut self, index: QuestionIndex, recipe: &QuestionRecipe) {
        let question = &self.questionnaire[index];
        let mut base = Vec::new();
        for area in 0..self.places.len() {
            for key in Submission::places(self.questionnaire, index) {
                let Some(latent) = self.people[area].get(&key.respondent).copied() else { continue };
                if !self.submissions[area].is_asked(self.questionnaire, key.respondent, index) {
                    continue;
                }
                let draw = self.rng.f64() * 100.0;
                let unanswered = recipe.unanswered * self.careless[area];
                if draw < unanswered {
                    continue;
                }
                if draw < unanswered + recipe.not_applicable {
                    self.submissions[area].insert(key, Answer::NotApplicable);
                    continue;
                }
                let sector = match key.respondent {
                    Respondent::Manager(sector) => Some(sector),
                    Respondent::StrategicLead => key.item,
                };
                let by_sector = sector.and_then(|s| recipe.tilt.get(&self.questionnaire[s].id));
                let tilt = by_sector.copied().unwrap_or_default()
                    + recipe.tilt.get(&self.places[area].region).copied().unwrap_or_default();
                base.push(Candidate { area, key, lean: tilt + recipe.link * latent, score: 0.0 });
            }
        }
        let spread = (1.0 - recipe.link * recipe.link).max(0.0).sqrt();
        match question.kind {
            QuestionKind::Multiple => self.multiple(question, recipe, &mut base, spread),
            QuestionKind::Single | QuestionKind::Grid => self.single(question, recipe, base, spread),
            QuestionKind::Text => {}
        }
    }

    fn single(
        &mut self,
        question: &Question,
        recipe: &QuestionRecipe,
        mut base: Vec<Candidate>,
        spread: f64,
    ) {
        let quota = |id: &str, of: usize| quota(recipe.share.get(id).copied().unwrap_or_default(), of);
        let all = base.len();
        // Not knowing has little to do with how far someone has got.
        self.rng.shuffle(&mut base);
        let known = base.split_off(quota("dont-know", all).min(all));
        for candidate in base {
            self.submissions[candidate.area].insert(candidate.key, Answer::DontKnow);
        }
        let known = self.ranked(known, spread);
        let mut rest = known.into_iter();
        let last = question.options.len() - 1;
        for (option, declared) in question.options.iter().enumerate() {
            let number = if option == last { usize::MAX } else { quota(&declared.id, all) };
            for candidate in rest.by_ref().take(number) {
                self.submissions[candidate.area].insert(candidate.key, Answer::Chosen(OptionSet::of(option)));
            }
        }
    }

    fn multiple(
        &mut self,
        question: &Question,
        recipe: &QuestionRecipe,
        base: &mut [Candidate],
        spread: f64,
    ) {
        let mut chosen: BTreeMap<(usize, AnswerKey), OptionSet> = BTreeMap::new();
        for (option, declared) in question.options.iter().enumerate() {
            let Some(share) = recipe.share.get(&declared.id) else { continue };
            let number = quota(*share, base.len());
            for candidate in self.ranked(base.to_vec(), spread).into_iter().take(number) {
                let options = chosen.entry((candidate.area, candidate.key)).or_default();
                *options = options.union(OptionSet::of(option));
            }
        }
        let none = question.option("none").map(OptionSet::of);
        for candidate in base {
            let options = chosen.remove(&(candidate.area, candidate.key)).or(none);
            if let Some(options) = options {
                self.submissions[candidate.area].insert(candidate.key, Answer::Chosen(options));
            }
        }
    }

    /// Candidates by descending score; the weaker the link, the more is left to chance.
    fn ranked(&mut self, mut candidates: Vec<Candidate>, spread: f64) -> Vec<Candidate> {
        for candidate in &mut candidates {
            candidate.score = candidate.lean + spread * normal(self.rng);
        }
        candidates
            .sort_by(|a, b| b.score.total_cmp(&a.score).then(a.area.cmp(&b.area)).then(a.key.cmp(&b.key)));
        candidates
    }

    fn text(&mut self, index: QuestionIndex) {
        let comments = &self.recipe.comments;
        for area in 0..self.places.len() {
            for key in Submission::places(self.questionnaire, index) {
                if !self.people[area].contains_key(&key.respondent) {
                    continue;
                }
                let lead = key.respondent == Respondent::StrategicLead;
                if self.rng.f64() * 100.0 < if lead { comments.lead } else { comments.manager } {
                    let text = comments.text[self.rng.usize(0..comments.text.len())].clone();
                    self.submissions[area].insert(key, Answer::Text(text.into()));
                }
            }
        }
    }

    /// Adjusts the share of a measure in one region or sector by exchanging answers with respondents outside it: in the
    /// same sector of another region, or in another sector of the same region.
    fn adjust_share(&mut self, meet: &Meet) {
        let Some(measure) = self.questionnaire.measure(&meet.measure) else { return };
        let keys = Submission::places(self.questionnaire, self.questionnaire.question_of(measure));
        let everybody = (0..self.places.len()).flat_map(|area| keys.iter().map(move |key| (area, *key)));
        let (mut inside, mut outside): (Vec<_>, Vec<_>) = everybody
            .filter(|(area, key)| self.cells(measure, *area, *key).is_some())
            .partition(|(area, key)| {
                let sector = match key.respondent {
                    Respondent::Manager(sector) => self.questionnaire[sector].id.as_str(),
                    Respondent::StrategicLead => "",
                };
                self.places[*area].region == meet.group || sector == meet.group
            });
        self.rng.shuffle(&mut inside);
        self.rng.shuffle(&mut outside);
        let counted = |generator: &Self, (area, key): (usize, AnswerKey)| {
            generator.cells(measure, area, key).is_some_and(|cells| !cells.is_empty())
        };
        let wanted = quota(meet.share, inside.len());
        let mut found = inside.iter().filter(|one| counted(self, **one)).count();
        let by_region = self.places.iter().any(|place| place.region == meet.group);
        for one in &inside {
            let (count, more) = (counted(self, *one), found < wanted);
            if found == wanted || count == more {
                continue;
            }
            let partner = outside.iter().find(|other| {
                let near = if by_region {
                    other.1 == one.1
                } else {
                    self.places[other.0].region == self.places[one.0].region
                };
                near && counted(self, **other) != count
            });
            if let Some(partner) = partner.copied() {
                self.exchange(*one, partner);
                found = if more { found + 1 } else { found - 1 };
            }
        }
    }

    /// Adjusts the shares of a tally by exchanging answers to one of its questions between two managers of the same
    /// sector and region, which leaves the question's own figures unchanged in every group.
    fn adjust_tally(&mut self, joint: &Joint) {
        let Some(measure) = self.questionnaire.measure(&joint.measure) else { return };
        let Definition::Tally { of, .. } = &self.questionnaire[measure].definition else { return };
        let questions: Vec<QuestionIndex> = of.iter().map(|m| self.questionnaire.question_of(*m)).collect();
        let cells = &self.questionnaire[measure].cells;
        let mut counts = vec![0_i64; cells.len()];
        for area in 0..self.places.len() {
            for key in Submission::places(self.questionnaire, questions[0]) {
                self.cells(measure, area, key).into_iter().flatten().for_each(|cell| counts[cell] += 1);
            }
        }
        let base: i64 = counts.iter().sum();
        let wanted: Vec<Option<i64>> = cells
            .iter()
            .map(|cell| joint.share.get(&cell.id).map(|share| quota(*share, base as usize) as i64))
            .collect();
        // Close enough for the percentage to round to the share.
        let slack = base * 3 / 1000;
        let distance = |counts: &[i64]| -> i64 {
            let apart =
                |(count, wanted): (&i64, &Option<i64>)| Some(((count - (*wanted)?).abs() - slack).max(0));
            counts.iter().zip(&wanted).filter_map(apart).sum()
        };
        let sectors = self.questionnaire.sectors.len();
        for _ in 0..EXCHANGES {
            if distance(&counts) == 0 || self.places.len() < 2 {
                break;
            }
            let question = questions[self.rng.usize(0..questions.len())];
            let respondent = Respondent::Manager(SectorIndex(self.rng.usize(0..sectors)));
            let key = AnswerKey { respondent, question, item: None };
            let (a, b) = (self.rng.usize(0..self.places.len()), self.rng.usize(0..self.places.len()));
            if a == b || self.places[a].region != self.places[b].region || !self.exchangeable(a, b, key) {
                continue;
            }
            let mut after = counts.clone();
            let pair = [a, b];
            pair.iter()
                .filter_map(|area| self.cells(measure, *area, key))
                .flatten()
                .for_each(|cell| after[cell] -= 1);
            self.exchange((a, key), (b, key));
            pair.iter()
                .filter_map(|area| self.cells(measure, *area, key))
                .flatten()
                .for_each(|cell| after[cell] += 1);
            if distance(&after) <= distance(&counts) {
                counts = after
            } else {
                self.exchange((a, key), (b, key))
            }
        }
    }

    fn cells(&self, measure: MeasureIndex, area: usize, key: AnswerKey) -> Option<Vec<usize>> {
        outcome(self.questionnaire, &self.submissions[area], measure, key)
    }

    /// True when both chose an option.
    fn exchangeable(&self, a: usize, b: usize, key: AnswerKey) -> bool {
        let chose = |area: usize| matches!(self.submissions[area].get(key), Some(Answer::Chosen(_)));
        chose(a) && chose(b)
    }

    /// Exchanges two respondents' answers to a question, along with their answers to the questions that it leads to.
    fn exchange(&mut self, one: (usize, AnswerKey), other: (usize, AnswerKey)) {
        let asked = one.1.question;
        let follows = |q: &Question| q.route.as_ref().is_some_and(|route| route.question == asked);
        let questions = self.questionnaire.questions.iter().enumerate();
        let with: Vec<QuestionIndex> = questions
            .filter(|(q, question)| QuestionIndex(*q) == asked || follows(question))
            .map(|(q, _)| QuestionIndex(q))
            .collect();
        for question in with {
            let (a, b) = (AnswerKey { question, ..one.1 }, AnswerKey { question, ..other.1 });
            let of_one = self.submissions[one.0].remove(a);
            let of_other = self.submissions[other.0].remove(b);
            if let Some(answer) = of_one {
                self.submissions[other.0].insert(b, answer);
            }
            if let Some(answer) = of_other {
                self.submissions[one.0].insert(a, answer);
            }
        }
    }
}

/// Someone in the base of a question, and how far they lean towards the options listed first.
#[derive(Clone)]
struct Candidate {
    area: usize,
    key: AnswerKey,
    lean: f64,
    score: f64,
}

/// The whole number nearest to a percentage of a base.
fn quota(percent: f64, base: usize) -> usize {
    (percent * base as f64 / 100.0).round() as usize
}

/// A roughly normal draw, as the sum of twelve uniform ones, which avoids functions that differ between platforms.
fn normal(rng: &mut Rng) -> f64 {
    (0..12).map(|_| rng.f64()).sum::<f64>() - 6.0
}

/// The text of a submission file.
fn file(questionnaire: &Questionnaire, submission: &Submission) -> Result<String, csv::Error> {
    let mut rows = Vec::new();
    for (key, answer) in submission.iter() {
        let question = &questionnaire[key.question];
        let respondent = match key.respondent {
            Respondent::StrategicLead => "strategic-lead",
            Respondent::Manager(sector) => &questionnaire[sector].id,
        };
        let item = key.item.map_or("", |sector| &questionnaire[sector].id);
        let answers = match answer {
            Answer::Chosen(options) => options.iter().map(|o| question.options[o].id.clone()).collect(),
            Answer::Text(text) => vec![text.to_string()],
            Answer::DontKnow => vec!["dont-know".to_owned()],
            Answer::NotApplicable => vec!["not-applicable".to_owned()],
            Answer::NotAnswered | Answer::NotAsked => Vec::new(),
        };
        for answer in answers {
            rows.push([respondent.to_owned(), question.id.clone(), item.to_owned(), answer]);
        }
    }
    table(&["respondent", "question", "item", "answer"], rows)
}
