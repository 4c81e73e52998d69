//! The receipt: the signed note, and the page that shows it.
//!
//! Invariant: the note holds neither the code nor a word of the report.

use candor_access::build::{self, words};
use candor_access::view::{ProgramCard, ReceiptView};
use candor_base::{Digest, Instant, ReceiptCode};
use candor_case::{CaseClock, CaseState};
use candor_ledger::{Firmness, Receipt, ReceiptPromise, Salt};
use candor_policy::PolicyInForce;
use candor_policy::clocks::{ClockSource, MetBy};
use candor_policy::model;

/// What was received, when, under which policy, and what was promised.
pub(super) fn receipt(
    state: &CaseState,
    salt: Salt,
    sealed: &Digest,
    received: Instant,
) -> Receipt {
    let f = &state.facts;
    let mut clocks: Vec<&CaseClock> = state
        .clocks
        .values()
        .filter(|c| c.spec.is_promise())
        .collect();
    clocks.sort_by_key(|c| (span(c), c.spec.key.clone()));
    Receipt {
        case: f.reference.clone(),
        program: f.program.clone(),
        received,
        policy: f.policy,
        report: f.report.sha256,
        sealed: *sealed,
        salt,
        promises: clocks.into_iter().flat_map(promised).collect(),
    }
}

fn span(clock: &CaseClock) -> Option<candor_base::Span> {
    match &clock.spec.source {
        ClockSource::Policy { span, .. } | ClockSource::Reading { span, .. } => Some(*span),
        ClockSource::Candor => None,
    }
}

/// The promises of one clock. A clock that two acts meet is two promises with one due
/// (S1-18, S1-19): nobody may read it as the publication alone.
fn promised(clock: &CaseClock) -> Vec<ReceiptPromise> {
    let both = [model::Milestone::Fix, model::Milestone::Disclosure];
    let own = [clock.spec.milestone];
    let milestones: &[model::Milestone] = match clock.spec.met_by {
        MetBy::FixAndPublished => &both,
        _ => &own,
    };
    milestones
        .iter()
        .filter_map(|milestone| promise(clock, *milestone))
        .collect()
}

fn promise(clock: &CaseClock, milestone: model::Milestone) -> Option<ReceiptPromise> {
    let name = serde_json::to_value(milestone).ok()?;
    Some(ReceiptPromise {
        milestone: name.as_str()?.parse().ok()?,
        due: clock.due,
        firmness: match clock.spec.firmness {
            model::Firmness::Commit => Firmness::Commit,
            model::Firmness::Target => Firmness::Target,
            model::Firmness::Typical => Firmness::Typical,
        },
        source: span(clock),
    })
}

/// What the answer page is made from.
pub(super) struct Shown<'a> {
    pub(super) program: ProgramCard,
    pub(super) policy: &'a PolicyInForce,
    pub(super) state: &'a CaseState,
    pub(super) code: &'a ReceiptCode,
    pub(super) note: String,
    pub(super) verifier_key: String,
    pub(super) now: Instant,
}

/// The answer to a report.
pub(super) fn view(shown: Shown<'_>) -> ReceiptView {
    let Shown {
        program,
        policy,
        state,
        code,
        note,
        verifier_key,
        now,
    } = shown;
    let calendar = policy.calendar();
    ReceiptView {
        program,
        reference: state.facts.reference.to_string(),
        code: code.grouped(),
        note,
        verifier_key,
        received: words::when(state.received, now, &calendar),
        clocks: build::clock_views(state, now, &calendar, true),
        missing: state
            .facts
            .missing
            .iter()
            .map(|key| words::content_label(policy, *key))
            .collect(),
        duties: build::duties(policy),
        safe_harbour: build::safe_harbour(policy),
        follow_up: policy.policy.follow_up.first().map(|c| c.quote.clone()),
    }
}
