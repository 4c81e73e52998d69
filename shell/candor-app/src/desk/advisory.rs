//! The advisory: saving a draft, showing it, publishing it.
//!
//! Invariants: a draft holds no credit; who is named follows from the reporter's
//! answer at the moment of publication; what is published is exactly the draft
//! whose digest was approved.

use std::collections::BTreeMap;

use candor_access::build::words;
use candor_advisory::{
    Advisory, AdvisoryDraft, AdvisoryId, CreditDraft, CreditKind, CsafPlace, FixDraft, FixKind,
    Issue, Link, ProductDraft, Publisher, PublisherCategory, ReferenceDraft, Revision, Status,
    VersionsDraft, check, csaf_filename, finish, plain_text, to_csaf,
};
use candor_base::{Digest, Finding, Instant, Level, Line, Refusal, RefusalCode};
use candor_case::{AdvisoryDraftRef, AttackFact, CaseState, Command, CreditWish, FixStatus};
use candor_policy::model::{self, Severity};
use candor_ports::{Publication, StoreError};
use candor_score::SeverityWord;

use crate::app::App;
use crate::engine::Loaded;
use crate::fields::Fields;
use crate::input::{ActError, Fault};
use crate::seal::{Bodies, field_error};
use crate::times;

/// Fields of the draft form.
const FIELDS: [&str; 15] = [
    "title",
    "summary",
    "details",
    "product",
    "affected",
    "fixed",
    "severity",
    "cvss",
    "cwe",
    "mitigation",
    "none_known",
    "references",
    "no_fix_reason",
    "fix_kind",
    "rebuild",
];

/// The digest of a draft, as a form names it.
pub(super) fn digest(fields: &Fields) -> Result<Digest, ActError> {
    fields
        .get("draft")
        .parse()
        .map_err(|_| field_error("draft", "There is no draft yet. Save one first."))
}

/// Saves the draft as typed; what is missing is noted, not refused. The reporter sees
/// every saved draft, so one that says nothing at all is none.
pub(super) fn save(
    fields: &Fields,
    loaded: &Loaded,
    bodies: &Bodies<'_>,
) -> Result<Command, ActError> {
    for name in FIELDS {
        if fields.get(name).chars().count() > candor_base::Body::MAX {
            return Err(field_error(name, "This text is too long."));
        }
    }
    if fields.get("title").is_empty() && fields.get("summary").is_empty() {
        return Err(field_error(
            "title",
            "Write a title or a summary first. The reporter sees the draft once it is saved.",
        ));
    }
    let draft = typed(fields, loaded)?;
    let mut missing: Vec<String> = check(&draft)
        .into_iter()
        .filter(|f| f.level == Level::Error)
        .map(|f| f.code)
        .collect();
    missing.dedup();
    let json = serde_json::to_string(&draft).map_err(|e| Fault::inside(format!("draft: {e}")))?;
    Ok(Command::SaveDraft(AdvisoryDraftRef {
        text: bodies.raw_text(&json),
        has_mitigation: !draft.mitigation.trim().is_empty() || draft.no_mitigation_known,
        missing,
    }))
}

fn typed(fields: &Fields, loaded: &Loaded) -> Result<AdvisoryDraft, ActError> {
    let product = match fields.get("product") {
        "" => product_name(loaded),
        name => name.to_owned(),
    };
    Ok(AdvisoryDraft {
        title: fields.get("title").to_owned(),
        summary: fields.get("summary").to_owned(),
        details: fields.get("details").to_owned(),
        products: vec![ProductDraft {
            name: product,
            affected: versions(fields),
            ..ProductDraft::default()
        }],
        severity: fields.severity("severity")?.map(word),
        cvss: owned(fields.lines("cvss")),
        cwe: fields.get("cwe").to_owned(),
        fix_kind: match fields.get("fix_kind") {
            "patch" => Some(FixKind::Patch),
            "dependency_update" => Some(FixKind::DependencyUpdate),
            "mitigation" => Some(FixKind::Mitigation),
            _ => None,
        },
        mitigation: fields.get("mitigation").to_owned(),
        no_mitigation_known: fields.is_on("none_known") && fields.get("mitigation").is_empty(),
        rebuild: fields.get("rebuild").to_owned(),
        references: fields
            .lines("references")
            .into_iter()
            .map(reference)
            .collect(),
        ..AdvisoryDraft::default()
    })
}

