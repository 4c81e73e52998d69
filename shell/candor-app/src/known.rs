//! Programs as the store named them within this second: every page asks for them.
//!
//! Invariants: what this process changes is seen at once; what another process changes is
//! seen a second later at the latest. A report says in its receipt which version of the
//! policy it was taken under, so that this second can be seen, too.
//!
//! Deliberately absent: policies; `programs` keeps those that are compiled.

use std::sync::Arc;

use candor_base::{Digest, Instant, ProgramSlug};
use candor_ports::ProgramRecord;

use crate::app::{App, lock};
use crate::input::Fault;
use crate::random;

/// What the store said, and when.
#[derive(Debug, Default)]
pub(crate) struct Known {
    at: Option<Instant>,
    all: Arc<[ProgramRecord]>,
    /// Counts what this process changed, so that an answer from before it is not kept.
    turn: u64,
}

/// An empty report form that can be shown without asking anybody: what it is made of,
/// and a nonce of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadyForm {
    /// The version of the policy.
    pub policy: Digest,
    /// The name of the program.
    pub name: String,
    /// The nonce of this one form.
    pub nonce: String,
}

impl App {
    /// All programs.
    pub(crate) fn records(&self) -> Result<Arc<[ProgramRecord]>, Fault> {
        let now = self.now();
        if let Some(all) = self.records_of(now) {
            return Ok(all);
        }
        let turn = lock(&self.known).turn;
        let all: Arc<[ProgramRecord]> = self.store().programs()?.into();
        let mut known = lock(&self.known);
        if known.turn == turn {
            known.at = Some(now);
            known.all = Arc::clone(&all);
        }
        Ok(all)
    }

    /// The programs as they were read in this second.
    fn records_of(&self, now: Instant) -> Option<Arc<[ProgramRecord]>> {
        let known = lock(&self.known);
        (known.at == Some(now)).then(|| Arc::clone(&known.all))
    }

    /// To be read anew: something was changed.
    pub(crate) fn forget_programs(&self) {
        let mut known = lock(&self.known);
        known.at = None;
        known.turn = known.turn.wrapping_add(1);
    }

    /// What an empty form is made of, when that is known without asking the store: never
    /// waits.
    pub fn ready_form(&self, slug: &str) -> Option<ReadyForm> {
        let slug: ProgramSlug = slug.parse().ok()?;
        let all = self.records_of(self.now())?;
        let record = all.iter().find(|record| record.slug == slug)?;
        let compiled = lock(&self.compiled).get(&(slug, record.policy)).cloned()?;
        Some(ReadyForm {
            policy: record.policy,
            name: compiled.name.clone(),
            nonce: random::token(self.entropy()),
        })
    }
}
