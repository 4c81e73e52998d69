//! A certificate, and whether it may receive something encrypted at a given moment.
//!
//! Invariants: a [`Recipient`] exists only after every check here; only signatures of the
//! certificate's own primary key are believed, the newest that was valid at the moment
//! decides, and a revocation is never undone by a later signature.
//!
//! Source: RFC 9580, sections 5.2.3.10 and 10.1; the crate below checks each signature, and
//! leaves to its user what follows from them.
//!
//! Deliberately absent: revocations by others than the key itself, and trust between people.

use candor_base::Instant;
use pgp::composed::{Deserializable as _, SignedPublicKey, SignedPublicSubKey};
use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{PublicKey, PublicSubkey, Signature, SignatureType};
use pgp::ser::Serialize as _;
use pgp::types::{KeyDetails, KeyVersion, PublicParams, Tag};

/// The longest file of keys that is read, in bytes.
pub const MAX_KEY_FILE: usize = 1024 * 1024;
/// RSA below this is refused, in bits.
const LEAST_RSA: u16 = 2048;

/// What is wrong with a file that should hold a certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// Longer than [`MAX_KEY_FILE`].
    #[error("certificate file too long")]
    TooLong,
    /// No OpenPGP certificate, or a damaged one.
    #[error("no OpenPGP certificate, or damaged: {0}")]
    Unreadable(String),
    /// It holds a secret key.
    #[error("secret key where a certificate is wanted")]
    Secret,
    /// It holds several.
    #[error("more than one certificate in one file")]
    Several,
}

impl CertificateError {
    /// What is wrong, for the person who named the file; goes on after its name.
    pub const fn for_person(&self) -> &'static str {
        match self {
            Self::TooLong => "is longer than a certificate may be (1 MiB)",
            Self::Unreadable(_) => {
                "holds no OpenPGP certificate that can be read. `gpg --export --armor NAME` \
                 writes one"
            }
            Self::Secret => {
                "holds a secret key. Keep that away from this machine: a certificate is enough \
                 (`gpg --export --armor NAME`)"
            }
            Self::Several => "holds more than one certificate. Write each into a file of its own",
        }
    }
}

/// Why a certificate may not receive anything encrypted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It was made after the moment asked about.
    #[error("certificate not valid yet")]
    NotYet,
    /// It ended before the moment asked about.
    #[error("certificate expired at {0}")]
    Expired(Instant),
    /// Its owner revoked it.
    #[error("certificate revoked")]
    Revoked,
    /// It has no key for encryption that is valid.
    #[error("no valid encryption key in the certificate")]
    NoEncryptionKey,
    /// What it has is too weak; says what.
    #[error("weak algorithm in the certificate: {0}")]
    Weak(&'static str),
    /// No signature of its own holds it together at the moment asked about.
    #[error("no valid self-signature in the certificate")]
    Unbound,
}

impl Refusal {
    /// Why, and what its owner can do; for the person, as sentences of their own.
    pub fn for_person(&self) -> String {
        match self {
            Self::NotYet => {
                "The certificate is not valid yet. Is the clock of this machine right?".to_owned()
            }
            Self::Expired(at) => format!(
                "The certificate expired at {at}. Its owner can extend it with `gpg \
                 --quick-set-expire` and export it again."
            ),
            Self::Revoked => {
                "The certificate was revoked by its owner. Ask for the new one.".to_owned()
            }
            Self::NoEncryptionKey => {
                "The certificate has no key for encryption that is valid now. Its owner can add \
                 one with `gpg --quick-add-key` and export it again."
                    .to_owned()
            }
            Self::Weak(what) => {
                format!("The certificate is too weak: {what}. Ask its owner for a newer one.")
            }
            Self::Unbound => {
                "No valid signature of its own holds the certificate together. Export it again; \
                 if that does not help, ask its owner to extend it with `gpg --quick-set-expire`."
                    .to_owned()
            }
        }
    }
}

