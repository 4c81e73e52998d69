//! Addresses and links in a unit, plain and disguised, and what a link leads to.
//!
//! Invariants: an address is never guessed; what is no address stays words.
//!
//! Deliberately absent: whether anything is reachable.

use crate::model::ChannelKind;
use crate::read::Unit;
use crate::vocab::{self, Way, way};

/// Hosts of bounty and disclosure platforms.
const PLATFORMS: &[&str] = &[
    "hackerone.com",
    "bugcrowd.com",
    "intigriti.com",
    "huntr.dev",
    "huntr.com",
    "yeswehack.com",
    "immunefi.com",
    "openbugbounty.org",
    "synack.com",
    "cobalt.io",
    "bountysource.com",
    "hackenproof.com",
    "cantina.xyz",
    "code4rena.com",
    "sherlock.xyz",
    "zerocopter.com",
    "bughunters.google.com",
    "federacy.com",
    "bugbase.ai",
    "bugbase.in",
];

/// Hosts of chats.
const CHATS: &[&str] = &[
    "//t.me/",
    "telegram.me/",
    "discord.gg/",
    "discord.com/invite",
    "matrix.to/",
    ".slack.com",
    "slack.com/",
    "gitter.im/",
    "signal.me/",
    "signal.group/",
    "wa.me/",
    "irc://",
    "ircs://",
    "zulipchat.com",
];

/// Parts of links that lead to something to read: no report is taken there.
const READING: &[&str] = &[
    "docs.github.com",
    "help.github.com",
    "support.github.com",
    "github.blog",
    "wikipedia.org",
    "cve.org",
    "//cve.mitre.org",
    "www.cve.mitre.org",
    "cwe.mitre.org",
    "nvd.nist.gov",
    "first.org",
    "owasp.org",
    "semver.org",
    "opensource.org",
    "creativecommons.org",
    "rfc-editor",
    "ietf.org",
    "iso.org",
    "keyserver",
    "keys.openpgp.org",
    "pgp.mit.edu",
    "pgpkeys",
    "keys.mailvelope",
    "pgp_keys",
    "gnupg.org",
    "openpgp.org",
    "securitytxt.org",
    "shields.io",
    "badge",
    "npmjs.com",
    "pypi.org",
    "crates.io",
    "docs.rs",
    "readthedocs.",
    "/blob/",
    "/tree/",
    "/commit",
    "/releases",
    "/issues",
    "/pull",
    "/discussions",
    "/wiki",
    "/changelog",
    "/advisories",
    "/license",
    "/raw/",
    "raw.githubusercontent",
    "groups.google.com",
    "/mailman/listinfo",
    "/mailman3/",
    "/archives/list/",
    "lists.apache.org",
    "lore.kernel.org",
    "marc.info",
    "mail-archive.com",
    "groups.io/g/",
    "leaderboard",
    "halloffame",
    "hall-of-fame",
    "?state=",
];

/// Ends of links that lead to a file or a key.
const FILES: &[&str] = &[
    ".asc", ".gpg", ".pgp", ".md", ".rst", ".adoc", ".png", ".svg", ".gif", ".jpg", ".pdf",
];

/// Mailboxes of a company that take no reports.
const OTHER_DESKS: &[&str] = &[
    "sales",
    "press",
    "media",
    "jobs",
    "careers",
    "hr",
    "billing",
    "marketing",
    "recruiting",
    "partners",
    "partnerships",
    "conduct",
    "noreply",
    "no-reply",
    "donotreply",
];

/// A link of a unit with its words, both as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Where it leads.
    pub(super) url: String,
    /// Its words; the address itself for a bare link.
    pub(super) words: String,
}

/// Links of a unit: those with words first, then bare ones, each once.
pub(super) fn places(unit: &Unit) -> Vec<Place> {
    let mut out: Vec<Place> = Vec::new();
    let mut inside: Vec<&str> = Vec::new();
    for link in &unit.links {
        inside.push(link.text.trim());
        let known = out.iter().any(|p| p.url == link.url);
        if !link.url.is_empty() && !known {
            out.push(Place {
                url: tidy(&link.url).to_owned(),
                words: link.text.clone(),
            });
        }
    }
    if !unit.plain.contains("://") {
        return out;
    }
    for word in unit.plain.split(|c: char| {
        c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '"' | '\u{201c}' | '\u{201d}')
    }) {
        let Some(at) = word.find("http://").or_else(|| word.find("https://")) else {
            continue;
        };
        let url = unhung(word.get(at..).unwrap_or(""));
        let host = url.split("//").nth(1).unwrap_or("");
        let known = inside.iter().any(|t| tidy(t) == url) || out.iter().any(|p| p.url == url);
        if !known && host.contains('.') {
            out.push(Place {
                url: url.to_owned(),
                words: url.to_owned(),
            });
        }
    }
    out
}

