//! The engine: load, decide, fold, list effects, commit; again when somebody
//! else was first.
//!
//! Invariants: events, read row, wake instant, outbox, bodies and a publication
//! of one act become durable together; nothing is performed outside here.

use std::sync::{Arc, Mutex};

use candor_access::Permit;
use candor_base::{AccountId, BlobId, CaseId, ProgramSlug, Refusal, RefusalCode};
use candor_case::{
    Actor, AlarmStep, CaseState, Command, Context, Effect, Event, MailKind, Recipient, Recorded,
    Team, decide, evolve, next_wakeup, react, record, replay,
};
use candor_ports::{AccountRecord, Commit, NewReceipt, OutboxItem, Publication, StoreError};

use crate::app::{App, lock};
use crate::input::{ActError, Fault};
use crate::linked;
use crate::programs::InForce;
use crate::report::FiledReport;
use crate::rows;
use crate::seal::Bodies;
use crate::search;

/// How often an act is decided anew because somebody else was first.
const TRIES: u32 = 3;
/// Lines that are kept before empty ones are swept away.
const MOST_QUEUES: usize = 1_000;

/// A case as loaded.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) program: ProgramSlug,
    pub(crate) case: CaseId,
    pub(crate) events: Vec<Recorded>,
    pub(crate) state: CaseState,
    pub(crate) in_force: Arc<InForce>,
}

/// What an act made of a case.
#[derive(Debug)]
pub(crate) struct Done {
    /// New events.
    pub(crate) events: Vec<Recorded>,
    /// The case after them.
    pub(crate) state: CaseState,
}

/// Builds the commands of an act from the case as it stands, adding bodies.
pub(crate) type Make<'a> = dyn Fn(&Loaded, &Bodies<'_>) -> Result<Vec<Command>, ActError> + 'a;

impl App {
    /// Loads a case; `None` for a stranger, and for whoever asks after one that was erased.
    pub(crate) fn load(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
    ) -> Result<Option<Loaded>, Fault> {
        let events = match self.store().load(program, case) {
            Ok(Some(events)) => events,
            Ok(None) | Err(StoreError::Erased) => return Ok(None),
            Err(why) => return Err(why.into()),
        };
        let state = replay(&events)
            .ok_or_else(|| StoreError::Damaged("a case has no first event".to_owned()))?;
        let in_force = self.policy_of(program, &state.facts.policy)?;
        let in_force = self.with_register(program, in_force)?;
        Ok(Some(Loaded {
            program: program.clone(),
            case: *case,
            events,
            state,
            in_force,
        }))
    }

    /// Does an act for the holder of a permit. `seen` is the number of events on
    /// the page acted from; given for decisions, it refuses to act on an old page.
    pub(crate) fn act(
        &self,
        permit: &Permit,
        seen: Option<u64>,
        make: &Make<'_>,
    ) -> Result<Done, ActError> {
        let case = permit.case().ok_or(ActError::NotFound)?;
        let queue = self.queue(case);
        let _turn = lock(&queue);
        for _ in 0..TRIES {
            let loaded = self
                .load(permit.program(), &case)?
                .ok_or(ActError::NotFound)?;
            fresh(&loaded, seen, permit.actor())?;
            let bodies = Bodies::new(self.entropy());
            let commands = make(&loaded, &bodies)?;
            if let Some(done) = self.run(&loaded, permit.actor(), &commands, bodies)? {
                return Ok(done);
            }
        }
        Err(Fault::from(StoreError::Conflict).into())
    }

    /// Acts on one case stand in one line, so that what many people write at once is
    /// all done, one after the other, and nothing typed is lost to a conflict.
    pub(crate) fn queue(&self, case: CaseId) -> Arc<Mutex<()>> {
        let mut queues = lock(&self.queues);
        if queues.len() >= MOST_QUEUES {
            queues.retain(|_, queue| Arc::strong_count(queue) > 1);
        }
        Arc::clone(queues.entry(case).or_default())
    }

    /// Decides commands one after the other and commits what came of them;
    /// `None` when somebody else was first.
    fn run(
        &self,
        loaded: &Loaded,
        actor: Actor,
        commands: &[Command],
        bodies: Bodies<'_>,
    ) -> Result<Option<Done>, ActError> {
        self.no_publication_in_doubt(commands)?;
        let context = self.context(loaded, actor)?;
        let mut state = loaded.state.clone();
        let mut events = Vec::new();
        let mut effects = Vec::new();
        for command in commands {
            let decided = decide(Some(&state), command, &context)?;
            for recorded in record(Some(&state), decided, &context) {
                state = evolve(Some(state.clone()), &recorded).unwrap_or(state);
                for effect in react(&state, &recorded) {
                    effects.push((recorded.seq, effect));
                }
                events.push(recorded);
            }
        }
        if events.is_empty() {
            return Ok(Some(Done { events, state }));
        }
        let publication = self.publication(loaded, &state, &events)?;
        let report = self.filed(&loaded.program, &state)?;
        let policy = &loaded.in_force.policy;
        let blobs = bodies.into_blobs();
        let states = (Some(&loaded.state), &state);
        let commit = Commit {
            program: loaded.program.clone(),
            case: loaded.case,
            expected_seq: loaded.state.seq,
            words: search::brought(policy, states, &events, &blobs, None),
            events: events.clone(),
            blobs,
            row: rows::of(&state, policy, &report.title(), self.now()),
            wake: linked::wake(&state, &events, policy, self.now()),
            outbox: self.outbox(&loaded.program, &loaded.case, &state, effects)?,
            receipt: None,
            publication,
        };
        match self.store().commit(commit) {
            Ok(()) => Ok(Some(Done { events, state })),
            Err(StoreError::Conflict) => Ok(None),
            Err(other) => Err(other.into()),
        }
    }

