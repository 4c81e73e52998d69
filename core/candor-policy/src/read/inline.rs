//! Inline mark-up: links, emphasis, code ticks, entities.
//!
//! Invariants: one pass; what is not mark-up stays as it is.
//!
//! Deliberately absent: rendering.

use std::collections::BTreeMap;

use crate::decode::is_hidden;

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
    loop {
        let run = rest.bytes().position(is_special).unwrap_or(rest.len());
        if let Some((words, more)) = rest.split_at_checked(run)
            && let Some(end) = words.chars().next_back()
        {
            out.push_str(words);
            last = end;
            rest = more;
        }
        let Some(c) = rest.chars().next() else { break };
        let tail = rest.get(c.len_utf8()..).unwrap_or("");
        let taken = match c {
            '[' => note(rest).or_else(|| link(rest, refs)),
            '`' if !tail.starts_with('`') => rst_link(tail, refs),
            ':' => role(rest),
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

/// Whether a byte may begin mark-up; all others stay as they are.
fn is_special(byte: u8) -> bool {
    matches!(
        byte,
        b'[' | b'`' | b':' | b'!' | b'<' | b'&' | b'*' | b'_' | b'\\'
    )
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
    if !bare.contains(char::is_whitespace) && (bare.contains("://") || bare.contains('@')) {
        return Some((bare.to_owned(), Some(inner.to_owned()), after));
    }
    if (inner.starts_with("a ") || inner.starts_with("A "))
        && let Some(url) = href(inner)
        && let Some(close) = near(after, 600)
            .find("</a>")
            .or_else(|| near(after, 600).find("</A>"))
    {
        let words = without_tags(after.get(..close)?);
        return Some((words, Some(url), after.get(close + 4..)?));
    }
    // `<name AT host DOT org>` is an address in disguise, no tag.
    let spoken = [" AT ", " at ", " [at] ", " (at) "]
        .iter()
        .any(|w| inner.contains(w));
    if spoken && !inner.contains('=') {
        return Some((inner.to_owned(), None, after));
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

/// Words between tags.
fn without_tags(text: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in text.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            '*' | '`' => {}
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out.trim().to_owned()
}

/// The mark of a footnote: `[^1]`, `[1]_`, `[#name]_`.
fn note(text: &str) -> Option<Taken<'_>> {
    let close = near(text, 60).find(']')?;
    let name = text.get(1..close)?;
    let after = text.get(close + 1..)?;
    if name.starts_with('^') {
        let after = after.strip_prefix(':').unwrap_or(after);
        return Some((String::new(), None, after));
    }
    let after = after.strip_prefix('_')?;
    let fits = name.starts_with('#') || name.bytes().all(|b| b.is_ascii_digit());
    (fits && !after.starts_with(char::is_alphanumeric)).then(|| (String::new(), None, after))
}

/// `words <url>`_ and `name`_, after the first tick.
fn rst_link<'a>(tail: &'a str, refs: &References) -> Option<Taken<'a>> {
    let end = near(tail, 800).find('`')?;
    let inner = tail.get(..end)?;
    let after = tail.get(end + 1..)?.strip_prefix('_')?;
    let after = after.strip_prefix('_').unwrap_or(after);
    if after.starts_with(char::is_alphanumeric) {
        return None;
    }
    let (words, url) = match inner.strip_suffix('>').and_then(|t| t.rsplit_once('<')) {
        Some((words, url)) => (words.trim(), url.trim().to_owned()),
        None => (inner, refs.get(&inner.to_lowercase())?.clone()),
    };
    let url = if url.contains('@') && !url.contains(':') {
        format!("mailto:{url}")
    } else {
        url
    };
    let words = if words.is_empty() {
        url.as_str()
    } else {
        words
    };
    Some((words.to_owned(), Some(url.clone()), after))
}

/// `:role:` before ticks; with `words <target>` inside only the words stay.
fn role(text: &str) -> Option<Taken<'_>> {
    let rest = text.strip_prefix(':')?;
    let (name, _) = near(rest, 40).split_once(":`")?;
    let fits = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '_' | '+' | '.'));
    if !fits {
        return None;
    }
    let inner = rest.get(name.len() + 2..)?;
    let end = near(inner, 800).find('`')?;
    let words = inner.get(..end)?;
    let words = match words.strip_suffix('>').and_then(|t| t.rsplit_once('<')) {
        Some((words, _)) => words.trim(),
        None => words,
    };
    Some((words.to_owned(), None, inner.get(end + 1..)?))
}

/// Named entities of HTML that people write, without the ampersand.
const NAMED: [(&str, &str); 28] = [
    ("amp;", "&"),
    ("lt;", "<"),
    ("gt;", ">"),
    ("quot;", "\""),
    ("apos;", "'"),
    ("nbsp;", " "),
    ("ensp;", " "),
    ("emsp;", " "),
    ("thinsp;", " "),
    ("ndash;", "–"),
    ("mdash;", "—"),
    ("hellip;", "…"),
    ("lsquo;", "‘"),
    ("rsquo;", "’"),
    ("ldquo;", "“"),
    ("rdquo;", "”"),
    ("laquo;", "«"),
    ("raquo;", "»"),
    ("bull;", "•"),
    ("middot;", "·"),
    ("copy;", "©"),
    ("le;", "≤"),
    ("ge;", "≥"),
    ("commat;", "@"),
    ("period;", "."),
    ("colon;", ":"),
    ("sol;", "/"),
    ("check;", "✓"),
];

/// `&amp;`, `&#64;`, `&#x40;`, after the ampersand.
fn entity(tail: &str) -> Option<Taken<'_>> {
    if let Some(number) = tail.strip_prefix('#') {
        let end = near(number, 9).find(';')?;
        let digits = number.get(..end)?;
        let code = match digits.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => digits.parse().ok()?,
        };
        let sign = char::from_u32(code).filter(|c| !c.is_control())?;
        // A mark of direction by its number is taken out like one that stands there.
        let text = if is_hidden(sign) {
            String::new()
        } else {
            sign.to_string()
        };
        return Some((text, None, number.get(end + 1..)?));
    }
    NAMED.iter().find_map(|(name, sign)| {
        tail.strip_prefix(name)
            .map(|rest| ((*sign).to_owned(), None, rest))
    })
}

/// White space folded to single blanks, ends trimmed.
pub(super) fn fold(text: &str) -> String {
    let mut last = b' ';
    let folded = text.bytes().all(|b| {
        let twice = b == b' ' && last == b' ';
        last = b;
        matches!(b, b' '..=b'~') && !twice
    });
    if folded && last != b' ' {
        return text.to_owned();
    }
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
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|b| !b.is_ascii()) {
        let (ascii, others) = rest.split_at(at);
        out.push_str(ascii);
        let mut chars = others.chars();
        match chars.next() {
            Some('\u{2019}' | '\u{2018}') => out.push('\''),
            Some('\u{201c}' | '\u{201d}') => out.push('"'),
            Some('\u{2010}' | '\u{2011}') => out.push('-'),
            Some('\u{a0}' | '\u{202f}') => out.push(' '),
            Some(other) => out.extend(other.to_lowercase()),
            None => {}
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    out.make_ascii_lowercase();
    out
}
