//! How promises were kept, from read rows.
//!
//! Invariants: only cases count that nobody can be surprised by: those with a
//! published advisory, and those closed in an earlier month. An open case moves no
//! number, so that the page does not tell that a report came in (asset A3), and the
//! closing of one is told only with all others of its month. Only promises of the
//! policy count, never Candor's own rhythms; an open promise past its due counts as
//! missed; nothing is published about fewer than five reports, and no median of
//! fewer than five (section 9).

use std::collections::BTreeMap;

use candor_access::build::words;
use candor_access::view::{StatLine, StatisticsView};
use candor_advisory::AdvisoryId;
use candor_base::Instant;
use candor_calendar::WorkCalendar;
use candor_policy::model::Milestone;
use candor_policy::{act_words, milestone_words};
use candor_ports::{CaseRow, ClockRow, Publication};

use crate::app::{App, program_card};
use crate::input::ActError;
use crate::times;

/// Fewer would let a reader guess whose case it was.
const FEWEST: usize = 5;
/// What counts, in words.
const PERIOD: &str = "Reports with a published advisory, and reports closed before this month";

#[derive(Debug, Default)]
struct Tally {
    kept: u32,
    missed: u32,
    running: u32,
    times: Vec<i64>,
}

impl App {
    /// The statistics page.
    pub fn statistics(&self, slug: &str) -> Result<StatisticsView, ActError> {
        let (slug, in_force) = self.known_program(slug)?;
        let calendar = in_force.policy.calendar();
        let now = self.now();
        let published = self.store().publications(&slug)?;
        let mut rows = self.store().rows(&slug)?;
        rows.retain(|row| counts(row, &published, now, &calendar));
        let program = program_card(&slug, &in_force);
        if rows.len() < FEWEST {
            return Ok(StatisticsView {
                program,
                lines: Vec::new(),
                withheld: Some(
                    "Numbers are shown once at least five reports are published or closed; fewer \
                     would tell too much about each."
                        .to_owned(),
                ),
                period: PERIOD.to_owned(),
            });
        }
        Ok(StatisticsView {
            program,
            lines: lines(&rows, now),
            withheld: None,
            period: PERIOD.to_owned(),
        })
    }
}

/// Whether the numbers of a case may be told.
fn counts(row: &CaseRow, published: &[Publication], now: Instant, calendar: &WorkCalendar) -> bool {
    let is_published = published.iter().any(|p| {
        let year = times::year(p.published, calendar);
        AdvisoryId::of_case(&row.reference, year).as_str() == p.id
    });
    let month = |at: Instant| {
        calendar
            .local_date(at)
            .to_string()
            .chars()
            .take(7)
            .collect::<String>()
    };
    is_published || row.closed && month(row.changed) < month(now)
}

