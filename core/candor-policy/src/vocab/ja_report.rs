//! Japanese: headings, lead-ins, what a report holds, scope, duties of reporters.

use super::{Table, Topic};
use crate::model::{ContentKey, DutyKind};

pub(super) const CONTENTS: Table<ContentKey> = &[
    ("タイトル", ContentKey::Summary),
    ("件名", ContentKey::Summary),
    ("概要", ContentKey::Description),
    ("連絡先", ContentKey::Contact),
    ("お名前", ContentKey::Identity),
    ("修正案", ContentKey::SuggestedFix),
    ("対策案", ContentKey::SuggestedFix),
    ("修正方法", ContentKey::SuggestedFix),
    ("回避策", ContentKey::SuggestedFix),
    ("対処方法", ContentKey::SuggestedFix),
    ("緩和策", ContentKey::SuggestedFix),
    ("解決策", ContentKey::SuggestedFix),
    ("対応案", ContentKey::SuggestedFix),
    ("修正提案", ContentKey::SuggestedFix),
    ("改善案", ContentKey::SuggestedFix),
    ("ログ", ContentKey::Evidence),
    ("スクリーンショット", ContentKey::Evidence),
    ("証拠", ContentKey::Evidence),
    ("概念実証", ContentKey::ProofOfConcept),
    ("poc", ContentKey::ProofOfConcept),
    ("実証コード", ContentKey::ProofOfConcept),
    ("検証コード", ContentKey::ProofOfConcept),
    ("再現コード", ContentKey::ProofOfConcept),
    ("再現手順", ContentKey::Steps),
    ("再現方法", ContentKey::Steps),
    ("再現", ContentKey::Steps),
    ("手順", ContentKey::Steps),
    ("影響を受けるコンポーネント", ContentKey::Component),
    ("対象コンポーネント", ContentKey::Component),
    ("コンポーネント", ContentKey::Component),
    ("該当箇所", ContentKey::Component),
    ("対象ファイル", ContentKey::Component),
    ("影響箇所", ContentKey::Component),
    ("対象機能", ContentKey::Component),
    ("影響を受けるバージョン", ContentKey::Versions),
    ("対象バージョン", ContentKey::Versions),
    ("バージョン", ContentKey::Versions),
    ("コミット", ContentKey::Versions),
    ("環境", ContentKey::Environment),
    ("設定", ContentKey::Environment),
    ("プラットフォーム", ContentKey::Environment),
    ("影響範囲", ContentKey::Impact),
    ("想定される影響", ContentKey::Impact),
    ("影響度", ContentKey::Severity),
    ("影響", ContentKey::Impact),
    ("深刻度", ContentKey::Severity),
    ("重大度", ContentKey::Severity),
    ("説明", ContentKey::Description),
    ("内容", ContentKey::Description),
    ("詳細", ContentKey::Description),
    ("種類", ContentKey::Description),
];

pub(super) const OPTIONAL: &[&str] = &[
    "可能であれば",
    "可能なら",
    "任意",
    "あれば",
    "わかる範囲",
    "もしあれば",
    "できれば",
];

pub(super) const IF_APPLICABLE: &[&str] = &["該当する場合", "必要に応じて"];

pub(super) const MANDATORY: &[&str] = &["必須"];

pub(super) const CONTENT_ASKS: &[&str] = &[
    "含めてください",
    "記載してください",
    "お知らせください",
    "ご記載",
    "添えて",
    "提供してください",
    "記載",
    "ご連絡",
    "含む",
    "共有してください",
    "明記",
];

pub(super) const PUBLIC_BAN: &[&str] = &[
    "issue .. ないで",
    "issue .. しない",
    "issue .. 避け",
    "issue .. 控え",
    "issue .. 禁止",
    "公開issueではなく",
    "公開issue ではなく",
    "公開issue .. ないで",
    "公開issue .. しない",
    "公開issue .. 避け",
    "公開issue .. 控え",
    "公開issueには",
    "issue ではなく",
    "issueではなく",
    "issues .. ないで",
    "issues ではなく",
    "イシュー .. ないで",
    "イシュー .. 避け",
    "イシューではなく",
    "公開の場 .. ないで",
    "公開の場 .. 避け",
    "公開の場 .. 控え",
    "公開で報告しない",
    "公に報告しない",
    "公開しないで",
];

