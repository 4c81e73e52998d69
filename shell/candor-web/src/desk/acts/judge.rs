//! Forms that judge a report: assess, accept, reject, duplicate, objection.

use candor_access::view::CasePageView;

use super::super::fields::{message, yes_no};
use super::around;
use super::{clause_select, is_vulnerability, severities, severity_value};
use crate::ui::{Act, Field, Forms, Kind, field};

/// The reference of the older case; the newest of them are named beside it.
fn of_which_case(v: &CasePageView) -> Field {
    let named = v.other_cases.iter();
    let named: Vec<String> = named.map(|(r, title)| format!("{r} ({title})")).collect();
    let help = match named.as_slice() {
        [] => "No older case is there.".to_owned(),
        all => format!(
            "Write its reference. The newest before this one: {}.",
            all.join(", ")
        ),
    };
    field("of", "Reference of the older case")
        .kind(Kind::Mono)
        .help(help)
}

pub(super) fn acts(v: &CasePageView, forms: &Forms) -> Vec<Act> {
    let duplicate = vec![of_which_case(v), message("Message")];
    let objection = vec![
        yes_no(
            "uphold",
            "Is the objection right?",
            "Yes, look at it again",
            "No, it stays rejected",
        ),
        message("Message"),
    ];
    vec![
        forms
            .act("assess", "Assess", assess(v))
            .button("Save the assessment"),
        forms
            .act("waive", "Go on without what is missing", vec![blocking(v)])
            .intro(
                "The policy makes these mandatory, and the report does not hold them. The case \
                 records who waived what.",
            )
            .button("Go on without"),
        forms
            .act("accept", "Accept", accept(v))
            .intro("From here on the promises about a fix run.")
            .button("Accept"),
        forms
            .act("reject", "Reject", reject(v))
            .button("Reject")
            .grave(),
        forms
            .act("work_out", "Work out a context", around::context(v))
            .intro(
                "Where a finding depends on an application, a configuration, a dependency or a \
                 deployment: whose it is, what was judged, what came out.",
            )
            .button("Save"),
        forms
            .act("defer", "Put it aside", around::defer())
            .intro(
                "A vulnerability, and not to be worked on now. It comes back by itself on the \
                 day that you choose. Other promises go on; updates come monthly.",
            )
            .button("Put it aside"),
        forms
            .act("resume", "Take it up again", around::reason("Why now"))
            .button("Take it up again"),
        forms
            .act("mark_duplicate", "Mark as a duplicate", duplicate)
            .button("Mark"),
        forms
            .act("decide_objection", "Decide the objection", objection)
            .button("Decide"),
    ]
}

fn assess(v: &CasePageView) -> Vec<Field> {
    let classes = v
        .severity_help
        .iter()
        .map(|line| line.text.as_str())
        .collect::<Vec<_>>()
        .join(" · ");
    vec![
        field("scope", "Scope")
            .kind(Kind::Radio)
            .option("in", "In scope")
            .option("out", "Out of scope, by the clause below")
            .value("in"),
        clause_select("in_clause", "In scope by", &v.in_scope),
        clause_select("out_clause", "Out of scope by", &v.out_of_scope),
        is_vulnerability(),
        field("severity", "Severity")
            .kind(Kind::Select)
            .help(classes)
            .option("", "not rated yet")
            .options(severities())
            .value(severity_value(v)),
        field("cvss", "CVSS vector").kind(Kind::Mono).help(format!(
            "Version {}, such as CVSS:{0}/AV:N/…",
            v.cvss_version
        )),
        field("difference_note", "Why word and score differ").kind(Kind::Area(2)),
        field("impacts", "Impact on")
            .kind(Kind::Checks)
            .option("confidentiality", "Confidentiality: data read")
            .option("privilege", "Privilege: rights gained")
            .option("integrity", "Integrity: data or function changed")
            .option("availability", "Availability: function lost"),
        field("effects", "Effects, with evidence").kind(Kind::Area(3)),
        field("criticality", "How it can be exploited, with evidence").kind(Kind::Area(3)),
        field("affected_versions", "Affected versions")
            .kind(Kind::Area(2))
            .help("One a line."),
        field("deployment", "Deployment that was judged").kind(Kind::Area(2)),
        field("factors", "It depends on")
            .kind(Kind::Checks)
            .option("implementation", "How an application is written")
            .option("configuration", "How it is configured")
            .option("dependency", "What it depends on"),
        field("reproduction_kind", "Reproduced?")
            .kind(Kind::Radio)
            .option("none", "Not tried yet")
            .option("record", "Yes; the record is below")
            .option("reason", "No, judged all the same; the reason is below")
            .value("none"),
        field("reproduction", "Record or reason").kind(Kind::Area(3)),
        field("message", "Message")
            .kind(Kind::Area(4))
            .help("Optional. The reporter reads this."),
    ]
}

/// Contents that acceptance waits for: name and label.
fn missing(v: &CasePageView) -> Vec<(String, String)> {
    let waits = |label: &String| v.completeness.blocking.contains(label);
    let items = v.completeness.items.iter();
    items
        .filter(|(_, label, _)| waits(label))
        .map(|(name, label, _)| (name.clone(), label.clone()))
        .collect()
}

fn blocking(v: &CasePageView) -> Field {
    field("items", "Go on without")
        .kind(Kind::Checks)
        .options(missing(v))
}

fn accept(v: &CasePageView) -> Vec<Field> {
    let missing = missing(v);
    let mut fields = Vec::new();
    if !missing.is_empty() {
        fields.push(
            field("waive", "Do without")
                .kind(Kind::Checks)
                .help("What the policy makes mandatory has to be there, or be waived by name.")
                .options(missing),
        );
    }
    fields.push(
        field("branches", "Branches to fix")
            .kind(Kind::Area(3))
            .help("One a line. Suggested from the policy.")
            .value(v.suggested_branches.join("\n")),
    );
    fields.push(
        field("target_release", "Planned release")
            .kind(Kind::Mono)
            .help(v.next_release.clone().unwrap_or_default()),
    );
    fields.push(message("Message"));
    fields
}

fn reject(v: &CasePageView) -> Vec<Field> {
    let clauses: Vec<_> = v
        .out_of_scope
        .iter()
        .chain(&v.unsupported)
        .cloned()
        .collect();
    vec![
        field("ground", "Reason")
            .kind(Kind::Select)
            .option("out_of_scope", "Out of scope, by the clause below")
            .option(
                "unsupported_version",
                "Only an unsupported version is affected",
            )
            .option("not_a_vulnerability", "No vulnerability")
            .option("not_security", "A bug without security meaning")
            .option("not_reproducible", "Could not be reproduced")
            .option("incomplete", "What was asked for never came")
            .option("not_credible", "Not credible")
            .option("known_upstream", "Already public and tracked upstream"),
        clause_select("clause", "Clause", &clauses),
        field("supported_test", "Was a supported version tried?")
            .kind(Kind::Select)
            .help("When only an unsupported version is affected.")
            .option("", "the reporter said so, or was asked")
            .option("not_affected", "Yes: it is not affected")
            .option(
                "not_possible",
                "It could not be tried; the message says why",
            )
            .option("affected", "Yes: it is affected too"),
        is_vulnerability(),
        field("keep_as_suggestion", "Offer to keep it as a suggestion")
            .kind(Kind::Check)
            .help("The reporter is asked, and says yes or no."),
        message("Message"),
    ]
}
