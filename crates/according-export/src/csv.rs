//! The table of claims in the CSV of RFC 4180.
//!
//! Lines end in LF. A field that a spreadsheet would take for a formula begins with an
//! apostrophe, which spreadsheets do not show. Offsets are code points.

use according::Report;

use crate::table::{Get, claim_columns, claim_rows};
use crate::view::{View, spans};

pub(crate) fn head() -> String {
    let names: Vec<&str> = claim_columns().iter().map(|(name, _)| *name).collect();
    names.join(",") + "\n"
}

pub(crate) fn rows(report: &Report) -> String {
    let view = View::new(report);
    let columns = claim_columns();
    let mut rows = String::new();
    for row in claim_rows(&view) {
        let fields = columns.iter().map(|(_, get)| field(get, &row));
        rows += &fields.collect::<Vec<_>>().join(",");
        rows.push('\n');
    }
    rows
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
