//! Dates as an iCalendar file (RFC 5545), for calendars that people use anyway.
//!
//! Invariants: lines end with CRLF and are folded at 75 octets, never inside a
//! character; text is escaped; a file without dates is still a valid one; the
//! same entries always give the same bytes. What was cancelled reminds of nothing.
//!
//! Deliberately absent: invitations, and who or what an entry is about: the caller
//! says what may stand in a calendar.

use candor_base::Instant;

/// A date in a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The same for the same date for ever, also when it moves.
    pub uid: String,
    /// Its name.
    pub summary: String,
    /// When.
    pub at: Instant,
    /// When this was last changed.
    pub stamp: Instant,
    /// How often it was moved or cancelled.
    pub sequence: u32,
    /// What else is to be known about the date, as sentences; empty for nothing.
    pub note: String,
    /// Where to read on.
    pub url: Option<String>,
    /// When the calendar reminds of it.
    pub reminders: Vec<Instant>,
    /// It holds no longer; it stays in the file under the same name, so that a calendar
    /// that has it takes it off.
    pub cancelled: bool,
}

/// Octets of a line without its end (RFC 5545, section 3.1).
const LINE: usize = 75;

/// The file. A date is a point in time: it starts and takes no time.
pub fn ics(name: &str, entries: &[Entry]) -> String {
    let mut out = String::new();
    let mut line = |text: &str| fold(text, &mut out);
    line("BEGIN:VCALENDAR");
    line("VERSION:2.0");
    line("PRODID:-//Candor//Dates//EN");
    line("CALSCALE:GREGORIAN");
    line(&format!("X-WR-CALNAME:{}", escape(name)));
    line("REFRESH-INTERVAL;VALUE=DURATION:PT1H");
    for entry in entries {
        line("BEGIN:VEVENT");
        line(&format!("UID:{}", escape(&entry.uid)));
        line(&format!("DTSTAMP:{}", utc(entry.stamp)));
        line(&format!("DTSTART:{}", utc(entry.at)));
        line(&format!("SEQUENCE:{}", entry.sequence));
        line(&format!("SUMMARY:{}", escape(&entry.summary)));
        if !entry.note.is_empty() {
            line(&format!("DESCRIPTION:{}", escape(&entry.note)));
        }
        if let Some(url) = &entry.url {
            // A URI is no text: nothing in it is escaped (section 3.3.13).
            line(&format!("URL:{}", url.replace(char::is_control, "")));
        }
        line("CLASS:CONFIDENTIAL");
        line("TRANSP:TRANSPARENT");
        if entry.cancelled {
            line("STATUS:CANCELLED");
        } else {
            for at in &entry.reminders {
                line("BEGIN:VALARM");
                line("ACTION:DISPLAY");
                line(&format!("DESCRIPTION:{}", escape(&entry.summary)));
                line(&format!("TRIGGER;VALUE=DATE-TIME:{}", utc(*at)));
                line("END:VALARM");
            }
        }
        line("END:VEVENT");
    }
    if entries.is_empty() {
        // A calendar holds at least one component (section 3.6).
        for text in [
            "BEGIN:VTIMEZONE",
            "TZID:Etc/UTC",
            "BEGIN:STANDARD",
            "DTSTART:19700101T000000",
            "TZOFFSETFROM:+0000",
            "TZOFFSETTO:+0000",
            "END:STANDARD",
            "END:VTIMEZONE",
        ] {
            line(text);
        }
    }
    line("END:VCALENDAR");
    out
}

/// `20270105T235959Z`.
fn utc(at: Instant) -> String {
    at.timestamp().strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Text of a property (section 3.3.11), without control characters.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Writes a line, folded: each further line begins with a blank, which counts. No
/// fold stands beside a blank of the text, since some readers trim what they read.
fn fold(text: &str, out: &mut String) {
    let chars: Vec<char> = text.chars().collect();
    let mut rest = chars.as_slice();
    let mut room = LINE;
    loop {
        let fits = fitting(rest, room);
        if fits == rest.len() {
            break;
        }
        let (line, after) = rest
            .split_at_checked(good_fold(rest, fits))
            .unwrap_or((rest, &[]));
        out.extend(line);
        out.push_str("\r\n ");
        rest = after;
        room = LINE - 1;
    }
    out.extend(rest);
    out.push_str("\r\n");
}

/// How many characters fit into so many octets; at least one.
fn fitting(chars: &[char], octets: usize) -> usize {
    let mut width = 0;
    let count = chars
        .iter()
        .take_while(|c| {
            width += c.len_utf8();
            width <= octets
        })
        .count();
    count.max(1)
}

/// The last place up to `most` with no blank on either side; `most` without one.
fn good_fold(chars: &[char], most: usize) -> usize {
    let blank = |n: usize| chars.get(n).is_none_or(|c| c.is_whitespace());
    let found = (1..=most)
        .rev()
        .take(30)
        .find(|n| !blank(n - 1) && !blank(*n));
    found.unwrap_or(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_folded_late_and_not_at_a_blank() {
        let line: Vec<char> = "abc def".chars().collect();
        assert_eq!(good_fold(&line, 6), 6);
        assert_eq!(good_fold(&line, 4), 2);
        let blanks: Vec<char> = "      ".chars().collect();
        assert_eq!(good_fold(&blanks, 5), 5);
    }

    fn entry(summary: &str) -> Entry {
        Entry {
            uid: "0f3a".to_owned(),
            summary: summary.to_owned(),
            at: "2027-01-06T04:59:59Z".parse().unwrap(),
            stamp: "2026-11-22T10:00:00Z".parse().unwrap(),
            sequence: 2,
            note: String::new(),
            url: None,
            reminders: Vec::new(),
            cancelled: false,
        }
    }

    #[test]
    fn a_date_is_written_in_utc() {
        let text = ics("ThreatDex", &[entry("TDX-7K3F-9QMA: first answer")]);
        assert!(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"));
        assert!(text.contains("\r\nDTSTART:20270106T045959Z\r\n"));
        assert!(text.contains("\r\nDTSTAMP:20261122T100000Z\r\n"));
        assert!(text.contains("\r\nSEQUENCE:2\r\n"));
        assert!(text.ends_with("END:VCALENDAR\r\n"));
        assert!(!text.contains("VTIMEZONE"));
    }

    #[test]
    fn lines_are_folded_between_characters_and_unfold_to_the_same() {
        let long = "Lånternfisk, ödes; und \\ mehr ".repeat(9);
        let text = ics(&long, &[entry(&long)]);
        for line in text.split("\r\n") {
            assert!(line.len() <= 75, "{} octets: {line}", line.len());
            assert!(!line.contains(['\r', '\n']));
        }
        let unfolded = text.replace("\r\n ", "");
        let wanted = format!("SUMMARY:{}", escape(&long));
        assert!(unfolded.split("\r\n").any(|l| l == wanted));
    }

    #[test]
    fn no_line_gets_in_from_outside() {
        let text = ics("a\r\nBEGIN:VEVENT", &[entry("b\nUID:x\u{7}")]);
        assert_eq!(text.matches("\r\nBEGIN:VEVENT").count(), 1);
        assert!(text.contains("SUMMARY:b\\nUID:x\r\n"));
    }

    #[test]
    fn an_empty_calendar_holds_a_component() {
        let text = ics("ThreatDex", &[]);
        assert!(text.contains("BEGIN:VTIMEZONE\r\n") && !text.contains("VEVENT"));
    }
}
