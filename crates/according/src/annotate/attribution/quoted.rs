//! Quotations: followed to their end, and joined to the cue beside them.

use std::ops::Range;

use according_nlp::{Token, Upos};

use super::candidate::Candidate;
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
    for quote in &scene.quotes {
        let words = quote.words(scene.doc);
        if words < 2 {
            continue;
        }
        let whole = quote.start()..quote.end();
        let taken = |verb: Token<'d>| {
            found.iter().any(|c| {
                c.head == verb
                    && 2 * span::shared(&c.content, std::slice::from_ref(&whole))
                        > whole.len()
            })
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

/// Adds to quoted contents the quotations that go on after the cue: "“A,” he said. “B.”" and
/// "“A,” he said, “B.”"
pub(super) fn go_on(scene: &Scene<'_>, chosen: &mut [Candidate<'_>]) {
    for quote in &scene.quotes {
        let whole = quote.start()..quote.end();
        if quote.words(scene.doc) < 2 {
            continue;
        }
        let claimed = chosen.iter().any(|c| {
            span::shared(&c.content, std::slice::from_ref(&whole)) > 0
                && !c.cue.iter().any(|i| whole.contains(i))
        });
        if claimed {
            continue;
        }
        let block = scene.block(whole.start);
        let beside: Vec<&mut Candidate<'_>> = chosen
            .iter_mut()
            .filter(|c| c.source.is_some() && quotes(scene, c))
            .collect();
        let mut before: Option<&mut Candidate<'_>> = None;
        for candidate in beside {
            let cue = candidate.cue.first().copied();
            let start = candidate.source.as_ref().map(|s| s.tokens.start).min(cue);
            let leads = start.is_some_and(|start| {
                block.contains(&start)
                    && whole.end <= start
                    && candidate.extent().start > start
                    && scene.doc.slice(whole.end..start).all(Token::is_punct)
            });
            if leads {
                // “If A,” he said, “B.”
                candidate.content.insert(0, whole.clone());
                before = None;
                break;
            }
            let ends = end_of(candidate);
            if ends <= whole.start
                && scene.block_at(whole.start)
                    <= scene.block_at(ends.saturating_sub(1)) + 1
                && before.as_ref().is_none_or(|b| end_of(b) <= ends)
            {
                before = Some(candidate);
            }
        }
        let Some(before) = before else { continue };
        let ends = end_of(before);
        let between = |range: Range<usize>| scene.doc.slice(range).all(Token::is_punct);
        let said = scene.doc.token(ends.saturating_sub(1)).sentence();
        let opening = scene.doc.token(whole.start);
        let sentence = opening.sentence();
        let starts_next = sentence.index() == said.index() + 1
            && between(sentence.range().start..whole.start)
            // A paragraph of its own has to be all quotation, and follow the cue at once.
            && (block.contains(&ends.saturating_sub(1))
                || (between(ends..whole.start) && between(whole.end..block.end)));
        let comma = opening.prev().is_some_and(|t| matches!(t.text(), "," | ":"));
        if starts_next || (sentence.index() == said.index() && comma) {
            before.content.push(whole);
        }
    }
}

/// One past the last token that belongs to a candidate.
fn end_of(candidate: &Candidate<'_>) -> usize {
    let cue = candidate.cue.last().map_or(0, |i| i + 1);
    let source = candidate.source.as_ref().map_or(0, |s| s.tokens.end);
    candidate.extent().end.max(cue).max(source)
}

/// Whether a candidate quotes from outside the quotation.
fn quotes(scene: &Scene<'_>, candidate: &Candidate<'_>) -> bool {
    let mut tokens = candidate.content.iter().flat_map(|r| scene.doc.slice(r.clone()));
    scene.quote_at(candidate.head.index()).is_none()
        && tokens.any(|t| scene.quote_at(t.index()).is_some())
}
