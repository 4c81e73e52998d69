//! A report is judged: grounds, clauses, scores, and what is told of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_imports,
    clippy::enum_glob_use,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use std::collections::BTreeSet;

use candor_base::RefusalCode;
use candor_case::*;
use candor_policy::model::*;
use common::*;

fn id(name: &str) -> ClauseId {
    ClauseId(name.to_owned())
}

fn turn_down(ground: RejectionGround, is_vulnerability: Verdict) -> Command {
    Command::Reject {
        ground,
        is_vulnerability,
        reason: message(16),
        keep_as_suggestion: false,
    }
}

fn judge(edit: impl FnOnce(&mut Assessment)) -> Command {
    let mut a = assessment(Some(Severity::High));
    edit(&mut a);
    Command::Assess {
        assessment: Box::new(a),
        message: Some(message(11)),
    }
}

fn say(lane: Lane, kind: MessageKind, chars: u32) -> Command {
    let mut message = message(90);
    message.text.chars = chars;
    Command::Say {
        lane,
        kind,
        message,
    }
}

fn report(edit: impl FnOnce(&mut ReportFacts)) -> World {
    let mut w = World::new(full_policy());
    let mut f = facts();
    edit(&mut f);
    w.ok(Actor::Reporter, Command::Receive(Box::new(f)));
    w
}

#[test]
fn a_reason_is_a_paragraph_of_eighty_characters() {
    let w = World::with_report(full_policy());
    let of = |chars| {
        let mut command = reject(out_of_scope());
        if let Command::Reject { reason, .. } = &mut command {
            reason.text.chars = chars;
        }
        command
    };
    w.refused(ANN, &of(79), RefusalCode::FieldMissing);
    assert!(w.decide(ANN, &of(80)).is_ok());
}

#[test]
fn an_unsupported_version_is_a_ground_once_a_supported_one_was_asked_about() {
    let old = |clause: &str, tested| {
        let clause = id(clause);
        turn_down(
            RejectionGround::UnsupportedVersion { clause, tested },
            Verdict::Unclear,
        )
    };
    let w = World::with_report(full_policy());
    w.refused(
        ANN,
        &old("version-9", SupportedTest::NotAffected),
        RefusalCode::NotFound,
    );
    w.refused(
        ANN,
        &old("version-2", SupportedTest::NotSaid),
        RefusalCode::ReporterNotAsked,
    );
    w.refused(
        ANN,
        &old("version-2", SupportedTest::Affected),
        RefusalCode::WrongStage,
    );
    for tested in [SupportedTest::NotAffected, SupportedTest::NotPossible] {
        assert!(
            w.decide(ANN, &old("version-2", tested)).is_ok(),
            "{tested:?}"
        );
    }
    // A clause that supports its versions is no ground.
    let mut policy = full_policy();
    policy.policy.versions[0].value.support = Support::Full;
    let supported = World::with_report(policy);
    supported.refused(
        ANN,
        &old("version-2", SupportedTest::NotAffected),
        RefusalCode::NotFound,
    );
    // Asked on the form, or by a message since.
    let claim = |tried_supported| {
        report(|f| {
            f.support = SupportClaim::Unsupported {
                clause: id("version-2"),
                tried_supported,
            };
        })
    };
    let command = old("version-2", SupportedTest::NotSaid);
    claim(None).refused(ANN, &command, RefusalCode::ReporterNotAsked);
    assert!(claim(Some(false)).decide(ANN, &command).is_ok());
    let mut asked = w.clone();
    asked.ok(ANN, say(Lane::Reporter, MessageKind::Plain, 40));
    asked.refused(ANN, &command, RefusalCode::ReporterNotAsked);
    asked.ok(ANN, ask());
    assert!(asked.decide(ANN, &command).is_ok());
}

