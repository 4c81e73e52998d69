//! S1-15 to S1-21: the timelines.

use candor_base::{RefusalCode, Span};
use candor_case::{ClockStatus, Command, CreditWish, DateAnswer, FixStatus, MessageKind};
use candor_policy::clocks::ClockSource;
use candor_policy::model::{Firmness, Milestone, Severity};
use candor_policy::{clocks, promises_in_words};
use candor_testkit::parts::{draft, valid};
use candor_testkit::{Story, act};

const RECEIVED: &str = "2026-06-01T08:00:00Z";

#[test]
fn s1_15_acknowledgement_within_2_business_days_as_a_target() {
    let Some(mut story) = Story::seed(1) else {
        return;
    };
    let line = promises_in_words(story.in_force())
        .into_iter()
        .find(|l| l.span == Some(Span::line(27)))
        .expect("the promise in words");
    assert_eq!(
        (line.text.as_str(), line.firmness.as_str()),
        ("A person answers you within 2 business days", "target")
    );
    // Friday evening: Saturday and Sunday do not count, Tuesday does.
    story.received_at("2026-06-05T21:00:00Z");
    assert_eq!(
        story.due(Milestone::Acknowledgement),
        "2026-06-09T23:59:59Z"
    );
    story.team(act::note());
    assert!(
        !story.is_met(Milestone::Acknowledgement),
        "a note among the team is no answer"
    );
    story.at("2026-06-09T23:59:59Z").team(act::acknowledge());
    assert!(
        story.is_met(Milestone::Acknowledgement),
        "the last second counts"
    );
}

#[test]
fn s1_16_triage_is_met_only_by_outcome_and_rating_both_told() {
    let Some(mut story) = Story::seed(1) else {
        return;
    };
    story.received_at(RECEIVED);
    assert_eq!(story.due(Milestone::Triage), "2026-06-08T23:59:59Z");
    let mut unrated = valid(Severity::High);
    unrated.severity = None;
    unrated.is_vulnerability = candor_case::Verdict::Unclear;
    story.team(act::assess(unrated));
    assert!(
        !story.is_met(Milestone::Triage),
        "an outcome without a rating"
    );
    story.team(act::assess_silently(valid(Severity::High)));
    assert!(!story.is_met(Milestone::Triage), "rated, and nobody told");
    story
        .at("2026-06-08T23:59:59Z")
        .team(act::say(MessageKind::Decision));
    assert!(story.is_met(Milestone::Triage));
}

#[test]
fn s1_17_update_every_seven_days_until_fixed() {
    let Some(mut story) = Story::seed(1) else {
        return;
    };
    story.received_at(RECEIVED);
    assert_eq!(story.due(Milestone::Update), "2026-06-08T23:59:59Z");
    story.at("2026-06-05T09:00:00Z").team(act::status());
    assert_eq!(
        story.due(Milestone::Update),
        "2026-06-12T23:59:59Z",
        "it slides with the update"
    );
    story
        .at("2026-06-06T09:00:00Z")
        .team(act::say(MessageKind::Plain));
    assert_eq!(
        story.due(Milestone::Update),
        "2026-06-12T23:59:59Z",
        "any message is no update"
    );
    // Two periods pass: the 12th and, from there, the 19th.
    story.tick_at("2026-06-21T00:00:00Z");
    assert_eq!(story.clock(Milestone::Update).missed_periods, 2);
    assert_eq!(story.due(Milestone::Update), "2026-06-26T23:59:59Z");
    story.team(act::status()).released();
    assert!(
        matches!(
            story.clock(Milestone::Update).status,
            ClockStatus::Stopped { .. }
        ),
        "until fixed"
    );
    story.tick_at("2026-08-01T00:00:00Z");
    assert_eq!(story.clock(Milestone::Update).missed_periods, 2);
}

#[test]
fn s1_18_fix_and_disclosure_both_within_90_days_of_receipt() {
    let Some(mut story) = Story::seed(1) else {
        return;
    };
    story.received_at(RECEIVED);
    assert_eq!(story.due(Milestone::Disclosure), "2026-08-30T23:59:59Z");
    story.released();
    assert!(
        !story.is_met(Milestone::Disclosure),
        "fixed, and not yet public"
    );
    story.tick_at("2026-08-30T23:59:59Z");
    assert!(!story.is_missed(Milestone::Disclosure));
    story.tick_at("2026-08-31T00:00:00Z");
    assert!(
        story.is_missed(Milestone::Disclosure),
        "either missing at day 90 is a miss"
    );
    let Some(mut kept) = Story::seed(1) else {
        return;
    };
    kept.received_at(RECEIVED)
        .published_on("2026-07-01T10:00:00Z");
    assert!(kept.is_met(Milestone::Disclosure));
}

