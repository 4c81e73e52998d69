//! The form of clock vectors as people write it: fields that Candor does not know, and
//! what is wrong with a file, in plain words.
//!
//! Invariants: a field that is not read is named, never dropped in silence; a note beside
//! a vector (`why`, `source`, …) is no mistake.
//!
//! Deliberately absent: evaluating; see `candor_calendar::vectors`.

use candor_calendar::vectors::{VectorCase, VectorFile};
use candor_policy::did_you_mean;
use serde::Deserialize as _;
use serde_json::Value;

use crate::say::harmless;

/// Fields that hold words for people at any place.
const NOTES: [&str; 8] = [
    "source",
    "why",
    "note",
    "notes",
    "comment",
    "comments",
    "description",
    "title",
];
const FILE: [&str; 5] = [
    "schema",
    "vectors",
    "tzdb_checked",
    "conventions",
    "rule_kinds",
];
const VECTOR: [&str; 11] = [
    "id",
    "anchor",
    "zone",
    "calendar",
    "rule",
    "events",
    "proposed",
    "evaluated_at",
    "legal_note",
    "expect",
    "checks",
];
const CALENDAR: [&str; 5] = ["name", "workweek", "regions", "holidays", "working_days"];
const WITHIN: [&str; 8] = [
    "amount",
    "unit",
    "mode",
    "pausable",
    "cutoff",
    "nonbusiness",
    "nonbusiness_receipt",
    "hours",
];
const EVENT: [&str; 10] = [
    "type", "at", "from", "to", "until", "value", "severity", "days", "amount", "unit",
];
const EXPECT: [&str; 8] = [
    "due",
    "due_local",
    "all_due",
    "breaches",
    "evaluated_at",
    "details_on",
    "fix_due",
    "proposed_ok",
];

/// What a rule of a kind has beside `kind`; `None` for a kind that is not known.
fn rule_fields(kind: &str) -> Option<Vec<&'static str>> {
    let within = |more: &[&'static str]| [&WITHIN[..], more].concat();
    Some(match kind {
        "within" => within(&[]),
        // The moment is the vector's; rules of the shared file repeat it in words.
        "recurring" => within(&["anchor"]),
        "list_max" => within(&["proposed"]),
        "lead" => vec!["amount", "unit"],
        "recurring_grid" => vec!["amount", "count", "unit", "mode", "anchor"],
        "fix_plus" => vec!["fix_days", "adopt_days", "grace_days", "in_the_wild"],
        "grid" => vec!["nth", "weekday", "time", "direction"],
        "release_day" => vec!["time_utc", "allowed_weekdays", "cut_outs"],
        "severity" => vec![
            "table",
            "not_before_after_change_hours",
            "initial",
            "severity",
            "value",
        ],
        _ => return None,
    })
}

/// A sentence for each field that is not read, with its vector.
pub(crate) fn unread(file: &Value) -> Vec<String> {
    let mut out = Vec::new();
    fields(&mut out, "", file, &FILE);
    for (n, vector) in list(file, "vectors").iter().enumerate() {
        let name = name_of(n, vector);
        let at = |part: &str| format!("{name}, {part}: ");
        fields(&mut out, &format!("{name}: "), vector, &VECTOR);
        if let Some(calendar) = vector.get("calendar") {
            fields(&mut out, &at("calendar"), calendar, &CALENDAR);
        }
        for event in list(vector, "events") {
            let known = [&EVENT[..], &["holidays"]].concat();
            fields(&mut out, &at("events"), event, &known);
        }
        if let Some(expect) = vector.get("expect") {
            fields(&mut out, &at("expect"), expect, &EXPECT);
        }
        for check in list(vector, "checks") {
            fields(&mut out, &at("checks"), check, &["done_at", "met"]);
        }
        if let Some(rule) = vector.get("rule") {
            of_rule(&mut out, &at("rule"), rule);
        }
    }
    out
}

fn of_rule(out: &mut Vec<String>, place: &str, rule: &Value) {
    let kind = rule.get("kind").and_then(Value::as_str).unwrap_or("");
    let Some(mut known) = rule_fields(kind) else {
        return;
    };
    known.push("kind");
    fields(out, place, rule, &known);
    let rows = rule.get("table").and_then(Value::as_object);
    for row in rows.into_iter().flat_map(|rows| rows.values()) {
        let known = [&WITHIN[..], &["kind"]].concat();
        fields(out, place, row, &known);
    }
    if let Some(wild) = rule.get("in_the_wild") {
        fields(out, place, wild, &["fix_days", "grace_days"]);
    }
    for span in list(rule, "cut_outs") {
        fields(out, place, span, &["from", "to"]);
    }
}

fn list<'a>(of: &'a Value, key: &str) -> &'a [Value] {
    let found = of.get(key).and_then(Value::as_array);
    found.map(Vec::as_slice).unwrap_or_default()
}

