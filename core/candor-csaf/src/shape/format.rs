//! The formats of the schemas: addresses, instants, UUIDs.

/// A format by its name in the schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// An address with a scheme (RFC 3986).
    Uri,
    /// A date and a time with a zone (RFC 3339).
    DateTime,
    /// An address with a scheme, letters of all languages in it (RFC 3987).
    Iri,
    /// A UUID (RFC 4122).
    Uuid,
}

impl Format {
    /// Whether a text fits.
    pub(super) fn fits(self, text: &str) -> bool {
        match self {
            Self::Uri => is_uri(text),
            Self::Iri => is_iri(text),
            Self::DateTime => is_date_time(text),
            Self::Uuid => is_uuid(text),
        }
    }

    /// What it stands for, after "the text is not".
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Uri | Self::Iri => "an address with a scheme, like https://example.org/",
            Self::DateTime => "a date and time with a zone, like 2026-11-22T10:00:00Z",
            Self::Uuid => "a UUID",
        }
    }
}

/// A number of exactly so many digits at the start, and the rest.
fn digits(text: &str, count: usize) -> Option<(u32, &str)> {
    let (head, rest) = text.split_at_checked(count)?;
    let all = head.bytes().all(|b| b.is_ascii_digit());
    Some((head.parse().ok().filter(|_| all)?, rest))
}

fn date_time(text: &str) -> Option<()> {
    let (year, rest) = digits(text, 4)?;
    let (month, rest) = digits(rest.strip_prefix('-')?, 2)?;
    let (day, rest) = digits(rest.strip_prefix('-')?, 2)?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => return None,
    };
    let rest = rest.strip_prefix(['T', 't'])?;
    let (hour, rest) = digits(rest, 2)?;
    let (minute, rest) = digits(rest.strip_prefix(':')?, 2)?;
    let (second, rest) = digits(rest.strip_prefix(':')?, 2)?;
    let rest = match rest.strip_prefix('.') {
        Some(fraction) => {
            let end = fraction.find(|c: char| !c.is_ascii_digit())?;
            (end > 0).then_some(fraction.split_at_checked(end)?.1)?
        }
        None => rest,
    };
    let offset = match rest {
        "Z" | "z" => 0,
        _ => {
            let ahead = rest.starts_with('+');
            let rest = rest.strip_prefix(['+', '-'])?;
            let (hours, rest) = digits(rest, 2)?;
            let (minutes, rest) = digits(rest.strip_prefix(':')?, 2)?;
            if !rest.is_empty() || hours > 23 || minutes > 59 {
                return None;
            }
            let offset = i64::from(hours * 60 + minutes);
            if ahead { -offset } else { offset }
        }
    };
    // A leap second comes at the end of a day in UTC only.
    let in_utc = (i64::from(hour * 60 + minute) + offset).rem_euclid(1440);
    let second_ok = second <= 59 || (second == 60 && in_utc == 1439);
    ((1..=last).contains(&day) && hour <= 23 && minute <= 59 && second_ok).then_some(())
}

pub(crate) fn is_date_time(text: &str) -> bool {
    date_time(text).is_some()
}

fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}

/// Letters that stand for themselves anywhere, or a whole percent code.
fn letters(text: &str, also: &[u8]) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let fits = match byte {
            b'%' => {
                let mut hex = || bytes.next().is_some_and(|b| b.is_ascii_hexdigit());
                hex() && hex()
            }
            b if b.is_ascii_alphanumeric() => true,
            b => b"-._~!$&'()*+,;=".contains(&b) || also.contains(&b),
        };
        if !fits {
            return false;
        }
    }
    true
}

