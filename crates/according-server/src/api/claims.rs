//! Claims, who is relied on for them, and when they were first told.

use std::sync::Arc;

use according_corpus::format::ClaimEntry;
use according_store::{ClaimPlace, Relied};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};

use super::articles::Page;
use super::asked::{Asked, cursor, day, limit, place};
use super::{Answer, json, lines, push_line, wants_lines};
use crate::App;
use crate::problem::Problem;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listing {
    after: Option<String>,
    limit: Option<u32>,
    min_articles: Option<u32>,
}

/// Claims, those of most articles first.
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Asked(asked): Asked<Listing>,
) -> Answer {
    let after: Option<(i64, Vec<u8>)> = place(asked.after.as_deref())?;
    let after = after.map(|(commonness, place)| ClaimPlace { commonness, place });
    let least = asked.min_articles.unwrap_or(2);
    if wants_lines(&headers) {
        return Ok(stream(app, least, after));
    }
    let limit = limit(asked.limit, 50)?;
    let found = app.shelf.ask(move |store| store.claims(least, after.as_ref(), limit));
    let (items, last) = found.await?;
    let is_full = items.len() == limit as usize;
    let last = last.filter(|_| is_full);
    let next = last.and_then(|last| cursor(&(last.commonness, last.place)));
    json(&headers, &Page { items, next })
}

fn stream(
    app: Arc<App>,
    least: u32,
    mut after: Option<ClaimPlace>,
) -> axum::response::Response {
    let (send, receive) = tokio::sync::mpsc::channel(8);
    tokio::spawn(async move {
        loop {
            let from = after.take();
            let more =
                app.shelf.ask(move |store| store.claims(least, from.as_ref(), 100));
            let Ok((claims, Some(last))) = more.await else { return };
            after = Some(last);
            let mut lines = Vec::new();
            for claim in &claims {
                push_line(&mut lines, claim);
            }
            if send.send(Ok(lines)).await.is_err() {
                return;
            }
        }
    });
    lines(receive)
}

/// One claim, by its number.
pub(crate) async fn one(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Answer {
    let name = id.clone();
    let claim = app.shelf.ask(move |store| store.claim(&name)).await?;
    let claim =
        claim.ok_or_else(|| Problem::not_found(format!("there is no claim {id:?}")))?;
    json(&headers, &claim)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sources {
    name: Option<String>,
    limit: Option<u32>,
}

/// Who is relied on, those in most articles first.
pub(crate) async fn sources(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Asked(asked): Asked<Sources>,
) -> Answer {
    let limit = limit(asked.limit, 50)?;
    let name = asked.name.filter(|name| !name.trim().is_empty());
    let found = app.shelf.ask(move |store| store.sources(name.as_deref(), limit));
    let items: Vec<Relied> = found.await?;
    json(&headers, &Page { items, next: None })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Days {
    from: Option<String>,
    to: Option<String>,
    limit: Option<u32>,
}

/// A claim and the day it was first told.
#[derive(Serialize)]
struct Day {
    day: Option<String>,
    claim: ClaimEntry,
}

/// Claims by the day they were first told, earliest first.
pub(crate) async fn timeline(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Asked(asked): Asked<Days>,
) -> Answer {
    let limit = limit(asked.limit, 100)?;
    let (from, to) = (day(asked.from)?, day(asked.to)?);
    let found =
        app.shelf.ask(move |store| store.timeline(from.as_deref(), to.as_deref(), limit));
    let items = found.await?.into_iter().map(|(day, claim)| Day { day, claim }).collect();
    json(&headers, &Page { items, next: None })
}
