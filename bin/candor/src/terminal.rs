//! Asking a person at the terminal.
//!
//! Invariant: what is asked in secret is not shown while it is typed.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

use crate::stop::Stop;

/// Whether somebody can be asked.
pub(crate) fn is_there() -> bool {
    std::io::stdin().is_terminal()
}

/// Asks for a line; the question goes to standard error, so that output can be piped.
pub(crate) fn ask(question: &str) -> Result<String, Stop> {
    let mut err = std::io::stderr().lock();
    let _ = write!(err, "{question} ");
    let _ = err.flush();
    drop(err);
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    match read {
        Ok(0) => Err(Stop::input(
            "The input ended before everything was answered.",
        )),
        Ok(_) => Ok(line.trim_end_matches(['\r', '\n']).to_owned()),
        Err(why) => Err(Stop::input(format!("The input cannot be read: {why}."))),
    }
}

/// Asks for several lines, ended by a single dot or the end of input.
pub(crate) fn ask_lines(question: &str) -> Result<String, Stop> {
    crate::say::note(&format!(
        "{question} (end with a line that holds only a dot)"
    ));
    let mut text = String::new();
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|why| Stop::input(format!("The input cannot be read: {why}.")))?;
        if line == "." {
            break;
        }
        text.push_str(&line);
        text.push('\n');
    }
    Ok(text.trim_end().to_owned())
}

/// Asks for something that nobody should read over a shoulder.
pub(crate) fn ask_secret(question: &str) -> Result<String, Stop> {
    let stdin = std::io::stdin();
    let Ok(before) = tcgetattr(&stdin) else {
        return ask(question); // no terminal: a script
    };
    let mut hidden = before.clone();
    hidden.local_modes.remove(LocalModes::ECHO);
    let _ = tcsetattr(&stdin, OptionalActions::Flush, &hidden);
    let answer = ask(question);
    let _ = tcsetattr(&stdin, OptionalActions::Now, &before);
    crate::say::note("");
    answer
}
