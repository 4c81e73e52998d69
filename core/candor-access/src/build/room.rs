//! The reporter's room, from a permit and a case.
//!
//! Invariants: no message of the team's lane and no internal note is read here
//! at all; Candor's own clocks are left out, since they are no promises.

use candor_case::{Actor, CaseState, CreditWish, EmbargoState, Event, Stage};
use candor_policy::model::{DisclosureKind, Milestone, Policy, Severity, Term};
use candor_policy::{severity_words, span_words};

use super::case::CaseMaterial;
use super::{clock_views, duties, safe_harbour, words};
use crate::permit::{Action, Permit};
use crate::view::{MessageView, RoomView, TheirKeyView};

/// What the room shows beside the case itself.
#[derive(Debug, Clone, Default)]
pub struct RoomExtra {
    /// The draft advisory as plain text.
    pub draft: Option<String>,
    /// Title and path of the published advisory.
    pub advisory: Option<(String, String)>,
    /// The signed receipt.
    pub receipt_note: Option<String>,
    /// Whether the receipt stands in the public log by now; `None` without a log.
    pub logged: Option<bool>,
    /// The key that letters to the reporter are encrypted to.
    pub key: Option<TheirKeyView>,
    /// Acts that make sense now (`candor_case::allowed`).
    pub allowed: Vec<&'static str>,
}

/// The room; `None` without the reporter's own permit for this very case.
pub fn build_room(permit: &Permit, m: &CaseMaterial<'_>, extra: RoomExtra) -> Option<RoomView> {
    let own = permit.actor() == Actor::Reporter
        && permit.action() == Action::ReadCase
        && permit.case() == Some(m.state.facts.case);
    if !own {
        return None;
    }
    let s = m.state;
    let may = |act: &str| extra.allowed.contains(&act);
    let overdue = acknowledgement_overdue(m);
    Some(RoomView {
        program: m.program.clone(),
        reference: s.facts.reference.to_string(),
        title: m.title.to_owned(),
        status: status(m),
        steps: m.steps(),
        clocks: clock_views(s, m.now, &m.calendar(), true),
        messages: messages(m),
        asked: s
            .asked
            .iter()
            .map(|key| {
                let label = words::content_label(m.policy, *key);
                (words::content_name(*key).to_owned(), label)
            })
            .collect(),
        report: m.report.to_vec(),
        files: s.facts.files.iter().map(|f| m.file(f)).collect(),
        assessment: assessment(s),
        fixes: s
            .fixes
            .iter()
            .filter(|_| !s.reporter_is_outside())
            .map(|row| (row.branch.clone(), words::fix_status(&row.status).1))
            .collect(),
        date: s.embargo.until.map(|at| m.when(at)),
        proposed: proposal(m, false).filter(|_| may("answer_date")),
        proposed_by: super::accord::proposer(m, Actor::Reporter),
        answers_out: super::accord::waiting(m, Actor::Reporter),
        left: left(m),
        cve: super::cve::for_reporter(m),
        of_others: s.advisories_of_others().map(str::to_owned).collect(),
        can_leave: may("leave_embargo"),
        own_proposal: proposal(m, true),
        date_settled: s.embargo.settled,
        draft: extra.draft.filter(|_| !s.reporter_is_outside()),
        advisory: extra.advisory,
        credit: credit(m),
        credit_open: may("choose_credit"),
        can_object: may("object"),
        objection: objection(s),
        can_follow_up: may("follow_up"),
        follow_up_since: overdue.map(|at| m.when(at)),
        can_withdraw: may("withdraw"),
        questions: super::around::questions(m),
        can_write: may("say"),
        free_to_publish: free(m),
        statement: statement(m),
        credit_asked: may("choose_credit")
            && s.credit == CreditWish::NotAnswered
            && s.credit_question.asked.is_some(),
        duties: duties(m.policy),
        safe_harbour: safe_harbour(m.policy),
        embargo: embargo(m),
        receipt_note: extra.receipt_note,
        logged: extra.logged,
        key: extra.key,
        can_choose_key: may("choose_key"),
    })
}

fn status(m: &CaseMaterial<'_>) -> String {
    let s = m.state;
    let mut out = words::status(s.stage()).to_owned();
    if let Some(news) = super::around::original(m) {
        out.push(' ');
        out.push_str(news);
    }
    if let Some(deferral) = s.around.deferral.as_ref().filter(|_| s.closed.is_none()) {
        let day = m.when(deferral.review).words;
        out.extend([" That is on ", &day, "."]);
    }
    // A duplicate's original is another reporter's: its reference is never said here.
    if s.closed.is_some() && s.stage() != Stage::Closed {
        out.push_str(" This case is closed.");
    }
    out
}

/// What a reporter reads who left the embargo: what goes on, and what is not shown.
fn left(m: &CaseMaterial<'_>) -> Option<String> {
    let at = m
        .state
        .around
        .left
        .filter(|_| m.state.reporter_is_outside())?;
    Some(format!(
        "You left the embargo on {}. The case stays open: you see where it stands, its dates \
         and your own conversation with the team. Drafts, the state of fixes and what the \
         parties write to each other are shown again when the embargo is over, or when you \
         take a date that the project proposes.",
        m.when(at).words
    ))
}

fn messages(m: &CaseMaterial<'_>) -> Vec<MessageView> {
    m.state
        .messages
        .iter()
        .filter(|message| m.state.reporter_reads(message))
        .map(|message| m.message(message, true))
        .collect()
}

