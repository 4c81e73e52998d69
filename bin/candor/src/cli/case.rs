//! `candor case list`.

use clap::Args;

use super::LocalArgs;

/// List the cases.
#[derive(Debug, Default, Args)]
pub(crate) struct CaseListArgs {
    #[command(flatten)]
    pub local: LocalArgs,
    /// Only of this program, as in its address
    #[arg(long, value_name = "SLUG")]
    pub program: Option<String>,
    /// Only at this stage, such as received or fix-in-development
    #[arg(long, value_name = "STAGE")]
    pub stage: Option<String>,
    /// Only of this severity: critical, high, medium, low or none
    #[arg(long, value_name = "WORD", value_parser = ["critical", "high", "medium", "low", "none"])]
    pub severity: Option<String>,
    /// Only of this lead: a login, or nobody
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
    /// As JSON
    #[arg(long)]
    pub json: bool,
}
