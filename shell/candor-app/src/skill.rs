//! How disclosures of a program go, against luck, for its team.
//!
//! Invariants: only cases that are published or closed count; a score is given of at
//! least five (section 9 of the domain rules). What was read of a case is kept until the
//! store says that the case changed, so a look opens only what is new.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use candor_access::Action;
use candor_access::view::{SkillLine, SkillView};
use candor_base::{CaseId, Instant, ProgramSlug};
use candor_case::model::cs::Letter;
use candor_case::model::skill::{Tally, tally};
use candor_case::{Stage, replay};

use crate::app::{App, lock, program_card};
use crate::input::{ActError, Fault};

/// Fewer say nothing.
const FEWEST: u32 = 5;
/// Changes that are asked for at once.
const STEP: u32 = 512;

/// What counts of the cases of a program that are over; can be lost at any time.
#[derive(Debug, Default)]
pub(crate) struct Over {
    /// Every change up to here was seen.
    mark: u64,
    /// When what happened to each.
    cases: BTreeMap<CaseId, BTreeMap<Letter, Instant>>,
}

/// That of all programs.
pub(crate) type Overs = Mutex<BTreeMap<ProgramSlug, Arc<Mutex<Over>>>>;

impl App {
    /// The scores of a program.
    pub fn skill(&self, token: &str, slug: &str) -> Result<SkillView, ActError> {
        let (_, slug, _) = self.staff_in(token, slug, Action::ReadInbox)?;
        let (slug, in_force) = self.known_program(slug.as_str())?;
        let slot = Arc::clone(lock(&self.overs).entry(slug.clone()).or_default());
        // Who comes meanwhile would read the same.
        let mut over = lock(&slot);
        self.see_what_is_over(&slug, &mut over)?;
        let cases = &over.cases;
        Ok(SkillView {
            program: program_card(&slug, &in_force),
            cases: u32::try_from(cases.len()).unwrap_or(u32::MAX),
            lines: tally(cases.values()).into_iter().map(line).collect(),
        })
    }

    /// Takes in what changed since the last look.
    fn see_what_is_over(&self, slug: &ProgramSlug, over: &mut Over) -> Result<(), Fault> {
        let (mut mark, mut wanted) = (over.mark, BTreeSet::new());
        loop {
            let changes = self.store().changes(slug, mark, STEP)?;
            let all = u32::try_from(changes.len()).is_ok_and(|n| n < STEP);
            for change in changes {
                mark = change.mark;
                over.cases.remove(&change.case);
                let counts = |closed: bool, stage| closed || stage == Stage::Disclosed;
                if change.row.is_some_and(|row| counts(row.closed, row.stage)) {
                    wanted.insert(change.case);
                } else {
                    wanted.remove(&change.case);
                }
            }
            if all {
                break;
            }
        }
        if !wanted.is_empty() {
            self.store().load_each(slug, &wanted, &mut |case, events| {
                let valid = replay(&events).filter(|state| state.was_valid);
                over.cases
                    .extend(valid.map(|state| (case, state.milestones())));
            })?;
        }
        // Only now: what could not be read is read at the next look.
        over.mark = mark;
        Ok(())
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
