//! Every report keeps the promises of its format.

use according::annotate::annotate_attributions;
use according::annotate::attribution::{
    self, Attribution, AttributionKind, Pattern, Stance,
};
use according::article::plain;
use according::report::{self, Act, Offsets, Report, from_annotations};
use according::{Article, Metadata, Options, annotate, read_doc};
use according_nlp::{DocBuilder, EntIob, TokenSpec, Upos};
use proptest::prelude::*;

use crate::recorded;

/// Every report on the examples.
fn reports() -> Vec<(String, Report)> {
    let read = |(name, article): (String, Article)| {
        let doc = recorded::parse(&article);
        (name, read_doc(article, &doc, recorded::PIPELINE, &Options::default()))
    };
    recorded::examples().into_iter().map(read).collect()
}

#[test]
fn reports_are_valid_against_the_schema() {
    let schema = report::schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (name, report) in reports() {
        let value = serde_json::to_value(&report).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&value).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
        assert!(!validator.is_valid(&value["article"]), "an article is no report");
    }
}

#[test]
fn reports_survive_their_round_trip_byte_for_byte() {
    for (name, report) in reports() {
        let json = serde_json::to_string(&report).unwrap();
        let again: Report = serde_json::from_str(&json).unwrap();
        assert_eq!(json, serde_json::to_string(&again).unwrap(), "{name}");
    }
}

#[test]
fn offsets_lie_in_the_text_and_claims_nest_or_stand_apart() {
    for (name, report) in reports() {
        assert!(!report.claims.is_empty(), "{name} has claims");
        assert_sound(&name, &report);
    }
}

/// Asserts what holds for the claims and entities of any report.
fn assert_sound(name: &str, report: &Report) {
    let length = report.article.text.chars().count();
    let inside = |[start, end]: &Offsets| start < end && *end <= length;
    let mut last = 0;
    for (i, claim) in report.claims.iter().enumerate() {
        let id = &claim.id;
        assert_eq!(*id, format!("C{}", i + 1), "{name}: ids count in text order");
        let start = claim.content[0][0];
        assert!(start >= last, "{name} {id}: claims come in text order");
        last = start;
        let hops = claim.chain.iter().map(|h| &h.cue);
        let lists = [&claim.content, &claim.source, &claim.cue, &claim.hedges];
        for spans in lists.into_iter().chain(hops) {
            assert!(spans.iter().all(inside), "{name} {id}: {spans:?}");
            assert!(spans.is_sorted(), "{name} {id}: {spans:?}");
        }
        if let Some(parent) = &claim.parent {
            let outer = report.claims[..i].iter().find(|c| c.id == *parent);
            let outer = outer.unwrap_or_else(|| panic!("{name} {id}: no {parent}"));
            let held = |[start, end]: &Offsets| {
                outer.content.iter().any(|[s, e]| s <= start && end <= e)
            };
            assert!(claim.content.iter().all(held), "{name} {id} lies in {parent}");
        }
        if let Some(first) = claim.chain.first() {
            assert_eq!(first.name, claim.speaker.name, "{name} {id}");
            assert_eq!(first.entity, claim.speaker.entity, "{name} {id}");
        }
    }
    let top: Vec<Offsets> = report
        .claims
        .iter()
        .filter(|c| c.parent.is_none())
        .flat_map(|c| c.content.iter().copied())
        .collect();
    for (i, a) in top.iter().enumerate() {
        let apart = |b: &Offsets| a[1] <= b[0] || b[1] <= a[0];
        assert!(top[i + 1..].iter().all(apart), "{name}: {a:?} overlaps another");
    }
    for entity in &report.entities {
        let of_text = |m: &report::Mention| inside(&[m.start, m.end]);
        assert!(entity.mentions.iter().all(of_text), "{name}: {entity:?}");
    }
    let ids = |claim: &report::Claim| {
        let speaker = claim.speaker.entity.iter();
        let ids: Vec<String> = claim.entities.iter().chain(speaker).cloned().collect();
        ids
    };
    for id in report.claims.iter().flat_map(ids) {
        assert!(report.entities.iter().any(|e| e.id == id), "{name}: no {id}");
    }
}

