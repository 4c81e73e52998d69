//! Public documents: advisories, CSAF, Atom, thanks.
//!
//! Invariant: everything here is made from publications alone, so that nothing
//! of an unpublished case can be reached; of a published one only the places of
//! others' advisories, and of its own on GitHub, are read.

use candor_access::build::words;
use candor_access::view::{AdvisoryCard, PublicFile, ThanksLine};
use candor_advisory::{Advisory, Link, atom, to_cyclonedx, to_openvex, to_osv};
use candor_base::{CaseRef, ProgramSlug};
use candor_case::{CaseState, OutletAnswer};
use candor_ports::Publication;

use crate::app::App;
use crate::desk::stored;
use crate::github_out::id_of;
use crate::input::{ActError, Fault};
use crate::programs::{InForce, public_file};

impl App {
    fn card_of(
        &self,
        publication: &Publication,
        advisory: &Advisory,
        in_force: &InForce,
    ) -> AdvisoryCard {
        AdvisoryCard {
            id: publication.id.clone(),
            title: advisory.content.title.to_string(),
            severity: Some(advisory.content.severity.to_string()),
            published: words::when(
                publication.published,
                self.now(),
                &in_force.policy.calendar(),
            ),
        }
    }

    /// The publication that is meant.
    fn published_one(
        &self,
        slug: &ProgramSlug,
        meant: impl FnMut(&Publication) -> bool,
    ) -> Result<Publication, ActError> {
        let all = self.store().publications(slug)?;
        all.into_iter().find(meant).ok_or(ActError::NotFound)
    }

    /// Published advisories, newest first.
    pub fn advisories(&self, slug: &str) -> Result<Vec<AdvisoryCard>, ActError> {
        let (slug, in_force) = self.known_program(slug)?;
        let mut out = Vec::new();
        for publication in self.store().publications(&slug)? {
            out.push(self.card_of(&publication, &stored(&publication)?, &in_force));
        }
        Ok(out)
    }

    /// One published advisory.
    pub fn advisory(&self, slug: &str, id: &str) -> Result<(AdvisoryCard, Advisory), ActError> {
        let (slug, in_force) = self.known_program(slug)?;
        let publication = self.published_one(&slug, |p| p.id == id)?;
        let advisory = stored(&publication)?;
        Ok((self.card_of(&publication, &advisory, &in_force), advisory))
    }

    /// Own advisories of vendors and distributors about the same, linked when they came
    /// (S4-37).
    pub fn advisories_of_others(&self, slug: &str, id: &str) -> Result<Vec<String>, ActError> {
        let state = self.public_case(slug, id)?;
        Ok(state.map_or_else(Vec::new, |s| {
            s.advisories_of_others().map(str::to_owned).collect()
        }))
    }

    /// Where the project published this advisory on GitHub, once that was answered with a link.
    pub fn advisory_elsewhere(&self, slug: &str, id: &str) -> Result<Vec<String>, ActError> {
        let state = self.public_case(slug, id)?;
        let answers = state.iter().flat_map(|s| s.outlets.values());
        let links = answers.filter_map(|answer| match answer {
            OutletAnswer::Sent { link } => link.clone(),
            OutletAnswer::Waived { .. } => None,
        });
        // People write links; only a plain one to an advisory is shown.
        let plain = links.filter_map(|link| link.parse::<Link>().ok());
        let plain = plain.map(|link| link.to_string());
        Ok(plain.filter(|link| id_of(link).is_some()).collect())
    }

    /// The case behind the id of an advisory, once that is public.
    fn public_case(&self, slug: &str, id: &str) -> Result<Option<CaseState>, ActError> {
        let (slug, _) = self.known_program(slug)?;
        let Some(case) = case_of(id).map(|r| self.store().find(&slug, &r)) else {
            return Ok(None);
        };
        let loaded = match case? {
            Some(case) => self.load(&slug, &case)?,
            None => None,
        };
        let state = loaded.map(|l| l.state);
        Ok(state.filter(|s| s.advisory.published.is_some()))
    }

