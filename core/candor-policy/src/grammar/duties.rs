//! What is asked of reporters: in lists of duties, and in sentences anywhere.
//!
//! Invariants: one clause per item or sentence, with everything it asks; what the
//! project promises, and what is no vulnerability, asks nothing of the reporter.
//!
//! Deliberately absent: whether a duty was kept; people decide that.

use super::durations::durations;
use super::{add, add_at, led};
use crate::model::{Duty, DutyKind, Policy};
use crate::read::{Document, Unit, UnitKind, lower, split_text};
use crate::vocab::{self, Remark, Topic};

/// Longest sentence that bans public reports by a wish for silence, in words.
const BRIEF: usize = 20;

/// Adds every duty.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    let mut silences: Vec<usize> = Vec::new();
    for unit in &doc.units {
        match unit.kind {
            UnitKind::Heading | UnitKind::Code | UnitKind::Row { .. } => {}
            UnitKind::Item if unit.topic == Topic::Duties => listed(doc, policy, unit),
            UnitKind::Item if refrained(doc, unit) => {
                let found = kinds(&unit.low);
                if found.contains(&DutyKind::NoDegradation) {
                    push(policy, unit, vec![DutyKind::NoDegradation]);
                }
            }
            _ => {
                let found = called(doc, unit);
                if found.contains(&DutyKind::Confidential)
                    && vocab::fits(&unit.low, "public")
                    && !vocab::fits(&unit.low, "confidential")
                    && !unit.low.ends_with(':')
                    && unit.low.split_whitespace().count() <= BRIEF
                {
                    silences.push(policy.duties.len());
                }
                push(policy, unit, found);
            }
        }
    }
    if policy.public_ban.is_empty() {
        bans(policy, &silences);
    }
}

/// "Do not disclose it publicly until there is a fix" is all that a short policy says of
/// public reports: it bans them.
fn bans(policy: &mut Policy, silences: &[usize]) {
    for place in silences {
        let Some(clause) = policy.duties.get(*place) else {
            continue;
        };
        let (span, quote) = (clause.span, clause.quote.clone());
        add_at(
            &mut policy.public_ban,
            "public-ban",
            span,
            &quote,
            quote.clone(),
        );
    }
    let banned: Vec<_> = policy.public_ban.iter().map(|c| c.span).collect();
    for clause in policy
        .duties
        .iter_mut()
        .filter(|c| banned.contains(&c.span))
    {
        clause.value.also.retain(|k| *k != DutyKind::Confidential);
    }
    policy.duties.retain(|c| {
        let only = c.value.kind == DutyKind::Confidential && c.value.also.is_empty();
        !(only && banned.contains(&c.span))
    });
}

fn push(policy: &mut Policy, unit: &Unit, kinds: Vec<DutyKind>) {
    let mut kinds = kinds.into_iter();
    let Some(kind) = kinds.next() else { return };
    let also = kinds.collect();
    add(&mut policy.duties, "duty", unit, Duty { kind, also });
}

/// An item of a list of duties.
fn listed(doc: &Document, policy: &mut Policy, unit: &Unit) {
    let mut found = kinds(&unit.low);
    if found.is_empty() {
        let polite = vocab::remarks(&unit.low, Remark::GoodFaith);
        let other = led(doc, unit) && !is_channel(unit) && !polite;
        if !other {
            return;
        }
        found.push(DutyKind::Other);
    }
    push(policy, unit, found);
}

/// An item that says where to report, not what to refrain from.
fn is_channel(unit: &Unit) -> bool {
    !unit.links.is_empty() || unit.low.contains('@') || vocab::any(&unit.low, |l| l.public_ban)
}

/// "While researching, refrain from: …": the list is out of scope, and some of it is a duty.
fn refrained(doc: &Document, unit: &Unit) -> bool {
    let lead = doc.lead_of(unit);
    unit.topic == Topic::OutOfScope
        && [
            "refrain",
            "prohibited",
            "not authorized",
            "not authorised",
            "not allowed",
            "not permitted",
            "forbidden",
        ]
        .iter()
        .any(|w| vocab::fits(lead, w) || vocab::fits(&unit.heading, w))
}

/// The kinds an item of a list of duties asks for, each once, in the order of the text.
fn kinds(low: &str) -> Vec<DutyKind> {
    tidy(vocab::all(low, |l| l.duties))
}

