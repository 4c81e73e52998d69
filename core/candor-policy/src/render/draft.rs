//! A new policy from a few answers: the one that `candor policy init` writes.
//!
//! Invariants: only what was answered is promised; what comes out has no warning under
//! lint when the answers have none.
//!
//! Deliberately absent: asking; that is the terminal's.

use candor_base::Span;
use serde::{Deserialize, Serialize};

use super::facts::SEEN_BESIDE;
use super::{Rendered, security_md};
use crate::grammar::times_in;
use crate::model::{
    Channel, ChannelKind, Clause, ClauseId, DisclosureKind, DisclosureRule, Encryption, Firmness,
    KeyWay, Milestone, Origin, PatchTarget, Policy, Promise, Support, Term, TermUnit, VersionRange,
    VersionRule,
};
use crate::vocab::is_example_address;

/// How far safe harbour goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Harbour {
    /// Research is authorised, no legal action, terms of use are waived.
    #[default]
    Full,
    /// No legal action.
    Basic,
    /// Nothing is said.
    None,
}

/// The answers, as they stand in a file. What is left out has the default shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Answers {
    /// Name of the project; nothing when empty.
    pub project: String,
    /// Mail address for reports; nothing when empty.
    pub contact: String,
    /// Repository with private reporting switched on (`acme/widget`); nothing when empty.
    pub repository: String,
    /// Address of a form for reports; nothing when empty.
    pub form: String,
    /// Address of the `OpenPGP` key; nothing when empty.
    pub key: String,
    /// Versions that get fixes (`2.x`); empty: the latest release only.
    pub versions: Vec<String>,
    /// A person answers within: `3 business days`. Promised.
    pub acknowledgement: String,
    /// A first assessment within: a target; nothing when empty.
    pub assessment: String,
    /// A message every: promised; nothing when empty.
    pub updates: String,
    /// The fix within: a target; nothing when empty.
    pub fix: String,
    /// Reporters may publish after; nothing when empty.
    pub disclosure: String,
    /// Reporters are named in advisories if they wish.
    pub credit: bool,
    /// Safe harbour.
    pub safe_harbour: Harbour,
    /// What is in scope; empty: the code of the repository and its releases.
    pub in_scope: Vec<String>,
    /// What is not; empty: others' systems, social engineering, floods of traffic.
    pub out_of_scope: Vec<String>,
    /// The policy is looked over every so many months; never when 0.
    pub review_months: u32,
}

impl Default for Answers {
    fn default() -> Self {
        let text = str::to_owned;
        Self {
            project: String::new(),
            contact: String::new(),
            repository: String::new(),
            form: String::new(),
            key: String::new(),
            versions: Vec::new(),
            acknowledgement: text("3 business days"),
            assessment: text("10 business days"),
            updates: text("14 days"),
            fix: text("60 days"),
            disclosure: text("90 days"),
            credit: true,
            safe_harbour: Harbour::Full,
            in_scope: Vec::new(),
            out_of_scope: Vec::new(),
            review_months: 12,
        }
    }
}

/// An answer that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {help}")]
pub struct WrongAnswer {
    /// Its key.
    pub key: &'static str,
    /// What is wrong, and what would be right.
    pub help: String,
}

/// A policy made from answers, and its text.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The policy.
    pub policy: Policy,
    /// Its SECURITY.md.
    pub rendered: Rendered,
}

impl Answers {
    /// Makes the policy.
    ///
    /// # Errors
    /// [`WrongAnswer`] for the first answer that cannot be used.
    pub fn draft(&self) -> Result<Draft, WrongAnswer> {
        let policy = self.policy()?;
        let rendered = security_md(&policy);
        let unshared = rendered.lost.iter().chain(&rendered.added);
        let mut unsaid = unshared.filter(|u| !SEEN_BESIDE.contains(&u.part.as_str()));
        if let Some(first) = unsaid.next() {
            return Err(wrong(
                key_of(&first.part),
                &format!(
                    "This cannot be said so that it is read the same: {}. Use plainer words.",
                    first.words
                ),
            ));
        }
        Ok(Draft { policy, rendered })
    }

