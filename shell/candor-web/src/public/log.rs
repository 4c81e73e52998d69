//! The public log, as C2SP tlog-tiles wants it served: the checkpoint and the tiles.
//!
//! Invariants: everything here is the same for everybody; a tile under its path never changes.
//!
//! Deliberately absent: bundles of entries. The leaves are hashes of salted values already.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use candor_app::PublicLog;

use crate::answer::{Stop, public_file};
use crate::gate::Web;

/// A tile that is full is the same for ever.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// A partial one too, but soon nobody asks for it any more.
const A_DAY: &str = "public, max-age=86400, immutable";
/// The checkpoint is another one soon.
const MOMENTS: &str = "public, max-age=5";

fn kept(mut response: Response, how: &'static str) -> Response {
    let how = HeaderValue::from_static(how);
    response.headers_mut().insert(header::CACHE_CONTROL, how);
    response
}

/// The checkpoint that was published last.
pub(crate) async fn log_checkpoint(
    State(web): State<Web>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let found = web
        .ask(|app| app.public_log().map(PublicLog::checkpoint).transpose())
        .await??;
    let file = found.flatten().ok_or(Stop::NotFound)?;
    Ok(kept(public_file(&headers, file), MOMENTS))
}

/// One tile.
pub(crate) async fn log_tile(
    State(web): State<Web>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Stop> {
    let found = web
        .ask(move |app| app.public_log().map(|log| log.tile(&path)).transpose())
        .await??;
    let (file, full) = found.flatten().ok_or(Stop::NotFound)?;
    let how = if full { FOR_EVER } else { A_DAY };
    Ok(kept(public_file(&headers, file), how))
}
