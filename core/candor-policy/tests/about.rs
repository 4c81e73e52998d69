//! Many short texts and what they are about: product, kind, blanks, other places,
//! languages, versions.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use candor_policy::{Policy, compile, labels};
use serde_json::{Value, json};

fn policy(text: &str) -> Policy {
    compile(text.as_bytes()).unwrap().value
}

fn field(text: &str, key: &str) -> Value {
    labels(&policy(text))[key].clone()
}

#[test]
fn the_product_by_the_phrases_that_name_it() {
    let table = [
        (
            "# Lanternfish Security Policy\n\nWrite to sec@lamp.dev.\n",
            json!("Lanternfish"),
        ),
        (
            "# Security Policy for Lantern Fish\n\nWrite to us.\n",
            json!("Lantern Fish"),
        ),
        (
            "# Security\n\nThe Lanternfish maintainers take reports seriously.\n",
            json!("Lanternfish"),
        ),
        (
            "# Security\n\nIf you found a vulnerability in Lanternfish, tell us.\n",
            json!("Lanternfish"),
        ),
        (
            "# Security\n\nThe lantern-fish maintainers answer reports.\n",
            json!("lantern-fish"),
        ),
        (
            "# Security\n\nAt Lanternfish, we value security.\n",
            json!("Lanternfish"),
        ),
        (
            "# How to report security vulnerabilities in `lanternfish`\n\nWrite to us.\n",
            json!("lanternfish"),
        ),
        (
            "# Sicherheit\n\nWenn Sie eine Sicherheitslücke in Lanternfish finden, melden Sie sie.\n",
            json!("Lanternfish"),
        ),
        (
            "# Sécurité\n\nUne vulnérabilité dans Lanternfish se signale par courriel.\n",
            json!("Lanternfish"),
        ),
        (
            "# Security\n\nReports may concern an untrusted repository or a compiler vulnerability.\n",
            json!(null),
        ),
        (
            "# Security Policy\n\nPlease report vulnerabilities by mail to sec@lamp.dev.\n",
            json!(null),
        ),
        (
            "# Security\n\nThe security team answers. The project is small. See GitHub.\n",
            json!(null),
        ),
    ];
    for (text, expected) in table {
        assert_eq!(field(text, "product"), expected, "{text}");
    }
}

#[test]
fn the_kind_of_text() {
    let table = [
        (
            "# Security policy\n\n## Reporting\n\nWrite to sec@lamp.dev.\n",
            "policy",
        ),
        (
            "Contact: mailto:sec@lamp.dev\nExpires: 2031-01-01T00:00:00Z\nPolicy: https://lamp.dev/security\n",
            "security.txt",
        ),
        (
            "# Security\n\nPlease see our [security policy](https://lamp.dev/security).\n",
            "pointer",
        ),
        (
            "# Security Policy\n\n## Supported Versions\n\nUse this section to tell people about which \
             versions of your project are\ncurrently being supported with security updates.\n\n\
             ## Reporting a Vulnerability\n\nUse this section to tell people how to report a \
             vulnerability.\n",
            "template-unfilled",
        ),
        (
            "# Threat model\n\nThe parser is exposed to untrusted security input.\n",
            "not-a-policy",
        ),
    ];
    for (text, expected) in table {
        assert_eq!(field(text, "policy_kind"), expected, "{text}");
    }
}

