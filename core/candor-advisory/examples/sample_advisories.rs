//! Writes generated advisories as CSAF files into a folder, and one Atom feed
//! beside them, for independent validators:
//!
//! `cargo run -p candor-advisory --example sample_advisories -- FOLDER [HOW MANY]`
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::print_stdout,
    missing_docs,
    reason = "a tool for tests: it writes files, and stops when it cannot go on"
)]

#[path = "../tests/common/mod.rs"]
mod common;

use candor_advisory::atom::{self, FeedMeta};
use candor_advisory::{Advisory, CsafPlace, Link, Status, csaf_filename, finish, to_csaf};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;

fn link(text: &str) -> Link {
    text.parse().expect("a link")
}

fn main() {
    let mut args = std::env::args().skip(1);
    let folder = args
        .next()
        .expect("usage: sample_advisories FOLDER [HOW MANY]");
    let count: u32 = args.next().map_or(100, |n| n.parse().expect("a number"));
    let mut runner = TestRunner::deterministic();
    let mut entries = Vec::new();
    for n in 0..=count {
        let mut issue = common::issue(Status::Final, &[0, 3600, 90_000]);
        issue
            .revisions
            .truncate(1 + usize::try_from(n % 3).expect("small"));
        if n % 5 == 4 {
            issue.status = Status::Interim;
        }
        issue.id = format!("TDX-2026-{n:08}").parse().expect("an id");
        let draft = match n {
            0 => common::draft(),
            _ => common::any_draft()
                .new_tree(&mut runner)
                .expect("a draft")
                .current(),
        };
        let advisory: Advisory = finish(&draft, issue).unwrap_or_else(|f| panic!("{f:?}"));
        let name = csaf_filename(&advisory.issue.id);
        let page = link(&format!("https://threatdex.example/{}", advisory.issue.id));
        let place = CsafPlace {
            document: Some(link(&format!("https://threatdex.example/csaf/2026/{name}"))),
            page: Some(page.clone()),
        };
        let csaf = to_csaf(&advisory, &place).expect("a document");
        std::fs::write(format!("{folder}/{name}"), csaf).expect("written");
        entries.extend(atom::entry(&advisory, &page));
    }
    let meta = FeedMeta {
        title: "Advisories of <ThreatDex> & friends".to_owned(),
        author: "The ThreatDex project".to_owned(),
        feed: link("https://threatdex.example/feed.atom"),
        page: link("https://threatdex.example/advisories?a=b&c=d"),
        since: "2026-11-01T00:00:00Z".parse().expect("an instant"),
    };
    std::fs::write(format!("{folder}/feed.atom"), atom::feed(&meta, &entries)).expect("written");
    println!("{} documents in {folder}", count + 1);
}
