//! The HTTP API.

pub(crate) mod articles;
pub(crate) mod asked;
mod claims;
mod corrections;
mod openapi;
mod stream;
pub(crate) mod submit;

use std::sync::Arc;

use according_store::{Error, Store};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use serde::Serialize;
use serde_json::Value;
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
        .route("/api/fetch", post(submit::fetch))
        .route("/api/jobs/{id}", get(submit::job))
        .route("/api/articles/{ref}", get(articles::one))
        .route("/api/claims", get(claims::list))
        .route("/api/claims/{id}", get(claims::one))
        .route("/api/sources", get(claims::sources))
        .route("/api/timeline", get(claims::timeline))
        .route("/api/search", get(articles::search))
        .route("/api/corrections", get(corrections::list).post(corrections::add))
        .route("/api/corrections/{number}", get(corrections::one))
        .route("/api/outlets", get(corrections::outlets))
}

/// Ready when the corpus answers.
async fn ready(State(app): State<Arc<App>>) -> Answer {
    app.shelf.len().await?;
    Ok("ready\n".into_response())
}

async fn metrics(State(app): State<Arc<App>>) -> Answer {
    let articles = app.shelf.len().await?;
    let media = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    Ok((media, app.metrics.text(articles)).into_response())
}

/// A value as JSON with its tag; nothing but that where the asker has it already.
pub(crate) fn json(headers: &HeaderMap, value: &impl Serialize) -> Answer {
    let body = serde_json::to_vec(value).map_err(|_| Problem::fault())?;
    Ok(tagged(headers, "application/json", body))
}

/// The answer to a question as JSON with its tag, kept until the corpus changes: many ask the
/// same, page after page.
pub(crate) async fn kept<T: Serialize>(
    app: &App,
    headers: &HeaderMap,
    question: &Uri,
    answer: impl FnOnce(&mut Store) -> Result<T, Error> + Send + 'static,
) -> Answer {
    let json =
        |store: &mut Store| Ok(serde_json::to_vec(&answer(store)?).unwrap_or_default());
    let body = app.shelf.answer(question.to_string(), json).await?;
    Ok(tagged(headers, "application/json", body))
}

/// An answer with a tag by its content.
pub(crate) fn tagged(
    headers: &HeaderMap,
    media: &'static str,
    body: impl Into<Bytes>,
) -> Response {
    let mut response = with_tag(headers.get(header::IF_NONE_MATCH), body);
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    out.insert(header::VARY, HeaderValue::from_static("Accept"));
    response
}

/// An answer with a tag by its content, and without that where the asker has it already.
pub(crate) fn with_tag(known: Option<&HeaderValue>, body: impl Into<Bytes>) -> Response {
    let body = body.into();
    let digest = Sha256::digest(&body);
    let mut tag = String::from("\"");
    for byte in digest.iter().take(12) {
        tag.push_str(&format!("{byte:02x}"));
    }
    tag.push('"');
    let known = known.and_then(|known| known.to_str().ok()).unwrap_or_default();
    let mut known = known.split(',').map(str::trim);
    let is_known =
        known.any(|known| known.trim_start_matches("W/") == tag || known == "*");
    let mut response = Response::new(match is_known {
        true => Body::empty(),
        false => Body::from(body),
    });
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    response
}

/// The largest body that is no text to be read.
const SMALL: usize = 1 << 20;

/// A small body of JSON. Forms of other sites cannot send this media type.
pub(crate) async fn small_json(request: Request) -> Result<Value, Problem> {
    let media = request.headers().get(header::CONTENT_TYPE);
    let media = media.and_then(|media| media.to_str().ok()).unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim();
    if !media.eq_ignore_ascii_case("application/json") {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "media",
            "Not read",
            "send it as application/json",
        ));
    }
    let body = axum::body::to_bytes(request.into_body(), SMALL).await;
    let body = body.map_err(|_| Problem::too_large(SMALL))?;
    serde_json::from_slice(&body).map_err(|error| Problem::malformed(error.to_string()))
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

/// Values, one a line.
pub(crate) fn lines_of<T: Serialize>(values: &[T]) -> Vec<u8> {
    let mut out = Vec::new();
    for value in values {
        push_line(&mut out, value);
    }
    out
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
