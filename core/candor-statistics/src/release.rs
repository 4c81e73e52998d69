//! Which samples may be told.
//!
//! A figure that is shown before and after one more case joins it tells what that case
//! was like. So samples join a figure month by month, and only together with at least
//! four others.
//!
//! Invariants: what is told is a whole number of months from the first on; each step
//! from one publication to the next adds nothing or at least [`FEWEST`]; what is told
//! does not depend on samples of later months.

use std::collections::BTreeMap;

use crate::frozen::Month;

/// Fewer would let a reader guess whose case it was (`domain.md` section 9).
pub const FEWEST: usize = 5;

/// The samples that may be told, of samples with the month in which each was frozen.
pub fn released<T>(samples: Vec<(Month, T)>) -> Vec<T> {
    let mut by_month: BTreeMap<Month, Vec<T>> = BTreeMap::new();
    for (month, sample) in samples {
        by_month.entry(month).or_default().push(sample);
    }
    let mut told = Vec::new();
    let mut waiting = Vec::new();
    for (_, samples) in by_month {
        waiting.extend(samples);
        if waiting.len() >= FEWEST {
            told.append(&mut waiting);
        }
    }
    told
}

/// Counts with the small ones put together, so that none is about fewer than
/// [`FEWEST`]: what is left over as the rest takes the next smallest with it until it
/// is large enough. The rest is the second value.
pub fn without_small<K: Ord + Clone>(counts: &BTreeMap<K, u32>) -> (BTreeMap<K, u32>, u32) {
    let fewest = u32::try_from(FEWEST).unwrap_or(u32::MAX);
    let mut sizes: Vec<(u32, K)> = counts.iter().map(|(k, n)| (*n, k.clone())).collect();
    sizes.retain(|(n, _)| *n > 0);
    sizes.sort();
    let mut rest = 0_u32;
    let mut told = BTreeMap::new();
    for (n, key) in sizes {
        if n < fewest || rest > 0 && rest < fewest {
            rest = rest.saturating_add(n);
        } else {
            told.insert(key, n);
        }
    }
    (told, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(list: &[(char, u32)]) -> BTreeMap<char, u32> {
        list.iter().copied().collect()
    }

    #[test]
    fn a_small_count_takes_the_next_one_with_it() {
        let (told, rest) = without_small(&counts(&[('a', 1), ('b', 7), ('c', 9)]));
        assert_eq!((told, rest), (counts(&[('c', 9)]), 8));
        let (told, rest) = without_small(&counts(&[('a', 2), ('b', 3), ('c', 9)]));
        assert_eq!((told, rest), (counts(&[('c', 9)]), 5));
        let (told, rest) = without_small(&counts(&[('a', 5), ('c', 9)]));
        assert_eq!((told, rest), (counts(&[('a', 5), ('c', 9)]), 0));
        let (told, rest) = without_small(&counts(&[('a', 2)]));
        assert_eq!((told, rest), (BTreeMap::new(), 2));
    }

    #[test]
    fn months_wait_until_five_are_together() {
        let m = Month::new;
        let samples = |list: &[(i16, i8)]| -> Vec<(Month, usize)> {
            list.iter()
                .enumerate()
                .map(|(n, (year, month))| (m(*year, *month), n))
                .collect()
        };
        assert!(released(samples(&[(2026, 1); 4])).is_empty());
        let mut five = vec![(2026, 1); 3];
        five.extend([(2026, 2); 2]);
        assert_eq!(released(samples(&five)).len(), 5);
        five.extend([(2026, 3); 4]);
        assert_eq!(released(samples(&five)).len(), 5);
        five.push((2026, 4));
        assert_eq!(released(samples(&five)).len(), 10);
    }
}
