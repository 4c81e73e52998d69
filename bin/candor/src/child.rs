//! Other programs that Candor starts.
//!
//! Invariant: none of them sees the instance key. This is the only place in the program
//! that starts one; a test says so.

use std::ffi::OsStr;
use std::io::Read as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use crate::key_source;

/// A program to be started, without the instance key in its environment.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env_remove(key_source::VARIABLE);
    command
}

/// Most bytes of what a program prints that are looked at.
const MOST: u64 = 4096;

/// Why a program gave nothing. None of its arguments and nothing it printed is in here.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Silent {
    /// The system does not start it.
    #[error("cannot be run: {0}")]
    NotRun(std::io::Error),
    /// It ended with a code that says so.
    #[error("failed ({0})")]
    Failed(std::process::ExitStatus),
    /// It did not end.
    #[error("did not end within {0} seconds, and was stopped")]
    TooSlow(u64),
}

/// What a program prints. It gets no input, no shell and so much time.
pub(crate) fn printed(
    program: &str,
    arguments: &[String],
    time: Duration,
) -> Result<Zeroizing<Vec<u8>>, Silent> {
    let mut child = command(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .map_err(Silent::NotRun)?;
    let out = child.stdout.take();
    // Read beside the waiting, so that a program that prints much is not held up.
    let reader = std::thread::spawn(move || {
        let mut said = Zeroizing::new(Vec::new());
        if let Some(out) = out {
            let _ = out.take(MOST).read_to_end(&mut said);
        }
        said
    });
    let ends = Instant::now() + time;
    let status = loop {
        if let Some(status) = child.try_wait().map_err(Silent::NotRun)? {
            break status;
        }
        if Instant::now() >= ends {
            let _ = child.kill();
            let _ = child.wait();
            // The reader is not waited for: a grandchild may hold the pipe open.
            return Err(Silent::TooSlow(time.as_secs()));
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    if !status.success() {
        return Err(Silent::Failed(status));
    }
    while !reader.is_finished() && Instant::now() < ends {
        std::thread::sleep(Duration::from_millis(5));
    }
    if reader.is_finished() {
        Ok(reader.join().unwrap_or_default())
    } else {
        Err(Silent::TooSlow(time.as_secs()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(words: &[&str], milliseconds: u64) -> Result<String, String> {
        let (program, rest) = words.split_first().unwrap();
        let rest: Vec<String> = rest.iter().map(|w| (*w).to_owned()).collect();
        printed(program, &rest, Duration::from_millis(milliseconds))
            .map(|said| String::from_utf8(said.to_vec()).unwrap())
            .map_err(|why| why.to_string())
    }

    #[test]
    fn a_program_prints_fails_or_is_stopped() {
        assert_eq!(run(&["printf", "%s", "a b"], 5000).unwrap(), "a b");
        assert!(run(&["false"], 5000).unwrap_err().contains("failed"));
        assert!(
            run(&["/no/such/program"], 5000)
                .unwrap_err()
                .contains("cannot")
        );
        let began = Instant::now();
        assert!(run(&["sleep", "60"], 200).unwrap_err().contains("stopped"));
        assert!(began.elapsed() < Duration::from_secs(20));
        // Its child keeps the pipe open after it has ended itself.
        assert!(run(&["sh", "-c", "sleep 2 & echo a"], 300).is_err());
        std::thread::sleep(Duration::from_secs(2));
        assert!(began.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn programs_are_started_only_here() {
        fn look(folder: &std::path::Path, found: &mut Vec<String>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    look(&path, found);
                } else {
                    let text = std::fs::read_to_string(&path).unwrap();
                    let shipped = text.split("#[cfg(test)]").next().unwrap();
                    if shipped.contains("Command::new(") {
                        found.push(path.file_name().unwrap().to_string_lossy().into_owned());
                    }
                }
            }
        }
        let mut found = Vec::new();
        let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        look(&here.join("src"), &mut found);
        for area in ["app", "guard", "mail", "ports", "store", "web"] {
            look(
                &here.join(format!("../../shell/candor-{area}/src")),
                &mut found,
            );
        }
        assert_eq!(found, ["child.rs"]);
    }
}
