//! The policies of a run: one text, and settings that are edited in the middle: another
//! zone, more holidays, another week, another cut-off.
//!
//! Invariant: a case keeps the version it was received under; `Versions` finds it by its
//! digest, as the store does.

use std::collections::BTreeMap;
use std::rc::Rc;

use candor_base::Digest;
use candor_calendar::{NonbusinessReceipt, Workweek};
use candor_policy::settings::{PolicyInForce, Settings};
use jiff::ToSpan as _;
use jiff::civil::{Date, Time};

use super::dice::Dice;
use crate::parts::person;
use crate::seeds;

/// A text of our own with clocks of many kinds, for machines without the seeds.
pub const TEXT: &str = "\
# Security policy of Lanternfish

Send an e-mail to security@lanternfish.io.

Please include:

- Description: what the vulnerability is
- Impact: what an attacker gains
- Steps to reproduce

Reports must include the steps to reproduce.

We are committed to the following response timeline:

| Step | Time |
|------|------|
| Initial acknowledgment | Within 2 business days |
| Preliminary assessment | Within 5 business days |
| Status update to reporter | Every 7 days |

We publish details within 90 days of the report.

| Severity | Response |
|----------|----------|
| Critical | Within 7 days |
| High | Within 14 days |
| Medium | Within 30 days |

Security updates are announced through:

- GitHub Security Advisories

With your permission we name you in the advisory.
";

/// Zones with every habit: none, northern and southern summer time, midnights that are
/// skipped, half hours, quarters.
pub const ZONES: [&str; 7] = [
    "UTC",
    "Europe/Oslo",
    "America/New_York",
    "America/Santiago",
    "Africa/Cairo",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
];

const REGIONS: [&str; 4] = ["NO", "US", "JP", "GB-ENG"];

/// The versions of a policy in one run.
#[derive(Debug)]
pub struct Versions {
    /// The text, always the same.
    pub text: Vec<u8>,
    by_digest: BTreeMap<Digest, Rc<PolicyInForce>>,
    current: Digest,
}

impl Versions {
    /// The text of a seed, or our own for 5 and above and where the seeds are not here.
    pub fn new(which: u64, dice: &mut Dice) -> Self {
        let seed = u8::try_from(which % 6).unwrap();
        let seed = (seed < 5).then(|| seeds::seed_if_here(seed)).flatten();
        let text = seed.unwrap_or_else(|| TEXT.as_bytes().to_vec());
        let first = assemble(&text, settings(dice, 2026));
        let current = first.digest;
        Self {
            text,
            by_digest: BTreeMap::from([(current, Rc::new(first))]),
            current,
        }
    }

    /// The version that holds for new reports.
    pub fn current(&self) -> Rc<PolicyInForce> {
        Rc::clone(&self.by_digest[&self.current])
    }

    /// The version of a case.
    pub fn of(&self, digest: &Digest) -> Rc<PolicyInForce> {
        Rc::clone(&self.by_digest[digest])
    }

    /// The owner edits the settings; cases that are open keep theirs.
    pub fn edit(&mut self, dice: &mut Dice, year: i16) -> Rc<PolicyInForce> {
        let next = Rc::new(assemble(&self.text, settings(dice, year)));
        self.current = next.digest;
        self.by_digest.insert(next.digest, Rc::clone(&next));
        next
    }
}

fn assemble(text: &[u8], settings: Settings) -> PolicyInForce {
    let policy = candor_policy::compile(text).expect("a policy").value;
    PolicyInForce::assemble(text, policy, settings)
}

fn settings(dice: &mut Dice, year: i16) -> Settings {
    let new_year = Date::constant(year, 1, 1);
    let own_day = |dice: &mut Dice| new_year.checked_add(dice.between(0, 730).days()).unwrap();
    let holidays = (0..dice.below(9)).map(|_| own_day(dice)).collect();
    let working_days = (0..dice.below(3)).map(|_| own_day(dice)).collect();
    let regions: Vec<&str> = match dice.below(3) {
        0 => vec![dice.word(&REGIONS)],
        _ => Vec::new(),
    };
    Settings {
        zone: Some(dice.word(&ZONES).parse().unwrap()),
        workweek: match dice.below(4) {
            0 => Some(Workweek::new(&[7, 1, 2, 3, 4]).unwrap()),
            _ => None,
        },
        holidays,
        working_days,
        holiday_regions: regions.iter().map(|r| r.parse().unwrap()).collect(),
        cutoff: dice.once_in(4).then(|| Time::constant(15, 0, 0, 0)),
        nonbusiness_receipt: dice
            .once_in(4)
            .then_some(NonbusinessReceipt::DeemReceivedNext),
        next_release: dice.once_in(2).then(|| own_day(dice)),
        second_look_minutes: 30,
        on_duty: Some(login(1)),
        deputy: Some(login(2)),
        head: Some(login(3)),
        ..Settings::default()
    }
}

/// The login of a person of the team.
pub fn login(number: u8) -> String {
    let id: String = person(number).to_string().chars().take(4).collect();
    format!("p{number}{id}")
}
