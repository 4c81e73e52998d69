//! One case in a run: its state as the engine has it, and what was seen of its clocks.
//!
//! Invariants: the state changes only by `decide`, `record` and `evolve` of the case
//! itself, as in production; a sample is written when the case records that a clock
//! was met or missed.

use std::collections::BTreeSet;

use candor_base::Instant;
use candor_case::{
    Actor, CaseState, ClockStatus, Command, Context, Event, Recorded, decide, evolve, record,
};
use candor_policy::clocks::MetBy;

use crate::reports::Report;
use crate::sample::Sample;
use crate::scenario::World;

/// A case and its report.
#[derive(Debug)]
pub(crate) struct Room {
    pub(crate) report: Report,
    pub(crate) state: Option<CaseState>,
    /// Waits for its reporter's answer.
    pub(crate) waits: bool,
    /// Since when the fix waits for the day of a release.
    pub(crate) to_release: Option<Instant>,
    /// A status message is in the queue.
    pub(crate) status_queued: bool,
    /// The period of a status clock for which a message was planned.
    pub(crate) status_planned: Option<Instant>,
    /// When the clocks are looked at next.
    pub(crate) look: Option<Instant>,
    /// Clocks missed and not met yet: which, and where its sample is.
    pub(crate) open_misses: Vec<(usize, usize)>,
}

/// What an act brought to light about a clock.
#[derive(Debug)]
pub(crate) enum Seen {
    /// A promise fell due or was met.
    Sample(Sample),
    /// A miss was made good, so many seconds after its start.
    MetLate { sample: usize, took: i64 },
}

impl Room {
    pub(crate) fn new(report: Report) -> Self {
        Self {
            report,
            state: None,
            waits: false,
            to_release: None,
            status_queued: false,
            status_planned: None,
            look: None,
            open_misses: Vec::new(),
        }
    }

    /// Sends a command to the case. The code of the refusal, when it refuses.
    pub(crate) fn send(
        &mut self,
        world: &World<'_>,
        number: usize,
        now: Instant,
        actor: Actor,
        command: &Command,
    ) -> Result<Vec<Seen>, String> {
        let ctx = Context {
            now,
            actor,
            policy: &world.scenario.policy,
            team: world.publishers,
        };
        let events = decide(self.state.as_ref(), command, &ctx)
            .map_err(|no| format!("{}: {:?}", command.name(), no.code))?;
        let mut seen = Vec::new();
        for recorded in record(self.state.as_ref(), events, &ctx) {
            self.state = evolve(self.state.take(), &recorded);
            seen.extend(self.see(world, number, &recorded));
        }
        Ok(seen)
    }

    fn see(&mut self, world: &World<'_>, number: usize, recorded: &Recorded) -> Option<Seen> {
        let (Event::ClockMet { clock: key, .. } | Event::ClockMissed { clock: key, .. }) =
            &recorded.event
        else {
            return None;
        };
        let clock = self.state.as_ref()?.clocks.get(key)?;
        let place = world.place(key)?;
        let took = match clock.status {
            ClockStatus::Met { at } | ClockStatus::MetLate { at, .. } => {
                Some(at.seconds_since(clock.anchor))
            }
            _ => None,
        };
        let missed_before = self.open_misses.iter().position(|(c, _)| *c == place);
        if let (Some(took), Some(open)) = (took, missed_before)
            && !clock.spec.recurs()
        {
            let (_, sample) = self.open_misses.swap_remove(open);
            return Some(Seen::MetLate { sample, took });
        }
        Some(Seen::Sample(Sample {
            clock: place,
            report: number,
            anchor: clock.anchor,
            due: clock.due?,
            kept: matches!(clock.status, ClockStatus::Met { .. }),
            took,
            cause: None,
        }))
    }

    /// The earliest due instant of an open clock that one of these acts meets.
    pub(crate) fn due(&self, acts: &[MetBy]) -> Option<Instant> {
        let clocks = self.state.iter().flat_map(|s| s.clocks.values());
        clocks
            .filter(|c| c.is_open() && acts.contains(&c.spec.met_by))
            .filter_map(|c| c.due)
            .min()
    }

    /// The next moment at which a running clock is missed.
    pub(crate) fn next_miss(&self) -> Option<Instant> {
        let clocks = self.state.iter().flat_map(|s| s.clocks.values());
        clocks
            .filter(|c| c.status == ClockStatus::Running)
            .filter_map(|c| c.due)
            .min()
            .map(|due| due.plus_seconds(1))
    }

    /// Start and middle of the running period in which a status message is owed: the
    /// server warns there, and the team takes it up.
    pub(crate) fn status_owed(&self) -> Option<(Instant, Instant)> {
        let clocks = self.state.iter().flat_map(|s| s.clocks.values());
        clocks
            .filter(|c| c.status == ClockStatus::Running && c.spec.met_by == MetBy::StatusMessage)
            .filter_map(|c| Some((c.anchor, c.due?)))
            .min_by_key(|(_, due)| *due)
            .map(|(from, due)| (from, from.plus_seconds(due.seconds_since(from) / 2)))
    }

    /// Whether anything is left to do for the team.
    pub(crate) fn is_open(&self) -> bool {
        self.state.as_ref().is_some_and(|s| {
            s.closed.is_none() && !s.is_turned_down() && s.advisory.published.is_none()
        })
    }

    /// Branches that still need a release.
    pub(crate) fn branches(&self) -> BTreeSet<String> {
        let rows = self.state.iter().flat_map(|s| &s.fixes);
        rows.map(|r| r.branch.clone()).collect()
    }
}
