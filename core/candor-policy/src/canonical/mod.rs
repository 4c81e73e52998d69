//! The canonical policy, `candor-policy.toml`: what Candor read in a SECURITY.md, as
//! the owner confirms it once, with the owner's answers beside it.
//!
//! Invariants: reading is strict (an unknown key, a wrong type or an unknown word is a
//! [`Mistake`] with its line) and lossless: what was written is read back the same. A
//! field that the model gains later travels without a change here.
//!
//! Deliberately absent: files, and the wording of commands.

mod corrected;
mod de;
mod fold;
mod mistake;
mod node;
mod tables;
mod toml_read;
mod toml_write;
mod write;

use std::collections::BTreeSet;

use candor_base::{Digest, Findings};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use corrected::{KeptEntry, keep_corrected};
pub use mistake::{Mistake, did_you_mean};

use self::node::{Entry, Node, Value};
use crate::compile::compile;
use crate::contact::{is_address, wrong_value};
use crate::decode::{NotAPolicy, decode, is_hidden};
use crate::lint::lint;
use crate::model::{Milestone, Policy};
use crate::settings::Settings;

/// The first key of the file, and the form it names.
pub(crate) const FORMAT: &str = "candor.policy/1";
/// Longest text of a setting, in characters.
const LONGEST: usize = 300;
/// Longest delay of a second look, in minutes: a week.
const LONGEST_LOOK: u32 = 7 * 24 * 60;

/// The text that a canonical policy was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceFile {
    /// Its file name, without folders.
    pub file: String,
    /// SHA-256 of its bytes: says whether it changed since.
    pub sha256: Digest,
}

impl SourceFile {
    /// Names a text.
    pub fn of(file: &str, bytes: &[u8]) -> Self {
        let mut sha = [0_u8; 32];
        sha.copy_from_slice(&Sha256::digest(bytes));
        Self {
            file: file.to_owned(),
            sha256: Digest::from_bytes(sha),
        }
    }
}

/// A canonical policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canonical {
    /// The text it was made from.
    pub source: SourceFile,
    /// What that text says.
    pub policy: Policy,
    /// What the owner answered.
    pub settings: Settings,
}

/// Settings as a file states them: only the stated ones rule over what is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stated {
    settings: Settings,
    keys: BTreeSet<String>,
}

impl Stated {
    /// The settings with everything stated here in place of what they said.
    pub fn over(&self, base: &Settings) -> Settings {
        let table = |s: &Settings| match serde_json::to_value(s) {
            Ok(serde_json::Value::Object(map)) => map,
            _ => serde_json::Map::new(),
        };
        let mut merged = table(base);
        let mut stated = table(&self.settings);
        for key in &self.keys {
            // What is stated as its default may not be written at all.
            match stated.remove(key) {
                Some(value) => merged.insert(key.clone(), value),
                None => merged.remove(key),
            };
        }
        // Both halves came from settings, so together they are settings again.
        serde_json::from_value(serde_json::Value::Object(merged)).unwrap_or_else(|_| base.clone())
    }

    /// Names of the settings that are stated.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(String::as_str)
    }
}

/// A policy file of either form, read.
#[derive(Debug, Clone)]
pub struct ReadPolicy {
    /// What it says, with everything noticed.
    pub compiled: Findings<Policy>,
    /// What the owner states in it; nothing in a SECURITY.md.
    pub stated: Stated,
    /// The text behind a canonical policy; `None` when this is the text itself.
    pub source: Option<SourceFile>,
}

