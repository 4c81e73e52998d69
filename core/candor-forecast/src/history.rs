//! A project's own past, from a file: how many reports came, how grave, how fast.
//!
//! Invariants: a row that cannot be read is refused with its line and field, and
//! then nothing of the file is used; a figure that too few rows speak of is left at
//! its assumption, and every figure says how many rows it rests on.
//!
//! Deliberately absent: texts, names and addresses. Unknown columns are refused, so
//! that nobody feeds them in by mistake.

use std::collections::BTreeMap;

use candor_base::Instant;
use candor_policy::model::Severity;
use serde::Serialize;

use crate::load::{Effort, Load};
use crate::num::{count, float, seconds, share};
use crate::scenario::{DAY, MONTH};
use crate::shifts::Rota;
use crate::team::Team;

/// The most rows that are read.
pub const MOST_ROWS: usize = 100_000;
/// Fewer rows than this say nothing.
const ENOUGH: usize = 5;

const FIELDS: [&str; 7] = [
    "received",
    "acknowledged",
    "assessed",
    "fixed",
    "disclosed",
    "severity",
    "outcome",
];

/// What was wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, {field}: {message}")]
pub struct HistoryError {
    /// The line of the file, from 1.
    pub line: usize,
    /// The field, or `row`.
    pub field: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// What became of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A vulnerability.
    Valid,
    /// None.
    Junk,
    /// Known already.
    Duplicate,
}

/// One report of the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// When it came in.
    pub received: Instant,
    /// When a person answered.
    pub acknowledged: Option<Instant>,
    /// When it was judged.
    pub assessed: Option<Instant>,
    /// When the fix was released.
    pub fixed: Option<Instant>,
    /// When it was published.
    pub disclosed: Option<Instant>,
    /// Its severity.
    pub severity: Option<Severity>,
    /// What became of it.
    pub outcome: Option<Outcome>,
}

/// One figure and how many rows it rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// The assumption it replaces (`reports_a_month`).
    pub name: String,
    /// Its value in words.
    pub value: String,
    /// Rows behind it.
    pub rows: usize,
    /// False when there were too few, and the assumption stands.
    pub used: bool,
}

/// Reads a history: CSV with a header line, or one JSON object a line. Stops at the
/// first row that is wrong.
pub fn history(text: &str) -> Result<Vec<Row>, HistoryError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = (1_usize..)
        .zip(text.lines())
        .filter(|(_, l)| !l.trim().is_empty())
        .peekable();
    let json = lines
        .peek()
        .is_some_and(|(_, l)| l.trim_start().starts_with('{'));
    let mut header = Vec::new();
    if !json {
        let Some((line, first)) = lines.next() else {
            return Err(wrong(
                1,
                "row",
                "The file is empty; its first line names the fields.",
            ));
        };
        header = cells(line, first)?;
        known(line, header.iter().map(String::as_str))?;
    }
    let mut rows = Vec::new();
    for (line, content) in lines {
        if rows.len() >= MOST_ROWS {
            return Err(wrong(line, "row", "The file has more than 100000 rows."));
        }
        let fields = if json {
            object(line, content)?
        } else {
            let cells = cells(line, content)?;
            if cells.len() != header.len() {
                let message = format!(
                    "{} fields where the first line names {}.",
                    cells.len(),
                    header.len()
                );
                return Err(wrong(line, "row", &message));
            }
            header.iter().cloned().zip(cells).collect()
        };
        rows.push(row(line, &fields)?);
    }
    Ok(rows)
}

fn wrong(line: usize, field: &str, message: &str) -> HistoryError {
    HistoryError {
        line,
        field: field.to_owned(),
        message: message.to_owned(),
    }
}

fn known<'a>(line: usize, names: impl Iterator<Item = &'a str>) -> Result<(), HistoryError> {
    let mut seen: Vec<&str> = Vec::new();
    for name in names {
        if !FIELDS.contains(&name) {
            let shown: String = name.chars().take(40).collect();
            let message = format!("not a field; the fields are {}.", FIELDS.join(", "));
            return Err(wrong(line, &format!("\u{201c}{shown}\u{201d}"), &message));
        }
        if seen.contains(&name) {
            return Err(wrong(line, name, "named twice."));
        }
        seen.push(name);
    }
    if seen.contains(&"received") {
        Ok(())
    } else {
        Err(wrong(line, "received", "missing; every row needs it."))
    }
}

/// The cells of a line; a cell in double quotes may hold commas, and `""` for a quote.
fn cells(line: usize, content: &str) -> Result<Vec<String>, HistoryError> {
    let (mut out, mut cell) = (Vec::new(), String::new());
    let mut quoted = false;
    let mut chars = content.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, quoted) {
            ('"', true) if chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            ('"', _) => quoted = !quoted,
            (',', false) => out.push(std::mem::take(&mut cell)),
            (c, _) => cell.push(c),
        }
    }
    out.push(cell);
    if quoted {
        return Err(wrong(line, "row", "a quote is opened and not closed."));
    }
    Ok(out.into_iter().map(|c| c.trim().to_owned()).collect())
}

