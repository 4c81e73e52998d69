//! Blanks that nobody filled in: `{{NAME}}`, `[X]`, `<organization>`, example addresses,
//! the sample table and the instructions of a template.
//!
//! Invariants: comments are read too, code fences are not; each blank counts once.
//!
//! Deliberately absent: values; a blank is never filled here.

use candor_base::Span;

use super::{add_at, short};
use crate::model::{Policy, Support};
use crate::vocab::{Way, is_example_address, way};

/// More blanks than any text has.
const MOST: usize = 40;

/// Adds every blank of a text.
pub(super) fn read(text: &str, policy: &mut Policy) {
    let mut fenced = false;
    for (index, line) in text.lines().enumerate() {
        let mark = line.trim_start();
        if mark.starts_with("```") || mark.starts_with("~~~") {
            fenced = !fenced;
            continue;
        }
        if policy.placeholders.len() >= MOST || line.len() > 4_000 {
            break;
        }
        let no = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1);
        let span = Span::line(no);
        if !fenced {
            braces(policy, span, line);
            marks(policy, span, line, ('[', ']'), is_blank_word);
            marks(policy, span, line, ('<', '>'), is_blank_name);
            instructions(policy, span, line);
            linked(policy, span, line);
        }
    }
    addresses(policy);
    sample_table(policy);
}

fn put(policy: &mut Policy, span: Span, quote: &str, value: &str) {
    let value = short(value, 120);
    let known = policy.placeholders.iter().any(|c| c.value == value);
    if !known && !value.is_empty() && policy.placeholders.len() < MOST {
        add_at(
            &mut policy.placeholders,
            "placeholder",
            span,
            &short(quote, 200),
            value,
        );
    }
}

/// A real address whose link still leads to the template's.
fn linked(policy: &mut Policy, span: Span, line: &str) {
    for (at, mark) in line.match_indices("](mailto:") {
        let shown = line.get(..at).and_then(|t| t.rsplit('[').next());
        let behind = line.get(at + mark.len()..).unwrap_or("");
        let address = behind.split([')', '?', ' ']).next().unwrap_or("");
        let differs = shown.is_some_and(|s| s.contains('@') && !s.contains(address));
        if differs && is_example_address(address) {
            put(policy, span, line, address);
        }
    }
}

/// `{{NAME}}`, `${NAME}`, `%NAME%`.
fn braces(policy: &mut Policy, span: Span, line: &str) {
    let mut rest = line;
    while let Some(at) = rest.find("{{") {
        let Some(tail) = rest.get(at..) else { return };
        let Some(end) = tail.find("}}") else { return };
        let value = tail.get(..end + 2).unwrap_or("");
        let inner = value.trim_matches(|c: char| matches!(c, '{' | '}')).trim();
        let names = !inner.is_empty()
            && inner.chars().count() <= 60
            && inner != "PLACEHOLDER"
            // "name{{dot}}host" hides an address from robots.
            && !matches!(inner.to_lowercase().as_str(), "dot" | "at" | "@" | "?" | ".")
            && !inner.starts_with(['%', '#', '<']);
        if names {
            put(policy, span, line, value);
        }
        rest = tail.get(end + 2..).unwrap_or("");
    }
}

/// What stands between two marks, where it fits.
fn marks(
    policy: &mut Policy,
    span: Span,
    line: &str,
    (open, close): (char, char),
    fits: impl Fn(&str, &str) -> bool,
) {
    let mut rest = line;
    while let Some(at) = rest.find(open) {
        let Some(tail) = rest.get(at + 1..) else {
            return;
        };
        let Some(end) = tail.find([open, close]) else {
            return;
        };
        let inner = tail.get(..end).unwrap_or("");
        let in_code = rest.get(..at).unwrap_or("").matches('`').count() % 2 == 1 && open == '<';
        let closed = tail.get(end..).is_some_and(|t| t.starts_with(close));
        let after = tail.get(end + 1..).unwrap_or("");
        if closed && !in_code && fits(inner, after) {
            put(policy, span, line, &format!("{open}{inner}{close}"));
        }
        rest = tail.get(end..).unwrap_or("");
    }
}

