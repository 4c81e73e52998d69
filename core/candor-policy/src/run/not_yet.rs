//! What a policy says that this release of Candor cannot carry out itself.
//!
//! Invariants: each entry names its clause; the list shrinks as releases grow.
//!
//! Deliberately absent: promises without a condition; those are always run.

use candor_base::Span;

use crate::model::{AdviceKind, ChannelKind, Clause, ClauseId, OutletKind, Policy};

const MAIL: &str = "Mail to this address becomes a case where the server takes mail; elsewhere a maintainer enters it with the report form.";
const GITHUB_REPORTS: &str = "Reports filed on GitHub become cases where the server asks GitHub; elsewhere a maintainer imports them.";
const ELSEWHERE: &str = "Candor does not read this channel: a maintainer enters with the report form what arrives there.";
const OPENPGP: &str =
    "Mail is opened, and requests for the key are answered, where the server takes mail.";
const GITHUB_PUBLISH: &str = "Candor publishes it on GitHub where the server may write there; elsewhere it prepares the text.";
const CONDITION: &str = "This time holds only under a condition that Candor cannot see: it is shown, and starts no clock by itself.";
const OUTLET: &str = "Candor prepares the text; posting it there is done by a person.";
const DEPLOYMENT: &str =
    "Advice to those who run the product: shown on the policy page, not checked by Candor.";

/// The clauses this release shows but does not run, each with the reason.
pub fn not_yet_run(policy: &Policy) -> Vec<(ClauseId, Span, &'static str)> {
    let mut out = Vec::new();
    for clause in &policy.channels {
        let why = match clause.value.kind {
            ChannelKind::Email | ChannelKind::Maintainers => MAIL,
            ChannelKind::GithubAdvisory => GITHUB_REPORTS,
            ChannelKind::Web
            | ChannelKind::Page
            | ChannelKind::Phone
            | ChannelKind::Platform
            | ChannelKind::PrivateTracker
            | ChannelKind::Chat
            | ChannelKind::PrivateContact
            | ChannelKind::PublicIssue => ELSEWHERE,
        };
        push(&mut out, clause, why);
    }
    for clause in &policy.promises {
        if clause.value.condition.is_some() {
            push(&mut out, clause, CONDITION);
        }
    }
    for clause in &policy.encryption {
        push(&mut out, clause, OPENPGP);
    }
    for clause in &policy.outlets {
        let why = match clause.value.kind {
            OutletKind::GithubAdvisory => GITHUB_PUBLISH,
            _ => OUTLET,
        };
        push(&mut out, clause, why);
    }
    for clause in &policy.advice {
        if matches!(
            clause.value.kind,
            AdviceKind::Deployment | AdviceKind::Configuration | AdviceKind::Hardening
        ) {
            push(&mut out, clause, DEPLOYMENT);
        }
    }
    out.sort_by_key(|entry| entry.1);
    out
}

fn push<T>(out: &mut Vec<(ClauseId, Span, &'static str)>, clause: &Clause<T>, why: &'static str) {
    out.push((clause.id.clone(), clause.span, why));
}
