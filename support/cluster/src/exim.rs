//! The installed Exim as the mail server of a site, for one test.
//!
//! Invariants: it lies in a folder of its own and listens on this machine only; mail for the
//! site's domain goes to Candor by LMTP, mail for the world into files, and no letter
//! leaves the machine. An address that begins with `gone` does not exist. It ends with
//! the test.
//!
//! Deliberately absent: TLS, sign-in, and any check of the sender.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The domain of the site; everything else is the world.
pub const SITE: &str = "lantern.test";

/// A running mail server.
#[derive(Debug)]
pub struct Exim {
    folder: tempfile::TempDir,
    port: u16,
    handing_over: u16,
    server: Child,
}

/// The program on this machine.
fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain([PathBuf::from("/usr/sbin")])
        .flat_map(|folder| [folder.join("exim4"), folder.join("exim")])
        .find(|program| program.exists())
}

/// A port that is free at this moment.
fn free_port() -> u16 {
    let door = TcpListener::bind("127.0.0.1:0").unwrap();
    door.local_addr().unwrap().port()
}

/// Exim refuses to work as root, so root lets it be the user that Debian made for it.
fn user(folder: &Path) -> (u32, u32) {
    let own = std::fs::metadata(folder).unwrap();
    if own.uid() != 0 {
        return (own.uid(), own.gid());
    }
    let users = std::fs::read_to_string("/etc/passwd").unwrap();
    let found = ["Debian-exim", "exim", "mail", "nobody"]
        .iter()
        .find_map(|name| {
            let start = format!("{name}:");
            let line = users.lines().find(|line| line.starts_with(&start))?;
            let mut fields = line.split(':').skip(2);
            let (user, group) = (fields.next()?, fields.next()?);
            Some((user.parse().ok()?, group.parse().ok()?))
        });
    found.expect("a user that the mail server can be")
}

/// A folder that the mail server may write to, and who it is.
fn place() -> (tempfile::TempDir, (u32, u32)) {
    let folder = tempfile::Builder::new().prefix("mx").tempdir().unwrap();
    let user = user(folder.path());
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::create_dir(folder.path().join("world")).unwrap();
    for path in [folder.path().to_owned(), folder.path().join("world")] {
        let _ = chown(path, Some(user.0), Some(user.1));
    }
    (folder, user)
}

fn configuration(folder: &Path, port: u16, handing_over: u16, user: (u32, u32)) -> String {
    let folder = folder.display();
    let (user, group) = user;
    format!(
        "primary_hostname = mx.{SITE}\n\
         exim_user = {user}\nexim_group = {group}\ndeliver_drop_privilege = true\n\
         spool_directory = {folder}\nlog_file_path = {folder}/%slog\nlog_selector = -queue_run\n\
         daemon_smtp_ports = {port}\nlocal_interfaces = 127.0.0.1\n\
         host_lookup =\nrfc1413_hosts =\ntls_advertise_hosts =\n\
         acl_smtp_rcpt = all\nacl_smtp_data = all\nlocal_from_check = false\n\
         ignore_bounce_errors_after = 1h\n\
         begin acl\nall:\n  accept\n\
         begin routers\n\
         site:\n  driver = manualroute\n  domains = {SITE}\n  transport = candor\n\
         \x20 route_data = 127.0.0.1\n  self = send\n\
         gone:\n  driver = redirect\n  local_parts = ^gone\n  allow_fail\n\
         \x20 data = :fail: there is nobody of that name\n\
         world:\n  driver = accept\n  transport = file\n\
         begin transports\n\
         candor:\n  driver = smtp\n  protocol = lmtp\n  port = {handing_over}\n\
         \x20 allow_localhost\n  hosts_try_fastopen =\n\
         file:\n  driver = appendfile\n  maildir_format\n  create_directory\n\
         \x20 directory = {folder}/world\n  envelope_to_add\n\
         \x20 user = {user}\n  group = {group}\n\
         begin retry\n*  *  F,1h,1s\n"
    )
}

