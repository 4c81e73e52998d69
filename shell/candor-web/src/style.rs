//! The design system on one page, in development mode only.
//!
//! Invariants: it shows made-up values and asks no use case anything.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use candor_access::view::{ClockLook, ClockView, FileView, MessageView, RoomStep, When};
use candor_access::{Lane, MessageKind};
use candor_base::{Instant, InstantError};

use crate::answer::{Stop, form_page};
use crate::ui::{self, Act, Badge, Chrome, Field, Forms, Kind, Notice, Side, badge, field};

/// Monday 4 January 2027, 12:00 UTC: the report of all samples.
const START: i64 = 1_799_064_000;
const HOUR: i64 = 3600;

#[derive(Debug, Template)]
#[template(path = "style.html")]
pub(crate) struct StylePage {
    pub chrome: Chrome,
    swatches: [&'static str; 9],
    badges: Vec<Badge>,
    notices: Vec<Notice>,
    fields: Vec<Field>,
    clocks: Vec<ClockView>,
    steps: Vec<RoomStep>,
    messages: Vec<MessageView>,
    acts: Vec<Act>,
}

/// A moment, so many hours after the sample report.
pub(crate) fn moment(hours: i64, relative: &str) -> Result<When, InstantError> {
    let at = Instant::from_unix(START.saturating_add(hours.saturating_mul(HOUR)))?;
    let words = format!("{} UTC", at.timestamp().strftime("%a %-d %b %Y, %H:%M:%S"));
    Ok(When {
        at,
        words,
        relative: relative.to_owned(),
    })
}

/// A clock in one of its looks.
pub(crate) fn sample_clock(look: ClockLook) -> Result<ClockView, InstantError> {
    let late = matches!(look, ClockLook::Late | ClockLook::Overdue);
    let met = match look {
        ClockLook::Met => Some(moment(20, "2 days ago")?),
        ClockLook::Late => Some(moment(60, "1 day ago")?),
        _ => None,
    };
    Ok(ClockView {
        key: format!("{look:?}").to_lowercase(),
        what: "A person answers you".to_owned(),
        firmness: if look == ClockLook::Near {
            "target"
        } else {
            "promise"
        }
        .to_owned(),
        quote: Some("Initial acknowledgment: Within 48 hours".to_owned()),
        lines: Some("line 34".to_owned()),
        look,
        from: moment(0, "")?,
        due: if look == ClockLook::Unscheduled {
            None
        } else {
            Some(moment(48, "in 9 hours")?)
        },
        original_due: if look == ClockLook::Paused {
            Some(moment(36, "")?)
        } else {
            None
        },
        met,
        late: late.then(|| "12 hours late".to_owned()),
        percent: match look {
            ClockLook::Near => 86,
            ClockLook::Unscheduled => 0,
            _ => 42,
        },
        explanation: vec!["48 hours, every hour counts".to_owned()],
        agreed: if look == ClockLook::Waived {
            vec!["Waived: you agreed on Tue 2 Jun 2026.".to_owned()]
        } else {
            Vec::new()
        },
        periods: None,
    })
}

/// Every look a clock can have.
pub(crate) const LOOKS: [ClockLook; 9] = [
    ClockLook::Running,
    ClockLook::Near,
    ClockLook::Paused,
    ClockLook::Met,
    ClockLook::Overdue,
    ClockLook::Late,
    ClockLook::Stopped,
    ClockLook::Waived,
    ClockLook::Unscheduled,
];

/// The road with the third stage reached.
pub(crate) fn sample_steps() -> Result<Vec<RoomStep>, InstantError> {
    let names = [
        "Received",
        "Acknowledged",
        "Assessed",
        "Accepted",
        "Fixed",
        "Published",
    ];
    names
        .into_iter()
        .enumerate()
        .map(|(at, name)| {
            Ok(RoomStep {
                name: name.to_owned(),
                done: at < 2,
                current: at == 2,
                when: if at < 2 {
                    Some(moment(20, "2 days ago")?)
                } else {
                    None
                },
            })
        })
        .collect()
}

/// A message in a lane.
pub(crate) fn sample_message(lane: Lane, kind: MessageKind) -> Result<MessageView, InstantError> {
    Ok(MessageView {
        id: format!("{lane:?}{kind:?}").to_lowercase(),
        when: moment(20, "2 days ago")?,
        from: if lane == Lane::Reporter {
            "The reporter"
        } else {
            "Ada"
        }
        .to_owned(),
        own: lane == Lane::Team,
        lane,
        kind,
        text: "Thank you for the report.\nWe reproduce it on 1.4.2 & <main>.".to_owned(),
        files: vec![FileView {
            id: "f1".to_owned(),
            name: "trace.txt".to_owned(),
            size: "3 KiB".to_owned(),
            sha256: "9f86d081884c7d659a2feaa0c55ad015".to_owned(),
        }],
    })
}

fn sample_fields() -> Vec<Field> {
    vec![
        field("one", "One line")
            .help("Help in the policy's words.")
            .required(),
        field("bad", "With an error")
            .value("1.2")
            .error(Some("Write the version like 1.2.3.".into())),
        field("many", "Several lines")
            .kind(Kind::Area(3))
            .demand(("plain", "optional")),
        field("pick", "One of a list")
            .kind(Kind::Select)
            .option("a", "First")
            .option("b", "Second"),
        field("radio", "Open list")
            .kind(Kind::Radio)
            .option("a", "First")
            .option("b", "Second")
            .value("b"),
        field("check", "Yes or nothing").kind(Kind::Check),
        field("date", "Date").kind(Kind::Date),
        field("files", "Files").kind(Kind::Files),
    ]
}

impl StylePage {
    pub(crate) fn new() -> Result<Self, InstantError> {
        let forms = Forms {
            next: Some("acknowledge".to_owned()),
            ..Forms::default()
        };
        let message = || vec![field("message", "Message").kind(Kind::Area(3))];
        let notice = |look, text: &str| Notice {
            look,
            text: text.to_owned(),
            ..Notice::default()
        };
        Ok(Self {
            chrome: Chrome::plain("Design system", Side::Public, ""),
            swatches: [
                "canvas", "sunken", "ink", "ink-soft", "accent", "ok", "warn", "bad", "team",
            ],
            badges: ["plain", "accent", "ok", "warn", "bad", "team", "loud"]
                .into_iter()
                .map(|look| badge(look, look))
                .collect(),
            notices: vec![
                notice("ok", "The acknowledgement was sent."),
                notice("info", "Next: assess the report."),
                notice("warn", "Please do not report in public."),
                Notice::refused("The case was not assessed yet.", &["assess it".to_owned()]),
            ],
            fields: sample_fields(),
            clocks: LOOKS
                .into_iter()
                .map(sample_clock)
                .collect::<Result<_, _>>()?,
            steps: sample_steps()?,
            messages: vec![
                sample_message(Lane::Everyone, MessageKind::Status)?,
                sample_message(Lane::Team, MessageKind::Plain)?,
                sample_message(Lane::Reporter, MessageKind::Plain)?,
            ],
            acts: vec![
                forms.act("acknowledge", "Acknowledge", message()),
                forms.act("reject", "Reject", message()).grave(),
            ],
        })
    }
}

/// The page.
pub(crate) async fn page() -> Result<Response, Stop> {
    let page = StylePage::new().map_err(|_| Stop::NotFound)?;
    Ok(form_page(StatusCode::OK, &page))
}
