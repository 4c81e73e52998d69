//! The four machines against the printed tables of `cvd-state-model.md`, whole:
//! every edge, every move that is no edge, every history, every frequency.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use std::collections::{BTreeMap, BTreeSet};

use candor_case::model::cs::{Course, Letter, VendorPath};
use candor_case::model::em::{EmbargoMove, EmbargoState};
use candor_case::model::history::{DESIDERATA, Desideratum, Fraction, histories};
use candor_case::model::pec::{Consent, ConsentMove};
use candor_case::model::rm::{ReportMove, ReportState};
use candor_case::model::{em, pec, rm};

/// What the document prints, as `FROM move TO`, against what `step` does for every
/// state and every move.
fn is_exactly<S: Copy, M: Copy>(
    printed: &str,
    states: &[(S, &str)],
    moves: &[(M, &str)],
    step: impl Fn(S, M) -> Option<S>,
    name: impl Fn(S) -> String,
) -> usize {
    let wanted: BTreeSet<(String, String, String)> = printed
        .split(';')
        .map(|edge| {
            let mut parts = edge.split_whitespace().map(str::to_owned);
            let mut part = || parts.next().unwrap();
            (part(), part(), part())
        })
        .collect();
    let mut found = BTreeSet::new();
    for (state, from) in states {
        for (by, word) in moves {
            if let Some(to) = step(*state, *by) {
                found.insert(((*from).to_owned(), (*word).to_owned(), name(to)));
            }
        }
    }
    assert_eq!(found, wanted);
    found.len()
}

fn named<S: Copy + PartialEq>(states: &[(S, &str)], state: S) -> String {
    let (_, name) = states.iter().find(|(s, _)| *s == state).unwrap();
    (*name).to_owned()
}

#[test]
fn seven_report_states_and_eleven_edges() {
    let states: Vec<_> = ReportState::ALL
        .into_iter()
        .zip(["S", "R", "I", "V", "A", "D", "C"])
        .collect();
    let moves: Vec<_> = ReportMove::ALL
        .into_iter()
        .zip([
            "receive",
            "validate",
            "invalidate",
            "accept",
            "defer",
            "close",
        ])
        .collect();
    let edges = is_exactly(
        "S receive R; R validate V; R invalidate I; I validate V; V accept A; V defer D; \
         A defer D; D accept A; I close C; D close C; A close C",
        &states,
        &moves,
        ReportState::step,
        |s| named(&states, s),
    );
    assert_eq!((states.len(), edges, rm::EDGES.len()), (7, 11, 11));
}

#[test]
fn five_embargo_states_and_ten_edges() {
    let states: Vec<_> = EmbargoState::ALL
        .into_iter()
        .zip(["N", "P", "A", "R", "X"])
        .collect();
    let moves: Vec<_> = EmbargoMove::ALL
        .into_iter()
        .zip(["p", "a", "r", "t"])
        .collect();
    let edges = is_exactly(
        "N p P; P p P; P r N; P a A; A p R; R p R; R a A; R r A; A t X; R t X",
        &states,
        &moves,
        EmbargoState::step,
        |s| named(&states, s),
    );
    assert_eq!((states.len(), edges, em::EDGES.len()), (5, 10, 10));
}

#[test]
fn five_consent_states_and_fifteen_edges() {
    let states: Vec<_> = Consent::ALL
        .into_iter()
        .zip(["NO_EMBARGO", "INVITED", "SIGNATORY", "DECLINED", "LAPSED"])
        .collect();
    let moves: Vec<_> = ConsentMove::ALL
        .into_iter()
        .zip(["invite", "accept", "decline", "revise", "reset"])
        .collect();
    let edges = is_exactly(
        "NO_EMBARGO invite INVITED; LAPSED invite INVITED; DECLINED invite INVITED; \
         NO_EMBARGO accept SIGNATORY; INVITED accept SIGNATORY; LAPSED accept SIGNATORY; \
         NO_EMBARGO decline DECLINED; INVITED decline DECLINED; LAPSED decline DECLINED; \
         SIGNATORY revise LAPSED; \
         NO_EMBARGO reset NO_EMBARGO; INVITED reset NO_EMBARGO; SIGNATORY reset NO_EMBARGO; \
         DECLINED reset NO_EMBARGO; LAPSED reset NO_EMBARGO",
        &states,
        &moves,
        Consent::step,
        |s| named(&states, s),
    );
    assert_eq!((states.len(), edges, pec::EDGES.len()), (5, 15, 15));
}

