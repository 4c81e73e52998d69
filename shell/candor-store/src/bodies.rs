//! Large sealed bodies: one file each in the folder `blobs` of the data directory, or one
//! object each in a bucket (`room.rs`). Where there is a bucket, new bodies go there; those
//! that lie in the folder already are still read from it.
//!
//! A file is complete and durable before the transaction that names it begins.
//! When that never commits, the file is an orphan: harmless, since sealed, and
//! swept at a later start once it is a day old. A folder is of use once its own name is
//! durable: another writer may have made it a moment ago, and not synced it yet.
//!
//! Invariants: names are random, so no file ever replaces another; they are made
//! from 16 raw bytes, so no stored value can point outside the folder.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use candor_base::BlobId;

use crate::folder;
use crate::room::Room;

/// Bodies up to this size lie in the database (64 KiB, before sealing).
const INLINE: usize = 64 * 1024;

/// Younger orphans may belong to a commit under way.
const ORPHAN_AGE: Duration = Duration::from_hours(24);

/// The folder of large bodies, and the room for them in a bucket.
#[derive(Debug)]
pub(crate) struct Bodies {
    /// Empty for an engine that has no folder.
    root: PathBuf,
    /// Where new ones go, when there is one.
    room: Option<Room>,
    /// Bodies up to this size lie in the database.
    inline: usize,
    /// Folders whose names this process has made durable.
    settled: Box<Mutex<BTreeSet<PathBuf>>>,
}

/// Names a file: 16 random bytes. Not the blob's id, so that a second attempt has a second file.
pub(crate) type FileName = [u8; 16];

impl Bodies {
    pub(crate) fn new(data: &Path) -> Self {
        Self {
            root: data.join("blobs"),
            room: None,
            inline: INLINE,
            settled: Box::default(),
        }
    }

    /// For an engine that keeps bodies of every size.
    pub(crate) fn none() -> Self {
        Self {
            root: PathBuf::new(),
            room: None,
            inline: usize::MAX,
            settled: Box::default(),
        }
    }

    /// New large bodies go into this room.
    pub(crate) fn in_room(self, room: Room) -> Self {
        Self {
            room: Some(room),
            inline: INLINE,
            ..self
        }
    }

    /// The room in a bucket.
    pub(crate) fn room(&self) -> Option<&Room> {
        self.room.as_ref()
    }

    /// A body of this size lies in the database.
    pub(crate) fn is_inline(&self, size: usize) -> bool {
        size <= self.inline
    }

    fn path(&self, name: &FileName) -> PathBuf {
        // Written like an id: 32 lower-case hexadecimal digits, two of them as folder.
        let text = BlobId::from_bytes(*name).to_string();
        match text.split_at_checked(2) {
            Some((folder, file)) => self.root.join(folder).join(file),
            None => self.root.join(text),
        }
    }

    /// Writes sealed bytes durably.
    pub(crate) fn write(&self, name: &FileName, sealed: &[u8]) -> io::Result<()> {
        if let Some(room) = &self.room {
            return room.write(name, sealed).map_err(io::Error::other);
        }
        let path = self.path(name);
        if let Some(parent) = path.parent() {
            self.settle(parent)?;
        }
        folder::write_new(&path, sealed)
    }

    /// Makes a folder of bodies, unless it is there, and its name durable.
    fn settle(&self, parent: &Path) -> io::Result<()> {
        let settled = || self.settled.lock().unwrap_or_else(PoisonError::into_inner);
        if settled().contains(parent) && parent.is_dir() {
            return Ok(());
        }
        folder::make_private(parent)?;
        folder::sync(&self.root)?;
        folder::settle(&self.root)?;
        settled().insert(parent.to_owned());
        Ok(())
    }

    /// Reads sealed bytes; `None` when they are nowhere.
    pub(crate) fn read(&self, name: &FileName) -> io::Result<Option<Vec<u8>>> {
        let file = self.read_file(name)?;
        match &self.room {
            Some(room) if file.is_none() => room.read(name).map_err(io::Error::other),
            _ => Ok(file),
        }
    }

