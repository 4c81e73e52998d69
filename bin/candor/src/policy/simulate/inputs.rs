//! From arguments and files to a scenario.
//!
//! Invariants: a team file comes first, then what the history says, then flags, so
//! that the most particular word holds; whatever is wrong is said before a single run.

use std::io::Read as _;
use std::path::Path;

use candor_forecast::{Effort, Figure, Load, MOST_MEMBERS, Member, Order, Scenario, Team};
use serde::Deserialize;

use super::super::plain;
use super::args::SimulateArgs;
use crate::stop::Stop;

/// The largest team or history file that is read.
const MOST_BYTES: u64 = 32 * 1024 * 1024;
/// Cases simulated at once, at most: some minutes of work.
const MOST_CASES: f64 = 5_000_000.0;

/// What is simulated, and where it comes from.
pub(super) struct Input {
    pub(super) scenario: Scenario,
    pub(super) figures: Vec<Figure>,
    pub(super) about: Vec<String>,
}

/// A team file.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct TeamFile {
    member: Vec<Member>,
    deputies: bool,
    watch: bool,
    order: Order,
    load: Load,
    effort: Effort,
}

pub(super) fn gather(args: &SimulateArgs) -> Result<Input, Stop> {
    let file = super::super::read(&args.file)?;
    let policy = file.in_force();
    let (mut given, from_file) = team(&args.team)?;
    let mut team = Team {
        members: given.member,
        deputies: given.deputies || args.deputies,
        watch: given.watch || args.watch,
    };
    team.members
        .iter_mut()
        .for_each(|m| flags_of_member(args, m));
    let figures = match &args.history {
        None => Vec::new(),
        Some(path) => {
            let text = text(path, "history")?;
            let rows = candor_forecast::history(&text).map_err(|why| {
                Stop::input(format!(
                    "The history {} cannot be used: {why} Nothing of it was used.",
                    path.display()
                ))
            })?;
            candor_forecast::fit(&rows, &team, &mut given.load, &mut given.effort)
        }
    };
    let arrivals_known = figures
        .iter()
        .any(|f| f.name == "reports_a_month" && f.used);
    if args.reports_per_month.is_none() && !arrivals_known && !from_file {
        let rows = if args.history.is_some() {
            "The history has too few rows, or too little time between them, to say how many \
             reports come in. "
        } else {
            ""
        };
        return Err(Stop::input(format!(
            "{rows}Say how many reports come in an average month: --reports-per-month 4."
        )));
    }
    flags_of_load(args, &mut given.load, &mut given.effort);
    let scenario = Scenario {
        policy,
        team,
        load: given.load,
        effort: given.effort,
        order: args.order.unwrap_or(given.order),
        start: args.start,
        months: args.months,
        seed: args.seed,
    };
    check(&scenario, args)?;
    let about = about(args, &file.file_name, &scenario);
    Ok(Input {
        scenario,
        figures,
        about,
    })
}

fn check(scenario: &Scenario, args: &SimulateArgs) -> Result<(), Stop> {
    let problems = scenario.problems();
    if !problems.is_empty() {
        return Err(Stop::input(format!(
            "This cannot be simulated. {}",
            problems.join(" ")
        )));
    }
    let load = &scenario.load;
    let floods = load.floods_a_year / 12.0 * f64::from(load.flood_size);
    let runs = f64::from(u32::try_from(args.runs).unwrap_or(u32::MAX));
    let cases = (load.reports_a_month + floods) * f64::from(args.months) * runs;
    if cases > MOST_CASES {
        return Err(Stop::input(format!(
            "That would be {cases:.0} cases, more than {MOST_CASES:.0}. Take fewer runs or months."
        )));
    }
    Ok(())
}

fn about(args: &SimulateArgs, name: &str, scenario: &Scenario) -> Vec<String> {
    let people = match scenario.team.members.len() {
        1 => "1 person".to_owned(),
        n => format!("{n} people"),
    };
    let per_month = scenario.load.reports_a_month;
    let months = match args.months {
        1 => "1 month".to_owned(),
        n => format!("{n} months"),
    };
    vec![
        format!("{name}: {people}, {per_month:.1} reports a month."),
        format!(
            "{months} from {}, {} runs, seed {}.",
            args.start, args.runs, args.seed
        ),
    ]
}

/// The team, and whether a file describes it.
fn team(said: &str) -> Result<(TeamFile, bool), Stop> {
    if let Ok(people) = said.parse::<usize>() {
        if !(1..=MOST_MEMBERS).contains(&people) {
            return Err(Stop::input(format!(
                "A team has 1 to {MOST_MEMBERS} members."
            )));
        }
        let file = TeamFile {
            member: vec![Member::default(); people],
            ..TeamFile::default()
        };
        return Ok((file, false));
    }
    let path = Path::new(said);
    let text = text(path, "team file")?;
    let mut file: TeamFile = toml::from_str(&text).map_err(|why| {
        Stop::input(format!(
            "The team file {} cannot be used: {why}",
            path.display()
        ))
    })?;
    if file.member.is_empty() {
        file.member = vec![Member::default()];
    }
    Ok((file, true))
}

fn text(path: &Path, what: &str) -> Result<String, Stop> {
    let shown = path.display();
    let cannot = |why: std::io::Error| {
        let help = match why.kind() {
            std::io::ErrorKind::NotFound => "There is no such file; check its name.",
            std::io::ErrorKind::InvalidData => "It is not UTF-8 text; save it as UTF-8.",
            _ => "Check the file and its rights.",
        };
        Stop::input(format!("The {what} {shown} cannot be read: {why}. {help}"))
    };
    plain(path)?;
    let file = std::fs::File::open(path).map_err(cannot)?;
    let mut text = String::new();
    let read = file
        .take(MOST_BYTES + 1)
        .read_to_string(&mut text)
        .map_err(cannot)?;
    if u64::try_from(read).unwrap_or(u64::MAX) > MOST_BYTES {
        return Err(Stop::input(format!(
            "The {what} {shown} is larger than 32 MB."
        )));
    }
    Ok(text)
}

fn flags_of_member(args: &SimulateArgs, member: &mut Member) {
    if let Some(hours) = args.hours_per_week {
        member.hours_a_week = hours;
    }
    if let Some(hours) = args.hours {
        (member.from, member.to) = (hours.0, hours.1);
    }
    if let Some(zone) = &args.zone {
        member.zone = zone.clone();
    }
    if let Some(holidays) = args.holidays {
        member.holidays = holidays;
    }
    if let Some(days) = args.vacation {
        member.vacation_days = days;
    }
    if let Some(days) = args.sick {
        member.sick_days = days;
    }
}

fn flags_of_load(args: &SimulateArgs, load: &mut Load, effort: &mut Effort) {
    if let Some(n) = args.reports_per_month {
        load.reports_a_month = n;
    }
    if let Some(share) = args.junk {
        load.junk = share.0;
    }
    if let Some(share) = args.duplicates {
        load.duplicates = share.0;
    }
    if let Some(share) = args.incomplete {
        load.incomplete = share.0;
    }
    if let Some(floods) = args.floods {
        load.floods_a_year = floods;
    }
    if let Some(size) = args.flood_size {
        load.flood_size = size;
    }
    if let Some(days) = args.release_every {
        effort.release_every_days = days;
    }
}
