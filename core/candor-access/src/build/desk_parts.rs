//! The parts of the case page, each from the case as it stands.
//!
//! Invariant: everything here is for the team alone; nothing of it is used for
//! the reporter's room.

use candor_case::{
    CreditKind, CreditWish, EmbargoState, FixRow, FixStatus, OutletAnswer, RejectionGround,
    Reproduction, ScopeVerdict, Side, SupportClaim, SupportedTest, publication_notes,
};
use candor_policy::model::{Clause, ClauseId, ScopeItem};
use candor_policy::{severity_words, span_words};

use super::case::CaseMaterial;
use super::desk::DeskExtra;
use super::words;
use crate::view::{
    AssessmentView, BranchView, ClauseLine, DraftView, EmbargoView, OtherCreditView, OutletView,
    ReportView,
};

pub(super) fn report(m: &CaseMaterial<'_>, extra: &DeskExtra) -> ReportView {
    let f = &m.state.facts;
    ReportView {
        fields: m.report.to_vec(),
        files: f.files.iter().map(|file| m.file(file)).collect(),
        identity: extra.identity.clone(),
        sha256: f.report.sha256.to_string(),
        channel: words::channel(f.channel).to_owned(),
        certainty: words::certainty(f.certainty).to_owned(),
        public: f.public.as_ref().map(|p| m.text(&p.place)),
        support: support(m, &f.support),
        warned_of: f
            .warned_of
            .iter()
            .map(|id| clause_text(&m.policy.policy.out_of_scope, id))
            .collect(),
    }
}

fn support(m: &CaseMaterial<'_>, claim: &SupportClaim) -> Option<String> {
    match claim {
        SupportClaim::NotGiven => None,
        SupportClaim::Supported { .. } => Some("This version is supported.".to_owned()),
        SupportClaim::IfNewest { clause } => {
            let rows = &m.policy.policy.versions;
            let line = rows
                .iter()
                .find(|c| c.id == *clause)
                .map_or_else(String::new, |c| format!(" ({})", span_words(c.span)));
            Some(format!(
                "Supported only if it is the newest release{line}. Candor cannot tell: no \
                 release is named in the settings."
            ))
        }
        SupportClaim::Unknown => {
            Some("The policy does not say whether this version is supported.".to_owned())
        }
        SupportClaim::Unsupported {
            tried_supported, ..
        } => Some(
            match tried_supported {
                Some(true) => {
                    "This version is not supported; the reporter also tried a supported one."
                }
                Some(false) => "This version is not supported; a supported one was not tried.",
                None => {
                    "This version is not supported; whether a supported one was tried is not said."
                }
            }
            .to_owned(),
        ),
    }
}

fn clause_text(clauses: &[Clause<ScopeItem>], id: &ClauseId) -> String {
    clauses
        .iter()
        .find(|c| c.id == *id)
        .map_or_else(|| id.to_string(), |c| c.quote.clone())
}

pub(super) fn scope(clauses: &[Clause<ScopeItem>]) -> Vec<(String, String)> {
    clauses
        .iter()
        .map(|c| (c.id.to_string(), c.quote.clone()))
        .collect()
}

pub(super) fn severity_help(m: &CaseMaterial<'_>) -> Vec<ClauseLine> {
    m.policy
        .policy
        .severities
        .iter()
        .map(|c| ClauseLine {
            id: c.id.to_string(),
            text: format!(
                "{}: {}",
                severity_words(c.value.severity),
                c.value.classes.join(", ")
            ),
            lines: Some(span_words(c.span)),
            note: c.value.response.clone(),
        })
        .collect()
}

