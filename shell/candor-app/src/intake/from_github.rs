//! An advisory of a repository on GitHub becomes a case (S0-14, S2-05, S4-09).
//!
//! Invariants: whoever imports works in the program, or is Candor itself, which found it there;
//! one id of GitHub is one case of a
//! program, however often and in whatever state it is imported, also after the case was
//! erased; the report as filed stays as it was, and what changes on GitHub later becomes a
//! note for the team; clocks run from when it was made on GitHub; every field that GitHub gave
//! lies with the report as a file.
//!
//! Deliberately absent: asking GitHub, and writing there.

use std::collections::BTreeMap;

use candor_access::build::words;
use candor_access::{Action, CaseFacts, Permit, Principal, permit};
use candor_base::{CaseId, Digest, Instant, ProgramSlug};
use candor_case::{Actor, Command, IntakeChannel, Lane, MessageKind, OLDEST_FIRST_RECEIPT_DAYS};
use candor_github::{Advisory, Entry, Product, read_one};
use candor_policy::model::ContentKey;
use serde::{Deserialize, Serialize};

use super::{Source, read};
use crate::app::App;
use crate::fields::Fields;
use crate::input::{ActError, ActInput, Fault, FileInput, GithubImport, GithubOutcome};
use crate::random;
use crate::seal::field_error;
use crate::staff::session::StaffSession;

/// The name of the advisory itself among the files.
const FILE: &str = "github-advisory.json";
/// Longest list of packages in the report, in characters; the file holds all.
const MOST_VERSIONS: usize = 10_000;

/// What was seen on GitHub last. Its shape is stored: fields are only ever added.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    /// GitHub's word for the state.
    state: String,
    /// A keyed digest of what the advisory says.
    print: String,
    /// Its id; none where an earlier version wrote this down.
    #[serde(default)]
    ghsa: Option<String>,
}

impl Seen {
    /// Says the same, whatever is known beside.
    fn is_same(&self, other: &Self) -> bool {
        (&self.state, &self.print) == (&other.state, &other.print)
    }
}

/// Who takes an advisory in.
#[derive(Clone, Copy)]
enum By<'a> {
    /// Somebody who works in the program.
    Person(&'a StaffSession, Actor),
    /// Candor itself, which found it there.
    Candor,
}

impl By<'_> {
    const fn actor(self) -> Actor {
        match self {
            Self::Person(_, actor) => actor,
            Self::Candor => Actor::System,
        }
    }

    const fn channel(self) -> IntakeChannel {
        match self {
            Self::Person(..) => IntakeChannel::HandedIn,
            Self::Candor => IntakeChannel::Github,
        }
    }

    /// The right to write a note for the team on this case.
    fn may_note(self, slug: &ProgramSlug, case: CaseId) -> Result<Permit, ActError> {
        let act = Action::Act("say");
        match self {
            Self::Person(staff, _) => staff.may_case(act, slug, case),
            Self::Candor => {
                let facts = CaseFacts::case(slug.clone(), case);
                permit(&Principal::System, act, &facts).ok_or(ActError::NotFound)
            }
        }
    }
}

impl App {
    /// Takes in one advisory of a repository, as JSON from GitHub. What is over there
    /// (published, closed, withdrawn) becomes a case only where `also_over` says so.
    ///
    /// # Errors
    /// As every act; a field error says why it is no report.
    pub fn import_github(
        &self,
        token: &str,
        slug: &str,
        json: &str,
        also_over: bool,
    ) -> Result<GithubImport, ActError> {
        let (staff, slug, right) = self.staff_in(token, slug, Action::HandIn)?;
        let entry = read_one(json.as_bytes())
            .map_err(|why| field_error("advisory", format!("This cannot be read: {why}.")))?;
        let by = By::Person(&staff, right.actor());
        self.take_advisory(by, slug.as_str(), &entry, also_over)
    }

