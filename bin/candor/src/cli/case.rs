//! `candor case list`, `case show`, `case search`, `case erase` and
//! `case export`.

use std::path::PathBuf;

use clap::Args;

use super::LocalArgs;

/// A server elsewhere.
#[derive(Debug, Default, Args)]
pub(crate) struct RemoteArgs {
    /// A server elsewhere, asked through its API; the token comes from `CANDOR_TOKEN`
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
    /// The file that holds the token for --server
    #[arg(long, value_name = "FILE", requires = "server")]
    pub token_file: Option<PathBuf>,
}

/// List the cases.
#[derive(Debug, Default, Args)]
pub(crate) struct CaseListArgs {
    #[command(flatten)]
    pub local: LocalArgs,
    #[command(flatten)]
    pub remote: RemoteArgs,
    /// Only of this program, as in its address
    #[arg(long, value_name = "SLUG")]
    pub program: Option<String>,
    /// Only at this stage, such as received or fix-in-development
    #[arg(long, value_name = "STAGE")]
    pub stage: Option<String>,
    /// Only of this severity: critical, high, medium, low or none
    #[arg(long, value_name = "WORD", value_parser = ["critical", "high", "medium", "low", "none"])]
    pub severity: Option<String>,
    /// Only of this lead: a login (with --server a name), or nobody
    #[arg(long, value_name = "LOGIN")]
    pub lead: Option<String>,
    /// Only what waits for: team, reporter, nobody, vendor, upstream, distributor,
    /// coordinator, cna or other
    #[arg(long, value_name = "WHOM", hide_possible_values = true, value_parser = ["team", "reporter",
        "nobody", "vendor", "upstream", "distributor", "coordinator", "cna", "other"])]
    pub waiting: Option<String>,
    /// Only what is overdue
    #[arg(long)]
    pub overdue: bool,
    /// Only references with this part
    #[arg(long, value_name = "PART")]
    pub reference: Option<String>,
    /// What is over, instead of what is open
    #[arg(long)]
    pub closed: bool,
    /// So many cases at most
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: Option<u32>,
    /// Go on behind this case, the last one of the list before
    #[arg(long, value_name = "REFERENCE")]
    pub after: Option<String>,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// Show a case.
#[derive(Debug, Args)]
pub(crate) struct CaseShowArgs {
    /// Its reference
    pub reference: String,
    #[command(flatten)]
    pub local: LocalArgs,
    #[command(flatten)]
    pub remote: RemoteArgs,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// Find cases by words.
#[derive(Debug, Args)]
pub(crate) struct CaseSearchArgs {
    /// The words; read from standard input when left out
    pub words: Vec<String>,
    #[command(flatten)]
    pub local: LocalArgs,
    /// Only of this program, as in its address
    #[arg(long, value_name = "SLUG")]
    pub program: Option<String>,
    /// So many cases at most; 50 when nothing is said
    #[arg(long, value_name = "COUNT")]
    pub limit: Option<usize>,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// Erase a case.
#[derive(Debug, Args)]
pub(crate) struct CaseEraseArgs {
    /// Its reference
    pub reference: String,
    #[command(flatten)]
    pub local: LocalArgs,
    /// Ask for it: request (of somebody whom it is about), retention (it was kept long
    /// enough) or mistake (it should not have been taken in)
    #[arg(long, value_name = "WHY", value_parser = ["request", "retention", "mistake"])]
    pub reason: Option<String>,
    /// Take back what was asked for
    #[arg(long, conflicts_with = "reason")]
    pub take_back: bool,
}

/// Take a copy of a case.
#[derive(Debug, Args)]
pub(crate) struct CaseExportArgs {
    /// Its reference
    pub reference: String,
    /// A new folder, or a new file whose name ends with .zip
    #[arg(long, value_name = "PATH")]
    pub out: PathBuf,
    #[command(flatten)]
    pub local: LocalArgs,
}
