//! What should happen outside, as data.
//!
//! Invariant: an effect carries no text of the case; whoever performs it looks
//! up what its recipient may see.

use candor_base::{AccountId, Instant};
use candor_policy::clocks::ClockKey;
use serde::{Deserialize, Serialize};

use crate::alarm::AlarmStep;

/// To whom a mail goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "account")]
pub enum Recipient {
    /// The reporter, if an address was given.
    Reporter,
    /// Everybody on duty for the program.
    Team,
    /// One person.
    Account(AccountId),
    /// Another party of the case, if it gave an address.
    Party(u32),
    /// Whoever has this place in the program's line of alarm.
    Step(AlarmStep),
}

/// Which mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum MailKind {
    /// To the reporter: stored, what happens next, dates.
    Receipt,
    /// To the team: a report came in.
    NewReport,
    /// To the team: a report that is already public came in.
    AlreadyPublic,
    /// To the reporter or team: there is a message. Never its text.
    YouHaveAMessage,
    /// To the team: a promise falls due.
    DueSoon {
        /// Which.
        clock: ClockKey,
        /// 50 or 80.
        percent: u8,
        /// When it falls due.
        due: Instant,
    },
    /// To the team: a promise was missed.
    Missed {
        /// Which.
        clock: ClockKey,
        /// When it fell due.
        due: Instant,
    },
    /// To one person in line: a promise was missed and nobody has said that they have
    /// seen it.
    Alarm {
        /// Which.
        clock: ClockKey,
        /// When it fell due.
        due: Instant,
        /// The person's place in line.
        step: AlarmStep,
    },
    /// To a party: it is invited; who invites gives it the code.
    Invitation,
    /// To a party: there is something to read, or other terms to answer.
    PartyNews,
    /// To the team: a party leaked something.
    Leak,
    /// To the team: the reporter follows up on an overdue acknowledgement.
    FollowUp,
    /// To the team: the reporter objects.
    Objection,
    /// To the team: the embargo ended because of a fact.
    EmbargoEnded,
    /// To the reporter: the question is still open.
    Reminder {
        /// Which, from 1.
        number: u8,
    },
    /// To the reporter: may the advisory name you?
    CreditReminder {
        /// Which, from 1.
        number: u8,
    },
    /// To the reporter: published, free to publish.
    Published,
    /// To the team: a mail to the reporter did not arrive.
    MailFailed,
    /// To the team: somebody has to judge whether a regulator must be told.
    RegulatorSignal {
        /// Until when.
        due: Instant,
    },
    /// To the team: the time for a regulator runs out. Never which, and never why.
    RegulatorDueSoon {
        /// 50 or 80.
        percent: u8,
        /// When it falls due.
        due: Instant,
    },
    /// To the team: a date for a regulator has passed.
    RegulatorMissed {
        /// When it fell due.
        due: Instant,
    },
    /// To the team: something asks for a look.
    Attention {
        /// What.
        at: Attention,
    },
}

/// Why the team should look at a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attention {
    /// The day on which a case that was put aside is looked at again.
    Review,
    /// Something may have leaked.
    Leak,
    /// A party that was told has not answered.
    PartySilent,
    /// Somebody else reported the same.
    SecondReport,
    /// A party has not answered the terms.
    TermsSilent,
    /// The time to answer a proposed date is over.
    AnswersDue,
    /// The reporter, or a party, keeps the embargo no longer.
    LeftEmbargo,
    /// A request for a CVE id has no answer.
    CveSilent,
    /// The advisory is public, and the record of its CVE id is not, for a day.
    CveDue,
    /// The same for three days.
    CveOverdue,
}

/// Something to be done outside. Safe to repeat: its key makes it one act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "effect")]
pub enum Effect {
    /// Send a mail.
    Mail {
        /// To whom.
        to: Recipient,
        /// Which.
        mail: MailKind,
    },
    /// Make the advisory and its feeds public.
    Publish,
}
