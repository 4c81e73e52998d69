//! The words of each mail: one template for each kind and reader.
//!
//! Invariants: nothing in here comes from a report, and what was written in a case comes in
//! from outside, for letters that are encrypted; only the program's name,
//! the reference, dates, a promise in the policy's terms and the link.
//!
//! Deliberately absent: HTML. Plain text is what every reader can read.

use candor_case::{Attention, MailKind};
use candor_ports::{LetterBody, LetterDate, LetterKind, Sealing};

mod house;

use house::{
    for_owner, of_mail_that_waits, of_reads, of_sign_in_review, of_wrong_sign_ins, of_your_account,
    to_who_may_want_letters, with_key, with_news,
};

/// Longest line of a paragraph, in characters; addresses are never broken.
const WIDTH: usize = 72;

/// What a mail says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The subject: reference and neutral words.
    pub subject: String,
    /// The text, with line feeds.
    pub text: String,
}

/// A template before the frame is put around it.
struct Template {
    subject: &'static str,
    opening: String,
    /// Introduces the dates, when there are any.
    dates: &'static str,
    /// What to do.
    ask: &'static str,
}

/// Renders the mail for a letter; with what was written to its recipient where it is encrypted.
pub fn words(body: &LetterBody, sealing: Option<&Sealing>) -> Words {
    let template = match &body.kind {
        LetterKind::Case(kind) if body.to_reporter => for_reporter(body, kind),
        LetterKind::Case(kind) => for_team(body, kind),
        LetterKind::PolicyReview { day } => for_owner(body, *day),
        LetterKind::ManyCasesRead { cases } => of_reads(body, *cases),
        LetterKind::PgpKey {
            armored,
            fingerprint,
        } => return with_key(body, armored, fingerprint),
        LetterKind::Subscribe => return to_who_may_want_letters(body),
        LetterKind::News {
            advisory,
            title,
            leave,
        } => return with_news(body, (advisory, title), leave),
        LetterKind::MailWaits { mails } => of_mail_that_waits(body, *mails),
        LetterKind::WrongSignIns { tries } => of_wrong_sign_ins(*tries),
        LetterKind::SignInReview { overdue } => of_sign_in_review(*overdue),
        LetterKind::YourAccount(act) => of_your_account(*act),
    };
    let mut parts = vec!["Hello,".to_owned(), wrap(&template.opening)];
    if let Some(said) = sealing.and_then(|with| with.said.as_ref()) {
        parts.push(format!("{SAID}\n\n{}\n\n{SAID_END}", said.reveal().trim()));
    }
    if let Some(why) = &body.key_refused {
        parts.push(wrap(&format!("{NO_KEY} {}", one_line(why))));
    }
    if !body.dates.is_empty() {
        parts.push(format!("{}\n{}", template.dates, dates(&body.dates)));
    }
    if let Some(follow_up) = body.follow_up.as_deref().filter(|_| body.to_reporter) {
        parts.push(wrap(&one_line(follow_up)));
    }
    match body.code.as_ref().filter(|_| body.to_reporter) {
        Some(code) => {
            parts.push(format!("{}\n{}", wrap(CODE), one_line(code.reveal())));
            parts.push(format!(
                "{}\n{}",
                wrap(if sealing.is_some() {
                    ROOM_OF_SEALED
                } else {
                    ROOM_OF_MAIL
                }),
                one_line(&body.link)
            ));
        }
        None => parts.push(format!("{}\n{}", wrap(template.ask), one_line(&body.link))),
    }
    if body.answerable {
        parts.push(wrap(if sealing.is_some() {
            SEALED_ANSWER
        } else if body.to_reporter {
            ANSWER
        } else {
            PARTY_ANSWER
        }));
    }
    parts.push(footer(body, sealing.is_some()));
    Words {
        subject: format!("[{}] {}", about(body), template.subject),
        text: parts.join("\n\n") + "\n",
    }
}

const ROOM: &str = "Your room is here. Type your receipt code to enter. The page after your report \
    showed it; whoever reported by mail got it in the first answer:";
const CODE: &str = "This is your receipt code. It opens your report, and nobody can give it to you a \
    second time, so keep it:";
const ROOM_OF_MAIL: &str = "With it you read everything about your report here, and write to the \
    team. No mail holds what is written there:";
