//! The repositories of the programs, and asking about them.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use candor_base::{ProgramSlug, Sensitive};
use candor_github::{GhsaId, MOST_ADVISORIES, read_all};
use candor_guard::{Address, Client, Fetched, Verb};
use candor_ports::{Forge, ForgeError, ForgeListing, ForgePublication, ForgePublished};
use serde_json::Value;

use crate::answer::{next_cursor, refused, unreachable};
use crate::publish;
use crate::repository::Repository;

/// Where GitHub's API is.
pub const API: &str = "https://api.github.com";
/// The version of the API that is asked for.
const VERSION: &str = "2022-11-28";
/// Advisories of one page; with long texts more would not fit into one answer.
const A_PAGE: usize = 20;
/// Every call is over by then.
const LONGEST: Duration = Duration::from_secs(20);
/// Longest mark that is shown again.
const LONGEST_MARK: usize = 200;

/// What was configured cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    /// The address of the API.
    #[error("the address of the API cannot be used: {0}")]
    Api(candor_guard::AddressError),
    /// The token.
    #[error("the token is empty, or holds signs that no token has")]
    Token,
}

/// GitHub, or a GitHub server of one's own.
#[derive(Debug)]
pub struct Github {
    client: Client,
    api: Address,
    /// Where people read it.
    pages: String,
    token: Sensitive<String>,
    repositories: BTreeMap<ProgramSlug, Repository>,
}

/// `https://github.com` for its API; else the same host as that.
fn pages_of(api: &Address) -> String {
    let api = api.as_str();
    if api == API {
        return "https://github.com".to_owned();
    }
    api.strip_suffix("/api/v3").unwrap_or(api).to_owned()
}

impl Github {
    /// The repositories of these programs, at this address of the API.
    ///
    /// # Errors
    /// What cannot be used.
    pub fn new(
        api: &str,
        token: Sensitive<String>,
        repositories: BTreeMap<ProgramSlug, Repository>,
    ) -> Result<Self, Mistake> {
        let api = Address::parse(api).map_err(Mistake::Api)?;
        let text = token.reveal();
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Mistake::Token);
        }
        Ok(Self {
            client: Client::within(LONGEST),
            pages: pages_of(&api),
            api,
            token,
            repositories,
        })
    }

    fn repository(&self, program: &ProgramSlug) -> Result<&Repository, ForgeError> {
        let none = || ForgeError::Refused {
            code: "no repository is configured for the program".to_owned(),
        };
        self.repositories.get(program).ok_or_else(none)
    }

    fn address(&self, program: &ProgramSlug, what: &str) -> Result<Address, ForgeError> {
        let name = self.repository(program)?.as_str();
        Ok(self.api.join("repos").join(name).join(what))
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.token.reveal())
    }

    /// The page of an advisory.
    pub(crate) fn page(&self, program: &ProgramSlug, id: &GhsaId) -> Result<String, ForgeError> {
        let name = self.repository(program)?;
        Ok(format!("{}/{name}/security/advisories/{id}", self.pages))
    }

    /// Sends something, and says why it was not taken.
    pub(crate) fn send(
        &self,
        program: &ProgramSlug,
        (verb, what): (Verb, &str),
        body: &Value,
    ) -> Result<Fetched, ForgeError> {
        let at = self.address(program, what)?;
        let bearer = self.bearer();
        let answer = self
            .client
            .send_json(verb, &at, &headers(&bearer), &body.to_string())
            .map_err(|why| unreachable(&why))?;
        match answer.status() {
            200 | 201 => Ok(answer),
            _ => Err(refused(&answer, now())),
        }
    }

    pub(crate) fn ask(
        &self,
        program: &ProgramSlug,
        (what, query): (&str, &str),
        mark: Option<&str>,
    ) -> Result<Fetched, ForgeError> {
        let at = self.address(program, what)?;
        let bearer = self.bearer();
        let mut headers = headers(&bearer).to_vec();
        headers.extend(mark.map(|mark| ("If-None-Match", mark)));
        self.client
            .fetch(&at, query, &headers)
            .map_err(|why| unreachable(&why))
    }
}

fn headers(bearer: &str) -> [(&'static str, &str); 3] {
    [
        ("Accept", "application/vnd.github+json"),
        ("X-GitHub-Api-Version", VERSION),
        ("Authorization", bearer),
    ]
}

/// Seconds since 1970, to measure how long a limit still holds.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |s| i64::try_from(s.as_secs()).unwrap_or(i64::MAX))
}

