//! To which origins the supports of one claim go back.
//!
//! Two chains meet where the same named person or body is nearest the event and no different
//! relays show that it spoke twice, and where sources without a name spoke to the same
//! outlet. A copy, and a passage in the same words, has the origins of what it copies. What
//! an outlet says in its own voice goes back to whom the same article attributes it
//! elsewhere, or else is the outlet's, or its agency's, own reporting. Nothing shows that a
//! source without a name is the same as another outlet's, nor that it is not, which is why
//! the count is a range.

use std::collections::BTreeMap;

use according::report::SpeakerKind;

use crate::fingerprint::name_words;
use crate::format::Range;
use crate::member::{Member, Said, Source};
use crate::publisher::{canonical, publisher};

/// A support as its origin is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Place<'m> {
    /// Number of the article; lower is earlier.
    pub article: usize,
    /// The article.
    pub member: &'m Member,
    /// The statement in it.
    pub said: &'m Said,
    /// The article whose text it is, by way of copies: itself for one that is no copy.
    pub original: usize,
    /// What the article attributes elsewhere and this repeats.
    pub echo: Option<&'m Said>,
    /// Whether it surely says what the others say.
    pub is_sure: bool,
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
    who: Who,
    /// The outlet that was spoken to, where a chain tells.
    relay: Option<String>,
    /// Whether a place that surely says the same goes back to it.
    is_sure: bool,
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

/// Who is nearest the event.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Who {
    /// A person with a name.
    Person(Vec<String>),
    /// A body with a name, whoever speaks for it.
    Body(Vec<String>),
    /// "Police", "the authorities": one voice that needs no name. The office, and how the
    /// text calls them.
    Officials(String, Vec<String>),
    /// Somebody without a name.
    Unnamed(Vec<String>),
    /// An outlet or agency.
    Outlet(String),
    /// Somebody whom an analyst told from others of the name.
    Apart(String),
}

impl Who {
    fn has_name(&self) -> bool {
        !matches!(self, Self::Officials(..) | Self::Unnamed(_))
    }
}

