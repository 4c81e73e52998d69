//! Changing one backport row.

use candor_case::{Command, FixChange, FixRow, FixStatus};
use candor_policy::model::FixKind;

use crate::app::App;
use crate::engine::Loaded;
use crate::fields::Fields;
use crate::input::ActError;
use crate::seal::{Bodies, field_error};

/// The row as it is to be: what a form leaves empty stays as it was.
pub(super) fn fix(
    app: &App,
    fields: &Fields,
    loaded: &Loaded,
    bodies: &Bodies<'_>,
) -> Result<Command, ActError> {
    let branch = fields.need("branch", "Choose the branch.")?;
    let row = loaded.state.fixes.iter().find(|row| row.branch == branch);
    let before = |value: fn(&FixRow) -> Option<String>| row.and_then(value);
    let person = |name: &str, before: Option<candor_base::AccountId>| {
        if fields.get(name).is_empty() {
            Ok(before)
        } else {
            app.member(fields, name, loaded).map(Some)
        }
    };
    // Not an account, and no name either: whoever it was may not want to be named.
    let outside = fields.get("author") == "outside";
    let change = FixChange {
        branch: branch.to_owned(),
        status: status(fields, bodies, row)?,
        kind: kind(fields, row)?,
        private_branch: fields
            .short("private_branch")?
            .or_else(|| before(|r| r.private_branch.clone())),
        change: fields
            .short("change")?
            .or_else(|| before(|r| r.change.clone())),
        author: if outside {
            None
        } else {
            person("author", row.and_then(|r| r.author))?
        },
        author_outside: outside,
        reviewer: person("reviewer", row.and_then(|r| r.reviewer))?,
        reviewed_alone: false,
        test: match fields.text("test", bodies)? {
            Some(text) => Some(text),
            None => row.and_then(|r| r.test),
        },
    };
    Ok(Command::Fix(Box::new(change)))
}

fn status(
    fields: &Fields,
    bodies: &Bodies<'_>,
    row: Option<&FixRow>,
) -> Result<FixStatus, ActError> {
    Ok(match fields.get("status") {
        "open" => FixStatus::Open,
        "in_development" => FixStatus::InDevelopment,
        "ready" => FixStatus::Ready,
        "tested" => FixStatus::Tested,
        "released" => FixStatus::Released {
            version: fields.short("version")?.ok_or_else(|| {
                field_error("version", "Name the version the fix was released in.")
            })?,
        },
        "not_affected" => FixStatus::NotAffected,
        "wont_fix" => FixStatus::WontFix {
            reason: fields.need_text("reason", "Say why this branch is not fixed.", bodies)?,
        },
        "" if row.is_some() => row.map_or(FixStatus::Open, |r| r.status.clone()),
        _ => return Err(field_error("status", "Choose where the fix stands.")),
    })
}

fn kind(fields: &Fields, row: Option<&FixRow>) -> Result<FixKind, ActError> {
    match fields.get("kind") {
        "" => Ok(row.map_or(FixKind::Patch, |r| r.kind)),
        "patch" => Ok(FixKind::Patch),
        "dependency_update" => Ok(FixKind::DependencyUpdate),
        "mitigation" => Ok(FixKind::Mitigation),
        _ => Err(field_error("kind", "Choose the kind of fix.")),
    }
}
