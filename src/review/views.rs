use std::path::{Component, Path, PathBuf};

use serde::Serialize;

use super::change::{Fate, PageChange, ReportChange, Version};
use super::comparison::Review;
use super::group::{ChangeGroup, GroupFigure, GroupWords};
use super::look::Look;
use super::pictures::Pictures;
use super::pixels::Rectangle;
use super::side::{Key, Side};
use super::verdict::ReviewedContent;
use super::words::WordChange;
use crate::publish::{FigureChange, PrintedFigure, Scope};

/// A group as the review page shows it.
#[derive(Debug, Serialize)]
pub(super) struct GroupView {
    id: String,
    risk: &'static str,
    title: String,
    size: String,
    causes: Vec<String>,
    exception: bool,
    reports: Vec<usize>,
    figures: Vec<ChangedFigureView>,
    words: Vec<GroupWords>,
    looks: Vec<String>,
}

/// A report as the review page shows it.
#[derive(Debug, Serialize)]
pub(super) struct ReportView {
    #[serde(flatten)]
    key: Key,
    name: String,
    region: String,
    fate: String,
    /// Who is to receive the new version.
    recipients: Vec<String>,
    /// What a verdict applies to; `None` if there is nothing to approve.
    seen: Option<ReviewedContent>,
    /// Path of the old version, relative to the page.
    was: Option<String>,
    /// Path of the new version, relative to the page.
    is: Option<String>,
    pages_was: usize,
    pages_is: usize,
    /// The figures of this report alone.
    figures: Vec<ChangedFigureView>,
    /// How many figures it shares with other reports; the groups list them.
    shared: usize,
    words: Vec<WordChange>,
    more_words: usize,
    pages: Vec<PageView>,
    groups: Vec<usize>,
}

#[derive(Debug, Serialize)]
struct ChangedFigureView {
    about: String,
    name: String,
    was: String,
    is: String,
    kind: &'static str,
    /// How many reports of the group have it; `None` for a figure of a single report.
    #[serde(skip_serializing_if = "Option::is_none")]
    reports: Option<usize>,
    /// True if its values differ within the group.
    varies: bool,
}

#[derive(Debug, Serialize)]
struct PageView {
    was: Option<usize>,
    is: Option<usize>,
    looks: Vec<String>,
    pixels: usize,
    boxes: Vec<Rectangle>,
    /// Position of its picture, if it has one.
    picture: Option<usize>,
}

/// What the views of all reports are made from.
pub(super) struct ReportViews<'v> {
    pub(super) old: &'v Side,
    pub(super) new: &'v Side,
    pub(super) review: &'v Review,
    /// The folder of the page.
    pub(super) folder: &'v Path,
    pub(super) pictures: &'v Pictures,
}

/// The most words that are listed for a report; its pages show the rest.
const MOST_WORDS: usize = 40;

impl GroupView {
    pub(super) fn of(group: &ChangeGroup, changes: &[ReportChange]) -> Self {
        let name = |code: &str| {
            let changed = changes.iter().find(|change| change.key.subject() == code);
            changed.map(|change| change.name.clone()).unwrap_or_default()
        };
        Self {
            id: group.id.clone(),
            risk: group.risk.words(),
            title: group.title(changes),
            size: group.size(changes),
            causes: group.causes.iter().map(|cause| cause.words(name)).collect(),
            exception: group.exception,
            reports: group.reports.clone(),
            figures: group.figures.iter().map(ChangedFigureView::of_group).collect(),
            words: group.words.clone(),
            looks: group.looks.iter().map(Look::words).collect(),
        }
    }
}

