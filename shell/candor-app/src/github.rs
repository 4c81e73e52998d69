//! The repositories of the programs on GitHub, asked at intervals (S0-14, S2-05, S4-09).
//!
//! Invariants: what is filed there becomes a case once, however often it is seen; nothing is
//! forgotten because one advisory cannot be taken; where GitHub asks for patience, nothing is
//! asked of it until then; what was seen last is written down only when it changed.
//!
//! Deliberately absent: asking by HTTP (a port does it), and publishing on GitHub
//! (`github_out`).

use std::collections::BTreeMap;

use candor_access::build::{self, ForgeChannel};
use candor_access::view::ClauseLine;
use candor_base::{Instant, ProgramSlug, Sensitive};
use candor_github::read_one;
use candor_policy::PolicyInForce;
use candor_policy::model::{ChannelKind, OutletKind};
use candor_ports::{Forge, ForgeError, Store, StoreError};
use serde::{Deserialize, Serialize};

use crate::app::{App, lock};
use crate::input::{ActError, Fault, GithubOutcome};

/// What is remembered of each repository while the server runs; can be lost at any time.
pub(crate) type Asked = BTreeMap<ProgramSlug, Turn>;

/// How it stands between two rounds.
#[derive(Debug, Default)]
pub(crate) struct Turn {
    /// What GitHub gave with a list that was taken in as a whole.
    mark: Option<String>,
    /// GitHub asked not to be asked before.
    not_before: Option<Instant>,
}

/// How a repository stands. Its shape is stored: fields are only ever added.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GithubState {
    /// Anybody can report privately there; `None` where GitHub does not say.
    pub takes_reports: Option<bool>,
    /// Why it could not be asked last, for the operator.
    pub trouble: Option<String>,
    /// Advisories of the last list that could not become cases.
    #[serde(default)]
    pub not_taken: u32,
}

fn state_key(program: &ProgramSlug) -> String {
    format!("github-state/{program}")
}

/// How the repository of a program stood when it was asked last; `None` when it never was.
///
/// # Errors
/// The data cannot be read.
pub fn github_state(
    store: &dyn Store,
    program: &ProgramSlug,
) -> Result<Option<GithubState>, StoreError> {
    let kept = store.setting(&state_key(program))?;
    Ok(kept.and_then(|kept| serde_json::from_str(&kept).ok()))
}

impl App {
    /// How the repository of a program stood when it was asked last; `None` when it never was.
    ///
    /// # Errors
    /// No such program, or the data cannot be read.
    pub fn github_state(&self, slug: &str) -> Result<Option<GithubState>, ActError> {
        let program: ProgramSlug = slug.parse().map_err(|_| ActError::NotFound)?;
        Ok(github_state(self.store(), &program).map_err(Fault::from)?)
    }

    /// Asks GitHub about every repository whose turn it is; gives how many new cases there are.
    ///
    /// # Errors
    /// Something inside broke. That GitHub gives no answer is none: it is written down.
    pub fn ask_github(&self) -> Result<u32, Fault> {
        let Some(forge) = self.forge.as_deref() else {
            return Ok(0);
        };
        let mut new = 0_u32;
        for program in forge.programs() {
            if self.is_stopping() {
                break;
            }
            if self.program(&program)?.is_some() && self.is_turn_of(&program) {
                new = new.saturating_add(self.ask_about(forge, &program)?);
            }
        }
        Ok(new)
    }

    fn is_turn_of(&self, program: &ProgramSlug) -> bool {
        let asked = lock(&self.asked_github);
        let until = asked.get(program).and_then(|turn| turn.not_before);
        until.is_none_or(|until| until <= self.now())
    }

