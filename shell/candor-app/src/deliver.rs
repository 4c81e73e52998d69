//! Doing what was decided: outbox items become letters, their outcome comes back
//! as a command.
//!
//! Invariants: a letter in clear holds no word of a case; a letter has one key however
//! often it is tried; whoever does not take a letter is seen on the case.

use candor_access::build::words;
use candor_access::{Action, CaseFacts, Principal, permit};
use candor_base::{Instant, Sensitive};
use candor_case::{Command, Effect, IntakeChannel, MailKind, Recipient};
use candor_policy::act_words;
use candor_ports::{
    CourierError, LETTERS_HELD, Letter, LetterBody, LetterDate, LetterKind, OutboxLease,
    OutboxOutcome,
};

use crate::app::App;
use crate::budget::{Purse, Turn};
use crate::engine::{Loaded, is_silent};
use crate::input::{ActError, Fault};
use crate::mail_in::token::Tag;
use crate::random;
use crate::report::FiledIdentity;

/// Items taken at once, and for how many seconds.
const AT_ONCE: u32 = 20;
const LEASE_SECONDS: u32 = 120;
/// Seconds after which what is left of a batch is left alone: its lease has to outlast the
/// letter in hand, or another server sends that one as well.
const HAND_SECONDS: i64 = 60;
/// Seconds until a letter is made again that something inside kept from being made.
const FAULT_SECONDS: i64 = 1_800;
const DAY: i64 = 86_400;
/// Rounds of one call: a bound, not a goal.
const ROUNDS: u32 = 20;
/// Seconds until the next try, after each failed one; then given up.
pub(crate) const BACK_OFF: [i64; 8] = [60, 300, 1_800, 7_200, 21_600, 21_600, 43_200, 43_200];

/// What became of a letter.
enum Outcome<'a> {
    /// A mail server took it; with the failure of this letter that the case knew of before.
    HandedOver(Option<&'a String>),
    /// It is given up: the code, and when that was written which it was to tell the reporter.
    Failed(String, Option<Instant>),
}

impl App {
    /// Delivers what is due; gives the number of letters handed over. Nothing while letters
    /// are held: after a restore nobody knows which of them left already.
    pub fn deliver(&self) -> Result<u32, Fault> {
        let mut delivered = 0_u32;
        if self.store().setting(LETTERS_HELD)?.is_some() {
            return Ok(0);
        }
        for _ in 0..ROUNDS {
            if self.is_stopping() {
                break;
            }
            let lent = self.now();
            let leases = self.store().lease_outbox(lent, LEASE_SECONDS, AT_ONCE)?;
            if leases.is_empty() {
                break;
            }
            for lease in leases {
                // Lent again, to whoever asks, once the lease has ended.
                if self.now().seconds_since(lent) >= HAND_SECONDS {
                    break;
                }
                if self.is_stopping() {
                    self.give_back(&lease)?;
                    continue;
                }
                match self.deliver_one(&lease) {
                    Ok(true) => delivered = delivered.saturating_add(1),
                    Ok(false) => {}
                    // One letter that cannot be made must not keep back the others.
                    Err(fault) => {
                        tracing::error!(why = %fault.operator, "a letter failed");
                        self.later(&lease)?;
                    }
                }
            }
        }
        Ok(delivered)
    }

