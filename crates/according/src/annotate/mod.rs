//! What is found in one article, a layer a file; each layer reads earlier ones only.

pub mod attribution;
pub mod quotation;

pub use attribution::{Attribution, AttributionKind};
