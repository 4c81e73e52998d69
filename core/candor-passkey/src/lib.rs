//! What a browser says of a passkey is held against what the site asked (Web Authentication,
//! level 3, sections 7.1 and 7.2).
//!
//! Invariants: nothing is taken that was said to another site, for another question, or without
//! the person being verified on the device; whatever the bytes are, reading them ends, within
//! limits; a use of a key leaves here only after its signature was judged (`Claim::judge`).
//!
//! Deliberately absent: checking signatures (the caller brings that), who made the device
//! (attestation is not asked for and not read), and the state of a question: that it is fresh and
//! counts once is the caller's to see.

mod device;
mod said;
mod site;

pub use device::Device;
pub use said::{Given, MOST_BYTES, NewKey, Unreadable};
pub use site::Site;

use sha2::{Digest as _, Sha256};

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

/// Why a passkey is not taken. For the operator; what a person reads is the caller's to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Said for making a key where one is used, or the other way round.
    #[error("the browser did something else than it was asked for")]
    Kind,
    /// The answer to another question.
    #[error("the answer is to another question")]
    Question,
    /// Said on another site, or inside a page of another site.
    #[error("the browser showed another site")]
    Site,
    /// The person was not verified on the device, or was not there.
    #[error("the device did not verify the person")]
    Person,
    /// The key is none of those asked for, or contradicts itself.
    #[error("the key is not one that was asked for")]
    Key,
    /// Its signature does not fit.
    #[error("the signature does not fit")]
    Signature,
    /// The device counts backwards: there are two of them (section 6.1.1).
    #[error("the counter of the device went back; the key may have been copied")]
    Copied,
}

/// A use of a key, of which all is in order but for the signature.
#[derive(Debug)]
pub struct Claim {
    message: Vec<u8>,
    signature: Vec<u8>,
    counter: u32,
    synced: bool,
}

/// A use of a key that was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    /// What the device counts, for the next time; 0 where it does not count.
    pub counter: u32,
    /// The key lies with other devices, too.
    pub synced: bool,
}

impl Claim {
    /// Judges the signature: `check` gets the message and the signature, and says whether the key
    /// made it. `before` is what the device counted last.
    ///
    /// # Errors
    /// [`Refused::Signature`] or [`Refused::Copied`].
    pub fn judge(
        &self,
        before: u32,
        check: impl FnOnce(&[u8], &[u8]) -> bool,
    ) -> Result<Use, Refused> {
        if !check(&self.message, &self.signature) {
            return Err(Refused::Signature);
        }
        let counts = before > 0 || self.counter > 0;
        if counts && self.counter <= before {
            return Err(Refused::Copied);
        }
        Ok(Use {
            counter: self.counter,
            synced: self.synced,
        })
    }
}

/// Takes a key that a browser made for a question of this site.
///
/// # Errors
/// What is wrong with it.
pub fn take(site: &Site, question: &str, made: &NewKey) -> Result<Device, Refused> {
    made.client.is_for("webauthn.create", question, site)?;
    let state = made.device.state(site)?;
    let named = made.device.named().ok_or(Refused::Key)?;
    if named != made.id || made.public.is_empty() {
        return Err(Refused::Key);
    }
    let algorithm = Algorithm::of(made.number).ok_or(Refused::Key)?;
    Ok(Device {
        id: made.id.clone(),
        algorithm,
        public: made.public.clone(),
        counter: state.counter,
        synced: state.synced,
    })
}

/// Holds the use of a key against the question of this site.
///
/// # Errors
/// What is wrong with it.
pub fn claim(site: &Site, question: &str, given: &Given) -> Result<Claim, Refused> {
    given.client.is_for("webauthn.get", question, site)?;
    let state = given.device.state(site)?;
    let mut message = given.device.bytes().to_vec();
    message.extend_from_slice(&Sha256::digest(given.client.bytes()));
    Ok(Claim {
        message,
        signature: given.signature.clone(),
        counter: state.counter,
        synced: state.synced,
    })
}
