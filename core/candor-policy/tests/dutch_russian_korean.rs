//! Policies in Dutch, Russian and Korean: what they promise, ask and offer, and the
//! sentences that promise nothing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on should stop"
)]

use serde_json::Value;

fn labels(text: &str) -> Value {
    let compiled = candor_policy::compile(text.as_bytes()).unwrap().value;
    candor_policy::labels(&compiled)
}

fn promised(text: &str) -> Vec<String> {
    let all = labels(text);
    let timed = all["timeline"].as_array().unwrap().iter().map(|e| {
        format!(
            "{} {} {}",
            e["milestone"].as_str().unwrap(),
            e["number"],
            e["unit"].as_str().unwrap()
        )
    });
    let vague = all["timeline_unquantified"].as_array().unwrap().iter();
    let vague = vague.map(|e| {
        format!(
            "{} {}",
            e["milestone"].as_str().unwrap(),
            e["phrase"].as_str().unwrap()
        )
    });
    timed.chain(vague).collect()
}

fn words(list: &Value, key: &str) -> Vec<String> {
    let all = list.as_array().unwrap().iter();
    all.map(|e| e[key].as_str().unwrap_or("-").to_owned())
        .collect()
}

const DUTCH: &str = "# Beveiligingsbeleid

## Ondersteunde versies

Alleen de laatste stabiele release krijgt beveiligingsupdates.

## Kwetsbaarheid melden

Maak geen openbaar issue aan. Stuur een e-mail naar meld@voorbeeldbedrijf.nl.

Voeg aan je melding toe:

- Een beschrijving van het probleem
- Stappen om het te reproduceren
- De versie die je gebruikt
- Mogelijke gevolgen

## Wat doen wij

- Binnen 3 werkdagen krijg je een reactie.
- We houden je op de hoogte van de voortgang.
- Wij lossen het probleem op binnen 90 dagen.
- We nemen geen juridische stappen als je je aan de regels houdt.
";

#[test]
fn a_dutch_policy() {
    let all = labels(DUTCH);
    assert_eq!(
        promised(DUTCH),
        [
            "acknowledgement 3 business-days",
            "fix 90 days",
            "status-update regular"
        ]
    );
    assert_eq!(all["language"], serde_json::json!(["nl"]));
    assert_eq!(
        words(&all["channels"], "value"),
        ["meld@voorbeeldbedrijf.nl"]
    );
    assert_eq!(
        words(&all["report_contents"], "item"),
        ["description", "reproduction-steps", "versions", "impact"]
    );
    assert_eq!(all["supported_versions"].as_array().unwrap().len(), 1);
    assert_eq!(all["safe_harbour"]["present"], true);
    assert!(
        all["reporter_obligations"]
            .as_array()
            .unwrap()
            .contains(&Value::from("no-public-issue"))
    );
}

const RUSSIAN: &str = "# Политика безопасности

## Поддерживаемые версии

| Версия | Поддерживается |
| ------ | -------------- |
| 2.x    | Да             |
| 1.x    | Нет            |

## Сообщить об уязвимости

Пожалуйста, не создавайте публичный issue. Напишите на почту safe@primer-proekta.ru.

В сообщении укажите:

- шаги воспроизведения;
- версию;
- возможное исправление (необязательно).

## Сроки ответа

- Первичный ответ: в течение 5 рабочих дней
- Исправление: до 30 дней
- Мы будем держать вас в курсе.
";