/// Finds the origins of `places`, which come in the order of their articles.
pub fn origins(places: &[Place<'_>]) -> Origins {
    let mut finder = Finder { found: Vec::new() };
    let mut of_place: Vec<Option<usize>> = vec![None; places.len()];
    // Those with names first: an office without one may be theirs.
    for with_name in [true, false] {
        for i in 0..places.len() {
            let Some(place) = places.get(i) else { continue };
            let echo = place.echo.filter(|_| place.said.chain.is_empty());
            let said = echo.unwrap_or(place.said);
            let Some((who, what)) = who(said) else { continue };
            let has_name = who.has_name();
            if has_name != with_name {
                continue;
            }
            let copied = places.iter().zip(&of_place).find_map(|(other, origin)| {
                let origin = origin.filter(|_| !has_name)?;
                let found = finder.found.get(origin)?;
                // The same words of a docker and of a clerk may be two people's, in a text
                // that is taken over too.
                let is_somebody_else = match (&found.who, &who) {
                    (Who::Unnamed(a), Who::Unnamed(b)) => !is_described_alike(a, b),
                    _ => false,
                };
                let is_copied = is_passage_of(place.said, other.said);
                (is_copied && !is_somebody_else).then_some(origin)
            });
            let origin =
                copied.unwrap_or_else(|| finder.attributed(place, said, who, what));
            if let Some(slot) = of_place.get_mut(i) {
                *slot = Some(origin);
            }
        }
    }
    for i in 0..places.len() {
        let (Some(place), Some(None)) = (places.get(i), of_place.get(i)) else {
            continue;
        };
        // The same words, or the same text, go back to the same.
        let known = places.iter().zip(&of_place).filter_map(|(p, o)| Some((p, (*o)?)));
        let copied = known.clone().find(|(p, _)| is_passage_of(place.said, p.said));
        let copied = copied.or_else(|| {
            let mut known = known.clone();
            known
                .find(|(p, _)| p.original == place.original && p.article != place.article)
        });
        let copied = copied.map(|(_, origin)| origin);
        let origin = copied.or_else(|| finder.relied_on(place));
        let origin = origin.unwrap_or_else(|| finder.own(place));
        if let Some(slot) = of_place.get_mut(i) {
            *slot = Some(origin);
        }
    }
    for (place, origin) in places.iter().zip(&of_place) {
        if let Some(found) = origin.and_then(|origin| finder.found.get_mut(origin)) {
            found.is_sure |= place.is_sure;
        }
    }
    finder.finish(of_place)
}

struct Finder {
    found: Vec<Found>,
}

impl Finder {
    fn attributed(
        &mut self,
        place: &Place<'_>,
        said: &Said,
        who: Who,
        what: String,
    ) -> usize {
        let relay = relay(said);
        let voice = place.member.voice();
        let known = self.found.iter().position(|found| match (&found.who, &who) {
            (Who::Person(a), Who::Person(b)) => {
                is_one_person(a, b) && is_one_act(found.relay.as_ref(), relay.as_ref())
            }
            (Who::Body(a), Who::Body(b)) => is_one_body(a, b),
            (Who::Outlet(a), Who::Outlet(b)) | (Who::Apart(a), Who::Apart(b)) => a == b,
            (Who::Officials(a, _), Who::Officials(b, _)) => is_one_office(a, b),
            (Who::Body(body), Who::Officials(office, words)) => {
                // "Officials" may be anybody's; "Slidell police" are not the Lenz police.
                body.iter().any(|word| is_one_office(word, office))
                    && words
                        .iter()
                        .all(|w| body.contains(w) || OFFICES.contains(&w.as_str()))
            }
            // Without a name they are the same where they spoke to the same outlet.
            (Who::Unnamed(a), Who::Unnamed(b)) => {
                found.relay.as_ref() == Some(relay.as_ref().unwrap_or(&voice))
                    && is_described_alike(a, b)
            }
            _ => false,
        });
        if let Some(known) = known {
            if let Some(found) = self.found.get_mut(known)
                && found.relay.is_none()
            {
                found.relay = relay;
            }
            return known;
        }
        let kind = match who {
            Who::Person(_) | Who::Body(_) | Who::Apart(_) => OriginKind::Named,
            Who::Officials(..) | Who::Unnamed(_) => OriginKind::Unnamed,
            Who::Outlet(_) => OriginKind::Own,
        };
        let relay = match who {
            Who::Unnamed(_) => Some(relay.unwrap_or(voice)),
            _ => relay,
        };
        let what = match (&relay, kind) {
            (_, OriginKind::Own) => format!("{what}'s own reporting"),
            (Some(relay), _) => format!("{what}, to {relay}"),
            (None, _) => what,
        };
        self.add(Found { what, kind, who, relay, is_sure: false })
    }

    /// The body that says this elsewhere and that the article relies on for other things.
    fn relied_on(&self, place: &Place<'_>) -> Option<usize> {
        let sources =
            place.member.statements.iter().filter_map(|said| said.chain.first());
        let sources: Vec<Who> = sources.map(of_source).collect();
        let mut found = self.found.iter().enumerate().filter(|(_, found)| {
            let Who::Body(body) = &found.who else { return false };
            sources.iter().any(|s| matches!(s, Who::Body(b) if is_one_body(body, b)))
        });
        found.next().map(|(n, _)| n)
    }

    fn own(&mut self, place: &Place<'_>) -> usize {
        let voice = place.member.voice();
        let who = Who::Outlet(voice.clone());
        let known = self.found.iter().position(|found| found.who == who);
        known.unwrap_or_else(|| {
            let (what, kind) = (format!("{voice}'s own reporting"), OriginKind::Own);
            self.add(Found { what, kind, who, relay: None, is_sure: false })
        })
    }

    fn add(&mut self, found: Found) -> usize {
        self.found.push(found);
        self.found.len() - 1
    }

    fn finish(self, of_place: Vec<Option<usize>>) -> Origins {
        // Numbers in the order in which the places come.
        let mut number: BTreeMap<usize, usize> = BTreeMap::new();
        let mut origins = Vec::new();
        let mut numbered = Vec::with_capacity(of_place.len());
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
/// name, or does not tell how it knows, may have it from one of them. Who spoke to two
/// outlets may have been heard by both at once.
fn range(origins: &[Found]) -> Range {
    let mut certain: Vec<&Who> = Vec::new();
    for found in origins.iter().filter(|f| f.kind == OriginKind::Named && f.is_sure) {
        let is_known = |known: &&Who| match (known, &found.who) {
            (Who::Person(a), Who::Person(b)) => is_one_person(a, b),
            (known, who) => *known == who,
        };
        if !certain.iter().any(is_known) {
            certain.push(&found.who);
        }
    }
    let most = origins.len();
    Range { least: certain.len().max(1).min(most), most }
}

/// Who is nearest the event in the chain of a statement, and how the text calls them.
///
/// An office or a source without a name that somebody with a name vouches for counts as what
/// that one said.
fn who(said: &Said) -> Option<(Who, String)> {
    let first = said.chain.first()?;
    let of = |source: &Source| (of_source(source), source.name.clone());
    let (who, name) = of(first);
    if matches!(who, Who::Officials(..) | Who::Unnamed(_)) {
        let mut later = said.chain.iter().skip(1).map(of);
        let named = later.find(|(who, _)| {
            matches!(who, Who::Person(_) | Who::Body(_) | Who::Apart(_))
        });
        return Some(named.unwrap_or((who, name)));
    }
    Some((who, name))
}

fn of_source(source: &Source) -> Who {
    if source.is_apart {
        return Who::Apart(source.name.clone());
    }
    if source.kind == SpeakerKind::Media || publisher(&source.name).is_some() {
        return Who::Outlet(canonical(&source.name));
    }
    let words = name_words(&source.name);
    // "Kim's New Year address" is what Kim said; "a spokesman for the Interior Ministry" is
    // the ministry.
    if let Some((owner, what)) =
        source.name.split_once("'s ").or_else(|| source.name.split_once("’s "))
        && owner.starts_with(char::is_uppercase)
        && has_word(&name_words(what), &SAYINGS)
    {
        return Who::Person(name_words(owner));
    }
    if source.is_named {
        return match source.kind {
            SpeakerKind::Person | SpeakerKind::People => Who::Person(words),
            _ => Who::Body(words),
        };
    }
    if has_word(&words, &SPOKESPEOPLE) {
        let names = source.name.split_whitespace();
        let names = names.filter(|word| word.starts_with(char::is_uppercase));
        let names: Vec<String> = names.flat_map(name_words).collect();
        if names.len() > 1 {
            return Who::Body(names);
        }
    }
    let office = words.iter().rfind(|word| OFFICES.contains(&word.as_str()));
    match office {
        Some(office) => Who::Officials(office.clone(), words.clone()),
        None => Who::Unnamed(words),
    }
}

/// What somebody says or writes.
const SAYINGS: [&str; 14] = [
    "account",
    "address",
    "announcement",
    "comments",
    "interview",
    "letter",
    "memo",
    "message",
    "post",
    "remarks",
    "speech",
    "statement",
    "tweet",
    "tweets",
];

/// Who speaks for a body.
const SPOKESPEOPLE: [&str; 8] = [
    "official",
    "officials",
    "representative",
    "spokesman",
    "spokesperson",
    "spokeswoman",
    "spokespeople",
    "statement",
];

/// Bodies that speak with one voice.
const OFFICES: [&str; 18] = [
    "army",
    "authorities",
    "authority",
    "cops",
    "court",
    "department",
    "detectives",
    "firefighters",
    "government",
    "investigators",
    "military",
    "ministry",
    "officers",
    "officials",
    "police",
    "prosecutor",
    "prosecutors",
    "rescuers",
];

fn has_word(words: &[String], list: &[&str]) -> bool {
    words.iter().any(|word| list.contains(&word.as_str()))
}

/// Whether two words may stand for one office: authorities and officials are of any.
fn is_one_office(a: &str, b: &str) -> bool {
    let is_any = |word: &str| matches!(word, "authorities" | "officials" | "government");
    a == b || OFFICES.contains(&a) && OFFICES.contains(&b) && (is_any(a) || is_any(b))
}

/// The outlet that passed on what was said to it, where the chain names one.
fn relay(said: &Said) -> Option<String> {
    let relays = said.chain.iter().skip(1).filter(|s| s.is_named);
    let mut relays = relays.filter(|s| s.kind == SpeakerKind::Media);
    relays.next().map(|s| canonical(&s.name))
}

/// Whether two relays may have heard the same words.
fn is_one_act(a: Option<&String>, b: Option<&String>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    }
}

/// "Luis Guillermo Solis" and "President Solis", "Kim" and "Kim Jong Un".
fn is_one_person(a: &[String], b: &[String]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    !short.is_empty()
        && (short.iter().all(|word| long.contains(word))
            || short.len() > 1
                && short.last() == long.last()
                && short.first() == long.first())
}

/// One name holds all words of the other, or is their first letters.
fn is_one_body(a: &[String], b: &[String]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let letters: String = long.iter().filter_map(|word| word.chars().next()).collect();
    !short.is_empty()
        && (short.iter().all(|word| long.contains(word)) || short.concat() == letters)
}

/// One description holds the other's last word.
fn is_described_alike(a: &[String], b: &[String]) -> bool {
    let ends = |a: &[String], b: &[String]| a.last().is_some_and(|word| b.contains(word));
    ends(a, b) || ends(b, a)
}

/// Whether two statements are the same words but for a few: nobody writes the same sentence
/// twice by chance.
fn is_passage_of(a: &Said, b: &Said) -> bool {
    fn words(said: &Said) -> impl Iterator<Item = &str> {
        said.text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
    }
    let (n, m) = (words(a).count(), words(b).count());
    if n.min(m) < 7 || n.min(m) * 10 < n.max(m) * 8 {
        return false;
    }
    let lower = |said| words(said).map(str::to_lowercase).collect::<Vec<String>>();
    let (a, b) = (lower(a), lower(b));
    let shared = a.iter().filter(|word| b.contains(word)).count();
    shared * 10 >= n.max(m) * 8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::SupportStance;

    /// An article of one statement by a source.
    fn member(outlet: &str, source: &str, is_named: bool) -> Member {
        let said = Said {
            start: 0,
            end: 0,
            text: "the crane had not been inspected since the spring of last year"
                .to_owned(),
            claim: None,
            sentence: 0,
            is_headline: false,
            is_quoted: false,
            stance: SupportStance::Asserts,
            is_hedged: false,
            numbers: Vec::new(),
            chain: vec![Source::new(source.to_owned(), SpeakerKind::Person, is_named)],
        };
        Member {
            reference: outlet.to_owned(),
            id: outlet.to_owned(),
            outlet: Some(outlet.to_owned()),
            published: None,
            published_time: None,
            title: None,
            wire: None,
            statements: vec![said],
        }
    }

    /// The range for what these articles say, none of which is a copy.
    fn count(members: &[Member]) -> (usize, usize) {
        let mut places = Vec::new();
        for (article, member) in members.iter().enumerate() {
            let said = &member.statements[0];
            let original = article;
            places.push(Place {
                article,
                member,
                said,
                original,
                echo: None,
                is_sure: true,
            });
        }
        let Range { least, most } = origins(&places).range;
        (least, most)
    }

    #[test]
    fn sources_without_a_name_that_differ_are_not_made_one_by_their_words() {
        let differ = [
            member("The Bell", "dock worker", false),
            member("The Post", "clerk", false),
        ];
        assert_eq!(count(&differ), (1, 2));
        let alike = [
            member("The Bell", "dock worker", false),
            member("The Post", "worker", false),
        ];
        assert_eq!(count(&alike), (1, 1));
    }

    #[test]
    fn names_tell_people_apart() {
        let named = |name| member("The Bell", name, true);
        assert_eq!(count(&[named("Anna Roe"), named("Tom Vale")]), (2, 2));
        assert_eq!(count(&[named("Anna Roe"), named("Roe")]), (1, 1));
        let mut other = named("Anna Roe of Lenz");
        other.statements[0].chain[0].is_apart = true;
        assert_eq!(count(&[named("Anna Roe"), other]), (2, 2));
    }
}
