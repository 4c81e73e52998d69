//! The case page of the team, from a permit and a case.

use std::collections::BTreeMap;

use candor_base::{AccountId, CaseRef, Finding};
use candor_case::{AttackFact, CaseState, EmbargoState};
use candor_policy::model::{Clause, ClauseId, DisclosureKind, StepDemand, Support, VersionRule};
use candor_policy::{branches, next_versions};

use super::around::{self, around, waits};
use super::case::CaseMaterial;
use super::completeness::completeness;
use super::desk_parts::{
    assessment, branch, decision, draft, embargo, mitigation, outlets, report, scope, severity_help,
};
use super::regulator::open_lines;
use super::timeline::timeline;
use super::{clock_views, words};
use super::{ledger, party, secrets};
use crate::permit::{Action, Permit};
use crate::view::{AllowedAct, CasePageView};

/// What the case page shows beside the case itself.
#[derive(Debug, Clone, Default)]
pub struct DeskExtra {
    /// Whoever looks may change settings and people of the program.
    pub owner: bool,
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
    /// What to know of one outlet that is not answered yet.
    pub outlet_note: Option<(ClauseId, String)>,
    /// Every act of the team, with why it is not possible now.
    pub moves: Vec<AllowedAct>,
    /// Other open cases: reference and title.
    pub other_cases: Vec<(CaseRef, String)>,
    /// Who of the team opened the case: name, and when in words.
    pub readers: Vec<(String, String)>,
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
        owner: extra.owner,
        reference: s.facts.reference.to_string(),
        title: m.title.to_owned(),
        seq: s.seq,
        stage: words::stage(s.stage()).to_owned(),
        closed: s.closed.is_some(),
        steps: m.steps(),
        severity: s.severity(),
        reporter_severity: s.facts.reporter_severity,
        lead: s.lead.map(|lead| m.person(lead)),
        people: extra
            .team
            .iter()
            .map(|(id, name)| (id.to_string(), name.clone()))
            .collect(),
        waiting_on: waits(m),
        alarms: alarms(m),
        next_step: next_step(m, &extra),
        report: report(m, &extra),
        completeness: completeness(m),
        clocks: clock_views(s, m.now, &m.calendar(), false),
        ledger: ledger::ledger(m),
        parties: party::lines(m),
        party_terms: party::terms(m),
        open_alarms: ledger::alarms(m),
        extendable: ledger::extendable(m),
        waivable: ledger::waivable(m),
        messages: s.messages.iter().map(|x| m.message(x, false)).collect(),
        assessment: assessment(m),
        decision: decision(m),
        in_scope: scope(&policy.in_scope),
        out_of_scope: scope(&policy.out_of_scope),
        unsupported: unsupported(&policy.versions),
        severity_help: severity_help(m),
        cvss_version: policy
            .scoring
            .as_ref()
            .and_then(|c| c.value.cvss.clone())
            .unwrap_or_else(|| "3.1".to_owned()),
        suggested_branches: branches(m.policy).into_iter().map(|b| b.label).collect(),
        next_release: next_release(m),
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
        cve: super::cve::view(m, &extra.draft_values),
        regulators: open_lines(m),
        timeline: timeline(m),
        acts: extra.moves,
        around: around(m),
        readers: extra.readers,
        other_cases: extra
            .other_cases
            .into_iter()
            .map(|(reference, title)| (reference.to_string(), title))
            .collect(),
        policy_version: m.policy.digest.to_string().chars().take(12).collect(),
    })
}

fn unsupported(rows: &[Clause<VersionRule>]) -> Vec<(String, String)> {
    rows.iter()
        .filter(|c| c.value.support == Support::None)
        .map(|c| (c.id.to_string(), c.quote.clone()))
        .collect()
}

