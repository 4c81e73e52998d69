//! Documents that are no policies promise nothing, whatever times they speak of.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use candor_policy::{PolicyKind, compile};

const CHANGELOG: &str = "# Changelog\n\n## 2.4.1 - 2026-03-02\n\n### Security\n\n- Fixed a vulnerability in the parser that was reported 90 days earlier.\n- Sessions now expire within 24 hours.\n- The release took 3 days longer than planned.\n\n## 2.4.0 - 2026-01-10\n\n- Tokens are rotated every 7 days.\n- Updates are downloaded within 5 minutes.\n";

const HARDENING: &str = "# Hardening guide\n\nThis guide helps operators to run the server securely.\n\n## Passwords\n\n- Passwords should be changed every 90 days.\n- Lock an account for 15 minutes after five failed attempts.\n\n## Certificates\n\nCertificates are valid for 1 year. Renew them 30 days before they expire.\n\n## Logs\n\nKeep logs for at least 6 months, and look at them every day. Apply security updates within 14 days.\n";

const THREAT_MODEL: &str = "# Threat model\n\n## Assets\n\nThe server stores tokens that are valid for 12 hours.\n\n## Attackers\n\nWe assume that an attacker can send 100 requests per second and can wait for 30 days.\n\n## What is not covered\n\nAn attacker with access to the machine is out of scope. A key of 128 bits is broken in 10 years at best.\n";

const README: &str = "# lampwright\n\nA tool that lights lamps, with security in mind.\n\n## Install\n\nRun `make install`. It takes 5 minutes.\n\n## Use\n\nLamps are lit every 2 hours and checked once a week. A lamp that does not answer within 10 seconds is replaced.\n\n## Licence\n\nMIT.\n";

const LICENCE: &str = "Permission is hereby granted, free of charge, to any person obtaining a copy of this software.\n\nIf you break these terms you have 30 days to come back into compliance. You may cure a violation within 60 days after notice.\n\nThe software is provided as is, without warranty of any kind, including security.\n";

const RECIPE: &str = "# Bread for the security team\n\nMix flour and water and wait for 12 hours. Knead every 30 minutes.\n\nBake within 2 days. The loaf stays fresh for 5 days.\n";

const MINUTES: &str = "# Minutes of the security working group\n\nThe group meets every 2 weeks. The next meeting is in 14 days.\n\n- Anna reported that the audit took 3 weeks.\n- The budget must be filed within 5 business days.\n";

const PRIVACY: &str = "# Privacy\n\nData is deleted within 30 days after an account is closed. Backups are kept for 90 days for security.\n\nCookies expire after 12 months.\n";

const LIBRARY: &str = "# Rate limits\n\nThe security module allows 60 requests per minute. A blocked client may try again within 24 hours.\n\n| Plan | Window | Limit |\n|---|---|---|\n| Free | 1 hour | 60 |\n| Paid | 1 day | 10000 |\n";

const BLOG: &str = "# How we fixed a critical vulnerability in our parser\n\nOn March 3 a security researcher reported a vulnerability in our parser. We acknowledged the report within 2 hours and shipped a fix within 24 hours. A security advisory was published 7 days later.\n\n## Timeline\n\n- March 3: report received\n- March 4: fix released within 24 hours\n- March 11: CVE-2026-1234 published\n\nWe thank the researcher for the responsible disclosure. All users should upgrade within 7 days.\n";

const JOB: &str = "# Security Engineer (m/f/d)\n\nWe are looking for a security engineer. You will triage vulnerability reports within 24 hours, run our bug bounty program and fix security issues.\n\n## What we offer\n\n- 30 days of vacation\n- We will respond to your application within 5 business days\n- A security budget\n\nSend your application to jobs@lantern.test.\n";

const TERMS: &str = "# Terms of Service\n\nYou must notify us of any security breach within 24 hours. We will notify you of changes 30 days in advance. Your account may be terminated within 14 days.\n\nExploiting a vulnerability of the service is prohibited. We will respond to complaints within 10 business days.\n";