    fn policy(&self) -> Result<Policy, WrongAnswer> {
        let mut policy = Policy {
            languages: vec!["en".to_owned()],
            ..self.rules()?
        };
        if !self.project.trim().is_empty() {
            let name = one_line("project", &self.project)?;
            policy.product = Some(clause("product", 1, "", name));
        }
        self.channels(&mut policy)?;
        self.versions(&mut policy)?;
        self.promises(&mut policy)?;
        Ok(policy)
    }

    fn channels(&self, policy: &mut Policy) -> Result<(), WrongAnswer> {
        let (contact, form) = (self.contact.trim(), self.form.trim());
        let mut found = Vec::new();
        if !self.repository.trim().is_empty() {
            let link = repository_link(self.repository.trim())?;
            found.push((ChannelKind::GithubAdvisory, link));
        }
        if !contact.is_empty() {
            found.push((ChannelKind::Email, address(contact)?));
        }
        if !form.is_empty() {
            found.push((ChannelKind::Web, link("form", form)?));
        }
        if found.is_empty() {
            return Err(wrong(
                "contact",
                "Give at least one way to report: an e-mail address, a repository with private reporting, or a form.",
            ));
        }
        let several = found.len() > 1;
        for (n, (kind, value)) in found.into_iter().enumerate() {
            let channel = Channel {
                kind,
                value: Some(value),
                preferred: several && n == 0,
                conditional: false,
            };
            put(&mut policy.channels, "channel", "", channel);
        }
        let key = self.key.trim();
        if !key.is_empty() {
            let value = Encryption {
                request_subject: None,
                key: Some(link("key", key)?),
                way: KeyWay::Link,
            };
            put(&mut policy.encryption, "encryption", "", value);
        }
        Ok(())
    }

    fn versions(&self, policy: &mut Policy) -> Result<(), WrongAnswer> {
        let mut rows = Vec::new();
        for label in &self.versions {
            let label = one_line("versions", label)?;
            let range = crate::grammar::range_of(&label);
            if matches!(range, VersionRange::Words) {
                return Err(wrong(
                    "versions",
                    &format!(
                        "\u{201c}{label}\u{201d} is no line of versions. Write 2.x, >= 1.4, or latest release."
                    ),
                ));
            }
            rows.push((label, range, Support::Full));
        }
        if rows.is_empty() {
            let range = VersionRange::Latest { branch: None };
            rows.push(("Latest release".to_owned(), range, Support::Full));
            put(
                &mut policy.patch_targets,
                "patch-target",
                "",
                PatchTarget::LatestOnly,
            );
        }
        rows.push((
            "Older versions".to_owned(),
            VersionRange::Older,
            Support::None,
        ));
        for (label, range, support) in rows {
            let rule = VersionRule {
                label,
                range,
                support,
                end: None,
            };
            put(&mut policy.versions, "version", "", rule);
        }
        Ok(())
    }

    fn promises(&self, policy: &mut Policy) -> Result<(), WrongAnswer> {
        let steps = [
            (
                "acknowledgement",
                &self.acknowledgement,
                Milestone::Acknowledgement,
                Firmness::Commit,
            ),
            (
                "updates",
                &self.updates,
                Milestone::Update,
                Firmness::Commit,
            ),
            (
                "assessment",
                &self.assessment,
                Milestone::Assessment,
                Firmness::Target,
            ),
            ("fix", &self.fix, Milestone::Fix, Firmness::Target),
        ];
        for (key, answer, milestone, firmness) in steps {
            let Some((amount, unit)) = time(key, answer)? else {
                continue;
            };
            let term = if milestone == Milestone::Update {
                Term::Every { amount, unit }
            } else {
                Term::Within {
                    amount,
                    at_least: None,
                    unit,
                }
            };
            let promise = Promise {
                milestone,
                alternatives: Vec::new(),
                condition: None,
                severity: None,
                term,
                from: Origin::Receipt,
                firmness,
            };
            put(&mut policy.promises, "promise", "", promise);
        }
        if let Some((amount, unit)) = time("disclosure", &self.disclosure)? {
            let rule = DisclosureKind::Window {
                amount,
                unit,
                from: Origin::Receipt,
            };
            put(&mut policy.disclosure, "disclosure", "", open(rule));
        }
        Ok(())
    }

