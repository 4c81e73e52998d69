//! The rule that counts forward, by walking.

use candor_calendar::{Mode, NonbusinessReceipt, Pause, Unit, Within};
use jiff::civil::Time;

use crate::days::Days;
use crate::wall::{DAY, months_away};

/// A pausable clock stands still for at most thirty days in all.
const CAP: i64 = 30 * DAY;

/// The second of the day of a wall time.
pub fn second(time: Time) -> i64 {
    i64::from(time.hour()) * 3_600 + i64::from(time.minute()) * 60 + i64::from(time.second())
}

/// Begin and end of the working window, in seconds of the day.
pub fn window(rule: &Within) -> (i64, i64) {
    let (from, to) = rule
        .hours
        .map_or((9 * 3_600, 17 * 3_600), |(f, t)| (second(f), second(t)));
    (from, if to == 0 { DAY } else { to })
}

/// Somebody who walks through time from the anchor and counts how long it waits.
struct Walker<'a> {
    days: &'a Days<'a>,
    rule: &'a Within,
    pauses: &'a [Pause],
    now: i64,
    waited: i64,
    /// The day looked at last, and whether people work on it.
    today: (i64, bool),
}

impl Walker<'_> {
    fn in_pause(&self) -> bool {
        self.rule.pausable
            && self
                .pauses
                .iter()
                .any(|p| p.from.unix() <= self.now && p.until.is_none_or(|u| self.now < u.unix()))
    }

    fn waits(&self) -> bool {
        self.waited < CAP && self.in_pause()
    }

    /// Whether the clock may run now, waiting aside.
    fn open(&mut self) -> bool {
        if matches!(self.rule.unit, Unit::Hour | Unit::CalendarDay | Unit::Month) {
            return true;
        }
        let local = self.days.wall.local(self.now);
        let day = local.div_euclid(DAY);
        if self.today.0 != day {
            self.today = (day, self.days.works(day));
        }
        let (from, to) = if self.rule.unit == Unit::BusinessHour {
            window(self.rule)
        } else {
            (0, DAY)
        };
        let time = local.rem_euclid(DAY);
        self.today.1 && from <= time && time < to
    }

    /// The longest step in which nothing changes; a second in the end. No zone that is
    /// drawn changes its clocks or begins a day off a quarter of an hour.
    fn step(&self, room: i64) -> i64 {
        let steps: &[i64] = match self.rule.unit {
            Unit::BusinessDay | Unit::BusinessHour => &[900, 60],
            Unit::Hour | Unit::CalendarDay | Unit::Month => &[DAY, 3_600, 900, 60],
        };
        let fits = |step: i64| {
            let inside = |at: i64| self.now < at && at < self.now + step;
            let cut = self.rule.pausable
                && self
                    .pauses
                    .iter()
                    .any(|p| inside(p.from.unix()) || p.until.is_some_and(|u| inside(u.unix())));
            let whole = self.now.rem_euclid(step) == 0 && step <= room;
            let capped = self.waited == CAP || step <= CAP - self.waited;
            whole && capped && !cut
        };
        steps.iter().copied().find(|s| fits(*s)).unwrap_or(1)
    }

    /// Walks until so many seconds have run.
    fn run(&mut self, seconds: i64) -> i64 {
        let mut left = seconds;
        while left > 0 {
            let step = self.step(left);
            if self.waits() {
                self.waited += step;
            } else if self.open() {
                left -= step;
            }
            self.now += step;
        }
        self.now
    }

    /// Walks to a moment.
    fn go_to(&mut self, moment: i64) {
        while self.now < moment {
            let step = self.step(moment - self.now);
            if self.waits() {
                self.waited += step;
            }
            self.now += step;
        }
    }

    /// Walks day by day until so many ends of days have counted.
    fn count(&mut self, first: i64, amount: i64, business: bool) -> i64 {
        let mut day = first;
        let mut left = amount;
        while left > 0 {
            day += 1;
            if self.rule.pausable && !self.pauses.is_empty() {
                self.go_to(self.days.wall.end_of(day));
            }
            if (!business || self.days.works(day)) && !self.waits() {
                left -= 1;
            }
        }
        self.days.wall.end_of(day)
    }
}

/// When a rule falls due, in seconds since 1970.
pub fn due(rule: &Within, anchor: i64, days: &Days<'_>, pauses: &[Pause]) -> i64 {
    let mut walker = Walker {
        days,
        rule,
        pauses,
        now: anchor,
        waited: 0,
        today: (i64::MIN, false),
    };
    let wall = days.wall;
    let amount = i64::from(rule.amount);
    let start = wall.date(anchor);
    match (rule.unit, rule.mode) {
        (Unit::Hour | Unit::BusinessHour, Mode::Elapsed) => walker.run(amount * 3_600),
        (Unit::CalendarDay | Unit::BusinessDay, Mode::Elapsed) => walker.run(amount * DAY),
        (Unit::Hour | Unit::BusinessHour, Mode::EndOfDay) => {
            let exact = walker.run(amount * 3_600);
            wall.end_of(wall.date(exact))
        }
        (Unit::CalendarDay, Mode::EndOfDay) => {
            walker.count(day_zero(rule, anchor, days), amount, false)
        }
        (Unit::BusinessDay, Mode::EndOfDay) => {
            walker.count(day_zero(rule, anchor, days), amount, true)
        }
        (Unit::Month, Mode::Elapsed) if amount == 0 => anchor,
        (Unit::Month, Mode::Elapsed) => {
            let target = wall.at(months_away(start, amount), wall.time(anchor));
            walker.run((target - anchor).max(0))
        }
        (Unit::Month, Mode::EndOfDay) => {
            let target = months_away(start, amount);
            walker.count(start, target - start, false)
        }
    }
}

fn day_zero(rule: &Within, anchor: i64, days: &Days<'_>) -> i64 {
    let day = days.wall.date(anchor);
    let late = rule
        .cutoff
        .is_some_and(|c| days.wall.time(anchor) >= second(c));
    match (days.works(day), rule.nonbusiness) {
        (true, _) if late => days.next(day),
        (false, NonbusinessReceipt::DeemReceivedNext) => days.next(day),
        _ => day,
    }
}
