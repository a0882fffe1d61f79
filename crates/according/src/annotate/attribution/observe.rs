//! What the learned tagger is told about each token.

use std::borrow::Cow;

use according_nlp::{EntIob, Token, Upos};

use super::candidate::Candidate;
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

/// The observations of one token, in the order of [`COLUMNS`].
pub type Row<'d> = [Cow<'d, str>; N_COLUMNS];

/// What is observed about every token.
pub(super) fn observe<'d>(
    scene: &Scene<'d>,
    candidates: &[Candidate<'d>],
) -> Vec<Row<'d>> {
    let doc = scene.doc;
    let n = doc.len();
    let governors = governors(scene);
    let mut grammar = vec![[(0.0f32, 0usize, false); 3]; n];
    for (c, candidate) in candidates.iter().enumerate() {
        let mut note = |layer: usize, token: usize, first: bool| {
            let best = &mut grammar[token][layer];
            if candidate.confidence > best.0 {
                *best = (candidate.confidence, c, first);
            }
        };
        for range in &candidate.content {
            for t in range.clone() {
                note(0, t, t == range.start);
            }
        }
        if let Some(source) = &candidate.source {
            for t in source.tokens.clone() {
                note(1, t, t == source.tokens.start);
            }
        }
        for (i, &t) in candidate.cue.iter().enumerate() {
            note(2, t, i == 0 || candidate.cue[i - 1] + 1 != t);
        }
    }
    doc.tokens()
        .map(|token| {
            let i = token.index();
            let head = token.head();
            let [content, source, cue] = grammar[i].map(|(confidence, c, first)| {
                if confidence < 0.05 {
                    return Cow::Borrowed("");
                }
                let level = (confidence * 5.0).min(4.0) as usize;
                let place = if first { "B" } else { "I" };
                let pattern = candidates[c].pattern.name();
                Cow::Owned(format!("{place} {level} {pattern}"))
            });
            let (governor, deprel, distance) = governors[i].map_or(("", "", 0), |g| {
                (doc.token(g.0).lemma(), doc.token(g.1).dep(), g.2)
            });
            [
                word(token),
                lemma(token),
                token.tag().into(),
                token.dep().into(),
                entity(token),
                lemma(head),
                head.tag().into(),
                distance_name(head.index() as isize - i as isize).into(),
                quote(scene, i).into(),
                quote_length(scene, i).into(),
                place(scene, token).into(),
                cue_class(token).into(),
                governor.into(),
                deprel.into(),
                distance.to_string().into(),
                content,
                source,
                cue,
            ]
        })
        .collect()
}

fn is_name(token: Token<'_>) -> bool {
    token.upos() == Upos::Propn
}

fn word<'d>(token: Token<'d>) -> Cow<'d, str> {
    if is_name(token) {
        "<name>".into()
    } else if token.text().bytes().any(|b| b.is_ascii_digit()) {
        "<number>".into()
    } else if token.text().chars().any(char::is_uppercase) {
        token.text().to_lowercase().into()
    } else {
        token.text().into()
    }
}

fn lemma<'d>(token: Token<'d>) -> Cow<'d, str> {
    if is_name(token) { "<name>".into() } else { token.lemma().into() }
}

fn entity<'d>(token: Token<'d>) -> Cow<'d, str> {
    match token.ent_iob() {
        EntIob::O => "".into(),
        iob => format!("{}-{}", iob.as_str(), token.ent_type()).into(),
    }
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
fn governors(scene: &Scene<'_>) -> Vec<Option<(usize, usize, usize)>> {
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
                        1..=3 => up,
                        4..=5 => 4,
                        _ => 6,
                    };
                    return Some((head.index(), at.index(), distance));
                }
                at = head;
            }
            None
        })
        .collect()
}
