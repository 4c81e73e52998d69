//! Contents asked for in running text: "send a description, steps to reproduce and the affected versions".
//!
//! Invariants: only sentences that ask something of the reporter count; what an
//! advisory or a release will hold is no part of a report.
//!
//! Deliberately absent: lists; see the module above.

use super::{demand, name_of, push, records};
use crate::model::{ContentKey, Demand, Policy};
use crate::read::{Unit, UnitKind, lower, split_text};
use crate::vocab::{self, Topic, Way, way};

/// Sentences of such places may ask for the contents of a report.
pub(super) fn may_hold(topic: Topic) -> bool {
    matches!(
        topic,
        Topic::Reporting
            | Topic::Contents
            | Topic::Other
            | Topic::Contact
            | Topic::Disclosure
            | Topic::Severity
    )
}

/// Words of sentences about something other than a report.
const ABOUT_OTHERS: &[&str] = &[
    "advisory will",
    "advisories will",
    "advisories include",
    "advisories contain",
    "announcement",
    "release notes",
    "we will",
    "we'll",
    "you will receive",
    "you should receive",
    "will be sent",
    "will send",
    "next steps",
    "fixes will",
    "patch will",
    "may ask for",
    "might ask",
    "may request",
    "feature request",
    "pull request",
    "non-security",
    "upgrade",
    "early notification",
    "process involves",
    "vendors",
    "distributors",
    "threat model",
    "describes how",
    "explains how",
    "describes the process",
    "update to",
];

/// Reads the sentences of a unit.
pub(super) fn read(policy: &mut Policy, unit: &Unit, strict: bool) {
    if !may_hold(unit.topic) {
        return;
    }
    let texts = match unit.kind {
        UnitKind::Item => split_text(&unit.plain),
        _ => vec![unit.plain.as_str()],
    };
    for text in texts {
        sentence(policy, unit, text, strict);
    }
}

fn sentence(policy: &mut Policy, unit: &Unit, text: &str, strict: bool) {
    let low = &lower(text);
    if !asks(unit, low) {
        return;
    }
    let found = records(asked_part(low));
    if low.ends_with([':', '：']) {
        let titled = low.find("title").is_some() && found.first() == Some(&ContentKey::Summary);
        if titled {
            let none = Vec::new();
            push(
                policy,
                unit,
                ContentKey::Summary,
                "Title",
                text,
                Demand::Asked,
                none,
            );
        }
        return;
    }
    // "Envía un correo electrónico con …" asks for no address.
    let foreign = vocab::places(low, |l| l.content_asks)
        .iter()
        .any(|(code, ..)| *code != "en");
    let found: Vec<ContentKey> = found
        .into_iter()
        .filter(|k| !(foreign && *k == ContentKey::Contact && way(low, Way::Mail)))
        .collect();
    let told = found.iter().filter(|k| **k != ContentKey::Other).count();
    if told < least(low, &found) {
        return;
    }
    let demand = demand(low, strict && unit.topic == Topic::Contents);
    for key in found {
        if stands_already(policy, key) {
            continue;
        }
        push(policy, unit, key, name_of(key), text, demand, Vec::new());
    }
}

/// How many fields a sentence must name before it counts as a wish for them: one
/// is enough when it is among those that hardly stand elsewhere.
fn least(low: &str, found: &[ContentKey]) -> usize {
    let plain = vocab::fits_any(
        low,
        &[
            "please include",
            "description of",
            "researchers to include",
            "reporters to include",
            "please provide",
            "with a",
            "with the details",
            "with full details",
            "with all the details",
            "with all details",
            "useful",
            "helpful",
            "describe",
            "detailed",
            "include a",
            "provide a",
            "including",
        ],
    );
    let telling = found.iter().any(|k| {
        matches!(
            k,
            ContentKey::Steps | ContentKey::ProofOfConcept | ContentKey::Description
        )
    });
    let other_language = vocab::places(low, |l| l.content_asks)
        .iter()
        .any(|(code, ..)| *code != "en");
    if telling && (plain || other_language) {
        1
    } else {
        2
    }
}

/// A field that a list asks for is not asked for again by a sentence.
fn stands_already(policy: &Policy, key: ContentKey) -> bool {
    policy.contents.iter().any(|c| c.value.key == key)
}

fn asks(unit: &Unit, low: &str) -> bool {
    let verbs = vocab::any(low, |l| l.content_asks);
    let others = vocab::fits_any(low, ABOUT_OTHERS);
    let bans = vocab::any(low, |l| l.public_ban) && !vocab::fits(low, "instead");
    let placed = unit.topic != Topic::Other
        || vocab::fits_any(
            low,
            &["please", "report", "email", "e-mail", "send", "contact"],
        )
        || way(low, Way::Mail);
    verbs && placed && !others && !bans && !vocab::any(low, |l| l.incomplete)
}

/// The part of a sentence that asks: from the verb on, up to what it is for.
fn asked_part(low: &str) -> &str {
    let places = vocab::places(low, |l| l.content_asks);
    // "報告内容: …" names the list and is no part of it.
    // Where the verb comes last, what is asked for stands before it.
    let begin = |(code, at, end): (&str, usize, usize)| {
        let titles = low.get(end..).is_some_and(|t| t.starts_with([':', '：']));
        match code {
            _ if titles => end,
            "ko" => 0,
            _ => at,
        }
    };
    let from = places
        .iter()
        .map(|(code, at, end)| begin((code, *at, *end)))
        .min()
        .unwrap_or(0);
    let rest = low.get(from..).unwrap_or(low);
    let Some(at) = PURPOSES.iter().filter_map(|w| rest.find(w)).min() else {
        return rest;
    };
    // "Include enough for us to see it: the version, the steps and the impact."
    let listed = rest
        .get(at..)
        .and_then(|t| t.split_once(": "))
        .map(|(_, list)| list)
        .filter(|list| list.contains(','));
    listed.or_else(|| rest.get(..at)).unwrap_or(rest)
}

/// What a thing is for does not count as a thing.
const PURPOSES: &[&str] = &[
    " so that ",
    " so we ",
    ", so ",
    " to help us",
    " to help the",
    " to allow us",
    " to enable us",
    " to let us",
    " in order to ",
    " for us to ",
    " that will help",
    " that would help",
    " that allows us",
    " that enables us",
    " to assist",
];
