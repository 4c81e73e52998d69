//! Encrypting to recipients while it is read.
//!
//! Invariants: what is written is protected against change (never the old form without);
//! input of any length passes in pieces of half a megabyte; each message has a key of its own.
//!
//! Deliberately absent: signing, compression, armour.

use std::io::{self, Read, Write};

use pgp::composed::MessageBuilder;
use pgp::crypto::aead::{AeadAlgorithm, ChunkSize};
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use rand::rngs::OsRng;

use crate::certificate::{EncryptionPart, Recipient};

/// Why nothing whole was written.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// There is nobody to encrypt to.
    #[error("no recipient")]
    Nobody,
    /// Reading or writing failed.
    #[error("input or output failed: {0}")]
    Io(#[from] io::Error),
    /// The encryption failed.
    #[error("OpenPGP encryption failed: {0}")]
    Pgp(String),
}

impl SealError {
    /// For the person; goes on after a sentence that says what was not made.
    pub fn for_person(&self) -> String {
        match self {
            Self::Nobody => "Nobody is named who could open it.".to_owned(),
            Self::Io(why) => format!("{why}."),
            Self::Pgp(_) => "The encryption to its recipients failed.".to_owned(),
        }
    }
}

impl From<pgp::errors::Error> for SealError {
    fn from(why: pgp::errors::Error) -> Self {
        match why {
            pgp::errors::Error::IO { source, .. } => Self::Io(source),
            other => Self::Pgp(other.to_string()),
        }
    }
}

/// Reads to the end and writes it encrypted, so that each of the recipients can open it.
///
/// The form is the one that every program reads (`SEIPDv1`, AES-256) unless all recipients
/// say that they understand the newer one (`SEIPDv2`, OCB).
///
/// # Errors
/// When reading or writing fails; what was written then is to be thrown away.
pub fn seal(input: impl Read, output: impl Write, to: &[Recipient]) -> Result<(), SealError> {
    if to.is_empty() {
        return Err(SealError::Nobody);
    }
    let keys = || to.iter().flat_map(|recipient| &recipient.keys);
    let plain = MessageBuilder::from_reader("", input);
    if to.iter().all(|recipient| recipient.second_form) {
        let (cipher, mode) = (SymmetricKeyAlgorithm::AES256, AeadAlgorithm::Ocb);
        let mut builder = plain.seipd_v2(OsRng, cipher, mode, ChunkSize::default());
        for key in keys() {
            match key {
                EncryptionPart::Primary(key) => builder.encrypt_to_key(OsRng, key)?,
                EncryptionPart::Sub(key) => builder.encrypt_to_key(OsRng, key)?,
            };
        }
        builder.to_writer(OsRng, output)?;
    } else {
        let mut builder = plain.seipd_v1(OsRng, SymmetricKeyAlgorithm::AES256);
        for key in keys() {
            match key {
                EncryptionPart::Primary(key) => builder.encrypt_to_key(OsRng, key)?,
                EncryptionPart::Sub(key) => builder.encrypt_to_key(OsRng, key)?,
            };
        }
        builder.to_writer(OsRng, output)?;
    }
    Ok(())
}
