//! Every promise of a case as a ledger: what was promised, by which sentence, and
//! what became of it, each with who and when.
//!
//! Invariants: read from the events alone, so that nothing can be left out or made
//! nicer; one entry for each promise and period; a miss stays, whatever follows.
//!
//! Deliberately absent: texts. Reasons and consents are named, not quoted.

use candor_base::{Digest, Instant, MessageId};
use candor_policy::clocks::{ClockKey, ClockSpec, MetBy};

use crate::alarm::AlarmStep;
use crate::event::{Event, Recorded};
use crate::parts::{Actor, Lane, MessageKind, TextRef};

/// The act behind a change, by its place in the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActRef {
    /// Its place.
    pub seq: u64,
    /// What it was (`Event::name`).
    pub event: &'static str,
    /// Who did it.
    pub by: Actor,
    /// When.
    pub at: Instant,
}

/// Where a promise stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromiseState {
    /// It runs.
    Running,
    /// It stands still, because of this act.
    Paused {
        /// The question to the reporter, most likely.
        why: Option<ActRef>,
    },
    /// Kept in time.
    Met {
        /// By this act.
        by: Option<ActRef>,
    },
    /// Its time passed and the act has not come.
    Missed,
    /// The act came too late.
    MetLate {
        /// By this act.
        by: Option<ActRef>,
        /// By so many seconds.
        late_seconds: i64,
    },
    /// The reporter waived it.
    Waived {
        /// Who recorded it.
        by: Actor,
        /// When.
        at: Instant,
        /// The message that says so, where it was not the reporter's own act.
        consent: Option<MessageId>,
        /// The reason.
        reason: TextRef,
    },
    /// It applies no more, because of this act.
    Over {
        /// When.
        at: Instant,
        /// What ended it.
        why: Option<ActRef>,
    },
}

/// A due instant that was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// When it was changed.
    pub at: Instant,
    /// By whom.
    pub by: Actor,
    /// From.
    pub from: Option<Instant>,
    /// To.
    pub to: Option<Instant>,
    /// Of an extension that the reporter agreed to: the reason, and the message that
    /// says so where it was not the reporter's own act. None for what the
    /// policy itself provides for, and for an edit of the calendar.
    pub agreed: Option<(TextRef, Option<MessageId>)>,
    /// The calendar was edited, or a newer binary counts otherwise.
    pub calendar: bool,
}

/// One promise in one period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromiseEntry {
    /// The promise, with its sentence.
    pub spec: ClockSpec,
    /// The policy version that holds for this case.
    pub policy: Digest,
    /// 1, and more for what recurs.
    pub period: u32,
    /// What it counts from.
    pub anchor: Instant,
    /// When it falls due now.
    pub due: Option<Instant>,
    /// Each change of it.
    pub moved: Vec<Moved>,
    /// Warnings: percent and when.
    pub warned: Vec<(u8, Instant)>,
    /// Whom a miss was told to, and when.
    pub escalated: Vec<(AlarmStep, Instant)>,
    /// Who answered the alarm, and when.
    pub seen: Option<(Actor, Instant)>,
    /// Where it stands.
    pub state: PromiseState,
}

impl PromiseEntry {
    /// The due instant as first promised.
    pub fn first_due(&self) -> Option<Instant> {
        self.moved.first().map_or(self.due, |m| m.from)
    }
}

/// The ledger of a case, in the order in which promises began. Candor's own rhythms
/// are no promises and stand in no ledger.
pub fn promise_ledger(events: &[Recorded]) -> Vec<PromiseEntry> {
    let mut ledger = Ledger::default();
    for (place, recorded) in events.iter().enumerate() {
        let before = events.get(..place).unwrap_or_default();
        ledger.add(recorded, before);
    }
    ledger.entries
}

#[derive(Default)]
struct Ledger {
    policy: Option<Digest>,
    entries: Vec<PromiseEntry>,
}

