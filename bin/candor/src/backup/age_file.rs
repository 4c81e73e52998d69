//! Backups for age recipients.
//!
//! Invariant: no error repeats an identity.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;

use age::secrecy::ExposeSecret as _;
use age::x25519::{Identity, Recipient};
use candor_base::Instant;
use candor_store::{CopyError, InstanceKey, Origin, write_copy};
use zeroize::Zeroizing;

use super::file::{Hashed, Sealed, cannot_write, new_file};
use crate::stop::Stop;

/// Who can open a backup.
pub(crate) fn recipients(names: &[String]) -> Result<Vec<Recipient>, Stop> {
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

/// Writes a backup, encrypted to these recipients.
pub(super) fn sealed(
    from: &Origin,
    key: &InstanceKey,
    file: File,
    recipients: &[Recipient],
    now: Instant,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Sealed, CopyError> {
    let to = recipients.iter().map(|r| r as &dyn age::Recipient);
    let cannot = |why: age::EncryptError| CopyError::Io(io::Error::other(why.to_string()));
    let age = age::Encryptor::with_recipients(to).map_err(cannot)?;
    let out = age.wrap_output(Hashed::new(file)).map_err(CopyError::Io)?;
    let (summary, out) = write_copy(from, key, now, out, progress)?;
    let hashed = out.finish().map_err(CopyError::Io)?;
    Sealed::of(summary, hashed)
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
    use super::*;

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
