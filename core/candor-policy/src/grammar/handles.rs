//! Ways to report that are no mail and no link: names on Matrix, numbers for Signal and the
//! telephone, and rows of a table that name a form.
//!
//! Invariants: a number counts only behind the word that says what it is for; a name
//! on Matrix has a server.
//!
//! Deliberately absent: handles on social networks; those are no private way.

use crate::model::ChannelKind;
use crate::read::{Unit, UnitKind, lower};
use crate::vocab::{self, Way, way, ways};

/// Chats that are reached by a telephone number.
const NUMBERED: &[&str] = &[
    "signal$",
    "whatsapp",
    "threema",
    "sms$",
    "text message",
    "text us",
    "text me",
];

/// What a unit names, with its address.
pub(super) fn handles(unit: &Unit) -> Vec<(ChannelKind, String)> {
    let mut out: Vec<(ChannelKind, String)> = Vec::new();
    // Beside the link to a room, the names are of people in it.
    let room = unit.low.contains("matrix.to");
    if !room && (vocab::fits(&unit.low, "matrix$") || vocab::fits(&unit.low, "element$")) {
        out.extend(matrix(&unit.plain).map(|name| (ChannelKind::Chat, name)));
    }
    let chat = NUMBERED
        .iter()
        .filter_map(|w| vocab::find(&unit.low, w))
        .min();
    if let Some((_, end)) = chat
        && let Some(number) = number_behind(unit, end)
    {
        out.push((ChannelKind::Chat, number));
        return out;
    }
    let call = ways(&unit.low, Way::Phone).first().map(|c| c.1);
    let called = unit.kind != UnitKind::Item || way(&unit.low, Way::Report);
    if let Some(end) = call.filter(|_| called)
        && let Some(number) = number_behind(unit, end)
    {
        out.push((ChannelKind::Phone, number));
    }
    out
}

/// Whether a row of a table of ways names a form: "Web form | https://… | anonymous reports".
pub(super) fn is_form_row(unit: &Unit) -> bool {
    match &unit.kind {
        UnitKind::Row { cells, .. } => cells.first().is_some_and(|c| {
            let low = lower(c);
            way(&low, Way::Form) || vocab::fits_any(&low, &["portal", "web$", "website"])
        }),
        _ => false,
    }
}

/// `@name:server.example`.
fn matrix(text: &str) -> Option<String> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | '|' | '<' | '>' | '`'))
        .map(|w| w.trim_end_matches(['.', ';', '!']))
        .find(|w| {
            w.strip_prefix('@')
                .and_then(|r| r.split_once(':'))
                .is_some_and(|(name, server)| {
                    !name.is_empty() && server.contains('.') && !server.contains('/')
                })
        })
        .map(str::to_owned)
}

/// A number close behind a word; a country's sign or enough figures make it one.
fn number_behind(unit: &Unit, from: usize) -> Option<String> {
    // Bytes of the lower-case text are those of the text where lengths agree.
    let text = if unit.low.len() == unit.plain.len() {
        unit.plain.as_str()
    } else {
        unit.low.as_str()
    };
    let rest = text.get(from..)?;
    let near = rest.find(|c: char| c == '+' || c.is_ascii_digit())?;
    let between = rest.get(..near)?;
    if between.split_whitespace().count() > 6 || between.contains('@') {
        return None;
    }
    let number: String = rest
        .get(near..)?
        .chars()
        .take_while(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')' | '/'))
        .collect();
    let number = number.trim_end_matches(['-', ' ', '(', '/']).trim();
    let figures = number.chars().filter(char::is_ascii_digit).count();
    let fits = if number.starts_with('+') {
        7..=15
    } else {
        9..=15
    };
    fits.contains(&figures).then(|| number.to_owned())
}
