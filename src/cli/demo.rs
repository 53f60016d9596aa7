use super::args::DemoArguments;
use super::exit::{Exit, Failure};
use super::terminal::Terminal;
use crate::{fs, synthetic};

/// `demo`: makes an evaluation with made-up answers.
pub(super) fn demo(arguments: &DemoArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let folder = &arguments.folder;
    if folder.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Failure::usage(format!("{} is not empty", folder.display()))
            .hint("name a folder that does not exist yet"));
    }
    let files = synthetic::evaluation(arguments.areas, arguments.seed)
        .map_err(|error| Failure::new(Exit::Defect, &error))?;
    for file in &files {
        fs::write(&folder.join(&file.path), file.text.as_bytes())
            .map_err(|error| Failure::new(Exit::Machine, &error))?;
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
