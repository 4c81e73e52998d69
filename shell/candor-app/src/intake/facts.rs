//! What is known of a report at receipt, worked out from it and the policy.
//!
//! Invariant: nothing here can refuse a report.

use std::collections::BTreeSet;

use candor_base::{CaseId, CaseRef, Digest, Instant, ProgramSlug};
use candor_case::{Certainty, CreditWish, PublicPlace, ReportFacts, SupportClaim, TextRef};
use candor_policy::model::{ClauseId, ContentKey, Severity};
use candor_policy::{PolicyInForce, SupportAnswer, complete, support};

use crate::input::Fault;
use crate::intake::read::Envelope;
use crate::report::{FiledIdentity, FiledReport};
use crate::seal::Bodies;

/// What was drawn or sealed before the facts are known.
pub(super) struct Known {
    pub(super) case: CaseId,
    pub(super) reference: CaseRef,
    pub(super) program: ProgramSlug,
    pub(super) report: TextRef,
    pub(super) leaf: Digest,
    /// When it first reached somebody of the team, for what is handed in.
    pub(super) first_received: Option<Instant>,
}

/// The facts of a report.
pub(super) fn facts(
    envelope: &Envelope,
    policy: &PolicyInForce,
    bodies: &Bodies<'_>,
    known: Known,
) -> Result<ReportFacts, Fault> {
    let r = &envelope.report;
    let mut given = r.contents();
    let identity = &envelope.identity.fields;
    let said = |name: &str| identity.get(name).filter(|t| !t.trim().is_empty());
    if let Some(text) = said("contact").or_else(|| said("email")) {
        given.insert(ContentKey::Contact, text.clone());
    }
    if let Some(text) = said("identity").or_else(|| said("name")) {
        given.insert(ContentKey::Identity, text.clone());
    }
    let found = complete(policy, &given, envelope.files.len());
    let mandatory: BTreeSet<ContentKey> = found.missing_mandatory.into_iter().collect();
    let mut missing: BTreeSet<ContentKey> = found.missing_asked.into_iter().collect();
    missing.extend(&mandatory);
    Ok(ReportFacts {
        case: known.case,
        reference: known.reference,
        program: known.program,
        policy: policy.digest,
        channel: envelope.channel,
        first_received: known.first_received,
        report: known.report,
        files: envelope.files.iter().map(|f| bodies.file(f)).collect(),
        given: given.into_keys().chain(found.present).collect(),
        missing,
        mandatory_missing: mandatory,
        component: component(r, policy),
        support: claim(r, policy),
        certainty: certainty(r.field("certainty")),
        public: public(r, bodies),
        reporter_severity: severity(r.field("severity")),
        credit: credit(r, &envelope.identity, bodies),
        warned_of: warned(r, policy),
        duties_accepted: is_yes(r.field("duties")),
        contact_given: envelope.identity.email().is_some(),
        identity: sealed_identity(&envelope.identity, bodies)?,
        leaf: known.leaf,
    })
}

fn is_yes(text: &str) -> bool {
    matches!(
        text.to_lowercase().as_str(),
        "yes" | "on" | "true" | "1" | "accepted"
    )
}

fn component(r: &FiledReport, policy: &PolicyInForce) -> Option<ClauseId> {
    let chosen = r.field("component");
    let scope = policy.policy.in_scope.iter();
    let mut named = scope.filter(|c| c.value.name == chosen || c.id.0 == chosen);
    named.next().map(|c| c.id.clone())
}

fn claim(r: &FiledReport, policy: &PolicyInForce) -> SupportClaim {
    let version = if r.field("version").is_empty() {
        r.field("versions")
    } else {
        r.field("version")
    };
    if version.is_empty() {
        return SupportClaim::NotGiven;
    }
    // The owner's list of releases has no clause of its own; the page calls it so.
    let named =
        |clause: Option<ClauseId>| clause.unwrap_or_else(|| ClauseId("releases".to_owned()));
    match support(policy, version) {
        SupportAnswer::Supported { clause } => SupportClaim::Supported {
            clause: named(clause),
        },
        SupportAnswer::Unsupported { clause, .. } => SupportClaim::Unsupported {
            clause: named(clause),
            tried_supported: match r.field("tried_supported").to_lowercase().as_str() {
                "" => None,
                answer => Some(is_yes(answer)),
            },
        },
        SupportAnswer::Unknown {
            clause: Some(clause),
            ..
        } => SupportClaim::IfNewest { clause },
        SupportAnswer::Unknown { clause: None, .. } => SupportClaim::Unknown,
    }
}

fn certainty(text: &str) -> Certainty {
    match text {
        "sure" => Certainty::Sure,
        "likely" => Certainty::Likely,
        "not_sure" => Certainty::NotSure,
        _ => Certainty::NotSaid,
    }
}

/// Where it is already public. A place alone counts too: better an alarm too many.
fn public(r: &FiledReport, bodies: &Bodies<'_>) -> Option<PublicPlace> {
    let place = r.field("public_where");
    if !is_yes(r.field("is_public")) && place.is_empty() {
        return None;
    }
    let words = if place.is_empty() {
        "The reporter did not say where."
    } else {
        place
    };
    Some(PublicPlace {
        place: bodies.raw_text(words),
    })
}

/// The reporter's own rating: the first severity word in the field.
pub(crate) fn severity(text: &str) -> Option<Severity> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .find_map(|word| match word {
            "critical" => Some(Severity::Critical),
            "high" | "important" => Some(Severity::High),
            "medium" | "moderate" => Some(Severity::Medium),
            "low" => Some(Severity::Low),
            _ => None,
        })
}

fn credit(r: &FiledReport, identity: &FiledIdentity, bodies: &Bodies<'_>) -> CreditWish {
    match r.field("credit") {
        "anonymous" => CreditWish::Anonymous,
        "named" => {
            let typed = |name: &str| {
                let text = identity.fields.get(name).map(|t| t.trim());
                text.filter(|t| !t.is_empty()).map(str::to_owned)
            };
            typed("credit_name")
                .or_else(|| typed("name"))
                .map_or(CreditWish::NotAnswered, |name| {
                    CreditWish::Named(bodies.raw_text(&name))
                })
        }
        _ => CreditWish::NotAnswered,
    }
}

fn warned(r: &FiledReport, policy: &PolicyInForce) -> Vec<ClauseId> {
    let named: Vec<&str> = r.field("warned").split_whitespace().collect();
    policy
        .policy
        .out_of_scope
        .iter()
        .filter(|c| named.contains(&c.id.0.as_str()))
        .map(|c| c.id.clone())
        .collect()
}

fn sealed_identity(
    identity: &FiledIdentity,
    bodies: &Bodies<'_>,
) -> Result<Option<TextRef>, Fault> {
    if identity.fields.is_empty() {
        return Ok(None);
    }
    let json =
        serde_json::to_string(identity).map_err(|e| Fault::inside(format!("identity: {e}")))?;
    Ok(Some(bodies.raw_text(&json)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_left_open_is_not_answered_for_the_reporter() {
        assert_eq!(certainty(""), Certainty::NotSaid);
        assert_eq!(certainty("likely"), Certainty::Likely);
        assert_eq!(certainty("something else"), Certainty::NotSaid);
    }

    #[test]
    fn the_first_severity_word_counts() {
        assert_eq!(
            severity("I think it is High, maybe critical"),
            Some(Severity::High)
        );
        assert_eq!(severity("Moderate"), Some(Severity::Medium));
        assert_eq!(severity("highly unlikely"), None);
        assert_eq!(severity(""), None);
    }
}