/// What the register tells of the next release (S4-03).
fn next_release(m: &CaseMaterial<'_>) -> Option<String> {
    let versions = next_versions(m.policy).join(" or ");
    let day = m.policy.settings.next_release.map(|d| d.to_string());
    match (versions.is_empty(), day) {
        (true, None) => None,
        (true, Some(day)) => Some(format!("The next release is on {day}.")),
        (false, None) => Some(format!("By the policy: {versions}.")),
        (false, Some(day)) => Some(format!("By the policy: {versions}, on {day}.")),
    }
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
    if s.open_alarms().next().is_some() {
        out.push(
            "A promise was missed and nobody has said yet that they have seen it. Until \
             somebody does, more people are called."
                .to_owned(),
        );
    }
    if s.regulators.open_dues().any(|due| m.now > due) {
        out.push("A date for a regulator has passed. See the page about regulators.".to_owned());
    }
    out.extend(super::cve::alarm(m));
    if !s.mail_failures.is_empty() {
        out.push(
            "A mail about this case did not arrive. The reporter can still read everything in \
             the room."
                .to_owned(),
        );
    }
    out.extend(timing(m).map(str::to_owned));
    out.extend(around::alarms(m));
    out.extend(secrets::alarms(m));
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

/// The most sensible next act, in the order of the road; once the advisory is public,
/// its places to announce it and then the end.
fn next_step(m: &CaseMaterial<'_>, extra: &DeskExtra) -> Option<String> {
    let s = m.state;
    if s.closed.is_some() {
        return None;
    }
    if let Some(words) = around::next_step(m) {
        return Some(words.to_owned());
    }
    let possible = |act: &str| {
        let found = extra.moves.iter().find(|a| a.act == act);
        found.is_some_and(|a| a.blocked.is_none())
    };
    let open = |act: &str, now: bool| now && possible(act);
    let two = m.policy.settings.four_eyes && extra.team.len() > 1;
    if let Some(words) = on_the_road(s, two, &open) {
        return Some(words.to_owned());
    }
    if !s.asked.is_empty() {
        return Some("Wait for the reporter's answer.".to_owned());
    }
    if s.advisory.published.is_none() && s.advisory.is_approved() {
        return extra.publish_blocked.clone();
    }
    s.advisory.published?;
    let unanswered: Vec<&str> = m
        .policy
        .policy
        .outlets
        .iter()
        .filter(|c| !s.outlets.contains_key(&c.id))
        .map(|c| c.value.name.as_str())
        .collect();
    if open("answer_outlet", !unanswered.is_empty()) {
        return Some(format!(
            "Say where the advisory was announced: {}.",
            unanswered.join(", ")
        ));
    }
    let ids: Vec<&str> = s.cve.open_ids().map(|(id, _)| id.as_str()).collect();
    if open("record_cve", !ids.is_empty()) {
        return Some(format!(
            "Have the CVE record published and note it, or have the id rejected: {}.",
            ids.join(", ")
        ));
    }
    open("close", true).then(|| "Close the case.".to_owned())
}

fn on_the_road(
    s: &CaseState,
    two: bool,
    open: &dyn Fn(&str, bool) -> bool,
) -> Option<&'static str> {
    let objection = s.objection.as_ref().is_some_and(|o| o.upheld.is_none());
    let lacking = s.mandatory_missing.difference(&s.waived).next().is_some();
    let nothing_asked = s.asked.is_empty();
    let changed = s.advisory.published.is_some();
    let road = [
        (
            "decide_objection",
            objection,
            "Decide on the reporter's objection.",
        ),
        (
            "acknowledge",
            s.acknowledged.is_none(),
            "Answer the reporter: acknowledge the report.",
        ),
        (
            "ask",
            nothing_asked && lacking,
            "Ask the reporter for what is missing.",
        ),
        (
            "assess",
            s.assessment.is_none() && nothing_asked,
            "Assess the report.",
        ),
        (
            "accept",
            s.accepted.is_none() && nothing_asked,
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
            !s.advisory.is_approved(),
            match (two, changed) {
                (true, true) => "Have a second person look at the changed advisory.",
                (true, false) => "Have a second person look at the advisory.",
                (false, true) => "Read the changed advisory once more and approve it.",
                (false, false) => "Read the advisory once more and approve it.",
            },
        ),
        (
            "publish",
            true,
            if changed {
                "Publish the changed advisory."
            } else {
                "Publish the advisory."
            },
        ),
    ];
    road.into_iter()
        .find(|(act, now, _)| open(act, *now))
        .map(|(_, _, words)| words)
}
