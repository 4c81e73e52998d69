//! The orders in which the six events can come, how often each comes by luck, and
//! what that says about skill (`cvd-state-model.md` 5; Householder and Spring,
//! CMU/SEI-2021-SR-021).
//!
//! Invariants: exact fractions, no rounding; a history is walked on the machine of
//! [`super::cs`], so that there is one set of rules.

use super::cs::{Course, Letter};

/// An exact fraction in lowest terms; its denominator is not zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fraction {
    /// Above the line.
    pub over: u64,
    /// Below the line.
    pub under: u64,
}

impl Fraction {
    /// Nothing.
    pub const ZERO: Self = Self { over: 0, under: 1 };
    /// All.
    pub const ONE: Self = Self { over: 1, under: 1 };

    /// In lowest terms; with a zero below the line, nothing.
    pub fn new(over: u64, under: u64) -> Self {
        if under == 0 {
            return Self::ZERO;
        }
        let by = gcd(over, under).max(1);
        Self {
            over: over / by,
            under: under / by,
        }
    }

    /// The sum. Numbers here stay small: every denominator divides 6!·2^6.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let left = self.over.saturating_mul(other.under);
        let right = other.over.saturating_mul(self.under);
        Self::new(
            left.saturating_add(right),
            self.under.saturating_mul(other.under),
        )
    }

    /// One part of so many.
    #[must_use]
    pub fn shared_by(self, parts: u64) -> Self {
        Self::new(self.over, self.under.saturating_mul(parts))
    }

    /// As a decimal number.
    pub fn as_f64(self) -> f64 {
        // Both are far below 2^32.
        let small = |n: u64| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
        small(self.over) / small(self.under)
    }
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// One order of the six events.
pub type History = Vec<Letter>;

/// Every order that the rules allow, with how often it comes if each possible next
/// event is as likely as any other.
pub fn histories() -> Vec<(History, Fraction)> {
    let mut out = Vec::new();
    walk(Course::default(), &mut Vec::new(), Fraction::ONE, &mut out);
    out
}

fn walk(at: Course, so_far: &mut History, likely: Fraction, out: &mut Vec<(History, Fraction)>) {
    let next = at.next();
    if next.is_empty() {
        out.push((so_far.clone(), likely));
        return;
    }
    let parts = u64::try_from(next.len()).unwrap_or(1);
    for letter in next {
        if let Some(then) = at.step(letter) {
            so_far.push(letter);
            walk(then, so_far, likely.shared_by(parts), out);
            so_far.pop();
        }
    }
}

/// Something good: one event before another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Desideratum {
    /// This event comes first.
    pub first: Letter,
    /// This one later, or never.
    pub then: Letter,
}

impl Desideratum {
    /// How it is written, as in `F before P`.
    pub fn words(self) -> String {
        format!("{} before {}", self.first.sign(), self.then.sign())
    }

    /// Whether a complete history meets it.
    pub fn met_by(self, history: &[Letter]) -> bool {
        let place = |letter| history.iter().position(|l| *l == letter);
        match (place(self.first), place(self.then)) {
            (Some(first), Some(then)) => first < then,
            (Some(_), None) => true,
            (None, _) => false,
        }
    }

    /// How often it is met by luck.
    pub fn by_luck(self) -> Fraction {
        histories()
            .iter()
            .filter(|(history, _)| self.met_by(history))
            .fold(Fraction::ZERO, |sum, (_, likely)| sum.plus(*likely))
    }
}

const fn wish(first: Letter, then: Letter) -> Desideratum {
    Desideratum { first, then }
}

/// The twelve, from the hardest to come by to the easiest.
pub const DESIDERATA: [Desideratum; 12] = [
    wish(Letter::FixDeployed, Letter::PublicAware),
    wish(Letter::FixReady, Letter::PublicAware),
    wish(Letter::FixDeployed, Letter::ExploitPublic),
    wish(Letter::FixDeployed, Letter::AttacksObserved),
    wish(Letter::VendorAware, Letter::PublicAware),
    wish(Letter::FixReady, Letter::ExploitPublic),
    wish(Letter::FixReady, Letter::AttacksObserved),
    wish(Letter::PublicAware, Letter::ExploitPublic),
    wish(Letter::ExploitPublic, Letter::AttacksObserved),
    wish(Letter::VendorAware, Letter::ExploitPublic),
    wish(Letter::PublicAware, Letter::AttacksObserved),
    wish(Letter::VendorAware, Letter::AttacksObserved),
];