impl Exim {
    /// Starts one; `None`, and a line that says so, when there is no Exim on this machine.
    pub fn start() -> Option<Self> {
        let Some(program) = program() else {
            let why = "no Exim (exim4) is installed";
            assert!(std::env::var("CI").as_deref() != Ok("true"), "{why}");
            println!("skipped: {why}");
            return None;
        };
        let mut said = String::new();
        // Somebody else may take the port meanwhile.
        for _ in 0..5 {
            let (folder, user) = place();
            let (port, handing_over) = (free_port(), free_port());
            let server = spawn(&program, folder.path(), port, handing_over, user);
            let mut mx = Self {
                folder,
                port,
                handing_over,
                server,
            };
            if mx.answers() {
                return Some(mx);
            }
            said = mx.log();
        }
        panic!("Exim does not start: {said}");
    }

    /// Where it takes mail.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Where it looks for Candor, to hand over mail for the site.
    pub const fn hands_over_at(&self) -> u16 {
        self.handing_over
    }

    /// Sends it a mail as a mail server of the world would; `mail` without the dot at its end.
    pub fn send(&self, from: &str, to: &str, mail: &str) {
        let line = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        line.set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        let mut answers = BufReader::new(line.try_clone().unwrap());
        let mut line = line;
        let mut expect = |code: &str| loop {
            let mut text = String::new();
            answers.read_line(&mut text).unwrap();
            assert!(text.starts_with(code), "{text}");
            if text.as_bytes().get(3) != Some(&b'-') {
                break;
            }
        };
        expect("220");
        for (said, code) in [
            ("EHLO world.test".to_owned(), "250"),
            (format!("MAIL FROM:<{from}>"), "250"),
            (format!("RCPT TO:<{to}>"), "250"),
            ("DATA".to_owned(), "354"),
            (format!("{mail}\r\n."), "250"),
            ("QUIT".to_owned(), "221"),
        ] {
            line.write_all(format!("{said}\r\n").as_bytes()).unwrap();
            expect(code);
        }
    }

    /// Waits until an address of the world has so many mails, and gives them, oldest first.
    pub fn mails(&self, to: &str, count: usize) -> Vec<String> {
        let folder = self.folder.path().join("world").join("new");
        let began = Instant::now();
        loop {
            let files = std::fs::read_dir(&folder).into_iter().flatten().flatten();
            let mut paths: Vec<PathBuf> = files.map(|file| file.path()).collect();
            paths.sort();
            let texts = paths
                .iter()
                .filter_map(|path| std::fs::read_to_string(path).ok());
            let own = format!("Envelope-to: {to}\n");
            let found: Vec<String> = texts.filter(|text| text.starts_with(&own)).collect();
            if found.len() >= count {
                return found;
            }
            let late = began.elapsed() > Duration::from_mins(1);
            assert!(
                !late,
                "{} of {count} mails for {to}: {}",
                found.len(),
                self.log()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// What it wrote down.
    pub fn log(&self) -> String {
        log(self.folder.path())
    }

    fn answers(&mut self) -> bool {
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(20) {
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return true;
            }
            if self.server.try_wait().unwrap().is_some() {
                return false;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        false
    }
}

fn spawn(program: &Path, folder: &Path, port: u16, lmtp: u16, user: (u32, u32)) -> Child {
    let file = folder.join("exim.conf");
    std::fs::write(&file, configuration(folder, port, lmtp, user)).unwrap();
    // Exim reads no configuration that others may write.
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let said = std::fs::File::create(folder.join("said")).unwrap();
    Command::new("setpriv")
        .args(["--pdeathsig", "TERM"])
        .arg(program)
        .arg("-C")
        .arg(&file)
        .args(["-bdf", "-q1s"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(said)
        .spawn()
        .expect("setpriv can be run")
}

fn log(folder: &Path) -> String {
    let files = ["said", "mainlog", "paniclog"].map(|name| folder.join(name));
    let texts = files.map(|file| std::fs::read_to_string(file).unwrap_or_default());
    texts.concat()
}

impl Drop for Exim {
    fn drop(&mut self) {
        let _ = Command::new("kill")
            .arg(self.server.id().to_string())
            .status();
        let _ = self.server.wait();
    }
}
