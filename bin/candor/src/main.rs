//! The program: command line, configuration and wiring.
//!
//! Invariants: exit codes are 0 done, 1 refused or a check failed, 2 bad
//! input, 3 the environment (a port in use, a folder that cannot be written);
//! whatever goes wrong is said in plain words on standard error; no secret and
//! no text of a report is ever printed but to the person who asked for it.
//!
//! Deliberately absent: rules. They live in the core and in candor-app.

/// Gives memory back soon after a sign-in or a rush, and finds it faster than the system's.
/// How is set in `.cargo/config.toml`.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

mod account_cmd;
mod advisory;
mod backup;
mod bench;
mod blobs;
mod case_cmd;
mod child;
mod cli;
mod clock_cmd;
mod clock_form;
mod config;
mod courier;
mod database;
mod doctor;
mod doctor_backup;
mod doctor_github;
mod doctor_key;
mod duty_cmd;
mod erase_cmd;
mod export_cmd;
mod git_tags;
mod github_cmd;
mod github_config;
mod key_cmd;
mod key_file;
mod key_source;
mod local;
mod log_cmd;
mod mail_config;
mod migrate_cmd;
mod overview;
mod paths;
mod policy;
mod rebuild_cmd;
mod release_cmd;
mod remote;
mod report_cmd;
mod say;
mod score_cmd;
mod search_cmd;
mod secret;
mod security;
mod serve;
mod sign_in_cmd;
mod stats_cmd;
mod stop;
mod store_cmd;
mod terminal;
mod tls;
mod token_cmd;
mod updates;
mod verify_cmd;
mod world;

use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::{
    CaseCommand, Cli, ClockCommand, Command, KeyCommand, PolicyCommand, ScoreCommand,
};
use crate::stop::Done;

fn main() -> ExitCode {
    // One TLS stack with one provider; refused only when it is already set.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => {
            if !stop.message.is_empty() {
                say::error(&say::harmless(&stop.message));
            }
            ExitCode::from(stop.code.number())
        }
    }
}

fn run(cli: Cli) -> Done {
    match cli.command {
        Command::Serve(args) => serve::run(&args),
        Command::Policy(PolicyCommand::Show(args)) => policy::show(&args),
        Command::Policy(PolicyCommand::Lint(args)) => policy::lint(&args),
        Command::Policy(PolicyCommand::Compile(args)) => policy::canon::compile(&args),
        Command::Policy(PolicyCommand::Diff(args)) => policy::canon::diff(&args),
        Command::Policy(PolicyCommand::Simulate(args)) => policy::simulate::run(&args),
        Command::Policy(PolicyCommand::Render(args)) => policy::render_cmd::render(&args),
        Command::Policy(PolicyCommand::Init(args)) => policy::init_cmd::init(&args),
        Command::Report(args) => report_cmd::run(&args),
        Command::Case(CaseCommand::List(args)) => case_cmd::list(&args),
        Command::Case(CaseCommand::Show(args)) => case_cmd::show(&args),
        Command::Case(CaseCommand::Search(args)) => search_cmd::run(&args),
        Command::Case(CaseCommand::Erase(args)) => erase_cmd::run(&args),
        Command::Case(CaseCommand::Export(args)) => export_cmd::run(&args),
        Command::Account(command) => account_cmd::run(&command),
        Command::Stats(args) => stats_cmd::run(&args),
        Command::Release(command) => release_cmd::run(&command),
        Command::SignIn(args) => sign_in_cmd::sign_in(&args),
        Command::SignOut(args) => sign_in_cmd::sign_out(&args),
        Command::Github(command) => github_cmd::run(&command),
        Command::Token(command) => token_cmd::run(&command),
        Command::Verify(args) => verify_cmd::run(&args),
        Command::VerifyLog(args) => store_cmd::verify_log(&args),
        Command::Log(command) => log_cmd::run(&command),
        Command::Keeping(command) => backup::run(&command),
        Command::Key(KeyCommand::Rotate(args)) => key_cmd::rotate(&args),
        Command::Migrate(args) => migrate_cmd::run(&args),
        Command::Rebuild(args) => rebuild_cmd::run(&args),
        Command::Score(ScoreCommand::Cvss(args)) => score_cmd::run(&args),
        Command::Advisory(command) => advisory::run(&command),
        Command::Bench(args) => bench::run(&args),
        Command::Doctor(args) => doctor::run(&args),
        Command::Clock(ClockCommand::Eval(args)) => clock_cmd::run(&args),
        Command::Clock(ClockCommand::Accept(args)) => clock_cmd::accept(&args),
        Command::Duty(command) => duty_cmd::run(&command),
    }
}
