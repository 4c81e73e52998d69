//! What people send: raw words and files, not yet judged.
//!
//! Invariants: nothing here is trusted; use cases parse it into the types of
//! the core and answer with [`ActError`] where that fails. The same inputs
//! serve form, command line and the API.

use std::collections::BTreeMap;

use candor_access::view::{FieldError, ReportFormView};
use candor_base::Refusal;
pub use candor_ports::Browser;

/// A file as it came in.
#[derive(Clone, PartialEq, Eq)]
pub struct FileInput {
    /// Name as sent.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for FileInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[file of {} bytes]", self.bytes.len())
    }
}

/// Which way a report came in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Via {
    /// The form.
    #[default]
    Form,
    /// The command line.
    Cli,
    /// The API.
    Api,
}

/// A report as it came in: every field by its name in the form.
///
/// Names: the serialised `ContentKey`s (`summary`, `description`, …), and
/// `nonce`, `version`, `tried_supported` (yes/no), `component`, `certainty`
/// (sure, likely or `not_sure`), `is_public` (yes/no), `public_where`, `email`,
/// `name`, `affiliation`, `credit` (named/anonymous/empty), `credit_name`,
/// `warned` (clause ids, repeated: joined by blanks), `duties` (accepted).
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ReportInput {
    /// Values by name.
    pub fields: BTreeMap<String, String>,
    /// Files.
    pub files: Vec<FileInput>,
    /// The way it came.
    pub via: Via,
}

impl std::fmt::Debug for ReportInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "[report with {} fields, {} files]",
            self.fields.len(),
            self.files.len()
        )
    }
}

/// An act with its form values and files, named as in `candor_case::Command::name`.
///
/// Field names by act are listed in `docs/acts.md`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ActInput {
    /// The act (`acknowledge`, `ask`, `say`, …).
    pub act: String,
    /// Number of events on the page the person acted from; a stale page is refused for decisions.
    pub seq: Option<u64>,
    /// Whatever the act is, it is refused where anything at all happened since `seq`.
    pub exact: bool,
    /// Values by name; repeated names are joined by line feeds.
    pub fields: BTreeMap<String, String>,
    /// Files.
    pub files: Vec<FileInput>,
    /// A fresh code of the second factor, for acts that ask for one.
    pub second_factor: Option<String>,
}

impl std::fmt::Debug for ActInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "[{} with {} fields, {} files]",
            self.act,
            self.fields.len(),
            self.files.len()
        )
    }
}

/// What became of an advisory of a repository on GitHub. It goes over the local socket: fields
/// are only ever added.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct GithubImport {
    /// Its id there.
    pub ghsa: String,
    /// GitHub's word for where it stands there.
    pub state: String,
    /// What was done.
    pub outcome: GithubOutcome,
    /// The case, for whoever may see it.
    pub reference: Option<String>,
    /// The receipt code of a new case, to be passed on to its reporter; shown only now.
    pub code: Option<String>,
}

impl std::fmt::Debug for GithubImport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[{} from GitHub: {:?}]", self.ghsa, self.outcome)
    }
}

/// What was done with an advisory from GitHub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GithubOutcome {
    /// It is a case now.
    New,
    /// It was a case; what changed on GitHub is a note there.
    Changed,
    /// It was a case, and nothing changed.
    Known,
    /// It was a case that was erased; it is not taken in again.
    Erased,
    /// It is over on GitHub, and was left there.
    Left,
}

/// Why an act did not happen.
#[derive(Debug, Clone, PartialEq)]
pub enum ActError {
    /// No such page for this reader; whatever the reason, the answer is the same.
    NotFound,
    /// The session is over: sign in or type the code again.
    SignedOut,
    /// The second factor was given too long ago for this: give it again, then do it once more.
    StepUp,
    /// Fields to correct.
    Fields(Vec<FieldError>),
    /// The case says no.
    Refused(Refusal),
    /// Something broke; nothing was stored.
    Fault(Fault),
}

