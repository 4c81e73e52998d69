//! The draft of an advisory as a form: what is typed becomes a draft, a draft
//! becomes what is typed, and what the case knows already is filled in.
//!
//! Invariants: what was typed is never replaced by what the case knows; affected
//! versions and their fixes keep their order, line by line.

use std::collections::BTreeMap;

use candor_access::build::words;
use candor_advisory::{
    AdvisoryDraft, FixDraft, FixKind, ProductDraft, ReferenceDraft, VersionName, VersionRange,
    VersionsDraft, check,
};
use candor_base::{Digest, Finding, Level};
use candor_case::{AdvisoryDraftRef, CaseState, Command, FixRow, FixStatus};
use candor_policy::model::{self, Severity};
use candor_score::SeverityWord;

use super::advisory::product_name;
use crate::app::App;
use crate::engine::Loaded;
use crate::fields::Fields;
use crate::input::{ActError, Fault};
use crate::seal::{Bodies, field_error};

/// Fields of the draft form.
const FIELDS: [&str; 17] = [
    "title",
    "summary",
    "details",
    "product",
    "purl",
    "affected",
    "fixed",
    "severity",
    "cvss",
    "cve",
    "cwe",
    "mitigation",
    "none_known",
    "references",
    "no_fix_reason",
    "fix_kind",
    "rebuild",
];

/// Stands in "Fixed in" for a line of affected versions without a fix.
const NO_FIX: &str = "-";

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
    let (affected, fixed) = (fields.lines("affected").len(), fields.lines("fixed").len());
    if affected > 0 && fixed > affected {
        return Err(field_error(
            "fixed",
            "There are more fixed versions than lines of affected versions. Give the affected \
             versions of each branch a line of their own, in the same order.",
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
        cve: draft.cve.trim().parse().ok(),
        has_cve: !draft.cve.trim().is_empty(),
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
            purl: fields.get("purl").to_owned(),
            affected: versions(fields),
            ..ProductDraft::default()
        }],
        severity: fields.severity("severity")?.map(word),
        cvss: owned(fields.lines("cvss")),
        cve: fields.get("cve").to_owned(),
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
/// a fixed version (none, or a dash) takes the reason, when one is given.
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
                Some(version) if *version != NO_FIX => FixDraft::In((*version).to_owned()),
                _ if !reason.is_empty() => FixDraft::NotPlanned(reason.to_owned()),
                _ => FixDraft::Open,
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

/// One fixed version a line, a dash where there is none before another one.
fn fixed_lines(fixed: &[Option<String>]) -> String {
    let last = fixed.iter().rposition(Option::is_some).map_or(0, |i| i + 1);
    let lines = fixed.iter().take(last);
    let lines: Vec<&str> = lines.map(|v| v.as_deref().unwrap_or(NO_FIX)).collect();
    lines.join("\n")
}

/// The version that a branch was released as.
fn released(row: &FixRow) -> Option<String> {
    match &row.status {
        FixStatus::Released { version } => {
            let found = VersionName::in_words(version);
            Some(found.map_or_else(|| version.clone(), |v| v.to_string()))
        }
        _ => None,
    }
}

/// The released versions for so many lines of affected versions: branch by branch
/// when there are as many branches, else in the order of the releases.
fn releases(state: &CaseState, lines: usize) -> Vec<Option<String>> {
    let affected = |row: &&FixRow| row.status != FixStatus::NotAffected;
    let rows: Vec<Option<String>> = state.fixes.iter().filter(affected).map(released).collect();
    if rows.len() == lines {
        rows
    } else {
        rows.into_iter().flatten().map(Some).collect()
    }
}

/// Affected versions as they were judged; where none were named, the branches, if
/// their names can be read as versions.
fn affected(state: &CaseState) -> Vec<String> {
    let judged = state.assessment.as_ref();
    let judged = judged.map(|(a, _, _)| a.affected_versions.clone());
    if let Some(judged) = judged.filter(|v| !v.is_empty()) {
        return judged;
    }
    let rows = state.fixes.iter();
    let rows = rows.filter(|row| row.status != FixStatus::NotAffected);
    let names: Vec<String> = rows.map(|row| row.branch.clone()).collect();
    let readable = names.iter().all(|b| b.parse::<VersionRange>().is_ok());
    if readable { names } else { Vec::new() }
}

/// Fills in the versions released since the draft was saved, where it has no answer;
/// says so when it did.
pub(super) fn take_over_releases(
    draft: &AdvisoryDraft,
    state: &CaseState,
    values: &mut BTreeMap<String, String>,
) -> Option<Finding> {
    let rows = &draft.products.first()?.affected;
    let known = releases(state, rows.len());
    let mut taken = Vec::new();
    let mut fixed = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        fixed.push(match &row.fix {
            FixDraft::In(version) => Some(version.clone()),
            FixDraft::Open => {
                let version = known.get(i).cloned().flatten();
                taken.extend(version.clone());
                version
            }
            FixDraft::NotPlanned(_) | FixDraft::NotYet(_) => None,
        });
    }
    if taken.is_empty() {
        return None;
    }
    values.insert("fixed".to_owned(), fixed_lines(&fixed));
    Some(Finding {
        code: "release-taken-over".to_owned(),
        level: Level::Note,
        span: None,
        message: format!("Released since this draft was saved: {}.", taken.join(", ")),
        help: "It stands in \"Fixed in\" now. Save the draft to keep it.".to_owned(),
    })
}

impl App {
    /// What the case knows already, for a draft that was not saved yet.
    pub(super) fn suggested(&self, loaded: &Loaded) -> Result<BTreeMap<String, String>, Fault> {
        let s = &loaded.state;
        let mut out = BTreeMap::new();
        let mut set = |name: &str, text: String| {
            if !text.is_empty() {
                out.insert(name.to_owned(), text);
            }
        };
        set("product", product_name(loaded));
        let affected = affected(s);
        set("affected", affected.join("\n"));
        set("fixed", fixed_lines(&releases(s, affected.len())));
        if let Some((a, _, _)) = &s.assessment {
            set("cvss", a.cvss.clone().unwrap_or_default());
            let severity = a.severity.map(|s| word(s).as_str().to_owned());
            set("severity", severity.unwrap_or_default());
        }
        let wont_fix = s.fixes.iter().find_map(|row| match &row.status {
            FixStatus::WontFix { reason } => Some(reason),
            _ => None,
        });
        if let Some(reason) = wont_fix {
            set("no_fix_reason", self.text(loaded, &reason.blob)?);
        }
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
}

/// The form of a saved draft.
pub(super) fn values(draft: &AdvisoryDraft) -> BTreeMap<String, String> {
    let product = draft.products.first();
    let rows = || product.into_iter().flat_map(|p| &p.affected);
    let affected: Vec<&str> = rows().map(|r| r.versions.as_str()).collect();
    let fixed: Vec<Option<String>> = rows()
        .map(|r| match &r.fix {
            FixDraft::In(version) => Some(version.clone()),
            _ => None,
        })
        .collect();
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
        ("affected", affected.join("\n")),
        ("purl", product.map(|p| p.purl.clone()).unwrap_or_default()),
        ("fixed", fixed_lines(&fixed)),
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
        ("cve", draft.cve.clone()),
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
