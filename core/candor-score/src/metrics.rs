//! The metrics of CVSS with their names and values as CSAF and CVE write them
//! in JSON (FIRST's JSON schemas for CVSS 2.0, 3.0, 3.1 and 4.0).
//!
//! Each version has one table; the order of rows is the order of the vector.

use crate::vector::Version;

/// One metric of a vector, in the words of FIRST's JSON schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric {
    /// As in the vector (`AV`).
    pub short: &'static str,
    /// Name in JSON (`attackVector`).
    pub name: &'static str,
    /// Value in JSON (`NETWORK`).
    pub value: &'static str,
    /// The group it belongs to.
    pub(crate) group: Group,
}

/// What a metric is for; the scores of 2.0 and 3.x are split by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    Base,
    /// Temporal in 2.0 and 3.x, threat in 4.0.
    Temporal,
    Environmental,
    /// Supplemental in 4.0: told along, without weight in the score.
    Supplemental,
}

impl Metric {
    /// Whether the vector says something with it, other than "not defined".
    pub fn is_defined(&self) -> bool {
        self.value != "NOT_DEFINED"
    }
}

type Values = &'static [(&'static str, &'static str)];
type Row = (&'static str, &'static str, Group, Values);

use Group::{Base, Environmental as Env, Supplemental as Sup, Temporal as Tmp};

const X: (&str, &str) = ("X", "NOT_DEFINED");
const ND: (&str, &str) = ("ND", "NOT_DEFINED");
const NONE: (&str, &str) = ("N", "NONE");
const LOW: (&str, &str) = ("L", "LOW");
const MEDIUM: (&str, &str) = ("M", "MEDIUM");
const HIGH: (&str, &str) = ("H", "HIGH");
const NETWORK: (&str, &str) = ("N", "NETWORK");
const ADJACENT: (&str, &str) = ("A", "ADJACENT");
const ADJACENT_NETWORK: (&str, &str) = ("A", "ADJACENT_NETWORK");
const LOCAL: (&str, &str) = ("L", "LOCAL");
const PHYSICAL: (&str, &str) = ("P", "PHYSICAL");
const REQUIRED: (&str, &str) = ("R", "REQUIRED");
const PRESENT: (&str, &str) = ("P", "PRESENT");
const PASSIVE: (&str, &str) = ("P", "PASSIVE");
const ACTIVE: (&str, &str) = ("A", "ACTIVE");
const NEGLIGIBLE: (&str, &str) = ("N", "NEGLIGIBLE");
const SAFETY: (&str, &str) = ("S", "SAFETY");
const POC2: (&str, &str) = ("POC", "PROOF_OF_CONCEPT");
const POC: (&str, &str) = ("P", "PROOF_OF_CONCEPT");
const UNPROVEN: (&str, &str) = ("U", "UNPROVEN");
const FUNCTIONAL: (&str, &str) = ("F", "FUNCTIONAL");
const UNCHANGED: (&str, &str) = ("U", "UNCHANGED");
const CHANGED: (&str, &str) = ("C", "CHANGED");
const UNAVAILABLE: (&str, &str) = ("U", "UNAVAILABLE");
const WORKAROUND: (&str, &str) = ("W", "WORKAROUND");

const IMPACT2: Values = &[NONE, ("P", "PARTIAL"), ("C", "COMPLETE")];
const NEED2: Values = &[LOW, MEDIUM, HIGH, ND];
const NLH: Values = &[NONE, LOW, HIGH];
const NLHX: Values = &[NONE, LOW, HIGH, X];
const NEED: Values = &[LOW, MEDIUM, HIGH, X];

