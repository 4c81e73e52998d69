//! The Merkle tree over leaves: root, inclusion proof, and the checks of both kinds of proof.
//!
//! Hashing is that of RFC 6962 section 2.1 (a leaf is SHA-256 over byte 0 and
//! its data, a node SHA-256 over byte 1 and its two children), so that any
//! certificate-transparency tool can check the proofs.
//!
//! Deliberately absent: storage, tiles and checkpoints; this is the arithmetic. Trees that
//! are too long to be held at once are in `tree`.

use candor_base::Digest;
use sha2::{Digest as _, Sha256};

use crate::framed::sha256;

/// The hash of a leaf's data (RFC 6962: byte 0 before it).
pub fn leaf_hash(data: &[u8]) -> Digest {
    let hash = Sha256::new().chain_update([0]).chain_update(data);
    Digest::from_bytes(hash.finalize().into())
}

/// The hash of a node over its two children (RFC 6962: byte 1 before them).
pub(crate) fn node_hash(left: &Digest, right: &Digest) -> Digest {
    let hash = Sha256::new()
        .chain_update([1])
        .chain_update(left.as_bytes())
        .chain_update(right.as_bytes());
    Digest::from_bytes(hash.finalize().into())
}

/// The root over hashes of one level, as many as a power of two.
pub(crate) fn complete(hashes: &[Digest]) -> Digest {
    match (halves(hashes), hashes.first()) {
        (Some((left, right)), _) => node_hash(&complete(left), &complete(right)),
        (None, Some(only)) => *only,
        (None, None) => sha256(b""),
    }
}

/// Splits at the largest power of two smaller than the length; `None` below two leaves.
fn halves<T>(leaves: &[T]) -> Option<(&[T], &[T])> {
    let n = leaves.len();
    let left = n.checked_next_power_of_two()? / 2;
    (n > 1).then(|| leaves.split_at_checked(left))?
}

/// The root over the leaves, in their order.
pub fn root<L: AsRef<[u8]>>(leaves: &[L]) -> Digest {
    match (halves(leaves), leaves.first()) {
        (Some((left, right)), _) => node_hash(&root(left), &root(right)),
        (None, Some(only)) => leaf_hash(only.as_ref()),
        (None, None) => sha256(b""),
    }
}

/// The hashes that lead from leaf `index` (from 0) to the root, lowest first;
/// `None` when there is no such leaf.
pub fn inclusion_proof<L: AsRef<[u8]>>(leaves: &[L], index: usize) -> Option<Vec<Digest>> {
    if index >= leaves.len() {
        return None;
    }
    let Some((left, right)) = halves(leaves) else {
        return Some(Vec::new());
    };
    let (mut path, sibling) = match index.checked_sub(left.len()) {
        None => (inclusion_proof(left, index)?, root(right)),
        Some(in_right) => (inclusion_proof(right, in_right)?, root(left)),
    };
    path.push(sibling);
    Some(path)
}

/// Whether the leaf's data stands at `index` (from 0) of the tree of `size`
/// leaves with this root (RFC 9162 section 2.1.3.2).
pub fn verify_inclusion(
    data: &[u8],
    index: u64,
    size: u64,
    proof: &[Digest],
    root: &Digest,
) -> bool {
    verify_hash(&leaf_hash(data), index, size, proof, root)
}

