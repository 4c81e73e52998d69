//! The page "Regulators" of a case: signs, decisions, timers, facts to copy.
//!
//! Invariants: nothing is sent to anybody from here; an act that was not done
//! shows the page again with its reason and everything that was typed.

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use candor_access::view::{PackFieldView, RegimeView, RegulatorsView, StageView};

use super::fields::date_and_time;
use super::session;
use crate::acted::{not_done, received};
use crate::answer::{Stop, download, form_page, see_other};
use crate::gate::Web;
use crate::guard;
use crate::ui::{self, Act, Again, Chrome, Field, Forms, Kind, Notice, Side, field};

#[derive(Debug, Template)]
#[template(path = "desk/regulators.html")]
pub(crate) struct RegulatorsPage {
    pub chrome: Chrome,
    pub v: RegulatorsView,
    notice: Option<Notice>,
    base: String,
    /// Acts that are about no single law.
    general: Vec<Act>,
    /// Each regime with its acts.
    regimes: Vec<(RegimeView, Vec<Act>)>,
}

impl RegulatorsPage {
    pub(crate) fn new(
        mut v: RegulatorsView,
        guard: &str,
        notice: Option<Notice>,
        again: Option<Again>,
    ) -> Self {
        let case = format!("/desk/p/{}/cases/{}", v.program.slug, v.reference);
        let base = format!("{case}/regulators");
        let forms = Forms {
            action: format!("{base}/act"),
            guard: guard.to_owned(),
            seq: Some(v.seq),
            again,
            ..Forms::default()
        };
        let possible = |act: &Act| v.acts.iter().any(|a| a == act.name());
        let mut general = general(&v, &forms);
        general.retain(possible);
        let regimes = std::mem::take(&mut v.regimes)
            .into_iter()
            .map(|regime| {
                let mut acts = about(&regime, &forms);
                acts.retain(|act| v.acts.iter().any(|a| a == act.name()));
                (regime, acts)
            })
            .collect();
        Self {
            chrome: ui::program_chrome("Regulators", &v.program, Side::Desk, "")
                .guarded(guard)
                .owned(v.owner),
            notice,
            base,
            general,
            regimes,
            v,
        }
    }
}

fn with_moment(more: Vec<Field>) -> Vec<Field> {
    date_and_time().into_iter().chain(more).collect()
}

fn area(name: &str, label: &str) -> Field {
    field(name, label).kind(Kind::Area(3)).required()
}

fn general(v: &RegulatorsView, forms: &Forms) -> Vec<Act> {
    let mut signal = vec![
        field("subject", "What it is about")
            .kind(Kind::Radio)
            .option("vulnerability", "A vulnerability in the product")
            .option("incident", "An incident")
            .value("vulnerability"),
    ];
    signal.extend(with_moment(vec![
        area("evidence", "What was seen").help("Who saw what, where."),
    ]));
    let measure = with_moment(vec![
        area("evidence", "Which measure").help("A fix or a way around, and where it can be had."),
    ]);
    let mut acts = Vec::new();
    if v.on {
        acts.push(
            forms
                .act("note_signal", "Note a sign", signal)
                .intro(
                    "A sign that somebody may have to be told, with the moment at which it \
                     reached you. Within 24 hours a person decides.",
                )
                .button("Note it"),
        );
    }
    acts.push(
        forms
            .act(
                "record_measure",
                "Record that a measure is available",
                measure,
            )
            .intro(
                "The first fix or workaround that users can have. A final report counts from it.",
            )
            .button("Record"),
    );
    acts
}

