//! Two months pass for a case under the seeds 0, 1 and 4, once in silence and once
//! with people at work. Every due instant, warning and miss is a literal that was
//! counted by hand; the counting stands beside it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use candor_case::{EmbargoState, Event};
use candor_policy::ClockKey;
use candor_policy::model::{ContentKey, Milestone, Severity};
use candor_testkit::parts::valid;
use candor_testkit::{Story, act};

/// A Friday afternoon: the weekend follows at once.
const RECEIVED: &str = "2026-07-03T16:30:00Z";
const END: &str = "2026-09-03T16:30:00Z";

/// Ticks whenever the case asks for it, as a running server does.
fn run_to(story: &mut Story, end: &str) {
    while let Some(next) = story.wakes_at().filter(|at| at.as_str() <= end) {
        // A clock that began late may owe a warning at once.
        story.tick_at(&next.clone().max(story.now().to_string()));
        assert!(!story.events().is_empty(), "woken at {next} for nothing");
    }
    story.tick_at(end);
    assert!(story.events().is_empty());
}

fn clock_name(story: &Story, key: &ClockKey) -> String {
    let spec = &story.state().clocks[key].spec;
    spec.severity.map_or_else(
        || format!("{:?}", spec.milestone),
        |s| format!("{:?} {s:?}", spec.milestone),
    )
}

/// Misses and warnings of a story, each as "when what".
fn happened(story: &Story) -> Vec<String> {
    story
        .log()
        .iter()
        .filter_map(|r| match &r.event {
            Event::ClockMissed { clock, due } => Some(format!(
                "{} missed {} due {due}",
                r.at,
                clock_name(story, clock)
            )),
            Event::ClockWarned { clock, percent } => Some(format!(
                "{} {percent} % of {}",
                r.at,
                clock_name(story, clock)
            )),
            Event::EmbargoExited { .. } => Some(format!("{} embargo over", r.at)),
            _ => None,
        })
        .collect()
}

fn misses(story: &Story) -> Vec<String> {
    happened(story)
        .into_iter()
        .filter(|line| line.contains("missed"))
        .collect()
}

#[test]
fn seed_0_in_silence() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    story.received_at(RECEIVED);
    // 48 hours, the weekend counts: Friday 16:30 to Sunday 16:30.
    assert_eq!(
        story.due(Milestone::Acknowledgement),
        "2026-07-05T16:30:00Z"
    );
    // 5 business days: 6, 7, 8, 9, 10 July.
    assert_eq!(story.due(Milestone::Assessment), "2026-07-10T23:59:59Z");
    // 10 business days: 6 to 10 and 13 to 17 July.
    assert_eq!(story.due(Milestone::Update), "2026-07-17T23:59:59Z");
    // 90 days: 28 left in July, 31 in August, 30 in September make 89; 1 October is the 90th.
    assert_eq!(story.due(Milestone::Disclosure), "2026-10-01T23:59:59Z");
    assert_eq!(
        story.state().embargo.until.unwrap().to_string(),
        "2026-10-01T23:59:59Z"
    );
    run_to(&mut story, END);
    assert_eq!(
        misses(&story),
        [
            "2026-07-05T16:30:01Z missed Acknowledgement due 2026-07-05T16:30:00Z",
            "2026-07-11T00:00:00Z missed Assessment due 2026-07-10T23:59:59Z",
            "2026-07-18T00:00:00Z missed Update due 2026-07-17T23:59:59Z",
        ]
    );
    let all = happened(&story);
    // Half of 48 hours is 24; four fifths are 38 h 24 min.
    assert!(
        all.contains(&"2026-07-04T16:30:00Z 50 % of Acknowledgement".to_owned()),
        "{all:#?}"
    );
    assert!(
        all.contains(&"2026-07-05T06:54:00Z 80 % of Acknowledgement".to_owned()),
        "{all:#?}"
    );
    // From 3 July 16:30:00 to 1 October 23:59:59 are 90 days and 26,999 s, 7,802,999 s;
    // half, rounded down, is 3,901,499 s: 45 days, 3 h 44 min 59 s.
    assert!(
        all.contains(&"2026-08-17T20:14:59Z 50 % of Disclosure".to_owned()),
        "{all:#?}"
    );
    assert!(
        !all.iter().any(|l| l.contains("80 % of Disclosure")),
        "that is 13 September"
    );
    assert_eq!(story.state().embargo.state, EmbargoState::Active);
}

