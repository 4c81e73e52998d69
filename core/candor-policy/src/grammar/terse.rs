//! Promises in few words: "Acknowledgement within 48 hours", "48 hours to acknowledge".
//!
//! Invariants: a step and its time must stand together; nobody needs to be named who promises.
//!
//! Deliberately absent: sentences; see `prose`.

use super::cues::cues;
use super::durations::{Duration, durations};
use super::times;
use crate::vocab;

/// "Acknowledgement within 48 hours": an item of few words that begins with its step.
pub(super) fn is_bare(low: &str) -> bool {
    low.split_whitespace().count() <= 9
        && cues(low).first().is_some_and(|c| c.0 == 0)
        && durations(low).len() == 1
}

/// "Regular updates on progress", "Patch timeline based on severity": the same without a number.
pub(super) fn is_bare_pace(low: &str) -> bool {
    low.split_whitespace().count() <= 7
        && times::paces(low, false).len() == 1
        && cues(low)
            .first()
            .is_some_and(|c| c.0 == 0 || times::paces(low, false).first().is_some_and(|p| p.0 == 0))
}

/// "Acknowledgement in 48h, fix within 30d": few words, each time behind its step.
pub(super) fn is_terse(low: &str) -> bool {
    let found = durations(low);
    let steps = cues(low);
    let most = found.len().saturating_mul(6).saturating_add(2);
    let joined = |d: &Duration| {
        let head = low.get(..d.start).unwrap_or("").trim_end();
        [
            "within", "in", "under", "max", "to", "-", "–", "—", ":", "<", "≤", "(", "=",
        ]
        .iter()
        .any(|w| head.ends_with(w))
    };
    steps.first().is_some_and(|c| c.0 == 0)
        && !found.is_empty()
        && found.len() <= steps.len()
        && low.split_whitespace().count() <= most
        && !vocab::fits(low, "ago")
        && found.iter().all(joined)
}

/// "48 hours to acknowledge, 30 days to fix": few words, each step behind its time.
pub(super) fn is_terse_behind(low: &str) -> bool {
    let found = durations(low);
    let most = found.len().saturating_mul(7).saturating_add(2);
    let early = found.first().is_some_and(|d| {
        let head = low.get(..d.start).unwrap_or("").trim();
        matches!(head, "" | "up to" | "within" | "about" | "at most")
    });
    early
        && low.split_whitespace().count() <= most
        && found.iter().all(|d| {
            let after = low.get(d.end..).unwrap_or("").trim_start();
            let behind = after.strip_prefix("to ").or(after.strip_prefix("for "));
            behind.is_some_and(|t| cues(t).first().is_some_and(|c| c.0 <= NEAR))
        })
}

/// How near a step stands behind "to" or "for an", in bytes.
const NEAR: usize = 16;

/// "After 14 days, publish the advisory": a step of a list that opens with its time.
pub(super) fn opens_with_time(low: &str) -> bool {
    let found = durations(low);
    let Some(d) = found.first() else {
        return false;
    };
    let head = low.get(..d.start).unwrap_or("").trim();
    let after = low.get(d.end..).unwrap_or("");
    matches!(head, "after" | "within" | "by" | "no later than")
        && after
            .split_once(',')
            .is_some_and(|(_, main)| cues(main).first().is_some_and(|c| c.0 <= 2))
}

/// "Allow time for a fix: we answer within 2 days": the head asks the reader to wait, and
/// is not what the time behind it is about.
pub(super) fn asks_patience(head: &str) -> bool {
    const ASKS: [&str; 8] = [
        "allow ",
        "give us",
        "give the",
        "be patient",
        "please allow",
        "please be",
        "please give",
        "wait for",
    ];
    ASKS.iter().any(|w| head.starts_with(w))
}

/// "SLA: first reply 1 day, triage 5 days": the head says that times follow.
pub(super) fn tells_times(head: &str) -> bool {
    head.split_whitespace().count() <= 4
        && vocab::fits_any(
            head,
            &[
                "sla$",
                "slas$",
                "slo$",
                "timeline",
                "timelines",
                "timeframe",
                "timeframes",
                "time frame",
                "time frames",
                "target",
                "targets",
                "deadline",
                "deadlines",
                "service level",
            ],
        )
}
