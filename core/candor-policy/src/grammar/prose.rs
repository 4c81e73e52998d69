//! Promises in sentences: "within 1 business day followed by an assessment within 5".
//!
//! Invariants: each time belongs to the nearest milestone before it, else the
//! first behind it; what is asked of the reporter, what states a window until
//! publication and what is no deadline promises nothing.
//!
//! Deliberately absent: promises without a number; see `vague`.

use super::cues::{self, cues, first_behind, nearest};
use super::durations::{Duration, durations};
use super::promises::{is_elsewhere, promise};
use super::{gate, notice, terse, times, vague, windows};
use crate::model::{Audience, Firmness, Milestone, Origin, Promise, Severity};
use crate::read::{Unit, UnitKind};
use crate::vocab::{self, Topic, gates_others};

/// What is known before a sentence is read.
#[derive(Debug, Clone, Default)]
pub(super) struct Context {
    /// What the head or the lead-in is about, if the sentence does not say.
    pub(super) milestone: Option<Milestone>,
    /// The head tells what it is about, whatever words follow.
    pub(super) by_head: bool,
    /// The place is one where times are promised, whoever the sentence names.
    pub(super) timed: bool,
    /// Severities that the head names.
    pub(super) severities: Vec<Severity>,
    /// What the lead-in says times count from.
    pub(super) from: Option<Origin>,
    /// Only times that are asked for to answer count: a list of the reporter's duties.
    pub(super) only_requests: bool,
    /// How firm the lead-in is.
    pub(super) firmness: Option<Firmness>,
}

/// The promises of one sentence.
pub(super) fn promises(unit: &Unit, low: &str, context: &Context) -> Vec<Promise> {
    if is_elsewhere(unit.topic) && !may_speak(unit.topic, low) {
        return Vec::new();
    }
    let low = before_silence(low);
    if is_no_promise(low) || is_quoted(low) {
        return Vec::new();
    }
    let timed_place = matches!(
        unit.topic,
        Topic::Response | Topic::Commitment | Topic::Process | Topic::Severity
    ) || context.by_head
        || context.timed
        || unit.kind == UnitKind::Item && terse::is_bare(low)
        || unit.kind == UnitKind::Item && (terse::opens_with_time(low) || terse::is_bare_pace(low))
        || terse::is_terse(low)
        || terse::is_terse_behind(low);
    if !timed_place && !vocab::any(low, |l| l.project_speaks) {
        return unnamed(unit, low, context);
    }
    let mut out = numbered(unit, low, context);
    if !context.only_requests {
        let more = vague::promises(unit, low, context, &out);
        out.extend(more);
    }
    out
}

/// "Acme acknowledges reports within 2 days": whoever speaks here is the project, unless
/// another party is named. Publication is left out: that may be anybody's.
fn unnamed(unit: &Unit, low: &str, context: &Context) -> Vec<Promise> {
    if durations(low).is_empty() || vocab::fits_any(low, gates_others::NAMED) {
        return Vec::new();
    }
    let found = durations(low);
    let bounded = found.iter().all(|d| {
        let head = low.get(..d.start).unwrap_or("").trim_end();
        d.every
            || gates_others::DEADLINES
                .iter()
                .any(|w| ends_with_word(head, w))
    });
    if !bounded || vocab::fits_any(low, gates_others::TOLD) {
        return Vec::new();
    }
    let mut out = numbered(unit, low, context);
    out.retain(|p| p.milestone != Milestone::Disclosure);
    out
}

/// "If no fix is there within 90 days, …": a time that runs out is no promise to keep it.
fn is_failing(before: &str, after: &str) -> bool {
    let clause = before
        .rsplit([',', ';', '.'])
        .next()
        .unwrap_or(before)
        .trim_start();
    let condition = ["if ", "should ", "when ", "unless ", "in case "]
        .iter()
        .any(|w| clause.starts_with(w));
    let fails = vocab::fits_any(
        clause,
        &[
            "no$", "not$", "cannot", "can't", "unable", "fail", "without", "hasn't", "haven't",
            "isn't",
        ],
    );
    let near = after.trim_start();
    let runs_out = [
        "pass",
        "have passed",
        "has passed",
        "elapse",
        "expire",
        "run out",
        "are over",
    ]
    .iter()
    .any(|w| near.starts_with(w));
    condition
        && (fails || runs_out)
        && after.contains(',')
        && !vocab::any(clause, |l| l.project_acts)
}

/// Places where a promise may stand all the same, in the project's own voice.
fn may_speak(topic: Topic, low: &str) -> bool {
    matches!(
        topic,
        Topic::Contact | Topic::WhenToReport | Topic::Contents | Topic::Credit
    ) && !durations(low).is_empty()
        && vocab::any(low, |l| l.project_acts)
}

