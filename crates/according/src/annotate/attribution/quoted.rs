//! Quotations: followed to their end, and joined to the cue beside them.

use std::ops::Range;

use according_nlp::{Token, Upos};

use super::candidate::Candidate;
use super::choose::BySentence;
use super::scene::Scene;
use super::source::{self, Source};
use super::{Pattern, lexicon, span, verbal};

/// Makes contents that touch a quotation hold it whole.
///
/// A clause that the parse ends with the sentence goes on as long as the quotation does, and
/// the marks belong to the content. A quotation that also holds the cue is left alone: that
/// attribution is made inside it.
pub(super) fn follow(scene: &Scene<'_>, found: &mut [Candidate<'_>]) {
    for candidate in found {
        let outside: Vec<usize> = candidate
            .cue
            .iter()
            .copied()
            .chain(candidate.source.iter().flat_map(|s| s.tokens.clone()))
            .collect();
        let content = std::mem::take(&mut candidate.content);
        let mut whole: Vec<Range<usize>> = Vec::new();
        for piece in content {
            let piece = widened(scene, piece, &outside);
            match whole.last_mut() {
                Some(last) if last.end >= piece.start => {
                    last.end = last.end.max(piece.end);
                }
                _ if piece.is_empty() => {}
                _ => whole.push(piece),
            }
        }
        candidate.content = whole;
    }
}

fn widened(scene: &Scene<'_>, piece: Range<usize>, outside: &[usize]) -> Range<usize> {
    let Range { mut start, mut end } = piece;
    let free = |range: Range<usize>| !outside.iter().any(|i| range.contains(i));
    let first =
        scene.doc.slice(start..end).find(|t| !t.is_punct()).map_or(start, |t| t.index());
    if let Some(part) = scene.quote_part(first)
        && part.start < start
        && free(part.clone())
    {
        start = part.start;
    }
    let last = scene
        .doc
        .slice(start..end)
        .rev()
        .find(|t| !t.is_punct())
        .map_or(end.saturating_sub(1), |t| t.index());
    if let Some(number) = scene.quote_at(last) {
        let quote = &scene.quotes[number];
        let part = scene.quote_part(last).unwrap_or(start..end);
        if free(part.start..quote.end()) {
            end = end.max(quote.end());
        }
    }
    strip_lone_marks(scene, start..end)
}

/// Drops punctuation at the edges, and marks whose quotation lies partly outside.
fn strip_lone_marks(scene: &Scene<'_>, piece: Range<usize>) -> Range<usize> {
    let doc = scene.doc;
    let whole = |part: &Range<usize>| part.start >= piece.start && part.end <= piece.end;
    let quotation = |token: Token<'_>| scene.quote_part(token.index()).filter(whole);
    let mut trimmed = span::trim(doc, piece.clone());
    while let Some(first) = doc.slice(trimmed.clone()).next()
        && span::is_quote_mark(first)
        && quotation(first).is_none()
    {
        trimmed = span::trim(doc, trimmed.start + 1..trimmed.end);
    }
    while let Some(last) = doc.slice(trimmed.clone()).next_back() {
        if let Some(part) = quotation(last) {
            // One that never closes keeps its full stop.
            trimmed.end = part.end;
            break;
        }
        if !span::is_quote_mark(last) {
            break;
        }
        trimmed = span::trim(doc, trimmed.start..trimmed.end - 1);
    }
    trimmed
}

/// How far from a quotation its cue may stand, in tokens.
const REACH: usize = 14;

/// Joins quotations that no frame reaches to a verb of speech beside them.
pub(super) fn propose<'d>(scene: &Scene<'d>, found: &mut Vec<Candidate<'d>>) {
    let mut by_cue: Vec<(usize, usize)> =
        found.iter().enumerate().map(|(i, c)| (c.head.index(), i)).collect();
    by_cue.sort_unstable();
    for quote in &scene.quotes {
        let words = quote.words(scene.doc);
        if words < 2 {
            continue;
        }
        let whole = quote.start()..quote.end();
        let taken = |verb: Token<'d>| {
            let from = by_cue.partition_point(|&(head, _)| head < verb.index());
            by_cue[from..].iter().take_while(|(head, _)| *head == verb.index()).any(
                |&(_, i)| {
                    let content = found.get(i).map_or(&[][..], |c| &c.content);
                    2 * span::shared(content, std::slice::from_ref(&whole)) > whole.len()
                },
            )
        };
        let after = beside(
            scene,
            quote.end()
                ..(quote.end() + REACH)
                    .min(scene.block(quote.end().saturating_sub(1)).end),
        );
        let from =
            scene.block(quote.start()).start.max(quote.start().saturating_sub(REACH));
        let before = beside(scene, from..quote.start());
        let cue = match (after, before) {
            (Some(verb), _) if close_to(scene, quote.end(), verb) => Some(verb),
            (_, Some(verb)) => Some(verb),
            (after, None) => after,
        };
        let Some(verb) = cue.filter(|&verb| !taken(verb)) else { continue };
        let Some(source) = speaker(scene, verb, &whole) else { continue };
        let cue: Vec<usize> =
            verbal::group(verb).into_iter().filter(|i| !whole.contains(i)).collect();
        found.push(Candidate::new(Pattern::Quoted, verb, cue, Some(source), vec![whole]));
    }
}

/// Whether the verb follows the quotation with nothing but its source between.
fn close_to(scene: &Scene<'_>, end: usize, verb: Token<'_>) -> bool {
    !scene.doc.slice(end..verb.index()).any(|t| t.upos() == Upos::Verb)
}

