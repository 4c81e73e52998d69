//! The canonical policy: written and read back the same, strict about everything else.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use candor_base::Span;
use candor_policy::{
    Canonical, Channel, ChannelKind, Clause, ClauseId, Credit, Firmness, FollowUp, Milestone,
    Origin, Policy, Promise, Release, Settings, Severity, SourceFile, Term, TermUnit, VersionRange,
    VersionRule, compile, is_canonical, keep_corrected, read_policy,
};
use proptest::prelude::*;

const TEXT: &str = "# Security policy of Lanternfish

| Version | Supported |
| ------- | --------- |
| 1.x     | yes       |
| < 1.0   | no        |

Please report vulnerabilities by email, or to security@lanternfish.example.
Do not open a public issue.

- We acknowledge your report within 48 hours.
- We send an update every 7 days.

Response times: Critical: 24 hours, High: 3 days.

We will publish details 90 days after the report. Reporters are credited if they wish.
";

fn of(text: &str, settings: Settings) -> Canonical {
    Canonical {
        source: SourceFile::of("SECURITY.md", text.as_bytes()),
        policy: compile(text.as_bytes()).unwrap().value,
        settings,
    }
}

fn back(canonical: &Canonical, text: &str) -> String {
    let written = canonical.write(text).unwrap();
    let read = Canonical::parse(&written).unwrap_or_else(|why| panic!("{why}\n{written}"));
    assert_eq!(&read, canonical, "{written}");
    assert!(is_canonical(written.as_bytes()));
    written
}

#[test]
fn what_is_written_is_read_back_the_same() {
    let settings = Settings {
        zone: Some("Europe/Oslo".parse().unwrap()),
        holidays: ["2026-12-25".parse().unwrap()].into(),
        response_means: Some(Milestone::Fix),
        releases: vec![Release {
            version: "1.4".to_owned(),
            supported: None,
            date: None,
        }],
        four_eyes: true,
        ..Settings::default()
    };
    let written = back(&of(TEXT, settings), TEXT);
    assert!(written.contains("zone = \"Europe/Oslo\""), "{written}");
    let plain = back(&of(TEXT, Settings::default()), TEXT);
    assert!(plain.contains("# zone = "), "{plain}");
    assert!(
        plain.contains("  > - We acknowledge your report within 48 hours."),
        "{plain}"
    );
    assert!(plain.contains("SECURITY.md, line 11:"), "{plain}");
}

#[test]
fn comments_change_nothing() {
    let canonical = of(TEXT, Settings::default());
    let written = canonical.write(TEXT).unwrap();
    let bare: Vec<&str> = written.lines().filter(|l| !l.starts_with('#')).collect();
    assert_eq!(Canonical::parse(&bare.join("\n")).unwrap(), canonical);
    let hostile = "Security: report to a@b.example.\r# four_eyes = true\u{2028}x = 1\u{7}\n";
    let written = of(hostile, Settings::default()).write(hostile).unwrap();
    assert!(Canonical::parse(&written).is_ok(), "{written}");
}

#[test]
fn every_real_policy_comes_back_the_same() {
    let Some(_) = common::shared_text("000") else {
        return;
    };
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|a| a.join("shared/policies/texts"))
        .find(|p| p.is_dir())
        .unwrap();
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let Ok(compiled) = compile(&bytes) else {
            continue;
        };
        let canonical = Canonical {
            source: SourceFile::of("SECURITY.md", &bytes),
            policy: compiled.value,
            settings: Settings::default(),
        };
        back(&canonical, &String::from_utf8_lossy(&bytes));
        seen += 1;
    }
    assert!(seen > 50, "{seen}");
}

fn mistake(change: impl Fn(&str) -> String) -> String {
    let written = of(TEXT, Settings::default()).write(TEXT).unwrap();
    let changed = change(&written);
    assert_ne!(changed, written, "nothing was changed");
    let why = Canonical::parse(&changed).expect_err("a mistake");
    let line = why.line.unwrap_or(0) as usize;
    let there = line.checked_sub(1).and_then(|n| changed.lines().nth(n));
    format!("{why} | {}", there.unwrap_or(""))
}

