//! Named people, organisations and other things, each with every mention of it.
//!
//! The pipeline marks names; here "RFA" and "Radio Free Asia", "Rathbun" and "Mark Rathbun"
//! become one entity. Names are joined only where one reading is possible: with two
//! Clintons in the text, a bare "Clinton" stays apart from both.

use std::collections::HashMap;
use std::ops::Range;

use according_nlp::{Doc, Span, Token, Upos};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lexicon;
use super::speaker::{Role, SpeakerKind};
use crate::article::{Article, BlockKind};

/// Somebody or something with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// OntoNotes type: `PERSON`, `ORG`, …; empty for what is of none of them.
    pub label: String,
    /// Fullest name in the article, without article or title; of what has none the fullest
    /// description.
    pub name: String,
    /// Whether the text gives a proper name.
    pub named: bool,
    /// Its other names, in order of first mention.
    pub aliases: Vec<String>,
    /// What it is in public life.
    pub role: Option<Role>,
    /// The country it is in or belongs to: ISO 3166-1 alpha-2.
    pub country: Option<&'static str>,
    /// What stands before a person's name, as written: "Prime Minister", "Gen.".
    pub titles: Vec<String>,
    /// A person's age in years, as the text gives it.
    pub age: Option<u8>,
    /// Where it is mentioned, in text order.
    pub mentions: Vec<Mention>,
}

/// One mention of an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The name, the pronoun, or the noun with what stands before it, in bytes.
    pub span: Span,
    /// The whole noun phrase: with title, apposition, relative clause and possessive ending.
    pub phrase: Span,
    /// The numbers of the tokens of `span`.
    pub tokens: Range<usize>,
    /// How it refers.
    pub form: MentionForm,
}

/// How a mention refers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MentionForm {
    /// By name.
    Name,
    /// By description: "the ring".
    Nominal,
    /// By pronoun.
    Pronoun,
}

impl Mention {
    /// "the aid group Open Hands"
    fn is_called_body(&self, doc: &Doc) -> bool {
        let before = self.tokens.start.checked_sub(1).map(|t| doc.token(t));
        before.is_some_and(|t| {
            let kind = lexicon::noun(t.lemma()).map(|n| n.kind);
            let body =
                matches!(kind, Some(SpeakerKind::Organisation | SpeakerKind::Media));
            t.upos() == Upos::Noun && body && self.tokens.contains(&t.head().index())
        })
    }

    fn is_titled(&self, doc: &Doc) -> bool {
        self.form == MentionForm::Name && is_titled(doc, &self.tokens)
    }
}

/// Types of names that are things of the world and not dates or amounts.
const LABELS: [&str; 10] = [
    "PERSON",
    "ORG",
    "GPE",
    "LOC",
    "FAC",
    "NORP",
    "PRODUCT",
    "EVENT",
    "LAW",
    "WORK_OF_ART",
];

/// All entities of an article and which token belongs to which.
#[derive(Clone, Debug, Default)]
pub(super) struct Entities {
    pub(super) list: Vec<Entity>,
    /// For each token the number of its entity plus one; 0 for none.
    at: Vec<u32>,
}

impl Entities {
    /// The entities of `doc`, in order of first mention.
    pub(super) fn find(article: &Article, doc: &Doc) -> Self {
        let mut names = names(article, doc);
        names.sort_by_key(|n| n.tokens.start);
        drop_unconfirmed(article, &mut names);
        let mut groups = group(doc, names);
        let target = merges(&groups);
        for i in (0..groups.len()).rev() {
            if target[i] != i {
                let moved = std::mem::take(&mut groups[i].names);
                groups[target[i]].names.extend(moved);
            }
        }
        groups.retain(|g| !g.names.is_empty());
        let mut list: Vec<Entity> = groups.into_iter().map(Group::into_entity).collect();
        list.sort_by_key(|e| e.mentions[0].span);
        let mut entities = Self { list, at: vec![0; doc.len()] };
        entities.index();
        entities.find_unmarked(doc);
        entities.trust_titles(doc);
        entities
    }

    fn index(&mut self) {
        for (i, entity) in self.list.iter().enumerate() {
            for mention in &entity.mentions {
                self.at[mention.tokens.clone()].fill(i as u32 + 1);
            }
        }
    }

