//! Short-lived signed tokens of the API: JSON Web Tokens (RFC 7519), signed with HMAC-SHA-256
//! (`HS256`, RFC 7518 section 3.2) and with nothing else.
//!
//! A text is three parts in base64url: head, claims, signature over both. Only this server reads
//! what it wrote, so the head is compared byte by byte: no other algorithm, no `none` and no
//! further word in it is ever looked at.
//!
//! Invariants: nothing in the claims is read before the signature fits; at the very second of
//! its end a text opens nothing; reading takes time in proportion to the text, which is short.
//!
//! Deliberately absent: whether the token that a text stands for still holds.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use candor_base::{Digest, Instant, Sensitive};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// The only head there is: `{"alg":"HS256","typ":"JWT"}`.
const HEAD: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
/// Longest text that is looked at, in bytes.
const LONGEST: usize = 1_024;

/// What is signed.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    /// Who signed: the public address of this server.
    iss: String,
    /// The hash of the token that it stands for.
    sub: String,
    /// When, in seconds since 1970.
    iat: i64,
    /// From when on it opens nothing, in seconds since 1970.
    exp: i64,
}

/// Writes and reads signed tokens.
#[derive(Debug, Clone)]
pub struct SignedTokens {
    key: Sensitive<Vec<u8>>,
    issuer: String,
    seconds: i64,
}

impl SignedTokens {
    /// With this key, for this many minutes each.
    pub fn new(key: Vec<u8>, issuer: &str, minutes: u32) -> Self {
        Self {
            key: Sensitive::new(key),
            issuer: issuer.to_owned(),
            seconds: i64::from(minutes) * 60,
        }
    }

    /// Signs one that stands for a token; gives it and its end. `None` where the key cannot
    /// be used.
    pub fn write(&self, token: &Digest, now: Instant) -> Option<(String, Instant)> {
        let ends = now.plus_seconds(self.seconds);
        let claims = Claims {
            iss: self.issuer.clone(),
            sub: token.to_string(),
            iat: now.unix(),
            exp: ends.unix(),
        };
        let claims = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&claims).ok()?);
        let signed = format!("{HEAD}.{claims}");
        let signature = self.mac(&signed)?.finalize().into_bytes();
        let signature = URL_SAFE_NO_PAD.encode(signature);
        Some((format!("{signed}.{signature}"), ends))
    }

    /// The token that a text stands for, while it holds.
    pub fn read(&self, text: &str, now: Instant) -> Option<Digest> {
        if text.len() > LONGEST {
            return None;
        }
        let (signed, signature) = text.rsplit_once('.')?;
        let (head, claims) = signed.split_once('.')?;
        if head != HEAD {
            return None;
        }
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        self.mac(signed)?.verify_slice(&signature).ok()?;
        let claims = URL_SAFE_NO_PAD.decode(claims).ok()?;
        let claims: Claims = serde_json::from_slice(&claims).ok()?;
        let lasts = claims.exp.checked_sub(claims.iat)?;
        // Also where the minutes were made fewer since it was signed.
        let holds = claims.iss == self.issuer
            && now.unix() < claims.exp
            && (0..=self.seconds).contains(&lasts);
        holds.then(|| claims.sub.parse().ok()).flatten()
    }

    fn mac(&self, signed: &str) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.reveal()).ok()?;
        mac.update(signed.as_bytes());
        Some(mac)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: &str = "2026-11-24T00:00:00Z";

    fn now() -> Instant {
        NOW.parse().unwrap()
    }

    fn signer(key: &str) -> SignedTokens {
        SignedTokens::new(key.as_bytes().to_vec(), "https://sec.example.org", 60)
    }

    fn token() -> Digest {
        Digest::from_bytes([7; 32])
    }

    /// RFC 7515, appendix A.1: the same key and input give the signature printed there.
    #[test]
    fn the_signature_is_that_of_the_standard() {
        let key = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
        let key = URL_SAFE_NO_PAD.decode(key).unwrap();
        let signed = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let tokens = SignedTokens::new(key, "x", 60);
        let mac = tokens.mac(signed).unwrap().finalize().into_bytes();
        assert_eq!(
            URL_SAFE_NO_PAD.encode(mac),
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        );
    }

    #[test]
    fn it_holds_until_the_last_second_of_minute_sixty_and_no_longer() {
        let signer = signer("key one");
        let (text, ends) = signer.write(&token(), now()).unwrap();
        assert_eq!(ends, now().plus_seconds(3_600));
        assert_eq!(signer.read(&text, now()), Some(token()));
        assert_eq!(signer.read(&text, now().plus_seconds(3_599)), Some(token()));
        assert_eq!(signer.read(&text, now().plus_seconds(3_600)), None);
    }

    #[test]
    fn nothing_else_is_read() {
        let one = signer("key one");
        let (text, _) = one.write(&token(), now()).unwrap();
        assert_eq!(signer("key two").read(&text, now()), None, "another key");
        let elsewhere = SignedTokens::new(b"key one".to_vec(), "https://other.example.org", 60);
        assert_eq!(elsewhere.read(&text, now()), None, "another server");
        let shorter = SignedTokens::new(b"key one".to_vec(), "https://sec.example.org", 5);
        assert_eq!(shorter.read(&text, now()), None, "too long by now");
        let parts: Vec<&str> = text.split('.').collect();
        // Signed with the right key, under another head.
        for head in [
            r#"{"alg":"none","typ":"JWT"}"#,
            r#"{"alg":"HS512","typ":"JWT"}"#,
            r#"{"alg":"RS256","typ":"JWT"}"#,
            r#"{"typ":"JWT","alg":"HS256"}"#,
            r#"{"alg":"HS256","typ":"JWT","kid":"../../dev/null"}"#,
        ] {
            let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(head), parts[1]);
            let mac = one.mac(&signed).unwrap().finalize().into_bytes();
            for signature in [URL_SAFE_NO_PAD.encode(mac), String::new()] {
                assert_eq!(
                    one.read(&format!("{signed}.{signature}"), now()),
                    None,
                    "{head}"
                );
            }
        }
        for odd in [
            String::new(),
            ".".to_owned(),
            "..".to_owned(),
            format!("{}.{}", parts[0], parts[1]),
            format!("{}.{}.", parts[0], parts[1]),
            format!("{text}="),
            format!("{text}.{}", parts[2]),
            format!("{}.{}", text, "x".repeat(LONGEST)),
        ] {
            assert_eq!(one.read(&odd, now()), None, "{odd}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC*") {
            prop_assert_eq!(signer("key one").read(&text, now()), None);
            let headed = format!("{HEAD}.{text}");
            prop_assert_eq!(signer("key one").read(&headed, now()), None);
        }

        #[test]
        fn one_changed_letter_spoils_it(at in 0_usize..400, letter in "[A-Za-z0-9_.-]") {
            let signer = signer("key one");
            let (text, _) = signer.write(&token(), now()).unwrap();
            let at = at % text.len();
            let mut changed = text.clone();
            changed.replace_range(at..=at, &letter);
            // The last letter of a signature holds two bits that count for nothing; the
            // decoder refuses them where they are not zero.
            let want = (changed == text).then(token);
            prop_assert_eq!(signer.read(&changed, now()), want);
        }
    }
}
