//! What was once read in a policy and stored is read for ever.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use candor_policy::{Policy, PolicyInForce, Settings, compile};
use serde_json::Value;

/// A reading of `fixtures/lantern.md` as the first version of Candor stored it. Never
/// written anew: whoever changes the model must still read it.
const STORED: &str = include_str!("fixtures/reading-1.json");

/// Everything of `old` stands in `new`; a field that came later may stand beside it.
fn holds(new: &Value, old: &Value, at: &str) {
    match (new, old) {
        (Value::Object(new), Value::Object(old)) => {
            for (key, value) in old {
                let at = format!("{at}.{key}");
                let found = new.get(key).unwrap_or_else(|| panic!("{at} is lost"));
                holds(found, value, &at);
            }
        }
        (Value::Array(new), Value::Array(old)) => {
            assert_eq!(new.len(), old.len(), "{at}");
            for (n, (new, old)) in new.iter().zip(old).enumerate() {
                holds(new, old, &format!("{at}[{n}]"));
            }
        }
        _ => assert_eq!(new, old, "{at}"),
    }
}

#[test]
fn a_stored_reading_is_read_and_nothing_of_it_is_lost() {
    let policy = Policy::of_reading(STORED).unwrap();
    let old: Value = serde_json::from_str(STORED).unwrap();
    let new: Value = serde_json::from_str(&policy.to_reading().unwrap()).unwrap();
    holds(&new, &old, "policy");
    let full = old.as_object().unwrap().values();
    let filled = full.filter(|v| !matches!(v, Value::Null) && v != &&Value::Array(Vec::new()));
    assert!(filled.count() >= 15, "an example that says something");
}

#[test]
fn a_reading_comes_back_and_names_its_version() {
    let text = include_bytes!("fixtures/lantern.md");
    let policy = compile(text).unwrap().value;
    assert_eq!(
        Policy::of_reading(&policy.to_reading().unwrap()).unwrap(),
        policy
    );
    let digest = |p: &Policy| PolicyInForce::assemble(text, p.clone(), Settings::default()).digest;
    let mut other = policy.clone();
    other.promises.pop();
    assert_ne!(
        digest(&policy),
        digest(&other),
        "read otherwise, another version"
    );
    assert_eq!(digest(&policy), digest(&policy.clone()));
    assert!(Policy::of_reading("{\"promises\": 3}").is_err());
}
