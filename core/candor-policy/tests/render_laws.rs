//! compile(render(p)) = p for policies of every kind, not only for those that were read
//! from a text.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod generated;

use candor_policy::*;
use generated::*;
use proptest::option::of as maybe;
use proptest::prelude::*;
use proptest::sample::select;

prop_compose! {
    fn first_half()(
        product in maybe(select(vec!["Lanternfish", "Lantern Fish", "Widget-2"])),
        versions in versions(),
        channels in channels(),
        encryption in encryption(),
        contents in contents(),
        promises in promises(),
        follow_up in follow_up(),
        severities in severity_classes(),
        disclosure in disclosure(),
        steps in steps(),
    ) -> Policy {
        Policy {
            product: product.map(|p| clause(0, p.to_owned())),
            versions: clauses(versions),
            channels: clauses(channels),
            encryption: clauses(encryption),
            contents: clauses(contents),
            promises: clauses(promises),
            follow_up: clauses(follow_up),
            severities: clauses(severities),
            disclosure: clauses(disclosure),
            steps: clauses(steps),
            ..Policy::default()
        }
    }
}

prop_compose! {
    fn policy()(
        first in first_half(),
        in_scope in scope(),
        out_of_scope in scope(),
        credit in maybe((any::<bool>(), any::<bool>(), any::<bool>())),
        safe_harbour in harbour(),
        duties in duties(),
        review in maybe(1..36_u32),
        patch_targets in kinds(vec![
            PatchTarget::LatestMinorPerMajor, PatchTarget::LatestOnly,
            PatchTarget::NextPatchOrMinor, PatchTarget::AllSupported,
        ]),
        disclaimers in kinds(vec![
            DisclaimerKind::BestEffort, DisclaimerKind::AsIs,
            DisclaimerKind::UserResponsibility, DisclaimerKind::NotSecureByDefault,
        ]),
        advice in kinds(vec![
            AdviceKind::Deployment, AdviceKind::Monitoring,
            AdviceKind::Updating, AdviceKind::Hardening,
        ]),
        (fix_kinds, context_factors) in (
            kinds(vec![FixKind::Patch, FixKind::DependencyUpdate, FixKind::Mitigation]),
            kinds(vec![
                ContextFactor::Implementation, ContextFactor::Configuration,
                ContextFactor::Dependency,
            ]),
        ),
        (outlets, impact_ranking, cvss, contacts) in (
            kinds(vec![
                (OutletKind::GithubAdvisory, "GitHub Security Advisories"),
                (OutletKind::Changelog, "The changelog"),
                (OutletKind::MailingList, "The mailing list for users"),
                (OutletKind::Other, "The notice board"),
            ]),
            kinds(vec![
                (Impact::Confidentiality, 1_u8), (Impact::Privilege, 1), (Impact::Integrity, 2),
                (Impact::Availability, 2),
            ]),
            maybe(maybe(select(vec!["4.0", "3.1", "3.0"]))),
            kinds(vec!["info@lantern.dev"]),
        ),
        (public_ban, practices, not_here) in (
            texts(&["Please do not open a public issue for a vulnerability."]),
            texts(&["We sign every release", "Two people look at every change"]),
            texts(&["For general questions, use the forum."]),
        ),
    ) -> Policy {
        // Without a table, a sentence on the latest release is a rule about versions, too.
        let patch_targets = if first.versions.is_empty() { Vec::new() } else { patch_targets };
        Policy {
            in_scope: clauses(in_scope),
            out_of_scope: clauses(out_of_scope),
            credit: credit.map(|(with_consent, unless_anonymous, valid_only)| {
                clause(0, Credit { with_consent, unless_anonymous, valid_only, hall_of_fame: None, more: Vec::new() })
            }),
            safe_harbour,
            duties: clauses(duties),
            review: review.map(|every_months| clause(0, Review { every_months })),
            patch_targets: clauses(patch_targets),
            disclaimers: clauses(disclaimers.into_iter().map(|kind| Disclaimer { kind }).collect()),
            advice: clauses(advice.into_iter().map(|kind| Advice { kind }).collect()),
            fix_kinds: clauses(fix_kinds),
            context_factors: clauses(context_factors),
            outlets: clauses(outlets.into_iter().map(|(kind, name)| {
                Outlet { kind, name: name.to_owned() }
            }).collect()),
            impact_ranking: clauses(impact_ranking.into_iter().map(|(impact, rank)| {
                ImpactRank { impact, rank }
            }).collect()),
            scoring: cvss.map(|cvss| clause(0, Scoring {
                cvss: cvss.map(str::to_owned),
                final_call: None,
                names_cvss: true,
                refused: false,
                also_report_to: None,
            })),
            contacts: clauses(contacts.into_iter().map(|value| {
                Contact { security: false, value: value.to_owned() }
            }).collect()),
            public_ban: clauses(public_ban),
            practices: clauses(practices),
            not_here: clauses(not_here),
            ..first
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_rendered_compiles_to_the_same(policy in policy()) {
        let rendered = security_md(&policy);
        prop_assert!(
            rendered.lost.is_empty() && rendered.added.is_empty(),
            "lost {:#?}\nadded {:#?}\n{}", rendered.lost, rendered.added, rendered.text
        );
        let back = compile(rendered.text.as_bytes()).unwrap().value;
        prop_assert!(says_the_same(&back, &policy), "another order\n{}", rendered.text);
    }

    #[test]
    fn texts_of_any_kind_are_kept_or_named(text in "\\PC{1,60}", label in "[^\\p{Cc}]{1,20}") {
        let policy = Policy {
            statements: clauses(vec![text.clone()]),
            practices: clauses(vec![text]),
            versions: clauses(vec![VersionRule {
                label,
                range: VersionRange::Words,
                support: Support::Full, end: None }]),
            ..Policy::default()
        };
        let rendered = security_md(&policy);
        let back = compile(rendered.text.as_bytes()).unwrap().value;
        prop_assert_eq!(rendered.lost.is_empty() && rendered.added.is_empty(), says_the_same(&back, &policy));
        prop_assert!(rendered.added.is_empty(), "{:?}\n{}", rendered.added, rendered.text);
    }
}
