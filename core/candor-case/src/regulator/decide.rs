//! Deciding acts about regulators.
//!
//! Invariants: nothing lies in the future; awareness needs a sign before it; a
//! recorded time moves only to an earlier one, so that nobody gains time by a
//! correction.

use std::collections::BTreeSet;

use candor_base::{Digest, Instant, Refusal, RefusalCode};
use candor_duty::{Anchor, RegimeId, StageId, Subject, Terms};

use super::act::RegulatorAct;
use super::event::RegulatorEvent;
use super::state::RegimeRecord;
use super::{ASSESS_WITHIN_HOURS, MOST_SIGNALS, clocks};
use crate::draft::Draft;
use crate::event::Event;
use crate::hints::Hint;
use crate::parts::TextRef;
use crate::state::CaseState;

/// Whether such an act makes sense on this case now.
pub(crate) fn fits(name: &str, case: &CaseState) -> Result<(), Refusal> {
    let r = &case.regulators;
    match name {
        "record_awareness" if r.signals.is_empty() => Err(no_signal()),
        "file_stage" if !r.records.values().any(RegimeRecord::is_due) => Err(not_aware()),
        "inform_users" if !r.records.values().any(RegimeRecord::users_wait) => Err(Refusal::new(
            RefusalCode::WrongStage,
            "No law that is recorded here waits for users to be told.",
        )
        .instead(Hint::RecordAwareness)),
        _ => Ok(()),
    }
}

fn no_signal() -> Refusal {
    Refusal::new(
        RefusalCode::WrongStage,
        "Nobody has noted yet what was seen and when.",
    )
    .instead(Hint::NoteSign)
}

fn not_aware() -> Refusal {
    Refusal::new(
        RefusalCode::WrongStage,
        "It is not recorded that you are aware of something to report.",
    )
    .instead(Hint::RecordAwarenessInFull)
}

/// Decides an act.
pub(crate) fn decide(d: &mut Draft<'_>, act: &RegulatorAct) -> Result<(), Refusal> {
    match act {
        RegulatorAct::NoteSignal {
            subject,
            at,
            evidence,
            regimes,
        } => note(d, *subject, *at, *evidence, regimes),
        RegulatorAct::RecordAwareness {
            terms,
            at,
            evidence,
            reason,
        } => aware(d, terms, *at, *evidence, *reason),
        RegulatorAct::DecideNotReportable { regime, reason } => not_reportable(d, regime, *reason),
        RegulatorAct::SavePack { regime, pack } => {
            push(
                d,
                RegulatorEvent::PackSaved {
                    regime: regime.clone(),
                    pack: *pack,
                },
            );
            Ok(())
        }
        RegulatorAct::FileStage {
            regime,
            stage,
            at,
            reference,
            pack,
            missing,
        } => file(d, (regime, stage), *at, *reference, *pack, *missing),
        RegulatorAct::RecordMeasure { at, evidence } => measure(d, *at, *evidence),
        RegulatorAct::InformUsers { regime, at, how } => inform(d, regime, *at, *how),
    }
}

fn push(d: &mut Draft<'_>, event: RegulatorEvent) {
    d.push(Event::Regulator(event));
}

fn not_ahead(d: &Draft<'_>, at: Instant) -> Result<(), Refusal> {
    if at > d.now() {
        return Err(
            Refusal::new(RefusalCode::FieldInvalid, "This moment lies in the future.")
                .instead("write when it happened"),
        );
    }
    Ok(())
}

fn written(text: TextRef, what: &str) -> Result<(), Refusal> {
    if text.chars == 0 {
        return Err(Refusal::new(
            RefusalCode::FieldMissing,
            format!("Write down {what}."),
        ));
    }
    Ok(())
}

fn only_earlier(what: &str) -> Refusal {
    Refusal::new(
        RefusalCode::AlreadyDone,
        format!("{what} is recorded already. It can be moved to an earlier time only."),
    )
    .instead("write a message to the team with what is new")
}

fn note(
    d: &mut Draft<'_>,
    subject: Subject,
    at: Instant,
    evidence: TextRef,
    regimes: &BTreeSet<RegimeId>,
) -> Result<(), Refusal> {
    not_ahead(d, at)?;
    written(evidence, "what was seen")?;
    if regimes.is_empty() {
        return Err(Refusal::new(
            RefusalCode::NotFound,
            "The settings of this program name no law that asks for such a report.",
        )
        .instead("ask an owner to answer the questions about regulators in the settings"));
    }
    if d.case()?.regulators.signals.len() >= MOST_SIGNALS {
        return Err(Refusal::new(
            RefusalCode::TooLarge,
            "This case holds as many signs as it can keep.",
        )
        .instead("add what is new to the evidence of a decision"));
    }
    push(
        d,
        RegulatorEvent::SignalNoted {
            subject,
            at,
            evidence,
            due: at.plus_seconds(i64::from(ASSESS_WITHIN_HOURS) * 3_600),
            regimes: regimes.clone(),
        },
    );
    Ok(())
}

