//! Many reports: which articles are copies, which statements say the same, and to how many
//! origins they go back.
//!
//! Values in, values out: whoever keeps the reports hands them over. The flow is one way:
//! report and parse → [`Fingerprint`] → [`Link`]s between two articles each → [`Corpus`] →
//! [`CorpusReport`].

pub mod block;
mod change;
pub mod copy;
mod corpus;
pub mod correction;
mod explain;
pub mod fingerprint;
pub mod format;
pub mod group;
mod link;
mod member;
pub mod news;
pub mod origin;
pub mod publisher;
pub mod same;

pub use corpus::{At, Corpus, LEAST_COPIED, Standing};
pub use correction::{Correction, Hand, Names};
pub use fingerprint::{Fingerprint, fingerprint};
pub use format::CorpusReport;
pub use group::{Pair, Told, told};
pub use link::{Link, echoes, link};
pub use member::{Member, Said, Source};
