//! The whole road, from the first report to the thanks page.

use candor_app::input::{ActError, ActInput};
use candor_base::RefusalCode;
use candor_case::MailKind;

use crate::common::{FULL, World, act, file, report};

/// A case as its two sides hold it.
pub(crate) struct Case {
    pub(crate) reference: String,
    pub(crate) room: String,
    pub(crate) code: String,
}

pub(crate) fn submit(world: &World, fields: &[(&str, &str)]) -> Case {
    let receipt = world
        .app()
        .submit_report("lanternfish", report(fields))
        .unwrap();
    let room = world
        .app()
        .enter_room("lanternfish", &receipt.code)
        .unwrap();
    Case {
        reference: receipt.reference,
        room,
        code: receipt.code,
    }
}

pub(crate) fn assess(world: &World, desk: &str, case: &Case) {
    world
        .desk(
            desk,
            &case.reference,
            act(
                "assess",
                &[
                    ("scope", "in"),
                    ("is_vulnerability", "yes"),
                    ("severity", "critical"),
                    ("cvss", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"),
                    ("impacts", "confidentiality\nintegrity"),
                    ("affected_versions", ">= 2.0, < 2.3.1"),
                    ("reproduction_kind", "record"),
                    ("reproduction", "Reproduced on 2.3 with the steps given."),
                    ("message", "We could reproduce it. It is critical."),
                ],
            ),
        )
        .unwrap();
}

/// Everything up to an approved draft.
pub(crate) fn to_approved(world: &World, desk: &str, case: &Case) -> String {
    let say = |name: &str, fields: &[(&str, &str)]| {
        world
            .desk(desk, &case.reference, act(name, fields))
            .unwrap()
    };
    let page = world
        .app()
        .case_page(desk, "lanternfish", &case.reference)
        .unwrap();
    if page
        .acts
        .iter()
        .any(|a| a.act == "acknowledge" && a.blocked.is_none())
    {
        say(
            "acknowledge",
            &[("message", "Thank you, we are looking into it.")],
        );
    }
    assess(world, desk, case);
    say(
        "accept",
        &[("branches", "2.x"), ("message", "We will fix it.")],
    );
    for status in ["in_development", "ready", "tested", "released"] {
        say(
            "fix",
            &[
                ("branch", "2.x"),
                ("status", status),
                ("sure", "on"),
                ("version", "2.3.1"),
                ("kind", "patch"),
                ("test", "The header no longer reaches a shell."),
            ],
        );
    }
    say(
        "propose_date",
        &[
            ("date", "2026-06-20"),
            ("time", "12:00"),
            ("message", "We would like to publish on 20 June."),
        ],
    );
    world.room(&case.room, agree(world, &case.room)).unwrap();
    say(
        "save_draft",
        &[
            ("title", "Command injection in the lantern daemon"),
            ("summary", "A header is passed to a shell."),
            ("product", "Lanternfish"),
            ("affected", ">= 2.0, < 2.3.1"),
            ("fixed", "2.3.1"),
            ("severity", "critical"),
            ("cvss", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"),
            ("cve", "cve-1900-0001"),
            ("cwe", "CWE-78"),
            ("none_known", "on"),
            ("fix_kind", "patch"),
        ],
    );
    let page = world
        .app()
        .case_page(desk, "lanternfish", &case.reference)
        .unwrap();
    let wrong = |f: &candor_base::Finding| f.level == candor_base::Level::Error;
    assert!(
        !page.draft.findings.iter().any(wrong),
        "{:?}",
        page.draft.findings
    );
    assert!(
        page.draft.preview.contains("Grace Hopper"),
        "{}",
        page.draft.preview
    );
    let digest = page.draft.digest.unwrap();
    say("approve", &[("draft", &digest)]);
    digest
}

#[test]
fn the_whole_road_is_walked_and_survives_restarts() {
    let mut world = World::new();
    let ada = world.set_up();
    let bob = world.colleague(&ada, "bob", "member");
    let fields: Vec<(&str, &str)> = FULL
        .iter()
        .copied()
        .filter(|(k, _)| *k != "impact")
        .collect();
    let case = submit(&world, &fields);

    world.wait(600);
    world
        .desk(
            &ada,
            &case.reference,
            act(
                "ask",
                &[
                    ("items", "impact"),
                    ("message", "What does an attacker gain?"),
                ],
            ),
        )
        .unwrap();
    let room = world.app().room("lanternfish", &case.room).unwrap();
    assert_eq!(room.asked[0].0, "impact");
    world
        .room(
            &case.room,
            act("supply", &[("impact", "Any command as the daemon's user.")]),
        )
        .unwrap();
    world.restart();

    let digest = to_approved(&world, &ada, &case);
    let publish = act("publish", &[("draft", &digest)]);
    let page = world
        .app()
        .case_page(&bob, "lanternfish", &case.reference)
        .unwrap();
    assert!(page.draft.publish_blocked.unwrap().contains("embargo"));
    let Err(ActError::Refused(no)) = world.desk(&bob, &case.reference, publish.clone()) else {
        panic!("published during the embargo");
    };
    assert_eq!(no.code, RefusalCode::EmbargoActive);
    assert_eq!(world.app().advisories("lanternfish").unwrap(), []);

    world.restart();
    world.at("2026-06-20T12:00:00Z");
    world.app().tick().unwrap();
    // Sessions are long over; the code still opens the room, sign-in the desk.
    let (ada, bob) = (world.sign_in_again("ada"), world.sign_in_again("bob"));
    let page = world
        .app()
        .case_page(&bob, "lanternfish", &case.reference)
        .unwrap();
    assert_eq!(page.draft.publish_blocked, None);
    world.desk(&bob, &case.reference, publish).unwrap();
    published_everywhere(&world, &case);
    closes_after_outlets(&world, &ada, &case);
}

fn published_everywhere(world: &World, case: &Case) {
    let app = world.app();
    let cards = app.advisories("lanternfish").unwrap();
    assert_eq!(cards.len(), 1);
    let tag = case.reference.split_once('-').unwrap().1.replace('-', "");
    assert!(cards[0].id.ends_with(&tag) && cards[0].id.contains("-2026-"));
    let (_, advisory) = app.advisory("lanternfish", &cards[0].id).unwrap();
    assert_eq!(advisory.content.credits.len(), 1);
    let csaf_name = candor_advisory::csaf_filename(&advisory.issue.id);
    let csaf = app.csaf("lanternfish", &csaf_name).unwrap();
    let csaf: serde_json::Value = serde_json::from_slice(&csaf.body).unwrap();
    assert_eq!(csaf["document"]["tracking"]["id"], cards[0].id.as_str());
    assert_eq!(csaf["vulnerabilities"][0]["cve"], "CVE-1900-0001");
    let atom = String::from_utf8(app.atom("lanternfish").unwrap().body).unwrap();
    assert!(atom.contains(&cards[0].id));
    let thanks = app.thanks("lanternfish").unwrap();
    assert_eq!(thanks[0].name, "Grace Hopper");
    let text = String::from_utf8(app.security_txt(None).unwrap().body).unwrap();
    assert!(text.contains("Contact: mailto:security@lanternfish.io"));
    assert_eq!(text.matches("Expires:").count(), 1);
}

fn closes_after_outlets(world: &World, ada: &str, case: &Case) {
    let close = || {
        let act = act("close", &[("reason", "disclosed")]);
        world.desk(ada, &case.reference, act)
    };
    let Err(ActError::Refused(no)) = close() else {
        panic!("closed before the outlets were answered");
    };
    assert_eq!(no.code, RefusalCode::OutletOpen);
    let page = world
        .app()
        .case_page(ada, "lanternfish", &case.reference)
        .unwrap();
    assert_eq!(page.outlets.len(), 2);
    for outlet in &page.outlets {
        assert!(outlet.text.as_ref().unwrap().contains("Command injection"));
        world
            .desk(
                ada,
                &case.reference,
                act(
                    "answer_outlet",
                    &[("outlet", &outlet.id), ("answer", "sent")],
                ),
            )
            .unwrap();
    }
    let Err(ActError::Refused(no)) = close() else {
        panic!("closed while a CVE id is open");
    };
    assert_eq!(no.code, RefusalCode::EvidenceMissing);
    let record = [("step", "publish"), ("id", "CVE-1900-0001")];
    world
        .desk(ada, &case.reference, act("record_cve", &record))
        .unwrap();
    close().unwrap();
    let inbox = world.app().inbox(ada, "lanternfish", "closed").unwrap();
    assert_eq!(inbox.rows.len(), 1);
    assert_eq!(inbox.counts, [0, 0, 0, 0, 1]);
}

#[test]
fn the_reporter_sees_the_road_and_gets_letters_without_a_word_of_the_case() {
    let world = World::new();
    let ada = world.set_up();
    let case = submit(&world, FULL);
    to_approved(&world, &ada, &case);
    let room = world.app().room("lanternfish", &case.room).unwrap();
    assert!(room.date_settled);
    assert!(room.draft.unwrap().contains("DRAFT"));
    assert_eq!(
        room.credit,
        ("named".to_owned(), Some("Grace Hopper".to_owned()))
    );
    assert!(room.fixes[0].1.contains("2.3.1"));
    world.app().deliver().unwrap();
    let letters = world.courier.letters.lock().unwrap();
    assert!(letters.iter().any(|l| l.body.kind == MailKind::Receipt));
    assert!(
        letters
            .iter()
            .any(|l| l.body.kind == MailKind::NewReport && !l.body.to_reporter)
    );
    for letter in letters.iter() {
        let said = format!("{:?}", letter.body);
        for secret in ["Lantern daemon", "CANARYDESC", "shell", "Hopper", "header"] {
            assert!(!said.contains(secret), "{said}");
        }
        let to = letter.to.reveal();
        assert_eq!(letter.body.to_reporter, to == "finder@mail.example.org");
    }
    let keys: std::collections::BTreeSet<&str> = letters.iter().map(|l| l.key.as_str()).collect();
    assert_eq!(keys.len(), letters.len());
}

#[test]
fn files_come_back_under_harmless_names_and_only_to_their_readers() {
    let world = World::new();
    let ada = world.set_up();
    let mut input = report(FULL);
    input.files = vec![file("../../poc\u{202e}.html", b"<script>1</script>")];
    let receipt = world.app().submit_report("lanternfish", input).unwrap();
    let token = world
        .app()
        .enter_room("lanternfish", &receipt.code)
        .unwrap();
    let mut note = act("say", &[("lane", "team"), ("message", "internal")]);
    note.files = vec![file("internal.txt", b"internal bytes")];
    world.desk(&ada, &receipt.reference, note).unwrap();

    let room = world.app().room("lanternfish", &token).unwrap();
    assert_eq!(room.files.len(), 1);
    assert_eq!(room.files[0].name, "poc_.html");
    let (name, bytes) = world
        .app()
        .room_file("lanternfish", &token, &room.files[0].id)
        .unwrap();
    assert_eq!(
        (name.as_str(), bytes.as_slice()),
        ("poc_.html", b"<script>1</script>".as_slice())
    );

    let page = world
        .app()
        .case_page(&ada, "lanternfish", &receipt.reference)
        .unwrap();
    let internal = page.messages.iter().flat_map(|m| &m.files).next().unwrap();
    assert_eq!(internal.name, "internal.txt");
    assert_eq!(
        world.app().room_file("lanternfish", &token, &internal.id),
        Err(ActError::NotFound)
    );
    let got = world
        .app()
        .case_file(&ada, "lanternfish", &receipt.reference, &internal.id);
    assert_eq!(got.unwrap().1, b"internal bytes");
}

/// Agrees to the date that stands on the reporter's page.
pub(crate) fn agree(world: &World, room: &str) -> ActInput {
    let page = world.app().room("lanternfish", room).unwrap();
    let at = page.proposed.unwrap().at.unix().to_string();
    act("answer_date", &[("answer", "accept"), ("proposal", &at)])
}
