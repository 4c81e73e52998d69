//! Erasing a case for good: an owner asks with the second factor, another owner does it with
//! theirs, or the same one 72 hours later. Until then it can be taken back.
//!
//! Invariants: nothing is erased by the passing of time alone; each of the two steps wants a
//! fresh code; whoever has no right to the case, or to erase it, gets the answer of a stranger.
//!
//! Deliberately absent: copies elsewhere. What is said of them stands in [`copies`].

use std::collections::BTreeMap;

use candor_access::build::{self, ErasedFacts, ErasureMaterial, words};
use candor_access::view::{ErasedView, ErasureView};
use candor_access::{Action, CaseFacts, Permit, permit};
use candor_base::{CaseId, CaseRef, ProgramSlug, Refusal, RefusalCode};
use candor_case::{ErasureAsked, erasable, may_erase};
use candor_ports::{Cleared, StoreError, Tombstone};
use serde::{Deserialize, Serialize};

use crate::app::{App, lock, program_card};
use crate::engine::Loaded;
use crate::input::{ActError, ErasureStep, Fault};
use crate::programs::InForce;
use crate::staff::session::StaffSession;

/// Where it is kept which erasures of a program were asked for.
fn asked_key(program: &ProgramSlug) -> String {
    format!("erasures-asked-{program}")
}

/// That somebody asked for the erasure of a case.
#[derive(Debug, Serialize, Deserialize)]
struct Question {
    reference: CaseRef,
    asked: ErasureAsked,
}

/// By case.
type Questions = BTreeMap<CaseId, Question>;

/// Until when copies outside the data hold the key.
fn copies(kept: Option<&str>) -> String {
    let own = kept.unwrap_or(
        "Candor makes no backups by itself here: remove those from before, or keep a list of what \
         was erased.",
    );
    format!("Backups from before still hold the key of the case. {own}")
}

/// What became of the bytes, for people.
const fn bytes(cleared: Cleared) -> &'static str {
    match cleared {
        Cleared::Overwritten => "Its key is overwritten on the disk.",
        Cleared::LogHeld => {
            "Its key is overwritten in the database; the write-ahead log is emptied when the \
             server next starts."
        }
        Cleared::Vacuumed => {
            "Its key is removed, and the database was told to clear what it left behind."
        }
        Cleared::LeftToVacuum => {
            "Its key is removed. Old pages of the database hold it until its next vacuum."
        }
    }
}

impl App {
    /// What is left of an erased case, for the team.
    pub fn case_tombstone(
        &self,
        token: &str,
        slug: &str,
        reference: &str,
    ) -> Result<ErasedView, ActError> {
        let staff = self.staff(token)?;
        let permit = self.case_for(&staff, slug, reference, Action::ReadCase)?;
        self.tombstone_of(&permit)
    }

    /// What is left of an erased case, in whichever program of this person it was.
    pub fn tombstone_anywhere(&self, token: &str, reference: &str) -> Result<ErasedView, ActError> {
        for program in self.store().programs()? {
            match self.case_tombstone(token, program.slug.as_str(), reference) {
                Err(ActError::NotFound) => {}
                other => return other,
            }
        }
        Err(ActError::NotFound)
    }

    /// What is left of an erased case, for its reporter.
    pub fn room_tombstone(&self, slug: &str, token: &str) -> Result<ErasedView, ActError> {
        let (who, program, case) = self.reporter(slug, token)?;
        let facts = CaseFacts::case(program, case);
        let permit = permit(&who, Action::ReadCase, &facts).ok_or(ActError::NotFound)?;
        self.tombstone_of(&permit)
    }

    fn tombstone_of(&self, permit: &Permit) -> Result<ErasedView, ActError> {
        let case = permit.case().ok_or(ActError::NotFound)?;
        let found = self.store().tombstone(permit.program(), &case)?;
        let tombstone = found.ok_or(ActError::NotFound)?;
        let in_force = self.in_force_of(permit.program())?;
        let facts = ErasedFacts {
            by: tombstone.by,
            asked_by: tombstone.asked_by,
            reason: tombstone.reason,
            at: tombstone.at,
        };
        let material = ErasureMaterial {
            program: &program_card(permit.program(), &in_force),
            reference: tombstone.reference.as_str(),
            calendar: &in_force.policy.calendar(),
            now: self.now(),
            people: &self.names()?,
        };
        build::build_erased(permit, &material, facts).ok_or(ActError::NotFound)
    }

