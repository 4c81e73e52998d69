//! What surrounds the straight road of a case: putting it aside, going on without an
//! answer, a leak, consents, the context worked out with others, parties to whom it is
//! handed over, and other reports of the same.
//!
//! Invariants: as everywhere, no text that a person wrote stands in here, only its
//! reference; names and addresses of other parties are such texts.
//!
//! Deliberately absent: rooms for those parties; they are written to by hand, and what
//! was sent and answered is written down.

mod event;

use candor_base::{CaseId, CaseRef, Instant};
use candor_policy::clocks::ClockKey;
use serde::{Deserialize, Serialize};

pub use event::AsideEvent;

use crate::parts::{Actor, CreditWish, MessageRef, TextRef};

/// What the reporter is asked to agree to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "number")]
pub enum Matter {
    /// The report, turned down, is kept as a suggestion for hardening (S4-43).
    Suggestion,
    /// The report itself is handed over to this party (S2-22, P-25).
    HandOver(u32),
    /// A question of the team about what was promised, by its number in the case.
    Question(u32),
}

/// What the team wishes to be allowed by the reporter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "wish")]
pub enum Wish {
    /// To do without a promise.
    Waive {
        /// Which.
        clock: ClockKey,
    },
    /// To have more time for a promise.
    Extend {
        /// Which.
        clock: ClockKey,
        /// Days more, in the unit in which the promise counts its days.
        days: u32,
    },
    /// To end a case that is put aside before the day of its review.
    EndDeferred,
}

/// A question about what was promised. Its answer stands with the consents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Its number in the case, from 1.
    pub number: u32,
    /// What is asked.
    pub wish: Wish,
    /// Why, read by the reporter.
    pub reason: TextRef,
}

/// A date that one person wants to set without agreement; another confirms it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateAlone {
    /// The date.
    pub at: Instant,
    /// Why, for the team.
    pub reason: TextRef,
    /// What everybody concerned is told once it is confirmed.
    pub message: MessageRef,
    /// Who wants it.
    pub by: Actor,
    /// Since when.
    pub on: Instant,
}

/// A consent: asked for, and given or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// To what.
    pub matter: Matter,
    /// When the reporter was asked.
    pub asked: Instant,
    /// The answer and its moment; the last one counts.
    pub answer: Option<(bool, Instant)>,
}

/// On what a finding depends beside the project itself (S3-09 to S3-12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContextKind {
    /// How an application is written.
    Implementation,
    /// How it is configured.
    Configuration,
    /// What it depends on.
    Dependency,
    /// Where and how it is deployed.
    Deployment,
}

/// One context of a finding, worked out with the reporter and a named party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContextRecord {
    /// On what it depends.
    pub kind: ContextKind,
    /// Whose it is: the vendor of the application, the project it depends on, an operator.
    pub party: TextRef,
    /// The circumstances that were judged.
    pub circumstances: TextRef,
    /// What came out: the impact under these circumstances. `None` while it is worked out.
    pub outcome: Option<TextRef>,
}

/// What a party is to the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartyRole {
    /// The project in which the fault lies, and on which this one depends (P-25).
    Upstream,
    /// Whoever builds on this project.
    Application,
    /// Whoever runs the system in which it was found (S2-22).
    Operator,
    /// Somebody else, such as a coordinator.
    Other,
}

/// A step of handing a case over to a party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step")]
pub enum HandOverStep {
    /// A party is named.
    Open {
        /// What it is to the case.
        role: PartyRole,
        /// Its name.
        party: TextRef,
        /// Its private channel.
        contact: TextRef,
        /// Ask the reporter whether the report itself may be handed over.
        ask_reporter: bool,
    },
    /// It was told.
    Sent {
        /// When; never later than now.
        at: Instant,
        /// The report itself went along; needs the reporter's consent.
        with_report: bool,
        /// What was sent, in the words of who sent it.
        note: TextRef,
    },
    /// It answered.
    Answered {
        /// What.
        note: TextRef,
    },
    /// Whether the project's own fix was shared with it (P-25).
    FixShared {
        /// It was.
        shared: bool,
        /// How, or why not.
        note: TextRef,
    },
    /// Nothing more is to be done with it.
    End {
        /// What came out.
        outcome: TextRef,
    },
}

/// A case handed over to a party, as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOver {
    /// Its number in the case, from 1.
    pub number: u32,
    /// What the party is to the case.
    pub role: PartyRole,
    /// Its name.
    pub party: TextRef,
    /// Its private channel.
    pub contact: TextRef,
    /// Since when it is named.
    pub opened: Instant,
    /// When it was told last.
    pub sent: Option<Instant>,
    /// The report itself went along.
    pub with_report: bool,
    /// When it answered last.
    pub answered: Option<Instant>,
    /// Whether the fix was shared, once that was answered.
    pub fix_shared: Option<bool>,
    /// Since when nothing more is to be done.
    pub ended: Option<Instant>,
    /// Reminders of its silence so far.
    pub reminders: u8,
    /// What was written down at each step, in order.
    pub notes: Vec<TextRef>,
}

