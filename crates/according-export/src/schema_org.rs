//! schema.org: the article, its claims and quotations, and stubs of reviews, as JSON-LD.
//!
//! schema.org knows no offsets and no chains: of a chain the source nearest the event is the
//! `author` of a claim, and the others are left out. A `ClaimReview` is a stub: it has neither
//! author nor rating, which are for whoever checks the claim.

use according::Report;
use according::report::{Act, Claim, Mode, SpeakerKind};
use serde_json::{Map, Value, json};

use crate::recurring::Recurring;
use crate::view::{Actor, View};

pub(crate) fn head() -> String {
    "{\"@context\":\"https://schema.org\",\"@graph\":[".to_owned()
}

pub(crate) fn nodes(report: &Report) -> Vec<Value> {
    let view = View::new(report);
    let mut nodes = vec![article(&view)];
    for claim in &report.claims {
        nodes.push(self::claim(&view, claim));
        if claim.mode == Mode::Direct {
            nodes.push(quotation(&view, claim));
        }
        if matches!(claim.act, Act::Speech | Act::Evidential) {
            nodes.push(review(&view, claim));
        }
    }
    nodes
}

/// What recurs: a claim that appears in several articles, and a stub of its review.
pub(crate) fn recurring(claim: &Recurring<'_>) -> [Value; 2] {
    let appearance = |article: &str| json!({ "@id": article });
    let mut articles: Vec<&str> =
        claim.supports.iter().map(|placed| placed.article.as_str()).collect();
    let first = articles.first().copied();
    articles.sort_unstable();
    articles.dedup();
    let fields = json!({
        "text": claim.entry.statement,
        "identifier": claim.entry.id,
        "description": claim.entry.explanation,
        "firstAppearance": first.map(appearance),
        "appearance": articles.into_iter().map(appearance).collect::<Vec<_>>(),
    });
    let review = json!({
        "claimReviewed": claim.entry.statement,
        "itemReviewed": { "@id": claim.urn },
    });
    let id = claim.part("review");
    [node(&claim.urn, "Claim", fields), node(&id, "ClaimReview", review)]
}

/// A node with those of its properties that have values.
fn node(id: &str, kind: &str, fields: Value) -> Value {
    let mut node = Map::new();
    node.insert("@id".to_owned(), json!(id));
    node.insert("@type".to_owned(), json!(kind));
    if let Value::Object(fields) = fields {
        node.extend(fields.into_iter().filter(|(_, value)| !value.is_null()));
    }
    Value::Object(node)
}

fn article(view: &View<'_>) -> Value {
    let article = &view.report.article;
    let person = |name: &String| json!({ "@type": "Person", "name": name });
    let authors: Vec<Value> = article.byline.iter().map(person).collect();
    let fields = json!({
        "headline": view.title(),
        "url": article.url,
        "datePublished": article.published_time.as_ref().or(article.published.as_ref()),
        "dateModified": article.modified,
        "inLanguage": article.language,
        "author": (!authors.is_empty()).then_some(authors),
        "publisher": article.outlet.as_ref()
            .map(|name| json!({ "@type": "NewsMediaOrganization", "name": name })),
    });
    node(&view.urn(), "NewsArticle", fields)
}

/// Who is taken for the author of a claim: the source nearest the event.
fn author(view: &View<'_>, claim: &Claim) -> Option<Value> {
    let chain = view.chain(claim);
    let actor: &Actor<'_> = chain.first().filter(|actor| !actor.is_nobody())?;
    let kind = match actor.kind {
        SpeakerKind::Person => "Person",
        SpeakerKind::Media => "NewsMediaOrganization",
        // Several people are no person, and a body is what comes closest.
        SpeakerKind::People | SpeakerKind::Organisation => "Organization",
        // Nobody can be named who wrote it.
        SpeakerKind::Document | SpeakerKind::Reporter => return None,
    };
    Some(json!({ "@type": kind, "name": actor.name }))
}

fn claim(view: &View<'_>, claim: &Claim) -> Value {
    let fields = json!({
        "text": view.words(&claim.content),
        "author": author(view, claim),
        "appearance": { "@id": view.urn() },
        "identifier": claim.id,
        "inLanguage": view.report.article.language,
    });
    node(&view.part(&claim.id), "Claim", fields)
}

fn quotation(view: &View<'_>, claim: &Claim) -> Value {
    let fields = json!({
        "text": view.words(&claim.content),
        "creator": author(view, claim),
        "isPartOf": { "@id": view.urn() },
        "inLanguage": view.report.article.language,
    });
    node(&view.part(&format!("{}/quotation", claim.id)), "Quotation", fields)
}

fn review(view: &View<'_>, claim: &Claim) -> Value {
    let fields = json!({
        "claimReviewed": view.words(&claim.content),
        "itemReviewed": { "@id": view.part(&claim.id) },
    });
    node(&view.part(&format!("{}/review", claim.id)), "ClaimReview", fields)
}
