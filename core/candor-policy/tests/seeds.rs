//! The five seed policies, clause by clause, with the lines they stand on.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use common::{at, channels, contents, disclosure, lines, name, promises, scope, seed, steps};

#[test]
fn s0_versions_channels_and_ban() {
    let Some(p) = seed("000_") else { return };
    assert_eq!(p.product.as_ref().unwrap().value, "Promethium");
    assert_eq!(lines(&p.versions), ["4", "5"]);
    assert_eq!(p.versions[0].value.label, "1.x.x");
    assert_eq!(
        name(&p.versions[1].value.range),
        "{kind:compare,op:less,parts:[1,0]}"
    );
    assert_eq!(name(p.versions[1].value.support), "none");
    assert_eq!(at(&p.patch_targets[0]), "6");
    assert_eq!(name(p.patch_targets[0].value), "latest_minor_per_major");
    assert_eq!(channels(&p), ["23 email -", "24 github-advisory - ?"]);
    assert_eq!(lines(&p.public_ban), ["21"]);
}

#[test]
fn s0_scope_and_contents() {
    let Some(p) = seed("000_") else { return };
    assert_eq!(
        scope(&p.in_scope),
        [
            "8 component Backend API",
            "9 component Frontend",
            "10 component Database",
            "11 component Worker Processes",
            "12 container_image Container Images",
            "13 dependency Dependencies",
        ]
    );
    let out: Vec<String> = p
        .out_of_scope
        .iter()
        .map(|c| format!("{} {}", at(c), name(c.value.topic)))
        .collect();
    assert_eq!(
        out,
        [
            "15 third_party",
            "16 fork",
            "17 dependency",
            "18 social_engineering",
            "19 denial_of_service"
        ]
    );
    assert_eq!(
        contents(&p),
        [
            "26 description asked",
            "27 impact asked",
            "27 severity asked",
            "28 component asked",
            "29 steps asked",
            "30 proof_of_concept optional",
            "31 suggested_fix optional",
            "32 contact asked",
        ]
    );
}

#[test]
fn s0_promises_severities_and_disclosure() {
    let Some(p) = seed("000_") else { return };
    assert_eq!(
        promises(&p),
        [
            "36 acknowledgement - within 48 hours commit",
            "37 assessment - within 5 business days commit",
            "38 update - within 10 business days commit",
            "39 fix - \u{201c}Varies by severity\u{201d} (no number given) commit",
            "40 disclosure - \u{201c}Coordinated with reporter\u{201d} (no number given) commit",
            "44 response critical at once (the policy gives no number) target",
            "45 response high within 7 days target",
            "46 response medium within 30 days target",
            "47 fix low with the next release target",
        ]
    );
    assert_eq!(name(&p.promises[6].value.alternatives), "[plan,fix]");
    assert_eq!(
        p.severities[0].value.classes,
        [
            "Remote code execution",
            "authentication bypass",
            "data breach"
        ]
    );
    assert_eq!(lines(&p.severities), ["44", "45", "46", "47"]);
    assert_eq!(
        disclosure(&p),
        [
            "20 coordinated",
            "40 coordinated",
            "48 coordinated",
            "55 free_after_date",
            "56 window",
            "57 expedited",
            "58 extension",
            "63 until_fixed",
        ]
    );
}

#[test]
fn s0_steps_duties_advice_outlets_and_credit() {
    let Some(p) = seed("000_") else { return };
    assert_eq!(
        steps(&p),
        [
            "49 receipt []",
            "50 acknowledgement []",
            "51 fix [test_record]",
            "52 advisory_draft []",
            "53 date_notice []",
            "54 release [together]",
            "55 reporter_free []",
        ]
    );
    let duties: Vec<String> = p
        .duties
        .iter()
        .map(|c| format!("{} {}", at(c), name(c.value.kind)))
        .collect();
    assert_eq!(
        duties,
        [
            "60 reasonable_time",
            "61 no_data_access",
            "62 no_exploitation",
            "63 confidential"
        ]
    );
    let advice: Vec<String> = p
        .advice
        .iter()
        .map(|c| format!("{} {}", at(c), name(c.value.kind)))
        .collect();
    assert_eq!(
        advice,
        [
            "65 deployment",
            "66 deployment",
            "67 deployment",
            "68 updating",
            "69 deployment",
            "73 configuration",
            "75 configuration",
            "76 configuration",
            "78-79 configuration",
            "79 monitoring",
            "80 monitoring",
            "81 monitoring",
            "82 monitoring",
        ]
    );
    assert_eq!(p.advice[7].quote, "jwt_expiration_minutes: 60");
    let outlets: Vec<String> = p
        .outlets
        .iter()
        .map(|c| format!("{} {}", at(c), name(c.value.kind)))
        .collect();
    assert_eq!(outlets, ["84 github_advisory", "85 changelog", "86 other"]);
    assert_eq!(at(p.subscribe.as_ref().unwrap()), "87");
    let credit = p.credit.as_ref().unwrap();
    assert_eq!(at(credit), "88");
    assert!(credit.value.with_consent);
    assert!(p.safe_harbour.is_empty());
}

