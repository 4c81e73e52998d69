//! What the owner of a program adds to its policy.
//!
//! Invariants: a change makes a new policy version and holds for later cases
//! only; every wrong field is named; nothing is stored while one is wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use candor_access::Action;
use candor_access::build;
use candor_access::view::{FieldError, PolicyPageView, SettingsView};
use candor_advisory::Link;
use candor_base::{AccountId, Finding, Line, ProgramSlug};
use candor_calendar::{NonbusinessReceipt, Region, Workweek, Zone};
use candor_policy::model::Milestone;
use candor_policy::{
    NamedAddress, PolicyInForce, Release, Settings, holidays_finding, is_address, questions,
    review_finding,
};
use candor_ports::PolicyActKind;
use jiff::civil::{Date, Time};

use crate::app::{App, program_card};
use crate::input::{ActError, Fault};
use crate::programs::{InForce, Version};
use crate::regulators;
use crate::seal::is_unseen;
use crate::versions::changed_meanwhile;

const WEEKDAYS: [(&str, &str, u8); 7] = [
    ("mon", "monday", 1),
    ("tue", "tuesday", 2),
    ("wed", "wednesday", 3),
    ("thu", "thursday", 4),
    ("fri", "friday", 5),
    ("sat", "saturday", 6),
    ("sun", "sunday", 7),
];
/// Most lines of one field.
const MOST_LINES: usize = 2_000;
/// Longest delay before a team of one confirms a publication again, in minutes.
const LONGEST_LOOK: u32 = 7 * 24 * 60;

impl App {
    pub(crate) fn owned(&self, token: &str, slug: &str) -> Result<ProgramSlug, ActError> {
        self.owner(token, slug).map(|(slug, _)| slug)
    }

    /// The program, and who asks for it by right of an owner.
    pub(crate) fn owner(
        &self,
        token: &str,
        slug: &str,
    ) -> Result<(ProgramSlug, AccountId), ActError> {
        let (staff, slug, _) = self.staff_in(token, slug, Action::Settings)?;
        Ok((slug, staff.account.id))
    }

    /// The same, with a fresh second factor.
    pub(crate) fn fresh_owner(
        &self,
        token: &str,
        slug: &str,
    ) -> Result<(ProgramSlug, AccountId), ActError> {
        let (staff, slug, _) = self.staff_in(token, slug, Action::Settings)?;
        self.fresh(&staff, None)?;
        Ok((slug, staff.account.id))
    }

    /// What the owner should know of the policy: what its text lacks, and its review
    /// when that is due (S1-46).
    pub(crate) fn noticed(
        &self,
        slug: &ProgramSlug,
        in_force: &InForce,
    ) -> Result<Vec<Finding>, Fault> {
        let policy = &in_force.policy;
        let calendar = policy.calendar();
        let since = calendar.local_date(self.since(slug, in_force)?);
        let today = calendar.local_date(self.now());
        Ok(review_finding(policy, since, today)
            .into_iter()
            .chain(holidays_finding(policy, today))
            .chain(in_force.findings.iter().cloned())
            .collect())
    }

    /// The settings of a program.
    pub fn settings(&self, token: &str, slug: &str) -> Result<SettingsView, ActError> {
        let slug = self.owned(token, slug)?;
        let (slug, in_force) = self.known_program(slug.as_str())?;
        let policy = &in_force.policy;
        Ok(SettingsView {
            program: program_card(&slug, &in_force),
            values: {
                let mut all = values(&policy.settings);
                all.extend(self.regulator_values(&slug)?);
                all
            },
            questions: questions(policy),
            findings: self.noticed(&slug, &in_force)?,
            regulators: regulators::questions()?,
            errors: Vec::new(),
            courier: self.parts.courier.describe(),
            base: policy.digest.to_string(),
        })
    }

