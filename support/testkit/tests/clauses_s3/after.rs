//! S3-13 to S3-27: disclosure, duties, commitments.

use candor_base::{RefusalCode, Span};
use candor_case::{
    Actor, ClockStatus, Command, DateAnswer, EmbargoState, MailKind, PlainStatus, Stage,
    plain_promises,
};
use candor_policy::clocks::ClockSource;
use candor_policy::model::{ClauseId, DisclosureKind, DutyKind, Milestone, Severity, Term};
use candor_policy::{PromiseKind, clocks, promises_in_words, safe_harbour_text};
use candor_testkit::parts::{draft, instant, public_place, reasoned, text};
use candor_testkit::{Story, act, on_line};

const RECEIVED: &str = "2026-06-01T08:00:00Z";

fn received() -> Option<Story> {
    let mut story = Story::seed(3)?;
    story.received_at(RECEIVED);
    Some(story)
}

fn status(story: &Story, line: u32) -> PlainStatus {
    let id: ClauseId = on_line(&story.policy().promises, line).id.clone();
    plain_promises(story.state(), story.policy())
        .into_iter()
        .find(|p| p.clause == id)
        .expect("a promise without a number")
        .status
}

#[test]
fn s3_13_private_and_in_full_before_any_disclosure() {
    let Some(mut story) = Story::seed(3) else {
        return;
    };
    let rule = on_line(&story.policy().disclosure, 47);
    assert_eq!(rule.value.rule, DisclosureKind::PrivateFirst);
    assert!(rule.quote.contains("in full"));
    story.received_with(RECEIVED, |f| f.public = Some(public_place("a talk in May")));
    assert!(story.state().is_public_knowledge());
    story
        .team(act::propose_date("2026-07-01T00:00:00Z"))
        .refused(RefusalCode::EmbargoImpossible);
}

#[test]
fn s3_14_a_timely_manner_is_no_number() {
    let Some(story) = received() else { return };
    let promise = on_line(&story.policy().promises, 49);
    assert!(
        matches!(&promise.value.term, Term::Unquantified { words } if words == "in a timely manner")
    );
    let promised = clocks(story.in_force())
        .into_iter()
        .filter(candor_policy::ClockSpec::is_promise)
        .count();
    assert_eq!(promised, 0, "nothing with a number, no public clock");
    let own = promises_in_words(story.in_force())
        .into_iter()
        .filter(|l| l.kind == PromiseKind::CandorDefault)
        .count();
    assert_eq!(own, 2, "Candor's own run inside, marked as such");
    assert!(
        story
            .state()
            .clocks
            .values()
            .all(|c| c.spec.source == ClockSource::Candor)
    );
}

#[test]
fn s3_15_the_timeline_is_agreed_and_there_is_no_default_date() {
    let Some(mut story) = received() else { return };
    assert_eq!(
        on_line(&story.policy().disclosure, 51).value.rule,
        DisclosureKind::Agreed
    );
    assert_eq!(
        story.state().embargo.state,
        EmbargoState::None,
        "no proposal, no embargo"
    );
    assert!(story.team_may().contains(&"propose_date"), "asked at once");
    story.team(act::propose_date("2026-07-10T00:00:00Z"));
    assert_eq!(story.state().embargo.state, EmbargoState::Proposed);
    // Two wishes: the shorter holds at once, the longer stays as a wish (EM-4).
    story.reporter(act::counter_date("2026-06-25T00:00:00Z"));
    assert_eq!(
        story.state().embargo.until,
        Some(instant("2026-06-25T00:00:00Z"))
    );
    assert_eq!(story.state().embargo.state, EmbargoState::Revise);
    story.reporter(act::accept_date());
    assert_eq!(
        story.state().embargo.until,
        Some(instant("2026-07-10T00:00:00Z"))
    );
    // Stakeholders who took the terms agree, too: the date moves once all have taken it,
    // and one refusal keeps the shorter one.
    story.accepted_as(Severity::High);
    story.team(act::invite_vendor("Harbour Wallet"));
    let party = Actor::Party(1);
    story.act(party, &Command::AnswerTerms { accepted: true });
    for (answer, until) in [
        (
            Command::AnswerDate(DateAnswer::Decline { reason: None }),
            "2026-07-10T00:00:00Z",
        ),
        (act::accept_date(), "2026-08-10T00:00:00Z"),
    ] {
        story.team(act::propose_date("2026-08-10T00:00:00Z"));
        story.reporter(act::accept_date());
        assert_eq!(
            story.state().embargo.until,
            Some(instant("2026-07-10T00:00:00Z")),
            "the party has not answered"
        );
        story.act(party, &answer);
        assert_eq!(story.state().embargo.until, Some(instant(until)));
    }
}

