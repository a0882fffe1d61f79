//! The part-of-speech tagger: one linear layer over the token vectors.

use crate::nn::Linear;
use crate::nn::ops::{self, Kernel};
use crate::{Error, LabelId};

/// The weights, and the tag of each output.
#[derive(Debug)]
pub(crate) struct Tagger {
    linear: Linear,
    tags: Vec<LabelId>,
}

impl Tagger {
    /// `linear` has `n_outputs`, one for each tag.
    pub(crate) fn new(
        linear: Linear,
        n_outputs: usize,
        tags: Vec<LabelId>,
    ) -> Result<Self, Error> {
        if tags.is_empty() || tags.len() != n_outputs {
            return Err(Error::new(format!(
                "{} tags for {n_outputs} outputs",
                tags.len()
            )));
        }
        Ok(Self { linear, tags })
    }

    /// Floats that a token vector must have.
    pub(crate) fn inputs(&self) -> usize {
        self.linear.inputs()
    }

    /// The tags of tokens with `vectors`, in order. `scores` is scratch.
    pub(crate) fn tags<'s>(
        &'s self,
        kernel: Kernel,
        vectors: &[f32],
        scores: &'s mut Vec<f32>,
    ) -> impl Iterator<Item = LabelId> + 's {
        self.linear.run(kernel, vectors, scores);
        scores
            .chunks_exact(self.linear.stride())
            .map(|row| self.tags[ops::argmax(&row[..self.tags.len()])])
    }
}
