//! Names that may be those of places.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use according_gazetteer::{Found, Gazetteer, Kind, NameKind, fold};
use according_nlp::{Doc, Span, Token, Upos};

use crate::annotate::lexicon;
use crate::article::{Article, BlockKind};

/// A name as it stands in the text.
#[derive(Debug)]
pub(super) struct Toponym<'d> {
    pub(super) span: Span,
    pub(super) block: BlockKind,
    /// The name to look up: without "northern", "the city of".
    pub(super) name: &'d str,
    /// Says what belongs to a place, not where.
    pub(super) is_demonym: bool,
    /// The pipeline takes it for a building or the like.
    pub(super) is_facility: bool,
}

/// What the pipeline says a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Label {
    /// A state, town, region, river.
    Place,
    Facility,
    /// People, parties, religions.
    Group,
    /// Somebody or something else.
    Other,
}

fn label(name: &str) -> Option<Label> {
    match name {
        "GPE" | "LOC" => Some(Label::Place),
        "FAC" => Some(Label::Facility),
        "NORP" => Some(Label::Group),
        "PERSON" | "ORG" | "PRODUCT" | "EVENT" | "WORK_OF_ART" | "LAW" => {
            Some(Label::Other)
        }
        _ => None,
    }
}

/// The names of places in an article, in text order.
pub(super) fn find<'d>(
    article: &Article,
    doc: &'d Doc,
    world: &Gazetteer<'static>,
) -> Vec<Toponym<'d>> {
    let mut blocks = article.blocks.iter().peekable();
    let mut found = Vec::new();
    // What else the pipeline has marked, to be looked at when all names are known.
    let mut others = Vec::new();
    for entity in doc.entities() {
        let span = entity.span();
        while blocks.next_if(|b| b.span.end <= span.start).is_some() {}
        let block = blocks.peek().map_or(BlockKind::Paragraph, |b| b.kind);
        let (false, Some(label)) =
            (block == BlockKind::Boilerplate, label(entity.label()))
        else {
            continue;
        };
        for part in parts(doc, entity.range()) {
            let Some(part) = trimmed(doc, part) else { continue };
            let span = doc.span_of(part.clone());
            let name = &doc.text()[span];
            let is_facility = label == Label::Facility;
            let mut toponym =
                Toponym { span, block, name, is_demonym: false, is_facility };
            match label {
                Label::Place | Label::Facility => {
                    toponym.name = without_sort(name, world);
                    toponym.is_demonym = is_only_demonym(toponym.name, world);
                    if !names_illness(doc, &part) && !names_body(name, world) {
                        found.push(toponym);
                    }
                }
                Label::Group if is_demonym(name, world) => {
                    toponym.is_demonym = true;
                    found.push(toponym);
                }
                Label::Group => {}
                Label::Other => others.push((part, toponym)),
            }
        }
    }
    drop_people(doc, &mut found);
    let known: HashSet<&str> =
        found.iter().filter(|t| !t.is_demonym).map(|t| t.name).collect();
    let is_place = |tokens: &Range<usize>, name: &str| {
        known.contains(name) || is_where(doc, tokens, name, world)
    };
    others.retain(|(tokens, toponym)| is_place(tokens, toponym.name));
    found.extend(others.into_iter().map(|(_, toponym)| toponym));
    let unmarked = unmarked(article, doc, world, &known);
    found.extend(unmarked);
    found.sort_by_key(|t| t.span);
    found.dedup_by(|b, a| b.span.start < a.span.end);
    found
}

/// Drops names that the pipeline takes for those of people more often than of places:
/// "Paterson".
fn drop_people(doc: &Doc, found: &mut Vec<Toponym<'_>>) {
    let mut people: HashMap<&str, usize> = HashMap::new();
    for entity in doc.entities().filter(|e| e.label() == "PERSON") {
        let last = doc.slice(entity.range()).rfind(|t| t.upos() == Upos::Propn);
        if let Some(surname) = last {
            *people.entry(surname.text()).or_default() += 1;
        }
    }
    let mut places: HashMap<&str, usize> = HashMap::new();
    for toponym in found.iter() {
        *places.entry(toponym.name).or_default() += 1;
    }
    found.retain(|t| people.get(t.name).is_none_or(|n| *n < places[t.name]));
}

