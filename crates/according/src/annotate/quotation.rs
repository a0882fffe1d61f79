//! Finding what stands between quotation marks.
//!
//! All styles are read: “ ” " « » „ “ `` '' ‹ › and, outside double marks, ‘ ’ and '. Which
//! way a mark points is judged by its surroundings before its shape, so that ”wrong-way”
//! quotes are found; a quotation whose paragraph ends before it closes goes on in the next
//! paragraph when that one opens with a mark of its own, or when the next mark of all closes
//! it; else it ends with its paragraph.
//!
//! Quotations are not nested: single marks inside double ones belong to the outer quotation.

use according_nlp::Span;

use crate::article::{Block, BlockKind};

/// Words between quotation marks, marks included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quotation {
    /// One span for each paragraph the quotation runs through.
    pub parts: Vec<Span>,
    /// Whether a closing mark was found.
    pub closed: bool,
}

impl Quotation {
    /// From the first mark to the last.
    pub fn span(&self) -> Span {
        let first = self.parts.first().copied().unwrap_or_default();
        self.parts.iter().fold(first, |all, &part| all.cover(part))
    }
}

/// The quotations of `text` in order. None runs from one block into another unless each of
/// its paragraphs opens with a mark, or the next double mark after it closes it.
pub fn find(text: &str, blocks: &[Block]) -> Vec<Quotation> {
    let mut found: Vec<Quotation> = Vec::new();
    // The quotation that the paragraph before left open.
    let mut unclosed = false;
    for (number, block) in blocks.iter().enumerate() {
        let range = block.span.range();
        let Some(paragraph) = text.get(range.clone()) else { continue };
        let starts_open = unclosed && mark_at(paragraph, 0).is_some();
        let mut from = 0;
        if unclosed
            && !starts_open
            && let Some(before) = found.last_mut()
            && let Some(end) = goes_on(text, &blocks[number..])
        {
            // All of this paragraph, or as far as the mark that closes it.
            from = end.unwrap_or(paragraph.len());
            before.parts.push(Span::new(range.start, range.start + from));
            before.closed = end.is_some();
            if !before.closed {
                continue;
            }
        }
        unclosed = false;
        let rest = &paragraph[from..];
        let range = range.start + from..range.end;
        for (i, quote) in in_paragraph(rest).into_iter().enumerate() {
            let part = Span::new(
                range.start + quote.span.start as usize,
                range.start + quote.span.end as usize,
            );
            unclosed = !quote.closed;
            match found.last_mut() {
                Some(before) if i == 0 && starts_open && quote.span.start == 0 => {
                    before.parts.push(part);
                    before.closed = quote.closed;
                }
                _ => found.push(Quotation { parts: vec![part], closed: quote.closed }),
            }
        }
    }
    found
}

/// How many paragraphs without marks a quotation may run through.
const LONGEST: usize = 8;

/// Whether a quotation that was left open goes on in the first of `blocks`, which does not
/// open with a mark: when the next double mark closes it. Where in that block, if there.
fn goes_on(text: &str, blocks: &[Block]) -> Option<Option<usize>> {
    for (i, block) in blocks.iter().take(LONGEST).enumerate() {
        let paragraph = text.get(block.span.range())?;
        if block.kind != BlockKind::Paragraph {
            return None;
        }
        let first = paragraph.char_indices().find_map(|(at, _)| {
            mark_at(paragraph, at).filter(|m| m.double).map(|m| (at, m))
        });
        if let Some((at, mark)) = first {
            let closes = closes(paragraph, at, mark) && !opens(paragraph, at, mark);
            return closes.then_some((i == 0).then_some(at + mark.len));
        }
    }
    None
}

/// A single mark that does not close within so many bytes is an apostrophe.
const LONGEST_SINGLE: usize = 2000;

/// A quotation inside one paragraph.
struct Quote {
    span: Span,
    closed: bool,
}

/// A quotation mark as it stands in a paragraph.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Mark {
    len: usize,
    double: bool,
    shape: Shape,
}

/// What a mark looks like, whatever it is used for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Opening,
    Closing,
    Either,
}

fn mark_at(text: &str, at: usize) -> Option<Mark> {
    // Nearly all of a text is other ASCII.
    let first = *text.as_bytes().get(at)?;
    if first.is_ascii() && !matches!(first, b'"' | b'\'' | b'`') {
        return None;
    }
    let rest = text.get(at..)?;
    let mark = |len, double, shape| Some(Mark { len, double, shape });
    if rest.starts_with("``") {
        return mark(2, true, Shape::Opening);
    }
    if rest.starts_with("''") {
        return mark(2, true, Shape::Either);
    }
    let c = rest.chars().next()?;
    let len = c.len_utf8();
    match c {
        '“' | '«' | '„' | '‟' | '〝' => mark(len, true, Shape::Opening),
        '”' | '»' | '〞' => mark(len, true, Shape::Closing),
        '"' | '＂' => mark(len, true, Shape::Either),
        '‘' | '‹' | '‚' | '‛' => mark(len, false, Shape::Opening),
        '’' | '›' => mark(len, false, Shape::Closing),
        '\'' => mark(len, false, Shape::Either),
        _ => None,
    }
}

fn in_paragraph(text: &str) -> Vec<Quote> {
    let mut quotes = Vec::new();
    let closing = closing_marks(text);
    let mut at = 0;
    while at < text.len() {
        let Some(mark) = mark_at(text, at) else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
            continue;
        };
        if !opens(text, at, mark) {
            at += mark.len;
            continue;
        }
        match (close(text, at + mark.len, mark.double, &closing), mark.double) {
            (Some(end), _) => {
                quotes.push(Quote { span: Span::new(at, end), closed: true });
                at = end;
            }
            (None, true) => {
                quotes.push(Quote { span: Span::new(at, text.len()), closed: false });
                at = text.len();
            }
            // An apostrophe after all.
            (None, false) => at += mark.len,
        }
    }
    quotes
}