/// Words that begin what the owner of a template should write.
const FILL_IN: &[&str] = &[
    "insert",
    "your ",
    "enter ",
    "fill ",
    "add your",
    "replace",
    "todo",
    "tbd",
    "project name",
    "project_name",
    "projectname",
    "company name",
    "organization",
    "organisation",
    "org name",
    "email",
    "security email",
    "security-email",
    "email address",
    "contact email",
    "contact info",
    "contact information",
    "contact address",
    "contact",
    "contact details",
    "your name",
    "name",
    "team name",
    "team email",
    "security team email",
    "phone",
    "phone number",
    "github username",
    "hours",
    "days",
    "security contact",
    "link to",
    "url",
    "date",
    "number",
    "name of",
    "maintainer",
    "pgp fingerprint",
    "pgp key",
    "fingerprint",
    "website",
    "repo",
    "repository",
    "owner",
    "username",
    "product name",
    "product",
    "domain",
    "version",
    "time frame",
    "timeframe",
    "x hours",
    "x days",
    "x business",
];

/// `[X]`, `[INSERT EMAIL]`, `[PGP fingerprint not set]`: no link follows.
fn is_blank_word(inner: &str, after: &str) -> bool {
    let linked = after.starts_with(['(', '[', ':']);
    let inner = inner.trim_matches(|c: char| matches!(c, '*' | '`' | '_'));
    if linked
        || inner.is_empty()
        || inner.chars().count() > 60
        || inner.starts_with(['!', '^', '#'])
    {
        return false;
    }
    // `DATA["KEY"]` is code.
    if inner.starts_with(['"', '\'']) {
        return false;
    }
    let low = inner.to_lowercase();
    if low == "x" && !after.trim_start().is_empty() && !after.starts_with(" [") {
        // `[x]` opens an item of a check list; `[X] days` is a blank.
        return inner == "X"
            && after.starts_with(' ')
            && after.trim_start().starts_with(char::is_alphabetic);
    }
    let shouted = inner.chars().any(|c| c.is_ascii_uppercase())
        && !inner.chars().any(|c| c.is_ascii_lowercase())
        && (inner.contains('_') || FILL_IN.iter().any(|w| low.starts_with(w)));
    let begins = [
        "insert",
        "your ",
        "enter ",
        "fill ",
        "add your",
        "replace",
        "todo",
        "tbd",
        "tu-",
        "tu_",
        "tu ",
        "seu-",
        "seu_",
        "sua-",
        "votre-",
        "votre ",
        "ihre-",
        "deine-",
        "inserir ",
        "insertar ",
    ]
    .iter()
    .any(|w| low.starts_with(w));
    let named = FILL_IN.iter().any(|w| low == w.trim());
    shouted || begins || named || low.ends_with("not set") || low.ends_with(" here")
}

/// `<organization>`, `<your-email>`: a name that is no tag.
fn is_blank_name(inner: &str, _after: &str) -> bool {
    let low = inner.to_lowercase();
    let told = [
        "paste ",
        "insert ",
        "enter ",
        "your ",
        "replace ",
        "add your ",
    ]
    .iter()
    .any(|w| low.starts_with(w));
    let shouted = inner.contains('_')
        && inner.len() >= 6
        && inner
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    if (told && low.len() <= 90) || shouted {
        return true;
    }
    let shaped = !low.is_empty()
        && low.len() <= 40
        && low
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ' '));
    let named = [
        "organization",
        "organisation",
        "org",
        "repository",
        "repo",
        "owner",
        "project",
        "project-name",
        "project_name",
        "project name",
        "username",
        "user",
        "company",
        "email",
        "product",
        "domain",
        "name",
        "date",
        "version",
        "url",
        "security-email",
    ]
    .contains(&low.as_str());
    shaped
        && (named
            || ["your", "insert", "replace", "my-", "add-"]
                .iter()
                .any(|w| low.starts_with(w)))
}