#[test]
fn s1_19_critical_aims_at_14_days_beside_the_90() {
    let Some(mut story) = Story::seed(1) else {
        return;
    };
    let aim = clocks(story.in_force())
        .into_iter()
        .find(|c| c.severity == Some(Severity::Critical))
        .expect("a clock for Critical");
    assert_eq!(aim.firmness, Firmness::Target);
    assert!(matches!(aim.source, ClockSource::Policy { span, .. } if span == Span::line(31)));
    story.received_at(RECEIVED);
    assert!(
        story
            .find_clock((Milestone::Fix, Severity::Critical))
            .is_none(),
        "not before it is rated"
    );
    story
        .at("2026-06-03T08:00:00Z")
        .assessed(Severity::Critical);
    assert_eq!(
        story.due((Milestone::Fix, Severity::Critical)),
        "2026-06-15T23:59:59Z"
    );
    assert_eq!(story.due(Milestone::Disclosure), "2026-08-30T23:59:59Z");
    story
        .at("2026-06-04T08:00:00Z")
        .team(act::assess(valid(Severity::Low)));
    let clock = story.clock((Milestone::Fix, Severity::Critical));
    assert!(matches!(clock.status, ClockStatus::Stopped { .. }));
    // Raised again when the 14 days are over: never earlier than a day after the change.
    story
        .at("2026-06-20T08:00:00Z")
        .team(act::assess(valid(Severity::Critical)));
    assert_eq!(
        story.due((Milestone::Fix, Severity::Critical)),
        "2026-06-21T08:00:00Z"
    );
    // That day is given once: down and up again gains nothing.
    story
        .at("2026-06-21T07:00:00Z")
        .team(act::assess(valid(Severity::Low)))
        .at("2026-06-21T07:30:00Z")
        .team(act::assess(valid(Severity::Critical)));
    assert_eq!(
        story.due((Milestone::Fix, Severity::Critical)),
        "2026-06-21T08:00:00Z"
    );
    story.tick_at("2026-06-21T08:00:01Z");
    assert!(story.is_missed((Milestone::Fix, Severity::Critical)));
}

#[test]
fn s1_20_the_date_is_agreed_or_set_alone_with_a_reason() {
    let Some(mut story) = Story::seed(1) else {
        return;
    };
    story.received_at(RECEIVED).accepted();
    story.team(act::propose_date("2026-07-10T10:00:00Z"));
    story.reporter(act::counter_date("2026-07-01T10:00:00Z"));
    assert_eq!(
        story
            .state()
            .embargo
            .until
            .map(|u| u.to_string())
            .as_deref(),
        Some("2026-08-30T23:59:59Z"),
        "old terms hold"
    );
    story.team(Command::AnswerDate(DateAnswer::Accept));
    assert_eq!(
        story
            .state()
            .embargo
            .until
            .map(|u| u.to_string())
            .as_deref(),
        Some("2026-07-01T10:00:00Z")
    );
    let mut alone = act::set_date_alone("2026-06-20T10:00:00Z");
    if let Command::SetDateAlone { reason, .. } = &mut alone {
        reason.chars = 0;
    }
    story.team(alone).refused(RefusalCode::FieldMissing);
    story
        .team(act::set_date_alone("2026-06-20T10:00:00Z"))
        .person(2, act::confirm_date("2026-06-20T10:00:00Z"))
        .reporter(act::choose_credit(CreditWish::Anonymous));
    assert!(story.state().embargo.date_told);
    story
        .released()
        .team(act::save_draft(&draft()))
        .team(act::approve(&draft()));
    story
        .at("2026-06-20T09:59:59Z")
        .person(2, act::publish(&draft()))
        .refused(RefusalCode::EmbargoActive);
    story
        .at("2026-06-20T10:00:00Z")
        .person(2, act::publish(&draft()));
    assert!(
        story
            .state()
            .fixes
            .iter()
            .all(|r| matches!(r.status, FixStatus::Released { .. }))
    );
}

#[test]
fn s1_21_without_an_acknowledgement_the_reporter_follows_up_in_the_same_case() {
    let Some(mut story) = Story::seed(1) else {
        return;
    };
    let follow_up = &story.policy().follow_up[0];
    assert_eq!(follow_up.span, Span::line(32));
    assert_eq!(
        follow_up.value.after,
        Some((2, candor_policy::model::TermUnit::BusinessDays))
    );
    story.received_at(RECEIVED);
    let asks = Command::FollowUp { message: None };
    story
        .at("2026-06-03T23:59:59Z")
        .reporter(&asks)
        .refused(RefusalCode::TooEarly);
    assert!(!story.reporter_may().contains(&"follow_up"));
    story.at("2026-06-04T00:00:00Z").reporter(&asks);
    assert!(
        story
            .mails()
            .iter()
            .any(|(_, m)| *m == candor_case::MailKind::FollowUp)
    );
    assert_eq!(story.state().follow_ups, 1);
    story.team(act::acknowledge());
    story.reporter(&asks).refused(RefusalCode::AlreadyDone);
}
