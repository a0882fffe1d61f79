//! A STIX 2.1 bundle: a report, the claims as notes, who tells them as identities, and places
//! as locations.
//!
//! STIX has no claims made by third parties, so what a note cannot say of one stands in an
//! extension, whose definition comes along. Ids are UUIDs of version 5 over what they name, as
//! the standard allows to whoever makes them. STIX wants a moment of creation everywhere: it is
//! the day of publication, and the first of January 1970 where that is not known. `confidence`
//! is how surely the claim is read right, in percent, and nothing about its truth.

use according::Report;
use according::report::{Claim, Place, SpeakerKind};
use serde_json::{Map, Value, json};

use crate::recurring::{Placed, Recurring};
use crate::view::{Actor, View, chain_in_words, spans, uuid};

pub(crate) const HEAD: &str = "{\"type\":\"bundle\",\"objects\":[";

/// Created when this way of writing was laid down.
const LAID_DOWN: &str = "2026-01-01T00:00:00.000Z";
/// What stands for a day that is not known.
const NO_DAY: &str = "1970-01-01";

/// The end of a bundle that holds objects with these ids.
pub(crate) fn tail(ids: &[&str]) -> String {
    format!(
        "\n],\"id\":\"bundle--{}\"}}\n",
        uuid(&format!("stix bundle {}", ids.join(" ")))
    )
}

pub(crate) fn objects(report: &Report) -> Vec<Value> {
    let view = View::new(report);
    let maker = Maker { day: view.day().unwrap_or_else(|| NO_DAY.to_owned()), view };
    let mut objects = vec![program(), extension()];
    let mut refs = Vec::new();
    if let Some(outlet) = maker.view.outlet() {
        objects.push(maker.identity(&outlet));
        refs.push(id_of(&objects));
    }
    let placed = report.places.iter().filter(|place| {
        place.block.is_body() && (place.country.is_some() || place.lat.is_some())
    });
    for place in placed {
        objects.push(maker.location(place));
        refs.push(id_of(&objects));
    }
    for claim in &report.claims {
        for actor in maker.view.chain(claim).iter().filter(|actor| !actor.is_nobody()) {
            objects.push(maker.identity(actor));
            refs.push(id_of(&objects));
        }
        objects.push(maker.note(claim));
        refs.push(id_of(&objects));
    }
    objects.push(maker.report(refs));
    objects
}

/// What recurs: a note about the notes and reports that say it.
pub(crate) fn recurring(claim: &Recurring<'_>) -> Value {
    let entry = claim.entry;
    let about = |placed: &Placed<'_>| match &placed.claim {
        Some(claim) => format!("note--{}", uuid(&format!("stix note {claim}"))),
        None => format!("report--{}", uuid(&format!("stix report {}", placed.article))),
    };
    let mut refs: Vec<String> = claim.supports.iter().map(about).collect();
    refs.sort_unstable();
    refs.dedup();
    // A day in full; of a month or year the first is not known to be it.
    let first = entry.changes.first().and_then(|change| change.published.as_deref());
    let day = first.filter(|day| day.len() == 10).unwrap_or(NO_DAY);
    let moment = format!("{day}T00:00:00.000Z");
    json!({
        "type": "note",
        "spec_version": "2.1",
        "id": format!("note--{}", uuid(&format!("stix recurring {}", claim.urn))),
        "created_by_ref": program_id(),
        "created": moment,
        "modified": moment,
        "abstract": format!("{}: independent origins: {}", entry.id, claim.count()),
        "content": format!("{}\n\n{}", entry.statement, entry.explanation),
        "object_refs": refs,
    })
}

fn id_of(objects: &[Value]) -> String {
    let id = objects.last().and_then(|object| object.get("id")).and_then(Value::as_str);
    id.unwrap_or_default().to_owned()
}

fn program_id() -> String {
    format!("identity--{}", uuid("stix identity according"))
}

fn program() -> Value {
    json!({
        "type": "identity",
        "spec_version": "2.1",
        "id": program_id(),
        "created": LAID_DOWN,
        "modified": LAID_DOWN,
        "name": "according",
        "identity_class": "system",
    })
}

fn extension_id() -> String {
    format!("extension-definition--{}", uuid("stix extension claim"))
}

fn extension() -> Value {
    json!({
        "type": "extension-definition",
        "spec_version": "2.1",
        "id": extension_id(),
        "created_by_ref": program_id(),
        "created": LAID_DOWN,
        "modified": LAID_DOWN,
        "name": "Sourced claim",
        "description": "Who claims the content of a note, through whom, and where it stands: \
            fields of claims in according-report/1, offsets in Unicode code points.",
        "schema": "according-report/1",
        "version": "1.0.0",
        "extension_types": ["property-extension"],
    })
}

struct Maker<'r> {
    view: View<'r>,
    day: String,
}

