use std::path::Path;

use super::manifest::Manifest;
use crate::fs::{self, PathError};
use crate::vault::{Key, Purpose};

/// The file with the manifest in a run folder.
pub(super) const MANIFEST: &str = "manifest.json";

/// The file with the signature of the manifest.
pub(super) const SIGNATURE: &str = "manifest.sig";

/// Why the manifest of a run cannot be relied on.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// It cannot be read.
    #[error(transparent)]
    Path(#[from] PathError),
    /// It was not written by this program.
    #[error("manifest.json is not the manifest of a run")]
    NotOne(#[from] serde_json::Error),
    /// It was changed since, or its run was made with a different key.
    #[error("manifest.json is not as this program signed it, or was signed with a different key")]
    NotSigned,
}

/// The manifest of a run, which must be signed with a key.
///
/// # Errors
/// If it cannot be read, or is not as it was signed.
pub fn signed_manifest(run: &Path, key: &Key) -> Result<Manifest, ManifestError> {
    let bytes = fs::read(&run.join(MANIFEST))?;
    let manifest = serde_json::from_slice(&bytes)?;
    if is_signed(run, &bytes, key) { Ok(manifest) } else { Err(ManifestError::NotSigned) }
}

/// True if the bytes of a run's manifest are as they were signed.
pub(super) fn is_signed(run: &Path, manifest: &[u8], key: &Key) -> bool {
    key.vouches_in(&run.join(SIGNATURE), Purpose::Manifest, manifest)
}
