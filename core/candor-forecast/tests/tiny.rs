//! Scenarios small enough to be worked out by hand.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use candor_forecast::{Asks, Cause, Kind, Team, World};
use candor_policy::model::Milestone;
use common::{outcomes, promising, report, scenario, steady};

const FRIDAY_EVENING: &str = "2027-01-08T18:00:00Z";
const HOUR: i64 = 3_600;

#[test]
fn friday_evening_is_too_late_for_48_hours_and_early_enough_for_2_business_days() {
    for (promise, kept) in [
        ("We acknowledge reports within 48 hours.", false),
        ("We acknowledge reports within 2 business days.", true),
    ] {
        let mut s = scenario(promising(&[promise]));
        s.team.members = vec![steady()];
        s.months = 1;
        // Monday 9 to 10: 64 hours after Friday 18:00.
        assert_eq!(
            outcomes(&s, vec![report(FRIDAY_EVENING)], Milestone::Acknowledgement),
            [(kept, 64 * HOUR)],
            "{promise}"
        );
        let world = World::new(&s);
        let result = world.run_with(0, vec![report(FRIDAY_EVENING)]);
        let cause = result.samples.iter().find(|s| s.clock == 0).unwrap().cause;
        assert_eq!(cause, (!kept).then_some(Cause::OffHours));
        // With somebody who looks at the weekend: Saturday 10 to 11.
        s.team.watch = true;
        assert_eq!(
            outcomes(&s, vec![report(FRIDAY_EVENING)], Milestone::Acknowledgement),
            [(true, 17 * HOUR)]
        );
    }
}

#[test]
fn a_case_goes_from_receipt_to_publication_hour_by_hour() {
    let mut s = scenario(promising(&[
        "We acknowledge reports within 2 business days.",
        "We give an initial assessment within 5 business days.",
        "We send a status update every 7 days.",
        "We release a fix within 30 days.",
        "We publish details within 90 days.",
    ]));
    s.team.members = vec![steady()];
    s.months = 6;
    // Tuesday 8 o'clock; 9-10 first look, 10-11 assessment, 11-12 fix, 12-13 release;
    // the reporter knows the date a day before, so it is public on Wednesday 13:00.
    let came = "2027-01-12T08:00:00Z";
    assert_eq!(
        outcomes(&s, vec![report(came)], Milestone::Acknowledgement),
        [(true, 2 * HOUR)]
    );
    assert_eq!(
        outcomes(&s, vec![report(came)], Milestone::Assessment),
        [(true, 3 * HOUR)]
    );
    // Released before the first status message was due.
    assert_eq!(outcomes(&s, vec![report(came)], Milestone::Update), []);
    assert_eq!(
        outcomes(&s, vec![report(came)], Milestone::PatchRelease),
        [(true, 5 * HOUR)]
    );
    assert_eq!(
        outcomes(&s, vec![report(came)], Milestone::Disclosure),
        [(true, 29 * HOUR)]
    );
    // Two hours a day: 9-11 on Tuesday, 9-11 on Wednesday.
    s.team.members[0].hours_a_week = 10.0;
    assert_eq!(
        outcomes(&s, vec![report(came)], Milestone::PatchRelease),
        [(true, 27 * HOUR)]
    );
}

#[test]
fn waiting_stops_the_clocks_that_stand_still_and_no_others() {
    let mut s = scenario(promising(&[
        "We acknowledge reports within 2 business days.",
        "We give an initial assessment within 5 business days.",
        "We send a status update every 7 days.",
    ]));
    s.team.members = vec![steady()];
    s.months = 4;
    let mut asks = report("2027-01-12T08:00:00Z");
    asks.asks = Asks::Answered(20 * 24 * HOUR);
    // Asked on Tuesday 10:00, answered on Monday 1 February 10:00, judged by 11:00.
    assert_eq!(
        outcomes(&s, vec![asks.clone()], Milestone::Assessment),
        [(true, 20 * 24 * HOUR + 3 * HOUR)]
    );
    // The first status falls due on the 19th and is written at half time: on the 15th
    // at about 16:00, done by 17:00; so it goes on every three and a half days or at
    // the next working hour, and each is kept.
    let status = outcomes(&s, vec![asks.clone()], Milestone::Update);
    assert!(
        status.len() >= 4 && status.iter().all(|(kept, _)| *kept),
        "{status:?}"
    );
    asks.asks = Asks::Never;
    // Asked at 10:00, 30 days and a second of waiting, an hour to write why it is turned
    // down. That is an answer too, and the clock stood still.
    assert_eq!(
        outcomes(&s, vec![asks], Milestone::Assessment),
        [(true, 2 * HOUR + 30 * 24 * HOUR + 1 + HOUR)]
    );
}

#[test]
fn ends_without_a_fix_are_accepted_by_the_case() {
    let mut s = scenario(promising(&[
        "We acknowledge reports within 2 business days.",
    ]));
    s.team.members = vec![steady(); 2];
    s.months = 3;
    for kind in [Kind::Junk, Kind::Duplicate] {
        let mut one = report("2027-01-12T08:00:00Z");
        one.kind = kind;
        assert_eq!(
            outcomes(&s, vec![one], Milestone::Acknowledgement),
            [(true, 2 * HOUR)]
        );
    }
}

#[test]
fn a_promise_that_the_work_alone_breaks_says_so() {
    let mut s = scenario(promising(&["We release a fix within 7 days."]));
    s.team.members = vec![steady()];
    s.months = 3;
    let mut big = report("2027-01-12T08:00:00Z");
    big.fix = 60 * HOUR;
    let world = World::new(&s);
    let result = world.run_with(0, vec![big]);
    let fix = result.samples.iter().find(|s| !s.kept).unwrap();
    assert_eq!(fix.cause, Some(Cause::Work));
    assert!(
        fix.took.unwrap() > 7 * 24 * HOUR,
        "done late, and that is known"
    );
}

#[test]
fn vacation_is_told_apart_from_a_full_desk() {
    let mut s = scenario(promising(&[
        "We acknowledge reports within 2 business days.",
    ]));
    let mut away = steady();
    away.vacation_days = 250;
    s.team = Team {
        members: vec![away],
        ..Team::of(1)
    };
    s.months = 2;
    let few = vec![
        report("2027-01-12T08:00:00Z"),
        report("2027-01-21T08:00:00Z"),
    ];
    let result = World::new(&s).run_with(0, few.clone());
    let causes: Vec<_> = result.samples.iter().filter_map(|s| s.cause).collect();
    assert!(
        !causes.is_empty() && causes.iter().all(|c| *c == Cause::Absence),
        "{causes:?}"
    );
    s.team.deputies = true;
    assert!(
        outcomes(&s, few, Milestone::Acknowledgement)
            .iter()
            .all(|(kept, _)| *kept)
    );
    s.team.members = vec![steady()];
    // Fifty reports of an hour on one morning: eight a day.
    let many = vec![report("2027-01-12T08:00:00Z"); 50];
    let kept = outcomes(&s, many, Milestone::Acknowledgement)
        .iter()
        .filter(|(kept, _)| *kept)
        .count();
    assert_eq!(kept, 24, "Tuesday, Wednesday and Thursday");
}
