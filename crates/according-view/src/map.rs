//! Where claims speak of: a map without any tiles.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::origin_graph::support_link;
use crate::shell::{Place, served};
use crate::text::{in_query, shown};
use crate::word::count;

/// A place with the claims that speak of it.
#[derive(Clone, Debug)]
pub struct Spot {
    /// What it is called.
    pub name: String,
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lon: f64,
    /// Claims that speak of it.
    pub claims: Vec<Spoken>,
}

/// A claim that speaks of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// What its article is called.
    pub article: String,
    /// The outlet, or else the article.
    pub called: String,
    /// Its id in the report.
    pub claim: String,
    /// The day it was published.
    pub day: Option<String>,
}

/// Coasts and borders, in tenths of a degree.
const LAND: &str = include_str!("../data/land.path");
const BORDERS: &str = include_str!("../data/border.path");

/// Degrees around the places.
const MARGIN: f64 = 4.0;
const WIDTH: f64 = 1000.0;

/// The map with a list of what is on it.
pub fn map_page(spots: &[Spot], unknown: usize, from: &str, to: &str, q: &str) -> String {
    let body = html! {
        main #main .wide {
            h1 { "Where claims speak of" }
            form.line action="/map" {
                label { "Words " input type="search" name="q" value=(q); }
                label { "From " input type="date" name="from" value=(from); }
                label { "to " input type="date" name="to" value=(to); }
                button { "Show" }
            }
            @if spots.is_empty() { p.soft { "No claim found that names a place on the map." } }
            @else {
                (draw(spots))
                (time(spots, q))
            }
            @if unknown > 0 {
                p.soft { (count(unknown, "place that nobody knows is", "places that nobody knows are")) " left out." }
            }
            ul.cards {
                @for (n, spot) in spots.iter().enumerate() {
                    li.card id={ "spot-" (n + 1) } {
                        p.statement { span.id { (n + 1) } " " (shown(&spot.name)) }
                        p.soft.n { (count(spot.claims.len(), "claim", "claims")) }
                        p.refs {
                            @for Spoken { article, called, claim, day } in &spot.claims {
                                a href=(support_link(article, Some(claim))) data-day=[day.as_deref().map(shown)] { (shown(called)) " " (claim) } " "
                            }
                        }
                    }
                }
            }
        }
    };
    served("Map", Place::Map, "", &body)
}

/// More bars than these are drawn by months.
const MOST_BARS: usize = 40;

/// When the claims were told: a bar a day or month, each of which leads to the map of that
/// time; and for those who have scripts two sliders, which the script fills with life.
fn time(spots: &[Spot], q: &str) -> Markup {
    let claims = spots.iter().flat_map(|spot| &spot.claims);
    let mut days: BTreeMap<&str, usize> = BTreeMap::new();
    for day in claims.filter_map(|spoken| spoken.day.as_deref()) {
        *days.entry(day).or_default() += 1;
    }
    if days.len() < 2 {
        return html! {};
    }
    let by_months = days.len() > MOST_BARS;
    // Each bar with its first and last day.
    let mut bars: Vec<(&str, &str, &str, usize)> = Vec::new();
    for (&day, &n) in &days {
        let name = if by_months { day.get(..7).unwrap_or(day) } else { day };
        match bars.last_mut().filter(|bar| bar.0 == name) {
            Some(bar) => (bar.2, bar.3) = (day, bar.3 + n),
            None => bars.push((name, day, day, n)),
        }
    }
    let bars = bars.get(bars.len().saturating_sub(120)..).unwrap_or_default();
    let most = bars.iter().map(|bar| bar.3).max().unwrap_or(1).max(1);
    let all: Vec<&str> = days.keys().copied().collect();
    let last = all.len() - 1;
    html! {
        section.time aria-labelledby="time" data-days=(shown(&all.join(" "))) {
            h2 #time { "When it was told" }
            ol.bars {
                @for (name, first, last, n) in bars {
                    li {
                        a href={ "/map?q=" (in_query(q)) "&from=" (in_query(first)) "&to=" (in_query(last)) }
                            aria-label={ (shown(name)) ": " (count(*n, "claim", "claims")) } title={ (shown(name)) ": " (count(*n, "claim", "claims")) } {
                            svg viewBox="0 0 10 60" preserveAspectRatio="none" aria-hidden="true" {
                                @let height = (60 * n / most).max(3);
                                rect x="0" width="10" y=(60 - height) height=(height) {}
                            }
                        }
                    }
                }
            }
            p.ends.soft { span { (shown(bars.first().map_or("", |bar| bar.0))) } span { (shown(bars.last().map_or("", |bar| bar.0))) } }
            div.sliders hidden {
                label { "From " input type="range" name="first" min="0" max=(last) value="0"; }
                label { "to " input type="range" name="last" min="0" max=(last) value=(last); }
                output aria-live="polite" {}
            }
        }
    }
}

