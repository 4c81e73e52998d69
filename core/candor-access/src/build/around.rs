//! What surrounds a case, for the team: put aside, leak, contexts, parties, other
//! reports, consents, findings on duties; and the little of it that the reporter sees.
//!
//! Invariant: to the reporter only what the reporter is asked about is named.

use candor_base::Instant;
use candor_case::{
    AttackFact, Awaited, ClockStatus, Consent, ContextKind, CreditWish, Event, HandOver,
    HandOverWaits, Matter, Move, OriginalNews, PartyRole, Stage, WaitingOn, Wish,
};
use candor_policy::clock_words;
use candor_policy::clocks::ClockKey;
use candor_policy::model::{ContentKey, ContextFactor};

use super::case::CaseMaterial;
use super::words;
use crate::view::{AllowedAct, AroundView, ContextView, PartyView};

/// Hours after which an interim advisory is out once the matter is public (`domain.md` 2.4).
const INTERIM_HOURS: i64 = 24;
/// Reminders after which a question is not asked again.
const LAST_REMINDER: u8 = 3;

pub(super) fn around(m: &CaseMaterial<'_>) -> AroundView {
    let a = &m.state.around;
    AroundView {
        deferral: a.deferral.as_ref().map(|d| {
            format!(
                "Put aside by {} on {}. To be looked at again: {}.",
                m.actor(d.by, false),
                m.when(d.at).words,
                m.when(d.review).words
            )
        }),
        leak: leak(m),
        leak_open: a.open_leak().is_some(),
        contexts: a
            .contexts
            .iter()
            .map(|c| ContextView {
                kind: context_name(c.kind).to_owned(),
                label: context(c.kind).to_owned(),
                party: m.text(&c.party),
                circumstances: m.text(&c.circumstances),
                outcome: c.outcome.as_ref().map(|t| m.text(t)),
            })
            .collect(),
        parties: a.hand_overs.iter().map(|h| party(m, h)).collect(),
        linked: a
            .linked
            .iter()
            .map(|l| {
                let credit = match (&l.credit, l.stands) {
                    (_, false) => "no longer linked".to_owned(),
                    (CreditWish::NotAnswered, _) => "credit not answered".to_owned(),
                    (CreditWish::Anonymous, _) => "stays anonymous".to_owned(),
                    (CreditWish::Named(name), _) => format!("credit: {}", m.text(name)),
                };
                (
                    l.reference.to_string(),
                    format!("came in {}; {credit}", m.when(l.received).words),
                )
            })
            .collect(),
        suggestion: suggestion(m),
        asked: asked(m),
        date_alone: a.date_alone.as_ref().map(|d| m.when(d.at)),
        duties: duties(m),
        named_projects: named_projects(m),
        factors: factors(m),
    }
}

fn leak(m: &CaseMaterial<'_>) -> Vec<(String, String)> {
    let Some(leak) = &m.state.around.leak else {
        return Vec::new();
    };
    let decided = match &leak.decided {
        None if leak.asked.is_some() => "Not yet. Another person decides, too.".to_owned(),
        None => "Not yet. In doubt, go public.".to_owned(),
        Some((public, by, at)) => format!(
            "{} ({}, {})",
            if *public {
                "Nothing is held back any more"
            } else {
                "The embargo stands"
            },
            m.actor(*by, false),
            m.when(*at).words
        ),
    };
    let asked = leak.asked.as_ref().map(|(by, reason, at)| {
        let who = m.actor(*by, false);
        let words = format!("{who}, {}: {}", m.when(*at).words, m.text(reason));
        ("Wants to go public".to_owned(), words)
    });
    let mut lines = vec![
        ("Suspected".to_owned(), m.when(leak.at).words),
        ("What leaked".to_owned(), m.text(&leak.what)),
        ("How".to_owned(), m.text(&leak.how)),
        ("What is done".to_owned(), m.text(&leak.plan)),
    ];
    lines.extend(asked);
    lines.push(("Decided".to_owned(), decided));
    lines
}