const CONTRIBUTING: &str = "# Contributing\n\nThank you for contributing! Open an issue before you start. We review pull requests within 7 days.\n\nIf you find a security vulnerability, do not open an issue. Email security@lantern.test instead.\n\n## Pull requests\n\nMaintainers will respond to your pull request within 3 business days. Stale pull requests are closed after 30 days. Fixes are released every 2 weeks.\n";

const RUNBOOK: &str = "# Incident runbook\n\nWhen a security incident happens, page the on-call within 15 minutes. The incident commander must acknowledge the page within 5 minutes and post an update every 30 minutes. Customers are notified within 72 hours.\n\nDo not delete evidence. Send mail to incidents@lantern.test.\n";

const SERVICE_LEVEL_AGREEMENT: &str = "# Service Level Agreement\n\n| Severity | First response | Resolution |\n|---|---|---|\n| Critical | 1 hour | 8 hours |\n| High | 4 hours | 2 days |\n\nUptime is 99.9 %. Security patches are installed within 30 days.\n";

const ADVISORY: &str = "# Advisory: remote code execution in LanternCMS\n\n## Summary\nA vulnerability in LanternCMS allows remote code execution.\n\n## Disclosure timeline\n\n- 2026-01-01: We reported the vulnerability to the vendor.\n- 2026-01-04: The vendor acknowledged within 3 days.\n- 2026-04-01: Public disclosure after 90 days.\n\n## Credit\nFound by Ann of Lamp Labs.\n\n## Fixed versions\n| Version | Fixed |\n|---|---|\n| 2.x | 2.4.1 |\n";

const AUDIT: &str = "# Security audit report\n\nThe audit found 3 vulnerabilities. The vendor fixed the high severity issues within 2 weeks. We recommend to fix the medium issues within 90 days and the low ones within 6 months.\n\n| ID | Severity | Status |\n|---|---|---|\n| 1 | High | Fixed |\n| 2 | Medium | Open |\n";

const COURSE: &str = "# Week 3: web security\n\nThis week we look at vulnerabilities such as XSS and CSRF. Submit your report within 7 days to teacher@school.test. We will grade it within 2 weeks.\n\n- Exercise 1: exploit the login\n- Exercise 2: fix the vulnerability within 24 hours\n";

const CONDUCT: &str = "# Contributor Covenant Code of Conduct\n\n## Enforcement\n\nReport unacceptable behaviour to conduct-board@lantern.test. All complaints will be reviewed and investigated promptly, and answered within 7 days. Reports are kept confidential for the security of the reporter.\n";

const VERSIONS: &str = "## 1.3.0 (2026-03-01)\n\n- Two releases in one day? A security fix went out within 2 hours.\n\n## 1.2.1\n\n- The cache is cleared every 7 days.\n\n## 1.2.0\n\n- Answers within 3 days are logged.\n\n## 1.1.0\n\n- First release.\n";

const MANUAL: &str = "create-endpoint\n===============\n\nThe following command creates an endpoint with the security groups you name, and prints its number when it is ready. It responds within 12 minutes; if it does not, the endpoint is fixed by the next run.\n\nExample::\n\n    tool create --security-group-ids sg-1 --time 2020-01-01-18:47\n\nIt may take up to 5 days until the answer is published to user: ann@lantern.test.\n";