impl Maker<'_> {
    /// What all objects have that come from the article.
    fn object(&self, kind: &str, what: &str, fields: Value) -> Value {
        let moment = format!("{}T00:00:00.000Z", self.day);
        let mut object = Map::from_iter([
            ("type".to_owned(), json!(kind)),
            ("spec_version".to_owned(), json!("2.1")),
            (
                "id".to_owned(),
                json!(format!("{kind}--{}", uuid(&format!("stix {what}")))),
            ),
            ("created_by_ref".to_owned(), json!(program_id())),
            ("created".to_owned(), json!(moment)),
            ("modified".to_owned(), json!(moment)),
        ]);
        if let Value::Object(fields) = fields {
            object.extend(fields.into_iter().filter(|(_, value)| !value.is_null()));
        }
        Value::Object(object)
    }

    fn identity_id(&self, actor: &Actor<'_>) -> String {
        format!("identity--{}", uuid(&format!("stix identity {}", self.view.key(actor))))
    }

    fn identity(&self, actor: &Actor<'_>) -> Value {
        let class = match actor.kind {
            SpeakerKind::Person => "individual",
            SpeakerKind::People => "class",
            SpeakerKind::Organisation | SpeakerKind::Media => "organization",
            SpeakerKind::Document | SpeakerKind::Reporter => "unspecified",
        };
        let what = format!("identity {}", self.view.key(actor));
        let unnamed = (!actor.named)
            .then_some("A source without a name, as the report describes it.");
        let fields = json!({ "name": actor.name, "identity_class": class, "description": unnamed });
        self.object("identity", &what, fields)
    }

    fn location(&self, place: &Place) -> Value {
        let name = place.name.as_ref().unwrap_or(&place.text);
        let known = place.gazetteer_id.clone();
        let what = known.unwrap_or_else(|| self.view.part(&place.id));
        self.object(
            "location",
            &format!("location {what}"),
            json!({
                "name": name,
                "latitude": place.lon.and(place.lat),
                "longitude": place.lat.and(place.lon),
                "country": place.country,
                "administrative_area": place.admin1,
            }),
        )
    }

    fn note(&self, claim: &Claim) -> Value {
        let view = &self.view;
        let actors = view.chain(claim);
        let known = actors.iter().filter(|actor| !actor.is_nobody());
        let mut refs: Vec<String> = Vec::new();
        for id in known.map(|actor| self.identity_id(actor)) {
            if !refs.contains(&id) {
                refs.push(id);
            }
        }
        // A note is about something: where nobody is named, the report it stands in.
        if refs.is_empty() {
            refs.push(self.report_id());
        }
        let extension = json!({
            "extension_type": "property-extension",
            "article_id": view.report.article.id,
            "claim_id": claim.id,
            "content_offsets": claim.content,
            "source_offsets": claim.source,
            "cue_offsets": claim.cue,
            "chain": actors.iter().map(|actor| actor.name).collect::<Vec<_>>(),
            "act": claim.act,
            "mode": claim.mode,
            "stance": claim.stance,
            "certainty": claim.certainty,
            "polarity": claim.polarity,
            "factuality": claim.factuality,
        });
        // An empty list is no list to STIX.
        let extension = match extension {
            Value::Object(fields) => Value::Object(
                fields
                    .into_iter()
                    .filter(|(_, v)| v.as_array().is_none_or(|v| !v.is_empty()))
                    .collect(),
            ),
            other => other,
        };
        self.object(
            "note",
            &format!("note {}", view.part(&claim.id)),
            json!({
                "abstract": format!("Claimed by {}", chain_in_words(claim)),
                "content": view.words(&claim.content),
                "object_refs": refs,
                "confidence": percent(claim.confidence),
                "lang": view.report.article.language,
                "external_references": [{
                    "source_name": "according-report/1",
                    "external_id": format!("{}#{}", view.report.article.id, claim.id),
                    "description": format!("code points {}", spans(&claim.content)),
                }],
                "extensions": { extension_id(): extension },
            }),
        )
    }

    fn report_id(&self) -> String {
        format!("report--{}", uuid(&format!("stix report {}", self.view.urn())))
    }

    fn report(&self, mut refs: Vec<String>) -> Value {
        let article = &self.view.report.article;
        let mut met = std::collections::BTreeSet::new();
        refs.retain(|id| met.insert(id.clone()));
        if refs.is_empty() {
            refs.push(program_id());
        }
        let reference = json!({
            "source_name": article.outlet.as_deref().unwrap_or("article"),
            "external_id": article.reference.as_ref().unwrap_or(&article.id),
        });
        let mut reference = reference;
        if let (Some(url), Some(fields)) = (&article.url, reference.as_object_mut()) {
            fields.insert("url".to_owned(), json!(url));
        }
        self.object(
            "report",
            &format!("report {}", self.view.urn()),
            json!({
                "name": self.view.title(),
                "description": self.view.report.sourcing.explanation,
                "published": format!("{}T00:00:00Z", self.day),
                "lang": article.language,
                "object_refs": refs,
                "external_references": [reference],
            }),
        )
    }
}

fn percent(share: f32) -> u8 {
    // From 0 to 1, so that nothing is cut off.
    (share.clamp(0.0, 1.0) * 100.0).round() as u8
}
