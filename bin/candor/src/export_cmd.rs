//! `candor case export`, beside a running server, for somebody who is signed in.
//!
//! Invariants: the code of the second factor is asked for, never taken as an argument; nothing
//! that is there is written over; a copy appears under its name only when it is whole, and
//! only its owner may read it; no path of it leads out of it.
//!
//! Deliberately absent: packing. ZIP files hold their files as they are, with the instant of
//! the copy as their time, so that the same copy gives the same bytes.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Component, Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::{NamedTempFile, TempDir};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::cli::CaseExportArgs;
use crate::local::Link;
use crate::say::{self, harmless};
use crate::sign_in_cmd;
use crate::stop::{Done, Stop};
use crate::terminal;

/// Takes a copy of a case.
pub(crate) fn run(args: &CaseExportArgs) -> Done {
    let token = sign_in_cmd::token(&args.local.data)?.ok_or_else(|| {
        Stop::refused("Only somebody who is signed in takes a copy. Run `candor sign-in` first.")
    })?;
    let mut target = Target::begin(&args.out)?;
    let mut link = Link::connect(&args.local.data)?;
    let code = terminal::ask_secret("Code of your second factor:")?;
    let request = json!({
        "op": "export-case", "token": token, "reference": args.reference, "totp": code,
    });
    let answer = link.ask_and_take(&request, &mut |line| {
        let Some(piece) = line.get("piece") else {
            return Ok(false);
        };
        target.take(&Piece::read(piece)?)?;
        Ok(true)
    })?;
    target.finish(&args.out)?;
    let count = answer.get("files").and_then(Value::as_u64).unwrap_or(0);
    say::line(&harmless(&format!(
        "A copy of {} with {count} files is in {}. It is confidential, and the case shows that \
         you took it.",
        args.reference.trim().to_uppercase(),
        args.out.display()
    )));
    Ok(())
}

/// Some bytes of a file.
struct Piece {
    path: PathBuf,
    first: bool,
    /// Seconds since 1970.
    at: i64,
    bytes: Vec<u8>,
}

impl Piece {
    fn read(value: &Value) -> Result<Self, Stop> {
        let odd = || {
            Stop::environment(
                "The server gave a copy that this program does not understand; are both of the \
                 same version?",
            )
        };
        let text = |name: &str| value.get(name).and_then(Value::as_str).ok_or_else(odd);
        let path = PathBuf::from(text("path")?);
        let inside = path.components().all(|c| matches!(c, Component::Normal(_)));
        if !inside || path.as_os_str().is_empty() {
            return Err(odd());
        }
        Ok(Self {
            path,
            first: value
                .get("first")
                .and_then(Value::as_bool)
                .ok_or_else(odd)?,
            at: value.get("at").and_then(Value::as_i64).ok_or_else(odd)?,
            bytes: STANDARD.decode(text("bytes")?).map_err(|_| odd())?,
        })
    }
}

/// Where the copy goes; what is not finished goes away by itself.
enum Target {
    Folder { dir: TempDir, open: Option<File> },
    Zip(Box<ZipWriter<NamedTempFile>>),
}

fn cannot(out: &Path) -> impl Fn(std::io::Error) -> Stop {
    move |why| Stop::environment(format!("{} cannot be written: {why}.", out.display()))
}

fn unwritten(why: impl std::fmt::Display) -> Stop {
    Stop::environment(format!("The copy cannot be written: {why}."))
}

fn is_zip(out: &Path) -> bool {
    out.extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("zip"))
}

fn taken(out: &Path) -> Stop {
    Stop::input(format!(
        "{} is there already, and nothing is written over. Name a new folder or file.",
        out.display()
    ))
}

impl Target {
    fn begin(out: &Path) -> Result<Self, Stop> {
        if out.symlink_metadata().is_ok() {
            return Err(taken(out));
        }
        let parent = match out.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let mut hidden = tempfile::Builder::new();
        hidden.prefix(".candor-export-");
        Ok(if is_zip(out) {
            let file = hidden.tempfile_in(parent).map_err(cannot(out))?;
            Self::Zip(Box::new(ZipWriter::new(file)))
        } else {
            // Others do not even see the names in it.
            hidden.permissions(fs::Permissions::from_mode(0o700));
            let dir = hidden.tempdir_in(parent).map_err(cannot(out))?;
            Self::Folder { dir, open: None }
        })
    }

