//! The HTTP API.

pub(crate) mod articles;
pub(crate) mod asked;
mod claims;
mod openapi;
pub(crate) mod submit;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::App;
use crate::problem::Problem;

pub(crate) type Answer = Result<Response, Problem>;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .route("/api/openapi.json", get(openapi::document))
        .route("/api/read", post(submit::read))
        .route("/api/articles", get(articles::list).post(submit::add))
        .route("/api/articles/{ref}", get(articles::one))
        .route("/api/claims", get(claims::list))
        .route("/api/claims/{id}", get(claims::one))
        .route("/api/sources", get(claims::sources))
        .route("/api/timeline", get(claims::timeline))
        .route("/api/search", get(articles::search))
}

/// Ready when the corpus answers.
async fn ready(State(app): State<Arc<App>>) -> Answer {
    app.shelf.ask(|store| store.len()).await?;
    Ok("ready\n".into_response())
}

async fn metrics(State(app): State<Arc<App>>) -> Answer {
    let articles = app.shelf.ask(|store| store.len()).await?;
    let media = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    Ok((media, app.metrics.text(articles)).into_response())
}

/// A value as JSON with its tag; nothing but that where the asker has it already.
pub(crate) fn json(headers: &HeaderMap, value: &impl Serialize) -> Answer {
    let body = serde_json::to_vec(value).map_err(|_| Problem::fault())?;
    Ok(tagged(headers, "application/json", body))
}

/// An answer with a tag by its content.
pub(crate) fn tagged(
    headers: &HeaderMap,
    media: &'static str,
    body: Vec<u8>,
) -> Response {
    let digest = Sha256::digest(&body);
    let mut tag = String::from("\"");
    for byte in digest.iter().take(12) {
        tag.push_str(&format!("{byte:02x}"));
    }
    tag.push('"');
    let known = headers.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok());
    let mut known = known.unwrap_or_default().split(',').map(str::trim);
    let is_known =
        known.any(|known| known.trim_start_matches("W/") == tag || known == "*");
    let mut response = Response::new(match is_known {
        true => Body::empty(),
        false => Body::from(body),
    });
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    out.insert(header::VARY, HeaderValue::from_static("Accept"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        out.insert(header::ETAG, tag);
    }
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    response
}

/// One value a line.
pub(crate) const NDJSON: &str = "application/x-ndjson";

/// Whether somebody asks for one value a line.
pub(crate) fn wants_lines(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains(NDJSON) || accept.contains("jsonl"))
}

/// Appends a value as a line of NDJSON.
pub(crate) fn push_line(lines: &mut Vec<u8>, value: &impl serde::Serialize) {
    lines.extend(serde_json::to_vec(value).unwrap_or_default());
    lines.push(b'\n');
}

/// A value a line, as they come.
pub(crate) fn lines(
    receiver: tokio::sync::mpsc::Receiver<Result<Vec<u8>, std::io::Error>>,
) -> Response {
    let stream = futures_util::stream::unfold(receiver, |mut receiver| async {
        receiver.recv().await.map(|line| (line, receiver))
    });
    let media = [(header::CONTENT_TYPE, NDJSON)];
    (media, Body::from_stream(stream)).into_response()
}
