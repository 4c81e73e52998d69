//! Which milestone a time belongs to: words of milestones and their places.
//!
//! Invariants: a word inside a longer expression does not count; what stands
//! behind "of", "for" or "on" is what a promise is about, not what is promised.
//!
//! Deliberately absent: times; see `durations`.

use crate::model::Milestone;
use crate::vocab;

/// A milestone's word: where it begins and ends, and what it names.
pub(super) type Cue = (usize, usize, Milestone);

/// Milestone words of a text with their places, in order.
pub(super) fn cues(low: &str) -> Vec<Cue> {
    let mut found: Vec<(usize, usize, Option<Milestone>)> = vocab::all(low, |l| l.milestones)
        .into_iter()
        .map(|(s, e, m)| (s, e, Some(m)))
        .collect();
    if found.is_empty() {
        return Vec::new();
    }
    let others = vocab::places(low, |l| l.no_cues)
        .into_iter()
        .map(|(_, s, e)| (s, e, None));
    found.extend(others);
    found.sort_by_key(|(s, e, m)| (*s, std::cmp::Reverse(*e), m.is_some()));
    let mut reached = 0;
    let mut out = Vec::new();
    for (start, end, milestone) in found {
        if end <= reached {
            continue;
        }
        reached = end;
        out.extend(milestone.map(|m| (start, end, m)));
    }
    out
}

/// The nearest milestone before a time.
pub(super) fn nearest(before: &str, cues: &[Cue]) -> Option<Milestone> {
    let last = cues.last()?;
    let own = cues.iter().rev().find(|c| !is_object(before, c));
    Some(own.unwrap_or(last).2)
}

/// Words that may stand between "on" and the thing.
const ARTICLES: [&str; 22] = [
    "a",
    "an",
    "the",
    "any",
    "our",
    "your",
    "this",
    "that",
    "its",
    "each",
    "all",
    "further",
    "possible",
    "potential",
    "security",
    "vulnerability",
    "final",
    "public",
    "full",
    "new",
    "complete",
    "proposed",
];

/// Words that make what follows a matter that is talked about.
const ABOUT: [&str; 10] = [
    "of",
    "on",
    "for",
    "about",
    "regarding",
    "toward",
    "towards",
    "concerning",
    "to",
    "until",
];

/// Whether a word is what is talked about ("an update on the fix", "respond to disclosures").
fn is_object(before: &str, cue: &Cue) -> bool {
    let head = before.get(..cue.0).unwrap_or("");
    let mut words = head.split_whitespace().rev();
    let names_report = cue.2 == Milestone::Disclosure
        && matches!(
            head.split_whitespace().next_back(),
            Some("vulnerability" | "security" | "your" | "private")
        );
    let about = words
        .by_ref()
        .take(4)
        .find(|w| !ARTICLES.contains(w))
        .is_some_and(|w| match w {
            // "aim to fix" promises the fix; "respond to disclosures" does not promise those.
            "to" => cue.2 == Milestone::Disclosure && names_report,
            w => ABOUT.contains(&w),
        });
    about || names_report
}

/// The first milestone behind a time, past the words that say from when it counts.
pub(super) fn first_behind(after: &str) -> Option<Milestone> {
    let near = after.trim_start();
    let rest = if counts_from(near) {
        past_origin(near)
    } else {
        near
    };
    let found = cues(rest);
    let (first, second) = (found.first()?, found.get(1));
    if first.2 == Milestone::Acknowledgement
        && let Some(second) = second
        && matches!(
            second.2,
            Milestone::Assessment | Milestone::Plan | Milestone::Triage | Milestone::Decision
        )
        && let Some(between) = rest.get(first.1..second.0)
        && (vocab::fits(between, "with$") || vocab::fits(between, "including"))
        && between.len() <= 60
        && !between.contains(',')
    {
        return Some(second.2);
    }
    Some(first.2)
}

/// A text without its conditions: "once a fix is there," tells when, not what.
pub(super) fn without_conditions(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((at, len)) = CONDITIONS
        .iter()
        .filter_map(|w| opening(rest, w).map(|at| (at, w.len())))
        .min()
    {
        let behind = rest.get(at + len..).unwrap_or("");
        let Some(end) = behind.find([',', ';', '，', '、']) else {
            break;
        };
        out.push_str(rest.get(..at).unwrap_or(""));
        rest = behind.get(end..).unwrap_or("");
    }
    // "验证漏洞后，…": these languages set the word behind.
    if let Some(at) = ["后，", "後，", "後、", "后,"]
        .iter()
        .filter_map(|w| rest.rfind(w).map(|i| i + w.len()))
        .max()
    {
        rest = rest.get(at..).unwrap_or("");
    }
    out.push_str(rest);
    out
}