#[test]
fn s3_16_validated_and_addressed_frees_the_reporter() {
    let Some(mut story) = received() else { return };
    assert_eq!(
        on_line(&story.policy().disclosure, 56).value.rule,
        DisclosureKind::UntilValidatedOrAgreed
    );
    story
        .at("2026-06-10T08:00:00Z")
        .team(act::propose_date("2026-09-01T00:00:00Z"))
        .reporter(act::accept_date());
    story.tested();
    assert_eq!(story.state().reporter_free_from, None);
    story.at("2026-06-20T09:30:00Z").released();
    assert_eq!(
        story.state().reporter_free_from,
        Some(instant("2026-06-20T09:30:00Z")),
        "dated to the second"
    );
    assert_eq!(story.state().embargo.state, EmbargoState::Exited);
}

#[test]
fn s3_17_or_the_agreed_instant_frees_the_reporter() {
    let Some(mut story) = received() else { return };
    assert_eq!(
        on_line(&story.policy().disclosure, 58).value.rule,
        DisclosureKind::UntilValidatedOrAgreed
    );
    story
        .team(act::propose_date("2026-07-01T12:00:00Z"))
        .reporter(act::accept_date());
    story.tick_at("2026-07-01T11:59:59Z");
    assert_eq!(story.state().reporter_free_from, None, "not before");
    story.tick_at("2026-07-03T00:00:00Z");
    assert_eq!(
        story.state().reporter_free_from,
        Some(instant("2026-07-01T12:00:00Z"))
    );
    assert!(
        story.state().fix_released.is_none(),
        "either condition suffices"
    );
}

/// Shown, accepted with the policy version; a breach is a person's finding.
fn duty(line: u32, kind: DutyKind) {
    let Some(mut story) = received() else { return };
    let clause = on_line(&story.policy().duties, line).clone();
    assert_eq!(clause.value.kind, kind);
    assert!(story.state().facts.duties_accepted);
    assert_eq!(story.state().facts.policy, story.in_force().digest);
    let finding = Command::RecordBreach {
        duty: clause.id,
        finding: text("what was seen, by whom"),
    };
    story.reporter(&finding).refused(RefusalCode::NotAllowed);
    story.system(&finding).refused(RefusalCode::NotAllowed);
    story.team(finding);
    assert_eq!(story.state().breaches.len(), 1);
}

#[test]
fn s3_18_duty_no_harm() {
    duty(64, DutyKind::NoHarm);
}

#[test]
fn s3_19_duty_no_data_beyond_what_demonstrates() {
    duty(66, DutyKind::NoDataAccess);
}

#[test]
fn s3_20_duty_no_exploitation_beyond_proof() {
    duty(68, DutyKind::NoExploitation);
}

#[test]
fn s3_21_a_demand_is_a_finding_and_clocks_and_answer_still_run() {
    duty(70, DutyKind::NoDemands);
    let Some(mut story) = received() else { return };
    let clause = on_line(&story.policy().duties, 70).id.clone();
    story.team(Command::RecordBreach {
        duty: clause,
        finding: text("asked for money before sending details"),
    });
    assert_eq!(
        story.clock(Milestone::Acknowledgement).status,
        ClockStatus::Running
    );
    story.acknowledged();
    assert!(story.is_met(Milestone::Acknowledgement));
    assert!(
        !story
            .team_may()
            .iter()
            .any(|c| c.contains("pay") || c.contains("bounty"))
    );
}

