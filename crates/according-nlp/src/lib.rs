//! Runs unmodified spaCy v3 English pipelines in pure Rust.
//!
//! Offsets are bytes ([`Span`]); [`CodePoints`] turns them into what Python and the web count.

mod doc;
mod error;
#[allow(dead_code, reason = "read by the components that land next")]
mod hash_index;
#[allow(dead_code, reason = "read by the components that land next")]
mod model;
#[allow(dead_code, reason = "read by the components that land next")]
mod pattern;
mod span;
#[allow(dead_code, reason = "read by the components that land next")]
mod strings;
#[allow(dead_code, unused_imports, reason = "read by the components that land next")]
mod tokenize;
#[allow(dead_code, reason = "read by the components that land next")]
mod unicode;

pub use doc::{
    Doc, DocBuilder, EntIob, Entity, LabelId, Labels, Sentence, Token, TokenSpec, Upos,
};
pub use error::Error;
pub use span::{CodePoints, Span};