    fn in_force_of(&self, program: &ProgramSlug) -> Result<std::sync::Arc<InForce>, ActError> {
        let record = self.program(program)?.ok_or(ActError::NotFound)?;
        Ok(self.policy_of(program, &record.policy)?)
    }

    /// The page on which an owner erases a case.
    pub fn erasure_page(
        &self,
        token: &str,
        slug: &str,
        reference: &str,
    ) -> Result<ErasureView, ActError> {
        let staff = self.staff(token)?;
        let permit = self.case_for(&staff, slug, reference, Action::EraseCase)?;
        let loaded = self.loaded(&permit)?;
        let asked = self.asked(&loaded)?;
        let may = match &asked {
            None => erasable(&loaded.state),
            Some(asked) => self.judged(&loaded, asked, &staff),
        };
        let material = ErasureMaterial {
            program: &program_card(&loaded.program, &loaded.in_force),
            reference: loaded.state.facts.reference.as_str(),
            calendar: &loaded.in_force.policy.calendar(),
            now: self.now(),
            people: &self.names()?,
        };
        let kept = copies(self.parts.config.backups_kept.as_deref());
        let asked = asked.as_ref();
        build::build_erasure(&permit, &material, &loaded.state, asked, may, &kept)
            .ok_or(ActError::NotFound)
    }

    /// Does one step towards the erasure of a case; gives a sentence that says what was done.
    /// Field: `totp`.
    pub fn erase_case(
        &self,
        token: &str,
        slug: &str,
        reference: &str,
        step: ErasureStep,
        code: &str,
    ) -> Result<String, ActError> {
        let staff = self.staff(token)?;
        let permit = self.case_for(&staff, slug, reference, Action::EraseCase)?;
        let case = permit.case().ok_or(ActError::NotFound)?;
        // No act on the case in this process comes between the judgement and what follows.
        let queue = self.queue(case);
        let _turn = lock(&queue);
        let loaded = self.loaded(&permit)?;
        match step {
            ErasureStep::Ask(reason) => {
                erasable(&loaded.state)?;
                if self.asked(&loaded)?.is_some() {
                    let why = "The erasure of this case was asked for already.";
                    return Err(Refusal::new(RefusalCode::AlreadyDone, why).into());
                }
                self.second_factor(&staff, code)?;
                let asked = ErasureAsked {
                    by: staff.account.id,
                    at: self.now(),
                    reason,
                    seq: loaded.state.seq,
                };
                let reference = loaded.state.facts.reference.clone();
                let question = Question { reference, asked };
                self.keep_question(&loaded.program, case, Some(question))?;
                tracing::warn!(%case, by = %staff.account.id, "the erasure of a case was asked for");
                Ok(
                    "Nothing is erased yet. Another owner can erase the case now, you yourself \
                    in 72 hours; until then it can be taken back."
                        .to_owned(),
                )
            }
            ErasureStep::TakeBack => {
                self.keep_question(&loaded.program, case, None)?;
                tracing::info!(%case, by = %staff.account.id, "an erasure was taken back");
                Ok("The case stays. Nothing was erased.".to_owned())
            }
            ErasureStep::Erase => self.erase_now(&staff, &loaded, code),
        }
    }

