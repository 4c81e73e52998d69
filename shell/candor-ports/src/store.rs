//! One storage interface. What stands in a [`Commit`] becomes durable together
//! or not at all.
//!
//! Invariants: events of a case are appended at the expected position or
//! refused; nothing here decides; bodies, events and rows are sealed below
//! this interface, callers see plain values.

use std::collections::BTreeSet;

use candor_base::{AccountId, BlobId, CaseId, CaseRef, Digest, Instant, ProgramSlug, SessionId};
use candor_case::{Outsider, Recorded, Stage, WaitingOn};
use candor_policy::MetBy;
use candor_policy::model::{Milestone, Severity};
use serde::{Deserialize, Serialize};

use crate::account::{AccountRecord, SessionRecord};
use crate::changes::Changes;
use crate::counters::Counters;
use crate::erasing::Erasing;
use crate::heldmail::HeldMails;
use crate::reads::ReadLog;
use crate::search::{Search, Words};
use crate::signins::SignIns;

/// Why the store did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Somebody else appended first: load again and decide again.
    #[error("the case was changed in the meantime")]
    Conflict,
    /// This receipt code or id is already there.
    #[error("already stored")]
    Exists,
    /// The disk is full, read-only or gone; nothing was stored.
    #[error("cannot write: {0}")]
    Unwritable(String),
    /// A text or file lies where it cannot be reached just now; it is not lost.
    #[error("out of reach: {0}")]
    Away(String),
    /// What is stored does not open or does not fit together.
    #[error("damaged: {0}")]
    Damaged(String),
    /// The case was erased: nothing of it can be read or written any more.
    #[error("this case was erased")]
    Erased,
    /// Anything else; nothing was stored.
    #[error("{0}")]
    Failed(String),
}

/// A body to seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBlob {
    /// Its id.
    pub id: BlobId,
    /// The plain bytes.
    pub bytes: candor_base::Sensitive<Vec<u8>>,
}

/// The way back for a reporter, and the receipt's place in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReceipt {
    /// Keyed hash of the receipt code; unique.
    pub code_hash: Digest,
    /// The ledger leaf.
    pub leaf: Digest,
    /// The signed note, as handed out.
    pub note: String,
}

/// Something to be done outside, by its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxItem {
    /// Makes it one act however often it is tried; unique.
    pub key: String,
    /// The effect, as JSON (`candor_case::Effect`).
    pub effect: String,
    /// Not before.
    pub not_before: Instant,
}

/// A leased outbox item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxLease {
    /// Its key.
    pub key: String,
    /// Its program.
    pub program: ProgramSlug,
    /// Its case.
    pub case: CaseId,
    /// The effect, as JSON.
    pub effect: String,
    /// Tries before this one.
    pub tries: u32,
    /// Guards the settlement: a stale lease settles nothing.
    pub fence: u64,
}

/// How a leased item ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutboxOutcome {
    /// Done.
    Done,
    /// Try again at.
    Retry {
        /// When.
        at: Instant,
        /// Short code of the failure.
        code: String,
    },
    /// Given up.
    Dead {
        /// Short code of the failure.
        code: String,
    },
}

/// One clock, as lists and statistics need it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockRow {
    /// Its key.
    pub key: String,
    /// What is promised.
    pub milestone: Milestone,
    /// What meets it; rows of older versions do not say.
    #[serde(default)]
    pub met_by: Option<MetBy>,
    /// A promise of the policy, as opposed to Candor's own.
    pub promise: bool,
    /// What it counts from.
    pub anchor: Instant,
    /// When it falls due.
    pub due: Option<Instant>,
    /// When the act happened.
    pub met: Option<Instant>,
    /// Open: the act can yet be done.
    pub open: bool,
    /// It was missed.
    pub missed: bool,
    /// Kept and missed periods of a recurring clock.
    pub periods: (u32, u32),
    /// How often its due instant was set anew; rows of older versions do not say.
    #[serde(default)]
    pub moves: u32,
}

/// What a date beside the promises is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateKind {
    /// The planned day of publication.
    Publication,
    /// Something for a regulator.
    Regulator,
}

/// An open date of a case beside its promises.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateRow {
    /// What it is about.
    pub kind: DateKind,
    /// Its key within the case.
    pub key: String,
    /// When.
    pub at: Instant,
    /// How often it was set anew.
    pub moves: u32,
}

