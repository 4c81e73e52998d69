//! The server's side of the local socket.
//!
//! Invariants: the socket is open to its owner only, who is the operator; the list holds no content
//! of a case; content goes only to a session of a member of the team; a broken
//! or endless request ends its own connection and nothing else.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use candor_app::input::{ActError, ErasureReason, ErasureStep, Fault, SignInError, SignedIn};
use candor_app::{App, OperatorError, ReleaseChange};
use candor_store::SealedStore;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::backup::schedule::Status;
use crate::case_cmd::program_of;
use crate::log_cmd;
use crate::overview::overview;
use crate::paths;
use crate::store_cmd::report_json;

use super::exporting::export;
use super::finding::search;
use super::{github, tokens};

/// Longest request, in bytes: an advisory of a megabyte, each sign of it written as two.
const MOST: u64 = 3 * 1024 * 1024;
/// Connections at the same time.
const CONNECTIONS: u32 = 16;

/// What can be asked.
#[derive(Deserialize)]
#[serde(tag = "op", rename_all = "kebab-case")]
enum Request {
    List,
    Overview,
    Statistics,
    Accounts,
    AccountReset {
        login: String,
    },
    AccountRemove {
        login: String,
    },
    VerifyLog {
        /// How far it is may be said in lines of their own.
        #[serde(default)]
        progress: bool,
    },
    Log(log_cmd::Ask),
    Rebuild,
    Letters {
        send: bool,
    },
    AcceptClock,
    SignIn {
        login: String,
        pass: String,
        totp: String,
    },
    SignOut {
        token: String,
    },
    Show {
        token: String,
        reference: String,
    },
    EraseCase {
        token: String,
        reference: String,
        step: EraseStep,
        #[serde(default)]
        reason: Option<ErasureReason>,
        totp: String,
    },
    ExportCase {
        token: String,
        reference: String,
        totp: String,
    },
    Search {
        token: String,
        words: String,
        program: Option<String>,
        limit: Option<usize>,
    },
    ApiToken(tokens::Ask),
    GithubImport {
        token: String,
        program: String,
        advisory: String,
        all: bool,
    },
    Releases {
        token: String,
        program: String,
    },
    ChangeReleases {
        token: String,
        program: String,
        versions: Vec<String>,
        #[serde(default)]
        dates: BTreeMap<String, String>,
        change: Change,
    },
}

/// What to do about the erasure of a case.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum EraseStep {
    Ask,
    TakeBack,
    Erase,
}

/// What to do with versions.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Change {
    Add,
    Supported,
    Unsupported,
    Remove,
}

/// What is asked about.
#[derive(Debug)]
pub(crate) struct Inside {
    pub app: Arc<App>,
    pub store: Arc<SealedStore>,
    /// The server listens beyond this machine without encryption.
    pub exposed: bool,
    /// How backups go that are made by itself.
    pub backups: Option<Arc<Status>>,
}

/// Removes the socket when the server ends.
#[derive(Debug)]
pub(crate) struct Door {
    path: Option<PathBuf>,
}

impl Drop for Door {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Opens the socket; without one the server still serves its pages.
pub(crate) fn start(inside: &Arc<Inside>, data: &Path) -> Door {
    let path = paths::socket(data);
    match open(&path) {
        Ok(listener) => {
            let inside = Arc::clone(inside);
            std::thread::spawn(move || accept(&listener, &inside));
            Door { path: Some(path) }
        }
        Err(why) => {
            tracing::warn!(error = %why, "the local socket could not be opened; `candor case` will not work");
            Door { path: None }
        }
    }
}

fn open(path: &Path) -> std::io::Result<UnixListener> {
    // Left by a server that was killed; the lock on the data says it is gone.
    let _ = std::fs::remove_file(path);
    let listener = UnixListener::bind(path)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

fn accept(listener: &UnixListener, inside: &Arc<Inside>) {
    let open = Arc::new(AtomicU32::new(0));
    for stream in listener.incoming().flatten() {
        if open.fetch_add(1, Ordering::SeqCst) >= CONNECTIONS {
            open.fetch_sub(1, Ordering::SeqCst);
            continue; // dropped: the caller sees a closed connection
        }
        let (inside, open) = (Arc::clone(inside), Arc::clone(&open));
        std::thread::spawn(move || {
            let _ = talk(&stream, &inside);
            open.fetch_sub(1, Ordering::SeqCst);
        });
    }
}

fn talk(stream: &UnixStream, inside: &Inside) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_mins(5)))?;
    stream.set_write_timeout(Some(Duration::from_secs(30)))?;
    let mut reader = BufReader::new(stream);
    let mut writer = stream;
    loop {
        let mut line = String::new();
        if reader.by_ref().take(MOST).read_line(&mut line)? == 0 || !line.ends_with('\n') {
            return Ok(());
        }
        let answer = match serde_json::from_str::<Request>(&line) {
            Err(_) => Err(
                "This server does not understand the request; are both of the same version?"
                    .to_owned(),
            ),
            Ok(request) => answer(request, inside, &|value| {
                (&*stream).write_all(format!("{value}\n").as_bytes())
            }),
        };
        let line = match answer {
            Ok(value) => json!({"ok": value}),
            Err(words) => json!({"error": words}),
        };
        writer.write_all(format!("{line}\n").as_bytes())?;
    }
}

