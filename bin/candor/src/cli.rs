//! The command line: every command with its help and examples.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

mod advisory;
pub(crate) mod backup;
mod case;
mod clock;
mod duty;
mod github;
mod key;
mod log;
mod release;
mod score;
mod token;
mod verify;

const AFTER: &str = "\
Examples:
  candor serve SECURITY.md                 run the disclosure that this policy promises
  candor policy show SECURITY.md           see what Candor reads in it
  candor policy compile SECURITY.md        write it down, to confirm it once
  candor report https://site/p/name        send a report from the terminal
  candor verify receipt.txt --key KEY      check a receipt, without any network

Exit codes:
  0  done
  1  refused, or a check failed
  2  the input is wrong
  3  the environment is wrong (port in use, folder not writable, ...)";

/// Give it a SECURITY.md, and it runs the coordinated vulnerability disclosure it promises.
#[derive(Debug, Parser)]
#[command(name = "candor", version = crate::updates::WORDS, after_help = AFTER, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the server
    Serve(ServeArgs),
    /// Look at a policy: what Candor reads in it, and what could be better
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Send a report to a server from the terminal
    Report(ReportArgs),
    /// See the cases of a server that runs on this machine
    #[command(subcommand)]
    Case(CaseCommand),
    /// Figures of a server that runs on this machine: times, promises, what is open
    #[command(after_help = "Example:\n  candor stats --program widget --csv")]
    Stats(StatsArgs),
    /// The register of releases: which there are, and where a fix goes
    #[command(subcommand)]
    Release(ReleaseCommand),
    /// Sign in to the server on this machine, to see the content of cases
    SignIn(LocalArgs),
    /// End that session
    SignOut(LocalArgs),
    /// Accounts: list them, help somebody who lost a factor, take somebody out
    #[command(subcommand)]
    Account(AccountCommand),
    /// Tokens of the API: make, list and revoke your own
    #[command(subcommand)]
    Token(TokenCommand),
    /// GitHub: take in what was reported there
    #[command(subcommand)]
    Github(GithubCommand),
    /// Check a receipt, without any network
    Verify(VerifyArgs),
    /// Was a case history rewritten, cut off or removed?
    VerifyLog(DataJsonArgs),
    /// The public log: how it is, witnesses, going on after a backup was put back
    #[command(subcommand)]
    Log(LogCommand),
    /// Bring the data to the form of this version, without serving
    #[command(after_help = "\
Examples:
  candor migrate --check --config candor.toml   what would be done; changes nothing
  candor migrate --config candor.toml           before the first server of a new version

A server does this by itself, unless the configuration says database.migrate = false.
Forms of data only go forward: make a backup first.")]
    Migrate(MigrateArgs),
    /// The keys of the data: change them
    #[command(subcommand)]
    Key(KeyCommand),
    /// Make the lists anew from the case histories
    Rebuild(DataJsonArgs),
    #[command(flatten)]
    Keeping(backup::KeepingCommand),
    /// Look for what is wrong or risky with this installation
    Doctor(DoctorArgs),
    /// Compute due dates
    #[command(subcommand)]
    Clock(ClockCommand),
    /// Laws that ask for reports to a regulator: their times and facts
    #[command(subcommand)]
    Duty(DutyCommand),
    /// Scores of vulnerabilities
    #[command(subcommand)]
    Score(ScoreCommand),
    /// Advisories of anybody: judge them
    #[command(subcommand)]
    Advisory(AdvisoryCommand),
    /// Measure how fast Candor is on this machine
    Bench(BenchArgs),
}

/// Measure how fast Candor is on this machine
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  candor bench --quick                     the main figures, in less than a minute
  candor bench --quick --json              the same for a program
  candor bench --cases 100000              with more cases, and every figure
  candor bench --database postgres://candor@localhost/bench

It makes an instance of its own in a temporary folder, asks it over HTTP, and
removes it. In a database that you name it is left. Whatever else the machine does meanwhile shows in the figures.
A figure that could not be measured is null.")]
pub(crate) struct BenchArgs {
    /// The main figures only, in less than a minute
    #[arg(long)]
    pub quick: bool,
    /// As JSON
    #[arg(long)]
    pub json: bool,
    /// Cases that the instance has. Default: 10000
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub cases: Option<u32>,
    /// Folder in which the instance is made; its disk is what is measured. Default: the
    /// folder for temporary files
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Measure on `PostgreSQL`: the address of a database without an instance in it. What the
    /// run makes stays there; remove the database afterwards
    #[arg(long, value_name = "URL", conflicts_with = "dir")]
    pub database: Option<String>,
}

/// Run the server
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  candor serve SECURITY.md
  candor serve candor-policy.toml          the form made by candor policy compile
  candor serve project-a/SECURITY.md project-b/SECURITY.md
  candor serve --listen 127.0.0.1:9000 --public-url https://reports.your.site SECURITY.md
  candor serve                             again, with the policies it already has