impl Ledger {
    fn add(&mut self, recorded: &Recorded, before: &[Recorded]) {
        match &recorded.event {
            Event::Received { facts, .. } => self.policy = Some(facts.policy),
            Event::ClockStarted {
                spec,
                period,
                anchor,
                due,
                ..
            } if spec.is_promise() => self.begin(spec, *period, *anchor, *due),
            event => {
                let about_miss = matches!(
                    event,
                    Event::ClockEscalated { .. } | Event::AlarmAnswered { .. }
                );
                let found = clock_of(event).and_then(|key| self.of(key, about_miss));
                if let Some(entry) = found {
                    change(entry, recorded, before);
                }
            }
        }
    }

    fn begin(&mut self, spec: &ClockSpec, period: u32, anchor: Instant, due: Option<Instant>) {
        let Some(policy) = self.policy else { return };
        self.entries.push(PromiseEntry {
            spec: spec.clone(),
            policy,
            period,
            anchor,
            due,
            moved: Vec::new(),
            warned: Vec::new(),
            escalated: Vec::new(),
            seen: None,
            state: PromiseState::Running,
        });
    }

    /// The latest period of a promise, or the latest that was missed.
    fn of(&mut self, key: &ClockKey, missed: bool) -> Option<&mut PromiseEntry> {
        self.entries
            .iter_mut()
            .rev()
            .find(|e| e.spec.key == *key && (!missed || e.state == PromiseState::Missed))
    }
}

fn clock_of(event: &Event) -> Option<&ClockKey> {
    match event {
        Event::ClockWarned { clock, .. }
        | Event::ClockMet { clock, .. }
        | Event::ClockReopened { clock }
        | Event::ClockMissed { clock, .. }
        | Event::ClockPaused { clock }
        | Event::ClockResumed { clock, .. }
        | Event::ClockMoved { clock, .. }
        | Event::ClockRecounted { clock, .. }
        | Event::ClockStopped { clock }
        | Event::ClockWaived { clock, .. }
        | Event::ClockEscalated { clock, .. }
        | Event::AlarmAnswered { clock } => Some(clock),
        _ => None,
    }
}

fn change(entry: &mut PromiseEntry, recorded: &Recorded, before: &[Recorded]) {
    let at = recorded.at;
    match &recorded.event {
        Event::ClockWarned { percent, .. } => entry.warned.push((*percent, at)),
        Event::ClockMet { done, .. } => {
            let done = done.unwrap_or(at);
            let by = act_that_met(entry.spec.met_by, done, before);
            let late_seconds = entry.due.map_or(0, |due| done.seconds_since(due));
            // A recorded miss stays one, whatever the machine's clock says by now.
            entry.state = if late_seconds > 0 || entry.state == PromiseState::Missed {
                let late_seconds = late_seconds.max(1);
                PromiseState::MetLate { by, late_seconds }
            } else {
                PromiseState::Met { by }
            };
        }
        Event::ClockReopened { .. } => {
            entry.state = match entry.state {
                PromiseState::MetLate { .. } => PromiseState::Missed,
                _ => PromiseState::Running,
            };
        }
        Event::ClockMissed { .. } => entry.state = PromiseState::Missed,
        Event::ClockPaused { .. } => {
            entry.state = PromiseState::Paused {
                why: last_act(before),
            };
        }
        Event::ClockResumed { due, .. } => {
            entry.state = PromiseState::Running;
            entry.due = *due;
        }
        Event::ClockMoved { due, agreed, .. } => {
            entry.moved.push(Moved {
                at,
                by: recorded.actor,
                from: entry.due,
                to: *due,
                agreed: *agreed,
                calendar: false,
            });
            entry.due = *due;
        }
        Event::ClockRecounted { due, .. } => {
            if entry.due != Some(*due) {
                entry.moved.push(Moved {
                    at,
                    by: recorded.actor,
                    from: entry.due,
                    to: Some(*due),
                    agreed: None,
                    calendar: true,
                });
            }
            entry.due = Some(*due);
        }
        Event::ClockWaived {
            reason, consent, ..
        } => {
            entry.state = PromiseState::Waived {
                by: recorded.actor,
                at,
                consent: *consent,
                reason: *reason,
            };
        }
        Event::ClockStopped { .. } if entry.state != PromiseState::Missed => {
            entry.state = PromiseState::Over {
                at,
                why: last_act(before),
            };
        }
        Event::ClockEscalated { step, .. } => entry.escalated.push((*step, at)),
        Event::AlarmAnswered { .. } => entry.seen = Some((recorded.actor, at)),
        _ => {}
    }
}

