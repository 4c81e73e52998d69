//! Many short texts and the ways to report, keys, contacts and outlets they compile to.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use candor_policy::{Policy, compile, labels};
use serde_json::Value;

fn policy(text: &str) -> Policy {
    compile(text.as_bytes()).unwrap().value
}

/// The text below a heading about reports.
fn reporting(text: &str) -> Policy {
    policy(&format!(
        "# Security policy\n\n## Reporting a vulnerability\n\n{text}\n"
    ))
}

fn field(policy: &Policy, key: &str) -> Value {
    labels(policy)[key].clone()
}

fn texts(list: &Value, keys: &[&str]) -> Vec<String> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|entry| {
            let parts: Vec<&str> = keys
                .iter()
                .map(|k| entry[*k].as_str().unwrap_or("-"))
                .collect();
            parts.join(" ")
        })
        .collect()
}

fn channels(policy: &Policy) -> Vec<String> {
    texts(&field(policy, "channels"), &["type", "value"])
}

fn check(table: &[(&str, &[&str])]) {
    for (text, expected) in table {
        assert_eq!(channels(&reporting(text)), *expected, "{text}");
    }
}

#[test]
fn addresses_plain_and_disguised() {
    check(&[
        (
            "Please email sec@harbourlight.dev.",
            &["email sec@harbourlight.dev"],
        ),
        (
            "Write to [the team](mailto:sec@harbourlight.dev?subject=Report).",
            &["email sec@harbourlight.dev"],
        ),
        (
            "Report it to sec [at] harbourlight [dot] dev.",
            &["email sec@harbourlight.dev"],
        ),
        (
            "Report it to sec(at)harbourlight.dev.",
            &["email sec@harbourlight.dev"],
        ),
        (
            "Mail reports to sec at harbourlight dot dev.",
            &["email sec@harbourlight.dev"],
        ),
        (
            "Send reports to sec[@]harbourlight.dev.",
            &["email sec@harbourlight.dev"],
        ),
        (
            "Send reports to sec&#64;harbourlight&#46;dev.",
            &["email sec@harbourlight.dev"],
        ),
        (
            "Send reports to secNOSPAM@harbourlight.dev (remove NOSPAM).",
            &["email sec@harbourlight.dev"],
        ),
        (
            "Reports go to:\n\n```\nsec@harbourlight.dev\n```\n",
            &["email sec@harbourlight.dev"],
        ),
        (
            "Bitte melden Sie Lücken per E-Mail an sec@harbourlight.dev.",
            &["email sec@harbourlight.dev"],
        ),
        (
            "Envoyez un courriel à sec@harbourlight.dev.",
            &["email sec@harbourlight.dev"],
        ),
        (
            "Envía un correo a sec@harbourlight.dev.",
            &["email sec@harbourlight.dev"],
        ),
        (
            "Envie um e-mail para sec@harbourlight.dev.",
            &["email sec@harbourlight.dev"],
        ),
        (
            "请发送邮件至：`sec@harbourlight.dev`",
            &["email sec@harbourlight.dev"],
        ),
        (
            "脆弱性は sec@harbourlight.dev に報告してください。",
            &["email sec@harbourlight.dev"],
        ),
    ]);
}

