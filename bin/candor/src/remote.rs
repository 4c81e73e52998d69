//! Cases of a server elsewhere, through its API, with a token.
//!
//! Invariants: the token comes from the environment or a file, never from an argument, and goes
//! to the named server only, encrypted unless it is this machine; a redirection is not followed.

use std::path::Path;

use candor_base::Sensitive;
use candor_guard::{Address, Client};
use serde_json::{Value, json};

use crate::cli::{CaseListArgs, RemoteArgs};
use crate::say::harmless;
use crate::stop::Stop;

/// The variable that holds the token.
const VARIABLE: &str = "CANDOR_TOKEN";

/// A server elsewhere.
pub(crate) struct Remote {
    client: Client,
    /// The program of the token, in the API.
    program: Address,
    slug: String,
    token: Sensitive<String>,
}

impl Remote {
    /// The server that was named, if one was.
    pub(crate) fn named(args: &RemoteArgs) -> Result<Option<Self>, Stop> {
        let Some(server) = &args.server else {
            return Ok(None);
        };
        let server = Address::parse(server).map_err(|why| Stop::input(format!("{why}.")))?;
        let token = token(args.token_file.as_deref())?;
        let client = Client::new();
        let seen = get(&client, &server.join("api/v1/token"), &token)?;
        let slug = seen.get("program").and_then(Value::as_str);
        let slug = slug.ok_or_else(other_version)?.to_owned();
        Ok(Some(Self {
            program: server.join(&format!("api/v1/programs/{slug}")),
            client,
            slug,
            token,
        }))
    }

    fn ask(&self, path: &str) -> Result<Value, Stop> {
        get(&self.client, &self.program.join(path), &self.token)
    }

    /// A case, as its page shows it.
    pub(crate) fn case(&self, reference: &str) -> Result<Value, Stop> {
        self.ask(&format!("cases/{}", word(reference)))
    }

    /// Rows behind the case that `args` name, in the form of those of a server on this machine,
    /// page by page until `enough` says so.
    pub(crate) fn rows(
        &self,
        args: &CaseListArgs,
        enough: &dyn Fn(&[Value]) -> bool,
    ) -> Result<Vec<Value>, Stop> {
        let mut rows = Vec::new();
        let mut after = args.after.clone();
        loop {
            let page = self.ask(&format!("cases?{}", query(args, after.as_deref())))?;
            let found = page.get("cases").and_then(Value::as_array);
            for row in found.ok_or_else(other_version)? {
                rows.push(as_here(row, &self.slug));
            }
            after = page.get("after").and_then(Value::as_str).map(str::to_owned);
            if after.is_none() || enough(&rows) {
                return Ok(rows);
            }
        }
    }
}

fn token(file: Option<&Path>) -> Result<Sensitive<String>, Stop> {
    let text = match file {
        Some(file) => std::fs::read_to_string(file).map_err(|why| {
            Stop::input(format!(
                "The token file {} cannot be read: {why}.",
                file.display()
            ))
        })?,
        None => std::env::var(VARIABLE).map_err(|_| {
            Stop::input(format!(
                "A server elsewhere wants a token. Set {VARIABLE}, or name a file with \
                 --token-file. `candor token create` makes one."
            ))
        })?,
    };
    let text = text.trim();
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(Stop::input("What should be a token is none."));
    }
    Ok(Sensitive::new(text.to_owned()))
}

fn other_version() -> Stop {
    Stop::environment("The server answers in a way that this program does not understand.")
}

/// What can stand in an address: letters, digits and dashes.
fn word(text: &str) -> String {
    let fits = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
    let kept: String = text.trim().chars().filter(fits).collect();
    kept.to_ascii_uppercase()
}

fn query(args: &CaseListArgs, after: Option<&str>) -> String {
    let mut parts = vec![
        if args.closed {
            "list=closed"
        } else {
            "list=open"
        }
        .to_owned(),
    ];
    let named = [("severity", &args.severity), ("waiting", &args.waiting)];
    for (name, value) in named {
        parts.extend(value.as_ref().map(|v| format!("{name}={v}")));
    }
    if args.overdue {
        parts.push("overdue=yes".to_owned());
    }
    parts.extend(
        args.reference
            .as_ref()
            .map(|r| format!("reference={}", word(r))),
    );
    parts.extend(after.map(|a| format!("after={}", word(a))));
    parts.join("&")
}

/// A row of the API as a server on this machine gives it, as far as the API tells.
fn as_here(row: &Value, slug: &str) -> Value {
    let get = |name: &str| row.get(name).cloned().unwrap_or_default();
    let (own, reporters) = (get("severity"), get("reporter_severity"));
    let (severity, rated_by) = match (own.is_null(), reporters.is_null()) {
        (false, _) => (own, json!("team")),
        (true, false) => (reporters, json!("reporter")),
        (true, true) => (Value::Null, Value::Null),
    };
    let due = row.get("due");
    let of_due = |name: &str| due.and_then(|d| d.get(name)).cloned().unwrap_or_default();
    let late = row.get("overdue").and_then(Value::as_u64).unwrap_or(0) > 0;
    json!({
        "program": slug,
        "reference": get("reference"),
        "title": get("title"),
        "stage": get("stage"),
        "severity": severity,
        "rated_by": rated_by,
        "lead": get("lead"),
        "waiting_on": get("waiting_on"),
        "next": get("next"),
        "next_due": of_due("at"),
        "due": of_due("words"),
        "relative": if late { "overdue" } else { "due" },
        "overdue": get("overdue"),
    })
}

fn get(client: &Client, address: &Address, token: &Sensitive<String>) -> Result<Value, Stop> {
    let answer = client
        .get_with_token(address, token.reveal())
        .map_err(|why| Stop::environment(format!("Nothing was read: {why}.")))?;
    let body: Option<Value> = serde_json::from_str(&answer.text).ok();
    match (answer.status, body) {
        (200, Some(body)) => Ok(body),
        (401, _) => Err(Stop::refused(
            "The server does not know this token, or it is over. `candor token create` makes one.",
        )),
        (404, _) => Err(Stop::refused(
            "There is no such case that this token may see, or the server has no API.",
        )),
        (_, Some(body)) => {
            let words = body.get("detail").and_then(Value::as_str);
            let words = words.map_or_else(|| answer.status.to_string(), harmless);
            Err(Stop::refused(format!("The server says: {words}")))
        }
        _ => Err(other_version()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_stands_in_the_address_as_words() {
        let mut args = CaseListArgs {
            severity: Some("high".to_owned()),
            overdue: true,
            reference: Some("9q ma&x=1".to_owned()),
            ..CaseListArgs::default()
        };
        let asked = query(&args, Some("tdx-7k3f-9qma"));
        assert_eq!(
            asked,
            "list=open&severity=high&overdue=yes&reference=9QMAX1&after=TDX-7K3F-9QMA"
        );
        args.closed = true;
        assert!(query(&args, None).starts_with("list=closed&"));
    }

    #[test]
    fn a_row_of_the_api_becomes_one_of_this_machine() {
        let row = json!({
            "reference": "TDX-7K3F-9QMA", "severity": null, "reporter_severity": "high",
            "due": {"at": "2026-11-25T00:00:00Z", "words": "Wed"}, "overdue": 1, "lead": null,
        });
        let here = as_here(&row, "threatdex");
        assert_eq!(
            (&here["severity"], &here["rated_by"]),
            (&json!("high"), &json!("reporter"))
        );
        assert_eq!(
            (&here["due"], &here["relative"]),
            (&json!("Wed"), &json!("overdue"))
        );
        assert_eq!(here["program"], "threatdex");
    }
}
