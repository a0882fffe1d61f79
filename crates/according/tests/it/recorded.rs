//! Parses of the texts that tests read, recorded so that the tests need no model.
//!
//! `tests/recorded/parses.jsonl` holds one block of text a line with its tokens, in the form
//! of `according parse --format jsonl`. After a text was changed or added, record anew:
//!
//! ```text
//! ACCORDING_TEST_MODEL=FOLDER cargo test -p according --test it record
//! ```
//!
//! where `FOLDER` is an unpacked spaCy pipeline, `en_core_web_md` 3.8.

#![allow(
    clippy::disallowed_methods,
    reason = "the tests read texts, parses and a model from files"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::{env, fs, io};

use according::article::plain;
use according::{Article, BlockKind, Metadata};
use according_nlp::{
    CodePoints, Doc, DocBuilder, EntIob, Pipeline, Span, TokenSpec, Upos,
};
use serde_json::{Value, json};

use crate::attribution;
use crate::event;
use crate::markdown::cases;
use crate::time;

/// The pipeline that made the recorded parses.
pub(crate) const PIPELINE: &str = "en_core_web_md 3.8.0";

/// The parse of an article, as the pipeline would give it.
pub(crate) fn parse(article: &Article) -> Doc {
    let mut doc = DocBuilder::new(&article.text);
    let mut first = 0;
    for span in parsed_blocks(article) {
        let text = &article.text[span.range()];
        let recorded = RECORDED.get(text);
        let tokens =
            recorded.unwrap_or_else(|| panic!("no parse of {text:?}: record it"));
        push_tokens(&mut doc, text, tokens, span.start as usize, first);
        first += tokens.len();
    }
    doc.finish().unwrap()
}

/// Adds recorded tokens of `text`, which begins at byte `start` and token `first` of `doc`.
pub(crate) fn push_tokens(
    doc: &mut DocBuilder,
    text: &str,
    tokens: &[Value],
    start: usize,
    first: usize,
) {
    let points = CodePoints::new(text);
    let byte = |v: &Value| points.to_byte(number(v)).unwrap() + start;
    for t in tokens {
        let text = |i: usize| t[i].as_str().unwrap();
        doc.push(TokenSpec {
            span: byte(&t[0])..byte(&t[1]),
            tag: text(2),
            upos: Upos::from_name(text(3)).unwrap(),
            lemma: text(4),
            morph: text(5),
            head: first + number(&t[6]),
            dep: text(7),
            sent_start: number(&t[8]) == 1,
            ent_iob: match text(9) {
                "B" => EntIob::B,
                "I" => EntIob::I,
                _ => EntIob::O,
            },
            ent_type: text(10),
        });
    }
}

/// The articles of `examples/`, with their file names.
pub(crate) fn examples() -> Vec<(String, Article)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "txt"));
    files.sort();
    let read = |file: &PathBuf| {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        (name, plain::read(fs::read_to_string(file).unwrap(), Metadata::default()))
    };
    files.iter().map(read).collect()
}

fn parsed_blocks(article: &Article) -> impl Iterator<Item = Span> + '_ {
    let parsed = article.blocks.iter().filter(|b| b.kind != BlockKind::Boilerplate);
    parsed.map(|b| b.span)
}

fn number(value: &Value) -> usize {
    value.as_u64().unwrap() as usize
}

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded/parses.jsonl")
}

static RECORDED: LazyLock<BTreeMap<String, Vec<Value>>> = LazyLock::new(|| {
    let text = fs::read_to_string(file()).unwrap_or_default();
    let parses = text.lines().map(|line| {
        let mut line: Value = serde_json::from_str(line).unwrap();
        let tokens = line["tokens"].as_array_mut().map(std::mem::take);
        (line["text"].as_str().unwrap().to_owned(), tokens.unwrap())
    });
    parses.collect()
});

/// Writes the parses anew when a model is given; otherwise sees that none is missing.
#[test]
fn record() {
    let suite = cases("claim").into_iter();
    let read = |text: &str| plain::read(text.to_owned(), Metadata::default());
    let articles = suite.map(|case| read(case.fence("article").unwrap()));
    let articles = articles.chain(examples().into_iter().map(|(_, article)| article));
    let articles = articles
        .chain(cases("attribution").into_iter().map(|case| attribution::article(&case)))
        .chain(
            ["time", "place", "coreference", "event"]
                .into_iter()
                .flat_map(cases)
                .map(|case| time::article(&case)),
        )
        .chain(event::examples().map(|example| event::article(example.text)));
    let mut texts = BTreeSet::new();
    for article in articles {
        texts.extend(parsed_blocks(&article).map(|s| article.text[s.range()].to_owned()));
    }
    let Ok(model) = env::var("ACCORDING_TEST_MODEL") else {
        let missing = texts.iter().find(|t| !RECORDED.contains_key(*t));
        assert_eq!(missing, None, "not recorded yet");
        return;
    };
    let pipeline =
        Pipeline::load(&mut |path| match fs::read(Path::new(&model).join(path)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e.to_string()),
        })
        .unwrap();
    assert_eq!(pipeline.name(), PIPELINE);
    let mut worker = pipeline.worker();
    let line = |text: &String| {
        let doc = worker.parse(text);
        format!("{}\n", json!({ "text": text, "tokens": tokens(text, &doc) }))
    };
    let lines: String = texts.iter().map(line).collect();
    fs::write(file(), lines).unwrap();
}

fn tokens(text: &str, doc: &Doc) -> Vec<Value> {
    let points = CodePoints::new(text);
    let token = |t: according_nlp::Token<'_>| {
        let [start, end] = points.of(t.span());
        let iob = match t.ent_iob() {
            EntIob::B => "B",
            EntIob::I => "I",
            EntIob::O => "O",
        };
        json!([
            start,
            end,
            t.tag(),
            t.upos().as_str(),
            t.lemma(),
            t.morph(),
            t.head().index(),
            t.dep(),
            usize::from(t.is_sent_start()),
            iob,
            t.ent_type()
        ])
    };
    doc.tokens().map(token).collect()
}
