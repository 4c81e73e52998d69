//! What can go wrong, once for the operator (`Display`) and once for the person
//! who started Candor (`for_person`).
//!
//! Invariant: no text here carries anything that was stored.

use std::io;
use std::path::PathBuf;

use candor_ports::StoreError;

/// Why a data directory was not opened. Nothing in it was overwritten.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process holds it.
    #[error("{} is locked by another process", path.display())]
    Locked {
        /// The data directory.
        path: PathBuf,
    },
    /// The directory cannot be made or written to.
    #[error("{} is not writable: {source}", path.display())]
    NotWritable {
        /// The directory or file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is not a database, not Candor's, or damaged.
    #[error("{} is not usable: {why}", path.display())]
    Corrupt {
        /// The database file.
        path: PathBuf,
        /// What was found.
        why: String,
    },
    /// The data was sealed under another instance key.
    #[error("the instance key does not belong to {}", path.display())]
    WrongKey {
        /// The database file.
        path: PathBuf,
    },
    /// A copy into it, a restore or a move, was cut off.
    #[error("a copy into {} was not finished", path.display())]
    Unfinished {
        /// The data directory or the database.
        path: PathBuf,
    },
    /// A later version of Candor wrote it.
    #[error("{} has schema {found}; this program knows up to {known}", path.display())]
    NewerSchema {
        /// The database file.
        path: PathBuf,
        /// Its schema version.
        found: u32,
        /// The newest version known here.
        known: u32,
    },
    /// An earlier version of Candor wrote it, or nobody yet, and this one was told to leave
    /// its form alone.
    #[error("{} has schema {found}; this program needs {needed}", path.display())]
    OlderSchema {
        /// The database.
        path: PathBuf,
        /// Its schema version; 0 when it is empty.
        found: u32,
        /// The version needed here.
        needed: u32,
    },
    /// Its large bodies lie in a bucket that is not the one named.
    #[error("{} has its bodies in {kept}, and {} is named", path.display(), named.as_deref().unwrap_or("no bucket"))]
    OtherBucket {
        /// The data directory or the database.
        path: PathBuf,
        /// Where they lie.
        kept: String,
        /// The one that was named.
        named: Option<String>,
    },
    /// Anything else.
    #[error("{}: {why}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system or the database said.
        why: String,
    },
}

impl OpenError {
    /// What happened and what to do, for the person who started Candor.
    pub fn for_person(&self) -> String {
        match self {
            Self::Locked { path } => format!(
                "Another Candor is already running with the data in {}. \
                 Stop it first, or give this one its own data directory.",
                path.display()
            ),
            Self::NotWritable { path, source } => format!(
                "Candor cannot write to {}: {source}. \
                 Check that the folder belongs to you and that the disk is not full, \
                 or choose another data directory.",
                path.display()
            ),
            Self::Corrupt { path, why } => format!(
                "The file {} cannot be used: {why}. Candor left it as it is. \
                 Restore it from a backup, or choose another data directory.",
                path.display()
            ),
            Self::WrongKey { path } => format!(
                "The key of this Candor does not fit the data in {}. \
                 Put back the key file that was made together with this data. \
                 Without it nobody can read the data.",
                path.display()
            ),
            Self::Unfinished { path } => format!(
                "A restore or a move into {} was cut off, so not everything is there. \
                 Run the same command again until it says that it is done.",
                path.display()
            ),
            Self::NewerSchema { path, .. } => format!(
                "The data in {} was written by a newer version of Candor. \
                 Use that version, or restore a backup from before the update.",
                path.display()
            ),
            Self::OlderSchema { path, found: 0, .. } => format!(
                "There are no data of Candor in {} yet, and the configuration says \
                 database.migrate = false. Make them with: candor migrate",
                path.display()
            ),
            Self::OlderSchema {
                path,
                found,
                needed,
            } => format!(
                "The data in {} have schema version {found}, this Candor needs {needed}, and \
                 the configuration says database.migrate = false. Bring them up to date with: \
                 candor migrate",
                path.display()
            ),
            Self::OtherBucket { path, kept, named } => format!(
                "The texts and files of {} lie in the bucket {kept}, and the configuration \
                 names {}. Name that one in [blobs], with --config.",
                path.display(),
                named.as_deref().unwrap_or("none")
            ),
            Self::Io { path, why } => {
                format!("Candor could not open {}: {why}.", path.display())
            }
        }
    }
}

/// A failure of the file system below the store.
pub(crate) fn from_io(error: &io::Error) -> StoreError {
    StoreError::Unwritable(error.to_string())
}
