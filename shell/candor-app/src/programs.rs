//! Programs: taking up a policy, finding the version in force, public pages of it.
//!
//! Invariants: a policy version is never changed; a case keeps the version it
//! was received under; settings survive a new text.

use std::collections::BTreeSet;
use std::sync::Arc;

use candor_access::build;
use candor_access::view::{PolicyPageView, ProgramCard, PublicFile};
use candor_base::{AccountId, Digest, Finding, Instant, ProgramSlug};
use candor_policy::model::ChannelKind;
use candor_policy::{COMPILER, Change, Policy, PolicyInForce, Settings, diff};
use candor_ports::{
    KeptReading, NewPolicy, PolicyAct, PolicyActKind, ProgramRecord, Role, StoreError,
};

use crate::app::{App, lock, program_card};
use crate::input::{ActError, Fault, ProgramError};
use crate::random;
use crate::versions::changed_meanwhile;

/// A compiled policy version with what goes with it.
#[derive(Debug)]
pub(crate) struct InForce {
    /// The name of the program.
    pub(crate) name: String,
    /// The policy.
    pub(crate) policy: PolicyInForce,
    /// What this version of Candor notices in its text.
    pub(crate) findings: Vec<Finding>,
    /// What this version of Candor reads differently in the text; the policy above is
    /// what was read when it came into force.
    pub(crate) reread: Vec<Change>,
    /// Since when it holds.
    pub(crate) since: Instant,
    /// The text, for a new version with other settings.
    pub(crate) text: Vec<u8>,
    /// File name it came from.
    pub(crate) file: String,
}

/// Where a policy came from.
#[derive(Debug, Clone, Copy)]
pub struct PolicySource<'a> {
    /// Names the program when the text names no product.
    pub hint: &'a str,
    /// The file's own name, without folders.
    pub file_name: &'a str,
    /// Its whole path, of which only a digest is kept; `None` for a text without a file.
    pub path: Option<&'a str>,
}

/// A version to be stored.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Version<'a> {
    /// The name of its program.
    pub(crate) name: &'a str,
    /// The policy.
    pub(crate) policy: &'a PolicyInForce,
    /// Its text.
    pub(crate) text: &'a [u8],
    /// The file it came from.
    pub(crate) file: &'a str,
}

/// What came of a policy file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenUp {
    /// Its program.
    pub card: ProgramCard,
    /// The file is as it was taken up before, and a version published on the desk since
    /// then stays in force.
    pub desk_rules: bool,
    /// This version of Candor reads the text in force otherwise than the one that took it
    /// up; what was read then stays in force.
    pub reads_otherwise: bool,
}

/// The setting that finds the program of a policy file.
fn by_file(origin: &str) -> String {
    format!("policy-file/{origin}")
}

/// The setting that says which text was last taken from a policy file.
fn text_of_file(origin: &str) -> String {
    format!("policy-file-text/{origin}")
}

/// The setting that finds the policy file of a program.
fn by_program(slug: &ProgramSlug) -> String {
    format!("policy-of/{slug}")
}

/// A public file changes at most once a day for its expiry; half a year is well
/// below the year that RFC 9116 advises as the longest.
const EXPIRES_DAYS: i64 = 180;
const DAY: i64 = 86_400;

impl App {
    /// Compiles a policy and makes it the one in force of its program; settings stay.
    /// For a text that came from no file that could be given again.
    pub fn put_program(
        &self,
        slug_hint: &str,
        file_name: &str,
        text: &[u8],
    ) -> Result<ProgramCard, ProgramError> {
        let source = PolicySource {
            hint: slug_hint,
            file_name,
            path: None,
        };
        self.put_program_from(&source, text).map(|taken| taken.card)
    }

