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
use rustc_hash::FxHashMap;

use crate::fingerprint::{country, hash, name_words};
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
    /// "Police", "the authorities": one voice that needs no name. The office, and what tells
    /// it from others: "Slidell", "aviation".
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
    let mut finder = Finder { found: Vec::new(), known: FxHashMap::default() };
    let passages: Vec<Vec<u32>> = places.iter().map(|p| passage(p.said)).collect();
    let is_passage_of = |i: usize, j: usize| match (passages.get(i), passages.get(j)) {
        (Some(a), Some(b)) => is_same_passage(a, b),
        _ => false,
    };
    let is_taken_over = |i: usize, j: usize| match (places.get(i), places.get(j)) {
        (Some(a), Some(b)) => a.original == b.original && a.article != b.article,
        _ => false,
    };
    let mut of_place: Vec<Option<usize>> = vec![None; places.len()];
    // Those with names first: an office without one may be theirs.
    for with_name in [true, false] {
        for i in 0..places.len() {
            let Some(place) = places.get(i) else { continue };
            let echo = place.echo.filter(|_| place.said.chain.is_empty());
            let said = echo.unwrap_or(place.said);
            let Some((who, what)) = finder.who(said) else { continue };
            let has_name = who.has_name();
            if has_name != with_name {
                continue;
            }
            let copied = of_place.iter().enumerate().find_map(|(j, origin)| {
                let origin = origin.filter(|_| is_passage_of(i, j))?;
                let known = finder.found.get(origin)?.who.clone();
                // The same words of a docker and of a clerk may be two people's, in a text
                // that is taken over too.
                let is_the_same = match (&known, &who) {
                    (Who::Unnamed(a), Who::Unnamed(b)) => is_described_alike(a, b),
                    (Who::Officials(_, a), Who::Officials(_, b)) => is_of_one(a, b),
                    // So may those of two with names; but where the text is taken over, and
                    // one of them speaks in both, the other was misread.
                    _ if has_name => {
                        places.get(j).filter(|_| is_taken_over(i, j)).is_some_and(|of| {
                            finder.is_heard(place.member, &known)
                                || finder.is_heard(of.member, &who)
                        })
                    }
                    _ => true,
                };
                is_the_same.then_some(origin)
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
        let known = of_place.iter().enumerate().filter_map(|(j, o)| Some((j, (*o)?)));
        let copied = known.clone().find(|(j, _)| is_passage_of(i, *j));
        let copied = copied.or_else(|| known.clone().find(|(j, _)| is_taken_over(i, *j)));
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

struct Finder<'m> {
    found: Vec<Found>,
    /// Who each source is, by all that tells.
    known: FxHashMap<(&'m str, SpeakerKind, bool, bool), Who>,
}

impl<'m> Finder<'m> {
    /// Who is nearest the event in the chain of a statement, and how the text calls them.
    ///
    /// An office or a source without a name that somebody with a name vouches for counts as
    /// what that one said.
    fn who(&mut self, said: &'m Said) -> Option<(Who, String)> {
        let first = said.chain.first()?;
        let (who, name) = (self.of_source(first).clone(), first.name.clone());
        if matches!(who, Who::Officials(..) | Who::Unnamed(_)) {
            let mut later = said.chain.iter().skip(1);
            let named = later.find_map(|source| {
                let who = self.of_source(source);
                let is_named =
                    matches!(who, Who::Person(_) | Who::Body(_) | Who::Apart(_));
                is_named.then(|| (who.clone(), source.name.clone()))
            });
            return Some(named.unwrap_or((who, name)));
        }
        Some((who, name))
    }

    fn of_source(&mut self, source: &'m Source) -> &Who {
        let key = (source.name.as_str(), source.kind, source.is_named, source.is_apart);
        self.known.entry(key).or_insert_with(|| of_source(source))
    }

    fn attributed(
        &mut self,
        place: &Place<'m>,
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
            (Who::Officials(a, of_a), Who::Officials(b, of_b)) => {
                is_one_office(a, b) && is_of_one(of_a, of_b)
            }
            (Who::Body(body), Who::Officials(office, of)) => {
                body.iter().any(|word| is_one_office(word, office))
                    && of.iter().all(|word| body.contains(word))
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
    fn relied_on(&mut self, place: &Place<'m>) -> Option<usize> {
        let bodies = self.found.iter().enumerate();
        let bodies = bodies.filter(|(_, found)| matches!(found.who, Who::Body(_)));
        let bodies: Vec<(usize, Who)> = bodies.map(|(n, f)| (n, f.who.clone())).collect();
        let mut bodies = bodies.into_iter();
        bodies.find(|(_, body)| self.is_heard(place.member, body)).map(|(n, _)| n)
    }

    /// Whether somebody or something with a name speaks in an article.
    fn is_heard(&mut self, member: &'m Member, who: &Who) -> bool {
        let mut sources = member.statements.iter().flat_map(|said| &said.chain);
        sources.any(|source| match (who, self.of_source(source)) {
            (Who::Person(a), Who::Person(b)) => is_one_person(a, b),
            (Who::Body(a), Who::Body(b)) => is_one_body(a, b),
            _ => false,
        })
    }

    fn own(&mut self, place: &Place<'m>) -> usize {
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

/// Who a source is, by its kind and by how the text calls it.
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
        let names = names(&source.name);
        // "Costa Rican officials" are of no body but the country.
        if names.len() > 1 {
            return Who::Body(names);
        }
    }
    let office = words.iter().rfind(|word| OFFICES.contains(&word.as_str()));
    match office {
        Some(office) => Who::Officials(office.clone(), qualifiers(&source.name)),
        None => Who::Unnamed(words),
    }
}

/// What tells an office from others: "Slidell", "aviation".
fn qualifiers(description: &str) -> Vec<String> {
    let lower = description.split_whitespace();
    let lower = lower.filter(|word| !word.starts_with(char::is_uppercase));
    let all = names(description).into_iter().chain(lower.flat_map(name_words));
    all.filter(|word| !OFFICES.contains(&word.as_str()) && !ANY.contains(&word.as_str()))
        .collect()
}

/// The words of a description that begin with a capital letter; the name of a country for
/// those that stand for it or for its people.
fn names(description: &str) -> Vec<String> {
    let names = description.split_whitespace();
    let names: Vec<&str> =
        names.filter(|word| word.starts_with(char::is_uppercase)).collect();
    let whole = names.join(" ");
    match country(whole.trim_end_matches("'s").trim_end_matches("’s")) {
        Some(country) => vec![country.to_owned()],
        None => names.into_iter().flat_map(name_words).collect(),
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

/// Words of a description that tell no office from another.
const ANY: [&str; 22] = [
    "a",
    "an",
    "and",
    "by",
    "from",
    "high-ranking",
    "in",
    "local",
    "of",
    "other",
    "our",
    "several",
    "senior",
    "some",
    "the",
    "their",
    "these",
    "those",
    "three",
    "to",
    "top",
    "two",
];

fn has_word(words: &[String], list: &[&str]) -> bool {
    words.iter().any(|word| list.contains(&word.as_str()))
}

/// Whether two words may stand for one office: authorities and officials are of any.
fn is_one_office(a: &str, b: &str) -> bool {
    let is_any = |word: &str| matches!(word, "authorities" | "officials" | "government");
    a == b || OFFICES.contains(&a) && OFFICES.contains(&b) && (is_any(a) || is_any(b))
}

/// Whether what tells two offices may be the same: "officials" may be anybody's, "Slidell
/// police" are not the Lenz police.
fn is_of_one(a: &[String], b: &[String]) -> bool {
    let within = |a: &[String], b: &[String]| a.iter().all(|word| b.contains(word));
    within(a, b) || within(b, a)
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

/// The words of a statement, as hashes.
fn passage(said: &Said) -> Vec<u32> {
    let words = said.text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(|word| hash(&word.to_lowercase())).collect()
}

/// Whether two statements are the same words but for a few: nobody writes the same sentence
/// twice by chance.
fn is_same_passage(a: &[u32], b: &[u32]) -> bool {
    let (n, m) = (a.len(), b.len());
    if n.min(m) < 7 || n.min(m) * 10 < n.max(m) * 8 {
        return false;
    }
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
    fn offices_are_told_by_what_they_are_of() {
        let of = |source| member("The Bell", source, false);
        assert_eq!(count(&[of("US officials"), of("Russian officials")]), (1, 2));
        assert_eq!(
            count(&[of("senior American officials"), of("U.S. officials")]),
            (1, 1)
        );
        assert_eq!(count(&[of("officials"), of("Costa Rican officials")]), (1, 1));
        let ministry = of("Costa Rica's security ministry");
        assert_eq!(count(&[ministry, of("aviation officials")]), (1, 2));
    }

    #[test]
    fn a_copy_has_the_sources_of_what_it_copies() {
        let named = |name| member("The Bell", name, true);
        let count = |members: &[Member; 2], originals: [usize; 2]| {
            let place = |article: usize| Place {
                article,
                member: &members[article],
                said: &members[article].statements[0],
                original: originals[article],
                echo: None,
                is_sure: true,
            };
            let Range { least, most } = origins(&[place(0), place(1)]).range;
            (least, most)
        };
        let mut members = [named("Anna Roe"), named("Tom Vale")];
        // Nothing shows that Roe speaks in the second.
        assert_eq!(count(&members, [0, 0]), (2, 2));
        let other = members[0].statements[0].clone();
        members[1].statements.push(other);
        assert_eq!(count(&members, [0, 0]), (1, 1));
        assert_eq!(count(&members, [0, 1]), (2, 2));
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
