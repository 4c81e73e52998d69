//! `candor github import`, beside a running server, for somebody who is signed in.
//!
//! Invariants: nothing is asked of GitHub; each advisory goes by itself through the local
//! socket, so that one that cannot be taken keeps no other from becoming a case.

use std::io::Read as _;
use std::path::Path;

use candor_app::input::{GithubImport, GithubOutcome};
use candor_github::{Entry, MOST_BYTES, read_all};
use serde_json::{Value, json};

use crate::cli::{GithubCommand, GithubImportArgs};
use crate::local::Link;
use crate::say::{self, harmless};
use crate::stop::{Done, Stop};
use crate::{policy, sign_in_cmd};

/// Largest advisory that is sent, in bytes; one request of the socket holds it.
const MOST_ONE: usize = 1024 * 1024;

pub(crate) fn run(command: &GithubCommand) -> Done {
    match command {
        GithubCommand::Import(args) => import(args),
    }
}

fn import(args: &GithubImportArgs) -> Done {
    let entries = entries(&args.file)?;
    let session = sign_in_cmd::token(&args.local.data)?.ok_or_else(|| {
        Stop::refused(
            "Reports are taken in by people who are signed in. Run `candor sign-in` first.",
        )
    })?;
    let mut link = Link::connect(&args.local.data)?;
    let (mut taken, mut failed) = (Vec::new(), Vec::new());
    for (at, entry) in entries.iter().enumerate() {
        match one(args, &session, &mut link, entry) {
            Ok(done) => {
                if !args.json {
                    tell(&done);
                }
                taken.push(done);
            }
            Err(why) if why.code == crate::stop::Code::Refused => {
                let number = at.saturating_add(1);
                let words = format!("{}: {}", named(entry, number), why.message);
                if !args.json {
                    say::note(&harmless(&words));
                }
                failed.push(words);
            }
            Err(why) => return Err(why),
        }
    }
    if args.json {
        say::line(&policy::json(
            &json!({"taken": taken, "not_taken": failed}),
        )?);
    } else {
        sum_up(&taken);
    }
    match failed.len() {
        0 => Ok(()),
        1 => Err(Stop::refused("One advisory could not be taken in.")),
        n => Err(Stop::refused(format!(
            "{n} advisories could not be taken in."
        ))),
    }
}

fn entries(path: &Path) -> Result<Vec<Entry>, Stop> {
    let name = say::quoted(path);
    let cannot = |why: std::io::Error| Stop::input(format!("{name} cannot be read: {why}."));
    let limit = u64::try_from(MOST_BYTES)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        let from = std::io::stdin().lock();
        from.take(limit).read_to_end(&mut bytes).map_err(cannot)?;
    } else {
        let from = std::fs::File::open(path).map_err(cannot)?;
        from.take(limit).read_to_end(&mut bytes).map_err(cannot)?;
    }
    read_all(&bytes).map_err(|why| Stop::input(format!("{name} cannot be taken: {why}.")))
}

fn named(entry: &Entry, number: usize) -> String {
    match &entry.advisory {
        Ok(advisory) => advisory.ghsa.to_string(),
        Err(_) => format!("Entry {number}"),
    }
}

fn one(
    args: &GithubImportArgs,
    session: &str,
    link: &mut Link,
    entry: &Entry,
) -> Result<GithubImport, Stop> {
    if let Err(why) = &entry.advisory {
        return Err(Stop::refused(format!("{why}.")));
    }
    let text = entry.raw.reveal();
    if text.len() > MOST_ONE {
        return Err(Stop::refused(
            "it is larger than 1 MiB; hand it in on the desk.",
        ));
    }
    let done: Value = link.ask(&json!({
        "op": "github-import", "token": session, "program": args.program,
        "advisory": text, "all": args.all,
    }))?;
    serde_json::from_value(done)
        .map_err(|_| Stop::environment("The running server is of another version."))
}

fn tell(done: &GithubImport) {
    let case = done.reference.as_deref().unwrap_or("a case");
    let words = match done.outcome {
        GithubOutcome::New => format!("is the new case {case}"),
        GithubOutcome::Changed => format!("is {case}; what changed on GitHub is a note there"),
        GithubOutcome::Known => format!("is {case}; nothing changed"),
        GithubOutcome::Erased => "was a case that was erased; it is not taken in again".to_owned(),
        GithubOutcome::Left => format!("is {} on GitHub, and was left there", done.state),
    };
    say::line(&harmless(&format!("{} {words}.", done.ghsa)));
    if let Some(code) = &done.code {
        say::line(&format!(
            "    Receipt code for its reporter: {}",
            harmless(code)
        ));
    }
}

fn sum_up(taken: &[GithubImport]) {
    let of = |outcome: GithubOutcome| taken.iter().filter(|i| i.outcome == outcome).count();
    if taken.is_empty() {
        say::line("There is no advisory in it.");
    }
    if of(GithubOutcome::New) > 0 {
        say::note(
            "The codes are shown only now. With one, a reporter opens the case; pass it on in",
        );
        say::note("the advisory on GitHub. Candor writes nothing there.");
    }
    if of(GithubOutcome::Left) > 0 {
        say::note("What is over on GitHub becomes a case with --all.");
    }
}
