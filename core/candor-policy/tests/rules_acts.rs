//! What is done with a report, act by act: lists, headings that are stages, running text,
//! and places that look like a process and are none.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use candor_policy::{Act, compile};

fn acts(text: &str) -> Vec<Act> {
    let text = format!("# Security policy\n\nMail security@lantern.test.\n\n{text}\n");
    let policy = compile(text.as_bytes()).unwrap().value;
    policy.acts.iter().map(|c| c.value).collect()
}

#[test]
fn a_numbered_process_is_read_in_order() {
    let text = "## Our process\n\n1. Your report is received and assigned to a handler.\n\
                2. We reproduce the problem and rate its severity.\n\
                3. We develop a fix in a private fork; it is reviewed and tested.\n\
                4. We request a CVE and draft an advisory.\n\
                5. We agree on the disclosure date with you.\n\
                6. We backport and release the fix.\n\
                7. We publish the advisory and credit you.\n\
                8. You may publish your findings.\n";
    assert_eq!(
        acts(text),
        [
            Act::Receive,
            Act::AssignHandler,
            Act::Reproduce,
            Act::AssessSeverity,
            Act::DevelopFix,
            Act::Review,
            Act::Test,
            Act::RequestCve,
            Act::DraftAdvisory,
            Act::AgreeDate,
            Act::Backport,
            Act::Release,
            Act::PublishAdvisory,
            Act::Credit,
            Act::ReporterPublishes,
        ]
    );
}

#[test]
fn an_act_stands_where_it_is_first_told_with_its_line() {
    let text = "# Security policy\n\n## Handling process\n\n- We acknowledge the report.\n\
                - We fix the issue.\n- We acknowledge it again and release the fix.\n";
    let policy = compile(text.as_bytes()).unwrap().value;
    let told: Vec<(Act, u32)> = policy
        .acts
        .iter()
        .map(|c| (c.value, c.span.first))
        .collect();
    assert_eq!(
        told,
        [
            (Act::Acknowledge, 5),
            (Act::DevelopFix, 6),
            (Act::Release, 7)
        ]
    );
}

#[test]
fn heads_of_items_count_where_their_words_say_nothing() {
    let text = "## Response process\n\n- Triage — we assess the severity.\n\
                - Remediation: by the core team.\n- Testing — the fix is reviewed and tested.\n\
                - Disclosure — we publish an advisory.\n";
    assert_eq!(
        acts(text),
        [
            Act::AssessSeverity,
            Act::DevelopFix,
            Act::Review,
            Act::Test,
            Act::PublishAdvisory
        ]
    );
}

#[test]
fn a_list_of_what_will_be_done_is_a_process() {
    let text = "When you report a vulnerability, we will:\n\n- Acknowledge receipt\n\
                - Assess and validate the finding\n- Keep you informed\n";
    assert_eq!(
        acts(text),
        [Act::Acknowledge, Act::Validate, Act::NotifyReporter]
    );
}

#[test]
fn headings_may_be_the_stages() {
    let text = "## Triage\n\nA member of the team analyses the report and will validate it.\n\n\
                ## Fix\n\nWe develop a fix.\n\n## Publication\n\nWe publish the advisory.\n";
    assert_eq!(
        acts(text),
        [Act::Validate, Act::DevelopFix, Act::PublishAdvisory]
    );
}

#[test]
fn running_text_that_goes_on_is_a_process() {
    let text = "We will respond within two days. If the issue is confirmed, we will release \
                a patch as soon as possible.\n";
    assert_eq!(acts(text), [Act::Acknowledge, Act::Validate, Act::Release]);
}

#[test]
fn other_languages_tell_processes_too() {
    let german = "## Ablauf\n\n1. Wir bestätigen den Eingang.\n2. Wir prüfen die Meldung.\n\
                  3. Wir entwickeln eine Korrektur.\n4. Wir veröffentlichen einen Hinweis.\n";
    assert_eq!(
        acts(german),
        [
            Act::Acknowledge,
            Act::Validate,
            Act::DevelopFix,
            Act::PublishAdvisory
        ]
    );
    let spanish = "## Proceso\n\n1. Acuse de recibo.\n2. Evaluación del riesgo.\n\
                   3. Desarrollo y prueba de la solución.\n";
    assert_eq!(
        acts(spanish),
        [
            Act::Acknowledge,
            Act::AssessSeverity,
            Act::DevelopFix,
            Act::Test
        ]
    );
}

#[test]
fn what_only_looks_like_a_process_is_none() {
    for text in [
        // Times.
        "## Response times\n\n- First response: within 2 days\n- Fix: within 30 days\n",
        // What a report should hold.
        "Please include:\n\n- Steps to reproduce\n- The impact\n- A fix, if you have one\n",
        // What is asked of reporters.
        "## Disclosure policy\n\n- Let us know as soon as possible, and we will resolve it.\n\
         - Give us time to resolve the issue before you disclose it.\n\
         - Do not test on production systems.\n",
        // How software is built.
        "## What you get\n\n- We test every release.\n- We review and merge with care.\n\
         - We validate all input.\n",
        // A table of contents.
        "- [Reporting process](#reporting-process)\n- [Release process](#release-process)\n\
         - [Disclosure](#disclosure)\n",
        // What the project wishes for.
        "## Our commitments\n\nYou can expect us to:\n\n- Respond to your report soon\n\
         - Work to resolve the issue\n- Keep you informed\n",
        // Hope and thanks.
        "We appreciate every report and thank you for your help.\n",
    ] {
        assert_eq!(acts(text), [], "{text}");
    }
}
