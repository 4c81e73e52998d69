//! Scope and severity questions to a policy.
//!
//! Invariants: an answer always names its clause; no match is no answer.
//!
//! Deliberately absent: the decision. A person assesses; this only suggests.

use candor_base::Span;

use crate::model::{Clause, Policy, ScopeItem, ScopeTopic, Severity, SeverityClass};
use crate::vocab::severity_synonyms;

/// Which scope clause a path falls under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeMatch<'a> {
    /// A clause puts it in scope.
    In(&'a Clause<ScopeItem>),
    /// A clause puts it out of scope.
    Out(&'a Clause<ScopeItem>),
}

/// Matches a path against the paths and globs of the scope (S1-22). Out wins over in.
pub fn scope_match<'a>(policy: &'a Policy, path: &str) -> Option<ScopeMatch<'a>> {
    let path = path.trim().trim_start_matches("./").trim_start_matches('/');
    let names = |c: &&Clause<ScopeItem>| c.value.paths.iter().any(|glob| glob_matches(glob, path));
    policy
        .out_of_scope
        .iter()
        .find(names)
        .map(ScopeMatch::Out)
        .or_else(|| policy.in_scope.iter().find(names).map(ScopeMatch::In))
}

/// `*` stands for anything; a glob without one also covers what lies below it.
fn glob_matches(glob: &str, path: &str) -> bool {
    let glob = glob.trim_end_matches('/');
    if !glob.contains('*') {
        return path == glob
            || path
                .strip_prefix(glob)
                .is_some_and(|rest| rest.starts_with('/'));
    }
    let pieces: Vec<&str> = glob.split('*').filter(|p| !p.is_empty()).collect();
    let mut rest = path;
    for (i, piece) in pieces.iter().enumerate() {
        let Some(at) = rest.find(piece) else {
            return false;
        };
        if i == 0 && !glob.starts_with('*') && at != 0 {
            return false;
        }
        rest = rest.get(at + piece.len()..).unwrap_or("");
    }
    glob.ends_with('*') || rest.is_empty()
}

/// The severity that the policy's table suggests for a class of problem (S0-27 to S0-30).
pub fn severity_for(policy: &Policy, class: &str) -> Option<Severity> {
    severity_clause(policy, class).map(|c| c.value.severity)
}

/// The row behind [`severity_for`]; the most severe one when several fit.
pub fn severity_clause<'a>(policy: &'a Policy, class: &str) -> Option<&'a Clause<SeverityClass>> {
    let said = stems(&severity_synonyms(class));
    policy
        .severities
        .iter()
        .filter(|row| {
            row.value.classes.iter().any(|c| {
                let asked = stems(&severity_synonyms(c));
                !asked.is_empty() && asked.iter().all(|w| said.contains(w))
            })
        })
        .max_by_key(|row| row.value.severity)
}

fn stems(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| w.chars().count() > 2 && !matches!(*w, "the" | "and" | "for"))
        .map(|w| w.strip_suffix('s').unwrap_or(w).to_owned())
        .collect()
}

/// Where a report goes that this scope item turns away, or what not to do, in Candor's
/// words; `None` where there is nobody to point to.
pub const fn elsewhere(topic: ScopeTopic) -> Option<&'static str> {
    match topic {
        ScopeTopic::ThirdParty => Some("Please tell whoever runs the system."),
        ScopeTopic::Fork => Some("Please tell the owner of the fork or modified version."),
        ScopeTopic::Dependency => {
            Some("Please tell the upstream project that makes the dependency.")
        }
        ScopeTopic::SocialEngineering => Some("Please do not test this."),
        ScopeTopic::DenialOfService => Some(
            "Please do not test this on running systems. A flaw in the code that causes it is \
             another matter: say so.",
        ),
        _ => None,
    }
}

/// Whether the policy rates by exploitability and impact: then a rating holds both, each
/// with its evidence (S2-12).
pub fn rates_by_both(policy: &Policy) -> bool {
    policy.assessment_basis.iter().any(|c| {
        let words = c.value.to_lowercase();
        words.contains("exploitab") && words.contains("impact")
    })
}

/// The safe harbour statements as they stand, with whether they promise no legal action.
pub fn safe_harbour_text(policy: &Policy) -> Vec<(Span, &str, bool)> {
    policy
        .safe_harbour
        .iter()
        .map(|c| (c.span, c.quote.as_str(), c.value.no_legal_action))
        .collect()
}
