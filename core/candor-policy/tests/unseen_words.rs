//! Wordings of policies nobody here had seen before, and their innocent neighbours.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use serde_json::{Value, json};

fn labels(text: &str) -> Value {
    let compiled = candor_policy::compile(text.as_bytes()).unwrap().value;
    candor_policy::labels(&compiled)
}

fn under(text: &str) -> Value {
    labels(&format!(
        "# Security Policy\n\n## Reporting a Vulnerability\n\nWrite to safe@acme.dev.\n\n{text}\n"
    ))
}

#[test]
fn a_signed_security_txt_needs_no_other_word() {
    let all = labels(
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nContact: mailto:safe@acme.dev\n\
         Encryption: https://acme.dev/key.asc\nPreferred-Languages: en, de\n\
         -----BEGIN PGP SIGNATURE-----\n\niQIzBAEBCAAdFiEEXZUqRuHYyTH2Nk4B3GyD9NWE02QFAmFDnUgACgkQ\n\
         02RqUA/+MM3afmRYq874C7wp+uN6dTMCvUX5g5zqBZ2yKpFr46L+PYvM7o8TMm5h\n=BUZr\n\
         -----END PGP SIGNATURE-----\n",
    );
    assert_eq!(all["policy_kind"], "security.txt");
    assert_eq!(all["channels"][0]["value"], "safe@acme.dev");
    assert_eq!(all["report_languages"], json!(["en", "de"]));
    assert_eq!(all["pgp"][0]["value"], "https://acme.dev/key.asc");
    // A signed letter is none.
    let letter = b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nContact me some day.\n\
        I shall be in town until Sunday, and the roses are in bloom; you would like them a lot,\n\
        I am sure. Bring the children and the dog, too.\n-----BEGIN PGP SIGNATURE-----\n";
    assert!(candor_policy::compile(letter).is_err());
}

#[test]
fn what_should_not_be_reported_is_out_of_scope() {
    let all = under(
        "## What qualifies\n\nThe following should not be reported as security vulnerabilities:\n\n\
         - Build failures\n- Feature requests\n\nThese are in scope:\n\n- Memory safety\n",
    );
    assert_eq!(
        all["out_of_scope"],
        json!(["Build failures", "Feature requests"])
    );
    assert_eq!(all["in_scope"], json!(["Memory safety"]));
}

#[test]
fn a_heading_that_its_items_explain_is_the_item() {
    let all = under(
        "## Out of scope\n\n### 1. The debug console\n\n- **Description:** It runs code.\n\
         - **Why it is none:** It is made to.\n\n### 2. Old runtimes\n\n\
         - **Description:** They are slow.\n- **Why it is none:** Nobody runs them.\n",
    );
    let names = all["out_of_scope"].as_array().unwrap();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(names[0].as_str().unwrap().contains("debug console"));
    // A heading that groups things is none itself.
    let grouped = under(
        "## Out of scope\n\n### Attacks\n\n- Physical access to a server\n- Social engineering\n",
    );
    assert_eq!(
        grouped["out_of_scope"],
        json!(["Physical access to a server", "Social engineering"])
    );
}

#[test]
fn cve_ids_that_nobody_sees_to() {
    let commitment = |text: &str| under(text)["cve"]["commitment"].clone();
    assert_eq!(
        commitment("At the moment the project does not have a process to assign a CVE."),
        "will-not"
    );
    assert_eq!(
        commitment("For issues that warrant a CVE, we request one through GitHub."),
        "will-request"
    );
    assert_eq!(
        commitment("Send one report per issue. The CVE assignment requires self-contained issues."),
        Value::Null
    );
}

#[test]
fn long_names_of_keys() {
    let keys = |text: &str| under(text)["pgp"].clone();
    let named = keys("You may encrypt it; the PGP key is [697079DA6878B89B](https://acme.dev/p).");
    assert!(
        named
            .as_array()
            .unwrap()
            .contains(&json!({"kind": "key-id", "value": "697079DA6878B89B"})),
        "{named}"
    );
    let listed = keys("The team's PGP key is published at:\n\n- `https://acme.dev/security.asc`\n");
    assert_eq!(listed[0]["value"], "https://acme.dev/security.asc");
    // A number of something else is no key.
    assert_eq!(
        keys("The build is 697079da6878b89b, and the log is at log.asc."),
        json!([])
    );
}

#[test]
fn what_depends_without_being_a_time() {
    let vague = |text: &str| under(text)["timeline_unquantified"].clone();
    assert_eq!(
        vague("Such reports waste the time and trust that a fix depends on."),
        json!([])
    );
    assert_eq!(
        vague(
            "Depending on your decision to accept or deny credit, we will name you in the release."
        ),
        json!([])
    );
    let told = vague("The time to fix depends on severity.");
    assert_eq!(told[0]["phrase"], "varies");
}

#[test]
fn a_real_address_over_the_link_of_a_template() {
    let all = under("Please mail [team@acme.dev](mailto:security@example.com).");
    let values: Vec<&Value> = all["channels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| &c["value"])
        .collect();
    assert!(
        !values.contains(&&json!("security@example.com")),
        "{values:?}"
    );
    assert_eq!(all["placeholders"], json!(["security@example.com"]));
}

#[test]
fn choices_that_are_no_severities() {
    let levels = |item: &str| {
        let text = format!("Please include:\n\n- A description\n- {item}\n");
        under(&text)["severity_scheme"]["levels"].clone()
    };
    assert_eq!(
        levels("Your view of the severity (DoS, RCE, data leak)"),
        json!([])
    );
    let named = levels("Severity (Critical / High / Low)");
    assert_eq!(named.as_array().unwrap().len(), 3);
}

#[test]
fn products_by_their_own_sentence() {
    let product = |text: &str| {
        labels(&format!(
            "# Security Policy\n\n{text} Mail safe@acme.dev.\n"
        ))["product"]
            .clone()
    };
    assert_eq!(
        product("If you found a flaw or exploit in Marzipan, tell us."),
        "Marzipan"
    );
    assert_eq!(product("NutCracker is a tool for kernels."), "NutCracker");
    assert_eq!(
        product("This is a volunteer-based project, so times may vary."),
        Value::Null
    );
}
