//! When somebody works: shifts, and who is away in one run.
//!
//! Invariants: shifts are in order and do not overlap; who stands in for absences
//! changes only whether a shift counts as away, never the shifts themselves.

use candor_base::Instant;
use candor_calendar::WorkCalendar;
use jiff::civil::{Date, Time};
use std::collections::BTreeSet;

use crate::dice::{Dice, For};
use crate::num::{count, float, whole};
use crate::scenario::DAY;
use crate::team::Member;

/// A watch looks at new reports in this hour.
const WATCH: (Time, Time) = (Time::constant(10, 0, 0, 0), Time::constant(11, 0, 0, 0));
/// The first vacation of a year is the long one.
const LONG_VACATION: u64 = 10;
const SHORT_VACATION: u64 = 5;
/// Working days that an illness takes.
const ILLNESS: u64 = 3;

/// One working day of one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shift {
    pub(crate) from: Instant,
    pub(crate) to: Instant,
    /// Seconds of it for reports.
    pub(crate) budget: i64,
}

/// All working days of one person.
#[derive(Debug)]
pub(crate) struct Rota {
    pub(crate) shifts: Vec<Shift>,
    /// Only looks at new reports, and is never away.
    pub(crate) watch: bool,
    vacation_days: u32,
    sick_days: u32,
}

/// Which shifts of a rota fall out in one run.
pub(crate) type Away = Vec<bool>;

impl Rota {
    /// The working days of a member.
    pub(crate) fn of_member(member: &Member, begin: Instant, until: Instant) -> Self {
        let calendar = calendar(member);
        let days = float(count(member.workweek.iso_days().len()).max(1));
        let budget = whole(member.hours_a_week * 3_600.0 / days);
        let shifts = dates(&calendar, begin, until)
            .filter(|date| works(&calendar, member, *date))
            .filter_map(|date| shift(&calendar, date, (member.from, member.to), budget))
            .collect();
        Self {
            shifts,
            watch: false,
            vacation_days: member.vacation_days,
            sick_days: member.sick_days,
        }
    }

    /// The watch on days on which this member does not work.
    pub(crate) fn watch(member: &Member, begin: Instant, until: Instant) -> Self {
        let calendar = calendar(member);
        let shifts = dates(&calendar, begin, until)
            .filter(|date| !works(&calendar, member, *date))
            .filter_map(|date| shift(&calendar, date, WATCH, 3_600))
            .collect();
        Self {
            shifts,
            watch: true,
            vacation_days: 0,
            sick_days: 0,
        }
    }

    /// Who is away when, by the luck of one run.
    pub(crate) fn absences(&self, seed: u64, run: u64, member: u64) -> Away {
        let mut away = vec![false; self.shifts.len()];
        let mut vacation = Dice::named(seed, run, For::Vacation, member);
        let mut left = self.days_in_all(self.vacation_days);
        let mut long = LONG_VACATION;
        while left > 0 {
            let days = left.min(long);
            block(&mut away, &mut vacation, days);
            left -= days;
            long = SHORT_VACATION;
        }
        let mut sickness = Dice::named(seed, run, For::Sickness, member);
        let mut left = self.days_in_all(self.sick_days);
        while left > 0 {
            let days = left.min(ILLNESS);
            block(&mut away, &mut sickness, days);
            left -= days;
        }
        away
    }

    /// So many days a year, over the time that is simulated.
    fn days_in_all(&self, a_year: u32) -> u64 {
        let (Some(first), Some(last)) = (self.shifts.first(), self.shifts.last()) else {
            return 0;
        };
        let days = last.to.seconds_since(first.from) / DAY + 1;
        u64::try_from((i64::from(a_year) * days + 182) / 365).unwrap_or(0)
    }

    /// The first shift that is not over at this moment and takes place.
    pub(crate) fn next(&self, away: &[bool], at: Instant) -> Option<(usize, Shift)> {
        let first = self.shifts.partition_point(|s| s.to <= at);
        let rest = self.shifts.iter().enumerate().skip(first);
        rest.map(|(n, s)| (n, *s))
            .find(|(n, _)| !away.get(*n).copied().unwrap_or(false))
    }

    /// Seconds between two moments on shift, and those of them not away.
    pub(crate) fn time_on_shift(&self, away: &[bool], from: Instant, to: Instant) -> (i64, i64) {
        self.each(away, from, to).fold((0, 0), |(all, there), p| {
            (all + p.seconds, there + if p.away { 0 } else { p.seconds })
        })
    }

    /// Seconds for reports between two moments, whoever is away.
    pub(crate) fn capacity(&self, from: Instant, to: Instant) -> i64 {
        self.each(&[], from, to).map(|p| p.budget).sum()
    }

    /// Seconds for reports between two moments, of those who are there.
    pub(crate) fn capacity_there(&self, away: &[bool], from: Instant, to: Instant) -> i64 {
        let parts = self.each(away, from, to);
        parts.filter(|p| !p.away).map(|p| p.budget).sum()
    }