/// What became of several acts at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Together {
    /// References of what was done.
    pub done: Vec<String>,
    /// Reference and reason of what was not.
    pub not_done: Vec<(String, String)>,
}

/// Why a report was not taken. Nothing was stored; what was typed comes back.
#[derive(Debug, Clone, PartialEq)]
pub enum SubmitError {
    /// No such program.
    NotFound,
    /// Fields to correct: the form with what was typed.
    Form(Box<ReportFormView>),
    /// Nothing is wrong with it, but it could not be stored just now: the form with what was
    /// typed, and why.
    NotStored(Box<ReportFormView>),
    /// Something broke.
    Fault(Fault),
}

/// Something broke: a text for the person and one for the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// For the person: what happened, what to do.
    pub person: String,
    /// For the operator's log; never holds case text.
    pub operator: String,
}

/// Why somebody was not signed in. One answer for every wrong value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignInError {
    /// Login, pass phrase or code is wrong.
    Wrong,
    /// Too many attempts; try again after so many seconds.
    Wait(u32),
    /// Something broke.
    Fault(Fault),
}

/// Why a policy was not taken up as a program. Nothing was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProgramError {
    /// The file is no policy: what is wrong with it and what to do.
    NotAPolicy(String),
    /// Another file given to this very server names the same product.
    SameName {
        /// The name both use in URLs.
        slug: String,
        /// What to do.
        message: String,
    },
    /// Something broke.
    Fault(Fault),
}

pub use candor_case::ErasureReason;

/// What an owner does about the erasure of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErasureStep {
    /// Asks for it.
    Ask(ErasureReason),
    /// Takes the question back; nothing is erased.
    TakeBack,
    /// Erases it.
    Erase,
}

/// What a person needs to set up the second factor.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The secret in base 32, in groups of four, for typing.
    pub secret: String,
    /// The same as a picture for a phone.
    pub qr_svg: String,
    /// Whose it is.
    pub login: String,
}

impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[enrolment]")
    }
}

/// The second factor is set up.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolled {
    /// A session token.
    pub token: String,
    /// The recovery codes, shown this once.
    pub codes: Vec<String>,
}

impl std::fmt::Debug for Enrolled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Enrolled")
    }
}

/// Where somebody signs in from, as far as the request says.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// What the browser says it is; `None`: it is no browser.
    pub browser: Option<Browser>,
    /// The word of its cookie, from an earlier sign-in.
    pub known: Option<String>,
}

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[{:?}]", self.browser)
    }
}

/// Somebody signed in.
#[derive(Clone, PartialEq, Eq)]
pub struct Arrived {
    /// How far they came.
    pub signed: SignedIn,
    /// The word by which the browser is known from now on.
    pub known: Option<String>,
}

impl std::fmt::Debug for Arrived {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.signed.fmt(f)
    }
}

/// One of one's own sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionLine {
    /// Names it, to end it; opens nothing.
    pub id: String,
    /// When it began, in words.
    pub began: String,
    /// When it was used last, in coarse words.
    pub used: String,
    /// Which browser, as it said by itself.
    pub browser: String,
    /// The second factor is still to be set up in it.
    pub half: bool,
    /// It is the one that asks.
    pub this: bool,
}

/// One of one's own passkeys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyLine {
    /// Names it, to remove it; opens nothing.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// When it was made, in words.
    pub made: String,
    /// When it was used last, in words.
    pub used: Option<String>,
    /// It lies with other devices, too.
    pub synced: bool,
}

/// What a page asks a browser for a passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyQuestion {
    /// The name that keys are bound to.
    pub host: String,
    /// What the device signs, in base64url.
    pub question: String,
}