fn owned(lines: Vec<&str>) -> Vec<String> {
    lines.into_iter().map(str::to_owned).collect()
}

/// Affected versions and fixed ones belong together line by line; a line without
/// a fixed version takes the reason, when one is given.
fn versions(fields: &Fields) -> Vec<VersionsDraft> {
    let fixed = fields.lines("fixed");
    let reason = fields.get("no_fix_reason");
    fields
        .lines("affected")
        .into_iter()
        .enumerate()
        .map(|(i, versions)| VersionsDraft {
            versions: versions.to_owned(),
            fix: match fixed.get(i) {
                Some(version) => FixDraft::In((*version).to_owned()),
                None if !reason.is_empty() => FixDraft::NotPlanned(reason.to_owned()),
                None => FixDraft::Open,
            },
        })
        .collect()
}

fn reference(line: &str) -> ReferenceDraft {
    let (url, summary) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    ReferenceDraft {
        url: url.to_owned(),
        summary: summary.trim().to_owned(),
    }
}

fn word(severity: Severity) -> SeverityWord {
    match severity {
        Severity::Low => SeverityWord::Low,
        Severity::Medium => SeverityWord::Medium,
        Severity::High => SeverityWord::High,
        Severity::Critical => SeverityWord::Critical,
    }
}

fn product_name(loaded: &Loaded) -> String {
    let product = loaded.in_force.policy.policy.product.as_ref();
    product.map_or_else(|| loaded.in_force.name.clone(), |c| c.value.clone())
}

/// A draft as the case page shows it.
#[derive(Debug, Default)]
pub(super) struct DraftShown {
    pub(super) values: BTreeMap<String, String>,
    pub(super) findings: Vec<Finding>,
    pub(super) preview: String,
}

impl App {
    /// The draft of a case, when one was saved.
    fn draft(&self, loaded: &Loaded) -> Result<Option<AdvisoryDraft>, Fault> {
        let Some(saved) = &loaded.state.advisory.draft else {
            return Ok(None);
        };
        let json = self.text(loaded, &saved.text.blob)?;
        let draft = serde_json::from_str(&json)
            .map_err(|_| StoreError::Damaged("a draft cannot be read".to_owned()))?;
        Ok(Some(draft))
    }

    /// The draft for editing; where there is none, what the case knows already.
    pub(super) fn draft_shown(&self, loaded: &Loaded) -> Result<DraftShown, Fault> {
        let Some(draft) = self.draft(loaded)? else {
            return Ok(DraftShown {
                values: self.suggested(loaded)?,
                ..DraftShown::default()
            });
        };
        Ok(DraftShown {
            values: values(&draft),
            findings: check(&draft),
            preview: self.preview(loaded, draft)?,
        })
    }

    fn suggested(&self, loaded: &Loaded) -> Result<BTreeMap<String, String>, Fault> {
        let s = &loaded.state;
        let mut out = BTreeMap::new();
        let mut set = |name: &str, text: String| {
            if !text.is_empty() {
                out.insert(name.to_owned(), text);
            }
        };
        set("product", product_name(loaded));
        if let Some((a, _, _)) = &s.assessment {
            set("affected", a.affected_versions.join("\n"));
            set("cvss", a.cvss.clone().unwrap_or_default());
            let severity = a.severity.map(|s| word(s).as_str().to_owned());
            set("severity", severity.unwrap_or_default());
        }
        let fixed: Vec<&str> = s
            .fixes
            .iter()
            .filter_map(|row| match &row.status {
                FixStatus::Released { version } => Some(version.as_str()),
                _ => None,
            })
            .collect();
        set("fixed", fixed.join("\n"));
        if let Some(row) = s.fixes.first() {
            set("fix_kind", words::fix_kind(row.kind).to_owned());
        }
        match &s.mitigation {
            Some(Some(text)) => set("mitigation", self.text(loaded, &text.blob)?),
            Some(None) => set("none_known", "on".to_owned()),
            None => {}
        }
        Ok(out)
    }

    /// The draft as plain text, as it would read.
    fn preview(&self, loaded: &Loaded, draft: AdvisoryDraft) -> Result<String, Fault> {
        let draft = self.with_credit(loaded, &loaded.state, draft)?;
        let issue = self.issue(loaded, self.now(), Status::Draft, Vec::new())?;
        Ok(match finish(&draft, issue) {
            Ok(advisory) => plain_text(&advisory),
            Err(_) => format!(
                "DRAFT, not complete\n\n{}\n\n{}\n\n{}\n",
                draft.title, draft.summary, draft.details
            ),
        })
    }

