//! Waiting for the driver from an ordinary thread, for so long and no longer.
//!
//! The driver's work is done on a thread of its own; who waits only sleeps until that
//! thread has an answer. No runtime is entered, so it may be called from anywhere.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// The outcome, or `None` when it did not come in time.
pub(super) fn wait<F: Future>(future: F, limit: Duration) -> Option<F::Output> {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    let began = Instant::now();
    loop {
        if let Poll::Ready(outcome) = future.as_mut().poll(&mut context) {
            return Some(outcome);
        }
        let left = limit
            .checked_sub(began.elapsed())
            .filter(|d| !d.is_zero())?;
        thread::park_timeout(left);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_taken_and_silence_has_an_end() {
        assert_eq!(wait(async { 7 }, Duration::ZERO), Some(7));
        let began = Instant::now();
        let none = wait(std::future::pending::<()>(), Duration::from_millis(30));
        assert_eq!(none, None);
        assert!(began.elapsed() >= Duration::from_millis(30));
    }
}
