//! A slow, plain second implementation of every kind of clock.
//!
//! Invariants: no function of the first implementation is used to find an answer;
//! one seed gives one case on every machine; [`check`] says what both said.
//!
//! Deliberately absent: anything that ships.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a judge that cannot go on should stop"
)]

pub mod course;
pub mod days;
pub mod draw;
pub mod plans;
pub mod walk;
pub mod wall;

use std::collections::BTreeMap;
use std::fmt::Debug;

use candor_base::Instant;
use candor_calendar::{
    CutOut, Direction, FixFacts, FixPlus, Grid, InTheWild, Mode, Rating, ReleaseDay, Unit, Within,
    Workweek,
};
use jiff::ToSpan as _;
use jiff::civil::{Date, Time};

use self::days::{Days, day};
use self::draw::{Dice, Scene, World, at, pauses, rule, scene};
use self::wall::DAY;

/// What is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Hours.
    Hours,
    /// Business hours.
    BusinessHours,
    /// Calendar days to the end of the day.
    CalendarDays,
    /// Calendar days to the second.
    CalendarDaysElapsed,
    /// Business days to the end of the day.
    BusinessDays,
    /// Business days to the second.
    BusinessDaysElapsed,
    /// Months.
    Months,
    /// Recurring, sliding.
    Recurring,
    /// Recurring on a grid from the first anchor.
    RecurringGrid,
    /// Lead times.
    Lead,
    /// "90+30" with grace and attacks.
    FixPlus,
    /// The nth weekday of a month.
    Grid,
    /// Release days with cut-outs.
    ReleaseDay,
    /// The longest embargo of a list.
    ListMax,
    /// Severity tables with re-rating.
    Severity,
    /// Agreed extensions.
    Extension,
    /// Warnings at their share of the time, in duty hours.
    Warnings,
    /// Lateness in seconds and business days.
    Lateness,
    /// The day to plan for, and the note on European law.
    Notes,
}

impl Kind {
    /// All of them, with their names.
    pub const ALL: [(&'static str, Self); 19] = [
        ("hours", Self::Hours),
        ("business-hours", Self::BusinessHours),
        ("calendar-days", Self::CalendarDays),
        ("calendar-days-elapsed", Self::CalendarDaysElapsed),
        ("business-days", Self::BusinessDays),
        ("business-days-elapsed", Self::BusinessDaysElapsed),
        ("months", Self::Months),
        ("recurring", Self::Recurring),
        ("recurring-grid", Self::RecurringGrid),
        ("lead", Self::Lead),
        ("fix-plus", Self::FixPlus),
        ("grid", Self::Grid),
        ("release-day", Self::ReleaseDay),
        ("list-max", Self::ListMax),
        ("severity", Self::Severity),
        ("extension", Self::Extension),
        ("warnings", Self::Warnings),
        ("lateness", Self::Lateness),
        ("notes", Self::Notes),
    ];
}

/// Asks both; the error says what was asked and what each said.
pub fn check(world: &World, kind: Kind, seed: u64) -> Result<(), String> {
    let mut dice = Dice::new(seed);
    let scene = scene(world, &mut dice);
    let days = Days::new(scene.wall, &world.regions, &scene.calendar);
    let case = Case {
        seed,
        scene: &scene,
        days: &days,
        dice,
    };
    match kind {
        Kind::Hours => case.within(Unit::Hour, None),
        Kind::BusinessHours => case.within(Unit::BusinessHour, None),
        Kind::CalendarDays => case.within(Unit::CalendarDay, Some(Mode::EndOfDay)),
        Kind::CalendarDaysElapsed => case.within(Unit::CalendarDay, Some(Mode::Elapsed)),
        Kind::BusinessDays => case.within(Unit::BusinessDay, Some(Mode::EndOfDay)),
        Kind::BusinessDaysElapsed => case.within(Unit::BusinessDay, Some(Mode::Elapsed)),
        Kind::Months => case.within(Unit::Month, None),
        Kind::Recurring => case.recurring(),
        Kind::RecurringGrid => case.recurring_grid(),
        Kind::Lead => case.lead(),
        Kind::FixPlus => case.fix_plus(),
        Kind::Grid => case.grid(),
        Kind::ReleaseDay => case.release_day(),
        Kind::ListMax => case.list_max(),
        Kind::Severity => case.severity(),
        Kind::Extension => case.extension(),
        Kind::Warnings => case.warnings(),
        Kind::Lateness => case.lateness(),
        Kind::Notes => case.notes(),
    }
}

struct Case<'a> {
    seed: u64,
    scene: &'a Scene<'a>,
    days: &'a Days<'a>,
    dice: Dice,
}

