//! `candor clock eval`: due dates of a file of vectors.
//!
//! Invariant: without `--words` standard output is one JSON array, an object for each
//! vector: `id`, and those of `due`, `all_due`, `breaches`, `details_on`, `fix_due` and
//! `proposed_ok` that its kind of rule has, beside words and notes.

use std::io::Read as _;
use std::path::Path;

use candor_calendar::vectors::{VectorFile, VectorOutcome, evaluate};

use crate::cli::ClockArgs;
use crate::policy;
use crate::say;
use crate::stop::{Done, Stop};

/// Evaluates every vector and compares it with what the file expects.
pub(crate) fn run(args: &ClockArgs) -> Done {
    let text = read(&args.file)?;
    let file: VectorFile = serde_json::from_str(&text).map_err(|why| {
        Stop::input(format!(
            "{} does not hold clock vectors: {why}.",
            args.file.display()
        ))
    })?;
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
        |why: std::io::Error| Stop::input(format!("{} cannot be read: {why}.", path.display()));
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
