//! The documents that a command line names: files, standard input, and the JSON files
//! below folders.
//!
//! Invariants: the same order every time, sorted by name within each folder; only the
//! open folders are held in memory; a link to a folder inside a folder is not followed,
//! so that no walk goes in circles.

use std::ffi::OsStr;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use candor_csaf::LARGEST;

/// A document to be read.
#[derive(Debug)]
pub(super) enum Found {
    /// A file.
    File(PathBuf),
    /// Standard input.
    Input,
    /// Something that cannot be read, and why.
    Trouble(PathBuf, String),
}

/// Gives one document after the other.
#[derive(Debug)]
pub(super) struct Walk {
    /// What is left to do, the next one last; folders with whether they were named.
    open: Vec<(PathBuf, bool)>,
}

impl Walk {
    pub(super) fn new(paths: &[PathBuf]) -> Self {
        Self {
            open: paths.iter().rev().map(|p| (p.clone(), true)).collect(),
        }
    }

    fn enter(&mut self, folder: &Path) -> Result<(), String> {
        let mut inside = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(|e| e.to_string())? {
            let entry = entry.map_err(|e| e.to_string())?;
            let kind = entry.file_type().map_err(|e| e.to_string())?;
            let path = entry.path();
            let is_json = path
                .extension()
                .is_some_and(|e| e.eq_ignore_ascii_case("json"));
            // A link to a file is a file; one to a folder is left out.
            if kind.is_dir() || (is_json && path.is_file()) {
                inside.push((path, false));
            }
        }
        inside.sort_by(|a, b| b.0.cmp(&a.0));
        self.open.extend(inside);
        Ok(())
    }
}

impl Iterator for Walk {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            let (path, named) = self.open.pop()?;
            if named && path.as_os_str() == OsStr::new("-") {
                return Some(Found::Input);
            }
            if !path.is_dir() {
                return Some(Found::File(path));
            }
            if let Err(why) = self.enter(&path) {
                return Some(Found::Trouble(path, why));
            }
        }
    }
}

/// Reads a document, and not much more than the judge takes.
pub(super) fn read(found: &Found) -> Result<Vec<u8>, String> {
    let most = u64::try_from(LARGEST).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    let done = match found {
        Found::Trouble(_, why) => return Err(why.clone()),
        Found::Input => std::io::stdin().lock().take(most).read_to_end(&mut bytes),
        Found::File(path) => std::fs::File::open(path).and_then(|file| {
            if let Ok(size) = file.metadata().map(|m| m.len().min(most)) {
                bytes.reserve(usize::try_from(size).unwrap_or(0));
            }
            file.take(most).read_to_end(&mut bytes)
        }),
    };
    done.map(|_| bytes).map_err(|e| e.to_string())
}
