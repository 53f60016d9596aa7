use super::args::DemoArguments;
use super::exit::{Exit, Failure};
use super::terminal::Terminal;
use area_reports::aggregate::{aggregate, reconcile};
use area_reports::check::CheckedEvaluation;
use area_reports::{fs, pipeline, synthetic};

/// Most attempts to make an evaluation: by chance, a sector that the published findings rank first can come second.
const ATTEMPTS: u32 = 20;

/// `demo`: makes an evaluation with made-up answers.
pub(super) fn demo(arguments: &DemoArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let folder = &arguments.folder;
    if folder.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Failure::usage(format!("{} is not empty", folder.display()))
            .hint("name a folder that does not exist yet"));
    }
    for attempt in 0..ATTEMPTS {
        let files = synthetic::evaluation(arguments.areas, arguments.seed, attempt)?;
        for file in &files {
            fs::write(&folder.join(&file.path), file.text.as_bytes())?;
        }
        let checked = pipeline::load(folder)?;
        let holds = |made: &CheckedEvaluation| reconcile(made, &aggregate(made)).iter().all(|row| row.holds);
        if checked.value.as_ref().is_none_or(holds) {
            break;
        }
    }
    terminal.line(format_args!(
        "Made {} with {} made-up submissions (seed {}).",
        folder.display(),
        arguments.areas,
        arguments.seed
    ));
    terminal.next(format_args!("area-reports build {}", folder.display()));
    Ok(Exit::Done)
}