/// A case as lists need it.
#[allow(
    clippy::struct_excessive_bools,
    reason = "a row of facts that lists sort and filter by, each on its own"
)]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseRow {
    /// The case.
    pub case: CaseId,
    /// Its reference.
    pub reference: CaseRef,
    /// Title in the reporter's words; sealed below.
    pub title: String,
    /// Its stage.
    pub stage: Stage,
    /// Severity in force.
    pub severity: Option<Severity>,
    /// The reporter's own rating.
    pub reporter_severity: Option<Severity>,
    /// Ranking of its impact kinds by the policy (1 first, 255 none).
    pub impact_rank: u8,
    /// Received.
    pub received: Instant,
    /// Last change.
    pub changed: Instant,
    /// Whom it waits for.
    pub waiting_on: WaitingOn,
    /// Whom outside it waits for; rows of older versions do not say.
    #[serde(default)]
    pub waits_outside: Vec<Outsider>,
    /// The lead.
    pub lead: Option<AccountId>,
    /// The open clock that falls due next.
    pub next_due: Option<Instant>,
    /// What that clock is about.
    pub next_milestone: Option<Milestone>,
    /// What meets that clock; rows of older versions do not say.
    #[serde(default)]
    pub next_met_by: Option<MetBy>,
    /// Open clocks that are overdue.
    pub overdue: u32,
    /// Over.
    pub closed: bool,
    /// Public knowledge.
    pub public: bool,
    /// Attacks were observed; rows of older versions do not say.
    #[serde(default)]
    pub attacked: bool,
    /// A mail about it did not arrive.
    pub mail_failed: bool,
    /// Its clocks.
    pub clocks: Vec<ClockRow>,
    /// Its other open dates; rows of older versions do not say.
    #[serde(default)]
    pub dates: Vec<DateRow>,
}

/// A published advisory: public from the moment it is committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// Its id, `TDX-2026-7K3F9QMA`.
    pub id: String,
    /// When first published.
    pub published: Instant,
    /// When last changed.
    pub updated: Instant,
    /// The advisory, as JSON (`candor_advisory::Advisory`).
    pub advisory: String,
    /// The CSAF 2.0 file, as served.
    pub csaf: String,
    /// Its file name by CSAF's rule.
    pub csaf_name: String,
}

/// Everything about one case that becomes durable together.
#[derive(Debug, Clone)]
pub struct Commit {
    /// The program.
    pub program: ProgramSlug,
    /// The case.
    pub case: CaseId,
    /// Number of events the decision was made on.
    pub expected_seq: u64,
    /// New events.
    pub events: Vec<Recorded>,
    /// New bodies.
    pub blobs: Vec<NewBlob>,
    /// The read row after the events.
    pub row: CaseRow,
    /// What the case is found by because of this commit, beside what it was found by before.
    pub words: Words,
    /// When `Tick` has something to do next.
    pub wake: Option<Instant>,
    /// Things to be done outside.
    pub outbox: Vec<OutboxItem>,
    /// With the first commit of a case that came from a reporter.
    pub receipt: Option<NewReceipt>,
    /// With the commit that publishes.
    pub publication: Option<Publication>,
}

/// A program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramRecord {
    /// Its name in URLs.
    pub slug: ProgramSlug,
    /// Its name for people.
    pub name: String,
    /// The policy version in force for new cases.
    pub policy: Digest,
    /// When it was made.
    pub created: Instant,
}

/// What a compiler read in the text of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptReading {
    /// The version of the compiler.
    pub compiler: String,
    /// What it read (`candor_policy::Policy::to_reading`).
    pub policy: String,
}

/// A policy version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPolicy {
    /// SHA-256 over text, settings and what was read in the text.
    pub digest: Digest,
    /// The text as given.
    pub text: Vec<u8>,
    /// What was read in it when it came into force; `None` for a version from before
    /// this was kept.
    pub reading: Option<KeptReading>,
    /// File name it came from, without folders.
    pub file: String,
    /// The owner's settings, as JSON (`candor_policy::settings::Settings`).
    pub settings: String,
    /// Since when.
    pub since: Instant,
}

/// How a policy version came into force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyActKind {
    /// The operator started the server with a file.
    File,
    /// An owner published a text on the desk.
    Published,
    /// An owner changed the settings.
    Settings,
    /// An owner reviewed the policy and left its text as it is.
    Reviewed,
}

/// Who brought which policy version into force, and when. Never changed or removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyAct {
    /// When.
    pub at: Instant,
    /// How.
    pub kind: PolicyActKind,
    /// The version that is in force since then.
    pub digest: Digest,
    /// Who, for what was done on the desk.
    pub account: Option<AccountId>,
}

/// A stored event with its place in the chain, as `verify-log` reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// Position.
    pub seq: u64,
    /// The bytes that are chained (sealed).
    pub bytes: Vec<u8>,
    /// The chain hash.
    pub hash: Digest,
}

/// What the account over all histories says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistoryAccount {
    /// It is the account of exactly these histories.
    Holds,
    /// It was removed.
    Gone,
    /// It was changed outside Candor.
    Changed,
    /// It is the account of other histories than those that are there.
    Differs {
        /// Cases by the account, and cases that are there.
        cases: (u64, u64),
        /// Events by the account, and events that are there.
        events: (u64, u64),
    },
}

