//! `candor key`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::DataJsonArgs;

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Change a key: everything sealed under the old one is sealed anew under a new one
    Rotate(KeyRotateArgs),
}

/// Change a key.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  candor key rotate --instance --data /srv/candor
  candor key rotate --instance --new /etc/new.key      when the key is not a file of Candor's
  candor key rotate --program lantern

Stop every server on the data first. It is done whole or not at all: killed at any
moment, the data open with one of both keys. The old key file stays beside the new one:
backups from before need it. Histories of cases are not sealed anew, since their proof
is made over the sealed bytes; the keys that open them are.")]
pub(crate) struct KeyRotateArgs {
    /// The instance key
    #[arg(long, required_unless_present = "program", conflicts_with = "program")]
    pub instance: bool,
    /// The key of this program
    #[arg(long, value_name = "NAME")]
    pub program: Option<String>,
    /// File with the new instance key; made when it is not there. Needed where the key in
    /// use comes from the environment or a command
    #[arg(long, value_name = "FILE", requires = "instance")]
    pub new: Option<PathBuf>,
    #[command(flatten)]
    pub data: DataJsonArgs,
}
