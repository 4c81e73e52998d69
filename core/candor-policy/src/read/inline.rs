//! Inline mark-up: links, emphasis, code ticks, entities.
//!
//! Invariants: one pass; what is not mark-up stays as it is.
//!
//! Deliberately absent: rendering.

use std::collections::BTreeMap;

/// A link and its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    /// The words.
    pub(crate) text: String,
    /// Where it leads.
    pub(crate) url: String,
}

/// Addresses by their reference names (`[name]: https://…`).
pub(super) type References = BTreeMap<String, String>;

/// A line that defines a reference.
pub(super) fn reference(line: &str) -> Option<(String, String)> {
    let rest = line.trim_start().strip_prefix('[')?;
    let (name, target) = rest.split_once("]:")?;
    let url = target.split_whitespace().next()?;
    let url = url.trim_start_matches('<').trim_end_matches('>');
    (!name.is_empty() && !name.contains(']') && !name.starts_with('^'))
        .then(|| (name.to_lowercase(), url.to_owned()))
}

/// Text without mark-up, and its links.
pub(super) fn strip(text: &str, refs: &References) -> (String, Vec<Link>) {
    let mut out = String::with_capacity(text.len());
    let mut links = Vec::new();
    let mut rest = text;
    let mut last = ' ';
    while let Some(c) = rest.chars().next() {
        let tail = rest.get(c.len_utf8()..).unwrap_or("");
        let taken = match c {
            '[' => link(rest, refs),
            '!' if tail.starts_with('[') => link(tail, refs),
            '<' => angle(tail),
            '&' => entity(tail),
            _ => None,
        };
        if let Some((words, url, after)) = taken {
            out.push_str(&words);
            if let Some(url) = url {
                links.push(Link { text: words, url });
            }
            rest = after;
            last = ' ';
            continue;
        }
        let next = tail.chars().next().unwrap_or(' ');
        let mark = match c {
            '`' => true,
            '*' => next == '*' || last == '*' || !(last == ' ' && next == ' ') && last != '/',
            '_' => !(last.is_alphanumeric() && next.is_alphanumeric()),
            _ => false,
        };
        // A star in a glob (`workers/*`) and an escaped sign stay.
        if c == '\\' && next.is_ascii_punctuation() {
            out.push(next);
            rest = tail.get(next.len_utf8()..).unwrap_or("");
            last = next;
            continue;
        }
        if !mark {
            out.push(c);
        }
        last = c;
        rest = tail;
    }
    (fold(&out), links)
}

/// The first bytes of a text: what is longer is no link, and the bound keeps this linear.
fn near(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or("")
}

type Taken<'a> = (String, Option<String>, &'a str);

/// `[words](url)`, `[words][name]`, `[name]`.
fn link<'a>(text: &'a str, refs: &References) -> Option<Taken<'a>> {
    let close = near(text, 600).find(']')?;
    let words = text.get(1..close)?;
    let clean: String = words.chars().filter(|c| !matches!(c, '*' | '`')).collect();
    let after = text.get(close + 1..)?;
    if let Some(inner) = after.strip_prefix('(') {
        let end = near(inner, 800).find(')')?;
        let target = inner.get(..end)?;
        let url = target.split_whitespace().next().unwrap_or("");
        let url = url.trim_start_matches('<').trim_end_matches('>');
        return Some((clean, Some(url.to_owned()), inner.get(end + 1..)?));
    }
    if let Some(inner) = after.strip_prefix('[') {
        let end = near(inner, 200).find(']')?;
        let name = inner.get(..end)?;
        let name = if name.is_empty() { words } else { name };
        let url = refs.get(&name.to_lowercase())?;
        return Some((clean, Some(url.clone()), inner.get(end + 1..)?));
    }
    let url = refs.get(&words.to_lowercase())?;
    Some((clean, Some(url.clone()), after))
}

/// `<https://…>`, `<name@host>` and tags; the text after `<` is given.
fn angle(tail: &str) -> Option<Taken<'_>> {
    let end = near(tail, 400).find('>')?;
    let inner = tail.get(..end)?;
    let after = tail.get(end + 1..)?;
    let bare = inner.strip_prefix("mailto:").unwrap_or(inner);
    if bare.contains("://") || (bare.contains('@') && !bare.contains(' ')) {
        return Some((bare.to_owned(), Some(inner.to_owned()), after));
    }
    let tag = inner.trim_start_matches('/');
    let is_tag = tag.starts_with(|c: char| c.is_ascii_alphabetic())
        && tag
            .chars()
            .take_while(|c| !c.is_whitespace() && *c != '/')
            .all(|c| c.is_ascii_alphanumeric());
    is_tag.then(|| (" ".to_owned(), href(inner), after))
}

fn href(tag: &str) -> Option<String> {
    let (_, rest) = tag.split_once("href=")?;
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = rest.get(1..)?;
    Some(inner.split(quote).next()?.to_owned())
}

fn entity(tail: &str) -> Option<Taken<'_>> {
    const NAMED: [(&str, &str); 9] = [
        ("amp;", "&"),
        ("lt;", "<"),
        ("gt;", ">"),
        ("quot;", "\""),
        ("nbsp;", " "),
        ("mdash;", "—"),
        ("commat;", "@"),
        ("#64;", "@"),
        ("#46;", "."),
    ];
    NAMED.iter().find_map(|(name, sign)| {
        tail.strip_prefix(name)
            .map(|rest| ((*sign).to_owned(), None, rest))
    })
}

/// White space folded to single blanks, ends trimmed.
pub(super) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Lower case, with plain quotes, dashes and blanks.
pub(crate) fn lower(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars()
        .map(|c| match c {
            '\u{2019}' | '\u{2018}' => '\'',
            '\u{201c}' | '\u{201d}' => '"',
            '\u{2010}' | '\u{2011}' => '-',
            '\u{a0}' | '\u{202f}' => ' ',
            other => other,
        })
        .flat_map(char::to_lowercase)
        .collect()
}
