//! `candor serve`: read the policies, take the port, open the data, listen.
//!
//! Invariants: policies are read and compiled before anything is touched; the
//! port is taken before the data folder is made; nothing is overwritten; a
//! missing key is never replaced by a new one.
//!
//! Deliberately absent: rules and pages.

mod access_log;
mod background;
mod connections;
mod disk;
mod exporting;
mod finding;
mod github;
mod health;
mod listen;
mod mail_in;
mod pace;
mod print;
mod redirect;
mod socket;
mod tokens;

pub(crate) use background::Bell;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use candor_app::input::ProgramError;
use candor_app::{ApiSessions, App, AppConfig, MailConfig, Parts, PolicySource};
use candor_ports::Store;

use crate::backup::schedule::{BackupConfig, Keeper, Schedule};
use crate::blobs::Blobs;
use crate::cli::ServeArgs;
use crate::config::Config;
use crate::database::{Database, Home};
use crate::github_config::GithubConfig;
use crate::key_source::KeySource;
use crate::mail_config::MailIn;
use crate::policy::PolicyFile;
use crate::stop::{Done, Stop};
use crate::tls::Tls;
use crate::world::{SystemClock, SystemEntropy};
use crate::{
    backup, blobs, config, courier, database, github_config, paths, policy, security, store_cmd,
};

/// A program that is served, and the file it came from in this start.
pub(crate) struct Served {
    /// Its name in URLs.
    pub slug: String,
    /// The file, when one was named.
    pub file: Option<PolicyFile>,
    /// The file is unchanged, and a version from the desk stays in force.
    pub desk_rules: bool,
    /// Its text is read otherwise than when it came into force.
    pub reads_otherwise: bool,
}

/// Runs the server until it is told to stop.
pub(crate) fn run(args: &ServeArgs) -> Done {
    let policies = policy::read_all(&args.policies)?;
    let names = policy::naming::names(&policies)?;
    let config = config::load(args.config.as_deref())?;
    let home = Home::of(&args.data, &config)?;
    if policies.is_empty() && !home.has_data(&args.data)? {
        return Err(Stop::input(
            "Which policy? Name at least one, such as `candor serve SECURITY.md`. Without one, \
             Candor serves the programs of a data folder that is already there (--data).",
        ));
    }
    let schedule = config.backup.as_ref().map(BackupConfig::schedule);
    let schedule = schedule.transpose()?;
    let mail_door = config.mail_in.as_ref().map(MailIn::listen).transpose()?;
    let github = config.github.as_ref();
    let forge = github.map(GithubConfig::forge).transpose()?;
    let asks_github = github.map(GithubConfig::every).transpose()?;
    let advisories = config.updates.place()?;
    let api = config.security.sessions()?;
    let cors_origins = config.security.origins()?;
    let listener = bind(args.listen)?;
    let mail_door = mail_door.as_ref().map(mail_in::open).transpose()?;
    let tls = config.tls.as_ref().map(Tls::open).transpose()?;
    let clear = config.tls.as_ref().and_then(|tls| tls.redirect);
    let clear = clear.map(bind).transpose()?;
    let address = listener
        .local_addr()
        .map_err(|why| Stop::environment(format!("The port cannot be used: {why}.")))?;
    let public_url = public_url(args, address, tls.is_some())?;
    access_log::start(args.log);
    let data = paths::absolute(&args.data);
    let courier = courier::courier(&config, &data, &public_url)?;
    let source = KeySource::of(&args.data, args.key.as_deref(), &config.key)?;
    let held = home.hold(&data)?;
    let (store, key) = store_cmd::open(&data, &home, &source)?
        .map_err(|why| Stop::environment(why.for_person()))?;
    backup::not_moved(&store)?;
    let kept = schedule.as_ref().map(Schedule::kept_words);
    let keeper = schedule.map(|schedule| Keeper {
        schedule,
        from: home.origin(&args.data),
        key,
        status: Arc::default(),
    });
    let vault = Arc::new(store.vault());
    let sealed = Arc::new(store);
    let store: Arc<dyn Store> = sealed.clone();
    let log = config.log.open(Arc::clone(&sealed), &data, &public_url)?;
    let app = App::new(Parts {
        store,
        clock: Arc::new(SystemClock::new()),
        entropy: Arc::new(SystemEntropy),
        vault,
        courier,
        config: app_config(&config, &public_url, kept, api)?,
    })?;
    let app = app.with_log(log).with_pgp(Arc::new(candor_pgp::Pgp));
    let app = match forge {
        Some(forge) => app.with_forge(Arc::new(forge)),
        None => app,
    };
    let app = Arc::new(app);
    let served = take_up(&app, policies, &names)?;
    app.make_missing_keys()?;
    let code = app.set_up_code()?;
    let announce = {
        let (app, url) = (Arc::clone(&app), public_url.clone());
        let scheme = if tls.is_some() { "https" } else { "http" };
        Box::new(move || print::start(&app, &served, &url, (scheme, address), code.as_deref()))
    };
    warn_of_secrets(&config);
    let done = listen::until_stopped(listen::Wiring {
        app,
        store: sealed,
        listener,
        tls,
        redirect: clear.map(|listener| (listener, public_url.clone())),
        data,
        options: candor_web::WebOptions {
            secure_cookies: public_url.starts_with("https://"),
            dev: args.dev,
            max_body: max_body(&config),
            cors_origins,
        },
        exposed: print::is_exposed(&public_url, address),
        connections: config.limits.connections,
        drain: Duration::from_secs(u64::from(config.limits.drain_seconds)),
        keeper,
        sweeps: config.blobs.is_some(),
        mail_door,
        advisories,
        asks_github,
        announce,
    });
    drop(held);
    done
}

