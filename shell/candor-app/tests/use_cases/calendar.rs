//! Calendar files: dates without words, a secret that can be revoked.

use std::sync::atomic::Ordering;

use candor_app::input::ActError;

use crate::common::{FULL, World, act};
use crate::road::submit;

const P: &str = "lanternfish";

/// The events of a calendar file: its properties by name, unfolded.
fn events(bytes: &[u8]) -> Vec<Vec<(String, String)>> {
    let text = std::str::from_utf8(bytes).unwrap();
    assert!(text.ends_with("END:VCALENDAR\r\n"));
    let mut out = Vec::new();
    for line in text.replace("\r\n ", "").split("\r\n") {
        match line.split_once(':') {
            Some(("BEGIN", "VEVENT")) => out.push(Vec::new()),
            Some((name, value)) => {
                if let Some(last) = out.last_mut() {
                    let value = value.replace("\\,", ",").replace("\\;", ";");
                    last.push((name.to_owned(), value));
                }
            }
            None => {}
        }
    }
    out
}

fn get<'a>(event: &'a [(String, String)], name: &str) -> &'a str {
    &event.iter().find(|(n, _)| n == name).unwrap().1
}

fn secret(address: &str) -> &str {
    address
        .strip_prefix("https://sec.example.org/calendar/")
        .unwrap()
}

#[test]
fn a_feed_holds_references_and_kinds_of_dates() {
    let world = World::new();
    let ada = world.set_up();
    let feed = world.app().calendar_feed(&ada, P).unwrap();
    assert!(!feed.exists && feed.address.is_none());
    let made = world.app().make_calendar_feed(&ada, P).unwrap();
    let address = made.address.unwrap();
    let empty = world.app().team_calendar(secret(&address)).unwrap();
    assert_eq!(empty.media_type, "text/calendar; charset=utf-8");
    assert!(events(&empty.body).is_empty());

    let case = submit(&world, FULL);
    let asked = || world.gate.reads.load(Ordering::SeqCst);
    let before = asked();
    let first = world.app().team_calendar(secret(&address)).unwrap();
    let between = asked();
    let again = world.app().team_calendar(secret(&address)).unwrap();
    assert_eq!(first, again, "the same dates, the same bytes");
    let costs = (between - before, asked() - between);
    assert_eq!(costs.0 - 1, costs.1, "the rows were read once");
    world.wait(900);
    let begin = asked();
    world.app().team_calendar(secret(&address)).unwrap();
    // The programs are asked for besides: they are known for a second.
    let anew = asked() - begin;
    assert_eq!(anew, costs.0 + 1, "made anew after a quarter of an hour");
    let list = events(&first.body);
    assert!(list.len() >= 2, "{list:?}");
    for event in &list {
        assert!(get(event, "SUMMARY").ends_with(&format!(" ({})", case.reference)));
        assert_eq!(get(event, "DTSTART").len(), 16);
    }
    let text = String::from_utf8(first.body.clone()).unwrap();
    for word in ["CANARY", "Lantern daemon", "finder@", "Grace"] {
        assert!(!text.contains(word), "{word}");
    }
    // The address is shown once; only its hash is kept.
    let later = world.app().calendar_feed(&ada, P).unwrap();
    assert!(later.exists && later.address.is_none());
    assert!(!format!("{later:?}").contains(secret(&address)));
}

#[test]
fn a_date_keeps_its_name_when_it_moves() {
    let world = World::new();
    let ada = world.set_up();
    let case = submit(&world, FULL);
    let made = world.app().make_calendar_feed(&ada, P).unwrap();
    let address = made.address.unwrap();
    let of = |kind: &str| {
        let file = world.app().team_calendar(secret(&address)).unwrap();
        events(&file.body)
            .into_iter()
            .find(|e| get(e, "SUMMARY").contains(kind))
    };
    let before = of("Planned publication").unwrap();
    world.wait(600);
    let fields = [
        ("date", "2026-07-01"),
        ("time", "12:00"),
        ("reason", "a conference"),
    ];
    world
        .room(&case.room, act("propose_date", &fields))
        .unwrap();
    let page = world.app().case_page(&ada, P, &case.reference).unwrap();
    let (_, at) = page.embargo.proposal.unwrap();
    let proposal = at.at.unix().to_string();
    let accept = [("answer", "accept"), ("proposal", proposal.as_str())];
    world
        .desk(&ada, &case.reference, act("answer_date", &accept))
        .unwrap();
    let after = of("Planned publication").unwrap();
    assert_eq!(get(&before, "UID"), get(&after, "UID"));
    assert_ne!(get(&before, "DTSTART"), get(&after, "DTSTART"));
    let sequence = |e: &[(String, String)]| get(e, "SEQUENCE").parse::<u32>().unwrap();
    assert!(sequence(&after) > sequence(&before));
    assert!(get(&after, "DTSTAMP") > get(&before, "DTSTAMP"));
}

