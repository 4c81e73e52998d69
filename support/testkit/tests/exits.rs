//! The exits of a case: closed lists of reasons, each with its evidence.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use candor_base::RefusalCode;
use candor_case::{
    Attention, ClockStatus, CloseReason, Command, EmbargoState, MailKind, Matter, MessageKind,
    OriginalNews, Recipient, RejectionGround, ReportState, Reproduction, Stage, SupportedTest,
    Verdict, WaitingOn,
};
use candor_policy::model::{ContentKey, Milestone, Severity};
use candor_testkit::parts::{instant, message, named, other_case, reasoned, text, valid};
use candor_testkit::{Story, act, aside};

const RECEIVED: &str = "2026-06-01T08:00:00Z";

const TEXT: &str = "# Security Policy of Example\n\n\
    Report to security@example.org.\n\n\
    We acknowledge reports within 48 hours.\n\
    We send updates every 7 days until the issue is fixed.\n\
    We publish within 90 days of the report.\n";

fn story() -> Story {
    let mut story = Story::of_text(TEXT);
    story.received_at(RECEIVED);
    story
}

#[test]
fn a_valid_case_is_put_aside_with_a_reason_and_a_day_and_comes_back_by_itself() {
    let mut story = story();
    story
        .team(aside::defer("2026-09-01T08:00:00Z"))
        .refused(RefusalCode::WrongStage);
    story.assessed(Severity::Low);
    story
        .team(aside::defer("2026-06-01T07:00:00Z"))
        .refused(RefusalCode::FieldInvalid);
    story
        .team(aside::defer("2027-09-01T08:00:00Z"))
        .refused(RefusalCode::FieldInvalid);
    story.team(aside::defer("2026-09-01T08:00:00Z"));
    assert_eq!(story.stage(), Stage::Deferred);
    assert_eq!(story.state().report, ReportState::Deferred);
    assert_eq!(story.state().waiting_on, WaitingOn::Nobody);
    assert!(
        story
            .mails()
            .contains(&(Recipient::Reporter, MailKind::YouHaveAMessage)),
        "the reporter is told why"
    );
    // Updates come monthly; what was promised before stays visible.
    let update = story.clock(Milestone::Update);
    assert_eq!(update.due, Some(instant("2026-07-01T23:59:59Z")));
    assert_eq!(update.original_due, Some(instant("2026-06-08T23:59:59Z")));
    story.at("2026-06-20T08:00:00Z").team(act::status());
    assert_eq!(story.due(Milestone::Update), "2026-07-20T23:59:59Z");
    // The embargo is not lengthened by it.
    assert_eq!(
        story.state().embargo.until,
        Some(instant("2026-08-30T23:59:59Z"))
    );
    story
        .team(act::fix("main", candor_case::FixStatus::Open))
        .refused(RefusalCode::WrongStage);
    story.at("2026-07-19T08:00:00Z").team(act::status());
    story.at("2026-08-18T08:00:00Z").team(act::status());
    story.tick_at("2026-09-01T07:59:59Z");
    assert!(!story.events().contains(&"review_due"));
    story.tick_at("2026-09-01T08:00:00Z");
    assert!(story.mails().contains(&(
        Recipient::Team,
        MailKind::Attention {
            at: Attention::Review
        }
    )));
    assert_eq!(story.state().waiting_on, WaitingOn::Team);
    story.tick_at("2026-09-02T08:00:00Z");
    assert!(!story.events().contains(&"review_due"), "announced once");
    // From there it is put aside again, taken up, or ended with a reason.
    story.team(aside::defer("2026-10-01T08:00:00Z"));
    assert_eq!(story.stage(), Stage::Deferred);
    story.team(aside::resume());
    assert_eq!(story.stage(), Stage::Reproduced);
    story.team(act::accept(&["main"]));
    assert_eq!(story.stage(), Stage::Accepted);
}