#[test]
fn s1_versions_channels_contents() {
    let Some(p) = seed("001_") else { return };
    assert_eq!(lines(&p.versions), ["5-6", "7"]);
    assert_eq!(
        name(&p.versions[0].value.range),
        "{kind:latest,branch:main}"
    );
    assert_eq!(name(&p.versions[1].value.range), "{kind:older}");
    assert_eq!(name(p.patch_targets[0].value), "latest_only");
    assert_eq!(at(p.upgrade_first.as_ref().unwrap()), "1-2");
    assert_eq!(channels(&p), ["12 email security@threatdex.example.com"]);
    assert_eq!(lines(&p.public_ban), ["9", "10"]);
    assert_eq!(lines(&p.encryption), ["21", "22-23"]);
    assert_eq!(
        p.encryption[1].value.request_subject.as_deref(),
        Some("PGP key request")
    );
    assert_eq!(
        contents(&p),
        [
            "14 summary asked",
            "15 component asked",
            "16 severity asked",
            "16 impact asked",
            "17 steps asked",
            "18 proof_of_concept optional",
            "19 suggested_fix optional",
            "20 contact asked",
        ]
    );
    assert_eq!(
        p.contents[1].value.choices,
        [
            "API endpoint",
            "authentication",
            "data ingestion worker",
            "frontend"
        ]
    );
    assert_eq!(
        p.contents[2].value.choices,
        ["Critical", "High", "Medium", "Low"]
    );
}

#[test]
fn s1_promises_follow_up_and_steps() {
    let Some(p) = seed("001_") else { return };
    assert_eq!(
        promises(&p),
        [
            "27 acknowledgement - within 2 business days target",
            "28 triage - within 5 business days target",
            "29 update - every 7 days target",
            "30 fix - within 90 days target",
            "30 disclosure - within 90 days target",
            "31 fix critical within 14 days target",
            "49 conduct - the policy gives no time commit",
            "50 credit - the policy gives no time commit",
        ]
    );
    assert_eq!(at(&p.follow_up[0]), "32");
    assert_eq!(name(p.follow_up[0].value.after), "[2,business-days]");
    assert_eq!(
        steps(&p),
        [
            "40 receipt []",
            "41 triage [reproduction,severity_rating]",
            "42 fix [private_branch]",
            "43 testing [review,test_record]",
            "44 release []",
            "45 disclosure [credit]",
        ]
    );
    assert_eq!(disclosure(&p)[0], "8 private_first");
    assert!(disclosure(&p).contains(&"31 coordinated".to_owned()));
}

