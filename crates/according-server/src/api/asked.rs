//! What stands in the query of a request.

use axum::extract::FromRequestParts;
use axum::extract::Query;
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// The query, or a problem that says what is wrong with it.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(error) => Err(Problem::malformed(error.body_text())),
        }
    }
}

/// How many on a page: `limit`, within bounds.
pub(crate) fn limit(asked: Option<u32>, usual: u32) -> Result<u32, Problem> {
    match asked.unwrap_or(usual) {
        limit @ 1..=1000 => Ok(limit),
        limit => Err(Problem::malformed(format!("limit={limit} is not from 1 to 1000"))),
    }
}

/// A day, if it is one.
pub(crate) fn day(asked: Option<String>) -> Result<Option<String>, Problem> {
    // Forms send nothing as an empty text.
    let Some(day) = asked.filter(|day| !day.is_empty()) else { return Ok(None) };
    match according_intake::day(&day) {
        Some(day) => Ok(Some(day)),
        None => Err(Problem::malformed("not a date like 2024-03-05, 2024-03 or 2024")),
    }
}

/// Where a page ends, for whoever asks for the next. What is in it is nobody's business.
pub(crate) fn cursor(place: &impl serde::Serialize) -> Option<String> {
    Some(URL_SAFE_NO_PAD.encode(serde_json::to_vec(place).ok()?))
}

/// What [`cursor`] wrote.
pub(crate) fn place<T: DeserializeOwned>(
    cursor: Option<&str>,
) -> Result<Option<T>, Problem> {
    let Some(cursor) = cursor.filter(|cursor| !cursor.is_empty()) else {
        return Ok(None);
    };
    let place = URL_SAFE_NO_PAD.decode(cursor).ok();
    let place = place.and_then(|place| serde_json::from_slice(&place).ok());
    place
        .map(Some)
        .ok_or_else(|| Problem::not_found("'after' is not what 'next' of an answer was"))
}