/// How often is said how far something is.
const HEARTBEAT: Duration = Duration::from_secs(2);

/// Says something to whoever asked, before the answer.
pub(super) type Say<'a> = &'a dyn Fn(&Value) -> std::io::Result<()>;

/// Walks all histories; a line every few seconds tells that it goes on, so that no asker
/// takes a long walk for a dead server.
fn verify_log(inside: &Inside, say: Say<'_>) -> Result<Value, String> {
    let (done, of) = (AtomicU64::new(0), AtomicU64::new(0));
    let (tell, told) = std::sync::mpsc::channel();
    let report = std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut seen = |now, all| {
                done.store(now, Ordering::Relaxed);
                of.store(all, Ordering::Relaxed);
            };
            let _ = tell.send(candor_store::verify_log_with(&inside.store, &mut seen));
        });
        loop {
            match told.recv_timeout(HEARTBEAT) {
                Ok(report) => return Some(report),
                Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => return None,
                Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {}
            }
            let far = [done.load(Ordering::Relaxed), of.load(Ordering::Relaxed)];
            // Whoever asked has gone: the walk ends by itself, nobody reads its outcome.
            let _ = say(&json!({"progress": far}));
        }
    });
    report
        .ok_or("The histories could not be walked.")?
        .map(|report| report_json(&report))
        .map_err(|why| format!("The histories could not be read: {why}."))
}

fn answer(request: Request, inside: &Inside, say: Say<'_>) -> Result<Value, String> {
    let (app, store) = (inside.app.as_ref(), inside.store.as_ref());
    match request {
        Request::List => to_value(&app.operator_list().map_err(said)?),
        Request::Overview => {
            let mut found =
                overview(store).map_err(|why| format!("The data could not be read: {why}."))?;
            found.exposed = inside.exposed;
            found.backup = inside.backups.as_ref().and_then(|status| status.alarm());
            found.log = app.log_trouble();
            found.clock = app.clock_doubt().map(|doubt| doubt.operator());
            to_value(&found)
        }
        Request::Statistics => to_value(&app.operator_statistics().map_err(said)?),
        Request::Accounts => to_value(&app.operator_accounts().map_err(said)?),
        Request::AccountReset { login } => app
            .operator_reset(&login)
            .map(Value::String)
            .map_err(not_done),
        Request::AccountRemove { login } => app
            .operator_remove(&login)
            .map(|()| Value::Null)
            .map_err(not_done),
        Request::VerifyLog { progress } => {
            verify_log(inside, if progress { say } else { &|_| Ok(()) })
        }
        Request::Log(ask) => match app.public_log() {
            Some(log) => log_cmd::answer(log, ask),
            None => Err("This server keeps no public log.".to_owned()),
        },
        Request::Rebuild => app.rebuild().map(|n| json!(n)).map_err(said),
        Request::Letters { send } => crate::backup::letters_of(store, send)
            .map(|held| json!(held))
            .map_err(|why| format!("The data could not be read: {why}.")),
        Request::AcceptClock => {
            let now = app.accept_clock().map_err(said)?;
            Ok(Value::String(now.to_string()))
        }
        Request::SignIn { login, pass, totp } => sign_in(app, &login, &pass, &totp),
        Request::SignOut { token } => {
            app.sign_out(&token);
            Ok(Value::Null)
        }
        Request::Show { token, reference } => show(app, &token, &reference),
        Request::EraseCase {
            token,
            reference,
            step,
            reason,
            totp,
        } => {
            let step = match (step, reason) {
                (EraseStep::Ask, Some(reason)) => ErasureStep::Ask(reason),
                (EraseStep::Ask, None) => return Err("Say why the case is erased.".to_owned()),
                (EraseStep::TakeBack, _) => ErasureStep::TakeBack,
                (EraseStep::Erase, _) => ErasureStep::Erase,
            };
            erase(app, &token, &reference, step, &totp)
        }
        Request::ExportCase {
            token,
            reference,
            totp,
        } => export(app, &token, &reference, &totp, say),
        Request::Search {
            token,
            words,
            program,
            limit,
        } => search(app, &token, &words, program.as_deref(), limit).map_err(no_program),
        Request::ApiToken(ask) => tokens::answer(app, ask),
        Request::GithubImport {
            token,
            program,
            advisory,
            all,
        } => github::import(app, &token, &program, (&advisory, all)),
        Request::Releases { token, program } => {
            let found = app.release_register(&token, &program);
            to_value(&found.map_err(not_changed)?)
        }
        Request::ChangeReleases {
            token,
            program,
            versions,
            dates,
            change,
        } => {
            let change = match change {
                Change::Add => ReleaseChange::Add,
                Change::Supported => ReleaseChange::Mark(true),
                Change::Unsupported => ReleaseChange::Mark(false),
                Change::Remove => ReleaseChange::Remove,
            };
            app.change_releases(&token, &program, &versions, &dates, change)
                .map(Value::String)
                .map_err(not_changed)
        }
    }
}