    fn deliver_one(&self, lease: &OutboxLease) -> Result<bool, Fault> {
        let effect = serde_json::from_str::<Effect>(&lease.effect);
        let (to, mail) = match effect {
            Ok(Effect::Mail { to, mail }) => (to, mail),
            // Publishing here is part of its commit; elsewhere it comes after that.
            Ok(Effect::Publish) => {
                self.wake_readers();
                return self.publish_elsewhere(lease).map(|()| false);
            }
            // What cannot be read is given up.
            Err(_) => {
                let code = "unreadable".to_owned();
                return self
                    .settle(lease, OutboxOutcome::Dead { code })
                    .map(|_| false);
            }
        };
        let Some(loaded) = self.load(&lease.program, &lease.case)? else {
            return self.settle(lease, OutboxOutcome::Done).map(|_| false);
        };
        let Some(letter) = self.letter(lease, &loaded, to, &mail)? else {
            return self.settle(lease, OutboxOutcome::Done).map(|_| false);
        };
        let now = self.now();
        let purse = self.purse(lease, &loaded, to, (&letter, &mail), now);
        match self.letter_turn(purse, &mail, now)? {
            Turn::Now => {}
            Turn::At(at) => return self.wait_for_turn(lease, at).map(|()| false),
            // The code in it stands nowhere else: it comes when its turn comes.
            Turn::Never if letter.body.code.is_some() => {
                let tomorrow = now.plus_seconds(DAY);
                return self.wait_for_turn(lease, tomorrow).map(|()| false);
            }
            Turn::Never => {
                tracing::info!(key = %letter.key, "a letter that says nothing new was left out");
                return self.settle(lease, OutboxOutcome::Done).map(|_| false);
            }
        }
        match self.parts.courier.deliver(&letter) {
            Ok(()) => {
                if letter.body.code.is_some() {
                    self.drop_mail_code(lease.case)?;
                }
                if self.settle(lease, OutboxOutcome::Done)? {
                    let before = loaded.state.mail_failures.get(&lease.key);
                    self.outcome(lease, &mail, Outcome::HandedOver(before))?;
                }
                Ok(true)
            }
            Err(error) => {
                self.letter_not_sent(purse, &mail, now);
                let told = told_of(lease, &loaded, to, &mail);
                self.failed(lease, &mail, error, told).map(|()| false)
            }
        }
    }

    /// Whose budget a letter takes from.
    fn purse(
        &self,
        lease: &OutboxLease,
        loaded: &Loaded,
        to: Recipient,
        (letter, mail): (&Letter, &MailKind),
        now: Instant,
    ) -> Purse {
        match (to, mail) {
            (Recipient::Reporter | Recipient::Party(_), _) => {
                Purse::of_address(self.vault(), letter.to.reveal(), now)
            }
            (Recipient::Account(account), MailKind::YouHaveAMessage) => about(lease, loaded)
                .map_or(Purse::Free, |at| {
                    Purse::of_talk(self.vault(), (&lease.case, &account), at, now)
                }),
            _ => Purse::Free,
        }
    }

    /// The address got enough for now: the letter goes when its turn comes.
    fn wait_for_turn(&self, lease: &OutboxLease, at: Instant) -> Result<(), Fault> {
        let code = "waits".to_owned();
        self.settle(lease, OutboxOutcome::Retry { at, code })
            .map(|_| ())
    }

    /// Nobody has it in hand any more, and it is due.
    fn give_back(&self, lease: &OutboxLease) -> Result<(), Fault> {
        let code = "given back".to_owned();
        let at = self.now();
        self.settle(lease, OutboxOutcome::Retry { at, code })
            .map(|_| ())
    }

    fn later(&self, lease: &OutboxLease) -> Result<(), Fault> {
        let outcome = OutboxOutcome::Retry {
            at: self.now().plus_seconds(FAULT_SECONDS),
            code: "fault".to_owned(),
        };
        self.settle(lease, outcome).map(|_| ())
    }

    pub(crate) fn settle(
        &self,
        lease: &OutboxLease,
        outcome: OutboxOutcome,
    ) -> Result<bool, Fault> {
        Ok(self
            .store()
            .settle_outbox(&lease.key, lease.fence, outcome)?)
    }

    fn failed(
        &self,
        lease: &OutboxLease,
        mail: &MailKind,
        error: CourierError,
        told: Option<Instant>,
    ) -> Result<(), Fault> {
        let tried = usize::try_from(lease.tries).unwrap_or(usize::MAX);
        let (code, again) = match error {
            CourierError::Transient { code } => (code, BACK_OFF.get(tried)),
            CourierError::Permanent { code } => (code, None),
        };
        let outcome = match again {
            Some(seconds) => OutboxOutcome::Retry {
                at: self.now().plus_seconds(*seconds),
                code: code.clone(),
            },
            None => OutboxOutcome::Dead { code: code.clone() },
        };
        let over = again.is_none();
        if self.settle(lease, outcome)? && over {
            self.outcome(lease, mail, Outcome::Failed(code, told))?;
        }
        Ok(())
    }