/// The advisories on one page, each as it was given.
fn page(answer: &Fetched) -> Result<Vec<Sensitive<String>>, ForgeError> {
    let unread = |_| ForgeError::Transient {
        code: "what GitHub answered cannot be read".to_owned(),
    };
    let entries = read_all(answer.text().as_bytes()).map_err(unread)?;
    Ok(entries.into_iter().map(|entry| entry.raw).collect())
}

/// A tag that can be shown again as it is.
fn mark_of(answer: &Fetched) -> Option<String> {
    let plain = |tag: &&str| {
        tag.len() <= LONGEST_MARK && tag.bytes().all(|b| b.is_ascii_graphic() || b == b' ')
    };
    answer.header("etag").filter(plain).map(str::to_owned)
}

impl Forge for Github {
    fn programs(&self) -> Vec<ProgramSlug> {
        self.repositories.keys().cloned().collect()
    }

    fn report_page(&self, program: &ProgramSlug) -> Option<String> {
        let name = self.repositories.get(program)?;
        Some(format!("{}/{name}/security/advisories/new", self.pages))
    }

    fn takes_reports(&self, program: &ProgramSlug) -> Result<Option<bool>, ForgeError> {
        let answer = self.ask(program, ("private-vulnerability-reporting", ""), None)?;
        match answer.status() {
            200 => {
                let said: Value = serde_json::from_str(answer.text()).unwrap_or_default();
                Ok(said.get("enabled").and_then(Value::as_bool))
            }
            // Not every GitHub server has it, and not every token may ask.
            404 | 422 => Ok(None),
            _ => Err(refused(&answer, now())),
        }
    }

    fn advisories(
        &self,
        program: &ProgramSlug,
        mark: Option<&str>,
    ) -> Result<Option<ForgeListing>, ForgeError> {
        let mut advisories = Vec::new();
        let mut first = None;
        let mut cursor: Option<String> = None;
        loop {
            // What changed last comes first: an unchanged first page is an unchanged list.
            let mut query = format!("sort=updated&direction=desc&per_page={A_PAGE}");
            if let Some(cursor) = &cursor {
                query = format!("{query}&after={cursor}");
            }
            let shown = mark.filter(|_| cursor.is_none());
            let answer = self.ask(program, ("security-advisories", &query), shown)?;
            match answer.status() {
                304 if shown.is_some() => return Ok(None),
                200 => {}
                _ => return Err(refused(&answer, now())),
            }
            if cursor.is_none() {
                first = mark_of(&answer);
            }
            let more = page(&answer)?;
            let empty = more.is_empty();
            advisories.extend(more);
            let next = answer.header("link").and_then(next_cursor);
            if next.is_none() || next == cursor || empty {
                let mark = first;
                return Ok(Some(ForgeListing { advisories, mark }));
            }
            if advisories.len() > MOST_ADVISORIES {
                return Err(ForgeError::Refused {
                    code: format!("the repository has more than {MOST_ADVISORIES} advisories"),
                });
            }
            cursor = next;
        }
    }