#[test]
fn s1_scope_people_and_review() {
    let Some(p) = seed("001_") else { return };
    assert_eq!(
        scope(&p.in_scope),
        [
            "34 component apps/web",
            "34 component apps/api",
            "34 component workers/*",
            "34 component packages/*",
            "34 infrastructure infra/docker-compose.yml and related container configuration",
            "34 workflow GitHub Actions workflows",
        ]
    );
    assert_eq!(lines(&p.out_of_scope), ["36", "37", "38", "39"]);
    assert!(matches!(
        candor_policy::scope_match(&p, "workers/feeds/otx.py"),
        Some(candor_policy::ScopeMatch::In(c)) if c.value.name == "workers/*"
    ));
    assert!(candor_policy::scope_match(&p, "docs/index.md").is_none());
    let credit = p.credit.as_ref().unwrap();
    assert!(credit.value.unless_anonymous && credit.value.valid_only && credit.value.with_consent);
    assert_eq!(lines(&p.safe_harbour), ["47", "47", "48", "49", "50"]);
    assert!(p.safe_harbour[2].value.no_legal_action);
    let promised: Vec<bool> = p.safe_harbour.iter().map(|c| c.value.in_promise).collect();
    assert_eq!(promised, [false, true, true, true, true]);
    assert_eq!(lines(&p.duties), ["52", "53", "54", "55"]);
    assert_eq!(lines(&p.contacts), ["56", "57"]);
    assert!(p.contacts[0].value.security && !p.contacts[1].value.security);
    assert_eq!(p.review.as_ref().unwrap().value.every_months, 12);
}

#[test]
fn s2_everything_without_a_number() {
    let Some(p) = seed("002_") else { return };
    assert!(p.product.is_none());
    assert_eq!(lines(&p.versions), ["7", "8"]);
    assert_eq!(name(p.patch_targets[0].value), "latest_only");
    assert_eq!(
        channels(&p),
        ["18 github-advisory - *", "21 private-contact - ?"]
    );
    assert_eq!(
        contents(&p),
        [
            "22 description asked",
            "22 steps asked",
            "22 impact asked",
            "26 component asked",
            "28 steps if_applicable",
            "30 evidence optional",
            "30 proof_of_concept optional",
        ]
    );
    assert_eq!(
        promises(&p),
        [
            "34 acknowledgement - \u{201c}within a reasonable timeframe\u{201d} (no number given) target",
            "40 disclosure - \u{201c}coordinated and responsible when applicable\u{201d} (no number given) target",
        ]
    );
    assert_eq!(lines(&p.fix_kinds), ["38", "38", "38"]);
    assert_eq!(lines(&p.assessment_basis), ["36"]);
    assert_eq!(disclosure(&p), ["40 when_applicable"]);
    assert_eq!(lines(&p.in_scope), ["47", "49", "51", "53"]);
    assert_eq!(lines(&p.out_of_scope), ["57", "59", "61", "63"]);
    assert_eq!(lines(&p.practices), ["69", "71", "73", "75", "77"]);
    let kinds: Vec<String> = p
        .disclaimers
        .iter()
        .map(|c| format!("{} {}", at(c), name(c.value.kind)))
        .collect();
    assert_eq!(
        kinds,
        ["42 best_effort", "83 as_is", "83 user_responsibility"]
    );
    assert_eq!(lines(&p.advice), ["10"]);
    assert!(p.credit.is_none() && p.steps.is_empty() && p.safe_harbour.is_empty());
}

#[test]
fn s3_mandatory_contents_and_agreements() {
    let Some(p) = seed("003_") else { return };
    assert_eq!(p.product.as_ref().unwrap().value, "Promon");
    assert_eq!(channels(&p), ["10 email security@promon.io"]);
    assert_eq!(
        contents(&p),
        [
            "17 description mandatory",
            "17 component mandatory",
            "19 steps mandatory",
            "21 evidence mandatory",
            "23 environment mandatory",
            "25 impact mandatory",
        ]
    );
    assert_eq!(at(p.incomplete_rule.as_ref().unwrap()), "28");
    assert_eq!(lines(&p.context_factors), ["35", "37", "39"]);
    let leads: Vec<&str> = p.lead_ins.iter().map(|l| l.quote.as_str()).collect();
    assert_eq!(
        leads,
        [
            "Where findings are influenced by:",
            "We ask that reporters do not disclose vulnerabilities publicly until:"
        ]
    );
    assert_eq!(p.lead_ins[0].value.items.len(), 3);
    assert_eq!(p.lead_ins[1].value.items.len(), 2);
    assert_eq!(lines(&p.assessment_basis), ["31"]);
    assert_eq!(
        disclosure(&p),
        [
            "45 coordinated",
            "47 private_first",
            "51 agreed",
            "56 until_validated_or_agreed",
            "58 until_validated_or_agreed"
        ]
    );
    assert_eq!(
        promises(&p),
        [
            "49 acknowledgement - \u{201c}in a timely manner\u{201d} (no number given) commit",
            "76 acknowledgement - the policy gives no time commit",
            "78 conduct - the policy gives no time commit",
            "80 conduct - the policy gives no time commit",
            "82 conduct - the policy gives no time commit",
        ]
    );
    assert!(p.safe_harbour.iter().all(|c| !c.value.no_legal_action));
    let duties: Vec<String> = p
        .duties
        .iter()
        .map(|c| format!("{} {}", at(c), name(c.value.kind)))
        .collect();
    assert_eq!(
        duties,
        [
            "54 confidential",
            "64 no_harm",
            "66 no_data_access",
            "68 no_exploitation",
            "70 no_demands"
        ]
    );
    assert_eq!(lines(&p.contacts), ["87"]);
    assert_eq!(lines(&p.in_scope), ["9", "9"]);
}

