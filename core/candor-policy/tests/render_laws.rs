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

use candor_base::Span;
use candor_policy::*;
use proptest::collection::vec;
use proptest::option::of as maybe;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

fn clause<T>(n: usize, value: T) -> Clause<T> {
    Clause {
        id: ClauseId(format!("c-{n}")),
        span: Span::line(u32::try_from(n).unwrap() + 1),
        quote: String::new(),
        value,
    }
}

fn clauses<T>(values: Vec<T>) -> Vec<Clause<T>> {
    values
        .into_iter()
        .enumerate()
        .map(|(n, v)| clause(n, v))
        .collect()
}

fn units() -> impl Strategy<Value = TermUnit> {
    select(vec![
        TermUnit::Hours,
        TermUnit::BusinessHours,
        TermUnit::Days,
        TermUnit::BusinessDays,
        TermUnit::Weeks,
        TermUnit::Months,
    ])
}

fn severities() -> impl Strategy<Value = Severity> {
    select(vec![
        Severity::Low,
        Severity::Medium,
        Severity::High,
        Severity::Critical,
    ])
}

fn origins() -> impl Strategy<Value = Origin> {
    select(vec![
        Origin::Receipt,
        Origin::Acknowledgement,
        Origin::Triage,
        Origin::Acceptance,
        Origin::Fix,
        Origin::Release,
        Origin::Disclosure,
    ])
}

fn firmness() -> impl Strategy<Value = Firmness> {
    select(vec![Firmness::Commit, Firmness::Target, Firmness::Typical])
}

fn milestones() -> impl Strategy<Value = Milestone> {
    select(vec![
        Milestone::Acknowledgement,
        Milestone::Triage,
        Milestone::Assessment,
        Milestone::Plan,
        Milestone::Conversation,
        Milestone::Update,
        Milestone::Fix,
        Milestone::PatchRelease,
        Milestone::Disclosure,
    ])
}

/// A term, and whether it has a number, so that something can be its beginning.
fn terms() -> impl Strategy<Value = (Term, bool)> {
    prop_oneof![
        4 => (1..400_u32, units())
            .prop_map(|(amount, unit)| (Term::Within { amount, at_least: None, unit }, true)),
        2 => (1..30_u32, 1..30_u32, units()).prop_map(|(least, more, unit)| {
            (Term::Within { amount: least + more, at_least: Some(least), unit }, true)
        }),
        2 => (1..60_u32, units()).prop_map(|(amount, unit)| (Term::Every { amount, unit }, true)),
        1 => Just((Term::Immediate, false)),
        1 => Just((Term::NextRelease, false)),
        1 => select(vec!["as soon as possible", "in a timely manner", "promptly", "Depends on the problem"])
            .prop_map(|words| (Term::Unquantified { words: words.to_owned() }, false)),
    ]
}

fn promise() -> impl Strategy<Value = Promise> {
    let usual = (
        milestones(),
        maybe(severities()),
        terms(),
        origins(),
        firmness(),
    )
        .prop_map(
            |(milestone, severity, (term, numbered), from, firmness)| Promise {
                milestone,
                alternatives: Vec::new(),
                severity,
                term,
                from: if numbered { from } else { Origin::Receipt },
                firmness,
            },
        );
    let open = (severities(), 1..90_u32, units(), firmness()).prop_map(
        |(severity, amount, unit, firmness)| Promise {
            milestone: Milestone::Response,
            alternatives: vec![Milestone::Plan, Milestone::Fix],
            severity: Some(severity),
            term: Term::Within {
                amount,
                at_least: None,
                unit,
            },
            from: Origin::Receipt,
            firmness,
        },
    );
    let silent =
        select(vec![Milestone::Acknowledgement, Milestone::Conduct]).prop_map(|milestone| {
            Promise {
                milestone,
                alternatives: Vec::new(),
                severity: None,
                term: Term::Unquantified {
                    words: String::new(),
                },
                from: Origin::Receipt,
                firmness: Firmness::Commit,
            }
        });
    prop_oneof![6 => usual, 2 => open, 1 => silent]
}

