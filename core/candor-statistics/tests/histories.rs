//! From the events of a case to what figures see of it.

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
use candor_case::{CloseReason, Command, CveAct, FixStatus};
use candor_policy::model::Milestone;
use candor_statistics::{Counted, Exit, History, Month, Name, figures, frozen};
use candor_testkit::parts::{instant, text};
use candor_testkit::{Story, act};

const POLICY: &str = "# Security policy\n\n## Reporting\n\nMail security@widget.example.\n\n\
    We acknowledge reports within 48 hours.\n";

fn dates() -> BTreeMap<String, Instant> {
    BTreeMap::new()
}

fn withdrawn() -> Story {
    let mut story = Story::of_text(POLICY);
    story.received_at("2026-06-01T08:00:00Z");
    story.at("2026-06-04T08:00:00Z").team(act::acknowledge());
    story
        .at("2026-06-05T08:00:00Z")
        .reporter(Command::Withdraw { message: None });
    story
        .at("2026-06-06T08:00:00Z")
        .team(act::close(CloseReason::Withdrawn));
    story
}

#[test]
fn a_case_is_frozen_when_its_month_is_over_and_stays_so() {
    let mut story = withdrawn();
    let at = |story: &Story, now: &str| frozen(story.log(), &dates(), instant(now));
    assert_eq!(at(&story, "2026-06-30T23:59:59Z"), None);
    let counted = at(&story, "2026-07-01T00:00:00Z").unwrap();
    assert_eq!(counted.month, Month::new(2026, 6));
    assert_eq!(counted.history.exit, Some(Exit::Withdrawn));
    let acknowledged = counted.history.acknowledged.unwrap();
    assert_eq!(acknowledged, instant("2026-06-04T08:00:00Z"));
    // The answer came after 72 of 48 hours: a miss, though nothing ticked.
    let fact = &counted.history.promises[0];
    assert_eq!(fact.milestone, Milestone::Acknowledgement);
    assert_eq!((fact.kept, fact.missed, fact.running), (0, 1, 0));
    story.at("2026-08-02T08:00:00Z").team(Command::Reopen {
        reason: text("It was a fault after all."),
    });
    assert_eq!(at(&story, "2026-09-01T00:00:00Z").unwrap(), counted);
}

#[test]
fn one_that_was_opened_again_within_its_month_has_not_ended_in_it() {
    let mut story = withdrawn();
    story.at("2026-06-20T08:00:00Z").team(Command::Reopen {
        reason: text("It was a fault after all."),
    });
    assert_eq!(
        frozen(story.log(), &dates(), instant("2026-12-01T00:00:00Z")),
        None
    );
}

#[test]
fn a_fix_counts_from_the_day_of_its_release_and_never_from_later() {
    let mut story = Story::of_text(POLICY);
    story.received_at("2026-06-01T08:00:00Z");
    story.team(act::acknowledge());
    story.team(act::assess(candor_testkit::parts::valid(
        candor_policy::model::Severity::High,
    )));
    story.team(act::accept(&["2.x", "1.x"]));
    for (branch, day) in [("2.x", "2026-06-10"), ("1.x", "2026-06-20")] {
        story.at(&format!("{day}T12:00:00Z"));
        for status in [
            FixStatus::InDevelopment,
            FixStatus::Ready,
            FixStatus::Tested,
        ] {
            story.team(act::fix(branch, status));
        }
        story.team(act::release(branch, branch));
    }
    let seen = instant("2026-06-21T00:00:00Z");
    let history = History::of(story.log(), &dates(), seen).unwrap();
    assert_eq!(history.first_fix, Some(instant("2026-06-10T12:00:00Z")));
    assert_eq!(history.last_fix, Some(instant("2026-06-20T12:00:00Z")));
    let days = BTreeMap::from([
        ("2.x".to_owned(), instant("2026-06-08T23:59:59Z")),
        ("1.x".to_owned(), instant("2026-06-30T23:59:59Z")),
    ]);
    let history = History::of(story.log(), &days, seen).unwrap();
    assert_eq!(history.first_fix, Some(instant("2026-06-08T23:59:59Z")));
    assert_eq!(history.last_fix, Some(instant("2026-06-20T12:00:00Z")));
}

/// A case of June that was published with an id, whose record was public so many hours later.
fn with_record(hours: Option<i64>) -> Story {
    let mut story = Story::of_text(POLICY);
    story.received_at("2026-06-01T08:00:00Z");
    story.published_on("2026-06-20T10:00:00Z");
    let id: candor_base::CveId = "CVE-1900-0001".parse().unwrap();
    story.team(Command::Cve(CveAct::Assign { id: id.clone() }));
    if let Some(hours) = hours {
        let at = instant("2026-06-20T10:00:00Z").plus_seconds(hours * 3_600);
        story
            .at(&at.to_string())
            .team(Command::Cve(CveAct::Publish { id, at }));
    }
    story
}

#[test]
fn a_cve_record_counts_once_it_is_public_or_its_72_hours_are_over() {
    let seen = |hours: Option<i64>, at: &str| {
        let story = with_record(hours);
        History::of(story.log(), &dates(), instant(at)).unwrap().cve
    };
    assert_eq!(seen(Some(24), "2026-07-01T00:00:00Z"), Some((1, 1, 1)));
    assert_eq!(seen(Some(25), "2026-07-01T00:00:00Z"), Some((0, 1, 1)));
    assert_eq!(seen(Some(73), "2026-07-01T00:00:00Z"), Some((0, 0, 1)));
    assert_eq!(seen(None, "2026-07-01T00:00:00Z"), Some((0, 0, 1)));
    assert_eq!(seen(None, "2026-06-23T10:00:00Z"), None, "still in time");

    // The team sees one of one; the public, with four cases more to wait for, nothing.
    let story = with_record(Some(25));
    let history = History::of(story.log(), &dates(), instant("2026-07-01T00:00:00Z")).unwrap();
    let calendar = story.in_force().calendar();
    let now = instant("2026-07-01T00:00:00Z");
    let of = |counted: Counted<'_>| {
        let all = figures(counted, &calendar, now).shares;
        let found = all.iter().find(|s| s.name == Name::CveThreeDays);
        found.map(|s| (s.part, s.whole, s.cases))
    };
    assert_eq!(
        of(Counted::Team(std::slice::from_ref(&history))),
        Some((1, 1, 1))
    );
    let five = vec![frozen(story.log(), &dates(), now).unwrap(); 5];
    assert_eq!(of(Counted::Public(&five[..1])), None);
    assert_eq!(of(Counted::Public(&five)), Some((5, 5, 5)));
}
