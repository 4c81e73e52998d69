//! Which regimes a program said hold for it.
//!
//! Invariant: nothing holds until somebody said so; an answer that the table
//! does not know (any more) turns nothing on.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::parts::{FamilyId, RoleId};

/// The owner's answers: family to role. No answer is "no".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Choice(BTreeMap<FamilyId, RoleId>);

impl Choice {
    /// The answer for a family.
    pub fn role(&self, family: &FamilyId) -> Option<&RoleId> {
        self.0.get(family)
    }

    /// Sets an answer.
    pub fn set(&mut self, family: FamilyId, role: RoleId) {
        self.0.insert(family, role);
    }

    /// Nothing was turned on.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Whether a regime that was chosen holds already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// It holds.
    Now,
    /// It will hold from this day.
    From(Date),
}
