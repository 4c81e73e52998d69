//! The canonical file as text: a head, the owner's settings with their questions, then
//! the parts of the policy, each clause under the lines it came from.
//!
//! Invariant: comments only explain; taking them all out changes nothing that is read.

use std::fmt::Write as _;

use candor_base::{Finding, Span};

use super::fold::fold;
use super::mistake::Mistake;
use super::node::{Entry, Node, Value};
use super::tables::{Asked, LOOKED_FOR, PARTS, SETTINGS};
use super::toml_write::{comment, comment_wrapped, entries, inline, key};
use super::{Canonical, FORMAT, tree};
use crate::lint::questions;
use crate::run::words::{PromiseKind, PromiseLine, promises_in_words};
use crate::settings::{PolicyInForce, Settings};

/// Most source lines shown above one clause.
const SHOWN_LINES: usize = 4;
/// Most characters shown of a source line.
const SHOWN_CHARS: usize = 160;

/// Writes the file.
pub(super) fn write(canonical: &Canonical, text: &str) -> Result<String, Mistake> {
    let in_force = PolicyInForce::assemble(
        text.as_bytes(),
        canonical.policy.clone(),
        canonical.settings.clone(),
    );
    let policy = fold(tree(&canonical.policy)?);
    let mut out = String::new();
    head(&mut out, canonical);
    let (tables, plain) = apart(&policy);
    entries(&mut out, &plain)?;
    out.push_str("\n[source]\n");
    entries(&mut out, tree(&canonical.source)?.entries())?;
    settings(&mut out, &canonical.settings, &questions(&in_force))?;
    let words = promises_in_words(&in_force);
    let lines: Vec<&str> = text.lines().collect();
    let body = Body {
        file: &canonical.source.file,
        lines: &lines,
        words: &words,
    };
    for part in &tables {
        body.part(&mut out, part)?;
    }
    silent(&mut out, &policy, &words);
    Ok(out)
}

fn head(out: &mut String, canonical: &Canonical) {
    let file = &canonical.source.file;
    comment(
        out,
        &format!("The canonical policy, made by Candor from {file}."),
    );
    comment(out, "");
    comment_wrapped(
        out,
        "Read it once and correct what Candor misread: this file is what runs. Above each entry \
         stand the lines it came from. Questions for you stand under [settings]; answer one by \
         taking away the # before the line that is right and filling it in.",
    );
    comment(out, "");
    comment(
        out,
        &format!(
            "Start with it:        candor serve candor-policy.toml\nIs it still up to date? candor policy compile {file} -o candor-policy.toml --check"
        ),
    );
    let _ = writeln!(out, "\nformat = \"{FORMAT}\"");
}

/// Parts that are tables, and plain values, which TOML wants first.
fn apart(policy: &Node) -> (Vec<Entry>, Vec<Entry>) {
    policy
        .entries()
        .iter()
        .filter(|e| !e.node.is_empty())
        .cloned()
        .partition(|e| match &e.node.value {
            Value::Table(_) => true,
            Value::List(list) => list.iter().all(|n| matches!(n.value, Value::Table(_))),
            _ => false,
        })
}

fn settings(out: &mut String, own: &Settings, open: &[Finding]) -> Result<(), Mistake> {
    heading(out, "What only you know");
    out.push_str("[settings]\n");
    let (own, unset) = (tree(own)?, tree(&Settings::default())?);
    let set = |key: &str| {
        own.get(key)
            .filter(|node| Some(*node) != unset.get(key) && node.value != Value::Null)
    };
    let asked_now = |asked: &Asked| {
        let question = asked.question?;
        open.iter().find(|f| f.code == question)
    };
    let mut table = SETTINGS.to_vec();
    // What this very text leaves open comes before what can be said of any.
    table.sort_by_key(|a| asked_now(a).is_none());
    for asked in &table {
        let value = set(asked.key);
        // A question about words that this text does not hold would only confuse.
        if asked.question.is_some() && asked_now(asked).is_none() && value.is_none() {
            continue;
        }
        out.push('\n');
        if let Some(finding) = asked_now(asked) {
            let place = finding.span.map_or(String::new(), |s| format!(" ({s})"));
            comment_wrapped(out, &format!("QUESTION{place}: {}", finding.message));
        }
        comment_wrapped(out, asked.words);
        match value {
            Some(node) => {
                let _ = writeln!(out, "{} = {}", asked.key, inline(&plain(node))?);
            }
            None => asked.choices.iter().for_each(|c| comment(out, c)),
        }
    }
    for entry in own.entries() {
        let known = SETTINGS.iter().any(|a| a.key == entry.key);
        if let (false, Some(node)) = (known, set(&entry.key)) {
            let _ = writeln!(out, "\n{} = {}", key(&entry.key), inline(&plain(node))?);
        }
    }
    Ok(())
}

