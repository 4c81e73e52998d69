//! The acts of the desk as forms, in the order in which a case goes.
//!
//! Invariants: only acts the view names are shown; which one is sensible next
//! is a matter of display alone, the case decides what is possible.
//!
//! Deliberately absent: rules. `docs/acts.md` lists each act with its fields.

use candor_access::view::{CasePageView, OutletView};

use super::fields::{date_and_time, files, message, yes_no};
use crate::ui::{Act, Field, Forms, Kind, field, severity_name};

mod around;
mod cve;
mod fix;
mod judge;
mod party;
mod publish;

/// A group of acts under its heading.
pub(super) type Group = (&'static str, Vec<Act>);

/// An act that is not possible now, and why.
pub(super) type NotNow = (String, String);

/// All acts of a case page: the one that makes most sense next, the rest, and what is
/// not possible now.
pub(super) fn groups(v: &CasePageView, forms: &Forms) -> (Option<Act>, Vec<Group>, Vec<NotNow>) {
    let waits = !v.completeness.blocking.is_empty();
    let named = |act: &Act| {
        (act.name() != "waive" || waits) && v.acts.iter().any(|allowed| allowed.act == act.name())
    };
    let all = vec![
        ("Talk", talk(v, forms)),
        ("Judge", judge::acts(v, forms)),
        ("Fix", fix::acts(v, forms)),
        ("Disclosure", dates(v, forms)),
        ("Other parties", party::acts(v, forms)),
        ("Advisory", publish::acts(v, forms)),
        ("Other parties", around::parties(v, forms)),
        ("The case itself", case_itself(v, forms)),
    ];
    let mut next = None;
    let mut groups = Vec::new();
    let mut not_now: Vec<NotNow> = Vec::new();
    for (title, acts) in all {
        for act in acts.iter().filter(|act| named(act)) {
            not_now.extend(act.not_now());
        }
        let (first, rest): (Vec<Act>, Vec<Act>) = acts
            .into_iter()
            .filter(|act| named(act) && !act.is_blocked())
            .partition(Act::is_next);
        next = next.or(first.into_iter().next());
        if !rest.is_empty() {
            groups.push((title, rest));
        }
    }
    (next, groups, not_now)
}

/// The form that makes most sense next.
pub(super) fn next(v: &CasePageView) -> Option<String> {
    let open = |act: &str| v.acts.iter().any(|a| a.act == act && a.blocked.is_none());
    let drafted = v.draft.digest.is_some() && v.published.is_none();
    let unanswered = v.outlets.iter().find(|outlet| outlet.answer.is_none());
    // Put aside, nothing is next until its review; then one of three ways, and the
    // page says so.
    if v.around.deferral.is_some() && !v.around.leak_open {
        return None;
    }
    let candidates: [(bool, String); 11] = [
        (
            open("decide_leak") && v.around.leak_open,
            "decide_leak".to_owned(),
        ),
        (open("acknowledge"), "acknowledge".to_owned()),
        (open("decide_objection"), "decide_objection".to_owned()),
        (
            open("answer_date") && v.embargo.can_answer,
            "answer_date".to_owned(),
        ),
        (
            open("assess") && v.assessment.is_none(),
            "assess".to_owned(),
        ),
        (open("accept"), "accept".to_owned()),
        (open("fix") && fix::waits(v), fix::key(v)),
        (
            open("save_draft") && v.draft.digest.is_none(),
            "save_draft".to_owned(),
        ),
        (
            open("approve") && drafted && v.draft.approved.is_none(),
            "approve".to_owned(),
        ),
        (
            open("publish") && drafted && v.draft.publish_blocked.is_none(),
            "publish".to_owned(),
        ),
        (
            open("answer_outlet") && unanswered.is_some(),
            unanswered.map_or_else(String::new, outlet_key),
        ),
    ];
    let found = candidates
        .into_iter()
        .find(|(sensible, _)| *sensible)
        .map(|(_, key)| key);
    found.or_else(|| (v.published.is_some() && open("close")).then(|| "close".to_owned()))
}

fn outlet_key(outlet: &OutletView) -> String {
    format!("outlet-{}", outlet.id)
}

fn talk(v: &CasePageView, forms: &Forms) -> Vec<Act> {
    let acknowledge = vec![
        message("Message"),
        field("plan", "This message says what happens next").kind(Kind::Check),
        files(),
    ];
    let items = v.completeness.items.iter().map(|(name, label, state)| {
        let words = match state.as_str() {
            "mandatory" => format!("{label} (mandatory)"),
            "given" => format!("{label} (given, ask for more)"),
            _ => label.clone(),
        };
        (name.clone(), words)
    });
    let ask = vec![
        field("items", "What is missing")
            .kind(Kind::Checks)
            .options(items),
        message("Message"),
    ];
    let say = vec![
        field("lane", "Who reads it")
            .kind(Kind::Radio)
            .option("reporter", "The team and the reporter")
            .option("everyone", "Everyone on the case")
            .option("team", "The team only")
            .value("reporter"),
        field("kind", "What it is")
            .kind(Kind::Select)
            .option("plain", "A message")
            .option("status", "A status update")
            .option("plan", "A plan")
            .option("decision", "A decision, such as that a fix stays internal")
            .value("plain"),
        field("message", "Message").kind(Kind::Area(5)),
        files(),
    ];
    vec![
        forms
            .act("acknowledge", "Acknowledge", acknowledge)
            .intro("A person answers. This keeps the first promise; an empty form letter does not.")
            .button("Send the acknowledgement"),
        forms
            .act("ask", "Ask for missing items", ask)
            .button("Send the question"),
        forms.act("say", "Write a message", say).button("Send"),
    ]
}

/// Severity words as choices.
fn severities() -> Vec<(String, String)> {
    ["low", "medium", "high", "critical"]
        .into_iter()
        .zip(["Low", "Medium", "High", "Critical"])
        .map(|(value, label)| (value.to_owned(), label.to_owned()))
        .collect()
}

/// The severity in force, as a form value.
fn severity_value(v: &CasePageView) -> String {
    v.severity
        .or(v.reporter_severity)
        .map(|severity| severity_name(severity).to_ascii_lowercase())
        .unwrap_or_default()
}

fn dates(v: &CasePageView, forms: &Forms) -> Vec<Act> {
    let with = |more: Vec<Field>| date_and_time().into_iter().chain(more).collect::<Vec<_>>();
    let reason = || field("reason", "Reason").kind(Kind::Area(2));
    let mut answer = vec![
        field("answer", "Answer")
            .kind(Kind::Radio)
            .option("accept", "Agree")
            .option("counter", "Propose another date")
            .option("decline", "Decline"),
    ];
    answer.extend(with(vec![reason()]));
    let proposal = v
        .embargo
        .proposal
        .as_ref()
        .map_or_else(String::new, |(who, at)| {
            format!("Proposed by {who}: {}.", at.words)
        });
    let proposed_at = v.embargo.proposal.as_ref();
    let proposed_at = proposed_at.map_or_else(String::new, |(_, at)| at.at.unix().to_string());
    let fact = vec![
        field("fact", "What was seen")
            .kind(Kind::Radio)
            .option("public", "Details are public")
            .option("exploit_public", "An exploit is public")
            .option("attacks_observed", "Attacks were observed"),
        field("evidence", "Evidence")
            .kind(Kind::Area(3))
            .help("Where, and since when."),
    ];
    let mut acts = Vec::new();
    if v.embargo.can_answer {
        acts.push(
            forms
                .act("answer_date", "Answer the proposed date", answer)
                .intro(proposal)
                .hidden("proposal", proposed_at)
                .button("Send the answer"),
        );
    }
    acts.push(
        forms
            .act(
                "propose_date",
                "Propose a disclosure date",
                with(vec![reason(), message("Message")]),
            )
            .button("Send the proposal"),
    );
    acts.push(
        forms
            .act(
                "set_date_alone",
                "Set the date without agreement",
                with(vec![reason(), message("Message")]),
            )
            .intro(
                "Only where the reporter was asked and no agreement came about. Where the team \
                 has another person, that one confirms it. Everybody concerned learns of the \
                 date 72 hours before.",
            )
            .button("Set the date")
            .grave(),
    );
    if let Some(at) = &v.around.date_alone {
        acts.push(
            forms
                .act("confirm_date", "Confirm the date without agreement", vec![])
                .intro(format!(
                    "A person of the team asks for {}. Once you confirm it, it holds, and \
                     everybody concerned is told.",
                    at.words
                ))
                .hidden("at", at.at.unix().to_string())
                .button("Confirm the date")
                .grave(),
        );
    }
    let plan = vec![
        field("text", "Plan")
            .kind(Kind::Area(4))
            .help("Who is told what, when, where."),
    ];
    acts.push(
        forms
            .act("plan_communication", "Plan the communication", plan)
            .button("Save"),
    );
    acts.push(
        forms
            .act("record_fact", "Record that it became public", fact)
            .intro("This cannot be taken back. An embargo ends with it.")
            .button("Record")
            .grave(),
    );
    acts
}

fn case_itself(v: &CasePageView, forms: &Forms) -> Vec<Act> {
    let extend = vec![
        field("clock", "Promise")
            .kind(Kind::Select)
            .options(v.extendable.clone()),
        field("days", "By how many days").kind(Kind::Number),
        field("reason", "Reason")
            .kind(Kind::Area(2))
            .help("The reporter reads it."),
        sure("I have read the new date")
            .help("Leave it empty at first: the new date is shown before anything is sent."),
    ];
    let seen = vec![
        field("clock", "Promise")
            .kind(Kind::Select)
            .options(v.open_alarms.clone()),
    ];
    let waive = vec![
        field("clock", "Promise")
            .kind(Kind::Select)
            .options(v.waivable.clone()),
        field("reason", "Reason")
            .kind(Kind::Area(2))
            .help("The reporter reads it."),
    ];
    let breach = vec![
        field("duty", "Duty")
            .kind(Kind::Select)
            .options(v.duties.clone()),
        field("finding", "What was found").kind(Kind::Area(3)),
    ];
    let close = vec![
        field("reason", "Reason")
            .kind(Kind::Select)
            .option("disclosed", "Published")
            .option("rejected", "Rejected")
            .option("duplicate", "Duplicate of another case")
            .option("withdrawn", "Withdrawn by the reporter")
            .option("fixed_internally", "Fixed without publication, by policy")
            .option("deferred", "Put aside for good"),
        field("note", "Note").kind(Kind::Area(2)),
    ];
    let reopen = vec![field("reason", "Reason").kind(Kind::Area(2))];
    let assign = vec![
        field("lead", "Lead")
            .kind(Kind::Select)
            .options(v.people.clone()),
    ];
    vec![
        forms
            .act("assign", "Choose who leads", assign)
            .button("Save"),
        forms
            .act(
                "answer_alarm",
                "Say that you have seen a missed promise",
                seen,
            )
            .intro("The miss stays. Nobody else is called about it; you take care of it.")
            .button("I have seen it"),
        forms
            .act("waive_promise", "Ask to do without a promise", waive)
            .intro("The reporter is asked, and says yes or no. Until then the promise stands.")
            .button("Ask the reporter"),
        forms
            .act("extend", "Ask for more time", extend)
            .intro(
                "The reporter is asked, and says yes or no. Until then the promise stands. One \
                 promise can be extended by 90 days in all.",
            )
            .button("Ask the reporter"),
        forms
            .act("record_breach", "Record a breach of a duty", breach)
            .button("Record"),
        forms.act("close", "Close the case", close).button("Close"),
        forms
            .act("reopen", "Reopen the case", reopen)
            .button("Reopen"),
    ]
    .into_iter()
    .chain(around::itself(forms))
    .filter(|act| match act.name() {
        "record_breach" => !v.duties.is_empty(),
        "extend" => !v.extendable.is_empty(),
        "waive_promise" => !v.waivable.is_empty(),
        _ => true,
    })
    .collect()
}

/// The tick that says: I have read the warning.
fn sure(label: &str) -> Field {
    field("sure", label).kind(Kind::Check)
}

/// A choice of clauses with an empty first line.
fn clause_select(name: &str, label: &str, clauses: &[(String, String)]) -> Field {
    field(name, label)
        .kind(Kind::Select)
        .option("", "none named")
        .options(clauses.to_vec())
}

/// Whether something is a vulnerability at all.
fn is_vulnerability() -> Field {
    yes_no("is_vulnerability", "Is it a vulnerability?", "Yes", "No")
        .option("unclear", "Not clear yet")
}
