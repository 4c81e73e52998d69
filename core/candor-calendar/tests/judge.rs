//! The judge: a second implementation that is slow and plain. It walks minute by
//! minute and asks of each minute whether it counts. Both must agree.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use candor_base::Instant;
use candor_calendar::{
    Mode, NonbusinessReceipt, Pause, Unit, Within, WorkCalendar, Workweek, due, recurring, warn_at,
    warn_on_duty,
};
use jiff::civil::{Date, Time};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;

const ZONES: [&str; 13] = [
    "UTC",
    "Europe/Oslo",
    "America/New_York",
    "America/Santiago",
    "Africa/Cairo",
    "Asia/Kolkata",
    "Asia/Beirut",
    "Pacific/Apia",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Chatham",
    "America/Nuuk",
    "Atlantic/Azores",
];

/// What the judge sees: the zone as the time library gives it, nothing of ours but the lists.
struct Judge<'a> {
    zone: TimeZone,
    calendar: &'a WorkCalendar,
    rule: &'a Within,
    pauses: &'a [Pause],
}

impl Judge<'_> {
    fn date(&self, unix: i64) -> Date {
        self.zone
            .to_datetime(Timestamp::from_second(unix).unwrap())
            .date()
    }

    fn time(&self, unix: i64) -> Time {
        self.zone
            .to_datetime(Timestamp::from_second(unix).unwrap())
            .time()
    }

    fn works(&self, date: Date) -> bool {
        let day = date.weekday().to_monday_one_offset().unsigned_abs();
        if self.calendar.holidays.iter().any(|h| *h == date) {
            return false;
        }
        self.calendar.workweek.iso_days().contains(&day)
            || self.calendar.working_days.iter().any(|w| *w == date)
    }

    fn waits(&self, unix: i64) -> bool {
        self.rule.pausable
            && self
                .pauses
                .iter()
                .any(|p| p.from.unix() <= unix && p.until.is_none_or(|u| unix < u.unix()))
    }

    /// Whether the clock runs in the minute that begins here.
    fn runs(&self, unix: i64) -> bool {
        if self.waits(unix) {
            return false;
        }
        match self.rule.unit {
            Unit::Hour | Unit::CalendarDay | Unit::Month => true,
            Unit::BusinessDay => self.works(self.date(unix)),
            Unit::BusinessHour => {
                let (from, to) = self.rule.hours.unwrap();
                let time = self.time(unix);
                self.works(self.date(unix)) && from <= time && time < to
            }
        }
    }

    /// Walks until so many minutes have run.
    fn walk(&self, anchor: i64, minutes: i64) -> i64 {
        let mut left = minutes;
        let mut now = anchor;
        while left > 0 {
            left -= i64::from(self.runs(now));
            now += 60;
        }
        now
    }

    /// The last second of the local date that holds this moment.
    fn last_second(&self, unix: i64) -> i64 {
        let date = self.date(unix);
        let mut now = unix - unix.rem_euclid(60);
        while self.date(now + 60) <= date {
            now += 60;
        }
        now + 59
    }

    fn day_zero_end(&self, anchor: i64) -> i64 {
        let date = self.date(anchor);
        let moved = if self.works(date) {
            self.rule.cutoff.is_some_and(|c| self.time(anchor) >= c)
        } else {
            self.rule.nonbusiness == NonbusinessReceipt::DeemReceivedNext
        };
        let mut end = self.last_second(anchor);
        if moved {
            end = self.last_second(end + 1);
            while !self.works(self.date(end)) {
                end = self.last_second(end + 1);
            }
        }
        end
    }

    fn count_days(&self, first_end: i64, amount: u32, business: bool) -> i64 {
        let mut end = first_end;
        let mut left = amount;
        while left > 0 {
            end = self.last_second(end + 1);
            if (!business || self.works(self.date(end))) && !self.waits(end) {
                left -= 1;
            }
        }
        end
    }

    /// The same day number so many months on, held to the end of the month.
    fn month_on(&self, anchor: i64) -> Date {
        let date = self.date(anchor);
        let months = i32::from(date.month()) - 1 + i32::try_from(self.rule.amount).unwrap();
        let year = date.year() + i16::try_from(months.div_euclid(12)).unwrap();
        let month = i8::try_from(months.rem_euclid(12)).unwrap() + 1;
        (1..=date.day())
            .rev()
            .find_map(|d| Date::new(year, month, d).ok())
            .unwrap()
    }

    fn due(&self, anchor: i64) -> i64 {
        let amount = i64::from(self.rule.amount);
        match (self.rule.unit, self.rule.mode) {
            (Unit::Hour | Unit::BusinessHour, Mode::Elapsed) => self.walk(anchor, amount * 60),
            (Unit::Hour | Unit::BusinessHour, Mode::EndOfDay) => {
                self.last_second(self.walk(anchor, amount * 60))
            }
            (Unit::CalendarDay | Unit::BusinessDay, Mode::Elapsed) => {
                self.walk(anchor, amount * 1_440)
            }
            (Unit::CalendarDay | Unit::BusinessDay, Mode::EndOfDay) => {
                let business = self.rule.unit == Unit::BusinessDay;
                self.count_days(self.day_zero_end(anchor), self.rule.amount, business)
            }
            (Unit::Month, Mode::Elapsed) => {
                let wall = self.month_on(anchor).to_datetime(self.time(anchor));
                let target = self.zone.to_timestamp(wall).unwrap().as_second();
                self.walk(anchor, (target - anchor) / 60)
            }
            (Unit::Month, Mode::EndOfDay) => {
                let target = self.month_on(anchor);
                let mut days = 0;
                let mut date = self.date(anchor);
                while date < target {
                    date = date.checked_add(1.day()).unwrap();
                    days += 1;
                }
                self.count_days(self.last_second(anchor), days, false)
            }
        }
    }
}