/// The kinds a sentence outside such lists asks for.
fn called(doc: &Document, unit: &Unit) -> Vec<DutyKind> {
    let elsewhere = matches!(
        unit.topic,
        Topic::InScope
            | Topic::OutOfScope
            | Topic::Advice
            | Topic::Practices
            | Topic::Versions
            | Topic::Severity
            | Topic::Priority
            | Topic::Outlets
            | Topic::Commitment
            | Topic::Disclaimer
    );
    let field = unit.topic == Topic::Contents && unit.kind == UnitKind::Item;
    if elsewhere || field {
        return Vec::new();
    }
    let lead = doc.lead_of(unit);
    // "We will not pursue legal action against people who: …" asks for what follows.
    let conditional = vocab::remarks(lead, Remark::GoodFaith)
        || vocab::remarks(lead, Remark::NoLegalAction)
            && vocab::fits_any(lead, &["who$", "if you", "as long as", "provided"]);
    let texts = match unit.kind {
        UnitKind::Item => split_text(&unit.plain),
        _ => vec![unit.plain.as_str()],
    };
    let mut out = Vec::new();
    for text in texts {
        for kind in in_sentence(&lower(text), conditional) {
            if !out.contains(&kind) {
                out.push(kind);
            }
        }
    }
    out
}

fn in_sentence(low: &str, conditional: bool) -> Vec<DutyKind> {
    let directive = conditional || vocab::any(low, |l| l.directives);
    if !directive || by_project(low) || is_known_public(low) {
        return Vec::new();
    }
    let mut found = vocab::all(low, |l| l.duty_calls);
    if vocab::remarks(low, Remark::KeepConfidential) {
        found.push((low.len(), low.len(), DutyKind::Confidential));
    }
    // "We request 90 days before public disclosure."
    let asked = vocab::any(low, |l| l.asked_of_reporter) && !durations(low).is_empty();
    if asked && vocab::fits_any(low, &["disclos", "public", "fix", "patch"]) {
        found.push((low.len(), low.len(), DutyKind::ReasonableTime));
    }
    let mut kinds = tidy(found);
    // A ban on publication without "until" is about the channel.
    if !vocab::any(low, |l| l.silence_ends) {
        kinds.retain(|k| *k != DutyKind::Confidential);
    }
    kinds
}

/// What the project says of itself.
fn by_project(low: &str) -> bool {
    const ASKS: &[&str] = &[
        "ask",
        "request",
        "require",
        "expect",
        "encourage",
        "urge",
        "would",
        "invite",
        "kindly",
        "want",
        "appreciate",
        "need",
        "support",
        "welcome",
        "believe",
        "also ask",
    ];
    const OTHERS: &[&str] = &[
        "our team",
        "the team will",
        "the security team will",
        "the maintainers will",
        "once ",
        "after ",
        "you will",
        "you'll",
        "you can expect",
        "you should receive",
        "your report",
        "reports ",
        "all reports",
        "the report",
    ];
    let start = low.trim_start_matches(|c: char| !c.is_alphanumeric());
    let own = start
        .strip_prefix("we ")
        .is_some_and(|rest| !ASKS.iter().any(|w| rest.starts_with(w)))
        || start.starts_with("we'll")
        || OTHERS.iter().any(|w| start.starts_with(w));
    // "We will not pursue legal action against research that respects privacy."
    own && !vocab::fits_any(
        low,
        &[
            "we ask",
            "we request",
            "we kindly",
            "not pursue",
            "not take legal",
            "not initiate",
            "good-faith",
            "good faith",
        ],
    )
}

/// "Already public? Tell us immediately" asks nothing of other reporters.
fn is_known_public(low: &str) -> bool {
    vocab::remarks(low, Remark::KnownPublic)
}

/// Kinds each once; a word inside a longer one does not count, and a wish for time
/// is no wish for silence.
fn tidy(found: Vec<(usize, usize, DutyKind)>) -> Vec<DutyKind> {
    let mut out: Vec<DutyKind> = Vec::new();
    let mut last = 0;
    for (start, end, kind) in found {
        if end <= last && start < last {
            continue;
        }
        last = last.max(end);
        if !out.contains(&kind) {
            out.push(kind);
        }
    }
    if out.contains(&DutyKind::ReasonableTime) {
        out.retain(|k| *k != DutyKind::Confidential);
    }
    // "Beyond what is necessary" limits the access that was named before.
    if out.first() == Some(&DutyKind::NoDataAccess) && out.len() > 1 {
        out.retain(|k| *k != DutyKind::Other);
    }
    if out.len() > 1 {
        out.retain(|k| *k != DutyKind::Other);
    }
    out
}
