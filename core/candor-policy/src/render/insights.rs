//! Security Insights of the `OpenSSF`, version 2: what a policy knows of it.
//!
//! Source: the schema of `ossf/security-insights-spec`, 2.0.0: `header`, `project` and in
//! it `vulnerability-reporting`. What the schema requires and no policy says (people with
//! access, repositories) comes from the owner, and is named where it is missing.
//!
//! Invariants: nothing is invented; an address that is none of the web is not written
//! where the schema wants one.
//!
//! Deliberately absent: the part `repository`, of which a policy knows nothing.

use jiff::civil::Date;

use super::yaml::{Yaml, write};
use crate::model::{ChannelKind, Policy, ScopeItem};
use crate::settings::PolicyInForce;
use crate::vocab::is_example_address;

/// The version of the schema.
const SCHEMA: &str = "2.0.0";

/// What the file needs beyond a policy.
#[derive(Debug, Clone)]
pub struct Insights<'a> {
    /// Today: when the file was updated.
    pub today: Date,
    /// Where the policy can be read, an address of the web.
    pub policy_url: Option<&'a str>,
}

/// The file, and what the owner still has to put in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InsightsFile {
    /// The file.
    pub text: String,
    /// What the schema requires and nobody has said, in words.
    pub missing: Vec<&'static str>,
}

impl Insights<'_> {
    /// Renders `security-insights.yml`.
    pub fn render(&self, policy: &PolicyInForce) -> InsightsFile {
        let settings = &policy.settings;
        let mut missing = Vec::new();
        let today = self.today.to_string();
        let repository = settings
            .github_repository
            .as_ref()
            .map(|name| format!("https://github.com/{name}"));
        let mut header = vec![
            ("schema-version", Yaml::text(SCHEMA)),
            ("last-updated", Yaml::text(&today)),
        ];
        match settings.last_review {
            Some(day) => header.push(("last-reviewed", Yaml::Text(day.to_string()))),
            None => missing.push("header.last-reviewed: the day somebody last looked it over"),
        }
        match &repository {
            Some(url) => header.push(("url", Yaml::text(url))),
            None => missing.push("header.url: the address of the repository"),
        }
        let mut project = Vec::new();
        let product = policy.policy.product.as_ref().map(|c| c.value.clone());
        match settings.publisher.clone().or(product) {
            Some(name) => project.push(("name", Yaml::Text(name))),
            None => missing.push("project.name: the name of the project"),
        }
        let people: Vec<Yaml> = settings
            .maintainers
            .iter()
            .enumerate()
            .map(|(n, person)| {
                Yaml::Map(vec![
                    ("name", Yaml::text(&person.name)),
                    ("primary", Yaml::Bool(n == 0)),
                    ("email", Yaml::text(&person.address)),
                ])
            })
            .collect();
        if people.is_empty() {
            missing.push("project.administrators: people with access to the project");
        } else {
            project.push(("administrators", Yaml::List(people)));
        }
        match (&repository, &settings.github_repository) {
            (Some(url), Some(name)) => {
                let entry = vec![
                    ("name", Yaml::text(name)),
                    ("comment", Yaml::text("The repository of this file.")),
                    ("url", Yaml::text(url)),
                ];
                project.push(("repositories", Yaml::List(vec![Yaml::Map(entry)])));
            }
            _ => missing.push("project.repositories: the repositories of the project"),
        }
        let reporting = self.reporting(policy);
        project.push(("vulnerability-reporting", Yaml::Map(reporting)));
        let mut text = write(&[
            ("header", Yaml::Map(header)),
            ("project", Yaml::Map(project)),
        ]);
        if !missing.is_empty() {
            text.push_str("\n# Still to be put in; the schema requires it:\n");
            for what in &missing {
                text.push_str("#   ");
                text.push_str(what);
                text.push('\n');
            }
        }
        InsightsFile { text, missing }
    }

    fn reporting(&self, in_force: &PolicyInForce) -> Vec<(&'static str, Yaml)> {
        let policy = &in_force.policy;
        let reachable = policy
            .channels
            .iter()
            .any(|c| c.value.kind != ChannelKind::PublicIssue);
        let platform = policy
            .channels
            .iter()
            .filter(|c| c.value.kind == ChannelKind::Platform)
            .find_map(|c| c.value.value.clone())
            .filter(|url| is_web(url));
        // A platform only takes reports; money is what the policy says about money.
        let bounty = policy.bounty.iter().any(|c| c.value.offered)
            && !policy.bounty.iter().any(|c| !c.value.offered);
        let mut out = vec![
            ("reports-accepted", Yaml::Bool(reachable)),
            ("bug-bounty-available", Yaml::Bool(bounty)),
        ];
        if let Some(url) = platform.filter(|_| bounty) {
            out.push(("bug-bounty-program", Yaml::Text(url)));
        }
        if let Some(address) = mail(in_force) {
            let contact = vec![
                ("name", Yaml::text("Security contact")),
                ("primary", Yaml::Bool(true)),
                ("email", Yaml::Text(address)),
            ];
            out.push(("contact", Yaml::Map(contact)));
        }
        out.push((
            "comment",
            Yaml::text("The security policy says which times are promised."),
        ));
        if let Some(url) = self.policy_url.filter(|url| is_web(url)) {
            out.push(("security-policy", Yaml::text(url)));
        }
        let key = policy.encryption.iter().find_map(|c| c.value.key.clone());
        if let Some(key) = key.filter(|k| k.contains("://") || k.len() == 40) {
            out.push(("pgp-key", Yaml::Text(key)));
        }
        out.extend(scopes(policy));
        out
    }
}

fn scopes(policy: &Policy) -> Vec<(&'static str, Yaml)> {
    let words = |item: &ScopeItem| {
        if item.detail.is_empty() {
            item.name.clone()
        } else {
            format!("{}: {}", item.name, item.detail)
        }
    };
    let mut out = Vec::new();
    for (key, list) in [
        ("in-scope", &policy.in_scope),
        ("out-of-scope", &policy.out_of_scope),
    ] {
        if !list.is_empty() {
            out.push((key, Yaml::texts(list.iter().map(|c| words(&c.value)))));
        }
    }
    out
}

/// The address for reports, the preferred one first; never one that is for examples.
fn mail(in_force: &PolicyInForce) -> Option<String> {
    let named = |preferred: bool| {
        in_force
            .policy
            .channels
            .iter()
            .filter(|c| c.value.kind == ChannelKind::Email && c.value.preferred == preferred)
            .find_map(|c| c.value.value.clone())
    };
    named(true)
        .or_else(|| named(false))
        .or_else(|| in_force.settings.security_address.clone())
        .filter(|address| !is_example_address(address))
}

fn is_web(url: &str) -> bool {
    (url.starts_with("https://") || url.starts_with("http://"))
        && !url.contains(char::is_whitespace)
}
