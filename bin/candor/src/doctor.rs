//! `candor doctor`: what is wrong or risky with an installation.
//!
//! Invariants: changes nothing; shows no content of a case and no address.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use candor_app::doubt_without_server;
use serde::Serialize;
use serde_json::json;

use crate::cli::DoctorArgs;
use crate::database::Home;
use crate::overview::{Overview, Person, overview};
use crate::say::{self, Paint, Tone, harmless};
use crate::stop::{Done, Stop};
use crate::store_cmd::{Access, Which, reach};
use crate::world::SystemClock;
use crate::{blobs, config, courier, database, doctor_key, github_config, paths, policy, security};

/// How one thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    Fine,
    Note,
    Warning,
    Wrong,
}

/// One thing looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Check {
    what: &'static str,
    state: State,
    message: String,
}

pub(crate) fn check(what: &'static str, state: State, message: impl Into<String>) -> Check {
    Check {
        what,
        state,
        message: message.into(),
    }
}

/// Looks at everything; exit code 1 when something is wrong.
pub(crate) fn run(args: &DoctorArgs) -> Done {
    let data = paths::absolute(&args.data);
    let source = doctor_key::source(args)?;
    let mut checks = Vec::new();
    checks.extend(crate::updates::looks(args.config.as_deref()));
    checks.push(clock());
    checks.push(calendar(jiff::Zoned::now().year()));
    checks.extend(data_folder(&data));
    checks.extend(doctor_key::looks(&data, &source));
    checks.push(space(&data));
    checks.push(mail(args, &data));
    checks.extend(secrets(args));
    checks.extend(blobs::looks(args.config.as_deref()));
    checks.extend(crate::doctor_backup::kept(args));
    checks.push(duties()?);
    checks.extend(inside(args));
    if args.json {
        say::line(&policy::json(&json!({"checks": checks}))?);
    } else {
        let paint = Paint::stdout();
        for c in &checks {
            let (tone, word) = match c.state {
                State::Fine => (Tone::Good, "fine"),
                State::Note => (Tone::Quiet, "note"),
                State::Warning => (Tone::Warn, "warning"),
                State::Wrong => (Tone::Bad, "wrong"),
            };
            say::line(&format!(
                "{} {:<10} {}",
                paint.paint(tone, &format!("{word:<8}")),
                c.what,
                c.message
            ));
        }
    }
    let wrong = checks.iter().filter(|c| c.state == State::Wrong).count();
    match wrong {
        0 => Ok(()),
        1 => Err(Stop::refused("1 thing is wrong.")),
        n => Err(Stop::refused(format!("{n} things are wrong."))),
    }
}

/// Candor was not written before this moment; a clock that says so is wrong.
const WRITTEN: i64 = 1_795_305_600; // 2026-11-22

fn clock() -> Check {
    let now = jiff::Timestamp::now().as_second();
    if now < WRITTEN {
        check(
            "clock",
            State::Wrong,
            "The clock of this machine is slow by far; every due date would be wrong. Set it.",
        )
    } else if now > WRITTEN + 30 * 366 * 86_400 {
        check(
            "clock",
            State::Wrong,
            "The clock of this machine is decades ahead; every promise would look missed. Set it.",
        )
    } else {
        check(
            "clock",
            State::Fine,
            format!(
                "It is {} UTC.",
                jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M:%S")
            ),
        )
    }
}

/// The tables that due dates rest on, and whether they reach far enough.
fn calendar(year: i16) -> Check {
    let table = candor_calendar::holiday_table();
    let have = format!(
        "Time zones are those of {}; public holidays are known until {} (table of {}).",
        candor_calendar::tzdb_version(),
        table.last_year,
        table.version
    );
    if year >= table.last_year {
        check(
            "calendar",
            State::Warning,
            format!("{have} Install a newer Candor: later holidays are not counted."),
        )
    } else {
        check("calendar", State::Fine, have)
    }
}

