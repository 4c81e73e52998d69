//! Between whole numbers and fractions, said once.
//!
//! Invariant: nothing wraps; what does not fit is held at the edge.

/// A count as a fraction; exact below 2^53.
pub(crate) fn float(n: u64) -> f64 {
    let low = u32::try_from(n & 0xFFFF_FFFF).unwrap_or(u32::MAX);
    let high = u32::try_from(n >> 32).unwrap_or(u32::MAX);
    f64::from(high) * 4_294_967_296.0 + f64::from(low)
}

/// Seconds as a fraction; negative ones are 0.
pub(crate) fn seconds(n: i64) -> f64 {
    float(u64::try_from(n).unwrap_or(0))
}

/// A fraction as whole seconds, never below 0.
#[allow(
    clippy::cast_possible_truncation,
    reason = "a cast from a fraction holds at the edge of the whole numbers, and no number is 0"
)]
pub(crate) fn whole(x: f64) -> i64 {
    (x.round() as i64).max(0)
}

/// A share; 0 of nothing.
pub(crate) fn share(part: u64, all: u64) -> f64 {
    if all == 0 {
        0.0
    } else {
        float(part) / float(all)
    }
}

/// A length as a count.
pub(crate) fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
