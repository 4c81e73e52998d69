//! A forecast as text, for a terminal of 80 columns.
//!
//! Invariants: plain text without control characters; nothing is rounded to
//! "always" that is not; every figure of Candor's own is called so.

use crate::advice::Advice;
use crate::assumptions::{Assumption, Source};
use crate::history::Figure;
use crate::tally::{Forecast, PromiseForecast};
use crate::words::{odds_words, time_words, took_words};

const WIDTH: usize = 78;
const BAR: u32 = 40;

/// Everything that is shown of a simulation.
#[derive(Debug)]
pub struct Shown<'a> {
    /// What was simulated, in a line or two ("12 months, 200 times, seed 1").
    pub about: &'a [String],
    /// What came out.
    pub forecast: &'a Forecast,
    /// The odds that are aimed at, from 0 to 1.
    pub aim: f64,
    /// What would make it safe; none when it was not looked for.
    pub advice: Option<&'a [Advice]>,
    /// What was assumed.
    pub assumptions: &'a [Assumption],
    /// What the history said.
    pub figures: &'a [Figure],
}

/// The whole text.
pub fn text(shown: &Shown<'_>) -> String {
    let mut out: Vec<String> = Vec::new();
    for line in shown.about {
        wrapped(&mut out, "", "", line);
    }
    promises(shown, &mut out);
    work(shown.forecast, &mut out);
    if let Some(advice) = shown.advice {
        safe(shown, advice, &mut out);
    }
    if !shown.figures.is_empty() {
        figures(shown.figures, &mut out);
    }
    assumed(shown.assumptions, &mut out);
    out.push(String::new());
    out.join("\n")
}

