//! A simulator: cases under a policy, with people who act at random, a clock that
//! jumps, crashes before a commit, commands that come twice, and long downtime.
//!
//! Invariants: one number decides everything, so that a failing run is repeated by
//! that number alone; after every step the laws in `judge` hold, or the run stops
//! with a message that names the number.
//!
//! Deliberately absent: storage and mail; they are simulated where they live.

mod acts;
mod asides;
mod judge;
mod regulators;

use candor_base::{Instant, RefusalCode};
use candor_case::{
    Actor, CaseState, Command, Context, Effect, Event, Recorded, Team, decide, evolve, next_wakeup,
    react, record,
};
use candor_policy::settings::PolicyInForce;

use crate::parts::{facts, instant, person};

/// Numbers that look random and are the same in every run (`SplitMix64`, public domain).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Starts from a number.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n`; 0 when `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        if n == 0 { 0 } else { self.next() % n }
    }

    /// Once in so many.
    pub fn once_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    /// One of these words; fails on an empty list.
    pub fn word<'a>(&mut self, from: &[&'a str]) -> &'a str {
        self.pick::<&str>(from)
    }

    /// One of these; fails on an empty list.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let count = u64::try_from(from.len()).unwrap();
        &from[usize::try_from(self.below(count)).unwrap()]
    }
}

/// A mistake built in on purpose, to show that the judge finds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// Misses are not recorded.
    LosesMisses,
    /// A fact does not end the embargo.
    KeepsEmbargo,
    /// Every warning is recorded twice.
    WarnsTwice,
}

/// What a run went through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Commands that were carried out.
    pub done: u32,
    /// Commands that were refused.
    pub refused: u32,
    /// Events recorded.
    pub events: usize,
    /// Clocks missed, each period counted.
    pub missed: u32,
    /// Whether it was published.
    pub published: bool,
    /// Days that passed.
    pub days: i64,
}

/// One simulated case.
#[derive(Debug)]
pub struct Sim {
    pub(crate) policy: PolicyInForce,
    pub(crate) number: u64,
    pub(crate) dice: Dice,
    pub(crate) now: Instant,
    pub(crate) case: Option<CaseState>,
    pub(crate) log: Vec<Recorded>,
    pub(crate) effects: Vec<(u64, Effect)>,
    bug: Option<Bug>,
    outcome: Outcome,
}

impl Sim {
    /// A case under this policy; the number decides everything.
    pub fn new(policy: PolicyInForce, number: u64) -> Self {
        Self {
            policy,
            number,
            dice: Dice::new(number),
            now: instant("2026-01-15T09:00:00Z"),
            case: None,
            log: Vec::new(),
            effects: Vec::new(),
            bug: None,
            outcome: Outcome::default(),
        }
    }

    /// The same with a mistake built in.
    #[must_use]
    pub fn with_bug(mut self, bug: Bug) -> Self {
        self.bug = Some(bug);
        self
    }

    /// Runs so many steps and tells what happened; panics with the number when a law
    /// is broken.
    pub fn run(mut self, steps: u32) -> Outcome {
        let start = self.now;
        self.receive();
        for _ in 0..steps {
            self.time_passes();
            self.step();
        }
        self.tick();
        self.outcome.events = self.log.len();
        self.outcome.days = self.now.seconds_since(start) / 86_400;
        self.outcome
    }

    fn receive(&mut self) {
        let mut report = facts(&self.policy);
        acts::vary_report(&mut self.dice, &mut report, &self.policy);
        let command = Command::Receive(Box::new(report));
        assert!(
            self.commit(Actor::Reporter, &command),
            "a report is always taken in"
        );
        // Sent twice, it is one case.
        let twice = decide(self.case.as_ref(), &command, &self.context(Actor::Reporter));
        assert_eq!(twice.map_err(|r| r.code), Err(RefusalCode::AlreadyDone));
    }

