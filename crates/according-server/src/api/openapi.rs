//! The API, described for programs: OpenAPI 3.1.

use axum::http::HeaderMap;
use serde_json::{Map, Value, json};

use super::{Answer, json as answer};

pub(crate) async fn document(headers: HeaderMap) -> Answer {
    answer(&headers, &describe())
}

/// A year, month or day, or nothing, as forms send it. (A 29 February is taken as well, in
/// years that have one, which no pattern can tell.)
const DAY: &str = "^$|^[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-8]))?)?$|\
    ^[12][0-9]{3}-((0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)$";

fn describe() -> Value {
    let mut schemas = Map::new();
    hoist("Report", "Report", according::report::schema(), &mut schemas);
    let corpus = according_corpus::format::schema();
    hoist("Corpus", "Corpus", corpus, &mut schemas);
    let summary = according_corpus::format::summary_schema();
    hoist("ClaimSummary", "Corpus", summary, &mut schemas);
    schemas.extend(own_schemas());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "According",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Who claims what, through whom, and how surely",
            "description": "An answer may lack what was added within the last second. \
                Whoever adds or corrects something, and was told that it is done, finds it in \
                every answer from then on.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "security": [{}, { "token": [] }],
        "paths": paths(),
        "components": {
            "schemas": schemas,
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
        },
    })
}

/// Puts a schema and what it refers to among the others, under names of their own.
fn hoist(name: &str, prefix: &str, mut schema: Value, into: &mut Map<String, Value>) {
    let parts = schema.as_object_mut().and_then(|schema| schema.remove("$defs"));
    point(&mut schema, prefix);
    if let Some(schema) = schema.as_object_mut() {
        schema.remove("$schema");
    }
    into.insert(name.to_owned(), schema);
    let Some(Value::Object(parts)) = parts else { return };
    for (part, mut schema) in parts {
        point(&mut schema, prefix);
        into.insert(format!("{prefix}{part}"), schema);
    }
}

fn point(schema: &mut Value, prefix: &str) {
    match schema {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                match value {
                    Value::String(path) if key == "$ref" => {
                        let name = path.trim_start_matches("#/$defs/");
                        *path = format!("#/components/schemas/{prefix}{name}");
                    }
                    value => point(value, prefix),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| point(value, prefix)),
        _ => {}
    }
}

