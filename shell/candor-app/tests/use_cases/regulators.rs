//! Telling a regulator: from the settings to the report that a person copies.

use candor_access::view::{ClockLook, RegimeView, RegulatorsView, StageView};
use candor_app::input::ActError;
use candor_ports::LetterKind;

use crate::common::{FULL, World, act};
use crate::road::submit;

const P: &str = "lanternfish";
const CRA: &str = "eu-cra-vulnerability";

fn answer(world: &World, owner: &str, answers: &[(&str, &str)]) -> Result<String, ActError> {
    let seen = world.app().settings(owner, P).unwrap();
    let mut fields = seen.values;
    for (name, value) in answers {
        fields.insert((*name).to_owned(), (*value).to_owned());
    }
    world.app().save_settings(owner, P, fields, &seen.base)
}

fn manufacturer(world: &World, owner: &str) {
    let said = answer(world, owner, &[("regulator_eu-cra", "manufacturer")]).unwrap();
    assert!(said.contains("hold at once"), "{said}");
}

fn page(world: &World, token: &str, reference: &str) -> RegulatorsView {
    world.app().regulators_page(token, P, reference).unwrap()
}

fn cra(view: &RegulatorsView) -> &RegimeView {
    view.regimes.iter().find(|r| r.id == CRA).unwrap()
}

fn stage<'a>(view: &'a RegulatorsView, id: &str) -> &'a StageView {
    cra(view).stages.iter().find(|s| s.id == id).unwrap()
}

/// A case on Mon 12 Oct 2026 of a program that is a manufacturer; attacks were seen.
fn attacked() -> (World, String, String) {
    let world = World::new();
    world.at("2026-10-12T08:00:20Z");
    let ada = world.set_up();
    manufacturer(&world, &ada);
    let case = submit(&world, FULL);
    let fact = act(
        "record_fact",
        &[
            ("fact", "attacks_observed"),
            ("evidence", "CANARYATTACK in logs"),
        ],
    );
    world.desk(&ada, &case.reference, fact).unwrap();
    (world, ada, case.reference)
}

fn aware(world: &World, token: &str, reference: &str, time: &str) -> Result<String, ActError> {
    let fields = [
        ("regime", CRA),
        ("date", "2026-10-12"),
        ("time", time),
        ("evidence", "Two customers sent logs."),
        ("reason", "Both show the same request."),
    ];
    world.desk(token, reference, act("record_awareness", &fields))
}

#[test]
fn nothing_holds_until_an_owner_says_so() {
    let world = World::new();
    world.at("2026-10-12T08:00:00Z");
    let ada = world.set_up();
    let bob = world.colleague(&ada, "bob", "member");
    let settings = world.app().settings(&ada, P).unwrap();
    assert_eq!(settings.values["regulator_eu-cra"], "no");
    let disabled = settings
        .regulators
        .iter()
        .find(|q| q.field == "regulator_us-circia")
        .unwrap();
    assert!(disabled.answers.is_empty() && disabled.help.contains("not confirmed"));

    let case = submit(&world, FULL);
    let fact = act(
        "record_fact",
        &[("fact", "attacks_observed"), ("evidence", "seen")],
    );
    world.desk(&bob, &case.reference, fact).unwrap();
    let view = page(&world, &bob, &case.reference);
    assert!(!view.on && view.signals.is_empty() && view.regimes.is_empty());
    let sign = act(
        "note_signal",
        &[
            ("subject", "vulnerability"),
            ("date", "2026-10-12"),
            ("time", "08:00"),
            ("evidence", "logs"),
        ],
    );
    assert!(matches!(
        world.desk(&bob, &case.reference, sign.clone()),
        Err(ActError::Refused(_))
    ));

    // Only the table's own answers are taken; CIRCIA cannot be turned on.
    for wrong in [
        ("regulator_eu-cra", "boss"),
        ("regulator_us-circia", "entity"),
    ] {
        let Err(ActError::Fields(errors)) = answer(&world, &ada, &[wrong]) else {
            panic!("{wrong:?}")
        };
        assert_eq!(errors[0].field, wrong.0);
    }
    let mut fields = settings.values.clone();
    fields.insert("regulator_eu-cra".to_owned(), "manufacturer".to_owned());
    assert_eq!(
        world.app().save_settings(&bob, P, fields, &settings.base),
        Err(ActError::NotFound)
    );
    manufacturer(&world, &ada);
    let settings = world.app().settings(&ada, P).unwrap();
    assert_eq!(settings.values["regulator_eu-cra"], "manufacturer");
    // It holds at once, for the case that was open already.
    assert!(page(&world, &bob, &case.reference).on);
    world.desk(&bob, &case.reference, sign).unwrap();

    // A form that asks nothing about regulators turns nothing off.
    let mut fields = settings.values;
    fields.retain(|name, _| !name.starts_with("regulator_"));
    world
        .app()
        .save_settings(&ada, P, fields, &settings.base)
        .unwrap();
    assert!(page(&world, &bob, &case.reference).on);
    answer(&world, &ada, &[("regulator_eu-cra", "no")]).unwrap();
    assert!(!page(&world, &bob, &case.reference).on);
}