    /// Adds mentions the pipeline overlooked: a name that is known from elsewhere in the
    /// article and stands outside every marked one.
    fn find_unmarked(&mut self, doc: &Doc) {
        let mut known: HashMap<&str, Option<usize>> = HashMap::new();
        for (i, entity) in self.list.iter().enumerate() {
            let surname = (entity.label == "PERSON")
                .then(|| entity.name.rsplit(' ').next().unwrap_or_default());
            let full = std::iter::once(entity.name.as_str());
            for name in
                entity.aliases.iter().map(String::as_str).chain(surname).chain(full)
            {
                if !name.contains(' ') && name.len() > 1 {
                    known
                        .entry(name)
                        .and_modify(|other| *other = other.filter(|&other| other == i))
                        .or_insert(Some(i));
                }
            }
        }
        let found: Vec<(usize, usize)> = doc
            .tokens()
            .filter(|t| is_bare_name(*t) && self.at[t.index()] == 0)
            .filter_map(|t| Some((t.index(), known.get(t.text()).copied().flatten()?)))
            .collect();
        for (token, entity) in found {
            self.add_mention(doc, entity, token..token + 1, MentionForm::Name);
        }
    }

    /// Who bears a title somewhere is a person, and what is called a group is a body, whatever
    /// the pipeline took the name for.
    fn trust_titles(&mut self, doc: &Doc) {
        for entity in &mut self.list {
            let is_thing = matches!(
                entity.label.as_str(),
                "WORK_OF_ART" | "PRODUCT" | "LAW" | "EVENT"
            );
            if is_thing && entity.mentions.iter().any(|m| m.is_called_body(doc)) {
                entity.label = "ORG".to_owned();
            }
            let words = words(&entity.name);
            let is_body = entity.role.is_some()
                || words.len() > 3
                || words.iter().any(|w| lexicon::organisation_role(w).is_some());
            let is_open = matches!(entity.label.as_str(), "ORG" | "PRODUCT" | "FAC");
            if is_open && !is_body && entity.mentions.iter().any(|m| m.is_titled(doc)) {
                entity.label = "PERSON".to_owned();
            }
        }
    }

    /// The entity that token number `token` belongs to.
    pub(super) fn at(&self, token: usize) -> Option<usize> {
        (*self.at.get(token)? as usize).checked_sub(1)
    }

    /// The mention token number `token` belongs to.
    pub(super) fn mention_at(&self, token: usize) -> Option<&Mention> {
        let mentions = &self.list.get(self.at(token)?)?.mentions;
        mentions.iter().find(|m| m.tokens.contains(&token))
    }

    /// Where entity number `entity` was last mentioned before token number `token`.
    pub(super) fn last_before(&self, entity: usize, token: usize) -> Option<usize> {
        let mentions = &self.list[entity].mentions;
        let before = mentions.partition_point(|m| m.tokens.start < token);
        before.checked_sub(1).map(|last| mentions[last].tokens.start)
    }

    /// Says which whole noun phrase the mention of `entity` that token number `head` belongs
    /// to stands in; false where that token is in no mention of it.
    pub(super) fn widen(&mut self, head: usize, entity: usize, phrase: Span) -> bool {
        if self.at(head) != Some(entity) {
            return false;
        }
        let mentions = &mut self.list[entity].mentions;
        let after = mentions.partition_point(|m| m.tokens.end <= head);
        let found = mentions.get_mut(after).filter(|m| m.tokens.contains(&head));
        found.map(|m| m.phrase = phrase).is_some()
    }

