//! The page "Regulators" of a case, from a permit and a case.
//!
//! Invariants: only a permit of the team gives anything; the texts of this page
//! are named here and opened for nobody else.

use std::collections::BTreeMap;

use candor_base::{BlobId, Instant};
use candor_calendar::warn_at;
use candor_case::{Actor, CaseState, RegimeRecord, RegulatorEvent, Signal, StageClock, TextRef};
use candor_duty::{
    Anchor, Choice, Demand, Export, FieldState, Holds, Known, Pack, Problem, Regime, RegimeId,
    Stage, Table, plain,
};

use super::case::CaseMaterial;
use super::words;
use crate::permit::{Action, Permit};
use crate::view::{
    AwareView, ClockLook, ClockView, FiledView, NoteView, PackFieldView, RegimeView,
    RegulatorsView, SignalView, StageView, When,
};

/// What the page shows beside the case itself.
#[derive(Debug, Clone)]
pub struct RegulatorsExtra<'a> {
    /// The regimes.
    pub table: &'a Table,
    /// What the owner said holds.
    pub choice: &'a Choice,
    /// The facts, opened, by regime.
    pub packs: &'a BTreeMap<RegimeId, Pack>,
    /// Whoever looks may change settings.
    pub owner: bool,
    /// Acts that make sense now.
    pub allowed: Vec<&'static str>,
}

/// Bodies of texts on this page; none without a permit of the team.
pub fn regulator_texts(permit: &Permit, state: &CaseState) -> Vec<BlobId> {
    if !permit.is_team() {
        return Vec::new();
    }
    let r = &state.regulators;
    let mut out: Vec<&TextRef> = r.signals.iter().map(|s| &s.evidence).collect();
    out.extend(r.measure.iter().map(|m| &m.evidence));
    for record in r.records.values() {
        if let Some(aware) = &record.aware {
            out.extend([&aware.evidence, &aware.reason]);
        }
        out.extend(record.not_reportable.iter().map(|n| &n.reason));
        out.extend(record.informed.iter().map(|i| &i.how));
        let filed = record.stages.values().filter_map(|c| c.filed.as_ref());
        out.extend(filed.map(|f| &f.reference));
    }
    out.into_iter().map(|text| text.blob).collect()
}

/// What Candor may fill into the facts of a regime.
pub fn known(state: &CaseState, regime: &RegimeId) -> Known {
    let r = &state.regulators;
    let record = r.records.get(regime);
    Known {
        aware: record.and_then(|r| r.aware.as_ref()).map(|a| a.at),
        measure: r.measure.as_ref().map(|m| m.at),
    }
}

/// The page; `None` without a team permit for this very case.
pub fn build_regulators(
    permit: &Permit,
    m: &CaseMaterial<'_>,
    extra: &RegulatorsExtra<'_>,
) -> Option<RegulatorsView> {
    let right = permit.is_team()
        && permit.action() == Action::ReadCase
        && permit.case() == Some(m.state.facts.case);
    if !right {
        return None;
    }
    let calendar = m.calendar();
    let chosen = extra.table.chosen(extra.choice, calendar.local_date(m.now));
    let recorded = |r: &Regime| {
        let record = m.state.regulators.records.get(&r.id);
        record.is_some_and(|r| r.aware.is_some() || r.not_reportable.is_some())
    };
    let regimes: Vec<RegimeView> = extra
        .table
        .regimes
        .iter()
        .filter_map(|regime| {
            let holds = chosen.iter().find(|(r, _)| r.id == regime.id);
            (holds.is_some() || recorded(regime))
                .then(|| regime_view(m, extra, regime, holds.map(|(_, h)| *h)))
        })
        .collect();
    Some(RegulatorsView {
        program: m.program.clone(),
        owner: extra.owner,
        reference: m.state.facts.reference.to_string(),
        title: m.title.to_owned(),
        seq: m.state.seq,
        zone: calendar.zone.to_string(),
        on: !chosen.is_empty(),
        warnings: warnings(&regimes),
        signals: m
            .state
            .regulators
            .signals
            .iter()
            .enumerate()
            .rev()
            .map(|(n, s)| signal_view(m, extra.table, n, s))
            .collect(),
        measure: m
            .state
            .regulators
            .measure
            .as_ref()
            .map(|x| note(m, x.at, x.by, &x.evidence)),
        regimes,
        acts: extra.allowed.iter().map(|a| (*a).to_owned()).collect(),
    })
}

fn note(m: &CaseMaterial<'_>, at: Instant, by: Actor, text: &TextRef) -> NoteView {
    NoteView {
        when: m.when(at),
        by: m.actor(by, false),
        text: m.text(text),
    }
}

