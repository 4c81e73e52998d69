//! CSAF 2.0: every member, what it must look like, and which must be there
//! (OASIS Standard, 18 November 2022, chapter 3 and its JSON schema).
//!
//! Kept in the order of the schema, so that the two can be laid side by side.

use super::cvss::{CVSS2, CVSS30, CVSS31};
use super::format::Format;
use super::pattern::Pattern;
use super::table::{Shape, list, object, one_of, see, text, under, word};

/// A whole document.
pub(super) static CSAF20: Shape = object(
    &["document"],
    &[
        (
            "document",
            object(
                &["category", "csaf_version", "publisher", "title", "tracking"],
                &[
                    ("acknowledgments", see(&CSAF20_ACKNOWLEDGMENTS)),
                    (
                        "aggregate_severity",
                        object(
                            &["text"],
                            &[
                                ("namespace", text(0).format(Format::Uri)),
                                ("text", text(1)),
                            ],
                        ),
                    ),
                    ("category", text(1).like(Pattern::Phrase)),
                    ("csaf_version", word(&["2.0"])),
                    (
                        "distribution",
                        object(
                            &[],
                            &[
                                ("text", text(1)),
                                (
                                    "tlp",
                                    object(
                                        &["label"],
                                        &[
                                            ("label", word(&["AMBER", "GREEN", "RED", "WHITE"])),
                                            ("url", text(0).format(Format::Uri)),
                                        ],
                                    ),
                                ),
                            ],
                        )
                        .at_least(1),
                    ),
                    ("lang", text(0).like(Pattern::Language)),
                    ("notes", see(&CSAF20_NOTES)),
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
                        ),
                    ),
                    ("references", see(&CSAF20_REFERENCES)),
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
                                                ),
                                            ),
                                        ],
                                    ),
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
                                        ),
                                    ),
                                ),
                                ("status", word(&["draft", "final", "interim"])),
                                ("version", text(0).like(Pattern::VersionNumber)),
                            ],
                        ),
                    ),
                ],
            ),
        ),
        (
            "product_tree",
            object(
                &[],
                &[
                    ("branches", see(&CSAF20_BRANCHES)),
                    (
                        "full_product_names",
                        list(1, &see(&CSAF20_FULL_PRODUCT_NAME)),
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
                            ),
                        ),
                    ),
                    (
                        "relationships",
                        list(
                            1,
                            &object(
                                &[
                                    "category",
                                    "full_product_name",
                                    "product_reference",
                                    "relates_to_product_reference",
                                ],
                                &[
                                    (
                                        "category",
                                        word(&[
                                            "default_component_of",
                                            "external_component_of",
                                            "installed_on",
                                            "installed_with",
                                            "optional_component_of",
                                        ]),
                                    ),
                                    ("full_product_name", see(&CSAF20_FULL_PRODUCT_NAME)),
                                    ("product_reference", text(1)),
                                    ("relates_to_product_reference", text(1)),
                                ],
                            ),
                        ),
                    ),
                ],
            )
            .at_least(1),
        ),
        (
            "vulnerabilities",
            list(
                1,
                &object(
                    &[],
                    &[
                        ("acknowledgments", see(&CSAF20_ACKNOWLEDGMENTS)),
                        ("cve", text(0).like(Pattern::Cve)),
                        (
                            "cwe",
                            object(
                                &["id", "name"],
                                &[("id", text(0).like(Pattern::Cwe)), ("name", text(1))],
                            ),
                        ),
                        ("discovery_date", text(0).format(Format::DateTime)),
                        (
                            "flags",
                            list(
                                1,
                                &object(
                                    &["label"],
                                    &[
                                        ("date", text(0).format(Format::DateTime)),
                                        ("group_ids", see(&CSAF20_PRODUCT_GROUPS)),
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
                                        ("product_ids", see(&CSAF20_PRODUCTS)),
                                    ],
                                ),
                            )
                            .unique(),
                        ),
                        (
                            "ids",
                            list(
                                1,
                                &object(
                                    &["system_name", "text"],
                                    &[("system_name", text(1)), ("text", text(1))],
                                ),
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
                                        ("date", text(0).format(Format::DateTime)),
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
                                ),
                            )
                            .unique(),
                        ),
                        ("notes", see(&CSAF20_NOTES)),
                        (
                            "product_status",
                            object(
                                &[],
                                &[
                                    ("first_affected", see(&CSAF20_PRODUCTS)),
                                    ("first_fixed", see(&CSAF20_PRODUCTS)),
                                    ("fixed", see(&CSAF20_PRODUCTS)),
                                    ("known_affected", see(&CSAF20_PRODUCTS)),
                                    ("known_not_affected", see(&CSAF20_PRODUCTS)),
                                    ("last_affected", see(&CSAF20_PRODUCTS)),
                                    ("recommended", see(&CSAF20_PRODUCTS)),
                                    ("under_investigation", see(&CSAF20_PRODUCTS)),
                                ],
                            )
                            .at_least(1),
                        ),
                        ("references", see(&CSAF20_REFERENCES)),
                        ("release_date", text(0).format(Format::DateTime)),
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
                                                "mitigation",
                                                "no_fix_planned",
                                                "none_available",
                                                "vendor_fix",
                                                "workaround",
                                            ]),
                                        ),
                                        ("date", text(0).format(Format::DateTime)),
                                        ("details", text(1)),
                                        ("entitlements", list(1, &text(1))),
                                        ("group_ids", see(&CSAF20_PRODUCT_GROUPS)),
                                        ("product_ids", see(&CSAF20_PRODUCTS)),
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
                                            ),
                                        ),
                                        ("url", text(0).format(Format::Uri)),
                                    ],
                                ),
                            ),
                        ),
                        (
                            "scores",
                            list(
                                1,
                                &object(
                                    &["products"],
                                    &[
                                        ("cvss_v2", under("6.1.8", &CVSS2)),
                                        (
                                            "cvss_v3",
                                            under("6.1.8", &one_of(&[see(&CVSS30), see(&CVSS31)])),
                                        ),
                                        ("products", see(&CSAF20_PRODUCTS)),
                                    ],
                                )
                                .at_least(2),
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
                                        ("group_ids", see(&CSAF20_PRODUCT_GROUPS)),
                                        ("product_ids", see(&CSAF20_PRODUCTS)),
                                    ],
                                ),
                            ),
                        ),
                        ("title", text(1)),
                    ],
                )
                .at_least(1),
            ),
        ),
    ],
);