#[test]
fn documents_that_are_no_policies_promise_nothing() {
    for (name, text) in [
        ("changelog", CHANGELOG),
        ("hardening guide", HARDENING),
        ("threat model", THREAT_MODEL),
        ("readme", README),
        ("licence", LICENCE),
        ("recipe", RECIPE),
        ("minutes", MINUTES),
        ("privacy", PRIVACY),
        ("rate limits", LIBRARY),
        ("blog", BLOG),
        ("job", JOB),
        ("terms", TERMS),
        ("contributing", CONTRIBUTING),
        ("runbook", RUNBOOK),
        ("service level agreement", SERVICE_LEVEL_AGREEMENT),
        ("advisory", ADVISORY),
        ("audit", AUDIT),
        ("course", COURSE),
        ("code of conduct", CONDUCT),
        ("versions", VERSIONS),
        ("manual", MANUAL),
    ] {
        // About something else altogether: that is the best answer.
        let Ok(found) = compile(text.as_bytes()) else {
            continue;
        };
        let policy = found.value;
        assert!(policy.promises.is_empty(), "{name}: {:?}", policy.promises);
        assert!(
            policy.follow_up.is_empty(),
            "{name}: {:?}",
            policy.follow_up
        );
    }
}

#[test]
fn the_same_times_in_a_policy_are_promises() {
    // So that the test above cannot pass by reading nothing.
    let text = format!(
        "{README}\n## Reporting a vulnerability\n\nWe will acknowledge your report within 10 days.\n"
    );
    let policy = compile(text.as_bytes()).unwrap().value;
    assert_eq!(policy.promises.len(), 1, "{:?}", policy.promises);
}

#[test]
fn other_documents_name_no_way_to_report() {
    for (name, text) in [
        ("code of conduct", CONDUCT),
        ("versions", VERSIONS),
        ("manual", MANUAL),
        ("job", JOB),
        ("terms", TERMS),
        ("runbook", RUNBOOK),
    ] {
        let Ok(found) = compile(text.as_bytes()) else {
            continue;
        };
        let policy = found.value;
        assert_eq!(policy.kind, PolicyKind::NotAPolicy, "{name}");
        assert!(policy.channels.is_empty(), "{name}: {:?}", policy.channels);
        assert!(policy.contacts.is_empty(), "{name}: {:?}", policy.contacts);
    }
}

#[test]
fn policies_with_titles_of_other_documents_are_policies() {
    for text in [
        "# Changelog and security\n\n## Reporting a vulnerability\n\nMail security@lantern.test. We answer within 3 days.\n",
        "# Contributing\n\n## Security issues\n\nReport security issues to security@lantern.test. We will respond within 3 days.\n",
        "# Security\n\nMail us at hello@lantern.test. We will answer your report within 3 days.\n",
        "Please mail problems to security@lantern.test. We will respond to your report within 3 days. Thank you for the time that you take, and for the patience with us, a small team of people who do this beside their day jobs and families.\n",
        "# Security advisory process\n\nPlease report vulnerabilities to security@lantern.test. We will respond within 3 days.\n",
    ] {
        let policy = compile(text.as_bytes()).unwrap().value;
        assert_eq!(policy.promises.len(), 1, "{text}: {:?}", policy.promises);
        assert_eq!(policy.channels.len(), 1, "{text}: {:?}", policy.channels);
    }
}

#[test]
fn what_was_is_no_promise() {
    let policy = |text: &str| {
        let text = format!(
            "# Security policy\n\nReport vulnerabilities to security@lantern.test.\n\n{text}\n"
        );
        compile(text.as_bytes()).unwrap().value.promises.len()
    };
    for text in [
        "Last year we fixed a vulnerability within 3 days.",
        "- 2026-03-01: the report was acknowledged within 2 days.",
        "- March 4th: fix released within 24 hours.",
        "- 4 March 2026 – advisory published after 7 days",
        "We review pull requests within 7 days.",
    ] {
        assert_eq!(policy(text), 0, "{text}");
    }
    for text in [
        "We will fix a vulnerability within 3 days after we acknowledged it.",
        "Reports are acknowledged within 2 days.",
        "May we ask for patience? We respond within 3 days.",
        "We will review reports and pull requests with security fixes within 7 days.",
    ] {
        assert_eq!(policy(text), 1, "{text}");
    }
}
