//! Whether two channels are one: the same address, repository or platform.
//!
//! Invariants: a channel without an address is the same as any of its kind.
//!
//! Deliberately absent: finding channels; see `channels`.

use crate::model::{Channel, ChannelKind, Clause};

/// Whether a link goes to the form where the known one only goes to the list.
pub(super) fn is_closer(known: &Channel, new: &Channel) -> bool {
    let ends = |c: &Channel| {
        c.value
            .as_ref()
            .is_some_and(|v| v.contains("/advisories/new"))
    };
    known.kind == ChannelKind::GithubAdvisory && ends(new) && !ends(known)
}

/// Whether a new channel is one that is known.
pub(super) fn is_same(known: &Clause<Channel>, new: &Channel) -> bool {
    let known = &known.value;
    if known.kind != new.kind {
        return false;
    }
    let (Some(old), Some(value)) = (&known.value, &new.value) else {
        return new.value.is_none() || new.kind == ChannelKind::GithubAdvisory;
    };
    match new.kind {
        ChannelKind::GithubAdvisory => repository(old) == repository(value),
        ChannelKind::Platform => host(old) == host(value),
        _ => old.eq_ignore_ascii_case(value),
    }
}

/// Owner and name of the repository in a link.
fn repository(url: &str) -> Vec<&str> {
    url.split('/').skip(2).take(3).collect()
}

/// The host of a link.
fn host(url: &str) -> &str {
    let rest = url.split("//").nth(1).unwrap_or("");
    let host = rest.split('/').next().unwrap_or("");
    host.trim_start_matches("www.").trim_start_matches("app.")
}
