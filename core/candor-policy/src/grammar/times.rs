//! From words to a [`Term`]: numbers first, then "immediate", "next release", then vague words.
//!
//! Invariants: vague words never become a number.
//!
//! Deliberately absent: milestones.

use super::durations::{Duration, durations};
use crate::model::{Origin, Pace, Severity, Term, TermUnit};
use crate::vocab;

/// The term a time stands for.
pub(super) fn of_duration(d: &Duration) -> Term {
    if d.every {
        Term::Every {
            amount: d.amount,
            unit: d.unit,
        }
    } else {
        Term::Within {
            amount: d.amount,
            at_least: d.at_least,
            unit: d.unit,
        }
    }
}

/// The first term of a short text with or without a number.
pub(super) fn of_text(low: &str) -> Option<Term> {
    if let Some(d) = durations(low).first() {
        return Some(of_duration(d));
    }
    if vocab::any(low, |l| l.next_release) {
        return Some(Term::NextRelease);
    }
    if vocab::any(low, |l| l.immediate) {
        return Some(Term::Immediate);
    }
    None
}

/// Words about how fast, with their places, in order; one inside a longer one does not count.
pub(super) fn paces(low: &str, cell: bool) -> Vec<(usize, usize, Pace)> {
    let mut found = vocab::all(low, |l| l.vague);
    if cell {
        found.extend(vocab::all(low, |l| l.vague_cells));
        found.sort_by_key(|(s, e, _)| (*s, std::cmp::Reverse(*e)));
    }
    let mut reached = 0;
    found.retain(|(_, end, _)| {
        let counts = *end > reached;
        reached = reached.max(*end);
        counts
    });
    found
}

/// Whether a text has words about how fast.
pub(super) fn is_vague(low: &str, cell: bool) -> bool {
    !paces(low, cell).is_empty()
}

/// How fast a term is that has no number: what its words say.
pub(crate) fn pace(term: &Term) -> Option<Pace> {
    match term {
        Term::Immediate => Some(Pace::Immediate),
        Term::NextRelease => Some(Pace::NextRelease),
        Term::Unquantified { words } if words.is_empty() => Some(Pace::NoNumber),
        Term::Unquantified { words } => {
            let low = crate::read::lower(words);
            if is_unfilled(&low) {
                return Some(Pace::Placeholder);
            }
            let found = paces(&low, true);
            let effort = |p: &Pace| matches!(p, Pace::BestEffort);
            found
                .iter()
                .find(|(_, _, p)| !effort(p))
                .or(found.first())
                .map(|(_, _, p)| *p)
        }
        Term::Within { .. } | Term::Every { .. } => None,
    }
}

/// "[X] business days": a number that nobody filled in.
fn is_unfilled(low: &str) -> bool {
    unfilled(low).is_some()
}

/// Where a text has a time whose number was not filled in.
pub(super) fn unfilled(low: &str) -> Option<(usize, usize)> {
    for (open, close) in [
        ("[", "]"),
        ("{{", "}}"),
        ("{", "}"),
        ("<", ">"),
        ("__", "__"),
    ] {
        let mut from = 0;
        while let Some(at) = low.get(from..).and_then(|t| t.find(open)).map(|i| i + from) {
            let inner = at + open.len();
            let Some(end) = low
                .get(inner..)
                .and_then(|t| t.find(close))
                .map(|i| i + inner)
            else {
                break;
            };
            from = end + close.len();
            let inside = low.get(inner..end).unwrap_or("");
            let rest = low.get(from..).unwrap_or("").trim_start();
            // "[7] days" is filled in.
            let filled = inside.bytes().any(|b| b.is_ascii_digit());
            let short = inside.len() <= 24 && !inside.contains("](") && !filled;
            if short
                && (starts_with_unit(rest)
                    || vocab::fits(inside, "days")
                    || vocab::fits(inside, "hours")
                    || vocab::fits(inside, "timeframe"))
            {
                return Some((at, from));
            }
        }
    }
    let letters = ["x", "xx", "n", "nn", "y", "yy", "??"];
    if !low.split(' ').any(|word| letters.contains(&word)) {
        return None;
    }
    for letter in letters {
        let pattern = ["within ", "innerhalb von ", "in "];
        for lead in pattern {
            let words = format!("{lead}{letter} ");
            if let Some((start, end)) = vocab::find(low, &words)
                && starts_with_unit(low.get(end..).unwrap_or(""))
            {
                return Some((start, end));
            }
        }
    }
    None
}

