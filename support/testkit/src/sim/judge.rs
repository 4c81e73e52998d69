//! The laws that hold after every step of a simulation, judged from the log.

use std::collections::{BTreeMap, BTreeSet};

use candor_calendar::due;
use candor_case::{
    AttackFact, CaseClock, CaseState, ClockStatus, Effect, EmbargoState, Event, MessageKind,
    Recipient, Recorded, ReportState, replay,
};
use candor_policy::ClockKey;
use candor_policy::clocks::ClockRule;

use super::Sim;

/// Misses in a log.
pub(super) fn misses(log: &[Recorded]) -> u32 {
    let count = log
        .iter()
        .filter(|r| matches!(r.event, Event::ClockMissed { .. }))
        .count();
    u32::try_from(count).unwrap()
}

/// After a look at the clock nothing that is overdue still counts as running.
pub(super) fn nothing_missed_in_silence(sim: &Sim) {
    let Some(case) = &sim.case else { return };
    for clock in case.clocks.values() {
        let overdue = clock.due.is_some_and(|d| d < sim.now);
        let silent = clock.status == ClockStatus::Running && overdue;
        sim.law(!silent, "a promise was missed in silence");
    }
    let stages = case.regulators.records.values();
    for clock in stages.flat_map(|r| r.stages.values()) {
        let overdue = clock.is_open() && clock.due.is_some_and(|d| d < sim.now);
        sim.law(
            clock.missed || !overdue,
            "a regulator's date passed in silence",
        );
    }
    for signal in &case.regulators.signals {
        let overdue = signal.is_open() && signal.due < sim.now;
        sim.law(signal.missed || !overdue, "a sign was left in silence");
    }
}

pub(super) fn after_commit(sim: &Sim, before: Option<&CaseState>) {
    let Some(case) = &sim.case else { return };
    sim.law(
        replay(&sim.log).as_ref() == Some(case),
        "replay differs from the state",
    );
    for (place, r) in (1_u64..).zip(&sim.log) {
        sim.law(r.seq == place, "a gap in the log");
    }
    embargo(sim, case);
    clocks(sim, case);
    once_each(sim);
    effects(sim, case);
    if let Some(before) = before {
        course(sim, before, case);
    }
}

fn embargo(sim: &Sim, case: &CaseState) {
    let in_force = matches!(
        case.embargo.state,
        EmbargoState::Active | EmbargoState::Revise
    );
    let known = case.is_public_knowledge() || !case.attack_facts.is_empty();
    sim.law(!(in_force && known), "an embargo on what is known");
    let exploit = case.attack_facts.contains_key(&AttackFact::ExploitPublic);
    let public =
        case.attack_facts.contains_key(&AttackFact::Public) || case.advisory.published.is_some();
    sim.law(
        !exploit || public,
        "a public exploit of something not public",
    );
    let bound = case.embargo.state == EmbargoState::Exited && case.episode == 1;
    sim.law(
        !bound || case.reporter_free_from.is_some(),
        "nobody was told to be free",
    );
}

/// A due instant is what rule, anchor and pauses give, unless an event moved it.
fn clocks(sim: &Sim, case: &CaseState) {
    let calendar = sim.policy.calendar();
    for clock in case.clocks.values() {
        let moved = clock.original_due.is_some() || clock.spec.severity.is_some();
        let (ClockRule::Within { rule } | ClockRule::Recurring { rule }) = &clock.spec.rule else {
            continue;
        };
        if moved || clock.status != ClockStatus::Running {
            continue;
        }
        let pauses = if rule.pausable {
            clock.pauses.as_slice()
        } else {
            &[]
        };
        let judged = due(rule, clock.anchor, &calendar, pauses)
            .ok()
            .map(|d| d.at);
        let extended = sim.log.iter().any(|r| {
            matches!(
                &r.event,
                Event::ClockMoved { clock: key, .. } | Event::ClockRecounted { clock: key, .. }
                    if *key == clock.spec.key
            )
        });
        sim.law(
            extended || judged == clock.due,
            "a due instant is not what its rule gives",
        );
    }
}