/// Whether a sentence stands in quotation marks as a whole: somebody else's words.
fn is_quoted(low: &str) -> bool {
    let bare = low.trim().trim_matches(['*', '_', '.']);
    [
        ('"', '"'),
        ('\u{201c}', '\u{201d}'),
        ('«', '»'),
        ('\u{201e}', '\u{201c}'),
    ]
    .iter()
    .any(|(open, close)| bare.starts_with(*open) && bare.ends_with(*close))
}

fn is_no_promise(low: &str) -> bool {
    low.trim().is_empty()
        || vocab::any(low, |l| l.no_deadline)
        || vocab::first(low, |l| l.disclaimers).is_some()
}

/// What a sentence says before it comes to "if you hear nothing".
pub(super) fn before_silence(low: &str) -> &str {
    match vocab::earliest(low, |l| l.silence) {
        Some((at, _)) => low.get(..at).unwrap_or(""),
        None => low,
    }
}

/// Promises with a number.
fn numbered(unit: &Unit, low: &str, context: &Context) -> Vec<Promise> {
    let found = durations(low);
    if found.is_empty() {
        return Vec::new();
    }
    let asked = windows::asked_span(low);
    let window = windows::time_of(unit, low);
    let several = found.len() > 1;
    let disclaimed = gate::is_disclaimed(low);
    let mut out: Vec<Promise> = Vec::new();
    let mut from = 0;
    // "Kritische Lücken innerhalb von 7, hohe innerhalb von 14 Tagen behoben": the verb at the end.
    let last = found.last().filter(|_| several);
    let at_end = last
        .filter(|d| cues(low.get(..d.start).unwrap_or("")).is_empty())
        .and_then(|d| first_behind(low.get(d.end..).unwrap_or("")));
    let mut carried = context.milestone.or(at_end);
    let mut named_severity = !context.severities.is_empty();
    for (i, d) in found.iter().enumerate() {
        let until = found.get(i + 1).map_or(low.len(), |n| n.start);
        let before = low.get(from..d.start).unwrap_or("");
        let after = low.get(d.end..until).unwrap_or("");
        from = d.end;
        // What stands in brackets behind a time is about that time.
        let before = if i > 0 { past_bracket(before) } else { before };
        let requested = windows::in_request(d, asked);
        let milestone = if window.as_ref() == Some(d)
            || notice::is_notice(low, d)
            || cues::is_denied(before)
            || is_failing(before, after)
        {
            None
        } else if requested || context.only_requests {
            windows::answer_asked(low, d).filter(|_| requested)
        } else if is_deadline(before, d, after) {
            milestone(before, after, d, context, carried, i)
        } else {
            None
        };
        let Some(milestone) = milestone.filter(|m| !tells_distributors(low, *m)) else {
            continue;
        };
        let barred =
            !gate::opens(low, d.start, d.end) || gate::is_held_out(low, d.start, milestone);
        if barred {
            continue;
        }
        let twin = second_verb(before, milestone);
        let condition = gate::condition(before, after);
        let milestone = match condition {
            None => second_answer(&out, milestone, before),
            Some(_) => milestone,
        };
        // "critical issues within 7 days and others within 30" is about one thing.
        carried = Some(milestone);
        let firmness = vocab::first(before, |l| l.firmness)
            .or_else(|| vocab::first(after, |l| l.firmness))
            .or_else(|| vocab::first(low, |l| l.firmness))
            .or(context.firmness)
            .unwrap_or(Firmness::Target);
        let firmness = if disclaimed {
            Firmness::Typical
        } else {
            firmness
        };
        let one = Promise {
            from: origin(low, before, d, after, context),
            ..promise(milestone, times::of_duration(d), firmness)
        };
        let rest = gate::is_for_the_rest(before, after);
        let mut severities = if rest {
            Vec::new()
        } else {
            severities(before, after, several || named_severity)
        };
        if severities.is_empty() && gate::is_special(before, after) {
            continue;
        }
        let one = Promise {
            condition: condition.filter(|_| severities.is_empty()),
            ..one
        };
        named_severity |= !severities.is_empty();
        if severities.is_empty() && i == 0 && !rest {
            severities.clone_from(&context.severities);
        }
        if severities.is_empty() {
            out.push(one.clone());
            out.extend(twin.map(|m| Promise {
                milestone: m,
                ..one
            }));
            continue;
        }
        out.extend(severities.into_iter().map(|s| Promise {
            severity: Some(s),
            ..one.clone()
        }));
    }
    out
}

