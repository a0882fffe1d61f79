//! How well reports are read: against PolNeAR, and against reports whose claims are annotated.
//!
//! ```text
//! cargo run --release -p according-bench --bin accuracy -- PIPELINE
//!     [--polnear FOLDER]… [--claims FOLDER]… [--gold-attributions] [--misses FILE] [--json]
//! ```
//!
//! `PIPELINE` is a folder or wheel of the language pipeline. A PolNeAR folder holds `text` and
//! `attributions`, a claims folder `text` and `gold`; several of one sort count as one
//! collection. Every figure comes with the counts behind it and with the interval that holds
//! it in 95 % of 1000 draws of as many articles.
//!
//! * `--gold-attributions`: annotated source, cue and content are given, so that the figures
//!   on claims tell of everything but finding them.
//! * `--misses FILE`: writes everything that was read wrong, with its sentences, as Markdown.
//!   The sentences belong to their publishers; keep the file to yourself.
//! * `--json`: all figures for programs.
//!
//! A kind of attribution is told by its annotation: `direct` begins with a quotation mark,
//! `mixed` holds one, `indirect` holds none; a speech verb is one of
//! [`attributions::SPEECH_VERBS`], by lemma, anywhere in the cue; speech and attitude are as
//! `data/en/cue.tsv` classes the words of the cue.

#![allow(clippy::print_stdout, reason = "printing is what it is for")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use according::annotate;
use according::article::{Article, Metadata, plain};
use according::report::{self, Options, Report};
use according_bench::gold::{claims as gold_claims, given, polnear};
use according_bench::misses::Teller;
use according_bench::score::{Counts, Tally, attributions, claims, intervals};
use according_nlp::{Doc, Pipeline, Worker};
use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};

fn main() -> Result<()> {
    let asked = Asked::new(std::env::args().skip(1))?;
    let mut files = according_model::Files::open(&asked.pipeline)?;
    let pipeline = Pipeline::load(&mut |name| files.read(name))?;
    let mut bench = Bench { worker: pipeline.worker(), misses: String::new() };
    let mut results = BTreeMap::new();
    if !asked.polnear.is_empty() {
        let result = Scored::new(bench.polnear(&asked.polnear)?);
        if !asked.json {
            polnear_table(&result);
        }
        results.insert("polnear", result.json());
    }
    if !asked.claims.is_empty() {
        let result = Scored::new(bench.claims(&asked.claims, asked.gold_attributions)?);
        if !asked.json {
            claims_table(&result);
        }
        results.insert("claims", result.json());
    }
    if asked.json {
        println!("{}", serde_json::to_string_pretty(&results)?);
    }
    if let Some(path) = &asked.misses {
        fs::write(path, bench.misses).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

/// What was asked for.
#[derive(Default)]
struct Asked {
    pipeline: PathBuf,
    polnear: Vec<PathBuf>,
    claims: Vec<PathBuf>,
    gold_attributions: bool,
    misses: Option<PathBuf>,
    json: bool,
}

impl Asked {
    fn new(args: impl Iterator<Item = String>) -> Result<Self> {
        let mut asked = Self::default();
        // Folders after a flag belong to it, until the next flag.
        let mut flag = String::new();
        for arg in args {
            match arg.as_str() {
                "--json" => asked.json = true,
                "--gold-attributions" => asked.gold_attributions = true,
                "--polnear" | "--claims" | "--misses" => flag = arg,
                unknown if unknown.starts_with("--") => bail!("no flag {unknown}"),
                path => match flag.as_str() {
                    "--polnear" => asked.polnear.push(path.into()),
                    "--claims" => asked.claims.push(path.into()),
                    "--misses" => asked.misses = Some(path.into()),
                    _ => asked.pipeline = path.into(),
                },
            }
        }
        ensure!(
            asked.pipeline != Path::new("")
                && !(asked.polnear.is_empty() && asked.claims.is_empty()),
            "usage: accuracy PIPELINE [--polnear FOLDER…] [--claims FOLDER…] \
             [--gold-attributions] [--misses FILE] [--json]"
        );
        Ok(asked)
    }
}

struct Bench<'p> {
    worker: Worker<'p>,
    misses: String,
}

impl Bench<'_> {
    fn polnear(&mut self, folders: &[PathBuf]) -> Result<Vec<Counts>> {
        let mut counts = Vec::new();
        for folder in folders {
            for gold in polnear::read(folder)? {
                let article = plain::read(gold.text.clone(), Metadata::default());
                let doc = report::parse(&mut self.worker, &article);
                let report = report::read_doc(article, &doc, "", &Options::default());
                counts.push(attributions::score(&gold, &doc, &report));
                let teller = Teller { name: &gold.name, doc: &doc };
                if let Some(first) = gold.annotations.first() {
                    let compared = attributions::compare(&gold, &doc, &report, first);
                    teller.attributions(&compared, &mut self.misses);
                }
            }
        }
        Ok(counts)
    }

    fn claims(&mut self, folders: &[PathBuf], given: bool) -> Result<Vec<Counts>> {
        let mut counts = Vec::new();
        for folder in folders {
            for gold in gold_claims::read(folder)? {
                let article = plain::read(gold.text.clone(), gold.metadata());
                let doc = report::parse(&mut self.worker, &article);
                let report = match given {
                    true => report_given(article, &doc, &gold.claims),
                    false => report::read_doc(article, &doc, "", &Options::default()),
                };
                let compared = claims::compare(&gold, &report);
                let teller = Teller { name: &gold.name, doc: &doc };
                teller.claims(&gold.claims, &compared, &mut self.misses);
                counts.push(compared.counts);
            }
        }
        Ok(counts)
    }
}

