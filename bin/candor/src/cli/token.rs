//! Arguments of `candor token`.

use clap::{Args, Subcommand, ValueEnum};

use super::LocalArgs;

/// Tokens of the API.
#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Make a token; it is printed once. Needs `candor sign-in`, asks for a code
    #[command(after_help = "\
Examples:
  candor token create --program widget --name dashboard
  candor token create --program widget --name triage-bot --scope act --days 30

A token works in your name and may do less than you: it changes no settings and no
people, and takes no case out or away.")]
    Create(TokenCreateArgs),
    /// List your tokens for a program
    #[command(after_help = "Example:\n  candor token list --program widget")]
    List(TokenListArgs),
    /// Revoke a token of yours; it opens nothing any more
    #[command(after_help = "Example:\n  candor token revoke 3f9c0a71d2be")]
    Revoke(TokenRevokeArgs),
}

/// What a token is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scope {
    /// Read cases
    Read,
    /// Read cases and act on them
    Act,
}

impl Scope {
    /// As a form sends it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Act => "act",
        }
    }
}

/// The token to make.
#[derive(Debug, Args)]
pub(crate) struct TokenCreateArgs {
    /// The program, as in its address
    #[arg(long, value_name = "SLUG")]
    pub program: String,
    /// What it is for
    #[arg(long, value_name = "WORDS")]
    pub name: String,
    /// What it may do
    #[arg(long, value_enum, default_value = "read")]
    pub scope: Scope,
    /// For how many days it is good, 1 to 366
    #[arg(long, default_value_t = 90, value_name = "NUMBER")]
    pub days: u32,
    #[command(flatten)]
    pub local: LocalArgs,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// Whose tokens.
#[derive(Debug, Args)]
pub(crate) struct TokenListArgs {
    /// The program, as in its address
    #[arg(long, value_name = "SLUG")]
    pub program: String,
    #[command(flatten)]
    pub local: LocalArgs,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// Which token.
#[derive(Debug, Args)]
pub(crate) struct TokenRevokeArgs {
    /// Its number, from `candor token list`
    pub number: String,
    #[command(flatten)]
    pub local: LocalArgs,
}
