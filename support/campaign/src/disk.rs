//! What a disk holds after a power cut, by the calls that were made before it.
//!
//! Only what was synced is promised: bytes by a sync of their file, names by a sync of
//! their folder. Anything else may be there or not, in pieces of a sector, in any order. A
//! sync that fails has thrown away what it should have written, and later ones do not bring
//! it back: that is what Linux does.
//!
//! Deliberately absent: wrong bytes that nobody wrote, and what a file system does beyond
//! what it promises (ext4 keeps more than this).

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::Dice;
use crate::shim::Op;

/// What a power cut keeps of what was not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keeps {
    /// Nothing.
    Nothing,
    /// Everything, as when only the program was killed.
    Everything,
    /// Sectors and names at random, by a seed.
    Some(u64),
}

/// Bytes that reach a disk as a whole.
const SECTOR: usize = 512;

#[derive(Debug, Clone, Default)]
struct File {
    /// What every reader sees.
    live: Vec<u8>,
    /// What is promised.
    durable: Vec<u8>,
    /// What is not yet.
    pending: Vec<Change>,
}

#[derive(Debug, Clone)]
enum Change {
    Write(u64, Vec<u8>),
    Truncate(u64),
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Write(off, data) => {
            let from = usize::try_from(*off).unwrap();
            if bytes.len() < from + data.len() {
                bytes.resize(from + data.len(), 0);
            }
            bytes[from..from + data.len()].copy_from_slice(data);
        }
        Change::Truncate(len) => bytes.resize(usize::try_from(*len).unwrap(), 0),
    }
}

/// A name: a file by its number, or a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Node {
    File(u64),
    Folder,
}

/// Files below one root folder, which is there and durable from the beginning.
#[derive(Debug, Clone, Default)]
pub(crate) struct Disk {
    files: BTreeMap<u64, File>,
    /// A file's number is used again once it is gone; each life has a number of its own.
    lives: BTreeMap<u64, u64>,
    next: u64,
    live: BTreeMap<PathBuf, Node>,
    durable: BTreeMap<PathBuf, Node>,
}

impl Disk {
    fn born(&mut self, ino: u64) -> u64 {
        self.next += 1;
        self.lives.insert(ino, self.next);
        self.files.insert(self.next, File::default());
        self.next
    }

    fn change(&mut self, ino: u64, change: Change) {
        let Some(file) = self
            .lives
            .get(&ino)
            .and_then(|life| self.files.get_mut(life))
        else {
            return;
        };
        apply(&mut file.live, &change);
        file.pending.push(change);
    }

    /// One call more.
    pub(crate) fn act(&mut self, op: &Op) {
        match op {
            Op::Create { ino, path } => {
                let life = self.born(*ino);
                self.live.insert(path.clone(), Node::File(life));
            }
            Op::Write { ino, off, data } => self.change(*ino, Change::Write(*off, data.clone())),
            Op::Truncate { ino, len } => self.change(*ino, Change::Truncate(*len)),
            Op::Sync {
                path,
                failed: false,
                folder: true,
                ..
            } => self.sync_folder(path),
            Op::Sync { folder: true, .. } | Op::Answer { .. } => {}
            Op::Sync { ino, failed, .. } => {
                let life = self.lives.get(ino);
                if let Some(file) = life.and_then(|life| self.files.get_mut(life)) {
                    for change in std::mem::take(&mut file.pending) {
                        if !failed {
                            apply(&mut file.durable, &change);
                        }
                    }
                }
            }
            Op::Rename { from, to } => {
                if let Some(node) = self.live.remove(from) {
                    self.live.insert(to.clone(), node);
                }
            }
            Op::Link { from, to } => {
                if let Some(node) = self.live.get(from).copied() {
                    self.live.insert(to.clone(), node);
                }
            }
            Op::Unlink { path } => {
                self.live.remove(path);
            }
            Op::Folder { path } => {
                self.live.insert(path.clone(), Node::Folder);
            }
        }
    }

    fn sync_folder(&mut self, folder: &Path) {
        let inside = |path: &PathBuf| path.parent() == Some(folder);
        self.durable.retain(|path, _| !inside(path));
        let live = self.live.iter().filter(|(path, _)| inside(path));
        let live: Vec<_> = live.map(|(path, node)| (path.clone(), *node)).collect();
        self.durable.extend(live);
    }

    /// Writes down, below `root`, what is left after a power cut now.
    pub(crate) fn after_power_cut(&self, keeps: Keeps, root: &Path) {
        let mut dice = Dice::new(match keeps {
            Keeps::Some(seed) => seed,
            _ => 0,
        });
        let names = match keeps {
            Keeps::Nothing => self.durable.clone(),
            Keeps::Everything => self.live.clone(),
            Keeps::Some(_) => self.some_names(&mut dice),
        };
        std::fs::create_dir_all(root).unwrap();
        for (path, node) in &names {
            // A name in a folder whose own name is gone is gone with it.
            let parent = path.parent().unwrap_or(Path::new(""));
            if !parent.as_os_str().is_empty() && !root.join(parent).is_dir() {
                continue;
            }
            let to = root.join(path);
            match node {
                Node::Folder => {
                    std::fs::create_dir_all(&to).unwrap();
                    private(&to, 0o700);
                }
                // The index of the write-ahead log is memory; it is made anew.
                Node::File(_) if path.to_string_lossy().ends_with("-shm") => {}
                Node::File(life) => {
                    std::fs::write(&to, self.bytes(*life, keeps, &mut dice)).unwrap();
                    private(&to, 0o600);
                }
            }
        }
    }

