//! The log: the tree against a slow second implementation in the words of RFC 6962, tiles,
//! checkpoints, cosignatures and proofs.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use std::collections::BTreeMap;
use std::convert::Infallible;

use candor_base::{Digest, Instant};
use candor_ledger::merkle::{leaf_hash, verify_consistency, verify_inclusion};
use candor_ledger::{
    Checkpoint, CheckpointError, KeyName, Leaf, LogProof, NoteError, ProofError, TileId,
    VerifierKey, WitnessError, WitnessKey, add_cosignatures, cosign, cosignatures, merkle, request,
    sha256, tile_bytes, tile_hashes, tiles_since, tree,
};
use proptest::prelude::*;

/// The slow judge: sections 2.1, 2.1.1 and 2.1.2 of RFC 6962, word for word.
mod judge {
    use super::*;

    fn node(l: Digest, r: Digest) -> Digest {
        sha256(&[&[1][..], l.as_bytes(), r.as_bytes()].concat())
    }

    fn k(n: usize) -> usize {
        let mut k = 1;
        while k * 2 < n {
            k *= 2;
        }
        k
    }

    pub(crate) fn mth(d: &[Vec<u8>]) -> Digest {
        match d {
            [] => sha256(b""),
            [one] => sha256(&[&[0][..], one].concat()),
            _ => {
                let (l, r) = d.split_at(k(d.len()));
                node(mth(l), mth(r))
            }
        }
    }

    pub(crate) fn path(m: usize, d: &[Vec<u8>]) -> Vec<Digest> {
        if d.len() == 1 {
            return Vec::new();
        }
        let (l, r) = d.split_at(k(d.len()));
        let (mut found, other) = if m < l.len() {
            (path(m, l), mth(r))
        } else {
            (path(m - l.len(), r), mth(l))
        };
        found.push(other);
        found
    }

    pub(crate) fn subproof(m: usize, d: &[Vec<u8>], whole: bool) -> Vec<Digest> {
        if m == d.len() {
            return if whole { Vec::new() } else { vec![mth(d)] };
        }
        let (l, r) = d.split_at(k(d.len()));
        let (mut found, other) = if m <= l.len() {
            (subproof(m, l, whole), mth(r))
        } else {
            (subproof(m - l.len(), r, false), mth(l))
        };
        found.push(other);
        found
    }
}

type Stored = BTreeMap<(u8, u64), Digest>;

fn read(stored: &Stored) -> impl FnMut(u8, u64) -> Result<Digest, Infallible> {
    move |level, index| Ok(stored[&(level, index)])
}

fn data(n: usize) -> Vec<Vec<u8>> {
    (0..n).map(|i| i.to_be_bytes().to_vec()).collect()
}

/// Grows a log by these steps; its stored hashes.
fn grown(leaves: &[Vec<u8>], steps: &[usize]) -> Stored {
    let mut stored = Stored::new();
    let mut size = 0;
    for step in steps {
        let end = (size + step).min(leaves.len());
        let new: Vec<Digest> = leaves[size..end].iter().map(|d| leaf_hash(d)).collect();
        let (gained, root) = tree::grow(size as u64, &new, &mut read(&stored)).unwrap();
        for g in gained {
            assert!(stored.insert((g.level, g.index), g.hash).is_none());
        }
        assert_eq!(root, judge::mth(&leaves[..end]), "{size} + {step}");
        size = end;
    }
    stored
}

/// Of the eight leaves that certificate-transparency implementations test with.
#[test]
fn the_published_trees_have_their_roots() {
    let hex = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ];
    let leaves: Vec<Vec<u8>> = hex
        .iter()
        .map(|s| {
            let pairs = s.as_bytes().chunks(2);
            let byte = |p| u8::from_str_radix(std::str::from_utf8(p).unwrap(), 16).unwrap();
            pairs.map(byte).collect()
        })
        .collect();
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let stored = grown(&leaves, &[1; 8]);
    for (n, want) in (1..=8).zip(roots) {
        assert_eq!(judge::mth(&leaves[..n]).to_string(), want);
        assert_eq!(
            tree::root(n as u64, &mut read(&stored))
                .unwrap()
                .to_string(),
            want
        );
    }
    // RFC 6962 section 2.1.3 tells which nodes the proofs of a tree of seven have.
    let of = |m, n| {
        tree::consistency(m, n, &mut read(&stored))
            .unwrap()
            .unwrap()
    };
    let at = |lo: usize, hi: usize| judge::mth(&leaves[lo..hi]);
    assert_eq!(of(3, 7), [at(2, 3), at(3, 4), at(0, 2), at(4, 7)]);
    assert_eq!(of(4, 7), [at(4, 7)]);
    assert_eq!(of(6, 7), [at(4, 6), at(6, 7), at(0, 4)]);
    let path = tree::inclusion(3, 7, &mut read(&stored)).unwrap().unwrap();
    assert_eq!(path, [at(2, 3), at(0, 2), at(4, 7)]);
}

