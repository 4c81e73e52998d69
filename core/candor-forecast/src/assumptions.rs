//! Every assumption of a forecast, with who made it.
//!
//! Invariant: nothing that the simulation uses is left out of this list, and nothing
//! of Candor's is passed off as the project's.

use serde::Serialize;

use crate::history::Figure;
use crate::load::{BySeverity, Effort, Load};
use crate::scenario::Scenario;
use crate::team::{Member, Team};

/// Who said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "rows")]
pub enum Source {
    /// Candor's own assumption.
    Candor,
    /// Whoever runs the simulation.
    You,
    /// The project's history, so many rows.
    History(usize),
}

/// One assumption.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Assumption {
    /// Its name, as in a team file.
    pub name: &'static str,
    /// Its value in words.
    pub value: String,
    /// Who said so.
    pub source: Source,
}

/// All assumptions of a scenario.
pub fn assumptions(scenario: &Scenario, fitted: &[Figure]) -> Vec<Assumption> {
    let mut list = List {
        out: Vec::new(),
        fitted,
    };
    of_team(&mut list, &scenario.team);
    of_load(&mut list, &scenario.load);
    of_effort(&mut list, &scenario.effort);
    list.out
}

struct List<'a> {
    out: Vec<Assumption>,
    fitted: &'a [Figure],
}

impl List<'_> {
    fn add(&mut self, name: &'static str, value: String, own: bool) {
        let rows = self.fitted.iter().filter(|f| f.used);
        let fitted = rows
            .filter(|f| f.name == name || f.name.split('.').next() == Some(name))
            .map(|f| f.rows)
            .reduce(usize::saturating_add);
        let source = match fitted {
            Some(rows) => Source::History(rows),
            None if own => Source::Candor,
            None => Source::You,
        };
        self.out.push(Assumption {
            name,
            value,
            source,
        });
    }
}

/// The values of all members, each once.
fn each(team: &Team, value: impl Fn(&Member) -> String) -> String {
    let mut all: Vec<String> = Vec::new();
    for value in team.members.iter().map(value) {
        if !all.contains(&value) {
            all.push(value);
        }
    }
    all.join(" / ")
}

fn of_team(list: &mut List<'_>, team: &Team) {
    let d = Member::default();
    let all = |f: &dyn Fn(&Member) -> bool| team.members.iter().all(f);
    list.add("people", team.members.len().to_string(), false);
    let hours = |m: &Member| {
        format!(
            "{} to {} {}",
            m.from.strftime("%H:%M"),
            m.to.strftime("%H:%M"),
            m.zone
        )
    };
    let same = all(&|m| m.from == d.from && m.to == d.to && m.zone == d.zone);
    list.add("hours", each(team, hours), same);
    let days = |m: &Member| {
        let names = ["", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        let days = m.workweek.iso_days();
        let in_words = days.iter().filter_map(|d| names.get(usize::from(*d)));
        in_words.copied().collect::<Vec<_>>().join(" ")
    };
    list.add(
        "workweek",
        each(team, days),
        all(&|m| m.workweek == d.workweek),
    );
    let capacity = |m: &Member| format!("{} h", m.hours_a_week);
    let own = all(&|m| same_number(m.hours_a_week, d.hours_a_week));
    list.add("hours_a_week", each(team, capacity), own);
    let vacation = |m: &Member| format!("{} working days a year", m.vacation_days);
    let own = all(&|m| m.vacation_days == d.vacation_days);
    list.add("vacation_days", each(team, vacation), own);
    let sick = |m: &Member| format!("{} working days a year", m.sick_days);
    let own = all(&|m| m.sick_days == d.sick_days);
    list.add("sick_days", each(team, sick), own);
    let holidays = |m: &Member| m.holidays.name();
    list.add(
        "holidays",
        each(team, holidays),
        all(&|m| m.holidays == d.holidays),
    );
    let yes = |b: bool| if b { "yes" } else { "no" }.to_owned();
    list.add("deputies", yes(team.deputies), !team.deputies);
    list.add("watch", yes(team.watch), !team.watch);
}

fn same_number(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

fn mix(s: &BySeverity, unit: &str) -> String {
    let each = s.each();
    let words = each.iter().map(|(severity, n)| {
        let name = format!("{severity:?}").to_lowercase();
        format!("{name} {n}{unit}")
    });
    words.collect::<Vec<_>>().join(", ")
}

fn of_load(list: &mut List<'_>, load: &Load) {
    let d = Load::default();
    let value = format!("{:.1}", load.reports_a_month);
    list.add("reports_a_month", value, false);
    let shares = [
        ("junk", load.junk, d.junk),
        ("duplicates", load.duplicates, d.duplicates),
        ("incomplete", load.incomplete, d.incomplete),
        ("never_answered", load.never_answered, d.never_answered),
    ];
    for (name, is, default) in shares {
        list.add(name, percent(is), same_number(is, default));
    }
    let value = format!("{} on average", load.answer_days);
    list.add(
        "answer_days",
        value,
        same_number(load.answer_days, d.answer_days),
    );
    list.add(
        "severity",
        mix(&load.severity, ""),
        load.severity == d.severity,
    );
    let value = format!("{:.1}", load.floods_a_year);
    let own = same_number(load.floods_a_year, d.floods_a_year);
    list.add("floods_a_year", value, own);
    let value = format!("{} reports in {} days", load.flood_size, load.flood_days);
    let own = (load.flood_size, load.flood_days) == (d.flood_size, d.flood_days);
    list.add("flood_size", value, own);
    let own = same_number(load.flood_junk, d.flood_junk);
    list.add("flood_junk", percent(load.flood_junk), own);
}

fn of_effort(list: &mut List<'_>, effort: &Effort) {
    let d = Effort::default();
    let hours = [
        ("first_look", effort.first_look, d.first_look),
        ("plan", effort.plan, d.plan),
        ("assessment", effort.assessment, d.assessment),
        ("release", effort.release, d.release),
        ("backport", effort.backport, d.backport),
        ("status", effort.status, d.status),
    ];
    for (name, is, default) in hours {
        list.add(name, format!("{is:.2} h"), same_number(is, default));
    }
    list.add("fix", mix(&effort.fix, " h"), effort.fix == d.fix);
    let rhythm = match effort.release_every_days {
        0 => "as soon as a fix is ready".to_owned(),
        n if effort.urgent_out_of_rhythm => format!("every {n} days; high and critical at once"),
        n => format!("every {n} days"),
    };
    let own = effort.release_every_days == d.release_every_days
        && effort.urgent_out_of_rhythm == d.urgent_out_of_rhythm;
    list.add("release_every_days", rhythm, own);
}
