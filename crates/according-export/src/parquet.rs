//! Tables in Apache Parquet, for DuckDB, pandas, polars, Spark and others.
//!
//! Columns are those of [`Table`]. Words are `STRING`, counts and code points `INT32`, numbers
//! `DOUBLE`; what may be unknown is optional; lists are never null, and spans are lists of
//! `start` and `end`. Pages are packed by gzip.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::Arc;

use according::Report;
use according_corpus::format::CorpusReport;
use parquet::basic::{Compression, GzipLevel};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

use crate::Table;
use crate::table::{Column, Entries, Get, Visit};

/// So many rows are held before they are written as a group.
const GROUP: usize = 20_000;

/// A table of any number of reports, or of a corpus, written piece by piece as a Parquet file.
///
/// ```
/// use according_export::{ParquetTable, Table};
///
/// let empty = ParquetTable::new(Vec::new(), Table::Claims)?.end()?;
/// assert!(empty.starts_with(b"PAR1") && empty.ends_with(b"PAR1"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct ParquetTable<W: Write + Send> {
    table: Table,
    writer: SerializedFileWriter<W>,
    held: Held,
}

impl<W: Write + Send> ParquetTable<W> {
    /// An empty table that is written to `out`.
    ///
    /// # Errors
    ///
    /// When `out` cannot be written to.
    pub fn new(out: W, table: Table) -> io::Result<Self> {
        let mut beginning = Beginning::default();
        table.columns(&mut beginning);
        let Beginning { leaves, schema } = beginning;
        let schema = format!("message {} {{ {schema}}}", table.name());
        let schema = parse_message_type(&schema).map_err(io::Error::other)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::GZIP(GzipLevel::default()))
            .set_created_by(format!("according {}", env!("CARGO_PKG_VERSION")))
            .build();
        let writer =
            SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties));
        let writer = writer.map_err(io::Error::other)?;
        Ok(Self { table, writer, held: Held { leaves, n_rows: 0 } })
    }

    /// Adds what a report has for the table: nothing for those of [`Table::OF_CORPUS`].
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn report(&mut self, report: &Report) -> io::Result<()> {
        self.table.report(report, &mut self.held);
        self.flush_if(GROUP)
    }

    /// Adds what a corpus has for the table: nothing for those of [`Table::OF_REPORTS`].
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn corpus(&mut self, corpus: &CorpusReport) -> io::Result<()> {
        let entries = Entries::new(corpus);
        for claim in &corpus.claims {
            self.table.claim(claim, &entries, &mut self.held);
            self.flush_if(GROUP)?;
        }
        Ok(())
    }

    /// Writes the end of the file and hands back what it was written to.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn end(mut self) -> io::Result<W> {
        self.flush_if(1)?;
        self.writer.into_inner().map_err(io::Error::other)
    }

    /// Writes what is held as a group of rows, where there are so many.
    fn flush_if(&mut self, least: usize) -> io::Result<()> {
        if self.held.n_rows < least {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for leaf in &mut self.held.leaves {
            leaf.write(&mut group)?;
        }
        group.close()?;
        self.held.n_rows = 0;
        Ok(())
    }
}

/// The columns of a table, without rows, and what a Parquet schema calls them.
#[derive(Default)]
struct Beginning {
    leaves: Vec<Leaf>,
    schema: String,
}

impl Visit for Beginning {
    fn visit<R>(&mut self, columns: &[Column<R>], _: &[R]) {
        for (name, get) in columns {
            let (form, leaves) = form(get);
            // Writing to a string cannot fail.
            let _ = write!(self.schema, "{} ", form.replace('@', name));
            self.leaves.extend(leaves);
        }
    }
}

/// What a Parquet schema calls a column, with `@` for its name, and its leaves.
fn form<R>(get: &Get<R>) -> (&'static str, Vec<Leaf>) {
    let leaf = |data| vec![Leaf { data, ..Leaf::default() }];
    match get {
        Get::Text(_) => ("REQUIRED BYTE_ARRAY @ (STRING);", leaf(Data::Bytes(vec![]))),
        Get::Known(_) => ("OPTIONAL BYTE_ARRAY @ (STRING);", leaf(Data::Bytes(vec![]))),
        Get::Whole(_) => ("REQUIRED INT32 @;", leaf(Data::Whole(vec![]))),
        Get::Real(_) => ("REQUIRED DOUBLE @;", leaf(Data::Real(vec![]))),
        Get::KnownReal(_) => ("OPTIONAL DOUBLE @;", leaf(Data::Real(vec![]))),
        Get::Truth(_) => ("REQUIRED BOOLEAN @;", leaf(Data::Truth(vec![]))),
        Get::Texts(_) | Get::Steps(_) => (
            "REQUIRED GROUP @ (LIST) { REPEATED GROUP list { \
             REQUIRED BYTE_ARRAY element (STRING); } }",
            leaf(Data::Bytes(vec![])),
        ),
        Get::Spans(_) => (
            "REQUIRED GROUP @ (LIST) { REPEATED GROUP list { \
             REQUIRED GROUP element { REQUIRED INT32 start; REQUIRED INT32 end; } } }",
            vec![Leaf::default(), Leaf::default()],
        ),
    }
}

