//! What a refusal names as possible instead, and the acts it means.
//!
//! Invariant: a hint that means acts is shown only while one of them is possible; one
//! that is not listed here means no act of this page (a field to fill in, a moment to
//! wait for).

use std::collections::BTreeSet;

use crate::parts::WaitingOn;
use crate::state::CaseState;

/// The words of a hint, and the acts of which one has to be possible.
const HINTS: [(&str, &[&str]); 42] = [
    ("add a credit", &["add_credit"]),
    (
        "add mitigation steps, or say that none are known",
        &["save_draft"],
    ),
    ("add the test record", &["fix"]),
    ("announce it there, or say why not", &["answer_outlet"]),
    ("ask the reporter whether it may end now", &["ask_to_end"]),
    ("assess the report", &["assess"]),
    (
        "assess the report and accept the case",
        &["assess", "accept"],
    ),
    (
        "assess the report, or reject it with a reason",
        &["assess", "reject"],
    ),
    ("change the branches", &["fix"]),
    (
        "change the draft, then approve and publish the change",
        &["save_draft"],
    ),
    ("close the case", &["close"]),
    (
        "close the case, or decide on the objection when there is one",
        &["close", "decide_objection"],
    ),
    ("complete the advisory", &["save_draft"]),
    ("complete the advisory draft", &["save_draft"]),
    ("decide on it", &["decide_leak"]),
    ("decide on the objection", &["decide_objection"]),
    (
        "finish the case",
        &["fix", "save_draft", "publish", "close"],
    ),
    (
        "have the id rejected and take it out of the draft",
        &["save_draft"],
    ),
    ("invite one", &["invite_party"]),
    (
        "look at the credit and the draft again, then approve it",
        &["approve"],
    ),
    ("name the other case in the advisory", &["save_draft"]),
    ("open the case again with the new fact", &["reopen"]),
    (
        "open the case again with a reason, to go on without the reporter, or close it",
        &["reopen", "close"],
    ),
    ("propose a date", &["propose_date"]),
    ("propose an earlier date to the reporter", &["propose_date"]),
    ("propose another date", &["propose_date"]),
    ("publish", &["publish"]),
    (
        "publish as soon as possible",
        &["save_draft", "approve", "publish"],
    ),
    ("publish the advisory", &["publish"]),
    ("publish the advisory first", &["publish"]),
    ("read the draft again and approve it", &["approve"]),
    ("read the draft and approve it", &["approve"]),
    (
        "release the fix there, or say that it is not affected or will not be fixed",
        &["fix"],
    ),
    ("set a date with a reason", &["set_date_alone"]),
    ("set an earlier date with a reason", &["set_date_alone"]),
    ("take it up again", &["resume"]),
    (
        "tell the reporter the date",
        &["propose_date", "set_date_alone"],
    ),
    ("tell the reporter the decision", &["say"]),
    ("write a message", &["say"]),
    ("write a message with what is new", &["say"]),
    ("write down what is suspected", &["suspect_leak"]),
    ("write the advisory", &["save_draft"]),
];

/// The acts that a hint means; none where it means no act of the page.
pub fn hint_acts(hint: &str) -> &'static [&'static str] {
    HINTS
        .iter()
        .find(|(words, _)| *words == hint)
        .map_or(&[], |(_, acts)| acts)
}

/// Whether a hint holds now, among the acts that are possible.
pub(crate) fn holds(hint: &str, case: &CaseState, open: &BTreeSet<&str>) -> bool {
    if hint == "wait for the reporter" {
        return case.waiting_on == WaitingOn::Reporter;
    }
    let acts = hint_acts(hint);
    acts.is_empty() || acts.iter().any(|act| open.contains(act))
}
