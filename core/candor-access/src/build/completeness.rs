//! What a report holds of what the policy asks for.

use std::collections::BTreeSet;

use candor_policy::model::ContentKey;

use super::case::CaseMaterial;
use super::words;
use crate::view::CompletenessView;

/// Completeness of a case, in the order of the form.
pub(super) fn completeness(m: &CaseMaterial<'_>) -> CompletenessView {
    let state = m.state;
    let asked_by_policy: BTreeSet<ContentKey> = m
        .policy
        .policy
        .contents
        .iter()
        .map(|c| c.value.key)
        .collect();
    let mut items = Vec::new();
    for field in candor_policy::form(m.policy) {
        let key = field.key;
        let standing = if state.waived.contains(&key) {
            "waived"
        } else if state.asked.contains(&key) {
            "asked"
        } else if state.mandatory_missing.contains(&key) {
            "mandatory"
        } else if state.missing.contains(&key) {
            "missing"
        } else if asked_by_policy.contains(&key) || state.facts.given.contains(&key) {
            "given"
        } else {
            continue;
        };
        let given_or_open = standing != "given" || state.facts.given.contains(&key);
        let supplied = !state.missing.contains(&key) && state.facts.missing.contains(&key);
        if given_or_open || supplied {
            items.push((
                words::content_name(key).to_owned(),
                field.label,
                standing.to_owned(),
            ));
        }
    }
    let blocking = state
        .mandatory_missing
        .difference(&state.waived)
        .map(|key| words::content_label(m.policy, *key))
        .collect();
    CompletenessView { items, blocking }
}
