//! What people send: raw words and files, not yet judged.
//!
//! Invariants: nothing here is trusted; use cases parse it into the types of
//! the core and answer with [`ActError`] where that fails. The same inputs
//! serve form, command line and, later, the API.

use std::collections::BTreeMap;

use candor_access::view::{FieldError, ReportFormView};
use candor_base::Refusal;

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

/// A report as it came in: every field by its name in the form.
///
/// Names: the serialised `ContentKey`s (`summary`, `description`, …), and
/// `nonce`, `version`, `tried_supported` (yes/no), `component`, `certainty`
/// (sure/likely/not_sure), `is_public` (yes/no), `public_where`, `email`,
/// `name`, `affiliation`, `credit` (named/anonymous/empty), `credit_name`,
/// `warned` (clause ids, repeated: joined by blanks), `duties` (accepted).
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ReportInput {
    /// Values by name.
    pub fields: BTreeMap<String, String>,
    /// Files.
    pub files: Vec<FileInput>,
    /// Sent by the command line rather than the form.
    pub by_cli: bool,
}

impl std::fmt::Debug for ReportInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[report with {} fields, {} files]", self.fields.len(), self.files.len())
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
    /// Values by name; repeated names are joined by line feeds.
    pub fields: BTreeMap<String, String>,
    /// Files.
    pub files: Vec<FileInput>,
}

impl std::fmt::Debug for ActInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[{} with {} fields, {} files]", self.act, self.fields.len(), self.files.len())
    }
}

/// Why an act did not happen.
#[derive(Debug, Clone, PartialEq)]
pub enum ActError {
    /// No such page for this reader; whatever the reason, the answer is the same.
    NotFound,
    /// The session is over: sign in or type the code again.
    SignedOut,
    /// Fields to correct.
    Fields(Vec<FieldError>),
    /// The case says no.
    Refused(Refusal),
    /// Something broke; nothing was stored.
    Fault(Fault),
}

/// Why a report was not taken. Nothing was stored; what was typed comes back.
#[derive(Debug, Clone, PartialEq)]
pub enum SubmitError {
    /// No such program.
    NotFound,
    /// Fields to correct: the form with what was typed.
    Form(Box<ReportFormView>),
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