/// The rules again, on strings of letters and by brute force: V before F before D;
/// with the public ahead of the vendor only V is next, with an exploit ahead of the
/// public only P.
fn slow_next(state: &str) -> Vec<(char, String)> {
    let has = |sign: char| state.contains(sign);
    let mut out = Vec::new();
    for sign in "VFDPXA".chars() {
        let low = sign.to_ascii_lowercase();
        let ordered = match sign {
            'F' => has('V'),
            'D' => has('F'),
            _ => true,
        };
        let first_rule = !(has('v') && has('P') && !(has('X') && has('p'))) || sign == 'V';
        let second_rule = !(has('p') && has('X')) || sign == 'P';
        if has(low) && ordered && first_rule && second_rule {
            out.push((sign, state.replace(low, &sign.to_string())));
        }
    }
    out
}

#[test]
fn thirty_two_states_outside_and_fifty_eight_edges() {
    let all = Course::all();
    let names: BTreeSet<String> = all.iter().map(|c| c.signs()).collect();
    assert_eq!((all.len(), names.len()), (32, 32));
    let mut edges = 0;
    for state in &all {
        let slow: BTreeSet<(char, String)> = slow_next(&state.signs()).into_iter().collect();
        let fast: BTreeSet<(char, String)> = Letter::ALL
            .into_iter()
            .filter_map(|l| Some((l.sign(), state.step(l)?.signs())))
            .collect();
        assert_eq!(fast, slow, "from {}", state.signs());
        assert_eq!(state.next().len(), fast.len());
        edges += fast.len();
    }
    assert_eq!(edges, 58);
}

#[test]
fn a_letter_is_never_taken_back_and_a_state_never_waits_for_two() {
    for state in Course::all() {
        for letter in Letter::ALL {
            if let Some(next) = state.step(letter) {
                assert!(Letter::ALL.iter().all(|l| !state.has(*l) || next.has(*l)));
                assert_eq!(next.step(letter), None, "twice is once");
            }
            let last = state
                .consequences(letter)
                .into_iter()
                .fold(state, |s, l| s.step(l).unwrap());
            let moved = state.step(letter).is_some();
            assert!(
                !moved || last.forced().is_none(),
                "{} is left half-way",
                last.signs()
            );
        }
    }
    // A public exploit makes the matter public; attacks do not.
    let aware = Course {
        vendor: VendorPath::Aware,
        ..Course::default()
    };
    assert_eq!(
        aware.consequences(Letter::ExploitPublic),
        [Letter::ExploitPublic, Letter::PublicAware]
    );
    assert_eq!(
        aware.consequences(Letter::AttacksObserved),
        [Letter::AttacksObserved]
    );
    assert_eq!(
        Course::default().consequences(Letter::ExploitPublic),
        [
            Letter::ExploitPublic,
            Letter::PublicAware,
            Letter::VendorAware
        ]
    );
}

/// All 720 orders, by brute force.
fn orders(left: &[Letter]) -> Vec<Vec<Letter>> {
    if left.is_empty() {
        return vec![Vec::new()];
    }
    let mut out = Vec::new();
    for letter in left {
        let rest: Vec<Letter> = left.iter().copied().filter(|l| l != letter).collect();
        for mut tail in orders(&rest) {
            tail.insert(0, *letter);
            out.push(tail);
        }
    }
    out
}

fn is_valid(order: &[Letter]) -> bool {
    let place = |letter| order.iter().position(|l| *l == letter).unwrap();
    let ready = place(Letter::FixReady);
    let fixed_in_order = place(Letter::VendorAware) < ready && ready < place(Letter::FixDeployed);
    let before_or_next = |a: Letter, b: Letter| place(a) <= place(b) + 1;
    fixed_in_order
        && before_or_next(Letter::VendorAware, Letter::PublicAware)
        && before_or_next(Letter::PublicAware, Letter::ExploitPublic)
}

