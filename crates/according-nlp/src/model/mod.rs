//! A spaCy pipeline as bytes: the file formats it is made of.

pub(crate) mod lookups;
pub(crate) mod msgpack;
