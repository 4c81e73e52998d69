//! Folders and files that only their owner can read, and writes that survive power loss.
//!
//! Invariant: nothing here replaces or changes a file that exists already.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

use crate::error::OpenError;

/// The lock file; its content means nothing.
const LOCK: &str = "candor.lock";

/// Makes a folder and its parents, readable by the owner only; leaves existing ones as they
/// are. The names of those it made are durable.
pub(crate) fn make_private(path: &Path) -> io::Result<()> {
    let is_missing = |path: &&Path| !path.as_os_str().is_empty() && !path.is_dir();
    let missing: Vec<&Path> = path.ancestors().take_while(is_missing).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)?;
    missing.into_iter().try_for_each(settle)
}

/// Makes the name of a folder durable, in the folder above it. One above that we may not
/// read is somebody else's, and so is what becomes of its names.
pub(crate) fn settle(folder: &Path) -> io::Result<()> {
    match folder.parent().map_or(Ok(()), sync) {
        Err(e) if e.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        other => other,
    }
}

/// New files get mode 0600.
pub(crate) fn owner_only(options: &mut OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    #[cfg(not(unix))]
    let _ = options;
}

/// Takes the data directory for this process as long as the file is open; makes the
/// directory when it is not there.
pub fn hold(folder: &Path) -> Result<File, OpenError> {
    let not_writable = |path: &Path, source: io::Error| OpenError::NotWritable {
        path: path.to_owned(),
        source,
    };
    make_private(folder).map_err(|e| not_writable(folder, e))?;
    let path = folder.join(LOCK);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    owner_only(&mut options);
    let file = options.open(&path).map_err(|e| not_writable(&path, e))?;
    match file.try_lock() {
        // A start that was cut off may have made the folder and not its name.
        Ok(()) => sync(folder)
            .and_then(|()| settle(folder))
            .map(|()| file)
            .map_err(|e| not_writable(folder, e)),
        Err(TryLockError::WouldBlock) => Err(OpenError::Locked {
            path: folder.to_owned(),
        }),
        Err(TryLockError::Error(e)) => Err(OpenError::Io {
            path,
            why: e.to_string(),
        }),
    }
}

/// The permission bits of a file that others than its owner can use.
pub(crate) fn open_to_others(file: &File) -> io::Result<Option<u32>> {
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata()?.permissions()) & 0o777;
        Ok((mode & 0o077 != 0).then_some(mode))
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        Ok(None)
    }
}

/// Makes the names in a folder durable: a new file is only safe once its folder is.
pub(crate) fn sync(folder: &Path) -> io::Result<()> {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Writes a new file durably: under a temporary name, fsync, rename, fsync of the folder.
///
/// The caller picks a name that nobody else uses (random).
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::io::Write as _;
    if path.exists() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let temp = path.with_extension("tmp");
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    owner_only(&mut options);
    let written = options.open(&temp).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temp, path)
    });
    if let Err(e) = written {
        let _ = fs::remove_file(&temp);
        return Err(e);
    }
    path.parent().map_or(Ok(()), sync)
}
