use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use base64::Engine as _;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde::Serialize;

use super::Review;
use super::compare::{Fate, PageChange, ReportChange};
use super::figures::{FigureChange, Scope};
use super::group::Group;
use super::look::Look;
use super::pixels::Area;
use super::side::{Key, Side};
use super::verdict::Seen;
use super::words::WordChange;
use crate::fs;
use crate::pdf::{Drawable, Pen, Picture};

/// What the page for reviewers shows, ready for its template.
#[derive(Debug, Serialize)]
pub struct ReviewPage {
    /// What is compared with.
    old: String,
    /// What is compared.
    new: String,
    /// True when reports of a run are compared, so that decisions can be recorded.
    decides: bool,
    /// The name of the usual reviewer.
    reviewer: String,
    /// True when the answers are made up.
    synthetic: bool,
    unchanged: usize,
    groups: Vec<GroupView>,
    reports: Vec<ReportView>,
    pictures: Vec<PictureView>,
}

#[derive(Debug, Serialize)]
struct GroupView {
    id: String,
    risk: &'static str,
    title: String,
    size: String,
    causes: Vec<String>,
    exception: bool,
    reports: Vec<usize>,
    figures: Vec<FigureView>,
    words: Vec<super::group::GroupWords>,
    looks: Vec<String>,
}

#[derive(Debug, Serialize)]
struct FigureView {
    about: String,
    name: String,
    was: String,
    is: String,
    kind: &'static str,
    /// How many reports of the group have it; `None` for a figure of one report.
    #[serde(skip_serializing_if = "Option::is_none")]
    reports: Option<usize>,
    /// True when other reports of the group have other values.
    varies: bool,
}

#[derive(Debug, Serialize)]
struct ReportView {
    #[serde(flatten)]
    key: Key,
    name: String,
    region: String,
    fate: String,
    /// What a verdict binds to; `None` if there is nothing to approve.
    seen: Option<Seen>,
    /// Where the two versions are, seen from the page.
    was: Option<String>,
    is: Option<String>,
    pages_was: usize,
    pages_is: usize,
    /// The figures of this report alone.
    figures: Vec<FigureView>,
    /// How many figures it shares with others; they are told with the groups.
    shared: usize,
    words: Vec<WordChange>,
    more_words: usize,
    pages: Vec<PageView>,
    groups: Vec<usize>,
}

#[derive(Debug, Serialize)]
struct PageView {
    was: Option<usize>,
    is: Option<usize>,
    looks: Vec<String>,
    pixels: usize,
    boxes: Vec<Area>,
    /// Position of its picture, where there is one.
    picture: Option<usize>,
}

/// The part of a page round its changes, before and now.
#[derive(Debug, Serialize)]
struct PictureView {
    /// Data of the image; `None` if the page is new.
    was: Option<String>,
    /// Data of the image; `None` if the page is gone.
    is: Option<String>,
    /// Size of the page, and where the part begins and ends, in points.
    width: usize,
    top: usize,
    height: usize,
}

/// Most words that are told of a report; its pages show the rest.
const MOST_WORDS: usize = 40;

/// How finely pages are shown.
const DOTS_PER_INCH: f32 = 96.0;

/// How much is shown above and below a change, in points.
const MARGIN: usize = 36;

/// Reports of a group that are shown, of a group that stands apart, and pages of each.
const SHOWN: (usize, usize, usize) = (2, 5, 6);

/// Most pages that are shown at all: the page is to stay small enough to open at once.
const MOST_PICTURES: usize = 90;