/// One past the mark that closes a quotation whose words start at `from`.
///
/// `closing` are the places of the double marks that can close one.
fn close(text: &str, from: usize, double: bool, closing: &[usize]) -> Option<usize> {
    let until = if double { text.len() } else { text.len().min(from + LONGEST_SINGLE) };
    let mut at = from;
    let mut deeper = 0usize;
    while at < until {
        let Some(mark) = mark_at(text, at).filter(|m| m.double == double) else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
            continue;
        };
        if closes(text, at, mark) {
            if deeper == 0 {
                return Some(at + mark.len);
            }
            deeper -= 1;
        } else if double && mark.shape == Shape::Opening && opens(text, at, mark) {
            // “A “nested” one”: count, unless nothing would close the outer one.
            let left = closing.len() - closing.partition_point(|&mark| mark < at);
            if left > deeper + 1 {
                deeper += 1;
            }
        }
        at += mark.len;
    }
    None
}

/// Where the double marks stand that can close a quotation.
fn closing_marks(text: &str) -> Vec<usize> {
    text.char_indices()
        .filter(|&(at, _)| {
            mark_at(text, at).is_some_and(|m| m.double && closes(text, at, m))
        })
        .map(|(at, _)| at)
        .collect()
}

/// Whether a mark can open a quotation where it stands: something is said after it, and
/// nothing is said right before it.
fn opens(text: &str, at: usize, mark: Mark) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at + mark.len..].chars().next();
    let free_before = before.is_none_or(|c| c.is_whitespace() || is_opening(c));
    let bound_after = after.is_some_and(|c| !c.is_whitespace());
    match (free_before && bound_after, mark.shape) {
        // "the '90s", "’em": a mark that looks like an end opens only double quotations.
        (true, Shape::Closing) => mark.double,
        (true, _) => true,
        // said:“Go.”
        (false, Shape::Opening) => bound_after && mark.double,
        (false, _) => false,
    }
}

/// Whether a mark can close a quotation where it stands.
fn closes(text: &str, at: usize, mark: Mark) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at + mark.len..].chars().next();
    let bound_before = before.is_some_and(|c| !c.is_whitespace() && !is_opening(c));
    let free_after = after.is_none_or(|c| !c.is_alphanumeric());
    match mark.shape {
        Shape::Opening => mark.double && bound_before && free_after,
        // A single mark after a letter s may be a genitive: "the girls' coach".
        _ if !mark.double => {
            bound_before
                && free_after
                && (before != Some('s') || after.is_none_or(|c| !c.is_whitespace()))
        }
        Shape::Closing => bound_before || free_after,
        // A straight mark with space around it closes what is open: 'never,' "
        Shape::Either => {
            free_after && (bound_before || after.is_none_or(char::is_whitespace))
        }
    }
}

fn is_opening(c: char) -> bool {
    matches!(
        c,
        '(' | '[' | '{' | '—' | '–' | '-' | '/' | '“' | '‘' | '«' | '"' | '\'' | '`'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quotes(text: &str) -> Vec<String> {
        let mut start = 0;
        let mut blocks = Vec::new();
        for line in text.split('\n') {
            if !line.is_empty() {
                let span = Span::new(start, start + line.len());
                blocks.push(Block::new(BlockKind::Paragraph, span));
            }
            start += line.len() + 1;
        }
        let part = |part: &Span| text[*part].to_owned();
        find(text, &blocks)
            .iter()
            .map(|q| q.parts.iter().map(part).collect::<Vec<_>>().join(" + "))
            .collect()
    }

    #[test]
    fn reads_every_style() {
        for text in
            ["“Go,”", "\"Go,\"", "«Go,»", "„Go,“", "``Go,''", "''Go,''", "‘Go,’", "'Go,'"]
        {
            assert_eq!(quotes(&format!("{text} she said.")), [text], "{text}");
            assert_eq!(quotes(&format!("She said: {text}")), [text], "{text}");
        }
    }

    #[test]
    fn judges_direction_by_surroundings() {
        assert_eq!(quotes("He said, ”Leave now.”"), ["”Leave now.”"]);
        assert_eq!(quotes("“Leave now,“ he said."), ["“Leave now,“"]);
    }

    #[test]
    fn leaves_apostrophes_alone() {
        assert!(quotes("The girls' coach can't say if it's the '90s.").is_empty());
        assert!(quotes("The miners’ union didn’t ask ’em.").is_empty());
    }

    #[test]
    fn keeps_inner_quotations_inside() {
        assert_eq!(
            quotes("“She told me ‘never’ and left,” he said."),
            ["“She told me ‘never’ and left,”"]
        );
    }

    #[test]
    fn closes_at_a_mark_that_stands_free() {
        assert_eq!(
            quotes("\"They said 'never,' \" he said."),
            ["\"They said 'never,' \""]
        );
    }

    #[test]
    fn follows_a_quotation_over_paragraphs() {
        assert_eq!(
            quotes("“The mill closed.\n“Nobody asked us.\n“It is over,” he said."),
            ["“The mill closed. + “Nobody asked us. + “It is over,”"]
        );
        assert_eq!(quotes("“The mill closed.\nNobody knew."), ["“The mill closed."]);
        assert_eq!(
            quotes("“The mill closed.\nNobody asked us.\nIt is over,” he said. “No.”"),
            ["“The mill closed. + Nobody asked us. + It is over,”", "“No.”"]
        );
        assert_eq!(
            quotes("“The mill closed.\nNobody knew. “It is over,” he said."),
            ["“The mill closed.", "“It is over,”"]
        );
    }
}