/// Breaks a line at words: the first with one beginning, the others with another.
fn wrapped(out: &mut Vec<String>, first: &str, rest: &str, text: &str) {
    let mut line = first.to_owned();
    let mut empty = true;
    for word in text.split_whitespace() {
        let wide = line.chars().count() + word.chars().count() + usize::from(!empty);
        if !empty && wide > WIDTH {
            out.push(std::mem::replace(&mut line, rest.to_owned()));
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    out.push(line);
}

fn heading(out: &mut Vec<String>, text: &str) {
    out.push(String::new());
    out.push(text.to_owned());
}

fn promises(shown: &Shown<'_>, out: &mut Vec<String>) {
    let all = &shown.forecast.promises;
    heading(out, "The odds of keeping each promise");
    let mut any = false;
    for promise in all.iter().filter(|p| !p.candors_own) {
        one_promise(promise, shown.aim, out);
        any = true;
    }
    if !any {
        out.push(String::new());
        out.push("  The policy promises nothing that a date follows from.".to_owned());
    }
    if !shown.forecast.undated.is_empty() {
        heading(out, "Promised without a number, so without odds");
        for (words, lines) in &shown.forecast.undated {
            let place = lines
                .as_ref()
                .map_or_else(String::new, |l| format!(" ({l})"));
            wrapped(out, "  - ", "    ", &format!("{words}{place}"));
        }
    }
    if all.iter().any(|p| p.candors_own) {
        heading(
            out,
            "Candor's own defaults, where the policy is silent (no promises)",
        );
        for promise in all.iter().filter(|p| p.candors_own) {
            one_promise(promise, shown.aim, out);
        }
    }
}

fn one_promise(p: &PromiseForecast, aim: f64, out: &mut Vec<String>) {
    out.push(String::new());
    let odds = p.odds.map_or_else(|| "  no case".to_owned(), odds_words);
    let place = p
        .lines
        .as_ref()
        .map_or_else(String::new, |l| format!(", {l}"));
    wrapped(
        out,
        &format!("  {odds:>8}  "),
        "            ",
        &format!("{} ({}{place})", p.words, p.firmness),
    );
    let (Some(odds), Some((low, high))) = (p.odds, p.between) else {
        let none = "nothing fell due in this time; simulate more months";
        return wrapped(out, "            ", "            ", none);
    };
    out.push(format!(
        "            {}  {} to {}",
        bar(odds, aim),
        odds_words(low),
        odds_words(high)
    ));
    wrapped(out, "            ", "            ", &times(p));
    let misses = p.cases.saturating_sub(p.kept);
    if misses > 0 {
        let causes: Vec<String> = p
            .causes
            .iter()
            .map(|(cause, n)| (cause, (n * 100 + misses / 2) / misses.max(1)))
            .filter(|(_, percent)| *percent > 0)
            .take(3)
            .map(|(cause, percent)| format!("{} ({percent} %)", cause.words()))
            .collect();
        let words = format!("missed because of: {}", causes.join("; "));
        wrapped(out, "            ", "              ", &words);
    }
    if let Some(clean) = p.clean_runs.filter(|_| misses > 0) {
        let words = format!("runs without a single miss: {}", odds_words(clean));
        wrapped(out, "            ", "            ", &words);
    }
}

/// How long it took, beside the limit.
fn times(p: &PromiseForecast) -> String {
    let limit = p.limit.map_or_else(String::new, time_words);
    format!("{}; limit about {limit}; {} cases", took_words(p), p.cases)
}

/// Odds as a bar; the aim is a mark on it.
fn bar(odds: f64, aim: f64) -> String {
    let mut out = String::new();
    for n in 1..=BAR {
        let to = f64::from(n) / f64::from(BAR);
        let from = f64::from(n - 1) / f64::from(BAR);
        let is_aim = aim > from && aim <= to;
        out.push(match (odds + 1e-9 >= to, is_aim) {
            (_, true) => '|',
            (true, false) => '#',
            (false, false) => '.',
        });
    }
    out
}

fn work(forecast: &Forecast, out: &mut Vec<String>) {
    heading(out, "Work");
    let floods = if forecast.in_floods > 0.0 {
        format!(" ({:.1} of them in floods)", forecast.in_floods)
    } else {
        String::new()
    };
    let (before, after) = forecast.open;
    let busy = forecast.busy * 100.0;
    let words = format!(
        "{:.1} reports a run{floods}. The team used {busy:.0} % of its time for reports. Open \
         cases: {before:.1} at the beginning, {after:.1} at the end.",
        forecast.reports
    );
    wrapped(out, "  ", "  ", &words);
    if busy >= 90.0 && after > before + 2.0 {
        let words = "More comes in than the team can do: the desk grows without end, and the \
                     odds fall the longer it goes on.";
        wrapped(out, "  ", "  ", words);
    }
    if !forecast.refused.is_empty() {
        let words = format!(
            "The model does not fit this policy everywhere. A case refused: {}. These figures \
             are less sure.",
            forecast.refused.join(", ")
        );
        wrapped(out, "  ", "  ", &words);
    }
}

fn safe(shown: &Shown<'_>, advice: &[Advice], out: &mut Vec<String>) {
    heading(
        out,
        &format!("What would make it safe (aim: {})", odds_words(shown.aim)),
    );
    if advice.is_empty() {
        let open = shown.forecast.promises.iter().filter(|p| !p.candors_own);
        let words = if open.filter(|p| p.odds.is_some()).count() == 0 {
            "There was nothing to judge."
        } else {
            "Every promise reaches the aim."
        };
        out.push(format!("  {words}"));
        return;
    }
    for one in advice {
        out.push(String::new());
        wrapped(
            out,
            "  ",
            "  ",
            &format!("{} (now {})", one.words, odds_words(one.odds)),
        );
        for tried in &one.tried {
            let mark = if one.safe.as_ref() == Some(&tried.change) {
                "->"
            } else if tried.reaches {
                " +"
            } else {
                "  "
            };
            let odds = odds_words(tried.odds);
            wrapped(
                out,
                &format!("  {mark} {odds:>8}  "),
                "               ",
                &tried.change,
            );
        }
        if one.safe.is_none() {
            let words = "None of these reaches the aim alone. Fewer hours of work for each \
                         case, or a promise without this number, would.";
            wrapped(out, "     ", "     ", words);
        }
    }
    out.push(String::new());
    let words = "-> is the smallest change that reaches the aim. Each was simulated again with \
                 the same luck. The receipt that Candor sends by itself is no answer and is not \
                 counted as one.";
    wrapped(out, "  ", "  ", words);
}

fn figures(figures: &[Figure], out: &mut Vec<String>) {
    heading(out, "From the history");
    for f in figures {
        let rows = if f.rows == 1 { "row" } else { "rows" };
        let value = if f.used {
            f.value.clone()
        } else {
            format!("{}; the assumption stands", f.value)
        };
        let words = format!("{}: {value} ({} {rows})", f.name, f.rows);
        wrapped(out, "  - ", "    ", &words);
    }
}

fn assumed(all: &[Assumption], out: &mut Vec<String>) {
    for (source, title) in [
        (Source::You, "As you said"),
        (
            Source::Candor,
            "Candor's assumptions; change them with flags or a team file",
        ),
    ] {
        let own: Vec<&Assumption> = all.iter().filter(|a| a.source == source).collect();
        if own.is_empty() {
            continue;
        }
        heading(out, title);
        for a in own {
            wrapped(
                out,
                &format!("  {:<19}", a.name),
                "                     ",
                &a.value,
            );
        }
    }
}
