//! Forms on the way to publication: draft, approval, publication, outlets.

use candor_access::view::CasePageView;

use super::{outlet_key, severities};
use crate::ui::{Act, Field, Forms, Kind, field};

/// For what people beside the reporter are thanked.
const KINDS: [(&str, &str); 10] = [
    ("remediation_developer", "Developed the fix"),
    ("remediation_reviewer", "Reviewed the fix"),
    ("remediation_verifier", "Verified the fix"),
    ("finder", "Found the vulnerability"),
    ("reporter", "Reported the vulnerability"),
    ("analyst", "Analysed the vulnerability"),
    ("coordinator", "Coordinated the disclosure"),
    ("tool", "The tool that found it"),
    ("sponsor", "Sponsored the work"),
    ("other", "Helped in another way"),
];

pub(super) fn acts(v: &CasePageView, forms: &Forms) -> Vec<Act> {
    let title = if v.draft.digest.is_some() {
        "Edit the draft"
    } else {
        "Write the advisory"
    };
    let mut acts = vec![
        forms
            .act("save_draft", title, draft(v))
            .intro("The reporter sees the draft in the room as soon as it is saved, and may comment on it.")
            .button("Save the draft"),
    ];
    if let Some(digest) = &v.draft.digest {
        acts.push(
            forms
                .act("approve", "Approve the draft", Vec::new())
                .intro("The approval holds for the text as it stands now. A later change ends it.")
                .hidden("draft", digest.clone())
                .button("Approve"),
        );
        acts.push(
            forms
                .act("publish", "Publish", Vec::new())
                .intro("The advisory becomes public at once: page, feed, CSAF. It cannot be taken back.")
                .hidden("draft", digest.clone())
                .button("Publish now")
                .grave(),
        );
    }
    let kinds = KINDS.map(|(name, words)| (name.to_owned(), words.to_owned()));
    let add = vec![
        field("name", "Name to thank"),
        field("credit_kind", "For what")
            .kind(Kind::Select)
            .options(kinds),
        field("consent", "How this person agreed")
            .kind(Kind::Area(2))
            .help("Nobody is named without consent. Say where and when it was given."),
    ];
    acts.push(
        forms
            .act("add_credit", "Thank somebody else", add)
            .intro("Beside the reporter, who answers in the room.")
            .button("Add"),
    );
    let thanked = v
        .draft
        .others
        .iter()
        .map(|o| (o.key.clone(), format!("{}, {}", o.name, o.what)));
    let remove = vec![field("credit", "Whom").kind(Kind::Select).options(thanked)];
    acts.push(
        forms
            .act("remove_credit", "Take back a credit", remove)
            .button("Take back"),
    );
    acts.push(super::cve::act(v, forms));
    acts.extend(
        v.outlets
            .iter()
            .filter(|outlet| outlet.answer.is_none())
            .map(|outlet| {
                let fields = vec![
                    field("answer", "Answer")
                        .kind(Kind::Radio)
                        .option("sent", "Announced there")
                        .option("waived", "Left out"),
                    field("link", "Link").help("Where it can be seen."),
                    field("reason", "Reason")
                        .kind(Kind::Area(2))
                        .help("When it was left out."),
                ];
                forms
                    .keyed(
                        &outlet_key(outlet),
                        "answer_outlet",
                        &format!("Announce: {}", outlet.name),
                        fields,
                    )
                    .hidden("outlet", outlet.id.clone())
                    .button("Save")
            }),
    );
    acts
}

fn draft(v: &CasePageView) -> Vec<Field> {
    let fields = vec![
        field("title", "Title").help("What can happen in which product, in one line."),
        field("summary", "Summary")
            .kind(Kind::Area(3))
            .help("What a reader must know."),
        field("details", "Details").kind(Kind::Area(6)),
        field("product", "Product"),
        field("purl", "Package address").kind(Kind::Mono).help(
            "Such as pkg:cargo/threatdex. Scanners find the package by it. Leave it empty when there is none.",
        ),
        field("affected", "Affected versions")
            .kind(Kind::Area(2))
            .help("One range a line, such as >= 1.0, < 1.4.2 or main before 4f2c9d1."),
        field("fixed", "Fixed in").kind(Kind::Area(2)).help(
            "One version a line, in the order of the affected versions; - where there is no fix.",
        ),
        field("severity", "Severity")
            .kind(Kind::Select)
            .option("", "none")
            .options(severities()),
        field("cvss", "CVSS vector")
            .kind(Kind::Mono)
            .help(format!("Version {}.", v.cvss_version)),
        field("cve", "CVE id")
            .kind(Kind::Mono)
            .help("Once one is assigned. Such as CVE-1900-0001."),
        field("cwe", "Weakness")
            .kind(Kind::Mono)
            .help("Such as CWE-79."),
        field("mitigation", "What helps meanwhile").kind(Kind::Area(3)),
        field("none_known", "Nothing is known to help").kind(Kind::Check),
        field("fix_kind", "Kind of fix")
            .kind(Kind::Select)
            .option("patch", "Patch")
            .option("dependency_update", "Dependency update")
            .option("mitigation", "Mitigation"),
        field("rebuild", "Rebuild from")
            .kind(Kind::Area(2))
            .help("Image or digest, and how."),
        field("references", "References")
            .kind(Kind::Area(2))
            .help("One address a line."),
        field("no_fix_reason", "Why there is no fix")
            .kind(Kind::Area(2))
            .help("Only when there is none."),
    ];
    fields
        .into_iter()
        .map(|field| {
            let value = v.draft.values.get(&field.name).cloned().unwrap_or_default();
            let value = if field.name == "severity" {
                value.to_lowercase()
            } else {
                value
            };
            field.value(value)
        })
        .collect()
}
