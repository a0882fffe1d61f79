//! What is set right, by forms and by programs, and that it stays so.

use serde_json::{Value, json};

use crate::client::{Reply, Running, STORY, start, told_by};

const OUTLETS: [&str; 4] = ["The Bell", "Globe", "Post", "Star"];

/// Four outlets with the same story.
fn filled() -> Running {
    let server = start();
    for outlet in OUTLETS {
        add(&server, outlet, STORY);
    }
    server
}

fn add(server: &Running, outlet: &str, text: &str) {
    let body = told_by(outlet, text);
    let added = server.post("/api/articles", "application/json", body.as_bytes());
    assert!(matches!(added.status, 200 | 201), "{added:?}");
}

fn correct(server: &Running, instruction: &Value) -> Reply {
    let body = instruction.to_string();
    server.post("/api/corrections", "application/json", body.as_bytes())
}

fn claims(server: &Running) -> Vec<Value> {
    // A page tells them in short.
    let lines =
        server.ask("GET", "/api/claims", &[("Accept", "application/x-ndjson")], b"");
    lines.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The values of the fields of a name in the forms of a page.
fn fields<'p>(page: &'p str, name: &str) -> Vec<&'p str> {
    let mark = format!("name=\"{name}\" value=\"");
    page.split(&mark).skip(1).map(|part| part.split('"').next().unwrap()).collect()
}

fn send(server: &Running, fields: &[(&str, &str)]) -> Reply {
    let encoded = |text: &str| -> String {
        text.bytes()
            .map(|b| match b {
                b if b.is_ascii_alphanumeric() || b"-_.".contains(&b) => {
                    char::from(b).to_string()
                }
                b => format!("%{b:02X}"),
            })
            .collect()
    };
    let body: Vec<String> =
        fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    let media = "application/x-www-form-urlencoded";
    server.post("/review", media, body.join("&").as_bytes())
}

/// The page that an answer leads to.
fn follow(server: &Running, reply: &Reply) -> String {
    assert_eq!(reply.status, 303, "{reply:?}");
    let place = reply.header("location").unwrap();
    server.get(place.split('#').next().unwrap()).body
}

#[test]
fn a_claim_is_rejected_and_stays_so_when_its_article_is_read_again() {
    let server = filled();
    let before = claims(&server);
    let id = before[0]["id"].as_str().unwrap();
    let page = server.get(&format!("/review/{id}")).body;
    assert!(page.contains("id=\"here\""), "the document stands beside it: {page}");
    let picks = fields(&page, "place");
    let supports = before[0]["supports"].as_array().unwrap();
    assert_eq!(picks.len(), supports.len());
    let of_globe = supports
        .iter()
        .position(|s| s["article"] == "Globe" && s["claim"] != Value::Null)
        .unwrap();
    let (claim, first) = (fields(&page, "claim")[0], fields(&page, "first")[0]);
    let form = [
        ("claim", claim),
        ("first", first),
        ("place", picks[of_globe]),
        ("do", "reject"),
    ];
    let done = follow(&server, &send(&server, &form));
    assert!(done.contains("Correction 1") && done.contains("Take it back"), "{done}");
    let rejected = &claims(&server)[0]["rejected"][0]["article"];
    assert_eq!(rejected, "Globe");
    for path in [format!("/claims/{id}"), format!("/review/{id}")] {
        assert!(server.get(&path).body.to_lowercase().contains("rejected"), "{path}");
    }
    let reader = server.get("/articles/Globe").body;
    assert!(reader.contains("rejected by hand (correction 1, ana, 2024-03-09)"));
    assert!(reader.contains("struck") && reader.contains("Right after all"));

    // The same article comes again with another ending, and with another beginning.
    for text in [format!("{STORY}\nThe search goes on.\n"), format!("Update: {STORY}")] {
        add(&server, "Globe", &text);
        let kept = &claims(&server)[0];
        assert_eq!(kept["rejected"][0]["article"], "Globe", "{kept}");
        assert!(server.get("/articles/Globe").body.contains("rejected by hand"));
    }

    // Taken back on the page that lists it.
    let list = server.get("/review/corrections").body;
    assert!(list.contains("rejected: Globe"), "{list}");
    let back =
        send(&server, &[("of", "1"), ("do", "undo"), ("back", "/review/corrections")]);
    let list = follow(&server, &back);
    assert!(list.contains("undone by"), "{list}");
    assert_eq!(claims(&server)[0]["rejected"], Value::Null);
    assert_eq!(send(&server, &[("of", "1"), ("do", "undo")]).status, 409);
}