#[test]
fn blocks_hold_all_that_is_no_space_once() {
    for (name, report) in reports() {
        let text: Vec<char> = report.article.text.chars().collect();
        let mut held = vec![0; text.len()];
        for block in &report.article.blocks {
            held[block.start..block.end].iter_mut().for_each(|n| *n += 1);
        }
        let wrong = text.iter().zip(&held).find(|(c, n)| !c.is_whitespace() && **n != 1);
        assert_eq!(wrong, None, "{name}");
    }
}

#[test]
fn unlikely_claims_are_left_out_and_nested_ones_move_up() {
    for (name, article) in recorded::examples() {
        let doc = recorded::parse(&article);
        let annotations = annotate::annotate(&article, &doc);
        let options = Options { min_confidence: 0.8, ..Options::default() };
        let report =
            from_annotations(article, annotations.clone(), recorded::PIPELINE, &options);
        let kept = annotations.claims.iter().filter(|c| c.confidence >= 0.8).count();
        assert_eq!(report.claims.len(), kept, "{name}");
        assert!(kept < annotations.claims.len(), "{name} has unlikely claims");
        let ids: Vec<&String> = report.claims.iter().map(|c| &c.id).collect();
        let parents = report.claims.iter().filter_map(|c| c.parent.as_ref());
        assert!(parents.into_iter().all(|p| ids.contains(&p)), "{name}");
        assert_eq!(
            report.sourcing.claims,
            report.claims.iter().filter(|c| c.block.is_body()).count(),
            "{name}"
        );
    }
}

#[test]
fn claims_of_other_acts_are_left_out_of_report_and_summary() {
    for (name, article) in recorded::examples() {
        let doc = recorded::parse(&article);
        let annotations = annotate::annotate(&article, &doc);
        let acts = [Act::Speech].into_iter().collect();
        let options = Options { acts, ..Options::default() };
        let report =
            from_annotations(article, annotations.clone(), recorded::PIPELINE, &options);
        let said = annotations.claims.iter().filter(|c| c.act == Act::Speech).count();
        assert_eq!(report.claims.len(), said, "{name}");
        assert!(report.claims.iter().all(|c| c.act == Act::Speech), "{name}");
        let body = report.claims.iter().filter(|c| c.block.is_body()).count();
        assert_eq!(report.sourcing.claims, body, "{name}");
        assert_eq!(report.sourcing.reporter, 0, "{name}");
    }
}

