//! Outgoing mail.
//!
//! Invariant: a letter in clear holds only what its recipient may read in clear mail:
//! never a title, never case text. What was written in a case stands in [`Sealing`] alone, so
//! that it cannot leave unencrypted.

use candor_base::{CaseRef, Instant};
use candor_case::MailKind;

/// A promised date as a recipient sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterDate {
    /// What is promised ("a person answers you").
    pub what: String,
    /// By when, in the policy's zone and UTC, in words.
    pub when: String,
    /// "target" or "our reading", where it is one.
    pub note: Option<String>,
}

/// Which mail it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LetterKind {
    /// About a case.
    Case(MailKind),
    /// About the program: its policy is to be reviewed.
    PolicyReview {
        /// How that day lies.
        day: ReviewDay,
    },
    /// About the team: somebody opened more cases within an hour than is usual.
    ManyCasesRead {
        /// How many, at least.
        cases: u32,
    },
    /// To somebody who asked for the OpenPGP key of the program.
    PgpKey {
        /// The certificate, armoured.
        armored: String,
        /// Its fingerprint, in groups.
        fingerprint: String,
    },
    /// About the program: mail waits for somebody to say what it is.
    MailWaits {
        /// How many, at least.
        mails: u32,
    },
    /// To somebody who wants letters about advisories, or in whose name that was asked: is that so?
    Subscribe,
    /// To a subscriber: an advisory is published.
    News {
        /// Its id.
        advisory: String,
        /// Its title.
        title: String,
        /// Where one press ends the letters.
        leave: String,
    },
    /// About the instance: many sign-ins were wrong within an hour.
    WrongSignIns {
        /// How many, at least.
        tries: u32,
    },
    /// About the instance: its sign-in history is to be gone through.
    SignInReview {
        /// The day has passed a while ago.
        overdue: bool,
    },
    /// To somebody of the team: something happened to their own account.
    YourAccount(crate::SignInAct),
}

/// How the day lies on which a policy is reviewed at the latest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewDay {
    /// It comes soon.
    Soon,
    /// It is today.
    Today,
    /// It has passed.
    Passed,
}

impl PartialEq<MailKind> for LetterKind {
    fn eq(&self, other: &MailKind) -> bool {
        matches!(self, Self::Case(kind) if kind == other)
    }
}

/// What a letter says; one template per mail kind renders it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterBody {
    /// Which mail.
    pub kind: LetterKind,
    /// Name of the program.
    pub program: String,
    /// The case; `None` when it is about the program.
    pub reference: Option<CaseRef>,
    /// For the reporter, as opposed to the team.
    pub to_reporter: bool,
    /// Promised dates worth telling.
    pub dates: Vec<LetterDate>,
    /// What a due or missed promise is about, in words.
    pub promise: Option<String>,
    /// The page to go to; holds no secret.
    pub link: String,
    /// What to do when nothing is heard (S1-21), in words.
    pub follow_up: Option<String>,
    /// The receipt code, for a reporter who saw no page that showed it.
    pub code: Option<candor_base::Sensitive<String>>,
    /// Answers to this letter are read.
    pub answerable: bool,
    /// Why a letter that should be encrypted is not, for its recipient.
    pub key_refused: Option<String>,
}

/// What a letter is encrypted and signed with, and what only such a letter may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealing {
    /// The certificate of the recipient, armoured.
    pub certificate: candor_base::Sensitive<Vec<u8>>,
    /// The secret key that signs.
    pub secret: candor_base::Sensitive<Vec<u8>>,
    /// What was written to the recipient.
    pub said: Option<candor_base::Sensitive<String>>,
}

/// One mail to one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Where it goes.
    pub to: candor_base::Sensitive<String>,
    /// Unique key: the same letter twice is one letter. Also its Message-ID.
    pub key: String,
    /// Root of the thread of this case and recipient kind; a hash, no case text.
    pub thread: String,
    /// When it was written.
    pub at: Instant,
    /// Where answers go, when they are read.
    pub answers_to: Option<String>,
    /// Where reports on its delivery go, when they are read.
    pub reports_to: Option<String>,
    /// What it is encrypted with; `None`: it leaves in clear.
    pub sealing: Option<Sealing>,
    /// What it says.
    pub body: LetterBody,
}

/// Why a letter was not delivered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CourierError {
    /// Try again later (connection refused, 4xx).
    #[error("not now: {code}")]
    Transient {
        /// Short code for the operator and the case: `connect`, `451`.
        code: String,
    },
    /// Will not work (5xx, unusable address).
    #[error("refused: {code}")]
    Permanent {
        /// Short code: `550`, `address`.
        code: String,
    },
}

/// Delivers letters.
pub trait Courier: Send + Sync + std::fmt::Debug {
    /// Hands one letter over. Called again after a crash: the key makes it one.
    fn deliver(&self, letter: &Letter) -> Result<(), CourierError>;
    /// How it works, for `doctor` and the desk ("writes .eml files to …", "SMTP mail.example:587").
    fn describe(&self) -> String;
}