pub(crate) fn mode(path: &Path) -> Option<u32> {
    std::fs::metadata(path)
        .ok()
        .map(|m| m.permissions().mode() & 0o777)
}

fn data_folder(data: &Path) -> Vec<Check> {
    const WHAT: &str = "data";
    let Some(folder) = mode(data) else {
        return vec![check(
            WHAT,
            State::Note,
            format!("There is no data folder at {} yet.", data.display()),
        )];
    };
    let mut out = Vec::new();
    if folder & 0o077 != 0 {
        out.push(check(
            WHAT,
            State::Warning,
            format!(
                "Others can look into {0} (mode {folder:o}). Make it private: chmod 700 {0}",
                data.display()
            ),
        ));
    }
    for name in [
        paths::DATABASE,
        "candor.db-wal",
        "candor.db-shm",
        "candor.lock",
        "candor.sock",
        "mail",
    ] {
        let path = data.join(name);
        if let Some(bits) = mode(&path).filter(|m| m & 0o077 != 0) {
            out.push(check(
                WHAT,
                State::Warning,
                format!(
                    "Others can read {0} (mode {bits:o}). Make it private: chmod 600 {0}",
                    path.display()
                ),
            ));
        }
    }
    if out.is_empty() {
        out.push(check(
            WHAT,
            State::Fine,
            format!("{} is private.", data.display()),
        ));
    }
    out
}

/// Least free space, in bytes.
const ENOUGH: u64 = 500 * 1024 * 1024;

fn space(data: &Path) -> Check {
    const WHAT: &str = "disk";
    let there = data
        .ancestors()
        .find(|p| p.exists())
        .unwrap_or(Path::new("/"));
    match rustix::fs::statvfs(there) {
        Err(why) => check(
            WHAT,
            State::Note,
            format!("The free space could not be read: {why}."),
        ),
        Ok(stat) => {
            let free = stat.f_bavail.saturating_mul(stat.f_frsize);
            let words = format!("{} MiB are free.", free / 1024 / 1024);
            if free < ENOUGH {
                check(
                    WHAT,
                    State::Warning,
                    format!("Only {words} Reports cannot be stored on a full disk."),
                )
            } else {
                check(WHAT, State::Fine, words)
            }
        }
    }
}

fn mail(args: &DoctorArgs, data: &Path) -> Check {
    const WHAT: &str = "mail";
    let tried = config::load(args.config.as_deref()).and_then(|config| {
        let sender = courier::sender(&config, "http://localhost")?;
        courier::smtp(&config, sender)
    });
    match tried {
        Err(stop) => check(WHAT, State::Wrong, stop.message),
        Ok(None) => check(
            WHAT,
            State::Note,
            format!(
                "No mail server is configured; letters are written to {}. Nobody gets them unless you send them. They hold addresses in clear: delete those that you have sent.",
                data.join("mail").display()
            ),
        ),
        Ok(Some(smtp)) => match smtp.check() {
            Ok(()) => check(
                WHAT,
                State::Fine,
                "The mail server answers, and the connection is as configured.",
            ),
            Err(why) => check(
                WHAT,
                State::Wrong,
                format!(
                    "The mail server cannot be used: {}.",
                    candor_mail::explain(&why)
                ),
            ),
        },
    }
}

/// Laws about regulators that nobody compared with their source for too long.
fn duties() -> Result<Check, Stop> {
    const WHAT: &str = "laws";
    let now = candor_base::Instant::from(jiff::Timestamp::now());
    let stale = crate::duty_cmd::stale(now)?;
    Ok(if stale.is_empty() {
        check(
            WHAT,
            State::Fine,
            "The times for regulators were compared with their sources of late.",
        )
    } else {
        check(
            WHAT,
            State::Warning,
            format!(
                "Nobody has compared these with their sources for too long: {}. Update Candor, \
                 or check the law yourself.",
                stale.join(", ")
            ),
        )
    })
}

