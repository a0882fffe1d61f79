//! A table with a row for each claim, in the CSV of RFC 4180.
//!
//! Lines end in LF. A field that a spreadsheet would take for a formula begins with an
//! apostrophe, which spreadsheets do not show. Offsets are code points.

use according::Report;

use crate::view::{View, chain_in_words, one_line, spans, word};

/// The columns, in order.
const COLUMNS: [&str; 29] = [
    "article",
    "article_id",
    "outlet",
    "published",
    "title",
    "url",
    "claim",
    "block",
    "content",
    "start",
    "end",
    "spans",
    "source",
    "cue",
    "speaker",
    "speaker_kind",
    "named",
    "role",
    "chain",
    "act",
    "mode",
    "stance",
    "certainty",
    "polarity",
    "factuality",
    "hedges",
    "parent",
    "times",
    "places",
];
/// The last of them, which is a number.
const CONFIDENCE: &str = "confidence";

pub(crate) fn head() -> String {
    let mut head = COLUMNS.join(",");
    head.push(',');
    head + CONFIDENCE + "\n"
}

pub(crate) fn rows(report: &Report) -> String {
    let view = View::new(report);
    let article = &report.article;
    let own = |value: &Option<String>| value.clone().unwrap_or_default();
    let mut rows = String::new();
    for claim in &report.claims {
        let first = claim.content.iter().map(|span| span[0]).min().unwrap_or_default();
        let last = claim.content.iter().map(|span| span[1]).max().unwrap_or_default();
        let times = claim.times.iter().filter_map(|id| view.time(Some(id)));
        let times: Vec<&str> = times.map(|time| time.value.as_str()).collect();
        let places = claim.places.iter().filter_map(|id| view.place(Some(id)));
        let places: Vec<&str> =
            places.map(|p| p.name.as_deref().unwrap_or(&p.text)).collect();
        let hedges = claim.hedges.iter().map(|&hedge| one_line(&view.slice(hedge)));
        let speaker = &claim.speaker;
        let fields: [String; COLUMNS.len()] = [
            own(&article.reference),
            article.id.clone(),
            own(&article.outlet),
            own(&article.published),
            own(&article.title),
            own(&article.url),
            claim.id.clone(),
            word(&claim.block),
            view.words(&claim.content),
            first.to_string(),
            last.to_string(),
            spans(&claim.content),
            view.words(&claim.source),
            view.words(&claim.cue),
            own(&speaker.name),
            word(&speaker.kind),
            speaker.named.to_string(),
            word(&speaker.role),
            chain_in_words(claim),
            word(&claim.act),
            word(&claim.mode),
            word(&claim.stance),
            word(&claim.certainty),
            word(&claim.polarity),
            word(&claim.factuality),
            hedges.collect::<Vec<_>>().join("; "),
            own(&claim.parent),
            times.join("; "),
            places.join("; "),
        ];
        for field in fields {
            rows += &quoted(&field);
            rows.push(',');
        }
        rows += &format!("{}\n", claim.confidence);
    }
    rows
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
