//! Forms on the way to a fix: one for each branch, with the steps that are possible
//! next and the fields they need.
//!
//! Invariants: what a form leaves out stays as it was; the step that comes next is
//! chosen already, and everything else has to be meant.
//!
//! Deliberately absent: whether a step is allowed; the case decides.

use candor_access::view::{BranchView, CasePageView};

use crate::ui::{Act, Field, Forms, Kind, field};

/// A status as sent and as read.
type Step = (&'static str, &'static str);

const OPEN: Step = ("open", "Open");
const IN_DEVELOPMENT: Step = ("in_development", "In development");
const READY: Step = ("ready", "Ready, not yet tested");
const TESTED: Step = ("tested", "Reviewed and tested");
const RELEASED: Step = ("released", "Released");
const NOT_AFFECTED: Step = ("not_affected", "Not affected");
const WONT_FIX: Step = ("wont_fix", "Will not be fixed");

/// Where a branch can go from here, the usual way first.
fn next(status: &str) -> &'static [Step] {
    match status {
        "open" => &[IN_DEVELOPMENT, OPEN, NOT_AFFECTED, WONT_FIX],
        "in_development" => &[READY, IN_DEVELOPMENT, OPEN, NOT_AFFECTED, WONT_FIX],
        // A policy that promises no test lets a fix out from here.
        "ready" => &[
            TESTED,
            RELEASED,
            READY,
            IN_DEVELOPMENT,
            NOT_AFFECTED,
            WONT_FIX,
        ],
        "tested" => &[RELEASED, TESTED, IN_DEVELOPMENT, NOT_AFFECTED, WONT_FIX],
        "released" => &[RELEASED],
        "not_affected" => &[NOT_AFFECTED, OPEN, IN_DEVELOPMENT, WONT_FIX],
        _ => &[WONT_FIX, OPEN, IN_DEVELOPMENT, NOT_AFFECTED],
    }
}

/// Names of the fields that these steps can need.
fn needed(status: &str) -> &'static [&'static str] {
    match status {
        "open" | "in_development" => &["kind", "private_branch", "change", "author", "reason"],
        "ready" => &["author", "reviewer", "test", "change", "version", "reason"],
        "tested" => &["version", "reviewer", "test", "change", "reason"],
        "released" => &["version", "change"],
        _ => &["kind", "private_branch", "author", "reason"],
    }
}

/// The first branch that still waits for its fix.
fn waiting(v: &CasePageView) -> Option<usize> {
    let waits = |b: &BranchView| {
        matches!(
            b.status.as_str(),
            "open" | "in_development" | "ready" | "tested"
        )
    };
    v.branches.iter().position(waits)
}

/// Whether a branch waits for its fix.
pub(super) fn waits(v: &CasePageView) -> bool {
    waiting(v).is_some()
}

/// The form that is sensible next.
pub(super) fn key(v: &CasePageView) -> String {
    waiting(v).map_or_else(|| "fix-new".to_owned(), |at| format!("fix-{at}"))
}

pub(super) fn acts(v: &CasePageView, forms: &Forms) -> Vec<Act> {
    let branches = v.branches.iter().enumerate();
    let mut acts: Vec<Act> = branches
        .map(|(at, branch)| {
            forms
                .keyed(
                    &format!("fix-{at}"),
                    "fix",
                    &format!("Fix on {}", branch.branch),
                    of_branch(v, branch),
                )
                .intro(format!("It stands at: {}.", branch.words))
                .hidden("branch", branch.branch.clone())
                .button("Save")
        })
        .collect();
    let mut fields = vec![
        field("branch", "Branch")
            .kind(Kind::Mono)
            .help("Such as 1.4.x, or main."),
        status("open"),
    ];
    fields.extend(needed("open").iter().map(|name| one(v, name)));
    acts.push(
        forms
            .keyed("fix-new", "fix", "Fix on another branch", fields)
            .button("Save"),
    );
    let mitigate = vec![
        field("text", "What helps until the fix is installed").kind(Kind::Area(4)),
        field("none_known", "Nothing is known to help").kind(Kind::Check),
    ];
    acts.push(
        forms
            .act("mitigate", "Record a mitigation", mitigate)
            .button("Save"),
    );
    acts
}

