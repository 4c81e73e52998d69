//! After the fix: announcements and credit.

use candor_advisory::{
    AdvisoryDraft, CreditDraft, CreditKind, CsafPlace, FixDraft, Issue, ProductDraft, Publisher,
    PublisherCategory, Revision, Status, VersionsDraft, changelog_entry, finish, plain_text,
    to_csaf,
};
use candor_base::{Line, RefusalCode};
use candor_case::{CloseReason, Command, CreditWish, OutletAnswer, Stage};
use candor_policy::model::OutletKind;
use candor_score::SeverityWord;
use candor_testkit::parts::{instant, named, text};
use candor_testkit::{Story, act, on_line};

const MONDAY: &str = "2026-06-01T08:00:00Z";

fn advisory(credits: Vec<CreditDraft>) -> AdvisoryDraft {
    AdvisoryDraft {
        title: "Job names are run as code".to_owned(),
        summary: "A signed-in user can run code through the name of a job.".to_owned(),
        products: vec![ProductDraft {
            name: "Promethium".to_owned(),
            affected: vec![VersionsDraft {
                versions: "< 1.9.3".to_owned(),
                fix: FixDraft::In("1.9.3".to_owned()),
            }],
            ..ProductDraft::default()
        }],
        severity: Some(SeverityWord::Critical),
        no_mitigation_known: true,
        credits,
        ..AdvisoryDraft::default()
    }
}

fn issue(status: Status) -> Issue {
    Issue {
        id: "PRM-2026-7K3F9QMA".parse().unwrap(),
        publisher: Publisher {
            name: Line::new("The Promethium project").unwrap(),
            namespace: "https://promethium.example".parse().unwrap(),
            category: PublisherCategory::Vendor,
        },
        status,
        reported: Some(instant(MONDAY)),
        revisions: vec![Revision {
            number: 1,
            date: instant("2026-07-01T12:00:00Z"),
            summary: Line::new("Published.").unwrap(),
        }],
    }
}

#[test]
fn s0_58_the_changelog_entry_is_ready_and_not_there_before_publication() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    let outlet = on_line(&story.policy().outlets, 85).clone();
    assert_eq!(outlet.value.kind, OutletKind::Changelog);
    let draft = finish(&advisory(Vec::new()), issue(Status::Draft)).unwrap();
    assert_eq!(changelog_entry(&draft), None);
    let published = finish(&advisory(Vec::new()), issue(Status::Final)).unwrap();
    let entry = changelog_entry(&published).unwrap();
    for part in [
        "PRM-2026-7K3F9QMA",
        "Critical",
        "before 1.9.3",
        "fixed in 1.9.3",
    ] {
        assert!(
            entry.to_lowercase().contains(&part.to_lowercase()),
            "{part} in {entry}"
        );
    }
    // Nobody can say that it stands there while nothing is public.
    story
        .received_at(MONDAY)
        .accepted()
        .team(Command::AnswerOutlet {
            outlet: outlet.id,
            answer: OutletAnswer::Sent { link: None },
        })
        .refused(RefusalCode::WrongStage);
}

#[test]
fn s0_59_every_outlet_is_answered_before_the_case_closes() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    let lines = [
        (84, OutletKind::GithubAdvisory),
        (85, OutletKind::Changelog),
        (86, OutletKind::Other),
    ];
    let outlets: Vec<_> = lines
        .iter()
        .map(|(line, kind)| {
            let outlet = on_line(&story.policy().outlets, *line);
            assert_eq!(outlet.value.kind, *kind);
            outlet.id.clone()
        })
        .collect();
    assert_eq!(story.policy().outlets.len(), 3);
    let answer = |n: usize, answer: OutletAnswer| Command::AnswerOutlet {
        outlet: outlets[n].clone(),
        answer,
    };
    let close = || act::close(CloseReason::Disclosed);
    story
        .received_at(MONDAY)
        .published_on("2026-07-01T12:00:00Z")
        .team(close())
        .refused(RefusalCode::OutletOpen);
    let link = Some("https://git.example/advisories/1".to_owned());
    story.team(answer(0, OutletAnswer::Sent { link: link.clone() }));
    story.team(answer(1, OutletAnswer::Sent { link: None }));
    story.team(close()).refused(RefusalCode::OutletOpen);
    let waived = |words: &str| OutletAnswer::Waived {
        reason: text(words),
    };
    story
        .team(answer(2, waived("")))
        .refused(RefusalCode::FieldMissing);
    story
        .person(2, answer(2, waived("the chat is closed to the public")))
        .team(close());
    assert_eq!(story.stage(), Stage::Closed);
    // Who answered and where it stands is kept.
    assert_eq!(
        story.state().outlets[&outlets[0]],
        OutletAnswer::Sent { link }
    );
    let by = story
        .log()
        .iter()
        .filter(|r| r.event.name() == "outlet_answered")
        .map(|r| r.actor);
    assert_eq!(by.collect::<std::collections::BTreeSet<_>>().len(), 2);
}

#[test]
fn s0_61_nobody_is_named_without_a_yes_and_then_everywhere() {
    let Some(mut story) = Story::seed(0) else {
        return;
    };
    let credit = story.policy().credit.clone().unwrap();
    assert_eq!(credit.span.first, 88);
    assert!(credit.value.with_consent);
    let shown = story.form_page().credit.unwrap();
    assert_eq!(shown.lines.as_deref(), Some("line 88"));

    // Silence is no yes; an answer is stored and can change until publication.
    story.received_at(MONDAY).accepted();
    assert_eq!(story.state().credit, CreditWish::NotAnswered);
    assert!(story.room().credit_open);
    story
        .team(act::choose_credit(named("Ada")))
        .refused(RefusalCode::NotAllowed);
    story.reporter(act::choose_credit(CreditWish::Anonymous));
    story.reporter(act::choose_credit(named("Ada Lovelace")));
    assert_eq!(story.state().credit, named("Ada Lovelace"));
    assert_eq!(story.room().credit.1.as_deref(), Some("Ada Lovelace"));
    story.published_on("2026-07-01T12:00:00Z");
    story
        .reporter(act::choose_credit(CreditWish::Anonymous))
        .refused(RefusalCode::AlreadyDone);

    // In the formats: with the yes in each, without it in none.
    let ada = CreditDraft {
        name: "Ada Lovelace".to_owned(),
        organisation: String::new(),
        link: String::new(),
        kind: CreditKind::Reporter,
    };
    for (credits, named) in [(vec![ada], true), (Vec::new(), false)] {
        let a = finish(&advisory(credits), issue(Status::Final)).unwrap();
        let csaf = to_csaf(&a, &CsafPlace::default()).unwrap();
        assert_eq!(plain_text(&a).contains("Ada Lovelace"), named);
        assert_eq!(csaf.contains("Ada Lovelace"), named);
    }
}