#[test]
fn forges_forms_platforms_trackers_and_pages() {
    check(&[
        (
            "Open a report at https://github.com/acme/lamp/security/advisories/new.",
            &["github-private-report https://github.com/acme/lamp/security/advisories/new"],
        ),
        (
            "Use [the advisories page](https://github.com/acme/lamp/security/advisories) or \
             [this link](https://github.com/acme/lamp/security/advisories/new) to report.",
            &["github-private-report https://github.com/acme/lamp/security/advisories/new"],
        ),
        (
            "Please use GitHub's private vulnerability reporting.",
            &["github-private-report -"],
        ),
        (
            "Open a draft security advisory on the Security tab.",
            &["github-private-report -"],
        ),
        (
            "Send it to us through [HackerOne](https://hackerone.com/lamp).",
            &["bounty-platform https://hackerone.com/lamp"],
        ),
        (
            "Please use our [report form](https://lamp.dev/security).",
            &["form https://lamp.dev/security"],
        ),
        (
            "Please notify us via our [reporting page](https://lamp.dev/vulnerabilities/).",
            &["url https://lamp.dev/vulnerabilities/"],
        ),
        (
            "Create a [confidential issue](https://gitlab.lamp.dev/sec/-/issues/new) in our tracker.",
            &["private-tracker https://gitlab.lamp.dev/sec/-/issues/new"],
        ),
        (
            "Contact the maintainer at https://t.me/lampkeeper.",
            &["chat https://t.me/lampkeeper"],
        ),
        (
            "Contact [Mara Lindt](https://github.com/maralindt).",
            &["other https://github.com/maralindt"],
        ),
        (
            "Please open a GitHub issue that describes the vulnerability.",
            &["public-issue -"],
        ),
        (
            "Please send an email to all members of the MAINTAINERS file.",
            &["email -"],
        ),
    ]);
}

#[test]
fn sentences_that_offer_no_way() {
    check(&[
        ("We will publish a security advisory on GitHub.", &[]),
        (
            "Maintainers must create a GitHub security advisory for each report.",
            &[],
        ),
        ("Do not open a public issue.", &[]),
        (
            "Learn more about [private reporting](https://docs.github.com/en/code-security).",
            &[],
        ),
        ("See [CVE](https://www.cve.org/) for the numbers.", &[]),
        (
            "For membership in the distributors list write to list@lamp.dev.",
            &[],
        ),
    ]);
    let text = "# Security\n\n## Reporting\n\nWrite to sec@lamp.dev.\n\n## Mailing lists\n\n\
        - Use talk@lamp.dev to reach the team. Do not use it to report vulnerabilities.\n";
    assert_eq!(channels(&policy(text)), ["email sec@lamp.dev"]);
}

#[test]
fn the_preferred_way() {
    let preferred = |text: &str| -> Vec<bool> {
        let found = field(&reporting(text), "channels");
        let list = found.as_array().unwrap();
        list.iter().map(|c| c["preferred"] == true).collect()
    };
    let link = "https://github.com/acme/lamp/security/advisories/new";
    let table: [(String, &[bool]); 6] = [
        (
            format!("Report at {link}. Alternatively, email sec@lamp.dev."),
            &[true, false],
        ),
        (
            format!("Report at {link}. If you cannot use GitHub, email sec@lamp.dev."),
            &[true, false],
        ),
        (
            format!("Report at {link}, or email sec@lamp.dev."),
            &[false, false],
        ),
        (
            format!("- Email (preferred): sec@lamp.dev\n- GitHub: {link}"),
            &[true, false],
        ),
        (format!("Report at {link}."), &[true]),
        ("Email sec@lamp.dev with the details.".to_owned(), &[false]),
    ];
    for (text, expected) in table {
        assert_eq!(preferred(&text), expected, "{text}");
    }
}

