//! The mail: late, lost, doubled, refused.
//!
//! Invariant: everything that was handed over is remembered, so that the laws can ask
//! who was told what, and how often.

use std::collections::{BTreeMap, BTreeSet};

use candor_case::MailKind;

use super::dice::Dice;

/// What became of a letter that was handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Taken; it arrives once, twice or never, and nobody tells us.
    Taken,
    /// Not now.
    Late,
    /// Refused for good.
    Refused,
}

/// One letter as the post sees it.
#[derive(Debug, Clone)]
pub struct Sent {
    /// Of which case, by its reference.
    pub case: String,
    /// Which mail.
    pub kind: MailKind,
    /// To whom.
    pub to: String,
    /// Its key.
    pub key: String,
    /// Everything that stands in it.
    pub words: String,
}

/// The post.
#[derive(Debug)]
pub struct Post {
    dice: Dice,
    /// Days on which nothing goes through at all.
    pub down: bool,
    tried: BTreeMap<(String, String), BTreeSet<(String, String)>>,
    fresh: Vec<Sent>,
    /// Letters handed over, counted each time.
    pub handed_over: u32,
    /// Letters that came twice.
    pub doubled: u32,
    /// Letters taken that never arrived.
    pub lost: u32,
}

impl Post {
    /// A post whose moods this number decides.
    pub const fn new(seed: u64) -> Self {
        Self {
            dice: Dice::new(seed),
            down: false,
            tried: BTreeMap::new(),
            fresh: Vec::new(),
            handed_over: 0,
            doubled: 0,
            lost: 0,
        }
    }

    /// Takes a letter, or does not.
    pub fn take(&mut self, sent: Sent) -> Fate {
        self.handed_over += 1;
        let about = (sent.case.clone(), words_of(&sent.kind));
        self.tried
            .entry(about)
            .or_default()
            .insert((sent.to.clone(), sent.key.clone()));
        self.fresh.push(sent);
        if self.down {
            return Fate::Late;
        }
        match self.dice.below(40) {
            0 => Fate::Refused,
            1..=4 => Fate::Late,
            5 => {
                self.lost += 1;
                Fate::Taken
            }
            6..=7 => {
                self.doubled += 1;
                Fate::Taken
            }
            _ => Fate::Taken,
        }
    }

    /// To whom this was sent about a case, each with the keys of the letters.
    pub fn told(&self, case: &str, kind: &MailKind) -> Vec<(String, String)> {
        let found = self.tried.get(&(case.to_owned(), words_of(kind)));
        found
            .map(|all| all.iter().cloned().collect())
            .unwrap_or_default()
    }

    /// What was handed over since the last question.
    pub fn fresh(&mut self) -> Vec<Sent> {
        std::mem::take(&mut self.fresh)
    }
}

fn words_of(kind: &MailKind) -> String {
    serde_json::to_string(kind).unwrap()
}
