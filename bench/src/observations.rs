//! Writes what the learned tagger is told about every token of a folder of texts.
//!
//! ```text
//! cargo run --release -p according-bench --bin observations -- FOLDER OUT
//! ```
//!
//! `OUT.jsonl` gets a line a text, `OUT.f32` a row a token, little-endian: its tensor, its
//! entity tensor and its static vector.

#![allow(clippy::print_stderr, reason = "printing is what it is for")]

use std::fs;
use std::io::Write as _;

use according::annotate::attribution;
use according::article::{Metadata, plain};
use according_model::Store;
use according_nlp::{CodePoints, Doc, Pipeline};
use anyhow::{Context as _, Result};
use serde_json::json;

fn main() -> Result<()> {
    let args: Vec<_> = std::env::args().skip(1).collect();
    let [folder, out] = args.as_slice() else {
        anyhow::bail!("usage: observations FOLDER OUT");
    };
    let installed = Store::of_user()?.find("en_core_web_md")?;
    let mut files = installed.context("run 'according model install' first")?.open()?;
    let pipeline = Pipeline::load(&mut |name| files.read(name))?;
    let mut worker = pipeline.worker();
    let mut names: Vec<_> =
        fs::read_dir(folder)?.map(|e| Ok(e?.path())).collect::<Result<Vec<_>>>()?;
    names.retain(|p| p.extension().is_some_and(|e| e == "txt"));
    names.sort();
    let mut lines = std::io::BufWriter::new(fs::File::create(format!("{out}.jsonl"))?);
    let mut tensor = std::io::BufWriter::new(fs::File::create(format!("{out}.f32"))?);
    let (mut n, mut floats) = (0, Vec::new());
    for path in names {
        let text = fs::read_to_string(&path)?;
        let article = plain::read(text, Metadata::default());
        let blocks: Vec<_> = article.blocks.iter().map(|block| block.span).collect();
        let doc: Doc = worker.parse_blocks(&article.text, &blocks);
        let points = CodePoints::new(&article.text);
        let lesson = attribution::lesson(&article, &doc);
        let spans: Vec<_> = doc.tokens().map(|t| points.of(t.span())).collect();
        let candidates: Vec<_> = lesson
            .candidates
            .iter()
            .map(|c| {
                let ranges: Vec<_> = c.content.iter().map(|r| [r.start, r.end]).collect();
                json!({
                    "pattern": c.pattern, "confidence": c.confidence, "head": c.head,
                    "cue": c.cue, "content": ranges, "class": c.class,
                    "source": c.source.as_ref().map(|(h, r)| [*h, r.start, r.end]),
                })
            })
            .collect();
        let heads: Vec<_> = doc.tokens().map(|t| t.head().index()).collect();
        let sentences: Vec<_> =
            doc.tokens().map(|t| doc.sentence_of(t.index()).index()).collect();
        let upos: Vec<_> = doc.tokens().map(|t| t.upos().as_str()).collect();
        let line = json!({
            "id": path.file_stem().unwrap().to_string_lossy(),
            "spans": spans, "heads": heads, "sentences": sentences,
            "words": doc.tokens().map(|t| t.text()).collect::<Vec<_>>(),
            "lemmas": doc.tokens().map(|t| t.lemma()).collect::<Vec<_>>(),
            "upos": upos, "blocks": lesson.blocks, "quotations": lesson.quotations,
            "rows": lesson.observations, "candidates": candidates,
        });
        writeln!(lines, "{line}")?;
        for token in doc.tokens() {
            floats.clear();
            for rows in [doc.tensor(), doc.ner_tensor()] {
                let width = rows.len() / doc.len();
                floats.extend_from_slice(&rows[token.index() * width..][..width]);
            }
            doc.append_vector(doc.vector_of(token.text()), &mut floats);
            for x in &floats {
                tensor.write_all(&x.to_le_bytes())?;
            }
        }
        n += doc.len();
    }
    eprintln!("{n} tokens");
    Ok(())
}
