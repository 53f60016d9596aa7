use std::path::Path;

use super::delivery::Delivery;
use crate::check::CheckedEvaluation;
use crate::model::MailSettings;
use crate::publish::Manifest;
use crate::review::Record;
use crate::templates::Pages;
use crate::words::Lexicon;

/// What a plan is made from. All of it is read again before the plan is carried out.
pub(super) struct Sending<'a> {
    /// The evaluation, with its recipients.
    pub(super) evaluation: &'a CheckedEvaluation,
    /// Its `[mail]` settings.
    pub(super) mail: &'a MailSettings,
    /// The folder of the run.
    pub(super) run: &'a Path,
    /// The manifest of the run.
    pub(super) manifest: &'a Manifest,
    /// The verdicts of the reviewers.
    pub(super) record: &'a Record,
    /// What was sent before.
    pub(super) deliveries: &'a [Delivery],
    /// The templates of the messages.
    pub(super) pages: &'a Pages,
    /// The words of the messages' language.
    pub(super) words: &'a Lexicon,
}
