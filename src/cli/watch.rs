use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use notify::{EventKind, RecursiveMode, Watcher};

use super::args::WatchArguments;
use super::build::{renderer, templates};
use super::check::load;
use super::exit::{Exit, Failure};
use super::output::output;
use super::selection::report_of;
use super::terminal::Terminal;
use area_reports::fs;
use area_reports::model::{Kind, Language, Subject};
use area_reports::pipeline::{BuildError, Preview};
use area_reports::publish::Outcome;
use area_reports::render::Renderer;

/// How long there must be no changes before a file counts as saved: editors write files in several steps.
const QUIET: Duration = Duration::from_millis(25);

/// `watch`: remakes one report whenever one of its files is saved, until interrupted.
pub(super) fn watch(arguments: &WatchArguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let (sender, changes) = channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // Reading a file is not a change, and a send fails only if nobody is listening any more.
        if let Ok(event) = event
            && !matches!(event.kind, EventKind::Access(_))
        {
            drop(sender.send(event.paths));
        }
    })?;
    let mut watched = Watched::open(arguments)?;
    for folder in std::iter::once(&arguments.evaluation).chain(&arguments.templates) {
        watcher.watch(folder, RecursiveMode::Recursive)?;
    }
    let file = watched.make(terminal);
    if let Some(file) = file.filter(|_| arguments.open) {
        open::that_detached(file)?;
    }
    terminal.note(format_args!("Watching {}. Stop with Ctrl-C.", watched.folders()));
    while let Some(paths) = saved(&changes) {
        match watched.reload(&paths) {
            Ok(()) => drop(watched.make(terminal)),
            // The last good report stays, and the next change may fix the problem.
            Err(failure) => terminal.failure(&failure),
        }
    }
    Ok(Exit::Done)
}

/// The paths that changed, once changes have stopped; `None` if there can be no more.
fn saved(changes: &Receiver<Vec<PathBuf>>) -> Option<Vec<PathBuf>> {
    let mut paths = changes.recv().ok()?;
    loop {
        match changes.recv_timeout(QUIET) {
            Ok(more) => paths.extend(more),
            Err(RecvTimeoutError::Timeout) => return Some(paths),
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
}

/// One report, and what it is made from.
struct Watched<'a> {
    arguments: &'a WatchArguments,
    preview: Preview,
    renderer: Renderer,
    report: (Kind, Subject),
    folder: PathBuf,
}

impl<'a> Watched<'a> {
    fn open(arguments: &'a WatchArguments) -> Result<Self, Failure> {
        let preview = preview(&arguments.evaluation)?;
        let renderer = Self::renderer(arguments, &preview)?;
        let report = report_of(&arguments.report, preview.evaluation())?;
        let folder = output(arguments.out.as_deref(), &arguments.evaluation).folder().join("watch");
        Ok(Self { arguments, preview, renderer, report, folder })
    }

    fn folders(&self) -> String {
        let folders = std::iter::once(&self.arguments.evaluation).chain(&self.arguments.templates);
        let folders: Vec<String> = folders.map(|folder| folder.display().to_string()).collect();
        folders.join(" and ")
    }

    /// Rereads what changed: only the templates, if nothing else did.
    fn reload(&mut self, paths: &[PathBuf]) -> Result<(), Failure> {
        let folder = self.arguments.templates.as_deref().and_then(|folder| folder.canonicalize().ok());
        let of_templates = |path: &PathBuf| {
            let path = path.canonicalize().unwrap_or_else(|_| path.clone());
            folder.as_ref().is_some_and(|folder| path.starts_with(folder))
        };
        if !paths.iter().all(of_templates) {
            self.preview = preview(&self.arguments.evaluation)?;
            self.report = report_of(&self.arguments.report, self.preview.evaluation())?;
        }
        self.renderer = Self::renderer(self.arguments, &self.preview)?;
        Ok(())
    }

    fn renderer(arguments: &WatchArguments, preview: &Preview) -> Result<Renderer, Failure> {
        let templates = templates(arguments.templates.as_deref())?;
        renderer(&templates, preview.evaluation(), Self::language(arguments, preview))
    }

    fn language<'l>(arguments: &'l WatchArguments, preview: &'l Preview) -> &'l Language {
        arguments.language.as_ref().unwrap_or(&preview.evaluation().settings.language)
    }

    /// Makes the report and says how it went; after an error, the last good one stays.
    fn make(&self, terminal: &mut Terminal) -> Option<PathBuf> {
        let name = &self.preview.evaluation().subject_name(self.report.1);
        let begun = super::now();
        let dress = (Self::language(self.arguments, &self.preview), self.arguments.format);
        let made = self.preview.report(&self.renderer, super::now, self.report, dress);
        let milliseconds = super::now().duration_since(begun).as_millis();
        match made {
            Ok(made) => {
                let file = self.folder.join(&made.file);
                if let Err(error) = fs::replace(&file, &made.document.bytes) {
                    terminal.failure(&error.into());
                    return None;
                }
                terminal.line(format_args!(
                    "{name}: {} pages in {milliseconds} ms: {}",
                    made.document.pages.unwrap_or_default(),
                    file.display()
                ));
                Some(file)
            }
            Err(outcome) => {
                let text = match outcome {
                    Outcome::Template { problem } => format!("a template does not fit {name}\n  {problem}"),
                    Outcome::Unproven { doubts } => {
                        format!("the report for {name} failed its checks\n  {}", doubts.join("\n  "))
                    }
                    other => other.reason(),
                };
                terminal.failure(&Failure::usage(text).hint("the last good report stays; save again"));
                None
            }
        }
    }
}

/// Reads an evaluation and counts its answers.
fn preview(folder: &Path) -> Result<Preview, Failure> {
    let Some(evaluation) = load(folder)?.value else {
        return Err(Failure::usage("nothing can be made from this evaluation")
            .hint(format!("area-reports check {} shows why", folder.display())));
    };
    Preview::new(evaluation).map_err(|error| match error {
        BuildError::Disclosure(_) => Failure::new(Exit::Usage, &error)
            .hint(format!("area-reports build {} shows which", folder.display())),
        error => Failure::new(Exit::Defect, &error),
    })
}