    /// Takes in an advisory that was found on GitHub, as Candor itself; what is over there is
    /// left.
    ///
    /// # Errors
    /// A field error says why it is no report.
    pub(crate) fn found_on_github(
        &self,
        slug: &str,
        entry: &Entry,
    ) -> Result<GithubImport, ActError> {
        self.take_advisory(By::Candor, slug, entry, false)
    }

    fn take_advisory(
        &self,
        by: By<'_>,
        slug: &str,
        entry: &Entry,
        also_over: bool,
    ) -> Result<GithubImport, ActError> {
        let (slug, in_force) = self.known_program(slug)?;
        let advisory = (entry.advisory.as_ref())
            .map_err(|why| field_error("advisory", format!("This cannot be taken: {why}.")))?;
        let mut envelope = read::envelope(
            &self.github_fields(&slug, advisory),
            vec![file(entry)],
            by.channel(),
            self.parts.config.max_files_bytes,
        )
        .map_err(ActError::Fields)?;
        // The id alone makes the code: whatever else changes on GitHub, it is the same case.
        envelope.content = random::sha256(advisory.ghsa.as_str().as_bytes());
        let code_hash = self.code_hash(&self.code_of(&slug, &envelope));
        let mut import = GithubImport {
            ghsa: advisory.ghsa.to_string(),
            state: advisory.state.word().to_owned(),
            outcome: GithubOutcome::Left,
            reference: None,
            code: None,
        };
        if let Some((_, case)) = self.store().receipt(&code_hash)? {
            self.seen_again(by, &slug, case, entry, &mut import)?;
            return Ok(import);
        }
        let own = self.is_own_advisory(&slug, advisory.description.reveal());
        if own && !advisory.reported || !advisory.state.is_open() && !also_over {
            return Ok(import);
        }
        let source = Source {
            actor: by.actor(),
            first_received: Some(self.first_on_github(advisory)?),
            keep_code: false,
        };
        let receipt = self.take_in(&slug, &in_force, &envelope, source)?;
        if let Some((_, case)) = self.store().receipt(&code_hash)? {
            self.keep(&seen_key(case), Some(&self.seen(advisory)))?;
        }
        import.outcome = GithubOutcome::New;
        import.reference = Some(receipt.reference);
        import.code = Some(receipt.code);
        Ok(import)
    }

    fn first_on_github(&self, advisory: &Advisory) -> Result<Instant, ActError> {
        let now = self.now();
        let made = advisory.created.unwrap_or(now).min(now);
        if made < now.plus_seconds(-OLDEST_FIRST_RECEIPT_DAYS * 86_400) {
            let why = "It was made more than five years ago; so old a report is not taken in.";
            return Err(field_error("created_at", why.to_owned()));
        }
        Ok(made)
    }

    /// It is a case already: what changed on GitHub since the last look becomes a note.
    fn seen_again(
        &self,
        by: By<'_>,
        slug: &ProgramSlug,
        case: CaseId,
        entry: &Entry,
        import: &mut GithubImport,
    ) -> Result<(), ActError> {
        let Ok(advisory) = &entry.advisory else {
            return Ok(());
        };
        let Some(loaded) = self.load(slug, &case)? else {
            import.outcome = GithubOutcome::Erased;
            return Ok(());
        };
        import.outcome = GithubOutcome::Known;
        // Whoever must not see the case learns that it is known, and nothing else.
        let right = match by.may_note(slug, case) {
            Err(ActError::NotFound) => return Ok(()),
            other => other?,
        };
        import.reference = Some(loaded.state.facts.reference.to_string());
        let now = self.seen(advisory);
        let before = self.seen_before(case)?;
        if before.as_ref().is_some_and(|before| before.is_same(&now)) {
            if before.as_ref() != Some(&now) {
                self.keep(&seen_key(case), Some(&now))?;
            }
            return Ok(());
        }
        let text = changed(advisory, before.as_ref(), &now);
        let input = ActInput {
            act: "say".to_owned(),
            files: vec![file(entry)],
            ..ActInput::default()
        };
        let fields = Fields::new(input, self.parts.config.max_files_bytes)?;
        self.act(&right, None, &|_, bodies| {
            Ok(vec![Command::Say {
                lane: Lane::Team,
                kind: MessageKind::Plain,
                message: fields.message_of(&text, bodies)?,
            }])
        })?;
        // Cut off in between, the next import writes the note once more; none is lost.
        self.keep(&seen_key(case), Some(&now))?;
        import.outcome = GithubOutcome::Changed;
        Ok(())
    }

