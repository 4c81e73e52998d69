//! Which browser a request says it comes from, and nothing finer: no version, no system.
//!
//! Invariant: what is said is compared with a few known words and never kept.

use axum::http::{HeaderMap, header};
use candor_app::input::{Browser, Place};

use crate::cookies::{self, Session};
use crate::gate::WebOptions;

/// The mark of each family. Many name others beside themselves, so the order decides.
const MARKS: &[(&str, Browser)] = &[
    ("Edg/", Browser::Edge),
    ("EdgA/", Browser::Edge),
    ("OPR/", Browser::Opera),
    ("Firefox/", Browser::Firefox),
    ("FxiOS/", Browser::Firefox),
    ("CriOS/", Browser::Chrome),
    ("Chrome/", Browser::Chrome),
    ("Safari/", Browser::Safari),
];

fn family(said: &str) -> Browser {
    let mark = MARKS.iter().find(|(mark, _)| said.contains(mark));
    mark.map_or(Browser::Other, |(_, browser)| *browser)
}

/// Where a request of the desk comes from.
pub(crate) fn place(headers: &HeaderMap, options: &WebOptions) -> Place {
    let said = headers.get(header::USER_AGENT);
    let said = said.and_then(|value| value.to_str().ok()).unwrap_or("");
    Place {
        browser: Some(family(said)),
        known: cookies::token(headers, Session::Known, options),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_told_by_its_own_mark() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
                      Chrome/156.0.0.0 Safari/537.36";
        for (said, browser) in [
            (chrome, Browser::Chrome),
            (&format!("{chrome} Edg/156.0.0.0"), Browser::Edge),
            (&format!("{chrome} OPR/130.0.0.0"), Browser::Opera),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0",
                Browser::Firefox,
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, \
                 like Gecko) Version/26.0 Safari/605.1.15",
                Browser::Safari,
            ),
            ("curl/8", Browser::Other),
            ("", Browser::Other),
        ] {
            assert_eq!(family(said), browser, "{said}");
        }
    }
}