/// "Hyesan, North Korea" in one mark are two names.
fn parts(doc: &Doc, range: Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = range.start;
    for token in doc.slice(range.clone()) {
        let parts_names = matches!(token.text(), "," | "(" | ")" | "/" | ";")
            // "Washington, D.C." is one.
            && doc.slice(token.index() + 1..range.end).next().is_none_or(|next| next.text() != "D.C.");
        if parts_names {
            parts.push(start..token.index());
            start = token.index() + 1;
        }
    }
    parts.push(start..range.end);
    parts
}

/// "Marion County Sheriff's Office", taken for a place.
fn names_body(name: &str, world: &Gazetteer<'static>) -> bool {
    let last = name.split_whitespace().last().unwrap_or_default().to_lowercase();
    name.contains(' ')
        && (lexicon::organisation_role(&last).is_some()
            || matches!(last.as_str(), "office" | "council" | "llc" | "inc" | "ltd"))
        && world.find(name).next().is_none()
}

/// "West Nile virus" is nowhere.
fn names_illness(doc: &Doc, name: &Range<usize>) -> bool {
    let next = doc.slice(name.end..(name.end + 1).min(doc.len())).next();
    next.is_some_and(|t| {
        let word = t.lemma();
        matches!(word, "fever" | "flu" | "disease" | "syndrome" | "strain")
            || word.ends_with("virus")
    })
}

/// Without "the", a possessive and marks.
fn trimmed(doc: &Doc, range: Range<usize>) -> Option<Range<usize>> {
    let Range { mut start, mut end } = range;
    let is_edge = |t: Token<'_>| {
        matches!(t.upos(), Upos::Punct | Upos::Space | Upos::Sym)
            || matches!(t.tag(), "POS" | "DT" | "PDT")
            || t.text().eq_ignore_ascii_case("the")
            || matches!(t.text(), "’s" | "'s" | "’" | "'")
    };
    while start < end && is_edge(doc.token(start)) {
        start += 1;
    }
    while start < end && is_edge(doc.token(end - 1)) {
        end -= 1;
    }
    (start < end).then_some(start..end)
}

/// "northern Syria" lies in Syria and "Pingliang city" is Pingliang, unless there is a place
/// of just that name.
fn without_sort<'d>(name: &'d str, world: &Gazetteer<'static>) -> &'d str {
    const DIRECTIONS: [&str; 26] = [
        "northern",
        "southern",
        "eastern",
        "western",
        "central",
        "north",
        "south",
        "east",
        "west",
        "northeastern",
        "northwestern",
        "southeastern",
        "southwestern",
        "northeast",
        "northwest",
        "southeast",
        "southwest",
        "north-east",
        "north-west",
        "south-east",
        "south-west",
        "downtown",
        "greater",
        "upstate",
        "mainland",
        "far",
    ];
    const SORTS: [&str; 21] = [
        "city",
        "town",
        "village",
        "state",
        "province",
        "republic",
        "county",
        "port",
        "island",
        "kingdom",
        "district",
        "region",
        "area",
        "borough",
        "governorate",
        "prefecture",
        "township",
        "municipality",
        "valley",
        "peninsula",
        "river",
    ];
    let is_one_of =
        |list: &[&str], word: &str| list.contains(&word.to_lowercase().as_str());
    let mut rest = name;
    while world.find(rest).next().is_none() {
        let shorter = match (
            rest.split_once(char::is_whitespace),
            rest.rsplit_once(char::is_whitespace),
        ) {
            (Some((first, rest)), _) if is_one_of(&DIRECTIONS, first) => rest,
            (Some((first, rest)), _) if is_one_of(&SORTS, first) => {
                rest.strip_prefix("of ").unwrap_or(rest)
            }
            (_, Some((rest, last))) if is_one_of(&SORTS, last) => rest,
            _ => return name,
        };
        rest = shorter.trim();
    }
    rest
}

fn is_demonym(name: &str, world: &Gazetteer<'static>) -> bool {
    demonyms(name, world).next().is_some()
}

/// What `name` is the demonym of; "Turks" is that of Turkey too.
pub(super) fn demonyms(
    name: &str,
    world: &Gazetteer<'static>,
) -> impl Iterator<Item = Found<'static>> {
    let is_demonym = |f: &Found<'static>| f.name == NameKind::Demonym;
    let whole = world.find(name).filter(is_demonym);
    let plural = name.strip_suffix('s').filter(|n| n.len() > 3);
    // "anti-American", "Chinese-born", "Afro-Cuban"
    let part = name
        .split(['-', '–'])
        .find(|part| part.len() < name.len() && part.starts_with(char::is_uppercase));
    let one = plural.into_iter().chain(part).flat_map(move |n| world.find(n));
    whole.chain(one.filter(is_demonym).filter(|f| f.place.kind <= Kind::Admin1))
}