#[test]
fn a_feed_ends_when_it_is_replaced_revoked_or_its_owner_leaves() {
    let world = World::new();
    let ada = world.set_up();
    let bob = world.colleague(&ada, "bob", "member");
    let make = |token: &str| {
        let made = world.app().make_calendar_feed(token, P).unwrap();
        made.address.unwrap()
    };
    let open = |address: &str| world.app().team_calendar(secret(address)).is_ok();
    let (first, other) = (make(&ada), make(&bob));
    let second = make(&ada);
    assert!(!open(&first) && open(&second) && open(&other));
    world.app().end_calendar_feed(&ada, P).unwrap();
    assert!(!open(&second) && open(&other));
    // Letting somebody in anew ends what was open before.
    world.app().operator_reset("bob").unwrap();
    assert!(!open(&other));
    let cara = world.colleague(&ada, "cara", "member");
    let third = make(&cara);
    assert!(open(&third));
    world.app().operator_remove("cara").unwrap();
    assert!(!open(&third));
    for nothing in [
        "",
        "x.ics",
        "../../etc/passwd",
        &"A".repeat(43),
        &format!("{}.ics", "A".repeat(43)),
    ] {
        assert_eq!(world.app().team_calendar(nothing), Err(ActError::NotFound));
    }
}

#[test]
fn a_feed_opens_no_case_and_a_session_is_no_feed() {
    let world = World::new();
    let ada = world.set_up();
    let case = submit(&world, FULL);
    let made = world.app().make_calendar_feed(&ada, P).unwrap();
    let address = made.address.unwrap();
    let bare = secret(&address).strip_suffix(".ics").unwrap().to_owned();
    assert!(world.app().case_page(&bare, P, &case.reference).is_err());
    assert!(world.app().inbox(&bare, P, "open").is_err());
    assert!(world.app().room(P, &bare).is_err());
    assert!(world.app().team_calendar(&format!("{ada}.ics")).is_err());
    assert!(world.app().make_calendar_feed(&case.room, P).is_err());
    assert!(world.app().make_calendar_feed(&ada, "nobody").is_err());
}

#[test]
fn a_reporter_gets_the_dates_of_the_room_and_no_others() {
    let world = World::new();
    world.at("2026-10-12T08:00:00Z");
    let ada = world.set_up();
    let seen = world.app().settings(&ada, P).unwrap();
    let mut fields = seen.values;
    fields.insert("regulator_eu-cra".to_owned(), "manufacturer".to_owned());
    world
        .app()
        .save_settings(&ada, P, fields, &seen.base)
        .unwrap();
    let case = submit(&world, FULL);
    submit(&world, FULL);
    let made = world.app().make_calendar_feed(&ada, P).unwrap();
    let sign = [
        ("subject", "vulnerability"),
        ("date", "2026-10-12"),
        ("time", "08:00"),
        ("evidence", "logs"),
    ];
    world
        .desk(&ada, &case.reference, act("note_signal", &sign))
        .unwrap();
    world.wait(60);
    let (name, bytes) = world.app().room_calendar(P, &case.room).unwrap();
    assert_eq!(name, format!("{}.ics", case.reference));
    let own = events(&bytes);
    let shown = world.app().room(P, &case.room).unwrap();
    // What falls on one instant is one date, as publication and the promise to publish.
    let instants: std::collections::BTreeSet<_> = shown
        .clocks
        .iter()
        .flat_map(|c| &c.due)
        .map(|w| w.at)
        .collect();
    assert_eq!(own.len(), instants.len());
    for event in &own {
        assert!(get(event, "SUMMARY").ends_with(&format!(" ({})", case.reference)));
        assert!(!get(event, "SUMMARY").contains("egulator"));
        // The moment of the download, not of what the team did.
        assert_eq!(get(event, "DTSTAMP"), "20261012T080100Z");
    }
    let team = world
        .app()
        .team_calendar(secret(&made.address.unwrap()))
        .unwrap();
    let team = events(&team.body);
    assert!(
        team.iter()
            .any(|e| get(e, "SUMMARY").starts_with("Regulator date ("))
    );
    // Nobody can tell from names that two entries are about one case.
    let uids = |list: &[Vec<(String, String)>]| -> Vec<String> {
        list.iter().map(|e| get(e, "UID").to_owned()).collect()
    };
    let of_team = uids(&team);
    assert!(uids(&own).iter().all(|uid| !of_team.contains(uid)));
    assert!(world.app().room_calendar(P, &ada).is_err());
}

