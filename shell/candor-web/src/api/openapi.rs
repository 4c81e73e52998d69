//! What the API says about itself, as `OpenAPI` 3.1.
//!
//! Invariants: it is made of the table that the routes are made of, so that no route can be
//! missing or left over; what it says of an answer is what must stand there, not all that may:
//! the rest of a view is that of the page.

use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::read::{Keep, answer};
use super::table::{Gives, Route, Takes, Who, routes, whole};

/// The document.
pub(super) async fn document(headers: HeaderMap) -> Response {
    answer(&headers, Keep::Public, "", &openapi())
}

/// The document as data.
pub fn openapi() -> Value {
    let mut paths = Map::new();
    for route in routes() {
        let path = paths
            .entry(whole(route.path))
            .or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(methods) = path {
            methods.insert(route.method.to_ascii_lowercase(), operation(&route));
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Candor",
            "version": "1",
            "summary": "Coordinated vulnerability disclosure: programs, cases, advisories.",
            "license": {"name": "Apache-2.0 OR MIT", "identifier": "Apache-2.0 OR MIT"},
        },
        "servers": [{"url": "/", "description": "This server."}],
        "paths": paths,
        "components": {
            "schemas": schemas(),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token of a member of the team, made on the desk or with \
                                    candor token create.",
                },
                "receiptCode": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Receipt-Code",
                    "description": "The code of the receipt that a reporter got.",
                },
            },
        },
    })
}

/// `getProgramsCases`: a name made of method and path.
fn operation_id(route: &Route) -> String {
    let mut id = route.method.to_ascii_lowercase();
    for part in route.path.split('/').filter(|part| !part.is_empty()) {
        let fixed = !part.starts_with('{');
        let bare = part.trim_matches(['{', '}']);
        let bare = bare.split('.').next().unwrap_or(bare);
        if !fixed {
            id.push_str("By");
        }
        let mut letters = bare.chars();
        id.extend(letters.next().map(|c| c.to_ascii_uppercase()));
        id.push_str(letters.as_str());
    }
    id
}

fn operation(route: &Route) -> Value {
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| {
        out.insert(name.to_owned(), value);
    };
    put("operationId", Value::from(operation_id(route)));
    put("summary", Value::from(route.what));
    let security = match route.who {
        Who::Anybody => json!([]),
        Who::Token | Who::ActingToken => json!([{"token": []}]),
        Who::Receipt => json!([{"receiptCode": []}]),
    };
    put("security", security);
    put("parameters", parameters(route));
    if let Some(body) = request_body(route) {
        put("requestBody", body);
    }
    put("responses", responses(route));
    Value::Object(out)
}

/// Names in braces, each with what it is.
const IN_PATH: [(&str, &str); 4] = [
    ("slug", "The program, by its name in addresses."),
    ("reference", "The reference of the case."),
    ("id", "The id of the file, as the view gives it."),
    ("act", "The act, by its name in docs/acts.md."),
];

/// The filters of the list of cases, and its cursors.
const FILTERS: [(&str, &str); 9] = [
    ("list", "open, mine, overdue, waiting or closed."),
    ("stage", "A stage, by its key."),
    ("severity", "critical, high, medium, low or none."),
    ("lead", "mine or nobody."),
    ("waiting", "Whom the case waits for."),
    ("overdue", "yes for those where something is overdue."),
    ("reference", "A part of the reference."),
    ("after", "The cursor that a page gave for the next one."),
    ("before", "The cursor that a page gave for the one before."),
];

fn parameter(place: &str, name: &str, what: &str) -> Value {
    json!({
        "name": name,
        "in": place,
        "required": place == "path",
        "description": what,
        "schema": {"type": "string"},
    })
}

fn parameters(route: &Route) -> Value {
    let named = |name: &str| route.path.contains(&format!("{{{name}}}"));
    let mut out: Vec<Value> = IN_PATH
        .iter()
        .filter(|(name, _)| named(name))
        .map(|(name, what)| parameter("path", name, what))
        .collect();
    if route.gives == Gives::Json("Cases") {
        out.extend(FILTERS.map(|(name, what)| parameter("query", name, what)));
    }
    if route.method == "GET" && route.gives != Gives::Bytes {
        let what = "The ETag of an answer: 304 where nothing changed since.";
        out.push(parameter("header", "If-None-Match", what));
    }
    if route.who == Who::ActingToken {
        let what = "The ETag of the case: nothing is done where something happened since.";
        out.push(parameter("header", "If-Match", what));
        let what = "A fresh code of the second factor of the token's person; `publish` takes one.";
        out.push(parameter("header", "Second-Factor", what));
    }
    if route.takes != Takes::Nothing {
        let what = "Makes requests with the same key and content one.";
        out.push(parameter("header", "Idempotency-Key", what));
    }
    Value::Array(out)
}