#[test]
fn a_russian_policy() {
    let all = labels(RUSSIAN);
    assert_eq!(
        promised(RUSSIAN),
        [
            "acknowledgement 5 business-days",
            "fix 30 days",
            "status-update regular"
        ]
    );
    assert_eq!(all["language"], serde_json::json!(["ru"]));
    assert_eq!(words(&all["channels"], "value"), ["safe@primer-proekta.ru"]);
    assert_eq!(
        words(&all["report_contents"], "item"),
        ["reproduction-steps", "versions", "suggested-fix"]
    );
    let supported: Vec<bool> = all["supported_versions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v["supported"].as_bool().unwrap())
        .collect();
    assert_eq!(supported, [true, false]);
}

const KOREAN: &str = "# 보안 정책

## 지원 버전

| 버전 | 지원 여부 |
|------|-----------|
| 2.x  | ✅ |
| 1.x  | ❌ |

## 취약점 신고

공개 이슈에 올리지 말아 주세요. safe@boan-hoesa.co.kr 로 이메일을 보내 주세요.

재현 단계, 영향 범위, 관련 로그를 포함해 주세요.

## 대응 목표

- 접수 확인: 48시간 이내
- 초기 평가: 영업일 기준 5일 이내
- 패치 배포: 2주 이내
";

#[test]
fn a_korean_policy() {
    let all = labels(KOREAN);
    assert_eq!(
        promised(KOREAN),
        [
            "acknowledgement 48 hours",
            "assessment 5 business-days",
            "patch-release 2 weeks"
        ]
    );
    assert_eq!(all["language"], serde_json::json!(["ko"]));
    assert_eq!(words(&all["channels"], "value"), ["safe@boan-hoesa.co.kr"]);
    assert_eq!(
        words(&all["report_contents"], "item"),
        ["reproduction-steps", "impact", "logs"]
    );
    assert_eq!(all["supported_versions"].as_array().unwrap().len(), 2);
}

#[test]
fn what_promises_nothing_in_these_languages() {
    for (head, text) in [
        // Support, sessions, the past and what is asked of the reporter.
        (
            "# Beveiligingsbeleid\n\n## Kwetsbaarheid melden\n\nMail naar x@bedrijf.nl.",
            "Een sessie verloopt na 30 dagen.",
        ),
        (
            "# Beveiligingsbeleid\n\n## Kwetsbaarheid melden\n\nMail naar x@bedrijf.nl.",
            "Houd de informatie geheim totdat het probleem is opgelost.",
        ),
        (
            "# Beveiligingsbeleid\n\n## Kwetsbaarheid melden\n\nMail naar x@bedrijf.nl.",
            "Een termijn van 7 dagen kunnen we niet garanderen.",
        ),
        (
            "# Политика безопасности\n\n## Сообщить об уязвимости\n\nПишите на x@firma.ru.",
            "Логи хранятся 30 дней.",
        ),
        (
            "# Политика безопасности\n\n## Сообщить об уязвимости\n\nПишите на x@firma.ru.",
            "Ответ в течение 7 дней мы не гарантируем.",
        ),
        (
            "# Политика безопасности\n\n## Сообщить об уязвимости\n\nПишите на x@firma.ru.",
            "Версия 2.0 вышла 12 дней назад.",
        ),
        (
            "# 보안 정책\n\n## 취약점 신고\n\nx@hoesa.co.kr 로 보내 주세요.",
            "이 문서는 2025년 3월 1일에 작성되었습니다.",
        ),
        (
            "# 보안 정책\n\n## 취약점 신고\n\nx@hoesa.co.kr 로 보내 주세요.",
            "세션은 24시간 후 만료됩니다.",
        ),
        (
            "# 보안 정책\n\n## 취약점 신고\n\nx@hoesa.co.kr 로 보내 주세요.",
            "로그는 30일 동안 보관됩니다.",
        ),
    ] {
        let all = labels(&format!("{head}\n\n{text}\n"));
        assert_eq!(all["timeline"], serde_json::json!([]), "{text}");
    }
}

#[test]
fn words_of_one_language_say_nothing_in_another() {
    // "melden", "uur" and "dag" stand in no English promise.
    let text = "# Security Policy\n\nReport to safe@acme.dev. The dagger uses a 30 dag graph.\n";
    assert_eq!(labels(text)["timeline"], serde_json::json!([]));
}
