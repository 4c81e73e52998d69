//! S1-35 to S1-45: credit, good faith, duties, contacts.

use candor_base::{RefusalCode, Span};
use candor_case::{
    CreditWish, Lane, MailKind, PlainStatus, Recipient, RejectionGround, Stage, Verdict, WaitingOn,
    plain_promises,
};
use candor_policy::model::{ContentKey, DutyKind, Milestone};
use candor_policy::{Settings, review_due, review_finding, safe_harbour_text, security_txt};
use candor_testkit::parts::{instant, named};
use candor_testkit::{Story, act, on_line};

const RECEIVED: &str = "2026-06-01T08:00:00Z";

fn credit_status(story: &Story) -> PlainStatus {
    plain_promises(story.state(), story.policy())
        .into_iter()
        .find(|p| p.milestone == Milestone::Credit)
        .expect("the promise of credit")
        .status
}

#[test]
fn s1_35_valid_reports_are_credited_and_rejected_ones_raise_no_duty() {
    let Some(mut story) = Story::seed(1) else {
        return;
    };
    let credit = story.policy().credit.clone().expect("a clause on credit");
    assert!(credit.value.valid_only);
    story.received_at(RECEIVED);
    assert_eq!(credit_status(&story), PlainStatus::Open);
    story.team(act::reject(RejectionGround::NotAVulnerability, Verdict::No));
    assert_eq!(credit_status(&story), PlainStatus::DoesNotApply);
}

#[test]
fn s1_36_the_name_is_said_with_the_report_and_changeable_until_publication() {
    let Some(mut story) = Story::seed(1) else {
        return;
    };
    story.received_with(RECEIVED, |f| f.credit = named("jo"));
    assert_eq!(story.state().credit, named("jo"));
    story
        .accepted()
        .reporter(act::choose_credit(named("Jo Example")));
    story.published_on("2026-06-20T10:00:00Z");
    story
        .reporter(act::choose_credit(CreditWish::Anonymous))
        .refused(RefusalCode::AlreadyDone);
    assert_eq!(story.state().credit, named("Jo Example"));
}

#[test]
fn s1_37_no_answer_or_anonymous_names_nobody() {
    let Some(mut story) = Story::seed(1) else {
        return;
    };
    assert!(
        story
            .policy()
            .credit
            .as_ref()
            .is_some_and(|c| c.value.unless_anonymous)
    );
    story.received_at(RECEIVED);
    assert_eq!(story.state().credit, CreditWish::NotAnswered);
    story
        .reporter(act::choose_credit(named("jo")))
        .reporter(act::choose_credit(CreditWish::Anonymous));
    story.published_on("2026-06-20T10:00:00Z");
    assert_eq!(story.state().credit, CreditWish::Anonymous);
    // The log speaks of sealed texts only: no name that was ever given stands in it.
    let log = serde_json::to_string(story.log()).expect("a log");
    assert!(!log.contains("\"jo\""));
}

#[test]
fn s1_38_the_safe_harbour_holds_as_it_was_when_the_report_came() {
    let Some(mut story) = Story::seed(1) else {
        return;
    };
    let promise = safe_harbour_text(story.policy())
        .into_iter()
        .find(|(_, _, no_legal_action)| *no_legal_action)
        .expect("the promise of no legal action");
    assert_eq!(
        promise,
        (Span::line(48), "Not pursue legal action against you", true)
    );
    story.received_at(RECEIVED);
    assert_eq!(
        story.state().facts.policy,
        story.in_force().digest,
        "the version that applied"
    );
}

#[test]
fn s1_39_both_sides_write_in_every_open_stage() {
    let Some(mut story) = Story::seed(1) else {
        return;
    };
    story.received_at(RECEIVED);
    let talks = |story: &mut Story| {
        let before = story.state().messages.len();
        story.team(act::say(candor_case::MessageKind::Plain));
        assert!(
            story
                .mails()
                .contains(&(Recipient::Reporter, MailKind::YouHaveAMessage))
        );
        story.reporter(act::write("and what about the other endpoint?"));
        assert_eq!(
            story.state().messages.len(),
            before + 2,
            "at {:?}",
            story.stage()
        );
        assert!(story.state().messages.iter().all(|m| m.lane != Lane::Team));
    };
    talks(&mut story);
    story.team(act::ask(&[ContentKey::Steps]));
    assert_eq!(
        story.state().waiting_on,
        WaitingOn::Reporter,
        "questions are asked, not guessed"
    );
    talks(&mut story);
    story.accepted();
    talks(&mut story);
    story.released();
    talks(&mut story);
    assert_eq!(story.stage(), Stage::Released);
}