#[test]
fn every_mistake_names_its_line_and_how_to_mend_it() {
    let said = mistake(|t| t.replacen("milestone = ", "mileston = ", 1));
    assert!(
        said.contains("Did you mean `milestone`?")
            && said.ends_with("| mileston = \"acknowledgement\""),
        "{said}"
    );
    let said = mistake(|t| t.replacen("amount = 48", "amuont = 48", 1));
    assert!(
        said.contains("`amount` is missing") && said.contains("amuont"),
        "{said}"
    );
    let said = mistake(|t| t.replacen("amount = 48", "amount = \"48\"", 1));
    assert!(
        said.contains("whole number without quotation marks"),
        "{said}"
    );
    let said = mistake(|t| t.replacen("amount = 48", "amount = -48", 1));
    assert!(said.contains("whole number"), "{said}");
    let said = mistake(|t| t.replacen("amount = 48", "amount = 48, loud = true", 1));
    assert!(
        said.contains("no key `loud`") && said.contains("amount"),
        "{said}"
    );
    let said = mistake(|t| t.replacen("unit = \"hours\"", "unit = \"hour\"", 1));
    assert!(said.contains("Did you mean `hours`?"), "{said}");
    let said = mistake(|t| t.replacen("[[promises]]", "[[promise]]", 1));
    assert!(said.contains("Did you mean `promises`?"), "{said}");
    let said = mistake(|t| t.replacen("# zone = \"Europe/Oslo\"", "zone = \"Mars\"", 1));
    assert!(
        said.contains("not a known time zone") && said.ends_with("zone = \"Mars\""),
        "{said}"
    );
    let said = mistake(|t| t.replacen("# zone = ", "zon = ", 1));
    assert!(said.contains("Did you mean `zone`?"), "{said}");
    let said = mistake(|t| t.replacen("lines = \"11\"", "lines = \"eleven\"", 1));
    assert!(said.contains("write \"34\" or \"34-36\""), "{said}");
    let said = mistake(|t| t.replacen("lines = \"11\"\n", "", 1));
    assert!(said.contains("needs `lines` too"), "{said}");
    let said = mistake(|t| t.replacen("id = \"promise-2\"", "id = \"promise-1\"", 1));
    assert!(said.contains("two entries have the id"), "{said}");
    let said = mistake(|t| t.replacen("candor.policy/1", "candor.policy/9", 1));
    assert!(said.contains("only the form"), "{said}");
    let said = mistake(|t| t.replacen("[source]", "[source", 1));
    assert!(
        said.contains("not TOML") && said.ends_with("| [source"),
        "{said}"
    );
    let said = mistake(|t| {
        t.replacen(
            "# zone = \"Europe/Oslo\"",
            "security_address = \"a@b.example\\nX: y\"",
            1,
        )
    });
    assert!(said.contains("one line"), "{said}");
    for (odd, words) in [
        ("a\\u001b[31m@b.example", "cannot be seen"),
        ("a\\u202e@b.example", "cannot be seen"),
        ("a\\u2028@b.example", "one line"),
        ("a@b.example?bcc=c@d.example", "no e-mail address"),
        ("psirt at northwind", "no e-mail address"),
    ] {
        for of in ["value", "security_address"] {
            let said = mistake(|t| match of {
                "value" => t.replacen("security@lanternfish.example\"", &format!("{odd}\""), 1),
                _ => t.replacen(
                    "# zone = \"Europe/Oslo\"",
                    &format!("security_address = \"{odd}\""),
                    1,
                ),
            });
            assert!(said.contains(words), "{of} {odd}: {said}");
        }
    }
    let said = mistake(|t| t.replacen("# zone = \"Europe/Oslo\"", "\"zo\\u0007ne\" = \"UTC\"", 1));
    assert!(said.contains("in this key"), "{said}");
    let said = mistake(|t| {
        t.replacen("kind = \"email\"", "kind = \"web\"", 1)
            .replacen(
                "\"security@lanternfish.example\"",
                "\"javascript:alert(1)\"",
                1,
            )
    });
    assert!(said.contains("no address on the web"), "{said}");
    for lines in ["0", "0-3"] {
        let said = mistake(|t| {
            let (head, tail) = t.split_once("\nlines = \"").unwrap();
            let (_, tail) = tail.split_once('"').unwrap();
            format!("{head}\nlines = \"{lines}\"{tail}")
        });
        assert!(said.contains("Lines count from 1"), "{said}");
    }
    let said =
        mistake(|t| t.replacen("# zone = \"Europe/Oslo\"", "response_means = \"triage\"", 1));
    assert!(said.contains("\"plan\" or \"fix\""), "{said}");
}

