//! Words and colours for values that pages show as badges.

use candor_access::{ContentKey, Demand, Lane, Severity};

use super::parts::{Badge, badge};

/// The severity word.
pub(crate) fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Low => "Low",
        Severity::Medium => "Medium",
        Severity::High => "High",
        Severity::Critical => "Critical",
    }
}

/// A severity as a badge: the word says it, the colour helps.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "templates hand over references"
)]
pub(crate) fn severity_badge(severity: &Severity) -> Badge {
    let look = match severity {
        Severity::Low => "plain",
        Severity::Medium => "warn",
        Severity::High => "bad",
        Severity::Critical => "loud",
    };
    badge(look, severity_name(*severity))
}

/// How strongly a policy asks for something.
pub(crate) fn demand_badge(demand: Demand) -> (&'static str, &'static str) {
    match demand {
        Demand::Mandatory => ("bad", "required by the policy"),
        Demand::Asked => ("accent", "asked for"),
        Demand::Optional => ("plain", "optional"),
        Demand::IfApplicable => ("plain", "if applicable"),
    }
}

/// How firm the words of a promise are.
pub(crate) fn firmness_badge(firmness: &str) -> Badge {
    let look = match firmness {
        "promise" => "accent",
        "target" | "usually" => "warn",
        _ => "plain",
    };
    badge(look, firmness)
}

/// The state of one required content on the desk.
pub(crate) fn status_badge(state: &str) -> Badge {
    match state {
        "given" => badge("ok", "given"),
        "missing" => badge("warn", "missing"),
        "mandatory" => badge("bad", "missing, mandatory"),
        "waived" => badge("plain", "waived"),
        "asked" => badge("accent", "asked for"),
        other => badge("plain", other),
    }
}

/// Who reads a lane, in words.
pub(crate) fn lane_name(lane: Lane) -> (&'static str, &'static str, &'static str) {
    match lane {
        Lane::Everyone => ("everyone", "accent", "everyone on the case"),
        Lane::Team => ("team", "team", "team only"),
        Lane::Reporter => ("reporter", "ok", "team and reporter"),
    }
}

/// The name of a content field in forms: the one it is stored under.
pub(crate) fn content_name(key: ContentKey) -> String {
    serde_json::to_value(key)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// A size in words.
pub(crate) fn size_words(bytes: u64) -> String {
    const MIB: u64 = 1024 * 1024;
    if bytes >= MIB {
        format!("{} MiB", bytes / MIB)
    } else {
        format!("{} KiB", bytes.div_ceil(1024))
    }
}