pub(super) const DUTIES: Table<DutyKind> = &[
    ("合理的な時間", DutyKind::ReasonableTime),
    ("十分な時間", DutyKind::ReasonableTime),
    ("合理的な期間", DutyKind::ReasonableTime),
    ("秘密", DutyKind::Confidential),
    ("非公開", DutyKind::Confidential),
    ("公開しない", DutyKind::Confidential),
    ("公開を控え", DutyKind::Confidential),
    ("開示しない", DutyKind::Confidential),
    ("自分のアカウント", DutyKind::OwnAccounts),
    ("テストアカウント", DutyKind::OwnAccounts),
    ("プライバシー", DutyKind::NoDataAccess),
    ("個人情報", DutyKind::NoDataAccess),
    ("他人のデータ", DutyKind::NoDataAccess),
    ("ユーザーデータ", DutyKind::NoDataAccess),
    ("データに", DutyKind::NoDataAccess),
    ("妨害", DutyKind::NoDegradation),
    ("サービス拒否", DutyKind::NoDegradation),
    ("dos", DutyKind::NoDegradation),
    ("破壊", DutyKind::NoDegradation),
    ("悪用", DutyKind::NoExploitation),
    ("恐喝", DutyKind::NoDemands),
    ("ソーシャルエンジニアリング", DutyKind::NoSocialEngineering),
    ("フィッシング", DutyKind::NoSocialEngineering),
    ("速やかに", DutyKind::PromptReport),
    ("すみやかに", DutyKind::PromptReport),
];

pub(super) const DUTY_CALLS: Table<DutyKind> = &[
    ("前の情報公開", DutyKind::Confidential),
    ("前の公開", DutyKind::Confidential),
    ("公開は .. 控え", DutyKind::Confidential),
    ("公表しないで", DutyKind::Confidential),
    ("前に .. 共有しない", DutyKind::Confidential),
    ("まで .. 共有しない", DutyKind::Confidential),
    ("まで .. 口外しない", DutyKind::Confidential),
    ("合理的な時間", DutyKind::ReasonableTime),
    ("十分な時間", DutyKind::ReasonableTime),
    ("修正されるまで .. 公開", DutyKind::Confidential),
    ("修正が .. まで .. 公開", DutyKind::Confidential),
    ("修正前 .. 公開", DutyKind::Confidential),
    ("修正まで .. 公開", DutyKind::Confidential),
    ("公開を控え", DutyKind::Confidential),
    ("公開しないで", DutyKind::Confidential),
    ("公表を控え", DutyKind::Confidential),
    ("開示を控え", DutyKind::Confidential),
    ("公開しないよう", DutyKind::Confidential),
    ("まで公開", DutyKind::Confidential),
    ("悪用しない", DutyKind::NoExploitation),
];

pub(super) const DIRECTIVES: &[&str] = &["ください", "下さい", "お願い", "しない", "控え", "禁止"];

pub(super) const OUT_BEFORE: &[&str] = &["対象外", "スコープ外", "範囲外"];

pub(super) const IN_BEFORE: &[&str] = &["が対象です", "を対象とします", "に適用されます"];

pub(super) const IN_BEHIND: &[&str] = &["対象は", "適用範囲は"];

/// Headings. The more telling ones stand first.
pub(super) const HEADINGS: Table<Topic> = &[
    ("対象外", Topic::OutOfScope),
    ("スコープ外", Topic::OutOfScope),
    ("範囲外", Topic::OutOfScope),
    ("対象範囲", Topic::Scope),
    ("適用範囲", Topic::Scope),
    ("スコープ", Topic::Scope),
    ("報告に含め", Topic::Contents),
    ("報告内容", Topic::Contents),
    ("記載事項", Topic::Contents),
    ("含めてほしい", Topic::Contents),
    ("含める", Topic::Contents),
    ("必要な情報", Topic::Contents),
    ("報告時", Topic::Contents),
    ("深刻度", Topic::Severity),
    ("重大度", Topic::Severity),
    ("重要度", Topic::Severity),
    ("セキュリティ対策", Topic::Practices),
    ("セキュリティ機能", Topic::Practices),
    ("セキュリティプラクティス", Topic::Practices),
    ("ベストプラクティス", Topic::Advice),
    ("推奨事項", Topic::Advice),
    ("推奨設定", Topic::Advice),
    ("利用者向け", Topic::Advice),
    ("運用上", Topic::Advice),
    ("謝辞", Topic::Credit),
    ("お願い", Topic::Duties),
    ("禁止事項", Topic::Duties),
    ("遵守事項", Topic::Duties),
    ("対象バージョン", Topic::Versions),
    ("サポート", Topic::Versions),
    ("レスポンス", Topic::Response),
    ("報告", Topic::Reporting),
];

/// Sentences that lead into a list. The more telling ones stand first.
pub(super) const LEADS: Table<Topic> = &[
    ("対象外", Topic::OutOfScope),
    ("スコープ外", Topic::OutOfScope),
    ("含めてください", Topic::Contents),
    ("ご記載ください", Topic::Contents),
    ("記載してください", Topic::Contents),
    ("以下の情報", Topic::Contents),
    ("次の情報", Topic::Contents),
    ("以下を含め", Topic::Contents),
    ("以下を記載", Topic::Contents),
    ("次を含め", Topic::Contents),
    ("以下の内容", Topic::Contents),
    ("推奨します", Topic::Advice),
    ("お願いします", Topic::Duties),
];

/// Words that limit a wish for silence.
pub(super) const SILENCE_ENDS: &[&str] = &["まで", "前$", "前に", "前は", "控え", "しない"];
