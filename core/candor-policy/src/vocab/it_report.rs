//! Italian: what a report holds, duties of reporters.

use super::{Table, Topic};
use crate::model::{ContentKey, DutyKind};

/// What an item asks for. The more telling ones stand first.
pub(super) const CONTENTS: Table<ContentKey> = &[
    ("titolo", ContentKey::Summary),
    ("riepilogo", ContentKey::Summary),
    ("recapiti", ContentKey::Contact),
    ("contatti", ContentKey::Contact),
    ("nome e cognome", ContentKey::Identity),
    ("possibile soluzione", ContentKey::SuggestedFix),
    ("possibili soluzioni", ContentKey::SuggestedFix),
    ("soluzione proposta", ContentKey::SuggestedFix),
    ("correzione suggerita", ContentKey::SuggestedFix),
    ("suggeriment", ContentKey::SuggestedFix),
    ("mitigazion", ContentKey::SuggestedFix),
    ("schermat", ContentKey::Evidence),
    ("screenshot", ContentKey::Evidence),
    ("registri", ContentKey::Evidence),
    ("i log$", ContentKey::Evidence),
    ("proof of concept", ContentKey::ProofOfConcept),
    ("prova di concetto", ContentKey::ProofOfConcept),
    ("codice di esempio", ContentKey::ProofOfConcept),
    ("poc$", ContentKey::ProofOfConcept),
    ("passaggi", ContentKey::Steps),
    ("passi per", ContentKey::Steps),
    ("istruzioni", ContentKey::Steps),
    ("riprodur", ContentKey::Steps),
    ("riproduzione", ContentKey::Steps),
    ("component", ContentKey::Component),
    ("version", ContentKey::Versions),
    ("ambiente", ContentKey::Environment),
    ("configurazione", ContentKey::Environment),
    ("sistema operativo", ContentKey::Environment),
    ("impatt", ContentKey::Impact),
    ("conseguenze", ContentKey::Impact),
    ("gravità", ContentKey::Severity),
    ("descrizione", ContentKey::Description),
    ("tipo di", ContentKey::Description),
    ("natura del", ContentKey::Description),
    ("dettagli della vulnerabilità", ContentKey::Description),
    ("dettagli sulla vulnerabilità", ContentKey::Description),
];

pub(super) const CONTENT_ASKS: &[&str] = &[
    "includere",
    "includi$",
    "includete",
    "includendo",
    "fornisc",
    "fornire",
    "indicare",
    "indicando",
    "descriv",
    "allegare",
    "allegando",
    "specificare",
    "con una descrizione",
];

pub(super) const LEADS: Table<Topic> = &[
    ("includere", Topic::Contents),
    ("includi$", Topic::Contents),
    ("includete", Topic::Contents),
    ("fornire", Topic::Contents),
    ("fornisci", Topic::Contents),
    ("seguenti dettagli", Topic::Contents),
    ("seguenti informazioni", Topic::Contents),
];

pub(super) const OPTIONAL: &[&str] = &[
    "se disponibil",
    "se possibile",
    "facoltativ",
    "opzional",
    "eventuali$",
    "eventuale$",
];

/// Words of an item in a list of duties.
pub(super) const DUTIES: Table<DutyKind> = &[
    ("tempo ragionevole", DutyKind::ReasonableTime),
    ("tempo sufficiente", DutyKind::ReasonableTime),
    ("non divulg", DutyKind::Confidential),
    ("non pubblic", DutyKind::Confidential),
    ("riservat", DutyKind::Confidential),
    ("non accedere", DutyKind::NoDataAccess),
    ("privacy", DutyKind::NoDataAccess),
    ("dati personali", DutyKind::NoDataAccess),
    ("interruzion", DutyKind::NoDegradation),
    ("non sfruttare", DutyKind::NoExploitation),
    ("ingegneria sociale", DutyKind::NoSocialEngineering),
    ("tempestiv", DutyKind::PromptReport),
];

pub(super) const DUTY_CALLS: Table<DutyKind> = &[
    ("tempo ragionevole", DutyKind::ReasonableTime),
    ("tempo sufficiente", DutyKind::ReasonableTime),
    ("non divulg .. prima", DutyKind::Confidential),
    ("non divulg .. finché", DutyKind::Confidential),
    ("non divulg .. fino a", DutyKind::Confidential),
    ("non pubblic .. prima", DutyKind::Confidential),
    ("non pubblic .. finché", DutyKind::Confidential),
    ("non rivel .. prima", DutyKind::Confidential),
    ("comunicarcelo immediatamente", DutyKind::PromptReport),
    ("comunicarcelo tempestivamente", DutyKind::PromptReport),
    ("segnalarcelo immediatamente", DutyKind::PromptReport),
    ("segnalarla immediatamente", DutyKind::PromptReport),
    ("segnala .. tempestivamente", DutyKind::PromptReport),
];

pub(super) const DIRECTIVES: &[&str] = &[
    "ti preghiamo",
    "vi preghiamo",
    "si prega",
    "per favore",
    "ti chiediamo",
    "vi chiediamo",
    "ti impegni",
    "vi impegnate",
    "non divulg",
    "non pubblic",
];

pub(super) const SILENCE_ENDS: &[&str] = &[
    "prima che",
    "prima di",
    "prima della",
    "finché",
    "fino a",
    "riservat",
];
