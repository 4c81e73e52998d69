//! Words that pages share: stages, lengths of time, sizes, names of fields.
//!
//! Invariant: plain friendly English, short; no word here makes a promise.

use candor_base::Instant;
use candor_calendar::{WorkCalendar, show};
use candor_case::{
    Certainty, CloseReason, CreditKind, FixStatus, IntakeChannel, Outsider, Stage, Verdict,
    WaitingOn,
};
use candor_policy::PolicyInForce;
use candor_policy::model::{ContentKey, FixKind, Impact};
use candor_score::Vector;

use crate::view::When;

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

/// A length of time in its largest fitting unit: `3 hours`, `12 days`.
pub fn duration(seconds: i64) -> String {
    let seconds = seconds.abs();
    let (count, unit) = if seconds < MINUTE {
        (seconds, "second")
    } else if seconds < HOUR {
        (seconds / MINUTE, "minute")
    } else if seconds < 2 * DAY {
        (seconds / HOUR, "hour")
    } else {
        (seconds / DAY, "day")
    };
    if count == 1 {
        format!("1 {unit}")
    } else {
        format!("{count} {unit}s")
    }
}

/// How far a moment is from now: `in 2 days`, `3 hours ago`, `just now`.
pub fn relative(at: Instant, now: Instant) -> String {
    let seconds = at.seconds_since(now);
    if seconds.abs() < MINUTE {
        "just now".to_owned()
    } else if seconds > 0 {
        format!("in {}", duration(seconds))
    } else {
        format!("{} ago", duration(seconds))
    }
}

/// A moment with its words.
pub fn when(at: Instant, now: Instant, calendar: &WorkCalendar) -> When {
    When {
        at,
        words: show(at, calendar),
        relative: relative(at, now),
    }
}

/// A CVSS vector with its score and the word of its band: `5.4 Medium, CVSS:3.1/AV:N/…`.
/// A text that is no vector stays as it is.
pub fn cvss(vector: &str) -> String {
    Vector::parse(vector).map_or_else(
        |_| vector.to_owned(),
        |v| format!("{} {}, {v}", v.score(), v.band()),
    )
}

/// A size: `412 bytes`, `3.4 MB`.
pub fn size(bytes: u64) -> String {
    let tenths = |unit: u64| {
        let t = bytes.saturating_mul(10) / unit;
        format!("{}.{}", t / 10, t % 10)
    };
    if bytes < 1_000 {
        format!("{bytes} bytes")
    } else if bytes < 1_000_000 {
        format!("{} kB", tenths(1_000))
    } else {
        format!("{} MB", tenths(1_000_000))
    }
}

/// A stage in a word or two.
pub fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Received => "Received",
        Stage::Acknowledged => "Acknowledged",
        Stage::NeedsInfo => "Waiting for the reporter",
        Stage::Triaged => "Assessed",
        Stage::Reproduced => "Reproduced",
        Stage::KnownPublic => "Known to the public",
        Stage::Accepted => "Accepted",
        Stage::FixInDevelopment => "Fix in development",
        Stage::FixReady => "Fix ready",
        Stage::Tested => "Fix tested",
        Stage::Backported => "Fix tested on every branch",
        Stage::ReleaseScheduled => "Release planned",
        Stage::DistributorNotified => "Distributors have their notice",
        Stage::Released => "Fix released",
        Stage::Disclosed => "Published",
        Stage::Rejected => "Turned down",
        Stage::OutOfScope => "Turned down: out of scope",
        Stage::UnsupportedVersion => "Turned down: version without support",
        Stage::Reopened => "Open again",
        Stage::Duplicate => "Duplicate",
        Stage::Withdrawn => "Withdrawn",
        Stage::Deferred => "Put aside",
        Stage::Closed => "Closed",
    }
}

/// A stage as an address names it: `fix-in-development`.
pub fn stage_key(of: Stage) -> String {
    let words = stage(of).to_lowercase().replace(' ', "-");
    words
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect()
}