/// For whom a hand-over waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandOverWaits {
    /// The team: it is to be told, or its answer to be acted on.
    Team,
    /// The party: it was told and has not answered since.
    Party,
    /// Nobody: it ended.
    Nobody,
}

impl HandOver {
    /// For whom it waits.
    pub fn waits_for(&self) -> HandOverWaits {
        match (self.ended, self.sent, self.answered) {
            (Some(_), _, _) => HandOverWaits::Nobody,
            (None, Some(sent), answered) if answered.is_none_or(|at| at < sent) => {
                HandOverWaits::Party
            }
            _ => HandOverWaits::Team,
        }
    }
}

/// Another report of the same, linked to this older case. Its credit is kept here too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedReport {
    /// The later case.
    pub case: CaseId,
    /// Its reference.
    pub reference: CaseRef,
    /// When it came in.
    pub received: Instant,
    /// The wish of who reported it; the name lies sealed in this case.
    pub credit: CreditWish,
    /// It stands; false once it turned out to be another matter after all.
    pub stands: bool,
}

impl LinkedReport {
    /// Says the same as another word about the same report, wherever the name lies.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let credit = match (&self.credit, &other.credit) {
            (CreditWish::Named(a), CreditWish::Named(b)) => a.sha256 == b.sha256,
            (a, b) => a == b,
        };
        credit
            && self.case == other.case
            && self.received == other.received
            && self.stands == other.stands
    }
}

/// What became of the older case that a duplicate waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OriginalNews {
    /// Its advisory is public.
    Published,
    /// It ended without one.
    EndedUnpublished,
}

/// A suspected leak: the three questions, and what was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leak {
    /// When it was written down.
    pub at: Instant,
    /// What leaked.
    pub what: TextRef,
    /// How.
    pub how: TextRef,
    /// What is done about it.
    pub plan: TextRef,
    /// Who wants to go public, why and since when; another person decides with them.
    #[serde(default)]
    pub asked: Option<(Actor, TextRef, Instant)>,
    /// Whether to go public at once, and who decided when.
    pub decided: Option<(bool, Actor, Instant)>,
}

/// A case put aside: valid, and not worked on until a day on which it is looked at again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deferral {
    /// Who decided.
    pub by: Actor,
    /// When.
    pub at: Instant,
    /// When it is looked at again.
    pub review: Instant,
    /// It was accepted before.
    pub was_accepted: bool,
    /// The day came and was announced.
    pub announced: bool,
}

/// What is asked of a case beside its straight road.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "aside")]
pub enum Aside {
    /// Put a valid case aside until a review.
    Defer {
        /// When it is looked at again.
        review: Instant,
        /// The reason, told to the reporter.
        message: MessageRef,
    },
    /// Take up again what was put aside.
    Resume {
        /// Why, for the team.
        reason: TextRef,
    },
    /// Go on without the answer to an open question.
    GoOn {
        /// Why it can be done without.
        reason: TextRef,
    },
    /// Write down that something may have leaked.
    SuspectLeak {
        /// What.
        what: TextRef,
        /// How.
        how: TextRef,
        /// What is done about it.
        plan: TextRef,
    },
    /// Decide on a suspected leak. In doubt the matter goes public; where the team has
    /// another person, two decide that.
    DecideLeak {
        /// Nothing is held back any more.
        go_public: bool,
        /// Why.
        reason: TextRef,
    },
    /// The reporter agrees to something, or does not.
    Agree {
        /// To what.
        matter: Matter,
        /// Yes or no.
        given: bool,
    },
    /// Ask the reporter whether a case that is put aside may end before its review.
    AskToEnd {
        /// Why, told to the reporter.
        reason: TextRef,
    },
    /// A second person confirms the date that another wants to set without agreement.
    ConfirmDate {
        /// The date as it was read.
        at: Instant,
    },
    /// Record a context with its party (S3-10 to S3-12).
    WorkOut(ContextRecord),
    /// Hand the case over to a party, step by step (P-25).
    HandOver {
        /// Which; `None` names a new party.
        number: Option<u32>,
        /// The step.
        step: HandOverStep,
    },
    /// A later case was found to be the same as this one.
    LinkReport(LinkedReport),
    /// The older case of this duplicate came to an end.
    FollowOriginal {
        /// Which.
        news: OriginalNews,
    },
    /// The reporter, or another party, keeps the embargo no longer; the case stays open
    /// (EM-8).
    LeaveEmbargo {
        /// Why, told to the project.
        message: MessageRef,
    },
    /// The team ends the embargo before its day, where it may (EM-6).
    EndEmbargo {
        /// Why.
        reason: TextRef,
    },
    /// A party's own advisory came (S4-37).
    LinkAdvisory {
        /// Whose.
        number: u32,
        /// The place on the net.
        link: String,
    },
    /// The reporter names the OpenPGP key for letters to them, or takes it back (S1-13).
    ChooseKey {
        /// The certificate, armoured.
        key: Option<TextRef>,
    },
}

