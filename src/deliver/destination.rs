use super::custody::Custody;
use crate::check::CheckedEvaluation;
use crate::publish::Manifest;

/// Where the messages of a plan go.
#[derive(Debug)]
pub enum Destination<'a> {
    /// To their recipients, with every step recorded before anything else happens.
    Recipients {
        /// Shows that the answers behind the reports are real.
        real: RealAnswers,
        /// What was sent to whom, and what became of it.
        custody: &'a mut Custody,
    },
    /// All to one address instead, as a rehearsal.
    CatchAll {
        /// The address, from `catch-all` in the settings.
        address: &'a str,
        /// Id of the run.
        run: &'a str,
        /// Where it is recorded that these messages were sent.
        custody: &'a mut Custody,
    },
}

/// Proof that a run's answers are real. Nothing reaches recipients without it, and only [`RealAnswers::of`] makes it.
#[derive(Clone, Debug)]
pub struct RealAnswers {
    run: String,
}

/// The answers of a run are made up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the answers are made up, and these reports must not be mistaken for real ones")]
pub struct MadeUpAnswers;

impl RealAnswers {
    /// Proves that the answers of a run are real.
    ///
    /// # Errors
    /// If the run or its evaluation says that they are made up.
    pub fn of(evaluation: &CheckedEvaluation, manifest: &Manifest) -> Result<Self, MadeUpAnswers> {
        if manifest.synthetic || evaluation.settings.synthetic {
            return Err(MadeUpAnswers);
        }
        Ok(Self { run: manifest.run.id.clone() })
    }

    /// Id of the run.
    pub(super) fn run(&self) -> &str {
        &self.run
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deliver::office::{Office, RUN};

    #[test]
    fn answers_are_real_only_if_the_run_and_the_evaluation_say_so() {
        let mut office = Office::new();
        let real =
            |office: &Office| RealAnswers::of(&office.evaluation, &office.manifest).map(|real| real.run);
        assert_eq!(real(&office).unwrap(), RUN);
        office.manifest.synthetic = true;
        assert_eq!(real(&office), Err(MadeUpAnswers));
        office.manifest.synthetic = false;
        office.evaluation.settings.synthetic = true;
        assert_eq!(real(&office), Err(MadeUpAnswers));
    }
}