    /// Tells the case what became of a letter. A letter about a failed letter is
    /// left out: it would only make more of them.
    fn outcome(
        &self,
        lease: &OutboxLease,
        mail: &MailKind,
        outcome: Outcome<'_>,
    ) -> Result<(), Fault> {
        if is_silent(mail) {
            return Ok(());
        }
        let facts = CaseFacts::case(lease.program.clone(), lease.case);
        let permit = permit(&Principal::System, Action::Act("mail_outcome"), &facts)
            .ok_or_else(|| Fault::inside("no permit for a mail outcome"))?;
        let (before, code, told) = match outcome {
            Outcome::HandedOver(before) => (before, None, None),
            Outcome::Failed(code, told) => (None, Some(code), told),
        };
        let delivered = code.is_none();
        let command = Command::MailOutcome {
            key: lease.key.clone(),
            delivered,
            code,
            told,
        };
        let make = |now: &Loaded| {
            let known = now.state.mail_failures.get(&lease.key);
            // A report that came while the letter was handed over knows better.
            if delivered && known != before {
                return Vec::new();
            }
            vec![command.clone()]
        };
        match self.act(&permit, None, &|now, _| Ok(make(now))) {
            Err(ActError::Fault(fault)) => Err(fault),
            // The letter is settled either way; a refusal here changes nothing outside.
            _ => Ok(()),
        }
    }

    /// The letter; `None` when its recipient has no address any more.
    fn letter(
        &self,
        lease: &OutboxLease,
        loaded: &Loaded,
        to: Recipient,
        mail: &MailKind,
    ) -> Result<Option<Letter>, Fault> {
        let to_reporter = to == Recipient::Reporter;
        let identity = to_reporter.then(|| self.identity(loaded)).transpose()?;
        let address = match to {
            Recipient::Reporter => identity.as_ref().and_then(FiledIdentity::email),
            Recipient::Account(id) => self.store().account(&id)?.and_then(|a| {
                let still_here = a.roles.iter().any(|(p, _)| *p == lease.program);
                a.email.filter(|_| still_here)
            }),
            Recipient::Party(number) => match loaded.state.party(number) {
                Some(party) if party.removed.is_none() => match &party.invitation.contact {
                    Some(contact) => Some(self.text(loaded, &contact.blob)?),
                    None => None,
                },
                _ => None,
            },
            Recipient::Team | Recipient::Step(_) => None,
        };
        let Some(address) = address else {
            return Ok(None);
        };
        let side = match to {
            Recipient::Reporter => "reporter".to_owned(),
            Recipient::Party(number) => format!("party-{number}"),
            _ => "team".to_owned(),
        };
        let key = self.vault().derive("mail-thread");
        let thread = random::keyed(&key, &[lease.case.as_bytes(), side.as_bytes()]);
        let thread: [u8; 16] = random::head(&thread);
        let mut body = self.letter_body(loaded, to_reporter, mail);
        // Every other reporter was shown the code on a page.
        let by_mail = matches!(
            loaded.state.facts.channel,
            IntakeChannel::Mail | IntakeChannel::HandedIn | IntakeChannel::Github
        );
        if to_reporter && by_mail {
            body.code = self.mail_code(lease.case)?.map(Sensitive::new);
        }
        let [answers_to, reports_to] = self.tails(lease, loaded, (to, mail));
        body.answerable = answers_to.is_some();
        let mut sealing = None;
        if let Some(identity) = &identity {
            let said = told_of(lease, loaded, to, mail);
            match self.sealing(loaded, identity, said)? {
                Some(Ok(with)) => sealing = Some(with),
                // Nobody else is to read the code; it waits for a key that can be used.
                Some(Err(why)) => {
                    body.code = None;
                    body.key_refused = Some(why);
                }
                None => {}
            }
        }
        Ok(Some(Letter {
            to: Sensitive::new(address),
            key: self.letter_key(&lease.key),
            thread: candor_base::BlobId::from_bytes(thread).to_string(),
            at: self.now(),
            answers_to,
            reports_to,
            sealing,
            body,
        }))
    }

    /// Where answers to a letter go, and reports on its delivery; nowhere while no mail is
    /// taken. The team answers on the desk: a mail proves nobody's second factor.
    fn tails(
        &self,
        lease: &OutboxLease,
        loaded: &Loaded,
        (to, mail): (Recipient, &MailKind),
    ) -> [Option<String>; 2] {
        let config = &self.parts.config.mail;
        let base = config.answers.as_deref().filter(|_| config.takes);
        let Some((local, host)) = base.and_then(|base| base.rsplit_once('@')) else {
            return [None, None];
        };
        let of = (lease.case, &loaded.state.facts.reference);
        let address = |tag| {
            let tail = self.tail(&lease.program, of, tag);
            format!("{local}+{tail}@{host}")
        };
        let answers = match to {
            Recipient::Reporter => Some(Tag::reporter(self.now())),
            Recipient::Party(number) => Some(Tag::party(number, self.now())),
            _ => None,
        };
        let reports = Tag::letter(&lease.key, lease.case, tells(to, mail));
        [answers.map(address), reports.map(address)]
    }

