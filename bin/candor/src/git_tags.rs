//! The tags of a local repository, read from its files.
//!
//! Invariants: runs no program and follows no setting of the repository; whatever is
//! not there or cannot be read is an error with its path; nothing is written.
//!
//! Deliberately absent: the other forms in which git can store references (reftable).

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::stop::Stop;

/// Files and folders of tags that are looked at.
const MOST: usize = 50_000;
/// Longest file of packed references, in bytes.
const LONGEST: u64 = 64 * 1024 * 1024;
/// Longest file that names a folder, in bytes.
const SHORT: u64 = 64 * 1024;

/// The names of all tags.
pub(crate) fn tags(repository: &Path) -> Result<BTreeSet<String>, Stop> {
    let git = git_folder(repository)?;
    let mut found = BTreeSet::new();
    packed(&git.join("packed-refs"), &mut found)?;
    let mut left = MOST;
    loose(&git.join("refs/tags"), "", &mut found, &mut left)?;
    Ok(found)
}

fn unreadable(path: &Path, why: &std::io::Error) -> Stop {
    Stop::environment(format!("{} cannot be read: {why}.", path.display()))
}

/// The text of a regular file; `None` when there is no such file. A pipe or a device
/// would be read for ever, and the length that the system names of one means nothing.
fn text(file: &Path, most: u64) -> Result<Option<String>, Stop> {
    let cannot = |why: std::io::Error| unreadable(file, &why);
    // Looked at before it is opened, since opening a pipe waits for its other end.
    match std::fs::metadata(file) {
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(why) => return Err(cannot(why)),
        Ok(known) if !known.is_file() => {
            return Err(Stop::environment(format!(
                "{} is no regular file.",
                file.display()
            )));
        }
        Ok(_) => {}
    }
    let opened = std::fs::File::open(file).map_err(cannot)?;
    let mut text = String::new();
    let read = opened
        .take(most.saturating_add(1))
        .read_to_string(&mut text);
    if u64::try_from(read.map_err(cannot)?).unwrap_or(u64::MAX) > most {
        return Err(Stop::environment(format!(
            "{} is too large.",
            file.display()
        )));
    }
    Ok(Some(text))
}

/// The folder with the references: `.git`, what a `.git` file names, or a bare
/// repository itself.
fn git_folder(repository: &Path) -> Result<PathBuf, Stop> {
    let inside = repository.join(".git");
    let folder = if inside.is_file() {
        let text = text(&inside, SHORT)?.unwrap_or_default();
        let named = text.trim().strip_prefix("gitdir:").map(str::trim);
        repository.join(named.unwrap_or_default())
    } else if inside.is_dir() {
        inside
    } else {
        repository.to_path_buf()
    };
    // A second work tree keeps its tags with the first one.
    let folder = match text(&folder.join("commondir"), SHORT)? {
        Some(text) => folder.join(text.trim()),
        None => folder,
    };
    if folder.join("HEAD").is_file() && folder.join("refs").is_dir() {
        Ok(folder)
    } else {
        Err(Stop::environment(format!(
            "{} is no git repository.",
            repository.display()
        )))
    }
}

fn packed(file: &Path, found: &mut BTreeSet<String>) -> Result<(), Stop> {
    let Some(text) = text(file, LONGEST)? else {
        return Ok(());
    };
    for line in text.lines() {
        let name = line.split_once(' ').map(|(_, name)| name.trim());
        if let Some(tag) = name.and_then(|name| name.strip_prefix("refs/tags/")) {
            found.insert(tag.to_owned());
        }
    }
    Ok(())
}

fn loose(
    folder: &Path,
    prefix: &str,
    found: &mut BTreeSet<String>,
    left: &mut usize,
) -> Result<(), Stop> {
    let entries = match std::fs::read_dir(folder) {
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(why) => return Err(unreadable(folder, &why)),
        Ok(entries) => entries,
    };
    for entry in entries {
        let entry = entry.map_err(|why| unreadable(folder, &why))?;
        if *left == 0 {
            return Ok(());
        }
        *left -= 1;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        // Links are not followed: a tag is a file of its own.
        let kind = entry.file_type().map_err(|why| unreadable(folder, &why))?;
        if kind.is_dir() {
            loose(&entry.path(), &format!("{name}/"), found, left)?;
        } else if kind.is_file() {
            found.insert(name);
        }
    }
    Ok(())
}

