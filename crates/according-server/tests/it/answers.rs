//! What programs are told.

use std::collections::BTreeSet;

use according_server::Limits;
use serde_json::{Value, json};

use crate::client::{STORY, config, run, start, told_by};

#[test]
fn a_text_is_read_and_not_kept() {
    let server = start();
    let path = "/api/read?outlet=The%20Bell&published=2024-03-05";
    let reply = server.post(path, "text/plain", STORY.as_bytes());
    assert_eq!(reply.status, 200, "{reply:?}");
    let report = reply.json();
    assert_eq!(report["format"], "according-report/1");
    assert_eq!(report["article"]["outlet"], "The Bell");
    let claims = report["claims"].as_array().unwrap();
    assert!(claims.iter().any(|claim| claim["speaker"]["name"] == "Marta Quill"));
    let kept = server.get("/api/articles").json();
    assert_eq!(kept, json!({ "items": [], "next": null }));

    let html = format!("<html><body><article><p>{STORY}</p></article></body></html>");
    let page = server.post("/api/read", "text/html; charset=utf-8", html.as_bytes());
    assert!(page.json()["article"]["blocks"][0]["selector"].is_array(), "{page:?}");
}

#[test]
fn many_texts_are_read_one_a_line_and_damage_is_named() {
    let server = start();
    let lines =
        format!("{}\n{{\"id\": 3}}\n{}\n", told_by("a", STORY), told_by("b", STORY));
    let one = server.post("/api/read", "application/x-ndjson", lines.as_bytes());
    assert_eq!(one.status, 422, "one report is asked for, and there are more");
    let headers =
        [("Content-Type", "application/x-ndjson"), ("Accept", "application/x-ndjson")];
    let reply = server.ask("POST", "/api/read", &headers, lines.as_bytes());
    let lines: Vec<Value> =
        reply.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["article"]["ref"], "a");
    assert!(lines[1]["error"].as_str().unwrap().contains("no \"text\""));
    assert_eq!(lines[2]["article"]["ref"], "b");
}

#[test]
fn what_is_added_is_found_and_known_again() {
    let server = start();
    let add = |outlet: &str, text: &str| {
        let body = told_by(outlet, text);
        server.post("/api/articles", "application/json", body.as_bytes())
    };
    let added = add("The Bell", STORY);
    assert_eq!(added.status, 201, "{added:?}");
    assert_eq!(added.json()["items"][0]["added"], "new");
    let again = add("The Bell", STORY);
    assert_eq!(
        (again.status, &again.json()["items"][0]["added"]),
        (200, &json!("known"))
    );
    for outlet in ["Globe", "Post", "Star"] {
        assert_eq!(add(outlet, STORY).status, 201);
    }

    // A page goes on where it ended, whatever came in meanwhile.
    let first = server.get("/api/articles?limit=2").json();
    add("Sun", &STORY.replace("two", "three"));
    let next = first["next"].as_str().unwrap();
    let second = server.get(&format!("/api/articles?limit=2&after={next}")).json();
    let next = second["next"].as_str().unwrap();
    let third = server.get(&format!("/api/articles?limit=2&after={next}")).json();
    let refs: Vec<&str> = [&first, &second, &third]
        .into_iter()
        .flat_map(|page| page["items"].as_array().unwrap())
        .map(|item| item["ref"].as_str().unwrap())
        .collect();
    assert_eq!(refs, ["The Bell", "Globe", "Post", "Star", "Sun"]);
    assert_eq!(third["next"], Value::Null);

    let report = server.get("/api/articles/The%20Bell");
    assert_eq!(report.json()["article"]["outlet"], "The Bell");
    let tag = report.header("etag").unwrap();
    let headers = [("If-None-Match", tag)];
    let known = server.ask("GET", "/api/articles/The%20Bell", &headers, b"");
    assert_eq!((known.status, known.body.as_str()), (304, ""));

    // So do pages.
    let page = server.get("/articles/The%20Bell");
    let headers = [("If-None-Match", page.header("etag").unwrap())];
    let known = server.ask("GET", "/articles/The%20Bell", &headers, b"");
    assert_eq!((known.status, known.body.as_str()), (304, ""));
    assert!(known.header("content-security-policy").is_some());

    let claims = server.get("/api/claims").json();
    let claim = &claims["items"][0];
    let id = claim["id"].as_str().unwrap();
    let whole = server.get(&format!("/api/claims/{id}")).json();
    assert!(whole["supports"].as_array().unwrap().len() >= 4, "{whole}");
    assert_eq!(&in_short(&whole), claim);
    let lines =
        server.ask("GET", "/api/claims", &[("Accept", "application/x-ndjson")], b"");
    assert_eq!(lines.body.lines().count(), claims["items"].as_array().unwrap().len());

    let hits = server.get("/api/search?q=cannery&source=Quill&limit=3").json();
    assert_eq!(hits["items"].as_array().unwrap().len(), 3);
    let sources = server.get("/api/sources?name=orlin").json();
    assert_eq!(sources["items"][0]["name"], "Piet Orlin");
    let days = server.get("/api/timeline?from=2024-03-05&to=2024-03-05").json();
    assert_eq!(days["items"][0]["day"], "2024-03-05");

    // Every list is told a page at a time, and whole as lines.
    for path in [
        "/api/sources",
        "/api/timeline",
        "/api/search?q=fire",
        "/api/search",
        "/api/claims",
    ] {
        let mark = if path.contains('?') { '&' } else { '?' };
        let mut pages: Vec<Value> = Vec::new();
        let mut after = String::new();
        loop {
            let page = server.get(&format!("{path}{mark}limit=2{after}")).json();
            pages.extend(page["items"].as_array().unwrap().iter().cloned());
            let Some(next) = page["next"].as_str() else { break };
            after = format!("&after={next}");
            assert!(pages.len() < 100, "{path}: {pages:?}");
        }
        let lines = server.ask("GET", path, &[("Accept", "application/x-ndjson")], b"");
        let lines: Vec<Value> =
            lines.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(lines.len() > 1, "{path}");
        let lines: Vec<Value> = lines.iter().map(in_short).collect();
        assert_eq!(pages, lines, "{path}");
        assert_eq!(server.get(&format!("{path}{mark}after=!")).status, 404, "{path}");
    }

    let reports =
        server.ask("GET", "/api/articles", &[("Accept", "application/x-ndjson")], b"");
    assert_eq!(reports.body.lines().count(), 5);
    let metrics = server.get("/metrics").body;
    assert!(metrics.contains("according_articles 5"), "{metrics}");
    assert!(metrics.contains("route=\"/api/claims/{id}\",status=\"200\""), "{metrics}");
}