#[test]
fn a_question_to_the_reporter_stays_open_when_the_review_comes_due() {
    let mut story = story();
    story.assessed(Severity::Low);
    story
        .team(aside::defer("2026-06-20T08:00:00Z"))
        .team(act::ask(&[ContentKey::Steps]));
    story.tick_at("2026-06-20T08:00:00Z");
    assert!(story.mails().contains(&(
        Recipient::Team,
        MailKind::Attention {
            at: Attention::Review
        }
    )));
    assert_eq!(story.state().waiting_on, WaitingOn::Reporter);
    story.team(aside::resume());
    assert_eq!(story.state().waiting_on, WaitingOn::Reporter);
    story.tick_at("2026-07-01T08:00:00Z");
    assert_eq!(story.state().reminders, 3, "7, 14 and 30 days");
}

#[test]
fn accepted_work_that_is_put_aside_goes_on_where_it_stood() {
    let mut story = story();
    story.accepted();
    let branch = story.branch_names()[0].clone();
    story
        .team(act::fix(&branch, candor_case::FixStatus::InDevelopment))
        .team(aside::defer("2026-06-20T08:00:00Z"));
    assert_eq!(story.stage(), Stage::Deferred);
    story
        .team(act::accept(&["main"]))
        .refused(RefusalCode::WrongStage);
    story.at("2026-06-10T08:00:00Z").team(aside::resume());
    assert_eq!(story.stage(), Stage::FixInDevelopment);
    story.team(aside::resume()).refused(RefusalCode::WrongStage);
}

#[test]
fn a_case_put_aside_for_good_ends_with_a_reason_and_frees_the_reporter() {
    let mut story = story();
    story.assessed(Severity::Low);
    let end = act::close(CloseReason::Deferred);
    story.team(&end).refused(RefusalCode::WrongStage);
    story.team(aside::defer("2026-09-01T08:00:00Z"));
    story.team(&end).refused(RefusalCode::TooEarly);
    story.at("2026-09-01T08:00:00Z");
    story
        .team(Command::Close {
            reason: CloseReason::Deferred,
            note: None,
        })
        .refused(RefusalCode::FieldMissing);
    story.team(end);
    assert_eq!(story.stage(), Stage::Closed);
    assert_eq!(story.state().embargo.state, EmbargoState::Exited);
    assert!(
        story.state().reporter_free_from.is_some(),
        "nobody is bound any more"
    );
    assert_eq!(story.wakes_at(), None, "no review of what is over");
}

#[test]
fn an_unsupported_version_is_no_ground_when_a_supported_one_is_affected_too() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    let row = story
        .policy()
        .versions
        .iter()
        .find(|c| c.value.support == candor_policy::model::Support::None)
        .expect("a row")
        .id
        .clone();
    let ground = |tested| RejectionGround::UnsupportedVersion {
        clause: row.clone(),
        tested,
    };
    story.received_at(RECEIVED);
    story
        .team(act::reject(ground(SupportedTest::NotSaid), Verdict::Yes))
        .refused(RefusalCode::ReporterNotAsked);
    story
        .team(act::reject(ground(SupportedTest::Affected), Verdict::Yes))
        .refused(RefusalCode::WrongStage);
    story.team(act::reject(
        ground(SupportedTest::NotAffected),
        Verdict::Yes,
    ));
    assert_eq!(story.stage(), Stage::UnsupportedVersion);
    let rejection = story.state().rejection.clone().expect("a rejection");
    assert_eq!(
        rejection.is_vulnerability,
        Verdict::Yes,
        "still a vulnerability"
    );
}

#[test]
fn a_suggestion_is_kept_only_with_the_reporters_consent() {
    let mut story = story();
    story.acknowledged().team(Command::Reject {
        ground: RejectionGround::NotAVulnerability,
        is_vulnerability: Verdict::No,
        reason: reasoned(),
        keep_as_suggestion: true,
    });
    assert_eq!(story.state().around.agreed(Matter::Suggestion), None);
    assert_eq!(story.state().around.asked().count(), 1);
    story
        .team(aside::agree(Matter::Suggestion, true))
        .refused(RefusalCode::NotAllowed);
    story
        .reporter(aside::agree(Matter::HandOver(1), true))
        .refused(RefusalCode::NotFound);
    story
        .at("2026-06-20T08:00:00Z")
        .team(act::close(CloseReason::Rejected))
        .reporter(aside::agree(Matter::Suggestion, true));
    assert_eq!(
        story.state().around.agreed(Matter::Suggestion),
        Some(true),
        "an answer comes late, too"
    );
    story
        .reporter(aside::agree(Matter::Suggestion, true))
        .refused(RefusalCode::AlreadyDone);
    story.reporter(aside::agree(Matter::Suggestion, false));
    assert_eq!(story.state().around.agreed(Matter::Suggestion), Some(false));
    assert_eq!(story.wakes_at(), None, "no clock runs for it");
}

