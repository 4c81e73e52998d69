//! Credit, money, safe harbour, CVE ids, limits and review: short sentences and what each
//! compiles to, and sentences beside them that say nothing of the kind.

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
    let text = format!("# Security policy\n\nMail security@lantern.test.\n\n{text}\n");
    compile(text.as_bytes()).unwrap().value
}

fn label(text: &str, pointer: &str) -> Value {
    labels(&policy(text)).pointer(pointer).unwrap().clone()
}

fn each(pointer: &str, cases: &[(&str, Value)]) {
    for (text, wanted) in cases {
        assert_eq!(label(text, pointer), *wanted, "{pointer}: {text}");
    }
}

#[test]
fn credit_is_given_or_not() {
    each(
        "/credit/offered",
        &[
            (
                "We credit everyone who reports a valid problem.",
                json!(true),
            ),
            ("Reporters will be credited in the advisory.", json!(true)),
            ("We will publicly thank you for your help.", json!(true)),
            (
                "Your name will appear: we add your name to the release notes.",
                json!(true),
            ),
            (
                "We will make every effort to acknowledge your contributions.",
                json!(true),
            ),
            ("Tell us if you would like to be credited.", json!(true)),
            ("Finders are listed in our hall of fame.", json!(true)),
            ("Wir werden den Melder im Advisory nennen.", json!(true)),
            ("我们会在公告中感谢漏洞报告者。", json!(true)),
            (
                "Nach der Korrektur danken wir und danken Ihnen (auf Wunsch) in den Release Notes.",
                json!(true),
            ),
            (
                "Une annonce permettra de remercier la personne qui l'a signalée.",
                json!(true),
            ),
            ("Wir danken Ihnen für Ihre Hilfe.", Value::Null),
            ("Merci de votre aide.", Value::Null),
            // Receipt, thanks to others and other kinds of credit.
            ("We acknowledge your report within three days.", Value::Null),
            ("Reports are acknowledged in two days.", Value::Null),
            (
                "Credit to https://template.test for this text.",
                Value::Null,
            ),
            (
                "Never send us credit card numbers of other people.",
                Value::Null,
            ),
            ("We cannot credit reporters at the moment.", Value::Null),
        ],
    );
}

#[test]
fn a_reporter_may_stay_unnamed() {
    each(
        "/credit/anonymous_option",
        &[
            (
                "We credit you in the release notes, if you wish.",
                json!(true),
            ),
            (
                "We credit reporters unless they prefer anonymity.",
                json!(true),
            ),
            (
                "With your permission we will credit you by name.",
                json!(true),
            ),
            (
                "We will not share your identity without your permission.",
                json!(true),
            ),
            (
                "We will publicly thank you, but keep your name confidential on request.",
                json!(true),
            ),
            ("We credit every reporter.", Value::Null),
            (
                "Anonymous users can read the public catalogue.",
                Value::Null,
            ),
        ],
    );
}

#[test]
fn a_page_lists_reporters() {
    each(
        "/credit/hall_of_fame",
        &[
            (
                "We keep a hall of fame for everyone who helped.",
                json!(true),
            ),
            ("See our wall of fame.", json!(true)),
            ("Names appear on our acknowledgements page.", json!(true)),
            ("Nous avons une page de remerciements dédiée.", json!(true)),
            ("Wir führen Sie in unserer Ruhmeshalle.", json!(true)),
            ("# We keep a hall of fame for reporters.", json!(true)),
            (
                "Podemos incluirte en nuestra lista de agradecimientos públicos.",
                json!(true),
            ),
            ("Agradecemos tu colaboración.", Value::Null),
            ("We credit reporters in the advisory.", Value::Null),
        ],
    );
}

#[test]
fn money_is_offered_or_not() {
    each(
        "/bounty",
        &[
            (
                "We run a bug bounty program on a public platform.",
                json!("offered"),
            ),
            (
                "Critical problems are eligible for a reward of up to $500.",
                json!("offered"),
            ),
            (
                "See https://bounty.lantern.test for the bounty rules.",
                json!("offered"),
            ),
            ("We do not offer bug bounties.", json!("not-offered")),
            ("There is no bug bounty program.", json!("not-offered")),
            (
                "As volunteers we are unable to pay bounties.",
                json!("not-offered"),
            ),
            (
                "We don't offer monetary rewards for reports.",
                json!("not-offered"),
            ),
            (
                "We cannot offer a bounty at this time.",
                json!("not-offered"),
            ),
            ("Wir haben kein Bug-Bounty-Programm.", json!("not-offered")),
            ("我们目前不提供漏洞赏金。", json!("not-offered")),
            // Perhaps, some day, or somebody else's.
            ("Occasionally we might run a bug bounty.", json!("unstated")),
            (
                "Reports from a bounty hunter are welcome.",
                json!("unstated"),
            ),
            (
                "The monetary base is not affected by this.",
                json!("unstated"),
            ),
            ("We reward patience.", json!("offered")),
            ("Fix what you find rewarding.", json!("unstated")),
        ],
    );
}

#[test]
fn an_offer_beside_a_refusal_stays_an_offer() {
    let text = "We run a bug bounty program.\n\nReports by mail do not receive a bounty.";
    assert_eq!(label(text, "/bounty"), "offered");
    let list = "### What we do not offer\n\n- Bug bounties\n- T-shirts\n";
    assert_eq!(label(list, "/bounty"), "not-offered");
}

