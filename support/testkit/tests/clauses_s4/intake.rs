//! S4-01 to S4-20: versions, channels, first answers, contents.

use std::collections::BTreeMap;

use candor_access::{Action, CaseFacts, Principal, ProgramRole, permit};
use candor_base::{ProgramSlug, RefusalCode, Span};
use candor_case::{
    Actor, Certainty, ClockStatus, CloseReason, Command, EmbargoState, MailKind, MessageKind,
    PartyRole, Recipient, RejectionGround, Stage, Verdict,
};
use candor_policy::model::{ChannelKind, ContentKey, Demand, DisclosureKind, Milestone, Severity};
use candor_policy::{
    Release, Settings, SupportAnswer, branches, complete, form, lint, questions, security_txt,
    support,
};
use candor_testkit::parts::{instant, public_place, reasoned};
use candor_testkit::{Story, act, aside, on_line};

const RECEIVED: &str = "2026-06-01T08:00:00Z";

fn releases(list: &[(&str, bool)]) -> Settings {
    Settings {
        releases: list
            .iter()
            .map(|(version, supported)| Release {
                version: (*version).to_owned(),
                supported: Some(*supported),
                date: None,
            })
            .collect(),
        ..Settings::default()
    }
}

fn label(key: ContentKey) -> Option<(String, Demand)> {
    let story = Story::seed(4)?;
    form(story.in_force())
        .into_iter()
        .find(|f| f.key == key)
        .map(|f| (f.help, f.demand))
}

#[test]
fn s4_01_the_list_of_versions_stands_elsewhere_and_the_owner_gives_it_once() {
    let Some(story) = Story::seed(4) else { return };
    assert_eq!(story.policy().delegates_to[0].span, Span::line(8));
    assert!(
        story.policy().versions.is_empty(),
        "never an invented table"
    );
    assert!(matches!(
        support(story.in_force(), "1.2"),
        SupportAnswer::Unknown { .. }
    ));
    assert!(
        questions(story.in_force())
            .iter()
            .any(|q| q.code == "versions-elsewhere")
    );
    let Some(given) = Story::seed_with(4, releases(&[("1.31.0", true), ("1.28.4", false)])) else {
        return;
    };
    assert!(matches!(
        support(given.in_force(), "1.31.0"),
        SupportAnswer::Supported { .. }
    ));
    assert!(matches!(
        support(given.in_force(), "1.28.4"),
        SupportAnswer::Unsupported { .. }
    ));
    assert!(
        !questions(given.in_force())
            .iter()
            .any(|q| q.code == "versions-elsewhere")
    );
}

#[test]
fn s4_02_suspicion_suffices_and_everything_is_private() {
    let Some(mut story) = Story::seed(4) else {
        return;
    };
    let said = on_line(&story.policy().when_to_report, 13);
    assert!(said.quote.contains("suspected") && said.quote.contains("privately"));
    story.received_with(RECEIVED, |f| f.certainty = Certainty::NotSure);
    assert_eq!(story.stage(), Stage::Received);
    assert!(!story.state().is_public_knowledge());
    assert!(!story.all_effects().contains(&candor_case::Effect::Publish));
}

#[test]
fn s4_03_patched_on_the_next_release_which_has_a_date_only_when_the_owner_gives_one() {
    let Some(mut story) = Story::seed(4) else {
        return;
    };
    story.received_at(RECEIVED);
    assert_eq!(
        story.due(Milestone::PatchRelease),
        "unscheduled",
        "as soon as possible is no number"
    );
    let settings = Settings {
        next_release: Some("2026-06-17".parse().expect("a day")),
        ..Settings::default()
    };
    let Some(mut dated) = Story::seed_with(4, settings) else {
        return;
    };
    dated.received_at(RECEIVED);
    assert_eq!(dated.due(Milestone::PatchRelease), "2026-06-17T23:59:59Z");
    dated
        .assessed(Severity::High)
        .team(Command::Accept(candor_case::Acceptance {
            waived: [].into(),
            branches: vec![String::from("1.31")],
            target_release: Some(String::from("1.31.1")),
            message: reasoned(),
        }));
    assert_eq!(dated.state().target_release.as_deref(), Some("1.31.1"));
    dated.released();
    assert!(dated.is_met(Milestone::PatchRelease));
}

