//! The dimensions of a case as the formal model names them (`domain.md` 2.1).
//!
//! Invariants: report and embargo are the model's own types; the course outside is
//! read from the facts recorded, so that there is no second memory of them.

use std::collections::BTreeMap;

use candor_base::Instant;

use crate::model::cs::{Course, Letter, Outside, VendorPath};
use crate::parts::AttackFact;
use crate::state::CaseState;

impl AttackFact {
    /// The letter of the model.
    pub const fn letter(self) -> Letter {
        match self {
            Self::Public => Letter::PublicAware,
            Self::ExploitPublic => Letter::ExploitPublic,
            Self::AttacksObserved => Letter::AttacksObserved,
        }
    }

    /// The fact behind a letter, where outsiders bring it about.
    pub const fn of_letter(letter: Letter) -> Option<Self> {
        match letter {
            Letter::PublicAware => Some(Self::Public),
            Letter::ExploitPublic => Some(Self::ExploitPublic),
            Letter::AttacksObserved => Some(Self::AttacksObserved),
            Letter::VendorAware | Letter::FixReady | Letter::FixDeployed => None,
        }
    }
}

impl CaseState {
    /// What outsiders know or do. What the project published, the public knows.
    pub fn outside(&self) -> Outside {
        let has = |fact| self.attack_facts.contains_key(&fact);
        Outside {
            public: has(AttackFact::Public) || self.advisory.published.is_some(),
            exploit: has(AttackFact::ExploitPublic),
            attacks: has(AttackFact::AttacksObserved),
        }
    }

    /// Where this project stands. It knows since it has the report. Whether users
    /// took its fix, a project that ships software cannot know: so D stays open.
    pub fn course(&self) -> Course {
        Course {
            vendor: if self.fix_ready.is_some() || self.fix_released.is_some() {
                VendorPath::FixReady
            } else {
                VendorPath::Aware
            },
            outside: self.outside(),
        }
    }

    /// When each event of the model happened here, as far as it has.
    pub fn milestones(&self) -> BTreeMap<Letter, Instant> {
        let fact = |fact| self.attack_facts.get(&fact).copied();
        let first = |a: Option<Instant>, b: Option<Instant>| match (a, b) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        [
            (Letter::VendorAware, Some(self.received)),
            (Letter::FixReady, first(self.fix_ready, self.fix_released)),
            (
                Letter::PublicAware,
                first(fact(AttackFact::Public), self.advisory.published),
            ),
            (Letter::ExploitPublic, fact(AttackFact::ExploitPublic)),
            (Letter::AttacksObserved, fact(AttackFact::AttacksObserved)),
        ]
        .into_iter()
        .filter_map(|(letter, at)| at.map(|at| (letter, at)))
        .collect()
    }
}
