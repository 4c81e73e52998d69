//! Median, 90 of 100, longest, and of how many.

use serde::Serialize;

/// How values lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Spread {
    /// How many values there are; at least one.
    pub n: u32,
    /// The middle one; of an even number the mean of the two middle ones, rounded down.
    pub median: i64,
    /// The smallest value that at least 90 of 100 do not exceed.
    pub p90: i64,
    /// The largest.
    pub max: i64,
}

impl Spread {
    /// Of these values; `None` of none.
    pub fn of(mut values: Vec<i64>) -> Option<Self> {
        values.sort_unstable();
        let len = values.len();
        let middle = len / 2;
        let upper = *values.get(middle)?;
        let median = if len % 2 == 1 {
            upper
        } else {
            let lower = *values.get(middle.checked_sub(1)?)?;
            lower.saturating_add(upper).div_euclid(2)
        };
        // Nearest rank: the ceiling of nine tenths, counted from one.
        let rank = len.saturating_mul(9).div_ceil(10);
        Some(Self {
            n: u32::try_from(len).unwrap_or(u32::MAX),
            median,
            p90: *values.get(rank.checked_sub(1)?)?,
            max: *values.last()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ninetieth_is_a_value_that_was_there() {
        let of = |values: &[i64]| Spread::of(values.to_vec()).unwrap();
        assert_eq!(Spread::of(Vec::new()), None);
        assert_eq!(of(&[7]).p90, 7);
        let ten: Vec<i64> = (1..=10).collect();
        assert_eq!((of(&ten).median, of(&ten).p90, of(&ten).max), (5, 9, 10));
        let eleven: Vec<i64> = (1..=11).collect();
        assert_eq!((of(&eleven).median, of(&eleven).p90), (6, 10));
        assert_eq!(of(&[-3, -2]).median, -3);
    }
}
