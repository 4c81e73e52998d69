//! A second, plain count of everything, and the laws of what may be told.

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
use candor_calendar::WorkCalendar;
use candor_policy::MetBy;
use candor_policy::model::{Firmness, Milestone, Severity};
use candor_statistics::{
    Counted, Credited, EmbargoCause, EmbargoEnd, Exit, FEWEST, Figures, Frozen, History, Month,
    Name, PromiseFact, Spread, figures,
};
use proptest::prelude::*;

const DAY: i64 = 86_400;

fn at(seconds: i64) -> Instant {
    Instant::from_unix(1_700_000_000 + seconds).unwrap()
}

fn promise(n: u32) -> PromiseFact {
    let kinds = [
        (Milestone::Acknowledgement, false),
        (Milestone::Update, true),
        (Milestone::Fix, false),
    ];
    let (milestone, recurring) = kinds[n as usize % 3];
    PromiseFact {
        milestone,
        met_by: MetBy::HumanMessage,
        firmness: Firmness::Target,
        recurring,
        kept: n / 3 % 3,
        missed: n / 9 % 3,
        running: n / 27 % 2,
        kept_at_first: n / 3 % 2,
        missed_at_first: n / 9 % 4,
    }
}

prop_compose! {
    fn history()(
        received in 0..400 * DAY,
        times in prop::collection::vec(prop::option::of(0..120 * DAY), 6),
        promises in prop::collection::btree_map(0_u32..3, 0_u32..200, 0..3),
        bits in any::<u16>(),
        paused in 0..50 * DAY,
    ) -> History {
        let then = |n: usize| times[n].map(|s| at(received + s));
        let bit = |n: u32| bits >> n & 1 == 1;
        let severities = [None, Some(Severity::Low), Some(Severity::High)];
        let exits = [None, Some(Exit::Published), Some(Exit::Duplicate), Some(Exit::Withdrawn)];
        let causes = [None, Some(EmbargoCause::Public), Some(EmbargoCause::Leak)];
        History {
            received: at(received),
            seen: at(received + 200 * DAY),
            acknowledged: then(0),
            triaged: then(1),
            decided: then(2),
            first_fix: then(3),
            last_fix: then(4),
            published: then(5),
            ended: then(5),
            open: bit(0),
            valid: [None, Some(true), Some(false), Some(true)][usize::from(bits & 3)],
            exit: exits[usize::from(bits >> 2 & 3)],
            severity: severities[usize::from(bits >> 4) % 3],
            promises: promises.into_iter().map(|(k, n)| promise(n / 3 * 3 + k)).collect(),
            paused,
            lived: paused + DAY,
            embargoes: bit(7)
                .then(|| EmbargoEnd { early: causes[usize::from(bits >> 8) % 3] })
                .into_iter()
                .collect(),
            branches: bit(10).then_some((u32::from(bits >> 11 & 1), 2)),
            credit: bit(12).then_some(if bit(13) { Credited::Named } else { Credited::Unanswered }),
            cve: bit(14).then_some((u32::from(bit(15)), 1, 1)),
            filings: Vec::new(),
            aware_after: Vec::new(),
            told_after: Vec::new(),
        }
    }
}

prop_compose! {
    fn frozen_case()(history in history(), month in 1_i8..8) -> Frozen {
        Frozen { month: Month::new(2026, month), history }
    }
}

/// The median by its definition: half lie on each side.
fn plain(mut values: Vec<i64>) -> Option<(usize, i64, i64, i64)> {
    if values.is_empty() {
        return None;
    }
    // Bubble sort: slow, and nothing like the other.
    for _ in 0..values.len() {
        for n in 1..values.len() {
            if values[n - 1] > values[n] {
                values.swap(n - 1, n);
            }
        }
    }
    let n = values.len();
    let median = (values[(n - 1) / 2] + values[n / 2]).div_euclid(2);
    let mut p90 = values[n - 1];
    for value in values.iter().rev() {
        let within = values.iter().filter(|v| *v <= value).count();
        if within * 10 >= n * 9 {
            p90 = *value;
        }
    }
    Some((n, median, p90, values[n - 1]))
}

fn is(spread: &Spread) -> (usize, i64, i64, i64) {
    (spread.n as usize, spread.median, spread.p90, spread.max)
}

fn time(figures: &Figures, name: Name) -> Option<(usize, i64, i64, i64)> {
    let found = figures.times.iter().find(|t| t.name == name);
    found.map(|t| is(&t.seconds))
}

/// What may be told of dated samples, said another way: month by month, all that came
/// since the last telling, once there are five.
fn told(mut samples: Vec<(Month, i64)>) -> Vec<i64> {
    samples.sort_by_key(|(month, _)| *month);
    let (mut out, mut start) = (Vec::new(), 0);
    for n in 0..samples.len() {
        let last_of_month = n + 1 == samples.len() || samples[n + 1].0 != samples[n].0;
        if last_of_month && n + 1 - start >= FEWEST {
            out.extend(samples[start..=n].iter().map(|(_, v)| *v));
            start = n + 1;
        }
    }
    out
}

type Moment = fn(&History) -> Option<i64>;

const TIMES: [(Name, Moment); 7] = [
    (Name::Acknowledge, |h| {
        Some(h.acknowledged?.unix() - h.received.unix())
    }),
    (Name::Triage, |h| {
        Some(h.triaged?.unix() - h.received.unix())
    }),
    (Name::Validate, |h| {
        Some(h.decided?.unix() - h.received.unix())
    }),
    (Name::FirstFix, |h| {
        Some(h.first_fix?.unix() - h.received.unix())
    }),
    (Name::LastFix, |h| {
        Some(h.last_fix?.unix() - h.received.unix())
    }),
    (Name::Disclose, |h| {
        Some(h.published?.unix() - h.received.unix())
    }),
    (Name::PatchGap, |h| {
        Some(h.published?.unix() - h.first_fix?.unix())
    }),
];