/// "British", taken for a place.
fn is_only_demonym(name: &str, world: &Gazetteer<'static>) -> bool {
    let mut found = world.find(name).peekable();
    match found.peek() {
        Some(_) => {
            let mut people = false;
            for f in found {
                match f.name {
                    NameKind::Demonym => people = people || f.place.kind == Kind::Country,
                    // Hardly anybody means the hamlet of French.
                    _ if f.place.population < 20_000 && f.place.kind == Kind::City => {}
                    _ => return false,
                }
            }
            people
        }
        None => is_demonym(name, world),
    }
}

/// Whether a name stands where only that of a place does: behind "in" and "near", or, if it
/// is well known, behind "from" and "of".
fn is_where(
    doc: &Doc,
    tokens: &Range<usize>,
    name: &str,
    world: &Gazetteer<'static>,
) -> bool {
    let before = tokens.start.checked_sub(1).map(|t| doc.token(t));
    let Some(before) = before else { return false };
    // "in Smith's house", "at Ford Motor"
    let ends = tokens.end >= doc.len() || {
        let next = doc.token(tokens.end);
        next.upos() != Upos::Propn && next.tag() != "POS" && next.upos() != Upos::Noun
    };
    match before.lemma() {
        _ if !ends => false,
        "in" | "near" | "outside" | "throughout" | "across" | "around" | "into" => {
            world.find(name).any(|f| f.name != NameKind::Demonym)
        }
        "from" | "of" | "at" | "to" | "toward" | "towards" => is_known_place(name, world),
        _ => false,
    }
}

/// Whether newspapers write the name without saying where that is.
fn is_known_place(name: &str, world: &Gazetteer<'static>) -> bool {
    world.find(name).any(|f| {
        let is_large = match f.place.kind {
            Kind::Country | Kind::Admin1 => true,
            Kind::City => f.place.population > 100_000,
            _ => false,
        };
        f.name != NameKind::Demonym && is_large
    })
}

/// Names that the pipeline did not mark: those it marked elsewhere, towns behind "in", those
/// of datelines, and countries and their people.
fn unmarked<'d>(
    article: &Article,
    doc: &'d Doc,
    world: &Gazetteer<'static>,
    known: &HashSet<&str>,
) -> Vec<Toponym<'d>> {
    let mut found = Vec::new();
    let mut blocks = article.blocks.iter().peekable();
    let mut looked_up: HashMap<&str, Option<bool>> = HashMap::new();
    for token in doc.tokens() {
        let span = token.span();
        while blocks.next_if(|b| b.span.end <= span.start).is_some() {}
        let block = blocks.peek().map_or(BlockKind::Paragraph, |b| b.kind);
        let name = token.text();
        let is_name = token.ent_type().is_empty()
            && matches!(token.upos(), Upos::Propn | Upos::Adj | Upos::Noun)
            && name.starts_with(char::is_uppercase)
            && name.len() > 3
            && block != BlockKind::Boilerplate;
        if !is_name {
            continue;
        }
        let at = token.index()..token.index() + 1;
        let opens = block == BlockKind::Dateline || is_head(doc, token);
        let is_demonym = *looked_up.entry(name).or_insert_with(|| {
            let found = world.find(name).find(|f| f.place.kind == Kind::Country);
            found.map(|f| f.name == NameKind::Demonym)
        });
        let is_alone = token.dep() != "compound" && token.upos() == Upos::Propn;
        let is_place = is_demonym.is_some()
            || is_alone && known.contains(name)
            || opens && is_known_place(name, world)
            || is_alone && is_where(doc, &at, name, world);
        if is_place {
            let is_demonym = is_demonym.unwrap_or(false);
            found.push(Toponym { span, block, name, is_demonym, is_facility: false });
        }
    }
    found
}

/// Whether a word in capitals opens a sentence whose next is not in capitals: "DETROIT The
/// firm said".
fn is_head(doc: &Doc, token: Token<'_>) -> bool {
    let is_loud = |t: Token<'_>| !t.text().contains(char::is_lowercase);
    let next = token.index() + 1;
    token.is_sent_start()
        && is_loud(token)
        && next < doc.len()
        && !is_loud(doc.token(next))
}

/// The name without what may differ between its mentions.
pub(super) fn key(toponym: &Toponym<'_>) -> String {
    fold(toponym.name)
}