#[test]
fn s4_04_a_valid_case_may_end_fixed_and_internal() {
    let Some(mut story) = Story::seed(4) else {
        return;
    };
    let internal = story
        .policy()
        .disclosure
        .iter()
        .find(|c| c.value.rule == DisclosureKind::MayStayInternal)
        .expect("the rule");
    assert_eq!(internal.span, Span::line(13));
    story.received_at(RECEIVED).accepted();
    let end = act::close(CloseReason::FixedInternally);
    story.person(2, &end).refused(RefusalCode::WrongStage);
    story.at("2026-06-01T20:00:00Z").released();
    let bare = Command::Close {
        reason: CloseReason::FixedInternally,
        note: None,
    };
    story.person(2, bare).refused(RefusalCode::FieldMissing);
    story
        .person(1, &end)
        .refused(RefusalCode::SecondPersonNeeded);
    story
        .at("2026-06-02T08:00:00Z")
        .person(2, &end)
        .refused(RefusalCode::ReporterNotAsked);
    story.team(act::say(MessageKind::Decision)).person(2, end);
    assert_eq!(story.stage(), Stage::Closed);
    assert!(!story.all_effects().contains(&candor_case::Effect::Publish));
    // Only where the policy says so.
    let Some(mut other) = Story::seed(1) else {
        return;
    };
    other
        .received_at(RECEIVED)
        .released()
        .team(act::say(MessageKind::Decision));
    other
        .person(2, act::close(CloseReason::FixedInternally))
        .refused(RefusalCode::WrongStage);
}

#[test]
fn s4_05_what_is_publicly_known_alarms_at_once_and_has_no_embargo() {
    let Some(mut story) = Story::seed(4) else {
        return;
    };
    let rule = story.policy().known_public_rule.clone().expect("the rule");
    assert_eq!(rule.span, Span::line(15));
    assert!(rule.quote.contains("IMMEDIATELY"));
    story.received_with(RECEIVED, |f| {
        f.public = Some(public_place("a list, since yesterday"));
    });
    assert!(
        story
            .mails()
            .contains(&(Recipient::Team, MailKind::AlreadyPublic))
    );
    assert_eq!(story.state().embargo.state, EmbargoState::None);
    story
        .reporter(act::propose_date("2026-07-01T00:00:00Z"))
        .refused(RefusalCode::EmbargoImpossible);
}

#[test]
fn s4_07_no_public_issues() {
    let Some(story) = Story::seed(4) else { return };
    assert!(
        on_line(&story.policy().public_ban, 18)
            .quote
            .contains("Do not file public issues")
    );
    assert!(
        story
            .policy()
            .channels
            .iter()
            .all(|c| c.value.kind != ChannelKind::PublicIssue)
    );
}

#[test]
fn s4_08_a_maintainer_hands_in_what_came_and_clocks_count_from_then() {
    let Some(mut story) = Story::seed(4) else {
        return;
    };
    let channel = on_line(&story.policy().channels, 21);
    assert_eq!(
        (channel.value.kind, channel.value.value.as_deref()),
        (ChannelKind::Maintainers, None)
    );
    assert!(
        lint(story.policy(), Vec::new())
            .iter()
            .any(|f| f.code == "maintainers-without-address")
    );
    story.handed_in(RECEIVED, "2026-05-29T15:00:00Z");
    assert_eq!(story.state().received, instant("2026-05-29T15:00:00Z"));
    // Friday is day 0; Monday, Tuesday, Wednesday.
    assert_eq!(story.due(Milestone::Plan), "2026-06-03T23:59:59Z");
    let Some(mut future) = Story::seed(4) else {
        return;
    };
    future
        .handed_in(RECEIVED, "2026-06-01T08:00:01Z")
        .refused(RefusalCode::FieldInvalid);
}

/// Where nobody asks GitHub, it is offered only when the owner names a repository (S4-09).
#[test]
fn the_forge_is_offered_only_where_it_is_switched_on() {
    let Some(story) = Story::seed(4) else { return };
    let channel = on_line(&story.policy().channels, 22);
    assert_eq!(channel.value.kind, ChannelKind::GithubAdvisory);
    assert!(channel.value.conditional && channel.value.value.is_none());
    assert!(
        lint(story.policy(), Vec::new())
            .iter()
            .any(|f| f.code == "forge-without-repository")
    );
    let text = security_txt(
        story.in_force(),
        "https://candor.example",
        "/p/x",
        instant("2027-01-01T00:00:00Z"),
    );
    assert!(!text.contains("github.com"), "not offered:\n{text}");
}

#[test]
fn s4_11_feedback_is_a_plan_and_a_bare_received_is_none() {
    let Some(mut story) = Story::seed(4) else {
        return;
    };
    story.received_at(RECEIVED);
    assert_eq!(story.due(Milestone::Plan), "2026-06-04T23:59:59Z");
    story.team(act::acknowledge());
    assert!(!story.is_met(Milestone::Plan), "a bare received");
    story.at("2026-06-04T23:59:59Z").team(act::plan());
    assert!(story.is_met(Milestone::Plan));
    let Some(mut at_once) = Story::seed(4) else {
        return;
    };
    at_once
        .received_at(RECEIVED)
        .team(act::acknowledge_with_plan());
    assert!(at_once.is_met(Milestone::Plan));
}

