//! An open date, for each who is asked about it: who took it, who is still to answer.
//!
//! Invariant: only the team reads which party it is; the others read how many.

use candor_case::{Actor, Side};

use super::case::CaseMaterial;

/// Everybody who was asked and the answers so far, for the team.
pub(super) fn answers(m: &CaseMaterial<'_>) -> Vec<(String, String)> {
    let Some(proposal) = &m.state.embargo.proposal else {
        return Vec::new();
    };
    let name = |side: Side| match side {
        Side::Team => "the team".to_owned(),
        Side::Reporter => m.actor(Actor::Reporter, false),
        Side::Party(number) => m.actor(Actor::Party(number), false),
    };
    let due = m.when(proposal.answers_due()).words;
    let taken = proposal
        .taken
        .iter()
        .map(|s| (name(*s), "agrees".to_owned()));
    let out = m.state.answers_out().into_iter();
    let out = out.map(|s| (name(s), format!("has until {due} to answer")));
    taken.chain(out).collect()
}

/// Who proposed the open date, for somebody outside the team.
pub(super) fn proposer(m: &CaseMaterial<'_>, reader: Actor) -> String {
    let by = m.state.embargo.proposal.as_ref().map(|p| p.by);
    match by {
        Some(by) if Side::of(by) == Side::of(reader) => "you",
        Some(Actor::Reporter) => "the reporter",
        Some(Actor::Party(_)) => "another party",
        _ => "the project",
    }
    .to_owned()
}

/// Whose answers are out, for somebody outside the team who has answered.
pub(super) fn waiting(m: &CaseMaterial<'_>, reader: Actor) -> Option<String> {
    let proposal = m.state.embargo.proposal.as_ref()?;
    let own = Side::of(reader)?;
    let spoke = Side::of(proposal.by) == Some(own) || proposal.taken.contains(&own);
    let out = m.state.answers_out();
    if !spoke || out.is_empty() {
        return None;
    }
    let others = out.iter().filter(|s| matches!(s, Side::Party(_))).count();
    let mut who = Vec::new();
    if out.contains(&Side::Team) {
        who.push("the project".to_owned());
    }
    if out.contains(&Side::Reporter) {
        who.push("the reporter".to_owned());
    }
    match others {
        0 => {}
        1 => who.push("one other party".to_owned()),
        n => who.push(format!("{n} other parties")),
    }
    let due = m.when(proposal.answers_due()).words;
    Some(format!(
        "Still to answer, until {due}: {}. The date that stands holds meanwhile.",
        who.join(", ")
    ))
}
