//! The real clocks and the real randomness.

use std::sync::Arc;

use candor_base::Instant;
use candor_ports::{Clock, Entropy, Steady};

/// Both clocks of the machine.
#[derive(Debug, Clone)]
pub(crate) struct SystemClock {
    start: Arc<str>,
}

impl SystemClock {
    /// Reads which start of the machine this is.
    pub(crate) fn new() -> Self {
        let start = std::fs::read_to_string("/proc/sys/kernel/random/boot_id")
            .ok()
            .map(|id| id.trim().to_owned())
            .filter(|id| !id.is_empty() && !id.contains(char::is_whitespace))
            // Where the system does not say, each start of the program counts as one.
            .unwrap_or_else(|| {
                let now = jiff::Timestamp::now().as_nanosecond();
                format!("{}-{now}", std::process::id())
            });
        Self {
            start: start.into(),
        }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::from(jiff::Timestamp::now())
    }

    fn steady(&self) -> Option<Steady> {
        Some(Steady {
            seconds: since_start(),
            start: Arc::clone(&self.start),
        })
    }
}

/// Seconds since the machine was started. On Linux those it slept count as well.
fn since_start() -> i64 {
    #[cfg(target_os = "linux")]
    let id = rustix::time::ClockId::Boottime;
    #[cfg(not(target_os = "linux"))]
    let id = rustix::time::ClockId::Monotonic;
    rustix::time::clock_gettime(id).tv_sec
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
