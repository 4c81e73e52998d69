//! Writing to the terminal; a closed pipe ends nothing.

use std::io::{IsTerminal as _, Write as _};

/// A line on standard output.
pub(crate) fn line(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// A line on standard error.
pub(crate) fn note(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// A line on standard error that shows how far long work is; only on a terminal.
#[derive(Debug)]
pub(crate) struct Progress {
    what: String,
    of: u64,
    shown: bool,
}

impl Progress {
    /// Shows that work began; `of` is how much there is, 0 when nobody knows.
    pub(crate) fn start(what: &str, of: u64) -> Self {
        let progress = Self {
            what: what.to_owned(),
            of,
            shown: std::io::stderr().is_terminal(),
        };
        progress.at(0);
        progress
    }

    /// Shows how much is done.
    pub(crate) fn at(&self, done: u64) {
        if !self.shown {
            return;
        }
        let part = match done.saturating_mul(100).checked_div(self.of) {
            Some(percent) => format!(" {percent} %"),
            None => String::new(),
        };
        let _ = write!(std::io::stderr().lock(), "\r{} …{part}\u{1b}[K", self.what);
    }

    /// Takes the line away.
    pub(crate) fn end(self) {
        if self.shown {
            let _ = write!(std::io::stderr().lock(), "\r\u{1b}[K");
        }
    }
}

/// The last words of a command that failed.
pub(crate) fn error(text: &str) {
    note(&format!("error: {text}"));
}

/// How a word stands out on a terminal that shows colour.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Tone {
    /// Headings.
    Strong,
    /// Less important.
    Quiet,
    /// Fine.
    Good,
    /// Should be looked at.
    Warn,
    /// Wrong.
    Bad,
}

/// Colours words, or leaves them as they are where nobody would see it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paint {
    colour: bool,
}

impl Paint {
    /// For standard output: colour on a terminal, unless `NO_COLOR` is set.
    pub(crate) fn stdout() -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
        Self {
            colour: wanted && std::io::stdout().is_terminal(),
        }
    }

    pub(crate) fn paint(self, tone: Tone, text: &str) -> String {
        if !self.colour {
            return text.to_owned();
        }
        let code = match tone {
            Tone::Strong => "1",
            Tone::Quiet => "2",
            Tone::Good => "32",
            Tone::Warn => "33",
            Tone::Bad => "31;1",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

/// How wide text for people is.
const WIDTH: usize = 80;

/// Text in lines of usual width; every line but the first stands in by `indent`.
pub(crate) fn wrapped(text: &str, indent: usize) -> String {
    let room = WIDTH.saturating_sub(indent).max(20);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for word in text.split_whitespace() {
        let long = word.chars().count();
        if at > 0 && at + 1 + long > room {
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            at = 0;
        } else if at > 0 {
            out.push(' ');
            at += 1;
        }
        out.push_str(word);
        at += long;
    }
    out
}

/// A file name as a shell takes it back, for commands that a person copies.
pub(crate) fn quoted(path: &std::path::Path) -> String {
    let text = path.to_string_lossy();
    let plain = |c: char| c.is_alphanumeric() || "/._-+:@%,=".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.into_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

/// Text from elsewhere made fit for a terminal: no escape codes, no bells.
pub(crate) fn harmless(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            // Direction marks can make a line read as another.
            c if c.is_control()
                || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}') =>
            {
                '\u{fffd}'
            }
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_codes_do_not_reach_the_terminal() {
        assert_eq!(harmless("a\u{1b}[31mb\u{7}\n"), "a\u{fffd}[31mb\u{fffd}\n");
        assert_eq!(harmless("x\u{202e}y"), "x\u{fffd}y");
    }

    #[test]
    fn a_name_can_be_copied_into_a_shell() {
        let of = |name: &str| quoted(std::path::Path::new(name));
        assert_eq!(of("a/b-1.toml"), "a/b-1.toml");
        assert_eq!(of("sp ace/it's.toml"), "'sp ace/it'\\''s.toml'");
        assert_eq!(of("$(x)"), "'$(x)'");
    }

    #[test]
    fn long_text_is_wrapped_and_nothing_is_lost() {
        let text = "one two three ".repeat(20);
        let out = wrapped(&text, 10);
        assert!(out.lines().all(|l| l.chars().count() <= 80), "{out}");
        assert!(
            out.lines()
                .skip(1)
                .all(|l| l.starts_with("          o") || l.starts_with("          t"))
        );
        let words = |t: &str| t.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(&out), words(&text));
        assert_eq!(wrapped("", 4), "");
    }

    #[test]
    fn colour_is_only_for_terminals() {
        assert_eq!(Paint { colour: false }.paint(Tone::Bad, "x"), "x");
        assert_eq!(
            Paint { colour: true }.paint(Tone::Good, "x"),
            "\u{1b}[32mx\u{1b}[0m"
        );
    }
}