/// What is wrong with the key of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyFault {
    /// It was removed, and the case was not erased by Candor.
    Gone,
    /// The case was erased, and a key was put back.
    PutBack,
}

/// What a look at all heads with the key found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryCheck {
    /// Cases whose head Candor did not write there.
    pub foreign: Vec<(ProgramSlug, CaseId)>,
    /// Cases whose key is not as Candor left it.
    pub keys: Vec<(ProgramSlug, CaseId, KeyFault)>,
    /// The account over all of them.
    pub account: HistoryAccount,
    /// What lies beside the histories and is not as Candor left it (texts and files, receipts,
    /// letters, publications, the read log), in words for the operator.
    pub beside: Vec<String>,
}

impl HistoryCheck {
    /// Nothing was removed, added or changed outside Candor.
    pub fn holds(&self) -> bool {
        self.account == HistoryAccount::Holds
            && self.foreign.is_empty()
            && self.keys.is_empty()
            && self.beside.is_empty()
    }
}

/// How much room the disk of a store has. An engine whose disk is not ours says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Space {
    /// Less is free than the floor: new reports and files are refused.
    pub refuses: bool,
    /// The disk was all but full: the reserve was given up, and was not made again yet.
    pub reserve_used: bool,
    /// With so many MiB free all is well again.
    pub wanted_mebibytes: u64,
}

