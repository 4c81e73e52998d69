//! A thief who reads every byte: the data folder while the server runs and after it
//! stopped, temporary files, the files of the database server, a dump of it, its log with
//! every statement, our log, the letters that go out, and a backup made meanwhile, as it lies
//! on a disk and as whoever holds its identity reads it.
//!
//! Words that stand nowhere else are planted in every field of a report, in files and their
//! names, in names and addresses, in messages and notes. None may be found, in no form.
//! The one exception: an address stands in the head of the letter that goes to it.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use candor_cluster::Cluster;

use crate::head::Server;
use crate::house::{Engine, House};
use crate::http::{Report, enter};
use crate::needle::Needle;
use crate::staff::Staff;

/// Stands in every text that is planted.
const WORD: &str = "Zq7KwVx3Rj9T";
/// Stands in every address.
const ADDRESS: &str = "Hb4YnPd8Lm2C";

/// What was done. A campaign that ends has found no word.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Cases with planted words.
    pub cases: usize,
    /// Words planted.
    pub planted: usize,
    /// Letters that went out.
    pub letters: usize,
    /// Files read, and bytes in them.
    pub files: usize,
    /// Bytes read.
    pub bytes: usize,
    /// How long it took.
    pub took: Duration,
}

struct Thief {
    word: Needle,
    address: Needle,
    out: Outcome,
}

/// Runs it; `None` without PostgreSQL.
pub fn run(program: &Path, engine: Engine, cases: usize) -> Option<Outcome> {
    let began = Instant::now();
    let cluster = match engine {
        Engine::Sqlite => None,
        Engine::Postgres => Some(Cluster::with(&[
            "fsync=off",
            "full_page_writes=on",
            "log_statement=all",
            "log_min_messages=info",
        ])?),
    };
    let house = House::with(program, cluster);
    let temporary = house.place.path("tmp");
    fs::create_dir(&temporary).unwrap();
    let server = house.serve_in(&[("TMPDIR", temporary.to_str().unwrap())]);
    let mut thief = Thief {
        word: Needle::new(WORD),
        address: Needle::new(ADDRESS),
        out: Outcome {
            cases,
            ..Outcome::default()
        },
    };
    let name = thief.plant("staff-name");
    let staff = Staff::set_up(&server, &name, &format!("{ADDRESS}-mia@lantern.test"));
    for n in 0..cases {
        thief.one_case(&server, &staff, n);
        if n % 100 == 99 {
            println!("{}: {} cases, {:?}", engine.name(), n + 1, began.elapsed());
        }
    }
    // Pages that gather from all of them, and letters.
    for path in ["/desk", "/desk/p/lantern", "/desk/p/lantern/statistics"] {
        assert_eq!(staff.page(&server.base, path).unwrap().status, 200);
    }
    std::thread::sleep(Duration::from_secs(5));
    let mut log = server.log();
    thief.steal(&house, "while it runs");
    thief.steal_open_files(&server);
    thief.steal_backup(&house);
    let (code, rest) = server.terminate();
    assert_eq!(code, 0, "{rest}");
    log.push_str(&rest);
    thief.look("the log", log.as_bytes(), false);
    assert!(log.contains("/p/{slug}/report"), "the log is no log");
    thief.steal(&house, "after it stopped");
    assert!(thief.out.letters > 0, "no letter went out");
    thief.out.took = began.elapsed();
    Some(thief.out)
}

impl Thief {
    fn plant(&mut self, what: &str) -> String {
        self.out.planted += 1;
        format!("canary-{what}-{WORD}-{}", self.out.planted)
    }

    fn address(&mut self) -> String {
        self.out.planted += 1;
        format!("{ADDRESS}{}@reporter.org", self.out.planted)
    }

