//! The Merkle tree of a log that is too long to be held at once: root, proofs and growth,
//! computed from the hashes that tiles hold.
//!
//! A stored hash is named by level and index: at level 0 the hash of a leaf, at level `l`
//! the root over `256^l` leaves (C2SP tlog-tiles). Whoever asks gives a function that reads
//! one; each answer needs a few hundred of them at most, however long the log is.
//!
//! Invariant: only hashes that exist in a tree of the asked size are read.
//!
//! Deliberately absent: where the hashes lie. The same arithmetic over whole leaves, in the
//! words of RFC 6962, is the judge of this one in the tests.

use std::collections::BTreeMap;

use candor_base::Digest;

use crate::framed::sha256;
use crate::merkle::{complete, node_hash};

/// Bits of the index that one level of tiles takes.
const BITS: u32 = 8;
/// Hashes that a full tile holds.
pub const TILE: u64 = 1 << BITS;
/// The highest level of tiles a log of 2^64 leaves has.
const TOP: u8 = 7;

/// Reads stored hashes: level, index.
pub type Read<'r, E> = &'r mut dyn FnMut(u8, u64) -> Result<Digest, E>;

/// A hash that a log gained: where it is stored, and the hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gained {
    /// The level of its tile.
    pub level: u8,
    /// Its place within the level.
    pub index: u64,
    /// The hash.
    pub hash: Digest,
}

/// Leaves under one hash of this level; `None` beyond what a number can say.
const fn span(level: u8) -> Option<u64> {
    1_u64.checked_shl(BITS * level as u32)
}

/// The level at which a subtree of so many leaves is one stored hash.
fn level_of(leaves: u64) -> Option<u8> {
    (0..=TOP).find(|level| span(*level) == Some(leaves))
}

/// The largest power of two below the number, which is at least 2.
const fn left(leaves: u64) -> u64 {
    1 << (leaves - 1).ilog2()
}

/// The root over the leaves from `lo` up to before `hi`.
fn subtree<E>(lo: u64, hi: u64, read: Read<'_, E>) -> Result<Digest, E> {
    let leaves = hi.saturating_sub(lo);
    if leaves == 0 {
        return Ok(sha256(b""));
    }
    if let Some(level) = level_of(leaves)
        && lo.is_multiple_of(leaves)
    {
        return read(level, lo / leaves);
    }
    let middle = lo + left(leaves);
    let one = subtree(lo, middle, read)?;
    Ok(node_hash(&one, &subtree(middle, hi, read)?))
}

/// The root of the first `size` leaves.
///
/// # Errors
/// When a hash could not be read.
pub fn root<E>(size: u64, read: Read<'_, E>) -> Result<Digest, E> {
    subtree(0, size, read)
}

/// The hashes that lead from leaf `index` to the root of the first `size` leaves, lowest
/// first; `None` when there is no such leaf.
///
/// # Errors
/// When a hash could not be read.
pub fn inclusion<E>(index: u64, size: u64, read: Read<'_, E>) -> Result<Option<Vec<Digest>>, E> {
    if index >= size {
        return Ok(None);
    }
    let (mut lo, mut hi) = (0, size);
    let mut path = Vec::new();
    while hi - lo > 1 {
        let middle = lo + left(hi - lo);
        if index < middle {
            path.push(subtree(middle, hi, read)?);
            hi = middle;
        } else {
            path.push(subtree(lo, middle, read)?);
            lo = middle;
        }
    }
    path.reverse();
    Ok(Some(path))
}

/// The hashes that show that the tree of `new` leaves begins with that of `old`
/// (RFC 6962 section 2.1.2); empty from nothing and from the same tree, `None` when the
/// old one is the larger.
///
/// # Errors
/// When a hash could not be read.
pub fn consistency<E>(old: u64, new: u64, read: Read<'_, E>) -> Result<Option<Vec<Digest>>, E> {
    if old > new {
        return Ok(None);
    }
    if old == 0 {
        return Ok(Some(Vec::new()));
    }
    let (mut lo, mut hi) = (0, new);
    let mut path = Vec::new();
    while old != hi {
        let middle = lo + left(hi - lo);
        if old <= middle {
            path.push(subtree(middle, hi, read)?);
            hi = middle;
        } else {
            path.push(subtree(lo, middle, read)?);
            lo = middle;
        }
    }
    // The whole old tree is known to whoever asks; only a part of it is not.
    if lo > 0 {
        path.push(subtree(lo, hi, read)?);
    }
    path.reverse();
    Ok(Some(path))
}

/// What a log of `size` leaves gains with these leaf hashes, and its root then.
///
/// # Errors
/// When a hash could not be read.
pub fn grow<E>(
    size: u64,
    leaves: &[Digest],
    read: Read<'_, E>,
) -> Result<(Vec<Gained>, Digest), E> {
    let mut fresh: BTreeMap<(u8, u64), Digest> = BTreeMap::new();
    for (index, hash) in (size..).zip(leaves) {
        fresh.insert((0, index), *hash);
    }
    let new = size.saturating_add(u64::try_from(leaves.len()).unwrap_or(u64::MAX));
    for level in 1..=TOP {
        let Some(under) = span(level) else { break };
        for index in size / under..new / under {
            let below = level - 1;
            let mut tile = Vec::new();
            for i in index * TILE..(index + 1) * TILE {
                tile.push(match fresh.get(&(below, i)) {
                    Some(hash) => *hash,
                    None => read(below, i)?,
                });
            }
            fresh.insert((level, index), complete(&tile));
        }
    }
    let top = root(new, &mut |level, index| {
        let known = fresh.get(&(level, index)).copied();
        known.map_or_else(|| read(level, index), Ok)
    })?;
    let gained = fresh
        .into_iter()
        .map(|((level, index), hash)| Gained { level, index, hash })
        .collect();
    Ok((gained, top))
}
