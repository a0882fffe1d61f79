//! Tables hold what the report holds, in any number of groups of rows.

#![allow(clippy::disallowed_methods, reason = "tests may read files")]

use std::path::Path;

use according::Report;
use according_export::{ParquetTable, Table};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::{Field, Row};
use serde_json::{Value, json};

fn ferry() -> Report {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ferry/report.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// All rows as JSON.
fn rows(table: Table, reports: &[Report]) -> (usize, Vec<Value>) {
    let mut writer = ParquetTable::new(Vec::new(), table).unwrap();
    for report in reports {
        writer.report(report).unwrap();
    }
    let bytes = writer.end().unwrap();
    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
    let groups = reader.num_row_groups();
    let rows = reader.get_row_iter(None).unwrap();
    (groups, rows.map(|row| object(&row.unwrap())).collect())
}

fn object(row: &Row) -> Value {
    row.get_column_iter().map(|(name, field)| (name.clone(), value(field))).collect()
}

fn value(field: &Field) -> Value {
    match field {
        Field::Bool(b) => json!(b),
        Field::Int(n) => json!(n),
        Field::Double(n) => json!(n),
        Field::Str(text) => json!(text),
        Field::Group(row) => object(row),
        Field::ListInternal(list) => list.elements().iter().map(value).collect(),
        _ => Value::Null,
    }
}

#[test]
fn claims_come_back() {
    let report = ferry();
    let (groups, rows) = rows(Table::Claims, std::slice::from_ref(&report));
    assert_eq!((groups, rows.len()), (1, report.claims.len()));
    for (row, claim) in rows.iter().zip(&report.claims) {
        assert_eq!(row["claim"], claim.id.as_str());
        assert_eq!(row["speaker"].as_str(), claim.speaker.name.as_deref());
        let spans = row["spans"].as_array().unwrap();
        let spans = spans.iter().map(|span| [&span["start"], &span["end"]]);
        let spans = spans.map(|ends| ends.map(|end| end.as_u64().unwrap() as usize));
        assert!(spans.eq(claim.content.iter().copied()));
        assert_eq!(row["hedges"].as_array().unwrap().len(), claim.hedges.len());
    }
}

#[test]
fn steps_and_events_come_back() {
    let report = ferry();
    let steps: usize = report.claims.iter().map(|claim| claim.chain.len()).sum();
    assert_eq!(rows(Table::Sources, std::slice::from_ref(&report)).1.len(), steps);
    let (_, events) = rows(Table::Events, std::slice::from_ref(&report));
    assert!(!events.is_empty());
    for (row, event) in events.iter().zip(&report.events) {
        assert_eq!(row["category"], event.kind.as_str());
        assert_eq!(row["triggers"].as_array().unwrap().len(), event.triggers.len());
    }
}

#[test]
fn many_reports_are_several_groups() {
    let report = ferry();
    let n = 20_000 / report.claims.len() + 2;
    let (groups, rows) = rows(Table::Claims, &vec![report.clone(); n]);
    assert_eq!((groups, rows.len()), (2, n * report.claims.len()));
}

#[test]
fn the_same_reports_are_the_same_bytes() {
    let bytes = || {
        let mut writer = ParquetTable::new(Vec::new(), Table::Events).unwrap();
        writer.report(&ferry()).unwrap();
        writer.end().unwrap()
    };
    assert_eq!(bytes(), bytes());
}
