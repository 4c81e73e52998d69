//! The response timeline.
//!
//! 2026-06-01 is a Monday. Five business days after it end with Monday 2026-06-08,
//! ten with Monday 2026-06-15.

use candor_base::RefusalCode;
use candor_case::{ClockStatus, EmbargoState, MessageKind};
use candor_policy::clocks::{ClockRule, ClockSource, MetBy};
use candor_policy::model::{Firmness, Milestone, Severity, Term};
use candor_policy::{PromiseKind, clocks, promises_in_words};
use candor_testkit::parts::{draft, instant, valid};
use candor_testkit::{Story, act, on_line};

const MONDAY: &str = "2026-06-01T08:00:00Z";

#[test]
fn s0_22_first_acknowledgement_within_48_hours() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    let promise = on_line(&story.policy().promises, 36);
    assert_eq!(promise.value.milestone, Milestone::Acknowledgement);
    assert_eq!(promise.value.firmness, Firmness::Commit);
    // 48 elapsed hours, the letter that Candor sends by itself meets nothing.
    story.received_at(MONDAY).team(act::note());
    assert_eq!(story.due("promise-1"), "2026-06-03T08:00:00Z");
    assert_eq!(story.clock("promise-1").status, ClockStatus::Running);
    story.at("2026-06-03T08:00:00Z").team(act::acknowledge());
    assert!(story.is_met("promise-1"), "in time to the second");

    // They count through the week-end: Friday 17:00 to Sunday 17:00.
    let mut weekend = Story::seed(0).unwrap();
    weekend.received_at("2026-06-05T17:00:00Z");
    assert_eq!(weekend.due("promise-1"), "2026-06-07T17:00:00Z");
    weekend
        .tick_at("2026-06-07T17:00:01Z")
        .team(act::acknowledge());
    assert_eq!(
        weekend.clock("promise-1").status,
        ClockStatus::MetLate {
            at: instant("2026-06-07T17:00:01Z"),
            late_seconds: 1
        }
    );
}

#[test]
fn s0_23_preliminary_assessment_within_5_business_days() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    assert_eq!(on_line(&story.policy().promises, 37).id.0, "promise-2");
    story.received_at(MONDAY).acknowledged();
    assert_eq!(story.due("promise-2"), "2026-06-08T23:59:59Z");
    story
        .at("2026-06-04T10:00:00Z")
        .team(act::assess_silently(valid(Severity::Medium)));
    assert_eq!(
        story.clock("promise-2").status,
        ClockStatus::Running,
        "recorded is not yet sent"
    );
    story
        .at("2026-06-05T10:00:00Z")
        .team(act::say(MessageKind::Decision));
    assert_eq!(
        story.clock("promise-2").status,
        ClockStatus::Met {
            at: instant("2026-06-05T10:00:00Z")
        }
    );
    // Received on a Friday, the week-end does not count: Friday a week later.
    let mut friday = Story::seed(0).unwrap();
    friday.received_at("2026-06-05T17:00:00Z");
    assert_eq!(friday.due("promise-2"), "2026-06-12T23:59:59Z");
}

#[test]
fn s0_24_one_status_update_within_10_business_days() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    assert_eq!(on_line(&story.policy().promises, 38).id.0, "promise-3");
    story.received_at(MONDAY).acknowledged();
    let clock = story.clock(Milestone::Update);
    assert!(matches!(clock.spec.rule, ClockRule::Within { .. }), "once");
    assert_eq!(clock.anchor, instant(MONDAY));
    assert_eq!(story.due(Milestone::Update), "2026-06-15T23:59:59Z");
    story
        .at("2026-06-10T10:00:00Z")
        .team(act::say(MessageKind::Plain));
    assert_eq!(story.clock(Milestone::Update).status, ClockStatus::Running);
    story.at("2026-06-11T10:00:00Z").team(act::status());
    let met = ClockStatus::Met {
        at: instant("2026-06-11T10:00:00Z"),
    };
    assert_eq!(story.clock(Milestone::Update).status, met);
    // No second period begins, by another update or by time.
    story
        .at("2026-06-20T10:00:00Z")
        .team(act::status())
        .tick_at("2026-07-20T10:00:00Z");
    assert_eq!(story.clock(Milestone::Update).status, met);
    assert_eq!(story.clock(Milestone::Update).period, 1);
}

