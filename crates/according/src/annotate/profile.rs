//! What an article says of its people and bodies beside their names: country, role, titles
//! and age. Where it says two different things, or nothing, nothing is said here.

use std::collections::HashMap;

use according_gazetteer::{self as gazetteer, Kind, NameKind};
use according_nlp::{Doc, Span, Token, Upos};

use super::entity::{self, Entity, Mention, MentionForm};
use super::lexicon;
use super::place::{Place, PlaceKind};
use super::speaker::{self, Cast};

/// Below this a place may well be another one.
const SURE: f32 = 0.5;

/// No phrase holds an age farther from its noun.
const NEAR: usize = 12;

/// Writes country, role, titles and age to the entities of `cast`.
pub(super) fn describe(doc: &Doc, cast: &mut Cast<'_>, places: &[Place]) {
    let map = Map::new(doc.text(), places);
    for i in 0..cast.entities.list.len() {
        let it = &cast.entities.list[i];
        let nouns: Vec<Token<'_>> = cast.descriptions(i).collect();
        let titles = titles(doc, cast, it);
        let age = age(doc, it);
        let country = country(doc, it, &nouns, &map);
        let is_somebody = matches!(it.label.as_str(), "PERSON" | "ORG");
        let called =
            nouns.iter().chain(&roots(doc, it, MentionForm::Nominal)).find_map(|noun| {
                lexicon::noun(&speaker::describing_word(*noun)).and_then(|n| n.role)
            });
        let it = &mut cast.entities.list[i];
        it.role = it.role.or(called.filter(|_| is_somebody));
        (it.titles, it.age, it.country) = (titles, age, country);
    }
}

/// The tokens from which the mentions of a form hang.
fn roots<'d>(doc: &'d Doc, it: &Entity, form: MentionForm) -> Vec<Token<'d>> {
    let mentions = it.mentions.iter().filter(|m| m.form == form);
    mentions.map(|m| speaker::root_of(doc, m.tokens.clone())).collect()
}

/// The only one of some values, or none if there are two.
fn agreed<T: PartialEq>(mut values: impl Iterator<Item = T>) -> Option<T> {
    let first = values.next()?;
    values.all(|v| v == first).then_some(first)
}

/// Countries by where the article names them.
struct Map<'a> {
    places: &'a [Place],
    /// Those of the names that always lead to the same one.
    known: HashMap<&'a str, Option<&'static str>>,
}

impl<'a> Map<'a> {
    fn new(text: &'a str, places: &'a [Place]) -> Self {
        let mut known: HashMap<&str, Option<&'static str>> = HashMap::new();
        for place in places {
            let name = text.get(place.span.range()).unwrap_or_default();
            let country = country_of(place);
            let agrees = |c: &mut Option<_>| *c = c.filter(|c| Some(*c) == country);
            known.entry(name).and_modify(agrees).or_insert(country);
        }
        Self { places, known }
    }

    /// The country of the place that stands at `span`, with what sort of place it is.
    fn at(&self, span: Span) -> Option<(&'static str, PlaceKind)> {
        let after = self.places.partition_point(|p| p.span.end <= span.start);
        let place = self.places.get(after).filter(|p| p.span.start < span.end)?;
        Some((country_of(place)?, place.kind))
    }

    /// The country that the name of a body tells: "Belvonian Coast Guard".
    fn in_name(&self, name: &str) -> Option<&'static str> {
        let words: Vec<&str> = name.split(' ').collect();
        let mut found: Vec<&'static str> = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let told = (1..=3.min(words.len() - at)).rev().find_map(|n| {
                let part = words[at..at + n].join(" ");
                self.of_words(part.trim_end_matches("'s").trim_end_matches("’s"), n)
                    .map(|countries| (n, countries))
            });
            let Some((n, countries)) = told else {
                at += 1;
                continue;
            };
            found.extend(countries);
            at += n;
        }
        agreed(found.into_iter())
    }

    /// The countries that the `n` words of a part of a name can tell.
    fn of_words(&self, part: &str, n: usize) -> Option<Vec<&'static str>> {
        if !part.split(' ').all(|w| w.starts_with(char::is_uppercase)) {
            return None;
        }
        if let Some(&country) = self.known.get(part) {
            return Some(country.into_iter().collect());
        }
        let tells = |kind: Kind, name: NameKind| match kind {
            Kind::Country => true,
            // Georgia is one too, but every language has its own names of them.
            Kind::Admin1 => n > 1 || name == NameKind::Main,
            _ => false,
        };
        let world = gazetteer::world().find(part);
        let countries: Vec<&'static str> = world
            .filter(|f| tells(f.place.kind, f.name))
            .filter_map(|f| f.place.country)
            .collect();
        (!countries.is_empty()).then_some(countries)
    }
}

fn country_of(place: &Place) -> Option<&'static str> {
    let resolved = place.resolved.as_ref().filter(|_| place.confidence >= SURE)?;
    resolved.country
}

