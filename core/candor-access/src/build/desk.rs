//! The case page of the team, from a permit and a case.

use std::collections::BTreeMap;

use candor_base::{AccountId, CaseRef, Finding};
use candor_case::{
    Actor, AttackFact, CaseState, CreditWish, EmbargoState, FixStatus, OutletAnswer,
    RejectionGround, Reproduction, ScopeVerdict, SupportClaim,
};
use candor_policy::model::{Clause, ClauseId, DisclosureKind, ScopeItem, StepDemand, Support};
use candor_policy::{branches, severity_words, span_words};

use super::case::CaseMaterial;
use super::completeness::completeness;
use super::timeline::timeline;
use super::{clock_views, words};
use crate::permit::{Action, Permit};
use crate::view::{
    AllowedAct, AssessmentView, BranchView, CasePageView, ClauseLine, DraftView, EmbargoView,
    OutletView, ReportView,
};

/// What the case page shows beside the case itself.
#[derive(Debug, Clone, Default)]
pub struct DeskExtra {
    /// Who works in the program.
    pub team: Vec<(AccountId, String)>,
    /// Identity of the reporter: label and text.
    pub identity: Vec<(String, String)>,
    /// Values of the draft form.
    pub draft_values: BTreeMap<String, String>,
    /// What is missing or odd in the draft.
    pub draft_findings: Vec<Finding>,
    /// Preview of the draft.
    pub draft_preview: String,
    /// Why the one who looks cannot publish now.
    pub publish_blocked: Option<String>,
    /// Path of the published advisory.
    pub published: Option<String>,
    /// Texts prepared for outlets, by clause.
    pub outlet_texts: BTreeMap<ClauseId, String>,
    /// Acts that make sense now.
    pub allowed: Vec<&'static str>,
    /// Other open cases: reference and title.
    pub other_cases: Vec<(CaseRef, String)>,
}

/// The case page; `None` without a team permit for this very case.
pub fn build_case_page(
    permit: &Permit,
    m: &CaseMaterial<'_>,
    extra: DeskExtra,
) -> Option<CasePageView> {
    let right = permit.is_team()
        && permit.action() == Action::ReadCase
        && permit.case() == Some(m.state.facts.case);
    if !right {
        return None;
    }
    let s = m.state;
    let policy = &m.policy.policy;
    Some(CasePageView {
        program: m.program.clone(),
        reference: s.facts.reference.to_string(),
        title: m.title.to_owned(),
        seq: s.seq,
        stage: words::stage(s.stage()).to_owned(),
        steps: m.steps(),
        severity: s.severity(),
        reporter_severity: s.facts.reporter_severity,
        lead: s.lead.map(|lead| m.person(lead)),
        people: extra
            .team
            .iter()
            .map(|(id, name)| (id.to_string(), name.clone()))
            .collect(),
        waiting_on: words::waiting_on(s.waiting_on).to_owned(),
        alarms: alarms(m),
        next_step: next_step(s, &extra.allowed),
        report: report(m, &extra),
        completeness: completeness(m),
        clocks: clock_views(s, m.now, &m.calendar(), false),
        messages: s.messages.iter().map(|x| m.message(x, false)).collect(),
        assessment: assessment(m),
        decision: decision(m),
        in_scope: scope(&policy.in_scope),
        out_of_scope: scope(&policy.out_of_scope),
        unsupported: policy
            .versions
            .iter()
            .filter(|c| c.value.support == Support::None)
            .map(|c| (c.id.to_string(), c.quote.clone()))
            .collect(),
        severity_help: severity_help(m),
        cvss_version: policy
            .scoring
            .as_ref()
            .and_then(|c| c.value.cvss.clone())
            .unwrap_or_else(|| "3.1".to_owned()),
        suggested_branches: branches(m.policy).into_iter().map(|b| b.label).collect(),
        branches: s.fixes.iter().map(|row| branch(m, row)).collect(),
        mitigation: mitigation(m),
        communication_plan: s.communication_plan.as_ref().map(|t| m.text(t)),
        duties: policy
            .duties
            .iter()
            .map(|c| (c.id.to_string(), c.quote.clone()))
            .collect(),
        embargo: embargo(m),
        outlets: outlets(m, &extra),
        draft: draft(m, &extra),
        published: extra.published,
        timeline: timeline(m),
        acts: extra
            .allowed
            .iter()
            .map(|act| AllowedAct {
                act: (*act).to_owned(),
                blocked: None,
            })
            .collect(),
        other_cases: extra
            .other_cases
            .into_iter()
            .map(|(reference, title)| (reference.to_string(), title))
            .collect(),
        policy_version: m.policy.digest.to_string().chars().take(12).collect(),
    })
}

