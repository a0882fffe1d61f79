//! Learns `crates/according/data/en/factuality_weight.tsv` from people's judgements of events,
//! and measures the factuality of events against them.
//!
//! ```text
//! cargo run --release -p according-bench --bin factuality -- learn PIPELINE train.jsonl > factuality_weight.tsv
//! cargo run --release -p according-bench --bin factuality -- score PIPELINE dev.jsonl
//! ```
//!
//! `PIPELINE` is a folder or wheel of the language pipeline. A line of the judgements holds a
//! `text`, whose words are set apart by single spaces, and its `targets`: `span1`, the words
//! from and to, and `label`, the mean judgement from −3 to 3. Every text is read as
//! `according read` reads it; the token that the first word's last character lies in is
//! the event. `learn` tells Pearson's correlation on each fifth of the lines, learned from the
//! others. The same input gives the same table.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "printing is what it is for"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use according::annotate::event::factuality;
use according::article::{Metadata, plain};
use according_nlp::Pipeline;
use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

/// Observations seen less often are left out.
const SEEN: usize = 4;

/// Weights smaller than this change nothing and are left out.
const SMALLEST: f64 = 0.015;

/// How strongly weights are drawn to zero.
const PULL: f64 = 12.0;

/// Rounds over all weights.
const ROUNDS: usize = 60;

/// Parts of the lines that are held out in turn.
const PARTS: usize = 5;

#[derive(Deserialize)]
struct Line {
    text: String,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    span1: [usize; 2],
    label: f64,
}

/// An event with what is observed about it, what people judged and what is read.
struct Example {
    part: usize,
    observed: Vec<(&'static str, String)>,
    judged: f64,
    read: f64,
}

fn main() -> Result<()> {
    let args: Vec<_> = std::env::args().skip(1).collect();
    let [command, pipeline, file] = args.as_slice() else {
        bail!("usage: factuality learn|score PIPELINE JSONL");
    };
    let examples = examples(Path::new(pipeline), Path::new(file))?;
    match command.as_str() {
        "learn" => learn(&examples),
        "score" => {
            let pairs: Vec<_> = examples.iter().map(|e| (e.read, e.judged)).collect();
            let (r, mae) = (pearson(&pairs), mean_error(&pairs));
            println!(
                "{} events: Pearson's r {r:.3}, mean absolute error {mae:.3}",
                pairs.len()
            );
        }
        other => bail!("{other:?} is neither learn nor score"),
    }
    Ok(())
}

fn examples(pipeline: &Path, file: &Path) -> Result<Vec<Example>> {
    let mut files = according_model::Files::open(pipeline)?;
    let pipeline = Pipeline::load(&mut |name| files.read(name))?;
    let mut worker = pipeline.worker();
    let mut found = Vec::new();
    let lines = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    for (number, line) in lines.lines().enumerate() {
        let line: Line = serde_json::from_str(line)?;
        let starts: Vec<usize> = line
            .text
            .split(' ')
            .scan(0, |next, word| {
                let start = *next;
                *next += word.len() + 1;
                Some(start)
            })
            .collect();
        let article = plain::read(line.text, Metadata::default());
        let blocks: Vec<_> = article.blocks.iter().map(|block| block.span).collect();
        let doc = worker.parse_blocks(&article.text, &blocks);
        for target in &line.targets {
            let start = *starts.get(target.span1[0]).context("no such word")?;
            let end =
                starts.get(target.span1[0] + 1).map_or(article.text.len(), |e| e - 1);
            let at = doc.tokens().find(|t| t.span().end as usize >= end.max(start + 1));
            let Some(token) = at.or_else(|| doc.tokens().last()) else { continue };
            let mut observed = Vec::new();
            factuality::observe(token, &mut |name, value| {
                if !value.contains(['\t', '\n', '\r']) {
                    observed.push((name, value.to_owned()));
                }
            });
            observed.sort();
            observed.dedup();
            found.push(Example {
                part: number % PARTS,
                observed,
                judged: target.label,
                read: f64::from(factuality::factuality(token)),
            });
        }
    }
    Ok(found)
}

fn learn(examples: &[Example]) {
    let mut all = Vec::new();
    for part in 0..PARTS {
        let rest: Vec<_> = examples.iter().filter(|e| e.part != part).collect();
        let weights = regress(&rest);
        let held = examples.iter().filter(|e| e.part == part);
        all.extend(held.map(|e| {
            let sum: f64 = e
                .observed
                .iter()
                .filter_map(|(name, value)| weights.get(&(*name, value.as_str())))
                .sum();
            (sum.clamp(-3.0, 3.0), e.judged)
        }));
    }
    let (r, mae) = (pearson(&all), mean_error(&all));
    eprintln!("{} events: Pearson's r {r:.3}, mean absolute error {mae:.3}", all.len());
    println!("name\tvalue\tweight");
    for ((name, value), weight) in regress(&examples.iter().collect::<Vec<_>>()) {
        if weight.abs() >= SMALLEST {
            println!("{name}\t{value}\t{weight:.2}");
        }
    }
}

/// Ridge regression by coordinate descent: the best value for each weight in turn.
fn regress<'e>(examples: &[&'e Example]) -> BTreeMap<(&'static str, &'e str), f64> {
    let mut seen: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (number, example) in examples.iter().enumerate() {
        for (name, value) in &example.observed {
            seen.entry((*name, value.as_str())).or_default().push(number);
        }
    }
    seen.retain(|_, examples| examples.len() >= SEEN);
    let mut weights: BTreeMap<_, f64> = seen.keys().map(|name| (*name, 0.0)).collect();
    let mut left: Vec<f64> = examples.iter().map(|e| e.judged).collect();
    for _ in 0..ROUNDS {
        for ((name, weight), examples) in weights.iter_mut().zip(seen.values()) {
            let pull = if name.0 == "bias" { 0.0 } else { PULL };
            let sum: f64 = examples.iter().map(|&e| left[e] + *weight).sum();
            let best = sum / (examples.len() as f64 + pull);
            for &example in examples {
                left[example] -= best - *weight;
            }
            *weight = best;
        }
    }
    weights
}

fn pearson(pairs: &[(f64, f64)]) -> f64 {
    let n = pairs.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / n;
    let (mx, my) = (mean(|p| p.0), mean(|p| p.1));
    let sum = |of: &dyn Fn(f64, f64) -> f64| -> f64 {
        pairs.iter().map(|p| of(p.0 - mx, p.1 - my)).sum()
    };
    sum(&|x, y| x * y) / (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt()
}

fn mean_error(pairs: &[(f64, f64)]) -> f64 {
    pairs.iter().map(|(x, y)| (x - y).abs()).sum::<f64>() / pairs.len() as f64
}