    fn erase_now(
        &self,
        staff: &StaffSession,
        loaded: &Loaded,
        code: &str,
    ) -> Result<String, ActError> {
        let case = loaded.case;
        let Some(asked) = self.asked(loaded)? else {
            let why = "Nobody asked for the erasure of this case, or it no longer counts.";
            return Err(Refusal::new(RefusalCode::WrongStage, why)
                .instead("ask for it")
                .into());
        };
        self.judged(loaded, &asked, staff)?;
        self.second_factor(staff, code)?;
        let tombstone = Tombstone {
            reference: loaded.state.facts.reference.clone(),
            at: self.now(),
            by: staff.account.id,
            asked_by: asked.by,
            reason: asked.reason,
        };
        let erased = self
            .store()
            .erase(&loaded.program, &case, loaded.state.seq, &tombstone);
        let cleared = match erased {
            Ok(cleared) => cleared,
            Err(StoreError::Conflict) => {
                let why = "The case was changed at this moment. Nothing was erased.";
                return Err(Refusal::new(RefusalCode::Conflict, why).into());
            }
            Err(StoreError::Erased) => return Err(ActError::NotFound),
            Err(other) => return Err(other.into()),
        };
        tracing::warn!(%case, by = %staff.account.id, "a case was erased");
        if let Err(fault) = self.drop_mail_code(case) {
            tracing::warn!(why = %fault.operator, "a code that opens nothing any more could not be removed");
        }
        let forgotten = self
            .drop_github_seen(case)
            .and_then(|()| self.drop_advisory_there(case));
        if let Err(fault) = forgotten {
            tracing::warn!(why = %fault.operator, "what was seen on GitHub before an erasure could not be removed");
        }
        if let Err(fault) = self.keep_question(&loaded.program, case, None) {
            tracing::warn!(why = %fault.operator, "what was asked for before an erasure could not be removed");
        }
        Ok(format!(
            "{} is erased. {} {}",
            tombstone.reference,
            bytes(cleared),
            copies(self.parts.config.backups_kept.as_deref())
        ))
    }

    /// What was asked for in a program, whether it still counts or not.
    fn questions(&self, program: &ProgramSlug) -> Result<Questions, Fault> {
        let Some(json) = self.store().setting(&asked_key(program))? else {
            return Ok(Questions::new());
        };
        serde_json::from_str(&json)
            .map_err(|_| Fault::inside("what was asked for an erasure cannot be read"))
    }

    fn keep_question(
        &self,
        program: &ProgramSlug,
        case: CaseId,
        question: Option<Question>,
    ) -> Result<(), Fault> {
        let _turn = lock(&self.asking);
        let mut all = self.questions(program)?;
        match question {
            Some(question) => all.insert(case, question),
            None => all.remove(&case),
        };
        self.keep(&asked_key(program), (!all.is_empty()).then_some(&all))
    }

    /// What was asked for and still counts.
    fn asked(&self, loaded: &Loaded) -> Result<Option<ErasureAsked>, Fault> {
        let found = self.questions(&loaded.program)?.remove(&loaded.case);
        let asked = found.map(|question| question.asked);
        Ok(asked.filter(|asked| asked.counts(&loaded.events)))
    }

    /// For the owners of a program: which of its cases somebody wants to erase. None is erased
    /// unseen.
    pub(crate) fn erasures_asked(&self, program: &ProgramSlug) -> Result<Vec<String>, Fault> {
        let questions = self.questions(program)?;
        if questions.is_empty() {
            return Ok(Vec::new());
        }
        let (names, mut out) = (self.names()?, Vec::new());
        for (case, Question { reference, asked }) in questions {
            let Some(loaded) = self.load(program, &case)? else {
                continue;
            };
            if !asked.counts(&loaded.events) {
                continue;
            }
            let name = names
                .get(&asked.by)
                .map_or("A former owner", String::as_str);
            let when = words::when(asked.at, self.now(), &loaded.in_force.policy.calendar());
            out.push(format!(
                "{name} asked for the erasure of {reference} on {}. It cannot be undone once it is \
                 done; until then any owner takes it back, at the end of the page of the case.",
                when.words
            ));
        }
        Ok(out)
    }

    fn judged(
        &self,
        loaded: &Loaded,
        asked: &ErasureAsked,
        staff: &StaffSession,
    ) -> Result<(), Refusal> {
        let (state, events) = (&loaded.state, &loaded.events);
        may_erase(state, events, asked, staff.account.id, self.now())
    }
}
