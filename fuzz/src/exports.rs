//! Reports of strange texts, in every format, as they are and with sources protected.

use according::Metadata;
use according::report::{Options, Report};
use according_export::{Export, Format, ParquetTable, Table, files, protect};
use serde_json::Value;

use crate::text::pipeline;

pub(crate) fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input).into_owned();
    // Titles and names come from outside too.
    let name: String = text.chars().rev().take(40).collect();
    let metadata = Metadata {
        reference: Some(name.clone()),
        title: Some(name.clone()),
        outlet: Some(name),
        ..Metadata::default()
    };
    let article = according::article::plain::read(text, metadata);
    let mut worker = pipeline().worker();
    let report = according::read(&mut worker, article, &Options::default());
    check_formats(&report);
    let protected = protect(&report);
    let points = protected.report.article.text.chars().count();
    for claim in &protected.report.claims {
        for [start, end] in claim.content.iter().chain(&claim.source).chain(&claim.cue) {
            assert!(start <= end && *end <= points, "{} points outside", claim.id);
        }
    }
    check_formats(&protected.report);
    // Nothing is left that would have to be protected again.
    let again = protect(&protected.report);
    assert_eq!(again.report.claims.len(), report.claims.len());
}

fn check_formats(report: &Report) {
    for format in Format::ALL {
        for (extension, text) in files(report, format) {
            check_form(format, extension, &text);
        }
        // Twice the same report is told once, or twice in full.
        if let Some(mut export) = Export::new(format) {
            let document = export.report(report) + &export.report(report) + &export.end();
            check_form(format, format.extension(), &document);
        }
    }
    for table in Table::OF_REPORTS {
        let mut writer = ParquetTable::new(Vec::new(), table).expect("bytes are taken");
        writer.report(report).expect("bytes are taken");
        let bytes = writer.end().expect("bytes are taken");
        assert!(bytes.ends_with(b"PAR1"));
    }
}

/// What can be told of a document without its standard's own tools.
fn check_form(format: Format, extension: &str, text: &str) {
    let is_json = |text: &str| serde_json::from_str::<Value>(text).is_ok();
    match format {
        Format::Prov | Format::SchemaOrg | Format::Stix | Format::GeoJson => {
            assert!(is_json(text), "{format:?} is no JSON");
        }
        Format::WebAnnotation | Format::Ftm | Format::Misp | Format::Plover => {
            let mut lines = text.split_terminator('\n');
            assert!(lines.all(is_json), "a line of {format:?} is no JSON");
        }
        Format::GraphMl | Format::Gexf => {
            let is_allowed = |c: char| {
                matches!(c, '\t' | '\n' | '\r')
                    || (' '..'\u{fffe}').contains(&c)
                    || c > '\u{ffff}'
            };
            assert!(text.chars().all(is_allowed), "{format:?} holds what XML cannot");
        }
        Format::Brat if extension == "ann" => {
            let begins =
                |line: &str| line.starts_with(['T', 'R', 'A', '#', 'E', 'N', '*']);
            assert!(text.split_terminator('\n').all(begins), "a line of BRAT is cut");
        }
        Format::Csv | Format::Markdown | Format::Brat => {}
    }
}
