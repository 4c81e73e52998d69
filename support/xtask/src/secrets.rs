//! Looks for secrets in the files and in everything ever committed.
//!
//! Invariants: a finding never prints the secret itself; an allowed line is
//! named by a hash of its text and carries a reason.
//!
//! Deliberately absent: judging whether a secret still works.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use crate::Problem;
use crate::tree::{git, load, root};

const ALLOW_FILE: &str = "support/xtask/secrets-allow.txt";
const CHECK: &str = "secret";

/// Scans files and history.
pub(crate) fn run() -> Result<Vec<Problem>> {
    let root = root()?;
    let tree = load(&root)?;
    let allowed = allow_list(tree.get(ALLOW_FILE).map_or("", String::as_str));
    let mut seen = BTreeSet::new();
    let mut problems = Vec::new();
    for (path, text) in &tree {
        for (number, line) in text.lines().enumerate() {
            if let Some(what) = suspicious(line) {
                seen.insert(fingerprint(line));
                if !allowed.contains_key(&fingerprint(line)) {
                    problems.push(found(&format!("{path}:{}", number + 1), what, line));
                }
            }
        }
    }
    let history = git(
        &root,
        &["log", "-p", "--no-color", "--no-ext-diff", "--all"],
    )?;
    problems.extend(scan_history(
        &String::from_utf8_lossy(&history),
        &allowed,
        &mut seen,
    ));
    problems.extend(stale(&allowed, &seen));
    problems.sort();
    problems.dedup();
    Ok(problems)
}

fn found(place: &str, what: &str, line: &str) -> Problem {
    Problem::new(
        CHECK,
        place,
        format!(
            "{what}; take it out, or allow it with `{} reason` in {ALLOW_FILE}",
            fingerprint(line)
        ),
    )
}

fn stale(allowed: &BTreeMap<String, String>, seen: &BTreeSet<String>) -> Vec<Problem> {
    let mut out = Vec::new();
    for (print, reason) in allowed {
        if reason.is_empty() {
            out.push(Problem::new(
                CHECK,
                ALLOW_FILE,
                format!("{print} has no reason"),
            ));
        }
        if !seen.contains(print) {
            out.push(Problem::new(
                CHECK,
                ALLOW_FILE,
                format!("{print} allows nothing any more"),
            ));
        }
    }
    out
}

/// `fingerprint reason` per line; `#` starts a comment.
fn allow_list(text: &str) -> BTreeMap<String, String> {
    text.lines()
        .map(str::trim)
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .map(|l| l.split_once(' ').unwrap_or((l, "")))
        .map(|(print, reason)| (print.to_owned(), reason.trim().to_owned()))
        .collect()
}

/// Added lines of every commit.
fn scan_history(
    log: &str,
    allowed: &BTreeMap<String, String>,
    seen: &mut BTreeSet<String>,
) -> Vec<Problem> {
    let mut commit = String::new();
    let mut file = String::new();
    let mut out = Vec::new();
    for line in log.lines() {
        if let Some(id) = line.strip_prefix("commit ") {
            commit = id.chars().take(10).collect();
        } else if let Some(name) = line.strip_prefix("+++ ") {
            name.trim_start_matches("b/").clone_into(&mut file);
        } else if let Some(added) = line.strip_prefix('+').or_else(|| line.strip_prefix("    ")) {
            // Four blanks: the commit message.
            let Some(what) = suspicious(added) else {
                continue;
            };
            seen.insert(fingerprint(added));
            if !allowed.contains_key(&fingerprint(added)) {
                out.push(found(&format!("commit {commit}, {file}"), what, added));
            }
        }
    }
    out
}

/// FNV-1a of the trimmed line: names a line without repeating it.
fn fingerprint(line: &str) -> String {
    let hash = line.trim().bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
        (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// What a line seems to hold.
fn suspicious(line: &str) -> Option<&'static str> {
    private_key(line)
        .or_else(|| known_shape(line))
        .or_else(|| assignment(line))
}

fn private_key(line: &str) -> Option<&'static str> {
    let begins = line.contains(concat!("-----BEGIN", " "));
    (begins && line.contains(concat!("PRIVATE", " KEY"))).then_some("a private key")
}

