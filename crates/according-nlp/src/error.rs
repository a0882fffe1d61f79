//! What can go wrong in this crate.

use std::fmt;

/// A model that cannot be run, or a document that contradicts itself.
///
/// Strange text is never an error.
#[derive(Clone, PartialEq, Eq)]
pub struct Error(Box<str>);

impl Error {
    /// An error that says `message`: one lower-case sentence without a full stop.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into().into_boxed_str())
    }

    /// The same error, said to have happened in `place` (a file or component of the model).
    pub(crate) fn at(self, place: impl fmt::Display) -> Self {
        Self(format!("{place}: {}", self.0).into_boxed_str())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({:?})", self.0)
    }
}

impl std::error::Error for Error {}
