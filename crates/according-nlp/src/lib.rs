//! Runs unmodified spaCy v3 English pipelines in pure Rust.
//!
//! Offsets are bytes ([`Span`]); [`CodePoints`] turns them into what Python and the web count.

mod doc;
mod error;
mod hash_index;
mod model;
mod nn;
mod pattern;
mod pipe;
mod pipeline;
mod span;
mod strings;
mod tokenize;
mod unicode;

pub use doc::{
    Doc, DocBuilder, EntIob, Entity, LabelId, Labels, Sentence, Token, TokenSpec, Upos,
};
pub use error::Error;
pub use nn::ops::Kernel;
pub use pipeline::{Pipeline, ReadFile, Worker};
pub use span::{CodePoints, Span};
