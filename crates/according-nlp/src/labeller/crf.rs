//! A linear-chain conditional random field (Lafferty, McCallum and Pereira 2001).

/// Scores of one label after another.
#[derive(Debug)]
pub(super) struct Crf {
    /// Score of each label at the first token.
    pub(super) start: Vec<f32>,
    /// `[from][to]`, row-major.
    pub(super) transitions: Vec<f32>,
}

/// What is less likely than this does not happen. Keeps impossible transitions finite.
const NEVER: f32 = -1e4;

impl Crf {
    /// The likeliest labels for tokens whose labels have the scores `emissions`, a row a
    /// token (Viterbi 1967).
    pub(super) fn best(&self, emissions: &[f32]) -> Vec<u8> {
        let k = self.start.len();
        let n = emissions.len() / k;
        let mut from = vec![0u8; n * k];
        let mut score = self.start.clone();
        let mut next = vec![0.0f32; k];
        for (t, row) in emissions.chunks_exact(k).enumerate() {
            if t == 0 {
                score.iter_mut().zip(row).for_each(|(s, e)| *s = s.max(NEVER) + e);
                continue;
            }
            for to in 0..k {
                let mut best = (f32::NEG_INFINITY, 0);
                for (label, s) in score.iter().enumerate() {
                    let s = s + self.transitions[label * k + to].max(NEVER);
                    if s > best.0 {
                        best = (s, label);
                    }
                }
                next[to] = best.0 + row[to];
                from[t * k + to] = best.1 as u8;
            }
            std::mem::swap(&mut score, &mut next);
        }
        let mut labels = vec![0u8; n];
        let mut at = crate::nn::ops::argmax(&score);
        for t in (0..n).rev() {
            labels[t] = at as u8;
            at = usize::from(from[t * k + at]);
        }
        labels
    }

    /// The probability of each label at each token, a row a token: the forward-backward
    /// algorithm, with every step scaled to sum to one.
    pub(super) fn marginals(&self, emissions: &[f32]) -> Vec<f32> {
        let k = self.start.len();
        let n = emissions.len() / k;
        let likely: Vec<f32> = self.transitions.iter().map(|t| t.exp()).collect();
        let scaled = |row: &mut [f32]| {
            let sum: f32 = row.iter().sum();
            if sum > 0.0 {
                row.iter_mut().for_each(|x| *x /= sum);
            } else {
                row.fill(1.0 / k as f32);
            }
        };
        // Emissions as factors, the greatest of each token being one.
        let mut factors = emissions.to_vec();
        for row in factors.chunks_exact_mut(k) {
            let greatest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            row.iter_mut().for_each(|x| *x = (*x - greatest).exp());
        }
        let mut forward = factors.clone();
        for t in 0..n {
            let (before, row) = forward.split_at_mut(t * k);
            let row = &mut row[..k];
            match t {
                0 => row.iter_mut().zip(&self.start).for_each(|(x, s)| *x *= s.exp()),
                _ => {
                    let before = &before[(t - 1) * k..];
                    for (to, x) in row.iter_mut().enumerate() {
                        *x *= (0..k).map(|l| before[l] * likely[l * k + to]).sum::<f32>();
                    }
                }
            }
            scaled(row);
        }
        let mut backward = vec![1.0f32; k];
        let mut weighted = vec![0.0f32; k];
        for t in (0..n).rev() {
            let row = &mut forward[t * k..(t + 1) * k];
            row.iter_mut().zip(&backward).for_each(|(x, b)| *x *= b);
            scaled(row);
            for ((w, b), f) in weighted.iter_mut().zip(&backward).zip(&factors[t * k..]) {
                *w = b * f;
            }
            for (from, b) in backward.iter_mut().enumerate() {
                let row = &likely[from * k..(from + 1) * k];
                *b = row.iter().zip(&weighted).map(|(l, w)| l * w).sum();
            }
            scaled(&mut backward);
        }
        forward
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crf() -> Crf {
        Crf {
            start: vec![0.3, -0.2, -1e4],
            transitions: vec![0.5, -0.3, -1e4, 0.1, 0.2, 0.9, -0.4, 0.0, 0.6],
        }
    }

    /// Every labelling of the tokens with its score.
    fn all(crf: &Crf, emissions: &[f32]) -> Vec<(Vec<u8>, f64)> {
        let n = emissions.len() / 3;
        (0..3usize.pow(n as u32))
            .map(|code| {
                let labels: Vec<usize> =
                    (0..n).map(|t| code / 3usize.pow(t as u32) % 3).collect();
                let score = |t: usize| {
                    let before = match t {
                        0 => crf.start[labels[0]],
                        _ => crf.transitions[labels[t - 1] * 3 + labels[t]],
                    };
                    f64::from(before) + f64::from(emissions[t * 3 + labels[t]])
                };
                let sum = (0..n).map(score).sum();
                (labels.iter().map(|&l| l as u8).collect(), sum)
            })
            .collect()
    }

    #[test]
    fn best_and_marginals_are_those_of_all_labellings() {
        let crf = crf();
        let emissions =
            [0.1, 1.4, 0.2, -0.5, 0.3, 0.9, 2.0, 0.1, 1.5, 0.0, 0.0, 0.4, 1.0, 0.9, 0.8];
        let all = all(&crf, &emissions);
        let best = all.iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
        assert_eq!(crf.best(&emissions), best.0);
        let total: f64 = all.iter().map(|(_, s)| s.exp()).sum();
        let marginals = crf.marginals(&emissions);
        for t in 0..5 {
            for label in 0..3 {
                let with: f64 = all
                    .iter()
                    .filter(|(labels, _)| labels[t] == label as u8)
                    .map(|(_, s)| s.exp())
                    .sum();
                let found = f64::from(marginals[t * 3 + label]);
                assert!((found - with / total).abs() < 1e-5, "{t} {label}");
            }
        }
    }

    #[test]
    fn nothing_and_nonsense_are_read() {
        let crf = crf();
        assert!(crf.best(&[]).is_empty() && crf.marginals(&[]).is_empty());
        let wild = [1e30, -1e30, 0.0, -1e30, -1e30, -1e30];
        assert_eq!(crf.best(&wild).len(), 2);
        assert!(crf.marginals(&wild).iter().all(|p| (0.0..=1.0).contains(p)));
    }
}
