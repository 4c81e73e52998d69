//! The files of the repository, read once.
//!
//! Deliberately absent: what git ignores, binary files, and anything above the root.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

/// Text files by their path from the root, with slashes.
pub(crate) type Tree = BTreeMap<String, String>;

/// The root of the repository: the folder above `support/xtask`.
pub(crate) fn root() -> Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors()
        .nth(2)
        .map(Path::to_path_buf)
        .context("xtask does not lie in support/xtask")
}

/// Runs git in the root and gives what it printed.
pub(crate) fn git(root: &Path, args: &[&str]) -> Result<Vec<u8>> {
    let out = Command::new("git")
        .args(["-c", "safe.directory=*", "-c", "core.quotepath=off"])
        .args(args)
        .current_dir(root)
        .output()
        .context("git could not be started")?;
    if !out.status.success() {
        bail!(
            "git {}: {}",
            args.join(" "),
            String::from_utf8_lossy(&out.stderr).trim()
        );
    }
    Ok(out.stdout)
}

/// Reads every text file that git knows or would take.
pub(crate) fn load(root: &Path) -> Result<Tree> {
    let listed = git(root, &["ls-files", "-z", "-co", "--exclude-standard"])?;
    let mut tree = Tree::new();
    for name in listed.split(|b| *b == 0).filter(|n| !n.is_empty()) {
        let name = String::from_utf8_lossy(name).into_owned();
        let Ok(bytes) = std::fs::read(root.join(&name)) else {
            continue; // deleted, but not yet committed
        };
        if let Ok(text) = String::from_utf8(bytes)
            && !text.contains('\0')
        {
            tree.insert(name, text);
        }
    }
    Ok(tree)
}

/// Files with one of these endings.
pub(crate) fn with_ending<'a>(
    tree: &'a Tree,
    endings: &'a [&'a str],
) -> impl Iterator<Item = (&'a str, &'a str)> {
    tree.iter()
        .filter(|(path, _)| endings.iter().any(|e| path.ends_with(e)))
        .map(|(path, text)| (path.as_str(), text.as_str()))
}

#[cfg(test)]
pub(crate) fn tree_of(files: &[(&str, &str)]) -> Tree {
    files
        .iter()
        .map(|(p, t)| ((*p).to_owned(), (*t).to_owned()))
        .collect()
}