/// A certificate that was read. It may be expired or revoked: see [`Certificate::recipient`].
#[derive(Debug, Clone)]
pub struct Certificate(SignedPublicKey);

/// One that may receive something encrypted.
#[derive(Debug, Clone)]
pub struct Recipient {
    pub(crate) keys: Vec<EncryptionPart>,
    /// Whether it says that it understands the second form of encrypted data (RFC 9580).
    pub(crate) second_form: bool,
    until: Option<Instant>,
}

/// A key of a certificate to which something is encrypted.
#[derive(Debug, Clone)]
pub(crate) enum EncryptionPart {
    Primary(PublicKey),
    Sub(PublicSubkey),
}

/// How long a key lives. An end is earlier than none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Life {
    Until(Instant),
    Endless,
}

impl Life {
    fn of(end: Option<Instant>) -> Self {
        end.map_or(Self::Endless, Self::Until)
    }

    const fn end(self) -> Option<Instant> {
        match self {
            Self::Until(end) => Some(end),
            Self::Endless => None,
        }
    }
}

impl Recipient {
    /// When it ends, if it does: later it is no recipient.
    pub const fn until(&self) -> Option<Instant> {
        self.until
    }
}

impl Certificate {
    /// Reads one certificate, armoured or binary.
    ///
    /// # Errors
    /// When there is none, more than one, a secret key, or too much.
    pub fn parse(bytes: &[u8]) -> Result<Self, CertificateError> {
        if bytes.len() > MAX_KEY_FILE {
            return Err(CertificateError::TooLong);
        }
        if crate::open::holds_secret(bytes) {
            return Err(CertificateError::Secret);
        }
        let unreadable = |why: pgp::errors::Error| CertificateError::Unreadable(why.to_string());
        let (mut found, _) = SignedPublicKey::from_reader_many(bytes).map_err(unreadable)?;
        let first = found
            .next()
            .unwrap_or(Err(pgp::errors::Error::MissingKey))
            .map_err(unreadable)?;
        match found.next() {
            None => Ok(Self(first)),
            Some(Ok(_)) => Err(CertificateError::Several),
            Some(Err(why)) => Err(unreadable(why)),
        }
    }

    pub(crate) const fn key(&self) -> &SignedPublicKey {
        &self.0
    }

    /// Its fingerprint, in hexadecimal capitals.
    pub fn fingerprint(&self) -> String {
        self.0.fingerprint().to_string().to_ascii_uppercase()
    }

    /// The keys to which something may be encrypted at a moment.
    ///
    /// # Errors
    /// Why there are none.
    pub fn recipient(&self, at: Instant) -> Result<Recipient, Refusal> {
        let primary = &self.0.primary_key;
        strong_key(primary)?;
        if made(primary) > at.unix() {
            return Err(Refusal::NotYet);
        }
        if self.revoked(at) {
            return Err(Refusal::Revoked);
        }
        let own = self.own_signatures(at)?;
        let ends = end(primary, &own);
        if let Some(end) = ends.filter(|end| *end <= at) {
            return Err(Refusal::Expired(end));
        }
        let mut keys = Vec::new();
        let mut last: Option<Life> = None;
        if may_encrypt(&own) && can_encrypt(primary.public_params()) {
            keys.push(EncryptionPart::Primary(primary.clone()));
            last = Some(Life::Endless);
        }
        let mut why = Refusal::NoEncryptionKey;
        for sub in &self.0.public_subkeys {
            match subkey(primary, sub, at) {
                Ok(Some(end)) => {
                    keys.push(EncryptionPart::Sub(sub.key.clone()));
                    last = last.max(Some(end));
                }
                Ok(None) => {}
                Err(refused) => why = refused,
            }
        }
        let Some(last) = last else {
            return Err(why);
        };
        Ok(Recipient {
            keys,
            second_form: own
                .iter()
                .any(|s| s.features().is_some_and(pgp::packet::Features::seipd_v2)),
            until: Life::of(ends).min(last).end(),
        })
    }

