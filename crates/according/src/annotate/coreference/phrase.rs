//! How far a noun phrase reaches.

use std::ops::Range;

use according_nlp::{Doc, Token};

/// Longer ones, in tokens, are no phrases but a parse gone wrong.
pub(super) const LONG: usize = 100;

/// All tokens of a noun phrase: what hangs from its head, without the other members of a
/// coordination, what a wrong parse hung there, and marks at its edges.
pub(super) fn phrase(doc: &Doc, head: Token<'_>) -> Range<usize> {
    let mut range = head.index()..head.index() + 1;
    let belongs = |c: &Token<'_>| match c.dep() {
        "advmod" | "neg" => c.index() < head.index(),
        "cc" | "conj" | "preconj" | "punct" | "intj" | "meta" | "dep" => false,
        "ccomp" | "advcl" | "parataxis" | "mark" | "aux" | "auxpass" | "cop" => false,
        "nsubj" | "nsubjpass" | "csubj" | "dobj" => false,
        _ => true,
    };
    let before = head.children().rev().filter(|c| c.index() < head.index());
    for child in before {
        if child.is_punct() {
            continue;
        }
        if !belongs(&child) {
            break;
        }
        range.start = range.start.min(child.subtree().start);
    }
    let after = head.children().filter(|c| c.index() > head.index());
    for child in after {
        if child.is_punct() && child.text() != ":" {
            continue;
        }
        if !belongs(&child) {
            break;
        }
        range.end = range.end.max(child.subtree().end);
    }
    trimmed(doc, range, head.index())
}

/// Without marks at the edges, save brackets and quotation marks that come in pairs.
fn trimmed(doc: &Doc, range: Range<usize>, head: usize) -> Range<usize> {
    let Range { mut start, mut end } = range;
    if range.len() > LONG {
        return head..head + 1;
    }
    while end > head + 1 {
        let last = doc.token(end - 1);
        let closes = match last.text() {
            ")" => doc.slice(start..end).any(|t| t.text() == "("),
            "\"" => {
                doc.slice(start..end - 1).filter(|t| t.text() == "\"").count() % 2 == 1
            }
            "”" => doc.slice(start..end).any(|t| t.text() == "“"),
            _ => false,
        };
        // "The teams both", where the word belongs to the verb.
        let floats = matches!(last.lemma(), "both" | "all" | "each");
        if closes || !(last.is_punct() || last.is_space() || floats) {
            break;
        }
        end -= 1;
    }
    // The mark that closes what opened may hang from anywhere.
    if end < doc.len() && doc.token(end).text() == ")" {
        let count = |mark| doc.slice(head..end).filter(|t| t.text() == mark).count();
        end += usize::from(count("(") > count(")"));
    }
    while start < head {
        let first = doc.token(start);
        // "Co-host" is cut in three, of which the last has all that follows.
        let is_hyphen = first.text() == "-" && start > 0;
        if is_hyphen && !doc.token(start - 1).space_after() {
            start -= 1;
            break;
        }
        let opens = matches!(first.text(), "\"" | "“" | "(" | "'" | "‘")
            && doc
                .slice(head..end)
                .any(|t| matches!(t.text(), "\"" | "”" | ")" | "'" | "’"));
        if opens || !(first.is_punct() || first.is_space()) {
            break;
        }
        start += 1;
    }
    start..end
}