#[test]
fn grounds_that_contradict_the_answer_or_the_policy_are_refused() {
    let w = World::with_report(full_policy());
    for ground in [
        RejectionGround::NotAVulnerability,
        RejectionGround::NotSecurity,
    ] {
        w.refused(
            ANN,
            &turn_down(ground.clone(), Verdict::Yes),
            RefusalCode::FieldInvalid,
        );
        assert!(w.decide(ANN, &turn_down(ground, Verdict::No)).is_ok());
    }
    let upstream = |clause: Option<&str>| {
        let clause = clause.map(id);
        turn_down(RejectionGround::KnownUpstream { clause }, Verdict::Yes)
    };
    w.refused(
        ANN,
        &upstream(Some("out-of-scope-9")),
        RefusalCode::NotFound,
    );
    assert!(w.decide(ANN, &upstream(Some("out-of-scope-1"))).is_ok());
    assert!(w.decide(ANN, &upstream(None)).is_ok());
    // Unsafe defaults: whether it is a vulnerability is answered, either way.
    let defaults = |is| {
        let clause = id("out-of-scope-3");
        turn_down(RejectionGround::OutOfScope { clause }, is)
    };
    w.refused(ANN, &defaults(Verdict::Unclear), RefusalCode::FieldMissing);
    assert!(w.decide(ANN, &defaults(Verdict::Yes)).is_ok());
    assert!(w.decide(ANN, &defaults(Verdict::No)).is_ok());
    // Denial of service: the reporter is asked first.
    let service = || {
        let clause = id("out-of-scope-2");
        turn_down(RejectionGround::OutOfScope { clause }, Verdict::No)
    };
    w.refused(ANN, &service(), RefusalCode::ReporterNotAsked);
    let mut asked = w.clone();
    asked.ok(ANN, ask());
    assert!(asked.decide(ANN, &service()).is_ok());
}

#[test]
fn a_scope_names_a_clause_of_the_policy() {
    let w = World::with_report(full_policy());
    let inside = |clause: &str| {
        let clause = Some(id(clause));
        judge(|a| a.scope = ScopeVerdict::In { clause })
    };
    let outside = |clause: &str| {
        let clause = id(clause);
        judge(|a| a.scope = ScopeVerdict::Out { clause })
    };
    assert!(w.decide(ANN, &inside("in-scope-1")).is_ok());
    assert!(w.decide(ANN, &outside("out-of-scope-1")).is_ok());
    w.refused(ANN, &inside("out-of-scope-1"), RefusalCode::NotFound);
    w.refused(ANN, &outside("in-scope-1"), RefusalCode::NotFound);
}

#[test]
fn word_and_score_in_one_band_or_a_note_that_says_why() {
    let w = World::with_report(full_policy());
    let scored = |severity, vector: &str, note| {
        let vector = vector.to_owned();
        judge(|a| {
            a.severity = Some(severity);
            a.cvss = Some(vector);
            a.difference_note = note;
        })
    };
    // 9.8, critical.
    let all = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
    assert!(
        w.decide(ANN, &scored(Severity::Critical, all, None))
            .is_ok()
    );
    w.refused(
        ANN,
        &scored(Severity::High, all, None),
        RefusalCode::FieldMissing,
    );
    assert!(
        w.decide(ANN, &scored(Severity::High, all, Some(text(1, 9))))
            .is_ok()
    );
}

#[test]
fn a_rating_is_demanded_of_a_vulnerability_in_scope_alone() {
    let w = World::with_report(full_policy());
    let unrated = |is, scope: ScopeVerdict| {
        judge(|a| {
            a.severity = None;
            a.is_vulnerability = is;
            a.scope = scope;
        })
    };
    let inside = || ScopeVerdict::In { clause: None };
    let outside = || ScopeVerdict::Out {
        clause: id("out-of-scope-1"),
    };
    w.refused(
        ANN,
        &unrated(Verdict::Yes, inside()),
        RefusalCode::EvidenceMissing,
    );
    assert!(w.decide(ANN, &unrated(Verdict::No, inside())).is_ok());
    assert!(w.decide(ANN, &unrated(Verdict::Yes, outside())).is_ok());
}

#[test]
fn effects_and_criticality_come_together_where_the_policy_promises_them() {
    let mut policy = full_policy();
    policy.policy.steps[0].value.demands = vec![StepDemand::EffectsAndCriticality];
    let w = World::with_report(policy);
    let with = |effects: bool, criticality: bool| {
        judge(|a| {
            a.effects = effects.then(|| text(1, 20));
            a.criticality = criticality.then(|| text(2, 20));
        })
    };
    for (effects, criticality) in [(false, false), (true, false), (false, true)] {
        w.refused(
            ANN,
            &with(effects, criticality),
            RefusalCode::EvidenceMissing,
        );
    }
    assert!(w.decide(ANN, &with(true, true)).is_ok());
}