#[test]
fn s1_40_credit_is_a_promise_that_publication_keeps() {
    let Some(mut story) = Story::seed(1) else {
        return;
    };
    let promise = on_line(&story.policy().promises, 50);
    assert_eq!(promise.value.milestone, Milestone::Credit);
    story
        .received_at(RECEIVED)
        .reporter(act::choose_credit(named("jo")))
        .released();
    assert_eq!(credit_status(&story), PlainStatus::Open);
    story.published_on("2026-06-20T10:00:00Z");
    assert_eq!(
        credit_status(&story),
        PlainStatus::Kept {
            at: instant("2026-06-20T10:00:00Z")
        }
    );
}

/// Shown, accepted with the policy version, and a breach only a person's finding.
fn duty(line: u32, kind: DutyKind) {
    let Some(mut story) = Story::seed(1) else {
        return;
    };
    let clause = on_line(&story.policy().duties, line).clone();
    assert_eq!(clause.value.kind, kind);
    story.received_at(RECEIVED);
    assert!(story.state().facts.duties_accepted);
    assert_eq!(story.state().facts.policy, story.in_force().digest);
    let before = story.state().clocks.clone();
    story.team(candor_case::Command::RecordBreach {
        duty: clause.id.clone(),
        finding: candor_testkit::parts::text("what was seen, by whom"),
    });
    assert_eq!(story.state().breaches[0].0, clause.id);
    assert_eq!(story.state().clocks, before, "a breach stops no clock");
}

#[test]
fn s1_41_duty_reasonable_time() {
    duty(52, DutyKind::ReasonableTime);
}

#[test]
fn s1_42_duty_leave_the_data_of_others_alone() {
    duty(53, DutyKind::NoDataAccess);
}

#[test]
fn s1_43_duty_nothing_that_degrades_the_service() {
    duty(54, DutyKind::NoDegradation);
}

#[test]
fn s1_44_duty_own_accounts_only() {
    duty(55, DutyKind::OwnAccounts);
}

#[test]
fn s1_45_security_contact_and_general_contact_are_kept_apart() {
    let Some(story) = Story::seed(1) else { return };
    let security = on_line(&story.policy().contacts, 56);
    let general = on_line(&story.policy().contacts, 57);
    assert!(security.value.security && !general.value.security);
    assert!(general.value.value.contains("GitHub Discussions"));
    let text = security_txt(
        story.in_force(),
        "https://candor.example",
        "/p/threatdex",
        instant("2027-01-01T00:00:00Z"),
    );
    assert!(text.contains("Contact: "));
    assert!(
        !text.contains("Discussions"),
        "general questions open no case:\n{text}"
    );
}

#[test]
fn s1_46_the_yearly_review_comes_round_and_is_recorded() {
    let day = |text: &str| text.parse().expect("a date");
    let found = |settings: Settings, today: &str| {
        let policy = candor_testkit::in_force(1, settings)?;
        let review = review_due(&policy, day("2026-03-10"), day(today)).expect("it is promised");
        let finding = review_finding(&policy, day("2026-03-10"), day(today)).map(|f| f.code);
        Some((review.due.to_string(), review.overdue, finding))
    };
    let unsaid = Settings::default;
    let Some(early) = found(unsaid(), "2026-11-22") else {
        return;
    };
    let code = |text: &str| Some(text.to_owned());
    let due = || "2027-03-10".to_owned();
    assert_eq!(early, (due(), false, code("review-not-recorded")));
    let on_the_day = found(unsaid(), "2027-03-10").expect("seed 1");
    assert_eq!(on_the_day, (due(), false, code("review-due")));
    let late = found(unsaid(), "2027-03-11").expect("seed 1");
    assert_eq!(late, (due(), true, code("review-overdue")));
    // Recorded, the year begins anew and nothing is to be said.
    let recorded = Settings {
        last_review: Some(day("2027-03-11")),
        ..unsaid()
    };
    let after = found(recorded.clone(), "2027-03-11").expect("seed 1");
    assert_eq!(after, ("2028-03-11".to_owned(), false, None));
    let mut story = Story::seed_with(1, recorded).expect("seed 1");
    story.at("2027-04-01T08:00:00Z");
    let shown = story.policy_page().review.expect("it is promised");
    assert!(
        shown.contains("Last reviewed on 2027-03-11") && shown.contains("due on 2028-03-11"),
        "{shown}"
    );
    // A policy without such a promise has none.
    let other = Story::seed(0).expect("seed 0");
    assert!(review_due(other.in_force(), day("2020-01-01"), day("2027-01-01")).is_none());
    assert_eq!(other.policy_page().review, None);
}
