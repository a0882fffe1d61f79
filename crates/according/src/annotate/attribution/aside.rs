//! An attribution between commas that the parse has taken for part of a name before it:
//! "… into Keshara, Radio Meridian (RM) [reported] on Tuesday, in what …".
//!
//! Agencies often end their leads so, and a name before the comma is easily read as the
//! first of two. What shows the aside is its form: a comma, a name, a verb of speech without
//! an object, at most a day, and a comma or the end of the sentence.

use std::ops::Range;

use according_nlp::{Token, Upos};

use super::candidate::Candidate;
use super::scene::Scene;
use super::source::Source;
use super::{Pattern, lexicon, span, verbal};

/// Words of a name before its verb, and words between the verb and the end of the aside.
const NAME: usize = 12;
const DAY: usize = 6;

/// Proposes such asides, and takes them out of the contents that others found around them.
pub(super) fn propose<'d>(scene: &Scene<'d>, found: &mut Vec<Candidate<'d>>) {
    for verb in scene.doc.tokens().filter(|t| is_misread(*t)) {
        let Some((name, aside)) = aside(scene, verb) else { continue };
        let sentence = verb.sentence().range();
        let tells = |t: Token<'_>| matches!(t.upos(), Upos::Verb | Upos::Aux);
        if !scene.doc.slice(sentence.start..aside.start).any(tells) {
            continue;
        }
        for other in found.iter_mut().filter(|c| !aside.contains(&c.head.index())) {
            if other.covers(verb.index()) {
                other.content = span::without(scene.doc, &other.content, aside.clone());
            }
        }
        let head = scene.doc.slice(name.clone()).rev().find(|t| !in_brackets(*t, &name));
        let source = head.map(|head| Source { head, tokens: name });
        let content = span::without(scene.doc, &[sentence], aside);
        let cue = verbal::group(verb);
        found.push(Candidate::new(Pattern::Aside, verb, cue, source, content));
    }
}

/// Whether `verb` is a verb of speech that the parse gives neither subject nor object.
fn is_misread(verb: Token<'_>) -> bool {
    let complement = |c: Token<'_>| {
        matches!(
            c.dep(),
            "dobj"
                | "ccomp"
                | "xcomp"
                | "agent"
                | "nsubj"
                | "nsubjpass"
                | "auxpass"
                | "oprd"
        )
    };
    matches!(verb.dep(), "acl" | "relcl" | "conj" | "appos" | "advcl" | "dep")
        && matches!(verb.tag(), "VBD" | "VBN" | "VBZ" | "VBP")
        && verb.head().index() < verb.index()
        && lexicon::cue(verb.lemma(), Upos::Verb).is_some_and(|cue| cue.speech)
        && !verb.children().any(complement)
}

/// The name before `verb`, and the whole aside with its commas.
fn aside(scene: &Scene<'_>, verb: Token<'_>) -> Option<(Range<usize>, Range<usize>)> {
    let at = verb.index();
    let sentence = verb.sentence().range();
    let before = sentence.start.max(at.saturating_sub(NAME))..at;
    let comma = scene.doc.slice(before).rev().find(|t| t.text() == ",")?.index();
    let name = span::trim(scene.doc, comma + 1..at);
    let part = |t: Token<'_>| {
        matches!(
            t.upos(),
            Upos::Propn | Upos::Noun | Upos::Adj | Upos::Det | Upos::Num | Upos::Part
        ) || matches!(t.text(), "(" | ")" | "of" | "for" | "’s" | "'s")
    };
    let is_name = scene.doc.slice(name.clone()).all(part)
        && scene.doc.slice(name.clone()).any(|t| t.upos() == Upos::Propn);
    if !is_name {
        return None;
    }
    let after = at + 1..sentence.end.min(at + 2 + DAY);
    let end = scene
        .doc
        .slice(after.clone())
        .find(|t| matches!(t.text(), "," | "." | ";"))?
        .index();
    let day = |t: Token<'_>| !matches!(t.upos(), Upos::Verb | Upos::Aux | Upos::Pron);
    scene.doc.slice(after.start..end).all(day).then_some((name, comma..end + 1))
}

/// Whether a token of a name stands in brackets, as an acronym does.
fn in_brackets(token: Token<'_>, name: &Range<usize>) -> bool {
    let doc = token.doc();
    token.is_punct() || doc.slice(name.start..token.index()).any(|t| t.text() == "(")
}
