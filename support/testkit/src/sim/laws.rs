//! The laws, judged from what is stored: event by event as they come, and after each
//! look at the clock. Both houses stand under all of them.
//!
//! Invariants: a `Watch` reads stored events only, and folds them itself: that the
//! product holds the same case is one of the laws. Nothing is judged with the product's
//! own calendar; `support/judge` says when something falls due.

mod course;
mod dues;
mod embargo;
mod letters;
mod plans;
mod promises;
mod secrets;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use candor_base::{Digest, Instant};
use candor_case::{CaseState, Command, Event, Recorded, evolve};
use candor_policy::ClockKey;
use candor_policy::settings::PolicyInForce;

pub(super) use self::dues::Judge;
pub(super) use self::secrets::nothing_leaks;

/// A broken law, in words.
pub type Law = Result<(), String>;

fn law(holds: bool, what: &str) -> Law {
    if holds { Ok(()) } else { Err(what.to_owned()) }
}

/// What was fired for one due instant of a clock.
#[derive(Debug, Default, Clone)]
struct Fired {
    warned: BTreeSet<u8>,
    missed: bool,
}

/// Somebody who watches one case.
#[derive(Debug)]
pub struct Watch {
    /// The reference, as letters name it.
    pub reference: String,
    pub(super) policy: Rc<PolicyInForce>,
    judge: Judge,
    /// The case as its stored events make it.
    pub(super) shadow: Option<CaseState>,
    last: Option<Instant>,
    fired: BTreeMap<ClockKey, Fired>,
    /// When each clock is warned of, by the judge; asked once for each due instant.
    warns: BTreeMap<(ClockKey, Instant, Instant), (Instant, Instant)>,
    /// Misses that the team has to be told of.
    misses: Vec<(Instant, ClockKey, Instant)>,
    /// The words of each draft that was saved.
    drafts: BTreeMap<Digest, String>,
    /// The words of each draft that was published.
    public: BTreeSet<String>,
    approved: BTreeSet<Digest>,
    date_told: bool,
    /// Clocks whose due instant was counted again after an edit of the days off.
    recounted: BTreeSet<ClockKey>,
    /// The first day of clocks on fixed days.
    firsts: BTreeMap<ClockKey, Instant>,
    /// Due instants that the judge was asked for.
    pub judged: u32,
    /// Due instants that follow from an agreement or a rating and were not judged.
    pub not_judged: u32,
    /// Misses recorded.
    pub missed: u32,
}

impl Watch {
    /// Watches a case from its first event.
    pub fn new(reference: String, policy: Rc<PolicyInForce>) -> Self {
        let judge = Judge::new(&policy);
        Self {
            reference,
            policy,
            judge,
            shadow: None,
            last: None,
            fired: BTreeMap::new(),
            warns: BTreeMap::new(),
            misses: Vec::new(),
            drafts: BTreeMap::new(),
            public: BTreeSet::new(),
            approved: BTreeSet::new(),
            date_told: false,
            recounted: BTreeSet::new(),
            firsts: BTreeMap::new(),
            judged: 0,
            not_judged: 0,
            missed: 0,
        }
    }

    /// The number of events seen.
    pub fn seen(&self) -> u64 {
        self.shadow.as_ref().map_or(0, |c| c.seq)
    }

    /// Follows what is new, and compares with what the product holds. `asked` is the
    /// command that was just asked, when one was.
    pub fn follow(&mut self, new: &[Recorded], held: &CaseState, asked: Option<&Command>) -> Law {
        let start = self.shadow.clone();
        for recorded in new {
            let before = self.shadow.take();
            law(
                recorded.seq == before.as_ref().map_or(1, |c| c.seq + 1),
                "a gap in the history",
            )?;
            law(
                self.last.is_none_or(|last| last <= recorded.at),
                "the history goes back in time",
            )?;
            self.last = Some(recorded.at);
            let after = evolve(before.clone(), recorded);
            let after = after.ok_or("the history does not begin with a report")?;
            if let Some(before) = &before {
                self.event(start.as_ref(), before, &after, recorded, asked)?;
            }
            self.shadow = Some(after);
        }
        law(
            self.seen() == held.seq,
            "the product forgot a part of the history",
        )?;
        law(
            self.shadow.as_ref() == Some(held),
            "replay differs from the state",
        )?;
        if new.is_empty() {
            return Ok(());
        }
        embargo::standing(held)?;
        promises::pauses(held)?;
        self.rerated(start.as_ref(), held, new)
    }

    fn event(
        &mut self,
        start: Option<&CaseState>,
        before: &CaseState,
        after: &CaseState,
        recorded: &Recorded,
        asked: Option<&Command>,
    ) -> Law {
        course::one(before, after, recorded)?;
        self.fired_once(before, recorded)?;
        self.due(start, before, after, recorded, asked)?;
        self.remember(&recorded.event, asked);
        if let Event::Published { draft, .. } = &recorded.event {
            embargo::may_publish(self, start.unwrap_or(before), recorded.at, *draft)?;
            self.public.extend(self.drafts.get(draft).cloned());
        }
        Ok(())
    }

    /// What later laws need of an event.
    fn remember(&mut self, event: &Event, asked: Option<&Command>) {
        match event {
            Event::DraftSaved { draft } => {
                if let Some(Command::SaveDraft(typed)) = asked {
                    let words = crate::parts::words_of(&typed.text);
                    self.drafts.insert(draft.text.sha256, words);
                }
            }
            Event::Approved { draft } => {
                self.approved.insert(*draft);
            }
            Event::DateSetAlone { .. }
            | Event::DateProposed {
                message: Some(_), ..
            }
            | Event::Said {
                kind: candor_case::MessageKind::DateNotice,
                ..
            } => self.date_told = true,
            _ => {}
        }
    }
}
