//! Random questions: one number gives one case.
//!
//! Half of the moments lie where it hurts: next to changes of clocks, at leap days
//! and at ends of years.

use std::collections::BTreeSet;

use candor_base::Instant;
use candor_calendar::{
    Mode, NonbusinessReceipt, Pause, Region, Unit, Within, WorkCalendar, Workweek,
};
use jiff::ToSpan as _;
use jiff::civil::{Date, Time};

use crate::days::RegionDays;
use crate::wall::{DAY, Wall, number};

/// Zones with every habit: midnights that are skipped or come twice, half hours, a day
/// that never was, offsets of fourteen hours.
pub const ZONES: [&str; 22] = [
    "UTC",
    "Europe/Oslo",
    "Europe/London",
    "America/New_York",
    "America/Santiago",
    "America/Havana",
    "America/Asuncion",
    "America/Nuuk",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Tokyo",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Pacific/Chatham",
    "Australia/Lord_Howe",
    "Atlantic/Azores",
    "Antarctica/Troll",
    "Europe/Dublin",
];

const REGIONS: [&str; 10] = [
    "US", "NO", "GB-ENG", "DE-BY", "JP", "CN", "IL", "IN", "BR", "HU",
];

/// A die that always falls the same for the same seed (splitmix64).
#[derive(Debug)]
pub struct Dice(u64);

impl Dice {
    /// From a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From `from` up to but not including `to`.
    pub fn range(&mut self, from: i64, to: i64) -> i64 {
        let width = u64::try_from(to - from).unwrap();
        from + i64::try_from(self.next() % width).unwrap()
    }

    /// True in so many of a hundred cases.
    pub fn chance(&mut self, percent: i64) -> bool {
        self.range(0, 100) < percent
    }

    /// One of a list.
    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[usize::try_from(self.range(0, i64::try_from(list.len()).unwrap())).unwrap()]
    }

    /// A small whole number.
    pub fn small(&mut self, below: i64) -> u32 {
        u32::try_from(self.range(0, below)).unwrap()
    }
}

/// What is the same for all cases, made once.
#[derive(Debug)]
pub struct World {
    walls: Vec<Wall>,
    /// The regions from which calendars are drawn.
    pub regions: Vec<RegionDays>,
}

impl World {
    /// Reads zones and regions.
    pub fn new() -> Self {
        Self {
            walls: ZONES.iter().map(|z| Wall::of(z)).collect(),
            regions: REGIONS
                .iter()
                .map(|r| RegionDays::of(r.parse().unwrap()))
                .collect(),
        }
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

/// A zone, a moment and a calendar around it.
#[derive(Debug)]
pub struct Scene<'a> {
    /// The zone.
    pub wall: &'a Wall,
    /// The moment from which it counts.
    pub anchor: i64,
    /// The calendar.
    pub calendar: WorkCalendar,
}

/// A moment of these seconds.
pub fn at(unix: i64) -> Instant {
    Instant::from_unix(unix).unwrap()
}

/// Draws zone, moment and calendar.
pub fn scene<'a>(world: &'a World, dice: &mut Dice) -> Scene<'a> {
    let which = dice.range(0, i64::try_from(ZONES.len()).unwrap());
    let which = usize::try_from(which).unwrap();
    let wall = &world.walls[which];
    let anchor = moment(wall, dice);
    let mut calendar = WorkCalendar {
        zone: ZONES[which].parse().unwrap(),
        ..WorkCalendar::utc_mon_fri()
    };
    calendar.workweek = match dice.range(0, 6) {
        0 => Workweek::new(&[7, 1, 2, 3, 4]).unwrap(),
        1 => {
            let one = u8::try_from(dice.range(1, 8)).unwrap();
            let other = u8::try_from(dice.range(1, 8)).unwrap();
            Workweek::new(&[one, other]).unwrap()
        }
        2 => Workweek::new(&[1, 2, 3, 4, 5, 6]).unwrap(),
        _ => Workweek::MON_FRI,
    };
    if dice.chance(40) {
        let count = if dice.chance(25) { 2 } else { 1 };
        calendar.regions = (0..count)
            .map(|_| dice.pick(&REGIONS).parse::<Region>().unwrap())
            .collect();
    }
    if dice.chance(50) {
        calendar.holidays = days_around(wall.date(anchor), dice);
        calendar.working_days = days_around(wall.date(anchor), dice);
    }
    Scene {
        wall,
        anchor,
        calendar,
    }
}

