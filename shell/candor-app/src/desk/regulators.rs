//! Regulators on a case: the page, the acts, and what a person copies.
//!
//! Invariants: the law comes from the table, never from the form; nothing is
//! filed from here; facts are sealed like every text of the case.

use std::collections::BTreeMap;

use candor_access::Action;
use candor_access::build::{self, RegulatorsExtra};
use candor_access::view::RegulatorsView;
use candor_base::Instant;
use candor_case::{AttackFact, Command, RegulatorAct, allowed};
use candor_duty::{Export, Pack, Problem, Regime, RegimeId, Stage, StageId, Subject, json, plain};

use crate::app::App;
use crate::engine::Loaded;
use crate::fields::Fields;
use crate::input::{ActError, Fault};
use crate::regulators::regimes;
use crate::seal::{Bodies, field_error};

/// More characters than any field of a regime takes; a fence, not a rule.
const MOST_CHARS: usize = 20_000;

impl App {
    /// The page "Regulators" of a case.
    pub fn regulators_page(
        &self,
        token: &str,
        slug: &str,
        reference: &str,
    ) -> Result<RegulatorsView, ActError> {
        let staff = self.staff(token)?;
        let permit = self.case_for(&staff, slug, reference, Action::ReadCase)?;
        let loaded = self.loaded(&permit)?;
        let gathered = self.gather_regulators(&permit, &loaded)?;
        let context = self.context(&loaded, permit.actor())?;
        let choice = self.regulators_of(&loaded.program)?;
        let packs = self.packs(&loaded)?;
        let extra = RegulatorsExtra {
            table: regimes()?,
            choice: &choice,
            packs: &packs,
            owner: staff.may(Action::Settings, &loaded.program).is_ok(),
            allowed: allowed(&loaded.state, &context),
        };
        build::build_regulators(&permit, &gathered.material(&loaded, self.now()), &extra)
            .ok_or(ActError::NotFound)
    }

    /// A report to copy, as `txt` or `json`: its file name and its bytes.
    pub fn regulator_report(
        &self,
        token: &str,
        slug: &str,
        reference: &str,
        (regime, file): (&str, &str),
    ) -> Result<(String, Vec<u8>), ActError> {
        let staff = self.staff(token)?;
        let permit = self.case_for(&staff, slug, reference, Action::ReadCase)?;
        let loaded = self.loaded(&permit)?;
        let (stage, form) = file.rsplit_once('.').ok_or(ActError::NotFound)?;
        let id: RegimeId = regime.parse().map_err(|_| ActError::NotFound)?;
        let stage: StageId = stage.parse().map_err(|_| ActError::NotFound)?;
        let regime = regimes()?.regime(&id).ok_or(ActError::NotFound)?;
        regime.stage(&stage).ok_or(ActError::NotFound)?;
        let packs = self.packs(&loaded)?;
        let pack = packs.get(&id).cloned().unwrap_or_default();
        let fields = pack.fields(regime, &stage, &build::known(&loaded.state, &id));
        let record = loaded.state.regulators.records.get(&id);
        let reference = loaded.state.facts.reference.to_string();
        let export = Export {
            regime,
            stage: &stage,
            reference: &reference,
            due: record
                .and_then(|r| r.stages.get(&stage))
                .and_then(|c| c.due),
            fields: &fields,
        };
        let text = match form {
            "txt" => plain(&export),
            "json" => json(&export),
            _ => return Err(ActError::NotFound),
        };
        Ok((
            format!("{reference}-{id}-{stage}.{form}"),
            text.into_bytes(),
        ))
    }

    /// The facts of each regime, opened.
    fn packs(&self, loaded: &Loaded) -> Result<BTreeMap<RegimeId, Pack>, Fault> {
        let mut out = BTreeMap::new();
        for (id, record) in &loaded.state.regulators.records {
            if let Some(text) = &record.pack {
                let pack = Pack::from_json(&self.text(loaded, &text.blob)?)
                    .map_err(|why| Fault::inside(why.to_string()))?;
                out.insert(id.clone(), pack);
            }
        }
        Ok(out)
    }

    /// The command of an act about regulators.
    pub(super) fn regulator_act(
        &self,
        name: &str,
        fields: &Fields,
        loaded: &Loaded,
        bodies: &Bodies<'_>,
    ) -> Result<Command, ActError> {
        let calendar = loaded.in_force.policy.calendar();
        let when = || fields.moment(&calendar);
        let act = match name {
            "note_signal" => {
                let words = [
                    ("vulnerability", Subject::Vulnerability),
                    ("incident", Subject::Incident),
                ];
                let subject = fields.choice("subject", &words, "Choose what it is about.")?;
                let today = calendar.local_date(self.now());
                RegulatorAct::NoteSignal {
                    subject,
                    at: when()?,
                    evidence: fields.need_text("evidence", "Say what was seen.", bodies)?,
                    regimes: self.regimes_for(&loaded.program, subject, today)?,
                }
            }
            "record_awareness" => RegulatorAct::RecordAwareness {
                terms: Box::new(self.holding(fields, loaded)?.terms(&regimes()?.version)),
                at: when()?,
                evidence: fields.need_text("evidence", "Say what it rests on.", bodies)?,
                reason: fields.need_text("reason", "Say why this is certain enough.", bodies)?,
            },
            "decide_not_reportable" => RegulatorAct::DecideNotReportable {
                regime: regime(fields)?.id.clone(),
                reason: fields.need_text("reason", "Say why nothing is to be reported.", bodies)?,
            },
            "save_pack" => save_pack(fields, bodies)?,
            "file_stage" => self.file_stage(fields, loaded, bodies, when()?)?,
            "record_measure" => RegulatorAct::RecordMeasure {
                at: when()?,
                evidence: fields.need_text(
                    "evidence",
                    "Say which measure it is, and where it can be had.",
                    bodies,
                )?,
            },
            "inform_users" => RegulatorAct::InformUsers {
                regime: regime(fields)?.id.clone(),
                at: when()?,
                how: fields.need_text("how", "Say how users were told.", bodies)?,
            },
            _ => return Err(ActError::NotFound),
        };
        Ok(Command::Regulator(act))
    }

