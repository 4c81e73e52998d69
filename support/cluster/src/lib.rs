//! A throw-away PostgreSQL cluster, S3 server, mail server, or key ring of gpg, for one test.
//!
//! Invariants: it is made from the installed binaries in a folder of its own, listens on
//! a socket there and nowhere else, and ends with the thread that started it. PostgreSQL
//! refuses to run as root, so root starts it as the user `postgres` or `nobody`.
//!
//! Deliberately absent: durability. `fsync` is off unless a test asks for it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::missing_panics_doc,
    reason = "only for tests: what cannot go on should stop"
)]

mod bucket;
mod exim;
mod gpg;

pub use bucket::{BUCKET, BucketServer, KEY_ID, SECRET};
pub use exim::{Exim, SITE};
pub use gpg::Gpg;

use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The superuser of the cluster; everybody on this machine who reaches the socket is let in.
pub const USER: &str = "candor";

/// A running cluster.
#[derive(Debug)]
pub struct Cluster {
    folder: tempfile::TempDir,
    programs: PathBuf,
    settings: Vec<String>,
    server: Option<Child>,
}

/// The folder of the newest PostgreSQL server on this machine.
fn programs() -> Option<PathBuf> {
    let named = std::env::var_os("CANDOR_POSTGRES_BIN").map(PathBuf::from);
    let debian = std::fs::read_dir("/usr/lib/postgresql").ok();
    let mut versions: Vec<(u32, PathBuf)> = debian
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter_map(|path| Some((path.file_name()?.to_str()?.parse().ok()?, path.join("bin"))))
        .collect();
    versions.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    named
        .into_iter()
        .chain(versions.into_iter().rev().map(|(_, path)| path))
        .chain(std::env::split_paths(&path))
        .find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

/// User and group to run as, when we are root.
fn other_user() -> Option<(u32, u32)> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("Uid:"))?;
    if line.split_whitespace().nth(2) != Some("0") {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    ["postgres", "nobody"].iter().find_map(|name| {
        let start = format!("{name}:");
        let line = users.lines().find(|l| l.starts_with(&start))?;
        let mut fields = line.split(':').skip(2);
        let (user, group) = (fields.next()?, fields.next()?);
        Some((user.parse().ok()?, group.parse().ok()?))
    })
}

/// A command that ends with our thread, as another user where we are root.
fn command(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "QUIT"]);
    if let Some((user, group)) = other_user() {
        command.arg(format!("--reuid={user}"));
        command.arg(format!("--regid={group}"));
        command.arg("--clear-groups");
    }
    command.arg(program).current_dir("/").stdin(Stdio::null());
    command
}

impl Cluster {
    /// Makes and starts one; `None`, and a line that says so, when there is no PostgreSQL
    /// on this machine.
    pub fn start() -> Option<Self> {
        Self::with(&["fsync=off", "full_page_writes=off", "synchronous_commit=on"])
    }