fn fields(out: &mut Vec<String>, place: &str, value: &Value, known: &[&str]) {
    let keys = value.as_object().into_iter().flat_map(|o| o.keys());
    for key in keys {
        if known.contains(&key.as_str()) || NOTES.contains(&key.as_str()) {
            continue;
        }
        out.push(format!(
            "{place}there is no field `{}`, so it was not read. {}",
            short(key),
            did_you_mean(key, known)
        ));
    }
}

fn short(text: &str) -> String {
    harmless(&text.chars().take(60).collect::<String>())
}

fn name_of(n: usize, vector: &Value) -> String {
    match vector.get("id").and_then(Value::as_str) {
        Some(id) if !id.is_empty() => format!("Vector {}", short(id)),
        _ => format!("Vector number {}", n.saturating_add(1)),
    }
}

/// What keeps JSON from being clock vectors, with its place.
pub(crate) fn wrong(file: &Value) -> Option<String> {
    let first = |(n, vector): (usize, &Value)| {
        let why = VectorCase::deserialize(vector).err()?.to_string();
        let place = match culprit(vector, &why) {
            Some(pointer) => format!("{}, {}", name_of(n, vector), path_words(&pointer)),
            None => name_of(n, vector),
        };
        Some(format!("{place}: {}", plain(&why)))
    };
    let vectors = list(file, "vectors").iter().enumerate();
    vectors.into_iter().find_map(first).or_else(|| {
        let why = VectorFile::deserialize(file).err()?;
        Some(plain(&why.to_string()))
    })
}

/// The value without which the complaint would not come.
fn culprit(vector: &Value, why: &str) -> Option<String> {
    let mut all = Vec::new();
    leaves(vector, String::new(), &mut all);
    let instead = |pointer: &String| {
        let mut other = vector.clone();
        take(&mut other, pointer);
        VectorCase::deserialize(&other).err().map(|e| e.to_string())
    };
    let needed = |pointer: &&String| {
        let key = pointer.rsplit('/').next().unwrap_or("");
        key != "kind" && instead(pointer) == Some(format!("missing field `{key}`"))
    };
    if why.starts_with("missing field") {
        return None;
    }
    let free = all.iter().find(|p| instead(p).is_none());
    free.or_else(|| all.iter().find(needed)).cloned()
}

/// JSON pointers of everything that holds no other values.
fn leaves(value: &Value, at: String, out: &mut Vec<String>) {
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                leaves(value, format!("{at}/{}", escaped(key)), out);
            }
        }
        Value::Array(items) => {
            for (n, value) in items.iter().enumerate() {
                leaves(value, format!("{at}/{n}"), out);
            }
        }
        _ => out.push(at),
    }
}

fn take(value: &mut Value, pointer: &str) {
    let Some((parent, key)) = pointer.rsplit_once('/') else {
        return;
    };
    let key = key.replace("~1", "/").replace("~0", "~");
    match value.pointer_mut(parent) {
        Some(Value::Object(map)) => {
            map.remove(&key);
        }
        Some(Value::Array(items)) => {
            if let Some(n) = key.parse().ok().filter(|n| *n < items.len()) {
                items.remove(n);
            }
        }
        _ => {}
    }
}

/// "/calendar/holidays/3" as "calendar, holidays".
fn path_words(pointer: &str) -> String {
    let named: Vec<String> = pointer
        .split('/')
        .filter(|p| !p.is_empty() && p.parse::<usize>().is_err())
        .map(short)
        .collect();
    named.join(", ")
}

/// A complaint of the reader of JSON in plain words.
fn plain(why: &str) -> String {
    let why = harmless(why);
    if let Some(rest) = why.strip_prefix("missing field ") {
        return format!("{rest} is missing.");
    }
    if let Some(rest) = why.strip_prefix("unknown variant ") {
        let (word, known) = rest.split_once(", expected ").unwrap_or((rest, ""));
        let known: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
        let word = word.trim_matches('`');
        return format!("`{word}` is not known here. {}", did_you_mean(word, &known));
    }
    let typed = why
        .strip_prefix("invalid type: ")
        .or_else(|| why.strip_prefix("invalid value: "));
    if let Some((found, wanted)) = typed.and_then(|t| t.split_once(", expected ")) {
        let found = found.split('`').nth(1).unwrap_or(found);
        return format!("{found} does not fit here; write {}.", wanted_words(wanted));
    }
    if why.starts_with("failed to parse") || why.starts_with("parameter ") {
        return "this is no date or time. Write a date as 2026-12-31, an hour as 17:00 and a \
                moment as 2026-12-31T17:00:00Z."
            .to_owned();
    }
    let end = if why.ends_with('.') { "" } else { "." };
    format!("{why}{end}")
}

