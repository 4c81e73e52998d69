//! Findings on parts that readers of a policy expect: scope, credit, safe harbour and so on.
//!
//! Deliberately absent: which guide asks for which part; see `standards`.

use candor_base::{Finding, Span};

use super::add;
use super::rules::{
    BOUND_WITHOUT_END, LintRule, NO_AUTHORISATION, NO_CONTENTS, NO_CREDIT, NO_DISCLOSURE_RULE,
    NO_OUTLET, NO_SAFE_HARBOUR, NO_SCOPE, NO_TEST_RULES, NO_VERSIONS, UNSAFE_DEFAULTS_REFUSED,
};
use super::standards::Part;
use crate::model::{DisclosureKind, Policy, ScopeTopic};

/// A part: its rule, what is missing, how to mend it.
type Missing = (Part, &'static LintRule, &'static str, &'static str);

const PARTS: [Missing; 9] = [
    (
        Part::SafeHarbour,
        NO_SAFE_HARBOUR,
        "The policy does not promise to leave reporters in good faith alone.",
        "Say that you take no legal action against people who follow the policy.",
    ),
    (
        Part::Authorisation,
        NO_AUTHORISATION,
        "The policy does not say that testing in good faith is authorised.",
        "Say that research which follows the policy is authorised.",
    ),
    (
        Part::Scope,
        NO_SCOPE,
        "The policy does not say what is in scope.",
        "List what is in scope and what is not.",
    ),
    (
        Part::Credit,
        NO_CREDIT,
        "The policy does not say whether reporters are named.",
        "Say whether you name reporters, and that you ask them first.",
    ),
    (
        Part::Publication,
        NO_DISCLOSURE_RULE,
        "The policy does not say how and when details become public.",
        "Say when you publish, and how the date is agreed.",
    ),
    (
        Part::Contents,
        NO_CONTENTS,
        "The policy does not say what a report should hold.",
        "Ask for the affected version, the steps to see the problem, and its effect.",
    ),
    (
        Part::Versions,
        NO_VERSIONS,
        "The policy does not say which versions get fixes.",
        "List the supported versions, or say that only the latest release is.",
    ),
    (
        Part::Outlet,
        NO_OUTLET,
        "The policy does not say where advisories are published.",
        "Name the place: the repository's advisories, the changelog, a mailing list.",
    ),
    (
        Part::TestRules,
        NO_TEST_RULES,
        "The policy does not say what reporters may try and what not.",
        "Say what you ask of testers: own accounts, no data of others, no loss of service.",
    ),
];

pub(super) fn check(policy: &Policy, out: &mut Vec<Finding>) {
    for (part, rule, message, help) in PARTS {
        if !part.stands_in(policy) {
            add(out, rule, place(part, policy), message, help);
        }
    }
    bound_without_end(policy, out);
    for clause in &policy.out_of_scope {
        if clause.value.topic == ScopeTopic::UnsafeDefaults {
            add(
                out,
                UNSAFE_DEFAULTS_REFUSED,
                Some(clause.span),
                "The policy refuses reports about unsafe defaults; the CVE rules (4.1.4) say that these should count as vulnerabilities, so somebody else may still assign a CVE id.",
                "Say that such reports are kept as suggestions, or take them in.",
            );
        }
    }
}

/// Where a half-said part stands: words of support that promise nothing.
fn place(part: Part, policy: &Policy) -> Option<Span> {
    match part {
        Part::SafeHarbour => policy.safe_harbour.first().map(|c| c.span),
        _ => None,
    }
}

/// Reporters are bound, and neither a window nor a promise with a number frees them.
fn bound_without_end(policy: &Policy, out: &mut Vec<Finding>) {
    let bound = policy.disclosure.iter().find(|c| {
        matches!(
            c.value.rule,
            DisclosureKind::UntilFixed | DisclosureKind::UntilValidatedOrAgreed
        )
    });
    let Some(bound) = bound else { return };
    let freed = policy.disclosure.iter().any(|c| {
        matches!(
            c.value.rule,
            DisclosureKind::Window { .. } | DisclosureKind::FreeAfterDate
        )
    });
    let dated = super::standards::has_window(policy);
    if !freed && !dated {
        add(
            out,
            BOUND_WITHOUT_END,
            Some(bound.span),
            "Reporters are asked to stay silent until you act, without a longest time.",
            "Add a window, such as 90 days, after which reporters are free.",
        );
    }
}
