//! The listing over made-up changes: it equals the rows it was told of, and its pages
//! show each case once.

use candor_base::Instant;
use candor_policy::model::Severity;
use candor_ports::{DateKind, DateRow};
use proptest::prelude::*;

use super::*;

fn at(seconds: u8) -> Instant {
    Instant::from_unix(1_790_000_000 + i64::from(seconds)).unwrap()
}

fn case(n: u8) -> CaseId {
    CaseId::from_bytes([n; 16])
}

fn person(n: u8) -> AccountId {
    AccountId::from_bytes([n; 16])
}

/// A row that differs from its neighbours in what lists sort and filter by.
fn row(n: u8, dice: u8) -> CaseRow {
    let bit = |b: u8| dice & (1 << b) != 0;
    CaseRow {
        case: case(n),
        reference: CaseRef::new("TDX", [n; 5]).unwrap(),
        title: format!("title {n} {dice}"),
        stage: if bit(0) {
            Stage::Received
        } else {
            Stage::Disclosed
        },
        severity: bit(1).then_some(Severity::High),
        reporter_severity: None,
        impact_rank: dice % 3,
        received: at(n / 4),
        changed: at(n),
        waiting_on: if bit(2) {
            WaitingOn::Reporter
        } else {
            WaitingOn::Team
        },
        waits_outside: Vec::new(),
        lead: bit(3).then(|| person(dice % 2)),
        next_due: bit(4).then(|| at(dice)),
        next_milestone: None,
        next_met_by: None,
        overdue: u32::from(dice.is_multiple_of(4)),
        closed: bit(5),
        public: bit(6),
        attacked: false,
        mail_failed: false,
        clocks: Vec::new(),
        dates: Vec::new(),
    }
}

fn date(kind: DateKind) -> DateRow {
    DateRow {
        kind,
        key: "a key".to_owned(),
        at: at(9),
        moves: 0,
    }
}

#[test]
fn of_the_dates_those_are_kept_that_keep_a_closed_case_open() {
    let mut owed = row(1, 0b10_0001);
    owed.dates = vec![date(DateKind::Publication), date(DateKind::Regulator)];
    let mut over = row(2, 0b10_0001);
    over.dates = vec![date(DateKind::Publication)];
    let mut listing = Listing::default();
    let change = |mark, row: CaseRow| RowChange {
        mark,
        case: row.case,
        row: Some(row),
    };
    listing.take(vec![change(1, owed), change(2, over)]);
    let part = |closed| listing.part(closed, &Turn::First, 9, |_| true).rows;
    assert_eq!(part(false)[0].dates, [date(DateKind::Regulator)]);
    assert_eq!(part(true)[0].dates, []);
}

/// Changes of at most 40 cases: which one, and its dice or its end.
fn changes() -> impl Strategy<Value = Vec<(u8, Option<u8>)>> {
    prop::collection::vec(
        (0..40_u8, prop::option::weighted(0.85, any::<u8>())),
        0..200,
    )
}

fn told(changes: &[(u8, Option<u8>)]) -> (Listing, BTreeMap<CaseId, CaseRow>) {
    let mut listing = Listing::default();
    let mut rows = BTreeMap::new();
    for (mark, (n, dice)) in (1..).zip(changes) {
        let row = dice.map(|dice| row(*n, dice));
        match &row {
            Some(row) => rows.insert(case(*n), row.clone()),
            None => rows.remove(&case(*n)),
        };
        let change = RowChange {
            case: case(*n),
            mark,
            row,
        };
        listing.take(vec![change.clone()]);
        // Somebody who looked at the same moment takes it in again, or an older state.
        listing.take(vec![change]);
        listing.take(vec![RowChange {
            case: case(*n),
            mark: mark - 1,
            row: Some(self::row(*n, 0)),
        }]);
    }
    (listing, rows)
}

