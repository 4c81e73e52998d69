//! In which languages reports are taken.
//!
//! Invariants: only sentences that speak of reports or messages count.
//!
//! Deliberately absent: the language of the policy itself; see `vocab`.

use super::add;
use crate::model::Policy;
use crate::read::{Document, Unit, UnitKind};
use crate::vocab;

/// Adds the languages that the text asks for.
pub(super) fn read(doc: &Document, policy: &mut Policy) {
    for unit in &doc.units {
        if matches!(unit.kind, UnitKind::Heading | UnitKind::Code) {
            continue;
        }
        if let Some(list) = unit.low.strip_prefix("preferred-languages:") {
            for tag in list.split(',') {
                let code: String = tag
                    .trim()
                    .chars()
                    .take_while(char::is_ascii_alphabetic)
                    .collect();
                put(policy, unit, code);
            }
        } else if speaks_of_reports(unit) {
            for code in vocab::named(&unit.low) {
                put(policy, unit, code.to_owned());
            }
        }
    }
}

/// "Reports can be submitted in English or German".
fn speaks_of_reports(unit: &Unit) -> bool {
    const STEMS: [&str; 19] = [
        "dutch", "russ", "korean", "swed", "turk", "engl", "germ", "deutsch", "fren", "fran",
        "angl", "span", "espa", "ingl", "portug", "ital", "japan", "chin", "polish",
    ];
    let low = unit.low.as_str();
    if low.is_ascii() && !STEMS.iter().any(|s| low.contains(s)) {
        return false;
    }
    let subject = vocab::fits_any(
        low,
        &[
            "report",
            "communicat",
            "submi",
            "write",
            "message",
            "email",
            "e-mail",
            "language",
            "correspond",
            "meldung",
            "signalement",
            "reporte",
            "relat",
            "報告",
            "报告",
            "segnalazion",
            "idioma",
            "langue",
            "sprache",
        ],
    );
    let in_language = vocab::fits_any(
        low,
        &[
            "in english",
            "plain english",
            "english or",
            "english and",
            "or english",
            "and english",
            "in german",
            "in french",
            "in spanish",
            "in japanese",
            "in chinese",
            "auf englisch",
            "auf deutsch",
            "en anglais",
            "en français",
            "en inglés",
            "en español",
            "em inglês",
            "em português",
            "in inglese",
            "in italiano",
            "英語",
            "日本語",
            "英文",
            "中文",
            "to be in english",
            "be in english",
            "idiomas:",
            "português e inglês",
            "inglês e português",
            "español e inglés",
            "deutsch oder englisch",
            "deutsch und englisch",
            "français ou anglais",
            "languages:",
            "in dutch",
            "in russian",
            "in italian",
            "in portuguese",
            "in korean",
            "also understand",
            "also speak",
            "also read",
        ],
    );
    // "If necessary, we also understand Dutch" goes on with its heading.
    let subject = subject || vocab::fits(&unit.heading, "language");
    let switch = low.contains("](") || unit.links.len() >= 2;
    subject && in_language && !switch
}

fn put(policy: &mut Policy, unit: &Unit, code: String) {
    let known = policy.report_languages.iter().any(|c| c.value == code);
    if !known && !code.is_empty() {
        add(&mut policy.report_languages, "report-language", unit, code);
    }
}
