//! Backups, restores and moves on the command line.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{DataJsonArgs, paths_default};

/// Keeping the data safe.
#[derive(Debug, Subcommand)]
pub(crate) enum KeepingCommand {
    /// Write everything into one encrypted file, also while the server runs
    #[command(after_help = "\
Examples:
  candor backup --make-identity backup-identity.txt      once; keep that file elsewhere
  candor backup --to /mnt/backups --recipient age1…
  candor backup --to today.age --recipient age1… --recipient age1… --config candor.toml
  candor backup --to today.pgp --recipient-openpgp ops.asc

The file opens with the identity of any of its recipients (age, age-encryption.org), or with
the OpenPGP secret key of any of them (gpg --decrypt). The instance key is not in it: keep that elsewhere, or nobody can read what is put back.
A copy shows one moment. To have it made by the server each day, see [backup] in the
guide for operators.

Exit codes: 0 written and read back, 1 written but something in the data does not hold,
2 a recipient cannot be used, 3 it cannot be written.")]
    Backup(BackupArgs),
    /// Is a backup whole? Without any network, and without touching the data
    #[command(after_help = "\
Examples:
  candor verify-backup candor-20261123T061500Z.age --identity backup-identity.txt
  candor verify-backup today.age --identity backup-identity.txt --key instance.key
  candor verify-backup today.pgp --openpgp-key secret.asc
  gpg --decrypt today.pgp | candor verify-backup -

Checks its form, digests, counts and the chain of every case. With --key also that it was
made under that key, and that everything sealed in it opens: it is put back for that into
a temporary folder, which needs as much space as the data.")]
    VerifyBackup(VerifyBackupArgs),
    /// Put a backup back, into an empty folder or database
    #[command(after_help = "\
Examples:
  candor restore today.age --identity backup-identity.txt --key instance.key --into /srv/candor
  candor restore today.age --identity backup-identity.txt --key instance.key --config candor.toml
  candor restore today.pgp --openpgp-key secret.asc --key instance.key --into /srv/candor
  gpg --decrypt today.pgp | candor restore - --key instance.key --into /srv/candor

Whole or not at all; nothing is written over. Afterwards nobody is signed in, and no
letter leaves before `candor letters --send`: some may have left after the backup.")]
    Restore(RestoreArgs),
    /// Letters held back after a restore: see how it stands, or let them go
    #[command(after_help = "Examples:\n  candor letters\n  candor letters --send")]
    Letters(LettersArgs),
    /// Move everything to a database, or to a data folder
    #[command(after_help = "\
Examples:
  candor move --data /srv/candor --to postgres://candor@db.your.site/candor
  candor move --config candor.toml --to /srv/candor-again
  candor move --data /srv/candor --to /srv/candor-2 --blobs with-bucket.toml
  candor move --undo --data /srv/candor

Stop the server first. A move that was cut off goes on when it is started again. What
arrived is read again and compared. The old place then refuses to be served, so that no
two go on with the same cases; --undo takes that back.")]
    Move(MoveArgs),
}

/// Write a backup.
#[derive(Debug, Args)]
pub(crate) struct BackupArgs {
    /// File to write, or a folder that gets one named by the time. Default: this folder
    #[arg(long, value_name = "FILE|DIR", default_value = ".")]
    pub to: PathBuf,
    /// Who can open it: an age recipient. Give it again for each further one
    #[arg(long, value_name = "age1…",
        required_unless_present_any = ["make_identity", "recipient_openpgp"])]
    pub recipient: Vec<String>,
    /// Who can open it, instead: the file of an OpenPGP certificate. Give it again for each further one
    #[arg(long, value_name = "FILE", conflicts_with = "recipient")]
    pub recipient_openpgp: Vec<PathBuf>,
    /// Make a new identity in this file, and show its recipient; nothing else is done
    #[arg(long, value_name = "FILE", conflicts_with_all = ["recipient", "recipient_openpgp"])]
    pub make_identity: Option<PathBuf>,
    #[command(flatten)]
    pub data: DataJsonArgs,
}

/// A backup, and what opens it.
#[derive(Debug, Args)]
pub(crate) struct OpeningArgs {
    /// The backup; `-` for one that is already decrypted, on standard input
    pub file: PathBuf,
    /// The file with the age identity that opens it
    #[arg(long, value_name = "FILE")]
    pub identity: Option<PathBuf>,
    /// The file with the OpenPGP secret key that opens it, instead
    #[arg(long, value_name = "FILE", conflicts_with = "identity")]
    pub openpgp_key: Option<PathBuf>,
    /// The file with the passphrase of that key. Default: the environment variable
    /// `CANDOR_OPENPGP_PASSPHRASE`, or a question
    #[arg(long, value_name = "FILE", requires = "openpgp_key")]
    pub passphrase_file: Option<PathBuf>,
}

/// Check a backup.
#[derive(Debug, Args)]
pub(crate) struct VerifyBackupArgs {
    #[command(flatten)]
    pub opening: OpeningArgs,
    /// The instance key, to see that everything sealed opens
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// Put a backup back.
#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    #[command(flatten)]
    pub opening: OpeningArgs,
    /// Empty folder, or address of an empty database (postgres://…)
    #[arg(long, value_name = "DIR|URL", required_unless_present = "config")]
    pub into: Option<String>,
    /// The instance key of the backup. Default: where the key of that place is looked for
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Configuration file (TOML) that names the database, the bucket and where the key comes from
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// Letters held back.
#[derive(Debug, Args)]
pub(crate) struct LettersArgs {
    /// Let them go
    #[arg(long)]
    pub send: bool,
    #[command(flatten)]
    pub data: DataJsonArgs,
}

/// Move everything.
#[derive(Debug, Args)]
pub(crate) struct MoveArgs {
    /// Empty database (postgres://…) or empty folder
    #[arg(long, value_name = "URL|DIR", required_unless_present = "undo")]
    pub to: Option<String>,
    /// Configuration file whose [blobs] names the bucket of the new place. Without it, large
    /// texts and files go into the database or the folder itself
    #[arg(long, value_name = "FILE", conflicts_with = "undo")]
    pub blobs: Option<PathBuf>,
    /// Let the old place be served again. See to it that the new one is not
    #[arg(long, conflicts_with = "to")]
    pub undo: bool,
    /// Data folder
    #[arg(long, default_value = paths_default(), value_name = "DIR")]
    pub data: PathBuf,
    /// Key file. Default: in your configuration folder
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Configuration file (TOML) of the old place, when it has a database or a bucket
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}
