//! Reports, and what is made of them.

use according_export::{Export as Document, Format, ParquetTable, Table, files, protect};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// What was found in one article.
#[pyclass(frozen, module = "according._native")]
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) report: according::Report,
}

impl Report {
    pub(crate) fn new(report: according::Report) -> Self {
        Self { report }
    }
}

#[pymethods]
impl Report {
    /// A report from JSON.
    #[staticmethod]
    fn from_json(json: &str) -> PyResult<Self> {
        let report: according::Report = serde_json::from_str(json)
            .map_err(|error| PyValueError::new_err(format!("no report: {error}")))?;
        if report.format != according::report::FORMAT {
            return Err(PyValueError::new_err(format!(
                "is '{}', and only '{}' is known",
                report.format,
                according::report::FORMAT
            )));
        }
        Ok(Self::new(report))
    }

    /// The report as JSON, on one line.
    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        let json = py.detach(|| serde_json::to_string(&self.report));
        json.map_err(|error| PyValueError::new_err(error.to_string()))
    }

    /// The text all offsets point into.
    #[getter]
    fn text(&self) -> &str {
        &self.report.article.text
    }

    /// What the article is called.
    #[getter]
    fn reference(&self) -> Option<&str> {
        self.report.article.reference.as_deref()
    }

    /// Its title.
    #[getter]
    fn title(&self) -> Option<&str> {
        self.report.article.title.as_deref()
    }

    /// How many claims there are.
    #[getter]
    fn n_claims(&self) -> usize {
        self.report.claims.len()
    }

    /// The reader view, a page of its own.
    fn html(&self, py: Python<'_>) -> String {
        py.detach(|| according_view::reader_page(&self.report))
    }

    /// The report in a format of others.
    fn export(&self, py: Python<'_>, format: &str) -> PyResult<String> {
        let format = format_of(format)?;
        let text = py.detach(|| files(&self.report, format).pop());
        Ok(text.map(|(_, text)| text).unwrap_or_default())
    }

    /// A report that tells less of sources without a name, and what that took.
    fn protect(&self, py: Python<'_>) -> (Self, String) {
        let protected = py.detach(|| protect(&self.report));
        (Self::new(protected.report), protected.removed.to_string())
    }
}

/// One document about any number of reports, written piece by piece.
#[pyclass(module = "according._native")]
#[derive(Debug)]
pub(crate) struct Export {
    document: Document,
}

#[pymethods]
impl Export {
    /// An empty document in a format.
    #[new]
    fn new(format: &str) -> PyResult<Self> {
        let document = Document::new(format_of(format)?).ok_or_else(|| {
            PyValueError::new_err("BRAT takes two files for each article: export each")
        })?;
        Ok(Self { document })
    }

    /// What a report adds to the end of the document.
    fn report(&mut self, report: &Report) -> String {
        self.document.report(&report.report)
    }

    /// The end of the document.
    fn end(&mut self) -> String {
        self.document.end()
    }
}

/// A table of reports, as the bytes of a Parquet file.
#[pyfunction]
pub(crate) fn table<'py>(
    py: Python<'py>,
    reports: Vec<Py<Report>>,
    name: &str,
) -> PyResult<Bound<'py, PyBytes>> {
    let found = Table::OF_REPORTS.into_iter().find(|table| table.name() == name);
    let table = found.ok_or_else(|| {
        let names: Vec<&str> =
            Table::OF_REPORTS.iter().map(|table| table.name()).collect();
        PyValueError::new_err(format!("'{name}' is no table: {}", names.join(", ")))
    })?;
    let bytes = py.detach(|| {
        let mut writer = ParquetTable::new(Vec::new(), table)?;
        for report in &reports {
            writer.report(&report.get().report)?;
        }
        writer.end()
    })?;
    Ok(PyBytes::new(py, &bytes))
}

/// The JSON Schema of reports.
#[pyfunction]
pub(crate) fn report_schema() -> String {
    according::report::schema().to_string()
}

/// The JSON Schema of what is told of corpora.
#[pyfunction]
pub(crate) fn corpus_schema() -> String {
    according_corpus::format::schema().to_string()
}

fn format_of(name: &str) -> PyResult<Format> {
    let found = Format::ALL.into_iter().find(|format| format.name() == name);
    found.ok_or_else(|| {
        let names: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
        PyValueError::new_err(format!("'{name}' is no format: {}", names.join(", ")))
    })
}
