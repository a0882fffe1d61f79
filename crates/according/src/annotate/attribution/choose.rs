//! From candidates to attributions that nest but never cross.

use super::candidate::Candidate;
use super::scene::Scene;
use super::{quoted, span};

/// The most likely of the candidates that get in one another's way, in text order.
pub(super) fn choose<'d>(
    scene: &Scene<'d>,
    mut candidates: Vec<Candidate<'d>>,
) -> Vec<Candidate<'d>> {
    candidates.sort_by(|a, b| {
        b.confidence.total_cmp(&a.confidence).then_with(|| a.first().cmp(&b.first()))
    });
    let mut chosen: Vec<Candidate<'d>> = Vec::new();
    // Candidates meet only where they share a block, which keeps long texts cheap.
    let mut by_block: Vec<Vec<usize>> = vec![Vec::new(); scene.blocks.len().max(1)];
    for mut candidate in candidates {
        let first = scene.block_at(candidate.first());
        let last = scene.block_at(candidate.extent().end.saturating_sub(1)).max(first);
        let fits = by_block[first..=last]
            .iter()
            .flatten()
            .all(|&other| settle(scene, &chosen[other], &mut candidate));
        if fits {
            for block in &mut by_block[first..=last] {
                block.push(chosen.len());
            }
            chosen.push(candidate);
        }
    }
    quoted::go_on(scene, &mut chosen);
    chosen.sort_by_key(|c| (c.first(), c.cue.first().copied(), c.extent().end));
    chosen
}

/// Whether `new` can stand beside the more likely `old`; what overlaps is cut from `new`.
fn settle(scene: &Scene<'_>, old: &Candidate<'_>, new: &mut Candidate<'_>) -> bool {
    if old.cue.iter().any(|i| new.cue.contains(i)) {
        return false;
    }
    if old.cue.iter().any(|&i| new.covers(i)) {
        // The old one is made inside the new one's content, or the parse hung a verb that
        // is coordinated with the new cue under it.
        let quoted = |c: &Candidate<'_>| scene.quote_at(c.head.index());
        let joined = old.head.dep() == "conj"
            && old.head.head() == new.head
            && quoted(old) == quoted(new);
        if joined && let Some(&at) = old.cue.first() {
            new.content = span::without(old.head.doc(), &new.content, at..usize::MAX);
            return !new.content.is_empty();
        }
        return old
            .content
            .iter()
            .all(|r| span::shared(&new.content, std::slice::from_ref(r)) == r.len());
    }
    let shared = span::shared(&old.content, &new.content);
    if shared == 0 {
        return true;
    }
    if new.cue.iter().any(|&i| old.covers(i)) {
        // Made inside: all of it has to be.
        return shared == span::size(&new.content);
    }
    // Two cues for one content; what is left beside the overlap may stand alone.
    let mut rest = new.content.clone();
    for range in &old.content {
        rest = span::without(old.head.doc(), &rest, range.clone());
    }
    if 2 * span::size(&rest) < span::size(&new.content) {
        return false;
    }
    new.content = rest;
    true
}
