//! How promises were kept: figures for anybody, and for the team.
//!
//! Invariants: the public gets figures of cases that ended in a month that is over, as
//! they stood then (`candor_statistics::frozen`), so that no page tells that a report
//! came in (asset A3) or what became of one; how many advisories are public is told at
//! once, since their list is. The team gets all cases as they stand.

mod cache;
mod shown;

use std::collections::BTreeMap;

use candor_access::Action;
use candor_access::view::{PublicFile, StatisticsView};
use candor_base::{Instant, ProgramSlug};
use candor_calendar::WorkCalendar;
use candor_ports::CaseRow;
use candor_statistics::{Counted, Figures, History, csv, figures, frozen};
use serde_json::json;

use crate::app::{App, program_card};
use crate::input::{ActError, Fault};
use crate::programs::{InForce, public_file};
use crate::seal::field_error;
use crate::times;

pub(crate) use cache::FrozenCache;

/// What counts for anybody, in words.
const PERIOD: &str = "Reports that were published or closed before this month count, as they \
                      stood when their month was over, and only five or more at a time.";
/// What counts for the team.
const TEAM_PERIOD: &str = "Every report counts, open ones too. Only the team sees this page.";

/// A form of figures that programs read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FigureFile {
    /// A table.
    Csv,
    /// Everything.
    Json,
}

/// What the team asked for.
struct TeamFigures {
    program: ProgramSlug,
    in_force: std::sync::Arc<InForce>,
    figures: Figures,
    /// The first and the last day as they were read, empty where none was asked for.
    asked: (String, String),
}

impl App {
    /// The public statistics page.
    pub fn statistics(&self, slug: &str) -> Result<StatisticsView, ActError> {
        let (slug, in_force) = self.known_program(slug)?;
        let (figures, published) = self.public_figures(&slug, &in_force)?;
        let few = figures.reports == 0;
        Ok(StatisticsView {
            withheld: few.then(|| {
                "Figures are shown once at least five reports were published or closed in \
                 months that are over; fewer would tell too much about each."
                    .to_owned()
            }),
            period: PERIOD.to_owned(),
            published,
            ..shown::view(program_card(&slug, &in_force), &figures)
        })
    }

    /// The same figures for programs.
    pub fn statistics_file(&self, slug: &str, form: FigureFile) -> Result<PublicFile, ActError> {
        let (slug, in_force) = self.known_program(slug)?;
        let (figures, published) = self.public_figures(&slug, &in_force)?;
        file(&slug, &figures, published, form)
    }

    /// Figures of all cases, for the team. `since` and `until` are days as typed, empty
    /// for all; a report counts by the day on which it came in.
    pub fn team_statistics(
        &self,
        token: &str,
        slug: &str,
        since: &str,
        until: &str,
    ) -> Result<StatisticsView, ActError> {
        let found = self.team_figures(token, slug, [since, until])?;
        Ok(StatisticsView {
            withheld: (found.figures.reports == 0).then(|| "No report counts here yet.".to_owned()),
            period: TEAM_PERIOD.to_owned(),
            published: self.published(&found.program)?,
            asked: found.asked,
            ..shown::view(
                program_card(&found.program, &found.in_force),
                &found.figures,
            )
        })
    }

    /// The same figures for programs, of the same days.
    pub fn team_statistics_file(
        &self,
        token: &str,
        slug: &str,
        since_until: [&str; 2],
        form: FigureFile,
    ) -> Result<PublicFile, ActError> {
        let found = self.team_figures(token, slug, since_until)?;
        let published = self.published(&found.program)?;
        file(&found.program, &found.figures, published, form)
    }

    /// Figures of every program for the operator: those of anybody and those of all
    /// cases. Figures hold no content of a case.
    pub fn operator_statistics(&self) -> Result<serde_json::Value, Fault> {
        let mut out = Vec::new();
        for program in self.store().programs()? {
            let in_force = self.policy_of(&program.slug, &program.policy)?;
            let (public, published) = self.public_figures(&program.slug, &in_force)?;
            let histories = self.histories(&program.slug, &in_force, |_| true)?;
            let calendar = in_force.policy.calendar();
            let all = figures(Counted::Team(&histories), &calendar, self.now());
            out.push(json!({
                "program": program.slug.to_string(),
                "published": published,
                "public": public,
                "all": all,
                "csv": csv(&all),
            }));
        }
        Ok(serde_json::Value::Array(out))
    }

