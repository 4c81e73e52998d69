//! Fields of settings and people, and pieces that several acts share.

use std::collections::BTreeMap;

use candor_access::view::{FieldError, PeopleView, SettingsView};

use crate::ui::{Field, Kind, field};

/// The settings, in groups.
pub(super) fn settings_groups(v: &SettingsView) -> Vec<(&'static str, Vec<Field>)> {
    let groups = vec![
        ("Time", time_fields()),
        ("Channels", channel_fields()),
        ("Versions", version_fields()),
        ("Publishing", publishing_fields()),
        ("Who is called when a promise was missed", alarm_fields()),
        ("Regulators", regulator_fields(v)),
    ];
    groups
        .into_iter()
        .map(|(title, fields)| {
            let fields = fields
                .into_iter()
                .map(|field| {
                    let value = v.values.get(&field.name).cloned().unwrap_or_default();
                    let error = v.errors.iter().find(|e| e.field == field.name);
                    field.value(value).error(error.map(|e| e.message.clone()))
                })
                .collect();
            (title, fields)
        })
        .collect()
}

/// Which laws hold: asked in plain words, "no" until somebody says otherwise.
fn regulator_fields(v: &SettingsView) -> Vec<Field> {
    v.regulators
        .iter()
        .map(|q| {
            field(&q.field, &q.question)
                .kind(Kind::Radio)
                .help(q.help.clone())
                .option("no", "No")
                .options(q.answers.clone())
        })
        .collect()
}

fn time_fields() -> Vec<Field> {
    vec![
        field("zone", "Time zone")
            .help("Its name in the IANA list, such as Europe/Oslo. UTC when empty."),
        field("workweek", "Business days").help("Such as mon,tue,wed,thu,fri."),
        field("holiday_regions", "Public holidays of")
            .kind(Kind::Area(2))
            .help(
                "One country or part of one a line, such as NO, GB-ENG or DE-BY. A day counts \
                 only when people work in all of them.",
            ),
        field("holidays", "More holidays").kind(Kind::Area(4)).help(
            "One date a line, such as 2026-12-25 Christmas. A change never makes an open \
                 promise later.",
        ),
        field("working_days", "Days of work all the same")
            .kind(Kind::Area(2))
            .help("Dates on which you work although they are a public holiday or on a weekend."),
        field("working_hours", "Working hours")
            .help("Such as 09:00-17:00. Business hours run then, and reminders come then."),
        field("cutoff", "Reports count for the next day from")
            .help("Such as 17:00, for promises in business days. Off when empty."),
        field("nonbusiness_receipt", "A report on a day off")
            .kind(Kind::Select)
            .option(
                "",
                "Counts from that day; with a cut-off, for the next business day",
            )
            .option("count_next", "Counts from that day, also with a cut-off")
            .option(
                "deem_received_next",
                "Counts as received on the next business day",
            )
            .help("For promises in business days."),
    ]
}

fn channel_fields() -> Vec<Field> {
    vec![
        field("security_address", "Security e-mail address")
            .help("For a policy that says “mail us” without an address."),
        field("github_repository", "GitHub repository").help("Such as owner/name."),
        field("private_contact", "Private contact").kind(Kind::Area(2)),
        field("maintainers", "Maintainers")
            .kind(Kind::Area(3))
            .help("One a line."),
        field("response_means", "What “response” means here")
            .help("For a severity table that says “response” without saying to what."),
    ]
}

fn version_fields() -> Vec<Field> {
    vec![
        field("releases", "Releases").kind(Kind::Area(4)).help(
            "One a line, such as 1.4.2, or 0.9 unsupported, with the day of its release where \
                 you know it: 1.4.2 2026-01-31. From the tags of a repository: candor release \
                 import. They hold for open cases, too.",
        ),
        field("next_release", "Next release").kind(Kind::Date),
    ]
}

fn publishing_fields() -> Vec<Field> {
    vec![
        field("four_eyes", "A second person has to approve each advisory").kind(Kind::Check),
        field("second_look_minutes", "Minutes until one's own second look")
            .kind(Kind::Number)
            .help(
                "Where the same person approves and publishes, so many minutes lie between. \
                 0: at once, without a pause. 60 is a good pause.",
            ),
        field("last_review", "Policy reviewed last").kind(Kind::Date),
        field("distributors", "Distributors")
            .kind(Kind::Area(2))
            .help("One a line."),
        field("publisher", "Publisher in advisories").help("The project’s name when empty."),
        field("namespace", "Address of the publisher")
            .help("A web address of the project. Machines tell publishers apart by it."),
    ]
}

fn alarm_fields() -> Vec<Field> {
    let login = "A login. Everybody is called where this is empty.";
    vec![
        field("on_duty", "On duty")
            .help("A login. Called after four hours, or first where nobody leads the case."),
        field("deputy", "Deputy").help(login),
        field("head", "Head of the team").help(login),
    ]
}

/// The form for a new account.
pub(super) fn person_fields(
    v: &PeopleView,
    typed: &BTreeMap<String, String>,
    errors: &[FieldError],
) -> Vec<Field> {
    let fields = vec![
        field("login", "Login").required(),
        field("name", "Name").required(),
        field("email", "E-mail address")
            .kind(Kind::Email)
            .required(),
        field("program", "Program")
            .kind(Kind::Select)
            .options(v.programs.clone()),
        field("role", "Role")
            .kind(Kind::Radio)
            .option("member", "Member: works on cases")
            .option("owner", "Owner: also settings and people")
            .value("member"),
    ];
    fields
        .into_iter()
        .map(|field| {
            let error = errors
                .iter()
                .find(|e| e.field == field.name)
                .map(|e| e.message.clone());
            match typed.get(&field.name) {
                Some(value) => field.value(value.clone()).error(error),
                None => field.error(error),
            }
        })
        .collect()
}

/// The text to the reporter.
pub(super) fn message(label: &str) -> Field {
    field("message", label)
        .kind(Kind::Area(5))
        .help("The reporter reads this.")
}

/// Files that go with it.
pub(super) fn files() -> Field {
    field("files", "Files").kind(Kind::Files)
}

/// A day and a time in the policy's zone.
pub(super) fn date_and_time() -> Vec<Field> {
    vec![
        field("date", "Date").kind(Kind::Date),
        field("time", "Time")
            .kind(Kind::Time)
            .help("In the policy’s time zone."),
    ]
}

/// A yes or no.
pub(super) fn yes_no(name: &str, label: &str, yes: &str, no: &str) -> Field {
    field(name, label)
        .kind(Kind::Radio)
        .option("yes", yes)
        .option("no", no)
}