/// Prepares the page for reviewers that is to stand in a folder.
pub fn page(old: &Side, new: &Side, review: &Review, folder: &Path) -> ReviewPage {
    let shown = shown(review);
    let drawn: Vec<(usize, usize, Option<PictureView>)> = shown
        .into_par_iter()
        .flat_map_iter(|(position, pages)| {
            let change = &review.changes[position];
            pictures(old, new, change, &pages)
                .into_iter()
                .map(move |(page, picture)| (position, page, picture))
        })
        .collect();
    let mut numbers = BTreeMap::new();
    let mut pictures = Vec::new();
    for (position, page, picture) in drawn {
        if let Some(picture) = picture {
            numbers.insert((position, page), pictures.len());
            pictures.push(picture);
        }
    }
    let name = |code: &str| {
        let changed = review.changes.iter().find(|change| change.key.subject() == code);
        changed.map(|change| change.name.clone()).unwrap_or_default()
    };
    let groups = review.groups.iter().map(|group| GroupView {
        id: group.id.clone(),
        risk: group.risk.words(),
        title: group.title(&review.changes),
        size: group.size(&review.changes),
        causes: group.causes.iter().map(|cause| cause.words(name)).collect(),
        exception: group.exception,
        reports: group.reports.clone(),
        figures: group.figures.iter().map(shared_figure).collect(),
        words: group.words.clone(),
        looks: group.looks.iter().map(Look::words).collect(),
    });
    let manifest = new.manifest.as_ref();
    ReviewPage {
        old: old.name.clone(),
        new: new.name.clone(),
        decides: manifest.is_some(),
        reviewer: manifest.map(|manifest| manifest.review.reviewer.clone()).unwrap_or_default(),
        synthetic: manifest.is_some_and(|manifest| manifest.synthetic),
        unchanged: review.unchanged,
        groups: groups.collect(),
        reports: review
            .changes
            .iter()
            .enumerate()
            .map(|(position, change)| {
                let groups = review.groups.iter().enumerate();
                let groups = groups.filter(|(_, group)| group.reports.contains(&position)).map(|(at, _)| at);
                let page = |page: usize| numbers.get(&(position, page)).copied();
                report(old, new, change, groups.collect(), folder, page)
            })
            .collect(),
        pictures,
    }
}

/// The pages that are shown: of the first reports of each group, those that deserve a look first.
fn shown(review: &Review) -> Vec<(usize, Vec<usize>)> {
    let mut shown: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut left = MOST_PICTURES;
    for group in &review.groups {
        let reports = if group.exception { SHOWN.1 } else { SHOWN.0 };
        for position in group.reports.iter().take(reports) {
            if shown.contains_key(position) {
                continue;
            }
            let pages = &review.changes[*position].pages;
            // The pages that this group is about come first.
            let drawn =
                |page: &usize| pages[*page].difference.is_some() || pages[*page].looks.contains(&Look::Page);
            let mut order: Vec<usize> = (0..pages.len()).filter(drawn).collect();
            order.sort_by_key(|page| !concerns(group, &pages[*page]));
            order.truncate(SHOWN.2.min(left));
            order.sort_unstable();
            left -= order.len();
            if !order.is_empty() {
                shown.insert(*position, order);
            }
        }
    }
    shown.into_iter().collect()
}

fn concerns(group: &Group, page: &PageChange) -> bool {
    if group.looks.is_empty() {
        page.after_words
    } else {
        page.looks.iter().any(|look| group.looks.contains(look))
    }
}

/// Draws pages of both versions of a report.
fn pictures(
    old: &Side,
    new: &Side,
    change: &ReportChange,
    pages: &[usize],
) -> Vec<(usize, Option<PictureView>)> {
    let open =
        |side: &Side, file: Option<&String>| Drawable::open(fs::read(&side.folder.join(file?)).ok()?).ok();
    let was = open(old, change.was.as_ref().map(|version| &version.file));
    let is = open(new, change.is.as_ref().map(|version| &version.file));
    let (was, is) = (was.as_ref().map(Drawable::pen), is.as_ref().map(Drawable::pen));
    let picture = |page: usize| {
        let change = &change.pages[page];
        let draw = |pen: &Option<Pen<'_>>, page: Option<usize>| pen.as_ref()?.draw(page? - 1, DOTS_PER_INCH);
        let (was, is) = (draw(&was, change.was), draw(&is, change.is));
        let any = is.as_ref().or(was.as_ref())?;
        let points = |pixels: usize| (pixels as f32 * 72.0 / DOTS_PER_INCH).round() as usize;
        let page_height = points(any.height);
        let boxes = change.difference.as_ref().map_or(&[][..], |found| &found.boxes);
        let top = boxes.iter().map(|area| area.y).min().unwrap_or(0).saturating_sub(MARGIN);
        let foot = boxes.iter().map(|area| area.y + area.height).max().unwrap_or(page_height) + MARGIN;
        let foot = foot.min(page_height);
        let cut = |picture: &Picture| encoded(picture, top, foot);
        Some(PictureView {
            was: was.as_ref().and_then(cut),
            is: is.as_ref().and_then(cut),
            width: points(any.width),
            top,
            height: foot.saturating_sub(top),
        })
    };
    pages.iter().map(|page| (*page, picture(*page))).collect()
}

