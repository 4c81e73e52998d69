//! Promises in tables: a row per step, a row per severity, a column per severity.
//!
//! Invariants: a cell is read in the light of its column's head; a number in a
//! column of descriptions is no promise where another column holds the times.
//!
//! Deliberately absent: tables of versions.

use super::cues::cues;
use super::durations::durations;
use super::promises::{is_elsewhere, named, promise};
use super::{gate, times};
use crate::model::{Firmness, Milestone, Origin, Promise, Severity, Term};
use crate::read::{Document, Unit};
use crate::vocab;

/// The promises of one row.
pub(super) fn promises(
    doc: &Document,
    unit: &Unit,
    header: &[String],
    cells: &[String],
) -> Vec<Promise> {
    if is_elsewhere(unit.topic) || header.iter().any(|h| vocab::fits(h, "version")) {
        return Vec::new();
    }
    let low: Vec<String> = cells
        .iter()
        .enumerate()
        .map(|(i, c)| with_unit(c, header.get(i).map_or("", String::as_str)))
        .collect();
    let first = low.first().map_or("", String::as_str);
    let row = Row {
        header,
        cells,
        low: &low,
        first,
        firmness: firmness(doc, unit, header),
        from: times::origin_of_lead(doc.lead_of(unit)),
    };
    let severities = row_severities(first, header);
    if !severities.is_empty() {
        let severities: Vec<_> = severities.into_iter().map(Some).collect();
        return by_severity(&row, &severities);
    }
    let condition = gate::condition(first, "");
    if is_severity_column(header) && condition.is_some() {
        let mut found = by_severity(&row, &[None]);
        for one in &mut found {
            one.condition = condition;
        }
        return found;
    }
    if is_severity_column(header) && is_the_rest(first) {
        return by_severity(&row, &[None]);
    }
    if named(first).is_empty() && !durations(first).is_empty() {
        return time_first(&row);
    }
    by_step(&row)
}

/// A bare number takes the unit that its column's head names: "Time to fix (days)".
fn with_unit(cell: &str, head: &str) -> String {
    let low = crate::read::lower(cell);
    let figures = low
        .trim_start_matches(['<', '≤', '~', ' '])
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '-' | '–'));
    if low.is_empty() || !figures || low.len() > 9 {
        return low;
    }
    let unit = [
        "business days",
        "working days",
        "business hours",
        "calendar days",
        "days",
        "hours",
        "weeks",
        "months",
        "jours",
        "heures",
        "tage",
        "stunden",
        "días",
        "horas",
        "dias",
    ]
    .iter()
    .find(|u| vocab::fits(head, u));
    unit.map_or(low.clone(), |u| format!("{low} {u}"))
}

struct Row<'a> {
    header: &'a [String],
    cells: &'a [String],
    low: &'a [String],
    first: &'a str,
    firmness: Firmness,
    from: Option<Origin>,
}

impl Row<'_> {
    fn head(&self, at: usize) -> &str {
        self.header.get(at).map_or("", String::as_str)
    }

    /// The cells behind the first, with their heads.
    fn rest(&self) -> impl Iterator<Item = (usize, &str, &str)> {
        let from = self.low.iter().enumerate().skip(1);
        from.filter(|(_, c)| !c.is_empty())
            .map(|(i, c)| (i, self.head(i), c.as_str()))
    }

    fn has_time_column(&self) -> bool {
        let heads = self.header.iter().skip(1);
        let timed = |h: &String| time_column(h);
        heads.clone().any(timed)
            && self
                .rest()
                .any(|(_, h, c)| time_column(h) && !durations(c).is_empty())
    }

    /// How firm a cell is: one that doubts itself is at most what is usual.
    fn firm(&self, cell: &str) -> Firmness {
        if gate::is_disclaimed(cell) {
            Firmness::Typical
        } else {
            self.firmness
        }
    }

    fn origin(&self, cell: &str) -> Origin {
        durations(cell)
            .first()
            .and_then(|d| times::origin(cell.get(d.end..).unwrap_or("")))
            .or(self.from)
            .unwrap_or(Origin::Receipt)
    }
}

/// A row that names a step: "Initial response | within 48 hours".
fn by_step(row: &Row<'_>) -> Vec<Promise> {
    let only_timed = row.has_time_column();
    let mut out: Vec<Promise> = Vec::new();
    for (i, head, cell) in row.rest() {
        if only_timed && !time_column(head) && times::severities(head, true).is_empty() {
            continue;
        }
        let written = row.cells.get(i).map_or("", String::as_str);
        let column = times::severities(head, true).first().copied();
        let own = times::severities(row.first, true).first().copied();
        let wordy = cell.split_whitespace().count() > 12 && !time_column(head);
        if is_barred(cell) {
            continue;
        }
        for milestone in named(row.first) {
            let term = times::of_text(cell).or_else(|| {
                (time_column(head) || times::is_vague(cell, true)).then(|| words(written))
            });
            let Some(term) = term else { continue };
            if wordy && times::of_text(cell).is_none() {
                continue;
            }
            let milestone = match (&term, milestone) {
                (Term::Every { .. }, _) => Milestone::Update,
                (Term::NextRelease, Milestone::Fix) if !time_column(head) => {
                    Milestone::PatchRelease
                }
                (_, m) => m,
            };
            let mut one = promise(milestone, term, row.firm(cell));
            one.from = row.origin(cell);
            one.severity = column.or(own);
            let told = out
                .iter()
                .any(|p| p.milestone == one.milestone && p.severity == one.severity);
            if !told {
                out.push(one);
            }
        }
    }
    out
}

