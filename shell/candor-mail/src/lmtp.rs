//! LMTP (RFC 2033): the site's mail server hands mail over, and is told for each recipient
//! whether it is stored.
//!
//! Invariants: a recipient is answered with 250 only after the receiver said that the mail is
//! durable; what cannot be stored now is answered with 4xx, so that the mail server keeps it;
//! lines, recipients and bytes are bounded; nothing of a mail is logged.
//!
//! Deliberately absent: sockets, time limits of reads (the caller's), deciding what a mail is,
//! sending, TLS and signing in: it listens on this machine only.

use std::io::{self, BufRead, Read as _, Write};

/// Longest line of a command, with its end. More than RFC 5321 (4.5.3.1.4) asks for.
const LINE: u64 = 4_096;
/// Commands that are not understood before the line is closed.
const MISTAKES: u32 = 20;

/// What is said of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Address {
    /// Mail for it is taken.
    Known,
    /// Nobody has it.
    Unknown,
    /// It cannot be said now.
    Later,
}

/// What became of a mail for one recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It is durable.
    Stored,
    /// Nobody has this address.
    Unknown,
    /// It cannot be stored now.
    Later,
}

/// Who takes the mail.
pub trait Receiver {
    /// Whether mail for this address is taken.
    fn knows(&self, to: &str) -> Address;
    /// Takes a mail; `from` is `None` where reports on delivery come from nowhere.
    fn take(&self, from: Option<&str>, to: &str, mail: &[u8]) -> Taken;
    /// It is time to stop: no further mail is begun.
    fn is_stopping(&self) -> bool {
        false
    }
}

/// Bounds of one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LmtpLimits {
    /// Bytes of one mail.
    pub bytes: usize,
    /// Recipients of one mail.
    pub recipients: usize,
    /// Mails of one connection.
    pub mails: u32,
}

impl Default for LmtpLimits {
    fn default() -> Self {
        Self {
            bytes: 26 * 1024 * 1024,
            recipients: 20,
            mails: 1_000,
        }
    }
}

/// What is known of the mail that is being handed over.
#[derive(Default)]
struct Hand {
    greeted: bool,
    /// A sender was said.
    begun: bool,
    /// The sender; `None`: nowhere.
    from: Option<String>,
    to: Vec<String>,
}

impl Hand {
    fn begin_anew(&mut self) {
        self.begun = false;
        self.from = None;
        self.to.clear();
    }
}

/// Talks on one connection until it ends. `name` is how this server calls itself.
///
/// # Errors
/// When the connection breaks or a read takes too long; mails that were answered for are
/// stored all the same.
pub fn talk(
    mut input: impl BufRead,
    mut output: impl Write,
    name: &str,
    limits: LmtpLimits,
    receiver: &dyn Receiver,
) -> io::Result<()> {
    let mut hand = Hand::default();
    let mut mistakes = 0_u32;
    let mut mails = 0_u32;
    say(&mut output, &format!("220 {name} LMTP Candor"))?;
    loop {
        let line = match line(&mut input)? {
            Line::End => return Ok(()),
            Line::TooLong => {
                mistakes += 1;
                say(&mut output, "500 5.5.2 This line is too long")?;
                if mistakes > MISTAKES {
                    return say(&mut output, "421 4.7.0 Too many mistakes");
                }
                continue;
            }
            Line::Said(line) => line,
        };
        if receiver.is_stopping() {
            return say(&mut output, "421 4.3.2 This server stops; please come back");
        }
        let (verb, rest) = split(&line);
        let answer = match verb.as_str() {
            "LHLO" => {
                hand.greeted = true;
                hand.begin_anew();
                format!(
                    "250-{name}\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n\
                     250-SMTPUTF8\r\n250 SIZE {}",
                    limits.bytes
                )
            }
            "HELO" | "EHLO" => "500 5.5.1 This is LMTP: say LHLO".to_owned(),
            "MAIL" => mail_from(&mut hand, rest, limits),
            "RCPT" => rcpt_to(&mut hand, rest, limits, receiver),
            "DATA" if hand.to.is_empty() => "503 5.5.1 There is no recipient".to_owned(),
            "DATA" => {
                say(
                    &mut output,
                    "354 Go on; end with a dot on a line of its own",
                )?;
                let mail = data(&mut input, limits.bytes)?;
                deliver(&mut output, &hand, mail.as_deref(), receiver)?;
                hand.begin_anew();
                mails += 1;
                if mails >= limits.mails {
                    return say(
                        &mut output,
                        "421 4.7.0 Enough for one connection; come back",
                    );
                }
                continue;
            }
            "RSET" => {
                hand.begin_anew();
                "250 2.0.0 Fine".to_owned()
            }
            "NOOP" => "250 2.0.0 Fine".to_owned(),
            "VRFY" => "252 2.1.5 Send it, and see".to_owned(),
            "QUIT" => return say(&mut output, "221 2.0.0 Bye"),
            _ => {
                mistakes += 1;
                if mistakes > MISTAKES {
                    return say(&mut output, "421 4.7.0 Too many mistakes");
                }
                "500 5.5.1 This command is not known here".to_owned()
            }
        };
        say(&mut output, &answer)?;
    }
}

fn say(output: &mut impl Write, answer: &str) -> io::Result<()> {
    output.write_all(format!("{answer}\r\n").as_bytes())?;
    output.flush()
}

enum Line {
    Said(String),
    TooLong,
    End,
}

