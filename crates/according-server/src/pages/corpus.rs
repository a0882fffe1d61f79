//! Pages over the corpus.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use according_store::{ClaimPlace, Hit, Store};
use according_view::{
    Asked as Typed, Facet, Found, Source, article_page, claim_page, claims_page,
    search_page, sources_page, timeline_page,
};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use serde::Deserialize;

use super::names::Names;
use super::review::{by, desk};
use super::{Shown, kept, page, styled};
use crate::App;
use crate::api::articles::Search;
use crate::api::asked::{Asked, cursor, day, place};
use crate::problem::Problem;
use crate::set_right;

/// So many articles are looked through for facets.
const FACETED: usize = 50;

/// Looking for articles; the beginning of everything.
pub(crate) async fn search(
    State(app): State<Arc<App>>,
    uri: Uri,
    Asked(asked): Asked<Search>,
) -> Shown {
    let own = |text: &Option<String>| text.clone().unwrap_or_default().trim().to_owned();
    let typed = Typed {
        words: own(&asked.q),
        source: own(&asked.source),
        outlet: own(&asked.outlet),
        from: own(&asked.from),
        to: own(&asked.to),
        min_origins: own(&asked.min_origins),
    };
    let question = asked.question(FACETED as u32)?;
    let is_home =
        question == according_store::Question { limit: question.limit, ..<_>::default() };
    let total = app.shelf.len().await?;
    let html = move |store: &mut Store| {
        if is_home {
            let (claims, _) = store.claims(2, None, 5)?;
            let latest = store.latest(8)?.into_iter().map(|listed| Found {
                reference: listed.reference,
                title: listed.title,
                outlet: listed.outlet,
                published: listed.published,
                claims: Vec::new(),
            });
            let latest: Vec<Found> = latest.collect();
            return Ok(search_page(&typed, &latest, &[], total, &claims));
        }
        let hits = store.search(&question)?;
        let references: Vec<&str> =
            hits.iter().map(|hit| hit.reference.as_str()).collect();
        let sources = store.names(&references)?;
        let outlets = hits.iter().filter_map(|hit| Some(("outlet", hit.outlet.clone()?)));
        let sources = sources.into_iter().flatten().map(|name| ("source", name));
        let mut facets: BTreeMap<(&'static str, String), usize> = BTreeMap::new();
        for facet in outlets.chain(sources) {
            *facets.entry(facet).or_default() += 1;
        }
        let facets = ranked(facets);
        let found: Vec<Found> = hits.into_iter().map(found).collect();
        Ok(search_page(&typed, &found, &facets, total, &[]))
    };
    kept(&app, uri.to_string(), html).await
}

fn found(hit: Hit) -> Found {
    let Hit { reference, title, outlet, published, claims } = hit;
    Found { reference, title, outlet, published, claims }
}

/// The values that most of the articles have, a dozen of each field.
fn ranked(facets: BTreeMap<(&'static str, String), usize>) -> Vec<Facet> {
    let facets = facets.into_iter();
    let mut all: Vec<Facet> =
        facets.map(|((field, value), count)| Facet { field, value, count }).collect();
    all.sort_by_key(|facet| std::cmp::Reverse(facet.count));
    let mut left = BTreeMap::from([("outlet", 12), ("source", 12)]);
    all.retain(|facet| {
        let left = left.entry(facet.field).or_insert(0);
        *left -= 1;
        *left >= 0
    });
    all
}

#[derive(Deserialize)]
pub(crate) struct After {
    after: Option<String>,
}

/// What several articles say.
pub(crate) async fn claims(
    State(app): State<Arc<App>>,
    uri: Uri,
    Asked(asked): Asked<After>,
) -> Shown {
    const MANY: u32 = 30;
    let after: Option<(i64, Vec<u8>)> = place(asked.after.as_deref())?;
    let after = after.map(|(commonness, place)| ClaimPlace { commonness, place });
    let html = move |store: &mut Store| {
        let (claims, last) = store.claims(2, after.as_ref(), MANY)?;
        let last = last.filter(|_| claims.len() == MANY as usize);
        let next = last.and_then(|last| cursor(&(last.commonness, last.place)));
        Ok(claims_page(&claims, next.as_deref()))
    };
    kept(&app, uri.to_string(), html).await
}

/// One claim in all its places.
pub(crate) async fn claim(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Asked(done): Asked<Done>,
) -> Shown {
    let shared = Arc::clone(&app);
    let found = app.shelf.ask(move |store| {
        let desk = desk(&shared, &headers, store, done.done)?;
        let Some(claim) = store.claim(&id)? else { return Ok(None) };
        let mut denials = Vec::new();
        for id in claim.denials.iter().take(20) {
            denials.extend(store.claim(id)?);
        }
        let all = std::iter::once(&claim).chain(&denials);
        let supports = all.flat_map(|claim| &claim.supports);
        let supports = supports.map(|support| support.article.clone());
        let rejected = claim.rejected.iter().map(|rejected| rejected.article.clone());
        let names: BTreeSet<String> = supports.chain(rejected).collect();
        let articles = store.entries(&names)?;
        Ok(Some(claim_page(&claim, &articles, &denials, &desk)))
    });
    let html = found.await?.ok_or_else(|| {
        Problem::not_found(
            "there is no claim of that number; numbers change as the corpus grows",
        )
    })?;
    Ok(page(html))
}

/// The reader page of an article.
pub(crate) async fn article(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(reference): Path<String>,
    Asked(done): Asked<Done>,
) -> Shown {
    let shared = Arc::clone(&app);
    let found = app.shelf.ask(move |store| {
        let report = store.report(&reference)?;
        let beside = store.beside(&reference)?.unwrap_or_default();
        let desk = desk(&shared, &headers, store, done.done)?;
        let beside = set_right::beside(&reference, beside);
        Ok(article_page(&report, Some(&beside), &desk))
    });
    let (html, style) = found.await?;
    Ok(styled(html, &style))
}

/// A correction that was just made.
#[derive(Deserialize)]
pub(crate) struct Done {
    pub(crate) done: Option<u32>,
}

#[derive(Deserialize)]
pub(crate) struct Named {
    name: Option<String>,
    pub(crate) done: Option<u32>,
}

impl Named {
    pub(crate) fn name(self) -> Option<String> {
        let name = self.name.unwrap_or_default().trim().to_owned();
        (!name.is_empty()).then_some(name)
    }
}

/// Who is relied on.
pub(crate) async fn sources(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    uri: Uri,
    Asked(asked): Asked<Named>,
) -> Shown {
    let done = asked.done;
    let name = asked.name();
    // It has forms, which say who fills them in.
    let own = format!("{uri} {}", by(&app, &headers));
    let shared = Arc::clone(&app);
    let html = move |store: &mut Store| {
        let desk = desk(&shared, &headers, store, done)?;
        let sources = store.sources(name.as_deref(), 200)?.into_iter();
        let names = Names::read(store)?;
        let sources = sources.map(|source| Source {
            also: names.also(&source.name),
            reliability: names.grade(&source.kind, &source.name),
            name: source.name,
            kind: source.kind,
            named: source.named,
            articles: source.articles,
            claims: source.claims,
        });
        let sources: Vec<Source> = sources.collect();
        Ok(sources_page(&sources, name.as_deref().unwrap_or_default(), &desk))
    };
    kept(&app, own, html).await
}

#[derive(Deserialize)]
pub(crate) struct Days {
    from: Option<String>,
    to: Option<String>,
}

/// When things were first told.
pub(crate) async fn timeline(
    State(app): State<Arc<App>>,
    uri: Uri,
    Asked(asked): Asked<Days>,
) -> Shown {
    let (from, to) = (day(asked.from)?, day(asked.to)?);
    let html = move |store: &mut Store| {
        let found = store.timeline(from.as_deref(), to.as_deref(), 200)?;
        let [from, to] = [from, to].map(Option::unwrap_or_default);
        Ok(timeline_page(&found, &from, &to))
    };
    kept(&app, uri.to_string(), html).await
}
