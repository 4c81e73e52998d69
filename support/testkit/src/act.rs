//! Commands as people would say them.

use std::collections::BTreeSet;

use candor_base::Instant;
use candor_case::{
    Acceptance, AdvisoryDraftRef, Assessment, AttackFact, CloseReason, Command, CreditKind,
    CreditWish, DateAnswer, FixChange, FixStatus, Invitation, Lane, MessageKind, PartyKind,
    RejectionGround, Verdict,
};
use candor_policy::model::{ClauseId, ContentKey, FixKind};

use crate::parts::{instant, message, person, reasoned, text};

/// A person answers: received.
pub fn acknowledge() -> Command {
    Command::Acknowledge {
        message: message("Thank you. We have your report and will look into it."),
        plan: false,
    }
}

/// A person answers with a plan.
pub fn acknowledge_with_plan() -> Command {
    Command::Acknowledge {
        message: message("We will try it on 1.4 tomorrow; until then, switch the plugin off."),
        plan: true,
    }
}

/// The team writes to the reporter.
pub fn say(kind: MessageKind) -> Command {
    Command::Say {
        lane: Lane::Reporter,
        kind,
        message: message(&format!("a message of the kind {kind:?}")),
    }
}

/// A status update.
pub fn status() -> Command {
    say(MessageKind::Status)
}

/// A plan.
pub fn plan() -> Command {
    say(MessageKind::Plan)
}

/// A note that only the team reads.
pub fn note() -> Command {
    Command::Say {
        lane: Lane::Team,
        kind: MessageKind::Plain,
        message: message("a note among ourselves"),
    }
}

/// The reporter writes.
pub fn write(words: &str) -> Command {
    Command::Say {
        lane: Lane::Reporter,
        kind: MessageKind::Plain,
        message: message(words),
    }
}

/// The team asks for contents.
pub fn ask(keys: &[ContentKey]) -> Command {
    Command::Ask {
        items: keys.iter().copied().collect(),
        message: message("Could you tell us a little more?"),
    }
}

/// The reporter supplies contents.
pub fn supply(keys: &[ContentKey]) -> Command {
    Command::Supply {
        items: keys.iter().copied().collect(),
        message: message("Here it is."),
    }
}

/// The team records an assessment and tells it.
pub fn assess(assessment: Assessment) -> Command {
    Command::Assess {
        assessment: Box::new(assessment),
        message: Some(message("This is what we found.")),
    }
}

/// The team records an assessment and tells nobody yet.
pub fn assess_silently(assessment: Assessment) -> Command {
    Command::Assess {
        assessment: Box::new(assessment),
        message: None,
    }
}

/// The team accepts, with these branches to fix.
pub fn accept(branches: &[&str]) -> Command {
    Command::Accept(Acceptance {
        waived: BTreeSet::new(),
        branches: branches.iter().map(|b| (*b).to_owned()).collect(),
        target_release: None,
        message: message("We accept this and will fix it."),
    })
}

/// The team turns the report down with a paragraph of reasons.
pub fn reject(ground: RejectionGround, is_vulnerability: Verdict) -> Command {
    Command::Reject {
        ground,
        is_vulnerability,
        reason: reasoned(),
        keep_as_suggestion: false,
    }
}

/// The team turns the report down as out of scope by this clause.
pub fn reject_by(clause: &ClauseId) -> Command {
    reject(
        RejectionGround::OutOfScope {
            clause: clause.clone(),
        },
        Verdict::No,
    )
}

/// A backport row as it is at this status, with everything a policy may demand of it.
pub fn fix_change(branch: &str, status: FixStatus) -> FixChange {
    let tested = matches!(status, FixStatus::Tested | FixStatus::Released { .. });
    FixChange {
        branch: branch.to_owned(),
        status,
        kind: FixKind::Patch,
        private_branch: Some("tidy-headers".to_owned()),
        change: Some("https://git.example/team/product/pull/412".to_owned()),
        author: Some(person(1)),
        author_outside: false,
        reviewer: Some(person(2)),
        reviewed_alone: false,
        test: tested.then(|| text("the tests that ran, and on what")),
    }
}

/// The team moves a backport row.
pub fn fix(branch: &str, status: FixStatus) -> Command {
    Command::Fix(Box::new(fix_change(branch, status)))
}

