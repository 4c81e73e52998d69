//! Lint: what a policy lacks or leaves open, where, why it matters, how to mend it.
//!
//! Invariants: codes are stable; running it twice gives the same list; a
//! finding never changes what was compiled; lines lie inside the text.
//!
//! Deliberately absent: style, and anything that needs the network.

mod channels;
mod ladder;
mod lines;
mod parts;
mod promises;
mod rules;
mod sarif;
mod security_txt;
mod security_txt_lines;
mod standards;
mod text;
mod versions;

use candor_base::{Finding, Span};
use jiff::civil::Date;

use crate::model::Policy;
use crate::read::Document;
use crate::settings::PolicyInForce;

pub use ladder::{Rung, ladder};
pub use rules::{LINT_RULES, LintRule, lint_rule};
pub use sarif::{LintedFile, sarif};
pub use security_txt::lint_security_txt;
pub use standards::{Coverage, Standard, coverage};

/// Adds everything noticed in the policy to what was noticed before; in source order.
pub fn lint(policy: &Policy, findings: Vec<Finding>) -> Vec<Finding> {
    let mut out = findings;
    channels::check(policy, &mut out);
    promises::check(policy, &mut out);
    parts::check(policy, &mut out);
    in_order(out)
}

/// What only the words themselves show: links, blanks, threats, fields of a security.txt.
pub(crate) fn of_words(text: &str, doc: &Document, policy: &Policy) -> Vec<Finding> {
    let mut out = Vec::new();
    text::check(text, doc, policy, &mut out);
    security_txt::check(text, &mut out);
    out
}

/// What depends on the day or on the text beside a canonical policy: dates that have
/// passed, lines that are not there.
pub fn lint_on(text: &str, policy: &Policy, today: Date) -> Vec<Finding> {
    let mut out = Vec::new();
    security_txt::check_dates(text, today, &mut out);
    versions::check(policy, today, &mut out);
    lines::check(text, policy, &mut out);
    in_order(out)
}

/// Findings that are questions to the owner and still open under their settings.
pub fn questions(policy: &PolicyInForce) -> Vec<Finding> {
    let settings = &policy.settings;
    lint(&policy.policy, Vec::new())
        .into_iter()
        .filter(|f| match f.code.as_str() {
            "channel-without-address" => settings.security_address.is_none(),
            "forge-without-repository" => settings.github_repository.is_none(),
            "private-contact-without-address" => settings.private_contact.is_none(),
            "maintainers-without-address" => settings.maintainers.is_empty(),
            "response-ambiguous" => settings.response_means.is_none(),
            "versions-elsewhere" => settings.releases.is_empty(),
            _ => false,
        })
        .collect()
}

/// In source order, each once.
fn in_order(findings: Vec<Finding>) -> Vec<Finding> {
    let mut once: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        if !once.contains(&finding) {
            once.push(finding);
        }
    }
    once.sort_by(|a, b| (a.span, &a.code).cmp(&(b.span, &b.code)));
    once
}

/// More findings of one kind than a person reads; the bound keeps hostile texts cheap.
const MOST: usize = 50;

fn add(
    out: &mut Vec<Finding>,
    rule: &LintRule,
    span: Option<Span>,
    message: impl Into<String>,
    help: &str,
) {
    if out.iter().filter(|f| f.code == rule.code).count() >= MOST {
        return;
    }
    out.push(Finding {
        code: rule.code.to_owned(),
        level: rule.level,
        span,
        message: message.into(),
        help: help.to_owned(),
    });
}
