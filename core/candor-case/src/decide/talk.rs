//! Messages of the team and the reporter.

use std::collections::BTreeSet;

use candor_base::{AccountId, Refusal, RefusalCode};
use candor_policy::clocks::MetBy;
use candor_policy::model::ContentKey;

use crate::draft::Draft;
use crate::event::Event;
use crate::hints::Hint;
use crate::parts::{Actor, Lane, MessageKind, MessageRef, TextRef};

/// Messages of a reporter that one case takes within an hour.
const MOST_IN_AN_HOUR: usize = 60;
const HOUR: i64 = 3_600;

pub(super) fn assign(d: &mut Draft<'_>, lead: AccountId) -> Result<(), Refusal> {
    if d.case()?.lead == Some(lead) {
        return Err(Refusal::new(
            RefusalCode::AlreadyDone,
            "This person already leads the case.",
        ));
    }
    d.push(Event::Assigned { lead });
    Ok(())
}

pub(super) fn acknowledge(
    d: &mut Draft<'_>,
    message: &MessageRef,
    plan: bool,
) -> Result<(), Refusal> {
    not_empty(message)?;
    not_a_sign(message)?;
    d.push(Event::Acknowledged {
        message: message.clone(),
        plan,
    });
    Ok(())
}

pub(super) fn ask(
    d: &mut Draft<'_>,
    items: &BTreeSet<ContentKey>,
    message: &MessageRef,
) -> Result<(), Refusal> {
    not_empty(message)?;
    d.push(Event::Asked {
        items: items.clone(),
        message: message.clone(),
    });
    Ok(())
}

pub(super) fn say(
    d: &mut Draft<'_>,
    lane: Lane,
    kind: MessageKind,
    message: &MessageRef,
) -> Result<(), Refusal> {
    not_empty(message)?;
    if let Actor::Party(number) = d.ctx.actor {
        super::party::may_write(d, number)?;
        check_party(lane, kind)?;
        not_a_flood(d)?;
    } else if d.ctx.actor == Actor::Reporter {
        check_reporter(d, lane, kind)?;
        not_a_flood(d)?;
    } else if d.ctx.actor == Actor::System {
        check_candor(lane, kind)?;
    } else {
        check_team(d, lane, kind)?;
        if matches!(kind, MessageKind::Status | MessageKind::Plan) {
            not_a_sign(message)?;
        }
    }
    let by_team = matches!(d.ctx.actor, Actor::Team(_));
    if lane != Lane::Team && kind == MessageKind::Status && by_team {
        d.acts.insert(MetBy::StatusMessage);
    }
    d.push(Event::Said {
        lane,
        kind,
        message: message.clone(),
    });
    if d.ctx.actor == Actor::Reporter {
        return super::aside::answered_after_all(d);
    }
    Ok(())
}

/// Each message wakes the team, so a room takes only so many in an hour.
pub(super) fn not_a_flood(d: &Draft<'_>) -> Result<(), Refusal> {
    let since = d.now().plus_seconds(-HOUR);
    let messages = d.case()?.messages.iter().rev();
    let recent = messages
        .take_while(|m| m.at > since)
        .filter(|m| m.from == d.ctx.actor);
    if recent.count() < MOST_IN_AN_HOUR {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalCode::TooLarge,
        "You sent very many messages within an hour. This one was not sent.",
    )
    .instead("put what is left into one message or a file, and send it later"))
}

/// A party writes to everybody on the case, and only messages.
fn check_party(lane: Lane, kind: MessageKind) -> Result<(), Refusal> {
    if lane == Lane::Everyone && kind == MessageKind::Plain {
        Ok(())
    } else {
        Err(Refusal::new(
            RefusalCode::NotAllowed,
            "A party writes to everyone on the case.",
        ))
    }
}

/// Candor itself leaves notes for the team, and speaks to nobody in its place.
fn check_candor(lane: Lane, kind: MessageKind) -> Result<(), Refusal> {
    if lane == Lane::Team && kind == MessageKind::Plain {
        Ok(())
    } else {
        Err(Refusal::new(
            RefusalCode::NotAllowed,
            "Candor itself writes notes for the team only.",
        ))
    }
}

fn check_reporter(d: &Draft<'_>, lane: Lane, kind: MessageKind) -> Result<(), Refusal> {
    if lane == Lane::Team {
        return Err(Refusal::new(
            RefusalCode::NotAllowed,
            "This lane is the team's own.",
        ));
    }
    match kind {
        MessageKind::Plain => Ok(()),
        MessageKind::DraftComment if d.case()?.advisory.draft.is_some() => Ok(()),
        MessageKind::DraftComment => Err(Refusal::new(
            RefusalCode::NotFound,
            "There is no draft advisory to comment on yet.",
        )
        .instead(Hint::Write)),
        _ => Err(Refusal::new(
            RefusalCode::NotAllowed,
            "A message of this kind comes from the team.",
        )
        .instead(Hint::Write)),
    }
}

fn check_team(d: &Draft<'_>, lane: Lane, kind: MessageKind) -> Result<(), Refusal> {
    if lane == Lane::Team {
        // A promise is kept by what the reporter can read, so nothing else may look like it.
        return if matches!(kind, MessageKind::Plain | MessageKind::DraftComment) {
            Ok(())
        } else {
            Err(Refusal::new(
                RefusalCode::FieldInvalid,
                "A message of this kind is for the reporter, who cannot read this lane.",
            )
            .instead("send it to the reporter")
            .instead("write it as a plain note"))
        };
    }
    match kind {
        MessageKind::Decision => {
            let case = d.case()?;
            if case.assessment.is_some() || case.rejection.is_some() {
                Ok(())
            } else {
                Err(Refusal::new(
                    RefusalCode::EvidenceMissing,
                    "There is no decision to tell yet: record the assessment first.",
                )
                .instead(Hint::RecordAssessment))
            }
        }
        MessageKind::DateNotice => super::embargo::may_notify(d),
        _ => Ok(()),
    }
}

/// Words that have to be there.
pub(super) fn not_empty_text(text: &TextRef, why: &str) -> Result<(), Refusal> {
    if text.chars == 0 {
        return Err(Refusal::new(RefusalCode::FieldMissing, why));
    }
    Ok(())
}

/// What keeps a promise is at least a word; a single sign keeps none.
fn not_a_sign(message: &MessageRef) -> Result<(), Refusal> {
    if message.text.chars < 2 {
        return Err(Refusal::new(
            RefusalCode::FieldMissing,
            "This message is promised to the reporter. Please write at least a few words.",
        ));
    }
    Ok(())
}

/// Every message says something, or brings a file.
pub(super) fn not_empty(message: &MessageRef) -> Result<(), Refusal> {
    if message.text.chars == 0 && message.files.is_empty() {
        return Err(Refusal::new(
            RefusalCode::FieldMissing,
            "The message is empty. Please write something.",
        ));
    }
    Ok(())
}