#[test]
fn silence_ends_politely_after_three_reminders_and_an_answer_opens_it_again() {
    let mut story = story();
    let silent = act::reject(RejectionGround::Incomplete, Verdict::Unclear);
    story.acknowledged().team(Command::Ask {
        items: [ContentKey::Steps].into(),
        message: message("How do you start it?"),
    });
    assert_eq!(story.stage(), Stage::NeedsInfo);
    for (day, number) in [
        ("2026-06-08T08:00:00Z", 1),
        ("2026-06-15T08:00:00Z", 2),
        ("2026-07-01T08:00:00Z", 3),
    ] {
        story.team(&silent).refused(RefusalCode::TooEarly);
        story.tick_at(day);
        assert!(
            story
                .mails()
                .contains(&(Recipient::Reporter, MailKind::Reminder { number })),
            "reminder {number}"
        );
    }
    story.team(silent);
    assert_eq!(story.stage(), Stage::Rejected);
    // An answer within the time for objections makes the decision void …
    story
        .at("2026-07-03T08:00:00Z")
        .reporter(act::supply(&[ContentKey::Steps]));
    assert!(story.events().contains(&"taken_up_again"));
    assert!(!story.state().is_turned_down());
    assert_eq!(story.state().waiting_on, WaitingOn::Team);
    story.assessed(Severity::High).team(act::accept(&["main"]));
    assert_eq!(story.stage(), Stage::Accepted);
}

#[test]
fn any_word_of_the_reporter_makes_an_end_for_silence_void() {
    let mut story = story();
    story
        .acknowledged()
        .team(act::ask(&[ContentKey::Steps]))
        .tick_at("2026-07-02T08:00:00Z");
    story
        .team(act::reject(RejectionGround::Incomplete, Verdict::Unclear))
        .reporter(act::write("Sorry, I was away."));
    assert!(!story.state().is_turned_down());
    // Turned down for another reason, a message is a message.
    story
        .team(act::reject(RejectionGround::NotSecurity, Verdict::No))
        .reporter(act::write("A pity."));
    assert_eq!(story.stage(), Stage::Rejected);
}

#[test]
fn what_can_be_reproduced_is_never_ended_for_silence_and_goes_on_alone() {
    let mut story = story();
    story
        .assessed(Severity::High)
        .team(act::ask(&[ContentKey::Versions]));
    assert!(matches!(
        story.state().assessment.as_ref().unwrap().0.reproduction,
        Reproduction::Record(_)
    ));
    story.tick_at("2026-07-02T08:00:00Z");
    story
        .team(act::reject(RejectionGround::Incomplete, Verdict::Unclear))
        .refused(RefusalCode::WrongStage);
    story.team(aside::go_on());
    assert_eq!(story.state().waiting_on, WaitingOn::Team);
    assert_eq!(story.stage(), Stage::Reproduced);
    story.tick_at("2026-07-20T08:00:00Z");
    assert!(!story.events().contains(&"reminded"), "no more reminders");
    story.team(aside::go_on()).refused(RefusalCode::WrongStage);
    story.team(act::accept(&["main"]));
}

#[test]
fn only_pausable_clocks_stand_still_and_for_thirty_days_at_most() {
    let text = TEXT.replace(
        "We publish",
        "We complete the initial assessment within 10 business days.\nWe publish",
    );
    let mut story = Story::of_text(&text);
    story.received_at(RECEIVED).acknowledged();
    let assessment = || Milestone::Assessment;
    let first = story.due(assessment());
    story.team(act::ask(&[ContentKey::Steps]));
    assert_eq!(story.clock(assessment()).status, ClockStatus::Paused);
    assert_eq!(story.clock(Milestone::Update).status, ClockStatus::Running);
    assert_eq!(
        story.clock(Milestone::Disclosure).status,
        ClockStatus::Running
    );
    story.tick_at("2026-07-01T08:00:00Z");
    assert_eq!(
        story.clock(assessment()).status,
        ClockStatus::Running,
        "thirty days are the most"
    );
    assert!(story.due(assessment()) > first);
}