#[test]
fn a_safe_harbour_promises() {
    each(
        "/safe_harbour/commitments",
        &[
            (
                "We will not take legal action against good-faith research.",
                json!(["no-legal-action"]),
            ),
            (
                "Research under this policy is considered authorized conduct.",
                json!(["authorised-conduct"]),
            ),
            (
                "We will not report your research to law enforcement.",
                json!(["no-law-enforcement"]),
            ),
            (
                "If a third party takes you to court over research under this policy, we will make it known that your actions followed it.",
                json!(["third-party-defence"]),
            ),
            (
                "For research under this policy we waive the restrictions of our terms of service.",
                json!(["waive-tos"]),
            ),
            (
                "We will not bring a claim against good-faith research for circumvention of technology controls.",
                json!(["waive-anti-circumvention"]),
            ),
            (
                "We will not suspend your account for research under this policy.",
                json!(["no-account-suspension"]),
            ),
            (
                "Non intraprenderemo azioni legali contro chi segnala in buona fede.",
                json!(["no-legal-action"]),
            ),
            // Asking for good faith, or telling of attacks, promises nothing.
            ("We ask for good faith research.", json!([])),
            ("Circumvention of access controls is in scope.", json!([])),
            ("If you do not comply, we may take legal action.", json!([])),
        ],
    );
}

#[test]
fn lead_and_items_are_one_promise() {
    let text = "If you act in good faith, we will:\n\n- Not pursue legal action against you\n\
                - Work with you on a fix\n- Credit you in the advisory\n";
    assert_eq!(
        label(text, "/safe_harbour/commitments"),
        json!(["no-legal-action", "work-with-you", "credit"])
    );
    let bold = "## Safe harbour\n\n**We will NOT:**\n\n- Start legal action over your research\n\
                - Contact law enforcement about your research\n";
    assert_eq!(
        label(bold, "/safe_harbour/commitments"),
        json!(["no-legal-action", "no-law-enforcement"])
    );
}

#[test]
fn safe_harbour_by_name_is_a_promise_of_the_project_only() {
    each(
        "/safe_harbour/present",
        &[
            (
                "We extend safe harbor to research under this policy.",
                json!(true),
            ),
            ("We offer safe harbour to researchers.", json!(true)),
            (
                "Safe harbor rules are on the page of our platform.",
                json!(false),
            ),
        ],
    );
}

#[test]
fn cve_ids_are_spoken_of_asked_for_and_given() {
    let cases: &[(&str, Value)] = &[
        (
            "We will request a CVE through GitHub.",
            json!({"mentioned": true, "commitment": "will-request", "assigner": "github"}),
        ),
        (
            "If appropriate, we request a CVE identifier from MITRE.",
            json!({"mentioned": true, "commitment": "may", "assigner": "mitre"}),
        ),
        (
            "A CVE may be requested for severe problems.",
            json!({"mentioned": true, "commitment": "may", "assigner": null}),
        ),
        (
            "We publish a GitHub security advisory with an associated CVE ID.",
            json!({"mentioned": true, "commitment": "will-request", "assigner": "github"}),
        ),
        (
            "In general, we only assign CVEs for problems that meet all criteria.",
            json!({"mentioned": true, "commitment": "may", "assigner": null}),
        ),
        (
            "CVEs are not requested for reports written by machines.",
            json!({"mentioned": true, "commitment": null, "assigner": null}),
        ),
        (
            "We do not assign CVEs.",
            json!({"mentioned": true, "commitment": "will-not", "assigner": null}),
        ),
        (
            "A CVE ID will be assigned by us: the project is a CVE Numbering Authority.",
            json!({"mentioned": true, "commitment": "will-request", "assigner": "self-cna"}),
        ),
        (
            "Do not request a CVE yourself.",
            json!({"mentioned": true, "commitment": null, "assigner": null}),
        ),
        (
            "- [CVE database](https://www.cve.org/)",
            json!({"mentioned": false, "commitment": null, "assigner": null}),
        ),
        (
            "We request a copy of the log.",
            json!({"mentioned": false, "commitment": null, "assigner": null}),
        ),
    ];
    each("/cve", cases);
}

#[test]
fn promises_have_limits() {
    each(
        "/best_effort_disclaimer",
        &[
            ("These times are targets, not guarantees.", json!(true)),
            (
                "Everything here is done on a best-effort basis.",
                json!(true),
            ),
            (
                "We are volunteers and answer in our spare time.",
                json!(true),
            ),
            ("Response times may vary.", json!(true)),
            ("There is no SLA for reports.", json!(true)),
            ("We answer within three days.", json!(false)),
            ("Fixes for old versions are not guaranteed.", json!(false)),
        ],
    );
    each(
        "/secure_by_default_disclaimer",
        &[
            (
                "The default settings are not secure by default.",
                json!(true),
            ),
            (
                "Reports about a lack of safe defaults are closed.",
                json!(true),
            ),
            ("Lantern is secure by default.", json!(false)),
        ],
    );
}

#[test]
fn the_policy_is_looked_over() {
    each(
        "/review_cadence",
        &[
            (
                "This policy is reviewed annually.",
                json!({"number": 1, "unit": "years"}),
            ),
            (
                "We review this policy every 6 months.",
                json!({"number": 6, "unit": "months"}),
            ),
            (
                "This policy is reviewed quarterly.",
                json!({"number": 3, "unit": "months"}),
            ),
            (
                "Diese Richtlinie wird jährlich überprüft.",
                json!({"number": 1, "unit": "years"}),
            ),
            ("Reports are reviewed every day.", Value::Null),
            ("This policy may be updated at any time.", Value::Null),
        ],
    );
}