/// The OpenPGP key for letters to the reporter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyChoice {
    /// The one that came with the report, when one did.
    #[default]
    AsFiled,
    /// This one, named in the room.
    Named(TextRef),
    /// None any more: said in the room.
    TakenBack,
}

impl Aside {
    /// The word for logs and pages.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Defer { .. } => "defer",
            Self::Resume { .. } => "resume",
            Self::GoOn { .. } => "go_on",
            Self::SuspectLeak { .. } => "suspect_leak",
            Self::DecideLeak { .. } => "decide_leak",
            Self::Agree { .. } => "agree",
            Self::AskToEnd { .. } => "ask_to_end",
            Self::ConfirmDate { .. } => "confirm_date",
            Self::WorkOut(_) => "work_out",
            Self::HandOver { .. } => "hand_over",
            Self::LinkReport(_) => "link_report",
            Self::FollowOriginal { .. } => "follow_original",
            Self::LeaveEmbargo { .. } => "leave_embargo",
            Self::EndEmbargo { .. } => "end_embargo",
            Self::LinkAdvisory { .. } => "link_advisory",
            Self::ChooseKey { .. } => "choose_key",
        }
    }
}

/// All of it, as it stands on a case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Around {
    /// Put aside.
    pub deferral: Option<Deferral>,
    /// The last suspected leak.
    pub leak: Option<Leak>,
    /// Consents asked for.
    pub consents: Vec<Consent>,
    /// Contexts worked out, one of each kind at most.
    pub contexts: Vec<ContextRecord>,
    /// Parties it was handed over to.
    pub hand_overs: Vec<HandOver>,
    /// Other reports of the same.
    pub linked: Vec<LinkedReport>,
    /// What became of the older case, for a duplicate.
    pub original: Option<OriginalNews>,
    /// Since when the reporter keeps the embargo no longer.
    #[serde(default)]
    pub left: Option<Instant>,
    /// Questions about what was promised, in order.
    #[serde(default)]
    pub questions: Vec<Question>,
    /// A date that one person wants to set without agreement.
    #[serde(default)]
    pub date_alone: Option<DateAlone>,
    /// What letters to the reporter are encrypted to.
    #[serde(default)]
    pub key: KeyChoice,
}

impl Around {
    /// The answer to a consent, when one was given.
    pub fn agreed(&self, matter: Matter) -> Option<bool> {
        let found = self.consents.iter().find(|c| c.matter == matter)?;
        found.answer.map(|(given, _)| given)
    }

    /// The question of this number.
    pub fn question(&self, number: u32) -> Option<&Question> {
        self.questions.iter().find(|q| q.number == number)
    }

    /// What the reporter agreed to about this promise: what, and when.
    pub fn agreed_about(&self, key: &ClockKey) -> impl Iterator<Item = (&Wish, Instant)> {
        let about = move |wish: &Wish| match wish {
            Wish::Waive { clock } | Wish::Extend { clock, .. } => clock == key,
            Wish::EndDeferred => false,
        };
        self.questions
            .iter()
            .filter(move |q| about(&q.wish))
            .filter_map(|q| {
                let matter = Matter::Question(q.number);
                let consent = self.consents.iter().find(|c| c.matter == matter)?;
                let (given, at) = consent.answer?;
                given.then_some((&q.wish, at))
            })
    }

    /// Consents that wait for an answer.
    pub fn asked(&self) -> impl Iterator<Item = &Consent> {
        self.consents.iter().filter(|c| c.answer.is_none())
    }

    /// The hand-over of this number.
    pub fn hand_over(&self, number: u32) -> Option<&HandOver> {
        self.hand_overs.iter().find(|h| h.number == number)
    }

    /// Other reports of the same that still stand.
    pub fn also_reported(&self) -> impl Iterator<Item = &LinkedReport> {
        self.linked.iter().filter(|l| l.stands)
    }

    /// A suspected leak that waits for its decision.
    pub fn open_leak(&self) -> Option<&Leak> {
        self.leak.as_ref().filter(|l| l.decided.is_none())
    }
}
