//! A case's advisory on GitHub: published there once it is public here (S0-57, S1-34, S4-34).
//!
//! Invariants: nothing is sent before the advisory is public; only a place that the policy names
//! gets it; one that is linked, came from there or was made before is changed and none is made;
//! what a person answered about the place stands; why it is not there yet is said on the desk,
//! with what to do by hand.
//!
//! Deliberately absent: drafts on GitHub before the day, and taking an advisory back there.

use candor_access::{Action, CaseFacts, Principal, permit};
use candor_advisory::{Link, to_github};
use candor_base::{CaseId, ProgramSlug};
use candor_case::{Command, CreditWish, OutletAnswer};
use candor_github::GhsaId;
use candor_policy::model::{ClauseId, OutletKind};
use candor_ports::{
    Forge, ForgeError, ForgePublication, ForgePublished, OutboxLease, OutboxOutcome,
};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::deliver::BACK_OFF;
use crate::desk::stored;
use crate::engine::Loaded;
use crate::input::{ActError, Fault};

/// What is known of a case's advisory on GitHub. Its shape is stored: fields are only ever added.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct There {
    /// Its id, once it was made or found.
    id: Option<String>,
    /// Why it is not there as it should be, for people.
    trouble: Option<String>,
}

fn there_key(case: CaseId) -> String {
    format!("github-advisory/{case}")
}

/// The place in the policy that is an advisory on GitHub, and what was answered about it.
fn outlet(loaded: &Loaded) -> Option<(&ClauseId, Option<&OutletAnswer>)> {
    let outlets = &loaded.in_force.policy.policy.outlets;
    let clause = outlets
        .iter()
        .find(|c| c.value.kind == OutletKind::GithubAdvisory)?;
    Some((&clause.id, loaded.state.outlets.get(&clause.id)))
}

/// The id at the end of a link to an advisory.
pub(crate) fn id_of(link: &str) -> Option<String> {
    let end = link.trim_end_matches('/').rsplit('/').next()?;
    end.parse::<GhsaId>().ok().map(|id| id.to_string())
}

impl App {
    /// Advisories of this program may go to GitHub.
    pub(crate) fn publishes_elsewhere(&self, program: &ProgramSlug) -> bool {
        let forge = self.forge.as_deref();
        forge.is_some_and(|forge| forge.report_page(program).is_some())
    }

    /// Puts the advisory of a case on GitHub, where the policy names that place and GitHub is
    /// asked for the program. Settles the lease.
    pub(crate) fn publish_elsewhere(&self, lease: &OutboxLease) -> Result<(), Fault> {
        let done = |app: &Self| app.settle(lease, OutboxOutcome::Done).map(|_| ());
        let forge = self.forge.as_deref();
        let Some(forge) = forge.filter(|f| f.report_page(&lease.program).is_some()) else {
            return done(self);
        };
        let Some(loaded) = self.load(&lease.program, &lease.case)? else {
            return done(self);
        };
        let Some(outcome) = self.publish_on(forge, &loaded)? else {
            return done(self);
        };
        let code = match outcome {
            Ok(there) => {
                self.answer_for(&loaded, &there)?;
                return done(self);
            }
            Err(ForgeError::Wait { seconds }) => {
                let at = self.now().plus_seconds(i64::from(seconds));
                let code = "github asks for patience".to_owned();
                return self
                    .settle(lease, OutboxOutcome::Retry { at, code })
                    .map(|_| ());
            }
            Err(ForgeError::Transient { code } | ForgeError::Refused { code }) => code,
        };
        tracing::warn!(program = %lease.program, why = %code, "an advisory is not on GitHub yet");
        let mut there = self.there(lease.case)?;
        there.trouble = Some(code);
        self.keep(&there_key(lease.case), Some(&there))?;
        // Somebody may mend the token meanwhile, or publish by hand.
        let tried = usize::try_from(lease.tries).unwrap_or(usize::MAX);
        let code = "github".to_owned();
        let outcome = match BACK_OFF.get(tried) {
            Some(seconds) => OutboxOutcome::Retry {
                at: self.now().plus_seconds(*seconds),
                code,
            },
            None => OutboxOutcome::Dead { code },
        };
        self.settle(lease, outcome).map(|_| ())
    }

