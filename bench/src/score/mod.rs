//! How what is read compares with what people annotated.
//!
//! Every comparison gives [`Counts`] for one article. Counts add up, so a collection is
//! scored by their sum, and how far chance could have moved the score is seen by drawing
//! articles again.

pub mod attributions;
pub mod calibration;
pub mod claims;

use std::collections::BTreeMap;

use calibration::Calibration;

/// What was compared in one article or several.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counts {
    /// By what is compared.
    pub tallies: BTreeMap<&'static str, Tally>,
    /// For every pair of labels the tokens that bear the one in the prediction and the other
    /// in the annotation: content, source, cue, none.
    pub labels: [[f64; 4]; 4],
    /// How often claims of each confidence are right.
    pub calibration: Calibration,
}

/// How much of what is predicted is right, and how much of what is annotated is met.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    /// Predictions that are right.
    pub right: f64,
    /// All predictions.
    pub predicted: f64,
    /// Annotations that are met.
    pub met: f64,
    /// All annotations.
    pub gold: f64,
}

impl Tally {
    /// So many hits among so many predictions and so many annotations.
    pub fn new(hits: usize, predicted: usize, gold: usize) -> Self {
        let hits = hits as f64;
        Self { right: hits, predicted: predicted as f64, met: hits, gold: gold as f64 }
    }

    /// Share of the predictions that are right.
    pub fn precision(self) -> f64 {
        ratio(self.right, self.predicted)
    }

    /// Share of the annotations that are met.
    pub fn recall(self) -> f64 {
        ratio(self.met, self.gold)
    }

    /// Harmonic mean of both.
    pub fn f1(self) -> f64 {
        let (p, r) = (self.precision(), self.recall());
        ratio(2.0 * p * r, p + r)
    }
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}

impl Counts {
    /// Adds one comparison under `name`.
    pub fn add(&mut self, name: &'static str, tally: Tally) {
        self.add_weighted(name, tally, 1.0);
    }

    /// Counts one more thing under `name`, and whether it is met.
    pub fn count(&mut self, name: &'static str, met: bool) {
        self.add(name, Tally::new(usize::from(met), 0, 1));
    }

    fn add_weighted(&mut self, name: &'static str, tally: Tally, weight: f64) {
        let sum = self.tallies.entry(name).or_default();
        sum.right += weight * tally.right;
        sum.predicted += weight * tally.predicted;
        sum.met += weight * tally.met;
        sum.gold += weight * tally.gold;
    }

    /// Adds all counts of `other`, each `weight` times.
    pub fn absorb(&mut self, other: &Self, weight: f64) {
        for (name, tally) in &other.tallies {
            self.add_weighted(name, *tally, weight);
        }
        for (row, other) in self.labels.iter_mut().zip(&other.labels) {
            for (sum, n) in row.iter_mut().zip(other) {
                *sum += weight * n;
            }
        }
        self.calibration.absorb(&other.calibration, weight);
    }

    /// The sum of several.
    pub fn sum<'c>(counts: impl IntoIterator<Item = &'c Self>) -> Self {
        let mut sum = Self::default();
        for one in counts {
            sum.absorb(one, 1.0);
        }
        sum
    }

    /// What was compared under `name`.
    pub fn tally(&self, name: &str) -> Tally {
        self.tallies.get(name).copied().unwrap_or_default()
    }

    /// Krippendorff's alpha over the labels of tokens; 0 when there are none.
    pub fn alpha(&self) -> f64 {
        let both = |i: usize, j: usize| self.labels[i][j] + self.labels[j][i];
        let of: [f64; 4] =
            std::array::from_fn(|i| (0..4).map(|j| both(i, j)).sum::<f64>());
        let n: f64 = of.iter().sum();
        if n < 2.0 {
            return 0.0;
        }
        let pairs = || (0..4).flat_map(|i| (0..4).map(move |j| (i, j)));
        let different = || pairs().filter(|(i, j)| i != j);
        let observed: f64 = different().map(|(i, j)| both(i, j)).sum();
        let expected: f64 = different().map(|(i, j)| of[i] * of[j]).sum::<f64>();
        if expected == 0.0 { 1.0 } else { 1.0 - observed / (expected / (n - 1.0)) }
    }

    /// Every figure by name: `.p`, `.r` and `.f1` of each tally, `alpha` and `ece`.
    pub fn figures(&self) -> BTreeMap<String, f64> {
        let mut figures = BTreeMap::new();
        for (name, tally) in &self.tallies {
            figures.insert(format!("{name}.r"), tally.recall());
            if tally.predicted > 0.0 {
                figures.insert(format!("{name}.p"), tally.precision());
                figures.insert(format!("{name}.f1"), tally.f1());
            }
        }
        if self.labels.iter().flatten().any(|n| *n > 0.0) {
            figures.insert("alpha".to_owned(), self.alpha());
        }
        figures.insert("ece".to_owned(), self.calibration.error());
        figures
    }
}

/// How often articles are drawn again.
const DRAWS: usize = 1000;

/// For each figure between which values it lies in 95 % of the draws, when as many articles
/// are drawn, with replacement, as there are. The same articles give the same interval.
pub fn intervals(articles: &[Counts]) -> BTreeMap<String, [f64; 2]> {
    let mut random = Random(1);
    let mut drawn: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for _ in 0..DRAWS {
        let draw = (0..articles.len()).map(|_| &articles[random.below(articles.len())]);
        for (name, value) in Counts::sum(draw).figures() {
            drawn.entry(name).or_default().push(value);
        }
    }
    let interval = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        let at =
            |share: f64| values[(share * (values.len() - 1) as f64).round() as usize];
        [at(0.025), at(0.975)]
    };
    drawn.into_iter().map(|(name, values)| (name, interval(values))).collect()
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        ((u128::from(z) * n as u128) >> 64) as usize
    }
}

