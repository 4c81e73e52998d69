//! `candor bench`: how fast this program is on this machine, over real HTTP.
//!
//! It makes a throw-away instance with many cases, starts this program over it as a
//! process of its own, and asks it as a browser would. Where the machine has two
//! processors or more, form pages are asked for with server and asking side on a
//! processor each, so that a figure is what one processor of a server does.
//!
//! Invariant: nothing of an instance that is in use is touched. Deliberately absent: a
//! verdict; what is fast enough depends on who asks.

mod figures;
mod load;
mod place;
mod server;

use std::sync::Arc;
use std::time::{Duration, Instant};

use self::figures::Figures;
use self::load::{Ask, Asked, Load};
use self::place::{Place, SLUG};
use self::server::Server;
use crate::cli::BenchArgs;
use crate::say;
use crate::stop::{Done, Stop};

/// How long each page is asked for.
const QUICK: Duration = Duration::from_secs(4);
const LONG: Duration = Duration::from_secs(15);
/// Connections that ask for pages.
const READERS: u32 = 16;
/// A pause before memory at rest is read.
const REST: Duration = Duration::from_secs(2);

/// Runs it.
pub(crate) fn run(args: &BenchArgs) -> Done {
    let cases = args.cases.unwrap_or(10_000);
    let time = if args.quick { QUICK } else { LONG };
    let place = Place::make(args.dir.as_deref(), args.database.as_deref(), cases)?;
    let mut figures = Figures::default();
    at_rest(&place, &mut figures)?;
    pages(&place, time, &mut figures)?;
    submissions(&place, args, time, &mut figures)?;
    if !args.quick {
        let bytes = place.database_bytes();
        figures.add("database_mb", "database", bytes.map(mebibytes), "MB");
    }
    if args.json {
        say::line(&figures.json().to_string());
    } else {
        say::line(&format!("{cases} cases, {}", machine()));
        figures.print();
    }
    if let Some(left) = place.left() {
        say::note(&format!("The instance of this run is left in {left}."));
    }
    Ok(())
}

/// Start and memory before anybody asks: the middle one of three. The first start is after
/// all cases came in at once and before any of them stands in the public log, which no
/// server in use ever sees.
fn at_rest(place: &Place, figures: &mut Figures) -> Result<(), Stop> {
    let (mut starts, mut idle) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        let server = Server::start(place)?;
        first_answer(&server)?;
        starts.push(server.began.elapsed());
        std::thread::sleep(REST);
        idle.extend(server.memory());
        server.stop();
    }
    starts.sort_unstable();
    idle.sort_unstable();
    let middle = starts.get(starts.len() / 2);
    let start = middle.map(|t| t.as_secs_f64() * 1_000.0);
    let idle = idle.get(idle.len() / 2).copied();
    figures.add("start_ms", "start to the first answer", start, "ms");
    figures.add("idle_mb", "memory at rest", idle.map(mebibytes), "MB");
    Ok(())
}

/// The empty form, each time.
fn form() -> Arc<dyn Ask> {
    Arc::new(|_, _| Asked::page(format!("/p/{SLUG}/report")))
}