    fn take(&mut self, piece: &Piece) -> Done {
        match self {
            Self::Folder { dir, open } => {
                if piece.first {
                    let path = dir.path().join(&piece.path);
                    if let Some(parent) = path.parent() {
                        fs::create_dir_all(parent).map_err(unwritten)?;
                    }
                    let mut new = OpenOptions::new();
                    let file = new.write(true).create_new(true).mode(0o600).open(&path);
                    *open = Some(file.map_err(unwritten)?);
                }
                let file = open
                    .as_mut()
                    .ok_or_else(|| unwritten("a file has no beginning"))?;
                file.write_all(&piece.bytes).map_err(unwritten)
            }
            Self::Zip(zip) => {
                if piece.first {
                    let options = SimpleFileOptions::default()
                        .compression_method(CompressionMethod::Stored)
                        .last_modified_time(time(piece.at))
                        .large_file(true)
                        .unix_permissions(0o600);
                    let name = piece.path.to_string_lossy();
                    zip.start_file(name, options).map_err(unwritten)?;
                }
                zip.write_all(&piece.bytes).map_err(unwritten)
            }
        }
    }

    fn finish(self, out: &Path) -> Done {
        match self {
            Self::Folder { dir, open } => {
                drop(open);
                if out.symlink_metadata().is_ok() {
                    return Err(taken(out));
                }
                fs::rename(dir.path(), out).map_err(cannot(out))?;
                // It has another name now: there is nothing left to remove.
                let _ = dir.keep();
                Ok(())
            }
            Self::Zip(zip) => {
                let file = zip.finish().map_err(unwritten)?;
                file.as_file().sync_all().map_err(unwritten)?;
                let kept = file.persist_noclobber(out);
                kept.map(|_| ()).map_err(|why| cannot(out)(why.error))
            }
        }
    }
}

/// The time in a ZIP file, in UTC; it knows none before 1980.
fn time(at: i64) -> DateTime {
    let stamp = jiff::Timestamp::from_second(at).unwrap_or_default();
    let t = stamp.to_zoned(jiff::tz::TimeZone::UTC).datetime();
    let number = |n: i8| u8::try_from(n).unwrap_or(0);
    let year = u16::try_from(t.year()).unwrap_or(0);
    let (month, day) = (number(t.month()), number(t.day()));
    let (hour, minute, second) = (number(t.hour()), number(t.minute()), number(t.second()));
    DateTime::from_date_and_time(year, month, day, hour, minute, second).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(path: &str, first: bool, bytes: &[u8]) -> Value {
        let bytes = STANDARD.encode(bytes);
        json!({"path": path, "first": first, "at": 1_799_064_000, "bytes": bytes})
    }

    fn filled(out: &Path) -> Target {
        let mut target = Target::begin(out).unwrap();
        for (path, first, bytes) in [
            ("index.html", true, &b"one "[..]),
            ("index.html", false, b"two"),
            ("files/001-empty", true, b""),
        ] {
            let piece = Piece::read(&piece(path, first, bytes)).unwrap();
            target.take(&piece).unwrap();
        }
        target
    }

    #[test]
    fn no_path_leads_out_of_the_copy() {
        for path in ["../x", "/x", "a/../../x", "", "./x", "a/.."] {
            let read = Piece::read(&piece(path, true, b"x"));
            assert!(read.is_err(), "{path}");
        }
        assert!(Piece::read(&piece("files/001-x", true, b"x")).is_ok());
    }

    #[test]
    fn a_folder_is_there_when_it_is_whole_and_nothing_is_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("copy");
        drop(filled(&out));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
        filled(&out).finish(&out).unwrap();
        assert_eq!(fs::read(out.join("index.html")).unwrap(), b"one two");
        assert_eq!(fs::read(out.join("files/001-empty")).unwrap(), b"");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        assert!(Target::begin(&out).is_err());
    }

    #[test]
    fn the_same_copy_is_the_same_archive() {
        let dir = tempfile::tempdir().unwrap();
        let (a, b) = (dir.path().join("a.zip"), dir.path().join("b.zip"));
        filled(&a).finish(&a).unwrap();
        filled(&b).finish(&b).unwrap();
        let bytes = fs::read(&a).unwrap();
        assert_eq!(bytes, fs::read(&b).unwrap());
        assert!(bytes.starts_with(b"PK\x03\x04"));
        assert!(bytes.windows(7).any(|w| w == b"one two"));
        assert!(Target::begin(&a).is_err());
        assert_eq!(time(1_799_064_000).year(), 2027);
    }
}
