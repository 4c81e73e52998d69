//! Every page, drawn from fixed views.

use std::collections::BTreeMap;

use askama::Template;
use candor_access::view::{FieldError, StaffProgram, ThanksLine};
use candor_app::input::Enrolment;

use crate::assets;
use crate::desk::case::CasePage;
use crate::desk::door::FormPage;
use crate::desk::erase::ErasePage;
use crate::desk::house::{ProgramsPage, SettingsPage};
use crate::desk::inbox::{AlarmsPage, InboxPage};
use crate::desk::mail::HeldMailsPage;
use crate::desk::passkeys::PasskeysPage;
use crate::desk::people::PeoplePage;
use crate::desk::policy::{PreviewPage, version_fields};
use crate::desk::recovery::RecoveryPage;
use crate::desk::search::SearchPage;
use crate::desk::sessions::SessionsPage;
use crate::desk::sign_ins::SignInsPage;
use crate::desk::step_up::StepUpPage;
use crate::erased::ErasedPage;
use crate::public::advisory::AdvisoriesPage;
use crate::public::report::{ReceiptPage, ReportPage};
use crate::public::versions::VersionsPage;
use crate::public::{FrontPage, PolicyPage, StatisticsPage, ThanksPage};
use crate::room::{DoorPage, RoomPage};
use crate::samples;
use crate::style::StylePage;
use crate::typed::Typed;
use crate::ui::{Again, Chrome, Notice, Side, program_chrome};

/// A page as it is sent; the hash of the stylesheet is left out.
fn html(page: &impl Template) -> String {
    let html = page.render().unwrap();
    let ours = format!("<script src=\"{}\" defer></script>", *assets::SCRIPT_PATH);
    for banned in [
        "<script",
        " style=",
        "javascript:",
        "onclick",
        "http://",
        "<iframe",
    ] {
        let harmless = html.replace("http://www.w3.org/2000/svg", "");
        // The one script there is, on pages that ask for a passkey.
        let harmless = harmless.replace(&ours, "");
        assert!(!harmless.contains(banned), "{banned} on a page");
    }
    html.replace(assets::STYLE_PATH.as_str(), "/assets/candor.css")
        .replace(assets::SCRIPT_PATH.as_str(), "/assets/passkey.js")
}

fn plain(title: &str, side: Side) -> Chrome {
    Chrome::plain(title, side, "")
}

#[test]
fn public_pages() {
    let programs = vec![samples::program()];
    let front = FrontPage {
        chrome: plain("Report a vulnerability", Side::Public),
        programs,
    };
    insta::assert_snapshot!("front", html(&front));
    let mut policy = samples::policy();
    policy.findings.clear();
    insta::assert_snapshot!("policy", html(&PolicyPage::new(policy, Side::Public)));
    let mut past = samples::policy();
    past.past = Some("This version was in force until yesterday.".into());
    let past = html(&PolicyPage::new(past, Side::Public));
    assert!(past.contains("in force until yesterday"));
    insta::assert_snapshot!("versions", html(&VersionsPage::new(samples::history())));
    insta::assert_snapshot!(
        "statistics",
        html(&StatisticsPage::new(samples::statistics()))
    );
    let chrome = program_chrome(
        "Advisories",
        &samples::program(),
        Side::Public,
        "advisories",
    );
    let list = vec![samples::advisory_card()];
    let page = AdvisoriesPage {
        chrome: chrome.clone(),
        program: samples::program(),
        list,
    };
    insta::assert_snapshot!("advisories", html(&page));
    let lines = vec![ThanksLine {
        name: "Eve".into(),
        advisory: "LUM-2027-7K3F9QMA".into(),
    }];
    let page = ThanksPage {
        chrome,
        program: samples::program(),
        lines,
    };
    insta::assert_snapshot!("thanks", html(&page));
}