fn minutes(from: i64, until: i64) -> impl Strategy<Value = i64> {
    (from / 60..until / 60).prop_map(|m| m * 60)
}

/// A moment between 2024 and 2032, on a full minute.
fn moment() -> impl Strategy<Value = i64> {
    minutes(1_704_067_200, 1_956_528_000)
}

fn calendar() -> impl Strategy<Value = WorkCalendar> {
    let week = prop_oneof![
        Just(vec![1, 2, 3, 4, 5]),
        Just(vec![7, 1, 2, 3, 4]),
        prop::collection::vec(1..=7_u8, 1..6),
    ];
    (
        0..ZONES.len(),
        week,
        prop::collection::vec((0..3_000_i32, any::<bool>()), 0..600),
    )
        .prop_map(|(zone, week, special)| {
            let day = |n: i32| Date::constant(2024, 1, 1).checked_add(n.days()).unwrap();
            let pick = |holiday: bool| {
                special
                    .iter()
                    .filter(|s| s.1 == holiday)
                    .map(|s| day(s.0))
                    .collect()
            };
            WorkCalendar {
                zone: ZONES[zone].parse().unwrap(),
                workweek: Workweek::new(&week).unwrap(),
                holidays: pick(true),
                working_days: pick(false),
                name: String::new(),
            }
        })
}

fn rule() -> impl Strategy<Value = Within> {
    let unit = prop_oneof![
        (0..100_u32).prop_map(|n| (n, Unit::Hour)),
        (0..30_u32).prop_map(|n| (n, Unit::BusinessHour)),
        (0..40_u32).prop_map(|n| (n, Unit::CalendarDay)),
        (0..15_u32).prop_map(|n| (n, Unit::BusinessDay)),
        (0..4_u32).prop_map(|n| (n, Unit::Month)),
    ];
    let cutoff = prop::option::of((0..24_i8, 0..60_i8));
    (unit, any::<bool>(), any::<bool>(), any::<bool>(), cutoff).prop_map(
        |((amount, unit), whole_days, pausable, deemed, cutoff)| Within {
            mode: if whole_days {
                Mode::EndOfDay
            } else {
                Mode::Elapsed
            },
            pausable,
            cutoff: cutoff.map(|(h, m)| Time::constant(h, m, 0, 0)),
            nonbusiness: if deemed {
                NonbusinessReceipt::DeemReceivedNext
            } else {
                NonbusinessReceipt::CountNext
            },
            // Outside the hours in which clocks change, where a window may be skipped.
            hours: Some((Time::constant(8, 30, 0, 0), Time::constant(17, 0, 0, 0))),
            ..Within::new(amount, unit)
        },
    )
}