#[test]
fn blanks() {
    let table: [(&str, Value); 8] = [
        (
            "# Security\n\nReport to security@example.com.\n",
            json!(["security@example.com"]),
        ),
        (
            "# Security\n\nReport to {{SECURITY_EMAIL}}.\n",
            json!(["{{SECURITY_EMAIL}}"]),
        ),
        (
            "# Security\n\nWe answer security reports within [X] days.\n",
            json!(["[X]"]),
        ),
        (
            "# Security\n\nReport to [INSERT EMAIL].\n",
            json!(["[INSERT EMAIL]"]),
        ),
        (
            "# Security\n\nReport at <your-email>.\n",
            json!(["<your-email>"]),
        ),
        (
            "# Seguridad\n\nEscribe a seguridad@tuproyecto.com para reportar una vulnerabilidad.\n",
            json!(["seguridad@tuproyecto.com"]),
        ),
        (
            "# Security\n\n- [x] We scan for vulnerabilities.\n- [ ] We sign.\n",
            json!([]),
        ),
        (
            "# Security\n\nReport to sec@lamp.dev, see [our page](https://lamp.dev).\n",
            json!([]),
        ),
    ];
    for (text, expected) in table {
        assert_eq!(field(text, "placeholders"), expected, "{text}");
    }
    let sample = "# Security\n\n## Supported Versions\n\n| Version | Supported |\n|---|---|\n\
        | 5.1.x | :white_check_mark: |\n| 5.0.x | :x: |\n| 4.0.x | :white_check_mark: |\n| < 4.0 | :x: |\n";
    let found = field(sample, "placeholders");
    assert_eq!(found, json!(["5.1.x/5.0.x/4.0.x sample version table"]));
}

#[test]
fn what_stands_elsewhere() {
    let table: [(&str, Value); 8] = [
        (
            "Lamp follows the [security policy](https://lamp.org/policy) of its foundation.",
            json!(["https://lamp.org/policy"]),
        ),
        (
            "For more information, see our [vulnerability handling guidelines](https://lamp.org/handling).",
            json!(["https://lamp.org/handling"]),
        ),
        (
            "See [the support policy](docs/support.md) for supported versions.",
            json!(["docs/support.md"]),
        ),
        (
            "The security policy can be found here:\n\n<https://lamp.org/security/>\n",
            json!(["https://lamp.org/security/"]),
        ),
        (
            "See [coordinated disclosure](https://en.wikipedia.org/wiki/CVD).",
            json!([]),
        ),
        (
            "See the [license](LICENSE.md) and the [guide](CONTRIBUTING.md).",
            json!([]),
        ),
        (
            "Report at [the advisories](https://github.com/a/b/security/advisories/new).",
            json!([]),
        ),
        ("We like [lamps](https://lamp.org/).", json!([])),
    ];
    for (text, expected) in table {
        let text = format!("# Security\n\n## Reporting\n\n{text}\n");
        assert_eq!(field(&text, "delegates_to"), expected, "{text}");
    }
}

#[test]
fn languages_of_the_text_and_of_reports() {
    let table: [(&str, Value); 7] = [
        (
            "# Security\n\nPlease report to sec@lamp.dev.\n",
            json!(["en"]),
        ),
        (
            "# Sicherheit\n\nBitte melden Sie Lücken an uns, wir werden die Meldung prüfen.\n",
            json!(["de"]),
        ),
        (
            "# Sécurité\n\nVeuillez nous signaler les failles dans les meilleurs délais, nous vous répondrons.\n",
            json!(["fr"]),
        ),
        (
            "# Seguridad\n\nPor favor informe de las vulnerabilidades a los responsables por correo.\n",
            json!(["es"]),
        ),
        (
            "# Segurança\n\nSe você encontrar uma vulnerabilidade, não abra issues: envie um e-mail ao time.\n",
            json!(["pt"]),
        ),
        (
            "# 安全策略\n\n如果你发现安全漏洞，请通过邮件联系我们，我们会尽快回复。\n",
            json!(["zh"]),
        ),
        (
            "# セキュリティ\n\n脆弱性を見つけた場合は、メールで報告してください。\n",
            json!(["ja"]),
        ),
    ];
    for (text, expected) in table {
        assert_eq!(field(text, "language"), expected, "{text}");
    }
    let reports = "# Security\n\nReports can be submitted in English or German.\n";
    assert_eq!(field(reports, "report_languages"), json!(["en", "de"]));
    let none = "# Security\n\nWe write our code in plain style and answer each report.\n";
    assert_eq!(field(none, "report_languages"), json!([]));
}

fn versions(text: &str) -> Vec<String> {
    let found = field(
        &format!("# Security\n\n## Supported versions\n\n{text}\n"),
        "supported_versions",
    );
    found
        .as_array()
        .unwrap()
        .iter()
        .map(|v| {
            format!(
                "{} {}",
                v["range"].as_str().unwrap(),
                v["level"].as_str().unwrap()
            )
        })
        .collect()
}

