//! Promises: none missed in silence, none fired twice, warned where time allowed, and
//! told to the next in line until somebody answers.

use candor_base::Instant;
use candor_case::{CaseClock, CaseState, ClockStatus, Event, Recorded, WaitingOn};
use candor_policy::clocks::{ClockRule, MetBy};

use super::{Fired, Law, Watch, law};

const HOUR: i64 = 3_600;
const WEEK: i64 = 7 * 24 * HOUR;
/// A clock stands still so long at most, in seconds.
const MOST_PAUSED: i64 = 30 * 24 * HOUR;

impl Watch {
    /// Each warning and each miss of one due instant once, and none before its time.
    pub(super) fn fired_once(&mut self, before: &CaseState, recorded: &Recorded) -> Law {
        let at = recorded.at;
        match &recorded.event {
            Event::ClockStarted { spec, .. } => {
                self.fired.insert(spec.key.clone(), Fired::default());
            }
            Event::ClockMoved { clock, .. } | Event::ClockRecounted { clock, .. } => {
                self.fired.insert(clock.clone(), Fired::default());
            }
            Event::ClockWarned { clock, percent } => {
                let found = before.clocks.get(clock).ok_or("a warning of no clock")?;
                law(
                    found.status == ClockStatus::Running,
                    "warned of what does not run",
                )?;
                let (half, most) = self.warns_at(found).ok_or("warned without a date")?;
                let from = if *percent >= 80 { most } else { half };
                law(from <= at, "warned too early")?;
                let fired = self.fired.entry(clock.clone()).or_default();
                law(fired.warned.insert(*percent), "warned twice")?;
            }
            Event::ClockReopened { clock } => {
                let found = before.clocks.get(clock).ok_or("reopened no clock")?;
                let (ClockStatus::Met { at: met } | ClockStatus::MetLate { at: met, .. }) =
                    found.status
                else {
                    return Err("reopened what was not met".to_owned());
                };
                law(
                    before.unreached.contains(&met),
                    "reopened, although the reporter was reached",
                )?;
            }
            Event::ClockMissed { clock, due } => {
                let found = before.clocks.get(clock).ok_or("a miss of no clock")?;
                law(
                    found.due == Some(*due),
                    "missed at another time than it was due",
                )?;
                law(at > *due, "missed before it was due")?;
                law(!kept(before, found, *due), "missed, although it was kept")?;
                let fired = self.fired.entry(clock.clone()).or_default();
                law(!fired.missed, "missed twice")?;
                fired.missed = true;
                self.missed += 1;
                self.misses.push((at, clock.clone(), *due));
            }
            _ => {}
        }
        Ok(())
    }

    /// After a look at the clock: nothing that is overdue still counts as running,
    /// whoever had to be warned was, and every open alarm climbed.
    pub fn looked(&mut self, now: Instant) -> Law {
        let Some(case) = self.shadow.clone() else {
            return Ok(());
        };
        if now < case.changed {
            // The clock was set back: nothing is due before it has caught up.
            return Ok(());
        }
        for clock in case.clocks.values() {
            if clock.status == ClockStatus::Running {
                self.running(clock, now)?;
            }
            alarm(&case, clock, now)?;
        }
        let stages = case.regulators.records.values();
        for clock in stages.flat_map(|r| r.stages.values()) {
            let overdue = clock.is_open() && clock.due.is_some_and(|d| d < now);
            law(
                clock.missed || !overdue,
                "a regulator's date passed in silence",
            )?;
        }
        for signal in &case.regulators.signals {
            let overdue = signal.is_open() && signal.due < now;
            law(signal.missed || !overdue, "a sign was left in silence")?;
        }
        Ok(())
    }

    fn running(&mut self, clock: &CaseClock, now: Instant) -> Law {
        law(
            clock.due.is_none_or(|d| now <= d),
            "a promise was missed in silence",
        )?;
        let Some((half, most)) = self.warns_at(clock) else {
            return Ok(());
        };
        law(now < most || clock.warned_most, "nobody was warned at 80 %")?;
        law(now < half || clock.warned_half, "nobody was warned at 50 %")
    }

    /// When a clock is warned of, by the judge.
    fn warns_at(&mut self, clock: &CaseClock) -> Option<(Instant, Instant)> {
        let key = (clock.spec.key.clone(), clock.anchor, clock.due?);
        if let Some(known) = self.warns.get(&key) {
            return Some(*known);
        }
        let found = self
            .judge
            .warnings(&clock.spec.rule, clock.anchor, clock.due?);
        self.warns.insert(key, found);
        Some(found)
    }
}

/// A first answer that came in time keeps its promise, whatever is recorded later; one whose
/// letter came back, and that the reporter has not come by to read, is none.
fn kept(case: &CaseState, clock: &CaseClock, due: Instant) -> bool {
    let once = !matches!(clock.spec.rule, ClockRule::Recurring { .. });
    let first = clock.spec.met_by == MetBy::HumanMessage && case.episode == 1;
    once && first
        && case
            .acknowledged
            .is_some_and(|at| at <= due && !case.unreached.contains(&at))
}

/// While a case waits for the reporter no pausable clock runs, until it stood still for
/// thirty days in all.
pub(super) fn pauses(case: &CaseState) -> Law {
    let waits = case.waiting_on == WaitingOn::Reporter;
    for clock in case.clocks.values() {
        let (ClockRule::Within { rule } | ClockRule::Recurring { rule }) = &clock.spec.rule else {
            continue;
        };
        let stood: i64 = clock
            .pauses
            .iter()
            .filter_map(|p| Some(p.until?.seconds_since(p.from.max(clock.anchor)).max(0)))
            .sum();
        let runs = rule.pausable && clock.status == ClockStatus::Running;
        law(
            !(waits && runs && stood < MOST_PAUSED),
            "a clock runs while the case waits for the reporter",
        )?;
    }
    Ok(())
}

/// How often somebody in line has been called by now, at least.
const fn rounds(since_seconds: i64) -> i64 {
    match since_seconds {
        s if s < HOUR => 0,
        s if s < 4 * HOUR => 1,
        s if s < 12 * HOUR => 2,
        s if s < 24 * HOUR => 3,
        s => 4 + (s - 24 * HOUR) / WEEK,
    }
}

fn alarm(case: &CaseState, clock: &CaseClock, now: Instant) -> Law {
    let gone = case.closed.is_some()
        || case.withdrawn.is_some()
        || case.rejection.is_some()
        || case.duplicate_of.is_some()
        || case.fix_released.is_some()
        || (clock.spec.severity.is_some() && clock.spec.severity != case.severity());
    if clock.status != ClockStatus::Missed || !clock.spec.is_promise() || gone {
        return Ok(());
    }
    let alarm = clock.alarm.as_ref().ok_or("a miss set off no alarm")?;
    if alarm.seen.is_some() {
        return Ok(());
    }
    let called = rounds(now.seconds_since(alarm.since));
    law(
        i64::from(alarm.told) >= called,
        "nobody in line was called about a miss",
    )
}
