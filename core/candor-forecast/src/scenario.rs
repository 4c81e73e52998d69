//! One question: this policy, this team, this load. And the world made of it.
//!
//! Invariant: a scenario decides everything; two equal ones give equal results.

use candor_base::{AccountId, Instant, ProgramSlug};
use candor_case::Team as Publishers;
use candor_policy::clocks::{ClockKey, ClockSpec, MetBy};
use candor_policy::model::{ContentKey, Demand, DisclosureKind, StepDemand, StepStage};
use candor_policy::settings::PolicyInForce;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

use crate::load::{Effort, Load};
use crate::num::whole;
use crate::shifts::Rota;
use crate::team::Team;

/// Seconds in an average month.
pub(crate) const MONTH: i64 = 2_629_800;
pub(crate) const DAY: i64 = 86_400;
/// Days that pass before anything counts, so that nobody starts with an empty desk.
pub(crate) const WARM_UP_DAYS: i64 = 30;
/// The most months that are simulated at once.
pub const MOST_MONTHS: u32 = 60;

/// What a team takes up next. Short answers always come before long work.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// Judging before fixing; within each, what falls due first.
    #[default]
    Due,
    /// The gravest first, then what falls due first.
    Severity,
    /// What came in first.
    Received,
}

/// Everything a forecast depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// The promises, and the calendar that they are counted by.
    pub policy: PolicyInForce,
    /// Who works.
    pub team: Team,
    /// What comes in.
    pub load: Load,
    /// How long things take.
    pub effort: Effort,
    /// What is taken up first.
    pub order: Order,
    /// The first day that counts.
    pub start: Date,
    /// How many months.
    pub months: u32,
    /// Names the luck.
    pub seed: u64,
}

impl Scenario {
    /// What is wrong with it, in words; empty when it can be simulated.
    pub fn problems(&self) -> Vec<String> {
        let mut out = self.team.problems();
        out.extend(self.load.problems());
        out.extend(self.effort.problems());
        if !(1..=MOST_MONTHS).contains(&self.months) {
            out.push(format!("Months: 1 to {MOST_MONTHS}."));
        }
        if !(1950..=2150).contains(&self.start.year()) {
            out.push("The first day lies between 1950 and 2150.".to_owned());
        }
        out
    }
}

/// A scenario with everything worked out that all runs share.
#[derive(Debug)]
pub struct World<'a> {
    pub(crate) scenario: &'a Scenario,
    /// Every clock a case can have.
    pub(crate) specs: Vec<ClockSpec>,
    pub(crate) rotas: Vec<Rota>,
    /// When the first report may come in.
    pub(crate) begin: Instant,
    /// What falls due after this counts.
    pub(crate) from: Instant,
    /// What falls due up to this counts.
    pub(crate) until: Instant,
    pub(crate) program: ProgramSlug,
    pub(crate) contents: BTreeSet<ContentKey>,
    /// What an incomplete report lacks, and whether it is mandatory.
    pub(crate) lacks: (ContentKey, bool),
    pub(crate) branches: Vec<String>,
    pub(crate) wants: Wants,
    pub(crate) publishers: Publishers,
    pub(crate) accounts: Vec<AccountId>,
}

/// What this policy demands of the course of a case.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wants {
    pub(crate) plan: bool,
    pub(crate) mitigation: bool,
    pub(crate) communication: bool,
}

impl<'a> World<'a> {
    /// Works out what all runs share.
    pub fn new(scenario: &'a Scenario) -> Self {
        let policy = &scenario.policy;
        let from = policy.calendar().start_of_day(scenario.start);
        let begin = from.plus_seconds(-WARM_UP_DAYS * DAY);
        let until = from.plus_seconds(i64::from(scenario.months).saturating_mul(MONTH));
        let specs = candor_policy::clocks(policy);
        let members = &scenario.team.members;
        let mut rotas: Vec<Rota> = members
            .iter()
            .map(|m| Rota::of_member(m, begin, until))
            .collect();
        if scenario.team.watch {
            rotas.extend(members.first().map(|m| Rota::watch(m, begin, until)));
        }
        let hands = rotas.len();
        World {
            wants: wants(policy, &specs),
            specs,
            rotas,
            begin,
            from,
            until,
            program: ProgramSlug::from_name("forecast"),
            contents: policy.policy.contents.iter().map(|c| c.value.key).collect(),
            lacks: lacks(policy),
            branches: branches(policy),
            publishers: Publishers {
                publishers: u32::try_from(members.len()).unwrap_or(u32::MAX),
            },
            accounts: (1..=u8::MAX)
                .take(hands.max(2))
                .map(|n| AccountId::from_bytes([n; 16]))
                .collect(),
            scenario,
        }
    }

    /// Every clock that a case can have; samples name them by their place in here.
    pub fn clocks(&self) -> &[ClockSpec] {
        &self.specs
    }

    /// The place of a clock in the list of all clocks.
    pub(crate) fn place(&self, key: &ClockKey) -> Option<usize> {
        self.specs.iter().position(|s| s.key == *key)
    }

    /// Hours of work as seconds; at least a minute.
    pub(crate) fn work(hours: f64) -> i64 {
        whole(hours * 3_600.0).max(60)
    }
}

fn wants(policy: &PolicyInForce, specs: &[ClockSpec]) -> Wants {
    let p = &policy.policy;
    let demands = |d: StepDemand| p.steps.iter().any(|s| s.value.demands.contains(&d));
    let mitigations = DisclosureKind::PublishMitigations;
    Wants {
        plan: specs
            .iter()
            .any(|s| matches!(s.met_by, MetBy::PlanMessage | MetBy::ConversationMessage)),
        mitigation: demands(StepDemand::Mitigation)
            || p.disclosure.iter().any(|d| d.value.rule == mitigations),
        communication: p
            .steps
            .iter()
            .any(|s| s.value.stage == StepStage::CommunicationPlan),
    }
}

fn lacks(policy: &PolicyInForce) -> (ContentKey, bool) {
    let contents = &policy.policy.contents;
    let mandatory = contents
        .iter()
        .find(|c| c.value.demand == Demand::Mandatory);
    let any = mandatory.or_else(|| contents.first());
    let key = any.map_or(ContentKey::Steps, |c| c.value.key);
    (key, mandatory.is_some())
}

fn branches(policy: &PolicyInForce) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for branch in candor_policy::branches(policy) {
        let name = branch.label.trim().to_owned();
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() {
        names.push("the product".to_owned());
    }
    names
}