fn warnings(regimes: &[RegimeView]) -> Vec<String> {
    regimes
        .iter()
        .filter(|r| r.stale)
        .map(|r| {
            format!(
                "Nobody has compared \u{201c}{}\u{201d} with its source since {}. The law may \
                 have changed: check it before you rely on these times.",
                r.name, r.checked_on
            )
        })
        .collect()
}

fn signal_view(m: &CaseMaterial<'_>, table: &Table, index: usize, s: &Signal) -> SignalView {
    let drawn = Drawn {
        key: format!("signal-{index}"),
        what: "Judge whether it is to be reported".to_owned(),
        firmness: "Candor's own limit".to_owned(),
        law: None,
        from: s.at,
        due: Some(s.due),
        done: s.answered,
        late_seconds: if s.missed {
            s.answered.map_or(0, |at| at.seconds_since(s.due).max(1))
        } else {
            0
        },
        stopped: false,
        explanation: vec!["24 hours from when the sign reached you".to_owned()],
    };
    let open = s.regimes.difference(&s.judged).filter(|_| s.is_open());
    SignalView {
        subject: s.subject.words().to_owned(),
        at: m.when(s.at),
        by: m.actor(s.by, false),
        noted: m.when(s.noted),
        evidence: m.text(&s.evidence),
        clock: drawn.view(m),
        open: open.map(|id| regime_name(table, id)).collect(),
    }
}

/// A timer, ready to be drawn like a promise.
struct Drawn {
    key: String,
    what: String,
    firmness: String,
    law: Option<String>,
    from: Instant,
    due: Option<Instant>,
    done: Option<Instant>,
    late_seconds: i64,
    stopped: bool,
    explanation: Vec<String>,
}

impl Drawn {
    fn look(&self, now: Instant) -> ClockLook {
        match self.due {
            None => ClockLook::Unscheduled,
            Some(_) if self.done.is_some() && self.late_seconds > 0 => ClockLook::Late,
            Some(_) if self.done.is_some() => ClockLook::Met,
            Some(_) if self.stopped => ClockLook::Stopped,
            Some(due) if now > due => ClockLook::Overdue,
            Some(due) if now >= warn_at(self.from, due, 80) => ClockLook::Near,
            Some(_) => ClockLook::Running,
        }
    }

    fn view(self, m: &CaseMaterial<'_>) -> ClockView {
        let look = self.look(m.now);
        let late = match (look, self.due) {
            (ClockLook::Late, _) => Some(format!("{} late", words::duration(self.late_seconds))),
            (ClockLook::Overdue, Some(due)) => Some(format!(
                "{} overdue",
                words::duration(m.now.seconds_since(due))
            )),
            _ => None,
        };
        let end = self.done.unwrap_or(m.now);
        let whole = self
            .due
            .map_or(1, |due| due.seconds_since(self.from).max(1));
        let gone = end.seconds_since(self.from).clamp(0, whole);
        ClockView {
            key: self.key,
            what: self.what,
            firmness: self.firmness,
            quote: None,
            lines: self.law,
            look,
            from: m.when(self.from),
            due: self.due.map(|at| m.when(at)),
            original_due: None,
            met: self.done.map(|at| m.when(at)),
            late,
            percent: u8::try_from(gone.saturating_mul(100) / whole).unwrap_or(100),
            explanation: self.explanation,
            agreed: Vec::new(),
            periods: None,
        }
    }
}

fn regime_name(table: &Table, id: &RegimeId) -> String {
    table
        .regime(id)
        .map_or_else(|| id.to_string(), |r| r.name.clone())
}

fn regime_view(
    m: &CaseMaterial<'_>,
    extra: &RegulatorsExtra<'_>,
    regime: &Regime,
    holds: Option<Holds>,
) -> RegimeView {
    let record = m.state.regulators.records.get(&regime.id);
    let empty = Pack::default();
    let pack = extra.packs.get(&regime.id).unwrap_or(&empty);
    let known = known(m.state, &regime.id);
    let stages: Vec<StageView> = stages_of(regime, record)
        .iter()
        .map(|stage| stage_view(m, regime, stage, record, pack, &known))
        .collect();
    RegimeView {
        id: regime.id.to_string(),
        name: regime.name.clone(),
        law: regime.law.clone(),
        subject: regime.subject.words().to_owned(),
        recipient: regime.recipient.clone(),
        portal: regime.portal.clone(),
        aware_when: regime.aware.clone(),
        questions: regime.questions.clone(),
        notes: regime.notes.clone(),
        source: regime.source.clone(),
        confidence: regime.confidence.words().to_owned(),
        checked_on: regime.checked_on.to_string(),
        stale: regime.is_stale(m.calendar().local_date(m.now)),
        holds_from: match holds {
            Some(Holds::From(day)) => Some(day.to_string()),
            _ => None,
        },
        aware: record.and_then(|r| aware_view(m, regime, r)),
        not_reportable: record
            .and_then(|r| r.not_reportable.as_ref())
            .map(|n| note(m, n.at, n.by, &n.reason)),
        users: regime.users.clone(),
        users_told: record
            .and_then(|r| r.informed.as_ref())
            .map(|i| note(m, i.at, i.by, &i.how)),
        stages,
        fields: all_fields(regime, pack, &known),
    }
}

