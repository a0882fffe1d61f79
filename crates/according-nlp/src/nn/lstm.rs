//! A bidirectional LSTM over sequences.

use std::ops::Range;

use super::ops::{self, BLOCK, Kernel};
use super::{Linear, Matrix};
use crate::Error;

/// Stretches of a sequence that are read side by side, so that the weights are fetched once
/// for all of them.
const LANES: usize = 6;

/// Shortest stretch that is worth a lane.
const SHORTEST: usize = 48;

/// Longest stretch: what the lanes read should stay in the second-level cache.
const LONGEST: usize = 192;

/// Tokens that a lane reads before those it is there for, to get into its stride. After so
/// many an LSTM has all but forgotten where it started.
const RUN_UP: usize = 24;

/// Weights of both directions.
#[derive(Debug)]
pub(crate) struct BiLstm {
    width: usize,
    /// What the last output adds to the gates, for each direction.
    recurrent: [Linear; 2],
}

/// Buffers.
#[derive(Debug, Default)]
pub(crate) struct BiLstmScratch {
    /// Rows that the lanes read, one lane after another.
    rows: Vec<usize>,
    input: Vec<f32>,
    own: Vec<f32>,
    state: Vec<f32>,
    out: Vec<f32>,
}

impl BiLstm {
    /// `recurrent` has a row for each gate, gates in the order input, forget, candidate,
    /// output.
    pub(crate) fn new(recurrent: [&Matrix; 2]) -> Result<Self, Error> {
        let width = recurrent[0].columns();
        let fits =
            recurrent.iter().all(|r| r.columns() == width && r.rows() == 4 * width);
        if !fits || !width.is_multiple_of(BLOCK) {
            return Err(Error::new("the weights of an LSTM do not fit together"));
        }
        let zero = vec![0.0; 4 * width];
        Ok(Self {
            width,
            recurrent: [
                Linear::new(recurrent[0], &zero)?,
                Linear::new(recurrent[1], &zero)?,
            ],
        })
    }

    /// Floats of input a row and direction.
    pub(crate) fn gates(&self) -> usize {
        4 * self.width
    }

    /// Floats a row of output.
    pub(crate) fn outputs(&self) -> usize {
        2 * self.width
    }

    /// Makes `y` one row for each row of input: what has been read up to there, then what is
    /// still to come. Each of `sequences`, which cover all rows, is read on its own.
    ///
    /// Rows of input are asked for some at a time, and may be asked for more than once:
    /// `input` is told their numbers and the direction, 0 for forward and 1 for backward, and
    /// writes what they add to the gates of that direction, row after row.
    pub(crate) fn run(
        &self,
        kernel: Kernel,
        sequences: &[Range<usize>],
        scratch: &mut BiLstmScratch,
        y: &mut Vec<f32>,
        mut input: impl FnMut(usize, &[usize], &mut Vec<f32>),
    ) {
        y.resize(sequences.last().map_or(0, |s| s.end) * self.outputs(), 0.0);
        let mut stretches: Vec<Stretch> =
            sequences.iter().flat_map(Stretch::of).collect();
        // Those of one length together, so that no lane waits for another.
        stretches.sort_by_key(Stretch::steps);
        for lanes in stretches.chunks(LANES) {
            for side in [0, 1] {
                scratch.rows.clear();
                for lane in lanes {
                    let tokens = (0..lane.steps()).map(|step| lane.token(step, side));
                    scratch.rows.extend(tokens);
                }
                input(side, &scratch.rows, &mut scratch.input);
                self.read(kernel, side, lanes, scratch, y);
            }
        }
    }

    fn read(
        &self,
        kernel: Kernel,
        side: usize,
        lanes: &[Stretch],
        scratch: &mut BiLstmScratch,
        y: &mut [f32],
    ) {
        let width = self.width;
        let BiLstmScratch { input, own, state, out, .. } = scratch;
        for buffer in [&mut *state, &mut *out] {
            buffer.clear();
            buffer.resize(lanes.len() * width, 0.0);
        }
        let mut at = vec![usize::MAX; lanes.len()];
        for step in 0..lanes.iter().map(Stretch::steps).max().unwrap_or(0) {
            let mut first = 0;
            for (lane, at) in lanes.iter().zip(&mut at) {
                let reads = step < lane.steps();
                *at = if reads { (first + step) * self.gates() } else { usize::MAX };
                first += lane.steps();
            }
            self.recurrent[side].run(kernel, out, own);
            ops::lstm_step(kernel, own, input, &at, width, state, out);
            for (lane, out) in lanes.iter().zip(out.chunks_exact(width)) {
                if (lane.run_up..lane.steps()).contains(&step) {
                    let token = lane.token(step, side);
                    y[(2 * token + side) * width..][..width].copy_from_slice(out);
                }
            }
        }
    }
}

