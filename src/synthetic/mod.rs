//! Made-up evaluations of any size, for demonstrations, tests and benchmarks.
//!
//! Nothing specific to the demonstration evaluation is here: it is in the files of its folder, which are built into the
//! program, and above all in `synthetic.toml`.

mod answers;
mod places;
mod recipe;

use fastrand::Rng;

use crate::check;
use crate::model::Status;
use crate::problem::Problem;
use crate::read;
use recipe::Recipe;

/// The seed of the committed demonstration evaluation.
pub const SEED: u64 = 3;

/// A file in a made-up evaluation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeFile {
    /// Its path in the evaluation folder.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// A file of the demonstration evaluation that is built into the program.
macro_rules! fixture {
    ($path:literal) => {
        ($path, include_str!(concat!("../../fixtures/integrated-working-2008/", $path)))
    };
}

/// The files that every made-up evaluation shares.
const SHARED: [(&str, &str); 27] = [
    fixture!("evaluation.toml"),
    fixture!("questionnaire.toml"),
    fixture!("synthetic.toml"),
    fixture!("questionnaire.cy.toml"),
    fixture!("wording/README.md"),
    fixture!("wording/abbreviations.md.j2"),
    fixture!("wording/cover.md.j2"),
    fixture!("wording/cy/NOTES.md"),
    fixture!("wording/cy/abbreviations.md.j2"),
    fixture!("wording/cy/cover.md.j2"),
    fixture!("wording/cy/glossary.md.j2"),
    fixture!("wording/cy/national/headline.md.j2"),
    fixture!("wording/cy/national/summary.md.j2"),
    fixture!("wording/cy/sections/caf.md.j2"),
    fixture!("wording/cy/sections/information-sharing.md.j2"),
    fixture!("wording/cy/sections/lead-professional.md.j2"),
    fixture!("wording/cy/sections/overview.md.j2"),
    fixture!("wording/cy/sections/teams.md.j2"),
    fixture!("wording/cy/unread.txt"),
    fixture!("wording/glossary.md.j2"),
    fixture!("wording/national/headline.md.j2"),
    fixture!("wording/national/summary.md.j2"),
    fixture!("wording/sections/caf.md.j2"),
    fixture!("wording/sections/information-sharing.md.j2"),
    fixture!("wording/sections/lead-professional.md.j2"),
    fixture!("wording/sections/overview.md.j2"),
    fixture!("wording/sections/teams.md.j2"),
];
const PUBLISHED: (&str, &str) = fixture!("published.csv");
const REGISTER: (&str, &str) = fixture!("register.csv");

/// The error when the files built into the program cannot be used, which is a bug.
#[derive(Debug, thiserror::Error)]
pub enum SyntheticError {
    /// A file of the demonstration evaluation is invalid.
    #[error("a file of the demonstration evaluation is wrong: {0}")]
    Fixture(Box<Problem>),
    /// A table could not be written.
    #[error("a table could not be written")]
    Csv(#[from] csv::Error),
}

/// The number of completed areas in the real register, which is the size of the committed demonstration evaluation.
pub fn real_size() -> usize {
    recipe().map_or(0, |recipe| recipe.completed)
}

/// Makes an evaluation in which `areas` areas completed the assessment. The same arguments always give the same files;
/// a different `attempt` gives different answers.
///
/// With the real number of areas, the register is the real one and the published figures hold; with fewer, the
/// remaining areas do not take part; with more, areas and regions are invented.
///
/// # Errors
/// Only if there is a bug in the program.
pub fn evaluation(areas: usize, seed: u64, attempt: u32) -> Result<Vec<MadeFile>, SyntheticError> {
    let recipe = recipe()?;
    let mut problems = Vec::new();
    let raw = read::questionnaire_of(SHARED[1].1, &mut problems);
    let questionnaire = raw.and_then(|raw| check::questionnaire_of(&raw, &mut problems));
    let Some(questionnaire) = questionnaire else { return Err(defect(problems)) };
    let mut rng = Rng::with_seed(seed);
    let register = places::register(&recipe, REGISTER.1, areas, &mut rng)?;
    let mut files: Vec<MadeFile> = SHARED
        .iter()
        .map(|(path, text)| MadeFile { path: (*path).to_owned(), text: (*text).to_owned() })
        .collect();
    // Evaluations with different answers must not share their runs.
    if (areas, seed) != (recipe.completed, SEED) {
        let id = format!("id = \"demonstration-{areas}-{seed}\"");
        files[0].text = files[0].text.lines().fold(String::new(), |text, line| {
            text + if line.starts_with("id = ") { &id } else { line } + "\n"
        });
    }
    if areas == recipe.completed {
        files.push(MadeFile { path: PUBLISHED.0.to_owned(), text: PUBLISHED.1.to_owned() });
    }
    files.push(MadeFile { path: REGISTER.0.to_owned(), text: places::register_file(&register)? });
    let completed: Vec<&places::Place> =
        register.iter().filter(|place| place.status == Status::Completed).collect();
    let recipients = places::recipients_file(&recipe, &questionnaire, &completed, &mut rng)?;
    files.push(MadeFile { path: read::RECIPIENTS.to_owned(), text: recipients });
    if attempt > 0 {
        rng = Rng::with_seed(seed.wrapping_add(u64::from(attempt) << 32));
    }
    files.extend(answers::submissions(&recipe, &questionnaire, &completed, &mut rng)?);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn recipe() -> Result<Recipe, SyntheticError> {
    let mut problems = Vec::new();
    read::toml_of("synthetic.toml", SHARED[2].1, &mut problems).ok_or_else(|| defect(problems))
}

fn defect(problems: Vec<Problem>) -> SyntheticError {
    let unknown =
        || Problem::error("fixture", crate::problem::Place::file("synthetic.toml"), "it cannot be read");
    SyntheticError::Fixture(Box::new(problems.into_iter().next().unwrap_or_else(unknown)))
}