/// The stages as they stood when the case became aware, else as they are now.
fn stages_of<'a>(regime: &'a Regime, record: Option<&'a RegimeRecord>) -> &'a [Stage] {
    record
        .and_then(|r| r.terms.as_ref())
        .map_or(&regime.stages, |t| &t.stages)
}

fn aware_view(m: &CaseMaterial<'_>, regime: &Regime, record: &RegimeRecord) -> Option<AwareView> {
    let aware = record.aware.as_ref()?;
    let first = m.state.regulators.first_signal(regime.subject);
    Some(AwareView {
        at: m.when(aware.at),
        recorded: m.when(aware.recorded),
        by: m.actor(aware.by, false),
        evidence: m.text(&aware.evidence),
        reason: m.text(&aware.reason),
        after_signal: first.map(|at| words::duration(aware.at.seconds_since(at))),
    })
}

fn rule(stage: &Stage) -> String {
    let from = match &stage.from {
        Anchor::Aware => "becoming aware".to_owned(),
        Anchor::MeasureAvailable => "a measure being available".to_owned(),
        Anchor::Submitted(id) => {
            format!("the submission of the {}", id.as_str().replace('_', " "))
        }
    };
    format!("{} from {from}", stage.within)
}

fn stage_view(
    m: &CaseMaterial<'_>,
    regime: &Regime,
    stage: &Stage,
    record: Option<&RegimeRecord>,
    pack: &Pack,
    known: &Known,
) -> StageView {
    let clock = record.and_then(|r| r.stages.get(&stage.id));
    let fields = pack.fields(regime, &stage.id, known);
    let labels = |wanted: fn(Problem) -> bool| {
        fields
            .iter()
            .filter(|f| f.problem.is_some_and(wanted))
            .map(|f| f.field.label.clone())
            .collect()
    };
    let counter = stage.counter.as_ref().and_then(|counter| {
        let after = record?.stages.get(&counter.after)?.filed.as_ref()?.at;
        let at = after.plus_seconds(i64::from(counter.hours) * 3_600);
        Some((counter.words.clone(), m.when(at)))
    });
    StageView {
        id: stage.id.to_string(),
        name: stage.name.clone(),
        law: stage.law.clone(),
        rule: rule(stage),
        clock: clock.map(|c| stage_clock(m, stage, c)),
        text: plain(&Export {
            regime,
            stage: &stage.id,
            reference: m.state.facts.reference.as_str(),
            due: clock.and_then(|c| c.due),
            fields: &fields,
        }),
        counter,
        filed: clock.and_then(|c| filed(m, c)),
        missing: labels(|p| p == Problem::Missing),
        too_long: labels(|p| matches!(p, Problem::TooLong(_))),
        fields: fields.into_iter().map(field_view).collect(),
    }
}

fn stage_clock(m: &CaseMaterial<'_>, stage: &Stage, clock: &StageClock) -> ClockView {
    Drawn {
        key: stage.id.to_string(),
        what: stage.name.clone(),
        firmness: "law".to_owned(),
        law: Some(stage.law.clone()),
        from: clock.anchor,
        due: clock.due,
        done: clock.filed.as_ref().map(|f| f.at),
        late_seconds: clock.late_seconds(),
        stopped: clock.stopped.is_some(),
        explanation: clock.explanation.clone(),
    }
    .view(m)
}

fn filed(m: &CaseMaterial<'_>, clock: &StageClock) -> Option<FiledView> {
    let filed = clock.filed.as_ref()?;
    Some(FiledView {
        at: m.when(filed.at),
        recorded: m.when(filed.recorded),
        by: m.actor(filed.by, false),
        reference: m.text(&filed.reference),
        sha256: filed.pack.map(|d| d.to_string()),
        missing: filed.missing,
    })
}

/// Every field of the regime with the highest demand of any stage, for the form.
fn all_fields(regime: &Regime, pack: &Pack, known: &Known) -> Vec<PackFieldView> {
    let mut by_id: BTreeMap<String, PackFieldView> = BTreeMap::new();
    for stage in &regime.stages {
        for state in pack.fields(regime, &stage.id, known) {
            let required = state.demand == Demand::Required;
            let id = state.field.id.to_string();
            let known_as_required = by_id
                .get(&id)
                .is_some_and(|f| f.demand == Demand::Required.words());
            if required || !known_as_required {
                by_id.insert(id, field_view(state));
            }
        }
    }
    let order = regime.fields.iter();
    order.filter_map(|f| by_id.remove(f.id.as_str())).collect()
}

