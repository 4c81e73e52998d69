//! From what somebody wants to the form that a browser would send: the name of the act
//! and its fields.
//!
//! Invariant: every text of a case but the draft carries the canary, so that it is known
//! wherever it comes out.
//!
//! Deliberately absent: acts about regulators, and of Candor itself.

mod around;

use std::collections::{BTreeMap, BTreeSet};

use candor_base::Instant;
use candor_case::{
    Acceptance, Assessment, AttackFact, CloseReason, Command, CreditKind, CreditWish, DateAnswer,
    FixChange, FixStatus, Lane, MessageKind, OutletAnswer, RejectionGround, ScopeVerdict, TextRef,
    Verdict,
};
use candor_policy::model::ContentKey;
use candor_policy::settings::PolicyInForce;
use serde::Serialize;

use crate::parts::words_of;
use crate::sim::CANARY;

/// The fields of a form.
pub(super) type Fields = BTreeMap<String, String>;

/// What a form needs to know beside the wish.
pub(super) struct Desk<'a> {
    /// The policy of the case.
    pub(super) policy: &'a PolicyInForce,
    /// The proposal on the page, when there is one.
    pub(super) proposal: Option<Instant>,
    /// The reference of an older case.
    pub(super) older: Option<String>,
}

/// The word of a value in its serialised form.
fn word(value: impl Serialize) -> String {
    let json = serde_json::to_value(value).unwrap();
    json.as_str().unwrap_or_default().to_owned()
}

fn words(text: &TextRef) -> String {
    format!("{CANARY} {}", words_of(text))
}

fn keys(items: &BTreeSet<ContentKey>) -> String {
    let all: Vec<String> = items.iter().map(word).collect();
    all.join("\n")
}

const fn yes(answer: bool) -> &'static str {
    if answer { "yes" } else { "no" }
}

/// A form that is being filled in.
#[derive(Default)]
struct Form(Fields);

impl Form {
    fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    fn text(self, name: &str, text: &TextRef) -> Self {
        let words = words(text);
        self.with(name, words)
    }

    fn maybe(self, name: &str, text: Option<&TextRef>) -> Self {
        match text {
            Some(text) => self.text(name, text),
            None => self,
        }
    }

    /// Date and time as they stand on a wall in the policy's zone.
    fn moment(self, at: Instant, policy: &PolicyInForce) -> Self {
        let zone = policy.calendar().zone.name().to_owned();
        let zone = jiff::tz::TimeZoneDatabase::bundled().get(&zone).unwrap();
        let wall = jiff::Timestamp::from_second(at.unix())
            .unwrap()
            .to_zoned(zone);
        self.with("date", wall.strftime("%Y-%m-%d").to_string())
            .with("time", wall.strftime("%H:%M").to_string())
    }
}

/// The fields for a wish; `None` where no page has such a form.
pub(super) fn fields(command: &Command, desk: &Desk<'_>) -> Option<Fields> {
    let form = Form::default();
    let form = match command {
        Command::Acknowledge { message, plan } => {
            form.text("message", &message.text).with("plan", yes(*plan))
        }
        Command::Ask { items, message } => form
            .with("items", keys(items))
            .text("message", &message.text),
        Command::Supply { items, message } => {
            let form = form.text("message", &message.text);
            items.iter().fold(form, |form, key| {
                form.with(&word(key), format!("{CANARY} supplied"))
            })
        }
        Command::Waive { items } => form.with("items", keys(items)),
        Command::Say {
            lane,
            kind,
            message,
        } => say(form, *lane, *kind)?.text("message", &message.text),
        Command::Assign { lead } => form.with("lead", lead.to_string()),
        Command::Assess {
            assessment,
            message,
        } => assess(form, assessment).maybe("message", message.as_ref().map(|m| &m.text)),
        Command::Accept(acceptance) => accept(form, acceptance),
        Command::Reject {
            ground,
            is_vulnerability,
            reason,
            ..
        } => reject(form, ground)?
            .with("is_vulnerability", verdict(*is_vulnerability))
            .text("message", &reason.text),
        Command::MarkDuplicate { message, .. } => form
            .with("of", desk.older.clone()?)
            .text("message", &message.text),
        Command::Object { reason } => form.text("message", &reason.text),
        Command::DecideObjection { uphold, reason } => form
            .with("uphold", yes(*uphold))
            .text("message", &reason.text),
        Command::Fix(change) => fix(form, change),
        Command::Mitigate { text: None } => form.with("none_known", "on"),
        Command::Mitigate { text: Some(text) } | Command::PlanCommunication { text } => {
            form.text("text", text)
        }
        Command::Aside(aside) => around::aside(form, aside, desk)?,
        _ => return later(form, command, desk).map(|form| form.0),
    };
    Some(form.0)
}