fn report_given(article: Article, doc: &Doc, gold: &[gold_claims::Claim]) -> Report {
    let attributions = given::attributions(&article, doc, gold);
    let annotations = annotate::annotate_attributions(&article, doc, attributions);
    report::from_annotations(article, annotations, "", &Options::default())
}

/// A collection with its figures.
struct Scored {
    articles: usize,
    sum: Counts,
    figures: BTreeMap<String, f64>,
    intervals: BTreeMap<String, [f64; 2]>,
}

impl Scored {
    fn new(articles: Vec<Counts>) -> Self {
        let sum = Counts::sum(&articles);
        Self {
            articles: articles.len(),
            figures: sum.figures(),
            intervals: intervals(&articles),
            sum,
        }
    }

    fn json(&self) -> Value {
        let figures: BTreeMap<&String, Value> = self
            .figures
            .iter()
            .map(|(name, value)| {
                (name, json!({"value": value, "ci95": self.intervals[name]}))
            })
            .collect();
        let counts: BTreeMap<&str, [f64; 4]> = self
            .sum
            .tallies
            .iter()
            .map(|(name, t)| (*name, [t.right, t.predicted, t.met, t.gold]))
            .collect();
        let calibration: Vec<[f64; 3]> = self
            .sum
            .calibration
            .bins
            .iter()
            .map(|b| [b.claims, b.expected(), b.observed()])
            .collect();
        json!({
            "articles": self.articles,
            "figures": figures,
            "counts (right, predicted, met, annotated)": counts,
            "calibration (claims, confidence, right)": calibration,
        })
    }

    fn interval(&self, name: &str) -> String {
        match self.intervals.get(name) {
            Some([low, high]) => format!("{:.1}–{:.1}", 100.0 * low, 100.0 * high),
            None => String::new(),
        }
    }

    /// A row with precision, recall and F1.
    fn both_ways(&self, label: &str, name: &str) {
        let tally = self.sum.tally(name);
        println!(
            "{label:<28} {:>6.1} {:>6.1} {:>6.1}   {:>11}   {:.1} of {:.1} read, {:.1} of {:.1} annotated",
            100.0 * tally.precision(),
            100.0 * tally.recall(),
            100.0 * tally.f1(),
            self.interval(&format!("{name}.f1")),
            tally.right,
            tally.predicted,
            tally.met,
            tally.gold,
        );
    }