    fn seen(&self, advisory: &Advisory) -> Seen {
        let key = self.vault().derive("github-seen");
        let rest = format!(
            "{:?}",
            (
                &advisory.cve,
                &advisory.severity,
                &advisory.vectors,
                &advisory.cwes,
                &advisory.products,
            )
        );
        let parts: [&[u8]; 3] = [
            advisory.summary.reveal().as_bytes(),
            advisory.description.reveal().as_bytes(),
            rest.as_bytes(),
        ];
        Seen {
            state: advisory.state.word().to_owned(),
            print: Digest::from_bytes(random::keyed(&key, &parts)).to_string(),
            ghsa: Some(advisory.ghsa.to_string()),
        }
    }

    fn seen_before(&self, case: CaseId) -> Result<Option<Seen>, Fault> {
        let kept = self.store().setting(&seen_key(case))?;
        Ok(kept.and_then(|kept| serde_json::from_str(&kept).ok()))
    }

    /// The advisory that a case came from.
    pub(crate) fn id_on_github(&self, case: CaseId) -> Result<Option<String>, Fault> {
        Ok(self.seen_before(case)?.and_then(|seen| seen.ghsa))
    }

    /// Forgets what was seen on GitHub about a case that is erased.
    pub(crate) fn drop_github_seen(&self, case: CaseId) -> Result<(), Fault> {
        self.keep::<Seen>(&seen_key(case), None)
    }

    /// The fields of a report.
    fn github_fields(&self, slug: &ProgramSlug, advisory: &Advisory) -> BTreeMap<String, String> {
        let key = self.vault().derive("github-nonce");
        let parts: [&[u8]; 2] = [slug.as_str().as_bytes(), advisory.ghsa.as_str().as_bytes()];
        let nonce = random::keyed_token(&key, &parts);
        let mut out = BTreeMap::from([
            ("nonce".to_owned(), nonce),
            ("came_by".to_owned(), "github".to_owned()),
        ]);
        let mut put = |name: &str, text: String| {
            if !text.trim().is_empty() {
                out.insert(name.to_owned(), text);
            }
        };
        let (summary, text) = (advisory.summary.reveal(), advisory.description.reveal());
        let nothing = summary.trim().is_empty() && text.trim().is_empty();
        put(words::content_name(ContentKey::Summary), summary.clone());
        let text = if nothing {
            "(The advisory on GitHub has neither a title nor a text.)".to_owned()
        } else {
            text.clone()
        };
        put(words::content_name(ContentKey::Description), text);
        put(words::content_name(ContentKey::Severity), rated(advisory));
        put(
            words::content_name(ContentKey::Versions),
            versions(advisory),
        );
        put(
            words::content_name(ContentKey::Component),
            packages(advisory),
        );
        put(words::content_name(ContentKey::Other), others(advisory));
        if let Some(author) = advisory.author.as_ref().filter(|_| advisory.reported) {
            put("name", author.reveal().clone());
            put("contact", place(advisory));
            if let Some((wish, name)) = wish(advisory, author.reveal()) {
                put("credit", wish.to_owned());
                put("credit_name", name.to_owned());
            }
        }
        out
    }
}

fn seen_key(case: CaseId) -> String {
    format!("github-seen/{case}")
}