#[test]
fn each_branch_is_named_once_and_what_is_missing_is_named_in_words() {
    let mut w = World::with_report(full_policy());
    w.ok(ANN, assess(Some(Severity::High)));
    let branches = |names: &[&str]| {
        Command::Accept(Acceptance {
            waived: BTreeSet::new(),
            branches: names.iter().map(|n| (*n).to_owned()).collect(),
            target_release: None,
            message: message(12),
        })
    };
    for bad in [&[][..], &["main", ""], &["main", " "], &["main", "main "]] {
        w.refused(ANN, &branches(bad), RefusalCode::FieldMissing);
    }
    w.ok(ANN, branches(&[" main", "stable"]));
    assert_eq!(w.case().fixes[0].branch, "main");
    let lacking = report(|f| {
        f.missing = BTreeSet::from([ContentKey::Steps, ContentKey::Versions]);
        f.mandatory_missing.clone_from(&f.missing);
    });
    let refusal = lacking
        .decide(ANN, &assess(Some(Severity::Low)))
        .unwrap_err();
    assert!(
        refusal
            .message
            .ends_with("affected versions, steps to reproduce."),
        "{}",
        refusal.message
    );
}

#[test]
fn each_kind_of_message_has_its_lane_its_words_and_its_writer() {
    let mut w = World::with_report(full_policy());
    // For the team alone: plain notes and comments, nothing that looks like a promise kept.
    for kind in [
        MessageKind::Status,
        MessageKind::Plan,
        MessageKind::Decision,
    ] {
        w.refused(ANN, &say(Lane::Team, kind, 40), RefusalCode::FieldInvalid);
    }
    assert!(
        w.decide(ANN, &say(Lane::Team, MessageKind::DraftComment, 40))
            .is_ok()
    );
    // A decision is told once there is one.
    let decision = || say(Lane::Reporter, MessageKind::Decision, 40);
    w.refused(ANN, &decision(), RefusalCode::EvidenceMissing);
    let mut judged = w.clone();
    judged.ok(ANN, assess(Some(Severity::Low)));
    assert!(judged.decide(ANN, &decision()).is_ok());
    let mut turned_down = w.clone();
    turned_down.ok(ANN, reject(out_of_scope()));
    assert!(turned_down.decide(ANN, &decision()).is_ok());
    // A promised message is a few words, any message is something.
    for kind in [MessageKind::Status, MessageKind::Plan] {
        w.refused(
            ANN,
            &say(Lane::Reporter, kind, 1),
            RefusalCode::FieldMissing,
        );
        assert!(w.decide(ANN, &say(Lane::Reporter, kind, 2)).is_ok());
    }
    assert!(
        w.decide(ANN, &say(Lane::Reporter, MessageKind::Plain, 1))
            .is_ok()
    );
    for actor in [ANN, Actor::Reporter] {
        let empty = say(Lane::Reporter, MessageKind::Plain, 0);
        w.refused(actor, &empty, RefusalCode::FieldMissing);
    }
    // The reporter writes plainly, and comments once there is a draft.
    let comment = || say(Lane::Reporter, MessageKind::DraftComment, 40);
    w.refused(Actor::Reporter, &comment(), RefusalCode::NotFound);
    let status = say(Lane::Reporter, MessageKind::Status, 40);
    w.refused(Actor::Reporter, &status, RefusalCode::NotAllowed);
    let note = say(Lane::Team, MessageKind::Plain, 40);
    w.refused(Actor::Reporter, &note, RefusalCode::NotAllowed);
    w.ok(ANN, assess(Some(Severity::Low)));
    w.ok(ANN, Command::SaveDraft(draft(50)));
    w.ok(Actor::Reporter, comment());
}

#[test]
fn only_a_status_to_the_reporter_is_an_update() {
    let mut w = World::with_report(full_policy());
    w.later(60);
    let before = w.clock("promise-3").due;
    w.ok(ANN, say(Lane::Reporter, MessageKind::Plain, 40));
    w.ok(Actor::Reporter, say(Lane::Reporter, MessageKind::Plain, 40));
    assert_eq!(
        (w.clock("promise-3").due, w.clock("promise-3").kept_periods),
        (before, 0)
    );
    w.later(86_400)
        .ok(ANN, say(Lane::Everyone, MessageKind::Status, 40));
    assert_eq!(w.clock("promise-3").kept_periods, 1);
    assert!(w.clock("promise-3").due > before);
}

