//! Inviting others, what they answer, leaks (EM-8, EM-9; `domain.md` 5.2).
//!
//! Invariant: terms before content; a list is told within its fourteen days, with
//! an advisory to pass on, and never while the matter is public.

use candor_base::{Digest, Refusal, RefusalCode};

use super::talk::not_empty_text;
use crate::aside::AsideEvent;
use crate::draft::Draft;
use crate::event::Event;
use crate::hints::Hint;
use crate::model::cs::VendorPath;
use crate::model::pec::{Consent, ConsentMove};
use crate::parts::{Actor, TextRef};
use crate::party::{Invitation, LEAKS_UNTIL_REMOVAL, MOST, Party, PartyKind, PartyStatus};
use crate::planned;
use crate::state::ReportState;

/// Longest address of an advisory, in bytes.
const LONGEST_LINK: usize = 500;

fn party<'a>(d: &'a Draft<'_>, number: u32) -> Result<&'a Party, Refusal> {
    d.case()?
        .party(number)
        .filter(|p| p.removed.is_none())
        .ok_or_else(|| {
            Refusal::new(
                RefusalCode::NotFound,
                "There is no such party on this case.",
            )
        })
}

/// The party that acts.
fn own(d: &Draft<'_>) -> Result<u32, Refusal> {
    match d.ctx.actor {
        Actor::Party(number) => party(d, number).map(|p| p.number),
        _ => Err(Refusal::new(
            RefusalCode::NotAllowed,
            "Only the party itself can say this.",
        )),
    }
}

pub(super) fn invite(d: &mut Draft<'_>, invitation: &Invitation) -> Result<(), Refusal> {
    let case = d.case()?;
    if case.report != ReportState::Accepted {
        return Err(Refusal::new(
            RefusalCode::WrongStage,
            "Others are told of a case only once it is accepted.",
        )
        .instead(Hint::AcceptFirst));
    }
    in_force(d)?;
    not_empty_text(&invitation.name, "A party needs a name.")?;
    not_empty_text(&invitation.terms, "An invitation needs its terms.")?;
    if case.parties.len() >= MOST {
        return Err(Refusal::new(
            RefusalCode::TooLarge,
            "A case has a hundred parties at most.",
        ));
    }
    fresh_code(d, invitation.code)?;
    let last = case.parties.iter().map(|p| p.number).max();
    d.push(Event::PartyInvited {
        number: last.unwrap_or(0).saturating_add(1),
        invitation: Box::new(invitation.clone()),
    });
    Ok(())
}

/// There is something to keep private, until a named moment.
fn in_force(d: &Draft<'_>) -> Result<(), Refusal> {
    super::embargo::possible(d.case()?)?;
    let embargo = &d.case()?.embargo;
    if embargo.state.is_in_force() && embargo.until.is_some() {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalCode::EmbargoImpossible,
        "There is no embargo whose terms a party could take.",
    )
    .instead(Hint::AgreeOnDate))
}

fn fresh_code(d: &Draft<'_>, code: Digest) -> Result<(), Refusal> {
    if d.case()?.parties.iter().any(|p| p.code == code) {
        return Err(Refusal::new(
            RefusalCode::AlreadyDone,
            "This code belongs to a party already.",
        ));
    }
    Ok(())
}

pub(super) fn renew(d: &mut Draft<'_>, number: u32, code: Digest) -> Result<(), Refusal> {
    party(d, number)?;
    fresh_code(d, code)?;
    d.push(Event::InvitationRenewed { number, code });
    Ok(())
}

/// The invitation opens the page once; from then on the party's own code does.
pub(super) fn enter(
    d: &mut Draft<'_>,
    number: u32,
    used: Digest,
    code: Digest,
) -> Result<(), Refusal> {
    let found = party(d, number)?;
    if found.code != used || found.entered.is_some() {
        return Err(Refusal::new(
            RefusalCode::AlreadyDone,
            "This invitation was used already.",
        )
        .instead("ask the project for a new one"));
    }
    fresh_code(d, code)?;
    d.push(Event::PartyEntered { number, code });
    Ok(())
}

pub(super) fn answer_terms(d: &mut Draft<'_>, accepted: bool) -> Result<(), Refusal> {
    let number = own(d)?;
    let found = party(d, number)?;
    in_force(d)?;
    let by = if accepted {
        ConsentMove::Accept
    } else {
        ConsentMove::Decline
    };
    if found.consent.step(by).is_none() {
        return Err(Refusal::new(
            RefusalCode::AlreadyDone,
            "You have answered these terms already.",
        )
        .instead(Hint::WriteToProject));
    }
    d.push(Event::TermsAnswered { number, accepted });
    Ok(())
}