    fn time_passes(&mut self) {
        let hours = [0, 0, 0, 1, 5, 24, 70, 24 * 8, 24 * 40];
        let hours = *self.dice.pick(&hours);
        self.now = self.now.plus_seconds(hours * 3_600);
        if self.dice.once_in(4)
            && let Some(next) = self
                .case
                .as_ref()
                .and_then(|c| next_wakeup(c, &self.policy))
        {
            // To the very second at which something happens, or just before it.
            let at = next.plus_seconds(-i64::try_from(self.dice.below(2)).unwrap());
            self.now = self.now.max(at);
        }
        // A running server looks often; one that is down does not.
        if self.dice.once_in(2) {
            self.tick();
        }
    }

    fn tick(&mut self) {
        self.commit(Actor::System, &Command::Tick);
        let again = decide(
            self.case.as_ref(),
            &Command::Tick,
            &self.context(Actor::System),
        );
        self.law(
            again.is_ok_and(|e| e.is_empty()) || self.bug.is_some(),
            "a second look finds more",
        );
        judge::nothing_missed_in_silence(self);
    }

    fn step(&mut self) {
        let (actor, command) = acts::next(self);
        let stale = self.case.clone();
        if self.dice.once_in(10) {
            // Decided, and lost before it was stored: as if it had never been.
            let _ = decide(self.case.as_ref(), &command, &self.context(actor));
        }
        if !self.commit(actor, &command) {
            self.outcome.refused += 1;
            return;
        }
        self.outcome.done += 1;
        if self.dice.once_in(10) {
            self.decide_late(stale.as_ref(), actor, &command);
        }
    }

    /// Somebody decided on the case as it was before: what comes of it fits nowhere.
    fn decide_late(&mut self, stale: Option<&CaseState>, actor: Actor, command: &Command) {
        let ctx = self.context(actor);
        let Ok(events) = decide(stale, command, &ctx) else {
            return;
        };
        let late = record(stale, events, &ctx);
        let before = self.case.clone();
        let after = late.iter().fold(before.clone(), evolve);
        self.law(
            after == before || late.len() > 1,
            "an event from the past was taken",
        );
    }

    /// Decides and stores; false when refused.
    fn commit(&mut self, actor: Actor, command: &Command) -> bool {
        let ctx = self.context(actor);
        let Ok(events) = decide(self.case.as_ref(), command, &ctx) else {
            return false;
        };
        if matches!(command, Command::Publish { .. }) {
            judge::may_publish(self);
        }
        let events = self.spoil(events);
        let recorded = record(self.case.as_ref(), events, &self.context(actor));
        let before = self.case.clone();
        for event in recorded {
            self.case = evolve(self.case.take(), &event);
            if let Some(case) = &self.case {
                let follow = react(case, &event);
                self.effects
                    .extend(follow.into_iter().map(|e| (event.seq, e)));
            }
            self.log.push(event);
        }
        judge::after_commit(self, before.as_ref());
        self.outcome.published |= self
            .case
            .as_ref()
            .is_some_and(|c| c.advisory.published.is_some());
        self.outcome.missed = judge::misses(&self.log);
        true
    }

    fn spoil(&self, mut events: Vec<Event>) -> Vec<Event> {
        match self.bug {
            Some(Bug::LosesMisses) => events.retain(|e| !matches!(e, Event::ClockMissed { .. })),
            Some(Bug::KeepsEmbargo) => {
                events.retain(|e| !matches!(e, Event::EmbargoExited { fact: Some(_) }));
            }
            Some(Bug::WarnsTwice) => {
                events = events
                    .into_iter()
                    .flat_map(|e| {
                        let twice = matches!(e, Event::ClockWarned { .. });
                        std::iter::repeat_n(e, if twice { 2 } else { 1 })
                    })
                    .collect();
            }
            None => {}
        }
        events
    }

    pub(crate) fn context(&self, actor: Actor) -> Context<'_> {
        Context {
            now: self.now,
            actor,
            policy: &self.policy,
            team: Team { publishers: 2 },
        }
    }

    pub(crate) fn law(&self, holds: bool, what: &str) {
        assert!(
            holds,
            "law broken: {what}, at {}; repeat it with CANDOR_SIM={}",
            self.now, self.number
        );
    }
}

/// Ann and Ben, who do the work.
pub(crate) fn worker(dice: &mut Dice) -> Actor {
    Actor::Team(person(if dice.once_in(3) { 2 } else { 1 }))
}
