//! What is true of a vulnerability outside the case (Vultron CS;
//! `cvd-state-model.md` 3): one letter for each of six events.
//!
//! Invariants: a letter is set once and never taken back; a fix is ready only at a
//! vendor that knows, and deployed only when it is ready (no other path can be
//! written down); where the public or an exploit is ahead of the vendor or of the
//! public, that one follows next.

use serde::{Deserialize, Serialize};

/// One of the six events, each of which happens once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Letter {
    /// V: the vendor knows.
    VendorAware,
    /// F: a fix is ready.
    FixReady,
    /// D: the fix is deployed.
    FixDeployed,
    /// P: the public knows.
    PublicAware,
    /// X: an exploit is public.
    ExploitPublic,
    /// A: attacks were observed.
    AttacksObserved,
}

impl Letter {
    /// All letters, in the order in which they are written.
    pub const ALL: [Self; 6] = [
        Self::VendorAware,
        Self::FixReady,
        Self::FixDeployed,
        Self::PublicAware,
        Self::ExploitPublic,
        Self::AttacksObserved,
    ];

    /// Its sign.
    pub const fn sign(self) -> char {
        match self {
            Self::VendorAware => 'V',
            Self::FixReady => 'F',
            Self::FixDeployed => 'D',
            Self::PublicAware => 'P',
            Self::ExploitPublic => 'X',
            Self::AttacksObserved => 'A',
        }
    }
}

/// How far one vendor is: V, F and D in the only order they have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VendorPath {
    /// `vfd`.
    #[default]
    Unaware,
    /// `Vfd`.
    Aware,
    /// `VFd`.
    FixReady,
    /// `VFD`.
    FixDeployed,
}

impl VendorPath {
    /// All four.
    pub const ALL: [Self; 4] = [
        Self::Unaware,
        Self::Aware,
        Self::FixReady,
        Self::FixDeployed,
    ];

    const fn has(self, letter: Letter) -> bool {
        match letter {
            Letter::VendorAware => !matches!(self, Self::Unaware),
            Letter::FixReady => matches!(self, Self::FixReady | Self::FixDeployed),
            Letter::FixDeployed => matches!(self, Self::FixDeployed),
            _ => false,
        }
    }
}

/// What outsiders know or do, for the whole case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Outside {
    /// P: the public knows.
    pub public: bool,
    /// X: an exploit is public.
    pub exploit: bool,
    /// A: attacks were observed.
    pub attacks: bool,
}

impl Outside {
    /// None of the three: only then an embargo can be made (EM-2).
    pub const fn is_quiet(self) -> bool {
        !self.public && !self.exploit && !self.attacks
    }
}

/// The state of one vendor in a case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Course {
    /// The vendor's own path.
    pub vendor: VendorPath,
    /// What is true for all.
    pub outside: Outside,
}

impl Course {
    /// All 32 states.
    pub fn all() -> Vec<Self> {
        let mut out = Vec::new();
        for vendor in VendorPath::ALL {
            for bits in 0..8_u8 {
                out.push(Self {
                    vendor,
                    outside: Outside {
                        public: bits & 4 != 0,
                        exploit: bits & 2 != 0,
                        attacks: bits & 1 != 0,
                    },
                });
            }
        }
        out
    }

    /// Whether this has happened.
    pub const fn has(self, letter: Letter) -> bool {
        match letter {
            Letter::PublicAware => self.outside.public,
            Letter::ExploitPublic => self.outside.exploit,
            Letter::AttacksObserved => self.outside.attacks,
            own => self.vendor.has(own),
        }
    }

    /// What must come next, before anything else: the public told a vendor who did
    /// not know, or a public exploit told the public.
    pub const fn forced(self) -> Option<Letter> {
        if self.outside.exploit && !self.outside.public {
            Some(Letter::PublicAware)
        } else if self.outside.public && matches!(self.vendor, VendorPath::Unaware) {
            Some(Letter::VendorAware)
        } else {
            None
        }
    }

    /// The state after this event; `None` where it is no edge.
    pub fn step(self, letter: Letter) -> Option<Self> {
        if self.has(letter) || self.forced().is_some_and(|first| first != letter) {
            return None;
        }
        let mut next = self;
        match letter {
            Letter::VendorAware => next.vendor = VendorPath::Aware,
            Letter::FixReady if self.vendor == VendorPath::Aware => {
                next.vendor = VendorPath::FixReady;
            }
            Letter::FixDeployed if self.vendor == VendorPath::FixReady => {
                next.vendor = VendorPath::FixDeployed;
            }
            Letter::FixReady | Letter::FixDeployed => return None,
            Letter::PublicAware => next.outside.public = true,
            Letter::ExploitPublic => next.outside.exploit = true,
            Letter::AttacksObserved => next.outside.attacks = true,
        }
        Some(next)
    }

    /// This event and those it forces, in order; empty where it is no edge.
    pub fn consequences(self, letter: Letter) -> Vec<Letter> {
        let mut out = Vec::new();
        let mut at = self;
        let mut next = Some(letter);
        while let Some(now) = next {
            let Some(then) = at.step(now) else { break };
            out.push(now);
            at = then;
            next = at.forced();
        }
        out
    }

    /// The events that can come next.
    pub fn next(self) -> Vec<Letter> {
        Letter::ALL
            .into_iter()
            .filter(|letter| self.step(*letter).is_some())
            .collect()
    }

    /// Six letters: capital where it has happened (`VFdpxa`).
    pub fn signs(self) -> String {
        Letter::ALL
            .into_iter()
            .map(|letter| {
                if self.has(letter) {
                    letter.sign()
                } else {
                    letter.sign().to_ascii_lowercase()
                }
            })
            .collect()
    }
}
