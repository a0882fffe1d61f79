//! The entity recogniser: transitions that spell out begin, in, last, unit and out
//! (Lample et al. 2016 for the idea; spaCy's constraints).

use std::ops::Range;

use crate::doc::{EntIob, TokenData};
use crate::nn::ops::Kernel;
use crate::{Error, LabelId, Labels};

use super::transition::{Classes, Moves, NONE, Scorer, ScorerScratch, best};

/// The recogniser's weights and labels.
#[derive(Debug)]
pub(crate) struct EntityRecognizer {
    scorer: Scorer,
    classes: Classes<6>,
    /// The label of every class.
    labels: Vec<LabelId>,
}

/// The actions, in spaCy's order; 0 stands for a missing annotation and has no class.
const BEGIN: usize = 1;
const IN: usize = 2;
const LAST: usize = 3;
const UNIT: usize = 4;
const OUT: usize = 5;

/// An entity that has begun.
#[derive(Clone, Copy)]
struct Open {
    start: usize,
    label: LabelId,
}

impl EntityRecognizer {
    /// The token at hand; the other two slots are used inside entities only.
    pub(crate) const COMMON_SLOTS: usize = 1;

    /// Builds the recogniser from its scorer and the labels of its actions.
    pub(crate) fn new(
        scorer: Scorer,
        n_classes: usize,
        moves: Moves,
        labels: &mut Labels,
    ) -> Result<Self, Error> {
        let classes = Classes::new(moves, n_classes)?;
        let own = classes.labels.iter().map(|name| labels.add(name));
        let own = own.collect::<Result<_, Error>>()?;
        Ok(Self { scorer, classes, labels: own })
    }

    /// The class of `action` with `label`, as a range of one or none.
    fn class(&self, action: usize, label: LabelId) -> Range<usize> {
        let range = self.classes.of[action].clone();
        match self.labels[range.clone()].iter().position(|&own| own == label) {
            Some(at) => range.start + at..range.start + at + 1,
            None => 0..0,
        }
    }

    /// The classes of `action` that have a label, on either side of the one that has none
    /// (spaCy keeps it for blocked tokens and never takes it).
    fn labelled(&self, action: usize) -> [Range<usize>; 2] {
        let range = self.classes.of[action].clone();
        match self.class(action, LabelId::default()) {
            none if none.is_empty() => [range, 0..0],
            none => [range.start..none.start, none.end..range.end],
        }
    }

    /// Marks the entities of one document, whose sentences are known. `vectors` hold one
    /// row for each token.
    pub(crate) fn mark(
        &self,
        kernel: Kernel,
        vectors: &[f32],
        tokens: &mut [TokenData],
        is_space: impl Fn(usize) -> bool,
        scratch: &mut ScorerScratch,
    ) {
        let n = tokens.len();
        self.scorer.start(scratch, n);
        let labelled = (self.labelled(BEGIN), self.labelled(UNIT));
        let mut open: Option<Open> = None;
        for i in 0..n {
            let features = match open {
                Some(Open { start, .. }) => [i as u32, start as u32, i as u32 - 1],
                None => [i as u32, NONE, NONE],
            };
            let can_go_on = tokens.get(i + 1).is_some_and(|next| !next.sent_start);
            let scores = self.scorer.score(kernel, vectors, features, scratch);
            let when =
                |valid: bool, range: Range<usize>| if valid { range } else { 0..0 };
            let class = match open {
                Some(Open { label, .. }) => best(
                    scores,
                    [when(can_go_on, self.class(IN, label)), self.class(LAST, label)],
                ),
                None => {
                    let ([begin, begin2], [unit, unit2]) = &labelled;
                    let (space, out) = (is_space(i), self.classes.of[OUT].clone());
                    best(
                        scores,
                        [
                            when(can_go_on && !space, begin.clone()),
                            when(can_go_on && !space, begin2.clone()),
                            when(!space, unit.clone()),
                            when(!space, unit2.clone()),
                            out,
                        ],
                    )
                }
            };
            // No action is left only when the model lacks some; spaCy stops there, too.
            let Some(class) = class else { break };
            let (label, of) = (self.labels[class], &self.classes.of);
            let iob = match open {
                _ if of[OUT].contains(&class) => EntIob::O,
                None => EntIob::B,
                Some(_) => EntIob::I,
            };
            if of[BEGIN].contains(&class) {
                open = Some(Open { start: i, label });
            } else if !of[IN].contains(&class) {
                open = None;
            }
            tokens[i].ent_iob = iob;
            tokens[i].ent_type =
                if iob == EntIob::O { LabelId::default() } else { label };
        }
    }
}
