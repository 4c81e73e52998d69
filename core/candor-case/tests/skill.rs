//! Skill scores against numbers worked out by hand and known quantiles.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use std::collections::BTreeMap;

use candor_base::Instant;
use candor_case::model::cs::Letter;
use candor_case::model::history::{DESIDERATA, Desideratum};
use candor_case::model::skill::{Tally, met, tally};

fn wish(words: &str) -> Desideratum {
    DESIDERATA.into_iter().find(|d| d.words() == words).unwrap()
}

fn near(a: f64, b: f64) {
    assert!((a - b).abs() < 5e-4, "{a} is not {b}");
}

#[test]
fn luck_scores_nothing_always_scores_one_and_never_less_than_nothing() {
    let of = |met, of| Tally {
        wish: wish("F before P"),
        met,
        of,
    };
    near(of(1, 9).score().unwrap(), 0.0);
    near(of(9, 9).score().unwrap(), 1.0);
    near(of(0, 9).score().unwrap(), -0.125);
    assert_eq!(of(0, 0).score(), None);
    // Shares that were published for one vendor over four years.
    near(of(2_610, 2_694).score().unwrap(), 0.964_9);
    let attacks = Tally {
        wish: wish("F before A"),
        met: 2_655,
        of: 2_694,
    };
    near(attacks.score().unwrap(), 0.976_8);
}

#[test]
fn the_interval_is_the_quantiles_of_beta() {
    // Beta(2, 3) has its 2.5 % at 0.067586 and its 97.5 % at 0.805880.
    let line = Tally {
        wish: wish("P before X"),
        met: 2,
        of: 5,
    };
    let (low, high) = line.interval().unwrap();
    near(low, (0.067_586 - 0.5) / 0.5);
    near(high, (0.805_880 - 0.5) / 0.5);
    let all = Tally { met: 5, ..line };
    assert_eq!(all.interval(), None);
    // Beta(1, 1) is flat.
    let flat = Tally {
        met: 1,
        of: 2,
        ..line
    };
    let (low, high) = flat.interval().unwrap();
    near(low, -0.95);
    near(high, 0.95);
}

#[test]
fn what_did_not_happen_is_met_or_unknown_and_never_guessed() {
    let at = |s: i64| Instant::from_unix(s).unwrap();
    let when = BTreeMap::from([
        (Letter::VendorAware, at(1)),
        (Letter::FixReady, at(5)),
        (Letter::PublicAware, at(5)),
    ]);
    assert_eq!(met(wish("V before P"), &when), Some(true));
    assert_eq!(
        met(wish("F before P"), &when),
        Some(false),
        "at once is not before"
    );
    assert_eq!(
        met(wish("F before A"), &when),
        Some(true),
        "attacks never came"
    );
    assert_eq!(met(wish("X before A"), &when), None);
    let lines = tally([&when, &when].into_iter());
    assert_eq!(lines.len(), 9, "nobody knows who deployed a fix");
    let vp = lines.iter().find(|l| l.wish == wish("V before P")).unwrap();
    assert_eq!((vp.met, vp.of), (2, 2));
}

/// The chance of at least `least` successes in `of` tries that succeed with `share` each.
fn tail(of: u32, least: u32, share: f64) -> f64 {
    let mut choose = 1.0;
    let mut sum = 0.0;
    for k in 0..=of {
        if k > 0 {
            choose *= f64::from(of - k + 1) / f64::from(k);
        }
        if k >= least {
            let (hit, miss) = (i32::try_from(k).unwrap(), i32::try_from(of - k).unwrap());
            sum += choose * share.powi(hit) * (1.0 - share).powi(miss);
        }
    }
    sum
}

#[test]
fn every_interval_leaves_the_same_share_out_on_both_sides() {
    // For whole numbers, Beta(a, b) lies below x as often as a + b - 1 tries that
    // succeed with x each succeed at least a times: a sum that needs no approximation.
    for words in ["P before X", "V before A"] {
        let wish = wish(words);
        let luck = wish.by_luck().as_f64();
        for of in 2..=16 {
            for met in 1..of {
                let (low, high) = Tally { wish, met, of }.interval().unwrap();
                for (score, share) in [(low, 0.025), (high, 0.975)] {
                    let x = luck + score * (1.0 - luck);
                    let exact = tail(of - 1, met, x);
                    assert!(
                        (exact - share).abs() < 1e-12,
                        "{met} of {of}: {exact} lies below {x}, not {share}"
                    );
                }
            }
        }
    }
}
