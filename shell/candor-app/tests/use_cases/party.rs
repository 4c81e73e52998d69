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
        "propose_date",
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
