//! How much better than luck disclosures go (`cvd-state-model.md` 5).
//!
//! For each wish, so many cases met it of so many in which it is known. Luck alone
//! meets a known share; the score says where a team stands between luck (0) and
//! always (1). It is below 0 where things go worse than by luck.
//!
//! Invariants: nothing is scored that was not seen; a wish about deployment is not
//! scored, since a project that ships software cannot know it.

use std::collections::BTreeMap;

use candor_base::Instant;

use super::cs::Letter;
use super::history::{DESIDERATA, Desideratum};

/// How often one wish was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// The wish.
    pub wish: Desideratum,
    /// Cases that met it.
    pub met: u32,
    /// Cases in which it is known whether they did.
    pub of: u32,
}

impl Tally {
    /// The score: `(S - fT) / ((1 - f)T)`; `None` without a case.
    pub fn score(self) -> Option<f64> {
        (self.of > 0).then(|| self.over_luck(f64::from(self.met) / f64::from(self.of)))
    }

    /// Where the score lies with 95 %: the quantiles of `Beta(S, T - S)`; `None` where
    /// all or none met the wish.
    pub fn interval(self) -> Option<(f64, f64)> {
        let missed = self.of.checked_sub(self.met)?;
        if self.met == 0 || missed == 0 {
            return None;
        }
        let (a, b) = (f64::from(self.met), f64::from(missed));
        Some((
            self.over_luck(quantile(a, b, 0.025)),
            self.over_luck(quantile(a, b, 0.975)),
        ))
    }

    fn over_luck(self, share: f64) -> f64 {
        let luck = self.wish.by_luck().as_f64();
        (share - luck) / (1.0 - luck)
    }
}

/// Whether one case met a wish; `None` where nothing of it has happened.
pub fn met(wish: Desideratum, when: &BTreeMap<Letter, Instant>) -> Option<bool> {
    match (when.get(&wish.first), when.get(&wish.then)) {
        (Some(first), Some(then)) => Some(first < then),
        (Some(_), None) => Some(true),
        (None, Some(_)) => Some(false),
        (None, None) => None,
    }
}

/// All wishes that can be known, over so many cases.
pub fn tally<'a>(cases: impl Iterator<Item = &'a BTreeMap<Letter, Instant>>) -> Vec<Tally> {
    let mut out: Vec<Tally> = DESIDERATA
        .into_iter()
        .filter(|w| w.first != Letter::FixDeployed)
        .map(|wish| Tally {
            wish,
            met: 0,
            of: 0,
        })
        .collect();
    for when in cases {
        for line in &mut out {
            if let Some(good) = met(line.wish, when) {
                line.of = line.of.saturating_add(1);
                line.met = line.met.saturating_add(u32::from(good));
            }
        }
    }
    out
}

/// The point below which this share of `Beta(a, b)` lies, by halving.
fn quantile(a: f64, b: f64, share: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if below(a, b, middle) < share {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// The regularised incomplete beta function, by its continued fraction (Lentz).
fn below(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    // The fraction converges fast only on this side of the mean.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - below(b, a, 1.0 - x);
    }
    let front = ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (1.0 - x).ln();
    front.exp() * fraction(a, b, x) / a
}

fn fraction(a: f64, b: f64, x: f64) -> f64 {
    let safe = |v: f64| if v.abs() < 1e-300 { 1e-300 } else { v };
    let mut upper = 1.0;
    let mut lower = 1.0 / safe(1.0 - (a + b) * x / (a + 1.0));
    let mut out = lower;
    for step in 1..2_000_u32 {
        let m = f64::from(step);
        let twice = a + 2.0 * m;
        let even = m * (b - m) * x / ((twice - 1.0) * twice);
        let odd = -(a + m) * (a + b + m) * x / (twice * (twice + 1.0));
        for term in [even, odd] {
            lower = 1.0 / safe(1.0 + term * lower);
            upper = safe(1.0 + term / upper);
            out *= upper * lower;
        }
        if (upper * lower - 1.0).abs() < 1e-14 {
            break;
        }
    }
    out
}

/// The logarithm of the gamma function for numbers from 1 on (Stirling's series after
/// stepping up to 10, where it is exact to 12 places).
fn ln_gamma(x: f64) -> f64 {
    let mut x = x;
    let mut down = 0.0;
    while x < 10.0 {
        down += x.ln();
        x += 1.0;
    }
    let square = x * x;
    let series = 1.0 / (12.0 * x) - 1.0 / (360.0 * x * square)
        + 1.0 / (1_260.0 * x * square * square)
        - 1.0 / (1_680.0 * x * square * square * square);
    (x - 0.5) * x.ln() - x + 0.5 * std::f64::consts::TAU.ln() + series - down
}
