use std::ops::Range;

use according_nlp::{Span, Token};

use super::lexicon;
use super::scene::Scene;
use super::source::Source;
use super::{Attribution, AttributionKind, Pattern, Stance};

/// Something that may be an attribution.
#[derive(Clone, Debug)]
pub(super) struct Candidate<'d> {
    pub(super) pattern: Pattern,
    /// The word that attributes, or the mark that does.
    pub(super) head: Token<'d>,
    /// The preposition by which the cue governs its content, or empty.
    pub(super) preposition: &'d str,
    /// Token numbers, ascending.
    pub(super) cue: Vec<usize>,
    pub(super) source: Option<Source<'d>>,
    /// Ranges of tokens, ascending and apart.
    pub(super) content: Vec<Range<usize>>,
    /// The strongest other pattern that the same cue proposes.
    pub(super) rival: Option<Pattern>,
    /// How likely it is by the weights of the grammar alone.
    pub(super) grammar: f32,
    /// Whether the tagger proposes it, and not the grammar.
    pub(super) tagged: bool,
    /// The tagger's log-odds that cue and content belong together.
    pub(super) score: f32,
    pub(super) confidence: f32,
}

/// One thing observed about a candidate: `name=value` or `name=value|pattern`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Feature<'d> {
    /// What is observed.
    pub name: &'static str,
    /// What it is.
    pub value: &'d str,
    /// Where the observation is one of a word in a pattern: the pattern.
    pub pattern: &'d str,
}

impl<'d> Candidate<'d> {
    pub(super) fn new(
        pattern: Pattern,
        head: Token<'d>,
        cue: Vec<usize>,
        source: Option<Source<'d>>,
        content: Vec<Range<usize>>,
    ) -> Self {
        Self {
            pattern,
            head,
            preposition: "",
            cue,
            source,
            content,
            rival: None,
            grammar: 0.0,
            tagged: false,
            score: 0.0,
            confidence: 0.0,
        }
    }

    /// From the first to the last token of the content.
    pub(super) fn extent(&self) -> Range<usize> {
        let start = self.content.first().map_or(0, |r| r.start);
        start..self.content.last().map_or(start, |r| r.end)
    }

    /// One past the last token of all.
    pub(super) fn end(&self) -> usize {
        let cue = self.cue.last().map_or(0, |i| i + 1);
        let source = self.source.as_ref().map_or(0, |s| s.tokens.end);
        self.extent().end.max(cue).max(source)
    }

    /// Whether token number `index` belongs to the content.
    pub(super) fn covers(&self, index: usize) -> bool {
        self.content.iter().any(|r| r.contains(&index))
    }

    /// The first token of all.
    pub(super) fn first(&self) -> usize {
        let source = self.source.as_ref().map(|s| s.tokens.start);
        let cue = self.cue.first().copied();
        let content = self.content.first().map(|r| r.start);
        [source, cue, content].into_iter().flatten().min().unwrap_or(0)
    }

    /// Whether it is an attitude whose content is no clause.
    pub(super) fn is_vague(&self) -> bool {
        let doc = self.head.doc();
        let finite = |t: Token<'_>| matches!(t.tag(), "VBD" | "VBZ" | "VBP" | "MD");
        let mark = |t: Token<'_>| super::span::is_quote_mark(t);
        self.kind() == AttributionKind::Attitude
            && !self
                .content
                .iter()
                .flat_map(|r| doc.slice(r.clone()))
                .any(|t| finite(t) || mark(t))
    }

    pub(super) fn kind(&self) -> AttributionKind {
        match self.pattern {
            Pattern::Hedge => AttributionKind::Hedge,
            Pattern::Adverb
            | Pattern::Alleged
            | Pattern::Impersonal
            | Pattern::Raising => AttributionKind::Evidential,
            Pattern::According
            | Pattern::Quoted
            | Pattern::Colon
            | Pattern::Speaker
            | Pattern::Byline => AttributionKind::Speech,
            _ => match lexicon::cue(self.head.lemma(), self.head.upos()) {
                Some(cue) if cue.speech => AttributionKind::Speech,
                _ => AttributionKind::Attitude,
            },
        }
    }

    pub(super) fn attribution(&self, scene: &Scene<'_>) -> Attribution {
        let doc = scene.doc;
        let spans = |ranges: &[Range<usize>]| -> Vec<Span> {
            ranges
                .iter()
                .filter(|r| !r.is_empty())
                .map(|r| doc.span_of(r.clone()))
                .collect()
        };
        let cue = lexicon::cue(self.head.lemma(), self.head.upos());
        // A phrase of punctuation alone is nobody: "according to “?".
        let source = self.source.as_ref().filter(|s| !s.tokens.is_empty());
        Attribution {
            kind: self.kind(),
            pattern: self.pattern,
            stance: cue.map_or(Stance::Neutral, |c| c.stance),
            source: source.map(|s| doc.span_of(s.tokens.clone())).into_iter().collect(),
            cue: spans(&runs(&self.cue)),
            content: spans(&self.content),
            source_head: source.map(|s| s.head.index()),
            cue_head: (!self.cue.is_empty()).then(|| self.head.index()),
            confidence: self.confidence,
        }
    }
}

/// Neighbouring token numbers joined to ranges.
pub(super) fn runs(tokens: &[usize]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for &token in tokens {
        match runs.last_mut() {
            Some(run) if run.end == token => run.end += 1,
            _ => runs.push(token..token + 1),
        }
    }
    runs
}
