//! The server that is measured: this very program, started as a process of its own.
//!
//! Invariant: it ends with the run, whatever happens. Deliberately absent: what is asked of it.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::place::Place;
use crate::stop::Stop;
use crate::{child, key_source};

/// Longest wait for its first answer, and for its end.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running server.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// When it was started.
    pub(crate) began: Instant,
}

impl Server {
    /// Starts it over the data of a place.
    pub(crate) fn start(place: &Place) -> Result<Self, Stop> {
        let broke = |why: std::io::Error| {
            Stop::environment(format!(
                "The server of the run could not be started: {why}."
            ))
        };
        let program = std::env::current_exe().map_err(broke)?;
        let began = Instant::now();
        let mut child = child::command(program)
            .env_remove(key_source::FILE_VARIABLE)
            .args(["serve", "--listen", "127.0.0.1:0", "--log", "json"])
            .arg("--data")
            .arg(place.data())
            .arg("--key")
            .arg(place.key())
            .args(
                place
                    .config()
                    .iter()
                    .flat_map(|path| ["--config".as_ref(), path.as_os_str()]),
            )
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(broke)?;
        let said = child.stdout.take().map(BufReader::new);
        let address = said.and_then(|mut said| {
            let mut line = String::new();
            said.read_line(&mut line).ok()?;
            // What it says later is of no use; read on so that it never waits for us.
            std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
            line.trim().rsplit_once("http://")?.1.parse().ok()
        });
        let Some(address) = address else {
            let _ = child.kill();
            let _ = child.wait();
            return Err(Stop::environment(
                "The server of the run ended before it listened.",
            ));
        };
        Ok(Self {
            child,
            address,
            began,
        })
    }

    fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Memory that it holds now, in bytes.
    pub(crate) fn memory(&self) -> Option<u64> {
        self.status("VmRSS:")
    }

    /// The most it ever held, in bytes.
    pub(crate) fn most_memory(&self) -> Option<u64> {
        self.status("VmHWM:")
    }

    fn status(&self, name: &str) -> Option<u64> {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).ok()?;
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
        Some(kibibytes * 1024)
    }

    /// Time that it spent on processors so far; to a hundredth of a second.
    pub(crate) fn on_processor(&self) -> Option<Duration> {
        let text = std::fs::read_to_string(format!("/proc/{}/stat", self.pid())).ok()?;
        // The name of the program stands in brackets and may hold anything.
        let (_, fields) = text.rsplit_once(')')?;
        let mut times = fields.split_whitespace().skip(11);
        let user: u64 = times.next()?.parse().ok()?;
        let system: u64 = times.next()?.parse().ok()?;
        let each = rustix::param::clock_ticks_per_second().max(1);
        Some(Duration::from_millis((user + system) * 1_000 / each))
    }

    /// Keeps all its threads on these processors.
    pub(crate) fn keep_on(&self, processors: &[usize]) {
        let Ok(threads) = std::fs::read_dir(format!("/proc/{}/task", self.pid())) else {
            return;
        };
        for thread in threads.flatten() {
            let id = thread.file_name().to_str().and_then(|n| n.parse().ok());
            keep_on(id.and_then(Pid::from_raw), processors);
        }
    }

    /// Tells it to stop, and waits until it has.
    pub(crate) fn stop(mut self) {
        if let Ok(Some(pid)) = i32::try_from(self.pid()).map(Pid::from_raw) {
            let _ = kill_process(pid, Signal::TERM);
        }
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Keeps a thread, or this one, on these processors. A system that refuses leaves it free.
pub(crate) fn keep_on(thread: Option<Pid>, processors: &[usize]) {
    let mut set = rustix::thread::CpuSet::new();
    for processor in processors {
        set.set(*processor);
    }
    let _ = rustix::thread::sched_setaffinity(thread, &set);
}

/// The processors this process may use.
pub(crate) fn processors() -> Vec<usize> {
    let set = rustix::thread::sched_getaffinity(None).unwrap_or_else(|_| {
        let mut one = rustix::thread::CpuSet::new();
        one.set(0);
        one
    });
    (0..rustix::thread::CpuSet::MAX_CPU)
        .filter(|n| set.is_set(*n))
        .collect()
}
