//! Which versions get fixes, in sentences of many languages; and sentences that name
//! versions and say nothing of them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use candor_policy::model::Support;
use common::under;

/// Labels of a text, those without support behind a minus.
fn read(heading: &str, text: &str) -> Vec<String> {
    let policy = under(heading, text);
    let rule = |c: &candor_policy::model::Clause<candor_policy::model::VersionRule>| {
        let sign = if c.value.support == Support::None {
            "-"
        } else {
            ""
        };
        format!("{sign}{}", c.value.label)
    };
    policy.versions.iter().map(rule).collect()
}

#[test]
fn sentences_say_which_versions_get_fixes() {
    let cases: &[(&str, &str, &[&str])] = &[
        (
            "Supported Versions",
            "Security fixes land on `main`.",
            &["main"],
        ),
        (
            "Supported Versions",
            "Only the tip of `trunk` is supported.",
            &["trunk"],
        ),
        (
            "Supported Versions",
            "Security fixes go to the latest release and `main`.",
            &["main", "latest release"],
        ),
        (
            "Supported Versions",
            "We support the current minor release and one prior minor release.",
            &["current minor release", "one prior minor release"],
        ),
        (
            "Supported Versions",
            "Only the code on the default branch is supported.",
            &["default branch"],
        ),
        (
            "Supported Versions",
            "Versions older than 2.0 are end of life.",
            &["-Versions older than 2.0"],
        ),
        (
            "Supported Versions",
            "Version 3 and later receive security fixes.",
            &["Version 3 and later"],
        ),
        (
            "Supported Versions",
            "Releases prior to 5.0 are not supported.",
            &["-Releases prior to 5.0"],
        ),
        (
            "Supported Versions",
            "Always the latest release.",
            &["latest release"],
        ),
        (
            "Supported Versions",
            "Only the latest 0.x release receives security fixes.",
            &["latest 0.x release"],
        ),
        (
            "Licence users",
            "- **Version support:** Security patches are only provided for the latest release version.",
            &["latest release version"],
        ),
        (
            "Handling",
            "Fixes land on the latest active branch.",
            &["latest active branch"],
        ),
        (
            "Unterstützte Versionen",
            "Nur die neueste Release-Version erhält Sicherheitsfixes.",
            &["neueste Release-Version"],
        ),
        (
            "Unterstützte Versionen",
            "Nur der Branch `main` wird aktiv gepflegt.",
            &["branch main"],
        ),
        (
            "Unterstützter Stand",
            "Korrekturen gibt es für die aktuelle Version. Ältere Releases werden nicht gepflegt.",
            &["aktuelle Version", "-Ältere Releases"],
        ),
        (
            "Versions supportées",
            "Seule la dernière version publiée reçoit des correctifs. Les versions antérieures ne sont pas maintenues.",
            &["dernière version", "-versions antérieures"],
        ),
        (
            "Versions maintenues",
            "La branche `main` et la dernière release reçoivent les mises à jour.",
            &["branche main", "dernière release"],
        ),
        (
            "Versiones soportadas",
            "Únicamente la versión más reciente recibe parches.",
            &["versión más reciente"],
        ),
        (
            "Versiones con soporte",
            "Solo damos soporte a la última versión. Las versiones antiguas no reciben actualizaciones.",
            &["última versión", "-versiones antiguas"],
        ),
        (
            "Versões mantidas",
            "Somente a versão mais recente recebe correções.",
            &["versão mais recente"],
        ),
        (
            "Versões suportadas",
            "Apenas a branch main é suportada.",
            &["branch main"],
        ),
        (
            "サポート対象",
            "`main` ブランチの最新版だけを対象にしています。古い版への修正は行いません。",
            &["main ブランチ", "-古い版"],
        ),
        (
            "サポート対象バージョン",
            "最新リリースのみがセキュリティアップデートの対象です。",
            &["最新リリース"],
        ),
        (
            "支持的版本",
            "我们只支持最新版本。旧版本不再维护。",
            &["最新版本", "-旧版本"],
        ),
    ];
    for (heading, text, labels) in cases {
        assert_eq!(read(heading, text), *labels, "{text}");
    }
}

#[test]
fn sentences_that_name_versions_and_promise_nothing() {
    for text in [
        "In order to find the latest still supported version, please visit https://docs.example.net/releases.",
        "There is currently no long-term support branch.",
        "The latest version is 3.2.",
        "Example 1: a security bug affects both 0.5.x and 0.6.x, and we may patch both.",
        "Upon the release of 0.18.x, security support for 0.16.x will end.",
        "If you run a version older than 2.0, please upgrade to 3.1 before reporting.",
        "Requires Python version 3.9 and later.",
        "The main goal of this table is to show what is supported.",
        "We test against the main components and the head office.",
        "Consulta la última versión en la página de releases.",
    ] {
        assert_eq!(
            read("Supported Versions", text),
            Vec::<String>::new(),
            "{text}"
        );
    }
}

#[test]
fn a_mark_against_a_version_is_the_answer_of_its_row() {
    let table = "| Version | Supported |\n| --- | --- |\n| 1.4.x | :white_check_mark: |\n| 1.2.x | :x: (critical fixes may still be backported) |";
    assert_eq!(read("Supported Versions", table), ["1.4.x", "-1.2.x"]);
}