/// Rows that are not written yet.
#[derive(Debug)]
struct Held {
    leaves: Vec<Leaf>,
    n_rows: usize,
}

impl Visit for Held {
    fn visit<R>(&mut self, columns: &[Column<R>], rows: &[R]) {
        for row in rows {
            let mut leaves = self.leaves.iter_mut();
            for (_, get) in columns {
                push(get, row, &mut leaves);
            }
        }
        self.n_rows += rows.len();
    }
}

/// Adds what stands in a column of a row to the next leaf, and to the one after it for spans.
fn push<'l, R>(get: &Get<R>, row: &R, leaves: &mut impl Iterator<Item = &'l mut Leaf>) {
    let Some(leaf) = leaves.next() else { return };
    let bytes = |text: String| ByteArray::from(text.into_bytes());
    match get {
        Get::Text(get) => leaf.data.extend_bytes([bytes(get(row))]),
        Get::Known(get) => {
            let value = get(row);
            leaf.option(value.is_some());
            leaf.data.extend_bytes(value.map(bytes));
        }
        Get::Whole(get) => leaf.data.extend_whole([get(row)]),
        Get::Real(get) => leaf.data.extend_real([get(row)]),
        Get::KnownReal(get) => {
            let value = get(row);
            leaf.option(value.is_some());
            leaf.data.extend_real(value);
        }
        Get::Truth(get) => leaf.data.extend_truth([get(row)]),
        Get::Texts(get) | Get::Steps(get) => {
            let list = get(row);
            leaf.list(list.len());
            leaf.data.extend_bytes(list.into_iter().map(bytes));
        }
        Get::Spans(get) => {
            let list = get(row);
            leaf.list(list.len());
            leaf.data.extend_whole(list.iter().map(|span| span[0]));
            if let Some(ends) = leaves.next() {
                ends.list(list.len());
                ends.data.extend_whole(list.iter().map(|span| span[1]));
            }
        }
    }
}

/// A column of the file: what has values, and which rows have one. For optional ones there is
/// a level of 1 where there is a value, for lists one for each member, and whether that goes
/// on with the list before it.
#[derive(Debug, Default)]
struct Leaf {
    data: Data,
    defined: Vec<i16>,
    repeated: Vec<i16>,
}

#[derive(Debug)]
enum Data {
    Bytes(Vec<ByteArray>),
    Whole(Vec<i32>),
    Real(Vec<f64>),
    Truth(Vec<bool>),
}

impl Default for Data {
    fn default() -> Self {
        Self::Whole(Vec::new())
    }
}

impl Data {
    fn extend_bytes(&mut self, more: impl IntoIterator<Item = ByteArray>) {
        if let Self::Bytes(values) = self {
            values.extend(more);
        }
    }

    fn extend_whole(&mut self, more: impl IntoIterator<Item = usize>) {
        if let Self::Whole(values) = self {
            // No text is as long as this type is large.
            let whole = |n| i32::try_from(n).unwrap_or(i32::MAX);
            values.extend(more.into_iter().map(whole));
        }
    }

    fn extend_real(&mut self, more: impl IntoIterator<Item = f64>) {
        if let Self::Real(values) = self {
            values.extend(more);
        }
    }

    fn extend_truth(&mut self, more: impl IntoIterator<Item = bool>) {
        if let Self::Truth(values) = self {
            values.extend(more);
        }
    }
}

impl Leaf {
    fn option(&mut self, is_some: bool) {
        self.defined.push(i16::from(is_some));
    }

    fn list(&mut self, len: usize) {
        if len == 0 {
            self.defined.push(0);
            self.repeated.push(0);
        }
        self.defined.extend(std::iter::repeat_n(1, len));
        self.repeated.extend((0..len).map(|n| i16::from(n > 0)));
    }

    /// Writes all values as the next column of a group, and forgets them.
    fn write<W: Write + Send>(
        &mut self,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> io::Result<()> {
        use ColumnWriter as To;
        let mut writer = group.next_column()?.ok_or_else(unfit)?;
        let defined = Some(self.defined.as_slice()).filter(|levels| !levels.is_empty());
        let repeated = Some(self.repeated.as_slice()).filter(|levels| !levels.is_empty());
        match (writer.untyped(), &mut self.data) {
            (To::ByteArrayColumnWriter(to), Data::Bytes(values)) => {
                to.write_batch(values, defined, repeated)?;
                values.clear();
            }
            (To::Int32ColumnWriter(to), Data::Whole(values)) => {
                to.write_batch(values, defined, repeated)?;
                values.clear();
            }
            (To::DoubleColumnWriter(to), Data::Real(values)) => {
                to.write_batch(values, defined, repeated)?;
                values.clear();
            }
            (To::BoolColumnWriter(to), Data::Truth(values)) => {
                to.write_batch(values, defined, repeated)?;
                values.clear();
            }
            _ => return Err(unfit()),
        }
        writer.close()?;
        self.defined.clear();
        self.repeated.clear();
        Ok(())
    }
}

fn unfit() -> io::Error {
    io::Error::other("the schema of a table does not fit its columns")
}
