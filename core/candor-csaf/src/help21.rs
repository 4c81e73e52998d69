//! One sentence for each test that only CSAF 2.1 has.

/// The sentence of a test; `None` for those of 2.0.
pub(crate) fn of(test: &str) -> Option<&'static str> {
    let row = TABLE.iter().find(|(id, _)| *id == test);
    row.map(|(_, help)| *help)
}

const TABLE: &[(&str, &str)] = &[
    (
        "6.1.27.12",
        "Name the affected products of each vulnerability under `known_affected`, or choose another category.",
    ),
    (
        "6.1.27.13",
        "Name beside each fixed product the versions of it that are affected by the same vulnerability.",
    ),
    (
        "6.1.27.14",
        "Say in a note of the category `description` why the document was retired.",
    ),
    (
        "6.1.27.15",
        "Take the product tree out of a document that was withdrawn or superseded.",
    ),
    (
        "6.1.27.16",
        "Keep the old items of the revision history and add one for the day on which the document was retired.",
    ),
    (
        "6.1.27.17",
        "Write one note of the category `description` with the title `Reasoning for Withdrawal`.",
    ),
    (
        "6.1.27.18",
        "Write one note of the category `description` with the title `Reasoning for Supersession`.",
    ),
    (
        "6.1.27.19",
        "Add a reference of the category `external` whose summary begins with `Superseding Document`.",
    ),
    ("6.1.34", "Put products at most 30 branches deep."),
    (
        "6.1.35",
        "Keep for each product only remediations that fit together; a fix and `no_fix_planned` do not.",
    ),
    (
        "6.1.36",
        "Give a product remediations that fit its state; what is fixed or not affected needs no fix.",
    ),
    (
        "6.1.37",
        "Write dates like 2026-11-23T10:00:00Z, with `T`, seconds and a zone.",
    ),
    (
        "6.1.38",
        "Label a document for everybody TLP:CLEAR, or name the group that it is for.",
    ),
    (
        "6.1.39",
        "Leave the sharing group out of a TLP:CLEAR document, or use the id of all `f`.",
    ),
    (
        "6.1.40",
        "Give the sharing group another name; `Public` and `No sharing allowed` belong to two reserved ids.",
    ),
    (
        "6.1.41",
        "Call the group of all `f` `Public` and that of all zeros `No sharing allowed`.",
    ),
    (
        "6.1.42",
        "Give a product package addresses that differ in their qualifiers only; other packages are other products.",
    ),
    (
        "6.1.43",
        "Use one star at most in a model number, and write `\\*` for a real one.",
    ),
    (
        "6.1.44",
        "Use one star at most in a serial number, and write `\\*` for a real one.",
    ),
    (
        "6.1.45",
        "A public document has a revision that is not older than the disclosure it tells of.",
    ),
    (
        "6.1.46",
        "Write the SSVC decision as its JSON schema describes it.",
    ),
    (
        "6.1.47",
        "Name as target of an SSVC decision the CVE id or another id of the same vulnerability.",
    ),
    (
        "6.1.48",
        "Use a decision point as its registry defines it, with its values in their order.",
    ),
    (
        "6.1.49",
        "Add a revision after the SSVC decision, or mend its date.",
    ),
    (
        "6.1.50",
        "Write ranges like vers:semver/>=1.0.0|<1.4.2, without spaces and with rising versions.",
    ),
    (
        "6.1.51",
        "Add a revision after the EPSS value was taken, or mend its date.",
    ),
    (
        "6.1.52",
        "Add a revision after the exploitation became known, or mend the dates.",
    ),
    (
        "6.1.53",
        "Put the day of the exploitation before the day on which it became known.",
    ),
    (
        "6.1.54",
        "Write a licence as an SPDX expression, like `CC-BY-4.0` or `LicenseRef-example.org-terms`.",
    ),
    (
        "6.1.55",
        "Put the text of a licence that is in no list into one note `License` of the category `legal_disclaimer`.",
    ),
    (
        "6.1.56",
        "Keep the CVSS score or the severity word that one source gives a product, not both.",
    ),
    (
        "6.1.57",
        "Use each branch category once on the way to a product; `product_family` may come again.",
    ),
    (
        "6.1.58",
        "Use `product_version` or `product_version_range` on the way to a product, not both.",
    ),
    (
        "6.1.59",
        "Write a single version under the category `product_version`.",
    ),
    (
        "6.1.60.1",
        "Give an extension its `$schema`, `category`, `critical` and `content`, and nothing else.",
    ),
    (
        "6.1.61",
        "Use one star at most in a stock keeping unit, and write `\\*` for a real one.",
    ),
    ("6.2.21", "Give each revision a timestamp of its own."),
    (
        "6.2.22",
        "Take the id of the document out of its title; viewers show both.",
    ),
    (
        "6.2.23",
        "Use the weakness that replaced the deprecated one.",
    ),
    (
        "6.2.24",
        "Take the weakness from the CWE list that was newest on the day of the last revision.",
    ),
    (
        "6.2.25",
        "Choose a weakness that CWE allows for vulnerabilities.",
    ),
    ("6.2.26", "Look whether a narrower weakness fits better."),
    ("6.2.27", "Give a product remediations that fit its state."),
    (
        "6.2.28",
        "Leave the sharing group out of documents for everybody.",
    ),
    (
        "6.2.29",
        "Use the id of all zeros for drafts only that nobody may have.",
    ),
    (
        "6.2.30",
        "Leave the sharing group out of a TLP:CLEAR document.",
    ),
    (
        "6.2.31",
        "Keep hardware and software apart, and join them with a product path.",
    ),
    (
        "6.2.32",
        "Give each product marks of its own; what two products share names neither.",
    ),
    (
        "6.2.34",
        "Use decision points of a registered namespace, or be sure that readers know yours.",
    ),
    ("6.2.35", "Use registered namespaces in public documents."),
    (
        "6.2.36",
        "Use namespaces without extensions in public documents.",
    ),
    (
        "6.2.37",
        "Name a resource whose summary holds the namespace and says what its decision points mean.",
    ),
    ("6.2.38", "Use `csaf_security_advisory` for new documents."),
    (
        "6.2.39.1",
        "Name the fixed version of each affected product, or say that there is none.",
    ),
    (
        "6.2.39.2",
        "Write one note of the category `description` with the recorded translation as its title.",
    ),
    (
        "6.2.39.3",
        "Write one note of the category `description` with the recorded translation as its title.",
    ),
    (
        "6.2.39.4",
        "Begin the summary of an external reference with the recorded translation.",
    ),
    (
        "6.2.39.5",
        "Take extensions out of documents that were withdrawn or superseded.",
    ),
    (
        "6.2.40",
        "Say in a note that describes a product which one it is.",
    ),
    (
        "6.2.41",
        "Take a newer EPSS value when you revise the document.",
    ),
    (
        "6.2.43",
        "Say under which licence others may use the document, as `license_expression`.",
    ),
    (
        "6.2.44",
        "Use the id that replaced this one in the SPDX licence list.",
    ),
    (
        "6.2.45",
        "Use an id of the SPDX licence list, or one of your own that begins with `LicenseRef-`.",
    ),
    (
        "6.2.46",
        "Put the text of the licence into one note of the category `legal_disclaimer` with the recorded translation as its title.",
    ),
    ("6.2.47", "Rate your own products with CVSS or SSVC."),
    ("6.2.48", "Name who makes the software as its vendor."),
    (
        "6.2.49",
        "End the range at the newest version that you know to be in it.",
    ),
    (
        "6.2.51",
        "Use a registered type of version range, so that others can compute with it.",
    ),
    (
        "6.2.52",
        "Use a hash that the standard names, like `sha256`.",
    ),
    ("6.2.54.3", "Make extensions that readers may pass over."),
    (
        "6.3.12",
        "Add a score of CVSS 4.0 for each affected product.",
    ),
    (
        "6.3.14",
        "Use registered namespaces where readers may not know yours.",
    ),
    (
        "6.3.15",
        "Use namespaces without extensions where readers may not know yours.",
    ),
    ("6.3.17", "Use a licence of a public list where one fits."),
    ("6.3.18", "Add a score that says how the rating came about."),
    (
        "6.3.21.1",
        "Say what is essential in the document itself, too.",
    ),
    ("6.3.21.3", "Be sure that your readers know this extension."),
    ("6.3.21.4", "Be sure that your readers know this extension."),
    ("6.3.21.5", "Be sure that your readers know this extension."),
    ("6.3.21.6", "Be sure that your readers know this extension."),
    ("6.3.21.7", "Be sure that your readers know this extension."),
    ("6.3.21.8", "Be sure that your readers know this extension."),
    ("6.3.21.9", "Be sure that your readers know this extension."),
    (
        "6.3.22",
        "Build product paths from products, not from other paths.",
    ),
];
