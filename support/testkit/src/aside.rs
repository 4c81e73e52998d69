//! Commands beside the straight road, as people would say them.

use candor_case::{
    Aside, Command, ContextKind, ContextRecord, CreditWish, HandOverStep, LinkedReport, Matter,
    OriginalNews, PartyRole,
};

use crate::parts::{instant, message, other_case, text};

/// The team puts the case aside until this moment.
pub fn defer(review: &str) -> Command {
    Command::Aside(Aside::Defer {
        review: instant(review),
        message: message("We agree that it is one, and will look at it again in the autumn."),
    })
}

/// The team takes it up again.
pub fn resume() -> Command {
    Command::Aside(Aside::Resume {
        reason: text("the rewrite is done"),
    })
}

/// The team goes on without an answer.
pub fn go_on() -> Command {
    Command::Aside(Aside::GoOn {
        reason: text("we found the version ourselves"),
    })
}

/// Somebody of the team suspects a leak.
pub fn suspect_leak() -> Command {
    Command::Aside(Aside::SuspectLeak {
        what: text("the name of the function"),
        how: text("a public build log"),
        plan: text("the log is deleted; we watch the forums"),
    })
}

/// The team decides on it.
pub fn decide_leak(go_public: bool) -> Command {
    Command::Aside(Aside::DecideLeak {
        go_public,
        reason: text("who was there, what they saw"),
    })
}

/// The reporter, or a party, keeps the embargo no longer.
pub fn leave_embargo() -> Command {
    Command::Aside(Aside::LeaveEmbargo {
        message: message("I speak about it at a conference next week."),
    })
}

/// The reporter wants letters without encryption.
pub fn take_back_key() -> Command {
    Command::Aside(Aside::ChooseKey { key: None })
}

/// The team ends the embargo before its day.
pub fn end_embargo() -> Command {
    Command::Aside(Aside::EndEmbargo {
        reason: text("the reporter speaks about it next week"),
    })
}

/// A party's own advisory came.
pub fn link_advisory(number: u32, link: &str) -> Command {
    Command::Aside(Aside::LinkAdvisory {
        number,
        link: link.to_owned(),
    })
}

/// The reporter agrees, or does not.
pub fn agree(matter: Matter, given: bool) -> Command {
    Command::Aside(Aside::Agree { matter, given })
}

/// The team records a context with its party; with an outcome when there is one.
pub fn work_out(kind: ContextKind, outcome: Option<&str>) -> Command {
    Command::Aside(Aside::WorkOut(ContextRecord {
        kind,
        party: text("the vendor of the wallet application"),
        circumstances: text("keys kept in the default store, debugger attached"),
        outcome: outcome.map(text),
    }))
}

/// The team names a party, and asks the reporter or not.
pub fn name_party(role: PartyRole, ask_reporter: bool) -> Command {
    hand_over(
        None,
        HandOverStep::Open {
            role,
            party: text(&format!("a party: {role:?}")),
            contact: text("security@party.example"),
            ask_reporter,
        },
    )
}

/// The team told the party of this number.
pub fn told_party(number: u32, at: &str, with_report: bool) -> Command {
    hand_over(
        Some(number),
        HandOverStep::Sent {
            at: instant(at),
            with_report,
            note: text("what we sent, and to whom"),
        },
    )
}

/// The party answered.
pub fn party_answered(number: u32) -> Command {
    hand_over(
        Some(number),
        HandOverStep::Answered {
            note: text("they confirm and plan a release"),
        },
    )
}

/// The fix was shared with the party, or not.
pub fn share_fix(number: u32, shared: bool) -> Command {
    hand_over(
        Some(number),
        HandOverStep::FixShared {
            shared,
            note: text("the patch, by mail"),
        },
    )
}

/// Nothing more is to be done with the party.
pub fn end_party(number: u32) -> Command {
    hand_over(
        Some(number),
        HandOverStep::End {
            outcome: text("fixed upstream in 4.2"),
        },
    )
}

fn hand_over(number: Option<u32>, step: HandOverStep) -> Command {
    Command::Aside(Aside::HandOver { number, step })
}

/// A later report of the same, with the wish of who sent it.
pub fn link(words: &str, received: &str, credit: CreditWish) -> Command {
    let (case, reference) = other_case(words);
    Command::Aside(Aside::LinkReport(LinkedReport {
        case,
        reference,
        received: instant(received),
        credit,
        stands: true,
    }))
}

/// The older case came to its end.
pub fn follow_original(news: OriginalNews) -> Command {
    Command::Aside(Aside::FollowOriginal { news })
}
