//! Which of the places that bear a name is meant, by the article as a whole.
//!
//! Every candidate is weighed by how well it is known and by what else the article names:
//! what it lies in, what lies beside it. Names are brought down together, in rounds, each
//! round weighing by what the last one chose. A name means the same place everywhere in an
//! article, unless the text says otherwise right behind it ("Paris, Texas").

use std::collections::BTreeMap;

use according_gazetteer::{Found, Gazetteer, Kind, NameKind, Place, PlaceId};

use super::toponym::{Toponym, demonyms, key};

/// The place chosen for a name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pick {
    pub(super) found: Found<'static>,
    /// From 0 to 1.
    pub(super) confidence: f32,
}

/// How often choices are weighed by one another; they hardly ever move after these.
const ROUNDS: usize = 3;

/// Candidates of a name, the best known; there are sixty Santa Rosas.
const CANDIDATES: usize = 40;

/// What makes a candidate likelier, in powers of ten of inhabitants: a place says as much as
/// ten times the people.
mod weight {
    /// "Paris, Texas"
    pub(super) const SAID: f32 = 8.0;
    /// What others lie in because of it: "Texas" there.
    pub(super) const HOLDS: f32 = 3.0;
    /// Its country is named.
    pub(super) const COUNTRY: f32 = 1.2;
    /// A people of its country is named.
    pub(super) const PEOPLE: f32 = 0.8;
    /// Its state or province is named.
    pub(super) const ADMIN1: f32 = 1.6;
    /// Its county or district is named.
    pub(super) const ADMIN2: f32 = 1.6;
    /// The outlet is at home in its country.
    pub(super) const OUTLET: f32 = 0.8;
    /// Another place of its state or province.
    pub(super) const SIBLING: f32 = 0.5;
    /// Another place of its country.
    pub(super) const COUSIN: f32 = 0.25;
    /// For a state or province: another one of its country.
    pub(super) const PEER: f32 = 0.6;
    /// Another place not far away.
    pub(super) const NEIGHBOUR: f32 = 0.4;
    /// For a country or state: something in it is named.
    pub(super) const HOME: f32 = 0.5;
    /// No context weighs more than this.
    pub(super) const MOST: f32 = 5.0;
}

/// Places are neighbours within so many kilometres.
const NEAR: f64 = 100.0;

/// Candidates worth less are not believed: a hamlet that nothing else in the article is near.
const BELIEVED: f32 = 3.6;

/// One name of the article.
struct Name {
    candidates: Vec<Candidate>,
    /// Number of the candidate chosen.
    pick: Option<usize>,
    is_demonym: bool,
}

struct Candidate {
    found: Found<'static>,
    /// It and what it lies in.
    up: Vec<PlaceId>,
    /// What is known without the article.
    prior: f32,
    /// Whether the text says right beside a mention what it lies in.
    said: f32,
    score: f32,
}

/// What each of `toponyms`, the names of an article in text order, stands for. `home` is the
/// country of the outlet.
pub(super) fn resolve(
    text: &str,
    toponyms: &[Toponym<'_>],
    home: Option<&str>,
    world: &Gazetteer<'static>,
) -> Vec<Option<Pick>> {
    let mut names: Vec<Name> = Vec::new();
    let mut by_key: BTreeMap<(String, bool), usize> = BTreeMap::new();
    let mut of_toponym: Vec<usize> = Vec::with_capacity(toponyms.len());
    for toponym in toponyms {
        let key = (key(toponym), toponym.is_demonym);
        let name = *by_key.entry(key).or_insert_with(|| {
            names.push(name(toponym, home, world));
            names.len() - 1
        });
        of_toponym.push(name);
    }
    let own = say(text, toponyms, &of_toponym, &mut names);
    for _ in 0..ROUNDS {
        choose(&mut names);
    }
    let pick = |(name, own): (&usize, Option<usize>)| {
        let name = &names[*name];
        let number = own.or(name.pick)?;
        let candidate = &name.candidates[number];
        let is_said = own.is_some() || candidate.said > 0.0;
        let is_believed = candidate.score >= BELIEVED || is_said;
        is_believed
            .then(|| Pick { found: candidate.found, confidence: sure(name, number) })
    };
    of_toponym.iter().zip(own).map(pick).collect()
}

/// How sure a choice is: its share of all candidates, each counted by its score.
fn sure(name: &Name, pick: usize) -> f32 {
    let best = name.candidates[pick].score;
    let all: f32 = name.candidates.iter().map(|c| (1.5 * (c.score - best)).exp()).sum();
    1.0 / all.max(1.0)
}

fn name(toponym: &Toponym<'_>, home: Option<&str>, world: &Gazetteer<'static>) -> Name {
    let found: Vec<Found<'static>> = match toponym.is_demonym {
        true => demonyms(toponym.name, world).collect(),
        false => {
            world.find(toponym.name).filter(|f| is_written_so(toponym.name, f)).collect()
        }
    };
    let mut candidates: Vec<Candidate> = found
        .into_iter()
        .map(|found| {
            let up = [found.place].into_iter().chain(world.divisions(&found.place));
            let is_home = home.is_some() && found.place.country == home;
            let prior = prior(&found) + if is_home { weight::OUTLET } else { 0.0 };
            Candidate {
                found,
                up: up.map(|p| p.id).collect(),
                prior,
                said: 0.0,
                score: prior,
            }
        })
        .collect();
    candidates.sort_by(|a, b| {
        b.prior.total_cmp(&a.prior).then(a.found.place.id.cmp(&b.found.place.id))
    });
    candidates.truncate(CANDIDATES);
    let pick = (!candidates.is_empty()).then_some(0);
    Name { candidates, pick, is_demonym: toponym.is_demonym }
}

