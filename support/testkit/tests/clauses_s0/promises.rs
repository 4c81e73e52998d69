//! Severity levels and their responses.
//!
//! 2026-06-01 is a Monday.

use candor_base::RefusalCode;
use candor_case::{ClockStatus, Command, Matter};
use candor_policy::clocks::{ClockSource, MetBy};
use candor_policy::model::{Milestone, Severity, Term};
use candor_policy::settings::Settings;
use candor_policy::{PromiseKind, promises_in_words, questions, severity_clause, severity_for};
use candor_testkit::parts::{text, valid};
use candor_testkit::{Story, act, aside, on_line};

const MONDAY: &str = "2026-06-01T08:00:00Z";

/// These classes suggest this severity, by the row on this line.
fn suggests(story: &Story, classes: &[&str], severity: Severity, line: u32) {
    for class in classes {
        assert_eq!(
            severity_for(story.policy(), class),
            Some(severity),
            "{class}"
        );
        let row = severity_clause(story.policy(), class).unwrap();
        assert_eq!(row.span.first, line, "{class}");
    }
}

#[test]
fn s0_27_critical_classes_start_a_marked_internal_target_at_once() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    let classes = [
        "Remote code execution",
        "authentication bypass",
        "data breach",
    ];
    suggests(&story, &classes, Severity::Critical, 44);
    assert_eq!(
        on_line(&story.policy().promises, 44).value.term,
        Term::Immediate
    );
    story
        .received_at(MONDAY)
        .at("2026-06-01T09:00:00Z")
        .team(act::assess(valid(Severity::Critical)));
    let clock = story.clock((Milestone::Response, Severity::Critical));
    assert_eq!(clock.spec.source, ClockSource::Candor);
    assert!(!clock.spec.is_promise());
    assert_eq!(clock.spec.met_by, MetBy::WorkStarted);
    assert_eq!(
        story.due((Milestone::Response, Severity::Critical)),
        "2026-06-02T08:00:00Z"
    );
    // The reporter sees the word and no invented number.
    let shown = story.room().clocks;
    assert!(shown.iter().all(|c| {
        c.due
            .as_ref()
            .is_none_or(|d| d.at.to_string() != "2026-06-02T08:00:00Z")
    }));
    let lines = promises_in_words(story.in_force());
    let line = lines
        .iter()
        .find(|l| l.span.is_some_and(|s| s.first == 44))
        .unwrap();
    assert_eq!(line.kind, PromiseKind::NoNumber);
    assert!(
        !line.text.contains(|c: char| c.is_ascii_digit()),
        "{}",
        line.text
    );
}

#[test]
fn s0_28_high_has_a_response_within_7_days_and_the_owner_says_what_that_means() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    let classes = ["Privilege escalation", "significant data exposure"];
    suggests(&story, &classes, Severity::High, 45);
    let asked = questions(story.in_force());
    let asked = asked.iter().filter(|f| f.code == "response-ambiguous");
    assert_eq!(asked.count(), 1, "asked once");
    story
        .received_at(MONDAY)
        .at("2026-06-03T09:00:00Z")
        .team(act::assess(valid(Severity::High)));
    let clock = story.clock((Milestone::Response, Severity::High));
    assert!(matches!(clock.spec.source, ClockSource::Reading { .. }));
    assert_eq!(clock.spec.met_by, MetBy::WorkStarted);
    // Seven days from receipt, not from the rating.
    let key = (Milestone::Response, Severity::High);
    assert_eq!(story.due(key), "2026-06-08T23:59:59Z");
    story.team(act::plan());
    assert!(story.is_met(key));

    let settings = Settings {
        response_means: Some(Milestone::Fix),
        ..Settings::default()
    };
    let mut fixes = Story::seed_with(0, settings).unwrap();
    assert!(
        questions(fixes.in_force())
            .iter()
            .all(|f| f.code != "response-ambiguous")
    );
    fixes
        .received_at(MONDAY)
        .accepted_as(Severity::High)
        .team(act::plan());
    let clock = fixes.clock(key);
    assert_eq!(clock.spec.met_by, MetBy::FixReleased);
    assert!(matches!(clock.spec.source, ClockSource::Policy { .. }));
    assert_eq!(clock.status, ClockStatus::Running, "a plan is no fix");
}

