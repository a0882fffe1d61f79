//! Every entry of the list of events, by its own example.

use according::article::plain;
use according::{Article, Metadata, Options, read_doc};

use crate::recorded;

/// An entry with its example.
pub(crate) struct Example {
    pub(crate) text: &'static str,
    kind: &'static str,
    mode: &'static str,
}

pub(crate) fn examples() -> impl Iterator<Item = Example> {
    let rows = include_str!("../../data/en/event.tsv").lines().skip(1);
    rows.map(|row| {
        let fields: Vec<&str> = row.split('\t').collect();
        let [_, _, _, kind, mode, text] = fields[..] else { panic!("{row}") };
        Example { text, kind, mode }
    })
}

/// The example as a paragraph, below one that makes it none of the furniture.
pub(crate) fn article(text: &str) -> Article {
    let text = format!("The paper was printed as ever this week.\n\n{text}\n");
    plain::read(text, Metadata::default())
}

#[test]
fn every_entry_is_found_in_its_example() {
    let wrong: Vec<String> = examples().filter_map(|example| failure(&example)).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn failure(example: &Example) -> Option<String> {
    let article = article(example.text);
    let doc = recorded::parse(&article);
    let report = read_doc(article, &doc, recorded::PIPELINE, &Options::default());
    let found: Vec<(&str, &str)> = report
        .events
        .iter()
        .map(|e| (e.kind.as_str(), e.mode.as_deref().unwrap_or_default()))
        .collect();
    let right = match example.kind {
        "none" => found.is_empty(),
        kind => found.contains(&(kind, example.mode)),
    };
    (!right).then(|| {
        let Example { text, kind, mode } = example;
        format!("{text}\n  expected  {kind} {mode}\n  found     {found:?}")
    })
}
