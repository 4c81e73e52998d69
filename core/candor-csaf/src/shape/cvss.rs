//! The objects in which CVSS 2.0, 3.0, 3.1 and 4.0 are written (JSON schemas of FIRST).
//!
//! Kept in the order of the schema, so that the two can be laid side by side.

use super::pattern::Pattern;
use super::table::{Shape, number, object, text, word};

/// CVSS 2.0.
pub(super) static CVSS2: Shape = object(
    &["version", "vectorString", "baseScore"],
    &[
        ("version", word(&["2.0"])),
        ("vectorString", text(0).like(Pattern::Cvss2)),
        (
            "accessVector",
            word(&["NETWORK", "ADJACENT_NETWORK", "LOCAL"]),
        ),
        ("accessComplexity", word(&["HIGH", "MEDIUM", "LOW"])),
        ("authentication", word(&["MULTIPLE", "SINGLE", "NONE"])),
        (
            "confidentialityImpact",
            word(&["NONE", "PARTIAL", "COMPLETE"]),
        ),
        ("integrityImpact", word(&["NONE", "PARTIAL", "COMPLETE"])),
        ("availabilityImpact", word(&["NONE", "PARTIAL", "COMPLETE"])),
        ("baseScore", number(0.0, 10.0)),
        (
            "exploitability",
            word(&[
                "UNPROVEN",
                "PROOF_OF_CONCEPT",
                "FUNCTIONAL",
                "HIGH",
                "NOT_DEFINED",
            ]),
        ),
        (
            "remediationLevel",
            word(&[
                "OFFICIAL_FIX",
                "TEMPORARY_FIX",
                "WORKAROUND",
                "UNAVAILABLE",
                "NOT_DEFINED",
            ]),
        ),
        (
            "reportConfidence",
            word(&["UNCONFIRMED", "UNCORROBORATED", "CONFIRMED", "NOT_DEFINED"]),
        ),
        ("temporalScore", number(0.0, 10.0)),
        (
            "collateralDamagePotential",
            word(&[
                "NONE",
                "LOW",
                "LOW_MEDIUM",
                "MEDIUM_HIGH",
                "HIGH",
                "NOT_DEFINED",
            ]),
        ),
        (
            "targetDistribution",
            word(&["NONE", "LOW", "MEDIUM", "HIGH", "NOT_DEFINED"]),
        ),
        (
            "confidentialityRequirement",
            word(&["LOW", "MEDIUM", "HIGH", "NOT_DEFINED"]),
        ),
        (
            "integrityRequirement",
            word(&["LOW", "MEDIUM", "HIGH", "NOT_DEFINED"]),
        ),
        (
            "availabilityRequirement",
            word(&["LOW", "MEDIUM", "HIGH", "NOT_DEFINED"]),
        ),
        ("environmentalScore", number(0.0, 10.0)),
    ],
);