Candor makes its data folder with everything in it. The key that opens the data
lies elsewhere, in your configuration folder, so that no backup holds both.
Stop it with Ctrl-C.")]
pub(crate) struct ServeArgs {
    /// Policy files, one for each program. None: the programs that are already in the data folder
    #[arg(value_name = "POLICY")]
    pub policies: Vec<PathBuf>,
    /// Address and port to listen on; port 0 takes any free one
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    pub listen: SocketAddr,
    /// Data folder; made when it is not there
    #[arg(long, default_value = paths_default(), value_name = "DIR")]
    pub data: PathBuf,
    /// Key file; made when it is not there. Default: in your configuration folder
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// The address that people use, when a proxy stands in front
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
    /// Configuration file (TOML) with database, mail server and limits
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// How the log on standard error is written. Default: text on a terminal, JSON elsewhere
    #[arg(long, value_enum)]
    pub log: Option<LogForm>,
    /// Development mode: shows the style page at /style
    #[arg(long)]
    pub dev: bool,
}

const fn paths_default() -> &'static str {
    crate::paths::DATA
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogForm {
    /// One line of JSON for each entry
    Json,
    /// For people
    Text,
    /// Only warnings and errors, for people
    Quiet,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// Show everything Candor reads in a policy, each with its line
    #[command(after_help = "\
Examples:
  candor policy show SECURITY.md
  candor policy show SECURITY.md --json | jq .promises
  cat SECURITY.md | candor policy show -")]
    Show(PolicyShowArgs),
    /// Say what could be better in a policy
    #[command(after_help = "\
Examples:
  candor policy lint SECURITY.md
  candor policy lint SECURITY.md --deny warning
  candor policy lint */SECURITY.md --sarif > policy.sarif
  candor policy lint .well-known/security.txt
  candor policy lint --explain no-safe-harbour

Exit codes: 0 nothing at or above --deny, 1 something was found, 2 a file cannot be read.")]
    Lint(PolicyLintArgs),
    /// Write the canonical policy: what Candor reads in a text, to be confirmed once
    #[command(after_help = "\
Examples:
  candor policy compile SECURITY.md -o candor-policy.toml
  candor policy compile SECURITY.md                         print it
  candor policy compile SECURITY.md -o candor-policy.toml --check
  candor policy compile SECURITY.md -o candor-policy.toml --force

Read the file, answer its questions, and start with it: candor serve candor-policy.toml.
--check says whether the text has changed since (exit code 1). --force makes the file
anew: your answers under [settings] stay, and so do entries that you corrected, while
their words stand in the text. The file before is kept with .old.")]
    Compile(PolicyCompileArgs),
    /// Say what two versions of a policy promise differently
    #[command(after_help = "\
Examples:
  candor policy diff SECURITY.md.old SECURITY.md
  git show HEAD~1:SECURITY.md | candor policy diff - SECURITY.md
  candor policy diff old.toml SECURITY.md --json

Either file may be a SECURITY.md or a canonical policy. Each line says whether it is
stronger or weaker for the reporter. What only moved is no difference.

Exit codes:
  0  both promise the same
  1  something differs
  2  one of them cannot be read")]
    Diff(PolicyDiffArgs),
    /// Say how likely each promise is kept by a team like yours, and what would make it safe
    Simulate(Box<crate::policy::simulate::SimulateArgs>),
    /// Make a text of a policy: SECURITY.md, security.txt, JSON, Security Insights
    #[command(after_help = "\
Examples:
  candor policy render candor-policy.toml --to security.md -o SECURITY.md
  candor policy render SECURITY.md --to json | jq .promises_in_words
  candor policy render SECURITY.md --to insights -o security-insights.yml
  candor policy render SECURITY.md --to security.txt --url https://reports.your.site/p/name

A rendered SECURITY.md is read back before it is printed. What could not be worded so
that it is read the same is named on standard error.

Exit codes:
  0  the text says everything
  1  the text was written but leaves something out, or the file is there already
  2  the policy cannot be read, or --url is missing")]
    Render(crate::policy::render_cmd::PolicyRenderArgs),
    /// Write a good SECURITY.md from a few answers
    #[command(after_help = "\
Examples:
  candor policy init                                   asks at the terminal
  candor policy init --yes --contact security@your.site
  candor policy init --print-answers > answers.toml    to fill in
  candor policy init --answers answers.toml -o SECURITY.md

Nothing is overwritten. Exit codes: 0 written, 1 the file is there already or you said
no, 2 an answer cannot be used.")]
    Init(crate::policy::init_cmd::PolicyInitArgs),
}

