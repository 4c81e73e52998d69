//! Many runs gathered into odds.
//!
//! Invariants: gathering does not depend on how the runs were made, only on their
//! order; an interval says 95 %, and is widened where cases of one run share their
//! fate (a flood, a vacation), so that ten misses of one bad week do not count as ten
//! independent ones.

use candor_policy::clocks::ClockSpec;
use serde::Serialize;
use std::collections::BTreeMap;

use crate::num::{count, float, seconds, share};
use crate::sample::{Cause, RunResult, Sample};
use crate::scenario::World;
use crate::words;

/// 95 % of a bell lie within so many spreads.
const Z: f64 = 1.959_964;
/// Bars of the histogram: twentieths of the limit, up to twice the limit, and beyond.
pub const BARS: usize = 41;

/// The forecast of one promise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PromiseForecast {
    /// The clock behind it (`promise-2`).
    pub key: String,
    /// In words: "A person answers you within 48 hours".
    pub words: String,
    /// How firm, as in the policy's list of promises.
    pub firmness: String,
    /// The lines of the policy; none for Candor's own.
    pub lines: Option<String>,
    /// Whether Candor set it because the policy is silent.
    pub candors_own: bool,
    /// How many fell due, over all runs.
    pub cases: u64,
    /// How many of them were kept.
    pub kept: u64,
    /// The share kept; none when nothing fell due.
    pub odds: Option<f64>,
    /// Where the true odds lie, with 95 % confidence, if the model is right.
    pub between: Option<(f64, f64)>,
    /// Share of runs without a single miss.
    pub clean_runs: Option<f64>,
    /// Seconds that half of the cases took at most.
    pub typical: Option<i64>,
    /// Seconds that nine in ten took at most; none when more were not done in their run.
    pub nine_in_ten: Option<i64>,
    /// Seconds from start to limit, in the middle.
    pub limit: Option<i64>,
    /// Times taken as a share of the limit: twentieths, the last is beyond twice.
    pub histogram: Vec<u64>,
    /// Causes of the misses, the most frequent first.
    pub causes: Vec<(Cause, u64)>,
    #[serde(skip)]
    ratios: Vec<f64>,
}

/// What a scenario comes to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Forecast {
    /// Each promise with a date, in the order of the policy; Candor's own last.
    pub promises: Vec<PromiseForecast>,
    /// Promises that no date follows from, in words with their lines.
    pub undated: Vec<(String, Option<String>)>,
    /// How many runs.
    pub runs: u64,
    /// Reports a run, on average.
    pub reports: f64,
    /// Of those, in floods.
    pub in_floods: f64,
    /// Share of its time for reports that the team used.
    pub busy: f64,
    /// Open cases at the beginning and at the end of a run, on average.
    pub open: (f64, f64),
    /// Commands that a case refused: the model does not fit this policy there.
    pub refused: Vec<String>,
}

impl Forecast {
    /// Gathers runs, in their order.
    pub fn gather(world: &World<'_>, runs: &[RunResult]) -> Self {
        let own = words::of_clocks(world);
        let mut promises: Vec<PromiseForecast> = (0_usize..)
            .zip(world.clocks())
            .zip(own)
            .filter(|((_, spec), _)| words::is_dated(world, spec))
            .map(|((place, spec), said)| promise(place, spec, said, runs))
            .collect();
        promises.sort_by_key(|p| p.candors_own);
        let total = |f: fn(&RunResult) -> i64| runs.iter().map(f).sum::<i64>();
        let mean = |sum: u64| share(sum, count(runs.len()));
        let sum = |f: fn(&RunResult) -> u32| runs.iter().map(f).map(u64::from).sum::<u64>();
        let had = total(|r| r.had);
        let mut refused: Vec<String> = runs.iter().flat_map(|r| r.refused.clone()).collect();
        refused.sort();
        refused.dedup();
        Self {
            promises,
            undated: words::undated(world),
            runs: count(runs.len()),
            reports: mean(sum(|r| r.reports)),
            in_floods: mean(sum(|r| r.in_floods)),
            busy: if had > 0 {
                seconds(total(|r| r.worked)) / seconds(had)
            } else {
                0.0
            },
            open: (mean(sum(|r| r.left.0)), mean(sum(|r| r.left.1))),
            refused,
        }
    }

