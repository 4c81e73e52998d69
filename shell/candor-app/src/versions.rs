//! Versions of a policy: looking at a new one, publishing it, its history, its review.
//!
//! Invariants: only what was shown is published, and only over the version it was
//! compared with; who did it is written down with it; a case keeps its version, so
//! that nothing here touches one.
//!
//! Deliberately absent: policy files of the operator (`programs`), settings.

use std::collections::BTreeMap;

use candor_access::build;
use candor_access::view::{
    ChangeView, FieldError, PolicyDeskView, PolicyHistoryView, PolicyPageView, PolicyPreviewView,
    RereadView, VersionLine,
};
use candor_base::{AccountId, Digest, Instant, ProgramSlug};
use candor_policy::{
    Change, PolicyInForce, ReadPolicy, Settings, diff, diff_settings, lint, questions, read_policy,
    text_of,
};
use candor_ports::{PolicyAct, PolicyActKind};

use crate::app::{App, program_card};
use crate::input::{ActError, Fault};
use crate::listing::Listing;
use crate::programs::{InForce, Version};
use crate::random;

/// A policy text as an owner sends it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PolicyInput {
    /// The text.
    pub text: Vec<u8>,
    /// The file's own name, when it came as one.
    pub file: String,
    /// With the answer to a preview: SHA-256 of the text that was shown.
    pub sha256: String,
    /// With the answer to a preview: the version it was compared with.
    pub base: String,
}

/// A text that can be published, with what it becomes.
struct Ready {
    text: String,
    read: ReadPolicy,
    policy: PolicyInForce,
}

impl Ready {
    /// Nothing would change: the text is in force already, and it is read the same.
    fn same(&self, in_force: &InForce) -> bool {
        self.text.as_bytes() == in_force.text && in_force.reread.is_empty()
    }
}

/// What this version of Candor reads in the text that is in force, and the one that took
/// it up did not.
fn reread(in_force: &InForce) -> Option<RereadView> {
    let text = text_of(&in_force.text).ok()?;
    (!in_force.reread.is_empty()).then(|| RereadView {
        changes: in_force.reread.iter().map(change_view).collect(),
        text: plain(&text),
        file: in_force.file.clone(),
    })
}

/// Two people were at it at once: the second is told, and nothing of the first is lost.
pub(crate) fn changed_meanwhile() -> ActError {
    wrong(
        "",
        "Somebody else changed the policy or its settings in the meantime. Nothing was changed \
         by you. Please open the page anew, look at what is in force now, and try again.",
    )
}

fn wrong(field: &str, message: impl Into<String>) -> ActError {
    ActError::Fields(vec![FieldError {
        field: field.to_owned(),
        message: message.into(),
    }])
}

impl App {
    /// Since when a version is in force: a version that came back counts from then.
    pub(crate) fn since(&self, slug: &ProgramSlug, in_force: &InForce) -> Result<Instant, Fault> {
        let acts = self.store().policy_acts(slug)?;
        let last = acts.iter().rfind(|a| a.digest == in_force.policy.digest);
        Ok(last.map_or(in_force.since, |act| act.at))
    }

    /// The policy page of an owner: findings, questions, every version.
    pub fn policy_desk(&self, token: &str, slug: &str) -> Result<PolicyDeskView, ActError> {
        let owned = self.owned(token, slug)?;
        let page = self.owner_policy_page(token, slug)?;
        let (slug, in_force) = self.known_program(owned.as_str())?;
        Ok(PolicyDeskView {
            page,
            questions: questions(&in_force.policy),
            versions: self.version_lines(&slug, &in_force, true)?,
            reviewed: in_force.policy.policy.review.is_some(),
            base: in_force.policy.digest.to_string(),
            reread: reread(&in_force),
        })
    }

