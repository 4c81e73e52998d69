//! Contacts, CVE ids, the product's name and ways to report that stand beside other matters:
//! short texts and what they compile to, and texts beside them that give nothing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use candor_policy::{Policy, compile, labels};
use common::table;

fn policy(text: &str) -> Policy {
    let text =
        format!("# Security policy\n\nReport problems to security@lantern.test.\n\n{text}\n");
    compile(text.as_bytes()).unwrap().value
}

fn contacts(text: &str) -> Vec<String> {
    policy(text)
        .contacts
        .iter()
        .map(|c| c.value.value.clone())
        .collect()
}

fn channels(text: &str) -> Vec<String> {
    policy(text)
        .channels
        .iter()
        .filter_map(|c| c.value.value.clone())
        .filter(|v| v != "security@lantern.test")
        .collect()
}

fn cve(text: &str) -> Vec<String> {
    let labels = labels(&policy(text));
    ["/cve/commitment", "/cve/assigner"]
        .iter()
        .filter_map(|p| labels.pointer(p)?.as_str().map(str::to_owned))
        .collect()
}

fn product(text: &str) -> Vec<String> {
    let text = format!("# Security policy\n\n{text}\n");
    let policy = compile(text.as_bytes()).unwrap().value;
    policy.product.map(|c| c.value).into_iter().collect()
}

