//! Arrays and layers. Knows no words.
//!
//! [`ops`] is the only place where floats are multiplied in bulk, and the only place with
//! `unsafe`: each kernel is one generic body over [`lanes::Lanes`], compiled for AVX-512,
//! for AVX2 with FMA and for any machine, chosen once at run time. The layers above it own
//! packed weights and scratch.

mod lanes;
pub(crate) mod ops;

mod hash_embed;
mod layers;
mod lstm;

pub(crate) use hash_embed::HashEmbed;
pub(crate) use layers::{
    Conv, ConvScratch, Dense, LayerNorm, Linear, Matrix, Maxout, MaxoutScratch,
    ProjectedConv, by_piece,
};
pub(crate) use lstm::{BiLstm, BiLstmScratch};