    /// Saves the settings as a new policy version; gives a sentence that says so. `base` is
    /// the version whose settings were shown.
    pub fn save_settings(
        &self,
        token: &str,
        slug: &str,
        fields: BTreeMap<String, String>,
        base: &str,
    ) -> Result<String, ActError> {
        let (slug, account) = self.fresh_owner(token, slug)?;
        let answers = regulators::typed(&fields)?;
        let settings = parse(fields).map_err(ActError::Fields)?;
        self.known_people(&slug, &settings)?;
        let (slug, old) = self.known_program(slug.as_str())?;
        if old.policy.digest.to_string() != base {
            return Err(changed_meanwhile());
        }
        let answered = self.save_regulators(&slug, account, answers)?;
        if settings == old.policy.settings {
            return Ok(if answered {
                "The answers about regulators are saved. They hold at once, for open cases too."
            } else {
                "Nothing was changed."
            }
            .to_owned());
        }
        let policy = PolicyInForce::assemble(&old.text, old.policy.policy.clone(), settings);
        let version = Version {
            name: &old.name,
            policy: &policy,
            text: &old.text,
            file: &old.file,
        };
        let by = (PolicyActKind::Settings, Some(account));
        self.replace(&slug, &version, &old, by)?;
        self.schedule_open_cases(&slug)?;
        let recounted = self.recount_open_cases(&slug, &old.policy, &policy)?;
        Ok(if recounted {
            "The settings are saved. They hold for reports that come in from now on. Open \
             promises were counted again with the new days off: none became later."
        } else {
            "The settings are saved. They hold for reports that come in from now on."
        }
        .to_owned())
    }

    /// Whoever is named in the line of alarm works here.
    fn known_people(&self, slug: &ProgramSlug, settings: &Settings) -> Result<(), ActError> {
        let team = self.team_of(slug)?;
        let line = [
            ("on_duty", &settings.on_duty),
            ("deputy", &settings.deputy),
            ("head", &settings.head),
        ];
        let strangers: Vec<FieldError> = line
            .into_iter()
            .filter_map(|(field, login)| Some((field, login.as_ref()?)))
            .filter(|(_, login)| !team.iter().any(|a| a.login == **login))
            .map(|(field, _)| FieldError {
                field: field.to_owned(),
                message: "Nobody who works in this program has this login.".to_owned(),
            })
            .collect();
        if strangers.is_empty() {
            Ok(())
        } else {
            Err(ActError::Fields(strangers))
        }
    }

    /// The policy page as its owner sees it: with findings.
    pub fn owner_policy_page(&self, token: &str, slug: &str) -> Result<PolicyPageView, ActError> {
        let slug = self.owned(token, slug)?;
        let (slug, in_force) = self.known_program(slug.as_str())?;
        let findings = self.noticed(&slug, &in_force)?;
        let card = program_card(&slug, &in_force);
        let since = self.since(&slug, &in_force)?;
        Ok(build::policy_page(
            &in_force.policy,
            &card,
            since,
            self.now(),
            findings,
        ))
    }
}

/// Fields to settings; all errors at once.
struct Form {
    fields: BTreeMap<String, String>,
    errors: Vec<FieldError>,
}

impl Form {
    fn get(&self, name: &str) -> String {
        self.fields
            .get(name)
            .map_or_else(String::new, |t| t.trim().to_owned())
    }

    fn wrong(&mut self, field: &str, message: impl Into<String>) {
        self.errors.push(FieldError {
            field: field.to_owned(),
            message: message.into(),
        });
    }

    /// A field that may be empty, read by a function.
    fn read<T>(&mut self, name: &str, message: &str, read: fn(&str) -> Option<T>) -> Option<T> {
        let text = self.get(name);
        if text.is_empty() {
            return None;
        }
        let value = read(&text);
        if value.is_none() {
            self.wrong(name, message);
        }
        value
    }

    /// A field of lines, each read by a function.
    fn lines<T>(&mut self, name: &str, message: &str, read: fn(&str) -> Option<T>) -> Vec<T> {
        let text = self.get(name);
        let mut out = Vec::new();
        let filled = || text.lines().map(str::trim).filter(|l| !l.is_empty());
        let count = filled().count();
        if count > MOST_LINES {
            self.wrong(
                name,
                format!("There are {count} lines here, and at most {MOST_LINES} can be kept. Take out those that are over."),
            );
            return out;
        }
        for line in filled() {
            if let Some(value) = read(line) {
                out.push(value);
            } else {
                let shown: String = line.chars().take(60).collect();
                self.wrong(name, format!("\u{201c}{shown}\u{201d}: {message}"));
            }
        }
        out
    }
}