fn later(form: Form, command: &Command, desk: &Desk<'_>) -> Option<Form> {
    Some(match command {
        Command::ProposeDate {
            at,
            reason,
            message,
        } => form
            .moment(*at, desk.policy)
            .maybe("reason", reason.as_ref())
            .maybe("message", message.as_ref().map(|m| &m.text)),
        Command::AnswerDate(DateAnswer::Accept) => {
            let proposal = desk.proposal.map_or(0, Instant::unix);
            form.with("answer", "accept")
                .with("proposal", proposal.to_string())
        }
        Command::AnswerDate(DateAnswer::Counter { at, reason }) => form
            .with("answer", "counter")
            .moment(*at, desk.policy)
            .maybe("reason", reason.as_ref()),
        Command::AnswerDate(DateAnswer::Decline { .. }) => form.with("answer", "decline"),
        Command::SetDateAlone {
            at,
            reason,
            message,
        } => form
            .moment(*at, desk.policy)
            .text("reason", reason)
            .text("message", &message.text),
        Command::RecordFact { fact, evidence } => form
            .with("fact", fact_word(*fact))
            .text("evidence", evidence),
        Command::SaveDraft(draft) => draft_form(form, &words_of(&draft.text), &draft.missing),
        Command::Approve { draft } | Command::Publish { draft } => {
            form.with("draft", draft.to_string())
        }
        Command::Cve(act) => around::cve(form, act),
        Command::AnswerOutlet { outlet, answer } => match answer {
            OutletAnswer::Sent { .. } => {
                form.with("outlet", outlet.0.clone()).with("answer", "sent")
            }
            OutletAnswer::Waived { reason } => form
                .with("outlet", outlet.0.clone())
                .with("answer", "waived")
                .text("reason", reason),
        },
        Command::ChooseCredit { wish, kind } => {
            let form = form.with("credit_kind", credit_word(*kind));
            match wish {
                CreditWish::Named(name) => form
                    .with("credit", "named")
                    .with("credit_name", words_of(name)),
                _ => form.with("credit", "anonymous"),
            }
        }
        Command::AddCredit(credit) => form
            .with("name", words_of(&credit.name))
            .with("credit_kind", credit_word(credit.kind))
            .text("consent", &credit.consent),
        Command::RemoveCredit { name, kind } => {
            form.with("credit", format!("{name} {}", credit_word(*kind)))
        }
        Command::FollowUp { message } | Command::Withdraw { message } => {
            form.maybe("message", message.as_ref().map(|m| &m.text))
        }
        Command::Extend {
            clock,
            days,
            reason,
        } => form
            .with("clock", clock.clone())
            .with("days", days.to_string())
            .with("sure", "on")
            .text("reason", reason),
        Command::WaivePromise { clock, reason } => {
            form.with("clock", clock.clone()).text("reason", reason)
        }
        Command::AnswerAlarm { clock } => form.with("clock", clock.clone()),
        Command::RecordBreach { duty, finding } => {
            form.with("duty", duty.0.clone()).text("finding", finding)
        }
        Command::Close { reason, note } => form
            .with("reason", close_word(*reason))
            .maybe("note", note.as_ref()),
        Command::Reopen { reason } => form.text("reason", reason),
        _ => return around::parties(form, command),
    })
}

fn say(form: Form, lane: Lane, kind: MessageKind) -> Option<Form> {
    let kind = match kind {
        MessageKind::Plain => "plain",
        MessageKind::Status => "status",
        MessageKind::Plan => "plan",
        MessageKind::Decision => "decision",
        MessageKind::DraftComment => "draft_comment",
        _ => return None,
    };
    Some(form.with("lane", word(lane)).with("kind", kind))
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Yes => "yes",
        Verdict::No => "no",
        Verdict::Unclear => "unclear",
    }
}