    /// The entities that are mentioned in `spans`, in order of their numbers.
    pub(super) fn within(&self, doc: &Doc, spans: &[Span]) -> Vec<usize> {
        let tokens = spans.iter().flat_map(|&s| doc.tokens_in(s));
        let mut found: Vec<usize> = tokens.filter_map(|t| self.at(t)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Says that the noun phrase `phrase` around token number `head` mentions `entity`, whose
    /// mentions are out of order until [`Self::sort`]. The token is that of the entity from
    /// then on, if it was nobody's.
    pub(super) fn add_phrase(
        &mut self,
        doc: &Doc,
        entity: usize,
        head: usize,
        form: MentionForm,
        phrase: Span,
    ) {
        let tokens = head..head + 1;
        if self.at(head).is_none() {
            self.at[tokens.clone()].fill(entity as u32 + 1);
        }
        let span = doc.span_of(tokens.clone());
        self.list[entity].mentions.push(Mention { span, phrase, tokens, form });
    }

    /// Says that token number `host` belongs to a mention of `entity` by name, and is no
    /// mention of its own.
    pub(super) fn take_host(&mut self, host: usize, entity: usize) {
        match self.at(host) {
            None => self.at[host] = entity as u32 + 1,
            Some(known) if known == entity => {
                let mentions = &mut self.list[entity].mentions;
                let after = mentions.partition_point(|m| m.tokens.end <= host);
                let own =
                    |m: &Mention| m.form != MentionForm::Name && m.tokens.contains(&host);
                if mentions.get(after).is_some_and(own) {
                    mentions.remove(after);
                }
            }
            Some(_) => {}
        }
    }

    /// Brings all mentions into text order.
    pub(super) fn sort(&mut self) {
        for entity in &mut self.list {
            entity.mentions.sort_by_key(|m| (m.tokens.start, m.phrase.end));
            entity.mentions.dedup_by_key(|m| m.phrase);
        }
    }

    /// Says that `tokens` mention `entity`, unless they are taken.
    pub(super) fn add_mention(
        &mut self,
        doc: &Doc,
        entity: usize,
        tokens: Range<usize>,
        form: MentionForm,
    ) {
        if tokens.clone().any(|t| self.at(t).is_some()) {
            return;
        }
        let span = doc.span_of(tokens.clone());
        self.at[tokens.clone()].fill(entity as u32 + 1);
        let mentions = &mut self.list[entity].mentions;
        let place = mentions.partition_point(|m| m.span < span);
        mentions.insert(place, Mention { span, phrase: span, tokens, form });
    }
}

/// Whether a token can be a name: "Trump" at the start of a sentence is taken for a card.
fn is_bare_name(token: Token<'_>) -> bool {
    token.upos() == Upos::Propn
        || token.upos() == Upos::Noun
            && token.text().starts_with(char::is_uppercase)
            && !token.children().any(|c| matches!(c.dep(), "det" | "amod" | "compound"))
}

/// One name as it stands in the text.
#[derive(Debug)]
struct Name<'d> {
    tokens: Range<usize>,
    span: Span,
    label: &'d str,
    text: &'d str,
}

impl Name<'_> {
    /// Whether it stands where only a person's name does: behind a title ("Ambassador
    /// Mohib") or in apposition to one ("the coach, Alia Sarr").
    fn is_person(&self, doc: &Doc) -> bool {
        let root = doc.token(self.tokens.end - 1);
        let described = root.dep() == "appos" && {
            let noun = lexicon::noun(root.head().lemma());
            root.head().upos() == Upos::Noun
                && noun.is_some_and(|n| n.kind == SpeakerKind::Person)
        };
        is_titled(doc, &self.tokens) || described && self.tokens.len() > 1
    }
}

/// Whether a title stands before a name: "President Novak".
fn is_titled(doc: &Doc, name: &Range<usize>) -> bool {
    let before = name.start.checked_sub(1).map(|t| doc.token(t));
    before.is_some_and(|t| {
        t.dep() == "compound" && t.tag().starts_with("NNP") && is_title(t)
    })
}

/// The marked names, freed of what does not belong to them: "the", titles, a possessive "'s",
/// an acronym in brackets.
fn names<'d>(article: &Article, doc: &'d Doc) -> Vec<Name<'d>> {
    let mut blocks = article.blocks.iter().peekable();
    let mut names = Vec::new();
    let mut end = 0;
    for entity in doc.entities() {
        let span = entity.span();
        while blocks.next_if(|b| b.span.end <= span.start).is_some() {}
        let boilerplate = blocks.peek().is_some_and(|b| b.kind == BlockKind::Boilerplate);
        if boilerplate || !LABELS.contains(&entity.label()) {
            continue;
        }
        let range = entity.range().start..end_with_hyphens(doc, entity.range().end);
        let bracket =
            doc.slice(range.clone()).find(|t| t.text() == "(").map(Token::index);
        let cut = bracket.unwrap_or(range.end);
        for part in [range.start..cut, (cut + 1).min(range.end)..range.end] {
            if let Some(name) = trimmed(doc, part, entity.label()) {
                end = name.tokens.end;
                names.push(name);
            }
        }
        // "Radio Free Asia (RFA)": what the brackets hold is its short name.
        if bracket.is_none()
            && end == range.end
            && let Some(acronym) = acronym_after(doc, end)
            && acronym.ent_type().is_empty()
        {
            let (at, span, text) = (acronym.index(), acronym.span(), acronym.text());
            names.push(Name { tokens: at..at + 1, span, label: entity.label(), text });
        }
    }
    let marked: Vec<Range<usize>> = names.iter().map(|n| n.tokens.clone()).collect();
    names.extend(unmarked_outlets(doc, &marked));
    names
}

