//! The names of the figures, for people and for files.

use serde::Serialize;

use crate::history::{Credited, EmbargoCause, Exit};

/// A figure (`domain.md` section 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Name {
    /// First message of a person to the reporter, from receipt.
    Acknowledge,
    /// First assessment, from receipt.
    Triage,
    /// Accepted, turned down or a duplicate, from receipt.
    Validate,
    /// First branch released, from receipt.
    FirstFix,
    /// Last supported branch released, from receipt.
    LastFix,
    /// Advisory, from receipt.
    Disclose,
    /// Advisory, from the first public fix.
    PatchGap,
    /// Aware of a duty, from the first sign.
    Aware,
    /// Users told, from awareness.
    UsersTold,
    /// Reports that missed neither answer nor triage.
    ResponseEfficiency,
    /// Periods with an update.
    UpdateRegularity,
    /// Time in which cases waited for their reporters.
    PauseShare,
    /// Valid of decided.
    Validity,
    /// Branches released of branches affected, at publication.
    Backports,
    /// Embargoes that ended before their day.
    EarlyEnds,
    /// CVE records that were public 24 hours after the advisory.
    CveDay,
    /// CVE records that were public 72 hours after the advisory.
    CveThreeDays,
    /// How cases ended.
    Exits,
    /// Why embargoes ended early.
    EarlyCauses,
    /// Thanks in advisories.
    Credit,
}

impl Name {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Acknowledge => "Until a person answers",
            Self::Triage => "Until the first assessment",
            Self::Validate => "Until it is accepted or turned down",
            Self::FirstFix => "Until the first branch is fixed",
            Self::LastFix => "Until every supported branch is fixed",
            Self::Disclose => "Until details are published",
            Self::PatchGap => "From the first public fix to the advisory",
            Self::Aware => "From the first sign to being aware",
            Self::UsersTold => "From being aware to telling the users",
            Self::ResponseEfficiency => "Reports answered and triaged in time",
            Self::UpdateRegularity => "Periods in which the promised update came",
            Self::PauseShare => "Time in which the case waited for the reporter",
            Self::Validity => "Decided reports that were vulnerabilities",
            Self::Backports => "Affected branches that had a fix at publication",
            Self::EarlyEnds => "Embargoes that ended before their day",
            Self::CveDay => "CVE records public within 24 hours of the advisory",
            Self::CveThreeDays => "CVE records public within 72 hours of the advisory",
            Self::Exits => "How reports ended",
            Self::EarlyCauses => "Why embargoes ended early",
            Self::Credit => "Thanks to reporters",
        }
    }

    /// In files: the same as in the serialised form.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::Triage => "triage",
            Self::Validate => "validate",
            Self::FirstFix => "first_fix",
            Self::LastFix => "last_fix",
            Self::Disclose => "disclose",
            Self::PatchGap => "patch_gap",
            Self::Aware => "aware",
            Self::UsersTold => "users_told",
            Self::ResponseEfficiency => "response_efficiency",
            Self::UpdateRegularity => "update_regularity",
            Self::PauseShare => "pause_share",
            Self::Validity => "validity",
            Self::Backports => "backports",
            Self::EarlyEnds => "early_ends",
            Self::CveDay => "cve_day",
            Self::CveThreeDays => "cve_three_days",
            Self::Exits => "exits",
            Self::EarlyCauses => "early_causes",
            Self::Credit => "credit",
        }
    }
}

/// How a case ended, in words.
pub const fn exit_words(exit: Exit) -> &'static str {
    match exit {
        Exit::Published => "published",
        Exit::OutOfScope => "out of scope",
        Exit::UnsupportedVersion => "unsupported version",
        Exit::NotAVulnerability => "no vulnerability",
        Exit::NotSecurity => "a bug without security meaning",
        Exit::NotReproducible => "not reproducible",
        Exit::Incomplete => "incomplete",
        Exit::NotCredible => "not credible",
        Exit::KnownUpstream => "known upstream",
        Exit::Duplicate => "duplicate",
        Exit::Withdrawn => "withdrawn",
        Exit::FixedInternally => "fixed without publication",
        Exit::Deferred => "put aside",
    }
}

/// Why an embargo ended early, in words.
pub const fn embargo_words(cause: EmbargoCause) -> &'static str {
    match cause {
        EmbargoCause::Public => "details were public",
        EmbargoCause::ExploitPublic => "an exploit was public",
        EmbargoCause::AttacksObserved => "attacks were seen",
        EmbargoCause::Leak => "a leak",
        EmbargoCause::Agreed => "published earlier than planned",
    }
}

/// What became of credit, in words.
pub const fn credited_words(credit: Credited) -> &'static str {
    match credit {
        Credited::Named => "named",
        Credited::Anonymous => "wanted no name",
        Credited::Unanswered => "did not answer",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_serialised_form() {
        for name in [
            Name::Acknowledge,
            Name::FirstFix,
            Name::PatchGap,
            Name::Credit,
        ] {
            let json = serde_json::to_value(name).unwrap();
            assert_eq!(json.as_str(), Some(name.key()));
        }
    }
}
