//! Where advisories and fixes are announced.
//!
//! Invariants: a place counts where the project says that it tells the public there.
//!
//! Deliberately absent: sending anything.

use super::addresses::places;
use super::{add, sentences};
use crate::model::{EmbargoList, Outlet, OutletKind, Policy};
use crate::read::{Document, Unit, UnitKind};
use crate::vocab::rule_words::CreditWord;
use crate::vocab::{self, Topic, Way, way};

/// Words that say that the project tells the public.
const TELLS: &[&str] = &[
    "publish",
    "announc",
    "communicat",
    "advisories appear",
    "notify users",
    "notify the community",
    "notif",
    "released through",
    "released via",
    "released as",
    "disclosed via",
    "disclosed through",
    "disclosed on",
    "disclosed in",
    "posted",
    "post$",
    "release notes",
    "credit",
    "crédit",
    "crédito",
    "stay informed",
    "subscribe",
    "watch",
    "follow",
    "create",
    "include",
    "updates",
    "mention",
    "acknowledge",
    "changelog",
    "周知",
    "公告",
    "公開",
    "disclosed publicly",
    "used for",
    "will be noted",
    "be noted",
    "mention$",
    "发布",
    "注明",
    "veröffentlich",
    "bekannt",
    "publié",
    "publica",
    "publier",
    "publiero",
    "emitir",
    "emisión",
    "annonc",
    "mentionn",
    "dokumentiert",
    "genannt",
    "nennen",
    "issued",
    "will issue",
    "掲載",
    "通知",
    "感谢",
];

/// Places that a sentence adds to those it names, without a name.
pub(crate) const UNNAMED: &str = "other channels";

/// Adds places of announcements and the list of those who hear early.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    for unit in &doc.units {
        if is_listed(unit) {
            let known = vocab::first(&unit.low, |l| l.outlets);
            if known.is_some() || names_place(&unit.low) {
                let kind = known.unwrap_or(OutletKind::Other);
                push(policy, unit, kind, &unit.plain);
            }
        }
    }
    for unit in &doc.units {
        if !is_listed(unit) && !matches!(unit.kind, UnitKind::Heading | UnitKind::Code) {
            outlets(policy, unit);
        }
    }
    early_list(doc, policy);
}

/// Whether an item names a place without a kind of its own: "our community channels".
fn names_place(low: &str) -> bool {
    // A few words are the name of a place and no sentence.
    let name = low.split_whitespace().count() <= 3 && !low.ends_with(['.', '!']);
    name || vocab::fits_any(
        low,
        &[
            "channel",
            "communit",
            "discussion",
            "portal",
            "dashboard",
            "notification",
            "e-mail",
            "email",
            "direct",
            "status page",
            "app store",
            "kanal",
            "kanäle",
            "canal",
            "canaux",
            "渠道",
            "チャンネル",
        ],
    )
}

/// An item of a list of places.
fn is_listed(unit: &Unit) -> bool {
    unit.kind == UnitKind::Item && unit.topic == Topic::Outlets
}

fn outlets(policy: &mut Policy, unit: &Unit) {
    if matches!(
        unit.topic,
        Topic::Contents | Topic::InScope | Topic::OutOfScope | Topic::Contact
    ) {
        return;
    }
    // A draft is where the fix is worked on, not where the public is told; a sentence
    // beside it says so.
    if vocab::fits(&unit.low, "draft") {
        return;
    }
    for low in sentences(unit) {
        let tells = unit.topic == Topic::Outlets || vocab::fits_any(low, TELLS);
        let by_reporter =
            vocab::fits_any(low, &["reporter may", "distributors will", "your name in"]);
        // Where reports go, only names are published: "we credit you in the release notes".
        let names_only = unit.topic == Topic::Reporting && !gives_credit(low);
        if !tells || by_reporter || names_only {
            continue;
        }
        let found = vocab::all(low, |l| l.outlets);
        let banned = super::bans::forbids(low);
        for (start, end, kind) in &found {
            if banned {
                continue;
            }
            let own = (*kind == OutletKind::GithubAdvisory)
                .then(|| own_page(low))
                .flatten();
            if let Some(page) = own {
                push(
                    policy,
                    unit,
                    OutletKind::Web,
                    &as_written(&unit.plain, page),
                );
                continue;
            }
            let notes = matches!(kind, OutletKind::Changelog | OutletKind::GithubAdvisory);
            if unit.topic == Topic::Reporting && !notes {
                continue;
            }
            if policy.outlets.iter().any(|c| c.value.kind == *kind) {
                continue;
            }
            let name = low.get(*start..*end).unwrap_or("");
            push(policy, unit, *kind, &as_written(&unit.plain, name));
        }
        if !found.is_empty() && vocab::fits(low, UNNAMED) {
            push(policy, unit, OutletKind::Other, UNNAMED);
        }
    }
}

