//! The advisory: showing its draft, publishing it. Its form is in `draft`.
//!
//! Invariants: a draft holds no credit; who is named follows from the reporter's
//! answer at the moment of publication; what is published is exactly the draft
//! whose digest was approved.

use std::collections::BTreeMap;

use candor_advisory::{
    Advisory, AdvisoryDraft, AdvisoryId, CreditDraft, CreditKind, CsafPlace, Issue, Link,
    Publisher, PublisherCategory, Revision, Status, check, csaf_filename, finish, plain_text,
    to_csaf,
};
use candor_base::{Finding, Instant, Level, Line, Refusal, RefusalCode};
use candor_case::{AttackFact, CaseState, CreditWish};
use candor_ports::{Publication, StoreError};

use super::draft;
use crate::app::App;
use crate::engine::Loaded;
use crate::input::{ActError, Fault};
use crate::times;

pub(super) fn product_name(loaded: &Loaded) -> String {
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
        let Some(saved) = self.draft(loaded)? else {
            return Ok(DraftShown {
                values: self.suggested(loaded)?,
                ..DraftShown::default()
            });
        };
        let mut values = draft::values(&saved);
        let mut findings = check(&saved);
        if !loaded.state.advisory.is_public() {
            findings.extend(draft::take_over_releases(
                &saved,
                &loaded.state,
                &mut values,
            ));
        }
        Ok(DraftShown {
            values,
            findings,
            preview: self.preview(loaded, saved, true)?,
        })
    }

    /// The draft as plain text, as it would read: what is public as it was published,
    /// anything else without a date for what has not happened.
    fn preview(
        &self,
        loaded: &Loaded,
        draft: AdvisoryDraft,
        thanks: bool,
    ) -> Result<String, Fault> {
        let published = match loaded.state.advisory.published {
            Some(at) => self.publication_of(loaded, at)?,
            None => None,
        };
        let published = published.as_ref().map(stored).transpose()?;
        if let (Some(advisory), true) = (&published, loaded.state.advisory.is_public()) {
            return Ok(plain_text(advisory));
        }
        let mut draft = self.with_credit(loaded, &loaded.state, draft)?;
        if !thanks {
            draft.credits.clear();
        }
        let before = published.map_or_else(Vec::new, |a| a.issue.revisions);
        // Later than the last revision, also within its second.
        let after = before.last().map(|r| r.date.plus_seconds(1));
        let at = after.map_or_else(|| self.now(), |after| after.max(self.now()));
        let issue = self.issue(loaded, at, Status::Draft, before)?;
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
        draft.map(|d| self.preview(loaded, d, true)).transpose()
    }

    /// What another party reads of the draft: nobody is named to it before the day (CR-4).
    pub(crate) fn draft_for_party(&self, loaded: &Loaded) -> Result<Option<String>, Fault> {
        if loaded.state.advisory.published.is_some() {
            return Ok(None);
        }
        let draft = self.draft(loaded)?;
        draft.map(|d| self.preview(loaded, d, false)).transpose()
    }

    /// Adds who is thanked: a reporter who asked to be named, and others who agreed (CR-1).
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
                kind: kind_of(state.credit_kind),
            });
        }
        for other in &state.credits {
            draft.credits.push(CreditDraft {
                name: self.text(loaded, &other.name.blob)?,
                organisation: String::new(),
                link: String::new(),
                kind: kind_of(other.kind),
            });
        }
        for linked in state.around.also_reported() {
            let CreditWish::Named(name) = &linked.credit else {
                continue;
            };
            let name = self.text(loaded, &name.blob)?;
            // Whoever wrote twice is thanked once.
            if !draft.credits.iter().any(|c| c.name == name) {
                draft.credits.push(CreditDraft {
                    name,
                    organisation: String::new(),
                    link: String::new(),
                    kind: CreditKind::Reporter,
                });
            }
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
        let before = self.publication_of(loaded, at)?;
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

    /// What was published of this case, at this moment at the latest.
    fn publication_of(&self, loaded: &Loaded, at: Instant) -> Result<Option<Publication>, Fault> {
        let id = advisory_id(loaded, at);
        let all = self.store().publications(&loaded.program)?;
        Ok(all.into_iter().find(|p| p.id == id.as_str()))
    }

    /// What was published of a case, once it was.
    pub(crate) fn publication_now(&self, loaded: &Loaded) -> Result<Option<Publication>, Fault> {
        let at = loaded.state.advisory.published;
        at.map_or(Ok(None), |at| self.publication_of(loaded, at))
    }

    /// Title and path of the advisory of a case, once it is public.
    pub(crate) fn published_of(&self, loaded: &Loaded) -> Result<Option<(String, String)>, Fault> {
        let Some(found) = self.publication_now(loaded)? else {
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

/// The kind of a credit, as an advisory names it.
const fn kind_of(kind: candor_case::CreditKind) -> CreditKind {
    use candor_case::CreditKind as Case;
    match kind {
        Case::Finder => CreditKind::Finder,
        Case::Reporter => CreditKind::Reporter,
        Case::Analyst => CreditKind::Analyst,
        Case::Coordinator => CreditKind::Coordinator,
        Case::RemediationDeveloper => CreditKind::RemediationDeveloper,
        Case::RemediationReviewer => CreditKind::RemediationReviewer,
        Case::RemediationVerifier => CreditKind::RemediationVerifier,
        Case::Tool => CreditKind::Tool,
        Case::Sponsor => CreditKind::Sponsor,
        Case::Other => CreditKind::Other,
    }
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
