//! A forecast as a picture: for each promise its odds, and how the times lie against
//! the limit.
//!
//! Invariants: one SVG file without script, link or font; readable at 320 pixels, in
//! light and dark, without colour (shape and words say the same), and aloud (title
//! and description of each part).

use std::fmt::Write as _;

use crate::num::float;
use crate::tally::{BARS, Forecast, PromiseForecast};
use crate::words::{odds_words, time_words, took_words};

const WIDTH: f64 = 360.0;
const LEFT: f64 = 16.0;
const RIGHT: f64 = 344.0;
/// Characters of a promise in a line.
const CHARS: usize = 36;
/// Height of the block of one promise beside its lines of words.
const BLOCK: f64 = 128.0;
const LINE: f64 = 17.0;

const STYLE: &str = "\
svg{--paper:#fff;--ink:#1b2430;--soft:#5b6675;--track:#e3e8ee;--good:#1f7a4d;\
--bad:#b3362b;--aim:#1b2430}\
@media (prefers-color-scheme:dark){svg{--paper:#14181f;--ink:#eef2f6;--soft:#a4afbd;\
--track:#2c3440;--good:#5cc795;--bad:#ff8f80;--aim:#eef2f6}}\
text{font-family:system-ui,-apple-system,'Segoe UI',sans-serif;fill:var(--ink);font-size:13px}\
.t{font-size:16px;font-weight:600}.s{fill:var(--soft);font-size:12px}\
.o{font-weight:600;font-size:16px}.p{fill:var(--paper)}.k{fill:var(--track)}\
.n{fill:var(--soft)}.g{fill:var(--good)}.b{fill:var(--bad)}.l{stroke:var(--aim);stroke-width:1.5}\
.w{stroke:var(--ink);stroke-width:1.5}.d{stroke-dasharray:3 2}";

/// The picture. `about` stands under its title.
pub fn svg(about: &[String], forecast: &Forecast, aim: f64) -> String {
    let mut body = String::new();
    let mut y = 30.0;
    text(
        &mut body,
        "t",
        LEFT,
        y,
        "start",
        "The odds of keeping each promise",
    );
    for line in about.iter().flat_map(|l| lines(l, 52)) {
        y += 16.0;
        text(&mut body, "s", LEFT, y, "start", &line);
    }
    y += 14.0;
    legend(&mut body, &mut y, aim);
    for promise in &forecast.promises {
        block(&mut body, &mut y, promise, aim);
    }
    if forecast.promises.is_empty() {
        y += 24.0;
        text(&mut body, "s", LEFT, y, "start", "No promise has a date.");
    }
    let height = y + 16.0;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH:.0} {height:.0}\" \
         width=\"100%\" style=\"max-width:560px\" role=\"img\" aria-labelledby=\"t d\">\
         <title id=\"t\">The odds of keeping each promise</title>\
         <desc id=\"d\">{}</desc><style>{STYLE}</style>\
         <rect class=\"p\" width=\"{WIDTH:.0}\" height=\"{height:.0}\"/>{body}</svg>\n",
        escaped(&description(forecast))
    )
}

fn description(forecast: &Forecast) -> String {
    let each = forecast.promises.iter().map(|p| {
        let odds = p.odds.map_or_else(|| "no case".to_owned(), odds_words);
        format!("{}: {odds}.", p.words)
    });
    each.collect::<Vec<_>>().join(" ")
}

fn legend(body: &mut String, y: &mut f64, aim: f64) {
    *y += 12.0;
    let words = format!(
        "Upper bar: share kept, with its 95 % interval; the line is the aim, {}.",
        odds_words(aim)
    );
    for line in lines(&words, 52) {
        text(body, "s", LEFT, *y, "start", &line);
        *y += 15.0;
    }
    let words = "Lower bars: how long it took; dashed line: the limit.";
    text(body, "s", LEFT, *y, "start", words);
    *y += 6.0;
}