/// Says what of the configuration should not stand in it.
fn warn_of_secrets(config: &Config) {
    if config
        .smtp
        .as_ref()
        .is_some_and(config::Smtp::has_plain_password)
    {
        tracing::warn!("{}", config::PLAIN_PASSWORD);
    }
    if config
        .database
        .as_ref()
        .is_some_and(Database::has_plain_password)
    {
        tracing::warn!("{}", database::PLAIN_PASSWORD);
    }
    if config.blobs.as_ref().is_some_and(Blobs::has_plain_secret) {
        tracing::warn!("{}", blobs::PLAIN_SECRET);
    }
    if config
        .github
        .as_ref()
        .is_some_and(GithubConfig::has_plain_token)
    {
        tracing::warn!("{}", github_config::PLAIN_TOKEN);
    }
    if config.security.has_plain_secret() {
        tracing::warn!("{}", security::PLAIN_SECRET);
    }
    if config.security.has_example_origin() {
        tracing::warn!("{}", security::EXAMPLE_ORIGIN);
    }
}

fn app_config(
    config: &Config,
    public_url: &str,
    kept: Option<String>,
    api: ApiSessions,
) -> Result<AppConfig, Stop> {
    let mail = match &config.mail_in {
        Some(mail) => mail.settings(&courier::sender(config, public_url)?)?,
        None => MailConfig::default(),
    };
    Ok(AppConfig {
        public_url: public_url.to_owned(),
        max_files_bytes: u64::from(config.limits.files_mebibytes) * 1024 * 1024,
        room_idle_minutes: config.limits.room_idle_minutes,
        desk_idle_minutes: config.limits.desk_idle_minutes,
        cases_per_hour: config.limits.cases_per_hour,
        wrong_sign_ins_per_hour: config.limits.wrong_sign_ins_per_hour,
        fresh_factor_minutes: config.limits.fresh_factor_minutes,
        sign_in_review_days: config.limits.sign_in_review_days,
        backups_kept: kept,
        letters_leave: config.smtp.is_some(),
        running: config.updates.running()?,
        api,
        mail,
    })
}

/// Files, and one mebibyte for the texts around them.
fn max_body(config: &Config) -> usize {
    let files = usize::try_from(config.limits.files_mebibytes).unwrap_or(25);
    (files + 1).saturating_mul(1024 * 1024)
}