#[test]
fn a_duplicate_joins_an_older_case_and_both_keep_their_names() {
    let mut original = story();
    original
        .accepted()
        .team(act::save_draft(&candor_testkit::parts::draft()))
        .team(act::approve(&candor_testkit::parts::draft()));
    assert!(original.state().advisory.is_approved());
    let later = || {
        aside::link(
            "a later one",
            "2026-06-03T08:00:00Z",
            named("the second finder"),
        )
    };
    original.team(later()).refused(RefusalCode::NotAllowed);
    original.at("2026-06-03T09:00:00Z").system(later());
    assert!(original.mails().contains(&(
        Recipient::Team,
        MailKind::Attention {
            at: Attention::SecondReport
        }
    )));
    assert_eq!(original.state().around.also_reported().count(), 1);
    assert!(
        !original.state().advisory.is_approved(),
        "whoever approves has seen every name"
    );
    // Told twice, it is recorded once; a changed wish is one more word.
    original.system(later());
    assert!(original.events().is_empty());
    original.system(aside::link(
        "a later one",
        "2026-06-03T08:00:00Z",
        candor_case::CreditWish::Anonymous,
    ));
    assert!(original.mails().is_empty(), "no second alarm");
    assert_eq!(original.state().around.also_reported().count(), 1);
}

#[test]
fn the_second_finder_gets_a_truthful_notice_when_the_older_case_ends() {
    for (news, mail) in [
        (OriginalNews::Published, MailKind::Published),
        (OriginalNews::EndedUnpublished, MailKind::YouHaveAMessage),
    ] {
        let mut story = story();
        story
            .system(aside::follow_original(news))
            .refused(RefusalCode::WrongStage);
        let (of, reference) = other_case("an older one");
        story.acknowledged().team(Command::MarkDuplicate {
            of,
            reference,
            original_received: instant("2026-05-01T00:00:00Z"),
            message: message("Somebody told us of this a month ago. Thank you all the same."),
        });
        assert_eq!(story.state().embargo.state, EmbargoState::Active);
        story
            .at("2026-06-05T08:00:00Z")
            .system(aside::follow_original(news));
        assert!(story.mails().contains(&(Recipient::Reporter, mail)));
        assert_eq!(
            story.state().reporter_free_from,
            Some(instant("2026-06-05T08:00:00Z"))
        );
        story.system(aside::follow_original(news));
        assert!(story.events().is_empty(), "told once");
    }
}

#[test]
fn what_stays_internal_has_no_cve_id() {
    let Some(mut story) = Story::seed(4) else {
        return;
    };
    story.received_at(RECEIVED).accepted();
    let mut draft = candor_testkit::parts::draft();
    draft.has_cve = true;
    story.team(act::save_draft(&draft)).released();
    story.team(act::say(MessageKind::Decision));
    let end = act::close(CloseReason::FixedInternally);
    story.person(2, &end).refused(RefusalCode::EvidenceMissing);
    draft.has_cve = false;
    story.team(act::save_draft(&draft)).person(2, end);
    assert_eq!(story.stage(), Stage::Closed);
}

#[test]
fn a_withdrawn_or_reopened_case_forgets_what_held_it_aside() {
    let mut story = story();
    story
        .assessed(Severity::Low)
        .team(aside::defer("2026-09-01T08:00:00Z"))
        .at("2026-09-01T08:00:00Z")
        .team(act::close(CloseReason::Deferred))
        .team(Command::Reopen {
            reason: text("it is worse than we thought"),
        });
    assert_eq!(story.stage(), Stage::Reopened);
    assert!(story.state().around.deferral.is_none());
    assert_eq!(story.state().episode, 2);
    story.team(act::assess(valid(Severity::High)));
    assert_eq!(story.stage(), Stage::Reproduced);
}