    pub(crate) fn context<'a>(
        &self,
        loaded: &'a Loaded,
        actor: Actor,
    ) -> Result<Context<'a>, Fault> {
        let team = self.team_of(&loaded.program)?;
        Ok(self.context_among(loaded, actor, &team))
    }

    /// The same, by the accounts that work in the program.
    pub(crate) fn context_among<'a>(
        &self,
        loaded: &'a Loaded,
        actor: Actor,
        team: &[AccountRecord],
    ) -> Context<'a> {
        Context {
            now: self.now(),
            actor,
            policy: &loaded.in_force.policy,
            team: publishers(team),
        }
    }

    /// How many people could take the second look: those of the program with both factors.
    pub(crate) fn team(&self, program: &ProgramSlug) -> Result<Team, Fault> {
        Ok(publishers(&self.team_of(program)?))
    }

    /// Effects as outbox items, one for each recipient, so that each is tried and
    /// settled on its own. Publishing is part of the commit itself; on GitHub it comes after.
    pub(crate) fn outbox(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
        state: &CaseState,
        effects: Vec<(u64, Effect)>,
    ) -> Result<Vec<OutboxItem>, Fault> {
        let team = self.team_of(program)?;
        let now = self.now();
        let mut out = Vec::new();
        for (index, (seq, effect)) in effects.into_iter().enumerate() {
            let (to, mail) = match effect {
                Effect::Mail { to, mail } => (to, mail),
                Effect::Publish => {
                    if self.publishes_elsewhere(program) {
                        out.push(item(format!("{case}-{seq}-{index}-publish"), &effect, now)?);
                    }
                    continue;
                }
            };
            let recipients: Vec<Recipient> = match to {
                Recipient::Reporter if state.facts.contact_given => vec![Recipient::Reporter],
                Recipient::Reporter => Vec::new(),
                one @ Recipient::Account(id) if reachable(&team, id) => vec![one],
                Recipient::Party(number) => state
                    .party(number)
                    .filter(|p| p.removed.is_none() && p.invitation.contact.is_some())
                    .map(|_| Recipient::Party(number))
                    .into_iter()
                    .collect(),
                Recipient::Step(step) => self.in_line(program, &team, step)?,
                // Whoever leads gave no address: then everybody who did.
                Recipient::Team | Recipient::Account(_) => team
                    .iter()
                    .filter(|a| a.email.is_some())
                    .map(|a| Recipient::Account(a.id))
                    .collect(),
            };
            for (n, to) in recipients.into_iter().enumerate() {
                let effect = Effect::Mail {
                    to,
                    mail: mail.clone(),
                };
                out.push(item(format!("{case}-{seq}-{index}-{n}"), &effect, now)?);
            }
        }
        Ok(out)
    }

    /// Who has this place in the program's line of alarm today. Where nobody is named,
    /// or the one named cannot be reached, it goes to everybody: an alarm is never lost.
    fn in_line(
        &self,
        program: &ProgramSlug,
        team: &[AccountRecord],
        step: AlarmStep,
    ) -> Result<Vec<Recipient>, Fault> {
        let named = match self.program(program)? {
            Some(record) => {
                let in_force = self.policy_of(program, &record.policy)?;
                let settings = &in_force.policy.settings;
                match step {
                    AlarmStep::Owner | AlarmStep::Duty => settings.on_duty.clone(),
                    AlarmStep::Deputy => settings.deputy.clone(),
                    AlarmStep::Lead => settings.head.clone(),
                }
            }
            None => None,
        };
        let with_address = || team.iter().filter(|a| a.email.is_some());
        let one = with_address().find(|a| named.as_deref() == Some(a.login.as_str()));
        Ok(match one {
            Some(person) => vec![Recipient::Account(person.id)],
            None => with_address().map(|a| Recipient::Account(a.id)).collect(),
        })
    }

    /// The first commit of a case.
    pub(crate) fn open_case(&self, opening: Opening<'_>) -> Result<Done, OpenError> {
        let Opening {
            facts_command,
            actor,
            program,
            case,
            in_force,
            bodies,
            report,
            receipt,
        } = opening;
        let context = Context {
            now: self.now(),
            actor,
            policy: &in_force.policy,
            team: self.team(program)?,
        };
        let decided = decide(None, facts_command, &context).map_err(OpenError::Refused)?;
        let mut state: Option<CaseState> = None;
        let mut events = Vec::new();
        let mut effects = Vec::new();
        for recorded in record(None, decided, &context) {
            state = evolve(state, &recorded);
            if let Some(state) = &state {
                for effect in react(state, &recorded) {
                    effects.push((recorded.seq, effect));
                }
            }
            events.push(recorded);
        }
        let state = state.ok_or_else(|| Fault::inside("receiving made no case"))?;
        let policy = &in_force.policy;
        let blobs = bodies.into_blobs();
        let states = (None, &state);
        let commit = Commit {
            program: program.clone(),
            case,
            expected_seq: 0,
            words: search::brought(policy, states, &events, &blobs, Some(report)),
            events: events.clone(),
            blobs,
            row: rows::of(&state, policy, &report.title(), self.now()),
            wake: next_wakeup(&state, policy),
            outbox: self.outbox(program, &case, &state, effects)?,
            receipt: Some(receipt(&state).map_err(OpenError::Fault)?),
            publication: None,
        };
        match self.store().commit(commit) {
            Ok(()) => Ok(Done { events, state }),
            Err(StoreError::Exists | StoreError::Conflict) => Err(OpenError::Exists),
            Err(other) => Err(OpenError::Fault(other.into())),
        }
    }

    /// Reads the report of a case as filed.
    pub(crate) fn filed(
        &self,
        program: &ProgramSlug,
        state: &CaseState,
    ) -> Result<FiledReport, Fault> {
        let case = state.facts.case;
        let sealed = self.body(program, &case, &state.facts.report.blob)?;
        FiledReport::open(self.vault(), &case, &sealed)
    }

    /// Opens a body of a case.
    pub(crate) fn body(
        &self,
        program: &ProgramSlug,
        case: &CaseId,
        blob: &BlobId,
    ) -> Result<Vec<u8>, Fault> {
        let found = self.store().blob(program, case, blob)?;
        Ok(found.ok_or_else(|| StoreError::Damaged("a body is missing".to_owned()))?)
    }

    /// What a publication makes public, when these events publish.
    fn publication(
        &self,
        loaded: &Loaded,
        state: &CaseState,
        events: &[Recorded],
    ) -> Result<Option<Publication>, ActError> {
        let published = events
            .iter()
            .find(|r| matches!(r.event, Event::Published { .. }));
        match published {
            None => Ok(None),
            Some(recorded) => self.compose(loaded, state, recorded.at).map(Some),
        }
    }
}

