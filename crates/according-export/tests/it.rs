//! What each format makes of a small report, and what holds for all of them.
//!
//! `ferry/report.json` was written by `according read --format json` of a text of our own.
//! `UPDATE_EXPECT=1` writes the other files anew; read every difference.

#![allow(clippy::disallowed_methods, reason = "tests may read files")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use according::Report;
use according_export::{Export, Format, files};
use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ferry")
}

fn ferry() -> Report {
    let report = std::fs::read_to_string(folder().join("report.json")).unwrap();
    serde_json::from_str(&report).unwrap()
}

fn one(format: Format, reports: &[Report]) -> String {
    let mut export = Export::new(format).unwrap();
    let mut out: String = reports.iter().map(|report| export.report(report)).collect();
    out += &export.end();
    out
}

#[test]
fn formats_are_as_they_were() {
    for format in Format::ALL {
        for (extension, text) in files(&ferry(), format) {
            let path = folder().join(format!("ferry.{extension}"));
            if std::env::var_os("UPDATE_EXPECT").is_some() {
                std::fs::write(&path, &text).unwrap();
            }
            let expected = std::fs::read_to_string(&path).unwrap_or_default();
            assert_eq!(text, expected, "{}", path.display());
        }
    }
}

#[test]
fn the_same_report_twice_is_told_once() {
    for format in [Format::Stix, Format::Prov, Format::Ftm, Format::GraphMl, Format::Gexf]
    {
        let once = one(format, &[ferry()]);
        assert_eq!(once, one(format, &[ferry(), ferry()]), "{format:?}");
    }
}

#[test]
fn several_reports_are_one_document() {
    let mut other = ferry();
    other.article.reference = Some("copy".to_owned());
    other.article.outlet = Some("Bay Echo".to_owned());
    let reports = [ferry(), other];
    for format in [Format::Stix, Format::Prov, Format::SchemaOrg, Format::GeoJson] {
        let document: Value = serde_json::from_str(&one(format, &reports)).unwrap();
        let keys = ["objects", "@graph", "features"];
        let parts = keys.iter().find_map(|key| document.get(key)?.as_array()).unwrap();
        let id = |part: &Value| part.get("id").or(part.get("@id")).map(Value::to_string);
        let ids: BTreeSet<_> = parts.iter().map(id).collect();
        assert_eq!(ids.len(), parts.len(), "{format:?}");
    }
    // A copy is an article of its own, and whoever is named the same source in both.
    let graph = one(Format::GraphMl, &reports);
    let count = |what: &str| graph.matches(what).count();
    assert_eq!(count("<data key=\"n-kind\">article</data>"), 2);
    assert_eq!(count("<data key=\"n-kind\">outlet</data>"), 2);
    assert_eq!(count("<data key=\"label\">Eero Lind</data>"), 1);
    assert_eq!(one(Format::Csv, &reports).matches("article,article_id").count(), 1);
}

#[test]
fn what_is_empty_is_a_document() {
    for format in Format::ALL.into_iter().filter(|format| *format != Format::Brat) {
        let document = one(format, &[]);
        if matches!(format, Format::Stix | Format::Prov | Format::GeoJson) {
            let _: Value = serde_json::from_str(&document).unwrap();
        }
    }
    let mut empty = ferry();
    empty.article.text.clear();
    empty.article.blocks.clear();
    empty.claims.clear();
    empty.events.clear();
    empty.places.clear();
    empty.entities.clear();
    for format in Format::ALL {
        assert!(!files(&empty, format).is_empty());
    }
}

/// A report that was made by hand, or is damaged, points anywhere.
#[test]
fn offsets_out_of_the_text_do_no_harm() {
    let mut report = ferry();
    for claim in &mut report.claims {
        claim.content = vec![[7, 3], [90_000, usize::MAX], [0, usize::MAX]];
        claim.source = vec![[usize::MAX, usize::MAX]];
        claim.cue.push([5, 5]);
        claim.parent = Some("C99".to_owned());
        claim.places = vec!["P0".to_owned(), "x".to_owned(), "Pé".to_owned()];
    }
    for event in &mut report.events {
        event.triggers = vec![[9, 1]];
        event.place = Some(String::new());
    }
    report.article.published = Some("2024-99-99".to_owned());
    for format in Format::ALL {
        files(&report, format);
    }
}

/// Nothing that stands in an article is markup, a formula or an end of a line to who reads
/// the export.
#[test]
fn text_is_text() {
    let mut report = ferry();
    let evil =
        "=cmd|'/C calc'!A0\u{1b}[31m \"]]></data><script>alert(1)</script>\n# x\r[a](b)";
    report.article.title = Some(evil.to_owned());
    report.article.outlet = Some(evil.to_owned());
    for claim in &mut report.claims {
        claim.speaker.name = Some(evil.to_owned());
        for hop in &mut claim.chain {
            hop.name = Some(evil.to_owned());
        }
    }
    let written = |format| files(&report, format).pop().unwrap().1;
    for format in [Format::GraphMl, Format::Gexf, Format::Markdown] {
        let text = written(format);
        assert!(!text.contains("<script") && !text.contains('\u{1b}'), "{format:?}");
    }
    assert!(!written(Format::Markdown).contains("\n# x"));
    assert!(written(Format::Csv).lines().skip(1).any(|line| line.contains("\"'=cmd")));
    let brat = written(Format::Brat);
    let begins = |line: &str| line.starts_with(['T', 'R', 'A', '#', 'E', 'N', '*']);
    assert!(brat.lines().all(begins), "{brat}");
}
