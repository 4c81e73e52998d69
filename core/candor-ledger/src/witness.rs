//! Witnesses: servers of other people that sign what they saw of a log (C2SP
//! tlog-cosignature, Ed25519, and the body of a request of tlog-witness).
//!
//! A cosignature says: at this time, the longest log of this origin that the witness knows,
//! each one beginning with the one before, has this root. A log that shows two people two
//! histories gets such a signature for one of them only.
//!
//! Invariant: a cosignature is taken only from a key that was named; what others signed is
//! passed over.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use candor_base::{Digest, Instant};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use crate::checkpoint::base64_hash;
use crate::note::{
    KeyError, KeyName, NoteError, key_id, read_key, signature_line, split_note, write_key,
};

/// The signature type byte of an Ed25519 cosignature.
const COSIGNATURE: u8 = 0x04;
/// Most signature lines a checkpoint collects.
const MOST: usize = 64;

/// The key of a witness: `name+hex id+base64`, of the kind for cosignatures.
#[derive(Clone, PartialEq, Eq)]
pub struct WitnessKey {
    name: KeyName,
    id: [u8; 4],
    key: VerifyingKey,
}

impl WitnessKey {
    /// The key that belongs to a secret seed.
    pub fn of_seed(name: &KeyName, seed: &[u8; 32]) -> Self {
        let key = SigningKey::from_bytes(seed).verifying_key();
        Self {
            name: name.clone(),
            id: key_id(name, COSIGNATURE, key.as_bytes()),
            key,
        }
    }

    /// Who it is.
    pub const fn name(&self) -> &KeyName {
        &self.name
    }

    /// When this key cosigned the text, if this is its line and the signature holds.
    fn check(&self, text: &str, line: &str) -> Option<Instant> {
        let (name, id, bytes) = signature_line(line)?;
        if name != self.name || id != self.id {
            return None;
        }
        let (time, signature) = bytes.split_first_chunk::<8>()?;
        let time = i64::try_from(u64::from_be_bytes(*time)).ok()?;
        let signature = Signature::from_slice(signature).ok()?;
        let signed = message(time, text);
        self.key.verify_strict(signed.as_bytes(), &signature).ok()?;
        Instant::from_unix(time).ok()
    }
}

impl FromStr for WitnessKey {
    type Err = KeyError;
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (name, id, public) = read_key(text, COSIGNATURE)?;
        let key = VerifyingKey::from_bytes(&public).map_err(|_| KeyError::Form)?;
        Ok(Self { name, id, key })
    }
}

impl fmt::Display for WitnessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_key(f, (&self.name, self.id), COSIGNATURE, self.key.as_bytes())
    }
}

impl fmt::Debug for WitnessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What a witness signs.
fn message(time: i64, text: &str) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}

/// Who saw a checkpoint, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosignature {
    /// The witness.
    pub witness: KeyName,
    /// When it signed, as it says.
    pub at: Instant,
}

/// Why cosignatures were not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WitnessError {
    /// The checkpoint is not one.
    #[error("{0}")]
    Note(#[from] NoteError),
    /// No line in the text is of a witness that was named.
    #[error(
        "no line of this is a signature of this checkpoint by a witness that you named; is it \
         of an older checkpoint, or is its key missing in the configuration?"
    )]
    None,
    /// There are too many lines already.
    #[error("this checkpoint has as many signatures as it can hold")]
    Full,
}

/// The witnesses that cosigned a checkpoint, out of these.
///
/// # Errors
/// When the note has another form.
pub fn cosignatures(note: &str, keys: &[WitnessKey]) -> Result<Vec<Cosignature>, NoteError> {
    let (text, lines) = split_note(note)?;
    let found = |key: &WitnessKey| {
        let at = lines.split('\n').find_map(|line| key.check(text, line))?;
        let witness = key.name.clone();
        Some(Cosignature { witness, at })
    };
    Ok(keys.iter().filter_map(found).collect())
}

/// Adds to a checkpoint the lines that witnesses sent, each only when its key is among these
/// and its signature holds. Gives the longer note and who was added.
///
/// # Errors
/// When the note is none, has too many lines, or nothing could be added.
pub fn add_cosignatures(
    note: &str,
    sent: &str,
    keys: &[WitnessKey],
) -> Result<(String, Vec<Cosignature>), WitnessError> {
    let (text, lines) = split_note(note)?;
    let mut all = note.to_owned();
    let mut added = Vec::new();
    let mut count = lines.split('\n').count();
    for line in sent.lines().filter(|line| !lines.contains(*line)) {
        let by = keys
            .iter()
            .find_map(|key| Some((key, key.check(text, line)?)));
        let Some((key, at)) = by else { continue };
        if count >= MOST {
            return Err(WitnessError::Full);
        }
        count += 1;
        all.push_str(line);
        all.push('\n');
        let witness = key.name.clone();
        added.push(Cosignature { witness, at });
    }
    if added.is_empty() {
        return Err(WitnessError::None);
    }
    Ok((all, added))
}

/// The line by which a witness with this seed cosigns a checkpoint.
///
/// # Errors
/// When the note has another form.
pub fn cosign(
    note: &str,
    name: &KeyName,
    seed: &[u8; 32],
    at: Instant,
) -> Result<String, NoteError> {
    let (text, _) = split_note(note)?;
    let key = SigningKey::from_bytes(seed);
    let time = at.unix().max(0);
    let mut bytes = key_id(name, COSIGNATURE, key.verifying_key().as_bytes()).to_vec();
    bytes.extend(time.to_be_bytes());
    bytes.extend(key.sign(message(time, text).as_bytes()).to_bytes());
    Ok(format!("— {name} {}\n", STANDARD.encode(bytes)))
}

/// The body of `add-checkpoint`, by which a witness is asked: the size it saw last, the
/// proof from there, the checkpoint.
pub fn request(old: u64, consistency: &[Digest], checkpoint: &str) -> String {
    let mut out = format!("old {old}\n");
    for hash in consistency {
        out.push_str(&base64_hash(hash));
        out.push('\n');
    }
    out.push('\n');
    out.push_str(checkpoint);
    out
}
