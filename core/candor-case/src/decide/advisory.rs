//! The advisory draft, its first look, and the outlets.

use candor_base::{Digest, Refusal, RefusalCode};
use candor_policy::model::ClauseId;

use super::fix::wants_mitigation;
use super::triage::{has_clause, no_clause};
use crate::command::AdvisoryDraftRef;
use crate::draft::Draft;
use crate::event::Event;
use crate::hints::Hint;
use crate::parts::OutletAnswer;

pub(super) fn save(d: &mut Draft<'_>, draft: &AdvisoryDraftRef) -> Result<(), Refusal> {
    if d.case()?.advisory.draft.as_ref() == Some(draft) {
        return Err(Refusal::new(
            RefusalCode::AlreadyDone,
            "The draft is saved as it stands.",
        ));
    }
    d.push(Event::DraftSaved {
        draft: draft.clone(),
    });
    Ok(())
}

pub(super) fn approve(d: &mut Draft<'_>, digest: Digest) -> Result<(), Refusal> {
    complete_draft(d, digest)?;
    let seen = |(by, _)| by == d.ctx.actor;
    if d.case()?.advisory.approvals_of(digest).any(seen) {
        return Err(Refusal::new(
            RefusalCode::AlreadyDone,
            "You have approved this draft already.",
        )
        .instead(Hint::Publish));
    }
    crate::cve::follow_draft(d)?;
    d.push(Event::Approved { draft: digest });
    Ok(())
}

/// The draft as it stands has this digest and lacks nothing.
pub(super) fn complete_draft(d: &Draft<'_>, digest: Digest) -> Result<(), Refusal> {
    let Some(draft) = &d.case()?.advisory.draft else {
        return Err(Refusal::new(
            RefusalCode::AdvisoryIncomplete,
            "There is no advisory draft yet.",
        )
        .instead(Hint::WriteAdvisory));
    };
    if draft.text.sha256 != digest {
        return Err(Refusal::new(
            RefusalCode::AdvisoryChanged,
            "The draft was changed in the meantime. Please read it again.",
        )
        .instead("read the draft as it stands"));
    }
    crate::cve::fits_draft(d.case()?, draft)?;
    if !draft.missing.is_empty() {
        return Err(Refusal::new(
            RefusalCode::AdvisoryIncomplete,
            format!("The advisory still lacks: {}.", lacking(&draft.missing)),
        )
        .instead(Hint::CompleteAdvisory));
    }
    if wants_mitigation(&d.ctx.policy.policy) && !draft.has_mitigation {
        return Err(Refusal::new(
            RefusalCode::AdvisoryIncomplete,
            "The policy promises steps for users who cannot update yet: the advisory has none and does not say so.",
        )
        .instead(Hint::AddMitigationToDraft));
    }
    Ok(())
}

/// What is missing, for a person. The codes are those of `candor-advisory`; one that
/// is not known here is still shown beside the draft, in its own words.
fn lacking(codes: &[String]) -> String {
    let mut words: Vec<&str> = Vec::new();
    for code in codes {
        let word = in_words(code);
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words.join(", ")
}

fn in_words(code: &str) -> &'static str {
    match code {
        "title-missing" => "a title",
        "title-unreadable" => "a title in one line",
        "summary-missing" | "summary-unreadable" => "a summary",
        "severity-missing" => "a severity",
        "product-missing" | "product-name-missing" | "product-name-unreadable" => "a product",
        "package-address-unreadable" => "a package address that can be read",
        "affected-versions-missing" => "the affected versions",
        "affected-versions-unreadable" => "affected versions that can be read",
        "versions-twice" | "versions-contradict" | "product-twice" => {
            "each version named only once"
        }
        "fix-open" => "an answer for each line of affected versions (fixed in, or why not)",
        "fixed-version-missing" | "fixed-version-unreadable" => "a fixed version that can be read",
        "reason-for-no-fix-missing" | "reason-for-no-fix-unreadable" => "why there is no fix",
        "mitigation-missing" => "what helps meanwhile, or that nothing is known to help",
        "mitigation-contradicts" => "one answer on what helps meanwhile, not two",
        "cvss-vector-unreadable" => "a CVSS vector that can be read",
        "cvss-twice" => "one CVSS vector of each version",
        "weakness-type-unreadable" | "cwe-prohibited" => "a weakness such as CWE-79",
        "link-of-a-reference-missing" | "link-of-a-reference-unreadable" => {
            "references with a full address"
        }
        _ => "what the notes beside the draft say",
    }
}

pub(super) fn answer_outlet(
    d: &mut Draft<'_>,
    outlet: &ClauseId,
    answer: &OutletAnswer,
) -> Result<(), Refusal> {
    if !has_clause(&d.ctx.policy.policy.outlets, outlet) {
        return Err(no_clause(outlet));
    }
    match answer {
        OutletAnswer::Waived { reason } if reason.chars == 0 => {
            return Err(Refusal::new(
                RefusalCode::FieldMissing,
                "Leaving out a place that the policy names needs a reason.",
            )
            .instead("say why it is left out"));
        }
        _ => {}
    }
    if d.case()?.outlets.get(outlet) == Some(answer) {
        return Err(Refusal::new(
            RefusalCode::AlreadyDone,
            "This outlet is answered already.",
        ));
    }
    d.push(Event::OutletAnswered {
        outlet: outlet.clone(),
        answer: answer.clone(),
    });
    Ok(())
}
