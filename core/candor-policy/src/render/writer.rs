//! The writer: takes for each fact the first wording that the compiler reads as meant.
//!
//! Invariants: a line is written only when reading it in its place gives the fact, and
//! nothing that the policy does not say; the owner's own words come first where they
//! are what a clause consists of.
//!
//! Deliberately absent: the wordings; see `phrases` and its neighbours.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{Fact, Key, SEEN_BESIDE, counts, facts};
use super::place::{Form, Section, block, title};
use crate::compile::reading;
use crate::model::Policy;

/// A wording and its place.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) section: Section,
    pub(super) form: Form,
    pub(super) text: String,
}

impl Candidate {
    pub(super) fn new(section: Section, form: Form, text: impl Into<String>) -> Self {
        Self {
            section,
            form,
            text: text.into(),
        }
    }
}

/// Parts that the compiler puts together from several sentences: one sentence alone
/// gives only a piece of them.
const PUT_TOGETHER: [&str; 2] = ["credit", "scoring"];
/// Parts in which saying a thing twice is saying it once.
const SAID_ONCE: [&str; 11] = [
    "promises",
    "channels",
    "outlets",
    "impact_ranking",
    "upgrade_first",
    "incomplete_rule",
    "known_public_rule",
    "subscribe",
    "fielded_by",
    "review",
    "product",
];

/// The text as it grows.
pub(super) struct Writer {
    all: BTreeSet<Key>,
    need: BTreeMap<Key, usize>,
    /// The rule for incomplete reports: it makes what is asked for mandatory.
    strict: Option<String>,
    /// A table of versions stands beside other lines about versions, and rules them out.
    table: bool,
    lines: Vec<Candidate>,
    /// Words written, and what they said: words of the owner say several things at once.
    own: BTreeMap<(String, Key), usize>,
    read: BTreeMap<String, Vec<Key>>,
}

impl Writer {
    pub(super) fn new(all: &[Fact], policy: &Policy) -> Self {
        Self {
            all: all.iter().map(|f| f.key.clone()).collect(),
            need: counts(all),
            strict: policy.incomplete_rule.as_ref().map(|c| c.value.clone()),
            table: !policy.versions.is_empty() && !super::in_prose(policy),
            lines: Vec::new(),
            own: BTreeMap::new(),
            read: BTreeMap::new(),
        }
    }

    /// Whether the fact still has to be said.
    pub(super) fn needs(&self, key: &Key) -> bool {
        self.need.get(key).is_some_and(|n| *n > 0)
    }

    /// Whether these very words were written already and said this fact.
    pub(super) fn wrote(&mut self, own: &str, key: &Key) -> bool {
        let left = self.own.get_mut(&(own.to_owned(), key.clone()));
        match left {
            Some(n) if *n > 0 => {
                *n -= 1;
                true
            }
            _ => false,
        }
    }

    /// Writes a fact with the wording that says the most of what is still to be said, the
    /// first of several; false when none is read as meant.
    pub(super) fn write(&mut self, key: &Key, candidates: &[Candidate]) -> bool {
        // First wordings that say only what is still to be said.
        for fresh in [true, false] {
            let mut best: Option<(usize, Candidate, Vec<Key>)> = None;
            for candidate in candidates {
                for text in variants(candidate) {
                    let one = Candidate {
                        text,
                        ..candidate.clone()
                    };
                    let found = self.reads(&one);
                    if !found.contains(key) || !found.iter().all(|k| self.fits(k, fresh)) {
                        continue;
                    }
                    let says = found.iter().filter(|k| self.needs(k)).count();
                    if best.as_ref().is_none_or(|(most, ..)| says > *most) {
                        best = Some((says, one, found));
                    }
                }
            }
            if let Some((_, line, found)) = best {
                self.take(line, &found);
                return true;
            }
        }
        false
    }

    /// Writes lines that only together say what they say, when they say nothing else.
    /// Lines that stand already are not written again.
    pub(super) fn write_together(&mut self, lines: &[Candidate]) -> bool {
        self.write_all(&[], lines)
    }

    /// The same, when they say all of these facts: a line that is not read back as meant
    /// is not written.
    pub(super) fn write_all(&mut self, facts: &[&Key], lines: &[Candidate]) -> bool {
        let new: Vec<Candidate> = lines
            .iter()
            .filter_map(|line| {
                variants(line)
                    .into_iter()
                    .map(|text| Candidate {
                        text,
                        ..line.clone()
                    })
                    .next()
            })
            .filter(|line| self.lines.iter().all(|l| l.text != line.text))
            .collect();
        let all: Vec<&Candidate> = new.iter().collect();
        let found = keys(&text(None, &all));
        let all_said = facts.iter().all(|k| found.contains(k));
        if found.is_empty() || !all_said || !found.iter().all(|k| self.fits(k, false)) {
            return false;
        }
        for key in &found {
            self.said(key);
            // Which of the lines says it does not matter: none is written twice.
            for line in &new {
                self.own.insert((line.text.clone(), key.clone()), 1);
            }
        }
        self.lines.extend(new);
        true
    }