/// The version a tag stands for: `v1.4.2`, `1.4.2` or `widget-1.4.2`; `None` where it
/// stands for none, or for one before a release and those are not wanted.
pub(crate) fn version_of(tag: &str, before_release: bool) -> Option<String> {
    let last = tag.rsplit('/').next()?;
    let start = last
        .char_indices()
        .find(|(at, c)| {
            let before = last.get(..*at).unwrap_or_default();
            c.is_ascii_digit() && (before.is_empty() || before.ends_with(['v', 'V', '-', '_', '.']))
        })
        .map(|(at, _)| at)?;
    let version = last.get(start..)?;
    let (numbers, rest) = match version.find(|c: char| !c.is_ascii_digit() && c != '.') {
        Some(at) => version.split_at(at),
        None => (version, ""),
    };
    let numbered = numbers.contains('.') && !numbers.ends_with('.');
    let low = rest.to_lowercase();
    let early = ["rc", "alpha", "beta", "dev", "pre", "snapshot", "nightly"];
    let is_early = early.iter().any(|word| low.contains(word));
    let plain = version.len() <= 60
        && version
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || ".-+_".contains(c));
    (numbered && plain && (before_release || !is_early)).then(|| version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_that_are_versions_are_told_from_others() {
        for (tag, version) in [
            ("v1.4.2", Some("1.4.2")),
            ("1.4", Some("1.4")),
            ("widget-2.0.0", Some("2.0.0")),
            ("release/v3.1.0", Some("3.1.0")),
            ("v1.0.0-1ubuntu1", Some("1.0.0-1ubuntu1")),
            ("v2.0.0-rc.1", None),
            ("nightly-2026.01.01", Some("2026.01.01")),
            ("latest", None),
            ("v2", None),
            ("h2o", None),
            ("1.2.3 x", None),
        ] {
            assert_eq!(version_of(tag, false).as_deref(), version, "{tag}");
        }
        assert_eq!(
            version_of("v2.0.0-rc.1", true).as_deref(),
            Some("2.0.0-rc.1")
        );
    }

    #[test]
    fn packed_and_loose_tags_are_found_and_links_are_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        let git = dir.path().join(".git");
        std::fs::create_dir_all(git.join("refs/tags/release")).unwrap();
        std::fs::write(git.join("HEAD"), "ref: refs/heads/main\n").unwrap();
        std::fs::write(git.join("refs/tags/v1.1.0"), "aa\n").unwrap();
        std::fs::write(git.join("refs/tags/release/v1.2.0"), "bb\n").unwrap();
        std::fs::write(
            git.join("packed-refs"),
            "# pack-refs with: peeled\ncc refs/heads/main\ndd refs/tags/v1.0.0\n^ee\n",
        )
        .unwrap();
        std::os::unix::fs::symlink("/etc", git.join("refs/tags/etc")).unwrap();
        let found: Vec<String> = tags(dir.path()).unwrap().into_iter().collect();
        assert_eq!(found, ["release/v1.2.0", "v1.0.0", "v1.1.0"]);
        assert!(tags(&git).is_ok(), "a bare repository");
        let empty = tempfile::tempdir().unwrap();
        assert!(tags(empty.path()).is_err());
    }

    #[test]
    fn pipes_and_devices_are_refused_and_not_waited_for() {
        for name in ["packed-refs", "commondir"] {
            let dir = tempfile::tempdir().unwrap();
            let git = dir.path().join(".git");
            std::fs::create_dir_all(git.join("refs/tags")).unwrap();
            std::fs::write(git.join("HEAD"), "ref: refs/heads/main\n").unwrap();
            std::os::unix::fs::symlink("/dev/zero", git.join(name)).unwrap();
            let why = tags(dir.path()).unwrap_err();
            assert!(format!("{why:?}").contains("no regular file"), "{why:?}");
            std::fs::remove_file(git.join(name)).unwrap();
            let made = std::process::Command::new("mkfifo")
                .arg(git.join(name))
                .status();
            assert!(made.unwrap().success());
            assert!(tags(dir.path()).is_err(), "{name}");
        }
    }

    #[test]
    fn a_file_that_is_too_long_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("long"), "12345").unwrap();
        assert!(text(&dir.path().join("long"), 4).is_err());
        assert_eq!(
            text(&dir.path().join("long"), 5).unwrap().as_deref(),
            Some("12345")
        );
        assert_eq!(text(&dir.path().join("none"), 5).unwrap(), None);
    }
}