    /// The same for a policy file of either form. Its program is found again by the
    /// file, whatever other files are given with it; another file never takes a program
    /// over unnoticed. A file rules when it changed: one that is as it was taken up last
    /// leaves a version in force that the desk published since.
    pub fn put_program_from(
        &self,
        source: &PolicySource<'_>,
        text: &[u8],
    ) -> Result<TakenUp, ProgramError> {
        let given = candor_policy::read_policy(text)
            .map_err(|why| ProgramError::NotAPolicy(why.to_string()))?;
        let compiled = given.compiled;
        let product = compiled.value.product.as_ref().map(|p| p.value.clone());
        let origin = source
            .path
            .map(|p| random::sha256(p.as_bytes()).to_string());
        let remembered = self.program_of_file(origin.as_deref())?;
        let named = product.as_deref().unwrap_or(source.hint);
        let (slug, known) = if let Some(record) = remembered {
            (record.slug.clone(), Some(record))
        } else {
            let slug = ProgramSlug::from_name(named);
            let known = self.program(&slug)?;
            (slug, known)
        };
        let name = match (&product, &known) {
            (None, Some(record)) => record.name.clone(),
            _ => named.to_owned(),
        };
        self.note_source(&slug, origin.as_deref().unwrap_or(source.hint))?;
        let sha = random::sha256(text).to_string();
        let before = match &known {
            Some(record) => Some(self.policy_of(&slug, &record.policy)?),
            None => None,
        };
        if let (Some(before), Some(origin)) = (&before, &origin)
            && before.text != text
            && self.setting(&text_of_file(origin))?.as_deref() == Some(sha.as_str())
        {
            return Ok(TakenUp {
                card: program_card(&slug, before),
                desk_rules: true,
                reads_otherwise: !before.reread.is_empty(),
            });
        }
        let policy = match &before {
            // The same text again: what was read in it stays, and what was set on the desk.
            Some(before) if before.text == text => before.policy.clone(),
            Some(before) => {
                let settings = given.stated.over(&before.policy.settings);
                PolicyInForce::assemble(text, compiled.value, settings)
            }
            None => {
                let settings = given.stated.over(&Settings::default());
                PolicyInForce::assemble(text, compiled.value, settings)
            }
        };
        let changed = known.as_ref().is_none_or(|r| r.policy != policy.digest);
        if changed && product.is_none() {
            self.same_file(&slug, origin.as_deref())?;
        }
        if changed || known.as_ref().is_none_or(|r| r.name != name) {
            let version = Version {
                name: &name,
                policy: &policy,
                text,
                file: source.file_name,
            };
            let by = changed.then_some((PolicyActKind::File, None));
            let over = known.as_ref().map(|r| r.policy);
            if !self.store_version(&slug, &version, over, by)? {
                return Err(Fault::from(StoreError::Conflict).into());
            }
        }
        self.remember_file(&slug, origin.as_deref(), &sha)?;
        if known.is_none() {
            self.give_to_admins(&slug)?;
        }
        let in_force = self.policy_of(&slug, &policy.digest)?;
        Ok(TakenUp {
            card: program_card(&slug, &in_force),
            desk_rules: false,
            reads_otherwise: !in_force.reread.is_empty(),
        })
    }

    fn setting(&self, key: &str) -> Result<Option<String>, Fault> {
        Ok(self.store().setting(key)?)
    }

    /// The program that this file gave its policy before.
    fn program_of_file(&self, origin: Option<&str>) -> Result<Option<ProgramRecord>, Fault> {
        let Some(origin) = origin else {
            return Ok(None);
        };
        let slug = self.store().setting(&by_file(origin))?;
        match slug.and_then(|slug| slug.parse().ok()) {
            Some(slug) => self.program(&slug),
            None => Ok(None),
        }
    }

    fn remember_file(
        &self,
        slug: &ProgramSlug,
        origin: Option<&str>,
        sha: &str,
    ) -> Result<(), Fault> {
        let Some(origin) = origin else {
            return Ok(());
        };
        for (key, value) in [
            (by_file(origin), slug.as_str()),
            (by_program(slug), origin),
            (text_of_file(origin), sha),
        ] {
            if self.store().setting(&key)?.as_deref() != Some(value) {
                self.store().put_setting(&key, Some(value))?;
            }
        }
        Ok(())
    }

