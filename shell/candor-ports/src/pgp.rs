//! OpenPGP, as far as use cases need it: a key of one's own, opening, encrypting.
//!
//! Invariants: no error holds anything of a secret or of a text; what is opened is whole and
//! unchanged, or not given.

use candor_base::Instant;

/// A key of a program, as it is made.
#[derive(Clone, PartialEq, Eq)]
pub struct OwnKey {
    /// The secret key, binary. To be sealed at once.
    pub secret: Vec<u8>,
    /// The certificate, binary.
    pub certificate: Vec<u8>,
    /// The certificate, armoured.
    pub armored: String,
    /// Its fingerprint, in hexadecimal capitals.
    pub fingerprint: String,
}

impl std::fmt::Debug for OwnKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[key {}]", self.fingerprint)
    }
}

/// The certificate of somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TheirCertificate {
    /// Its fingerprint, in hexadecimal capitals.
    pub fingerprint: String,
    /// The mail addresses that it names for itself, in small letters.
    pub addresses: Vec<String>,
    /// Why nothing can be encrypted to it now, for the person; `None`: it can.
    pub refused: Option<String>,
}

/// Why a message was not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotOpened {
    /// It is no message, damaged, or without protection against change.
    #[error("it is damaged, or not protected against change")]
    Damaged,
    /// It was made for other keys.
    #[error("it was made for another key")]
    ForOthers,
    /// It unpacks to more than is read.
    #[error("it unpacks to more than may be attached")]
    TooLarge,
}

/// What was in a message.
#[derive(Clone, PartialEq, Eq)]
pub struct OpenedMessage {
    /// The bytes.
    pub plain: Vec<u8>,
    /// Whether the certificate that was asked about signed it; `None`: nobody was asked
    /// about, or nobody signed it.
    pub signed: Option<bool>,
}

impl std::fmt::Debug for OpenedMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[message of {} bytes]", self.plain.len())
    }
}

/// OpenPGP. A key that cannot be used is an error for the operator, in words.
pub trait OpenPgp: Send + Sync + std::fmt::Debug {
    /// Makes a key for a user id (`Lantern <security@lantern.test>`), with a part for
    /// signing and one for encryption that every program reads.
    fn make(&self, user: &str, at: Instant) -> Result<OwnKey, String>;
    /// Reads the certificate of somebody else; else why these bytes are none, in sentences for
    /// the person.
    fn certificate(&self, bytes: &[u8], at: Instant) -> Result<TheirCertificate, String>;
    /// Opens a message, armoured or binary, with one of these secret keys; `most` bytes at
    /// the most.
    fn open(
        &self,
        secrets: &[Vec<u8>],
        message: &[u8],
        signer: Option<&[u8]>,
        most: usize,
    ) -> Result<OpenedMessage, NotOpened>;
    /// The name under which a Web Key Directory holds the key for what stands before the @ of
    /// an address, in small letters.
    fn directory_name(&self, local: &str) -> String;
    /// Encrypts to a certificate and signs with a secret key; armoured.
    fn seal(&self, plain: &[u8], to: &[u8], secret: &[u8], at: Instant) -> Result<Vec<u8>, String>;
}
