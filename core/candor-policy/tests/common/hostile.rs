//! Texts made to be slow, each near a wanted size.

/// Every kind of hostile text, with its name.
pub(crate) fn all(size: usize) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for (name, piece) in REPEATED {
        let mut text = String::from("security\n");
        let room = size.saturating_sub(text.len());
        text.push_str(&piece.repeat(room / piece.len()));
        out.push(((*name).to_owned(), text));
    }
    for (name, text) in [
        ("nested lists", nested("  ", "- x\n", size)),
        (
            "nested quotes",
            nested(">", " we will fix it in 5 days\n", size),
        ),
        ("table rows", table(size)),
        (
            "promises",
            counted(size, |n| {
                format!("- We will fix issue {n} within {n} days.\n")
            }),
        ),
        (
            "promises in one paragraph",
            counted(size, |n| {
                format!("We will acknowledge report {n} within {n} hours. ")
            }),
        ),
        ("headings", counted(size, |n| format!("# Response {n}\n\n"))),
        (
            "references",
            counted(size, |n| format!("[a{n}]: https://x{n}.org\n[a{n}]\n")),
        ),
        (
            "addresses",
            counted(size, |n| format!("Report to a{n}@b{n}.org\n\n")),
        ),
        (
            "one long line of sentences",
            counted(size, |n| format!("Within {n} days we fix. ")),
        ),
        ("one long word", "vulnerab".repeat(size / 8)),
        (
            "letters of two bytes",
            "é".repeat(size / 2 - 8) + " security",
        ),
        ("unspaced script", "安全漏洞报告确认修复".repeat(size / 30)),
    ] {
        out.push((name.to_owned(), text));
    }
    out.extend(distinct(size));
    out
}

/// Texts in which every line says something new, so that nothing is read only once.
fn distinct(size: usize) -> Vec<(String, String)> {
    [
        (
            "severity table",
            "| Severity | Fix | Response |\n|---|---|---|\n",
            distinct_severity as fn(usize) -> String,
        ),
        ("thanks", "", |n| format!("- Thanks to Jane Doe {n}\n")),
        ("versions in one paragraph", "", |n| {
            format!("Version {n}.{n} is supported until 2027. ")
        }),
        (
            "version table",
            "| Version | Supported |\n|---|---|\n",
            |n| format!("| {n}.x | :white_check_mark: |\n"),
        ),
        ("versions in one line", "Supported versions: ", |n| {
            format!("{n}.x, ")
        }),
        ("scope items", "## Out of scope\n", |n| {
            format!("- Denial of service {n}\n")
        }),
        ("contents of a report", "## Please include\n", |n| {
            format!("- Steps to reproduce {n}\n")
        }),
        ("contents in one line", "Please include ", |n| {
            format!("steps {n}, version, ")
        }),
        ("targets of references", "", |n| {
            format!(".. _a{n}: https://x{n}.org\n`a{n}`_ \n")
        }),
        ("references to one place", "[x]: https://a.org\n", |n| {
            format!("[r{n}][x]\n")
        }),
        ("advice", "", |n| {
            format!("- Set option {n} to off in production.\n")
        }),
    ]
    .into_iter()
    .map(|(name, head, one)| {
        let room = size.saturating_sub(HEAD.len() + head.len() + 16);
        let mut text = counted(room, one);
        text = text.replacen("security\n\n", &format!("# Security\n\n{HEAD}{head}"), 1);
        (name.to_owned(), text)
    })
    .collect()
}

/// Opens the texts with distinct lines, so that each is a policy.
const HEAD: &str = "Report a vulnerability to security@acme.org.\n\n";

fn distinct_severity(n: usize) -> String {
    let severity = ["Critical", "High", "Medium", "Low"];
    let name = severity.get(n % 4).copied().unwrap_or_default();
    format!("| {name} | {n} days | {n} hours |\n")
}

const REPEATED: &[(&str, &str)] = &[
    ("stars", "*"),
    ("stars and letters", "*a**b_c_"),
    ("pipes", "|"),
    ("pipes and dashes", "|-|\n"),
    ("brackets", "["),
    ("bracket pairs", "[]("),
    ("links", "[a](b)"),
    ("open links", "[a]("),
    ("angle brackets", "<"),
    ("tags", "<div><b>"),
    ("open comments", "<!--"),
    ("comments", "<!-- x -->\n"),
    ("ticks", "`"),
    ("fences", "```\n"),
    ("ampersands", "&"),
    ("backslashes", "\\"),
    ("blanks", " "),
    ("empty lines", "\n"),
    ("empty items", "\n- "),
    ("items", "- x\n"),
    ("quotes", "> "),
    ("colons", "a: b: "),
    ("heads", "fix: acknowledge: "),
    ("numbers", "1 "),
    ("times", "within 5 days "),
    ("ranges", "1-2-3 to 4 days "),
    ("one word repeated", "report "),
    ("short sentences", "A. B! "),
    ("abbreviations", "e.g. i.e. "),
    ("addresses in a line", "x@y.z "),
    ("disguised addresses", "x [at] y [dot] z "),
    ("paths", "apps/"),
    ("paths in one line", "apps/a- Bsrc/"),
    ("slashes", "a/"),
    ("tabs", "a\tb\n"),
    ("underlines", "a\n===\n"),
    ("carriage returns", "\r\n"),
    ("key blocks", "-----BEGIN PGP\n"),
    ("settings", "a_b: 1\nc_d: 2\n"),
    ("bold lines", "**Response**\n"),
    ("colon lines", "we will:\nfix\n"),
    ("directives", ".. note:: x\n\n   y\n"),
    ("roles", ":ref:`x <y>`_ "),
    ("parentheses", "("),
    ("hexadecimal", "ABCD EF01 "),
    ("one heading without end", "#"),
    ("tables in tables", "<table><tr><td>"),
    ("lists of tags", "<ul><li>fix in 5 days"),
    (
        "lines of security.txt",
        "Contact: mailto:a@b.org\nExpires: 2026-01-01T00:00:00Z\n",
    ),
    ("hard blanks", "We will fix within 5\u{a0}days. "),
    ("words of all kinds", "critical: 5 days, high: 10 days, "),
    (
        "conditions",
        "if you do not hear back within 5 days, please email ",
    ),
];

fn counted(size: usize, one: impl Fn(usize) -> String) -> String {
    let mut out = String::from("security\n\n");
    let mut n = 1;
    loop {
        let next = one(n);
        if out.len() + next.len() > size {
            return out;
        }
        out.push_str(&next);
        n += 1;
    }
}

fn nested(mark: &str, rest: &str, size: usize) -> String {
    let mut out = String::from("security\n");
    let mut depth = 0;
    while out.len() + mark.len() * depth + rest.len() <= size {
        out.push_str(&mark.repeat(depth));
        out.push_str(rest);
        depth += 1;
    }
    out
}

fn table(size: usize) -> String {
    let head = "| Severity | Response | Fix |\n|---|---|---|\n";
    let mut out = format!("security\n\n{head}");
    while out.len() + 40 < size {
        out.push_str("| High | 5 days |x|\n");
    }
    out
}
