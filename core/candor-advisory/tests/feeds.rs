//! The Atom feed: whole, escaped, in order.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use candor_advisory::atom::{Entry, FeedMeta, entry, feed};
use candor_advisory::{Status, finish};
use common::{draft, issue};
use proptest::prelude::*;

fn meta() -> FeedMeta {
    FeedMeta {
        title: "Advisories".to_owned(),
        author: "ThreatDex".to_owned(),
        feed: "https://threatdex.example/feed.atom".parse().unwrap(),
        page: "https://threatdex.example/advisories".parse().unwrap(),
        since: "2026-11-01T00:00:00Z".parse().unwrap(),
    }
}

fn one() -> Entry {
    let advisory = finish(&draft(), issue(Status::Final, &[0, 3600])).unwrap();
    entry(
        &advisory,
        &"https://threatdex.example/a?b=1&c=2".parse().unwrap(),
    )
    .unwrap()
}

#[test]
fn a_feed_looks_like_this() {
    let expected = r#"<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <title>Advisories</title>
  <id>https://threatdex.example/feed.atom</id>
  <updated>2026-11-22T11:00:00Z</updated>
  <author>
    <name>ThreatDex</name>
  </author>
  <link rel="self" type="application/atom+xml" href="https://threatdex.example/feed.atom"/>
  <link rel="alternate" type="text/html" href="https://threatdex.example/advisories"/>
  <entry>
    <title>TDX-2026-7K3F9QMA: Search in ThreatDex shows notes of other teams</title>
    <id>https://threatdex.example/a?b=1&amp;c=2</id>
    <link rel="alternate" type="text/html" href="https://threatdex.example/a?b=1&amp;c=2"/>
    <published>2026-11-22T10:00:00Z</published>
    <updated>2026-11-22T11:00:00Z</updated>
    <category term="medium"/>
    <summary>A signed-in user can read notes of other teams through the search.
Update to 2.4.1.</summary>
  </entry>
</feed>
"#;
    assert_eq!(feed(&meta(), &[one()]), expected);
}

#[test]
fn an_empty_feed_has_the_date_it_was_set_up() {
    let text = feed(&meta(), &[]);
    assert!(text.contains("<updated>2026-11-01T00:00:00Z</updated>"));
    assert!(!text.contains("<entry>"));
}

#[test]
fn the_newest_change_stands_first() {
    let (mut old, new) = (one(), one());
    old.title = "older".to_owned();
    old.updated = old.published;
    for entries in [[old.clone(), new.clone()], [new.clone(), old.clone()]] {
        let text = feed(&meta(), &entries);
        assert!(text.find("TDX-2026").unwrap() < text.find("older").unwrap());
    }
}

/// Undoes the escapes of a text.
fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

proptest! {
    #[test]
    fn no_text_can_leave_its_element(title in "[ -~äß\n]{0,60}", summary in any::<String>()) {
        let plain = feed(&meta(), &[one()]);
        let mut odd = one();
        odd.title.clone_from(&title);
        odd.summary = summary;
        let text = feed(&meta(), &[odd]);
        // Whatever is written into it, the feed keeps its number of tags.
        prop_assert_eq!(text.matches('<').count(), plain.matches('<').count());
        prop_assert_eq!(text.matches('>').count(), plain.matches('>').count());
        let start = text.rfind("<title>").unwrap() + "<title>".len();
        let end = text.rfind("</title>").unwrap();
        prop_assert_eq!(unescape(text.get(start..end).unwrap()), title);
        prop_assert!(!text.chars().any(|c| c.is_control() && c != '\n' && c != '\t'));
    }
}