fn block(body: &mut String, y: &mut f64, p: &PromiseForecast, aim: f64) {
    let odds = p.odds.map_or_else(|| "no case".to_owned(), odds_words);
    let own = if p.candors_own {
        " (Candor's default)"
    } else {
        ""
    };
    let said = lines(&format!("{}{own}", p.words), CHARS);
    let _ = write!(
        body,
        "<g role=\"group\"><title>{}: {}</title>",
        escaped(&p.words),
        escaped(&odds)
    );
    *y += 26.0;
    let top = *y;
    for (n, line) in said.iter().enumerate() {
        if n > 0 {
            *y += LINE;
        }
        text(body, "", LEFT, *y, "start", line);
    }
    text(body, "o", RIGHT, top, "end", &odds);
    if let (Some(share), Some(between)) = (p.odds, p.between) {
        let class = match (p.candors_own, share >= aim) {
            (true, _) => "n",
            (false, true) => "g",
            (false, false) => "b",
        };
        odds_bar(body, *y + 10.0, class, (share, between), aim);
        times(body, *y + 36.0, p);
        *y += BLOCK - LINE;
    } else {
        *y += LINE;
        text(
            body,
            "s",
            LEFT,
            *y,
            "start",
            "Nothing fell due in this time.",
        );
    }
    body.push_str("</g>");
}

fn at(share: f64) -> f64 {
    LEFT + share.clamp(0.0, 1.0) * (RIGHT - LEFT)
}

fn odds_bar(
    body: &mut String,
    y: f64,
    class: &str,
    (odds, (low, high)): (f64, (f64, f64)),
    aim: f64,
) {
    rect(body, "k", LEFT, y, RIGHT - LEFT, 12.0);
    rect(body, class, LEFT, y, at(odds) - LEFT, 12.0);
    let middle = y + 6.0;
    line(body, "w", (at(low), middle), (at(high), middle));
    line(body, "w", (at(low), y + 3.0), (at(low), y + 9.0));
    line(body, "w", (at(high), y + 3.0), (at(high), y + 9.0));
    line(body, "l", (at(aim), y - 4.0), (at(aim), y + 16.0));
}

/// The times: bars from 0 to twice the limit, and one for all beyond.
fn times(body: &mut String, y: f64, p: &PromiseForecast) {
    const TALL: f64 = 34.0;
    let most = p.histogram.iter().copied().max().unwrap_or(0).max(1);
    let wide = (RIGHT - LEFT) / float(u64::try_from(BARS).unwrap_or(1));
    let mut x = LEFT;
    for (n, cases) in p.histogram.iter().enumerate() {
        if *cases > 0 {
            let tall = (TALL * float(*cases) / float(most)).max(1.0);
            let class = if n < BARS / 2 { "g" } else { "b" };
            rect(body, class, x + 0.5, y + TALL - tall, wide - 1.0, tall);
        }
        x += wide;
    }
    let base = y + TALL;
    line(body, "w", (LEFT, base), (RIGHT, base));
    let limit = LEFT + wide * float(u64::try_from(BARS / 2).unwrap_or(0));
    line(body, "l d", (limit, y - 4.0), (limit, base + 4.0));
    let words = p
        .limit
        .map_or_else(String::new, |l| format!("limit, {}", time_words(l)));
    text(body, "s", limit, base + 16.0, "middle", &words);
    text(body, "s", LEFT, base + 16.0, "start", "0");
    text(body, "s", RIGHT, base + 16.0, "end", "over twice");
    text(body, "s", LEFT, base + 33.0, "start", &took_words(p));
}

fn rect(body: &mut String, class: &str, x: f64, y: f64, wide: f64, tall: f64) {
    let _ = write!(
        body,
        "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{wide:.1}\" height=\"{tall:.1}\"/>"
    );
}

fn line(body: &mut String, class: &str, from: (f64, f64), to: (f64, f64)) {
    let _ = write!(
        body,
        "<line class=\"{class}\" x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\"/>",
        from.0, from.1, to.0, to.1
    );
}

fn text(body: &mut String, class: &str, x: f64, y: f64, anchor: &str, words: &str) {
    let _ = write!(
        body,
        "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>",
        escaped(words)
    );
}

/// At most so many characters in a line, broken at words.
fn lines(text: &str, chars: usize) -> Vec<String> {
    let mut out = vec![String::new()];
    for word in text.split_whitespace() {
        let word: String = word.chars().take(chars).collect();
        let full = out.last().map_or(0, |l| l.chars().count());
        if full > 0 && full + 1 + word.chars().count() > chars {
            out.push(word);
        } else if let Some(last) = out.last_mut() {
            if full > 0 {
                last.push(' ');
            }
            last.push_str(&word);
        }
    }
    out
}

/// Text of a policy may hold anything: nothing of it becomes mark-up.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_policy_says_is_never_mark_up() {
        assert_eq!(escaped("<script>\u{7}\"&'"), "&lt;script&gt; &quot;&amp;'");
        assert_eq!(lines("one two three", 7), ["one two", "three"]);
        assert_eq!(lines("abcdefghij", 4), ["abcd"]);
    }
}
