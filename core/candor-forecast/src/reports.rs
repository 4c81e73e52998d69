//! The reports of one run: when they come, what they are, how much work they make.
//!
//! Invariants: every report has a stream of luck of its own, so that the hundredth
//! report is the same whatever became of the others; they are in order of arrival.

use candor_base::Instant;
use candor_policy::model::Severity;

use crate::dice::{Dice, For};
use crate::num::{count, float, whole};
use crate::scenario::{DAY, MONTH, World};

/// What a report turns out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// No vulnerability.
    Junk,
    /// Known already.
    Duplicate,
    /// A vulnerability.
    Valid,
}

/// Whether the team must ask for something, and what comes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// The report is complete.
    Nothing,
    /// The answer comes after so many seconds.
    Answered(i64),
    /// No answer ever.
    Never,
}

/// One report, with the work it will make. Times are seconds of work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// When it comes in.
    pub at: Instant,
    /// What it is.
    pub kind: Kind,
    /// Its severity, if it is a vulnerability.
    pub severity: Severity,
    /// Whether it lacks something.
    pub asks: Asks,
    /// Part of a flood.
    pub flood: bool,
    /// Reading and answering.
    pub first_look: i64,
    /// A plan.
    pub plan: i64,
    /// Judging.
    pub assessment: i64,
    /// Fixing.
    pub fix: i64,
    /// Releasing, with the advisory and all branches.
    pub release: i64,
    /// Each status message.
    pub status: i64,
}

impl World<'_> {
    /// What comes in during one run.
    pub fn reports(&self, run: u64) -> Vec<Report> {
        let load = &self.scenario.load;
        let seed = self.scenario.seed;
        let mut reports = Vec::new();
        if load.reports_a_month > 0.0 {
            let mut dice = Dice::named(seed, run, For::Arrivals, 0);
            let mean = float(u64::try_from(MONTH).unwrap_or(0)) / load.reports_a_month;
            let mut at = self.begin.plus_seconds(whole(dice.wait(mean)));
            while at <= self.until {
                let mut own = Dice::named(seed, run, For::Report, count(reports.len()));
                reports.push(self.report(at, false, &mut own));
                at = at.plus_seconds(whole(dice.wait(mean)).max(1));
            }
        }
        self.floods(run, &mut reports);
        reports.sort_by_key(|r| r.at);
        reports
    }

    fn floods(&self, run: u64, reports: &mut Vec<Report>) {
        let load = &self.scenario.load;
        let seed = self.scenario.seed;
        if load.floods_a_year <= 0.0 || load.flood_size == 0 {
            return;
        }
        let mean = float(u64::try_from(12 * MONTH).unwrap_or(0)) / load.floods_a_year;
        let mut dice = Dice::named(seed, run, For::Floods, 0);
        let mut at = self.begin.plus_seconds(whole(dice.wait(mean)));
        let mut number = 0;
        while at <= self.until {
            // Between half and one and a half of the average.
            let size = f64::from(load.flood_size) * (0.5 + dice.unit());
            let long = i64::from(load.flood_days) * DAY;
            for _ in 0..whole(size) {
                let mut own = Dice::named(seed, run, For::FloodReport, number);
                number += 1;
                let later = whole(own.unit() * float(u64::try_from(long).unwrap_or(0)));
                let when = at.plus_seconds(later);
                if when <= self.until {
                    reports.push(self.report(when, true, &mut own));
                }
            }
            at = at.plus_seconds(whole(dice.wait(mean)).max(1));
        }
    }

    /// Draws everything in a fixed order, whether it is needed or not.
    fn report(&self, at: Instant, flood: bool, dice: &mut Dice) -> Report {
        let load = &self.scenario.load;
        let effort = &self.scenario.effort;
        let junk = if flood { load.flood_junk } else { load.junk };
        let drawn = dice.unit();
        let kind = if drawn < junk {
            Kind::Junk
        } else if drawn < junk + load.duplicates {
            Kind::Duplicate
        } else {
            Kind::Valid
        };
        let severity = self.severity(dice);
        let incomplete = dice.chance(load.incomplete) && kind == Kind::Valid;
        let never = dice.chance(load.never_answered);
        let answer = whole(dice.wait(load.answer_days * 86_400.0)).clamp(60, 29 * DAY);
        let asks = match (incomplete, never) {
            (false, _) => Asks::Nothing,
            (true, true) => Asks::Never,
            (true, false) => Asks::Answered(answer),
        };
        // What is no news takes half as long to judge.
        let judging = if kind == Kind::Valid { 1.0 } else { 0.5 };
        let further = float(count(self.branches.len().saturating_sub(1)));
        let mut hours = |median: f64| World::work(dice.around(median));
        Report {
            at,
            kind,
            severity,
            asks,
            flood,
            first_look: hours(effort.first_look),
            plan: hours(effort.plan),
            assessment: hours(effort.assessment * judging),
            fix: hours(effort.fix.of(severity)),
            release: hours(effort.release + effort.backport * further),
            status: World::work(effort.status),
        }
    }

    fn severity(&self, dice: &mut Dice) -> Severity {
        let each = self.scenario.load.severity.each();
        let all: f64 = each.iter().map(|(_, w)| w).sum();
        let mut left = dice.unit() * all;
        for (severity, weight) in each {
            if left < weight {
                return severity;
            }
            left -= weight;
        }
        Severity::Medium
    }
}