/// Pairs predictions with annotations one to one, the closest first, when at least half of
/// what either covers is shared. `closeness` of a pair is intersection over union and
/// whatever decides between equals.
fn pair<K: PartialOrd>(
    predicted: usize,
    gold: usize,
    closeness: impl Fn(usize, usize) -> Option<(f64, K)>,
) -> Vec<(usize, usize)> {
    let all = (0..predicted).flat_map(|p| (0..gold).map(move |g| (p, g)));
    let mut close: Vec<_> = all
        .filter_map(|(p, g)| closeness(p, g).map(|c| (c, p, g)))
        .filter(|((iou, _), ..)| *iou >= 0.5)
        .collect();
    close.sort_by(|(a, ..), (b, ..)| {
        b.partial_cmp(a).unwrap_or(std::cmp::Ordering::Equal)
    });
    let (mut used_p, mut used_g) = (vec![false; predicted], vec![false; gold]);
    let mut pairs = Vec::new();
    for (_, p, g) in close {
        if !used_p[p] && !used_g[g] {
            (used_p[p], used_g[g]) = (true, true);
            pairs.push((p, g));
        }
    }
    pairs
}

/// Reports made by hand.
#[cfg(test)]
mod testing {
    use according::Article;
    use according::report::{Claim, Offsets, Options, Report, read_doc};
    use according_nlp::{Doc, DocBuilder};
    use serde_json::json;

    /// A report on `text` with claims of these sources, cues and contents, all by `Anna Holt`.
    pub(super) fn report(text: &str, claims: &[[&[Offsets]; 3]]) -> (Report, Doc) {
        let doc = DocBuilder::new(text).finish().expect("no token is wrong");
        let article = Article { text: text.to_owned(), ..Article::default() };
        let options = Options { claims: false, ..Options::default() };
        let mut report = read_doc(article, &doc, "", &options);
        let claims = claims.iter().enumerate().map(|(i, [source, cue, content])| {
            let holt =
                json!({"name": "Anna Holt", "entity": null, "kind": "person", "named": true});
            let mut hop = holt.clone();
            hop["cue"] = json!(cue);
            let mut speaker = holt;
            for (field, value) in [
                ("plural", json!(false)),
                ("role", json!(null)),
                ("place", json!(null)),
                ("reason_unnamed", json!(null)),
            ] {
                speaker[field] = value;
            }
            let claim = json!({
                "id": format!("C{i}"), "block": "paragraph", "content": content,
                "source": source, "cue": cue, "act": "speech", "mode": "indirect", "speaker": speaker,
                "chain": [hop], "parent": null, "stance": "neutral",
                "certainty": "certain", "polarity": "positive", "factuality": "CT+",
                "hedges": [], "times": [], "places": [], "entities": [], "events": [],
                "confidence": 0.75,
            });
            serde_json::from_value::<Claim>(claim).expect("a claim")
        });
        report.claims = claims.collect();
        (report, doc)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tallies_are_shares() {
        let tally = Tally::new(3, 4, 6);
        assert_eq!((tally.precision(), tally.recall()), (0.75, 0.5));
        assert!((tally.f1() - 0.6).abs() < 1e-9);
        assert_eq!(Tally::default().f1(), 0.0);
    }

    #[test]
    fn alpha_is_one_for_agreement_and_falls_with_chance() {
        let mut counts = Counts::default();
        counts.labels[0][0] = 5.0;
        counts.labels[3][3] = 5.0;
        assert!((counts.alpha() - 1.0).abs() < 1e-9);
        // 2 of 4 tokens differ; 20 values would pair by chance as 7 of 15 do.
        let mut counts = Counts::default();
        counts.labels[0][0] = 1.0;
        counts.labels[0][3] = 1.0;
        counts.labels[3][0] = 1.0;
        counts.labels[3][3] = 1.0;
        assert!((counts.alpha() - (1.0 - 4.0 / (32.0 / 7.0))).abs() < 1e-9);
    }

    #[test]
    fn intervals_hold_the_score_and_stay_the_same() {
        let article = |hits| {
            let mut counts = Counts::default();
            counts.add("found", Tally::new(hits, 10, 10));
            counts
        };
        let articles: Vec<Counts> = [2, 4, 5, 6, 8].map(article).into();
        let [low, high] = intervals(&articles)["found.f1"];
        assert!(0.2 < low && low < 0.5 && 0.5 < high && high < 0.8, "{low} {high}");
        assert_eq!(intervals(&articles), intervals(&articles));
        let same = [article(5), article(5)];
        assert_eq!(intervals(&same)["found.f1"], [0.5, 0.5]);
    }

    #[test]
    fn pairs_the_closest_first_and_each_once() {
        let iou = [[0.9, 0.6], [0.8, 0.4]];
        let pairs = pair(2, 2, |p, g| Some((iou[p][g], ())));
        assert_eq!(pairs, [(0, 0)]);
        let iou = [[0.7, 0.6], [0.8, 0.4]];
        assert_eq!(pair(2, 2, |p, g| Some((iou[p][g], ()))), [(1, 0), (0, 1)]);
    }
}
