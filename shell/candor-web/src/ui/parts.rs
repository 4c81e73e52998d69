//! Badges, times, clocks, roads, messages, clauses, notices and the page frame.

use askama::Template;
use askama::filters::HtmlSafe;
use candor_access::view::{
    ClauseLine, ClockLook, ClockView, FieldError, FileView, MessageView, ProgramCard, PromiseView,
    RoomStep, VersionLine, When,
};

use candor_access::MessageKind;

use super::draw::{Bar, bar};
use super::words::{firmness_badge, lane_name};
use crate::assets;

/// A short word with a colour.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(
    ext = "html",
    source = r#"<span class="badge badge-{{ look }}">{{ word }}</span>"#
)]
pub(crate) struct Badge {
    look: &'static str,
    word: String,
}

impl HtmlSafe for Badge {}

/// A badge; looks: `plain`, `ok`, `warn`, `bad`, `accent`, `team`, `loud`.
pub(crate) fn badge(look: &'static str, word: &str) -> Badge {
    Badge {
        look,
        word: word.to_owned(),
    }
}

/// A moment: machine-readable, in the policy's zone and UTC, and how far away.
#[derive(Debug, Template)]
#[template(
    ext = "html",
    source = r#"<time datetime="{{ w.at }}">{{ w.words }}</time>{% if !w.relative.is_empty() %} <span class="soft">({{ w.relative }})</span>{% endif %}"#
)]
pub(crate) struct WhenPart<'a> {
    w: &'a When,
}

impl HtmlSafe for WhenPart<'_> {}

/// Shows a moment.
pub(crate) fn when(w: &When) -> WhenPart<'_> {
    WhenPart { w }
}

/// A promise, drawn.
#[derive(Debug, Template)]
#[template(path = "ui/clock.html")]
pub(crate) struct ClockPart<'a> {
    c: &'a ClockView,
    bar: Bar,
    firmness: Badge,
}

impl HtmlSafe for ClockPart<'_> {}

/// Shows a promise as a list item.
pub(crate) fn clock(c: &ClockView) -> ClockPart<'_> {
    ClockPart {
        c,
        bar: bar(c),
        firmness: firmness_badge(&c.firmness),
    }
}

impl ClockPart<'_> {
    fn look(&self) -> &'static str {
        match self.c.look {
            ClockLook::Running => "running",
            ClockLook::Near => "near",
            ClockLook::Paused => "paused",
            ClockLook::Met => "met",
            ClockLook::Overdue => "overdue",
            ClockLook::Late => "late",
            ClockLook::Stopped | ClockLook::Waived => "stopped",
            ClockLook::Unscheduled => "unscheduled",
        }
    }

    fn state(&self) -> Badge {
        match self.c.look {
            ClockLook::Running => badge("accent", "running"),
            ClockLook::Near => badge("warn", "due soon"),
            ClockLook::Paused => badge("plain", "waits for the reporter"),
            ClockLook::Met => badge("ok", "kept"),
            ClockLook::Overdue => badge("loud", "overdue"),
            ClockLook::Late => badge("bad", "done late"),
            ClockLook::Stopped => badge("plain", "no longer applies"),
            ClockLook::Waived => badge("plain", "waived"),
            ClockLook::Unscheduled => badge("plain", "no date yet"),
        }
    }

    /// What the drawing shows, in one sentence, for those who do not see it.
    fn sentence(&self) -> String {
        let due = self.c.due.as_ref().map_or_else(
            || "no due date yet".to_owned(),
            |due| format!("due {}", due.words),
        );
        match self.c.look {
            ClockLook::Met => match &self.c.met {
                Some(met) => format!("Kept: done {}, {due}.", met.words),
                None => format!("Kept, {due}."),
            },
            ClockLook::Late => match &self.c.met {
                Some(met) => format!("Done late: {}, {due}.", met.words),
                None => format!("Done late, {due}."),
            },
            ClockLook::Overdue => format!("Overdue: {due}."),
            ClockLook::Stopped => "No longer applies.".to_owned(),
            ClockLook::Waived => "Waived by the reporter.".to_owned(),
            ClockLook::Unscheduled => "No due date yet.".to_owned(),
            ClockLook::Paused => format!("Waits for the reporter; {due}."),
            ClockLook::Running | ClockLook::Near => {
                format!("{} percent of the time has passed; {due}.", self.c.percent)
            }
        }
    }

    /// The act is still to come.
    fn open(&self) -> bool {
        self.c.met.is_none() && !matches!(self.c.look, ClockLook::Stopped | ClockLook::Waived)
    }

    fn has_why(&self) -> bool {
        self.c.quote.is_some() || !self.c.explanation.is_empty() || self.c.lines.is_some()
    }
}

