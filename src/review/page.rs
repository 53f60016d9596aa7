use std::path::Path;

use serde::Serialize;

use super::comparison::Review;
use super::pictures::{PictureView, Pictures};
use super::side::Side;
use super::views::{GroupView, ReportView, ReportViews};
use crate::fs::{self, PathError};
use crate::model::Limits;
use crate::templates::{Pages, TemplateFault, Templates};

/// Writes the review page as one HTML file that needs nothing but the two sides.
///
/// # Errors
/// If the file cannot be written, or its template does not fit.
pub fn write_page(old: &Side, new: &Side, review: &Review, file: &Path) -> Result<(), PageError> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_folder(folder)?;
    let pages = Pages::new(&Templates::embedded(), Limits::USUAL)?;
    let html = pages.fill("review/review.html.j2", &ReviewPage::of(old, new, review, folder))?;
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

/// The contents of the review page, ready for its template.
#[derive(Debug, Serialize)]
struct ReviewPage {
    /// The name of the old side.
    old: String,
    /// The name of the new side.
    new: String,
    /// True if the new side is a run, so that decisions about its reports can be recorded.
    decides: bool,
    /// The name of the usual reviewer.
    reviewer: String,
    /// True if the answers are made up.
    synthetic: bool,
    unchanged: usize,
    groups: Vec<GroupView>,
    reports: Vec<ReportView>,
    pictures: Vec<PictureView>,
}

impl ReviewPage {
    /// Prepares a review page for a folder.
    fn of(old: &Side, new: &Side, review: &Review, folder: &Path) -> Self {
        let pictures = Pictures::of(old, new, review);
        let reports = ReportViews { old, new, review, folder, pictures: &pictures }.all();
        let manifest = new.manifest.as_ref();
        Self {
            old: old.name.clone(),
            new: new.name.clone(),
            decides: manifest.is_some(),
            reviewer: manifest.map(|manifest| manifest.review.reviewer.clone()).unwrap_or_default(),
            synthetic: manifest.is_some_and(|manifest| manifest.synthetic),
            unchanged: review.unchanged,
            groups: review.groups.iter().map(|group| GroupView::of(group, &review.changes)).collect(),
            reports,
            pictures: pictures.views,
        }
    }
}