/// Like an address, with letters of other languages behind the scheme, and in the query
/// characters of private use, too.
fn is_iri(text: &str) -> bool {
    let letter = |c: char| {
        matches!(c, '\u{A0}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFEF}'
            | '\u{10000}'..='\u{DFFFF}' | '\u{E1000}'..='\u{EFFFD}')
            && u32::from(c) & 0xFFFF < 0xFFFE
    };
    let private = |c: char| {
        matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{FFFFD}'
            | '\u{100000}'..='\u{10FFFD}')
    };
    // A letter that is no digit in any base stands for each of them.
    let plain = text.replace(letter, "z");
    let end = plain.find('#').unwrap_or(plain.len());
    let (before, fragment) = plain.split_at_checked(end).unwrap_or((&plain, ""));
    let whole = match before.split_once('?') {
        Some((path, query)) => format!("{path}?{}{fragment}", query.replace(private, "z")),
        None => plain,
    };
    let scheme = text.split(':').next().is_some_and(str::is_ascii);
    scheme && is_uri(&whole)
}

fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let scheme_fits = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let path_fits = match rest.strip_prefix("//") {
        Some(rest) => {
            let end = rest.find('/').unwrap_or(rest.len());
            let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
            is_authority(authority) && letters(path, b":@/")
        }
        None => letters(rest, b":@/"),
    };
    scheme_fits && path_fits && letters(query, b":@/?") && letters(fragment, b":@/?")
}

fn is_authority(text: &str) -> bool {
    let (user, host) = match text.rsplit_once('@') {
        Some((user, host)) => (user, host),
        None => ("", text),
    };
    let (host_fits, port) = if let Some(rest) = host.strip_prefix('[') {
        let Some((address, port)) = rest.split_once(']') else {
            return false;
        };
        (is_literal(address), port)
    } else {
        let end = host.find(':').unwrap_or(host.len());
        let (name, port) = host.split_at_checked(end).unwrap_or((host, ""));
        (letters(name, b""), port)
    };
    let port_fits = match port.strip_prefix(':') {
        Some(digits) => digits.bytes().all(|b| b.is_ascii_digit()),
        None => port.is_empty(),
    };
    letters(user, b":") && host_fits && port_fits
}

/// An address of IP version 6, or of a later kind (`v1.x`).
fn is_literal(text: &str) -> bool {
    if let Some(rest) = text.strip_prefix(['v', 'V']) {
        return rest.split_once('.').is_some_and(|(version, address)| {
            !version.is_empty()
                && version.bytes().all(|b| b.is_ascii_hexdigit())
                && !address.is_empty()
                && letters(address, b":")
                && !address.contains('%')
        });
    }
    text.parse::<std::net::Ipv6Addr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_have_a_date_a_time_and_a_zone() {
        for good in [
            "2026-11-22T10:00:00Z",
            "2026-11-22t10:00:00.123z",
            "2024-02-29T23:59:59+05:30",
            "2016-12-31T23:59:60Z",
            "2016-12-31T18:59:60-05:00",
        ] {
            assert!(is_date_time(good), "{good}");
        }
        for bad in [
            "2026-11-22",
            "2026-11-22 10:00:00Z",
            "2026-11-22T10:00:00",
            "2026-02-29T10:00:00Z",
            "2026-11-31T10:00:00Z",
            "2026-11-22T24:00:00Z",
            "2026-11-22T10:00:60Z",
            "2026-11-22T10:00:00.Z",
            "2026-11-22T10:00:00+24:00",
            "2026-11-22T10:00:00Zx",
            "٢026-11-22T10:00:00Z",
        ] {
            assert!(!is_date_time(bad), "{bad}");
        }
    }

    #[test]
    fn addresses_have_a_scheme() {
        for good in [
            "https://example.org/a?b=c#d",
            "urn:uuid:x",
            "mailto:a@example.org",
            "http://[::1]:80/",
            "https://u:p@example.org",
            "a:",
            "file:///etc",
        ] {
            assert!(is_uri(good), "{good}");
        }
        for bad in [
            "",
            "example.org",
            "/a",
            "1a:b",
            "https://a b",
            "https://ex<>",
            "https://%zz",
            "https://[::1",
            "https://a:b/",
            "https://ä/",
        ] {
            assert!(!is_uri(bad), "{bad}");
        }
    }
}