const ANSWER: &str = "You may also answer this mail from the address it came to: the answer goes to \
    the team, with what is attached. A mail can be read on its way; what is secret is safer in \
    your room.";
const PARTY_ANSWER: &str = "You may also answer this mail from the address it came to: the answer goes \
    to everybody on the case, with what is attached. A mail can be read on its way.";
const ROOM_OF_SEALED: &str = "With it you read everything about your report here, and write to the \
    team:";
const SEALED_ANSWER: &str = "You may also answer this mail from the address it came to: the answer goes \
    to the team, with what is attached. Encrypt it to the key that signed this mail; it stands on \
    the policy page, too.";
const SAID: &str = "----- What was written -----";
const SAID_END: &str = "----- End -----";
const NO_KEY: &str = "You named an OpenPGP key, and it cannot be used now, so this mail says no more. \
    Name another one in your room.";
const DESK: &str = "The case is here, after you sign in:";

const PARTY: &str = "The page for invited parties is here. Type the number of the case, which stands \
    in the subject of this mail, and your code:";

/// The case, or the program where it is about no case.
fn about(body: &LetterBody) -> String {
    body.reference
        .as_ref()
        .map_or_else(|| one_line(&body.program), ToString::to_string)
}

fn for_reporter(body: &LetterBody, kind: &MailKind) -> Template {
    let program = one_line(&body.program);
    let promise = promise(body);
    let (subject, opening, dates) = match kind {
        MailKind::Receipt => (
            "Your report has arrived",
            format!(
                "Thank you. Your report to {program} has arrived and is stored safely. \
                 Its number is {}.",
                about(body)
            ),
            "This is what happens next:",
        ),
        MailKind::YouHaveAMessage => (
            "There is a message for you",
            format!("{program} has written to you about your report. Please read it in your room."),
            "These dates hold now:",
        ),
        MailKind::Reminder { number } => (
            "A question to you is still open",
            format!(
                "{program} has asked you something about your report and has no answer yet. \
                 This is reminder number {number}. Some dates wait for your answer."
            ),
            "These dates hold now:",
        ),
        MailKind::CreditReminder { number } => (
            "May the advisory name you?",
            format!(
                "{program} will publish an advisory about your report and would like to thank \
                 you by name, if you wish. Please say in your room whether you want that. This \
                 is reminder number {number}; after two, nobody is named."
            ),
            "These dates hold now:",
        ),
        MailKind::Published => (
            "The advisory is published",
            format!(
                "{program} has published the advisory about your report. You are free to \
                 publish, too. Thank you for the time you gave."
            ),
            "These dates hold now:",
        ),
        MailKind::DueSoon { .. } => (
            "A promise to you falls due",
            format!("A promise of {program} to you falls due soon: {promise}."),
            "These dates hold now:",
        ),
        MailKind::Missed { .. } => (
            "A promise to you was missed",
            format!(
                "{program} has missed a promise to you: {promise}. Your room shows it, and \
                 the team has been told."
            ),
            "These dates hold now:",
        ),
        MailKind::EmbargoEnded => (
            "The embargo has ended",
            format!("The embargo on your report to {program} has ended. Your room says why."),
            "These dates hold now:",
        ),
        MailKind::NewReport
        | MailKind::Invitation
        | MailKind::PartyNews
        | MailKind::Leak
        | MailKind::Alarm { .. }
        | MailKind::AlreadyPublic
        | MailKind::FollowUp
        | MailKind::Objection
        | MailKind::Attention { .. }
        | MailKind::MailFailed
        | MailKind::RegulatorSignal { .. }
        | MailKind::RegulatorDueSoon { .. }
        | MailKind::RegulatorMissed { .. } => (
            "News about your report",
            format!("There is news about your report to {program}."),
            "These dates hold now:",
        ),
    };
    Template {
        subject,
        opening,
        dates,
        ask: ROOM,
    }
}