pub(super) fn status(
    d: &mut Draft<'_>,
    number: u32,
    status: PartyStatus,
    fix: VendorPath,
) -> Result<(), Refusal> {
    let found = party(d, number)?;
    if matches!(d.ctx.actor, Actor::Party(own) if own != number) {
        return Err(Refusal::new(
            RefusalCode::NotAllowed,
            "Each party speaks for itself.",
        ));
    }
    if found.vendor == VendorPath::Unaware {
        return Err(Refusal::new(
            RefusalCode::WrongStage,
            "This party has not seen the case yet.",
        )
        .instead("wait until it took the terms"));
    }
    if fix < found.vendor {
        return Err(Refusal::new(
            RefusalCode::FieldInvalid,
            "A fix that was ready is not taken back: say more in a message.",
        ));
    }
    if status != PartyStatus::Affected && fix > VendorPath::Aware {
        return Err(Refusal::new(
            RefusalCode::FieldInvalid,
            "Only an affected product has a fix.",
        )
        .instead("say that it is affected"));
    }
    if found.status == status && found.vendor == fix {
        return Err(Refusal::new(
            RefusalCode::AlreadyDone,
            "This is what stands there already.",
        ));
    }
    d.push(Event::PartySaid {
        number,
        status,
        fix,
    });
    Ok(())
}

/// The notice before the day, for distributors.
pub(super) fn notify(d: &mut Draft<'_>, number: u32) -> Result<(), Refusal> {
    let found = party(d, number)?;
    if found.invitation.kind != PartyKind::Distributor {
        return Err(Refusal::new(
            RefusalCode::WrongStage,
            "Only distributors get a notice; others see the case once they took the terms.",
        ));
    }
    if found.notified.is_some() {
        return Err(Refusal::new(
            RefusalCode::AlreadyDone,
            "This distributor has its notice.",
        ));
    }
    in_force(d)?;
    if found.consent != Consent::Signatory {
        return Err(Refusal::new(
            RefusalCode::WrongStage,
            "This distributor has not taken the terms that hold now.",
        )
        .instead("wait until it has, or leave it out"));
    }
    let case = d.case()?;
    let complete = case
        .advisory
        .draft
        .as_ref()
        .filter(|a| a.missing.is_empty());
    if complete.is_none() {
        return Err(Refusal::new(
            RefusalCode::AdvisoryIncomplete,
            "A notice shows the advisory, and that is not complete.",
        )
        .instead(Hint::CompleteDraft));
    }
    if let Some(until) = case.embargo.until {
        planned::check_notice(&d.ctx.policy.policy, until, d.now(), &d.calendar)?;
    }
    d.push(Event::PartyNotified { number });
    Ok(())
}

/// What leaked, to whom, how. A party that leaks again is left out.
pub(super) fn leak(d: &mut Draft<'_>, number: Option<u32>, what: TextRef) -> Result<(), Refusal> {
    let number = match d.ctx.actor {
        Actor::Party(_) => Some(own(d)?),
        _ => number,
    };
    not_empty_text(&what, "Say what leaked, to whom, and how.")?;
    if let Some(number) = number {
        party(d, number)?;
    }
    d.push(Event::LeakRecorded {
        party: number,
        what,
    });
    if let Some(number) = number
        && party(d, number)?.leaks >= LEAKS_UNTIL_REMOVAL
    {
        d.push(Event::PartyRemoved {
            number,
            reason: what,
        });
    }
    Ok(())
}

pub(super) fn remove(d: &mut Draft<'_>, number: u32, reason: TextRef) -> Result<(), Refusal> {
    party(d, number)?;
    not_empty_text(&reason, "Leaving a party out needs a reason.")?;
    d.push(Event::PartyRemoved { number, reason });
    Ok(())
}

/// A party's own advisory, once the matter is public (S4-37).
pub(super) fn link(d: &mut Draft<'_>, number: u32, link: &str) -> Result<(), Refusal> {
    let number = match d.ctx.actor {
        Actor::Party(_) => own(d)?,
        _ => number,
    };
    let found = party(d, number)?;
    let plain = link.chars().all(|c| !c.is_whitespace() && !c.is_control());
    if !link.starts_with("https://") || link.len() > LONGEST_LINK || !plain {
        return Err(Refusal::new(
            RefusalCode::FieldInvalid,
            "Give the address of the advisory; it begins with https://.",
        ));
    }
    if found.advisory.as_deref() == Some(link) {
        return Err(Refusal::new(
            RefusalCode::AlreadyDone,
            "This advisory is linked already.",
        ));
    }
    d.push(Event::Aside {
        what: Box::new(AsideEvent::AdvisoryLinked {
            number,
            link: link.to_owned(),
        }),
    });
    Ok(())
}

/// Parties write to everyone on the case, once they may see it.
pub(super) fn may_write(d: &Draft<'_>, number: u32) -> Result<(), Refusal> {
    if d.case()?.party_sees(number) == crate::party::PartySees::Content {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalCode::NotAllowed,
        "You can write once you have taken the terms.",
    )
    .instead(Hint::AnswerTerms))
}
