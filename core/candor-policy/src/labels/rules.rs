//! The label form of disclosure, credit, money, safe harbour, CVE ids and the process.
//!
//! Invariants: values come from the typed model alone.
//!
//! Deliberately absent: times; see `time`.

use serde_json::{Value, json};

use crate::model::{
    Act, Clause, Cve, CveAssigner, CveCommitment, DisclosureKind, EarlyCause, LateCause, Milestone,
    Policy, Protection, Term,
};

/// "coordinated" when the text names it or ties publication to a fix or an agreed date.
pub(super) fn model(policy: &Policy) -> &'static str {
    let coordinated = policy.disclosure.iter().any(|c| {
        !matches!(
            c.value.rule,
            DisclosureKind::MayStayInternal
                | DisclosureKind::PublishMitigations
                | DisclosureKind::Earlier { .. }
        )
    }) || policy.promises.iter().any(|c| {
        c.value.milestone == Milestone::Disclosure && matches!(c.value.term, Term::Within { .. })
    });
    let full = policy
        .disclosure
        .iter()
        .any(|c| c.value.rule == DisclosureKind::Full);
    if full {
        "full"
    } else if coordinated {
        "coordinated"
    } else {
        "none-stated"
    }
}

pub(super) fn early(policy: &Policy) -> Vec<&'static str> {
    distinct(policy.disclosure.iter().filter_map(|c| match c.value.rule {
        DisclosureKind::Expedited => Some("critical-severity"),
        DisclosureKind::Earlier { when } => Some(match when {
            EarlyCause::Exploited => "actively-exploited",
            EarlyCause::Known => "publicly-known",
            EarlyCause::SimpleExploit => "simple-exploit",
            EarlyCause::SimpleMitigation => "simple-mitigation",
            EarlyCause::Critical => "critical-severity",
            EarlyCause::FixReady => "fix-ready",
            EarlyCause::Agreement => "agreement",
            EarlyCause::Other => "other",
        }),
        _ => None,
    }))
}

pub(super) fn extension(policy: &Policy) -> Vec<&'static str> {
    distinct(policy.disclosure.iter().filter_map(|c| match c.value.rule {
        DisclosureKind::Extension => Some("complex-fix"),
        DisclosureKind::UntilValidatedOrAgreed => Some("agreement"),
        DisclosureKind::Later { when } => Some(match when {
            LateCause::Complex => "complex-fix",
            LateCause::FixNotReady => "fix-not-ready",
            LateCause::Agreement => "agreement",
            LateCause::Coordination => "coordination",
            LateCause::Victims => "victim-request",
            LateCause::HighValue => "high-value-target",
            LateCause::LowSeverity => "low-severity",
            LateCause::Other => "other",
        }),
        _ => None,
    }))
}

fn distinct(names: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut out = Vec::new();
    for name in names {
        if !out.contains(&name) {
            out.push(name);
        }
    }
    out
}

pub(super) fn credit(policy: &Policy) -> Value {
    let credit = policy.credit.as_ref().map(|c| &c.value);
    let anonymous = credit.is_some_and(|c| c.with_consent || c.unless_anonymous)
        || !policy.anonymity.is_empty();
    let hall = credit.is_some_and(|c| c.hall_of_fame.is_some());
    json!({"offered": credit.map(|_| true), "anonymous_option": anonymous.then_some(true),
        "hall_of_fame": hall.then_some(true)})
}

/// One offer outweighs what is refused beside it, such as money for reports by mail.
pub(super) fn bounty(policy: &Policy) -> Value {
    let offered = policy.bounty.iter().any(|c| c.value.offered);
    json!(match policy.bounty.first() {
        None => "unstated",
        Some(_) if offered => "offered",
        Some(_) => "not-offered",
    })
}

pub(super) fn harbour(policy: &Policy) -> Value {
    let promised = |p: &Protection| !matches!(p, Protection::WorkTogether | Protection::Credit);
    let present = policy.safe_harbour.iter().any(|c| {
        c.value.no_legal_action || c.value.granted || c.value.commitments.iter().any(promised)
    });
    let commitments = distinct(
        policy
            .safe_harbour
            .iter()
            .filter(|_| present)
            .flat_map(|c| c.value.commitments.iter().copied().map(protection)),
    );
    json!({"present": present, "commitments": commitments})
}

fn protection(protection: Protection) -> &'static str {
    match protection {
        Protection::NoLegalAction => "no-legal-action",
        Protection::NoLawEnforcement => "no-law-enforcement",
        Protection::Authorised => "authorised-conduct",
        Protection::ThirdParty => "third-party-defence",
        Protection::WaiveTerms => "waive-tos",
        Protection::WaiveCircumvention => "waive-anti-circumvention",
        Protection::NoSuspension => "no-account-suspension",
        Protection::WorkTogether => "work-with-you",
        Protection::Credit => "credit",
    }
}

pub(super) fn cve(policy: &Policy) -> Value {
    let commitment = policy.cve.iter().find_map(|c| c.value.commitment);
    let with = |said: &dyn Fn(&Cve) -> bool| {
        policy
            .cve
            .iter()
            .filter(|c| said(&c.value))
            .find_map(|c| c.value.assigner)
    };
    let named = |c: &Cve| c.assigner.is_some_and(|a| a != CveAssigner::Other);
    let assigner = commitment.and_then(|_| {
        with(&|c| c.commitment.is_some() && named(c))
            .or_else(|| with(&named))
            .or_else(|| with(&|c| c.commitment.is_some()))
    });
    json!({
        "mentioned": !policy.cve.is_empty(),
        "commitment": commitment.map(|c| match c {
            CveCommitment::Will => "will-request",
            CveCommitment::May => "may",
            CveCommitment::WillNot => "will-not",
        }),
        "assigner": assigner.map(|a| match a {
            CveAssigner::Github => "github",
            CveAssigner::Mitre => "mitre",
            CveAssigner::Own => "self-cna",
            CveAssigner::OpenJs => "openjs-cna",
            CveAssigner::RedHat => "redhat",
            CveAssigner::Other => "other",
        }),
    })
}

pub(super) fn process_steps(policy: &Policy) -> Value {
    policy
        .acts
        .iter()
        .map(|c: &Clause<Act>| json!(act(c.value)))
        .collect()
}

fn act(act: Act) -> &'static str {
    match act {
        Act::Receive => "receive",
        Act::Acknowledge => "acknowledge",
        Act::AssignHandler => "assign-handler",
        Act::Validate => "validate",
        Act::Reproduce => "reproduce",
        Act::AssessSeverity => "assess-severity",
        Act::RejectWithReason => "reject-with-reason",
        Act::Plan => "plan",
        Act::DraftAdvisory => "draft-advisory",
        Act::RequestCve => "request-cve",
        Act::DevelopFix => "develop-fix",
        Act::Review => "review",
        Act::Test => "test",
        Act::NotifyDistributors => "notify-distributors",
        Act::NotifyReporter => "notify-reporter",
        Act::AgreeDate => "agree-disclosure-date",
        Act::Backport => "backport",
        Act::Release => "release",
        Act::PublishAdvisory => "publish-advisory",
        Act::Announce => "announce",
        Act::Credit => "credit",
        Act::PayBounty => "pay-bounty",
        Act::Retrospective => "retrospective",
        Act::ReporterPublishes => "reporter-may-publish",
    }
}
