//! Where things lie: data, key, session.
//!
//! Invariant: the key never lies in the data folder by default, so that one
//! backup of the data does not open itself.

use std::path::{Path, PathBuf};

use crate::stop::Stop;

/// The usual data folder.
pub(crate) const DATA: &str = "candor-data";
/// The database in the data folder, as the store names it.
pub(crate) const DATABASE: &str = "candor.db";

/// The folder made absolute, as far as it exists with links followed.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    if let Ok(real) = path.canonicalize() {
        return real;
    }
    // Not there yet: follow links of what is there.
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    match (whole.parent(), whole.file_name()) {
        (Some(parent), Some(name)) if parent != whole => absolute(parent).join(name),
        _ => whole,
    }
}

/// The user's configuration folder of Candor: `$XDG_CONFIG_HOME/candor` or `~/.config/candor`.
pub(crate) fn config_dir() -> Result<PathBuf, Stop> {
    let folder = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|p| p.is_absolute())
    };
    folder("XDG_CONFIG_HOME")
        .or_else(|| folder("HOME").map(|home| home.join(".config")))
        .map(|base| base.join("candor"))
        .ok_or_else(|| {
            Stop::environment(
                "There is no configuration folder: neither XDG_CONFIG_HOME nor HOME is set. \
                 Set one of them, or name the key file with --key.",
            )
        })
}

/// What belongs to one data folder: a folder of its own in the configuration folder.
pub(crate) fn instance_dir(data: &Path) -> Result<PathBuf, Stop> {
    let whole = absolute(data);
    let name: String = whole
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default()
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .take(40)
        .collect();
    let hash = candor_ledger::sha256(whole.as_os_str().as_encoded_bytes()).to_string();
    let short: String = hash.chars().take(12).collect();
    Ok(config_dir()?.join(format!("{name}-{short}")))
}

/// The key file: as named, or the usual one.
pub(crate) fn key_file(data: &Path, named: Option<&Path>) -> Result<PathBuf, Stop> {
    match named {
        Some(path) => Ok(absolute(path)),
        None => Ok(instance_dir(data)?.join("instance.key")),
    }
}

/// The session of `candor sign-in`.
pub(crate) fn session_file(data: &Path) -> Result<PathBuf, Stop> {
    Ok(instance_dir(data)?.join("session"))
}

/// The socket of a running server.
pub(crate) fn socket(data: &Path) -> PathBuf {
    absolute(data).join("candor.sock")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_folder_has_one_name_however_it_is_written() {
        let dir = tempfile::tempdir().unwrap();
        let plain = dir.path().join("data");
        let odd = dir.path().join(".").join("data");
        assert_eq!(absolute(&plain), absolute(&odd));
        std::os::unix::fs::symlink(dir.path(), dir.path().join("link")).unwrap();
        assert_eq!(absolute(&dir.path().join("link/data")), absolute(&plain));
    }
}