/// The verb of speech in a stretch of one sentence beside a quotation.
fn beside<'d>(scene: &Scene<'d>, range: Range<usize>) -> Option<Token<'d>> {
    if range.is_empty() {
        return None;
    }
    let mut verb = None;
    for token in scene.doc.slice(range.clone()) {
        if token.is_sent_start() && token.index() > range.start {
            // Leftwards the last sentence counts, rightwards the first.
            if verb.is_some() {
                break;
            }
        }
        let speaks = token.upos() == Upos::Verb
            && scene.quote_at(token.index()).is_none()
            && lexicon::cue(token.lemma(), token.upos()).is_some_and(|c| c.speech);
        if speaks && verb.is_none() {
            verb = Some(token);
        }
    }
    verb
}

/// The subject of a verb, or where the parse gives none, the name or pronoun next to it.
fn speaker<'d>(
    scene: &Scene<'d>,
    verb: Token<'d>,
    quote: &Range<usize>,
) -> Option<Source<'d>> {
    let apart =
        |s: &Source<'_>| s.tokens.end <= quote.start || s.tokens.start >= quote.end;
    if let Some(subject) = source::subject(verb).filter(apart) {
        return Some(subject);
    }
    let names = |t: &Token<'_>| {
        matches!(t.upos(), Upos::Propn | Upos::Pron | Upos::Noun)
            && !(t.index() >= quote.start && t.index() < quote.end)
    };
    let near =
        verb.index().saturating_sub(4).max(verb.sentence().range().start)..verb.index();
    let named = scene.doc.slice(near).rev().find(names).or_else(|| {
        let end = (verb.index() + 4).min(verb.sentence().range().end);
        scene.doc.slice(verb.index() + 1..end).find(names)
    })?;
    Some(source::phrase(named)).filter(|s| apart(s) && !s.tokens.contains(&verb.index()))
}

/// Adds to quoted contents the quotations that go on before or after the cue: "“If A,” he
/// said, “B.” “C.”"
pub(super) fn go_on(
    scene: &Scene<'_>,
    chosen: &mut [Candidate<'_>],
    by_sentence: &mut BySentence,
) {
    for quote in &scene.quotes {
        let whole = quote.start()..quote.end();
        if quote.words(scene.doc) < 2 {
            continue;
        }
        let near =
            by_sentence.touching(scene, whole.start.saturating_sub(2)..whole.end + 2);
        // What is attributed inside the quotation does not claim it.
        let claimed = near.iter().map(|&i| &chosen[i]).any(|c| {
            let shared = span::shared(&c.content, std::slice::from_ref(&whole));
            shared > 0
                && (shared < span::size(&c.content)
                    || !c.cue.iter().any(|i| whole.contains(i)))
        });
        if claimed {
            continue;
        }
        let said = |i: &usize| chosen[*i].source.is_some() && quotes(scene, &chosen[*i]);
        let near: Vec<usize> = near.into_iter().filter(said).collect();
        if let Some(&i) = near.iter().find(|&&i| leads(scene, &whole, &chosen[i])) {
            chosen[i].content.insert(0, whole);
            continue;
        }
        let before = near
            .into_iter()
            .filter(|&i| chosen[i].end() <= whole.start)
            .max_by_key(|&i| chosen[i].end());
        if let Some(i) = before.filter(|&i| follows(scene, &whole, chosen[i].end())) {
            by_sentence.add(scene, i, whole.clone());
            chosen[i].content.push(whole);
        }
    }
}

/// Whether a quotation is the first part of what a candidate quotes: "[“If A,”] he said,
/// “B.”"
fn leads(scene: &Scene<'_>, quote: &Range<usize>, candidate: &Candidate<'_>) -> bool {
    let source = candidate.source.as_ref().map(|s| s.tokens.start);
    let Some(start) = source.into_iter().chain(candidate.cue.first().copied()).min()
    else {
        return false;
    };
    quote.end <= start
        && candidate.extent().start > start
        && scene.block(quote.start).contains(&start)
        && scene.doc.slice(quote.end..start).all(Token::is_punct)
}

/// Whether a quotation goes on what was quoted up to token number `end`: "“A,” he said.
/// [“B.”]"
fn follows(scene: &Scene<'_>, quote: &Range<usize>, end: usize) -> bool {
    let between = |range: Range<usize>| scene.doc.slice(range).all(Token::is_punct);
    let last = end.saturating_sub(1);
    let said = scene.doc.token(last).sentence();
    let opening = scene.doc.token(quote.start);
    let sentence = opening.sentence();
    if sentence.index() == said.index() {
        return opening.prev().is_some_and(|t| matches!(t.text(), "," | ":"));
    }
    let block = scene.block(quote.start);
    sentence.index() == said.index() + 1
        && between(sentence.range().start..quote.start)
        // A paragraph of its own has to be all quotation, and follow the cue at once.
        && (block.contains(&last)
            || (between(end..quote.start) && between(quote.end..block.end)))
}

/// Whether a candidate quotes from outside the quotation.
fn quotes(scene: &Scene<'_>, candidate: &Candidate<'_>) -> bool {
    let mut tokens = candidate.content.iter().flat_map(|r| scene.doc.slice(r.clone()));
    scene.quote_at(candidate.head.index()).is_none()
        && tokens.any(|t| scene.quote_at(t.index()).is_some())
}
