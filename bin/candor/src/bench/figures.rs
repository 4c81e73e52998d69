//! The figures of a run, as a table and as JSON.
//!
//! Invariant: a figure that was not measured is none; nothing stands for it.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::load::Load;
use crate::say;

/// One figure.
#[derive(Debug, Clone)]
pub(crate) struct Figure {
    /// Its name in JSON.
    pub key: String,
    /// What it is, for people.
    pub what: String,
    /// The figure; none when it could not be measured.
    pub value: Option<f64>,
    /// What it counts.
    pub unit: &'static str,
}

/// All figures of a run.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    all: Vec<Figure>,
    /// What went wrong on the way.
    pub notes: Vec<String>,
}

impl Figures {
    /// Adds one.
    pub(crate) fn add(
        &mut self,
        key: impl Into<String>,
        what: impl Into<String>,
        value: Option<f64>,
        unit: &'static str,
    ) {
        self.all.push(Figure {
            key: key.into(),
            what: what.into(),
            value,
            unit,
        });
    }

    /// Adds how many were answered in a second, and says so when some were not.
    pub(crate) fn add_rate(&mut self, key: &str, what: &str, load: &Load) {
        let value = (!load.times.is_empty()).then(|| load.per_second());
        self.add(key, what, value, "/s");
        if let Some(why) = &load.first_wrong {
            self.notes.push(format!(
                "{what}: {} requests failed and do not count; the first: {why}",
                load.wrong
            ));
        }
    }

    /// Adds the time within which so many of a hundred were answered.
    pub(crate) fn add_percentile(&mut self, key: &str, what: &str, load: &Load, percent: usize) {
        let value = load.percentile(percent).map(|t| t.as_secs_f64() * 1_000.0);
        self.add(key, what, value, "ms");
    }

    /// Adds the time of a server's processors for each answer.
    pub(crate) fn add_work(&mut self, key: &str, what: &str, load: &Load, work: Option<Duration>) {
        let done = u32::try_from(load.times.len()).ok().filter(|n| *n > 0);
        let each = work
            .zip(done)
            .map(|(w, n)| w.as_secs_f64() * 1e6 / f64::from(n));
        self.add(key, what, each, "µs");
    }

    /// One object with every figure under its key.
    pub(crate) fn json(&self) -> Value {
        let mut out = Map::new();
        for figure in &self.all {
            out.insert(figure.key.clone(), json!(figure.value.map(rounded)));
        }
        if !self.notes.is_empty() {
            out.insert("notes".to_owned(), json!(self.notes));
        }
        Value::Object(out)
    }

    /// A line for each figure.
    pub(crate) fn print(&self) {
        let width = self.all.iter().map(|f| f.what.chars().count()).max();
        for figure in &self.all {
            let value = figure.value.map_or("not measured".to_owned(), |value| {
                format!("{:>10} {}", grouped(value), figure.unit)
            });
            let gap = width
                .unwrap_or(0)
                .saturating_sub(figure.what.chars().count());
            say::line(&format!("{}{}  {value}", figure.what, " ".repeat(gap)));
        }
        for note in &self.notes {
            say::line(&format!("! {note}"));
        }
    }
}

fn rounded(value: f64) -> f64 {
    let digits = if value.abs() < 100.0 { 100.0 } else { 1.0 };
    (value * digits).round() / digits
}

/// `12,345` or `4.56`.
fn grouped(value: f64) -> String {
    if value.abs() < 100.0 {
        return format!("{value:.2}");
    }
    let digits = format!("{value:.0}");
    let mut out = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_measured_is_none() {
        let mut figures = Figures::default();
        figures.add("a_per_s", "a", Some(1_234.567), "/s");
        figures.add("b_ms", "b", None, "ms");
        figures.add_rate("c_per_s", "c", &Load::default());
        figures.add_work("d_us", "d", &Load::default(), Some(Duration::from_secs(1)));
        let expected = json!({"a_per_s": 1_235.0, "b_ms": null, "c_per_s": null, "d_us": null});
        assert_eq!(figures.json(), expected);
    }

    #[test]
    fn figures_are_written_as_people_read_them() {
        assert_eq!(grouped(1_234_567.8), "1,234,568");
        assert_eq!(grouped(999.6), "1,000");
        assert_eq!(grouped(4.555), "4.55");
        assert!((rounded(4.555_9) - 4.56).abs() < 1e-9);
    }
}
