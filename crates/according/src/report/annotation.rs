//! Claims as annotations of the original, in the W3C Web Annotation Data Model.

use serde_json::{Value, json};

use super::{Block, Claim, Offsets, Report, Selector};

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
    let text: Vec<char> = report.article.text.chars().collect();
    let id = format!("urn:according:{}", report.article.id);
    let source = report.article.url.clone();
    let source = source.or_else(|| report.article.reference.as_deref().map(iri));
    let source = source.unwrap_or_else(|| id.clone());
    let target = |span: Offsets| {
        let mut selectors = way_back(span).unwrap_or_default();
        let page = report.article.pages.iter();
        let mut page = page.filter(|p| (p.start..p.end).contains(&span[0]));
        if let Some(page) = page.next() {
            selectors.push(Selector::Fragment {
                conforms_to: "http://tools.ietf.org/rfc/rfc3778".to_owned(),
                value: format!("page={}", page.number),
            });
        }
        selectors.push(quote(&text, &report.article.blocks, span));
        json!({ "type": "SpecificResource", "source": source, "selector": selectors })
    };
    let annotation = |claim: &Claim| {
        json!({
            "id": format!("{id}#{}", claim.id),
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
        "items": report.claims.iter().map(annotation).collect::<Vec<_>>(),
    })
}

/// "Claimed by police officer, through Harbour Post: indirect, certain, positive."
fn description(claim: &Claim) -> String {
    let name =
        |name: &Option<String>| name.clone().unwrap_or_else(|| "unknown".to_owned());
    let relays = claim.chain.iter().skip(1).map(|hop| name(&hop.name));
    let relays: Vec<String> = relays.collect();
    let through = match relays.is_empty() {
        true => String::new(),
        false => format!(", through {}", relays.join(", then ")),
    };
    let word = |value: Value| value.as_str().unwrap_or_default().to_owned();
    let [mode, certainty, polarity] =
        [json!(claim.mode), json!(claim.certainty), json!(claim.polarity)].map(word);
    let speaker = name(&claim.speaker.name);
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
        suffix: cut(end, last.min(end + AROUND)),
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
