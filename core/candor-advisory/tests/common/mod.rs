//! Advisories for tests: one written by hand, and as many generated ones as wanted.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test and example uses a part of this"
)]

use candor_advisory::{
    AdvisoryDraft, AdvisoryId, CreditDraft, CreditKind, FixDraft, FixKind, Issue, ProductDraft,
    Publisher, PublisherCategory, ReferenceDraft, Revision, Status, VersionsDraft,
};
use candor_base::{Instant, Line};
use candor_score::SeverityWord;
use proptest::prelude::*;

/// A complete draft, as a careful maintainer would write it.
pub fn draft() -> AdvisoryDraft {
    AdvisoryDraft {
        title: "Search in ThreatDex shows notes of other teams".to_owned(),
        summary:
            "A signed-in user can read notes of other teams through the search.\nUpdate to 2.4.1."
                .to_owned(),
        details: "The search did not filter by team.\n\n- introduced in 1.0\n- found in review"
            .to_owned(),
        products: vec![ProductDraft {
            name: "ThreatDex".to_owned(),
            vendor: String::new(),
            purl: "pkg:cargo/threatdex".to_owned(),
            affected: vec![
                VersionsDraft {
                    versions: ">= 2.0, < 2.4.1".to_owned(),
                    fix: FixDraft::In("2.4.1".to_owned()),
                },
                VersionsDraft {
                    versions: "1.x".to_owned(),
                    fix: FixDraft::NotPlanned("1.x is no longer supported.".to_owned()),
                },
            ],
            not_affected: vec!["before 1.0".to_owned()],
        }],
        severity: Some(SeverityWord::Medium),
        cvss: vec!["CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N".to_owned()],
        cwe: "CWE-863".to_owned(),
        cve: String::new(),
        fix_kind: Some(FixKind::Patch),
        mitigation: "Switch the search off: `search = false`.".to_owned(),
        no_mitigation_known: false,
        interim: vec!["Remove the search right from guests.".to_owned()],
        rebuild: "Rebuild from registry.example/threatdex@sha256:0123.".to_owned(),
        exploitation: "No attacks are known.".to_owned(),
        credits: vec![CreditDraft {
            name: "Ada Lovelace".to_owned(),
            organisation: "Analytical Engines".to_owned(),
            link: "https://ada.example/".to_owned(),
            kind: CreditKind::Reporter,
        }],
        references: vec![ReferenceDraft {
            url: "https://threatdex.example/releases/2.4.1".to_owned(),
            summary: "Release notes of 2.4.1".to_owned(),
        }],
    }
}

/// What publishing adds; dates are seconds since 2026-11-22T10:00:00Z.
pub fn issue(status: Status, dates: &[i64]) -> Issue {
    let start: Instant = "2026-11-22T10:00:00Z".parse().unwrap();
    let revision = |(number, date): (u32, &i64)| Revision {
        number,
        date: start.plus_seconds(*date),
        summary: Line::new(if number == 1 {
            "Published."
        } else {
            "Corrected."
        })
        .unwrap(),
    };
    Issue {
        id: "TDX-2026-7K3F9QMA".parse::<AdvisoryId>().unwrap(),
        publisher: Publisher {
            name: Line::new("The ThreatDex project").unwrap(),
            namespace: "https://threatdex.example".parse().unwrap(),
            category: PublisherCategory::Vendor,
        },
        status,
        reported: Some(start.plus_seconds(-86_400)),
        revisions: (1..).zip(dates).map(revision).collect(),
    }
}

/// Text that is hard to carry: markup, quotes, backslashes, other scripts, line breaks.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[A-Z][a-z]{2,8}( [a-z]{1,9}){1,8}",
        1 => "[A-Za-z][A-Za-z <>&\"'\\\\/{}\\[\\]%üß漢字🦀-]{1,60}[a-z]",
        1 => "[A-Z][a-z]{3,9}\n\n- `[a-z]{3,9}` \\*\\*[a-z]{3,9}\\*\\*\n",
    ]
}

fn optional_text() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), text()]
}

fn cvss3() -> impl Strategy<Value = String> {
    (
        "CVSS:3\\.[01]/AV:[NALP]/AC:[LH]/PR:[NLH]/UI:[NR]/S:[UC]/C:[NLH]/I:[NLH]/A:[NLH]",
        prop::option::of("/E:[XUPFH]/RL:[XOTWU]/RC:[XURC]"),
        prop::option::of("/CR:[XLMH]/MAV:[XNALP]/MS:[XUC]/MA:[XNLH]"),
    )
        .prop_map(|(base, temporal, environmental)| {
            base + &temporal.unwrap_or_default() + &environmental.unwrap_or_default()
        })
}

const CVSS4: &str = "CVSS:4\\.0/AV:[NALP]/AC:[LH]/AT:[NP]/PR:[NLH]/UI:[NPA]/VC:[HLN]/VI:[HLN]/VA:[HLN]/SC:[HLN]/SI:[HLN]/SA:[HLN](/E:[APU])?";
const CVSS2: &str = "AV:[NAL]/AC:[LMH]/Au:[MSN]/C:[NPC]/I:[NPC]/A:[NPC](/E:(U|POC|F|H))?";

