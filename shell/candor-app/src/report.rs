//! The report as filed, and who filed it: two sealed bodies that lie apart (CR-4).
//!
//! Invariants: the report holds every field as typed and nothing of the
//! reporter's identity; its bytes are sealed before they are stored, and the
//! receipt names the digest of exactly those sealed bytes.

use std::collections::BTreeMap;

use candor_access::build::words;
use candor_base::CaseId;
use candor_policy::PolicyInForce;
use candor_policy::model::ContentKey;
use candor_ports::{StoreError, Vault};
use serde::{Deserialize, Serialize};

use crate::input::Fault;

/// Fields that say who somebody is; never part of the report's body.
pub(crate) const IDENTITY_FIELDS: [&str; 7] = [
    "email",
    "name",
    "affiliation",
    "contact",
    "identity",
    "credit_name",
    crate::their_key::KEY_FIELD,
];

/// A file as it stands in the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FiledFile {
    pub(crate) name: String,
    pub(crate) sha256: String,
    pub(crate) bytes: u64,
}

/// The report as filed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FiledReport {
    /// Form of this record.
    form: String,
    /// Every field as typed, but for identity.
    pub(crate) fields: BTreeMap<String, String>,
    /// Files that came with it.
    pub(crate) files: Vec<FiledFile>,
}

impl std::fmt::Debug for FiledReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[report]")
    }
}

const FORM: &str = "candor.report/v1";

impl FiledReport {
    pub(crate) fn new(fields: BTreeMap<String, String>, files: Vec<FiledFile>) -> Self {
        Self {
            form: FORM.to_owned(),
            fields,
            files,
        }
    }

    /// The bytes whose digest the receipt names: JSON, keys in order, no blanks.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, Fault> {
        serde_json::to_vec(self).map_err(|e| Fault::inside(format!("report: {e}")))
    }

    pub(crate) fn seal(vault: &dyn Vault, case: &CaseId, plain: &[u8]) -> Vec<u8> {
        vault.seal(&context(case), plain)
    }

    pub(crate) fn open(vault: &dyn Vault, case: &CaseId, sealed: &[u8]) -> Result<Self, Fault> {
        let plain = vault.open(&context(case), sealed);
        let report = plain.and_then(|plain| serde_json::from_slice::<Self>(&plain).ok());
        let report = report.filter(|r| r.form == FORM);
        Ok(report.ok_or_else(|| StoreError::Damaged("a report does not open".to_owned()))?)
    }

    pub(crate) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", |t| t.trim())
    }

    /// One line for lists: the title given, else the first words of the report.
    pub(crate) fn title(&self) -> String {
        let source = ["summary", "description", "impact", "steps"]
            .into_iter()
            .map(|name| self.field(name))
            .chain(self.fields.values().map(|t| t.trim()))
            .find(|text| !text.is_empty())
            .unwrap_or("Report");
        let line = source
            .lines()
            .find(|l| !l.trim().is_empty())
            .unwrap_or(source);
        let mut title: String = line.trim().chars().take(120).collect();
        if line.trim().chars().count() > 120 {
            title.push('…');
        }
        title
    }

    /// Label and text of each field: those of the form first, then what else was sent.
    pub(crate) fn labelled(&self, policy: &PolicyInForce) -> Vec<(String, String)> {
        let mut out = Vec::new();
        let mut shown: Vec<&str> = Vec::new();
        for field in candor_policy::form(policy) {
            let name = words::content_name(field.key);
            let text = self.field(name);
            if !text.is_empty() {
                out.push((field.label, text.to_owned()));
            }
            shown.push(name);
        }
        for (name, text) in &self.fields {
            if shown.contains(&name.as_str()) || TECHNICAL.contains(&name.as_str()) {
                continue;
            }
            let text = in_words(name, text.trim(), policy);
            if !text.is_empty() {
                out.push((label(name), text));
            }
        }
        out
    }

    /// What was typed, and not only chosen, field by field.
    pub(crate) fn typed(&self) -> impl Iterator<Item = &str> {
        let typed = |name: &&String| {
            let name = name.as_str();
            !TECHNICAL.contains(&name) && !CHOSEN.contains(&name)
        };
        let fields = self.fields.iter().filter(move |(name, _)| typed(name));
        fields.map(|(_, text)| text.as_str())
    }

    /// Contents by key, for completeness.
    pub(crate) fn contents(&self) -> BTreeMap<ContentKey, String> {
        let mut out: BTreeMap<ContentKey, String> = words::CONTENT_KEYS
            .into_iter()
            .map(|key| (key, self.field(words::content_name(key)).to_owned()))
            .filter(|(_, text)| !text.is_empty())
            .collect();
        if !self.field("version").is_empty() {
            // The form's own field goes before what other senders call `versions`.
            out.insert(ContentKey::Versions, self.field("version").to_owned());
        }
        out
    }
}

