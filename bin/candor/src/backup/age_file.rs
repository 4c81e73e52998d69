//! A backup as a file: encrypted with age while it is written, never in clear on a disk.
//!
//! Invariants: a file appears under its name only when it is whole and durable; none is
//! replaced; what lies on the disk was read again and is what was written.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use age::secrecy::ExposeSecret as _;
use age::x25519::{Identity, Recipient};
use candor_base::Instant;
use candor_store::{CopyError, InstanceKey, Origin, Summary, write_copy};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::stop::Stop;

/// The ending of our names.
pub(super) const ENDING: &str = "age";

/// Who can open a backup.
pub(crate) fn recipients(names: &[String]) -> Result<Vec<Recipient>, Stop> {
    if names.is_empty() {
        return Err(Stop::input("A backup needs at least one recipient."));
    }
    names
        .iter()
        .map(|name| {
            name.trim().parse().map_err(|why: &str| {
                Stop::input(format!(
                    "{name} is not an age recipient: {why}. It begins with age1; \
                     `candor backup --make-identity FILE` makes one."
                ))
            })
        })
        .collect()
}

/// Makes an identity in a new file; gives its recipient.
pub(super) fn make_identity(path: &Path) -> Result<String, Stop> {
    let identity = Identity::generate();
    let recipient = identity.to_public().to_string();
    let secret = identity.to_string();
    let text = Zeroizing::new(format!(
        "# public key: {recipient}\n{}\n",
        secret.expose_secret()
    ));
    let written = new_file(path).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|why| cannot_write(path, &why))?;
    Ok(recipient)
}

/// Reads the identities of a file.
pub(super) fn identities(path: &Path) -> Result<Vec<Identity>, Stop> {
    let unusable = |why: &str| {
        Stop::input(format!(
            "{} holds no age identity: {why}. A line of it begins with AGE-SECRET-KEY-1.",
            path.display()
        ))
    };
    let mut text = Zeroizing::new(String::new());
    File::open(path)
        .and_then(|file| file.take(1024 * 1024).read_to_string(&mut text))
        .map_err(|why| Stop::input(format!("{} cannot be read: {why}.", path.display())))?;
    let lines = text.lines().map(str::trim);
    let found: Result<Vec<Identity>, &str> = lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::parse)
        .collect();
    let found = found.map_err(|_| unusable("one of its lines is something else"))?;
    if found.is_empty() {
        return Err(unusable("it is empty"));
    }
    Ok(found)
}

fn new_file(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

fn cannot_write(path: &Path, why: &io::Error) -> Stop {
    let what = if why.kind() == io::ErrorKind::AlreadyExists {
        "there is a file already, and none is written over".to_owned()
    } else {
        why.to_string()
    };
    Stop::environment(format!("{} cannot be written: {what}.", path.display()))
}

/// Bytes on their way to the disk, counted and hashed.
struct Hashed<W> {
    inner: W,
    sum: Sha256,
    bytes: u64,
}

impl<W: Write> Write for Hashed<W> {
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

/// The name of a backup of this moment.
fn name_at(now: Instant) -> String {
    let at = now.timestamp().strftime("%Y%m%dT%H%M%SZ");
    format!("candor-{at}.{ENDING}")
}

/// Writes a backup to a file, or into a folder, and reads it again.
pub(crate) fn write(
    from: &Origin,
    key: &InstanceKey,
    to: &Path,
    recipients: &[Recipient],
    now: Instant,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Written, Stop> {
    let path = if to.is_dir() {
        to.join(name_at(now))
    } else {
        to.to_owned()
    };
    if path.exists() {
        return Err(cannot_write(&path, &io::ErrorKind::AlreadyExists.into()));
    }
    let part = path.with_extension("part");
    let file = new_file(&part).map_err(|why| cannot_write(&part, &why))?;
    let made = sealed(from, key, file, recipients, now, progress).and_then(
        |(summary, file, sum, bytes)| {
            file.sync_all().map_err(CopyError::Io)?;
            drop(file);
            if read_sum(&part).map_err(CopyError::Io)? != sum {
                let why = "what the disk gives back is not what was written";
                return Err(CopyError::Io(io::Error::other(why)));
            }
            std::fs::rename(&part, &path).map_err(CopyError::Io)?;
            let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
            File::open(folder.unwrap_or(Path::new(".")))
                .and_then(|folder| folder.sync_all())
                .map_err(CopyError::Io)?;
            Ok((summary, bytes))
        },
    );
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

type Sum = [u8; 32];
type Sealed = (Summary, File, Sum, u64);

fn sealed(
    from: &Origin,
    key: &InstanceKey,
    file: File,
    recipients: &[Recipient],
    now: Instant,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Sealed, CopyError> {
    let hashed = Hashed {
        inner: BufWriter::with_capacity(256 * 1024, file),
        sum: Sha256::new(),
        bytes: 0,
    };
    let to = recipients.iter().map(|r| r as &dyn age::Recipient);
    let cannot = |why: age::EncryptError| CopyError::Io(io::Error::other(why.to_string()));
    let age = age::Encryptor::with_recipients(to).map_err(cannot)?;
    let out = age.wrap_output(hashed).map_err(CopyError::Io)?;
    let (summary, out) = write_copy(from, key, now, out, progress)?;
    let mut hashed = out.finish().map_err(CopyError::Io)?;
    hashed.flush().map_err(CopyError::Io)?;
    let file = hashed
        .inner
        .into_inner()
        .map_err(|why| CopyError::Io(why.into_error()))?;
    Ok((summary, file, hashed.sum.finalize().into(), hashed.bytes))
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

/// Opens a backup: what comes out is not yet known to be whole.
pub(super) fn open(path: &Path, identities: &[Identity]) -> Result<impl Read + use<>, Stop> {
    let file = File::open(path)
        .map_err(|why| Stop::input(format!("{} cannot be read: {why}.", path.display())))?;
    let refused = |why: age::DecryptError| {
        let what = match why {
            age::DecryptError::NoMatchingKeys => {
                "it was made for other recipients; this identity does not open it"
            }
            age::DecryptError::UnknownFormat => "it is of a newer form of age",
            age::DecryptError::InvalidHeader => "it is not an age file, or its head is damaged",
            _ => "its head is damaged",
        };
        Stop::refused(format!("{}: {what}.", path.display()))
    };
    let buffered = BufReader::with_capacity(256 * 1024, file);
    let age = age::Decryptor::new_buffered(buffered).map_err(refused)?;
    age.decrypt(identities.iter().map(|i| i as &dyn age::Identity))
        .map_err(refused)
}

#[cfg(test)]
mod tests {
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
        let to = [identity.to_public()];
        write(&from, &key, &path, &to, now, &mut |_, _| {}).unwrap();
        let whole = std::fs::read(&path).unwrap();
        let identities = [identity];
        let holds = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            open(&path, &identities).is_ok_and(|input| check_copy(input, Some(&key)).is_ok())
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
    fn an_identity_is_made_once_and_read_back() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("identity.txt");
        let recipient = make_identity(&path).unwrap();
        let found = identities(&path).unwrap();
        assert_eq!(found[0].to_public().to_string(), recipient);
        assert!(make_identity(&path).is_err());
        std::fs::write(&path, "AGE-SECRET-KEY-1NONSENSE\n").unwrap();
        let said = identities(&path).map(|_| ()).unwrap_err().message;
        assert!(!said.contains("NONSENSE"), "{said}");
    }
}