fn vectors() -> impl Strategy<Value = Vec<String>> {
    prop_oneof![
        1 => Just(Vec::new()),
        4 => cvss3().prop_map(|v| vec![v]),
        1 => CVSS2.prop_map(|v| vec![v]),
        1 => CVSS4.prop_map(|v| vec![v]),
        2 => (cvss3(), CVSS4).prop_map(|(a, b)| vec![a, b]),
    ]
}

/// One line of affected versions; each `major` is used once, so lines never contradict.
fn row(major: usize) -> impl Strategy<Value = VersionsDraft> {
    (0_u8..8, 1_u8..20, "[A-Z][a-z]{2,8}( [a-z]{1,9}){1,8}\\.").prop_map(
        move |(kind, minor, why)| {
            let (versions, fix) = match kind {
                0 => (
                    format!(">= {major}.0, < {major}.{minor}"),
                    FixDraft::In(format!("{major}.{minor}")),
                ),
                1 => (format!("{major}.x"), FixDraft::In("99.0".to_owned())),
                2 => (
                    format!("v{major}.{minor}-rc1+b2"),
                    FixDraft::NotPlanned(why),
                ),
                3 => (
                    format!("{major}.{minor} and earlier"),
                    FixDraft::NotYet(why),
                ),
                4 => (
                    format!("{major}.1, {major}.2"),
                    FixDraft::In(format!("{major}.3")),
                ),
                5 => (
                    format!("main before 4f2c9d{major}{minor}"),
                    FixDraft::In(format!("4f2c9d{major}{minor}")),
                ),
                6 => (
                    format!("ghcr.io/threatdex/app@sha256:{major:064x}"),
                    FixDraft::In(format!("sha256:{major}{minor:063x}")),
                ),
                _ => (
                    format!("from {major}.0 to {major}.{minor}"),
                    FixDraft::In("99.1".to_owned()),
                ),
            };
            VersionsDraft { versions, fix }
        },
    )
}

fn product(n: usize) -> impl Strategy<Value = ProductDraft> {
    let rows = (1_usize..4).prop_flat_map(|count| (1..=count).map(row).collect::<Vec<_>>());
    (
        "[A-Z][a-z]{2,9}( [A-Z][a-z]{2,5})?",
        prop_oneof![Just(""), Just("Another maker")],
        rows,
        any::<bool>(),
    )
        .prop_map(move |(name, vendor, affected, safe)| ProductDraft {
            name: format!("{name} {n}"),
            vendor: vendor.to_owned(),
            purl: if safe {
                format!("pkg:npm/%40maker/product-{n}")
            } else {
                String::new()
            },
            affected,
            not_affected: if safe {
                vec!["> 100.0".to_owned(), "0.9".to_owned()]
            } else {
                Vec::new()
            },
        })
}

fn credit() -> impl Strategy<Value = CreditDraft> {
    let kinds = [
        CreditKind::Finder,
        CreditKind::Reporter,
        CreditKind::RemediationDeveloper,
        CreditKind::Tool,
        CreditKind::Other,
    ];
    (
        "Zq[a-zäöü]{4,9} [A-Z][a-z]{2,9}",
        prop_oneof![Just(""), Just("Zq Institute")],
        any::<bool>(),
        prop::sample::select(kinds.to_vec()),
    )
        .prop_map(|(name, organisation, link, kind)| CreditDraft {
            name,
            organisation: organisation.to_owned(),
            link: if link {
                "https://people.example/~zq?a=b&c=d".to_owned()
            } else {
                String::new()
            },
            kind,
        })
}

/// Any complete draft.
pub fn any_draft() -> impl Strategy<Value = AdvisoryDraft> {
    let products = (1_usize..4).prop_flat_map(|count| (0..count).map(product).collect::<Vec<_>>());
    let words = (
        text(),
        text(),
        optional_text(),
        optional_text(),
        optional_text(),
        optional_text(),
    );
    let lists = (
        products,
        vectors(),
        prop::collection::vec(text(), 0..3),
        prop::collection::vec(credit(), 0..3),
    );
    let choices = (
        prop::sample::select(SeverityWord::ALL.to_vec()),
        prop::option::of(prop::sample::select(vec![
            FixKind::Patch,
            FixKind::DependencyUpdate,
            FixKind::Mitigation,
        ])),
        prop::sample::select(vec!["", "CWE-79", "CWE-89", "CWE-863", "CWE-400"]),
        prop_oneof![Just(String::new()), "CVE-1900-[0-9]{4,6}"],
        any::<bool>(),
    );
    (words, lists, choices).prop_map(|(words, lists, choices)| {
        let (title, summary, details, mitigation, rebuild, exploitation) = words;
        let (products, cvss, interim, credits) = lists;
        let (severity, fix_kind, cwe, cve, refer) = choices;
        let reference = ReferenceDraft {
            url: "https://threatdex.example/a%20b?x=1&y=%22#z".to_owned(),
            summary: String::new(),
        };
        AdvisoryDraft {
            title,
            summary,
            details,
            products,
            severity: Some(severity),
            cvss,
            cwe: cwe.to_owned(),
            cve,
            fix_kind,
            no_mitigation_known: mitigation.trim().is_empty(),
            mitigation,
            interim,
            rebuild,
            exploitation,
            credits,
            references: if refer { vec![reference] } else { Vec::new() },
        }
    })
}
