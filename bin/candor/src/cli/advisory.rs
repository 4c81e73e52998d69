//! Arguments of `candor advisory`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// What to do with advisories.
#[derive(Debug, Subcommand)]
pub(crate) enum AdvisoryCommand {
    /// Judge CSAF, OSV and OpenVEX documents; needs no server and no network
    #[command(after_help = "\
Examples:
  candor advisory validate advisory.json
  candor advisory validate --json csaf/ | jq 'select(.valid | not)'
  curl -s https://example.org/a.json | candor advisory validate -

Judged are CSAF 2.0 and, as an experiment, the draft of 2.1: the shape of the schema and
the mandatory, optional and informative tests. A document is valid when its shape is right
and no mandatory test fails. Of OSV records and OpenVEX 0.2.0 documents the shape is
judged. Folders are searched for files that end in .json; links to
folders inside them are not followed.

With --json each line of output is one object: path, format, valid, and findings with
test, level, pointer, message and help.

Exit codes: 0 all documents are valid, 1 some are not, 2 wrong use or something cannot be
read.")]
    Validate(ValidateArgs),
}

/// Which documents, and how the verdict is shown.
#[derive(Debug, Args)]
pub(crate) struct ValidateArgs {
    /// Files and folders; `-` is standard input
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// An object a line
    #[arg(long, conflicts_with = "sarif")]
    pub json: bool,
    /// One SARIF 2.1.0 log, as code hosts show it
    #[arg(long)]
    pub sarif: bool,
    /// The least level that is shown to people
    #[arg(long, value_enum, default_value = "optional", conflicts_with_all = ["json", "sarif"])]
    pub level: ShownLevel,
}

/// From which level on findings are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ShownLevel {
    /// What makes a document invalid.
    Mandatory,
    /// And what should be mended.
    Optional,
    /// And what is worth a look.
    Informative,
}
