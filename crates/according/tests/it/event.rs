//! Every entry of the list of events, by its own example, and what holds in any text.

use according::annotate::annotate_attributions;
use according::article::plain;
use according::report::{Event, Report, from_annotations};
use according::{Article, Block, BlockKind, Metadata, Options, read_doc};
use according_nlp::{DocBuilder, EntIob, Span, TokenSpec, Upos};
use proptest::prelude::*;

use crate::markdown::{self, Case, Differences};
use crate::{recorded, time};

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

#[test]
fn suite() {
    markdown::run("event", 9, differences);
}

fn differences(case: &Case) -> Vec<String> {
    let report = time::report(case);
    let mut wrong = Differences::new(case);
    if case.fence("events").is_some() {
        wrong.check_rows("events", &report.events, 4, |e, _| who_to_whom(&report, e));
    }
    if case.fence("factuality").is_some() {
        wrong.check_rows("factuality", &report.events, 2, |e, _| commitment(e));
    }
    wrong.list
}

fn who_to_whom(report: &Report, event: &Event) -> String {
    let words: Vec<char> = report.article.text.chars().collect();
    let played = |role: &str| {
        let parts = event.participants.iter().filter(|p| p.role == role);
        let parts = parts.map(|p| words[p.start..p.end].iter().collect::<String>());
        parts.collect::<Vec<_>>().join(", ")
    };
    let Event { text, kind, .. } = event;
    format!("{text} | {kind} | {} | {}", played("actor"), played("recipient"))
}

fn commitment(event: &Event) -> String {
    let told = match event.factuality {
        2.0.. => "so",
        ..0.0 => "not",
        _ => "open",
    };
    format!("{} | {told}", event.text)
}

/// Words that set events off, beside any others.
fn word() -> impl Strategy<Value = String> {
    let words = "police arrested seized smuggled attack attacks killed three men tons of \
        heroin from in to China Tuesday accused denied sanctions on against by the said \
        would if not more than up $ 5 million 1,200 kg . , “ ” é 日 👍";
    prop_oneof![
        8 => prop::sample::select(words.split_whitespace().collect::<Vec<_>>())
            .prop_map(str::to_owned),
        1 => "\\PC{1,4}",
    ]
}

proptest! {
    #[test]
    fn events_and_amounts_point_into_any_text(
        words in prop::collection::vec((word(), 0usize..8, 0usize..10), 0..50),
    ) {
        let text = words.iter().map(|(word, ..)| format!("{word} ")).collect::<String>();
        let kinds = [
            (Upos::Verb, "VBD", "ROOT"), (Upos::Noun, "NNS", "nsubj"), (Upos::Noun, "NN", "dobj"),
            (Upos::Adp, "IN", "prep"), (Upos::Noun, "NN", "pobj"), (Upos::Num, "CD", "nummod"),
            (Upos::Propn, "NNP", "compound"), (Upos::Verb, "VBN", "relcl"),
        ];
        let mut doc = DocBuilder::new(&text);
        let mut start = 0;
        for (i, (word, kind, back)) in words.iter().enumerate() {
            let (upos, tag, dep) = kinds[*kind];
            let head = if *back == 0 { i } else { i.saturating_sub(*back) };
            doc.push(TokenSpec {
                upos,
                tag,
                lemma: word,
                head,
                dep: if head == i { "ROOT" } else { dep },
                ent_type: if upos == Upos::Propn { "GPE" } else { "" },
                ent_iob: if upos == Upos::Propn { EntIob::B } else { EntIob::O },
                sent_start: head == i,
                ..TokenSpec::new(start..start + word.len())
            });
            start += word.len() + 1;
        }
        let doc = doc.finish().unwrap();
        let blocks = vec![Block::new(BlockKind::Paragraph, Span::new(0, text.len()))];
        let article = Article { text, blocks, ..Article::default() };
        let report = from_annotations(
            article.clone(),
            annotate_attributions(&article, &doc, Vec::new()),
            "none",
            &Options::default(),
        );
        let length = article.text.chars().count();
        for event in &report.events {
            prop_assert!(!event.triggers.is_empty());
            prop_assert!(event.triggers.iter().all(|[from, to]| from < to && *to <= length));
            let parties = &event.participants;
            prop_assert!(parties.iter().all(|p| p.start < p.end && p.end <= length));
            let goods = &event.goods;
            prop_assert!(goods.iter().all(|id| report.quantities.iter().any(|q| q.id == *id)));
        }
        for amounts in report.quantities.windows(2) {
            prop_assert!(amounts[0].start <= amounts[1].start);
        }
    }
}