    fn team_figures(
        &self,
        token: &str,
        slug: &str,
        [since, until]: [&str; 2],
    ) -> Result<TeamFigures, ActError> {
        let (_, slug, _) = self.staff_in(token, slug, Action::ReadInbox)?;
        let (slug, in_force) = self.known_program(slug.as_str())?;
        let calendar = in_force.policy.calendar();
        let from = day("since", since, &calendar)?;
        let last = day("until", until, &calendar)?;
        let to = last.map(|at| calendar.end_of_day(calendar.local_date(at)));
        let shown = |at: Option<Instant>| at.map(|at| calendar.local_date(at).to_string());
        let asked = (
            shown(from).unwrap_or_default(),
            shown(last).unwrap_or_default(),
        );
        let histories = self.histories(&slug, &in_force, |row| {
            from.is_none_or(|from| row.received >= from) && to.is_none_or(|to| row.received <= to)
        })?;
        let all = figures(Counted::Team(&histories), &calendar, self.now());
        Ok(TeamFigures {
            program: slug,
            in_force,
            figures: all,
            asked,
        })
    }

    fn histories(
        &self,
        slug: &ProgramSlug,
        in_force: &InForce,
        counts: impl Fn(&CaseRow) -> bool,
    ) -> Result<Vec<History>, Fault> {
        let dates = release_dates(in_force);
        let now = self.now();
        let rows = self.store().rows(slug)?;
        let wanted = rows.iter().filter(|row| counts(row)).map(|row| row.case);
        let mut out = Vec::new();
        self.store()
            .load_each(slug, &wanted.collect(), &mut |_, events| {
                out.extend(History::of(&events, &dates, now));
            })?;
        Ok(out)
    }

    /// What may be told, and how many advisories are public.
    fn public_figures(
        &self,
        slug: &ProgramSlug,
        in_force: &InForce,
    ) -> Result<(Figures, u32), Fault> {
        let now = self.now();
        let dates = release_dates(in_force);
        let basis = cache::basis(&in_force.policy.digest, now);
        let heads = self.store().heads(slug)?;
        let (mut cases, missing) = self.frozen_cases.known(&heads, basis);
        self.store()
            .load_each(slug, &missing, &mut |case, events| {
                let seq = events.last().map_or(0, |r| r.seq);
                let fresh = frozen(&events, &dates, now);
                self.frozen_cases.keep(case, seq, basis, fresh.clone());
                cases.extend(fresh);
            })?;
        let calendar = in_force.policy.calendar();
        let told = figures(Counted::Public(&cases), &calendar, now);
        Ok((told, self.published(slug)?))
    }

    /// How many advisories are public.
    fn published(&self, slug: &ProgramSlug) -> Result<u32, Fault> {
        let all = self.store().publications(slug)?.len();
        Ok(u32::try_from(all).unwrap_or(u32::MAX))
    }
}

/// The days of releases as instants: the end of each day, so that no fix counts as
/// earlier than it was.
fn release_dates(in_force: &InForce) -> BTreeMap<String, Instant> {
    let calendar = in_force.policy.calendar();
    let releases = in_force.policy.settings.releases.iter();
    let dated = releases.filter_map(|r| Some((r.version.clone(), calendar.end_of_day(r.date?))));
    dated.collect()
}

/// The start of a day as typed in this field; none where nothing was typed.
fn day(field: &str, typed: &str, calendar: &WorkCalendar) -> Result<Option<Instant>, ActError> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let at = times::typed(typed, "", calendar).map_err(|why| field_error(field, why))?;
    Ok(Some(at))
}

fn file(
    slug: &ProgramSlug,
    figures: &Figures,
    published: u32,
    form: FigureFile,
) -> Result<PublicFile, ActError> {
    let (kind, body) = match form {
        FigureFile::Csv => ("text/csv; charset=utf-8", csv(figures).into_bytes()),
        FigureFile::Json => {
            let value = json!({
                "program": slug.to_string(),
                "advisories": published,
                "figures": figures,
            });
            let text = serde_json::to_vec_pretty(&value);
            let bytes = text.map_err(|e| Fault::inside(format!("figures: {e}")))?;
            ("application/json", bytes)
        }
    };
    Ok(public_file(kind, body))
}
