//! Reports of the same matter: the older case knows the later ones and their credit, a
//! later one hears when the older one ends.
//!
//! Invariants: what is done here can be done again without effect; an act that makes
//! it necessary stores a wake instant with itself, so that a crash in between only
//! delays it. No text and no reference of one case is ever shown in the other's room.

use candor_access::{Action, CaseFacts, Permit, Principal, permit};
use candor_base::{CaseId, Instant, ProgramSlug};
use candor_case::{
    Aside, CaseState, Command, CreditWish, Event, LinkedReport, OriginalNews, Recorded, next_wakeup,
};
use candor_policy::PolicyInForce;

use crate::app::App;
use crate::engine::Loaded;
use crate::input::{ActError, Fault};

/// Duplicates of duplicates are followed so far.
const LONGEST_CHAIN: usize = 20;

/// When a case is looked at next: at once where other cases must hear of what happened.
pub(crate) fn wake(
    state: &CaseState,
    events: &[Recorded],
    policy: &PolicyInForce,
    now: Instant,
) -> Option<Instant> {
    let own = next_wakeup(state, policy);
    let told = events.iter().any(|r| {
        matches!(
            r.event,
            Event::MarkedDuplicate { .. }
                | Event::CreditChosen { .. }
                | Event::Reopened { .. }
                | Event::Published { .. }
                | Event::Closed { .. }
        )
    });
    let others = state.duplicate_of.is_some()
        || !state.around.linked.is_empty()
        || events
            .iter()
            .any(|r| matches!(r.event, Event::Reopened { .. }));
    if told && others {
        Some(own.map_or(now, |at| at.min(now)))
    } else {
        own
    }
}

impl App {
    /// After an act that other cases must hear of. What fails now is done by the clocks.
    pub(crate) fn link_after(&self, act: &str, permit: &Permit) {
        if !matches!(
            act,
            "mark_duplicate" | "choose_credit" | "reopen" | "publish" | "close"
        ) {
            return;
        }
        if let Err(fault) = self.link_up(permit) {
            tracing::warn!(why = %fault.operator, "a link between cases was not settled yet");
        }
    }

    /// Brings a case and those it is linked with into line.
    pub(crate) fn link_up(&self, permit: &Permit) -> Result<(), Fault> {
        let Some(case) = permit.case() else {
            return Ok(());
        };
        let Some(loaded) = self.load(permit.program(), &case)? else {
            return Ok(());
        };
        self.as_duplicate(&loaded)?;
        for linked in loaded.state.around.linked.iter().filter(|l| l.stands) {
            if let Some(later) = self.load(&loaded.program, &linked.case)? {
                self.as_duplicate(&later)?;
            }
        }
        Ok(())
    }

    /// The case at the end of a chain of duplicates.
    pub(crate) fn oldest_of(&self, from: Loaded) -> Result<Loaded, Fault> {
        let mut at = from;
        for _ in 0..LONGEST_CHAIN {
            let Some((of, _)) = &at.state.duplicate_of else {
                break;
            };
            match self.load(&at.program, of)? {
                Some(older) => at = older,
                None => break,
            }
        }
        Ok(at)
    }

    /// Tells the older case of this one, and this one how the older one ended.
    fn as_duplicate(&self, later: &Loaded) -> Result<(), Fault> {
        let standing = later.state.duplicate_of.as_ref().map(|(of, _)| *of);
        let mut before: Vec<CaseId> = Vec::new();
        for r in &later.events {
            if let Event::MarkedDuplicate { of, .. } = &r.event
                && Some(*of) != standing
                && !before.contains(of)
            {
                before.push(*of);
            }
        }
        for of in before {
            self.tell_older(later, of, false)?;
        }
        let Some(of) = standing else { return Ok(()) };
        self.tell_older(later, of, true)?;
        let Some(older) = self.load(&later.program, &of)? else {
            return Ok(());
        };
        let oldest = self.oldest_of(older)?;
        if oldest.case != of && oldest.case != later.case {
            // The older case turned out to be a duplicate itself: the name goes on with it.
            self.tell_older(later, oldest.case, true)?;
        }
        let Some(news) = news_of(&oldest.state) else {
            return Ok(());
        };
        if later.state.around.original == Some(news) {
            return Ok(());
        }
        self.tell_later(&later.program, later.case, "follow_original", || {
            Command::Aside(Aside::FollowOriginal { news })
        })
    }

    fn tell_older(&self, later: &Loaded, of: CaseId, stands: bool) -> Result<(), Fault> {
        let Some(older) = self.load(&later.program, &of)? else {
            return Ok(());
        };
        let known = older.state.around.linked.iter();
        let known = known.clone().find(|l| l.case == later.case);
        if known.is_none() && !stands {
            return Ok(());
        }
        let name = match (&later.state.credit, stands) {
            (CreditWish::Named(name), true) => Some(self.text(later, &name.blob)?),
            _ => None,
        };
        let facts = CaseFacts::case(older.program.clone(), of);
        let right = system(Action::Act("link_report"), &facts)?;
        let done = self.act(&right, None, &|_, bodies| {
            let credit = match (&later.state.credit, &name) {
                (_, Some(name)) => CreditWish::Named(bodies.raw_text(name)),
                (CreditWish::Anonymous, None) if stands => CreditWish::Anonymous,
                _ => CreditWish::NotAnswered,
            };
            Ok(vec![Command::Aside(Aside::LinkReport(LinkedReport {
                case: later.case,
                reference: later.state.facts.reference.clone(),
                received: later.state.received,
                credit,
                stands,
            }))])
        });
        settled(done.map(|_| ()))
    }

    fn tell_later(
        &self,
        program: &ProgramSlug,
        case: CaseId,
        act: &'static str,
        command: impl Fn() -> Command,
    ) -> Result<(), Fault> {
        let right = system(Action::Act(act), &CaseFacts::case(program.clone(), case))?;
        let done = self.act(&right, None, &|_, _| Ok(vec![command()]));
        settled(done.map(|_| ()))
    }

    /// Title and path of the advisory that a reporter may read: of the own case, or of
    /// the older one once it is public.
    pub(crate) fn advisory_for_reporter(
        &self,
        loaded: &Loaded,
    ) -> Result<Option<(String, String)>, Fault> {
        let told = loaded.state.around.original == Some(OriginalNews::Published);
        let Some((of, _)) = loaded.state.duplicate_of.as_ref().filter(|_| told) else {
            return self.published_of(loaded);
        };
        match self.load(&loaded.program, of)? {
            Some(older) => {
                let oldest = self.oldest_of(older)?;
                self.published_of(&oldest)
            }
            None => Ok(None),
        }
    }
}

/// How an older case ended, when it did.
fn news_of(oldest: &CaseState) -> Option<OriginalNews> {
    if oldest.advisory.published.is_some() {
        Some(OriginalNews::Published)
    } else if oldest.closed.is_some() {
        Some(OriginalNews::EndedUnpublished)
    } else {
        None
    }
}

fn system(action: Action, facts: &CaseFacts) -> Result<Permit, Fault> {
    permit(&Principal::System, action, facts)
        .ok_or_else(|| Fault::inside("no permit for a link between cases"))
}

/// A refusal means that the case went on in the meantime; the next look settles it.
fn settled(done: Result<(), ActError>) -> Result<(), Fault> {
    match done {
        Err(ActError::Fault(fault)) => Err(fault),
        _ => Ok(()),
    }
}