/// A link without the signs that ended its sentence.
fn tidy(url: &str) -> &str {
    url.trim()
        .trim_matches(|c: char| matches!(c, '`' | '*' | '_' | '\'' | '|'))
        .trim_end_matches(['.', ';', ':', ',', '。', '、', '，'])
}

/// A bare link without what another mark-up hangs on it: `https://host[words]`.
fn unhung(url: &str) -> &str {
    tidy(url.split('[').next().unwrap_or(url))
}

/// What kind of way to report a link is, in a sentence that tells how to report;
/// `None` when it is none, or when only its place in the sentence can tell.
pub(super) fn kind_of(place: &Place, low: &str) -> Option<ChannelKind> {
    let url = place.url.to_lowercase();
    if !url.contains("://") && !url.starts_with("irc") {
        let path = url.trim_end_matches('/').trim_end_matches("/new");
        if path.starts_with("../") && path.ends_with("security/advisories") {
            return Some(ChannelKind::GithubAdvisory);
        }
        let form = way(&place.words.to_lowercase(), Way::Form) && !is_file(&url);
        return form.then_some(ChannelKind::Web);
    }
    if PLATFORMS.iter().any(|p| url.contains(p)) {
        return Some(ChannelKind::Platform);
    }
    if is_forge_report(&url) {
        return Some(ChannelKind::GithubAdvisory);
    }
    if is_tracker(&url, low) {
        return Some(ChannelKind::PrivateTracker);
    }
    if CHATS.iter().any(|c| url.contains(c)) {
        return Some(ChannelKind::Chat);
    }
    if is_reading(&url) {
        return None;
    }
    let bounty = [
        "//bounty.",
        "bug-bounty",
        "bugbounty",
        "/bounty",
        "/whitehat",
    ]
    .iter()
    .any(|w| url.contains(w));
    if bounty && !way(low, Way::More) {
        return Some(ChannelKind::Platform);
    }
    let form = is_form(&url) || way(&place.words.to_lowercase(), Way::Form);
    (form && !way(low, Way::More)).then_some(ChannelKind::Web)
}

/// The page of a repository where private reports are taken.
fn is_forge_report(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("//") else {
        return false;
    };
    let Some((host, path)) = rest.split_once('/') else {
        return false;
    };
    if !host.contains("github") || host.starts_with("docs.") || host.starts_with("help.") {
        return false;
    }
    let path = path.trim_end_matches('/');
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        [_, _, "security"] | [_, _, "security", "advisories"] => true,
        [_, _, "security", "advisories", last] => last.starts_with("new"),
        _ => false,
    }
}

fn is_tracker(url: &str, low: &str) -> bool {
    let tracker = [
        "bugzilla",
        "/issues/new",
        "/filebug",
        "+filebug",
        "jira",
        "youtrack",
        "phabricator",
        "//bugs.",
        "/workitem",
        "/service_desk",
        "enter_bug",
    ]
    .iter()
    .any(|w| url.contains(w));
    let private = way(low, Way::Tracker)
        || url.contains("launchpad.net")
        || ["confidential", "private", "security", "vulnerab"]
            .iter()
            .any(|w| url.contains(w));
    url.contains("enter_bug") || tracker && private && !url.contains("github.com")
}

fn is_form(url: &str) -> bool {
    let phrase = ["create-report", "/vulnz", "surveymonkey"]
        .iter()
        .any(|w| url.contains(w));
    phrase
        || url.split(|c: char| !c.is_alphanumeric()).any(|w| {
            w == "submit" || w == "forms" || w.ends_with("form") && !w.ends_with("platform")
        })
}

fn is_file(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or("");
    FILES.iter().any(|f| path.ends_with(f))
}

/// Whether a link leads to something to read.
pub(super) fn is_reading(url: &str) -> bool {
    READING.iter().any(|w| url.contains(w)) || is_file(url)
}