/// No miss and no warning of one due instant is recorded twice.
fn once_each(sim: &Sim) {
    let mut seen: BTreeSet<(ClockKey, i64, u8)> = BTreeSet::new();
    let mut version: BTreeMap<&ClockKey, i64> = BTreeMap::new();
    for r in &sim.log {
        match &r.event {
            Event::ClockStarted { spec, .. } => *version.entry(&spec.key).or_default() += 1,
            Event::ClockMoved { clock, .. } | Event::ClockRecounted { clock, .. } => {
                *version.entry(clock).or_default() += 1;
            }
            Event::ClockWarned { clock, percent } => {
                let v = version.get(clock).copied().unwrap_or_default();
                sim.law(seen.insert((clock.clone(), v, *percent)), "warned twice");
            }
            Event::ClockMissed { clock, .. } => {
                let v = version.get(clock).copied().unwrap_or_default();
                sim.law(seen.insert((clock.clone(), v, 100)), "missed twice");
            }
            _ => {}
        }
    }
}

fn effects(sim: &Sim, case: &CaseState) {
    let published: BTreeSet<u64> = sim
        .log
        .iter()
        .filter(|r| matches!(r.event, Event::Published { .. }))
        .map(|r| r.seq)
        .collect();
    for (seq, effect) in &sim.effects {
        match effect {
            Effect::Publish => sim.law(published.contains(seq), "public without a publication"),
            Effect::Mail { to, .. } => sim.law(
                *to != Recipient::Reporter || case.facts.contact_given,
                "mail to a reporter without an address",
            ),
        }
    }
}

fn course(sim: &Sim, before: &CaseState, after: &CaseState) {
    for (key, old) in &before.clocks {
        let kept = after.clocks.get(key).is_some_and(|new: &CaseClock| {
            new.missed_periods >= old.missed_periods && (!old.was_missed() || new.was_missed())
        });
        sim.law(kept, "a clock or its miss was lost");
    }
    let reopened = after.episode > before.episode;
    if before.report == ReportState::Closed && !reopened {
        sim.law(
            after.report == ReportState::Closed,
            "a closed case opened by itself",
        );
    }
    sim.law(
        before.advisory.published.is_none()
            || after.advisory.published == before.advisory.published,
        "a publication was undone",
    );
    for fact in before.attack_facts.keys() {
        sim.law(after.attack_facts.contains_key(fact), "a fact was undone");
    }
}

/// Judged from the case before the publication, second by second.
pub(super) fn may_publish(sim: &Sim) {
    let Some(case) = &sim.case else { return };
    let over = match (case.embargo.state, case.embargo.until) {
        (EmbargoState::Active | EmbargoState::Revise, Some(until)) => sim.now >= until,
        (EmbargoState::Proposed, _) => case
            .embargo
            .proposal
            .as_ref()
            .is_some_and(|p| p.at <= sim.now),
        _ => true,
    };
    sim.law(over, "published under an embargo");
    let draft = case.advisory.draft.as_ref();
    let standing = draft.map(|d| d.text.sha256);
    let looked = sim
        .log
        .iter()
        .any(|r| matches!(&r.event, Event::Approved { draft } if Some(*draft) == standing));
    sim.law(looked, "published without a look");
    sim.law(
        draft.is_some_and(|d| d.missing.is_empty()),
        "published incomplete",
    );
    let told = sim.log.iter().any(|r| {
        matches!(
            &r.event,
            Event::DateSetAlone { .. }
                | Event::DateProposed {
                    message: Some(_),
                    ..
                }
                | Event::Said {
                    kind: MessageKind::DateNotice,
                    ..
                }
        )
    });
    sim.law(
        told || case.is_public_knowledge() || case.withdrawn.is_some(),
        "published before the reporter was told the date",
    );
}
