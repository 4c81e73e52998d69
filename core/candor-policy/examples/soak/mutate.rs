//! Texts for the soak: policies, cut, joined and sprinkled with what a grammar
//! looks for.

use std::path::Path;

use crate::engine::Random;

/// Texts longer than this are cut: many small runs find more than few long ones.
const LONGEST: usize = 6_000;

const OWN: [&str; 6] = [
    include_str!("../../tests/fixtures/lantern.md"),
    include_str!("../../tests/fixtures/styles/policy.rst"),
    include_str!("../../tests/fixtures/styles/policy.adoc"),
    include_str!("../../tests/fixtures/styles/policy.txt"),
    include_str!("../../tests/fixtures/styles/policy.html"),
    "Contact: mailto:a@b.org\nExpires: 2027-01-01T00:00:00Z\nPolicy: https://a.org/security\n",
];

/// What grammars and the reader look for.
const PIECES: [&str; 74] = [
    "security ",
    "vulnerability ",
    "# ",
    "## Scope\n",
    "\n",
    "\n\n",
    "- ",
    "* ",
    "1. ",
    "| ",
    "|",
    "|---|---|\n",
    "\t",
    "```\n",
    "~~~\n",
    "<!--",
    "-->",
    "-----BEGIN PGP PUBLIC KEY BLOCK-----\n",
    "-----END PGP PUBLIC KEY BLOCK-----\n",
    "-----BEGIN PGP SIGNED MESSAGE-----\n",
    "within 48 hours",
    "5 business days",
    "every week",
    "acknowledge ",
    "fix ",
    "we will ",
    "please include:",
    "out of scope",
    "in scope:",
    "[a](b)",
    "[a]: b\n",
    "<x@y.org>",
    "security [at] host.org",
    "Critical",
    "High: ",
    "(",
    ")",
    ":",
    "::",
    "apps/web— ",
    "secret_key: 1\n",
    "Supported versions\n",
    "Version",
    "ß",
    "İ",
    "日本",
    "工作日",
    "until:",
    "disclose ",
    "publicly ",
    "90 days ",
    "\u{a0}",
    "\r\n",
    "`",
    "**",
    "_",
    "&#64;",
    "&#x110000;",
    "\\",
    "4294967295 days",
    "99999 years",
    ".. note::\n   ",
    ".. list-table::\n\n   * - a\n     - b\n",
    "=====\n",
    "-----\n",
    "+---+---+\n",
    "|===\n",
    "[cols=\"1,1\"]\n",
    "link:http://a[b]",
    "<table><tr><td>",
    "</td></tr></table>",
    "<h2>",
    "<li>",
    "---\n",
];

/// The texts mutations begin with.
pub(crate) struct Corpus(Vec<Vec<u8>>);

impl Corpus {
    /// The fixtures, and the files of a folder where one is given.
    pub(crate) fn load(folder: Option<&Path>) -> Self {
        let mut texts: Vec<Vec<u8>> = OWN.iter().map(|t| t.as_bytes().to_vec()).collect();
        let entries = folder.and_then(|f| std::fs::read_dir(f).ok());
        let mut paths: Vec<_> = entries
            .into_iter()
            .flatten()
            .flatten()
            .map(|e| e.path())
            .collect();
        paths.sort();
        texts.extend(paths.iter().filter_map(|p| std::fs::read(p).ok()));
        Self(texts)
    }

    /// How many there are.
    pub(crate) fn texts(&self) -> usize {
        self.0.len()
    }

    /// A new text.
    pub(crate) fn text(&self, random: &mut Random) -> Vec<u8> {
        let mut text = self.slice(random);
        for _ in 0..=random.below(8) {
            self.mutate(&mut text, random);
        }
        if random.below(4) != 0 {
            text.splice(0..0, *b"security\n");
        }
        text.truncate(LONGEST);
        text
    }

    /// A part of one text of the corpus.
    fn slice(&self, random: &mut Random) -> Vec<u8> {
        let Some(text) = random.pick(&self.0) else {
            return Vec::new();
        };
        let from = random.below(text.len());
        let most = [200, 800, 3_000]
            .get(random.below(3))
            .copied()
            .unwrap_or(200);
        let to = (from + random.below(most)).min(text.len());
        text.get(from..to).unwrap_or(&[]).to_vec()
    }

    fn mutate(&self, text: &mut Vec<u8>, random: &mut Random) {
        let at = random.below(text.len() + 1);
        match random.below(9) {
            0..=2 => {
                let piece = random
                    .pick(&PIECES)
                    .map_or("", |p| p)
                    .repeat(1 + random.below(3));
                text.splice(at..at, piece.into_bytes());
            }
            3 => {
                let other = self.slice(random);
                text.splice(at..at, other);
            }
            4 => {
                let to = (at + random.below(60)).min(text.len());
                text.drain(at..to);
            }
            5 => {
                if let Some(byte) = text.get_mut(at) {
                    *byte = u8::try_from(random.below(256)).unwrap_or(b' ');
                }
            }
            6 => swap_lines(text, random),
            7 => without_marks(text, random),
            _ => {
                let to = (at + random.below(40)).min(text.len());
                let part = text.get(at..to).unwrap_or(&[]).repeat(1 + random.below(12));
                text.splice(at..at, part);
            }
        }
    }
}

fn swap_lines(text: &mut Vec<u8>, random: &mut Random) {
    let mut lines: Vec<&[u8]> = text.split(|b| *b == b'\n').collect();
    let (a, b) = (random.below(lines.len()), random.below(lines.len()));
    lines.swap(a, b);
    *text = lines.join(&b'\n');
}

/// Takes out one kind of mark everywhere, as careless copying does.
fn without_marks(text: &mut Vec<u8>, random: &mut Random) {
    let mark = b"#*|`->:\n. "
        .get(random.below(10))
        .copied()
        .unwrap_or(b'#');
    text.retain(|b| *b != mark);
}