#[test]
fn claims_are_split_merged_and_found_right_by_forms() {
    let server = filled();
    let n = claims(&server).len();
    let page = server.get("/review/K1").body;
    let picks = fields(&page, "place");
    let whole = [("claim", "K1"), ("first", fields(&page, "first")[0])];
    let split = [&whole[..], &[("place", picks[3]), ("do", "split")]].concat();
    let page = follow(&server, &send(&server, &split));
    assert!(page.contains("split by hand (correction 1, ana"), "{page}");
    let right = [&whole[..], &[("do", "accept-all")]].concat();
    assert!(follow(&server, &send(&server, &right)).contains("found right"));
    assert!(!server.get("/review").body.contains(">K1<"), "nobody needs to look at it");
    let note = [&whole[..], &[("do", "note"), ("text", "seen <b>twice</b>")]].concat();
    let noted = follow(&server, &send(&server, &note));
    assert!(
        noted.contains("seen &lt;b&gt;twice&lt;/b&gt;") && !noted.contains("<b>twice")
    );
    let merge = [&whole[..], &[("do", "merge"), ("number", "K2")]].concat();
    follow(&server, &send(&server, &merge));
    assert!(claims(&server).len() <= n);
    // What names nothing, or makes no sense, is told and changes nothing.
    let kinds = server.get("/api/corrections").json()["items"].as_array().unwrap().len();
    assert_eq!(kinds, 4);
    for (bad, status) in [
        (&[("do", "reject")][..], 400),
        (&[("do", "reject"), ("place", "forged")], 400),
        (&[("do", "dance")], 400),
        (&[("do", "undo"), ("of", "77")], 422),
        (&[("do", "reliability"), ("outlet", "Globe"), ("grade", "Z")], 400),
        (&[("do", "note"), ("claim", "K1"), ("first", "x"), ("text", " ")], 400),
    ] {
        assert_eq!(send(&server, bad).status, status, "{bad:?}");
    }
    let after = server.get("/api/corrections").json()["items"].as_array().unwrap().len();
    assert_eq!(after, kinds);
}

#[test]
fn a_form_of_an_older_text_corrects_nothing_else() {
    let server = filled();
    let page = server.get("/review/K1").body;
    let picks = fields(&page, "place");
    add(&server, "Globe", "Nothing of that kind was ever told here, the mayor said.");
    let reply = send(&server, &[("place", picks[0]), ("do", "reject")]);
    assert_eq!(reply.status, 409, "{reply:?}");
    assert!(reply.body.contains("load the page again"));
    assert_eq!(server.get("/api/corrections").json()["items"], json!([]));
}

