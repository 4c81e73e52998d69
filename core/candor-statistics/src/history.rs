//! What the events of one case say that figures need.
//!
//! Invariants: a first time stays the first, whatever episodes follow; nothing in here
//! names a case, a person or a text.

use std::collections::BTreeMap;

use candor_base::Instant;
use candor_case::{
    Around, AttackFact, CaseClock, CaseState, ClockStatus, CloseReason, CreditWish, CveStage,
    Event, FixStatus, Recorded, Regulators, RejectionGround, ScopeVerdict, Verdict, evolve,
};
use candor_policy::MetBy;
use candor_policy::clocks::ClockRule;
use candor_policy::model::{Firmness, Milestone, Severity};
use serde::Serialize;

/// How a case ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    /// With an advisory.
    Published,
    /// Out of scope.
    OutOfScope,
    /// Only an unsupported version is affected.
    UnsupportedVersion,
    /// No vulnerability.
    NotAVulnerability,
    /// A bug without security meaning.
    NotSecurity,
    /// Not reproducible.
    NotReproducible,
    /// What was asked for never came.
    Incomplete,
    /// Not credible.
    NotCredible,
    /// Known and tracked upstream.
    KnownUpstream,
    /// The same as an older one.
    Duplicate,
    /// Withdrawn by its reporter.
    Withdrawn,
    /// Fixed without publication.
    FixedInternally,
    /// Put aside.
    Deferred,
}

/// Why an embargo ended before its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EmbargoCause {
    /// It was public.
    Public,
    /// An exploit was public.
    ExploitPublic,
    /// Attacks were seen.
    AttacksObserved,
    /// A leak.
    Leak,
    /// Both sides published earlier than planned.
    Agreed,
}

/// An embargo that is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct EmbargoEnd {
    /// Why it ended before its day; `None` when it did not.
    pub early: Option<EmbargoCause>,
}

/// What became of the question about credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Credited {
    /// Named.
    Named,
    /// Wanted no name.
    Anonymous,
    /// Did not answer.
    Unanswered,
}

/// How one kind of promise went in one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PromiseFact {
    /// What is promised.
    pub milestone: Milestone,
    /// What meets it.
    pub met_by: MetBy,
    /// How firm.
    pub firmness: Firmness,
    /// It comes again and again.
    pub recurring: bool,
    /// Kept by the due instant as it stood last.
    pub kept: u32,
    /// Missed by it; open and past due is missed.
    pub missed: u32,
    /// Neither yet.
    pub running: u32,
    /// Kept by the due instant as it was before any change.
    pub kept_at_first: u32,
    /// Missed by it.
    pub missed_at_first: u32,
}

/// One filing with a regulator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Filing {
    /// The regime (`eu-cra-vulnerability`).
    pub regime: String,
    /// The stage (`early_warning`).
    pub stage: String,
    /// Filed at all.
    pub filed: bool,
    /// Filed late, or not filed and past its time.
    pub late: bool,
}

/// One case, as figures see it at one instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct History {
    /// When the report reached the project.
    pub received: Instant,
    /// The instant at which the case is seen.
    pub seen: Instant,
    /// First message of a person to the reporter.
    pub acknowledged: Option<Instant>,
    /// First assessment.
    pub triaged: Option<Instant>,
    /// First accepted, turned down, or found to be a duplicate.
    pub decided: Option<Instant>,
    /// The first branch was released.
    pub first_fix: Option<Instant>,
    /// The last supported branch was released or answered.
    pub last_fix: Option<Instant>,
    /// The advisory was first published.
    pub published: Option<Instant>,
    /// Published or closed, as far as that stands.
    pub ended: Option<Instant>,
    /// Something is still to be done: not closed, and not both published and fixed.
    pub open: bool,
    /// A vulnerability of the project; `None` while that is not decided, and for a
    /// duplicate, which is decided with its original.
    pub valid: Option<bool>,
    /// How it ended.
    pub exit: Option<Exit>,
    /// The severity in force.
    pub severity: Option<Severity>,
    /// Promises of the policy; never Candor's own rhythms.
    pub promises: Vec<PromiseFact>,
    /// Seconds in which it waited for the reporter.
    pub paused: i64,
    /// Seconds for which it was open.
    pub lived: i64,
    /// Embargoes that are over.
    pub embargoes: Vec<EmbargoEnd>,
    /// Branches released and branches affected when the advisory was first published.
    pub branches: Option<(u32, u32)>,
    /// Credit, once published.
    pub credit: Option<Credited>,
    /// Its CVE records: public within 24 hours of the advisory, within 72, and all whose 72
    /// hours are over or whose record is public.
    pub cve: Option<(u32, u32, u32)>,
    /// Filings that became due.
    pub filings: Vec<Filing>,
    /// Seconds from the first sign to awareness, one for each duty.
    pub aware_after: Vec<i64>,
    /// Seconds from awareness to telling the users.
    pub told_after: Vec<i64>,
}