/// Where a name ends that goes on behind a hyphen: "Park Jin" of "Park Jin-soo".
fn end_with_hyphens(doc: &Doc, mut end: usize) -> usize {
    let goes_on = |t: usize| {
        let [Some(last), Some(hyphen)] = [t.checked_sub(1), Some(t)] else {
            return false;
        };
        t + 1 < doc.len()
            && doc.token(hyphen).text() == "-"
            && !doc.token(last).space_after()
            && !doc.token(hyphen).space_after()
            && doc.token(t + 1).upos() == Upos::Propn
    };
    while goes_on(end) {
        end += 2;
    }
    end
}

/// Names in headlines are often wrong, since there every word may have a capital: only those
/// whose words come again below stay.
fn drop_unconfirmed(article: &Article, names: &mut Vec<Name<'_>>) {
    let headlines = article.blocks.iter().filter(|b| b.kind == BlockKind::Headline);
    let headlines: Vec<Span> = headlines.map(|b| b.span).collect();
    let in_headline = |n: &Name<'_>| headlines.iter().any(|h| h.contains(n.span));
    let below = names.iter().filter(|n| !in_headline(n));
    let confirmed: Vec<Vec<String>> = below.map(|n| words(n.text)).collect();
    names.retain(|n| {
        let own = words(n.text);
        let comes_again = |c: &Vec<String>| own.iter().all(|w| c.contains(w));
        !in_headline(n) || confirmed.iter().any(comes_again)
    });
}

/// The token in "(RFA)" when it starts at token number `at`.
fn acronym_after(doc: &Doc, at: usize) -> Option<Token<'_>> {
    let [open, word, close] = [at, at + 1, at + 2];
    if close >= doc.len()
        || doc.token(open).text() != "("
        || doc.token(close).text() != ")"
    {
        return None;
    }
    Some(doc.token(word)).filter(|t| is_acronym(t.text()))
}

fn is_acronym(text: &str) -> bool {
    let letters = text.chars().filter(|c| *c != '.' && *c != '-');
    text.len() > 1
        && letters.clone().filter(|c| c.is_uppercase()).count() > 1
        && letters.clone().all(|c| c.is_uppercase() || c.is_ascii_digit())
}

/// News outlets from our list that the pipeline took for something else or overlooked.
fn unmarked_outlets<'d>(doc: &'d Doc, marked: &[Range<usize>]) -> Vec<Name<'d>> {
    let taken = |t: usize| {
        let after = marked.partition_point(|m| m.end <= t);
        marked.get(after).is_some_and(|m| m.contains(&t))
    };
    let mut found: Vec<Name<'d>> = Vec::new();
    let mut from = 0;
    for start in 0..doc.len() {
        if start < from || doc.token(start).upos() != Upos::Propn || taken(start) {
            continue;
        }
        let longest = (start + 1..=(start + 4).min(doc.len())).rev().find(|&end| {
            !taken(end - 1)
                && lexicon::outlet(&doc.text()[doc.span_of(start..end)]).is_some()
        });
        if let Some(end) = longest {
            let span = doc.span_of(start..end);
            let text = &doc.text()[span];
            found.push(Name { tokens: start..end, span, label: "ORG", text });
            from = end;
        }
    }
    found
}

fn trimmed<'d>(
    doc: &'d Doc,
    range: Range<usize>,
    mut label: &'d str,
) -> Option<Name<'d>> {
    let Range { mut start, mut end } = range;
    let is_edge = |t: Token<'_>| {
        matches!(t.upos(), Upos::Punct | Upos::Space | Upos::Sym)
            || t.tag() == "POS"
            || matches!(t.text(), "’s" | "'s" | "’" | "'")
    };
    while start < end {
        let first = doc.token(start);
        let is_title = match label {
            "PERSON" => end - start > 1 && is_title(first),
            // "Engineer Ralf Storm", taken for a firm.
            "ORG" | "PRODUCT" => {
                let known = |t: Token<'_>| {
                    let word = t.text().to_lowercase();
                    t.upos() != Upos::Propn || lexicon::organisation_role(&word).is_some()
                };
                end - start == 3
                    && is_title(first)
                    && !doc.slice(start + 1..end).any(known)
            }
            _ => false,
        };
        let is_article =
            first.upos() == Upos::Det || first.text().eq_ignore_ascii_case("the");
        if !(is_edge(first) || is_title || is_article) {
            break;
        }
        if is_title {
            label = "PERSON";
        }
        start += 1;
    }
    let names_body = label == "ORG";
    while start < end {
        let last = doc.token(end - 1);
        // "State Department Spokesperson"
        let is_office = names_body && end - start > 2 && is_title(last);
        if !is_edge(last) && !is_office {
            break;
        }
        end -= 1;
    }
    let span = doc.span_of(start..end);
    let text = &doc.text()[span];
    let is_name = text.chars().any(char::is_uppercase) && !text.contains('\n');
    is_name.then_some(Name { tokens: start..end, span, label, text })
}

