//! Speaking with the server on this machine, through its socket.
//!
//! One line of JSON each way: `{"op": "list"}`, `{"ok": …}` or `{"error": "…"}`. Before the
//! answer to something long, where it was asked for, lines `{"progress": [done, of]}`; before
//! the end of a copy of a case, its files in pieces, `{"piece": …}`.
//!
//! Invariant: the socket lies in the data folder and is open to its owner only.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::paths;
use crate::stop::Stop;

/// A connection to the server.
#[derive(Debug)]
pub(crate) struct Link {
    stream: BufReader<UnixStream>,
}

impl Link {
    /// Connects to the server of a data folder.
    pub(crate) fn connect(data: &Path) -> Result<Self, Stop> {
        let path = paths::socket(data);
        let stream = UnixStream::connect(&path).map_err(|why| {
            let what = match why.kind() {
                std::io::ErrorKind::PermissionDenied => {
                    "You may not speak with this server: its data belongs to another user."
                }
                _ => "No server is running with this data folder. Start it with `candor serve`, or name another folder with --data.",
            };
            Stop::environment(format!("{what} ({})", path.display()))
        })?;
        let _ = stream.set_read_timeout(Some(Duration::from_mins(1)));
        Ok(Self {
            stream: BufReader::new(stream),
        })
    }

    /// Asks for one thing.
    pub(crate) fn ask(&mut self, request: &Value) -> Result<Value, Stop> {
        self.ask_and_hear(request, &mut |_, _| {})
    }

    /// The same; `heard` is told how much of how much is done, whenever the server says so.
    /// The patience with the server begins anew with each line.
    pub(crate) fn ask_and_hear(
        &mut self,
        request: &Value,
        heard: &mut dyn FnMut(u64, u64),
    ) -> Result<Value, Stop> {
        self.ask_and_take(request, &mut |line| {
            let Some(far) = line.get("progress").and_then(Value::as_array) else {
                return Ok(false);
            };
            let number = |at: usize| far.get(at).and_then(Value::as_u64).unwrap_or(0);
            heard(number(0), number(1));
            Ok(true)
        })
    }

    /// The same; `taken` gets every line and says whether it was one before the answer.
    pub(crate) fn ask_and_take(
        &mut self,
        request: &Value,
        taken: &mut dyn FnMut(&Value) -> Result<bool, Stop>,
    ) -> Result<Value, Stop> {
        let broke =
            |why: std::io::Error| Stop::environment(format!("The server did not answer: {why}."));
        let line = format!("{request}\n");
        self.stream
            .get_mut()
            .write_all(line.as_bytes())
            .map_err(broke)?;
        let answer = loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).map_err(broke)?;
            let value: Value = serde_json::from_str(&line)
                .map_err(|_| Stop::environment("The server did not answer; its log says why."))?;
            if !taken(&value)? {
                break value;
            }
        };
        match (
            answer.get("ok"),
            answer.get("error").and_then(Value::as_str),
        ) {
            (Some(ok), _) => Ok(ok.clone()),
            (None, Some(error)) => Err(Stop::refused(error.to_owned())),
            (None, None) => Err(Stop::environment(
                "The server gave an answer that this program does not understand; are both of the same version?",
            )),
        }
    }
}
