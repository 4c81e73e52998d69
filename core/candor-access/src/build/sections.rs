//! The parts of the policy page below promises and channels.
//!
//! Invariant: every list of the model is shown somewhere on the page, and a list
//! that people look for says so when the text has nothing for it.

use candor_policy::model::{Clause, ClauseId, Milestone, Policy};
use candor_policy::{PolicyInForce, Said, severity_words};

use super::form::{line, safe_harbour, versions};
use super::policy::quoted;
use crate::view::{ClauseLine, PolicySection};

fn section(id: &str, title: &str, lines: Vec<ClauseLine>) -> Option<PolicySection> {
    (!lines.is_empty()).then(|| PolicySection {
        id: id.to_owned(),
        title: title.to_owned(),
        intro: None,
        lines: once(lines),
    })
}

/// A part that people look for: when the text is silent it says so.
fn expected(id: &str, title: &str, lines: Vec<ClauseLine>, silent: &str) -> Option<PolicySection> {
    section(
        id,
        title,
        if lines.is_empty() {
            vec![ClauseLine {
                id: format!("{id}-not-stated"),
                text: silent.to_owned(),
                lines: None,
                note: Some("not stated".to_owned()),
            }]
        } else {
            lines
        },
    )
}

fn noted<T>(clauses: &[Clause<T>], note: impl Fn(&T) -> Option<String>) -> Vec<ClauseLine> {
    clauses
        .iter()
        .map(|c| ClauseLine {
            note: note(&c.value),
            ..line(c)
        })
        .collect()
}

/// Each sentence once in a part: one sentence can say several things. What we note
/// about it is kept.
fn once(lines: Vec<ClauseLine>) -> Vec<ClauseLine> {
    let mut out: Vec<ClauseLine> = Vec::new();
    for line in lines {
        let same = |l: &&mut ClauseLine| l.lines == line.lines && l.text == line.text;
        match out.iter_mut().find(same) {
            Some(shown) => shown.note = joined(shown.note.take(), line.note),
            None => out.push(line),
        }
    }
    out
}

/// Clauses, each after the sentence that leads into it; [`once`] shows that once.
fn led<T>(p: &Policy, clauses: &[Clause<T>]) -> Vec<ClauseLine> {
    let lead = |clause: &Clause<T>| {
        let mut all = p.lead_ins.iter();
        all.find(|l| l.value.items.contains(&clause.span)).map(line)
    };
    clauses
        .iter()
        .flat_map(|clause| lead(clause).into_iter().chain([line(clause)]))
        .collect()
}

fn joined(one: Option<String>, two: Option<String>) -> Option<String> {
    match (one, two) {
        (Some(one), Some(two)) if one != two => Some(format!("{one}; {two}")),
        (one, two) => one.or(two),
    }
}

fn one<T>(clause: Option<&Clause<T>>) -> Vec<ClauseLine> {
    clause.into_iter().map(line).collect()
}

/// All parts in reading order.
pub(super) fn all(policy: &PolicyInForce) -> Vec<PolicySection> {
    let p = &policy.policy;
    [
        reporting(policy),
        judging(p),
        after(policy),
        living(p),
        vec![silent(policy)],
    ]
    .into_iter()
    .flatten()
    .flatten()
    .collect()
}

fn reporting(policy: &PolicyInForce) -> Vec<Option<PolicySection>> {
    let p = &policy.policy;
    let when = quoted(p, &p.when_to_report).into_iter();
    vec![
        section(
            "when",
            "When to report",
            when.chain(one(p.known_public_rule.as_ref()))
                .chain(quoted(p, &p.not_here))
                .collect(),
        ),
        section(
            "encryption",
            "Encrypted reports",
            noted(&p.encryption, key_note),
        ),
        expected(
            "contents",
            "What a report should hold",
            quoted(p, &p.contents)
                .into_iter()
                .chain(one(p.incomplete_rule.as_ref()))
                .chain(quoted(p, &p.prerequisites))
                .collect(),
            "The policy does not say what a report should hold. The form asks for a title, a \
             description and the affected version.",
        ),
        expected(
            "versions",
            "Supported versions",
            versions(policy)
                .into_iter()
                .chain(quoted(p, &p.patch_targets))
                .chain(releases(policy))
                .chain(quoted(p, &p.delegates_to))
                .collect(),
            "The policy does not say which versions are supported.",
        ),
    ]
}

fn key_note(encryption: &candor_policy::model::Encryption) -> Option<String> {
    encryption.key.clone()
}

fn releases(policy: &PolicyInForce) -> Vec<ClauseLine> {
    let listed: Vec<&str> = policy
        .settings
        .releases
        .iter()
        .map(|r| r.version.as_str())
        .collect();
    if listed.is_empty() {
        return Vec::new();
    }
    vec![ClauseLine {
        id: "releases".to_owned(),
        text: format!("Releases: {}", listed.join(", ")),
        lines: None,
        note: Some("set by the owner".to_owned()),
    }]
}

