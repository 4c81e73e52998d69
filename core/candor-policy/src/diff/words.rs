//! The words of the differences, in one place: what each part is called, and what it
//! means for the reporter when something of it is new.
//!
//! Invariant: a part that stands in no table is still compared, as "changed".

use super::Effect;
use crate::model::{
    CveCommitment, Demand, DisclosureKind, DutyKind, Firmness, Milestone, Origin, StepStage,
    Support, Term, TermUnit,
};

use Effect::{Changed, Stronger, Weaker};

/// Parts in the order of differences: key, name, what it means when an entry is new.
const PARTS: [(&str, &str, Effect); 37] = [
    ("promises", "promise", Stronger),
    ("follow_up", "when you hear nothing", Stronger),
    ("advance_notice", "word in advance", Changed),
    ("timetable", "days of publication", Changed),
    ("channels", "channel", Stronger),
    ("public_ban", "not in public", Changed),
    ("encryption", "encrypted reports", Stronger),
    ("contacts", "contact", Changed),
    ("versions", "version", Stronger),
    ("patch_targets", "where fixes go", Changed),
    ("upgrade_first", "upgrade before you report", Weaker),
    ("contents", "a report should hold", Weaker),
    ("incomplete_rule", "reports that are not complete", Weaker),
    ("prerequisites", "before a report is looked at", Weaker),
    ("in_scope", "in scope", Stronger),
    ("out_of_scope", "out of scope", Weaker),
    ("not_here", "does not belong here", Weaker),
    ("when_to_report", "when to report", Changed),
    (
        "known_public_rule",
        "problems that are public already",
        Changed,
    ),
    ("severities", "severity", Changed),
    ("other_severities", "severity", Changed),
    ("scoring", "scoring", Changed),
    ("impact_ranking", "impact ranking", Changed),
    ("disclosure", "disclosure", Changed),
    ("steps", "process", Changed),
    ("cve", "CVE ids", Changed),
    ("outlets", "advisories are announced", Stronger),
    ("distributors", "publish on their own", Changed),
    ("credit", "credit", Stronger),
    ("anonymity", "staying unnamed", Stronger),
    ("bounty", "money for reports", Changed),
    ("safe_harbour", "safe harbour", Stronger),
    ("duties", "asked of you", Weaker),
    ("review", "review of the policy", Stronger),
    ("disclaimers", "disclaimer", Weaker),
    ("settings", "setting", Changed),
    ("product", "product", Changed),
];

/// Parts that promise nothing to a reporter, or say again in order what others promise.
pub(super) const SILENT: [&str; 9] = [
    "placeholders",
    "acts",
    "languages",
    "lead_ins",
    "advice",
    "practices",
    "statements",
    "subscribe",
    "fielded_by",
];

/// Where a part stands in the list.
pub(super) fn place_of(part: &str) -> usize {
    let at = PARTS.iter().position(|(key, ..)| *key == part);
    at.unwrap_or(PARTS.len())
}

/// What a part is called.
pub(super) fn name_of(part: &str) -> String {
    let known = PARTS.iter().find(|(key, ..)| *key == part);
    known.map_or_else(|| part.replace('_', " "), |(_, name, _)| (*name).to_owned())
}

/// What it means when an entry of it is new.
pub(super) fn added(part: &str) -> Effect {
    let known = PARTS.iter().find(|(key, ..)| *key == part);
    known.map_or(Changed, |(.., effect)| *effect)
}

/// What a promise is about, in a word or two.
pub(super) fn milestone(milestone: Milestone) -> &'static str {
    match milestone {
        Milestone::Acknowledgement => "acknowledgement",
        Milestone::Triage => "triage",
        Milestone::Assessment => "first assessment",
        Milestone::Plan => "plan",
        Milestone::Decision => "decision",
        Milestone::Conversation => "conversation",
        Milestone::Update => "status update",
        Milestone::Response => "response",
        Milestone::Fix => "fix",
        Milestone::PatchRelease => "release of the fix",
        Milestone::Disclosure => "disclosure",
        Milestone::Credit => "credit in the advisory",
        Milestone::Bounty => "reward",
        Milestone::Conduct => "conduct",
    }
}

/// "48 hours", "1 to 3 days", "every week", "no number (“soon”)".
pub(super) fn term(term: &Term) -> String {
    match term {
        Term::Within {
            amount,
            at_least: Some(low),
            unit,
        } => format!("{low} to {}", amount_words(*amount, *unit)),
        Term::Within {
            amount,
            at_least: None,
            unit,
        } => amount_words(*amount, *unit),
        Term::Every { amount, unit } => format!("every {}", amount_words(*amount, *unit)),
        Term::Immediate => "at once, without a number".to_owned(),
        Term::NextRelease => "with the next release".to_owned(),
        Term::Unquantified { words } if words.is_empty() => "without a time".to_owned(),
        Term::Unquantified { words } => format!("\u{201c}{words}\u{201d}, without a number"),
    }
}

