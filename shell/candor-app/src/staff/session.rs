//! Sessions: made, found, ended. A token is an opaque word; only its hash is kept.

use std::collections::BTreeMap;

use candor_access::{Action, CaseFacts, Permit, Principal, ProgramRole, permit};
use candor_base::{AccountId, CaseId, CaseRef, Instant, ProgramSlug, SessionId};
use candor_ports::{AccountRecord, Role, SessionAbout, SessionKind, SessionRecord};

use crate::app::App;
use crate::input::{ActError, Fault};
use crate::random;
use crate::room::BY_CODE;

/// No session lives longer, in seconds.
const LONGEST: i64 = 12 * 3_600;
/// Entries of tries, letters and sentences that are kept at once.
const MOST_COUNTED: u32 = 50_000;
/// The last use is written down at most so often, in seconds.
const TOUCH: i64 = 60;

/// A member of the team, signed in with both factors; or, where a use case says so (`caller`),
/// a program with a token of that person, whose rights are less.
#[derive(Debug)]
pub(crate) struct StaffSession {
    pub(crate) account: AccountRecord,
    pub(crate) who: Principal,
    /// When the second factor was given last; `None`: never, as with a token.
    pub(crate) factor: Option<Instant>,
}

impl StaffSession {
    /// A right about a program.
    pub(crate) fn may(&self, action: Action, program: &ProgramSlug) -> Result<Permit, ActError> {
        let facts = CaseFacts::program(program.clone());
        permit(&self.who, action, &facts).ok_or(ActError::NotFound)
    }

    /// A right about a case.
    pub(crate) fn may_case(
        &self,
        action: Action,
        program: &ProgramSlug,
        case: CaseId,
    ) -> Result<Permit, ActError> {
        let facts = CaseFacts::case(program.clone(), case);
        permit(&self.who, action, &facts).ok_or(ActError::NotFound)
    }
}

fn with_right(
    staff: StaffSession,
    slug: &str,
    action: Action,
) -> Result<(StaffSession, ProgramSlug, Permit), ActError> {
    let slug: ProgramSlug = slug.parse().map_err(|_| ActError::NotFound)?;
    let right = staff.may(action, &slug)?;
    Ok((staff, slug, right))
}

/// What a person at the desk's door is told when nothing can be written.
pub(crate) fn no_sign_in(mut fault: Fault) -> Fault {
    if fault.is_unwritable() {
        "The disk of this server is full or cannot be written, so nobody can sign in just now. \
         Reports that are stored are safe. Please tell the people who run this server, then try \
         again."
            .clone_into(&mut fault.person);
    }
    fault
}

/// What a reporter is told when nothing can be written.
fn no_room(mut fault: Fault) -> Fault {
    if fault.is_unwritable() {
        "The disk of this server is full or cannot be written, so your room cannot be opened just \
         now. Your report is safe, and your code stays good. Please try again later, or use \
         another way to reach the project."
            .clone_into(&mut fault.person);
    }
    fault
}

pub(crate) fn id_of(token: &str) -> SessionId {
    SessionId::from_bytes(*random::sha256(token.as_bytes()).as_bytes())
}

/// Whom an account is, for rights.
pub(crate) fn principal(account: &AccountRecord) -> Principal {
    let roles: BTreeMap<ProgramSlug, ProgramRole> = account
        .roles
        .iter()
        .map(|(program, role)| {
            let role = match role {
                Role::Owner => ProgramRole::Owner,
                Role::Member => ProgramRole::Member,
            };
            (program.clone(), role)
        })
        .collect();
    Principal::Staff {
        account: account.id,
        admin: account.admin,
        roles,
    }
}

impl App {
    /// Makes a session of which nothing more is known; gives the token.
    pub(crate) fn open_session(&self, kind: SessionKind) -> Result<String, Fault> {
        self.open_session_about(kind, SessionAbout::default())
    }

