//! Tiles: how a log is laid out in files, after C2SP tlog-tiles.
//!
//! A tile holds up to 256 hashes of one level. A full one never changes again; a partial
//! one is the beginning of the full one it becomes, so that any width of it can be cut from
//! what is stored.
//!
//! Deliberately absent: bundles of entries. The leaves of this log are hashes of salted
//! values; who reads only the log gets nothing from a value that the hash does not give.

use std::fmt;
use std::str::FromStr;

use candor_base::Digest;

use crate::tree::TILE;

/// Highest level there can be (C2SP).
const LEVELS: u8 = 63;

/// One tile: its level, its place in the level, how many hashes it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TileId {
    /// 0 for leaf hashes.
    pub level: u8,
    /// From 0.
    pub index: u64,
    /// 1 to 256.
    pub width: u16,
}

/// A text names no tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not the path of a tile; it looks like `0/x001/067` or `0/x001/067.p/12`")]
pub struct TileError;

impl TileId {
    /// Whether it holds all the hashes it can: it never changes again.
    pub const fn is_full(self) -> bool {
        self.width as u64 == TILE
    }
}

impl fmt::Display for TileId {
    /// The path after `tile/`: `0/x001/x234/067.p/12`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/", self.level)?;
        let mut groups = vec![self.index % 1000];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        for (i, group) in groups.iter().enumerate().rev() {
            match i {
                0 => write!(f, "{group:03}")?,
                _ => write!(f, "x{group:03}/")?,
            }
        }
        if self.is_full() {
            Ok(())
        } else {
            write!(f, ".p/{}", self.width)
        }
    }
}

/// A decimal number in its one spelling.
fn number<T: FromStr + fmt::Display>(text: &str) -> Option<T> {
    let value: T = text.parse().ok()?;
    (value.to_string() == text).then_some(value)
}

/// Three digits.
fn group(text: &str) -> Option<u64> {
    let digits = text.len() == 3 && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

fn parse(text: &str) -> Option<TileId> {
    let (level, rest) = text.split_once('/')?;
    let (place, width) = match rest.split_once(".p/") {
        Some((place, width)) => (
            place,
            number::<u16>(width).filter(|w| (1..256).contains(w))?,
        ),
        None => (rest, 256),
    };
    let mut index = 0_u64;
    let (before, last) = match place.rsplit_once('/') {
        Some((before, last)) => (before.split('/').collect(), last),
        None => (Vec::new(), place),
    };
    for part in before {
        let three = part.strip_prefix('x').and_then(group)?;
        index = index.checked_mul(1000)?.checked_add(three)?;
    }
    let tile = TileId {
        level: number::<u8>(level).filter(|l| *l <= LEVELS)?,
        index: index.checked_mul(1000)?.checked_add(group(last)?)?,
        width,
    };
    // One spelling each: no leading group of zeros.
    (tile.to_string() == text).then_some(tile)
}

impl FromStr for TileId {
    type Err = TileError;
    fn from_str(text: &str) -> Result<Self, TileError> {
        parse(text).ok_or(TileError)
    }
}

/// The tiles of a log of `new` leaves that one of `old` leaves does not have, lowest first.
pub fn tiles_since(old: u64, new: u64) -> Vec<TileId> {
    let mut tiles = Vec::new();
    let (mut level, mut old, mut new) = (0, old, new);
    while new > 0 && level <= LEVELS {
        if new > old {
            for index in old / TILE..new.div_ceil(TILE) {
                let width = (new - index * TILE).min(TILE);
                let width = u16::try_from(width).unwrap_or(256);
                tiles.push(TileId {
                    level,
                    index,
                    width,
                });
            }
        }
        (level, old, new) = (level + 1, old / TILE, new / TILE);
    }
    tiles
}

/// Hashes as they stand in a tile.
pub fn tile_bytes(hashes: &[Digest]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

/// The hashes of a tile; `None` when the bytes are no whole number of them, or too many.
pub fn tile_hashes(bytes: &[u8]) -> Option<Vec<Digest>> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    let fits = rest.is_empty() && hashes.len() <= 256;
    fits.then(|| {
        hashes
            .iter()
            .map(|hash| Digest::from_bytes(*hash))
            .collect()
    })
}
