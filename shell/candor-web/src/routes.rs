//! Every URL of the house.
//!
//! Invariants: this list is complete but for the routes of the API, which stand in a table of
//! their own (`api`), and each line stands in the rights test
//! too; unknown paths get the page of a stranger.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use candor_app::App;
use tower_http::catch_panic::CatchPanicLayer;

use crate::answer::{Stop, panicked};
use crate::gate::{Web, WebOptions};
use crate::{api, desk, guard, headers, party, paths, public, room, style};

/// All routes over one application.
pub fn router(app: Arc<App>, options: WebOptions) -> Router {
    let web = Web::new(app, options);
    let desk = desk_routes().layer(from_fn_with_state(web.clone(), desk::step_up::carry));
    let mut routes = public_routes().merge(room_routes()).merge(desk);
    if web.options().dev {
        routes = routes.route("/style", get(style::page));
    }
    routes
        .fallback(async || Stop::NotFound)
        .method_not_allowed_fallback(async || Stop::Method)
        // Bodies are bounded where they are read (`typed`): there a page can
        // still show what was typed.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(guard::check))
        .layer(from_fn(paths::readable))
        // Behind its own door: it takes no cookie, so no form of another site is let in.
        .nest(api::BASE, api::router(&web))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(web.clone(), headers::add))
        .with_state(web)
}

fn public_routes() -> Router<Web> {
    Router::new()
        .route("/", get(public::front))
        .route("/healthz", get(public::healthy))
        .route("/assets/{file}", get(public::asset))
        .route("/.well-known/security.txt", get(public::host_security_txt))
        .route("/.well-known/candor-receipt-key", get(public::receipt_key))
        .route(
            "/.well-known/openpgpkey/hu/{name}",
            get(public::key_by_address),
        )
        .route(
            "/.well-known/openpgpkey/{host}/hu/{name}",
            get(public::key_by_host),
        )
        .route("/.well-known/openpgpkey/policy", get(public::key_rules))
        .route(
            "/.well-known/openpgpkey/{host}/policy",
            get(public::key_rules),
        )
        .route("/p/{slug}/openpgp.asc", get(public::key))
        .route("/p/{slug}/", get(public::policy))
        .route("/p/{slug}", get(public::policy_without_slash))
        .route("/p/{slug}/versions", get(public::versions))
        .route("/p/{slug}/versions/{digest}", get(public::version))
        .route("/p/{slug}/security.txt", get(public::security_txt))
        .route(
            "/p/{slug}/report",
            get(public::report_form).post(public::submit),
        )
        .route("/p/{slug}/report.json", get(public::report_json))
        .route("/p/{slug}/advisories", get(public::advisories))
        .route("/p/{slug}/advisories/{id}", get(public::advisory))
        .route("/p/{slug}/csaf/{year}/{file}", get(public::csaf))
        .route(
            "/p/{slug}/advisories/{id}/{file}",
            get(public::advisory_file),
        )
        .route("/p/{slug}/feed.atom", get(public::atom))
        .route(
            "/p/{slug}/subscribe",
            get(public::subscribe::form).post(public::subscribe::ask),
        )
        .route(
            "/p/{slug}/subscribe/{token}",
            get(public::subscribe::asked).post(public::subscribe::confirm),
        )
        .route(
            "/p/{slug}/unsubscribe/{token}",
            get(public::subscribe::leave).post(public::subscribe::end),
        )
        .route("/p/{slug}/thanks", get(public::thanks))
        .route("/p/{slug}/promises", get(public::statistics))
        .route("/p/{slug}/promises.csv", get(public::statistics_csv))
        .route("/p/{slug}/promises.json", get(public::statistics_json))
        .route("/calendar/{file}", get(desk::feed))
        .route("/log/checkpoint", get(public::log_checkpoint))
        .route("/log/tile/{*path}", get(public::log_tile))
}

fn room_routes() -> Router<Web> {
    Router::new()
        .route("/p/{slug}/room", get(room::page).post(room::enter))
        .route("/p/{slug}/room/act", post(room::act))
        .route("/p/{slug}/room/files/{id}", get(room::file))
        .route("/p/{slug}/room/statement", get(room::statement))
        .route(
            "/p/{slug}/room/receipt",
            get(room::receipt).post(room::receipt_of_page),
        )
        .route("/p/{slug}/room/proof", get(room::proof))
        .route("/p/{slug}/room/calendar", get(room::calendar))
        .route("/p/{slug}/room/leave", post(room::leave))
        .route("/p/{slug}/party", get(party::page).post(party::enter))
        .route("/p/{slug}/party/act", post(party::act))
        .route("/p/{slug}/party/files/{id}", get(party::file))
        .route("/p/{slug}/party/leave", post(party::leave))
}

