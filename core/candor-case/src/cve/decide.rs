//! Deciding steps with CVE ids, and what time alone causes.

use candor_base::{CveId, Instant, Refusal, RefusalCode};

use super::event::CveEvent;
use super::{CveAct, CveStage, MOST_IDS, RECORD_MUST_HOURS, RECORD_SHOULD_HOURS, chase_at};
use crate::command::AdvisoryDraftRef;
use crate::draft::Draft;
use crate::event::Event;
use crate::hints::Hint;
use crate::parts::TextRef;
use crate::state::CaseState;

/// Decides a step.
pub(crate) fn decide(d: &mut Draft<'_>, act: &CveAct) -> Result<(), Refusal> {
    match act {
        CveAct::Request { from, at } => request(d, *from, *at),
        CveAct::Reserve { id } => reserve(d, id),
        CveAct::Assign { id } => assign(d, id, false),
        CveAct::Publish { id, at } => publish(d, id, *at),
        CveAct::Reject { id, reason } => reject(d, id, *reason),
        CveAct::EndRequests { reason } => {
            said(*reason, "Say why the request leads to nothing.")?;
            if d.case()?.cve.open_requests().next().is_none() {
                return Err(Refusal::new(
                    RefusalCode::FieldInvalid,
                    "No request for a CVE id is open.",
                ));
            }
            push(d, CveEvent::CveRequestsEnded { reason: *reason });
            Ok(())
        }
        CveAct::NotNeeded { reason } => {
            said(*reason, "Say why no CVE id is needed.")?;
            let ledger = &d.case()?.cve;
            if ledger.open_ids().next().is_some() || ledger.open_requests().next().is_some() {
                return Err(Refusal::new(
                    RefusalCode::FieldInvalid,
                    "An id or a request is open: give the id back, or end the request, first.",
                ));
            }
            push(d, CveEvent::CveNotNeeded { reason: *reason });
            Ok(())
        }
    }
}

fn push(d: &mut Draft<'_>, event: CveEvent) {
    d.push(Event::Cve(event));
}

fn said(text: TextRef, why: &str) -> Result<(), Refusal> {
    if text.chars == 0 {
        return Err(Refusal::new(RefusalCode::FieldMissing, why));
    }
    Ok(())
}

fn not_ahead(d: &Draft<'_>, at: Instant) -> Result<(), Refusal> {
    if at > d.now() {
        return Err(
            Refusal::new(RefusalCode::FieldInvalid, "This moment lies in the future.")
                .instead("write when it happened"),
        );
    }
    Ok(())
}

fn room_for(count: usize) -> Result<(), Refusal> {
    if count >= MOST_IDS {
        return Err(Refusal::new(
            RefusalCode::TooLarge,
            "This case holds as many CVE ids and requests as it can keep.",
        ));
    }
    Ok(())
}

fn request(d: &mut Draft<'_>, from: TextRef, at: Instant) -> Result<(), Refusal> {
    said(from, "Say who was asked for the id.")?;
    not_ahead(d, at)?;
    room_for(d.case()?.cve.requests.len())?;
    push(d, CveEvent::CveRequested { from, at });
    Ok(())
}

fn reserve(d: &mut Draft<'_>, id: &CveId) -> Result<(), Refusal> {
    let ledger = &d.case()?.cve;
    if ledger.ids.contains_key(id) {
        return Err(stands_already(id));
    }
    room_for(ledger.ids.len())?;
    push(d, CveEvent::CveReserved { id: id.clone() });
    Ok(())
}

fn stands_already(id: &CveId) -> Refusal {
    Refusal::new(
        RefusalCode::AlreadyDone,
        format!("{id} stands in the ledger of this case already."),
    )
}

fn given_back(id: &CveId) -> Refusal {
    Refusal::new(
        RefusalCode::AlreadyDone,
        format!("{id} was rejected. A rejected id is never used again."),
    )
    .instead("ask for another id")
}

fn assign(d: &mut Draft<'_>, id: &CveId, by_draft: bool) -> Result<(), Refusal> {
    let ledger = &d.case()?.cve;
    match ledger.ids.get(id).map(|entry| entry.stage) {
        Some(CveStage::Rejected) => return Err(given_back(id)),
        Some(CveStage::Assigned | CveStage::Published) => return Err(stands_already(id)),
        Some(CveStage::Reserved) => {}
        None => room_for(ledger.ids.len())?,
    }
    push(
        d,
        CveEvent::CveAssigned {
            id: id.clone(),
            by_draft,
        },
    );
    Ok(())
}

fn unknown(id: &CveId) -> Refusal {
    Refusal::new(
        RefusalCode::NotFound,
        format!("{id} does not stand in the ledger of this case."),
    )
    .instead("note first that it was assigned")
}

