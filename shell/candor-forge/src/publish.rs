//! Publishing an advisory in a repository.
//!
//! Invariants: an advisory that is known, or has the address of its own page in its text, is
//! changed and none is made; a private report is never taken for one of ours by its text, which
//! strangers write; what the advisory says nothing about stays on GitHub as it is.

use std::time::{Duration, Instant};

use candor_base::ProgramSlug;
use candor_github::{GhsaId, State, read_one};
use candor_guard::{Fetched, Verb};
use candor_ports::{Forge as _, ForgeError, ForgePublication, ForgePublished};
use serde_json::{Map, Value, json};

use crate::answer::refused;
use crate::github::{Github, now};

/// Nothing is written any more after so long: whoever lent this act may have lent it again.
const LONGEST: Duration = Duration::from_mins(1);
const LIST: &str = "security-advisories";

/// What stands on GitHub.
struct Found {
    id: GhsaId,
    state: State,
}

fn unread() -> ForgeError {
    ForgeError::Transient {
        code: "what GitHub answered cannot be read".to_owned(),
    }
}

fn found(text: &str) -> Result<Found, ForgeError> {
    let entry = read_one(text.as_bytes()).map_err(|_| unread())?;
    let advisory = entry.advisory.map_err(|_| unread())?;
    Ok(Found {
        id: advisory.ghsa,
        state: advisory.state,
    })
}

/// The one that is known by its id.
fn known(github: &Github, program: &ProgramSlug, id: &str) -> Result<Found, ForgeError> {
    let id: GhsaId = id.parse().map_err(|_| ForgeError::Refused {
        code: "what is linked is no advisory on GitHub".to_owned(),
    })?;
    let answer: Fetched = github.ask(program, (&format!("{LIST}/{id}"), ""), None)?;
    match answer.status() {
        200 => found(answer.text()),
        _ => Err(refused(&answer, now())),
    }
}

/// The one with this page in its text, if somebody of the repository made it.
fn ours(github: &Github, program: &ProgramSlug, page: &str) -> Result<Option<Found>, ForgeError> {
    let all = github.advisories(program, None)?;
    for raw in all.into_iter().flat_map(|listing| listing.advisories) {
        let said: Value = serde_json::from_str(raw.reveal()).unwrap_or_default();
        let text = said.get("description").and_then(Value::as_str);
        let filed = said.get("submission").is_some_and(Value::is_object);
        if !filed && text.is_some_and(|text| text.contains(page)) {
            return found(raw.reveal()).map(Some);
        }
    }
    Ok(None)
}

/// What is sent: nothing where the advisory says nothing, so that it stays as it is there.
fn content(what: &ForgePublication<'_>) -> Result<Map<String, Value>, ForgeError> {
    let broken = |_| ForgeError::Refused {
        code: "the advisory could not be written for GitHub".to_owned(),
    };
    let mut all: Map<String, Value> = serde_json::from_str(what.advisory).map_err(broken)?;
    all.retain(|_, value| !value.is_null() && value.as_array().is_none_or(|a| !a.is_empty()));
    Ok(all)
}