    fn one_case(&mut self, server: &Server, staff: &Staff, n: usize) {
        let base = &server.base;
        let (title, text) = (self.plant("title"), self.plant("text"));
        let mut report = Report::new(&title, &text);
        for field in [
            "steps",
            "impact",
            "version",
            "component",
            "name",
            "affiliation",
            "contact",
            "credit_name",
            "public_where",
        ] {
            let value = self.plant(field);
            report.set(field, &value);
        }
        let address = self.address();
        report.set("email", &address);
        report.set("credit", "named");
        // Small ones lie in the database, large ones in files of their own.
        let room = if n.is_multiple_of(5) { 90_000 } else { 300 };
        let mut body = vec![b'.'; room];
        body.extend_from_slice(self.plant("file").as_bytes());
        body.extend_from_slice(&vec![b'.'; room]);
        let file = format!("{}.bin", self.plant("file-name"));
        let report = report.with_file(&file, body);
        let answer = report.send(base, "lantern").unwrap();
        assert_eq!(answer.status, 201, "{}", answer.text);
        let receipt = answer.json();
        let code = receipt["code"].as_str().unwrap();
        let reference = receipt["reference"].as_str().unwrap();

        let room = enter(base, "lantern", code).unwrap().unwrap();
        let said = room.say(base, &self.plant("message")).unwrap();
        assert_eq!(said.status, 303, "{}", said.text);
        for lane in ["team", "reporter"] {
            let words = self.plant(lane);
            let fields = [("lane", lane), ("kind", "plain"), ("message", &words)];
            let said = staff
                .act(base, "lantern", reference, "say", &fields)
                .unwrap();
            assert_eq!(said.status, 303, "{}", said.text);
        }
        if n == 0 {
            // What is planted is really there.
            let path = format!("/desk/p/lantern/cases/{reference}");
            let page = staff.page(base, &path).unwrap().text;
            for what in ["title", "text", "steps", "file-name", "message", "team"] {
                let word = format!("canary-{what}-{WORD}");
                assert!(page.contains(&word), "{what} is not in the case");
            }
        }
    }

    /// Every file that a thief of the disks gets.
    fn steal(&mut self, house: &House, when: &str) {
        let mut seen = Vec::new();
        for folder in [house.place.data(), house.place.path("tmp")] {
            files(&folder, &mut seen);
        }
        if let Some(cluster) = &house.cluster {
            cluster.sql("postgres", "CHECKPOINT");
            files(&cluster.folder(), &mut seen);
            let dump = cluster.dump("postgres");
            assert!(dump.contains("lantern"), "the dump is none");
            self.look(&format!("the dump {when}"), dump.as_bytes(), false);
            let log = cluster.log();
            assert!(log.contains("INSERT INTO"), "the database logs nothing");
            self.look("the log of the database", log.as_bytes(), false);
        }
        self.out.letters = 0;
        let mut readable = false;
        for path in seen {
            // The server goes on meanwhile: a file may be gone.
            let Ok(bytes) = fs::read(&path) else { continue };
            let letter = path.extension().is_some_and(|e| e == "eml");
            self.out.letters += usize::from(letter);
            readable |= memchr::memmem::find(&bytes, b"lantern").is_some();
            self.out.files += 1;
            self.look(&format!("{} {when}", path.display()), &bytes, letter);
        }
        assert!(readable, "what is public is found: the search works");
    }

    /// Files that have no name any more, as long as the server has them open.
    fn steal_open_files(&mut self, server: &Server) {
        let folder = format!("/proc/{}/fd", server.child.id());
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let Ok(name) = fs::read_link(entry.path()) else {
                continue;
            };
            if name.to_string_lossy().ends_with(" (deleted)")
                && let Ok(bytes) = fs::read(entry.path())
            {
                self.look(&name.to_string_lossy(), &bytes, false);
            }
        }
    }

    /// A backup, closed and opened. Its identity opens the file; the instance key, which is
    /// not in it, would open what is sealed.
    fn steal_backup(&mut self, house: &House) {
        let place = &house.place;
        let made = place.run(&["backup", "--make-identity", "identity.txt"]);
        made.must(0);
        let secret = fs::read_to_string(place.path("identity.txt")).unwrap();
        let secret = secret.lines().find(|line| line.starts_with("AGE-"));
        let identity: age::x25519::Identity = secret.unwrap().parse().unwrap();
        let recipient = identity.to_public().to_string();
        let data = place.data();
        let mut args = vec!["backup", "--to", "stolen.age", "--recipient", &recipient];
        args.extend(["--data", data.to_str().unwrap()]);
        args.extend(house.args());
        place.run(&args).must(0);
        let closed = fs::read(place.path("stolen.age")).unwrap();
        self.look("a backup", &closed, false);
        let mut open = Vec::new();
        age::Decryptor::new(closed.as_slice())
            .unwrap()
            .decrypt(std::iter::once(&identity as &dyn age::Identity))
            .unwrap()
            .read_to_end(&mut open)
            .unwrap();
        assert!(
            memchr::memmem::find(&open, b"lantern").is_some(),
            "the opened backup is none"
        );
        self.look("an opened backup", &open, false);
        self.out.files += 2;
    }

    fn look(&mut self, place: &str, bytes: &[u8], letter: bool) {
        self.out.bytes += bytes.len();
        if let Some(form) = self.word.find(bytes) {
            panic!("a planted word is in {place}: {form}");
        }
        if !letter && let Some(form) = self.address.find(bytes) {
            panic!("an address is in {place}: {form}");
        }
    }
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => files(&path, out),
            Ok(kind) if kind.is_file() => out.push(path),
            _ => {}
        }
    }
}