fn judging(p: &Policy) -> Vec<Option<PolicySection>> {
    vec![
        expected(
            "in-scope",
            "In scope",
            quoted(p, &p.in_scope),
            "The policy does not say what is in scope.",
        ),
        expected(
            "out-of-scope",
            "Out of scope",
            quoted(p, &p.out_of_scope),
            "The policy puts nothing out of scope.",
        ),
        section(
            "context",
            "Looked at in context",
            led(p, &p.context_factors),
        ),
        section(
            "severity",
            "Severity",
            p.severities
                .iter()
                .map(|c| ClauseLine {
                    text: format!(
                        "{}: {}",
                        severity_words(c.value.severity),
                        c.value.classes.join(", ")
                    ),
                    note: c.value.response.clone(),
                    ..line(c)
                })
                .chain(one(p.scoring.as_ref()))
                .chain(quoted(p, &p.impact_ranking))
                .chain(quoted(p, &p.assessment_basis))
                .collect(),
        ),
        section("process", "Step by step", quoted(p, &p.steps)),
        section(
            "follow-up",
            "When you hear nothing",
            quoted(p, &p.follow_up),
        ),
        section("fixes", "How problems are fixed", quoted(p, &p.fix_kinds)),
    ]
}

fn after(policy: &PolicyInForce) -> Vec<Option<PolicySection>> {
    let p = &policy.policy;
    let mut credit = one(p.credit.as_ref());
    if let Some(clause) = &p.credit {
        credit.extend(quoted(p, &clause.value.more));
    }
    let owners = policy.settings.distributors.iter().zip(1..);
    let distributors = owners.map(|(d, n)| ClauseLine {
        id: format!("distributor-by-owner-{n}"),
        text: d.name.clone(),
        lines: None,
        note: Some("set by the owner".to_owned()),
    });
    vec![
        expected(
            "disclosure",
            "When details become public",
            led(p, &p.disclosure),
            "The policy does not say when details become public.",
        ),
        section(
            "outlets",
            "Where advisories are announced",
            quoted(p, &p.outlets)
                .into_iter()
                .chain(quoted(p, &p.distributors))
                .chain(distributors)
                .chain(one(p.subscribe.as_ref()))
                .collect(),
        ),
        expected(
            "credit",
            "Credit",
            credit,
            "The policy does not say how reporters are credited. Candor names nobody who has not agreed.",
        ),
        expected(
            "safe-harbour",
            "Safe harbour",
            safe_harbour(policy),
            "The policy says nothing about legal action against reporters.",
        ),
        section(
            "duties",
            "What the project asks of you",
            quoted(p, &p.duties),
        ),
        section(
            "contacts",
            "Contacts",
            quoted(p, &p.contacts)
                .into_iter()
                .chain(one(p.fielded_by.as_ref()))
                .collect(),
        ),
    ]
}

fn living(p: &Policy) -> Vec<Option<PolicySection>> {
    vec![
        section("advice", "Advice to those who run it", quoted(p, &p.advice)),
        section(
            "practices",
            "What the project does itself",
            quoted(p, &p.practices),
        ),
        section("disclaimers", "Limits", quoted(p, &p.disclaimers)),
        section("review", "Review of the policy", one(p.review.as_ref())),
        section("statements", "Also said", quoted(p, &p.statements)),
    ]
}

/// What the text gives no number or answer for, and what holds instead.
fn silent(policy: &PolicyInForce) -> Option<PolicySection> {
    let clocks = candor_policy::clocks(policy);
    let promised = |milestone: Milestone| {
        clocks
            .iter()
            .any(|c| c.milestone == milestone && c.is_promise())
    };
    let mut lines = Vec::new();
    let mut say = |id: &str, text: &str| {
        lines.push(ClauseLine {
            id: format!("silent-{id}"),
            text: text.to_owned(),
            lines: None,
            note: Some("not stated".to_owned()),
        });
    };
    if policy.calendar_said() == Said::Candor {
        say(
            "calendar",
            "The policy names no time zone, no working days and no holidays.",
        );
    }
    if !promised(Milestone::Acknowledgement) {
        say(
            "acknowledgement",
            "The policy gives no number for the first answer. Candor reminds the team on its own.",
        );
    }
    if !promised(Milestone::Assessment) && !promised(Milestone::Triage) {
        say(
            "assessment",
            "The policy gives no number for an assessment.",
        );
    }
    if !promised(Milestone::Update) {
        say(
            "updates",
            "The policy gives no rhythm for status updates. Candor reminds the team on its own.",
        );
    }
    if !promised(Milestone::Fix)
        && !promised(Milestone::PatchRelease)
        && !promised(Milestone::Disclosure)
    {
        say(
            "fix",
            "The policy gives no number for a fix or for publication.",
        );
    }
    if policy.policy.scoring.is_none() {
        say("scoring", "The policy names no scoring system.");
    }
    section("silent", "What the policy does not say", lines)
}

/// The words of a clause, wherever it stands among those that are not yet run.
pub(super) fn quote_of(policy: &PolicyInForce, id: &ClauseId) -> Option<String> {
    fn find<T>(clauses: &[Clause<T>], id: &ClauseId) -> Option<String> {
        clauses
            .iter()
            .find(|c| c.id == *id)
            .map(|c| c.quote.clone())
    }
    let p = &policy.policy;
    find(&p.channels, id)
        .or_else(|| find(&p.encryption, id))
        .or_else(|| find(&p.outlets, id))
        .or_else(|| find(&p.advice, id))
}
