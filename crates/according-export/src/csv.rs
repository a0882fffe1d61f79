//! Tables in the CSV of RFC 4180.
//!
//! Lines end in LF. A field that a spreadsheet would take for a formula begins with an
//! apostrophe, which spreadsheets do not show. Offsets are code points.

use std::io::{self, Write};

use according::Report;
use according_corpus::format::CorpusReport;

use crate::Table;
use crate::table::{Column, Entries, Get, Visit};
use crate::view::spans;

/// A table of any number of reports, or of a corpus, written piece by piece as CSV.
///
/// ```
/// use according_export::{CsvTable, Table};
///
/// let empty = CsvTable::new(Vec::new(), Table::Claims)?.end()?;
/// assert!(empty.starts_with(b"article,article_id,"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct CsvTable<W: Write> {
    table: Table,
    out: W,
}

impl<W: Write> CsvTable<W> {
    /// A table that is written to `out`, with its header.
    ///
    /// # Errors
    ///
    /// When `out` cannot be written to.
    pub fn new(mut out: W, table: Table) -> io::Result<Self> {
        out.write_all(head(table).as_bytes())?;
        Ok(Self { table, out })
    }

    /// Adds what a report has for the table: nothing for those of [`Table::OF_CORPUS`].
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn report(&mut self, report: &Report) -> io::Result<()> {
        self.out.write_all(rows(self.table, report).as_bytes())
    }

    /// Adds what a corpus has for the table: nothing for those of [`Table::OF_REPORTS`].
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn corpus(&mut self, corpus: &CorpusReport) -> io::Result<()> {
        let entries = Entries::new(corpus);
        for claim in &corpus.claims {
            let mut lines = Lines::default();
            self.table.claim(claim, &entries, &mut lines);
            self.out.write_all(lines.0.as_bytes())?;
        }
        Ok(())
    }

    /// Hands back what it was written to.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn end(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }
}

pub(crate) fn head(table: Table) -> String {
    let mut names = Names::default();
    table.columns(&mut names);
    names.0.join(",") + "\n"
}

pub(crate) fn rows(table: Table, report: &Report) -> String {
    let mut lines = Lines::default();
    table.report(report, &mut lines);
    lines.0
}

#[derive(Default)]
struct Names(Vec<&'static str>);

impl Visit for Names {
    fn visit<R>(&mut self, columns: &[Column<R>], _: &[R]) {
        self.0 = columns.iter().map(|(name, _)| *name).collect();
    }
}

#[derive(Default)]
struct Lines(String);

impl Visit for Lines {
    fn visit<R>(&mut self, columns: &[Column<R>], rows: &[R]) {
        for row in rows {
            let fields = columns.iter().map(|(_, get)| field(get, row));
            self.0 += &fields.collect::<Vec<_>>().join(",");
            self.0.push('\n');
        }
    }
}

/// What stands in a field. What is a number must not be guarded against being a formula.
fn field<R>(get: &Get<R>, row: &R) -> String {
    match get {
        Get::Text(get) => quoted(&get(row)),
        Get::Known(get) => quoted(&get(row).unwrap_or_default()),
        Get::Whole(get) => get(row).to_string(),
        Get::Real(get) => get(row).to_string(),
        Get::KnownReal(get) => get(row).map(|n| n.to_string()).unwrap_or_default(),
        Get::Truth(get) => get(row).to_string(),
        Get::Texts(get) => quoted(&get(row).join("; ")),
        Get::Steps(get) => quoted(&get(row).join(" › ")),
        Get::Spans(get) => quoted(&spans(&get(row))),
    }
}

/// A field that is read as text, whatever stands in it.
fn quoted(field: &str) -> String {
    // Spreadsheets pass over white space before they look for a formula.
    let begins = field.trim_start().chars().next();
    let is_formula = begins.is_some_and(|c| "=+-@＝＋－＠".contains(c))
        || field.starts_with(['\t', '\r', '\n']);
    let guard = if is_formula { "'" } else { "" };
    match field.contains(['"', ',', '\n', '\r', ';', '\t']) || is_formula {
        true => format!("\"{guard}{}\"", field.replace('"', "\"\"")),
        false => field.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_never_formulas() {
        assert_eq!(quoted("plain"), "plain");
        assert_eq!(quoted("a, \"b\""), "\"a, \"\"b\"\"\"");
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "＝1"] {
            assert!(quoted(formula).starts_with("\"'"), "{formula}");
        }
    }
}