fn wanted_words(wanted: &str) -> String {
    match wanted {
        "u32" | "u64" | "usize" => "a whole number of 0 or more".to_owned(),
        "i8" | "i64" => "a whole number".to_owned(),
        "a string" | "str" | "borrowed string" => "words in quotation marks".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "a table of fields".to_owned(),
        other if other.starts_with("struct ") || other.starts_with("internally tagged") => {
            "a table of fields".to_owned()
        }
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn vector(rule: &Value) -> Value {
        json!({"anchor": "2026-06-01T00:00:00Z", "rule": rule})
    }

    fn rules() -> Vec<Value> {
        let within = json!({"amount": 2, "unit": "business_day"});
        let with = |kind: &str| {
            let mut rule = within.clone();
            rule["kind"] = json!(kind);
            rule
        };
        vec![
            with("within"),
            with("recurring"),
            with("list_max"),
            with("lead"),
            json!({"kind": "recurring_grid", "amount": 1, "count": 3}),
            json!({"kind": "fix_plus", "fix_days": 90, "adopt_days": 30}),
            json!({"kind": "grid", "nth": 2, "weekday": 2, "time": "10:00", "direction": "last_at_or_before"}),
            json!({"kind": "release_day", "time_utc": "16:00", "allowed_weekdays": [1, 2]}),
            json!({"kind": "severity", "table": {"high": within}}),
        ]
    }

    /// A field of the tables above that nothing reads would hide a mistake: each field,
    /// filled with nonsense, must be refused by the reader.
    #[test]
    fn every_field_that_is_called_known_is_read() {
        let nonsense = json!({"nonsense": [[true]]});
        let refused = |case: &Value| VectorCase::deserialize(case).is_err();
        let good = vector(&rules()[0]);
        assert!(!refused(&good));
        let put = |part: Option<&str>, as_list: bool, field: &str, base: Value| {
            let mut case = good.clone();
            let mut inner = base;
            inner[field] = nonsense.clone();
            match part {
                Some(part) if as_list => case[part] = json!([inner]),
                Some(part) => case[part] = inner,
                None => case[field] = nonsense.clone(),
            }
            assert!(refused(&case), "{part:?} {field}");
        };
        VECTOR
            .iter()
            .filter(|f| **f != "calendar" && **f != "expect")
            .for_each(|f| {
                put(None, false, f, json!({}));
            });
        for f in CALENDAR {
            put(Some("calendar"), false, f, json!({}));
        }
        for f in EXPECT {
            put(Some("expect"), false, f, json!({}));
        }
        let event = json!({"type": "pause"});
        for f in EVENT {
            put(Some("events"), true, f, event.clone());
        }
        put(Some("events"), true, "holidays", event);
        for rule in rules() {
            let kind = rule["kind"].as_str().unwrap();
            assert!(!refused(&vector(&rule)), "{kind}");
            for field in rule_fields(kind).unwrap() {
                // Words of the shared file, not read.
                if field == "anchor" {
                    continue;
                }
                let mut bad = rule.clone();
                bad[field] = nonsense.clone();
                assert!(refused(&vector(&bad)), "{kind} {field}");
            }
        }
    }

    #[test]
    fn a_field_nobody_reads_is_named_with_its_vector() {
        let mut case = vector(&rules()[0]);
        case["id"] = json!("A1");
        case["why"] = json!("a note");
        case["calendar"] = json!({"holydays": ["2026-12-25"]});
        case["rule"]["cut_off"] = json!("16:00");
        let said = unread(&json!({"schema": "x", "vectors": [case]}));
        assert_eq!(
            said,
            [
                "Vector A1, calendar: there is no field `holydays`, so it was not read. Did you \
                 mean `holidays`?",
                "Vector A1, rule: there is no field `cut_off`, so it was not read. Did you mean \
                 `cutoff`?",
            ]
        );
    }

    #[test]
    fn a_mistake_is_told_with_its_place_and_without_words_of_programs() {
        for (pointer, value, words) in [
            (
                "/rule/amount",
                json!(-5),
                "rule, amount: -5 does not fit here; write a whole number of 0 or more.",
            ),
            (
                "/rule/unit",
                json!("bussiness_day"),
                "Did you mean `business_day`?",
            ),
            (
                "/rule/cutoff",
                json!("25:00"),
                "rule, cutoff: this is no date or time.",
            ),
            ("/anchor", json!("yesterday"), "anchor: "),
        ] {
            let mut case = vector(&rules()[0]);
            case["rule"]["cutoff"] = json!("16:00");
            *case.pointer_mut(pointer).unwrap() = value;
            let said = wrong(&json!({"schema": "x", "vectors": [case]})).unwrap();
            assert!(said.starts_with("Vector number 1"), "{said}");
            assert!(said.contains(words), "{said}");
            for raw in ["u32", "failed to parse", "Some(", "variant", "struct "] {
                assert!(!said.contains(raw), "{said}");
            }
        }
        let said = wrong(&json!({})).unwrap();
        assert!(said.ends_with("is missing."), "{said}");
    }
}