fn own_schemas() -> Map<String, Value> {
    let text = || json!({ "type": "string" });
    let maybe = || json!({ "type": ["string", "null"] });
    let strings = || json!({ "type": "array", "items": { "type": "string" } });
    let object = |properties: Value, required: &[&str]| json!({ "type": "object", "properties": properties, "required": required });
    let listed = object(
        json!({ "ref": text(), "id": text(), "title": maybe(), "outlet": maybe(),
            "published": maybe(), "wire": maybe(), "url": maybe() }),
        &["ref", "id"],
    );
    let hit = object(
        json!({ "ref": text(), "title": maybe(), "outlet": maybe(), "published": maybe(),
            "claims": strings() }),
        &["ref", "claims"],
    );
    let source = object(
        json!({ "name": text(), "kind": text(), "named": { "type": "boolean" },
            "articles": { "type": "integer" }, "claims": { "type": "integer" } }),
        &["name", "kind", "named", "articles", "claims"],
    );
    let day = object(
        json!({ "day": maybe(), "claim": reference("ClaimSummary") }),
        &["day", "claim"],
    );
    let kept = object(
        json!({ "ref": text(), "title": maybe(), "notes": strings(),
            "added": { "enum": ["new", "changed", "known"] },
            "claims": { "type": "integer" }, "name": text(), "error": text() }),
        &[],
    );
    let problem = object(
        json!({ "type": text(), "title": text(), "status": { "type": "integer" },
            "detail": text() }),
        &["type", "title", "status", "detail"],
    );
    let mut submission = object(
        json!({ "text": text(), "html": text(), "id": { "type": ["string", "number", "null"] },
            "url": maybe(), "outlet": maybe(), "title": maybe(), "published": maybe(),
            "byline": { "type": ["string", "array", "null"], "items": { "type": "string" } } }),
        &[],
    );
    submission["anyOf"] = json!([{ "required": ["text"] }, { "required": ["html"] }]);
    let job = object(
        json!({ "id": text(),
            "state": { "enum": ["waiting", "fetching", "reading", "done", "failed"] },
            "bytes": { "type": "integer" }, "total_bytes": { "type": "integer" },
            "count": { "type": "integer", "description": "How many texts became something." },
            "items": { "type": "array", "items": reference("Kept") },
            "problem": { "anyOf": [reference("Problem"), { "type": "null" }] } }),
        &["id", "state", "bytes", "total_bytes", "count", "items", "problem"],
    );
    let outlet = object(
        json!({ "outlet": text(), "articles": { "type": "integer" },
            "reliability": { "enum": ["A", "B", "C", "D", "E", "F", null] } }),
        &["outlet", "articles", "reliability"],
    );
    let mut fetching = object(
        json!({ "url": { "type": "string", "description": "Of a page or feed." },
            "outlet": maybe(), "title": maybe(),
            "published": { "type": ["string", "null"], "pattern": DAY } }),
        &["url"],
    );
    fetching["additionalProperties"] = false.into();
    let all = [
        ("Job", job),
        ("Outlet", outlet),
        ("Fetching", fetching),
        ("Instruction", instruction()),
        ("Correction", correction()),
        ("Listed", listed),
        ("Hit", hit),
        ("Source", source),
        ("Day", day),
        ("Kept", kept),
        ("Problem", problem),
        ("Submission", submission),
    ];
    all.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

/// What is to be set right.
fn instruction() -> Value {
    let text = || json!({ "type": "string", "minLength": 1 });
    let places = || {
        json!({ "type": "array", "items": { "type": "string" }, "minItems": 1,
            "description": "K3 is a claim with all who make it; bell#C4 a claim of the \
                report on the article bell; bell@517 what holds that code point." })
    };
    let kinds = [
        ("accept", json!({ "places": places() })),
        ("merge", json!({ "places": places() })),
        ("split", json!({ "claim": text(), "places": places() })),
        ("reject", json!({ "places": places() })),
        (
            "merge-sources",
            json!({ "names": { "type": "array", "items": text(), "minItems": 2 } }),
        ),
        (
            "split-source",
            json!({ "name": text(), "called": text(),
                "articles": { "type": "array", "items": { "type": "string" } } }),
        ),
        (
            "reliability",
            json!({ "outlet": text(), "grade": { "enum": ["A", "B", "C", "D", "E", "F"] } }),
        ),
        ("note", json!({ "place": text(), "text": text() })),
        (
            "undo",
            json!({ "of": { "type": "integer", "minimum": 0, "maximum": u32::MAX } }),
        ),
    ];
    let one = kinds.map(|(kind, mut properties)| {
        let mut required = vec!["kind".to_owned()];
        if let Some(properties) = properties.as_object_mut() {
            required.extend(properties.keys().cloned());
            properties.insert("kind".into(), json!({ "const": kind }));
            let by = json!({ "type": ["string", "null"], "description": "Who says so." });
            properties.insert("by".into(), by);
        }
        json!({ "type": "object", "properties": properties, "required": required,
            "additionalProperties": false })
    });
    json!({ "oneOf": one })
}

/// A correction as it is kept, and what became of it.
fn correction() -> Value {
    json!({ "type": "object",
        "required": ["number", "by", "at", "kind", "holds", "lost"],
        "properties": {
            "number": { "type": "integer" }, "by": { "type": "string" },
            "at": { "type": "string", "description": "UTC, ISO 8601." },
            "kind": { "enum": ["accept", "merge", "split", "reject", "merge-sources",
                "split-source", "reliability", "note", "undo"] },
            "holds": { "type": "boolean", "description": "It was not undone." },
            "undone_by": { "type": "integer", "description": "What undid it; left out where nothing did." },
            "lost": { "type": "integer", "description": "Places that are found no more." },
        } })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn page_of(name: &str) -> Value {
    json!({
        "type": "object",
        "required": ["items", "next"],
        "properties": {
            "items": { "type": "array", "items": reference(name) },
            "next": { "type": ["string", "null"],
                "description": "What to send as 'after' for more; null when there is none." },
        },
    })
}

fn in_query(name: &str, what: &str, schema: Value) -> Value {
    json!({ "name": name, "in": "query", "description": what, "schema": schema })
}

/// A count, as far as one may go.
fn number() -> Value {
    json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX })
}