#[test]
fn s3_22_receipt_is_acknowledged_without_a_number() {
    let Some(mut story) = received() else { return };
    assert_eq!(status(&story, 76), PlainStatus::Open);
    story.at("2026-06-02T10:00:00Z").team(act::note());
    assert_eq!(
        status(&story, 76),
        PlainStatus::Open,
        "met by a message to the reporter only"
    );
    story.team(act::acknowledge());
    assert_eq!(
        status(&story, 76),
        PlainStatus::Kept {
            at: instant("2026-06-02T10:00:00Z")
        }
    );
}

#[test]
fn s3_23_objective_outcome_with_reason_and_another_person_on_objection() {
    let Some(mut story) = received() else { return };
    assert_eq!(status(&story, 78), PlainStatus::Standing);
    story.person(
        1,
        act::reject(
            candor_case::RejectionGround::NotAVulnerability,
            candor_case::Verdict::No,
        ),
    );
    story.reporter(Command::Object { reason: reasoned() });
    assert!(story.mails().iter().any(|(_, m)| *m == MailKind::Objection));
    let upheld = Command::DecideObjection {
        uphold: true,
        reason: reasoned(),
    };
    story
        .person(1, &upheld)
        .refused(RefusalCode::SecondPersonNeeded);
    story.person(2, upheld);
    assert!(!story.state().is_turned_down());
    story.accepted();
    assert_eq!(story.stage(), Stage::Accepted);
}

#[test]
fn s3_24_long_silence_warns_the_team_by_candors_own_rhythm() {
    let Some(mut story) = received() else { return };
    assert_eq!(status(&story, 80), PlainStatus::Standing);
    let clock = story.clock(Milestone::Update);
    assert_eq!(clock.spec.source, ClockSource::Candor);
    assert!(
        !clock.spec.is_promise(),
        "never shown as the project's promise"
    );
    assert_eq!(story.due(Milestone::Update), "2026-06-15T23:59:59Z");
    story.acknowledged().tick_at("2026-06-09T08:00:00Z");
    assert!(
        story
            .mails()
            .iter()
            .any(|(_, m)| matches!(m, MailKind::DueSoon { percent: 50, .. }))
    );
    story.tick_at("2026-06-16T00:00:00Z");
    assert!(
        story
            .mails()
            .iter()
            .any(|(_, m)| matches!(m, MailKind::Missed { .. }))
    );
}

#[test]
fn s3_25_the_reporter_sees_rating_versions_fix_and_the_draft_before_publication() {
    let Some(mut story) = received() else { return };
    assert_eq!(
        on_line(&story.policy().promises, 82).value.milestone,
        Milestone::Conduct
    );
    let comment = Command::Say {
        lane: candor_case::Lane::Reporter,
        kind: candor_case::MessageKind::DraftComment,
        message: reasoned(),
    };
    story.accepted();
    story.reporter(&comment).refused(RefusalCode::NotFound);
    story.team(act::save_draft(&draft())).reporter(comment);
    let (assessment, _, _) = story.state().assessment.clone().expect("an assessment");
    assert!(assessment.severity.is_some() && !assessment.affected_versions.is_empty());
    assert!(story.state().assessment_told, "told, not only recorded");
    assert!(story.state().advisory.published.is_none());
}

#[test]
fn s3_27_valued_research_is_shown_and_is_no_legal_safe_harbour() {
    let Some(story) = Story::seed(3) else { return };
    let shown = safe_harbour_text(story.policy());
    assert!(shown.iter().any(|(span, words, _)| *span == Span::line(6)
        && words.contains("We value responsible security research")));
    assert!(shown.iter().any(|(span, _, _)| *span == Span::line(62)));
    assert!(shown.iter().all(|(_, _, no_legal_action)| !no_legal_action));
}
