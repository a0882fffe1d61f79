//! A corpus, for Python. Answers are JSON, which Python's side makes objects of.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use according_corpus::Fingerprint;
use according_store::{Added, Error, Name, Question, Store};
use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::prelude::*;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::engine::{Failure, Made, Reader};
use crate::error;
use crate::report::Report;
use crate::stream::{Stream, threads};

/// A corpus that is open.
#[pyclass(frozen, module = "according._native")]
#[derive(Debug)]
pub(crate) struct Corpus {
    store: Mutex<Store>,
}

/// A report on its way into the corpus.
type Ready = (Name, according::Report, Fingerprint);

impl Corpus {
    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the corpus answers, as JSON. Python's lock is not held meanwhile.
    fn ask<T: Serialize + Send>(
        &self,
        py: Python<'_>,
        question: impl FnOnce(&mut Store) -> Result<T, Error> + Send,
    ) -> PyResult<String> {
        let answer = py.detach(|| {
            let answer = question(&mut self.store())?;
            Ok(serde_json::to_string(&answer))
        });
        let json = answer.map_err(|problem: Error| of_store(&problem))?;
        json.map_err(|problem| PyValueError::new_err(problem.to_string()))
    }
}

#[pymethods]
impl Corpus {
    /// The corpus in a file or on a server; a new one where there is none and `create` says
    /// so.
    #[new]
    fn new(py: Python<'_>, file: PathBuf, create: bool) -> PyResult<Self> {
        let store = py.detach(|| match create {
            true => Store::create(file),
            false => Store::open(file),
        });
        let store = store.map_err(|problem| of_store(&problem))?;
        Ok(Self { store: Mutex::new(store) })
    }

    /// Reads and adds all texts of an iterable. How many were new, changed and known, and
    /// what could not be read.
    #[pyo3(signature = (reader, sources, n_threads))]
    fn add(
        &self,
        py: Python<'_>,
        reader: &Reader,
        sources: &Bound<'_, PyAny>,
        n_threads: Option<usize>,
    ) -> PyResult<([u64; 3], Vec<Failure>)> {
        let mut items = sources.try_iter()?;
        let mut stream =
            Stream::start(&Arc::clone(&reader.engine), threads(n_threads)?, ready);
        let (mut tally, mut failures) = ([0; 3], Vec::new());
        while let Some(result) = stream.next(&mut items)? {
            let (name, report, fingerprint) = match result {
                Ok(ready) => ready,
                Err(failure) => {
                    failures.push(failure);
                    continue;
                }
            };
            let added = py.detach(|| self.store().add(&name, &report, &fingerprint));
            match added.map_err(|problem| of_store(&problem))? {
                Added::New => tally[0] += 1,
                Added::Changed => tally[1] += 1,
                Added::Known => tally[2] += 1,
            }
        }
        Ok((tally, failures))
    }

    /// Works out what the corpus says, so that asking is quick.
    fn settle(&self, py: Python<'_>) -> PyResult<()> {
        py.detach(|| self.store().settle()).map_err(|problem| of_store(&problem))
    }

    /// How many articles there are.
    fn __len__(&self, py: Python<'_>) -> PyResult<usize> {
        let len = py.detach(|| self.store().len()).map_err(|error| of_store(&error))?;
        Ok(usize::try_from(len).unwrap_or(usize::MAX))
    }

    /// The report on an article.
    fn report(&self, py: Python<'_>, reference: &str) -> PyResult<Report> {
        let report = py.detach(|| self.store().report(reference));
        report.map(Report::new).map_err(|problem| match problem.is_not_found() {
            true => PyKeyError::new_err(reference.to_owned()),
            false => of_store(&problem),
        })
    }

    /// So many articles after the one with a number: their numbers
    /// and what they are called.
    fn articles(&self, py: Python<'_>, after: i64, limit: u32) -> PyResult<String> {
        self.ask(py, |store| {
            let found = store.articles(after, limit)?.into_iter();
            Ok(found.map(|a| (a.number, a.reference)).collect::<Vec<_>>())
        })
    }

    /// What at least so many articles say, and what the articles are to one another.
    fn origins(&self, py: Python<'_>, min_articles: usize) -> PyResult<String> {
        self.ask(py, |store| store.corpus_report(min_articles))
    }

    /// One claim by its number, or `null`.
    fn claim(&self, py: Python<'_>, id: &str) -> PyResult<String> {
        self.ask(py, |store| store.claim(id))
    }

    /// Who is relied on.
    fn sources(
        &self,
        py: Python<'_>,
        name: Option<&str>,
        limit: u32,
    ) -> PyResult<String> {
        self.ask(py, |store| store.sources(name, limit))
    }

    /// What was told first on which day: pairs of day and claim.
    fn timeline(
        &self,
        py: Python<'_>,
        from: Option<&str>,
        to: Option<&str>,
        limit: u32,
    ) -> PyResult<String> {
        self.ask(py, |store| store.timeline(from, to, limit))
    }

    /// Articles that a question, as JSON, is about.
    fn search(&self, py: Python<'_>, question: &str) -> PyResult<String> {
        let question: Question = serde_json::from_str(question)
            .map_err(|problem| PyValueError::new_err(problem.to_string()))?;
        self.ask(py, |store| store.search(&question))
    }
}

fn of_store(problem: &Error) -> PyErr {
    error(problem, problem.advice())
}

/// What the corpus keeps of a text.
fn ready(made: Made) -> Ready {
    let fingerprint = made.reading.fingerprint();
    (name(&made), made.reading.report, fingerprint)
}

/// What an article is called and known by: its id, its address, or else its text.
fn name(made: &Made) -> Name {
    let article = &made.reading.report.article;
    let reference = article.reference.clone().unwrap_or_else(|| article.id.clone());
    let identity = match (&made.id, &made.url) {
        (Some(id), _) => format!("id {id}"),
        (None, Some(url)) => format!("url {url}"),
        (None, None) => {
            let digest = Sha256::digest(&article.text);
            let digest = digest.iter().map(|byte| format!("{byte:02x}"));
            format!("text {}", digest.collect::<String>())
        }
    };
    Name { reference, identity }
}
