//! What reports hold, what they must fulfil and what is asked of reporters: many short
//! texts and what they compile to, and texts that must give nothing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use candor_policy::Demand;
use common::{lamp as policy, table};

fn word<T: serde::Serialize>(value: &T) -> String {
    let json = serde_json::to_value(value).unwrap();
    json.as_str().unwrap().to_owned()
}

fn contents(text: &str) -> Vec<String> {
    let p = policy(text);
    p.contents.iter().map(|c| word(&c.value.key)).collect()
}

fn duties(text: &str) -> Vec<String> {
    let p = policy(text);
    let kinds = p.duties.iter().flat_map(|c| {
        let own = std::iter::once(&c.value.kind);
        own.chain(&c.value.also).map(word).collect::<Vec<_>>()
    });
    let mut out: Vec<String> = Vec::new();
    for kind in kinds {
        if !out.contains(&kind) {
            out.push(kind);
        }
    }
    if !p.public_ban.is_empty() {
        out.push("ban".to_owned());
    }
    out
}

fn prerequisites(text: &str) -> Vec<String> {
    let p = policy(text);
    p.prerequisites.iter().map(|c| word(&c.value)).collect()
}

#[test]
fn contents_stand_in_lists_and_in_sentences() {
    table(
        contents,
        &[
            (
                "Mail us at lamp@lamp.dev and include:\n\n- what you found\n- the release you use\n- your operating system\n- a possible fix",
                &["description", "versions", "environment", "suggested_fix"],
            ),
            (
                "## Reporting\n\nPlease send a description of the problem, the steps to see it and the versions it affects to lamp@lamp.dev.",
                &["description", "steps", "versions"],
            ),
            (
                "## Reporting\n\nIt is helpful if you have a test case.",
                &["steps"],
            ),
            (
                "## Reporting\n\nWrite to lamp@lamp.dev with details and a proof of concept.",
                &["description", "proof_of_concept"],
            ),
            (
                "## What to include\n\n- Steps to reproduce (PoC)\n- Which part is affected\n- Anything odd",
                &["steps", "proof_of_concept", "component", "other"],
            ),
            (
                "## What to include\n\n- A way to see it (scripts, pictures and logs are helpful)",
                &["other", "proof_of_concept", "evidence"],
            ),
            (
                "## What to include\n\n| Field | Required |\n|---|---|\n| Description | yes |\n| Impact | no |",
                &["description", "impact"],
            ),
            (
                "## Meldung\n\nDie Meldung sollte folgende Angaben enthalten:\n\n- Beschreibung der Lücke\n- Schritte zum Nachstellen\n- Betroffene Version",
                &["description", "steps", "versions"],
            ),
            (
                "## Signaler\n\nMerci d'inclure :\n\n- une description\n- les étapes\n- une preuve de concept",
                &["description", "steps", "proof_of_concept"],
            ),
            (
                "## Reportar\n\nIncluya:\n\n- descripción\n- pasos\n- impacto posible",
                &["description", "steps", "impact"],
            ),
            (
                "## Reportar\n\nPor favor, inclua:\n\n- descrição\n- passos\n- sugestão de correção",
                &["description", "steps", "suggested_fix"],
            ),
            (
                "## 报告漏洞\n\n请提供以下信息：\n\n- 漏洞描述\n- 复现步骤\n- 受影响的版本",
                &["description", "steps", "versions"],
            ),
            (
                "## 脆弱性の報告\n\n以下の情報を含めてください：\n\n- 再現手順\n- 影響を受けるバージョン",
                &["steps", "versions"],
            ),
            // Not of a report.
            (
                "## Advisories\n\nEach advisory will include a description, the affected versions and a workaround.",
                &[],
            ),
            (
                "## Process\n\nThe announcement should contain:\n\n- a title\n- the affected versions",
                &[],
            ),
            ("## Updates\n\nWe may ask for more steps or logs.", &[]),
        ],
    );
}

#[test]
fn only_strong_words_make_contents_mandatory() {
    let demands = |text: &str| -> Vec<Demand> {
        let p = policy(text);
        p.contents.iter().map(|c| c.value.demand).collect()
    };
    assert_eq!(
        demands("## Required information\n\n- Description\n\n## Helpful information\n\n- Logs"),
        [Demand::Mandatory, Demand::Asked]
    );
    assert_eq!(
        demands("Reports must include:\n\n- a description\n- a fix (optional)"),
        [Demand::Mandatory, Demand::Optional]
    );
    assert_eq!(
        demands("Please include:\n\n- a description\n- logs, if available"),
        [Demand::Asked, Demand::Optional]
    );
}

