//! What the parser and the entity recogniser share: the network that scores the actions of
//! a transition system (Kiperwasser and Goldberg 2016, with thinc's precomputed features),
//! and the numbering of its actions.

use std::ops::Range;

use crate::Error;
use crate::nn::ops::{self, Kernel};
use crate::nn::{Dense, Linear, Matrix};

/// Tokens whose features are computed together.
const CHUNK: usize = 32;

/// Chunks of features that are kept; more than a state has slots, so that all tokens of a
/// state are at hand together.
const PLACES: usize = 16;

/// Marks a chunk whose features are not kept.
const NOWHERE: u8 = u8::MAX;

/// Stands for a token that is not there.
pub(super) const NONE: u32 = u32::MAX;

/// Scores actions from the vectors of a few tokens, one in each slot.
#[derive(Debug)]
pub(crate) struct Scorer {
    /// From the vector of a token to what it adds to the hidden layer in each of the first
    /// slots, which look at every token sooner or later.
    common: Linear,
    /// The same for each of the other slots, computed when a token stands there.
    rare: Vec<Dense>,
    /// What a missing token adds in every slot.
    missing: Vec<f32>,
    bias: Vec<f32>,
    upper: Dense,
}

/// Scratch of a [`Scorer`], for one document at a time.
///
/// Features of a token take some kilobytes, so they are computed a chunk of tokens at a
/// time shortly before use, and the least recently used chunk makes room for the next.
#[derive(Debug, Default)]
pub(crate) struct ScorerScratch {
    /// The row of the missing token, then the common features of all places, then the rare
    /// ones.
    table: Vec<f32>,
    /// Which rare features of each kept token are there, a bit a slot.
    ready: Vec<u16>,
    /// Where the features of each chunk of the document are, or `NOWHERE`.
    place_of: Vec<u8>,
    /// Which chunk is where, and when it was last used.
    places: [Place; PLACES],
    clock: u32,
    hidden: Vec<f32>,
    scores: Vec<f32>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Place {
    chunk: Option<u32>,
    used: u32,
}

impl Scorer {
    /// Puts the layers together. `lower` and `missing` run slot by slot, within a slot the
    /// first piece of all hidden units, then the second; `bias` likewise for one slot. The
    /// first `n_common` slots look at every token.
    pub(crate) fn new(
        lower: &Matrix,
        missing: Vec<f32>,
        bias: Vec<f32>,
        upper: Dense,
        n_common: usize,
    ) -> Result<Self, Error> {
        let n_slots = missing.len().checked_div(bias.len()).unwrap_or(0);
        if !(n_common..PLACES).contains(&n_slots)
            || lower.rows() != n_slots * bias.len()
            || missing.len() != lower.rows()
            || upper.inputs() * 2 != bias.len()
            || !upper.inputs().is_multiple_of(ops::BLOCK)
        {
            return Err(Error::new(
                "the layers of a transition model do not fit together",
            ));
        }
        let zero = vec![0.0; missing.len()];
        let size = bias.len();
        let common = lower.slice(0..n_common * size);
        let rare = (n_common..n_slots)
            .map(|slot| {
                Dense::new(&lower.slice(slot * size..(slot + 1) * size), &zero[..size])
            })
            .collect::<Result<_, _>>()?;
        let common = Linear::new(&common, &zero[..n_common * size])?;
        Ok(Self { common, rare, missing, bias, upper })
    }

    /// Makes `scratch` ready for a document of `n_tokens`.
    pub(super) fn start(&self, scratch: &mut ScorerScratch, n_tokens: usize) {
        let stride = self.missing.len();
        scratch.table.resize((1 + PLACES * CHUNK) * stride, 0.0);
        scratch.table[..stride].copy_from_slice(&self.missing);
        scratch.ready.resize(PLACES * CHUNK, 0);
        scratch.place_of.clear();
        scratch.place_of.resize(n_tokens.div_ceil(CHUNK), NOWHERE);
        scratch.places = Default::default();
        scratch.clock = 0;
        scratch.hidden.resize(self.upper.inputs(), 0.0);
        scratch.scores.resize(self.upper.stride(), 0.0);
    }