/// Why the team should look, and what to do about it.
fn attention(at: Attention, program: &str) -> (&'static str, String) {
    match at {
        Attention::Review => (
            "A case that was put aside is to be looked at again",
            format!(
                "The day has come on which {program} wanted to look at a case again that it \
                 had put aside. Please take it up, put it aside anew, or end it with a reason."
            ),
        ),
        Attention::Leak => (
            "Urgent: a leak is suspected",
            format!(
                "Somebody of the team suspects that a case of {program} has leaked. Please \
                 decide at once. In doubt, go public."
            ),
        ),
        Attention::PartySilent => (
            "Another party has not answered",
            format!(
                "A party that was told of a case of {program} has not answered yet. Please \
                 try a second channel, or ask a coordinator."
            ),
        ),
        Attention::TermsSilent => (
            "A party has not answered the terms",
            format!(
                "A party that was invited to a case of {program} has not answered the terms. It \
                 was reminded; please try a second channel, or go on without it."
            ),
        ),
        Attention::AnswersDue => (
            "The time to answer a date is over",
            format!(
                "A disclosure date was proposed on a case of {program}, and the time to answer \
                 it is over. Please look what holds now."
            ),
        ),
        Attention::LeftEmbargo => (
            "Somebody left an embargo",
            format!(
                "The reporter or another party of a case of {program} keeps the embargo no \
                 longer. The others are still bound. Please decide whether the date still fits."
            ),
        ),
        Attention::CveSilent => (
            "A request for a CVE id has no answer",
            format!(
                "Somebody was asked for a CVE id for a case of {program} and has not answered. \
                 Please ask again. The advisory does not wait for it."
            ),
        ),
        Attention::CveDue => (
            "A CVE record is not public after 24 hours",
            format!(
                "An advisory of {program} is public for 24 hours, and the record of its CVE id \
                 is not. By the rules for who assigns ids it must be public within 72 hours."
            ),
        ),
        Attention::CveOverdue => (
            "A CVE record is not public after 72 hours",
            format!(
                "An advisory of {program} is public for 72 hours, and the record of its CVE id \
                 is not. Please have it published, or write down why not."
            ),
        ),
        Attention::SecondReport => (
            "Somebody else reports the same",
            format!(
                "A second report of the same matter has come to {program}. Others will find \
                 it, too; please look whether the date still fits."
            ),
        ),
    }
}

fn for_team(body: &LetterBody, kind: &MailKind) -> Template {
    let program = one_line(&body.program);
    let promise = promise(body);
    let (subject, opening) = match kind {
        MailKind::NewReport | MailKind::Receipt => (
            "A new report",
            format!("A new report to {program} has arrived. The clocks of your policy run."),
        ),
        MailKind::AlreadyPublic => (
            "Urgent: a report that is already public",
            format!(
                "A new report to {program} says that the matter is already public. \
                 No embargo is possible; please look at once."
            ),
        ),
        MailKind::YouHaveAMessage => (
            "There is a message from the reporter",
            format!("The reporter of a case of {program} has written."),
        ),
        MailKind::DueSoon { percent, .. } => (
            "A promise falls due",
            format!("{percent} % of the time for a promise of {program} has gone: {promise}."),
        ),
        MailKind::Missed { .. } => (
            "A promise was missed",
            format!(
                "A promise of {program} was missed: {promise}. The reporter sees this, too. \
                 It is best to write to them now and say when it will be done."
            ),
        ),
        MailKind::Invitation => (
            "You are invited to a confidential case",
            format!(
                "{program} works on a security case that may concern you, and invites you to \
                 it. There are terms to take first. You get the code for it from {program} by \
                 another way, never by a mail like this one."
            ),
        ),
        MailKind::PartyNews => (
            "There is news on a confidential case",
            format!("There is something new for you on a case of {program}."),
        ),
        MailKind::Leak => (
            "Urgent: something leaked",
            format!(
                "A leak was recorded on a case of {program}. Please look at once what leaked, \
                 and how, and decide what to do. When in doubt, going public is the safer way."
            ),
        ),
        MailKind::Alarm { .. } => (
            "A missed promise: please say that you have seen it",
            format!(
                "A promise of {program} was missed: {promise}. Nobody has said yet that they \
                 have seen it. Please open the case and say so there; until somebody does, \
                 the next person in line is called."
            ),
        ),
        MailKind::FollowUp => (
            "The reporter follows up",
            format!(
                "The acknowledgement of a report to {program} is overdue, and the reporter \
                 follows up. Please answer today."
            ),
        ),
        MailKind::Objection => (
            "The reporter objects",
            format!(
                "The reporter objects to a decision of {program}. Another person than the \
                 one who decided should look at it."
            ),
        ),
        MailKind::EmbargoEnded => (
            "The embargo has ended",
            format!(
                "A fact has ended the embargo on a case of {program}. The case page says \
                 which. Please decide at once what users should be told."
            ),
        ),
        MailKind::Attention { at } => attention(*at, &program),
        MailKind::MailFailed => (
            "A mail to the reporter did not arrive",
            format!(
                "A mail to the reporter of a case of {program} did not arrive. Please look \
                 for another way to reach them; the case page shows what happened."
            ),
        ),
        MailKind::CreditReminder { number } => (
            "The reporter was asked about credit again",
            format!("The reporter of a case of {program} was reminded of it, {number} times."),
        ),
        MailKind::RegulatorSignal { .. } => (
            "Somebody has to judge a sign",
            format!(
                "Somebody noted a sign on a case of {program}. Please decide in time whether \
                 anybody outside has to be told, and write down why. The case page says more."
            ),
        ),
        MailKind::RegulatorDueSoon { percent, .. } => (
            "A date falls due",
            format!(
                "{percent} % of the time for something that {program} owes somebody outside has \
                 gone. The case page says what it is."
            ),
        ),
        MailKind::RegulatorMissed { .. } => (
            "A date has passed",
            format!(
                "A date for something that {program} owes somebody outside has passed. Do it \
                 now, also late; the case page says what it is."
            ),
        ),
        MailKind::Reminder { number } => (
            "A question to the reporter is still open",
            format!(
                "The reporter of a case of {program} has been reminded, {number} times by now."
            ),
        ),
        MailKind::Published => (
            "The advisory is published",
            format!("The advisory of a case of {program} is published."),
        ),
    };
    Template {
        subject,
        opening,
        dates: "Dates:",
        ask: if matches!(kind, MailKind::Invitation | MailKind::PartyNews) {
            PARTY
        } else {
            DESK
        },
    }
}