#[test]
fn a_steward_is_asked_for_nothing_before_december_2027() {
    let world = World::new();
    world.at("2026-10-12T08:00:00Z");
    let ada = world.set_up();
    answer(&world, &ada, &[("regulator_eu-cra", "steward")]).unwrap();
    let case = submit(&world, FULL);
    let view = page(&world, &ada, &case.reference);
    assert_eq!(cra(&view).holds_from.as_deref(), Some("2027-12-11"));
    let fact = act(
        "record_fact",
        &[("fact", "attacks_observed"), ("evidence", "seen")],
    );
    world.desk(&ada, &case.reference, fact).unwrap();
    assert!(page(&world, &ada, &case.reference).signals.is_empty());
    assert!(aware(&world, &ada, &case.reference, "08:00").is_err());
}

#[test]
fn from_observed_attacks_to_the_final_report() {
    let (world, ada, reference) = attacked();
    let view = page(&world, &ada, &reference);
    assert_eq!(view.signals.len(), 1);
    let signal = &view.signals[0];
    assert_eq!(signal.evidence, "CANARYATTACK in logs");
    assert_eq!(signal.clock.look, ClockLook::Running);
    assert_eq!(
        signal.clock.due.as_ref().unwrap().at.to_string(),
        "2026-10-13T08:00:00Z"
    );
    assert!(stage(&view, "early_warning").clock.is_none());
    let inbox = world.app().inbox(&ada, P, "open").unwrap();
    assert_eq!(inbox.rows.len(), 1);

    world.at("2026-10-12T10:00:00Z");
    let ada = world.sign_in_again("ada");
    aware(&world, &ada, &reference, "08:00").unwrap();
    let view = page(&world, &ada, &reference);
    let early = stage(&view, "early_warning");
    let due = early.clock.as_ref().unwrap().due.as_ref().unwrap();
    assert_eq!(due.at.to_string(), "2026-10-13T08:00:00Z");
    assert!(due.words.contains("UTC"));
    assert!(early.missing.contains(&"Title".to_owned()));
    assert!(
        early
            .text
            .contains("When you became aware (UTC):\n2026-10-12T08:00:00Z")
    );
    assert_eq!(view.signals[0].clock.look, ClockLook::Met);

    let facts = [
        ("regime", CRA),
        ("f_title", "Lantern daemon runs commands"),
        ("f_summary", "CANARYPACK"),
        ("f_unknown", "dropped"),
    ];
    world
        .desk(&ada, &reference, act("save_pack", &facts))
        .unwrap();
    let view = page(&world, &ada, &reference);
    assert!(
        !stage(&view, "early_warning")
            .missing
            .contains(&"Title".to_owned())
    );
    let (name, bytes) = world
        .app()
        .regulator_report(&ada, P, &reference, (CRA, "early_warning.json"))
        .unwrap();
    assert_eq!(name, format!("{reference}-{CRA}-early_warning.json"));
    let json: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(json["fields"]["summary"], "CANARYPACK");
    assert_eq!(json["missing"][0], "manufacturer");
    assert!(!String::from_utf8(bytes).unwrap().contains("dropped"));

    let file = |which: &str, time: &str| {
        let fields = [
            ("regime", CRA),
            ("stage", which),
            ("date", "2026-10-12"),
            ("time", time),
            ("reference", "SRP-2026-4711"),
        ];
        world.desk(&ada, &reference, act("file_stage", &fields))
    };
    file("early_warning", "09:30").unwrap();
    let view = page(&world, &ada, &reference);
    let filed = stage(&view, "early_warning").filed.as_ref().unwrap();
    assert_eq!(filed.reference, "SRP-2026-4711");
    assert!(filed.missing > 0 && filed.sha256.is_some());
    // K7: the platform counts 48 hours from the early warning, the law 72 from awareness.
    let notification = stage(&view, "notification");
    let (_, counter) = notification.counter.as_ref().unwrap();
    assert_eq!(counter.at.to_string(), "2026-10-14T09:30:00Z");
    let due = notification.clock.as_ref().unwrap().due.as_ref().unwrap();
    assert_eq!(due.at.to_string(), "2026-10-15T08:00:00Z");

    assert!(matches!(file("final", "09:45"), Err(ActError::Refused(_))));
    world.at("2026-10-19T09:00:00Z");
    let ada = world.sign_in_again("ada");
    world.app().tick().unwrap();
    let measure = [
        ("date", "2026-10-19"),
        ("time", "08:00"),
        ("evidence", "2.3.1 is released"),
    ];
    world
        .desk(&ada, &reference, act("record_measure", &measure))
        .unwrap();
    let users = [
        ("regime", CRA),
        ("date", "2026-10-19"),
        ("time", "08:30"),
        ("how", "mail to all customers"),
    ];
    world
        .desk(&ada, &reference, act("inform_users", &users))
        .unwrap();
    let view = page(&world, &ada, &reference);
    assert_eq!(
        cra(&view).users_told.as_ref().unwrap().text,
        "mail to all customers"
    );
    let due = stage(&view, "final")
        .clock
        .as_ref()
        .unwrap()
        .due
        .as_ref()
        .unwrap();
    assert_eq!(due.at.to_string(), "2026-11-02T08:00:00Z");
    assert_eq!(
        stage(&view, "notification").clock.as_ref().unwrap().look,
        ClockLook::Overdue
    );
    let inbox = world.app().inbox(&ada, P, "overdue").unwrap();
    assert_eq!(inbox.rows.len(), 1);
    let case = world.app().case_page(&ada, P, &reference).unwrap();
    assert!(case.alarms.iter().any(|a| a.contains("regulator")));
    assert!(
        case.regulators
            .iter()
            .any(|(what, _)| what.contains("Final report"))
    );
}

