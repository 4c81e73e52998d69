//! The words of mails about no case: a program, its policy, the people of a server.
//!
//! Invariants: those of `words`.

use candor_ports::{LetterBody, ReviewDay, SignInAct};

use super::{Template, Words, about, one_line, wrap};

const POLICY: &str = "The policy is here, after you sign in. One press there writes down that you \
    reviewed it:";

const PEOPLE: &str = "The page of people is here, after you sign in. It says who it was, and lets you \
    write down that you looked into it:";

const HELD: &str = "The list is here, after you sign in:";

const SIGN_INS: &str = "The page of sign-ins is here, after you sign in. One press there writes down \
    that you looked:";

pub(super) fn for_owner(body: &LetterBody, day: ReviewDay) -> Template {
    let program = one_line(&body.program);
    let (subject, when) = match day {
        ReviewDay::Soon => (
            "The policy is to be reviewed",
            "that falls due soon. Please read it: is it still what you do?",
        ),
        ReviewDay::Today => (
            "The policy is to be reviewed today",
            "today is the last day for it. Please read it: is it still what you do?",
        ),
        ReviewDay::Passed => (
            "The review of the policy is overdue",
            "the day for it has passed. Readers of the policy page see that.",
        ),
    };
    let opening = format!("The security policy of {program} promises to be reviewed, and {when}");
    Template {
        subject,
        opening,
        dates: "Dates:",
        ask: POLICY,
    }
}

pub(super) fn of_reads(body: &LetterBody, cases: u32) -> Template {
    let program = one_line(&body.program);
    Template {
        subject: "Many cases were opened within an hour",
        opening: format!(
            "Somebody who works in {program} opened the content of {cases} cases or more within \
             an hour. That may be right, or an account in the wrong hands. Ask the person, in \
             another way than by mail; in doubt take them out first."
        ),
        dates: "When it was noticed:",
        ask: PEOPLE,
    }
}

/// The key itself stands in the text: its lines are as they are.
pub(super) fn with_key(body: &LetterBody, armored: &str, fingerprint: &str) -> Words {
    let program = one_line(&body.program);
    let opening = format!(
        "You asked for the OpenPGP key of {program}. Here it is. It is published on the policy \
         page, too; compare the fingerprint there. Reports that are not encrypted are as welcome. \
         One mail a day leaves here by itself: the receipt for a report that you send today comes \
         within a day."
    );
    let parts = [
        "Hello,".to_owned(),
        wrap(&opening),
        format!("Its fingerprint:\n{}", one_line(fingerprint)),
        format!("The policy page is here:\n{}", one_line(&body.link)),
        armored.trim().to_owned(),
        format!(
            "-- \n{}",
            wrap("This mail was written by a program. Nothing about you was stored.")
        ),
    ];
    Words {
        subject: format!("[{}] The OpenPGP key you asked for", about(body)),
        text: parts.join("\n\n") + "\n",
    }
}

pub(super) fn of_mail_that_waits(body: &LetterBody, mails: u32) -> Template {
    let program = one_line(&body.program);
    Template {
        subject: "Mail waits for a look",
        opening: format!(
            "At the address of {program} {mails} mail(s) or more came that are no report by \
             themselves, or not surely: written by a program, taken for junk, or about a case \
             and not from its participant. Somebody has to say what they are."
        ),
        dates: "Dates:",
        ask: HELD,
    }
}

pub(super) fn of_wrong_sign_ins(tries: u32) -> Template {
    Template {
        subject: "Many sign-ins were wrong within an hour",
        opening: format!(
            "Within an hour {tries} tries or more to sign in at the desk of this server were \
             wrong. Somebody may be guessing. Each login is slowed down after five wrong tries, \
             and nobody gets in without the second factor. Ask the people whose names stand there, \
             in another way than by mail."
        ),
        dates: "When it was noticed:",
        ask: SIGN_INS,
    }
}

