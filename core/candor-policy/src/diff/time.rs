//! Which of two times is sooner, across units.
//!
//! Invariants: a unit is compared by the earliest and the latest hour it can come to;
//! where neither is sooner in every case, nothing is said.

use std::cmp::Ordering;

use super::{Effect, effect_of};
use crate::model::{Firmness, Promise, Term, TermUnit};

const DAY: u64 = 24;

/// The earliest and the latest hour that so many units can come to.
fn hours((amount, unit): (u32, TermUnit)) -> (u64, u64) {
    let n = u64::from(amount);
    let mul = |a: u64, b: u64| a.saturating_mul(b);
    // A day ends at its midnight, so it may bring up to one day more.
    let days = |low: u64, high: u64| (mul(low, DAY), mul(high.saturating_add(1), DAY));
    // Each week that is begun brings a weekend.
    let with_weekends = |days: u64| days.saturating_add(mul(2, (days / 5).saturating_add(1)));
    match unit {
        TermUnit::Hours => (n, n),
        TermUnit::BusinessHours => (n, mul(with_weekends((n / 8).saturating_add(1)), DAY)),
        TermUnit::Days => days(n, n),
        TermUnit::BusinessDays => days(n, with_weekends(n)),
        TermUnit::Weeks => days(mul(n, 7), mul(n, 7)),
        TermUnit::Months => days(mul(n, 28), mul(n, 31)),
    }
}

/// `Greater` when the new time is sooner; `None` when that cannot be told.
pub(super) fn sooner(old: (u32, TermUnit), new: (u32, TermUnit)) -> Option<Ordering> {
    let ((old_low, old_high), (new_low, new_high)) = (hours(old), hours(new));
    match (old_low.cmp(&new_low), old_high.cmp(&new_high)) {
        (Ordering::Equal, other) | (other, Ordering::Equal) => Some(other),
        (low, high) if low == high => Some(low),
        _ => None,
    }
}

/// The effect of one promise taking the place of another.
pub(super) fn promise(old: &Promise, new: &Promise) -> Effect {
    let firm = |f: Firmness| match f {
        Firmness::Commit => 2,
        Firmness::Target => 1,
        Firmness::Typical => 0,
    };
    effect_of(&[
        term(&old.term, &new.term),
        Some(firm(new.firmness).cmp(&firm(old.firmness))),
        // A clock that starts earlier ends earlier.
        Some(old.from.cmp(&new.from)),
    ])
}

fn term(old: &Term, new: &Term) -> Option<Ordering> {
    match (old, new) {
        (Term::Within { .. }, Term::Within { .. }) | (Term::Every { .. }, Term::Every { .. }) => {
            sooner(number(old)?, number(new)?)
        }
        _ if old == new => Some(Ordering::Equal),
        _ => match (weight(old), weight(new)) {
            (2, 2) => None,
            (old, new) => Some(new.cmp(&old)),
        },
    }
}

fn number(term: &Term) -> Option<(u32, TermUnit)> {
    match term {
        Term::Within { amount, unit, .. } | Term::Every { amount, unit } => Some((*amount, *unit)),
        _ => None,
    }
}

/// How much can be relied on: something datable, "at once", or words.
fn weight(term: &Term) -> u8 {
    match term {
        Term::Unquantified { .. } => 0,
        Term::Within { .. } | Term::Every { .. } | Term::NextRelease | Term::Immediate => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_compared_by_what_they_can_come_to() {
        use TermUnit::{BusinessDays, Days, Hours, Months, Weeks};
        let is = |old, new| sooner(old, new);
        assert_eq!(is((48, Hours), (3, BusinessDays)), Some(Ordering::Less));
        assert_eq!(is((3, BusinessDays), (3, Days)), Some(Ordering::Greater));
        assert_eq!(is((7, Days), (1, Weeks)), Some(Ordering::Equal));
        assert_eq!(is((30, Days), (1, Months)), None);
        assert_eq!(is((90, Days), (30, Days)), Some(Ordering::Greater));
        assert_eq!(is((u32::MAX, Months), (1, Hours)), Some(Ordering::Greater));
    }
}
