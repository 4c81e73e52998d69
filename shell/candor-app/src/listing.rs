//! The cases of each program as lists need them, kept in memory and in step with the store.
//!
//! Each look asks the store what changed since the last one, which costs one indexed
//! question, and opens only those rows. So a list is never older than the moment it was
//! asked for, whichever process wrote last; and it can be lost at any time.
//!
//! Invariants: what stands here are rows of the store without their clocks, and of their
//! other dates only those that keep a closed case in the list of open ones; rows are
//! sorted as the inbox shows them; an erased case is gone with the next look. Titles are
//! held as they are: this memory also holds the keys that open them.
//!
//! Deliberately absent: rights. Whoever looks has asked for a permit.

use std::borrow::Borrow;
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use candor_base::{AccountId, CaseId, CaseRef, ProgramSlug};
use candor_case::{Stage, WaitingOn};
use candor_ports::{CaseRow, RowChange};

use crate::app::{App, lock};
use crate::desk::inbox::{is_over, keeps_open, order};
use crate::input::Fault;

/// Rows that are opened between two questions.
const STEP: u32 = 512;

/// A case of a list.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Its row, without clocks.
    pub(crate) row: CaseRow,
    /// A promise of the policy was missed and can yet be met.
    pub(crate) missed: bool,
}

impl Entry {
    fn of(mut row: CaseRow) -> Self {
        let clocks = std::mem::take(&mut row.clocks);
        // Of its dates a list asks for one kind only; the others would be a third of the row.
        row.dates.retain(|date| keeps_open(date.kind));
        row.dates.shrink_to_fit();
        row.title.shrink_to_fit();
        Self {
            row,
            missed: clocks.iter().any(|c| c.open && c.promise && c.missed),
        }
    }
}

/// As the inbox shows them.
#[derive(Debug, Clone)]
struct ByOrder(Arc<Entry>);

/// As they came in, newest first.
#[derive(Debug, Clone)]
struct ByAge(Arc<Entry>);

/// By reference.
#[derive(Debug, Clone)]
struct ByReference(Arc<Entry>);

macro_rules! ordered {
    ($name:ident, $a:ident, $b:ident, $how:expr) => {
        impl Ord for $name {
            fn cmp(&self, other: &Self) -> Ordering {
                let ($a, $b) = (&self.0.row, &other.0.row);
                $how
            }
        }
        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }
        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.cmp(other) == Ordering::Equal
            }
        }
        impl Eq for $name {}
    };
}

ordered!(ByOrder, a, b, order(a, b));
ordered!(
    ByAge,
    a,
    b,
    (Reverse(a.received), a.case).cmp(&(Reverse(b.received), b.case))
);
ordered!(ByReference, a, b, a.reference.cmp(&b.reference));

impl Borrow<CaseRef> for ByReference {
    fn borrow(&self) -> &CaseRef {
        &self.0.row.reference
    }
}

/// How many cases there are of each kind.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    /// Not over.
    open: u32,
    /// Not over, with something overdue.
    overdue: u32,
    /// Not closed, and waiting for the reporter.
    waiting: u32,
    /// Not closed, whatever is owed to a regulator.
    not_closed: u32,
    /// What is overdue in these.
    overdue_acts: u32,
    /// Not over, by lead.
    led: BTreeMap<AccountId, u32>,
    /// All, by stage.
    stages: BTreeMap<Stage, u32>,
}

fn step(count: &mut u32, by: u32, up: bool) {
    *count = if up {
        count.saturating_add(by)
    } else {
        count.saturating_sub(by)
    };
}

fn step_in<K: Ord>(counts: &mut BTreeMap<K, u32>, key: K, up: bool) {
    let count = counts.entry(key).or_default();
    step(count, 1, up);
    if *count == 0 {
        counts.retain(|_, n| *n > 0);
    }
}