/// As the compiler takes them: the same thing once, vague words once for each step.
fn promises() -> impl Strategy<Value = Vec<Promise>> {
    vec(promise(), 0..7).prop_map(|all| {
        let mut out: Vec<Promise> = Vec::new();
        let vague =
            |p: &Promise| matches!(&p.term, Term::Unquantified { words } if !words.is_empty());
        for mut p in all {
            if matches!(p.term, Term::Unquantified { .. }) {
                // “Critical: it depends” is a word on the severity, too.
                p.severity = None;
            }
            if matches!(p.term, Term::Every { .. }) {
                // What comes again and again is news.
                p.milestone = Milestone::Update;
            }
            if p.milestone == Milestone::Disclosure {
                // “after the fix” is a rule of disclosure, too.
                p.from = Origin::Receipt;
            }
            let again = out.iter().any(|o| {
                o.milestone == p.milestone
                    && o.severity == p.severity
                    && (o.term == p.term || vague(o) && vague(&p))
            });
            if !again {
                out.push(p);
            }
        }
        out
    })
}

fn channels() -> impl Strategy<Value = Vec<Channel>> {
    let kinds: Vec<(ChannelKind, Option<&'static str>)> = vec![
        (ChannelKind::Email, Some("security@lantern.dev")),
        (ChannelKind::Email, Some("team+sec_2@mail.lantern.dev")),
        (
            ChannelKind::GithubAdvisory,
            Some("https://github.com/lantern/lantern/security/advisories/new"),
        ),
        (ChannelKind::Web, Some("https://lantern.dev/tell-us")),
        (ChannelKind::Platform, Some("https://hackerone.com/lantern")),
        (
            ChannelKind::PrivateTracker,
            Some("https://bugzilla.lantern.dev/enter"),
        ),
        (ChannelKind::PrivateContact, None),
        (ChannelKind::Maintainers, None),
    ];
    let without: Vec<(ChannelKind, Option<&'static str>)> = vec![
        (ChannelKind::Email, None),
        (ChannelKind::GithubAdvisory, None),
        (ChannelKind::Web, None),
        (ChannelKind::PublicIssue, None),
    ];
    let flags = vec((any::<bool>(), any::<bool>()), 8);
    let build = |picked: Vec<(ChannelKind, Option<&'static str>)>, flags: Vec<(bool, bool)>| {
        picked
            .into_iter()
            .zip(flags)
            .map(|((kind, value), (preferred, conditional))| Channel {
                kind,
                value: value.map(str::to_owned),
                preferred: preferred && kind != ChannelKind::PublicIssue,
                conditional: conditional && kind != ChannelKind::PublicIssue && value.is_some(),
            })
            .collect()
    };
    prop_oneof![
        (subsequence(kinds, 0..5), flags.clone()).prop_map(move |(p, f)| build(p, f)),
        (subsequence(without, 0..4), flags).prop_map(move |(p, f)| build(p, f)),
    ]
}

fn versions() -> impl Strategy<Value = Vec<VersionRule>> {
    let parts = || vec(0..30_u32, 1..3);
    let dotted = |p: &[u32]| p.iter().map(u32::to_string).collect::<Vec<_>>().join(".");
    let range = prop_oneof![
        parts().prop_map(move |parts| (
            format!("{}.x", dotted(&parts)),
            VersionRange::Prefix { parts }
        )),
        (
            select(vec![
                ("<", CompareOp::Less),
                (">=", CompareOp::GreaterOrEqual),
                ("<=", CompareOp::LessOrEqual)
            ]),
            parts()
        )
            .prop_map(move |((sign, op), parts)| (
                format!("{sign} {}", dotted(&parts)),
                VersionRange::Compare { op, parts }
            )),
        Just((
            "latest release".to_owned(),
            VersionRange::Latest { branch: None }
        )),
        Just((
            "Latest (main)".to_owned(),
            VersionRange::Latest {
                branch: Some("main".to_owned())
            }
        )),
        Just(("Older versions".to_owned(), VersionRange::Older)),
    ];
    let support = select(vec![
        Support::Full,
        Support::SecurityOnly,
        Support::CriticalOnly,
        Support::BestEffort,
        Support::None,
    ]);
    vec((range, support), 0..5).prop_map(|all| {
        all.into_iter()
            .map(|((label, range), support)| VersionRule {
                label,
                range,
                support,
                end: None,
            })
            .collect()
    })
}