fn alarms(m: &CaseMaterial<'_>) -> Vec<String> {
    let s = m.state;
    let mut out = Vec::new();
    if s.attack_facts.contains_key(&AttackFact::AttacksObserved) {
        out.push("Attacks were observed.".to_owned());
    }
    if s.attack_facts.contains_key(&AttackFact::ExploitPublic) {
        out.push("An exploit is public.".to_owned());
    }
    if s.attack_facts.contains_key(&AttackFact::Public) {
        out.push("Details are public. No embargo is possible.".to_owned());
    } else if s.facts.public.is_some() {
        out.push("The reporter says that this is already public. Check it at once.".to_owned());
    }
    let overdue = s
        .clocks
        .values()
        .filter(|c| c.is_open() && c.due.is_some_and(|due| m.now > due))
        .count();
    match overdue {
        0 => {}
        1 => out.push("One promise is overdue.".to_owned()),
        n => out.push(format!("{n} promises are overdue.")),
    }
    if !s.mail_failures.is_empty() {
        out.push(
            "A mail about this case did not arrive. The reporter can still read everything in \
             the room."
                .to_owned(),
        );
    }
    out.extend(timing(m).map(str::to_owned));
    if s.follow_ups > 0 && s.acknowledged.is_none() {
        out.push("The reporter follows up: nobody has answered in time.".to_owned());
    }
    out
}

