//! What the API says about itself: every route, nothing else, and what its answers hold.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod api_house;
mod house;

use std::collections::BTreeSet;

use api_house::{Api, CELLS, P, parsed};
use axum::http::{Method, header};
use candor_web::{api_routes, openapi};
use serde_json::Value;

/// Every `$ref` in a document.
fn references<'a>(value: &'a Value, out: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(map) => {
            out.extend(map.get("$ref").and_then(Value::as_str));
            map.values().for_each(|v| references(v, out));
        }
        Value::Array(all) => all.iter().for_each(|v| references(v, out)),
        _ => {}
    }
}

#[test]
fn the_document_holds_every_route_and_points_nowhere_else() {
    let doc = openapi();
    let mut told = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for (path, methods) in doc["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            told.insert(format!("{} {path}", method.to_uppercase()));
            let id = operation["operationId"].as_str().unwrap();
            assert!(ids.insert(id.to_owned()), "{id} stands there twice");
            let named: BTreeSet<String> = operation["parameters"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|p| p["in"] == "path")
                .map(|p| p["name"].as_str().unwrap().to_owned())
                .collect();
            let braces = path.split('{').skip(1);
            let braces: BTreeSet<String> = braces
                .map(|rest| rest.split('}').next().unwrap().to_owned())
                .collect();
            assert_eq!(named, braces, "{path}");
        }
    }
    let routes: BTreeSet<String> = api_routes()
        .into_iter()
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();
    assert_eq!(told, routes);
    let mut pointed = BTreeSet::new();
    references(&doc, &mut pointed);
    assert!(pointed.len() > 10, "{pointed:?}");
    for pointer in pointed {
        let place = pointer.strip_prefix('#').unwrap();
        assert!(doc.pointer(place).is_some(), "{pointer}");
    }
}

/// What a schema of ours demands of a value; the few words they use, and no others.
fn misfits(doc: &Value, schema: &Value, value: &Value, at: &str, out: &mut Vec<String>) {
    if let Some(pointer) = schema["$ref"].as_str() {
        let schema = doc.pointer(pointer.strip_prefix('#').unwrap()).unwrap();
        return misfits(doc, schema, value, at, out);
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(all) => all.iter().map(|k| k.as_str().unwrap()).collect(),
        _ => Vec::new(),
    };
    let fits = |kind: &&str| match *kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("{other} is read by nobody here"),
    };
    if !kinds.is_empty() && !kinds.iter().any(fits) {
        out.push(format!("{at}: {value} is no {kinds:?}"));
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        out.push(format!("{at}: {value} is none of {words:?}"));
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        let name = name.as_str().unwrap();
        if value.get(name).is_none() {
            out.push(format!("{at}: {name} is missing"));
        }
    }
    for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
        if let Some(member) = value.get(name) {
            misfits(doc, schema, member, &format!("{at}.{name}"), out);
        }
    }
    for item in value.as_array().into_iter().flatten() {
        if !schema["items"].is_null() {
            misfits(doc, &schema["items"], item, &format!("{at}[]"), out);
        }
    }
}

#[tokio::test]
async fn what_the_document_says_of_an_answer_stands_there() {
    let api = Api::new().await;
    let token = format!("Bearer {}", api.token(P, "act"));
    let code = api.house.report().await;
    let doc = openapi();
    for (_, route, path, _) in CELLS.iter().filter(|cell| cell.0 == "GET") {
        let path = path
            .replace("CASE", &api.case)
            .replace("FILE", &api.file)
            .replace("P/", "/api/v1/programs/lanternfish/");
        let headers = [
            ("authorization", token.as_str()),
            ("receipt-code", code.as_str()),
        ];
        let reply = api
            .house
            .send(Method::GET, &path, &headers, Vec::new())
            .await;
        let status = reply.status.as_str();
        // There is no file of this id in the room.
        let gone = route.ends_with("/room/files/{id}");
        assert_eq!(status, if gone { "404" } else { "200" }, "{route}");
        let told = &doc["paths"][route]["get"]["responses"][status];
        assert!(told.is_object(), "{route}: {status} stands nowhere");
        let kind = reply.headers[header::CONTENT_TYPE].to_str().unwrap();
        let told = &told["content"][kind];
        assert!(told.is_object(), "{route}: {status} as {kind}");
        if !told["schema"].is_null() {
            let mut wrong = Vec::new();
            misfits(&doc, &told["schema"], &parsed(&reply), route, &mut wrong);
            assert!(wrong.is_empty(), "{wrong:#?}");
        }
    }
}
