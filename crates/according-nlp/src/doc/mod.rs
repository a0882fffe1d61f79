//! A text and what is known about its words: tokens, sentences, entities, the tree.
//!
//! [`Doc`] owns everything; [`Token`], [`Sentence`] and [`Entity`] are views that copy for
//! nothing. The words are spaCy's, the fields CoNLL-U's. This room knows no models: a
//! document may come from a pipeline or be put together by hand with [`DocBuilder`].
//!
//! ```
//! use according_nlp::{DocBuilder, TokenSpec, Upos};
//!
//! let mut doc = DocBuilder::new("She left.");
//! doc.push(TokenSpec { upos: Upos::Pron, dep: "nsubj", head: 1, ..TokenSpec::new(0..3) });
//! doc.push(TokenSpec { upos: Upos::Verb, dep: "ROOT", head: 1, ..TokenSpec::new(4..8) });
//! doc.push(TokenSpec { upos: Upos::Punct, dep: "punct", head: 1, ..TokenSpec::new(8..9) });
//! let doc = doc.finish()?;
//!
//! let left = doc.token(0).head();
//! assert_eq!(left.text(), "left");
//! assert_eq!(left.children().map(|t| t.text()).collect::<Vec<_>>(), ["She", "."]);
//! # Ok::<(), according_nlp::Error>(())
//! ```

mod build;
mod labels;
mod token;
mod upos;

use std::mem;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

pub use build::{DocBuilder, TokenSpec};
pub use labels::{LabelId, Labels};
pub use token::{EntIob, Entity, Sentence, Token};
pub use upos::Upos;

use crate::model::vectors::Vectors;
use crate::{Span, strings};

/// A text with its tokens and every layer over them.
///
/// Tokens come in text order and never overlap. Text between two tokens is white space or
/// was left out by whoever parsed it.
#[derive(Clone, Debug)]
pub struct Doc {
    text: Arc<str>,
    tokens: Vec<TokenData>,
    labels: Arc<Labels>,
    /// Every lemma, one after another; `TokenData::lemma` points in here.
    lemmas: String,
    /// First tokens of the sentences, ascending.
    sentences: Vec<u32>,
    entities: Vec<EntityData>,
    tree: Tree,
    tensor: Tensor,
}

/// What a pipeline's networks know about each token in its context.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tensor {
    /// Name of the pipeline.
    pub(crate) pipeline: Option<Arc<str>>,
    /// What tagger and parser read, a row a token.
    pub(crate) rows: Vec<f32>,
    /// What the entity recognizer reads, a row a token.
    pub(crate) ner_rows: Vec<f32>,
    /// The static vectors of words.
    pub(crate) vectors: Arc<Vectors>,
    /// Where the room of the rows goes when nobody needs them any more.
    pub(crate) spare: Arc<Spare>,
}

impl Drop for Tensor {
    fn drop(&mut self) {
        self.spare.put(mem::take(&mut self.rows));
        self.spare.put(mem::take(&mut self.ner_rows));
    }
}

/// Room for the rows of texts to come. Text after text asks for hundreds of kilobytes, and
/// memory that is new to a process is slow at first touch.
#[derive(Debug, Default)]
pub(crate) struct Spare {
    rows: Mutex<Vec<Vec<f32>>>,
}

impl Spare {
    /// So many buffers are kept,
    const MOST: usize = 4;

    /// none with room for more floats than this.
    const LARGEST: usize = 1 << 19;

    /// Empty, with room for `size` floats.
    pub(crate) fn take(&self, size: usize) -> Vec<f32> {
        let spare = self.rows.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut rows = spare.unwrap_or_default();
        rows.reserve_exact(size);
        rows
    }

    fn put(&self, mut rows: Vec<f32>) {
        if (1..=Self::LARGEST).contains(&rows.capacity()) {
            rows.clear();
            let mut kept = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.len() < Self::MOST {
                kept.push(rows);
            }
        }
    }
}