/// Where the case stands, as a sentence to the reporter.
pub fn status(stage: Stage) -> &'static str {
    match stage {
        Stage::Received => {
            "Your report is stored and waits for a person to look at it. Everything below counts \
             from the moment it came in."
        }
        Stage::Reopened => "The case is open again, and the team looks into it anew.",
        Stage::Acknowledged => "A person has read your report and is looking into it.",
        Stage::NeedsInfo => "The team asked you something. Please answer below when you can.",
        Stage::Triaged => "The team has assessed your report.",
        Stage::Reproduced => "The team has assessed your report and could follow what you found.",
        Stage::KnownPublic => {
            "The team has assessed your report. What it says is public already, so nothing is \
             held back, and the team publishes as soon as it can."
        }
        Stage::Accepted => "The team accepted your report and will work on a fix.",
        Stage::FixInDevelopment => "The team accepted your report and is working on a fix.",
        Stage::FixReady => "A fix is there and is being tested.",
        Stage::Tested | Stage::Backported => "The fix is tested and waits for its release.",
        Stage::ReleaseScheduled | Stage::DistributorNotified => {
            "The fix is tested, and the day of its publication is planned."
        }
        Stage::Released => "The fix is released. The advisory follows.",
        Stage::Disclosed => "The advisory is published. Thank you.",
        Stage::Rejected | Stage::OutOfScope | Stage::UnsupportedVersion => {
            "The team turned your report down. The reason is in the messages below. You can object."
        }
        Stage::Duplicate => "The team knew of this from an earlier report and follows it up there.",
        Stage::Withdrawn => "You withdrew this report.",
        Stage::Deferred => {
            "The team agrees with your report and has put it aside for now. The reason is in the \
             messages below. It will be looked at again."
        }
        Stage::Closed => "This case is closed.",
    }
}

/// Whom a case waits for.
pub fn waiting_on(waiting: WaitingOn) -> &'static str {
    match waiting {
        WaitingOn::Team => "the team",
        WaitingOn::Reporter => "the reporter",
        WaitingOn::Nobody => "nobody",
    }
}

/// Somebody outside for whom a case waits: key and words.
pub const fn outsider(who: Outsider) -> (&'static str, &'static str) {
    match who {
        Outsider::Vendor => ("vendor", "a vendor"),
        Outsider::Upstream => ("upstream", "an upstream project"),
        Outsider::Distributor => ("distributor", "a distributor"),
        Outsider::Coordinator => ("coordinator", "a coordinator"),
        Outsider::Cna => ("cna", "a CVE numbering authority"),
        Outsider::Other => ("other", "another party"),
    }
}

/// Everybody for whom a case waits, in one line.
pub fn waits_for(waiting: WaitingOn, outside: &[Outsider]) -> String {
    let others = outside.iter().map(|who| outsider(*who).1);
    let inside = (waiting != WaitingOn::Nobody || outside.is_empty()).then(|| waiting_on(waiting));
    let all: Vec<&str> = inside.into_iter().chain(others).collect();
    all.join(", ")
}

/// How certain the reporter is.
pub fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Sure => "Sure: shown to work",
        Certainty::Likely => "Likely",
        Certainty::NotSure => "Not sure",
        Certainty::NotSaid => "The reporter did not say",
    }
}

/// How a report came in.
pub fn channel(channel: IntakeChannel) -> &'static str {
    match channel {
        IntakeChannel::Form => "the report form",
        IntakeChannel::Cli => "the command line",
        IntakeChannel::Api => "the programming interface",
        IntakeChannel::HandedIn => "handed in by a member of the team",
        IntakeChannel::Mail => "mail",
        IntakeChannel::Github => "a private report on GitHub",
    }
}

/// Yes, no or not yet known.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Yes => "yes",
        Verdict::No => "no",
        Verdict::Unclear => "not known yet",
    }
}

/// Where a fix stands: its name in forms, and words.
pub fn fix_status(status: &FixStatus) -> (&'static str, String) {
    match status {
        FixStatus::Open => ("open", "nothing yet".to_owned()),
        FixStatus::InDevelopment => ("in_development", "in development".to_owned()),
        FixStatus::Ready => ("ready", "ready, not yet tested".to_owned()),
        FixStatus::Tested => ("tested", "tested".to_owned()),
        FixStatus::Released { version } => ("released", format!("released in {version}")),
        FixStatus::NotAffected => ("not_affected", "not affected".to_owned()),
        FixStatus::WontFix { .. } => ("wont_fix", "will not be fixed".to_owned()),
    }
}

/// A kind of fix: its name in forms.
pub fn fix_kind(kind: FixKind) -> &'static str {
    match kind {
        FixKind::Patch => "patch",
        FixKind::DependencyUpdate => "dependency_update",
        FixKind::Mitigation => "mitigation",
    }
}