    /// A text that names no product has only its file to say whose it is.
    fn same_file(&self, slug: &ProgramSlug, origin: Option<&str>) -> Result<(), ProgramError> {
        let stored = self
            .store()
            .setting(&by_program(slug))
            .map_err(Fault::from)?;
        match (origin, stored) {
            (Some(origin), Some(stored)) if stored != origin => Err(ProgramError::SameName {
                slug: slug.to_string(),
                message: format!(
                    "There is a program \u{201c}{slug}\u{201d} already, with a policy from another \
                     file, and this text does not say whose it is. Nothing was changed. If it is \
                     another project, give its policy a title with the name, such as \u{201c}# \
                     Security policy of NAME\u{201d}, or another file name. If the file only moved, \
                     start once with the old text at the new place."
                ),
            }),
            _ => Ok(()),
        }
    }

    /// Two files of one run that lead to one program would overwrite each other.
    fn note_source(&self, slug: &ProgramSlug, source: &str) -> Result<(), ProgramError> {
        let mut given = lock(&self.given);
        match given.get(slug) {
            Some(other) if other != source => Err(ProgramError::SameName {
                slug: slug.to_string(),
                message: format!(
                    "Two policies lead to one program, \u{201c}{slug}\u{201d}. Each program needs a \
                     name of its own: please change the name in one of them."
                ),
            }),
            _ => {
                given.insert(slug.clone(), source.to_owned());
                Ok(())
            }
        }
    }

    /// Puts a version in force over the one that its author looked at.
    pub(crate) fn replace(
        &self,
        slug: &ProgramSlug,
        version: &Version<'_>,
        over: &InForce,
        by: (PolicyActKind, Option<AccountId>),
    ) -> Result<(), ActError> {
        if self.store_version(slug, version, Some(over.policy.digest), Some(by))? {
            Ok(())
        } else {
            Err(changed_meanwhile())
        }
    }

    /// Stores a version, makes it the one in force and writes down who did it; false, and
    /// nothing done, when another version than `over` is in force.
    fn store_version(
        &self,
        slug: &ProgramSlug,
        version: &Version<'_>,
        over: Option<Digest>,
        by: Option<(PolicyActKind, Option<AccountId>)>,
    ) -> Result<bool, Fault> {
        let now = self.now();
        let Version {
            name,
            policy,
            text,
            file,
        } = *version;
        let act = by.map(|(kind, account)| PolicyAct {
            at: now,
            kind,
            digest: policy.digest,
            account,
        });
        let settings = serde_json::to_string(&policy.settings)
            .map_err(|e| Fault::inside(format!("settings: {e}")))?;
        let reading = policy
            .policy
            .to_reading()
            .map_err(|e| Fault::inside(format!("a reading: {e}")))?;
        let file = file.rsplit(['/', '\\']).next().unwrap_or(file).to_owned();
        let put = self.store().put_program(
            ProgramRecord {
                slug: slug.clone(),
                name: name.to_owned(),
                policy: policy.digest,
                created: now,
            },
            over,
            NewPolicy {
                digest: policy.digest,
                text: text.to_vec(),
                file,
                settings,
                since: now,
                reading: Some(KeptReading {
                    compiler: COMPILER.to_owned(),
                    policy: reading,
                }),
            },
            act,
        );
        // Also where it failed: nobody knows what is stored then.
        self.forget_programs();
        match put {
            Ok(()) => Ok(true),
            Err(StoreError::Conflict) => Ok(false),
            Err(why) => Err(why.into()),
        }
    }

    /// A new program belongs to those who manage the instance, so that somebody can work in it.
    fn give_to_admins(&self, slug: &ProgramSlug) -> Result<(), Fault> {
        for account in self.store().accounts()? {
            if account.admin && account.roles.iter().all(|(program, _)| program != slug) {
                self.store().change_account(&account.id, &|account| {
                    let new = account.admin && account.roles.iter().all(|(p, _)| p != slug);
                    if new {
                        account.roles.push((slug.clone(), Role::Owner));
                    }
                    new
                })?;
            }
        }
        Ok(())
    }

