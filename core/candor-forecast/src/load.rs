//! What comes in, what it is, and how much work it makes.
//!
//! Invariant: every default is an assumption of Candor's and is listed as one by
//! [`crate::assumptions`]; shares lie between 0 and 1.

use candor_policy::model::Severity;
use serde::{Deserialize, Serialize};

/// The reports that come in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Load {
    /// Reports in an average month, outside of floods. They come at any hour.
    pub reports_a_month: f64,
    /// Share that turns out to be no vulnerability.
    pub junk: f64,
    /// Share that is a duplicate of an older one.
    pub duplicates: f64,
    /// Share of the others that lacks something the team must ask for.
    pub incomplete: f64,
    /// Days until a reporter answers a question, on average.
    pub answer_days: f64,
    /// Share of questions that are never answered.
    pub never_answered: f64,
    /// Weights of the severities of real vulnerabilities.
    pub severity: BySeverity,
    /// Floods in an average year: a wave of reports after a talk, a tool or a news item.
    pub floods_a_year: f64,
    /// Reports in a flood, on average, beside the usual ones.
    pub flood_size: u32,
    /// Days over which a flood comes in.
    pub flood_days: u32,
    /// Share of junk in a flood.
    pub flood_junk: f64,
}

impl Default for Load {
    fn default() -> Self {
        Self {
            reports_a_month: 4.0,
            junk: 0.3,
            duplicates: 0.1,
            incomplete: 0.2,
            answer_days: 3.0,
            never_answered: 0.2,
            severity: BySeverity {
                low: 0.3,
                medium: 0.45,
                high: 0.2,
                critical: 0.05,
            },
            floods_a_year: 1.0,
            flood_size: 10,
            flood_days: 2,
            flood_junk: 0.7,
        }
    }
}

impl Load {
    /// What is wrong with it, in words; empty when it can be simulated.
    pub fn problems(&self) -> Vec<String> {
        let mut out = Vec::new();
        if !(0.0..=2_000.0).contains(&self.reports_a_month) {
            out.push("Reports a month: between 0 and 2000.".to_owned());
        }
        for (name, share) in [
            ("junk", self.junk),
            ("duplicates", self.duplicates),
            ("junk and duplicates together", self.junk + self.duplicates),
            ("incomplete", self.incomplete),
            ("never_answered", self.never_answered),
            ("flood_junk", self.flood_junk),
        ] {
            if !(0.0..=1.0).contains(&share) {
                out.push(format!("{name}: a share lies between 0 and 1."));
            }
        }
        if !(0.0..=365.0).contains(&self.answer_days) {
            out.push("answer_days: between 0 and 365.".to_owned());
        }
        if !(0.0..=52.0).contains(&self.floods_a_year) {
            out.push("floods_a_year: between 0 and 52.".to_owned());
        }
        if self.flood_size > 1_000 || !(1..=60).contains(&self.flood_days) {
            out.push("flood_size: at most 1000; flood_days: 1 to 60.".to_owned());
        }
        let all = self.severity.each();
        let weights = all.iter().all(|(_, w)| (0.0..=1e9).contains(w));
        if !weights || all.iter().map(|(_, w)| w).sum::<f64>() <= 0.0 {
            out.push("severity: weights from 0 on, at least one above 0.".to_owned());
        }
        out
    }
}

/// A number for each severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BySeverity {
    /// Low.
    pub low: f64,
    /// Medium.
    pub medium: f64,
    /// High.
    pub high: f64,
    /// Critical.
    pub critical: f64,
}

impl BySeverity {
    /// The number of one severity.
    pub fn of(&self, severity: Severity) -> f64 {
        match severity {
            Severity::Low => self.low,
            Severity::Medium => self.medium,
            Severity::High => self.high,
            Severity::Critical => self.critical,
        }
    }

    /// The number of one severity, to be changed.
    pub(crate) fn of_mut(&mut self, severity: Severity) -> &mut f64 {
        match severity {
            Severity::Low => &mut self.low,
            Severity::Medium => &mut self.medium,
            Severity::High => &mut self.high,
            Severity::Critical => &mut self.critical,
        }
    }

    /// All of them, the lightest first.
    pub fn each(&self) -> [(Severity, f64); 4] {
        [
            (Severity::Low, self.low),
            (Severity::Medium, self.medium),
            (Severity::High, self.high),
            (Severity::Critical, self.critical),
        ]
    }
}

/// Hours of work for each act: the middle; each case takes more or less.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Effort {
    /// Reading a new report and answering its reporter.
    pub first_look: f64,
    /// Writing a plan, where the policy promises one.
    pub plan: f64,
    /// Reproducing and judging a report.
    pub assessment: f64,
    /// Making and reviewing the fix.
    pub fix: BySeverity,
    /// Release, advisory and telling people.
    pub release: f64,
    /// Each further supported branch.
    pub backport: f64,
    /// A status message.
    pub status: f64,
    /// Releases come every so many days; 0 means as soon as a fix is ready.
    pub release_every_days: u32,
    /// High and critical fixes do not wait for the rhythm of releases.
    pub urgent_out_of_rhythm: bool,
}

impl Default for Effort {
    fn default() -> Self {
        Self {
            first_look: 0.5,
            plan: 0.5,
            assessment: 3.0,
            fix: BySeverity {
                low: 6.0,
                medium: 10.0,
                high: 16.0,
                critical: 16.0,
            },
            release: 3.0,
            backport: 1.0,
            status: 0.25,
            release_every_days: 0,
            urgent_out_of_rhythm: true,
        }
    }
}

impl Effort {
    /// What is wrong with it, in words; empty when it can be simulated.
    pub fn problems(&self) -> Vec<String> {
        let mut out = Vec::new();
        let one_offs = [
            ("first_look", self.first_look),
            ("plan", self.plan),
            ("assessment", self.assessment),
            ("release", self.release),
            ("backport", self.backport),
            ("status", self.status),
        ];
        let fixes = self.fix.each();
        let hours = one_offs.iter().map(|(n, h)| (*n, *h));
        for (name, hours) in hours.chain(fixes.iter().map(|(_, h)| ("fix", *h))) {
            if !(0.0..=2_000.0).contains(&hours) {
                out.push(format!("{name}: between 0 and 2000 hours of work."));
            }
        }
        if self.release_every_days > 730 {
            out.push("release_every_days: at most 730.".to_owned());
        }
        out
    }
}