/// What a page asks a browser for a new passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPasskey {
    /// The question.
    pub ask: PasskeyQuestion,
    /// Whose it will be: the account, in base64url.
    pub owner: String,
    /// What the device shows: the login.
    pub login: String,
    /// What the device shows: the name of the person.
    pub name: String,
    /// Numbers of the COSE algorithms that are taken, the best first.
    pub algorithms: Vec<i64>,
    /// Keys that there are, in base64url, so that no device makes a second one.
    pub known: Vec<String>,
}

/// One's own passkeys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnPasskeys {
    /// In the order in which they were made.
    pub lines: Vec<PasskeyLine>,
    /// What is needed for another; `None` where there can be none.
    pub new: Option<NewPasskey>,
}

/// How far a sign-in came.
#[derive(Clone, PartialEq, Eq)]
pub enum SignedIn {
    /// Both factors: a session token.
    Full(String),
    /// The second factor is still to be set up: a token for that alone.
    Enrol(String),
}

impl std::fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Full(_) => "Full",
            Self::Enrol(_) => "Enrol",
        })
    }
}

/// The calendar feed of one person in one program.
#[derive(Clone, PartialEq, Eq)]
pub struct CalendarFeed {
    /// The program.
    pub program: candor_access::view::ProgramCard,
    /// There is one.
    pub exists: bool,
    /// Its address, right after it was made and never again.
    pub address: Option<String>,
}

impl std::fmt::Debug for CalendarFeed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[calendar feed of {}]", self.program.slug)
    }
}

/// A token of the API as its owner sees it: never the token itself.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ApiTokenLine {
    /// Names it, to revoke it; opens nothing.
    pub id: String,
    /// What its owner called it.
    pub name: String,
    /// The program it is for.
    pub program: String,
    /// What it is good for.
    pub scope: candor_access::TokenScope,
    /// When it was made.
    pub created: candor_base::Instant,
    /// From when on it opens nothing.
    pub expires: candor_base::Instant,
    /// When it was used last, to some minutes.
    pub used: Option<candor_base::Instant>,
}

/// The tokens that somebody has for a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiTokens {
    /// The program.
    pub program: candor_access::view::ProgramCard,
    /// The tokens, the newest last.
    pub tokens: Vec<ApiTokenLine>,
}

/// A token that is wanted, as typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct NewApiToken {
    /// What to call it.
    pub name: String,
    /// `read` or `act`.
    pub scope: String,
    /// For how many days it is good.
    pub days: String,
    /// A fresh code of the second factor.
    pub totp: String,
}

impl std::fmt::Debug for NewApiToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[a wanted token]")
    }
}

/// Why the door of the API stays shut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiDoor {
    /// No token, or none that holds; one answer for all.
    Shut,
    /// Too many requests with this token; again after so many seconds.
    Wait(u32),
    /// Something broke.
    Fault(Fault),
}

/// One case as the operator sees it: that it is there and what is due, no content.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct OperatorRow {
    /// The program.
    pub program: String,
    /// The reference.
    pub reference: String,
    /// The stage in words.
    pub stage: String,
    /// Severity in force, or else the reporter's.
    pub severity: Option<candor_policy::model::Severity>,
    /// Who rated it: `team` or `reporter`.
    pub rated_by: Option<&'static str>,
    /// The login of who leads it.
    pub lead: Option<String>,
    /// Whom it waits for, in words.
    pub waiting_on: String,
    /// Whom outside it waits for: `vendor`, `upstream`, `distributor`, `coordinator`, `cna`
    /// or `other`.
    pub waits_outside: Vec<&'static str>,
    /// What the team has to do next, in words.
    pub next: Option<String>,
    /// When that falls due.
    pub next_due: Option<candor_base::Instant>,
    /// The same in words, in the zone of the policy.
    pub due: Option<String>,
    /// How far away that is: `in 3 days`, `2 days late`.
    pub relative: Option<String>,
    /// Overdue promises.
    pub overdue: u32,
    /// Over, and nothing is owed to a regulator.
    pub closed: bool,
}
