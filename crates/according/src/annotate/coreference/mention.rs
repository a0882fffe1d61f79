//! Mentions: every noun phrase and pronoun that may be somebody or something.
//!
//! A mention is the whole noun phrase, as OntoNotes marks it: with its article, its
//! possessive "'s", appositions, prepositional phrases and relative clauses. Predicates
//! ("is a farmer") and appositions are none of their own, since they only describe.

use std::ops::Range;

use according_nlp::{Doc, Token, Upos};

use super::super::entity::{Entities, MentionForm};
use super::super::lexicon::{self, PlainNoun};
use super::super::speaker::{self, Gender, SpeakerKind};
use super::phrase::{LONG, phrase};

/// A noun phrase or a pronoun.
#[derive(Clone, Debug)]
pub(super) struct Mention {
    /// The token from which the others hang.
    pub(super) head: usize,
    /// The noun that a name is in apposition to: "lawyer" in "his lawyer, Lena Strand".
    pub(super) host: Option<usize>,
    /// All its tokens.
    pub(super) phrase: Range<usize>,
    /// How it refers.
    pub(super) form: MentionForm,
    /// Which pronoun it is.
    pub(super) pronoun: Option<Pronoun>,
    /// "Ariane Novak and Piet Lind"; `head` is the first of them.
    pub(super) is_coordination: bool,
    /// What it can be.
    pub(super) kind: Kind,
    /// Whether it is one or several.
    pub(super) number: Number,
    /// As far as the words tell.
    pub(super) gender: Option<Gender>,
    /// The named entity it is a mention of.
    pub(super) entity: Option<usize>,
    /// How its noun is determined.
    pub(super) determiner: Determiner,
    /// Number of the sentence.
    pub(super) sentence: usize,
}

/// What a mention can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One or several human beings.
    Person,
    /// A body: a firm, a team, an authority.
    Body,
    /// Somewhere.
    Place,
    /// None of these.
    Thing,
    /// The words do not tell.
    Any,
}

/// One or several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    One,
    Several,
    /// "The team", "Reuters": it or they.
    Either,
}

/// How a noun is determined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Determiner {
    /// "The", "both".
    Definite,
    /// "This", "that", "these", "those", "such".
    Demonstrative,
    /// "Its", "the firm's".
    Possessive,
    /// "A", "some", "no", "every", and numbers.
    Indefinite,
    /// Nothing.
    Bare,
}

/// Pronouns by whom they can stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pronoun {
    I,
    We,
    You,
    He,
    She,
    It,
    They,
    /// "This" or "that" on its own.
    This,
    /// "These", "those" or "both" on its own.
    These,
}

impl Pronoun {
    fn of(token: Token<'_>) -> Option<Self> {
        let alone = token.tag() == "DT"
            && matches!(token.dep(), "nsubj" | "nsubjpass" | "dobj" | "pobj");
        if !token.tag().starts_with("PRP") && !alone {
            return None;
        }
        Some(match token.text().to_ascii_lowercase().as_str() {
            "i" | "me" | "my" | "mine" | "myself" => Self::I,
            "we" | "us" | "our" | "ours" | "ourselves" => Self::We,
            "you" | "your" | "yours" | "yourself" | "yourselves" => Self::You,
            "he" | "him" | "his" | "himself" => Self::He,
            "she" | "her" | "hers" | "herself" => Self::She,
            "it" | "its" | "itself" if !is_expletive(token) => Self::It,
            "they" | "them" | "their" | "theirs" | "themselves" => Self::They,
            "this" | "that" => Self::This,
            "these" | "those" | "both" => Self::These,
            _ => return None,
        })
    }

    /// What it can stand for.
    fn kind(self) -> Kind {
        match self {
            Self::I | Self::We | Self::You | Self::He | Self::She => Kind::Person,
            _ => Kind::Any,
        }
    }

    fn number(self) -> Number {
        match self {
            Self::I | Self::He | Self::She | Self::It | Self::This => Number::One,
            Self::We | Self::They | Self::These => Number::Several,
            Self::You => Number::Either,
        }
    }