/// "President", "Mr.", "Gen.": before a name, not part of it.
pub(super) fn is_title(token: Token<'_>) -> bool {
    let word = token.text().trim_end_matches('.').to_lowercase();
    lexicon::noun(&word).is_some_and(|n| n.kind == SpeakerKind::Person)
        && lexicon::given_name(token.text()).is_none()
}

/// All names written the same way.
#[derive(Debug)]
struct Group<'d> {
    /// The words of the name in lower case, without dots.
    words: Vec<String>,
    label: &'d str,
    /// The full name of the outlet it is known to be.
    outlet: Option<&'static str>,
    /// Whether something is said to be in it, near it or from it.
    is_place: bool,
    /// Number of the group whose short name in brackets this is.
    short_for: Option<usize>,
    names: Vec<Name<'d>>,
}

fn group<'d>(doc: &'d Doc, names: Vec<Name<'d>>) -> Vec<Group<'d>> {
    let mut groups: Vec<Group<'d>> = Vec::new();
    let mut by_words: HashMap<Vec<String>, usize> = HashMap::new();
    let mut last: Option<(usize, usize)> = None;
    for name in names {
        let words = words(name.text);
        let end = name.tokens.end;
        let in_brackets = last.filter(|&(_, last_end)| {
            acronym_after(doc, last_end).is_some_and(|t| t.index() == name.tokens.start)
        });
        // "RFA's Korean Service" is part of RFA.
        let owner = name.text.split_once("'s ").or(name.text.split_once("’s "));
        let outlet = lexicon::outlet(name.text)
            .or_else(|| owner.and_then(|(owner, _)| lexicon::outlet(owner)));
        let g = *by_words.entry(words.clone()).or_insert_with(|| {
            groups.push(Group {
                words,
                label: "",
                outlet,
                is_place: false,
                short_for: in_brackets.map(|(long, _)| long),
                names: Vec::new(),
            });
            groups.len() - 1
        });
        let before =
            name.tokens.start.checked_sub(1).map_or("", |t| doc.token(t).lemma());
        groups[g].is_place |=
            matches!(before, "in" | "at" | "near" | "from" | "to" | "of" | "around");
        groups[g].names.push(name);
        last = Some((g, end));
    }
    for group in &mut groups {
        let label = group.commonest_label();
        let body = group.outlet.is_some()
            || is_outlet_name(&group.words)
            || group.words.iter().any(|w| lexicon::organisation_role(w).is_some());
        let is_person = !body
            && (group.names.iter().any(|n| n.is_person(doc)) || group.has_given_name());
        group.label = if is_person && label != "NORP" { "PERSON" } else { label };
    }
    groups
}