    /// What a new text would change, before anything is changed.
    pub fn preview_policy(
        &self,
        token: &str,
        slug: &str,
        input: &PolicyInput,
    ) -> Result<PolicyPreviewView, ActError> {
        let slug = self.owned(token, slug)?;
        let (slug, in_force) = self.known_program(slug.as_str())?;
        let ready = self.ready(input, &in_force)?;
        let new = &ready.policy;
        let mut changes = diff(&in_force.policy.policy, &new.policy);
        changes.extend(diff_settings(&in_force.policy.settings, &new.settings));
        let product = new.policy.product.as_ref().map(|p| p.value.clone());
        let (open_cases, _) = self.listing(&slug, Listing::not_closed)?;
        Ok(PolicyPreviewView {
            program: program_card(&slug, &in_force),
            promises: build::promise_views(new),
            changes: changes.iter().map(change_view).collect(),
            findings: lint(&new.policy, ready.read.compiled.findings.clone()),
            other_name: product.filter(|name| *name != in_force.name),
            open_cases,
            same: ready.same(&in_force),
            sha256: random::sha256(ready.text.as_bytes()).to_string(),
            text: ready.text,
            file: file_name(&input.file),
            base: in_force.policy.digest.to_string(),
        })
    }

    /// Publishes a text that was shown in a preview; gives a sentence that says so.
    pub fn publish_policy(
        &self,
        token: &str,
        slug: &str,
        input: &PolicyInput,
    ) -> Result<String, ActError> {
        let (slug, account) = self.fresh_owner(token, slug)?;
        let (slug, in_force) = self.known_program(slug.as_str())?;
        let ready = self.ready(input, &in_force)?;
        if random::sha256(ready.text.as_bytes()).to_string() != input.sha256 {
            return Err(wrong(
                "text",
                "The text is not the one that was shown. Nothing was changed; please look at it again.",
            ));
        }
        if in_force.policy.digest.to_string() != input.base {
            return Err(changed_meanwhile());
        }
        if ready.same(&in_force) {
            return Ok("This text is in force already. Nothing was changed.".to_owned());
        }
        let product = ready.policy.policy.product.as_ref();
        let version = Version {
            name: product.map_or(in_force.name.as_str(), |p| p.value.as_str()),
            policy: &ready.policy,
            text: ready.text.as_bytes(),
            file: &file_name(&input.file),
        };
        let by = (PolicyActKind::Published, Some(account));
        self.replace(&slug, &version, &in_force, by)?;
        self.recount_open_cases(&slug, &in_force.policy, &ready.policy)?;
        Ok(
            "The new version is in force. It holds for reports that come in from now on; every \
             other case keeps the version it came under."
                .to_owned(),
        )
    }

    /// Writes down that the policy was reviewed and stays as it is.
    /// `base` is the version that was read.
    pub fn policy_reviewed(&self, token: &str, slug: &str, base: &str) -> Result<String, ActError> {
        let (slug, account) = self.owner(token, slug)?;
        let (slug, in_force) = self.known_program(slug.as_str())?;
        let old = &in_force.policy;
        if old.policy.review.is_none() {
            return Err(wrong("", "The policy does not promise to be reviewed."));
        }
        let settings = Settings {
            last_review: Some(old.calendar().local_date(self.now())),
            ..old.settings.clone()
        };
        let policy = PolicyInForce::assemble(&in_force.text, old.policy.clone(), settings);
        if policy.settings == old.settings {
            return Ok("A review of today is written down already.".to_owned());
        }
        if old.digest.to_string() != base {
            return Err(changed_meanwhile());
        }
        let version = Version {
            name: &in_force.name,
            policy: &policy,
            text: &in_force.text,
            file: &in_force.file,
        };
        let by = (PolicyActKind::Reviewed, Some(account));
        self.replace(&slug, &version, &in_force, by)?;
        Ok("Thank you. The review is written down, with your name and the day.".to_owned())
    }

    /// Every version of a policy, for anybody.
    pub fn policy_history(&self, slug: &str) -> Result<PolicyHistoryView, ActError> {
        let (slug, in_force) = self.known_program(slug)?;
        Ok(PolicyHistoryView {
            versions: self.version_lines(&slug, &in_force, false)?,
            program: program_card(&slug, &in_force),
        })
    }