fn opening(text: &str, word: &str) -> Option<usize> {
    let at = text.find(word)?;
    let opens = text
        .get(..at)
        .and_then(|t| t.chars().next_back())
        .is_none_or(|c| !c.is_alphanumeric());
    opens.then_some(at)
}

const CONDITIONS: [&str; 10] = [
    "once ",
    "after ",
    "when ",
    "upon ",
    "if ",
    "until ",
    "as soon as ",
    "nach ",
    "après ",
    "após ",
];

/// Whether a text goes on with what a time counts from ("of receipt", "after triage").
pub(super) fn counts_from(near: &str) -> bool {
    [
        "of ",
        "after ",
        "from ",
        "prior ",
        "before ",
        "following ",
        "upon ",
        "since ",
        "once ",
        "when ",
        "as soon ",
    ]
    .iter()
    .any(|w| near.starts_with(w))
}

/// What stands behind "of receiving your report".
fn past_origin(near: &str) -> &str {
    let comma = near.find(", ").map(|at| at + 2);
    let subject = [
        " we ",
        " you ",
        " you'll ",
        " we'll ",
        " our ",
        " the team ",
        " the security team ",
        " the maintainers ",
        " a maintainer ",
        " a member ",
        " to ",
    ]
    .iter()
    .filter_map(|w| near.find(w))
    .min();
    let at = match (comma, subject) {
        (Some(a), Some(b)) => a.min(b),
        (Some(a), None) | (None, Some(a)) => a,
        (None, None) => near.len(),
    };
    near.get(at..).unwrap_or("")
}

/// Whether a time opens its clause, so that its milestone stands behind it:
/// "…, and within 7 days we provide an assessment".
pub(super) fn opens_clause(before: &str, after: &str) -> bool {
    let mut head = before.trim_end();
    loop {
        let cut = LEADING
            .iter()
            .find_map(|w| head.strip_suffix(w))
            .map(str::trim_end);
        match cut {
            Some(shorter) => head = shorter,
            None => break,
        }
    }
    // "Analysis: five days; patch: …": a head of its own says what the time is for.
    let headed = head
        .strip_suffix(':')
        .and_then(|h| h.rsplit([',', ';', '.']).next())
        .is_some_and(|h| !cues(h).is_empty());
    if headed {
        return false;
    }
    let bounded = head.is_empty()
        || head.ends_with([',', ';', ':', '.', '(', '—', '–', '，', '、', '。', '；'])
        || head.ends_with(" and")
        || head == "and"
        || head.ends_with(" then");
    // "Acknowledge (48 hours), triage (7 days)": brackets are about what stands before them.
    let bracketed = head
        .strip_suffix('(')
        .and_then(|h| h.rsplit([',', ';', '.', ':', '—', '–']).next())
        .is_some_and(|h| h.split_whitespace().count() <= 6 && !cues(h).is_empty())
        && after.trim_start().starts_with(')');
    if bracketed {
        return false;
    }
    let hedged = [
        ", typically",
        ", usually",
        ", normally",
        ", generally",
        ", often",
    ]
    .iter()
    .any(|w| head.ends_with(w));
    bounded && !hedged && !cues(after).is_empty()
}

/// "We cannot promise a fix within 30 days": what is said not to be promised.
pub(super) fn is_denied(before: &str) -> bool {
    let clause = [
        ", but ",
        "; but ",
        ". but ",
        ", however",
        "; however",
        ", although ",
    ]
    .iter()
    .filter_map(|w| before.rfind(w).map(|at| at + w.len()))
    .max()
    .and_then(|at| before.get(at..))
    .unwrap_or(before);
    let clause = super::gate::anew(clause);
    vocab::fits_any(clause, &DENIALS)
}

const DENIALS: [&str; 22] = [
    "cannot promise",
    "can't promise",
    "can not promise",
    "do not promise",
    "don't promise",
    "cannot commit",
    "can't commit",
    "can not commit",
    "do not commit",
    "don't commit",
    "not committed to",
    "cannot guarantee",
    "can't guarantee",
    "can not guarantee",
    "do not guarantee",
    "don't guarantee",
    "not guaranteed",
    "no guarantee",
    "unable to guarantee",
    "unable to commit",
    "not able to",
    "not obliged to",
];

/// Words that may stand between the beginning of a clause and its time.
const LEADING: [&str; 19] = [
    "并将在",
    "并会在",
    "并在",
    "将在",
    "在",
    "within",
    "in",
    "after",
    "no later than",
    "not later than",
    "the next",
    "the first",
    "the",
    "another",
    "a further",
    "at most",
    "up to",
    "about",
    "approximately",
];
