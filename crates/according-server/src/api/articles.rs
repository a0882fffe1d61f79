//! Articles: all, one, and those that are looked for.

use std::sync::Arc;

use according_store::{Hit, ListedArticle, Question};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};

use super::asked::{Asked, cursor, day, limit, place};
use super::{Answer, json, lines, push_line, tagged, wants_lines};
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
    after: Option<String>,
    limit: Option<u32>,
}

/// Articles in the order in which they were added. Lines hold whole reports.
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Asked(asked): Asked<Listing>,
) -> Answer {
    let after: i64 = place(asked.after.as_deref())?.unwrap_or(0);
    if wants_lines(&headers) {
        return Ok(stream(app, after));
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

/// All reports, a few at a time, so that neither memory nor the corpus is held for long.
fn stream(app: Arc<App>, mut after: i64) -> axum::response::Response {
    let (send, receive) = tokio::sync::mpsc::channel(8);
    tokio::spawn(async move {
        loop {
            let more = app.shelf.ask(move |store| {
                let listed = store.articles(after, 20)?;
                let last = listed.last().map(|last| last.number);
                let mut lines = Vec::new();
                for article in listed {
                    // It may have become an older version in the meantime.
                    if let Ok(report) = store.report(&article.reference) {
                        push_line(&mut lines, &report);
                    }
                }
                Ok((lines, last))
            });
            let Ok((lines, Some(last))) = more.await else { return };
            after = last;
            if send.send(Ok(lines)).await.is_err() {
                return;
            }
        }
    });
    lines(receive)
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
    pub(crate) limit: Option<u32>,
}

impl Search {
    pub(crate) fn question(
        self,
        usual: u32,
    ) -> Result<Question, crate::problem::Problem> {
        let own = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let least = own(self.min_origins).map(|n| n.trim().parse());
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
    Asked(asked): Asked<Search>,
) -> Answer {
    let question = asked.question(20)?;
    let items: Vec<Hit> = app.shelf.ask(move |store| store.search(&question)).await?;
    json(&headers, &Page { items, next: None })
}
