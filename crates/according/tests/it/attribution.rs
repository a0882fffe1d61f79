//! Who says what, as the suite says, on spaCy's recorded parses of the suite's own sentences.
//!
//! `tests/recorded/attribution.jsonl` has one line for each article of the suite, in the
//! form of `according parse --format jsonl`; every paragraph was parsed on its own.

#![allow(clippy::disallowed_methods, reason = "the test reads its recorded parses")]

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use according::annotate::attribution::{self, Attribution};
use according::{Article, Block, BlockKind};
use according_nlp::{Doc, DocBuilder, Span};
use serde_json::Value;

use crate::markdown::{Case, cases};
use crate::recorded::push_tokens;

#[test]
fn suite() {
    let cases = cases("attribution");
    assert!(cases.len() > 50, "the suite is not where it should be");
    let parses = recorded();
    let wrong: Vec<_> = cases.iter().filter_map(|case| failure(case, &parses)).collect();
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

fn failure(case: &Case, parses: &HashMap<String, Value>) -> Option<String> {
    let text = case.fence("article").expect("every case has an article").trim_end();
    let parse =
        parses.get(text).unwrap_or_else(|| panic!("{}: no recorded parse", case.name));
    let article =
        Article { text: text.to_owned(), blocks: paragraphs(text), ..Article::default() };
    let doc = document(text, parse);
    let found: Vec<_> =
        attribution::find(&article, &doc).iter().map(|a| row(text, a)).collect();
    let expected = case.fence("claims").expect("every case has claims");
    let expected: Vec<_> = expected.lines().map(str::to_owned).collect();
    (found != expected).then(|| {
        let name = &case.name;
        format!(
            "{name}\n  expected\n    {}\n  found\n    {}",
            expected.join("\n    "),
            found.join("\n    ")
        )
    })
}

/// Source, cue and content between bars.
fn row(text: &str, attribution: &Attribution) -> String {
    let words = |spans: &[Span]| match spans {
        [] => "-".to_owned(),
        spans => {
            let pieces: Vec<_> = spans.iter().map(|&span| &text[span]).collect();
            pieces.join(" … ").split_whitespace().collect::<Vec<_>>().join(" ")
        }
    };
    let Attribution { source, cue, content, .. } = attribution;
    format!("{} | {} | {}", words(source), words(cue), words(content))
}

fn paragraphs(text: &str) -> Vec<Block> {
    let mut start = 0;
    let mut blocks = Vec::new();
    for paragraph in text.split("\n\n") {
        let span = Span::new(start, start + paragraph.len());
        blocks.push(Block { kind: BlockKind::Paragraph, span });
        start += paragraph.len() + 2;
    }
    blocks
}

fn recorded() -> HashMap<String, Value> {
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded/attribution.jsonl");
    let lines = fs::read_to_string(file).unwrap();
    lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|parse| (parse["text"].as_str().unwrap().to_owned(), parse))
        .collect()
}

fn document(text: &str, parse: &Value) -> Doc {
    let mut doc = DocBuilder::new(text);
    push_tokens(&mut doc, text, parse["tokens"].as_array().unwrap(), 0, 0);
    doc.finish().unwrap()
}