/// What part of the world is shown, in degrees.
struct Frame {
    west: f64,
    south: f64,
    north: f64,
    scale: f64,
    width: f64,
    height: f64,
}

impl Frame {
    fn around(spots: &[Spot]) -> Self {
        let least = |of: fn(&Spot) -> f64| spots.iter().map(of).fold(f64::MAX, f64::min);
        let most = |of: fn(&Spot) -> f64| spots.iter().map(of).fold(f64::MIN, f64::max);
        let (mut west, mut east) = (least(|s| s.lon) - MARGIN, most(|s| s.lon) + MARGIN);
        let south = (least(|s| s.lat) - MARGIN).max(-85.0);
        let north = (most(|s| s.lat) + MARGIN).min(85.0);
        // Never narrower than a sheet: a lone place stands in its surroundings.
        let narrow =
            (2.0 * (north - south) - (east - west)).max(16.0 - (east - west)) / 2.0;
        if narrow > 0.0 {
            (west, east) = (west - narrow, east + narrow);
        }
        let scale = WIDTH / (east - west);
        let height = ((north - south) * scale).max(440.0);
        Self { west, south, north, scale, width: WIDTH, height }
    }

    /// Puts a path in tenths of a degree in its place, so many degrees further east.
    fn transform(&self, east: f64) -> String {
        let (x, y) = self.at(0.0, east);
        format!("translate({x:.2} {y:.2}) scale({:.4})", self.scale / 10.0)
    }

    fn at(&self, lat: f64, lon: f64) -> (f64, f64) {
        let x = (lon - self.west) * self.scale;
        let middle = f64::midpoint(self.north, self.south);
        let y = self.height / 2.0 - (lat - middle) * self.scale;
        (x, y)
    }
}