    fn each<'a>(
        &'a self,
        away: &'a [bool],
        from: Instant,
        to: Instant,
    ) -> impl Iterator<Item = Part> + 'a {
        let first = self.shifts.partition_point(|s| s.to <= from);
        let rest = self.shifts.iter().enumerate().skip(first);
        rest.take_while(move |(_, s)| s.from < to)
            .map(move |(n, s)| Part {
                seconds: s.to.min(to).seconds_since(s.from.max(from)),
                budget: s.budget,
                away: away.get(n).copied().unwrap_or(false),
            })
    }
}

/// What lies of one shift in a stretch of time.
struct Part {
    seconds: i64,
    budget: i64,
    away: bool,
}

/// Takes so many working days in a row that are not taken yet.
fn block(away: &mut [bool], dice: &mut Dice, days: u64) {
    let start = usize::try_from(dice.below(count(away.len()))).unwrap_or(0);
    let mut left = days;
    for day in away.iter_mut().skip(start) {
        if left == 0 {
            return;
        }
        if !*day {
            *day = true;
            left -= 1;
        }
    }
}

fn calendar(member: &Member) -> WorkCalendar {
    WorkCalendar {
        zone: member.zone.clone(),
        workweek: member.workweek,
        regions: BTreeSet::new(),
        holidays: BTreeSet::new(),
        working_days: BTreeSet::new(),
        name: String::new(),
    }
}

fn works(calendar: &WorkCalendar, member: &Member, date: Date) -> bool {
    calendar.is_business_day(date)
        && !member.days_off.contains(&date)
        && !member.holidays.is_free(date)
}

fn dates(
    calendar: &WorkCalendar,
    begin: Instant,
    until: Instant,
) -> impl Iterator<Item = Date> + use<> {
    let last = calendar.local_date(until);
    let first = calendar.local_date(begin);
    std::iter::successors(Some(first), |d| d.tomorrow().ok()).take_while(move |d| *d <= last)
}

fn shift(calendar: &WorkCalendar, date: Date, hours: (Time, Time), budget: i64) -> Option<Shift> {
    let from = calendar.at(date, hours.0)?;
    let to = calendar.at(date, hours.1)?;
    let long = to.seconds_since(from);
    (long > 0).then_some(Shift {
        from,
        to,
        budget: budget.min(long),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::holidays::Region;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn shifts_follow_the_wall_and_leave_out_weekends_and_holidays() {
        let member = Member {
            zone: "Europe/Berlin".parse().unwrap(),
            holidays: Region::named("de").unwrap(),
            ..Member::default()
        };
        // Good Friday 26 March 2027, clocks change on the 28th, Easter Monday the 29th.
        let rota = Rota::of_member(
            &member,
            at("2027-03-25T00:00:00Z"),
            at("2027-03-30T23:00:00Z"),
        );
        let from: Vec<String> = rota.shifts.iter().map(|s| s.from.to_string()).collect();
        assert_eq!(
            from,
            [
                "2027-03-25T08:00:00Z",
                "2027-03-30T07:00:00Z",
                "2027-03-31T07:00:00Z"
            ]
        );
        assert!(rota.shifts.iter().all(|s| s.budget == 7_200));
        let watch = Rota::watch(
            &member,
            at("2027-03-25T00:00:00Z"),
            at("2027-03-30T12:00:00Z"),
        );
        assert_eq!(watch.shifts.len(), 4, "Friday to Monday");
    }

    #[test]
    fn time_away_is_told_apart_from_time_off() {
        let rota = Rota::of_member(
            &Member::default(),
            at("2027-03-01T00:00:00Z"),
            at("2027-03-05T23:00:00Z"),
        );
        let away = [false, true, false, false, false];
        let (all, there) = rota.time_on_shift(
            &away,
            at("2027-03-01T16:00:00Z"),
            at("2027-03-03T10:00:00Z"),
        );
        // An hour on Monday, all of Tuesday, an hour on Wednesday.
        assert_eq!((all, there), (10 * 3_600, 2 * 3_600));
        let (n, shift) = rota.next(&away, at("2027-03-01T17:00:00Z")).unwrap();
        assert_eq!((n, shift.from), (2, at("2027-03-03T09:00:00Z")));
        let week = (at("2027-03-01T00:00:00Z"), at("2027-03-06T00:00:00Z"));
        assert_eq!(rota.capacity(week.0, week.1), 10 * 3_600);
        assert_eq!(rota.capacity_there(&away, week.0, week.1), 8 * 3_600);
    }

    #[test]
    fn a_year_has_the_days_of_vacation_and_sickness_that_were_said() {
        let rota = Rota::of_member(
            &Member::default(),
            at("2027-01-01T00:00:00Z"),
            at("2027-12-31T23:00:00Z"),
        );
        let taken: Vec<usize> = (0..200)
            .map(|run| rota.absences(7, run, 1).iter().filter(|a| **a).count())
            .collect();
        assert!(taken.iter().all(|days| *days <= 33));
        // Blocks at the end of the year are cut off.
        assert!(taken.iter().sum::<usize>() > 200 * 29, "{taken:?}");
    }
}
