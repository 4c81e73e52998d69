//! Parts of a CSAF 2.1 document that stand in several places
//! (Committee Specification Draft 03, 29 July 2026, section 3.1).

use super::format::Format;
use super::pattern::Pattern;
use super::table::{Shape, list, object, see, text, truth, under, word};

pub(super) static CSAF21_ACKNOWLEDGMENTS: Shape = list(
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
    .at_least(1)
    .closed(),
);

pub(super) static CSAF21_NOTES: Shape = list(
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
            ("group_ids", see(&CSAF21_PRODUCT_GROUPS)),
            ("product_ids", see(&CSAF21_PRODUCTS)),
            ("text", text(1)),
            ("title", text(1)),
        ],
    )
    .closed(),
);

pub(super) static CSAF21_PRODUCT_GROUPS: Shape = list(1, &text(1)).unique();

pub(super) static CSAF21_PRODUCTS: Shape = list(1, &text(1)).unique();

pub(super) static CSAF21_REFERENCES: Shape = list(
    1,
    &object(
        &["summary", "url"],
        &[
            ("category", word(&["external", "self"])),
            ("summary", text(1)),
            ("url", text(0).format(Format::Uri)),
        ],
    )
    .closed(),
);

pub(super) static CSAF21_EXTENSIONS: Shape = list(1, &under("6.1.60.1", &EXTENSION)).unique();

pub(super) static CSAF21_BRANCHES: Shape = list(
    1,
    &object(
        &["category", "name"],
        &[
            ("branches", see(&CSAF21_BRANCHES)),
            (
                "category",
                word(&[
                    "architecture",
                    "host_name",
                    "language",
                    "patch_level",
                    "platform",
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
            ("product", see(&CSAF21_FULL_PRODUCT_NAME)),
        ],
    )
    .at_least(3)
    .at_most_keys(3)
    .closed(),
);

pub(super) static CSAF21_FULL_PRODUCT_NAME: Shape = object(
    &["name", "product_id"],
    &[
        ("name", text(1)),
        ("product_id", text(1)),
        (
            "product_identification_helper",
            object(
                &[],
                &[
                    ("cpe", text(5).like(Pattern::Cpe21)),
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
                                                    ("algorithm", text(1).like(Pattern::HashName)),
                                                    ("value", text(32).like(Pattern::Hash21)),
                                                ],
                                            )
                                            .closed(),
                                        )
                                        .unique(),
                                    ),
                                    ("filename", text(1)),
                                ],
                            )
                            .closed(),
                        )
                        .unique(),
                    ),
                    ("model_numbers", list(1, &text(1)).unique()),
                    (
                        "purls",
                        list(1, &text(7).like(Pattern::Purl21).format(Format::Uri)).unique(),
                    ),
                    ("sbom_urls", list(1, &text(0).format(Format::Uri)).unique()),
                    ("serial_numbers", list(1, &text(1)).unique()),
                    ("skus", list(1, &text(1)).unique()),
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
                            )
                            .closed(),
                        )
                        .unique(),
                    ),
                ],
            )
            .at_least(1)
            .closed(),
        ),
        ("x_extensions", see(&CSAF21_EXTENSIONS)),
    ],
)
.closed();

pub(super) static CSAF21_SUBPATH: Shape = object(
    &["category", "next_product_reference"],
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
        ("next_product_reference", text(1)),
    ],
)
.closed();

/// What an extension adds (section 3.1.4).
pub(super) static EXTENSION: Shape = object(
    &["$schema", "category", "critical", "content"],
    &[
        (
            "$schema",
            text(0).like(Pattern::ExtensionSchema).format(Format::Uri),
        ),
        (
            "category",
            word(&["essential", "significant", "supplementary"]),
        ),
        ("content", object(&[], &[]).at_least(1).free()),
        ("critical", truth()),
    ],
)
.closed();
