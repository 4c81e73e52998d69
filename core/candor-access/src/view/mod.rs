//! What leaves the house: plain data for pages, mail, API and command line.
//!
//! Invariants: no view for one kind of reader can hold what another may see;
//! text is plain and unescaped (whoever renders escapes); instants come with
//! their words in the policy's zone and UTC.

mod around;
mod cve;
mod desk;
mod door;
mod erasure;
mod export;
mod inbox;
mod party;
mod public;
mod register;
mod regulator;
mod room;
mod statistics;

pub use around::{AroundView, ContextView, PartyView};
pub use cve::CveView;
pub use desk::{
    AccountView, AllowedAct, AssessmentView, BranchView, CasePageView, ChangeView,
    CompletenessView, DraftView, EmbargoView, HeldMailLine, HeldMailsView, LedgerLine,
    OtherCreditView, OutletView, PartyLine, PeopleView, PolicyDeskView, PolicyPreviewView,
    RegulatorQuestion, ReportView, RereadView, SettingsView, SkillLine, SkillView, StaffProgram,
    TimelineEntry,
};
pub use door::{DoorDay, PersonAct, SignInAlarm, SignInReview, SignInRow, SignInsView};
pub use erasure::{AskedView, ErasedView, ErasureView};
pub use export::{PACK_FORM, PackView, PackedFile};
pub use inbox::{
    AlarmLine, AlarmsView, FoundRow, Heard, InboxFilter, InboxRow, InboxView, SearchView,
};
pub use party::PartyRoomView;
pub use public::{
    AdvisoryCard, ClauseLine, FieldView, HandInView, PgpKeyView, PolicyHistoryView, PolicyPageView,
    PolicySection, ProgramCard, PromiseView, PublicFile, ReceiptView, ReportFormView, ThanksLine,
    VersionLine,
};
pub use register::{RegisterView, ReleaseLine};
pub use regulator::{
    AwareView, FiledView, NoteView, PackFieldView, RegimeView, RegulatorsView, SignalView,
    StageView,
};
pub use room::{RoomStep, RoomView, TheirKeyView};
pub use statistics::{CountTable, ShareLine, StatLine, StatisticsView, TimeLine};

use candor_base::Instant;
use serde::Serialize;

/// A moment with its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct When {
    /// The moment.
    pub at: Instant,
    /// `Tue 5 Jan 2027, 23:59:59 Europe/Oslo (22:59:59 UTC)`.
    pub words: String,
    /// How far from now: `in 2 days`, `3 hours ago`.
    pub relative: String,
}

/// What runs on this server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunningView {
    /// The version.
    pub version: String,
    /// How old it is, in words.
    pub age: String,
    /// Older than it should be.
    pub old: bool,
    /// Advisories that concern it, each in a line.
    pub advisories: Vec<String>,
    /// Why it is not known whether there are any.
    pub unknown: Option<String>,
}

/// How a promise stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockLook {
    /// Counting, less than 80 % gone.
    Running,
    /// More than 80 % gone.
    Near,
    /// Standing still for the reporter.
    Paused,
    /// Kept.
    Met,
    /// Missed and still open.
    Overdue,
    /// Done, but late.
    Late,
    /// No longer applies.
    Stopped,
    /// The reporter waived it.
    Waived,
    /// Waits for a date that nobody knows yet ("next release").
    Unscheduled,
}

/// A promise on a case, ready to be drawn: start, now, due, met or missed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClockView {
    /// Key, for acts on it.
    pub key: String,
    /// What is promised, in words ("A person answers you").
    pub what: String,
    /// "promise", "target", "our reading of the policy", "Candor's own rhythm".
    pub firmness: String,
    /// The policy's sentence.
    pub quote: Option<String>,
    /// Its lines in the policy file ("line 34").
    pub lines: Option<String>,
    /// How it stands.
    pub look: ClockLook,
    /// Start.
    pub from: When,
    /// Due.
    pub due: Option<When>,
    /// The due instant before it was moved.
    pub original_due: Option<When>,
    /// Done.
    pub met: Option<When>,
    /// Lateness in words, when late or overdue.
    pub late: Option<String>,
    /// Share of the time gone, 0 to 100 (more than 100 shows as 100).
    pub percent: u8,
    /// How the due instant came about.
    pub explanation: Vec<String>,
    /// What the reporter agreed to about it, in sentences.
    pub agreed: Vec<String>,
    /// Kept and missed periods, for recurring ones.
    pub periods: Option<(u32, u32)>,
}

/// A file that can be downloaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileView {
    /// Its id in the download path.
    pub id: String,
    /// Its name as sent, made harmless.
    pub name: String,
    /// Size in words.
    pub size: String,
    /// SHA-256 in hex.
    pub sha256: String,
}

/// A message in a room or on the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MessageView {
    /// Anchor on the page.
    pub id: String,
    /// When.
    pub when: When,
    /// Who, as this reader may see it.
    pub from: String,
    /// Written by the reader's own side.
    pub own: bool,
    /// Its lane.
    pub lane: candor_case::Lane,
    /// What it is.
    pub kind: candor_case::MessageKind,
    /// Its text.
    pub text: String,
    /// Its files.
    pub files: Vec<FileView>,
}

/// What was wrong with one field of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// Name of the field in the form.
    pub field: String,
    /// What is wrong and what to do.
    pub message: String,
}
