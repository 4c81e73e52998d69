//! Whether a text can be the address of a channel: what stands in a canonical policy or
//! in the settings goes to `security.txt` and into links as it is.
//!
//! Invariants: what [`is_address`] and [`is_place`] take holds no blank, no control
//! character and nothing that begins another part of a `mailto:` or a header.
//!
//! Deliberately absent: whether anybody reads what is sent there.

use crate::decode::is_hidden;
use crate::model::{Channel, ChannelKind};

/// Longest mail address (RFC 5321, 4.5.3.1.3, without the angle brackets).
const LONGEST: usize = 254;

/// Whether this is one plain mail address: no name beside it, no second address, and
/// none of the signs that mean something in a `mailto:` link (`?`, `&`, `%`).
pub fn is_address(text: &str) -> bool {
    let name = |c: char| c.is_alphanumeric() || "!#$'*+-/=^_`{|}~.".contains(c);
    let host = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    text.len() <= LONGEST
        && text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && local.chars().all(name) && domain.split('.').all(host)
        })
}

/// Whether this is a place on the web (`https://…`, `http://…`), or a path beside the
/// policy: never a link that runs something.
pub(crate) fn is_place(text: &str) -> bool {
    let plain = |c: char| !(c.is_whitespace() || is_hidden(c) || "<>\"`\\".contains(c));
    let web = ["https://", "http://"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme));
    let begins = match web {
        Some(rest) => !rest.is_empty() && !rest.starts_with(['/', '?', '#', '@']),
        None => !text
            .split(['/', '?', '#'])
            .next()
            .unwrap_or("")
            .contains(':'),
    };
    !text.is_empty() && begins && text.chars().all(plain)
}

/// What is wrong with the value of a channel, if anything is.
pub(crate) fn wrong_value(channel: &Channel) -> Option<&'static str> {
    let value = channel.value.as_deref()?;
    match channel.kind {
        ChannelKind::Email | ChannelKind::Maintainers if !is_address(value) => Some(
            "this is no e-mail address. Write it alone, like security@example.org, and give each \
             address an entry of its own.",
        ),
        ChannelKind::Web | ChannelKind::Page | ChannelKind::Platform if !is_place(value) => Some(
            "this is no address on the web. Write the whole link, like https://example.org/report.",
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_and_nothing_beside_it() {
        for good in [
            "a@b.org",
            "first.last+sec@sub.b-c.org",
            "root@localhost",
            "sécurité@bücher.de",
        ] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "@b.org",
            "a@",
            "a@b.org?bcc=evil@x.org",
            "a@b.org, mailto:b@c",
            "a&b@c.org",
            "a%0ab@c.org",
            "a b@c.org",
            "psirt at northwind",
            "Name <a@b.org>",
            "a@b..org",
            "a@b.org.",
            "a@b@c.org",
            "a@b.org\u{1b}",
            "a@-b.org",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
        assert!(!is_address(&format!("{}@b.org", "a".repeat(LONGEST))));
    }

    #[test]
    fn a_place_runs_nothing() {
        for good in [
            "https://b.org/report?x=1#y",
            "http://b.org",
            "report_form",
            "/security/report",
            "../SECURITY.md#how",
        ] {
            assert!(is_place(good), "{good}");
        }
        for bad in [
            "",
            "https://",
            "https:///x",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://b.org/ onmouseover=x",
            "https://b.org/\"x",
            "https://b.org/<x>",
            "https://b.org/\u{202e}x",
        ] {
            assert!(!is_place(bad), "{bad}");
        }
    }
}
