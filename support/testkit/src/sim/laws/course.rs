//! What never goes back: an end, a publication, a fact, a miss.

use candor_case::{Actor, CaseState, Event, Recorded, RejectionGround, ReportState};

use super::{Law, law};

/// One event more.
pub(super) fn one(before: &CaseState, after: &CaseState, recorded: &Recorded) -> Law {
    let reopened = matches!(recorded.event, Event::Reopened { .. });
    // Closed for lack of contents: the reporter who sends them opens it again.
    let lacked = before
        .rejection
        .as_ref()
        .is_some_and(|r| matches!(r.ground, RejectionGround::Incomplete));
    let by_right = match recorded.actor {
        Actor::Team(_) => true,
        Actor::Reporter => lacked,
        _ => false,
    };
    law(!reopened || by_right, "a case was opened again by nobody")?;
    let over = before.closed.is_some() || before.report == ReportState::Closed;
    let still = after.closed == before.closed && after.report == before.report;
    law(!over || reopened || still, "a closed case opened by itself")?;
    law(
        before.advisory.published.is_none()
            || after.advisory.published == before.advisory.published,
        "a publication was undone",
    )?;
    for fact in before.attack_facts.keys() {
        law(after.attack_facts.contains_key(fact), "a fact was undone")?;
    }
    for (key, old) in &before.clocks {
        let kept = after.clocks.get(key).is_some_and(|new| {
            new.missed_periods >= old.missed_periods && (!old.was_missed() || new.was_missed())
        });
        law(kept, "a clock or its miss was lost")?;
    }
    Ok(())
}
