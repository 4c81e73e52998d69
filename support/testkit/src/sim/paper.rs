//! The fast house: the core, and the loop of the engine over a memory that forgets
//! nothing but what a crash takes: load, decide, fold, list effects, commit; wake
//! instants; an outbox with leases, fences and waits; the chain of the ledger.
//!
//! Invariants: what stands in one commit is stored together; a start reads the case from
//! the stored bytes alone.
//!
//! Deliberately absent: sealing, pages, forms, rights, the budget of letters; those run
//! in `real`.

use std::collections::BTreeMap;
use std::rc::Rc;

use candor_base::{Digest, Instant};
use candor_case::{
    Actor, CaseState, Command, Context, Effect, Event, Recorded, ReportFacts, Team, decide, evolve,
    next_wakeup, react, record, replay,
};
use candor_ledger::{ChainHead, verify_chain_to};
use candor_policy::settings::PolicyInForce;

use super::bug::Bug;
use super::house::{Answer, Break, House};
use super::outbox::Outbox;
use super::post::Post;
use crate::parts::{instant, text, words_of};

/// How many could take the second look.
pub(super) const TEAM: Team = Team { publishers: 3 };
/// Cases looked at in one call; more would mean that looking never ends.
const ROUNDS: u32 = 50;

/// A case as it lies in the store.
#[derive(Debug)]
struct Folder {
    stored: Vec<(Vec<u8>, Digest)>,
    head: ChainHead,
    /// What is in memory; a start makes it anew from what is stored.
    state: CaseState,
    wake: Option<Instant>,
}

/// Core and engine in memory.
#[derive(Debug)]
pub struct Paper {
    now: Instant,
    policies: BTreeMap<Digest, Rc<PolicyInForce>>,
    folders: Vec<Folder>,
    outbox: Outbox,
    post: Post,
    feed: Vec<String>,
    next_break: Option<Break>,
    bug: Option<Bug>,
    started: bool,
}

impl Paper {
    /// An empty house with a post of its own.
    pub fn new(post: Post, bug: Option<Bug>) -> Self {
        Self {
            now: instant("2026-01-01T00:00:00Z"),
            policies: BTreeMap::new(),
            folders: Vec::new(),
            outbox: Outbox::default(),
            post,
            feed: Vec::new(),
            next_break: None,
            bug,
            started: false,
        }
    }

    fn context(&self, actor: Actor, policy: &Digest) -> (Rc<PolicyInForce>, Instant, Actor) {
        (Rc::clone(&self.policies[policy]), self.now, actor)
    }

    /// Load, decide, fold, list effects, commit.
    fn run(&mut self, case: Option<usize>, actor: Actor, command: &Command) -> Answer {
        let state = case.map(|n| self.folders[n].state.clone());
        let digest = match (&state, command) {
            (Some(state), _) => state.facts.policy,
            (None, Command::Receive(facts)) => facts.policy,
            (None, _) => return Answer::NotTaken,
        };
        let (policy, now, actor) = self.context(actor, &digest);
        let bent = self.bent(&policy);
        let context = Context {
            now,
            actor,
            policy: bent.as_ref().unwrap_or(&policy),
            team: TEAM,
        };
        let events = match decide(state.as_ref(), command, &context) {
            Ok(events) => self.spoil(state.as_ref(), command, events),
            Err(no) => return Answer::Refused(no.code),
        };
        let recorded = record(state.as_ref(), events, &context);
        if self.breaks(Break::BeforeCommit) {
            return Answer::Broke;
        }
        if !recorded.is_empty() {
            self.commit(case, state, &recorded, &policy);
        }
        if self.breaks(Break::AfterCommit) {
            if self.bug == Some(Bug::EffectLost) {
                self.outbox.forget(now);
            }
            return Answer::Broke;
        }
        Answer::Done
    }

