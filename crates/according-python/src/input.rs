//! What Python hands over to be read.

use std::io::Cursor;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use according_container::{Documents, Limits};
use according_intake::Record;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyMapping, PyString};

use crate::engine::Failure;

/// Something to read.
#[derive(Debug)]
pub(crate) enum Input {
    /// What a file would hold, with its name.
    Bytes(String, Vec<u8>),
    /// A file.
    File(PathBuf),
    /// A JSON object, with its id or else its name.
    Json(String, String),
    /// A text out of a container.
    Record(String, Box<Record>),
    /// Nothing that can be read, and why.
    Unusable(String, String),
}

impl Input {
    /// What an object of Python's is: text or page as `str` or `bytes`, a path, or a mapping
    /// with what is known of a text. `name` is what it is called if it has no name.
    pub(crate) fn of(object: &Bound<'_, PyAny>, name: String) -> Self {
        match Self::try_of(object, &name) {
            Ok(input) => input,
            Err(problem) => Self::Unusable(name, problem.to_string()),
        }
    }

    fn try_of(object: &Bound<'_, PyAny>, name: &str) -> PyResult<Self> {
        let py = object.py();
        if let Ok(text) = object.cast::<PyString>() {
            return Ok(Self::Bytes(name.to_owned(), text.to_str()?.as_bytes().to_vec()));
        }
        if let Ok(bytes) = object.cast::<PyBytes>() {
            return Ok(Self::Bytes(name.to_owned(), bytes.as_bytes().to_vec()));
        }
        if let Ok(document) = object.cast::<Document>() {
            let Document { name, record } = document.get();
            return Ok(Self::Record(name.clone(), Box::new(record.clone())));
        }
        if let Ok(failure) = object.cast::<Failure>() {
            let Failure { name, message } = failure.get();
            return Ok(Self::Unusable(name.clone(), message.clone()));
        }
        if let Ok(mapping) = object.cast::<PyMapping>() {
            // Days and the like are what they are printed as.
            let plain = PyDict::new(py);
            plain.update(mapping)?;
            let options = PyDict::new(py);
            options.set_item("default", py.get_type::<PyString>())?;
            let json =
                py.import("json")?.call_method("dumps", (&plain,), Some(&options))?;
            let id = plain.get_item("id")?.filter(|id| !id.is_none());
            let id = id.map(|id| Ok::<_, PyErr>(id.str()?.to_string())).transpose()?;
            let id = id.filter(|id| !id.trim().is_empty());
            return Ok(Self::Json(id.unwrap_or(name.to_owned()), json.extract()?));
        }
        if object.hasattr("__fspath__")? {
            return Ok(Self::File(object.extract()?));
        }
        let kind = object.get_type().name()?;
        Err(PyTypeError::new_err(format!(
            "a text, bytes, a path or a mapping can be read, and no {kind}"
        )))
    }

    /// What it is called.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Bytes(name, _)
            | Self::Json(name, _)
            | Self::Record(name, _)
            | Self::Unusable(name, _) => name.clone(),
            Self::File(path) => path.display().to_string(),
        }
    }

    /// The one text in it.
    pub(crate) fn record(self) -> Result<Record, String> {
        let limits = Limits::default();
        let documents = match self {
            Self::Json(_, json) => {
                return Record::of_json(&json).map_err(|error| error.to_string());
            }
            Self::Record(_, record) => return Ok(*record),
            Self::Unusable(_, problem) => return Err(problem),
            Self::Bytes(name, bytes) => {
                Documents::read(&name, Cursor::new(bytes), None, limits)
            }
            Self::File(path) => Documents::open(&path, None, limits)
                .map_err(|error| format!("cannot be opened: {error}"))?,
        };
        let mut documents = documents.into_iter();
        let Some(document) = documents.next() else {
            return Err("there is nothing in it that is read".to_owned());
        };
        let document = document.map_err(|failure| failure.error.to_string())?;
        if documents.next().is_some() {
            return Err("there is more than one text in it; 'according.documents' \
                        gives them one after another"
                .to_owned());
        }
        Record::of(document).map_err(|error| error.to_string())
    }
}

/// A text out of a container, to be read.
#[pyclass(frozen, module = "according._native")]
#[derive(Debug)]
pub(crate) struct Document {
    /// What it is called.
    #[pyo3(get)]
    name: String,
    record: Record,
}

#[pymethods]
impl Document {
    fn __repr__(&self) -> String {
        format!("<Document {:?}>", self.name)
    }
}

/// The texts in a file or in bytes, one after another, of whatever form.
#[pyclass(module = "according._native")]
pub(crate) struct Container {
    documents: Mutex<Documents>,
}

#[pymethods]
impl Container {
    /// The texts in a file, or in bytes that are called `name`.
    #[new]
    fn new(py: Python<'_>, source: &Bound<'_, PyAny>, name: String) -> PyResult<Self> {
        let limits = Limits::default();
        let documents = match Input::try_of(source, &name)? {
            Input::Bytes(name, bytes) => {
                Documents::read(&name, Cursor::new(bytes), None, limits)
            }
            Input::File(path) => py.detach(|| Documents::open(&path, None, limits))?,
            _ => {
                return Err(PyTypeError::new_err("documents are in a path or in bytes"));
            }
        };
        Ok(Self { documents: Mutex::new(documents) })
    }

    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    /// The next text, or the failure that stands in its place.
    fn __next__(&mut self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        let documents = self.documents.get_mut().unwrap_or_else(PoisonError::into_inner);
        let Some(found) = py.detach(|| documents.next()) else { return Ok(None) };
        let failed =
            |name, message| Ok(Py::new(py, Failure { name, message })?.into_any());
        let object = match found {
            Ok(document) => {
                let name = document.place.to_string();
                match Record::of(document) {
                    Ok(record) => Ok(Py::new(py, Document { name, record })?.into_any()),
                    Err(error) => failed(name, error.to_string()),
                }
            }
            Err(failure) => failed(failure.place.to_string(), failure.error.to_string()),
        };
        object.map(Some)
    }
}