/// Secrets that stand where others may read them.
fn secrets(args: &DoctorArgs) -> Vec<Check> {
    const WHAT: &str = "secrets";
    let Some(file) = args.config.as_deref() else {
        return Vec::new();
    };
    // One that cannot be read was said with the mail server.
    let Ok(config) = config::load(Some(file)) else {
        return Vec::new();
    };
    if config
        .smtp
        .as_ref()
        .is_some_and(config::Smtp::has_plain_password)
    {
        return vec![check(WHAT, State::Warning, config::PLAIN_PASSWORD)];
    }
    if config.blobs.is_some_and(|blobs| blobs.has_plain_secret()) {
        return vec![check(WHAT, State::Warning, blobs::PLAIN_SECRET)];
    }
    if config
        .database
        .is_some_and(|database| database.has_plain_password())
    {
        return vec![check(WHAT, State::Warning, database::PLAIN_PASSWORD)];
    }
    if config.github.is_some_and(|github| github.has_plain_token()) {
        return vec![check(WHAT, State::Warning, github_config::PLAIN_TOKEN)];
    }
    if config.security.has_plain_secret() {
        return vec![check(WHAT, State::Warning, security::PLAIN_SECRET)];
    }
    vec![check(
        WHAT,
        State::Fine,
        "No secret stands in the configuration.",
    )]
}

/// Programs, people and cases, when there is data.
fn inside(args: &DoctorArgs) -> Vec<Check> {
    let which = Which {
        data: &args.data,
        key: args.key.as_deref(),
        config: args.config.as_deref(),
    };
    let there = Home::of_file(which.data, which.config).and_then(|home| home.has_data(which.data));
    match there {
        Ok(true) => {}
        Ok(false) => return Vec::new(),
        Err(stop) => return vec![check("database", State::Wrong, stop.message)],
    }
    let found = reach(which).and_then(|access| match access {
        Access::Store(store) => {
            let unread = |why| Stop::environment(format!("The data could not be read: {why}."));
            let mut found = overview(&store).map_err(unread)?;
            let doubt = doubt_without_server(&store, &SystemClock::new()).map_err(unread)?;
            found.clock = doubt.map(|doubt| doubt.operator());
            Ok(found)
        }
        Access::Server(mut link) => link.ask(&json!({"op": "overview"})).and_then(|value| {
            serde_json::from_value(value)
                .map_err(|_| Stop::environment("The running server is of another version."))
        }),
    });
    match found {
        Err(stop) => vec![check("store", State::Wrong, stop.message)],
        Ok(found) => findings(&found),
    }
}

fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

fn findings(found: &Overview) -> Vec<Check> {
    let mut out = vec![check(
        "store",
        State::Fine,
        format!(
            "{}, {}, {}.",
            counted(found.programs.len(), "program", "programs"),
            counted(found.people.len(), "person", "people"),
            counted(found.cases, "case", "cases"),
        ),
    )];
    if let Some(doubt) = &found.clock {
        out.push(check("clock", State::Wrong, doubt.clone()));
    }
    out.extend(crate::doctor_backup::seen(found));
    if found.exposed {
        out.push(check(
            "network",
            State::Warning,
            "The running server listens beyond this machine without encryption. Give it a certificate ([tls] in the configuration); or put a proxy with TLS in front, and start Candor with --public-url https://… and --listen 127.0.0.1:8080.",
        ));
    }
    for program in &found.programs {
        let name = harmless(&program.name);
        out.push(if program.findings.is_empty() {
            check("policy", State::Fine, format!("{name}: nothing to mend."))
        } else {
            check(
                "policy",
                State::Note,
                format!("{name}: {}", program.findings.join(", ")),
            )
        });
        if let Some(state) = &program.github {
            out.extend(crate::doctor_github::looks(&name, state));
        }
        out.push(fielded(&program.slug, &name, &found.people));
        let owner = format!("{}: owner", program.slug);
        if !found
            .people
            .iter()
            .any(|p| p.admin || p.roles.contains(&owner))
        {
            out.push(check(
                "people",
                State::Warning,
                format!("Nobody owns {name}: nobody can answer its reports."),
            ));
        }
    }
    if found.people.is_empty() {
        out.push(check(
            "people",
            State::Warning,
            "There is no account yet. Start `candor serve` and use the set-up code it prints.",
        ));
    }
    for person in &found.people {
        let roles = if person.roles.is_empty() {
            "no role".to_owned()
        } else {
            person.roles.join(", ")
        };
        let admin = if person.admin {
            ", manages this instance"
        } else {
            ""
        };
        let words = format!("{}: {roles}{admin}", harmless(&person.login));
        out.push(if person.second_factor {
            check("people", State::Fine, words)
        } else {
            check(
                "people",
                State::Note,
                format!("{words}; the second factor is not set up yet"),
            )
        });
    }
    out
}

