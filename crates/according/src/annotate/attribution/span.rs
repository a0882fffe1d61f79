//! Ranges of tokens: edges without stray punctuation, and holes.

use std::ops::Range;

use according_nlp::{Doc, Token};

/// Whether a token is a quotation mark.
pub(super) fn is_quote_mark(token: Token<'_>) -> bool {
    matches!(
        token.text(),
        "\"" | "“" | "”" | "''" | "``" | "«" | "»" | "‘" | "’" | "'" | "„" | "`"
    ) && (token.is_punct() || matches!(token.dep(), "punct" | "case"))
}

/// Whether a token is a mark that no phrase begins or ends with.
fn is_edge(token: Token<'_>) -> bool {
    token.is_space()
        || (token.is_punct()
            && !is_quote_mark(token)
            && !matches!(token.text(), "..." | "…"))
        || matches!(token.text(), "—" | "–" | "--" | "-" | "―")
}

/// `range` without punctuation at its ends. A bracket stays where its partner is inside;
/// quotation marks stay.
pub(super) fn trim(doc: &Doc, range: Range<usize>) -> Range<usize> {
    let Range { mut start, mut end } = range;
    end = end.min(doc.len());
    while start < end && is_edge(doc.token(start)) && !is_opened_bracket(doc, start..end)
    {
        start += 1;
    }
    while start < end {
        let last = doc.token(end - 1);
        let closes_bracket = matches!(last.text(), ")" | "]")
            && doc.slice(start..end).any(|t| matches!(t.text(), "(" | "["));
        if !is_edge(last) || closes_bracket {
            break;
        }
        end -= 1;
    }
    start..end.max(start)
}

fn is_opened_bracket(doc: &Doc, range: Range<usize>) -> bool {
    matches!(doc.token(range.start).text(), "(" | "[")
        && doc.slice(range).any(|t| matches!(t.text(), ")" | "]"))
}

/// `ranges` without `hole`, trimmed; pieces without a word are dropped.
pub(super) fn without(
    doc: &Doc,
    ranges: &[Range<usize>],
    hole: Range<usize>,
) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    for range in ranges {
        let before = range.start..range.end.min(hole.start);
        let after = range.start.max(hole.end)..range.end;
        if hole.is_empty()
            || before.end == range.end
            || after.start == range.start && after.end == range.end
        {
            pieces.push(range.clone());
            continue;
        }
        pieces.extend([before, after].into_iter().filter(|r| r.start < r.end));
    }
    pieces
        .into_iter()
        .map(|r| trim(doc, r))
        .filter(|r| doc.slice(r.clone()).any(|t| !t.is_punct() && !t.is_space()))
        .collect()
}

/// Number of tokens that two lists of ranges share.
pub(super) fn shared(a: &[Range<usize>], b: &[Range<usize>]) -> usize {
    a.iter()
        .flat_map(|x| {
            b.iter().map(|y| x.end.min(y.end).saturating_sub(x.start.max(y.start)))
        })
        .sum()
}

/// Number of tokens in a list of ranges.
pub(super) fn size(ranges: &[Range<usize>]) -> usize {
    ranges.iter().map(ExactSizeIterator::len).sum()
}