fn request_body(route: &Route) -> Option<Value> {
    let what = match route.takes {
        Takes::Nothing => return None,
        Takes::Act => "The fields of the act, by their names in docs/acts.md.",
        Takes::Report => "The contents of the report, by their names in docs/acts.md.",
    };
    let fields = json!({"$ref": "#/components/schemas/Fields"});
    Some(json!({
        "description": what,
        "required": true,
        "content": {
            "application/json": {"schema": fields},
            "multipart/form-data": {"schema": {
                "type": "object",
                "description": "The same, with files in parts named files.",
                "properties": {"files": {
                    "type": "array",
                    "items": {"type": "string", "contentMediaType": "application/octet-stream"},
                }},
                "additionalProperties": {"type": "string"},
            }},
        },
    }))
}

fn responses(route: &Route) -> Value {
    let mut out = Map::new();
    let done = if route.takes == Takes::Report {
        "201"
    } else {
        "200"
    };
    let tag = json!({"ETag": {
        "description": "Changes whenever the answer does.",
        "schema": {"type": "string"},
    }});
    let answer = match route.gives {
        Gives::Bytes => json!({
            "description": "The file.",
            "content": {"application/octet-stream": {}},
        }),
        Gives::Json(schema) => {
            let schema = json!({"$ref": format!("#/components/schemas/{schema}")});
            let content = json!({"application/json": {"schema": schema}});
            if route.method == "GET" {
                json!({"description": "The answer.", "headers": tag, "content": content})
            } else {
                json!({"description": "It was done.", "content": content})
            }
        }
    };
    out.insert(done.to_owned(), answer);
    if route.method == "GET" && route.gives != Gives::Bytes {
        let same = json!({"description": "Nothing changed since.", "headers": tag});
        out.insert("304".to_owned(), same);
    }
    for (status, what) in problems(route) {
        let content = json!({"application/problem+json": {
            "schema": {"$ref": "#/components/schemas/Problem"},
        }});
        let problem = json!({"description": what, "content": content});
        out.insert(status.to_owned(), problem);
    }
    Value::Object(out)
}

/// What may go wrong.
fn problems(route: &Route) -> Vec<(&'static str, &'static str)> {
    let mut out = vec![
        ("500", "Something broke."),
        (
            "503",
            "Too many at once, or something is out of reach just now.",
        ),
    ];
    if matches!(route.who, Who::Token | Who::ActingToken) {
        out.push(("401", "No token, or none that holds."));
        out.push(("429", "Too many requests with this token."));
    }
    if route.path.contains('{') {
        out.push(("404", "Not there, or not for whoever asks."));
    }
    if route.gives == Gives::Json("Cases") {
        out.push(("400", "A value of the query cannot be read."));
    }
    if route.takes != Takes::Nothing {
        out.extend([
            ("400", "A header or the body cannot be read."),
            ("408", "The body stopped arriving."),
            ("413", "The body is too large."),
            ("422", "Fields to correct."),
        ]);
    }
    if route.method == "POST" {
        out.push(("403", "Sent by a page of a site that is not named."));
    }
    if route.takes == Takes::Act {
        out.push(("409", "The case says no, or the key was used before."));
    }
    if route.who == Who::ActingToken {
        out.push(("412", "Something happened in the case since it was read."));
    }
    out
}

/// An object in which these must stand; more may.
fn object(members: &[(&str, Value)]) -> Value {
    let properties: Map<String, Value> = members
        .iter()
        .map(|(name, schema)| ((*name).to_owned(), schema.clone()))
        .collect();
    let required: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
    json!({"type": "object", "required": required, "properties": properties})
}

fn list_of(schema: &str) -> Value {
    json!({"type": "array", "items": {"$ref": format!("#/components/schemas/{schema}")}})
}

