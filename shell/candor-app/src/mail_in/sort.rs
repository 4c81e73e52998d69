//! What a mail is, judged by its bytes and its envelope alone (rules M-2, M-5, M-6).
//!
//! Invariants: pure; in doubt a person looks; nothing in a mail makes it more than a new
//! report, for anybody can write anything there.

use candor_mime::{Incoming, Remark, ReturnPath};

/// Why a mail waits for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// The address it came to was not made by this server, or its time is over.
    OldAddress,
    /// It came to the address of somebody else than its sender.
    OtherSender,
    /// A program wrote it.
    Automatic,
    /// It came over a list, or to many.
    Bulk,
    /// The mail server takes it for junk.
    Junk,
    /// One of our own letters came back.
    OwnLetter,
    /// It seems to be about a case that is there.
    KnownCase,
    /// Too many came within an hour.
    TooMany,
    /// The case takes no message now.
    NotTaken,
}

impl Why {
    const ALL: [Self; 9] = [
        Self::OldAddress,
        Self::OtherSender,
        Self::Automatic,
        Self::Bulk,
        Self::Junk,
        Self::OwnLetter,
        Self::KnownCase,
        Self::TooMany,
        Self::NotTaken,
    ];

    /// The word under which it is kept.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::OldAddress => "old-address",
            Self::OtherSender => "other-sender",
            Self::Automatic => "automatic",
            Self::Bulk => "bulk",
            Self::Junk => "junk",
            Self::OwnLetter => "own-letter",
            Self::KnownCase => "known-case",
            Self::TooMany => "too-many",
            Self::NotTaken => "not-taken",
        }
    }

    /// Reads the word.
    pub(crate) fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.word() == word)
    }

    /// For the team.
    pub(crate) const fn sentence(self) -> &'static str {
        match self {
            Self::OldAddress => {
                "It came to an answer address that this server did not make, or that has ended."
            }
            Self::OtherSender => {
                "It came to the answer address of a participant, and that participant is not its \
                 sender."
            }
            Self::Automatic => "A program wrote it: an answer by itself, or a report on delivery.",
            Self::Bulk => "It went to a list or to many people.",
            Self::Junk => "Your mail server takes it for junk.",
            Self::OwnLetter => "It is one of Candor's own letters that came back.",
            Self::KnownCase => {
                "It seems to belong to a case, and did not come to the answer address of a \
                 participant."
            }
            Self::TooMany => "More came within an hour than become cases by themselves.",
            Self::NotTaken => "It is an answer, and the case takes no message now.",
        }
    }
}

/// What the envelope and this server say of a mail.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Around<'a> {
    /// The sender in the envelope; `None`: nowhere, as reports on delivery have it.
    pub(crate) from: Option<&'a str>,
    /// The host part of the address that letters come from.
    pub(crate) own_host: Option<&'a str>,
    /// The name under which the site's mail server writes down its checks.
    pub(crate) checks_by: Option<&'a str>,
}

/// No person wrote it for this address: why.
pub(crate) fn not_by_a_person(mail: &Incoming, around: &Around<'_>) -> Option<Why> {
    let signs = mail.signs;
    if signs.own {
        Some(Why::OwnLetter)
    } else if signs.automatic
        || mail.bounce.is_some()
        || around.from.is_none()
        || mail.return_path == ReturnPath::Nowhere
    {
        Some(Why::Automatic)
    } else if signs.list || signs.bulk {
        Some(Why::Bulk)
    } else if signs.junk {
        Some(Why::Junk)
    } else {
        None
    }
}

/// It names a letter of ours: one that answers it has to come to the address in it.
pub(crate) fn follows_ours(mail: &Incoming, around: &Around<'_>) -> bool {
    let ours = |id: &String| {
        let host = id.rsplit_once('@').map(|(_, host)| host);
        host.is_some_and(|h| {
            around
                .own_host
                .is_some_and(|own| own.eq_ignore_ascii_case(h))
        })
    };
    mail.follows.iter().any(ours)
}

/// What stands in brackets in the subject, as a reference of a case does.
pub(crate) fn tag_of(subject: &str) -> Option<candor_base::CaseRef> {
    subject
        .split('[')
        .skip(1)
        .filter_map(|rest| rest.split_once(']'))
        .find_map(|(tag, _)| tag.parse().ok())
}

/// Whether a subject asks for the OpenPGP key and for nothing else (M-9; S1-14).
pub(crate) fn asks_for_key(subject: &str) -> bool {
    let mut words = subject.trim().to_lowercase();
    while let Some(rest) = ["re:", "[ext]", "[external]"]
        .iter()
        .find_map(|start| words.strip_prefix(start))
    {
        words = rest.trim().to_owned();
    }
    matches!(
        words.trim_end_matches(['.', '!', '?']).trim(),
        "pgp key request" | "openpgp key request" | "gpg key request"
    )
}

/// The sender, where it is clear who that is.
pub(crate) fn only_sender(mail: &Incoming) -> Option<&str> {
    if mail.remarks.contains(&Remark::HeaderTwice) {
        return None;
    }
    mail.sender().map(|from| from.address.as_str())
}

/// Whether two spellings are one address.
pub(crate) fn same_address(one: &str, two: &str) -> bool {
    one.trim().to_lowercase() == two.trim().to_lowercase()
}

