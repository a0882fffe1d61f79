//! A spaCy pipeline as bytes: the file formats it is made of.

pub(crate) mod config;
pub(crate) mod layers;
pub(crate) mod lookups;
pub(crate) mod msgpack;
pub(crate) mod npy;
pub(crate) mod thinc;
pub(crate) mod vectors;
