//! Arguments of `candor release`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::LocalArgs;

/// What to do with the register of releases.
#[derive(Debug, Subcommand)]
pub(crate) enum ReleaseCommand {
    /// List the releases, the branches a fix goes to, and what comes next
    #[command(after_help = "Example:\n  candor release list --program widget")]
    List(ReleaseListArgs),
    /// Add releases, or mark them
    #[command(after_help = "\
Examples:
  candor release add --program widget 1.4.2
  candor release add --program widget 0.9.5 --unsupported
  candor release add --program widget 1.4.3 --date 2026-01-31

Without a mark the policy's own rule says whether a release is supported.")]
    Add(ReleaseAddArgs),
    /// Take releases out
    #[command(after_help = "Example:\n  candor release remove --program widget 1.4.1")]
    Remove(ReleaseChangeArgs),
    /// Add the versions among the tags of a local repository
    #[command(after_help = "\
Example:
  candor release import --program widget ~/src/widget --dry-run
  git -C ~/src/widget for-each-ref refs/tags \\
    --format='%(refname:short) %(creatordate:short)' |
    candor release import --program widget ~/src/widget --dates -

Reads the files of the repository; runs no git, changes nothing there. Tags such as
v1.4.2, 1.4.2 and widget-1.4.2 count. What is in the register already keeps its mark.")]
    Import(ReleaseImportArgs),
}

/// List the register.
#[derive(Debug, Args)]
pub(crate) struct ReleaseListArgs {
    /// The program, as in its address
    #[arg(long, value_name = "SLUG")]
    pub program: String,
    #[command(flatten)]
    pub local: LocalArgs,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// Versions to change.
#[derive(Debug, Args)]
pub(crate) struct ReleaseChangeArgs {
    /// The versions
    #[arg(required = true)]
    pub versions: Vec<String>,
    /// The program, as in its address
    #[arg(long, value_name = "SLUG")]
    pub program: String,
    #[command(flatten)]
    pub local: LocalArgs,
}

/// Versions to add.
#[derive(Debug, Args)]
pub(crate) struct ReleaseAddArgs {
    #[command(flatten)]
    pub change: ReleaseChangeArgs,
    /// They are supported, whatever the policy's rule says
    #[arg(long, conflicts_with = "unsupported")]
    pub supported: bool,
    /// They are not supported, whatever the policy's rule says
    #[arg(long)]
    pub unsupported: bool,
    /// The day on which they were released; figures count a fix from it
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Option<jiff::civil::Date>,
}

/// Tags to read.
#[derive(Debug, Args)]
pub(crate) struct ReleaseImportArgs {
    /// The repository
    #[arg(value_name = "DIR")]
    pub repository: PathBuf,
    /// The program, as in its address
    #[arg(long, value_name = "SLUG")]
    pub program: String,
    /// Also versions before a release, such as 2.0.0-rc.1
    #[arg(long)]
    pub pre: bool,
    /// Lines of a tag and its day, to note when each was released; - for standard input
    #[arg(long, value_name = "FILE")]
    pub dates: Option<PathBuf>,
    /// Print what would be added, and send nothing
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub local: LocalArgs,
}
