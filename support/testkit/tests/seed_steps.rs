//! The five seeds' own steps (`domain.md` 2.3), each as one story from the first report
//! to its end.
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
    CloseReason, Command, EmbargoState, FixStatus, MailKind, MessageKind, Recipient,
    RejectionGround, Reproduction, Stage, Verdict,
};
use candor_policy::clocks::ClockSource;
use candor_policy::model::{ContentKey, Demand, FixKind, Milestone, Severity};
use candor_policy::settings::{Release, Settings};
use candor_testkit::parts::{draft, instant, lacks, named, valid};
use candor_testkit::{Story, act};

const RECEIVED: &str = "2026-06-01T08:00:00Z";
const DAY: &str = "2026-07-01T10:00:00Z";

fn received(seed: u8) -> Option<Story> {
    let mut story = Story::seed(seed)?;
    story.received_at(RECEIVED);
    Some(story)
}

/// The reporter is free to publish from the very day, and was told.
fn ends_published(story: &mut Story) {
    assert_eq!(story.stage(), Stage::Disclosed);
    assert_eq!(story.state().reporter_free_from, Some(instant(DAY)));
    assert!(
        story
            .mails()
            .contains(&(Recipient::Reporter, MailKind::Published))
    );
    for outlet in story.policy().outlets.clone() {
        story.team(Command::AnswerOutlet {
            outlet: outlet.id,
            answer: candor_case::OutletAnswer::Sent { link: None },
        });
    }
    story.team(act::close(CloseReason::Disclosed));
    assert_eq!(story.stage(), Stage::Closed);
    assert_eq!(story.wakes_at(), None);
}

#[test]
fn seed_0_acknowledge_fix_test_draft_tell_the_date_release_and_publish_together() {
    let Some(mut story) = received(0) else { return };
    // 1, 2: submitted; acknowledged and investigated.
    story.acknowledged().assessed(Severity::High);
    // 3: fixed and tested.
    story.accepted().fix_ready();
    assert_eq!(story.stage(), Stage::FixReady);
    story.tested();
    assert_eq!(story.stage(), Stage::Tested);
    // 4 comes before 5: the advisory is written before the date is told.
    story
        .team(act::say(MessageKind::DateNotice))
        .refused(RefusalCode::AdvisoryIncomplete);
    story
        .team(act::set_date_alone(DAY))
        .refused(RefusalCode::AdvisoryIncomplete);
    story.team(act::save_draft(&draft())).date_agreed(DAY);
    assert!(story.state().embargo.date_told);
    // 6: released and published together, on the day.
    story
        .team(act::approve(&draft()))
        .person(2, act::publish(&draft()))
        .refused(RefusalCode::EmbargoActive);
    story.at(DAY).released();
    let together = |a: &String| a.contains("promises both together");
    assert!(story.case_page().alarms.iter().any(together));
    story.person(2, act::publish(&draft()));
    assert!(!story.case_page().alarms.iter().any(together));
    // 7: the reporter may publish.
    ends_published(&mut story);
}

#[test]
fn seed_1_receipt_triage_fix_on_a_private_branch_review_release_and_credit() {
    let Some(mut story) = received(1) else { return };
    // 1: receipt. 2: triage is severity and reproduction.
    story.acknowledged();
    let mut judged = valid(Severity::Critical);
    judged.reproduction = Reproduction::None;
    story
        .team(act::assess(judged.clone()))
        .refused(RefusalCode::EvidenceMissing);
    judged.reproduction = valid(Severity::Critical).reproduction;
    story.team(act::assess(judged)).accepted();
    // 3: on a private branch whose name tells nobody what it is about.
    let branch = story.branch_names()[0].clone();
    story.team(act::fix(&branch, FixStatus::InDevelopment));
    let mut bare = act::fix_change(&branch, FixStatus::Ready);
    bare.private_branch = Some(String::from("fix-security-hole"));
    story
        .team(Command::Fix(Box::new(bare)))
        .refused(RefusalCode::FieldInvalid);
    // 4: tested, and reviewed by another person.
    let mut own = act::fix_change(&branch, FixStatus::Ready);
    own.reviewer = own.author;
    story.team(Command::Fix(Box::new(own)));
    let mut tested = act::fix_change(&branch, FixStatus::Tested);
    tested.reviewer = tested.author;
    story
        .team(Command::Fix(Box::new(tested)))
        .refused(RefusalCode::SecondPersonNeeded);
    story.tested();
    // 5, 6: release and disclosure, with credit.
    story
        .reporter(act::choose_credit(named("Jo Finder")))
        .date_agreed(DAY)
        .team(act::approve(&draft()))
        .at(DAY)
        .released()
        .person(2, act::publish(&draft()));
    ends_published(&mut story);
}