fn file(entry: &Entry) -> FileInput {
    FileInput {
        name: FILE.to_owned(),
        bytes: entry.raw.reveal().clone().into_bytes(),
    }
}

/// Where its reporter is to be reached.
fn place(advisory: &Advisory) -> String {
    let page = advisory.page.as_deref().unwrap_or_default();
    format!("In the advisory {} on GitHub. {page}", advisory.ghsa)
}

/// What the reporter answered about being named.
fn wish<'a>(advisory: &'a Advisory, author: &str) -> Option<(&'static str, &'a str)> {
    let mut own = advisory.credits.iter().filter(|c| c.login == author);
    own.find_map(|credit| match credit.accepted {
        Some(true) => Some(("named", credit.login.as_str())),
        Some(false) => Some(("anonymous", "")),
        None => None,
    })
}

fn rated(advisory: &Advisory) -> String {
    let word = advisory.severity.iter().cloned();
    let lines: Vec<String> = word.chain(advisory.vectors.iter().cloned()).collect();
    lines.join("\n")
}

fn package(product: &Product) -> String {
    let both = [product.ecosystem.as_str(), product.name.as_str()];
    let named: Vec<&str> = both.into_iter().filter(|t| !t.is_empty()).collect();
    named.join(" ")
}

fn packages(advisory: &Advisory) -> String {
    let mut out: Vec<String> = Vec::new();
    for name in advisory.products.iter().map(package) {
        if !name.is_empty() && !out.contains(&name) {
            out.push(name);
        }
    }
    out.join("\n").chars().take(MOST_VERSIONS).collect()
}

fn versions(advisory: &Advisory) -> String {
    let lines: Vec<String> = (advisory.products.iter())
        .filter(|p| p.affected.is_some() || p.patched.is_some())
        .map(|product| {
            let affected = product.affected.as_deref().unwrap_or("not said");
            let patched = product.patched.as_deref().unwrap_or("not said");
            format!(
                "{}: affected {affected}; fixed in {patched}",
                package(product)
            )
        })
        .collect();
    lines.join("\n").chars().take(MOST_VERSIONS).collect()
}

/// What the form has no field for.
fn others(advisory: &Advisory) -> String {
    let mut lines = vec![format!(
        "{} on GitHub, in the state “{}” when it was imported.",
        advisory.ghsa,
        advisory.state.word()
    )];
    lines.extend(advisory.page.clone());
    lines.extend(advisory.cve.as_ref().map(|cve| format!("CVE id: {cve}")));
    if !advisory.cwes.is_empty() {
        lines.push(format!("Weaknesses: {}", advisory.cwes.join(", ")));
    }
    let functions: Vec<&str> = (advisory.products.iter())
        .flat_map(|p| p.functions.iter().map(String::as_str))
        .take(50)
        .collect();
    if !functions.is_empty() {
        lines.push(format!("Functions: {}", functions.join(", ")));
    }
    if advisory.cut {
        lines.push(format!(
            "Not all of it stands here. All of it is in {FILE}."
        ));
    }
    lines.join("\n")
}

/// What the note says.
fn changed(advisory: &Advisory, before: Option<&Seen>, now: &Seen) -> String {
    let ghsa = &advisory.ghsa;
    let mut lines = Vec::new();
    match before {
        None => lines.push(format!("{ghsa} stands at “{}” on GitHub.", now.state)),
        Some(before) if before.state != now.state => lines.push(format!(
            "{ghsa} went from “{}” to “{}” on GitHub.",
            before.state, now.state
        )),
        Some(_) => {}
    }
    if before.is_none_or(|before| before.print != now.print) {
        lines.push(format!(
            "What {ghsa} says on GitHub is not what was imported last. As it stands there now, it \
             lies with this note; the report as filed was not changed."
        ));
    }
    lines.extend(advisory.page.clone());
    lines.join("\n")
}