#[test]
fn only_the_team_sees_anything_of_it() {
    let (world, ada, reference) = attacked();
    aware(&world, &ada, &reference, "08:00").unwrap();
    let cara = world.colleague(&ada, "cara", "member");
    assert!(world.app().regulators_page(&cara, P, &reference).is_ok());
    let other = submit(&world, FULL);
    let room = |input| world.room(&other.room, input);
    for name in [
        "note_signal",
        "record_awareness",
        "decide_not_reportable",
        "save_pack",
        "file_stage",
        "record_measure",
        "inform_users",
    ] {
        assert_eq!(room(act(name, &[])), Err(ActError::NotFound), "{name}");
    }
    assert!(
        world
            .app()
            .regulators_page(&other.room, P, &reference)
            .is_err()
    );
    let view = world.app().room(P, &other.room).unwrap();
    let seen = serde_json::to_string(&view).unwrap().to_lowercase();
    assert!(!seen.contains("regulator") && !seen.contains("canaryattack"));
    // Letters name neither the law nor the reason.
    world.at("2026-10-13T09:00:00Z");
    world.app().tick().unwrap();
    world.app().deliver().unwrap();
    let letters = world.courier.letters.lock().unwrap();
    let kinds: Vec<String> = letters.iter().map(|l| format!("{:?}", l.body)).collect();
    assert!(
        kinds.iter().any(|k| k.contains("RegulatorMissed")),
        "{kinds:?}"
    );
    assert!(
        kinds
            .iter()
            .all(|k| !k.contains("CRA") && !k.contains("CANARY"))
    );
    for letter in letters.iter() {
        if let LetterKind::Case(kind) = &letter.body.kind {
            let about = format!("{kind:?}").contains("Regulator");
            assert!(!(about && letter.body.to_reporter));
        }
    }
}

#[test]
fn a_decision_on_an_old_page_is_refused() {
    let (world, ada, reference) = attacked();
    let bob = world.colleague(&ada, "bob", "member");
    let seen = page(&world, &ada, &reference).seq;
    let say = [
        ("lane", "team"),
        ("kind", "plain"),
        ("message", "wait a moment"),
    ];
    world.desk(&bob, &reference, act("say", &say)).unwrap();
    let mut decide = act(
        "decide_not_reportable",
        &[("regime", CRA), ("reason", "a test of our own")],
    );
    decide.seq = Some(seen);
    assert!(matches!(
        world.desk(&ada, &reference, decide.clone()),
        Err(ActError::Refused(_))
    ));
    decide.seq = None;
    world.desk(&ada, &reference, decide).unwrap();
    let view = page(&world, &ada, &reference);
    assert_eq!(
        cra(&view).not_reportable.as_ref().unwrap().text,
        "a test of our own"
    );
}

#[test]
fn a_table_that_nobody_checked_for_half_a_year_says_so() {
    let world = World::new();
    world.at("2027-05-21T08:00:00Z");
    let ada = world.set_up();
    manufacturer(&world, &ada);
    let case = submit(&world, FULL);
    assert!(page(&world, &ada, &case.reference).warnings.is_empty());
    world.at("2027-05-22T08:00:00Z");
    let ada = world.sign_in_again("ada");
    let warned = page(&world, &ada, &case.reference).warnings;
    assert!(
        warned.len() == 2 && warned[0].contains("2026-11-22"),
        "{warned:?}"
    );
}
