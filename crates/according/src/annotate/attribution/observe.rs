//! What the learned tagger is told about each token.

use according_nlp::{EntIob, Token, Upos};

use super::candidate::{self, Candidate};
use super::lexicon;
use super::scene::Scene;
use crate::article::BlockKind;

/// Number of observations a token.
pub const N_COLUMNS: usize = 18;

/// What each observation is.
pub const COLUMNS: [&str; N_COLUMNS] = [
    "word",
    "lemma",
    "tag",
    "deprel",
    "entity",
    "head-lemma",
    "head-tag",
    "head-distance",
    "quote",
    "quote-length",
    "place",
    "cue",
    "governor",
    "governor-deprel",
    "governor-distance",
    "grammar-content",
    "grammar-source",
    "grammar-cue",
];

/// Tells `each` what is observed about each of `tokens`, in the order of [`COLUMNS`].
pub(super) fn observe<'d>(
    scene: &Scene<'d>,
    candidates: &[Candidate<'d>],
    tokens: impl Iterator<Item = Token<'d>>,
    mut each: impl FnMut([&str; N_COLUMNS]),
) {
    let doc = scene.doc;
    let governors = governors(scene);
    let grammar = grammar(doc.len(), candidates);
    let mut lower = String::new();
    let mut buffers: [String; 4] = Default::default();
    for token in tokens {
        let i = token.index();
        let head = token.head();
        let [entity, content, source, cue] = &mut buffers;
        for buffer in [&mut *entity, &mut *content, &mut *source, &mut *cue] {
            buffer.clear();
        }
        if token.ent_iob() != EntIob::O {
            entity.extend([token.ent_iob().as_str(), "-", token.ent_type()]);
        }
        for (buffer, seen) in [content, source, cue].into_iter().zip(grammar[i]) {
            let Seen { confidence, candidate, first } = seen;
            if confidence >= UNLIKELY {
                let place = if first { "B" } else { "I" };
                let fifth =
                    ["0", "1", "2", "3", "4"][((confidence * 5.0) as usize).min(4)];
                let pattern = candidates[candidate].pattern.name();
                buffer.extend([place, " ", fifth, " ", pattern]);
            }
        }
        let [entity, content, source, cue] = &buffers;
        let (governor, deprel, distance) = governors[i].map_or(("", "", ""), |g| {
            (doc.token(g.0).lemma(), doc.token(g.1).dep(), g.2)
        });
        each([
            word(token, &mut lower),
            lemma(token),
            token.tag(),
            token.dep(),
            entity,
            lemma(head),
            head.tag(),
            distance_name(head.index() as isize - i as isize),
            quote(scene, i),
            quote_length(scene, i),
            place(scene, token),
            cue_class(token),
            governor,
            deprel,
            distance,
            content,
            source,
            cue,
        ]);
    }
}

/// Candidates less likely than this are not told.
const UNLIKELY: f32 = 0.05;

/// The likeliest candidate of the grammar for one part at one token.
#[derive(Clone, Copy, Default)]
struct Seen {
    confidence: f32,
    candidate: usize,
    /// Whether the token is the first of that part.
    first: bool,
}

