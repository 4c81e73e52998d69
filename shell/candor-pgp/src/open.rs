//! Secret keys, and opening what was encrypted to them.
//!
//! Invariants: an [`Opener`] exists only when its keys are unlocked by what was given; data
//! without protection against change is never opened; what is inside of something opened is
//! read in pieces.
//!
//! Deliberately absent: secret keys on cards, messages under a passphrase alone, signatures
//! in a message (they are passed over, not believed).

use std::fmt;
use std::io::{self, BufRead, Read};

use pgp::composed::{
    DecryptionOptions, Deserializable as _, Edata, Message, SignedSecretKey, TheRing,
};
use pgp::types::{Password, Seipdv1ReadMode};

use crate::certificate::{CertificateError, MAX_KEY_FILE};

/// Recipients of one message.
const MOST_KEYS: usize = 200;
/// How deep packed data may lie in packed data.
const DEPTH: usize = 4;

/// The secret keys of a file; perhaps locked with a passphrase.
pub struct SecretKeys(Vec<SignedSecretKey>);

impl fmt::Debug for SecretKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKeys({})", self.0.len())
    }
}

/// Why a secret key cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnlockError {
    /// It is locked, and no passphrase was given.
    #[error("secret key locked, no passphrase given")]
    Locked,
    /// The passphrase does not unlock it.
    #[error("passphrase does not unlock the secret key")]
    WrongPassphrase,
}

/// Unlocked secret keys.
pub struct Opener {
    keys: Vec<SignedSecretKey>,
    passphrase: Password,
}

impl fmt::Debug for Opener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Opener({})", self.keys.len())
    }
}

/// Whether these bytes hold a secret key.
pub(crate) fn holds_secret(bytes: &[u8]) -> bool {
    SignedSecretKey::from_reader_many(bytes)
        .is_ok_and(|(mut found, _)| found.next().is_some_and(|key| key.is_ok()))
}

impl SecretKeys {
    /// Reads the secret keys of a file, armoured or binary.
    ///
    /// # Errors
    /// When there is none, or too much.
    pub fn parse(bytes: &[u8]) -> Result<Self, CertificateError> {
        if bytes.len() > MAX_KEY_FILE {
            return Err(CertificateError::TooLong);
        }
        let unreadable = |why: pgp::errors::Error| CertificateError::Unreadable(why.to_string());
        let (found, _) = SignedSecretKey::from_reader_many(bytes).map_err(unreadable)?;
        let keys: Vec<_> = found.collect::<Result<_, _>>().map_err(unreadable)?;
        if keys.is_empty() {
            return Err(CertificateError::Unreadable("no secret key".to_owned()));
        }
        Ok(Self(keys))
    }

    /// Whether a passphrase is needed.
    pub fn is_locked(&self) -> bool {
        self.0.iter().any(|key| !opens(key, &Password::empty()))
    }

    /// Unlocks them. One that stays locked among others is no harm.
    ///
    /// # Errors
    /// When none of them is unlocked.
    pub fn unlock(self, passphrase: Option<&str>) -> Result<Opener, UnlockError> {
        let given = passphrase.map_or_else(Password::empty, Password::from);
        if self.0.iter().any(|key| opens(key, &given)) {
            return Ok(Opener {
                keys: self.0,
                passphrase: given,
            });
        }
        Err(if passphrase.is_some() {
            UnlockError::WrongPassphrase
        } else {
            UnlockError::Locked
        })
    }
}

/// Whether a passphrase opens a key: one of its subkeys, or itself when it has none.
fn opens(key: &SignedSecretKey, passphrase: &Password) -> bool {
    let mut subkeys = key.secret_subkeys.iter();
    if key.secret_subkeys.is_empty() {
        key.primary_key.unlock(passphrase, |_, _| Ok(())).is_ok()
    } else {
        subkeys.any(|sub| sub.key.unlock(passphrase, |_, _| Ok(())).is_ok())
    }
}