    /// A regime that holds for the program today.
    fn holding(&self, fields: &Fields, loaded: &Loaded) -> Result<&'static Regime, ActError> {
        let regime = regime(fields)?;
        let today = loaded.in_force.policy.calendar().local_date(self.now());
        let holds = self.regimes_for(&loaded.program, regime.subject, today)?;
        if holds.contains(&regime.id) {
            Ok(regime)
        } else {
            Err(field_error(
                "regime",
                "The settings of this program do not say that this law holds.",
            ))
        }
    }

    fn file_stage(
        &self,
        fields: &Fields,
        loaded: &Loaded,
        bodies: &Bodies<'_>,
        at: Instant,
    ) -> Result<RegulatorAct, ActError> {
        let regime = regime(fields)?;
        let stage = stage(fields, regime)?;
        let record = loaded.state.regulators.records.get(&regime.id);
        let pack = record.and_then(|r| r.pack.as_ref());
        let facts = self.packs(loaded)?.remove(&regime.id).unwrap_or_default();
        let known = build::known(&loaded.state, &regime.id);
        let missing = facts
            .fields(regime, &stage.id, &known)
            .iter()
            .filter(|f| f.problem == Some(Problem::Missing))
            .count();
        Ok(RegulatorAct::FileStage {
            regime: regime.id.clone(),
            stage: stage.id.clone(),
            at,
            reference: fields.need_text(
                "reference",
                "Write the reference that the recipient gave.",
                bodies,
            )?,
            pack: pack.map(|text| text.sha256),
            missing: u32::try_from(missing).unwrap_or(u32::MAX),
        })
    }

    /// Attacks were observed: with the fact goes a sign to be judged, where a law
    /// holds for the program (`domain.md` 2.4).
    pub(super) fn fact_with_signal(
        &self,
        fact: Command,
        fields: &Fields,
        loaded: &Loaded,
        bodies: &Bodies<'_>,
    ) -> Result<Vec<Command>, ActError> {
        let attacks = matches!(
            fact,
            Command::RecordFact {
                fact: AttackFact::AttacksObserved,
                ..
            }
        );
        if !attacks {
            return Ok(vec![fact]);
        }
        let calendar = loaded.in_force.policy.calendar();
        let today = calendar.local_date(self.now());
        let regimes = self.regimes_for(&loaded.program, Subject::Vulnerability, today)?;
        if regimes.is_empty() {
            return Ok(vec![fact]);
        }
        let now = self.now();
        let signal = RegulatorAct::NoteSignal {
            subject: Subject::Vulnerability,
            // Times are typed in minutes, and awareness may follow at once.
            at: now.plus_seconds(-now.unix().rem_euclid(60)),
            evidence: fields.need_text("evidence", "Say how it is known.", bodies)?,
            regimes,
        };
        Ok(vec![fact, Command::Regulator(signal)])
    }
}

fn regime(fields: &Fields) -> Result<&'static Regime, ActError> {
    let unknown = || field_error("regime", "Choose the law.");
    let id: RegimeId = fields.get("regime").parse().map_err(|_| unknown())?;
    regimes()?.regime(&id).ok_or_else(unknown)
}

fn stage<'a>(fields: &Fields, regime: &'a Regime) -> Result<&'a Stage, ActError> {
    let unknown = || field_error("stage", "Choose the report.");
    let id: StageId = fields.get("stage").parse().map_err(|_| unknown())?;
    regime.stage(&id).ok_or_else(unknown)
}

fn save_pack(fields: &Fields, bodies: &Bodies<'_>) -> Result<RegulatorAct, ActError> {
    let regime = regime(fields)?;
    for field in &regime.fields {
        let name = format!("f_{}", field.id);
        if fields.get(&name).chars().count() > MOST_CHARS {
            return Err(field_error(
                &name,
                "This text is far too long to be kept here.",
            ));
        }
    }
    let pack = Pack::of(regime, |id| fields.get(&format!("f_{id}")).to_owned());
    Ok(RegulatorAct::SavePack {
        regime: regime.id.clone(),
        pack: bodies.raw_text(&pack.to_json()),
    })
}

/// What was done, as a sentence; `None` for other acts.
pub(super) fn said(act: &str) -> Option<&'static str> {
    Some(match act {
        "note_signal" => "The sign is noted. Decide within 24 hours whether it is to be reported.",
        "record_awareness" => "It is recorded since when you are aware. The times run.",
        "decide_not_reportable" => "The decision and its reason are recorded.",
        "save_pack" => "The facts are saved.",
        "file_stage" => "It is recorded what you filed.",
        "record_measure" => "The measure is recorded.",
        "inform_users" => "It is recorded that users were told.",
        _ => return None,
    })
}