fn parse(fields: BTreeMap<String, String>) -> Result<Settings, Vec<FieldError>> {
    let mut f = Form {
        fields,
        errors: Vec::new(),
    };
    let address = "This does not look like an e-mail address.";
    let one_line = "This must be one line of at most 300 characters.";
    let date = "Write the date like 2026-12-31.";
    let login_words = "Write the login of a person who works in this program.";
    let named = "Write a name and an address: Ada Lovelace <ada@example.org>.";
    let holidays: BTreeSet<Date> = f.lines("holidays", date, holiday).into_iter().collect();
    let region = "Write a country like NO, or a part of one like GB-ENG or DE-BY, one a line.";
    let hour = "Write a time like 17:00.";
    let settings = Settings {
        zone: f.read("zone", "Write a time zone like Europe/Oslo or UTC.", |t| {
            t.parse::<Zone>().ok()
        }),
        workweek: f.read(
            "workweek",
            "Write the days of work like mon, tue, wed, thu, fri.",
            workweek,
        ),
        holidays,
        holiday_regions: f
            .lines("holiday_regions", region, first_word::<Region>)
            .into_iter()
            .collect(),
        working_days: f.lines("working_days", date, holiday).into_iter().collect(),
        working_hours: f.read(
            "working_hours",
            "Write begin and end of the working day like 09:00-17:00.",
            hours,
        ),
        cutoff: f.read("cutoff", hour, |t| t.parse::<Time>().ok()),
        nonbusiness_receipt: f.read(
            "nonbusiness_receipt",
            "Choose count_next or deem_received_next.",
            |t| match t {
                "count_next" => Some(NonbusinessReceipt::CountNext),
                "deem_received_next" => Some(NonbusinessReceipt::DeemReceivedNext),
                _ => None,
            },
        ),
        security_address: f.read("security_address", address, |t| {
            is_address(t).then(|| t.to_owned())
        }),
        github_repository: f.read(
            "github_repository",
            "Write owner and repository like acme/widget.",
            repository,
        ),
        private_contact: f.read("private_contact", one_line, line),
        maintainers: f.lines("maintainers", named, named_address),
        response_means: f.read("response_means", "Choose plan or fix.", |t| match t {
            "plan" => Some(Milestone::Plan),
            "fix" => Some(Milestone::Fix),
            _ => None,
        }),
        releases: f.lines(
            "releases",
            "Write a version, like 1.4.2 or 0.9 unsupported.",
            release,
        ),
        next_release: f.read("next_release", date, |t| t.parse::<Date>().ok()),
        four_eyes: matches!(f.get("four_eyes").as_str(), "on" | "yes" | "true"),
        second_look_minutes: f
            .read(
                "second_look_minutes",
                "Write a number of minutes, at most 10080 (a week).",
                |t| t.parse::<u32>().ok().filter(|m| *m <= LONGEST_LOOK),
            )
            .unwrap_or(0),
        last_review: f.read("last_review", date, |t| t.parse::<Date>().ok()),
        distributors: f.lines("distributors", named, named_address),
        publisher: f.read("publisher", one_line, line),
        on_duty: f.read("on_duty", login_words, login),
        deputy: f.read("deputy", login_words, login),
        head: f.read("head", login_words, login),
        namespace: f.read(
            "namespace",
            "Write an address like https://example.org.",
            |t| t.parse::<Link>().ok().map(|l| l.as_str().to_owned()),
        ),
    };
    if f.errors.is_empty() {
        Ok(settings)
    } else {
        Err(f.errors)
    }
}

fn line(text: &str) -> Option<String> {
    Line::new(text).ok().map(|l| l.as_str().to_owned())
}

/// A date, and after it whatever the day is called.
fn holiday(text: &str) -> Option<Date> {
    first_word(text)
}

/// A value, and after it whatever it is called.
fn first_word<T: FromStr>(text: &str) -> Option<T> {
    text.split_whitespace().next()?.parse().ok()
}

/// `09:00-17:00`; an end of 00:00 is midnight at the end of the day.
fn hours(text: &str) -> Option<(Time, Time)> {
    let (from, to) = text.split_once(['-', '\u{2013}'])?;
    let from: Time = from.trim().parse().ok()?;
    let to: Time = to.trim().parse().ok()?;
    (from < to || to == Time::midnight()).then_some((from, to))
}

fn workweek(text: &str) -> Option<Workweek> {
    let days: Option<Vec<u8>> = text
        .split([',', ' '])
        .filter(|d| !d.is_empty())
        .map(|day| {
            let day = day.to_lowercase();
            let fits = |short: &str, long: &str| day.starts_with(short) && long.starts_with(&day);
            let found = WEEKDAYS.iter().find(|(short, long, _)| fits(short, long));
            found.map(|(_, _, n)| *n)
        })
        .collect();
    Workweek::new(&days?).ok()
}

/// The name somebody signs in with.
fn login(text: &str) -> Option<String> {
    line(text).filter(|t| t.chars().count() <= 100 && !t.contains(char::is_whitespace))
}