/// As [`verify_inclusion`], for a leaf of which only the hash is known.
pub fn verify_hash(leaf: &Digest, index: u64, size: u64, proof: &[Digest], root: &Digest) -> bool {
    if index >= size {
        return false;
    }
    let mut node = index;
    let mut last = size - 1;
    let mut hash = *leaf;
    for sibling in proof {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            // A node without a right neighbour moves up unhashed until it is a right child.
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// Whether the tree of `new` leaves begins with the tree of `old` leaves, each with its root
/// (RFC 9162 section 2.1.4.2). Everything begins with the empty tree.
pub fn verify_consistency(old: (u64, &Digest), new: (u64, &Digest), proof: &[Digest]) -> bool {
    let ((old, old_root), (new, new_root)) = (old, new);
    if old == 0 || old == new {
        let same = old_root == new_root;
        let empty = *old_root == sha256(b"");
        return proof.is_empty() && if old == new { same } else { empty };
    }
    if old > new {
        return false;
    }
    // A whole old tree is its own first hash, and is left out of the proof.
    let mut hashes = proof.iter();
    let first = if old.is_power_of_two() {
        Some(old_root)
    } else {
        hashes.next()
    };
    let Some(first) = first else { return false };
    let (mut node, mut last) = (old - 1, new - 1);
    let up = node.trailing_ones();
    (node, last) = (node >> up, last >> up);
    let (mut one, mut other) = (*first, *first);
    for hash in hashes {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            one = node_hash(hash, &one);
            other = node_hash(hash, &other);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            other = node_hash(&other, hash);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && one == *old_root && other == *new_root
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_empty_tree_and_one_leaf_are_as_published() {
        assert_eq!(
            root::<Vec<u8>>(&[]).to_string(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(
            root(&[b""]).to_string(),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
        );
    }

    /// The eight-leaf tree that certificate-transparency implementations test with.
    #[test]
    fn the_published_eight_leaf_tree_has_its_root() {
        let leaves: [&[u8]; 8] = [
            b"",
            &[0x00],
            &[0x10],
            &[0x20, 0x21],
            &[0x30, 0x31],
            &[0x40, 0x41, 0x42, 0x43],
            &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
            &[
                0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d,
                0x6e, 0x6f,
            ],
        ];
        assert_eq!(
            root(&leaves).to_string(),
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
        );
    }

    fn leaves() -> impl Strategy<Value = Vec<[u8; 4]>> {
        prop::collection::vec(any::<u32>().prop_map(u32::to_be_bytes), 1..40)
    }

    proptest! {
        #[test]
        fn every_leaf_can_be_proved(leaves in leaves()) {
            let top = root(&leaves);
            let size = leaves.len() as u64;
            for (i, leaf) in leaves.iter().enumerate() {
                let proof = inclusion_proof(&leaves, i).unwrap();
                prop_assert!(verify_inclusion(leaf, i as u64, size, &proof, &top));
            }
            prop_assert!(inclusion_proof(&leaves, leaves.len()).is_none());
        }

        #[test]
        fn a_wrong_leaf_place_proof_or_root_is_refused(
            leaves in leaves(),
            which in any::<prop::sample::Index>(),
            byte in 0_usize..32,
            flip in 1_u8..,
        ) {
            let i = which.index(leaves.len());
            let (top, size) = (root(&leaves), leaves.len() as u64);
            let proof = inclusion_proof(&leaves, i).unwrap();
            let spoil = |d: &Digest| {
                let mut b = *d.as_bytes();
                b[byte] ^= flip;
                Digest::from_bytes(b)
            };
            let mut other = leaves[i];
            other[byte % 4] ^= flip;
            prop_assert!(!verify_inclusion(&other, i as u64, size, &proof, &top));
            prop_assert!(!verify_inclusion(&leaves[i], i as u64, size, &proof, &spoil(&top)));
            prop_assert!(!verify_inclusion(&leaves[i], size, size, &proof, &top));
            for k in 0..proof.len() {
                let mut bad = proof.clone();
                bad[k] = spoil(&bad[k]);
                prop_assert!(!verify_inclusion(&leaves[i], i as u64, size, &bad, &top));
            }
            let mut long = proof.clone();
            long.push(top);
            prop_assert!(!verify_inclusion(&leaves[i], i as u64, size, &long, &top));
            if let Some((_, short)) = proof.split_last() {
                prop_assert!(!verify_inclusion(&leaves[i], i as u64, size, short, &top));
            }
        }
    }
}
