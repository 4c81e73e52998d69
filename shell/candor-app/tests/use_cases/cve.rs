//! CVE ids of a case, from the prepared request to the record.

use candor_app::input::ActError;
use candor_base::RefusalCode;

use crate::common::{FULL, World, act};
use crate::road::{Case, submit, to_approved};

fn page(world: &World, desk: &str, case: &Case) -> candor_access::view::CasePageView {
    world
        .app()
        .case_page(desk, "lanternfish", &case.reference)
        .unwrap()
}

#[test]
fn a_request_for_a_cve_id_is_prepared_from_the_draft() {
    let world = World::new();
    let desk = world.set_up();
    let case = submit(&world, FULL);
    assert_eq!(page(&world, &desk, &case).cve.request, None, "no draft yet");
    to_approved(&world, &desk, &case);
    let shown = page(&world, &desk, &case).cve;
    let text = shown.request.unwrap();
    for line in [
        "Vulnerability type: CWE-78",
        "Product: Lanternfish",
        "Affected versions: >= 2.0, < 2.3.1",
        "Attack type: Remote",
        "Impact: information disclosure, changed data, denial of service",
        "CVSS vector: CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "Suggested description: A header is passed to a shell.",
        "Not public yet.",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    assert!(!text.contains("Grace"), "nobody is named: {text}");
}

#[test]
fn steps_with_an_id_are_written_down_and_the_reporter_sees_it() {
    let world = World::new();
    let desk = world.set_up();
    let case = submit(&world, FULL);
    let say =
        |fields: &[(&str, &str)]| world.desk(&desk, &case.reference, act("record_cve", fields));
    say(&[("step", "request"), ("from", "MITRE")]).unwrap();
    let lines = page(&world, &desk, &case).cve.lines;
    assert_eq!(lines[0].0, "MITRE");
    for (fields, field) in [
        (vec![("step", "")], "step"),
        (vec![("step", "request")], "from"),
        (vec![("step", "reserve"), ("id", "CVE-19-1")], "id"),
        (vec![("step", "reject"), ("id", "CVE-1900-0001")], "reason"),
        (
            vec![
                ("step", "request"),
                ("from", "MITRE"),
                ("date", "2026-05-01"),
            ],
            "time",
        ),
    ] {
        match say(&fields) {
            Err(ActError::Fields(all)) => assert_eq!(all[0].field, field),
            other => panic!("{fields:?}: {other:?}"),
        }
    }
    say(&[("step", "reserve"), ("id", "cve-1900-0001")]).unwrap();
    let room = || world.app().room("lanternfish", &case.room).unwrap();
    assert!(room().cve.is_empty(), "reserved is not assigned");
    say(&[("step", "assign"), ("id", "CVE-1900-0001")]).unwrap();
    assert_eq!(room().cve[0].0, "CVE-1900-0001");
    match say(&[("step", "publish"), ("id", "CVE-1900-0001")]) {
        Err(ActError::Refused(refusal)) => assert_eq!(refusal.code, RefusalCode::WrongStage),
        other => panic!("{other:?}"),
    }
    say(&[
        ("step", "reject"),
        ("id", "CVE-1900-0001"),
        ("reason", "It is a duplicate of another id."),
    ])
    .unwrap();
    let shown = page(&world, &desk, &case).cve;
    let words = &shown
        .lines
        .iter()
        .find(|(id, _)| id == "CVE-1900-0001")
        .unwrap()
        .1;
    assert!(
        words.contains("It is a duplicate of another id."),
        "{words}"
    );
    assert!(shown.open.is_empty());
}
