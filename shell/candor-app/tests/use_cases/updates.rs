//! Which version runs here, how old it is, and what is known against it.

use candor_advisory::against;

use crate::common::World;

#[test]
fn s0_48_who_manages_the_server_reads_version_age_and_open_advisories() {
    let world = World::new();
    let ada = world.set_up();
    let bob = world.colleague(&ada, "bob", "member");
    let app = world.app();
    assert_eq!(app.running(&bob).unwrap(), None);
    assert!(app.running("nobody").is_err());
    let shown = app.running(&ada).unwrap().unwrap();
    assert_eq!((shown.version.as_str(), shown.old), ("0.1.0", false));
    assert_eq!(shown.age, "1 day old");
    // Nobody has looked: that is no good news.
    assert!(shown.unknown.unwrap().contains("nobody has looked yet"));

    let record = br#"{"vulns": [{"id": "CAN-2026-1", "summary": "Rooms open for nobody.",
        "affected": [{"package": {"name": "candor"}, "ranges": [{"type": "SEMVER",
        "events": [{"introduced": "0"}, {"fixed": "0.1.4"}]}]}]}]}"#;
    let version = semver::Version::new(0, 1, 0);
    let found = against(record, "candor", &version).unwrap();
    app.found_advisories(Ok(found)).unwrap();
    let shown = app.running(&ada).unwrap().unwrap();
    assert_eq!(
        shown.advisories,
        ["CAN-2026-1: Rooms open for nobody. Fixed in 0.1.4."]
    );
    assert_eq!(shown.unknown, None);
    // A look that fails later takes nothing back, and after some days it is said.
    app.found_advisories(Err("no answer".to_owned())).unwrap();
    assert_eq!(app.running(&ada).unwrap().unwrap().advisories.len(), 1);
    world.wait(4 * 86_400);
    let ada = world.sign_in_again("ada");
    let shown = app.running(&ada).unwrap().unwrap();
    assert!(shown.unknown.unwrap().contains("no answer"));
    app.found_advisories(Ok(Vec::new())).unwrap();
    let shown = app.running(&ada).unwrap().unwrap();
    assert!(shown.advisories.is_empty() && shown.unknown.is_none());

    world.wait(90 * 86_400);
    let ada = world.sign_in_again("ada");
    assert!(app.running(&ada).unwrap().unwrap().old);
}