fn paths() -> Value {
    let text = || json!({ "type": "string" });
    let some = || json!({ "type": "string", "minLength": 1 });
    let day = || json!({ "type": "string", "pattern": DAY });
    let limit = || {
        let schema = json!({ "type": "integer", "minimum": 1, "maximum": 1000 });
        in_query("limit", "How many at most.", schema)
    };
    let after = || in_query("after", "What 'next' of the page before was.", text());
    let days = || {
        [
            in_query("from", "On this day or later.", day()),
            in_query("to", "On this day or earlier.", day()),
        ]
    };
    let about = json!([
        in_query("title", "Title, where the text does not hold it.", text()),
        in_query("outlet", "Who publishes it.", text()),
        in_query("published", "Day of publication.", day()),
        in_query("name", "Name of the file, which may tell what it is.", text()),
        in_query(
            "min_confidence",
            "Leave out claims less surely read right.",
            json!({ "type": "number", "minimum": 0, "maximum": 1 })
        ),
    ]);
    let body = json!({
        "required": true,
        "description": "A text or page, or anything else that 'according read' takes.",
        "content": {
            "text/plain": { "schema": some() },
            "text/html": { "schema": some() },
            "application/json": { "schema": reference("Submission") },
            "application/x-ndjson": { "schema": text() },
            "application/octet-stream": { "schema": some() },
        },
    });
    let kept = json!({ "type": "object", "required": ["items"],
        "properties": { "items": { "type": "array", "items": reference("Kept") } } });
    let [from, to] = days();
    let search = json!([
        in_query("q", "Words, and phrases in quotation marks.", text()),
        in_query("source", "Part of the name of somebody relied on.", text()),
        in_query("outlet", "Part of the name of the outlet.", text()),
        from,
        to,
        after(),
        in_query(
            "min_origins",
            "Says something with so many origins for sure.",
            // Forms send nothing as an empty text.
            json!({ "anyOf": [number(), { "const": "" }] })
        ),
        limit(),
    ]);
    let in_path = |name: &str| json!({ "name": name, "in": "path", "required": true, "schema": text() });
    let [from, to] = days();
    json!({
        "/api/read": { "post": {
            "operationId": "read", "summary": "Read a text and keep nothing",
            "parameters": about, "requestBody": body,
            "responses": responses(&[("200", "The report, or one a line.", reference("Report"), true)]),
        } },
        "/api/articles": {
            "get": {
                "operationId": "listArticles",
                "summary": "Articles in the order of addition; as NDJSON whole reports",
                "parameters": [after(), limit()],
                "responses": responses(&[("200", "A page of articles.", page_of("Listed"), true)]),
            },
            "post": {
                "operationId": "addArticle", "summary": "Read a text and keep it",
                "parameters": about, "requestBody": body,
                "responses": responses(&[
                    ("200", "It was known.", kept.clone(), true),
                    ("201", "It is new.", kept.clone(), false),
                    ("202", "It takes longer than a moment, or than 'Prefer: wait=SECONDS' says; 'Location' tells how far it is.", reference("Job"), false),
                ]),
            },
        },
        "/api/fetch": { "post": {
            "operationId": "fetchArticle", "summary": "Fetch a page or feed, read it and keep it",
            "requestBody": { "required": true,
                "content": { "application/json": { "schema": reference("Fetching") } } },
            "responses": responses(&[
                ("200", "It was known.", kept.clone(), true),
                ("201", "It is new.", kept, false),
                ("202", "It takes longer than a moment.", reference("Job"), false),
            ]),
        } },
        "/api/jobs/{id}": { "get": {
            "operationId": "getJob", "summary": "How far something is that is being kept",
            "parameters": [in_path("id"),
                in_query("after", "Leave out what became of so many texts.", number())],
            "responses": responses(&[("200", "How far it is.", reference("Job"), false)]),
        } },
        "/api/corrections": {
            "get": {
                "operationId": "listCorrections", "summary": "Corrections in the order in which they were made",
                "parameters": [after(), limit()],
                "responses": responses(&[("200", "A page of corrections.", page_of("Correction"), true)]),
            },
            "post": {
                "operationId": "correct", "summary": "Set something right",
                "requestBody": { "required": true,
                    "content": { "application/json": { "schema": reference("Instruction") } } },
                "responses": responses(&[("201", "It is kept, and every answer rests on it.", reference("Correction"), false)]),
            },
        },
        "/api/corrections/{number}": { "get": {
            "operationId": "getCorrection", "summary": "One correction",
            "parameters": [in_path("number")],
            "responses": responses(&[("200", "The correction.", reference("Correction"), false)]),
        } },
        "/api/outlets": { "get": {
            "operationId": "listOutlets", "summary": "Outlets, and how reliable analysts call them",
            "parameters": [limit()],
            "responses": responses(&[("200", "Outlets.", page_of("Outlet"), true)]),
        } },
        "/api/articles/{ref}": { "get": {
            "operationId": "getArticle", "summary": "The report on an article",
            "parameters": [in_path("ref")],
            "responses": responses(&[("200", "The report.", reference("Report"), false)]),
        } },
        "/api/claims": { "get": {
            "operationId": "listClaims", "summary": "Claims, those of most articles first",
            "parameters": [after(), limit(),
                in_query("min_articles", "Made by at least so many articles.", number())],
            "responses": responses(&[("200", "A page of claims in short; as lines, whole ones.", page_of("ClaimSummary"), true)]),
        } },
        "/api/claims/{id}": { "get": {
            "operationId": "getClaim", "summary": "One claim, by a number such as K7",
            "parameters": [in_path("id")],
            "responses": responses(&[("200", "The claim.", reference("CorpusClaimEntry"), false)]),
        } },
        "/api/sources": { "get": {
            "operationId": "listSources", "summary": "Who is relied on",
            "parameters": [in_query("name", "Part of the name.", text()), after(), limit()],
            "responses": responses(&[("200", "Sources.", page_of("Source"), true)]),
        } },
        "/api/timeline": { "get": {
            "operationId": "timeline", "summary": "Claims by the day they were first told",
            "parameters": [from, to, after(), limit()],
            "responses": responses(&[("200", "Days with claims in short; as lines, with whole ones.", page_of("Day"), true)]),
        } },
        "/api/search": { "get": {
            "operationId": "search", "summary": "Articles that are looked for",
            "parameters": search,
            "responses": responses(&[("200", "Articles.", page_of("Hit"), true)]),
        } },
    })
}

/// The answers of an operation: those that are its own, and those of all.
fn responses(own: &[(&str, &str, Value, bool)]) -> Value {
    let mut all = Map::new();
    for (status, what, schema, has_lines) in own {
        let mut content = Map::new();
        content.insert("application/json".into(), json!({ "schema": schema }));
        if *has_lines {
            content.insert("application/x-ndjson".into(), json!({}));
        }
        let answer = json!({ "description": what, "content": content });
        all.insert((*status).to_owned(), answer);
    }
    all.insert(
        "304".into(),
        json!({ "description": "It is what the asker has already." }),
    );
    let content =
        json!({ "application/problem+json": { "schema": reference("Problem") } });
    all.insert(
        "default".into(),
        json!({ "description": "A problem.", "content": content }),
    );
    Value::Object(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_referred_to_is_there() {
        let document = describe();
        let schemas = document["components"]["schemas"].as_object().unwrap();
        let text = document.to_string();
        let mut count = 0;
        for part in text.split("#/components/schemas/").skip(1) {
            let name = part.split('"').next().unwrap();
            assert!(schemas.contains_key(name), "{name}");
            count += 1;
        }
        assert!(count > 40 && !text.contains("$defs"));
    }
}
