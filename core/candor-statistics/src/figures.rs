//! All figures together, for the public or for the team.
//!
//! Invariants: the public gets no figure about what is open and none about regulators;
//! each of its figures is made of samples that [`released`] gave, kinds that are about
//! too few are put together.

use std::collections::BTreeMap;

use candor_base::Instant;
use candor_calendar::WorkCalendar;
use candor_policy::MetBy;
use candor_policy::model::{Firmness, Milestone, Severity};
use serde::Serialize;

use crate::frozen::Frozen;
use crate::history::{History, PromiseFact};
use crate::release::{FEWEST, released, without_small};
use crate::spread::Spread;
use crate::tables::{Backlog, CountFigure, FilingFigure, PromiseFigure, ShareFigure, TimeFigure};
use crate::words::{Name, credited_words, embargo_words, exit_words};

/// Response efficiency looks back so far (`HackerOne`'s definition).
const EFFICIENCY_SECONDS: i64 = 90 * 86_400;
/// A case is old after so long (BOD 20-01).
const OLD_SECONDS: i64 = 90 * 86_400;

/// The cases that count.
#[derive(Debug, Clone, Copy)]
pub enum Counted<'a> {
    /// For anybody: frozen cases.
    Public(&'a [Frozen]),
    /// For the team: every case, as it stands now.
    Team(&'a [History]),
}

/// How a program keeps its word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Reports that count.
    pub reports: u32,
    /// How long things take.
    pub times: Vec<TimeFigure>,
    /// How promises are kept.
    pub promises: Vec<PromiseFigure>,
    /// Parts of wholes.
    pub shares: Vec<ShareFigure>,
    /// Wholes in their kinds.
    pub counts: Vec<CountFigure>,
    /// What is open; team only.
    pub backlog: Option<Backlog>,
    /// Filings with regulators; team only.
    pub filings: Vec<FilingFigure>,
}

impl Counted<'_> {
    /// Samples that may be told, at most one of each case.
    fn samples<T>(&self, of: impl Fn(&History) -> Option<T>) -> Vec<T> {
        match self {
            Self::Team(all) => all.iter().filter_map(of).collect(),
            Self::Public(all) => {
                let dated = all.iter().filter_map(|f| Some((f.month, of(&f.history)?)));
                released(dated.collect())
            }
        }
    }

    /// The kinds of samples that may be told, with small ones put together.
    fn kinds(&self, name: Name, kinds: Vec<&'static str>) -> Option<CountFigure> {
        let mut counts: BTreeMap<&'static str, u32> = BTreeMap::new();
        for kind in kinds {
            let n = counts.entry(kind).or_default();
            *n = n.saturating_add(1);
        }
        if counts.is_empty() {
            return None;
        }
        let (kinds, rest) = match self {
            Self::Public(_) => without_small(&counts),
            Self::Team(_) => (counts, 0),
        };
        Some(CountFigure { name, kinds, rest })
    }

    const fn is_public(&self) -> bool {
        matches!(self, Self::Public(_))
    }
}

/// The figures of these cases.
pub fn figures(counted: Counted<'_>, calendar: &WorkCalendar, now: Instant) -> Figures {
    let team = match counted {
        Counted::Team(all) => Some(all),
        Counted::Public(_) => None,
    };
    Figures {
        reports: small(counted.samples(|_| Some(())).len()),
        times: times(&counted, calendar),
        promises: promises(&counted),
        shares: shares(&counted, now),
        counts: counts(&counted),
        backlog: team.map(|all| backlog(all, now)),
        filings: team.map(filings).unwrap_or_default(),
    }
}

fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn times(counted: &Counted<'_>, calendar: &WorkCalendar) -> Vec<TimeFigure> {
    type Ends = fn(&History) -> Option<(Instant, Instant)>;
    const ALL: [(Name, Ends); 7] = [
        (Name::Acknowledge, |h| Some((h.received, h.acknowledged?))),
        (Name::Triage, |h| Some((h.received, h.triaged?))),
        (Name::Validate, |h| Some((h.received, h.decided?))),
        (Name::FirstFix, |h| Some((h.received, h.first_fix?))),
        (Name::LastFix, |h| Some((h.received, h.last_fix?))),
        (Name::Disclose, |h| Some((h.received, h.published?))),
        (Name::PatchGap, |h| Some((h.first_fix?, h.published?))),
    ];
    let mut out = Vec::new();
    for (name, ends) in ALL {
        let spans = counted.samples(ends);
        let seconds = spans.iter().map(|(from, to)| to.seconds_since(*from));
        let days = spans.iter().map(|(from, to)| between(*from, *to, calendar));
        if let Some(all) = Spread::of(seconds.collect()) {
            out.push(TimeFigure {
                name,
                seconds: all,
                business_days: Spread::of(days.collect()),
            });
        }
    }
    if let Counted::Team(all) = counted {
        let aware = all.iter().flat_map(|h| h.aware_after.clone()).collect();
        let told = all.iter().flat_map(|h| h.told_after.clone()).collect();
        for (name, values) in [(Name::Aware, aware), (Name::UsersTold, told)] {
            out.extend(Spread::of(values).map(|seconds| TimeFigure {
                name,
                seconds,
                business_days: None,
            }));
        }
    }
    out
}

/// Business days from one day to another; below 0 when the second comes first.
fn between(from: Instant, to: Instant, calendar: &WorkCalendar) -> i64 {
    let (a, b) = (calendar.local_date(from), calendar.local_date(to));
    if a <= b {
        i64::from(calendar.business_days_between(a, b))
    } else {
        i64::from(calendar.business_days_between(b, a)).saturating_neg()
    }
}

fn promises(counted: &Counted<'_>) -> Vec<PromiseFigure> {
    type Key = (Milestone, MetBy, Firmness);
    let key = |f: &PromiseFact| -> Key { (f.milestone, f.met_by, f.firmness) };
    let histories: Vec<&History> = match counted {
        Counted::Team(all) => all.iter().collect(),
        Counted::Public(all) => all.iter().map(|f| &f.history).collect(),
    };
    let mut keys: Vec<Key> = histories
        .iter()
        .flat_map(|h| &h.promises)
        .map(key)
        .collect();
    keys.sort_unstable();
    keys.dedup();
    let mut out = Vec::new();
    for which in keys {
        let facts = counted.samples(|h| {
            let of = h.promises.iter().find(|f| key(f) == which)?;
            // What was waived or stopped says nothing about keeping promises.
            let counts = of.kept > 0 || of.missed > 0 || of.running > 0;
            counts.then(|| of.clone())
        });
        let sum = |of: fn(&PromiseFact) -> u32| {
            let parts = facts.iter().map(of);
            parts.fold(0, u32::saturating_add)
        };
        if facts.is_empty() {
            continue;
        }
        let (milestone, met_by, firmness) = which;
        out.push(PromiseFigure {
            milestone,
            met_by,
            firmness,
            recurring: facts.iter().any(|f| f.recurring),
            cases: small(facts.len()),
            kept: sum(|f| f.kept),
            missed: sum(|f| f.missed),
            running: sum(|f| f.running),
            kept_at_first: sum(|f| f.kept_at_first),
            missed_at_first: sum(|f| f.missed_at_first),
        });
    }
    out
}

