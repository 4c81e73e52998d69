//! The two ceremonies: a key is made, a key is used.
//!
//! Invariant: a use leaves here only after its signature was judged.

use sha2::{Digest as _, Sha256};

use crate::algorithm::Algorithm;
use crate::device::Device;
use crate::refused::Refused;
use crate::said::{Given, NewKey};
use crate::site::Site;

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
