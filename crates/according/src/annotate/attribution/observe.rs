//! What the learned tagger is told about each token.

use according_nlp::{EntIob, Token, Upos};

use super::candidate::{self, Candidate};
use super::lexicon::Cue;
use super::scene::Scene;
use crate::article::BlockKind;

/// Number of observations a token.
pub const N_COLUMNS: usize = N_FIXED + N_VARYING;

/// How many of them are the same wherever a token is read: in its text, or in a content that
/// is read as a text of its own. They come first.
pub(super) const N_FIXED: usize = 10;

/// How many of them depend on that.
pub(super) const N_VARYING: usize = 5;

/// What each observation is. Neighbours with few values are worked out together.
pub const COLUMNS: [&str; N_COLUMNS] = [
    "word",
    "tag",
    "head-distance",
    "deprel",
    "cue",
    "entity",
    "place",
    "head-tag",
    "governor-deprel",
    "governor-distance",
    "quote",
    "quote-length",
    "grammar-content",
    "grammar-source",
    "grammar-cue",
];

/// Tells `each` what is observed about each token wherever it is read.
pub(super) fn fixed(scene: &Scene<'_>, mut each: impl FnMut([&str; N_FIXED])) {
    let doc = scene.doc;
    let (mut lower, mut entity) = (String::new(), String::new());
    for token in doc.tokens() {
        let head = token.head();
        entity.clear();
        if token.ent_iob() != EntIob::O {
            entity.extend([token.ent_iob().as_str(), "-", token.ent_type()]);
        }
        let (deprel, distance) = governor(scene, token);
        each([
            word(token, &mut lower),
            token.tag(),
            distance_name(head.index() as isize - token.index() as isize),
            token.dep(),
            cue_class(token, scene.cue(token.index())),
            &entity,
            place(scene, token),
            head.tag(),
            deprel,
            distance,
        ]);
    }
}

/// Tells `each` what is observed about each of `tokens` as long as they are read as part of
/// one text, in which the grammar has found `candidates`. Of `aside` tokens it is not told
/// that they are quoted.
pub(super) fn varying<'d>(
    scene: &Scene<'d>,
    candidates: &[Candidate<'d>],
    tokens: impl Iterator<Item = usize>,
    aside: bool,
    mut each: impl FnMut([&str; N_VARYING]),
) {
    let grammar = grammar(scene.doc.len(), candidates);
    let mut buffers: [String; 3] = Default::default();
    for token in tokens {
        for (buffer, seen) in buffers.iter_mut().zip(grammar[token]) {
            buffer.clear();
            let Seen { confidence, candidate, first } = seen;
            if confidence >= UNLIKELY {
                let place = if first { "B" } else { "I" };
                let fifth =
                    ["0", "1", "2", "3", "4"][((confidence * 5.0) as usize).min(4)];
                let pattern = candidates[candidate].pattern.name();
                buffer.extend([place, " ", fifth, " ", pattern]);
            }
        }
        let (quote, length) = match aside {
            true => ("", ""),
            false => (quote(scene, token), quote_length(scene, token)),
        };
        let [content, source, cue] = &buffers;
        each([quote, length, content, source, cue]);
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

fn cue_class(token: Token<'_>, class: Option<Cue>) -> &'static str {
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

/// For the nearest ancestor of a token that is a cue by the lexicon the relation in which
/// the branch of the token hangs on it, and how far up it is.
fn governor<'d>(scene: &Scene<'d>, token: Token<'d>) -> (&'d str, &'static str) {
    let mut at = token;
    for up in 1..=12 {
        if at.is_root() {
            break;
        }
        let head = at.head();
        if scene.cue(head.index()).is_some() {
            let distance = match up {
                1 => "1",
                2 => "2",
                3 => "3",
                4..=5 => "4",
                _ => "6",
            };
            return (at.dep(), distance);
        }
        at = head;
    }
    ("", "")
}