    fn gender(self) -> Option<Gender> {
        match self {
            Self::He => Some(Gender::Male),
            Self::She => Some(Gender::Female),
            _ => None,
        }
    }
}

impl Mention {
    /// Whether it holds another one's head without being the same.
    pub(super) fn holds(&self, other: &Self) -> bool {
        self.phrase.contains(&other.head) && self.head != other.head
    }
}

/// The mentions of `doc` in text order, outer ones first.
pub(super) fn find(doc: &Doc, entities: &Entities) -> Vec<Mention> {
    // The name that each token is the head of.
    let mut names: Vec<Option<Range<usize>>> = vec![None; doc.len()];
    for mention in entities.list.iter().flat_map(|e| &e.mentions) {
        if mention.form == MentionForm::Name {
            let root = speaker::root_of(doc, mention.tokens.clone());
            names[root.index()] = Some(mention.tokens.clone());
        }
    }
    let mut is_name = vec![false; doc.len()];
    for range in names.iter().flatten() {
        is_name[range.clone()].fill(true);
    }
    let mut is_host = vec![false; doc.len()];
    for name in names.iter().flatten() {
        if let Some(host) = host(doc, entities, name, &is_name) {
            is_host[host] = true;
        }
    }
    let mut found: Vec<Mention> = Vec::new();
    for token in doc.tokens() {
        let name = names[token.index()].clone();
        let is_part = name.is_none() && is_name[token.index()] || is_host[token.index()];
        let pronoun = Pronoun::of(token).filter(|_| name.is_none());
        found.extend(match pronoun {
            _ if is_part => None,
            Some(pronoun) => Some(of_pronoun(token, pronoun)),
            None => noun_phrase(doc, entities, token, name, &is_name),
        });
        found.extend(coordination(doc, token));
    }
    found.sort_by_key(|m| (m.phrase.start, usize::MAX - m.phrase.end, m.head));
    found.dedup_by(|b, a| a.phrase == b.phrase);
    found
}

/// The noun that describes who is then named: "lawyer" of "his lawyer, Lena Strand". Both
/// are one mention.
fn host(
    doc: &Doc,
    entities: &Entities,
    name: &Range<usize>,
    is_name: &[bool],
) -> Option<usize> {
    let root = speaker::root_of(doc, name.clone());
    let host = Some(root.head()).filter(|h| {
        root.dep() == "appos"
            && h.index() < name.start
            && matches!(h.upos(), Upos::Noun | Upos::Propn)
    })?;
    let label = entities.at(name.start).map(|e| entities.list[e].label.as_str());
    let suits = match lexicon::noun(&speaker::describing_word(host)).map(|n| n.kind) {
        Some(SpeakerKind::Person) => label == Some("PERSON"),
        Some(SpeakerKind::Organisation | SpeakerKind::Media) => label == Some("ORG"),
        _ => false,
    };
    let between = doc.slice(host.index() + 1..name.start);
    let is_apart = between.take(LONG).any(|t| matches!(t.text(), ":" | ";" | "."));
    let is_one = suits && !is_several(host) && !is_name[host.index()] && !is_apart;
    is_one.then(|| host.index())
}

fn of_pronoun(token: Token<'_>, pronoun: Pronoun) -> Mention {
    Mention {
        head: token.index(),
        host: None,
        phrase: token.index()..token.index() + 1,
        form: MentionForm::Pronoun,
        pronoun: Some(pronoun),
        is_coordination: false,
        kind: pronoun.kind(),
        number: pronoun.number(),
        gender: pronoun.gender(),
        entity: None,
        determiner: Determiner::Definite,
        sentence: token.sentence().index(),
    }
}

