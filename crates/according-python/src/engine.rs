//! Texts to reports.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use according::report::{Act, Acts, Options};
use according_export::protect;
use according_intake::{Given, Reading, day};
use according_nlp::Worker;
use according_page::Limits;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::input::Input;
use crate::pipeline::{self, Loaded};
use crate::report::Report;
use crate::stream::{Reports, Stream, threads};

/// How texts are read: by which pipeline, and what is wanted of them.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) loaded: &'static Loaded,
    options: Options,
    given: Given,
    protects: bool,
}

/// A text that was read.
pub(crate) struct Made {
    pub(crate) reading: Reading,
    /// The id it came with.
    pub(crate) id: Option<String>,
    pub(crate) url: Option<String>,
}

/// A text that cannot be read: what it is called, and why.
#[pyclass(frozen, get_all, module = "according._native")]
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// What it is called.
    pub(crate) name: String,
    /// Why it cannot be read.
    pub(crate) message: String,
}

#[pymethods]
impl Failure {
    /// A text that could not be read before it came here.
    #[new]
    fn new(name: String, message: String) -> Self {
        Self { name, message }
    }
}

impl Engine {
    /// Reads one text. A mistake of ours costs that text and a worker.
    pub(crate) fn read(
        &self,
        worker: &mut Worker<'static>,
        input: Input,
    ) -> Result<Made, Failure> {
        let name = input.name();
        let read = catch_unwind(AssertUnwindSafe(|| self.try_read(worker, input)));
        let read = read.unwrap_or_else(|_| {
            *worker = self.loaded.pipeline.worker();
            Err("this text makes the program fail; please report it".to_owned())
        });
        read.map_err(|message| Failure { name, message })
    }

    fn try_read(
        &self,
        worker: &mut Worker<'static>,
        input: Input,
    ) -> Result<Made, String> {
        let name = input.name();
        let mut record = input.record()?;
        let id = record.id.clone().filter(|id| !id.trim().is_empty());
        let url = record.url.clone();
        let article = record
            .article(name, &self.given, &Limits::default())
            .map_err(|error| error.to_string())?;
        let pipeline = &self.loaded.pipeline;
        let mut reading = article
            .read(Some((worker, pipeline)), &self.options)
            .map_err(|error| error.to_string())?;
        if self.protects {
            reading.report = protect(&reading.report).report;
        }
        Ok(Made { reading, id, url })
    }
}

/// Reads texts.
#[pyclass(frozen, module = "according._native")]
#[derive(Debug)]
pub(crate) struct Reader {
    pub(crate) engine: Arc<Engine>,
}

#[pymethods]
impl Reader {
    /// A reader with a pipeline, by name or path; `tell` hears when one has to be fetched.
    #[new]
    #[pyo3(signature = (pipeline, acts, min_confidence, protect_sources, title, outlet,
                        published, tell))]
    #[expect(clippy::too_many_arguments, reason = "Python names them all")]
    fn new(
        py: Python<'_>,
        pipeline: Option<String>,
        acts: Option<Vec<String>>,
        min_confidence: f32,
        protect_sources: bool,
        title: Option<String>,
        outlet: Option<String>,
        published: Option<String>,
        tell: Py<PyAny>,
    ) -> PyResult<Self> {
        if !(0.0..=1.0).contains(&min_confidence) {
            return Err(PyValueError::new_err("min_confidence is not from 0 to 1"));
        }
        let acts = acts.map(|acts| acts.iter().map(|act| act_of(act)).collect());
        let acts: Option<Acts> = acts.transpose()?;
        if protect_sources && (acts.is_some() || min_confidence > 0.0) {
            return Err(PyValueError::new_err(
                "sources are known by their claims, and some of these are left out: \
                 protect_sources goes without acts and min_confidence",
            ));
        }
        let published = published.map(|text| {
            let problem = || format!("'{text}' is no date like 2024-03-05");
            day(&text).ok_or_else(|| PyValueError::new_err(problem()))
        });
        let given = Given { title, outlet, published: published.transpose()? };
        let options =
            Options { claims: true, min_confidence, acts: acts.unwrap_or(Acts::ALL) };
        let loaded = py.detach(|| {
            let mut tell = |message: String| {
                // Whoever does not want to hear it must not keep it from being done.
                let _ = Python::attach(|py| tell.call1(py, (message,)).map(|_| ()));
            };
            pipeline::load(pipeline, &mut tell)
        })?;
        let protects = protect_sources;
        Ok(Self { engine: Arc::new(Engine { loaded, options, given, protects }) })
    }

    /// The name of the pipeline.
    #[getter]
    fn pipeline(&self) -> &str {
        self.engine.loaded.pipeline.name()
    }

    /// Where the pipeline lies.
    #[getter]
    fn path(&self) -> &str {
        &self.engine.loaded.path
    }

    /// The report on one text, or why there is none.
    fn read(
        &self,
        py: Python<'_>,
        source: &Bound<'_, PyAny>,
        name: String,
    ) -> PyResult<Py<PyAny>> {
        let input = Input::of(source, name);
        let made = py.detach(|| {
            let mut worker = self.engine.loaded.worker();
            let made = self.engine.read(&mut worker, input);
            self.engine.loaded.give_back(worker);
            made
        });
        Ok(match made {
            Ok(made) => Py::new(py, Report::new(made.reading.report))?.into_any(),
            Err(failure) => Py::new(py, failure)?.into_any(),
        })
    }

    /// The reports on all texts of an iterable, in order, read by several threads.
    #[pyo3(signature = (sources, n_threads))]
    fn read_many(
        &self,
        sources: &Bound<'_, PyAny>,
        n_threads: Option<usize>,
    ) -> PyResult<Reports> {
        let items = sources.try_iter()?.unbind();
        let report = |made: Made| Report::new(made.reading.report);
        let stream = Stream::start(&self.engine, threads(n_threads)?, report);
        Ok(Reports::new(items, stream))
    }
}

fn act_of(name: &str) -> PyResult<Act> {
    let act = serde_json::from_value(serde_json::Value::from(name));
    act.map_err(|_| {
        PyValueError::new_err(format!(
            "'{name}' is no act: speech, attitude, evidential and hedge are"
        ))
    })
}
