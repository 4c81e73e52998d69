//! Hashes, random ids and tokens.
//!
//! Invariant: randomness comes from the entropy port and nowhere else; what is
//! compared with something secret is compared through its keyed hash.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use candor_base::{AccountId, BlobId, CaseId, Digest, Instant, MessageId};
use candor_ports::Entropy;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

/// The keyed hashes of something by which it is counted today and was counted yesterday: who
/// sees them later cannot tell that two days are about the same.
pub(crate) fn of_two_days(key: &[u8; 32], parts: &[&[u8]], now: Instant) -> [Digest; 2] {
    let day = now.unix().div_euclid(86_400);
    [day, day - 1].map(|day| {
        let day = day.to_be_bytes();
        let mut all: Vec<&[u8]> = parts.to_vec();
        all.push(&day);
        Digest::from_bytes(keyed(key, &all))
    })
}

/// SHA-256 of some bytes.
pub(crate) fn sha256(bytes: &[u8]) -> Digest {
    let mut out = [0_u8; 32];
    out.copy_from_slice(&Sha256::digest(bytes));
    Digest::from_bytes(out)
}

/// HMAC-SHA-256 over parts, each with its length before it.
pub(crate) fn keyed(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // A shorter key stands for itself padded with zeros to one block (RFC 2104).
    let mut block = [0_u8; 64];
    for (slot, byte) in block.iter_mut().zip(key) {
        *slot = *byte;
    }
    let mut mac = Hmac::<Sha256>::new(&block.into());
    for part in parts {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(part);
    }
    let mut out = [0_u8; 32];
    out.copy_from_slice(&mac.finalize().into_bytes());
    out
}

/// A keyed hash in the form of a token: always the same for the same parts.
pub(crate) fn keyed_token(key: &[u8; 32], parts: &[&[u8]]) -> String {
    URL_SAFE_NO_PAD.encode(keyed(key, parts))
}

/// The first bytes of a longer array.
pub(crate) fn head<const N: usize>(bytes: &[u8; 32]) -> [u8; N] {
    let mut out = [0_u8; N];
    for (slot, byte) in out.iter_mut().zip(bytes) {
        *slot = *byte;
    }
    out
}

/// Fresh random bytes.
pub(crate) fn bytes<const N: usize>(entropy: &dyn Entropy) -> [u8; N] {
    let mut out = [0_u8; N];
    entropy.fill(&mut out);
    out
}

/// The id of a new case: 5 bytes of the second it came in, 3 of a number that this process
/// counts up, 8 random ones. Ids that grow with time lie side by side in every index, so the
/// cases of one commit share its pages; random ones took a page of each index for each case.
/// Nobody outside sees it, and when rows were made the database shows anyway.
pub(crate) fn case_id(entropy: &dyn Entropy, now: Instant, number: u32) -> CaseId {
    let second = u64::try_from(now.unix()).unwrap_or(0).to_be_bytes();
    let parts = second.into_iter().skip(3);
    let parts = parts.chain(number.to_be_bytes().into_iter().skip(1));
    let mut id = [0_u8; 16];
    for (slot, byte) in id.iter_mut().zip(parts.chain(bytes::<8>(entropy))) {
        *slot = byte;
    }
    CaseId::from_bytes(id)
}

pub(crate) fn blob_id(entropy: &dyn Entropy) -> BlobId {
    BlobId::from_bytes(bytes(entropy))
}

pub(crate) fn message_id(entropy: &dyn Entropy) -> MessageId {
    MessageId::from_bytes(bytes(entropy))
}

pub(crate) fn account_id(entropy: &dyn Entropy) -> AccountId {
    AccountId::from_bytes(bytes(entropy))
}

/// 32 random bytes in 43 letters fit for a cookie or a form.
pub(crate) fn token(entropy: &dyn Entropy) -> String {
    URL_SAFE_NO_PAD.encode(bytes::<32>(entropy))
}

/// Whether a text has the form of a token.
pub(crate) fn is_token(text: &str) -> bool {
    text.len() == 43
        && URL_SAFE_NO_PAD
            .decode(text)
            .is_ok_and(|bytes| bytes.len() == 32)
}

/// So many groups of five letters that people can copy (Crockford's base 32).
pub(crate) fn spoken(entropy: &dyn Entropy, groups: usize) -> String {
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut out = String::new();
    for group in 0..groups {
        if group > 0 {
            out.push('-');
        }
        for byte in bytes::<5>(entropy) {
            let letter = LETTERS.get(usize::from(byte & 31)).copied().unwrap_or(b'0');
            out.push(char::from(letter));
        }
    }
    out
}

/// Folds what people mistype in such a text: case, blanks, dashes, O, I and L.
pub(crate) fn fold_spoken(text: &str) -> String {
    text.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .take(200)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Counting;
    impl Entropy for Counting {
        fn fill(&self, buffer: &mut [u8]) {
            for (i, b) in buffer.iter_mut().enumerate() {
                *b = u8::try_from(i % 251).unwrap();
            }
        }
    }

    /// RFC 4231, test case 2, its key padded to 32 bytes, which changes nothing.
    #[test]
    fn the_keyed_hash_is_hmac() {
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        let mut mac = Hmac::<Sha256>::new(&{
            let mut block = [0_u8; 64];
            block[..32].copy_from_slice(&key);
            block.into()
        });
        mac.update(b"what do ya want for nothing?");
        let hash = Digest::from_bytes(mac.finalize().into_bytes().into()).to_string();
        assert_eq!(
            hash,
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn ids_of_cases_grow_with_time_and_with_each_case_of_a_second() {
        let at = |text: &str| text.parse::<Instant>().unwrap();
        let (early, late) = (at("2026-11-23T10:00:00Z"), at("2026-11-23T10:00:01Z"));
        let first = case_id(&Counting, early, 255);
        let second = case_id(&Counting, early, 256);
        let third = case_id(&Counting, late, 7);
        assert!(first < second && second < third);
        // The rest is chance: two processes that count alike do not meet.
        assert_eq!(first.as_bytes()[8..], [0, 1, 2, 3, 4, 5, 6, 7]);
        let before_1970 = case_id(&Counting, at("1969-01-01T00:00:00Z"), 1);
        assert!(before_1970 < first);
    }

    #[test]
    fn parts_cannot_flow_into_each_other() {
        let key = [7; 32];
        assert_ne!(keyed(&key, &[b"ab", b"c"]), keyed(&key, &[b"a", b"bc"]));
        assert_ne!(keyed(&key, &[b"a"]), keyed(&[8; 32], &[b"a"]));
    }

    #[test]
    fn tokens_are_recognised_and_spoken_codes_forgive() {
        assert!(is_token(&token(&Counting)));
        assert!(!is_token("short"));
        assert!(!is_token(&"=".repeat(43)));
        let code = spoken(&Counting, 10);
        assert_eq!(code.len(), 59);
        assert_eq!(
            fold_spoken(&code),
            fold_spoken(&code.to_lowercase().replace('-', " "))
        );
        assert_eq!(fold_spoken("oil"), "011");
    }
}
