//! Connections: so many at a time, none of them for ever.
//!
//! Invariants: at most [`Limits::most`] connections are open; when that many are,
//! the one that has waited longest without asking makes room for the next, and
//! only when all are busy is the next one told to come back; a head of a request
//! that does not arrive, and a line kept open without another request, end after
//! [`HEAD`], and so does a handshake; a stop lets requests under way end.
//!
//! Deliberately absent: what is served, and limits by address (behind a proxy all
//! connections come from one).

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use hyper::body::{Bytes, Frame, Incoming, SizeHint};
use hyper::service::service_fn;
use hyper::{Request, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, watch};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tower::ServiceExt as _;

use super::pace::{Paced, Taken};

/// Longest wait for the head of a request, and for the next one on an open line.
const HEAD: Duration = Duration::from_secs(10);
/// Longest time for a request from its head to its answer.
const REQUEST: Duration = Duration::from_mins(6);
/// How long a new connection waits for the room that another one makes.
const ROOM: Duration = Duration::from_secs(1);
/// Pause when the system has no descriptor left.
const PAUSE: Duration = Duration::from_millis(100);
/// Descriptors for everything else: data, socket, mail, log.
const OTHERS: u64 = 128;

/// How many connections may be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limits {
    /// At the same time.
    pub most: u32,
}

impl Limits {
    /// As wanted, as far as the system lets this process open files. Raises the
    /// soft limit of the process as far as it may go.
    pub(crate) fn of_this_process(wanted: u32) -> Self {
        let limit = getrlimit(Resource::Nofile);
        let raised = Rlimit {
            current: limit.maximum,
            maximum: limit.maximum,
        };
        let current = match setrlimit(Resource::Nofile, raised) {
            Ok(()) => raised.current,
            Err(_) => limit.current,
        };
        let limits = Self::within(wanted, current);
        if limits.most < wanted {
            tracing::warn!(
                wanted,
                connections = limits.most,
                "the system allows few open files, so fewer connections are taken (ulimit -n)"
            );
        }
        limits
    }

    fn within(wanted: u32, files: Option<u64>) -> Self {
        let room = files.map_or(u64::MAX, |files| files.saturating_sub(OTHERS));
        let room = u32::try_from(room).unwrap_or(u32::MAX).max(8);
        Self {
            most: wanted.min(room),
        }
    }
}

/// The connections that wait for a request, the longest waiting first.
#[derive(Debug, Default)]
struct Crowd {
    inner: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    next: u64,
    by_age: BTreeMap<u64, Arc<Notify>>,
}

impl Crowd {
    fn waiting(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends the longest waiting one away; false when nobody waits.
    fn send_one_away(&self) -> bool {
        let first = self.waiting().by_age.pop_first();
        first.is_some_and(|(_, leave)| {
            leave.notify_one();
            true
        })
    }
}

/// The place of one connection.
#[derive(Debug)]
struct Place {
    crowd: Arc<Crowd>,
    leave: Arc<Notify>,
    /// Its number while it waits.
    number: Mutex<Option<u64>>,
}

impl Place {
    fn new(crowd: &Arc<Crowd>) -> Arc<Self> {
        let place = Arc::new(Self {
            crowd: Arc::clone(crowd),
            leave: Arc::default(),
            number: Mutex::new(None),
        });
        place.waits();
        place
    }

    /// It waits for a request from now on.
    fn waits(&self) {
        let mut waiting = self.crowd.waiting();
        let number = waiting.next;
        waiting.next = waiting.next.saturating_add(1);
        waiting.by_age.insert(number, Arc::clone(&self.leave));
        drop(waiting);
        self.is_now(Some(number));
    }

    /// It has a request, or it is gone.
    fn busy(&self) {
        self.is_now(None);
    }