fn days_around(day: i64, dice: &mut Dice) -> BTreeSet<Date> {
    let count = dice.range(0, 12);
    (0..count)
        .map(|_| {
            let days = day + dice.range(-20, 60);
            Date::constant(1970, 1, 1).checked_add(days.days()).unwrap()
        })
        .collect()
}

/// A moment from 2010 to 2050.
fn moment(wall: &Wall, dice: &mut Dice) -> i64 {
    let (first, end) = (number(2010, 1, 1) * DAY, number(2050, 1, 1) * DAY);
    let near = |t: i64, dice: &mut Dice| t + dice.range(-40 * DAY, 2 * DAY);
    let changes: Vec<i64> = wall
        .changes()
        .filter(|t| (first..end).contains(t))
        .collect();
    let t = match dice.range(0, 10) {
        0..=2 if !changes.is_empty() => {
            let change = dice.pick(&changes);
            near(change, dice)
        }
        3 if !changes.is_empty() => dice.pick(&changes) + dice.range(-7_200, 7_200),
        4 => {
            let year = 2012 + 4 * dice.range(0, 9);
            near(number(year, 2, 29) * DAY, dice)
        }
        5 => {
            let year = dice.range(2011, 2049);
            near(number(year, 12, 31) * DAY, dice)
        }
        _ => dice.range(first, end),
    };
    if dice.chance(50) {
        t - t.rem_euclid(60)
    } else {
        t
    }
}

/// A rule of this unit; amounts small enough to walk.
pub fn rule(unit: Unit, mode: Option<Mode>, dice: &mut Dice) -> Within {
    let most = match unit {
        Unit::Hour => 100,
        Unit::BusinessHour => 30,
        Unit::CalendarDay => {
            if dice.chance(20) {
                120
            } else {
                20
            }
        }
        Unit::BusinessDay => 15,
        Unit::Month => 14,
    };
    // Windows open and close at hours at which no zone changes its clocks.
    let windows = [(9, 0, 17, 0), (8, 30, 16, 30), (6, 0, 22, 0), (13, 0, 0, 0)];
    let drawn = mode.unwrap_or(if dice.chance(50) {
        Mode::EndOfDay
    } else {
        Mode::Elapsed
    });
    Within {
        mode: drawn,
        pausable: dice.chance(40),
        cutoff: dice.chance(25).then(|| {
            let hour = i8::try_from(dice.range(0, 24)).unwrap();
            Time::constant(hour, dice.pick(&[0, 30]), 0, 0)
        }),
        nonbusiness: if dice.chance(30) {
            NonbusinessReceipt::DeemReceivedNext
        } else {
            NonbusinessReceipt::CountNext
        },
        hours: dice.chance(60).then(|| {
            let (h, m, to_h, to_m) = dice.pick(&windows);
            (Time::constant(h, m, 0, 0), Time::constant(to_h, to_m, 0, 0))
        }),
        ..Within::new(dice.small(most), unit)
    }
}

/// Times of waiting around an anchor: apart, overlapping, for ever, more than the cap.
pub fn pauses(anchor: i64, dice: &mut Dice) -> Vec<Pause> {
    if dice.chance(50) {
        return Vec::new();
    }
    let longest = if dice.chance(15) { 50 * DAY } else { 4 * DAY };
    let count = dice.range(1, 4);
    (0..count)
        .map(|_| {
            let mut from = anchor + dice.range(-2 * DAY, 12 * DAY);
            let mut until = from + dice.range(0, longest);
            if dice.chance(70) {
                from -= from.rem_euclid(60);
                until -= until.rem_euclid(60);
            }
            let open = dice.chance(5);
            Pause {
                from: at(from),
                until: (!open).then(|| at(until)),
            }
        })
        .collect()
}
