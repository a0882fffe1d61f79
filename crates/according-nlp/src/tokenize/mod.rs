//! Text to words, by the rules that come with a pipeline.
//!
//! [`Tokenizer`] holds the rules and is shared; [`Words`] holds the word types met so far
//! and how stretches of text fell apart, and belongs to one worker.

mod lexeme;
mod tokenizer;
mod words;

pub(crate) use tokenizer::{RawToken, Tokenizer};
pub(crate) use words::{Word, WordId, Words};
