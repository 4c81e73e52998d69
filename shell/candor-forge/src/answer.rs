//! What an answer of GitHub means: how long to wait, what to change, where the next page is.

use candor_guard::{Fetched, GuardError};
use candor_ports::ForgeError;

/// Longest cursor.
const CURSOR: usize = 500;
/// Longest wait that is believed, in seconds.
const LONGEST_WAIT: u32 = 6 * 3_600;
/// The wait where GitHub gives none, in seconds.
const USUAL_WAIT: u32 = 60;

/// Why there is no answer at all.
pub(crate) fn unreachable(why: &GuardError) -> ForgeError {
    ForgeError::Transient {
        code: format!("GitHub gave no answer: {why}"),
    }
}

/// Why an answer is not what was asked for. `now` is in seconds since 1970.
pub(crate) fn refused(answer: &Fetched, now: i64) -> ForgeError {
    let number = |name: &str| {
        answer
            .header(name)
            .and_then(|n| n.trim().parse::<i64>().ok())
    };
    let status = answer.status();
    let slowed = matches!(status, 403 | 429);
    if let Some(seconds) = number("retry-after").filter(|_| slowed || status == 503) {
        return wait(seconds);
    }
    if slowed && number("x-ratelimit-remaining") == Some(0) {
        let reset = number("x-ratelimit-reset").map_or(i64::from(USUAL_WAIT), |at| at - now);
        return wait(reset);
    }
    if status == 429 {
        return wait(i64::from(USUAL_WAIT));
    }
    if status >= 500 {
        return ForgeError::Transient {
            code: format!("GitHub is not well: it answered {status}"),
        };
    }
    let why = match status {
        401 => "GitHub does not know the token",
        403 | 404 => {
            "there is no such repository, or the token may not do this: it needs the permission \
             “Repository security advisories” of this repository"
        }
        301 | 302 | 307 | 308 => "the repository has another name now; configure that one",
        422 => "GitHub did not take what was sent",
        _ => "GitHub did not do what was asked",
    };
    ForgeError::Refused {
        code: format!("{why} (it answered {status})"),
    }
}

fn wait(seconds: i64) -> ForgeError {
    let seconds = u32::try_from(seconds.max(1)).unwrap_or(LONGEST_WAIT);
    ForgeError::Wait {
        seconds: seconds.min(LONGEST_WAIT),
    }
}

/// The cursor of the next page, in a header `Link` (RFC 8288). The address in it is not followed.
pub(crate) fn next_cursor(link: &str) -> Option<String> {
    let next = link.split(',').find(|part| part.contains("rel=\"next\""))?;
    let (_, rest) = next.split_once('<')?;
    let (url, _) = rest.split_once('>')?;
    let (_, query) = url.split_once('?')?;
    let cursor = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("after="))?;
    let good = |b: u8| b.is_ascii_alphanumeric() || b"-_.~%+=:".contains(&b);
    let fits = (1..=CURSOR).contains(&cursor.len()) && cursor.bytes().all(good);
    fits.then(|| cursor.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_link_only_a_plain_cursor_is_taken() {
        let next = |after: &str| next_cursor(&format!("<https://a.test/x?{after}>; rel=\"next\""));
        assert_eq!(next("per_page=3&after=Y3%3D").as_deref(), Some("Y3%3D"));
        assert_eq!(next("after=a b"), None);
        assert_eq!(next("before=a"), None);
        assert_eq!(next(&format!("after={}", "a".repeat(501))), None);
        assert_eq!(
            next_cursor("<https://a.test/?after=ab>; rel=\"last\""),
            None
        );
        assert_eq!(next_cursor("rel=\"next\""), None);
    }
}
