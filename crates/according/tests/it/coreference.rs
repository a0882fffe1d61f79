//! Coreference as the suite says, and what holds of it in any text.

use according::report::{Entity, Report};
use according::{Article, Block, BlockKind, Metadata, Options, read_doc};
use according_nlp::{DocBuilder, EntIob, Span, TokenSpec, Upos};
use proptest::prelude::*;

use crate::markdown::{self, Case, Differences, asked_fields};
use crate::time;

#[test]
fn suite() {
    markdown::run("coreference", 11, failures);
}

fn failures(case: &Case) -> Vec<String> {
    let report = time::report(case);
    let mut wrong = Differences::new(case);
    if let Some(expected) = case.fence("chains") {
        let twice = report.entities.iter().filter(|e| e.mentions.len() > 1);
        let chains: String = twice.map(|e| chain(&report, e) + "\n").collect();
        wrong.check("chains", &chains, expected);
    }
    for row in case.rows("entities") {
        let [name, asked @ ..] = row.as_slice() else { continue };
        let found = report.entities.iter().find(|e| e.name == *name);
        let told = found.map(|e| format!("{name}{}", asked_fields(e, asked)));
        wrong.check("entity", &told.unwrap_or_default(), &row.join(" | "));
    }
    wrong.list
}

/// The mentions of an entity by their words.
fn chain(report: &Report, entity: &Entity) -> String {
    let text: Vec<char> = report.article.text.chars().collect();
    let words = |m: &according::report::Mention| {
        text[m.start..m.end].iter().collect::<String>().replace('\n', " ")
    };
    entity.mentions.iter().map(words).collect::<Vec<_>>().join(" | ")
}

fn word() -> impl Strategy<Value = String> {
    let words = "he she it they their himself I we this those both Novak Ariane Osk US France \
        French minister company ring team men bridge the a two other said sold is and , : ( ) \
        \" 's 45 - year old Monday É 日本 👍";
    prop_oneof![
        12 => prop::sample::select(words.split_whitespace().collect::<Vec<_>>())
            .prop_map(str::to_owned),
        1 => "\\PC{1,4}",
    ]
}

const TAGS: [(Upos, &str); 9] = [
    (Upos::Noun, "NN"),
    (Upos::Noun, "NNS"),
    (Upos::Propn, "NNP"),
    (Upos::Pron, "PRP"),
    (Upos::Det, "DT"),
    (Upos::Verb, "VBD"),
    (Upos::Adj, "JJ"),
    (Upos::Punct, ","),
    (Upos::Num, "CD"),
];

const DEPS: [&str; 14] = [
    "nsubj", "dobj", "pobj", "poss", "det", "amod", "compound", "appos", "conj", "prep",
    "xcomp", "relcl", "attr", "punct",
];

const LABELS: [&str; 8] = ["", "", "", "PERSON", "ORG", "GPE", "NORP", "DATE"];

proptest! {
    #[test]
    fn mentions_of_any_text_point_into_it(
        words in prop::collection::vec(
            (word(), 0..TAGS.len(), 0..DEPS.len(), 0..LABELS.len(), 0usize..8, any::<bool>()),
            0..70,
        ),
    ) {
        let mut text = String::new();
        let mut spans = Vec::new();
        for (word, ..) in &words {
            let start = text.len();
            text.push_str(word);
            spans.push(start..text.len());
            text.push(' ');
        }
        let mut doc = DocBuilder::new(&text);
        for (i, (span, (_, tag, dep, label, to, more))) in
            spans.into_iter().zip(&words).enumerate()
        {
            // Sentences of ten tokens, each a tree below its first.
            let first = i - i % 10;
            let head = if i == first { i } else { first + to % (i - first) };
            let ent_type = LABELS[*label];
            let goes_on = *more && i > first && LABELS[words[i - 1].3] == ent_type;
            let (upos, tag) = TAGS[*tag];
            doc.push(TokenSpec {
                upos,
                tag,
                lemma: &words[i].0,
                head,
                dep: if i == first { "ROOT" } else { DEPS[*dep] },
                ent_type,
                ent_iob: match (ent_type, goes_on) {
                    ("", _) => EntIob::O,
                    (_, true) => EntIob::I,
                    (_, false) => EntIob::B,
                },
                sent_start: i == first,
                ..TokenSpec::new(span)
            });
        }
        let doc = doc.finish().unwrap();
        let blocks = vec![Block::new(BlockKind::Paragraph, Span::new(0, text.len()))];
        let article =
            Article { text, blocks, metadata: Metadata::default(), ..Article::default() };
        let report = read_doc(article.clone(), &doc, "test", &Options::default());
        prop_assert_eq!(&report, &read_doc(article, &doc, "test", &Options::default()));
        assert_entities_are_sound(&report);
    }
}

/// Asserts what holds for the entities of any report.
fn assert_entities_are_sound(report: &Report) {
    let length = report.article.text.chars().count();
    for (i, entity) in report.entities.iter().enumerate() {
        assert_eq!(entity.id, format!("E{}", i + 1));
        assert!(!entity.mentions.is_empty() && !entity.name.is_empty(), "{entity:?}");
        assert!(entity.named || entity.mentions.len() > 1, "{entity:?}");
        let mut last = [0, 0];
        for mention in &entity.mentions {
            let [start, end] = [mention.start, mention.end];
            assert!(start < end && end <= length, "{entity:?}");
            assert!(last < [start, end], "{entity:?} in text order, each once");
            last = [start, end];
            if let Some([from, to]) = mention.name {
                assert!(start <= from && from < to && to <= end, "{entity:?}");
            }
        }
    }
    let names: Vec<bool> = report.entities.iter().map(|e| e.named).collect();
    assert!(names.is_sorted_by(|a, b| a >= b), "those with a name come first");
    let known = |id: &String| report.entities.iter().any(|e| e.id == *id);
    for claim in &report.claims {
        assert!(claim.entities.iter().chain(&claim.speaker.entity).all(known));
    }
    for event in &report.events {
        assert!(event.participants.iter().filter_map(|p| p.entity.as_ref()).all(known));
    }
}