#[test]
fn s4_12_non_security_bugs_go_elsewhere_and_nothing_becomes_public() {
    let Some(mut story) = Story::seed(4) else {
        return;
    };
    let said = &story.policy().not_here;
    assert!(said.iter().all(|c| c.span == Span::line(26)));
    assert!(
        said.iter().any(|c| c.quote.contains("Use GitHub issues")),
        "the pointer"
    );
    story.received_at(RECEIVED);
    let exit = |v| act::reject(RejectionGround::NotSecurity, v);
    story
        .team(exit(Verdict::Yes))
        .refused(RefusalCode::FieldInvalid);
    story.team(exit(Verdict::No));
    assert_eq!(story.stage(), Stage::Rejected);
    assert!(!story.all_effects().contains(&candor_case::Effect::Publish));
}

#[test]
fn s4_13_a_descriptive_title_is_a_field_and_in_no_mail() {
    let Some((help, demand)) = label(ContentKey::Summary) else {
        return;
    };
    assert!(help.contains("descriptive title"));
    assert_eq!(demand, Demand::Asked);
    let Some(mut story) = Story::seed(4) else {
        return;
    };
    story.received_at(RECEIVED);
    let effects = serde_json::to_string(story.effects()).expect("effects");
    assert!(
        !effects.contains("title") && !effects.contains("summary"),
        "{effects}"
    );
}

#[test]
fn s4_14_identity_is_kept_apart_and_may_be_empty() {
    let Some((help, _)) = label(ContentKey::Identity) else {
        return;
    };
    assert!(help.contains("affiliation or company"));
    let Some(mut story) = Story::seed(4) else {
        return;
    };
    story.received_with(RECEIVED, |f| {
        f.given.remove(&ContentKey::Identity);
        f.identity = None;
    });
    assert_eq!(story.state().facts.identity, None);
    assert_eq!(story.clock(Milestone::Plan).status, ClockStatus::Running);
    let none = complete(story.in_force(), &BTreeMap::new(), 0);
    assert!(none.missing_mandatory.is_empty(), "nothing is demanded");
}

#[test]
fn s4_15_detailed_steps_with_scripts_screenshots_and_logs() {
    let Some((help, demand)) = label(ContentKey::Steps) else {
        return;
    };
    assert!(help.contains("POC scripts, screenshots, and logs"));
    assert_eq!(demand, Demand::Asked);
    for key in [ContentKey::ProofOfConcept, ContentKey::Evidence] {
        assert_eq!(
            label(key).map(|(_, d)| d),
            Some(Demand::Optional),
            "{key:?}"
        );
    }
}

#[test]
fn s4_16_effects_and_configuration_are_two_fields() {
    let Some(story) = Story::seed(4) else { return };
    let keys: Vec<ContentKey> = story
        .policy()
        .contents
        .iter()
        .filter(|c| c.span == Span::line(35))
        .map(|c| c.value.key)
        .collect();
    assert_eq!(keys, [ContentKey::Impact, ContentKey::Environment]);
}

#[test]
fn s4_17_usage_and_attack_surface_if_there_is_one() {
    let Some((help, demand)) = label(ContentKey::Usage) else {
        return;
    };
    assert!(help.contains("estimation of the attack surface"));
    assert_eq!(demand, Demand::Optional);
}

#[test]
fn s4_18_other_projects_involved_are_a_field() {
    let Some((help, demand)) = label(ContentKey::OtherProjects) else {
        return;
    };
    assert!(help.contains("other projects or dependencies"));
    assert_eq!(demand, Demand::Asked);
    // Each may become a party of the case.
    let Some(mut story) = Story::seed(4) else {
        return;
    };
    story
        .received_at(RECEIVED)
        .team(aside::name_party(PartyRole::Upstream, false))
        .team(aside::name_party(PartyRole::Application, false));
    let parties = story.case_page().around.parties;
    assert_eq!(parties.len(), 2);
    assert!(parties.iter().all(|p| p.waits == "waits for the team"));
}

#[test]
fn s4_21_another_project_that_is_vulnerable_is_told_and_answers() {
    let Some(mut story) = Story::seed(4) else {
        return;
    };
    assert!(
        on_line(&story.policy().when_to_report, 44)
            .quote
            .contains("another project")
    );
    story
        .received_at(RECEIVED)
        .team(aside::name_party(PartyRole::Upstream, false))
        .team(aside::told_party(1, RECEIVED, false));
    assert!(story.case_page().waiting_on.contains("upstream"));
    story
        .at("2026-06-05T08:00:00Z")
        .team(aside::party_answered(1))
        .team(aside::share_fix(1, true))
        .team(aside::end_party(1));
    let known = story.state().around.hand_over(1).unwrap().clone();
    assert_eq!(known.sent, Some(candor_testkit::parts::instant(RECEIVED)));
    assert!(known.answered.is_some() && known.ended.is_some());
}

