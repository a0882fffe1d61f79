//! What each layer costs, over the reports in `examples/`.
//!
//! ```text
//! cargo bench -p according-bench
//! ```

use std::sync::OnceLock;

use according::article::{Metadata, plain};
use according_nlp::{Pipeline, Span};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

fn pipeline() -> &'static Pipeline {
    static PIPELINE: OnceLock<Pipeline> = OnceLock::new();
    PIPELINE.get_or_init(|| {
        let mut files = according_model::testing::files("md");
        Pipeline::load(&mut |path| files.read(path)).expect("the pipeline is sound")
    })
}

/// The reports, each as one text.
fn texts() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("there are examples")
        .map(|entry| entry.expect("examples can be listed").path())
        .filter(|path| path.extension().is_some_and(|e| e == "txt"))
        .collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read_to_string(path).expect("text")).collect()
}

fn tokens(texts: &[String]) -> ItemsCount {
    let mut worker = pipeline().worker();
    ItemsCount::new(texts.iter().map(|text| worker.parse(text).len()).sum::<usize>())
}

/// Text to blocks.
#[divan::bench]
fn blocks(bencher: Bencher<'_, '_>) {
    let texts = texts();
    bencher.counter(tokens(&texts)).bench_local(|| {
        for text in &texts {
            black_box(plain::read(text.clone(), Metadata::default()));
        }
    });
}

/// The engine with what it remembers of these very texts.
#[divan::bench]
fn parse_warm(bencher: Bencher<'_, '_>) {
    let texts = texts();
    let mut worker = pipeline().worker();
    bencher.counter(tokens(&texts)).bench_local(move || {
        for text in &texts {
            black_box(worker.parse(text));
        }
    });
}

/// The engine when every word is new.
#[divan::bench]
fn parse_cold(bencher: Bencher<'_, '_>) {
    let texts = texts();
    bencher.counter(tokens(&texts)).with_inputs(|| pipeline().worker()).bench_local_refs(
        |worker| {
            for text in &texts {
                black_box(worker.parse(text));
            }
        },
    );
}

/// Everything above the engine: who claims what, and the report.
#[divan::bench]
fn annotate_and_report(bencher: Bencher<'_, '_>) {
    let texts = texts();
    let mut worker = pipeline().worker();
    let parsed: Vec<_> = texts
        .iter()
        .map(|text| {
            let article = plain::read(text.clone(), Metadata::default());
            let blocks: Vec<Span> =
                article.blocks.iter().map(|block| block.span).collect();
            let doc = worker.parse_blocks(&article.text, &blocks);
            (article, doc)
        })
        .collect();
    bencher.counter(tokens(&texts)).bench_local(|| {
        for (article, doc) in &parsed {
            black_box(according::read_doc(
                article.clone(),
                doc,
                pipeline().name(),
                &according::Options::default(),
            ));
        }
    });
}
