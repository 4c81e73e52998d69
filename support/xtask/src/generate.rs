//! `cargo xtask gen holidays`: tables that are made from data of others and committed.
//!
//! Invariants: the version of the source stands in the script, so that the same table
//! comes out on every machine; a wrong version is refused, not taken.
//!
//! Deliberately absent: fetching anything. `pip install holidays==0.109` is up to the
//! person who renews the table, and reads the difference.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::run::{find_program, run};
use crate::{say, tree};

const SCRIPT: &str = "support/xtask/gen/holiday_table.py";
const TABLE: &str = "core/candor-calendar/data/holidays.txt";

/// Writes the table named behind `gen`; false when there is none of that name.
pub(crate) fn task(args: &[String]) -> Result<bool> {
    if args.first().map(String::as_str) == Some("holidays") {
        return holidays(&tree::root()?);
    }
    say("There is one table: cargo xtask gen holidays");
    Ok(false)
}

fn holidays(root: &Path) -> Result<bool> {
    let python = find_program(&["python3", "python"]).context("there is no Python here")?;
    let mut command = Command::new(python);
    command.current_dir(root).args([SCRIPT, TABLE]);
    let done = run(command)?;
    if done {
        say(&format!(
            "{TABLE} is written; read the difference before you commit it"
        ));
    } else {
        say(
            "It needs the package in the version that the script names: pip install holidays==0.109",
        );
    }
    Ok(done)
}
