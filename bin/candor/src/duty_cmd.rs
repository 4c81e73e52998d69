//! `candor duty`: the laws that Candor knows about, with their times and facts.

use candor_base::Instant;
use candor_duty::{Regime, RegimeId, Table, table};
use serde_json::json;

use crate::cli::{DutyCommand, DutyListArgs, DutyShowArgs};
use crate::policy;
use crate::say;
use crate::stop::{Done, Stop};

/// Lists or shows.
pub(crate) fn run(command: &DutyCommand) -> Done {
    match command {
        DutyCommand::List(args) => list(args),
        DutyCommand::Show(args) => show(args),
    }
}

/// The committed table.
pub(crate) fn regimes() -> Result<&'static Table, Stop> {
    table().map_err(|why| Stop::environment(format!("This build is damaged: {why}.")))
}

/// Names of regimes that nobody compared with their source for too long.
pub(crate) fn stale(now: Instant) -> Result<Vec<String>, Stop> {
    let today = candor_calendar::WorkCalendar::utc_mon_fri().local_date(now);
    let names = regimes()?.stale(today).into_iter();
    Ok(names
        .map(|r| format!("{} ({})", r.id, r.checked_on))
        .collect())
}

fn list(args: &DutyListArgs) -> Done {
    let table = regimes()?;
    if args.json {
        say::line(&policy::json(
            &json!({"version": table.version, "regimes": table.regimes}),
        )?);
        return Ok(());
    }
    for regime in &table.regimes {
        let stages: Vec<String> = regime
            .stages
            .iter()
            .map(|s| format!("{} {}", s.name.to_lowercase(), s.within))
            .collect();
        say::line(&format!("{:<22} {}", regime.id.to_string(), regime.name));
        say::line(&format!("{:<22} {}", "", stages.join(", ")));
        if let Some(why) = disabled(table, regime) {
            say::line(&format!("{:<22} off: {why}", ""));
        }
    }
    say::line(&format!(
        "Table of {}. Candor files nothing; a person does.",
        table.version
    ));
    warn_of_age()
}

fn disabled<'a>(table: &'a Table, regime: &Regime) -> Option<&'a str> {
    table.family(&regime.family)?.disabled.as_deref()
}

fn warn_of_age() -> Done {
    for name in stale(Instant::from(jiff::Timestamp::now()))? {
        say::note(&format!(
            "warning: nobody has compared {name} with its source for more than {} days",
            candor_duty::STALE_AFTER_DAYS
        ));
    }
    Ok(())
}

fn show(args: &DutyShowArgs) -> Done {
    let table = regimes()?;
    let family: Vec<&Regime> = table
        .regimes
        .iter()
        .filter(|r| r.family.to_string() == args.regime)
        .collect();
    if !family.is_empty() {
        return show_family(table, &family, args.json);
    }
    let unknown = || {
        Stop::input(format!(
            "There is no regime \u{201c}{}\u{201d}. `candor duty list` names them.",
            args.regime.chars().take(60).collect::<String>()
        ))
    };
    let id: RegimeId = args.regime.parse().map_err(|_| unknown())?;
    let regime = table.regime(&id).ok_or_else(unknown)?;
    if args.json {
        say::line(&policy::json(regime)?);
        return Ok(());
    }
    in_words(table, regime);
    warn_of_age()
}

/// Every regime of a family, by the name that settings use; JSON is a list then.
fn show_family(table: &Table, family: &[&Regime], json: bool) -> Done {
    if json {
        say::line(&policy::json(&family)?);
        return Ok(());
    }
    for (n, regime) in family.iter().enumerate() {
        if n > 0 {
            say::line("");
        }
        say::line(&format!("[{}]", regime.id));
        in_words(table, regime);
    }
    warn_of_age()
}

fn in_words(table: &Table, regime: &Regime) {
    head(table, regime);
    for stage in &regime.stages {
        let from = match &stage.from {
            candor_duty::Anchor::Aware => "becoming aware".to_owned(),
            candor_duty::Anchor::MeasureAvailable => "a measure being available".to_owned(),
            candor_duty::Anchor::Submitted(id) => format!("submitting {id}"),
        };
        say::line(&format!(
            "\n{}: {} from {from} ({})",
            stage.name, stage.within, stage.law
        ));
        for field in &regime.fields {
            let demand = regime.demand(&stage.id, field);
            if demand == candor_duty::Demand::Absent {
                continue;
            }
            let max = field
                .max
                .map_or(String::new(), |m| format!(", {m} characters"));
            say::line(&format!("  {:<13} {}{max}", demand.words(), field.label));
        }
    }
}

fn head(table: &Table, regime: &Regime) {
    say::line(&regime.name);
    let mut lines = vec![
        ("law", regime.law.as_str()),
        ("to", regime.recipient.as_str()),
        ("aware", regime.aware.as_str()),
    ];
    lines.extend(regime.portal.iter().map(|p| ("filed at", p.as_str())));
    lines.extend(regime.users.iter().map(|u| ("users", u.as_str())));
    lines.extend(regime.questions.iter().map(|q| ("ask", q.as_str())));
    lines.extend(regime.notes.iter().map(|n| ("note", n.as_str())));
    lines.push(("source", regime.source.as_str()));
    lines.push(("", regime.confidence.words()));
    let checked = regime.checked_on.to_string();
    lines.push(("checked", checked.as_str()));
    lines.extend(disabled(table, regime).map(|why| ("off", why)));
    for (label, text) in lines {
        say::line(&format!("  {label:<9} {}", say::wrapped(text, 12)));
    }
}
