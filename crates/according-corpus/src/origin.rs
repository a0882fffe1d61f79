//! To which origins the supports of one claim go back.
//!
//! Two chains meet where the same named person or body is nearest the event and no different
//! relays show that it spoke twice. A copy has the origins of what it copies. What an outlet
//! says in its own voice goes back to whom the same article attributes it elsewhere, or else
//! is the outlet's, or its agency's, own reporting. A source without a name is one origin for
//! each text that quotes it: nothing shows that it is the same as another's, nor that it is
//! not, which is why the count is a range.

use std::collections::BTreeMap;

use according::report::SpeakerKind;

use crate::fingerprint::name_words;
use crate::format::Range;
use crate::member::{Member, Said, Source};
use crate::publisher::canonical;

/// A support as its origin is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Place<'m> {
    /// Number of the article; lower is earlier.
    pub article: usize,
    /// The article.
    pub member: &'m Member,
    /// The statement in it.
    pub said: &'m Said,
    /// The article it is a copy of, if it is one.
    pub copy_of: Option<usize>,
}

/// The origins of one claim.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Origins {
    /// For each place the number of its origin.
    pub of_place: Vec<usize>,
    /// What each origin is, with how sure it is.
    pub origins: Vec<Found>,
    /// How many there are.
    pub range: Range,
}

/// One origin.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// In words.
    pub what: String,
    /// How much the texts tell of it.
    pub kind: OriginKind,
    source: Option<Source>,
    relay: Option<String>,
    text: Option<usize>,
}

/// How much the texts tell of an origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OriginKind {
    /// Somebody or something with a name.
    Named,
    /// Somebody without one.
    Unnamed,
    /// What an outlet says itself, without telling how it knows.
    Own,
}

