//! Assess and accept.

use std::collections::BTreeSet;

use candor_base::{Instead, Refusal, RefusalCode};
use candor_policy::model::{Clause, ClauseId, ContentKey, Policy, StepDemand};

use super::talk::not_empty;
use crate::command::Acceptance;
use crate::draft::Draft;
use crate::event::Event;
use crate::hints::Hint;
use crate::parts::{Actor, Assessment, MessageRef, Reproduction, ScopeVerdict, Verdict};

/// Whether a step of the policy demands this.
pub(super) fn demands(policy: &Policy, demand: StepDemand) -> bool {
    policy
        .steps
        .iter()
        .any(|s| s.value.demands.contains(&demand))
}

pub(super) fn has_clause<T>(clauses: &[Clause<T>], id: &ClauseId) -> bool {
    clauses.iter().any(|c| c.id == *id)
}

pub(super) fn no_clause(id: &ClauseId) -> Refusal {
    Refusal::new(
        RefusalCode::NotFound,
        format!("The policy has no such clause here: {id}."),
    )
    .instead("choose one of the policy's clauses")
}

pub(super) fn waive(d: &mut Draft<'_>, items: &BTreeSet<ContentKey>) -> Result<(), Refusal> {
    check_waived(d, items)?;
    d.push(Event::Waived {
        items: items.clone(),
    });
    Ok(())
}

/// What is waived must be named, mandatory and missing.
fn check_waived(d: &Draft<'_>, items: &BTreeSet<ContentKey>) -> Result<(), Refusal> {
    let case = d.case()?;
    if items.is_empty() {
        return Err(Refusal::new(
            RefusalCode::FieldMissing,
            "Name the contents to go on without.",
        ));
    }
    if items.iter().any(|i| !case.mandatory_missing.contains(i)) {
        return Err(Refusal::new(
            RefusalCode::NotFound,
            "Only contents that are mandatory and missing can be waived.",
        ));
    }
    Ok(())
}

fn contents_missing(missing: &BTreeSet<ContentKey>) -> Refusal {
    let names: Vec<String> = missing
        .iter()
        .map(|k| content_words(*k).to_owned())
        .collect();
    Refusal::new(
        RefusalCode::ContentsMissing,
        format!(
            "The policy makes these contents mandatory, and they are missing: {}.",
            names.join(", ")
        ),
    )
    .instead(Hint::AskForMissing)
    .instead(Hint::Waive)
}

fn content_words(key: ContentKey) -> &'static str {
    match key {
        ContentKey::Summary => "summary",
        ContentKey::Description => "description",
        ContentKey::Impact => "impact",
        ContentKey::Severity => "severity",
        ContentKey::Component => "affected component",
        ContentKey::Versions => "affected versions",
        ContentKey::Steps => "steps to reproduce",
        ContentKey::ProofOfConcept => "proof of concept",
        ContentKey::Evidence => "supporting evidence",
        ContentKey::Environment => "test environment",
        ContentKey::Usage => "effect on usage",
        ContentKey::OtherProjects => "other projects involved",
        ContentKey::SuggestedFix => "suggested fix",
        ContentKey::Contact => "contact",
        ContentKey::Identity => "name and affiliation",
        ContentKey::Other => "other contents",
    }
}

pub(super) fn assess(
    d: &mut Draft<'_>,
    assessment: &Assessment,
    message: Option<&MessageRef>,
) -> Result<(), Refusal> {
    let case = d.case()?;
    if !case.mandatory_missing.is_empty() {
        return Err(contents_missing(&case.mandatory_missing));
    }
    let policy = &d.ctx.policy.policy;
    match &assessment.scope {
        ScopeVerdict::Out { clause } if !has_clause(&policy.out_of_scope, clause) => {
            return Err(no_clause(clause));
        }
        ScopeVerdict::In {
            clause: Some(clause),
        } if !has_clause(&policy.in_scope, clause) => return Err(no_clause(clause)),
        _ => {}
    }
    check_evidence(policy, assessment)?;
    super::verdict::check_score(assessment)?;
    message.map_or(Ok(()), not_empty)?;
    d.push(Event::Assessed {
        assessment: Box::new(assessment.clone()),
        message: message.cloned(),
    });
    Ok(())
}

/// What the policy's own steps demand of an assessment.
fn check_evidence(policy: &Policy, a: &Assessment) -> Result<(), Refusal> {
    let missing = |what: &str, instead: Instead| {
        Err(Refusal::new(RefusalCode::EvidenceMissing, what).instead(instead))
    };
    if demands(policy, StepDemand::Reproduction) && a.reproduction == Reproduction::None {
        return missing(
            "The policy promises to reproduce the issue: its record is missing.",
            "add the reproduction record, or the reason why there is none".into(),
        );
    }
    let valid = a.is_vulnerability == Verdict::Yes && matches!(a.scope, ScopeVerdict::In { .. });
    if valid && demands(policy, StepDemand::SeverityRating) && a.severity.is_none() {
        return missing(
            "The policy promises a severity rating: it is missing.",
            "choose a severity".into(),
        );
    }
    if demands(policy, StepDemand::EffectsAndCriticality)
        && (a.effects.is_none() || a.criticality.is_none())
    {
        return missing(
            "The policy promises to determine effects and criticality: both are needed.",
            "write down effects and criticality".into(),
        );
    }
    let by_both = candor_policy::rates_by_both(policy);
    if by_both && a.severity.is_some() && (a.effects.is_none() || a.criticality.is_none()) {
        return missing(
            "The policy rates by exploitability and impact: both are needed, each with its evidence.",
            "write down the effects and how easily it is exploited".into(),
        );
    }
    let contextual =
        !policy.context_factors.is_empty() || (!policy.assessment_basis.is_empty() && !by_both);
    if contextual && a.deployment.is_none() {
        return missing(
            "The policy judges findings under realistic deployment conditions: say which were judged.",
            "write down the deployment condition".into(),
        );
    }
    Ok(())
}

pub(super) fn accept(d: &mut Draft<'_>, acceptance: &Acceptance) -> Result<(), Refusal> {
    if !acceptance.waived.is_empty() {
        check_waived(d, &acceptance.waived)?;
    }
    let case = d.case()?;
    let open: BTreeSet<ContentKey> = case
        .mandatory_missing
        .difference(&acceptance.waived)
        .copied()
        .collect();
    if !open.is_empty() {
        return Err(contents_missing(&open));
    }
    super::aside::contexts_are_worked_out(d)?;
    let branches: BTreeSet<&str> = acceptance.branches.iter().map(|b| b.trim()).collect();
    if branches.is_empty() || branches.contains("") || branches.len() != acceptance.branches.len() {
        return Err(Refusal::new(
            RefusalCode::FieldMissing,
            "Name every branch that needs a fix, each once.",
        )
        .instead("name the branches to fix"));
    }
    not_empty(&acceptance.message)?;
    if let (None, Actor::Team(lead)) = (case.lead, d.ctx.actor) {
        // Every accepted case has a lead (P-22).
        d.push(Event::Assigned { lead });
    }
    d.push(Event::Accepted {
        waived: acceptance.waived.clone(),
        branches: acceptance
            .branches
            .iter()
            .map(|b| b.trim().to_owned())
            .collect(),
        target_release: acceptance.target_release.clone(),
        message: acceptance.message.clone(),
    });
    Ok(())
}