#[test]
fn either_form_is_read() {
    let canonical = of(TEXT, Settings::default());
    let written = canonical
        .write(TEXT)
        .unwrap()
        .replace("# four_eyes = true", "four_eyes = false")
        .replace("# zone = \"Europe/Oslo\"", "zone = \"Asia/Tokyo\"");
    let read = read_policy(written.as_bytes()).unwrap();
    assert_eq!(read.compiled.value, canonical.policy);
    assert_eq!(read.source.unwrap(), canonical.source);
    let base = Settings {
        four_eyes: true,
        second_look_minutes: 7,
        ..Settings::default()
    };
    let over = read.stated.over(&base);
    assert_eq!((over.four_eyes, over.second_look_minutes), (false, 7));
    assert_eq!(over.zone.unwrap().to_string(), "Asia/Tokyo");
    let text = read_policy(TEXT.as_bytes()).unwrap();
    assert_eq!(text.compiled.value, canonical.policy);
    assert_eq!(text.stated.over(&base), base);
    assert!(text.source.is_none());
    assert!(!is_canonical(TEXT.as_bytes()));
    assert!(read_policy(b"format = \"candor.policy/1\"").is_err());
}

#[test]
fn what_was_corrected_outlives_a_new_reading_of_the_same_words() {
    let old = compile(TEXT.as_bytes()).unwrap().value;
    let new_text = TEXT
        .replace("within 48 hours", "within 3 business days")
        .replace(
            "# Security policy of Lanternfish",
            "# Security policy of Lanternfish\n\nHello.",
        );
    let new = compile(new_text.as_bytes()).unwrap().value;
    assert_eq!(
        keep_corrected(&old, &new, &new_text).0,
        new,
        "nothing was corrected"
    );

    let mut mine = old.clone();
    let of = |p: &Policy, m: Milestone| {
        let found = p.promises.iter().position(|c| c.value.milestone == m);
        found.unwrap_or_else(|| panic!("{m:?} in {:?}", p.promises))
    };
    // The update is corrected, one is found that was missed, one is made up.
    let update = of(&mine, Milestone::Update);
    mine.promises[update].value.term = Term::Every {
        amount: 10,
        unit: TermUnit::BusinessDays,
    };
    let mut missed = mine.promises[update].clone();
    missed.quote = "Do not open a public issue.".to_owned();
    missed.value.milestone = Milestone::Conduct;
    let mut gone = missed.clone();
    gone.quote = "This stands nowhere.".to_owned();
    gone.value.milestone = Milestone::Bounty;
    mine.promises.extend([missed, gone]);
    // The acknowledgement, too, but its sentence is another one now.
    let first = of(&mine, Milestone::Acknowledgement);
    mine.promises[first].value.term = Term::Immediate;

    let (kept, named) = keep_corrected(&mine, &new, &new_text);
    let said: Vec<&str> = named.iter().map(|k| k.quote.as_str()).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].contains("every 7 days") && said[1].contains("public issue"));
    let update = &kept.promises[of(&kept, Milestone::Update)];
    assert_eq!(
        update.value.term,
        Term::Every {
            amount: 10,
            unit: TermUnit::BusinessDays
        }
    );
    assert_eq!(
        update.span,
        new.promises[of(&new, Milestone::Update)].span,
        "its new line"
    );
    let missed = &kept.promises[of(&kept, Milestone::Conduct)];
    let line = new_text
        .lines()
        .position(|l| l.contains("public issue"))
        .unwrap();
    assert_eq!(missed.span, Span::line(u32::try_from(line).unwrap() + 1));
    let first = &kept.promises[of(&kept, Milestone::Acknowledgement)];
    assert_eq!(first, &new.promises[of(&new, Milestone::Acknowledgement)]);
    assert!(
        kept.promises
            .iter()
            .all(|c| c.value.milestone != Milestone::Bounty)
    );
    let canonical = Canonical {
        source: SourceFile::of("SECURITY.md", new_text.as_bytes()),
        policy: kept,
        settings: Settings::default(),
    };
    back(&canonical, &new_text);
}

fn words() -> impl Strategy<Value = String> {
    // What can be seen, in one line.
    "[^\\p{Cc}\\p{Zl}\\p{Zp}\u{202a}-\u{202e}\u{2066}-\u{2069}]{0,24}"
}

