//! Without a mail server, letters are files: `<data>/mail/<key>.eml`.
//!
//! Invariants: a file is whole or not there; only its owner may read it; the
//! same key is written once.
//!
//! Deliberately absent: sending them. An operator may, with any mail program.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::PathBuf;
use std::sync::Arc;

use candor_ports::{Courier, CourierError, Letter, OpenPgp};

use crate::message::{Sender, file_safe, message, transient};

/// Writes letters into a folder.
#[derive(Debug, Clone)]
pub struct EmlCourier {
    folder: PathBuf,
    sender: Sender,
    pgp: Option<Arc<dyn OpenPgp>>,
}

impl EmlCourier {
    /// With what letters are encrypted whose recipient has a key; without it those wait.
    #[must_use]
    pub fn with_open_pgp(mut self, pgp: Arc<dyn OpenPgp>) -> Self {
        self.pgp = Some(pgp);
        self
    }

    /// Writes into this folder; it is made with the first letter.
    pub fn new(folder: impl Into<PathBuf>, sender: Sender) -> Self {
        Self {
            folder: folder.into(),
            sender,
            pgp: None,
        }
    }

    fn write(&self, name: &str, bytes: &[u8]) -> std::io::Result<()> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.folder)?;
        // Its own name has to last as well: whoever settles a letter counts on it.
        if let Some(above) = self.folder.parent().filter(|p| !p.as_os_str().is_empty()) {
            File::open(above)?.sync_all()?;
        }
        let part = self.folder.join(format!(".{name}.part"));
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&part, self.folder.join(name))?;
        File::open(&self.folder)?.sync_all()
    }
}

fn not_written(why: &std::io::Error) -> CourierError {
    tracing::warn!(error = %why, "a letter could not be written to the mail folder");
    transient("file")
}

impl Courier for EmlCourier {
    fn deliver(&self, letter: &Letter) -> Result<(), CourierError> {
        let name = format!("{}.eml", file_safe(&letter.key));
        if self.folder.join(&name).exists() {
            // The try that wrote it may have been cut off before it was durable.
            return File::open(&self.folder)
                .and_then(|folder| folder.sync_all())
                .map_err(|why| not_written(&why));
        }
        let mail = message(letter, &self.sender, self.pgp.as_deref())?;
        self.write(&name, &mail.formatted())
            .map_err(|why| not_written(&why))
    }

    fn describe(&self) -> String {
        format!("writes .eml files to {}", self.folder.display())
    }
}
