//! The file-system shim: built with the C compiler of the machine, loaded into the program.
//!
//! Invariants: entries are read in the order in which the calls were made; an entry that a
//! kill cut in two is the last one and is left out. Deliberately absent: what a disk makes
//! of the calls (`disk.rs`).

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A kind of call that can be made to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    Read = 1,
    Write = 2,
    Sync = 4,
    Create = 8,
    Rename = 16,
    Unlink = 32,
    MakeFolder = 64,
    Truncate = 128,
}

impl Call {
    pub(crate) const ALL: [Self; 8] = [
        Self::Read,
        Self::Write,
        Self::Sync,
        Self::Create,
        Self::Rename,
        Self::Unlink,
        Self::MakeFolder,
        Self::Truncate,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Sync => "fsync",
            Self::Create => "create",
            Self::Rename => "rename",
            Self::Unlink => "unlink",
            Self::MakeFolder => "mkdir",
            Self::Truncate => "truncate",
        }
    }
}

/// Error numbers of Linux.
pub(crate) const EIO: i64 = 5;
pub(crate) const ENOSPC: i64 = 28;
pub(crate) const EROFS: i64 = 30;

/// The places of the shared page, in 8 bytes each.
#[derive(Clone, Copy)]
enum At {
    Mask,
    Nth,
    Errno,
    Sticky,
    Seen,
    Hits,
    Wall,
    Record,
    Short,
}

/// What was done to a file or folder, or told to a sender.
#[derive(Debug, Clone)]
pub(crate) enum Op {
    Create {
        ino: u64,
        path: PathBuf,
    },
    Write {
        ino: u64,
        off: u64,
        data: Vec<u8>,
    },
    Truncate {
        ino: u64,
        len: u64,
    },
    Sync {
        ino: u64,
        path: PathBuf,
        failed: bool,
        folder: bool,
    },
    Rename {
        from: PathBuf,
        to: PathBuf,
    },
    Link {
        from: PathBuf,
        to: PathBuf,
    },
    Unlink {
        path: PathBuf,
    },
    Folder {
        path: PathBuf,
    },
    /// The answer that takes a report, as it was sent.
    Answer {
        text: String,
    },
}

/// The shim, its log and its page.
#[derive(Debug)]
pub(crate) struct Shim {
    library: PathBuf,
    log: PathBuf,
    page: File,
    control: PathBuf,
    root: PathBuf,
}

impl Shim {
    /// Builds it in a folder; `None`, and a line that says so, without a C compiler.
    pub(crate) fn build(folder: &Path, root: &Path) -> Option<Self> {
        let source = folder.join("shim.c");
        let library = folder.join("shim.so");
        std::fs::write(&source, include_str!("shim.c")).unwrap();
        let built = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .arg(&library)
            .arg(&source)
            .arg("-ldl")
            .output();
        let Ok(built) = built else {
            let why = "no C compiler (cc) is on this machine";
            assert!(std::env::var("CI").as_deref() != Ok("true"), "{why}");
            println!("skipped: {why}");
            return None;
        };
        let said = String::from_utf8_lossy(&built.stderr);
        assert!(built.status.success(), "{said}");
        let control = folder.join("shim.control");
        let page = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(&control)
            .unwrap();
        page.set_len(4096).unwrap();
        let shim = Self {
            library,
            log: folder.join("shim.log"),
            page,
            control,
            root: root.to_owned(),
        };
        shim.put(At::Record, 1);
        Some(shim)
    }

    /// What loads it into a program.
    pub(crate) fn environment(&self) -> Vec<(&str, &str)> {
        vec![
            ("LD_PRELOAD", self.library.to_str().unwrap()),
            ("CANDOR_SHIM_ROOT", self.root.to_str().unwrap()),
            ("CANDOR_SHIM_LOG", self.log.to_str().unwrap()),
            ("CANDOR_SHIM_CONTROL", self.control.to_str().unwrap()),
        ]
    }

