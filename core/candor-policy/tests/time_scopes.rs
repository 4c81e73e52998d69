//! Times that are not for every case: the reporter's own when nobody answers, word in advance, one severity.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

mod common;

use candor_policy::model::Silence;
use common::under as policy;

#[test]
fn silence_is_the_reporters_clock_in_every_language() {
    for (heading, text, amount) in [
        (
            "Melden",
            "Meldet euch gern nochmal, wenn nach zwei Wochen nichts zurückkam.",
            2,
        ),
        (
            "Melden",
            "Falls du innerhalb von 7 Tagen keine Antwort erhältst, erinnere uns bitte.",
            7,
        ),
        (
            "Melden",
            "Sollten Sie binnen 5 Tagen keine Rückmeldung erhalten, schreiben Sie erneut.",
            5,
        ),
        (
            "Signaler",
            "Si vous restez sans nouvelles après 7 jours, merci de nous relancer.",
            7,
        ),
        (
            "Reportar",
            "Si no has recibido respuesta en 7 días, vuelve a escribir.",
            7,
        ),
        (
            "Relatar",
            "Se não receber resposta em 5 dias úteis, envie um lembrete.",
            5,
        ),
        ("报告", "如果 7 天内没有收到回复，请再次联系我们。", 7),
        ("報告", "7日以内に返事がない場合は、再度ご連絡ください。", 7),
        (
            "Segnalare",
            "Se non hai ricevuto risposta entro 7 giorni, scrivi di nuovo.",
            7,
        ),
    ] {
        let read = policy(heading, text);
        assert!(read.promises.is_empty(), "no promise: {text}");
        let times: Vec<u32> = read
            .follow_up
            .iter()
            .filter_map(|c| c.value.after.map(|a| a.0))
            .collect();
        assert_eq!(times, [amount], "{text}");
    }
}

#[test]
fn two_times_for_two_silences() {
    let text = "If you have not received a reply to your email within 48 hours, or have not \
                heard from the security team for the past five days, please write again.";
    let read = policy("Reporting", text);
    let found: Vec<_> = read
        .follow_up
        .iter()
        .map(|c| (c.value.after.unwrap().0, c.value.trigger))
        .collect();
    assert_eq!(
        found,
        [(48, Silence::NoAcknowledgement), (5, Silence::NoProgress)]
    );
}

#[test]
fn the_time_of_the_sentence_before_is_lent() {
    let text = "We strive to acknowledge each report within 48 hours. Please feel free to email \
                a reminder if you have not heard from us within that time frame.";
    let read = policy("Reporting", text);
    assert_eq!(read.promises.len(), 1);
    assert_eq!(read.follow_up[0].value.trigger, Silence::NoAcknowledgement);
    assert_eq!(read.follow_up[0].value.after.unwrap().0, 48);
}

#[test]
fn other_conditions_are_no_silence() {
    for (heading, text) in [
        (
            "Melden",
            "Wenn du keine Antwort brauchst, schreib das bitte dazu.",
        ),
        (
            "Reportar",
            "Si no tienes una clave, escribe en texto plano.",
        ),
        (
            "Signaler",
            "Si vous n'avez pas de clé, contactez-nous en clair.",
        ),
        ("Relatar", "Caso não tenha uma prova, envie o que souber."),
        (
            "Reporting",
            "If you do not have a key, send plain text within 5 lines.",
        ),
    ] {
        let found = policy(heading, text);
        let timed = found.follow_up.iter().any(|c| c.value.after.is_some());
        assert!(!timed, "{text}");
    }
}

#[test]
fn a_head_that_asks_for_patience_is_not_what_is_promised() {
    let text = "1. **Allow time for a fix**: We aim to respond within 48 hours and provide a fix \
                within 7 days for critical issues.";
    let read = policy("Reporting a Vulnerability", text);
    let steps: Vec<_> = read.promises.iter().map(|c| c.value.milestone).collect();
    assert_eq!(
        steps,
        [
            candor_policy::model::Milestone::Acknowledgement,
            candor_policy::model::Milestone::Fix
        ]
    );
}

#[test]
fn a_time_from_telling_vendors_is_word_in_advance() {
    let text =
        "The embargo date will be set 72 hours from the time the vendors are first notified.";
    let read = policy("Disclosure Policy", text);
    assert!(read.promises.is_empty());
    assert_eq!(read.advance_notice.len(), 1);
    assert_eq!(read.advance_notice[0].value.amount, 72);
}

#[test]
fn updates_come_as_soon_as_possible_under_their_heading() {
    let read = policy(
        "Security Updates",
        "Security updates are released as soon as possible after a fix is ready.",
    );
    assert_eq!(read.promises.len(), 1);
    let quiet = policy(
        "Security Updates",
        "Subscribe as soon as possible to stay informed.",
    );
    assert!(quiet.promises.is_empty());
}

#[test]
fn a_time_behind_a_notification_is_word_in_advance() {
    let steps = "We notify the community that a release is coming.\n\n24 hours following this \
                 notification, the fixes are applied publicly and new releases are issued.";
    let read = policy("Disclosure process", steps);
    assert!(read.promises.is_empty(), "{:?}", read.promises);
}

#[test]
fn a_time_is_for_the_severity_behind_it() {
    use candor_policy::model::Severity;
    for (text, severities) in [
        (
            "- Fix: 30 days for critical issues",
            vec![Some(Severity::Critical)],
        ),
        ("- Fix: 30 days", vec![None]),
        (
            "- **Resolution Target**: 30 days for critical, 90 days otherwise",
            vec![Some(Severity::Critical), None],
        ),
    ] {
        let read = policy("Response Timeline", text);
        let found: Vec<_> = read.promises.iter().map(|c| c.value.severity).collect();
        assert_eq!(found, severities, "{text}");
    }
    let read = policy(
        "Délais de réponse",
        "- Correctif : 30 jours pour les failles critiques",
    );
    assert_eq!(read.promises[0].value.severity, Some(Severity::Critical));
}
