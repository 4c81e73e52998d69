//! An Atom feed (RFC 4287) of advisories.
//!
//! Invariants: every text is escaped and freed of characters that XML 1.0 has
//! no place for; a feed without entries is still a valid feed.
//!
//! Deliberately absent: HTML in entries. Summaries are plain text.

use std::fmt::Write as _;

use candor_base::Instant;

use crate::ids::Link;
use crate::model::{Advisory, Status};

/// What a feed says about itself.
#[derive(Debug, Clone)]
pub struct FeedMeta {
    /// Its name.
    pub title: String,
    /// Who writes it.
    pub author: String,
    /// The address of the feed; also its id, so it must not change.
    pub feed: Link,
    /// The address of the page that lists the same.
    pub page: Link,
    /// When the feed was set up: its date while it has no entries.
    pub since: Instant,
}

/// One entry.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The address of the page; also the entry's id, so it must not change.
    pub page: Link,
    /// One line.
    pub title: String,
    /// A few sentences, plain text.
    pub summary: String,
    /// Label for filters: the severity in small letters.
    pub category: String,
    /// First published.
    pub published: Instant,
    /// Last changed.
    pub updated: Instant,
}

/// The entry of an advisory; `None` for a draft, which no feed may hold.
pub fn entry(advisory: &Advisory, page: &Link) -> Option<Entry> {
    if advisory.issue.status == Status::Draft {
        return None;
    }
    let content = &advisory.content;
    Some(Entry {
        page: page.clone(),
        title: format!("{}: {}", advisory.issue.id, content.title),
        summary: content.summary.to_string(),
        category: content.severity.as_str().to_owned(),
        published: advisory.published()?,
        updated: advisory.updated()?,
    })
}

/// The feed, newest change first.
pub fn feed(meta: &FeedMeta, entries: &[Entry]) -> String {
    let mut entries: Vec<&Entry> = entries.iter().collect();
    entries.sort_by(|a, b| (b.updated, &b.page).cmp(&(a.updated, &a.page)));
    let updated = entries.first().map_or(meta.since, |e| e.updated);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    out.push_str("<feed xmlns=\"http://www.w3.org/2005/Atom\">\n");
    element(&mut out, 1, "title", &meta.title);
    element(&mut out, 1, "id", meta.feed.as_str());
    element(&mut out, 1, "updated", &updated.to_string());
    let _ = writeln!(
        out,
        "  <author>\n    <name>{}</name>\n  </author>",
        escape(&meta.author)
    );
    link(&mut out, 1, "self", "application/atom+xml", &meta.feed);
    link(&mut out, 1, "alternate", "text/html", &meta.page);
    for entry in entries {
        out.push_str("  <entry>\n");
        element(&mut out, 2, "title", &entry.title);
        element(&mut out, 2, "id", entry.page.as_str());
        link(&mut out, 2, "alternate", "text/html", &entry.page);
        element(&mut out, 2, "published", &entry.published.to_string());
        element(&mut out, 2, "updated", &entry.updated.to_string());
        let _ = writeln!(out, "    <category term=\"{}\"/>", escape(&entry.category));
        element(&mut out, 2, "summary", &entry.summary);
        out.push_str("  </entry>\n");
    }
    out.push_str("</feed>\n");
    out
}

fn element(out: &mut String, depth: usize, name: &str, text: &str) {
    let indent = "  ".repeat(depth);
    let _ = writeln!(out, "{indent}<{name}>{}</{name}>", escape(text));
}

fn link(out: &mut String, depth: usize, rel: &str, kind: &str, to: &Link) {
    let indent = "  ".repeat(depth);
    let href = escape(to.as_str());
    let _ = writeln!(
        out,
        "{indent}<link rel=\"{rel}\" type=\"{kind}\" href=\"{href}\"/>"
    );
}

/// Text for XML 1.0: markup escaped, characters without a place in XML as `U+FFFD`.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
