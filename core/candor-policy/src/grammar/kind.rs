//! What kind of text it is: a policy, a pointer to one, a template, something else.
//!
//! Invariants: it is a policy unless the text plainly shows otherwise.
//!
//! Deliberately absent: refusing a text; that is the decoder's and the owner's matter.

use super::other_documents::is_other;
use crate::model::{Policy, PolicyKind};
use crate::read::{Document, UnitKind};
use crate::vocab::{self, Topic, Way, way};

/// Most units of a text that only points elsewhere.
const SHORT: usize = 16;

/// Says what kind of text it is.
pub(super) fn read(text: &str, doc: &Document, policy: &mut Policy) {
    // What another document says by the way is nobody's promise.
    let unreachable = policy.channels.is_empty();
    if !is_security_txt(text) && is_other(doc, unreachable) {
        *policy = Policy {
            languages: std::mem::take(&mut policy.languages),
            kind: PolicyKind::NotAPolicy,
            ..Policy::default()
        };
        return;
    }
    policy.kind = if is_security_txt(text) {
        PolicyKind::SecurityTxt
    } else if is_template(policy) {
        PolicyKind::TemplateUnfilled
    } else if is_pointer(doc, policy) {
        PolicyKind::Pointer
    } else if is_process(doc, policy) {
        PolicyKind::ProcessDoc
    } else if is_something_else(doc, policy) {
        PolicyKind::NotAPolicy
    } else {
        PolicyKind::Policy
    };
}

/// Fields of RFC 9116 at the beginnings of lines, outside of headings.
pub(crate) fn is_security_txt(text: &str) -> bool {
    let mut contact = false;
    let mut others = 0_usize;
    let mut headings = 0_usize;
    for line in text.lines().take(200) {
        let low = line.trim().to_lowercase();
        contact |= low.starts_with("contact: mailto:")
            || low.starts_with("contact: http")
            || low.starts_with("contact: tel:");
        let field = [
            "expires:",
            "canonical:",
            "policy: http",
            "encryption: ",
            "preferred-languages:",
            "acknowledgments:",
            "hiring:",
        ]
        .iter()
        .any(|f| low.starts_with(f));
        others += usize::from(field);
        headings += usize::from(low.starts_with("## ") || low.starts_with("=="));
    }
    contact && others >= 1 && headings == 0
}

/// A template: told to be one, or its instructions stand where its contents should.
fn is_template(policy: &Policy) -> bool {
    let blank = |value: &str| super::blanks::is_unreal(value) && !value.contains('@');
    let blank_channel = policy
        .channels
        .iter()
        .any(|c| c.value.value.as_deref().is_some_and(blank));
    let told = policy
        .placeholders
        .iter()
        .any(|c| way(&c.value.to_lowercase(), Way::Template));
    let instructed = policy
        .placeholders
        .iter()
        .any(|c| way(&c.value.to_lowercase(), Way::Instruction));
    let promises = !policy.promises.is_empty();
    (blank_channel && policy.placeholders.len() >= 3)
        || told && (blank_channel || policy.channels.is_empty())
        || instructed && policy.channels.is_empty() && !promises
}

/// A short text that says where the policy is, and no way to report of its own.
fn is_pointer(doc: &Document, policy: &Policy) -> bool {
    let said = doc
        .units
        .iter()
        .filter(|u| u.kind != UnitKind::Heading)
        .count();
    policy.channels.is_empty()
        && policy.promises.is_empty()
        && !policy.delegates_to.is_empty()
        && said <= SHORT
}

/// A text for the team: its title names a process, and no part tells how to report.
fn is_process(doc: &Document, policy: &Policy) -> bool {
    let headings: Vec<&str> = doc
        .units
        .iter()
        .filter(|u| u.kind == UnitKind::Heading)
        .map(|u| u.low.as_str())
        .collect();
    let title = headings.first().copied().unwrap_or("");
    let process = vocab::fits_any(
        title,
        &[
            "process",
            "procedure",
            "runbook",
            "playbook",
            "handbook",
            "incident response",
        ],
    );
    if !process {
        return false;
    }
    let roles = [
        "committee",
        "fix lead",
        "incident commander",
        "on-call",
        "oncall",
        "release manager",
        "response team",
    ];
    let about_team = doc
        .units
        .iter()
        .filter(|u| vocab::fits_any(&u.low, &roles))
        .count();
    let tells_reporters = headings
        .iter()
        .any(|h| vocab::fits(h, "report") || vocab::fits(h, "contact"));
    !tells_reporters && (about_team >= 3 || policy.channels.is_empty())
}

/// No way to report, no promise, no rule about versions or disclosure, no other place.
fn is_something_else(doc: &Document, policy: &Policy) -> bool {
    let empty = policy.channels.is_empty()
        && policy.promises.is_empty()
        && policy.versions.is_empty()
        && policy.delegates_to.is_empty()
        && policy.encryption.is_empty();
    let asks = doc.units.iter().any(|u| {
        u.kind == UnitKind::Heading && vocab::heading_topic(&u.low) == Some(Topic::Reporting)
    });
    empty && !asks && policy.public_ban.is_empty()
}