    fn is_now(&self, number: Option<u64>) {
        let mut mine = self.number.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = std::mem::replace(&mut *mine, number) {
            self.crowd.waiting().by_age.remove(&before);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.busy();
    }
}

/// An answer; when the last of it was taken, its connection waits again.
struct Answer {
    body: Body,
    place: Arc<Place>,
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.place.waits();
    }
}

impl hyper::body::Body for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Serves until told to stop; returns when the last request is answered.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    tls: Option<TlsAcceptor>,
    limits: Limits,
    mut stop: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(
        usize::try_from(limits.most).unwrap_or(Semaphore::MAX_PERMITS),
    ));
    let crowd = Arc::new(Crowd::default());
    loop {
        let accepted = tokio::select! {
            () = stopped(&mut stop) => break,
            accepted = listener.accept() => accepted,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(why) => {
                // Of one connection: it is gone. Of the system: it needs a moment.
                if !is_of_one(&why) {
                    tracing::error!(error = %why, "a connection could not be taken");
                    tokio::time::sleep(PAUSE).await;
                }
                continue;
            }
        };
        let Some(permit) = room(&places, &crowd).await else {
            // Whoever wants to talk in secret would not understand it.
            if tls.is_none() {
                turn_away(&stream);
            }
            continue;
        };
        let place = Place::new(&crowd);
        let (router, stop, tls) = (router.clone(), stop.clone(), tls.clone());
        tokio::spawn(async move {
            let _ = stream.set_nodelay(true);
            match tls {
                None => converse(stream, router, place, stop).await,
                Some(tls) => {
                    if let Some(stream) = shake(&tls, stream, &place).await {
                        converse(stream, router, place, stop).await;
                    }
                }
            }
            drop::<OwnedSemaphorePermit>(permit);
        });
    }
    drop(listener);
    // Every place free again: everybody is answered.
    let _ = places.acquire_many(limits.most).await;
}

async fn stopped(stop: &mut watch::Receiver<bool>) {
    // The sender is gone only when the server is.
    let _ = stop.wait_for(|stop| *stop).await;
}

fn is_of_one(why: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        why.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}

/// A place for a connection; somebody who only waits makes room.
async fn room(places: &Arc<Semaphore>, crowd: &Crowd) -> Option<OwnedSemaphorePermit> {
    if let Ok(permit) = Arc::clone(places).try_acquire_owned() {
        return Some(permit);
    }
    if !crowd.send_one_away() {
        return None;
    }
    tokio::time::timeout(ROOM, Arc::clone(places).acquire_owned())
        .await
        .ok()?
        .ok()
}

/// Says that all places are taken, as far as it can be said without waiting.
fn turn_away(stream: &TcpStream) {
    const ANSWER: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\
        Retry-After: 10\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 56\r\n\r\n\
        Too many people are here right now. Please try it again.";
    let _ = stream.try_write(ANSWER);
}

/// Agrees on keys with the other side; `None` when that takes too long or comes to nothing, or
/// somebody else needs the place.
async fn shake(
    tls: &TlsAcceptor,
    stream: TcpStream,
    place: &Place,
) -> Option<TlsStream<TcpStream>> {
    tokio::select! {
        shaken = tokio::time::timeout(HEAD, tls.accept(stream)) => shaken.ok()?.ok(),
        () = place.leave.notified() => None,
    }
}

/// One connection to its end.
async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    router: Router,
    place: Arc<Place>,
    mut stop: watch::Receiver<bool>,
) {
    let here = Arc::clone(&place);
    let service = service_fn(move |request| answer(router.clone(), Arc::clone(&here), request));
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(Taken::new(stream)), service);
    let mut connection = pin!(connection);
    let mut told = false;
    loop {
        tokio::select! {
            // Errors here are the other side's: a line that broke, a head that never came.
            _ = connection.as_mut() => return,
            () = place.leave.notified() => return,
            () = stopped(&mut stop), if !told => {
                told = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

/// Answers one request.
async fn answer(
    router: Router,
    place: Arc<Place>,
    request: Request<Incoming>,
) -> Result<Response<Answer>, Infallible> {
    place.busy();
    let request = request.map(|body| Body::new(Paced::new(body)));
    let response = match tokio::time::timeout(REQUEST, router.oneshot(request)).await {
        Ok(Ok(response)) => response,
        Ok(Err(never)) => match never {},
        Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "This took too long. Please try it again.\n",
        )
            .into_response(),
    };
    Ok(response.map(|body| Answer { body, place }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_descriptors_for_the_rest() {
        let most = |files| Limits::within(512, files).most;
        assert_eq!(most(None), 512);
        assert_eq!(most(Some(1_024)), 512);
        assert_eq!(most(Some(256)), 128);
        assert_eq!(most(Some(10)), 8);
    }

    #[test]
    fn who_waits_longest_makes_room_and_who_works_stays() {
        let crowd = Arc::new(Crowd::default());
        let (first, second) = (Place::new(&crowd), Place::new(&crowd));
        first.busy();
        assert!(crowd.send_one_away(), "the second only waits");
        assert!(!crowd.send_one_away(), "the first works");
        first.waits();
        drop(second);
        assert_eq!(crowd.waiting().by_age.len(), 1);
        drop(first);
        assert!(!crowd.send_one_away(), "all are gone");
    }

    #[test]
    fn the_answer_for_a_full_house_says_its_length() {
        let text = "Too many people are here right now. Please try it again.";
        assert_eq!(text.len(), 56);
    }
}