fn about(r: &RegimeView, forms: &Forms) -> Vec<Act> {
    let keyed = |act: &'static str, title: &str, fields: Vec<Field>| {
        forms
            .keyed(&format!("{act}-{}", r.id), act, title, fields)
            .hidden("regime", r.id.clone())
    };
    let holds = r.holds_from.is_none();
    let mut acts = Vec::new();
    if holds {
        let (title, intro) = if r.aware.is_some() && r.not_reportable.is_none() {
            (
                "Correct to an earlier time",
                "The recorded time can be moved to an earlier one only. The times start anew.",
            )
        } else {
            ("Record that you are aware", r.aware_when.as_str())
        };
        acts.push(
            keyed(
                "record_awareness",
                title,
                with_moment(vec![
                    area("evidence", "Evidence"),
                    area("reason", "Why this is certain enough"),
                ]),
            )
            .intro(intro)
            .button("Record, and start the times")
            .grave(),
        );
        acts.push(
            keyed(
                "decide_not_reportable",
                "Not reportable, because",
                vec![area("reason", "Because")],
            )
            .button("Record the decision"),
        );
    }
    acts.push(
        keyed("save_pack", "Facts for the reports", facts(&r.fields))
            .intro("One set of facts serves all reports of this law. Write in the language that the recipient asks for.")
            .button("Save the facts"),
    );
    let open: Vec<&StageView> = r.stages.iter().filter(|s| s.filed.is_none()).collect();
    if r.aware.is_some() && r.not_reportable.is_none() && !open.is_empty() {
        let stages = open.iter().map(|s| (s.id.clone(), s.name.clone()));
        let mut fields = vec![
            field("stage", "Which report")
                .kind(Kind::Select)
                .options(stages),
        ];
        fields.extend(with_moment(vec![
            field("reference", "The recipient’s reference").required(),
        ]));
        acts.push(
            keyed("file_stage", "Record what you filed", fields)
                .intro("Candor files nothing. Write down what the recipient confirmed: its reference and its time.")
                .button("Record"),
        );
    }
    if r.users.is_some() && r.aware.is_some() && r.users_told.is_none() {
        acts.push(
            keyed(
                "inform_users",
                "Record that users were told",
                with_moment(vec![area("how", "How")]),
            )
            .intro(r.users.clone().unwrap_or_default())
            .button("Record"),
        );
    }
    acts
}

fn facts(fields: &[PackFieldView]) -> Vec<Field> {
    fields
        .iter()
        .map(|f| {
            let count = match f.max {
                Some(max) => format!("{} of {max} characters.", f.chars),
                None => format!("{} characters.", f.chars),
            };
            let help = match &f.help {
                Some(help) => format!("{help} {count}"),
                None => count,
            };
            let kind = match f.max {
                Some(max) if max <= 255 => Kind::Text,
                Some(_) => Kind::Area(4),
                None => Kind::Area(2),
            };
            let look = match f.demand.as_str() {
                "required" => ("bad", "required"),
                "carried over" => ("plain", "carried over"),
                "if available" => ("plain", "if available"),
                _ => ("plain", "optional"),
            };
            let made = field(&format!("f_{}", f.id), &f.label)
                .kind(kind)
                .help(help)
                .demand(look);
            // What Candor fills in stays empty here, so that it follows the case.
            if f.filled {
                made.help(format!("Filled in for you: {}", f.text))
            } else {
                made.value(f.text.clone())
            }
        })
        .collect()
}

/// Which case.
type CasePath = Path<(String, String)>;

/// The page.
pub(crate) async fn regulators(
    State(web): State<Web>,
    Path(place): CasePath,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let token = session(&web, &headers)?;
    let said = web.take_said(&token).await.map(Notice::done);
    show(&web, place, token, StatusCode::OK, said, None).await
}

async fn show(
    web: &Web,
    (slug, reference): (String, String),
    token: String,
    status: StatusCode,
    notice: Option<Notice>,
    again: Option<Again>,
) -> Result<Response, Stop> {
    let key = token.clone();
    let v = web
        .ask(move |app| app.regulators_page(&key, &slug, &reference))
        .await??;
    let page = RegulatorsPage::new(v, &guard::value(&token), notice, again);
    Ok(form_page(status, &page))
}

/// An act about regulators.
pub(crate) async fn regulators_act(
    State(web): State<Web>,
    Path((slug, reference)): CasePath,
    request: Request,
) -> Result<Response, Stop> {
    let token = session(&web, request.headers())?;
    let place = (slug.clone(), reference.clone());
    let (mut typed, kept) = match received(&web, &token, request).await? {
        Ok(form) => form,
        Err((status, notice, again)) => {
            return show(&web, place, token, status, Some(notice), Some(again)).await;
        }
    };
    let held = std::mem::take(&mut typed.held);
    let input = typed.into_act();
    let (key, owned, which) = (token.clone(), slug.clone(), reference.clone());
    match web
        .ask(move |app| {
            let _held = held;
            app.desk_act(&key, &owned, &which, input)
        })
        .await?
    {
        Ok(said) => {
            web.say(&token, said).await;
            let to = format!("/desk/p/{slug}/cases/{reference}/regulators#said");
            Ok(see_other(&to))
        }
        Err(error) => {
            let (status, notice, again) = not_done(error, kept)?;
            show(&web, place, token, status, Some(notice), Some(again)).await
        }
    }
}

/// A report to copy, as a file.
pub(crate) async fn regulators_report(
    State(web): State<Web>,
    Path((slug, reference, regime, file)): Path<(String, String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let token = session(&web, &headers)?;
    let (name, bytes) = web
        .ask(move |app| app.regulator_report(&token, &slug, &reference, (&regime, &file)))
        .await??;
    Ok(download(&name, bytes))
}
