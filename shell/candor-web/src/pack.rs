//! The files of a copy of a case: a page that needs neither network nor scripts, the same for
//! programs, what belongs to the case, and the sums of all of them.
//!
//! Invariants: the page allows nothing but its own style and links to files beside it; every
//! text is escaped; the same copy gives the same bytes.
//!
//! Deliberately absent: folders and archives. Who asks for a copy writes them.

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use candor_access::view::{PackView, PackedFile};
use candor_app::input::Fault;
use candor_app::{App, Pack, TakesFile};
use candor_base::Digest;
use sha2::{Digest as _, Sha256};

use crate::ui;

const STYLE: &str = include_str!("pack.css");

#[derive(Debug, Template)]
#[template(path = "pack.html")]
struct IndexPage<'a> {
    v: &'a PackView,
    severity: Option<&'static str>,
    files: Vec<(String, &'a PackedFile)>,
    style: &'static str,
    csp: String,
}

/// A path as a link: every byte that could mean something in a URL is written as `%..`.
fn href(path: &str) -> String {
    path.bytes()
        .map(|b| match b {
            b'/' | b'-' | b'.' | b'_' => char::from(b).to_string(),
            b if b.is_ascii_alphanumeric() => char::from(b).to_string(),
            b => format!("%{b:02X}"),
        })
        .collect()
}

fn index(v: &PackView) -> Result<String, Fault> {
    let sum = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    let page = IndexPage {
        v,
        severity: v.severity.map(ui::severity_name),
        files: v.files.iter().map(|f| (href(&f.path), f)).collect(),
        style: STYLE,
        csp: format!(
            "default-src 'none'; style-src 'sha256-{sum}'; base-uri 'none'; form-action 'none'"
        ),
    };
    page.render().map_err(|why| broken(&why))
}

fn broken(why: &dyn std::fmt::Display) -> Fault {
    Fault {
        person: "Something went wrong on this server. No copy was made.".to_owned(),
        operator: format!("a copy of a case could not be written: {why}"),
    }
}

fn hex(bytes: &[u8]) -> String {
    Digest::from_bytes(Sha256::digest(bytes).into()).to_string()
}

/// Gives path and bytes of every file of a copy, `MANIFEST` last. One file at a time is in
/// memory.
pub fn pack_files<E: From<Fault>>(app: &App, pack: &Pack, each: TakesFile<'_, E>) -> Result<(), E> {
    let mut manifest = String::new();
    let mut one = |path: &str, bytes: &[u8]| {
        manifest.extend([hex(bytes).as_str(), "  ", path, "\n"]);
        each(path, bytes)
    };
    one("index.html", index(&pack.view)?.as_bytes())?;
    let mut json = serde_json::to_vec_pretty(&pack.view).map_err(|why| broken(&why))?;
    json.push(b'\n');
    one("case.json", &json)?;
    app.packed(pack, &mut one)?;
    each("MANIFEST", manifest.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_the_file_of_that_name() {
        assert_eq!(href("files/001-a b#1.txt"), "files/001-a%20b%231.txt");
        assert_eq!(href("files/002-\u{e4}.log"), "files/002-%C3%A4.log");
    }
}
