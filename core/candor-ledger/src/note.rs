//! Signed notes after C2SP `signed-note`, with Ed25519: sign, open, keys.
//!
//! A note is a text ending in a line feed, a blank line, and signature lines
//! `— name base64(key id, 4 bytes || signature)`. The signature covers the text
//! with its last line feed, not the blank line. The key id is the first four
//! bytes of SHA-256 over name, line feed, byte 1, public key.
//!
//! Invariants: parsing is strict (no carriage return, no control character, no
//! base64 in a second spelling); lines of unknown keys are passed over, but
//! every line that names the wanted key must verify.
//!
//! Deliberately absent: key storage, and key types other than Ed25519.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use candor_base::Digest;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use crate::framed::sha256;

/// The signature type byte of Ed25519 in C2SP notes.
const ED25519: u8 = 0x01;
/// Largest note read, in bytes; a receipt has about one thousandth of it per promise.
const MAX_NOTE: usize = 256 * 1024;
/// Most signature lines read.
const MAX_SIGNATURES: usize = 100;

/// The name of a key: not empty, at most 200 bytes, without blanks, control
/// characters or `+` (C2SP). Usually a host and path, `example.org/receipts`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyName(String);

impl KeyName {
    /// A name for a log, before it has one of its own.
    pub fn log() -> Self {
        Self("log".to_owned())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyName {
    type Err = KeyError;
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let bad = |c: char| c.is_whitespace() || c.is_control() || c == '+';
        if text.is_empty() || text.len() > 200 || text.contains(bad) {
            return Err(KeyError::Name);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text is no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The name is empty, too long, or holds a blank or a plus sign.
    #[error("the name of a key has 1 to 200 letters, without blanks and without `+`")]
    Name,
    /// Not `name+id+key`.
    #[error(
        "this is not a verifier key; it looks like `example.org/receipts+1a2b3c4d+AbCd…`, all on one line"
    )]
    Form,
    /// A type of key that is not Ed25519.
    #[error("this key is of a type that is not known here; only Ed25519 keys are")]
    Type,
    /// The id does not belong to name and key.
    #[error(
        "the three parts of this verifier key do not belong together; it was damaged or put together by hand"
    )]
    Mismatch,
}

/// The id of a key that signs in this way (C2SP).
pub(crate) fn key_id(name: &KeyName, kind: u8, public: &[u8; 32]) -> [u8; 4] {
    let mut bytes = name.0.as_bytes().to_vec();
    bytes.extend([b'\n', kind]);
    bytes.extend(public);
    let digest: Digest = sha256(&bytes);
    let [a, b, c, d, ..] = *digest.as_bytes();
    [a, b, c, d]
}

/// The public half of a signing key, with its name: `name+hex id+base64`.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: KeyName,
    id: [u8; 4],
    key: VerifyingKey,
}

impl VerifierKey {
    /// The verifier key that belongs to a secret seed (32 bytes, Ed25519).
    pub fn of_seed(name: &KeyName, seed: &[u8; 32]) -> Self {
        let key = SigningKey::from_bytes(seed).verifying_key();
        Self {
            name: name.clone(),
            id: key_id(name, ED25519, key.as_bytes()),
            key,
        }
    }

    /// The same key under another name: the key of an instance signs its receipts as
    /// `host/receipts` and its log as `host/log`.
    #[must_use]
    pub fn named(&self, name: &KeyName) -> Self {
        Self {
            name: name.clone(),
            id: key_id(name, ED25519, self.key.as_bytes()),
            key: self.key,
        }
    }

    /// The name of the key.
    pub const fn name(&self) -> &KeyName {
        &self.name
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (name, id, public) = read_key(text, ED25519)?;
        let key = VerifyingKey::from_bytes(&public).map_err(|_| KeyError::Form)?;
        Ok(Self { name, id, key })
    }
}

/// Name, id and public key of a verifier key of one kind, if the three belong together.
pub(crate) fn read_key(text: &str, wanted: u8) -> Result<(KeyName, [u8; 4], [u8; 32]), KeyError> {
    let text = text.trim();
    let (name, rest) = text.split_once('+').ok_or(KeyError::Form)?;
    // Base64 may hold a plus sign, the two parts before it may not.
    let (id, key) = rest.split_once('+').ok_or(KeyError::Form)?;
    let name: KeyName = name.parse()?;
    let bytes = STANDARD.decode(key).map_err(|_| KeyError::Form)?;
    let (kind, public) = bytes.split_first().ok_or(KeyError::Form)?;
    if *kind != wanted {
        return Err(KeyError::Type);
    }
    let public: [u8; 32] = public.try_into().map_err(|_| KeyError::Form)?;
    let made = key_id(&name, wanted, &public);
    if id == hex_id(made) {
        Ok((name, made, public))
    } else {
        Err(KeyError::Mismatch)
    }
}

