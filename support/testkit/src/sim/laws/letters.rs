//! What the team is told: of every miss, each person once.

use std::collections::BTreeSet;

use candor_base::Instant;
use candor_case::MailKind;

use super::{Law, Watch, law};
use crate::sim::post::Post;

/// A letter may wait so long for a lease that a crash left behind, in seconds.
const WAITS: i64 = 600;

impl Watch {
    /// After the mail went out: every miss that is older than a lease was handed over,
    /// and under one key for each person.
    pub fn told_of_misses(&mut self, post: &Post, now: Instant) -> Law {
        let reference = &self.reference;
        let due: Vec<_> = self
            .misses
            .extract_if(.., |(at, _, _)| at.plus_seconds(WAITS) <= now)
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
