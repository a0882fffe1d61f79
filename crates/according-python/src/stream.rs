//! Many texts over several threads, reports in order, memory bounded.
//!
//! Python's objects are taken from its iterator and handed back by the thread that asks,
//! which alone has Python's lock; the other threads read.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyIterator;

use crate::engine::{Engine, Failure, Made};
use crate::input::Input;
use crate::report::Report;

/// How many texts may be in flight for each thread. One long report must not keep the other
/// threads waiting.
const WINDOW: usize = 8;

/// How long to wait before looking whether somebody wants to interrupt.
const BREATH: Duration = Duration::from_millis(100);

/// As many threads as asked for, or as the machine has cores.
pub(crate) fn threads(asked: Option<usize>) -> PyResult<usize> {
    match asked {
        Some(0) => Err(PyValueError::new_err("threads is not 1 or more")),
        Some(n) => Ok(n),
        None => Ok(thread::available_parallelism().map_or(1, NonZero::get)),
    }
}

/// What comes of texts, in the order in which they were handed over.
#[derive(Debug)]
pub(crate) struct Stream<T> {
    /// `None` when there are no more.
    jobs: Option<Sender<(usize, Input)>>,
    results: Receiver<(usize, Result<T, Failure>)>,
    early: BTreeMap<usize, Result<T, Failure>>,
    given: usize,
    taken: usize,
    window: usize,
}

impl<T: Send + 'static> Stream<T> {
    /// Starts the threads. They end when this is dropped, or all is read.
    pub(crate) fn start(
        engine: &Arc<Engine>,
        threads: usize,
        finish: impl Fn(Made) -> T + Send + Clone + 'static,
    ) -> Self {
        let (jobs, queue) = channel();
        let queue = Arc::new(Mutex::new(queue));
        let (send, results) = channel();
        for _ in 0..threads {
            let (engine, queue) = (Arc::clone(engine), Arc::clone(&queue));
            let (send, finish) = (send.clone(), finish.clone());
            thread::spawn(move || work(&engine, &queue, &send, finish));
        }
        Self {
            jobs: Some(jobs),
            results,
            early: BTreeMap::new(),
            given: 0,
            taken: 0,
            window: threads.saturating_mul(WINDOW),
        }
    }

    /// What comes of the next text of `items`; `None` at the end.
    pub(crate) fn next(
        &mut self,
        items: &mut Bound<'_, PyIterator>,
    ) -> PyResult<Option<Result<T, Failure>>> {
        let py = items.py();
        self.fill(items)?;
        if self.taken == self.given {
            return Ok(None);
        }
        loop {
            if let Some(result) = self.early.remove(&self.taken) {
                self.taken += 1;
                return Ok(Some(result));
            }
            let results = Mutex::new(&mut self.results);
            let found = py.detach(|| {
                let results =
                    results.into_inner().unwrap_or_else(PoisonError::into_inner);
                results.recv_timeout(BREATH)
            });
            match found {
                Ok((number, result)) => {
                    self.early.insert(number, result);
                }
                Err(RecvTimeoutError::Timeout) => py.check_signals()?,
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(PyRuntimeError::new_err("the threads that read ended"));
                }
            }
        }
    }

    /// Hands over texts while few enough are in flight.
    fn fill(&mut self, items: &mut Bound<'_, PyIterator>) -> PyResult<()> {
        while self.given - self.taken < self.window
            && let Some(jobs) = &self.jobs
        {
            match items.next() {
                Some(item) => {
                    let input = Input::of(&item?, self.given.to_string());
                    // Where all threads ended, the next result says so.
                    let _ = jobs.send((self.given, input));
                    self.given += 1;
                }
                None => self.jobs = None,
            }
        }
        Ok(())
    }
}

fn work<T>(
    engine: &Engine,
    queue: &Mutex<Receiver<(usize, Input)>>,
    send: &Sender<(usize, Result<T, Failure>)>,
    finish: impl Fn(Made) -> T,
) {
    let mut worker = engine.loaded.worker();
    loop {
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((number, input)) = job else { break };
        let result = engine.read(&mut worker, input).map(&finish);
        if send.send((number, result)).is_err() {
            break;
        }
    }
    engine.loaded.give_back(worker);
}

/// Reports on many texts, one after another.
#[pyclass(module = "according._native")]
#[derive(Debug)]
pub(crate) struct Reports {
    items: Py<PyIterator>,
    stream: Mutex<Stream<Report>>,
}

impl Reports {
    pub(crate) fn new(items: Py<PyIterator>, stream: Stream<Report>) -> Self {
        Self { items, stream: Mutex::new(stream) }
    }
}

#[pymethods]
impl Reports {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    /// The next report, or the failure that stands in its place.
    fn __next__(&mut self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        let mut items = self.items.bind(py).clone();
        let stream = self.stream.get_mut().unwrap_or_else(PoisonError::into_inner);
        Ok(match stream.next(&mut items)? {
            Some(Ok(report)) => Some(Py::new(py, report)?.into_any()),
            Some(Err(failure)) => Some(Py::new(py, failure)?.into_any()),
            None => None,
        })
    }
}
