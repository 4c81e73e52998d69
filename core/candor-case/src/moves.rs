//! Which moves are possible now, and why the others are not: one function that asks
//! [`crate::decide`] itself.
//!
//! Invariant: what is possible here is never refused for the stage of the case; what a
//! person still has to write is judged when it is written. What a reason names as
//! possible instead is possible at that moment.

use std::collections::BTreeSet;

use candor_base::{BlobId, Digest, Refusal, RefusalCode};
use candor_policy::model::Policy;

use crate::command::Command;
use crate::decide::{judged, may_stay_internal};
use crate::draft::{Context, record};
use crate::evolve::evolve;
use crate::gate;
use crate::hints;
use crate::parts::{Actor, CloseReason, TextRef};
use crate::state::CaseState;

/// One command, as far as it is possible now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The command, by its name.
    pub act: &'static str,
    /// Why it is not possible now, and what is possible instead.
    pub blocked: Option<Refusal>,
}

/// Every command that is ever for this actor, with what stands against it now.
pub fn moves(case: &CaseState, ctx: &Context<'_>) -> Vec<Move> {
    let now = caught_up(case, ctx);
    let mut moves: Vec<Move> = gate::COMMANDS
        .into_iter()
        .filter(|act| gate::permitted(act, &now, ctx.actor).is_ok())
        .filter(|act| !matches!(*act, "receive" | "tick" | "recount" | "mail_outcome"))
        .map(|act| Move {
            act,
            blocked: against(act, &now, ctx),
        })
        .collect();
    let open: BTreeSet<&'static str> = moves
        .iter()
        .filter(|m| m.blocked.is_none())
        .map(|m| m.act)
        .collect();
    for refusal in moves.iter_mut().filter_map(|m| m.blocked.as_mut()) {
        refusal
            .instead
            .retain(|hint| hints::holds(hint, &now, &open));
    }
    moves
}

/// Of these acts those that are possible for this actor, and the case by then.
pub(crate) fn possible(
    acts: BTreeSet<&'static str>,
    case: &CaseState,
    ctx: &Context<'_>,
) -> (CaseState, BTreeSet<&'static str>) {
    let now = caught_up(case, ctx);
    let open = acts
        .into_iter()
        .filter(|act| gate::permitted(act, &now, ctx.actor).is_ok())
        .filter(|act| against(act, &now, ctx).is_none())
        .collect();
    (now, open)
}

/// The case after what time alone has caused by now.
fn caught_up(case: &CaseState, ctx: &Context<'_>) -> CaseState {
    let ctx = Context {
        actor: Actor::System,
        ..*ctx
    };
    let events = judged(Some(case), &Command::Tick, &ctx).unwrap_or_default();
    record(Some(case), events, &ctx)
        .iter()
        .fold(Some(case.clone()), evolve)
        .unwrap_or_else(|| case.clone())
}

fn against(act: &str, case: &CaseState, ctx: &Context<'_>) -> Option<Refusal> {
    if let Err(refusal) = gate::check(act, case, ctx) {
        return Some(refusal);
    }
    let probes = probes(act, case, &ctx.policy.policy);
    let mut first = None;
    for probe in &probes {
        match judged(Some(case), probe, ctx) {
            Ok(_) => return None,
            // Only something to be written is missing.
            Err(refusal) if is_about_words(refusal.code) => return None,
            Err(refusal) => first = first.or(Some(refusal)),
        }
    }
    first
}

const fn is_about_words(code: RefusalCode) -> bool {
    matches!(code, RefusalCode::FieldMissing | RefusalCode::FieldInvalid)
}

/// The command itself, where everything it needs is known: what stands against it
/// beyond the stage. The most fitting first.
fn probes(act: &str, case: &CaseState, policy: &Policy) -> Vec<Command> {
    let draft = case.advisory.draft.as_ref().map(|d| d.text.sha256);
    match (act, draft) {
        ("approve", Some(draft)) => vec![Command::Approve { draft }],
        ("publish", Some(draft)) => vec![Command::Publish { draft }],
        ("close", _) => closing(case, policy)
            .into_iter()
            .map(|reason| Command::Close {
                reason,
                note: Some(SOME_WORDS),
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Stands for the words that a person would still write.
const SOME_WORDS: TextRef = TextRef {
    blob: BlobId::from_bytes([0; 16]),
    sha256: Digest::from_bytes([0; 32]),
    chars: 1,
};

fn closing(case: &CaseState, policy: &Policy) -> Vec<CloseReason> {
    let fits = [
        (
            case.advisory.published_draft.is_some(),
            CloseReason::Disclosed,
        ),
        (case.duplicate_of.is_some(), CloseReason::Duplicate),
        (case.rejection.is_some(), CloseReason::Rejected),
        (case.withdrawn.is_some(), CloseReason::Withdrawn),
        (case.around.deferral.is_some(), CloseReason::Deferred),
        (
            case.fix_released.is_some() && may_stay_internal(policy),
            CloseReason::FixedInternally,
        ),
        (true, CloseReason::Disclosed),
    ];
    fits.into_iter()
        .filter(|(fits, _)| *fits)
        .map(|(_, reason)| reason)
        .collect()
}
