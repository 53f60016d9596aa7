use std::path::PathBuf;

use etcetera::BaseStrategy;

use super::exit::{Exit, Failure};
use area_reports::deliver::Custody;
use area_reports::publish::Output;
use area_reports::vault::{Trail, Vault, VaultError};

/// The environment variable that names the folder of the vault.
const VARIABLE: &str = "AREA_REPORTS_VAULT";

/// The vault of this account: the folder that the environment names, or else the usual one for what programs keep.
pub(super) fn vault() -> Result<Vault, Failure> {
    let folder = named().or_else(usual).ok_or_else(|| {
        Failure::usage("there is no home folder to keep the key in that vouches for runs").hint(format!(
            "name a folder outside the output folder, for your account only: {VARIABLE}=FOLDER"
        ))
    })?;
    Ok(Vault::open(&folder)?)
}

/// The trail of an evaluation in the vault of this account.
pub(super) fn trail(evaluation: &str) -> Result<Trail, Failure> {
    Ok(Trail::open(&vault()?, evaluation, &super::holder())?)
}

/// The ledger of an output folder with the trail of its evaluation.
pub(super) fn custody(output: &Output) -> Result<Custody, Failure> {
    Ok(Custody::open(output, trail(&evaluation_of(output)?)?)?)
}

/// The evaluation whose runs are in an output folder.
fn evaluation_of(output: &Output) -> Result<String, Failure> {
    let runs = output.runs()?;
    let evaluation = runs.into_iter().find_map(|run| run.manifest).map(|manifest| manifest.evaluation);
    evaluation.ok_or_else(|| Failure::usage(format!("there is no run in {} yet", output.folder().display())))
}

#[expect(clippy::disallowed_methods, reason = "the vault is not part of any evaluation or output folder")]
fn named() -> Option<PathBuf> {
    std::env::var(VARIABLE).ok().filter(|value| !value.is_empty()).map(PathBuf::from)
}

fn usual() -> Option<PathBuf> {
    let base = etcetera::choose_base_strategy().ok()?;
    Some(base.state_dir().unwrap_or_else(|| base.data_dir()).join("area-reports"))
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        match &error {
            VaultError::Sending(_) => Self::new(Exit::Busy, &error).hint("wait until it is done"),
            VaultError::Exposed(file) => {
                let how = format!("if nobody used it: chmod 600 {}", file.display());
                Self::new(Exit::Usage, &error).hint(how)
            }
            VaultError::Path(_) => Self::new(Exit::System, &error)
                .hint(format!("{VARIABLE} names the folder of the vault; it must be writable")),
            VaultError::Damaged { .. } | VaultError::NoRandomness(_) => Self::new(Exit::System, &error),
            VaultError::Json(_) => Self::new(Exit::Defect, &error),
        }
    }
}
