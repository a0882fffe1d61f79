//! The word types that a worker has met.

use super::lexeme::{self, Norms};
use crate::hash_index::{HashIndex, mix};
use crate::{Span, pattern, strings, unicode};

/// The number of a [`Word`] in its [`Words`]: from 0 up, without gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct WordId(pub(crate) u32);

impl WordId {
    /// The number as an index.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// A word type: all that can be told of a token without its neighbours. The numbers are
/// spaCy's string ids.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    /// The word as written.
    pub(crate) orth: u64,
    /// Its normal form, which a contraction may set: "ca" in "can't" is "can".
    pub(crate) norm: u64,
    pub(crate) prefix: u64,
    pub(crate) suffix: u64,
    pub(crate) shape: u64,
    /// Whether it is nothing but white space.
    pub(crate) is_space: bool,
    /// Number of the list of special cases that may begin with this word.
    pub(super) special: u32,
    text: Span,
    lower: Span,
}

/// The word types that a worker has met, and how chunks of text fell apart into them.
///
/// Numbers stay valid until [`Words::clear`].
#[derive(Debug, Default)]
pub(crate) struct Words {
    words: Vec<Word>,
    /// By `orth` and the normal form that a special case gave, 0 for none.
    index: HashIndex,
    /// Texts and lower-case forms of the words, one after another.
    arena: String,
    chunks: Vec<Chunk>,
    chunk_index: HashIndex,
    chunk_arena: String,
    pieces: Vec<Piece>,
    shape: String,
    pub(super) scratch: Scratch,
}

/// Room for taking chunks apart.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    pub(super) pattern: pattern::Scratch,
    /// Pieces of the chunk at hand, in order.
    pub(super) pieces: Vec<Piece>,
    /// Ends of the text cut off at the end, outermost first.
    pub(super) suffixes: Vec<usize>,
}

/// A part of a chunk.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) word: WordId,
    /// Length in bytes.
    pub(super) len: u32,
}

/// A chunk that was taken apart before.
#[derive(Clone, Copy, Debug)]
struct Chunk {
    text: Span,
    pieces: Span,
}

impl Words {
    /// Chunks kept; about 3 MB of them.
    const MAX_CHUNKS: usize = 1 << 15;

    /// Longer chunks are not kept.
    const MAX_CHUNK_LEN: usize = 128;

    /// Number of words.
    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    /// Bytes of text held, which one very long word can make many.
    pub(crate) fn text_len(&self) -> usize {
        self.arena.len()
    }

    /// Forgets all words. Numbers given out before must not be used again.
    pub(crate) fn clear(&mut self) {
        *self = Self { scratch: std::mem::take(&mut self.scratch), ..Self::default() };
    }

    /// The word numbered `id`.
    pub(crate) fn get(&self, id: WordId) -> &Word {
        &self.words[id.index()]
    }

    /// The word as written.
    pub(crate) fn text(&self, id: WordId) -> &str {
        &self.arena.as_str()[self.get(id).text]
    }

    /// The word in lower case.
    pub(crate) fn lower(&self, id: WordId) -> &str {
        &self.arena.as_str()[self.get(id).lower]
    }

    /// The word type of `text`, whose id is `orth`. `norm` is the normal form where a
    /// special case has set one; `special` tells what special cases begin with a word.
    pub(super) fn add(
        &mut self,
        text: &str,
        orth: u64,
        norm: Option<u64>,
        norms: &Norms,
        special: impl FnOnce(u64) -> u32,
    ) -> WordId {
        let hash = mix(orth, norm.unwrap_or(0));
        // Two words are the same to spaCy when their ids are.
        let known = self.index.get(hash, |i| self.words[i].orth == orth);
        if let Some(i) = known {
            return WordId(i as u32);
        }
        let start = self.arena.len();
        self.arena.push_str(text);
        let text_span = Span::new(start, self.arena.len());
        unicode::push_lower(&mut self.arena, text);
        let mut lower = Span::new(text_span.end as usize, self.arena.len());
        if self.arena.as_str()[lower] == *text {
            self.arena.truncate(text_span.end as usize);
            lower = text_span;
        }
        let lower_id = if lower == text_span {
            orth
        } else {
            strings::id(&self.arena.as_str()[lower])
        };
        lexeme::shape(text, &mut self.shape);
        let i = self.words.len();
        self.words.push(Word {
            orth,
            norm: norm.or_else(|| norms.get(orth)).unwrap_or(lower_id),
            prefix: strings::id(lexeme::prefix(text)),
            suffix: strings::id(lexeme::suffix(text)),
            shape: strings::id(&self.shape),
            is_space: !text.is_empty() && text.chars().all(unicode::is_space),
            special: special(orth),
            text: text_span,
            lower,
        });
        self.index.insert(hash, i);
        WordId(i as u32)
    }

    /// How `chunk` fell apart before.
    pub(super) fn known_chunk(&self, chunk: &str, hash: u64) -> Option<&[Piece]> {
        let is_it = |i: usize| self.chunk_arena.as_str()[self.chunks[i].text] == *chunk;
        let chunk = self.chunks[self.chunk_index.get(hash, is_it)?];
        Some(&self.pieces[chunk.pieces.range()])
    }

    /// Keeps the pieces at hand as those of `chunk`, if there is room.
    pub(super) fn keep_chunk(&mut self, chunk: &str, hash: u64) {
        if chunk.len() > Self::MAX_CHUNK_LEN || self.chunks.len() >= Self::MAX_CHUNKS {
            return;
        }
        let start = self.chunk_arena.len();
        self.chunk_arena.push_str(chunk);
        let text = Span::new(start, self.chunk_arena.len());
        let start = self.pieces.len();
        self.pieces.extend_from_slice(&self.scratch.pieces);
        let pieces = Span::new(start, self.pieces.len());
        self.chunk_index.insert(hash, self.chunks.len());
        self.chunks.push(Chunk { text, pieces });
    }
}