#[test]
fn versions_in_words() {
    let table: [(&str, &[&str]); 14] = [
        (
            "Only the latest release receives security fixes.",
            &["latest release full"],
        ),
        (
            "We support the three most recent minor releases.",
            &["three most recent minor releases full"],
        ),
        (
            "We support the last 2 major versions with security updates.",
            &["last 2 major versions full"],
        ),
        (
            "The latest version is supported. Older versions are not supported.",
            &["latest version full", "Older versions none"],
        ),
        (
            "Security fixes go into the most recent release; prior releases may receive fixes.",
            &["most recent release full", "prior releases best-effort"],
        ),
        (
            "2.3.x and 2.2.x will be updated, while 2.1.x will not be.",
            &["2.3.x full", "2.2.x full", "2.1.x none"],
        ),
        (
            "The main branch receives security fixes.",
            &["main branch full"],
        ),
        (
            "Supported versions are:\n\n- 2.1\n- 2.0\n",
            &["2.1 full", "2.0 full"],
        ),
        (
            "- 3.x: supported\n- 2.x: security fixes only\n- 1.x: end of life\n",
            &["3.x full", "2.x security-only", "1.x none"],
        ),
        (
            "Nur die neueste Version erhält Sicherheitsupdates.",
            &["neueste Version full"],
        ),
        (
            "Solo la última versión recibe parches de seguridad.",
            &["última versión full"],
        ),
        (
            "For example, if the latest release is 2.4, fixes go into 2.4.1.",
            &[],
        ),
        (
            "Please read the latest release notes before you update.",
            &[],
        ),
        ("We care about security.", &[]),
    ];
    for (text, expected) in table {
        assert_eq!(versions(text), expected, "{text}");
    }
}

#[test]
fn tables_with_ends_signs_and_other_heads() {
    let text = "| Release | Status | End of life |\n|---|---|---|\n\
        | 4.x | ✔️ | TBD |\n| 3.x | Security fixes only | 2031-05-01 |\n| 2.x | :no_entry: | - |\n\
        | dev | :hammer: | |\n";
    assert_eq!(
        versions(text),
        ["4.x full", "3.x security-only", "2.x none"]
    );
    let found = field(
        &format!("# Security\n\n## Supported versions\n\n{text}\n"),
        "supported_versions",
    );
    let ends: Vec<&Value> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|v| &v["eol"])
        .collect();
    assert_eq!(ends, [&json!("TBD"), &json!("2031-05-01"), &json!(null)]);
    let unclear = "| Version | Supported |\n|---|---|\n| 3.0 | :hammer: |\n";
    assert_eq!(versions(unclear), ["3.0 unclear"]);
    let legend = format!("{unclear}\n:hammer: = in development\n");
    assert_eq!(versions(&legend), ["3.0 dev"]);
    let german = "| Version | Unterstützt |\n|---|---|\n| 3.0 | ja |\n| 2.0 | nein |\n";
    assert_eq!(versions(german), ["3.0 full", "2.0 none"]);
    let dated = "| Version | Supported |\n|---|---|\n| 3.x | :white_check_mark: till 2031 May 1 |\n\
        | 2.x | :white_check_mark: |\n| 1.x | :x: since it was replaced |\n";
    let found = field(
        &format!("# Security\n\n## Supported versions\n\n{dated}\n"),
        "supported_versions",
    );
    assert_eq!(found[0]["eol"], "2031 May 1");
    assert_eq!(found[1]["eol"], json!(null));
    assert_eq!(found[2]["eol"], json!(null));
    let grid = "+---------+---------------+\n| Version | Status        |\n+=========+===============+\n\
        | 3.1.x   | Supported     |\n+---------+---------------+\n| < 3.0   | not supported |\n\
        +---------+---------------+\n";
    let found = field(
        &format!("Security\n========\n\nSupported Versions\n------------------\n\n{grid}\n"),
        "supported_versions",
    );
    assert_eq!(found[0]["level"], "full");
    assert_eq!(found[1]["range"], "< 3.0");
    assert_eq!(found[1]["supported"], false);
    let other = "| Severity | Response |\n|---|---|\n| High | 2 days |\n";
    assert!(versions(other).is_empty());
}
