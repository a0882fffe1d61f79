//! Corrections: all, one, and new ones.

use std::sync::Arc;

use according_corpus::correction::Grade;
use according_store::{Instruction, Listed};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::articles::{Listing, Page};
use super::asked::{Asked, cursor, limit, place};
use super::{Answer, NDJSON, json as answer, lines_of, small_json, tagged, wants_lines};
use crate::App;
use crate::problem::Problem;
use crate::set_right::{correct, listed, name_of};

/// Corrections in the order in which they were made.
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Asked(asked): Asked<Listing>,
) -> Answer {
    let after: u32 = place(asked.after.as_deref())?.unwrap_or(0);
    let limit = limit(asked.limit, 50)? as usize;
    let all = app.shelf.ask(|store| store.corrections()).await?;
    let mut items: Vec<Listed> =
        all.into_iter().filter(|listed| listed.correction.number > after).collect();
    if wants_lines(&headers) {
        return Ok(tagged(&headers, NDJSON, lines_of(&items)));
    }
    let has_more = items.len() > limit;
    items.truncate(limit);
    let last = items.last().filter(|_| has_more);
    let next = last.and_then(|last| cursor(&last.correction.number));
    answer(&headers, &Page { items, next })
}

/// One correction.
pub(crate) async fn one(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(number): Path<String>,
) -> Answer {
    let found = match number.parse() {
        Ok(number) => app.shelf.ask(move |store| listed(store, number)).await?,
        Err(_) => None,
    };
    let found = found.ok_or_else(|| {
        Problem::not_found(format!("there is no correction {number:?}"))
    })?;
    answer(&headers, &found)
}

/// `POST /api/corrections`: sets something right.
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    request: Request,
) -> Answer {
    let mut value = small_json(request).await?;
    let malformed = |error: serde_json::Error| Problem::malformed(error.to_string());
    let by = value.as_object_mut().and_then(|object| object.remove("by"));
    let by = match by {
        None | Some(Value::Null) => None,
        Some(Value::String(by)) => Some(by),
        Some(_) => return Err(Problem::malformed("'by' is no name")),
    };
    // To JSON 3.0 is as good a whole number as 3.
    if let Some(of) = value.get_mut("of")
        && let Some(number) = of.as_f64().filter(|n| n.fract() == 0.0 && *n >= 0.0)
    {
        *of = json!(number as u64);
    }
    let by = name_of(&app, by.as_deref());
    let instruction: Instruction = serde_json::from_value(value).map_err(malformed)?;
    let correction = correct(&app, by, |_| Ok(instruction)).await?;
    let number = correction.number;
    let made = Listed { correction, holds: true, undone_by: None, lost: 0 };
    let mut response = answer(&headers, &made)?;
    if let Ok(place) = HeaderValue::from_str(&format!("/api/corrections/{number}")) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

/// An outlet, and how reliable an analyst calls it.
#[derive(Serialize)]
struct Outlet {
    outlet: String,
    articles: u64,
    reliability: Option<Grade>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Outlets {
    limit: Option<u32>,
}

/// Outlets, those of most articles first.
pub(crate) async fn outlets(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Asked(asked): Asked<Outlets>,
) -> Answer {
    let limit = limit(asked.limit, 100)?;
    let found = app.shelf.ask(move |store| store.outlets(limit)).await?.into_iter();
    let items: Vec<Outlet> = found
        .map(|(outlet, articles, reliability)| Outlet { outlet, articles, reliability })
        .collect();
    match wants_lines(&headers) {
        true => Ok(tagged(&headers, NDJSON, lines_of(&items))),
        false => answer(&headers, &Page { items, next: None }),
    }
}
