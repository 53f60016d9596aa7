use super::deciding_error::DecidingError;
use super::verdict::Verdict;
use crate::model::ReviewPolicy;
use crate::vault::{KnownReviewer, KnownReviewers};

/// Somebody who may give verdicts and has a passphrase to prove who they are.
#[derive(Debug)]
pub struct Reviewer {
    name: String,
    known: KnownReviewer,
}

/// Verdicts that a reviewer signed: with the passphrase, or with an export from the review page. Only these can be
/// recorded. An empty list needs no signature.
#[derive(Debug, Default)]
pub struct SignedVerdicts(Vec<Verdict>);

impl Reviewer {
    /// The reviewer with a name; without one, the only reviewer there is.
    ///
    /// # Errors
    /// If the policy names nobody or several people, or not this person, or if the person has no passphrase yet.
    pub fn named(
        name: Option<&str>,
        policy: &ReviewPolicy,
        all: &KnownReviewers,
    ) -> Result<Self, DecidingError> {
        let who = || policy.reviewers.clone();
        let name = match (name, policy.reviewers.as_slice()) {
            (_, []) => return Err(DecidingError::NoReviewers),
            (None, [only]) => only,
            (None, _) => return Err(DecidingError::NoName { who: who() }),
            (Some(name), _) => policy
                .reviewer(name)
                .ok_or_else(|| DecidingError::NotAReviewer { name: name.to_owned(), who: who() })?,
        };
        let known = all.of(name).ok_or_else(|| DecidingError::NoPassphrase(name.to_owned()))?;
        Ok(Self { name: name.to_owned(), known: known.clone() })
    }

    /// The reviewer's name, as the policy spells it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Signs verdicts at the terminal.
    ///
    /// # Errors
    /// If this is not the reviewer's passphrase.
    pub fn sign(&self, passphrase: &str, verdicts: Vec<Verdict>) -> Result<SignedVerdicts, DecidingError> {
        if !self.known.accepts(passphrase) {
            return Err(DecidingError::WrongPassphrase(self.name.clone()));
        }
        Ok(SignedVerdicts::by(self, verdicts))
    }

    /// True if the reviewer signed the text of an export.
    pub(super) fn signed(&self, statement: &str, signature: &str) -> bool {
        self.known.vouches_for(statement.as_bytes(), signature)
    }
}

impl SignedVerdicts {
    /// The verdicts that this reviewer has signed, in whose name they are recorded.
    pub(super) fn by(reviewer: &Reviewer, mut verdicts: Vec<Verdict>) -> Self {
        verdicts.iter_mut().for_each(|verdict| verdict.reviewer.clone_from(&reviewer.name));
        Self(verdicts)
    }

    pub(super) fn into_verdicts(self) -> Vec<Verdict> {
        self.0
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }
}
