//! No text of a case stands where outsiders read, before it is published.

use super::{Law, Watch, law};
use crate::sim::CANARY;
use crate::sim::post::Sent;

/// Looks through everything that is public, and through the letters handed over of late.
pub(crate) fn nothing_leaks<'a>(
    watches: impl Iterator<Item = &'a Watch>,
    public: &str,
    letters: &[Sent],
) -> Law {
    let mut rest = public.to_owned();
    for watch in watches {
        for words in &watch.public {
            rest = rest.replace(words, "");
        }
    }
    if let Some((_, found)) = rest.split_once(CANARY) {
        let words: String = found.chars().take(40).collect();
        return Err(format!("text under embargo is public: {CANARY}{words}"));
    }
    law(
        letters.iter().all(|l| !l.words.contains(CANARY)),
        "text of a case stands in a letter",
    )
}
