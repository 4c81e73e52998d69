//! Which sealed bodies a reader's view needs: nothing else is opened for it.
//!
//! Invariant: for the reporter no body of the team's lane, of an assessment that
//! was not told, or of an internal note is ever named.

use candor_base::BlobId;
use candor_case::{
    Actor, CaseState, CreditWish, Event, FileRef, FixStatus, Lane, Matter, OutletAnswer, Recorded,
    Reproduction, TextRef,
};

use crate::permit::Permit;

/// Bodies of texts that this reader's view shows.
pub fn texts_for(permit: &Permit, state: &CaseState, events: &[Recorded]) -> Vec<BlobId> {
    if let Actor::Party(number) = permit.actor() {
        return super::party::texts(state, number);
    }
    if permit.is_team() {
        return team_texts(state, events)
            .into_iter()
            .map(|(b, _)| b)
            .collect();
    }
    let messages = state.messages.iter();
    let mut out: Vec<BlobId> = messages
        .filter(|m| state.reporter_reads(m))
        .map(|m| m.message.text.blob)
        .collect();
    shared(state, &mut out);
    out
}

/// Bodies of texts that everybody in the team reads, each with whether somebody outside
/// does as well.
pub fn team_texts(state: &CaseState, events: &[Recorded]) -> Vec<(BlobId, bool)> {
    let outside = |blob: BlobId| (blob, true);
    let mut out: Vec<(BlobId, bool)> = state
        .messages
        .iter()
        .map(|m| (m.message.text.blob, m.lane != Lane::Team))
        .collect();
    let mut told = Vec::new();
    shared(state, &mut told);
    out.extend(told.into_iter().map(outside));
    let mut own = Vec::new();
    team_only(state, events, &mut own);
    out.extend(own.into_iter().map(|blob| (blob, false)));
    out
}

/// What team and reporter read beside messages.
fn shared(state: &CaseState, out: &mut Vec<BlobId>) {
    if let CreditWish::Named(name) = &state.credit {
        out.push(name.blob);
    }
    // Who a report would be handed over to, where the reporter is asked about it.
    for consent in &state.around.consents {
        if let Matter::HandOver(number) = consent.matter
            && let Some(party) = state.around.hand_over(number)
        {
            out.push(party.party.blob);
        }
    }
    // Why the team asks for more time, or to do without a promise.
    out.extend(state.around.questions.iter().map(|q| q.reason.blob));
}

fn team_only(state: &CaseState, events: &[Recorded], out: &mut Vec<BlobId>) {
    let mut add = |text: &TextRef| out.push(text.blob);
    if let Some((a, _, _)) = &state.assessment {
        [
            &a.effects,
            &a.criticality,
            &a.difference_note,
            &a.deployment,
        ]
        .into_iter()
        .flatten()
        .for_each(&mut add);
        if let Reproduction::Record(text) | Reproduction::Reason(text) = &a.reproduction {
            add(text);
        }
    }
    for row in &state.fixes {
        if let Some(test) = &row.test {
            add(test);
        }
        if let FixStatus::WontFix { reason } = &row.status {
            add(reason);
        }
    }
    if let Some(Some(text)) = &state.mitigation {
        add(text);
    }
    if let Some(text) = &state.communication_plan {
        add(text);
    }
    if let Some(public) = &state.facts.public {
        add(&public.place);
    }
    for party in &state.parties {
        add(&party.invitation.name);
        add(&party.invitation.terms);
        if let Some(contact) = &party.invitation.contact {
            add(contact);
        }
    }
    for credit in &state.credits {
        add(&credit.name);
        add(&credit.consent);
    }
    for answer in state.outlets.values() {
        if let OutletAnswer::Waived { reason } = answer {
            add(reason);
        }
    }
    for recorded in events {
        match &recorded.event {
            Event::FactRecorded { evidence: text, .. }
            | Event::BreachRecorded { finding: text, .. }
            | Event::Reopened { reason: text }
            | Event::ClockWaived { reason: text, .. }
            | Event::LeakRecorded { what: text, .. }
            | Event::PartyRemoved { reason: text, .. }
            | Event::ClockMoved {
                agreed: Some((text, _)),
                ..
            }
            | Event::DateSetAlone { reason: text, .. }
            | Event::Closed {
                note: Some(text), ..
            }
            | Event::DateDeclined { reason: Some(text) }
            | Event::DateProposed {
                reason: Some(text), ..
            } => add(text),
            Event::Aside { what } => what.texts().iter().for_each(&mut add),
            Event::Cve(event) => event.text().iter().for_each(&mut add),
            _ => {}
        }
    }
}

/// Files that this reader may download.
pub fn files_for(permit: &Permit, state: &CaseState) -> Vec<FileRef> {
    if let Actor::Party(number) = permit.actor() {
        return super::party::files(state, number);
    }
    if permit.is_team() {
        return team_files(state);
    }
    let messages = state.messages.iter();
    let read = messages.filter(|m| state.reporter_reads(m));
    files(state, read.flat_map(|m| &m.message.files))
}

/// Files that everybody in the team may download.
pub fn team_files(state: &CaseState) -> Vec<FileRef> {
    files(state, state.messages.iter().flat_map(|m| &m.message.files))
}

fn files<'a>(state: &'a CaseState, said: impl Iterator<Item = &'a FileRef>) -> Vec<FileRef> {
    state.facts.files.iter().chain(said).copied().collect()
}