/// A line of a command; one that is too long is read to its end and forgotten.
fn line(input: &mut impl BufRead) -> io::Result<Line> {
    let mut bytes = Vec::new();
    input.by_ref().take(LINE).read_until(b'\n', &mut bytes)?;
    if bytes.is_empty() {
        return Ok(Line::End);
    }
    if bytes.last() != Some(&b'\n') {
        return Ok(if skip_line(input)? {
            Line::TooLong
        } else {
            Line::End
        });
    }
    let text = String::from_utf8_lossy(&bytes).trim_end().to_owned();
    Ok(Line::Said(text))
}

/// Reads on to the end of the line; false when there is none.
fn skip_line(input: &mut impl BufRead) -> io::Result<bool> {
    loop {
        let here = input.fill_buf()?;
        if here.is_empty() {
            return Ok(false);
        }
        if let Some(at) = here.iter().position(|byte| *byte == b'\n') {
            input.consume(at + 1);
            return Ok(true);
        }
        let all = here.len();
        input.consume(all);
    }
}

fn split(line: &str) -> (String, &str) {
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    (verb.to_ascii_uppercase(), rest.trim())
}

/// The address in `FROM:<a@b> SIZE=12`, and what stands behind it.
fn path<'a>(rest: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    let head = rest.get(..word.len())?;
    let rest = rest.get(word.len()..)?;
    if !head.eq_ignore_ascii_case(word) {
        return None;
    }
    let rest = rest.trim_start().strip_prefix('<')?;
    let (address, more) = rest.split_once('>')?;
    // A route before the address is to be ignored (RFC 5321, 4.1.1.3).
    let address = match address.split_once(':') {
        Some((route, address)) if route.starts_with('@') => address,
        _ => address,
    };
    let plain = address.len() <= 320 && !address.chars().any(|c| c.is_control() || c == ' ');
    plain.then_some((address, more))
}

fn mail_from(hand: &mut Hand, rest: &str, limits: LmtpLimits) -> String {
    if !hand.greeted {
        return "503 5.5.1 Say LHLO first".to_owned();
    }
    if hand.begun {
        return "503 5.5.1 One mail after the other".to_owned();
    }
    let Some((address, more)) = path(rest, "FROM:") else {
        return "501 5.5.4 This is no sender: MAIL FROM:<address>".to_owned();
    };
    let size = more.split_whitespace().find_map(|word| {
        let (name, value) = word.split_once('=')?;
        name.eq_ignore_ascii_case("SIZE")
            .then(|| value.parse::<u64>().ok())?
    });
    if size.is_some_and(|size| size > u64::try_from(limits.bytes).unwrap_or(u64::MAX)) {
        return too_large();
    }
    hand.begun = true;
    hand.from = (!address.is_empty()).then(|| address.to_owned());
    "250 2.1.0 Fine".to_owned()
}

fn too_large() -> String {
    "552 5.3.4 This mail is larger than one may be here".to_owned()
}

fn rcpt_to(hand: &mut Hand, rest: &str, limits: LmtpLimits, receiver: &dyn Receiver) -> String {
    if !hand.begun {
        return "503 5.5.1 Say MAIL FROM first".to_owned();
    }
    let Some((address, _)) = path(rest, "TO:").filter(|(address, _)| !address.is_empty()) else {
        return "501 5.5.4 This is no recipient: RCPT TO:<address>".to_owned();
    };
    if hand.to.len() >= limits.recipients {
        return "452 4.5.3 Too many recipients; send the others again".to_owned();
    }
    match receiver.knows(address) {
        Address::Known => {
            hand.to.push(address.to_owned());
            "250 2.1.5 Fine".to_owned()
        }
        Address::Unknown => unknown(),
        Address::Later => later(),
    }
}

fn unknown() -> String {
    "550 5.1.1 Nobody has this address here".to_owned()
}

fn later() -> String {
    "451 4.3.0 It cannot be stored now; please try again later".to_owned()
}

/// The mail up to its end, without the dots that were put before dots; `None` when it is
/// larger than `most`: then it was read to its end and forgotten.
///
/// Only CR LF, a dot, and CR LF end it: a mail server that passes a bare LF on would else let
/// the writer of a mail say commands here, with a sender that nobody checked (CVE-2023-51764).
fn data(input: &mut impl BufRead, most: usize) -> io::Result<Option<Vec<u8>>> {
    let mut mail = Vec::new();
    let mut fits = true;
    let mut at_start = true;
    let mut after_cr = false;
    loop {
        let mut piece = Vec::new();
        input
            .by_ref()
            .take(64 * 1024)
            .read_until(b'\n', &mut piece)?;
        if piece.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if at_start && piece == b".\r\n" {
            return Ok(fits.then_some(mail));
        }
        let kept = match piece.split_first() {
            Some((b'.', rest)) if at_start => rest,
            _ => piece.as_slice(),
        };
        // A piece may end between CR and LF.
        at_start = piece.ends_with(b"\r\n") || (after_cr && piece == b"\n");
        after_cr = piece.last() == Some(&b'\r');
        if fits && mail.len() + kept.len() <= most {
            mail.extend_from_slice(kept);
        } else if fits {
            fits = false;
            mail = Vec::new();
        }
    }
}

fn deliver(
    output: &mut impl Write,
    hand: &Hand,
    mail: Option<&[u8]>,
    receiver: &dyn Receiver,
) -> io::Result<()> {
    let from = hand.from.as_deref();
    for to in &hand.to {
        let answer = match mail {
            None => too_large(),
            Some(mail) => match receiver.take(from, to, mail) {
                Taken::Stored => "250 2.0.0 Stored".to_owned(),
                Taken::Unknown => unknown(),
                Taken::Later => later(),
            },
        };
        say(output, &answer)?;
    }
    Ok(())
}