/// The store.
pub trait Store:
    Changes
    + Counters
    + Erasing
    + HeldMails
    + ReadLog
    + Search
    + SignIns
    + Send
    + Sync
    + std::fmt::Debug
{
    /// Makes a commit durable (fsync) before it returns.
    fn commit(&self, commit: Commit) -> Result<(), StoreError>;
    /// How much room its disk has.
    fn space(&self) -> Space;
    /// The events of a case in order; `None` for a stranger.
    fn load(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
    ) -> Result<Option<Vec<Recorded>>, StoreError>;
    /// Every case of a program with the number of its events.
    fn heads(&self, program: &ProgramSlug) -> Result<Vec<(CaseId, u64)>, StoreError>;
    /// Gives the events of each of these cases on, one case after the other: as
    /// [`Store::load`], in one question however many there are. `each` asks the store
    /// nothing.
    fn load_each(
        &self,
        program: &ProgramSlug,
        wanted: &BTreeSet<CaseId>,
        each: &mut dyn FnMut(CaseId, Vec<Recorded>),
    ) -> Result<(), StoreError>;
    /// Finds a case by its reference.
    fn find(
        &self,
        program: &ProgramSlug,
        reference: &CaseRef,
    ) -> Result<Option<CaseId>, StoreError>;
    /// All rows of a program, unordered.
    fn rows(&self, program: &ProgramSlug) -> Result<Vec<CaseRow>, StoreError>;
    /// Opens a body of this very case.
    fn blob(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
        blob: &BlobId,
    ) -> Result<Option<Vec<u8>>, StoreError>;
    /// Finds the case of a receipt.
    fn receipt(&self, code_hash: &Digest) -> Result<Option<(ProgramSlug, CaseId)>, StoreError>;
    /// The signed note of a case.
    fn receipt_note(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
    ) -> Result<Option<String>, StoreError>;

    /// Cases whose wake instant has come, at most `limit`.
    fn due(&self, now: Instant, limit: u32) -> Result<Vec<(ProgramSlug, CaseId)>, StoreError>;
    /// The next wake instant of any case.
    fn next_wake(&self) -> Result<Option<Instant>, StoreError>;
    /// Leases outbox items for so many seconds.
    fn lease_outbox(
        &self,
        now: Instant,
        seconds: u32,
        limit: u32,
    ) -> Result<Vec<OutboxLease>, StoreError>;
    /// Ends a lease; false when it was stale.
    fn settle_outbox(
        &self,
        key: &str,
        fence: u64,
        outcome: OutboxOutcome,
    ) -> Result<bool, StoreError>;

    /// All programs.
    fn programs(&self) -> Result<Vec<ProgramRecord>, StoreError>;
    /// Makes a program or sets its name and policy in force; stores the policy version
    /// and writes down who brought it into force. No act where only the name changed.
    /// `over` is the version that is in force until then, `None` for a new program;
    /// [`StoreError::Conflict`], and nothing done, when another one is.
    fn put_program(
        &self,
        program: ProgramRecord,
        over: Option<Digest>,
        policy: NewPolicy,
        act: Option<PolicyAct>,
    ) -> Result<(), StoreError>;
    /// What was done with the policy of a program, oldest first.
    fn policy_acts(&self, program: &ProgramSlug) -> Result<Vec<PolicyAct>, StoreError>;
    /// A policy version.
    fn policy(
        &self,
        program: &ProgramSlug,
        digest: &Digest,
    ) -> Result<Option<NewPolicy>, StoreError>;

    /// Makes an account; `Exists` when the login is taken.
    fn add_account(&self, account: AccountRecord) -> Result<(), StoreError>;
    /// Makes the first account and removes the setting `spent` with it; `Exists`,
    /// and nothing done, when there is an account already. Of many callers at once
    /// one wins.
    fn add_first_account(&self, account: AccountRecord, spent: &str) -> Result<(), StoreError>;
    /// Writes an account as it is given, whatever changed since it was read.
    fn update_account(&self, account: AccountRecord) -> Result<(), StoreError>;
    /// Changes an account as it stands at this moment: `change` gets it fresh, again
    /// when somebody else was first, and says whether there is anything to change.
    /// False when it said no. Counters of failed attempts and the last TOTP step are
    /// not changed this way.
    fn change_account(
        &self,
        id: &AccountId,
        change: &dyn Fn(&mut AccountRecord) -> bool,
    ) -> Result<bool, StoreError>;
    /// Counts a failed attempt, so that two at once count as two. `pause` gives the
    /// seconds from `now` that so many failures in a row cost.
    fn note_failure(
        &self,
        id: &AccountId,
        now: Instant,
        pause: fn(u32) -> Option<i64>,
    ) -> Result<(), StoreError>;
    /// Forgets failed attempts and their pause.
    fn clear_failures(&self, id: &AccountId) -> Result<(), StoreError>;
    /// All accounts.
    fn accounts(&self) -> Result<Vec<AccountRecord>, StoreError>;
    /// One account.
    fn account(&self, id: &AccountId) -> Result<Option<AccountRecord>, StoreError>;
    /// One account by its login.
    fn account_by_login(&self, login: &str) -> Result<Option<AccountRecord>, StoreError>;
    /// Marks a TOTP step as used; false when it or a later one was used before.
    fn use_totp_step(&self, id: &AccountId, step: u64) -> Result<bool, StoreError>;

    /// Stores a session.
    fn add_session(&self, session: SessionRecord) -> Result<(), StoreError>;
    /// Finds a session.
    fn session(&self, id: &SessionId) -> Result<Option<SessionRecord>, StoreError>;
    /// Notes its use.
    fn touch_session(&self, id: &SessionId, seen: Instant) -> Result<(), StoreError>;
    /// Keeps something else about a session than before; nothing where it has ended.
    fn keep_session(&self, session: &SessionRecord) -> Result<(), StoreError>;
    /// Ends a session.
    fn end_session(&self, id: &SessionId) -> Result<(), StoreError>;
    /// Every session of an account, whole and half, that is still kept.
    fn sessions_of(&self, account: &AccountId) -> Result<Vec<SessionRecord>, StoreError>;
    /// Ends every session of an account, whole and half; says how many there were.
    fn end_sessions_of(&self, account: &AccountId) -> Result<u32, StoreError>;
    /// Removes sessions that are over.
    fn sweep_sessions(&self, now: Instant, idle_before: Instant) -> Result<(), StoreError>;

    /// Published advisories of a program, newest first.
    fn publications(&self, program: &ProgramSlug) -> Result<Vec<Publication>, StoreError>;

    /// A setting of the instance (`set-up-code-hash`).
    fn setting(&self, key: &str) -> Result<Option<String>, StoreError>;
    /// All settings whose name begins so, by name.
    fn settings_under(&self, prefix: &str) -> Result<Vec<(String, String)>, StoreError>;
    /// Sets or removes one.
    fn put_setting(&self, key: &str, value: Option<&str>) -> Result<(), StoreError>;

    /// The chain of a case as stored, for `verify-log`; sealed bytes.
    fn chain(&self, program: &ProgramSlug, case: &CaseId) -> Result<Vec<StoredEvent>, StoreError>;
    /// The head of the chain, kept beside it.
    fn chain_head(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
    ) -> Result<Option<(u64, Digest)>, StoreError>;
    /// Compares every head, and the account over all of them, with what the key says.
    fn check_history(&self) -> Result<HistoryCheck, StoreError>;
    /// Every case there is.
    fn all_cases(&self) -> Result<Vec<(ProgramSlug, CaseId)>, StoreError>;
    /// Replaces read row and wake instant by those made from the first `seq` events;
    /// [`StoreError::Conflict`] when the case stands elsewhere by now.
    fn replace_row(
        &self,
        program: &ProgramSlug,
        row: CaseRow,
        seq: u64,
        wake: Option<Instant>,
    ) -> Result<(), StoreError>;
}