/// Why something cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// It is no OpenPGP message, or its head is damaged.
    #[error("no OpenPGP message, or its head is damaged: {0}")]
    Unreadable(String),
    /// It is encrypted to others.
    #[error("not encrypted to this secret key")]
    NotForThisKey,
    /// It is not encrypted, or in a form without protection against change.
    #[error("not encrypted in a form that is protected against change")]
    Unprotected,
}

impl OpenError {
    /// For the person; goes on after the name of the file and a colon.
    pub const fn for_person(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "it is not an OpenPGP file, or its head is damaged",
            Self::NotForThisKey => {
                "it was made for other recipients; this secret key does not open it"
            }
            Self::Unprotected => {
                "it is not encrypted in a form that is protected against change, and is not read"
            }
        }
    }
}

/// What is inside. Nothing of it is known to be genuine before its end was read without an
/// error: a changed message may be noticed only there, as [`io::ErrorKind::InvalidData`].
pub struct Opened<'a>(Message<'a>);

impl fmt::Debug for Opened<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opened(..)")
    }
}

impl Read for Opened<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|why| {
            if why.raw_os_error().is_some() {
                return why; // the file below it
            }
            io::Error::new(io::ErrorKind::InvalidData, "changed or cut off")
        })
    }
}

impl Opened<'_> {
    /// Whether the owner of a certificate signed it, once it was read to its end: `None` when
    /// nobody signed it.
    pub(crate) fn is_signed_by(&self, signer: &crate::Certificate) -> Option<bool> {
        if !self.0.is_signed() {
            return None;
        }
        let key = signer.key();
        let mut keys: Vec<&dyn pgp::types::VerifyingKey> = vec![key];
        for sub in &key.public_subkeys {
            let genuine = |s: &pgp::packet::Signature| {
                s.verify_subkey_binding(&key.primary_key, &sub.key).is_ok()
            };
            if sub.signatures.iter().any(genuine) {
                keys.push(&sub.key);
            }
        }
        Some(keys.iter().any(|key| self.0.verify(*key).is_ok()))
    }
}

impl Opener {
    /// Opens a message, armoured or binary.
    ///
    /// # Errors
    /// When its head cannot be read, or it is for others.
    pub fn open<'a>(
        &self,
        input: impl BufRead + fmt::Debug + Send + 'a,
    ) -> Result<Opened<'a>, OpenError> {
        let unreadable = |why: pgp::errors::Error| OpenError::Unreadable(why.to_string());
        let (message, _) = Message::from_reader(input).map_err(unreadable)?;
        match &message {
            // Each key that is named costs work with each key of ours.
            Message::Encrypted { esk, .. } if esk.len() > MOST_KEYS => {
                return Err(OpenError::Unreadable("too many recipients".to_owned()));
            }
            Message::Encrypted {
                edata: Edata::SymEncryptedProtectedData { .. },
                ..
            } => {}
            _ => return Err(OpenError::Unprotected),
        }
        let ring = TheRing {
            secret_keys: self.keys.iter().collect(),
            key_passwords: vec![&self.passphrase],
            decrypt_options: DecryptionOptions::new()
                .set_seipdv1_read_mode(Seipdv1ReadMode::Streaming),
            ..TheRing::default()
        };
        let opened = message.decrypt_the_ring(ring, true);
        let (mut inner, _) = opened.map_err(|why| match why {
            pgp::errors::Error::MissingKey => OpenError::NotForThisKey,
            other => unreadable(other),
        })?;
        for _ in 0..DEPTH {
            if !inner.is_compressed() {
                break;
            }
            inner = inner.decompress().map_err(unreadable)?;
        }
        if inner.is_encrypted() || inner.is_compressed() {
            let why = "packed or encrypted more than once".to_owned();
            return Err(OpenError::Unreadable(why));
        }
        Ok(Opened(inner))
    }
}