/// CVSS 3.0 and 3.1 differ in the version and its vector alone. A macro, because a table of
/// constants cannot take an argument.
macro_rules! cvss3 {
    ($version:literal, $vector:expr) => {
        object(
            &["version", "vectorString", "baseScore", "baseSeverity"],
            &[
                ("version", word(&[$version])),
                ("vectorString", text(0).like($vector)),
                (
                    "attackVector",
                    word(&["NETWORK", "ADJACENT_NETWORK", "LOCAL", "PHYSICAL"]),
                ),
                ("attackComplexity", word(&["HIGH", "LOW"])),
                ("privilegesRequired", word(&["HIGH", "LOW", "NONE"])),
                ("userInteraction", word(&["NONE", "REQUIRED"])),
                ("scope", word(&["UNCHANGED", "CHANGED"])),
                ("confidentialityImpact", word(&["NONE", "LOW", "HIGH"])),
                ("integrityImpact", word(&["NONE", "LOW", "HIGH"])),
                ("availabilityImpact", word(&["NONE", "LOW", "HIGH"])),
                ("baseScore", number(0.0, 10.0)),
                (
                    "baseSeverity",
                    word(&["NONE", "LOW", "MEDIUM", "HIGH", "CRITICAL"]),
                ),
                (
                    "exploitCodeMaturity",
                    word(&[
                        "UNPROVEN",
                        "PROOF_OF_CONCEPT",
                        "FUNCTIONAL",
                        "HIGH",
                        "NOT_DEFINED",
                    ]),
                ),
                (
                    "remediationLevel",
                    word(&[
                        "OFFICIAL_FIX",
                        "TEMPORARY_FIX",
                        "WORKAROUND",
                        "UNAVAILABLE",
                        "NOT_DEFINED",
                    ]),
                ),
                (
                    "reportConfidence",
                    word(&["UNKNOWN", "REASONABLE", "CONFIRMED", "NOT_DEFINED"]),
                ),
                ("temporalScore", number(0.0, 10.0)),
                (
                    "temporalSeverity",
                    word(&["NONE", "LOW", "MEDIUM", "HIGH", "CRITICAL"]),
                ),
                (
                    "confidentialityRequirement",
                    word(&["LOW", "MEDIUM", "HIGH", "NOT_DEFINED"]),
                ),
                (
                    "integrityRequirement",
                    word(&["LOW", "MEDIUM", "HIGH", "NOT_DEFINED"]),
                ),
                (
                    "availabilityRequirement",
                    word(&["LOW", "MEDIUM", "HIGH", "NOT_DEFINED"]),
                ),
                (
                    "modifiedAttackVector",
                    word(&[
                        "NETWORK",
                        "ADJACENT_NETWORK",
                        "LOCAL",
                        "PHYSICAL",
                        "NOT_DEFINED",
                    ]),
                ),
                (
                    "modifiedAttackComplexity",
                    word(&["HIGH", "LOW", "NOT_DEFINED"]),
                ),
                (
                    "modifiedPrivilegesRequired",
                    word(&["HIGH", "LOW", "NONE", "NOT_DEFINED"]),
                ),
                (
                    "modifiedUserInteraction",
                    word(&["NONE", "REQUIRED", "NOT_DEFINED"]),
                ),
                (
                    "modifiedScope",
                    word(&["UNCHANGED", "CHANGED", "NOT_DEFINED"]),
                ),
                (
                    "modifiedConfidentialityImpact",
                    word(&["NONE", "LOW", "HIGH", "NOT_DEFINED"]),
                ),
                (
                    "modifiedIntegrityImpact",
                    word(&["NONE", "LOW", "HIGH", "NOT_DEFINED"]),
                ),
                (
                    "modifiedAvailabilityImpact",
                    word(&["NONE", "LOW", "HIGH", "NOT_DEFINED"]),
                ),
                ("environmentalScore", number(0.0, 10.0)),
                (
                    "environmentalSeverity",
                    word(&["NONE", "LOW", "MEDIUM", "HIGH", "CRITICAL"]),
                ),
            ],
        )
    };
}

/// CVSS 3.0.
pub(super) static CVSS30: Shape = cvss3!("3.0", Pattern::Cvss30);

/// CVSS 3.1.
pub(super) static CVSS31: Shape = cvss3!("3.1", Pattern::Cvss31);