    /// Writes lines together when the whole text then says the fact.
    pub(super) fn write_whole(&mut self, key: &Key, lines: &[Candidate]) -> bool {
        let before = self.lines.len();
        if self.write_together(lines) && self.stands(key) {
            return true;
        }
        self.lines.truncate(before);
        false
    }

    /// Whether the text as it stands says this.
    pub(super) fn stands(&self, key: &Key) -> bool {
        keys(&self.finish(None)).contains(key)
    }

    /// Notes a fact that stands somewhere else, such as in the title.
    pub(super) fn said(&mut self, key: &Key) {
        if let Some(n) = self.need.get_mut(key) {
            *n = n.saturating_sub(1);
        }
    }

    fn take(&mut self, line: Candidate, found: &[Key]) {
        for key in found {
            self.said(key);
            *self
                .own
                .entry((line.text.clone(), key.clone()))
                .or_insert(0) += 1;
        }
        self.lines.push(line);
    }

    fn fits(&self, key: &Key, fresh: bool) -> bool {
        let part = key.0.as_str();
        if SEEN_BESIDE.contains(&part) {
            return true;
        }
        if PUT_TOGETHER.contains(&part) {
            return self.all.iter().any(|k| k.0 == part);
        }
        self.all.contains(key) && (!fresh || SAID_ONCE.contains(&part) || self.needs(key))
    }

    /// What the compiler reads in a line in its place.
    fn reads(&mut self, line: &Candidate) -> Vec<Key> {
        let mut about: Vec<Candidate> = Vec::new();
        if line.section == Section::Contents
            && let Some(rule) = &self.strict
            && *rule != line.text
        {
            about.push(Candidate::new(Section::Contents, Form::Sentence, rule));
        }
        if self.table && line.section == Section::Versions && line.form == Form::Sentence {
            about.push(Candidate::new(
                Section::Versions,
                Form::Row(&["Version", "Supported"]),
                "| 0.0.0 | No |",
            ));
        }
        let without: Vec<&Candidate> = about.iter().collect();
        let mut with = without.clone();
        with.push(line);
        let doc = text(None, &with);
        if let Some(known) = self.read.get(&doc) {
            return known.clone();
        }
        let mut found = keys(&doc);
        let beside = text(None, &without);
        let stands = self
            .read
            .entry(beside)
            .or_insert_with_key(|beside| keys(beside));
        for key in stands.iter() {
            if let Some(at) = found.iter().position(|k| k == key) {
                found.remove(at);
            }
        }
        self.read.insert(doc, found.clone());
        found
    }

    /// The whole text.
    pub(super) fn finish(&self, product: Option<&str>) -> String {
        let all: Vec<&Candidate> = self.lines.iter().collect();
        text(product, &all)
    }
}

fn keys(text: &str) -> Vec<Key> {
    facts(&reading(text)).into_iter().map(|f| f.key).collect()
}

/// A text of lines, each in its place.
fn text(product: Option<&str>, lines: &[&Candidate]) -> String {
    let mut out = title(product);
    let mut over = None;
    for section in Section::ALL {
        let own: Vec<&&Candidate> = lines.iter().filter(|l| l.section == section).collect();
        if own.is_empty() {
            continue;
        }
        if section.over() != over {
            over = section.over();
            if let Some(heading) = over {
                heading_line(&mut out, heading);
            }
        }
        if !section.heading().is_empty() {
            heading_line(&mut out, section.heading());
        }
        let mut forms: Vec<&Form> = Vec::new();
        for line in &own {
            if !forms.contains(&&line.form) {
                forms.push(&line.form);
            }
        }
        forms.sort_by_key(|form| form.place());
        for form in forms {
            let texts: Vec<&str> = own
                .iter()
                .filter(|l| l.form == *form)
                .map(|l| l.text.as_str())
                .collect();
            block(&mut out, form, &texts);
        }
    }
    out
}

fn heading_line(out: &mut String, heading: &str) {
    out.push('\n');
    out.push_str(heading);
    out.push('\n');
}

/// A wording as it stands, and with the signs escaped that would be taken for mark-up.
fn variants(candidate: &Candidate) -> Vec<String> {
    let mut text = candidate.text.trim().to_owned();
    if text.is_empty() || text.contains(['\n', '\r']) {
        return Vec::new();
    }
    let ends = text.ends_with([
        '.', '!', '?', ':', ')', '。', '！', '？', '：', '"', '\u{201d}',
    ]);
    if candidate.form == Form::Sentence && !ends {
        text.push('.');
    }
    let plain = escaped(&text);
    if plain == text || matches!(candidate.form, Form::Row(_) | Form::Code) {
        return vec![text];
    }
    vec![text, plain]
}

/// The same words for a reader of Markdown, whatever signs stand in them.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let marks = matches!(c, '\\' | '`' | '*' | '_' | '[' | '<' | '&');
        let opens = at == 0 && matches!(c, '#' | '-' | '+' | '>' | '|' | '=' | '~');
        if marks || opens {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