    fn commit(
        &mut self,
        case: Option<usize>,
        state: Option<CaseState>,
        recorded: &[Recorded],
        policy: &PolicyInForce,
    ) {
        let mut state = state;
        let mut effects = Vec::new();
        for event in recorded {
            state = evolve(state, event);
            let after = state.as_ref().expect("the first event makes a case");
            effects.extend(react(after, event).into_iter().map(|e| (event.seq, e)));
            if self.bug == Some(Bug::TitleInFeed)
                && let Event::DraftSaved { draft } = &event.event
            {
                self.feed.push(words_of(&draft.text));
            }
        }
        let state = state.expect("a case");
        let id = state.facts.case;
        let case = case.unwrap_or(self.folders.len());
        if case == self.folders.len() {
            self.folders.push(Folder {
                stored: Vec::new(),
                head: ChainHead::start(&id),
                state: state.clone(),
                wake: None,
            });
        }
        for (index, (seq, effect)) in effects.iter().enumerate() {
            match effect {
                Effect::Publish => {
                    let draft = state.advisory.draft.as_ref();
                    self.feed.extend(draft.map(|d| words_of(&d.text)));
                }
                Effect::Mail { to, mail } => {
                    self.outbox
                        .add(case, &state, (*seq, index), (*to, mail), self.now);
                }
            }
        }
        let folder = &mut self.folders[case];
        for event in recorded {
            let bytes = serde_json::to_vec(event).unwrap();
            let skipped = self.bug == Some(Bug::ChainSkipped) && event.seq % 25 == 0;
            let next = folder.head.next(&id, &bytes);
            let hash = if skipped { folder.head.hash } else { next.hash };
            folder.stored.push((bytes, hash));
            folder.head = ChainHead {
                seq: next.seq,
                hash,
            };
        }
        folder.wake = next_wakeup(&state, policy);
        folder.state = state;
    }

    fn breaks(&mut self, at: Break) -> bool {
        let now = self.next_break == Some(at);
        if now {
            self.next_break = None;
        }
        now
    }

    /// The policy as a mistake reads it.
    fn bent(&self, policy: &PolicyInForce) -> Option<PolicyInForce> {
        (self.bug == Some(Bug::WeekendCounted)).then(|| {
            let mut bent = policy.clone();
            let week = candor_calendar::Workweek::new(&[1, 2, 3, 4, 5, 6, 7]);
            bent.settings.workweek = Some(week.unwrap());
            bent
        })
    }

    /// The mistakes that lie in what is decided.
    fn spoil(
        &mut self,
        state: Option<&CaseState>,
        command: &Command,
        mut events: Vec<Event>,
    ) -> Vec<Event> {
        match self.bug {
            Some(Bug::LosesMisses) => events.retain(|e| !matches!(e, Event::ClockMissed { .. })),
            Some(Bug::WarningForgotten) => {
                events.retain(|e| !matches!(e, Event::ClockWarned { .. }));
            }
            Some(Bug::AlarmForgotten) => {
                events.retain(|e| !matches!(e, Event::ClockEscalated { .. }));
            }
            Some(Bug::PauseIgnored) => events
                .retain(|e| !matches!(e, Event::ClockPaused { .. } | Event::ClockResumed { .. })),
            Some(Bug::KeepsEmbargo) => {
                events.retain(|e| !matches!(e, Event::EmbargoExited { fact: Some(_) }));
            }
            Some(Bug::WarnsTwice) => {
                let twice = |e: &Event| {
                    if matches!(e, Event::ClockWarned { .. }) {
                        2
                    } else {
                        1
                    }
                };
                events = events
                    .into_iter()
                    .flat_map(|e| std::iter::repeat_n(e.clone(), twice(&e)))
                    .collect();
            }
            Some(Bug::DueHourEarly) => {
                for event in &mut events {
                    if let Event::ClockStarted { due: Some(due), .. } = event {
                        *due = due.plus_seconds(-3_600);
                    }
                }
            }
            Some(Bug::ClosedReopened) => {
                let closed = state.is_some_and(|c| c.closed.is_some());
                if *command == Command::Tick && closed {
                    events.push(Event::Reopened {
                        reason: text("time passed"),
                    });
                }
            }
            Some(Bug::FiredTwice) if self.started && *command == Command::Tick => {
                let missed = state.and_then(last_miss);
                if let Some(missed) = missed {
                    events.push(missed);
                    self.started = false;
                }
            }
            _ => {}
        }
        events
    }

    fn look_at(&mut self, case: usize) -> Result<bool, String> {
        let before = self.folders[case].state.seq;
        match self.run(Some(case), Actor::System, &Command::Tick) {
            Answer::Refused(code) => return Err(format!("a look was refused: {code:?}")),
            Answer::Broke => return Ok(false),
            Answer::Done | Answer::NotTaken => {}
        }
        let happened = self.folders[case].state.seq > before;
        let state = &self.folders[case].state;
        let policy = Rc::clone(&self.policies[&state.facts.policy]);
        let context = Context {
            now: self.now,
            actor: Actor::System,
            policy: &policy,
            team: TEAM,
        };
        let again = decide(Some(state), &Command::Tick, &context);
        if self.bug.is_none() && !again.as_ref().is_ok_and(Vec::is_empty) {
            return Err(format!("a second look finds more: {again:?}"));
        }
        if !happened {
            let next = next_wakeup(state, &policy);
            if self.bug.is_none() && next.is_some_and(|at| at <= self.now) {
                return Err("something is due, and looking does nothing about it".to_owned());
            }
            self.folders[case].wake = next.map(|at| at.max(self.now.plus_seconds(3_600)));
        }
        Ok(happened)
    }
}