impl ReportViews<'_> {
    pub(super) fn all(&self) -> Vec<ReportView> {
        let changes = self.review.changes.iter().enumerate();
        changes.map(|(position, change)| self.view(position, change)).collect()
    }

    fn view(&self, position: usize, change: &ReportChange) -> ReportView {
        let is_shared = |figure: &&FigureChange| matches!(figure.scope, Scope::Group(_));
        let pages = |version: &Option<Version>| version.as_ref().map_or(0, |version| version.pages);
        let groups = self.review.groups.iter().enumerate();
        let groups = groups.filter(|(_, group)| group.reports.contains(&position)).map(|(at, _)| at);
        let page_view = |(number, page)| PageView::of(page, self.pictures.position(position, number));
        ReportView {
            key: change.key.clone(),
            name: change.label(),
            region: change.region.clone(),
            fate: fate(&change.fate),
            recipients: self.recipients(change),
            seen: self.seen(change),
            was: self.path(self.old, change.was.as_ref()),
            is: self.path(self.new, change.is.as_ref()),
            pages_was: pages(&change.was),
            pages_is: pages(&change.is),
            figures: change
                .figures
                .iter()
                .filter(|f| !is_shared(f))
                .map(ChangedFigureView::of_report)
                .collect(),
            shared: change.figures.iter().filter(is_shared).count(),
            words: change.words.iter().take(MOST_WORDS).cloned().collect(),
            more_words: change.words.len().saturating_sub(MOST_WORDS),
            pages: change.pages.iter().enumerate().map(page_view).collect(),
            groups: groups.collect(),
        }
    }

    fn seen(&self, change: &ReportChange) -> Option<ReviewedContent> {
        let entry = self.new.manifest.as_ref()?.entry(change.key.edition()?)?;
        entry.outcome.is_made().then(|| ReviewedContent::of(entry))
    }

    fn recipients(&self, change: &ReportChange) -> Vec<String> {
        let listed = || {
            let id = change.key.edition()?;
            let entry = self.new.manifest.as_ref()?.entry(id)?;
            self.new.addressees.listed(&id.report, &entry.recipients)
        };
        listed().unwrap_or_default()
    }

    fn path(&self, side: &Side, version: Option<&Version>) -> Option<String> {
        version.map(|version| relative(self.folder, &side.folder.join(&version.file)))
    }
}

impl ChangedFigureView {
    fn of_group(figure: &GroupFigure) -> Self {
        Self { reports: Some(figure.reports), varies: figure.varies, ..Self::of_report(&figure.change) }
    }

    fn of_report(figure: &FigureChange) -> Self {
        Self {
            about: about(&figure.scope),
            name: name(&figure.id, &figure.measure, &figure.sector),
            was: text(&figure.was),
            is: text(&figure.is),
            kind: figure.kind.words(),
            reports: None,
            varies: false,
        }
    }
}

impl PageView {
    fn of(page: &PageChange, picture: Option<usize>) -> Self {
        Self {
            was: page.was,
            is: page.is,
            looks: page.looks_beyond_words().map(Look::words).collect(),
            pixels: page.difference.as_ref().map_or(0, |found| found.pixels),
            boxes: page.difference.iter().flat_map(|found| found.boxes.clone()).collect(),
            picture,
        }
    }
}

fn fate(fate: &Fate) -> String {
    match fate {
        Fate::Changed => "changed".to_owned(),
        Fate::New => "new".to_owned(),
        Fate::Removed => "gone".to_owned(),
        Fate::Failed(why) => format!("not made: {why}"),
        Fate::Unreadable(why) => format!("cannot be read: {why}"),
    }
}

fn text(figure: &Option<PrintedFigure>) -> String {
    figure.as_ref().map(PrintedFigure::to_string).unwrap_or_default()
}

fn about(scope: &Scope) -> String {
    match scope {
        Scope::Own => "the area".to_owned(),
        Scope::Group(group) => group.clone(),
        Scope::Place => "numbers of areas or people".to_owned(),
    }
}

fn name(id: &str, measure: &str, sector: &str) -> String {
    let name = if measure.is_empty() { id } else { measure };
    if sector.is_empty() { name.to_owned() } else { format!("{name}, {sector}") }
}

/// The path from a folder to a file, as links on a page in that folder give it.
fn relative(folder: &Path, file: &Path) -> String {
    let absolute = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let (folder, file) = (absolute(folder), absolute(file));
    let from: Vec<Component<'_>> = folder.components().collect();
    let to: Vec<Component<'_>> = file.components().collect();
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n(Component::ParentDir, from.len() - common);
    let path: PathBuf = up.chain(to[common..].iter().copied()).collect();
    let escaped = |part: Component<'_>| {
        let text = part.as_os_str().to_string_lossy().into_owned();
        // Characters with a special meaning in a link.
        text.replace('%', "%25").replace('#', "%23").replace('?', "%3F").replace(' ', "%20")
    };
    path.components().map(escaped).collect::<Vec<_>>().join("/")
}
