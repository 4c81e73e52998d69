//! What the team is told: of every miss, each person once.

use std::collections::BTreeSet;

use candor_base::Instant;
use candor_case::MailKind;

use super::{Law, Watch, law};
use crate::sim::post::Post;

/// So long a letter may wait after a crash, in seconds: its lease of two minutes, and the
/// ten minutes for which a lease outlives a clock that was set back.
const WAITS: i64 = 120 + 600;

impl Watch {
    /// After the mail went out: every miss was handed over, and under one key for each
    /// person. A letter that was just lent when the machine broke, at `broke`, is lent
    /// again when its lease is over; until then the law does not ask.
    pub fn told_of_misses(&mut self, post: &Post, broke: Option<Instant>, now: Instant) -> Law {
        let reference = &self.reference;
        let due: Vec<_> = self
            .misses
            .extract_if(.., |(at, _, _)| {
                let from = broke.map_or(*at, |broke| broke.max(*at));
                from.plus_seconds(WAITS) <= now
            })
            .collect();
        for (_, clock, due) in due {
            let told = post.told(reference, &MailKind::Missed { clock, due });
            law(
                !told.is_empty(),
                "a miss was recorded, and nobody was told of it",
            )?;
            let people: BTreeSet<&String> = told.iter().map(|(to, _)| to).collect();
            law(people.len() == told.len(), "somebody was told twice")?;
        }
        Ok(())
    }
}
