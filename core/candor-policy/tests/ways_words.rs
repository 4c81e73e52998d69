//! Ways to report that words name without an address; and words that name none.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use candor_policy::model::ChannelKind;
use common::under;

/// The kinds of ways in a text, in their order.
fn read(heading: &str, text: &str) -> Vec<ChannelKind> {
    let policy = under(heading, text);
    policy.channels.iter().map(|c| c.value.kind).collect()
}

const FIRST: &str = "Use GitHub's private vulnerability reporting on this repository.";

#[test]
fn a_person_beside_other_ways() {
    for second in [
        "If that is unavailable to you, contact a maintainer directly.",
        "Otherwise, contact the project maintainers privately.",
        "As a last resort, contact the release maintainer directly.",
        "Alternativ kannst du die Maintainer direkt kontaktieren.",
        "Sinon, contactez le mainteneur du projet.",
        "Si esa opción no está disponible, contactá al mantenedor a través de su perfil.",
        "或直接联系维护者。",
    ] {
        let text = format!("{FIRST}\n\n{second}");
        let kinds = read("Reporting a Vulnerability", &text);
        assert_eq!(
            kinds,
            [ChannelKind::GithubAdvisory, ChannelKind::PrivateContact],
            "{second}"
        );
    }
}

#[test]
fn a_message_an_open_issue_and_a_blank() {
    for (second, kind) in [
        (
            "You can also reach the maintainers via DM on Discord.",
            ChannelKind::Chat,
        ),
        (
            "If it is unavailable, open an issue that says only that you need a private contact.",
            ChannelKind::PublicIssue,
        ),
        (
            "You can also contact us via the regular issue tracker if the risk is low.",
            ChannelKind::PublicIssue,
        ),
        (
            "- Email the details to: [Your Security Email]",
            ChannelKind::Email,
        ),
    ] {
        let text = format!("{FIRST}\n\n{second}");
        let kinds = read("Reporting a Vulnerability", &text);
        assert_eq!(kinds, [ChannelKind::GithubAdvisory, kind], "{second}");
    }
}

#[test]
fn words_that_name_no_further_way() {
    for second in [
        "The maintainers will contact you privately.",
        "We may contact the maintainer of the upstream project directly, or wait.",
        "Join us on Discord to chat with the maintainers.",
        "Do not contact maintainers on Discord.",
        "Foo relies on the [forge to manage security advisories](https://github.com/foo/foo/security).",
        "## Security Notices\n\nSecurity notices will be sent to the foo-dev@lists.example.net list.",
        "If you have not received a reply within 48 hours:\n\n* Reach out to us on [discord](https://discord.gg/abc)",
        "3. 填写表单，提供足够的信息",
    ] {
        let text = format!("{FIRST}\n\n{second}");
        let kinds = read("Reporting a Vulnerability", &text);
        assert_eq!(kinds, [ChannelKind::GithubAdvisory], "{second}");
    }
    let other = "Check happens via email match.";
    assert_eq!(read("User isolation", other), []);
    let shop = "問題を発見した場合は、購入元のプラットフォームを通じてご連絡ください。";
    assert!(!read("脆弱性の報告", shop).contains(&ChannelKind::Web));
}