    /// What holds without a number, as a text that is read like any other.
    fn rules(&self) -> Result<Policy, WrongAnswer> {
        let mut text = String::from(RULES);
        let mut section = |heading: &str, lines: &[String]| {
            for part in ["\n", heading, "\n\n"] {
                text.push_str(part);
            }
            for line in lines {
                text.push_str(line);
                text.push('\n');
            }
        };
        let items = |list: Vec<String>| -> Vec<String> {
            list.into_iter().map(|item| format!("- {item}")).collect()
        };
        let inside = given("in_scope", &self.in_scope, &IN_SCOPE)?;
        let outside = given("out_of_scope", &self.out_of_scope, &OUT_OF_SCOPE)?;
        section("### In Scope", &items(inside));
        section("### Out of Scope", &items(outside));
        let harbour: Vec<String> = harbour(self.safe_harbour)
            .iter()
            .map(|s| (*s).to_owned())
            .collect();
        if !harbour.is_empty() {
            section("## Safe Harbour", &harbour);
        }
        if self.credit {
            let credit = "With your permission, we credit you in the advisory.".to_owned();
            section("## Credit", &[credit]);
        }
        let outlet = if self.repository.trim().is_empty() {
            "Release notes"
        } else {
            "GitHub Security Advisories of the repository"
        };
        section("## Security Advisories", &items(vec![outlet.to_owned()]));
        let review = match self.review_months {
            0 => None,
            12 => Some("This policy is reviewed annually.".to_owned()),
            months => Some(format!("We review this policy every {months} months.")),
        };
        if let Some(review) = review {
            section("## About This Policy", &[review]);
        }
        Ok(crate::compile::reading(&text))
    }
}

/// What is the same in every draft.
const RULES: &str = "# Security Policy

## Reporting a Vulnerability

Please do not open a public issue for a vulnerability.

### What to Include

Please include:

- Affected version
- Steps to reproduce the problem
- Impact
- Proof of concept, if you have one

## Disclosure Policy

We follow coordinated vulnerability disclosure.
We agree on the date of publication with you.

## Rules of Engagement

We ask that you:

- leave the data of others alone
- use your own accounts only
- do not degrade our services
- do not exploit a problem further than to show it

## Scope
";

const IN_SCOPE: [&str; 2] = [
    "The code in this repository",
    "The releases that we publish",
];
const OUT_OF_SCOPE: [&str; 3] = [
    "Services and systems of others, such as third-party hosting",
    "Social engineering",
    "Denial of service by sheer traffic",
];

/// What safe harbour says.
const fn harbour(how_far: Harbour) -> &'static [&'static str] {
    match how_far {
        Harbour::Full => &[
            "If you act in good faith and follow this policy, we consider your research to be authorised.",
            "We will not take legal action against you for it.",
            "Where our terms of use forbid research in good faith, we exempt it from those terms, and we waive our claims under anti-circumvention law.",
        ],
        Harbour::Basic => &[
            "We will not take legal action against people who act in good faith and follow this policy.",
        ],
        Harbour::None => &[],
    }
}

fn given(key: &'static str, list: &[String], default: &[&str]) -> Result<Vec<String>, WrongAnswer> {
    if list.is_empty() {
        return Ok(default.iter().map(|s| (*s).to_owned()).collect());
    }
    list.iter().map(|text| one_line(key, text)).collect()
}