/// The lines of reminders of an event.
fn reminders(event: &[(String, String)]) -> Vec<&str> {
    let triggers = event.iter().filter(|(n, _)| n.starts_with("TRIGGER"));
    triggers.map(|(_, v)| v.as_str()).collect()
}

fn find<'a>(list: &'a [Vec<(String, String)>], words: &str) -> &'a [(String, String)] {
    let found = list.iter().find(|e| get(e, "SUMMARY").contains(words));
    found.unwrap_or_else(|| panic!("{words} in {list:?}"))
}

#[test]
fn each_side_reads_its_own_words_and_only_the_team_is_reminded() {
    let world = World::new();
    let ada = world.set_up();
    let shown = world.app().settings(&ada, P).unwrap();
    let (mut values, base) = (shown.values, shown.base);
    // Details are due on a Sunday, and the Friday before it is free.
    values.insert("zone".to_owned(), "Europe/Oslo".to_owned());
    values.insert("holidays".to_owned(), "2026-08-28".to_owned());
    values.insert("working_hours".to_owned(), "08:00-16:00".to_owned());
    world.app().save_settings(&ada, P, values, &base).unwrap();
    let case = submit(&world, FULL);
    let made = world.app().make_calendar_feed(&ada, P).unwrap();
    let address = made.address.unwrap();
    let team = || {
        let file = world.app().team_calendar(secret(&address)).unwrap();
        events(&file.body)
    };
    let list = team();
    let first = find(&list, "Acknowledge the report (");
    let url = format!(
        "https://sec.example.org/desk/p/{P}/cases/{}",
        case.reference
    );
    assert_eq!(get(first, "URL"), url);
    let details = find(
        &list,
        "Planned publication; publish the details, plan for Thu 27 Aug 2026 (",
    );
    assert!(
        get(details, "DESCRIPTION").contains("not a business day: plan for Thu 27 Aug 2026"),
        "{details:?}"
    );
    // As work begins in Oslo, on that day and on the one before.
    let mornings = ["20260826T060000Z", "20260827T060000Z"];
    assert!(
        mornings.iter().all(|m| reminders(details).contains(m)),
        "{details:?}"
    );
    assert!(!list.iter().any(|e| get(e, "SUMMARY").contains("you")));

    let (_, bytes) = world.app().room_calendar(P, &case.room).unwrap();
    let own = events(&bytes);
    let answer = find(&own, "A person answers you (");
    assert_eq!(
        get(answer, "URL"),
        format!("https://sec.example.org/p/{P}/room")
    );
    find(&own, "Planned publication; details are published (");
    assert!(own.iter().all(|e| reminders(e).is_empty()));

    // What was done early comes off, under the same name.
    let (uid, before) = (get(first, "UID"), get(first, "SEQUENCE"));
    let thanks = [("message", "Thank you, we are looking into it.")];
    world
        .desk(&ada, &case.reference, act("acknowledge", &thanks))
        .unwrap();
    let list = team();
    let done = list.iter().find(|e| get(e, "UID") == uid).unwrap();
    assert_eq!(get(done, "STATUS"), "CANCELLED");
    assert!(get(done, "SEQUENCE").parse::<u32>().unwrap() > before.parse().unwrap());
    assert!(reminders(done).is_empty());
    // And is forgotten once its day has come.
    world.at("2026-06-20T10:00:00Z");
    assert!(team().iter().all(|e| get(e, "UID") != uid));
}
