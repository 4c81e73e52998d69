//! CSAF 2.1: every member, what it must look like, and which must be there
//! (Committee Specification Draft 03, 29 July 2026, chapter 3 and its JSON schema).
//!
//! Kept in the order of the schema, so that the two can be laid side by side.

use super::csaf21_parts::{
    CSAF21_ACKNOWLEDGMENTS, CSAF21_BRANCHES, CSAF21_EXTENSIONS, CSAF21_FULL_PRODUCT_NAME,
    CSAF21_NOTES, CSAF21_PRODUCT_GROUPS, CSAF21_PRODUCTS, CSAF21_REFERENCES, CSAF21_SUBPATH,
};
use super::cvss::{CVSS2, CVSS4, CVSS30, CVSS31};
use super::format::Format;
use super::pattern::Pattern;
use super::ssvc::SSVC2;
use super::table::{Shape, list, object, one_of, see, text, under, word};

/// A whole document.
pub(super) static CSAF21: Shape = object(
    &["$schema", "document"],
    &[
        (
            "$schema",
            word(&["https://docs.oasis-open.org/csaf/csaf/v2.1/schema/csaf.json"]),
        ),
        (
            "document",
            object(
                &[
                    "category",
                    "csaf_version",
                    "distribution",
                    "publisher",
                    "title",
                    "tracking",
                ],
                &[
                    ("acknowledgments", see(&CSAF21_ACKNOWLEDGMENTS)),
                    (
                        "aggregate_severity",
                        object(
                            &["text"],
                            &[
                                ("namespace", text(0).format(Format::Uri)),
                                ("text", text(1)),
                            ],
                        )
                        .closed(),
                    ),
                    ("category", text(1).like(Pattern::Phrase)),
                    ("csaf_version", word(&["2.1"])),
                    (
                        "distribution",
                        object(
                            &["tlp"],
                            &[
                                (
                                    "sharing_group",
                                    object(
                                        &["id"],
                                        &[
                                            (
                                                "id",
                                                text(0)
                                                    .like(Pattern::SharingGroup)
                                                    .format(Format::Uuid),
                                            ),
                                            ("name", text(1)),
                                        ],
                                    )
                                    .closed(),
                                ),
                                ("text", text(1)),
                                (
                                    "tlp",
                                    object(
                                        &["label"],
                                        &[
                                            (
                                                "label",
                                                word(&[
                                                    "AMBER",
                                                    "AMBER+STRICT",
                                                    "CLEAR",
                                                    "GREEN",
                                                    "RED",
                                                ]),
                                            ),
                                            ("url", text(0).format(Format::Uri)),
                                        ],
                                    )
                                    .closed(),
                                ),
                            ],
                        )
                        .closed(),
                    ),
                    ("lang", text(0).like(Pattern::Language)),
                    ("license_expression", text(1)),
                    ("notes", see(&CSAF21_NOTES)),
                    (
                        "publisher",
                        object(
                            &["category", "name", "namespace"],
                            &[
                                (
                                    "category",
                                    word(&[
                                        "coordinator",
                                        "discoverer",
                                        "multiplier",
                                        "other",
                                        "translator",
                                        "user",
                                        "vendor",
                                    ]),
                                ),
                                ("contact_details", text(1)),
                                ("issuing_authority", text(1)),
                                ("name", text(1)),
                                ("namespace", text(0).format(Format::Uri)),
                            ],
                        )
                        .closed(),
                    ),
                    ("references", see(&CSAF21_REFERENCES)),
                    ("source_lang", text(0).like(Pattern::Language)),
                    ("title", text(1)),
                    (
                        "tracking",
                        object(
                            &[
                                "current_release_date",
                                "id",
                                "initial_release_date",
                                "revision_history",
                                "status",
                                "version",
                            ],
                            &[
                                ("aliases", list(1, &text(1)).unique()),
                                ("current_release_date", text(0).format(Format::DateTime)),
                                (
                                    "generator",
                                    object(
                                        &["engine"],
                                        &[
                                            ("date", text(0).format(Format::DateTime)),
                                            (
                                                "engine",
                                                object(
                                                    &["name"],
                                                    &[("name", text(1)), ("version", text(1))],
                                                )
                                                .closed(),
                                            ),
                                        ],
                                    )
                                    .closed(),
                                ),
                                ("id", text(1).like(Pattern::Trimmed)),
                                ("initial_release_date", text(0).format(Format::DateTime)),
                                (
                                    "revision_history",
                                    list(
                                        1,
                                        &object(
                                            &["date", "number", "summary"],
                                            &[
                                                ("date", text(0).format(Format::DateTime)),
                                                ("legacy_version", text(1)),
                                                ("number", text(0).like(Pattern::VersionNumber)),
                                                ("summary", text(1)),
                                            ],
                                        )
                                        .closed(),
                                    ),
                                ),
                                ("status", word(&["draft", "final", "interim"])),
                                ("version", text(0).like(Pattern::VersionNumber)),
                            ],
                        )
                        .closed(),
                    ),
                    ("x_extensions", see(&CSAF21_EXTENSIONS)),
                ],
            )
            .closed(),
        ),
        (
            "product_tree",
            object(
                &[],
                &[
                    ("branches", see(&CSAF21_BRANCHES)),
                    (
                        "full_product_names",
                        list(1, &see(&CSAF21_FULL_PRODUCT_NAME)),
                    ),
                    (
                        "product_groups",
                        list(
                            1,
                            &object(
                                &["group_id", "product_ids"],
                                &[
                                    ("group_id", text(1)),
                                    ("product_ids", list(2, &text(1)).unique()),
                                    ("summary", text(1)),
                                ],
                            )
                            .closed(),
                        ),
                    ),
                    (
                        "product_paths",
                        list(
                            1,
                            &object(
                                &[
                                    "beginning_product_reference",
                                    "full_product_name",
                                    "subpaths",
                                ],
                                &[
                                    ("beginning_product_reference", text(1)),
                                    ("full_product_name", see(&CSAF21_FULL_PRODUCT_NAME)),
                                    ("subpaths", list(1, &see(&CSAF21_SUBPATH))),
                                ],
                            )
                            .closed(),
                        ),
                    ),
                ],
            )
            .at_least(1)
            .closed(),
        ),
        (
            "vulnerabilities",
            list(
                1,
                &object(
                    &[],
                    &[
                        ("acknowledgments", see(&CSAF21_ACKNOWLEDGMENTS)),
                        ("cve", text(0).like(Pattern::Cve)),
                        (
                            "cwes",
                            list(
                                1,
                                &object(
                                    &["id", "name", "version"],
                                    &[
                                        ("id", text(0).like(Pattern::Cwe)),
                                        ("name", text(1).like(Pattern::Phrase)),
                                        ("version", text(0).like(Pattern::CweVersion)),
                                    ],
                                )
                                .closed(),
                            )
                            .unique(),
                        ),
                        ("disclosure_date", text(0).format(Format::DateTime)),
                        ("discovery_date", text(0).format(Format::DateTime)),
                        (
                            "first_known_exploitation_dates",
                            list(
                                1,
                                &object(
                                    &["date", "exploitation_date"],
                                    &[
                                        ("date", text(0).format(Format::DateTime)),
                                        ("exploitation_date", text(0).format(Format::DateTime)),
                                        ("group_ids", see(&CSAF21_PRODUCT_GROUPS)),
                                        ("product_ids", see(&CSAF21_PRODUCTS)),
                                    ],
                                )
                                .at_least(3)
                                .closed(),
                            )
                            .unique(),
                        ),
                        (
                            "flags",
                            list(
                                1,
                                &object(
                                    &["label"],
                                    &[
                                        ("date", text(0).format(Format::DateTime)),
                                        ("group_ids", see(&CSAF21_PRODUCT_GROUPS)),
                                        (
                                            "label",
                                            word(&[
                                                "component_not_present",
                                                "inline_mitigations_already_exist",
                                                "vulnerable_code_cannot_be_controlled_by_adversary",
                                                "vulnerable_code_not_in_execute_path",
                                                "vulnerable_code_not_present",
                                            ]),
                                        ),
                                        ("product_ids", see(&CSAF21_PRODUCTS)),
                                    ],
                                )
                                .closed(),
                            )
                            .unique(),
                        ),
                        (
                            "ids",
                            list(
                                1,
                                &object(
                                    &["system_name", "text"],
                                    &[
                                        ("group_ids", see(&CSAF21_PRODUCT_GROUPS)),
                                        ("product_ids", see(&CSAF21_PRODUCTS)),
                                        ("system_name", text(1)),
                                        ("text", text(1)),
                                    ],
                                )
                                .closed(),
                            )
                            .unique(),
                        ),
                        (
                            "involvements",
                            list(
                                1,
                                &object(
                                    &["party", "status"],
                                    &[
                                        ("contact", text(1)),
                                        ("date", text(0).format(Format::DateTime)),
                                        ("group_ids", see(&CSAF21_PRODUCT_GROUPS)),
                                        (
                                            "party",
                                            word(&[
                                                "coordinator",
                                                "discoverer",
                                                "other",
                                                "user",
                                                "vendor",
                                            ]),
                                        ),
                                        ("product_ids", see(&CSAF21_PRODUCTS)),
                                        (
                                            "status",
                                            word(&[
                                                "completed",
                                                "contact_attempted",
                                                "disputed",
                                                "in_progress",
                                                "not_contacted",
                                                "open",
                                            ]),
                                        ),
                                        ("summary", text(1)),
                                    ],
                                )
                                .closed(),
                            )
                            .unique(),
                        ),
                        (
                            "metrics",
                            list(
                                1,
                                &object(
                                    &["content", "products"],
                                    &[
                                        (
                                            "content",
                                            object(
                                                &[],
                                                &[
                                                    ("cvss_v2", under("6.1.8", &CVSS2)),
                                                    (
                                                        "cvss_v3",
                                                        under(
                                                            "6.1.8",
                                                            &one_of(&[see(&CVSS30), see(&CVSS31)]),
                                                        ),
                                                    ),
                                                    ("cvss_v4", under("6.1.8", &CVSS4)),
                                                    (
                                                        "epss",
                                                        object(
                                                            &[
                                                                "percentile",
                                                                "probability",
                                                                "timestamp",
                                                            ],
                                                            &[
                                                                (
                                                                    "percentile",
                                                                    text(0).like(Pattern::Fraction),
                                                                ),
                                                                (
                                                                    "probability",
                                                                    text(0).like(Pattern::Fraction),
                                                                ),
                                                                (
                                                                    "timestamp",
                                                                    text(0)
                                                                        .format(Format::DateTime),
                                                                ),
                                                            ],
                                                        )
                                                        .closed(),
                                                    ),
                                                    (
                                                        "qualitative_severity_rating",
                                                        word(&[
                                                            "critical", "high", "low", "medium",
                                                            "none",
                                                        ]),
                                                    ),
                                                    ("ssvc_v2", under("6.1.46", &SSVC2)),
                                                    ("x_extensions", see(&CSAF21_EXTENSIONS)),
                                                ],
                                            )
                                            .at_least(1)
                                            .closed(),
                                        ),
                                        ("products", see(&CSAF21_PRODUCTS)),
                                        ("source", text(0).format(Format::Uri)),
                                    ],
                                )
                                .closed(),
                            )
                            .unique(),
                        ),
                        ("notes", see(&CSAF21_NOTES)),
                        (
                            "product_status",
                            object(
                                &[],
                                &[
                                    ("first_affected", see(&CSAF21_PRODUCTS)),
                                    ("first_fixed", see(&CSAF21_PRODUCTS)),
                                    ("fixed", see(&CSAF21_PRODUCTS)),
                                    ("known_affected", see(&CSAF21_PRODUCTS)),
                                    ("known_not_affected", see(&CSAF21_PRODUCTS)),
                                    ("last_affected", see(&CSAF21_PRODUCTS)),
                                    ("recommended", see(&CSAF21_PRODUCTS)),
                                    ("under_investigation", see(&CSAF21_PRODUCTS)),
                                    ("unknown", see(&CSAF21_PRODUCTS)),
                                ],
                            )
                            .at_least(1)
                            .closed(),
                        ),
                        ("references", see(&CSAF21_REFERENCES)),
                        (
                            "remediations",
                            list(
                                1,
                                &object(
                                    &["category", "details"],
                                    &[
                                        (
                                            "category",
                                            word(&[
                                                "fix_planned",
                                                "mitigation",
                                                "no_fix_planned",
                                                "none_available",
                                                "optional_patch",
                                                "vendor_fix",
                                                "workaround",
                                            ]),
                                        ),
                                        ("date", text(0).format(Format::DateTime)),
                                        ("details", text(1)),
                                        ("entitlements", list(1, &text(1))),
                                        ("group_ids", see(&CSAF21_PRODUCT_GROUPS)),
                                        ("product_ids", see(&CSAF21_PRODUCTS)),
                                        (
                                            "restart_required",
                                            object(
                                                &["category"],
                                                &[
                                                    (
                                                        "category",
                                                        word(&[
                                                            "connected",
                                                            "dependencies",
                                                            "machine",
                                                            "none",
                                                            "parent",
                                                            "service",
                                                            "system",
                                                            "vulnerable_component",
                                                            "zone",
                                                        ]),
                                                    ),
                                                    ("details", text(1)),
                                                ],
                                            )
                                            .closed(),
                                        ),
                                        ("url", text(0).format(Format::Uri)),
                                    ],
                                )
                                .closed(),
                            ),
                        ),
                        (
                            "threats",
                            list(
                                1,
                                &object(
                                    &["category", "details"],
                                    &[
                                        (
                                            "category",
                                            word(&["exploit_status", "impact", "target_set"]),
                                        ),
                                        ("date", text(0).format(Format::DateTime)),
                                        ("details", text(1)),
                                        ("group_ids", see(&CSAF21_PRODUCT_GROUPS)),
                                        ("product_ids", see(&CSAF21_PRODUCTS)),
                                    ],
                                )
                                .closed(),
                            ),
                        ),
                        ("title", text(1)),
                        ("x_extensions", see(&CSAF21_EXTENSIONS)),
                    ],
                )
                .at_least(1)
                .closed(),
            ),
        ),
        ("x_extensions", see(&CSAF21_EXTENSIONS)),
    ],
)
.closed();
