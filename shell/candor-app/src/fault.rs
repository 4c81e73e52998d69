//! Faults: something broke, said twice, once for the person and once for the
//! operator.
//!
//! Invariant: neither text holds anything from a case.

use candor_base::Refusal;
use candor_ports::StoreError;

use crate::input::{ActError, Fault, ProgramError, SignInError, SubmitError};

impl Fault {
    /// Something inside does not fit together.
    pub(crate) fn inside(operator: impl Into<String>) -> Self {
        Self {
            person: "Something went wrong on this server. Nothing was stored. Please try again \
                     in a few minutes."
                .to_owned(),
            operator: operator.into(),
        }
    }

    /// A text or file cannot be read just now, and can be later.
    pub fn is_away(&self) -> bool {
        self.operator.starts_with(AWAY)
    }

    /// Nothing can be written just now: the disk is full, read-only or gone.
    pub(crate) fn is_unwritable(&self) -> bool {
        self.operator.starts_with(UNWRITABLE)
    }
}

/// How the operator's text begins when a text or file is out of reach.
const AWAY: &str = "store: out of reach: ";

/// How the operator's text begins when nothing can be written.
const UNWRITABLE: &str = "store: cannot write: ";

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        let person = match &error {
            StoreError::Conflict => {
                "Somebody else changed this at the same moment. Nothing was stored. Please load \
                 the page again."
            }
            StoreError::Unwritable(_) => {
                "This server cannot write to its disk just now. Nothing was stored. Please try \
                 again later, or use another way to reach the project."
            }
            StoreError::Away(_) => {
                "A text or file of this page cannot be read at the moment. Nothing is lost. \
                 Please try again in a few minutes."
            }
            StoreError::Damaged(_) => {
                "Something stored here cannot be read any more. Please tell the people who run \
                 this server."
            }
            StoreError::Erased => {
                "This case was erased. Nothing of it can be read or written any more."
            }
            StoreError::Exists | StoreError::Failed(_) => {
                "Something went wrong on this server. Nothing was stored. Please try again in a \
                 few minutes."
            }
        };
        Self {
            person: person.to_owned(),
            operator: format!("store: {error}"),
        }
    }
}

macro_rules! from_fault {
    ($($error:ty),*) => {$(
        impl From<Fault> for $error {
            fn from(fault: Fault) -> Self {
                Self::Fault(fault)
            }
        }
        impl From<StoreError> for $error {
            fn from(error: StoreError) -> Self {
                Self::Fault(error.into())
            }
        }
    )*};
}
from_fault!(ActError, SubmitError, SignInError, ProgramError);

impl From<Refusal> for ActError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