    /// What the reporter reads of the draft (CR-5).
    pub(crate) fn draft_for_reporter(&self, loaded: &Loaded) -> Result<Option<String>, Fault> {
        if loaded.state.advisory.published.is_some() {
            return Ok(None);
        }
        let draft = self.draft(loaded)?;
        draft.map(|d| self.preview(loaded, d)).transpose()
    }

    /// Adds who is thanked: only a reporter who asked to be named (CR-1).
    fn with_credit(
        &self,
        loaded: &Loaded,
        state: &CaseState,
        mut draft: AdvisoryDraft,
    ) -> Result<AdvisoryDraft, Fault> {
        draft.credits.clear();
        if let CreditWish::Named(name) = &state.credit {
            draft.credits.push(CreditDraft {
                name: self.text(loaded, &name.blob)?,
                organisation: String::new(),
                link: String::new(),
                kind: CreditKind::Reporter,
            });
        }
        if draft.exploitation.trim().is_empty() {
            exploitation(state).clone_into(&mut draft.exploitation);
        }
        Ok(draft)
    }

    fn issue(
        &self,
        loaded: &Loaded,
        at: Instant,
        status: Status,
        before: Vec<Revision>,
    ) -> Result<Issue, Fault> {
        let settings = &loaded.in_force.policy.settings;
        let wrong = |what: &str| Fault::inside(format!("publisher: {what}"));
        let name = settings.publisher.clone();
        let name = name.unwrap_or_else(|| product_name(loaded));
        let namespace = settings.namespace.clone();
        let namespace = namespace.unwrap_or_else(|| self.page_of(&loaded.program));
        let number = u32::try_from(before.len()).unwrap_or(u32::MAX);
        let summary = if before.is_empty() {
            "First published."
        } else {
            "Changed."
        };
        let mut revisions = before;
        revisions.push(Revision {
            number: number.saturating_add(1),
            date: at,
            summary: Line::new(summary).map_err(|_| wrong("revision"))?,
        });
        Ok(Issue {
            id: advisory_id(loaded, at),
            publisher: Publisher {
                name: Line::new(&name).map_err(|_| wrong("name"))?,
                namespace: namespace.parse().map_err(|_| wrong("namespace"))?,
                category: PublisherCategory::Vendor,
            },
            status,
            reported: None,
            revisions,
        })
    }

    /// What a publication makes public.
    pub(crate) fn compose(
        &self,
        loaded: &Loaded,
        state: &CaseState,
        at: Instant,
    ) -> Result<Publication, ActError> {
        let draft = self.draft(loaded)?.ok_or_else(|| {
            Refusal::new(
                RefusalCode::AdvisoryIncomplete,
                "There is no advisory to publish.",
            )
        })?;
        let draft = self.with_credit(loaded, state, draft)?;
        let id = advisory_id(loaded, at);
        let all = self.store().publications(&loaded.program)?;
        let before = all.into_iter().find(|p| p.id == id.as_str());
        let revisions = match &before {
            Some(old) => stored(old)?.issue.revisions,
            None => Vec::new(),
        };
        let issue = self.issue(loaded, at, Status::Final, revisions)?;
        let advisory = finish(&draft, issue).map_err(|findings| incomplete(&findings))?;
        let csaf_name = csaf_filename(&advisory.issue.id);
        let place = self.csaf_place(loaded, &advisory, &csaf_name);
        Ok(Publication {
            id: advisory.issue.id.as_str().to_owned(),
            published: before.map_or(at, |old| old.published),
            updated: at,
            csaf: to_csaf(&advisory, &place).map_err(|e| Fault::inside(format!("csaf: {e}")))?,
            advisory: serde_json::to_string(&advisory)
                .map_err(|e| Fault::inside(format!("advisory: {e}")))?,
            csaf_name,
        })
    }

    fn csaf_place(&self, loaded: &Loaded, advisory: &Advisory, file: &str) -> CsafPlace {
        let page = self.page_of(&loaded.program);
        let year = advisory
            .published()
            .map_or(0, |at| times::year(at, &loaded.in_force.policy.calendar()));
        let link = |text: String| text.parse::<Link>().ok();
        CsafPlace {
            document: link(format!("{page}/csaf/{year}/{file}")),
            page: link(format!("{page}/advisories/{}", advisory.issue.id.as_str())),
        }
    }