/// "E.U." is not the town of Eu.
fn is_written_so(name: &str, found: &Found<'_>) -> bool {
    let letters = || name.chars().filter(|c| c.is_alphabetic());
    let is_abbreviation = letters().count() < 4 && letters().all(char::is_uppercase);
    let is_town = found.place.kind >= Kind::Admin2;
    match found.name {
        NameKind::Main => !(is_abbreviation && is_town),
        NameKind::Alternate => true,
        NameKind::Demonym => false,
    }
}

/// How well a place is known, in powers of ten of the inhabitants of a town as well known.
fn prior(found: &Found<'static>) -> f32 {
    let Place { kind, population, is_capital, .. } = found.place;
    let people = (population.max(1) as f32).log10();
    let known = match kind {
        Kind::Country => 7.0 + people / 4.0,
        Kind::Admin1 => 4.6 + people / 4.0,
        Kind::Admin2 => 1.0 + people / 2.0,
        Kind::City => people + if is_capital { 0.7 } else { 0.0 },
        Kind::Water | Kind::Mountain | Kind::Region => 6.5,
        Kind::Facility => 5.5,
    };
    let is_odd = found.name == NameKind::Alternate && kind >= Kind::Admin2;
    if is_odd { known - 1.0 } else { known }
}

/// Looks for names that say what the one before them lies in, and gives for each mention the
/// candidate that is said there.
fn say(
    text: &str,
    toponyms: &[Toponym<'_>],
    of_toponym: &[usize],
    names: &mut [Name],
) -> Vec<Option<usize>> {
    let mut own = vec![None; toponyms.len()];
    for i in 1..toponyms.len() {
        let (inner, outer) = match between(text, &toponyms[i - 1], &toponyms[i]) {
            Some(Order::InnerFirst) => (i - 1, i),
            Some(Order::OuterFirst) => (i, i - 1),
            None => continue,
        };
        let (a, b) = (of_toponym[inner], of_toponym[outer]);
        if a == b || is_list(&names[a], &names[b]) {
            continue;
        }
        let pairs = names[a].candidates.iter().enumerate().flat_map(|(m, small)| {
            let larger = names[b].candidates.iter().enumerate();
            larger.filter_map(move |(n, large)| {
                let holds = small.up[1..].contains(&large.found.place.id);
                holds.then_some((m, n, small.prior + large.prior))
            })
        });
        if let Some((m, n, _)) =
            pairs.max_by(|x, y| x.2.total_cmp(&y.2).then(y.0.cmp(&x.0)))
        {
            names[a].candidates[m].said = weight::SAID;
            names[b].candidates[n].said = names[b].candidates[n].said.max(weight::HOLDS);
            own[inner] = Some(m);
        }
    }
    own
}

/// "Oregon, Washington": two states are a list, though there is an Oregon in Washington.
fn is_list(a: &Name, b: &Name) -> bool {
    let best = |name: &Name| Some(name.candidates.first()?.found.place.kind);
    let is_area = |kind: &Kind| matches!(kind, Kind::Country | Kind::Admin1);
    best(a).filter(is_area).is_some_and(|kind| best(b) == Some(kind))
}

enum Order {
    InnerFirst,
    OuterFirst,
}

/// Whether two names stand so that one says where the other is.
fn between(text: &str, a: &Toponym<'_>, b: &Toponym<'_>) -> Option<Order> {
    let gap = text.get(a.span.end as usize..b.span.start as usize)?;
    if gap.len() > 40 || gap.contains(['.', ';', '"', '“', '\n']) {
        return None;
    }
    let gap = gap.trim();
    let inner_first = matches!(
        gap,
        "," | "("
            | ", in"
            | "in"
            | ", the"
            | "in the"
            | ", near"
            | "of"
            | "area of"
            | ", a city in"
            | ", a town in"
    ) || gap.starts_with(", a ") && gap.ends_with(" in")
        || gap.starts_with(", the ") && (gap.ends_with(" of") || gap.ends_with(" in"));
    if inner_first {
        return Some(Order::InnerFirst);
    }
    // "North Korea's Hyesan", "the Turkish city of Van", "the Syrian capital"
    let outer_first = matches!(
        gap,
        "'s" | "’s"
            | ""
            | "city of"
            | "town of"
            | "village of"
            | "province of"
            | "state of"
            | "capital"
            | "capital of"
            | "port of"
            | "border city of"
            | "port city of"
            | "region of"
            | "district of"
            | "county of"
            | "capital,"
    );
    let is_near = |gap: &str| gap.starts_with("'s ") || gap.starts_with("’s ");
    (outer_first || is_near(gap)).then_some(Order::OuterFirst)
}

/// Weighs all candidates by what is chosen now and chooses anew.
fn choose(names: &mut [Name]) {
    let chosen: Vec<(usize, Place<'static>, Vec<PlaceId>, bool)> = names
        .iter()
        .enumerate()
        .filter_map(|(i, name)| {
            let candidate = &name.candidates[name.pick?];
            Some((i, candidate.found.place, candidate.up.clone(), name.is_demonym))
        })
        .collect();
    let homes = homes(&chosen);
    for (i, name) in names.iter_mut().enumerate() {
        for candidate in &mut name.candidates {
            let context = context(i, candidate, &chosen, &homes);
            candidate.score =
                candidate.prior + candidate.said + context.min(weight::MOST);
        }
        let best = name
            .candidates
            .iter()
            .enumerate()
            .max_by(|(m, a), (n, b)| a.score.total_cmp(&b.score).then(n.cmp(m)));
        name.pick = best.map(|(n, _)| n);
    }
}

/// For each division, the names that are chosen in it.
type Homes = BTreeMap<PlaceId, Vec<usize>>;

fn homes(chosen: &[(usize, Place<'static>, Vec<PlaceId>, bool)]) -> Homes {
    let mut homes = Homes::new();
    for (i, _, up, is_demonym) in chosen {
        for id in up.iter().skip(usize::from(!is_demonym)) {
            homes.entry(*id).or_default().push(*i);
        }
    }
    homes
}

fn context(
    own: usize,
    candidate: &Candidate,
    chosen: &[(usize, Place<'static>, Vec<PlaceId>, bool)],
    homes: &Homes,
) -> f32 {
    let mut context = 0.0;
    let place = &candidate.found.place;
    if let Some(here) = homes.get(&place.id) {
        let others = here.iter().filter(|i| **i != own).count();
        context += weight::HOME * others.min(4) as f32;
    }
    let (mut siblings, mut cousins, mut peers, mut neighbours) = (0, 0, 0, 0);
    for (i, other, up, is_demonym) in chosen {
        if *i == own {
            continue;
        }
        let holds = candidate.up[1..].contains(&other.id);
        if holds {
            context += match (other.kind, is_demonym) {
                (Kind::Country, false) => weight::COUNTRY,
                (Kind::Country, true) => weight::PEOPLE,
                (Kind::Admin1, _) => weight::ADMIN1,
                _ => weight::ADMIN2,
            };
            continue;
        }
        if *is_demonym || candidate.up[1..].is_empty() {
            continue;
        }
        let common = |id: &PlaceId| up[1..].contains(id);
        let root = candidate.up.last().filter(|id| **id != place.id);
        if candidate.up.len() > 2
            && candidate.up[1..candidate.up.len() - 1].iter().any(common)
        {
            siblings += 1;
        } else if root.is_some_and(common) {
            let are_peers = place.kind == Kind::Admin1 && other.kind == Kind::Admin1;
            if are_peers { peers += 1 } else { cousins += 1 }
        }
        let is_spot = |p: &Place<'_>| matches!(p.kind, Kind::City | Kind::Admin2);
        if is_spot(place) && is_spot(other) && place.kilometres_to(other) < NEAR {
            neighbours += 1;
        }
    }
    context
        + weight::SIBLING * siblings.min(3) as f32
        + weight::COUSIN * cousins.min(4) as f32
        + weight::PEER * peers.min(3) as f32
        + weight::NEIGHBOUR * neighbours.min(3) as f32
}