#[test]
fn seed_2_acknowledge_rate_choose_how_to_fix_and_disclose_where_it_applies() {
    let Some(mut story) = received(2) else { return };
    // Nothing has a number: what runs is Candor's own and never shown as a promise.
    for clock in story.state().clocks.values() {
        assert_eq!(clock.spec.source, ClockSource::Candor);
    }
    assert!(story.room().clocks.is_empty());
    // 1: acknowledged. 2: severity, by impact and how easily it is exploited.
    story.acknowledged();
    let mut bare = valid(Severity::High);
    bare.criticality = None;
    story
        .team(act::assess(bare))
        .refused(RefusalCode::EvidenceMissing);
    // The date is agreed while the fix is still to come: later an embargo is a short one.
    story.assessed(Severity::High).accepted().date_agreed(DAY);
    // 3: patch, dependency update or mitigation.
    let branch = story.branch_names()[0].clone();
    let mut update = act::fix_change(&branch, FixStatus::InDevelopment);
    update.kind = FixKind::DependencyUpdate;
    story.team(Command::Fix(Box::new(update)));
    assert_eq!(story.state().fixes[0].kind, FixKind::DependencyUpdate);
    for status in [FixStatus::Ready, FixStatus::Tested] {
        let mut next = act::fix_change(&branch, status);
        next.kind = FixKind::DependencyUpdate;
        story.team(Command::Fix(Box::new(next)));
    }
    // 4: disclosed.
    story
        .team(act::approve(&draft()))
        .at(DAY)
        .released()
        .person(2, act::publish(&draft()));
    ends_published(&mut story);
}

#[test]
fn seed_3_private_and_in_full_validated_on_an_agreed_timeline() {
    let Some(mut story) = Story::seed(3) else {
        return;
    };
    // 1: five required items decide whether it goes on.
    let mandatory: Vec<ContentKey> = story
        .policy()
        .contents
        .iter()
        .filter(|c| c.value.demand == Demand::Mandatory)
        .map(|c| c.value.key)
        .collect();
    // One of the five asks for two fields.
    assert_eq!(mandatory.len(), 6);
    let policy = story.in_force().clone();
    story.received_with(RECEIVED, |f| lacks(f, &policy, &mandatory));
    story
        .acknowledged()
        .team(act::assess(valid(Severity::High)))
        .refused(RefusalCode::ContentsMissing);
    story
        .team(act::ask(&mandatory))
        .reporter(act::supply(&mandatory));
    // 2: validated.
    story.assessed(Severity::High);
    // 3: no default date, and no embargo until one is agreed.
    assert_eq!(story.state().embargo.state, EmbargoState::None);
    story.team(act::propose_date(DAY));
    assert_eq!(story.state().embargo.state, EmbargoState::Proposed);
    story.reporter(act::accept_date());
    assert_eq!(story.state().embargo.until, Some(instant(DAY)));
    // 4: impact and remediation are open to the reporter.
    story
        .accepted()
        .tested()
        .team(act::save_draft(&draft()))
        .team(act::approve(&draft()));
    let room = story.room();
    assert!(!room.assessment.is_empty() && !room.fixes.is_empty());
    story.at(DAY).released().person(2, act::publish(&draft()));
    ends_published(&mut story);
}

#[test]
fn seed_4_effects_plan_mitigation_draft_fix_backport_and_publication() {
    let release = |version: &str, supported| Release {
        version: version.to_owned(),
        supported: Some(supported),
        date: None,
    };
    let settings = Settings {
        releases: vec![release("1.31.0", true), release("1.30.5", true)],
        ..Settings::default()
    };
    let Some(mut story) = Story::seed_with(4, settings) else {
        return;
    };
    story.received_at(RECEIVED);
    // 3 begins first: the answer that counts holds a plan.
    story.team(act::acknowledge());
    assert!(!story.is_met(Milestone::Plan));
    story.team(act::plan());
    assert!(story.is_met(Milestone::Plan));
    // 1: effects and criticality. 2: a rejection would be a reasoned one.
    let mut judged = valid(Severity::High);
    judged.effects = None;
    story
        .team(act::assess(judged))
        .refused(RefusalCode::EvidenceMissing);
    let mut bare = act::reject(RejectionGround::NotSecurity, Verdict::No);
    if let Command::Reject { reason, .. } = &mut bare {
        *reason = candor_testkit::parts::message_of(20);
    }
    story.team(bare).refused(RefusalCode::FieldMissing);
    story.assessed(Severity::High).accepted();
    // 4: mitigations. 5: the draft is private.
    story
        .team(act::mitigate(Some("Switch the plugin off.")))
        .team(act::plan_communication())
        .date_agreed(DAY);
    assert!(
        story
            .effects()
            .iter()
            .all(|e| *e != candor_case::Effect::Publish)
    );
    // 6: tested inside. 7: the next release, and every supported one before.
    story.tested();
    let names = story.branch_names();
    assert_eq!(names.len(), 2, "{names:?}");
    story
        .team(act::release(&names[0], "1.31.1"))
        .team(act::approve(&draft()))
        .at(DAY);
    assert_ne!(story.stage(), Stage::Released, "the backport is open");
    story.team(act::release(&names[1], "1.30.6"));
    assert_eq!(story.stage(), Stage::Released);
    // 8: published, with what helps meanwhile.
    story.person(2, act::publish(&draft()));
    ends_published(&mut story);
}