/// Why bytes are no policy in either form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// No security policy.
    #[error(transparent)]
    Text(#[from] NotAPolicy),
    /// A canonical policy with a mistake.
    #[error("this canonical policy has a mistake: {0}")]
    Canonical(#[from] Mistake),
}

/// Reads a policy of either form: a SECURITY.md, or a canonical policy made from one.
///
/// # Errors
/// [`PolicyError`] when it is neither, or a canonical policy with a mistake.
pub fn read_policy(bytes: &[u8]) -> Result<ReadPolicy, PolicyError> {
    if is_canonical(bytes) {
        let (text, findings) = decode(bytes)?;
        let (canonical, stated) = Canonical::parse_stated(&text)?;
        let findings = lint(&canonical.policy, findings);
        return Ok(ReadPolicy {
            compiled: Findings {
                value: canonical.policy,
                findings,
            },
            stated,
            source: Some(canonical.source),
        });
    }
    Ok(ReadPolicy {
        compiled: compile(bytes)?,
        stated: Stated::default(),
        source: None,
    })
}

/// Whether bytes call themselves a canonical policy: the first line that is no comment
/// names the form, or the parts of one are there. A file whose head was damaged must be
/// refused with its line, never be read as prose.
pub fn is_canonical(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut lines = bytes
        .split(|b| *b == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty() && !line.starts_with(b"#"));
    if lines.next().is_some_and(names_the_form) {
        return true;
    }
    let mut source = false;
    let mut part = false;
    for line in bytes.split(|b| *b == b'\n').map(<[u8]>::trim_ascii_end) {
        source |= line == b"[source]";
        part |= line == b"[settings]" || line.starts_with(b"[[") || names_the_form(line);
    }
    source && part
}

fn names_the_form(line: &[u8]) -> bool {
    line.strip_prefix(b"format")
        .map(<[u8]>::trim_ascii_start)
        .and_then(|rest| rest.strip_prefix(b"="))
        .map(<[u8]>::trim_ascii_start)
        .is_some_and(|rest| rest.starts_with(b"\"candor.policy/"))
}

impl Canonical {
    /// Reads the file back.
    ///
    /// # Errors
    /// A [`Mistake`] with its line.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        Self::parse_stated(text).map(|(canonical, _)| canonical)
    }

    fn parse_stated(text: &str) -> Result<(Self, Stated), Mistake> {
        let mut root = match toml_read::read(text)?.value {
            Value::Table(entries) => entries,
            _ => Vec::new(),
        };
        no_control(&root)?;
        format_of(take(&mut root, "format"))?;
        let source = take(&mut root, "source").ok_or_else(|| {
            Mistake::new(
                0,
                "the part [source] is missing: it names the text that this was made from.",
            )
        })?;
        let source: SourceFile = typed(&source.node)?;
        let stated = match take(&mut root, "settings") {
            Some(entry) => stated(&entry.node)?,
            None => Stated::default(),
        };
        let read = fold::unfold(Node::at(1, Value::Table(root)))?;
        let policy: Policy = typed(&read)?;
        one_id_each(&read, &mut BTreeSet::new())?;
        times_within_reason(&read)?;
        de::strict(&read, &tree(&policy)?)?;
        channels_can_be_used(&read, &policy)?;
        let settings = stated.settings.clone();
        let canonical = Self {
            source,
            policy,
            settings,
        };
        Ok((canonical, stated))
    }

    /// The file, readable and commented; `text` is the source, for its lines.
    ///
    /// # Errors
    /// A [`Mistake`] when a value cannot be written as TOML.
    pub fn write(&self, text: &str) -> Result<String, Mistake> {
        write::write(self, text)
    }
}

fn take(entries: &mut Vec<Entry>, key: &str) -> Option<Entry> {
    let at = entries.iter().position(|e| e.key == key)?;
    Some(entries.remove(at))
}

fn format_of(entry: Option<Entry>) -> Result<(), Mistake> {
    let Some(entry) = entry else {
        return Err(Mistake::new(
            1,
            format!("the first line must be: format = \"{FORMAT}\""),
        ));
    };
    match entry.node.value {
        Value::Text(form) if form == FORMAT => Ok(()),
        _ => Err(Mistake::new(
            entry.line,
            format!("this version of Candor reads only the form \"{FORMAT}\"."),
        )),
    }
}

fn stated(node: &Node) -> Result<Stated, Mistake> {
    let settings: Settings = typed(node)?;
    let at = |key: &str| node.get(key).map_or(node.line, |n| n.line);
    let wrong = |key: &str, what: &str| Err(Mistake::new(at(key), format!("`{key}`: {what}")));
    if settings
        .response_means
        .is_some_and(|m| !matches!(m, Milestone::Plan | Milestone::Fix))
    {
        return wrong("response_means", "write \"plan\" or \"fix\".");
    }
    if settings
        .working_hours
        .is_some_and(|(from, to)| to <= from && to != jiff::civil::Time::midnight())
    {
        return wrong(
            "working_hours",
            "write begin and end like [\"09:00\", \"17:00\"].",
        );
    }
    if settings.second_look_minutes > LONGEST_LOOK {
        return wrong("second_look_minutes", "at most 10080 minutes (a week).");
    }
    let good = |address: &String| is_address(address);
    if !settings.security_address.iter().all(good) {
        return wrong("security_address", "this is no e-mail address.");
    }
    for (key, people) in [
        ("maintainers", &settings.maintainers),
        ("distributors", &settings.distributors),
    ] {
        if !people.iter().all(|p| good(&p.address)) {
            return wrong(key, "an address here is no e-mail address.");
        }
    }
    if !settings.github_repository.iter().all(|r| is_repository(r)) {
        return wrong(
            "github_repository",
            "write owner and repository, like acme/widget.",
        );
    }
    let is_link =
        |link: &String| link.starts_with("https://") && !link.contains(char::is_whitespace);
    if !settings.namespace.iter().all(is_link) {
        return wrong("namespace", "write an address like https://example.org.");
    }
    let long = node
        .entries()
        .iter()
        .find(|e| matches!(&e.node.value, Value::Text(t) if t.chars().count() > LONGEST));
    if let Some(entry) = long {
        return wrong(&entry.key, "this is longer than 300 characters.");
    }
    Ok(Stated {
        settings,
        keys: node.entries().iter().map(|e| e.key.clone()).collect(),
    })
}

