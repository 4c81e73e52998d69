//! The policy page, from the policy in force.
//!
//! Invariants: what the text leaves open is said to be left open; what the owner
//! or Candor added is marked as theirs (K2, Q1).

use candor_base::{Finding, Instant};
use candor_calendar::show;
use candor_policy::model::{ChannelKind, Clause, Policy};
use candor_policy::{
    PolicyInForce, PromiseKind, not_yet_run, promises_in_words, review_due, span_words,
};

use super::form::{line, promise_views, whole_line};
use super::{counting, sections, words};
use crate::view::{ClauseLine, PolicyPageView, ProgramCard};

/// A program on the front page.
pub fn program_card(slug: &str, name: &str, policy: &PolicyInForce) -> ProgramCard {
    ProgramCard {
        slug: slug.to_owned(),
        name: name.to_owned(),
        promise: promises_in_words(policy)
            .into_iter()
            .find(|line| line.kind == PromiseKind::Number)
            .map(|line| line.text),
    }
}

/// The page; findings are for the owner and stay empty for the public.
pub fn policy_page(
    policy: &PolicyInForce,
    program: &ProgramCard,
    since: Instant,
    now: Instant,
    findings: Vec<Finding>,
) -> PolicyPageView {
    PolicyPageView {
        program: program.clone(),
        promises: promise_views(policy),
        calendar: counting::words(policy),
        public_ban: quoted(&policy.policy, &policy.policy.public_ban),
        channels: channels(policy, None),
        sections: sections::all(policy),
        not_yet_run: not_yet(policy),
        version: policy.digest.to_string().chars().take(12).collect(),
        since: words::when(since, now, &policy.calendar()),
        review: review(policy, since, now),
        findings,
        past: None,
        key: None,
        repository: (policy.settings.github_repository.as_ref())
            .map(|name| format!("https://github.com/{name}")),
    }
}

/// What GitHub says about private reporting to the repository of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForgeChannel {
    /// The page of its button “Report a vulnerability”.
    pub link: String,
    /// It is switched on.
    pub on: bool,
}

/// Said where the policy names GitHub and private reporting is switched off there.
const SWITCHED_OFF: &str =
    "Private reporting is switched off in the repository at this time: please take another way.";

/// Ways to report: the preferred one of the policy first, then Candor's own form, then the others.
/// The one on GitHub is offered where it is switched on, as far as that is known (S0-14).
pub fn channels(policy: &PolicyInForce, forge: Option<&ForgeChannel>) -> Vec<ClauseLine> {
    let settings = &policy.settings;
    let mut preferred = Vec::new();
    let mut others = Vec::new();
    for clause in &policy.policy.channels {
        let c = &clause.value;
        let known = forge.filter(|_| c.kind == ChannelKind::GithubAdvisory);
        if known.is_some_and(|forge| !forge.on) {
            if !c.conditional {
                others.push(ClauseLine {
                    note: Some(SWITCHED_OFF.to_owned()),
                    ..line(clause)
                });
            }
            continue;
        }
        let (value, by_owner) = match (c.kind, &c.value) {
            (ChannelKind::PublicIssue, _) => continue,
            (ChannelKind::GithubAdvisory, _) if known.is_some() => {
                (known.map(|forge| forge.link.clone()), false)
            }
            (_, Some(value)) => (Some(value.clone()), false),
            (ChannelKind::Email, None) => (settings.security_address.clone(), true),
            (ChannelKind::GithubAdvisory, None) => {
                let link = settings
                    .github_repository
                    .as_ref()
                    .map(|r| format!("https://github.com/{r}/security/advisories/new"));
                (link, true)
            }
            (ChannelKind::PrivateContact, None) => (settings.private_contact.clone(), true),
            (_, None) => (None, false),
        };
        let offered = value.is_some() || !c.conditional;
        if !offered {
            continue;
        }
        let note = match &value {
            Some(value) if by_owner => Some(format!("{value} (given by the owner)")),
            Some(value) if !clause.quote.contains(value.as_str()) => Some(value.clone()),
            Some(_) => None,
            None => Some("The policy gives no address for it.".to_owned()),
        };
        let shown = ClauseLine {
            note,
            ..line(clause)
        };
        if c.preferred {
            preferred.push(shown);
        } else {
            others.push(shown);
        }
    }
    for named in &settings.maintainers {
        others.push(ClauseLine {
            id: format!("maintainer-{}", others.len().saturating_add(1)),
            text: format!("{}: {}", named.name, named.address),
            lines: None,
            note: Some("given by the owner".to_owned()),
        });
    }
    let own = ClauseLine {
        id: "candor-form".to_owned(),
        text: "The report form on this page: private, no account needed, and you can follow your \
               report in a room of your own."
            .to_owned(),
        lines: None,
        note: Some("offered by Candor".to_owned()),
    };
    preferred
        .into_iter()
        .chain(std::iter::once(own))
        .chain(others)
        .collect()
}

/// Clauses as they stand, each with the words it would be a fragment without.
pub(super) fn quoted<T>(p: &Policy, clauses: &[Clause<T>]) -> Vec<ClauseLine> {
    clauses.iter().map(|clause| whole_line(p, clause)).collect()
}

fn not_yet(policy: &PolicyInForce) -> Vec<ClauseLine> {
    not_yet_run(&policy.policy)
        .into_iter()
        .map(|(id, span, why)| ClauseLine {
            text: sections::quote_of(policy, &id).unwrap_or_else(|| id.to_string()),
            id: id.to_string(),
            lines: Some(span_words(span)),
            note: Some(format!("not yet run by Candor: {why}")),
        })
        .collect()
}

/// When the policy was last reviewed and will be again (S1-46).
fn review(policy: &PolicyInForce, since: Instant, now: Instant) -> Option<String> {
    let every = policy.policy.review.as_ref()?.value.every_months;
    let calendar = policy.calendar();
    let (since, today) = (calendar.local_date(since), calendar.local_date(now));
    let next = review_due(policy, since, today)?;
    let last = match next.last {
        Some(last) => format!("Last reviewed on {last}."),
        None => "The owner has not said when the last one was.".to_owned(),
    };
    // The day ends in the policy's zone; elsewhere that is another hour.
    let ends = show(calendar.end_of_day(next.due), &calendar);
    let due = next.due;
    let due = if next.overdue {
        format!("The next one was due on {due} and is overdue; that day ended {ends}.")
    } else {
        format!("The next one is due on {due}; that day ends {ends}.")
    };
    Some(format!(
        "The policy promises a review every {every} months. {last} {due}"
    ))
}
