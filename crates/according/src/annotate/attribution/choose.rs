//! From candidates to attributions that nest but never cross.

use std::ops::Range;

use super::candidate::Candidate;
use super::scene::Scene;
use super::{quoted, span};

/// The candidates that touch each sentence. Only those that share a sentence can get in one
/// another's way, which keeps long texts cheap.
pub(super) struct BySentence(Vec<Vec<usize>>);

impl BySentence {
    fn new(scene: &Scene<'_>) -> Self {
        Self(vec![Vec::new(); scene.doc.sentences().len()])
    }

    /// Notes that a candidate touches the sentences of `tokens`.
    pub(super) fn add(
        &mut self,
        scene: &Scene<'_>,
        candidate: usize,
        tokens: Range<usize>,
    ) {
        for sentence in sentences(scene, tokens) {
            self.0[sentence].push(candidate);
        }
    }

    /// The candidates that touch the sentences of `tokens`.
    pub(super) fn touching(&self, scene: &Scene<'_>, tokens: Range<usize>) -> Vec<usize> {
        let mut found = self.0[sentences(scene, tokens)].concat();
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn sentences(scene: &Scene<'_>, tokens: Range<usize>) -> Range<usize> {
    let sentence = |token: usize| scene.doc.sentence_of(token).index();
    sentence(tokens.start)..sentence(tokens.end.saturating_sub(1).max(tokens.start)) + 1
}

/// The most likely of the candidates that get in one another's way, in text order.
pub(super) fn choose<'d>(
    scene: &Scene<'d>,
    mut candidates: Vec<Candidate<'d>>,
) -> Vec<Candidate<'d>> {
    candidates.sort_by(|a, b| {
        b.confidence.total_cmp(&a.confidence).then_with(|| a.first().cmp(&b.first()))
    });
    let mut chosen: Vec<Candidate<'d>> = Vec::new();
    let mut by_sentence = BySentence::new(scene);
    for mut candidate in candidates {
        let tokens = candidate.first()..candidate.end();
        let fits = by_sentence
            .touching(scene, tokens.clone())
            .into_iter()
            .all(|other| settle(scene, &chosen[other], &mut candidate));
        if fits {
            by_sentence.add(scene, chosen.len(), tokens);
            chosen.push(candidate);
        }
    }
    quoted::go_on(scene, &mut chosen, &mut by_sentence);
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