fn draw(spots: &[Spot]) -> Markup {
    let frame = Frame::around(spots);
    let step = [1.0, 2.0, 5.0, 10.0, 20.0, 30.0];
    let step = step.into_iter().find(|s| s * frame.scale > 70.0).unwrap_or(30.0);
    let lines = |from: f64, to: f64| {
        let (first, last) = ((from / step).ceil() as i32, (to / step).floor() as i32);
        (first..=last.min(first + 60)).map(move |n| f64::from(n) * step)
    };
    let east = frame.west + frame.width / frame.scale;
    let half = frame.height / 2.0 / frame.scale;
    let middle = f64::midpoint(frame.north, frame.south);
    let most = spots.iter().map(|spot| spot.claims.len()).max().unwrap_or(1) as f64;
    let radius = |spot: &Spot| 8.0 + 10.0 * (spot.claims.len() as f64 / most).sqrt();
    let names = names(spots, &frame, radius);
    html! {
        figure.map {
            svg viewBox=(format!("0 0 {:.0} {:.0}", frame.width, frame.height)) role="group"
                aria-label="Map; the list below names the same places" {
                defs {
                    path id="land" d=(LAND.trim_end()) {}
                    path id="borders" d=(BORDERS.trim_end()) {}
                }
                // The world goes on over its edges.
                @for east in [-360.0, 0.0, 360.0] {
                    use.land href="#land" transform=(frame.transform(east)) {}
                    use.border href="#borders" transform=(frame.transform(east)) {}
                }
                @for lon in lines(frame.west, east) {
                    @let x = frame.at(0.0, lon).0;
                    line.grid x1=(format!("{x:.1}")) x2=(format!("{x:.1}")) y1="0" y2=(format!("{:.1}", frame.height)) {}
                    text.degree x=(format!("{:.1}", x + 4.0)) y=(format!("{:.1}", frame.height - 5.0)) { (degrees((lon + 180.0).rem_euclid(360.0) - 180.0, "E", "W")) }
                }
                @for lat in lines((middle - half).max(-90.0), (middle + half).min(90.0)) {
                    @let y = frame.at(lat, 0.0).1;
                    line.grid y1=(format!("{y:.1}")) y2=(format!("{y:.1}")) x1="0" x2=(format!("{:.1}", frame.width)) {}
                    text.degree x="5" y=(format!("{:.1}", y - 4.0)) { (degrees(lat, "N", "S")) }
                }
                @for (n, spot) in spots.iter().enumerate().rev() {
                    @let (x, y) = frame.at(spot.lat, spot.lon);
                    @let r = radius(spot);
                    a.on-map href={ "#spot-" (n + 1) } aria-label={ (n + 1) ": " (shown(&spot.name)) ", " (count(spot.claims.len(), "claim", "claims")) } {
                        circle.spot cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r=(format!("{r:.1}")) {
                            title { (spot.name) ", " (count(spot.claims.len(), "claim", "claims")) }
                        }
                        text.spot-number x=(format!("{x:.1}")) y=(format!("{:.1}", y + 4.0)) text-anchor="middle" { (n + 1) }
                    }
                    @if let Some((x, anchor)) = names.get(n).copied().flatten() {
                        text.spot-name text-anchor=(anchor) x=(format!("{x:.1}")) y=(format!("{:.1}", y + 4.5)) { (first_part(&spot.name)) }
                    }
                }
            }
        }
    }
}

/// Where the name of each spot begins: to the right of it, or to the left at the edge, and
/// nowhere where another name or spot is.
fn names(
    spots: &[Spot],
    frame: &Frame,
    radius: impl Fn(&Spot) -> f64,
) -> Vec<Option<(f64, &'static str)>> {
    let mut taken: Vec<[f64; 4]> = Vec::new();
    for spot in spots {
        let ((x, y), r) = (frame.at(spot.lat, spot.lon), radius(spot));
        taken.push([x - r, y - r, x + r, y + r]);
    }
    let mut names = Vec::new();
    for (n, spot) in spots.iter().enumerate() {
        let ((x, y), r) = (frame.at(spot.lat, spot.lon), radius(spot));
        let width = first_part(&spot.name).chars().count() as f64 * 8.2;
        let (right, left) = (x + r + 4.0, x - r - 4.0);
        let sides = [(right, right, "start"), (left - width, left, "end")];
        let fits = |from: f64| {
            let mine = [from, y - 8.0, from + width, y + 8.0];
            let meets = |other: &[f64; 4]| {
                mine[0] < other[2]
                    && other[0] < mine[2]
                    && mine[1] < other[3]
                    && other[1] < mine[3]
            };
            let mut others = taken.iter().enumerate();
            from > 0.0
                && from + width < frame.width
                && !others.any(|(other, place)| other != n && meets(place))
        };
        let found = sides.into_iter().find(|&(from, ..)| n < 60 && fits(from));
        if let Some((from, ..)) = found {
            taken.push([from, y - 8.0, from + width, y + 8.0]);
        }
        names.push(found.map(|(_, at, anchor)| (at, anchor)));
    }
    names
}

fn first_part(name: &str) -> String {
    shown(name.split(',').next().unwrap_or_default())
}

fn degrees(value: f64, above: &str, below: &str) -> String {
    let side = if value < 0.0 { below } else { above };
    format!("{:.0}° {}", value.abs(), if value == 0.0 { "" } else { side })
}