    /// The mail addresses that it names for itself at a moment, in small letters.
    pub fn addresses(&self, at: Instant) -> Vec<String> {
        let primary = &self.0.primary_key;
        let mut out = Vec::new();
        for user in &self.0.details.users {
            let ours = |s: &&Signature| {
                let genuine = s.verify_certification(primary, Tag::UserId, &user.id);
                genuine.is_ok() && strong_hash(s) && holds(s, at)
            };
            let signed: Vec<&Signature> = user.signatures.iter().filter(ours).collect();
            let taken_back = |s: &&Signature| s.typ() == Some(SignatureType::CertRevocation);
            if signed.is_empty() || signed.iter().any(taken_back) {
                continue;
            }
            let text = String::from_utf8_lossy(user.id.id()).to_lowercase();
            let address = match text.rsplit_once('<') {
                Some((_, rest)) => rest.trim_end().strip_suffix('>').unwrap_or_default(),
                None => text.as_str(),
            };
            if address.contains('@') {
                out.push(address.trim().to_owned());
            }
        }
        out
    }

    /// Whether its owner took it back. One that was only replaced or laid aside counts from
    /// when that was said; every other reason counts for the time before, too.
    fn revoked(&self, at: Instant) -> bool {
        let primary = &self.0.primary_key;
        let mut said = self.0.details.revocation_signatures.iter();
        said.any(|s| s.verify_key(primary).is_ok() && counts(s, at))
    }

    /// The newest signatures by which the certificate describes itself.
    fn own_signatures(&self, at: Instant) -> Result<Vec<&Signature>, Refusal> {
        let primary = &self.0.primary_key;
        let details = &self.0.details;
        let direct = details
            .direct_signatures
            .iter()
            .filter(|s| s.typ() == Some(SignatureType::Key) && s.verify_key(primary).is_ok());
        let mut all: Vec<&Signature> = direct.collect();
        for user in &details.users {
            let ours = |s: &&Signature| {
                s.verify_certification(primary, Tag::UserId, &user.id)
                    .is_ok()
            };
            let signed: Vec<&Signature> = user.signatures.iter().filter(ours).collect();
            let taken_back = signed
                .iter()
                .any(|s| s.typ() == Some(SignatureType::CertRevocation) && since(s) <= at.unix());
            if !taken_back {
                let kept = signed.into_iter();
                all.extend(kept.filter(|s| s.typ() != Some(SignatureType::CertRevocation)));
            }
        }
        newest(all, at)
    }
}

/// The newest of these signatures that hold at a moment; several when made in one second.
fn newest(all: Vec<&Signature>, at: Instant) -> Result<Vec<&Signature>, Refusal> {
    let holding: Vec<&Signature> = all.into_iter().filter(|s| holds(s, at)).collect();
    let strong: Vec<&Signature> = holding.iter().copied().filter(|s| strong_hash(s)).collect();
    match strong.iter().map(|s| since(s)).max() {
        Some(latest) => Ok(strong.into_iter().filter(|s| since(s) == latest).collect()),
        None if holding.is_empty() => Err(Refusal::Unbound),
        None => Err(Refusal::Weak(
            "it signs itself with an old hash (SHA-1 or MD5)",
        )),
    }
}

/// When a subkey ends, if it may receive: `None` when it is not for encryption.
fn subkey(
    primary: &PublicKey,
    sub: &SignedPublicSubKey,
    at: Instant,
) -> Result<Option<Life>, Refusal> {
    let genuine = |s: &&Signature| s.verify_subkey_binding(primary, &sub.key).is_ok();
    let signed: Vec<&Signature> = sub.signatures.iter().filter(genuine).collect();
    let (back, bound): (Vec<_>, Vec<_>) = signed
        .into_iter()
        .partition(|s| s.typ() == Some(SignatureType::SubkeyRevocation));
    let bound = newest(bound, at)?;
    if !may_encrypt(&bound) {
        return Ok(None);
    }
    if back.iter().any(|s| counts(s, at)) {
        return Err(Refusal::NoEncryptionKey);
    }
    if !can_encrypt(sub.key.public_params()) {
        return Err(Refusal::Weak(
            "its key for encryption is of a kind that is no longer used",
        ));
    }
    strong_key(&sub.key)?;
    let ends = end(&sub.key, &bound);
    if made(&sub.key) > at.unix() {
        return Err(Refusal::NotYet);
    }
    match ends.filter(|end| *end <= at) {
        Some(end) => Err(Refusal::Expired(end)),
        None => Ok(Some(Life::of(ends))),
    }
}

