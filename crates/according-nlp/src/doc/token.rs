use std::fmt;
use std::ops::Range;

use super::{Doc, TokenData, Upos};
use crate::Span;

/// Where a token stands towards a named entity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum EntIob {
    /// In none.
    #[default]
    O,
    /// First token of one.
    B,
    /// Further token of one.
    I,
}

impl EntIob {
    /// `"B"`, `"I"` or `"O"`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::O => "O",
            Self::B => "B",
            Self::I => "I",
        }
    }
}

/// A word, number or mark of a [`Doc`].
#[derive(Clone, Copy)]
pub struct Token<'d> {
    pub(super) doc: &'d Doc,
    pub(super) index: u32,
}

impl<'d> Token<'d> {
    fn data(self) -> &'d TokenData {
        &self.doc.tokens[self.index as usize]
    }

    /// Its number in the document.
    pub fn index(self) -> usize {
        self.index as usize
    }

    /// The document it belongs to.
    pub fn doc(self) -> &'d Doc {
        self.doc
    }

    /// Where it stands in the text, in bytes.
    pub fn span(self) -> Span {
        self.data().span
    }

    /// The token as written.
    pub fn text(self) -> &'d str {
        &self.doc.text[self.span()]
    }

    /// Dictionary form.
    pub fn lemma(self) -> &'d str {
        &self.doc.lemmas.as_str()[self.data().lemma]
    }

    /// Fine-grained tag (Penn Treebank), CoNLL-U's XPOS.
    pub fn tag(self) -> &'d str {
        self.doc.labels.name(self.data().tag)
    }

    /// Universal part of speech.
    pub fn upos(self) -> Upos {
        self.data().upos
    }

    /// Features as `Field=Value|Field=Value`; empty for none.
    pub fn morph(self) -> &'d str {
        self.doc.labels.name(self.data().morph)
    }

    /// The value of one feature: `token.feature("Number") == Some("Plur")`.
    pub fn feature(self, field: &str) -> Option<&'d str> {
        self.morph().split('|').find_map(|f| f.strip_prefix(field)?.strip_prefix('='))
    }

    /// Dependency label; `ROOT` for a token that is its own head.
    pub fn dep(self) -> &'d str {
        self.doc.labels.name(self.data().dep)
    }

    /// The token it hangs from; itself at the root of a tree.
    pub fn head(self) -> Token<'d> {
        Token { doc: self.doc, index: self.data().head }
    }

    /// Whether it is its own head.
    pub fn is_root(self) -> bool {
        self.data().head == self.index
    }

    /// The tokens that hang from this one, in text order.
    pub fn children(
        self,
    ) -> impl DoubleEndedIterator<Item = Token<'d>> + ExactSizeIterator {
        let doc = self.doc;
        doc.tree.children(self.index()).iter().map(move |&index| Token { doc, index })
    }

    /// The first child whose label is `dep`.
    pub fn child(self, dep: &str) -> Option<Token<'d>> {
        self.children().find(|c| c.dep() == dep)
    }

    /// Head, head of the head, and so on up to the root; the token itself is not among them.
    pub fn ancestors(self) -> impl Iterator<Item = Token<'d>> {
        let mut at = self;
        std::iter::from_fn(move || {
            let up = (!at.is_root()).then(|| at.head());
            at = up?;
            up
        })
    }

    /// Whether `other` hangs from this token, directly or not; true for the token itself.
    pub fn dominates(self, other: Token<'_>) -> bool {
        other.index == self.index || other.ancestors().any(|a| a.index == self.index)
    }

    /// Token numbers from the leftmost to one past the rightmost descendant. In a tree with
    /// crossing arcs the range also holds tokens that are no descendants.
    pub fn subtree(self) -> Range<usize> {
        let (start, end) = self.doc.tree.edges[self.index()];
        start as usize..end as usize
    }

    /// Type of the entity it belongs to, or empty.
    pub fn ent_type(self) -> &'d str {
        self.doc.labels.name(self.data().ent_type)
    }

    /// Its place in that entity.
    pub fn ent_iob(self) -> EntIob {
        self.data().ent_iob
    }

    /// Whether a sentence starts here.
    pub fn is_sent_start(self) -> bool {
        self.index == 0 || self.data().sent_start
    }

    /// The sentence it stands in.
    pub fn sentence(self) -> Sentence<'d> {
        self.doc.sentence_of(self.index())
    }

    /// Whether one consumed space follows.
    pub fn space_after(self) -> bool {
        self.data().space_after
    }

    /// Whether it is white space.
    pub fn is_space(self) -> bool {
        self.upos() == Upos::Space
    }

    /// Whether it is punctuation.
    pub fn is_punct(self) -> bool {
        self.upos() == Upos::Punct
    }

    /// The token after it.
    pub fn next(self) -> Option<Token<'d>> {
        let index = self.index + 1;
        ((index as usize) < self.doc.len()).then_some(Token { doc: self.doc, index })
    }

    /// The token before it.
    pub fn prev(self) -> Option<Token<'d>> {
        Some(Token { doc: self.doc, index: self.index.checked_sub(1)? })
    }
}

impl PartialEq for Token<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index && std::ptr::eq(self.doc, other.doc)
    }
}

impl Eq for Token<'_> {}

impl fmt::Debug for Token<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{:?}", self.index, self.text())
    }
}

/// A sentence of a [`Doc`].
#[derive(Clone, Copy)]
pub struct Sentence<'d> {
    pub(super) doc: &'d Doc,
    pub(super) index: u32,
}

impl<'d> Sentence<'d> {
    /// Its number in the document.
    pub fn index(self) -> usize {
        self.index as usize
    }

    /// The numbers of its tokens.
    pub fn range(self) -> Range<usize> {
        let starts = &self.doc.sentences;
        let Some(&start) = starts.get(self.index()) else { return 0..0 };
        let end = starts.get(self.index() + 1).map_or(self.doc.len(), |&s| s as usize);
        start as usize..end
    }

    /// Its tokens.
    pub fn tokens(
        self,
    ) -> impl DoubleEndedIterator<Item = Token<'d>> + ExactSizeIterator {
        self.doc.slice(self.range())
    }

    /// Where it stands in the text, in bytes.
    pub fn span(self) -> Span {
        self.doc.span_of(self.range())
    }

    /// The sentence as written.
    pub fn text(self) -> &'d str {
        &self.doc.text[self.span()]
    }

    /// Its first token that is its own head.
    pub fn root(self) -> Option<Token<'d>> {
        self.tokens().find(|t| t.is_root())
    }
}

impl fmt::Debug for Sentence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{:?}", self.index, self.text())
    }
}

/// A named entity as the pipeline marked it.
#[derive(Clone, Copy)]
pub struct Entity<'d> {
    pub(super) doc: &'d Doc,
    pub(super) index: u32,
}

impl<'d> Entity<'d> {
    /// The numbers of its tokens.
    pub fn range(self) -> Range<usize> {
        let data = self.doc.entities[self.index as usize];
        data.start as usize..data.end as usize
    }

    /// OntoNotes type: `PERSON`, `ORG`, `GPE`, …
    pub fn label(self) -> &'d str {
        self.doc.labels.name(self.doc.entities[self.index as usize].label)
    }

    /// Where it stands in the text, in bytes.
    pub fn span(self) -> Span {
        self.doc.span_of(self.range())
    }

    /// The entity as written.
    pub fn text(self) -> &'d str {
        &self.doc.text[self.span()]
    }
}

impl fmt::Debug for Entity<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{:?}", self.label(), self.text())
    }
}