    pub(crate) fn program(&self, slug: &ProgramSlug) -> Result<Option<ProgramRecord>, Fault> {
        let all = self.records()?;
        Ok(all.iter().find(|record| record.slug == *slug).cloned())
    }

    /// A version of a program's policy, compiled.
    pub(crate) fn policy_of(
        &self,
        slug: &ProgramSlug,
        digest: &Digest,
    ) -> Result<Arc<InForce>, Fault> {
        let key = (slug.clone(), *digest);
        if let Some(known) = lock(&self.compiled).get(&key) {
            return Ok(Arc::clone(known));
        }
        let stored = self
            .store()
            .policy(slug, digest)?
            .ok_or_else(|| StoreError::Damaged("a policy version is missing".to_owned()))?;
        let made = Arc::new(self.compile_stored(slug, stored)?);
        let mut cache = lock(&self.compiled);
        // A bound, so that years of policy versions do not fill the memory.
        if cache.len() >= 1_000 {
            cache.clear();
        }
        cache.insert(key, Arc::clone(&made));
        Ok(made)
    }

    fn compile_stored(&self, slug: &ProgramSlug, stored: NewPolicy) -> Result<InForce, Fault> {
        let damaged = |what: &str| Fault::from(StoreError::Damaged(what.to_owned()));
        let settings: Settings = serde_json::from_str(&stored.settings)
            .map_err(|_| damaged("settings of a policy version cannot be read"))?;
        let read = candor_policy::read_policy(&stored.text).map(|read| read.compiled);
        let (policy, findings, reread) = match (&stored.reading, read) {
            // From before readings were kept.
            (None, Ok(read)) => (read.value, read.findings, Vec::new()),
            (None, Err(_)) => return Err(damaged("a stored policy no longer compiles")),
            (Some(kept), read) => {
                let policy = Policy::of_reading(&kept.policy)
                    .map_err(|_| damaged("what was read in a policy cannot be read again"))?;
                match read {
                    Ok(read) => {
                        let reread = diff(&policy, &read.value);
                        (policy, read.findings, reread)
                    }
                    Err(_) => (policy, Vec::new(), Vec::new()),
                }
            }
        };
        let name = self
            .program(slug)?
            .map_or_else(|| slug.to_string(), |record| record.name);
        // The stored digest names this version also when a later release of Candor
        // writes a reading or settings in another order.
        let policy = PolicyInForce {
            digest: stored.digest,
            policy,
            settings,
        };
        Ok(InForce {
            name,
            policy,
            findings,
            reread,
            since: stored.since,
            text: stored.text,
            file: stored.file,
        })
    }

    /// The program of this name in a URL, with its policy in force. A stranger's
    /// name gives the same answer as everything else that is not there.
    pub(crate) fn known_program(
        &self,
        slug: &str,
    ) -> Result<(ProgramSlug, Arc<InForce>), ActError> {
        let slug: ProgramSlug = slug.parse().map_err(|_| ActError::NotFound)?;
        let record = self.program(&slug)?.ok_or(ActError::NotFound)?;
        let policy = self.policy_of(&slug, &record.policy)?;
        Ok((slug, policy))
    }

    /// All programs, by name.
    pub fn programs(&self) -> Result<Vec<ProgramCard>, Fault> {
        let mut out = Vec::new();
        for record in self.records()?.iter() {
            let in_force = self.policy_of(&record.slug, &record.policy)?;
            out.push(program_card(&record.slug, &in_force));
        }
        out.sort_by(|a, b| (a.name.to_lowercase(), &a.slug).cmp(&(b.name.to_lowercase(), &b.slug)));
        Ok(out)
    }

    /// The public policy page.
    pub fn policy_page(&self, slug: &str) -> Result<PolicyPageView, ActError> {
        let (slug, in_force) = self.known_program(slug)?;
        let card = program_card(&slug, &in_force);
        let since = self.since(&slug, &in_force)?;
        let page = build::policy_page(&in_force.policy, &card, since, self.now(), Vec::new());
        self.with_what_runs(&slug, &in_force, page)
    }