/// What opens a case.
pub(crate) struct Opening<'a> {
    pub(crate) facts_command: &'a Command,
    /// Who brings it: Candor for a reporter, or a member of the team.
    pub(crate) actor: Actor,
    pub(crate) program: &'a ProgramSlug,
    pub(crate) case: CaseId,
    pub(crate) in_force: &'a InForce,
    pub(crate) bodies: Bodies<'a>,
    /// As filed.
    pub(crate) report: &'a FiledReport,
    /// Signs the receipt, once the clocks are known.
    pub(crate) receipt: &'a dyn Fn(&CaseState) -> Result<NewReceipt, Fault>,
}

/// Why a case was not opened.
pub(crate) enum OpenError {
    /// This receipt code or reference is there already.
    Exists,
    /// The domain says no.
    Refused(Refusal),
    /// Something broke.
    Fault(Fault),
}

impl From<Fault> for OpenError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// How many of these people could take the second look: those with both factors.
fn publishers(team: &[AccountRecord]) -> Team {
    let able = team.iter().filter(|a| a.totp_sealed.is_some());
    Team {
        publishers: u32::try_from(able.count()).unwrap_or(u32::MAX),
    }
}

/// Whether this person works in the program and gave an address.
fn reachable(team: &[AccountRecord], id: AccountId) -> bool {
    team.iter().any(|a| a.id == id && a.email.is_some())
}

/// Refuses a decision that was made on a page others have acted on since.
fn fresh(loaded: &Loaded, seen: Option<u64>, actor: Actor) -> Result<(), Refusal> {
    let Some(seen) = seen else { return Ok(()) };
    let changed = loaded
        .events
        .iter()
        .any(|r| r.seq > seen && r.actor != Actor::System && r.actor != actor);
    if changed {
        Err(Refusal::new(
            RefusalCode::Conflict,
            "Somebody else acted on this case while you were writing. Nothing was done yet.",
        )
        .instead("read what is new, then decide again"))
    } else {
        Ok(())
    }
}

/// Letters about which no outcome is reported back: it would only make more letters.
pub(crate) const fn is_silent(mail: &MailKind) -> bool {
    matches!(mail, MailKind::MailFailed)
}

/// One effect as an outbox item.
fn item(
    key: String,
    effect: &Effect,
    not_before: candor_base::Instant,
) -> Result<OutboxItem, Fault> {
    let effect =
        serde_json::to_string(effect).map_err(|e| Fault::inside(format!("effect: {e}")))?;
    Ok(OutboxItem {
        key,
        effect,
        not_before,
    })
}