pub(super) fn assessment(m: &CaseMaterial<'_>) -> Option<AssessmentView> {
    let (a, by, at) = m.state.assessment.as_ref()?;
    let policy = &m.policy.policy;
    let mut lines = Vec::new();
    let mut add = |label: &str, text: Option<String>| {
        if let Some(text) = text.filter(|t| !t.is_empty()) {
            lines.push((label.to_owned(), text));
        }
    };
    add(
        "Scope",
        Some(match &a.scope {
            ScopeVerdict::In { clause: None } => "in scope".to_owned(),
            ScopeVerdict::In { clause: Some(id) } => {
                format!("in scope: {}", clause_text(&policy.in_scope, id))
            }
            ScopeVerdict::Out { clause } => {
                format!(
                    "out of scope: {}",
                    clause_text(&policy.out_of_scope, clause)
                )
            }
        }),
    );
    add(
        "A vulnerability",
        Some(words::verdict(a.is_vulnerability).to_owned()),
    );
    add("Severity", a.severity.map(|s| severity_words(s).to_owned()));
    add("CVSS", a.cvss.as_deref().map(words::cvss));
    let impacts: Vec<&str> = a.impacts.iter().map(|i| words::impact(*i)).collect();
    add("Impact on", Some(impacts.join(", ")));
    add("Effects", a.effects.as_ref().map(|t| m.text(t)));
    add("Criticality", a.criticality.as_ref().map(|t| m.text(t)));
    add(
        "Word and score differ",
        a.difference_note.as_ref().map(|t| m.text(t)),
    );
    add("Affected versions", Some(a.affected_versions.join(", ")));
    add(
        "Deployment judged",
        a.deployment.as_ref().map(|t| m.text(t)),
    );
    match &a.reproduction {
        Reproduction::None => add("Reproduced", Some("not tried yet".to_owned())),
        Reproduction::Record(t) => add("Reproduced", Some(m.text(t))),
        Reproduction::Reason(t) => add("Judged without reproducing it", Some(m.text(t))),
    }
    Some(AssessmentView {
        lines,
        by: m.actor(*by, false),
        when: m.when(*at),
        told: m.state.assessment_told,
    })
}

fn ground(m: &CaseMaterial<'_>, ground: &RejectionGround) -> String {
    let policy = &m.policy.policy;
    match ground {
        RejectionGround::OutOfScope { clause } => {
            format!(
                "out of scope: {}",
                clause_text(&policy.out_of_scope, clause)
            )
        }
        RejectionGround::UnsupportedVersion { clause, tested } => {
            let row = policy.versions.iter().find(|c| c.id == *clause);
            let row = row.map_or_else(|| clause.to_string(), |c| c.quote.clone());
            let tested = match tested {
                SupportedTest::NotSaid | SupportedTest::Affected => "",
                SupportedTest::NotAffected => "; a supported version was tried and is not affected",
                SupportedTest::NotPossible => "; a supported version could not be tried",
            };
            format!("only an unsupported version is affected: {row}{tested}")
        }
        RejectionGround::NotAVulnerability => "no vulnerability".to_owned(),
        RejectionGround::NotSecurity => "a bug without security meaning".to_owned(),
        RejectionGround::NotReproducible => "could not be reproduced".to_owned(),
        RejectionGround::Incomplete => "what was asked for never came".to_owned(),
        RejectionGround::NotCredible => "not credible".to_owned(),
        RejectionGround::KnownUpstream { .. } => "already public and tracked upstream".to_owned(),
    }
}

pub(super) fn decision(m: &CaseMaterial<'_>) -> Option<String> {
    let s = m.state;
    let mut out = Vec::new();
    if let Some(r) = &s.rejection {
        out.push(format!(
            "Turned down by {}: {}. A vulnerability: {}.",
            m.actor(r.by, false),
            ground(m, &r.ground),
            words::verdict(r.is_vulnerability)
        ));
    }
    if let Some((_, reference)) = &s.duplicate_of {
        out.push(format!("Duplicate of {reference}."));
    }
    if let Some(o) = &s.objection {
        out.push(
            match o.upheld {
                None => "The reporter objects; the objection waits for a decision.",
                Some(true) => "The objection was right.",
                Some(false) => "The objection was not followed.",
            }
            .to_owned(),
        );
    }
    (!out.is_empty()).then(|| out.join(" "))
}

pub(super) fn branch(m: &CaseMaterial<'_>, row: &FixRow) -> BranchView {
    let (status, plain) = words::fix_status(&row.status);
    let words = match &row.status {
        FixStatus::WontFix { reason } => format!("{plain}: {}", m.text(reason)),
        _ => plain,
    };
    BranchView {
        branch: row.branch.clone(),
        status: status.to_owned(),
        words,
        version: match &row.status {
            FixStatus::Released { version } => Some(version.clone()),
            _ => None,
        },
        kind: words::fix_kind(row.kind).to_owned(),
        private_branch: row.private_branch.clone(),
        change: row.change.clone(),
        reviewer: row
            .reviewer
            .map(|id| match (row.author, row.reviewed_alone) {
                (_, true) => "the same person: the team has one member".to_owned(),
                (Some(author), false) if author == id => "the same person".to_owned(),
                _ => m.person(id),
            }),
        test: row.test.as_ref().map(|t| m.text(t)),
    }
}

