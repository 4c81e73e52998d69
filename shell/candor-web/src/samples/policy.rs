//! Versions of the made-up project's policy.

use candor_access::view::{
    ChangeView, PolicyDeskView, PolicyHistoryView, PolicyPreviewView, RereadView, VersionLine,
};

use super::{at, finding, policy, program, promises, text};

fn version(digit: char, from: i64, until: Option<i64>, what: &'static str) -> VersionLine {
    let digest: String = std::iter::repeat_n(digit, 64).collect();
    VersionLine {
        version: digest.chars().take(12).collect(),
        digest,
        from: at(from, "some time ago"),
        until: until.map(|hours| at(hours, "not long ago")),
        what,
        by: None,
    }
}

pub(crate) fn history() -> PolicyHistoryView {
    PolicyHistoryView {
        program: program(),
        versions: vec![
            version('b', 40, None, "a new text, published on the desk"),
            version('a', 0, Some(40), "taken up from a file"),
        ],
    }
}

pub(crate) fn policy_desk() -> PolicyDeskView {
    let mut versions = history().versions;
    for line in &mut versions {
        line.by = Some(text("Ada"));
    }
    PolicyDeskView {
        page: policy(),
        questions: vec![finding()],
        versions,
        reviewed: true,
        base: text("beef"),
        reread: Some(RereadView {
            changes: preview().changes,
            text: text("# Policy\n\n\"quoted\" & <b>bold</b>\n"),
            file: text("SECURITY.md"),
        }),
    }
}

pub(crate) fn preview() -> PolicyPreviewView {
    let change = |what: &str, old: Option<&str>, new: Option<&str>, effect| ChangeView {
        what: text(what),
        old: old.map(text),
        new: new.map(text),
        effect,
        places: text("old line 34, new line 36"),
    };
    PolicyPreviewView {
        program: program(),
        promises: promises(),
        changes: vec![
            change(
                "acknowledgement",
                Some("48 hours"),
                Some("3 business days"),
                "weaker",
            ),
            change("status update", None, Some("every 7 days"), "stronger"),
            change("scope", Some("<b>the server</b>"), None, "changed"),
        ],
        findings: vec![finding()],
        other_name: Some(text("Lumen II")),
        open_cases: 2,
        same: false,
        text: text("# Policy\n\n\"quoted\" & <b>bold</b>\n"),
        file: text("SECURITY.md"),
        sha256: text("cafe"),
        base: text("beef"),
    }
}
