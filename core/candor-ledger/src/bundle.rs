//! What one interval adds to the log: leaves that wait, in no order, among random ones.
//!
//! Whoever watches the log sees the same number of leaves after every interval, whether
//! reports came or not. Only when more than a day's worth waits does the number double, and
//! double again, until a day takes it all: a watcher then learns that much and no more.
//!
//! Invariant: leaves of receipts go first, so that reporters get their proofs before
//! anything else is proved. Randomness comes in as an argument.

use candor_base::Digest;

/// Intervals that a leaf may wait for its turn before bundles grow.
const PATIENCE: u64 = 24;

/// How many leaves the next bundle has: a fixed number, doubled as often as it takes to
/// write down in 24 intervals all that waits.
pub fn bundle_size(waiting: u64, unit: u32) -> u64 {
    let mut size = u64::from(unit.max(1));
    while waiting > size.saturating_mul(PATIENCE) && size < u64::MAX / 2 {
        size *= 2;
    }
    size
}

/// One leaf of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed<T> {
    /// What stands for it in the tree.
    pub hash: Digest,
    /// Which leaf it is; `None` for a random one.
    pub leaf: Option<T>,
}

/// Chooses `size` leaves, receipts before others, fills up with random ones, and puts all
/// of them in a random order.
///
/// `hash` gives the leaf hash of a leaf; `random` gives 32 new random bytes at each call.
pub fn bundle<T>(
    receipts: Vec<T>,
    others: Vec<T>,
    size: u64,
    hash: impl Fn(&T) -> Digest,
    random: &mut dyn FnMut() -> [u8; 32],
) -> Vec<Placed<T>> {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let mut chosen = shuffled(receipts, random);
    chosen.extend(shuffled(others, random));
    chosen.truncate(size);
    let mut all: Vec<Placed<T>> = chosen
        .into_iter()
        .map(|leaf| Placed {
            hash: hash(&leaf),
            leaf: Some(leaf),
        })
        .collect();
    while all.len() < size {
        let hash = Digest::from_bytes(random());
        all.push(Placed { hash, leaf: None });
    }
    shuffled(all, random)
}

fn shuffled<T>(list: Vec<T>, random: &mut dyn FnMut() -> [u8; 32]) -> Vec<T> {
    let mut keyed: Vec<([u8; 32], T)> = list.into_iter().map(|t| (random(), t)).collect();
    keyed.sort_by_key(|(key, _)| *key);
    keyed.into_iter().map(|(_, t)| t).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framed::sha256;

    fn dice() -> impl FnMut() -> [u8; 32] {
        let mut n = 0_u64;
        move || {
            n += 1;
            *sha256(&n.to_be_bytes()).as_bytes()
        }
    }

    #[test]
    fn a_quiet_and_a_lively_interval_look_alike() {
        for waiting in [0, 1, 63, 64, 65, 24 * 64] {
            assert_eq!(bundle_size(waiting, 64), 64, "{waiting}");
        }
        assert_eq!(bundle_size(24 * 64 + 1, 64), 128);
        assert_eq!(bundle_size(24 * 256, 64), 256);
        assert_eq!(bundle_size(u64::MAX, 1), 1 << 60);
    }

    #[test]
    fn receipts_go_first_and_the_rest_is_random() {
        let hash = |n: &u64| sha256(&n.to_le_bytes());
        let made = bundle((0..5).collect(), (100..120).collect(), 8, hash, &mut dice());
        assert_eq!(made.len(), 8);
        let leaves: Vec<u64> = made.iter().filter_map(|p| p.leaf).collect();
        assert_eq!(leaves.len(), 8);
        assert_eq!(leaves.iter().filter(|n| **n < 100).count(), 5);
        let made = bundle(vec![1], vec![2], 8, hash, &mut dice());
        assert_eq!(made.len(), 8);
        assert_eq!(made.iter().filter(|p| p.leaf.is_some()).count(), 2);
        for placed in &made {
            assert!(placed.leaf.is_none_or(|n| placed.hash == hash(&n)));
        }
    }

    #[test]
    fn every_place_of_a_bundle_is_as_likely() {
        let (mut random, mut places) = (dice(), [0_u32; 8]);
        for _ in 0..4000 {
            let made = bundle(
                vec![7_u64],
                Vec::new(),
                8,
                |n| sha256(&n.to_le_bytes()),
                &mut random,
            );
            places[made.iter().position(|p| p.leaf.is_some()).unwrap()] += 1;
        }
        // Chi-square with 7 degrees of freedom: 24.3 is passed once in a thousand times,
        // and these dice always fall the same way.
        let off: f64 = places
            .iter()
            .map(|n| (f64::from(*n) - 500.0).powi(2) / 500.0)
            .sum();
        assert!(off < 24.3, "{places:?}");
    }
}
