//! S1-29 to S1-34: the steps from receipt to disclosure.

use candor_base::RefusalCode;
use candor_case::{
    Actor, CloseReason, Command, Event, FixStatus, IntakeChannel, MailKind, OutletAnswer,
    Recipient, Reproduction, Stage,
};
use candor_policy::model::{OutletKind, Severity};
use candor_testkit::parts::{draft, facts, named, person, text, valid};
use candor_testkit::{Story, act, on_line};

const RECEIVED: &str = "2026-06-01T08:00:00Z";

#[test]
fn s1_29_a_case_and_a_receipt_at_once_on_every_channel() {
    for channel in [
        IntakeChannel::Form,
        IntakeChannel::Cli,
        IntakeChannel::Api,
        IntakeChannel::HandedIn,
        IntakeChannel::Mail,
        IntakeChannel::Github,
    ] {
        let Some(mut story) = Story::seed(1) else {
            return;
        };
        let mut report = facts(story.in_force());
        report.channel = channel;
        let who = match channel {
            IntakeChannel::HandedIn => Actor::Team(person(1)),
            IntakeChannel::Mail | IntakeChannel::Github => Actor::System,
            _ => Actor::Reporter,
        };
        story
            .at(RECEIVED)
            .act(who, &Command::Receive(Box::new(report)));
        assert_eq!(
            (story.stage(), story.events()[0]),
            (Stage::Received, "received")
        );
        assert!(
            story
                .mails()
                .contains(&(Recipient::Reporter, MailKind::Receipt))
        );
        assert_eq!(story.state().received.to_string(), RECEIVED);
    }
}

#[test]
fn s1_30_triage_needs_a_reproduction_record_or_the_reason_for_none() {
    let Some(mut story) = Story::seed(1) else {
        return;
    };
    story.received_at(RECEIVED).acknowledged();
    let mut a = valid(Severity::High);
    a.reproduction = Reproduction::None;
    story
        .team(act::assess(a.clone()))
        .refused(RefusalCode::EvidenceMissing);
    a.reproduction = Reproduction::Reason(text("shown by reading the code"));
    a.severity = None;
    story
        .team(act::assess(a.clone()))
        .refused(RefusalCode::EvidenceMissing);
    a.severity = Some(Severity::High);
    story.team(act::assess(a));
    assert_eq!(story.stage(), Stage::Triaged);
}

#[test]
fn s1_31_the_private_branch_is_recorded_and_gives_nothing_away() {
    let Some(mut story) = Story::seed(1) else {
        return;
    };
    story.received_at(RECEIVED).accepted();
    let branch = story.branch_names().remove(0);
    let reference = story.state().facts.reference.to_string();
    for telling in [
        "security/fix-login",
        "cve-2026-0001",
        "fix-xss-in-search",
        reference.as_str(),
    ] {
        let mut change = act::fix_change(&branch, FixStatus::InDevelopment);
        change.private_branch = Some(telling.to_owned());
        story
            .team(Command::Fix(Box::new(change)))
            .refused(RefusalCode::FieldInvalid);
    }
    let mut change = act::fix_change(&branch, FixStatus::InDevelopment);
    change.change = Some(String::from(
        "https://git.example/team/product/commit/fix-sql-injection",
    ));
    story
        .team(Command::Fix(Box::new(change.clone())))
        .refused(RefusalCode::FieldInvalid);
    change.change = None;
    change.private_branch = None;
    story.team(Command::Fix(Box::new(change.clone())));
    change.status = FixStatus::Ready;
    story
        .team(Command::Fix(Box::new(change)))
        .refused(RefusalCode::EvidenceMissing);
    story.team(act::fix(&branch, FixStatus::Ready));
    assert_eq!(
        story.state().fixes[0].private_branch.as_deref(),
        Some("tidy-headers")
    );
}

#[test]
fn s1_32_a_reviewer_other_than_the_author_and_a_test_record() {
    let Some(mut story) = Story::seed(1) else {
        return;
    };
    story.received_at(RECEIVED).fix_ready();
    let branch = story.branch_names().remove(0);
    let mut change = act::fix_change(&branch, FixStatus::Tested);
    change.reviewer = change.author;
    story
        .team(Command::Fix(Box::new(change.clone())))
        .refused(RefusalCode::SecondPersonNeeded);
    change.reviewer = Some(person(2));
    change.test = None;
    story
        .team(Command::Fix(Box::new(change.clone())))
        .refused(RefusalCode::EvidenceMissing);
    change.test = Some(text("the suite, and the old steps"));
    story.team(Command::Fix(Box::new(change)));
    assert_eq!(story.stage(), Stage::Tested);
}

#[test]
fn s1_33_a_release_names_its_version_and_is_told_from_a_merge() {
    let Some(mut story) = Story::seed(1) else {
        return;
    };
    story.received_at(RECEIVED).tested();
    let branch = story.branch_names().remove(0);
    assert_eq!(story.stage(), Stage::Tested, "merged is not released");
    story
        .team(act::release(&branch, " "))
        .refused(RefusalCode::FieldMissing);
    story.team(act::release(&branch, "2.4.1"));
    assert_eq!(story.stage(), Stage::Released);
    assert_eq!(story.state().fix_released, Some(story.now()));
}

#[test]
fn s1_34_the_advisory_goes_out_with_the_credit_that_was_answered() {
    let Some(mut story) = Story::seed(1) else {
        return;
    };
    let outlet = on_line(&story.policy().outlets, 45).clone();
    assert_eq!(outlet.value.kind, OutletKind::GithubAdvisory);
    story
        .received_at(RECEIVED)
        .reporter(act::choose_credit(named("jo")))
        .published_on("2026-06-20T10:00:00Z");
    assert!(story.log().iter().any(|r| matches!(
        r.event,
        Event::Published {
            four_eyes: true,
            ..
        }
    )));
    assert_eq!(story.state().credit, named("jo"));
    story
        .team(act::close(CloseReason::Disclosed))
        .refused(RefusalCode::OutletOpen);
    let link = Some(String::from(
        "https://github.com/threatdex/threatdex/security/advisories/GHSA-x",
    ));
    story.team(Command::AnswerOutlet {
        outlet: outlet.id.clone(),
        answer: OutletAnswer::Sent { link: link.clone() },
    });
    story.team(act::close(CloseReason::Disclosed));
    assert_eq!(
        story.state().outlets[&outlet.id],
        OutletAnswer::Sent { link }
    );
    assert_eq!(
        story.state().advisory.published_draft,
        Some(draft().text.sha256)
    );
}