/// CVSS 4.0; score and severity are of one band.
pub(super) static CVSS4: Shape = object(
    &["version", "vectorString", "baseScore", "baseSeverity"],
    &[
        ("baseScore", number(0.0, 10.0)),
        (
            "baseSeverity",
            word(&["NONE", "LOW", "MEDIUM", "HIGH", "CRITICAL"]),
        ),
        ("Automatable", word(&["NO", "YES", "NOT_DEFINED"])),
        (
            "Recovery",
            word(&["AUTOMATIC", "USER", "IRRECOVERABLE", "NOT_DEFINED"]),
        ),
        ("Safety", word(&["NEGLIGIBLE", "PRESENT", "NOT_DEFINED"])),
        ("attackComplexity", word(&["HIGH", "LOW"])),
        ("attackRequirements", word(&["NONE", "PRESENT"])),
        (
            "attackVector",
            word(&["NETWORK", "ADJACENT", "LOCAL", "PHYSICAL"]),
        ),
        (
            "availabilityRequirement",
            word(&["LOW", "MEDIUM", "HIGH", "NOT_DEFINED"]),
        ),
        (
            "confidentialityRequirement",
            word(&["LOW", "MEDIUM", "HIGH", "NOT_DEFINED"]),
        ),
        (
            "exploitMaturity",
            word(&["UNREPORTED", "PROOF_OF_CONCEPT", "ATTACKED", "NOT_DEFINED"]),
        ),
        (
            "integrityRequirement",
            word(&["LOW", "MEDIUM", "HIGH", "NOT_DEFINED"]),
        ),
        (
            "modifiedAttackComplexity",
            word(&["HIGH", "LOW", "NOT_DEFINED"]),
        ),
        (
            "modifiedAttackRequirements",
            word(&["NONE", "PRESENT", "NOT_DEFINED"]),
        ),
        (
            "modifiedAttackVector",
            word(&["NETWORK", "ADJACENT", "LOCAL", "PHYSICAL", "NOT_DEFINED"]),
        ),
        (
            "modifiedPrivilegesRequired",
            word(&["HIGH", "LOW", "NONE", "NOT_DEFINED"]),
        ),
        (
            "modifiedSubAvailabilityImpact",
            word(&["NEGLIGIBLE", "LOW", "HIGH", "SAFETY", "NOT_DEFINED"]),
        ),
        (
            "modifiedSubConfidentialityImpact",
            word(&["NEGLIGIBLE", "LOW", "HIGH", "NOT_DEFINED"]),
        ),
        (
            "modifiedSubIntegrityImpact",
            word(&["NEGLIGIBLE", "LOW", "HIGH", "SAFETY", "NOT_DEFINED"]),
        ),
        (
            "modifiedUserInteraction",
            word(&["NONE", "PASSIVE", "ACTIVE", "NOT_DEFINED"]),
        ),
        (
            "modifiedVulnAvailabilityImpact",
            word(&["NONE", "LOW", "HIGH", "NOT_DEFINED"]),
        ),
        (
            "modifiedVulnConfidentialityImpact",
            word(&["NONE", "LOW", "HIGH", "NOT_DEFINED"]),
        ),
        (
            "modifiedVulnIntegrityImpact",
            word(&["NONE", "LOW", "HIGH", "NOT_DEFINED"]),
        ),
        ("privilegesRequired", word(&["HIGH", "LOW", "NONE"])),
        (
            "providerUrgency",
            word(&["CLEAR", "GREEN", "AMBER", "RED", "NOT_DEFINED"]),
        ),
        ("subAvailabilityImpact", word(&["NONE", "LOW", "HIGH"])),
        ("subConfidentialityImpact", word(&["NONE", "LOW", "HIGH"])),
        ("subIntegrityImpact", word(&["NONE", "LOW", "HIGH"])),
        ("userInteraction", word(&["NONE", "PASSIVE", "ACTIVE"])),
        (
            "valueDensity",
            word(&["DIFFUSE", "CONCENTRATED", "NOT_DEFINED"]),
        ),
        ("vectorString", text(0).like(Pattern::Cvss4)),
        ("version", word(&["4.0"])),
        ("vulnAvailabilityImpact", word(&["NONE", "LOW", "HIGH"])),
        ("vulnConfidentialityImpact", word(&["NONE", "LOW", "HIGH"])),
        ("vulnIntegrityImpact", word(&["NONE", "LOW", "HIGH"])),
        (
            "vulnerabilityResponseEffort",
            word(&["LOW", "MODERATE", "HIGH", "NOT_DEFINED"]),
        ),
    ],
)
.closed()
.also(super::check_band);
