//! Coreference: which noun phrases and pronouns are the same somebody or something.
//!
//! Mentions are joined to chains in passes, the surest first, so that a later pass sees all
//! that is known of a chain and not only its last mention: the multi-pass sieve of Lee et
//! al. 2013, "Deterministic coreference resolution based on entity-centric, precision-ranked
//! rules". Names and the speakers of claims were brought together by the layers before; what
//! this one adds are the phrases around the names, descriptions ("the ring", "the two men"),
//! first persons in quotations and third persons everywhere.
//!
//! Every search looks back over a bounded number of mentions, so that time is linear.
//! Verbs are no mentions: what "this" and "it" say of a whole sentence is not found.

mod chain;
mod mention;
mod nominal;
mod phrase;
mod pronoun;

use std::collections::BTreeSet;

use according_nlp::{Doc, Span};

use super::claim::Claim;
use super::entity::{self, Entities, Entity, MentionForm};
use super::place::{Place, PlaceKind};
use super::speaker::{self, Cast};
use chain::Chains;
use mention::{Kind, Mention, Pronoun};

/// Joins what is the same, and writes it to the entities of `cast`: to named ones their other
/// mentions, and behind them everybody and everything that is mentioned twice without a name.
pub(super) fn find(doc: &Doc, cast: &mut Cast<'_>, claims: &[Claim], places: &[Place]) {
    let mut chains = Chains::new(doc, cast);
    nominal::join(&mut chains, cast, &countries(cast, places));
    pronoun::join_first_persons(&mut chains, cast, claims);
    pronoun::join_third_persons(&mut chains);
    nominal::join_possessions(&mut chains);
    let found = chains.finish();
    write(doc, found, &mut cast.entities);
}

fn write(doc: &Doc, chains: Vec<Vec<Mention>>, entities: &mut Entities) {
    for chain in chains {
        let named = chain.iter().find_map(|m| m.entity);
        if named.is_none() && chain.len() < 2 {
            continue;
        }
        let entity = named.unwrap_or_else(|| {
            entities.list.push(unnamed(doc, &chain));
            entities.list.len() - 1
        });
        let phrase = |m: &Mention| doc.span_of(m.phrase.clone());
        let is_new = |m: &Mention| !entities.widen(m.head, entity, phrase(m));
        let hosts: Vec<usize> = chain.iter().filter_map(|m| m.host).collect();
        let new: Vec<Mention> = chain.into_iter().filter(is_new).collect();
        for host in hosts {
            entities.take_host(host, entity);
        }
        for mention in new {
            let phrase = phrase(&mention);
            entities.add_phrase(doc, entity, mention.head, mention.form, phrase);
        }
    }
    entities.sort();
}

/// Which entities are countries.
fn countries(cast: &Cast<'_>, places: &[Place]) -> Vec<bool> {
    let spans: BTreeSet<Span> =
        places.iter().filter(|p| p.kind == PlaceKind::Country).map(|p| p.span).collect();
    let is_country = |e: &Entity| {
        e.label == "GPE" && e.mentions.iter().any(|m| spans.contains(&m.span))
    };
    cast.entities.list.iter().map(is_country).collect()
}

/// Somebody or something without a name.
fn unnamed(doc: &Doc, chain: &[Mention]) -> Entity {
    let kinds = [Kind::Person, Kind::Body, Kind::Place];
    let count = |kind: Kind| chain.iter().filter(|m| m.kind == kind).count();
    let kind =
        kinds.into_iter().rev().max_by_key(|&k| count(k)).filter(|&k| count(k) > 0);
    let label = match kind {
        Some(Kind::Person) => "PERSON",
        Some(Kind::Body) => "ORG",
        Some(Kind::Place) => "LOC",
        _ => "",
    };
    let described = chain.iter().filter(|m| m.form != MentionForm::Pronoun);
    let fullest = described.rev().max_by_key(|m| {
        let named = doc.token(m.head).upos() == according_nlp::Upos::Propn;
        (named, m.phrase.len().min(12))
    });
    let fullest = fullest.or(chain.first());
    let name = fullest.map_or(String::new(), |m| match m.is_coordination {
        true => entity::one_line(&doc.text()[doc.span_of(m.phrase.clone())]),
        false if m.form == MentionForm::Pronoun => nominative(m).to_owned(),
        false => speaker::phrase(doc.token(m.head)),
    });
    Entity {
        label: label.to_owned(),
        name,
        named: false,
        aliases: Vec::new(),
        role: None,
        country: None,
        titles: Vec::new(),
        age: None,
        mentions: Vec::new(),
    }
}

/// The pronoun itself, for who is called nothing else.
fn nominative(mention: &Mention) -> &'static str {
    match mention.pronoun {
        Some(Pronoun::I) => "I",
        Some(Pronoun::We) => "we",
        Some(Pronoun::You) => "you",
        Some(Pronoun::He) => "he",
        Some(Pronoun::She) => "she",
        Some(Pronoun::They | Pronoun::These) => "they",
        Some(Pronoun::It | Pronoun::This) | None => "it",
    }
}