#[test]
fn keys() {
    let table: [(&str, &[&str]); 8] = [
        (
            "Encrypt with our [PGP key](https://lamp.dev/key.asc).",
            &["url https://lamp.dev/key.asc"],
        ),
        (
            "PGP fingerprint: 0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567",
            &["fingerprint 0123456789ABCDEF0123456789ABCDEF01234567"],
        ),
        (
            "Use the GPG key with the key ID 0x89ABCDEF01234567.",
            &["key-id 0x89ABCDEF01234567"],
        ),
        ("Our PGP key is available on request.", &["on-request -"]),
        (
            "A PGP key is published in `SECURITY.txt`.",
            &["url SECURITY.txt"],
        ),
        (
            "Releases are signed with the GPG key 0x89ABCDEF01234567.",
            &[],
        ),
        (
            "Fixed in commit 0123456789abcdef0123456789abcdef01234567.",
            &[],
        ),
        ("Learn about [OpenPGP](https://www.openpgp.org/).", &[]),
    ];
    for (text, expected) in table {
        let found = texts(&field(&reporting(text), "pgp"), &["kind", "value"]);
        assert_eq!(found, expected, "{text}");
    }
    let column = "Keys for encrypted mail:\n\n| Name | Fingerprint |\n|---|---|\n\
        | A. Lamp | 0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567 |\n";
    let found = texts(&field(&reporting(column), "pgp"), &["kind", "value"]);
    assert_eq!(
        found,
        ["fingerprint 0123456789ABCDEF0123456789ABCDEF01234567"]
    );
    let hashes = "| File | SHA-1 |\n|---|---|\n\
        | lamp.zip | 0123456789abcdef0123456789abcdef01234567 |\n";
    assert_eq!(field(&reporting(hashes), "pgp"), serde_json::json!([]));
    let block = "Our key:\n\n-----BEGIN PGP PUBLIC KEY BLOCK-----\nabc\n-----END PGP PUBLIC KEY BLOCK-----\n";
    let found = texts(&field(&reporting(block), "pgp"), &["kind", "value"]);
    assert_eq!(found, ["inline-key -"]);
}

#[test]
fn contacts_with_a_role() {
    let text = "# Security\n\n## Reporting\n\nWrite to sec@lamp.dev.\n\n## Contact\n\n\
        - Security: sec@lamp.dev\n- General questions: hello@lamp.dev\n- PGP key: on request\n";
    let found = texts(&field(&policy(text), "contacts"), &["role", "value"]);
    assert_eq!(found, ["security sec@lamp.dev", "general hello@lamp.dev"]);
}

#[test]
fn lists_that_hear_early() {
    let list = |text: &str| field(&reporting(text), "embargo_list");
    let yes = list("Vendors may join our distributors list at lamp-distributors@lists.lamp.dev.");
    assert_eq!(yes["present"], true);
    assert_eq!(yes["contact"], "lamp-distributors@lists.lamp.dev");
    for text in [
        "Write to us if you wish to be added to our list of vendors.",
        "We notify vendors of the problem before we publish it.",
        "Next we notify all customers and the major Linux distributions.",
        "We notify large users of the product ahead of our public disclosure.",
    ] {
        assert_eq!(list(text)["present"], true, "{text}");
    }
    for text in [
        "We notify you before we publish.",
        "We will inform users once the fix is released.",
        "See the list of supported platforms.",
    ] {
        assert_eq!(list(text)["present"], false, "{text}");
    }
    assert_eq!(
        list("We do not maintain an embargo list.")["present"],
        false
    );
    assert_eq!(
        list("Please keep an embargo until the fix is out.")["present"],
        false
    );
}

#[test]
fn where_news_appear() {
    let table: [(&str, &[&str]); 7] = [
        (
            "Fixes are announced in the release notes.",
            &["release-notes"],
        ),
        (
            "We publish advisories on GitHub Security Advisories.",
            &["github-advisories"],
        ),
        (
            "Security releases are announced on our mailing list and blog.",
            &["mailing-list", "blog"],
        ),
        (
            "Fixes are noted in the changelog and announced on Mastodon.",
            &["changelog", "social"],
        ),
        (
            "We announce problems in the RustSec advisory database.",
            &["rustsec"],
        ),
        ("Follow our RSS feed for announcements.", &["rss"]),
        ("Thank you for helping.", &[]),
    ];
    for (text, expected) in table {
        let p = policy(&format!("# Security policy\n\n## Disclosure\n\n{text}\n"));
        let found = field(&p, "announcement_channels");
        let mut found: Vec<&str> = found
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        found.sort_unstable();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(found, expected, "{text}");
    }
}