/// Part of a sequence that one lane reads. Places are counted in the direction of reading.
#[derive(Clone, Debug)]
struct Stretch {
    sequence: Range<usize>,
    places: Range<usize>,
    run_up: usize,
}

impl Stretch {
    fn of(sequence: &Range<usize>) -> impl Iterator<Item = Self> {
        let n = sequence.len();
        let size = n.div_ceil(LANES).clamp(SHORTEST, LONGEST);
        (0..n).step_by(size).map(move |start| Self {
            sequence: sequence.clone(),
            places: start..n.min(start + size),
            run_up: RUN_UP.min(start),
        })
    }

    /// How many tokens are read, those of the run-up included.
    fn steps(&self) -> usize {
        self.run_up + self.places.len()
    }

    /// The token that is read at a step, in a direction.
    fn token(&self, step: usize, side: usize) -> usize {
        let place = self.places.start - self.run_up + step;
        match side {
            0 => self.sequence.start + place,
            _ => self.sequence.end - 1 - place,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(n: usize, mut seed: u64) -> Vec<f32> {
        (0..n)
            .map(|_| {
                seed = seed
                    .wrapping_mul(6364136223846793005)
                    .wrapping_add(1442695040888963407);
                0.3 * ((seed >> 40) as f32 / (1 << 23) as f32 - 1.0)
            })
            .collect()
    }

    fn matrix(m: &[f32], columns: usize) -> Matrix {
        Matrix::new(m.len() / columns, columns, m.to_vec()).unwrap()
    }

    /// Token by token, as the definition says.
    fn plainly(x: &[f32], width: usize, w: &[Vec<f32>; 2]) -> Vec<f32> {
        let n = x.len() / (8 * width);
        let mut y = vec![0.0; n * 2 * width];
        let sigmoid = |x: f32| 1.0 / (1.0 + (-x).exp());
        for backward in [0, 1] {
            let (mut h, mut c) = (vec![0.0f32; width], vec![0.0f32; width]);
            for place in 0..n {
                let t = if backward == 1 { n - 1 - place } else { place };
                let gates: Vec<f32> = (0..4 * width)
                    .map(|g| {
                        let row = backward * 4 * width + g;
                        let own = &w[backward][g * width..(g + 1) * width];
                        x[t * 8 * width + row]
                            + own.iter().zip(&h).map(|(a, b)| a * b).sum::<f32>()
                    })
                    .collect();
                for i in 0..width {
                    let gate = |k: usize| gates[k * width + i];
                    c[i] = sigmoid(gate(1)) * c[i] + sigmoid(gate(0)) * gate(2).tanh();
                    h[i] = sigmoid(gate(3)) * c[i].tanh();
                }
                y[(2 * t + backward) * width..][..width].copy_from_slice(&h);
            }
        }
        y
    }

    #[test]
    fn lanes_give_what_one_pass_gives() {
        let width = 16;
        let weights = [noise(4 * width * width, 3), noise(4 * width * width, 4)];
        let [forward, backward] = weights.each_ref().map(|w| matrix(w, width));
        let lstm = BiLstm::new([&forward, &backward]).unwrap();
        for n in [0, 1, 2, 47, 48, 49, 97, 700, 4000] {
            let x: Vec<f32> = noise(n * 8 * width, 9).iter().map(|x| 4.0 * x).collect();
            let (mut scratch, mut y) = (BiLstmScratch::default(), Vec::new());
            let row = 8 * width;
            // Two sequences, each on its own.
            let cut = n / 3;
            lstm.run(
                Kernel::detect(),
                &[0..cut, cut..n],
                &mut scratch,
                &mut y,
                |side, rows, input| {
                    input.clear();
                    for &token in rows {
                        input.extend_from_slice(
                            &x[token * row + side * row / 2..][..row / 2],
                        );
                    }
                },
            );
            let (first, second) = x.split_at(cut * row);
            let wanted = [first, second].map(|x| plainly(x, width, &weights)).concat();
            assert_eq!(y.len(), wanted.len());
            for (i, (a, b)) in y.iter().zip(&wanted).enumerate() {
                assert!((a - b).abs() < 1e-4, "{n} tokens, float {i}: {a} and {b}");
            }
        }
    }

    #[test]
    fn weights_that_do_not_fit_are_refused() {
        let new = |[rows, columns]: [usize; 2], [others, width]: [usize; 2]| {
            let one = matrix(&vec![0.0; rows * columns], columns);
            BiLstm::new([&one, &matrix(&vec![0.0; others * width], width)])
        };
        assert!(new([64, 16], [64, 16]).is_ok());
        assert!(new([64, 16], [64, 15]).is_err());
        assert!(new([64, 15], [64, 15]).is_err());
        assert!(new([48, 12], [48, 12]).is_err());
    }
}