/// Whether an automatic answer may go to the sender: the envelope comes from the same house,
/// and the site's mail server did not find the sender forged (M-5).
pub(crate) fn may_be_answered(mail: &Incoming, around: &Around<'_>) -> bool {
    let host = |address: &str| {
        address
            .rsplit_once('@')
            .map(|(_, host)| host.to_lowercase())
    };
    let (Some(from), Some(envelope)) =
        (only_sender(mail).and_then(host), around.from.and_then(host))
    else {
        return false;
    };
    let below = |a: &str, b: &str| a == b || a.ends_with(&format!(".{b}"));
    let same_house = below(&from, &envelope) || below(&envelope, &from);
    same_house && checked(mail, around) != Some(false)
}

/// What the site's mail server says of the sender (`dmarc=` in its `Authentication-Results`,
/// RFC 8601): `None` when it says nothing.
pub(crate) fn checked(mail: &Incoming, around: &Around<'_>) -> Option<bool> {
    let by = around.checks_by?;
    // The topmost line is the one that the last server wrote.
    let said = mail.evidence.iter().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let (who, results) = value.split_once(';')?;
        let who = who.split_whitespace().next()?;
        let ours = name.eq_ignore_ascii_case("authentication-results");
        (ours && who.eq_ignore_ascii_case(by)).then(|| results.to_lowercase())
    })?;
    said.split(';').find_map(|result| {
        let result = result.trim().strip_prefix("dmarc=")?;
        match result.split([' ', '(', '\t']).next()? {
            "pass" => Some(true),
            "fail" => Some(false),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use candor_mime::{Limits, read};

    const AROUND: Around<'_> = Around {
        from: Some("kim@a.test"),
        own_host: Some("your.site"),
        checks_by: Some("mx.your.site"),
    };

    fn mail(head: &str) -> Incoming {
        let raw = format!("{head}\r\n\r\nText.\r\n");
        read(raw.as_bytes(), &Limits::default()).unwrap()
    }

    #[test]
    fn a_person_is_told_from_a_program() {
        let judged = |head: &str| not_by_a_person(&mail(head), &AROUND);
        assert_eq!(judged("From: kim@a.test"), None);
        assert_eq!(judged("From: kim@a.test\r\nAuto-Submitted: no"), None);
        for (head, why) in [
            (
                "From: a@b.test\r\nAuto-Submitted: auto-replied",
                Why::Automatic,
            ),
            ("From: a@b.test\r\nReturn-Path: <>", Why::Automatic),
            ("From: a@b.test\r\nList-Id: <l.test>", Why::Bulk),
            ("From: a@b.test\r\nPrecedence: bulk", Why::Bulk),
            (
                "From: a@b.test\r\nX-Candor-Loop: LAN-7K3F-9QMA",
                Why::OwnLetter,
            ),
            ("From: a@b.test\r\nX-Spam-Flag: YES", Why::Junk),
            ("From: a@b.test\r\nX-Spam-Status: Yes, score=9", Why::Junk),
        ] {
            assert_eq!(judged(head), Some(why), "{head}");
        }
        let nowhere = Around {
            from: None,
            ..AROUND
        };
        let plain = mail("From: kim@a.test");
        assert_eq!(not_by_a_person(&plain, &nowhere), Some(Why::Automatic));
    }

    #[test]
    fn only_the_checks_of_the_own_server_count() {
        let judged = |line: &str| checked(&mail(&format!("From: kim@a.test\r\n{line}")), &AROUND);
        let ours = "Authentication-Results: mx.your.site; spf=pass; dmarc=fail (p=none)";
        assert_eq!(judged(ours), Some(false));
        assert_eq!(judged(&ours.replace("=fail", "=pass")), Some(true));
        assert_eq!(judged(&ours.replace("mx.your", "mx.their")), None);
        assert_eq!(judged(&ours.replace("dmarc=fail", "dkim=fail")), None);
        let later = format!("Authentication-Results: mx.your.site; dmarc=pass\r\n{ours}");
        assert_eq!(judged(&later), Some(true), "the topmost");
    }

    #[test]
    fn an_answer_goes_only_where_the_mail_came_from() {
        let judged = |head: &str| may_be_answered(&mail(head), &AROUND);
        assert!(judged("From: kim@a.test"));
        assert!(judged("From: kim@lists.a.test"));
        assert!(!judged("From: victim@b.test"));
        assert!(!judged("From: kim@a.test, lee@a.test"));
        assert!(!judged("From: kim@a.test\r\nFrom: lee@a.test"));
        assert!(!judged("From: kim@xa.test"));
        assert!(!judged(
            "Authentication-Results: mx.your.site; dmarc=fail\r\nFrom: kim@a.test"
        ));
    }

    #[test]
    fn a_reference_in_the_subject_is_seen() {
        let found = |subject: &str| tag_of(subject).map(|r| r.to_string());
        let expected = Some("LAN-7K3F-9QMA".to_owned());
        assert_eq!(found("Re: [LAN-7K3F-9QMA] Your report"), expected);
        assert_eq!(found("[EXT] Re: [lan-7k3f-9qma] x"), expected);
        assert_eq!(found("[oss-security] heap overflow"), None);
        assert_eq!(found("LAN-7K3F-9QMA"), None);
    }

    #[test]
    fn who_asks_for_the_key_asks_for_nothing_else() {
        for yes in [
            "PGP key request",
            " Re: pgp KEY request.",
            "[EXT] PGP key request",
        ] {
            assert!(asks_for_key(yes), "{yes}");
        }
        for no in ["", "PGP key request and a report", "key", "Re: PGP"] {
            assert!(!asks_for_key(no), "{no}");
        }
    }

    #[test]
    fn every_reason_is_read_as_it_is_kept() {
        for why in Why::ALL {
            assert_eq!(Why::read(why.word()), Some(why));
            assert!(why.sentence().ends_with('.'));
        }
        assert_eq!(Why::read("x"), None);
    }
}