    /// One cell: a share with its interval and counts.
    fn share(&self, name: &str) -> String {
        let Tally { met, gold, .. } = self.sum.tally(name);
        let share = 100.0 * self.sum.tally(name).recall();
        let interval = self.interval(&format!("{name}.r"));
        format!("{share:>6.1} {interval:>11} {:>15}", format!("{met:.1}/{gold:.1}"))
    }

    fn calibration(&self) {
        println!("\n{:<28} {:>8} {:>8} {:>8}", "confidence", "claims", "said", "right");
        for (i, bin) in self.sum.calibration.bins.iter().enumerate() {
            if bin.claims > 0.0 {
                println!(
                    "{:<28} {:>8.1} {:>7.1}% {:>7.1}%",
                    format!("0.{i}–{:.1}", (i + 1) as f64 / 10.0),
                    bin.claims,
                    100.0 * bin.expected(),
                    100.0 * bin.observed(),
                );
            }
        }
        println!(
            "{:<28} {:>8.1} %  {}\n",
            "expected calibration error",
            100.0 * self.figures["ece"],
            self.interval("ece"),
        );
    }
}

fn polnear_table(scored: &Scored) {
    println!("PolNeAR, {} articles\n", scored.articles);
    println!(
        "{:<28} {:>6} {:>6} {:>6}   {:>11}   counts",
        "", "P", "R", "F1", "95% of F1"
    );
    for (label, name) in [
        ("tokens of sources", "source"),
        ("tokens of cues", "cue"),
        ("tokens of contents", "content"),
        ("whole sources", "source.exact"),
        ("whole cues", "cue.exact"),
        ("whole contents", "content.exact"),
        ("attributions", "attr"),
        ("  and who is right", "who"),
        ("  and cues overlap", "attrcue"),
        ("  and all three exact", "allexact"),
    ] {
        scored.both_ways(label, name);
    }
    let alpha = scored.figures.get("alpha").copied().unwrap_or_default();
    println!(
        "{:<28} {:>20.1}   {:>11}",
        "alpha of tokens, × 100",
        100.0 * alpha,
        scored.interval("alpha")
    );
    recall(
        scored,
        &[
            ("direct", "direct", "direct.who"),
            ("mixed", "mixed", "mixed.who"),
            ("indirect", "indirect", "indirect.who"),
            ("speech verb", "speech-verb", "speech-verb.who"),
            ("other cue", "other-cue", "other-cue.who"),
            ("direct by speech verb", "direct-speech-verb", "direct-speech-verb.who"),
            ("speech in the lexicon", "lexicon-speech", "lexicon-speech.who"),
            ("attitude in the lexicon", "lexicon-attitude", "lexicon-attitude.who"),
            ("not in the lexicon", "lexicon-none", "lexicon-none.who"),
            ("no source", "no-source", "no-source.who"),
        ],
    );
    scored.calibration();
}

fn claims_table(scored: &Scored) {
    println!("Annotated reports, {} articles\n", scored.articles);
    println!(
        "{:<28} {:>6} {:>6} {:>6}   {:>11}   counts",
        "", "P", "R", "F1", "95% of F1"
    );
    for (label, name) in [
        ("claims", "found"),
        ("  speaker and chain right", "who+chain"),
        ("  every field right", "all"),
        ("hedges of claims found", "hedges"),
    ] {
        scored.both_ways(label, name);
    }
    println!("\n{:<28} {:>6} {:>11} {:>15}", "right among found", "", "95%", "counts");
    for name in claims::FIELDS {
        println!("{name:<28} {}", scored.share(name));
    }
    recall(scored, &claims::KINDS.map(|[found, who]| (found, found, who)));
    println!("{:<28} {}", "relayed, chain right", scored.share("relayed.chain"));
    scored.calibration();
}

/// How much of each kind is found, and with the right speaker.
fn recall(scored: &Scored, kinds: &[(&str, &str, &str)]) {
    let head = format!("{:>6} {:>11} {:>15}", "", "95%", "counts");
    println!("\n{:<28} {head} {head}", "annotated: found, who right");
    for (label, found, who) in kinds {
        println!("{label:<28} {} {}", scored.share(found), scored.share(who));
    }
}