fn prerequisites(text: &str) -> Vec<String> {
    let labels = labels(&policy(text));
    let list = labels["prerequisites"].as_array().unwrap().clone();
    list.iter()
        .map(|p| p["kind"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn contacts_are_named_for_a_purpose() {
    table(
        contacts,
        &[
            ("## Contact\n\nhelp@lantern.test", &["help@lantern.test"]),
            (
                "## Contact\n\nFor any other concerns, reach us at help@lantern.test",
                &["help@lantern.test"],
            ),
            (
                "## Kontakt\n\n```\nhilfe@lantern.test\n```",
                &["hilfe@lantern.test"],
            ),
            (
                "If you have questions about this policy, write to help@lantern.test.",
                &["help@lantern.test"],
            ),
            (
                "Se tiver dúvidas, escreva para ajuda@lantern.test.",
                &["ajuda@lantern.test"],
            ),
            (
                "New membership requests are sent to team@lantern.test.",
                &["team@lantern.test"],
            ),
            (
                "To be added to our list of vendors, please write to vendors@lantern.test.",
                &["vendors@lantern.test"],
            ),
            (
                "If you do not receive a response within 5 days, email board@lantern.test.",
                &["board@lantern.test"],
            ),
            // Ways to report are no contacts.
            ("Send reports to reports@lantern.test.", &[]),
            (
                "## Contact us\n\nTo report a vulnerability, write to reports@lantern.test.",
                &[],
            ),
            (
                "Questions and reports should be sent to reports@lantern.test.",
                &[],
            ),
            (
                "If you do not receive a response within 5 days, email again to security@lantern.test.",
                &[],
            ),
            ("The key of info@lantern.test signed this release.", &[]),
        ],
    );
}

#[test]
fn ways_to_report_stand_beside_other_matters() {
    table(
        channels,
        &[
            (
                "Questions, comments and reports should be sent to team@lantern.test.",
                &["team@lantern.test"],
            ),
            (
                "If you cannot use mail, message our security contact:\n\n- https://talk.lantern.test/security",
                &["https://talk.lantern.test/security"],
            ),
            (
                "## Security reporting & disclosure process\n\nEmail the author at <author@lantern.test>.",
                &["author@lantern.test"],
            ),
            // Archives of lists, sales, leaderboards and rules take no reports.
            (
                "Report it to security@lantern.test, see [the list](https://groups.google.com/g/lantern).",
                &[],
            ),
            (
                "If you consider upgrading, please contact sales@lantern.test.",
                &[],
            ),
            ("To report for the press, contact press@lantern.test.", &[]),
            (
                "For scope and payouts of the bug bounty program, please refer to [this page](https://lantern.test/bug-bounty).",
                &[],
            ),
            (
                "If you would like to be added to our list of vendors, contact us at vendors@lantern.test.",
                &[],
            ),
        ],
    );
}

#[test]
fn cve_ids_are_promised_in_many_languages() {
    table(
        cve,
        &[
            ("Wir beantragen eine CVE-ID.", &["will-request"]),
            ("Bei Bedarf beantragen wir eine CVE-ID.", &["may"]),
            ("Nous demanderons un identifiant CVE.", &["will-request"]),
            (
                "Solicitaremos un CVE: publicaremos un aviso o CVE.",
                &["may"],
            ),
            ("Publicaremos um CVE depois da correção.", &["will-request"]),
            ("我们将为漏洞申请CVE编号。", &["will-request"]),
            ("如有必要，我们会申请CVE编号。", &["may"]),
            ("必要に応じてCVEを申請します。", &["may"]),
            (
                "We will request a CVE from the distros list.",
                &["will-request", "other"],
            ),
            ("La CVE describe el problema.", &[]),
            ("Bitte nennen Sie die CVE-Nummer.", &[]),
            ("请提供CVE编号。", &[]),
            ("CVEを確認してください。", &[]),
        ],
    );
}

#[test]
fn a_link_confirms_the_name_of_the_product() {
    table(
        product,
        &[
            (
                "Report it at https://github.com/lantern-org/lampd/security/advisories/new.\n\nOnce lampd runs as root, all is lost.",
                &["lampd"],
            ),
            (
                "Please use [the tracker](https://github.com/someone/night-lamp/issues) for bugs of the Night Lamp.",
                &["Night Lamp"],
            ),
            ("Thank you for making Lantern more secure.", &["Lantern"]),
            // A repository alone names nothing, and neither do common names.
            (
                "Report it at https://github.com/lantern-org/lampd/security/advisories/new.",
                &[],
            ),
            (
                "Report it at https://github.com/lantern-org/docs/security.\n\nRead the docs first.",
                &[],
            ),
        ],
    );
}

#[test]
fn notes_of_other_dialects_are_read() {
    table(
        prerequisites,
        &[
            (
                "```{note}\nPlease send only one vulnerability per report.\n```",
                &["one-issue-per-report"],
            ),
            (
                ":::warning\nPlease send only one vulnerability per report.\n:::",
                &["one-issue-per-report"],
            ),
            ("```text\nOne vulnerability per report.\n```", &[]),
        ],
    );
}

#[test]
fn reports_must_fulfil_what_the_text_says() {
    table(
        prerequisites,
        &[
            (
                "You must reproduce the problem on the main branch.",
                &["reproduce-on-latest"],
            ),
            (
                "Please ensure that your report:\n\n- Affects the most recent stable release",
                &["reproduce-on-latest"],
            ),
            (
                "Please check whether we already track it.",
                &["check-known-advisories"],
            ),
            ("Please do not send attachments.", &["other"]),
            ("Do not send automated scanner results.", &["other"]),
            (
                "The body of the mail must be written as plain text. No binary attachments, please.",
                &["other"],
            ),
            ("The team keeps the threat model up to date.", &[]),
            ("We reproduce each problem in a test.", &[]),
            ("The latest release fixes two problems.", &[]),
        ],
    );
}

fn credit(text: &str) -> Vec<String> {
    let labels = labels(&policy(text));
    ["offered", "anonymous_option", "hall_of_fame"]
        .iter()
        .filter(|k| labels["credit"][**k] == true)
        .map(|k| (*k).to_owned())
        .collect()
}

fn versions(text: &str) -> Vec<String> {
    let policy = policy(&format!("## Supported versions\n\n{text}"));
    let told = |c: &candor_policy::Clause<candor_policy::VersionRule>| {
        let mark = if c.value.support == candor_policy::Support::None {
            '-'
        } else {
            '+'
        };
        format!("{mark} {}", c.value.label)
    };
    policy.versions.iter().map(told).collect()
}

#[test]
fn credit_is_given_in_many_languages() {
    table(
        credit,
        &[
            (
                "Creditaremos sua descoberta (se desejado).",
                &["offered", "anonymous_option"],
            ),
            (
                "Atribuiremos el hallazgo; se hará atribución pública si lo deseas.",
                &["offered", "anonymous_option"],
            ),
            (
                "Vous serez crédité dans l'avis, avec votre accord.",
                &["offered", "anonymous_option"],
            ),
            (
                "Wir werden, mit Ihrer Zustimmung, Melder in der Liste der Mitwirkenden anerkennen.",
                &["offered", "anonymous_option"],
            ),
            ("我们会公开感谢报告者。", &["offered"]),
            (
                "Any assistance in removing security flaws will be acknowledged.",
                &["offered"],
            ),
            (
                "Please tell us whether we should mention your contribution.",
                &["offered", "anonymous_option"],
            ),
            ("Muchas gracias por su ayuda.", &[]),
            ("Obrigado pela sua contribuição.", &[]),
            ("Your report will be acknowledged.", &[]),
        ],
    );
}

#[test]
fn versions_stand_in_lists_and_sentences() {
    table(
        versions,
        &[
            (
                "- Versão atual: ✅ Suportada\n- Versões anteriores: ❌ Não suportadas",
                &["+ Versão atual", "- Versões anteriores"],
            ),
            (
                "We only support the latest state of the branch `main`.",
                &["+ branch main"],
            ),
            (
                "We do not backport security fixes to older (minor) versions.",
                &["- older versions"],
            ),
            (
                "Security fixes are applied to all supported stable releases.",
                &["+ all supported stable releases"],
            ),
            (
                "| Version | Supported | End of life |\n|---|---|---|\n| 10.x | :clock1: | Jul 15, 2031 |",
                &["+ 10.x"],
            ),
            (
                "Forniamo aggiornamenti di sicurezza solo per l'ultima versione.",
                &["+ ultima versione"],
            ),
            ("There are no long-term support versions.", &[]),
            (
                "A stable network is needed to receive security updates.",
                &[],
            ),
        ],
    );
}

fn outlets(text: &str) -> Vec<String> {
    let labels = labels(&policy(text));
    let list = labels["announcement_channels"].as_array().unwrap().clone();
    list.iter()
        .map(|p| p.as_str().unwrap().to_owned())
        .collect()
}

fn contents(text: &str) -> Vec<String> {
    let labels = labels(&policy(text));
    let list = labels["report_contents"].as_array().unwrap().clone();
    let told = |p: &serde_json::Value| {
        let mark = if p["mandatory"] == true { "!" } else { "" };
        format!("{}{mark}", p["item"].as_str().unwrap())
    };
    list.iter().map(told).collect()
}

#[test]
fn fixes_are_announced_in_places() {
    table(
        outlets,
        &[
            (
                "We publish our advisories on GitHub.",
                &["github-advisories"],
            ),
            ("We will issue a security advisory.", &["github-advisories"]),
            (
                "## Security announcements\n\nWill be made on the [Lantern mailing list](https://lantern.test/list).",
                &["mailing-list"],
            ),
            (
                "## 致谢\n\n我们会在安全公告与发布说明中感谢报告者。",
                &["github-advisories", "release-notes"],
            ),
            (
                "Nach der Behebung danken wir den Meldenden in den Versionshinweisen, in denen der Fix dokumentiert wird.",
                &["release-notes"],
            ),
            (
                "Emitiremos un aviso público en la sección de Security Advisories.",
                &["github-advisories"],
            ),
            ("Please read our mailing list archive before you ask.", &[]),
            ("The website is written in Rust.", &[]),
            ("## Security updates\n\n- Keep your lamps dry", &[]),
        ],
    );
}

#[test]
fn reports_hold_what_headings_and_brackets_ask_for() {
    table(
        contents,
        &[
            (
                "## Information you must send\n\n- Steps to reproduce\n- Affected versions",
                &["reproduction-steps!", "versions!"],
            ),
            (
                "Please include:\n\n- Anything else of use (logs, proof of concept)",
                &["logs", "poc"],
            ),
            (
                "Envía un correo electrónico a security@lantern.test con los pasos para reproducir el problema.",
                &["reproduction-steps"],
            ),
        ],
    );
}

#[test]
fn a_sentence_lists_what_is_in_scope() {
    let scope = |text: &str| {
        let policy = policy(text);
        let named = |mark: char, c: &candor_policy::Clause<candor_policy::ScopeItem>| {
            format!("{mark} {}", c.value.name)
        };
        let inside = policy.in_scope.iter().map(|c| named('+', c));
        inside
            .chain(policy.out_of_scope.iter().map(|c| named('-', c)))
            .collect::<Vec<_>>()
    };
    table(
        scope,
        &[
            (
                "This policy covers the server, the official plugins and the web site of the project.",
                &[
                    "+ server",
                    "+ the official plugins",
                    "+ the web site of the project",
                ],
            ),
            (
                "Esta política se aplica à versão mais recente e ao aplicativo oficial.",
                &["+ versão mais recente", "+ aplicativo oficial"],
            ),
            ("本策略适用于本仓库。", &["+ 本仓库"]),
            (
                "Vulnerabilities in systems of our vendors fall outside of this policy.",
                &["- Vulnerabilities in systems of our vendors"],
            ),
            (
                "## What we accept\n\n- SQL injection\n- path traversal",
                &["+ SQL injection", "+ path traversal"],
            ),
            // Rules and explanations below an open heading are no items.
            (
                "## Scope and rules\n\n- Do not touch data of others\n- 禁止下载他人数据",
                &[],
            ),
            (
                "## Known limits\n\nThe following should not be treated as finished:\n\n- the signing of releases",
                &[],
            ),
            (
                "Before reporting, please confirm that it is an in-scope problem.",
                &[],
            ),
        ],
    );
}
