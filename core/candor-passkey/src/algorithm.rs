//! How keys sign.

/// How a key signs: COSE algorithms that are asked for, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// ECDSA over P-256 with SHA-256, the signature in DER.
    Es256,
    /// Ed25519.
    EdDsa,
    /// RSA PKCS #1 v1.5 with SHA-256, as older machines with Windows have it.
    Rs256,
}

impl Algorithm {
    /// All, the best first.
    pub const ALL: [Self; 3] = [Self::Es256, Self::EdDsa, Self::Rs256];

    /// Its number in the COSE registry (RFC 9053, RFC 8812).
    pub const fn number(self) -> i64 {
        match self {
            Self::Es256 => -7,
            Self::EdDsa => -8,
            Self::Rs256 => -257,
        }
    }

    /// The algorithm of a number.
    pub fn of(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.number() == number)
    }
}