/// A page of the project's own that a sentence names for its advisories, where no forge
/// is named: "advisories are published on our advisory page".
fn own_page(low: &str) -> Option<&str> {
    const PAGES: [&str; 8] = [
        "security advisory page",
        "security advisories page",
        "advisory page",
        "advisories page",
        "advisory site",
        "security page",
        "our website",
        "our web site",
    ];
    if vocab::fits_any(low, &["github", "ghsa", "gitlab"]) {
        return None;
    }
    PAGES.iter().find_map(|page| {
        let at = low.find(page)?;
        low.get(at..at.saturating_add(page.len()))
    })
}

/// Whether a sentence says that reporters are named.
fn gives_credit(low: &str) -> bool {
    vocab::all(low, |l| l.rules.credit)
        .iter()
        .any(|(_, _, word)| *word == CreditWord::Given)
}

/// A lower-case name as the text writes it.
fn as_written(plain: &str, name: &str) -> String {
    let low = crate::read::lower(plain);
    let found = low
        .find(name)
        .filter(|_| low.len() == plain.len())
        .and_then(|at| {
            let rest = plain.get(at..)?;
            let tail = rest.get(name.len()..)?;
            // A pattern may end inside a word; the name does not.
            let more = tail
                .find(|c: char| !c.is_alphanumeric())
                .unwrap_or(tail.len());
            rest.get(..name.len() + more)
        });
    found.unwrap_or(name).to_owned()
}

fn push(policy: &mut Policy, unit: &Unit, kind: OutletKind, name: &str) {
    let named_twice = policy.outlets.iter().any(|c| {
        c.value.kind == kind
            && (c.value.name == name || kind != OutletKind::Other && c.span == unit.span)
    });
    if named_twice {
        return;
    }
    let value = Outlet {
        kind,
        name: name.to_owned(),
    };
    add(&mut policy.outlets, "outlet", unit, value);
}

/// A private list that hears of problems before the public does, and its address.
fn early_list(doc: &Document, policy: &mut Policy) {
    let mut first: Option<&Unit> = None;
    let mut contact: Option<String> = None;
    for unit in &doc.units {
        let named = way(&unit.low, Way::EarlyList);
        if !named && !way(&unit.heading, Way::EarlyList) || unit.kind == UnitKind::Code {
            continue;
        }
        if way(&unit.low, Way::NoEarlyList) {
            continue;
        }
        if named && unit.kind != UnitKind::Heading && first.is_none() {
            first = Some(unit);
        }
        contact = contact.or_else(|| list_address(unit));
    }
    let contact = contact.or_else(|| named_list(doc));
    if let Some(unit) = first {
        super::once(
            &mut policy.embargo_list,
            "embargo-list",
            unit,
            EmbargoList { contact },
        );
    }
}

/// An address anywhere in the text whose name is that of such a list.
fn named_list(doc: &Document) -> Option<String> {
    let is_list = |address: &String| {
        let low = address.to_lowercase();
        [
            "distributor",
            "vendor",
            "prenotif",
            "pre-notif",
            "embargo",
            "security-announce",
        ]
        .iter()
        .any(|w| low.contains(w))
    };
    doc.units
        .iter()
        .filter(|u| u.plain.contains('@'))
        .flat_map(super::addresses::addresses)
        .find(is_list)
}

/// The address of a list: one whose name says so, or the only one of a sentence about it.
fn list_address(unit: &Unit) -> Option<String> {
    let found = super::addresses::addresses(unit);
    let names_list = |address: &str| {
        let low = address.to_lowercase();
        [
            "distributor",
            "vendor",
            "announce",
            "notif",
            "embargo",
            "distros",
            "early",
        ]
        .iter()
        .any(|w| low.contains(w))
    };
    found.iter().find(|a| names_list(a)).cloned().or_else(|| {
        let alone = found.len() == 1 && way(&unit.low, Way::EarlyList);
        found
            .into_iter()
            .next()
            .filter(|_| alone && places(unit).is_empty())
    })
}
