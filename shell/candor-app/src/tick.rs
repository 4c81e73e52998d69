//! Time passing: due clocks, once each, also after a long stop.
//!
//! Invariant: a tick that does nothing moves the wake instant, so that no case
//! is looked at for ever; while the clock of the machine is in doubt, nothing is missed
//! and no embargo ends.

use candor_access::{Action, CaseFacts, Principal, permit};
use candor_base::{CaseId, Instant, ProgramSlug};
use candor_case::{Command, next_wakeup};
use candor_ports::StoreError;

use crate::app::App;
use crate::input::{ActError, Fault};
use crate::rows;

/// Cases taken at once, and rounds of one call: a bound, not a goal.
const AT_ONCE: u32 = 100;
const ROUNDS: u32 = 50;

impl App {
    /// Looks at every case whose time has come; gives the number of cases in
    /// which something happened.
    pub fn tick(&self) -> Result<u32, Fault> {
        if !self.clock_is_sure()? {
            return Ok(0);
        }
        let mut happened = 0_u32;
        for _ in 0..ROUNDS {
            let due = self.store().due(self.now(), AT_ONCE)?;
            let mut moved = false;
            for (program, case) in due {
                match self.tick_case(&program, case) {
                    Ok(true) => happened = happened.saturating_add(1),
                    Ok(false) => {}
                    // One case that cannot be read must not stop the clocks of the others.
                    Err(fault) => {
                        tracing::error!(%case, why = %fault.operator, "a tick failed");
                        continue;
                    }
                }
                moved = true;
            }
            if !moved {
                break;
            }
        }
        Ok(happened)
    }

    fn tick_case(&self, program: &ProgramSlug, case: CaseId) -> Result<bool, Fault> {
        let facts = CaseFacts::case(program.clone(), case);
        let permit = permit(&Principal::System, Action::Act("tick"), &facts)
            .ok_or_else(|| Fault::inside("no permit for a tick"))?;
        let ticked = self.act(&permit, None, &|_, _| Ok(vec![Command::Tick]));
        if let Err(fault) = self.link_up(&permit) {
            tracing::warn!(%case, why = %fault.operator, "a link between cases was not settled");
            return self.postpone(program, case).map(|()| false);
        }
        match ticked {
            Ok(done) if !done.events.is_empty() => Ok(true),
            Ok(_) => self.set_wake(program, case).map(|()| false),
            Err(ActError::Fault(fault)) => Err(fault),
            // A refusal or a case that is gone: try again later, not at once.
            Err(other) => {
                tracing::warn!(%case, why = ?kind(&other), "a tick was refused");
                self.postpone(program, case).map(|()| false)
            }
        }
    }

    /// Nothing was to be done: the row and its wake instant are made anew.
    fn set_wake(&self, program: &ProgramSlug, case: CaseId) -> Result<(), Fault> {
        self.new_row(program, case, |next, now| match next {
            // The case says that something is due and does nothing about it.
            Some(at) if at <= now => Some(now.plus_seconds(3_600)),
            other => other,
        })
    }

    fn postpone(&self, program: &ProgramSlug, case: CaseId) -> Result<(), Fault> {
        self.new_row(program, case, |_, now| Some(now.plus_seconds(3_600)))
    }

    fn new_row(
        &self,
        program: &ProgramSlug,
        case: CaseId,
        wake: impl Fn(Option<Instant>, Instant) -> Option<Instant>,
    ) -> Result<(), Fault> {
        let Some(loaded) = self.load(program, &case)? else {
            return Ok(());
        };
        let now = self.now();
        let policy = &loaded.in_force.policy;
        let title = self.filed(program, &loaded.state)?.title();
        let row = rows::of(&loaded.state, policy, &title, now);
        let next = next_wakeup(&loaded.state, policy);
        let seq = loaded.state.seq;
        let wake = wake(next, now);
        match self.store().replace_row(program, row, seq, wake) {
            // Somebody else moved the case on, and made row and wake instant with it.
            Ok(()) | Err(StoreError::Conflict) => Ok(()),
            Err(other) => Err(other.into()),
        }
    }

    /// When the next case has to be looked at.
    pub fn next_wake(&self) -> Result<Option<Instant>, Fault> {
        Ok(self.store().next_wake()?)
    }

    /// Makes every read row and what cases are found by anew; gives the number of cases.
    pub fn rebuild(&self) -> Result<u32, Fault> {
        let mut count = 0_u32;
        for (program, case) in self.store().all_cases()? {
            self.new_row(&program, case, |next, _| next)?;
            self.new_words(&program, case)?;
            count = count.saturating_add(1);
        }
        Ok(count)
    }
}

const fn kind(error: &ActError) -> &'static str {
    match error {
        ActError::NotFound => "not found",
        ActError::SignedOut => "signed out",
        ActError::StepUp => "second factor",
        ActError::Fields(_) => "fields",
        ActError::Refused(_) => "refused",
        ActError::Fault(_) => "fault",
    }
}
