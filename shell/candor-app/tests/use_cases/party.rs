//! Another party's road: invited, terms, content, notice, left out; and what it never
//! sees.

use candor_access::view::PartyRoomView;
use candor_app::input::ActError;
use candor_base::RefusalCode;
use candor_case::MailKind;

use crate::common::{FULL, World, act};
use crate::road::{Case, submit, to_approved};

const TERMS: &str = "Keep it to yourselves until the day. TERMSCANARY";

fn room(world: &World, token: &str) -> PartyRoomView {
    world.app().party_room("lanternfish", token).unwrap()
}

fn party_act(world: &World, token: &str, name: &str, fields: &[(&str, &str)]) -> String {
    world
        .app()
        .party_act("lanternfish", token, act(name, fields))
        .unwrap()
}

/// An approved case under an embargo that the reporter agreed to.
fn bound(world: &World, desk: &str) -> Case {
    let case = submit(world, FULL);
    to_approved(world, desk, &case);
    case
}

/// Invites, and gives the code as the page shows it once.
fn invite(world: &World, desk: &str, case: &Case, kind: &str) -> String {
    let said = world
        .desk(
            desk,
            &case.reference,
            act(
                "invite_party",
                &[
                    ("name", "Harbour Linux"),
                    ("kind", kind),
                    ("contact", "security@harbour.example.org"),
                    ("terms", TERMS),
                    // Not for a browser to say.
                    ("party_code", "00"),
                ],
            ),
        )
        .unwrap();
    let code = said.split("Its code is ").nth(1).unwrap();
    code.split('.').next().unwrap().to_owned()
}

#[test]
fn a_party_sees_the_terms_first_then_the_draft_and_never_the_report() {
    let world = World::new();
    let ada = world.set_up();
    let case = bound(&world, &ada);
    let code = invite(&world, &ada, &case, "vendor");
    let app = world.app();
    for (reference, typed) in [
        (case.reference.as_str(), "AAAA-AAAA-AAAA-AAAA"),
        ("LAN-AAAA-AAAA", code.as_str()),
    ] {
        let answer = app.enter_party("lanternfish", reference, typed);
        assert!(matches!(answer, Err(ActError::NotFound)), "{answer:?}");
    }
    let (token, own) = app
        .enter_party("lanternfish", &case.reference, &code)
        .unwrap();
    let own = own.expect("the invitation was used just now");
    let again = app.enter_party("lanternfish", &case.reference, &code);
    assert!(matches!(again, Err(ActError::NotFound)), "it opens once");

    let before = room(&world, &token);
    assert!(!before.content && before.can_answer && !before.can_write);
    assert!(before.terms.contains("TERMSCANARY") && before.draft.is_none());
    let shown = format!("{before:?}");
    assert!(!shown.contains("CANARYDESC") && !shown.contains("Lantern daemon runs"));

    party_act(&world, &token, "answer_terms", &[("answer", "accept")]);
    let after = room(&world, &token);
    assert!(after.content && after.draft.is_some() && after.can_say_status);
    let shown = format!("{after:?}");
    for hidden in ["CANARYDESC", "finder@mail.example.org", "Grace Hopper"] {
        assert!(!shown.contains(hidden), "{hidden} is shown to a party");
    }
    party_act(
        &world,
        &token,
        "party_status",
        &[("status", "affected"), ("fix", "ready")],
    );
    party_act(
        &world,
        &token,
        "say",
        &[("message", "We are affected, too.")],
    );
    let (second, none) = app
        .enter_party("lanternfish", &case.reference, &own)
        .unwrap();
    assert!(none.is_none());
    assert_eq!(room(&world, &second).messages.len(), 1);

    let page = app.case_page(&ada, "lanternfish", &case.reference).unwrap();
    let line = &page.parties[0];
    assert_eq!(
        (line.name.as_str(), line.status.as_str(), line.fix.as_str()),
        ("Harbour Linux", "affected", "fix ready")
    );
    let reporter = app.room("lanternfish", &case.room).unwrap();
    let heard = reporter.messages.last().unwrap();
    assert_eq!(heard.from, "another party of this case");
    assert!(!format!("{reporter:?}").contains("Harbour"));
}

