//! The words of one language for what a project does with a report and for its reporters:
//! the process, disclosure, credit, money, safe harbour, CVE ids and limits.
//!
//! Deliberately absent: the words themselves; they stand in one table per language.

use super::Table;
use crate::model::{
    Act, CveAssigner, CveCommitment, DisclaimerKind, EarlyCause, LateCause, Protection,
};

/// Tables of one language. A language may leave any of them empty.
pub(crate) struct RuleWords {
    /// Disclosure by that name: coordinated, responsible.
    pub(crate) coordinated: &'static [&'static str],
    /// Full disclosure by that name.
    pub(crate) full: &'static [&'static str],
    /// A time until disclosure that is spoken of as a rule.
    pub(crate) schedules: &'static [&'static str],
    /// Words that look like the former and are not.
    pub(crate) not_coordinated: &'static [&'static str],
    /// Making something public.
    pub(crate) public: &'static [&'static str],
    /// Asking somebody to keep still.
    pub(crate) hold: &'static [&'static str],
    /// "until", "once": what comes first stands behind them.
    pub(crate) gates: &'static [&'static str],
    /// "before": what comes later stands behind them.
    pub(crate) before: &'static [&'static str],
    /// The problem is fixed, a date is agreed.
    pub(crate) fixed: &'static [&'static str],
    /// Time that a reporter is asked for.
    pub(crate) time_to_fix: &'static [&'static str],
    /// Sooner than usual.
    pub(crate) sooner: &'static [&'static str],
    /// Causes that count beside a word of `sooner`.
    pub(crate) early: Table<EarlyCause>,
    /// Whole phrases for "sooner in this case".
    pub(crate) early_alone: Table<EarlyCause>,
    /// Later than usual.
    pub(crate) later: &'static [&'static str],
    /// Causes that count beside a word of `later`.
    pub(crate) late: Table<LateCause>,
    /// Whole phrases for "later in this case".
    pub(crate) late_alone: Table<LateCause>,
    /// What is done with a report; entries without an act take words away from the others.
    pub(crate) acts: Table<Option<Act>>,
    /// Headings that announce a process.
    pub(crate) places: &'static [&'static str],
    /// Sentences that lead into a process.
    pub(crate) process_leads: &'static [&'static str],
    /// Headings that announce a process or what else a list may be, such as times.
    pub(crate) loose_places: &'static [&'static str],
    /// Headings that are stages, by their beginning.
    pub(crate) stage_headings: &'static [&'static str],
    /// One thing comes after another.
    pub(crate) chains: &'static [&'static str],
    /// Sentences that ask or forbid, and tell no act of the project.
    pub(crate) asks: &'static [&'static str],
    /// Credit and who stays unnamed.
    pub(crate) credit: Table<CreditWord>,
    /// Protections of a safe harbour, over an item and its lead-in.
    pub(crate) harbour: Table<Protection>,
    /// Granting a safe harbour by that name.
    pub(crate) grants: &'static [&'static str],
    /// Money for reports.
    pub(crate) bounty: Table<BountyWord>,
    /// Sees to a CVE id or not.
    pub(crate) cve: Table<CveCommitment>,
    /// Only where it is due.
    pub(crate) where_due: &'static [&'static str],
    /// Who gives CVE ids.
    pub(crate) assigners: Table<CveAssigner>,
    /// Limits of what is promised.
    pub(crate) limits: Table<DisclaimerKind>,
    /// The policy is looked over: every so many months.
    pub(crate) reviews: Table<u32>,
}

/// What words about credit mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CreditWord {
    /// Credit is given.
    Given,
    /// Credit is given, and the reporter chooses.
    Chosen,
    /// The reporter agrees; counts beside `Given` only.
    Consent,
    /// Not for those who prefer to stay unnamed; counts beside `Given` only.
    Unless,
    /// Only for valid reports; counts beside `Given` only.
    ValidOnly,
    /// On a page that lists reporters.
    Hall,
    /// A reporter may stay unnamed, whether there is credit or not.
    Unnamed,
    /// There is none, or other people are thanked.
    Not,
}

/// What words about money mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BountyWord {
    /// There is a programme.
    Offered,
    /// There is none.
    Refused,
    /// Money is the subject; what is said of it is told by other words.
    Named,
    /// Perhaps, somewhere, some day; or nothing can be told.
    Open,
}

/// No words.
pub(super) const NONE: RuleWords = RuleWords {
    coordinated: &[],
    full: &[],
    schedules: &[],
    not_coordinated: &[],
    public: &[],
    hold: &[],
    gates: &[],
    before: &[],
    fixed: &[],
    time_to_fix: &[],
    sooner: &[],
    early: &[],
    early_alone: &[],
    later: &[],
    late: &[],
    late_alone: &[],
    acts: &[],
    places: &[],
    process_leads: &[],
    loose_places: &[],
    stage_headings: &[],
    chains: &[],
    asks: &[],
    credit: &[],
    harbour: &[],
    grants: &[],
    bounty: &[],
    cve: &[],
    where_due: &[],
    assigners: &[],
    limits: &[],
    reviews: &[],
};
