//! Which time an event took place at, by the tree.

use according_nlp::{Doc, Span, Token, Upos};

use super::Time;

/// The number of the time that governs the event whose predicate is token `event`: one that
/// modifies it, or else one that modifies a predicate it depends on, within its clause.
/// "Police, who stopped the van on Monday, fined the driver" gives Monday for "stopped" and
/// nothing for "fined".
pub fn governing(doc: &Doc, times: &[Time], event: usize) -> Option<usize> {
    if event >= doc.len() {
        return None;
    }
    let sentence = doc.token(event).sentence().range();
    let span = doc.span_of(sentence);
    let first = times.partition_point(|t| t.span.end <= span.start);
    let near = || {
        let near = times.iter().enumerate().skip(first);
        near.take_while(move |(_, t)| t.span.start < span.end)
    };
    let mut at = doc.token(event);
    loop {
        let found = near().find(|(_, time)| {
            governor(doc, time.span).is_some_and(|g| g.index() == at.index())
        });
        if let Some((number, _)) = found {
            return Some(number);
        }
        // What is told, and what only describes, stands in a time of its own.
        let own = matches!(at.dep(), "ccomp" | "relcl" | "parataxis" | "appos");
        if own || at.is_root() {
            return None;
        }
        at = at.head();
    }
}

/// The numbers of the times that govern what `content` says: those that stand in it and
/// modify a word in it.
pub fn within(doc: &Doc, times: &[Time], content: &[Span], cue: &[Span]) -> Vec<usize> {
    let inside = |spans: &[Span], span: Span| spans.iter().any(|s| s.contains(span));
    let mut found = Vec::new();
    for part in content {
        let first = times.partition_point(|t| t.span.end <= part.start);
        let rest = times.iter().enumerate().skip(first);
        for (number, time) in rest.take_while(|(_, t)| t.span.start < part.end) {
            if !part.contains(time.span) {
                continue;
            }
            let modifies = governor(doc, time.span)
                .is_none_or(|g| inside(content, g.span()) && !inside(cue, g.span()));
            if modifies {
                found.push(number);
            }
        }
    }
    found
}

/// The predicate or noun that a time modifies: past the prepositions before it and the
/// times beside it. `None` where it depends on nothing.
fn governor(doc: &Doc, span: Span) -> Option<Token<'_>> {
    let tokens = doc.tokens_in(span);
    let mut at = doc
        .slice(tokens.clone())
        .find(|t| t.is_root() || !tokens.contains(&t.head().index()))?;
    loop {
        if at.is_root() {
            return None;
        }
        let dep = at.dep();
        at = at.head();
        let passes = match at.upos() {
            Upos::Adp | Upos::Sconj | Upos::Num | Upos::Part => true,
            // "Monday or Tuesday", "the end of May"
            Upos::Noun | Upos::Propn => {
                matches!(dep, "conj" | "appos" | "nummod")
                    || matches!(at.ent_type(), "DATE" | "TIME")
            }
            Upos::Adv | Upos::Adj => true,
            _ => false,
        };
        if !passes {
            return Some(at);
        }
    }
}