/// The last miss of a case as an event.
fn last_miss(case: &CaseState) -> Option<Event> {
    let missed = case.clocks.values().rfind(|c| c.was_missed())?;
    Some(Event::ClockMissed {
        clock: missed.spec.key.clone(),
        due: missed.due?,
    })
}

impl House for Paper {
    fn set_clock(&mut self, now: Instant) {
        self.now = now;
    }

    fn put_policy(&mut self, _: &[u8], policy: &Rc<PolicyInForce>) {
        self.policies.insert(policy.digest, Rc::clone(policy));
    }

    fn receive(&mut self, report: &ReportFacts) -> Answer {
        let command = Command::Receive(Box::new(report.clone()));
        self.run(None, Actor::Reporter, &command)
    }

    fn receive_again(&mut self, report: &ReportFacts) -> bool {
        let known = |f: &Folder| f.state.facts.case == report.case;
        let Some(case) = self.folders.iter().position(known) else {
            return self.receive(report) == Answer::Done;
        };
        let command = Command::Receive(Box::new(report.clone()));
        matches!(
            self.run(Some(case), Actor::Reporter, &command),
            Answer::Refused(candor_base::RefusalCode::AlreadyDone)
        )
    }

    fn act(&mut self, case: usize, actor: Actor, command: &Command) -> Answer {
        self.run(Some(case), actor, command)
    }

    fn look(&mut self) -> Result<(), String> {
        for _ in 0..ROUNDS {
            let all = self.bug.is_some();
            let due: Vec<usize> = (0..self.folders.len())
                .filter(|n| all || self.folders[*n].wake.is_some_and(|at| at <= self.now))
                .collect();
            let mut moved = false;
            for case in due {
                moved |= self.look_at(case)?;
            }
            if !moved || all {
                return Ok(());
            }
        }
        Err("looking never ends".to_owned())
    }

    fn deliver(&mut self) -> bool {
        let breaks = self.breaks(Break::BeforeSettle);
        for outcome in self.outbox.deliver(self.now, &mut self.post, breaks) {
            let command = Command::MailOutcome {
                key: outcome.key,
                delivered: outcome.failure.is_none(),
                code: outcome.failure,
                told: outcome.told,
            };
            self.run(Some(outcome.case), Actor::System, &command);
        }
        !breaks
    }

    fn break_next(&mut self, at: Option<Break>) {
        self.next_break = at;
    }

    fn restart(&mut self) {
        self.started = true;
        self.next_break = None;
        for folder in &mut self.folders {
            if self.bug == Some(Bug::ForgetsAtStart) && folder.stored.len() > 3 {
                folder.stored.pop();
                let (_, hash) = *folder.stored.last().map(|(b, h)| (b, h)).as_ref().unwrap();
                folder.head = ChainHead {
                    seq: folder.head.seq - 1,
                    hash: *hash,
                };
            }
            let events: Vec<Recorded> = folder
                .stored
                .iter()
                .map(|(bytes, _)| serde_json::from_slice(bytes).unwrap())
                .collect();
            folder.state = replay(&events).expect("a case");
        }
    }

    fn cases(&self) -> usize {
        self.folders.len()
    }

    fn history(&self, case: usize, behind: u64) -> Vec<Recorded> {
        let behind = usize::try_from(behind).unwrap();
        let new = self.folders[case].stored.iter().skip(behind);
        new.map(|(bytes, _)| serde_json::from_slice(bytes).unwrap())
            .collect()
    }

    fn seq(&self, case: usize) -> u64 {
        self.folders[case].state.seq
    }

    fn state(&self, case: usize) -> CaseState {
        self.folders[case].state.clone()
    }

    fn next_wake(&self) -> Option<Instant> {
        self.folders.iter().filter_map(|f| f.wake).min()
    }

    fn with_post<T>(&mut self, ask: impl FnOnce(&mut Post) -> T) -> T {
        ask(&mut self.post)
    }

    fn public_words(&self) -> String {
        self.feed.join("\n")
    }

    fn verify(&self) -> Result<(), String> {
        for folder in &self.folders {
            let links = (1_u64..).zip(&folder.stored).map(|(n, (b, h))| (n, b, *h));
            verify_chain_to(&folder.state.facts.case, &folder.head, links)
                .map_err(|why| why.to_string())?;
        }
        Ok(())
    }
}