#[test]
fn s4_19_report_when_you_think_there_is_one() {
    let Some(story) = Story::seed(4) else { return };
    assert!(
        on_line(&story.policy().when_to_report, 42)
            .quote
            .starts_with("When you think")
    );
}

#[test]
fn s4_20_not_sure_lowers_nothing() {
    let Some(unsure) = with_certainty(Certainty::NotSure) else {
        return;
    };
    let Some(sure) = with_certainty(Certainty::Sure) else {
        return;
    };
    assert!(
        on_line(&unsure.policy().when_to_report, 43)
            .quote
            .contains("unsure")
    );
    assert_eq!(unsure.state().clocks, sure.state().clocks);
    assert_eq!(unsure.team_may(), sure.team_may());
    assert_eq!(unsure.effects(), sure.effects());
}

#[test]
fn s4_40_the_same_clocks_whatever_the_reporters_certainty() {
    let Some(story) = with_certainty(Certainty::NotSure) else {
        return;
    };
    assert!(
        on_line(&story.policy().statements, 69)
            .quote
            .contains("suspected vulnerabilities seriously")
    );
    for milestone in [Milestone::Plan, Milestone::Conversation] {
        assert_eq!(story.due(milestone), "2026-06-04T23:59:59Z");
    }
}

fn with_certainty(certainty: Certainty) -> Option<Story> {
    let mut story = Story::seed(4)?;
    story.received_with(RECEIVED, |f| f.certainty = certainty);
    assert_eq!(story.log()[0].actor, Actor::Reporter);
    Some(story)
}

#[test]
fn s4_33_every_supported_branch_is_answered() {
    let settings = releases(&[("1.31.0", true), ("1.30.5", true), ("1.28.4", false)]);
    let Some(mut story) = Story::seed_with(4, settings) else {
        return;
    };
    let names: Vec<String> = branches(story.in_force())
        .into_iter()
        .map(|b| b.label)
        .collect();
    assert_eq!(names.len(), 2, "{names:?}");
    story
        .received_at(RECEIVED)
        .date_agreed("2026-06-20T10:00:00Z");
    story
        .tested()
        .team(act::mitigate(None))
        .team(act::plan_communication());
    let draft = candor_testkit::parts::draft();
    story
        .team(act::release(&names[0], "1.31.1"))
        .team(act::approve(&draft));
    assert_ne!(story.stage(), Stage::Released, "one branch is open");
    story
        .reporter(act::propose_date("2026-06-10T10:00:00Z"))
        .team(act::accept_date());
    story.team(act::say(MessageKind::DateNotice));
    let fix = |status| act::fix(&names[1], status);
    story.team(fix(candor_case::FixStatus::WontFix {
        reason: candor_testkit::parts::text("ends next week"),
    }));
    assert_eq!(story.stage(), Stage::Released);
    story
        .at("2026-06-10T10:00:00Z")
        .person(2, act::publish(&draft));
    assert_eq!(story.stage(), Stage::Disclosed);
    // Without any embargo an open branch holds publication up.
    let Some(mut open) = Story::seed(4) else {
        return;
    };
    open.received_at(RECEIVED)
        .accepted()
        .team(act::save_draft(&draft))
        .team(act::approve(&draft));
    open.team(act::propose_date("2026-06-20T10:00:00Z"))
        .reporter(act::decline_date());
    open.person(2, act::publish(&draft))
        .refused(RefusalCode::BranchOpen);
}

#[test]
fn s4_10_reports_are_fielded_by_those_who_hold_the_role_and_nobody_else() {
    let Some(mut story) = Story::seed(4) else {
        return;
    };
    let fielded = story
        .policy()
        .fielded_by
        .clone()
        .expect("who fields reports");
    assert_eq!(fielded.span, Span::line(24));
    assert!(fielded.quote.contains("committer and release permissions"));
    story.received_at(RECEIVED);
    let program = story.state().facts.program.clone();
    let staff = |of: ProgramSlug, admin| Principal::Staff {
        account: candor_testkit::parts::person(1),
        admin,
        roles: BTreeMap::from([(of, ProgramRole::Member)]),
    };
    let other = ProgramSlug::from_name("another program");
    let inbox = CaseFacts::program(program.clone());
    let may = |who: &Principal| permit(who, Action::ReadInbox, &inbox).is_some();
    assert!(may(&staff(program.clone(), false)));
    assert!(
        !may(&staff(other.clone(), false)),
        "the role holds for its program"
    );
    assert!(
        !may(&staff(other, true)),
        "who manages people reads no case by that"
    );
    let room = Principal::Room {
        program,
        case: story.state().facts.case,
    };
    assert!(!may(&room));
}