/// The same without empty options.
fn plain(node: &Node) -> Node {
    let value = match &node.value {
        Value::List(list) => Value::List(list.iter().map(plain).collect()),
        Value::Table(entries) => Value::Table(
            entries
                .iter()
                .filter(|e| e.node.value != Value::Null)
                .cloned()
                .collect(),
        ),
        other => other.clone(),
    };
    Node {
        line: node.line,
        value,
    }
}

fn heading(out: &mut String, title: &str) {
    let _ = writeln!(out, "\n# ---- {title} ----");
}

fn title_of(part: &str) -> String {
    let known = PARTS.iter().find(|(key, _)| *key == part);
    known.map_or_else(|| part.replace('_', " "), |(_, title)| (*title).to_owned())
}

/// What the parts are written with.
struct Body<'a> {
    file: &'a str,
    lines: &'a [&'a str],
    words: &'a [PromiseLine],
}

impl Body<'_> {
    fn part(&self, out: &mut String, part: &Entry) -> Result<(), Mistake> {
        heading(out, &title_of(&part.key));
        let name = key(&part.key);
        if let Value::List(list) = &part.node.value {
            let mut before = None;
            for node in list {
                let at = span_of(node);
                self.above(out, node, at, at.is_some() && at == before);
                let _ = writeln!(out, "[[{name}]]");
                entries(out, node.entries())?;
                before = at;
            }
        } else {
            self.above(out, &part.node, span_of(&part.node), false);
            let _ = writeln!(out, "[{name}]");
            entries(out, part.node.entries())?;
        }
        Ok(())
    }

    /// The lines an entry came from, and for a promise what it comes to.
    fn above(&self, out: &mut String, node: &Node, at: Option<Span>, shown: bool) {
        out.push('\n');
        if let Some(span) = at {
            if shown {
                comment(out, &format!("{span}, as above"));
            } else {
                comment(out, &format!("{}, {span}:", self.file));
                self.source(out, span);
            }
        }
        let Some(Value::Text(id)) = node.get("id").map(|n| &n.value) else {
            return;
        };
        let said = self
            .words
            .iter()
            .find(|w| w.clause.as_ref().is_some_and(|c| c.0 == *id));
        if let Some(line) = said {
            comment(
                out,
                &format!("Candor reads: {} ({}).", line.text, line.firmness),
            );
        }
    }

    fn source(&self, out: &mut String, span: Span) {
        let from = usize::try_from(span.first.saturating_sub(1)).unwrap_or(usize::MAX);
        let count = usize::try_from(span.last.saturating_sub(span.first))
            .unwrap_or(usize::MAX)
            .saturating_add(1);
        for line in self.lines.iter().skip(from).take(count.min(SHOWN_LINES)) {
            let mut shown: String = line.trim_end().chars().take(SHOWN_CHARS).collect();
            if line.trim_end().chars().count() > SHOWN_CHARS {
                shown.push('\u{2026}');
            }
            comment(out, &format!("  > {shown}"));
        }
        if count > SHOWN_LINES {
            comment(out, "  > \u{2026}");
        }
    }
}

fn span_of(node: &Node) -> Option<Span> {
    let Value::Text(lines) = &node.get("lines")?.value else {
        return None;
    };
    let (first, last) = lines.split_once('-').unwrap_or((lines, lines));
    Some(Span::lines(first.parse().ok()?, last.parse().ok()?))
}

/// What the text does not say, and what Candor does there on its own.
fn silent(out: &mut String, policy: &Node, words: &[PromiseLine]) {
    let own: Vec<&PromiseLine> = words
        .iter()
        .filter(|w| w.kind == PromiseKind::CandorDefault)
        .collect();
    let missing: Vec<String> = LOOKED_FOR
        .iter()
        .filter(|key| policy.get(key).is_none_or(Node::is_empty))
        .map(|key| title_of(key))
        .collect();
    if own.is_empty() && missing.is_empty() {
        return;
    }
    heading(out, "What the text does not say");
    if !own.is_empty() {
        out.push('\n');
        comment_wrapped(
            out,
            "Candor's defaults: where the policy gives no number, these run inside, for the team \
             only. They are never shown as your promise.",
        );
        for line in own {
            comment(out, &format!("  - {}", line.text));
        }
    }
    if !missing.is_empty() {
        out.push('\n');
        comment_wrapped(
            out,
            "QUESTION: the text is silent on these. Reporters look for them; say it in the text, \
             and compile it again. Candor makes nothing up.",
        );
        for title in missing {
            comment(out, &format!("  - {title}"));
        }
    }
}