#[test]
fn s4_two_clocks_of_three_days() {
    let Some(p) = seed("004_") else { return };
    assert!(p.product.is_none() && p.versions.is_empty());
    assert_eq!(lines(&p.delegates_to), ["8"]);
    assert_eq!(
        promises(&p),
        [
            "13 patch-release - with the next release commit",
            "24 plan - within 3 business days commit",
            "53 conversation - within 3 business days commit",
        ]
    );
    assert_eq!(channels(&p), ["21 maintainers -", "22 github-advisory - ?"]);
    assert_eq!(
        contents(&p),
        [
            "31 summary asked",
            "33 identity asked",
            "34 steps asked",
            "34 proof_of_concept optional",
            "34 evidence optional",
            "35 impact asked",
            "35 environment asked",
            "36 usage optional",
            "37 other_projects asked",
        ]
    );
    assert_eq!(lines(&p.when_to_report), ["13", "42", "43", "44"]);
    assert_eq!(at(p.known_public_rule.as_ref().unwrap()), "15");
    assert_eq!(lines(&p.not_here), ["26", "26"]);
    assert_eq!(at(p.fielded_by.as_ref().unwrap()), "24");
}

#[test]
fn s4_process_scoring_and_ranking() {
    let Some(p) = seed("004_") else { return };
    assert_eq!(
        steps(&p),
        [
            "51 triage [effects_and_criticality]",
            "52 rejection [detailed_reason]",
            "53 conversation []",
            "54 communication_plan [mitigation]",
            "55 advisory_draft [private_draft]",
            "56 fix [test_record]",
            "57 release [backport]",
        ]
    );
    let scoring = p.scoring.as_ref().unwrap();
    assert_eq!(at(scoring), "55");
    assert_eq!(scoring.value.cvss.as_deref(), Some("3.0"));
    assert!(
        scoring
            .value
            .final_call
            .as_ref()
            .unwrap()
            .starts_with("the maintainers make the final call")
    );
    assert!(
        scoring
            .value
            .also_report_to
            .as_ref()
            .unwrap()
            .contains("mitre")
    );
    let ranks: Vec<String> = p
        .impact_ranking
        .iter()
        .map(|c| format!("{} {}", name(c.value.impact), c.value.rank))
        .collect();
    assert_eq!(
        ranks,
        [
            "confidentiality 1",
            "privilege 1",
            "integrity 1",
            "availability 2"
        ]
    );
    let outlets: Vec<String> = p.outlets.iter().map(|c| name(c.value.kind)).collect();
    assert_eq!(
        outlets,
        [
            "github_advisory",
            "chat",
            "social",
            "mailing_list",
            "web",
            "other"
        ]
    );
    assert_eq!(lines(&p.distributors), ["64"]);
    assert_eq!(
        disclosure(&p),
        [
            "13 private_first",
            "13 may_stay_internal",
            "64 publish_mitigations"
        ]
    );
    assert_eq!(
        scope(&p.out_of_scope),
        ["71 unsafe_defaults Lack of safe defaults"]
    );
    assert!(
        p.disclaimers
            .iter()
            .all(|c| name(c.value.kind) == "not_secure_by_default")
    );
    assert_eq!(
        p.patch_targets
            .iter()
            .map(|c| name(c.value))
            .collect::<Vec<_>>(),
        [
            "next_patch_or_minor",
            "next_patch_or_minor",
            "all_supported"
        ]
    );
}
