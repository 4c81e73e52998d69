//! The case page: what is shown to the team beside the case itself.

use std::collections::BTreeMap;

use candor_access::build::{self, DeskExtra};
use candor_access::view::{AllowedAct, CasePageView};
use candor_access::{Action, Permit};
use candor_advisory::{changelog_entry, plain_text};
use candor_base::CaseRef;
use candor_case::moves;
use candor_policy::model::{ClauseId, OutletKind};

use super::advisory::stored;
use crate::app::App;
use crate::engine::Loaded;
use crate::input::{ActError, Fault};
use crate::report::FiledIdentity;
use crate::staff::session::StaffSession;

/// Older cases that the page names; any other is found by its reference.
const NAMED: usize = 5;

impl App {
    /// The case page.
    pub fn case_page(
        &self,
        token: &str,
        slug: &str,
        reference: &str,
    ) -> Result<CasePageView, ActError> {
        let staff = self.caller(token)?;
        let permit = self.case_for(&staff, slug, reference, Action::ReadCase)?;
        let loaded = self.loaded(&permit)?;
        self.page_of_case(&staff, &permit, &loaded)
    }

    /// The page of a case that was found already, by the permit to read it.
    pub(crate) fn page_of_case(
        &self,
        staff: &StaffSession,
        permit: &Permit,
        loaded: &Loaded,
    ) -> Result<CasePageView, ActError> {
        // Asked for once: each account has to be opened.
        let mut team = self.store().accounts()?;
        let people = team.iter().map(|a| (a.id, a.name.clone())).collect();
        team.retain(|a| a.roles.iter().any(|(p, _)| *p == loaded.program));
        let gathered = self.gather_among(permit, loaded, people)?;
        let context = self.context_among(loaded, permit.actor(), &team);
        let draft = self.draft_shown(loaded)?;
        let acts = build::acts_of(moves(&loaded.state, &context));
        let extra = DeskExtra {
            owner: staff.may(Action::Settings, &loaded.program).is_ok(),
            team: team.into_iter().map(|a| (a.id, a.name)).collect(),
            identity: self.identity_lines(loaded)?,
            draft_values: draft.values,
            draft_findings: draft.findings,
            draft_preview: draft.preview,
            publish_blocked: publish_blocked(loaded, &acts),
            published: self.published_of(loaded)?.map(|(_, path)| path),
            outlet_texts: self.outlet_texts(loaded)?,
            outlet_note: self.outlet_note(loaded)?,
            moves: acts,
            other_cases: self.older_cases(loaded)?,
            readers: self.readers_of(loaded, &gathered.people)?,
        };
        build::build_case_page(permit, &gathered.material(loaded, self.now()), extra)
            .ok_or(ActError::NotFound)
    }

    /// Who filed the report, in lines for the team.
    fn identity_lines(&self, loaded: &Loaded) -> Result<Vec<(String, String)>, Fault> {
        let identity = self.identity(loaded)?;
        let mut lines = identity.labelled();
        if let Some(key) = self.their_key(loaded, &identity)? {
            lines.push(("OpenPGP key".to_owned(), key.line()));
        }
        Ok(lines)
    }

    /// Who filed the report, as far as they said.
    pub(crate) fn identity(&self, loaded: &Loaded) -> Result<FiledIdentity, Fault> {
        let Some(text) = &loaded.state.facts.identity else {
            return Ok(FiledIdentity::default());
        };
        let json = self.text(loaded, &text.blob)?;
        serde_json::from_str(&json).map_err(|_| Fault::inside("an identity cannot be read"))
    }

    /// Cases this one could be a duplicate of: the newest of those received before it (Q5).
    fn older_cases(&self, loaded: &Loaded) -> Result<Vec<(CaseRef, String)>, Fault> {
        self.listing(&loaded.program, |cases| {
            let older = cases.older_than(loaded.case).take(NAMED);
            older
                .map(|r| (r.reference.clone(), r.title.clone()))
                .collect()
        })
    }

    /// Texts for outlets: only once the advisory is public, so that nothing of it
    /// can be pasted too early (S0-58).
    fn outlet_texts(&self, loaded: &Loaded) -> Result<BTreeMap<ClauseId, String>, Fault> {
        let Some((_, path)) = self.published_of(loaded)? else {
            return Ok(BTreeMap::new());
        };
        let id = path.rsplit('/').next().unwrap_or_default();
        let all = self.store().publications(&loaded.program)?;
        let Some(found) = all.iter().find(|p| p.id == id) else {
            return Ok(BTreeMap::new());
        };
        let advisory = stored(found)?;
        let url = format!("{}{path}", self.parts.config.public_url);
        let text = |kind: OutletKind| match kind {
            OutletKind::Changelog => changelog_entry(&advisory).unwrap_or_default(),
            OutletKind::Chat | OutletKind::Social => {
                format!("{}: {}\n{url}\n", id, advisory.content.title)
            }
            _ => format!("{}\n{url}\n", plain_text(&advisory)),
        };
        let outlets = &loaded.in_force.policy.policy.outlets;
        Ok(outlets
            .iter()
            .map(|c| (c.id.clone(), text(c.value.kind)))
            .collect())
    }
}

/// Why the one who looks cannot publish now: the answer the case itself would give.
fn publish_blocked(loaded: &Loaded, acts: &[AllowedAct]) -> Option<String> {
    loaded.state.advisory.draft.as_ref()?;
    let publish = acts.iter().find(|a| a.act == "publish")?;
    publish.blocked.clone()
}
