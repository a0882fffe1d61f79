//! Learns `crates/according/data/en/weight.tsv` from PolNeAR.
//!
//! ```text
//! cargo run --release -p according-bench --bin weights -- PIPELINE POLNEAR/train > weight.tsv
//! ```
//!
//! `PIPELINE` is a folder or wheel of the language pipeline, `POLNEAR/train` the folder that
//! holds `text` and `attributions`. Every text is read as `according read` reads it; every
//! candidate that the patterns propose is right when an annotator marked it, and a logistic
//! regression over what is observed about the candidates gives the weights. The same input
//! gives the same table.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "printing is what it is for"
)]

use std::collections::BTreeMap;
use std::path::Path;

use according::annotate::attribution::{self, Attribution};
use according::article::{Metadata, plain};
use according_bench::gold::{in_bytes, polnear, shared, size};
use according_nlp::{CodePoints, Pipeline, Span};
use anyhow::Result;

/// Observations seen less often are left out.
const SEEN: usize = 4;

/// Weights smaller than this change nothing and are left out.
const SMALLEST: f64 = 0.03;

/// How strongly weights are drawn to zero.
const PULL: f64 = 1.0 / 0.3;

/// Rounds over all weights; they no longer move in the second decimal after these.
const ROUNDS: usize = 40;

fn main() -> Result<()> {
    let args: Vec<_> = std::env::args().skip(1).collect();
    let [pipeline, corpus] = args.as_slice() else {
        anyhow::bail!("usage: weights PIPELINE POLNEAR/train");
    };
    let mut files = according_model::Files::open(Path::new(pipeline))?;
    let pipeline = Pipeline::load(&mut |name| files.read(name))?;
    let mut worker = pipeline.worker();

    let mut examples = Examples::default();
    for gold in polnear::read(Path::new(corpus))? {
        let marked = marked(&gold);
        let article = plain::read(gold.text, Metadata::default());
        let blocks: Vec<_> = article.blocks.iter().map(|block| block.span).collect();
        let doc = worker.parse_blocks(&article.text, &blocks);
        for (candidate, features) in attribution::candidates(&article, &doc) {
            let quotes = features.iter().any(|f| f.name == "quoted" && f.value == "most");
            if let Some(right) = judge(&candidate, quotes, &marked) {
                let names = features.iter().map(|f| [f.name, f.value, f.pattern]);
                examples.add(names, right);
            }
        }
    }
    eprintln!("{} candidates, {} right", examples.right.len(), examples.n_right());
    examples.forget_rare();
    println!("name\tvalue\tpattern\tweight");
    for ([name, value, pattern], weight) in examples.learn() {
        if weight.abs() >= SMALLEST {
            println!("{name}\t{value}\t{pattern}\t{weight:.2}");
        }
    }
    Ok(())
}

/// What an annotator marked: cue and content, in bytes.
struct Marked {
    cue: Vec<Span>,
    content: Vec<Span>,
}

/// What the first annotator of an article marked.
fn marked(gold: &polnear::Article) -> Vec<Marked> {
    let points = CodePoints::new(&gold.text);
    let first = gold.annotations.first();
    let marked = first.into_iter().flat_map(|a| &a.attributions).map(|m| Marked {
        cue: in_bytes(&points, &m.cue),
        content: in_bytes(&points, &m.content),
    });
    marked.filter(|m| !m.content.is_empty()).collect()
}

/// Whether a candidate is right; `None` where the corpus cannot tell, because it does not
/// mark what lies inside a content.
///
/// The first part of a quotation counts as right: the rest is joined to it afterwards.
fn judge(candidate: &Attribution, quotes: bool, marked: &[Marked]) -> Option<bool> {
    let mut inside = false;
    for gold in marked {
        let both = shared(&candidate.content, &gold.content);
        if both == 0 {
            continue;
        }
        let same_cue = candidate.cue.is_empty()
            || gold.cue.is_empty()
            || shared(&candidate.cue, &gold.cue) > 0;
        let (own, its) = (size(&candidate.content), size(&gold.content));
        let begun = quotes && !gold.cue.is_empty() && both * 5 >= own * 4;
        if same_cue && (2 * both >= own + its - both || begun) {
            return Some(true);
        }
        inside |= shared(&candidate.cue, &gold.content) == size(&candidate.cue);
    }
    (!inside).then_some(false)
}

/// Candidates with what is observed about each.
#[derive(Default)]
struct Examples {
    names: BTreeMap<[String; 3], usize>,
    /// For each observation the examples that show it.
    seen: Vec<Vec<usize>>,
    right: Vec<bool>,
}

impl Examples {
    fn add<'f>(&mut self, features: impl Iterator<Item = [&'f str; 3]>, right: bool) {
        let example = self.right.len();
        self.right.push(right);
        for feature in features {
            if feature.iter().any(|cell| cell.contains(['\t', '\n', '\r'])) {
                continue;
            }
            let next = self.names.len();
            let id = *self.names.entry(feature.map(str::to_owned)).or_insert(next);
            if id == next {
                self.seen.push(Vec::new());
            }
            if self.seen[id].last() != Some(&example) {
                self.seen[id].push(example);
            }
        }
    }

    fn n_right(&self) -> usize {
        self.right.iter().filter(|&&right| right).count()
    }

    fn forget_rare(&mut self) {
        let seen = &self.seen;
        self.names.retain(|_, id| seen[*id].len() >= SEEN);
    }

    /// Logistic regression by coordinate descent: one Newton step for each weight in turn.
    fn learn(&self) -> Vec<([&str; 3], f64)> {
        let mut sums = vec![0f64; self.right.len()];
        let mut weights = vec![0f64; self.names.len()];
        for _ in 0..ROUNDS {
            for (weight, id) in weights.iter_mut().zip(self.names.values()) {
                let examples = &self.seen[*id];
                let (mut slope, mut bend) = (PULL * *weight, PULL);
                for &example in examples {
                    let likely = 1.0 / (1.0 + (-sums[example]).exp());
                    slope += likely - f64::from(u8::from(self.right[example]));
                    bend += likely * (1.0 - likely);
                }
                let step = (-slope / bend).clamp(-1.0, 1.0);
                *weight += step;
                for &example in examples {
                    sums[example] += step;
                }
            }
        }
        let names = self.names.keys().map(|name| name.each_ref().map(String::as_str));
        names.zip(weights).collect()
    }
}