#[test]
fn a_party_has_no_other_rights_and_none_once_it_is_left_out() {
    let world = World::new();
    let ada = world.set_up();
    let case = bound(&world, &ada);
    let code = invite(&world, &ada, &case, "vendor");
    let (token, _) = world
        .app()
        .enter_party("lanternfish", &case.reference, &code)
        .unwrap();
    for name in [
        "publish",
        "set_date_alone",
        "end_embargo",
        "accept",
        "invite_party",
        "tick",
        "withdraw",
    ] {
        let answer = world.app().party_act("lanternfish", &token, act(name, &[]));
        assert!(
            matches!(answer, Err(ActError::NotFound)),
            "{name}: {answer:?}"
        );
    }
    assert!(world.app().room("lanternfish", &token).is_err());
    assert!(
        world
            .app()
            .case_page(&token, "lanternfish", &case.reference)
            .is_err()
    );
    let remove = [("party", "1"), ("reason", "It has nothing to do with it.")];
    world
        .desk(&ada, &case.reference, act("remove_party", &remove))
        .unwrap();
    let gone = world.app().party_room("lanternfish", &token);
    assert!(matches!(gone, Err(ActError::NotFound)), "{gone:?}");
}

#[test]
fn letters_to_a_party_hold_neither_code_nor_case() {
    let world = World::new();
    let ada = world.set_up();
    let case = bound(&world, &ada);
    let code = invite(&world, &ada, &case, "distributor");
    world.app().deliver().unwrap();
    let letters = world.courier.letters.lock().unwrap();
    let letter = letters
        .iter()
        .find(|l| l.body.kind == MailKind::Invitation)
        .unwrap();
    assert_eq!(letter.to.reveal(), "security@harbour.example.org");
    assert_eq!(
        letter.body.link,
        "https://sec.example.org/p/lanternfish/party"
    );
    let whole = format!("{:?}", letter.body);
    assert!(!whole.contains(&code) && !whole.contains("Lantern daemon runs"));
}

#[test]
fn a_distributor_waits_for_its_notice_although_it_took_the_terms() {
    let world = World::new();
    let ada = world.set_up();
    let case = bound(&world, &ada);
    let code = invite(&world, &ada, &case, "distributor");
    let (token, own) = world
        .app()
        .enter_party("lanternfish", &case.reference, &code)
        .unwrap();
    party_act(&world, &token, "answer_terms", &[("answer", "accept")]);
    let waiting = room(&world, &token);
    assert!(waiting.waits_for_notice && !waiting.content && waiting.draft.is_none());
    let notify = |desk: &str| {
        let notice = act("notify_party", &[("party", "1")]);
        world.desk(desk, &case.reference, notice)
    };
    // The day is further away than a list can keep it.
    match notify(&ada) {
        Err(ActError::Refused(refusal)) => assert_eq!(refusal.code, RefusalCode::TooEarly),
        other => panic!("{other:?}"),
    }
    world.at("2026-06-08T08:00:00Z");
    let ada = world.sign_in_again("ada");
    notify(&ada).unwrap();
    let (token, _) = world
        .app()
        .enter_party("lanternfish", &case.reference, &own.unwrap())
        .unwrap();
    let told = room(&world, &token);
    assert!(told.content && told.draft.unwrap().contains("Command injection"));
}

/// A vendor that took the terms; its session.
fn vendor(world: &World, desk: &str, case: &Case) -> String {
    let code = invite(world, desk, case, "vendor");
    let (token, _) = world
        .app()
        .enter_party("lanternfish", &case.reference, &code)
        .unwrap();
    party_act(world, &token, "answer_terms", &[("answer", "accept")]);
    token
}

#[test]
fn a_party_has_a_say_about_the_date_and_reads_who_has_not_answered() {
    let world = World::new();
    let ada = world.set_up();
    let case = bound(&world, &ada);
    let token = vendor(&world, &ada, &case);
    assert!(room(&world, &token).can_propose);
    let date = [
        ("date", "2026-08-01"),
        ("time", "12:00"),
        ("reason", "Our own fix needs a test on ships. DATEREASON"),
    ];
    party_act(&world, &token, "propose_date", &date);
    let waiting = room(&world, &token);
    let out = waiting.answers_out.unwrap();
    assert!(out.contains("the project, the reporter"), "{out}");
    assert!(!waiting.can_answer_date, "its own date");

    let reporter = || world.app().room("lanternfish", &case.room).unwrap();
    let at = reporter().proposed.unwrap().at.unix().to_string();
    assert_eq!(reporter().proposed_by, "another party");
    let accept = || act("answer_date", &[("answer", "accept"), ("proposal", &at)]);
    world.room(&case.room, accept()).unwrap();
    assert!(reporter().proposed.is_none(), "it is answered");
    assert!(reporter().answers_out.unwrap().contains("the project"));

    let page = || {
        world
            .app()
            .case_page(&ada, "lanternfish", &case.reference)
            .unwrap()
    };
    assert!(page().embargo.can_answer);
    let answers = format!("{:?}", page().embargo.answers);
    assert!(
        answers.contains("agrees") && answers.contains("the team"),
        "{answers}"
    );
    world.desk(&ada, &case.reference, accept()).unwrap();
    let after = room(&world, &token);
    assert_eq!(
        after.until.unwrap().at.to_string(),
        page().embargo.until.unwrap().at.to_string()
    );
    assert!(
        after.content,
        "who named the date needs not take the terms again"
    );
}