fn bind(address: SocketAddr) -> Result<TcpListener, Stop> {
    TcpListener::bind(address).map_err(|why| {
        let what = match why.kind() {
            std::io::ErrorKind::AddrInUse => format!(
                "The port {} is in use by another program. Stop that one, or choose another port: --listen {}:0 takes any free one.",
                address.port(),
                address.ip()
            ),
            std::io::ErrorKind::PermissionDenied => format!(
                "This user may not listen on port {}. Ports below 1024 belong to the system; take another one.",
                address.port()
            ),
            std::io::ErrorKind::AddrNotAvailable => {
                format!("This machine has no address {}; check --listen.", address.ip())
            }
            _ => format!("Candor cannot listen on {address}: {why}."),
        };
        Stop::environment(what)
    })
}

/// The address that people use: as given, else where we listen.
fn public_url(args: &ServeArgs, address: SocketAddr, tls: bool) -> Result<String, Stop> {
    let Some(given) = &args.public_url else {
        let host = if address.ip().is_unspecified() {
            "127.0.0.1".to_owned()
        } else {
            match address {
                SocketAddr::V4(v4) => v4.ip().to_string(),
                SocketAddr::V6(v6) => format!("[{}]", v6.ip()),
            }
        };
        let scheme = if tls { "https" } else { "http" };
        return Ok(format!("{scheme}://{host}:{}", address.port()));
    };
    let url = given.trim().trim_end_matches('/');
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let plain = |r: &str| !r.is_empty() && !r.contains(['/', '?', '#', '@', ' ', '"', '<']);
    if tls && url.starts_with("http://") {
        return Err(Stop::input(format!(
            "--public-url {given}: this server encrypts ([tls] in the configuration), so its address begins with https://."
        )));
    }
    match rest {
        Some(rest) if plain(rest) && rest.is_ascii() => Ok(url.to_owned()),
        _ => Err(Stop::input(format!(
            "--public-url {given}: this is not an origin. Write it like https://reports.your.site, without a path."
        ))),
    }
}

/// Puts every policy into the store, and lists what is served.
fn take_up(app: &App, policies: Vec<PolicyFile>, names: &[String]) -> Result<Vec<Served>, Stop> {
    let mut served: Vec<Served> = Vec::new();
    for (file, name) in policies.into_iter().zip(names) {
        let origin = file.origin();
        let path = origin.as_ref().map(|p| p.to_string_lossy());
        let source = PolicySource {
            hint: name,
            file_name: &file.file_name,
            path: path.as_deref(),
        };
        let taken = app
            .put_program_from(&source, &file.bytes)
            .map_err(|why| match why {
                ProgramError::NotAPolicy(message) | ProgramError::SameName { message, .. } => {
                    Stop::input(message)
                }
                ProgramError::Fault(fault) => Stop::from(fault),
            })?;
        served.push(Served {
            slug: taken.card.slug,
            file: Some(file),
            desk_rules: taken.desk_rules,
            reads_otherwise: taken.reads_otherwise,
        });
    }
    for card in app.programs()? {
        if !served.iter().any(|s| s.slug == card.slug) {
            served.push(Served {
                slug: card.slug,
                file: None,
                desk_rules: false,
                reads_otherwise: false,
            });
        }
    }
    Ok(served)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Cli, Command};
    use clap::Parser as _;

    fn url(words: &[&str], address: &str) -> Result<String, String> {
        let all = ["candor", "serve"].iter().chain(words);
        let Command::Serve(args) = Cli::parse_from(all).command else {
            panic!("not serve");
        };
        public_url(&args, address.parse().unwrap(), false).map_err(|s| s.message)
    }

    #[test]
    fn the_public_address_is_an_origin() {
        assert_eq!(url(&[], "127.0.0.1:81").unwrap(), "http://127.0.0.1:81");
        assert_eq!(url(&[], "0.0.0.0:81").unwrap(), "http://127.0.0.1:81");
        assert_eq!(url(&[], "[::1]:81").unwrap(), "http://[::1]:81");
        assert_eq!(
            url(&["--public-url", "https://a.test/"], "0.0.0.0:1").unwrap(),
            "https://a.test"
        );
        for bad in [
            "a.test",
            "https://",
            "https://a.test/x",
            "https://u@a.test",
            "ftp://a.test",
        ] {
            assert!(url(&["--public-url", bad], "0.0.0.0:1").is_err(), "{bad}");
        }
    }
}
