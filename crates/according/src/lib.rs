//! Who claims what, through whom: from the text of a news report to its sourced claims.
//!
//! The flow is one way: text → [`Article`] → annotations over a parsed document → [`Report`].

pub mod annotate;
pub mod article;
pub mod report;

pub use article::{
    Article, Block, BlockKind, BlockNote, Day, Field, Metadata, Origin, Page, Provenance,
};
pub use report::{Options, Report, parse, read, read_doc};
