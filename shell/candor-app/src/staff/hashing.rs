//! Pass phrases: Argon2id, at most two at a time.
//!
//! Invariants: one cost for all (19 MiB, 2 passes, 1 lane; OWASP's choice); an
//! unknown login costs the same work; the number at work at once is bounded, so
//! that sign-in attempts cannot take the memory.

use std::sync::{Condvar, Mutex, PoisonError};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use candor_ports::Entropy;

use crate::input::Fault;
use crate::random;

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const AT_ONCE: u32 = 2;

/// Hashes and checks pass phrases.
pub(crate) struct Hashing {
    argon: Argon2<'static>,
    /// Checked against when there is no such login.
    dummy: String,
    working: Mutex<u32>,
    freed: Condvar,
}

impl std::fmt::Debug for Hashing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hashing")
    }
}

impl Hashing {
    pub(crate) fn new(entropy: &dyn Entropy) -> Result<Self, Fault> {
        let params = Params::new(MEMORY_KIB, PASSES, 1, None)
            .map_err(|e| Fault::inside(format!("argon2: {e}")))?;
        let mut made = Self {
            argon: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            dummy: String::new(),
            working: Mutex::new(0),
            freed: Condvar::new(),
        };
        made.dummy = made.hash(&random::token(entropy), entropy)?;
        Ok(made)
    }

    /// The hash of a pass phrase, in PHC form.
    pub(crate) fn hash(&self, pass: &str, entropy: &dyn Entropy) -> Result<String, Fault> {
        let salt: [u8; 16] = random::bytes(entropy);
        let _turn = self.turn();
        self.argon
            .hash_password_with_salt(pass.as_bytes(), &salt)
            .map(|hash| hash.to_string())
            .map_err(|e| Fault::inside(format!("argon2: {e}")))
    }

    /// Whether the pass phrase fits; without a hash the same work, and false.
    pub(crate) fn fits(&self, pass: &str, hash: Option<&str>) -> bool {
        let _turn = self.turn();
        let Ok(parsed) = PasswordHash::new(hash.unwrap_or(&self.dummy)) else {
            return false;
        };
        let fits = self.argon.verify_password(pass.as_bytes(), &parsed).is_ok();
        fits && hash.is_some()
    }

    fn turn(&self) -> Turn<'_> {
        let mut working = self.working.lock().unwrap_or_else(PoisonError::into_inner);
        while *working >= AT_ONCE {
            working = self
                .freed
                .wait(working)
                .unwrap_or_else(PoisonError::into_inner);
        }
        *working += 1;
        Turn(self)
    }
}

/// A place among those at work; given back when dropped.
struct Turn<'a>(&'a Hashing);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut working = self
            .0
            .working
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *working = working.saturating_sub(1);
        self.0.freed.notify_one();
    }
}
