//! Word in advance: "distributors are told 7 days before publication".
//!
//! Invariants: this is no promise on a case and no window asked of the reporter.
//!
//! Deliberately absent: who may join a list; see `people` and `channels`.

use super::durations::{Duration, durations};
use super::windows::{asked_span, in_request, is_ahead};
use super::{add, sentences};
use crate::model::{AdvanceNotice, Audience, NoticeBefore, Policy};
use crate::read::{Document, Unit, UnitKind};
use crate::vocab::{self, Topic};

/// Adds every notice.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    let mut last: Option<&Unit> = None;
    for unit in &doc.units {
        if matches!(unit.kind, UnitKind::Heading | UnitKind::Code) {
            last = None;
            continue;
        }
        let earlier = last.replace(unit);
        if matches!(
            unit.topic,
            Topic::Versions | Topic::Advice | Topic::Practices
        ) {
            continue;
        }
        for low in sentences(unit) {
            for d in durations(low) {
                let told = tells(low)
                    || unit.kind == UnitKind::Item && tells(&unit.low)
                    || refers_back(low) && earlier.is_some_and(|u| tells(&u.low));
                if told && !asks_for_a_draft(low) && is_ahead_of(low, &d) {
                    let value = notice(unit, low, &d, doc.lead_of(unit), earlier);
                    add(&mut policy.advance_notice, "notice", unit, value);
                }
            }
        }
    }
}

/// "This is usually done one week before the release" goes on with the sentence before it.
fn refers_back(low: &str) -> bool {
    [
        "this ",
        "that ",
        "it ",
        "they ",
        "such ",
        "we usually",
        "usually",
        "typically",
        "normally",
    ]
    .iter()
    .any(|w| low.starts_with(w))
}

/// What a reporter is to send before publishing is no notice of the project: "share a
/// draft with us at least 30 days before you publish".
fn asks_for_a_draft(low: &str) -> bool {
    vocab::fits_any(
        low,
        &[
            "share a draft",
            "share your draft",
            "share drafts",
            "send us a draft",
            "send us the draft",
            "send us your",
            "submit a draft",
            "let us review",
            "with us for review",
            "you notify us",
            "you inform us",
            "you must notify",
            "you should notify",
            "please notify us",
            "please inform us",
            "please let us know",
        ],
    )
}

/// Whether a time of a sentence is word in advance.
pub(super) fn is_notice(low: &str, d: &Duration) -> bool {
    tells(low) && is_ahead_of(low, d)
}

/// Whether the project tells somebody something.
pub(super) fn tells(low: &str) -> bool {
    vocab::any(low, |l| l.notify) || vocab::fits(low, "notice")
}

fn is_ahead_of(low: &str, d: &Duration) -> bool {
    let before = low.get(..d.start).unwrap_or("").trim_end();
    let announced = [
        "advance notice of",
        "notice of",
        "notice period of",
        "advance warning of",
    ]
    .iter()
    .any(|w| before.ends_with(w) || before.ends_with(&format!("{w} at least")));
    let ahead = is_ahead(low.get(d.end..).unwrap_or(""));
    (ahead || announced || from_telling(low, d)) && !in_request(d, asked_span(low)) && !d.every
}

/// "We notify vendors under embargo before the disclosure, at most 14 days": how long
/// others know before, which bounds no publication.
pub(super) fn behind_telling(low: &str, d: &Duration) -> bool {
    const AHEAD: [&str; 5] = ["before ", "prior to ", "ahead of ", "in advance", "early"];
    const OTHERS: [&str; 8] = [
        "vendor",
        "distributor",
        "distribution",
        "partner",
        "downstream",
        "list member",
        "members of",
        "integrator",
    ];
    let before = low.get(..d.start).unwrap_or("");
    let Some(at) = AHEAD.iter().filter_map(|w| before.rfind(w)).max() else {
        return false;
    };
    let (told, rest) = (
        before.get(..at).unwrap_or(""),
        before.get(at..).unwrap_or(""),
    );
    // A verb between would speak of something else: "before the disclosure, which comes after".
    rest.split_whitespace().count() <= 8
        && !vocab::fits_any(
            rest,
            &["which", "that", "we", "is", "are", "happens", "after"],
        )
        && (tells(told) || vocab::fits_any(told, &["inform", "tell", "told", "notify"]))
        && vocab::fits_any(told, &OTHERS)
}

/// "The embargo ends 72 hours from the time the vendors are notified": that is how much
/// earlier those know.
pub(super) fn from_telling(low: &str, d: &Duration) -> bool {
    const FROM: [&str; 6] = [
        "from the time",
        "from the moment",
        "from when",
        "from the date",
        "after",
        "once",
    ];
    // "24 hours following this notification, the fixes are released."
    const THIS: [&str; 6] = [
        "following this notification",
        "following the notification",
        "after this notification",
        "after the notification",
        "following this announcement",
        "after the pre-announcement",
    ];
    const TOLD: &[&str] = &["notified", "told", "informed", "notification"];
    let after = low.get(d.end..).unwrap_or("").trim_start();
    if THIS.iter().any(|w| after.starts_with(w)) {
        return true;
    }
    let near: String = after
        .split([',', ';'])
        .next()
        .unwrap_or("")
        .chars()
        .take(70)
        .collect();
    FROM.iter().any(|w| after.starts_with(w))
        && vocab::fits_any(&near, TOLD)
        && vocab::fits_any(
            &near,
            &["vendor", "distro", "distribution", "packager", "downstream"],
        )
        && vocab::fits_any(low, &["embargo", "disclos", "public", "announc"])
}

fn notice(
    unit: &Unit,
    low: &str,
    d: &Duration,
    lead: &str,
    earlier: Option<&Unit>,
) -> AdvanceNotice {
    let who = |text: &str| vocab::first(text, |l| l.audiences);
    let audience = who(low)
        .or_else(|| who(&unit.low))
        .or_else(|| who(lead))
        .or_else(|| {
            let sentence = unit.kind == UnitKind::Sentence;
            earlier.filter(|_| sentence).and_then(|u| who(&u.low))
        })
        .or_else(|| who(&unit.heading))
        .unwrap_or(Audience::Public);
    let after: String = low.get(d.end..).unwrap_or("").chars().take(70).collect();
    let published = ["disclos", "publi", "embargo", "advisor", "announc"]
        .iter()
        .filter_map(|w| vocab::find(&after, w))
        .map(|(at, _)| at)
        .min();
    let released = ["release", "patch", "fix", "update", "version", "ship"]
        .iter()
        .filter_map(|w| vocab::find(&after, w))
        .map(|(at, _)| at)
        .min();
    let before = match (published, released) {
        (Some(p), Some(r)) if r < p => NoticeBefore::Release,
        (None, Some(_)) => NoticeBefore::Release,
        (None, None) if vocab::fits(low, "release") => NoticeBefore::Release,
        (Some(_), _) | (None, None) => NoticeBefore::PublicDisclosure,
    };
    AdvanceNotice {
        audience,
        amount: d.amount,
        at_least: d.at_least,
        unit: d.unit,
        before,
    }
}
