//! A place of its own for each test: data, configuration, and the program.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use crate::http::{Answer, ask};

/// A policy of ours with the usual promises.
pub const POLICY: &str = "\
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

/// A temporary place, and the program that runs in it.
#[derive(Debug)]
pub struct Place {
    dir: tempfile::TempDir,
    program: PathBuf,
}

impl Place {
    /// A new place for the program built at `program`.
    pub fn new(program: &Path) -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            program: program.to_owned(),
        }
    }

    /// Something in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Its data folder.
    pub fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// Writes a file into it.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// The usual policy in a folder of its own.
    pub fn policy(&self) -> PathBuf {
        self.write("lantern/SECURITY.md", POLICY)
    }

    /// The program, with everything it may touch inside this place.
    pub fn candor(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
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
    pub fn run(&self, args: &[&str]) -> Ended {
        Ended::of(self.candor(args).output().unwrap())
    }

    /// Starts a server on a free port.
    pub fn serve(&self, more: &[&str]) -> Server {
        self.serve_in(more, &[])
    }

    /// The same, with more in its environment.
    pub fn serve_in(&self, more: &[&str], environment: &[(&str, &str)]) -> Server {
        let mut server = self.spawn(more, environment);
        assert!(
            server.wait_for_start(),
            "the server did not start: {:#?} {}",
            server.said,
            server.log()
        );
        server
    }

    /// Starts a server and does not wait for it.
    pub fn spawn(&self, more: &[&str], environment: &[(&str, &str)]) -> Server {
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
        let lines = lines_of(child.stdout.take().unwrap());
        let logged = lines_of(child.stderr.take().unwrap());
        Server {
            child,
            lines,
            logged,
            said: Vec::new(),
            base: String::new(),
        }
    }
}

fn lines_of(pipe: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (say, lines) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if say.send(line).is_err() {
                return;
            }
        }
    });
    lines
}

/// How a run ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code; -1 after a signal.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ended {
    /// From what a command gave back.
    pub fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Stops unless it ended with this code.
    #[track_caller]
    pub fn must(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    /// Stops unless it said these words.
    #[track_caller]
    pub fn says(self, words: &str) -> Self {
        let both = format!("{}{}", self.out, self.err);
        assert!(both.contains(words), "`{words}` is not in {self:#?}");
        self
    }
}

/// A running server; killed when the test ends.
#[derive(Debug)]
pub struct Server {
    /// The process.
    pub child: Child,
    lines: Receiver<String>,
    logged: Receiver<String>,
    /// What it said when it started.
    pub said: Vec<String>,
    /// Where it listens: `http://127.0.0.1:PORT`.
    pub base: String,
}

impl Server {
    /// Waits until it listens; false when it ended before.
    pub fn wait_for_start(&mut self) -> bool {
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
                        return true;
                    }
                }
                Err(_) if self.child.try_wait().unwrap().is_some() => return false,
                Err(_) => {}
            }
        }
        false
    }

    /// What it said when it started.
    pub fn text(&self) -> String {
        self.said.join("\n")
    }

    /// What the log holds since the last look.
    pub fn log(&self) -> String {
        self.logged.try_iter().collect::<Vec<_>>().join("\n")
    }

    /// Everything that one that ended has logged since the last look: until its end of the
    /// pipe is closed, not what happened to be read by now.
    pub fn last_words(&self) -> String {
        let more = || self.logged.recv_timeout(Duration::from_secs(30)).ok();
        std::iter::from_fn(more).collect::<Vec<_>>().join("\n")
    }

    /// Whether it still runs.
    pub fn lives(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// A page as a browser asks for it.
    pub fn page(&self, path: &str) -> Answer {
        ask(&self.base, "GET", &format!("/{path}"), &[], &[]).unwrap()
    }

    /// The page of a program.
    pub fn program(&self, slug: &str) -> String {
        format!("{}/p/{slug}", self.base)
    }

    /// Ends it as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop, as the system does; gives its code and what it logged since.
    pub fn terminate(mut self) -> (i32, String) {
        let code = self.stop();
        (code, self.last_words())
    }

    /// Asks it to stop and waits for it; gives its code. What the shim writes down of it is
    /// whole then: a kill may fall between a call and its line.
    pub(crate) fn stop(&mut self) -> i32 {
        let id = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status();
        assert!(asked.unwrap().success());
        self.child.wait().unwrap().code().unwrap_or(-1)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The folder with test data beside the repository; says so and ends the test when it is absent.
pub fn shared() -> Option<PathBuf> {
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
