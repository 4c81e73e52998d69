//! `candor clock eval`: due dates of a file of vectors. `candor clock accept`: the word of
//! the operator about the clock of the machine.
//!
//! Invariant: without `--words` standard output is one JSON array, an object for each
//! vector: `id`, and those of `due`, `all_due`, `breaches`, `details_on`, `fix_due` and
//! `proposed_ok` that its kind of rule has, beside words and notes.

use std::io::Read as _;
use std::path::Path;

use candor_calendar::vectors::{VectorFile, VectorOutcome, evaluate};

use candor_app::accept_without_server;
use serde::Deserialize as _;
use serde_json::{Value, json};

use crate::cli::{ClockAcceptArgs, ClockArgs};
use crate::clock_form::{unread, wrong};
use crate::policy;
use crate::say;
use crate::stop::{Done, Stop};
use crate::store_cmd::{Access, Which, reach};
use crate::world::SystemClock;

/// Evaluates every vector and compares it with what the file expects.
pub(crate) fn run(args: &ClockArgs) -> Done {
    let text = read(&args.file)?;
    let file = vectors(&name(&args.file), &text)?;
    let outcomes: Vec<VectorOutcome> = file.vectors.iter().map(evaluate).collect();
    let all = outcomes.iter();
    let different = all.filter(|o| !o.differences.is_empty()).count();
    if args.words {
        for outcome in &outcomes {
            say::line(&words(outcome));
        }
        say::line(&format!(
            "{} vectors, {different} different",
            outcomes.len()
        ));
    } else {
        say::line(&policy::json(&outcomes)?);
    }
    if different == 0 {
        Ok(())
    } else {
        Err(Stop::refused(
            "Some due dates are not what the file expects.",
        ))
    }
}

/// `candor clock accept`: the running server believes the clock from now on, or the next
/// start does.
pub(crate) fn accept(args: &ClockAcceptArgs) -> Done {
    let which = Which {
        data: &args.data,
        key: args.key.as_deref(),
        config: args.config.as_deref(),
    };
    let now = match reach(which)? {
        Access::Store(store) => accept_without_server(&store, &SystemClock::new())
            .map_err(|why| Stop::environment(format!("The data could not be written: {why}.")))?
            .to_string(),
        Access::Server(mut link) => {
            let said = link.ask(&json!({"op": "accept-clock"}))?;
            said.as_str().unwrap_or("this").to_owned()
        }
    };
    say::line(&format!(
        "Candor believes the clock of this machine: it is {now}. Promises are counted and \
         embargoes end by it again."
    ));
    Ok(())
}

/// So many fields that nobody reads are named; of more the number is told.
const NAMED: usize = 20;

/// Reads the file; a field that is not known is named on standard error, since a note of
/// somebody else is no mistake but a misspelt holiday moves a date.
fn vectors(name: &str, text: &str) -> Result<VectorFile, Stop> {
    let file: Value = serde_json::from_str(text).map_err(|why| {
        Stop::input(format!(
            "{name} is not JSON: look at line {}, column {}.",
            why.line(),
            why.column()
        ))
    })?;
    let unread = unread(&file);
    for line in unread.iter().take(NAMED) {
        say::note(line);
    }
    if let Some(more) = unread.len().checked_sub(NAMED).filter(|n| *n > 0) {
        say::note(&format!("{more} more fields were not read."));
    }
    VectorFile::deserialize(&file).map_err(|why| {
        let why = wrong(&file).unwrap_or_else(|| format!("{why}."));
        Stop::input(format!("{name} does not hold clock vectors. {why}"))
    })
}

fn name(path: &Path) -> String {
    if path == Path::new("-") {
        "The standard input".to_owned()
    } else {
        path.display().to_string()
    }
}

fn words(outcome: &VectorOutcome) -> String {
    let due = match (&outcome.error, &outcome.due_local, outcome.details_on) {
        (Some(error), ..) => format!("no date: {error}"),
        (None, Some(due), _) => due.clone(),
        (None, None, Some(day)) => day.to_string(),
        (None, None, None) => "no date".to_owned(),
    };
    let mut out = format!("{:<12} {due}", outcome.id);
    for line in &outcome.explanation {
        out.push_str("\n             ");
        out.push_str(line);
    }
    for line in &outcome.differences {
        out.push_str("\n             DIFFERENT: ");
        out.push_str(line);
    }
    out
}

fn read(path: &Path) -> Result<String, Stop> {
    let cannot =
        |why: std::io::Error| Stop::input(format!("{} cannot be read: {why}.", name(path)));
    if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin()
            .lock()
            .read_to_string(&mut text)
            .map_err(cannot)?;
        return Ok(text);
    }
    std::fs::read_to_string(path).map_err(cannot)
}