impl Group<'_> {
    /// "Donald Trump", whatever the pipeline takes it for.
    fn has_given_name(&self) -> bool {
        let mut words = self.names.first().map_or("", |n| n.text).split_whitespace();
        let is_given = words.next().is_some_and(|w| lexicon::given_name(w).is_some());
        let is_capitalised = |w: &str| w.starts_with(char::is_uppercase);
        is_given && (2..=3).contains(&self.words.len()) && words.all(is_capitalised)
    }

    /// The type most mentions were given; the first one's on a tie.
    fn commonest_label(&self) -> &'static str {
        let count = |label: &str| self.names.iter().filter(|n| n.label == label).count();
        let first = self.names.first().map_or("", |n| n.label);
        if self.outlet.is_some() && (self.words.len() > 1 || first != "GPE") {
            return "ORG";
        }
        let mut best = ("", 0);
        for label in LABELS {
            let n = 2 * count(label) + usize::from(label == first);
            if n > best.1 {
                best = (label, n);
            }
        }
        best.0
    }

    fn into_entity(mut self) -> Entity {
        self.names.sort_by_key(|n| n.span);
        let n_words = |n: &Name<'_>| n.text.split_whitespace().count();
        let mut times: HashMap<&str, usize> = HashMap::new();
        for name in &self.names {
            *times.entry(name.text).or_default() += 1;
        }
        // Of two spellings the usual one, of two as usual the first.
        let fullest = self.names.iter().rev().max_by_key(|n| (n_words(n), times[n.text]));
        let name = fullest.map_or(String::new(), |n| one_line(n.text));
        let mut aliases: Vec<String> = Vec::new();
        for text in self.names.iter().map(|n| one_line(n.text)) {
            if text != name && !aliases.contains(&text) {
                aliases.push(text);
            }
        }
        let role = match self.label {
            "ORG" | "FAC" | "NORP" | "GPE" => role_of_name(&name, self.label),
            _ => None,
        };
        let to_mention = |n: Name<'_>| Mention {
            span: n.span,
            phrase: n.span,
            tokens: n.tokens,
            form: MentionForm::Name,
        };
        Entity {
            label: self.label.to_owned(),
            name,
            named: true,
            aliases,
            role: role.or(self.outlet.map(|_| Role::Media)),
            country: None,
            titles: Vec::new(),
            age: None,
            mentions: self.names.into_iter().map(to_mention).collect(),
        }
    }
}

pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn words(name: &str) -> Vec<String> {
    let clean = |w: &str| {
        let w = w.trim_end_matches("'s").trim_end_matches("’s");
        w.chars().filter(|c| *c != '.').flat_map(char::to_lowercase).collect::<String>()
    };
    name.split(|c: char| c.is_whitespace() || c == '-')
        .map(clean)
        .filter(|w| !w.is_empty())
        .collect()
}

/// What an organisation is, as its name tells.
fn role_of_name(name: &str, label: &str) -> Option<Role> {
    let words = words(name);
    if label == "ORG" && is_outlet_name(&words) {
        return Some(Role::Media);
    }
    let role =
        |words: &[String]| words.iter().rev().find_map(|w| lexicon::organisation_role(w));
    // "Slidell Police Department" is police before it is a department. Otherwise the last
    // telling word wins ("Bank of Hull Foundation"), but not behind "of": there the head has
    // come before ("Ministry of Public Security").
    let is_special = |r: &Role| matches!(r, Role::Police | Role::Military | Role::Court);
    let special =
        words.iter().rev().filter_map(|w| lexicon::organisation_role(w)).find(is_special);
    let is_link = |w: &String| matches!(w.as_str(), "of" | "for" | "on" | "at");
    let head = words.split(is_link).next().unwrap_or_default();
    let found = special.filter(|_| role(head) != Some(Role::Ngo));
    found.or_else(|| role(head)).or_else(|| role(&words)).filter(|_| label != "GPE")
}

/// "X News", "X Times", "X Daily", "X TV": outlets no list can hold.
pub(super) fn is_outlet_name(words: &[String]) -> bool {
    const LAST: [&str; 41] = [
        "news",
        "times",
        "daily",
        "tv",
        "television",
        "radio",
        "post",
        "herald",
        "tribune",
        "gazette",
        "journal",
        "telegraph",
        "magazine",
        "weekly",
        "chronicle",
        "newspaper",
        "broadcasting",
        "press",
        "courier",
        "examiner",
        "dispatch",
        "inquirer",
        "observer",
        "globe",
        "star",
        "mail",
        "mirror",
        "review",
        "tonight",
        "mercury",
        "chronicles",
        "wire",
        "standard",
        "express",
        "sentinel",
        "monitor",
        "bulletin",
        "echo",
        "argus",
        "advertiser",
        "zeitung",
    ];
    const FIRST: [&str; 2] = ["radio", "tv"];
    match words {
        [.., before, last] if last == "agency" => {
            before == "news" || before.starts_with("press")
        }
        [_, .., last] if LAST.contains(&last.as_str()) => true,
        [first, _, ..] => FIRST.contains(&first.as_str()),
        _ => false,
    }
}

