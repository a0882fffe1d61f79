//! Descriptions: "the ring" after "a ring", "the country" after "Belvonia".

use std::collections::HashMap;

use according_nlp::{Doc, Upos};

use super::super::entity::{self, Entity, MentionForm};
use super::super::lexicon::{self, PlainNoun};
use super::super::speaker::{self, Cast, SpeakerKind};
use super::chain::{Chain, Chains, numbers_agree, words_before};
use super::mention::{self, Determiner, Mention, Number};

/// How many earlier mentions with the same noun are looked at.
const SAME_NOUN: usize = 12;

/// How many earlier mentions are looked at for a name that a description can mean.
const NEAR: usize = 80;

/// Joins descriptions and unmarked names to what they describe.
pub(super) fn join(chains: &mut Chains<'_>, cast: &Cast<'_>, is_country: &[bool]) {
    join_same_words(chains);
    join_same_noun(chains, cast);
    join_names(chains, cast, is_country);
}

/// "The harbour bridge" and "the harbour bridge".
fn join_same_words(chains: &mut Chains<'_>) {
    let mut known: HashMap<String, usize> = HashMap::new();
    for i in 0..chains.mentions.len() {
        let mention = &chains.mentions[i];
        if mention.form == MentionForm::Pronoun
            || matches!(
                mention.determiner,
                Determiner::Indefinite | Determiner::Possessive
            )
        {
            continue;
        }
        let doc = chains.doc;
        let bare = mention.determiner == Determiner::Bare;
        let key = key(doc, mention);
        if key.is_empty() {
            continue;
        }
        let named = doc.token(mention.head).upos() == Upos::Propn;
        let refers = !bare || named;
        if let Some(&before) = known.get(&key)
            && refers
        {
            chains.join(before, i);
        }
        known.insert(key, i);
    }
}

/// The words of a phrase in lower case, without article and possessive ending.
fn key(doc: &Doc, mention: &Mention) -> String {
    let mut key = String::new();
    for token in doc.slice(mention.phrase.clone()) {
        let is_article = token.tag() == "DT" && token.index() <= mention.head;
        if !is_article && !token.is_punct() && token.tag() != "POS" {
            key.extend(token.text().chars().flat_map(char::to_lowercase));
            key.push(' ');
        }
    }
    key
}

/// "The bridge" after "a bridge over the Orla".
fn join_same_noun(chains: &mut Chains<'_>, cast: &Cast<'_>) {
    let mut by_noun: HashMap<String, Vec<usize>> = HashMap::new();
    for i in 0..chains.mentions.len() {
        let mention = &chains.mentions[i];
        if mention.form == MentionForm::Pronoun || mention.is_coordination {
            continue;
        }
        let head = chains.doc.token(mention.head);
        let noun = speaker::describing_word(head);
        let refers = mention.entity.is_none()
            && !chains.is_resolved(i)
            && matches!(
                mention.determiner,
                Determiner::Definite | Determiner::Demonstrative
            );
        let found = refers.then(|| same_noun(chains, i, &by_noun)).flatten();
        let nouns = match mention.entity {
            Some(entity) => {
                let mut nouns = chains.chain(i).nouns.clone();
                nouns.extend(telling_word(&cast.entities.list[entity]));
                nouns
            }
            None => vec![noun],
        };
        if let Some(found) = found {
            chains.join(found, i);
        }
        for noun in nouns {
            let found = by_noun.entry(noun).or_default();
            if found.last() != Some(&i) {
                found.push(i);
            }
        }
    }
}

/// "Court" of "Supreme Court" and "church" of "Church of Saint Anne", which may stand for the
/// whole; titles of works and names of people say nothing.
fn telling_word(it: &Entity) -> Option<String> {
    let tells =
        matches!(it.label.as_str(), "ORG" | "GPE" | "LOC" | "FAC" | "EVENT" | "LAW");
    let words = entity::words(&it.name);
    let links = ["of", "for", "on", "at", "in"];
    let end = words.iter().position(|w| links.contains(&w.as_str()));
    let head = words.get(..end.unwrap_or(words.len()))?;
    head.last().filter(|_| tells).cloned()
}

/// "Their robot" after "the team's robot", if "they" are the team.
pub(super) fn join_possessions(chains: &mut Chains<'_>) {
    // By noun and by the chain of whose it is.
    let mut known: HashMap<(String, usize), usize> = HashMap::new();
    for i in 0..chains.mentions.len() {
        let mention = &chains.mentions[i];
        if mention.determiner != Determiner::Possessive {
            continue;
        }
        let head = chains.doc.token(mention.host.unwrap_or(mention.head));
        let owner = mention::possessor(head).and_then(|o| chains.at(o.index()));
        let Some(owner) = owner else { continue };
        let owner = chains.number(owner);
        if mention.entity.is_some() {
            // "His lawyer Lena Strand" is "his lawyer" from then on.
            for noun in &chains.chain(i).nouns {
                known.insert((noun.clone(), owner), i);
            }
            continue;
        }
        let noun = speaker::describing_word(head);
        let other = *known.entry((noun, owner)).or_insert(i);
        let agree = numbers_agree(mention.number, chains.mentions[other].number);
        if other != i && agree && !chains.is_resolved(i) {
            chains.join(other, i);
        }
    }
}