/// Why a case is closed.
pub fn close_reason(reason: CloseReason) -> &'static str {
    match reason {
        CloseReason::Disclosed => "published",
        CloseReason::Rejected => "turned down",
        CloseReason::Duplicate => "duplicate",
        CloseReason::Withdrawn => "withdrawn by the reporter",
        CloseReason::FixedInternally => "fixed without publication",
        CloseReason::Deferred => "put aside for good",
    }
}

/// A kind of impact.
pub fn impact(impact: Impact) -> &'static str {
    match impact {
        Impact::Confidentiality => "confidentiality",
        Impact::Privilege => "privilege",
        Impact::Integrity => "integrity",
        Impact::Availability => "availability",
    }
}

/// Every field a report can have, in the order of the form.
pub const CONTENT_KEYS: [ContentKey; 16] = [
    ContentKey::Summary,
    ContentKey::Description,
    ContentKey::Impact,
    ContentKey::Severity,
    ContentKey::Component,
    ContentKey::Versions,
    ContentKey::Steps,
    ContentKey::ProofOfConcept,
    ContentKey::Evidence,
    ContentKey::Environment,
    ContentKey::Usage,
    ContentKey::OtherProjects,
    ContentKey::SuggestedFix,
    ContentKey::Contact,
    ContentKey::Identity,
    ContentKey::Other,
];

/// The name of a field in forms, the same as its serialised form.
pub fn content_name(key: ContentKey) -> &'static str {
    match key {
        ContentKey::Summary => "summary",
        ContentKey::Description => "description",
        ContentKey::Impact => "impact",
        ContentKey::Severity => "severity",
        ContentKey::Component => "component",
        ContentKey::Versions => "versions",
        ContentKey::Steps => "steps",
        ContentKey::ProofOfConcept => "proof_of_concept",
        ContentKey::Evidence => "evidence",
        ContentKey::Environment => "environment",
        ContentKey::Usage => "usage",
        ContentKey::OtherProjects => "other_projects",
        ContentKey::SuggestedFix => "suggested_fix",
        ContentKey::Contact => "contact",
        ContentKey::Identity => "identity",
        ContentKey::Other => "other",
    }
}

/// The field of a name in forms.
pub fn content_key(name: &str) -> Option<ContentKey> {
    CONTENT_KEYS
        .into_iter()
        .find(|key| content_name(*key) == name.trim())
}

/// The label of a field: the policy's, else Candor's.
pub fn content_label(policy: &PolicyInForce, key: ContentKey) -> String {
    candor_policy::form(policy)
        .into_iter()
        .find(|field| field.key == key)
        .map_or_else(|| content_name(key).replace('_', " "), |field| field.label)
}

/// For what somebody is thanked, as a clause: "developed the fix".
pub const fn credit_kind(kind: CreditKind) -> &'static str {
    match kind {
        CreditKind::Finder => "found the vulnerability",
        CreditKind::Reporter => "reported the vulnerability",
        CreditKind::Analyst => "analysed the vulnerability",
        CreditKind::Coordinator => "coordinated the disclosure",
        CreditKind::RemediationDeveloper => "developed the fix",
        CreditKind::RemediationReviewer => "reviewed the fix",
        CreditKind::RemediationVerifier => "verified the fix",
        CreditKind::Tool => "is the tool that found it",
        CreditKind::Sponsor => "sponsored the work",
        CreditKind::Other => "helped",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_sizes_read_well() {
        let now: Instant = "2026-11-22T12:00:00Z".parse().unwrap();
        assert_eq!(relative(now.plus_seconds(3 * DAY), now), "in 3 days");
        assert_eq!(relative(now.plus_seconds(-HOUR), now), "1 hour ago");
        assert_eq!(relative(now.plus_seconds(20), now), "just now");
        assert_eq!(duration(47 * HOUR), "47 hours");
        assert_eq!(size(3_456_789), "3.4 MB");
        assert_eq!(size(1_500), "1.5 kB");
    }

    #[test]
    fn a_vector_never_stands_without_its_score_and_word() {
        let vector = "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:L/I:L/A:N";
        assert_eq!(cvss(vector), format!("5.4 Medium, {vector}"));
        assert_eq!(cvss("high"), "high");
    }

    #[test]
    fn names_of_fields_are_their_serialised_names() {
        for key in CONTENT_KEYS {
            assert_eq!(content_key(content_name(key)), Some(key));
            let json = serde_json::to_string(&key).unwrap();
            assert_eq!(json, format!("\"{}\"", content_name(key)));
        }
        assert_eq!(content_key("nonsense"), None);
    }
}