fn assess(form: Form, assessment: &Assessment) -> Form {
    let form = match &assessment.scope {
        ScopeVerdict::Out { clause } => form
            .with("scope", "out")
            .with("out_clause", clause.0.clone()),
        ScopeVerdict::In { .. } => form.with("scope", "in"),
    };
    form.with("is_vulnerability", verdict(assessment.is_vulnerability))
        .with(
            "severity",
            assessment.severity.map(word).unwrap_or_default(),
        )
        .maybe("effects", assessment.effects.as_ref())
        .maybe("criticality", assessment.criticality.as_ref())
        .maybe("deployment", assessment.deployment.as_ref())
        .with("affected_versions", assessment.affected_versions.join("\n"))
        .with("reproduction_kind", "record")
        .with("reproduction", format!("{CANARY} done again"))
}

fn accept(form: Form, acceptance: &Acceptance) -> Form {
    let branches = if acceptance.branches.is_empty() {
        "main".to_owned()
    } else {
        acceptance.branches.join("\n")
    };
    form.with("branches", branches)
        .with("waive", keys(&acceptance.waived))
        .text("message", &acceptance.message.text)
}

fn reject(form: Form, ground: &RejectionGround) -> Option<Form> {
    Some(match ground {
        RejectionGround::OutOfScope { clause } => form
            .with("ground", "out_of_scope")
            .with("clause", clause.0.clone()),
        RejectionGround::NotReproducible => form.with("ground", "not_reproducible"),
        RejectionGround::Incomplete => form.with("ground", "incomplete"),
        _ => return None,
    })
}

fn fix(form: Form, change: &FixChange) -> Form {
    let (status, version) = match &change.status {
        FixStatus::Open => ("open", None),
        FixStatus::InDevelopment => ("in_development", None),
        FixStatus::Ready => ("ready", None),
        FixStatus::Tested => ("tested", None),
        FixStatus::Released { version } => ("released", Some(version.clone())),
        FixStatus::NotAffected => ("not_affected", None),
        FixStatus::WontFix { .. } => ("wont_fix", None),
    };
    let id = |id: Option<candor_base::AccountId>| id.map(|a| a.to_string()).unwrap_or_default();
    form.with("branch", change.branch.clone())
        .with("status", status)
        .with("sure", "on")
        .with("version", version.unwrap_or_default())
        .with("kind", "patch")
        .with(
            "private_branch",
            change.private_branch.clone().unwrap_or_default(),
        )
        .with("change", change.change.clone().unwrap_or_default())
        .with("author", id(change.author))
        .with("reviewer", id(change.reviewer))
        .with("reason", format!("{CANARY} too old"))
        .maybe("test", change.test.as_ref())
}

/// A draft in which the same words stand everywhere, complete or without a title.
fn draft_form(form: Form, words: &str, missing: &[String]) -> Form {
    let title = if missing.is_empty() { words } else { "" };
    form.with("title", title)
        .with("summary", words)
        .with("details", words)
        .with("affected", ">= 2.0, < 3.1")
        .with("fixed", "3.1")
        .with("severity", "high")
        .with("cvss", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")
        .with("cwe", "CWE-78")
        .with("none_known", "on")
        .with("fix_kind", "patch")
}

const fn fact_word(fact: AttackFact) -> &'static str {
    match fact {
        AttackFact::Public => "public",
        AttackFact::ExploitPublic => "exploit_public",
        AttackFact::AttacksObserved => "attacks_observed",
    }
}

const fn close_word(reason: CloseReason) -> &'static str {
    match reason {
        CloseReason::Disclosed => "disclosed",
        CloseReason::Rejected => "rejected",
        CloseReason::Duplicate => "duplicate",
        CloseReason::Withdrawn => "withdrawn",
        CloseReason::FixedInternally => "fixed_internally",
        CloseReason::Deferred => "deferred",
    }
}

fn credit_word(kind: CreditKind) -> &'static str {
    let found = CreditKind::ALL.into_iter().find(|(_, k)| *k == kind);
    found.map_or("", |(name, _)| name)
}