    /// What came of it; `None` where there is nothing to do.
    fn publish_on(
        &self,
        forge: &dyn Forge,
        loaded: &Loaded,
    ) -> Result<Option<Result<ForgePublished, ForgeError>>, Fault> {
        let Some((_, answer)) = outlet(loaded) else {
            return Ok(None);
        };
        // The embargo ends with the publication, and no byte leaves before it.
        let publication = self.publication_now(loaded)?;
        let Some(publication) = publication.filter(|_| loaded.state.advisory.is_public()) else {
            return Ok(None);
        };
        let there = self.there(loaded.case)?;
        let linked = match answer {
            Some(OutletAnswer::Waived { .. }) => return Ok(None),
            Some(OutletAnswer::Sent { link }) => {
                let id = link.as_deref().and_then(id_of);
                if id.is_none() {
                    // Somebody announced it there in another way.
                    return Ok(None);
                }
                id
            }
            None => None,
        };
        let from_there = self.id_on_github(loaded.case)?;
        let known = linked.or_else(|| there.id.clone()).or(from_there);
        let page = self.page_of(&loaded.program);
        let page = format!("{page}/advisories/{}", publication.id);
        let link: Link = page
            .parse()
            .map_err(|_| Fault::inside("the page of an advisory is no link"))?;
        let text = to_github(&stored(&publication)?, &link)
            .map_err(|why| Fault::inside(why.to_string()))?
            .text;
        let what = ForgePublication {
            advisory: &text,
            page: &page,
            known: known.as_deref(),
            keep_credits: matches!(loaded.state.credit, CreditWish::Named(_)),
        };
        let outcome = forge.publish(&loaded.program, &what, &mut |id| {
            let made = There {
                id: Some(id.to_owned()),
                trouble: None,
            };
            // Were this lost, it is found by its page.
            if let Err(fault) = self.keep(&there_key(loaded.case), Some(&made)) {
                tracing::error!(why = %fault.operator, "an advisory on GitHub was not noted");
            }
        });
        Ok(Some(outcome))
    }

    /// It stands there: the place is answered with its link.
    fn answer_for(&self, loaded: &Loaded, published: &ForgePublished) -> Result<(), Fault> {
        let there = There {
            id: Some(published.id.clone()),
            trouble: None,
        };
        self.keep(&there_key(loaded.case), Some(&there))?;
        let Some((clause, None)) = outlet(loaded) else {
            return Ok(());
        };
        let facts = CaseFacts::case(loaded.program.clone(), loaded.case);
        let right = permit(&Principal::System, Action::Act("answer_outlet"), &facts)
            .ok_or_else(|| Fault::inside("no permit to answer an outlet"))?;
        let command = Command::AnswerOutlet {
            outlet: clause.clone(),
            answer: OutletAnswer::Sent {
                link: Some(published.page.clone()),
            },
        };
        match self.act(&right, None, &|_, _| Ok(vec![command.clone()])) {
            Err(ActError::Fault(fault)) => Err(fault),
            // Somebody answered for it meanwhile, or the case was closed; it stands there.
            _ => Ok(()),
        }
    }

    /// What the desk says beside the place while it is not answered.
    pub(crate) fn outlet_note(&self, loaded: &Loaded) -> Result<Option<(ClauseId, String)>, Fault> {
        let Some((clause, None)) = outlet(loaded) else {
            return Ok(None);
        };
        if !loaded.state.advisory.is_public() {
            return Ok(None);
        }
        let by_hand = "publish it in the repository by hand, with the text below, and write down \
                       its link here";
        let note = if !self.publishes_elsewhere(&loaded.program) {
            format!("This server does not publish on GitHub for this program: {by_hand}.")
        } else if let Some(why) = self.there(loaded.case)?.trouble {
            format!(
                "It could not be published on GitHub: {why}. This is tried again for about two \
                 days. If that does not help, {by_hand}."
            )
        } else {
            format!(
                "It is being published on GitHub; the link comes by itself within minutes. Where \
                 GitHub was set up only after the publication, {by_hand}."
            )
        };
        Ok(Some((clause.clone(), note)))
    }

    /// An advisory that Candor itself put there is no report.
    pub(crate) fn is_own_advisory(&self, program: &ProgramSlug, text: &str) -> bool {
        text.contains(&format!("{}/advisories/", self.page_of(program)))
    }

    fn there(&self, case: CaseId) -> Result<There, Fault> {
        let kept = self.store().setting(&there_key(case))?;
        Ok(kept
            .and_then(|kept| serde_json::from_str(&kept).ok())
            .unwrap_or_default())
    }

    /// Forgets what is known of the advisory of a case that is erased.
    pub(crate) fn drop_advisory_there(&self, case: CaseId) -> Result<(), Fault> {
        self.keep::<There>(&there_key(case), None)
    }
}