#[test]
fn seed_0_at_work() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    story.received_at(RECEIVED);
    run_to(&mut story, "2026-07-05T16:30:00Z");
    story.team(act::acknowledge());
    assert!(
        story.is_met(Milestone::Acknowledgement),
        "the very last second"
    );
    run_to(&mut story, "2026-07-06T09:00:00Z");
    story.team(act::ask(&[ContentKey::Steps]));
    run_to(&mut story, "2026-07-09T09:00:00Z");
    story.reporter(act::supply(&[ContentKey::Steps]));
    // 6, 7 and 8 July ended while the case waited: 9, 10, 13, 14, 15 July are the five.
    assert_eq!(story.due(Milestone::Assessment), "2026-07-15T23:59:59Z");
    // The update does not pause.
    assert_eq!(story.due(Milestone::Update), "2026-07-17T23:59:59Z");
    run_to(&mut story, "2026-07-09T15:00:00Z");
    story.team(act::assess(valid(Severity::High)));
    assert!(story.is_met(Milestone::Assessment));
    // High: 7 days from receipt, whenever it is rated: 4 to 10 July.
    assert_eq!(
        story.due((Milestone::Response, Severity::High)),
        "2026-07-10T23:59:59Z"
    );
    run_to(&mut story, "2026-07-10T10:00:00Z");
    story.team(act::plan());
    assert!(story.is_met((Milestone::Response, Severity::High)));
    run_to(&mut story, "2026-07-17T23:59:59Z");
    story.team(act::status());
    assert!(story.is_met(Milestone::Update));
    run_to(&mut story, END);
    assert_eq!(misses(&story), Vec::<String>::new());
    assert_eq!(
        story.wakes_at().as_deref(),
        Some("2026-09-13T22:29:59Z"),
        "80 % of the window"
    );
}

#[test]
fn seed_1_in_silence() {
    let Some(mut story) = Story::seed(1) else {
        return;
    };
    story.received_at(RECEIVED);
    // 2 business days: 6 and 7 July. 5: 6 to 10 July. 7 days: 10 July.
    assert_eq!(
        story.due(Milestone::Acknowledgement),
        "2026-07-07T23:59:59Z"
    );
    assert_eq!(story.due(Milestone::Triage), "2026-07-10T23:59:59Z");
    assert_eq!(story.due(Milestone::Update), "2026-07-10T23:59:59Z");
    assert_eq!(story.due(Milestone::Disclosure), "2026-10-01T23:59:59Z");
    run_to(&mut story, END);
    // Fridays all the way: each period starts at the due instant that was missed.
    assert_eq!(
        misses(&story),
        [
            "2026-07-08T00:00:00Z missed Acknowledgement due 2026-07-07T23:59:59Z",
            "2026-07-11T00:00:00Z missed Triage due 2026-07-10T23:59:59Z",
            "2026-07-11T00:00:00Z missed Update due 2026-07-10T23:59:59Z",
            "2026-07-18T00:00:00Z missed Update due 2026-07-17T23:59:59Z",
            "2026-07-25T00:00:00Z missed Update due 2026-07-24T23:59:59Z",
            "2026-08-01T00:00:00Z missed Update due 2026-07-31T23:59:59Z",
            "2026-08-08T00:00:00Z missed Update due 2026-08-07T23:59:59Z",
            "2026-08-15T00:00:00Z missed Update due 2026-08-14T23:59:59Z",
            "2026-08-22T00:00:00Z missed Update due 2026-08-21T23:59:59Z",
            "2026-08-29T00:00:00Z missed Update due 2026-08-28T23:59:59Z",
        ]
    );
    assert_eq!(story.clock(Milestone::Update).missed_periods, 8);
    assert_eq!(story.due(Milestone::Update), "2026-09-04T23:59:59Z");
    // The same two months with the server down: one look finds the same.
    let Some(mut down) = Story::seed(1) else {
        return;
    };
    down.received_at(RECEIVED).tick_at(END);
    let due_of = |lines: Vec<String>| -> Vec<String> {
        let mut cut: Vec<String> = lines
            .iter()
            .filter_map(|l| Some(l.split_once("missed ")?.1.to_owned()))
            .collect();
        cut.sort();
        cut
    };
    assert_eq!(due_of(misses(&down)), due_of(misses(&story)));
}

