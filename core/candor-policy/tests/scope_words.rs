//! Scope, severity, practices and advice: many short texts and what they compile to, and
//! texts that must give nothing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use candor_policy::{Clause, ScopeItem};
use common::{lamp as policy, table};

fn names(items: &[Clause<ScopeItem>], mark: char) -> Vec<String> {
    items
        .iter()
        .map(|c| format!("{mark} {}", c.value.name))
        .collect()
}

fn scope(text: &str) -> Vec<String> {
    let p = policy(text);
    let mut out = names(&p.in_scope, '+');
    out.extend(names(&p.out_of_scope, '-'));
    out
}

fn levels(text: &str) -> Vec<String> {
    let p = policy(text);
    let known = p.severities.iter().map(|c| {
        let json = serde_json::to_value(c.value.severity).unwrap();
        json.as_str().unwrap().to_owned()
    });
    known
        .chain(p.other_severities.iter().map(|c| c.value.clone()))
        .collect()
}

fn scoring(text: &str) -> Vec<String> {
    let p = policy(text);
    let Some(scoring) = p.scoring else {
        return Vec::new();
    };
    let value = scoring.value;
    let version = value.cvss.unwrap_or_else(|| "some".to_owned());
    vec![if value.refused {
        "refused".to_owned()
    } else {
        version
    }]
}

fn practices(text: &str) -> Vec<String> {
    let p = policy(text);
    p.practices.iter().map(|c| c.value.clone()).collect()
}

fn advice(text: &str) -> Vec<String> {
    let p = policy(text);
    p.advice.iter().map(|c| c.quote.clone()).collect()
}

#[test]
fn scope_stands_in_lists_under_many_headings() {
    table(
        scope,
        &[
            (
                "## Scope\n\n### In scope\n\n- the server\n\n### Out of scope\n\n- the web site",
                &["+ the server", "- the web site"],
            ),
            (
                "## Qualifying vulnerabilities\n\n- SQL injection\n\n## Non-qualifying vulnerabilities\n\n- Self-XSS",
                &["+ SQL injection", "- Self-XSS"],
            ),
            (
                "The following are not considered vulnerabilities:\n\n- crashes of the tests",
                &["- crashes of the tests"],
            ),
            (
                "## What we don't consider a vulnerability\n\n- Old browsers. They are not supported.",
                &["- Old browsers"],
            ),
            (
                "In scope: the server, the client (all builds)",
                &["+ the server", "+ the client"],
            ),
            (
                "The following kinds of tests are not authorized:\n\n- Load tests",
                &["- Load tests"],
            ),
            (
                "## Examples of non-vulnerabilities\n\n### Stolen keys\n\n- Whoever has the key is trusted.\n\n### Slow hosts\n\nThe host decides.",
                &["- Stolen keys", "- Slow hosts"],
            ),
            (
                "## Out of scope\n\n### Hosts\n\n- rented ones\n- old ones",
                &["- rented ones", "- old ones"],
            ),
            (
                "## Alcance\n\n### Fuera de alcance\n\n- sitios de terceros",
                &["- sitios de terceros"],
            ),
            (
                "## Außerhalb des Geltungsbereichs\n\n- Fremde Dienste",
                &["- Fremde Dienste"],
            ),
            (
                "## 范围\n\n### 不在范围内\n\n- 第三方服务",
                &["- 第三方服务"],
            ),
            // No scope.
            (
                "## Scope\n\nIf you come across any of these, stop and tell us:\n\n- names of people",
                &[],
            ),
            ("We may ask about the scope of the problem.", &[]),
        ],
    );
}

#[test]
fn scope_stands_in_tables() {
    table(
        scope,
        &[
            (
                "## Scope\n\n| In scope | Out of scope |\n|---|---|\n| server | web site |",
                &["+ server", "- web site"],
            ),
            (
                "## Scope\n\n| Part | In scope |\n|---|---|\n| server | yes |\n| forum | no |",
                &["+ server", "- forum"],
            ),
        ],
    );
}

#[test]
fn scope_stands_in_sentences() {
    table(
        scope,
        &[
            (
                "Forks of the lamp are out of scope.",
                &["- Forks of the lamp"],
            ),
            (
                "We do not consider a slow page to be a vulnerability.",
                &["- slow page"],
            ),
            (
                "Problems in old browsers will not be treated as security issues.",
                &["- Problems in old browsers"],
            ),
            (
                "This policy applies to the lamp server.",
                &["+ lamp server"],
            ),
            (
                "Only the server is in scope, not our web site.",
                &["+ Only the server", "- our web site"],
            ),
            // Nothing is named.
            ("It is out of scope.", &[]),
            ("If you are unsure whether it is in scope, ask.", &[]),
            ("Is the forum in scope?", &[]),
            ("Many reports are not security issues.", &[]),
            (
                "See the list of issues that are not considered vulnerabilities.",
                &[],
            ),
        ],
    );
}

#[test]
fn levels_stand_in_lists_tables_headings_and_sentences() {
    table(
        levels,
        &[
            (
                "Times for a fix:\n\n- Critical/High: 7 days\n- Medium: 14 days\n- Low: 30 days",
                &["critical", "high", "medium", "low"],
            ),
            (
                "## Severity\n\n- **High** severity. Data is lost.\n- **Moderate** severity. The rest.",
                &["high", "medium"],
            ),
            (
                "## Severity\n\n### Critical\n\nAll is lost.\n\n### Low\n\nAll is well.",
                &["critical", "low"],
            ),
            (
                "The score becomes a level of low, medium, high, critical or exceptional.",
                &["low", "medium", "high", "critical", "exceptional"],
            ),
            (
                "| Severity | Fix |\n|---|---|\n| Critical | 7 days |\n| Low | next release |",
                &["critical", "low"],
            ),
            // One severity is no scheme.
            ("Critical problems are fixed within 7 days.", &[]),
            ("Security is of the highest importance.", &[]),
        ],
    );
}

#[test]
fn the_calculator_is_named_or_refused() {
    table(
        scoring,
        &[
            ("We rate problems with CVSS v3.1.", &["3.1"]),
            (
                "We use the Common Vulnerability Scoring System (CVSS) v4.0.",
                &["4.0"],
            ),
            (
                "Severity is assessed using [CVSS v.3](https://www.first.org/cvss/).",
                &["3"],
            ),
            ("We add a CVSS score.", &["some"]),
            ("We do not use CVSS.", &["refused"]),
            ("We rate problems by their effect.", &[]),
        ],
    );
}

#[test]
fn practices_are_the_projects_and_advice_is_for_users() {
    table(
        practices,
        &[
            (
                "## Security measures\n\n**Our commitments:**\n- Reviews of each change\n\n**User responsibilities:**\n- Keep keys safe",
                &["Reviews of each change"],
            ),
            (
                "We scan every build with static analysis.",
                &["We scan every build with static analysis."],
            ),
            ("We use e-mail.", &[]),
        ],
    );
    table(
        advice,
        &[
            (
                "## Security measures\n\n**Our commitments:**\n- Reviews of each change\n\n**User responsibilities:**\n- Keep keys safe",
                &["Keep keys safe"],
            ),
            (
                "## Hardening\n\nThe lamp has a lock. Keep the lamp behind a firewall.",
                &["Keep the lamp behind a firewall."],
            ),
            (
                "## Best practices for users\n\n- Rotate your keys\n\n## For contributors\n\n- Sign your commits",
                &["Rotate your keys"],
            ),
            ("Users should update to the latest version.", &[]),
            ("An advisory says what steps users should take.", &[]),
        ],
    );
}
