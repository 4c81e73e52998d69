//! What the reader makes of each style: a line of shape for each unit.

use super::{Document, UnitKind, read};

fn kinds(doc: &Document) -> Vec<String> {
    doc.units
        .iter()
        .map(|u| {
            let mark = match &u.kind {
                UnitKind::Heading => "#",
                UnitKind::Item => "-",
                UnitKind::Row { .. } => "|",
                UnitKind::Sentence => ".",
                UnitKind::Code => "`",
            };
            format!("{} {mark} {}", u.span.first, u.quote)
        })
        .collect()
}

fn shape(text: &str) -> Vec<String> {
    kinds(&read(text))
}

fn links(text: &str) -> Vec<String> {
    read(text)
        .units
        .iter()
        .flat_map(|u| u.links.iter())
        .map(|l| format!("{} -> {}", l.text, l.url))
        .collect()
}

#[test]
fn markdown_in_its_common_forms() {
    let text = "Security\n========\n\n## Reporting ##\n\nWrite to us. We answer\nwithin two days.\n\n* one\n  goes on\n  - inner\n1. first\n2) second\n\n> quoted words stand here.\n> - quoted item\n";
    assert_eq!(
        shape(text),
        [
            "1 # Security",
            "4 # Reporting",
            "6 . Write to us.",
            "6 . We answer within two days.",
            "9 - one goes on",
            "11 - inner",
            "12 - first",
            "13 - second",
            "15 . quoted words stand here.",
            "16 - quoted item",
        ]
    );
}

#[test]
fn tables_with_and_without_outer_pipes_and_broken_rows() {
    let text = "| A | B |\n|---|---|\n| 1 | 2 |\n3 | 4\n\nVersion | Supported\n--------|----------\n2.x | yes\nmain (latest) |\nYes |\n";
    assert_eq!(
        shape(text),
        [
            "3 | 1 | 2",
            "4 | 3 | 4",
            "8 | 2.x | yes",
            "9 | main (latest) | Yes"
        ]
    );
}

#[test]
fn links_of_every_kind() {
    let text = "[words](https://a.org \"title\") <https://b.org> [ref][one] [two]\n<x@y.org> <a href=\"https://c.org\"><b>see</b> c</a>\n`rst words <https://d.org>`_ and `Name`_\n\n[one]: https://e.org\n[Two]: <https://f.org>\n[name]: https://g.org\n";
    assert_eq!(
        links(text),
        [
            "words -> https://a.org",
            "https://b.org -> https://b.org",
            "ref -> https://e.org",
            "two -> https://f.org",
            "x@y.org -> x@y.org",
            "see c -> https://c.org",
            "rst words -> https://d.org",
            "Name -> https://g.org",
        ]
    );
}

#[test]
fn entities_footnotes_and_roles_are_words() {
    assert_eq!(
        shape(
            "Mail a&#64;b&#x2e;org &amp; wait&hellip; :ref:`the guide <guide>` now[^1] and then [2]_.\n\n[^1]: A note stands here.\n"
        ),
        [
            "1 . Mail a@b.org & wait… the guide now and then .",
            "3 . A note stands here.",
        ]
    );
}

#[test]
fn html_blocks_are_headings_lists_and_tables() {
    let text = "<h2 align=\"center\">Reporting</h2>\n<p>Write to us.<br>We answer.</p>\n<ul>\n<li>one</li>\n<li>two\n goes on</li></ul>\n<table>\n<tr><th>Version</th><th>Supported</th></tr>\n<tr><td>1.x</td>\n<td>yes</td></tr></table>\n<details>\n<summary>Scope</summary>\n\n- inside\n</details>\n<script>\nWe fix within 1 day.\n</script>\n<pre>\ncode here\n</pre>\n";
    assert_eq!(
        shape(text),
        [
            "1 # Reporting",
            "2 . Write to us.",
            "2 . We answer.",
            "4 - one",
            "5 - two goes on",
            "9 | 1.x | yes",
            "12 # Scope",
            "14 - inside",
            "20 ` code here",
        ]
    );
}

#[test]
fn code_comments_front_matter_and_diagrams_promise_nothing() {
    let text = "---\ntitle: Security\nlayout: page\n---\nWords <!-- not\nthese --> stay.\n\n```mermaid\ngraph\n```\n~~~\ncode\n~~~\n";
    let doc = read(text);
    assert_eq!(kinds(&doc), ["5 . Words stay.", "9 ` graph", "12 ` code"]);
}

#[test]
fn restructured_text_headings_targets_and_directives() {
    let text = "========\nSecurity\n========\n\n.. _report:\n\nReporting\n~~~~~~~~~\n\n.. note:: We answer\n   within 2 days.\n\n.. code-block:: python\n\n   within = 5\n\n.. this is a comment\n\nRun this::\n\n    make it\n\n:Contact: us\n\nTerm\n    What it means.\n\n#. first\n#. second\n\n.. _site: https://s.org\n";
    assert_eq!(
        shape(text),
        [
            "2 # Security",
            "7 # Reporting",
            "10 . We answer within 2 days.",
            "15 ` within = 5",
            "19 . Run this:",
            "21 ` make it",
            "23 - Contact: us",
            "25 - Term: What it means.",
            "28 - first",
            "29 - second",
        ]
    );
}

