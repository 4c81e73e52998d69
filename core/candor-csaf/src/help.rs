//! One sentence for each test: what it wants, and how to mend it.

/// The sentence of a test.
pub(crate) fn of(test: &str) -> &'static str {
    TABLE
        .iter()
        .find(|(id, _)| *id == test)
        .map(|(_, help)| *help)
        .or_else(|| crate::help21::of(test))
        .unwrap_or("Look the test up in chapter 6 of the standard.")
}

/// Every test with its sentence.
pub(crate) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLE.iter().copied()
}

const TABLE: &[(&str, &str)] = &[
    (
        "schema",
        "Write the member as the JSON schema of the document's format and version describes it.",
    ),
    (
        "6.1.1",
        "Define each product in the product tree before you speak of it, or mend the id.",
    ),
    ("6.1.2", "Give each product an id of its own."),
    (
        "6.1.3",
        "A product that is made of others must not be one of them, directly or through others.",
    ),
    (
        "6.1.4",
        "Define each group of products in the product tree before you speak of it, or mend the id.",
    ),
    ("6.1.5", "Give each group of products an id of its own."),
    (
        "6.1.6",
        "Keep each product in one state: affected, not affected, fixed or under investigation.",
    ),
    (
        "6.1.7",
        "Give each product one score of each version of CVSS.",
    ),
    (
        "6.1.8",
        "Write the CVSS object as its JSON schema describes it, with all that it requires.",
    ),
    ("6.1.9", "Compute score and severity from the vector again."),
    (
        "6.1.10",
        "Make the members beside the vector say what the vector says, or leave them out.",
    ),
    (
        "6.1.11",
        "Take id and name of the weakness from the CWE list, letter by letter.",
    ),
    (
        "6.1.12",
        "Use a language tag whose subtags are in the IANA registry, like `en` or `de-CH`.",
    ),
    (
        "6.1.13",
        "Write the package address as the purl specification does: pkg:kind/name@version.",
    ),
    (
        "6.1.14",
        "Give later items of the revision history later dates.",
    ),
    (
        "6.1.15",
        "Tell the language that was translated from in `source_lang`.",
    ),
    (
        "6.1.16",
        "Set the version of the document to the number of its latest revision.",
    ),
    (
        "6.1.17",
        "A document of version 0, 0.y.z or a pre-release is a `draft`; change status or version.",
    ),
    (
        "6.1.18",
        "Take draft numbers out of the history of a released document.",
    ),
    (
        "6.1.19",
        "List releases only; leave pre-releases out of the revision history.",
    ),
    (
        "6.1.20",
        "Give a released document a version without a pre-release part.",
    ),
    (
        "6.1.21",
        "Begin the revision history with 0 or 1 and leave no number out.",
    ),
    ("6.1.22", "List each version once in the revision history."),
    ("6.1.23", "Put all that is said of one CVE into one item."),
    (
        "6.1.24",
        "Give each party one state at a time, or different dates.",
    ),
    ("6.1.25", "Name each hash algorithm once for a file."),
    (
        "6.1.26",
        "Choose the profile's exact name, or a category that looks like none.",
    ),
    (
        "6.1.27.1",
        "Add a note of the category description, details, general or summary to the document.",
    ),
    (
        "6.1.27.2",
        "Add a reference of the category `external` to the document.",
    ),
    (
        "6.1.27.3",
        "Take the vulnerabilities out, or choose another category.",
    ),
    ("6.1.27.4", "Add the product tree."),
    ("6.1.27.5", "Add at least one note to the vulnerability."),
    (
        "6.1.27.6",
        "Say in `product_status` which products are affected.",
    ),
    (
        "6.1.27.7",
        "Call at least one product fixed, affected, not affected or under investigation.",
    ),
    (
        "6.1.27.8",
        "Give the vulnerability a CVE id, or another under `ids`.",
    ),
    (
        "6.1.27.9",
        "Explain in a flag, or in a threat of the category `impact`, why the product is not affected.",
    ),
    (
        "6.1.27.10",
        "Add a remediation for the product, if only that none is planned.",
    ),
    (
        "6.1.27.11",
        "Add the vulnerabilities, or choose another category.",
    ),
    (
        "6.1.28",
        "Take `source_lang` out, or set the language of the translation.",
    ),
    (
        "6.1.29",
        "Name the products or groups that the remediation is for.",
    ),
    (
        "6.1.30",
        "Use whole numbers or Semantic Versioning throughout the document, not both.",
    ),
    (
        "6.1.31",
        "Name one version, or make the branch a `product_version_range`.",
    ),
    (
        "6.1.32",
        "Name the products or groups that the flag is for.",
    ),
    ("6.1.33", "Keep one justification for each product."),
    ("6.2.1", "Speak of the product, or take its definition out."),
    (
        "6.2.2",
        "Add a remediation for the product, if only that there is none yet.",
    ),
    ("6.2.3", "Add a score for the product."),
    ("6.2.4", "Leave build metadata out of the revision history."),
    (
        "6.2.5",
        "Set the date of the first release to that of the first revision or later.",
    ),
    (
        "6.2.6",
        "Set the date of the current release to that of the latest revision or later.",
    ),
    ("6.2.7", "Add the date of the involvement."),
    ("6.2.8", "Add a stronger hash, such as SHA-256."),
    ("6.2.9", "Add a stronger hash, such as SHA-256."),
    (
        "6.2.10",
        "Add the TLP label, so that machines know whom the document may reach.",
    ),
    (
        "6.2.11",
        "Add a reference of the category `self` with the https address of this document.",
    ),
    ("6.2.12", "Tell the language of the document in `lang`."),
    ("6.2.13", "Sort the members of every object by name."),
    ("6.2.14", "Use a language tag that everybody knows."),
    ("6.2.15", "Tell the language, or leave the member out."),
    (
        "6.2.16",
        "Add a package address, a CPE name, hashes or another help to recognise the product.",
    ),
    ("6.2.17", "Move the CVE id to `cve`."),
    (
        "6.2.18",
        "Write the range as `vers:` does, such as vers:generic/>=1.0|<2.4.1.",
    ),
    (
        "6.2.19",
        "Add a score whose environmental part says that nothing is left to gain in the fixed version.",
    ),
    ("6.2.20", "Take the member out, or mend its name."),
    ("6.3.1", "Add a score of CVSS 3.1."),
    ("6.3.2", "Use CVSS 3.1."),
    (
        "6.3.3",
        "Ask for a CVE id, so that others can follow the vulnerability.",
    ),
    (
        "6.3.4",
        "Name the weakness, so that others can sort and learn.",
    ),
    ("6.3.5", "Use a hash of at least 256 bits."),
    (
        "6.3.9",
        "Put the product below branches for vendor, product name and version, in this order.",
    ),
    ("6.3.10", "Name each version, where that can be done."),
    ("6.3.11", "Write the version without the `v`."),
];
