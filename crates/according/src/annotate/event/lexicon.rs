//! The words that name events, and what must stand around them.

use std::sync::LazyLock;

use according_nlp::{Token, Upos};
use rustc_hash::FxHashMap;

use super::tree::{self, Arguments};
use crate::annotate::lexicon;
use crate::annotate::speaker::{self, SpeakerKind};

/// One sense of a word that names an event.
#[derive(Debug)]
pub(super) struct Entry {
    when: Vec<Condition>,
    /// PLOVER category, `TRAFFIC`, or nothing for a sense that is no event.
    pub(super) kind: Option<&'static str>,
    pub(super) mode: Option<&'static str>,
}

/// What must hold of a word for an entry to apply; `data/en/README.md` tells each.
#[derive(Debug)]
enum Condition {
    Particle(&'static str),
    NoParticle(&'static str),
    AnyObject,
    NoObject,
    Object(Vec<&'static str>),
    Indirect(Vec<&'static str>),
    Subject(Vec<&'static str>),
    Modifier(Vec<&'static str>),
    NoModifier(Vec<&'static str>),
    Governor(Vec<&'static str>),
    Preposition(Vec<&'static str>),
    Infinitive,
    Clause,
    NoClause,
    OwnAct,
    Passive,
    Plural,
}

impl Condition {
    fn parse(text: &'static str) -> Option<Self> {
        let words = |list: &'static str| list.split(',').collect();
        Some(match text {
            "o" => Self::AnyObject,
            "!o" => Self::NoObject,
            "x" => Self::Infinitive,
            "c" => Self::Clause,
            "!c" => Self::NoClause,
            "own" => Self::OwnAct,
            "passive" => Self::Passive,
            "pl" => Self::Plural,
            _ => {
                if let Some(word) = text.strip_prefix('+') {
                    return Some(Self::Particle(word));
                }
                if let Some(word) = text.strip_prefix("!+") {
                    return Some(Self::NoParticle(word));
                }
                let (name, list) = text.split_once(':')?;
                match name {
                    "o" => Self::Object(words(list)),
                    "o2" => Self::Indirect(words(list)),
                    "s" => Self::Subject(words(list)),
                    "m" => Self::Modifier(words(list)),
                    "!m" => Self::NoModifier(words(list)),
                    "g" => Self::Governor(words(list)),
                    "p" => Self::Preposition(words(list)),
                    _ => return None,
                }
            }
        })
    }

    fn holds(&self, token: Token<'_>, arguments: &Arguments<'_>) -> bool {
        match self {
            Self::Particle(word) => has_particle(token, word),
            Self::NoParticle(word) => !has_particle(token, word),
            Self::AnyObject => !arguments.objects.is_empty(),
            Self::NoObject => arguments.objects.is_empty(),
            // "Sold three tonnes of oil": it is oil that was sold.
            Self::Object(list) => arguments.objects.iter().any(|&object| {
                let of = measured(object).or_else(|| lived(object));
                is_any(object, list) || of.is_some_and(|o| is_any(o, list))
            }),
            Self::Indirect(list) => {
                tree::prepositional(token).any(|(_, o)| is_any(o, list))
            }
            Self::Subject(list) => arguments.subjects.iter().any(|s| is_any(*s, list)),
            Self::Modifier(list) => has_modifier(token, list),
            Self::NoModifier(list) => !has_modifier(token, list),
            Self::Governor(list) => tree::light_verb(token)
                .or_else(|| tree::blame(token))
                .or_else(|| Some(token.head()).filter(|_| token.upos() == Upos::Adj))
                .is_some_and(|v| list.contains(&v.lemma())),
            Self::Preposition(list) => {
                token.dep() == "pobj" && list.contains(&token.head().text())
            }
            Self::Infinitive => token.children().any(|c| {
                matches!(c.dep(), "xcomp" | "ccomp" | "advcl" | "acl")
                    && tree::is_infinitive(c)
            }),
            Self::Clause => has_clause(token),
            Self::NoClause => !has_clause(token),
            Self::OwnAct => tells_own_act(token, arguments),
            Self::Passive => arguments.passive,
            Self::Plural => matches!(token.tag(), "NNS" | "NNPS"),
        }
    }
}

/// What there is so much of: "oil" in "three tonnes of oil", and in "some of the oil".
fn measured(measure: Token<'_>) -> Option<Token<'_>> {
    let of = || tree::of(measure).filter(|_| measure.child("nummod").is_some());
    part_of(measure).or_else(of)
}

/// Of what a word tells some or all: "farmers" in "a number of farmers".
pub(super) fn part_of(part: Token<'_>) -> Option<Token<'_>> {
    let is_part = matches!(
        part.lemma(),
        "all"
            | "both"
            | "each"
            | "few"
            | "half"
            | "lot"
            | "majority"
            | "many"
            | "most"
            | "much"
            | "number"
            | "part"
            | "rest"
            | "several"
            | "some"
    );
    tree::of(part).filter(|_| is_part)
}

/// Whose life it is: "saved the lives of the sailors".
pub(super) fn lived(life: Token<'_>) -> Option<Token<'_>> {
    let is_life = life.lemma() == "life";
    tree::of(life).or_else(|| life.child("poss")).filter(|_| is_life)
}

fn has_clause(token: Token<'_>) -> bool {
    token.children().any(|c| c.dep() == "ccomp" && !tree::is_infinitive(c))
}

/// Whether a clause says what its speaker will do: "warned that they would burn the mill",
/// and not "warned that the river would rise".
fn tells_own_act(token: Token<'_>, arguments: &Arguments<'_>) -> bool {
    let is_own = |subject: Token<'_>| {
        subject.tag() == "PRP" && subject.dep() != "expl"
            || arguments.subjects.iter().any(|s| s.lemma() == subject.lemma())
    };
    let is_coming = |clause: Token<'_>| {
        let mut aux = clause.children().filter(|c| c.dep() == "aux");
        aux.any(|a| matches!(a.text(), "will" | "would" | "'ll" | "’ll" | "'d" | "’d"))
    };
    let mut clauses = token.children().filter(|c| c.dep() == "ccomp" && is_coming(*c));
    clauses.any(|c| c.child("nsubj").is_some_and(is_own))
}

fn has_particle(token: Token<'_>, word: &str) -> bool {
    let is_it = |c: Token<'_>| {
        matches!(c.dep(), "prt" | "prep" | "advmod" | "dative" | "agent" | "aux" | "mark")
            && c.index() > token.index()
            && c.text().eq_ignore_ascii_case(word)
    };
    let to_do = |c: Token<'_>| word == "to" && c.dep() == "acl" && tree::is_infinitive(c);
    token.children().any(|c| is_it(c) || to_do(c))
        || token.next().is_some_and(|next| {
            // "Called for the mayor to resign".
            matches!(next.upos(), Upos::Adp | Upos::Sconj)
                && next.text().eq_ignore_ascii_case(word)
        })
}

fn has_modifier(token: Token<'_>, list: &[&str]) -> bool {
    let modifies = |c: Token<'_>| {
        matches!(
            c.dep(),
            "compound" | "amod" | "nmod" | "npadvmod" | "advmod" | "poss" | "punct"
        ) && c.index() < token.index()
    };
    let of = |preposition: &str| preposition == "of" || preposition == "in";
    token.children().any(|c| {
        modifies(c) && (is_any(c, list) || c.children().any(|g| is_any(g, list)))
    }) || tree::prepositional(token).any(|(p, o)| of(p.text()) && is_any(o, list))
        || token.prev().is_some_and(|p| p.upos() == Upos::Noun && is_any(p, list))
}

/// The sense in which a word names an event here: the first of its entries that applies,
/// those with most conditions first.
pub(super) fn sense(
    token: Token<'_>,
    arguments: &Arguments<'_>,
    entries: &'static [Entry],
) -> Option<&'static Entry> {
    entries.iter().find(|e| e.when.iter().all(|c| c.holds(token, arguments)))
}

/// What the list has for a word, most particular entries first.
pub(super) fn entries(lemma: &str, upos: Upos) -> Option<&'static [Entry]> {
    type Senses = Vec<(Upos, Vec<Entry>)>;
    static ENTRIES: LazyLock<FxHashMap<&str, Senses>> = LazyLock::new(|| {
        let mut entries: FxHashMap<&str, Senses> = FxHashMap::default();
        for line in include_str!("../../../data/en/event.tsv").lines().skip(1) {
            let mut fields = line.split('\t');
            let [lemma, upos, when, kind, mode] =
                std::array::from_fn(|_| fields.next().unwrap_or_default());
            let Some(upos) = Upos::from_name(upos) else { continue };
            let entry = Entry {
                when: when.split_whitespace().filter_map(Condition::parse).collect(),
                kind: Some(kind).filter(|k| *k != "none"),
                mode: Some(mode).filter(|m| !m.is_empty()),
            };
            let senses = entries.entry(lemma).or_default();
            match senses.iter_mut().find(|(of, _)| *of == upos) {
                Some((_, list)) => list.push(entry),
                None => senses.push((upos, vec![entry])),
            }
        }
        for (_, list) in entries.values_mut().flatten() {
            list.sort_by_key(|e| std::cmp::Reverse(e.when.len()));
        }
        entries
    });
    let senses = ENTRIES.get(lemma)?;
    senses.iter().find(|(of, _)| *of == upos).map(|(_, list)| list.as_slice())
}

/// What a noun of an event is, and which contexts it speaks for.
#[derive(Clone, Copy, Debug)]
struct Noun {
    classes: &'static str,
    contexts: &'static str,
}

fn noun(lemma: &str) -> Option<Noun> {
    static NOUNS: LazyLock<FxHashMap<&str, Noun>> = LazyLock::new(|| {
        let rows = include_str!("../../../data/en/event_noun.tsv").lines().skip(1);
        let row = |line: &'static str| {
            let mut fields = line.split('\t');
            let [lemma, classes, contexts] =
                std::array::from_fn(|_| fields.next().unwrap_or_default());
            (lemma, Noun { classes, contexts })
        };
        rows.map(row).collect()
    });
    NOUNS.get(lemma).copied()
}

/// The PLOVER contexts a word speaks for.
pub(super) fn contexts(token: Token<'_>) -> impl Iterator<Item = &'static str> {
    let contexts = noun(token.lemma()).map_or("", |n| n.contexts);
    contexts.split(';').filter(|c| !c.is_empty())
}

/// Whether a word is one of `list`, or of a class in it.
fn is_any(token: Token<'_>, list: &[&str]) -> bool {
    let lemma = token.lemma();
    list.iter()
        .any(|&l| l == lemma || l.eq_ignore_ascii_case(token.text()) || is(token, l))
}

/// Whether a word is of a class of `event_noun.tsv`.
pub(super) fn is(token: Token<'_>, class: &str) -> bool {
    let listed = noun(token.lemma()).or_else(|| noun(&token.text().to_lowercase()));
    let listed = listed.map_or("", |n| n.classes);
    let has = |class: &str| listed.split(';').any(|c| c == class);
    match class {
        "people" => {
            ["people", "org", "force", "leader"].iter().any(|c| has(c))
                || matches!(token.ent_type(), "PERSON" | "NORP" | "ORG" | "GPE")
                || matches!(token.tag(), "PRP" | "PRP$" | "WP" | "WP$")
                    && !matches!(token.lemma(), "it" | "its")
                || token.dep() != "amod"
                    && token.tag() == "CD"
                    && !matches!(token.ent_type(), "MONEY" | "PERCENT" | "QUANTITY")
                || token.dep() != "det" && token.text().eq_ignore_ascii_case("those")
                || names_people(token)
                || is_half_of_country(token)
        }
        "place" => has(class) || matches!(token.ent_type(), "GPE" | "LOC" | "FAC"),
        "org" => has(class) || matches!(token.ent_type(), "ORG" | "GPE"),
        "illicit" => {
            has(class)
                || token.children().any(|c| {
                    c.index() < token.index()
                        && (is_illicit(c.lemma())
                            || c.dep() == "compound" && is(c, "illicit"))
                })
                || tree::prepositional(token)
                    .any(|(p, o)| p.text() == "of" && o != token && is(o, "illicit"))
        }
        _ => has(class),
    }
}

/// "The North", where it is a country that is called so.
fn is_half_of_country(token: Token<'_>) -> bool {
    matches!(token.text(), "North" | "South" | "East" | "West")
        && token.upos() == Upos::Propn
        && token.child("det").is_some()
}

/// Whether a noun, of one or of several, says that they are people: "buyers".
fn names_people(token: Token<'_>) -> bool {
    let noun = || lexicon::noun(&speaker::describing_word(token));
    token.upos() == Upos::Noun
        && noun().is_some_and(|noun| noun.kind == SpeakerKind::Person)
}

fn is_illicit(adjective: &str) -> bool {
    matches!(
        adjective,
        "illicit"
            | "illegal"
            | "prohibited"
            | "banned"
            | "fake"
            | "counterfeit"
            | "stolen"
            | "smuggled"
            | "looted"
            | "contraband"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_sorted_and_understood() {
        let kinds = "none AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST \
            ACCUSE REJECT THREATEN PROTEST SANCTION MOBILIZE COERCE ASSAULT TRAFFIC";
        let mut before = ("", "");
        for line in include_str!("../../../data/en/event.tsv").lines().skip(1) {
            let fields: Vec<&str> = line.split('\t').collect();
            let [lemma, upos, when, kind, _, example] = fields[..] else {
                panic!("{line}")
            };
            assert!((lemma, upos) >= before, "{line}");
            before = (lemma, upos);
            assert!(Upos::from_name(upos).is_some(), "{line}");
            assert!(kinds.split_whitespace().any(|k| k == kind), "{line}");
            assert!(!example.is_empty(), "{line}");
            for condition in when.split_whitespace() {
                assert!(Condition::parse(condition).is_some(), "{line}");
            }
        }
        let nouns = include_str!("../../../data/en/event_noun.tsv").lines().skip(1);
        assert!(nouns.is_sorted());
    }
}
