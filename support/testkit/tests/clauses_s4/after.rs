//! S4-34 to S4-43: publication, priorities, defaults.

use candor_base::{RefusalCode, Span};
use candor_case::{
    Actor, CloseReason, Command, Effect, OutletAnswer, PartySees, RejectionGround, Stage, Verdict,
};
use candor_policy::lint;
use candor_policy::model::{
    AdviceKind, DisclaimerKind, DisclosureKind, Impact, OutletKind, ScopeTopic, Severity,
};
use candor_testkit::parts::{draft, reasoned, text, valid};
use candor_testkit::{Story, act, aside, on_line};

const RECEIVED: &str = "2026-06-01T08:00:00Z";

fn sent(link: &str) -> OutletAnswer {
    OutletAnswer::Sent {
        link: Some(link.to_owned()),
    }
}

/// What a person does where Candor does not publish there itself (S4-34).
#[test]
fn the_advisory_is_answered_for_on_github_with_its_link() {
    let Some(mut story) = Story::seed(4) else {
        return;
    };
    let outlet = story.policy().outlets[0].clone();
    assert_eq!(
        (outlet.value.kind, outlet.span),
        (OutletKind::GithubAdvisory, Span::line(62))
    );
    story.received_at(RECEIVED).accepted();
    let answer = Command::AnswerOutlet {
        outlet: outlet.id.clone(),
        answer: sent("https://github.com/o/r/security/advisories/GHSA-x"),
    };
    story.team(&answer).refused(RefusalCode::WrongStage);
    story.published_on("2026-06-20T10:00:00Z").team(answer);
    assert!(story.all_effects().contains(&Effect::Publish));
    assert!(story.state().outlets.contains_key(&outlet.id));
}

#[test]
fn s4_35_each_further_outlet_is_answered_before_the_case_closes() {
    let Some(mut story) = Story::seed(4) else {
        return;
    };
    let outlets = story.policy().outlets.clone();
    let kinds: Vec<OutletKind> = outlets.iter().map(|o| o.value.kind).collect();
    for kind in [
        OutletKind::Chat,
        OutletKind::Social,
        OutletKind::MailingList,
        OutletKind::Web,
    ] {
        assert!(kinds.contains(&kind), "{kind:?}");
    }
    story
        .received_at(RECEIVED)
        .published_on("2026-06-20T10:00:00Z");
    for outlet in &outlets {
        let refusal = story
            .team(act::close(CloseReason::Disclosed))
            .refusal_of_last_step();
        assert_eq!(refusal.code, RefusalCode::OutletOpen);
        assert!(refusal.message.contains(&outlet.value.name), "{refusal}");
        let answer = if outlet.value.kind == OutletKind::Chat {
            OutletAnswer::Waived {
                reason: text("the channel was closed last year"),
            }
        } else {
            sent("https://example.org/announcement")
        };
        story.team(Command::AnswerOutlet {
            outlet: outlet.id.clone(),
            answer,
        });
    }
    story.team(act::close(CloseReason::Disclosed));
    assert_eq!(story.stage(), Stage::Closed);
}

#[test]
fn s4_36_mitigating_steps_are_published_for_those_who_cannot_update() {
    let Some(mut story) = Story::seed(4) else {
        return;
    };
    assert_eq!(
        on_line(&story.policy().disclosure, 64).value.rule,
        DisclosureKind::PublishMitigations
    );
    story.received_at(RECEIVED).accepted();
    let mut without = draft();
    without.has_mitigation = false;
    story
        .team(act::save_draft(&without))
        .team(act::approve(&without))
        .refused(RefusalCode::AdvisoryIncomplete);
    story
        .team(act::save_draft(&draft()))
        .team(act::approve(&draft()));
}

#[test]
fn s4_37_distributors_are_told_ahead_under_terms_they_took() {
    let Some(mut story) = Story::seed(4) else {
        return;
    };
    let party = Actor::Party(1);
    let sees = |story: &Story| story.state().party_sees(1);
    story
        .received_at(RECEIVED)
        .accepted()
        .team(act::save_draft(&draft()));
    let day = story.now().plus_seconds(20 * 86_400);
    story
        .team(act::propose_date(&day.to_string()))
        .reporter(act::accept_date());
    story.team(act::invite_distributor("Harbour Linux"));
    story
        .team(act::notify_party(1))
        .refused(RefusalCode::WrongStage);
    story.act(party, &Command::AnswerTerms { accepted: true });
    assert_eq!(
        sees(&story),
        PartySees::Terms,
        "terms, and not yet its notice"
    );
    story
        .team(act::notify_party(1))
        .refused(RefusalCode::TooEarly);
    let told = day.plus_seconds(-14 * 86_400);
    story.at_instant(told).team(act::notify_party(1));
    assert_eq!(sees(&story), PartySees::Content);
    story
        .team(act::propose_date(&day.plus_seconds(1).to_string()))
        .refused(RefusalCode::FieldInvalid);
    story.released().person(2, act::approve(&draft()));
    story.at_instant(day).team(act::publish(&draft()));
    assert_eq!(sees(&story), PartySees::Content);
    // Its own advisory is linked when it comes; Candor writes none for it.
    let link = "https://distributor.example/advisories/7";
    story.act(party, &aside::link_advisory(1, link));
    assert_eq!(
        story.state().advisories_of_others().collect::<Vec<_>>(),
        [link]
    );
}

