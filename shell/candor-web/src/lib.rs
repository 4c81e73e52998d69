//! The pages: routes, forms, feeds and `.well-known`, served as plain HTML.
//!
//! Invariants: a handler reads the request, calls one use case of
//! [`candor_app::App`] and shows its view; it never decides a right and never
//! sees the store. No page holds a script, an inline style or anything fetched
//! from elsewhere. No secret stands in a URL. Strangers get one and the same
//! 404 page, byte for byte.
//!
//! Deliberately absent: rules of any kind, TLS, the access log.

mod acted;
mod answer;
mod api;
mod assets;
mod body;
mod browser;
mod cookies;
mod desk;
mod erased;
mod gate;
mod guard;
mod headers;
mod pack;
mod party;
mod paths;
mod public;
mod room;
mod routes;
mod style;
mod typed;
mod ui;

pub use api::{api_routes, openapi};
pub use gate::WebOptions;
pub use guard::value as form_guard;
pub use pack::pack_files;
pub use routes::router;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod snapshots;
