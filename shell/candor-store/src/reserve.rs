//! Room on the disk for the team's work.
//!
//! Below a floor of free space no new report and no file is taken; what is left is for
//! acknowledgements, clocks and sign-ins. A file of some mebibytes is really allocated beside
//! the database. When the disk is all but full it is emptied, and made again when there is
//! room for it and twice the floor.
//!
//! Invariants: what is claimed by commits under way counts as taken; without knowing the free
//! space nothing is refused (then the write itself says no); the file holds nothing of anybody.
//!
//! Deliberately absent: the disk of a PostgreSQL server, which is not ours to measure, and that
//! of a bucket.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use candor_ports::{Space, StoreError};
use rustix::fs::{FallocateFlags, StatVfs};

use crate::folder;

const MIB: u64 = 1024 * 1024;
/// The size of the file.
const SIZE: u64 = 16 * MIB;
/// The floor; a tenth of the disk where that is less.
const FLOOR: u64 = 64 * MIB;
/// With less than this the file is emptied.
const LOW: u64 = 8 * MIB;
/// Its name in the data folder. Absent: never made. Empty: given up.
const NAME: &str = "reserve";

/// The room of a data folder.
#[derive(Debug)]
pub(crate) struct Reserve {
    folder: PathBuf,
    /// Bytes claimed by commits under way.
    claimed: Mutex<u64>,
}

/// Room for a commit; given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Claim<'r> {
    of: &'r Reserve,
    bytes: u64,
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        let mut claimed = self.of.claimed();
        *claimed = claimed.saturating_sub(self.bytes);
    }
}

/// Free bytes, and the floor of this disk.
struct Disk {
    free: u64,
    floor: u64,
}

impl Disk {
    fn of(stat: &StatVfs) -> Self {
        Self {
            free: stat.f_bavail.saturating_mul(stat.f_frsize),
            floor: FLOOR.min(stat.f_blocks.saturating_mul(stat.f_frsize) / 10),
        }
    }

    /// With this much free the file is made again.
    fn enough(&self) -> u64 {
        SIZE + 2 * self.floor
    }
}

impl Reserve {
    pub(crate) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            claimed: Mutex::default(),
        }
    }

    fn claimed(&self) -> std::sync::MutexGuard<'_, u64> {
        self.claimed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn disk(&self) -> Option<Disk> {
        let stat = rustix::fs::statvfs(&self.folder).ok()?;
        Some(Disk::of(&stat))
    }

    fn path(&self) -> PathBuf {
        self.folder.join(NAME)
    }

    /// The size of the file; `None` when it was never made.
    fn held(&self) -> Option<u64> {
        std::fs::metadata(self.path()).ok().map(|found| found.len())
    }

    /// Room for a new report or a file of so many bytes.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`] when it would go below the floor.
    pub(crate) fn claim(&self, bytes: u64) -> Result<Claim<'_>, StoreError> {
        let mut claimed = self.claimed();
        let taken = claimed.saturating_add(bytes);
        if let Some(disk) = self.disk()
            && disk.free < disk.floor.saturating_add(taken)
        {
            return Err(StoreError::Unwritable(format!(
                "{} MiB are free on the disk of the data folder; no report or file is taken that \
                 leaves less than {} MiB for the work on those that are there",
                disk.free / MIB,
                disk.floor / MIB
            )));
        }
        *claimed = taken;
        Ok(Claim { of: self, bytes })
    }

    /// Empties the file when the disk is all but full.
    pub(crate) fn give_up_when_low(&self) {
        if self.disk().is_some_and(|disk| disk.free < LOW) {
            self.give_up();
        }
    }

    /// The same after a write that failed, when want of room may be why.
    pub(crate) fn give_up_after_failure(&self) {
        if self.disk().is_some_and(|disk| disk.free < disk.floor) {
            self.give_up();
        }
    }

    /// Empties the file, if there is one.
    fn give_up(&self) {
        if self.held().is_none_or(|size| size == 0) {
            return;
        }
        let emptied = OpenOptions::new()
            .write(true)
            .open(self.path())
            .and_then(|file| file.set_len(0));
        match emptied {
            Ok(()) => tracing::error!(
                "the disk of the data folder is full: the reserve was given up, so that the work \
                 on cases goes on for a while"
            ),
            Err(error) => tracing::error!(%error, "the reserve could not be given up"),
        }
    }

    /// Makes the file, when it is not there and there is room.
    ///
    /// # Errors
    /// When it cannot be written; then it is as if it had been given up.
    pub(crate) fn keep(&self) -> io::Result<()> {
        let there = self.held();
        if there == Some(SIZE) || self.disk().is_none_or(|disk| disk.free < disk.enough()) {
            return Ok(());
        }
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        folder::owner_only(&mut options);
        let file = options.open(self.path())?;
        let made = allocate(&file).and_then(|()| file.sync_all());
        if made.is_err() {
            let _ = file.set_len(0);
        } else if there == Some(0) {
            tracing::info!("there is room again: the reserve on the disk was made anew");
        }
        made
    }

    /// How it stands.
    pub(crate) fn space(&self) -> Space {
        let Some(disk) = self.disk() else {
            return Space::default();
        };
        Space {
            refuses: disk.free < disk.floor,
            reserve_used: self.held().is_some_and(|size| size < SIZE),
            wanted_mebibytes: disk.enough().div_ceil(MIB),
        }
    }
}

/// Takes the space on the disk. A file system that cannot do that without writing gets bytes
/// which it cannot pack.
fn allocate(file: &File) -> io::Result<()> {
    match rustix::fs::fallocate(file, FallocateFlags::empty(), 0, SIZE) {
        Ok(()) => return Ok(()),
        Err(rustix::io::Errno::OPNOTSUPP | rustix::io::Errno::NOSYS) => {}
        Err(why) => return Err(why.into()),
    }
    let mut piece = vec![0; 64 * 1024];
    getrandom::fill(&mut piece).map_err(io::Error::other)?;
    let length = u64::try_from(piece.len()).unwrap_or(SIZE);
    let mut out = file;
    (0..SIZE / length).try_for_each(|_| out.write_all(&piece))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_takes_its_space_and_is_emptied_and_made_again() {
        let dir = tempfile::tempdir().unwrap();
        let reserve = Reserve::new(dir.path());
        assert!(!reserve.space().reserve_used, "it was never made");
        reserve.keep().unwrap();
        let found = std::fs::metadata(dir.path().join(NAME)).unwrap();
        assert_eq!(found.len(), SIZE);
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            assert!(found.blocks() * 512 >= SIZE, "{}", found.blocks());
            assert_eq!(found.mode() & 0o777, 0o600);
        }
        reserve.give_up_when_low();
        assert_eq!(reserve.held(), Some(SIZE), "this disk is not full");
        reserve.give_up();
        assert_eq!(reserve.held(), Some(0));
        assert!(reserve.space().reserve_used);
        reserve.keep().unwrap();
        assert!(!reserve.space().reserve_used);
    }

    #[test]
    fn claims_count_while_they_are_held() {
        let dir = tempfile::tempdir().unwrap();
        let reserve = Reserve::new(dir.path());
        let disk = reserve.disk().unwrap();
        let most = disk.free - disk.floor;
        let half = reserve.claim(most / 10 * 6).unwrap();
        let second = reserve.claim(most / 10 * 6);
        assert!(
            matches!(second, Err(StoreError::Unwritable(_))),
            "{second:?}"
        );
        drop(half);
        assert!(reserve.claim(most / 10 * 6).is_ok());
        assert!(reserve.claim(u64::MAX).is_err());
    }
}