/// The stages of a case.
#[derive(Debug, Template)]
#[template(
    ext = "html",
    source = r#"<ol class="road{% if wide %} road-wide{% endif %}" aria-label="Stages of the case">{% for s in steps %}<li class="{% if s.current %}here{% else if s.done %}done{% else %}ahead{% endif %}"{% if s.current %} aria-current="step"{% endif %}>{{ s.name }}{% if s.done && !s.current %}<span class="visually-hidden"> (done)</span>{% endif %}{% if let Some(w) = s.when %}<time datetime="{{ w.at }}" title="{{ w.words }}">{{ w.relative }}</time>{% endif %}</li>{% endfor %}</ol>"#
)]
pub(crate) struct RoadPart<'a> {
    steps: &'a [RoomStep],
    wide: bool,
}

impl HtmlSafe for RoadPart<'_> {}

/// Shows the stages below each other.
pub(crate) fn road(steps: &[RoomStep]) -> RoadPart<'_> {
    RoadPart { steps, wide: false }
}

/// Shows the stages beside each other where there is room.
pub(crate) fn road_wide(steps: &[RoomStep]) -> RoadPart<'_> {
    RoadPart { steps, wide: true }
}

/// Files that can be downloaded.
#[derive(Debug, Template)]
#[template(
    ext = "html",
    source = r#"{% if !list.is_empty() %}<ul class="files">{% for f in list %}<li>{% if f.sha256.is_empty() %}{{ f.name }} <span class="soft small">{{ f.size }}, for the team</span></li>{% continue %}{% endif %}<a href="{{ base }}/{{ f.id }}"><bdi>{{ f.name }}</bdi></a> <span class="soft small">{{ f.size }} · <span class="mono" title="SHA-256 {{ f.sha256 }}">{{ self::short(&f.sha256) }}</span></span></li>{% endfor %}</ul>{% endif %}"#
)]
pub(crate) struct FilesPart<'a> {
    list: &'a [FileView],
    base: &'a str,
}

impl HtmlSafe for FilesPart<'_> {}

/// Lists files; `base` is the path their ids follow.
pub(crate) fn files<'a>(list: &'a [FileView], base: &'a str) -> FilesPart<'a> {
    FilesPart { list, base }
}

/// The first digits of a hash.
fn short(hash: &str) -> String {
    hash.chars().take(12).collect()
}

/// A message in its lane.
#[derive(Debug, Template)]
#[template(path = "ui/message.html")]
pub(crate) struct MessagePart<'a> {
    m: &'a MessageView,
    base: &'a str,
    lane: (&'static str, &'static str, &'static str),
    kind: Option<Badge>,
    show_lane: bool,
}

impl HtmlSafe for MessagePart<'_> {}

/// Shows a message; the room has one lane to show, the desk three.
pub(crate) fn message<'a>(m: &'a MessageView, base: &'a str, show_lane: bool) -> MessagePart<'a> {
    let kind = match m.kind {
        MessageKind::Plain => None,
        MessageKind::Acknowledgement => Some(badge("ok", "acknowledgement")),
        MessageKind::Status => Some(badge("accent", "status update")),
        MessageKind::Plan => Some(badge("accent", "plan")),
        MessageKind::Question => Some(badge("warn", "question")),
        MessageKind::Decision => Some(badge("accent", "decision")),
        MessageKind::DateNotice => Some(badge("accent", "disclosure date")),
        MessageKind::DraftComment => Some(badge("plain", "on the draft advisory")),
    };
    MessagePart {
        m,
        base,
        lane: lane_name(m.lane),
        kind,
        show_lane,
    }
}

/// Clauses of a policy, with their lines.
#[derive(Debug, Template)]
#[template(
    ext = "html",
    source = r#"<ul class="clauses">{% for l in lines %}<li{% if anchors %} id="{{ l.id }}"{% endif %}><bdi>{{ l.text }}</bdi>{% if let Some(at) = l.lines %} <span class="line-no">{{ at }}</span>{% endif %}{% if let Some(note) = l.note %} <span class="badge">{{ note }}</span>{% endif %}</li>{% endfor %}</ul>"#
)]
pub(crate) struct ClausesPart<'a> {
    lines: &'a [ClauseLine],
    anchors: bool,
}

impl HtmlSafe for ClausesPart<'_> {}

/// Lists clauses without anchors.
pub(crate) fn clauses(lines: &[ClauseLine]) -> ClausesPart<'_> {
    ClausesPart {
        lines,
        anchors: false,
    }
}

/// Lists clauses that can be linked to; each list stands once on a page.
pub(crate) fn anchored(lines: &[ClauseLine]) -> ClausesPart<'_> {
    ClausesPart {
        lines,
        anchors: true,
    }
}

/// Promises in plain words.
#[derive(Debug, Template)]
#[template(path = "ui/promises.html")]
pub(crate) struct PromisesPart<'a> {
    list: &'a [PromiseView],
    small: bool,
}

impl HtmlSafe for PromisesPart<'_> {}

/// Lists promises with their sentences.
pub(crate) fn promises(list: &[PromiseView]) -> PromisesPart<'_> {
    PromisesPart { list, small: false }
}

/// Lists promises briefly.
pub(crate) fn promises_small(list: &[PromiseView]) -> PromisesPart<'_> {
    PromisesPart { list, small: true }
}

