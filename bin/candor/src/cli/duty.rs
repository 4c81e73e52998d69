//! Arguments of `candor duty`.

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum DutyCommand {
    /// Every law Candor knows, with its reports and their times
    #[command(after_help = "Example:\n  candor duty list")]
    List(DutyListArgs),
    /// One law: when it holds, what each report asks for, and where this comes from
    #[command(after_help = "Example:\n  candor duty show eu-cra-vulnerability")]
    Show(DutyShowArgs),
}

/// Every law Candor knows.
#[derive(Debug, Args)]
pub(crate) struct DutyListArgs {
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// One law.
#[derive(Debug, Args)]
pub(crate) struct DutyShowArgs {
    /// Its name, from `candor duty list`, or that of its family, such as eu-cra
    pub regime: String,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}