fn signs(order: &[Letter]) -> String {
    order.iter().map(|l| l.sign()).collect()
}

#[test]
fn seventy_of_seven_hundred_and_twenty_orders_are_histories() {
    let all = orders(&Letter::ALL);
    assert_eq!(all.len(), 720);
    let valid: BTreeSet<String> = all
        .iter()
        .filter(|o| is_valid(o))
        .map(|o| signs(o))
        .collect();
    let walked: BTreeSet<String> = histories().iter().map(|(h, _)| signs(h)).collect();
    assert_eq!(walked.len(), 70);
    assert_eq!(walked, valid);
}

#[test]
fn the_likelihoods_sum_to_one_and_the_named_histories_are_as_printed() {
    let all = histories();
    let sum = all.iter().fold(Fraction::ZERO, |s, (_, f)| s.plus(*f));
    assert_eq!(sum, Fraction::ONE);
    let by_name: BTreeMap<String, Fraction> = all.iter().map(|(h, f)| (signs(h), *f)).collect();
    let of = |name: &str| by_name[name];
    assert_eq!(of("AXPVFD"), Fraction::new(1, 12));
    assert_eq!(of("XPVAFD"), Fraction::new(1, 8));
    assert_eq!(of("VFDPXA"), Fraction::new(1, 384));
    let most = all.iter().map(|(_, f)| f.as_f64()).fold(0.0, f64::max);
    assert!((most - 0.125).abs() < 1e-12);
    let met = |name: &str| {
        let (history, _) = all.iter().find(|(h, _)| signs(h) == name).unwrap();
        DESIDERATA.iter().filter(|d| d.met_by(history)).count()
    };
    assert_eq!((met("AXPVFD"), met("VFDPXA")), (0, 12));
}

#[test]
fn the_twelve_frequencies_are_exact() {
    let printed = [
        ("D before P", 1, 27),
        ("F before P", 1, 9),
        ("D before X", 1, 6),
        ("D before A", 3, 16),
        ("V before P", 1, 3),
        ("F before X", 1, 3),
        ("F before A", 3, 8),
        ("P before X", 1, 2),
        ("X before A", 1, 2),
        ("V before X", 2, 3),
        ("P before A", 2, 3),
        ("V before A", 3, 4),
    ];
    let found: Vec<(String, u64, u64)> = DESIDERATA
        .iter()
        .map(|d| (d.words(), d.by_luck().over, d.by_luck().under))
        .collect();
    let wanted: Vec<(String, u64, u64)> = printed
        .iter()
        .map(|(w, a, b)| ((*w).to_owned(), *a, *b))
        .collect();
    assert_eq!(found, wanted);
}

#[test]
fn luck_alone_meets_four_and_a_half_of_twelve() {
    let expected = DESIDERATA
        .iter()
        .map(|d: &Desideratum| d.by_luck())
        .fold(Fraction::ZERO, Fraction::plus);
    assert!((expected.as_f64() - 4.627).abs() < 0.0005, "{expected:?}");
    let weighted: f64 = histories()
        .iter()
        .map(|(h, f)| {
            let met = DESIDERATA.iter().filter(|d| d.met_by(h)).count();
            f.as_f64() * f64::from(u32::try_from(met).unwrap())
        })
        .sum();
    assert!((weighted - expected.as_f64()).abs() < 1e-9);
}

#[test]
fn so_many_histories_meet_so_many_wishes() {
    let mut meeting: BTreeMap<usize, u32> = BTreeMap::new();
    for (history, _) in histories() {
        let met = DESIDERATA.iter().filter(|d| d.met_by(&history)).count();
        *meeting.entry(met).or_default() += 1;
    }
    let printed = [1, 0, 2, 4, 6, 9, 11, 11, 10, 8, 4, 3, 1];
    for (met, count) in printed.into_iter().enumerate() {
        assert_eq!(
            meeting.get(&met).copied().unwrap_or(0),
            count,
            "meeting {met}"
        );
    }
}
