//! The second factor: one-time codes by time (RFC 6238, SHA-1, 6 digits, 30 s),
//! one step of tolerance to each side.
//!
//! Invariants: a secret is stored only sealed and only once it was confirmed; a
//! code works once.

use qrcode::QrCode;
use qrcode::render::svg;
use totp_rs::{Builder, Totp};

use candor_base::{AccountId, Instant};

use crate::input::Fault;

/// The name apps show.
const ISSUER: &str = "Candor";
/// Bytes of a secret (RFC 4226 recommends 160 bits).
pub(crate) const SECRET_BYTES: usize = 20;

fn totp(secret: &[u8], login: &str) -> Result<Totp, Fault> {
    Builder::new()
        .with_secret(secret.to_vec())
        .with_account_name(login.replace(':', " "))
        .with_issuer(Some(ISSUER))
        .build()
        .map_err(|e| Fault::inside(format!("totp: {e}")))
}

/// The step a code belongs to; `None` when it does not fit now.
pub(crate) fn step(secret: &[u8], code: &str, now: Instant) -> Result<Option<u64>, Fault> {
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    let other = code
        .chars()
        .any(|c| !c.is_ascii_digit() && !c.is_whitespace() && c != '-');
    if digits.len() != 6 || other {
        return Ok(None);
    }
    let seconds = u64::try_from(now.unix()).unwrap_or(0);
    Ok(totp(secret, "")?.check(&digits, seconds))
}

/// The secret for typing: base 32 in groups of four.
pub(crate) fn spelled(secret: &[u8]) -> String {
    let letters: Vec<char> = base32(secret).chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|c| c.iter().collect()).collect();
    groups.join(" ")
}

/// RFC 4648, without padding.
fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut out = String::new();
    let mut acc = 0_u32;
    let mut have = 0_u32;
    let mut push = |five: u32| {
        let index = usize::try_from(five & 31).unwrap_or(0);
        out.push(LETTERS.get(index).map_or('A', |b| char::from(*b)));
    };
    for byte in bytes {
        acc = (acc << 8) | u32::from(*byte);
        have += 8;
        while have >= 5 {
            have -= 5;
            push(acc >> have);
        }
        acc &= 0xff;
    }
    if have > 0 {
        push(acc << (5 - have));
    }
    out
}

/// The secret as a picture for a phone.
pub(crate) fn picture(secret: &[u8], login: &str) -> Result<String, Fault> {
    let url = totp(secret, login)?
        .to_url()
        .map_err(|e| Fault::inside(format!("totp: {e}")))?;
    let code = QrCode::new(url.as_bytes()).map_err(|e| Fault::inside(format!("qr: {e}")))?;
    let drawn = code
        .render::<svg::Color<'_>>()
        .min_dimensions(220, 220)
        .build();
    // Only the element itself: it goes into a page.
    let start = drawn.find("<svg").unwrap_or(0);
    Ok(drawn.get(start..).unwrap_or_default().to_owned())
}

/// What a sealed secret is bound to.
pub(crate) fn context(account: &AccountId) -> String {
    format!("totp/{account}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, SHA-1, the last six of the eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (2_000_000_000, "279037"),
        ] {
            let now = Instant::from_unix(seconds).unwrap();
            assert_eq!(
                step(secret, code, now).unwrap(),
                Some(u64::try_from(seconds).unwrap() / 30)
            );
        }
    }

    #[test]
    fn one_step_of_tolerance_and_odd_input() {
        let secret = b"12345678901234567890";
        let at = |s: i64| Instant::from_unix(s).unwrap();
        assert_eq!(step(secret, "287 082", at(89)).unwrap(), Some(1));
        assert_eq!(step(secret, "287082", at(120)).unwrap(), None);
        for odd in ["", "28708", "2870822", "abcdef", "287082x"] {
            assert_eq!(step(secret, odd, at(59)).unwrap(), None, "{odd}");
        }
    }

    #[test]
    fn the_secret_is_spelled_in_base_32() {
        // RFC 4648 test vector of "foobar".
        assert_eq!(base32(b"foobar"), "MZXW6YTBOI");
        assert_eq!(
            spelled(b"12345678901234567890"),
            "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
        );
        let picture = picture(b"12345678901234567890", "ada").unwrap();
        assert!(picture.starts_with("<svg") && picture.ends_with("</svg>"));
    }
}
