use std::path::{Path, PathBuf};

use super::exit::Failure;
use area_reports::publish::{Link, Output};

/// The output folder of an evaluation: the one given, or else one in `build/`.
pub(super) fn output(named: Option<&Path>, evaluation: &Path) -> Output {
    let usual = || Path::new("build").join(area_reports::read::id_of(evaluation));
    Output::new(named.map_or_else(usual, Path::to_owned))
}

/// The output folder that a path refers to: the folder itself, or that of the evaluation.
pub(super) fn output_of(path: &Path) -> Result<Output, Failure> {
    if Output::is_one(path) {
        return Ok(Output::new(path.to_owned()));
    }
    if path.join("evaluation.toml").is_file() {
        return Ok(output(None, path));
    }
    Err(Failure::usage(format!("{} is neither an evaluation nor a folder of runs", path.display()))
        .hint("to compare two runs, folders or PDFs, name both"))
}

/// The run folder that a path refers to, with its output folder. For an evaluation or a folder of runs, it is `latest`.
pub(super) fn run_of(path: &Path) -> Result<(Output, PathBuf), Failure> {
    let is_run = path.join("manifest.json").is_file();
    let run = if is_run { path.to_owned() } else { output_of(path)?.link(Link::Latest) };
    let folder = run.canonicalize().map_err(|_| {
        Failure::usage(format!("there is no run in {} yet", path.display()))
            .hint("make one: area-reports build EVALUATION")
    })?;
    let output = Output::of_run(&folder)
        .ok_or_else(|| Failure::usage(format!("{} is not in a folder of runs", path.display())))?;
    Ok((output, folder))
}
