//! Claims, entities and the sourcing summary as the suite says.

use std::fmt::Write;

use according::article::plain;
use according::report::{Claim, Entity, Offsets, Report};
use according::{Metadata, Options, read_doc};
use serde_json::Value;

use crate::markdown::{self, Case, Differences, plain_value};
use crate::recorded;

#[test]
fn suite() {
    markdown::run("claim", 21, failures);
}

/// What the report on a case has else than the case expects.
fn failures(case: &Case) -> Vec<String> {
    let text = case.fence("article").expect("every case has an article");
    let metadata = Metadata {
        outlet: case.attribute("article", "outlet").map(str::to_owned),
        ..Metadata::default()
    };
    let article = plain::read(text.to_owned(), metadata);
    let doc = recorded::parse(&article);
    let report = read_doc(article, &doc, recorded::PIPELINE, &Options::default());
    let mut wrong = Differences::new(case);
    if case.fence("claims").is_some() {
        wrong.check_rows("claims", &report.claims, 3, |c, asked| told(&report, c, asked));
    }
    for row in case.rows("entities") {
        let [name, ..] = row.as_slice() else { panic!("{}: {row:?}", case.name) };
        let found = report.entities.iter().find(|e| e.name == *name).map(shown);
        wrong.check("entity", &found.unwrap_or_default(), &row.join(" | "));
    }
    let sourcing = serde_json::to_value(&report.sourcing).unwrap();
    for row in case.rows("sourcing") {
        let [field, expected] = *row.as_slice() else { panic!("{}: {row:?}", case.name) };
        wrong.check(field, &plain_value(&sourcing[field]), expected);
    }
    wrong.list
}

/// A claim as the suite writes it: its chain, its cue, its content, and of its other
/// properties those that are asked for.
fn told(report: &Report, claim: &Claim, asked: &[&str]) -> String {
    let text: Vec<char> = report.article.text.chars().collect();
    let cut = |spans: &[Offsets]| {
        let cut = |&[start, end]: &Offsets| text[start..end].iter().collect::<String>();
        spans.iter().map(cut).collect::<Vec<_>>().join(" … ").replace('\n', " ")
    };
    let name = |name: &Option<String>| name.clone().unwrap_or_else(|| "?".to_owned());
    let chain: Vec<String> = claim.chain.iter().map(|h| name(&h.name)).collect();
    let chain = if chain.is_empty() { "self".to_owned() } else { chain.join(" > ") };
    let mut row = format!("{chain} | {} | {}", cut(&claim.cue), cut(&claim.content));
    let values = serde_json::to_value(claim).unwrap();
    for property in asked {
        // "speaker.role = police": the rest of the row names what it asks for.
        let field = property.split(" = ").next().unwrap_or_default();
        let value = match field {
            "hedges" => cut(&claim.hedges),
            "source" => cut(&claim.source),
            path => plain_value(
                values
                    .pointer(&format!("/{}", path.replace('.', "/")))
                    .unwrap_or(&Value::Null),
            ),
        };
        write!(row, " | {field} = {value}").unwrap();
    }
    row
}

fn shown(entity: &Entity) -> String {
    let values = serde_json::to_value(entity).unwrap();
    let aliases = entity.aliases.join(", ");
    format!(
        "{} | {aliases} | {} | {}",
        entity.name,
        entity.kind.as_deref().unwrap_or_default(),
        plain_value(&values["role"])
    )
}
