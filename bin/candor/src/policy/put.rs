//! Writing a file for the owner: whole or not at all, and never over what was not meant.
//!
//! Invariants: a file that is there is replaced only when the caller says so; links and
//! devices are never written through; a kept copy never replaces another.
//!
//! Deliberately absent: making folders.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::stop::Stop;

/// What is at a place now; `None` when nothing is. Refuses what is no plain file.
pub(super) fn there(path: &Path, most: u64) -> Result<Option<Vec<u8>>, Stop> {
    match std::fs::symlink_metadata(path) {
        Err(why) if why.kind() == ErrorKind::NotFound => return Ok(None),
        Err(why) => return Err(cannot_write(path, &why)),
        Ok(meta) if !meta.is_file() => {
            return Err(Stop::input(format!(
                "{} is no plain file, so it is not written. Name another one.",
                path.display()
            )));
        }
        Ok(_) => {}
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(most).read_to_end(&mut bytes))
        .map_err(|why| cannot_write(path, &why))?;
    Ok(Some(bytes))
}

/// Whether two names mean one file.
pub(super) fn same(one: &Path, two: &Path) -> bool {
    match (std::fs::canonicalize(one), std::fs::canonicalize(two)) {
        (Ok(one), Ok(two)) => one == two,
        _ => false,
    }
}

/// Writes a whole file or nothing; what is there stays, unless `replace` is set.
pub(super) fn put(path: &Path, bytes: &[u8], replace: bool) -> Result<(), Stop> {
    let stop = |why: std::io::Error| cannot_write(path, &why);
    let before = there(path, 1)?;
    if before.is_some() && !replace {
        return Err(stop(ErrorKind::AlreadyExists.into()));
    }
    let new = beside(path, &format!("new-{}", std::process::id()));
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&new)
        .and_then(|mut file| {
            if before.is_some() {
                file.set_permissions(std::fs::metadata(path)?.permissions())?;
            }
            file.write_all(bytes)?;
            file.sync_all()
        })
        .and_then(|()| {
            if replace {
                std::fs::rename(&new, path)
            } else {
                // A link, unlike a move, never takes the place of what came in between.
                std::fs::hard_link(&new, path).and_then(|()| std::fs::remove_file(&new))
            }
        });
    written.map_err(|why| {
        let _ = std::fs::remove_file(&new);
        stop(why)
    })
}

/// Keeps a copy under the first free name: `FILE.old`, `FILE.old.2`, …
pub(super) fn keep(path: &Path, bytes: &[u8]) -> Result<PathBuf, Stop> {
    for number in 1..1000u32 {
        let ending = match number {
            1 => "old".to_owned(),
            n => format!("old.{n}"),
        };
        let kept = beside(path, &ending);
        if std::fs::symlink_metadata(&kept).is_ok() {
            continue;
        }
        put(&kept, bytes, false)?;
        return Ok(kept);
    }
    Err(Stop::refused(format!(
        "There are too many kept copies beside {}. Take the oldest away.",
        path.display()
    )))
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

pub(super) fn cannot_write(path: &Path, why: &std::io::Error) -> Stop {
    Stop::environment(format!(
        "{} cannot be written: {why}. Check the folder and its rights.",
        path.display()
    ))
}
