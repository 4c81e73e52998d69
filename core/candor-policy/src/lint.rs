//! Lint: what a policy lacks or leaves open, where, why it matters, how to mend it.
//!
//! Invariants: codes are stable; running it twice gives the same list; a
//! finding never changes what was compiled.
//!
//! Deliberately absent: style.

use candor_base::{Finding, Level, Span};

use crate::model::{
    ChannelKind, Clause, DisclosureKind, Milestone, Policy, Promise, ScopeTopic, Severity, Term,
};
use crate::settings::PolicyInForce;
use crate::vocab::is_example_address;

/// Adds everything noticed in the policy to what was noticed before; in source order.
pub fn lint(policy: &Policy, findings: Vec<Finding>) -> Vec<Finding> {
    let mut out = findings;
    channels(policy, &mut out);
    promises(policy, &mut out);
    people(policy, &mut out);
    let mut once: Vec<Finding> = Vec::with_capacity(out.len());
    for finding in out {
        if !once.contains(&finding) {
            once.push(finding);
        }
    }
    once.sort_by_key(|f| f.span);
    once
}

/// Findings that are questions to the owner and still open under their settings.
pub fn questions(policy: &PolicyInForce) -> Vec<Finding> {
    let settings = &policy.settings;
    lint(&policy.policy, Vec::new())
        .into_iter()
        .filter(|f| match f.code.as_str() {
            "channel-without-address" => settings.security_address.is_none(),
            "forge-without-repository" => settings.github_repository.is_none(),
            "private-contact-without-address" => settings.private_contact.is_none(),
            "maintainers-without-address" => settings.maintainers.is_empty(),
            "response-ambiguous" => settings.response_means.is_none(),
            "versions-elsewhere" => settings.releases.is_empty(),
            _ => false,
        })
        .collect()
}

fn finding(
    out: &mut Vec<Finding>,
    code: &str,
    level: Level,
    span: Option<Span>,
    message: impl Into<String>,
    help: &str,
) {
    out.push(Finding {
        code: code.to_owned(),
        level,
        span,
        message: message.into(),
        help: help.to_owned(),
    });
}

fn channels(policy: &Policy, out: &mut Vec<Finding>) {
    if policy.channels.is_empty() {
        finding(
            out,
            "no-channel",
            Level::Error,
            None,
            "The policy names no way to report a problem.",
            "Add an address or a link for reports. Candor's own report form is there either way.",
        );
    }
    for clause in &policy.channels {
        let span = Some(clause.span);
        let value = &clause.value;
        if let Some(address) = value.value.as_deref().filter(|a| is_example_address(a)) {
            finding(
                out,
                "example-address",
                Level::Error,
                span,
                format!("{address} is an example address: nobody receives what is sent there."),
                "Put in the real address.",
            );
        }
        let (code, message, help) = match (value.kind, &value.value) {
            (ChannelKind::Email, None) => (
                "channel-without-address",
                "The policy offers e-mail but gives no address.",
                "Write the address here, or set it on the desk.",
            ),
            (ChannelKind::GithubAdvisory, None) => (
                "forge-without-repository",
                "The policy offers private reporting on GitHub without a link.",
                "Link the repository's report page, or name the repository on the desk if it is switched on.",
            ),
            (ChannelKind::PrivateContact, None) => (
                "private-contact-without-address",
                "The policy speaks of a private contact but does not say who it is.",
                "Name the contact here, or set it on the desk.",
            ),
            (ChannelKind::Maintainers, None) => (
                "maintainers-without-address",
                "The policy points to the maintainers' own addresses but lists none.",
                "List the addresses on the desk if reporters should see them.",
            ),
            (ChannelKind::PublicIssue, _) => (
                "public-channel",
                "The policy asks for reports in public, where attackers read them too.",
                "Offer a private way to report. Candor never offers the public one.",
            ),
            _ => continue,
        };
        let level = if value.kind == ChannelKind::PublicIssue {
            Level::Error
        } else {
            Level::Warning
        };
        finding(out, code, level, span, message, help);
    }
    placeholders(policy, out);
    encryption(policy, out);
}

fn placeholders(policy: &Policy, out: &mut Vec<Finding>) {
    for clause in &policy.advice {
        if is_example_address(&clause.quote) {
            finding(
                out,
                "placeholder",
                Level::Warning,
                Some(clause.span),
                "This line still holds a placeholder address.",
                "Put in the real value, or say that readers must.",
            );
        }
    }
}

