use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image_webp::{ColorType, WebPEncoder};
use serde::Serialize;

use super::change::{PageChange, ReportChange};
use super::comparison::Review;
use super::group::ChangeGroup;
use super::look::Look;
use super::side::Side;
use crate::fs;
use crate::parallel;
use crate::pdf::{Drawable, Pen, Picture};

/// The pictures on the review page.
pub(super) struct Pictures {
    pub(super) views: Vec<PictureView>,
    /// The positions among `views`.
    positions: BTreeMap<ReportPage, usize>,
}

/// The part of a page round its changes, before and now.
#[derive(Debug, Serialize)]
pub(super) struct PictureView {
    /// Data of the image; `None` if the page is new.
    was: Option<String>,
    /// Data of the image; `None` if the page is gone.
    is: Option<String>,
    /// Width of the page in points.
    width: usize,
    /// Distance of the part from the top of the page, in points.
    top: usize,
    /// Height of the part in points.
    height: usize,
}

/// A changed page, by the position of its report among the changes and its own position in that report.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct ReportPage {
    report: usize,
    page: usize,
}

/// The resolution at which pages are shown.
const DOTS_PER_INCH: f32 = 96.0;

/// How much is shown above and below a change, in points.
const MARGIN: usize = 36;

/// How many reports of a group have their pages shown.
const REPORTS_SHOWN: usize = 2;

/// How many reports have their pages shown if the group stands apart.
const REPORTS_SHOWN_APART: usize = 5;

/// How many pages of a report are shown.
const PAGES_SHOWN: usize = 6;

/// The most pages shown in total, so that the review page stays small enough to open at once.
const MOST_PICTURES: usize = 90;

/// The most bytes that all pictures take: pages of the reports that come last in the queue are left out.
const MOST_BYTES: usize = 4_000_000;

impl Pictures {
    /// Draws the pages that most deserve a look.
    pub(super) fn of(old: &Side, new: &Side, review: &Review) -> Self {
        let chosen = chosen(review);
        let drawn: Vec<Vec<DrawnPage>> =
            parallel::map(&chosen, |report| drawn(old, new, &review.changes[report.position], &report.pages));
        let mut pictures = Self { views: Vec::new(), positions: BTreeMap::new() };
        let mut left = MOST_BYTES;
        for (report, drawn) in chosen.iter().zip(drawn) {
            for DrawnPage { page, picture } in drawn {
                let Some(rest) = left.checked_sub(picture.bytes()) else { continue };
                left = rest;
                pictures.positions.insert(ReportPage { report: report.position, page }, pictures.views.len());
                pictures.views.push(picture);
            }
        }
        pictures
    }

    /// The position of the picture of a changed page, if it has one.
    pub(super) fn position(&self, report: usize, page: usize) -> Option<usize> {
        self.positions.get(&ReportPage { report, page }).copied()
    }
}

/// A report whose pages are shown, by its position among the changes.
struct ChosenReport {
    position: usize,
    pages: Vec<usize>,
}

/// Chooses pages from the first reports of each group, preferring those that the group is about, in the order of the
/// groups.
fn chosen(review: &Review) -> Vec<ChosenReport> {
    let mut chosen: Vec<ChosenReport> = Vec::new();
    let mut left = MOST_PICTURES;
    for group in &review.groups {
        let reports = if group.exception { REPORTS_SHOWN_APART } else { REPORTS_SHOWN };
        for position in group.reports.iter().take(reports) {
            if chosen.iter().any(|report| report.position == *position) {
                continue;
            }
            let pages = chosen_pages(group, &review.changes[*position].pages, left);
            left -= pages.len();
            if !pages.is_empty() {
                chosen.push(ChosenReport { position: *position, pages });
            }
        }
    }
    chosen
}

/// Chooses pages of one report, at most `left`.
fn chosen_pages(group: &ChangeGroup, pages: &[PageChange], left: usize) -> Vec<usize> {
    let worth_showing =
        |page: &usize| pages[*page].difference.is_some() || pages[*page].looks.contains(&Look::Page);
    let mut chosen: Vec<usize> = (0..pages.len()).filter(worth_showing).collect();
    chosen.sort_by_key(|page| !concerns(group, &pages[*page]));
    chosen.truncate(PAGES_SHOWN.min(left));
    chosen.sort_unstable();
    chosen
}

fn concerns(group: &ChangeGroup, page: &PageChange) -> bool {
    if group.looks.is_empty() {
        page.after_words
    } else {
        page.looks.iter().any(|look| group.looks.contains(look))
    }
}

impl PictureView {
    fn bytes(&self) -> usize {
        [&self.was, &self.is].into_iter().flatten().map(String::len).sum()
    }
}

struct DrawnPage {
    page: usize,
    picture: PictureView,
}

/// Draws pages of both versions of a report.
fn drawn(old: &Side, new: &Side, change: &ReportChange, pages: &[usize]) -> Vec<DrawnPage> {
    let open =
        |side: &Side, file: Option<&String>| Drawable::open(fs::read(&side.folder.join(file?)).ok()?).ok();
    let was = open(old, change.was.as_ref().map(|version| &version.file));
    let is = open(new, change.is.as_ref().map(|version| &version.file));
    let (was, is) = (was.as_ref().map(Drawable::pen), is.as_ref().map(Drawable::pen));
    let draw = |page: &usize| {
        let picture = picture(&change.pages[*page], was.as_ref(), is.as_ref())?;
        Some(DrawnPage { page: *page, picture })
    };
    pages.iter().filter_map(draw).collect()
}

fn picture(change: &PageChange, was: Option<&Pen<'_>>, is: Option<&Pen<'_>>) -> Option<PictureView> {
    let draw = |pen: Option<&Pen<'_>>, page: Option<usize>| pen?.draw(page? - 1, DOTS_PER_INCH);
    let (was, is) = (draw(was, change.was), draw(is, change.is));
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
}

/// A strip of a picture as a small image that loses only the last bits of its colours.
fn encoded(picture: &Picture, top: usize, foot: usize) -> Option<String> {
    let pixels = |points: usize| (points as f32 * DOTS_PER_INCH / 72.0).round() as usize;
    let (first, last) = (pixels(top).min(picture.height), pixels(foot).min(picture.height));
    let line = picture.width * 3;
    let strip: Vec<u8> =
        picture.pixels[first * line..last * line].iter().map(|value| sixteenth(*value)).collect();
    let (width, height) = (u32::try_from(picture.width).ok()?, u32::try_from(last - first).ok()?);
    let mut bytes = Vec::new();
    WebPEncoder::new(&mut bytes).encode(&strip, width, height, ColorType::Rgb8).ok()?;
    Some(format!("data:image/webp;base64,{}", STANDARD.encode(bytes)))
}

/// The nearest of sixteen shades, which halves the size without a visible loss.
fn sixteenth(value: u8) -> u8 {
    ((u16::from(value) + 8) / 17 * 17) as u8
}
