//! Where claims stand in a block: spans that nest and overlap, cut at every boundary.

use according::report::{Block, Claim, Offsets, Report};

/// A stretch of a block over which nothing changes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) span: Offsets,
    /// Numbers of the claims it is part of, as content, source, cue or hedge.
    pub(crate) claims: Vec<usize>,
    /// In how many contents it stands.
    pub(crate) depth: usize,
    pub(crate) is_source: bool,
    pub(crate) is_cue: bool,
    pub(crate) is_hedge: bool,
    /// Claims whose content begins here, outer ones first.
    pub(crate) opens: Vec<usize>,
    /// Claims whose content ends here, inner ones first, and whether this was the last of it.
    pub(crate) closes: Vec<(usize, bool)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Content,
    Source,
    Cue,
    Hedge,
}

/// Part of a claim, within one block.
#[derive(Clone, Copy)]
struct Mark {
    span: Offsets,
    claim: usize,
    part: Part,
    is_last: bool,
}

/// The pieces of every block, in text order.
pub(crate) fn pieces(report: &Report) -> Vec<Vec<Piece>> {
    let blocks = &report.article.blocks;
    let mut marks: Vec<Vec<Mark>> = vec![Vec::new(); blocks.len()];
    for (number, claim) in report.claims.iter().enumerate() {
        for mark in of_claim(number, claim) {
            put(mark, blocks, &mut marks);
        }
    }
    let cut = |(block, marks): (&Block, Vec<Mark>)| cut([block.start, block.end], marks);
    blocks.iter().zip(marks).map(cut).collect()
}

fn of_claim(number: usize, claim: &Claim) -> impl Iterator<Item = Mark> {
    let last = claim.content.iter().map(|span| span[1]).max();
    let parts = [
        (Part::Content, &claim.content),
        (Part::Source, &claim.source),
        (Part::Cue, &claim.cue),
        (Part::Hedge, &claim.hedges),
    ];
    parts.into_iter().flat_map(move |(part, spans)| {
        spans.iter().map(move |&span| {
            let is_last = part == Part::Content && Some(span[1]) == last;
            Mark { span, claim: number, part, is_last }
        })
    })
}

/// Gives every block its share of a mark.
fn put(mark: Mark, blocks: &[Block], marks: &mut [Vec<Mark>]) {
    let [start, end] = mark.span;
    let first = blocks.partition_point(|block| block.end <= start);
    let touched = blocks.iter().zip(marks).skip(first);
    for (block, marks) in touched.take_while(|(block, _)| block.start < end) {
        let span = [start.max(block.start), end.min(block.end)];
        if span[0] < span[1] {
            marks.push(Mark { span, is_last: mark.is_last && span[1] == end, ..mark });
        }
    }
}

fn cut([start, end]: Offsets, mut marks: Vec<Mark>) -> Vec<Piece> {
    // Longer ones first where several begin together, so that inner ones lie inside.
    marks.sort_by_key(|mark| (mark.span[0], usize::MAX - mark.span[1], mark.claim));
    let bounds = marks.iter().flat_map(|mark| mark.span).chain([start, end]);
    let mut bounds: Vec<usize> = bounds.collect();
    bounds.sort_unstable();
    bounds.dedup();
    let mut waiting = marks.into_iter().peekable();
    let mut active: Vec<Mark> = Vec::new();
    let mut pieces = Vec::new();
    for (&from, &to) in bounds.iter().zip(bounds.iter().skip(1)) {
        let mut piece = Piece { span: [from, to], ..Piece::default() };
        while let Some(mark) = waiting.next_if(|mark| mark.span[0] == from) {
            if mark.part == Part::Content {
                piece.opens.push(mark.claim);
            }
            active.push(mark);
        }
        for mark in &active {
            piece.claims.push(mark.claim);
            match mark.part {
                Part::Content => piece.depth += 1,
                Part::Source => piece.is_source = true,
                Part::Cue => piece.is_cue = true,
                Part::Hedge => piece.is_hedge = true,
            }
        }
        piece.claims.sort_unstable();
        piece.claims.dedup();
        let ending = active.iter().rev().filter(|mark| mark.span[1] == to);
        let ending = ending.filter(|mark| mark.part == Part::Content);
        piece.closes = ending.map(|mark| (mark.claim, mark.is_last)).collect();
        active.retain(|mark| mark.span[1] > to);
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(span: Offsets, claim: usize, part: Part) -> Mark {
        Mark { span, claim, part, is_last: part == Part::Content }
    }

    #[test]
    fn nested_and_overlapping_marks_are_cut_at_every_boundary() {
        let marks = vec![
            mark([4, 8], 1, Part::Content),
            mark([0, 8], 0, Part::Content),
            mark([2, 5], 1, Part::Source),
        ];
        let pieces = cut([0, 10], marks);
        let spans: Vec<Offsets> = pieces.iter().map(|piece| piece.span).collect();
        assert_eq!(spans, [[0, 2], [2, 4], [4, 5], [5, 8], [8, 10]]);
        let depths: Vec<usize> = pieces.iter().map(|piece| piece.depth).collect();
        assert_eq!(depths, [1, 1, 2, 2, 0]);
        assert!(pieces[1].is_source && pieces[2].is_source && !pieces[3].is_source);
        assert_eq!(pieces[0].opens, [0]);
        assert_eq!(pieces[3].closes, [(1, true), (0, true)]);
        assert!(pieces[4].claims.is_empty());
    }

    #[test]
    fn a_block_without_marks_is_one_piece() {
        let pieces = cut([3, 9], Vec::new());
        assert_eq!(pieces, [Piece { span: [3, 9], ..Piece::default() }]);
        assert!(cut([3, 3], Vec::new()).is_empty());
    }
}