fn starts_with_unit(rest: &str) -> bool {
    let probe: String = rest.chars().take(40).collect();
    durations(&format!("2 {probe}"))
        .first()
        .is_some_and(|d| d.start == 0)
}

/// Whether a text names a severity.
pub(super) fn is_graded(low: &str) -> bool {
    !severities(low, true).is_empty()
}

/// "Day 1-3", "By day 30", "Week 2", "T+7 days" as the head of a step: how long after receipt.
/// The day of receipt itself is no time.
pub(super) fn of_calendar_head(head: &str) -> Option<Duration> {
    let head = head
        .trim()
        .trim_matches(['*', '(', ')', '[', ']', '#'])
        .trim();
    let head = head.strip_prefix("by ").unwrap_or(head);
    let (unit, rest) = CALENDAR
        .iter()
        .find_map(|(word, unit)| Some((*unit, head.strip_prefix(word)?)))?;
    let rest = rest.trim_start_matches(['+', '#', ' ']).trim();
    let mut parts = rest.splitn(2, ['-', '–', '—']);
    let first: u32 = parts.next()?.trim().parse().ok()?;
    let second: Option<u32> = match parts.next() {
        Some(text) => Some(text.trim().parse().ok()?),
        None => None,
    };
    let amount = second.unwrap_or(first);
    let counts = (1..=730).contains(&amount) && first <= amount;
    counts.then_some(Duration {
        amount,
        at_least: second.and(Some(first)),
        unit,
        every: false,
        start: 0,
        end: head.len(),
    })
}

const CALENDAR: [(&str, TermUnit); 15] = [
    ("days ", TermUnit::Days),
    ("day ", TermUnit::Days),
    ("hours ", TermUnit::Hours),
    ("hour ", TermUnit::Hours),
    ("weeks ", TermUnit::Weeks),
    ("week ", TermUnit::Weeks),
    ("d+", TermUnit::Days),
    ("t+", TermUnit::Days),
    ("tage ", TermUnit::Days),
    ("tag ", TermUnit::Days),
    ("jours ", TermUnit::Days),
    ("jour ", TermUnit::Days),
    ("días ", TermUnit::Days),
    ("día ", TermUnit::Days),
    ("dia ", TermUnit::Days),
];

/// Whether a step is the reporter's.
pub(super) fn is_theirs(step: &str) -> bool {
    [
        "you ",
        "reporter ",
        "report received",
        "report submitted",
        "vulnerability reported",
    ]
    .iter()
    .any(|w| step.starts_with(w))
}

/// What starts a clock, told right behind its time.
pub(super) fn origin(after: &str) -> Option<Origin> {
    let near = after.trim_start().trim_start_matches('(');
    let lead = ORIGIN_LEADS.iter().find(|w| near.starts_with(**w))?;
    origin_noun(near.get(lead.len()..)?)
}

/// What starts a clock, told before it: "once confirmed, we fix it within 30 days".
pub(super) fn origin_before(before: &str) -> Option<Origin> {
    // "验证漏洞后，…": the word stands behind what it is about.
    if let Some(head) = ["后，", "後，", "後、"]
        .iter()
        .find_map(|w| before.split_once(w))
    {
        return origin_noun(head.0);
    }
    let leads = ORIGIN_LEADS.iter().chain(&["if "]);
    let (at, lead) = leads
        .filter(|w| !matches!(**w, "of " | "from " | "as of "))
        .filter_map(|w| last_word(before, w).map(|at| (at, *w)))
        .max_by_key(|(at, w)| (*at, w.len()))?;
    let rest = before.get(at + lead.len()..)?;
    if lead == "after " && rest.starts_with("that,") {
        return Some(Origin::Acknowledgement);
    }
    let (clause, main) = rest.split_once([',', ';']).unwrap_or((rest, ""));
    if main.trim_start().starts_with("or ") {
        return None;
    }
    // "Once a report is validated": what was done says more than what it was done to.
    let nouns = vocab::all(clause, |l| l.origins);
    let telling = nouns.iter().find(|(_, _, o)| *o != Origin::Receipt);
    let found = telling.or(nouns.first()).map(|(_, _, o)| *o)?;
    let telling = lead != "if " || matches!(found, Origin::Triage | Origin::Acceptance);
    telling.then_some(found)
}

/// What all times below a lead-in count from: "targets (from acknowledgement):".
pub(super) fn origin_of_lead(lead: &str) -> Option<Origin> {
    ["from ", "after ", "since ", "following "]
        .iter()
        .filter_map(|w| last_word(lead, w).and_then(|at| lead.get(at + w.len()..)))
        .find_map(origin_noun)
        .filter(|o| *o != Origin::Receipt)
}