/// The page of a person on a forge or network.
pub(super) fn is_person(url: &str) -> bool {
    let low = url.to_lowercase();
    let Some(rest) = low.split("//").nth(1) else {
        return false;
    };
    let rest = rest.trim_start_matches("www.").trim_end_matches('/');
    let hosts = [
        "github.com/",
        "gitlab.com/",
        "codeberg.org/",
        "twitter.com/",
        "x.com/",
        "keybase.io/",
        "linkedin.com/in/",
    ];
    hosts.iter().any(|h| {
        rest.strip_prefix(h).is_some_and(|name| {
            !name.is_empty() && !name.contains(['/', '?', '#']) && name != "security"
        })
    })
}

/// Mail addresses of a unit, plain and disguised.
pub(super) fn addresses(unit: &Unit) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut take = |address: String| {
        if !out.iter().any(|o| o.eq_ignore_ascii_case(&address)) {
            out.push(address);
        }
    };
    for link in &unit.links {
        if let Some(rest) = link.url.strip_prefix("mailto:") {
            let bare = undisguised(rest.split('?').next().unwrap_or(""));
            // A real address whose link still leads to the template's.
            let shown = address(link.text.trim());
            let left =
                |a: &String| vocab::is_example_address(a) && shown.as_ref().is_some_and(|s| s != a);
            if let Some(address) = address(&bare).filter(|a| !left(a)) {
                take(address);
            }
        }
    }
    if !may_hold_address(&unit.plain) {
        return out;
    }
    let text = undisguised(&unit.plain);
    for word in text.split(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '<' | '>'
                    | '('
                    | ')'
                    | ','
                    | ';'
                    | '"'
                    | '['
                    | ']'
                    | '|'
                    | '`'
                    | '：'
                    | '、'
                    | '。'
            )
    }) {
        let linked = word.contains("://");
        if !linked && let Some(address) = address(word) {
            take(address);
        }
    }
    out
}

/// Disguises in which both signs stand between marks, and what they mean.
const DISGUISES: &[(&str, &str)] = &[
    ("&#64;", "@"),
    ("&commat;", "@"),
    ("&#46;", "."),
    ("&period;", "."),
    ("%40", "@"),
    ("＠", "@"),
    (" [at] ", "@"),
    ("[at]", "@"),
    (" (at) ", "@"),
    ("(at)", "@"),
    (" {at} ", "@"),
    ("{at}", "@"),
    (" <at> ", "@"),
    (" [AT] ", "@"),
    ("[AT]", "@"),
    (" (AT) ", "@"),
    ("(AT)", "@"),
    ("[@]", "@"),
    ("(@)", "@"),
    ("[ät]", "@"),
    ("(ät)", "@"),
    ("{ät}", "@"),
    ("[Ät]", "@"),
    ("[ÄT]", "@"),
    ("(ÄT)", "@"),
    ("[arobase]", "@"),
    ("(arobase)", "@"),
    ("[arroba]", "@"),
    ("(arroba)", "@"),
    (" _at_ ", "@"),
    ("_at_", "@"),
    (" -at- ", "@"),
    (" AT ", "@"),
    (" @ ", "@"),
    (" [dot] ", "."),
    ("[dot]", "."),
    (" (dot) ", "."),
    ("(dot)", "."),
    (" {dot} ", "."),
    ("{dot}", "."),
    (" [DOT] ", "."),
    ("[DOT]", "."),
    ("(DOT)", "."),
    ("[.]", "."),
    ("(.)", "."),
    (" _dot_ ", "."),
    ("_dot_", "."),
    (" DOT ", "."),
    (" (punkt) ", "."),
    ("(punkt)", "."),
    (" [punkt] ", "."),
    ("[punkt]", "."),
    (" (point) ", "."),
    ("(point)", "."),
    (" [point] ", "."),
    ("[point]", "."),
    (" (punto) ", "."),
    ("(punto)", "."),
    (" [punto] ", "."),
    ("[punto]", "."),
    (" (ponto) ", "."),
    ("(ponto)", "."),
    (" [ponto] ", "."),
    ("[ponto]", "."),
    ("NOSPAM", ""),
    ("nospam.", ""),
    ("-remove-this", ""),
];

/// Whether any sign or disguise of an address stands in a text; cheap, and never wrong
/// about a text without one.
fn may_hold_address(text: &str) -> bool {
    let bytes = text.as_bytes();
    let letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    bytes.iter().enumerate().any(|(at, byte)| match byte {
        b'@' | b'&' | b'%' => true,
        // "at" as a word of its own, also behind an umlaut's second byte.
        b't' | b'T' => {
            let before = at.checked_sub(1).and_then(|i| bytes.get(i));
            let umlaut = before.is_some_and(|b| !b.is_ascii());
            let word = matches!(before, Some(b'a' | b'A')) && !(at >= 2 && letter(at - 2));
            (umlaut || word) && !letter(at + 1)
        }
        // "arobase", "arroba".
        b'b' => at.checked_sub(2).and_then(|i| bytes.get(i..at)) == Some(b"ro"),
        byte if *byte == FULL_WIDTH => true,
        _ => false,
    })
}