/// Versions of a policy, the newest first.
#[derive(Debug, Template)]
#[template(path = "ui/versions.html")]
pub(crate) struct VersionsPart<'a> {
    list: &'a [VersionLine],
    slug: &'a str,
}

impl HtmlSafe for VersionsPart<'_> {}

/// Lists versions, each with a link to its page.
pub(crate) fn versions<'a>(list: &'a [VersionLine], slug: &'a str) -> VersionsPart<'a> {
    VersionsPart { list, slug }
}

/// Something said to the reader at the head of a page.
#[derive(Debug, Clone, Default, Template)]
#[template(
    ext = "html",
    source = r##"<div class="notice notice-{{ look }}" role="{% if look == "bad" %}alert{% else %}status{% endif %}" id="said" tabindex="-1">{% if let Some(h) = heading %}<h2>{{ h }}</h2>{% endif %}{% if !text.is_empty() %}<p>{{ text }}</p>{% endif %}{% if !points.is_empty() %}<ul>{% for (to, words) in points %}<li>{% if to.is_empty() %}{{ words }}{% else %}<a href="#{{ to }}">{{ words }}</a>{% endif %}</li>{% endfor %}</ul>{% endif %}</div>"##
)]
pub(crate) struct Notice {
    /// `ok`, `warn`, `bad` or `info`.
    pub look: &'static str,
    /// Heading.
    pub heading: Option<String>,
    /// What is said.
    pub text: String,
    /// Points, each with the anchor it leads to, or none.
    pub points: Vec<(String, String)>,
}

impl HtmlSafe for Notice {}

impl Notice {
    /// Something was done.
    pub(crate) fn done(text: impl Into<String>) -> Self {
        Self {
            look: "ok",
            text: text.into(),
            ..Self::default()
        }
    }

    /// Something was not possible.
    pub(crate) fn refused(text: impl Into<String>, instead: &[String]) -> Self {
        let text = text.into();
        let points: Vec<_> = instead
            .iter()
            .map(|what| (String::new(), format!("You can: {what}.")))
            .collect();
        Self {
            look: "bad",
            heading: Some("That was not done".to_owned()),
            text,
            points,
        }
    }

    /// Fields have to be mended; each point leads to its field.
    pub(crate) fn fields(errors: &[FieldError], form: Option<&str>) -> Self {
        let points = errors
            .iter()
            .map(|error| {
                let to = match (error.field.as_str(), form) {
                    ("", _) => String::new(),
                    (name, None) => format!("f-{name}"),
                    (name, Some(form)) => format!("f-{form}-{name}"),
                };
                (to, error.message.clone())
            })
            .collect();
        Self {
            look: "bad",
            heading: Some("Please look at this again".to_owned()),
            text: String::new(),
            points,
        }
    }
}

/// Which side of the house a page is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Anybody.
    Public,
    /// A signed-in member of the team.
    Desk,
    /// A desk page before sign-in.
    Door,
}

/// What the frame of every page needs.
#[derive(Debug, Clone)]
pub(crate) struct Chrome {
    /// Title of the page, without the program.
    pub title: String,
    /// The program, when the page belongs to one.
    pub program: Option<ProgramCard>,
    /// Which side.
    pub side: Side,
    /// Name of the current entry of the navigation.
    pub here: &'static str,
    /// Guard value for the sign-out button.
    pub guard: String,
    /// Whoever looks may reach settings and people: what a member would be refused is
    /// not offered.
    pub owner: bool,
    /// The page holds forms for passkeys, and the script that they need.
    pub script: bool,
}

impl Chrome {
    /// The frame of a page without a program.
    pub(crate) fn plain(title: impl Into<String>, side: Side, here: &'static str) -> Self {
        Self {
            title: title.into(),
            program: None,
            side,
            here,
            guard: String::new(),
            owner: true,
            script: false,
        }
    }

    /// Adds the guard value.
    pub(crate) fn guarded(mut self, guard: impl Into<String>) -> Self {
        self.guard = guard.into();
        self
    }

    /// Says whether whoever looks may reach settings and people.
    pub(crate) fn owned(mut self, owner: bool) -> Self {
        self.owner = owner;
        self
    }

    /// Says whether the page holds forms for passkeys.
    pub(crate) fn scripted(mut self, script: bool) -> Self {
        self.script = script;
        self
    }

    /// Path of the script.
    pub(crate) fn script_path() -> &'static str {
        assets::SCRIPT_PATH.as_str()
    }

    /// Path of the stylesheet.
    pub(crate) fn style() -> &'static str {
        assets::STYLE_PATH.as_str()
    }

    /// The whole title.
    pub(crate) fn full_title(&self) -> String {
        match &self.program {
            Some(program) => format!("{} · {}", self.title, program.name),
            None => format!("{} · Candor", self.title),
        }
    }
}

/// The frame of a page of a program.
pub(crate) fn program_chrome(
    title: impl Into<String>,
    program: &ProgramCard,
    side: Side,
    here: &'static str,
) -> Chrome {
    Chrome {
        program: Some(program.clone()),
        ..Chrome::plain(title, side, here)
    }
}