#[test]
fn files_go_to_and_from_a_party_as_far_as_it_reads() {
    let world = World::new();
    let ada = world.set_up();
    let case = bound(&world, &ada);
    let token = vendor(&world, &ada, &case);
    let with_file = |lane: &str, name: &str| {
        let mut said = act("say", &[("lane", lane), ("message", "See the file.")]);
        said.files.push(candor_app::input::FileInput {
            name: name.to_owned(),
            bytes: b"diff --git".to_vec(),
        });
        said
    };
    world
        .desk(&ada, &case.reference, with_file("everyone", "fix.patch"))
        .unwrap();
    world
        .desk(&ada, &case.reference, with_file("team", "secret.patch"))
        .unwrap();
    let app = world.app();
    app.party_act("lanternfish", &token, with_file("", "ours.patch"))
        .unwrap();
    let page = room(&world, &token);
    let names: Vec<&str> = page
        .messages
        .iter()
        .flat_map(|m| &m.files)
        .map(|f| f.name.as_str())
        .collect();
    assert_eq!(names, ["fix.patch", "ours.patch"]);
    let first = &page.messages[0].files[0].id;
    let (_, bytes) = app.party_file("lanternfish", &token, first).unwrap();
    assert_eq!(bytes, b"diff --git");
    let desk = app.case_page(&ada, "lanternfish", &case.reference).unwrap();
    let hidden = desk
        .messages
        .iter()
        .flat_map(|m| &m.files)
        .find(|f| f.name == "secret.patch")
        .unwrap();
    let answer = app.party_file("lanternfish", &token, &hidden.id);
    assert!(matches!(answer, Err(ActError::NotFound)), "{answer:?}");
    let reporter = app.room("lanternfish", &case.room).unwrap();
    assert!(
        reporter
            .messages
            .iter()
            .flat_map(|m| &m.files)
            .any(|f| f.name == "ours.patch")
    );
}

#[test]
fn a_reporter_who_leaves_the_embargo_sees_no_draft_and_the_others_are_told() {
    let world = World::new();
    let ada = world.set_up();
    let case = bound(&world, &ada);
    let token = vendor(&world, &ada, &case);
    let reporter = || world.app().room("lanternfish", &case.room).unwrap();
    assert!(reporter().draft.is_some() && reporter().can_leave);
    world
        .room(
            &case.room,
            act(
                "leave_embargo",
                &[("message", "I promised to speak in July. WHYCANARY")],
            ),
        )
        .unwrap();
    party_act(&world, &token, "say", &[("message", "AFTERCANARY")]);
    let seen = reporter();
    assert!(seen.draft.is_none() && seen.fixes.is_empty() && seen.left.is_some());
    assert!(!format!("{:?}", seen.messages).contains("AFTERCANARY"));
    assert!(room(&world, &token).reporter_left.is_some());
    assert!(
        !format!("{:?}", room(&world, &token)).contains("WHYCANARY"),
        "told to the project alone"
    );
    let page = || {
        world
            .app()
            .case_page(&ada, "lanternfish", &case.reference)
            .unwrap()
    };
    assert!(page().embargo.reporter_left.is_some());
    assert!(format!("{:?}", page().messages).contains("WHYCANARY"));
    let why = [(
        "reason",
        "The reporter speaks in July; users should know first.",
    )];
    world
        .desk(&ada, &case.reference, act("end_embargo", &why))
        .unwrap();
    assert_eq!(page().embargo.state, "over");
    assert!(reporter().draft.is_some() && reporter().free_to_publish.is_some());
}