/// Finds the origins of `places`, which come in the order of their articles.
pub fn origins(places: &[Place<'_>]) -> Origins {
    let mut finder = Finder { found: Vec::new() };
    let mut of_place: Vec<Option<usize>> = vec![None; places.len()];
    // Whom the places name, named ones first: a title or office may be somebody's.
    for wanted in [OriginKind::Named, OriginKind::Unnamed] {
        for (place, origin) in places.iter().zip(&mut of_place) {
            let Some(source) = place.said.chain.first() else { continue };
            let kind = match source.is_named {
                true => OriginKind::Named,
                false => OriginKind::Unnamed,
            };
            if kind == wanted {
                *origin = Some(finder.attributed(place, source, kind));
            }
        }
    }
    // Own voice: a copy takes the origin of what it copies, which comes before it, or else
    // of the same fact attributed in the article.
    for i in 0..places.len() {
        let (Some(place), Some(None)) = (places.get(i), of_place.get(i)) else {
            continue;
        };
        let in_article = |article: usize| {
            let places = places.iter().zip(&of_place);
            let mut found = places.filter(|(p, _)| p.article == article);
            found.find_map(|(_, origin)| *origin)
        };
        let copied = place.copy_of.and_then(in_article);
        let origin = copied.or_else(|| in_article(place.article));
        let origin = origin.unwrap_or_else(|| finder.own(place));
        if let Some(slot) = of_place.get_mut(i) {
            *slot = Some(origin);
        }
    }
    finder.finish(places, of_place)
}

struct Finder {
    found: Vec<Found>,
}

impl Finder {
    fn attributed(
        &mut self,
        place: &Place<'_>,
        source: &Source,
        kind: OriginKind,
    ) -> usize {
        let relay = relay(place);
        let text = place.copy_of.unwrap_or(place.article);
        let known = self.found.iter().position(|found| {
            let Some(known) = &found.source else { return false };
            match kind {
                OriginKind::Named => {
                    is_same(known, source) && is_one_act(&found.relay, &relay)
                }
                // The authorities are whoever of them has a name here.
                _ if is_official(source) => {
                    found.kind == OriginKind::Named && is_body_or_official(known)
                        || is_official(known)
                }
                _ => found.text == Some(text) && is_described_alike(known, source),
            }
        });
        if let Some(known) = known {
            if let Some(found) = self.found.get_mut(known)
                && found.relay.is_none()
            {
                found.relay = relay;
            }
            return known;
        }
        let what = match &relay {
            Some(relay) => format!("{}, to {relay}", source.name),
            None if kind == OriginKind::Unnamed => {
                format!("{}, to {}", source.name, place.member.voice())
            }
            None => source.name.clone(),
        };
        let source = Some(source.clone());
        self.add(Found { what, kind, source, relay, text: Some(text) })
    }

    fn own(&mut self, place: &Place<'_>) -> usize {
        let voice = place.member.voice();
        let what = format!("own reporting of {voice}");
        let known =
            self.found.iter().position(|f| f.kind == OriginKind::Own && f.what == what);
        known.unwrap_or_else(|| {
            let kind = OriginKind::Own;
            self.add(Found { what, kind, source: None, relay: None, text: None })
        })
    }

    fn add(&mut self, found: Found) -> usize {
        self.found.push(found);
        self.found.len() - 1
    }

    fn finish(self, places: &[Place<'_>], of_place: Vec<Option<usize>>) -> Origins {
        // Numbers in the order in which the places come.
        let mut number: BTreeMap<usize, usize> = BTreeMap::new();
        let mut origins = Vec::new();
        let mut numbered = Vec::with_capacity(places.len());
        for origin in of_place.into_iter().flatten() {
            let next = number.len();
            let number = *number.entry(origin).or_insert_with(|| {
                origins.extend(self.found.get(origin).cloned());
                next
            });
            numbered.push(number);
        }
        let range = range(&origins);
        Origins { of_place: numbered, origins, range }
    }
}

/// How many origins there are: at least those with names that differ, since whoever has no
/// name, or does not tell how it knows, may have it from one of them.
fn range(origins: &[Found]) -> Range {
    let named = origins.iter().filter(|o| o.kind == OriginKind::Named);
    // One who spoke to two outlets may have been asked twice or heard twice.
    let mut people: Vec<&Source> = Vec::new();
    for source in named.filter_map(|o| o.source.as_ref()) {
        if !people.iter().any(|known| is_same(known, source)) {
            people.push(source);
        }
    }
    let most = origins.len();
    Range { least: people.len().max(1).min(most), most }
}

/// The outlet that passed on what was said to it, where the chain names one. What somebody
/// told the outlet itself, or its agency, is told to nobody in between.
fn relay(place: &Place<'_>) -> Option<String> {
    let relays = place.said.chain.iter().skip(1).filter(|s| s.is_named);
    let mut relays = relays.filter(|s| s.kind == SpeakerKind::Media);
    relays.next().map(|s| canonical(&s.name))
}

/// Whether two relays may have heard the same words.
fn is_one_act(a: &Option<String>, b: &Option<String>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    }
}

/// Whether two named sources are the same: one name is the other's last part, or holds all
/// words of the other.
fn is_same(a: &Source, b: &Source) -> bool {
    if !a.is_named || !b.is_named {
        return false;
    }
    if canonical(&a.name) == canonical(&b.name) {
        return true;
    }
    let (a_words, b_words) = (name_words(&a.name), name_words(&b.name));
    let (short, long) = if a_words.len() <= b_words.len() {
        (a_words, b_words)
    } else {
        (b_words, a_words)
    };
    let is_person = |s: &Source| s.kind == SpeakerKind::Person;
    if short.is_empty() {
        return false;
    }
    let holds = short.iter().all(|word| long.contains(word));
    match is_person(a) && is_person(b) {
        // "Luis Guillermo Solis" and "President Solis", "Kim" and "Kim Jong Un".
        true => holds || (short.last() == long.last() && short.first() == long.first()),
        false => {
            let initials: String = long.iter().filter_map(|w| w.chars().next()).collect();
            holds || short.concat() == initials
        }
    }
}

/// Whether two descriptions of sources without a name may be of the same: one holds the
/// other's last word.
fn is_described_alike(a: &Source, b: &Source) -> bool {
    if a.is_named || b.is_named {
        return false;
    }
    let (a, b) = (name_words(&a.name), name_words(&b.name));
    a.last().is_some_and(|word| b.contains(word))
        || b.last().is_some_and(|w| a.contains(w))
}

/// A body that speaks with one voice and needs no name: "police", "the authorities".
fn is_official(source: &Source) -> bool {
    const BODIES: [&str; 14] = [
        "authorities",
        "authority",
        "cops",
        "government",
        "investigators",
        "military",
        "ministry",
        "officer",
        "officers",
        "officials",
        "police",
        "prosecutor",
        "prosecutors",
        "spokesman",
    ];
    let words = name_words(&source.name);
    !source.is_named && words.iter().any(|word| BODIES.contains(&word.as_str()))
}

/// Whether a named source may be the authorities that another article tells of.
fn is_body_or_official(source: &Source) -> bool {
    matches!(source.kind, SpeakerKind::Organisation | SpeakerKind::Person)
}