fn is_repository(text: &str) -> bool {
    let plain = |p: &str| {
        !p.is_empty()
            && p.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    text.split_once('/')
        .is_some_and(|(owner, name)| plain(owner) && plain(name))
}

/// A text of several lines could bring lines of its own into files made from it, such
/// as security.txt; no policy text compiles to one.
fn no_control(entries: &[Entry]) -> Result<(), Mistake> {
    entries.iter().try_for_each(|e| {
        if e.key.chars().any(|c| c.is_control() || is_hidden(c)) {
            let what = "a character that cannot be seen stands in this key. Write the key again.";
            return Err(Mistake::new(e.line, what));
        }
        check_text(&e.node)
    })
}

fn check_text(node: &Node) -> Result<(), Mistake> {
    let odd = |c: char| (c.is_control() && c != '\t') || is_hidden(c);
    match &node.value {
        Value::Text(text) if text.contains(['\n', '\r', '\u{2028}', '\u{2029}']) => {
            Err(Mistake::new(node.line, "a text here must be one line."))
        }
        Value::Text(text) if text.contains(odd) => Err(Mistake::new(
            node.line,
            "a character that cannot be seen stands in this text. Write the text again.",
        )),
        Value::List(list) => list.iter().try_for_each(check_text),
        Value::Table(entries) => no_control(entries),
        _ => Ok(()),
    }
}

/// A longer time than a hundred years in days is a slip of the pen, and so is none at all.
const LONGEST_TIME: i128 = 36_500;

/// Numbers of hours, days and so on.
fn times_within_reason(node: &Node) -> Result<(), Mistake> {
    const TIMES: [&str; 3] = ["amount", "at_least", "every_months"];
    match &node.value {
        Value::List(list) => list.iter().try_for_each(times_within_reason),
        Value::Table(entries) => entries.iter().try_for_each(|e| match e.node.value {
            Value::Int(n) if TIMES.contains(&e.key.as_str()) => {
                if (1..=LONGEST_TIME).contains(&i128::from(n)) {
                    Ok(())
                } else {
                    Err(Mistake::new(
                        e.line,
                        format!(
                            "`{}` must be from 1 to {LONGEST_TIME}, and {n} stands here.",
                            e.key
                        ),
                    ))
                }
            }
            _ => times_within_reason(&e.node),
        }),
        _ => Ok(()),
    }
}

/// What stands here goes into links and files as it is.
fn channels_can_be_used(read: &Node, policy: &Policy) -> Result<(), Mistake> {
    let lines = match read.get("channels").map(|n| &n.value) {
        Some(Value::List(list)) => list.iter().map(|entry| {
            let value = entry.get("value").and_then(|v| v.get("value"));
            value.map_or(entry.line, |v| v.line)
        }),
        _ => return Ok(()),
    };
    for (line, channel) in lines.zip(&policy.channels) {
        if let Some(what) = wrong_value(&channel.value) {
            return Err(Mistake::new(line, what));
        }
    }
    Ok(())
}

/// Clocks and events name clauses by id, so two clauses must not share one.
fn one_id_each(node: &Node, seen: &mut BTreeSet<String>) -> Result<(), Mistake> {
    match &node.value {
        Value::List(list) => list.iter().try_for_each(|n| one_id_each(n, seen)),
        Value::Table(entries) => {
            if let (Some(id), Some(_)) = (node.get("id"), node.get("span"))
                && let Value::Text(name) = &id.value
                && !seen.insert(name.clone())
            {
                return Err(Mistake::new(
                    id.line,
                    format!("two entries have the id \"{name}\". Give each a name of its own."),
                ));
            }
            entries.iter().try_for_each(|e| one_id_each(&e.node, seen))
        }
        _ => Ok(()),
    }
}

fn typed<T: DeserializeOwned>(node: &Node) -> Result<T, Mistake> {
    T::deserialize(de::From(node))
}

/// A value as a tree, in the order of its fields.
fn tree<T: Serialize>(value: &T) -> Result<Node, Mistake> {
    let cannot = |why: serde_json::Error| Mistake::new(0, format!("this cannot be written: {why}"));
    let json = serde_json::to_string(value).map_err(cannot)?;
    serde_json::from_str(&json).map_err(cannot)
}
