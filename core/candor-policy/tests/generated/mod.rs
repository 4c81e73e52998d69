//! Strategies for the parts of a policy.

use candor_base::Span;
use candor_policy::*;
use proptest::collection::vec;
use proptest::option::of as maybe;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

pub(crate) fn clause<T>(n: usize, value: T) -> Clause<T> {
    Clause {
        id: ClauseId(format!("c-{n}")),
        span: Span::line(u32::try_from(n).unwrap() + 1),
        quote: String::new(),
        value,
    }
}

pub(crate) fn clauses<T>(values: Vec<T>) -> Vec<Clause<T>> {
    values
        .into_iter()
        .enumerate()
        .map(|(n, v)| clause(n, v))
        .collect()
}

pub(crate) fn units() -> impl Strategy<Value = TermUnit> {
    select(vec![
        TermUnit::Hours,
        TermUnit::BusinessHours,
        TermUnit::Days,
        TermUnit::BusinessDays,
        TermUnit::Weeks,
        TermUnit::Months,
    ])
}

pub(crate) fn severities() -> impl Strategy<Value = Severity> {
    select(vec![
        Severity::Low,
        Severity::Medium,
        Severity::High,
        Severity::Critical,
    ])
}

pub(crate) fn origins() -> impl Strategy<Value = Origin> {
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

pub(crate) fn firmness() -> impl Strategy<Value = Firmness> {
    select(vec![Firmness::Commit, Firmness::Target, Firmness::Typical])
}

pub(crate) fn milestones() -> impl Strategy<Value = Milestone> {
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
pub(crate) fn terms() -> impl Strategy<Value = (Term, bool)> {
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

pub(crate) fn promise() -> impl Strategy<Value = Promise> {
    let usual = (
        milestones(),
        maybe(severities()),
        terms(),
        origins(),
        firmness(),
    )
        .prop_map(
            |(milestone, severity, (term, numbered), from, firmness)| Promise {
                // A fix that comes with the next release is always read as its release.
                milestone: match (&term, milestone) {
                    (Term::NextRelease, Milestone::Fix) => Milestone::PatchRelease,
                    (_, milestone) => milestone,
                },
                alternatives: Vec::new(),
                condition: None,
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
            condition: None,
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
                condition: None,
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
pub(crate) fn promises() -> impl Strategy<Value = Vec<Promise>> {
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

pub(crate) fn channels() -> impl Strategy<Value = Vec<Channel>> {
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

pub(crate) fn versions() -> impl Strategy<Value = Vec<VersionRule>> {
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

pub(crate) fn contents() -> impl Strategy<Value = Vec<ContentItem>> {
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

pub(crate) fn scope() -> impl Strategy<Value = Vec<ScopeItem>> {
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

pub(crate) fn disclosure() -> impl Strategy<Value = Vec<DisclosureRule>> {
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
                severity: severity.filter(|one| match rule {
                    DisclosureKind::UntilValidatedOrAgreed => false,
                    // More time for what is of low severity is a rule of its own.
                    DisclosureKind::Extension => *one != Severity::Low,
                    _ => true,
                }),
                rule,
            })
            .collect()
    })
}

pub(crate) fn steps() -> impl Strategy<Value = Vec<Step>> {
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
pub(crate) fn harbour() -> impl Strategy<Value = Vec<Clause<SafeHarbour>>> {
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

pub(crate) fn duties() -> impl Strategy<Value = Vec<Duty>> {
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

pub(crate) fn follow_up() -> impl Strategy<Value = Vec<FollowUp>> {
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

pub(crate) fn severity_classes() -> impl Strategy<Value = Vec<SeverityClass>> {
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

pub(crate) fn texts(all: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    subsequence(all.to_vec(), 0..=all.len())
        .prop_map(|all| all.into_iter().map(str::to_owned).collect())
}

pub(crate) fn way_of(key: Option<&str>, subject: Option<&str>) -> KeyWay {
    match (key, subject) {
        (Some(key), _) if key.contains("://") => KeyWay::Link,
        (Some(_), _) => KeyWay::Fingerprint,
        (None, Some(_)) => KeyWay::OnRequest,
        (None, None) => KeyWay::Unstated,
    }
}

pub(crate) fn encryption() -> impl Strategy<Value = Vec<Encryption>> {
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

pub(crate) fn kinds<T: Clone + std::fmt::Debug + 'static>(
    all: Vec<T>,
) -> impl Strategy<Value = Vec<T>> {
    let most = all.len();
    subsequence(all, 0..=most)
}
