//! The body of a request, taken in within bounds of time and memory.
//!
//! Invariants: a request that sends nothing holds nothing; space is taken as
//! bytes arrive and given back when the form is done with, so bytes are counted
//! and not readers. The first [`FREE`] bytes of a request need no space: a short
//! report gets through whatever others send. A body has to keep a pace and has a
//! last moment. Whatever ends it early ends it like a short one and is
//! remembered, so that a page can show again what did arrive.
//!
//! Deliberately absent: what the bytes mean.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::Frame;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep_until, timeout};

/// Bytes of each request that need no space.
const FREE: usize = 256 * 1024;
/// Bytes of all forms together that are held at the same time, beyond those.
const SPACE: usize = 64 * 1024 * 1024;
/// Longest time that what is over the limit is read and thrown away.
const DRAIN: Duration = Duration::from_mins(1);

/// What went wrong while reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Problem {
    /// More bytes than the limit.
    TooLarge,
    /// More fields or files than are taken.
    TooMany,
    /// Not a form.
    Malformed,
    /// It arrived too slowly, or stopped.
    Slow,
    /// Others send so much that there is no space now.
    Busy,
}

/// How fast a body has to be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// Time that every body has.
    grace: Duration,
    /// Bytes that earn one second more.
    rate: u64,
    /// Longest time for a body, however fast.
    longest: Duration,
    /// Longest wait for space.
    wait: Duration,
}

impl Pace {
    /// For people on slow lines, and not for those who only hold a place.
    const USUAL: Self = Self {
        grace: Duration::from_secs(20),
        rate: 16 * 1024,
        longest: Duration::from_mins(5),
        wait: Duration::from_secs(10),
    };

    fn allowed(self, taken: usize) -> Duration {
        let bytes = u64::try_from(taken).unwrap_or(u64::MAX);
        (self.grace + Duration::from_secs(bytes / self.rate.max(1))).min(self.longest)
    }
}

/// Space for the bytes of all forms, in KiB.
#[derive(Debug, Clone)]
pub(crate) struct Space {
    left: Arc<Semaphore>,
    pace: Pace,
}

impl Space {
    /// Enough for two forms of the largest size, and never less than [`SPACE`].
    pub(crate) fn new(max_body: usize) -> Self {
        Self::of(SPACE.max(max_body.saturating_mul(2)), Pace::USUAL)
    }

    fn of(bytes: usize, pace: Pace) -> Self {
        let kib = bytes.div_ceil(1024).min(Semaphore::MAX_PERMITS);
        Self {
            left: Arc::new(Semaphore::new(kib)),
            pace,
        }
    }

    /// A body that stays within `limit` bytes, and what can be asked about it.
    pub(crate) fn meter(&self, body: Body, limit: usize) -> (Metered, Meter) {
        let meter = Meter(Arc::new(Mutex::new(State {
            body,
            limit,
            taken: 0,
            held: Held::default(),
            problem: None,
        })));
        let metered = Metered {
            meter: meter.clone(),
            space: self.clone(),
            began: Instant::now(),
            timer: None,
            waiting: None,
        };
        (metered, meter)
    }
}

/// Space that is held; given back when dropped.
#[derive(Debug, Default)]
pub(crate) struct Held(Option<OwnedSemaphorePermit>);

impl Held {
    fn kib(&self) -> usize {
        self.0.as_ref().map_or(0, OwnedSemaphorePermit::num_permits)
    }

    fn add(&mut self, more: OwnedSemaphorePermit) {
        match &mut self.0 {
            Some(held) => held.merge(more),
            None => self.0 = Some(more),
        }
    }
}

#[derive(Debug)]
struct State {
    body: Body,
    limit: usize,
    taken: usize,
    held: Held,
    problem: Option<Problem>,
}

/// What is known of a body, also after its reader is gone.
#[derive(Debug, Clone)]
pub(crate) struct Meter(Arc<Mutex<State>>);

impl Meter {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What ended the body early.
    pub(crate) fn problem(&self) -> Option<Problem> {
        self.state().problem
    }

    /// The space its bytes take; whoever keeps the bytes keeps this.
    pub(crate) fn held(&self) -> Held {
        std::mem::take(&mut self.state().held)
    }

    /// Reads what is left and throws it away: a browser shows an answer only after
    /// it could send everything.
    pub(crate) async fn drain(&self) {
        let most = self.state().limit.saturating_mul(3);
        let work = async {
            let mut gone = 0_usize;
            while gone < most {
                let next =
                    std::future::poll_fn(|cx| Pin::new(&mut self.state().body).poll_frame(cx));
                let Some(Ok(frame)) = next.await else { return };
                gone = gone.saturating_add(frame.data_ref().map_or(0, Bytes::len));
            }
        };
        // Too slow even for this: the answer goes out all the same.
        let _ = timeout(DRAIN, work).await;
    }
}

/// A chunk and its space, once that is there.
type Waiting = Pin<Box<dyn Future<Output = Option<(Bytes, OwnedSemaphorePermit)>> + Send>>;

/// A body within bounds.
pub(crate) struct Metered {
    meter: Meter,
    space: Space,
    began: Instant,
    timer: Option<Pin<Box<Sleep>>>,
    waiting: Option<Waiting>,
}