#[test]
fn seed_1_at_work() {
    let Some(mut story) = Story::seed(1) else {
        return;
    };
    story.received_at(RECEIVED);
    run_to(&mut story, "2026-07-07T12:00:00Z");
    story.team(act::acknowledge());
    run_to(&mut story, "2026-07-08T12:00:00Z");
    story.team(act::assess(valid(Severity::Critical)));
    // Critical: 14 days from receipt, 4 to 17 July.
    assert_eq!(
        story.due((Milestone::Fix, Severity::Critical)),
        "2026-07-17T23:59:59Z"
    );
    run_to(&mut story, "2026-07-09T12:00:00Z");
    story.team(act::status());
    assert_eq!(story.due(Milestone::Update), "2026-07-16T23:59:59Z");
    run_to(&mut story, "2026-07-10T10:00:00Z");
    story.team(act::ask(&[ContentKey::Environment]));
    run_to(&mut story, "2026-07-14T09:00:00Z");
    story.reporter(act::supply(&[ContentKey::Environment]));
    // 10, 11, 12 and 13 July ended in waiting: four days more.
    assert_eq!(
        story.due((Milestone::Fix, Severity::Critical)),
        "2026-07-21T23:59:59Z"
    );
    run_to(&mut story, "2026-07-16T23:59:59Z");
    story.team(act::status());
    assert_eq!(story.due(Milestone::Update), "2026-07-23T23:59:59Z");
    run_to(&mut story, "2026-07-20T12:00:00Z");
    story.date_agreed("2026-08-03T10:00:00Z").released();
    assert!(story.is_met((Milestone::Fix, Severity::Critical)));
    run_to(&mut story, "2026-08-02T10:00:00Z");
    let draft = candor_testkit::parts::draft();
    story
        .team(act::approve(&draft))
        .at("2026-08-03T10:00:00Z")
        .person(2, act::publish(&draft));
    assert!(story.is_met(Milestone::Disclosure));
    run_to(&mut story, END);
    assert_eq!(misses(&story), Vec::<String>::new());
    assert_eq!(story.clock(Milestone::Update).kept_periods, 2);
    assert_eq!(story.wakes_at(), None, "nothing is left to wait for");
}

#[test]
fn seed_4_in_silence() {
    let Some(mut story) = Story::seed(4) else {
        return;
    };
    story.received_at(RECEIVED);
    // 3 business days: 6, 7 and 8 July, for the plan, the conversation and Candor's own first answer.
    for milestone in [
        Milestone::Plan,
        Milestone::Conversation,
        Milestone::Acknowledgement,
    ] {
        assert_eq!(
            story.due(milestone),
            "2026-07-08T23:59:59Z",
            "{milestone:?}"
        );
    }
    // Candor's own rhythm of 14 days; the next release has no day.
    assert_eq!(story.due(Milestone::Update), "2026-07-17T23:59:59Z");
    assert_eq!(story.due(Milestone::PatchRelease), "unscheduled");
    assert_eq!(story.state().embargo.state, EmbargoState::None);
    run_to(&mut story, END);
    let mut missed = misses(&story);
    missed[..3].sort();
    assert_eq!(
        missed,
        [
            "2026-07-09T00:00:00Z missed Acknowledgement due 2026-07-08T23:59:59Z",
            "2026-07-09T00:00:00Z missed Conversation due 2026-07-08T23:59:59Z",
            "2026-07-09T00:00:00Z missed Plan due 2026-07-08T23:59:59Z",
            "2026-07-18T00:00:00Z missed Update due 2026-07-17T23:59:59Z",
            "2026-08-01T00:00:00Z missed Update due 2026-07-31T23:59:59Z",
            "2026-08-15T00:00:00Z missed Update due 2026-08-14T23:59:59Z",
            "2026-08-29T00:00:00Z missed Update due 2026-08-28T23:59:59Z",
        ]
    );
    assert_eq!(story.due(Milestone::Update), "2026-09-11T23:59:59Z");
    let promised: Vec<Milestone> = story
        .state()
        .clocks
        .values()
        .filter(|c| c.spec.is_promise() && c.was_missed())
        .map(|c| c.spec.milestone)
        .collect();
    assert_eq!(
        promised,
        [Milestone::Plan, Milestone::Conversation],
        "Candor's own are not counted"
    );
}

#[test]
fn seed_4_at_work() {
    let Some(mut story) = Story::seed(4) else {
        return;
    };
    story.received_at(RECEIVED);
    run_to(&mut story, "2026-07-06T12:00:00Z");
    story.team(act::acknowledge());
    assert!(story.is_met(Milestone::Acknowledgement) && !story.is_met(Milestone::Plan));
    run_to(&mut story, "2026-07-08T23:59:59Z");
    story.team(act::plan());
    assert!(story.is_met(Milestone::Plan) && story.is_met(Milestone::Conversation));
    run_to(&mut story, "2026-07-17T12:00:00Z");
    story.team(act::status());
    assert_eq!(story.due(Milestone::Update), "2026-07-31T23:59:59Z");
    run_to(&mut story, "2026-07-30T12:00:00Z");
    story.team(act::status());
    // 14 days after 30 July: one more in July, thirteen in August.
    assert_eq!(story.due(Milestone::Update), "2026-08-13T23:59:59Z");
    run_to(&mut story, "2026-08-10T12:00:00Z");
    story.released();
    assert!(
        story.is_met(Milestone::PatchRelease),
        "unscheduled, and done"
    );
    run_to(&mut story, END);
    assert_eq!(misses(&story), Vec::<String>::new());
}
