//! CVE ids in languages other than English: whether the project sees to one.
//!
//! Deliberately absent: who gives them; those names are the same everywhere.

use super::Table;
use crate::model::CveCommitment;
use crate::model::CveCommitment::{May, Will, WillNot};

pub(super) const DE: Table<CveCommitment> = &[
    ("keine cve", WillNot),
    ("cve .. nicht beantrag", WillNot),
    ("können .. cve", May),
    ("cve .. können", May),
    ("cve .. erwägen", May),
    ("beantragen .. cve", Will),
    ("cve .. beantrag", Will),
    ("fordern .. cve", Will),
    ("cve .. anforder", Will),
    ("vergeben .. cve", Will),
    ("cve .. vergeben", Will),
    ("weisen .. cve .. zu", Will),
    ("cve .. zugewiesen", Will),
    ("cve .. zuweis", Will),
    ("veröffentlichen .. cve", Will),
    ("cve-vergabe", Will),
    ("cve-id wird", Will),
];

pub(super) const DE_DUE: &[&str] = &[
    "falls nötig",
    "falls erforderlich",
    "falls zutreffend",
    "falls angemessen",
    "gegebenenfalls",
    "ggf.",
    "bei bedarf",
    "wenn nötig",
    "wenn erforderlich",
    "sofern erforderlich",
];

pub(super) const FR: Table<CveCommitment> = &[
    ("pas de cve", WillNot),
    ("pouvons .. cve", May),
    ("cve .. peut être", May),
    ("cve pourra", May),
    ("demander .. cve", Will),
    ("demanderons .. cve", Will),
    ("demande .. cve", Will),
    ("attribuer .. cve", Will),
    ("attribuerons .. cve", Will),
    ("attribution .. cve", Will),
    ("cve .. attribué", Will),
    ("cve sera", Will),
    ("publier .. cve", Will),
    ("publierons .. cve", Will),
    ("obtenir .. cve", Will),
    ("obtiendrons .. cve", Will),
];

pub(super) const FR_DUE: &[&str] = &[
    "si nécessaire",
    "si besoin",
    "le cas échéant",
    "si applicable",
    "si approprié",
    "si pertinent",
    "au besoin",
];

pub(super) const ES: Table<CveCommitment> = &[
    ("no .. asignamos cve", WillNot),
    ("no .. solicitamos cve", WillNot),
    ("podemos .. cve", May),
    ("podremos .. cve", May),
    ("cve .. podrá", May),
    ("público o cve", May),
    ("aviso o cve", May),
    ("solicitar .. cve", Will),
    ("solicitud .. cve", Will),
    ("asignar .. cve", Will),
    ("asignación .. cve", Will),
    ("asignado .. cve", Will),
    ("cve .. asignad", Will),
    ("obtener .. cve", Will),
    ("obtendremos .. cve", Will),
    ("publicar .. cve", Will),
    ("registrar .. cve", Will),
    ("registraremos .. cve", Will),
    ("gestionar .. cve", Will),
];

pub(super) const ES_DUE: &[&str] = &[
    "si es necesario",
    "si corresponde",
    "si aplica",
    "si procede",
    "cuando corresponda",
    "cuando proceda",
    "en caso necesario",
];

pub(super) const PT: Table<CveCommitment> = &[
    ("não .. atribuímos cve", WillNot),
    ("não .. solicitamos cve", WillNot),
    ("podemos .. cve", May),
    ("poderemos .. cve", May),
    ("cve .. poderá", May),
    ("solicitar .. cve", Will),
    ("solicitação .. cve", Will),
    ("atribuir .. cve", Will),
    ("atribuição .. cve", Will),
    ("cve .. atribuíd", Will),
    ("obter .. cve", Will),
    ("obteremos .. cve", Will),
    ("publicar .. cve", Will),
    ("publicaremos .. cve", Will),
    ("registrar .. cve", Will),
    ("registraremos .. cve", Will),
];

pub(super) const PT_DUE: &[&str] = &[
    "se necessário",
    "se aplicável",
    "se apropriado",
    "quando aplicável",
    "quando necessário",
    "caso necessário",
];

pub(super) const IT: Table<CveCommitment> = &[
    ("possiamo .. cve", May),
    ("potremmo .. cve", May),
    ("richiedere .. cve", Will),
    ("richiederemo .. cve", Will),
    ("richiesta .. cve", Will),
    ("assegnare .. cve", Will),
    ("assegneremo .. cve", Will),
    ("cve .. assegnat", Will),
    ("pubblicheremo .. cve", Will),
];

pub(super) const IT_DUE: &[&str] = &["se necessario", "se applicabile", "se opportuno"];

pub(super) const ZH: Table<CveCommitment> = &[
    ("不 .. 申请 .. cve", WillNot),
    ("不 .. 分配 .. cve", WillNot),
    ("可能 .. cve", May),
    ("可以 .. cve", May),
    ("可 .. 申请 .. cve", May),
    ("申请 .. cve", Will),
    ("分配 .. cve", Will),
    ("请求 .. cve", Will),
    ("发布 .. cve", Will),
    ("申請 .. cve", Will),
];

pub(super) const ZH_DUE: &[&str] = &[
    "必要时",
    "如有必要",
    "如适用",
    "如需要",
    "视情况",
    "根据情况",
    "如果适用",
];

pub(super) const JA: Table<CveCommitment> = &[
    ("cve .. ことがあります", May),
    ("cve .. 場合があります", May),
    ("cve .. 申請", Will),
    ("cve .. 取得", Will),
    ("cve .. 採番", Will),
    ("cve .. 発行", Will),
    ("cve .. 割り当て", Will),
];

pub(super) const JA_DUE: &[&str] = &["必要に応じて", "必要な場合", "該当する場合"];
