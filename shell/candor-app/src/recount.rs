//! Open clocks after the owner edited the days off of a program.
//!
//! Invariants: the policy at receipt still rules each case; only the days off of the new
//! calendar reach it, and no open promise becomes later by them (`domain.md` 3.2).
//!
//! Deliberately absent: newer tables of the binary; each case notices those when it is
//! looked at.

use candor_access::{Action, CaseFacts, Principal, permit};
use candor_base::ProgramSlug;
use candor_case::Command;
use candor_policy::PolicyInForce;

use crate::app::App;
use crate::input::{ActError, Fault};

impl App {
    /// Counts the clocks of all open cases again where holidays, working days or regions
    /// were changed; says whether they were.
    pub(crate) fn recount_open_cases(
        &self,
        slug: &ProgramSlug,
        old: &PolicyInForce,
        new: &PolicyInForce,
    ) -> Result<bool, Fault> {
        let (a, b) = (&old.settings, &new.settings);
        let same = a.holidays == b.holidays
            && a.working_days == b.working_days
            && a.holiday_regions == b.holiday_regions;
        if same {
            return Ok(false);
        }
        let calendar = new.calendar();
        for row in self.store().rows(slug)? {
            if row.closed || !row.clocks.iter().any(|c| c.open) {
                continue;
            }
            let facts = CaseFacts::case(slug.clone(), row.case);
            let right = permit(&Principal::System, Action::Act("recount"), &facts);
            let Some(right) = right else { continue };
            let command = || Command::Recount {
                calendar: Box::new(calendar.clone()),
            };
            let done = self.act(&right, None, &|_, _| Ok(vec![command()]));
            if let Err(ActError::Fault(fault)) = done {
                tracing::warn!(why = %fault.operator, "a case was not counted again");
            }
        }
        Ok(true)
    }
}
