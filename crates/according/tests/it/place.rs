//! Places as the suite says, and what holds of them in any text.

use according::annotate::place;
use according::report::{Claim, Place, Report};
use according::{Article, Block, BlockKind, Metadata};
use according_nlp::{DocBuilder, EntIob, Span, TokenSpec, Upos};
use proptest::prelude::*;

use crate::markdown::{self, Case, Differences, asked_fields, content, plain_value};
use crate::time;

#[test]
fn suite() {
    markdown::run("place", 9, failures);
}

fn failures(case: &Case) -> Vec<String> {
    let report = time::report(case);
    let mut wrong = Differences::new(case);
    wrong.check_rows("places", &report.places, 4, told);
    if case.fence("claims").is_some() {
        wrong.check_rows("claims", &report.claims, 3, |c, _| claim(&report, c));
    }
    wrong.list
}

/// A place as the suite writes it, with those of its other fields that are asked for.
fn told(place: &Place, asked: &[&str]) -> String {
    let kind = plain_value(&serde_json::to_value(place.kind).unwrap());
    let name = place.name.as_deref().unwrap_or_default();
    let country = place.country.as_deref().unwrap_or_default();
    let asked = asked_fields(place, asked);
    format!("{} | {kind} | {name} | {country}{asked}", place.text)
}

/// The content of a claim, its places and the place of its speaker, by their words.
fn claim(report: &Report, claim: &Claim) -> String {
    let words =
        |id: &String| report.places.iter().find(|p| p.id == *id).unwrap().text.clone();
    let places: Vec<String> = claim.places.iter().map(words).collect();
    let speaker = claim.speaker.place.as_ref().map(words).unwrap_or_default();
    format!("{} | {} | {speaker}", content(report, claim), places.join(", "))
}

fn name() -> impl Strategy<Value = String> {
    let names = "Paris Texas London Ontario Georgia Korea North Syria Damascus of the in , ( ) . \
        's Washington D.C. U.S. Hyesan China Turkish French Santa Rosa Springfield city \
        county É 日本 👍 New York";
    prop_oneof![
        8 => prop::sample::select(names.split_whitespace().collect::<Vec<_>>())
            .prop_map(str::to_owned),
        1 => "\\PC{1,4}",
    ]
}

proptest! {
    #[test]
    fn places_point_into_any_text_in_order(
        words in prop::collection::vec((name(), 0usize..6), 0..50),
    ) {
        let mut text = String::new();
        let mut tokens = Vec::new();
        for (word, label) in &words {
            let start = text.len();
            text.push_str(word);
            tokens.push((start..text.len(), ["GPE", "LOC", "NORP", "PERSON", "FAC", ""][*label]));
            text.push(' ');
        }
        let mut doc = DocBuilder::new(&text);
        for (i, (span, ent_type)) in tokens.into_iter().enumerate() {
            let ent_iob = if ent_type.is_empty() { EntIob::O } else { EntIob::B };
            doc.push(TokenSpec {
                upos: Upos::Propn,
                tag: "NNP",
                head: i,
                dep: "ROOT",
                ent_type,
                ent_iob,
                sent_start: i % 7 == 0,
                ..TokenSpec::new(span)
            });
        }
        let doc = doc.finish().unwrap();
        let blocks = vec![Block::new(BlockKind::Paragraph, Span::new(0, text.len()))];
        let article =
            Article { text, blocks, metadata: Metadata::default(), ..Article::default() };
        let places = place::find(&article, &doc);
        prop_assert_eq!(&places, &place::find(&article, &doc));
        let mut end = 0;
        for found in &places {
            prop_assert!(found.span.start >= end);
            prop_assert!(article.text.get(found.span.range()).is_some_and(|t| !t.is_empty()));
            prop_assert!((0.0..=1.0).contains(&found.confidence));
            prop_assert_eq!(found.confidence > 0.0, found.resolved.is_some());
            end = found.span.end;
        }
    }
}
