//! `candor advisory`: documents of anybody, judged without a server.
//!
//! Deliberately absent: the rules; they stand in `candor-csaf`.

mod sarif;
mod shown;
mod validate;
mod walk;

use crate::cli::AdvisoryCommand;
use crate::stop::Done;

/// Runs a subcommand.
pub(crate) fn run(command: &AdvisoryCommand) -> Done {
    match command {
        AdvisoryCommand::Validate(args) => validate::run(args),
    }
}
