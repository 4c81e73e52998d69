//! Published advisories: the list and each page.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use candor_access::view::{AdvisoryCard, ProgramCard};
use candor_advisory::{Advisory, Credit, Fix, Mitigation, csaf_filename};

use crate::answer::{Stop, public_page};
use crate::gate::Web;
use crate::ui::{self, Chrome, Side};

/// The colour of a severity word.
fn severity_look(word: &str) -> &'static str {
    match word.to_ascii_lowercase().as_str() {
        "critical" => "loud",
        "high" => "bad",
        "medium" | "moderate" => "warn",
        _ => "plain",
    }
}

#[derive(Debug, Template)]
#[template(path = "public/advisories.html")]
pub(crate) struct AdvisoriesPage {
    pub chrome: Chrome,
    pub program: ProgramCard,
    pub list: Vec<AdvisoryCard>,
}

/// The list of advisories.
pub(crate) async fn advisories(
    State(web): State<Web>,
    Path(slug): Path<String>,
) -> Result<Response, Stop> {
    let program = web.program(&slug).await?;
    let list = web.ask(move |app| app.advisories(&slug)).await??;
    let chrome = ui::program_chrome("Advisories", &program, Side::Public, "advisories");
    Ok(public_page(&AdvisoriesPage {
        chrome,
        program,
        list,
    }))
}

#[derive(Debug, Template)]
#[template(path = "public/advisory.html")]
pub(crate) struct AdvisoryPage {
    pub chrome: Chrome,
    program: ProgramCard,
    card: AdvisoryCard,
    cvss: Vec<String>,
    summary: String,
    /// Product, versions, answer.
    rows: Vec<(String, String, String)>,
    mitigation: String,
    interim: Vec<String>,
    details: Option<String>,
    exploitation: Option<String>,
    rebuild: Option<String>,
    references: Vec<(String, String)>,
    facts: Vec<(String, String)>,
    credits: Vec<(String, String)>,
    /// Own advisories of vendors and distributors.
    others: Vec<String>,
    /// Where else the project published it.
    elsewhere: Vec<String>,
    csaf: String,
    /// The address of this page, before the names of the files.
    here: String,
    history: Vec<(String, String)>,
}

impl AdvisoryPage {
    pub(crate) fn new(
        program: ProgramCard,
        card: AdvisoryCard,
        advisory: &Advisory,
        (others, elsewhere): (Vec<String>, Vec<String>),
    ) -> Self {
        let chrome = ui::program_chrome(&card.title, &program, Side::Public, "advisories");
        let content = &advisory.content;
        let year: String = card.published.at.to_string().chars().take(4).collect();
        let csaf = format!(
            "/p/{}/csaf/{year}/{}",
            program.slug,
            csaf_filename(&advisory.issue.id)
        );
        let text = |body: &Option<candor_base::Body>| body.as_ref().map(ToString::to_string);
        Self {
            cvss: content
                .cvss
                .iter()
                .map(|v| format!("{} {v}", v.score()))
                .collect(),
            summary: content.summary.to_string(),
            rows: rows(advisory),
            mitigation: match &content.mitigation {
                Mitigation::Text(text) => text.to_string(),
                Mitigation::NoneKnown => "Nothing is known to help but the fix.".to_owned(),
            },
            interim: content.interim.iter().map(ToString::to_string).collect(),
            details: text(&content.details),
            exploitation: text(&content.exploitation),
            rebuild: text(&content.rebuild),
            references: content
                .references
                .iter()
                .map(|r| (r.link.to_string(), r.summary.to_string()))
                .collect(),
            facts: facts(advisory),
            credits: content.credits.iter().map(credit).collect(),
            history: advisory
                .issue
                .revisions
                .iter()
                .map(|r| (r.date.to_string(), r.summary.to_string()))
                .collect(),
            csaf,
            here: format!("/p/{}/advisories/{}", program.slug, card.id),
            others,
            elsewhere,
            chrome,
            program,
            card,
        }
    }
}

fn rows(advisory: &Advisory) -> Vec<(String, String, String)> {
    let mut rows = Vec::new();
    for product in &advisory.content.products {
        for line in &product.affected {
            let answer = match &line.fix {
                Fix::In(version) => format!("Fixed in {version}"),
                Fix::NotPlanned(reason) => format!("No fix is planned: {reason}"),
                Fix::NotYet(reason) => format!("No fix yet: {reason}"),
            };
            rows.push((product.name.to_string(), line.versions.to_string(), answer));
        }
        for range in &product.not_affected {
            rows.push((
                product.name.to_string(),
                range.to_string(),
                "Not affected".to_owned(),
            ));
        }
    }
    rows
}

fn facts(advisory: &Advisory) -> Vec<(String, String)> {
    let content = &advisory.content;
    let mut facts = vec![("Severity".to_owned(), content.severity.to_string())];
    for vector in &content.cvss {
        let text = format!("{} ({})", vector.score(), vector.band());
        facts.push((format!("CVSS {}", vector.version()), text));
    }
    if let Some(cve) = &content.cve {
        facts.push(("CVE".to_owned(), cve.to_string()));
    }
    if let Some(cwe) = content.cwe {
        let name = cwe
            .name()
            .map_or_else(|| cwe.to_string(), |name| format!("{cwe}: {name}"));
        facts.push(("Weakness".to_owned(), name));
    }
    if let Some(kind) = content.fix_kind {
        facts.push(("Kind of fix".to_owned(), kind.words().to_owned()));
    }
    facts.push((
        "Publisher".to_owned(),
        advisory.issue.publisher.name.to_string(),
    ));
    facts
}

fn credit(credit: &Credit) -> (String, String) {
    let name = credit.who().unwrap_or_else(|| "A reporter".to_owned());
    (name, credit.kind.words().to_owned())
}

/// The page of an advisory.
pub(crate) async fn advisory(
    State(web): State<Web>,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response, Stop> {
    let program = web.program(&slug).await?;
    let (card, advisory, links) = web
        .ask(move |app| {
            let (card, advisory) = app.advisory(&slug, &id)?;
            let others = app.advisories_of_others(&slug, &id)?;
            let elsewhere = app.advisory_elsewhere(&slug, &id)?;
            Ok::<_, candor_app::input::ActError>((card, advisory, (others, elsewhere)))
        })
        .await??;
    Ok(public_page(&AdvisoryPage::new(
        program, card, &advisory, links,
    )))
}
