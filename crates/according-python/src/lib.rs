//! What the Python package `according` is made of in Rust: reading, reports, corpora.
//!
//! Python's side, in `python/according`, gives it types and names; here are the parts that
//! must be fast. Texts are read without Python's lock.

mod corpus;
mod engine;
mod input;
mod pipeline;
mod report;
mod stream;

use pyo3::prelude::*;

/// As the program has it: pages and reports are trees of small things.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The parts of the package `according` that are written in Rust.
#[pymodule]
mod _native {
    #[pymodule_export]
    use super::corpus::Corpus;
    #[pymodule_export]
    use super::engine::{Failure, Reader};
    #[pymodule_export]
    use super::input::{Container, Document};
    #[pymodule_export]
    use super::report::{Export, Report, corpus_schema, report_schema, table};
    #[pymodule_export]
    use super::stream::Reports;
}

/// An error of ours as one of Python's: what went wrong, and what to do about it.
fn error(message: &dyn std::fmt::Display, advice: Option<&str>) -> PyErr {
    let text = match advice {
        Some(advice) => format!("{message}; {advice}"),
        None => message.to_string(),
    };
    pyo3::exceptions::PyOSError::new_err(text)
}
