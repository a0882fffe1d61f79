use std::ops::Range;

use according_nlp::{Doc, Token};

use super::lexicon::{self, Cue};
use crate::annotate::quotation::{self, Quotation};
use crate::article::{Article, BlockKind};

/// One article with what all patterns look up in it.
pub(super) struct Scene<'d> {
    pub(super) doc: &'d Doc,
    pub(super) quotes: Vec<Quote>,
    /// For each token one more than the number of its quotation, 0 for none.
    quote_of: Vec<u32>,
    pub(super) blocks: Vec<Block>,
    block_of: Vec<u32>,
    /// What the lexicon knows about each token.
    cues: Vec<Option<Cue>>,
}

/// A quotation in tokens: one range for each paragraph it runs through.
pub(super) struct Quote {
    pub(super) parts: Vec<Range<usize>>,
}

impl Quote {
    pub(super) fn start(&self) -> usize {
        self.parts.first().map_or(0, |p| p.start)
    }

    pub(super) fn end(&self) -> usize {
        self.parts.last().map_or(0, |p| p.end)
    }

    pub(super) fn words(&self, doc: &Doc) -> usize {
        let word = |t: &Token<'_>| !t.is_punct() && !t.is_space();
        self.parts.iter().map(|p| doc.slice(p.clone()).filter(word).count()).sum()
    }
}

/// A block of the article in tokens.
pub(super) struct Block {
    pub(super) kind: BlockKind,
    pub(super) tokens: Range<usize>,
}

impl<'d> Scene<'d> {
    pub(super) fn new(article: &Article, doc: &'d Doc) -> Self {
        let mut blocks = Vec::new();
        let mut block_of = vec![0; doc.len()];
        for block in &article.blocks {
            let tokens = doc.tokens_in(block.span);
            if !tokens.is_empty() {
                block_of[tokens.clone()].fill(blocks.len() as u32);
                blocks.push(Block { kind: block.kind, tokens });
            }
        }
        let mut quotes = Vec::new();
        let mut quote_of = vec![0; doc.len()];
        for quotation in quotation::find(&article.text, &article.blocks) {
            let Quotation { parts, .. } = quotation;
            let parts: Vec<_> = parts
                .into_iter()
                .map(|part| doc.tokens_in(part))
                .filter(|tokens| !tokens.is_empty())
                .collect();
            for part in &parts {
                quote_of[part.clone()].fill(quotes.len() as u32 + 1);
            }
            if !parts.is_empty() {
                quotes.push(Quote { parts });
            }
        }
        let cues = doc.tokens().map(|t| lexicon::cue(t.lemma(), t.upos())).collect();
        Self { doc, quotes, quote_of, blocks, block_of, cues }
    }

    /// What the lexicon knows about token number `index` as a cue.
    pub(super) fn cue(&self, index: usize) -> Option<Cue> {
        self.cues[index]
    }

    /// The number of the quotation that holds token number `index`.
    pub(super) fn quote_at(&self, index: usize) -> Option<usize> {
        self.quote_of.get(index).and_then(|&q| (q as usize).checked_sub(1))
    }

    /// The part of that quotation in which the token stands.
    pub(super) fn quote_part(&self, index: usize) -> Option<Range<usize>> {
        let quote = &self.quotes[self.quote_at(index)?];
        quote.parts.iter().find(|p| p.contains(&index)).cloned()
    }

    /// The number of the block that holds token number `index`.
    pub(super) fn block_at(&self, index: usize) -> usize {
        self.block_of.get(index).map_or(0, |&b| b as usize)
    }

    /// The block that holds token number `index`; empty where the article has none.
    pub(super) fn block(&self, index: usize) -> Range<usize> {
        self.blocks.get(self.block_at(index)).map_or(0..0, |b| b.tokens.clone())
    }
}