/// A strip of a picture as a small image without loss but for the last bits of its colours.
fn encoded(picture: &Picture, top: usize, foot: usize) -> Option<String> {
    let pixels = |points: usize| (points as f32 * DOTS_PER_INCH / 72.0).round() as usize;
    let (first, last) = (pixels(top).min(picture.height), pixels(foot).min(picture.height));
    let line = picture.width * 3;
    let strip: Vec<u8> =
        picture.pixels[first * line..last * line].iter().map(|value| sixteenth(*value)).collect();
    let (width, height) = (u32::try_from(picture.width).ok()?, u32::try_from(last - first).ok()?);
    let mut bytes = Vec::new();
    image_webp::WebPEncoder::new(&mut bytes)
        .encode(&strip, width, height, image_webp::ColorType::Rgb8)
        .ok()?;
    Some(format!("data:image/webp;base64,{}", base64::engine::general_purpose::STANDARD.encode(bytes)))
}

/// The nearest of sixteen shades: half the size, and nothing that an eye would miss.
fn sixteenth(value: u8) -> u8 {
    ((u16::from(value) + 8) / 17 * 17) as u8
}

fn report(
    old: &Side,
    new: &Side,
    change: &ReportChange,
    groups: Vec<usize>,
    folder: &Path,
    picture: impl Fn(usize) -> Option<usize>,
) -> ReportView {
    let entry = new.manifest.as_ref().zip(change.key.edition()).and_then(|(manifest, id)| manifest.entry(id));
    let href = |side: &Side, version: &Option<super::Version>| {
        version.as_ref().map(|version| relative(folder, &side.folder.join(&version.file)))
    };
    let is_shared = |figure: &&FigureChange| matches!(figure.scope, Scope::Group(_));
    let pages = |version: &Option<super::Version>| version.as_ref().map_or(0, |version| version.pages);
    ReportView {
        key: change.key.clone(),
        name: change.name.clone(),
        region: change.region.clone(),
        fate: fate(&change.fate),
        seen: entry.filter(|entry| entry.outcome.is_made()).map(Seen::of),
        was: href(old, &change.was),
        is: href(new, &change.is),
        pages_was: pages(&change.was),
        pages_is: pages(&change.is),
        figures: change.figures.iter().filter(|figure| !is_shared(figure)).map(own_figure).collect(),
        shared: change.figures.iter().filter(is_shared).count(),
        words: change.words.iter().take(MOST_WORDS).cloned().collect(),
        more_words: change.words.len().saturating_sub(MOST_WORDS),
        pages: change
            .pages
            .iter()
            .enumerate()
            .map(|(number, page)| PageView {
                was: page.was,
                is: page.is,
                looks: page.telling().map(Look::words).collect(),
                pixels: page.difference.as_ref().map_or(0, |found| found.pixels),
                boxes: page.difference.iter().flat_map(|found| found.boxes.clone()).collect(),
                picture: picture(number),
            })
            .collect(),
        groups,
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

fn shared_figure(figure: &super::GroupFigure) -> FigureView {
    FigureView {
        about: about(&figure.scope),
        name: named(&figure.id, &figure.measure, &figure.sector),
        was: figure.was.clone(),
        is: figure.is.clone(),
        kind: figure.kind.words(),
        reports: Some(figure.reports),
        varies: figure.varies,
    }
}

fn own_figure(figure: &FigureChange) -> FigureView {
    FigureView {
        about: about(&figure.scope),
        name: named(&figure.id, &figure.measure, &figure.sector),
        was: figure.was.clone(),
        is: figure.is.clone(),
        kind: figure.kind.words(),
        reports: None,
        varies: false,
    }
}

fn about(scope: &Scope) -> String {
    match scope {
        Scope::Own => "the area".to_owned(),
        Scope::Group(group) => group.clone(),
        Scope::Place => "the area among the others".to_owned(),
    }
}

fn named(id: &str, measure: &str, sector: &str) -> String {
    let name = if measure.is_empty() { id } else { measure };
    if sector.is_empty() { name.to_owned() } else { format!("{name}, {sector}") }
}

/// The way from a folder to a file, as a page in the folder names it.
fn relative(folder: &Path, file: &Path) -> String {
    let absolute = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let (folder, file) = (absolute(folder), absolute(file));
    let (from, to): (Vec<Component<'_>>, Vec<Component<'_>>) =
        (folder.components().collect(), file.components().collect());
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n(Component::ParentDir, from.len() - common);
    let way: PathBuf = up.chain(to[common..].iter().copied()).collect();
    let escaped = |part: Component<'_>| {
        let text = part.as_os_str().to_string_lossy().into_owned();
        // What a browser would take for something else than a part of a name.
        text.replace('%', "%25").replace('#', "%23").replace('?', "%3F").replace(' ', "%20")
    };
    way.components().map(escaped).collect::<Vec<_>>().join("/")
}
