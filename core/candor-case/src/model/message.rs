//! What participants tell each other, and what that makes of who is told (Vultron's 28
//! messages; `cvd-state-model.md` 4).
//!
//! Invariants: receiving is total and pure; a message that was received twice changes
//! nothing the second time; no embargo stays in force beside P, X or A; a report that is
//! over for a participant hears nothing any more.
//!
//! Deliberately absent: how a message travels, and its words. Two rows of the source are
//! read as its machines say: RI leaves only R, and CA does not make P.

use super::cs::{Course, Letter, VendorPath};
use super::em::{EmbargoMove, EmbargoState};
use super::rm::{ReportMove, ReportState};

/// A kind of message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Message {
    /// RS: here is a report.
    ReportSubmitted,
    /// RI: we judge it invalid.
    ReportInvalid,
    /// RV: we judge it valid.
    ReportValid,
    /// RD: we put it aside.
    ReportDeferred,
    /// RA: we work on it.
    ReportAccepted,
    /// RC: it is over for us.
    ReportClosed,
    /// EP: let us keep it private until then.
    EmbargoProposed,
    /// EA: we take that.
    EmbargoAccepted,
    /// ER: we do not.
    EmbargoRejected,
    /// EV: let us change the date.
    RevisionProposed,
    /// EC: we take the change.
    RevisionAccepted,
    /// EJ: we do not.
    RevisionRejected,
    /// ET: the embargo is over.
    EmbargoTerminated,
    /// CV: this vendor knows.
    VendorAware,
    /// CF: our fix is ready.
    FixReady,
    /// CD: our fix is deployed.
    FixDeployed,
    /// CP: the public knows.
    PublicAware,
    /// CX: an exploit is public.
    ExploitPublic,
    /// CA: attacks were observed.
    AttacksObserved,
    /// RK, EK, CK, GK: received.
    Ack(Topic),
    /// RE, EE, CE, GE: this does not fit.
    Error(Topic),
    /// GI: how does it stand?
    Inquiry,
}

/// What an acknowledgement or an error is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// The report (R).
    Report,
    /// The embargo (E).
    Embargo,
    /// The state of the case (C).
    Case,
    /// Anything else (G).
    General,
}

use Message as M;

impl Message {
    /// All 28.
    pub const ALL: [Self; 28] = [
        M::ReportSubmitted,
        M::ReportInvalid,
        M::ReportValid,
        M::ReportDeferred,
        M::ReportAccepted,
        M::ReportClosed,
        M::EmbargoProposed,
        M::EmbargoAccepted,
        M::EmbargoRejected,
        M::RevisionProposed,
        M::RevisionAccepted,
        M::RevisionRejected,
        M::EmbargoTerminated,
        M::VendorAware,
        M::FixReady,
        M::FixDeployed,
        M::PublicAware,
        M::ExploitPublic,
        M::AttacksObserved,
        M::Ack(Topic::Report),
        M::Ack(Topic::Embargo),
        M::Ack(Topic::Case),
        M::Ack(Topic::General),
        M::Error(Topic::Report),
        M::Error(Topic::Embargo),
        M::Error(Topic::Case),
        M::Error(Topic::General),
        M::Inquiry,
    ];
}

/// How a participant sees a case: its own report, the embargo, the course.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Its own handling of the report.
    pub report: ReportState,
    /// The embargo.
    pub embargo: EmbargoState,
    /// Its own path, where it is a vendor, and what is true for all.
    pub course: Course,
    /// It makes something that may be affected.
    pub vendor: bool,
}

impl Standing {
    /// What receiving a message makes of it, and what it answers.
    pub fn receive(self, message: Message) -> (Self, Vec<Message>) {
        if self.report == ReportState::Closed {
            return (self, Vec::new());
        }
        match message {
            M::ReportSubmitted => self.report_comes(),
            M::ReportInvalid
            | M::ReportValid
            | M::ReportDeferred
            | M::ReportAccepted
            | M::ReportClosed => {
                let answer = match self.report {
                    ReportState::Start => vec![M::Error(Topic::Report), M::Inquiry],
                    _ => vec![M::Ack(Topic::Report)],
                };
                (self, answer)
            }
            M::EmbargoProposed
            | M::EmbargoAccepted
            | M::EmbargoRejected
            | M::RevisionProposed
            | M::RevisionAccepted
            | M::RevisionRejected
            | M::EmbargoTerminated => self.embargo_talk(message),
            M::VendorAware | M::FixReady | M::FixDeployed => (self, vec![M::Ack(Topic::Case)]),
            M::PublicAware => self.becomes(Letter::PublicAware),
            M::ExploitPublic => self.becomes(Letter::ExploitPublic),
            M::AttacksObserved => self.becomes(Letter::AttacksObserved),
            M::Ack(_) => (self, Vec::new()),
            M::Error(about) => (self, vec![M::Ack(about), M::Inquiry]),
            M::Inquiry => (self, vec![M::Ack(Topic::General)]),
        }
    }

    fn report_comes(mut self) -> (Self, Vec<Message>) {
        let mut answer = vec![M::Ack(Topic::Report)];
        if self.report == ReportState::Start {
            self.report = self.report.along(&[ReportMove::Receive]);
            if self.vendor && self.course.vendor == VendorPath::Unaware {
                self.course.vendor = VendorPath::Aware;
                answer.push(M::VendorAware);
            }
        }
        (self, answer)
    }

