//! A throw-away S3 server with one bucket, in a folder of its own, for one test.
//!
//! Invariants: it listens on this machine only, wants signatures of its own key, and ends
//! with the thread that started it. What it keeps can be looked at as files.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The key that the server wants.
pub const KEY_ID: &str = "candor-test";
/// Its secret.
pub const SECRET: &str = "canary-secret-of-the-bucket";
/// The bucket that there is.
pub const BUCKET: &str = "bodies";

/// A running server.
#[derive(Debug)]
pub struct BucketServer {
    folder: tempfile::TempDir,
    program: PathBuf,
    port: u16,
    server: Option<Child>,
}

/// The server `s3s-fs`: named by `CANDOR_S3S_FS`, or in the path.
fn program() -> Option<PathBuf> {
    let named = std::env::var_os("CANDOR_S3S_FS").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join("s3s-fs"));
    named.into_iter().chain(found).find(|file| file.is_file())
}

impl BucketServer {
    /// Makes and starts one; `None`, and a line that says so, when there is no such server
    /// on this machine.
    pub fn start() -> Option<Self> {
        let Some(program) = program() else {
            let why = "no S3 server is installed (cargo install s3s-fs --features binary)";
            assert!(std::env::var("CI").as_deref() != Ok("true"), "{why}");
            println!("skipped: {why}");
            return None;
        };
        let folder = tempfile::Builder::new()
            .prefix("candor-s3")
            .tempdir()
            .unwrap();
        std::fs::create_dir(folder.path().join(BUCKET)).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = port.local_addr().unwrap().port();
        let mut server = Self {
            folder,
            program,
            port,
            server: None,
        };
        server.run();
        Some(server)
    }

    /// Starts it again after [`BucketServer::stop`], on the same port.
    pub fn run(&mut self) {
        assert!(self.server.is_none(), "it runs already");
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL"]).arg(&self.program);
        command.args(["--host", "127.0.0.1", "--port", &self.port.to_string()]);
        command.args(["--access-key", KEY_ID, "--secret-key", SECRET]);
        command.arg(self.folder.path()).stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        self.server = Some(command.spawn().expect("setpriv can be run"));
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(began.elapsed() < Duration::from_secs(30), "no start");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends it, as if the network to it were gone.
    pub fn stop(&mut self) {
        if let Some(mut server) = self.server.take() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }

    /// Its address.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The folder in which the objects of the bucket lie as files.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().join(BUCKET)
    }

    /// Every object under a prefix, as files.
    pub fn objects(&self, prefix: &str) -> Vec<PathBuf> {
        fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    walk(&path, found);
                } else {
                    found.push(path);
                }
            }
        }
        let mut found = Vec::new();
        walk(&self.folder().join(prefix), &mut found);
        found.sort();
        found
    }
}

impl Drop for BucketServer {
    fn drop(&mut self) {
        self.stop();
    }
}