/// "3 business days".
pub(super) fn amount_words(amount: u32, unit: TermUnit) -> String {
    let one = match unit {
        TermUnit::Hours => "hour",
        TermUnit::BusinessHours => "business hour",
        TermUnit::Days => "day",
        TermUnit::BusinessDays => "business day",
        TermUnit::Weeks => "week",
        TermUnit::Months => "month",
    };
    let s = if amount == 1 { "" } else { "s" };
    format!("{amount} {one}{s}")
}

/// What the time counts from; nothing for the receipt.
pub(super) fn origin(from: Origin) -> &'static str {
    match from {
        Origin::Receipt => "",
        Origin::Acknowledgement => " after the acknowledgement",
        Origin::Triage => " after the assessment",
        Origin::Acceptance => " after acceptance",
        Origin::Fix => " after the fix",
        Origin::Release => " after the release",
        Origin::Disclosure => " after publication",
    }
}

/// How firm.
pub(super) fn firmness(firmness: Firmness) -> &'static str {
    match firmness {
        Firmness::Commit => ", promised",
        Firmness::Target => ", as a target",
        Firmness::Typical => ", usually",
    }
}

/// How much of a version is supported: a rank, and words.
pub(super) fn support(support: Support) -> (i64, &'static str) {
    match support {
        Support::Full => (6, "supported"),
        Support::Development => (5, "supported, in development"),
        Support::SecurityOnly => (4, "security fixes only"),
        Support::CriticalOnly => (3, "critical fixes only"),
        Support::BestEffort => (2, "best effort"),
        Support::Unclear => (1, "neither yes nor no"),
        Support::None => (0, "not supported"),
    }
}

/// A word on CVE ids: a rank, and what it means when it is new.
pub(super) fn cve(commitment: CveCommitment) -> (i64, Effect) {
    match commitment {
        CveCommitment::Will => (2, Stronger),
        CveCommitment::May => (1, Stronger),
        CveCommitment::WillNot => (0, Weaker),
    }
}

/// How strongly something is asked for: a rank (less is better), words, and what it
/// means when it is new.
pub(super) fn demand(demand: Demand) -> (i64, &'static str, Effect) {
    match demand {
        Demand::Mandatory => (-3, "required", Weaker),
        Demand::Asked => (-2, "asked for", Weaker),
        Demand::IfApplicable => (-1, "if applicable", Changed),
        Demand::Optional => (0, "optional", Changed),
    }
}

/// A rule of disclosure: its name, and what it means when it is new.
pub(super) fn disclosure(kind: &DisclosureKind) -> (&'static str, Effect) {
    match kind {
        DisclosureKind::Coordinated => ("coordinated with you", Stronger),
        DisclosureKind::Agreed => ("date agreed together", Stronger),
        DisclosureKind::PrivateFirst => ("private first", Changed),
        DisclosureKind::Window { .. } => ("standard time", Stronger),
        DisclosureKind::Expedited => ("faster when severe", Stronger),
        DisclosureKind::Extension => ("may take longer", Weaker),
        DisclosureKind::UntilFixed => ("silence until a fix", Weaker),
        DisclosureKind::UntilValidatedOrAgreed => ("silence until validated or agreed", Weaker),
        DisclosureKind::FreeAfterDate => ("you are free after the date", Stronger),
        DisclosureKind::MayStayInternal => ("may stay internal", Weaker),
        DisclosureKind::WhenApplicable => ("only when applicable", Weaker),
        DisclosureKind::PublishMitigations => ("mitigations are published", Stronger),
        DisclosureKind::Full => ("everything is made public", Weaker),
        DisclosureKind::AfterFix => ("published after the fix", Changed),
        DisclosureKind::TimeToFix => ("time asked for a fix", Weaker),
        DisclosureKind::Earlier { .. } => ("sooner in some cases", Changed),
        DisclosureKind::Later { .. } => ("later in some cases", Weaker),
    }
}

/// A duty.
pub(super) fn duty(kind: DutyKind) -> &'static str {
    match kind {
        DutyKind::ReasonableTime => "time before you publish",
        DutyKind::NoDataAccess => "leave others' data alone",
        DutyKind::NoExploitation => "no exploitation",
        DutyKind::Confidential => "keep it confidential",
        DutyKind::NoDegradation => "nothing that degrades the service",
        DutyKind::OwnAccounts => "own accounts only",
        DutyKind::NoHarm => "no harm",
        DutyKind::NoDemands => "no demands for payment",
        DutyKind::NoSocialEngineering => "no social engineering",
        DutyKind::PromptReport => "report soon",
        DutyKind::Other => "other",
    }
}

/// A step of the process.
pub(super) fn stage(stage: StepStage) -> &'static str {
    match stage {
        StepStage::Receipt => "receipt",
        StepStage::Acknowledgement => "acknowledgement",
        StepStage::Triage => "assessment",
        StepStage::Rejection => "rejection",
        StepStage::Conversation => "conversation",
        StepStage::CommunicationPlan => "plan for telling users",
        StepStage::AdvisoryDraft => "draft of the advisory",
        StepStage::Fix => "fix",
        StepStage::Testing => "testing",
        StepStage::DateNotice => "notice of the date",
        StepStage::Release => "release",
        StepStage::Disclosure => "disclosure",
        StepStage::ReporterFree => "reporter free to publish",
    }
}