    /// Promises of the policy that do not reach these odds. One that never fell due
    /// does not count.
    pub fn below(&self, aim: f64) -> impl Iterator<Item = &PromiseForecast> {
        let own = self.promises.iter().filter(|p| !p.candors_own);
        own.filter(move |p| p.odds.is_some_and(|odds| odds < aim))
    }

    /// The forecast of one clock.
    pub fn promise(&self, key: &str) -> Option<&PromiseForecast> {
        self.promises.iter().find(|p| p.key == key)
    }
}

impl PromiseForecast {
    /// The share of cases that would have been done within so many times the limit, had
    /// everything else gone the same way. Never falls when the limit grows.
    pub fn odds_at(&self, times: f64) -> f64 {
        let within = self.ratios.partition_point(|r| *r <= times);
        share(count(within), self.cases)
    }

    /// The stretch of the limit that would reach these odds among the cases that were
    /// done, all else the same. A first guess, to be tried: what was not done by the end
    /// of its run may take longer.
    pub fn stretch_for(&self, aim: f64) -> Option<f64> {
        let done = float(count(self.ratios.len()));
        let mut within = 0.0;
        self.ratios
            .iter()
            .find(|_| {
                within += 1.0;
                within >= aim * done
            })
            .copied()
    }
}

fn promise(
    place: usize,
    spec: &ClockSpec,
    said: words::Said,
    runs: &[RunResult],
) -> PromiseForecast {
    let of_run = |r: &RunResult| -> (u64, u64) {
        let own = r.samples.iter().filter(|s| s.clock == place);
        own.fold((0, 0), |(n, k), s| (n + 1, k + u64::from(s.kept)))
    };
    let each: Vec<(u64, u64)> = runs.iter().map(of_run).collect();
    let all: Vec<&Sample> = runs
        .iter()
        .flat_map(|r| &r.samples)
        .filter(|s| s.clock == place)
        .collect();
    let cases = count(all.len());
    let kept: u64 = each.iter().map(|(_, k)| k).sum();
    let with_any = each.iter().filter(|(n, _)| *n > 0).count();
    let clean = each.iter().filter(|(n, k)| *n > 0 && n == k).count();
    let mut times: Vec<i64> = all.iter().filter_map(|s| s.took).collect();
    times.sort_unstable();
    let mut limits: Vec<i64> = all.iter().map(|s| s.due.seconds_since(s.anchor)).collect();
    limits.sort_unstable();
    let ratios = ratios(&all);
    PromiseForecast {
        key: spec.key.to_string(),
        words: said.words,
        firmness: said.firmness,
        lines: said.lines,
        candors_own: !spec.is_promise(),
        cases,
        kept,
        odds: (cases > 0).then(|| share(kept, cases)),
        between: (cases > 0).then(|| wilson(kept, cases, shared_fate(&each, kept, cases))),
        clean_runs: (with_any > 0).then(|| share(count(clean), count(with_any))),
        typical: at_share(&times, cases, 50),
        nine_in_ten: at_share(&times, cases, 90),
        limit: at_share(&limits, cases, 50),
        histogram: histogram(&ratios, cases),
        causes: causes(&all),
        ratios,
    }
}

/// Times as shares of their limits, in order; what was never done is left out.
fn ratios(all: &[&Sample]) -> Vec<f64> {
    let mut out: Vec<f64> = all
        .iter()
        .filter_map(|s| {
            let limit = s.due.seconds_since(s.anchor).max(1);
            let took = seconds(s.took?) / seconds(limit);
            // What the case calls kept is never drawn beyond the limit, nor the other way.
            Some(if s.kept {
                took.min(1.0)
            } else {
                took.max(1.000_001)
            })
        })
        .collect();
    out.sort_by(f64::total_cmp);
    out
}

