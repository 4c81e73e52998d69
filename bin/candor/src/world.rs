//! The real clock and the real randomness.

use candor_base::Instant;
use candor_ports::{Clock, Entropy};

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::from(jiff::Timestamp::now())
    }
}

/// The randomness of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        // The system call fails only on systems without a random device. A
        // secret that can be guessed is worse than no program.
        if getrandom::fill(buffer).is_err() {
            crate::say::error("The system gave no random bytes. Candor stops.");
            std::process::abort();
        }
    }
}
