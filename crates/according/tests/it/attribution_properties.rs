//! What holds of attributions in any text with any parse.

use according::annotate::attribution::{self, Attribution};
use according::{Article, Block, BlockKind};
use according_nlp::{Doc, DocBuilder, EntIob, Span, TokenSpec, Upos};

/// Words with a part of speech and tag, chosen to set off every pattern.
const WORDS: [(&str, Upos, &str); 40] = [
    ("said", Upos::Verb, "VBD"),
    ("denied", Upos::Verb, "VBD"),
    ("asked", Upos::Verb, "VBD"),
    ("adding", Upos::Verb, "VBG"),
    ("believed", Upos::Verb, "VBN"),
    ("fled", Upos::Verb, "VBD"),
    ("is", Upos::Aux, "VBZ"),
    ("may", Upos::Aux, "MD"),
    ("that", Upos::Sconj, "IN"),
    ("to", Upos::Part, "TO"),
    ("according", Upos::Verb, "VBG"),
    ("reportedly", Upos::Adv, "RB"),
    ("alleged", Upos::Adj, "JJ"),
    ("sure", Upos::Adj, "JJ"),
    ("claim", Upos::Noun, "NN"),
    ("fear", Upos::Noun, "NN"),
    ("mayor", Upos::Noun, "NN"),
    ("Reyes", Upos::Propn, "NNP"),
    ("PORT", Upos::Propn, "NNP"),
    ("who", Upos::Pron, "WP"),
    ("it", Upos::Pron, "PRP"),
    ("we", Upos::Pron, "PRP"),
    ("of", Upos::Adp, "IN"),
    ("by", Upos::Adp, "IN"),
    ("about", Upos::Adp, "IN"),
    ("“", Upos::Punct, "``"),
    ("”", Upos::Punct, "''"),
    ("\"", Upos::Punct, "``"),
    ("‘", Upos::Punct, "``"),
    ("'", Upos::Punct, "''"),
    ("«", Upos::Punct, "``"),
    ("»", Upos::Punct, "''"),
    (":", Upos::Punct, ":"),
    (",", Upos::Punct, ","),
    (".", Upos::Punct, "."),
    ("—", Upos::Punct, ":"),
    ("(", Upos::Punct, "-LRB-"),
    ("é", Upos::Noun, "NN"),
    ("the", Upos::Det, "DT"),
    ("\n\n", Upos::Space, "_SP"),
];

const LABELS: [&str; 24] = [
    "nsubj",
    "nsubjpass",
    "ccomp",
    "xcomp",
    "dobj",
    "prep",
    "pobj",
    "pcomp",
    "agent",
    "aux",
    "auxpass",
    "mark",
    "advcl",
    "acl",
    "relcl",
    "conj",
    "parataxis",
    "acomp",
    "amod",
    "poss",
    "expl",
    "oprd",
    "attr",
    "punct",
];

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
}

/// A text of random words under a random tree, in random blocks.
fn noise(seed: u64) -> (Article, Doc) {
    let mut numbers = Numbers(seed);
    let words: Vec<_> =
        (0..numbers.below(80)).map(|_| WORDS[numbers.below(WORDS.len())]).collect();
    let mut text = String::new();
    let mut spans = Vec::new();
    for (word, ..) in &words {
        spans.push(text.len()..text.len() + word.len());
        text.push_str(word);
        text.push_str([" ", "", " "][numbers.below(3)]);
    }
    let mut doc = DocBuilder::new(&text);
    let mut cuts = vec![0];
    let mut sentence = 0;
    for (i, ((word, upos, tag), span)) in words.iter().zip(&spans).enumerate() {
        let sent_start = i == 0 || numbers.below(9) == 0;
        if sent_start {
            sentence = i;
            if numbers.below(2) == 0 {
                cuts.push(span.start);
            }
        }
        // Heads to the left within the sentence: always a tree.
        let head = sentence + numbers.below(i - sentence + 1);
        doc.push(TokenSpec {
            tag,
            upos: *upos,
            lemma: match *word {
                "said" => "say",
                "denied" => "deny",
                "asked" => "ask",
                "adding" => "add",
                "believed" => "believe",
                "according" => "accord",
                "is" => "be",
                word => word,
            },
            head,
            dep: if head == i { "ROOT" } else { LABELS[numbers.below(LABELS.len())] },
            sent_start,
            ent_iob: if *upos == Upos::Propn { EntIob::B } else { EntIob::O },
            ent_type: if *upos == Upos::Propn { "PERSON" } else { "" },
            ..TokenSpec::new(span.clone())
        });
    }
    cuts.push(text.len());
    let blocks = cuts
        .windows(2)
        .filter(|cut| cut[0] < cut[1] && numbers.below(8) > 0)
        .map(|cut| Block::new(BlockKind::Paragraph, Span::new(cut[0], cut[1])))
        .collect();
    let doc = doc.finish().unwrap();
    (Article { text, blocks, ..Article::default() }, doc)
}

/// Whether the content of one attribution lies wholly inside that of the other.
fn nests(inner: &Attribution, outer: &Attribution) -> bool {
    let inside =
        |span: &Span| outer.content.iter().any(|content| content.contains(*span));
    inner.content.iter().all(inside)
}

#[test]
fn attributions_point_into_the_text_and_never_cross() {
    let mut n_found = 0;
    for seed in 0..4000 {
        let (article, doc) = noise(seed);
        let found = attribution::find(&article, &doc);
        assert_eq!(
            found,
            attribution::find(&article, &doc),
            "seed {seed}: the same again"
        );
        n_found += found.len();
        for (i, one) in found.iter().enumerate() {
            let spans = || one.source.iter().chain(&one.cue).chain(&one.content);
            assert!(!one.content.is_empty(), "seed {seed}: nothing attributed");
            assert!(spans().all(|span| {
                article.text.get(span.range()).is_some_and(|t| !t.is_empty())
            }));
            assert!(one.content.is_sorted(), "seed {seed}: content out of order");
            assert!((0.0..=1.0).contains(&one.confidence));
            for other in &found[i + 1..] {
                let shared = one
                    .content
                    .iter()
                    .any(|a| other.content.iter().any(|b| a.overlaps(*b)));
                assert!(
                    !shared || nests(one, other) || nests(other, one),
                    "seed {seed}: {one:?} crosses {other:?} in {:?}",
                    article.text
                );
            }
        }
    }
    assert!(n_found > 1000, "the noise sets nothing off: {n_found}");
}
