//! Attributions that the layout shows: colons, transcripts, names under quotations.

use std::ops::Range;

use according_nlp::{Token, Upos};

use super::candidate::Candidate;
use super::scene::Scene;
use super::source::{self, Source};
use super::{Pattern, span, verbal};
use crate::article::BlockKind;

pub(super) fn propose<'d>(scene: &Scene<'d>, found: &mut Vec<Candidate<'d>>) {
    for number in 0..scene.blocks.len() {
        colon(scene, number, found);
        speaker(scene, number, found);
        byline(scene, number, found);
    }
}

/// "She [wrote]:" at the end of a paragraph introduces the next one.
fn colon<'d>(scene: &Scene<'d>, number: usize, found: &mut Vec<Candidate<'d>>) {
    let block = scene.blocks[number].tokens.clone();
    let Some(next) = scene.blocks.get(number + 1).filter(|b| b.kind.is_body()) else {
        return;
    };
    let last = scene.doc.token(block.end - 1);
    if last.text() != ":" {
        return;
    }
    let sentence = last.sentence().range();
    let verb = scene.doc.slice(sentence).rev().find(|t| {
        t.upos() == Upos::Verb && scene.cue(t.index()).is_some_and(|c| c.speech)
    });
    let Some(verb) = verb else { return };
    let Some(source) = source::subject(verb) else { return };
    let start = next.tokens.start;
    let content = match scene.quote_at(start).map(|q| &scene.quotes[q]) {
        Some(quote) if quote.start() == start => quote.start()..quote.end(),
        _ => span::trim(scene.doc, next.tokens.clone()).start..next.tokens.end,
    };
    found.push(Candidate::new(
        Pattern::Colon,
        verb,
        verbal::group(verb),
        Some(source),
        vec![content],
    ));
}

/// "MAYOR[:] We will see."
fn speaker<'d>(scene: &Scene<'d>, number: usize, found: &mut Vec<Candidate<'d>>) {
    let mut block = scene.blocks[number].tokens.clone();
    let headline = scene.blocks[number].kind == BlockKind::Headline;
    // A transcript that is quoted whole opens every paragraph with a mark.
    if span::is_quote_mark(scene.doc.token(block.start)) && block.len() > 1 {
        block.start += 1;
    }
    let head = block.start..block.end.min(block.start + 8);
    let Some(mark) = scene.doc.slice(head).find(|t| t.text() == ":") else { return };
    let name = block.start..mark.index();
    let spoken = span::trim(scene.doc, mark.index() + 1..block.end);
    if name.is_empty()
        || spoken.len() < 3
        || !is_speaker_name(scene, name.clone(), headline)
    {
        return;
    }
    // What is said keeps its last full stop: it was written down, not told.
    let spoken = spoken.start..block.end;
    let source = Source { head: scene.doc.token(name.end - 1), tokens: name };
    let cue = vec![mark.index()];
    let content = vec![spoken];
    found.push(Candidate::new(Pattern::Speaker, mark, cue, Some(source), content));
}

/// Whether tokens before a colon name a speaker: all a person's name, or all in capitals
/// where that is nothing usual.
fn is_speaker_name(scene: &Scene<'_>, name: Range<usize>, headline: bool) -> bool {
    let letters = |t: &Token<'_>| t.text().chars().any(char::is_alphabetic);
    let capitals = |t: Token<'_>| !t.text().chars().any(char::is_lowercase);
    let words = || scene.doc.slice(name.clone()).filter(letters);
    let long = words().any(|t| t.text().chars().count() > 2);
    let person = words().all(|t| t.ent_type() == "PERSON");
    long && (person || (!headline && words().all(capitals)))
}

/// "“We lost.” — A. Reyes": a quotation that is a paragraph of its own, and a name.
fn byline<'d>(scene: &Scene<'d>, number: usize, found: &mut Vec<Candidate<'d>>) {
    let block = scene.blocks[number].tokens.clone();
    let Some(quote) = scene.quote_at(block.start).map(|q| &scene.quotes[q]) else {
        return;
    };
    let end = quote.end();
    if quote.start() != block.start || !block.contains(&end) {
        return;
    }
    let rest = span::trim(scene.doc, end..block.end);
    let Some(first) = scene.doc.slice(rest.clone()).next() else { return };
    let after = || scene.doc.slice(rest.clone());
    let dash = scene
        .doc
        .slice(end.saturating_sub(1)..end + 1)
        .any(|t| t.text().contains(['-', '–', '—', '―']));
    let tells = after().any(|t| matches!(t.upos(), Upos::Verb | Upos::Aux));
    // A title with its publisher is a reference, no quotation.
    let body = after().any(|t| matches!(t.ent_type(), "ORG" | "WORK_OF_ART"));
    let named = !body
        && after().any(|t| t.ent_type() == "PERSON" || (dash && t.upos() == Upos::Propn));
    if tells || !named || rest.len() > 14 {
        return;
    }
    // The name ends at the comma before a title or place.
    let comma = after().find(|t| t.text() == ",");
    let name = rest.start..comma.map_or(rest.end, Token::index).max(rest.start + 1);
    let head = scene.doc.slice(name.clone()).rev().find(|t| t.upos() == Upos::Propn);
    let source = Source { head: head.unwrap_or(first), tokens: name };
    let whole = quote.start()..end;
    let content = vec![whole];
    found.push(Candidate::new(Pattern::Byline, first, Vec::new(), Some(source), content));
}
