//! Calendar files, read by another program's parser.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use candor_calendar::{Entry, ics};
use ical::IcalParser;
use ical::parser::ical::component::{IcalCalendar, IcalEvent};

fn read(text: &str) -> IcalCalendar {
    let mut all = IcalParser::new(text.as_bytes());
    let first = all.next().unwrap().unwrap();
    assert!(all.next().is_none(), "one calendar in a file");
    first
}

fn get(event: &IcalEvent, name: &str) -> String {
    let found: Vec<_> = event.properties.iter().filter(|p| p.name == name).collect();
    assert_eq!(found.len(), 1, "{name} stands there once");
    found[0].value.clone().unwrap()
}

#[test]
fn another_parser_reads_what_is_written() {
    let long = "TDX-7K3F-9QMA: \u{e5}nder, und so weiter; ".repeat(8);
    let entries: Vec<Entry> = (0..40)
        .map(|n| Entry {
            uid: format!("uid-{n}"),
            summary: format!("{long}{n}"),
            at: format!("2026-12-{:02}T23:59:59Z", n % 28 + 1)
                .parse()
                .unwrap(),
            stamp: "2026-11-22T10:00:00Z".parse().unwrap(),
            sequence: n,
            note: format!("{long}{n}"),
            url: Some(format!(
                "https://sec.example.org/desk/p/x/cases/TDX-{n}?a=b;c,d"
            )),
            reminders: vec!["2026-12-01T08:00:00Z".parse().unwrap(); (n % 3) as usize],
            cancelled: n % 5 == 0,
        })
        .collect();
    let calendar = read(&ics("ThreatDex", &entries));
    let head = |name: &str| {
        let found = calendar.properties.iter().find(|p| p.name == name);
        found.unwrap().value.clone().unwrap()
    };
    assert_eq!(head("VERSION"), "2.0");
    assert!(head("PRODID").contains("Candor"));
    assert_eq!(calendar.events.len(), entries.len());
    for (event, entry) in calendar.events.iter().zip(&entries) {
        assert_eq!(get(event, "UID"), entry.uid);
        assert_eq!(get(event, "SEQUENCE"), entry.sequence.to_string());
        assert_eq!(get(event, "DTSTAMP"), "20261122T100000Z");
        assert_eq!(get(event, "DTSTART").len(), 16);
        let text = |name: &str| {
            let value = get(event, name);
            value.replace("\\,", ",").replace("\\;", ";")
        };
        assert_eq!(text("SUMMARY"), entry.summary);
        assert_eq!(text("DESCRIPTION"), entry.note);
        assert_eq!(Some(get(event, "URL")), entry.url);
        let cancelled = event.properties.iter().any(|p| p.name == "STATUS");
        assert_eq!(cancelled, entry.cancelled);
        // What is off reminds of nothing.
        let expected = if cancelled { 0 } else { entry.reminders.len() };
        assert_eq!(event.alarms.len(), expected);
        for alarm in &event.alarms {
            let of = |name: &str| {
                let found = alarm.properties.iter().find(|p| p.name == name);
                found.unwrap_or_else(|| panic!("an alarm has {name}"))
            };
            assert_eq!(of("ACTION").value.as_deref(), Some("DISPLAY"));
            assert!(of("DESCRIPTION").value.is_some());
            let trigger = of("TRIGGER");
            assert_eq!(trigger.value.as_deref(), Some("20261201T080000Z"));
            let kind = ("VALUE".to_owned(), vec!["DATE-TIME".to_owned()]);
            assert_eq!(trigger.params, Some(vec![kind]));
        }
    }
}

#[test]
fn a_calendar_without_dates_is_one_too() {
    let calendar = read(&ics("ThreatDex", &[]));
    assert!(calendar.events.is_empty());
    assert_eq!(calendar.timezones.len(), 1);
}
