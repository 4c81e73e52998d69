//! Words that stand where a product's name may, and are none.
//!
//! Invariants: common words only; no entry is the name of a project, except of places
//! and tools that many policies name.
//!
//! Deliberately absent: names of products.

/// Words with capitals that are no product's name.
pub(super) const NO_NAMES: &str = "\
    sicherheitsmeldung sicherheitsrichtlinie sicherheit sécurité politique seguridad política \
    segurança sicherheitslücke sicherheitslücken medicaid medicare code runner \
    the this our we your you all a an it any these those supported security software if that my \
    most once no only which response maintainer maintainers core disclosure github gitlab \
    product project full vulnerability vulnerabilities reporting report policy private public \
    open open-source please when where while each every some other others in for cve cves cvss \
    pgp gpg faq api and or of as at to team coordinated responsible general email contact issue \
    issues version versions note important warning there however our: they their he she who i \
    its both such same critical high medium low hackerone bugcrowd slack discord docker linux \
    windows macos python javascript rust java steering release fix incident committee what how \
    why after before new past known bilateral third-party third additional npm ci ci/cd \
    preferred private-disclosure code dependency dependencies members intigriti huntr tidelift \
    yeswehack mitre owner organization company threat technical ensure include bug bounty safe \
    si se al el la les des deze dit het wij als wenn falls diese dieses problem lead pipeline \
    use reports redhat opensource pypi \
    incident ir swag first initial web launchpad jira";

/// Words that begin a sentence before a name.
pub(super) const STARTERS: &str = "\
    the this our your all an any these those if that when where while each every some other in \
    for as at to of and or no only both please however note once since because with from by \
    most its project supported unsupported reporting security older new current latest owner";

/// Roles by which a team is called, behind the name of the product.
pub(super) const ROLES: &str = "\
    security response core team maintainers maintainer project development product \
    vulnerability steering open source software community package packages engineering incident \
    triage technical organization users user developers";

/// Lower-case words that stand where a product's name may.
pub(super) const COMMON: &str = "\
    flaw weakness defect finding issue problem bug patch hotfix workaround mitigation bugfix potential suspected known possible critical serious severe reported valid confirmed genuine \
    significant single specific particular similar real minor major newly previously publicly \
    undisclosed zero-day 0-day remote local disclosed fixed patched unpatched non-public lone \
    previously-unreported medium-severity moderate high low medium pre-existing separate second \
    security core development dev project response product engineering open open-source source \
    this our any all its triage vulnerability software library application code maintainer \
    maintenance support affected following entire whole same upstream downstream third-party \
    third respective relevant original main public private community user users developer \
    research steering release management internal small volunteer respected other corresponding \
    given new current host target embargo reporter incident compliance legal fix audit \
    repository github git wider global broader general larger latest official actual \
    appropriate default bug disclosure program package personal best-effort free \
    volunteer-driven - real-time well-known long-term in-scope out-of-scope up-to-date e-mail \
    non-security first-party end-user high-severity low-severity command-line self-hosted \
    untrusted trusted malicious compiler interpreter vulnerable hypothetical hostile compromised \
    outdated buggy insecure exploitable theoretical nonexistent hypervisor browser plugin extension \
    volunteer-based volunteer-run community-driven community-based community-run hobby \
    parser server client kernel runtime framework firmware driver website app backend frontend";

/// Whether a list of words set apart by blanks holds a word, in any case.
pub(super) fn holds(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace()
        .any(|w| w.eq_ignore_ascii_case(word))
}
