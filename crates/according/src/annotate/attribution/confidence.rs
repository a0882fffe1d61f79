//! How likely a candidate is right: weights learnt on PolNeAR over what can be observed.

use std::ops::Range;
use std::sync::LazyLock;

use according_nlp::{Token, Upos};
use rustc_hash::FxHashMap;

use super::candidate::{Candidate, Feature};
use super::scene::Scene;
use super::{Pattern, lexicon, span};
use crate::article::BlockKind;

static WEIGHTS: LazyLock<FxHashMap<(&str, &str, &str), f32>> = LazyLock::new(|| {
    lexicon::rows(include_str!("../../../data/en/weight.tsv"))
        .filter_map(|mut row| {
            let key = (row.next()?, row.next()?, row.next()?);
            Some((key, row.next()?.parse().ok()?))
        })
        .collect()
});

/// What the layout shows is too rare to learn from. On PolNeAR dev 23 of 23 names under
/// quotations are right and 4 of 5 paragraphs after a colon.
const BYLINE: f32 = 0.9;
const COLON: f32 = 0.7;

/// A judgement: misread asides are so rare on PolNeAR that they change no figure there.
const ASIDE: f32 = 0.85;

/// The probability that an annotator would mark the candidate.
pub(super) fn of(scene: &Scene<'_>, candidate: &Candidate<'_>) -> f32 {
    match candidate.pattern {
        Pattern::Adverb | Pattern::Alleged | Pattern::Hedge => {
            return lexicon::evidential(candidate.head.lemma())
                .map_or(0.0, |e| e.confidence);
        }
        Pattern::Byline => return BYLINE,
        Pattern::Colon => return COLON,
        Pattern::Aside => return ASIDE,
        _ => {}
    }
    let weights: &FxHashMap<(&str, &str, &str), f32> = &WEIGHTS;
    let sum: f32 = features(scene, candidate)
        .iter()
        .filter_map(|f| weights.get(&(f.name, f.value, f.pattern)))
        .sum();
    1.0 / (1.0 + (-sum).exp())
}

/// What is observed about a candidate.
pub(super) fn features<'d>(
    scene: &Scene<'d>,
    candidate: &Candidate<'d>,
) -> Vec<Feature<'d>> {
    let head = candidate.head;
    let pattern = candidate.pattern.name();
    let mut features = Vec::with_capacity(16);
    let mut add = |name, value, pattern| features.push(Feature { name, value, pattern });
    add("pattern", pattern, "");
    let cue = lexicon::cue(head.lemma(), head.upos());
    let class = match cue {
        Some(cue) if cue.speech => "speech",
        Some(_) => "attitude",
        None => "none",
    };
    add("class", class, pattern);
    add("cue", head.lemma(), pattern);
    add("lemma", head.lemma(), head.upos().as_str());
    if !candidate.preposition.is_empty() {
        add("preposition", candidate.preposition, pattern);
        add("cue-preposition", head.lemma(), candidate.preposition);
    }
    add("source", candidate.source.as_ref().map_or("none", |s| kind_of(s.head)), pattern);
    add("form", head.tag(), class);
    add("deprel", head.dep(), pattern);
    let inside = scene.quote_at(head.index()).is_some();
    add("cue-quoted", if inside { "yes" } else { "no" }, "");
    let quoted = candidate
        .content
        .iter()
        .flat_map(|r| scene.doc.slice(r.clone()))
        .filter(|t| !t.is_punct() && scene.quote_at(t.index()).is_some())
        .count();
    let size = span::size(&candidate.content);
    let quoted = match quoted {
        _ if inside => "inside",
        0 => "none",
        q if 2 * q < size => "some",
        _ => "most",
    };
    add("quoted", quoted, pattern);
    add("length", length(size), pattern);
    add("rival", candidate.rival.map_or("none", Pattern::name), pattern);
    add("place", place(scene, candidate), pattern);
    for &word in &candidate.cue {
        let word = scene.doc.token(word);
        match word.dep() {
            "aux" if word.tag() == "MD" => add("modal", word.lemma(), ""),
            "neg" => add("negated", class, ""),
            "aux" if word.tag() == "TO" => add("infinitive", class, ""),
            _ => {}
        }
    }
    let first = candidate.content.first().map(|r| scene.doc.token(r.start));
    if let Some(first) = first {
        add("starts", first.tag(), pattern);
        let heads = first.subtree().start == first.index();
        let entity = if heads { first.ent_type() } else { "" };
        add("object", entity, pattern);
    }
    let kind = scene.blocks.get(scene.block_at(head.index())).map(|b| b.kind);
    if kind == Some(BlockKind::Headline) {
        add("headline", class, "");
    }
    features
}

/// On which side of its cue and source the content stands, and how near.
fn place(scene: &Scene<'_>, candidate: &Candidate<'_>) -> &'static str {
    let content = candidate.extent();
    let source = candidate.source.as_ref().map(|s| s.tokens.clone());
    let cue = candidate.cue.first().copied().zip(candidate.cue.last().copied());
    let start = source.iter().map(|s| s.start).chain(cue.map(|c| c.0)).min();
    let end = source.iter().map(|s| s.end).chain(cue.map(|c| c.1 + 1)).max();
    let (Some(start), Some(end)) = (start, end) else { return "alone" };
    let words =
        |range: Range<usize>| scene.doc.slice(range).filter(|t| !t.is_punct()).count();
    if content.end <= start {
        match words(content.end..start) {
            0 => "left",
            1..=3 => "left, near",
            _ => "left, far",
        }
    } else if content.start >= end {
        let colon = scene.doc.slice(end..content.start).any(|t| t.text() == ":");
        match words(end..content.start) {
            _ if colon => "right, colon",
            0 => "right",
            1..=3 => "right, near",
            _ => "right, far",
        }
    } else {
        "around"
    }
}

pub(super) fn length(tokens: usize) -> &'static str {
    match tokens {
        0..=1 => "1",
        2 => "2",
        3..=4 => "3",
        5..=8 => "5",
        9..=15 => "9",
        16..=40 => "16",
        _ => "41",
    }
}

fn kind_of(head: Token<'_>) -> &'static str {
    let lemma = head.lemma();
    match head.upos() {
        Upos::Pron if matches!(head.tag(), "WP" | "WDT") => "relative",
        Upos::Pron => match lemma {
            "I" | "we" => "first",
            "you" => "second",
            "it" | "this" | "that" => "it",
            _ => "third",
        },
        Upos::Propn => match head.ent_type() {
            "PERSON" => "person",
            "ORG" => "organisation",
            "GPE" | "NORP" | "LOC" => "place",
            _ => "name",
        },
        Upos::Noun => match head.tag() {
            "NNS" => "nouns",
            _ => "noun",
        },
        _ => "other",
    }
}