    /// What this very server runs is not among what is left to people.
    fn with_what_runs(
        &self,
        slug: &ProgramSlug,
        in_force: &InForce,
        mut page: PolicyPageView,
    ) -> Result<PolicyPageView, ActError> {
        page.key = self.pgp_view(slug)?;
        page.channels = self.channels_now(slug, &in_force.policy, page.channels)?;
        let policy = &in_force.policy.policy;
        let mut run = BTreeSet::new();
        if self.parts.config.mail.takes {
            let mail = policy.channels.iter();
            let mail = mail.filter(|c| c.value.kind == ChannelKind::Email);
            run.extend(mail.map(|c| c.id.to_string()));
        }
        if page.key.is_some() {
            run.extend(policy.encryption.iter().map(|c| c.id.to_string()));
        }
        run.extend(self.github_run(slug, &in_force.policy));
        page.not_yet_run.retain(|line| !run.contains(&line.id));
        Ok(page)
    }

    /// The text of `/.well-known/security.txt` (RFC 9116): of one program, or of
    /// the whole host.
    pub fn security_txt(&self, slug: Option<&str>) -> Result<PublicFile, ActError> {
        let expires = {
            let today = self.now().unix().div_euclid(DAY);
            Instant::from_unix((today + EXPIRES_DAYS) * DAY)
                .map_err(|e| Fault::inside(e.to_string()))?
        };
        let base = &self.parts.config.public_url;
        let of = |slug: &ProgramSlug, policy: &PolicyInForce| {
            let text = candor_policy::security_txt(policy, base, &format!("/p/{slug}"), expires);
            // The key of this server goes before one that the policy names.
            let key = self.pgp_view(slug)?.map(|key| key.address);
            Ok::<_, ActError>(match key {
                Some(key) => {
                    text.replacen("Expires: ", &format!("Encryption: {key}\nExpires: "), 1)
                }
                None => text,
            })
        };
        let text = if let Some(slug) = slug {
            let (slug, in_force) = self.known_program(slug)?;
            let own = format!("Canonical: {}/security.txt\n", self.page_of(&slug));
            of(&slug, &in_force.policy)? + &own
        } else {
            let mut texts = Vec::new();
            for record in self.store().programs()? {
                let in_force = self.policy_of(&record.slug, &record.policy)?;
                texts.push(of(&record.slug, &in_force.policy)?);
            }
            if texts.is_empty() {
                return Err(ActError::NotFound);
            }
            joined(&texts)
        };
        Ok(public_file("text/plain; charset=utf-8", text.into_bytes()))
    }
}

/// One file out of several: each line once, so that `Expires`, `Canonical` and
/// `Preferred-Languages`, which all share, stand there once as the RFC demands.
fn joined(texts: &[String]) -> String {
    let mut out: Vec<&str> = Vec::new();
    for line in texts.iter().flat_map(|t| t.lines()) {
        if !out.contains(&line) {
            out.push(line);
        }
    }
    let mut text = out.join("\n");
    text.push('\n');
    text
}

/// A public file with its strong validator.
pub(crate) fn public_file(media_type: &'static str, body: Vec<u8>) -> PublicFile {
    let hash = random::sha256(&body).to_string();
    let short: String = hash.chars().take(32).collect();
    PublicFile {
        media_type,
        body,
        etag: format!("\"{short}\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_a_host_says_each_thing_once() {
        let texts = [
            "Contact: a\nExpires: x\nPolicy: p\n".to_owned(),
            "Contact: b\nExpires: x\nPolicy: q\n".to_owned(),
        ];
        assert_eq!(
            joined(&texts),
            "Contact: a\nExpires: x\nPolicy: p\nContact: b\nPolicy: q\n"
        );
    }

    #[test]
    fn a_validator_follows_the_bytes() {
        let a = public_file("text/plain", b"a".to_vec());
        assert_ne!(a.etag, public_file("text/plain", b"b".to_vec()).etag);
        assert_eq!(a.etag.len(), 34);
    }
}
