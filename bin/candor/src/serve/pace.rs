//! Patience with a connection: bodies arrive at a pace, answers are taken at one.
//!
//! Invariants: a body that stops arriving is given up after [`GRACE`]; one that
//! arrives slowly may take as much longer as its bytes earn at [`PACE`], and never
//! more than [`LONGEST`]; an answer that nobody takes is given up after [`STALL`].
//!
//! Deliberately absent: limits of size (where bodies are read) and of number
//! (`connections`).

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

/// Time that every body has, however small.
const GRACE: Duration = Duration::from_secs(20);
/// Bytes that a body must bring for each second beyond that.
const PACE: u64 = 16 * 1024;
/// Longest time for a body, however fast.
const LONGEST: Duration = Duration::from_mins(5);
/// Longest wait for the other side to take some of an answer.
const STALL: Duration = Duration::from_secs(30);

/// A body that did not arrive fast enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooSlow;

impl std::fmt::Display for TooSlow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the body arrived too slowly")
    }
}

impl std::error::Error for TooSlow {}

/// How long a body may take that brought so many bytes.
fn allowed(bytes: u64) -> Duration {
    (GRACE + Duration::from_secs(bytes / PACE)).min(LONGEST)
}

/// A request body that has to keep its pace from its first reading on.
#[derive(Debug)]
pub(crate) struct Paced<B> {
    inner: B,
    began: Option<Instant>,
    bytes: u64,
    timer: Option<Pin<Box<Sleep>>>,
}

impl<B> Paced<B> {
    pub(crate) const fn new(inner: B) -> Self {
        Self {
            inner,
            began: None,
            bytes: 0,
            timer: None,
        }
    }

    /// Ready when the time is over.
    fn over(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let began = *self.began.get_or_insert_with(Instant::now);
        let end = began + allowed(self.bytes);
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(end)));
        if timer.deadline() != end {
            timer.as_mut().reset(end);
        }
        timer.as_mut().poll(cx)
    }
}

impl<B> Body for Paced<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = self.get_mut();
        match Pin::new(&mut this.inner).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                this.began.get_or_insert_with(Instant::now);
                let more = frame.data_ref().map_or(0, Bytes::len);
                this.bytes = this
                    .bytes
                    .saturating_add(u64::try_from(more).unwrap_or(u64::MAX));
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(why))) => Poll::Ready(Some(Err(why.into()))),
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => {
                ready!(this.over(cx));
                Poll::Ready(Some(Err(Box::new(TooSlow))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// A stream whose other side has to take what is written.
#[derive(Debug)]
pub(crate) struct Taken<S> {
    inner: S,
    timer: Option<Pin<Box<Sleep>>>,
}

impl<S> Taken<S> {
    pub(crate) const fn new(inner: S) -> Self {
        Self { inner, timer: None }
    }

    /// Passes on what a write came to; a write that waits too long has failed.
    fn bounded<T>(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.timer = None;
            return written;
        }
        let timer = self
            .timer
            .get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + STALL)));
        ready!(timer.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Taken<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Taken<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.inner).poll_write(cx, bytes);
        this.bounded(cx, written)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.inner).poll_write_vectored(cx, bytes);
        this.bounded(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let flushed = Pin::new(&mut this.inner).poll_flush(cx);
        this.bounded(cx, flushed)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A body that brings so many bytes at a time and then nothing more.
    struct Drip {
        left: u32,
        bytes: usize,
    }

    impl Body for Drip {
        type Data = Bytes;
        type Error = TooSlow;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, TooSlow>>> {
            if self.left == 0 {
                return Poll::Pending;
            }
            self.left -= 1;
            Poll::Ready(Some(Ok(Frame::data(Bytes::from(vec![0; self.bytes])))))
        }
    }

    /// How much of a body arrived before it was given up.
    async fn read(body: Drip) -> (u64, bool) {
        let mut body = Paced::new(body);
        let mut got = 0;
        loop {
            match std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
                Some(Ok(frame)) => got += frame.into_data().unwrap().len() as u64,
                Some(Err(why)) => return (got, why.is::<TooSlow>()),
                None => return (got, false),
            }
        }
    }

    #[test]
    fn bytes_earn_time_up_to_five_minutes() {
        assert_eq!(allowed(0), Duration::from_secs(20));
        assert_eq!(allowed(PACE * 40), Duration::from_mins(1));
        assert_eq!(allowed(u64::MAX), Duration::from_mins(5));
    }

    #[test]
    fn a_body_that_stops_is_given_up() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        let body = Drip { left: 1, bytes: 7 };
        let outcome = runtime.block_on(async {
            // The same clock, turned forward instead of waited for.
            let mut paced = Paced::new(Drip { left: 0, bytes: 0 });
            paced.began = Instant::now().checked_sub(GRACE);
            let first = std::future::poll_fn(|cx| Pin::new(&mut paced).poll_frame(cx));
            let late = first.await.unwrap().unwrap_err().is::<TooSlow>();
            let waited = tokio::time::timeout(Duration::from_millis(50), read(body)).await;
            (late, waited.is_err())
        });
        assert_eq!(
            outcome,
            (true, true),
            "late is refused, early is waited for"
        );
    }
}