/// The team releases a fix as this version.
pub fn release(branch: &str, version: &str) -> Command {
    fix(
        branch,
        FixStatus::Released {
            version: version.to_owned(),
        },
    )
}

/// The team says which steps help until the fix is out, or that none are known.
pub fn mitigate(words: Option<&str>) -> Command {
    Command::Mitigate {
        text: words.map(text),
    }
}

/// The team writes down whom it tells, when and where.
pub fn plan_communication() -> Command {
    Command::PlanCommunication {
        text: text("the list, the day, the outlets"),
    }
}

/// Somebody proposes a disclosure date; the team tells the reporter with it.
pub fn propose_date(at: &str) -> Command {
    Command::ProposeDate {
        at: instant(at),
        reason: Some(text("this is when we can all be ready")),
        message: Some(message("We plan to publish on this day.")),
    }
}

/// The date is accepted.
pub fn accept_date() -> Command {
    Command::AnswerDate(DateAnswer::Accept)
}

/// Another date is proposed instead.
pub fn counter_date(at: &str) -> Command {
    Command::AnswerDate(DateAnswer::Counter {
        at: instant(at),
        reason: Some(text("this suits me better")),
    })
}

/// The date is declined.
pub fn decline_date() -> Command {
    Command::AnswerDate(DateAnswer::Decline { reason: None })
}

/// The team sets the date alone, with a reason.
pub fn set_date_alone(at: &str) -> Command {
    Command::SetDateAlone {
        at: instant(at),
        reason: text("no answer for three weeks"),
        message: message("We will publish on this day."),
    }
}

/// Something became public, or attacks were seen.
pub fn fact(fact: AttackFact) -> Command {
    Command::RecordFact {
        fact,
        evidence: text("where it was seen, and since when"),
    }
}

/// The team saves an advisory draft.
pub fn save_draft(draft: &AdvisoryDraftRef) -> Command {
    Command::SaveDraft(draft.clone())
}

/// The team approves this draft.
pub fn approve(draft: &AdvisoryDraftRef) -> Command {
    Command::Approve {
        draft: draft.text.sha256,
    }
}

/// The team publishes this draft.
pub fn publish(draft: &AdvisoryDraftRef) -> Command {
    Command::Publish {
        draft: draft.text.sha256,
    }
}

/// The reporter answers about credit.
pub fn choose_credit(wish: CreditWish) -> Command {
    Command::ChooseCredit {
        wish,
        kind: CreditKind::Reporter,
    }
}

/// The team asks the reporter for more time on a promise.
pub fn extend(clock: &str, days: u32) -> Command {
    Command::Extend {
        clock: clock.to_owned(),
        days,
        reason: text("the change touches the storage format"),
    }
}

/// The team asks the reporter to do without a promise.
pub fn waive_promise(clock: &str) -> Command {
    Command::WaivePromise {
        clock: clock.to_owned(),
        reason: text("the reporter knows already"),
    }
}

/// A second person confirms the date without agreement.
pub fn confirm_date(at: &str) -> Command {
    Command::Aside(candor_case::Aside::ConfirmDate { at: instant(at) })
}

/// A person says that they have seen a missed promise.
pub fn answer_alarm(clock: &str) -> Command {
    Command::AnswerAlarm {
        clock: clock.to_owned(),
    }
}

/// The team invites a distributor, with terms and the hash of a code.
pub fn invite_distributor(name: &str) -> Command {
    invite(PartyKind::Distributor, name)
}

/// The team invites a vendor.
pub fn invite_vendor(name: &str) -> Command {
    invite(PartyKind::Vendor, name)
}

fn invite(kind: PartyKind, name: &str) -> Command {
    Command::InviteParty(Box::new(Invitation {
        kind,
        name: text(name),
        contact: None,
        terms: text("Keep it to yourselves until the day."),
        code: text(name).sha256,
    }))
}

/// The team gives the party of this number its notice.
pub fn notify_party(number: u32) -> Command {
    Command::NotifyParty { number }
}

/// The team closes the case.
pub fn close(reason: CloseReason) -> Command {
    Command::Close {
        reason,
        note: Some(text("why it ends so")),
    }
}

/// A moment, for commands that take one.
pub fn at(at: &str) -> Instant {
    instant(at)
}