    /// The same, with settings of its own (`fsync=on`).
    pub fn with(settings: &[&str]) -> Option<Self> {
        let Some(programs) = programs() else {
            let why = "no PostgreSQL server (initdb, postgres) is installed";
            assert!(std::env::var("CI").as_deref() != Ok("true"), "{why}");
            println!("skipped: {why}");
            return None;
        };
        let folder = tempfile::Builder::new()
            .prefix("candor-pg")
            .tempdir()
            .unwrap();
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        let socket = folder.path().join("s");
        std::fs::create_dir(&socket).unwrap();
        for path in [&data, &socket] {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700)).unwrap();
            if let Some((user, group)) = other_user() {
                chown(path, Some(user), Some(group)).unwrap();
            }
        }
        let made = command(&programs.join("initdb"))
            .args([
                "--no-sync",
                "--no-instructions",
                "--auth=trust",
                "--encoding=UTF8",
            ])
            .args(["--locale=C", "-U", USER, "-D"])
            .arg(&data)
            .output()
            .expect("setpriv and initdb can be run");
        let said = String::from_utf8_lossy(&made.stderr);
        assert!(made.status.success(), "initdb: {said}");
        let mut cluster = Self {
            folder,
            programs,
            settings: settings.iter().map(|s| (*s).to_owned()).collect(),
            server: None,
        };
        cluster.run();
        Some(cluster)
    }

    /// A folder that the server can read, for certificates and the like.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A file in that folder that nobody but the server reads.
    pub fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder().join(name);
        std::fs::write(&path, bytes).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        if let Some((user, group)) = other_user() {
            chown(&path, Some(user), Some(group)).unwrap();
        }
        path
    }

    /// The port that a setting names; the socket's name holds it.
    fn port(&self) -> &str {
        let named = self.settings.iter().find_map(|s| s.strip_prefix("port="));
        named.unwrap_or("5432")
    }

    /// Starts the server again after [`Cluster::kill`] or [`Cluster::stop`].
    pub fn run(&mut self) {
        assert!(self.server.is_none(), "it runs already");
        let log = std::fs::File::options()
            .append(true)
            .create(true)
            .open(self.folder.path().join("log"))
            .unwrap();
        let mut server = command(&self.programs.join("postgres"));
        server.arg("-D").arg(self.folder.path().join("data"));
        server.arg("-k").arg(self.folder.path().join("s"));
        for setting in [
            "listen_addresses=",
            "shared_buffers=16MB",
            "max_connections=60",
        ] {
            server.args(["-c", setting]);
        }
        for setting in &self.settings {
            server.args(["-c", setting]);
        }
        server.stdout(Stdio::null()).stderr(log);
        self.server = Some(server.spawn().expect("setpriv can be run"));
        let began = Instant::now();
        while self.try_sql("postgres", "SELECT 1").is_none() {
            let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap();
            assert!(began.elapsed() < Duration::from_mins(1), "no start: {log}");
            std::thread::sleep(Duration::from_millis(40));
        }
    }

    /// Ends the server as a power cut would, without a word to its clients.
    pub fn kill(&mut self) {
        self.signal("-KILL");
        // The others notice that their parent is gone, and end on their own.
        let began = Instant::now();
        while self.try_sql("postgres", "SELECT 1").is_some() {
            assert!(began.elapsed() < Duration::from_secs(30), "still there");
            std::thread::sleep(Duration::from_millis(40));
        }
        std::thread::sleep(Duration::from_millis(300));
    }

    /// Ends the server at once, telling its clients.
    pub fn stop(&mut self) {
        self.signal("-INT");
    }

    fn signal(&mut self, name: &str) {
        if let Some(mut server) = self.server.take() {
            let _ = Command::new("kill")
                .args([name, &server.id().to_string()])
                .status();
            let _ = server.wait();
        }
    }

    /// The address of a database of this cluster.
    pub fn url(&self, database: &str) -> String {
        let socket = self.folder.path().join("s");
        let socket = socket.to_str().unwrap().replace('/', "%2F");
        let port = self.port();
        format!("postgres://{USER}@{socket}:{port}/{database}")
    }

    /// A new, empty database.
    pub fn database(&self, name: &str) -> String {
        self.sql("postgres", &format!("CREATE DATABASE {name}"));
        self.url(name)
    }

    /// Runs statements as the superuser; gives what they print, bare.
    pub fn sql(&self, database: &str, text: &str) -> String {
        self.try_sql(database, text)
            .unwrap_or_else(|| panic!("refused: {text}"))
    }

    /// Everything in a database as a text that would make it again.
    pub fn dump(&self, database: &str) -> String {
        let ran = Command::new(self.programs.join("pg_dump"))
            .args(["-U", USER, "-p", self.port(), "-h"])
            .arg(self.folder.path().join("s"))
            .arg(database)
            .output()
            .expect("pg_dump can be run");
        let said = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "pg_dump: {said}");
        String::from_utf8_lossy(&ran.stdout).into_owned()
    }

    /// What the server logged.
    pub fn log(&self) -> String {
        let bytes = std::fs::read(self.folder.path().join("log")).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn try_sql(&self, database: &str, text: &str) -> Option<String> {
        let ran = Command::new(self.programs.join("psql"))
            .args([
                "-X",
                "-q",
                "-A",
                "-t",
                "-v",
                "ON_ERROR_STOP=1",
                "-U",
                USER,
                "-p",
                self.port(),
                "-h",
            ])
            .arg(self.folder.path().join("s"))
            .args(["-d", database, "-c", text])
            .stdin(Stdio::null())
            .output()
            .expect("psql can be run");
        let said = String::from_utf8_lossy(&ran.stdout).trim_end().to_owned();
        ran.status.success().then_some(said)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.signal("-QUIT");
    }
}
