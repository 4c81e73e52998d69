//! Pass phrases: Argon2id, at most two at a time.
//!
//! Invariants: one cost for all (19 MiB, 2 passes, 1 lane; OWASP's choice); an
//! unknown login costs the same work; the number at work at once is bounded and so
//! is the number that waits, so that sign-in attempts take neither the memory nor
//! all threads; the memory of the work is cleared after each use, and given back when
//! nobody waits for it.

use std::sync::{Condvar, Mutex, PoisonError};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Block, Params, Version};
use candor_ports::Entropy;
use zeroize::Zeroize as _;

use crate::input::Fault;
use crate::random;

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const AT_ONCE: usize = 2;
/// Those who may wait for a turn. At some 50 ms a turn nobody waits longer than half a second.
const WAITING: usize = 16;
/// Seconds after which somebody who found no place should try again.
pub(crate) const COME_BACK: u32 = 5;

/// No place to wait: try again in [`COME_BACK`] seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Busy;

impl From<Busy> for Fault {
    fn from(Busy: Busy) -> Self {
        Self {
            person: "Too many people sign in at this moment. Nothing was stored. Please try again \
                     in a few seconds."
                .to_owned(),
            operator: "too many pass phrases at once".to_owned(),
        }
    }
}

/// The memory of one piece of work.
type Memory = Vec<Block>;

/// Who is at work, and what memory lies ready for those who wait.
#[derive(Default)]
struct Places {
    working: usize,
    waiting: usize,
    /// At most [`AT_ONCE`], and none while nobody waits: it is half of what a server holds at rest.
    idle: Vec<Memory>,
}

/// Hashes and checks pass phrases.
pub(crate) struct Hashing {
    argon: Argon2<'static>,
    /// Checked against when there is no such login.
    dummy: String,
    places: Mutex<Places>,
    freed: Condvar,
}

impl std::fmt::Debug for Hashing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hashing")
    }
}

fn broken(what: impl std::fmt::Display) -> Fault {
    Fault::inside(format!("argon2: {what}"))
}

impl Hashing {
    pub(crate) fn new(entropy: &dyn Entropy) -> Result<Self, Fault> {
        let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(broken)?;
        let mut made = Self {
            argon: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            dummy: String::new(),
            places: Mutex::default(),
            freed: Condvar::new(),
        };
        made.dummy = made.hash(&random::token(entropy), entropy)?;
        Ok(made)
    }

    /// The hash of a pass phrase, in PHC form.
    pub(crate) fn hash(&self, pass: &str, entropy: &dyn Entropy) -> Result<String, Fault> {
        let salt: [u8; 16] = random::bytes(entropy);
        let mut turn = self.turn()?;
        let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
        self.argon
            .hash_password_into_with_memory(pass.as_bytes(), &salt, &mut out, turn.memory())
            .map_err(broken)?;
        let hash = PasswordHash {
            algorithm: ARGON2ID_IDENT,
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(self.argon.params()).map_err(broken)?,
            salt: Some(Salt::new(&salt).map_err(broken)?),
            hash: Some(Output::new(&out).map_err(broken)?),
        };
        out.zeroize();
        Ok(hash.to_string())
    }

    /// Whether the pass phrase fits; without a hash the same work, and false.
    pub(crate) fn fits(&self, pass: &str, hash: Option<&str>) -> Result<bool, Busy> {
        let mut turn = self.turn()?;
        let same = self.same(pass, hash.unwrap_or(&self.dummy), turn.memory());
        Ok(same.unwrap_or(false) && hash.is_some())
    }

    /// `None` when the stored hash is not one that is made here.
    fn same(&self, pass: &str, stored: &str, memory: &mut [Block]) -> Option<bool> {
        let stored = PasswordHash::new(stored).ok()?;
        let ours = stored.algorithm == ARGON2ID_IDENT
            && stored.version == Some(Version::V0x13.into())
            && stored.params == ParamsString::try_from(self.argon.params()).ok()?;
        let (salt, expected) = (stored.salt?, stored.hash?);
        let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
        self.argon
            .hash_password_into_with_memory(pass.as_bytes(), salt.as_ref(), &mut out, memory)
            .ok()?;
        // Compares in constant time.
        let same = ours && Output::new(&out).ok()? == expected;
        out.zeroize();
        Some(same)
    }

    fn turn(&self) -> Result<Turn<'_>, Busy> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if places.working >= AT_ONCE {
            if places.waiting >= WAITING {
                return Err(Busy);
            }
            places.waiting += 1;
            while places.working >= AT_ONCE {
                places = self
                    .freed
                    .wait(places)
                    .unwrap_or_else(PoisonError::into_inner);
            }
            places.waiting = places.waiting.saturating_sub(1);
        }
        places.working += 1;
        let memory = places.idle.pop();
        drop(places);
        let blocks = self.argon.params().block_count();
        Ok(Turn {
            hashing: self,
            memory: memory.unwrap_or_else(|| vec![Block::new(); blocks]),
        })
    }
}

/// A place among those at work; given back, with its memory cleared, when dropped.
struct Turn<'a> {
    hashing: &'a Hashing,
    memory: Memory,
}

impl Turn<'_> {
    fn memory(&mut self) -> &mut [Block] {
        &mut self.memory
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        for block in &mut self.memory {
            block.as_mut().zeroize();
        }
        let hashing = self.hashing;
        let mut places = hashing
            .places
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        places.working = places.working.saturating_sub(1);
        let memory = std::mem::take(&mut self.memory);
        if places.waiting > places.idle.len() {
            places.idle.push(memory);
        } else {
            places.idle.clear();
        }
        drop(places);
        hashing.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Same;
    impl Entropy for Same {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(7);
        }
    }

    #[test]
    fn a_hash_is_the_one_the_library_makes_and_its_memory_is_given_back() {
        use argon2::{PasswordHasher as _, PasswordVerifier as _};
        let hashing = Hashing::new(&Same).unwrap();
        let ours = hashing.hash("four words by hand", &Same).unwrap();
        let theirs = hashing
            .argon
            .hash_password_with_salt(b"four words by hand", &[7; 16])
            .unwrap();
        assert_eq!(ours, theirs.to_string());
        let parsed = PasswordHash::new(&ours).unwrap();
        let checked = hashing
            .argon
            .verify_password(b"four words by hand", &parsed);
        assert!(checked.is_ok());
        assert_eq!(hashing.fits("four words by hand", Some(&ours)), Ok(true));
        assert_eq!(hashing.fits("four words by foot", Some(&ours)), Ok(false));
        assert_eq!(hashing.fits("four words by hand", None), Ok(false));
        assert_eq!(hashing.fits("x", Some("$argon2id$nonsense")), Ok(false));
        let places = hashing.places.lock().unwrap();
        assert!(places.idle.is_empty(), "nobody waits");
    }

    #[test]
    fn who_waits_gets_the_memory_of_who_was_done_and_gets_it_clear() {
        let hashing = Hashing::new(&Same).unwrap();
        let mut one = hashing.turn().unwrap();
        let two = hashing.turn().unwrap();
        one.memory()[3].as_mut()[5] = 7;
        std::thread::scope(|scope| {
            let third = scope.spawn(|| {
                let mut turn = hashing.turn().unwrap();
                let clear = |block: &Block| block.as_ref().iter().all(|word| *word == 0);
                turn.memory().iter().all(clear)
            });
            while hashing.places.lock().unwrap().waiting == 0 {
                std::thread::yield_now();
            }
            drop(one);
            assert!(third.join().unwrap());
        });
        drop(two);
        assert!(hashing.places.lock().unwrap().idle.is_empty());
    }
}