#[derive(Default)]
struct Firsts {
    triaged: Option<Instant>,
    decided: Option<Instant>,
    accepted: bool,
    branches: BTreeMap<String, Instant>,
    all_fixed: Option<Instant>,
    at_publication: Option<(u32, u32)>,
    embargoes: Vec<EmbargoEnd>,
    earlier: Vec<CaseClock>,
}

impl History {
    /// Of these events, seen at this instant. `dates` are the days of releases, as
    /// instants, where somebody wrote them down: an earlier one counts before the moment
    /// at which the release was recorded on the case.
    pub fn of(
        events: &[Recorded],
        dates: &BTreeMap<String, Instant>,
        seen: Instant,
    ) -> Option<Self> {
        let mut firsts = Firsts::default();
        let mut state: Option<CaseState> = None;
        for recorded in events {
            if let Some(before) = &state {
                firsts.look(before, recorded, dates);
            }
            state = evolve(state, recorded);
            if let Some(after) = &state {
                firsts.look_after(after, recorded);
            }
        }
        let state = state?;
        Some(build(&state, &firsts, seen))
    }
}

impl Firsts {
    /// What is to be seen before an event is folded.
    fn look(&mut self, case: &CaseState, recorded: &Recorded, dates: &BTreeMap<String, Instant>) {
        let at = recorded.at;
        match &recorded.event {
            Event::Assessed { .. } => {
                self.triaged.get_or_insert(at);
            }
            Event::Accepted { .. } => {
                self.accepted = true;
                self.decided.get_or_insert(at);
            }
            Event::Rejected { .. } | Event::MarkedDuplicate { .. } => {
                self.decided.get_or_insert(at);
            }
            Event::FixChanged { change } => {
                if let FixStatus::Released { version } = &change.status {
                    let day = dates.get(version).copied().unwrap_or(at);
                    // A day is no moment before the report: then the record counts.
                    let when = if day < case.received { at } else { day.min(at) };
                    self.branches.entry(change.branch.clone()).or_insert(when);
                }
            }
            Event::ClockStarted { spec, .. } => {
                let before = case.clocks.get(&spec.key);
                let once = |c: &&CaseClock| !matches!(c.spec.rule, ClockRule::Recurring { .. });
                self.earlier.extend(before.filter(once).cloned());
            }
            Event::EmbargoExited { fact } => {
                let planned = case.embargo.until;
                let early = planned.is_some_and(|until| at < until);
                self.embargoes.push(EmbargoEnd {
                    early: early.then(|| cause(*fact, &case.around)),
                });
            }
            _ => {}
        }
    }

    /// What is to be seen after it.
    fn look_after(&mut self, case: &CaseState, recorded: &Recorded) {
        if let (None, Some(_)) = (self.all_fixed, case.fix_released) {
            self.all_fixed = Some(recorded.at);
        }
        if matches!(recorded.event, Event::Published { .. }) && self.at_publication.is_none() {
            let affected = case.fixes.iter();
            let affected = affected.filter(|r| r.status != FixStatus::NotAffected);
            let released = |s: &FixStatus| matches!(s, FixStatus::Released { .. });
            let done = case.fixes.iter().filter(|r| released(&r.status)).count();
            self.at_publication = Some((small(done), small(affected.count())));
        }
    }
}

fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn cause(fact: Option<AttackFact>, around: &Around) -> EmbargoCause {
    let leaked = around.leak.as_ref().and_then(|l| l.decided);
    match fact {
        _ if leaked.is_some_and(|(public, _, _)| public) => EmbargoCause::Leak,
        Some(AttackFact::Public) => EmbargoCause::Public,
        Some(AttackFact::ExploitPublic) => EmbargoCause::ExploitPublic,
        Some(AttackFact::AttacksObserved) => EmbargoCause::AttacksObserved,
        None => EmbargoCause::Agreed,
    }
}