/// Show everything Candor reads in a policy.
#[derive(Debug, Args)]
pub(crate) struct PolicyShowArgs {
    /// The policy; `-` reads standard input
    pub file: PathBuf,
    /// As JSON
    #[arg(long, conflicts_with = "labels")]
    pub json: bool,
    /// As labels, for measuring how well policies are read
    #[arg(long)]
    pub labels: bool,
}

/// Say what could be better in a policy.
#[derive(Debug, Args)]
pub(crate) struct PolicyLintArgs {
    /// The policies; `-` reads standard input. A file named security.txt is judged as one
    #[arg(required_unless_present = "explain", value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// As one JSON object
    #[arg(long, conflicts_with = "sarif")]
    pub json: bool,
    /// As SARIF 2.1.0, for hosts that show findings beside the lines
    #[arg(long)]
    pub sarif: bool,
    /// Where the pages of the rules can be read, for links in SARIF
    #[arg(long, value_name = "URL", requires = "sarif")]
    pub pages: Option<String>,
    /// From which level on the command fails
    #[arg(long, value_name = "LEVEL", default_value = "mistake")]
    pub deny: LintLevel,
    /// The day by which dates in the text are judged; today without it
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub today: Option<jiff::civil::Date>,
    /// Print the page of a rule and end
    #[arg(long, value_name = "CODE", conflicts_with_all = ["files", "json", "sarif"])]
    pub explain: Option<String>,
}

/// From which level on a finding fails the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum LintLevel {
    /// Everything
    Note,
    /// Warnings and mistakes
    Warning,
    /// Only what must be mended
    Mistake,
    /// Nothing
    Never,
}

/// Write the canonical policy.
#[derive(Debug, Args)]
pub(crate) struct PolicyCompileArgs {
    /// The policy text; `-` reads standard input
    pub file: PathBuf,
    /// Where to write it. Default: standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Make the file anew when it is there; answers in it stay
    #[arg(long, requires = "output")]
    pub force: bool,
    /// Write nothing; say whether the file still corresponds to the text
    #[arg(long, requires = "output", conflicts_with = "force")]
    pub check: bool,
}

