//! A story: a case under a policy, told in steps, with what must hold after each.
//!
//! Invariants: the case is replayed from its recorded events after every step and
//! must be the same; a refusal must be asked for by [`Story::refused`].

use candor_base::{Instant, Refusal, RefusalCode};
use candor_case::{
    Actor, CaseClock, CaseState, ClockStatus, Command, Context, Effect, IntakeChannel, MailKind,
    Move, Recipient, Recorded, ReportFacts, Stage, Team, allowed, decide, evolve, moves,
    next_wakeup, react, record, replay,
};
use candor_policy::compile;
use candor_policy::model::{Milestone, Policy, Severity};
use candor_policy::settings::{PolicyInForce, Settings};

use crate::parts::{facts, instant, person};
use crate::seeds;

/// Which clock of a case is meant.
#[derive(Debug, Clone)]
pub enum ClockName {
    /// The one with this key.
    Key(String),
    /// The one for this milestone that runs whatever the severity.
    Milestone(Milestone),
    /// The one for this milestone and severity.
    Rated(Milestone, Severity),
}

impl From<&str> for ClockName {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<Milestone> for ClockName {
    fn from(milestone: Milestone) -> Self {
        Self::Milestone(milestone)
    }
}

impl From<(Milestone, Severity)> for ClockName {
    fn from((milestone, severity): (Milestone, Severity)) -> Self {
        Self::Rated(milestone, severity)
    }
}

/// A case under a policy, told in steps.
#[derive(Debug)]
pub struct Story {
    policy: PolicyInForce,
    publishers: u32,
    now: Instant,
    case: Option<CaseState>,
    log: Vec<Recorded>,
    effects: Vec<Effect>,
    /// Where the last step began, in events and effects.
    last: (usize, usize),
    refusal: Option<Refusal>,
}

impl Story {
    /// A story under a seed policy without settings; `None` where the texts are absent.
    pub fn seed(number: u8) -> Option<Self> {
        Self::seed_with(number, Settings::default())
    }

    /// A story under a seed policy with the owner's settings.
    pub fn seed_with(number: u8, settings: Settings) -> Option<Self> {
        seeds::in_force(number, settings).map(Self::under)
    }

    /// A story under a policy text of the test's own.
    pub fn of_text(text: &str) -> Self {
        let policy = compile(text.as_bytes()).expect("a policy").value;
        Self::under(PolicyInForce::assemble(
            text.as_bytes(),
            policy,
            Settings::default(),
        ))
    }

    /// A story under this policy, with a team of three.
    pub fn under(policy: PolicyInForce) -> Self {
        Self {
            policy,
            publishers: 3,
            now: instant("2026-06-01T08:00:00Z"),
            case: None,
            log: Vec::new(),
            effects: Vec::new(),
            last: (0, 0),
            refusal: None,
        }
    }

    /// So many people could take the second look.
    pub fn team_of(&mut self, publishers: u32) -> &mut Self {
        self.publishers = publishers;
        self
    }

    /// A complete report comes in by the form.
    pub fn received_at(&mut self, at: &str) -> &mut Self {
        self.received_with(at, |_| {})
    }

    /// A report comes in by the form, changed as the test needs it.
    pub fn received_with(&mut self, at: &str, change: impl FnOnce(&mut ReportFacts)) -> &mut Self {
        let mut facts = facts(&self.policy);
        change(&mut facts);
        self.at(at);
        self.act(Actor::Reporter, &Command::Receive(Box::new(facts)))
    }

    /// A member of the team hands in a report that reached them at `first`.
    pub fn handed_in(&mut self, at: &str, first: &str) -> &mut Self {
        let mut facts = facts(&self.policy);
        facts.channel = IntakeChannel::HandedIn;
        facts.first_received = Some(instant(first));
        self.at(at);
        self.act(Actor::Team(person(1)), &Command::Receive(Box::new(facts)))
    }

    /// Time goes on to this moment; nothing else happens.
    pub fn at(&mut self, at: &str) -> &mut Self {
        self.at_instant(instant(at))
    }

    /// Time goes on to this moment.
    pub fn at_instant(&mut self, at: Instant) -> &mut Self {
        self.checked();
        assert!(
            self.case.is_none() || at >= self.now,
            "time goes on: {at} lies before {}",
            self.now
        );
        self.now = at;
        self
    }

    /// Candor looks at the case at this moment.
    pub fn tick_at(&mut self, at: &str) -> &mut Self {
        self.at(at);
        self.act(Actor::System, &Command::Tick)
    }

    /// The first person of the team does this.
    pub fn team(&mut self, command: impl std::borrow::Borrow<Command>) -> &mut Self {
        self.person(1, command)
    }

    /// A person of the team does this.
    pub fn person(&mut self, number: u8, command: impl std::borrow::Borrow<Command>) -> &mut Self {
        self.act(Actor::Team(person(number)), command.borrow())
    }

    /// The reporter does this.
    pub fn reporter(&mut self, command: impl std::borrow::Borrow<Command>) -> &mut Self {
        self.act(Actor::Reporter, command.borrow())
    }

    /// Candor itself does this.
    pub fn system(&mut self, command: impl std::borrow::Borrow<Command>) -> &mut Self {
        self.act(Actor::System, command.borrow())
    }

