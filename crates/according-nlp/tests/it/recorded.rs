//! Every field of every token is what spaCy 3.8.18 gives. `tests/spacy/record.py` made the
//! recordings, from the reports in `examples/` and from a list of odd texts.

use according_nlp::{CodePoints, Doc, Kernel, Pipeline};
use serde_json::{Value, json};

use crate::{load, md};

struct Recorded {
    id: String,
    text: String,
    tokens: Vec<Value>,
}

fn recorded(lines: &str) -> impl Iterator<Item = Recorded> {
    lines.lines().map(|line| {
        let value: Value = serde_json::from_str(line).expect("recordings are JSON lines");
        let string = |key: &str| value[key].as_str().expect("a string").to_owned();
        let tokens = value["tokens"].as_array().expect("a list").clone();
        Recorded { id: string("id"), text: string("text"), tokens }
    })
}

/// The tokens of `doc` as they are recorded.
fn fields(doc: &Doc) -> Vec<Value> {
    let points = CodePoints::new(doc.text());
    let row = |t: according_nlp::Token<'_>| {
        let [start, end] = points.of(t.span());
        json!([
            start,
            end,
            t.tag(),
            t.upos().as_str(),
            t.lemma(),
            t.morph(),
            t.head().index(),
            t.dep(),
            u8::from(t.is_sent_start()),
            t.ent_iob().as_str(),
            t.ent_type()
        ])
    };
    doc.tokens().map(row).collect()
}

fn same_as_spacy(pipeline: &Pipeline, lines: &str, only: impl Fn(&str) -> bool) {
    let mut worker = pipeline.worker();
    let mut n_texts = 0;
    for recorded in recorded(lines).filter(|r| only(&r.id)) {
        let ours = fields(&worker.parse(&recorded.text));
        for (i, (ours, spacy)) in ours.iter().zip(&recorded.tokens).enumerate() {
            assert_eq!(ours, spacy, "{}, token {i}", recorded.id);
        }
        assert_eq!(
            ours.len(),
            recorded.tokens.len(),
            "{}: number of tokens",
            recorded.id
        );
        n_texts += 1;
    }
    assert!(n_texts > 0, "no recording was compared");
}

#[test]
fn md_is_the_same() {
    same_as_spacy(md(), include_str!("../spacy/md.jsonl"), |_| true);
}

#[test]
fn sm_is_the_same() {
    let sm = load("sm", Kernel::detect());
    same_as_spacy(&sm, include_str!("../spacy/sm.jsonl"), |_| true);
}

#[test]
fn every_kernel_is_the_same() {
    for &kernel in Kernel::available() {
        // The portable kernel takes its time, so it gets the shorter texts only.
        let odd = |id: &str| kernel != Kernel::Portable || id.starts_with("odd");
        same_as_spacy(&load("md", kernel), include_str!("../spacy/md.jsonl"), odd);
    }
}
