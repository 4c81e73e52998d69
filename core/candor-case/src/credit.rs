//! Credit and consent: who is thanked, for what, and who said yes (CR-1 to CR-3).
//!
//! Invariants: nobody is named without an answer of their own; whoever does not
//! answer is asked twice more and then stays unnamed; a name lies sealed.

use candor_base::{Instant, Refusal, RefusalCode};
use serde::{Deserialize, Serialize};

use crate::parts::{CreditWish, TextRef};
use crate::state::CaseState;

/// Seconds between the question, each reminder and giving up.
const WEEK: i64 = 7 * 86_400;
/// Reminders before nobody is named.
pub(crate) const REMINDERS: u8 = 2;
/// Most people thanked beside the reporter.
const MOST: usize = 50;

/// For what somebody is thanked: the kinds of the CVE schema (CR-2).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreditKind {
    /// Found it.
    Finder,
    /// Reported it.
    #[default]
    Reporter,
    /// Analysed it.
    Analyst,
    /// Coordinated the disclosure.
    Coordinator,
    /// Wrote the fix.
    RemediationDeveloper,
    /// Reviewed the fix.
    RemediationReviewer,
    /// Checked that the fix works.
    RemediationVerifier,
    /// A tool that found it.
    Tool,
    /// Paid for the work.
    Sponsor,
    /// Helped in another way.
    Other,
}

impl CreditKind {
    /// All kinds with their names in forms.
    pub const ALL: [(&'static str, Self); 10] = [
        ("finder", Self::Finder),
        ("reporter", Self::Reporter),
        ("analyst", Self::Analyst),
        ("coordinator", Self::Coordinator),
        ("remediation_developer", Self::RemediationDeveloper),
        ("remediation_reviewer", Self::RemediationReviewer),
        ("remediation_verifier", Self::RemediationVerifier),
        ("tool", Self::Tool),
        ("sponsor", Self::Sponsor),
        ("other", Self::Other),
    ];
}

/// Somebody beside the reporter who is thanked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherCredit {
    /// The name as given, sealed.
    pub name: TextRef,
    /// For what.
    pub kind: CreditKind,
    /// How this person agreed to be named, in the words of who asked.
    pub consent: TextRef,
}

/// The question about credit to the reporter, while it is open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditQuestion {
    /// When it was asked last.
    pub asked: Option<Instant>,
    /// Reminders since the first question.
    pub reminders: u8,
    /// No answer came: nobody is named, until the reporter says otherwise.
    pub given_up: bool,
}

/// What time does next about an unanswered question: when, and which reminder;
/// `None` in its place gives up.
pub(crate) fn next(case: &CaseState) -> Option<(Instant, Option<u8>)> {
    let question = &case.credit_question;
    let open = case.credit == CreditWish::NotAnswered
        && !question.given_up
        && case.closed.is_none()
        && case.withdrawn.is_none()
        && case.advisory.published.is_none();
    let asked = question.asked.filter(|_| open)?;
    let number = question.reminders.saturating_add(1);
    Some((
        asked.plus_seconds(WEEK),
        (number <= REMINDERS).then_some(number),
    ))
}

/// Whether it is settled whom the advisory names for the report (K9, CR-1).
pub(crate) fn settled(case: &CaseState) -> bool {
    case.credit != CreditWish::NotAnswered
        || case.credit_question.given_up
        || case.withdrawn.is_some()
}

/// Whether this person can be added.
pub(crate) fn check(case: &CaseState, credit: &OtherCredit) -> Result<(), Refusal> {
    let missing = |why: &str| Err(Refusal::new(RefusalCode::FieldMissing, why));
    if credit.name.chars == 0 {
        return missing("A credit needs a name.");
    }
    if credit.consent.chars == 0 {
        return missing("Nobody is named without consent: say how this person agreed.");
    }
    if case.credits.len() >= MOST {
        return Err(Refusal::new(
            RefusalCode::TooLarge,
            "An advisory thanks fifty people at most beside the reporter.",
        ));
    }
    if case
        .credits
        .iter()
        .any(|c| c.name.sha256 == credit.name.sha256 && c.kind == credit.kind)
    {
        return Err(Refusal::new(
            RefusalCode::AlreadyDone,
            "This name is thanked for this already.",
        ));
    }
    Ok(())
}
