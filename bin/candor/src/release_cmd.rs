//! `candor release`: the register of releases of a program, beside a running server.
//!
//! Invariants: whoever changes it is signed in and owns the program; what would be
//! imported is shown with `--dry-run` and nothing is sent.

use serde_json::{Value, json};

use crate::cli::{ReleaseChangeArgs, ReleaseCommand, ReleaseImportArgs, ReleaseListArgs};
use crate::git_tags::{tags, version_of};
use crate::local::Link;
use crate::policy;
use crate::say::{self, harmless};
use crate::sign_in_cmd;
use crate::stop::{Done, Stop};

/// The newest versions that one import takes.
const MOST: usize = 500;

pub(crate) fn run(command: &ReleaseCommand) -> Done {
    match command {
        ReleaseCommand::List(args) => list(args),
        ReleaseCommand::Add(args) => {
            let mark = match (args.supported, args.unsupported) {
                (true, _) => "supported",
                (_, true) => "unsupported",
                _ => "add",
            };
            change(&args.change, mark)
        }
        ReleaseCommand::Remove(args) => change(args, "remove"),
        ReleaseCommand::Import(args) => import(args),
    }
}

fn token(data: &std::path::Path) -> Result<String, Stop> {
    sign_in_cmd::token(data)?.ok_or_else(|| {
        Stop::refused(
            "The register of releases is for owners who are signed in. Run `candor sign-in` first.",
        )
    })
}

fn list(args: &ReleaseListArgs) -> Done {
    let token = token(&args.local.data)?;
    let request = json!({"op": "releases", "token": token, "program": args.program});
    let register = Link::connect(&args.local.data)?.ask(&request)?;
    if args.json {
        say::line(&policy::json(&register)?);
        return Ok(());
    }
    let rows = |name: &str| {
        let found = register.get(name).and_then(Value::as_array);
        found.cloned().unwrap_or_default()
    };
    let text =
        |row: &Value, name: &str| harmless(row.get(name).and_then(Value::as_str).unwrap_or("-"));
    let releases = rows("releases");
    if releases.is_empty() {
        say::line("No release is in the register yet. `candor release import DIR` reads tags.");
    }
    for row in &releases {
        say::line(&format!(
            "{:<20} {:<12} says {}",
            text(row, "version"),
            text(row, "support"),
            text(row, "said_by")
        ));
    }
    say::line("");
    for pair in rows("branches") {
        let part = |at: usize| harmless(pair.get(at).and_then(Value::as_str).unwrap_or("-"));
        say::line(&format!(
            "A fix goes to {:<16} newest: {}",
            part(0),
            part(1)
        ));
    }
    let next: Vec<String> = rows("next_versions")
        .iter()
        .filter_map(|v| v.as_str().map(harmless))
        .collect();
    if !next.is_empty() {
        say::line(&format!(
            "Next release, by the policy: {}",
            next.join(" or ")
        ));
    }
    Ok(())
}

fn change(args: &ReleaseChangeArgs, what: &str) -> Done {
    send(&args.local.data, &args.program, &args.versions, what)
}

fn send(data: &std::path::Path, program: &str, versions: &[String], what: &str) -> Done {
    let token = token(data)?;
    let request = json!({
        "op": "change-releases",
        "token": token,
        "program": program,
        "versions": versions,
        "change": what,
    });
    let said = Link::connect(data)?.ask(&request)?;
    say::line(&harmless(said.as_str().unwrap_or_default()));
    Ok(())
}

fn import(args: &ReleaseImportArgs) -> Done {
    let mut versions: Vec<String> = tags(&args.repository)?
        .iter()
        .filter_map(|tag| version_of(tag, args.pre))
        .collect();
    // The newest first, by their numbers.
    versions.sort_by(|a, b| {
        let numbers = |v: &str| candor_policy::numbers(v);
        numbers(b).cmp(&numbers(a)).then_with(|| b.cmp(a))
    });
    versions.dedup();
    versions.truncate(MOST);
    if versions.is_empty() {
        return Err(Stop::refused(
            "No tag of this repository is a version such as v1.4.2.",
        ));
    }
    if args.dry_run {
        for version in &versions {
            say::line(&harmless(version));
        }
        return Ok(());
    }
    send(&args.local.data, &args.program, &versions, "add")
}