/// What a template tells its user.
fn instructions(policy: &mut Policy, span: Span, line: &str) {
    let low = line.to_lowercase();
    let may = [
        "section",
        "abschnitt",
        "cette",
        "secci",
        "seção",
        "template",
        "replace",
    ]
    .iter()
    .any(|w| low.contains(w));
    if !may && !low.contains("](http") {
        return;
    }
    let told = policy
        .placeholders
        .iter()
        .any(|c| way(&c.value.to_lowercase(), Way::Instruction));
    if way(&low, Way::Instruction) && !told || way(&low, Way::Template) {
        let words = line
            .trim()
            .trim_matches(|c: char| matches!(c, '<' | '!' | '-' | '>' | '*' | '#' | '_'));
        put(policy, span, line, words);
    }
    let empty_link = line.contains("](https://)") || line.contains("](http://)");
    if empty_link {
        put(policy, span, line, "https:// (empty link)");
    }
}

/// Addresses of channels and keys that nobody can have.
fn addresses(policy: &mut Policy) {
    let mut found: Vec<(Span, String)> = Vec::new();
    for clause in &policy.channels {
        if let Some(value) = clause.value.value.as_deref().filter(|v| is_unreal(v)) {
            found.push((clause.span, value.to_owned()));
        }
    }
    for clause in &policy.encryption {
        if let Some(key) = clause.value.key.as_deref().filter(|k| is_unreal(k)) {
            found.push((clause.span, key.to_owned()));
        }
    }
    for clause in &policy.contacts {
        if is_unreal(&clause.value.value) && clause.value.value.contains('@') {
            found.push((clause.span, clause.value.value.clone()));
        }
    }
    for (span, value) in found {
        let inside = policy
            .placeholders
            .iter()
            .any(|c| value.contains(&c.value) || c.value.contains(&value));
        if !inside {
            put(policy, span, &value, &value);
        }
    }
}

/// Whether an address or link is one of a template.
pub(super) fn is_unreal(value: &str) -> bool {
    let low = value.to_lowercase();
    let bare_words = !low.contains(['.', '/', '@', ':', '#'])
        && (low.contains('_') || low.contains('-'))
        && low.chars().any(char::is_alphabetic);
    let names_owner = [
        "@your",
        "your-email",
        "youremail",
        "votre",
        "tudominio",
        "tuproyecto",
        "tu-proyecto",
        "tuempresa",
        "tu-empresa",
        "tucorreo",
        "tu-correo",
        "tu-email",
        "tu_email",
        "tu-usuario",
        "tu_usuario",
        "suempresa",
        "seuprojeto",
        "seu-projeto",
        "seuemail",
        "seu-email",
        "seu_email",
        "seu-usuario",
        "suaempresa",
        "deine-email",
        "deine-mail",
        "deine-domain",
        "deinefirma",
        "ihre-email",
        "ihre-domain",
        "ihrefirma",
        "@beispiel.",
        "@ejemplo.",
        "@exemple.",
        "@exemplo.",
        "@esempio.",
        "seudominio",
        "ihredomain",
        "deinedomain",
        "yourusername",
        "your-username",
        "/owner/repo",
        "/your-org",
        "/your-repo",
        "/username/",
        "@domain.",
        "@company.com",
        "@yourcompany",
        "@project.",
        "foo.com",
        "@email.com",
        "placeholder",
    ]
    .iter()
    .any(|w| low.contains(w));
    is_example_address(value) || bare_words || names_owner || low.contains(['{', '<'])
}

/// The rows of GitHub's sample table, left as they were.
fn sample_table(policy: &mut Policy) {
    const SAMPLE: [(&str, bool); 4] = [
        ("5.1.x", true),
        ("5.0.x", false),
        ("4.0.x", true),
        ("< 4.0", false),
    ];
    let rows = &policy.versions;
    let same = rows.len() == SAMPLE.len()
        && rows.iter().zip(SAMPLE).all(|(row, (label, supported))| {
            row.value.label == label && (row.value.support != Support::None) == supported
        });
    if let Some(first) = rows.first().filter(|_| same) {
        let (span, quote) = (first.span, first.quote.clone());
        put(
            policy,
            span,
            &quote,
            "5.1.x/5.0.x/4.0.x sample version table",
        );
    }
}
