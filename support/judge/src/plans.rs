//! Plans around a publication: backwards, on grids, on allowed days, in two parts.

use candor_calendar::{FixFacts, FixPlus, Unit};

use crate::days::Days;
use crate::wall::{DAY, civil, days_in, months_away, weekday};

/// The latest moment so long before a planned one; none where it cannot be counted.
pub fn lead(amount: i64, unit: Unit, planned: i64, days: &Days<'_>) -> Option<i64> {
    let wall = days.wall;
    let (start, time) = (wall.date(planned), wall.time(planned));
    let mut left = amount;
    match unit {
        Unit::BusinessHour => None,
        Unit::Hour | Unit::CalendarDay => {
            let step = if unit == Unit::Hour { 3_600 } else { DAY };
            let mut t = planned;
            while left > 0 {
                t -= step;
                left -= 1;
            }
            Some(t)
        }
        _ if amount == 0 => Some(planned),
        Unit::BusinessDay => {
            let mut day = start;
            while left > 0 {
                day -= 1;
                left -= i64::from(days.works(day));
            }
            Some(wall.at(day, time))
        }
        Unit::Month => Some(wall.at(months_away(start, -amount), time)),
    }
}

/// The grid point next to a moment, looking at every day.
pub fn grid(nth: i64, iso: i64, time: i64, back: bool, from: i64, days: &Days<'_>) -> i64 {
    let wall = days.wall;
    let mut day = wall.date(from) + if back { 1 } else { -1 };
    loop {
        if weekday(day) == iso && is_nth(day, nth) {
            let t = wall.at(day, time);
            if (back && t <= from) || (!back && t >= from) {
                return t;
            }
        }
        day += if back { -1 } else { 1 };
    }
}

fn is_nth(day: i64, nth: i64) -> bool {
    let (year, month, of_month) = civil(day);
    if nth > 0 {
        (of_month - 1) / 7 + 1 == nth
    } else {
        (days_in(year, month) - of_month) / 7 + 1 == -nth
    }
}

/// The latest allowed release, walking back minute by minute.
pub fn release_day(
    time_utc: i64,
    weekdays: &[u8],
    cut_outs: &[(i64, i64)],
    latest: i64,
    days: &Days<'_>,
) -> i64 {
    let mut t = latest - latest.rem_euclid(60);
    loop {
        if t.rem_euclid(DAY) == time_utc {
            let day = days.wall.date(t);
            let cut = cut_outs.iter().any(|(a, b)| *a <= day && day <= *b);
            let allowed = weekdays.iter().any(|w| i64::from(*w) == weekday(day));
            if allowed && !cut && days.works(day) {
                return t;
            }
        }
        t -= 60;
    }
}

/// The day of the details, and the last second for the fix: a diary, day by day.
pub fn fix_plus(rule: &FixPlus, anchor: i64, facts: FixFacts, days: &Days<'_>) -> (i64, i64) {
    let date = |at: candor_base::Instant| days.wall.date(at.unix());
    let patched = facts.patched.map(date);
    let known = facts
        .attacked
        .filter(|a| facts.patched.is_none_or(|p| *a < p));
    let start = days.wall.date(anchor);
    let wild = rule.in_the_wild.zip(known.map(|a| date(a).max(start)));
    // Day by day: is today the last day for the fix, by the one rule or the other?
    let mut day = start;
    loop {
        let usual = day - start == i64::from(rule.fix_days);
        let sooner = wild.is_some_and(|(w, from)| day - from == i64::from(w.fix_days));
        if usual || sooner {
            break;
        }
        day += 1;
    }
    let last = day;
    let usual_grace = start + i64::from(rule.fix_days) + i64::from(rule.grace_days);
    let mut grace_ends = last;
    while grace_ends < usual_grace
        && wild.is_none_or(|(w, _)| grace_ends - last < i64::from(w.grace_days))
    {
        grace_ends += 1;
    }
    let adopt = i64::from(rule.adopt_days);
    let details = match patched {
        Some(day) if day <= last => day + adopt,
        Some(day) if day <= grace_ends => last + adopt,
        _ => last,
    };
    (details, days.wall.end_of(last))
}