fn party(m: &CaseMaterial<'_>, h: &HandOver) -> PartyView {
    let mut lines = vec![
        ("Channel".to_owned(), m.text(&h.contact)),
        (
            "Told".to_owned(),
            match h.sent {
                None => "not yet".to_owned(),
                Some(at) if h.with_report => {
                    format!("{}, with the report", m.when(at).words)
                }
                Some(at) => format!("{}, without the report", m.when(at).words),
            },
        ),
    ];
    let answered = h.answered.map(|at| m.when(at).words);
    lines.push((
        "Answered".to_owned(),
        answered.unwrap_or_else(|| "not yet".to_owned()),
    ));
    lines.push((
        "Fix shared".to_owned(),
        match h.fix_shared {
            None => "not said yet",
            Some(true) => "yes",
            Some(false) => "no",
        }
        .to_owned(),
    ));
    let consents = &m.state.around.consents;
    if let Some(consent) = consents
        .iter()
        .find(|c| c.matter == Matter::HandOver(h.number))
    {
        let answer = match consent.answer {
            None => "asked, not answered",
            Some((true, _)) => "yes, the report may go along",
            Some((false, _)) => "no, the report stays here",
        };
        lines.push(("The reporter".to_owned(), answer.to_owned()));
    }
    lines.extend(h.notes.iter().map(|n| ("Note".to_owned(), m.text(n))));
    PartyView {
        number: h.number,
        name: m.text(&h.party),
        role: role(h.role).to_owned(),
        waits: match h.waits_for() {
            HandOverWaits::Team => "waits for the team",
            HandOverWaits::Party => "waits for their answer",
            HandOverWaits::Nobody => "done",
        }
        .to_owned(),
        open: h.ended.is_none(),
        told: h.sent.is_some(),
        lines,
    }
}

fn suggestion(m: &CaseMaterial<'_>) -> Option<String> {
    let offered = m.state.rejection.as_ref()?.keep_as_suggestion;
    offered.then(|| {
        match m.state.around.agreed(Matter::Suggestion) {
            None => "Offered to be kept as a suggestion; the reporter has not answered.",
            Some(true) => "Kept as a suggestion, with the reporter's consent.",
            Some(false) => "Not kept as a suggestion: the reporter does not agree.",
        }
        .to_owned()
    })
}

/// What was accepted, and what people found about it.
fn duties(m: &CaseMaterial<'_>) -> Vec<(String, String)> {
    let policy = &m.policy.policy;
    if policy.duties.is_empty() && m.state.breaches.is_empty() {
        return Vec::new();
    }
    let accepted = if m.state.facts.duties_accepted {
        "accepted with this version of the policy"
    } else {
        "not accepted"
    };
    let mut out = vec![("The reporter's duties".to_owned(), accepted.to_owned())];
    for r in m.events {
        let Event::BreachRecorded { duty, finding } = &r.event else {
            continue;
        };
        let clause = policy.duties.iter().find(|c| c.id == *duty);
        let words = clause.map_or_else(|| duty.to_string(), |c| c.quote.clone());
        out.push((
            format!("Found not kept: {words}"),
            format!(
                "{} ({}, {}). No clock stops for it.",
                m.text(finding),
                m.actor(r.actor, false),
                m.when(r.at).words
            ),
        ));
    }
    out
}

/// What the report says of other projects; each may become a party (S4-18).
fn named_projects(m: &CaseMaterial<'_>) -> Option<String> {
    let label = words::content_label(m.policy, ContentKey::OtherProjects);
    let found = m.report.iter().find(|(name, _)| *name == label);
    found.map(|(_, text)| text.chars().take(300).collect())
}