    /// Makes a session; gives the token.
    pub(crate) fn open_session_about(
        &self,
        kind: SessionKind,
        about: SessionAbout,
    ) -> Result<String, Fault> {
        let token = random::token(self.entropy());
        let now = self.now();
        let room = matches!(kind, SessionKind::Room { .. } | SessionKind::Party { .. });
        let stored = self.store().add_session(SessionRecord {
            id: id_of(&token),
            kind,
            about,
            created: now,
            seen: now,
            expires: now.plus_seconds(LONGEST),
        });
        match stored {
            Ok(()) => Ok(token),
            Err(why) if room => Err(no_room(why.into())),
            Err(why) => Err(no_sign_in(why.into())),
        }
    }

    /// What is kept of a session, for the one that follows it.
    pub(crate) fn session_about(&self, token: &str) -> Result<SessionAbout, ActError> {
        Ok(self.session(token)?.about)
    }

    /// Writes down that the second factor was given in a session just now.
    pub(crate) fn note_factor(&self, token: &str) -> Result<(), ActError> {
        let mut session = self.session(token)?;
        session.about.factor = Some(self.now());
        Ok(self.store().keep_session(&session)?)
    }

    /// Whether a session has come to its end, by its age or unused for too long.
    pub(crate) fn is_over(&self, session: &SessionRecord, now: Instant) -> bool {
        let config = &self.parts.config;
        let idle = match session.kind {
            SessionKind::Room { .. } | SessionKind::Party { .. } => config.room_idle_minutes,
            SessionKind::Staff(_) | SessionKind::HalfStaff(_) => config.desk_idle_minutes,
        };
        let idle_end = session.seen.plus_seconds(i64::from(idle) * 60);
        now >= session.expires || now >= idle_end
    }

    /// Finds a session that still holds.
    fn session(&self, token: &str) -> Result<SessionRecord, ActError> {
        if !random::is_token(token) {
            return Err(ActError::SignedOut);
        }
        let id = id_of(token);
        let session = self.store().session(&id)?.ok_or(ActError::SignedOut)?;
        let now = self.now();
        if self.is_over(&session, now) {
            // Over is over, also when the disk takes no more.
            self.close_session(token);
            return Err(ActError::SignedOut);
        }
        if now.seconds_since(session.seen) >= TOUCH
            && let Err(why) = self.store().touch_session(&id, now)
        {
            // Reading goes on: the session only ends earlier than it would.
            tracing::warn!(%why, "the use of a session could not be written down");
        }
        Ok(session)
    }

    /// A member of the team, both factors given.
    pub(crate) fn staff(&self, token: &str) -> Result<StaffSession, ActError> {
        let session = self.session(token)?;
        let SessionKind::Staff(id) = session.kind else {
            return Err(ActError::SignedOut);
        };
        let factor = session.about.factor;
        // Read anew each time, so that a role taken away is gone at once.
        let account = self.store().account(&id)?.ok_or(ActError::SignedOut)?;
        let who = principal(&account);
        Ok(StaffSession {
            account,
            who,
            factor,
        })
    }

    /// A member of the team with a right about the program of an address.
    pub(crate) fn staff_in(
        &self,
        token: &str,
        slug: &str,
        action: Action,
    ) -> Result<(StaffSession, ProgramSlug, Permit), ActError> {
        with_right(self.staff(token)?, slug, action)
    }

    /// The same, for somebody signed in or a program with a token.
    pub(crate) fn caller_in(
        &self,
        token: &str,
        slug: &str,
        action: Action,
    ) -> Result<(StaffSession, ProgramSlug, Permit), ActError> {
        with_right(self.caller(token)?, slug, action)
    }

    /// Somebody who still has to set up the second factor.
    pub(crate) fn half_staff(&self, token: &str) -> Result<AccountRecord, ActError> {
        let SessionKind::HalfStaff(id) = self.session(token)?.kind else {
            return Err(ActError::SignedOut);
        };
        self.store().account(&id)?.ok_or(ActError::SignedOut)
    }