pub(super) fn mitigation(m: &CaseMaterial<'_>) -> Option<String> {
    m.state.mitigation.as_ref().map(|known| {
        known
            .as_ref()
            .map_or_else(|| "None known.".to_owned(), |t| m.text(t))
    })
}

pub(super) fn embargo(m: &CaseMaterial<'_>) -> EmbargoView {
    let e = &m.state.embargo;
    EmbargoView {
        state: match e.state {
            EmbargoState::None => "no embargo",
            EmbargoState::Proposed => "proposed",
            EmbargoState::Active => "active",
            EmbargoState::Revise => "active; another date is proposed",
            EmbargoState::Exited => "over",
        }
        .to_owned(),
        until: e.until.map(|at| m.when(at)),
        proposal: e
            .proposal
            .as_ref()
            .map(|p| (m.actor(p.by, false), m.when(p.at))),
        can_answer: m.state.answers_out().contains(&Side::Team),
        answers: super::accord::answers(m),
        reporter_left: m.state.around.left.map(|at| m.when(at)),
        settled: e.settled,
        told: e.date_told,
        rules: publication_notes(m.state, &m.policy.policy, &m.calendar()),
    }
}

pub(super) fn draft(m: &CaseMaterial<'_>, extra: &DeskExtra) -> DraftView {
    let advisory = &m.state.advisory;
    let digest = advisory.draft.as_ref().map(|d| d.text.sha256);
    let approvals: Vec<String> = digest
        .into_iter()
        .flat_map(|digest| advisory.approvals_of(digest))
        .map(|(by, at)| format!("{}, {}", m.actor(by, false), m.when(at).words))
        .collect();
    let approved = (!approvals.is_empty()).then(|| approvals.join("; "));
    DraftView {
        values: extra.draft_values.clone(),
        findings: extra.draft_findings.clone(),
        preview: extra.draft_preview.clone(),
        digest: digest.map(|d| d.to_string()),
        approved,
        publish_blocked: extra.publish_blocked.clone(),
        credit: match &m.state.credit {
            CreditWish::NotAnswered if m.state.credit_question.given_up => {
                "Nobody: the reporter did not answer, and two reminders are over.".to_owned()
            }
            CreditWish::NotAnswered => "Nobody: the reporter has not answered.".to_owned(),
            CreditWish::Anonymous => "Nobody: the reporter wants to stay anonymous.".to_owned(),
            CreditWish::Named(name) => format!(
                "{}, who {}",
                m.text(name),
                words::credit_kind(m.state.credit_kind)
            ),
        },
        others: m
            .state
            .credits
            .iter()
            .map(|c| OtherCreditView {
                key: format!("{} {}", c.name.sha256, credit_name(c.kind)),
                name: m.text(&c.name),
                what: words::credit_kind(c.kind).to_owned(),
                consent: m.text(&c.consent),
            })
            .collect(),
    }
}

fn credit_name(kind: CreditKind) -> &'static str {
    CreditKind::ALL
        .into_iter()
        .find(|(_, k)| *k == kind)
        .map_or("other", |(name, _)| name)
}

pub(super) fn outlets(m: &CaseMaterial<'_>, extra: &DeskExtra) -> Vec<OutletView> {
    m.policy
        .policy
        .outlets
        .iter()
        .map(|c| OutletView {
            id: c.id.to_string(),
            name: c.value.name.clone(),
            answer: m.state.outlets.get(&c.id).map(|answer| match answer {
                OutletAnswer::Sent { link: Some(link) } => format!("announced: {link}"),
                OutletAnswer::Sent { link: None } => "announced".to_owned(),
                OutletAnswer::Waived { reason } => format!("left out: {}", m.text(reason)),
            }),
            text: extra.outlet_texts.get(&c.id).cloned(),
            note: (extra.outlet_note.as_ref())
                .filter(|(id, _)| *id == c.id)
                .map(|(_, note)| note.clone()),
        })
        .collect()
}
