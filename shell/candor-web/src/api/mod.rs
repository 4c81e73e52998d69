//! The JSON API, `/api/v1`: what pages show and forms send, for programs.
//!
//! Invariants: a right comes from the token in the header `Authorization` and never from a
//! cookie; whoever has no token that holds gets one and the same 401 whatever they ask for,
//! and whoever has one gets one and the same 404 for what is not theirs and what is not there;
//! an answer holds a view, as a page does; every route stands in `table`.
//!
//! Pages of other sites may ask only where the operator named the site, and no browser sends
//! a right along by itself.
//!
//! Deliberately absent: rights, and any use case of its own.

mod act;
mod door;
mod openapi;
mod problem;
mod read;
mod reporter;
mod table;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::catch_panic::CatchPanicLayer;

pub use openapi::openapi;
pub(crate) use problem::Problem;
pub use table::api_routes;

use crate::gate::Web;

/// Where the API begins.
pub(crate) const BASE: &str = "/api/v1";

/// All routes of the API.
pub(crate) fn router(web: &Web) -> Router<Web> {
    let mut routes = Router::new();
    for entry in table::routes() {
        routes = routes.route(entry.path, (entry.answers)());
    }
    routes
        .fallback(async || Problem::NotFound)
        .method_not_allowed_fallback(async || Problem::Method)
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(web.clone(), door::only_from_here))
        .layer(from_fn(door::no_cookies))
        .layer(from_fn(door::readable))
        .layer(door::other_sites(web.options()))
        .layer(CatchPanicLayer::custom(problem::panicked))
}
