//! A backup as a file: encrypted while it is written, never in clear on a disk.
//!
//! Invariants: a file appears under its name only when it is whole and durable; none is
//! replaced; what lies on the disk was read again and is what was written; each file is of
//! one form, for age recipients or for OpenPGP certificates.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use candor_base::Instant;
use candor_store::{CopyError, InstanceKey, Origin, Summary};
use sha2::{Digest as _, Sha256};

use super::{age_file, pgp_file};
use crate::stop::Stop;

/// The endings of our names, one for each form.
const ENDINGS: [&str; 2] = ["age", "pgp"];

/// Who can open a backup.
pub(super) enum Recipients {
    /// By an age identity.
    Age(Vec<age::x25519::Recipient>),
    /// By an OpenPGP secret key.
    OpenPgp(Vec<candor_pgp::Recipient>),
}

impl Recipients {
    const fn ending(&self) -> &'static str {
        let [age, pgp] = ENDINGS;
        match self {
            Self::Age(_) => age,
            Self::OpenPgp(_) => pgp,
        }
    }
}

pub(super) fn new_file(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

pub(super) fn cannot_write(path: &Path, why: &io::Error) -> Stop {
    let what = if why.kind() == io::ErrorKind::AlreadyExists {
        "there is a file already, and none is written over".to_owned()
    } else {
        why.to_string()
    };
    Stop::environment(format!("{} cannot be written: {what}.", path.display()))
}

/// Bytes on their way to the disk, counted and hashed.
pub(super) struct Hashed {
    inner: BufWriter<File>,
    sum: Sha256,
    bytes: u64,
}

impl Hashed {
    pub(super) fn new(file: File) -> Self {
        Self {
            inner: BufWriter::with_capacity(256 * 1024, file),
            sum: Sha256::new(),
            bytes: 0,
        }
    }
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.sum.update(bytes.get(..written).unwrap_or_default());
        self.bytes = self
            .bytes
            .saturating_add(u64::try_from(written).unwrap_or(0));
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// A backup that was written.
#[derive(Debug)]
pub(crate) struct Written {
    /// Where it lies.
    pub(crate) path: PathBuf,
    /// Its size in bytes.
    pub(crate) bytes: u64,
    /// What is in it.
    pub(crate) summary: Summary,
}

type Sum = [u8; 32];

/// What was written, before it is on the disk for good.
pub(super) struct Sealed {
    summary: Summary,
    file: File,
    sum: Sum,
    bytes: u64,
}

impl Sealed {
    /// Ends the writing.
    pub(super) fn of(summary: Summary, mut hashed: Hashed) -> Result<Self, CopyError> {
        hashed.flush().map_err(CopyError::Io)?;
        let into_inner = hashed.inner.into_inner();
        let file = into_inner.map_err(|why| CopyError::Io(why.into_error()))?;
        Ok(Self {
            summary,
            file,
            sum: hashed.sum.finalize().into(),
            bytes: hashed.bytes,
        })
    }
}

/// The name of a backup of this moment.
fn name_at(now: Instant, ending: &str) -> String {
    let at = now.timestamp().strftime("%Y%m%dT%H%M%SZ");
    format!("candor-{at}.{ending}")
}

/// The moment in `candor-20261123T061500Z.age`, when it is a name of ours.
pub(super) fn time_of(path: &Path) -> Option<Instant> {
    let name = path.file_name()?.to_str()?;
    let (stem, ending) = name.rsplit_once('.')?;
    if !ENDINGS.contains(&ending) {
        return None;
    }
    let time = stem.strip_prefix("candor-")?.strip_suffix('Z')?;
    let time = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%S", time).ok()?;
    let at = time.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Instant::from(at.timestamp()))
}

/// Writes a backup to a file, or into a folder, and reads it again.
pub(super) fn write(
    from: &Origin,
    key: &InstanceKey,
    to: &Path,
    recipients: &Recipients,
    now: Instant,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Written, Stop> {
    let path = if to.is_dir() {
        to.join(name_at(now, recipients.ending()))
    } else {
        to.to_owned()
    };
    if path.exists() {
        return Err(cannot_write(&path, &io::ErrorKind::AlreadyExists.into()));
    }
    let part = path.with_extension("part");
    let file = new_file(&part).map_err(|why| cannot_write(&part, &why))?;
    let sealed = match recipients {
        Recipients::Age(to) => age_file::sealed(from, key, file, to, now, progress),
        Recipients::OpenPgp(to) => pgp_file::sealed(from, key, file, to, now, progress),
    };
    let made = sealed.and_then(|sealed| settle(sealed, &part, &path));
    match made {
        Ok((summary, bytes)) => Ok(Written {
            path,
            bytes,
            summary,
        }),
        Err(why) => {
            let _ = std::fs::remove_file(&part);
            Err(Stop::environment(format!(
                "No backup was written to {}: {}",
                path.display(),
                why.for_person()
            )))
        }
    }
}

/// Makes it durable, reads it again, and gives it its name.
fn settle(sealed: Sealed, part: &Path, path: &Path) -> Result<(Summary, u64), CopyError> {
    sealed.file.sync_all().map_err(CopyError::Io)?;
    drop(sealed.file);
    if read_sum(part).map_err(CopyError::Io)? != sealed.sum {
        let why = "what the disk gives back is not what was written";
        return Err(CopyError::Io(io::Error::other(why)));
    }
    std::fs::rename(part, path).map_err(CopyError::Io)?;
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))
        .and_then(|folder| folder.sync_all())
        .map_err(CopyError::Io)?;
    Ok((sealed.summary, sealed.bytes))
}

fn read_sum(path: &Path) -> io::Result<Sum> {
    let mut file = File::open(path)?;
    let mut sum = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(sum.finalize().into());
        }
        sum.update(buffer.get(..read).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use age::x25519::Identity;
    use candor_store::{SealedStore, check_copy};

    use super::*;

    #[test]
    fn a_thousand_changes_of_the_file_are_all_refused() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        let key = InstanceKey::from_bytes([42; 32]);
        drop(SealedStore::open(&data, &key).unwrap());
        let identity = Identity::generate();
        let path = dir.path().join("one.age");
        let now = Instant::from_unix(1_795_414_500).unwrap();
        let from = Origin::folder(&data);
        let to = Recipients::Age(vec![identity.to_public()]);
        write(&from, &key, &path, &to, now, &mut |_, _| {}).unwrap();
        let whole = std::fs::read(&path).unwrap();
        let identities = [identity];
        let holds = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            age_file::open(&path, &identities)
                .is_ok_and(|input| check_copy(input, Some(&key)).is_ok())
        };
        assert!(holds(&whole));
        let mut state = 7_u64;
        let mut next = |below: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            usize::try_from(state >> 33).unwrap() % below
        };
        for round in 0..1_000 {
            let at = next(whole.len());
            let mut bent = whole.clone();
            match round % 3 {
                0 => bent[at] ^= 1 << next(8),
                1 => bent.truncate(at),
                _ => bent.swap(at, next(whole.len())),
            }
            assert!(bent == whole || !holds(&bent), "round {round}, byte {at}");
        }
    }

    #[test]
    fn only_names_of_ours_count() {
        let at = |name: &str| time_of(Path::new(name)).map(|at| at.to_string());
        assert!(at("/b/candor-20261123T061500Z.age").is_some());
        assert!(at("/b/candor-20261123T061500Z.pgp").is_some());
        for other in [
            "/b/candor.age",
            "/b/notes.txt",
            "/b/candor-20261123T061500Z.part",
            "/b/candor-20261123T061500Z",
        ] {
            assert_eq!(at(other), None, "{other}");
        }
    }
}