fn field_view(state: FieldState<'_>) -> PackFieldView {
    PackFieldView {
        id: state.field.id.to_string(),
        label: state.field.label.clone(),
        help: state.field.help.clone(),
        max: state.field.max,
        chars: state.chars,
        demand: state.demand.words().to_owned(),
        filled: state.filled,
        problem: state.problem.map(|p| match p {
            Problem::Missing => "missing".to_owned(),
            Problem::TooLong(over) => format!("too long by {over} characters"),
        }),
        text: state.text,
    }
}

/// Lines for the case page: what is open with regulators, what falls due first.
pub(super) fn open_lines(m: &CaseMaterial<'_>) -> Vec<(String, Option<When>)> {
    let r = &m.state.regulators;
    let mut out: Vec<(String, Option<When>)> = r
        .signals
        .iter()
        .filter(|s| s.is_open())
        .map(|s| {
            let what = format!("Judge whether the {} is to be reported", s.subject.words());
            (what, Some(m.when(s.due)))
        })
        .collect();
    for record in r.records.values() {
        let Some(terms) = &record.terms else { continue };
        for stage in &terms.stages {
            let open = record.stages.get(&stage.id).filter(|c| c.is_open());
            if let Some(clock) = open {
                let what = format!("{}: {}", terms.name, stage.name);
                out.push((what, clock.due.map(|at| m.when(at))));
            }
        }
        if record.users_wait() {
            out.push((format!("{}: tell users", terms.name), None));
        }
    }
    out.sort_by_key(|(what, due)| {
        let due = due.as_ref().map(|w| w.at);
        (due.is_none(), due, what.clone())
    });
    out
}

/// A line of the timeline.
pub(super) fn words_of(m: &CaseMaterial<'_>, event: &RegulatorEvent) -> String {
    let name = |id: &RegimeId| {
        let terms = m.state.regulators.records.get(id);
        terms
            .and_then(|r| r.terms.as_ref())
            .map_or_else(|| id.to_string(), |t| t.name.clone())
    };
    let stage = |id: &candor_duty::StageId| id.as_str().replace('_', " ");
    match event {
        RegulatorEvent::SignalNoted { due, .. } => format!(
            "Noted a sign that a regulator may have to be told; judge it until {}",
            m.when(*due).words
        ),
        RegulatorEvent::SignalWarned { percent, .. } => {
            format!("{percent} % of the time to judge a sign is gone")
        }
        RegulatorEvent::SignalMissed { .. } => "A sign was not judged in time".to_owned(),
        RegulatorEvent::AwarenessRecorded { terms, at, .. } => {
            format!("Aware since {}: {}", m.when(*at).words, terms.name)
        }
        RegulatorEvent::FoundNotReportable { regime, .. } => {
            format!("Found not reportable: {}", name(regime))
        }
        RegulatorEvent::StageStarted {
            regime,
            stage: s,
            due: Some(due),
            ..
        } => format!("{}: {} due {}", name(regime), stage(s), m.when(*due).words),
        RegulatorEvent::StageStarted {
            regime, stage: s, ..
        } => format!("{}: {} without a date", name(regime), stage(s)),
        RegulatorEvent::StageWarned {
            regime,
            stage: s,
            percent,
        } => format!(
            "{percent} % of the time for the {} is gone: {}",
            stage(s),
            name(regime)
        ),
        RegulatorEvent::StageMissed {
            regime, stage: s, ..
        } => format!("The {} was not filed in time: {}", stage(s), name(regime)),
        RegulatorEvent::StageStopped { regime, stage: s } => {
            format!("The {} no longer applies: {}", stage(s), name(regime))
        }
        RegulatorEvent::StageFiled {
            regime, stage: s, ..
        } => format!("Recorded the {} as filed: {}", stage(s), name(regime)),
        RegulatorEvent::MeasureRecorded { at, .. } => {
            format!("A measure was available from {}", m.when(*at).words)
        }
        RegulatorEvent::UsersInformed { regime, .. } => {
            format!("Recorded that users were told: {}", name(regime))
        }
        RegulatorEvent::PackSaved { regime, .. } => {
            format!("Saved facts for a regulator: {}", name(regime))
        }
    }
}

/// The kind of line.
pub(super) const fn kind_of(event: &RegulatorEvent) -> &'static str {
    match event {
        RegulatorEvent::SignalWarned { .. } | RegulatorEvent::StageWarned { .. } => "warn",
        RegulatorEvent::SignalMissed { .. } | RegulatorEvent::StageMissed { .. } => "miss",
        RegulatorEvent::StageFiled { .. } => "met",
        RegulatorEvent::StageStarted { .. } | RegulatorEvent::StageStopped { .. } => "clock",
        _ => "talk",
    }
}