/// "Acknowledged within 24 hours and answered within 48": the second answer is the
/// assessment.
fn second_answer(told: &[Promise], milestone: Milestone, before: &str) -> Milestone {
    let again = milestone == Milestone::Acknowledgement
        && vocab::fits_any(before, &["response", "respond", "answer", "reply"])
        && !times::is_graded(before)
        && told
            .iter()
            .any(|p| p.milestone == Milestone::Acknowledgement && p.severity.is_none());
    if again {
        Milestone::Assessment
    } else {
        milestone
    }
}

/// What follows a remark in brackets right behind the time before.
fn past_bracket(between: &str) -> &str {
    between
        .trim_start()
        .strip_prefix('(')
        .and_then(|t| t.split_once(')'))
        .map_or(between, |(_, rest)| rest)
}

/// Word to distributors is no publication.
fn tells_distributors(low: &str, milestone: Milestone) -> bool {
    milestone == Milestone::Disclosure
        && !vocab::fits(low, "public")
        && vocab::first(low, |l| l.audiences) == Some(Audience::Distributors)
}

/// "Acknowledged and assessed within 5 days" promises both.
fn second_verb(before: &str, chosen: Milestone) -> Option<Milestone> {
    let found = cues(before);
    let [.., first, last] = found.as_slice() else {
        return None;
    };
    let between = before.get(first.1..last.0)?;
    let between = between.trim_start_matches(char::is_alphanumeric);
    let mut words = between
        .split_whitespace()
        .filter(|w| !BETWEEN_VERBS.contains(w));
    let close = matches!(
        words.next(),
        Some("and" | "&" | "/" | "und" | "et" | "y" | "e" | "と")
    ) && words.next().is_none();
    let answers = |m| m == Milestone::Acknowledgement;
    let looks = |m| matches!(m, Milestone::Triage | Milestone::Assessment);
    let pair = answers(first.2) && !answers(last.2)
        || looks(first.2) && (answers(last.2) || last.2 == Milestone::Plan);
    (close && last.2 == chosen && pair).then_some(first.2)
}

/// Words that may stand between two acts of one promise: "triaged and have an initial response".
const BETWEEN_VERBS: [&str; 16] = [
    "to", "have", "has", "an", "a", "the", "get", "gets", "receive", "receives", "given", "will",
    "be", "are", "is", "then",
];

/// Whether a time is a limit at all: "for 30 days" is a span, "at least 30 days" a lower
/// bound, "more than 30 days" what happens beyond one.
fn is_deadline(before: &str, d: &Duration, after: &str) -> bool {
    let head = before.trim_end();
    let ends = |words: &[&str]| words.iter().any(|w| ends_with_word(head, w));
    let beyond = ends(&[
        "more than",
        "longer than",
        "greater than",
        "over",
        "beyond",
        "exceeds",
    ]) && !ends(&[
        "no more than",
        "not more than",
        "no longer than",
        "not longer than",
        "not take longer than",
        "not take more than",
        "not be longer than",
        "not exceed",
    ]);
    let span = ends(&[
        "usual",
        "the same",
        "for",
        "for at least",
        "for up to",
        "for a period of",
        "for about",
        "for the next",
        "for the last",
        "last",
        "past",
        "previous",
        "for a minimum of",
        "of at least",
    ]);
    let bound = !d.every && ends(&["at least", "minimum of", "minimum", "not before", "wait"]);
    let once_after = ends(&["after"])
        && !cues(after).iter().any(|c| c.2 == Milestone::Disclosure)
        && !cues(before).iter().any(|c| c.2 == Milestone::Disclosure);
    // "Up to a week before you hear from us" is time to answer, not notice.
    let awaited = ["before you", "before we", "until you", "until we"]
        .iter()
        .any(|w| after.trim_start().starts_with(w))
        && cues(after)
            .first()
            .is_some_and(|c| c.2 == Milestone::Acknowledgement);
    let lead_time = windows::is_ahead(after) && !awaited;
    !(beyond || span || bound || once_after || lead_time)
}

fn ends_with_word(text: &str, word: &str) -> bool {
    text.strip_suffix(word)
        .is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
}

/// What a time is for.
fn milestone(
    before: &str,
    after: &str,
    d: &Duration,
    context: &Context,
    carried: Option<Milestone>,
    index: usize,
) -> Option<Milestone> {
    let own = in_words(before, after);
    if d.every {
        // What comes again and again is word to the reporter, whatever else is named.
        let update = |m: &Option<Milestone>| {
            matches!(m, Some(Milestone::Update | Milestone::Acknowledgement))
        };
        // "I read it once a week and will answer": the answer is another matter.
        let another = cues(before).is_empty()
            && [" and ", ", "].iter().any(|w| after.starts_with(w))
            && own == Some(Milestone::Acknowledgement);
        let word = own
            .filter(|m| update(&Some(*m)) && !another)
            .or(context.milestone.filter(|m| update(&Some(*m))));
        let named = cues(before)
            .iter()
            .chain(cues(after).iter())
            .any(|c| c.2 == Milestone::Update)
            || vocab::fits(before, "follow-up")
            || vocab::fits(before, "follow up");
        return (named || word.is_some()).then_some(Milestone::Update);
    }
    if context.by_head
        && index == 0
        && let Some(head) = context.milestone
    {
        return Some(joined(head, own));
    }
    own.or(carried)
}