/// Every number of a publication that says about how many cases it is.
fn sizes(f: &Figures) -> BTreeMap<String, u32> {
    let mut out = BTreeMap::from([("reports".to_owned(), f.reports)]);
    for t in &f.times {
        out.insert(format!("{:?}", t.name), t.seconds.n);
    }
    for p in &f.promises {
        out.insert(format!("{:?} {:?}", p.milestone, p.met_by), p.cases);
    }
    for s in &f.shares {
        out.insert(format!("{:?}", s.name), s.cases);
    }
    for c in &f.counts {
        let all = c.kinds.values().sum::<u32>() + c.rest;
        out.insert(format!("{:?}", c.name), all);
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn times_and_sums_are_what_the_judge_counts(all in prop::collection::vec(history(), 0..30)) {
        let calendar = WorkCalendar::utc_mon_fri();
        let now = at(450 * DAY);
        let f = figures(Counted::Team(&all), &calendar, now);
        for (name, of) in TIMES {
            prop_assert_eq!(time(&f, name), plain(all.iter().filter_map(of).collect()));
        }
        for milestone in [Milestone::Acknowledgement, Milestone::Update, Milestone::Fix] {
            let mut sum = (0, 0, 0, 0, 0);
            for fact in all.iter().flat_map(|h| &h.promises) {
                if fact.milestone == milestone && fact.kept + fact.missed + fact.running > 0 {
                    sum = (
                        sum.0 + fact.kept,
                        sum.1 + fact.missed,
                        sum.2 + fact.running,
                        sum.3 + fact.kept_at_first,
                        sum.4 + fact.missed_at_first,
                    );
                }
            }
            let found = f.promises.iter().find(|p| p.milestone == milestone);
            let found = found.map_or((0, 0, 0, 0, 0), |p| {
                (p.kept, p.missed, p.running, p.kept_at_first, p.missed_at_first)
            });
            prop_assert_eq!(found, sum);
        }
        let mut answered = (0, 0);
        for h in all.iter().filter(|h| now.unix() - h.received.unix() <= 90 * DAY) {
            let of: Vec<&PromiseFact> = h
                .promises
                .iter()
                .filter(|p| p.milestone == Milestone::Acknowledgement)
                .collect();
            if !of.is_empty() {
                answered.1 += 1;
                answered.0 += i64::from(of.iter().all(|p| p.missed == 0));
            }
        }
        let share = f.shares.iter().find(|s| s.name == Name::ResponseEfficiency);
        prop_assert_eq!(share.map_or((0, 0), |s| (s.part, s.whole)), answered);
        let valid = f.shares.iter().find(|s| s.name == Name::Validity);
        let count = |of: fn(&&History) -> bool| all.iter().filter(of).map(|_| 1_i64).sum::<i64>();
        let yes = count(|h| h.valid == Some(true));
        let decided = count(|h| h.valid.is_some());
        prop_assert_eq!(valid.map_or((0, 0), |s| (s.part, s.whole)), (yes, decided));
        let backlog = f.backlog.unwrap();
        let open = all.iter().filter(|h| h.open && h.valid == Some(true));
        let ages: Vec<i64> = open.map(|h| now.unix() - h.received.unix()).collect();
        prop_assert_eq!(backlog.open_valid as usize, ages.len());
        prop_assert_eq!(backlog.by_severity.values().sum::<u32>() as usize, ages.len());
        prop_assert_eq!(backlog.age.as_ref().map(is), plain(ages.clone()));
        let old: Vec<i64> = ages.into_iter().filter(|a| *a > 90 * DAY).collect();
        prop_assert_eq!(backlog.old as usize, old.len());
        prop_assert_eq!(backlog.old_age.as_ref().map(is), plain(old));
    }

    #[test]
    fn the_public_hears_what_the_judge_lets_through(
        all in prop::collection::vec(frozen_case(), 0..30),
    ) {
        let calendar = WorkCalendar::utc_mon_fri();
        let f = figures(Counted::Public(&all), &calendar, at(0));
        for (name, of) in TIMES {
            let samples = all.iter().filter_map(|c| Some((c.month, of(&c.history)?)));
            prop_assert_eq!(time(&f, name), plain(told(samples.collect())));
        }
        prop_assert!(f.backlog.is_none() && f.filings.is_empty());
        for (what, n) in sizes(&f) {
            prop_assert!(n == 0 || n as usize >= FEWEST, "{} is about {}", what, n);
        }
        for count in &f.counts {
            let few = |n: u32| n > 0 && (n as usize) < FEWEST;
            prop_assert!(!count.kinds.values().any(|n| few(*n)) && !few(count.rest));
        }
    }

    #[test]
    fn no_two_publications_differ_by_fewer_than_five(
        all in prop::collection::vec(frozen_case(), 0..40),
    ) {
        let calendar = WorkCalendar::utc_mon_fri();
        let mut before: BTreeMap<String, u32> = BTreeMap::new();
        for month in 1..8 {
            let upto: Vec<Frozen> = all
                .iter()
                .filter(|c| c.month <= Month::new(2026, month))
                .cloned()
                .collect();
            let after = sizes(&figures(Counted::Public(&upto), &calendar, at(0)));
            for (what, n) in &before {
                prop_assert!(after.get(what).is_some_and(|m| m >= n), "{} went back", what);
            }
            for (what, n) in &after {
                let more = n - before.get(what).copied().unwrap_or(0);
                prop_assert!(more == 0 || more as usize >= FEWEST, "{} by {}", what, more);
            }
            before = after;
        }
    }
}