#[test]
fn s0_29_medium_holds_even_where_the_score_says_high_with_a_note() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    let classes = ["Limited data exposure", "denial of service"];
    suggests(&story, &classes, Severity::Medium, 46);
    let mut assessment = valid(Severity::Medium);
    // 7.5: High.
    assessment.cvss = Some("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H".to_owned());
    story
        .received_at(MONDAY)
        .team(act::assess(assessment.clone()))
        .refused(RefusalCode::FieldMissing);
    assessment.difference_note = Some(text("the policy rates denial of service as Medium"));
    story.team(act::assess(assessment));
    assert_eq!(story.state().severity(), Some(Severity::Medium));
    // 30 days from 1 June.
    let key = (Milestone::Response, Severity::Medium);
    assert_eq!(story.due(key), "2026-07-01T23:59:59Z");
    assert!(
        story
            .find_clock((Milestone::Response, Severity::High))
            .is_none()
    );
}

#[test]
fn s0_30_low_waits_for_the_next_release() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    suggests(
        &story,
        &["Minor issues", "defense-in-depth improvements"],
        Severity::Low,
        47,
    );
    assert_eq!(
        on_line(&story.policy().promises, 47).value.term,
        Term::NextRelease
    );
    let key = (Milestone::Fix, Severity::Low);
    story
        .received_at(MONDAY)
        .team(act::assess(valid(Severity::Low)));
    assert_eq!(story.due(key), "unscheduled");
    story.tick_at("2027-06-01T08:00:00Z");
    assert!(!story.is_missed(key), "nothing is missed without a date");

    let settings = Settings {
        next_release: "2026-07-10".parse().ok(),
        ..Settings::default()
    };
    let mut known = Story::seed_with(0, settings).unwrap();
    known
        .received_at(MONDAY)
        .team(act::assess(valid(Severity::Low)));
    assert_eq!(known.due(key), "2026-07-10T23:59:59Z");
}

#[test]
fn s0_39_critical_asks_for_an_earlier_date_and_invents_no_number() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    let rule = on_line(&story.policy().disclosure, 57).clone();
    assert_eq!(rule.value.severity, Some(Severity::Critical));
    story.received_at(MONDAY);
    let asks = |s: &Story| {
        let page = s.case_page();
        page.alarms.iter().any(|a| a.contains("earlier date"))
    };
    story.team(act::assess(valid(Severity::High)));
    assert!(!asks(&story), "High has the standard window");
    story.team(act::assess(valid(Severity::Critical)));
    assert!(asks(&story));
    // The standard window stays as it is; no clock cites the expedited line.
    assert_eq!(story.due("disclosure-5"), "2026-08-30T23:59:59Z");
    for clock in story.state().clocks.values() {
        assert_ne!(clock.spec.key.0, rule.id.0);
    }
    // Agreed, it is asked for no more.
    story
        .team(act::accept(&["1.x.x"]))
        .date_agreed("2026-06-20T12:00:00Z");
    assert!(!asks(&story));
}

#[test]
fn s0_40_more_time_only_before_due_with_a_reason_and_consent() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    assert_eq!(on_line(&story.policy().disclosure, 58).id.0, "disclosure-7");
    story.received_at(MONDAY).at("2026-08-20T10:00:00Z");
    let extend = || act::extend("disclosure-5", 30);
    let mut silent = extend();
    if let Command::Extend { reason, .. } = &mut silent {
        *reason = text("");
    }
    story.team(silent).refused(RefusalCode::FieldMissing);
    story.team(extend());
    assert_eq!(story.due("disclosure-5"), "2026-08-30T23:59:59Z", "not yet");
    story.reporter(aside::agree(Matter::Question(1), true));
    let clock = story.clock("disclosure-5");
    assert_eq!(
        clock.original_due.map(|d| d.to_string()).as_deref(),
        Some("2026-08-30T23:59:59Z")
    );
    assert_eq!(story.due("disclosure-5"), "2026-09-29T23:59:59Z");

    let mut late = Story::seed(0).unwrap();
    late.received_at(MONDAY)
        .at("2026-08-31T00:00:00Z")
        .team(extend())
        .refused(RefusalCode::DeadlinePassed);
}