    fn publish(
        &self,
        program: &ProgramSlug,
        what: &ForgePublication<'_>,
        made: &mut dyn FnMut(&str),
    ) -> Result<ForgePublished, ForgeError> {
        publish::publish(self, program, what, made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::mock::{Mock, answer};

    fn fish() -> ProgramSlug {
        "lanternfish".parse().unwrap()
    }

    fn at(api: &str) -> Github {
        let token = Sensitive::new("a-token-for-tests".to_owned());
        let repositories = BTreeMap::from([(fish(), "lantern/fish".parse().unwrap())]);
        Github::new(api, token, repositories).unwrap()
    }

    fn one(id: &str) -> String {
        format!("[{{\"ghsa_id\": \"{id}\", \"state\": \"triage\", \"summary\": \"S\"}}]")
    }

    #[test]
    fn all_pages_are_read_and_the_token_goes_to_one_place_only() {
        // The link leads elsewhere, as GitHub's do: only its cursor is followed.
        let link = "ETag: W/\"abc\"\r\nLink: <https://elsewhere.example/repositories/1/x?after=Y3Vy%3D>; \
                    rel=\"next\", <https://elsewhere.example/?before=x>; rel=\"prev\"\r\n";
        let mock = Mock::new(vec![
            answer(200, "", "{\"enabled\": true}"),
            answer(200, link, &one("GHSA-2f6x-8mqp-9c3v")),
            answer(200, "ETag: \"second\"\r\n", &one("GHSA-3g7x-8mqp-9c3v")),
            answer(304, "", ""),
        ]);
        let github = at(&mock.api);
        assert_eq!(github.takes_reports(&fish()).unwrap(), Some(true));
        let found = github.advisories(&fish(), None).unwrap().unwrap();
        let texts: Vec<&str> = found
            .advisories
            .iter()
            .map(|a| a.reveal().as_str())
            .collect();
        assert_eq!(texts.len(), 2);
        assert!(texts[0].contains("GHSA-2f6x") && texts[1].contains("GHSA-3g7x"));
        assert_eq!(
            found.mark.as_deref(),
            Some("W/\"abc\""),
            "of the first page"
        );
        let again = github.advisories(&fish(), found.mark.as_deref()).unwrap();
        assert_eq!(again, None, "nothing changed");
        let heard = mock.heard();
        let base = "get /repos/lantern/fish/";
        let list = format!("{base}security-advisories?sort=updated&direction=desc&per_page=20");
        for (head, wanted) in heard.iter().zip([
            format!("{base}private-vulnerability-reporting http/1.1"),
            format!("{list} http/1.1"),
            format!("{list}&after=y3vy%3d http/1.1"),
            format!("{list} http/1.1"),
        ]) {
            assert_eq!(head.lines().next().unwrap(), wanted);
            assert!(
                head.contains("authorization: bearer a-token-for-tests"),
                "{head}"
            );
        }
        let marked = |n: usize| heard[n].contains("if-none-match: w/\"abc\"");
        assert_eq!([marked(1), marked(2), marked(3)], [false, false, true]);
    }

    #[test]
    fn what_github_refuses_is_told_apart() {
        let refused = |status: u16| {
            let mock = Mock::new(vec![answer(
                status,
                "Location: https://e.example/\r\n",
                "{}",
            )]);
            let why = at(&mock.api).advisories(&fish(), None).unwrap_err();
            assert_eq!(mock.heard().len(), 1, "no redirect is followed");
            why
        };
        for (status, words) in [
            (401, "does not know the token"),
            (404, "Repository security advisories"),
            (403, "Repository security advisories"),
            (301, "another name now"),
        ] {
            let why = refused(status);
            assert!(
                matches!(&why, ForgeError::Refused { code } if code.contains(words)),
                "{why}"
            );
        }
        assert!(matches!(refused(502), ForgeError::Transient { .. }));
        let reset = format!(
            "X-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: {}\r\n",
            now() + 90
        );
        for (status, headers, least, most) in [
            (429, "Retry-After: 77\r\n", 77, 77),
            (503, "Retry-After: 5\r\n", 5, 5),
            (403, reset.as_str(), 80, 90),
            (429, "", 60, 60),
            (429, "Retry-After: 999999999\r\n", 21_600, 21_600),
        ] {
            let mock = Mock::new(vec![answer(status, headers, "{}")]);
            let why = at(&mock.api).advisories(&fish(), None).unwrap_err();
            let ForgeError::Wait { seconds } = why else {
                panic!("{status} {headers}: {why}");
            };
            assert!((least..=most).contains(&seconds), "{headers}: {seconds}");
        }
    }

    #[test]
    fn an_answer_that_is_none_is_tried_again() {
        let mock = Mock::new(vec![answer(200, "", "<html>")]);
        let why = at(&mock.api).advisories(&fish(), None).unwrap_err();
        assert!(matches!(why, ForgeError::Transient { .. }), "{why}");
        let mock = Mock::new(vec![answer(404, "", "{}")]);
        assert_eq!(at(&mock.api).takes_reports(&fish()).unwrap(), None);
        // Nobody listens there any more.
        let gone = at("http://127.0.0.1:1");
        let why = gone.takes_reports(&fish()).unwrap_err();
        assert!(matches!(why, ForgeError::Transient { .. }), "{why}");
        let other = "another".parse().unwrap();
        assert!(gone.takes_reports(&other).is_err());
        assert_eq!(gone.report_page(&other), None);
    }

    #[test]
    fn only_a_safe_address_and_a_token_are_taken() {
        let new = |api: &str, token: &str| {
            Github::new(api, Sensitive::new(token.to_owned()), BTreeMap::new())
        };
        assert!(new(API, "t").is_ok());
        assert!(matches!(
            new("http://github.example", "t"),
            Err(Mistake::Api(_))
        ));
        for token in ["", "two words", "line\nfeed"] {
            assert_eq!(new(API, token).unwrap_err(), Mistake::Token, "{token}");
        }
        let page = |api: &str| at(api).report_page(&fish()).unwrap();
        let end = "lantern/fish/security/advisories/new";
        assert_eq!(page(API), format!("https://github.com/{end}"));
        let own = page("https://git.example/api/v3/");
        assert_eq!(own, format!("https://git.example/{end}"));
    }
}
