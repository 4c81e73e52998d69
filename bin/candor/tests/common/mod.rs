//! A place of its own for each test: data, configuration, and the program.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use candor_guard::{Address, Answer, Client};

/// A policy of ours with the usual promises.
pub(crate) const POLICY: &str = "\
# Security Policy for Lantern

## Supported Versions

| Version | Supported |
| ------- | --------- |
| 2.x     | Yes       |
| 1.x     | No        |

## Reporting a Vulnerability

Please do not open a public issue. Send your report to security@lantern.test.

Please include:

- Description of the vulnerability
- Steps to reproduce

## Response Timeline

| Step | Time |
| ---- | ---- |
| Acknowledgement | within 48 hours |
| Initial assessment | within 5 business days |

Details are published within 90 days.

## Safe harbour

We will not take legal action against you if you act in good faith.
";

/// A temporary place.
pub(crate) struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path("data")
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// The usual policy in a folder of its own.
    pub(crate) fn policy(&self) -> PathBuf {
        self.write("lantern/SECURITY.md", POLICY)
    }

    /// The program, with everything it may touch inside this place.
    pub(crate) fn candor(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_candor"));
        command
            .args(args)
            .current_dir(self.dir.path())
            .env_clear()
            .env("HOME", self.path("home"))
            .env("XDG_CONFIG_HOME", self.path("config"))
            .stdin(Stdio::null());
        command
    }

    /// Runs it to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Ended {
        Ended::of(self.candor(args).output().unwrap())
    }

    /// Starts a server on a free port.
    pub(crate) fn serve(&self, more: &[&str]) -> Server {
        self.serve_in(more, &[])
    }

    /// The same, with more in its environment.
    pub(crate) fn serve_in(&self, more: &[&str], environment: &[(&str, &str)]) -> Server {
        let data = self.data();
        let mut args = vec!["serve"];
        if !more.contains(&"--data") {
            args.extend(["--data", data.to_str().unwrap()]);
        }
        if !more.contains(&"--listen") {
            args.extend(["--listen", "127.0.0.1:0"]);
        }
        args.extend(more);
        let mut command = self.candor(&args);
        let mut child = command
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (said, lines) = channel();
        let out = child.stdout.take().unwrap();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if said.send(line).is_err() {
                    return;
                }
            }
        });
        let (log, logged) = channel();
        let err = child.stderr.take().unwrap();
        std::thread::spawn(move || {
            for line in BufReader::new(err).lines().map_while(Result::ok) {
                if log.send(line).is_err() {
                    return;
                }
            }
        });
        let mut server = Server {
            child,
            lines,
            logged,
            said: Vec::new(),
            base: String::new(),
        };
        server.wait_for_start();
        server
    }
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ended {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    #[track_caller]
    pub(crate) fn must(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    #[track_caller]
    pub(crate) fn says(self, words: &str) -> Self {
        let both = format!("{}{}", self.out, self.err);
        assert!(both.contains(words), "`{words}` is not in {self:#?}");
        self
    }
}

/// A running server; killed when the test ends.
pub(crate) struct Server {
    pub(crate) child: Child,
    lines: Receiver<String>,
    logged: Receiver<String>,
    pub(crate) said: Vec<String>,
    pub(crate) base: String,
}

impl Server {
    fn wait_for_start(&mut self) {
        let until = Instant::now() + Duration::from_mins(1);
        while Instant::now() < until {
            match self.lines.recv_timeout(Duration::from_millis(200)) {
                Ok(line) => {
                    if let Some(base) = line.strip_prefix("Candor is listening on ") {
                        base.clone_into(&mut self.base);
                    }
                    let last = line.starts_with("Stop with");
                    self.said.push(line);
                    if last {
                        return;
                    }
                }
                Err(_) if self.child.try_wait().unwrap().is_some() => break,
                Err(_) => {}
            }
        }
        let log: Vec<String> = self.logged.try_iter().collect();
        panic!("the server did not start: {:#?} {log:#?}", self.said);
    }

    pub(crate) fn text(&self) -> String {
        self.said.join("\n")
    }

    /// What the log holds so far.
    pub(crate) fn log(&self) -> String {
        self.logged.try_iter().collect::<Vec<_>>().join("\n")
    }

    pub(crate) fn page(&self, path: &str) -> Answer {
        let address = Address::parse(&self.base).unwrap().join(path);
        Client::new().get(&address, "text/html").unwrap()
    }

    pub(crate) fn program(&self, slug: &str) -> String {
        format!("{}/p/{slug}", self.base)
    }

    /// Ends it as a power cut would.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop, as the system does.
    pub(crate) fn terminate(mut self) -> (i32, String) {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
        let code = self.child.wait().unwrap().code().unwrap_or(-1);
        std::thread::sleep(Duration::from_millis(100));
        (code, self.log())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Files a report over HTTP; gives status and body.
pub(crate) fn submit(base: &str, slug: &str, summary: &str) -> Option<(u16, serde_json::Value)> {
    let client = Client::new();
    let page = Address::parse(base).ok()?.join(&format!("p/{slug}"));
    let form = client
        .get(&page.join("report.json"), "application/json")
        .ok()?;
    let form: serde_json::Value = serde_json::from_str(&form.text).ok()?;
    let fields = BTreeMap::from([
        ("nonce".to_owned(), form.get("nonce")?.as_str()?.to_owned()),
        ("summary".to_owned(), summary.to_owned()),
        (
            "description".to_owned(),
            format!("{summary}: it breaks when fed with zeros"),
        ),
    ]);
    let answer = client.post(&page.join("report"), &fields, &[]).ok()?;
    Some((answer.status, serde_json::from_str(&answer.text).ok()?))
}

/// Whether a code opens its room.
pub(crate) fn opens(base: &str, slug: &str, code: &str) -> bool {
    let address = Address::parse(base)
        .unwrap()
        .join(&format!("p/{slug}/room"));
    let fields = BTreeMap::from([("code".to_owned(), code.to_owned())]);
    Client::new().post(&address, &fields, &[]).unwrap().status == 303
}

/// The folder with test data beside the repository; says so and ends the test when it is absent.
pub(crate) fn shared() -> Option<PathBuf> {
    let found = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|a| a.join("shared"))
        .find(|s| s.join("policies").is_dir());
    if found.is_none() {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "the test data is missing"
        );
        eprintln!("skipped: no test data beside the repository");
    }
    found
}