#[test]
fn a_finding_names_a_duty_and_has_words() {
    let mut w = World::with_report(full_policy());
    let breach = |duty: &str, chars| Command::RecordBreach {
        duty: id(duty),
        finding: text(1, chars),
    };
    w.refused(ANN, &breach("duty-9", 40), RefusalCode::NotFound);
    w.refused(ANN, &breach("duty-1", 0), RefusalCode::FieldMissing);
    let clocks = w.case().clocks.clone();
    w.ok(ANN, breach("duty-1", 40));
    assert_eq!(w.case().breaches.len(), 1);
    assert_eq!(w.case().clocks, clocks, "a breach stops no clock");
}

#[test]
fn a_mail_that_failed_is_remembered_until_it_arrives() {
    let mut w = World::with_report(full_policy());
    let mail = |delivered, code: Option<&str>| Command::MailOutcome {
        key: String::from("receipt"),
        delivered,
        code: code.map(str::to_owned),
        told: None,
    };
    assert!(
        w.ok(Actor::System, mail(true, None)).is_empty(),
        "nothing new"
    );
    assert_eq!(w.ok(Actor::System, mail(false, Some("550"))).len(), 1);
    assert!(w.ok(Actor::System, mail(false, Some("550"))).is_empty());
    assert_eq!(w.case().mail_failures["receipt"], "550");
    assert_eq!(w.ok(Actor::System, mail(false, None)).len(), 1);
    assert_eq!(w.case().mail_failures["receipt"], "unknown");
    assert_eq!(w.ok(Actor::System, mail(true, None)).len(), 1);
    assert!(w.case().mail_failures.is_empty());
}

#[test]
fn an_advisory_says_in_words_what_it_lacks() {
    let words = [
        ("title-missing", "a title"),
        ("title-unreadable", "a title in one line"),
        ("summary-missing", "a summary"),
        ("summary-unreadable", "a summary"),
        ("severity-missing", "a severity"),
        ("product-missing", "a product"),
        (
            "package-address-unreadable",
            "a package address that can be read",
        ),
        ("affected-versions-missing", "the affected versions"),
        (
            "affected-versions-unreadable",
            "affected versions that can be read",
        ),
        ("versions-contradict", "each version named only once"),
        (
            "fix-open",
            "an answer for each line of affected versions (fixed in, or why not)",
        ),
        ("fixed-version-missing", "a fixed version that can be read"),
        ("reason-for-no-fix-missing", "why there is no fix"),
        (
            "mitigation-missing",
            "what helps meanwhile, or that nothing is known to help",
        ),
        (
            "mitigation-contradicts",
            "one answer on what helps meanwhile, not two",
        ),
        ("cvss-vector-unreadable", "a CVSS vector that can be read"),
        ("cvss-twice", "one CVSS vector of each version"),
        ("cwe-prohibited", "a weakness such as CWE-79"),
        (
            "link-of-a-reference-missing",
            "references with a full address",
        ),
        ("something-new", "what the notes beside the draft say"),
    ];
    let mut w = World::accepted(full_policy());
    for (n, (code, wanted)) in (60..).zip(words) {
        let mut d = draft(n);
        // The same gap told twice is one gap.
        d.missing = vec![code.to_owned(), code.to_owned()];
        w.ok(ANN, Command::SaveDraft(d));
        let approve = Command::Approve {
            draft: text(n, 0).sha256,
        };
        let refusal = w.decide(ANN, &approve).unwrap_err();
        assert_eq!(refusal.code, RefusalCode::AdvisoryIncomplete);
        assert_eq!(
            refusal.message,
            format!("The advisory still lacks: {wanted}.")
        );
    }
    let mut without = draft(50);
    without.has_mitigation = false;
    w.ok(ANN, Command::SaveDraft(without));
    let approve = Command::Approve {
        draft: text(50, 0).sha256,
    };
    assert!(w.decide(ANN, &approve).is_ok(), "this policy promises none");
    let mut policy = full_policy();
    policy.policy.steps[0].value.demands = vec![StepDemand::Mitigation];
    w.policy = policy;
    w.refused(ANN, &approve, RefusalCode::AdvisoryIncomplete);
    w.ok(ANN, Command::SaveDraft(draft(51)));
    let approve = Command::Approve {
        draft: text(51, 0).sha256,
    };
    assert!(w.decide(ANN, &approve).is_ok());
}