fn shares(counted: &Counted<'_>, now: Instant) -> Vec<ShareFigure> {
    let public = counted.is_public();
    // A window that moves would tell of single cases as they leave it.
    let since = (!public).then(|| now.plus_seconds(EFFICIENCY_SECONDS.saturating_neg()));
    let efficiency = counted.samples(|h| {
        let inside = since.is_none_or(|since| h.received >= since);
        let promised = h.promises.iter().any(answers);
        (inside && promised).then(|| (i64::from(!missed_answer(h)), 1))
    });
    let updates = counted.samples(|h| {
        let of = |f: &&PromiseFact| f.recurring && f.milestone == Milestone::Update;
        let (kept, all) = h.promises.iter().filter(of).fold((0, 0), |(kept, all), f| {
            let periods = i64::from(f.kept).saturating_add(i64::from(f.missed));
            (
                i64::from(f.kept).saturating_add(kept),
                periods.saturating_add(all),
            )
        });
        (all > 0).then_some((kept, all))
    });
    let paused = counted.samples(|h| (h.lived > 0).then_some((h.paused, h.lived)));
    let valid = counted.samples(|h| h.valid.map(|yes| (i64::from(yes), 1)));
    let backports = counted.samples(|h| {
        let (done, affected) = h.branches?;
        (affected > 0).then(|| (i64::from(done), i64::from(affected)))
    });
    let early = counted.samples(|h| {
        let early = h.embargoes.iter().filter(|e| e.early.is_some()).count();
        let all = h.embargoes.len();
        (all > 0).then(|| (i64::from(small(early)), i64::from(small(all))))
    });
    let cve = |of: fn((u32, u32, u32)) -> u32| {
        counted.samples(|h| {
            let found = h.cve?;
            Some((i64::from(of(found)), i64::from(found.2)))
        })
    };
    let all = [
        (Name::ResponseEfficiency, efficiency),
        (Name::UpdateRegularity, updates),
        (Name::PauseShare, paused),
        (Name::Validity, valid),
        (Name::Backports, backports),
        (Name::EarlyEnds, early),
        (Name::CveDay, cve(|(day, _, _)| day)),
        (Name::CveThreeDays, cve(|(_, three, _)| three)),
    ];
    let share = |(name, parts): (Name, Vec<(i64, i64)>)| {
        let add =
            |(a, b): (i64, i64), (c, d): &(i64, i64)| (a.saturating_add(*c), b.saturating_add(*d));
        let (part, whole) = parts.iter().fold((0, 0), add);
        (whole > 0).then(|| ShareFigure {
            name,
            part,
            whole,
            cases: small(parts.len()),
        })
    };
    all.into_iter().filter_map(share).collect()
}

const fn answers(fact: &PromiseFact) -> bool {
    matches!(
        fact.milestone,
        Milestone::Acknowledgement | Milestone::Triage | Milestone::Assessment
    )
}

fn missed_answer(h: &History) -> bool {
    h.promises.iter().any(|f| answers(f) && f.missed > 0)
}

fn counts(counted: &Counted<'_>) -> Vec<CountFigure> {
    let exits = counted.samples(|h| h.exit.map(exit_words));
    let causes = counted.samples(|h| h.embargoes.iter().find_map(|e| e.early.map(embargo_words)));
    let credit = counted.samples(|h| h.credit.map(credited_words));
    [
        (Name::Exits, exits),
        (Name::EarlyCauses, causes),
        (Name::Credit, credit),
    ]
    .into_iter()
    .filter_map(|(name, kinds)| counted.kinds(name, kinds))
    .collect()
}

fn level(severity: Option<Severity>) -> &'static str {
    match severity {
        Some(Severity::Critical) => "critical",
        Some(Severity::High) => "high",
        Some(Severity::Medium) => "medium",
        Some(Severity::Low) => "low",
        None => "not rated",
    }
}

fn backlog(all: &[History], now: Instant) -> Backlog {
    let open: Vec<&History> = all
        .iter()
        .filter(|h| h.open && h.valid == Some(true))
        .collect();
    let age = |h: &&History| now.seconds_since(h.received);
    let old: Vec<&History> = open
        .iter()
        .copied()
        .filter(|h| age(h) > OLD_SECONDS)
        .collect();
    let levels = |cases: &[&History]| {
        let mut by: BTreeMap<&'static str, u32> = BTreeMap::new();
        for case in cases {
            let n = by.entry(level(case.severity)).or_default();
            *n = n.saturating_add(1);
        }
        by
    };
    Backlog {
        reports: small(all.len()),
        valid: small(all.iter().filter(|h| h.valid == Some(true)).count()),
        open_valid: small(open.len()),
        age: Spread::of(open.iter().map(age).collect()),
        by_severity: levels(&open),
        old: small(old.len()),
        old_by_severity: levels(&old),
        old_age: Spread::of(old.iter().map(age).collect()),
    }
}

fn filings(all: &[History]) -> Vec<FilingFigure> {
    let mut by: BTreeMap<(String, String), (u32, u32, u32)> = BTreeMap::new();
    for filing in all.iter().flat_map(|h| &h.filings) {
        let key = (filing.regime.clone(), filing.stage.clone());
        let (filed, late, all) = by.entry(key).or_default();
        *filed = filed.saturating_add(u32::from(filing.filed));
        *late = late.saturating_add(u32::from(filing.late));
        *all = all.saturating_add(1);
    }
    by.into_iter()
        .map(|((regime, stage), (filed, late, all))| FilingFigure {
            regime,
            stage,
            filed,
            late,
            all,
        })
        .collect()
}

const _: () = assert!(FEWEST > 1, "one case is somebody's");