#[test]
fn report_and_receipt() {
    insta::assert_snapshot!("report", html(&ReportPage::new(samples::form(), None)));
    let again = html(&ReportPage::new(samples::form_with_errors(), None));
    assert!(again.contains("href=\"#f-description\"") && again.contains("id=\"f-description\""));
    assert!(!again.contains("<script>alert"));
    insta::assert_snapshot!("report-again", again);
    insta::assert_snapshot!("receipt", html(&ReceiptPage::new(samples::receipt())));
}

#[test]
fn the_form_page_is_small() {
    let size = html(&ReportPage::new(samples::form(), None)).len();
    assert!(size <= 30 * 1024, "{size} bytes");
}

#[test]
fn room_pages() {
    let door = DoorPage::new(
        samples::program(),
        "7K3F",
        Some("This code opens nothing here."),
    );
    insta::assert_snapshot!("room-door", html(&door));
    insta::assert_snapshot!(
        "room",
        html(&RoomPage::new(samples::room(), "guard", None, None))
    );
}

#[test]
fn a_member_is_not_offered_what_only_owners_reach() {
    let links = ["/desk/people", "/settings", "/desk/p/lumen/policy"];
    for owner in [true, false] {
        let (mut inbox, mut case) = (samples::inbox(), samples::case());
        (inbox.owner, case.owner) = (owner, owner);
        let pages = [
            html(&InboxPage::new(inbox, "guard", None)),
            html(&CasePage::new(case, "guard", None, None)),
        ];
        for (page, link) in pages.iter().flat_map(|p| links.map(|l| (p, l))) {
            assert_eq!(page.contains(link), owner, "{link}");
        }
    }
}

#[test]
fn desk_pages() {
    let list = vec![StaffProgram {
        program: samples::program(),
        role: "owner".into(),
        open: 2,
        overdue: 1,
    }];
    let chrome = Chrome::plain("Programs", Side::Desk, "programs").guarded("guard");
    let page = ProgramsPage {
        chrome,
        name: "Ada".into(),
        list,
        alarms: vec!["Grace".into()],
        wrong_sign_ins: true,
        running: Some(candor_access::view::RunningView {
            version: "0.1.0".into(),
            age: "120 days old".into(),
            old: true,
            advisories: vec!["CAN-2027-1: Rooms open for nobody. Fixed in 0.1.4.".into()],
            unknown: None,
        }),
    };
    insta::assert_snapshot!("programs", html(&page));
    let inbox = InboxPage::new(samples::inbox(), "guard", None);
    insta::assert_snapshot!("inbox", html(&inbox));
    let found = SearchPage::new(samples::found(), "guard");
    insta::assert_snapshot!("search", html(&found));
    let alarms = AlarmsPage::new(samples::alarms(), "guard", None);
    insta::assert_snapshot!("alarms", html(&alarms));
    insta::assert_snapshot!(
        "settings",
        html(&SettingsPage::new(samples::settings(), "guard", None))
    );
    let errors = [FieldError {
        field: "login".into(),
        message: "This login is taken.".into(),
    }];
    let typed = BTreeMap::from([("login".to_owned(), "ada".to_owned())]);
    let mail = HeldMailsPage::new(samples::held_mails(), "guard", None);
    insta::assert_snapshot!("held_mails", html(&mail));
    let sign_ins = SignInsPage::new(samples::sign_ins(), "guard");
    insta::assert_snapshot!("sign_ins", html(&sign_ins));
    let people = PeoplePage::new(samples::people(), "guard", &typed, &errors, None);
    insta::assert_snapshot!("people", html(&people));
    let you = FormPage::you("guard", &errors, None);
    insta::assert_snapshot!("you", html(&you));
    insta::assert_snapshot!("recovery", html(&RecoveryPage::new(7, "guard", "", &[])));
    let codes = vec!["0123-4567-8901-2345".to_owned()];
    insta::assert_snapshot!("recovery-made", html(&RecoveryPage::made(codes, "guard")));
    let own = samples::passkeys();
    let ask = own.new.as_ref().map(|new| new.ask.clone());
    let with = FormPage::sign_in(&Typed::default(), None, ask.clone());
    insta::assert_snapshot!("sign-in-passkey", html(&with));
    let carried = BTreeMap::from([("guard".into(), "guard".into()), ("do".into(), "go".into())]);
    let again = StepUpPage::new("/desk/act".to_owned(), carried, None, ask);
    insta::assert_snapshot!("step-up", html(&again));
    insta::assert_snapshot!(
        "passkeys",
        html(&PasskeysPage::new(own, "guard", "", &[], None))
    );
    let sessions = SessionsPage::new(samples::sessions(), "guard", None);
    insta::assert_snapshot!("sessions", html(&sessions));
    let fields = version_fields("typed", &[]);
    let owner = PolicyPage::desk(samples::policy_desk(), "guard", fields, None);
    insta::assert_snapshot!("owner-policy", html(&owner));
    let preview = html(&PreviewPage::new(samples::preview(), "guard"));
    assert!(preview.contains("&lt;b&gt;bold") || preview.contains("&#60;b&#62;bold"));
    insta::assert_snapshot!("policy-preview", preview);
}

