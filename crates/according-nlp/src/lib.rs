//! Runs unmodified spaCy v3 English pipelines in pure Rust, with spaCy's own output.
//!
//! A [`Pipeline`] is loaded once and shared; each thread runs it with a [`Worker`] of its
//! own, which gives a [`Doc`]: tokens, sentences, entities and the tree over them.
//!
//! ```no_run
//! use according_nlp::{Pipeline, Upos};
//!
//! let folder = "en_core_web_md-3.8.0";
//! let pipeline = Pipeline::load(&mut |path| match std::fs::read(format!("{folder}/{path}")) {
//!     Ok(bytes) => Ok(Some(bytes)),
//!     Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
//!     Err(error) => Err(error.to_string()),
//! })?;
//!
//! let doc = pipeline.worker().parse("A trader told Radio Meridian that the bridge was shut.");
//! for verb in doc.tokens().filter(|t| t.upos() == Upos::Verb) {
//!     let subject = verb.child("nsubj").map(|t| t.text());
//!     assert_eq!((verb.lemma(), subject), ("tell", Some("trader")));
//! }
//! # Ok::<(), according_nlp::Error>(())
//! ```
//!
//! Offsets are bytes ([`Span`]); [`CodePoints`] turns them into what Python and the web
//! count. The crate opens no file and starts no thread.
//!
//! It runs the CNN pipelines for English (`en_core_web_sm` and `md`) and nothing else: a
//! pipeline with other components, a transformer or a beam is refused by name. It does not
//! train.

mod doc;
mod error;
mod hash_index;
mod labeller;
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
pub use labeller::{Labeller, Labelling, Reading, Weights};
pub use nn::ops::Kernel;
pub use pipeline::{Pipeline, ReadFile, Worker};
pub use span::{CodePoints, Span};