fn schemas() -> Value {
    let text = || json!({"type": "string"});
    let maybe_text = || json!({"type": ["string", "null"]});
    let number = || json!({"type": "integer", "minimum": 0});
    let yes_no = || json!({"type": "boolean"});
    let any_object = || json!({"type": "object"});
    let objects = || json!({"type": "array", "items": {"type": "object"}});
    let instant = || json!({"type": "string", "format": "date-time"});
    let when = || json!({"$ref": "#/components/schemas/When"});
    let program = || json!({"$ref": "#/components/schemas/Program"});
    let one = json!({"type": ["string", "number", "boolean", "null"]});
    let counts = ["open", "mine", "overdue", "waiting", "closed"].map(|name| (name, number()));
    let files = ["page", "osv", "openvex", "cyclonedx"].map(|name| (name, text()));
    json!({
        "Problem": problem(),
        "Fields": {
            "type": "object",
            "description": "Names and values, as a form sends them.",
            "propertyNames": {"minLength": 1, "maxLength": 60},
            "additionalProperties": {
                "oneOf": [one.clone(), {"type": "array", "items": one}],
            },
        },
        "When": object(&[("at", instant()), ("words", text())]),
        "Program": object(&[("slug", text()), ("name", text()), ("promise", maybe_text())]),
        "Index": object(&[("version", number()), ("routes", objects())]),
        "OpenApi": object(&[("openapi", text()), ("info", any_object()), ("paths", any_object())]),
        "Token": object(&[
            ("id", text()),
            ("name", text()),
            ("program", text()),
            ("scope", json!({"enum": ["read", "act"]})),
            ("created", instant()),
            ("expires", instant()),
            ("used", json!({"type": ["string", "null"], "format": "date-time"})),
        ]),
        "Session": object(&[("token", text()), ("expires", instant())]),
        "Programs": object(&[("programs", list_of("Program"))]),
        "Policy": object(&[
            ("program", program()),
            ("promises", objects()),
            ("calendar", text()),
            ("channels", objects()),
            ("sections", objects()),
            ("version", text()),
            ("since", when()),
        ]),
        "Advisory": object(&[
            ("id", text()),
            ("title", text()),
            ("severity", maybe_text()),
            ("published", when()),
            ("files", object(&files)),
        ]),
        "Advisories": object(&[("advisories", list_of("Advisory"))]),
        "Row": object(&[
            ("reference", text()),
            ("title", text()),
            ("stage", text()),
            ("severity", maybe_text()),
            ("overdue", number()),
            ("received", when()),
            ("lead", maybe_text()),
            ("waiting_on", text()),
        ]),
        "Cases": object(&[
            ("cases", list_of("Row")),
            ("filter", any_object()),
            ("counts", object(&counts)),
            ("before", maybe_text()),
            ("after", maybe_text()),
        ]),
        "Case": object(&[
            ("reference", text()),
            ("title", text()),
            ("seq", number()),
            ("stage", text()),
            ("closed", yes_no()),
            ("severity", maybe_text()),
            ("report", any_object()),
            ("clocks", list_of("Clock")),
            ("ledger", objects()),
            ("messages", objects()),
            ("timeline", objects()),
            ("acts", objects()),
        ]),
        "Clock": object(&[("key", text()), ("what", text()), ("look", text()), ("from", when())]),
        "Promises": object(&[
            ("reference", text()),
            ("running", list_of("Clock")),
            ("ledger", objects()),
        ]),
        "Said": object(&[("said", text())]),
        "Receipt": object(&[
            ("program", program()),
            ("reference", text()),
            ("code", text()),
            ("note", text()),
            ("verifier_key", text()),
            ("received", when()),
        ]),
        "Room": object(&[("program", program()), ("reference", text())]),
    })
}

fn problem() -> Value {
    let mut schema = object(&[
        ("type", json!({"type": "string"})),
        ("title", json!({"type": "string"})),
        ("status", json!({"type": "integer"})),
        ("detail", json!({"type": "string"})),
        ("code", json!({"type": "string"})),
    ]);
    let more = [
        (
            "fields",
            json!({"type": "array", "items": object(&[
                ("field", json!({"type": "string"})),
                ("message", json!({"type": "string"})),
            ])}),
        ),
        (
            "instead",
            json!({"type": "array", "items": {"type": "string"}}),
        ),
    ];
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.extend(more.map(|(name, schema)| (name.to_owned(), schema)));
    }
    schema
}