/// The first byte of signs in full width, such as `＠`.
const FULL_WIDTH: u8 = 0xef;

/// Undoes `name [at] host [dot] org`, `name @ host` and `name at host dot org`.
fn undisguised(text: &str) -> String {
    let mut out = text.to_owned();
    for (from, to) in DISGUISES {
        if out.contains(from) {
            out = out.replace(from, to);
        }
    }
    if out.contains(" at ") && out.contains(" dot ") {
        out = spoken(&out);
    }
    if out.contains(" at ") {
        out = half_spoken(&out);
    }
    out
}

/// `product-security at host.org`: where the name before is that of a mailbox.
fn half_spoken(text: &str) -> String {
    const BOXES: &[&str] = &[
        "security", "secure", "psirt", "cert", "vuln", "abuse", "report",
    ];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(" at ") {
        let (before, after) = (
            rest.get(..at).unwrap_or(""),
            rest.get(at + 4..).unwrap_or(""),
        );
        let name = before
            .rsplit([' ', '(', '`', '<', '*'])
            .next()
            .unwrap_or("");
        let host = after
            .split([' ', ')', '`', '>', '*', ','])
            .next()
            .unwrap_or("");
        let host = host.trim_end_matches(['.', ';', ':']);
        let top = host.rsplit('.').next().unwrap_or("");
        let is_host = host.contains('.')
            && !host.contains(['/', '@'])
            && (2..=8).contains(&top.len())
            && top.bytes().all(|b| b.is_ascii_lowercase());
        let is_box = name.bytes().all(|b| {
            b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.' | b'_')
        }) && BOXES.iter().any(|w| name.contains(w))
            && (name.contains(['-', '.', '_']) || before.ends_with(&format!("({name}")));
        out.push_str(before);
        out.push_str(if is_host && is_box { "@" } else { " at " });
        rest = after;
    }
    out.push_str(rest);
    out
}

/// `name at host dot org`: only where the dots are spoken too.
fn spoken(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let is = |offset: usize, what: &str| words.get(at + offset).is_some_and(|w| *w == what);
        if is(1, "at") && is(3, "dot") {
            let host = words.get(at + 2).copied().unwrap_or("");
            out.push_str(word);
            out.push('@');
            out.push_str(host);
            at += 3;
            while words.get(at).is_some_and(|w| *w == "dot") {
                out.push('.');
                out.push_str(words.get(at + 1).copied().unwrap_or(""));
                at += 2;
            }
        } else {
            out.push_str(word);
            at += 1;
        }
        out.push(' ');
    }
    out
}

/// A word that is a mail address.
fn address(word: &str) -> Option<String> {
    if !word.as_bytes().contains(&b'@') {
        return None;
    }
    let word = word.trim_start_matches("mailto:");
    // `@name@host` is a handle on a social network.
    if word.starts_with('@') {
        return None;
    }
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let (name, host) = word.split_once('@')?;
    let name_fits = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+'));
    let host_fits = host.contains('.')
        && host
            .split('.')
            .all(|l| !l.is_empty() && l.chars().all(|c| c.is_alphanumeric() || c == '-'))
        && host
            .rsplit('.')
            .next()
            .is_some_and(|top| top.len() >= 2 && !top.bytes().all(|b| b.is_ascii_digit()));
    (name_fits && host_fits && word.len() <= 254).then(|| word.to_owned())
}

/// Addresses of lists and desks that take no reports.
pub(super) fn takes_no_reports(address: &str) -> bool {
    let low = address.to_lowercase();
    let (name, host) = low.split_once('@').unwrap_or((low.as_str(), ""));
    let public_list = matches!(
        name,
        "oss-security" | "bugtraq" | "full-disclosure" | "fulldisclosure"
    ) || name.contains("announce")
        || name.ends_with("-users")
        || name.ends_with("conduct")
        || vocab::fits(name, "pre-notif")
        || name.contains("prenotif")
        || name.contains("distros")
        || OTHER_DESKS.contains(&name)
        || name.contains("steering");
    public_list || name == "git" && host.starts_with("git")
}