    /// Anybody does this.
    pub fn act(&mut self, actor: Actor, command: &Command) -> &mut Self {
        self.checked();
        let ctx = context(&self.policy, self.now, actor, self.publishers);
        let decided = decide(self.case.as_ref(), command, &ctx);
        let events = match decided {
            Ok(events) => record(self.case.as_ref(), events, &ctx),
            Err(refusal) => {
                self.refusal = Some(refusal);
                return self;
            }
        };
        self.last = (self.log.len(), self.effects.len());
        for event in events {
            self.case = evolve(self.case.take(), &event);
            if let Some(case) = &self.case {
                self.effects.extend(react(case, &event));
            }
            self.log.push(event);
        }
        assert_eq!(
            self.case,
            replay(&self.log),
            "a case is the fold of its events"
        );
        self
    }

    /// The last step was refused for this reason, and says what is possible instead.
    pub fn refused(&mut self, code: RefusalCode) -> &mut Self {
        let refusal = self.refusal_of_last_step();
        assert_eq!(refusal.code, code, "{refusal}");
        self
    }

    /// The refusal of the last step.
    pub fn refusal_of_last_step(&mut self) -> Refusal {
        self.refusal.take().expect("the last step was not refused")
    }

    fn checked(&self) {
        if let Some(refusal) = &self.refusal {
            panic!(
                "refused at {}, which no test expected: {refusal} ({:?}); possible instead: {:?}",
                self.now, refusal.code, refusal.instead
            );
        }
    }

    /// The moment of the story.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// The policy in force.
    pub fn in_force(&self) -> &PolicyInForce {
        &self.policy
    }

    /// The compiled text.
    pub fn policy(&self) -> &Policy {
        &self.policy.policy
    }

    /// The case as it stands.
    pub fn state(&self) -> &CaseState {
        self.checked();
        self.case.as_ref().expect("no report came in yet")
    }

    /// The stage people see.
    pub fn stage(&self) -> Stage {
        self.state().stage()
    }

    /// Everything that happened.
    pub fn log(&self) -> &[Recorded] {
        &self.log
    }

    /// Names of the events of the last step.
    pub fn events(&self) -> Vec<&'static str> {
        self.checked();
        self.log[self.last.0..]
            .iter()
            .map(|r| r.event.name())
            .collect()
    }

    /// What followed outside from the last step.
    pub fn effects(&self) -> &[Effect] {
        self.checked();
        &self.effects[self.last.1..]
    }

    /// Everything that followed outside so far.
    pub fn all_effects(&self) -> &[Effect] {
        &self.effects
    }

    /// Mails of the last step.
    pub fn mails(&self) -> Vec<(Recipient, MailKind)> {
        self.effects()
            .iter()
            .filter_map(|effect| match effect {
                Effect::Mail { to, mail } => Some((*to, mail.clone())),
                Effect::Publish => None,
            })
            .collect()
    }

    /// The next moment at which time alone changes the case.
    pub fn wakes_at(&self) -> Option<String> {
        next_wakeup(self.state(), &self.policy).map(|at| at.to_string())
    }

    /// What the first person of the team could do now.
    pub fn team_may(&self) -> Vec<&'static str> {
        self.may(Actor::Team(person(1)))
    }

    /// Every act of the first person of the team, and what stands against it now.
    pub fn team_moves(&self) -> Vec<Move> {
        let actor = Actor::Team(person(1));
        moves(
            self.state(),
            &context(&self.policy, self.now, actor, self.publishers),
        )
    }

    /// What the reporter could do now.
    pub fn reporter_may(&self) -> Vec<&'static str> {
        self.may(Actor::Reporter)
    }

    fn may(&self, actor: Actor) -> Vec<&'static str> {
        allowed(
            self.state(),
            &context(&self.policy, self.now, actor, self.publishers),
        )
    }

    /// A clock, when the case has it.
    pub fn find_clock(&self, name: impl Into<ClockName>) -> Option<&CaseClock> {
        let name = name.into();
        let fits = |c: &&CaseClock| match &name {
            ClockName::Key(key) => c.spec.key.0 == *key,
            ClockName::Milestone(m) => c.spec.milestone == *m && c.spec.severity.is_none(),
            ClockName::Rated(m, s) => c.spec.milestone == *m && c.spec.severity == Some(*s),
        };
        let found: Vec<&CaseClock> = self.state().clocks.values().filter(fits).collect();
        assert!(found.len() < 2, "{name:?} names more than one clock");
        found.first().copied()
    }

    /// A clock.
    pub fn clock(&self, name: impl Into<ClockName>) -> &CaseClock {
        let name = name.into();
        self.find_clock(name.clone()).unwrap_or_else(|| {
            let all: Vec<String> = self
                .state()
                .clocks
                .values()
                .map(|c| {
                    format!(
                        "{} {:?} {:?}",
                        c.spec.key, c.spec.milestone, c.spec.severity
                    )
                })
                .collect();
            panic!("no clock {name:?}; there are: {}", all.join(", "))
        })
    }

    /// When a clock falls due.
    pub fn due(&self, name: impl Into<ClockName>) -> String {
        self.clock(name)
            .due
            .map_or_else(|| "unscheduled".to_owned(), |at| at.to_string())
    }

    /// Whether a clock was kept in time.
    pub fn is_met(&self, name: impl Into<ClockName>) -> bool {
        matches!(self.clock(name).status, ClockStatus::Met { .. })
    }

    /// Whether a clock was missed, or met late.
    pub fn is_missed(&self, name: impl Into<ClockName>) -> bool {
        self.clock(name).was_missed()
    }
}

impl Drop for Story {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.checked();
        }
    }
}

fn context(policy: &PolicyInForce, now: Instant, actor: Actor, publishers: u32) -> Context<'_> {
    Context {
        now,
        actor,
        policy,
        team: Team { publishers },
    }
}
