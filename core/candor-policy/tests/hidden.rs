//! Characters that cannot be seen: taken out, said, and nowhere in what comes out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use candor_base::Span;
use candor_policy::{Canonical, Settings, SourceFile, compile, read_policy, security_md};

/// Escape codes, bells, marks of direction; some as they are, some by their number.
const TEXT: &str = "# Security policy of Lan\u{1b}]0;x\u{7}tern\u{202e}fish

Please report vulnerabilities to secu\u{2066}rity@lantern.example.org&#8238;.
Please do not open a&#x202E; public issue.

| Version | Supported |
| ------- | --------- |
| 1.x\u{1b}[2J | Yes\u{9b} |

We will acknowledge\u{2029}your report within 48\u{8} hours.
";

fn is_odd(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[test]
fn what_cannot_be_seen_does_not_come_out() {
    let found = compile(TEXT.as_bytes()).unwrap();
    let policy = &found.value;
    let reading = policy.to_reading().unwrap();
    assert!(!reading.contains(is_odd), "{reading}");
    assert!(!reading.contains("\\u00"), "nor as an escape: {reading}");
    assert_eq!(
        policy.channels[0].value.value.as_deref(),
        Some("security@lantern.example.org")
    );
    assert_eq!(policy.promises.len(), 1);
    let finding = found
        .findings
        .iter()
        .find(|f| f.code == "hidden-characters");
    assert_eq!(finding.unwrap().span, Some(Span::line(1)));
    assert!(!security_md(policy).text.contains(is_odd));
    // A canonical policy holds none either, and can be read.
    let canonical = Canonical {
        source: SourceFile::of("SECURITY.md", TEXT.as_bytes()),
        policy: policy.clone(),
        settings: Settings::default(),
    };
    let written = canonical.write(&candor_policy::text_of(TEXT.as_bytes()).unwrap());
    let written = written.unwrap();
    assert!(!written.contains(is_odd), "{written}");
    assert_eq!(
        &read_policy(written.as_bytes()).unwrap().compiled.value,
        policy
    );
}

#[test]
fn a_plain_text_gives_no_such_finding() {
    let text =
        "# Security\n\nMail security@lantern.example.org \u{2014} \u{1f41f}\u{200d}\u{1f41f}.\n";
    let found = compile(text.as_bytes()).unwrap();
    assert!(found.findings.iter().all(|f| f.code != "hidden-characters"));
}
