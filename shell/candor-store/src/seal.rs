//! One way to seal bytes: XChaCha20-Poly1305 under a key of 32 bytes, bound to a place.
//!
//! Form (version 1): byte 1, nonce (24 bytes), ciphertext with its tag (16 bytes).
//! The associated data is the framed list of what the value is and where it stands.
//! The nonce is HMAC-SHA256 of fresh random bytes, place and plain text under the
//! key: if the system's randomness ever repeats, two different texts still get
//! different nonces.
//!
//! Invariants: `Debug` shows no key; keys are wiped when dropped; a value opens
//! only under its own key and in its own place.

use std::fmt;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::HkdfExtract;
use sha2::Sha256;
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const NONCE: usize = 24;

/// The system gave no random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system gave no random bytes")]
pub(crate) struct NoEntropy;

/// Random bytes fit for keys, from the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], NoEntropy> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(|_| NoEntropy)?;
    Ok(bytes)
}

/// HMAC-SHA256 of some fields under a key (HKDF's extract step is exactly that).
pub(crate) fn keyed_hash(key: &[u8; 32], fields: &[&[u8]]) -> [u8; 32] {
    let mut mac = HkdfExtract::<Sha256>::new(Some(key));
    for field in fields {
        mac.input_ikm(&length(field));
        mac.input_ikm(field);
    }
    mac.finalize().0.into()
}

/// The same hash for many values under one key, which is taken in once.
pub(crate) struct KeyedHash(HkdfExtract<Sha256>);

impl KeyedHash {
    /// Under this key.
    pub(crate) fn new(key: &Key) -> Self {
        Self(HkdfExtract::<Sha256>::new(Some(key.bytes())))
    }

    /// As [`keyed_hash`].
    pub(crate) fn of(&self, fields: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.0.clone();
        for field in fields {
            mac.input_ikm(&length(field));
            mac.input_ikm(field);
        }
        mac.finalize().0.into()
    }
}

fn length(bytes: &[u8]) -> [u8; 8] {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes()
}

/// What a sealed value is and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Place(Vec<u8>);

impl Place {
    /// A kind of value, as in `candor/event/v1`.
    pub(crate) fn new(kind: &str) -> Self {
        Self(Vec::new()).at(kind.as_bytes())
    }

    /// One coordinate more, framed by its length.
    #[must_use]
    pub(crate) fn at(mut self, part: &[u8]) -> Self {
        self.0.extend_from_slice(&length(part));
        self.0.extend_from_slice(part);
        self
    }
}

/// A key of 32 bytes.
#[derive(Clone)]
pub(crate) struct Key(Zeroizing<[u8; 32]>);

impl Key {
    pub(crate) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(crate) fn random() -> Result<Self, NoEntropy> {
        random().map(Self::from_bytes)
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn nonce(&self, place: &Place, plain: &[u8]) -> XNonce {
        // All zero when the system has none: the nonce then depends on place and text alone.
        let fresh = random::<32>().unwrap_or_default();
        let hash = keyed_hash(&self.0, &[b"candor/nonce/v1", &fresh, &place.0, plain]);
        let mut nonce = [0_u8; NONCE];
        for (to, from) in nonce.iter_mut().zip(hash) {
            *to = from;
        }
        nonce.into()
    }

    /// Seals; `None` only for a text beyond the cipher's 256 GiB.
    pub(crate) fn seal(&self, place: &Place, plain: &[u8]) -> Option<Vec<u8>> {
        let nonce = self.nonce(place, plain);
        let cipher = XChaCha20Poly1305::new((&*self.0).into());
        let payload = Payload {
            msg: plain,
            aad: &place.0,
        };
        let sealed = cipher.encrypt(&nonce, payload).ok()?;
        let mut out = Vec::with_capacity(1 + NONCE + sealed.len());
        out.push(VERSION);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        Some(out)
    }

    /// Opens; `None` when it was changed, moved or sealed under another key.
    pub(crate) fn open(&self, place: &Place, sealed: &[u8]) -> Option<Vec<u8>> {
        let (&version, rest) = sealed.split_first()?;
        let (nonce, body) = rest.split_at_checked(NONCE)?;
        let nonce: [u8; NONCE] = nonce.try_into().ok()?;
        if version != VERSION {
            return None;
        }
        let cipher = XChaCha20Poly1305::new((&*self.0).into());
        let payload = Payload {
            msg: body,
            aad: &place.0,
        };
        cipher.decrypt(&XNonce::from(nonce), payload).ok()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[key]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(seed: u8) -> Key {
        Key::from_bytes([seed; 32])
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_is_sealed_opens_only_unchanged_and_in_its_place(
            plain in prop::collection::vec(any::<u8>(), 0..80),
            byte in any::<prop::sample::Index>(),
            flip in 1_u8..,
        ) {
            let place = Place::new("test").at(b"one");
            let sealed = key(1).seal(&place, &plain).unwrap();
            prop_assert_eq!(key(1).open(&place, &sealed), Some(plain));
            prop_assert_eq!(key(2).open(&place, &sealed), None);
            prop_assert_eq!(key(1).open(&Place::new("test").at(b"two"), &sealed), None);
            let mut spoiled = sealed.clone();
            spoiled[byte.index(sealed.len())] ^= flip;
            prop_assert_eq!(key(1).open(&place, &spoiled), None);
            let short = byte.index(sealed.len());
            prop_assert_eq!(key(1).open(&place, &sealed[..short]), None);
        }
    }

    #[test]
    fn the_same_text_is_never_sealed_to_the_same_bytes() {
        let place = Place::new("test");
        assert_ne!(key(1).seal(&place, b"x"), key(1).seal(&place, b"x"));
    }

    #[test]
    fn the_border_between_coordinates_counts() {
        let early = Place::new("t").at(b"ab").at(b"c");
        let late = Place::new("t").at(b"a").at(b"bc");
        let sealed = key(1).seal(&early, b"x").unwrap();
        assert_eq!(key(1).open(&late, &sealed), None);
    }

    /// RFC 4231, test case 2, where the key is padded to 32 bytes with zeros
    /// (HMAC pads keys with zeros itself, so the hash is the published one).
    #[test]
    fn the_keyed_hash_is_hmac_sha256() {
        let mut key = [0_u8; 32];
        key[..4].copy_from_slice(b"Jefe");
        let mut mac = HkdfExtract::<Sha256>::new(Some(&key));
        mac.input_ikm(b"what do ya want for nothing?");
        let hash: [u8; 32] = mac.finalize().0.into();
        assert_eq!(
            candor_base::Digest::from_bytes(hash).to_string(),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn a_key_does_not_show_in_debug_output() {
        assert_eq!(format!("{:?}", key(7)), "[key]");
    }
}
