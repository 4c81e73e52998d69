//! Taking a copy of a case: who may, what is in it, and who sees that it was done.

use std::collections::BTreeMap;

use candor_app::Pack;
use candor_app::input::{ActError, Fault};
use candor_base::Digest;

use crate::common::{FULL, World, act, file, report, totp};
use crate::road::{Case, submit, to_approved};

const P: &str = "lanternfish";

/// With a code that was not used yet.
fn export(world: &World, (token, login): (&str, &str), case: &Case) -> Result<Pack, ActError> {
    world.wait(60);
    let code = totp(&world.secret(login), world.now());
    world.app().export(token, P, &case.reference, &code)
}

fn files(world: &World, pack: &Pack) -> BTreeMap<String, Vec<u8>> {
    let mut out = BTreeMap::new();
    world
        .app()
        .packed(pack, &mut |path, bytes| {
            let before = out.insert(path.to_owned(), bytes.to_vec());
            assert!(before.is_none(), "{path} twice");
            Ok::<(), Fault>(())
        })
        .unwrap();
    out
}

fn not_found<T: std::fmt::Debug>(result: &Result<T, ActError>) {
    assert!(matches!(result, Err(ActError::NotFound)), "{result:?}");
}

#[test]
fn owners_and_the_lead_take_a_copy_and_everybody_sees_that() {
    let world = World::new();
    let ada = world.set_up();
    world.wait(60);
    let bob = world.colleague(&ada, "bob", "member");
    let case = submit(&world, FULL);
    let app = world.app();

    // A member who does not lead the case is a stranger here, whatever the code.
    not_found(&export(&world, (&bob, "bob"), &case));
    not_found(&app.export(&ada, P, "LAN-0000-0000", "000000"));
    let wrong = app.export(&ada, P, &case.reference, "000000");
    assert!(matches!(wrong, Err(ActError::Fields(_))), "{wrong:?}");
    assert!(matches!(
        app.export(&case.room, P, &case.reference, "000000"),
        Err(ActError::SignedOut)
    ));
    let readers = |token: &str| app.case_page(token, P, &case.reference).unwrap().readers;
    assert!(!format!("{:?}", readers(&ada)).contains("copy"));

    let pack = export(&world, (&ada, "ada"), &case).unwrap();
    assert_eq!(pack.view.exported_by, "Ada");
    let taken = |list: &[(String, String)]| {
        let copies = list
            .iter()
            .filter(|(_, when)| when.contains("took a copy out"));
        copies.map(|(name, _)| name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(taken(&readers(&bob)), ["Ada"]);
    assert_eq!(taken(&pack.view.readers), ["Ada"], "the copy names itself");

    // One code, one copy.
    let code = totp(&world.secret("ada"), world.now());
    let again = app.export(&ada, P, &case.reference, &code);
    assert!(matches!(again, Err(ActError::Fields(_))), "{again:?}");

    let bob_id = app.case_page(&ada, P, &case.reference).unwrap().people;
    let bob_id = bob_id.iter().find(|(_, name)| name.to_lowercase() == "bob");
    let lead = act("assign", &[("lead", &bob_id.unwrap().0)]);
    world.desk(&ada, &case.reference, lead).unwrap();
    export(&world, (&bob, "bob"), &case).unwrap();
    let other = submit(&world, &[("description", "CANARYOTHER another case")]);
    not_found(&export(&world, (&bob, "bob"), &other));
    assert_eq!(taken(&readers(&ada)).len(), 2);
}

#[test]
fn a_copy_holds_the_case_with_its_files_and_nothing_of_another() {
    let world = World::new();
    let ada = world.set_up();
    let mut other = report(&[("description", "CANARYOTHER another case")]);
    other.files = vec![file("CANARYOTHER.txt", b"CANARYOTHER")];
    world.app().submit_report(P, other).unwrap();
    let mut input = report(FULL);
    input.files = vec![
        file("../../etc/passwd", b"first"),
        file("/etc/passwd", b"second"),
        file("a\u{202e}b\n\"<c>.txt", b"third"),
        file("..", b"fourth"),
    ];
    let receipt = world.app().submit_report(P, input).unwrap();
    let room = world.app().enter_room(P, &receipt.code).unwrap();
    let case = Case {
        reference: receipt.reference,
        room,
        code: receipt.code,
    };
    to_approved(&world, &ada, &case);
    let pack = export(&world, (&ada, "ada"), &case).unwrap();
    let found = files(&world, &pack);
    let names: Vec<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "files/001-passwd",
            "files/002-passwd",
            "files/003-a_b___c_.txt",
            "files/004-file",
            "policy/SECURITY.md",
            "receipt/key.txt",
            "receipt/receipt.txt",
            "report/report.json",
        ]
    );
    assert_eq!(found["files/002-passwd"], b"second");

    // The receipt verifies with what is in the copy, and names the report in it.
    let text = |path: &str| String::from_utf8(found[path].clone()).unwrap();
    let note = candor_ledger::verify(&text("receipt/receipt.txt"), text("receipt/key.txt").trim());
    let sum: Digest = candor_ledger::sha256(&found["report/report.json"]);
    assert_eq!(note.unwrap().report, sum);
    assert_eq!(pack.view.report.sha256, sum.to_string());

    let view = format!("{:?}", pack.view);
    assert!(view.contains("We will fix it.") && !pack.view.promises.is_empty());
    assert!(pack.view.promises.iter().all(|p| p.state.len() > 2));
    let listed: Vec<&str> = pack.view.files.iter().map(|f| f.path.as_str()).collect();
    assert_eq!(listed.len(), found.len());
    assert!(listed.iter().all(|path| found.contains_key(*path)));
    let first = pack.view.timeline.first().unwrap().when.at;
    assert!(pack.view.timeline.iter().all(|e| e.when.at >= first));
    let all = found.values().flatten().copied().collect::<Vec<u8>>();
    assert!(!view.contains("CANARYOTHER"));
    assert!(!String::from_utf8_lossy(&all).contains("CANARYOTHER"));
}