    /// Each name that changed since its folder was synced: as it was or as it is.
    fn some_names(&self, dice: &mut Dice) -> BTreeMap<PathBuf, Node> {
        let all: BTreeSet<&PathBuf> = self.live.keys().chain(self.durable.keys()).collect();
        let mut out = BTreeMap::new();
        for path in all {
            let (was, is) = (self.durable.get(path), self.live.get(path));
            let node = if was == is || dice.coin() { is } else { was };
            if let Some(node) = node {
                out.insert(path.clone(), *node);
            }
        }
        out
    }

    fn bytes(&self, life: u64, keeps: Keeps, dice: &mut Dice) -> Vec<u8> {
        let Some(file) = self.files.get(&life) else {
            return Vec::new();
        };
        match keeps {
            Keeps::Nothing => file.durable.clone(),
            Keeps::Everything => file.live.clone(),
            Keeps::Some(_) => {
                let mut bytes = file.durable.clone();
                for change in &file.pending {
                    match change {
                        Change::Truncate(_) if dice.coin() => apply(&mut bytes, change),
                        Change::Truncate(_) => {}
                        Change::Write(off, data) => torn(&mut bytes, *off, data, dice),
                    }
                }
                bytes
            }
        }
    }
}

/// Writes some of the sectors of a write.
fn torn(bytes: &mut Vec<u8>, off: u64, data: &[u8], dice: &mut Dice) {
    let mut at = off;
    let mut rest = data;
    while !rest.is_empty() {
        let within = usize::try_from(at).unwrap() % SECTOR;
        let part = (SECTOR - within).min(rest.len());
        if dice.coin() {
            apply(bytes, &Change::Write(at, rest[..part].to_vec()));
        }
        at += part as u64;
        rest = &rest[part..];
    }
}

fn private(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(ino: u64, off: u64, data: &[u8]) -> Op {
        Op::Write {
            ino,
            off,
            data: data.to_vec(),
        }
    }

    fn sync(ino: u64, path: &str, failed: bool, folder: bool) -> Op {
        Op::Sync {
            ino,
            path: path.into(),
            failed,
            folder,
        }
    }

    fn left(ops: &[Op], keeps: Keeps) -> BTreeMap<String, Vec<u8>> {
        let mut disk = Disk::default();
        for op in ops {
            disk.act(op);
        }
        let dir = tempfile::tempdir().unwrap();
        disk.after_power_cut(keeps, dir.path());
        let mut out = BTreeMap::new();
        for entry in std::fs::read_dir(dir.path()).unwrap() {
            let entry = entry.unwrap();
            let bytes = std::fs::read(entry.path()).unwrap();
            out.insert(entry.file_name().into_string().unwrap(), bytes);
        }
        out
    }

    #[test]
    fn a_name_needs_its_folder_and_bytes_need_their_file() {
        let create = Op::Create {
            ino: 7,
            path: "a".into(),
        };
        let mut ops = vec![create, write(7, 0, b"one")];
        assert!(left(&ops, Keeps::Nothing).is_empty());
        assert_eq!(left(&ops, Keeps::Everything)["a"], b"one");
        ops.push(sync(7, "a", false, false));
        assert!(left(&ops, Keeps::Nothing).is_empty(), "no name yet");
        ops.push(sync(1, "", false, true));
        assert_eq!(left(&ops, Keeps::Nothing)["a"], b"one");
        ops.push(write(7, 3, b" two"));
        assert_eq!(left(&ops, Keeps::Nothing)["a"], b"one");
        ops.push(Op::Rename {
            from: "a".into(),
            to: "b".into(),
        });
        assert_eq!(left(&ops, Keeps::Nothing)["a"], b"one", "the old name");
        ops.push(sync(1, "", false, true));
        assert_eq!(left(&ops, Keeps::Nothing)["b"], b"one");
    }

    #[test]
    fn a_sync_that_failed_threw_away_what_it_should_have_kept() {
        let create = Op::Create {
            ino: 7,
            path: "a".into(),
        };
        let ops = [
            create,
            sync(1, "", false, true),
            write(7, 0, b"one"),
            sync(7, "a", true, false),
            sync(7, "a", false, false),
        ];
        assert_eq!(left(&ops, Keeps::Nothing)["a"], b"");
        assert_eq!(left(&ops, Keeps::Everything)["a"], b"one");
    }

    #[test]
    fn a_torn_write_keeps_whole_sectors_or_none() {
        let create = Op::Create {
            ino: 7,
            path: "a".into(),
        };
        let ops = [create, write(7, 0, &[1; 5000])];
        let mut sizes = BTreeSet::new();
        for seed in 0..50 {
            let left = left(&ops, Keeps::Some(seed));
            let Some(bytes) = left.get("a") else { continue };
            sizes.insert(bytes.iter().map(|b| usize::from(*b)).sum::<usize>());
        }
        assert!(sizes.len() > 5);
        assert!(
            sizes
                .iter()
                .all(|n| n % SECTOR == 0 || (n + 120) % SECTOR == 0)
        );
    }
}
