//! Shared by the tests: where the test data lies, and short ways to say what is expected.

#![allow(
    dead_code,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "each test file uses its own part, reads test data and says when it is skipped"
)]

use std::path::PathBuf;

use candor_policy::{Clause, Policy, PolicyInForce, Settings};

/// The folder of shared test data, or `None` with a word where there is none.
pub(crate) fn shared() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|a| a.join("shared"))
        .find(|p| p.is_dir());
    if folder.is_none() {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "the shared test data is missing"
        );
        println!("skipped: no shared test data beside the repository");
    }
    folder
}

/// The bytes of a text of the shared test data whose name begins so.
pub(crate) fn shared_text(prefix: &str) -> Option<Vec<u8>> {
    let folder = shared()?.join("policies/texts");
    let mut names: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.file_name().unwrap().to_str().unwrap().starts_with(prefix))
        .collect();
    names.sort();
    Some(std::fs::read(names.first().expect("a text with this prefix")).unwrap())
}

/// A compiled text of the shared test data.
pub(crate) fn seed(prefix: &str) -> Option<Policy> {
    shared_text(prefix).map(|bytes| candor_policy::compile(&bytes).unwrap().value)
}

/// A compiled text of the shared test data, in force without settings.
pub(crate) fn seed_in_force(prefix: &str) -> Option<PolicyInForce> {
    shared_text(prefix).map(|bytes| in_force(&bytes, Settings::default()))
}

/// A policy of a small project that says this.
pub(crate) fn lamp(text: &str) -> Policy {
    compiled(&format!(
        "# Security policy\n\nThe lamp is a small project.\n\n{text}\n"
    ))
}

/// A policy that says this under a heading.
pub(crate) fn under(heading: &str, text: &str) -> Policy {
    compiled(&format!("# Security Policy\n\n## {heading}\n\n{text}\n"))
}

fn compiled(text: &str) -> Policy {
    candor_policy::compile(text.as_bytes()).unwrap().value
}

/// Compiles and puts in force.
pub(crate) fn in_force(bytes: &[u8], settings: Settings) -> PolicyInForce {
    let policy = candor_policy::compile(bytes).unwrap().value;
    PolicyInForce::assemble(bytes, policy, settings)
}

/// The lines of each clause, as `first-last` or `line`.
pub(crate) fn lines<T>(clauses: &[Clause<T>]) -> Vec<String> {
    clauses.iter().map(at).collect()
}

/// The lines of a clause.
pub(crate) fn at<T>(clause: &Clause<T>) -> String {
    if clause.span.first == clause.span.last {
        clause.span.first.to_string()
    } else {
        format!("{}-{}", clause.span.first, clause.span.last)
    }
}

/// A value as JSON text, to compare enumerations by their stable names.
pub(crate) fn name<T: serde::Serialize>(value: T) -> String {
    serde_json::to_string(&value).unwrap().replace('"', "")
}

/// Each promise as `line milestone severity term firmness`.
pub(crate) fn promises(policy: &Policy) -> Vec<String> {
    policy
        .promises
        .iter()
        .map(|c| {
            let p = &c.value;
            let severity = p.severity.map_or_else(|| "-".to_owned(), name);
            format!(
                "{} {} {severity} {} {}",
                at(c),
                name(p.milestone),
                candor_policy::term_words(&p.term),
                name(p.firmness)
            )
        })
        .collect()
}

/// Each content as `line key demand`.
pub(crate) fn contents(policy: &Policy) -> Vec<String> {
    policy
        .contents
        .iter()
        .map(|c| format!("{} {} {}", at(c), name(c.value.key), name(c.value.demand)))
        .collect()
}

/// Each channel as `line kind value`, with `*` when preferred and `?` when conditional.
pub(crate) fn channels(policy: &Policy) -> Vec<String> {
    policy
        .channels
        .iter()
        .map(|c| {
            format!(
                "{} {} {}{}{}",
                at(c),
                name(c.value.kind),
                c.value.value.as_deref().unwrap_or("-"),
                if c.value.preferred { " *" } else { "" },
                if c.value.conditional { " ?" } else { "" }
            )
        })
        .collect()
}

/// Each step as `line stage [demands]`.
pub(crate) fn steps(policy: &Policy) -> Vec<String> {
    policy
        .steps
        .iter()
        .map(|c| {
            format!(
                "{} {} {}",
                at(c),
                name(c.value.stage),
                name(&c.value.demands)
            )
        })
        .collect()
}

/// Each rule of disclosure as `line kind`.
pub(crate) fn disclosure(policy: &Policy) -> Vec<String> {
    policy
        .disclosure
        .iter()
        .map(|c| {
            let kind = serde_json::to_value(&c.value.rule).unwrap();
            format!("{} {}", at(c), kind["kind"].as_str().unwrap())
        })
        .collect()
}

/// Each scope item as `line topic name`.
pub(crate) fn scope(items: &[Clause<candor_policy::ScopeItem>]) -> Vec<String> {
    items
        .iter()
        .map(|c| format!("{} {} {}", at(c), name(c.value.topic), c.value.name))
        .collect()
}

/// Each clock as `key milestone met-by source`.
pub(crate) fn clocks(policy: &PolicyInForce) -> Vec<String> {
    candor_policy::clocks(policy)
        .iter()
        .map(|c| {
            let source = serde_json::to_value(&c.source).unwrap();
            let rule = serde_json::to_value(&c.rule).unwrap();
            let amount = rule["rule"]["amount"].as_u64().unwrap_or(0);
            let unit = rule["rule"]["unit"].as_str().unwrap_or("-").to_owned();
            format!(
                "{} {} {} {amount} {unit} {} {}",
                name(c.milestone),
                c.severity.map_or_else(|| "-".to_owned(), name),
                rule["kind"].as_str().unwrap(),
                name(c.met_by),
                source["kind"].as_str().unwrap()
            )
        })
        .collect()
}

/// Runs a table; every line that is wrong is told at once.
pub(crate) fn table(read: fn(&str) -> Vec<String>, rows: &[(&str, &[&str])]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(text, want)| {
            let got = read(text);
            (got != *want).then(|| format!("{text:?}\n  got {got:?}\n  not {want:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
