//! Arguments of `candor score`.

use clap::{Args, Subcommand};

/// What to score.
#[derive(Debug, Subcommand)]
pub(crate) enum ScoreCommand {
    /// Scores of CVSS vectors of versions 2.0, 3.0, 3.1 and 4.0
    #[command(after_help = "\
Examples:
  candor score cvss CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H
  candor score cvss --json < vectors.txt

With --json each line of output is one object: base, temporal and environmental, or
score for 4.0; severity; or error. Then lines that are no vectors do not change the
exit code; without it they make it 2.")]
    Cvss(CvssArgs),
}

/// Which vectors, and how.
#[derive(Debug, Args)]
pub(crate) struct CvssArgs {
    /// The vectors; without any, each line of standard input
    #[arg(value_name = "VECTOR")]
    pub vectors: Vec<String>,
    /// An object a line
    #[arg(long)]
    pub json: bool,
}
