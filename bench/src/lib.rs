//! What the measuring programs share: annotated texts, and how a report is compared with
//! them.

pub mod gold;
pub mod misses;
pub mod score;