impl Counts {
    fn count(&mut self, row: &CaseRow, up: bool) {
        step_in(&mut self.stages, row.stage, up);
        if !row.closed {
            step(&mut self.not_closed, 1, up);
            step(&mut self.overdue_acts, row.overdue, up);
            if row.waiting_on == WaitingOn::Reporter {
                step(&mut self.waiting, 1, up);
            }
        }
        if is_over(row) {
            return;
        }
        step(&mut self.open, 1, up);
        if row.overdue > 0 {
            step(&mut self.overdue, 1, up);
        }
        if let Some(lead) = row.lead {
            step_in(&mut self.led, lead, up);
        }
    }
}

/// The cases of a program.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    /// Everything up to here was seen.
    mark: u64,
    all: BTreeMap<CaseId, Arc<Entry>>,
    open: BTreeSet<ByOrder>,
    over: BTreeSet<ByOrder>,
    by_age: BTreeSet<ByAge>,
    by_reference: BTreeSet<ByReference>,
    counts: Counts,
}

/// Which part of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Turn {
    /// From its beginning.
    #[default]
    First,
    /// What follows this case.
    After(String),
    /// What stands before this case.
    Before(String),
}

/// A part of a list.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) rows: Vec<CaseRow>,
    /// There are some before these.
    pub(crate) before: bool,
    /// There are some after these.
    pub(crate) after: bool,
}

impl Listing {
    /// Takes in what changed. What is known already changes nothing, so that two who
    /// looked at once do no harm.
    fn take(&mut self, changes: Vec<RowChange>) {
        for change in changes {
            if change.mark <= self.mark {
                continue;
            }
            self.mark = change.mark;
            self.remove(change.case);
            if let Some(row) = change.row {
                self.insert(Entry::of(row));
            }
        }
    }

    fn remove(&mut self, case: CaseId) {
        let Some(entry) = self.all.remove(&case) else {
            return;
        };
        self.counts.count(&entry.row, false);
        let sorted = ByOrder(Arc::clone(&entry));
        self.open.remove(&sorted);
        self.over.remove(&sorted);
        self.by_age.remove(&ByAge(Arc::clone(&entry)));
        self.by_reference.remove(&entry.row.reference);
    }

    fn insert(&mut self, entry: Entry) {
        let entry = Arc::new(entry);
        self.counts.count(&entry.row, true);
        let sorted = if is_over(&entry.row) {
            &mut self.over
        } else {
            &mut self.open
        };
        sorted.insert(ByOrder(Arc::clone(&entry)));
        self.by_age.insert(ByAge(Arc::clone(&entry)));
        self.by_reference.insert(ByReference(Arc::clone(&entry)));
        self.all.insert(entry.row.case, entry);
    }

    /// Grows with every change of a case of the program.
    pub(crate) const fn mark(&self) -> u64 {
        self.mark
    }

    /// One case.
    pub(crate) fn get(&self, case: &CaseId) -> Option<&CaseRow> {
        self.all.get(case).map(|e| &e.row)
    }