fn desk_routes() -> Router<Web> {
    Router::new()
        .route("/desk", get(desk::programs))
        .route("/desk/set-up", get(desk::set_up_form).post(desk::set_up))
        .route("/desk/enrol", get(desk::enrol_form).post(desk::enrol))
        .route("/desk/sign-in", get(desk::sign_in_form).post(desk::sign_in))
        .route("/desk/passkey", post(desk::sign_in_by_passkey))
        .route("/desk/sign-out", post(desk::sign_out))
        .route("/desk/people", get(desk::people).post(desk::add_person))
        .route("/desk/people/reset", post(desk::reset_person))
        .route("/desk/people/remove", post(desk::remove_person))
        .route("/desk/people/sign-out", post(desk::sign_out_person))
        .route("/desk/people/looked-into", post(desk::looked_into))
        .route("/desk/sign-ins", get(desk::sign_ins))
        .route("/desk/sign-ins/looked-into", post(desk::wrong_looked_into))
        .route("/desk/sign-ins/reviewed", post(desk::review_sign_ins))
        .route("/desk/you", get(desk::you).post(desk::change_pass))
        .route(
            "/desk/you/sessions",
            get(desk::sessions).post(desk::end_sessions),
        )
        .route(
            "/desk/you/recovery",
            get(desk::recovery).post(desk::change_recovery),
        )
        .route(
            "/desk/you/passkeys",
            get(desk::passkeys).post(desk::change_passkeys),
        )
        .route("/desk/p/{slug}", get(desk::inbox))
        .route("/desk/p/{slug}/assign", post(desk::assign))
        .route(
            "/desk/p/{slug}/search",
            get(desk::search_form).post(desk::search),
        )
        .route(
            "/desk/p/{slug}/alarms",
            get(desk::alarms).post(desk::answer_alarms),
        )
        .route(
            "/desk/p/{slug}/settings",
            get(desk::settings).post(desk::save_settings),
        )
        .route(
            "/desk/p/{slug}/mail",
            get(desk::mail).post(desk::settle_mail),
        )
        .route("/desk/p/{slug}/mail/{id}", get(desk::mail_file))
        .route(
            "/desk/p/{slug}/hand-in",
            get(desk::hand_in_form).post(desk::hand_in),
        )
        .route("/desk/p/{slug}/skill", get(desk::skill))
        .route("/desk/p/{slug}/statistics", get(desk::figures))
        .route("/desk/p/{slug}/statistics.csv", get(desk::figures_csv))
        .route("/desk/p/{slug}/statistics.json", get(desk::figures_json))
        .route(
            "/desk/p/{slug}/calendar",
            get(desk::calendar).post(desk::change_calendar),
        )
        .route(
            "/desk/p/{slug}/tokens",
            get(desk::tokens).post(desk::change_tokens),
        )
        .route("/desk/p/{slug}/policy", get(desk::policy))
        .route("/desk/p/{slug}/policy/preview", post(desk::preview))
        .route("/desk/p/{slug}/policy/publish", post(desk::publish))
        .route("/desk/p/{slug}/policy/reviewed", post(desk::reviewed))
        .route("/desk/p/{slug}/cases/{reference}", get(desk::case))
        .route("/desk/p/{slug}/cases/{reference}/act", post(desk::act))
        .route(
            "/desk/p/{slug}/cases/{reference}/erase",
            get(desk::erase_form).post(desk::erase),
        )
        .route(
            "/desk/p/{slug}/cases/{reference}/files/{id}",
            get(desk::file),
        )
        .route(
            "/desk/p/{slug}/cases/{reference}/regulators",
            get(desk::regulators),
        )
        .route(
            "/desk/p/{slug}/cases/{reference}/regulators/act",
            post(desk::regulators_act),
        )
        .route(
            "/desk/p/{slug}/cases/{reference}/regulators/{regime}/{file}",
            get(desk::regulators_report),
        )
}