fn encryption(policy: &Policy, out: &mut Vec<Finding>) {
    let Some(first) = policy.encryption.first() else {
        return;
    };
    if policy.encryption.iter().any(|c| c.value.key.is_some()) {
        return;
    }
    let by_mail = policy
        .encryption
        .iter()
        .any(|c| c.value.request_subject.is_some());
    let (code, message) = if by_mail {
        (
            "key-only-on-request",
            "The policy offers encryption, but the key can only be had by asking for it.",
        )
    } else {
        (
            "key-missing",
            "The policy speaks of encryption but does not say where the key is.",
        )
    };
    finding(
        out,
        code,
        Level::Warning,
        Some(first.span),
        message,
        "Publish the key and its fingerprint, and link them here.",
    );
}

fn promises(policy: &Policy, out: &mut Vec<Finding>) {
    let numbers = policy
        .promises
        .iter()
        .any(|p| matches!(p.value.term, Term::Within { .. } | Term::Every { .. }));
    if !numbers {
        finding(
            out,
            "no-number",
            Level::Warning,
            None,
            "The policy promises nothing with a number, so reporters do not know when to expect an answer.",
            "Say within how many days a person answers. Until then Candor runs its own defaults inside.",
        );
    }
    for clause in &policy.promises {
        unquantified(clause, out);
    }
    if let Some(first) = policy
        .promises
        .iter()
        .find(|p| !p.value.alternatives.is_empty())
    {
        finding(
            out,
            "response-ambiguous",
            Level::Warning,
            Some(first.span),
            "A response time by severity can mean the start of work or the fix.",
            "Say which one it is, here or on the desk. Until then Candor runs it as the start of work, marked as our reading.",
        );
    }
    two_deadlines(policy, out);
    if !policy.delegates_to.is_empty() && policy.versions.is_empty() {
        finding(
            out,
            "versions-elsewhere",
            Level::Note,
            policy.delegates_to.first().map(|c| c.span),
            "The list of supported versions stands elsewhere.",
            "Give the list once on the desk.",
        );
    }
}

fn unquantified(clause: &Clause<Promise>, out: &mut Vec<Finding>) {
    let p = &clause.value;
    let Term::Unquantified { words } = &p.term else {
        return;
    };
    if matches!(p.milestone, Milestone::Conduct | Milestone::Credit) {
        return;
    }
    let message = if words.is_empty() {
        "This promise has no time.".to_owned()
    } else {
        format!("\u{201c}{words}\u{201d} is not a number, so it starts no public clock.")
    };
    finding(
        out,
        "promise-without-number",
        Level::Note,
        Some(clause.span),
        message,
        "Give a number of hours or days if you can keep it.",
    );
}

fn two_deadlines(policy: &Policy, out: &mut Vec<Finding>) {
    let mut seen: Vec<(Milestone, Option<Severity>, &Term)> = Vec::new();
    for clause in &policy.promises {
        let p = &clause.value;
        if !matches!(p.term, Term::Within { .. }) {
            continue;
        }
        let other = seen
            .iter()
            .any(|(m, s, t)| *m == p.milestone && *s == p.severity && **t != p.term);
        if other {
            finding(
                out,
                "two-deadlines",
                Level::Warning,
                Some(clause.span),
                "The policy gives two different times for the same step.",
                "Keep one of them. Candor runs both until then.",
            );
        }
        seen.push((p.milestone, p.severity, &p.term));
    }
}

fn people(policy: &Policy, out: &mut Vec<Finding>) {
    if !policy.safe_harbour.iter().any(|c| c.value.no_legal_action) {
        finding(
            out,
            "no-safe-harbour",
            Level::Note,
            policy.safe_harbour.first().map(|c| c.span),
            "The policy does not promise to leave reporters in good faith alone.",
            "Say that you take no legal action against people who follow the policy.",
        );
    }
    if policy.in_scope.is_empty() && policy.out_of_scope.is_empty() {
        finding(
            out,
            "no-scope",
            Level::Note,
            None,
            "The policy does not say what is in scope.",
            "List what is in scope and what is not.",
        );
    }
    if policy.credit.is_none() {
        finding(
            out,
            "no-credit",
            Level::Note,
            None,
            "The policy does not say whether reporters are named.",
            "Say whether you name reporters, and that you ask them first.",
        );
    }
    for clause in &policy.out_of_scope {
        if clause.value.topic == ScopeTopic::UnsafeDefaults {
            finding(
                out,
                "unsafe-defaults-refused",
                Level::Warning,
                Some(clause.span),
                "The policy refuses reports about unsafe defaults; the CVE rules (4.1.4) say that these should count as vulnerabilities, so somebody else may still assign a CVE id.",
                "Say that such reports are kept as suggestions, or take them in.",
            );
        }
    }
    let coordinated = policy
        .disclosure
        .iter()
        .any(|d| !matches!(d.value.rule, DisclosureKind::PublishMitigations));
    if !coordinated {
        finding(
            out,
            "no-disclosure-rule",
            Level::Note,
            None,
            "The policy does not say how and when details become public.",
            "Say when you publish, and how the date is agreed.",
        );
    }
}