    /// The scores of all actions when the slots hold `tokens`, in a document whose tokens
    /// have `vectors`.
    pub(super) fn score<'s, const SLOTS: usize>(
        &self,
        kernel: Kernel,
        vectors: &[f32],
        tokens: [u32; SLOTS],
        scratch: &'s mut ScorerScratch,
    ) -> &'s [f32] {
        let size = self.bias.len();
        let n_common = self.common.stride() / size;
        let mut rows = [0; SLOTS];
        scratch.clock += 1;
        for (slot, (row, &token)) in rows.iter_mut().zip(&tokens).enumerate() {
            if token == NONE {
                *row = slot * size;
                continue;
            }
            let chunk = token as usize / CHUNK;
            let mut place = usize::from(scratch.place_of[chunk]);
            if place == usize::from(NOWHERE) {
                place = self.compute(kernel, vectors, chunk, scratch);
            }
            scratch.places[place].used = scratch.clock;
            let kept = place * CHUNK + token as usize % CHUNK;
            *row = match slot.checked_sub(n_common) {
                None => self.missing.len() + kept * self.common.stride() + slot * size,
                Some(rare) => {
                    self.rare(kernel, vectors, token as usize, kept, rare, scratch)
                }
            };
        }
        ops::sum_max2(kernel, &scratch.table, &rows, &self.bias, &mut scratch.hidden);
        self.upper.run(kernel, &scratch.hidden, &mut scratch.scores);
        &scratch.scores
    }

    /// Where the features of `token`, kept as number `kept`, for a rare slot are; computes
    /// them at the first call.
    fn rare(
        &self,
        kernel: Kernel,
        vectors: &[f32],
        token: usize,
        kept: usize,
        rare: usize,
        scratch: &mut ScorerScratch,
    ) -> usize {
        let size = self.bias.len();
        let common = PLACES * CHUNK * self.common.stride();
        let at = self.missing.len() + common + (kept * self.rare.len() + rare) * size;
        if scratch.ready[kept] & 1 << rare == 0 {
            scratch.ready[kept] |= 1 << rare;
            let inputs = self.common.inputs();
            let vector = &vectors[token * inputs..(token + 1) * inputs];
            self.rare[rare].run(kernel, vector, &mut scratch.table[at..at + size]);
        }
        at
    }

    /// Computes the common features of `chunk` and returns where they are.
    fn compute(
        &self,
        kernel: Kernel,
        vectors: &[f32],
        chunk: usize,
        scratch: &mut ScorerScratch,
    ) -> usize {
        // What this state has looked up already was used last, so it is never pushed out.
        let oldest =
            scratch.places.iter().enumerate().min_by_key(|(_, place)| place.used);
        let place = oldest.map_or(0, |(i, _)| i);
        if let Some(old) = scratch.places[place].chunk {
            scratch.place_of[old as usize] = NOWHERE;
        }
        scratch.places[place].chunk = Some(chunk as u32);
        scratch.place_of[chunk] = place as u8;
        scratch.ready[place * CHUNK..(place + 1) * CHUNK].fill(0);

        let (inputs, stride) = (self.common.inputs(), self.common.stride());
        let from = chunk * CHUNK * inputs;
        let vectors = &vectors[from..(from + CHUNK * inputs).min(vectors.len())];
        let at = self.missing.len() + place * CHUNK * stride;
        let table = &mut scratch.table[at..at + vectors.len() / inputs * stride];
        self.common.run_into(kernel, vectors, table);
        place
    }
}

/// The labels of each action of a transition system with their frequencies, by the
/// number of the action.
pub(crate) type Moves = Vec<(usize, Vec<(String, i64)>)>;

/// The classes that a model scores: which belong to each of `N` actions, and their labels.
#[derive(Debug)]
pub(super) struct Classes<const N: usize> {
    /// Classes of action `a` are numbered `of[a]`.
    pub(super) of: [Range<usize>; N],
    /// The label of every class.
    pub(super) labels: Vec<String>,
}

impl<const N: usize> Classes<N> {
    /// Numbers the classes as spaCy does: by action, then frequency, then label, the latter
    /// two descending; labels with a negative frequency come last.
    pub(super) fn new(mut moves: Moves, n_classes: usize) -> Result<Self, Error> {
        moves.sort_by_key(|&(action, _)| action);
        let mut classes = Self { of: std::array::from_fn(|_| 0..0), labels: Vec::new() };
        for (action, mut names) in moves {
            names.sort_by(|(a, freq_a), (b, freq_b)| {
                (*freq_a < 0)
                    .cmp(&(*freq_b < 0))
                    .then_with(|| freq_b.cmp(freq_a))
                    .then_with(|| b.cmp(a))
            });
            let range = classes.of.get_mut(action);
            let range =
                range.ok_or_else(|| Error::new(format!("unknown action {action}")))?;
            let start = classes.labels.len();
            classes.labels.extend(names.into_iter().map(|(name, _)| name));
            *range = start..classes.labels.len();
        }
        if classes.labels.len() != n_classes {
            return Err(Error::new(format!(
                "{} actions are listed but the model scores {n_classes}",
                classes.labels.len()
            )));
        }
        Ok(classes)
    }
}

/// The best of the classes in `valid`, which ascend; the lowest of equals.
pub(super) fn best(
    scores: &[f32],
    valid: impl IntoIterator<Item = Range<usize>>,
) -> Option<usize> {
    let mut best = None;
    for range in valid.into_iter().filter(|range| !range.is_empty()) {
        let class = range.start + ops::argmax(&scores[range]);
        if best.is_none_or(|best: usize| scores[class] > scores[best]) {
            best = Some(class);
        }
    }
    best
}
