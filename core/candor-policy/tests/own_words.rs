//! Wordings of the fields beside time, channels and versions as projects write them on
//! their own: each with texts next to it that must give nothing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use candor_policy::labels;
use common::{lamp as policy, table};
use serde_json::Value;

fn said(text: &str, pointer: &str) -> Vec<String> {
    let found = labels(&policy(text));
    match found.pointer(pointer).unwrap() {
        Value::Null => Vec::new(),
        Value::Array(items) => items.iter().map(plain).collect(),
        one => vec![plain(one)],
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(_) => ["item", "name", "before"]
            .iter()
            .find_map(|k| value.get(*k).and_then(Value::as_str))
            .unwrap_or("something")
            .to_owned(),
        other => other.to_string(),
    }
}

#[test]
fn what_is_denied_is_out_of_scope_in_every_language() {
    table(
        |text| said(text, "/out_of_scope"),
        &[
            (
                "### O que NÃO é escopo\n\n- Pedidos de funções",
                &["Pedidos de funções"],
            ),
            (
                "## No está en el alcance\n\n- La página web",
                &["La página web"],
            ),
            (
                "## Pas dans le périmètre\n\n- Le site web",
                &["Le site web"],
            ),
            (
                "## 報告\n\n次のものは対象となりません：\n\n- 古いブラウザ",
                &["古いブラウザ"],
            ),
            (
                "## What the lamp does NOT protect against\n\n- Malicious files of your own",
                &["Malicious files of your own"],
            ),
            (
                "It does not claim to defend against compromised kernels.",
                &["compromised kernels"],
            ),
            (
                "Errors of users should not be reported here.",
                &["Errors of users"],
            ),
            (
                "Tools of others, e.g. boost etc. are not in scope.",
                &["Tools of others, e.g. boost etc"],
            ),
        ],
    );
    table(
        |text| said(text, "/in_scope"),
        &[
            ("### O que NÃO é escopo\n\n- Pedidos de funções", &[]),
            ("## Pas dans le périmètre\n\n- Le site web", &[]),
            (
                "Reports involving path confinement, symlink handling or cleanup are especially valuable.",
                &["path confinement", "symlink handling", "cleanup"],
            ),
            (
                "Reports involving social engineering are especially unwelcome.",
                &[],
            ),
            ("Reports involving money are read by two people.", &[]),
            (
                "This policy applies to all projects developed, maintained, or hosted by us.",
                &["projects developed, maintained, or hosted by us"],
            ),
        ],
    );
}

#[test]
fn contents_are_asked_for_under_many_headings() {
    table(
        |text| said(text, "/report_contents"),
        &[
            (
                "### O que incluir no report\n\n- Descrição clara\n- Passos pra reproduzir",
                &["description", "reproduction-steps"],
            ),
            (
                "3. **Contenu** :\n   - Description de la faille\n   - Impact potentiel",
                &["description", "impact"],
            ),
            (
                "### 提交信息要求\n\n- 漏洞类型\n- 复现步骤",
                &["description", "reproduction-steps"],
            ),
            (
                "## 脆弱性の報告\n\n- 報告内容: 影響を受けるバージョン・再現手順",
                &["versions", "reproduction-steps"],
            ),
            (
                "## Reporting\n\nPlease include enough detail for us to reproduce: affected version, the steps to see it, and the impact.",
                &["versions", "reproduction-steps", "impact"],
            ),
            (
                "## Reporting\n\nPlease include:\n\n- Affected component (version, commit)",
                &["affected-component", "versions"],
            ),
            (
                "## Reporting\n\nPlease include:\n\n- How you discovered the issue",
                &["discovered-by"],
            ),
            ("## Contenu du site\n\n- Les pages\n- Les images", &[]),
            ("## Report a bug\n\n- Thank you\n- Have a nice day", &[]),
            (
                "We keep enough detail to serve you: name, age, and town.",
                &[],
            ),
        ],
    );
}

#[test]
fn practices_are_those_of_the_project() {
    table(
        |text| said(text, "/security_practices"),
        &[
            (
                "## Security best practices\n\nThis project follows security best practices:\n\n- Pinned dependencies",
                &["Pinned dependencies"],
            ),
            (
                "## Supply chain\n\n- Releases are signed",
                &["Releases are signed"],
            ),
            (
                "## Security considerations\n\nThe lamp is designed with security in mind:\n\n- No root privileges",
                &["No root privileges"],
            ),
            (
                "## セキュリティ運用の現状\n\n- 入力検証を行います",
                &["入力検証を行います"],
            ),
            ("## Supply chain attacks\n\n- Fake packages", &[]),
            (
                "## Security best practices\n\n- Keep the lamp up to date",
                &[],
            ),
            (
                "## Security best practices\n\nWe recommend:\n\n- Use TLS",
                &[],
            ),
        ],
    );
    table(
        |text| said(text, "/hardening"),
        &[
            (
                "## Bonnes pratiques\n\n### Pour les déploiements\n\n- [ ] HTTPS obligatoire\n- [x] En-têtes de sécurité",
                &["[ ] HTTPS obligatoire", "[x] En-têtes de sécurité"],
            ),
            (
                "## Responsibilities of Operators\n\nThis includes:\n\n- applying patches",
                &["applying patches"],
            ),
            (
                "## Security best practices\n\nThis project follows security best practices:\n\n- Pinned dependencies",
                &[],
            ),
        ],
    );
}