fn of_branch(v: &CasePageView, branch: &BranchView) -> Vec<Field> {
    let mut fields = vec![status(&branch.status)];
    fields.extend(needed(&branch.status).iter().map(|name| {
        let known = match *name {
            "version" => branch.version.clone(),
            "kind" => Some(branch.kind.to_lowercase().replace(' ', "_")),
            "private_branch" => branch.private_branch.clone(),
            "change" => branch.change.clone(),
            "test" => branch.test.clone(),
            _ => None,
        };
        match known {
            Some(known) => one(v, name).value(known),
            None => one(v, name),
        }
    }));
    let can_go_out = next(&branch.status).contains(&RELEASED) && branch.status != "released";
    if can_go_out && v.published.is_none() && v.embargo.until.is_some() {
        fields.push(super::sure("Release it while the embargo holds").help(
            "A released fix can be read by anybody. Only when it has to be before the advisory.",
        ));
    }
    fields
}

fn status(from: &str) -> Field {
    let steps = next(from);
    let chosen = steps.first().map_or("", |(value, _)| value);
    steps
        .iter()
        .fold(
            field("status", "Status").kind(Kind::Select),
            |field, (value, label)| {
                let stays = if *value == from { " (as it is)" } else { "" };
                field.option(*value, format!("{label}{stays}"))
            },
        )
        .value(chosen)
}

/// A field by its name.
fn one(v: &CasePageView, name: &str) -> Field {
    let people =
        |none: &str| std::iter::once((String::new(), none.to_owned())).chain(v.people.clone());
    match name {
        "version" => field("version", "Version released")
            .kind(Kind::Mono)
            .help("When it is released."),
        "kind" => field("kind", "Kind of fix")
            .kind(Kind::Select)
            .option("patch", "Patch")
            .option("dependency_update", "Dependency update")
            .option("mitigation", "Mitigation"),
        "private_branch" => field("private_branch", "Private branch")
            .kind(Kind::Mono)
            .help("A plain name that tells nobody what it is about."),
        "change" => field("change", "Change").help("Commit or link to it."),
        "author" => field("author", "Author")
            .kind(Kind::Select)
            .options(people("as it was, or not said yet"))
            .option("outside", "Somebody without an account"),
        "reviewer" => field("reviewer", "Reviewer")
            .kind(Kind::Select)
            .help("Somebody else than the author, where the team has more than one person.")
            .options(people("as it was, or nobody yet")),
        "test" => field("test", "Test record").help("What was run and what came out."),
        _ => field("reason", "Reason")
            .kind(Kind::Area(2))
            .help("When it will not be fixed."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_steps_that_are_possible_are_offered() {
        let all = [
            OPEN,
            IN_DEVELOPMENT,
            READY,
            TESTED,
            RELEASED,
            NOT_AFFECTED,
            WONT_FIX,
        ];
        for (from, _) in all {
            let steps: Vec<&str> = next(from).iter().map(|(value, _)| *value).collect();
            assert!(steps.contains(&from), "{from} cannot stay");
            let answers = steps.contains(&"not_affected") && steps.contains(&"wont_fix");
            assert!(answers || from == "released", "{from}");
            for (to, field) in [
                ("released", "version"),
                ("wont_fix", "reason"),
                ("tested", "test"),
            ] {
                let has = needed(from).contains(&field);
                assert!(!steps.contains(&to) || has, "{from} to {to} lacks {field}");
            }
        }
        assert!(!next("open").contains(&RELEASED) && !next("released").contains(&OPEN));
    }
}