pub(super) fn of_sign_in_review(overdue: bool) -> Template {
    let (subject, when) = if overdue {
        ("The review of sign-ins is overdue", "was due a week ago")
    } else {
        ("The sign-ins are to be reviewed", "is due")
    };
    Template {
        subject,
        opening: format!(
            "It {when} to go through who signed in at the desk of this server. Is somebody there \
             who should not be? Did somebody sign in at an hour that is odd for them?"
        ),
        dates: "Dates:",
        ask: SIGN_INS,
    }
}

const YOURS: &str = "Where you are signed in is here, after you sign in. If it was not you, end what you \
    do not know there, change your pass phrase, and tell somebody who looks after the people of \
    this server, in another way than by mail:";

pub(super) fn of_your_account(act: SignInAct) -> Template {
    let (subject, what) = match act {
        SignInAct::RecoveryUsed => (
            "A recovery code of your account was used",
            "Somebody used one of your recovery codes in place of the second factor.",
        ),
        SignInAct::RecoveryMade => (
            "New recovery codes were made for your account",
            "New recovery codes were made for your account. The old ones hold no more.",
        ),
        SignInAct::NewPlace => (
            "Somebody signed in as you with a browser not seen before",
            "With your pass phrase and your second factor, somebody signed in with a browser that \
             was not seen before, or not for half a year. After you cleared your cookies, or in a \
             private window, that was you.",
        ),
        SignInAct::PasskeyAdded => (
            "A passkey was added to your account",
            "Somebody who was signed in as you added a passkey. It opens the desk without your pass \
             phrase. The page of passkeys lists it, and removes it.",
        ),
        SignInAct::PasskeyCopied => (
            "A passkey of your account was refused",
            "The device of one of your passkeys counted backwards, so there may be a copy of the \
             key. It was refused. Remove it on the page of passkeys, and make another.",
        ),
        SignInAct::NewStart => (
            "Your account was given a new start",
            "Somebody who looks after people gave your account a new first pass phrase. Your \
             second factor, your recovery codes and your tokens hold no more. The page of \
             sign-ins names who it was.",
        ),
        _ => (
            "Something changed in your account",
            "The sign-in history of this server has a new line about your account.",
        ),
    };
    Template {
        subject,
        opening: format!("This is about your own account at the desk of this server. {what}"),
        dates: "When:",
        ask: YOURS,
    }
}

/// The only letter before a yes.
pub(super) fn to_who_may_want_letters(body: &LetterBody) -> Words {
    let program = one_line(&body.program);
    let opening = format!(
        "Somebody, perhaps you, wants a letter at this address whenever {program} publishes a \
         security advisory. If that was you, press the button on this page within two days:"
    );
    let parts = [
        "Hello,".to_owned(),
        format!("{}\n{}", wrap(&opening), one_line(&body.link)),
        wrap("If it was not you, do nothing: no other letter comes, and the address is forgotten."),
        format!("-- \n{}", wrap("This mail was written by a program.")),
    ];
    Words {
        subject: format!("[{}] Do you want letters about advisories?", about(body)),
        text: parts.join("\n\n") + "\n",
    }
}

/// What is public already, and how to hear no more.
pub(super) fn with_news(body: &LetterBody, (id, title): (&str, &str), leave: &str) -> Words {
    let program = one_line(&body.program);
    let opening = format!("{program} has published a security advisory:");
    let parts = [
        "Hello,".to_owned(),
        wrap(&opening),
        format!(
            "{}\n{}",
            wrap(&one_line(&format!("{id}: {title}"))),
            one_line(&body.link)
        ),
        format!(
            "-- \n{}\n{}",
            wrap(
                "You asked for these letters. One press ends them, and your address is forgotten:"
            ),
            one_line(leave)
        ),
    ];
    Words {
        subject: format!("[{}] {}", about(body), one_line(&format!("{id}: {title}"))),
        text: parts.join("\n\n") + "\n",
    }
}