impl Case<'_> {
    fn same<T: PartialEq + Debug>(
        &self,
        got: &T,
        judged: &T,
        asked: &dyn Debug,
    ) -> Result<(), String> {
        if got == judged {
            return Ok(());
        }
        Err(format!(
            "seed {}: {got:?}, the judge says {judged:?}; anchor {}, {asked:?}, {:?}",
            self.seed,
            at(self.scene.anchor),
            self.scene.calendar
        ))
    }

    fn any_unit(&mut self) -> Unit {
        self.dice.pick(&[
            Unit::Hour,
            Unit::BusinessHour,
            Unit::CalendarDay,
            Unit::BusinessDay,
            Unit::Month,
        ])
    }

    fn within(mut self, unit: Unit, mode: Option<Mode>) -> Result<(), String> {
        let anchor = self.scene.anchor;
        let rule = rule(unit, mode, &mut self.dice);
        let pauses = pauses(anchor, &mut self.dice);
        let judged = walk::due(&rule, anchor, self.days, &pauses);
        let got = candor_calendar::due(&rule, at(anchor), &self.scene.calendar, &pauses);
        let got = got.map(|due| due.at);
        self.same(&got, &Ok(at(judged)), &(rule, pauses))
    }

    fn recurring(mut self) -> Result<(), String> {
        let anchor = self.scene.anchor;
        let unit = self.any_unit();
        let mut rule = rule(unit, None, &mut self.dice);
        rule.amount = match unit {
            Unit::Hour => rule.amount + 12,
            Unit::BusinessHour => rule.amount.max(4),
            Unit::Month => 1,
            Unit::CalendarDay | Unit::BusinessDay => rule.amount % 10 + 1,
        };
        rule.pausable = rule.pausable && self.dice.chance(30);
        let pauses = pauses(anchor, &mut self.dice);
        let mut updates = Vec::new();
        let mut now = anchor - DAY;
        for _ in 0..self.dice.range(0, 6) {
            now += self.dice.range(0, 12 * DAY);
            updates.push(at(now));
            // Sometimes at the very second at which it falls due.
            let due = walk::due(&rule, now.max(anchor), self.days, &pauses);
            if self.dice.chance(15) {
                now = due;
                updates.push(at(now));
            }
        }
        let until = now.max(anchor) + self.dice.range(0, 20 * DAY);
        let seconds: Vec<i64> = updates.iter().map(|u| u.unix()).collect();
        let judged = course::recurring(&rule, anchor, &seconds, until, self.days, &pauses);
        let calendar = &self.scene.calendar;
        let got =
            candor_calendar::recurring(&rule, at(anchor), &updates, at(until), calendar, &pauses);
        let seconds = |list: &[Instant]| list.iter().map(|i| i.unix()).collect::<Vec<_>>();
        let got = got.map(|r| {
            let course = course::Course {
                all: seconds(&r.all_due),
                missed: seconds(&r.missed),
            };
            (course, i64::from(r.breaches), r.next.at.unix())
        });
        let count = i64::try_from(judged.missed.len()).unwrap();
        let next = *judged.all.last().unwrap();
        self.same(
            &got,
            &Ok((judged, count, next)),
            &(rule, updates, until, pauses),
        )
    }

    fn recurring_grid(mut self) -> Result<(), String> {
        let anchor = self.scene.anchor;
        let unit = self.any_unit();
        let mut rule = rule(unit, None, &mut self.dice);
        rule.amount = rule.amount % 4 + 1;
        rule.pausable = false;
        let count = self.dice.small(7);
        let judged: Vec<i64> = (1..=count)
            .map(|k| {
                let amount = rule.amount * k;
                walk::due(
                    &Within {
                        amount,
                        ..rule.clone()
                    },
                    anchor,
                    self.days,
                    &[],
                )
            })
            .collect();
        let calendar = &self.scene.calendar;
        let got = candor_calendar::recurring_grid(&rule, count, at(anchor), calendar)
            .map(|all| all.iter().map(|due| due.at.unix()).collect());
        self.same(&got, &Ok(judged), &(rule, count))
    }

    fn lead(mut self) -> Result<(), String> {
        let unit = self.any_unit();
        let amount = self.dice.small(if unit == Unit::Hour { 900 } else { 40 });
        let planned = self.scene.anchor;
        let judged = plans::lead(i64::from(amount), unit, planned, self.days);
        let got = candor_calendar::lead(amount, unit, at(planned), &self.scene.calendar);
        let got = got.ok().map(|due| due.at.unix());
        self.same(&got, &judged, &(amount, unit))
    }

    fn fix_plus(mut self) -> Result<(), String> {
        let anchor = self.scene.anchor;
        let dice = &mut self.dice;
        let rule = FixPlus {
            fix_days: dice.small(100),
            adopt_days: dice.small(40),
            grace_days: dice.pick(&[0, 0, 7, 14]),
            in_the_wild: dice.chance(60).then(|| InTheWild {
                fix_days: dice.small(12),
                grace_days: dice.pick(&[0, 3]),
            }),
        };
        let near = |dice: &mut Dice| at(anchor + dice.range(-5 * DAY, 120 * DAY));
        let facts = FixFacts {
            patched: dice.chance(70).then(|| near(dice)),
            attacked: dice.chance(60).then(|| near(dice)),
        };
        let (details, fix_due) = plans::fix_plus(&rule, anchor, facts, self.days);
        let got = candor_calendar::fix_plus(&rule, at(anchor), facts, &self.scene.calendar)
            .map(|d| (day(d.details_on), d.fix_due.unix()));
        self.same(&got, &Ok((details, fix_due)), &(rule, facts))
    }

    fn grid(mut self) -> Result<(), String> {
        let dice = &mut self.dice;
        let nth = dice.pick(&[1, 2, 3, 4, 5, -1, -2, -3, -4, -5]);
        let weekday = dice.range(1, 8);
        let back = dice.chance(50);
        let hour = dice.range(0, 24);
        let minute = dice.pick(&[0, 30, 59]);
        let small = |n: i64| i8::try_from(n).unwrap();
        let time = Time::constant(small(hour), small(minute), 0, 0);
        let direction = if back {
            Direction::LastAtOrBefore
        } else {
            Direction::FirstAtOrAfter
        };
        let rule = Grid::new(small(nth), small(weekday), time, direction).unwrap();
        let seconds = hour * 3_600 + minute * 60;
        // Sometimes the moment is a point of the grid itself.
        let mut from = self.scene.anchor;
        if dice.chance(20) {
            from = plans::grid(nth, weekday, seconds, back, from, self.days);
            from += dice.range(-1, 2);
        }
        let judged = plans::grid(nth, weekday, seconds, back, from, self.days);
        let got = candor_calendar::grid(&rule, at(from), &self.scene.calendar);
        let got = got.map(|due| due.at.unix());
        self.same(&got, &Ok(judged), &(rule, from))
    }

    fn release_day(mut self) -> Result<(), String> {
        let anchor = self.scene.anchor;
        let dice = &mut self.dice;
        let (hour, minute) = (dice.range(0, 24), dice.pick(&[0, 30]));
        // Some day of the work week is allowed, so that there is an answer.
        let week = self.scene.calendar.workweek.iso_days();
        let mut weekdays: Vec<u8> = week.iter().copied().filter(|_| dice.chance(60)).collect();
        weekdays.push(dice.pick(&week));
        let date = |day: i64| Date::constant(1970, 1, 1).checked_add(day.days()).unwrap();
        let today = self.days.wall.date(anchor);
        let cuts: Vec<(i64, i64)> = (0..dice.range(0, 3))
            .map(|_| {
                let first = today - dice.range(0, 40);
                (first, first + dice.range(0, 15))
            })
            .collect();
        let rule = ReleaseDay {
            time_utc: Time::constant(
                i8::try_from(hour).unwrap(),
                i8::try_from(minute).unwrap(),
                0,
                0,
            ),
            allowed_weekdays: Workweek::new(&weekdays).unwrap(),
            cut_outs: cuts
                .iter()
                .map(|(a, b)| CutOut::new(date(*a), date(*b)).unwrap())
                .collect(),
        };
        let time = hour * 3_600 + minute * 60;
        let judged = plans::release_day(time, &weekdays, &cuts, anchor, self.days);
        let got = candor_calendar::release_day(&rule, at(anchor), &self.scene.calendar);
        let got = got.map(|due| due.at.unix());
        self.same(&got, &Ok(judged), &rule)
    }

    fn list_max(mut self) -> Result<(), String> {
        let notice = self.scene.anchor;
        let unit = self
            .dice
            .pick(&[Unit::Hour, Unit::CalendarDay, Unit::BusinessDay]);
        let mut rule = rule(unit, None, &mut self.dice);
        rule.pausable = false;
        if unit == Unit::Hour && self.dice.chance(50) {
            rule.amount = 336;
        }
        let due = walk::due(&rule, notice, self.days, &[]);
        let proposed = match self.dice.range(0, 5) {
            0 => due + self.dice.range(-1, 2),
            1 => notice + 7 * DAY + self.dice.range(-1, 2),
            2 => notice + DAY + self.dice.range(-1, 2),
            _ => notice + self.dice.range(-DAY, 30 * DAY),
        };
        let judged = (
            due,
            proposed <= due,
            proposed > notice + 7 * DAY,
            proposed < notice + DAY,
        );
        let calendar = &self.scene.calendar;
        let got = candor_calendar::list_max(&rule, at(notice), at(proposed), calendar).map(|m| {
            (
                m.due.at.unix(),
                m.accepted,
                m.longer_than_a_week,
                m.shorter_than_a_day,
            )
        });
        self.same(&got, &Ok(judged), &(rule, at(proposed)))
    }

    fn severity(mut self) -> Result<(), String> {
        let anchor = self.scene.anchor;
        let words = ["critical", "high", "medium", "low"];
        let mut table = BTreeMap::new();
        for word in &words[..3] {
            let unit = self.any_unit();
            let mut row = rule(unit, None, &mut self.dice);
            row.pausable = false;
            table.insert((*word).to_owned(), row);
        }
        let hours = self.dice.small(72);
        let mut now = anchor;
        let count = self.dice.range(0, 5);
        let ratings: Vec<(String, i64)> = (0..count)
            .map(|_| {
                now += self.dice.range(1, 10 * DAY);
                (self.dice.pick(&words).to_owned(), now)
            })
            .collect();
        let judged = course::severity(&table, i64::from(hours), &ratings, anchor, self.days);
        // The order in which they are given must not matter.
        let given: Vec<Rating> = ratings
            .iter()
            .rev()
            .map(|(value, when)| Rating {
                value: value.clone(),
                at: at(*when),
            })
            .collect();
        let calendar = &self.scene.calendar;
        let got = candor_calendar::severity(&table, hours, &given, at(anchor), calendar, &[])
            .map(|r| r.map(|r| (r.due.at.unix(), r.original.map(Instant::unix))));
        self.same(&got, &Ok(judged), &(table, hours, ratings))
    }

    fn extension(mut self) -> Result<(), String> {
        let unit = self.any_unit();
        let mut promise = rule(unit, None, &mut self.dice);
        promise.pausable = false;
        let more = self.any_unit();
        let amount = self.dice.small(20);
        let calendar = &self.scene.calendar;
        let old = walk::due(&promise, self.scene.anchor, self.days, &[]);
        let longer = Within {
            mode: promise.mode,
            hours: promise.hours,
            ..Within::new(amount, more)
        };
        let judged = walk::due(&longer, old, self.days, &[]);
        let got = candor_calendar::extend_by(at(old), &promise, amount, more, calendar);
        let got = got.map(|due| due.at.unix());
        self.same(&got, &Ok(judged), &(promise, amount, more))
    }

    fn warnings(mut self) -> Result<(), String> {
        let anchor = self.scene.anchor;
        let unit = self.any_unit();
        let rule = rule(unit, None, &mut self.dice);
        let due = anchor + self.dice.range(-DAY, 40 * DAY);
        let calendar = &self.scene.calendar;
        for percent in [0_u8, 50, 80, 100] {
            let share = course::share(anchor, due, i64::from(percent));
            let got = candor_calendar::warn_at(at(anchor), at(due), percent);
            self.same(&got.unix(), &share, &(percent, at(due)))?;
            let judged = course::on_duty(&rule, anchor, due, i64::from(percent), self.days);
            let got = candor_calendar::warn_on_duty(at(anchor), at(due), percent, &rule, calendar);
            self.same(&got.unix(), &judged, &(percent, at(due), &rule))?;
        }
        Ok(())
    }

    fn lateness(mut self) -> Result<(), String> {
        let due = self.scene.anchor;
        let done = due + self.dice.range(-DAY, 60 * DAY);
        let judged = course::lateness(due, done, self.days);
        let got = candor_calendar::lateness(at(due), at(done), &self.scene.calendar);
        self.same(
            &(got.seconds, i64::from(got.business_days)),
            &judged,
            &at(done),
        )
    }

    fn notes(mut self) -> Result<(), String> {
        let anchor = self.scene.anchor;
        let unit = self.any_unit();
        let mut rule = rule(unit, None, &mut self.dice);
        rule.pausable = false;
        let calendar = &self.scene.calendar;
        let due = walk::due(&rule, anchor, self.days, &[]);
        let got = candor_calendar::due(&rule, at(anchor), calendar, &[]);
        let got = got.map(|due| due.plan_by.map(day));
        let judged = course::plan_by(anchor, due, self.days);
        self.same(&got, &Ok(judged), &rule)?;
        let judged = course::legal_latest(&rule, anchor, due, self.days);
        let got = candor_calendar::legal_latest(&rule, at(anchor), at(due), calendar);
        let got = got.map(|latest| latest.map(Instant::unix));
        self.same(&got, &Ok(judged), &rule)
    }
}