fn contents() -> impl Strategy<Value = Vec<ContentItem>> {
    let keys = vec![
        (ContentKey::Summary, "Title"),
        (ContentKey::Description, "Description"),
        (ContentKey::Impact, "Impact"),
        (ContentKey::Component, "Affected component"),
        (ContentKey::Versions, "Affected version"),
        (ContentKey::Steps, "Steps to reproduce"),
        (ContentKey::ProofOfConcept, "Proof of concept"),
        (ContentKey::Evidence, "Supporting evidence"),
        (ContentKey::SuggestedFix, "Suggested fix"),
        (ContentKey::Contact, "Contact details"),
    ];
    let demands = vec(
        select(vec![
            (Demand::Mandatory, "in a few words"),
            (Demand::Asked, "in a few words"),
            (Demand::Optional, "if available"),
            (Demand::IfApplicable, "if applicable"),
        ]),
        10,
    );
    (subsequence(keys, 0..7), demands, any::<bool>()).prop_map(|(keys, demands, pick)| {
        let mut out: Vec<ContentItem> = keys
            .into_iter()
            .zip(demands)
            .map(|((key, label), (demand, help))| ContentItem {
                key,
                label: label.to_owned(),
                help: help.to_owned(),
                demand,
                choices: if pick && key == ContentKey::Component {
                    vec!["API".to_owned(), "web".to_owned()]
                } else {
                    Vec::new()
                },
            })
            .collect();
        // What must be there stands in a list of its own, before the rest.
        out.sort_by_key(|item| item.demand != Demand::Mandatory);
        out
    })
}

fn scope() -> impl Strategy<Value = Vec<ScopeItem>> {
    let items = vec![
        ("Backend API", "all endpoints", ScopeTopic::Component),
        ("Website", "", ScopeTopic::Component),
        ("Official images", "", ScopeTopic::ContainerImage),
        ("Dependencies", "what we ship", ScopeTopic::Dependency),
        ("Forks", "", ScopeTopic::Fork),
        ("Social engineering", "", ScopeTopic::SocialEngineering),
        (
            "Denial of service",
            "by sheer traffic",
            ScopeTopic::DenialOfService,
        ),
        ("Physical access", "", ScopeTopic::PhysicalAccess),
    ];
    subsequence(items, 0..6).prop_map(|items| {
        let of = |(name, detail, topic): (&str, &str, ScopeTopic)| ScopeItem {
            name: name.to_owned(),
            detail: detail.to_owned(),
            paths: Vec::new(),
            topic,
        };
        items.into_iter().map(of).collect()
    })
}

fn disclosure() -> impl Strategy<Value = Vec<DisclosureRule>> {
    let kind = prop_oneof![
        3 => (1..400_u32, units(), origins())
            .prop_map(|(amount, unit, from)| DisclosureKind::Window { amount, unit, from }),
        6 => select(vec![
            DisclosureKind::Coordinated,
            DisclosureKind::Agreed,
            DisclosureKind::PrivateFirst,
            DisclosureKind::Expedited,
            DisclosureKind::Extension,
            DisclosureKind::UntilFixed,
            DisclosureKind::UntilValidatedOrAgreed,
            DisclosureKind::FreeAfterDate,
            DisclosureKind::MayStayInternal,
            DisclosureKind::WhenApplicable,
            DisclosureKind::PublishMitigations,
        ]),
    ];
    vec((kind, maybe(severities())), 0..5).prop_map(|all| {
        all.into_iter()
            .map(|(rule, severity)| DisclosureRule {
                stated: matches!(&rule, DisclosureKind::Window { amount, .. } if amount % 2 == 0),
                severity: severity.filter(|_| rule != DisclosureKind::UntilValidatedOrAgreed),
                rule,
            })
            .collect()
    })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let steps = vec![
        (StepStage::Receipt, None),
        (StepStage::Acknowledgement, None),
        (StepStage::Triage, Some(StepDemand::SeverityRating)),
        (StepStage::Rejection, Some(StepDemand::DetailedReason)),
        (StepStage::Conversation, None),
        (StepStage::CommunicationPlan, None),
        (StepStage::AdvisoryDraft, None),
        (StepStage::Fix, Some(StepDemand::PrivateBranch)),
        (StepStage::Testing, None),
        (StepStage::DateNotice, None),
        (StepStage::Release, Some(StepDemand::Backport)),
        (StepStage::Disclosure, None),
        (StepStage::ReporterFree, None),
    ];
    (subsequence(steps, 0..10), any::<bool>()).prop_map(|(steps, demands)| {
        steps
            .into_iter()
            .zip(1_u32..)
            .map(|((stage, demand), number)| Step {
                number,
                stage,
                demands: demand.into_iter().filter(|_| demands).collect(),
            })
            .collect()
    })
}

