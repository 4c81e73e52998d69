//! Regulators in a simulation: signs, decisions and reports, mostly sensible.

use candor_case::{CaseState, Command, RegimeRecord, RegulatorAct};
use candor_duty::{RegimeId, StageId, Subject, table};

use super::{Dice, Mind};
use crate::parts::text;

const REGIMES: [(&str, Subject); 4] = [
    ("eu-cra-vulnerability", Subject::Vulnerability),
    ("cn-rmsv-2021", Subject::Vulnerability),
    ("eu-cra-incident", Subject::Incident),
    ("in-cert-2022", Subject::Incident),
];

/// The command of an act about regulators; `None` for another act.
pub(super) fn command(mind: &mut Mind, case: &CaseState, name: &str) -> Option<Command> {
    let now = mind.now;
    let earlier = i64::try_from(mind.dice.below(36)).unwrap() * 3_600;
    let act = match name {
        "note_signal" => {
            let (_, subject) = *mind.dice.pick(&REGIMES);
            RegulatorAct::NoteSignal {
                subject,
                at: now.plus_seconds(-earlier),
                evidence: text("seen in logs"),
                regimes: REGIMES
                    .iter()
                    .filter(|(_, s)| *s == subject)
                    .map(|(id, _)| id.parse().unwrap())
                    .collect(),
            }
        }
        "record_awareness" => {
            let (id, subject) = *mind.dice.pick(&REGIMES);
            let table = table().unwrap();
            let regime = table.regime(&id.parse().unwrap()).unwrap();
            let first = case.regulators.first_signal(subject).unwrap_or(now);
            RegulatorAct::RecordAwareness {
                terms: Box::new(regime.terms(&table.version)),
                at: if mind.dice.once_in(2) { first } else { now },
                evidence: text("two customers sent logs"),
                reason: text("both show the same"),
            }
        }
        "decide_not_reportable" => RegulatorAct::DecideNotReportable {
            regime: any(&mut mind.dice),
            reason: text("a test of our own"),
        },
        "save_pack" => RegulatorAct::SavePack {
            regime: any(&mut mind.dice),
            pack: text("{}"),
        },
        "file_stage" => {
            let (regime, stage) = open_stage(mind, case);
            RegulatorAct::FileStage {
                regime,
                stage,
                at: now,
                reference: text("SRP-1"),
                pack: None,
                missing: 0,
            }
        }
        "record_measure" => RegulatorAct::RecordMeasure {
            at: now.plus_seconds(-earlier),
            evidence: text("1.4.3"),
        },
        "inform_users" => RegulatorAct::InformUsers {
            regime: waiting(case).unwrap_or_else(|| any(&mut mind.dice)),
            at: now,
            how: text("a mail to all"),
        },
        _ => return None,
    };
    Some(Command::Regulator(act))
}

fn any(dice: &mut Dice) -> RegimeId {
    dice.pick(&REGIMES).0.parse().unwrap()
}

fn waiting(case: &CaseState) -> Option<RegimeId> {
    let mut all = case.regulators.records.iter();
    all.find(|(_, r)| r.users_wait()).map(|(id, _)| id.clone())
}

fn open_stage(mind: &mut Mind, case: &CaseState) -> (RegimeId, StageId) {
    let due = case.regulators.records.iter().filter(|(_, r)| r.is_due());
    let open: Vec<(RegimeId, StageId)> = due
        .flat_map(|(id, record): (&RegimeId, &RegimeRecord)| {
            let open = record.stages.iter().filter(|(_, c)| c.is_open());
            open.map(|(stage, _)| (id.clone(), stage.clone()))
        })
        .collect();
    if open.is_empty() {
        (any(&mut mind.dice), "final".parse().unwrap())
    } else {
        mind.dice.pick(&open).clone()
    }
}