#[test]
fn case_pages() {
    let done = Notice::done("The acknowledgement was sent.");
    insta::assert_snapshot!(
        "case",
        html(&CasePage::new(samples::case(), "guard", Some(done), None))
    );
    let again = Again {
        form: "assess".into(),
        fields: BTreeMap::from([("cvss".to_owned(), "\"><b>kept".to_owned())]),
        errors: vec![FieldError {
            field: "cvss".into(),
            message: "This is no vector.".into(),
        }],
    };
    let notice = Notice::fields(&again.errors, Some("assess"));
    let page = CasePage::new(samples::case(), "guard", Some(notice), Some(again));
    let again = html(&page);
    assert!(again.contains("href=\"#f-assess-cvss\"") && again.contains("id=\"f-assess-cvss\""));
    assert!(again.contains("kept") && !again.contains("<b>kept"));
    let published = CasePage::new(samples::published_case(), "guard", None, None);
    insta::assert_snapshot!("case-published", html(&published));
}

#[test]
fn pages_around_an_erasure() {
    let page = |v| html(&ErasePage::new(v, "guard", None, &[]));
    insta::assert_snapshot!("erase", page(samples::erasure(false)));
    insta::assert_snapshot!("erase-asked", page(samples::erasure(true)));
    let mut not_now = samples::erasure(false);
    not_now.not_now = Some("Only a closed case can be erased.".to_owned());
    assert!(!page(not_now).contains("Ask for the erasure"));
    let desk = html(&ErasedPage::desk(samples::erased(true), "guard", None));
    insta::assert_snapshot!("erased-desk", desk);
    let room = html(&ErasedPage::room(samples::erased(false), "guard"));
    insta::assert_snapshot!("erased-room", room);
}

#[test]
fn ids_on_the_case_page_are_unique() {
    let page = html(&CasePage::new(samples::case(), "guard", None, None));
    let mut ids: Vec<&str> = page
        .split(" id=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "an id stands twice");
}

#[test]
fn door_pages() {
    let errors = [FieldError {
        field: "pass".into(),
        message: "At least 15 characters.".into(),
    }];
    insta::assert_snapshot!(
        "set-up",
        html(&FormPage::set_up(&Typed::default(), &errors))
    );
    insta::assert_snapshot!(
        "sign-in",
        html(&FormPage::sign_in(&Typed::default(), None, None))
    );
    let enrolment = Enrolment {
        secret: "ABCD EFGH".into(),
        qr_svg: "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>".into(),
        login: "ada".into(),
    };
    insta::assert_snapshot!("enrol", html(&FormPage::enrol(&enrolment, "guard", None)));
}

#[test]
fn the_style_page_shows_every_part() {
    insta::assert_snapshot!("style", html(&StylePage::new().unwrap()));
}
