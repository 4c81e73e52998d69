//! The read row of a case: what lists and statistics need of it.
//!
//! Invariant: a row follows from state, policy, title and now alone, so that
//! rows are rebuilt from events at any time.

use candor_base::Instant;
use candor_case::{AttackFact, CaseClock, CaseState, ClockStatus};
use candor_policy::PolicyInForce;
use candor_ports::{CaseRow, ClockRow, DateKind, DateRow};

/// The row of a case.
pub(crate) fn of(state: &CaseState, policy: &PolicyInForce, title: &str, now: Instant) -> CaseRow {
    let mut next: Option<(Instant, _)> = None;
    let mut overdue = 0_u32;
    for clock in state.clocks.values().filter(|c| c.is_open()) {
        let Some(due) = clock.due else { continue };
        if clock.status == ClockStatus::Missed || due < now {
            overdue = overdue.saturating_add(1);
        }
        if next.is_none_or(|(at, _)| due < at) {
            next = Some((due, Some((clock.spec.milestone, clock.spec.met_by))));
        }
    }
    // A regulator's date outlives the case and weighs as much as a promise.
    for due in state.regulators.open_dues() {
        if due < now {
            overdue = overdue.saturating_add(1);
        }
        if next.is_none_or(|(at, _)| due < at) {
            next = Some((due, None));
        }
    }
    CaseRow {
        case: state.facts.case,
        reference: state.facts.reference.clone(),
        title: title.to_owned(),
        stage: state.stage(),
        severity: state.severity(),
        reporter_severity: state.facts.reporter_severity,
        impact_rank: impact_rank(state, policy),
        received: state.received,
        changed: state.changed,
        waiting_on: state.waiting_on,
        waits_outside: state.waits_outside().into_iter().collect(),
        lead: state.lead,
        next_due: next.map(|(at, _)| at),
        next_milestone: next
            .and_then(|(_, act)| act)
            .map(|(milestone, _)| milestone),
        next_met_by: next.and_then(|(_, act)| act).map(|(_, met_by)| met_by),
        overdue,
        closed: state.closed.is_some(),
        public: state.is_public_knowledge() || state.facts.public.is_some(),
        attacked: state
            .attack_facts
            .contains_key(&AttackFact::AttacksObserved),
        mail_failed: !state.mail_failures.is_empty(),
        clocks: state.clocks.values().map(clock_row).collect(),
        dates: dates(state),
    }
}

/// The planned day of publication, and what is open with regulators.
fn dates(state: &CaseState) -> Vec<DateRow> {
    let mut out = Vec::new();
    let planned = state
        .embargo
        .until
        .filter(|_| state.embargo.state.is_in_force());
    if let Some(at) = planned.filter(|_| state.closed.is_none()) {
        out.push(DateRow {
            kind: DateKind::Publication,
            key: "publication".to_owned(),
            at,
            moves: state.date_moves,
        });
    }
    let mut regulator = |key: String, at: Instant, moves: u32| {
        out.push(DateRow {
            kind: DateKind::Regulator,
            key,
            at,
            moves,
        });
    };
    let r = &state.regulators;
    for (n, signal) in r.signals.iter().enumerate().filter(|(_, s)| s.is_open()) {
        regulator(format!("signal-{n}"), signal.due, 0);
    }
    for (regime, record) in &r.records {
        for (stage, clock) in record.stages.iter().filter(|(_, c)| c.is_open()) {
            if let Some(due) = clock.due {
                regulator(format!("{regime}-{stage}"), due, clock.moves);
            }
        }
    }
    out
}

fn clock_row(clock: &CaseClock) -> ClockRow {
    let met = match clock.status {
        ClockStatus::Met { at } | ClockStatus::MetLate { at, .. } => Some(at),
        _ => None,
    };
    ClockRow {
        key: clock.spec.key.to_string(),
        milestone: clock.spec.milestone,
        met_by: Some(clock.spec.met_by),
        promise: clock.spec.is_promise(),
        anchor: clock.anchor,
        due: clock.due,
        met,
        open: clock.is_open(),
        missed: clock.was_missed(),
        periods: (clock.kept_periods, clock.missed_periods),
        moves: clock.moves,
    }
}

/// The highest concern among its impacts by the policy's ranking; 255 without one (S4-38).
fn impact_rank(state: &CaseState, policy: &PolicyInForce) -> u8 {
    let Some((assessment, _, _)) = &state.assessment else {
        return u8::MAX;
    };
    policy
        .policy
        .impact_ranking
        .iter()
        .filter(|c| assessment.impacts.contains(&c.value.impact))
        .map(|c| c.value.rank)
        .min()
        .unwrap_or(u8::MAX)
}