#[test]
fn s0_25_patch_development_has_no_number_and_no_clock() {
    let Some(story) = Story::seed(0) else { return };
    let promise = on_line(&story.policy().promises, 39);
    assert_eq!(
        promise.value.term,
        Term::Unquantified {
            words: "Varies by severity".to_owned()
        }
    );
    for clock in clocks(story.in_force()) {
        let (ClockSource::Policy { span, .. } | ClockSource::Reading { span, .. }) = &clock.source
        else {
            continue;
        };
        assert_ne!(span.first, 39, "a clock was invented: {clock:?}");
    }
    let lines = promises_in_words(story.in_force());
    let line = lines
        .iter()
        .find(|l| l.clause.as_ref() == Some(&promise.id))
        .unwrap();
    assert_eq!(line.kind, PromiseKind::NoNumber);
    assert!(line.text.contains("Varies by severity"), "{}", line.text);
    assert!(!line.text.contains(|c: char| c.is_ascii_digit()));
}

#[test]
fn s0_26_the_disclosure_date_is_proposed_and_answered_before_it_holds() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    let promise = on_line(&story.policy().promises, 40);
    assert_eq!(promise.value.milestone, Milestone::Disclosure);
    assert!(matches!(promise.value.term, Term::Unquantified { .. }));
    story.received_at(MONDAY).accepted();
    let window = story.state().embargo.until;
    story
        .team(act::save_draft(&draft()))
        .team(act::propose_date("2026-07-01T12:00:00Z"));
    let embargo = &story.state().embargo;
    assert_eq!(embargo.state, EmbargoState::Revise);
    assert_eq!(embargo.until, window, "a proposal alone changes nothing");
    assert!(!embargo.settled);
    story
        .team(act::accept_date())
        .refused(RefusalCode::NotAllowed);
    story.reporter(act::accept_date());
    let embargo = &story.state().embargo;
    assert_eq!(embargo.state, EmbargoState::Active);
    assert_eq!(embargo.until, Some(instant("2026-07-01T12:00:00Z")));
    assert!(embargo.settled);
    let names: Vec<&str> = story.log().iter().map(|r| r.event.name()).collect();
    assert!(names.contains(&"date_proposed") && names.contains(&"date_agreed"));
}

#[test]
fn s0_38_a_window_of_90_days_from_report_to_disclosure() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    let rule = on_line(&story.policy().disclosure, 56).clone();
    story.received_at(MONDAY);
    // 29 days are left of June after the 1st, 31 in July: 30 August is the 90th.
    let key = rule.id.0.as_str();
    assert_eq!(story.due(key), "2026-08-30T23:59:59Z");
    assert_eq!(story.clock(key).spec.met_by, MetBy::Published);
    assert_eq!(
        story.state().embargo.until,
        Some(instant("2026-08-30T23:59:59Z"))
    );
    // From 1 June 08:00:00 to the end of 30 August are 7 833 599 seconds. Half of
    // them end on 16 July at 15:59:59, four fifths on 12 August at 20:47:59.
    story.tick_at("2026-07-16T15:59:58Z");
    assert!(!story.clock(key).warned_half);
    story.tick_at("2026-07-16T15:59:59Z");
    assert!(story.clock(key).warned_half && !story.clock(key).warned_most);
    story.tick_at("2026-08-12T20:47:58Z");
    assert!(!story.clock(key).warned_most);
    story.tick_at("2026-08-12T20:47:59Z");
    assert!(story.clock(key).warned_most);
    assert_eq!(story.mails().len(), 1, "one letter per warning");
    story.tick_at("2026-08-30T23:59:59Z");
    assert!(!story.is_missed(key), "due is still in time");
    story.tick_at("2026-08-31T00:00:00Z");
    assert_eq!(story.clock(key).status, ClockStatus::Missed);
    // The miss is shown to both sides.
    let quote = rule.quote.as_str();
    let overdue = |look: &candor_access::view::ClockView| {
        look.quote.as_deref() == Some(quote) && look.look == candor_access::view::ClockLook::Overdue
    };
    assert!(story.room().clocks.iter().any(overdue));
    assert!(story.case_page().clocks.iter().any(overdue));
}
