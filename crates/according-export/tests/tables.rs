//! Tables hold what the report holds, in any number of groups of rows.

#![allow(clippy::disallowed_methods, reason = "tests may read files")]

use std::path::Path;

use according::Report;
use according_corpus::format::CorpusReport;
use according_export::{CsvTable, ParquetTable, Table};
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
    read(writer)
}

fn read(writer: ParquetTable<Vec<u8>>) -> (usize, Vec<Value>) {
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

/// Two papers that say the same, of which one has it from the other.
fn corpus() -> CorpusReport {
    let article = |name: &str, outlet: &str| {
        json!({"ref": name, "id": format!("sha256:{name}"), "outlet": outlet,
            "published": "2024-03-05", "title": null, "wire": null, "copy_of": null,
            "copy_kind": null, "overlap": null})
    };
    let support = |article: &str, claim: Option<&str>, stance: &str, chain: &[&str]| {
        json!({"article": article, "claim": claim, "start": 4, "end": 30,
            "text": "the rudder,\nhad broken", "stance": stance, "hedged": false,
            "chain": chain, "origin": "O1", "reliability": "B", "corrected": [7]})
    };
    let supports = [
        support("bell", None, "asserts", &[]),
        support("globe", Some("C2"), "asserts", &["chief", "The Bell"]),
        support("globe", Some("C3"), "denies", &["=owner"]),
        support("elsewhere", Some("C1"), "asserts", &[]),
    ];
    let corpus = json!({
        "format": "according-corpus/1",
        "articles": [article("bell", "The Bell"), article("globe", "Globe")],
        "claims": [{"id": "K1", "statement": "the rudder had broken", "supports": supports,
            "origins": [{"id": "O1", "what": "chief, to The Bell", "articles": ["bell"]}],
            "independent_origins": {"least": 1, "most": 2}, "explanation": "1 to 2 origins",
            "unsettled": null, "disputed": true, "denials": ["K2"], "first": "bell",
            "changes": []}],
    });
    serde_json::from_value(corpus).unwrap()
}

#[test]
fn claims_of_a_corpus_and_their_supports_come_back() {
    let of = |table| {
        let mut writer = ParquetTable::new(Vec::new(), table).unwrap();
        writer.report(&ferry()).unwrap();
        writer.corpus(&corpus()).unwrap();
        read(writer).1
    };
    let recurring = of(Table::Recurring);
    assert_eq!(recurring.len(), 1);
    let told = json!({"recurring": "K1", "statement": "the rudder had broken",
        "first": "bell", "first_published": "2024-03-05", "articles": 3, "supports": 4,
        "asserts": 3, "denies": 1, "doubts": 0, "origins": ["chief, to The Bell"],
        "origins_least": 1, "origins_most": 2, "explanation": "1 to 2 origins",
        "unsettled": null, "disputed": true, "denials": ["K2"], "corrections": 0});
    assert_eq!(recurring[0], told);
    // What is in no article of the corpus is left out.
    let supports = of(Table::Supports);
    assert_eq!(supports.len(), 3);
    let told = json!({"article": "globe", "article_id": "sha256:globe", "outlet": "Globe",
        "published": "2024-03-05", "title": null, "wire": null, "copy_of": null,
        "recurring": "K1", "claim": "C2", "content": "the rudder, had broken", "start": 4,
        "end": 30, "stance": "asserts", "hedged": false, "chain": ["chief", "The Bell"],
        "origin": "O1", "origin_what": "chief, to The Bell", "reliability": "B",
        "corrections": 1});
    assert_eq!(supports[1], told);
    assert_eq!(supports[0]["claim"], Value::Null);
    // Tables of reports have nothing of a corpus.
    assert_eq!(of(Table::Claims).len(), ferry().claims.len());
}

#[test]
fn csv_has_the_same_tables() {
    let of = |table| {
        let mut writer = CsvTable::new(Vec::new(), table).unwrap();
        writer.report(&ferry()).unwrap();
        writer.corpus(&corpus()).unwrap();
        String::from_utf8(writer.end().unwrap()).unwrap()
    };
    assert_eq!(
        of(Table::Recurring),
        "recurring,statement,first,first_published,articles,supports,asserts,denies,\
         doubts,origins,origins_least,origins_most,explanation,unsettled,disputed,denials,\
         corrections\n\
         K1,the rudder had broken,bell,2024-03-05,3,4,3,1,0,\"chief, to The Bell\",1,2,\
         1 to 2 origins,,true,K2,0\n"
    );
    let supports = of(Table::Supports);
    assert_eq!(supports.lines().count(), 4);
    assert!(supports.contains(",K1,C2,\"the rudder, had broken\",4,30,asserts,false,"));
    assert!(
        supports.contains(",chief › The Bell,O1,") && supports.contains("\"'=owner\"")
    );
    let claims = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ferry/ferry.csv"),
    );
    assert_eq!(of(Table::Claims), claims.unwrap());
    assert_eq!(of(Table::Events).lines().count(), ferry().events.len() + 1);
}
