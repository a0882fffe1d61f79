//! Why a page cannot be read.

use std::fmt;

/// How large a page may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes.
    pub size: usize,
    /// Elements within elements.
    pub depth: usize,
    /// Elements and texts.
    pub nodes: usize,
}

impl Limits {
    /// Nothing is read that nests deeper: what reads the main content gives up there.
    pub const DEEPEST: usize = 490;
}

impl Default for Limits {
    fn default() -> Self {
        Self { size: 64 << 20, depth: 480, nodes: 1_000_000 }
    }
}

/// Why a page cannot be read: it goes beyond one of the [`Limits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// More bytes than the limit.
    Size(usize),
    /// Elements nested deeper than the limit.
    Depth(usize),
    /// More elements and texts than the limit.
    Nodes(usize),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Size(limit) => {
                write!(f, "the page is larger than the limit of {limit} bytes")
            }
            Self::Depth(limit) => {
                write!(f, "the page nests deeper than the limit of {limit} elements")
            }
            Self::Nodes(limit) => {
                write!(
                    f,
                    "the page has more than the limit of {limit} elements and texts"
                )
            }
        }
    }
}

impl std::error::Error for Error {}