fn reference(recorded: &Recorded) -> ActRef {
    ActRef {
        seq: recorded.seq,
        event: recorded.event.name(),
        by: recorded.actor,
        at: recorded.at,
    }
}

fn is_act(recorded: &Recorded) -> bool {
    !recorded.event.is_automatic()
        && clock_of(&recorded.event).is_none()
        && !matches!(recorded.event, Event::ClockStarted { .. })
}

fn last_act(before: &[Recorded]) -> Option<ActRef> {
    before.iter().rev().find(|r| is_act(r)).map(reference)
}

/// The event that did what was promised, at the moment it counts from.
fn act_that_met(met_by: MetBy, done: Instant, before: &[Recorded]) -> Option<ActRef> {
    let at_that_time = || before.iter().filter(|r| r.at == done && is_act(r));
    at_that_time()
        .find(|r| keeps(met_by, r))
        .or_else(|| at_that_time().next_back())
        .map(reference)
}

fn keeps(met_by: MetBy, recorded: &Recorded) -> bool {
    let spoken = matches!(recorded.actor, Actor::Team(_));
    match met_by {
        MetBy::HumanMessage | MetBy::DateTold => spoken && speaks(&recorded.event),
        MetBy::ConversationMessage => {
            spoken && speaks(&recorded.event) && !only_received(&recorded.event)
        }
        MetBy::PlanMessage => match &recorded.event {
            Event::Acknowledged { plan, .. } => *plan,
            Event::Said { kind, .. } => *kind == MessageKind::Plan,
            _ => false,
        },
        MetBy::StatusMessage => {
            matches!(&recorded.event, Event::Said { kind, .. } if *kind == MessageKind::Status)
        }
        MetBy::Assessment | MetBy::AssessmentWithSeverity => matches!(
            recorded.event,
            Event::Assessed { .. }
                | Event::Accepted { .. }
                | Event::Rejected { .. }
                | Event::MarkedDuplicate { .. }
        ),
        MetBy::WorkStarted => {
            matches!(recorded.event, Event::Accepted { .. }) || keeps(MetBy::PlanMessage, recorded)
        }
        MetBy::FixReleased => matches!(recorded.event, Event::FixChanged { .. }),
        MetBy::Published => matches!(recorded.event, Event::Published { .. }),
        MetBy::DistributorsTold => matches!(recorded.event, Event::PartyNotified { .. }),
        MetBy::FixAndPublished => matches!(
            recorded.event,
            Event::Published { .. } | Event::FixChanged { .. }
        ),
    }
}

/// A bare "received", which opens no exchange.
fn only_received(event: &Event) -> bool {
    match event {
        Event::Acknowledged { plan, .. } => !plan,
        Event::Said { kind, .. } => *kind == MessageKind::Acknowledgement,
        _ => false,
    }
}

fn speaks(event: &Event) -> bool {
    match event {
        Event::Said { lane, .. } => *lane != Lane::Team,
        Event::Assessed { message, .. } => message.is_some(),
        Event::Acknowledged { .. }
        | Event::Asked { .. }
        | Event::Accepted { .. }
        | Event::Rejected { .. }
        | Event::MarkedDuplicate { .. }
        | Event::DateSetAlone { .. }
        | Event::DateProposed { .. } => true,
        _ => false,
    }
}