/// The mention that token `head` is the head of, as is the name made of the tokens `name`.
fn noun_phrase(
    doc: &Doc,
    entities: &Entities,
    head: Token<'_>,
    name: Option<Range<usize>>,
    is_name: &[bool],
) -> Option<Mention> {
    let is_noun = matches!(head.upos(), Upos::Noun | Upos::Propn);
    // Times have a layer of their own.
    let is_time = matches!(head.ent_type(), "DATE" | "TIME");
    if name.is_none() && (is_time || !is_noun) {
        return None;
    }
    // "Photo: Reuters" is a label.
    let is_label = head.next().is_some_and(|t| t.text() == ":");
    if name.is_none() && is_label && head.is_sent_start() {
        return None;
    }
    let is_inner = is_inner(head);
    let form = if name.is_some() { MentionForm::Name } else { MentionForm::Nominal };
    let entity = entities.at(head.index()).filter(|_| name.is_some());
    let label = entity.map(|e| entities.list[e].label.as_str());
    // "Two Danish ships": a people in an adjective is nobody.
    if label == Some("NORP") && head.upos() == Upos::Adj {
        return None;
    }
    // What only describes is no mention, but a name may stand in apposition.
    let describes = head.dep() == "attr" || head.dep() == "appos" && describes(head);
    if describes && name.is_none() {
        return None;
    }
    let host = name.as_ref().and_then(|n| host(doc, entities, n, is_name));
    let phrase = match name {
        Some(name) if is_inner && host.is_none() => name,
        Some(name) => {
            let whole = phrase(doc, host.map_or(head, |h| doc.token(h)));
            whole.start.min(name.start)..whole.end.max(name.end)
        }
        None if is_inner => return None,
        None => phrase(doc, head),
    };
    let word = speaker::describing_word(head);
    let noun = lexicon::noun(&word).filter(|_| form == MentionForm::Nominal);
    let kind = match label {
        Some("PERSON" | "NORP") => Kind::Person,
        Some("ORG") => Kind::Body,
        Some("GPE" | "LOC" | "FAC") => Kind::Place,
        Some(_) => Kind::Thing,
        None => kind_of(head, &word),
    };
    let several = is_several(head);
    let number = match (label, kind) {
        (Some("PERSON"), _) => Number::One,
        (Some("ORG" | "GPE"), _) => Number::Either,
        (_, Kind::Body) if !several => Number::Either,
        // "The majority", "the public".
        _ if several || noun.is_some_and(|n| n.kind == SpeakerKind::People) => {
            Number::Several
        }
        _ => Number::One,
    };
    Some(Mention {
        head: head.index(),
        host,
        phrase,
        form,
        pronoun: None,
        is_coordination: false,
        kind,
        number,
        gender: noun.and_then(|n| n.gender),
        entity,
        determiner: determiner(host.map_or(head, |h| doc.token(h))),
        sentence: head.sentence().index(),
    })
}

/// Whether a noun stands before another one that it belongs to.
fn is_inner(noun: Token<'_>) -> bool {
    matches!(
        noun.dep(),
        "compound"
            | "amod"
            | "nmod"
            | "nummod"
            | "quantmod"
            | "advmod"
            | "det"
            | "punct"
            | "case"
    )
}

/// The other end of what [`speaker::is_plural`] looks at: the noun alone.
fn is_several(noun: Token<'_>) -> bool {
    noun.feature("Number") == Some("Plur") || matches!(noun.tag(), "NNS" | "NNPS")
}

/// "Ariane Novak and Piet Lind": several, whoever each of them is.
fn coordination(doc: &Doc, head: Token<'_>) -> Option<Mention> {
    if head.dep() == "conj" || !matches!(head.upos(), Upos::Noun | Upos::Propn) {
        return None;
    }
    let last = speaker::coordinated(head).last()?;
    if is_inner(head) || head.dep() == "attr" {
        return None;
    }
    let range = phrase(doc, head).start..phrase(doc, last).end;
    let word = speaker::describing_word(head);
    Some(Mention {
        head: head.index(),
        host: None,
        phrase: range,
        form: MentionForm::Nominal,
        pronoun: None,
        is_coordination: true,
        kind: match head.ent_type() {
            "PERSON" => Kind::Person,
            "ORG" => Kind::Body,
            "GPE" | "LOC" | "FAC" => Kind::Place,
            _ => kind_of(head, &word),
        },
        number: Number::Several,
        gender: None,
        entity: None,
        determiner: Determiner::Indefinite,
        sentence: head.sentence().index(),
    })
}