/// Pauses around an anchor, together well below the cap.
fn pauses(anchor: i64) -> impl Strategy<Value = Vec<Pause>> {
    let one = (-2_000..20_000_i64, 1..7_000_i64).prop_map(move |(start, length)| Pause {
        from: Instant::from_unix(anchor + start * 60).unwrap(),
        until: Some(Instant::from_unix(anchor + (start + length) * 60).unwrap()),
    });
    prop::collection::vec(one, 0..5)
}

fn case() -> impl Strategy<Value = (i64, WorkCalendar, Within, Vec<Pause>)> {
    moment().prop_flat_map(|anchor| (Just(anchor), calendar(), rule(), pauses(anchor)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn the_judge_agrees((anchor, calendar, rule, pauses) in case()) {
        let judge = Judge {
            zone: TimeZoneDatabase::bundled().get(calendar.zone.name()).unwrap(),
            calendar: &calendar,
            rule: &rule,
            pauses: &pauses,
        };
        let want = Instant::from_unix(judge.due(anchor)).unwrap();
        let start = Instant::from_unix(anchor).unwrap();
        let got = due(&rule, start, &calendar, &pauses).unwrap();
        prop_assert_eq!(got.at, want, "{:?}", got.explanation);
    }

    #[test]
    fn every_day_ends_one_second_before_the_next_begins(
        at in moment(), zone in 0..ZONES.len()
    ) {
        let calendar = WorkCalendar { zone: ZONES[zone].parse().unwrap(), ..WorkCalendar::utc_mon_fri() };
        let date = calendar.local_date(Instant::from_unix(at).unwrap());
        let end = calendar.end_of_day(date);
        prop_assert_eq!(calendar.local_date(end), date);
        prop_assert_eq!(calendar.local_date(end.plus_seconds(1)), date.tomorrow().unwrap());
        prop_assert_eq!(calendar.start_of_day(date.tomorrow().unwrap()), end.plus_seconds(1));
    }

    #[test]
    fn any_number_and_any_moment_give_an_answer(
        at in any::<i64>(), amount in any::<u32>(), calendar in calendar(), mut rule in rule()
    ) {
        let span = Timestamp::MAX.as_second() - Timestamp::MIN.as_second() - 1;
        let anchor = Instant::from_unix(Timestamp::MIN.as_second() + at.rem_euclid(span)).unwrap();
        rule.amount = amount;
        let open = [Pause { from: anchor, until: None }];
        for rule in [rule.clone(), Within { amount: amount % 5_000, ..rule }] {
            if let Ok(due) = due(&rule, anchor, &calendar, &open) {
                prop_assert!(due.at >= anchor);
                for percent in [0, 50, 80, 100] {
                    let warn = warn_at(anchor, due.at, percent);
                    prop_assert!(anchor <= warn && warn <= due.at);
                    let duty = warn_on_duty(anchor, due.at, percent, &rule, &calendar);
                    prop_assert!(anchor <= duty && duty <= warn);
                }
            }
        }
    }

    #[test]
    fn a_recurring_clock_counts_each_silence_once(
        anchor in moment(), days in 1..10_u32, gaps in prop::collection::vec(1..30_000_i64, 0..12)
    ) {
        let calendar = WorkCalendar::utc_mon_fri();
        let rule = Within::calendar_days(days);
        let start = Instant::from_unix(anchor).unwrap();
        let mut updates = Vec::new();
        let mut now = start;
        for gap in gaps {
            now = now.plus_seconds(gap * 60);
            updates.push(now);
        }
        let state = recurring(&rule, start, &updates, now, &calendar, &[]).unwrap();
        // Day by day: at each midnight, has anybody written since the day that counts?
        let mut since = calendar.local_date(start);
        let mut breaches = 0;
        let mut day = since;
        loop {
            let end = calendar.end_of_day(day);
            if updates.iter().any(|u| calendar.local_date(*u) == day) {
                since = day;
            } else if end >= now {
                break;
            } else if days_from(since, day) == days {
                breaches += 1;
                since = day;
            }
            if end >= now {
                break;
            }
            day = day.tomorrow().unwrap();
        }
        prop_assert_eq!(state.breaches, breaches);
        let next = since.checked_add(i64::from(days).days()).unwrap();
        prop_assert_eq!(state.next.at, calendar.end_of_day(next));
    }
}

/// Dates from one to the other, counted one by one.
fn days_from(from: Date, to: Date) -> u32 {
    let mut day = from;
    let mut count = 0;
    while day < to {
        day = day.tomorrow().unwrap();
        count += 1;
    }
    count
}