/// What the assessment names and nobody has worked out yet.
fn factors(m: &CaseMaterial<'_>) -> Vec<String> {
    let Some((assessment, _, _)) = &m.state.assessment else {
        return Vec::new();
    };
    let known = &m.state.around.contexts;
    assessment
        .factors
        .iter()
        .map(|f| match f {
            ContextFactor::Implementation => ContextKind::Implementation,
            ContextFactor::Configuration => ContextKind::Configuration,
            ContextFactor::Dependency => ContextKind::Dependency,
        })
        .filter(|kind| !known.iter().any(|c| c.kind == *kind && c.outcome.is_some()))
        .map(|kind| context(kind).to_owned())
        .collect()
}

/// A context: its name in forms.
pub(super) const fn context_name(kind: ContextKind) -> &'static str {
    match kind {
        ContextKind::Implementation => "implementation",
        ContextKind::Configuration => "configuration",
        ContextKind::Dependency => "dependency",
        ContextKind::Deployment => "deployment",
    }
}

pub(super) const fn context(kind: ContextKind) -> &'static str {
    match kind {
        ContextKind::Implementation => "How an application is written",
        ContextKind::Configuration => "How it is configured",
        ContextKind::Dependency => "What it depends on",
        ContextKind::Deployment => "Where it is deployed",
    }
}

pub(super) const fn role(role: PartyRole) -> &'static str {
    match role {
        PartyRole::Upstream => "upstream",
        PartyRole::Application => "vendor of an application",
        PartyRole::Operator => "operator",
        PartyRole::Other => "another party",
    }
}

/// Whom the case waits for, the parties it was handed over to included.
pub(super) fn waits(m: &CaseMaterial<'_>) -> String {
    let mut out = words::waiting_on(m.state.waiting_on).to_owned();
    if let Some(deferral) = &m.state.around.deferral
        && m.state.closed.is_none()
        && m.state.waiting_on == WaitingOn::Nobody
    {
        out = format!("its review on {}", m.when(deferral.review).words);
    }
    let mut all = vec![out];
    let awaited = m.state.awaited();
    all.extend(awaited.iter().map(|a| awaited_words(m, a)));
    all.join(", and ")
}

/// Whose answer is out, and to what.
fn awaited_words(m: &CaseMaterial<'_>, awaited: &Awaited<'_>) -> String {
    let ago = |at: Instant| m.when(at).relative;
    match awaited {
        Awaited::HandOver(h) => {
            let since = h.sent.map_or_else(String::new, ago);
            format!("{} ({}, told {since})", m.text(&h.party), role(h.role))
        }
        Awaited::Terms(p) => {
            let since = ago(p.terms_since.unwrap_or(p.invited));
            format!(
                "{} (asked for its terms {since})",
                m.text(&p.invitation.name)
            )
        }
        Awaited::Date(p, on) => format!(
            "{} (asked about the date {})",
            m.text(&p.invitation.name),
            ago(*on)
        ),
        Awaited::Status(p) => format!(
            "{} (has not said whether it is affected)",
            m.text(&p.invitation.name)
        ),
        Awaited::CveId(request) => format!(
            "{} (asked for a CVE id {})",
            m.text(&request.from),
            ago(request.at)
        ),
    }
}

/// What presses beside the promises.
pub(super) fn alarms(m: &CaseMaterial<'_>) -> Vec<String> {
    let s = m.state;
    let mut out = Vec::new();
    if s.around.open_leak().is_some() {
        out.push("A leak is suspected. Decide on it; in doubt, go public.".to_owned());
    }
    let open = s.closed.is_none() && s.advisory.published.is_none() && !s.is_turned_down();
    let known = [AttackFact::Public, AttackFact::ExploitPublic]
        .iter()
        .filter_map(|fact| s.attack_facts.get(fact))
        .min();
    if let Some(at) = known.filter(|_| open) {
        let until = at.plus_seconds(INTERIM_HOURS * 3_600);
        out.push(format!(
            "Users can read about it elsewhere: publish what is known and what helps, at the \
             latest {}.",
            m.when(until).words
        ));
    }
    match s.around.also_reported().count() {
        0 => {}
        n => out.push(format!(
            "Found independently {} times: others will find it, too.",
            n.saturating_add(1)
        )),
    }
    for h in &s.around.hand_overs {
        if h.waits_for() == HandOverWaits::Party && h.reminders > 0 && s.closed.is_none() {
            out.push(format!(
                "{} has not answered. Try a second channel, or a coordinator.",
                m.text(&h.party)
            ));
        }
    }
    out
}

