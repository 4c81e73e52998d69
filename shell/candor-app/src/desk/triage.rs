//! Assessing, accepting and turning down.

use std::collections::BTreeSet;

use candor_case::{
    Acceptance, Assessment, Command, RejectionGround, Reproduction, ScopeVerdict, SupportedTest,
    Verdict,
};
use candor_policy::model::{ClauseId, ContextFactor, Impact};
use candor_score::Vector;

use crate::engine::Loaded;
use crate::fields::Fields;
use crate::input::ActError;
use crate::seal::{Bodies, field_error};

const VERDICTS: [(&str, Verdict); 3] = [
    ("yes", Verdict::Yes),
    ("no", Verdict::No),
    ("unclear", Verdict::Unclear),
];

pub(super) fn assess(
    fields: &Fields,
    loaded: &Loaded,
    bodies: &Bodies<'_>,
) -> Result<Command, ActError> {
    let assessment = Assessment {
        scope: scope(fields, loaded)?,
        is_vulnerability: fields.choice(
            "is_vulnerability",
            &VERDICTS,
            "Say whether it is a vulnerability.",
        )?,
        severity: fields.severity("severity")?,
        cvss: cvss(fields)?,
        impacts: impacts(fields)?,
        effects: fields.text("effects", bodies)?,
        criticality: fields.text("criticality", bodies)?,
        difference_note: fields.text("difference_note", bodies)?,
        affected_versions: fields
            .lines("affected_versions")
            .into_iter()
            .map(|line| line.chars().take(300).collect())
            .collect(),
        deployment: fields.text("deployment", bodies)?,
        factors: factors(fields)?,
        reproduction: reproduction(fields, bodies)?,
    };
    Ok(Command::Assess {
        assessment: Box::new(assessment),
        message: fields.message(bodies)?,
    })
}

fn scope(fields: &Fields, loaded: &Loaded) -> Result<ScopeVerdict, ActError> {
    let policy = &loaded.in_force.policy.policy;
    match fields.get("scope") {
        "in" => {
            let typed = fields.get("in_clause");
            let clause = policy.in_scope.iter().find(|c| c.id.0 == typed);
            if clause.is_none() && !typed.is_empty() {
                return Err(field_error("in_clause", "Choose a clause of the policy."));
            }
            Ok(ScopeVerdict::In {
                clause: clause.map(|c| c.id.clone()),
            })
        }
        "out" => {
            let typed =
                fields.need("out_clause", "Choose the clause that puts it out of scope.")?;
            Ok(ScopeVerdict::Out {
                clause: ClauseId(typed.to_owned()),
            })
        }
        _ => Err(field_error("scope", "Say whether it is in scope.")),
    }
}

fn cvss(fields: &Fields) -> Result<Option<String>, ActError> {
    let typed = fields.get("cvss");
    if typed.is_empty() {
        return Ok(None);
    }
    Vector::parse(typed)
        .map(|vector| Some(vector.as_str().to_owned()))
        .map_err(|e| field_error("cvss", e.to_string()))
}

fn impacts(fields: &Fields) -> Result<BTreeSet<Impact>, ActError> {
    fields
        .lines("impacts")
        .into_iter()
        .map(|word| match word {
            "confidentiality" => Ok(Impact::Confidentiality),
            "privilege" => Ok(Impact::Privilege),
            "integrity" => Ok(Impact::Integrity),
            "availability" => Ok(Impact::Availability),
            _ => Err(field_error(
                "impacts",
                "Choose kinds of impact from the list.",
            )),
        })
        .collect()
}

fn factors(fields: &Fields) -> Result<Vec<ContextFactor>, ActError> {
    fields
        .lines("factors")
        .into_iter()
        .map(|word| match word {
            "implementation" => Ok(ContextFactor::Implementation),
            "configuration" => Ok(ContextFactor::Configuration),
            "dependency" => Ok(ContextFactor::Dependency),
            _ => Err(field_error("factors", "Choose factors from the list.")),
        })
        .collect()
}

fn reproduction(fields: &Fields, bodies: &Bodies<'_>) -> Result<Reproduction, ActError> {
    let text = || {
        fields.need_text(
            "reproduction",
            "Write down how it was reproduced, or why it was judged without.",
            bodies,
        )
    };
    match fields.get("reproduction_kind") {
        "" | "none" => Ok(Reproduction::None),
        "record" => Ok(Reproduction::Record(text()?)),
        "reason" => Ok(Reproduction::Reason(text()?)),
        _ => Err(field_error("reproduction_kind", "Choose from the list.")),
    }
}

pub(super) fn accept(fields: &Fields, bodies: &Bodies<'_>) -> Result<Command, ActError> {
    let mut branches: Vec<String> = Vec::new();
    for line in fields.lines("branches") {
        let name: String = line.chars().take(80).collect();
        if !branches.contains(&name) {
            branches.push(name);
        }
    }
    if branches.is_empty() {
        return Err(field_error("branches", "Name at least one branch to fix."));
    }
    Ok(Command::Accept(Acceptance {
        waived: fields.contents("waive")?,
        branches,
        target_release: fields.short("target_release")?,
        message: fields.need_message(bodies)?,
    }))
}

pub(super) fn reject(
    fields: &Fields,
    loaded: &Loaded,
    bodies: &Bodies<'_>,
) -> Result<Command, ActError> {
    let clause = || -> Result<ClauseId, ActError> {
        let typed = fields.need("clause", "Name the clause of the policy that says so.")?;
        Ok(ClauseId(typed.to_owned()))
    };
    let ground = match fields.get("ground") {
        "out_of_scope" => RejectionGround::OutOfScope { clause: clause()? },
        "unsupported_version" => RejectionGround::UnsupportedVersion {
            clause: clause()?,
            tested: fields.choice(
                "supported_test",
                &[
                    ("", SupportedTest::NotSaid),
                    ("not_affected", SupportedTest::NotAffected),
                    ("not_possible", SupportedTest::NotPossible),
                    ("affected", SupportedTest::Affected),
                ],
                "Say what a test on a supported version showed.",
            )?,
        },
        "not_a_vulnerability" => RejectionGround::NotAVulnerability,
        "not_security" => RejectionGround::NotSecurity,
        "not_reproducible" => RejectionGround::NotReproducible,
        "incomplete" => RejectionGround::Incomplete,
        "not_credible" => RejectionGround::NotCredible,
        "known_upstream" => RejectionGround::KnownUpstream {
            clause: clause().ok(),
        },
        _ => return Err(field_error("ground", "Choose why it is turned down.")),
    };
    // Said apart from the ground (K8); where nothing is chosen, the assessment's answer holds.
    let assessed = loaded.state.assessment.as_ref();
    let is_vulnerability = match (fields.get("is_vulnerability"), assessed) {
        ("", Some((assessment, _, _))) => assessment.is_vulnerability,
        _ => fields.choice(
            "is_vulnerability",
            &VERDICTS,
            "Say whether it is a vulnerability all the same.",
        )?,
    };
    Ok(Command::Reject {
        ground,
        is_vulnerability,
        reason: fields.need_message(bodies)?,
        keep_as_suggestion: fields.is_on("keep_as_suggestion"),
    })
}