    /// A version of a policy, for anybody: what the text says. Addresses that the owner
    /// set then are left out; they may have been taken back since.
    pub fn policy_version(&self, slug: &str, digest: &str) -> Result<PolicyPageView, ActError> {
        let digest: Digest = digest.parse().map_err(|_| ActError::NotFound)?;
        let (slug, in_force) = self.known_program(slug)?;
        let lines = self.version_lines(&slug, &in_force, false)?;
        let name = digest.to_string();
        let line = lines
            .into_iter()
            .find(|line| line.digest == name)
            .ok_or(ActError::NotFound)?;
        let found = self.policy_of(&slug, &digest)?;
        let kept = &found.policy.settings;
        let shown = PolicyInForce {
            settings: Settings {
                zone: kept.zone.clone(),
                workweek: kept.workweek,
                holidays: kept.holidays.clone(),
                holiday_regions: kept.holiday_regions.clone(),
                working_days: kept.working_days.clone(),
                working_hours: kept.working_hours,
                cutoff: kept.cutoff,
                nonbusiness_receipt: kept.nonbusiness_receipt,
                response_means: kept.response_means,
                last_review: kept.last_review,
                ..Settings::default()
            },
            ..found.policy.clone()
        };
        let card = program_card(&slug, &in_force);
        let mut page = build::policy_page(&shown, &card, line.from.at, self.now(), Vec::new());
        page.review = page.review.filter(|_| line.until.is_none());
        page.past = line.until.map(|until| {
            format!(
                "This version was in force from {} until {}. It holds for reports that came in \
                 then. A newer version is in force now.",
                line.from.words, until.words
            )
        });
        Ok(page)
    }

    /// The text as UTF-8 with plain line feeds, compiled, with the settings it would get.
    fn ready(&self, input: &PolicyInput, in_force: &InForce) -> Result<Ready, ActError> {
        if input.text.iter().all(u8::is_ascii_whitespace) {
            return Err(wrong("text", "Paste the new text, or choose its file."));
        }
        let cannot =
            |why: &dyn std::fmt::Display| wrong("text", format!("This cannot be used: {why}."));
        let text = plain(&text_of(&input.text).map_err(|why| cannot(&why))?);
        let read = read_policy(text.as_bytes()).map_err(|why| cannot(&why))?;
        let old = &in_force.policy;
        let mut settings = read.stated.over(&old.settings);
        if read.compiled.value.review.is_some() {
            // Whoever publishes a new text has read it.
            settings.last_review = Some(old.calendar().local_date(self.now()));
        }
        let policy =
            PolicyInForce::assemble(text.as_bytes(), read.compiled.value.clone(), settings);
        Ok(Ready { text, read, policy })
    }

    /// The versions, the newest first; who made them only where that may be seen.
    fn version_lines(
        &self,
        slug: &ProgramSlug,
        in_force: &InForce,
        names: bool,
    ) -> Result<Vec<VersionLine>, Fault> {
        let acts = self.store().policy_acts(slug)?;
        let people = if names {
            self.names()?
        } else {
            BTreeMap::new()
        };
        let calendar = in_force.policy.calendar();
        let when = |at| build::words::when(at, self.now(), &calendar);
        let ends = acts.iter().skip(1).map(|next| Some(next.at)).chain([None]);
        let mut lines: Vec<VersionLine> = acts
            .iter()
            .zip(ends)
            .map(|(act, until)| VersionLine {
                digest: act.digest.to_string(),
                version: act.digest.to_string().chars().take(12).collect(),
                from: when(act.at),
                until: until.map(when),
                what: what(act.kind),
                by: names.then(|| who(act, &people)),
            })
            .collect();
        lines.reverse();
        Ok(lines)
    }
}

fn what(kind: PolicyActKind) -> &'static str {
    match kind {
        PolicyActKind::File => "taken up from a file",
        PolicyActKind::Published => "a new text, published on the desk",
        PolicyActKind::Settings => "other settings of the owner",
        PolicyActKind::Reviewed => "reviewed, the text stays as it is",
    }
}

fn who(act: &PolicyAct, people: &BTreeMap<AccountId, String>) -> String {
    match act.account {
        None => "the operator".to_owned(),
        Some(id) => people
            .get(&id)
            .cloned()
            .unwrap_or_else(|| "somebody who is gone".to_owned()),
    }
}

fn change_view(change: &Change) -> ChangeView {
    ChangeView {
        what: change.what.clone(),
        old: change.old.as_ref().map(|side| side.text.clone()),
        new: change.new.as_ref().map(|side| side.text.clone()),
        effect: change.effect.word(),
        places: change.places(),
    }
}

/// A name for the file: what was sent without folders, else the usual one.
fn file_name(sent: &str) -> String {
    let name: String = sent
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .chars()
        .filter(|c| !c.is_control())
        .take(100)
        .collect();
    let name = name.trim();
    if name.is_empty() {
        "SECURITY.md".to_owned()
    } else {
        name.to_owned()
    }
}

/// A text that a form can carry and give back unchanged: line feeds only.
fn plain(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}
