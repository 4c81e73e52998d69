//! Changing the key file: the new one is written beside it, then the data are sealed anew,
//! then the new one takes its place, and the old one is kept under a name that tells its day.
//!
//! Invariants: at no moment is there no file under the usual name; the old key is never
//! deleted, since backups from before need it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use candor_store::InstanceKey;

use crate::stop::Stop;

fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(end);
    file.with_file_name(name)
}

/// Where the new key waits until the data are sealed under it.
pub(crate) fn next(file: &Path) -> PathBuf {
    beside(file, ".next")
}

/// Keeps the old key under another name and puts the new one in its place.
pub(crate) fn put_in_place(file: &Path, old: &InstanceKey) -> Result<PathBuf, Stop> {
    let day = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    moved(file, old, &day).map_err(|why| {
        Stop::environment(format!(
            "The data are sealed under the new key in {}, but it could not be put in place of \
             {}: {why}. Move it there yourself, and keep the old file.",
            next(file).display(),
            file.display()
        ))
    })
}

fn moved(file: &Path, old: &InstanceKey, day: &str) -> io::Result<PathBuf> {
    let kept = kept(file, old, day)?;
    fs::rename(next(file), file)?;
    if let Some(folder) = file.parent() {
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(kept)
}

/// A name under which the old key lies; one that was made before it was cut off is found again.
fn kept(file: &Path, old: &InstanceKey, day: &str) -> io::Result<PathBuf> {
    for number in 1..1000 {
        let end = match number {
            1 => format!(".until-{day}"),
            n => format!(".until-{day}-{n}"),
        };
        let name = beside(file, &end);
        match fs::hard_link(file, &name) {
            Ok(()) => return Ok(name),
            Err(why) if why.kind() == io::ErrorKind::AlreadyExists => {
                let there = InstanceKey::load(&name).ok().flatten();
                if there.is_some_and(|key| key.is_same(old)) {
                    return Ok(name);
                }
            }
            Err(why) => return Err(why),
        }
    }
    Err(io::Error::other("there are too many old keys of this day"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_old_key_is_kept_once_and_the_new_one_takes_its_place() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("instance.key");
        let names = |dir: &Path| {
            let mut names: Vec<String> = fs::read_dir(dir)
                .unwrap()
                .map(|e| e.unwrap().file_name().into_string().unwrap())
                .collect();
            names.sort();
            names
        };
        let old = InstanceKey::load_or_create(&file).unwrap();
        let new = InstanceKey::load_or_create(&next(&file)).unwrap();
        // Cut off after the old one got its second name.
        let first = kept(&file, &old, "2026-11-23").unwrap();
        assert_eq!(moved(&file, &old, "2026-11-23").unwrap(), first);
        assert_eq!(
            names(dir.path()),
            ["instance.key", "instance.key.until-2026-11-23"]
        );
        let now = InstanceKey::load(&file).unwrap().unwrap();
        assert!(now.is_same(&new));
        // A second change on the same day.
        InstanceKey::load_or_create(&next(&file)).unwrap();
        let second = moved(&file, &now, "2026-11-23").unwrap();
        assert!(second.to_string_lossy().ends_with("until-2026-11-23-2"));
        assert!(InstanceKey::load(&first).unwrap().unwrap().is_same(&old));
        assert!(InstanceKey::load(&second).unwrap().unwrap().is_same(&new));
    }
}