#[test]
fn s4_38_confidentiality_privilege_and_integrity_rank_highest() {
    let Some(mut story) = Story::seed(4) else {
        return;
    };
    let ranks: Vec<(Impact, u8)> = story
        .policy()
        .impact_ranking
        .iter()
        .map(|c| (c.value.impact, c.value.rank))
        .collect();
    for impact in [
        Impact::Confidentiality,
        Impact::Privilege,
        Impact::Integrity,
    ] {
        assert!(ranks.contains(&(impact, 1)), "{impact:?}");
    }
    let mut a = valid(Severity::High);
    a.impacts = [Impact::Privilege].into();
    story
        .received_at(RECEIVED)
        .acknowledged()
        .team(act::assess(a));
    let kept = story
        .state()
        .assessment
        .as_ref()
        .map(|(a, _, _)| a.impacts.clone());
    assert_eq!(kept, Some([Impact::Privilege].into()));
}

#[test]
fn s4_39_availability_ranks_below_and_is_never_out_of_scope_by_default() {
    let Some(mut story) = Story::seed(4) else {
        return;
    };
    let availability = story
        .policy()
        .impact_ranking
        .iter()
        .find(|c| c.value.impact == Impact::Availability)
        .expect("a rank");
    assert_eq!(availability.value.rank, 2);
    assert!(
        !story
            .policy()
            .out_of_scope
            .iter()
            .any(|c| c.value.topic == ScopeTopic::DenialOfService)
    );
    let mut a = valid(Severity::Medium);
    a.impacts = [Impact::Availability].into();
    story
        .received_at(RECEIVED)
        .acknowledged()
        .team(act::assess(a))
        .accepted();
    assert_eq!(story.stage(), Stage::Accepted);
}

#[test]
fn s4_41_defaults_are_not_secure_and_hardening_is_advised() {
    let Some(story) = Story::seed(4) else { return };
    let said = &story.policy().disclaimers;
    assert!(said.iter().any(|c| {
        c.span == Span::line(71)
            && c.value.kind == DisclaimerKind::NotSecureByDefault
            && c.quote
                .contains("do not currently consider the default settings")
    }));
    let advice = on_line(&story.policy().advice, 71);
    assert_eq!(advice.value.kind, AdviceKind::Hardening);
    assert!(advice.quote.contains("role based access control"));
}

#[test]
fn s4_42_unsafe_defaults_are_out_of_policy_scope_and_the_other_question_is_answered_apart() {
    let Some(mut story) = Story::seed(4) else {
        return;
    };
    let clause = on_line(&story.policy().out_of_scope, 71).clone();
    assert_eq!(clause.value.topic, ScopeTopic::UnsafeDefaults);
    let told = lint(story.policy(), Vec::new());
    assert!(
        told.iter()
            .any(|f| f.code == "unsafe-defaults-refused" && f.message.contains("4.1.4"))
    );
    let exit = |verdict| {
        act::reject(
            RejectionGround::OutOfScope {
                clause: clause.id.clone(),
            },
            verdict,
        )
    };
    story.received_at(RECEIVED);
    story
        .team(exit(Verdict::Unclear))
        .refused(RefusalCode::FieldMissing);
    story.team(exit(Verdict::Yes));
    let rejection = story.state().rejection.clone().expect("a rejection");
    assert_eq!(
        rejection.is_vulnerability,
        Verdict::Yes,
        "both answers are kept"
    );
    assert_eq!(
        rejection.ground,
        RejectionGround::OutOfScope { clause: clause.id }
    );
}

#[test]
fn s4_43_such_a_report_is_kept_as_a_suggestion_without_a_clock() {
    let Some(mut story) = Story::seed(4) else {
        return;
    };
    assert!(
        story
            .policy()
            .statements
            .iter()
            .any(|c| c.span == Span::line(71) && c.quote.contains("improved safe-by-default"))
    );
    let clause = on_line(&story.policy().out_of_scope, 71).id.clone();
    story
        .received_at(RECEIVED)
        .acknowledged()
        .team(Command::Reject {
            ground: RejectionGround::OutOfScope { clause },
            is_vulnerability: Verdict::Yes,
            reason: reasoned(),
            keep_as_suggestion: true,
        });
    assert!(
        story
            .state()
            .rejection
            .as_ref()
            .is_some_and(|r| r.keep_as_suggestion)
    );
    story.reporter(act::write("Yes, please keep it."));
    story
        .tick_at("2026-06-15T08:00:00Z")
        .at("2026-06-16T08:00:00Z")
        .team(act::close(CloseReason::Rejected));
    assert_eq!(story.wakes_at(), None, "no clock runs on");
}