#[test]
fn reporters_are_named_in_more_words() {
    table(
        |text| said(text, "/credit/offered"),
        &[
            (
                "We will give your name as the discoverer of the problem (unless you desire otherwise).",
                &["true"],
            ),
            (
                "- Crédit dans le journal des versions (si souhaité)",
                &["true"],
            ),
            ("- Crédito no CHANGELOG (se você quiser)", &["true"]),
            (
                "Los informes válidos van a nuestro archivo de agradecimientos.",
                &["true"],
            ),
            ("Pas de crédit pour les rapports automatiques.", &[]),
            ("Wir nehmen keine Kreditkarten.", &[]),
            ("Your name is stored for a year.", &[]),
        ],
    );
    table(
        |text| said(text, "/credit/hall_of_fame"),
        &[
            ("### Hall of Fame\n\nNobody yet.", &["true"]),
            ("### Hall lights\n\nThey are off.", &[]),
            ("### The fame of the lamp\n\nIt is known.", &[]),
        ],
    );
    table(
        |text| said(text, "/announcement_channels"),
        &[
            (
                "## Reporting\n\nWe will also credit you in the release notes.",
                &["release-notes"],
            ),
            (
                "## Reporting\n\nPlease read the release notes before you write.",
                &[],
            ),
        ],
    );
}

#[test]
fn a_list_of_past_problems_promises_no_cve_id() {
    let row = "| Date | Description | CVE number |\n|---|---|---|\n| May 2024 | A request for a cve id | CVE-2024-38355 |\n";
    table(
        |text| said(text, "/cve/commitment"),
        &[
            (row, &[]),
            ("We will obtain a CVE number if one is required.", &["may"]),
            (
                "We disclose each problem by publishing a CVE.",
                &["will-request"],
            ),
        ],
    );
}

#[test]
fn times_of_others_are_no_notice_and_no_window() {
    table(
        |text| said(text, "/advance_notice"),
        &[
            (
                "You should share a draft with us for review at least 30 days prior to the publication date.",
                &[],
            ),
            (
                "We notify distributors at least 7 days before the release.",
                &["release"],
            ),
        ],
    );
    table(
        |text| said(text, "/disclosure/embargo"),
        &[(
            "We address vulnerabilities according to the following guidelines:\n\n- Critical: Typically addressed within 14 days.\n- High: Typically addressed within 30 days.",
            &[],
        )],
    );
    // What vendors know earlier bounds no publication.
    for told in [
        "We notify affected vendors under embargo before the disclosure, at most 14 days.",
        "Distributors are told ahead of publication, up to 7 days.",
        "Members of the list are notified in advance, at most two weeks.",
    ] {
        assert!(said(told, "/disclosure/embargo").is_empty(), "{told}");
    }
}

#[test]
fn hidden_addresses_are_no_blanks() {
    table(
        |text| said(text, "/placeholders"),
        &[
            ("Please mail jane{{dot}}doe{{at}}lamp.dev.", &[]),
            ("GitHub: [tu-usuario/recetas]", &["[tu-usuario/recetas]"]),
            ("Escribe a {{CORREO}}.", &["{{CORREO}}"]),
        ],
    );
}

#[test]
fn lists_are_led_into_in_more_words() {
    table(
        |text| said(text, "/report_contents"),
        &[
            (
                "1. **Email us directly** at jane@lamp.dev with:\n   - A description of the vulnerability\n   - Potential impact",
                &["description", "impact"],
            ),
            (
                "Incluí:\n\n- Descripción del problema\n- Pasos para reproducirlo",
                &["description", "reproduction-steps"],
            ),
            (
                "Merci d'indiquer, autant que possible :\n\n- la description de la faille ;\n- les étapes pour la reproduire ;",
                &["description", "reproduction-steps"],
            ),
            (
                "We work with:\n\n- a description of the lamp\n- the impact of light",
                &[],
            ),
            ("Nous indiquons chaque année :\n\n- la version du site", &[]),
        ],
    );
    table(
        |text| said(text, "/report_languages"),
        &[
            (
                "## Preferred Languages\n\nWe prefer to receive reports in English. If necessary, we also understand Dutch.",
                &["en", "nl"],
            ),
            (
                "The lamp is sold in Dutch shops. We also understand light.",
                &[],
            ),
            ("Our team also speaks at conferences.", &[]),
        ],
    );
    table(
        |text| said(text, "/contacts"),
        &[
            (
                "List of involved vendor security teams:\n\n- Red Lamp <security@lamp.dev>",
                &["something"],
            ),
            ("Names of our lamps:\n\n- Red lamp\n- Blue lamp", &[]),
        ],
    );
}

#[test]
fn core_may_be_part_of_a_name() {
    table(
        |text| said(text, "/product"),
        &[
            (
                "We patch all supported versions of Lantern Core. Lantern Core is free.",
                &["Lantern Core"],
            ),
            (
                "The Lantern Core Team takes care of security. Bugs in Lantern are rare, and users of Lantern know.",
                &["Lantern"],
            ),
        ],
    );
}

#[test]
fn an_advisory_page_of_ones_own_is_no_page_of_a_forge() {
    use candor_policy::OutletKind;
    for (line, kind, name) in [
        (
            "Advisories are published on our advisory page.",
            OutletKind::Web,
            "advisory page",
        ),
        (
            "We publish security advisories on our website.",
            OutletKind::Web,
            "our website",
        ),
        (
            "We publish an advisory on our GitHub security page.",
            OutletKind::GithubAdvisory,
            "",
        ),
    ] {
        let found = policy(line).outlets;
        let all: Vec<_> = found.iter().map(|c| c.value.kind).collect();
        assert!(all.contains(&kind), "{line}: {all:?}");
        assert_eq!(
            all.contains(&OutletKind::GithubAdvisory),
            kind == OutletKind::GithubAdvisory
        );
        assert!(
            found.iter().any(|c| c.value.name.contains(name)),
            "{line}: {found:?}"
        );
    }
}