fn repository(text: &str) -> Option<String> {
    let (owner, name) = text.split_once('/')?;
    let good = |t: &str| {
        !t.is_empty()
            && t.len() <= 100
            && t.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    (good(owner) && good(name)).then(|| text.to_owned())
}

fn named_address(text: &str) -> Option<NamedAddress> {
    let (name, rest) = text.split_once('<')?;
    let address = rest.strip_suffix('>')?.trim();
    let name = line(name)?;
    is_address(address).then(|| NamedAddress {
        name,
        address: address.to_owned(),
    })
}

/// No sign in it that is not seen, or that makes others read otherwise.
fn readable(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() || is_unseen(c))
}

/// A version, then its mark and the day of its release, each where it is known.
fn release(text: &str) -> Option<Release> {
    let mut words = text.split_whitespace();
    let version = words
        .next()
        .filter(|v| v.len() <= 60 && readable(v))?
        .to_owned();
    let mut found = Release {
        version,
        supported: None,
        date: None,
    };
    for word in words {
        match word.to_lowercase().as_str() {
            "supported" if found.supported.is_none() => found.supported = Some(true),
            "unsupported" if found.supported.is_none() => found.supported = Some(false),
            day if found.date.is_none() => found.date = Some(day.parse().ok()?),
            _ => return None,
        }
    }
    Some(found)
}

/// A release as a line of the form; what [`release`] reads back the same.
fn release_line(release: &Release) -> String {
    let mark = match release.supported {
        None => "",
        Some(true) => " supported",
        Some(false) => " unsupported",
    };
    let day = release.date.map(|d| format!(" {d}")).unwrap_or_default();
    format!("{}{mark}{day}", release.version)
}

/// Settings as the form shows them; what `parse` reads back the same.
fn values(s: &Settings) -> BTreeMap<String, String> {
    let opt = |v: &Option<String>| v.clone().unwrap_or_default();
    let dates = |d: &Option<Date>| d.map(|d| d.to_string()).unwrap_or_default();
    let people = |all: &[NamedAddress]| {
        let lines: Vec<String> = all
            .iter()
            .map(|n| format!("{} <{}>", n.name, n.address))
            .collect();
        lines.join("\n")
    };
    let holidays: Vec<String> = s.holidays.iter().map(ToString::to_string).collect();
    let hour = |t: Time| t.strftime("%H:%M").to_string();
    let working_days: Vec<String> = s.working_days.iter().map(ToString::to_string).collect();
    let regions: Vec<String> = s
        .holiday_regions
        .iter()
        .map(|r| format!("{r} {}", r.name()))
        .collect();
    let releases: Vec<String> = s.releases.iter().map(release_line).collect();
    let weekdays = s.workweek.map(|w| {
        let days = w.iso_days();
        let names = WEEKDAYS.iter().filter(|(_, _, n)| days.contains(n));
        names
            .map(|(name, _, _)| *name)
            .collect::<Vec<_>>()
            .join(",")
    });
    [
        (
            "zone",
            s.zone.as_ref().map(ToString::to_string).unwrap_or_default(),
        ),
        ("workweek", weekdays.unwrap_or_default()),
        ("holidays", holidays.join("\n")),
        ("holiday_regions", regions.join("\n")),
        ("working_days", working_days.join("\n")),
        (
            "working_hours",
            s.working_hours
                .map(|(from, to)| format!("{}-{}", hour(from), hour(to)))
                .unwrap_or_default(),
        ),
        ("cutoff", s.cutoff.map(hour).unwrap_or_default()),
        (
            "nonbusiness_receipt",
            match s.nonbusiness_receipt {
                Some(NonbusinessReceipt::CountNext) => "count_next",
                Some(NonbusinessReceipt::DeemReceivedNext) => "deem_received_next",
                None => "",
            }
            .to_owned(),
        ),
        ("security_address", opt(&s.security_address)),
        ("github_repository", opt(&s.github_repository)),
        ("private_contact", opt(&s.private_contact)),
        ("maintainers", people(&s.maintainers)),
        (
            "response_means",
            match s.response_means {
                Some(Milestone::Fix) => "fix",
                Some(_) => "plan",
                None => "",
            }
            .to_owned(),
        ),
        ("releases", releases.join("\n")),
        ("next_release", dates(&s.next_release)),
        ("four_eyes", if s.four_eyes { "on" } else { "" }.to_owned()),
        ("second_look_minutes", s.second_look_minutes.to_string()),
        ("last_review", dates(&s.last_review)),
        ("distributors", people(&s.distributors)),
        ("publisher", opt(&s.publisher)),
        ("on_duty", opt(&s.on_duty)),
        ("deputy", opt(&s.deputy)),
        ("head", opt(&s.head)),
        ("namespace", opt(&s.namespace)),
    ]
    .into_iter()
    .map(|(name, text)| (name.to_owned(), text))
    .collect()
}

#[cfg(test)]
mod tests;