fn object(line: usize, content: &str) -> Result<BTreeMap<String, String>, HistoryError> {
    let values: BTreeMap<String, Option<String>> = serde_json::from_str(content).map_err(|_| {
        let message = "not a JSON object whose values are texts or null.";
        wrong(line, "row", message)
    })?;
    known(line, values.keys().map(String::as_str))?;
    let given = values.into_iter();
    Ok(given.filter_map(|(k, v)| Some((k, v?))).collect())
}

fn row(line: usize, fields: &BTreeMap<String, String>) -> Result<Row, HistoryError> {
    let text = |name: &str| fields.get(name).map(|v| v.trim()).filter(|v| !v.is_empty());
    let moment = |name: &str| -> Result<Option<Instant>, HistoryError> {
        let Some(value) = text(name) else {
            return Ok(None);
        };
        let at = instant(value).ok_or_else(|| {
            let shown: String = value.chars().take(40).collect();
            let message = format!(
                "\u{201c}{shown}\u{201d} is no moment; write 2026-03-01T10:00:00Z or 2026-03-01."
            );
            wrong(line, name, &message)
        })?;
        Ok(Some(at))
    };
    let Some(received) = moment("received")? else {
        return Err(wrong(line, "received", "missing; every row needs it."));
    };
    let row = Row {
        received,
        acknowledged: moment("acknowledged")?,
        assessed: moment("assessed")?,
        fixed: moment("fixed")?,
        disclosed: moment("disclosed")?,
        severity: text("severity").map(|v| severity(line, v)).transpose()?,
        outcome: text("outcome").map(|v| outcome(line, v)).transpose()?,
    };
    let acts = [
        ("acknowledged", row.acknowledged),
        ("assessed", row.assessed),
        ("fixed", row.fixed),
        ("disclosed", row.disclosed),
    ];
    for (name, at) in acts {
        // A date alone is noon, so a day of leeway.
        if at.is_some_and(|at| at.plus_seconds(DAY) < received) {
            return Err(wrong(line, name, "lies before the report was received."));
        }
    }
    Ok(row)
}

/// A moment; a date alone is its noon in UTC. Only years in which this could be.
fn instant(text: &str) -> Option<Instant> {
    let at: Instant = if text.len() == 10 {
        format!("{text}T12:00:00Z").parse().ok()?
    } else {
        text.parse().ok()?
    };
    // 1990 to 2100.
    (631_152_000..4_102_444_800)
        .contains(&at.unix())
        .then_some(at)
}

fn severity(line: usize, text: &str) -> Result<Severity, HistoryError> {
    match text.to_lowercase().as_str() {
        "low" => Ok(Severity::Low),
        "medium" | "moderate" => Ok(Severity::Medium),
        "high" | "important" => Ok(Severity::High),
        "critical" => Ok(Severity::Critical),
        _ => Err(wrong(line, "severity", "is low, medium, high or critical.")),
    }
}

fn outcome(line: usize, text: &str) -> Result<Outcome, HistoryError> {
    match text.to_lowercase().as_str() {
        "valid" => Ok(Outcome::Valid),
        "junk" => Ok(Outcome::Junk),
        "duplicate" => Ok(Outcome::Duplicate),
        _ => Err(wrong(line, "outcome", "is valid, junk or duplicate.")),
    }
}

/// Fits load and effort to a history, for a team like this. What the rows do not say
/// stays as it was.
pub fn fit(rows: &[Row], team: &Team, load: &mut Load, effort: &mut Effort) -> Vec<Figure> {
    let mut out = Vec::new();
    fit_arrivals(rows, load, &mut out);
    fit_mix(rows, load, &mut out);
    fit_effort(rows, team, effort, &mut out);
    out
}

fn figure(out: &mut Vec<Figure>, name: &str, value: String, rows: usize, used: bool) {
    out.push(Figure {
        name: name.to_owned(),
        value: if used {
            value
        } else {
            "too few rows".to_owned()
        },
        rows,
        used,
    });
}