/// Whether an apposition describes what it follows, and does not tell where it lies.
fn describes(apposition: Token<'_>) -> bool {
    let place = |t: Token<'_>| matches!(t.ent_type(), "GPE" | "LOC");
    !(place(apposition) && place(apposition.head()))
}

/// Whose it is: "its" of "its robot", "team" of "the team's robot".
pub(super) fn possessor(head: Token<'_>) -> Option<Token<'_>> {
    head.children().find(|c| c.dep() == "poss" && c.index() < head.index())
}

fn determiner(head: Token<'_>) -> Determiner {
    let mut determiner = Determiner::Bare;
    for child in head.children().take_while(|c| c.index() < head.index()) {
        let of_child = match (child.dep(), child.lemma()) {
            ("poss", _) => return Determiner::Possessive,
            ("det" | "predet", "the" | "both") => Determiner::Definite,
            ("det" | "predet", "this" | "that" | "these" | "those") => {
                Determiner::Demonstrative
            }
            ("det" | "predet", _) => Determiner::Indefinite,
            ("amod", "such") => Determiner::Demonstrative,
            // "Channel 9" is the same one everywhere.
            ("nummod", _) if head.upos() == Upos::Propn => continue,
            ("amod", "many" | "several" | "few" | "other" | "more") | ("nummod", _)
                if determiner == Determiner::Bare =>
            {
                Determiner::Indefinite
            }
            _ => continue,
        };
        determiner = of_child;
    }
    determiner
}

/// What a common noun, or a name that was not marked, can be.
fn kind_of(head: Token<'_>, word: &str) -> Kind {
    match lexicon::plain_noun(word) {
        Some(PlainNoun::Country | PlainNoun::Place) => return Kind::Place,
        Some(PlainNoun::Group | PlainNoun::Body) => return Kind::Body,
        None => {}
    }
    match lexicon::noun(word).map(|n| n.kind) {
        Some(SpeakerKind::Person | SpeakerKind::People) => Kind::Person,
        Some(SpeakerKind::Organisation | SpeakerKind::Media) => Kind::Body,
        Some(_) => Kind::Thing,
        None if head.upos() == Upos::Propn => Kind::Any,
        None if speaker::is_thing(head) => Kind::Thing,
        None => Kind::Any,
    }
}

/// "It" that stands for nothing: "it is clear that", "it rained", "it seems".
fn is_expletive(it: Token<'_>) -> bool {
    if !it.text().eq_ignore_ascii_case("it") || it.dep() == "expl" {
        return it.dep() == "expl";
    }
    let verb = it.head();
    if !matches!(it.dep(), "nsubj" | "nsubjpass") {
        return false;
    }
    let clause = verb.children().any(|c| {
        c.index() > verb.index()
            && (matches!(c.dep(), "ccomp" | "csubj" | "csubjpass")
                || c.dep() == "xcomp"
                    && c.children().any(|m| m.text() == "to")
                    && verb.lemma() == "be"
                || c.dep() == "advcl" && c.children().any(|m| m.text() == "that"))
    });
    let complement =
        verb.children().find(|c| matches!(c.dep(), "acomp" | "attr" | "oprd"));
    let adjective_clause = complement.is_some_and(|a| {
        a.children().any(|c| {
            matches!(c.dep(), "ccomp" | "xcomp" | "relcl" | "acl" | "advcl")
                && c.index() > a.index()
                && (a.upos() == Upos::Adj || matches!(c.dep(), "relcl" | "acl"))
        })
    });
    match verb.lemma() {
        "seem" | "appear" | "happen" | "turn" | "rain" | "snow" => true,
        "be" => {
            clause
                || adjective_clause
                || complement.is_some_and(|c| matches!(c.ent_type(), "DATE" | "TIME"))
        }
        // "It was reported that"
        _ => verb.tag() == "VBN" && it.dep() == "nsubjpass" && clause,
    }
}