fn same_noun(
    chains: &Chains<'_>,
    i: usize,
    by_noun: &HashMap<String, Vec<usize>>,
) -> Option<usize> {
    let doc = chains.doc;
    let mention = &chains.mentions[i];
    let head = doc.token(mention.head);
    let noun = speaker::describing_word(head);
    let own = words_before(doc, mention);
    let after = words_after(doc, mention);
    let found = by_noun.get(&noun)?.iter().rev().take(SAME_NOUN);
    found.copied().find(|&before| {
        let other = &chains.mentions[before];
        if other.holds(mention) || mention.holds(other) {
            return false;
        }
        let chain = chains.chain(before);
        let theirs = words_before(doc, other);
        let known = |w: &String| theirs.contains(w) || chain.modifiers.contains(w);
        let narrowed = own.iter().all(known);
        let told_apart = !after.is_empty() && {
            let theirs = words_after(doc, other);
            !after.iter().all(|w| theirs.contains(w) || known(w))
        };
        numbers_agree(mention.number, other.number) && narrowed && !told_apart
    })
}

/// The words of substance behind the head of a phrase.
fn words_after(doc: &Doc, mention: &Mention) -> Vec<String> {
    let words = doc.slice(mention.head + 1..mention.phrase.end.max(mention.head + 1));
    let words = words.filter(|t| {
        matches!(t.upos(), Upos::Noun | Upos::Propn | Upos::Adj | Upos::Verb | Upos::Num)
    });
    words.map(|t| t.lemma().to_lowercase()).collect()
}

/// "The country" for Norway, "the company" for a firm, "the minister" for who is one.
fn join_names(chains: &mut Chains<'_>, cast: &Cast<'_>, is_country: &[bool]) {
    for i in 0..chains.mentions.len() {
        let mention = &chains.mentions[i];
        let refers = mention.form == MentionForm::Nominal
            && !mention.is_coordination
            && matches!(
                mention.determiner,
                Determiner::Definite | Determiner::Demonstrative
            )
            && mention.number != Number::Several
            && !chains.is_resolved(i);
        if !refers || !words_after(chains.doc, mention).is_empty() {
            continue;
        }
        let called = Called {
            noun: speaker::describing_word(chains.doc.token(mention.head)),
            before: words_before(chains.doc, mention),
        };
        let mut best: Option<(u8, usize)> = None;
        for before in (i.saturating_sub(NEAR)..i).rev() {
            let other = &chains.mentions[before];
            if other.form != MentionForm::Name
                || other.holds(mention)
                || mention.holds(other)
            {
                continue;
            }
            let chain = chains.chain(before);
            let Some(entity) = chain.entity else { continue };
            let it = &cast.entities.list[entity];
            let suits = called.suits(chain, it, is_country[entity]);
            if suits > best.map_or(0, |(s, _)| s) {
                best = Some((suits, before));
            }
        }
        if let Some((_, before)) = best {
            chains.join(before, i);
        }
    }
}

/// The words of a description.
struct Called {
    noun: String,
    /// What stands before the noun, without an article.
    before: Vec<String>,
}

impl Called {
    /// How well it suits what has a name; 0 for not at all.
    fn suits(&self, chain: &Chain, it: &Entity, is_country: bool) -> u8 {
        let word = self.noun.as_str();
        let known = self.before.iter().all(|w| chain.modifiers.contains(w));
        if known && chain.nouns.iter().any(|n| speaker::is_called(n, word)) {
            return 3;
        }
        if !self.before.is_empty() {
            return 0;
        }
        let plain = lexicon::plain_noun(word);
        match it.label.as_str() {
            "GPE" if is_country => u8::from(plain == Some(PlainNoun::Country)) * 2,
            "GPE" => u8::from(plain == Some(PlainNoun::Place)) * 2,
            "ORG" => {
                let noun = lexicon::noun(word);
                // A ministry is of the government, but is not the government.
                let whole = matches!(word, "government" | "administration")
                    || matches!(plain, Some(PlainNoun::Country | PlainNoun::Place));
                let same_role = !whole
                    && it.role.is_some()
                    && noun.is_some_and(|n| n.role == it.role);
                let open = it.role.is_none()
                    && matches!(plain, Some(PlainNoun::Body | PlainNoun::Group));
                let body = noun.is_some_and(|n| {
                    matches!(n.kind, SpeakerKind::Organisation | SpeakerKind::Media)
                });
                u8::from(same_role && body || open)
            }
            _ => 0,
        }
    }
}
