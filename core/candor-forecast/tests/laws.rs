//! Laws that every forecast keeps.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use candor_forecast::{
    Forecast, Order, RunResult, Scenario, Shown, Team, World, advise, assumptions, svg, text,
};
use candor_policy::model::Milestone;
use common::{promising, scenario};

fn busy() -> Scenario {
    let mut s = scenario(promising(&[
        "We acknowledge reports within 48 hours.",
        "We give an initial assessment within 5 business days.",
        "We release a fix within 30 days.",
    ]));
    s.months = 6;
    s
}

fn runs(s: &Scenario, n: u64) -> Vec<RunResult> {
    let world = World::new(s);
    (0..n).map(|run| world.run(run)).collect()
}

fn forecast(s: &Scenario, n: u64) -> Forecast {
    Forecast::gather(&World::new(s), &runs(s, n))
}

#[test]
fn one_seed_gives_the_same_bytes_in_whatever_order() {
    let s = busy();
    let world = World::new(&s);
    let forward: Vec<RunResult> = (0..4).map(|n| world.run(n)).collect();
    let mut backward: Vec<RunResult> = (0..4).rev().map(|n| world.run(n)).collect();
    backward.reverse();
    assert_eq!(forward, backward);
    let drawn = |runs: &[RunResult]| svg(&[], &Forecast::gather(&world, runs), 0.95);
    assert_eq!(drawn(&forward), drawn(&backward));
    let mut other = busy();
    other.seed = 2;
    assert_ne!(forward, runs(&other, 4), "another seed is another luck");
}

#[test]
fn more_people_do_not_lower_the_odds() {
    let mut s = busy();
    s.load.reports_a_month = 8.0;
    let mut before: Option<Forecast> = None;
    for people in 1..=4 {
        s.team = Team::of(people);
        let now = forecast(&s, 6);
        if let Some(before) = before {
            for (a, b) in before.promises.iter().zip(&now.promises) {
                let (a, b) = (a.odds.unwrap(), b.odds.unwrap());
                assert!(b >= a - 0.01, "{people} people: {a} to {b}");
            }
        }
        before = Some(now);
    }
}

#[test]
fn a_longer_number_breaks_no_promise_that_a_shorter_one_kept() {
    let mut kept_before: Option<Vec<(usize, i64)>> = None;
    for hours in [12, 24, 48, 96, 240] {
        let words = format!("We acknowledge reports within {hours} hours.");
        let mut s = scenario(promising(&[&words]));
        s.months = 9;
        s.team = Team::of(2);
        // What is taken up first depends on no deadline here.
        s.order = Order::Received;
        let world = World::new(&s);
        let place = world
            .clocks()
            .iter()
            .position(|c| c.milestone == Milestone::Acknowledgement)
            .unwrap();
        // Those received well before the end, so that every limit falls due in time.
        let early = world.run(0).samples.into_iter().filter(|s| s.report < 30);
        let kept: Vec<(usize, i64)> = early
            .filter(|s| s.clock == place && s.kept)
            .map(|s| (s.report, s.took.unwrap()))
            .collect();
        if let Some(before) = kept_before {
            assert!(before.iter().all(|k| kept.contains(k)), "{hours} hours");
            assert!(kept.len() >= before.len());
        }
        kept_before = Some(kept);
    }
    assert!(kept_before.unwrap().len() >= 15);
}

#[test]
fn odds_at_a_stretched_limit_never_fall() {
    let all = forecast(&busy(), 4);
    for p in &all.promises {
        let mut last = 0.0;
        for n in 0..60 {
            let odds = p.odds_at(f64::from(n) * 0.1);
            assert!(odds >= last);
            last = odds;
        }
        assert!(
            (p.odds_at(1.0) - p.odds.unwrap()).abs() < 1e-9,
            "{}",
            p.words
        );
        let (low, high) = p.between.unwrap();
        assert!(low <= p.odds.unwrap() && p.odds.unwrap() <= high);
        assert_eq!(p.histogram.iter().sum::<u64>(), p.cases);
        assert_eq!(
            p.causes.iter().map(|(_, n)| n).sum::<u64>(),
            p.cases - p.kept
        );
    }
}

#[test]
fn advice_is_what_the_simulation_found() {
    let s = busy();
    let all = forecast(&s, 4);
    let mut asked = 0;
    let advice = advise(&s, &all, 0.95, &mut |changed| {
        asked += 1;
        assert_ne!(changed, &s, "nothing was changed");
        forecast(changed, 4)
    });
    assert!((3..=14).contains(&asked), "{asked}");
    assert_eq!(advice.len(), all.below(0.95).count());
    let answer = &advice[0];
    assert!(answer.words.contains("48 hours"), "{answer:#?}");
    let tried = |words: &str| {
        answer
            .tried
            .iter()
            .find(|t| t.change.contains(words))
            .unwrap()
    };
    assert!(tried("2 business days").odds > answer.odds);
    assert!(tried("stands in").odds > answer.odds);
    let safe = answer.safe.as_ref().unwrap();
    let chosen = answer.tried.iter().find(|t| t.change == *safe).unwrap();
    assert!(chosen.reaches && chosen.odds >= 0.95);
    let before = answer.tried.iter().take_while(|t| t.change != *safe);
    assert!(
        before.into_iter().all(|t| !t.reaches),
        "the smallest comes first"
    );
    // Nothing to mend, nothing simulated.
    let none = advise(&s, &all, 0.0, &mut |_| panic!("for nothing"));
    assert!(none.is_empty());
}

#[test]
fn the_text_reads_as_it_should() {
    let mut s = busy();
    s.team = Team::of(2);
    let all = forecast(&s, 5);
    let advice = advise(&s, &all, 0.95, &mut |changed| forecast(changed, 5));
    let about = ["SECURITY.md: 2 people, 4.0 reports a month.".to_owned()];
    let assumptions = assumptions(&s, &[]);
    let said = text(&Shown {
        about: &about,
        forecast: &all,
        aim: 0.95,
        advice: Some(&advice),
        assumptions: &assumptions,
        figures: &[],
    });
    for line in said.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    let golden = include_str!("golden/forecast.txt");
    assert_eq!(said, golden, "\n{said}");
}

#[test]
fn the_picture_is_whole_and_holds_no_script() {
    let mut s = busy();
    s.policy = promising(&[
        "We acknowledge reports within 48 hours.",
        "We publish details of <script>alert(1)</script> & others in due time.",
    ]);
    let drawn = svg(&["<b>&\"".to_owned()], &forecast(&s, 2), 0.95);
    assert!(drawn.starts_with("<svg ") && drawn.trim_end().ends_with("</svg>"));
    for never in ["<script", "<b>", "href", "onload", "url("] {
        assert!(!drawn.contains(never), "{never}");
    }
    for must in [
        "<title id=\"t\">",
        "<desc id=\"d\">",
        "prefers-color-scheme:dark",
        "48 hours",
    ] {
        assert!(drawn.contains(must), "{must}");
    }
    let opened = drawn.matches("<g ").count();
    assert_eq!(opened, drawn.matches("</g>").count());
}
