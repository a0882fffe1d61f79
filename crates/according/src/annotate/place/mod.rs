//! Places: names brought down to points on the map.
//!
//! `toponym` finds the names, `resolve` weighs the places that bear them by all others of
//! the article. A name that leads nowhere is kept without a point.

mod resolve;
mod toponym;

use std::collections::HashMap;

use according_gazetteer::{self as gazetteer, Gazetteer, Kind, NameKind};
use according_nlp::{Doc, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::article::{Article, BlockKind, Metadata};
use toponym::Toponym;

/// A place name and the place it stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Where the name stands.
    pub span: Span,
    /// Kind of the block it stands in.
    pub block: BlockKind,
    /// What sort of place.
    pub kind: PlaceKind,
    /// The place in the gazetteer.
    pub resolved: Option<Resolved>,
    /// How likely it is that place, from 0 to 1.
    pub confidence: f32,
}

/// A place of the gazetteer.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// Its name there.
    pub name: &'static str,
    /// ISO 3166-1 alpha-2; none for what lies in several countries or in none.
    pub country: Option<&'static str>,
    /// Name of the subdivision of the first level it lies in, or is.
    pub admin1: Option<&'static str>,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// Its number at GeoNames.
    pub geonames: Option<u32>,
}

/// What sort of place a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are the definition")]
pub enum PlaceKind {
    Country,
    Admin1,
    Admin2,
    City,
    Water,
    Mountain,
    Region,
    Facility,
    /// "North Korean": never where something happened.
    Demonym,
    Other,
}

/// The places of an article, in text order and without overlap. `doc` is the parse of its
/// blocks.
pub fn find(article: &Article, doc: &Doc) -> Vec<Place> {
    let world = gazetteer::world();
    let toponyms = toponym::find(article, doc, world);
    let picks =
        resolve::resolve(&article.text, &toponyms, home(article).as_deref(), world);
    let mut places: Vec<Place> = toponyms
        .iter()
        .zip(picks)
        .map(|(toponym, pick)| place(toponym, pick, world))
        .collect();
    name_facilities(&article.text, &mut places);
    places
}

/// The country that the address of an article is registered in, where that says something.
fn home(article: &Article) -> Option<String> {
    const SOLD_TO_ANYBODY: [&str; 12] =
        ["AI", "CC", "CO", "FM", "GG", "IO", "LY", "ME", "SH", "TO", "TV", "WS"];
    let host = |address: &str| {
        let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
        rest.split(['/', ':', '?']).next().map(str::to_owned)
    };
    let Metadata { url, outlet, .. } = &article.metadata;
    let host = url
        .as_deref()
        .or(outlet.as_deref().filter(|o| !o.contains(' ')))
        .and_then(host)?;
    let (_, last) = host.trim().rsplit_once('.')?;
    let code = if last == "uk" { "GB".to_owned() } else { last.to_ascii_uppercase() };
    (code.len() == 2 && !SOLD_TO_ANYBODY.contains(&code.as_str())).then_some(code)
}

fn place(
    toponym: &Toponym<'_>,
    pick: Option<resolve::Pick>,
    world: &Gazetteer<'static>,
) -> Place {
    let found = pick.as_ref().map(|pick| pick.found);
    let kind = match (found, toponym.is_demonym) {
        (_, true) => PlaceKind::Demonym,
        (Some(found), _) if found.name == NameKind::Demonym => PlaceKind::Demonym,
        (Some(found), _) => kind_of(found.place.kind),
        (None, _) if toponym.is_facility => PlaceKind::Facility,
        (None, _) => PlaceKind::Other,
    };
    let resolved = found.map(|found| {
        let place = found.place;
        let up = [place].into_iter().chain(world.divisions(&place));
        let admin1 = up.into_iter().find(|p| p.kind == Kind::Admin1).map(|p| p.name);
        Resolved {
            name: place.name,
            country: place.country,
            admin1,
            lat: place.lat,
            lon: place.lon,
            geonames: place.geonames,
        }
    });
    let confidence = pick.map_or(0.0, |pick| pick.confidence);
    Place { span: toponym.span, block: toponym.block, kind, resolved, confidence }
}

fn kind_of(kind: Kind) -> PlaceKind {
    match kind {
        Kind::Country => PlaceKind::Country,
        Kind::Admin1 => PlaceKind::Admin1,
        Kind::Admin2 => PlaceKind::Admin2,
        Kind::City => PlaceKind::City,
        Kind::Water => PlaceKind::Water,
        Kind::Mountain => PlaceKind::Mountain,
        Kind::Region => PlaceKind::Region,
        Kind::Facility => PlaceKind::Facility,
    }
}

/// How sure it is that what bears the name of a town stands there.
const NAMED_AFTER: f32 = 0.6;

/// "Hyesan Airport" is in the town, when the article speaks of the town as well.
fn name_facilities(text: &str, places: &mut [Place]) {
    let mut towns: HashMap<&str, usize> = HashMap::new();
    for (i, place) in places.iter().enumerate() {
        if place.kind == PlaceKind::City && place.resolved.is_some() {
            towns.entry(text.get(place.span.range()).unwrap_or_default()).or_insert(i);
        }
    }
    for i in 0..places.len() {
        let place = &places[i];
        if place.kind != PlaceKind::Facility || place.resolved.is_some() {
            continue;
        }
        let name = text.get(place.span.range()).unwrap_or_default();
        let ends = name.match_indices(' ').map(|(at, _)| at).collect::<Vec<_>>();
        let town = ends.iter().rev().find_map(|end| towns.get(&name[..*end]));
        if let Some(&town) = town {
            let resolved = places[town].resolved.clone();
            let confidence = places[town].confidence * NAMED_AFTER;
            // The place itself is not in the gazetteer.
            places[i].resolved = resolved.map(|r| Resolved { geonames: None, ..r });
            places[i].confidence = confidence;
        }
    }
}