fn assessment(s: &CaseState) -> Vec<(String, String)> {
    let Some((a, _, _)) = s.assessment.as_ref().filter(|_| s.assessment_told) else {
        return Vec::new();
    };
    let mut out = vec![(
        "A vulnerability".to_owned(),
        words::verdict(a.is_vulnerability).to_owned(),
    )];
    let mut add = |label: &str, text: Option<String>| {
        if let Some(text) = text.filter(|t| !t.is_empty()) {
            out.push((label.to_owned(), text));
        }
    };
    let severity: Option<Severity> = a.severity;
    add("Severity", severity.map(|s| severity_words(s).to_owned()));
    add("CVSS", a.cvss.as_deref().map(words::cvss));
    add("Affected versions", Some(a.affected_versions.join(", ")));
    out
}

fn proposal(m: &CaseMaterial<'_>, own: bool) -> Option<crate::view::When> {
    let proposal = m.state.embargo.proposal.as_ref()?;
    ((proposal.by == Actor::Reporter) == own).then(|| m.when(proposal.at))
}

fn credit(m: &CaseMaterial<'_>) -> (String, Option<String>) {
    match &m.state.credit {
        CreditWish::NotAnswered => ("not_answered".to_owned(), None),
        CreditWish::Anonymous => ("anonymous".to_owned(), None),
        CreditWish::Named(name) => ("named".to_owned(), Some(m.text(name))),
    }
}

fn objection(s: &CaseState) -> Option<String> {
    let objection = s.objection.as_ref()?;
    Some(
        match objection.upheld {
            None => "Your objection is recorded. Somebody will decide on it.",
            Some(true) => "Your objection was right: the case is open again.",
            Some(false) => "Your objection was looked at; the decision stands.",
        }
        .to_owned(),
    )
}

fn acknowledgement_overdue(m: &CaseMaterial<'_>) -> Option<candor_base::Instant> {
    m.state
        .clocks
        .values()
        .filter(|c| c.spec.milestone == Milestone::Acknowledgement && c.is_open())
        .filter_map(|c| c.due)
        .find(|due| m.now > *due)
}

fn free(m: &CaseMaterial<'_>) -> Option<String> {
    let from = m.state.reporter_free_from?;
    let since = m
        .events
        .iter()
        .rev()
        .find(|r| matches!(r.event, Event::ReporterFree { .. }))
        .map_or(from, |r| r.at);
    Some(format!(
        "You are free to publish from {}. Said on {}.",
        m.when(from).words,
        m.when(since).words
    ))
}

/// The dated statement that the reporter may publish (CR-6), as a text to keep.
fn statement(m: &CaseMaterial<'_>) -> Option<String> {
    let words = free(m)?;
    let f = &m.state.facts;
    Some(format!(
        "Statement about a report to {}\n\nReference: {}\nReceived: {}\nPolicy version: {}\n\
         Receipt: {}\n\n{words}\n\nFrom that moment on, nothing that was agreed about this \
         report keeps its reporter from publishing. Duties of the law are not touched by it.\n",
        m.program.name,
        f.reference,
        m.when(m.state.received).words,
        f.policy,
        f.leaf,
    ))
}

fn embargo(m: &CaseMaterial<'_>) -> Option<String> {
    let e = &m.state.embargo;
    let until = e.until.map(|at| m.when(at).words);
    match (e.state, until) {
        (EmbargoState::None, _) => None,
        (EmbargoState::Proposed, _) => Some(
            "A date is proposed for publishing. Until both sides agree nothing is settled."
                .to_owned(),
        ),
        (EmbargoState::Active | EmbargoState::Revise, Some(until)) => {
            let mut words = vec![if e.settled {
                format!(
                    "Both sides keep this private until {until}. The project publishes nothing \
                     about it before."
                )
            } else {
                format!("This stays private until {until}, unless another date is agreed.")
            }];
            words.extend(terms(&m.policy.policy, e.settled));
            Some(words.join(" "))
        }
        (EmbargoState::Active | EmbargoState::Revise, None) => {
            Some("Both sides keep this private for now.".to_owned())
        }
        (EmbargoState::Exited, _) => Some("The embargo is over; nobody is bound by it.".to_owned()),
    }
}

/// What the policy itself says about the time until publication, in its own words and
/// with its lines; nothing where it says nothing.
fn terms(policy: &Policy, settled: bool) -> Vec<String> {
    let quoted = |quote: &str, span| {
        let quote = quote.trim_end_matches('.');
        format!("\u{201c}{quote}\u{201d} ({})", span_words(span))
    };
    let window = policy
        .disclosure
        .iter()
        .filter(|c| matches!(c.value.rule, DisclosureKind::Window { .. }))
        .map(|c| quoted(&c.quote, c.span));
    let promise = policy
        .promises
        .iter()
        .filter(|c| c.value.milestone == Milestone::Disclosure)
        .filter(|c| matches!(c.value.term, Term::Within { .. }))
        .map(|c| quoted(&c.quote, c.span));
    let silence = policy
        .disclosure
        .iter()
        .filter(|c| {
            matches!(
                c.value.rule,
                DisclosureKind::UntilFixed | DisclosureKind::UntilValidatedOrAgreed
            )
        })
        .map(|c| format!("The policy asks: {}.", quoted(&c.quote, c.span)));
    let time = window
        .chain(promise)
        .next()
        .filter(|_| !settled)
        .map(|words| format!("The policy gives this time: {words}."));
    time.into_iter().chain(silence).collect()
}
