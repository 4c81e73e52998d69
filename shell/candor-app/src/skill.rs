//! How disclosures of a program go, against luck, for its team.
//!
//! Invariants: only cases that are published or closed count; a score is given of at
//! least five (section 9 of the domain rules).

use candor_access::Action;
use candor_access::view::{SkillLine, SkillView};
use candor_case::model::cs::Letter;
use candor_case::model::skill::{Tally, tally};
use candor_case::{Stage, replay};

use crate::app::{App, program_card};
use crate::input::ActError;

/// Fewer say nothing.
const FEWEST: u32 = 5;

impl App {
    /// The scores of a program.
    pub fn skill(&self, token: &str, slug: &str) -> Result<SkillView, ActError> {
        let (_, slug, _) = self.staff_in(token, slug, Action::ReadInbox)?;
        let (slug, in_force) = self.known_program(slug.as_str())?;
        let rows = self.store().rows(&slug)?;
        let over = rows
            .iter()
            .filter(|row| row.closed || row.stage == Stage::Disclosed)
            .map(|row| row.case);
        let mut cases = Vec::new();
        self.store()
            .load_each(&slug, &over.collect(), &mut |_, events| {
                let valid = replay(&events).filter(|state| state.was_valid);
                cases.extend(valid.map(|state| state.milestones()));
            })?;
        Ok(SkillView {
            program: program_card(&slug, &in_force),
            cases: u32::try_from(cases.len()).unwrap_or(u32::MAX),
            lines: tally(cases.iter()).into_iter().map(line).collect(),
        })
    }
}

fn line(tally: Tally) -> SkillLine {
    let luck = tally.wish.by_luck();
    SkillLine {
        what: format!(
            "{} before {}",
            letter(tally.wish.first),
            letter(tally.wish.then)
        ),
        met: tally.met,
        of: tally.of,
        luck: format!("{} of {}", luck.over, luck.under),
        score: tally.score().filter(|_| tally.of >= FEWEST).map(|score| {
            tally.interval().map_or_else(
                || format!("{score:.2}"),
                |(low, high)| format!("{score:.2} (95 %: {low:.2} to {high:.2})"),
            )
        }),
    }
}

const fn letter(letter: Letter) -> &'static str {
    match letter {
        Letter::VendorAware => "the project knew",
        Letter::FixReady => "a fix was ready",
        Letter::FixDeployed => "a fix was deployed",
        Letter::PublicAware => "the public knew",
        Letter::ExploitPublic => "an exploit was public",
        Letter::AttacksObserved => "attacks were seen",
    }
}