#[test]
fn a_log_over_three_levels_of_tiles_agrees_with_the_judge() {
    let leaves = data(66_000);
    let stored = grown(&leaves, &[1, 254, 1, 1, 255, 65_024, 1000]);
    assert!(stored.contains_key(&(2, 0)));
    for (m, n) in [
        (1, 66_000),
        (256, 66_000),
        (65_536, 66_000),
        (65_535, 65_537),
    ] {
        let proof = tree::consistency(m as u64, n as u64, &mut read(&stored));
        assert_eq!(
            proof.unwrap().unwrap(),
            judge::subproof(m, &leaves[..n], true)
        );
    }
    for m in [0, 255, 256, 65_535, 65_536, 65_999] {
        let proof = tree::inclusion(m as u64, 66_000, &mut read(&stored));
        assert_eq!(proof.unwrap().unwrap(), judge::path(m, &leaves));
    }
    assert_eq!(
        tree::inclusion(66_000, 66_000, &mut read(&stored)).unwrap(),
        None
    );
    assert_eq!(tree::consistency(2, 1, &mut read(&stored)).unwrap(), None);
}

fn spoiled(digest: &Digest, byte: usize, flip: u8) -> Digest {
    let mut bytes = *digest.as_bytes();
    bytes[byte] ^= flip;
    Digest::from_bytes(bytes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn proofs_are_those_of_the_judge_and_no_other_holds(
        steps in prop::collection::vec(1_usize..300, 1..6),
        old in any::<prop::sample::Index>(),
        byte in 0_usize..32,
        flip in 1_u8..,
    ) {
        let n: usize = steps.iter().sum();
        let leaves = data(n);
        let stored = grown(&leaves, &steps);
        let m = old.index(n + 1);
        let (old_root, new_root) = (judge::mth(&leaves[..m]), judge::mth(&leaves));
        let proof = tree::consistency(m as u64, n as u64, &mut read(&stored)).unwrap().unwrap();
        let want = if m == 0 { Vec::new() } else { judge::subproof(m, &leaves, true) };
        prop_assert_eq!(&proof, &want);
        let (from, to) = ((m as u64, &old_root), (n as u64, &new_root));
        prop_assert!(verify_consistency(from, to, &proof));
        for i in 0..proof.len() {
            let mut bad = proof.clone();
            bad[i] = spoiled(&bad[i], byte, flip);
            prop_assert!(!verify_consistency(from, to, &bad));
        }
        let mut long = proof.clone();
        long.push(new_root);
        prop_assert!(!verify_consistency(from, to, &long));
        if m > 0 {
            let bad = spoiled(&old_root, byte, flip);
            prop_assert!(!verify_consistency((m as u64, &bad), to, &proof));
        }
        if m > 0 && m < n {
            let bad = spoiled(&new_root, byte, flip);
            prop_assert!(!verify_consistency(from, (n as u64, &bad), &proof));
            prop_assert!(!verify_consistency(to, from, &proof));
        }
        let i = old.index(n);
        let proof = tree::inclusion(i as u64, n as u64, &mut read(&stored)).unwrap().unwrap();
        prop_assert_eq!(&proof, &judge::path(i, &leaves));
        prop_assert!(verify_inclusion(&leaves[i], i as u64, n as u64, &proof, &new_root));
        prop_assert_eq!(merkle::root(&leaves), new_root);
    }

    #[test]
    fn every_tile_has_one_path(level in 0_u8..64, index in any::<u64>(), width in 1_u16..=256) {
        let tile = TileId { level, index, width };
        prop_assert_eq!(tile.to_string().parse::<TileId>(), Ok(tile));
    }

    #[test]
    fn the_tiles_of_every_step_together_are_the_log(steps in prop::collection::vec(1_u64..3000, 1..8)) {
        let mut size = 0;
        let mut have: BTreeMap<(u8, u64), u16> = BTreeMap::new();
        for step in steps {
            for tile in tiles_since(size, size + step) {
                prop_assert!(have.insert((tile.level, tile.index), tile.width).is_none_or(|w| w < tile.width));
            }
            size += step;
        }
        let all: BTreeMap<(u8, u64), u16> =
            tiles_since(0, size).iter().map(|t| ((t.level, t.index), t.width)).collect();
        prop_assert_eq!(have, all);
    }
}

#[test]
fn tiles_are_as_c2sp_says() {
    let path = |level, index, width| {
        TileId {
            level,
            index,
            width,
        }
        .to_string()
    };
    assert_eq!(path(0, 1_234_067, 256), "0/x001/x234/067");
    assert_eq!(path(1, 0, 17), "1/000.p/17");
    // Its example: a tree of size 70,000.
    let tiles = tiles_since(0, 70_000);
    let of = |level: u8| tiles.iter().filter(move |t| t.level == level);
    assert_eq!(of(0).filter(|t| t.is_full()).count(), 273);
    assert_eq!(of(0).map(|t| t.width).find(|w| *w < 256), Some(112));
    assert_eq!(of(1).map(|t| t.width).collect::<Vec<_>>(), [256, 17]);
    assert_eq!(of(2).map(|t| t.width).collect::<Vec<_>>(), [1]);
    assert_eq!(of(3).count(), 0);
    let of_256: Vec<String> = tiles_since(0, 256)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(of_256, ["0/000", "1/000.p/1"]);
    for bad in [
        "",
        "0",
        "0/",
        "0/0",
        "0/00",
        "0/0000",
        "00/000",
        "64/000",
        "-1/000",
        "0/x000/000",
        "0/001/000",
        "0/x001/x000",
        "0/000.p/0",
        "0/000.p/256",
        "0/000.p/01",
        "0/000.p/",
        "0/+12",
        "0/000/",
        "0/x99x/000",
        "0/x999/x999/x999/x999/x999/x999/x999/999",
        "0/０００",
    ] {
        assert!(bad.parse::<TileId>().is_err(), "{bad}");
    }
    let hashes = [sha256(b"a"), sha256(b"b")];
    assert_eq!(tile_hashes(&tile_bytes(&hashes)).unwrap(), hashes);
    assert_eq!(tile_hashes(&[0; 33]), None);
    assert_eq!(tile_hashes(&[0; 32 * 257]), None);
}

fn name(text: &str) -> KeyName {
    text.parse().unwrap()
}

fn checkpoint() -> Checkpoint {
    Checkpoint {
        origin: name("site.test/log"),
        size: 3,
        root: judge::mth(&data(3)),
    }
}

#[test]
fn a_checkpoint_opens_with_the_key_of_the_instance_under_either_name() {
    let seed = [7; 32];
    let note = checkpoint().sign(&seed).unwrap();
    let receipts = VerifierKey::of_seed(&name("site.test/receipts"), &seed);
    assert_eq!(Checkpoint::open(&note, &receipts).unwrap(), checkpoint());
    let log = VerifierKey::of_seed(&name("site.test/log"), &seed);
    assert_eq!(receipts.named(&name("site.test/log")), log);
    assert_eq!(Checkpoint::open(&note, &log).unwrap(), checkpoint());
    let other = VerifierKey::of_seed(&name("site.test/log"), &[8; 32]);
    let refused = Checkpoint::open(&note, &other).unwrap_err();
    assert!(matches!(
        refused,
        CheckpointError::Note(NoteError::UnknownKey(_))
    ));
    let changed = note.replace("\n3\n", "\n4\n");
    let refused = Checkpoint::open(&changed, &log).unwrap_err();
    assert_eq!(refused, CheckpointError::Note(NoteError::BadSignature));
    for bad in ["", "a\n3\n", "a\n03\nx\n", "a b\n3\n"] {
        assert_eq!(Checkpoint::parse(bad), None, "{bad}");
    }
    let text = checkpoint().to_text();
    assert_eq!(Checkpoint::parse(&format!("{text}more\n")), None);
    assert_eq!(Checkpoint::parse(&text.replace("\n3\n", "\n+3\n")), None);
}

/// The example of C2SP's signed-note and tlog-cosignature use keys nobody published, so the
/// bytes of this one were made apart from this code (Python's `cryptography`).
#[test]
fn the_form_of_a_cosignature_never_changes() {
    let key = WitnessKey::of_seed(&name("witness.test/w1"), &[9; 32]);
    assert_eq!(
        key.to_string(),
        "witness.test/w1+78596eae+BP0XJDhaoMdbZPt4zWAvodmR/ev3axPFjtcC6sg16fYY"
    );
    let at = Instant::from_unix(1_679_315_147).unwrap();
    let note = checkpoint().sign(&[7; 32]).unwrap();
    let line = cosign(&note, key.name(), &[9; 32], at).unwrap();
    assert_eq!(
        line,
        "— witness.test/w1 eFlurgAAAABkGFDLeuqLMZ+luumebuG8JYaiAmsDAYonHmH+cfYxN5KenNbQGd73/80holaBuYC3txdA0feeTngTikCRhVrNnCB3CQ==\n"
    );
}

#[test]
fn only_witnesses_that_were_named_are_taken() {
    let note = checkpoint().sign(&[7; 32]).unwrap();
    let (a, b) = (name("a.test"), name("b.test"));
    let keys = [
        WitnessKey::of_seed(&a, &[1; 32]),
        WitnessKey::of_seed(&b, &[2; 32]),
    ];
    let key: WitnessKey = keys[0].to_string().parse().unwrap();
    assert_eq!(key, keys[0]);
    let at = Instant::from_unix(1_790_000_000).unwrap();
    let line = cosign(&note, &a, &[1; 32], at).unwrap();
    let (longer, added) = add_cosignatures(&note, &line, &keys).unwrap();
    assert_eq!(added.len(), 1);
    assert_eq!(cosignatures(&longer, &keys).unwrap(), added);
    assert_eq!((added[0].witness.as_str(), added[0].at), ("a.test", at));
    assert_eq!(cosignatures(&note, &keys).unwrap(), []);
    let log = VerifierKey::of_seed(&name("site.test/log"), &[7; 32]);
    assert_eq!(Checkpoint::open(&longer, &log).unwrap(), checkpoint());
    // A stranger, a wrong key, another checkpoint, the same again, and no signature at all.
    let mut other = checkpoint();
    other.size = 4;
    let other = other.sign(&[7; 32]).unwrap();
    for sent in [
        cosign(&note, &name("c.test"), &[3; 32], at).unwrap(),
        cosign(&note, &a, &[3; 32], at).unwrap(),
        cosign(&other, &a, &[1; 32], at).unwrap(),
        "— a.test AAAA\n".to_owned(),
        String::new(),
    ] {
        assert_eq!(
            add_cosignatures(&note, &sent, &keys),
            Err(WitnessError::None),
            "{sent}"
        );
    }
    assert_eq!(
        add_cosignatures(&longer, &line, &keys),
        Err(WitnessError::None)
    );
    let body = request(2, &[sha256(b"x")], &note);
    let head = "old 2\nLXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=\n\n";
    assert_eq!(body, format!("{head}{note}"));
}

#[test]
fn a_proof_leads_from_its_leaf_to_its_checkpoint_only() {
    let seed = [7; 32];
    let leaves: Vec<Leaf> = (0..5_u8)
        .map(|i| Leaf::from_digest(Digest::from_bytes([i; 32])))
        .collect();
    let data: Vec<Vec<u8>> = leaves.iter().map(|l| l.as_ref().to_vec()).collect();
    let at = Checkpoint {
        origin: name("site.test/log"),
        size: 5,
        root: judge::mth(&data),
    };
    let proof = LogProof {
        index: 3,
        hashes: judge::path(3, &data),
        checkpoint: at.sign(&seed).unwrap(),
    };
    let key = VerifierKey::of_seed(&name("site.test/receipts"), &seed);
    let text = proof.to_text();
    assert_eq!(LogProof::parse(&text).unwrap(), proof);
    assert_eq!(proof.verify(&leaves[3], &key).unwrap(), at);
    assert_eq!(proof.verify(&leaves[2], &key), Err(ProofError::Path));
    let stranger = VerifierKey::of_seed(&name("site.test/receipts"), &[8; 32]);
    assert!(matches!(
        proof.verify(&leaves[3], &stranger),
        Err(ProofError::Checkpoint(_))
    ));
    let extra = text.replace("\nindex", "\nextra AAAA\nindex");
    assert_eq!(LogProof::parse(&extra).unwrap(), proof);
    for bad in [
        text.replace("@v1", "@v2"),
        text.replace("index 3", "index 03"),
        text.replace("index 3\n", ""),
        text.replace("\n\n", "\n"),
        extra.replace("AAAA", "A"),
    ] {
        assert!(LogProof::parse(&bad).is_err(), "{bad}");
    }
    // Whatever single byte is changed, the proof no longer holds for this leaf.
    for i in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[i] ^= 1;
        let Ok(changed) = String::from_utf8(bytes) else {
            continue;
        };
        let held = LogProof::parse(&changed).is_ok_and(|p| p.verify(&leaves[3], &key).is_ok());
        assert!(!held, "byte {i}");
    }
}
