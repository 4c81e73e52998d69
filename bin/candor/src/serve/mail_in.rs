//! Taking mail: the listener of LMTP and its connections.
//!
//! Invariants: a connection has a thread of its own, and their number is bounded; one that
//! says nothing for five minutes ends (RFC 2033 after RFC 5321, 4.5.3.2.7); a panic is a
//! mistake of ours and ends only its connection; a stop waits for no mail server.

use std::io::{self, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixListener;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use candor_app::{App, ArrivedMail, MailAnswer};
use candor_mail::lmtp::{Address, LmtpLimits, Receiver, Taken, talk};

use super::Bell;
use crate::mail_config::Listen;
use crate::stop::Stop;

/// Connections at the same time.
const MOST: usize = 20;
/// Longest silence.
const SILENCE: Duration = Duration::from_mins(5);
/// How often is looked whether somebody came, and whether it is time to stop.
const LOOK: Duration = Duration::from_millis(200);

/// The door for mail, open.
pub(crate) enum Door {
    Port(TcpListener),
    Socket(UnixListener),
}

/// Opens the door.
pub(crate) fn open(listen: &Listen) -> Result<Door, Stop> {
    let broke = |why: io::Error| {
        Stop::environment(format!(
            "Mail cannot be taken at {}: {why}. It is mail_in.listen in the configuration.",
            match listen {
                Listen::Port(address) => address.to_string(),
                Listen::Socket(path) => path.display().to_string(),
            }
        ))
    };
    match listen {
        Listen::Port(address) => {
            let door = TcpListener::bind(address).map_err(broke)?;
            door.set_nonblocking(true).map_err(broke)?;
            Ok(Door::Port(door))
        }
        Listen::Socket(path) => socket(path).map(Door::Socket).map_err(broke),
    }
}

/// A socket that the group of its folder may use: the mail server is another user.
fn socket(path: &Path) -> io::Result<UnixListener> {
    // What a server that was killed left behind; one that is served answers.
    if std::os::unix::net::UnixStream::connect(path).is_err() {
        match std::fs::remove_file(path) {
            Err(why) if why.kind() != io::ErrorKind::NotFound => return Err(why),
            _ => {}
        }
    }
    let door = UnixListener::bind(path)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o660))?;
    door.set_nonblocking(true)?;
    Ok(door)
}

/// A connection, of either kind.
trait Line: Read + Write + Send + Sized + 'static {
    fn prepare(&self) -> io::Result<Self>;
}

impl Line for std::net::TcpStream {
    fn prepare(&self) -> io::Result<Self> {
        self.set_nonblocking(false)?;
        self.set_read_timeout(Some(SILENCE))?;
        self.set_write_timeout(Some(SILENCE))?;
        self.try_clone()
    }
}

impl Line for std::os::unix::net::UnixStream {
    fn prepare(&self) -> io::Result<Self> {
        self.set_nonblocking(false)?;
        self.set_read_timeout(Some(SILENCE))?;
        self.set_write_timeout(Some(SILENCE))?;
        self.try_clone()
    }
}

/// Everything a connection needs.
struct House {
    app: Arc<App>,
    name: String,
    limits: LmtpLimits,
    stopping: AtomicBool,
    open: AtomicUsize,
}

impl Receiver for House {
    fn knows(&self, to: &str) -> Address {
        match guarded(|| self.app.takes_mail_for(to).map_err(|fault| fault.operator)) {
            Some(true) => Address::Known,
            Some(false) => Address::Unknown,
            None => Address::Later,
        }
    }

    fn take(&self, from: Option<&str>, to: &str, mail: &[u8]) -> Taken {
        let mail = ArrivedMail {
            to,
            from,
            bytes: mail,
        };
        match guarded(|| self.app.take_mail(&mail).map_err(|fault| fault.operator)) {
            Some(MailAnswer::Stored) => Taken::Stored,
            Some(MailAnswer::NoSuchAddress) => Taken::Unknown,
            Some(MailAnswer::Later) | None => Taken::Later,
        }
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}

/// `None` when it failed; the operator's log has why.
fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Option<T> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(done)) => Some(done),
        Ok(Err(why)) => {
            tracing::error!(%why, "a mail could not be taken; its server will come back");
            None
        }
        Err(_) => {
            tracing::error!("taking a mail panicked; what it says stands above");
            None
        }
    }
}

/// Takes mail until the bell rings.
pub(crate) fn start(
    door: Door,
    app: &Arc<App>,
    max_mail: usize,
    bell: &Arc<Bell>,
) -> Option<JoinHandle<()>> {
    let house = Arc::new(House {
        app: Arc::clone(app),
        name: "localhost".to_owned(),
        limits: LmtpLimits {
            bytes: max_mail,
            ..LmtpLimits::default()
        },
        stopping: AtomicBool::new(false),
        open: AtomicUsize::new(0),
    });
    let bell = Arc::clone(bell);
    std::thread::Builder::new()
        .name("mail-in".to_owned())
        .spawn(move || {
            while !bell.wait(LOOK) {
                loop {
                    let came = match &door {
                        Door::Port(door) => door.accept().map(|(line, _)| welcome(line, &house)),
                        Door::Socket(door) => door.accept().map(|(line, _)| welcome(line, &house)),
                    };
                    if came.is_err() {
                        break;
                    }
                }
            }
            house.stopping.store(true, Ordering::Relaxed);
        })
        .inspect_err(|why| tracing::error!(error = %why, "mail cannot be taken"))
        .ok()
}

fn welcome(line: impl Line, house: &Arc<House>) {
    let before = house.open.fetch_add(1, Ordering::Relaxed);
    if before >= MOST {
        house.open.fetch_sub(1, Ordering::Relaxed);
        let mut line = line;
        let _ = line.write_all(b"421 4.3.2 Too many connections; please come back\r\n");
        return;
    }
    let own = Arc::clone(house);
    let spawned = std::thread::Builder::new()
        .name("mail-in-line".to_owned())
        .spawn(move || {
            let ended = line.prepare().and_then(|output| {
                talk(BufReader::new(line), output, &own.name, own.limits, &*own)
            });
            if let Err(why) = ended {
                tracing::debug!(error = %why, "a connection of the mail server ended early");
            }
            own.open.fetch_sub(1, Ordering::Relaxed);
        });
    if spawned.is_err() {
        house.open.fetch_sub(1, Ordering::Relaxed);
    }
}