fn promise(body: &LetterBody) -> String {
    body.promise
        .as_deref()
        .map_or_else(|| "one of its promises".to_owned(), one_line)
        .trim_end_matches('.')
        .to_owned()
}

fn dates(dates: &[LetterDate]) -> String {
    dates
        .iter()
        .map(|d| {
            let note = d
                .note
                .as_deref()
                .map_or(String::new(), |n| format!(" ({})", one_line(n)));
            format!("- {}:\n  {}{note}", one_line(&d.what), one_line(&d.when))
        })
        .collect::<Vec<_>>()
        .join("\n")
}

fn footer(body: &LetterBody, sealed: bool) -> String {
    let holds = match (&body.reference, body.to_reporter) {
        (None, _) => "",
        (_, true) if sealed => " and is encrypted to your key",
        (_, true) => " and holds nothing of your report",
        (_, false) => " and holds nothing of the report",
    };
    let answers = if body.answerable {
        ""
    } else if body.to_reporter {
        " Nobody reads answers to it: please write in your room."
    } else {
        " Nobody reads answers to it."
    };
    let who = format!("This mail was written by a program{holds}.{answers}");
    format!("-- \n{}", wrap(&who))
}

/// Without line breaks and other control characters.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control() || c.is_whitespace())
        .filter(|w| !w.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn wrap(text: &str) -> String {
    let mut out = String::new();
    let mut width = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if width > 0 && width + 1 + length > WIDTH {
            out.push('\n');
            width = 0;
        } else if width > 0 {
            out.push(' ');
            width += 1;
        }
        out.push_str(word);
        width += length;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_short_and_words_stay_whole() {
        let text = "word ".repeat(60);
        let wrapped = wrap(&text);
        assert!(wrapped.lines().all(|l| l.chars().count() <= WIDTH));
        assert_eq!(wrapped.split_whitespace().count(), 60);
        let address = format!("see https://example.org/{}", "x".repeat(100));
        assert_eq!(wrap(&address).lines().count(), 2);
    }

    #[test]
    fn no_line_break_gets_in_from_outside() {
        assert_eq!(one_line("a\r\nBcc: b\u{0}c"), "a Bcc: b c");
    }
}