/// What the policy says about when things happen and the case does not do (yet).
fn timing(m: &CaseMaterial<'_>) -> impl Iterator<Item = &'static str> {
    let (s, policy) = (m.state, &m.policy.policy);
    let together = policy
        .steps
        .iter()
        .any(|c| c.value.demands.contains(&StepDemand::Together));
    let gap = together && s.fix_released.is_some() && s.advisory.published.is_none();
    let faster = policy.disclosure.iter().any(|c| {
        c.value.rule == DisclosureKind::Expedited
            && c.value.severity.is_some()
            && c.value.severity == s.severity()
    });
    let undated = !s.embargo.settled
        && s.embargo.proposal.is_none()
        && matches!(s.embargo.state, EmbargoState::None | EmbargoState::Active)
        && s.advisory.published.is_none();
    let open = s.closed.is_none() && !s.is_turned_down();
    [
        (open && gap).then_some(
            "The fix is released and its advisory is not public: the policy promises both \
             together.",
        ),
        (open && faster && undated).then_some(
            "The policy promises a faster way at this severity: agree on an earlier date with \
             the reporter.",
        ),
    ]
    .into_iter()
    .flatten()
}

/// The most sensible next act, in the order of the road.
fn next_step(s: &CaseState, allowed: &[&'static str]) -> Option<String> {
    let open_objection = s.objection.as_ref().is_some_and(|o| o.upheld.is_none());
    let road: [(&str, bool, &str); 9] = [
        (
            "decide_objection",
            open_objection,
            "Decide on the reporter's objection.",
        ),
        (
            "acknowledge",
            s.acknowledged.is_none(),
            "Answer the reporter: acknowledge the report.",
        ),
        (
            "ask",
            s.asked.is_empty() && s.mandatory_missing.difference(&s.waived).next().is_some(),
            "Ask the reporter for what is missing.",
        ),
        (
            "assess",
            s.assessment.is_none() && s.asked.is_empty(),
            "Assess the report.",
        ),
        (
            "accept",
            s.accepted.is_none() && s.asked.is_empty(),
            "Accept it, or turn it down with a reason.",
        ),
        (
            "fix",
            s.accepted.is_some() && s.fix_released.is_none(),
            "Bring the fix forward on every branch.",
        ),
        (
            "save_draft",
            s.accepted.is_some() && s.advisory.draft.is_none(),
            "Write the advisory.",
        ),
        (
            "approve",
            s.advisory.approved.is_none(),
            "Have a second person look at the advisory.",
        ),
        (
            "publish",
            s.advisory.published.is_none(),
            "Publish the advisory when its date has come.",
        ),
    ];
    if s.closed.is_some() {
        return None;
    }
    let step = road
        .iter()
        .find(|(act, now, _)| *now && allowed.contains(act))
        .map(|(_, _, words)| (*words).to_owned());
    step.or_else(|| (!s.asked.is_empty()).then(|| "Wait for the reporter's answer.".to_owned()))
        .or_else(|| {
            let published = s.advisory.published.is_some() && allowed.contains(&"close");
            published.then(|| "Answer the outlets and close the case.".to_owned())
        })
}

fn report(m: &CaseMaterial<'_>, extra: &DeskExtra) -> ReportView {
    let f = &m.state.facts;
    ReportView {
        fields: m.report.to_vec(),
        files: f.files.iter().map(|file| m.file(file)).collect(),
        identity: extra.identity.clone(),
        sha256: f.report.sha256.to_string(),
        channel: words::channel(f.channel).to_owned(),
        certainty: words::certainty(f.certainty).to_owned(),
        public: f.public.as_ref().map(|p| m.text(&p.place)),
        support: support(&f.support),
        warned_of: f
            .warned_of
            .iter()
            .map(|id| clause_text(&m.policy.policy.out_of_scope, id))
            .collect(),
    }
}

fn support(claim: &SupportClaim) -> Option<String> {
    match claim {
        SupportClaim::NotGiven => None,
        SupportClaim::Supported { .. } => Some("This version is supported.".to_owned()),
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

fn scope(clauses: &[Clause<ScopeItem>]) -> Vec<(String, String)> {
    clauses
        .iter()
        .map(|c| (c.id.to_string(), c.quote.clone()))
        .collect()
}

fn severity_help(m: &CaseMaterial<'_>) -> Vec<ClauseLine> {
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

fn assessment(m: &CaseMaterial<'_>) -> Option<AssessmentView> {
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
    add("CVSS", a.cvss.clone());
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
        RejectionGround::UnsupportedVersion { clause } => {
            let row = policy.versions.iter().find(|c| c.id == *clause);
            let row = row.map_or_else(|| clause.to_string(), |c| c.quote.clone());
            format!("only an unsupported version is affected: {row}")
        }
        RejectionGround::NotAVulnerability => "no vulnerability".to_owned(),
        RejectionGround::NotSecurity => "a bug without security meaning".to_owned(),
        RejectionGround::NotReproducible => "could not be reproduced".to_owned(),
        RejectionGround::Incomplete => "mandatory contents never came".to_owned(),
        RejectionGround::NotCredible => "not credible".to_owned(),
        RejectionGround::KnownUpstream { .. } => "already public and tracked upstream".to_owned(),
    }
}

fn decision(m: &CaseMaterial<'_>) -> Option<String> {
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

fn branch(m: &CaseMaterial<'_>, row: &candor_case::FixRow) -> BranchView {
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
        reviewer: row.reviewer.map(|id| m.person(id)),
        test: row.test.as_ref().map(|t| m.text(t)),
    }
}

fn mitigation(m: &CaseMaterial<'_>) -> Option<String> {
    m.state.mitigation.as_ref().map(|known| {
        known
            .as_ref()
            .map_or_else(|| "None known.".to_owned(), |t| m.text(t))
    })
}

fn embargo(m: &CaseMaterial<'_>) -> EmbargoView {
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
        proposal_by_reporter: e.proposal.as_ref().is_some_and(|p| p.by == Actor::Reporter),
        settled: e.settled,
        told: e.date_told,
    }
}

fn draft(m: &CaseMaterial<'_>, extra: &DeskExtra) -> DraftView {
    let advisory = &m.state.advisory;
    let digest = advisory.draft.as_ref().map(|d| d.text.sha256);
    let approved = advisory
        .approved
        .filter(|(of, _, _)| Some(*of) == digest)
        .map(|(_, by, at)| format!("{}, {}", m.actor(by, false), m.when(at).words));
    DraftView {
        values: extra.draft_values.clone(),
        findings: extra.draft_findings.clone(),
        preview: extra.draft_preview.clone(),
        digest: digest.map(|d| d.to_string()),
        approved,
        publish_blocked: extra.publish_blocked.clone(),
        credit: match &m.state.credit {
            CreditWish::NotAnswered => "Nobody: the reporter has not answered.".to_owned(),
            CreditWish::Anonymous => "Nobody: the reporter wants to stay anonymous.".to_owned(),
            CreditWish::Named(name) => m.text(name),
        },
    }
}

fn outlets(m: &CaseMaterial<'_>, extra: &DeskExtra) -> Vec<OutletView> {
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
        })
        .collect()
}