impl Metered {
    /// Ready when the time is over.
    fn over(&mut self, taken: usize, cx: &mut Context<'_>) -> Poll<()> {
        let end = self.began + self.space.pace.allowed(taken);
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(end)));
        if timer.deadline() != end {
            timer.as_mut().reset(end);
        }
        timer.as_mut().poll(cx)
    }

    /// The next chunk, cut at the limit, and how many KiB of space it needs.
    fn chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<(Bytes, usize)>> {
        let meter = self.meter.clone();
        let mut state = meter.state();
        if state.problem.is_some() {
            return Poll::Ready(None);
        }
        let Poll::Ready(next) = Pin::new(&mut state.body).poll_frame(cx) else {
            let taken = state.taken;
            ready!(self.over(taken, cx));
            state.problem = Some(Problem::Slow);
            return Poll::Ready(None);
        };
        let mut chunk = match next {
            None => return Poll::Ready(None),
            Some(Ok(frame)) => frame.into_data().unwrap_or_default(),
            // The other side is gone, or was cut off for its pace.
            Some(Err(_)) => {
                state.problem = Some(Problem::Slow);
                return Poll::Ready(None);
            }
        };
        let left = state.limit.saturating_sub(state.taken);
        if chunk.len() > left {
            chunk.truncate(left);
            state.problem = Some(Problem::TooLarge);
        }
        state.taken = state.taken.saturating_add(chunk.len());
        let wanted = state.taken.saturating_sub(FREE).div_ceil(1024);
        let need = wanted.saturating_sub(state.held.kib());
        Poll::Ready(Some((chunk, need)))
    }
}

impl HttpBody for Metered {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let this = self.get_mut();
        if this.waiting.is_none() {
            let Some((chunk, need)) = ready!(this.chunk(cx)) else {
                return Poll::Ready(None);
            };
            if need == 0 {
                return Poll::Ready(Some(Ok(Frame::data(chunk))));
            }
            let (left, wait) = (Arc::clone(&this.space.left), this.space.pace.wait);
            let need = u32::try_from(need).unwrap_or(u32::MAX);
            this.waiting = Some(Box::pin(async move {
                let permit = timeout(wait, left.acquire_many_owned(need)).await;
                Some((chunk, permit.ok()?.ok()?))
            }));
        }
        let Some(waiting) = &mut this.waiting else {
            return Poll::Ready(None);
        };
        let got = ready!(waiting.as_mut().poll(cx));
        this.waiting = None;
        let mut state = this.meter.state();
        let Some((chunk, permit)) = got else {
            state.problem = Some(Problem::Busy);
            return Poll::Ready(None);
        };
        state.held.add(permit);
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUICK: Pace = Pace {
        grace: Duration::from_millis(40),
        rate: 1024 * 1024 * 1024,
        longest: Duration::from_secs(5),
        wait: Duration::from_millis(20),
    };

    /// Some bytes, and then nothing more and no end.
    struct Stuck(Option<Bytes>);

    impl HttpBody for Stuck {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            self.0
                .take()
                .map_or(Poll::Pending, |b| Poll::Ready(Some(Ok(Frame::data(b)))))
        }
    }

    async fn read(metered: Metered) -> usize {
        let read = axum::body::to_bytes(Body::new(metered), usize::MAX).await;
        read.unwrap().len()
    }

    #[tokio::test]
    async fn a_body_that_stops_is_given_up_and_what_came_is_kept() {
        let space = Space::of(SPACE, QUICK);
        let body = Body::new(Stuck(Some(Bytes::from_static(b"half"))));
        let (metered, meter) = space.meter(body, 100);
        assert_eq!(read(metered).await, 4);
        assert_eq!(meter.problem(), Some(Problem::Slow));
    }

    #[tokio::test]
    async fn what_is_over_the_limit_is_cut_and_the_rest_thrown_away() {
        let (metered, meter) = Space::of(SPACE, QUICK).meter(Body::from(vec![b'x'; 400]), 100);
        assert_eq!(read(metered).await, 100);
        assert_eq!(meter.problem(), Some(Problem::TooLarge));
        meter.drain().await;
    }

    #[tokio::test]
    async fn space_is_held_by_bytes_and_given_back() {
        let space = Space::of(1024 * 1024, QUICK);
        let big = || Body::from(vec![b'x'; FREE + 1024 * 1024]);
        let (metered, first) = space.meter(big(), usize::MAX);
        assert_eq!(read(metered).await, FREE + 1024 * 1024);
        assert_eq!(first.problem(), None);
        let held = first.held();
        let (metered, second) = space.meter(big(), usize::MAX);
        assert_eq!(read(metered).await, 0);
        assert_eq!(second.problem(), Some(Problem::Busy));
        // A short one needs no space.
        let (metered, short) = space.meter(Body::from(vec![b'x'; FREE]), usize::MAX);
        assert_eq!((read(metered).await, short.problem()), (FREE, None));
        drop(held);
        let (metered, third) = space.meter(big(), usize::MAX);
        assert_eq!(
            (read(metered).await, third.problem()),
            (FREE + 1024 * 1024, None)
        );
    }

    #[test]
    fn bytes_earn_time_up_to_a_last_moment() {
        let pace = Pace::USUAL;
        assert_eq!(pace.allowed(0), Duration::from_secs(20));
        assert_eq!(pace.allowed(160 * 1024), Duration::from_secs(30));
        assert_eq!(pace.allowed(usize::MAX), Duration::from_mins(5));
    }
}
