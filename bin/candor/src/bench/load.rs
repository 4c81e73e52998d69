//! Asking a server as fast as it answers, over so many connections, for a while.
//!
//! Invariants: each connection asks again only when it has its whole answer; an answer of
//! another kind than expected is counted and never as done. One thread asks for all
//! connections, so that it needs one processor and no more.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::stop::Stop;

/// Largest answer that is read.
const LARGEST: usize = 64 * 1024 * 1024;
/// Longest wait for one answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is asked: the n-th request of one connection, of all connections.
pub(crate) trait Ask: Send + Sync {
    /// Request number `n` of connection `line`.
    fn request(&self, line: u32, n: u32) -> Asked;
}

/// One request.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// Path and query.
    pub path: String,
    /// Value of the `Cookie` header.
    pub cookie: Option<String>,
    /// Kind and bytes of a form that is sent.
    pub form: Option<(String, Vec<u8>)>,
}

impl Asked {
    /// A page.
    pub(crate) fn page(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            cookie: None,
            form: None,
        }
    }
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Load {
    /// How long each request took, the shortest first.
    pub times: Vec<Duration>,
    /// Answers of another kind, and requests without one.
    pub wrong: u64,
    /// What the first of those said.
    pub first_wrong: Option<String>,
    /// From the first request to the last answer.
    pub took: Duration,
}

impl Load {
    /// Requests answered as expected in a second.
    pub(crate) fn per_second(&self) -> f64 {
        let done = u32::try_from(self.times.len()).unwrap_or(u32::MAX);
        f64::from(done) / self.took.as_secs_f64().max(1e-9)
    }

    /// The time within which so many of a hundred were answered.
    pub(crate) fn percentile(&self, percent: usize) -> Option<Duration> {
        let last = self.times.len().checked_sub(1)?;
        self.times
            .get((self.times.len() * percent / 100).min(last))
            .copied()
    }

    fn add(&mut self, other: Self) {
        self.times.extend(other.times);
        self.wrong += other.wrong;
        self.first_wrong = self.first_wrong.take().or(other.first_wrong);
        self.took = self.took.max(other.took);
    }

    fn note(&mut self, why: String) {
        self.wrong += 1;
        self.first_wrong.get_or_insert(why);
    }
}

/// Asks over so many lines for so long.
pub(crate) fn run(
    address: SocketAddr,
    lines: u32,
    time: Duration,
    ask: &Arc<dyn Ask>,
) -> Result<Load, Stop> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|why| Stop::environment(format!("The load cannot be made: {why}.")))?;
    let mut all = Load::default();
    runtime.block_on(async {
        let began = Instant::now();
        let mut open = tokio::task::JoinSet::new();
        for line in 0..lines {
            open.spawn(one_line(address, line, began, time, Arc::clone(ask)));
        }
        while let Some(line) = open.join_next().await {
            match line {
                Ok(load) => all.add(load),
                Err(why) => all.note(why.to_string()),
            }
        }
    });
    all.times.sort_unstable();
    Ok(all)
}

/// Asks over one line until its time is over.
async fn one_line(
    address: SocketAddr,
    line: u32,
    began: Instant,
    time: Duration,
    ask: Arc<dyn Ask>,
) -> Load {
    let mut load = Load::default();
    let mut open: Option<SendRequest<Body>> = None;
    let mut n = 0;
    // At least once, however short the time.
    while n == 0 || began.elapsed() < time {
        let asked = ask.request(line, n);
        n += 1;
        let start = Instant::now();
        let answered = tokio::time::timeout(PATIENCE, async {
            let mut sender = match open.take() {
                Some(sender) => sender,
                None => connect(address).await?,
            };
            let answer = exchange(&mut sender, address, asked).await;
            open = answer.is_ok().then_some(sender);
            answer
        });
        match answered.await {
            Ok(Ok(StatusCode::OK)) => load.times.push(start.elapsed()),
            Ok(Ok(status)) => load.note(format!("answered {status}")),
            Ok(Err(why)) => load.note(why),
            Err(_) => load.note("no answer in time".to_owned()),
        }
    }
    load.took = began.elapsed();
    load
}

async fn connect(address: SocketAddr) -> Result<SendRequest<Body>, String> {
    let stream = TcpStream::connect(address)
        .await
        .map_err(|why| why.to_string())?;
    stream.set_nodelay(true).map_err(|why| why.to_string())?;
    let (sender, connection) = handshake(TokioIo::new(stream))
        .await
        .map_err(|why| why.to_string())?;
    tokio::spawn(connection);
    Ok(sender)
}

/// Asks once and reads the whole answer.
async fn exchange(
    sender: &mut SendRequest<Body>,
    address: SocketAddr,
    asked: Asked,
) -> Result<StatusCode, String> {
    let mut request = Request::builder()
        .uri(asked.path)
        .header(header::HOST, address.to_string());
    if let Some(cookie) = asked.cookie {
        request = request.header(header::COOKIE, cookie);
    }
    let request = match asked.form {
        None => request.body(Body::empty()),
        Some((kind, bytes)) => request
            .method(Method::POST)
            .header(header::CONTENT_TYPE, kind)
            .header(header::CONTENT_LENGTH, bytes.len())
            .body(Body::from(bytes)),
    }
    .map_err(|why| why.to_string())?;
    sender.ready().await.map_err(|why| why.to_string())?;
    let answer = sender
        .send_request(request)
        .await
        .map_err(|why| why.to_string())?;
    let status = answer.status();
    to_bytes(Body::new(answer.into_body()), LARGEST)
        .await
        .map_err(|why| why.to_string())?;
    Ok(status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_took_longest_is_the_last_percentile_and_wrong_answers_count_for_nothing() {
        let mut load = Load {
            times: (1..=200).map(Duration::from_millis).collect(),
            took: Duration::from_secs(2),
            ..Load::default()
        };
        load.note("answered 503".to_owned());
        load.note("answered 500".to_owned());
        assert_eq!(load.percentile(50), Some(Duration::from_millis(101)));
        assert_eq!(load.percentile(99), Some(Duration::from_millis(199)));
        assert_eq!(load.percentile(100), Some(Duration::from_millis(200)));
        assert!((load.per_second() - 100.0).abs() < 1e-9);
        assert_eq!(
            (load.wrong, load.first_wrong.as_deref()),
            (2, Some("answered 503"))
        );
        assert_eq!(Load::default().percentile(99), None);
    }

    #[test]
    fn a_server_that_is_not_there_gives_no_figure() {
        struct Front;
        impl Ask for Front {
            fn request(&self, _: u32, _: u32) -> Asked {
                Asked::page("/")
            }
        }
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let ask: Arc<dyn Ask> = Arc::new(Front);
        let load = run(address, 2, Duration::from_millis(20), &ask).unwrap();
        assert!(load.times.is_empty() && load.wrong > 0);
    }
}