const V2: &[Row] = &[
    (
        "AV",
        "accessVector",
        Base,
        &[NETWORK, ADJACENT_NETWORK, LOCAL],
    ),
    ("AC", "accessComplexity", Base, &[HIGH, MEDIUM, LOW]),
    (
        "Au",
        "authentication",
        Base,
        &[("M", "MULTIPLE"), ("S", "SINGLE"), NONE],
    ),
    ("C", "confidentialityImpact", Base, IMPACT2),
    ("I", "integrityImpact", Base, IMPACT2),
    ("A", "availabilityImpact", Base, IMPACT2),
    (
        "E",
        "exploitability",
        Tmp,
        &[UNPROVEN, POC2, FUNCTIONAL, HIGH, ND],
    ),
    (
        "RL",
        "remediationLevel",
        Tmp,
        &[
            ("OF", "OFFICIAL_FIX"),
            ("TF", "TEMPORARY_FIX"),
            WORKAROUND,
            UNAVAILABLE,
            ND,
        ],
    ),
    (
        "RC",
        "reportConfidence",
        Tmp,
        &[
            ("UC", "UNCONFIRMED"),
            ("UR", "UNCORROBORATED"),
            ("C", "CONFIRMED"),
            ND,
        ],
    ),
    (
        "CDP",
        "collateralDamagePotential",
        Env,
        &[
            NONE,
            LOW,
            ("LM", "LOW_MEDIUM"),
            ("MH", "MEDIUM_HIGH"),
            HIGH,
            ND,
        ],
    ),
    (
        "TD",
        "targetDistribution",
        Env,
        &[NONE, LOW, MEDIUM, HIGH, ND],
    ),
    ("CR", "confidentialityRequirement", Env, NEED2),
    ("IR", "integrityRequirement", Env, NEED2),
    ("AR", "availabilityRequirement", Env, NEED2),
];

const V3: &[Row] = &[
    (
        "AV",
        "attackVector",
        Base,
        &[NETWORK, ADJACENT_NETWORK, LOCAL, PHYSICAL],
    ),
    ("AC", "attackComplexity", Base, &[LOW, HIGH]),
    ("PR", "privilegesRequired", Base, NLH),
    ("UI", "userInteraction", Base, &[NONE, REQUIRED]),
    ("S", "scope", Base, &[UNCHANGED, CHANGED]),
    ("C", "confidentialityImpact", Base, NLH),
    ("I", "integrityImpact", Base, NLH),
    ("A", "availabilityImpact", Base, NLH),
    (
        "E",
        "exploitCodeMaturity",
        Tmp,
        &[UNPROVEN, POC, FUNCTIONAL, HIGH, X],
    ),
    (
        "RL",
        "remediationLevel",
        Tmp,
        &[
            ("O", "OFFICIAL_FIX"),
            ("T", "TEMPORARY_FIX"),
            WORKAROUND,
            UNAVAILABLE,
            X,
        ],
    ),
    (
        "RC",
        "reportConfidence",
        Tmp,
        &[("U", "UNKNOWN"), ("R", "REASONABLE"), ("C", "CONFIRMED"), X],
    ),
    ("CR", "confidentialityRequirement", Env, NEED),
    ("IR", "integrityRequirement", Env, NEED),
    ("AR", "availabilityRequirement", Env, NEED),
    (
        "MAV",
        "modifiedAttackVector",
        Env,
        &[NETWORK, ADJACENT_NETWORK, LOCAL, PHYSICAL, X],
    ),
    ("MAC", "modifiedAttackComplexity", Env, &[LOW, HIGH, X]),
    ("MPR", "modifiedPrivilegesRequired", Env, NLHX),
    ("MUI", "modifiedUserInteraction", Env, &[NONE, REQUIRED, X]),
    ("MS", "modifiedScope", Env, &[UNCHANGED, CHANGED, X]),
    ("MC", "modifiedConfidentialityImpact", Env, NLHX),
    ("MI", "modifiedIntegrityImpact", Env, NLHX),
    ("MA", "modifiedAvailabilityImpact", Env, NLHX),
];