/// Safe harbour has readings beside the plain ones; so its values come from sentences.
fn harbour() -> impl Strategy<Value = Vec<Clause<SafeHarbour>>> {
    select(vec![
        "",
        "We support research in good faith.",
        "We will not take legal action against people who follow this policy.",
        "If you act in good faith, we will:\n\n- not take legal action against you\n- treat what you send us with care",
        "We consider research in good faith to be authorised.\nWe will not take legal action against you.",
    ])
    .prop_map(|text| {
        let doc = format!("# Security Policy\n\n## Safe Harbour\n\n{text}\n");
        compile(doc.as_bytes()).unwrap().value.safe_harbour
    })
}

fn duties() -> impl Strategy<Value = Vec<Duty>> {
    let all = vec![
        DutyKind::ReasonableTime,
        DutyKind::NoDataAccess,
        DutyKind::NoExploitation,
        DutyKind::Confidential,
        DutyKind::NoDegradation,
        DutyKind::OwnAccounts,
        DutyKind::NoHarm,
        DutyKind::NoDemands,
        DutyKind::NoSocialEngineering,
        DutyKind::Other,
    ];
    subsequence(all, 0..8).prop_map(|all| {
        all.into_iter()
            .map(|kind| Duty {
                kind,
                also: Vec::new(),
            })
            .collect()
    })
}

fn follow_up() -> impl Strategy<Value = Vec<FollowUp>> {
    let one = ((1..60_u32, units()), any::<bool>()).prop_map(|(after, again)| FollowUp {
        trigger: Silence::default(),
        action: if again {
            "please write again".to_owned()
        } else {
            "please contact the maintainers in the chat".to_owned()
        },
        after: Some(after),
    });
    vec(one, 0..2)
}

fn severity_classes() -> impl Strategy<Value = Vec<SeverityClass>> {
    let all = vec![
        (
            Severity::Critical,
            vec!["Remote code execution", "authentication bypass"],
        ),
        (Severity::High, vec!["SQL injection"]),
        (Severity::Low, vec!["Missing headers", "clickjacking"]),
    ];
    subsequence(all, 0..3).prop_map(|all| {
        all.into_iter()
            .map(|(severity, classes)| SeverityClass {
                severity,
                classes: classes.into_iter().map(str::to_owned).collect(),
                response: None,
            })
            .collect()
    })
}

fn texts(all: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    subsequence(all.to_vec(), 0..=all.len())
        .prop_map(|all| all.into_iter().map(str::to_owned).collect())
}

fn way_of(key: Option<&str>, subject: Option<&str>) -> KeyWay {
    match (key, subject) {
        (Some(key), _) if key.contains("://") => KeyWay::Link,
        (Some(_), _) => KeyWay::Fingerprint,
        (None, Some(_)) => KeyWay::OnRequest,
        (None, None) => KeyWay::Unstated,
    }
}

fn encryption() -> impl Strategy<Value = Vec<Encryption>> {
    let key = Some("https://lantern.dev/pgp-key.asc".to_owned());
    let print = Some("0123456789ABCDEF0123456789ABCDEF01234567".to_owned());
    let subject = Some("PGP key please".to_owned());
    select(vec![
        vec![],
        vec![(None, key)],
        vec![(None, print)],
        vec![(subject, None)],
        vec![(None, None)],
    ])
    .prop_map(|all| {
        all.into_iter()
            .map(|(request_subject, key)| Encryption {
                way: way_of(key.as_deref(), request_subject.as_deref()),
                request_subject,
                key,
            })
            .collect()
    })
}

fn kinds<T: Clone + std::fmt::Debug + 'static>(all: Vec<T>) -> impl Strategy<Value = Vec<T>> {
    let most = all.len();
    subsequence(all, 0..=most)
}

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
    #![proptest_config(ProptestConfig::with_cases(32))]

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
