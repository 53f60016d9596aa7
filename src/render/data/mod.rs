//! Data files: workbooks and CSV files with the figures of a run, and with what one area sent.

mod about;
mod book;
mod breakdown;
mod csv;
mod figures;
mod file;
mod inert;
mod pack;
mod submission;
mod table;

pub use file::DataFile;
pub use pack::data_pack;
pub use submission::{submission_csv, submission_xlsx};