#[test]
fn restructured_text_tables_of_four_kinds() {
    let rows = ["Version", "Supported", "1.x", "yes", "0.x", "no"];
    let grid = "Title\n=====\n\n.. _a:\n\n+---------+-----------+\n| Version | Supported |\n+=========+===========+\n| 1.x     | yes       |\n+---------+-----------+\n| 0.x     | no        |\n+---------+-----------+\n";
    let simple = "Title\n=====\n\n.. _a:\n\n=======  =========\nVersion  Supported\n=======  =========\n1.x      yes\n0.x      no\n=======  =========\n";
    let list = "Title\n=====\n\n.. list-table::\n   :header-rows: 1\n\n   * - Version\n     - Supported\n   * - 1.x\n     - yes\n   * - 0.x\n     - no\n";
    let csv = "Title\n=====\n\n.. csv-table:: Support\n   :header: \"Version\", \"Supported\"\n\n   \"1.x\", yes\n   0.x, no\n";
    for text in [grid, simple, list, csv] {
        let doc = read(text);
        let found: Vec<(&Vec<String>, &Vec<String>)> = doc
            .units
            .iter()
            .filter_map(|u| match &u.kind {
                UnitKind::Row { header, cells } => Some((header, cells)),
                _ => None,
            })
            .collect();
        assert_eq!(found.len(), 2, "{text}");
        for (i, (header, cells)) in found.iter().enumerate() {
            assert_eq!(**header, ["version", "supported"], "{text}");
            assert_eq!(cells[0], rows[2 + 2 * i], "{text}");
            assert_eq!(cells[1], rows[3 + 2 * i], "{text}");
        }
    }
}

#[test]
fn asciidoc_headings_lists_tables_and_links() {
    let text = "= Security\n:mail: sec@a.org\n\n// a comment\n== Reporting\n\nWrite to mailto:{mail}[our team,subject] or use https://a.org/f[the form].\n\n* one\n** inner\n. first\n\nAcknowledgement:: within 2 days\nFix::\nwithin 30 days\n\n.Support\n[cols=\"1,1\",options=\"header\"]\n|===\n|Version |Supported\n\n|1.x\n|yes\n|0.x |no\n|===\n\n----\ncode\n----\n\nNOTE: Take care.\n";
    assert_eq!(
        shape(text),
        [
            "1 # Security",
            "5 # Reporting",
            "7 . Write to our team or use the form.",
            "9 - one",
            "10 - inner",
            "11 - first",
            "13 - Acknowledgement: within 2 days",
            "14 - Fix: within 30 days",
            "17 # Support",
            "22 | 1.x | yes",
            "24 | 0.x | no",
            "28 ` code",
            "31 . Take care.",
        ]
    );
    assert_eq!(
        links(text),
        [
            "our team -> mailto:sec@a.org",
            "the form -> https://a.org/f"
        ]
    );
}

#[test]
fn plain_text_headings_numbered_in_capitals_and_with_a_colon() {
    let text = "SECURITY POLICY\n\n1. Supported Versions\n\nOnly the newest one.\n\n2. Reporting\n\nWrite to us.\n\nIN SCOPE\n\n  - the server\n\nResponse times:\n\nWe answer within 2 days.\n";
    assert_eq!(
        shape(text),
        [
            "1 # Security policy",
            "3 # Supported Versions",
            "5 . Only the newest one.",
            "7 # Reporting",
            "9 . Write to us.",
            "11 # In scope",
            "13 - the server",
            "15 # Response times",
            "17 . We answer within 2 days.",
        ]
    );
}

#[test]
fn numbered_lists_stay_lists() {
    assert_eq!(
        shape("Steps:\n\n1. Reporting\n\n2. Disclosure\n\n3. Fix it\n"),
        [
            "1 . Steps:",
            "3 - Reporting",
            "5 - Disclosure",
            "7 - Fix it"
        ]
    );
}

#[test]
fn security_txt_signed_and_bare() {
    let bare = "# Our contact\nContact: mailto:sec@a.org\nExpires: 2027-01-01T00:00:00Z\nPreferred-Languages: en, de\n";
    let fields = [
        "- Contact: mailto:sec@a.org",
        "- Expires: 2027-01-01T00:00:00Z",
        "- Preferred-Languages: en, de",
    ];
    let words = |text: &str| -> Vec<String> {
        shape(text)
            .into_iter()
            .filter_map(|l| l.split_once(' ').map(|(_, w)| w.to_owned()))
            .filter(|w| w.starts_with('-'))
            .collect()
    };
    assert_eq!(words(bare), fields);
    let signed = format!(
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n{bare}-----BEGIN PGP SIGNATURE-----\n\niQIzBAEBCgAdFiEE\n-----END PGP SIGNATURE-----\n"
    );
    assert_eq!(words(&signed), fields);
    assert!(read(&signed).keys.is_empty());
}

#[test]
fn key_blocks_are_keys_and_no_text() {
    let doc = read(
        "Our key:\n\n-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQINBF\n-----END PGP PUBLIC KEY BLOCK-----\nThanks.\n",
    );
    assert_eq!(kinds(&doc), ["1 . Our key:", "7 . Thanks."]);
    assert_eq!(doc.keys.len(), 1);
}

#[test]
fn alerts_and_nested_quotes_lose_their_marks() {
    assert_eq!(
        shape("> [!IMPORTANT]\n> Do not open a public issue.\n\n>> deep words here.\n"),
        ["2 . Do not open a public issue.", "4 . deep words here."]
    );
}