/// For each token what the grammar takes it for: content, source, cue.
fn grammar(n_tokens: usize, candidates: &[Candidate<'_>]) -> Vec<[Seen; 3]> {
    let mut seen = vec![[Seen::default(); 3]; n_tokens];
    for (i, candidate) in candidates.iter().enumerate() {
        let confidence = candidate.grammar;
        let mut note = |part: usize, token: usize, first: bool| {
            let best = &mut seen[token][part];
            if confidence > best.confidence {
                *best = Seen { confidence, candidate: i, first };
            }
        };
        for range in &candidate.content {
            range.clone().for_each(|t| note(0, t, t == range.start));
        }
        if let Some(source) = &candidate.source {
            source.tokens.clone().for_each(|t| note(1, t, t == source.tokens.start));
        }
        for range in candidate::runs(&candidate.cue) {
            range.clone().for_each(|t| note(2, t, t == range.start));
        }
    }
    seen
}

fn is_name(token: Token<'_>) -> bool {
    token.upos() == Upos::Propn
}

/// The word in small letters. Names are all one word, so that nothing is learnt about the
/// people of the training texts.
fn word<'t>(token: Token<'t>, lower: &'t mut String) -> &'t str {
    if is_name(token) {
        "<name>"
    } else if token.text().bytes().any(|b| b.is_ascii_digit()) {
        "<number>"
    } else if token.text().chars().any(char::is_uppercase) {
        *lower = token.text().to_lowercase();
        lower
    } else {
        token.text()
    }
}

fn lemma(token: Token<'_>) -> &str {
    if is_name(token) { "<name>" } else { token.lemma() }
}

fn distance_name(distance: isize) -> &'static str {
    match distance {
        ..=-9 => "-9",
        -8..=-4 => "-4",
        -3 => "-3",
        -2 => "-2",
        -1 => "-1",
        0 => "0",
        1 => "1",
        2 => "2",
        3 => "3",
        4..=8 => "4",
        _ => "9",
    }
}

fn quote(scene: &Scene<'_>, i: usize) -> &'static str {
    let Some(part) = scene.quote_part(i) else { return "" };
    let quote = &scene.quotes[scene.quote_at(i).unwrap_or(0)];
    if i == part.start {
        if part.start == quote.start() { "open" } else { "reopen" }
    } else if i + 1 == part.end {
        "close"
    } else if i == part.start + 1 {
        "first"
    } else {
        "in"
    }
}

fn quote_length(scene: &Scene<'_>, i: usize) -> &'static str {
    let Some(q) = scene.quote_at(i) else { return "" };
    match scene.quotes[q].words(scene.doc) {
        0..=1 => "1",
        2..=3 => "2",
        4..=7 => "4",
        8..=20 => "8",
        _ => "21",
    }
}

fn place(scene: &Scene<'_>, token: Token<'_>) -> &'static str {
    let i = token.index();
    let block = scene.blocks.get(scene.block_at(i));
    let starts = block.is_some_and(|b| b.tokens.start == i);
    match block.map(|b| b.kind) {
        Some(BlockKind::Headline) => "headline",
        Some(BlockKind::Paragraph | BlockKind::Quotation | BlockKind::ListItem) => {
            if starts {
                "block"
            } else if token.is_sent_start() {
                "sentence"
            } else {
                ""
            }
        }
        _ => "other",
    }
}

fn cue_class(token: Token<'_>) -> &'static str {
    let class = lexicon::cue(token.lemma(), token.upos());
    match (class.map(|c| c.speech), token.upos()) {
        (None, _) => "",
        (Some(true), Upos::Verb) => "speech verb",
        (Some(false), Upos::Verb) => "attitude verb",
        (Some(true), Upos::Noun) => "speech noun",
        (Some(false), Upos::Noun) => "attitude noun",
        (Some(true), _) => "speech",
        (Some(false), _) => "attitude",
    }
}

/// For each token the nearest ancestor that is a cue by the lexicon, the token below it on
/// the way, and how far up it is.
fn governors(scene: &Scene<'_>) -> Vec<Option<(usize, usize, &'static str)>> {
    let is_cue: Vec<bool> =
        scene.doc.tokens().map(|t| lexicon::cue(t.lemma(), t.upos()).is_some()).collect();
    scene
        .doc
        .tokens()
        .map(|token| {
            let mut at = token;
            for up in 1..=12 {
                if at.is_root() {
                    return None;
                }
                let head = at.head();
                if is_cue[head.index()] {
                    let distance = match up {
                        1 => "1",
                        2 => "2",
                        3 => "3",
                        4..=5 => "4",
                        _ => "6",
                    };
                    return Some((head.index(), at.index(), distance));
                }
                at = head;
            }
            None
        })
        .collect()
}