#[test]
fn duties_stand_in_lists_and_in_sentences() {
    table(
        duties,
        &[
            (
                "We ask that you:\n\n- Report what you find promptly\n- Leave data of others alone\n- Use only accounts you own\n- Never ask for a ransom",
                &[
                    "prompt_report",
                    "no_data_access",
                    "own_accounts",
                    "no_demands",
                ],
            ),
            (
                "## Disclosure policy\n\nGive us a reasonable amount of time to fix it before you tell the public.",
                &["reasonable_time"],
            ),
            (
                "Make a good faith effort to avoid privacy violations, destruction of data and interruption or degradation of our service.",
                &["no_data_access", "no_degradation"],
            ),
            (
                "Do not open an issue on GitHub. Please do not share details with others until there is a fix.",
                &["confidential", "ban"],
            ),
            (
                "Please do not disclose problems publicly until a fix is out.",
                &["ban"],
            ),
            (
                "Please do not publicly disclose it before we have had a reasonable opportunity to fix it.",
                &["reasonable_time"],
            ),
            (
                "While testing, please refrain from:\n\n- Denial of service\n- Spam",
                &["no_degradation"],
            ),
            (
                "Bitte erstellen Sie keine öffentlichen Issues.\n\nBitte behandeln Sie die Lücke vertraulich, bis sie behoben ist.",
                &["confidential", "ban"],
            ),
            (
                "Merci de ne pas divulguer la faille avant la correction.\n\nNe créez pas d'issue publique.",
                &["confidential", "ban"],
            ),
            (
                "脆弱性は公開Issueではなくメールで報告してください。",
                &["ban"],
            ),
            ("请勿在公开的 Issue 中报告漏洞。", &["ban"]),
            // Nothing is asked.
            ("We will fix it within a reasonable time.", &[]),
            ("We acknowledge your report as soon as possible.", &[]),
            ("We keep your name confidential if you wish.", &[]),
            ("Please open a public issue for other bugs.", &[]),
            (
                "If it is known in public already, report it immediately.",
                &["prompt_report"],
            ),
            (
                "An early notification goes to vendors under an embargo on public disclosure.",
                &[],
            ),
        ],
    );
}

#[test]
fn one_sentence_may_ask_several_things() {
    let p =
        policy("## Rules of engagement\n\n- Do not access data of others or disrupt the service.");
    assert_eq!(p.duties.len(), 1, "one clause for one item");
    assert_eq!(word(&p.duties[0].value.kind), "no_data_access");
    assert_eq!(p.duties[0].value.also.len(), 1);
}

#[test]
fn prerequisites_are_told_from_promises_and_advice() {
    table(
        prerequisites,
        &[
            (
                "Send a separate e-mail for each problem. Submit one vulnerability per report.",
                &["one-issue-per-report"],
            ),
            (
                "Please upgrade to the latest version before reporting.",
                &["upgrade-first"],
            ),
            (
                "Please verify that the problem is there in the latest release.",
                &["reproduce-on-latest"],
            ),
            (
                "Reports must include a working proof of concept.",
                &["poc-required"],
            ),
            (
                "You must disclose any use of AI in the report.",
                &["ai-disclosure"],
            ),
            ("We only accept reports through GitHub.", &["channel-only"]),
            (
                "We do not support reports outside this process.",
                &["process-only"],
            ),
            (
                "Please check whether the problem is already known.",
                &["check-known-advisories"],
            ),
            (
                "Before reporting, please review the threat model.",
                &["threat-model"],
            ),
            ("Do not request a CVE on your own.", &["other"]),
            (
                "A report that does not contain enough information may be put off.",
                &["insufficient-detail-not-progressed"],
            ),
            // Nothing has to be fulfilled.
            ("We don't encrypt files on disk.", &[]),
            ("We will check existing code for the same problem.", &[]),
            (
                "## Out of scope\n\n- Reports without a proof of concept",
                &[],
            ),
            ("We request a CVE for each problem.", &[]),
            ("Use the latest version.", &[]),
        ],
    );
}

#[test]
fn next_steps_are_no_steps_and_details_are_a_description() {
    table(
        contents,
        &[
            (
                "Report bugs to a@lamp.dev. The team will send a response indicating the next steps in handling your report.",
                &[],
            ),
            (
                "Please report it by mail to a@lamp.dev with the details.",
                &["description"],
            ),
            ("We will send details of the fix to a@lamp.dev.", &[]),
            (
                "Please read the page with details on how to install the lamp.",
                &[],
            ),
        ],
    );
}

#[test]
fn silence_and_time_are_asked_for_in_other_words_and_languages() {
    table(
        duties,
        &[
            (
                "Please do not open public issues.\n\n在修复发布之前，请勿公开披露漏洞细节。",
                &["confidential", "ban"],
            ),
            (
                "Once we have confirmed it, we ask for at least 6 weeks to fix it before any public disclosure.",
                &["reasonable_time"],
            ),
            ("Once we have confirmed it, we need 6 weeks to fix it.", &[]),
        ],
    );
}

#[test]
fn prerequisites_have_many_wordings() {
    table(
        prerequisites,
        &[
            (
                "Each mail must be about a single vulnerability.",
                &["one-issue-per-report"],
            ),
            (
                "Please take our threat model into account.",
                &["threat-model"],
            ),
            (
                "Reports that do not meet these requirements may be closed.",
                &["required-contents"],
            ),
            ("Our threat model is in the manual.", &[]),
            ("A single vulnerability may affect several lamps.", &[]),
        ],
    );
}
