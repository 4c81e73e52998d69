//! Views of erasing a case and of an erased one.
//!
//! Invariants: names of the team go to the team only; nothing in here was ever a text of the
//! case.

use candor_base::{AccountId, Instant, Refusal};
use candor_calendar::WorkCalendar;
use candor_case::{Actor, CaseState, ErasureAsked, ErasureReason};
use std::collections::BTreeMap;

use super::words;
use crate::permit::{Action, Permit};
use crate::view::{AskedView, ErasedView, ErasureView, ProgramCard};

/// Around an erasure.
#[derive(Debug, Clone, Copy)]
pub struct ErasureMaterial<'a> {
    /// The program.
    pub program: &'a ProgramCard,
    /// The reference of the case.
    pub reference: &'a str,
    /// Its calendar, for words of time.
    pub calendar: &'a WorkCalendar,
    /// Now.
    pub now: Instant,
    /// Names of the team.
    pub people: &'a BTreeMap<AccountId, String>,
}

/// Who erased a case, who had asked, why and when.
#[derive(Debug, Clone, Copy)]
pub struct ErasedFacts {
    /// Who.
    pub by: AccountId,
    /// Who had asked.
    pub asked_by: AccountId,
    /// Why.
    pub reason: ErasureReason,
    /// When.
    pub at: Instant,
}

/// Why a case is erased, as a sentence.
pub const fn reason_words(reason: ErasureReason) -> &'static str {
    match reason {
        ErasureReason::Request => "Somebody whom it is about asked for it.",
        ErasureReason::Retention => "It was kept as long as it was to be kept.",
        ErasureReason::Mistake => "It should not have been taken in.",
    }
}

fn name(of: &ErasureMaterial<'_>, account: AccountId) -> String {
    let known = of.people.get(&account).cloned();
    known.unwrap_or_else(|| "a member of the team".to_owned())
}

/// What is left of an erased case; `None` without the right to read it.
pub fn build_erased(
    permit: &Permit,
    of: &ErasureMaterial<'_>,
    facts: ErasedFacts,
) -> Option<ErasedView> {
    if permit.action() != Action::ReadCase || permit.case().is_none() {
        return None;
    }
    let team = matches!(permit.actor(), Actor::Team(_));
    Some(ErasedView {
        program: of.program.clone(),
        reference: of.reference.to_owned(),
        erased: words::when(facts.at, of.now, of.calendar),
        reason: reason_words(facts.reason).to_owned(),
        people: team.then(|| (name(of, facts.by), name(of, facts.asked_by))),
    })
}

/// The page for erasing a case; `None` without the right to do so.
pub fn build_erasure(
    permit: &Permit,
    of: &ErasureMaterial<'_>,
    state: &CaseState,
    asked: Option<&ErasureAsked>,
    may: Result<(), Refusal>,
    backups: &str,
) -> Option<ErasureView> {
    if permit.action() != Action::EraseCase || permit.case() != Some(state.facts.case) {
        return None;
    }
    let when = |at| words::when(at, of.now, of.calendar);
    Some(ErasureView {
        program: of.program.clone(),
        reference: of.reference.to_owned(),
        asked: asked.map(|asked| AskedView {
            by: name(of, asked.by),
            at: when(asked.at),
            reason: reason_words(asked.reason).to_owned(),
            alone_from: when(asked.alone_from()),
        }),
        not_now: may.err().map(|refusal| refusal.message),
        published: state.advisory.published.is_some(),
        backups: backups.to_owned(),
    })
}
