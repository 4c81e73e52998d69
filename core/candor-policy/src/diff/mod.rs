//! What differs between two versions of a policy, in terms of what it promises.
//!
//! Invariants: `diff(p, p)` is empty; `diff(b, a)` is `diff(a, b)` with both sides and
//! the effect turned round; what only moved or is said twice is no difference; every
//! change of a number shows.
//!
//! Deliberately absent: differences in wording that promise the same, and parts that
//! promise nothing (advice, practices, statements of attitude).

mod items;
mod time;
mod words;

use std::cmp::Ordering;

use candor_base::Span;
use serde::{Deserialize, Serialize};

use crate::model::Policy;
use crate::settings::Settings;

use self::items::{Fact, Item, items};

/// What a change means for the reporter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// More is promised to the reporter, or less asked.
    Stronger,
    /// Less is promised, or more asked.
    Weaker,
    /// Different, without one being more.
    Changed,
}

impl Effect {
    /// The effect of the opposite change.
    #[must_use]
    pub const fn turned(self) -> Self {
        match self {
            Self::Stronger => Self::Weaker,
            Self::Weaker => Self::Stronger,
            Self::Changed => Self::Changed,
        }
    }

    /// As a word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Stronger => "stronger",
            Self::Weaker => "weaker",
            Self::Changed => "changed",
        }
    }
}

/// One side of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// What it says there: "48 hours".
    pub text: String,
    /// Its lines in that version; `None` for a setting of the owner.
    pub span: Option<Span>,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The part of the policy, by its key (`promises`, `channels`).
    pub part: String,
    /// What it is about: "acknowledgement", "channel: e-mail".
    pub what: String,
    /// What the old version says; `None` when it says nothing of it.
    pub old: Option<Side>,
    /// What the new version says; `None` when it says nothing of it.
    pub new: Option<Side>,
    /// What it means for the reporter.
    pub effect: Effect,
}

impl Change {
    /// "acknowledgement: 48 hours → 3 business days (weaker)".
    pub fn in_words(&self) -> String {
        let what = &self.what;
        let effect = self.effect.word();
        match (&self.old, &self.new) {
            (Some(old), Some(new)) => {
                format!("{what}: {} \u{2192} {} ({effect})", old.text, new.text)
            }
            (None, Some(new)) => format!("{what}: new: {} ({effect})", new.text),
            (Some(old), None) => format!("{what}: no longer: {} ({effect})", old.text),
            (None, None) => format!("{what} ({effect})"),
        }
    }

    /// Where it stands: "old line 34, new line 36".
    pub fn places(&self) -> String {
        let place = |name: &str, side: &Option<Side>| {
            let span = side.as_ref()?.span?;
            Some(format!("{name} {span}"))
        };
        let both = [place("old", &self.old), place("new", &self.new)];
        both.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// What the new version promises differently, promises first, then in the order of the
/// parts of a policy.
pub fn diff(old: &Policy, new: &Policy) -> Vec<Change> {
    paired(&once(items(old)), &once(items(new)))
}

/// What the owner set differently; only settings that reporters feel.
pub fn diff_settings(old: &Settings, new: &Settings) -> Vec<Change> {
    paired(&items::settings(old), &items::settings(new))
}

/// Each thing once, however often the text says it.
fn once(all: Vec<Item>) -> Vec<Item> {
    let mut out: Vec<Item> = Vec::with_capacity(all.len());
    let mut seen = std::collections::BTreeSet::new();
    for item in all {
        if seen.insert((item.part.clone(), item.what.clone(), item.same.clone())) {
            out.push(item);
        }
    }
    out
}

/// Takes out what both have, and pairs the rest by what it is about.
fn paired(old: &[Item], new: &[Item]) -> Vec<Change> {
    let missing = |from: &[Item], in_: &[Item]| -> Vec<Item> {
        from.iter()
            .filter(|i| !in_.iter().any(|o| o.is_same(i)))
            .cloned()
            .collect()
    };
    let gone = missing(old, new);
    let mut come = missing(new, old);
    let mut out: Vec<(Place, Change)> = Vec::new();
    for old in gone {
        let partner = come.iter().position(|n| n.is_about_the_same(&old));
        let new = partner.map(|at| come.remove(at));
        out.push(change(Some(&old), new.as_ref()));
    }
    out.extend(come.iter().map(|new| change(None, Some(new))));
    out.sort_by(|a, b| a.0.cmp(&b.0));
    out.into_iter().map(|(_, change)| change).collect()
}

/// Part, subject and first line: the order of changes.
type Place = (usize, u32, String);

fn change(old: Option<&Item>, new: Option<&Item>) -> (Place, Change) {
    let effect = match (old, new) {
        (Some(old), Some(new)) => compare(&old.fact, &new.fact),
        (None, Some(new)) => new.added,
        (Some(old), None) => old.added.turned(),
        (None, None) => Effect::Changed,
    };
    let side = |item: &Item| Side {
        text: item.text.clone(),
        span: item.span,
    };
    let (mut before, mut after) = (old.map(side), new.map(side));
    if let (Some(o), Some(n), Some(before), Some(after)) = (old, new, &mut before, &mut after) {
        if o.aside != n.aside {
            before.text.push_str(o.aside);
            after.text.push_str(n.aside);
        }
        if before.text == after.text {
            // The short words are the same: the whole sentences tell them apart.
            before.text.clone_from(&o.quote);
            after.text.clone_from(&n.quote);
        }
    }
    let item = new.or(old);
    let part = item.map(|i| i.part.clone()).unwrap_or_default();
    let what = item.map(|i| i.what.clone()).unwrap_or_default();
    let line = |i: &Item| i.span.map_or(0, |s| s.first);
    let first = old.map(line).max(new.map(line)).unwrap_or(0);
    let place = (words::place_of(&part), first, what.clone());
    let change = Change {
        part,
        what,
        old: before,
        new: after,
        effect,
    };
    (place, change)
}

/// The effect of one fact taking the place of another.
fn compare(old: &Fact, new: &Fact) -> Effect {
    match (old, new) {
        (Fact::Promise(old), Fact::Promise(new)) => time::promise(old, new),
        (Fact::Within(old), Fact::Within(new)) => effect_of(&[time::sooner(*old, *new)]),
        (Fact::Rank(old), Fact::Rank(new)) => effect_of(&[Some(new.cmp(old))]),
        _ => Effect::Changed,
    }
}

/// Several judgements in one: `Greater` is better for the reporter, `None` cannot be told.
fn effect_of(judgements: &[Option<Ordering>]) -> Effect {
    let has = |wanted: Option<Ordering>| judgements.contains(&wanted);
    match (
        has(None),
        has(Some(Ordering::Greater)),
        has(Some(Ordering::Less)),
    ) {
        (false, true, false) => Effect::Stronger,
        (false, false, true) => Effect::Weaker,
        _ => Effect::Changed,
    }
}
