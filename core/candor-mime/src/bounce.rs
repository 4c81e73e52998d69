//! Reports on delivery (RFC 3464): what became of a letter, and which it was.
//!
//! Invariant: whether such a report is true is not known here; anybody can write one.

use std::fmt;

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};

use crate::clean;

/// Most recipients that are read out of one report.
const MOST: usize = 50;
/// Most bytes of the part that lists them.
const MOST_BYTES: usize = 256 * 1024;

/// What became of a letter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bounce {
    /// `Message-ID` of the letter, without brackets, when the report names it.
    pub about: Option<String>,
    /// What became of it for each recipient.
    pub recipients: Vec<BouncedTo>,
}

impl Bounce {
    /// It says of some recipient that the letter will never arrive.
    pub fn is_final(&self) -> bool {
        self.recipients.iter().any(|r| r.failed)
    }
}

/// What became of a letter for one recipient.
#[derive(Clone, PartialEq, Eq)]
pub struct BouncedTo {
    /// The address.
    pub address: String,
    /// `Action: failed`: it will not arrive.
    pub failed: bool,
    /// `Status`, such as `5.1.1`.
    pub status: Option<String>,
}

impl fmt::Debug for BouncedTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[failed: {}, status: {:?}]", self.failed, self.status)
    }
}

/// The report on a delivery that the mail is.
pub(crate) fn bounce(message: &Message<'_>) -> Option<Bounce> {
    let list = message
        .parts
        .iter()
        .find(|part| part.is_content_type("message", "delivery-status"))?;
    let text = list.contents();
    let text = String::from_utf8_lossy(text.get(..MOST_BYTES).unwrap_or(text)).into_owned();
    Some(Bounce {
        about: message.parts.iter().find_map(letter_of),
        recipients: recipients(&text),
    })
}

/// The Message-ID of the letter that lies in the report, whole or by its head.
fn letter_of(part: &MessagePart<'_>) -> Option<String> {
    let id = match &part.body {
        PartType::Message(letter) => letter.message_id().map(str::to_owned),
        _ if part.is_content_type("text", "rfc822-headers") => MessageParser::default()
            .parse_headers(part.contents())
            .and_then(|letter| letter.message_id().map(str::to_owned)),
        _ => None,
    };
    id.map(|id| clean::line(&id, 300))
        .filter(|id| !id.is_empty())
}

/// One group of fields after the other, with an empty line between them.
fn recipients(text: &str) -> Vec<BouncedTo> {
    let text = text.replace("\r\n", "\n");
    let groups = text.split("\n\n").filter_map(recipient);
    groups.take(MOST).collect()
}

fn recipient(group: &str) -> Option<BouncedTo> {
    let field = |name: &str| {
        group.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found
                .trim()
                .eq_ignore_ascii_case(name)
                .then(|| value.trim())
        })
    };
    let address = field("Final-Recipient").or_else(|| field("Original-Recipient"))?;
    let address = address.split_once(';').map_or(address, |(_, a)| a);
    let failed = field("Action").is_some_and(|action| action.eq_ignore_ascii_case("failed"));
    Some(BouncedTo {
        address: clean::line(address, 254),
        failed,
        status: field("Status").map(|s| clean::line(s, 20)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_recipient_is_read_apart() {
        let text = "Reporting-MTA: dns; mx.test\r\n\r\nFinal-Recipient: rfc822; kim@a.test\r\n\
                    Action: failed\r\nStatus: 5.1.1\r\n\r\nFinal-Recipient: rfc822;b@a.test\r\n\
                    Action: delayed\r\n";
        let got = recipients(text);
        assert_eq!(got.len(), 2);
        assert_eq!(got[0].address, "kim@a.test");
        assert!(got[0].failed && !got[1].failed);
        assert_eq!(got[0].status.as_deref(), Some("5.1.1"));
        let lots = "Final-Recipient: rfc822; a@b\n\n".repeat(90);
        assert_eq!(recipients(&lots).len(), MOST);
    }
}