/// The record is never the first place where a problem is told (CNA rules 5.3.1, K9).
fn publish(d: &mut Draft<'_>, id: &CveId, at: Instant) -> Result<(), Refusal> {
    let case = d.case()?;
    let entry = case.cve.ids.get(id).ok_or_else(|| unknown(id))?;
    match entry.stage {
        CveStage::Rejected => return Err(given_back(id)),
        CveStage::Published => {
            return Err(Refusal::new(
                RefusalCode::AlreadyDone,
                format!("The record of {id} is noted as public already."),
            ));
        }
        CveStage::Reserved => {
            return Err(
                Refusal::new(RefusalCode::WrongStage, format!("{id} is only reserved."))
                    .instead("note first that it was assigned"),
            );
        }
        CveStage::Assigned => {}
    }
    let Some(public) = case.advisory.published else {
        return Err(Refusal::new(
            RefusalCode::WrongStage,
            "The record of a CVE id is public only after the advisory. If it is public all the same, everybody can read of the problem.",
        )
        .instead(Hint::PublishAdvisory)
        .instead(Hint::RecordFact));
    };
    not_ahead(d, at)?;
    if at < public {
        return Err(Refusal::new(
            RefusalCode::FieldInvalid,
            "This moment lies before the advisory was public.",
        )
        .instead("write when the record was public"));
    }
    push(d, CveEvent::CvePublished { id: id.clone(), at });
    Ok(())
}

fn reject(d: &mut Draft<'_>, id: &CveId, reason: TextRef) -> Result<(), Refusal> {
    said(reason, "Say why the id is rejected.")?;
    let entry = d.case()?.cve.ids.get(id).ok_or_else(|| unknown(id))?;
    if entry.stage == CveStage::Rejected {
        return Err(given_back(id));
    }
    push(
        d,
        CveEvent::CveRejected {
            id: id.clone(),
            reason,
        },
    );
    Ok(())
}

/// What the draft names may not stand against the ledger.
pub(crate) fn fits_draft(case: &CaseState, draft: &AdvisoryDraftRef) -> Result<(), Refusal> {
    let Some(id) = &draft.cve else {
        return Ok(());
    };
    match case.cve.ids.get(id).map(|entry| entry.stage) {
        Some(CveStage::Rejected) => Err(Refusal::new(
            RefusalCode::AdvisoryIncomplete,
            format!("The draft names {id}, and that id was rejected."),
        )
        .instead(Hint::TakeOutCve)),
        None => room_for(case.cve.ids.len()),
        Some(_) => Ok(()),
    }
}

/// An id in an approved draft belongs to this vulnerability.
pub(crate) fn follow_draft(d: &mut Draft<'_>) -> Result<(), Refusal> {
    let case = d.case()?;
    let Some(id) = case.advisory.draft.as_ref().and_then(|a| a.cve.clone()) else {
        return Ok(());
    };
    let stage = case.cve.ids.get(&id).map(|entry| entry.stage);
    if matches!(stage, None | Some(CveStage::Reserved)) {
        return assign(d, &id, true);
    }
    Ok(())
}

/// A case does not end while an id or a request is open (CNA rules 4.5.3.5).
pub(crate) fn none_open(case: &CaseState) -> Result<(), Refusal> {
    let ids: Vec<&str> = case.cve.open_ids().map(|(id, _)| id.as_str()).collect();
    if !ids.is_empty() {
        return Err(Refusal::new(
            RefusalCode::EvidenceMissing,
            format!(
                "A CVE id is open: {}. Before the case ends its record is public, or the id is rejected.",
                ids.join(", ")
            ),
        )
        .instead(Hint::RecordCve));
    }
    if case.cve.open_requests().next().is_some() {
        return Err(Refusal::new(
            RefusalCode::EvidenceMissing,
            "A request for a CVE id has no answer. Note the id, or that the request leads to nothing.",
        )
        .instead(Hint::RecordCve));
    }
    Ok(())
}

/// Records what time alone caused up to now.
pub(crate) fn catch_up(d: &mut Draft<'_>) -> Result<(), Refusal> {
    let now = d.now();
    let case = d.case()?;
    if case.closed.is_some() {
        return Ok(());
    }
    let mut events = Vec::new();
    for (request, found) in (0_u32..).zip(&case.cve.requests) {
        if found.ended.is_some() {
            continue;
        }
        let mut number = found.chased;
        while chase_at(found, number).is_some_and(|at| at <= now) {
            number = number.saturating_add(1);
        }
        if number > found.chased {
            events.push(CveEvent::CveRequestSilent { request, number });
        }
    }
    for (id, entry) in case.cve.open_ids() {
        let Some((should, must)) = case.cve_dues(entry) else {
            continue;
        };
        let (hours, due) = if now > must {
            (RECORD_MUST_HOURS, must)
        } else if now > should {
            (RECORD_SHOULD_HOURS, should)
        } else {
            continue;
        };
        if hours > entry.late {
            let id = id.clone();
            events.push(CveEvent::CveRecordLate { id, hours, due });
        }
    }
    for event in events {
        push(d, event);
    }
    Ok(())
}