    fn embargo_talk(mut self, message: Message) -> (Self, Vec<Message>) {
        use EmbargoState as S;
        let quiet = self.course.outside.is_quiet();
        let ack = vec![M::Ack(Topic::Embargo)];
        let refused = vec![M::EmbargoRejected];
        let over = vec![M::EmbargoTerminated];
        let (next, answer) = match (message, self.embargo, quiet) {
            (M::EmbargoProposed, S::None | S::Proposed, true) => (S::Proposed, ack),
            (M::EmbargoProposed, S::None | S::Proposed, false)
            | (M::EmbargoAccepted, S::Proposed, false) => (S::None, refused),
            (M::EmbargoAccepted, S::Proposed, true)
            | (M::RevisionAccepted | M::RevisionRejected, S::Revise, true) => (S::Active, ack),
            (M::EmbargoRejected, S::Proposed, _) => (S::None, ack),
            (M::RevisionProposed, S::Active | S::Revise, true) => (S::Revise, ack),
            (
                M::RevisionProposed | M::RevisionAccepted | M::RevisionRejected,
                S::Active | S::Revise,
                false,
            ) => (S::Exited, over),
            (M::EmbargoTerminated, S::Active | S::Revise | S::Exited, _) => (S::Exited, ack),
            (_, state, _) => (state, vec![M::Error(Topic::Embargo)]),
        };
        self.embargo = next;
        (self, answer)
    }

    fn becomes(mut self, letter: Letter) -> (Self, Vec<Message>) {
        let path = self.course.vendor;
        self.course = settled(self.course);
        for fact in self.course.consequences(letter) {
            if let Some(next) = self.course.step(fact) {
                self.course = next;
            }
        }
        self.course = settled(self.course);
        if !self.vendor {
            self.course.vendor = path;
        }
        self.embargo = self.embargo.overtaken();
        (self, vec![M::Ack(Topic::Case)])
    }
}

/// What must follow at once, follows: P of X, and V of P.
fn settled(mut course: Course) -> Course {
    while let Some(next) = course.forced().and_then(|letter| course.step(letter)) {
        course = next;
    }
    course
}

/// What a participant tells the others after its own case went from one state to another.
pub fn told(before: &Standing, after: &Standing) -> Vec<Message> {
    report_told(before.report, after.report)
        .into_iter()
        .chain(embargo_told(before.embargo, after.embargo))
        .chain(course_told(before.course, after.course))
        .collect()
}

fn report_told(before: ReportState, after: ReportState) -> Option<Message> {
    if before == after {
        return None;
    }
    match after {
        ReportState::Invalid => Some(M::ReportInvalid),
        ReportState::Valid => Some(M::ReportValid),
        ReportState::Deferred => Some(M::ReportDeferred),
        ReportState::Accepted => Some(M::ReportAccepted),
        ReportState::Closed => Some(M::ReportClosed),
        ReportState::Start | ReportState::Received => None,
    }
}

fn embargo_told(before: EmbargoState, after: EmbargoState) -> Option<Message> {
    use EmbargoState as S;
    match (before, after) {
        (S::None, S::Proposed) => Some(M::EmbargoProposed),
        (S::None | S::Proposed, S::Active) => Some(M::EmbargoAccepted),
        (S::Proposed, S::None) => Some(M::EmbargoRejected),
        // From no embargo it was taken for the shorter of two dates; the longer is a wish.
        (S::None | S::Proposed | S::Active, S::Revise) => Some(M::RevisionProposed),
        (S::Active | S::Revise, S::Exited) => Some(M::EmbargoTerminated),
        _ => None,
    }
}

/// Of a revision it is to be said whether it was taken: that the states do not tell.
pub fn revision_told(before: EmbargoState, after: EmbargoState, taken: bool) -> Option<Message> {
    let settled = before == EmbargoState::Revise && after == EmbargoState::Active;
    settled.then_some(if taken {
        M::RevisionAccepted
    } else {
        M::RevisionRejected
    })
}

fn course_told(before: Course, after: Course) -> Vec<Message> {
    [
        (Letter::VendorAware, M::VendorAware),
        (Letter::FixReady, M::FixReady),
        (Letter::FixDeployed, M::FixDeployed),
        (Letter::PublicAware, M::PublicAware),
        (Letter::ExploitPublic, M::ExploitPublic),
        (Letter::AttacksObserved, M::AttacksObserved),
    ]
    .into_iter()
    .filter(|(letter, _)| after.has(*letter) && !before.has(*letter))
    .map(|(_, message)| message)
    .collect()
}

/// The move of the embargo that a message asks for, where it asks for one.
pub const fn embargo_move(message: Message) -> Option<EmbargoMove> {
    match message {
        M::EmbargoProposed | M::RevisionProposed => Some(EmbargoMove::Propose),
        M::EmbargoAccepted | M::RevisionAccepted => Some(EmbargoMove::Accept),
        M::EmbargoRejected | M::RevisionRejected => Some(EmbargoMove::Reject),
        M::EmbargoTerminated => Some(EmbargoMove::Terminate),
        _ => None,
    }
}