    /// Title and path of the advisory of a case, once it is public.
    pub(crate) fn published_of(&self, loaded: &Loaded) -> Result<Option<(String, String)>, Fault> {
        let Some(at) = loaded.state.advisory.published else {
            return Ok(None);
        };
        let id = advisory_id(loaded, at);
        let all = self.store().publications(&loaded.program)?;
        let Some(found) = all.into_iter().find(|p| p.id == id.as_str()) else {
            return Ok(None);
        };
        let title = stored(&found)?.content.title.to_string();
        Ok(Some((
            title,
            format!("/p/{}/advisories/{}", loaded.program, found.id),
        )))
    }
}

/// The id keeps the year of the first publication.
fn advisory_id(loaded: &Loaded, at: Instant) -> AdvisoryId {
    let first = loaded.state.advisory.published.unwrap_or(at);
    let year = times::year(first, &loaded.in_force.policy.calendar());
    AdvisoryId::of_case(&loaded.state.facts.reference, year)
}

/// A publication as it was stored.
pub(crate) fn stored(publication: &Publication) -> Result<Advisory, Fault> {
    serde_json::from_str(&publication.advisory)
        .map_err(|_| StoreError::Damaged("an advisory cannot be read".to_owned()).into())
}

fn incomplete(findings: &[Finding]) -> Refusal {
    let wrong: Vec<&str> = findings
        .iter()
        .filter(|f| f.level == Level::Error)
        .map(|f| f.message.as_str())
        .collect();
    Refusal::new(
        RefusalCode::AdvisoryIncomplete,
        format!("The advisory is not complete: {}", wrong.join(" ")),
    )
    .instead("complete the draft and have it approved again")
}

/// What the recorded facts say about attacks (domain rules, section 5.4).
fn exploitation(state: &CaseState) -> &'static str {
    let has = |fact| state.attack_facts.contains_key(&fact);
    if has(AttackFact::AttacksObserved) {
        "Attacks that use this vulnerability were observed."
    } else if has(AttackFact::ExploitPublic) {
        "An exploit for this vulnerability is public."
    } else {
        ""
    }
}

fn values(draft: &AdvisoryDraft) -> BTreeMap<String, String> {
    let product = draft.products.first();
    let rows = || product.into_iter().flat_map(|p| &p.affected);
    let lines = |pick: fn(&VersionsDraft) -> Option<String>| {
        rows().filter_map(pick).collect::<Vec<_>>().join("\n")
    };
    let references: Vec<String> = draft
        .references
        .iter()
        .map(|r| format!("{} {}", r.url, r.summary).trim().to_owned())
        .collect();
    let kind = draft.fix_kind.map(|kind| match kind {
        FixKind::Patch => model::FixKind::Patch,
        FixKind::DependencyUpdate => model::FixKind::DependencyUpdate,
        FixKind::Mitigation => model::FixKind::Mitigation,
    });
    let all = [
        ("title", draft.title.clone()),
        ("summary", draft.summary.clone()),
        ("details", draft.details.clone()),
        (
            "product",
            product.map(|p| p.name.clone()).unwrap_or_default(),
        ),
        ("affected", lines(|r| Some(r.versions.clone()))),
        (
            "fixed",
            lines(|r| match &r.fix {
                FixDraft::In(version) => Some(version.clone()),
                _ => None,
            }),
        ),
        (
            "no_fix_reason",
            rows()
                .find_map(|r| match &r.fix {
                    FixDraft::NotPlanned(reason) => Some(reason.clone()),
                    _ => None,
                })
                .unwrap_or_default(),
        ),
        (
            "severity",
            draft
                .severity
                .map(|s| s.as_str().to_owned())
                .unwrap_or_default(),
        ),
        ("cvss", draft.cvss.join("\n")),
        ("cwe", draft.cwe.clone()),
        ("mitigation", draft.mitigation.clone()),
        (
            "none_known",
            if draft.no_mitigation_known { "on" } else { "" }.to_owned(),
        ),
        ("references", references.join("\n")),
        (
            "fix_kind",
            kind.map(|k| words::fix_kind(k).to_owned())
                .unwrap_or_default(),
        ),
        ("rebuild", draft.rebuild.clone()),
    ];
    all.into_iter()
        .map(|(name, text)| (name.to_owned(), text))
        .collect()
}