/// Walks through a list by its pages, and back again.
fn walk(listing: &Listing, closed: bool, fits: impl Fn(&CaseRow) -> bool + Copy) -> Vec<CaseId> {
    let mut seen: Vec<CaseId> = Vec::new();
    let mut turn = Turn::First;
    loop {
        let part = listing.part(closed, &turn, 3, fits);
        assert_eq!(part.before, !seen.is_empty());
        seen.extend(part.rows.iter().map(|r| r.case));
        match part.rows.last().filter(|_| part.after) {
            Some(last) => turn = Turn::After(last.reference.to_string()),
            None => break,
        }
    }
    let mut back: Vec<CaseId> = Vec::new();
    let last = listing.part(closed, &turn, 3, fits);
    let mut first = last.rows.first().map(|r| r.reference.to_string());
    back.extend(last.rows.iter().rev().map(|r| r.case));
    while let Some(reference) = first.take() {
        let part = listing.part(closed, &Turn::Before(reference), 3, fits);
        back.extend(part.rows.iter().rev().map(|r| r.case));
        if part.before {
            first = part.rows.first().map(|r| r.reference.to_string());
        }
    }
    back.reverse();
    assert_eq!(back, seen);
    seen
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn it_equals_the_rows_and_counts_as_they_do(changes in changes()) {
        let (listing, rows) = told(&changes);
        let kept: BTreeMap<_, _> = listing.all().map(|e| (e.row.case, e.row.clone())).collect();
        prop_assert_eq!(&kept, &rows);
        let n = |f: &dyn Fn(&CaseRow) -> bool| {
            u32::try_from(rows.values().filter(|r| f(r)).count()).unwrap()
        };
        let me = person(1);
        prop_assert_eq!(listing.counts(me), [
            n(&|r| !is_over(r)),
            n(&|r| !is_over(r) && r.lead == Some(me)),
            n(&|r| !is_over(r) && r.overdue > 0),
            n(&|r| !r.closed && r.waiting_on == WaitingOn::Reporter),
            n(&is_over),
        ]);
        let overdue = rows.values().filter(|r| !r.closed).map(|r| r.overdue).sum();
        prop_assert_eq!(listing.not_closed(), (n(&|r| !r.closed), overdue));
        let stages: BTreeSet<Stage> = rows.values().map(|r| r.stage).collect();
        prop_assert_eq!(listing.stages(), stages);
    }

    #[test]
    fn its_pages_show_each_case_once_in_the_order_of_the_inbox(changes in changes()) {
        let (listing, rows) = told(&changes);
        for closed in [false, true] {
            for narrow in [false, true] {
                let fits = move |r: &CaseRow| !narrow || r.overdue > 0;
                let wanted = |r: &&CaseRow| is_over(r) == closed && fits(r);
                let mut naive: Vec<&CaseRow> = rows.values().filter(wanted).collect();
                naive.sort_by(|a, b| order(a, b));
                let naive: Vec<CaseId> = naive.into_iter().map(|r| r.case).collect();
                prop_assert_eq!(walk(&listing, closed, fits), naive);
            }
        }
    }

    #[test]
    fn older_cases_are_those_received_no_later(changes in changes(), n in 0..40_u8) {
        let (listing, rows) = told(&changes);
        let Some(of) = rows.get(&case(n)) else { return Ok(()) };
        let found: Vec<&CaseRow> = listing.older_than(of.case).collect();
        let set: BTreeSet<CaseId> = found.iter().map(|r| r.case).collect();
        prop_assert_eq!(set.len(), found.len(), "each once");
        let older = |r: &&CaseRow| r.case != of.case && r.received <= of.received;
        let naive: BTreeSet<CaseId> = rows.values().filter(older).map(|r| r.case).collect();
        prop_assert_eq!(set, naive);
        prop_assert!(found.windows(2).all(|w| w[0].received >= w[1].received));
    }
}

#[test]
fn a_page_after_a_case_that_left_the_list_begins_at_the_beginning() {
    let (listing, _) = told(&[(1, Some(1)), (2, Some(1)), (3, Some(1 | 32))]);
    let gone = row(3, 1).reference.to_string();
    let part = listing.part(false, &Turn::After(gone), 9, |_| true);
    assert_eq!(part.rows.len(), 2);
    assert!(!part.before && !part.after);
    let odd = listing.part(false, &Turn::Before("no reference".to_owned()), 9, |_| true);
    assert_eq!(odd.rows, part.rows);
}
