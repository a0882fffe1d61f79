//! Annotated claims as attributions, so that what is made of attributions can be measured
//! apart from how they are found.

use according::Article;
use according::annotate::attribution::lexicon::{self, Cue};
use according::annotate::attribution::{self, Pattern};
use according::annotate::{Attribution, AttributionKind};
use according::report::{SpeakerKind, Stance};
use according_nlp::{CodePoints, Doc, Span, Token, Upos};

use super::claims::Claim;
use super::{in_bytes, shared, size};

/// The attributions of annotated claims: their spans as annotated, and the rest as the
/// program finds it when it finds the claim, else from the words of the cue.
pub fn attributions(article: &Article, doc: &Doc, claims: &[Claim]) -> Vec<Attribution> {
    let points = CodePoints::new(&article.text);
    let found = attribution::find(article, doc);
    claims.iter().map(|claim| attribution(doc, &points, &found, claim)).collect()
}

fn attribution(
    doc: &Doc,
    points: &CodePoints<'_>,
    found: &[Attribution],
    claim: &Claim,
) -> Attribution {
    let source = in_bytes(points, &claim.source);
    let cue = in_bytes(points, &claim.cue);
    let content = in_bytes(points, &claim.content);
    let by_reporter =
        claim.source_kind == SpeakerKind::Reporter && cue.is_empty() && source.is_empty();
    let alike = found
        .iter()
        .filter(|a| (a.kind == AttributionKind::Hedge) == by_reporter)
        .filter(|a| by_reporter || shared(&a.cue, &cue) > 0 || a.cue == cue)
        .filter(|a| {
            let both = shared(&a.content, &content);
            2 * both >= size(&a.content) + size(&content) - both
        })
        .max_by_key(|a| shared(&a.content, &content));
    let head = cue_head(doc, &cue);
    let (kind, pattern, stance) = match alike {
        Some(a) => (a.kind, a.pattern, a.stance),
        None if by_reporter => (AttributionKind::Hedge, Pattern::Hedge, Stance::Infer),
        None => by_words(head, source.is_empty()),
    };
    Attribution {
        kind,
        pattern,
        stance,
        source_head: head_of(doc, &source).map(Token::index),
        cue_head: alike.and_then(|a| a.cue_head).or(head.map(Token::index)),
        source,
        cue,
        content,
        confidence: 1.0,
    }
}

fn by_words(
    head: Option<Token<'_>>,
    sourceless: bool,
) -> (AttributionKind, Pattern, Stance) {
    let Some(head) = head else {
        return (AttributionKind::Speech, Pattern::Quoted, Stance::Neutral);
    };
    let cue = word(head);
    let stance = cue.map_or(Stance::Neutral, |c| c.stance);
    match cue {
        _ if head.lemma() == "accord" => {
            (AttributionKind::Speech, Pattern::According, stance)
        }
        _ if sourceless => (AttributionKind::Evidential, Pattern::Impersonal, stance),
        Some(cue) if !cue.speech => (AttributionKind::Attitude, Pattern::Clause, stance),
        _ => (AttributionKind::Speech, Pattern::Clause, stance),
    }
}

/// What the lexicon says of a word, which may be a participle: "are concerned".
fn word(token: Token<'_>) -> Option<Cue> {
    lexicon::cue(token.lemma(), token.upos())
        .or_else(|| lexicon::cue(token.text(), Upos::Adj))
}

/// The word of a cue that the lexicon knows, else the one its others hang from.
fn cue_head<'d>(doc: &'d Doc, cue: &[Span]) -> Option<Token<'d>> {
    let known = |t: &Token<'_>| word(*t).is_some();
    let mut tokens = cue.iter().flat_map(|&s| doc.slice(doc.tokens_in(s)));
    tokens.find(known).or_else(|| head_of(doc, cue))
}

fn head_of<'d>(doc: &'d Doc, spans: &[Span]) -> Option<Token<'d>> {
    let range = doc.tokens_in(*spans.first()?);
    let is_top = |t: &Token<'_>| t.is_root() || !range.contains(&t.head().index());
    doc.slice(range.clone()).find(is_top)
}