/// Who fields the reports of a program: login, role, second factor.
fn fielded(slug: &str, name: &str, people: &[Person]) -> Check {
    let of = |person: &Person| {
        let role = person
            .roles
            .iter()
            .find_map(|r| r.strip_prefix(slug)?.strip_prefix(": "))?;
        let factor = if person.second_factor { "yes" } else { "no" };
        let login = harmless(&person.login);
        Some(format!("{login} ({role}, second factor: {factor})"))
    };
    let who: Vec<String> = people.iter().filter_map(of).collect();
    if who.is_empty() {
        check(
            "reports",
            State::Warning,
            format!("{name}: nobody fields its reports."),
        )
    } else {
        check(
            "reports",
            State::Fine,
            format!("{name}: fielded by {}.", who.join(", ")),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_fields_reports_is_listed_by_program() {
        let person = |login: &str, role: &str, second_factor| Person {
            login: login.to_owned(),
            admin: false,
            roles: vec![role.to_owned()],
            second_factor,
        };
        let people = [
            person("mia", "a: owner", true),
            person("bob", "a: member", false),
            person("eve", "ab: member", true),
        ];
        let line = fielded("a", "Lantern", &people);
        assert_eq!(line.state, State::Fine);
        assert_eq!(
            line.message,
            "Lantern: fielded by mia (owner, second factor: yes), bob (member, second factor: no)."
        );
        assert_eq!(fielded("b", "Beacon", &people).state, State::Warning);
    }

    #[test]
    fn key_and_data_in_one_tree_are_a_warning() {
        let one =
            |data: &str, key: &str| doctor_key::one_backup(Path::new(data), Path::new(key)).state;
        assert_eq!(
            one("/srv/candor", "/srv/candor/instance.key"),
            State::Warning
        );
        assert_eq!(
            one("/etc/candor/data", "/etc/candor/instance.key"),
            State::Warning
        );
        assert_eq!(one("/srv/candor", "/etc/candor/instance.key"), State::Fine);
    }

    #[test]
    fn a_program_without_owner_and_a_missing_second_factor_are_seen() {
        let found: Overview = serde_json::from_value(json!({
            "programs": [{"slug": "a", "name": "A", "findings": ["no-scope (line 1)"]}],
            "people": [{"login": "mia", "admin": false, "roles": ["a: member"], "second_factor": false}],
            "cases": 2,
        }))
        .unwrap();
        let checks = findings(&found);
        let words: Vec<String> = checks
            .iter()
            .map(|c| format!("{:?} {}", c.state, c.message))
            .collect();
        let words = words.join(
            "
",
        );
        assert!(words.contains("Warning Nobody owns A"), "{words}");
        assert!(
            words.contains("Note mia: a: member; the second factor"),
            "{words}"
        );
        assert!(words.contains("no-scope (line 1)"), "{words}");
    }
}