/// Reports a month between the first and the last, and the floods among them: five or
/// more within three days, and six times what comes usually.
fn fit_arrivals(rows: &[Row], load: &mut Load, out: &mut Vec<Figure>) {
    let mut times: Vec<Instant> = rows.iter().map(|r| r.received).collect();
    times.sort_unstable();
    let span = match (times.first(), times.last()) {
        (Some(first), Some(last)) => last.seconds_since(*first),
        _ => 0,
    };
    let enough = times.len() >= ENOUGH && span >= MONTH;
    if !enough {
        figure(out, "reports_a_month", String::new(), times.len(), false);
        return;
    }
    let months = seconds(span) / seconds(MONTH);
    let a_day = float(count(times.len())) / (seconds(span) / 86_400.0);
    let many = (a_day * 3.0 * 6.0).max(5.0);
    let (mut floods, mut in_floods, mut place) = (0_u64, 0_u64, 0_usize);
    while let Some(start) = times.get(place) {
        let end = start.plus_seconds(3 * DAY);
        let size = times
            .partition_point(|t| *t <= end)
            .saturating_sub(place)
            .max(1);
        if float(count(size)) >= many {
            floods += 1;
            in_floods += count(size);
            place += size;
        } else {
            place += 1;
        }
    }
    let usual = count(times.len())
        .saturating_sub(in_floods)
        .saturating_sub(1);
    load.reports_a_month = float(usual) / months;
    let value = format!("{:.1} a month", load.reports_a_month);
    figure(out, "reports_a_month", value, times.len(), true);
    let half_a_year = span >= 6 * MONTH;
    if half_a_year {
        load.floods_a_year = (float(floods) * 12.0 / months).min(52.0);
    }
    if half_a_year && floods > 0 {
        let size = in_floods.div_ceil(floods).min(1_000);
        load.flood_size = u32::try_from(size).unwrap_or(1_000);
    }
    let value = format!("{floods} in {months:.0} months, {in_floods} reports in all");
    figure(out, "floods_a_year", value, times.len(), half_a_year);
}

fn fit_mix(rows: &[Row], load: &mut Load, out: &mut Vec<Figure>) {
    let known: Vec<Severity> = rows.iter().filter_map(|r| r.severity).collect();
    let enough = known.len() >= ENOUGH;
    let mut words = Vec::new();
    if enough {
        for (severity, _) in load.severity.each() {
            let own = count(known.iter().filter(|s| **s == severity).count());
            *load.severity.of_mut(severity) = float(own);
            let percent = share(own, count(known.len())) * 100.0;
            words.push(format!("{severity:?} {percent:.0} %").to_lowercase());
        }
    }
    figure(out, "severity", words.join(", "), known.len(), enough);
    let ends: Vec<Outcome> = rows.iter().filter_map(|r| r.outcome).collect();
    let of = |which: Outcome| {
        let own = ends.iter().filter(|o| **o == which).count();
        share(count(own), count(ends.len()))
    };
    let enough = ends.len() >= ENOUGH;
    if enough {
        load.junk = of(Outcome::Junk);
        load.duplicates = of(Outcome::Duplicate);
    }
    let value = format!("{:.0} %", of(Outcome::Junk) * 100.0);
    figure(out, "junk", value, ends.len(), enough);
    let value = format!("{:.0} %", of(Outcome::Duplicate) * 100.0);
    figure(out, "duplicates", value, ends.len(), enough);
}

/// Hours that one person like the first had for reports between two acts: as much as
/// the work can have been, if nothing else was in the queue.
fn fit_effort(rows: &[Row], team: &Team, effort: &mut Effort, out: &mut Vec<Figure>) {
    let Some(member) = team.members.first() else {
        return;
    };
    let (first, last) = rows.iter().fold((None, None), |(first, last), r| {
        let ends = [r.acknowledged, r.assessed, r.fixed, Some(r.received)];
        let end = ends.into_iter().flatten().max();
        let first: Option<Instant> = first;
        (
            Some(first.map_or(r.received, |f| f.min(r.received))),
            last.max(end),
        )
    });
    let (Some(first), Some(last)) = (first, last) else {
        return;
    };
    let rota = Rota::of_member(member, first, last.plus_seconds(DAY));
    let middle = |spans: &mut Vec<(Instant, Instant)>| {
        let mut hours: Vec<f64> = spans
            .iter()
            .map(|(from, to)| seconds(rota.capacity(*from, *to)) / 3_600.0)
            .collect();
        hours.sort_by(f64::total_cmp);
        let middle = hours.get(hours.len() / 2).copied().unwrap_or_default();
        middle.clamp(0.25, 2_000.0)
    };
    let mut judged: Vec<(Instant, Instant)> = rows
        .iter()
        .filter_map(|r| Some((r.acknowledged.unwrap_or(r.received), r.assessed?)))
        .collect();
    let enough = judged.len() >= ENOUGH;
    let hours = middle(&mut judged);
    if enough {
        effort.assessment = hours;
    }
    let value = format!("at most {hours:.1} h");
    figure(out, "assessment", value, judged.len(), enough);
    for (severity, _) in effort.fix.each() {
        let mut fixed: Vec<(Instant, Instant)> = rows
            .iter()
            .filter(|r| r.severity == Some(severity))
            .filter_map(|r| {
                Some((
                    r.assessed.or(r.acknowledged).unwrap_or(r.received),
                    r.fixed?,
                ))
            })
            .collect();
        let enough = fixed.len() >= ENOUGH;
        let hours = middle(&mut fixed);
        if enough {
            *effort.fix.of_mut(severity) = hours;
        }
        let name = format!("fix.{severity:?}").to_lowercase();
        let value = format!("at most {hours:.1} h");
        figure(out, &name, value, fixed.len(), enough);
    }
}