fn context(case: &CaseId) -> String {
    format!("report/{case}")
}

/// What the form needs and nobody reads: it says nothing about the problem.
const TECHNICAL: [&str; 2] = ["nonce", "duties"];

/// What is chosen in the form from a few answers.
const CHOSEN: [&str; 6] = [
    "certainty",
    "tried_supported",
    "is_public",
    "credit",
    "came_by",
    "warned",
];

/// What a person chose in the form, in words; anything typed as it is.
fn in_words(name: &str, text: &str, policy: &PolicyInForce) -> String {
    let word = match (name, text) {
        ("certainty", "sure") => "They have shown that it works",
        ("certainty", "likely") => "They think that it is likely",
        ("certainty", "not_sure") => "They are not sure",
        ("tried_supported" | "is_public", "yes") => "Yes",
        ("tried_supported" | "is_public", "no") => "No",
        ("credit", "named") => "To be named",
        ("credit", "anonymous") => "To stay anonymous",
        ("came_by", "mail") => "Mail",
        ("came_by", "forwarded") => "Mail, forwarded by a member of the team",
        ("came_by", "github") => "GitHub",
        ("came_by", "phone") => "Phone, or in person",
        ("came_by", "other") => "Another way",
        ("warned", ids) => return turned_away(ids, policy),
        (_, typed) => typed,
    };
    word.to_owned()
}

/// The lines of the policy behind the ids of its clauses.
fn turned_away(ids: &str, policy: &PolicyInForce) -> String {
    let ids: Vec<&str> = ids.split_whitespace().collect();
    let clauses = policy.policy.out_of_scope.iter();
    let named = clauses.filter(|c| ids.contains(&c.id.to_string().as_str()));
    let quotes: Vec<&str> = named.map(|c| c.quote.as_str()).collect();
    quotes.join("\n")
}

/// The label of a field. A name that is none of the form's is shown as the sender's
/// own, so that it cannot pass for a word of the team.
fn label(name: &str) -> String {
    match name {
        "version" => "Affected version".to_owned(),
        "tried_supported" => "Tried a supported version".to_owned(),
        "is_public" => "Already public".to_owned(),
        "public_where" => "Where and since when it is public".to_owned(),
        "came_by" => "Reached the team by".to_owned(),
        "certainty" => "How certain".to_owned(),
        "credit" => "Wish for credit".to_owned(),
        "warned" => "Warned that it may be out of scope by".to_owned(),
        other if words::content_key(other).is_none() => {
            format!("Sent along under the name “{other}”")
        }
        other => {
            let spaced = other.replace('_', " ");
            let mut chars = spaced.chars();
            chars.next().map_or_else(String::new, |first| {
                first.to_uppercase().collect::<String>() + chars.as_str()
            })
        }
    }
}

/// Who filed it, as far as they said.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FiledIdentity {
    pub(crate) fields: BTreeMap<String, String>,
}

impl std::fmt::Debug for FiledIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[identity]")
    }
}

impl FiledIdentity {
    /// The address for mail, when one was given.
    pub(crate) fn email(&self) -> Option<String> {
        let given = self.fields.get("email").map(|t| t.trim().to_owned());
        given.filter(|t| !t.is_empty())
    }

    /// Label and text, for the team.
    pub(crate) fn labelled(&self) -> Vec<(String, String)> {
        let order = ["name", "email", "affiliation", "contact", "identity"];
        order
            .into_iter()
            .filter_map(|name| {
                let text = self.fields.get(name)?.trim();
                let label = match name {
                    "email" => "E-mail",
                    "contact" => "How to reach them",
                    "identity" => "Who they are",
                    "affiliation" => "Affiliation",
                    _ => "Name",
                };
                (!text.is_empty()).then(|| (label.to_owned(), text.to_owned()))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(fields: &[(&str, &str)]) -> FiledReport {
        let fields = fields
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        FiledReport::new(fields, Vec::new())
    }

    #[test]
    fn the_title_is_the_summary_or_the_first_line() {
        assert_eq!(report(&[("summary", "XSS")]).title(), "XSS");
        assert_eq!(
            report(&[("description", "\n  First\nsecond")]).title(),
            "First"
        );
        assert_eq!(report(&[("usage", "x")]).title(), "x");
        assert_eq!(report(&[]).title(), "Report");
        assert_eq!(
            report(&[("summary", &"x".repeat(200))])
                .title()
                .chars()
                .count(),
            121
        );
    }

    #[test]
    fn the_version_field_counts_as_versions() {
        let r = report(&[("version", "1.4")]);
        assert_eq!(
            r.contents().get(&ContentKey::Versions).map(String::as_str),
            Some("1.4")
        );
    }
}