#[test]
fn grades_and_names_are_the_analysts() {
    let server = filled();
    assert_eq!(claims(&server)[0]["supports"][1].get("reliability"), None);
    let grade = [("do", "reliability"), ("outlet", "Globe"), ("grade", "B")];
    let form = [&grade[..], &[("back", "/review/outlets")]].concat();
    let page = follow(&server, &send(&server, &form));
    assert!(page.contains("Globe: B, usually reliable"), "{page}");
    let claim = server.get("/api/claims/K1").json();
    for support in claim["supports"].as_array().unwrap() {
        let grade = if support["article"] == "Globe" { json!("B") } else { Value::Null };
        assert_eq!(support["reliability"], grade, "{claim}");
    }
    assert!(server.get("/claims/K1").body.contains("usually reliable"));
    assert!(server.get("/articles/Globe").body.contains("usually reliable"));
    let outlets = server.get("/api/outlets").json();
    let globe =
        outlets["items"].as_array().unwrap().iter().find(|o| o["outlet"] == "Globe");
    assert_eq!(globe.unwrap()["reliability"], "B");

    let merge =
        [("do", "merge-sources"), ("name", "Marta Quill"), ("other", "Piet Orlin")];
    let form = [&merge[..], &[("back", "/actors?name=Marta%20Quill")]].concat();
    let page = follow(&server, &send(&server, &form));
    assert!(page.contains("sources merged by hand"), "{page}");
    assert!(page.contains("also Piet Orlin"), "{page}");
    assert!(server.get("/sources").body.contains("also Piet Orlin"));

    // Who it is by is remembered, and may be anybody.
    let form = "application/x-www-form-urlencoded";
    let named = server.post("/review/name", form, "by=Zo%C3%AB&back=/review".as_bytes());
    let cookie = named.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
    let cookie = cookie.split(';').next().unwrap();
    let headers = [("Content-Type", form), ("Cookie", cookie)];
    let body = b"do=reliability&outlet=Post&grade=E&back=//evil.example";
    let reply = server.ask("POST", "/review", &headers, body);
    assert_eq!(reply.header("location"), Some("/review?done=3"));
    assert_eq!(server.get("/api/corrections/3").json()["by"], "Zoë");
}

#[test]
fn programs_correct_as_people_do() {
    let server = filled();
    let made =
        correct(&server, &json!({ "kind": "accept", "places": ["K1"], "by": "bot" }));
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!(made.header("location"), Some("/api/corrections/1"));
    let (made, again) = (made.json(), server.get("/api/corrections/1").json());
    assert_eq!(made, again);
    assert_eq!(
        (&made["by"], &made["at"]),
        (&json!("bot"), &json!("2024-03-09T10:00:00Z"))
    );
    let reject = json!({ "kind": "reject", "places": ["Globe#C1"] });
    assert_eq!(correct(&server, &reject).status, 201);
    let first = server.get("/api/corrections?limit=1").json();
    let next = first["next"].as_str().unwrap();
    let second = server.get(&format!("/api/corrections?limit=1&after={next}")).json();
    assert_eq!(
        (&second["items"][0]["kind"], &second["next"]),
        (&json!("reject"), &Value::Null)
    );
    let lines =
        server.ask("GET", "/api/corrections", &[("Accept", "application/x-ndjson")], b"");
    assert_eq!(lines.body.lines().count(), 2);
    for (bad, status) in [
        (json!({ "kind": "reject", "places": ["K99"] }), 422),
        (json!({ "kind": "reject", "places": [] }), 422),
        (json!({ "kind": "reject" }), 400),
        (json!({ "kind": "praise", "places": ["K1"] }), 400),
        (json!({ "kind": "undo", "of": 1, "why": "so" }), 400),
        (json!({ "kind": "undo", "of": 1, "by": 7 }), 400),
        (json!([1]), 400),
    ] {
        assert_eq!(correct(&server, &bad).status, status, "{bad}");
    }
    // A form of another site can send nothing that is taken.
    let plain =
        server.post("/api/corrections", "text/plain", br#"{"kind":"undo","of":1}"#);
    assert_eq!(plain.status, 415);
    let evil = [("Content-Type", "application/json"), ("Origin", "http://evil.example")];
    let evil =
        server.ask("POST", "/api/corrections", &evil, br#"{"kind":"undo","of":1}"#);
    assert_eq!(evil.status, 403);
    let form = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate")];
    assert_eq!(server.ask("POST", "/review", &form, b"do=undo&of=1").status, 403);
    assert_eq!(server.get("/api/corrections/99").status, 404);
}