fn lines(rows: &[CaseRow], now: Instant) -> Vec<StatLine> {
    let mut tallies: BTreeMap<(Milestone, &'static str), Tally> = BTreeMap::new();
    for clock in rows.iter().flat_map(|r| &r.clocks).filter(|c| c.promise) {
        let words = match clock.met_by {
            Some(met_by) => act_words(clock.milestone, met_by),
            None => milestone_words(clock.milestone),
        };
        let tally = tallies.entry((clock.milestone, words)).or_default();
        tally.add(clock, now);
    }
    tallies
        .into_iter()
        .map(|((_, what), tally)| StatLine {
            what: what.to_owned(),
            kept: tally.kept,
            missed: tally.missed,
            running: tally.running,
            median: median(tally.times).map(words::duration),
        })
        .collect()
}

impl Tally {
    fn add(&mut self, clock: &ClockRow, now: Instant) {
        let (kept, missed) = clock.periods;
        self.kept = self.kept.saturating_add(kept);
        self.missed = self.missed.saturating_add(missed);
        let counted = kept > 0 || missed > 0;
        let past = clock.open && clock.due.is_some_and(|due| due < now);
        if clock.open && !past && !clock.missed || counted && clock.open {
            self.running = self.running.saturating_add(1);
        } else if !counted && (clock.missed || past) {
            self.missed = self.missed.saturating_add(1);
        } else if !counted && clock.met.is_some() {
            self.kept = self.kept.saturating_add(1);
        }
        if let (Some(met), false) = (clock.met, counted) {
            self.times.push(met.seconds_since(clock.anchor));
        }
    }
}

/// The middle of at least five.
fn median(mut times: Vec<i64>) -> Option<i64> {
    if times.len() < FEWEST {
        return None;
    }
    times.sort_unstable();
    let middle = times.len() / 2;
    let upper = *times.get(middle)?;
    if times.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *times.get(middle.checked_sub(1)?)?;
    Some(i64::midpoint(lower, upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(
        due: i64,
        met: Option<i64>,
        open: bool,
        missed: bool,
        periods: (u32, u32),
    ) -> ClockRow {
        let at = |s: i64| Instant::from_unix(s).unwrap();
        ClockRow {
            key: "promise-1".to_owned(),
            milestone: Milestone::Acknowledgement,
            met_by: None,
            promise: true,
            anchor: at(0),
            due: Some(at(due)),
            met: met.map(at),
            open,
            missed,
            periods,
            moves: 0,
        }
    }

    #[test]
    fn open_promises_past_their_due_are_missed() {
        let now = Instant::from_unix(1_000).unwrap();
        let mut tally = Tally::default();
        for c in [
            clock(100, Some(50), false, false, (0, 0)),
            clock(100, Some(150), false, true, (0, 0)),
            clock(900, None, true, false, (0, 0)),
            clock(2_000, None, true, false, (0, 0)),
            clock(900, None, true, true, (0, 0)),
            clock(2_000, None, true, true, (3, 1)),
            clock(900, None, false, false, (0, 0)),
        ] {
            tally.add(&c, now);
        }
        assert_eq!((tally.kept, tally.missed, tally.running), (1 + 3, 3 + 1, 2));
        assert_eq!(tally.times, [50, 150]);
    }

    fn row(changed: &str, closed: bool) -> CaseRow {
        let changed: Instant = changed.parse().unwrap();
        CaseRow {
            case: candor_base::CaseId::from_bytes([1; 16]),
            reference: "TDX-7K3F-9QMA".parse().unwrap(),
            title: String::new(),
            stage: candor_case::Stage::Received,
            severity: None,
            reporter_severity: None,
            impact_rank: 255,
            received: changed,
            changed,
            waiting_on: candor_case::WaitingOn::Team,
            lead: None,
            next_due: None,
            next_milestone: None,
            next_met_by: None,
            overdue: 0,
            closed,
            public: false,
            attacked: false,
            mail_failed: false,
            clocks: Vec::new(),
            dates: Vec::new(),
        }
    }

    #[test]
    fn open_cases_do_not_count_published_ones_do_and_closed_ones_once_their_month_is_over() {
        let now: Instant = "2026-11-22T12:00:00Z".parse().unwrap();
        let calendar = WorkCalendar::default();
        let counted = |row: &CaseRow, p: &[Publication]| counts(row, p, now, &calendar);
        assert!(!counted(&row("2026-09-01T00:00:00Z", false), &[]));
        assert!(!counted(&row("2026-11-02T12:00:00Z", true), &[]));
        assert!(counted(&row("2026-10-30T12:00:00Z", true), &[]));
        let open = row("2026-11-20T12:00:00Z", false);
        let publication = |year| Publication {
            id: AdvisoryId::of_case(&open.reference, year)
                .as_str()
                .to_owned(),
            published: now,
            updated: now,
            advisory: String::new(),
            csaf: String::new(),
            csaf_name: String::new(),
        };
        assert!(counted(&open, &[publication(2026)]));
        assert!(!counted(&open, &[publication(2025)]));
    }

    #[test]
    fn a_median_needs_five() {
        assert_eq!(median(vec![1, 2, 3, 4]), None);
        assert_eq!(median(vec![5, 1, 4, 2, 3]), Some(3));
        assert_eq!(median(vec![6, 5, 1, 4, 2, 3]), Some(3));
    }
}