/// Asks for the form until it comes.
fn first_answer(server: &Server) -> Result<(), Stop> {
    let ask = form();
    let until = Instant::now() + Duration::from_secs(30);
    while Instant::now() < until {
        // One request, whatever it takes.
        let load = load::run(server.address, 1, Duration::from_nanos(1), &ask)?;
        if !load.times.is_empty() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    Err(Stop::environment("The server of the run gave no answer."))
}

/// Form, list, case and search.
fn pages(place: &Place, time: Duration, figures: &mut Figures) -> Result<(), Stop> {
    let server = Server::start(place)?;
    first_answer(&server)?;
    let form = form();
    let processors = server::processors();
    if let [first, second, ..] = processors.as_slice() {
        server.keep_on(&[*first]);
        server::keep_on(None, &[*second]);
    }
    let (load, work) = measured(&server, "form", READERS, time, &form)?;
    server.keep_on(&processors);
    server::keep_on(None, &processors);
    figures.add_rate("form_per_s", "form page, one processor", &load);
    figures.add_work("form_cpu_us", "its work on the processor", &load, work);

    let signed_in = Arc::new(SignedIn {
        session: place.session.clone(),
        paths: vec![format!("/desk/p/{SLUG}")],
    });
    let list: Arc<dyn Ask> = signed_in;
    let (load, work) = measured(&server, "list", READERS, time, &list)?;
    figures.add_rate("list_per_s", "list of cases", &load);
    figures.add_percentile("list_p99_ms", "99 of 100 within", &load, 99);
    figures.add_work("list_cpu_us", "its work on the processor", &load, work);

    let case: Arc<dyn Ask> = Arc::new(SignedIn {
        session: place.session.clone(),
        paths: place
            .references
            .iter()
            .map(|reference| format!("/desk/p/{SLUG}/cases/{reference}"))
            .collect(),
    });
    let (load, work) = measured(&server, "case page", READERS, time, &case)?;
    figures.add_rate("case_page_per_s", "page of a case", &load);
    figures.add_percentile("case_page_p99_ms", "99 of 100 within", &load, 99);
    figures.add_work("case_page_cpu_us", "its work on the processor", &load, work);
    let search = search_for(place);
    let (load, work) = measured(&server, "search", READERS, time, &search)?;
    figures.add_rate("search_rare_per_s", "search for a rare word", &load);
    figures.add_percentile("search_rare_p99_ms", "99 of 100 within", &load, 99);
    figures.add_work(
        "search_rare_cpu_us",
        "its work on the processor",
        &load,
        work,
    );
    server.stop();
    Ok(())
}

/// A search for the rare word, each time.
fn search_for(place: &Place) -> Arc<dyn Ask> {
    let session = place.session.clone();
    let body = format!(
        "guard={}&words={}",
        candor_web::form_guard(&session),
        place::RARE
    );
    Arc::new(move |_, _| Asked {
        cookie: Some(format!("candor-desk={session}")),
        form: Some((
            "application/x-www-form-urlencoded".to_owned(),
            body.clone().into_bytes(),
        )),
        ..Asked::page(format!("/desk/p/{SLUG}/search"))
    })
}

/// Reports that come in, each durable before it is answered.
fn submissions(
    place: &Place,
    args: &BenchArgs,
    time: Duration,
    figures: &mut Figures,
) -> Result<(), Stop> {
    let server = Server::start(place)?;
    first_answer(&server)?;
    let crowds: &[u32] = if args.quick { &[16] } else { &[1, 16, 64] };
    for (run, lines) in crowds.iter().enumerate() {
        let first = u32::try_from(run + 1).unwrap_or(1) * 10_000_000;
        let ask: Arc<dyn Ask> =
            Arc::new(move |line: u32, n: u32| submission(first + line * 100_000 + n));
        let (load, work) = measured(&server, "reports", *lines, time, &ask)?;
        let key = |name: &str| format!("submit_{name}_c{lines}");
        let senders = if *lines == 1 { "sender" } else { "senders" };
        figures.add_rate(&key("per_s"), &format!("reports, {lines} {senders}"), &load);
        if !args.quick {
            figures.add_percentile(&key("p50_ms"), "half within", &load, 50);
        }
        figures.add_percentile(&key("p99_ms"), "99 of 100 within", &load, 99);
        figures.add_work(&key("cpu_us"), "work on the processor", &load, work);
    }
    let most = server.most_memory().map(mebibytes);
    figures.add("load_mb", "most memory under load", most, "MB");
    server.stop();
    Ok(())
}

/// Asks for a while; gives what came of it and what the server worked for it.
fn measured(
    server: &Server,
    what: &str,
    lines: u32,
    time: Duration,
    ask: &Arc<dyn Ask>,
) -> Result<(Load, Option<Duration>), Stop> {
    let progress = say::Progress::start(what, 0);
    let before = server.on_processor();
    let load = load::run(server.address, lines, time, ask)?;
    let after = server.on_processor();
    progress.end();
    let work = after.zip(before).map(|(a, b)| a.saturating_sub(b));
    Ok((load, work))
}

/// Pages for a member of the team, one after the other, in an order that jumps about.
struct SignedIn {
    session: String,
    paths: Vec<String>,
}

impl Ask for SignedIn {
    fn request(&self, line: u32, n: u32) -> Asked {
        let turn = u64::from(line) * 7_919 + u64::from(n) * 104_729;
        let place = usize::try_from(turn).unwrap_or(0) % self.paths.len().max(1);
        Asked {
            cookie: Some(format!("candor-desk={}", self.session)),
            ..Asked::page(self.paths.get(place).cloned().unwrap_or_default())
        }
    }
}

impl<F> Ask for F
where
    F: Fn(u32, u32) -> Asked + Send + Sync,
{
    fn request(&self, line: u32, n: u32) -> Asked {
        self(line, n)
    }
}

/// A report as a browser sends it.
fn submission(n: u32) -> Asked {
    const BOUNDARY: &str = "----bench";
    let mut body: String = place::report(n)
        .into_iter()
        .flat_map(|(name, value)| {
            [
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n"),
                value,
                "\r\n".to_owned(),
            ]
        })
        .collect();
    body.extend(["--", BOUNDARY, "--\r\n"]);
    Asked {
        form: Some((
            format!("multipart/form-data; boundary={BOUNDARY}"),
            body.into_bytes(),
        )),
        ..Asked::page(format!("/p/{SLUG}/report"))
    }
}

fn mebibytes(bytes: u64) -> f64 {
    // Exact far beyond any size that occurs here.
    let kibibytes = u32::try_from(bytes / 1024).unwrap_or(u32::MAX);
    f64::from(kibibytes) / 1024.0
}

/// The machine in a few words.
fn machine() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map(|rest| rest.trim_start_matches([' ', '\t', ':']).to_owned());
    let processors = match server::processors().len() {
        1 => "1 processor".to_owned(),
        n => format!("{n} processors"),
    };
    format!(
        "{processors}{}, candor {}",
        model.map_or_else(String::new, |m| format!(" ({})", say::harmless(&m))),
        env!("CARGO_PKG_VERSION")
    )
}