/// For each group the number of the group it belongs to: its own, or that of the one fuller
/// name it can be short for.
fn merges(groups: &[Group<'_>]) -> Vec<usize> {
    let mut target: Vec<usize> = (0..groups.len()).collect();
    // Where to look for a fuller name: every kind of short name but an acronym shares its
    // first word with it.
    let mut with_word: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut with_initials: HashMap<String, Vec<usize>> = HashMap::new();
    for (g, group) in groups.iter().enumerate() {
        for word in &group.words {
            let found = with_word.entry(word).or_default();
            if found.last() != Some(&g) {
                found.push(g);
            }
        }
        let [all, large] = initials(&group.words);
        if all != large {
            with_initials.entry(all).or_default().push(g);
        }
        with_initials.entry(large).or_default().push(g);
    }
    let outlets: Vec<usize> =
        (0..groups.len()).filter(|&g| groups[g].outlet.is_some()).collect();
    let misspelt = Misspelt::of(groups);
    for short in 0..groups.len() {
        let first = groups[short].words.first().map_or("", String::as_str);
        let near = |found: Option<&Vec<usize>>| -> Vec<usize> {
            found.into_iter().flatten().copied().filter(|&long| long != short).collect()
        };
        let sharing = near(with_word.get(first));
        let spelt = near(with_initials.get(first));
        let by = |longer: &[usize], joins: fn(&Group<'_>, &Group<'_>) -> bool| {
            let fuller = longer.iter().filter(|&&g| joins(&groups[short], &groups[g]));
            only(fuller.map(|&g| misspelt.right[g]))
        };
        let outlet = groups[short].outlet;
        let fullest_of_outlet = || {
            let same = outlets.iter().copied().filter(|&g| groups[g].outlet == outlet);
            same.max_by_key(|&g| (groups[g].words.len(), usize::MAX - g))
        };
        let found = groups[short]
            .short_for
            .or_else(|| fullest_of_outlet().filter(|&g| g != short && outlet.is_some()))
            .or_else(|| by(&sharing, is_surname_of))
            .or_else(|| by(&sharing, is_first_name_of))
            .or_else(|| by(&spelt, is_acronym_of))
            .or_else(|| by(&sharing, is_short_name_of))
            .or_else(|| Some(misspelt.right[short]).filter(|&long| long != short))
            .or_else(|| by(&misspelt.near(groups, short), is_slip_of));
        target[short] = found.unwrap_or(short);
    }
    // A short name of a short name: follow to the end; a circle stays where it began.
    (0..groups.len())
        .map(|start| {
            let mut at = start;
            for _ in 0..groups.len() {
                if target[at] == at {
                    return at;
                }
                at = target[at];
            }
            start
        })
        .collect()
}

/// Names of people that were written in two ways by mistake.
struct Misspelt {
    /// For each group the one that writes the same full name first.
    right: Vec<usize>,
    /// People by the spellings of their surnames.
    by_surname: HashMap<String, Vec<usize>>,
}

impl Misspelt {
    fn of(groups: &[Group<'_>]) -> Self {
        let mut found =
            Self { right: (0..groups.len()).collect(), by_surname: HashMap::new() };
        for (g, group) in groups.iter().enumerate() {
            if group.label != "PERSON" || group.words.len() < 2 {
                continue;
            }
            let near = found.near(groups, g);
            let same =
                near.into_iter().find(|&first| is_other_spelling(group, &groups[first]));
            found.right[g] = same.map_or(g, |first| found.right[first]);
            for spelling in group.words.last().into_iter().flat_map(|w| slips(w)) {
                found.by_surname.entry(spelling).or_default().push(g);
            }
        }
        found
    }

    /// People whose surnames differ by no more than a letter from that of group `g`.
    fn near(&self, groups: &[Group<'_>], g: usize) -> Vec<usize> {
        let spellings = groups[g].words.last().into_iter().flat_map(|w| slips(w));
        let found = spellings.filter_map(|s| self.by_surname.get(&s)).flatten();
        let mut near: Vec<usize> = found.copied().filter(|&other| other != g).collect();
        near.sort_unstable();
        near.dedup();
        near
    }
}

/// A word and the word without each one of its letters: words that differ by one letter have
/// one of these in common. Short words and very long ones have no slips.
fn slips(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    if !(5..=20).contains(&letters.len()) {
        return vec![word.to_owned()];
    }
    let without = |i: usize| letters[..i].iter().chain(&letters[i + 1..]).collect();
    (0..letters.len()).map(without).chain([word.to_owned()]).collect()
}

/// "Kristin Wilkins" of "Kristen Wilkins", but not "Maria Rossi" of "Mario Rossi".
fn is_other_spelling(a: &Group<'_>, b: &Group<'_>) -> bool {
    let gender = |g: &Group<'_>| {
        lexicon::given_name(g.names.first()?.text.split_whitespace().next()?)
    };
    let mut differing = a.words.iter().zip(&b.words).filter(|(x, y)| x != y);
    let (Some((x, y)), None) = (differing.next(), differing.next()) else { return false };
    let opposed = gender(a).zip(gender(b)).is_some_and(|(x, y)| x != y);
    a.words.len() == b.words.len()
        && !opposed
        && slips(x).iter().any(|s| slips(y).contains(s))
        && x.len().min(y.len()) > 5
}

/// "Mauer" for "K.C. Maurer": a surname that nobody in the article was introduced by is one
/// letter off that of somebody met before.
fn is_slip_of(short: &Group<'_>, long: &Group<'_>) -> bool {
    let start = |g: &Group<'_>| g.names.first().map(|n| n.span);
    short.words.len() == 1
        && long.words.len() > 1
        && start(short) > start(long)
        && short.outlet.is_none()
        && matches!(short.label, "PERSON" | "ORG" | "PRODUCT")
}

/// The element that all are.
fn only(mut items: impl Iterator<Item = usize>) -> Option<usize> {
    let first = items.next()?;
    items.all(|item| item == first).then_some(first)
}

/// "Rathbun" of "Mark Rathbun", and "John Kerry" of "John F. Kerry".
fn is_surname_of(short: &Group<'_>, long: &Group<'_>) -> bool {
    let (s, l) = (&short.words, &long.words);
    if long.label != "PERSON" || s.len() >= l.len() || s.is_empty() {
        return false;
    }
    // The pipeline may take a bare surname for anything, but places are where they are.
    let may_be_person = short.label == "PERSON"
        || s.len() == 1
            && short.outlet.is_none()
            && match short.label {
                "GPE" | "LOC" => !short.is_place && long.has_given_name(),
                "NORP" => long.has_given_name(),
                _ => true,
            };
    let without_middle = s.len() == 2 && l.first() == s.first() && l.last() == s.last();
    may_be_person && (l.ends_with(s) || short.label == "PERSON" && without_middle)
}

/// "Hillary" of "Hillary Clinton", "Kim" of "Kim Jong-un": who is met by full name first,
/// save in a headline.
fn is_first_name_of(short: &Group<'_>, long: &Group<'_>) -> bool {
    let introduced = long.names.first().map(|n| n.span);
    let before = short.names.iter().filter(|n| Some(n.span) < introduced).count();
    before < 2
        && short.label == "PERSON"
        && long.label == "PERSON"
        && short.words.len() == 1
        && long.words.len() > 1
        && long.words.first() == short.words.first()
}

/// "UNHCR"; small words of the full name may or may not count.
fn is_acronym_of(short: &Group<'_>, long: &Group<'_>) -> bool {
    let [word] = short.words.as_slice() else { return false };
    let written_so = short.names.first().is_some_and(|n| is_acronym(n.text));
    if !written_so || long.words.len() < 2 || short.label == "PERSON" {
        return false;
    }
    // "US" is not the University of Sheffield.
    let is_country = |text: &str| {
        let mut found = according_gazetteer::world().find(text);
        found.any(|f| f.place.kind == according_gazetteer::Kind::Country)
    };
    initials(&long.words).contains(word)
        && (long.label == "GPE" || !short.names.iter().any(|n| is_country(n.text)))
}

/// The first letters of the words of a name: of all, and of all but small ones.
fn initials(words: &[String]) -> [String; 2] {
    let is_small =
        |w: &str| matches!(w, "of" | "the" | "for" | "and" | "in" | "on" | "to" | "de");
    [true, false].map(|keep_small| {
        let kept = words.iter().filter(|w| keep_small || !is_small(w));
        kept.filter_map(|w| w.chars().next()).collect()
    })
}

/// "State Department" of "US State Department", "Boeing" of "Boeing Co.", "the Post" of
/// "New York Post".
fn is_short_name_of(short: &Group<'_>, long: &Group<'_>) -> bool {
    let (s, l) = (&short.words, &long.words);
    let both_named = short.label == long.label && matches!(short.label, "ORG" | "FAC");
    if !both_named || s.is_empty() || s.len() >= l.len() {
        return false;
    }
    let is_generic_rest = l.strip_prefix(s.as_slice()).is_some_and(|rest| {
        rest.iter().all(|w| {
            matches!(w.as_str(), "news" | "agency" | "tv" | "group" | "international")
                || lexicon::organisation_role(w) == Some(Role::Company)
        })
    });
    is_generic_rest || l.ends_with(s) && (s.len() > 1 || is_outlet_name(l))
}
