use super::document::Document;
use super::error::RenderError;
use crate::model::ReportModel;

/// A file by its path in the world of a report.
pub type File = (String, Vec<u8>);

/// Makes the finished files of one format.
pub trait EditionRenderer: Send + Sync {
    /// Draws the charts of a report: files by their path, empty for a format without drawings.
    ///
    /// # Errors
    /// Only if there is a bug in the program.
    fn drawings(&self, model: &ReportModel) -> Result<Vec<File>, RenderError>;

    /// Makes a report, given the files that its templates may refer to: drawings and attachments.
    ///
    /// # Errors
    /// When a template does not fit the report's data, or there is a bug in the program.
    fn render(&self, model: &ReportModel, files: Vec<File>) -> Result<Document, RenderError>;
}