    fn read_file(&self, name: &FileName) -> io::Result<Option<Vec<u8>>> {
        if self.root.as_os_str().is_empty() {
            return Ok(None);
        }
        match fs::read(self.path(name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e),
        }
    }

    /// Removes bodies whose commit was surely refused. A failure leaves orphans, no more.
    pub(crate) fn discard(&self, names: &[FileName]) {
        if let Some(room) = &self.room {
            // Out of reach once is enough: somebody waits, and the sweep comes daily.
            let _ = names.iter().try_for_each(|name| room.remove(name));
        }
        if !self.root.as_os_str().is_empty() {
            for name in names {
                let _ = fs::remove_file(self.path(name));
            }
        }
    }

    /// Removes orphans older than a day; leaves files alone whose names are not ours.
    pub(crate) fn sweep(
        &self,
        now: SystemTime,
        is_used: impl Fn(&FileName) -> Option<bool>,
    ) -> io::Result<u32> {
        let mut swept = 0;
        let Ok(folders) = fs::read_dir(&self.root) else {
            return Ok(0);
        };
        for dir in folders {
            let dir = dir?.path();
            if !dir.is_dir() {
                continue;
            }
            for file in fs::read_dir(&dir)? {
                let file = file?.path();
                let Some(name) = name_of(&dir, &file) else {
                    continue;
                };
                let written = fs::metadata(&file)?.modified()?;
                let old = now
                    .duration_since(written)
                    .is_ok_and(|age| age > ORPHAN_AGE);
                let temporary = file.extension().is_some();
                // Unknown counts as used.
                if old && (temporary || is_used(&name) == Some(false)) {
                    fs::remove_file(&file)?;
                    swept += 1;
                }
            }
        }
        Ok(swept)
    }
}

/// The name behind `ab/cdef…` or `ab/cdef….tmp`; `None` for files that are not ours.
fn name_of(dir: &Path, file: &Path) -> Option<FileName> {
    if file.extension().is_some_and(|e| e != "tmp") {
        return None;
    }
    let folder = dir.file_name()?.to_str()?;
    let stem = file.file_stem()?.to_str()?;
    let id: BlobId = format!("{folder}{stem}").parse().ok()?;
    Some(*id.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_old_orphans_of_ours_are_swept() {
        let dir = tempfile::tempdir().unwrap();
        let bodies = Bodies::new(dir.path());
        bodies.write(&[1; 16], b"used").unwrap();
        bodies.write(&[2; 16], b"orphan").unwrap();
        let half = bodies.path(&[1; 16]).with_extension("tmp");
        fs::write(&half, b"half").unwrap();
        let foreign = dir.path().join("blobs/01/notes.txt");
        fs::write(&foreign, b"mine").unwrap();
        let used = |name: &FileName| Some(*name == [1; 16]);
        let now = SystemTime::now();
        assert_eq!(bodies.sweep(now, used).unwrap(), 0);
        let later = now + ORPHAN_AGE + Duration::from_mins(1);
        assert_eq!(
            bodies.sweep(later, |_| None).unwrap(),
            1,
            "only the half-written one"
        );
        assert_eq!(bodies.sweep(later, used).unwrap(), 1);
        assert_eq!(
            bodies.read(&[1; 16]).unwrap().as_deref(),
            Some(&b"used"[..])
        );
        assert_eq!(bodies.read(&[2; 16]).unwrap(), None);
        assert!(foreign.exists() && !half.exists());
    }

    #[test]
    fn a_file_is_never_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let bodies = Bodies::new(dir.path());
        bodies.write(&[3; 16], b"first").unwrap();
        assert!(bodies.write(&[3; 16], b"second").is_err());
        assert_eq!(
            bodies.read(&[3; 16]).unwrap().as_deref(),
            Some(&b"first"[..])
        );
    }
}