fn aware(
    d: &mut Draft<'_>,
    terms: &Terms,
    at: Instant,
    evidence: TextRef,
    reason: TextRef,
) -> Result<(), Refusal> {
    not_ahead(d, at)?;
    written(evidence, "the evidence")?;
    written(reason, "why this is certain enough")?;
    let r = &d.case()?.regulators;
    let first = r.first_signal(terms.subject).ok_or_else(no_signal)?;
    if at < first {
        return Err(Refusal::new(
            RefusalCode::FieldInvalid,
            "Nobody can be aware before the first sign was seen.",
        )
        .instead("note the earlier sign first"));
    }
    let standing = r.records.get(&terms.regime).filter(|r| r.is_due());
    if standing
        .and_then(|r| r.aware.as_ref())
        .is_some_and(|a| at >= a.at)
    {
        return Err(only_earlier("Becoming aware"));
    }
    push(
        d,
        RegulatorEvent::AwarenessRecorded {
            terms: Box::new(terms.clone()),
            at,
            evidence,
            reason,
        },
    );
    clocks::start(d)
}

fn not_reportable(d: &mut Draft<'_>, regime: &RegimeId, reason: TextRef) -> Result<(), Refusal> {
    written(reason, "why nothing is to be reported")?;
    if let Some(record) = d.case()?.regulators.records.get(regime) {
        if record.stages.values().any(|c| c.filed.is_some()) {
            return Err(
                Refusal::new(RefusalCode::WrongStage, "A report was filed already.")
                    .instead("tell the recipient what you found, and file what is still due"),
            );
        }
        let waits = |s: &super::state::Signal| s.is_open() && s.regimes.contains(regime);
        let again =
            record.not_reportable.is_some() && !d.case()?.regulators.signals.iter().any(waits);
        if again {
            return Err(
                Refusal::new(RefusalCode::AlreadyDone, "This is decided already.")
                    .instead(Hint::NoteNewSign),
            );
        }
    }
    push(
        d,
        RegulatorEvent::FoundNotReportable {
            regime: regime.clone(),
            reason,
        },
    );
    clocks::stop(d, regime)
}

fn record<'a>(d: &'a Draft<'_>, regime: &RegimeId) -> Result<&'a RegimeRecord, Refusal> {
    let found = d.case()?.regulators.records.get(regime);
    found.filter(|r| r.is_due()).ok_or_else(not_aware)
}

fn file(
    d: &mut Draft<'_>,
    (regime, stage): (&RegimeId, &StageId),
    at: Instant,
    reference: TextRef,
    pack: Option<Digest>,
    missing: u32,
) -> Result<(), Refusal> {
    let found = record(d, regime)?;
    let terms = found.terms.as_ref().and_then(|t| t.stage(stage));
    let terms = terms
        .ok_or_else(|| Refusal::new(RefusalCode::NotFound, "This law knows no such report."))?;
    not_ahead(d, at)?;
    written(reference, "the reference that the recipient gave")?;
    if found.aware.as_ref().is_some_and(|a| at < a.at) {
        return Err(Refusal::new(
            RefusalCode::FieldInvalid,
            "This is before you became aware.",
        )
        .instead(Hint::CorrectAwareness));
    }
    let Some(clock) = found.stages.get(stage) else {
        let instead = match &terms.from {
            Anchor::MeasureAvailable => Hint::RecordMeasure,
            Anchor::Submitted(_) => Hint::FileEarlier,
            Anchor::Aware => Hint::RecordAwareness,
        };
        return Err(Refusal::new(
            RefusalCode::WrongStage,
            "The time of this report has not begun.",
        )
        .instead(instead));
    };
    if clock.filed.is_some() {
        return Err(Refusal::new(
            RefusalCode::AlreadyDone,
            "This report is recorded as filed.",
        )
        .instead(Hint::FileNext));
    }
    push(
        d,
        RegulatorEvent::StageFiled {
            regime: regime.clone(),
            stage: stage.clone(),
            at,
            reference,
            pack,
            missing,
        },
    );
    clocks::start(d)
}

fn measure(d: &mut Draft<'_>, at: Instant, evidence: TextRef) -> Result<(), Refusal> {
    not_ahead(d, at)?;
    written(evidence, "which measure, and where it can be had")?;
    let standing = d.case()?.regulators.measure.as_ref();
    if standing.is_some_and(|m| at >= m.at) {
        return Err(only_earlier("The first measure"));
    }
    push(d, RegulatorEvent::MeasureRecorded { at, evidence });
    clocks::start(d)
}

fn inform(d: &mut Draft<'_>, regime: &RegimeId, at: Instant, how: TextRef) -> Result<(), Refusal> {
    let found = record(d, regime)?;
    not_ahead(d, at)?;
    written(how, "how users were told")?;
    if found.informed.is_some() {
        return Err(Refusal::new(
            RefusalCode::AlreadyDone,
            "It is recorded that users were told.",
        ));
    }
    push(
        d,
        RegulatorEvent::UsersInformed {
            regime: regime.clone(),
            at,
            how,
        },
    );
    Ok(())
}