/// The country somebody or something is in or belongs to.
fn country(
    doc: &Doc,
    it: &Entity,
    nouns: &[Token<'_>],
    map: &Map<'_>,
) -> Option<&'static str> {
    let names = it.mentions.iter().filter(|m| m.form == MentionForm::Name);
    match it.label.as_str() {
        "GPE" | "LOC" | "FAC" | "NORP" if it.named => {
            agreed(names.filter_map(|m| map.at(m.span)).map(|(country, _)| country))
        }
        "PERSON" | "ORG" | "NORP" => {
            let named = (it.label == "ORG" && it.named).then(|| map.in_name(&it.name));
            named.flatten().or_else(|| {
                let [names, described] = [MentionForm::Name, MentionForm::Nominal]
                    .map(|form| roots(doc, it, form));
                let all = names.iter().chain(&described).chain(nouns);
                agreed(all.flat_map(|noun| affiliations(*noun, map)))
            })
        }
        _ => None,
    }
}

/// The countries a noun is brought together with: "the Belvonian minister", "Belvonia's
/// minister", "the minister of Belvonia", "a farmer from Osk".
fn affiliations(noun: Token<'_>, map: &Map<'_>) -> impl Iterator<Item = &'static str> {
    let country = |(country, kind)| {
        matches!(kind, PlaceKind::Country | PlaceKind::Demonym).then_some(country)
    };
    let before = noun.children().filter(move |c| {
        c.index() < noun.index()
            && matches!(c.dep(), "amod" | "compound" | "nmod" | "poss")
    });
    let origin = noun.children().filter(|c| c.dep() == "prep");
    let origin = origin.filter_map(|prep| {
        let object = prep.child("pobj")?;
        let (country, kind) = map.at(object.span())?;
        let belongs = match prep.text() {
            "of" => matches!(kind, PlaceKind::Country),
            "from" => true,
            _ => false,
        };
        belongs.then_some(country)
    });
    before.filter_map(|c| map.at(c.span())).filter_map(country).chain(origin)
}

/// What stands before a person's name, as written, in order of first mention.
fn titles(doc: &Doc, cast: &Cast<'_>, it: &Entity) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let names = it.mentions.iter().filter(|m| m.form == MentionForm::Name);
    for mention in names.filter(|_| it.label == "PERSON") {
        let start = mention.tokens.start;
        let belongs = |t: &Token<'_>| {
            t.upos() == Upos::Propn
                && cast.entities.at(t.index()).is_none()
                && t.head().index() >= t.index()
                && t.head().index() < mention.tokens.end
        };
        let before = (start.saturating_sub(NEAR)..start).rev().map(|t| doc.token(t));
        let words: Vec<Token<'_>> = before.take_while(belongs).collect();
        let is_title = |t: &Token<'_>| {
            lexicon::noun(&speaker::describing_word(*t)).is_some() || entity::is_title(*t)
        };
        let Some(first) = words.last().filter(|_| words.iter().any(is_title)) else {
            continue;
        };
        let title = doc.span_of(first.index()..start);
        let title = entity::one_line(&doc.text()[title.range()]);
        if !found.contains(&title) && found.len() < NEAR {
            found.push(title);
        }
    }
    found
}

/// "Novak, 45,", "Novak (45)", "Novak, aged 45," and "the 45-year-old".
fn age(doc: &Doc, it: &Entity) -> Option<u8> {
    let one = it.label == "PERSON";
    agreed(it.mentions.iter().filter(|_| one).filter_map(|m| age_at(doc, m)))
}

fn age_at(doc: &Doc, mention: &Mention) -> Option<u8> {
    let text = |i: usize| (i < doc.len()).then(|| doc.token(i).text());
    let years = |i: usize| {
        let years: u8 = text(i)?.parse().ok()?;
        (1..=120).contains(&years).then_some(years)
    };
    let end = mention.tokens.end;
    if mention.form == MentionForm::Name {
        let opens = match text(end)? {
            "," => end + 1,
            "(" => end + 1,
            _ => usize::MAX - 1,
        };
        let number = if text(opens) == Some("aged") { opens + 1 } else { opens };
        let closes =
            matches!(text(number.saturating_add(1)), Some("," | ")" | "." | ";"));
        if closes && let Some(years) = years(number) {
            return Some(years);
        }
    }
    let root = speaker::root_of(doc, mention.tokens.clone()).index();
    let start = mention.tokens.start.saturating_sub(NEAR);
    let sentence = doc.token(root).sentence().range().start;
    let before = doc.slice(start.max(sentence)..root + 1);
    // "The 45-year-old Novak" and "the 45-year-old", as one word or five.
    let inside = |t: &Token<'_>| mention.phrase.contains(t.span());
    before.filter(inside).find_map(|t| {
        let years_old = t.text().split_once("-year-old");
        if let Some((years, "")) = years_old {
            return years.parse().ok().filter(|y| (1..=120).contains(y));
        }
        let rest: String = (1..5).filter_map(|i| text(t.index() + i)).collect();
        (rest == "-year-old").then(|| years(t.index())).flatten()
    })
}
