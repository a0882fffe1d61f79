//! Prepositions, adverbs and adjectives that attribute, and the reporter's own hedges.

use std::ops::Range;

use according_nlp::{Token, Upos};

use super::candidate::Candidate;
use super::lexicon::{self, EvidentialClass};
use super::scene::Scene;
use super::verbal::is_auxiliary;
use super::{Pattern, source, span};

pub(super) fn propose<'d>(
    scene: &Scene<'d>,
    token: Token<'d>,
    found: &mut Vec<Candidate<'d>>,
) {
    let Some(evidential) = lexicon::evidential(token.lemma()) else { return };
    let at = token.index();
    let (pattern, content) = match evidential.class {
        EvidentialClass::According => return according(scene, token, found),
        EvidentialClass::Adverb if token.upos() == Upos::Adv => {
            (Pattern::Adverb, modified(token))
        }
        EvidentialClass::Adjective if token.dep() == "amod" => {
            (Pattern::Alleged, token.head().subtree())
        }
        EvidentialClass::Hedge => match hedged(scene, token) {
            Some(sentence) => (Pattern::Hedge, sentence),
            None => return,
        },
        _ => return,
    };
    let hole = if pattern == Pattern::Hedge { at..at } else { at..at + 1 };
    let mut content = span::without(scene.doc, &[content], hole);
    content.retain(|r| !scene.doc.slice(r.clone()).all(|t| t.upos() == Upos::Det));
    if !content.is_empty() {
        found.push(Candidate::new(pattern, token, vec![at], None, content));
    }
}

/// The clause that a token hangs from, as far up as a verb.
fn clause_above(token: Token<'_>) -> Option<Token<'_>> {
    token
        .ancestors()
        .find(|a| matches!(a.upos(), Upos::Verb | Upos::Aux) && !is_auxiliary(*a))
}

/// "[According to] the mayor, the dam held."
fn according<'d>(scene: &Scene<'d>, token: Token<'d>, found: &mut Vec<Candidate<'d>>) {
    let Some(to) = token.next().filter(|t| t.lemma() == "to") else { return };
    let Some(object) = to.child("pobj").or_else(|| token.child("pobj")) else { return };
    let source = source::phrase(object);
    let phrase = token.subtree();
    let phrase = phrase.start..phrase.end.max(source.tokens.end);
    let sentence = token.sentence().range();
    let opens_sentence = phrase.start <= sentence.start + 1;
    let verb = clause_above(token);
    let clause = match verb {
        Some(verb) if !opens_sentence && !verb.is_root() => verb.subtree(),
        _ => sentence,
    };
    let mut content = span::without(scene.doc, &[clause], phrase.clone());
    // What stands after ", according to X" at the end of a sentence is about X.
    if !opens_sentence {
        content.retain(|r| {
            r.end <= phrase.start || verb.is_some_and(|v| r.contains(&v.index()))
        });
    }
    if !content.is_empty() {
        let cue = vec![token.index(), to.index()];
        found.push(Candidate::new(Pattern::According, token, cue, Some(source), content));
    }
}

/// What an adverb qualifies: "He [reportedly] fled" its clause, "an [allegedly] sanctioned
/// ring" the noun.
fn modified(adverb: Token<'_>) -> Range<usize> {
    let above = adverb.head();
    if matches!(above.upos(), Upos::Verb | Upos::Aux) && above.dep() != "amod" {
        return if above.is_root() { above.sentence().range() } else { above.subtree() };
    }
    let mut noun = above;
    while matches!(
        noun.dep(),
        "amod" | "compound" | "nmod" | "npadvmod" | "advmod" | "poss"
    ) {
        noun = noun.head();
    }
    noun.subtree()
}

/// "The delay [may] have cost lives": the whole sentence is hedged.
///
/// A hedge in a subordinate clause hedges that clause alone, and one in a quotation belongs
/// to the speaker.
fn hedged(scene: &Scene<'_>, token: Token<'_>) -> Option<Range<usize>> {
    let verb = match token.upos() {
        Upos::Aux if token.dep() == "aux" => token.head(),
        Upos::Verb => token,
        Upos::Adv => clause_above(token).filter(|&verb| token.head() == verb)?,
        _ => return None,
    };
    let tells = verb.is_root() || (verb.dep() == "conj" && verb.head().is_root());
    (tells && scene.quote_at(token.index()).is_none()).then(|| verb.sentence().range())
}