/// A verifier key as it is written.
pub(crate) fn write_key(
    f: &mut fmt::Formatter<'_>,
    (name, id): (&KeyName, [u8; 4]),
    kind: u8,
    public: &[u8; 32],
) -> fmt::Result {
    let mut bytes = vec![kind];
    bytes.extend(public);
    write!(f, "{name}+{}+{}", hex_id(id), STANDARD.encode(bytes))
}

fn hex_id(id: [u8; 4]) -> String {
    format!("{:08x}", u32::from_be_bytes(id))
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_key(f, (&self.name, self.id), ED25519, self.key.as_bytes())
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why a note was not signed or not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Longer than any note.
    #[error("this file is too large to be a signed note")]
    TooLarge,
    /// Carriage returns or other control characters.
    #[error(
        "this file holds characters that no signed note has; an editor or a mail program may have changed its line ends. Use the file as it was downloaded"
    )]
    Characters,
    /// No text, no blank line, or no signature lines.
    #[error(
        "this is not a complete signed note; a text, a blank line and a line that starts with `—` are needed"
    )]
    Form,
    /// A signature line that cannot be read.
    #[error("signature line {0} cannot be read; the file was changed or damaged")]
    SignatureLine(usize),
    /// No signature of the wanted key.
    #[error("this note is not signed by {0}; is it from another server, or is this another key?")]
    UnknownKey(String),
    /// The signature does not fit the text.
    #[error("the signature does not fit the text: it was changed after it was signed")]
    BadSignature,
}

fn check_text(text: &str) -> Result<(), NoteError> {
    if text.len() > MAX_NOTE {
        return Err(NoteError::TooLarge);
    }
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(NoteError::Characters);
    }
    Ok(())
}

/// Signs a text: gives the whole note.
///
/// The text must end in a line feed and hold no blank line and no control character.
pub fn sign_note(text: &str, name: &KeyName, seed: &[u8; 32]) -> Result<String, NoteError> {
    check_text(text)?;
    if !text.ends_with('\n') || text.starts_with('\n') || text.contains("\n\n") {
        return Err(NoteError::Form);
    }
    let key = SigningKey::from_bytes(seed);
    let mut bytes = key_id(name, ED25519, key.verifying_key().as_bytes()).to_vec();
    bytes.extend(key.sign(text.as_bytes()).to_bytes());
    Ok(format!("{text}\n— {name} {}\n", STANDARD.encode(bytes)))
}

/// One signature line, split up: name, key id, signature.
pub(crate) fn signature_line(line: &str) -> Option<(KeyName, [u8; 4], Vec<u8>)> {
    let (name, base64) = line.strip_prefix("— ")?.split_once(' ')?;
    let bytes = STANDARD.decode(base64).ok()?;
    let (id, signature) = bytes.split_first_chunk::<4>()?;
    if signature.is_empty() {
        return None;
    }
    Some((name.parse().ok()?, *id, signature.to_vec()))
}

/// Text of a note, with its last line feed, and its signature lines without the last one.
///
/// Nothing is checked yet but the form.
pub(crate) fn split_note(note: &str) -> Result<(&str, &str), NoteError> {
    check_text(note)?;
    let (body, signatures) = note.rsplit_once("\n\n").ok_or(NoteError::Form)?;
    // The text keeps the first of the two line feeds.
    let text = note
        .get(..body.len().saturating_add(1))
        .ok_or(NoteError::Form)?;
    let signatures = signatures.strip_suffix('\n').ok_or(NoteError::Form)?;
    if body.is_empty() || signatures.is_empty() {
        return Err(NoteError::Form);
    }
    Ok((text, signatures))
}

/// Checks a note against a key and gives its text, with the last line feed.
///
/// The text of a note must not be used before this says yes.
pub fn open_note<'a>(note: &'a str, key: &VerifierKey) -> Result<&'a str, NoteError> {
    let (text, signatures) = split_note(note)?;
    let mut verified = false;
    for (i, line) in signatures.split('\n').enumerate() {
        let (name, id, signature) = signature_line(line)
            .filter(|_| i < MAX_SIGNATURES)
            .ok_or(NoteError::SignatureLine(i.saturating_add(1)))?;
        if name != key.name || id != key.id {
            continue;
        }
        let signature = Signature::from_slice(&signature)
            .map_err(|_| NoteError::SignatureLine(i.saturating_add(1)))?;
        key.key
            .verify_strict(text.as_bytes(), &signature)
            .map_err(|_| NoteError::BadSignature)?;
        verified = true;
    }
    if verified {
        Ok(text)
    } else {
        Err(NoteError::UnknownKey(key.name.to_string()))
    }
}