const V4: &[Row] = &[
    (
        "AV",
        "attackVector",
        Base,
        &[NETWORK, ADJACENT, LOCAL, PHYSICAL],
    ),
    ("AC", "attackComplexity", Base, &[LOW, HIGH]),
    ("AT", "attackRequirements", Base, &[NONE, PRESENT]),
    ("PR", "privilegesRequired", Base, NLH),
    ("UI", "userInteraction", Base, &[NONE, PASSIVE, ACTIVE]),
    ("VC", "vulnConfidentialityImpact", Base, NLH),
    ("VI", "vulnIntegrityImpact", Base, NLH),
    ("VA", "vulnAvailabilityImpact", Base, NLH),
    ("SC", "subConfidentialityImpact", Base, NLH),
    ("SI", "subIntegrityImpact", Base, NLH),
    ("SA", "subAvailabilityImpact", Base, NLH),
    (
        "E",
        "exploitMaturity",
        Tmp,
        &[("A", "ATTACKED"), POC, ("U", "UNREPORTED"), X],
    ),
    ("CR", "confidentialityRequirement", Env, NEED),
    ("IR", "integrityRequirement", Env, NEED),
    ("AR", "availabilityRequirement", Env, NEED),
    (
        "MAV",
        "modifiedAttackVector",
        Env,
        &[NETWORK, ADJACENT, LOCAL, PHYSICAL, X],
    ),
    ("MAC", "modifiedAttackComplexity", Env, &[LOW, HIGH, X]),
    (
        "MAT",
        "modifiedAttackRequirements",
        Env,
        &[NONE, PRESENT, X],
    ),
    ("MPR", "modifiedPrivilegesRequired", Env, NLHX),
    (
        "MUI",
        "modifiedUserInteraction",
        Env,
        &[NONE, PASSIVE, ACTIVE, X],
    ),
    ("MVC", "modifiedVulnConfidentialityImpact", Env, NLHX),
    ("MVI", "modifiedVulnIntegrityImpact", Env, NLHX),
    ("MVA", "modifiedVulnAvailabilityImpact", Env, NLHX),
    (
        "MSC",
        "modifiedSubConfidentialityImpact",
        Env,
        &[NEGLIGIBLE, LOW, HIGH, X],
    ),
    (
        "MSI",
        "modifiedSubIntegrityImpact",
        Env,
        &[NEGLIGIBLE, LOW, HIGH, SAFETY, X],
    ),
    (
        "MSA",
        "modifiedSubAvailabilityImpact",
        Env,
        &[NEGLIGIBLE, LOW, HIGH, SAFETY, X],
    ),
    ("S", "Safety", Sup, &[NEGLIGIBLE, PRESENT, X]),
    ("AU", "Automatable", Sup, &[("N", "NO"), ("Y", "YES"), X]),
    (
        "R",
        "Recovery",
        Sup,
        &[("A", "AUTOMATIC"), ("U", "USER"), ("I", "IRRECOVERABLE"), X],
    ),
    (
        "V",
        "valueDensity",
        Sup,
        &[("D", "DIFFUSE"), ("C", "CONCENTRATED"), X],
    ),
    (
        "RE",
        "vulnerabilityResponseEffort",
        Sup,
        &[LOW, ("M", "MODERATE"), HIGH, X],
    ),
    (
        "U",
        "providerUrgency",
        Sup,
        &[
            ("Clear", "CLEAR"),
            ("Green", "GREEN"),
            ("Amber", "AMBER"),
            ("Red", "RED"),
            X,
        ],
    ),
];

const fn table(version: Version) -> &'static [Row] {
    match version {
        Version::V2_0 => V2,
        Version::V3_0 | Version::V3_1 => V3,
        Version::V4_0 => V4,
    }
}

/// One component of a vector (`AV:N`), looked up; `None` when the version has
/// no such metric or value in exactly this spelling.
pub(crate) fn look_up(version: Version, component: &str) -> Option<Metric> {
    let (id, code) = component.split_once(':')?;
    let (short, name, group, values) = table(version).iter().find(|row| row.0 == id)?;
    let (_, value) = values.iter().find(|v| v.0 == code)?;
    Some(Metric {
        short,
        name,
        value,
        group: *group,
    })
}

/// Place of a metric in its version's order.
pub(crate) fn place(version: Version, short: &str) -> usize {
    let rows = table(version);
    rows.iter()
        .position(|row| row.0 == short)
        .unwrap_or(rows.len())
}

/// The base metrics that a vector of this version must name.
pub(crate) fn mandatory(version: Version) -> impl Iterator<Item = (&'static str, &'static str)> {
    table(version)
        .iter()
        .filter(|row| row.2 == Base)
        .map(|row| (row.0, row.1))
}
