//! Claims, who is relied on for them, and when they were first told.

use std::sync::Arc;

use according_corpus::format::{ClaimEntry, ClaimSummary};
use according_store::{ClaimPlace, DayPlace, Relied, Store};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use serde::{Deserialize, Serialize};

use super::articles::Page;
use super::asked::{Asked, cursor, day, limit, place};
use super::stream::stream;
use super::{Answer, json, kept, lines_of, wants_lines};
use crate::App;
use crate::problem::Problem;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listing {
    after: Option<String>,
    limit: Option<u32>,
    min_articles: Option<u32>,
}

/// Claims, those of most articles first. A page tells them in short, lines whole.
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    uri: Uri,
    Asked(asked): Asked<Listing>,
) -> Answer {
    let after: Option<(i64, Vec<u8>)> = place(asked.after.as_deref())?;
    let after = after.map(|(commonness, place)| ClaimPlace { commonness, place });
    let least = asked.min_articles.unwrap_or(2);
    if wants_lines(&headers) {
        return stream(&app, after, move |store, after| {
            let (claims, last) = store.claims(least, after.as_ref(), 100)?;
            Ok(last.map(|last| (lines_of(&claims), Some(last))))
        });
    }
    let limit = limit(asked.limit, 50)?;
    let page = move |store: &mut Store| {
        let (claims, last) = store.claims(least, after.as_ref(), limit)?;
        let last = last.filter(|_| claims.len() == limit as usize);
        let next = last.and_then(|last| cursor(&(last.commonness, last.place)));
        Ok(Page { items: claims.iter().map(ClaimSummary::of).collect(), next })
    };
    kept(&app, &headers, &uri, page).await
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
    after: Option<String>,
    limit: Option<u32>,
}

/// Who is relied on, those in most articles first.
pub(crate) async fn sources(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    uri: Uri,
    Asked(asked): Asked<Sources>,
) -> Answer {
    let after: Option<Relied> = place(asked.after.as_deref())?;
    let name = asked.name.filter(|name| !name.trim().is_empty());
    if wants_lines(&headers) {
        return stream(&app, after, move |store, after| {
            let found = store.sources_from(name.as_deref(), after.as_ref(), 500)?;
            let last = found.last().cloned();
            Ok(last.map(|last| (lines_of(&found), Some(last))))
        });
    }
    let limit = limit(asked.limit, 50)?;
    let page = move |store: &mut Store| {
        let items = store.sources_from(name.as_deref(), after.as_ref(), limit)?;
        let last = items.last().filter(|_| items.len() == limit as usize);
        let next = last.and_then(cursor);
        Ok(Page { items, next })
    };
    kept(&app, &headers, &uri, page).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Days {
    from: Option<String>,
    to: Option<String>,
    after: Option<String>,
    limit: Option<u32>,
}

/// A claim, whole or in short, and the day it was first told.
#[derive(Serialize)]
struct Day<C> {
    day: Option<String>,
    claim: C,
}

/// Claims by the day they were first told, earliest first.
pub(crate) async fn timeline(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    uri: Uri,
    Asked(asked): Asked<Days>,
) -> Answer {
    let after: Option<DayPlace> = place(asked.after.as_deref())?;
    let limit = limit(asked.limit, 100)?;
    let (from, to) = (day(asked.from)?, day(asked.to)?);
    let told = move |store: &mut Store, after: Option<&DayPlace>, limit| {
        store.timeline_from((from.as_deref(), to.as_deref()), after, limit)
    };
    if wants_lines(&headers) {
        return stream(&app, after, move |store, after| {
            let (found, last) = told(store, after.as_ref(), 100)?;
            let days = found.into_iter().map(|(day, claim)| Day { day, claim });
            let days: Vec<Day<ClaimEntry>> = days.collect();
            Ok(last.map(|last| (lines_of(&days), Some(last))))
        });
    }
    let page = move |store: &mut Store| {
        let (found, last) = told(store, after.as_ref(), limit)?;
        let last = last.filter(|_| found.len() == limit as usize);
        let days = found.into_iter();
        let days = days.map(|(day, claim)| Day { day, claim: ClaimSummary::of(&claim) });
        let items: Vec<Day<ClaimSummary>> = days.collect();
        Ok(Page { items, next: last.and_then(|last| cursor(&last)) })
    };
    kept(&app, &headers, &uri, page).await
}
