//! What went wrong, as RFC 9457 says it.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use serde::Serialize;

/// Why a request was not answered as it was meant.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Problem {
    /// What sort of problem: always the same for the same.
    #[serde(rename = "type")]
    kind: String,
    pub(crate) title: &'static str,
    pub(crate) status: u16,
    pub(crate) detail: String,
}

impl Problem {
    pub(crate) fn new(
        status: StatusCode,
        kind: &str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        let kind = format!("/api/problems#{kind}");
        Self { kind, title, status: status.as_u16(), detail: detail.into() }
    }

    pub(crate) fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", "Not understood", detail)
    }

    pub(crate) fn unreadable(detail: impl Into<String>) -> Self {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Self::new(status, "unreadable", "Cannot be read", detail)
    }

    pub(crate) fn too_large(limit: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            "Too large",
            format!("a request may have {} MiB", limit >> 20),
        )
    }

    pub(crate) fn not_found(what: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", what)
    }

    pub(crate) fn busy() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "busy",
            "Busy",
            "too many texts are waiting to be read; try again in a moment",
        )
    }

    pub(crate) fn is_busy(&self) -> bool {
        self.kind.ends_with("#busy")
    }

    pub(crate) fn late() -> Self {
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            "late",
            "Took too long",
            "the request did not come in, or could not be answered, in time",
        )
    }

    pub(crate) fn fault() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "fault",
            "A mistake of ours",
            "this makes the program fail; please report it",
        )
    }

    pub(crate) fn of_store(error: &according_store::Error) -> Self {
        if error.is_not_found() {
            return Self::not_found("the corpus does not hold it");
        }
        let mut detail = error.to_string();
        if let Some(advice) = error.advice() {
            detail.push_str("; ");
            detail.push_str(advice);
        }
        let status = match error.is_passing() {
            true => StatusCode::SERVICE_UNAVAILABLE,
            false => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self::new(status, "corpus", "The corpus cannot be used", detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response<Body> {
        let status = StatusCode::from_u16(self.status);
        let mut response =
            Response::new(Body::from(serde_json::to_vec(&self).unwrap_or_default()));
        *response.status_mut() = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        let media = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, media);
        if self.status == 503 {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        }
        if self.status == 401 {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