    /// The reporter of one case, in this program's room.
    pub(crate) fn reporter(
        &self,
        slug: &str,
        token: &str,
    ) -> Result<(Principal, ProgramSlug, CaseId), ActError> {
        if let Some(code) = token.strip_prefix(BY_CODE) {
            let (program, case) = self.room_of(slug, code)?;
            let who = Principal::Room {
                program: program.clone(),
                case,
            };
            return Ok((who, program, case));
        }
        let slug: ProgramSlug = slug.parse().map_err(|_| ActError::NotFound)?;
        match self.session(token)?.kind {
            SessionKind::Room { program, case } if program == slug => Ok((
                Principal::Room {
                    program: program.clone(),
                    case,
                },
                program,
                case,
            )),
            SessionKind::Room { .. } => Err(ActError::NotFound),
            SessionKind::Staff(_) | SessionKind::HalfStaff(_) | SessionKind::Party { .. } => {
                Err(ActError::SignedOut)
            }
        }
    }

    /// Another party of one case, on this program's page.
    pub(crate) fn party_of(
        &self,
        slug: &str,
        token: &str,
    ) -> Result<(Principal, ProgramSlug, CaseId), ActError> {
        let slug: ProgramSlug = slug.parse().map_err(|_| ActError::NotFound)?;
        match self.session(token)?.kind {
            SessionKind::Party {
                program,
                case,
                party,
            } if program == slug => Ok((
                Principal::Party {
                    program: program.clone(),
                    case,
                    party,
                },
                program,
                case,
            )),
            _ => Err(ActError::SignedOut),
        }
    }

    /// Ends a session, whatever kind it is. Ending twice is no mistake.
    pub(crate) fn close_session(&self, token: &str) {
        if random::is_token(token)
            && let Err(why) = self.store().end_session(&id_of(token))
        {
            tracing::warn!(%why, "a session could not be ended");
        }
    }

    /// Signs a member of the team out.
    pub fn sign_out(&self, token: &str) {
        self.close_session(token);
    }

    /// Leaves a reporter's room.
    pub fn leave(&self, token: &str) {
        self.close_session(token);
    }

    /// Removes sessions that are over, and sees to duties that come round.
    pub fn housekeeping(&self) -> Result<(), Fault> {
        let now = self.now();
        let idle = self
            .parts
            .config
            .desk_idle_minutes
            .max(self.parts.config.room_idle_minutes);
        let idle_before: Instant = now.plus_seconds(-i64::from(idle) * 60);
        self.store().sweep_sessions(now, idle_before)?;
        self.store().sweep_counters(now, MOST_COUNTED)?;
        self.remind_reviews()?;
        self.tell_of_reads()?;
        self.see_to_held_mails()?;
        self.wake_readers();
        self.see_to_the_door().map(|_| ())
    }

    /// The accounts that work in a program.
    pub(crate) fn team_of(&self, program: &ProgramSlug) -> Result<Vec<AccountRecord>, Fault> {
        let mut team = self.store().accounts()?;
        team.retain(|a| a.roles.iter().any(|(p, _)| p == program));
        Ok(team)
    }

    /// Finds the case a member of the team names.
    pub(crate) fn case_for(
        &self,
        staff: &StaffSession,
        slug: &str,
        reference: &str,
        action: Action,
    ) -> Result<Permit, ActError> {
        let slug: ProgramSlug = slug.parse().map_err(|_| ActError::NotFound)?;
        let reference: CaseRef = reference.parse().map_err(|_| ActError::NotFound)?;
        // The look-up comes first for everybody, so that right and existence take the same time.
        let found = self.store().find(&slug, &reference)?;
        let case = found.unwrap_or_else(|| CaseId::from_bytes([0; 16]));
        let granted = staff.may_case(action, &slug, case)?;
        found.map(|_| granted).ok_or(ActError::NotFound)
    }

    /// Names of all people, for pages.
    pub(crate) fn names(&self) -> Result<BTreeMap<AccountId, String>, Fault> {
        let all = self.store().accounts()?;
        Ok(all.into_iter().map(|a| (a.id, a.name)).collect())
    }
}
