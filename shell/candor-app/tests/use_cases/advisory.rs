//! The advisory: what the case knows is filled in, a change is a revision, the road
//! goes on after publication.

use candor_access::view::CasePageView;
use candor_app::input::ActError;
use candor_base::Level;

use crate::common::{FULL, World, act};
use crate::road::{Case, submit, to_approved};

fn page(world: &World, desk: &str, case: &Case) -> CasePageView {
    world
        .app()
        .case_page(desk, "lanternfish", &case.reference)
        .unwrap()
}

fn value<'a>(page: &'a CasePageView, name: &str) -> &'a str {
    page.draft.values.get(name).map_or("", String::as_str)
}

fn can(page: &CasePageView, name: &str) -> bool {
    page.acts
        .iter()
        .any(|a| a.act == name && a.blocked.is_none())
}

fn errors(page: &CasePageView) -> Vec<&str> {
    let wrong = page.draft.findings.iter();
    wrong
        .filter(|f| f.level == Level::Error)
        .map(|f| f.code.as_str())
        .collect()
}

#[test]
fn a_release_after_the_draft_is_taken_over_and_commits_can_be_named() {
    let world = World::new();
    let ada = world.set_up();
    let case = submit(&world, FULL);
    let say = |name: &str, fields: &[(&str, &str)]| {
        world
            .desk(&ada, &case.reference, act(name, fields))
            .unwrap()
    };
    say("acknowledge", &[("message", "Thank you, we look into it.")]);
    say(
        "assess",
        &[
            ("scope", "in"),
            ("is_vulnerability", "yes"),
            ("severity", "critical"),
            ("cvss", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"),
            ("impacts", "confidentiality"),
            ("affected_versions", "main before 4f2c9d1"),
            ("reproduction_kind", "record"),
            ("reproduction", "Reproduced with the steps given."),
            ("message", "We could reproduce it."),
        ],
    );
    say(
        "accept",
        &[("branches", "main"), ("message", "We will fix it.")],
    );
    let first = page(&world, &ada, &case);
    assert_eq!(value(&first, "affected"), "main before 4f2c9d1");
    assert_eq!(value(&first, "fixed"), "");
    let mut typed = vec![
        ("title", "Command injection in the lantern daemon"),
        ("summary", "A header is passed to a shell."),
        ("purl", "pkg:cargo/lanternfish"),
        ("affected", "main before 4f2c9d1"),
        ("severity", "critical"),
        ("none_known", "on"),
    ];
    say("save_draft", &typed);
    let early = page(&world, &ada, &case);
    assert_eq!(errors(&early), ["fix-open"]);
    assert_eq!(value(&early, "purl"), "pkg:cargo/lanternfish");

    for status in ["in_development", "ready", "tested", "released"] {
        say(
            "fix",
            &[
                ("branch", "main"),
                ("status", status),
                ("sure", "on"),
                ("version", "main at 4f2c9d1"),
                ("kind", "patch"),
                ("test", "The header no longer reaches a shell."),
            ],
        );
    }
    let late = page(&world, &ada, &case);
    let note = late
        .draft
        .findings
        .iter()
        .find(|f| f.code == "release-taken-over");
    assert!(note.unwrap().message.contains("4f2c9d1"));
    let fixed = value(&late, "fixed").to_owned();
    assert_eq!(fixed, "4f2c9d1");
    typed.push(("fixed", &fixed));
    say("save_draft", &typed);
    let done = page(&world, &ada, &case);
    assert_eq!(errors(&done), [""; 0]);
    assert!(
        done.draft
            .preview
            .contains("main before 4f2c9d1: fixed in 4f2c9d1")
    );
    assert!(done.draft.preview.contains("Published: not published yet"));

    typed.push(("fixed", "4f2c9d1\n5a5a5a5"));
    typed.retain(|(name, text)| *name != "fixed" || text.contains('\n'));
    let too_many = world.desk(&ada, &case.reference, act("save_draft", &typed));
    assert!(format!("{too_many:?}").contains("more fixed versions"));
}

#[test]
fn a_line_without_a_fix_keeps_its_place() {
    let world = World::new();
    let ada = world.set_up();
    let case = submit(&world, FULL);
    to_approved(&world, &ada, &case);
    let typed = [
        ("title", "Command injection"),
        ("summary", "A header is passed to a shell."),
        ("affected", "1.x\n>= 2.0, < 2.3.1"),
        ("fixed", "-\n2.3.1"),
        ("no_fix_reason", "1.x is no longer supported."),
        ("severity", "critical"),
        ("none_known", "on"),
    ];
    let save = act("save_draft", &typed);
    world.desk(&ada, &case.reference, save).unwrap();
    let shown = page(&world, &ada, &case);
    assert_eq!(value(&shown, "fixed"), "-\n2.3.1");
    let preview = &shown.draft.preview;
    assert!(
        preview.contains("no fix planned: 1.x is no longer supported."),
        "{preview}"
    );
    assert!(
        preview.contains("before 2.3.1: fixed in 2.3.1"),
        "{preview}"
    );
}

#[test]
fn after_publication_the_road_goes_on_and_a_change_is_a_revision() {
    let world = World::new();
    let ada = world.set_up();
    world.colleague(&ada, "bob", "member");
    let case = submit(&world, FULL);
    let digest = to_approved(&world, &ada, &case);
    world.at("2026-06-20T12:00:00Z");
    world.app().tick().unwrap();
    let (ada, bob) = (world.sign_in_again("ada"), world.sign_in_again("bob"));
    let publish = |who: &str, digest: &str| {
        world.desk(who, &case.reference, act("publish", &[("draft", digest)]))
    };
    publish(&bob, &digest).unwrap();

    let public = page(&world, &ada, &case);
    assert!(!can(&public, "approve") && !can(&public, "publish"));
    let next = public.next_step.as_deref().unwrap();
    assert!(
        next.starts_with("Say where the advisory was announced: "),
        "{next}"
    );
    assert!(
        public
            .draft
            .preview
            .contains("Published: 2026-06-20T12:00:00Z")
    );
    assert!(!public.draft.preview.contains("DRAFT"));
    for outlet in &public.outlets {
        let fields = [("outlet", outlet.id.as_str()), ("answer", "sent")];
        let answer = act("answer_outlet", &fields);
        world.desk(&ada, &case.reference, answer).unwrap();
    }
    let next = page(&world, &ada, &case).next_step.unwrap();
    assert!(next.starts_with("Have the CVE record published"), "{next}");
    let record = [("step", "publish"), ("id", "CVE-1900-0001")];
    world
        .desk(&ada, &case.reference, act("record_cve", &record))
        .unwrap();
    let told = page(&world, &ada, &case);
    assert_eq!(told.next_step.as_deref(), Some("Close the case."));

    let mut typed = told.draft.values.clone();
    typed.insert("summary".to_owned(), "A header reaches a shell.".to_owned());
    typed.insert(
        "references".to_owned(),
        "https://lanternfish.io/a".to_owned(),
    );
    let fields: Vec<(&str, &str)> = typed
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    world
        .desk(&ada, &case.reference, act("save_draft", &fields))
        .unwrap();
    let changed = page(&world, &ada, &case);
    assert!(can(&changed, "approve") && !can(&changed, "publish"));
    let preview = &changed.draft.preview;
    assert!(
        preview.contains("Published: 2026-06-20T12:00:00Z"),
        "{preview}"
    );
    assert!(
        preview.contains("This change: not published yet"),
        "{preview}"
    );
    assert_eq!(
        preview.matches("https://lanternfish.io/a").count(),
        1,
        "{preview}"
    );

    world.wait(600);
    let digest = changed.draft.digest.unwrap();
    let approve = act("approve", &[("draft", &digest)]);
    world.desk(&ada, &case.reference, approve.clone()).unwrap();
    world.desk(&bob, &case.reference, approve).unwrap();
    // Ada approved first and publishes: Bob's look counts all the same.
    publish(&ada, &digest).unwrap();
    let cards = world.app().advisories("lanternfish").unwrap();
    assert_eq!(cards.len(), 1);
    let (_, advisory) = world.app().advisory("lanternfish", &cards[0].id).unwrap();
    assert_eq!(advisory.issue.revisions.len(), 2);
    let name = candor_advisory::csaf_filename(&advisory.issue.id);
    let csaf = world.app().csaf("lanternfish", &name).unwrap();
    let csaf: serde_json::Value = serde_json::from_slice(&csaf.body).unwrap();
    let tracking = &csaf["document"]["tracking"];
    assert_eq!(tracking["version"], "2");
    assert_eq!(tracking["initial_release_date"], "2026-06-20T12:00:00Z");
    assert_eq!(tracking["current_release_date"], "2026-06-20T12:10:00Z");
    assert_eq!(tracking["revision_history"].as_array().unwrap().len(), 2);
    let id = &cards[0].id;
    for (file, dates) in [
        ("osv.json", ["/published", "/modified"]),
        ("openvex.json", ["/timestamp", "/last_updated"]),
        (
            "cyclonedx.json",
            ["/vulnerabilities/0/published", "/vulnerabilities/0/updated"],
        ),
    ] {
        let form = world.app().advisory_file("lanternfish", id, file).unwrap();
        let form: serde_json::Value = serde_json::from_slice(&form.body).unwrap();
        let found = dates.map(|place| form.pointer(place).unwrap().as_str().unwrap());
        let want = ["2026-06-20T12:00:00Z", "2026-06-20T12:10:00Z"];
        assert_eq!(found, want, "{file}");
    }
    let unknown = world.app().advisory_file("lanternfish", id, "csaf.json");
    assert_eq!(unknown.unwrap_err(), ActError::NotFound);
}