#[test]
fn the_id_is_the_digest_of_the_text() {
    let article = Article { text: "abc".to_owned(), ..Article::default() };
    let doc = DocBuilder::new("abc").finish().unwrap();
    let report = read_doc(article, &doc, recorded::PIPELINE, &Options::default());
    // The digest that FIPS 180-2 gives for "abc".
    assert_eq!(
        report.article.id,
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    assert_eq!(
        report.sourcing.explanation,
        "Nothing in this report is attributed to anybody."
    );
}

/// Words that mean something to the grammar, in an order that means nothing, parsed at
/// random.
fn noise() -> impl Strategy<Value = Vec<(&'static str, usize, usize, usize, usize)>> {
    let words = [
        "Mary",
        "Holt",
        "said",
        "told",
        "RFA",
        "the",
        "The",
        "source",
        "minister",
        "reporters",
        "“",
        "”",
        "\"",
        ",",
        ".",
        ":",
        "that",
        "it",
        "she",
        "who",
        "they",
        "according",
        "to",
        "citing",
        "quoting",
        "quoted",
        "as",
        "saying",
        "reportedly",
        "may",
        "not",
        "be",
        "named",
        "because",
        "anonymity",
        "suggest",
        "arrests",
        "(",
        ")",
        "Free",
        "Asia",
        "’s",
        "and",
    ];
    let word = (
        prop::sample::select(words.to_vec()),
        0..60usize,
        0..DEPS.len(),
        0..6usize,
        0..9usize,
    );
    prop::collection::vec(word, 1..60)
}

/// Numbers of tokens for source, cue and content of attributions.
fn told() -> impl Strategy<Value = Vec<([usize; 6], AttributionKind, Pattern)>> {
    let kind = prop::sample::select(vec![
        AttributionKind::Speech,
        AttributionKind::Attitude,
        AttributionKind::Evidential,
        AttributionKind::Hedge,
    ]);
    let pattern = prop::sample::select(vec![Pattern::Clause, Pattern::Noun]);
    prop::collection::vec((prop::array::uniform6(0..60usize), kind, pattern), 0..12)
}

const DEPS: [&str; 20] = [
    "nsubj",
    "dobj",
    "ccomp",
    "prep",
    "pobj",
    "det",
    "amod",
    "compound",
    "appos",
    "relcl",
    "acl",
    "advcl",
    "conj",
    "cc",
    "punct",
    "aux",
    "auxpass",
    "neg",
    "nsubjpass",
    "mark",
];

proptest! {
    /// Strange parses are no error: whatever the words and the tree, the report is sound.
    #[test]
    fn noise_is_read_without_panic(noise in noise(), told in told()) {
        const TAGS: [(&str, Upos); 9] = [
            ("NN", Upos::Noun), ("NNP", Upos::Propn), ("VBD", Upos::Verb), ("VBG", Upos::Verb),
            ("PRP", Upos::Pron), ("WP", Upos::Pron), ("IN", Upos::Adp), ("MD", Upos::Aux),
            ("NNS", Upos::Noun),
        ];
        const ENTITIES: [&str; 6] = ["", "", "PERSON", "ORG", "GPE", "NORP"];
        let text = noise.iter().map(|n| n.0).collect::<Vec<_>>().join(" ");
        let mut doc = DocBuilder::new(&text);
        let mut start = 0;
        for (i, &(word, head, dep, entity, tag)) in noise.iter().enumerate() {
            let end = start + word.len();
            let root = i % 12 == 0;
            // The first word of each dozen rules it; the others hang from one before them.
            let head = if root { i } else { i - 1 - head % (i % 12) };
            doc.push(TokenSpec {
                tag: TAGS[tag].0,
                upos: TAGS[tag].1,
                head,
                dep: if root { "ROOT" } else { DEPS[dep] },
                sent_start: root,
                ent_iob: match entity {
                    0 | 1 => EntIob::O,
                    e if e % 2 == 0 => EntIob::B,
                    _ => EntIob::I,
                },
                ent_type: ENTITIES[entity],
                ..TokenSpec::new(start..end)
            });
            start = end + 1;
        }
        let doc = doc.finish().unwrap();
        let article = plain::read(text.clone(), Metadata::default());
        let mut attributions = attribution::find(&article, &doc);
        attributions.extend(told.iter().map(|&(numbers, kind, pattern)| {
            let mut at = numbers.map(|n| n % doc.len());
            let [source, cue] = [at[0], at[1]];
            at[2..].sort_unstable();
            let content = [at[2]..at[3] + 1, at[4] + 1..at[5]];
            let spans = content.into_iter().filter(|r| !r.is_empty() && r.end <= doc.len());
            Attribution {
                kind,
                pattern,
                stance: Stance::Infer,
                source: vec![doc.token(source).span()],
                cue: vec![doc.token(cue).span()],
                content: spans.map(|r| doc.span_of(r)).collect(),
                source_head: Some(source),
                cue_head: Some(cue),
                confidence: 0.9,
            }
        }));
        let annotations = annotate_attributions(&article, &doc, attributions);
        let options = Options::default();
        let report = from_annotations(article, annotations, recorded::PIPELINE, &options);
        assert_sound(&text, &report);
    }
}