/// Whether the first time of a cell is denied or no deadline.
fn is_barred(cell: &str) -> bool {
    durations(cell)
        .first()
        .is_some_and(|d| !gate::opens(cell, d.start, d.end))
}

/// A row that begins with its time: "Within 48 hours | Acknowledgement".
fn time_first(row: &Row<'_>) -> Vec<Promise> {
    let Some(term) = times::of_text(row.first) else {
        return Vec::new();
    };
    let step = row
        .rest()
        .find_map(|(_, _, c)| cues(c).first().map(|c| c.2));
    step.map(|m| {
        let m = if matches!(term, Term::Every { .. }) {
            Milestone::Update
        } else {
            m
        };
        promise(m, term.clone(), row.firmness)
    })
    .into_iter()
    .collect()
}

fn words(cell: &str) -> Term {
    Term::Unquantified {
        words: cell.trim().to_owned(),
    }
}

/// Whether a column's head announces times.
fn time_column(head: &str) -> bool {
    vocab::fits_any(
        head,
        &[
            "time",
            "target",
            "when",
            "within",
            "deadline",
            "goal",
            "commitment",
            "sla",
            "day",
            "hour",
            "duration",
            "period",
            "delay",
            "due",
            "expected",
            "delai",
            "délai",
            "objectif",
            "frist",
            "zeit",
            "ziel",
            "plazo",
            "tiempo",
            "prazo",
            "tempo",
            "时间",
            "时限",
            "期限",
            "目標",
            "目安",
            "時間",
        ],
    )
}

/// "Standard", "All other": a row of a severity table for everything that has no row of its own.
fn is_the_rest(first: &str) -> bool {
    let first = first.trim_matches(['*', ' ']);
    ["standard", "normal", "default", "any", "all"].contains(&first)
        || crate::vocab::gates_others::THE_REST.iter().any(|w| {
            first
                .strip_prefix(w)
                .is_some_and(|r| r.is_empty() || r.starts_with(' '))
        })
}

fn is_severity_column(header: &[String]) -> bool {
    let head = header.first().map_or("", String::as_str);
    vocab::fits_any(
        head,
        &[
            "severity",
            "level",
            "priority",
            "rating",
            "risk",
            "cvss",
            "sévérité",
            "gravité",
            "schweregrad",
            "gravedad",
            "severidad",
            "gravidade",
            "severidade",
            "严重",
            "等级",
            "深刻度",
            "重大度",
        ],
    )
}

fn row_severities(first: &str, header: &[String]) -> Vec<Severity> {
    let short = first.split_whitespace().count() <= 4;
    if is_severity_column(header) || short && named(first).is_empty() {
        times::severities(first, true)
    } else {
        Vec::new()
    }
}

/// A row of a table whose rows are severities.
fn by_severity(row: &Row<'_>, severities: &[Option<Severity>]) -> Vec<Promise> {
    let mends = row.header.iter().skip(1).any(|h| is_mending(h));
    let mut out = Vec::new();
    for (i, head, cell) in row.rest() {
        let (mut milestones, mut alternatives) = column(head);
        if mends
            && alternatives.len() == 2
            && named(head).first() == Some(&Milestone::Acknowledgement)
        {
            // Beside a column of fixes, the response is the first answer.
            milestones = vec![Milestone::Acknowledgement];
            alternatives.clear();
        }
        if milestones.is_empty() || is_barred(cell) {
            continue;
        }
        let written = row.cells.get(i).map_or("", String::as_str);
        let term =
            times::of_text(cell).or_else(|| times::is_vague(cell, true).then(|| words(written)));
        let Some(term) = term else { continue };
        let described = !alternatives.is_empty() && !time_column(head);
        let own = described.then(|| cues(cell).first().map(|c| c.2)).flatten();
        for severity in severities {
            for milestone in &milestones {
                let mut one = promise(*milestone, term.clone(), Firmness::Target);
                one.severity = *severity;
                one.from = row.origin(cell);
                one.firmness = row.firm(cell);
                match (one.milestone, own) {
                    (Milestone::Response, Some(m)) => one.milestone = m,
                    // What comes with a release is the fix: nothing is left to ask.
                    (Milestone::Response, None) if term == Term::NextRelease => {
                        one.milestone = Milestone::Fix;
                    }
                    _ => one.alternatives.clone_from(&alternatives),
                }
                out.push(one);
            }
        }
    }
    out
}

fn is_mending(head: &str) -> bool {
    named(head)
        .iter()
        .any(|m| matches!(m, Milestone::Fix | Milestone::PatchRelease))
}

/// What a column of times in a severity table is about, and what else it may mean (Q13).
fn column(head: &str) -> (Vec<Milestone>, Vec<Milestone>) {
    let firsts = ["first response", "initial response", "acknowledg"];
    let open = || {
        (
            vec![Milestone::Response],
            vec![Milestone::Plan, Milestone::Fix],
        )
    };
    let own = named(head);
    if vocab::fits_any(head, &firsts) {
        return (vec![Milestone::Acknowledgement], Vec::new());
    }
    if own.first() == Some(&Milestone::Acknowledgement) {
        return open();
    }
    if !own.is_empty() {
        return (own, Vec::new());
    }
    if time_column(head) || vocab::fits(head, "response") {
        return open();
    }
    (Vec::new(), Vec::new())
}

/// How firm a row is: a column called "target" says so itself.
fn firmness(doc: &Document, unit: &Unit, header: &[String]) -> Firmness {
    let lead = doc.lead_of(unit);
    header
        .iter()
        .find_map(|h| vocab::first(h, |l| l.firmness))
        .or_else(|| vocab::first(lead, |l| l.firmness))
        .or_else(|| vocab::first(&unit.heading, |l| l.firmness))
        .unwrap_or(Firmness::Target)
}
