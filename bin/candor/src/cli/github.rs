//! Arguments of `candor github`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::LocalArgs;

/// GitHub.
#[derive(Debug, Subcommand)]
pub(crate) enum GithubCommand {
    /// Take in advisories and private reports of a repository, from JSON that GitHub gave
    #[command(after_help = "\
Examples:
  gh api --paginate repos/OWNER/NAME/security-advisories > advisories.json
  candor github import advisories.json --program widget

Each private report and each draft becomes a case, once. Import again whenever you like: what
changed on GitHub since becomes a note on its case. Needs `candor sign-in`.")]
    Import(GithubImportArgs),
}

/// What to take in.
#[derive(Debug, Args)]
pub(crate) struct GithubImportArgs {
    /// A file with one advisory or a list of them; - reads standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The program, as in its address
    #[arg(long, value_name = "SLUG")]
    pub program: String,
    /// Take in what is published, closed or withdrawn on GitHub, too
    #[arg(long)]
    pub all: bool,
    #[command(flatten)]
    pub local: LocalArgs,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}