/// One token as stored: 36 bytes, no pointers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenData {
    pub(crate) span: Span,
    pub(crate) lemma: Span,
    pub(crate) head: u32,
    pub(crate) tag: LabelId,
    pub(crate) dep: LabelId,
    pub(crate) morph: LabelId,
    pub(crate) ent_type: LabelId,
    pub(crate) upos: Upos,
    pub(crate) ent_iob: EntIob,
    pub(crate) sent_start: bool,
    pub(crate) space_after: bool,
}

#[derive(Clone, Copy, Debug)]
struct EntityData {
    start: u32,
    end: u32,
    label: LabelId,
}

/// Children and edges, worked out once from the heads.
#[derive(Clone, Debug, Default)]
struct Tree {
    /// Children of all tokens, grouped by head, ascending within a group.
    children: Vec<u32>,
    /// `children[child_start[i]..child_start[i + 1]]` hang from token `i`.
    child_start: Vec<u32>,
    /// First and one past the last token of each token's subtree.
    edges: Vec<(u32, u32)>,
}

impl Doc {
    /// Puts a document together. Heads must form trees: every chain of heads ends in a token
    /// that is its own head.
    pub(crate) fn assemble(
        text: Arc<str>,
        tokens: Vec<TokenData>,
        labels: Arc<Labels>,
        lemmas: String,
    ) -> Self {
        let sentences = (0..tokens.len())
            .filter(|&i| i == 0 || tokens[i].sent_start)
            .map(|i| i as u32)
            .collect();
        let entities = entities_of(&tokens);
        let tree = Tree::new(&tokens);
        let tensor = Tensor::default();
        Self { text, tokens, labels, lemmas, sentences, entities, tree, tensor }
    }

    /// Adds what the pipeline's networks know about each token.
    pub(crate) fn with_tensor(self, tensor: Tensor) -> Self {
        debug_assert!(
            [&tensor.rows, &tensor.ner_rows]
                .iter()
                .all(|rows| { self.is_empty() || rows.len().is_multiple_of(self.len()) })
        );
        Self { tensor, ..self }
    }

    /// What tagger and parser know about each token in its context: a row a token, spaCy's
    /// `Doc.tensor`. Empty for a document put together by hand.
    pub fn tensor(&self) -> &[f32] {
        &self.tensor.rows
    }

    /// What the entity recognizer knows about each token in its context, likewise.
    pub fn ner_tensor(&self) -> &[f32] {
        &self.tensor.ner_rows
    }

    /// Floats in a static vector of a word; 0 where the pipeline has none.
    pub fn vector_width(&self) -> usize {
        self.tensor.vectors.width()
    }

    /// The number of the static vector of `word` as written, if it has one. Words share
    /// vectors.
    pub fn vector_of(&self, word: &str) -> Option<u32> {
        self.tensor.vectors.row_of(strings::id(word))
    }

    /// Adds a static vector to `out`; zeros in place of none.
    ///
    /// # Panics
    ///
    /// When the pipeline has no vector of that number.
    pub fn append_vector(&self, vector: Option<u32>, out: &mut Vec<f32>) {
        self.tensor.vectors.append_row(vector, out);
    }

    /// How many static vectors the pipeline has.
    pub fn n_vectors(&self) -> usize {
        self.tensor.vectors.len()
    }

    /// Name and version of the pipeline whose tensor this is; `None` for a document put
    /// together by hand.
    pub fn pipeline(&self) -> Option<&str> {
        self.tensor.pipeline.as_deref()
    }