/// Say what two versions promise differently.
#[derive(Debug, Args)]
pub(crate) struct PolicyDiffArgs {
    /// The old version; `-` reads standard input
    pub old: PathBuf,
    /// The new version
    pub new: PathBuf,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// Send a report to a server from the terminal
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  candor report https://reports.your.site/p/name
  candor report https://reports.your.site/p/name --from report.toml --attach poc.tar
  candor report URL --field summary='Crash in the parser' --field description=@notes.txt

Missing fields are asked for on a terminal. The file for --from holds lines such as
  summary = \"Crash in the parser\"
The receipt is printed once and its signed file is saved. Keep both.")]
pub(crate) struct ReportArgs {
    /// Address of the program's page
    pub url: String,
    /// A field: name=value, or name=@file for the content of a file
    #[arg(long, value_name = "NAME=VALUE")]
    pub field: Vec<String>,
    /// A TOML file with the fields; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// A file to attach; may be given more than once
    #[arg(long, value_name = "FILE")]
    pub attach: Vec<PathBuf>,
    /// Where to save the signed receipt. Default: candor-receipt-REFERENCE.txt
    #[arg(long, value_name = "FILE")]
    pub receipt: Option<PathBuf>,
    /// Print the receipt as JSON
    #[arg(long)]
    pub json: bool,
    /// List the fields that this program asks for, and send nothing
    #[arg(long)]
    pub fields: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CaseCommand {
    /// List the cases: severity, stage, lead and what is to be done next; no content
    #[command(after_help = "\
Examples:
  candor case list
  candor case list --overdue --lead nobody --limit 20
  candor case list --data /srv/candor --severity critical --json
  CANDOR_TOKEN=... candor case list --server https://reports.your.site

The keys of --json are listed in the guide for operators.")]
    List(CaseListArgs),
    /// Show a case; needs `candor sign-in` first, or a token with --server
    #[command(after_help = "\
Examples:
  candor case show TDX-7K3F-9QMA
  candor case show TDX-7K3F-9QMA --server https://reports.your.site --token-file token")]
    Show(CaseShowArgs),
    /// Find cases by words of their titles, reports, messages and notes; needs `candor sign-in`
    #[command(after_help = "\
Cases that hold all the words, the best first. `crypt*` finds words that begin so (3 to 7
letters), `-word` leaves cases out (after `--`). Without words they are read from standard
input, so that they stand in no history and no list of processes.

Examples:
  candor case search heap overflow
  candor case search < words.txt
  candor case search --limit 5 -- parser -heap")]
    Search(CaseSearchArgs),
    /// Erase a closed case for good; for owners, needs `candor sign-in`
    #[command(after_help = "\
The first call asks for the erasure and says why. Another owner then erases the case with the
same command, or you do after 72 hours. Until then --take-back keeps it. Each step asks for a
code of your second factor.

Examples:
  candor case erase TDX-7K3F-9QMA --reason request
  candor case erase TDX-7K3F-9QMA
  candor case erase TDX-7K3F-9QMA --take-back")]
    Erase(CaseEraseArgs),
    /// Take a copy of a whole case, as a folder or a ZIP file; needs `candor sign-in`
    #[command(after_help = "\
For owners and for the lead of the case. Asks for a code of your second factor. The case shows
who took a copy, and when. Open index.html of the copy in a browser; it needs no network.

Examples:
  candor case export TDX-7K3F-9QMA --out TDX-7K3F-9QMA.zip
  candor case export TDX-7K3F-9QMA --out /srv/evidence/TDX-7K3F-9QMA")]
    Export(CaseExportArgs),
}

pub(crate) use case::{
    CaseEraseArgs, CaseExportArgs, CaseListArgs, CaseSearchArgs, CaseShowArgs, RemoteArgs,
};
pub(crate) use log::LogCommand;

/// Figures.
#[derive(Debug, Args)]
pub(crate) struct StatsArgs {
    #[command(flatten)]
    pub local: LocalArgs,
    /// The program, as in its address; all of them when left out
    #[arg(long, value_name = "SLUG")]
    pub program: Option<String>,
    /// What anybody may see on the public page, as opposed to all cases
    #[arg(long, conflicts_with = "csv")]
    pub public: bool,
    /// Everything as JSON
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// As a table for spreadsheets; needs --program when there is more than one
    #[arg(long)]
    pub csv: bool,
}

pub(crate) use advisory::{AdvisoryCommand, ShownLevel, ValidateArgs};
pub(crate) use clock::{ClockAcceptArgs, ClockArgs, ClockCommand};
pub(crate) use key::{KeyCommand, KeyRotateArgs};
pub(crate) use release::{ReleaseChangeArgs, ReleaseCommand, ReleaseImportArgs, ReleaseListArgs};
pub(crate) use score::{CvssArgs, ScoreCommand};

#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// List the accounts: login, second factor, roles
    #[command(after_help = "Example:\n  candor account list --data /srv/candor")]
    List(DataJsonArgs),
    /// Give a new first pass phrase and have the second factor set up anew
    #[command(after_help = "\
Example:
  candor account reset mia --data /srv/candor

For somebody who lost the second factor or forgot the pass phrase. Make sure that it
is really them. All their sessions end; their roles stay.")]
    Reset(AccountLoginArgs),
    /// Take somebody out: no sign-in, no session, no role; the name stays in histories
    #[command(after_help = "\
Example:
  candor account remove mia --data /srv/candor

The only account that manages the instance cannot be removed.")]
    Remove(AccountLoginArgs),
}

/// An account.
#[derive(Debug, Args)]
pub(crate) struct AccountLoginArgs {
    /// What the person types to sign in
    pub login: String,
    #[command(flatten)]
    pub data: DataJsonArgs,
}

/// Which server on this machine.
#[derive(Debug, Default, Args)]
pub(crate) struct LocalArgs {
    /// Data folder of the server
    #[arg(long, default_value = paths_default(), value_name = "DIR")]
    pub data: PathBuf,
}

/// `candor migrate`.
#[derive(Debug, Args)]
pub(crate) struct MigrateArgs {
    /// Say what would be done and change nothing; exit code 1 when there is something to do
    #[arg(long)]
    pub check: bool,
    #[command(flatten)]
    pub data: DataJsonArgs,
}

/// A data folder and its key.
#[derive(Debug, Args)]
pub(crate) struct DataJsonArgs {
    /// Data folder
    #[arg(long, default_value = paths_default(), value_name = "DIR")]
    pub data: PathBuf,
    /// Key file. Default: in your configuration folder
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Configuration file (TOML), when the data lies in a database
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

pub(crate) use verify::VerifyArgs;

/// Look for what is wrong or risky with this installation
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  candor doctor --data /srv/candor --config candor.toml

Exit code 1 when something is wrong; warnings alone give 0.")]
pub(crate) struct DoctorArgs {
    /// Data folder
    #[arg(long, default_value = paths_default(), value_name = "DIR")]
    pub data: PathBuf,
    /// Key file. Default: in your configuration folder
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Configuration file (TOML) with database and mail server
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

pub(crate) use duty::{DutyCommand, DutyListArgs, DutyShowArgs};
pub(crate) use github::{GithubCommand, GithubImportArgs};
pub(crate) use token::{TokenCommand, TokenCreateArgs, TokenListArgs, TokenRevokeArgs};

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_has_help() {
        for command in Cli::command().get_subcommands() {
            assert!(command.get_about().is_some(), "{}", command.get_name());
        }
    }
}