pub(super) fn no_program(why: ActError) -> String {
    match why {
        ActError::NotFound => "There is no such program that you may see.".to_owned(),
        other => not_changed(other),
    }
}

pub(super) fn not_changed(why: ActError) -> String {
    match why {
        ActError::SignedOut => "Your session is over. Run `candor sign-in` again.".to_owned(),
        ActError::StepUp => {
            "You gave the second factor too long ago for this. Run `candor sign-in` again, then \
             do it once more."
                .to_owned()
        }
        ActError::NotFound => "There is no such program that you own.".to_owned(),
        ActError::Fields(errors) => {
            let words: Vec<String> = errors.into_iter().map(|e| e.message).collect();
            words.join(" ")
        }
        ActError::Refused(refusal) => refusal.message,
        ActError::Fault(fault) => said(fault),
    }
}

fn sign_in(app: &App, login: &str, pass: &str, totp: &str) -> Result<Value, String> {
    match app.sign_in(login, pass, totp) {
        Ok(SignedIn::Full(token)) => Ok(Value::String(token)),
        Ok(SignedIn::Enrol(_)) => {
            Err("Set up your second factor first: sign in on the desk in a browser.".to_owned())
        }
        Err(SignInError::Wrong) => Err("Login, pass phrase or code is wrong.".to_owned()),
        Err(SignInError::Wait(seconds)) => Err(format!(
            "Too many attempts. Try again in {seconds} seconds."
        )),
        Err(SignInError::Fault(fault)) => Err(said(fault)),
    }
}

fn erase(
    app: &App,
    token: &str,
    reference: &str,
    step: ErasureStep,
    totp: &str,
) -> Result<Value, String> {
    let nothing = || "There is no such case that you may erase.".to_owned();
    let reference = reference.trim().to_uppercase();
    let rows = app.operator_list().map_err(said)?;
    let program = program_of(&rows, &reference).ok_or_else(nothing)?;
    match app.erase_case(token, &program, &reference, step, totp) {
        Ok(words) => Ok(Value::String(words)),
        Err(ActError::NotFound) => Err(nothing()),
        Err(ActError::Refused(refusal)) => {
            let mut words = vec![refusal.message.clone()];
            let instead = refusal.instead_words();
            words.extend(instead.iter().map(|what| format!("You can: {what}.")));
            Err(words.join(" "))
        }
        Err(other) => Err(not_changed(other)),
    }
}

fn show(app: &App, token: &str, reference: &str) -> Result<Value, String> {
    let nothing = || "There is no such case that you may see.".to_owned();
    let rows = app.operator_list().map_err(said)?;
    let Some(program) = program_of(&rows, reference) else {
        let typed = reference.trim().to_uppercase();
        return Err(match app.tombstone_anywhere(token, &typed) {
            Ok(left) => format!(
                "{} was erased on {}. {}",
                left.reference, left.erased.words, left.reason
            ),
            Err(ActError::SignedOut) => {
                "Your session is over. Run `candor sign-in` again.".to_owned()
            }
            Err(ActError::Fault(fault)) => said(fault),
            Err(_) => nothing(),
        });
    };
    match app.case_page(token, &program, &reference.trim().to_uppercase()) {
        Ok(page) => to_value(&page),
        Err(ActError::SignedOut) => {
            Err("Your session is over. Run `candor sign-in` again.".to_owned())
        }
        Err(ActError::Fault(fault)) => Err(said(fault)),
        Err(_) => Err(nothing()),
    }
}

fn not_done(why: OperatorError) -> String {
    match why {
        OperatorError::Refused(words) => words,
        OperatorError::Fault(fault) => said(fault),
    }
}

fn to_value<T: serde::Serialize>(value: &T) -> Result<Value, String> {
    serde_json::to_value(value).map_err(|_| "The answer could not be written.".to_owned())
}

pub(super) fn said(fault: Fault) -> String {
    tracing::error!(what = %fault.operator, "a request over the socket failed");
    fault.person
}