fn last_word(text: &str, word: &str) -> Option<usize> {
    let at = text.rfind(word)?;
    let opens = text
        .get(..at)
        .and_then(|t| t.chars().next_back())
        .is_none_or(|c| !c.is_alphanumeric());
    opens.then_some(at)
}

/// Words behind which the start of a clock is named.
const ORIGIN_LEADS: [&str; 36] = [
    "of ",
    "after ",
    "from ",
    "following ",
    "upon ",
    "since ",
    "once ",
    "as of ",
    "post-",
    "post ",
    "when ",
    "starting from ",
    "starting at ",
    "counted from ",
    "nach ",
    "ab ",
    "seit ",
    "après ",
    "suivant ",
    "à compter de ",
    "à partir de ",
    "depuis ",
    "dès ",
    "tras ",
    "después de ",
    "despues de ",
    "desde ",
    "a partir de ",
    "após ",
    "apos ",
    "depois de ",
    "后",
    "後",
    "from the ",
    "dopo ",
    "na ",
];

fn origin_noun(text: &str) -> Option<Origin> {
    let until = text.char_indices().nth(60).map_or(text.len(), |(at, _)| at);
    let near = text.get(..until)?;
    let near = near.split([',', ';', ')', '。']).next()?;
    vocab::all(near, |l| l.origins).first().map(|(_, _, o)| *o)
}

/// Whether an item is about one severity: "Critical: addressed within 14 days".
pub(super) fn is_of_a_severity(low: &str) -> bool {
    super::head_and_rest(low).is_some_and(|(head, _)| {
        head.split_whitespace().count() <= 3 && !severities(head, true).is_empty()
    })
}

/// Words that may follow a severity word when it is one.
const SEVERITY_NOUNS: &[&str] = &[
    "severit",
    "issue",
    "vulnerab",
    "bug",
    "finding",
    "problem",
    "risk",
    "priority",
    "impact",
    "flaw",
    "threat",
    "report",
    "lück",
    "sicherheitslück",
    "schwachstell",
    "fehler",
    "meldung",
    "faille",
    "fallo",
    "falha",
    "漏洞",
    "问题",
    "な脆弱性",
    "の脆弱性",
    "lücke",
    "sicherheits",
    "schwere",
    "vulnérab",
];

/// Nouns behind which languages of Latin descent set the severity: "fallos críticos".
const NOUNS_AHEAD: [&str; 15] = [
    "gravité",
    "sévérité",
    "gravedad",
    "severidad",
    "gravidade",
    "severidade",
    "criticidad",
    "faille",
    "vulnérabilité",
    "vulnerabilidad",
    "vulnerabilità",
    "fallo",
    "falla",
    "falha",
    "defeito",
];

/// Severity words of a text that speak of severity, in order, without repeats.
pub(super) fn severities(low: &str, alone: bool) -> Vec<Severity> {
    let mut out: Vec<Severity> = Vec::new();
    for (start, end, severity) in vocab::all(low, |l| l.severities) {
        let named = low
            .get(..start)
            .and_then(|t| t.rsplit([',', ';', '.']).next())
            .unwrap_or("")
            .split_whitespace()
            .rev()
            .take(4)
            .enumerate()
            .any(|(i, w)| {
                w.starts_with("severit") || i < 2 && NOUNS_AHEAD.iter().any(|n| w.starts_with(n))
            });
        let after: String = low.get(end..).unwrap_or("").chars().take(48).collect();
        let noun = after
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .take(4)
            .any(|w| SEVERITY_NOUNS.iter().any(|n| w.starts_with(n)));
        if (alone || noun || named) && !out.contains(&severity) {
            out.push(severity);
        }
    }
    if out.is_empty() {
        return super::levels::severities(low, alone);
    }
    out
}

/// Severity words right before a time, without a noun: "…, high within 14 days".
pub(super) fn bare_severities(before: &str) -> Vec<Severity> {
    let at = before
        .rfind([',', ';', '.', '(', ':'])
        .filter(|at| before.get(at + 1..).is_some_and(|t| !t.trim().is_empty()));
    let tail = match at {
        Some(at) => before.get(at + 1..).unwrap_or(""),
        None => before,
    };
    let tail = match tail.trim_end().strip_suffix(':') {
        Some(head) => head,
        None => tail,
    };
    if tail.split_whitespace().count() > 7 {
        return Vec::new();
    }
    severities(tail, true)
}
