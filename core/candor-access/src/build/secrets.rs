//! Secrets that a report holds by mistake: private keys and tokens, known by their shape
//! (S2-28).
//!
//! Invariants: what is found is named by kind and place, and never repeated; nothing is
//! changed or held back for it.
//!
//! Deliberately absent: files; whether a token still works; passwords in plain words, which
//! have no shape.

use std::collections::BTreeSet;

use candor_case::Actor;

use super::case::CaseMaterial;

/// Beginnings of tokens, how many characters follow at least, and whose they are.
const TOKENS: [(&str, usize, &str); 17] = [
    ("ghp_", 36, "a GitHub token"),
    ("gho_", 36, "a GitHub token"),
    ("ghu_", 36, "a GitHub token"),
    ("ghs_", 36, "a GitHub token"),
    ("ghr_", 36, "a GitHub token"),
    ("github_pat_", 22, "a GitHub token"),
    ("glpat-", 20, "a GitLab token"),
    ("AKIA", 16, "an AWS access key"),
    ("ASIA", 16, "an AWS access key"),
    ("AIza", 35, "a Google key"),
    ("xoxb-", 20, "a Slack token"),
    ("xoxp-", 20, "a Slack token"),
    ("sk_live_", 20, "a Stripe key"),
    ("rk_live_", 20, "a Stripe key"),
    ("npm_", 36, "an npm token"),
    ("pypi-", 80, "a PyPI token"),
    ("hvs.", 24, "a Vault token"),
];
/// Shortest part of a signed token that counts.
const SHORTEST_PART: usize = 10;

/// What this text seems to hold, by kind.
fn kinds(text: &str) -> BTreeSet<&'static str> {
    let mut out = BTreeSet::new();
    let key = |line: &str| line.contains("-----BEGIN ") && line.contains("PRIVATE KEY");
    if text.lines().any(key) {
        out.insert("a private key");
    }
    let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    for word in text.split(|c: char| !inside(c)) {
        // A sentence may end right after it.
        let word = word.trim_end_matches('.');
        let found = TOKENS.iter().find(|(start, least, _)| {
            let rest = word.strip_prefix(start);
            rest.is_some_and(|rest| rest.len() >= *least && is_random(rest))
        });
        out.extend(found.map(|(_, _, kind)| *kind));
        if is_signed_token(word) {
            out.insert("a signed token (JWT)");
        }
    }
    out
}

/// Not one character over and over, as in an example.
fn is_random(rest: &str) -> bool {
    rest.chars().collect::<BTreeSet<char>>().len() > 4
}

fn is_signed_token(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    let long = parts.iter().all(|p| p.len() >= SHORTEST_PART);
    let objects = parts.iter().take(2).all(|p| p.starts_with("eyJ"));
    parts.len() == 3 && long && objects
}

/// A sentence for each place of the case in which a secret seems to stand.
pub(super) fn alarms(m: &CaseMaterial<'_>) -> Vec<String> {
    let fields = m.report.iter().flat_map(|(label, text)| {
        let place = format!("\u{201c}{label}\u{201d} of the report");
        kinds(text)
            .into_iter()
            .map(move |kind| (kind, place.clone()))
    });
    let written = m.state.messages.iter();
    let written = written.filter(|x| matches!(x.from, Actor::Reporter | Actor::Party(_)));
    let messages = written.flat_map(|x| {
        let place = format!("a message of {}", m.when(x.at).words);
        let found = kinds(&m.text(&x.message.text));
        found.into_iter().map(move |kind| (kind, place.clone()))
    });
    let all: BTreeSet<(&'static str, String)> = fields.chain(messages).collect();
    all.into_iter()
        .map(|(kind, place)| {
            format!(
                "This looks like {kind}, in {place}. If it is real, have whoever owns it make it \
                 void, and pass it on to nobody."
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::kinds;

    fn random(length: usize) -> String {
        "a1B2c3D4e5F6g7H8".chars().cycle().take(length).collect()
    }

    #[test]
    fn shapes_are_found_and_examples_are_not() {
        let found = |text: &str| kinds(text).into_iter().collect::<Vec<_>>();
        for (start, length, kind) in super::TOKENS {
            let real = format!("token={start}{}", random(length));
            assert_eq!(found(&real), [kind], "{start}");
            let short = format!("token={start}{}", random(length - 1));
            assert!(found(&short).is_empty(), "{start}");
            let example = format!("token={start}{}", "x".repeat(length));
            assert!(found(&example).is_empty(), "{start}");
        }
        let key = format!("I found -----BEGIN OPENSSH {} KEY-----\nb3Bl", "PRIVATE");
        assert_eq!(found(&key), ["a private key"]);
        let public = format!("-----BEGIN {} KEY-----", "PUBLIC");
        assert!(found(&public).is_empty());
        let signed = format!("Bearer eyJ{0}.eyJ{0}.{0}.", random(20));
        assert_eq!(found(&signed), ["a signed token (JWT)"]);
        for plain in [
            "",
            "The versions 1.2.3 and github.com/example/project are affected.",
            "AKIA is where their keys begin.",
            "eyJ.eyJ.x",
        ] {
            assert!(found(plain).is_empty(), "{plain}");
        }
    }
}
