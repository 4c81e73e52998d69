//! Which parts of a policy the known guides ask for, and which of them stand in a policy.
//!
//! Sources: ISO/IEC 29147:2018 clause 9 (titles), RFC 9116 section 2.5, the `OpenSSF` guide
//! to coordinated disclosure for maintainers, CISA's template for a vulnerability
//! disclosure policy, Regulation (EU) 2024/2847 Annex I part II and Annex II.
//!
//! Deliberately absent: advice of law. A part that stands here is words in the text; whether
//! they satisfy an authority is for people to judge.

use serde::Serialize;

use super::ladder;
use crate::model::{ChannelKind, DisclosureKind, Milestone, Policy, Term};
use crate::vocab::is_example_address;

/// A guide or law that asks something of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Standard {
    /// ISO/IEC 29147:2018, clause 9.
    #[serde(rename = "iso-29147")]
    Iso29147,
    /// RFC 9116, section 2.5: what a security.txt can be made from.
    #[serde(rename = "rfc-9116")]
    Rfc9116,
    /// The guide of the Open Source Security Foundation for maintainers.
    #[serde(rename = "openssf")]
    Openssf,
    /// The template of the Cybersecurity and Infrastructure Security Agency.
    #[serde(rename = "cisa")]
    Cisa,
    /// The Cyber Resilience Act, Annex I part II and Annex II.
    #[serde(rename = "cra")]
    Cra,
}

impl Standard {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 5] = [
        Self::Iso29147,
        Self::Rfc9116,
        Self::Openssf,
        Self::Cisa,
        Self::Cra,
    ];

    /// Its name with the place in it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Iso29147 => "ISO/IEC 29147 clause 9",
            Self::Rfc9116 => "RFC 9116 (security.txt)",
            Self::Openssf => "OpenSSF guide",
            Self::Cisa => "CISA template",
            Self::Cra => "CRA Annex I (II)",
        }
    }

    const fn parts(self) -> &'static [Part] {
        use Part::{
            Authorisation, Contact, Contents, Credit, Expectations, Outlet, Policy, Promises,
            Publication, SafeHarbour, Scope, Secure, TestRules, Uri, Versions, Window,
        };
        match self {
            Self::Iso29147 => &[
                Contact,
                Contents,
                Secure,
                Expectations,
                Scope,
                Publication,
                Credit,
                SafeHarbour,
                Window,
            ],
            Self::Rfc9116 => &[Uri],
            Self::Openssf => &[
                Contact,
                Contents,
                Expectations,
                Publication,
                Window,
                Credit,
                Versions,
            ],
            Self::Cisa => &[
                Authorisation,
                TestRules,
                Scope,
                Contact,
                Contents,
                Promises,
                SafeHarbour,
            ],
            Self::Cra => &[Policy, Contact, Outlet, Versions],
        }
    }
}

/// A part that a guide asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Contact,
    Uri,
    Contents,
    Secure,
    Expectations,
    Promises,
    Scope,
    Publication,
    Window,
    Credit,
    SafeHarbour,
    Authorisation,
    TestRules,
    Versions,
    Outlet,
    Policy,
}

impl Part {
    const fn words(self) -> &'static str {
        match self {
            Self::Contact => "a way to report",
            Self::Uri => "a contact that is an address of mail or web",
            Self::Contents => "what a report should hold",
            Self::Secure => "a protected way to report",
            Self::Expectations => "when a person answers",
            Self::Promises => "what the project promises, with times",
            Self::Scope => "scope",
            Self::Publication => "how details become public",
            Self::Window => "when details become public",
            Self::Credit => "credit",
            Self::SafeHarbour => "safe harbour",
            Self::Authorisation => "authorisation of testing",
            Self::TestRules => "what testers may try",
            Self::Versions => "supported versions",
            Self::Outlet => "where fixed problems are published",
            Self::Policy => "a policy of coordinated disclosure",
        }
    }

    /// Whether the policy has it.
    pub(super) fn stands_in(self, policy: &Policy) -> bool {
        match self {
            Self::Contact => contact(policy).is_some() || on_forge(policy),
            Self::Uri => contact(policy).is_some_and(is_uri),
            Self::Contents => !policy.contents.is_empty(),
            Self::Secure => secure(policy),
            Self::Expectations => policy
                .promises
                .iter()
                .any(|p| p.value.milestone < Milestone::Update && timed(&p.value.term)),
            Self::Promises => policy.promises.iter().any(|p| timed(&p.value.term)),
            Self::Scope => !policy.in_scope.is_empty() || !policy.out_of_scope.is_empty(),
            Self::Publication => {
                policy
                    .disclosure
                    .iter()
                    .any(|d| !matches!(d.value.rule, DisclosureKind::PublishMitigations))
                    || has_window(policy)
            }
            Self::Window => has_window(policy),
            Self::Credit => policy.credit.is_some(),
            Self::SafeHarbour => policy.safe_harbour.iter().any(|c| c.value.no_legal_action),
            Self::Authorisation => ladder::authorises(policy),
            Self::TestRules => !policy.duties.is_empty(),
            Self::Versions => {
                !policy.versions.is_empty()
                    || !policy.patch_targets.is_empty()
                    || !policy.delegates_to.is_empty()
            }
            Self::Outlet => !policy.outlets.is_empty(),
            Self::Policy => !policy.promises.is_empty() || !policy.disclosure.is_empty(),
        }
    }
}

fn timed(term: &Term) -> bool {
    !matches!(term, Term::Unquantified { .. } | Term::NextRelease)
}

/// A day by which details are public, or may be.
pub(super) fn has_window(policy: &Policy) -> bool {
    let window = policy
        .disclosure
        .iter()
        .any(|d| matches!(d.value.rule, DisclosureKind::Window { .. }));
    let promised = policy
        .promises
        .iter()
        .any(|p| p.value.milestone == Milestone::Disclosure && timed(&p.value.term));
    window || promised
}

fn contact(policy: &Policy) -> Option<&str> {
    policy
        .channels
        .iter()
        .filter(|c| c.value.kind != ChannelKind::PublicIssue)
        .find_map(|c| c.value.value.as_deref().filter(|v| !is_example_address(v)))
}

/// The button of a forge is a way to report, also without a link in the text.
fn on_forge(policy: &Policy) -> bool {
    policy
        .channels
        .iter()
        .any(|c| c.value.kind == ChannelKind::GithubAdvisory)
}

fn is_uri(value: &str) -> bool {
    value.starts_with("https://") || value.contains('@')
}

fn secure(policy: &Policy) -> bool {
    !policy.encryption.is_empty()
        || policy.channels.iter().any(|c| {
            matches!(
                c.value.kind,
                ChannelKind::GithubAdvisory
                    | ChannelKind::Web
                    | ChannelKind::Platform
                    | ChannelKind::PrivateTracker
            )
        })
}

/// How much of what a guide asks for stands in a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// The guide.
    pub standard: Standard,
    /// How many parts it asks for.
    pub asked: usize,
    /// What is missing, in words.
    pub missing: Vec<&'static str>,
}

/// What each guide asks for and does not find.
pub fn coverage(policy: &Policy) -> Vec<Coverage> {
    Standard::ALL
        .into_iter()
        .map(|standard| Coverage {
            standard,
            asked: standard.parts().len(),
            missing: standard
                .parts()
                .iter()
                .filter(|p| !p.stands_in(policy))
                .map(|p| p.words())
                .collect(),
        })
        .collect()
}