    /// The whole text, token or not.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether there is no token.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// Token number `index`.
    ///
    /// # Panics
    ///
    /// When there is no such token.
    pub fn token(&self, index: usize) -> Token<'_> {
        assert!(index < self.tokens.len(), "no token {index} in {}", self.tokens.len());
        Token { doc: self, index: index as u32 }
    }

    /// All tokens in text order.
    pub fn tokens(
        &self,
    ) -> impl DoubleEndedIterator<Item = Token<'_>> + ExactSizeIterator {
        (0..self.tokens.len()).map(|i| self.token(i))
    }

    /// The tokens numbered `range`.
    pub fn slice(
        &self,
        range: Range<usize>,
    ) -> impl DoubleEndedIterator<Item = Token<'_>> + ExactSizeIterator {
        range.map(|i| self.token(i))
    }

    /// The bytes from the first to the last token of `range`; empty at the start for none.
    pub fn span_of(&self, range: Range<usize>) -> Span {
        if range.is_empty() {
            return Span::default();
        }
        self.tokens[range.start].span.cover(self.tokens[range.end - 1].span)
    }

    /// The numbers of the tokens that share at least one byte with `span`.
    pub fn tokens_in(&self, span: Span) -> Range<usize> {
        let start = self.tokens.partition_point(|t| t.span.end <= span.start);
        let end = self.tokens.partition_point(|t| t.span.start < span.end);
        start..end.max(start)
    }

    /// The sentences in text order.
    pub fn sentences(
        &self,
    ) -> impl DoubleEndedIterator<Item = Sentence<'_>> + ExactSizeIterator {
        (0..self.sentences.len()).map(|i| Sentence { doc: self, index: i as u32 })
    }

    /// The sentence that holds token number `index`.
    pub fn sentence_of(&self, index: usize) -> Sentence<'_> {
        let after = self.sentences.partition_point(|&start| start as usize <= index);
        Sentence { doc: self, index: after.max(1) as u32 - 1 }
    }

    /// The named entities in text order.
    pub fn entities(
        &self,
    ) -> impl DoubleEndedIterator<Item = Entity<'_>> + ExactSizeIterator {
        (0..self.entities.len()).map(|i| Entity { doc: self, index: i as u32 })
    }
}

/// Entities as the B and I marks spell them out.
fn entities_of(tokens: &[TokenData]) -> Vec<EntityData> {
    let mut entities: Vec<EntityData> = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        match token.ent_iob {
            EntIob::B => entities.push(EntityData {
                start: i as u32,
                end: i as u32 + 1,
                label: token.ent_type,
            }),
            EntIob::I => {
                if let Some(open) = entities.last_mut()
                    && open.end as usize == i
                {
                    open.end += 1;
                }
            }
            EntIob::O => {}
        }
    }
    entities
}

impl Tree {
    fn new(tokens: &[TokenData]) -> Self {
        let n = tokens.len();
        let mut child_start = vec![0u32; n + 1];
        let attached =
            || tokens.iter().enumerate().filter(|(i, t)| t.head as usize != *i);
        for (_, token) in attached() {
            child_start[token.head as usize + 1] += 1;
        }
        for i in 0..n {
            child_start[i + 1] += child_start[i];
        }
        let mut next = child_start.clone();
        let mut children = vec![0u32; child_start[n] as usize];
        for (i, token) in attached() {
            let slot = &mut next[token.head as usize];
            children[*slot as usize] = i as u32;
            *slot += 1;
        }
        // A token widens its head, and the head its own head, for as long as that
        // changes anything; in a projective tree that is about once a token.
        let mut edges: Vec<(u32, u32)> = (0..n as u32).map(|i| (i, i + 1)).collect();
        for i in 0..n {
            let (left, right) = edges[i];
            let mut at = i;
            while tokens[at].head as usize != at {
                at = tokens[at].head as usize;
                let edge = &mut edges[at];
                if edge.0 <= left && edge.1 >= right {
                    break;
                }
                *edge = (edge.0.min(left), edge.1.max(right));
            }
        }
        Self { children, child_start, edges }
    }

    fn children(&self, i: usize) -> &[u32] {
        &self.children[self.child_start[i] as usize..self.child_start[i + 1] as usize]
    }
}
