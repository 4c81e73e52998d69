//! Due dates and the clock, on the command line.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::paths_default;

#[derive(Debug, Subcommand)]
pub(crate) enum ClockCommand {
    /// Compute the due dates of a file of clock vectors, and compare them with what it expects
    #[command(after_help = "Example:\n  candor clock eval vectors.json")]
    Eval(ClockArgs),
    /// Say that the clock of this machine is right, after Candor came to doubt it
    #[command(
        after_help = "Example:\n  candor doctor          tells whether and why it is in doubt\n  candor clock accept"
    )]
    Accept(ClockAcceptArgs),
}

/// Believe the clock.
#[derive(Debug, Args)]
pub(crate) struct ClockAcceptArgs {
    /// Data folder
    #[arg(long, default_value = paths_default(), value_name = "DIR")]
    pub data: PathBuf,
    /// Key file. Default: in your configuration folder
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Configuration file (TOML), when the data lies in a database
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Compute due dates.
#[derive(Debug, Args)]
pub(crate) struct ClockArgs {
    /// The file, in the form candor.clock-vectors/1; `-` reads standard input
    pub file: PathBuf,
    /// As words for people; otherwise a JSON array
    #[arg(long)]
    pub words: bool,
    /// As a JSON array, which is also the default
    #[arg(long, conflicts_with = "words")]
    pub json: bool,
}
