//! Claims as annotations of the original, in the W3C Web Annotation Data Model.
//!
//! Positions are code points, as the recommendation wants them: it counts in the logical
//! characters of the text.

use according::Report;
use according::report::{Block, Claim, Offsets, Selector};
use according_corpus::format::Support;
use serde_json::{Value, json};

use crate::recurring::{Placed, Recurring};
use crate::view::{View, word};

/// So many characters before and after a quotation tell it from others.
const AROUND: usize = 48;

/// An annotation page with one annotation for each claim, as JSON-LD.
///
/// `way_back` leads from offsets into the text of the article to the original, if that is
/// another one than the text: where it leads nowhere, only the quotation itself is given.
pub fn annotations(
    report: &Report,
    way_back: impl Fn(Offsets) -> Option<Vec<Selector>>,
) -> Value {
    let selectors = |span: Offsets, _: &Selector| {
        let selectors = way_back(span).unwrap_or_default();
        selectors.iter().map(|selector| json!(selector)).collect()
    };
    page(&View::new(report), selectors)
}

/// The same, with no more than the report itself tells of the original.
///
/// Of a plain text that is the position. Of a web page it is the element of the block, in
/// which the quotation is looked for: where in it a claim stood is known only while the page
/// is read.
pub fn annotations_of_text(report: &Report) -> Value {
    let article = &report.article;
    let is_page = !article.provenance.is_empty()
        || article.blocks.iter().any(|block| block.selector.is_some());
    let selectors = |[start, end]: Offsets, quote: &Selector| {
        if !is_page {
            return vec![json!(Selector::Position { start, end })];
        }
        let mut blocks = article.blocks.iter();
        let block = blocks.find(|b| b.start <= start && end <= b.end);
        let selectors = block.and_then(|b| b.selector.as_deref()).unwrap_or_default();
        let xpath = selectors.iter().find_map(|selector| match selector {
            Selector::XPath { value, .. } => Some(value),
            _ => None,
        });
        let within = xpath.map(
            |path| json!({"type": "XPathSelector", "value": path, "refinedBy": quote}),
        );
        within.into_iter().collect()
    };
    page(&View::new(report), selectors)
}

/// What recurs, as an annotation of all places that make it.
pub(crate) fn recurring(claim: &Recurring<'_>) -> Value {
    let target = |placed: &Placed<'_>| {
        let Support { start, end, text, .. } = placed.support;
        let (prefix, suffix) = (String::new(), String::new());
        json!({
            "type": "SpecificResource",
            "source": placed.article,
            "selector": [
                Selector::Position { start: *start, end: *end },
                Selector::Quote { exact: text.clone(), prefix, suffix },
            ],
        })
    };
    let (entry, supports) = (claim.entry, &claim.supports);
    json!({
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": claim.urn,
        "type": "Annotation",
        "motivation": "linking",
        "body": {
            "type": "TextualBody",
            "purpose": "describing",
            "format": "text/plain",
            "language": "en",
            "value": format!("{}: {} {}", entry.id, entry.statement, entry.explanation),
        },
        "target": supports.iter().map(target).collect::<Vec<_>>(),
    })
}

fn page(view: &View<'_>, selectors: impl Fn(Offsets, &Selector) -> Vec<Value>) -> Value {
    let article = &view.report.article;
    let id = view.urn();
    let source = article.url.clone();
    let source = source.or_else(|| article.reference.as_deref().map(iri));
    let source = source.unwrap_or_else(|| id.clone());
    let target = |span: Offsets| {
        let quote = quote(view.points(), &article.blocks, span);
        let mut selectors = selectors(span, &quote);
        let mut pages = article.pages.iter();
        if let Some(page) = pages.find(|p| (p.start..p.end).contains(&span[0])) {
            selectors.push(json!(Selector::Fragment {
                conforms_to: "http://tools.ietf.org/rfc/rfc3778".to_owned(),
                value: format!("page={}", page.number),
            }));
        }
        selectors.push(json!(quote));
        json!({ "type": "SpecificResource", "source": source, "selector": selectors })
    };
    let annotation = |claim: &Claim| {
        json!({
            "id": view.part(&claim.id),
            "type": "Annotation",
            "motivation": "describing",
            "body": {
                "type": "TextualBody",
                "purpose": "describing",
                "format": "text/plain",
                "language": "en",
                "value": description(claim),
            },
            "target": claim.content.iter().map(|&span| target(span)).collect::<Vec<_>>(),
        })
    };
    json!({
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": id,
        "type": "AnnotationPage",
        "items": view.report.claims.iter().map(annotation).collect::<Vec<_>>(),
    })
}

/// "Claimed by police officer, through Harbour Post: indirect, certain, positive."
pub(crate) fn description(claim: &Claim) -> String {
    let name =
        |name: &Option<String>| name.clone().unwrap_or_else(|| "unknown".to_owned());
    let relays = claim.chain.iter().skip(1).map(|hop| name(&hop.name));
    let relays: Vec<String> = relays.collect();
    let through = match relays.is_empty() {
        true => String::new(),
        false => format!(", through {}", relays.join(", then ")),
    };
    let (mode, certainty) = (word(&claim.mode), word(&claim.certainty));
    let (speaker, polarity) = (name(&claim.speaker.name), word(&claim.polarity));
    format!("Claimed by {speaker}{through}: {mode}, {certainty}, {polarity}.")
}

/// The words themselves with those around them in their block.
fn quote(text: &[char], blocks: &[Block], [start, end]: Offsets) -> Selector {
    let around = blocks.iter().find(|b| b.start <= start && end <= b.end);
    let (first, last) = around.map_or((start, end), |block| (block.start, block.end));
    let cut = |from: usize, to: usize| -> String {
        text.get(from..to).unwrap_or_default().iter().collect()
    };
    Selector::Quote {
        exact: cut(start, end),
        prefix: cut(first.max(start.saturating_sub(AROUND)), start),
        suffix: cut(end, last.min(end.saturating_add(AROUND))),
    }
}

/// A path or any other name as a reference that is an IRI.
fn iri(name: &str) -> String {
    let mut iri = String::new();
    for c in name.chars() {
        match c {
            c if c.is_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c) => {
                iri.push(c);
            }
            c => {
                let mut bytes = [0; 4];
                for byte in c.encode_utf8(&mut bytes).bytes() {
                    iri.push_str(&format!("%{byte:02X}"));
                }
            }
        }
    }
    iri
}
