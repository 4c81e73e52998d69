//! `candor log`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::DataJsonArgs;

/// The public log.
#[derive(Debug, Subcommand)]
pub(crate) enum LogCommand {
    /// How far it is, what waits, and whether anything is wrong
    #[command(after_help = "\
Example:
  candor log status --data /srv/candor

Exit codes: 0 nothing is wrong, 1 the log stands still, 3 there is no data.")]
    Status(DataJsonArgs),
    /// Go on after a backup was put back: take over what was published meanwhile
    #[command(after_help = "\
Examples:
  candor log adopt --data /srv/candor
  candor log adopt --database              the folder log/ was lost, the data is not older

What was published is never taken back. Nothing is changed when it does not fit.
Exit codes: 0 done, 1 it does not fit, 3 there is no data.")]
    Adopt(LogAdoptArgs),
    /// Print what a witness is sent (C2SP tlog-witness, add-checkpoint)
    #[command(after_help = "\
Example:
  candor log request --old 4096 | curl --data-binary @- https://witness.site/add-checkpoint \\
    | candor log cosign -

--old is the size that the witness saw last; it answers with it when it is another.")]
    Request(LogRequestArgs),
    /// Add the signatures that witnesses answered to the checkpoint
    #[command(after_help = "\
Example:
  candor log cosign answer.txt --config candor.toml

Only keys under log.witnesses of the configuration are taken.
Exit codes: 0 added, 1 nothing in it could be taken, 2 the file cannot be read.")]
    Cosign(LogCosignArgs),
}

/// Take over what was published.
#[derive(Debug, Args)]
pub(crate) struct LogAdoptArgs {
    /// The other way round: fill an empty folder from the database
    #[arg(long)]
    pub database: bool,
    #[command(flatten)]
    pub data: DataJsonArgs,
}

/// What a witness is sent.
#[derive(Debug, Args)]
pub(crate) struct LogRequestArgs {
    /// Leaves in the checkpoint that the witness saw last
    #[arg(long, default_value_t = 0, value_name = "NUMBER")]
    pub old: u64,
    #[command(flatten)]
    pub data: DataJsonArgs,
}

/// Signatures of witnesses.
#[derive(Debug, Args)]
pub(crate) struct LogCosignArgs {
    /// The file; `-` reads standard input
    pub file: PathBuf,
    #[command(flatten)]
    pub data: DataJsonArgs,
}