    /// The same letter has the same key, and nobody who gets letters learns from
    /// their keys that two are about one case, or how much happened in it.
    pub(crate) fn letter_key(&self, key: &str) -> String {
        let secret = self.vault().derive("letter-key");
        let hash: [u8; 16] = random::head(&random::keyed(&secret, &[key.as_bytes()]));
        candor_base::BlobId::from_bytes(hash).to_string()
    }

    fn letter_body(&self, loaded: &Loaded, to_reporter: bool, mail: &MailKind) -> LetterBody {
        let page = self.page_of(&loaded.program);
        let reference = &loaded.state.facts.reference;
        let promise = match mail {
            MailKind::DueSoon { clock, .. }
            | MailKind::Missed { clock, .. }
            | MailKind::Alarm { clock, .. } => loaded
                .state
                .clocks
                .get(clock)
                .map(|c| act_words(c.spec.milestone, c.spec.met_by).to_owned()),
            _ => None,
        };
        let follow_up = loaded.in_force.policy.policy.follow_up.first();
        LetterBody {
            kind: LetterKind::Case(mail.clone()),
            program: loaded.in_force.name.clone(),
            reference: Some(reference.clone()),
            to_reporter,
            dates: dates(loaded, to_reporter, mail, self.now()),
            promise,
            link: if matches!(mail, MailKind::Invitation | MailKind::PartyNews) {
                format!("{page}/party")
            } else if to_reporter {
                format!("{page}/room")
            } else {
                let desk = &self.parts.config.public_url;
                format!("{desk}/desk/p/{}/cases/{reference}", loaded.program)
            },
            follow_up: to_reporter
                .then(|| follow_up.map(|c| c.quote.clone()))
                .flatten(),
            code: None,
            answerable: false,
            key_refused: None,
        }
    }
}

/// Whether a letter tells the reporter of something that was written.
fn tells(to: Recipient, mail: &MailKind) -> bool {
    to == Recipient::Reporter && *mail == MailKind::YouHaveAMessage
}

/// When that was written which a letter tells the reporter of.
fn told_of(
    lease: &OutboxLease,
    loaded: &Loaded,
    to: Recipient,
    mail: &MailKind,
) -> Option<Instant> {
    about(lease, loaded).filter(|_| tells(to, mail))
}

/// When that happened which a letter is about: its key names the event.
fn about(lease: &OutboxLease, loaded: &Loaded) -> Option<Instant> {
    let rest = lease.key.strip_prefix(&format!("{}-", lease.case))?;
    let seq: u64 = rest.split('-').next()?.parse().ok()?;
    let event = loaded.events.iter().find(|r| r.seq == seq)?;
    Some(event.at)
}

/// Dates worth telling: promises still open; of a warning only its own.
fn dates(loaded: &Loaded, to_reporter: bool, mail: &MailKind, now: Instant) -> Vec<LetterDate> {
    let only = match mail {
        MailKind::DueSoon { clock, .. }
        | MailKind::Missed { clock, .. }
        | MailKind::Alarm { clock, .. } => Some(clock.to_string()),
        MailKind::Receipt | MailKind::NewReport | MailKind::AlreadyPublic => None,
        MailKind::RegulatorSignal { due }
        | MailKind::RegulatorDueSoon { due, .. }
        | MailKind::RegulatorMissed { due } => {
            let calendar = loaded.in_force.policy.calendar();
            return vec![LetterDate {
                what: "The date".to_owned(),
                when: words::when(*due, now, &calendar).words,
                note: None,
            }];
        }
        _ => return Vec::new(),
    };
    let calendar = loaded.in_force.policy.calendar();
    candor_access::build::clock_views(&loaded.state, now, &calendar, to_reporter)
        .into_iter()
        .filter(|c| only.as_ref().is_none_or(|key| *key == c.key))
        .filter_map(|c| {
            Some(LetterDate {
                what: c.what,
                when: c.due?.words,
                note: (c.firmness != "promise").then_some(c.firmness),
            })
        })
        .collect()
}
