//! Findings on a security.txt (RFC 9116).
//!
//! Invariant: a text is taken for a security.txt only when its name says so or nearly all
//! of its lines are fields of one; a Markdown policy never is.
//!
//! Deliberately absent: checking a signature; only its form is looked at.

use candor_base::{Finding, Span};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::rules::{
    SECURITY_TXT_BAD_CONTACT, SECURITY_TXT_BAD_DATE, SECURITY_TXT_BAD_LANGUAGE,
    SECURITY_TXT_EXPIRED, SECURITY_TXT_FAR, SECURITY_TXT_INSECURE, SECURITY_TXT_MALFORMED,
    SECURITY_TXT_NEAR, SECURITY_TXT_NO_CONTACT, SECURITY_TXT_NO_EXPIRES, SECURITY_TXT_TWICE,
};
use super::security_txt_lines::{Field, Lines, looks_like_one, split};
use super::{add, in_order};

/// So many days before its end a file is spoken of.
const NEAR: i32 = 30;

/// Everything to be said of a file that is named security.txt, on this day.
pub fn lint_security_txt(text: &str, today: Date) -> Vec<Finding> {
    let lines = split(text);
    let mut out = Vec::new();
    fields(&lines, &mut out);
    expiry(&lines, today, &mut out);
    in_order(out)
}

/// The same without the day, for a text that may be something else.
pub(super) fn check(text: &str, out: &mut Vec<Finding>) {
    if looks_like_one(text) {
        fields(&split(text), out);
    }
}

/// Expires against the day, for a text that may be something else.
pub(super) fn check_dates(text: &str, today: Date, out: &mut Vec<Finding>) {
    if looks_like_one(text) {
        expiry(&split(text), today, out);
    }
}

fn fields(lines: &Lines<'_>, out: &mut Vec<Finding>) {
    for (line, what) in &lines.malformed {
        add(
            out,
            SECURITY_TXT_MALFORMED,
            Some(Span::line(*line)),
            *what,
            "Write one field a line, as in Contact: mailto:security@your.site, and end each line.",
        );
    }
    let mut contacts = lines.named("contact").peekable();
    if contacts.peek().is_none() {
        add(
            out,
            SECURITY_TXT_NO_CONTACT,
            None,
            "This security.txt has no Contact.",
            "Add a line such as Contact: mailto:security@your.site",
        );
    }
    for field in contacts {
        contact(field, out);
    }
    date(lines, out);
    languages(lines, out);
    for name in ["expires", "preferred-languages"] {
        if let Some(second) = lines.named(name).nth(1) {
            add(
                out,
                SECURITY_TXT_TWICE,
                Some(second.at),
                "This field may stand only once.",
                "Keep one of the two lines.",
            );
        }
    }
    let insecure = |f: &&Field<'_>| f.value.to_lowercase().starts_with("http://");
    for field in lines.fields.iter().filter(insecure) {
        add(
            out,
            SECURITY_TXT_INSECURE,
            Some(field.at),
            "This link is not protected by TLS.",
            "Use https.",
        );
    }
}

fn contact(field: &Field<'_>, out: &mut Vec<Finding>) {
    let low = field.value.to_lowercase();
    let is_uri = ["mailto:", "https:", "http:", "tel:"]
        .iter()
        .any(|scheme| low.starts_with(scheme));
    if !is_uri {
        add(
            out,
            SECURITY_TXT_BAD_CONTACT,
            Some(field.at),
            "Contact must be a URI.",
            "Write mailto: before a mail address, or a whole https link.",
        );
    }
}

fn date(lines: &Lines<'_>, out: &mut Vec<Finding>) {
    match lines.named("expires").next() {
        None => add(
            out,
            SECURITY_TXT_NO_EXPIRES,
            None,
            "This security.txt has no Expires.",
            "Add a line such as Expires: 2027-06-30T23:59:59Z, less than a year ahead.",
        ),
        Some(field) if field.value.parse::<Timestamp>().is_err() => add(
            out,
            SECURITY_TXT_BAD_DATE,
            Some(field.at),
            "Expires is no date that tools can read.",
            "Write it as in 2027-06-30T23:59:59Z (RFC 3339).",
        ),
        Some(_) => {}
    }
}

/// Language tags (RFC 5646): two or three letters, then parts of up to eight.
fn languages(lines: &Lines<'_>, out: &mut Vec<Finding>) {
    let is_tag = |tag: &str| {
        let mut parts = tag.split('-');
        let main = parts.next().unwrap_or("");
        (2..=3).contains(&main.len())
            && main.chars().all(|c| c.is_ascii_alphabetic())
            && parts
                .all(|p| (1..=8).contains(&p.len()) && p.chars().all(|c| c.is_ascii_alphanumeric()))
    };
    for field in lines.named("preferred-languages") {
        if !field.value.split(',').all(|tag| is_tag(tag.trim())) {
            add(
                out,
                SECURITY_TXT_BAD_LANGUAGE,
                Some(field.at),
                "Preferred-Languages holds something that is no language tag.",
                "Write tags with commas between them, as in en, de, pt-BR.",
            );
        }
    }
}

fn expiry(lines: &Lines<'_>, today: Date, out: &mut Vec<Finding>) {
    let Some(field) = lines.named("expires").next() else {
        return;
    };
    let Ok(expires) = field.value.parse::<Timestamp>() else {
        return;
    };
    let day = expires.to_zoned(TimeZone::UTC).date();
    if day < today {
        add(
            out,
            SECURITY_TXT_EXPIRED,
            Some(field.at),
            format!("This security.txt expired on {day}."),
            "Look through it, then give it a new date less than a year ahead.",
        );
    } else if today.checked_add(NEAR.days()).is_ok_and(|near| day <= near) {
        let left = match today.until(day).map_or(0, |span| span.get_days()) {
            0 => "today".to_owned(),
            1 => "tomorrow".to_owned(),
            n => format!("in {n} days"),
        };
        add(
            out,
            SECURITY_TXT_NEAR,
            Some(field.at),
            format!("This security.txt expires {left}, on {day}."),
            "Look through it, then give it a new date less than a year ahead.",
        );
    } else if today.checked_add(1.year()).is_ok_and(|far| day > far) {
        add(
            out,
            SECURITY_TXT_FAR,
            Some(field.at),
            format!("This security.txt is good until {day}, more than a year."),
            "RFC 9116 advises less than a year, so that somebody looks at it.",
        );
    }
}
