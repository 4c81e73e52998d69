//! Backups for OpenPGP certificates.
//!
//! Invariants: what is encrypted passes through a pipe, never over a disk; memory is bounded;
//! no error repeats a passphrase or anything of a secret key.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write as _};
use std::path::{Path, PathBuf};

use candor_base::Instant;
use candor_pgp::{
    Certificate, MAX_KEY_FILE, Opener, Recipient, SealError, SecretKeys, UnlockError,
};
use candor_store::{CopyError, InstanceKey, Origin, write_copy};
use zeroize::Zeroizing;

use super::file::{Hashed, Recipients, Sealed};
use crate::stop::Stop;
use crate::terminal;

/// The environment variable that holds the passphrase of a secret key.
const PASSPHRASE: &str = "CANDOR_OPENPGP_PASSPHRASE";
/// How long before its end a certificate is an alarm, in seconds.
const SOON: i64 = 30 * 86_400;

/// A file of keys; one byte more than is taken, so that a longer one is noticed.
fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, Stop> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(64 * 1024));
    let most = u64::try_from(MAX_KEY_FILE).unwrap_or(u64::MAX);
    File::open(path)
        .and_then(|file| file.take(most.saturating_add(1)).read_to_end(&mut bytes))
        .map_err(|why| Stop::input(format!("{} cannot be read: {why}.", path.display())))?;
    Ok(bytes)
}

/// Reads a certificate. Whether it is valid is another question.
pub(super) fn certificate(path: &Path) -> Result<Certificate, Stop> {
    Certificate::parse(&read(path)?)
        .map_err(|why| Stop::input(format!("{} {}.", path.display(), why.for_person())))
}

fn recipient(path: &Path, now: Instant) -> Result<Recipient, Stop> {
    certificate(path)?.recipient(now).map_err(|why| {
        let what = why.for_person();
        Stop::input(format!(
            "No backup can be made for {}. {what}",
            path.display()
        ))
    })
}

/// Who can open a backup that is made at this moment.
pub(super) fn recipients(files: &[PathBuf], now: Instant) -> Result<Recipients, Stop> {
    let found: Result<_, Stop> = files.iter().map(|file| recipient(file, now)).collect();
    found.map(Recipients::OpenPgp)
}

/// Which certificate ends soon, in words.
pub(super) fn soon(files: &[PathBuf], now: Instant) -> Option<String> {
    files.iter().find_map(|file| {
        let until = recipient(file, now).ok()?.until()?;
        (until.seconds_since(now) < SOON).then(|| {
            format!(
                "The certificate {} ends at {until}; after that no backup can be made for it. Its \
                 owner can extend it with `gpg --quick-set-expire` and export it again.",
                file.display()
            )
        })
    })
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
    let (clear, into) = io::pipe().map_err(CopyError::Io)?;
    let (written, sealed) = std::thread::scope(|scope| {
        let sealing = scope.spawn(move || {
            let mut hashed = Hashed::new(file);
            candor_pgp::seal(clear, &mut hashed, recipients).map(|()| hashed)
        });
        let out = BufWriter::with_capacity(64 * 1024, into);
        // Its end closes the pipe, which ends the other thread.
        let written = write_copy(from, key, now, out, progress).and_then(|(summary, mut out)| {
            out.flush().map_err(CopyError::Io)?;
            Ok(summary)
        });
        (written, sealing.join())
    });
    // When the encryption fails, the pipe breaks: its reason is the one to say.
    let hashed = match sealed {
        Ok(Ok(hashed)) => hashed,
        Ok(Err(SealError::Io(why))) => return Err(CopyError::Io(why)),
        Ok(Err(why)) => return Err(CopyError::Io(io::Error::other(why.to_string()))),
        Err(_) => return Err(CopyError::Io(io::Error::other("the encryption broke off"))),
    };
    Sealed::of(written?, hashed)
}

/// Reads a secret key and unlocks it.
pub(super) fn secret_key(path: &Path, passphrase: Option<&Path>) -> Result<Opener, Stop> {
    let named = path.display();
    let keys = SecretKeys::parse(&read(path)?).map_err(|_| {
        Stop::input(format!(
            "{named} holds no OpenPGP secret key that can be read. `gpg --export-secret-keys \
             --armor NAME` writes one."
        ))
    })?;
    let phrase = match passphrase {
        Some(file) => Some(line_of(file)?),
        None if keys.is_locked() => asked(&named.to_string())?,
        None => None,
    };
    keys.unlock(phrase.as_ref().map(|phrase| phrase.as_str()))
        .map_err(|why| {
            Stop::input(match why {
                UnlockError::Locked => format!(
                    "{named} is locked. Give its passphrase with --passphrase-file or in the \
                     environment variable {PASSPHRASE}."
                ),
                UnlockError::WrongPassphrase => format!(
                    "The passphrase does not unlock {named}. A key that lies on a card cannot be \
                     used: decrypt with gpg and give the result on standard input, with - for the file."
                ),
            })
        })
}

/// The passphrase in the environment, or from whoever sits there.
fn asked(named: &str) -> Result<Option<Zeroizing<String>>, Stop> {
    if let Ok(phrase) = std::env::var(PASSPHRASE) {
        return Ok(Some(Zeroizing::new(phrase)));
    }
    if !terminal::is_there() {
        return Ok(None);
    }
    let phrase = terminal::ask_secret(&format!("Passphrase of {named}:"))?;
    Ok(Some(Zeroizing::new(phrase)))
}

/// The first line of a file.
fn line_of(path: &Path) -> Result<Zeroizing<String>, Stop> {
    let mut text = Zeroizing::new(String::new());
    File::open(path)
        .and_then(|file| file.take(64 * 1024).read_to_string(&mut text))
        .map_err(|why| Stop::input(format!("{} cannot be read: {why}.", path.display())))?;
    Ok(Zeroizing::new(
        text.lines().next().unwrap_or_default().to_owned(),
    ))
}

/// Opens a backup: what comes out is not yet known to be whole.
pub(super) fn open(path: &Path, opener: &Opener) -> Result<impl Read + use<>, Stop> {
    let file = File::open(path)
        .map_err(|why| Stop::input(format!("{} cannot be read: {why}.", path.display())))?;
    opener
        .open(BufReader::with_capacity(256 * 1024, file))
        .map_err(|why| Stop::refused(format!("{}: {}.", path.display(), why.for_person())))
}
