use std::path::Path;

use serde::Serialize;

use super::comparison::Review;
use super::pictures::{PictureView, Pictures};
use super::side::Side;
use super::views::{GroupView, ReportView, ReportViews};
use crate::fs::{self, PathError};
use crate::model::{Limits, ReviewPolicy};
use crate::templates::{Pages, TemplateFault, Templates};
use crate::vault::{KnownReviewer, KnownReviewers};

/// Writes the review page as one HTML file that needs nothing but the two sides. With `desk`, decisions can be made on it.
///
/// # Errors
/// If the file cannot be written, or its template does not fit.
pub fn write_page(
    old: &Side,
    new: &Side,
    review: &Review,
    desk: Option<&Desk>,
    file: &Path,
) -> Result<(), PageError> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_folder(folder)?;
    let pages = Pages::new(&Templates::embedded(), Limits::USUAL)?;
    let html = pages.fill("review/review.html.j2", &ReviewPage::of(old, new, review, desk, folder))?;
    Ok(fs::replace(file, html.as_bytes())?)
}

/// Why the review page could not be written.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// The file cannot be written.
    #[error(transparent)]
    Path(#[from] PathError),
    /// Its template does not fit: a defect in the program.
    #[error(transparent)]
    Template(#[from] Box<TemplateFault>),
}

/// Who decides on a review page. It has what their passphrases are recognised by, but not the passphrases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Desk {
    reviewers: Vec<ReviewerView>,
}

/// A reviewer as the review page knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct ReviewerView {
    name: String,
    /// How the page makes the reviewer's key from the passphrase; `None` if there is no passphrase yet.
    salt: Option<String>,
    rounds: u32,
    /// The first digits of the signature of the name: a mistyped passphrase gives others.
    check: String,
}

impl Desk {
    /// The reviewers of a run, and how they prove who they are.
    pub fn of(policy: &ReviewPolicy, all: &KnownReviewers) -> Self {
        let view = |name: &String| {
            let known = all.of(name);
            ReviewerView {
                name: known.map_or(name, |known| &known.name).clone(),
                salt: known.map(|known| known.salt.clone()),
                rounds: known.map_or(0, |known| known.rounds),
                check: known.map(KnownReviewer::check).unwrap_or_default(),
            }
        };
        Self { reviewers: policy.reviewers.iter().map(view).collect() }
    }
}

/// The contents of the review page, ready for its template.
#[derive(Debug, Serialize)]
struct ReviewPage {
    /// The name of the old side.
    old: String,
    /// The name of the new side.
    new: String,
    /// True if the new side is compared with nothing, because no run is approved yet.
    first: bool,
    /// True if decisions can be made on the page.
    decides: bool,
    /// Who may make them.
    reviewers: Desk,
    /// True if the answers are made up.
    synthetic: bool,
    unchanged: usize,
    groups: Vec<GroupView>,
    reports: Vec<ReportView>,
    pictures: Vec<PictureView>,
}

impl ReviewPage {
    /// Prepares a review page for a folder.
    fn of(old: &Side, new: &Side, review: &Review, desk: Option<&Desk>, folder: &Path) -> Self {
        let pictures = Pictures::of(old, new, review);
        let reports = ReportViews { old, new, review, folder, pictures: &pictures }.all();
        let manifest = new.manifest.as_ref();
        Self {
            old: old.name.clone(),
            new: new.name.clone(),
            first: old.is_nothing(),
            decides: desk.is_some(),
            reviewers: desk.cloned().unwrap_or(Desk { reviewers: Vec::new() }),
            synthetic: manifest.is_some_and(|manifest| manifest.synthetic),
            unchanged: review.unchanged,
            groups: review.groups.iter().map(|group| GroupView::of(group, &review.changes)).collect(),
            reports,
            pictures: pictures.views,
        }
    }
}