/// Whoever adds, and through whichever server: who was told that it is done finds it.
#[test]
fn what_is_kept_goes_when_somebody_adds() {
    let server = start();
    let (mut twin, folder) = config(None, Limits::default());
    twin.corpus = server.folder.join("news.db").into();
    let twin = run(twin, folder);
    assert_eq!(server.get("/api/claims").json()["items"], json!([]));
    let adders =
        [(&server, "The Bell"), (&twin, "Globe"), (&server, "Post"), (&twin, "Sun")];
    for (n, (adder, outlet)) in (1..).zip(adders) {
        let body = told_by(outlet, STORY);
        let added = adder.post("/api/articles", "application/json", body.as_bytes());
        assert_eq!(added.status, 201, "{added:?}");
        for server in [&server, &twin] {
            assert!(server.get("/?q=cannery").body.contains(outlet));
            assert!(server.get("/").body.contains(outlet));
            if n > 1 {
                let claims = server.get("/api/claims").json();
                assert_eq!(claims["items"][0]["articles"], n, "{claims}");
                let page = server.get("/claims").body;
                assert!(page.contains(&format!("in {n} articles")), "{page}");
            }
        }
    }
}

#[test]
fn everything_described_is_there() {
    let server = start();
    let document = server.get("/api/openapi.json").json();
    assert_eq!(document["openapi"], "3.1.0");
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let path = path.replace("{ref}", "none").replace("{id}", "K9");
            let reply = server.ask(&method.to_uppercase(), &path, &[], b"");
            let is_known = reply.status != 405 && reply.status != 500;
            assert!(is_known, "{method} {path}: {reply:?}");
            if reply.status == 404 {
                assert!(
                    reply.json()["detail"].as_str().unwrap()
                        != "there is nothing at this address"
                );
            }
        }
    }
}

#[test]
fn it_is_well_and_ends_when_told() {
    let server = start();
    assert_eq!(server.get("/healthz").body, "ok\n");
    assert_eq!(server.get("/readyz").body, "ready\n");
    assert!(server.stop());
}

/// What a page of a list says of what lines and answers of its own tell whole.
fn in_short(whole: &Value) -> Value {
    if let Some(claim) = whole.get("claim") {
        return json!({ "day": whole["day"], "claim": in_short(claim) });
    }
    let Some(supports) = whole["supports"].as_array() else { return whole.clone() };
    let articles: BTreeSet<&str> =
        supports.iter().map(|support| support["article"].as_str().unwrap()).collect();
    let mut short = json!({
        "articles": articles.len(), "supports": supports.len(), "corrections": 0,
    });
    for same in [
        "id",
        "statement",
        "independent_origins",
        "explanation",
        "disputed",
        "denials",
        "first",
    ] {
        short[same] = whole[same].clone();
    }
    short
}