/// What to do next beside the road, when there is something.
pub(super) fn next_step(m: &CaseMaterial<'_>) -> Option<&'static str> {
    let s = m.state;
    if s.around.open_leak().is_some() {
        return Some("Decide on the suspected leak. In doubt, go public.");
    }
    if s.around.deferral.as_ref().is_some_and(|d| d.announced) {
        return Some("Look at it again: take it up, put it aside anew, or end it with a reason.");
    }
    let silent = s.waiting_on == WaitingOn::Reporter && s.reminders >= LAST_REMINDER;
    if silent && !s.is_turned_down() {
        return Some(
            "The reporter did not answer three reminders: go on without the answer, or, if it \
             cannot be reproduced, end it politely.",
        );
    }
    (s.stage() == Stage::Deferred).then_some("Nothing until the review, but for updates.")
}

/// Questions to the reporter that a yes or no answers: value and words.
pub(super) fn questions(m: &CaseMaterial<'_>) -> Vec<(String, String, Option<bool>)> {
    m.state
        .around
        .consents
        .iter()
        .filter(|c| open_question(m, c))
        .map(|c| {
            let words = match c.matter {
                Matter::Suggestion => "The report was turned down as a vulnerability. May the \
                                       team keep it as a suggestion to make the product harder \
                                       to attack?"
                    .to_owned(),
                Matter::HandOver(number) => {
                    let party = m.state.around.hand_over(number);
                    let party = party.map_or_else(String::new, |h| m.text(&h.party));
                    format!(
                        "May the team hand your report over to {party}? Your name and address \
                         are not in it unless you wrote them there."
                    )
                }
                Matter::Question(number) => question(m, number),
            };
            (matter_name(c.matter), words, c.answer.map(|(yes, _)| yes))
        })
        .collect()
}

/// An answer about a promise is final, and one that has passed is not asked for any more.
fn open_question(m: &CaseMaterial<'_>, consent: &Consent) -> bool {
    let Matter::Question(number) = consent.matter else {
        return true;
    };
    let question = m.state.around.question(number);
    let open = question.is_some_and(|q| match &q.wish {
        Wish::Waive { clock } | Wish::Extend { clock, .. } => {
            let found = m.state.clocks.get(clock);
            found.is_some_and(|c| {
                matches!(c.status, ClockStatus::Running | ClockStatus::Paused)
                    && c.due.is_none_or(|due| m.now <= due)
            })
        }
        Wish::EndDeferred => m.state.around.deferral.is_some() && m.state.closed.is_none(),
    });
    consent.answer.is_none() && open
}

/// A question about what was promised, with what follows from a yes and from a no.
fn question(m: &CaseMaterial<'_>, number: u32) -> String {
    let Some(question) = m.state.around.question(number) else {
        return String::new();
    };
    let due = |key: &ClockKey| {
        let due = m.state.clocks.get(key).and_then(|c| c.due);
        due.map_or_else(String::new, |at| format!(" (due {})", m.when(at).words))
    };
    let reason = match m.text(&question.reason) {
        reason if reason.is_empty() => String::new(),
        reason => format!(" Their reason: {reason}"),
    };
    match &question.wish {
        Wish::Waive { clock } => format!(
            "The team asks you to do without what the policy promises you: {}{}.{reason} If you \
             say yes, it counts as waived by you. If you say no, or nothing, the promise stays \
             as it is.",
            promise(m, clock),
            due(clock)
        ),
        Wish::Extend { clock, days } => format!(
            "The team asks for {days} more days for what the policy promises you: {}{}.{reason} \
             If you say yes, it falls due that much later, once. If you say no, or nothing, the \
             promise stays as it is.",
            promise(m, clock),
            due(clock)
        ),
        Wish::EndDeferred => format!(
            "The team put your report aside and asks to end the case now, before the day on \
             which it would be looked at again.{reason} If you say yes, they may close it. If \
             you say no, or nothing, it stays open until that day."
        ),
    }
}

/// What the team asked the reporter about promises, and the answers, for the desk.
fn asked(m: &CaseMaterial<'_>) -> Vec<(String, String)> {
    let around = &m.state.around;
    let open = around.questions.iter().map(|q| {
        let what = match &q.wish {
            Wish::Waive { clock } => format!("To do without {}", promise(m, clock)),
            Wish::Extend { clock, days } => format!("{days} more days for {}", promise(m, clock)),
            Wish::EndDeferred => "To end the case before its review".to_owned(),
        };
        let consent = around
            .consents
            .iter()
            .find(|c| c.matter == Matter::Question(q.number));
        let answer = match consent.and_then(|c| c.answer) {
            Some((true, at)) => format!("the reporter said yes on {}", m.when(at).words),
            Some((false, at)) => format!("the reporter said no on {}", m.when(at).words),
            None => "asked, not answered yet".to_owned(),
        };
        (what, answer)
    });
    let date = around.date_alone.as_ref().map(|d| {
        (
            "A date without agreement".to_owned(),
            format!(
                "{} asks for {}: {} Another person confirms it.",
                m.actor(d.by, false),
                m.when(d.at).words,
                m.text(&d.reason)
            ),
        )
    });
    open.chain(date).collect()
}

fn promise(m: &CaseMaterial<'_>, key: &ClockKey) -> String {
    let found = m.state.clocks.get(key);
    found.map_or_else(
        || key.to_string(),
        |c| format!("\u{201c}{}\u{201d}", clock_words(&c.spec)),
    )
}

/// A matter: its name in forms.
pub fn matter_name(matter: Matter) -> String {
    match matter {
        Matter::Suggestion => "suggestion".to_owned(),
        Matter::HandOver(number) => format!("hand_over-{number}"),
        Matter::Question(number) => format!("question-{number}"),
    }
}

/// The matter of a name in forms.
pub fn matter(name: &str) -> Option<Matter> {
    if name == "suggestion" {
        return Some(Matter::Suggestion);
    }
    if let Some(number) = name.strip_prefix("question-") {
        return number.parse().ok().map(Matter::Question);
    }
    let number = name.strip_prefix("hand_over-")?.parse().ok()?;
    Some(Matter::HandOver(number))
}

/// What became of the older case, as a sentence to the second finder; never more of it.
pub(super) fn original(m: &CaseMaterial<'_>) -> Option<&'static str> {
    m.state.duplicate_of.as_ref()?;
    Some(match m.state.around.original? {
        OriginalNews::Published => {
            "The advisory about it is published. You are thanked in it the way you asked."
        }
        OriginalNews::EndedUnpublished => {
            "The earlier case has ended without an advisory. You are free to publish."
        }
    })
}

/// What the case itself answers to every act, for the page.
pub fn acts_of(moves: Vec<Move>) -> Vec<AllowedAct> {
    moves
        .into_iter()
        .map(|m| AllowedAct {
            act: m.act.to_owned(),
            blocked: m.blocked.map(|refusal| {
                let instead = refusal.instead_words();
                let mut words = refusal.message;
                if !instead.is_empty() {
                    words.push_str(" Possible now: ");
                    words.push_str(&instead.join("; "));
                    words.push('.');
                }
                words
            }),
        })
        .collect()
}
