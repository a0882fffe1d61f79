//! Event records in the JSON of PLOVER 2.0.
//!
//! What took place is told apart from what may: as the codebook has it, `historical`, `future`,
//! `hypothetical` and `negation` stand among the contexts. The category `TRAFFIC` is an
//! extension of ours and has no quad code. `text` is left empty, since the codebook asks for
//! the right to copy it; offsets in `text_info` are code points.

use according::Report;
use according::report::{Event, EventStatus, Participant};
use serde_json::{Map, Value, json};

use crate::view::{View, one_line, word};

const CODEBOOK: &str = "plover-2.0";

pub(crate) fn records(report: &Report) -> Vec<Value> {
    let view = View::new(report);
    report.events.iter().map(|event| record(&view, event)).collect()
}

fn record(view: &View<'_>, event: &Event) -> Value {
    let article = &view.report.article;
    let actors = |role: &str| {
        let actors = event.participants.iter().filter(|p| p.role == role);
        actors.map(|participant| actor(view, participant)).collect::<Vec<_>>()
    };
    let time = view.time(event.time.as_deref());
    let begin = time.and_then(|time| time.begin.clone());
    let end = time.and_then(|time| time.end_date.clone());
    let texts = event.triggers.iter().map(|&trigger| one_line(&view.slice(trigger)));
    let mut contexts = event.contexts.clone();
    contexts.extend(auxiliary(event.status).map(str::to_owned));
    let first = event.triggers.first().copied().unwrap_or_default();
    let mut record = json!({
        "id": view.part(&event.id),
        // Of what has no day of its own the day on which it was told.
        "date": begin.clone().or_else(|| view.day()),
        "actor": actors("actor"),
        "recipient": actors("recipient"),
        "event": [event.kind],
        "event_text": texts.collect::<Vec<_>>(),
        "mode": event.mode.iter().collect::<Vec<_>>(),
        "context": contexts,
        "text_info": { "start": first[0], "end": first[1] },
        "cite_info": {
            "citation": article.reference.as_ref().unwrap_or(&article.id),
            "url": article.url,
            "title": article.title,
            "language": article.language,
            "publication": article.outlet,
            "coder": format!("{} {}", view.report.generator.name, view.report.generator.version),
            "codebook": CODEBOOK,
        },
        "comment": comment(event),
    });
    let more = [
        ("quad_code", quad(&event.kind).map(|code| json!(code))),
        ("enddate", end.filter(|end| begin.as_ref() != Some(end)).map(|end| json!(end))),
        ("event_loc", location(view, event.place.as_deref())),
    ];
    if let Some(record) = record.as_object_mut() {
        let more =
            more.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
        record.extend(more);
    }
    record
}

fn actor(view: &View<'_>, participant: &Participant) -> Value {
    let text = one_line(&view.slice([participant.start, participant.end]));
    let mut actor = Map::from_iter([("actor_text".to_owned(), json!(text))]);
    if let Some(entity) = view.entity(participant.entity.as_deref()) {
        actor.insert("identifier_text".to_owned(), json!(entity.name));
        if let Some(sector) = entity.role.as_ref().map(word) {
            actor.insert("sector".to_owned(), json!(sector));
        }
        if let Some(age) = entity.age {
            actor.insert("age".to_owned(), json!(age));
        }
    }
    Value::Object(actor)
}

/// A place in the words of GeoNames.
fn location(view: &View<'_>, id: Option<&str>) -> Option<Value> {
    let place = view.place(id)?;
    let number =
        place.gazetteer_id.as_deref().and_then(|id| id.strip_prefix("geonames:"));
    let number = number.and_then(|number| number.parse::<u64>().ok());
    Some(json!({
        "geonameid": number,
        "name": place.name.as_ref().unwrap_or(&place.text),
        "latitude": place.lat,
        "longitude": place.lon,
        "country code": place.country,
    }))
}

/// What the codebook calls auxiliary modes and keeps among the contexts.
fn auxiliary(status: EventStatus) -> Option<&'static str> {
    match status {
        EventStatus::Historical => Some("historical"),
        EventStatus::Planned => Some("future"),
        EventStatus::Hypothetical => Some("hypothetical"),
        EventStatus::Denied => Some("negation"),
        EventStatus::Actual | EventStatus::Alleged => None,
    }
}

/// What PLOVER has no field for.
fn comment(event: &Event) -> String {
    let claim = event.claim.as_ref().map(|claim| format!(", told in {claim}"));
    format!("{}{}", word(&event.status), claim.unwrap_or_default())
}

/// Verbal and material cooperation, verbal and material conflict.
fn quad(category: &str) -> Option<u8> {
    match category {
        "AGREE" | "CONSULT" | "SUPPORT" | "CONCEDE" => Some(1),
        "COOPERATE" | "AID" | "RETREAT" => Some(2),
        "REQUEST" | "ACCUSE" | "REJECT" | "THREATEN" => Some(3),
        "PROTEST" | "SANCTION" | "MOBILIZE" | "COERCE" | "ASSAULT" => Some(4),
        _ => None,
    }
}