    fn put(&self, at: At, value: i64) {
        let bytes = value.to_ne_bytes();
        self.page.write_all_at(&bytes, at as u64 * 8).unwrap();
    }

    fn get(&self, at: At) -> i64 {
        let mut bytes = [0; 8];
        self.page.read_exact_at(&mut bytes, at as u64 * 8).unwrap();
        i64::from_ne_bytes(bytes)
    }

    /// From now on the `nth` call of these kinds fails with this error, and with `sticky`
    /// every one after it.
    pub(crate) fn arm(&self, calls: &[Call], nth: i64, errno: i64, sticky: bool) {
        self.disarm();
        self.put(At::Nth, nth);
        self.put(At::Errno, errno);
        self.put(At::Sticky, i64::from(sticky));
        self.put(At::Seen, 0);
        self.put(At::Hits, 0);
        let full = !sticky && errno == ENOSPC && calls == [Call::Write];
        self.put(At::Short, i64::from(full));
        let mask = calls.iter().fold(0, |mask, call| mask | *call as i64);
        self.put(At::Mask, mask);
    }

    /// Every call is made again.
    pub(crate) fn disarm(&self) {
        self.put(At::Mask, 0);
    }

    /// How many calls failed since it was armed.
    pub(crate) fn hits(&self) -> i64 {
        self.get(At::Hits)
    }

    /// Sets the clock on the wall so many seconds ahead.
    pub(crate) fn set_wall(&self, seconds: i64) {
        self.put(At::Wall, seconds);
    }

    /// Writes nothing down from now on.
    pub(crate) fn stop_recording(&self) {
        self.put(At::Record, 0);
    }

    /// Everything that was done, paths relative to the root.
    pub(crate) fn ops(&self) -> Vec<Op> {
        let bytes = std::fs::read(&self.log).unwrap_or_default();
        let mut out = Vec::new();
        let mut rest = bytes.as_slice();
        while let Some((op, left)) = self.op(rest) {
            out.push(op);
            rest = left;
        }
        out
    }

    fn op<'a>(&self, bytes: &'a [u8]) -> Option<(Op, &'a [u8])> {
        let number = |from: usize| -> Option<u64> {
            Some(u64::from_ne_bytes(
                bytes.get(from..from + 8)?.try_into().ok()?,
            ))
        };
        let small = |from: usize| -> Option<usize> {
            let four = bytes.get(from..from + 4)?.try_into().ok()?;
            usize::try_from(u32::from_ne_bytes(four)).ok()
        };
        let (path, other) = (small(4)?, small(8)?);
        let (ino, off, len) = (number(16)?, number(24)?, number(32)?);
        let kind = *bytes.first()?;
        let held = matches!(kind, b'W' | b'A');
        let data = if held { usize::try_from(len).ok()? } else { 0 };
        let body = bytes.get(40..40 + path + other + data)?;
        let text = |part: &[u8]| -> PathBuf {
            let path = PathBuf::from(String::from_utf8_lossy(part).into_owned());
            path.strip_prefix(&self.root).unwrap_or(&path).to_owned()
        };
        let first = text(&body[..path]);
        let second = text(&body[path..path + other]);
        let data = &body[path + other..];
        let op = match kind {
            b'C' => Op::Create { ino, path: first },
            b'W' => Op::Write {
                ino,
                off,
                data: data.to_vec(),
            },
            b'T' => Op::Truncate { ino, len: off },
            b'S' => Op::Sync {
                ino,
                path: first,
                failed: bytes[1] != 0,
                folder: bytes[2] != 0,
            },
            b'R' => Op::Rename {
                from: first,
                to: second,
            },
            b'L' => Op::Link {
                from: first,
                to: second,
            },
            b'U' => Op::Unlink { path: first },
            b'M' => Op::Folder { path: first },
            b'A' => Op::Answer {
                text: String::from_utf8_lossy(data).into_owned(),
            },
            other => panic!("the log of the shim holds {other}"),
        };
        Some((op, &bytes[40 + body.len()..]))
    }
}
