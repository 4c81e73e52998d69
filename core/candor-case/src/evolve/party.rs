//! Events about other parties of a case.

use std::collections::BTreeSet;

use candor_base::Instant;

use crate::event::{Event, Recorded};
use crate::model::cs::{Letter, VendorPath};
use crate::model::pec::{Consent, ConsentMove};
use crate::model::rm::{ReportMove, ReportState};
use crate::party::{Party, PartyKind, PartyStatus};
use crate::state::CaseState;

/// Applies an event about a party; false when it is about something else.
pub(super) fn apply(case: &mut CaseState, recorded: &Recorded) -> bool {
    let at = recorded.at;
    let (Event::PartyInvited { number, .. }
    | Event::InvitationRenewed { number, .. }
    | Event::PartyEntered { number, .. }
    | Event::TermsAnswered { number, .. }
    | Event::PartySaid { number, .. }
    | Event::PartyNotified { number }
    | Event::PartyRemoved { number, .. }) = &recorded.event
    else {
        return leak(case, &recorded.event);
    };
    if let Event::PartyInvited { invitation, .. } = &recorded.event {
        case.parties.push(Party {
            number: *number,
            code: invitation.code,
            invitation: (**invitation).clone(),
            invited: at,
            entered: None,
            consent: Consent::NoEmbargo.after(ConsentMove::Invite),
            answered: None,
            report: ReportState::Start,
            vendor: VendorPath::Unaware,
            status: PartyStatus::Unknown,
            notified: None,
            leaks: 0,
            removed: None,
            terms_since: Some(at),
            reminders: 0,
            advisory: None,
        });
        return true;
    }
    if let Some(party) = case.parties.iter_mut().find(|p| p.number == *number) {
        change(party, &recorded.event, at);
    }
    true
}

fn leak(case: &mut CaseState, event: &Event) -> bool {
    let Event::LeakRecorded { party, .. } = event else {
        return false;
    };
    case.leaks = case.leaks.saturating_add(1);
    if let Some(party) = case.parties.iter_mut().find(|p| Some(p.number) == *party) {
        party.leaks = party.leaks.saturating_add(1);
    }
    true
}

fn change(party: &mut Party, event: &Event, at: Instant) {
    match event {
        Event::InvitationRenewed { code, .. } => {
            party.code = *code;
            party.entered = None;
        }
        Event::PartyEntered { code, .. } => {
            party.code = *code;
            party.entered.get_or_insert(at);
        }
        Event::TermsAnswered { accepted: true, .. } => {
            party.consent = party.consent.after(ConsentMove::Accept);
            party.answered = Some(at);
            if party.invitation.kind != PartyKind::Distributor {
                told(party);
            }
        }
        Event::TermsAnswered { .. } => {
            party.consent = party.consent.after(ConsentMove::Decline);
            party.answered = Some(at);
        }
        Event::PartyNotified { .. } => {
            party.notified.get_or_insert(at);
            told(party);
        }
        Event::PartySaid { status, fix, .. } => {
            party.status = *status;
            party.report = party.report.along(match status {
                PartyStatus::Affected => &[ReportMove::Validate, ReportMove::Accept],
                PartyStatus::NotAffected => &[ReportMove::Invalidate],
                PartyStatus::Unknown => &[],
            });
            // A letter is set once and never taken back.
            party.vendor = party.vendor.max(*fix);
        }
        Event::PartyRemoved { .. } => {
            party.removed.get_or_insert(at);
            party.report = party.report.given_up().along(&[ReportMove::Close]);
        }
        _ => {}
    }
}

/// It has the report, so it knows.
fn told(party: &mut Party) {
    party.report = party.report.along(&[ReportMove::Receive]);
    party.vendor = party.vendor.max(VendorPath::Aware);
}

/// What a change of the embargo or of the facts does to every party.
///
/// Whoever took the new date itself needs not be asked again.
pub(super) fn follow(
    case: &mut CaseState,
    before: Option<Instant>,
    agreeing: &BTreeSet<u32>,
    at: Instant,
) {
    let outside = case.outside();
    let embargo = &case.embargo;
    let later = matches!((before, embargo.until), (Some(old), Some(new)) if new > old);
    for party in &mut case.parties {
        if !embargo.state.is_in_force() && embargo.state == crate::state::EmbargoState::Exited {
            party.consent = party.consent.after(ConsentMove::Reset);
        } else if later && !agreeing.contains(&party.number) {
            // Bound for longer than they agreed to: they are asked again.
            if party.consent == Consent::Signatory {
                party.terms_since = Some(at);
                party.reminders = 0;
            }
            party.consent = party.consent.after(ConsentMove::Revise);
        }
        let course = crate::model::cs::Course {
            vendor: party.vendor,
            outside,
        };
        // What the public knows, this vendor knows (the model's first forced step).
        if course.forced() == Some(Letter::VendorAware) {
            party.vendor = VendorPath::Aware;
        }
    }
}