fn build(case: &CaseState, firsts: &Firsts, seen: Instant) -> History {
    let published = case.advisory.published;
    let closed = case.closed.map(|(at, _)| at);
    let ended = published.or(closed);
    let until = closed.unwrap_or(seen);
    let first_fix = firsts.branches.values().min().copied();
    let last_fix = firsts
        .all_fixed
        .and_then(|at| firsts.branches.values().max().map(|last| (*last).min(at)));
    let r = &case.regulators;
    History {
        received: case.received,
        seen,
        acknowledged: case.acknowledged,
        triaged: firsts.triaged,
        decided: firsts.decided,
        first_fix,
        last_fix,
        published,
        ended,
        open: closed.is_none()
            && (case.advisory.published_draft.is_none() || case.fix_released.is_none()),
        valid: valid(case, firsts.accepted),
        exit: exit(case),
        severity: case.severity(),
        promises: promises(case, &firsts.earlier, seen),
        paused: paused(case, until),
        lived: until.seconds_since(case.received).max(0),
        embargoes: firsts.embargoes.clone(),
        branches: firsts.at_publication,
        credit: published.map(|_| match case.credit {
            CreditWish::Named(_) => Credited::Named,
            CreditWish::Anonymous => Credited::Anonymous,
            CreditWish::NotAnswered => Credited::Unanswered,
        }),
        cve: cve(case, seen),
        filings: filings(r, seen),
        aware_after: aware_after(r),
        told_after: told_after(r),
    }
}

fn valid(case: &CaseState, accepted: bool) -> Option<bool> {
    if case.rejection.is_some() {
        return Some(false);
    }
    if case.duplicate_of.is_some() {
        return None;
    }
    if accepted || case.advisory.published.is_some() {
        return Some(true);
    }
    let (assessment, _, _) = case.assessment.as_ref()?;
    let inside = matches!(assessment.scope, ScopeVerdict::In { .. });
    match assessment.is_vulnerability {
        _ if !inside => Some(false),
        Verdict::Yes => Some(true),
        Verdict::No => Some(false),
        Verdict::Unclear => None,
    }
}

fn exit(case: &CaseState) -> Option<Exit> {
    if case.advisory.published.is_some() {
        return Some(Exit::Published);
    }
    let (_, reason) = case.closed?;
    Some(match reason {
        CloseReason::Disclosed => Exit::Published,
        CloseReason::Duplicate => Exit::Duplicate,
        CloseReason::Withdrawn => Exit::Withdrawn,
        CloseReason::FixedInternally => Exit::FixedInternally,
        CloseReason::Deferred => Exit::Deferred,
        CloseReason::Rejected => match case.rejection.as_ref().map(|r| &r.ground) {
            Some(RejectionGround::OutOfScope { .. }) => Exit::OutOfScope,
            Some(RejectionGround::UnsupportedVersion { .. }) => Exit::UnsupportedVersion,
            Some(RejectionGround::NotSecurity) => Exit::NotSecurity,
            Some(RejectionGround::NotReproducible) => Exit::NotReproducible,
            Some(RejectionGround::Incomplete) => Exit::Incomplete,
            Some(RejectionGround::NotCredible) => Exit::NotCredible,
            Some(RejectionGround::KnownUpstream { .. }) => Exit::KnownUpstream,
            Some(RejectionGround::NotAVulnerability) | None => Exit::NotAVulnerability,
        },
    })
}

fn paused(case: &CaseState, until: Instant) -> i64 {
    let each = case.waits.iter().map(|wait| {
        let end = wait.until.unwrap_or(until).min(until);
        end.seconds_since(wait.from).max(0)
    });
    each.fold(0, i64::saturating_add)
}

fn promises(case: &CaseState, earlier: &[CaseClock], seen: Instant) -> Vec<PromiseFact> {
    let mut all: BTreeMap<(Milestone, MetBy, Firmness), PromiseFact> = BTreeMap::new();
    let clocks = case.clocks.values().chain(earlier);
    for clock in clocks.filter(|c| c.spec.is_promise()) {
        let spec = &clock.spec;
        let key = (spec.milestone, spec.met_by, spec.firmness);
        let recurring = matches!(spec.rule, ClockRule::Recurring { .. });
        let fact = all.entry(key).or_insert(PromiseFact {
            milestone: spec.milestone,
            met_by: spec.met_by,
            firmness: spec.firmness,
            recurring,
            kept: 0,
            missed: 0,
            running: 0,
            kept_at_first: 0,
            missed_at_first: 0,
        });
        if recurring {
            periods(fact, clock, seen);
        } else {
            once(fact, clock, seen);
        }
    }
    all.into_values().collect()
}

