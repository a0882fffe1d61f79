//! What holds of every text.

use according_nlp::{Doc, EntIob, Pipeline, Span};
use proptest::prelude::*;

use crate::md;

/// Everything of a document that a caller can see, token by token.
fn seen(doc: &Doc) -> Vec<String> {
    let row = |t: according_nlp::Token<'_>| {
        format!(
            "{:?} {} {} {} {} {} {} {} {:?} {}",
            t.span(),
            t.tag(),
            t.upos(),
            t.lemma(),
            t.morph(),
            t.head().index(),
            t.dep(),
            t.is_sent_start(),
            t.ent_iob(),
            t.ent_type()
        )
    };
    doc.tokens().map(row).collect()
}

/// Tokens cover all that is not white space, heads form trees inside sentences, entities
/// begin with B.
fn is_sound(doc: &Doc) {
    let mut end = 0;
    for token in doc.tokens() {
        let span = token.span().range();
        let between = &doc.text()[end..span.start];
        assert!(between.is_empty() || between == " ", "lost {between:?}");
        assert!(!span.is_empty());
        end = span.end;

        assert!(token.ancestors().take(doc.len() + 1).count() <= doc.len(), "a circle");
        assert_eq!(token.sentence().index(), token.head().sentence().index());
        if token.ent_iob() == EntIob::I {
            let before = token.prev().expect("an entity begins with B");
            assert_eq!(before.ent_type(), token.ent_type());
        }
        assert_eq!(token.ent_iob() == EntIob::O, token.ent_type().is_empty());
    }
    assert!(doc.text()[end..].is_empty() || &doc.text()[end..] == " ");
}

/// News-like words, marks and white space in any order, and any characters at all.
fn text() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "The",
        "minister",
        "said",
        "can't",
        "U.S.",
        "“No”",
        "(AP)",
        "$5bn",
        "3,000",
        "he’s",
        "http://a.org/b?c=d,",
        ":-)",
        "e.g.",
        "word—word",
        "…",
        "\"",
        "'",
        "日本語",
        "👍🏽",
        "x",
    ]);
    let space =
        prop::sample::select(vec![" ", " ", " ", "  ", "\n", "\n\n", "\t", "\u{a0}", ""]);
    let pieces = prop::collection::vec((word, space), 0..60)
        .prop_map(|pieces| pieces.into_iter().flat_map(|(w, s)| [w, s]).collect());
    prop_oneof![pieces, any::<String>(), "\\PC{0,200}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_gives_a_sound_document(text in text()) {
        is_sound(&md().worker().parse(&text));
    }

    #[test]
    fn a_block_is_parsed_as_if_it_stood_alone(texts in prop::collection::vec(text(), 1..5)) {
        let mut worker = md().worker();
        let mut whole = String::new();
        let mut blocks = Vec::new();
        for text in &texts {
            let start = whole.len();
            whole.push_str(text);
            blocks.push(Span::new(start, whole.len()));
            whole.push_str("\n~\n");
        }
        let doc = worker.parse_blocks(&whole, &blocks);
        let mut from = 0;
        for (text, block) in texts.iter().zip(blocks) {
            let alone = worker.parse(text);
            for (ours, theirs) in doc.slice(from..from + alone.len()).zip(alone.tokens()) {
                prop_assert_eq!(ours.text(), theirs.text());
                prop_assert_eq!(ours.span().start, theirs.span().start + block.start);
                prop_assert_eq!(ours.tag(), theirs.tag());
                prop_assert_eq!(ours.lemma(), theirs.lemma());
                prop_assert_eq!(ours.dep(), theirs.dep());
                prop_assert_eq!(ours.head().index(), theirs.head().index() + from);
                prop_assert_eq!(ours.is_sent_start() , theirs.is_sent_start() );
                prop_assert_eq!(ours.ent_type(), theirs.ent_type());
            }
            from += alone.len();
        }
        prop_assert_eq!(from, doc.len());
    }

    #[test]
    fn what_a_worker_remembers_changes_nothing(texts in prop::collection::vec(text(), 1..4)) {
        let mut worker = md().worker();
        for text in &texts {
            let warm = worker.parse(text);
            prop_assert_eq!(seen(&warm), seen(&md().worker().parse(text)));
        }
    }
}

/// A worker forgets words when it has met very many; results stay the same.
#[test]
fn forgetting_changes_nothing() {
    let mut worker = md().worker();
    let sentence = "The minister said on Monday that Radio Lumen had not called him.";
    let before = seen(&worker.parse(sentence));
    let many: Vec<String> = (0..45_000).map(|i| format!("w{i}x")).collect();
    worker.parse(&many.join(" "));
    assert_eq!(seen(&worker.parse(sentence)), before);
}

#[test]
fn long_words_and_long_texts_are_no_trouble() {
    let mut worker = md().worker();
    for text in ["a".repeat(1 << 20), "((((".repeat(1 << 16), "so, ".repeat(1 << 14)] {
        is_sound_where_cheap(&worker.parse(&text));
    }
}

/// As [`is_sound`] without walking up the trees, which are deep here.
fn is_sound_where_cheap(doc: &Doc) {
    assert!(!doc.is_empty());
    assert!(doc.tokens().all(|t| t.head().index() < doc.len()));
}

fn refusal(change: &str, with: impl Fn(Vec<u8>) -> Option<Vec<u8>>) -> String {
    let mut files = according_model::testing::files("sm");
    let result = Pipeline::load(&mut |path| {
        let bytes = files.read(path)?;
        Ok(if path == change { bytes.and_then(&with) } else { bytes })
    });
    result.expect_err("the pipeline was changed").to_string()
}

#[test]
fn a_foreign_or_broken_pipeline_is_refused_by_name() {
    let replace = |from: &'static str, to: &'static str| {
        move |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).expect("text");
            assert!(text.contains(from), "the pipeline has no {from}");
            Some(text.replacen(from, to, 1).into_bytes())
        }
    };
    assert_eq!(refusal("ner/model", |_| None), "ner/model: missing from the pipeline");
    assert_eq!(
        refusal("config.cfg", replace("\"lemmatizer\",", "\"textcat\",\"lemmatizer\",")),
        "config.cfg: component 'textcat' is not supported"
    );
    assert_eq!(
        refusal("config.cfg", replace("\"tagger\",", "")),
        "config.cfg: the pipeline has no component 'tagger'"
    );
    assert_eq!(
        refusal("config.cfg", replace("lang = \"en\"", "lang = \"de\"")),
        "config.cfg: [nlp] lang is \"de\"; only \"en\" is supported"
    );
    assert_eq!(
        refusal("parser/cfg", replace("\"beam_width\":1", "\"beam_width\":8")),
        "parser/cfg: a beam of width 8 is not supported"
    );
    let cut = |bytes: Vec<u8>| Some(bytes[..bytes.len() / 2].to_vec());
    for path in ["tok2vec/model", "tokenizer", "attribute_ruler/patterns", "meta.json"] {
        let message = refusal(path, cut);
        assert!(message.starts_with(path), "{message}");
    }
}
