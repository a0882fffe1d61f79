//! Chains in PROV-O, as JSON-LD.
//!
//! What an article reports is an entity, and so is what each member of the chain told. From
//! one to the next leads one property: `prov:hadPrimarySource` to what the source nearest the
//! event said, `prov:wasQuotedFrom` to what a relay said. Each telling is attributed to who
//! told it. Words, where they stand in the article, and their offsets in code points are told
//! by `prov:value` and a selector of the Web Annotation vocabulary.

use according::Report;
use according::report::{Claim, SpeakerKind};
use serde_json::{Value, json};

use crate::recurring::Recurring;
use crate::view::{Actor, View, uuid, word};

pub(crate) fn head() -> String {
    let context = json!({
        "prov": "http://www.w3.org/ns/prov#",
        "dcterms": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "oa": "http://www.w3.org/ns/oa#",
        "according": "urn:according:terms:",
        "prov:wasAttributedTo": { "@type": "@id" },
        "prov:wasQuotedFrom": { "@type": "@id" },
        "prov:hadPrimarySource": { "@type": "@id" },
        "prov:wasAssociatedWith": { "@type": "@id" },
        "prov:wasGeneratedBy": { "@type": "@id" },
        "prov:used": { "@type": "@id" },
        "prov:specializationOf": { "@type": "@id" },
        "prov:alternateOf": { "@type": "@id" },
        "prov:wasDerivedFrom": { "@type": "@id" },
        "dcterms:isPartOf": { "@type": "@id" },
    });
    format!("{{\"@context\":{context},\"@graph\":[")
}

pub(crate) fn nodes(report: &Report) -> Vec<Value> {
    let view = View::new(report);
    let mut nodes = vec![program(&view), reading(&view), article(&view)];
    if let Some(outlet) = view.outlet() {
        nodes.push(agent(&view, &outlet));
    }
    for claim in &report.claims {
        nodes.extend(chain(&view, claim));
    }
    nodes
}

/// What recurs: the general statement, its origins, and each place that makes it as a
/// specialization of the statement that is derived from its origin.
pub(crate) fn recurring(claim: &Recurring<'_>) -> Vec<Value> {
    let entry = claim.entry;
    let mut nodes = vec![json!({
        "@id": claim.urn,
        "@type": "prov:Entity",
        "prov:value": entry.statement,
        "dcterms:identifier": entry.id,
        "dcterms:description": entry.explanation,
        "according:originsAtLeast": entry.independent_origins.least,
        "according:originsAtMost": entry.independent_origins.most,
        "according:disputed": entry.disputed,
    })];
    let origins = entry.origins.iter().map(|origin| {
        json!({
            "@id": claim.part(&origin.id),
            "@type": "prov:Entity",
            "dcterms:title": origin.what,
        })
    });
    nodes.extend(origins);
    for (n, placed) in claim.supports.iter().enumerate() {
        let mut node = json!({
            "@id": claim.part(&format!("support {n}")),
            "@type": "prov:Entity",
            "prov:specializationOf": claim.urn,
            "dcterms:isPartOf": placed.article,
            "according:stance": word(&placed.support.stance),
        });
        let origin = claim.origin(&placed.support.origin);
        let origin = origin.map(|origin| claim.part(&origin.id));
        put(&mut node, "prov:alternateOf", placed.claim.as_ref());
        put(&mut node, "prov:wasDerivedFrom", origin.as_ref());
        nodes.push(node);
    }
    nodes
}

fn program_id(view: &View<'_>) -> String {
    let maker = &view.report.generator;
    format!("urn:according:program:{}-{}", maker.name, maker.version)
}

fn program(view: &View<'_>) -> Value {
    let maker = &view.report.generator;
    json!({
        "@id": program_id(view),
        "@type": ["prov:SoftwareAgent", "prov:Agent"],
        "foaf:name": format!("{} {}", maker.name, maker.version),
    })
}

fn reading(view: &View<'_>) -> Value {
    json!({
        "@id": view.part("reading"),
        "@type": "prov:Activity",
        "prov:used": view.urn(),
        "prov:wasAssociatedWith": program_id(view),
    })
}

fn article(view: &View<'_>) -> Value {
    let article = &view.report.article;
    let mut node = json!({ "@id": view.urn(), "@type": "prov:Entity" });
    let outlet = view.outlet().map(|outlet| agent_id(view, &outlet));
    put(&mut node, "dcterms:title", article.title.as_ref());
    put(&mut node, "dcterms:identifier", article.reference.as_ref());
    put(&mut node, "dcterms:issued", article.published.as_ref());
    put(&mut node, "dcterms:source", article.url.as_ref());
    put(&mut node, "prov:wasAttributedTo", outlet.as_ref());
    node
}

fn put(node: &mut Value, key: &str, value: Option<&String>) {
    if let (Some(node), Some(value)) = (node.as_object_mut(), value) {
        node.insert(key.to_owned(), json!(value));
    }
}

fn agent_id(view: &View<'_>, actor: &Actor<'_>) -> String {
    format!("urn:uuid:{}", uuid(&format!("prov agent {}", view.key(actor))))
}

/// Who told something. A document is an entity and no agent.
fn agent(view: &View<'_>, actor: &Actor<'_>) -> Value {
    let kind = match actor.kind {
        SpeakerKind::Person => "prov:Person",
        SpeakerKind::Organisation | SpeakerKind::Media => "prov:Organization",
        SpeakerKind::People | SpeakerKind::Document | SpeakerKind::Reporter => {
            "prov:Agent"
        }
    };
    json!({ "@id": agent_id(view, actor), "@type": kind, "foaf:name": actor.name })
}

/// A claim as the article has it, and what each member of its chain told.
fn chain(view: &View<'_>, claim: &Claim) -> Vec<Value> {
    let id = view.part(&claim.id);
    let selector = |[start, end]: &[usize; 2]| json!({ "@type": "oa:TextPositionSelector", "oa:start": start, "oa:end": end });
    let mut here = json!({
        "@id": id,
        "@type": "prov:Entity",
        "prov:value": view.words(&claim.content),
        "oa:hasSelector": claim.content.iter().map(selector).collect::<Vec<_>>(),
        "dcterms:isPartOf": view.urn(),
        "prov:wasGeneratedBy": view.part("reading"),
        "according:mode": word(&claim.mode),
        "according:factuality": word(&claim.factuality),
    });
    let actors = view.chain(claim);
    let telling = |step: usize| format!("{id}/{}", step + 1);
    let mut nodes = Vec::new();
    // From the relay nearest the article back to the source nearest the event.
    for (step, actor) in actors.iter().enumerate().rev() {
        let property =
            if step == 0 { "prov:hadPrimarySource" } else { "prov:wasQuotedFrom" };
        put(&mut here, property, Some(&telling(step)));
        let next = json!({ "@id": telling(step), "@type": "prov:Entity" });
        nodes.push(std::mem::replace(&mut here, next));
        if actor.kind == SpeakerKind::Document {
            put(&mut here, "dcterms:title", Some(&actor.name.to_owned()));
        } else if !actor.is_nobody() {
            put(&mut here, "prov:wasAttributedTo", Some(&agent_id(view, actor)));
            nodes.push(agent(view, actor));
        }
    }
    nodes.push(here);
    nodes
}