/// The head names the step; its words may only make a fix of a patch and the like.
fn joined(head: Milestone, own: Option<Milestone>) -> Milestone {
    let fixes = |m| {
        matches!(
            m,
            Milestone::Fix | Milestone::PatchRelease | Milestone::Response
        )
    };
    match (head, own) {
        (Milestone::Disclosure | Milestone::Response, Some(own)) => own,
        (head, Some(own)) if fixes(head) && own == Milestone::Disclosure => head,
        (head, Some(Milestone::Plan)) if fixes(head) => head,
        (Milestone::Fix, Some(Milestone::Update)) => Milestone::Fix,
        (head, _) => head,
    }
}

pub(super) fn in_words(before: &str, after: &str) -> Option<Milestone> {
    // "Disclosed when a fix is released or 90 days have passed, whichever comes first."
    let either = ends_with_word(before.trim_end(), "or")
        && [
            "has passed",
            "have passed",
            "after",
            "pass",
            "elapse",
            "whichever",
        ]
        .iter()
        .any(|w| after.trim_start_matches([' ', ',']).starts_with(w));
    if either && cues(before).iter().any(|c| c.2 == Milestone::Disclosure) {
        return Some(Milestone::Disclosure);
    }
    if cues::opens_clause(before, after)
        && let Some(found) = first_behind(after)
    {
        return Some(found);
    }
    let plain = cues::without_conditions(before);
    let dropped = cues(&plain).is_empty() && !cues(before).is_empty();
    if dropped && let Some(found) = first_behind(after) {
        return Some(found);
    }
    let before = if dropped { before } else { plain.as_str() };
    let earlier = cues(before);
    let has = |list: &[cues::Cue], m| list.iter().any(|c| c.2 == m);
    let Some(last) = nearest(before, &earlier) else {
        return first_behind(after);
    };
    let later = cues(after);
    let plan_follows =
        later.first().is_some_and(|c| c.2 == Milestone::Plan) && vocab::fits(after, "including");
    Some(match last {
        Milestone::Acknowledgement if plan_follows => Milestone::Plan,
        Milestone::PatchRelease if has(&earlier, Milestone::Fix) => Milestone::Fix,
        other => other,
    })
}

fn origin(low: &str, before: &str, d: &Duration, after: &str, context: &Context) -> Origin {
    times::origin(after)
        .or_else(|| times::origin_before(before))
        .or_else(|| {
            let words = low.get(d.start..d.end).unwrap_or("");
            let more = before.trim_end().ends_with("additional")
                || vocab::fits(words, "additional")
                || vocab::fits(words, "further");
            more.then_some(Origin::Acknowledgement)
        })
        .or(context.from)
        .unwrap_or(Origin::Receipt)
}

/// Words behind a time that say for which severity it is.
const OF_SEVERITY: [&str; 10] = [
    "for ",
    "if ",
    "in the case",
    "in case of ",
    "on ",
    "für ",
    "bei ",
    "pour ",
    "para ",
    "per ",
];

/// The severities that a time behind a head is for: "30 days for critical issues".
pub(super) fn severities_behind(rest: &str) -> Vec<Severity> {
    match durations(rest).as_slice() {
        [d] => severities("", rest.get(d.end..).unwrap_or(""), false),
        _ => Vec::new(),
    }
}

fn severities(before: &str, after: &str, several: bool) -> Vec<Severity> {
    let near = after
        .trim_start()
        .trim_start_matches(['(', ','])
        .trim_start();
    let rest = [
        "for everything",
        "for anything",
        "for all other",
        "for others",
        "for the rest",
    ];
    if rest.iter().any(|w| near.starts_with(w)) {
        return Vec::new();
    }
    let found = times::severities(before, false);
    if !found.is_empty() {
        return found;
    }
    let said = OF_SEVERITY.iter().any(|w| near.starts_with(w));
    let until = near.find([';', '.']).unwrap_or(near.len());
    let near = near.get(..until).unwrap_or(near);
    if said {
        let found = times::severities(near, several);
        if !found.is_empty() {
            return found;
        }
    }
    if after.trim_start().starts_with('(') {
        let inside = near.split(')').next().unwrap_or("");
        if inside.split_whitespace().count() <= 4 {
            let found = times::severities(inside, true);
            if !found.is_empty() {
                return found;
            }
        }
    }
    if several {
        return times::bare_severities(before);
    }
    Vec::new()
}