/// Tokens with a fixed beginning, their letters and their least length.
const SHAPES: &[(&str, usize, &str)] = &[
    (concat!("AK", "IA"), 16, "an AWS access key"),
    (concat!("AS", "IA"), 16, "an AWS session key"),
    (concat!("gh", "p_"), 36, "a GitHub token"),
    (concat!("gh", "o_"), 36, "a GitHub token"),
    (concat!("gh", "s_"), 36, "a GitHub token"),
    (concat!("github", "_pat_"), 40, "a GitHub token"),
    (concat!("glp", "at-"), 20, "a GitLab token"),
    (concat!("xox", "b-"), 20, "a Slack token"),
    (concat!("sk_", "live_"), 20, "a payment key"),
    (concat!("AGE-SECRET", "-KEY-1"), 40, "an age key"),
    (concat!("npm", "_"), 36, "an npm token"),
];

fn known_shape(line: &str) -> Option<&'static str> {
    SHAPES
        .iter()
        .find(|(start, least, _)| {
            line.split(start)
                .skip(1)
                .any(|rest| rest.chars().take_while(|c| is_token(*c)).count() >= *least)
        })
        .map(|(_, _, what)| *what)
}

fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

const NAMES: &[&str] = &[
    "secret",
    "password",
    "passwd",
    "passphrase",
    "token",
    "api_key",
    "apikey",
    "private_key",
];

/// `…secret… = "value"` where the value looks random.
fn assignment(line: &str) -> Option<&'static str> {
    let at = line.find(['=', ':'])?;
    let (left, right) = line.split_at_checked(at)?;
    let name = left.to_ascii_lowercase();
    if !NAMES.iter().any(|n| name.contains(n)) {
        return None;
    }
    let quote = right.find(['"', '\''])?;
    let mark = right.get(quote..)?.chars().next()?;
    let value: String = right
        .get(quote + 1..)?
        .chars()
        .take_while(|c| *c != mark)
        .collect();
    looks_random(&value).then_some("a random value given to a secret's name")
}

/// Long, without blanks, letters and digits mixed, and of high entropy.
fn looks_random(value: &str) -> bool {
    let plain = value
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '-' | '_'));
    let mixed =
        value.chars().any(|c| c.is_ascii_digit()) && value.chars().any(|c| c.is_ascii_alphabetic());
    value.len() >= 20 && plain && mixed && bits_per_letter(value) >= 3.3
}

fn bits_per_letter(value: &str) -> f64 {
    let mut counts: BTreeMap<char, u32> = BTreeMap::new();
    let mut total = 0_u32;
    for c in value.chars() {
        *counts.entry(c).or_default() += 1;
        total += 1;
    }
    let total = f64::from(total);
    counts
        .values()
        .map(|n| f64::from(*n) / total)
        .map(|p| -p * p.log2())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    // Put together here, so that this file holds no secret's shape itself.
    fn planted() -> Vec<String> {
        let random = ["9fK2xQ7p", "Lm4Zt8Rw", "Vb6Nc1Yd", "Hs3Gj5Ue", "Aa7Bb8Cc"].concat();
        vec![
            ["-----BEGIN", " OPENSSH PRIVATE", " KEY-----"].concat(),
            ["aws = AK", "IA", "ABCDEFGHIJKLMNOP"].concat(),
            format!("{}{}", ["gh", "p_"].concat(), random),
            format!("smtp_pass{} = \"{random}\"", "word"),
            format!("  \"api_{}\": \"{random}\",", "token"),
        ]
    }

    #[test]
    fn each_planted_secret_is_found() {
        for line in planted() {
            assert!(suspicious(&line).is_some(), "missed: {line}");
        }
    }

    #[test]
    fn ordinary_code_is_left_alone() {
        for line in [
            "let token = session.token();",
            "pub password: String,",
            "token: \"a word of the form\"",
            "const SECRET_NAME: &str = \"receipt-signing\";",
            "-----BEGIN PGP PUBLIC KEY BLOCK-----",
            "password = \"correct horse battery staple 1\"",
        ] {
            assert_eq!(suspicious(line), None, "{line}");
        }
    }

    #[test]
    fn history_is_read_and_the_allow_list_holds() {
        let secret = planted().remove(1);
        let log = format!("commit 0123456789abcdef\n+++ b/a.txt\n+{secret}\n-{secret}\n");
        let mut seen = BTreeSet::new();
        let problems = scan_history(&log, &BTreeMap::new(), &mut seen);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].place, "commit 0123456789, a.txt");
        assert!(
            !problems[0].message.contains(&secret),
            "the secret is not repeated"
        );

        let allowed = allow_list(&format!("# why\n{} a test value\n", fingerprint(&secret)));
        assert!(scan_history(&log, &allowed, &mut seen).is_empty());
        assert!(stale(&allowed, &seen).is_empty());
        assert_eq!(
            stale(&allow_list("0000 "), &seen).len(),
            2,
            "no reason, and stale"
        );
    }
}