/// Publishes it, or brings it up to date.
pub(crate) fn publish(
    github: &Github,
    program: &ProgramSlug,
    what: &ForgePublication<'_>,
    made: &mut dyn FnMut(&str),
) -> Result<ForgePublished, ForgeError> {
    let began = Instant::now();
    let mut body = content(what)?;
    let there = match what.known {
        Some(id) => Some(known(github, program, id)?),
        None => ours(github, program, what.page)?,
    };
    if began.elapsed() > LONGEST {
        return Err(ForgeError::Transient {
            code: "GitHub answers too slowly".to_owned(),
        });
    }
    let (id, last) = match there {
        None => {
            let answer = github.send(program, (Verb::Post, LIST), &Value::Object(body))?;
            let id = found(answer.text())?.id;
            made(id.as_str());
            (id, json!({ "state": "published" }))
        }
        Some(there) => {
            if there.state == State::Triage {
                // A private report is accepted first; only then it can be published.
                let accept = json!({ "state": "draft" });
                let one = format!("{LIST}/{}", there.id);
                github.send(program, (Verb::Patch, &one), &accept)?;
            }
            if !what.keep_credits {
                body.insert("credits".to_owned(), json!([]));
            }
            body.insert("state".to_owned(), json!("published"));
            (there.id, Value::Object(body))
        }
    };
    let one = format!("{LIST}/{id}");
    github.send(program, (Verb::Patch, &one), &last)?;
    let page = github.page(program, &id)?;
    let id = id.to_string();
    Ok(ForgePublished { id, page })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use candor_base::Sensitive;

    use super::*;
    use crate::mock::{Mock, answer};

    const PAGE: &str = "https://sec.example.org/p/lanternfish/advisories/LAN-2026-7K3F9QMA";
    const ID: &str = "GHSA-2f6x-8mqp-9c3v";
    const ADVISORY: &str = r#"{"summary": "S", "description": "D", "vulnerabilities": [{"x": 1}],
        "cve_id": null, "cwe_ids": []}"#;

    fn one(state: &str, more: &str) -> String {
        format!("{{\"ghsa_id\": \"{ID}\", \"state\": \"{state}\"{more}}}")
    }

    fn ok(body: &str) -> String {
        answer(200, "", body)
    }

    type Ran = (
        Result<ForgePublished, ForgeError>,
        Vec<String>,
        Vec<(String, Value)>,
    );

    /// What came of it, which ids were made, and the requests as verb, path and body.
    fn run(answers: Vec<String>, known: Option<&str>, keep_credits: bool) -> Ran {
        let mock = Mock::new(answers);
        let fish: ProgramSlug = "lanternfish".parse().unwrap();
        let repositories = BTreeMap::from([(fish.clone(), "lantern/fish".parse().unwrap())]);
        let token = Sensitive::new("t".to_owned());
        let github = Github::new(&mock.api, token, repositories).unwrap();
        let mut ids = Vec::new();
        let what = ForgePublication {
            advisory: ADVISORY,
            page: PAGE,
            known,
            keep_credits,
        };
        let done = github.publish(&fish, &what, &mut |id| ids.push(id.to_owned()));
        let line = |asked: String| {
            let (head, body) = asked.split_once("\r\n\r\n").unwrap();
            let first = head.lines().next().unwrap();
            let first = first.replace("/repos/lantern/fish/security-advisories", "LIST");
            let first = first.replace(" http/1.1", "").replace("LIST", "");
            (first, serde_json::from_str(body).unwrap_or(Value::Null))
        };
        let heard = mock.heard().into_iter().map(line).collect();
        (done, ids, heard)
    }

    #[test]
    fn a_new_advisory_is_made_and_then_published() {
        let answers = vec![ok("[]"), answer(201, "", &one("draft", "")), ok("{}")];
        let (done, ids, heard) = run(answers, None, false);
        let done = done.unwrap();
        assert_eq!(
            (done.id.as_str(), ids.as_slice()),
            (ID, [ID.to_owned()].as_slice())
        );
        assert!(
            done.page
                .ends_with(&format!("/lantern/fish/security/advisories/{ID}"))
        );
        assert_eq!(heard[1].0, "post ");
        assert_eq!(
            heard[1].1,
            json!({"summary": "S", "description": "D", "vulnerabilities": [{"x": 1}]}),
            "what the advisory does not say is not sent"
        );
        assert_eq!(heard[2].0, format!("patch /{}", ID.to_lowercase()));
        assert_eq!(heard[2].1, json!({"state": "published"}));
    }

    #[test]
    fn one_that_was_made_before_a_crash_is_found_and_none_is_made() {
        let text = format!(", \"description\": \"D {PAGE}\"");
        // A stranger's report that names the page comes first, and is not taken for it.
        let strangers =
            one("triage", &format!("{text}, \"submission\": {{}}")).replace("2f6x", "3g7x");
        let list = format!("[{strangers}, {}]", one("draft", &text));
        let (done, ids, heard) = run(vec![ok(&list), ok("{}")], None, false);
        assert_eq!(done.unwrap().id, ID);
        assert!(ids.is_empty());
        assert_eq!(heard.len(), 2);
        assert_eq!(heard[1].0, format!("patch /{}", ID.to_lowercase()));
        assert_eq!(heard[1].1["state"], "published");
        assert_eq!(
            heard[1].1["credits"],
            json!([]),
            "nobody's account is thanked"
        );
    }

    #[test]
    fn a_linked_report_is_accepted_and_published_with_its_thanks() {
        let answers = vec![ok(&one("triage", "")), ok("{}"), ok("{}")];
        let (done, ids, heard) = run(answers, Some(ID), true);
        assert_eq!(done.unwrap().id, ID);
        assert!(ids.is_empty());
        assert_eq!(heard[0].0, format!("get /{}", ID.to_lowercase()));
        assert_eq!(heard[1].1, json!({"state": "draft"}));
        assert_eq!(heard[2].1["summary"], "S");
        assert_eq!(heard[2].1.get("credits"), None, "they stay as they are");
    }

    #[test]
    fn a_refusal_is_said_and_an_id_that_was_made_is_not_lost() {
        let answers = vec![
            ok("[]"),
            answer(201, "", &one("draft", "")),
            answer(403, "", "{\"message\": \"canary\"}"),
        ];
        let (done, ids, _) = run(answers, None, false);
        let why = done.unwrap_err();
        assert!(
            matches!(&why, ForgeError::Refused { code } if !code.contains("canary")),
            "{why}"
        );
        assert_eq!(ids, [ID]);
        let (done, ids, heard) = run(vec![ok("[]"), answer(422, "", "{}")], None, false);
        assert!(matches!(done, Err(ForgeError::Refused { .. })));
        assert!(ids.is_empty() && heard.len() == 2);
    }
}
