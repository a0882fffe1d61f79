//! What a sentence is, decided from weights: one component a file.

mod attribute_ruler;
mod lemmatizer;
mod ner;
mod parser;
mod tagger;
mod tok2vec;
mod transition;

pub(crate) use attribute_ruler::{AttributeRuler, RulerCache};
pub(crate) use lemmatizer::{LemmaCache, Lemmatizer};
pub(crate) use ner::EntityRecognizer;
pub(crate) use parser::{Parser, ParserScratch};
pub(crate) use tagger::Tagger;
pub(crate) use tok2vec::{Attr, Layout, Texts, Tok2Vec, Tok2VecCache};
pub(crate) use transition::{Moves, Scorer, ScorerScratch};
