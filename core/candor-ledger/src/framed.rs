//! Hashing of several fields as one: a domain text first, then every field
//! behind its length.
//!
//! Invariant: two different lists of fields never feed the same bytes to the
//! hash function, and no hash made for one purpose is valid for another.

use candor_base::Digest;
use sha2::{Digest as _, Sha256};

/// SHA-256 of some bytes.
pub fn sha256(bytes: &[u8]) -> Digest {
    Digest::from_bytes(Sha256::digest(bytes).into())
}

/// A running SHA-256 over framed fields: each is written as its length (eight
/// bytes, big end first) and then its bytes. The domain text is the first field.
pub(crate) struct Framed(Sha256);

impl Framed {
    pub(crate) fn new(domain: &str) -> Self {
        Self(Sha256::new()).field(domain.as_bytes())
    }

    pub(crate) fn field(mut self, bytes: &[u8]) -> Self {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.0.update(length.to_be_bytes());
        self.0.update(bytes);
        self
    }

    pub(crate) fn finish(self) -> Digest {
        Digest::from_bytes(self.0.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_border_between_fields_counts() {
        let early = Framed::new("t").field(b"ab").field(b"c").finish();
        let late = Framed::new("t").field(b"a").field(b"bc").finish();
        let whole = Framed::new("t").field(b"abc").finish();
        assert_ne!(early, late);
        assert_ne!(early, whole);
        assert_ne!(whole, Framed::new("u").field(b"abc").finish());
    }
}