    /// A CSAF file by its name.
    pub fn csaf(&self, slug: &str, file_name: &str) -> Result<PublicFile, ActError> {
        let (slug, _) = self.known_program(slug)?;
        let publication = self.published_one(&slug, |p| p.csaf_name == file_name)?;
        Ok(public_file(
            "application/json",
            publication.csaf.into_bytes(),
        ))
    }

    /// One published advisory in a form for machines, by the name of its file:
    /// `osv.json`, `openvex.json` or `cyclonedx.json`. An unknown name is not found.
    pub fn advisory_file(&self, slug: &str, id: &str, file: &str) -> Result<PublicFile, ActError> {
        let (slug, _) = self.known_program(slug)?;
        let publication = self.published_one(&slug, |p| p.id == id)?;
        let advisory = stored(&publication)?;
        let page = format!("{}/advisories/{}", self.page_of(&slug), publication.id);
        let people = link(&page)?;
        let (media_type, written) = match file {
            "osv.json" => ("application/json", to_osv(&advisory, Some(&people))),
            "openvex.json" => (
                "application/json",
                to_openvex(&advisory, &link(&format!("{page}/{file}"))?),
            ),
            "cyclonedx.json" => (
                "application/vnd.cyclonedx+json; version=1.6",
                to_cyclonedx(&advisory, &people),
            ),
            _ => return Err(ActError::NotFound),
        };
        let written = written.map_err(|e| Fault::inside(format!("{file}: {e}")))?;
        Ok(public_file(media_type, written.text.into_bytes()))
    }

    /// The Atom feed.
    pub fn atom(&self, slug: &str) -> Result<PublicFile, ActError> {
        let (slug, in_force) = self.known_program(slug)?;
        let page = self.page_of(&slug);
        let meta = atom::FeedMeta {
            title: format!("Security advisories of {}", in_force.name),
            author: in_force.name.clone(),
            feed: link(&format!("{page}/feed.atom"))?,
            page: link(&format!("{page}/advisories"))?,
            since: self.created(&slug)?,
        };
        let mut entries = Vec::new();
        for publication in self.store().publications(&slug)? {
            let page = link(&format!("{page}/advisories/{}", publication.id))?;
            entries.extend(atom::entry(&stored(&publication)?, &page));
        }
        let text = atom::feed(&meta, &entries);
        Ok(public_file(
            "application/atom+xml; charset=utf-8",
            text.into_bytes(),
        ))
    }

    fn created(&self, slug: &ProgramSlug) -> Result<candor_base::Instant, Fault> {
        Ok(self
            .program(slug)?
            .map_or_else(|| self.now(), |r| r.created))
    }

    /// Who is thanked, each by consent, newest first.
    pub fn thanks(&self, slug: &str) -> Result<Vec<ThanksLine>, ActError> {
        let (slug, _) = self.known_program(slug)?;
        let mut out = Vec::new();
        for publication in self.store().publications(&slug)? {
            for credit in stored(&publication)?.content.credits {
                let name = credit.name.or(credit.organisation);
                out.extend(name.map(|name| ThanksLine {
                    name: name.to_string(),
                    advisory: publication.id.clone(),
                }));
            }
        }
        Ok(out)
    }
}

fn link(text: &str) -> Result<Link, Fault> {
    text.parse().map_err(|_| Fault {
        person: "This page cannot be made: the public address of this server is wrong.".to_owned(),
        operator: "the public address gives no valid link".to_owned(),
    })
}

/// The case behind the id of an advisory: `TDX-2026-7K3F9QMA` is of `TDX-7K3F-9QMA`.
fn case_of(id: &str) -> Option<CaseRef> {
    let mut parts = id.rsplitn(3, '-');
    let (tag, _year, prefix) = (parts.next()?, parts.next()?, parts.next()?);
    let (first, second) = tag.split_at_checked(4)?;
    format!("{prefix}-{first}-{second}").parse().ok()
}
