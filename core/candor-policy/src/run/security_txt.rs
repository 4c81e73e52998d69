//! The security.txt of a program (RFC 9116).
//!
//! Invariants: Contact and Expires are always there; no value holds a line
//! break; addresses under reserved example domains are left out.
//!
//! Deliberately absent: signing; the shell signs what is written here.

use candor_base::Instant;

use crate::model::ChannelKind;
use crate::settings::PolicyInForce;
use crate::vocab::is_example_address;

/// Renders the file. `base_url` is the origin without a slash at its end,
/// `program_path` the page of the program (`/p/threatdex`).
pub fn security_txt(
    policy: &PolicyInForce,
    base_url: &str,
    program_path: &str,
    expires: Instant,
) -> String {
    let base = base_url.trim_end_matches('/');
    let page = format!("{base}/{}", program_path.trim_matches('/'));
    let page = page.trim_end_matches('/').to_owned();
    let mut out = String::new();
    for address in contacts(policy) {
        line(&mut out, "Contact", &address);
    }
    line(&mut out, "Contact", &format!("{page}/report"));
    line(&mut out, "Expires", &expires.to_string());
    for clause in &policy.policy.encryption {
        if let Some(key) = clause.value.key.as_deref().filter(|k| is_key_address(k)) {
            line(&mut out, "Encryption", key);
        }
    }
    line(&mut out, "Acknowledgments", &format!("{page}/thanks"));
    let languages = policy.policy.languages.join(", ");
    line(
        &mut out,
        "Preferred-Languages",
        if languages.is_empty() {
            "en"
        } else {
            &languages
        },
    );
    line(
        &mut out,
        "Canonical",
        &format!("{base}/.well-known/security.txt"),
    );
    line(&mut out, "Policy", &page);
    out
}

fn is_key_address(key: &str) -> bool {
    ["https://", "dns:", "openpgp4fpr:"]
        .iter()
        .any(|p| key.starts_with(p))
}

/// Mail addresses of the policy and the owner, preferred first.
fn contacts(policy: &PolicyInForce) -> Vec<String> {
    let mut named: Vec<(bool, String)> = Vec::new();
    for clause in &policy.policy.channels {
        let channel = &clause.value;
        let value = match (channel.kind, &channel.value) {
            (ChannelKind::Email, Some(address)) => Some(address.clone()),
            (ChannelKind::Email, None) => policy.settings.security_address.clone(),
            _ => None,
        };
        if let Some(address) = value.filter(|a| !is_example_address(a)) {
            named.push((!channel.preferred, format!("mailto:{address}")));
        }
    }
    if let Some(address) = &policy.settings.security_address {
        named.push((false, format!("mailto:{address}")));
    }
    named.sort_by_key(|(later, _)| *later);
    let mut out: Vec<String> = Vec::new();
    for (_, address) in named {
        if !out.contains(&address) {
            out.push(address);
        }
    }
    out
}

fn line(out: &mut String, field: &str, value: &str) {
    if value.is_empty() || value.contains(|c: char| c.is_control()) {
        return;
    }
    out.push_str(field);
    out.push_str(": ");
    out.push_str(value);
    out.push('\n');
}
