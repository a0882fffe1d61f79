//! Where claims speak of.

use std::collections::BTreeMap;
use std::sync::Arc;

use according::Report;
use according::report::PlaceKind;
use according_store::{Question, Store};
use according_view::{Spoken, Spot, map_page};
use axum::extract::State;
use axum::http::Uri;
use serde::Deserialize;

use super::{Shown, kept};
use crate::App;
use crate::api::asked::{Asked, day};

/// So many articles are looked through, the latest or best.
const MOST: u32 = 150;

#[derive(Deserialize)]
pub(crate) struct Which {
    q: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

pub(crate) async fn map(
    State(app): State<Arc<App>>,
    uri: Uri,
    Asked(asked): Asked<Which>,
) -> Shown {
    let (from, to) = (day(asked.from)?, day(asked.to)?);
    let q = asked.q.unwrap_or_default().trim().to_owned();
    let question = Question {
        words: (!q.is_empty()).then(|| q.clone()),
        from: from.clone(),
        to: to.clone(),
        limit: MOST,
        ..Question::default()
    };
    let html = move |store: &mut Store| {
        let mut spots = BTreeMap::new();
        let mut unknown = 0;
        for report in store.reports(&question)? {
            unknown += collect(&mut spots, &report);
        }
        let mut spots: Vec<Spot> = spots.into_values().collect();
        spots.sort_by_key(|spot| std::cmp::Reverse(spot.claims.len()));
        let [from, to] = [from, to].map(Option::unwrap_or_default);
        Ok(map_page(&spots, unknown, &from, &to, &q))
    };
    kept(&app, uri.to_string(), html).await
}

/// Adds the places of a report's claims; tells how many are not on any map.
fn collect(spots: &mut BTreeMap<String, Spot>, report: &Report) -> usize {
    let reference = report.article.reference.as_deref().unwrap_or_default();
    let called = report.article.outlet.as_deref().unwrap_or(reference);
    let mut unknown = 0;
    for place in report.places.iter().filter(|place| place.block.is_body()) {
        let claims =
            report.claims.iter().filter(|claim| claim.places.contains(&place.id));
        let claims: Vec<&str> = claims.map(|claim| claim.id.as_str()).collect();
        if claims.is_empty() || place.kind == PlaceKind::Demonym {
            continue;
        }
        let (Some(lat), Some(lon)) = (place.lat, place.lon) else {
            unknown += 1;
            continue;
        };
        let name = place.name.as_deref().unwrap_or(&place.text);
        let full = match (&place.country, place.kind) {
            (Some(country), kind) if kind != PlaceKind::Country => {
                format!("{name}, {country}")
            }
            _ => name.to_owned(),
        };
        let key = place.gazetteer_id.clone().unwrap_or_else(|| full.clone());
        let spot = spots.entry(key).or_insert_with(|| Spot {
            name: full,
            lat,
            lon,
            claims: Vec::new(),
        });
        for claim in claims {
            let told = Spoken {
                article: reference.to_owned(),
                called: called.to_owned(),
                claim: claim.to_owned(),
                day: report.article.published.clone(),
            };
            if !spot.claims.contains(&told) {
                spot.claims.push(told);
            }
        }
    }
    unknown
}