static CSAF20_ACKNOWLEDGMENTS: Shape = list(
    1,
    &object(
        &[],
        &[
            ("names", list(1, &text(1))),
            ("organization", text(1)),
            ("summary", text(1)),
            ("urls", list(1, &text(0).format(Format::Uri))),
        ],
    )
    .at_least(1),
);

static CSAF20_NOTES: Shape = list(
    1,
    &object(
        &["category", "text"],
        &[
            ("audience", text(1)),
            (
                "category",
                word(&[
                    "description",
                    "details",
                    "faq",
                    "general",
                    "legal_disclaimer",
                    "other",
                    "summary",
                ]),
            ),
            ("text", text(1)),
            ("title", text(1)),
        ],
    ),
);

static CSAF20_REFERENCES: Shape = list(
    1,
    &object(
        &["summary", "url"],
        &[
            ("category", word(&["external", "self"])),
            ("summary", text(1)),
            ("url", text(0).format(Format::Uri)),
        ],
    ),
);

static CSAF20_BRANCHES: Shape = list(
    1,
    &object(
        &["category", "name"],
        &[
            ("branches", see(&CSAF20_BRANCHES)),
            (
                "category",
                word(&[
                    "architecture",
                    "host_name",
                    "language",
                    "legacy",
                    "patch_level",
                    "product_family",
                    "product_name",
                    "product_version",
                    "product_version_range",
                    "service_pack",
                    "specification",
                    "vendor",
                ]),
            ),
            ("name", text(1)),
            ("product", see(&CSAF20_FULL_PRODUCT_NAME)),
        ],
    )
    .at_least(3)
    .at_most_keys(3),
);

static CSAF20_FULL_PRODUCT_NAME: Shape = object(
    &["name", "product_id"],
    &[
        ("name", text(1)),
        ("product_id", text(1)),
        (
            "product_identification_helper",
            object(
                &[],
                &[
                    ("cpe", text(5).like(Pattern::Cpe20)),
                    (
                        "hashes",
                        list(
                            1,
                            &object(
                                &["file_hashes", "filename"],
                                &[
                                    (
                                        "file_hashes",
                                        list(
                                            1,
                                            &object(
                                                &["algorithm", "value"],
                                                &[
                                                    ("algorithm", text(1)),
                                                    ("value", text(32).like(Pattern::Hash20)),
                                                ],
                                            ),
                                        ),
                                    ),
                                    ("filename", text(1)),
                                ],
                            ),
                        ),
                    ),
                    ("model_numbers", list(1, &text(1)).unique()),
                    ("purl", text(7).like(Pattern::Purl20).format(Format::Uri)),
                    ("sbom_urls", list(1, &text(0).format(Format::Uri))),
                    ("serial_numbers", list(1, &text(1)).unique()),
                    ("skus", list(1, &text(1))),
                    (
                        "x_generic_uris",
                        list(
                            1,
                            &object(
                                &["namespace", "uri"],
                                &[
                                    ("namespace", text(0).format(Format::Uri)),
                                    ("uri", text(0).format(Format::Uri)),
                                ],
                            ),
                        ),
                    ),
                ],
            )
            .at_least(1),
        ),
    ],
);

static CSAF20_PRODUCT_GROUPS: Shape = list(1, &text(1)).unique();

static CSAF20_PRODUCTS: Shape = list(1, &text(1)).unique();
