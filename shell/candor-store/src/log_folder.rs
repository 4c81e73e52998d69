//! What the public log has published, as files in a folder: the layout of C2SP tlog-tiles,
//! so that the folder is also what a static host could serve.
//!
//! Invariants: a file is whole or not there; a tile is never replaced; the checkpoint is
//! replaced only by whoever read the one that is there, under a lock.
//!
//! Deliberately absent: whether a checkpoint may follow another. That is judged above.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use candor_ledger::TileId;
use candor_ports::{LogKeeper, StoreError};

use crate::error::from_io;
use crate::folder;

const CHECKPOINT: &str = "checkpoint";
/// Largest file read.
const MOST: u64 = 64 * 1024;

/// A folder for the published log.
#[derive(Debug)]
pub struct LogFolder {
    folder: PathBuf,
}

impl LogFolder {
    /// A folder; made when the first checkpoint comes.
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
        }
    }

    fn read(&self, name: &Path) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.folder.join(name);
        match fs::metadata(&path) {
            Ok(found) if found.len() > MOST => {
                let why = format!("{} is no file of the log", path.display());
                Err(StoreError::Damaged(why))
            }
            Ok(_) => fs::read(&path).map(Some).map_err(|e| failed(&path, &e)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(failed(&path, &e)),
        }
    }

    /// Writes a file under another name, makes it durable, and moves it into place.
    fn write(&self, name: &Path, bytes: &[u8]) -> io::Result<()> {
        let path = self.folder.join(name);
        let parent = path.parent().unwrap_or(&self.folder);
        folder::make_private(parent)?;
        let temp = path.with_extension("new");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        folder::owner_only(&mut options);
        let mut file = options.open(&temp)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temp, &path)?;
        folder::sync(parent)
    }

    /// One process at a time replaces the checkpoint.
    fn lock(&self) -> io::Result<File> {
        folder::make_private(&self.folder)?;
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        folder::owner_only(&mut options);
        let file = options.open(self.folder.join("checkpoint.lock"))?;
        file.lock()?;
        Ok(file)
    }
}

fn failed(path: &Path, why: &io::Error) -> StoreError {
    StoreError::Failed(format!("{}: {why}", path.display()))
}

/// The file of a tile. Only paths that name one can be given.
fn tile_file(path: &str) -> Result<PathBuf, StoreError> {
    let tile: TileId = path
        .parse()
        .map_err(|_| StoreError::Failed("not the path of a tile".to_owned()))?;
    Ok(Path::new("tile").join(tile.to_string()))
}

impl LogKeeper for LogFolder {
    fn checkpoint(&self) -> Result<Option<String>, StoreError> {
        let bytes = self.read(Path::new(CHECKPOINT))?;
        let text = |b| {
            let why = "the published checkpoint is no text".to_owned();
            String::from_utf8(b).map_err(|_| StoreError::Damaged(why))
        };
        bytes.map(text).transpose()
    }

    fn tile(&self, path: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(&tile_file(path)?)
    }

    fn put_tile(&self, path: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let name = tile_file(path)?;
        match self.read(&name)? {
            Some(there) if there == bytes => Ok(()),
            Some(_) => {
                let why = format!("the published tile {path} has other bytes");
                Err(StoreError::Damaged(why))
            }
            None => self.write(&name, bytes).map_err(|e| from_io(&e)),
        }
    }

    fn put_checkpoint(&self, before: Option<&str>, note: &str) -> Result<(), StoreError> {
        let _lock = self.lock().map_err(|e| from_io(&e))?;
        if self.checkpoint()?.as_deref() != before {
            return Err(StoreError::Conflict);
        }
        self.write(Path::new(CHECKPOINT), note.as_bytes())
            .map_err(|e| from_io(&e))
    }

    fn place(&self) -> String {
        self.folder.display().to_string()
    }
}
