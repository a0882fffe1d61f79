//! Places on the map, as GeoJSON (RFC 7946).
//!
//! A feature for each place name that is known to lie somewhere; the others are left out.
//! Coordinates are longitude and latitude in WGS 84, offsets code points.

use std::collections::BTreeMap;

use according::Report;
use according::report::Place;
use serde_json::{Value, json};

use crate::view::{View, number};

pub(crate) const HEAD: &str = "{\"type\":\"FeatureCollection\",\"features\":[";

pub(crate) fn features(report: &Report) -> Vec<Value> {
    let view = View::new(report);
    let article = &report.article;
    let claims = named_by(report.claims.iter().map(|c| (&c.id, c.places.iter())));
    let events = named_by(report.events.iter().map(|event| {
        let places = [&event.place, &event.from, &event.to, &event.via];
        (&event.id, places.into_iter().flatten())
    }));
    let feature = |place: &Place| {
        Some(json!({
            "type": "Feature",
            "id": view.part(&place.id),
            "geometry": {
                "type": "Point",
                "coordinates": [place.lon?, place.lat?],
            },
            "properties": {
                "article": article.reference,
                "article_id": article.id,
                "outlet": article.outlet,
                "published": article.published,
                "title": article.title,
                "url": article.url,
                "place": place.id,
                "block": place.block,
                "text": place.text,
                "start": place.start,
                "end": place.end,
                "name": place.name,
                "kind": place.kind,
                "country": place.country,
                "admin1": place.admin1,
                "gazetteer_id": place.gazetteer_id,
                "confidence": number(place.confidence),
                "claims": claims.get(place.id.as_str()).cloned().unwrap_or_default(),
                "events": events.get(place.id.as_str()).cloned().unwrap_or_default(),
            },
        }))
    };
    report.places.iter().filter_map(feature).collect()
}

/// Places by id with the ids of what names them.
type Naming<'r> = BTreeMap<&'r str, Vec<&'r str>>;

fn named_by<'r>(
    naming: impl Iterator<Item = (&'r String, impl Iterator<Item = &'r String>)>,
) -> Naming<'r> {
    let mut named = Naming::new();
    for (id, places) in naming {
        for place in places {
            let ids = named.entry(place).or_default();
            if ids.last() != Some(&id.as_str()) {
                ids.push(id);
            }
        }
    }
    named
}
