//! What the policy lets one expect, without a single number.
//!
//! 2026-06-01 is a Monday; three business days after it end with Thursday.

use candor_base::RefusalCode;
use candor_case::{
    Assessment, Command, CreditWish, EmbargoState, FixStatus, PlainStatus, RejectionGround, Stage,
    Verdict, plain_promises,
};
use candor_policy::clocks::ClockSource;
use candor_policy::model::{DisclaimerKind, DisclosureKind, FixKind, Milestone, Severity, Term};
use candor_policy::{PromiseKind, clocks, promises_in_words};
use candor_testkit::parts::{draft, instant, message, opened, text, valid};
use candor_testkit::{Story, act, on_line};

const MONDAY: &str = "2026-06-01T08:00:00Z";

#[test]
fn s2_11_an_acknowledgement_without_a_number_runs_candors_own_default_inside() {
    let Some(mut story) = Story::seed(2) else {
        return;
    };
    let promise = on_line(&story.policy().promises, 34).clone();
    assert_eq!(
        promise.value.term,
        Term::Unquantified {
            words: "within a reasonable timeframe".to_owned()
        }
    );
    story.received_at(MONDAY);
    let clock = story.clock(Milestone::Acknowledgement);
    assert_eq!(clock.spec.source, ClockSource::Candor);
    assert!(!clock.spec.is_promise());
    assert_eq!(
        story.due(Milestone::Acknowledgement),
        "2026-06-04T23:59:59Z"
    );
    // The reporter sees no clock of it; the page marks it as Candor's own.
    assert!(story.room().clocks.is_empty());
    for shown in story.form_page().promises {
        let number = shown.text.contains(|c: char| c.is_ascii_digit());
        assert_eq!(number, shown.by_candor, "{}", shown.text);
    }
    let lines = promises_in_words(story.in_force());
    let line = lines
        .iter()
        .find(|l| l.clause.as_ref() == Some(&promise.id))
        .unwrap();
    assert_eq!(line.kind, PromiseKind::NoNumber);
    // Kept by a person's message, whenever.
    let status = |s: &Story| {
        let all = plain_promises(s.state(), s.policy());
        all.into_iter()
            .find(|p| p.clause == promise.id)
            .unwrap()
            .status
    };
    assert_eq!(status(&story), PlainStatus::Open);
    story.at("2026-06-20T08:00:00Z").team(act::acknowledge());
    let kept = PlainStatus::Kept {
        at: instant("2026-06-20T08:00:00Z"),
    };
    assert_eq!(status(&story), kept);
}

#[test]
fn s2_12_a_rating_records_exploitability_and_impact_with_evidence() {
    let Some(mut story) = Story::seed(2) else {
        return;
    };
    let basis = on_line(&story.policy().assessment_basis, 36);
    assert!(basis.quote.contains("exploitability and impact"));
    story.received_at(MONDAY).acknowledged();
    for bare in [
        Assessment {
            effects: None,
            ..valid(Severity::High)
        },
        Assessment {
            criticality: None,
            ..valid(Severity::High)
        },
    ] {
        story
            .team(act::assess(bare))
            .refused(RefusalCode::EvidenceMissing);
    }
    story.team(act::assess(valid(Severity::High)));
    let page = story.case_page().assessment.unwrap();
    let line = |label: &str| {
        page.lines
            .iter()
            .find(|(l, _)| l == label)
            .unwrap()
            .1
            .clone()
    };
    assert_eq!(line("Effects"), "what an attacker gains, and how we know");
    assert_eq!(
        line("Criticality"),
        "how easily it is done, and how we know"
    );
}

#[test]
fn s2_13_the_fix_is_a_patch_an_update_or_a_mitigation() {
    let Some(mut story) = Story::seed(2) else {
        return;
    };
    let kinds: Vec<FixKind> = story
        .policy()
        .fix_kinds
        .iter()
        .map(|c| {
            assert_eq!(c.span.first, 38);
            c.value
        })
        .collect();
    assert_eq!(
        kinds,
        [
            FixKind::Patch,
            FixKind::DependencyUpdate,
            FixKind::Mitigation
        ]
    );
    story.received_at(MONDAY).accepted();
    let branch = story.branch_names()[0].clone();
    for kind in kinds {
        let mut change = act::fix_change(&branch, FixStatus::InDevelopment);
        change.kind = kind;
        story.team(Command::Fix(Box::new(change)));
        assert_eq!(story.state().fixes[0].kind, kind);
    }
    // The advisory says it in the same words.
    let shown = story.case_page().branches[0].kind.clone();
    assert_eq!(shown, "mitigation");
    assert_eq!(candor_advisory::FixKind::Mitigation.words(), shown);
}

