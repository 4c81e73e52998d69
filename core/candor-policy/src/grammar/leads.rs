//! Words that turn the items below them round: "We will NOT:" before a list.
//!
//! Invariants: an item under such words never stands without them, since alone it
//! says the opposite; a line in bold or a heading leads in as a sentence does.
//!
//! Deliberately absent: what the items mean; each grammar reads its lead on its own.

use candor_base::Span;

use super::add;
use crate::model::{Clause, LeadIn, Policy};
use crate::read::{Document, Unit, UnitKind};

/// Words that deny, lower case.
const DENYING: [&str; 43] = [
    "not",
    "never",
    "no",
    "none",
    "neither",
    "nor",
    "don't",
    "don\u{2019}t",
    "dont",
    "won't",
    "won\u{2019}t",
    "cannot",
    "can't",
    "can\u{2019}t",
    "without",
    "refrain",
    "avoid",
    "prohibited",
    "forbidden",
    "nicht",
    "nichts",
    "kein",
    "keine",
    "keinen",
    "keiner",
    "keinerlei",
    "nie",
    "niemals",
    "weder",
    "pas",
    "jamais",
    "aucun",
    "aucune",
    "nunca",
    "jam\u{e1}s",
    "ning\u{fa}n",
    "ninguna",
    "n\u{e3}o",
    "nenhum",
    "nenhuma",
    "verboten",
    "interdit",
    "tampoco",
];

/// Signs that deny in languages without blanks between words.
const DENYING_SIGNS: [&str; 5] = ["不", "勿", "禁", "ない", "ません"];

/// Keeps each lead that denies with the items it leads into.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    let told = spans(policy);
    let mut heading: Option<&Unit> = None;
    for unit in &doc.units {
        match unit.kind {
            UnitKind::Heading => heading = Some(unit),
            UnitKind::Item if told.contains(&unit.span) => {
                let near = heading.filter(|h| h.low == unit.heading || h.plain == unit.heading);
                if let Some(lead) = doc.leads(unit).or(near).filter(|l| denies(&l.low)) {
                    keep(&mut policy.lead_ins, lead, unit.span);
                }
            }
            _ => {}
        }
    }
}

/// The lines of clauses whose own words are shown.
fn spans(policy: &Policy) -> Vec<Span> {
    fn of<T>(list: &[Clause<T>]) -> impl Iterator<Item = Span> {
        list.iter().map(|c| c.span)
    }
    of(&policy.safe_harbour)
        .chain(of(&policy.duties))
        .chain(of(&policy.acts))
        .chain(of(&policy.practices))
        .chain(of(&policy.advice))
        .chain(of(&policy.statements))
        .chain(of(&policy.bounty))
        .chain(of(&policy.anonymity))
        .chain(of(&policy.cve))
        .chain(of(&policy.disclaimers))
        .collect()
}

fn keep(list: &mut Vec<Clause<LeadIn>>, lead: &Unit, item: Span) {
    if list.iter().any(|c| c.value.items.contains(&item)) {
        return;
    }
    let known = list
        .iter_mut()
        .find(|c| c.span == lead.span && c.quote == lead.quote);
    match known {
        Some(known) => known.value.items.push(item),
        None => add(list, "lead-in", lead, LeadIn { items: vec![item] }),
    }
}

fn denies(low: &str) -> bool {
    low.split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '\u{2019}')))
        .any(|word| DENYING.contains(&word))
        || DENYING_SIGNS.iter().any(|sign| low.contains(sign))
}

#[cfg(test)]
mod tests {
    use crate::compile;

    fn led(list: &str) -> Vec<String> {
        let text = format!(
            "# Security Policy\n\nReport to security@acme.dev.\n\n## Safe Harbor\n\n{list}"
        );
        let policy = compile(text.as_bytes()).unwrap().value;
        let all = policy.safe_harbour.iter();
        all.map(|c| policy.in_full(c.span, &c.quote)).collect()
    }

    #[test]
    fn what_is_denied_is_never_told_without_the_denial() {
        for lead in ["**We will NOT:**", "We will not:", "### We will never"] {
            let list = format!("{lead}\n\n- Initiate legal action against you\n");
            let shown = led(&list);
            assert_eq!(shown.len(), 1, "{lead}: {shown:?}");
            let words = lead.trim_matches(['*', '#', ' ']).trim_end_matches(':');
            assert!(shown[0].starts_with(words), "{lead}: {shown:?}");
            assert!(shown[0].ends_with(": Initiate legal action against you"));
        }
    }

    #[test]
    fn what_is_granted_needs_no_lead() {
        let shown = led("We will:\n\n- Not take legal action against you\n");
        assert!(
            shown.contains(&"Not take legal action against you".to_owned()),
            "{shown:?}"
        );
    }
}
