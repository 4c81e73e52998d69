//! "If you hear nothing within N, do this" (S1-21).
//!
//! Invariants: this is the reporter's clock, never a promise of the project. A
//! sentence without a time of its own takes the one of the sentence before it
//! ("You should hear within 24 hours. If not, write again").
//!
//! Deliberately absent: what Candor does then.

use super::durations::{Duration, durations};
use super::{add, cues, sentences};
use crate::model::{FollowUp, Milestone, Policy, Silence};
use crate::read::{Document, UnitKind};
use crate::vocab;

/// Adds every such sentence.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    // The times of the last sentence that promises an answer, and whether it is near.
    let mut promised: Option<Duration> = None;
    let mut age = 0_u32;
    for unit in &doc.units {
        match unit.kind {
            UnitKind::Heading => {
                promised = None;
                continue;
            }
            UnitKind::Code => continue,
            _ => {}
        }
        for low in sentences(unit) {
            age = age.saturating_add(1);
            let found = durations(low);
            if is_silence(low) {
                let twice = two_silences(low, &found);
                if let Some([first, second]) = twice {
                    for (time, trigger) in [
                        (first, Silence::NoAcknowledgement),
                        (second, Silence::NoProgress),
                    ] {
                        let value = FollowUp {
                            after: Some((time.amount, time.unit)),
                            trigger,
                            action: action(low, found.last()),
                        };
                        add(&mut policy.follow_up, "follow-up", unit, value);
                    }
                    continue;
                }
                let own = found.into_iter().next();
                let lent = own.is_none() && age <= 2 && is_elliptic(low);
                let time = own.or_else(|| promised.clone().filter(|_| lent));
                let action = action(low, time.as_ref().filter(|_| !lent));
                // As long as the acknowledgement may take: it is that which did not come.
                let as_promised = promised
                    .as_ref()
                    .zip(time.as_ref())
                    .is_some_and(|(p, t)| p.amount == t.amount && p.unit == t.unit)
                    && trigger(low) == Silence::NoResponse;
                let value = FollowUp {
                    after: time.map(|d| (d.amount, d.unit)),
                    trigger: if lent || as_promised {
                        Silence::NoAcknowledgement
                    } else {
                        trigger(low)
                    },
                    action,
                };
                add(&mut policy.follow_up, "follow-up", unit, value);
            } else if let Some(d) = found.into_iter().find(|d| !d.every)
                && cues::cues(low)
                    .iter()
                    .any(|c| c.2 == Milestone::Acknowledgement)
            {
                promised = Some(d);
                age = 0;
            }
        }
    }
}

/// "No reply within 48 hours, or nothing heard for the past five days": two times for
/// two silences, the first answer and any progress.
fn two_silences<'a>(low: &str, found: &'a [Duration]) -> Option<[&'a Duration; 2]> {
    let [first, second] = found else { return None };
    let between = low.get(first.end..second.start)?;
    let parted = vocab::fits(between, "or ") && between.contains("hear");
    let past = ["past", "last", "for"]
        .iter()
        .any(|w| between.trim_end().ends_with(w));
    (parted && past).then_some([first, second])
}

/// "If you do not, write again", "within that time frame": the time stands in the sentence
/// before.
fn is_elliptic(low: &str) -> bool {
    const SAME: &[&str] = &[
        "that time frame",
        "that timeframe",
        "this time frame",
        "this timeframe",
        "within that time",
        "in that time",
        "within this time",
        "by then",
        "within that period",
        "within this period",
    ];
    if vocab::fits_any(low, SAME) {
        return true;
    }
    [
        "if for",
        "if you do",
        "if you have not",
        "if you haven't",
        "if no",
        "if we",
        "if not",
        "if there",
        "in case",
        "should you not",
    ]
    .iter()
    .any(|w| low.starts_with(w))
}

/// Whether words are about an answer that did not come: "if you have received no reply".
pub(super) fn tells_of_silence(low: &str) -> bool {
    const WAITED: &[&str] = &[
        "not received",
        "not heard",
        "no reply",
        "no response",
        "not receive",
    ];
    low.starts_with("if ") && vocab::fits_any(low, WAITED)
}

/// Whether a sentence tells what to do when nothing comes.
fn is_silence(low: &str) -> bool {
    if !vocab::any(low, |l| l.silence) || !vocab::any(low, |l| l.silence_acts) {
        return false;
    }
    // "If you do not have a PGP key" is about something else.
    let waits = [
        "hear",
        "receiv",
        "respon",
        "repl",
        "answer",
        "acknowledg",
        "get back",
        "progress",
        "contact",
        "action",
        "confirm",
        "touch",
        "for some reason",
        "for any reason",
        "fail",
        "reach",
        "feedback",
        "quiet",
        "silen",
        "antwort",
        "nichts",
        "nouvelle",
        "retour",
        "noticias",
        "rückmeldung",
        "reaktion",
        "zurückk",
        "risposta",
        "réponse",
        "respuesta",
        "resposta",
        "回复",
        "返信",
        "連絡",
        "reactie",
        "niets",
        "ответ",
        "получили",
        "응답",
        "답변",
        "회신",
    ];
    vocab::fits_any(low, &waits)
}

fn action(low: &str, time: Option<&Duration>) -> String {
    time.and_then(|d| low.get(d.end..))
        .map_or(low, |rest| rest.trim_start_matches([',', ' ']))
        .trim_end_matches('.')
        .to_owned()
}

fn trigger(low: &str) -> Silence {
    let until = low.find(',').unwrap_or(low.len());
    let condition = low.get(..until).unwrap_or(low);
    let has = |words: &[&str]| vocab::fits_any(condition, words);
    let lost = vocab::fits_any(
        low,
        &[
            "confirm receipt",
            "ensure we",
            "ensure that we",
            "ensure your",
            "lost in",
            "was received",
            "original message",
        ],
    );
    if has(&[
        "further response",
        "progress",
        "no action",
        "not resolved",
        "not fixed",
        "not been fixed",
        "been resolved",
    ]) {
        Silence::NoProgress
    } else if lost
        || has(&[
            "acknowledg",
            "confirmation",
            "confirm receipt",
            "bestätigung",
            "accusé",
            "acuse",
            "确认",
        ])
    {
        Silence::NoAcknowledgement
    } else {
        Silence::NoResponse
    }
}