/// The smallest time that so many of a hundred cases reach, counting those never done.
fn at_share(sorted: &[i64], cases: u64, percent: u64) -> Option<i64> {
    let place = (cases * percent).div_ceil(100).max(1) - 1;
    sorted.get(usize::try_from(place).ok()?).copied()
}

fn histogram(ratios: &[f64], cases: u64) -> Vec<u64> {
    let mut bars = vec![0_u64; BARS];
    let mut from = 0;
    let mut edge = 0.0;
    for bar in bars.iter_mut().take(BARS - 1) {
        edge += 0.05;
        let to = ratios.partition_point(|r| *r <= edge + 1e-9);
        *bar = count(to.saturating_sub(from));
        from = to;
    }
    if let Some(last) = bars.last_mut() {
        *last = cases.saturating_sub(count(from));
    }
    bars
}

fn causes(all: &[&Sample]) -> Vec<(Cause, u64)> {
    let mut by_cause: BTreeMap<Cause, u64> = BTreeMap::new();
    for cause in all.iter().filter_map(|s| s.cause) {
        *by_cause.entry(cause).or_default() += 1;
    }
    let mut out: Vec<(Cause, u64)> = by_cause.into_iter().collect();
    out.sort_by_key(|(cause, n)| (std::cmp::Reverse(*n), *cause));
    out
}

/// How many cases of one run count as one, because they share their fate: the spread
/// between runs against the spread that independent cases would have; at least 1.
fn shared_fate(each: &[(u64, u64)], kept: u64, cases: u64) -> f64 {
    let p = share(kept, cases);
    let expected = float(cases) * p * (1.0 - p);
    if expected <= 0.0 {
        return 1.0;
    }
    let squared = |(n, k): &(u64, u64)| {
        let off = float(*k) - p * float(*n);
        off * off
    };
    (each.iter().map(squared).sum::<f64>() / expected).max(1.0)
}

/// The interval of Wilson (1927) for a share, with so many cases counting as one.
fn wilson(kept: u64, cases: u64, fate: f64) -> (f64, f64) {
    let p = share(kept, cases);
    let n = float(cases) / fate;
    let z2 = Z * Z;
    let middle = p + z2 / (2.0 * n);
    let spread = Z * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    let whole = 1.0 + z2 / n;
    (
        ((middle - spread) / whole).max(0.0),
        ((middle + spread) / whole).min(1.0),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_that_of_the_books() {
        // 81 of 263: 0.2553 to 0.3662 (Newcombe 1998, method 3).
        let (low, high) = wilson(81, 263, 1.0);
        assert!((low - 0.2553).abs() < 5e-5 && (high - 0.3662).abs() < 5e-5);
        // 0 of 20: 0 to 0.1611.
        let (low, high) = wilson(0, 20, 1.0);
        assert!(low.abs() < 1e-9 && (high - 0.1611).abs() < 5e-5);
    }

    #[test]
    fn cases_that_share_their_fate_widen_it() {
        assert!((shared_fate(&[(10, 5), (10, 5)], 10, 20) - 1.0).abs() < 1e-9);
        // All or nothing: ten count as one.
        let fate = shared_fate(&[(10, 10), (10, 0)], 10, 20);
        assert!((fate - 10.0).abs() < 1e-9, "{fate}");
        let (narrow, wide) = (wilson(10, 20, 1.0), wilson(10, 20, fate));
        assert!(wide.0 < narrow.0 && wide.1 > narrow.1);
    }

    #[test]
    fn shares_of_times_count_what_was_never_done() {
        assert_eq!(at_share(&[1, 2, 3], 10, 20), Some(2));
        assert_eq!(at_share(&[1, 2, 3], 10, 50), None);
        assert_eq!(at_share(&[], 0, 50), None);
        let bars = histogram(&[0.05, 0.06, 1.0, 1.5, 7.0], 6);
        assert_eq!((bars[0], bars[1], bars[19], bars[40]), (1, 1, 1, 2));
        assert_eq!(bars.iter().sum::<u64>(), 6);
    }
}
