//! Documents that are no policies promise nothing, whatever times they speak of.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use candor_policy::compile;

const CHANGELOG: &str = "# Changelog\n\n## 2.4.1 - 2026-03-02\n\n### Security\n\n- Fixed a vulnerability in the parser that was reported 90 days earlier.\n- Sessions now expire within 24 hours.\n- The release took 3 days longer than planned.\n\n## 2.4.0 - 2026-01-10\n\n- Tokens are rotated every 7 days.\n- Updates are downloaded within 5 minutes.\n";

const HARDENING: &str = "# Hardening guide\n\nThis guide helps operators to run the server securely.\n\n## Passwords\n\n- Passwords should be changed every 90 days.\n- Lock an account for 15 minutes after five failed attempts.\n\n## Certificates\n\nCertificates are valid for 1 year. Renew them 30 days before they expire.\n\n## Logs\n\nKeep logs for at least 6 months, and look at them every day. Apply security updates within 14 days.\n";

const THREAT_MODEL: &str = "# Threat model\n\n## Assets\n\nThe server stores tokens that are valid for 12 hours.\n\n## Attackers\n\nWe assume that an attacker can send 100 requests per second and can wait for 30 days.\n\n## What is not covered\n\nAn attacker with access to the machine is out of scope. A key of 128 bits is broken in 10 years at best.\n";

const README: &str = "# lampwright\n\nA tool that lights lamps, with security in mind.\n\n## Install\n\nRun `make install`. It takes 5 minutes.\n\n## Use\n\nLamps are lit every 2 hours and checked once a week. A lamp that does not answer within 10 seconds is replaced.\n\n## Licence\n\nMIT.\n";

const LICENCE: &str = "Permission is hereby granted, free of charge, to any person obtaining a copy of this software.\n\nIf you break these terms you have 30 days to come back into compliance. You may cure a violation within 60 days after notice.\n\nThe software is provided as is, without warranty of any kind, including security.\n";

const RECIPE: &str = "# Bread for the security team\n\nMix flour and water and wait for 12 hours. Knead every 30 minutes.\n\nBake within 2 days. The loaf stays fresh for 5 days.\n";

const MINUTES: &str = "# Minutes of the security working group\n\nThe group meets every 2 weeks. The next meeting is in 14 days.\n\n- Anna reported that the audit took 3 weeks.\n- The budget must be filed within 5 business days.\n";

const PRIVACY: &str = "# Privacy\n\nData is deleted within 30 days after an account is closed. Backups are kept for 90 days for security.\n\nCookies expire after 12 months.\n";

const LIBRARY: &str = "# Rate limits\n\nThe security module allows 60 requests per minute. A blocked client may try again within 24 hours.\n\n| Plan | Window | Limit |\n|---|---|---|\n| Free | 1 hour | 60 |\n| Paid | 1 day | 10000 |\n";

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
