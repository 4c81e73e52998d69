//! What became of a mail, and what follows where it did not arrive (M-7).
//!
//! Invariants: told twice, it is recorded once; a promise to the reporter that was met by
//! words which never reached them counts again, with its own due instant; a miss stays one.
//!
//! Deliberately absent: promises that recur, where the next period runs already, and
//! assessments, which stand in the room whatever became of the mail.

use candor_base::{Instant, Refusal};
use candor_policy::clocks::MetBy;

use crate::clock::{CaseClock, ClockStatus};
use crate::draft::Draft;
use crate::event::Event;

/// What became of a mail: `told` is when that was written which it was to tell the reporter.
pub(super) fn outcome(
    d: &mut Draft<'_>,
    key: &str,
    delivered: bool,
    code: Option<&str>,
    told: Option<Instant>,
) -> Result<(), Refusal> {
    let known = d.case()?.mail_failures.get(key);
    let code = code.unwrap_or("unknown");
    let same = if delivered {
        known.is_none()
    } else {
        known.is_some_and(|c| c == code)
    };
    if same {
        return Ok(());
    }
    let unreached = told.filter(|_| !delivered);
    d.push(Event::MailSettled {
        key: key.to_owned(),
        delivered,
        code: (!delivered).then(|| code.to_owned()),
        unreached,
    });
    match unreached {
        Some(at) => reopen(d, at),
        None => Ok(()),
    }
}

/// What was met at that moment by a message to the reporter counts again.
fn reopen(d: &mut Draft<'_>, at: Instant) -> Result<(), Refusal> {
    let case = d.case()?;
    if case.closed.is_some() {
        return Ok(());
    }
    let met_then = |clock: &&CaseClock| {
        let (ClockStatus::Met { at: then } | ClockStatus::MetLate { at: then, .. }) = clock.status
        else {
            return false;
        };
        then == at && !clock.spec.recurs() && by_message(clock.spec.met_by)
    };
    let found = case.clocks.values().filter(met_then);
    let found: Vec<_> = found.map(|clock| clock.spec.key.clone()).collect();
    for clock in found {
        d.push(Event::ClockReopened { clock });
    }
    Ok(())
}

const fn by_message(met_by: MetBy) -> bool {
    matches!(
        met_by,
        MetBy::HumanMessage | MetBy::PlanMessage | MetBy::ConversationMessage
    )
}