/// When a signature was made, in seconds since 1970; one that does not say is never in force.
fn since(signature: &Signature) -> i64 {
    signature
        .created()
        .map_or(i64::MAX, |at| i64::from(at.as_secs()))
}

/// Whether a signature is in force at a moment.
fn holds(signature: &Signature, at: Instant) -> bool {
    let made = since(signature);
    let ended = signature
        .signature_expiration_time()
        .map(|length| i64::from(length.as_secs()))
        .filter(|length| *length > 0)
        .is_some_and(|length| made.saturating_add(length) <= at.unix());
    made <= at.unix() && !ended
}

/// Whether a genuine revocation counts at a moment.
fn counts(revocation: &Signature, at: Instant) -> bool {
    use pgp::packet::RevocationCode::{KeyRetired, KeySuperseded};
    let soft = matches!(
        revocation.revocation_reason_code(),
        Some(KeySuperseded | KeyRetired)
    );
    !soft || since(revocation) <= at.unix()
}

fn strong_hash(signature: &Signature) -> bool {
    use HashAlgorithm::{Sha3_256, Sha3_512, Sha224, Sha256, Sha384, Sha512};
    matches!(
        signature.hash_alg(),
        Some(Sha224 | Sha256 | Sha384 | Sha512 | Sha3_256 | Sha3_512)
    )
}

fn may_encrypt(signatures: &[&Signature]) -> bool {
    signatures.iter().any(|s| {
        let flags = s.key_flags();
        flags.encrypt_storage() || flags.encrypt_comms()
    })
}

fn can_encrypt(params: &PublicParams) -> bool {
    matches!(
        params,
        PublicParams::RSA(_)
            | PublicParams::ECDH(_)
            | PublicParams::X25519(_)
            | PublicParams::X448(_)
    )
}

/// When a key was made, in seconds since 1970.
fn made(key: &impl KeyDetails) -> i64 {
    i64::from(key.created_at().as_secs())
}

/// The earliest end that these signatures give a key.
fn end(key: &impl KeyDetails, signatures: &[&Signature]) -> Option<Instant> {
    signatures
        .iter()
        .filter_map(|s| s.key_expiration_time())
        .map(|length| i64::from(length.as_secs()))
        .filter(|length| *length > 0)
        .min()
        .and_then(|length| Instant::from_unix(made(key).saturating_add(length)).ok())
}

fn strong_key(key: &impl KeyDetails) -> Result<(), Refusal> {
    if !matches!(key.version(), KeyVersion::V4 | KeyVersion::V6) {
        return Err(Refusal::Weak("its form is older than OpenPGP version 4"));
    }
    match key.public_params() {
        PublicParams::RSA(rsa) if rsa_bits(rsa) < LEAST_RSA => {
            Err(Refusal::Weak("its RSA key is shorter than 2048 bits"))
        }
        PublicParams::DSA(_) | PublicParams::Elgamal(_) => Err(Refusal::Weak(
            "its key is of a kind that is no longer used (DSA or Elgamal)",
        )),
        PublicParams::Unknown { .. } => Err(Refusal::Weak("its key is of an unknown kind")),
        _ => Ok(()),
    }
}

/// The length of the modulus; it stands before it (RFC 9580, section 3.2).
fn rsa_bits(params: &pgp::types::RsaPublicParams) -> u16 {
    let bytes = params.to_bytes().unwrap_or_default();
    match bytes.as_slice() {
        [high, low, ..] => u16::from_be_bytes([*high, *low]),
        _ => 0,
    }
}
