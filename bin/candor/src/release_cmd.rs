//! `candor release`: the register of releases of a program, beside a running server.
//!
//! Invariants: whoever changes it is signed in and owns the program; what would be
//! imported is shown with `--dry-run` and nothing is sent.

use std::collections::BTreeMap;
use std::io::Read as _;

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
/// Longest list of days, in bytes.
const LONGEST: u64 = 4 * 1024 * 1024;

pub(crate) fn run(command: &ReleaseCommand) -> Done {
    match command {
        ReleaseCommand::List(args) => list(args),
        ReleaseCommand::Add(args) => {
            let mark = match (args.supported, args.unsupported) {
                (true, _) => "supported",
                (_, true) => "unsupported",
                _ => "add",
            };
            change(&args.change, mark, args.date)
        }
        ReleaseCommand::Remove(args) => change(args, "remove", None),
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
            "{:<20} {:<11} {:<12} says {}",
            text(row, "version"),
            text(row, "date"),
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

fn change(args: &ReleaseChangeArgs, what: &str, date: Option<jiff::civil::Date>) -> Done {
    let named = args.versions.iter();
    let dates = named.filter_map(|v| Some((v.trim().to_owned(), date?.to_string())));
    send(
        &args.local.data,
        &args.program,
        &args.versions,
        &dates.collect(),
        what,
    )
}

fn send(
    data: &std::path::Path,
    program: &str,
    versions: &[String],
    dates: &BTreeMap<String, String>,
    what: &str,
) -> Done {
    let token = token(data)?;
    let request = json!({
        "op": "change-releases",
        "token": token,
        "program": program,
        "versions": versions,
        "dates": dates,
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
    let dates = match &args.dates {
        Some(file) => dates_in(&read(file)?, args.pre, &versions),
        None => BTreeMap::new(),
    };
    send(&args.local.data, &args.program, &versions, &dates, "add")
}

/// The lines of a file, or of standard input for `-`.
fn read(file: &std::path::Path) -> Result<String, Stop> {
    let text = if file == std::path::Path::new("-") {
        std::io::read_to_string(std::io::stdin().take(LONGEST))
    } else {
        std::fs::read_to_string(file)
    };
    text.map_err(|why| Stop::environment(format!("{} cannot be read: {why}.", file.display())))
}

/// The days of these versions, from lines of a tag and a day.
fn dates_in(text: &str, before_release: bool, versions: &[String]) -> BTreeMap<String, String> {
    let days = text.lines().filter_map(|line| {
        let (tag, day) = line.trim().rsplit_once(' ')?;
        let version = version_of(tag.trim(), before_release)?;
        let day: jiff::civil::Date = day.parse().ok()?;
        versions
            .contains(&version)
            .then(|| (version, day.to_string()))
    });
    days.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_tags_are_read_and_other_lines_left_out() {
        let versions = ["1.4.2".to_owned(), "1.4.1".to_owned()];
        let text = "v1.4.2 2026-01-31\nv1.4.1 yesterday\nv9.9.9 2026-01-01\nlatest 2026-02-01\n\n";
        let found = dates_in(text, false, &versions);
        assert_eq!(
            found,
            BTreeMap::from([("1.4.2".to_owned(), "2026-01-31".to_owned())])
        );
    }
}
