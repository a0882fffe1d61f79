//! What takes longer than anybody waits for an answer.

use std::time::{Duration, Instant};

use according_server::{Fetch, Fetched, Limits};
use serde_json::{Value, json};

use crate::client::{Running, STORY, config, run, start, told_by};

fn job(server: &Running, id: &str) -> Value {
    let begun = Instant::now();
    loop {
        let told = server.get(&format!("/api/jobs/{id}")).json();
        if told["state"] == "done" || told["state"] == "failed" {
            return told;
        }
        assert!(begun.elapsed() < Duration::from_secs(120), "{told}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn many(n: usize) -> String {
    let lines = (0..n).map(|n| {
        let text = format!("{STORY}\nIt was fire number {n}, said a man of {n} years.\n");
        format!("{}\n", told_by(&format!("Outlet {n}"), &text))
    });
    lines.collect::<String>() + "{\"id\": \"bad\"}\n"
}

#[test]
fn a_large_upload_is_a_job_that_tells_how_far_it_is() {
    let server = start();
    let headers = [("Content-Type", "application/x-ndjson"), ("Prefer", "respond-async")];
    let sent = server.ask("POST", "/api/articles", &headers, many(40).as_bytes());
    assert_eq!(sent.status, 202, "{sent:?}");
    let place = sent.header("location").unwrap().to_owned();
    let id = sent.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(place, format!("/api/jobs/{id}"));
    let page = server.get(&format!("/add/{id}")).body;
    assert!(page.contains("<progress") || page.contains("40 articles of 41"), "{page}");
    let told = job(&server, &id);
    assert_eq!((&told["state"], &told["count"]), (&json!("done"), &json!(41)));
    assert_eq!(told["bytes"], told["total_bytes"]);
    assert!(told["items"][40]["error"].as_str().unwrap().contains("no \"text\""));
    let rest = server.get(&format!("{place}?after=39")).json();
    assert_eq!(rest["items"].as_array().unwrap().len(), 2);
    let page = server.get(&format!("/add/{id}")).body;
    assert!(
        page.contains("40 articles of 41 read") && page.contains("Not read: "),
        "{page}"
    );
    assert!(!page.contains("http-equiv=\"refresh\""));
    assert_eq!(server.get("/api/jobs/none").status, 404);
    assert_eq!(server.get("/add/none").status, 404);
}

#[test]
fn what_becomes_of_each_text_is_told_as_it_comes() {
    let server = start();
    let headers =
        [("Content-Type", "application/x-ndjson"), ("Accept", "application/x-ndjson")];
    let sent = server.ask("POST", "/api/articles", &headers, many(5).as_bytes());
    assert_eq!(sent.status, 200, "{sent:?}");
    let lines: Vec<Value> =
        sent.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 6);
    assert_eq!(lines[0]["added"], "new");
    assert_eq!(lines[5]["name"], "text:6");
}

#[test]
fn an_upload_may_take_longer_than_a_request() {
    let limits = Limits { time: Duration::from_secs(2), ..Limits::default() };
    let server = crate::client::start_with(None, limits);
    let headers = [("Content-Type", "application/x-ndjson"), ("Prefer", "wait=1")];
    let sent = server.ask("POST", "/api/articles", &headers, many(80).as_bytes());
    assert!(matches!(sent.status, 201 | 202), "{sent:?}");
    if sent.status == 202 {
        let told = job(&server, sent.json()["id"].as_str().unwrap());
        assert_eq!((&told["state"], &told["count"]), (&json!("done"), &json!(81)));
    }
    assert_eq!(
        server.get("/api/articles?limit=1000").json()["items"].as_array().unwrap().len(),
        80
    );
}

#[test]
fn what_is_sent_at_once_has_bounds() {
    let limits = Limits { body: 1 << 20, held: 1 << 20, ..Limits::default() };
    let server = crate::client::start_with(None, limits);
    // One that never ends holds all the room there is. It may itself come while a text is
    // being read, and be turned away: another comes after it.
    let head = format!(
        "POST /api/articles HTTP/1.1\r\nHost: {}\r\nContent-Length: 1048000\r\n\r\nA te",
        server.address
    );
    let mut slow = Vec::new();
    let begun = Instant::now();
    let turned_away = loop {
        let mut one = std::net::TcpStream::connect(server.address).unwrap();
        std::io::Write::write_all(&mut one, head.as_bytes()).unwrap();
        slow.push(one);
        std::thread::sleep(Duration::from_millis(100));
        let reply = server.post("/api/read", "text/plain", STORY.repeat(100).as_bytes());
        if reply.status == 503 || begun.elapsed() > Duration::from_secs(20) {
            break reply;
        }
    };
    assert_eq!(turned_away.status, 503, "{turned_away:?}");
    assert!(turned_away.header("retry-after").is_some());
    drop(slow);
    let begun = Instant::now();
    while server.post("/api/read", "text/plain", STORY.as_bytes()).status != 200 {
        assert!(begun.elapsed() < Duration::from_secs(20), "the room is given back");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A server that gets two addresses from nowhere, and refuses all others.
fn fetching() -> Running {
    let (mut config, folder) = config(None, Limits::default());
    config.fetch = Some(Fetch::new(|address| {
        let page = format!("<html><body><article><p>{STORY}</p></article></body></html>");
        let item = |n: u32| {
            format!(
                "<item><title>Fire {n}</title><link>https://bell.example/{n}</link>\
                 <description>Two men are missing after fire {n}, police said.</description></item>"
            )
        };
        let feed = format!(
            "<rss version=\"2.0\"><channel>{}{}</channel></rss>",
            item(1),
            item(2)
        );
        let (media, text) = match address {
            "https://bell.example/fire" => ("text/html", page),
            "https://bell.example/feed" => ("application/rss+xml", feed),
            _ => {
                return Err(
                    "'inside' is at 10.0.0.1, an address that is not public".to_owned()
                );
            }
        };
        Ok(Fetched {
            url: address.to_owned(),
            media: media.to_owned(),
            charset: Some("utf-8".to_owned()),
            bytes: text.into_bytes(),
        })
    }));
    run(config, folder)
}

#[test]
fn pages_and_feeds_are_fetched_when_somebody_asks() {
    let server = fetching();
    let fetch = |url: &str| {
        let body = json!({ "url": url, "outlet": "The Bell" }).to_string();
        server.post("/api/fetch", "application/json", body.as_bytes())
    };
    let page = fetch("https://bell.example/fire");
    assert_eq!(page.status, 201, "{page:?}");
    let name = page.json()["items"][0]["ref"].as_str().unwrap().to_owned();
    let report = server.get(&format!("/api/articles/{name}")).json();
    assert_eq!(report["article"]["url"], "https://bell.example/fire");
    let feed = fetch("https://bell.example/feed");
    assert_eq!(feed.json()["items"].as_array().unwrap().len(), 2, "{feed:?}");
    let private = fetch("http://inside/");
    assert_eq!(private.status, 422, "{private:?}");
    assert!(private.body.contains("not public"));

    let form = |address: &str, what: &str| {
        let fields = [("address", address), ("do", what)];
        let body = crate::pages::form(&fields, &[]);
        server.post("/add", "multipart/form-data; boundary=xyz", body.as_bytes())
    };
    let both = form("https://bell.example/fire\nhttp://inside/", "keep");
    let place = both.header("location").unwrap().to_owned();
    job(&server, place.trim_start_matches("/add/"));
    let page = server.get(&place).body;
    assert!(
        page.contains("1 article of 2 read") && page.contains("not public"),
        "{page}"
    );
    assert!(form("https://bell.example/fire", "read").body.contains("not kept"));
    let without = start();
    assert!(!without.get("/add").body.contains("name=\"address\""));
    let body = br#"{"url": "https://bell.example/fire"}"#;
    assert_eq!(without.post("/api/fetch", "application/json", body).status, 422);
}
