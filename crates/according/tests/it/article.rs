//! Plain text becomes blocks and metadata as the suite says.

use according::article::{BlockKind, Metadata, plain};

use crate::markdown::{self, Case, Differences};

#[test]
fn suite() {
    markdown::run("article", 31, failures);
}

/// What the article read from a case has else than the case expects.
fn failures(case: &Case) -> Vec<String> {
    let text = case.fence("article").expect("every case has an article");
    let article = plain::read(text.to_owned(), Metadata::default());
    let mut wrong = Differences::new(case);
    let found: Vec<_> = article
        .blocks
        .iter()
        .map(|b| {
            format!("{} | {}", name(b.kind), one_line(&article.text[b.span.range()]))
        })
        .collect();
    let expected: Vec<_> =
        case.rows("blocks").iter().map(|columns| columns.join(" | ")).collect();
    for i in 0..found.len().max(expected.len()) {
        let row = |rows: &[String]| rows.get(i).cloned().unwrap_or_default();
        let (found, expected) = (row(&found), row(&expected));
        if !reads_as(&found, &expected) {
            wrong.check("block", &found, &expected);
        }
    }
    let metadata = article.metadata;
    for row in case.rows("metadata") {
        let [field, expected] = *row.as_slice() else { panic!("{}: {row:?}", case.name) };
        let found = match field {
            "title" => metadata.title.clone(),
            "byline" => Some(metadata.byline.join("; ")),
            "dateline" => metadata.dateline.clone(),
            "published" => metadata.published.clone(),
            _ => panic!("{}: no field {field}", case.name),
        };
        wrong.check(field, &found.unwrap_or_default(), expected);
    }
    wrong.list
}

/// Whether `found` is `expected`, whose middle may be left out with `…` between spaces.
fn reads_as(found: &str, expected: &str) -> bool {
    match expected.split_once(" … ") {
        Some((start, end)) => found.starts_with(start) && found.ends_with(end),
        None => found == expected,
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn name(kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::Headline => "headline",
        BlockKind::Standfirst => "standfirst",
        BlockKind::Byline => "byline",
        BlockKind::Dateline => "dateline",
        BlockKind::Date => "date",
        BlockKind::Caption => "caption",
        BlockKind::Paragraph => "paragraph",
        BlockKind::Quotation => "quotation",
        BlockKind::ListItem => "list-item",
        BlockKind::Table => "table",
        BlockKind::Boilerplate => "boilerplate",
    }
}
