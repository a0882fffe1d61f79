//! A MISP event with an event report and the claims as text attributes.
//!
//! Tags of reliability and likelihood are an analyst's to set, and are left to one: nothing is
//! tagged here. Nothing is marked for detection, and it is for your organisation only
//! (`distribution` 0). What has no day of publication is dated the first of January 1970.

use according::Day;
use according::Report;
use serde_json::{Value, json};

use crate::markdown;
use crate::view::{View, in_a_line, uuid};

const NO_DAY: &str = "1970-01-01";
/// Undefined.
const THREAT: &str = "4";
/// Initial.
const ANALYSIS: &str = "0";
/// Your organisation only.
const OURS: &str = "0";
/// As the event it stands in.
const INHERIT: &str = "5";

pub(crate) fn event(report: &Report) -> Value {
    let view = View::new(report);
    let day = view.day().unwrap_or_else(|| NO_DAY.to_owned());
    let stamp = seconds(&day).to_string();
    let id = |what: &str| uuid(&format!("misp {what}")).to_string();
    let mut attributes = Vec::new();
    if let Some(url) = &report.article.url {
        attributes.push(json!({
            "uuid": id(&format!("link {}", view.urn())),
            "type": "link",
            "category": "External analysis",
            "value": url,
            "comment": "The article",
            "to_ids": false,
            "distribution": INHERIT,
            "timestamp": stamp,
        }));
    }
    for claim in &report.claims {
        let comment = in_a_line(claim);
        attributes.push(json!({
            "uuid": id(&format!("claim {}", view.part(&claim.id))),
            "type": "text",
            "category": "External analysis",
            "value": view.words(&claim.content),
            "comment": comment,
            "to_ids": false,
            "distribution": INHERIT,
            "timestamp": stamp,
        }));
    }
    json!({ "Event": {
        "uuid": id(&format!("event {}", view.urn())),
        "info": view.title(),
        "date": day,
        "threat_level_id": THREAT,
        "analysis": ANALYSIS,
        "distribution": OURS,
        "published": false,
        "timestamp": stamp,
        "Attribute": attributes,
        "EventReport": [{
            "uuid": id(&format!("report {}", view.urn())),
            "name": view.title(),
            "content": markdown::brief(report),
            "distribution": INHERIT,
            "timestamp": stamp,
            "deleted": false,
        }],
    }})
}

/// Seconds from 1970 to the beginning of a day.
fn seconds(day: &str) -> i64 {
    let number = |day: &str| Day::parse(day).map(Day::number).unwrap_or_default();
    (number(day) - number(NO_DAY)) * 86_400
}