    /// Every case, in no order that means anything.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Entry> {
        self.all.values().map(AsRef::as_ref)
    }

    /// What is not over, as the inbox shows it.
    pub(crate) fn open(&self) -> impl Iterator<Item = &Entry> {
        self.open.iter().map(|e| e.0.as_ref())
    }

    /// Those received no later than this one and not itself, newest first.
    pub(crate) fn older_than(&self, case: CaseId) -> impl Iterator<Item = &CaseRow> {
        let of = self.all.get(&case).map(|e| ByAge(Arc::clone(e)));
        let same_second = of.as_ref().map(|of| of.0.row.received);
        let from = of.map_or(Bound::Unbounded, Bound::Included);
        let twins = self
            .by_age
            .range((Bound::Unbounded, from.clone()))
            .rev()
            .take_while(move |e| Some(e.0.row.received) == same_second);
        twins
            .chain(self.by_age.range((from, Bound::Unbounded)))
            .map(|e| &e.0.row)
            .filter(move |row| row.case != case)
    }

    /// Stages that some case has.
    pub(crate) fn stages(&self) -> BTreeSet<Stage> {
        self.counts.stages.keys().copied().collect()
    }

    /// Cases of each list: open, mine, overdue, waiting, closed.
    pub(crate) fn counts(&self, me: AccountId) -> [u32; 5] {
        let c = &self.counts;
        let mine = c.led.get(&me).copied().unwrap_or(0);
        let over = u32::try_from(self.over.len()).unwrap_or(u32::MAX);
        [c.open, mine, c.overdue, c.waiting, over]
    }

    /// Cases that are not closed, and how many acts are overdue in them.
    pub(crate) fn not_closed(&self) -> (u32, u32) {
        (self.counts.not_closed, self.counts.overdue_acts)
    }

    /// A part of a list, of those that fit. After or before a case that is not in the
    /// list (any more) begins at the beginning.
    pub(crate) fn part(
        &self,
        closed: bool,
        turn: &Turn,
        most: usize,
        fits: impl Fn(&CaseRow) -> bool,
    ) -> Part {
        let list = if closed { &self.over } else { &self.open };
        let at = |reference: &str| {
            let reference: CaseRef = reference.parse().ok()?;
            let found = self.by_reference.get(&reference)?;
            Some(ByOrder(Arc::clone(&found.0))).filter(|e| list.contains(e))
        };
        let given = match turn {
            Turn::First => None,
            Turn::After(reference) | Turn::Before(reference) => at(reference),
        };
        let fitting = |e: &&ByOrder| fits(&e.0.row);
        let (mut rows, before, after): (Vec<&ByOrder>, bool, bool) = match (turn, given) {
            (Turn::Before(_), Some(at)) => {
                let earlier = list.range(..&at).rev().filter(fitting);
                let mut found: Vec<_> = earlier.take(most.saturating_add(1)).collect();
                let more = found.len() > most;
                found.truncate(most);
                found.reverse();
                (found, more, true)
            }
            (_, Some(at)) => {
                let later = list.range((Bound::Excluded(&at), Bound::Unbounded));
                let found = later.filter(fitting).take(most.saturating_add(1));
                (found.collect(), true, false)
            }
            (_, None) => {
                let found = list.iter().filter(fitting).take(most.saturating_add(1));
                (found.collect(), false, false)
            }
        };
        let after = after || rows.len() > most;
        rows.truncate(most);
        Part {
            rows: rows.into_iter().map(|e| e.0.row.clone()).collect(),
            before,
            after,
        }
    }
}

/// The list of one program, and who reads it for the first time.
#[derive(Debug, Default)]
pub(crate) struct Slot {
    filling: Mutex<()>,
    listing: RwLock<Listing>,
}

/// The lists of all programs.
pub(crate) type Listings = Mutex<BTreeMap<ProgramSlug, Arc<Slot>>>;

impl App {
    /// Looks at the cases of a program as they stand now.
    pub(crate) fn listing<T>(
        &self,
        program: &ProgramSlug,
        read: impl FnOnce(&Listing) -> T,
    ) -> Result<T, Fault> {
        let slot = Arc::clone(lock(&self.listings).entry(program.clone()).or_default());
        if !self.catch_up(program, &slot)? {
            // Much is new: one reads it, the others wait for that.
            let _turn = lock(&slot.filling);
            while !self.catch_up(program, &slot)? {}
        }
        // Taking in cannot stop half way: no reader sees a half of it.
        let listing = slot.listing.read().unwrap_or_else(PoisonError::into_inner);
        Ok(read(&listing))
    }

    /// One question for what changed; whether that was all.
    fn catch_up(&self, program: &ProgramSlug, slot: &Slot) -> Result<bool, Fault> {
        let known = slot
            .listing
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .mark;
        let changes = self.store().changes(program, known, STEP)?;
        let done = u32::try_from(changes.len()).is_ok_and(|n| n < STEP);
        if !changes.is_empty() {
            slot.listing
                .write()
                .unwrap_or_else(PoisonError::into_inner)
                .take(changes);
        }
        Ok(done)
    }
}

#[cfg(test)]
mod tests;
