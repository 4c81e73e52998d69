//! Chance that is the same on every machine.
//!
//! Invariants: a stream is named by numbers (seed, run, what for, which one), so
//! that changing one thing of a scenario leaves the luck of everything else as it
//! was; only additions, multiplications and divisions are used, which every machine
//! rounds alike, so one seed gives the same bytes everywhere.
//!
//! Deliberately absent: any source of randomness outside.

use crate::num::float;

const LN_2: f64 = std::f64::consts::LN_2;

/// One stream of numbers (`SplitMix64` by Steele, Lea and Flood; public domain).
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

/// What a stream is for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum For {
    Arrivals,
    Floods,
    Report,
    FloodReport,
    Vacation,
    Sickness,
}

impl Dice {
    /// The stream with this name.
    pub(crate) fn named(seed: u64, run: u64, purpose: For, which: u64) -> Self {
        let purpose = match purpose {
            For::Arrivals => 1,
            For::Floods => 2,
            For::Report => 3,
            For::FloodReport => 4,
            For::Vacation => 5,
            For::Sickness => 6,
        };
        let mut state = Self(seed);
        for part in [run, purpose, which] {
            let mixed = state.next() ^ part.wrapping_mul(0xD6E8_FEB8_6659_FD93);
            state = Self(mixed);
        }
        state
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 on, below 1.
    pub(crate) fn unit(&mut self) -> f64 {
        float(self.next() >> 11) / 9_007_199_254_740_992.0
    }

    /// Below `n`; 0 when `n` is 0.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.next().checked_rem(n).unwrap_or(0)
    }

    /// True with this probability.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Waiting for something that comes at random, this long on average.
    pub(crate) fn wait(&mut self, mean: f64) -> f64 {
        -ln(1.0 - self.unit()) * mean
    }

    /// Around this median, rarely twice as much or half as much (log-normal, spread 0.5).
    pub(crate) fn around(&mut self, median: f64) -> f64 {
        // Twelve equal chances make a bell of spread 1.
        let bell: f64 = (0..12).map(|_| self.unit()).sum::<f64>() - 6.0;
        median * exp(0.5 * bell)
    }
}

/// The natural logarithm of a number in (0, 1].
fn ln(x: f64) -> f64 {
    let (mut m, mut halved) = (x, 0.0);
    while m < 0.75 && halved < 1_100.0 {
        m *= 2.0;
        halved += 1.0;
    }
    let y = (m - 1.0) / (m + 1.0);
    let (mut term, mut sum, mut n) = (y, 0.0, 1.0);
    while n < 40.0 {
        sum += term / n;
        term *= y * y;
        n += 2.0;
    }
    2.0 * sum - halved * LN_2
}

/// e to the power of a number between -8 and 8.
fn exp(x: f64) -> f64 {
    let small = x / 16.0;
    let (mut term, mut sum, mut n) = (1.0, 1.0, 1.0);
    while n < 16.0 {
        term *= small / n;
        sum += term;
        n += 1.0;
    }
    let squared = |v: f64| v * v;
    squared(squared(squared(squared(sum))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithm_and_power_are_right() {
        for x in [1e-12, 0.001, 0.3, 0.5, 0.75, 0.9, 1.0] {
            assert!((ln(x) - f64::ln(x)).abs() < 1e-9, "{x}");
        }
        for x in [-3.0, -0.5, 0.0, 0.7, 3.0] {
            assert!((exp(x) - f64::exp(x)).abs() < 1e-9 * f64::exp(x), "{x}");
        }
    }

    #[test]
    fn streams_have_the_right_middle_and_do_not_depend_on_each_other() {
        let mut dice = Dice::named(1, 2, For::Report, 3);
        let mean = (0..20_000).map(|_| dice.wait(5.0)).sum::<f64>() / 20_000.0;
        assert!((mean - 5.0).abs() < 0.2, "{mean}");
        let below = (0..20_000).filter(|_| dice.around(8.0) < 8.0).count();
        assert!((9_600..10_400).contains(&below), "{below}");
        let first = |which| Dice::named(1, 2, For::Report, which).next();
        assert_eq!(first(3), first(3));
        assert_ne!(first(3), first(4));
        assert_eq!(Dice::named(1, 1, For::Floods, 1).below(0), 0);
    }
}
