//! Articles: all, one, and those that are looked for.

use std::sync::Arc;

use according_store::{HitPlace, ListedArticle, Question, Store};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use serde::{Deserialize, Serialize};

use super::asked::{Asked, cursor, day, limit, place};
use super::stream::stream;
use super::{Answer, json, kept, lines_of, push_line, tagged, wants_lines};
use crate::App;

/// A page of a list.
#[derive(Serialize)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    /// What to send as `after` for more; `null` when there is no more now.
    pub(crate) next: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listing {
    pub(crate) after: Option<String>,
    pub(crate) limit: Option<u32>,
}

/// Articles in the order in which they were added. Lines hold whole reports.
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Asked(asked): Asked<Listing>,
) -> Answer {
    let after: i64 = place(asked.after.as_deref())?.unwrap_or(0);
    if wants_lines(&headers) {
        return reports(&app, after);
    }
    let limit = limit(asked.limit, 50)?;
    let found = app.shelf.ask(move |store| store.articles(after, limit)).await?;
    json(&headers, &page(found, limit))
}

fn page(items: Vec<ListedArticle>, limit: u32) -> Page<ListedArticle> {
    let is_full = items.len() == limit as usize;
    let next = items.last().filter(|_| is_full).and_then(|last| cursor(&last.number));
    Page { items, next }
}

/// All reports, a few at a time.
fn reports(app: &App, after: i64) -> Answer {
    stream(app, after, |store, after| {
        let listed = store.articles(after, 20)?;
        let Some(last) = listed.last().map(|last| last.number) else { return Ok(None) };
        let mut lines = Vec::new();
        for article in listed {
            push_line(&mut lines, &store.report(&article.reference)?);
        }
        Ok(Some((lines, last)))
    })
}

/// The report on one article.
pub(crate) async fn one(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(reference): Path<String>,
) -> Answer {
    let report = app.shelf.ask(move |store| store.report(&reference)).await?;
    let body = serde_json::to_vec(&report).unwrap_or_default();
    Ok(tagged(&headers, "application/json", body))
}

/// What is looked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Search {
    pub(crate) q: Option<String>,
    pub(crate) source: Option<String>,
    pub(crate) outlet: Option<String>,
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
    pub(crate) min_origins: Option<String>,
    pub(crate) after: Option<String>,
    pub(crate) limit: Option<u32>,
}

impl Search {
    pub(crate) fn question(
        self,
        usual: u32,
    ) -> Result<Question, crate::problem::Problem> {
        let own = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let least = self.min_origins.filter(|n| !n.is_empty()).map(|n| n.parse());
        let min_origins = least.transpose().map_err(|_| {
            crate::problem::Problem::malformed("min_origins is not a number")
        })?;
        Ok(Question {
            words: own(self.q),
            source: own(self.source),
            outlet: own(self.outlet),
            from: day(self.from)?,
            to: day(self.to)?,
            min_origins: min_origins.filter(|n| *n > 0),
            limit: limit(self.limit, usual)?,
        })
    }
}

/// Articles that are looked for, the best or latest first.
pub(crate) async fn search(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    uri: Uri,
    Asked(asked): Asked<Search>,
) -> Answer {
    let after: Option<HitPlace> = place(asked.after.as_deref())?;
    let question = asked.question(20)?;
    if wants_lines(&headers) {
        return stream(&app, after, move |store, after| {
            let (hits, last) = store.search_from(&question, after.as_ref(), 100)?;
            Ok(last.map(|last| (lines_of(&hits), Some(last))))
        });
    }
    let limit = question.limit;
    let page = move |store: &mut Store| {
        let (items, last) = store.search_from(&question, after.as_ref(), limit)?;
        let last = last.filter(|_| items.len() == limit as usize);
        Ok(Page { items, next: last.and_then(|last| cursor(&last)) })
    };
    kept(&app, &headers, &uri, page).await
}