const fn open(rule: DisclosureKind) -> DisclosureRule {
    DisclosureRule {
        rule,
        severity: None,
        stated: true,
    }
}

fn clause<T>(name: &str, line: u32, quote: &str, value: T) -> Clause<T> {
    Clause {
        id: ClauseId(name.to_owned()),
        span: Span::line(line),
        quote: quote.to_owned(),
        value,
    }
}

fn put<T>(list: &mut Vec<Clause<T>>, name: &str, quote: &str, value: T) {
    let n = u32::try_from(list.len())
        .unwrap_or(u32::MAX)
        .saturating_add(1);
    list.push(clause(&format!("{name}-{n}"), n, quote, value));
}

/// The answer that a part of the policy comes from.
fn key_of(part: &str) -> &'static str {
    match part {
        "product" => "project",
        "versions" | "patch_targets" => "versions",
        "in_scope" => "in_scope",
        "out_of_scope" => "out_of_scope",
        "encryption" => "key",
        "channels" => "contact",
        _ => "answers",
    }
}

fn wrong(key: &'static str, help: &str) -> WrongAnswer {
    WrongAnswer {
        key,
        help: help.to_owned(),
    }
}

fn one_line(key: &'static str, text: &str) -> Result<String, WrongAnswer> {
    let text = text.trim();
    if text.is_empty() || text.contains(char::is_control) || text.chars().count() > 200 {
        return Err(wrong(key, "Write one line of at most 200 characters."));
    }
    Ok(text.to_owned())
}

fn address(text: &str) -> Result<String, WrongAnswer> {
    let back = crate::compile::reading(&format!("# Security\n\n## Report\n\n- Email: {text}\n"));
    let read = back.channels.into_iter().find_map(|c| c.value.value);
    if read.as_deref() != Some(text) {
        return Err(wrong(
            "contact",
            &format!(
                "\u{201c}{text}\u{201d} is no e-mail address. Write one like security@your.site."
            ),
        ));
    }
    if is_example_address(text) {
        return Err(wrong(
            "contact",
            &format!("{text} is an example address: nobody receives what is sent there."),
        ));
    }
    Ok(text.to_owned())
}

fn link(key: &'static str, text: &str) -> Result<String, WrongAnswer> {
    let fits = text.starts_with("https://")
        && text.len() > "https://".len()
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || "<>()\"".contains(c));
    if !fits || is_example_address(text) {
        return Err(wrong(
            key,
            "Write the address of a page, beginning with https://.",
        ));
    }
    Ok(text.to_owned())
}

fn repository_link(text: &str) -> Result<String, WrongAnswer> {
    let name = text.strip_prefix("https://github.com/").unwrap_or(text);
    let plain = |p: &str| {
        !p.is_empty()
            && p.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    let fits = name
        .split_once('/')
        .is_some_and(|(owner, repo)| plain(owner) && plain(repo));
    if !fits {
        return Err(wrong(
            "repository",
            "Write owner and name of the GitHub repository, like acme/widget.",
        ));
    }
    Ok(format!("https://github.com/{name}/security/advisories/new"))
}

/// "3 business days", "weekly" and the like; nothing for an empty answer.
fn time(key: &'static str, text: &str) -> Result<Option<(u32, TermUnit)>, WrongAnswer> {
    let low = text.trim().to_lowercase();
    if low.is_empty() || low == "none" {
        return Ok(None);
    }
    match times_in(&format!("within {low}")).as_slice() {
        [one] if one.at_least.is_none() => Ok(Some((one.amount, one.unit))),
        _ => Err(wrong(
            key,
            &format!(
                "\u{201c}{text}\u{201d} is no time. Write a number and a unit, like 3 business days, 48 hours or 2 weeks; or none."
            ),
        )),
    }
}