#[test]
fn s2_14_the_embargo_is_proposed_and_agreed_or_left_out_with_a_reason() {
    let Some(mut story) = Story::seed(2) else {
        return;
    };
    assert_eq!(
        on_line(&story.policy().disclosure, 40).value.rule,
        DisclosureKind::WhenApplicable
    );
    // No window in the text: no embargo by default, one is proposed and agreed.
    story.received_at(MONDAY).accepted();
    assert_eq!(story.state().embargo.state, EmbargoState::None);
    story.team(act::propose_date("2026-07-01T12:00:00Z"));
    assert_eq!(story.state().embargo.state, EmbargoState::Proposed);
    story.reporter(act::accept_date());
    assert_eq!(story.state().embargo.state, EmbargoState::Active);

    // Going on without agreement needs a reason, and never goes unsaid.
    let mut alone = Story::seed(2).unwrap();
    alone
        .received_at(MONDAY)
        .reporter(act::choose_credit(CreditWish::Anonymous))
        .released()
        .team(act::save_draft(&draft()))
        .team(act::approve(&draft()))
        .person(2, act::publish(&draft()))
        .refused(RefusalCode::ReporterNotAsked);
    let set = |reason: &str| Command::SetDateAlone {
        at: instant("2026-06-05T12:00:00Z"),
        reason: text(reason),
        message: message("We will publish on Friday."),
    };
    alone.team(set("")).refused(RefusalCode::FieldMissing);
    let why = "the fix is public in the repository, there is nothing to hold back";
    alone
        .team(set(why))
        .person(2, act::publish(&draft()))
        .refused(RefusalCode::ReporterNotAsked)
        .person(2, act::confirm_date("2026-06-05T12:00:00Z"));
    alone
        .at("2026-06-05T12:00:00Z")
        .person(2, act::publish(&draft()));
    assert_eq!(alone.stage(), Stage::Disclosed);
    assert!(opened().values().any(|t| t == why), "the reason is kept");
}

#[test]
fn s2_15_no_miss_is_counted_against_a_number_the_text_never_gave() {
    let Some(mut story) = Story::seed(2) else {
        return;
    };
    let disclaimer = on_line(&story.policy().disclaimers, 42);
    assert_eq!(disclaimer.value.kind, DisclaimerKind::BestEffort);
    let page = story.policy_page();
    let shown = page
        .sections
        .iter()
        .find(|s| s.id == "disclaimers")
        .unwrap();
    assert!(shown.lines.iter().any(|l| l.text == disclaimer.quote));
    assert!(clocks(story.in_force()).iter().all(|c| !c.is_promise()));
    // A year of silence: the team is warned, no promise of the project is missed.
    story.received_at(MONDAY).tick_at("2027-06-01T08:00:00Z");
    let missed = story.state().clocks.values().filter(|c| c.was_missed());
    let (promised, own): (Vec<_>, Vec<_>) = missed.partition(|c| c.spec.is_promise());
    assert_eq!(promised.len(), 0);
    assert_eq!(own.len(), 2, "Candor's own two rhythms");
    assert!(story.room().clocks.is_empty());
}

#[test]
fn s2_16_every_report_is_answered_and_not_credible_is_a_reasoned_judgement() {
    let Some(mut story) = Story::seed(2) else {
        return;
    };
    let said = on_line(&story.policy().statements, 42);
    assert!(
        said.quote
            .contains("all credible reports are taken seriously")
    );
    let not_credible = || act::reject(RejectionGround::NotCredible, Verdict::No);
    story.received_at(MONDAY);
    assert!(story.find_clock(Milestone::Acknowledgement).is_some());
    story
        .system(not_credible())
        .refused(RefusalCode::NotAllowed);
    let mut word = not_credible();
    if let Command::Reject { reason, .. } = &mut word {
        *reason = message("Nonsense.");
    }
    story.team(word).refused(RefusalCode::FieldMissing);
    story.team(not_credible());
    assert_eq!(story.stage(), Stage::Rejected);
    // The reasons are the answer, and the reporter may object.
    assert!(story.is_met(Milestone::Acknowledgement));
    assert_eq!(story.room().messages.len(), 1);
    assert!(story.room().can_object);
}