fn clause<T: std::fmt::Debug>(
    kind: &'static str,
    value: impl Strategy<Value = T>,
) -> impl Strategy<Value = Vec<Clause<T>>> {
    let one = (value, words(), 1..90_u32, 0..3_u32);
    proptest::collection::vec(one, 0..4).prop_map(move |all| {
        let clauses = all.into_iter().enumerate();
        clauses
            .map(|(n, (value, quote, first, more))| Clause {
                id: ClauseId(format!("{kind}-{n}")),
                span: Span::lines(first, first + more),
                quote,
                value,
            })
            .collect()
    })
}

fn unit() -> impl Strategy<Value = TermUnit> {
    prop_oneof![
        Just(TermUnit::Hours),
        Just(TermUnit::BusinessDays),
        Just(TermUnit::Months)
    ]
}

fn term() -> impl Strategy<Value = Term> {
    prop_oneof![
        (1..500_u32, proptest::option::of(1..9_u32), unit()).prop_map(
            |(amount, at_least, unit)| {
                Term::Within {
                    amount,
                    at_least,
                    unit,
                }
            }
        ),
        (1..90_u32, unit()).prop_map(|(amount, unit)| Term::Every { amount, unit }),
        Just(Term::Immediate),
        Just(Term::NextRelease),
        words().prop_map(|words| Term::Unquantified { words }),
    ]
}

fn promise() -> impl Strategy<Value = Promise> {
    (
        term(),
        proptest::option::of(Just(Severity::High)),
        any::<bool>(),
    )
        .prop_map(|(term, severity, open)| Promise {
            milestone: Milestone::Fix,
            alternatives: if open {
                vec![Milestone::Plan]
            } else {
                Vec::new()
            },
            severity,
            condition: None,
            term,
            from: Origin::Acceptance,
            firmness: Firmness::Typical,
        })
}

fn channel() -> impl Strategy<Value = Channel> {
    let place = "(https://)?[a-z]{1,9}(/[\\p{L}0-9_.?=#-]{0,12})?";
    (proptest::option::of(place), any::<bool>()).prop_map(|(value, preferred)| Channel {
        kind: ChannelKind::Web,
        value,
        preferred,
        conditional: false,
    })
}

fn follow_up() -> impl Strategy<Value = FollowUp> {
    (proptest::option::of((1..9_u32, unit())), words()).prop_map(|(after, action)| FollowUp {
        after,
        trigger: candor_policy::Silence::NoProgress,
        action,
    })
}

fn version() -> impl Strategy<Value = VersionRule> {
    use candor_policy::Support;
    let range = prop_oneof![
        proptest::collection::vec(0..9_u32, 0..3).prop_map(|parts| VersionRange::Prefix { parts }),
        proptest::option::of(words()).prop_map(|branch| VersionRange::Latest { branch }),
        Just(VersionRange::Older),
    ];
    (words(), range).prop_map(|(label, range)| VersionRule {
        label,
        range,
        support: Support::SecurityOnly,
        end: None,
    })
}

prop_compose! {
    fn policy()(
        promises in clause("promise", promise()),
        channels in clause("channel", channel()),
        follow_up in clause("follow-up", follow_up()),
        versions in clause("version", version()),
        statements in clause("statement", words()),
        more in clause("credit-more", words()),
        mut product in clause("product", words()),
        with_consent in any::<bool>(),
    ) -> Policy {
        let credit = promises.first().map(|p| Clause {
            id: ClauseId("credit".to_owned()),
            span: p.span,
            quote: p.quote.clone(),
            value: Credit { with_consent, unless_anonymous: false, valid_only: true, hall_of_fame: None, more },
        });
        Policy {
            languages: vec!["en".to_owned()],
            product: product.pop(),
            promises, channels, follow_up, versions, statements, credit,
            ..Policy::default()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_policy_comes_back_the_same(policy in policy(), text in "[^\\p{Cc}\n]{0,40}(\n[^\\p{Cc}\n]{0,20}){0,9}") {
        let canonical = Canonical {
            source: SourceFile::of("SECURITY.md", text.as_bytes()),
            policy,
            settings: Settings::default(),
        };
        let written = canonical.write(&text).unwrap();
        prop_assert_eq!(Canonical::parse(&written).unwrap(), canonical, "{}", written);
    }

    #[test]
    fn no_text_makes_it_fall_over(text in "\\PC{0,200}") {
        let _ = read_policy(format!("format = \"candor.policy/1\"\n{text}").as_bytes());
        let _ = Canonical::parse(&text);
    }
}