fn more(n: &mut u32, by: u32) {
    *n = n.saturating_add(by);
}

/// A promise that comes again: each period counts; what came back late stays missed.
fn periods(fact: &mut PromiseFact, clock: &CaseClock, seen: Instant) {
    let past = clock.status == ClockStatus::Running && clock.due.is_some_and(|due| due < seen);
    let missed = clock.missed_periods.saturating_add(u32::from(past));
    more(&mut fact.kept, clock.kept_periods);
    more(&mut fact.missed, missed);
    more(&mut fact.kept_at_first, clock.kept_periods);
    more(&mut fact.missed_at_first, missed);
    let running = clock.status == ClockStatus::Running || clock.status == ClockStatus::Paused;
    more(&mut fact.running, u32::from(running && !past));
}

fn once(fact: &mut PromiseFact, clock: &CaseClock, seen: Instant) {
    let at_first = clock.original_due.or(clock.due);
    let past = |due: Option<Instant>| due.is_some_and(|due| due < seen);
    match clock.status {
        ClockStatus::Met { at } | ClockStatus::MetLate { at, .. } => {
            let late = |due: Option<Instant>| due.is_some_and(|due| at > due);
            let (now, first) = (late(clock.due), late(at_first));
            more(&mut fact.kept, u32::from(!now));
            more(&mut fact.missed, u32::from(now));
            more(&mut fact.kept_at_first, u32::from(!first));
            more(&mut fact.missed_at_first, u32::from(first));
        }
        ClockStatus::Missed => {
            more(&mut fact.missed, 1);
            more(&mut fact.missed_at_first, 1);
        }
        ClockStatus::Running => {
            more(&mut fact.missed, u32::from(past(clock.due)));
            more(&mut fact.running, u32::from(!past(clock.due)));
            more(&mut fact.missed_at_first, u32::from(past(at_first)));
        }
        ClockStatus::Paused => more(&mut fact.running, 1),
        ClockStatus::Waived { .. } | ClockStatus::Stopped { .. } => {}
    }
}

/// Ids that were given back count for nothing; a record that is still in time neither.
fn cve(case: &CaseState, seen: Instant) -> Option<(u32, u32, u32)> {
    let (mut day, mut three_days, mut all) = (0_u32, 0_u32, 0_u32);
    let ids = case.cve.ids.values();
    for entry in ids.filter(|e| e.stage != CveStage::Rejected && e.assigned.is_some()) {
        let (should, must) = case.cve_dues(entry)?;
        let within = |due: Instant| entry.published.is_some_and(|at| at <= due);
        if entry.published.is_some() || seen > must {
            more(&mut all, 1);
            more(&mut day, u32::from(within(should)));
            more(&mut three_days, u32::from(within(must)));
        }
    }
    (all > 0).then_some((day, three_days, all))
}

fn filings(r: &Regulators, seen: Instant) -> Vec<Filing> {
    let mut all = Vec::new();
    for (regime, record) in r.records.iter().filter(|(_, r)| r.is_due()) {
        for (stage, clock) in &record.stages {
            if clock.stopped.is_some() && clock.filed.is_none() {
                continue;
            }
            let past = clock.filed.is_none() && clock.due.is_some_and(|due| due < seen);
            all.push(Filing {
                regime: regime.to_string(),
                stage: stage.to_string(),
                filed: clock.filed.is_some(),
                late: past || clock.late_seconds() > 0,
            });
        }
    }
    all
}

fn aware_after(r: &Regulators) -> Vec<i64> {
    let due = r.records.values().filter(|r| r.is_due());
    due.filter_map(|record| {
        let subject = record.terms.as_ref()?.subject;
        let aware = record.aware.as_ref()?.at;
        Some(aware.seconds_since(r.first_signal(subject)?))
    })
    .collect()
}

fn told_after(r: &Regulators) -> Vec<i64> {
    let due = r.records.values().filter(|r| r.is_due());
    due.filter_map(|record| {
        let aware = record.aware.as_ref()?.at;
        Some(record.informed.as_ref()?.at.seconds_since(aware))
    })
    .collect()
}