    fn ask_about(&self, forge: &dyn Forge, program: &ProgramSlug) -> Result<u32, Fault> {
        let before = github_state(self.store(), program)?.unwrap_or_default();
        let mut state = GithubState {
            trouble: None,
            ..before.clone()
        };
        let mut new = 0;
        let answered = forge
            .takes_reports(program)
            .map(|on| state.takes_reports = on)
            .and_then(|()| {
                let mark = lock(&self.asked_github)
                    .get(program)
                    .and_then(|turn| turn.mark.clone());
                forge.advisories(program, mark.as_deref())
            });
        match answered {
            Ok(None) => {}
            Ok(Some(listing)) => {
                (new, state.not_taken) = self.take_listed(program, &listing.advisories)?;
                // Only now: what was not taken in as a whole is asked for again.
                lock(&self.asked_github)
                    .entry(program.clone())
                    .or_default()
                    .mark = listing.mark;
            }
            Err(ForgeError::Wait { seconds }) => {
                let until = self.now().plus_seconds(i64::from(seconds));
                lock(&self.asked_github)
                    .entry(program.clone())
                    .or_default()
                    .not_before = Some(until);
                tracing::info!(%program, seconds, "GitHub asks for patience");
            }
            Err(why) => state.trouble = Some(why.to_string()),
        }
        if state != before {
            if let Some(why) = &state.trouble {
                tracing::warn!(%program, %why, "GitHub could not be asked");
            }
            self.keep(&state_key(program), Some(&state))?;
        }
        Ok(new)
    }

    /// Takes in what was listed; gives how many new cases there are, and how many advisories
    /// could not be taken.
    fn take_listed(
        &self,
        program: &ProgramSlug,
        listed: &[Sensitive<String>],
    ) -> Result<(u32, u32), Fault> {
        let (mut new, mut not_taken) = (0_u32, 0_u32);
        // The one changed last comes first; cases are made in the order in which it happened.
        for raw in listed.iter().rev() {
            let taken = read_one(raw.reveal().as_bytes())
                .ok()
                .map(|entry| self.found_on_github(program.as_str(), &entry));
            match taken {
                Some(Ok(import)) if import.outcome == GithubOutcome::New => {
                    new = new.saturating_add(1);
                }
                Some(Ok(_)) => {}
                Some(Err(ActError::Fault(fault))) => return Err(fault),
                // Its text stays out of the log.
                Some(Err(_)) | None => not_taken = not_taken.saturating_add(1),
            }
        }
        if not_taken > 0 {
            tracing::warn!(%program, not_taken, "advisories on GitHub could not become cases");
        }
        Ok((new, not_taken))
    }

    /// The channel on GitHub as it stands; `None` where nobody asks GitHub, or it does not say.
    fn forge_channel(&self, program: &ProgramSlug) -> Result<Option<ForgeChannel>, Fault> {
        let page = self.forge.as_deref().and_then(|f| f.report_page(program));
        let Some(link) = page else {
            return Ok(None);
        };
        let state = github_state(self.store(), program)?;
        let on = state.and_then(|state| state.takes_reports);
        Ok(on.map(|on| ForgeChannel { link, on }))
    }

    /// The ways to report, with what is known of the one on GitHub.
    pub(crate) fn channels_now(
        &self,
        program: &ProgramSlug,
        policy: &PolicyInForce,
        as_written: Vec<ClauseLine>,
    ) -> Result<Vec<ClauseLine>, Fault> {
        Ok(match self.forge_channel(program)? {
            Some(known) => build::channels(policy, Some(&known)),
            None => as_written,
        })
    }

    /// The clauses about GitHub that this server runs by itself: reports that become cases, and
    /// advisories that are published there.
    pub(crate) fn github_run(&self, program: &ProgramSlug, policy: &PolicyInForce) -> Vec<String> {
        let forge = self.forge.as_deref();
        if forge.is_none_or(|forge| forge.report_page(program).is_none()) {
            return Vec::new();
        }
        let channels = policy.policy.channels.iter();
        let channels = channels.filter(|c| c.value.kind == ChannelKind::GithubAdvisory);
        let outlets = policy.policy.outlets.iter();
        let outlets = outlets.filter(|c| c.value.kind == OutletKind::GithubAdvisory);
        let channels = channels.map(|c| c.id.to_string());
        channels.chain(outlets.map(|c| c.id.to_string())).collect()
    }
}
