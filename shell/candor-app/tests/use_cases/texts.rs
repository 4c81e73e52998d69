//! Policies as projects wrote them: each runs, shows itself, takes a report and
//! signs a receipt, whatever it says or leaves open.

use std::path::{Path, PathBuf};

use candor_app::input::ProgramError;
use candor_ledger::verify;

use crate::common::{World, report};

/// The folder of test data beside the repository; `None` skips, but not under CI.
fn texts() -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = here
        .ancestors()
        .map(|dir| dir.join("shared/policies/texts"))
        .find(|dir| dir.is_dir());
    if found.is_none() {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "no test data");
        eprintln!("skipped: no shared folder beside the repository");
    }
    found
}

#[test]
fn every_policy_runs_and_takes_a_report() {
    let Some(folder) = texts() else { return };
    let world = World::new();
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    // The first five and every fourth of the others: enough to be of all kinds,
    // few enough to run each time.
    let mut place = 0_usize;
    files.retain(|_| {
        place += 1;
        place <= 5 || place.is_multiple_of(4)
    });
    let (mut ran, mut alike) = (0, 0);
    for path in &files {
        let name = path.file_stem().unwrap().to_string_lossy();
        let text = std::fs::read(path).unwrap();
        let card = match world.app().put_program(&name, "SECURITY.md", &text) {
            Ok(card) => card,
            // Two projects of one name: the second is refused, not mixed up.
            Err(ProgramError::SameName { .. }) => {
                alike += 1;
                continue;
            }
            Err(other) => panic!("{name}: {other:?}"),
        };
        let page = world.app().policy_page(&card.slug).unwrap();
        assert!(!page.sections.is_empty(), "{name}");
        assert!(
            page.channels.iter().any(|c| c.id == "candor-form"),
            "{name}"
        );
        assert!(
            page.promises
                .iter()
                .all(|p| p.by_candor || p.lines.is_some()),
            "{name}"
        );
        let form = world.app().report_form(&card.slug).unwrap();
        assert!(form.fields.len() >= 2, "{name}");
        assert!(!form.version.label.is_empty(), "{name}");
        let receipt = world
            .app()
            .submit_report(&card.slug, report(&[("description", "It opens a shell.")]))
            .unwrap();
        verify(&receipt.note, &receipt.verifier_key).unwrap();
        assert!(receipt.clocks.iter().all(|c| c.quote.is_some()), "{name}");
        let room = world.app().enter_room(&card.slug, &receipt.code).unwrap();
        world.app().room(&card.slug, &room).unwrap();
        let file = world.app().security_txt(Some(&card.slug)).unwrap();
        let file = String::from_utf8(file.body).unwrap();
        assert_eq!(file.matches("Expires:").count(), 1, "{name}");
        ran += 1;
    }
    assert!(ran >= 20, "{ran} ran, {alike} shared a name");
    let host = String::from_utf8(world.app().security_txt(None).unwrap().body).unwrap();
    assert_eq!(host.matches("Expires:").count(), 1);
}
