//! Embargo and publication.

use candor_base::{Digest, Instant};
use candor_case::{AttackFact, CaseState, EmbargoState};

use super::{Law, Watch, law};

fn binds(case: &CaseState) -> bool {
    matches!(
        case.embargo.state,
        EmbargoState::Active | EmbargoState::Revise
    )
}

/// How things stand after an act.
pub(super) fn standing(case: &CaseState) -> Law {
    let known = case.is_public_knowledge() || !case.attack_facts.is_empty();
    law(!(binds(case) && known), "an embargo on what is known")?;
    let exploit = case.attack_facts.contains_key(&AttackFact::ExploitPublic);
    let public =
        case.attack_facts.contains_key(&AttackFact::Public) || case.advisory.published.is_some();
    law(
        !exploit || public,
        "a public exploit of something not public",
    )?;
    let over = case.embargo.state == EmbargoState::Exited && case.episode == 1;
    law(
        !over || case.reporter_free_from.is_some(),
        "nobody was told to be free",
    )
}

/// Judged from the case before the act that published, second by second.
pub(super) fn may_publish(watch: &Watch, start: &CaseState, at: Instant, draft: Digest) -> Law {
    let over = match (start.embargo.state, start.embargo.until) {
        (EmbargoState::Active | EmbargoState::Revise, Some(until)) => at >= until,
        (EmbargoState::Proposed, _) => start.embargo.proposal.as_ref().is_some_and(|p| p.at <= at),
        _ => true,
    };
    law(over, "published under an embargo")?;
    law(watch.approved.contains(&draft), "published without a look")?;
    let standing = start.advisory.draft.as_ref();
    law(
        standing.is_some_and(|d| d.text.sha256 == draft && d.missing.is_empty()),
        "published incomplete, or another draft",
    )?;
    law(
        watch.date_told || start.is_public_knowledge() || start.withdrawn.is_some(),
        "published before the reporter was told the date",
    )
}
